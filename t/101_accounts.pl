
# Several accounts in one partitioned table, each with its own server and its
# own credential: are they read side by side, and does what happens to one of
# them happen to the statement, no sooner and no later than it has to?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $accounts = 8;
my $documents = 100;

my $node = start_node();
my @emulators;
my $all = $accounts * $documents;

$node->safe_psql(
	'postgres', q{
		CREATE TABLE documents (
			sid text, account_sid text, status regdocs_status,
			friendly_name text)
		PARTITION BY LIST (account_sid)});
foreach my $i (0 .. $accounts - 1)
{
	my $emulator = start_emulator(
		documents => $documents,
		bundles => 12,
		seed => $i + 1,
		account_sid => sprintf('AC%032d', $i),
		auth_token => sprintf('%032d', 1000 + $i));

	push @emulators, $emulator;
	make_server(
		$node, $emulator,
		name => "account$i",
		options => { max_retries => 0 },
		schema => undef);
	$node->safe_psql('postgres',
		    "CREATE FOREIGN TABLE documents$i PARTITION OF documents "
		  . sprintf(q{FOR VALUES IN ('%s')}, $emulator->account_sid)
		  . " SERVER account$i");
}

sub everywhere
{
	my ($method, @arguments) = @_;

	$_->$method(@arguments) foreach @emulators;
	return;
}

sub counts
{
	my ($kind) = @_;

	return join ' ', map { $_->count($kind) } @emulators;
}

my $session = start_session($node);
my $watcher = start_session($node);
my $pid = $session->pid;
my $each = join ' ', (1) x $accounts;

#
# Side by side
#

is( $session->query(
		q{SELECT count(*), count(DISTINCT sid), count(DISTINCT account_sid),
				 bool_and(tableoid = 'documents'::regclass
					OR account_sid = (SELECT option_value
						FROM pg_foreign_table t
						JOIN pg_user_mappings m ON m.srvid = t.ftserver,
							pg_options_to_table(m.umoptions)
						WHERE ftrelid = d.tableoid
						AND option_name = 'account_sid'))
		  FROM documents d}),
	"$all|$all|$accounts|t",
	'each account has its own documents');
is(counts('list'), $each, 'with one request each');
is(counts('unauthorized'), join(' ', (0) x $accounts),
	'and its own credential');

# All of them are asked before any has answered; then, with answers, the result.
sub side_by_side
{
	my ($name, $sql, $expected, $path) = @_;

	everywhere('reset');
	everywhere('fault', action => 'stall', path => $path, count => 0);
	$session->begin($sql);
	wait_until("the requests of all: $name", sub { counts($path) eq $each });
	$watcher->query("SELECT pg_cancel_backend($pid)");
	is($session->finish, '57014', "$name: all were asked at once");
	everywhere('clear');
	everywhere('reset');
	is($session->query($sql), $expected, "$name: the result");
	return is(counts($path), $each, "$name: a request each");
}

side_by_side('lists', 'SELECT count(*) FROM documents', $all, 'list');
my $sids = $session->query(
	q{SELECT string_agg(sid, ',') FROM (SELECT DISTINCT ON (account_sid) sid
	  FROM documents ORDER BY account_sid, sid) s});
my ($sid) = split /,/, $sids;
side_by_side('a key', "SELECT count(*) FROM documents WHERE sid = '$sid'",
	1, 'fetch');
$session->query(
	'PREPARE p (text) AS SELECT count(*) FROM documents WHERE sid = $1; '
	  . 'SET plan_cache_mode = force_generic_plan');
side_by_side(
	'a generic plan',
	"EXECUTE p ('$sid')",
	1, 'fetch');
$session->query('RESET plan_cache_mode');

# Partitions that cannot hold the rows are left alone.
everywhere('reset');
is( $session->query(
		sprintf q{SELECT count(*) FROM documents WHERE account_sid = '%s'},
		$emulators[3]->account_sid),
	$documents,
	'one account');
is(counts('list'), '0 0 0 1 0 0 0 0', 'is asked alone');
$session->query(
	sprintf q{PREPARE q (text) AS SELECT count(*) FROM documents
		WHERE account_sid = $1; SET plan_cache_mode = force_generic_plan;});
everywhere('reset');
is( $session->query(
		sprintf q{EXECUTE q ('%s')}, $emulators[5]->account_sid),
	$documents,
	'also where it is a parameter');
is(counts('list'), '0 0 0 0 0 1 0 0', 'of a generic plan');
$session->query('RESET plan_cache_mode');

# Joins among partitions of the same account.
$session->query('SET enable_partitionwise_join = on');
is( $session->query(
		q{SELECT count(*) FROM documents a JOIN documents b
		  USING (account_sid, sid)}),
	$all,
	'a partitionwise join');

# One that fetches by the keys of the same account.
foreach my $table ('bundles', 'item_assignments')
{
	$session->query("CREATE TABLE $table (sid text, account_sid text"
		  . ($table eq 'bundles' ? '' : ', bundle_sid text, object_sid text')
		  . ') PARTITION BY LIST (account_sid)');
	foreach my $i (0 .. $accounts - 1)
	{
		$session->query("CREATE FOREIGN TABLE $table$i PARTITION OF $table "
			  . sprintf(q{FOR VALUES IN ('%s')}, $emulators[$i]->account_sid)
			  . " SERVER account$i OPTIONS (resource '$table')");
	}
}
my $joined = q{SELECT count(*), count(DISTINCT i.account_sid) FROM bundles b
	JOIN item_assignments i
		ON i.account_sid = b.account_sid AND i.bundle_sid = b.sid
	JOIN documents d ON d.account_sid = b.account_sid AND d.sid = i.object_sid};
$session->query('SET enable_hashjoin = off; SET enable_mergejoin = off; '
	  . 'SET enable_material = off');
my $answer = $session->query($joined);
like($answer, qr/^[1-9]\d*\|$accounts$/, 'a partitionwise join by keys');
$session->query('RESET enable_partitionwise_join; RESET enable_material; '
	  . 'RESET enable_hashjoin; RESET enable_mergejoin');
is($session->query($joined), $answer, 'finds what one without finds');

#
# One that stalls
#

$emulators[2]->fault(action => 'stall', count => 0);
is( $session->query(
		sprintf 'SELECT count(*), count(DISTINCT account_sid) FROM '
		  . '(SELECT account_sid FROM documents LIMIT %d) l',
		$all - $documents),
	sprintf('%d|%d', $all - $documents, $accounts - 1),
	'one that stalls does not hold up the others');

# Is the backend waiting, for that one alone?
sub begin_waiting
{
	$session->begin($_[0]);
	wait_until(
		'the wait',
		sub {
			return $watcher->query(
				"SELECT wait_event_type IN ('IPC', 'Extension') "
				  . "FROM pg_stat_activity WHERE pid = $pid "
				  . "AND state = 'active' AND wait_event IS NOT NULL") eq 't';
		});
	return;
}

everywhere('reset');
begin_waiting('SELECT count(*) FROM documents');
wait_until('all requests', sub { counts('list') eq $each });
my $sqlstate;
my $ms = elapsed_ms(
	sub {
		$watcher->query("SELECT pg_cancel_backend($pid)");
		$sqlstate = $session->finish;
	});
is($sqlstate, '57014', 'the wait for it can be cancelled');
note(sprintf 'cancelled in %.1f ms', $ms);
cmp_ok($ms, '<', 1000, 'at once');

$session->query("SET statement_timeout = '300ms'");
$ms = elapsed_ms(
	sub { $sqlstate = $session->attempt('SELECT count(*) FROM documents') });
is($sqlstate, '57014', 'and times out');
cmp_ok($ms, '<', 1300, 'in time');
$session->query('RESET statement_timeout');

$emulators[2]->clear;
is($session->query('SELECT count(*) FROM documents'),
	$all, 'the next statement works');

# The end of the session, too.
$emulators[2]->fault(action => 'stall', count => 0);
begin_waiting('SELECT count(*) FROM documents');
$ms = elapsed_ms(
	sub {
		$watcher->query("SELECT pg_terminate_backend($pid)");
		$sqlstate = $session->finish;
		wait_until("the end of process $pid", sub { !kill 0, $pid });
	});
is($sqlstate, '57P01', 'the session can be terminated');
cmp_ok($ms, '<', 1000, 'at once');
$session->stop;
$emulators[2]->clear;

#
# One that fails while others are slow: the statement does not wait for them.
#

$session = start_session($node);
$pid = $session->pid;
$emulators[1]->fault(action => 'stall', count => 0);
$emulators[6]->fault(action => 'status', status => 403);
is($session->attempt('SELECT count(*) FROM documents'),
	'28000', 'a failure ends the statement, whoever stalls');
like($session->complaints, qr/server "account6"/, 'and is told whose it is');
everywhere('clear');
$emulators[7]->fault(action => 'reset_before', count => 0);
is($session->attempt('SELECT count(*) FROM documents'),
	'08006', 'so does a broken connection');
everywhere('clear');
$emulators[0]->fault(action => 'stall_body');
$session->query("SET statement_timeout = '300ms'");
is($session->attempt('SELECT count(*) FROM documents'),
	'57014', 'half of an answer is waited for');
$session->query('RESET statement_timeout');
everywhere('clear');
is($session->query('SELECT count(*) FROM documents'),
	$all, 'and nothing of it is left over');

#
# Rows that someone else changes meanwhile: the foreign ones are as they were
# read, while the local one is looked at again.
#

$session->query(
	q{CREATE TABLE customers AS SELECT sid AS document, 1 AS visits
	  FROM (SELECT sid FROM documents ORDER BY sid LIMIT 20) s;
	  ANALYZE customers});
my $locked = q{
	SELECT c.visits, d.sid = c.document, d.status IS NOT NULL
	FROM customers c JOIN documents d ON d.sid = c.document
	WHERE c.document = (SELECT min(document) FROM customers)
	FOR UPDATE};
foreach my $way ('on', 'off')
{
	$session->query("SET enable_nestloop = $way");
	$session->query("SET enable_hashjoin = "
		  . ($way eq 'on' ? 'off' : 'on'));
	$watcher->query(
		q{BEGIN; UPDATE customers SET visits = visits + 1
		  WHERE document = (SELECT min(document) FROM customers)});
	$session->begin($locked);
	wait_until(
		'the lock',
		sub {
			return $watcher->query(
				'SELECT wait_event_type FROM pg_stat_activity '
				  . "WHERE pid = $pid") eq 'Lock';
		});
	$watcher->query('COMMIT');
	is($session->finish, '00000', "nested loops $way: a row that changed");
	is( $session->output,
		$way eq 'on' ? '2|t|t' : '3|t|t',
		"nested loops $way: is seen as it is now");
}

$session->stop;
$watcher->stop;
$node->stop;
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach @emulators;

done_testing();
