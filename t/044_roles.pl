
# What doc/roles.md says of where secrets are kept, and of postgres_fdw.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

my $token = '5ec7e75ec7e75ec7e75ec7e75ec7e75e';
my $person = 'PersonOfInterest';
my $emulator = start_emulator(documents => 100, auth_token => $token);
my $node = start_node(
	'main',
	"shared_preload_libraries = 'pg_stat_statements, regdocs_fdw'",
	'pg_stat_statements.track_utility = on',
	'log_statement = all');
my $file = $node->basedir . '/token';
my $account_sid = $emulator->account_sid;

append_to_file($file, "$token\n");
chmod 0600, $file;
$node->safe_psql('postgres', 'CREATE EXTENSION pg_stat_statements');

# What the log and pg_stat_statements have of a statement.
sub traces
{
	my (@statements) = @_;
	my $start = -s $node->logfile;

	$node->safe_psql('postgres', 'SELECT pg_stat_statements_reset()');
	$node->safe_psql('postgres', join ";\n", @statements);
	return (
		slurp_file($node->logfile, $start),
		$node->safe_psql('postgres', 'SELECT query FROM pg_stat_statements'));
}

my $server = 'CREATE SERVER %s FOREIGN DATA WRAPPER regdocs_fdw OPTIONS '
  . "(base_url '" . $emulator->url . "')";
my $mapping = 'CREATE USER MAPPING FOR PUBLIC SERVER %s OPTIONS '
  . "(account_sid '$account_sid', %s)";
my ($log, $statements) = traces(
	sprintf($server, 'written'),
	sprintf($mapping, 'written', "auth_token '$token'"));
like($log, qr/$token/, 'log_statement keeps a secret that is in a statement');
like($statements, qr/$token/, 'so does pg_stat_statements');

($log, $statements) = traces(
	'BEGIN',
	q{SET LOCAL log_statement = 'none'},
	'SET LOCAL pg_stat_statements.track_utility = off',
	sprintf($server, 'hidden'),
	sprintf($mapping, 'hidden', "auth_token '$token'"),
	'COMMIT');

# psql sends each of the statements by itself.
unlike($log, qr/$token/, 'unless it is switched off for the transaction');
unlike($statements, qr/$token/, 'as it can be there');

($log, $statements) = traces(
	sprintf($server, 'emulator'),
	sprintf($mapping, 'emulator', "auth_token_file '$file'"),
	'IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER emulator INTO public',
	'SELECT count(*) FROM supporting_documents',
	q{INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES}
	  . qq{ ('x', 'passport', '{"name": "$person"}')});
unlike($log, qr/$token/, 'with a file, the log has no secret');
like($log, qr/auth_token_file '\Q$file\E'/, 'but its path');
unlike($statements, qr/$token/, 'nor has pg_stat_statements');
like($log, qr/$person/, 'log_statement has values of attributes');
unlike($statements, qr/$person/, 'pg_stat_statements has none');

#
# Through postgres_fdw, from another database
#
my $socket = $node->host;
my $port = $node->port;
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
$node->safe_psql('elsewhere', <<"END");
	CREATE EXTENSION postgres_fdw;
	CREATE SERVER compliance FOREIGN DATA WRAPPER postgres_fdw
		OPTIONS (host '$socket', port '$port', dbname 'postgres');
	CREATE USER MAPPING FOR CURRENT_USER SERVER compliance;
END
my ($page) =
  run_command([ "$FindBin::Bin/../test/readme", '--of', 'doc/roles.md',
		'In the other database: have conditions on statuses sent' ]);
my ($create, $alter) = split /;/, $page;
my $explain = 'EXPLAIN (VERBOSE, COSTS OFF) '
  . q{SELECT sid FROM supporting_documents WHERE status = 'draft'};

$node->safe_psql('elsewhere', "$create; "
	  . 'IMPORT FOREIGN SCHEMA public LIMIT TO (supporting_documents) '
	  . 'FROM SERVER compliance INTO public');
unlike($node->safe_psql('elsewhere', $explain),
	qr/Remote SQL: .*WHERE/, 'a condition on an enum stays here');
my $drafts = $node->safe_psql('elsewhere',
	q{SELECT count(*) FROM supporting_documents WHERE status = 'draft'});
$node->safe_psql('elsewhere', $alter);
like($node->safe_psql('elsewhere', $explain),
	qr/Remote SQL: .*WHERE \(\(status = 'draft'\)\)/,
	'with the option it is sent');
is( $node->safe_psql('elsewhere',
		q{SELECT count(*) FROM supporting_documents WHERE status = 'draft'}),
	$drafts,
	'and the result is the same');

my $session = start_session($node, dbname => 'elsewhere');
my $start = -s $node->logfile;
$session->query(
	q{BEGIN; INSERT INTO supporting_documents (friendly_name, type)
	  VALUES ('stays', 'passport')});
is($session->attempt('ROLLBACK'), '00000', 'a rollback');
unlike($session->complaints, qr/WARNING/, 'the client hears no WARNING');
like(slurp_file($node->logfile, $start),
	qr/WARNING:  .*1 document.* created/, 'it is in the log');
$session->stop;

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
