
# Waiting: a walk outlives an outage in its middle, with nothing set, and
# somebody at a terminal is told what is waited for.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

my $documents = 5000;
my $outage_s = 20;
my $node = start_node();
my $emulator = start_emulator(documents => $documents);
my $other = start_emulator(documents => $documents);

make_server($node, $emulator);
$node->safe_psql('postgres', 'CREATE SCHEMA other');
make_server($node, $other, name => 'other', schema => 'other');
my $all = 'SELECT count(*), count(DISTINCT sid) FROM supporting_documents';

# How often the pattern is in what a session was told.
sub told
{
	my ($session, $pattern) = @_;
	return scalar(() = $session->complaints =~ /$pattern/g);
}

#
# Twenty seconds of 503 in the middle, with all defaults
#
my $session = start_session($node);
my $waiting = qr/NOTICE:  waiting for server "emulator": the API's server failed$/m;
my $log_start = -s $node->logfile;
$emulator->reset;
$emulator->fault(
	action => 'status', status => 503, path => 'list', skip => 2, count => 0);
my $start = time;
$session->begin($all);
wait_until('a first failure', sub { $emulator->count('list') > 2 });
sleep 1 while time < $start + $outage_s;
$emulator->clear;
is($session->finish, '00000', 'the walk outlives the outage')
  or diag($session->complaints);
is($session->output, "$documents|$documents", 'and is whole');
note($session->complaints);
cmp_ok($emulator->count('list'), '>', 5, 'after more than one retry');
my $n = told($session, $waiting);
cmp_ok($n, '>=', 1, 'the client was told');
cmp_ok($n, '<=', 1 + (time - $start) / 10,
	'at the first second, and then every ten seconds at most');
like($session->complaints,
	qr/DETAIL:  The last answer was HTTP status 503\. No request has succeeded for \d+ s; one was tried \d+ times, and will be again\./,
	'of what, and for how long');
unlike(slurp_file($node->logfile, $log_start), qr/NOTICE/,
	'the log was not');

# The client is told while it waits, not afterwards.
$emulator->fault(
	action => 'status', status => 429, path => 'list', count => 0);
$session->begin($all);
my $seen = eval {
	wait_until(
		'a notice',
		sub {
			$session->{process}->pump_nb;
			$session->complaints =~ /too many requests/;
		});
	1;
};
ok($seen, 'a notice comes while the statement waits');
cmp_ok($emulator->count('in_flight'), '<=', 1, 'which it still does');
$emulator->clear;
is($session->finish, '00000', '429: the statement goes on');

#
# The setting
#
# A wait of known length, in which nothing is told: there is no interval.
sub wait_for
{
	my ($setting, $sql, $count) = @_;

	$session->query("SET regdocs_fdw.progress_interval = '$setting'");
	$emulator->fault(
		action => 'status', status => 503, path => 'list',
		retry_after => 2, count => $count);
	is($session->attempt($sql), '00000', "$setting: the statement goes on");
	unlike($session->complaints, qr/succeeded for 0 s/,
		"$setting: the first second is not told of");
	return told($session, qr/NOTICE:  waiting for server "emulator"/m);
}

is(wait_for('0', $all, 1), 0, 'interval 0: nothing is told');
is(wait_for('1h', $all, 2), 1, 'a long interval: once');
cmp_ok(wait_for('500ms', $all, 1),
	'>=', 2, 'a short interval: also while nothing else happens');

# A failure is not a wait.
$session->query("SET regdocs_fdw.progress_interval = '100ms'");
$session->query(
	q{ALTER SERVER emulator OPTIONS (ADD max_retries '0')});
$emulator->fault(action => 'status', status => 503);
is($session->attempt($all), '58000', 'what is not tried again fails');
is(told($session, qr/waiting/), 0, 'and is not waited for');
$session->query('ALTER SERVER emulator OPTIONS (DROP max_retries)');

# Side by side, below an Append: one is waited for, or the other.
my $append = 'SELECT count(*) FROM (SELECT sid FROM supporting_documents'
  . ' UNION ALL SELECT sid FROM other.supporting_documents) u';
like($session->query("EXPLAIN $append"), qr/Async Foreign Scan/,
	'scans side by side');
is(wait_for('10s', $append, 1), 1, 'side by side: it is told as well');
is($session->output, 2 * $documents, 'side by side: the result is whole');

# A client that does not want to know.
$session->query("SET client_min_messages = warning");
is(wait_for('1s', $all, 1), 0, 'client_min_messages hides it');
$session->query("RESET client_min_messages");

#
# How far a statement is
#
$session->query("SET regdocs_fdw.progress_interval = '100ms'");
$emulator->fault(action => 'slow', ms => 120, count => 0);
is($session->attempt($all), '00000', 'a walk');
like($session->complaints,
	qr/NOTICE:  pages read from server "emulator" so far: 4, with 4000 documents$/m,
	'tells pages and documents');
my $sids = join ',',
  map { my $sid = $emulator->get("sid?index=$_"); chomp $sid; $sid } (0 .. 19);
is( $session->attempt(
		"SELECT count(*) FROM supporting_documents WHERE sid = ANY ('{$sids}')"
	),
	'00000',
	'fetches');
like($session->complaints,
	qr/NOTICE:  documents read from server "emulator" so far: \d+$/m,
	'tell documents');
$emulator->clear;

#
# Writes
#
$session->query("SET regdocs_fdw.progress_interval = '10s'");
$emulator->fault(
	action => 'status', status => 429, path => 'create', retry_after => 2);
is( $session->attempt(
		q{INSERT INTO supporting_documents (friendly_name, type)
		  VALUES ('x', 'passport')}),
	'00000',
	'a write that is held up');
is(told($session, $waiting =~ s/the API.*failed/.*/r), 1, 'is told of');

#
# Settings are known before the extension was used
#
$session->stop;
is($node->psql('postgres', 'SHOW regdocs_fdw.progress_interval'),
	3, 'without the library, PostgreSQL does not know them');
is( $node->safe_psql(
		'postgres',
		"SET regdocs_fdw.progress_interval = '3s'; LOAD 'regdocs_fdw';"
		  . ' SHOW regdocs_fdw.progress_interval'),
	'3s',
	'but what was set before holds');
$node->safe_psql('postgres',
	"ALTER DATABASE postgres SET session_preload_libraries = 'regdocs_fdw'");
is( $node->safe_psql('postgres', 'SHOW regdocs_fdw.progress_interval'),
	'10s', 'preloaded with the session: known');
$node->safe_psql('postgres',
	'ALTER DATABASE postgres RESET session_preload_libraries');
$node->append_conf('postgresql.conf',
	"shared_preload_libraries = 'regdocs_fdw'");
$node->restart;
is( $node->safe_psql('postgres',
		"SHOW regdocs_fdw.progress_interval; $all"),
	"10s\n" . join("|", ($documents + 1) x 2), 'preloaded by the server: known');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
