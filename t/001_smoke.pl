
# Does the extension load, keep what it is told, and know what it was told
# wrong?  Sends no request: an emulator that would count it stands by.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $emulator = start_emulator(documents => 10);
my $node = start_node();

is( $node->safe_psql(
		'postgres',
		q{SELECT extversion FROM pg_extension WHERE extname = 'regdocs_fdw'}),
	'1.0',
	'the extension is there, in its version');

is( $node->safe_psql(
		'postgres', 'SELECT enum_range(NULL::regdocs_status)'),
	'{draft,pending-review,rejected,approved,expired,provisionally-approved}',
	'the statuses are there, in the documented order');

make_server($node, $emulator,
	options => { page_size => '50', request_timeout => '30s' });

is( $node->safe_psql(
		'postgres', q{
			SELECT option_name, option_value
			FROM pg_foreign_server, pg_options_to_table(srvoptions)
			WHERE srvname = 'emulator' AND option_name <> 'base_url'
			ORDER BY 1}),
	"page_size|50\nrequest_timeout|30s",
	'options of the server are kept as they were written');

is( $node->safe_psql(
		'postgres', q{
			SELECT relkind, relnatts > 0
			FROM pg_class
			WHERE oid = 'supporting_documents'::regclass}),
	'f|t',
	'the foreign table is imported');

my ($result, $stdout, $stderr) = $node->psql('postgres',
	q{ALTER SERVER emulator OPTIONS (SET page_size '1001')});
isnt($result, 0, 'a page size that the API does not allow is refused');
like($stderr, qr/page_size/, 'and the message says which option it was');

($result, $stdout, $stderr) = $node->psql('postgres',
	q{CREATE SERVER plain FOREIGN DATA WRAPPER regdocs_fdw
	  OPTIONS (base_url 'http://example.com')});
isnt($result, 0, 'a credential cannot be sent in the clear to another host');

$node->safe_psql('postgres',
	'EXPLAIN SELECT * FROM supporting_documents WHERE friendly_name IS NULL');
is_deeply(
	[ map { $emulator->count($_) } qw(list fetch create update delete) ],
	[ 0, 0, 0, 0, 0 ],
	'none of this sent a request');

my $token = $emulator->auth_token;
unlike(
	$node->safe_psql(
		'postgres', 'EXPLAIN (VERBOSE) SELECT * FROM supporting_documents'),
	qr/\Q$token\E/,
	'no plan shows the token');

$node->safe_psql('postgres', 'DROP EXTENSION regdocs_fdw CASCADE');
is( $node->safe_psql(
		'postgres',
		q{SELECT count(*) FROM pg_foreign_data_wrapper
		  WHERE fdwname = 'regdocs_fdw'}),
	'0',
	'the extension can be dropped');

$node->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
