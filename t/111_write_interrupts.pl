
# Is a session that ends in the middle of writing, by a cancel, a timeout or its
# own end, told what was done, and what may have been?  It must end at once all
# the same.  And what becomes of writes that wait for the commit?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

# The most that an end may take, in milliseconds; it is also printed.
my $most_ms = 300;

my $secret = 'NobodyMayReadThis';
my $emulator = start_emulator(documents => 100, editable =>
	  'draft,rejected,approved,expired,pending-review,provisionally-approved');
my $node = start_node('main', 'max_prepared_transactions = 2',
	'log_statement = none');
make_server($node, $emulator, options => { concurrency => 4 });
$node->safe_psql('postgres', 'CREATE SCHEMA late');
make_server(
	$node, $emulator,
	name => 'late',
	schema => 'late',
	options => { write_mode => 'at_commit', concurrency => 4 });
my $watcher = start_session($node);
my $session = start_session($node);

sub ends
{
	my ($what, $ms) = @_;
	note(sprintf '%s: %.1f ms', $what, $ms);
	return cmp_ok($ms, '<', $most_ms, "$what: at once");
}

# Begin a statement, and wait until that many requests of the kind have come.
sub begin_stalled
{
	my ($sql, $kind, $skip) = @_;

	$emulator->clear;
	$emulator->reset;
	$emulator->fault(
		action => 'stall',
		path => $kind,
		skip => $skip,
		count => 0);
	$session->begin($sql);
	wait_until("$kind", sub { $emulator->count($kind) == $skip + 4 });
	return;
}

# Cancel what the session does; returns the SQLSTATE.
sub cancel
{
	my ($name) = @_;
	my $pid = $session->pid;
	my $sqlstate;
	my $ms = elapsed_ms(
		sub {
			$watcher->query("SELECT pg_cancel_backend($pid)");
			$sqlstate = $session->finish;
		});

	ends($name, $ms);
	return $sqlstate;
}

my $insert = sub {
	my ($schema) = @_;
	return
	    "INSERT INTO $schema.supporting_documents (friendly_name, type, attributes) "
	  . "SELECT 'row ' || i, 'passport', jsonb_build_object('a', '$secret') "
	  . 'FROM generate_series(1, 50) i';
};

#
# A cancel while creates are under way: six are done, four may be.
#
begin_stalled($insert->('public'), 'create', 6);
is(cancel('create'), '57014', 'create: cancelled');
like(
	$session->complaints,
	qr/6 documents created, 0 updated and 0 deleted, and 4 writes of unknown outcome/,
	'create: the warning has those that were done, and those under way');
$emulator->clear;
is( $session->query(
		q{SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'row %'}
	),
	6,
	'create: no more than these are there');

# Changes: those that are unknown are named by their sids.
$session->query(
	'CREATE TABLE keys AS SELECT sid FROM supporting_documents LIMIT 20');
begin_stalled(
	'UPDATE supporting_documents d SET friendly_name = $$x$$ '
	  . 'FROM keys k WHERE k.sid = d.sid',
	'update', 5);
is(cancel('update'), '57014', 'update: cancelled');
like(
	$session->complaints,
	qr/0 documents created, 5 updated and 0 deleted, and 4 writes of unknown outcome/,
	'update: the numbers');
like(
	$session->complaints,
	qr/Perhaps done: (update of RD[0-9a-f]{32}(, |\.)){4}/,
	'update: the sids that may have been changed');
$emulator->clear;
is($session->query('SELECT count(*) > 0 FROM supporting_documents'),
	't', 'the session goes on');

# A row that is awaited, by RETURNING.
$emulator->reset;
$emulator->fault(action => 'stall', path => 'create');
$session->query('SET statement_timeout = 200');
is( $session->attempt(
		q{INSERT INTO supporting_documents (friendly_name, type)
		  VALUES ('awaited', 'passport') RETURNING sid}),
	'57014',
	'a row that is awaited: timed out');
like(
	$session->complaints,
	qr/API: 1 write of unknown outcome.*1 create may have been done/s,
	'a row that is awaited: it may have been done');
$session->query('SET statement_timeout = 0');

# In PL/pgSQL the cancel of a block can be caught; it is told of all the same.
begin_stalled(
	'DO $b$ BEGIN '
	  . $insert->('public')
	  . '; EXCEPTION WHEN query_canceled THEN RAISE NOTICE $$caught$$; END $b$',
	'create', 0);
is(cancel('block'), '00000', 'block: the cancel is caught');
like(
	$session->complaints,
	qr/API: 4 writes of unknown outcome.*caught/s,
	'block: told before the exception is handled');
$emulator->clear;

# An answer that comes while nobody waits for it is looked at nevertheless:
# here the statement fails on its own, a second after its creates were sent.
$emulator->reset;
is( $session->attempt(
		q{INSERT INTO supporting_documents (friendly_name, type)
		  SELECT 'slow ' || i, CASE WHEN i > 65 THEN pg_sleep(1)::text || 1/(66-i)
			ELSE 'passport' END FROM generate_series(1, 70) i}),
	'22012',
	'a statement that fails on its own');
like(
	$session->complaints,
	qr/64 documents created, 0 updated and 0 deleted\n/,
	'all that was created is known');

# Rows that come slower than answers time out: these are not missed.
$session->query('CREATE SCHEMA hasty');
make_server(
	$node, $emulator,
	name => 'hasty',
	schema => 'hasty',
	options => { request_timeout => '500ms', batch_size => 1 });
is( $session->attempt(
		q{INSERT INTO hasty.supporting_documents (friendly_name, type)
		  SELECT 'hasty ' || i || left(pg_sleep(1.2)::text, 0), 'passport'
		  FROM generate_series(1, 3) i}),
	'00000',
	'a statement whose rows come slowly');

# The end of the session, in the log.
my $log_start = -s $node->logfile;
begin_stalled($insert->('public'), 'create', 3);
my $pid = $session->pid;
my $ms = elapsed_ms(
	sub {
		$watcher->query("SELECT pg_terminate_backend($pid)");
		$session->finish;
		wait_until("the end of process $pid", sub { !kill 0, $pid });
	});
ends('terminate', $ms);
like(
	slurp_file($node->logfile, $log_start),
	qr/3 documents created, 0 updated and 0 deleted, and 4 writes of unknown outcome/,
	'terminate: the log tells');
$session = start_session($node);

#
# Writes that wait for the commit.
#
$session->query('BEGIN');
$session->query($insert->('late'));
begin_stalled('COMMIT', 'create', 6);
is(cancel('commit'), '57014', 'commit: cancelled');
like(
	$session->complaints,
	qr/6 documents created, 0 updated and 0 deleted, and 4 writes of unknown outcome/,
	'commit: the warning');

# statement_timeout holds for the sending, though its timer is off by then.
$emulator->clear;
$session->query('BEGIN');
$session->query('CREATE TABLE local (a int)');
$session->query($insert->('late'));
$session->query('SET LOCAL statement_timeout = 300');
$emulator->reset;
$emulator->fault(action => 'stall', path => 'create', skip => 2, count => 0);
my $sqlstate;
$ms = elapsed_ms(sub { $sqlstate = $session->attempt('COMMIT') });
is($sqlstate, '57014', 'commit: timed out');
cmp_ok($ms, '>=', 300, 'commit: not before its time');
ends('commit: timeout', $ms - 300);
like($session->complaints, qr/statement_timeout/, 'commit: it says why');
$emulator->clear;
is($session->query(q{SELECT to_regclass('local') IS NULL}),
	't', 'commit: the local transaction is rolled back');

# PREPARE TRANSACTION.
$emulator->reset;
$session->query('BEGIN');
$session->query($insert->('late'));
is($session->attempt(q{PREPARE TRANSACTION 'p1'}),
	'0A000', 'prepare: refused for what is queued');
is($emulator->count('total'), 0, 'prepare: nothing is sent');
$session->query('ROLLBACK');
$session->query('BEGIN');
$session->query($insert->('public'));
is($session->attempt(q{PREPARE TRANSACTION 'p2'}),
	'00000', 'prepare: allowed for what was sent');
like($session->complaints, qr/WARNING.*written to the API/,
	'prepare: with a warning');
$session->query(q{ROLLBACK PREPARED 'p2'});
unlike($session->complaints, qr/WARNING/, 'prepare: and that is all');
$session->query('BEGIN');
$session->query('ROLLBACK');
unlike($session->complaints, qr/WARNING/,
	'prepare: the next transaction has nothing of it');

# Whatever was said, attributes were not logged.
$log_start = -s $node->logfile;
$emulator->fault(action => 'status', status => 400, path => 'create');
is($session->attempt($insert->('public')), '22023', 'a create is refused');
is( $session->attempt(
		"INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('x', NULL, '{\"a\": \"$secret\"}')"
	),
	'23502',
	'a row is refused');
is( $session->attempt(
		"INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('x', 'passport', '[\"$secret\"]')"
	),
	'22023',
	'attributes are refused');
is($session->attempt($insert->('late') . ' RETURNING sid'),
	'0A000', 'RETURNING is refused');
$session->query(
	q{ALTER FOREIGN TABLE supporting_documents OPTIONS (updatable 'false')});
is($session->attempt($insert->('public')), '55000', 'all writes are refused');
$session->query(
	'ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP updatable)');
$session->query('CREATE FOREIGN TABLE narrow (friendly_name text, type text, '
	  . 'attributes jsonb, account_sid varchar(2)) SERVER emulator '
	  . q{OPTIONS (resource 'supporting_documents')});
is( $session->attempt(
		"INSERT INTO narrow VALUES ('x', 'passport', '{\"a\": \"$secret\"}') RETURNING account_sid"
	),
	'22001',
	'an answer cannot be converted');
foreach my $schema (qw(public late))
{
	begin_stalled($insert->($schema), 'create', 0);
	is(cancel("$schema: writes"), '57014', "$schema: writes are cancelled");
}
$emulator->clear;
unlike(slurp_file($node->logfile, $log_start),
	qr/\Q$secret\E/, 'the log has no attributes');

$session->stop;
$watcher->stop;
$node->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
