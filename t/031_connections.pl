
# Are connections kept as long as they should be, and are answers compressed
# where the server can?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node();
my $emulator = start_emulator(documents => 2500);
make_server($node, $emulator);
my $session = start_session($node);
my $count = 'SELECT count(*) FROM supporting_documents';

# How many were opened; those to the control path do not count.
sub connections
{
	return $emulator->count('connections');
}

sub statistics
{
	my ($columns) = @_;
	return $session->query("SELECT $columns FROM regdocs_fdw_connections()");
}

$emulator->reset;
my $before = connections();
foreach my $number (1 .. 20)
{
	$session->query("$count WHERE sid <> '$number'");
}
is(connections() - $before, 1, '20 statements: one connection');
is($emulator->count('list'), 60, 'and three requests each');
is(statistics('requests, retries, failures, connections'),
	'60|0|0|1', 'the client knows as much');
ok($session->query(
		'SELECT bool_and(bytes_sent > 0 AND bytes_received > 1000000)'
		  . ' FROM regdocs_fdw_connections()') eq 't',
	'bytes are counted');

# Another session has another one.
$before = connections();
$node->safe_psql('postgres', $count);
is(connections() - $before, 1, 'another session: another connection');

# A server that closes what is idle for a second; nobody notices.
my $impatient = start_emulator(documents => 2500, idle_timeout => 1);
$node->safe_psql('postgres', 'CREATE SCHEMA impatient');
make_server(
	$node, $impatient,
	name => 'impatient',
	schema => 'impatient');
$count = 'SELECT count(*) FROM impatient.supporting_documents';
$session->query($count);
wait_until('the idle connection to be closed',
	sub { $impatient->count('connections_open') == 0 });
$impatient->reset;
is($session->query($count), 2500, 'a connection that was idle too long');
is($impatient->count('list'), 3, 'no request was sent in vain');
is( $session->query(
		q{SELECT retries, failures, connections FROM regdocs_fdw_connections()
		  WHERE server_name = 'impatient'}),
	'0|0|2',
	'nothing was tried twice, or counted as a failure');
$session->query(q{SELECT regdocs_fdw_disconnect('impatient')});
$count = 'SELECT count(*) FROM supporting_documents';

# The server closes the connection after each answer.
$emulator->fault(action => 'close', count => 0);
is($session->query($count), 2500, 'a server that closes each connection');
$emulator->clear;

# What can be disconnected is.
$session->query($count);
is($session->query("SELECT regdocs_fdw_disconnect('emulator')"),
	't', 'disconnected');
is($session->query("SELECT regdocs_fdw_disconnect('emulator')"),
	'f', 'there is nothing to disconnect');
is($session->attempt("SELECT regdocs_fdw_disconnect('nonesuch')"),
	'42704', 'there is no such server');
is(statistics('count(*)'), '0', 'none is shown');
wait_until('the connection to be closed',
	sub { $emulator->count('connections_open') == 0 });
pass('the connection is closed');

# One in use is not.
$session->query('BEGIN');
$session->query(
	'DECLARE c CURSOR FOR SELECT friendly_name FROM supporting_documents');
$session->query('FETCH 1 FROM c');
is($session->query('SELECT regdocs_fdw_disconnect_all()'),
	'f', 'a connection in use stays');
like($session->complaints, qr/WARNING:.*still in use/, 'with a warning');
is($session->query('MOVE ALL FROM c; SELECT count(*) FROM pg_cursors'),
	'1', 'the cursor goes on');
$session->query('COMMIT');

# A change of the server reaches the next statement, and not a cursor.
$session->query('BEGIN');
$session->query(
	'DECLARE c CURSOR FOR SELECT friendly_name FROM supporting_documents');
$session->query('FETCH 1 FROM c');
$session->query('ALTER SERVER emulator OPTIONS (keep_connections $$off$$)');
is( $session->query(
		'SELECT count(*) FROM (SELECT 1 FROM supporting_documents) AS d'),
	2500,
	'a changed server while a cursor is open');
is(statistics('count(*), bool_or(valid), bool_and(valid)'),
	'2|t|f', 'the cursor has a client of its own');
$session->query('MOVE ALL FROM c');
$session->query('COMMIT');

# No connection is kept, as keep_connections says.
$before = connections();
is($session->query($count), 2500, 'keep_connections off');
is(connections() - $before, 3, 'each request has its own connection');
wait_until('connections to be closed',
	sub { $emulator->count('connections_open') == 0 });
pass('and all are closed');

# gzip: fewer bytes, the same rows.
my $gzip = start_emulator(documents => 2500, gzip => 'on');
my $digest =
  'SELECT md5(string_agg(d::text, $$,$$ ORDER BY sid))'
  . ' FROM supporting_documents AS d';
$session->query('SELECT regdocs_fdw_disconnect_all()');
my $plain_digest = $session->query($digest);
my $plain_bytes = statistics('bytes_received');
$session->query('ALTER SERVER emulator OPTIONS (SET base_url $$'
	  . $gzip->url . '$$)');
is($session->query($digest), $plain_digest, 'compressed: the same rows');
my $bytes = statistics('bytes_received');
note("$plain_bytes bytes, compressed $bytes");
cmp_ok($bytes, '<', $plain_bytes / 2, 'compressed: fewer bytes');

# max_response_size is about what is held, not about what is sent.
$session->query('ALTER SERVER emulator OPTIONS (max_response_size $$256kB$$)');
is($session->attempt($digest), '08P01', 'a page that is too large unpacked');
$session->query('ALTER FOREIGN TABLE supporting_documents'
	  . ' OPTIONS (page_size $$100$$)');
is($session->query($digest), $plain_digest, 'smaller pages');

is($_->stop, '', 'the emulator had nothing to complain about')
  foreach ($emulator, $impatient, $gzip);

done_testing();
