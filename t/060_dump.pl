
# Does pg_dump write definitions that can be restored, and the documents too
# where it is asked for them?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $emulator = start_emulator(documents => 2500);
my $node = start_node();
make_server($node, $emulator, options => { page_size => 500 });
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE renamed (
		id text OPTIONS (column_name 'sid') NOT NULL,
		state regdocs_status OPTIONS (column_name 'status')
	) SERVER emulator
	OPTIONS (resource 'supporting_documents', on_error 'ignore');
	CREATE VIEW drafts AS SELECT id FROM renamed WHERE state = 'draft';
	CREATE TABLE seen (sid text, status regdocs_status);
	INSERT INTO seen VALUES (NULL, 'approved');
END

my $directory = PostgreSQL::Test::Utils::tempdir();

sub dump_to
{
	my ($name, @options) = @_;
	my $file = "$directory/$name.sql";

	$emulator->reset;
	$node->command_ok(
		[ 'pg_dump', '--file' => $file, @options, 'postgres' ],
		"$name: dumped");
	return read_dump($file);
}

# Without the key that newer releases make up for each dump.
sub read_dump
{
	my ($file) = @_;
	my $dump = slurp_file($file);

	$dump =~ s/^\\(?:un)?restrict .*\n//mg;
	return $dump;
}

sub restore
{
	my ($database, $file) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	return $node->command_ok(
		[
			'psql', '--no-psqlrc', '--quiet', '--set' => 'ON_ERROR_STOP=1',
			'--file' => "$directory/$file.sql",
			$database
		],
		"$file: restored");
}

# Definitions
my $dump = dump_to('definitions');
is($emulator->count('total'), 0, 'definitions: no request');
like($dump, qr/CREATE EXTENSION IF NOT EXISTS regdocs_fdw/,
	'definitions: the extension');
unlike($dump, qr/CREATE TYPE|CREATE FUNCTION/,
	'definitions: nothing that is the extension\'s own');
like($dump, qr/CREATE SERVER emulator FOREIGN DATA WRAPPER regdocs_fdw/,
	'definitions: the server');
like($dump, qr/CREATE FOREIGN TABLE public\.renamed/,
	'definitions: the foreign table');

restore('restored', 'definitions');
my $rows = 'SELECT md5(string_agg(d::text, $$ $$ ORDER BY sid)) '
  . 'FROM supporting_documents AS d';
is($node->safe_psql('restored', $rows), $node->safe_psql('postgres', $rows),
	'restored: the same documents');
my $drafts = 'SELECT count(*) > 0, count(*) FROM drafts';
is($node->safe_psql('restored', $drafts), $node->safe_psql('postgres', $drafts),
	'restored: the same drafts');
$node->command_ok(
	[ 'pg_dump', '--file' => "$directory/restored.sql", 'restored' ],
	'dumped after it was restored');
is(read_dump("$directory/restored.sql"),
	$dump, 'restored: the same definitions');

# A label that is added to a type of the extension is no part of the dump, as the
# hint of the error says of which it is the way out.
$emulator->post('supporting_documents', index => 7, status => 'unheard-of');
my ($exit, $output, $complaints) =
  $node->psql('postgres', 'SELECT count(status) FROM supporting_documents');
isnt($exit, 0, 'a label that the type does not have');
like($complaints,
	qr/HINT:  Add the label by ALTER TYPE regdocs_status ADD VALUE, .* pg_dump does not dump/,
	'what to do is said');
$node->safe_psql('postgres',
	q{ALTER TYPE regdocs_status ADD VALUE 'unheard-of'});
is( $node->safe_psql(
		'postgres', 'SELECT count(status) FROM supporting_documents'),
	2500,
	'with it, all is well');
is(dump_to('label'), $dump, 'but the dump does not have it');

# Documents
$dump = dump_to('documents',
	'--include-foreign-data' => 'emulator',
	'--table' => 'supporting_documents');
is($emulator->count('list'), 5, 'documents: one request a page');
$dump =~ /^COPY\ public\.supporting_documents\ \(([^)]*)\)\ FROM\ stdin;\n
	(.*?)^\\\.$/msx
  or die 'there are no documents in the dump';
my ($columns, $data) = ($1, $2);
is(scalar(() = $data =~ /\n/g), 2500, 'documents: a line each');

# What is in the dump is what is in the table.
append_to_file("$directory/local.sql",
	"CREATE TABLE local (LIKE supporting_documents);\n"
	  . "COPY local ($columns) FROM stdin;\n$data\\.\n");
$node->command_ok(
	[
		'psql', '--no-psqlrc', '--quiet', '--set' => 'ON_ERROR_STOP=1',
		'--file' => "$directory/local.sql", 'postgres'
	],
	'documents: they can be read in again');
is($node->safe_psql('postgres', <<'END'), '0|2500', 'documents: equal');
	SELECT count(*) FILTER (WHERE l IS DISTINCT FROM d), count(*)
	FROM local AS l FULL JOIN supporting_documents AS d USING (sid)
END

# More than one foreign table; a server of which nothing was asked for.
# The API has no list of clones.
$dump = dump_to('all',
	'--include-foreign-data' => 'emul*',
	'--exclude-table-data' => 'bundle_clones');
is(scalar(() = $dump =~ /^COPY public\.(?:supporting_documents|renamed) /mg),
	2, 'all: both foreign tables');
is($emulator->count('supporting_documents.list'),
	10, 'all: one request a page and table');

# A failure fails the dump.
$emulator->fault(action => 'status', status => 401);
$node->command_fails_like(
	[
		'pg_dump',
		'--file' => "$directory/failed.sql",
		'--include-foreign-data' => 'emulator',
		'--exclude-table-data' => 'bundle_clones',
		'postgres'
	],
	qr/credential/,
	'a dump that the API refuses');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
