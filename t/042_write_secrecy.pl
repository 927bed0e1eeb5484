
# Does the server's log hold attributes of documents, which are personal data,
# when a statement that writes them fails, whatever fails, and wherever?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

my $secret = 'NobodyMayReadThis';
my $attributes = qq('{"name": "$secret"}');
my $all = 'draft,rejected,approved,expired,pending-review,'
  . 'provisionally-approved';
my $emulator = start_emulator(documents => 50, editable => $all);
my $node = start_node('main', 'log_statement = none');
my $sid = $emulator->get('sid?index=3');
chomp $sid;

sub make_schema
{
	my ($name, %parameters) = @_;

	$node->safe_psql('postgres', "CREATE SCHEMA $name");
	return make_server(
		$node, $emulator,
		name => $name,
		schema => $name,
		%parameters);
}

make_schema('plain', options => { max_retries => 0 });
make_schema('mistaken',
	mapping =>
	  { account_sid => $emulator->account_sid, auth_token => 'wrong' });
make_schema('missing', mapping => {
		account_sid => $emulator->account_sid, auth_token_file => '/nowhere' });
make_schema('hasty', options => { request_timeout => '200ms', max_retries => 0 });
make_schema('late', options => { write_mode => 'at_commit', max_retries => 0 });
$node->safe_psql('postgres', <<'END');
	CREATE SCHEMA bare;
	CREATE SERVER bare FOREIGN DATA WRAPPER regdocs_fdw;
	IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER bare INTO bare;
	CREATE FOREIGN TABLE plain.wrong (friendly_name text, type text,
		attributes jsonb, shoe_size integer) SERVER plain;
	CREATE FOREIGN TABLE plain.mistyped (friendly_name text, type text,
		attributes integer) SERVER plain;
	CREATE VIEW plain.passports AS
		SELECT friendly_name, type, attributes
		FROM plain.supporting_documents WHERE type = 'passport'
		WITH CHECK OPTION;
	CREATE TABLE plain.parent (LIKE plain.supporting_documents)
		PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE plain.part PARTITION OF plain.parent
		FOR VALUES IN ('ACffffffffffffffffffffffffffffffff') SERVER plain;
	CREATE TABLE plain.local (attributes jsonb CHECK (attributes IS NULL));
	CREATE FUNCTION plain.fail() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
		RAISE WARNING 'soon';
		RAISE EXCEPTION 'never' USING ERRCODE = 'P0009';
	END $$;
	CREATE FOREIGN TABLE plain.triggered (friendly_name text, type text,
		attributes jsonb) SERVER plain;
	CREATE TRIGGER fail BEFORE INSERT ON plain.triggered
		FOR EACH ROW EXECUTE FUNCTION plain.fail();
	CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0
		LC_COLLATE 'C' LC_CTYPE 'C';
END
$node->safe_psql('ascii', 'CREATE EXTENSION regdocs_fdw');
make_server($node, $emulator, dbname => 'ascii');

my $first = $node->basedir . '/line';
my $data = $node->basedir . '/lines';
append_to_file($first, "one\tpassport\t{\"name\": \"$secret\"}\n");
append_to_file($data,
	"one\tpassport\t{\"name\": \"$secret\"}\ntwo\tpassport\t{$secret\n");

sub insert
{
	my ($table, $name) = @_;

	return "INSERT INTO $table (friendly_name, type, attributes) "
	  . 'SELECT '
	  . ($name // q{'x'})
	  . ", 'passport', $attributes FROM generate_series(1, 3) i";
}

sub update
{
	my ($table, $where) = @_;

	return "UPDATE $table.supporting_documents SET attributes = $attributes "
	  . ($where // "WHERE sid = '$sid'");
}

my $fault = sub { $emulator->fault(@_) };

# What fails, how, and what has to be done before.
my @cases = (
	[ 'a fetch: 401', '28000', update('mistaken') ],
	[ 'a list: 401', '28000', update('mistaken', '') ],
	[ 'no file with the secret', '28000', update('missing') ],
	[
		'no file with the secret, to write', '28000',
		insert('missing.supporting_documents')
	],
	[
		'a fetch: timeout', '08006', update('hasty'),
		sub { $fault->(action => 'stall', path => 'fetch') }
	],
	[
		'a list: 503', '58000',
		insert('plain.supporting_documents')
		  . ' UNION ALL SELECT friendly_name, type, attributes FROM plain.supporting_documents',
		sub { $fault->(action => 'status', status => 503, path => 'list') }
	],
	[
		'a list: garbage', '08P01', update('plain', ''),
		sub { $fault->(action => 'garbage', path => 'list') }
	],
	[
		'a list: cancelled', '57014', update('plain', ''),
		sub { $fault->(action => 'stall', path => 'list') }
	],
	[ 'no user mapping', '28000', insert('bare.supporting_documents') ],
	[ 'no user mapping, to read', '28000', update('bare') ],
	[ 'an unknown column', 'HV005', insert('plain.wrong') ],
	[
		'a column of a wrong type', '42804',
		'INSERT INTO plain.mistyped (friendly_name, type, attributes) '
		  . "VALUES ('$secret', 'passport', 1)"
	],
	[ 'a division', '22012', insert('plain.supporting_documents', '1 / (i - 3)') ],
	[ 'a trigger', 'P0009', insert('plain.triggered') ],
	[
		'a function', '22012',
		'DO $$ BEGIN ' . insert('plain.supporting_documents', '1 / (i - 3)')
		  . '; END $$'
	],
	[
		'a create: 400', '22023', insert('plain.supporting_documents'),
		sub { $fault->(action => 'status', status => 400, path => 'create') }
	],
	[
		'a check', '44000',
		"INSERT INTO plain.passports VALUES ('x', 'utility_bill', $attributes)"
	],
	[
		'COPY to a partition that the row is not of', '23514',
		"COPY plain.part (friendly_name, type, attributes) FROM '$first'"
	],
	[
		'a check of a local table', '23514',
		'WITH created AS ('
		  . insert('plain.supporting_documents')
		  . ' RETURNING attributes) '
		  . 'INSERT INTO plain.local SELECT attributes FROM created'
	],
	[
		'COPY', '22P02',
		"COPY plain.supporting_documents (friendly_name, type, attributes) FROM '$data'"
	],
	[
		'a commit: 400', '22023', insert('late.supporting_documents'),
		sub { $fault->(action => 'status', status => 400, path => 'create') }
	],
	[
		'a commit: cancelled', '57014', insert('late.supporting_documents'),
		sub { $fault->(action => 'stall', path => 'create', count => 0) }
	]);

my $log_start = -s $node->logfile;
foreach my $case (@cases)
{
	my ($name, $sqlstate, $sql, $prepare) = @$case;

	# In a session of its own: the library may be loaded in the middle of it.
	my $session = start_session($node);
	my $start = -s $node->logfile;

	$session->query(q{SET statement_timeout = 400}) if $sqlstate eq '57014';
	$emulator->clear;
	$prepare->() if defined $prepare;
	is($session->attempt($sql), $sqlstate, "$name: fails");
	note($session->complaints);
	like(slurp_file($node->logfile, $start),
		qr/ERROR: /, "$name: the log has the error");
	unlike(slurp_file($node->logfile, $start),
		qr/$secret/, "$name: but no attributes");
	like($session->complaints, qr/Failing row contains .*$secret/,
		"$name: whoever writes them sees them")
	  if $sqlstate eq '44000' || $sqlstate eq '23514';
	$session->stop;
}
$emulator->clear;

# Text that is not UTF-8 is refused by core's conversion.
my $session = start_session($node, dbname => 'ascii');
is( $session->attempt(
		'INSERT INTO supporting_documents (friendly_name, type, attributes) '
		  . "VALUES ('$secret \xff', 'passport', $attributes)"),
	'22021',
	'bytes that are not UTF-8');
$session->stop;

# Other statements are none of our business.
$session = start_session($node);
$session->query(insert('plain.supporting_documents'));
is($session->attempt("SELECT 1 / 0 AS other"), '22012', 'another statement');
$session->stop;
$node->stop;

my $log = slurp_file($node->logfile, $log_start);
unlike($log, qr/$secret/, 'the log has no attributes');
like($log, qr/STATEMENT:  SELECT 1 \/ 0 AS other/,
	'the log has statements that write nothing');
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
