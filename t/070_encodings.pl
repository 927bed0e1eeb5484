
# Is text right in databases that are not in UTF-8, and what becomes of
# characters that they do not have?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $emulator = start_emulator(documents => 2000);
my $node = start_node();
my %encoding = (latin1 => 'LATIN1', euc_jp => 'EUC_JP', ascii => 'SQL_ASCII');

sub make_database
{
	my ($dbname, $encoding) = @_;

	$node->safe_psql('postgres',
		"CREATE DATABASE $dbname ENCODING '$encoding' TEMPLATE template0 "
		  . "LC_COLLATE 'C' LC_CTYPE 'C'")
	  if $dbname ne 'postgres';
	$node->safe_psql($dbname, 'CREATE EXTENSION IF NOT EXISTS regdocs_fdw');
	make_server($node, $emulator, dbname => $dbname);
	return $node->safe_psql($dbname, <<'END');
		CREATE FOREIGN TABLE lenient (
			sid text, friendly_name text, attributes jsonb
		) SERVER emulator
		OPTIONS (resource 'supporting_documents', on_error 'ignore');
		CREATE FOREIGN TABLE names (sid text, friendly_name text)
		SERVER emulator
		OPTIONS (resource 'supporting_documents', on_error 'ignore');
END
}

make_database('postgres', 'UTF8');
make_database($_, $encoding{$_}) foreach sort keys %encoding;

# What a psql that speaks UTF-8 sees.
my %session = map {
	$_ => start_session(
		$node,
		dbname => $_,
		set => {
			client_encoding => $_ eq 'ascii' ? 'SQL_ASCII' : 'UTF8'
		})
} ('postgres', keys %encoding);

#
# All documents as the emulator makes them
#
$session{postgres}->query(<<'END');
	CREATE FUNCTION has(encoding name, value text) RETURNS bool
	LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM convert_to(value, encoding);
		RETURN true;
	EXCEPTION WHEN untranslatable_character THEN
		RETURN false;
	END $$;
END
foreach my $dbname (qw(latin1 euc_jp))
{
	my $name = $encoding{$dbname};
	my $expected = $session{postgres}->query(
		"SELECT sid, friendly_name FROM names
		 WHERE has('$name', friendly_name) ORDER BY sid");
	my $rows = $session{$dbname}
	  ->query('SELECT sid, friendly_name FROM names ORDER BY sid');

	ok($rows eq $expected, "$name: names are converted");
	cmp_ok(scalar(() = $rows =~ /[\x80-\xff]/g),
		'>', 0, "$name: some are not ASCII");
	my $left_out = 2000 - (() = $rows =~ /^RD/mg);
	note("$name: $left_out left out");
	like(
		$session{$dbname}->complaints,
		qr/NOTICE:  $left_out documents? of foreign table "names"/,
		"$name: a notice says how many were left out") if $left_out > 0;
}
# SQL_ASCII has no conversions, so bytes are kept as they are, and escapes of
# what is not ASCII cannot be resolved.
my %names = map { split /\|/, $_, 2 } split /\n/,
  $session{postgres}->query('SELECT sid, friendly_name FROM names');
my @rows = split /\n/,
  $session{ascii}->query('SELECT sid, friendly_name FROM names');
my @different = grep { !/^(\w+)\|(.*)$/ || $names{$1} ne $2 } @rows;
is_deeply(\@different, [], 'SQL_ASCII: bytes are kept as they are');
cmp_ok(scalar(grep { /[\x80-\xff]/ } @rows),
	'>', 0, 'SQL_ASCII: some are not ASCII');

#
# One document, in which a character comes as it is and escaped
#
my $sid = $emulator->get('sid?index=3');
chomp $sid;

sub put_name
{
	my ($name) = @_;
	return $emulator->post('document',
		sid => $sid,
		raw => qq({"sid":"$sid","status":"draft","friendly_name":"$name",)
		  . qq("attributes":{"a":"$name","n":1.50}}));
}

# By database: a character's UTF-8, its escape, and whether it is there.
my %e_acute = (bytes => "\xc3\xa9", text => "\xe9", escape => '\\u00e9');
my %mountain = (
	bytes => "\xe5\xb1\xb1",
	text => "\x{5c71}",
	escape => '\\u5c71');
my %clef = (
	bytes => "\xf0\x9d\x84\x9e",
	text => "\x{1d11e}",
	escape => '\\ud834\\udd1e');
my @cases = (
	[ 'postgres', \%e_acute, 1 ],
	[ 'postgres', \%mountain, 1 ],
	[ 'postgres', \%clef, 1 ],
	[ 'latin1', \%e_acute, 1 ],
	[ 'latin1', \%mountain, 0 ],
	[ 'latin1', \%clef, 0 ],
	[ 'euc_jp', \%mountain, 1 ],
	[ 'euc_jp', \%clef, 0 ]);
foreach my $case (@cases)
{
	my ($dbname, $character, $is_there) = @$case;
	my $session = $session{$dbname};
	my $by_sid = "FROM supporting_documents WHERE sid = '$sid'";

	foreach my $form (qw(text escape))
	{
		my $name = "$dbname, $character->{escape}, as $form";

		put_name("a$character->{$form}z");
		if ($is_there)
		{
			is($session->query("SELECT friendly_name $by_sid"),
				"a$character->{bytes}z", "$name: converted");
			is( $session->query("SELECT attributes ->> 'a' $by_sid"),
				"a$character->{bytes}z",
				"$name: converted in jsonb");
			next;
		}

		foreach my $column (qw(friendly_name attributes))
		{
			is($session->attempt("SELECT $column $by_sid"),
				'22P05', "$name: $column cannot be converted");
			like(
				$session->complaints,
				qr/CONTEXT:  column "$column" of foreign table "supporting_documents", document $sid/,
				"$name: the context says where");
			like(
				$session->complaints, qr/\A[\x00-\x7f]*\z/,
				"$name: the message can be read");
		}
		is($session->query("SELECT status $by_sid"),
			'draft', "$name: other columns can be read");
		is( $session->query(
				"SELECT count(l) FROM lenient AS l WHERE sid || '' = '$sid'"),
			'0',
			"$name: ignored");
	}
}

# In SQL_ASCII, an escape is the one thing that cannot be converted; before
# PostgreSQL 16, that is for want of a conversion.
put_name("a$mountain{text}z");
is( $session{ascii}->query(
		"SELECT friendly_name FROM supporting_documents WHERE sid = '$sid'"),
	"a$mountain{bytes}z",
	'ascii, as text: bytes');
put_name("a$mountain{escape}z");
foreach my $column (qw(friendly_name attributes))
{
	like(
		$session{ascii}->attempt(
			"SELECT $column FROM supporting_documents WHERE sid = '$sid'"),
		qr/^(22P05|0A000)$/,
		"ascii, escaped: $column cannot be converted");
}
is( $session{ascii}->query(
		"SELECT count(l) FROM lenient AS l WHERE sid || '' = '$sid'"),
	'0',
	'ascii, escaped: ignored');

# A key and a constant are compared in the database's encoding.
put_name("caf\xe9");
is( $session{latin1}->query(
		"SELECT sid FROM lenient WHERE friendly_name = 'caf\xc3\xa9'"),
	$sid,
	'a condition on text that was converted');
is($session{latin1}->attempt("SELECT 1 FROM lenient WHERE sid = 'caf\xc3\xa9'"),
	'00000', 'a key that is no sid');

# Bytes that are not UTF-8 are no sid, and nothing that the API has.
foreach my $condition (
	"sid = 'caf\xe9'",
	"friendly_name = 'caf\xe9'",
	"friendly_name = ANY (ARRAY['caf\xe9', 'caf\xe8'])",
	"status::text = '\xe9'")
{
	my $requests = $emulator->count('list') + $emulator->count('fetch');

	is($session{ascii}->query("SELECT count(*) FROM bundles WHERE $condition"),
		'0', "ascii: a condition on bytes, $condition");
	is($emulator->count('list') + $emulator->count('fetch'),
		$requests, 'ascii: nothing is sent for it')
	  unless $condition =~ /status/;
}
is( $session{ascii}->query(
		"SELECT count(*) FROM item_assignments WHERE bundle_sid = '\xe9'"),
	'0',
	'ascii: a condition on bytes as the sid of a bundle');

# An error of the API, in words that the database cannot hold.
foreach my $dbname (sort keys %session)
{
	$emulator->fault(
		action => 'status',
		status => 400,
		message => "Nein: \x{5c71} \xe9 \x{1d11e}");
	is($session{$dbname}->attempt('SELECT count(*) FROM supporting_documents'),
		'22023', "$dbname: an error in foreign words");
	like($session{$dbname}->complaints, qr/Nein: /,
		"$dbname: its message is shown");
	note($session{$dbname}->complaints);
}

# Bytes that are not UTF-8.
foreach my $dbname (sort keys %session)
{
	$emulator->control('POST',
		"document?sid=$sid&raw={%22sid%22:%22$sid%22,%22status%22:%22draft%22,"
		  . '%22friendly_name%22:%22a%FFz%22,%22attributes%22:null}');
	like(
		$session{$dbname}->attempt(
			'SELECT friendly_name FROM supporting_documents '
			  . "WHERE sid = '$sid'"),
		qr/^(22021|22P05)$/,
		"$dbname: bytes that are not UTF-8");
	like($session{$dbname}->complaints,
		qr/document $sid/, "$dbname: the context says where");
	is($session{$dbname}->query('SELECT count(status) FROM lenient l'
			  . ' JOIN supporting_documents USING (sid)') > 1000, 1,
		"$dbname: no other is harmed");
}

# What is written is sent as UTF-8, and what is none is not sent.
foreach my $dbname (qw(latin1 ascii))
{
	is( $session{$dbname}->query(
			'INSERT INTO supporting_documents (friendly_name, type, attributes)'
			  . " VALUES ('caf\xc3\xa9 $dbname', 'passport',"
			  . " '{\"k\": \"\xc3\xb1\"}')"
			  . " RETURNING friendly_name, attributes ->> 'k'"),
		"caf\xc3\xa9 $dbname|\xc3\xb1",
		"$dbname: what was created comes back");
	is( $session{postgres}->query(
			"SELECT attributes ->> 'k' FROM lenient "
			  . "WHERE friendly_name = 'caf\xc3\xa9 $dbname'"),
		"\xc3\xb1",
		"$dbname: and is there in UTF-8");
}
my $creates = $emulator->count('create');
is( $session{ascii}->attempt(
		'INSERT INTO supporting_documents (friendly_name, type) '
		  . "VALUES ('a\xff', 'passport')"),
	'22021',
	'ascii: bytes that are not UTF-8 cannot be written');
is($emulator->count('create'), $creates, 'ascii: nothing is sent');

# One write with an escape that jsonb cannot hold here does not hide the others.
$session{ascii}->query(<<'END');
	CREATE FOREIGN TABLE exact (friendly_name text, type text, attributes json)
	SERVER emulator OPTIONS (resource 'supporting_documents');
	INSERT INTO exact VALUES ('one', 'passport', '{"a": "\u5c71"}'),
		('two', 'passport', '{}');
END
is( $session{ascii}->query(
		q{SELECT jsonb_typeof(new), outcome FROM regdocs_fdw_writes()}),
	"string|done\nobject|done",
	'ascii: what was written is told, with an escape as well');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
