
# Who has to know of a write gets to know it, however its statement ends:
# regdocs_fdw_writes(), the audit trail in the server's log, and the emulator, which
# knows best, must agree.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

my $person = 'NobodyMayReadThis';
my $emulator = start_emulator(documents => 100, editable =>
	  'draft,rejected,approved,expired,pending-review,provisionally-approved');
my $node = start_node(
	'main',
	'log_statement = none',
	"shared_preload_libraries = 'regdocs_fdw'",
	'regdocs_fdw.log_requests = writes');
make_server($node, $emulator, options => { concurrency => 4 });
$node->safe_psql('postgres', 'CREATE SCHEMA late');
make_server(
	$node, $emulator,
	name => 'late',
	schema => 'late',
	options => { write_mode => 'at_commit', concurrency => 4 });
my $watcher = start_session($node);
my $session;
my $account = $emulator->account_sid;

sub insert
{
	my ($schema, $rows) = @_;
	return
	    "INSERT INTO $schema.supporting_documents (friendly_name, type, attributes) "
	  . "SELECT '$person ' || i, 'passport', jsonb_build_object('a', '$person') "
	  . "FROM generate_series(1, $rows) i";
}

# Begin statements of which the first so many creates are answered, and the next
# four carried out but not answered; in between, a savepoint is rolled back.
sub begin_stalled
{
	my ($sql, $answered) = @_;

	$session = start_session($node);
	$emulator->clear;
	$emulator->reset;
	$emulator->fault(
		action => 'stall',
		carry_out => 'on',
		path => 'create',
		skip => $answered,
		count => 0);
	$session->begin($sql);
	wait_until('writes without an answer',
		sub { $emulator->count('create') == $answered + 4 });
	return;
}

# How many lines of the log, since then, tell of each outcome; each with all that
# it has to have.
sub audited
{
	my ($start, $server, $kind) = @_;
	my %lines = (done => 0, unknown => 0, refused => 0);

	foreach my $line (split /\n/, slurp_file($node->logfile, $start))
	{
		next unless $line =~ /regdocs_fdw write:/;
		my ($outcome) =
		  $line =~ /LOG:\ \ regdocs_fdw\ write:\ role=\w+\ server=$server
			\ account=$account\ resource=supporting_documents\ operation=$kind
			\ sid=\w*\ outcome=(\w+)\ ms=\d+\ request_id=\w*$/x;
		$lines{ $outcome // $line }++;
	}
	return \%lines;
}

sub told
{
	my %lines = (done => 0, unknown => 0, refused => 0);

	foreach my $row (
		split /\n/,
		$session->query(
			'SELECT outcome, count(*), count(DISTINCT sid) FROM regdocs_fdw_writes() '
			  . 'GROUP BY 1'))
	{
		my ($outcome, $count, $sids) = split /\|/, $row;
		$lines{$outcome} = $count;
		is($sids, $count, 'each with its sid') if $outcome eq 'done';
	}
	return \%lines;
}

# End the statement in some way, and look at what is told of it.
sub check
{
	my ($name, $server, $sql, $answered, $end) = @_;
	my $start = -s $node->logfile;
	my $expected = { done => $answered, unknown => 4, refused => 0 };

	begin_stalled($sql, $answered);
	my $alive = $end->();
	is_deeply(audited($start, $server, 'create'),
		$expected, "$name: the audit trail");
	is_deeply(told(), $expected, "$name: regdocs_fdw_writes()") if $alive;
	is($emulator->count('create'), $answered + 4,
		"$name: as many as were sent");
	$emulator->clear;
	$session->stop;
	return;
}

sub cancel
{
	my $pid = $session->pid;

	$watcher->query("SELECT pg_cancel_backend($pid)");
	is($session->finish, '57014', 'it is cancelled');
	return 1;
}

sub terminate
{
	my $pid = $session->pid;

	$watcher->query("SELECT pg_terminate_backend($pid)");
	is($session->finish, '57P01', 'it is terminated');
	wait_until(
		'its end',
		sub {
			$watcher->query("SELECT count(*) FROM pg_stat_activity "
				  . "WHERE pid = $pid") eq '0';
		});
	return 0;
}

my $early = insert('public', 50);
my $late = insert('late', 50);
my $block = "DO \$\$ BEGIN BEGIN " . insert('public', 6)
  . '; RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN NULL; END; '
  . "$early; END \$\$";
check('cancelled', 'emulator', $early, 12, \&cancel);
check('terminated', 'emulator', $early, 12, \&terminate);
check('cancelled, after a block that failed',
	'emulator', $block, 10, \&cancel);
check('terminated, after a block that failed',
	'emulator', $block, 10, \&terminate);
check('cancelled at the commit', 'late', $late, 12, \&cancel);
check('terminated at the commit', 'late', $late, 12, \&terminate);
check(
	'cancelled in COPY',
	'emulator',
	'COPY supporting_documents (friendly_name, type) FROM PROGRAM '
	  . "'seq -f \"$person %g,passport\" 200' (FORMAT csv)",
	12,
	\&cancel);

# A transaction that goes on, and rolls back; a refusal, and what was not begun.
$session = start_session($node);
my $start = -s $node->logfile;
$emulator->reset;
$session->query('BEGIN; SAVEPOINT a; ' . insert('public', 5));
$session->query('ROLLBACK TO a; ' . insert('public', 3));
$emulator->fault(
	action => 'status', status => 400, code => 21601, path => 'create');
$session->query('SAVEPOINT b');
is($session->attempt(insert('public', 1)), '22023', 'a write is refused');
$session->query('ROLLBACK');
my $expected = { done => 8, unknown => 0, refused => 1 };
is_deeply(audited($start, 'emulator', 'create'),
	$expected, 'rolled back: the audit trail');
is_deeply(told(), $expected, 'rolled back: regdocs_fdw_writes()');
is($emulator->count('created'), 8, 'rolled back: as many as were done');
$session->query(q{BEGIN; INSERT INTO late.supporting_documents
	(friendly_name, type) VALUES ('never', 'passport'); ROLLBACK});
is_deeply(audited($start, 'emulator', 'create'),
	$expected, 'what was never sent is in no log');
$session->stop;
$watcher->stop;
unlike(slurp_file($node->logfile), qr/$person/, 'the log has no value');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
