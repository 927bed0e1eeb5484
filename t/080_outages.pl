
# What happens when the API goes away and comes back, and when connections
# break: between statements, within one, and while one waits?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $documents = 5000;
my $emulator = start_emulator(documents => $documents);
my $port = $emulator->port;
my $node = start_node();

$node->safe_psql('postgres', 'CREATE SCHEMA once; CREATE SCHEMA often');
make_server(
	$node, $emulator,
	name => 'once',
	schema => 'once',
	options => { max_retries => 0 });
make_server(
	$node, $emulator,
	name => 'often',
	schema => 'often',
	options => { max_retries => 100, retry_budget => '1min' });

my $once = 'SELECT count(*) FROM once.supporting_documents';
my $often = 'SELECT count(*) FROM often.supporting_documents';
my $session = start_session($node);

sub go_away
{
	return $emulator->stop;
}

sub come_back
{
	$emulator = start_emulator(documents => $documents, port => $port);
	return;
}

#
# Between statements
#
is($session->query($once), $documents, 'before');
is(go_away(), '', 'the emulator had nothing to complain about');
is($session->attempt($once), '08001', 'gone: could not connect');
like($session->complaints, qr/127\.0\.0\.1:$port/, 'gone: says to where');
is($session->attempt($once), '08001', 'gone: again');
come_back();
is($session->query($once), $documents, 'back: the session goes on');
go_away();
come_back();
is($session->query($once), $documents,
	'gone and back: a connection that was closed is not used');
is( $session->query(
		q{SELECT retries, failures FROM regdocs_fdw_connections()
		  WHERE server_name = 'once'}),
	'0|2',
	'gone and back: nothing failed');

# A statement begun while it is away.
go_away();
$session->begin($often);
wait_until(
	'the statement to wait',
	sub {
		$node->safe_psql('postgres',
			'SELECT wait_event_type FROM pg_stat_activity WHERE pid = '
			  . $session->pid) eq 'Extension';
	});
come_back();
is($session->finish, '00000', 'away: the statement waits, and works');
is($session->output, $documents, 'away: the result is whole');

#
# Within a scan
#
# Half read, the next page not asked for yet.
$session->query("BEGIN; DECLARE c CURSOR FOR SELECT sid, friendly_name"
	  . ' FROM once.supporting_documents; FETCH 10 FROM c');
go_away();
is($session->attempt('MOVE ALL FROM c'),
	'08001', 'gone within a scan: an error');
is($session->attempt('FETCH 1 FROM c'),
	'25P02', 'gone within a scan: and the transaction is over');
$session->query('ROLLBACK');
come_back();
is($session->query($once), $documents, 'back: the session goes on');

# A page half received.
$emulator->fault(action => 'stall_body', skip => 2);
$session->begin($once);
wait_until('half a page', sub { $emulator->count('faults') > 0 });
go_away();
is($session->finish, '08006', 'gone within an answer: the connection broke');
come_back();
is($session->query($once), $documents, 'back: the session goes on');

# The same, with a client that tries again.
$emulator->fault(action => 'stall_body', skip => 2);
$session->begin($often);
wait_until('half a page', sub { $emulator->count('faults') > 0 });
go_away();
come_back();
is($session->finish, '00000', 'gone and back within an answer: it works');
is($session->output, $documents, 'gone and back: the result is whole');

#
# Connections that break
#
# Each on a connection that was used before, on the first page and on another.
$node->safe_psql('postgres', <<'END');
	CREATE TABLE expected AS SELECT * FROM once.supporting_documents;
END
foreach my $action (qw(reset_before reset_after cut close))
{
	foreach my $skip (0, 2)
	{
		my $name = "$action after $skip pages";

		$session->query($often);
		$emulator->reset;
		$emulator->fault(action => $action, skip => $skip);
		is( $session->query(
				'SELECT count(*) FROM often.supporting_documents AS d'
				  . ' JOIN expected AS e USING (sid) WHERE d = e'),
			$documents,
			"$name: the result is whole");
		is($emulator->count('faults'), 1, "$name: it did happen");
		is( $emulator->count('list'),
			$action eq 'close' ? 5 : 6,
			"$name: one request more if any");

		next if $action eq 'close';
		$emulator->fault(action => $action, skip => $skip);
		is($session->attempt($once),
			'08006', "$name: an error without tries left");
		like($session->complaints, qr/No complete answer came/,
			"$name: that says so");
	}
}

# Fetches of many, some of which break.
my $sids = join ',',
  map { my $sid = $emulator->get("sid?index=$_"); chomp $sid; $sid }
  (0 .. 99);
$session->query(
	'ALTER SERVER often OPTIONS (page_size $$10$$, concurrency $$4$$)');
$emulator->reset;
$emulator->fault(
	action => $_,
	path => 'fetch',
	skip => 10,
	count => 5) foreach qw(reset_before reset_after cut);
is( $session->query(
		"$often WHERE sid = ANY ('{$sids}')"),
	100,
	'fetches that break: all are found');
is($emulator->count('fetch'),
	115, 'fetches that break: tried again, once each');

# PostgreSQL goes away, too.
$session->stop;
$node->restart;
is($node->safe_psql('postgres', $once),
	$documents, 'after a restart of PostgreSQL');
$session = start_session($node);
$emulator->fault(action => 'stall');
$session->begin($once);
wait_until('the statement to wait', sub { $emulator->count('in_flight') > 0 });
$node->stop('immediate');
$session->finish;
$node->start;
is($node->safe_psql('postgres', $once),
	$documents, 'after a crash of PostgreSQL');
wait_until('the connections to be closed',
	sub { $emulator->count('connections_open') == 0 });
pass('no connection outlives its session');

is(go_away(), '', 'the emulator had nothing to complain about');

done_testing();
