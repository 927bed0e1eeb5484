
# Are jsonb and text the same as PostgreSQL makes of the same JSON, to the
# byte, and what cannot be converted refused for the same reason?
#
# Values are those of test/fuzz/values.txt and random ones, in databases of
# several encodings.  REGDOCS_JSON_TEXTS says how many, REGDOCS_JSON_SEED which.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $texts = $ENV{REGDOCS_JSON_TEXTS} // 3000;
my $seed = $ENV{REGDOCS_JSON_SEED} // 1;

# Values of a page, and the most refused ones of a page that are asked for one
# by one.
my $page_values = 300;
my $most_refused = 3;

my $emulator = start_emulator(documents => 1);
my $node = start_node('main', 'jit = off');
my %encoding = (
	postgres => 'UTF8',
	latin1 => 'LATIN1',
	euc_jp => 'EUC_JP',
	ascii => 'SQL_ASCII');
my %session;

foreach my $dbname (sort keys %encoding)
{
	my $raw = $dbname eq 'ascii' ? 'SQL_ASCII' : 'UTF8';

	$node->safe_psql('postgres',
		"CREATE DATABASE $dbname ENCODING '$encoding{$dbname}' TEMPLATE "
		  . "template0 LC_COLLATE 'C' LC_CTYPE 'C'")
	  if $dbname ne 'postgres';
	$node->safe_psql($dbname, 'CREATE EXTENSION IF NOT EXISTS regdocs_fdw');
	make_server(
		$node, $emulator,
		dbname => $dbname,
		options => { max_retries => 0 });
	$node->safe_psql($dbname, <<'END');
		CREATE FOREIGN TABLE raw (sid text, attributes text, errors text)
			SERVER emulator OPTIONS (on_error 'ignore');
		CREATE FOREIGN TABLE made (sid text, attributes jsonb)
			SERVER emulator OPTIONS (on_error 'ignore');
		CREATE FOREIGN TABLE names (sid text, friendly_name text)
			SERVER emulator OPTIONS (on_error 'ignore');
		CREATE FOREIGN TABLE strict (attributes jsonb) SERVER emulator;
		CREATE FOREIGN TABLE dates (sid text, date_created text) SERVER emulator;
		CREATE FOREIGN TABLE times (sid text, date_created timestamptz)
			SERVER emulator OPTIONS (on_error 'ignore');

		-- What PostgreSQL makes of it, or why it does not
		CREATE FUNCTION judge(value text, OUT made jsonb, OUT state text)
		LANGUAGE plpgsql AS $$
		BEGIN
			made := value::jsonb;
			state := '00000';
		EXCEPTION WHEN data_exception OR feature_not_supported
			OR program_limit_exceeded THEN
			state := SQLSTATE;
		END $$;
		CREATE FUNCTION judge_time(value text, OUT made timestamptz)
		LANGUAGE plpgsql AS $$
		BEGIN
			made := value;
		EXCEPTION WHEN data_exception THEN
			NULL;
		END $$;
		CREATE FUNCTION judge_name(value text, OUT name text, OUT state text)
		LANGUAGE plpgsql AS $$
		BEGIN
			name := format('[%s]', value)::json ->> 0;
			state := '00000';
		EXCEPTION WHEN data_exception OR feature_not_supported THEN
			state := SQLSTATE;
		END $$;
END
	$session{$dbname} = start_session(
		$node,
		dbname => $dbname,
		set => {
			client_encoding => $raw,
			client_min_messages => 'error',
			extra_float_digits => 1
		});
}

# Each of the rows that are not as they ought to be, and how many are.
my $compare = <<'END';
	WITH r AS MATERIALIZED (SELECT * FROM raw),
		m AS MATERIALIZED (SELECT * FROM made),
		n AS MATERIALIZED (SELECT * FROM names)
	SELECT concat_ws('|', r.sid, translate(r.attributes, E'\n\r', '  '),
		r.errors)
	FROM r LEFT JOIN m ON m.sid = r.sid LEFT JOIN n ON n.sid = r.sid,
		LATERAL judge(r.attributes) j, LATERAL judge_name(r.errors) k
	WHERE NOT record_image_eq(ROW(m.attributes), ROW(j.made))
		OR (m.sid IS NULL) <> (j.state <> '00000')
		OR n.friendly_name IS DISTINCT FROM k.name
		OR (n.sid IS NULL) <> (k.state <> '00000')
	UNION ALL
	SELECT 'count|' || count(*) || '|' || count(m) || '|' || count(n)
	FROM r LEFT JOIN m USING (sid) LEFT JOIN n USING (sid)
END

my %count;
my @wrong;

# Have the emulator answer a page so many times, of objects with those members.
sub have_answered
{
	my ($times, @members) = @_;
	my $number = 0;
	my $page = '{"results":['
	  . join(',', map { sprintf '{"sid":"RD%032x",%s}', $number++, $_ } @members)
	  . '],"meta":{"next_page_url":null}}';

	# Where there are no rows, nothing is asked that they would be joined with.
	$emulator->clear;
	utf8::decode($page);
	$emulator->put('faults',
		action => 'garbage',
		message => $page,
		count => $times);
	return;
}

# The members of an object with a value, [JSON, JSON string].  The string is
# there twice: in a field that reads as text, and in one that reads as JSON.
sub members
{
	my ($value, $name) = @{ $_[0] };
	return qq("friendly_name":$name,"attributes":$value,"errors":$name);
}

# A page of values in a database.
sub try_page
{
	my ($dbname, @values) = @_;
	my $session = $session{$dbname};
	my @refused;

	have_answered(3, map { members($_) } @values);
	foreach my $row (split /\n/, $session->query($compare))
	{
		my @fields = split /\|/, $row;

		if ($fields[0] ne 'count')
		{
			push @wrong, "$dbname: $row";
			next;
		}
		$count{"$dbname rows"} += $fields[1];
		$count{"$dbname made"} += $fields[2];
		$count{"$dbname names"} += $fields[3];
	}

	# The reason for what is refused, in the words of both.
	@refused = grep { $_->[0] =~ /\\u|[eE]/ } @values;
	splice @refused, $most_refused if @refused > $most_refused;
	foreach my $value (@refused)
	{
		my ($found, $expected);

		have_answered(2, members($value));
		$expected = $session->query(
			'SELECT coalesce((SELECT state FROM raw, judge(attributes)), '
			  . "'unread')");
		$found = $session->attempt('SELECT attributes FROM strict');
		$count{"$dbname $expected"}++;
		push @wrong, "$dbname: $found instead of $expected: $value->[0]"
		  if $found ne $expected && $expected ne 'unread';

		# Of what is too large, PostgreSQL's words are those for a number.
		push @wrong, "$dbname: " . $session->complaints
		  if $found eq '22003'
		  && $session->complaints !~ /cannot convert the value to type jsonb/;
	}
	return;
}

#
# A time in the API's form, each of its characters in turn by others
#
sub try_times
{
	my @times = ('2024-02-29T23:59:59Z', '2023-02-29T00:00:00Z',
		'0000-01-01T00:00:00Z', '2024-12-31T24:00:00Z', '2024-12-31T23:60:00Z');
	my ($right) = @times;

	foreach my $place (0 .. length($right) - 1)
	{
		foreach my $character (split //, '0139/:;. TtZz-+a')
		{
			my $time = $right;

			substr($time, $place, 1) = $character;
			push @times, $time;
		}
	}
	push @times, "${right}Z", substr($right, 1), '';
	have_answered(2, map { qq("date_created":"$_") } @times);
	my ($all, $made, $wrong) = split / /,
	  $session{postgres}->query(<<'END'), 3;
		WITH d AS MATERIALIZED (SELECT * FROM dates),
			t AS MATERIALIZED (SELECT * FROM times)
		SELECT count(*) || ' ' || count(t.date_created) || ' '
			|| coalesce(string_agg(d.date_created, ',') FILTER (
				WHERE t.date_created IS DISTINCT FROM j.made), 'none')
		FROM d LEFT JOIN t USING (sid), LATERAL judge_time(d.date_created) j
END
	is($all, scalar @times, 'all times were looked at');
	cmp_ok($made, '>', 50, 'some of them are times');
	is($wrong, 'none', 'times are as PostgreSQL has them');
	return;
}

try_times();

#
# Random values
#
sub pick { return $_[ int(rand(@_)) ]; }

my @characters = (
	'a' .. 'c', 'a' .. 'z', ' ', '0', '/', "\x7f", 'é', 'ü', '山', '🚀',
	'\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0061',
	'\\u0001', '\\u007f');
my @odd_characters = (
	@characters, '\\u00e9', '\\u5c71', '\\ud83d\\ude80', '\\uffff');
my @bad_characters =
  (@odd_characters, '\\u0000', '\\ud83d', '\\ude80', '\\ud83d\\u0041');

sub random_string
{
	my ($longest) = @_;
	my $choice = rand();
	my $set =
	    $choice < 0.7 ? \@characters
	  : $choice < 0.97 ? \@odd_characters
	  : \@bad_characters;

	return '"' . join('', map { pick(@$set) } 1 .. int(rand($longest))) . '"';
}

sub random_number
{
	my $number = pick('', '', '-') . pick(0, 1 + int(rand(9)));
	my $digits = pick(0, 1, 3, 8, 15, 18, 25, 40, 65);

	$number .= join '', map { int(rand(10)) } 1 .. rand($digits)
	  if $number !~ /0$/;
	$number .= '0' x rand(12) if $number !~ /^-?0$/ && rand() < 0.2;
	$number .= '.' . join '', map { int(rand(10)) } 0 .. rand($digits)
	  if rand() < 0.3;
	$number .= pick('e', 'E') . pick('', '+', '-') . int(rand(rand(500)))
	  if rand() < 0.05;
	return $number;
}

sub blank { return rand() < 0.9 ? '' : pick(' ', "\n", "\t", "\r", '  '); }

# A list in brackets, of what $make makes, with blanks here and there.
sub in_brackets
{
	my ($brackets, $length, $make) = @_;
	my @brackets = split //, $brackets;

	return $brackets[0] . blank()
	  . join(blank() . ',' . blank(), map { $make->() } 1 .. $length) . blank()
	  . $brackets[1];
}

sub random_value
{
	my ($levels) = @_;
	my $choice = rand();
	my $length = int(rand(rand() < 0.01 ? 60 : 7));

	return random_string(rand() < 0.05 ? 100 : 12) if $choice < 0.3;
	return random_number() if $choice < 0.45;
	return pick('true', 'false', 'null') if $choice < 0.55;
	return '{}' if $levels == 0;
	return in_brackets('[]', $length, sub { random_value($levels - 1) })
	  if $choice < 0.7;
	return in_brackets(
		'{}', $length,
		sub {
			random_string(4) . blank() . ':' . blank()
			  . random_value($levels - 1);
		});
}

# Lists of one within one another.
sub deep_value
{
	my ($levels) = @_;
	my @opening = map { pick('[', '{"a":') } 1 .. $levels;

	return join('', @opening) . '1'
	  . join('', map { /\[/ ? ']' : '}' } reverse @opening);
}

sub random_container
{
	my $value;

	return deep_value(25 + int(rand(15))) if rand() < 0.01;
	return in_brackets('[]', 300 + int(rand(400)), sub { random_value(0) })
	  if rand() < 0.005;
	do { $value = random_value(5) } while $value !~ /^[\[{]/ && rand() < 0.95;
	return $value;
}

my @seeds = map { [ $_, /^"/ ? $_ : '"x"' ] } split /\n/,
  slurp_file("$FindBin::Bin/../test/fuzz/values.txt");
foreach my $dbname (sort keys %session)
{
	# One by one, so that each of them is asked for its reason.
	try_page($dbname, $_) foreach @seeds;
	try_page($dbname, @seeds);
}
is(scalar(@wrong), 0, 'the values of test/fuzz are as PostgreSQL has them')
  or diag(join "\n", @wrong);
cmp_ok($count{"$_ rows"}, '>', @seeds, "$_: they were looked at")
  foreach sort keys %session;
@wrong = ();

srand($seed);
note("seed $seed, $texts values");
for (my $left = $texts; $left > 0; $left -= $page_values)
{
	my @values =
	  map { [ random_container(), random_string(30) ] } 1 .. $page_values;

	try_page($_, @values) foreach sort keys %session;
}
note(join ', ', map { "$_ $count{$_}" } sort keys %count);
is(scalar(@wrong), 0, 'random values are as PostgreSQL has them')
  or diag(join "\n", @wrong[ 0 .. (@wrong < 20 ? $#wrong : 19) ]);
foreach my $dbname (sort keys %session)
{
	my $rows = $count{"$dbname rows"};

	cmp_ok($count{"$dbname made"}, '>', $rows / 4, "$dbname: a part was made");
	cmp_ok($count{"$dbname made"}, '<', $rows, "$dbname: a part was refused");
}

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
