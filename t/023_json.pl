
# Does the reader of answers take the same texts as PostgreSQL's type json,
# and find the same values in them?
#
# Texts are made by small damage to a right one.  REGDOCS_JSON_TEXTS says how
# many, REGDOCS_JSON_SEED which.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $texts = $ENV{REGDOCS_JSON_TEXTS} // 3000;
my $seed = $ENV{REGDOCS_JSON_SEED} // 1;

my $emulator = start_emulator(documents => 1);
my $node = start_node('main', 'jit = off');
make_server($node, $emulator, options => { max_retries => 0 });
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE texts (sid text, attributes text, errors text)
	SERVER emulator OPTIONS (resource 'supporting_documents');

	-- What the foreign table makes of an answer
	CREATE FUNCTION found() RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		result text;
		detail text;
	BEGIN
		SELECT string_agg(concat_ws('|', attributes, errors), '#')
		INTO result FROM texts;
		RETURN coalesce(result, '');
	EXCEPTION WHEN protocol_violation THEN
		GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
		RETURN CASE WHEN detail ~ 'is not valid JSON' THEN 'invalid'
			ELSE 'unexpected' END;
	END $$;

	-- What PostgreSQL finds in it; NULL: it is JSON, but no page, or has a key
	-- that PostgreSQL cannot look at
	CREATE FUNCTION expected(answer text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		page json;
	BEGIN
		BEGIN
			page := answer;
		EXCEPTION WHEN invalid_text_representation THEN
			RETURN 'invalid';
		END;
		RETURN (SELECT coalesce(string_agg(concat_ws('|',
				CASE WHEN json_typeof(d -> 'attributes') <> 'null'
					THEN d -> 'attributes' END,
				CASE WHEN json_typeof(d -> 'errors') <> 'null'
					THEN d -> 'errors' END), '#' ORDER BY n), '')
			FROM json_array_elements(page -> 'results')
				WITH ORDINALITY r (d, n));
	EXCEPTION WHEN data_exception THEN
		RETURN NULL;
	END $$;
END

my $page = <<'END';
{"other": [{}, [ ], -0.5e+10, 1E2, 0, "", {"a": {"results": [1]}}],
 "results": [{"sid": null, "attributes": {"a": "x\"y\\", "b": [1, 2.50, -3]},
   "\u0065rrors": [{"code": 18001}, true, false, null]},
  {"attributes":[[[]]],"\terrors":"\u00e9\ud83d\udE00 \/\b\f\n\r\t é",
   "errors":"a", "errors":{}}],
 "meta": {"page": 0, "next_page_url": null, "key": "results"}}
END
chomp $page;
my $end = '"meta":{"next_page_url":null}}';

# What JSON is made of, and some that it is not.
my @pieces = (
	split(//, q({}[],:"\\/-+.eE0123456789u tfna)), '\\"', '\\\\', '\\u',
	'\\u12', '\\u00ff', '\\x', 'true', 'false', 'null', 'nul', '01', '-', '1.',
	'1e', '.5', "\n", "\t", "\r", "\x0b", "\x01", "\x1f", "\x7f", "é", "'",
	'{}', '[]', '"a":1', ',"a":1', '1,', '""', '/**/', 'NaN', ' ');

# Half of the damage goes to where a value begins, as most rules are of that.
sub place_in
{
	my ($text) = @_;
	my @starts;

	return int(rand(length($text))) if rand() < 0.5;
	push @starts, $-[0] while $text =~ /[-\w.+]+|["\\\[\]{}]/g;
	return @starts ? $starts[ int(rand(@starts)) ] : 0;
}

sub damaged
{
	my $text = $page;

	foreach (0 .. int(rand(3)))
	{
		my $place = place_in($text);
		my $length = int(rand(4));
		my $piece = rand() < 0.7 ? $pieces[ int(rand(@pieces)) ] : '';

		$length = length($text) - $place
		  if $length > length($text) - $place || rand() < 0.02;
		substr($text, $place, $length) = $piece;
	}
	return $text;
}

my $session = start_session($node);
my %seen = (valid => 0, invalid => 0, page => 0);
my @wrong;

# One answer; what is wrong with what was made of it, or undef.
sub try_text
{
	my ($text) = @_;
	my $hex = unpack('H*', $text);

	utf8::decode(my $characters = $text);
	$emulator->fault(action => 'garbage', message => "$characters\n");
	my ($found, $expected) = split /\x02/,
	  $session->query(
		"SELECT found() || E'\\x02' || coalesce("
		  . "expected(convert_from(decode('$hex', 'hex'), 'UTF8')), 'other')"),
	  2;
	$seen{ $found eq 'invalid' ? 'invalid' : 'valid' }++;
	$seen{page}++ if $found ne 'invalid' && $found ne 'unexpected';
	return if $found eq $expected;

	# It is JSON, which one of the two takes for no page.
	return
	  if ($found eq 'unexpected' || $expected eq 'other')
	  && $found ne 'invalid'
	  && $expected ne 'invalid';
	return "$found\n  instead of\n$expected\n  of\n$text";
}

# Bytes that are no text cannot be compared.
sub is_text
{
	my ($text) = @_;
	return utf8::decode($text);
}

is(try_text($page), undef, 'a right page');
is($seen{page}, 1, 'a right page is one');

# Values of each kind, and what is nearly one; some have commas.
no warnings 'qw';
foreach my $value (
	qw(0 -0 1 10 -12 0.0 1.50 1e5 1E+5 -1.5e-10 00 01 -01 - -- -a +1 .5 1. 1.e5
	-.5 1.5.5 1e 1e+ 1E- 1e5.5 0x1 1a Infinity NaN
	true false null True tru truee nul nulll t
	"" "a" " "a a" 'a' "a""b" "\\"" "\\\\" "\\" "\\/" "\\b\\f\\n\\r\\t" "\\a" "\\'" "\\
	"\\u0041" "\\uABCD" "\\uabcd" "\\u004" "\\u004g" "\\U0041" "\\u" "\\ud83d"
	"\\udE00" "\\u0000"
	{} [] {"a":1} [1,2] {"a":1,"a":2} {,} [,] {"a":1,} [1,] [,1] {"a"} {"a":}
	{:1} {a:1} {1:1} {"a":1"b":2} {"a" 1} [1 [1}, {"a":1] [1:2] {"a",1} [[] ]]
	[1]] {}} {{}} {"a"::1} {"a":1,,"b":2} [1,,2] /**/1), '[1 2]', "\"a\tb\"",
	"\"a\x01b\"", "\"a\x1fb\"", "\"a\x7fb\"", " \t\n\r1", "\x0b1", "\f1", "\xc2\xa01",
	'"' . 'a' x 100 . '"', '"' . 'a' x 100 . "\x1f" . 'a' x 100 . '"')
{
	my $text = qq({"results":[{"attributes":$value}],$end);

	push @wrong, try_text($text);
}
is(scalar(@wrong), 0, 'values are taken as PostgreSQL takes them')
  or diag(join "\n", @wrong);
@wrong = ();

srand($seed);
note("seed $seed, $texts texts");
my $last = $seen{valid} + $seen{invalid} + $texts;
while ($seen{valid} + $seen{invalid} < $last)
{
	my $text = damaged();
	my $wrong = is_text($text) ? try_text($text) : undef;

	push @wrong, $wrong if defined $wrong;
}
note(join ', ', map { "$_ $seen{$_}" } sort keys %seen);
is(scalar(@wrong), 0, 'all others are taken as PostgreSQL takes them')
  or diag(join "\n", @wrong);
cmp_ok($seen{$_}, '>', $texts / 20, "a part of them were $_")
  foreach qw(valid invalid page);

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
