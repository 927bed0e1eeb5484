
# regdocs_fdw.log_requests: one line for each request, in a form that programs
# can read, and nothing of the statement that it was for.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node(
	'main',
	'log_statement = none',
	q(log_line_prefix = '%m [%p] '));
my $api_key = 'SK' . '89abcdef' x 4;
my $emulator = start_emulator(
	documents => 2500,
	api_key => $api_key,
	api_secret => 'key-secret');
make_server($node, $emulator, options => { max_retries => 2 });
make_server(
	$node, $emulator,
	name => 'closed',
	schema => undef,
	options => { base_url => 'http://127.0.0.1:1', max_retries => 0 });
make_server(
	$node, $emulator,
	name => '"a ""b""=c"',
	schema => undef,
	mapping => { api_key => $api_key, api_secret => 'key-secret' });
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE closed (sid text) SERVER closed
		OPTIONS (resource 'supporting_documents');
	CREATE FOREIGN TABLE by_key (sid text) SERVER "a ""b""=c"
		OPTIONS (resource 'supporting_documents');
	CREATE ROLE reader LOGIN;
	GRANT SELECT ON supporting_documents TO reader;
	GRANT USAGE ON FOREIGN SERVER emulator TO reader;
END

my $path = '/v2/RegulatoryCompliance/SupportingDocuments';
my $session = start_session($node);
my $pid = $session->pid;

my $start;

# What is logged while the statement runs: the requests, and all the rest.
sub logged
{
	my ($sql) = @_;
	my $start = -s $node->logfile;

	my $sqlstate = $session->attempt($sql);
	my @lines = split /\n/, slurp_file($node->logfile, $start);
	my @requests;
	my @others;
	foreach my $line (@lines)
	{
		if ($line =~ /regdocs_fdw: /)
		{
			$line =~ s/^.*? \[$pid\] LOG:  regdocs_fdw: //
			  or diag("not of this session: $line");
			push @requests, $line;
		}
		elsif ($line !~ /ERROR|DETAIL|HINT/)
		{
			push @others, $line;
		}
	}
	return ($sqlstate, \@requests, \@others);
}

sub like_all
{
	my ($name, $requests, @expected) = @_;
	my @unlike;

	is(scalar @$requests, scalar @expected, "$name: the number of lines")
	  or diag(join "\n", @$requests);
	foreach my $i (0 .. $#expected)
	{
		push @unlike, $requests->[$i]
		  unless ($requests->[$i] // '') =~ $expected[$i];
	}
	return is_deeply(\@unlike, [], "$name: their form");
}

# By whose account, and of which server.
my $account = $emulator->account_sid;
my $who = "server=emulator account=$account";
my $all = 'SELECT count(attributes) FROM supporting_documents';
my $id = qr/RQ[0-9a-f]{32}/;
my $good = qr/^\Q$who\E GET \Q$path\E status=200 ms=\d+ tries=1 request_id=$id$/;

my ($sqlstate, $requests, $others) = logged($all);
is_deeply($requests, [], 'off by default');

$session->query('SET regdocs_fdw.log_requests = on');
$emulator->reset;
($sqlstate, $requests, $others) = logged($all);
is($sqlstate, '00000', 'on: the statement works');
is($emulator->count('list'), 3, 'on: three requests');
like_all('on', $requests, ($good) x 3);
is_deeply($others, [], 'on: no statement and no context');

# Several fetches; one document is not there.
my $sid = $emulator->get('sid?index=7');
chomp $sid;
my $missing = 'RD' . '0' x 32;
($sqlstate, $requests) =
  logged("SELECT count(*) FROM supporting_documents WHERE sid = '$sid'");
like_all('a fetch', $requests,
	qr/^\Q$who\E GET \Q$path\E\/$sid status=200 ms=\d+ tries=1 request_id=$id$/);
($sqlstate, $requests) =
  logged("SELECT count(*) FROM supporting_documents WHERE sid = '$missing'");
like_all('a document that is not there', $requests,
	qr/^\Q$who\E GET \Q$path\E\/$missing status=404 ms=\d+ tries=1 request_id=$id$/);

# Tries that fail, and requests that do.
$emulator->fault(action => 'status', status => 503, count => 2);
($sqlstate, $requests) = logged($all);
is($sqlstate, '00000', 'after some tries: the statement works');
like_all('after some tries', $requests,
	qr/^\Q$who\E GET \Q$path\E status=200 ms=\d+ tries=3 request_id=$id$/,
	($good) x 2);
$emulator->fault(action => 'status', status => 500, count => 3);
($sqlstate, $requests) = logged($all);
is($sqlstate, '58000', 'in vain: the statement fails');
like_all('in vain', $requests,
	qr/^\Q$who\E GET \Q$path\E status=500 ms=\d+ tries=3 request_id=$id$/);
($sqlstate, $requests) = logged('SELECT count(*) FROM closed');
is($sqlstate, '08001', 'no answer: the statement fails');
like_all('no answer', $requests,
	qr/^server=closed account=$account GET \Q$path\E status=0 ms=\d+ tries=1 request_id=$/
);

# A name that is no plain word, and a credential that tells no account.
($sqlstate, $requests) = logged('SELECT count(*) FROM by_key');
is($sqlstate, '00000', 'by a key: the statement works');
like_all('by a key', $requests,
	(qr/^server="a ""b""=c" account= GET \Q$path\E status=200 ms=\d+ tries=1 request_id=$id$/
	) x 3);

# Requests that nobody took the answer of: what was asked for ahead, when a reader
# stopped; and what hung until the statement was given up, in one way or another.
($sqlstate, $requests) = logged(
	'BEGIN; DECLARE c CURSOR FOR SELECT attributes FROM supporting_documents; '
	  . 'MOVE 600 IN c');
is($sqlstate, '00000', 'a reader that stops');

# It may have come by then, and else is given up.
my @read = @$requests;
($sqlstate, $requests) = logged('COMMIT');
like_all('what was asked for ahead', [ @read, @$requests ], $good,
	qr/^\Q$who\E GET \Q$path\E status=\d+ ms=\d+ tries=1 request_id=/);
$emulator->fault(action => 'stall', count => 0);
my $stalled = qr/^\Q$who\E GET \Q$path\E status=0 ms=\d{3,} tries=1 request_id=$/;
$session->query(q{SET statement_timeout = '300ms'});
($sqlstate, $requests) = logged($all);
is($sqlstate, '57014', 'a statement that times out');
like_all('what hung until then', $requests, $stalled);
($sqlstate, $requests) = logged(
	"DO \$\$ BEGIN PERFORM count(*) FROM supporting_documents; "
	  . 'EXCEPTION WHEN query_canceled THEN NULL; END $$');
is($sqlstate, '00000', 'a block that goes on');
like_all('what hung within it', $requests, $stalled);
$session->query('RESET statement_timeout');
$session->begin($all);
wait_until('the request', sub { $emulator->count('in_flight') > 0 });
$start = -s $node->logfile;
kill 'TERM', $pid;
is($session->finish, '57P01', 'a session that is terminated');
like(slurp_file($node->logfile, $start),
	qr/regdocs_fdw: \Q$who\E GET \Q$path\E status=0 /, 'and what hung until then');
$emulator->clear;

# Who is no superuser cannot switch it on, be it before the extension is
# loaded or after.
my $reader = start_session($node, user => 'reader');
$start = -s $node->logfile;
$reader->query('SET regdocs_fdw.log_requests = on');
is($reader->query($all), 2500, 'switched on by a user: the statement works');
is($reader->attempt('SET regdocs_fdw.log_requests = on'),
	'42501', 'only superusers switch it on');
$reader->query($all);
$reader->stop;
unlike(slurp_file($node->logfile, $start),
	qr/regdocs_fdw: server=/, 'switched on by a user: nothing is logged');
$node->safe_psql('postgres',
	'ALTER ROLE reader SET regdocs_fdw.log_requests = on');
$reader = start_session($node, user => 'reader');
$start = -s $node->logfile;
is($reader->query($all), 2500, 'a role that it is switched on for');
is(scalar(() = slurp_file($node->logfile, $start) =~ /regdocs_fdw: \Q$who\E GET/g),
	3, 'is logged');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
