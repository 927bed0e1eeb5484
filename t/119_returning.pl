
# Writes that return rows are under way together: does what the API holds, what
# the client was told and what was sent agree, when one of them fails or the
# statement is cancelled?  What does an error of the statement's own leave
# behind, and how much memory do many rows take?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

# The most that an end may take, in milliseconds.
my $most_ms = 300;

my $concurrency = 8;
my $emulator = start_emulator(
	documents => 0,
	editable =>
	  'draft,rejected,approved,expired,pending-review,provisionally-approved',
	deletable =>
	  'draft,rejected,approved,expired,pending-review,provisionally-approved');
my $node = start_node();
make_server($node, $emulator, options => { concurrency => $concurrency });
my $watcher = start_session($node);
my $session = start_session($node);
my $round = 0;

sub documents
{
	my ($name) = @_;

	return $session->query(
		"SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE '$name %'"
	);
}

sub insert
{
	my ($name, $rows) = @_;

	return
	    'INSERT INTO supporting_documents (friendly_name, type) '
	  . "SELECT '$name ' || i, 'passport' FROM generate_series(1, $rows) i "
	  . 'RETURNING friendly_name';
}

#
# One fails: all others are known, and none begins after it.
#
my @failures = (
	{
		name => 'refused',
		fault => { action => 'status', status => 400 },
		sqlstate => '22023',
		failed => 1
	},
	{
		name => 'forbidden',
		fault => { action => 'status', status => 403 },
		sqlstate => '28000',
		failed => 1
	},
	{
		name => 'reset after it was carried out',
		fault => { action => 'reset_after' },
		sqlstate => '08007',
		unknown => 1,
		held => 1
	},
	{
		name => '503',
		fault => { action => 'status', status => 503 },
		sqlstate => '08007',
		unknown => 1
	});

foreach my $failure (@failures)
{
	my $name = 'fails' . ++$round;

	$emulator->reset;
	$emulator->fault(%{ $failure->{fault} }, skip => 20, path => 'create');
	is($session->attempt(insert($name, 200)),
		$failure->{sqlstate}, "$failure->{name}: the SQLSTATE");
	my $sent = $emulator->count('create');
	my $complaints = $session->complaints;
	my ($added, $done) =
	  $complaints =~ /Of (\d+) writes, (\d+) were done/ or
	  diag($complaints);

	is($done, $sent - 1, "$failure->{name}: all others were done");
	cmp_ok($sent, '<=', 20 + 2 * $concurrency + 1,
		"$failure->{name}: no more than were under way");
	cmp_ok($added, '<=', 20 + 4 * $concurrency,
		"$failure->{name}: and not many more were read");
	my $created = $done . ($done == 1 ? ' document' : ' documents');
	my $unknown = $failure->{unknown} ? ', and 1 write of unknown outcome' : '';
	like($complaints, qr/$created created, 0 updated and 0 deleted$unknown/,
		"$failure->{name}: the warning");
	is(documents($name), $done + ($failure->{held} // 0),
		"$failure->{name}: what the API holds");
}

# An update whose object vanishes meanwhile.
is($session->attempt(insert('vanish', 30)), '00000', 'documents to change');
my $sid = $session->query(
	q{SELECT sid FROM supporting_documents WHERE friendly_name = 'vanish 20'});
$emulator->reset;
$emulator->fault(action => 'vanish', path => 'update', skip => 5, sid => $sid);
is( $session->attempt(
		q{UPDATE supporting_documents SET friendly_name = 'vanish'
		  WHERE friendly_name LIKE 'vanish %' RETURNING sid}),
	'40001',
	'an update of what is gone');
like(
	$session->complaints,
	qr/0 documents created, @{[ $emulator->count('updated') ]} updated/,
	'... and the warning has the others');

#
# A cancel, and statement_timeout: at once, and those under way are told of.
#
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
	wait_until($kind,
		sub { $emulator->count($kind) == $skip + $concurrency });
	return;
}

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

	note(sprintf '%s: %.1f ms', $name, $ms);
	cmp_ok($ms, '<', $most_ms, "$name: at once");
	return $sqlstate;
}

begin_stalled(insert('cancelled', 100), 'create', 6);
is(cancel('create'), '57014', 'create: cancelled');
like(
	$session->complaints,
	qr/6 documents created, 0 updated and 0 deleted, and $concurrency writes of unknown outcome/,
	'create: the warning has those that were done, and those under way');
$emulator->clear;
is(documents('cancelled'), 6, 'create: no more than these are there');

foreach my $kind (qw(update delete))
{
	my $sql = $kind eq 'update' ?
	  q{UPDATE supporting_documents SET friendly_name = 'x' || friendly_name} :
	  'DELETE FROM supporting_documents';

	$session->query(insert("some $kind", 30));
	begin_stalled("$sql WHERE friendly_name LIKE 'some $kind%' RETURNING sid",
		$kind, 3);
	is(cancel($kind), '57014', "$kind: cancelled");
	my $numbers = $kind eq 'update' ? '3 updated and 0' : '0 updated and 3';
	like(
		$session->complaints,
		qr/0 documents created, $numbers deleted, and $concurrency writes of unknown outcome/,
		"$kind: the warning");
	like(
		$session->complaints,
		qr/Perhaps done: ($kind of RD[0-9a-f]{32}(, |\.)){$concurrency}/,
		"$kind: the sids that may have been written to");
}
$emulator->clear;

$emulator->reset;
$emulator->fault(action => 'stall', path => 'create', skip => 4, count => 0);
$session->query('SET statement_timeout = 300');
my $sqlstate;
my $ms = elapsed_ms(
	sub { $sqlstate = $session->attempt(insert('late', 100)) });
is($sqlstate, '57014', 'timed out');
cmp_ok($ms - 300, '<', $most_ms, 'timed out: at once');
like(
	$session->complaints,
	qr/4 documents created, 0 updated and 0 deleted, and $concurrency writes of unknown outcome/,
	'timed out: the warning');
$session->query('SET statement_timeout = 0');
$emulator->clear;

# While the plan below keeps it waiting, too.
$emulator->reset;
$session->begin(
	q{INSERT INTO supporting_documents (friendly_name, type)
	  SELECT 'slow ' || i || CASE WHEN i > 20 THEN pg_sleep(60)::text ELSE '' END,
		'passport' FROM generate_series(1, 30) i RETURNING sid});
wait_until('creates', sub { $emulator->count('created') == 2 * $concurrency });
is(cancel('plan'), '57014', 'plan: cancelled');
like(
	$session->complaints,
	qr/@{[ 2 * $concurrency ]} documents created, 0 updated and 0 deleted\n/,
	'plan: what was under way meanwhile is known');

#
# An error of RETURNING finds more created than rows were returned, and all of
# it is told of; so it is where the error is caught.
#
$emulator->reset;
is( $session->attempt(
		insert('returning', 100) =~
		  s/RETURNING.*/RETURNING 1 \/ (5 - right(friendly_name, 1)::int)/r),
	'22012',
	'RETURNING fails');
my $created = $emulator->count('created');
cmp_ok($created, '<=', 2 * $concurrency, 'RETURNING: two windows at the most');
like($session->complaints, qr/$created documents created/,
	'RETURNING: all are told of');
$emulator->reset;
is( $session->attempt(
		'DO $b$ DECLARE name text; n int := 0; BEGIN '
		  . 'FOR name IN '
		  . insert('block', 40)
		  . ' LOOP n := n + 1; END LOOP; '
		  . 'RAISE NOTICE $$% rows$$, n; RAISE division_by_zero; '
		  . 'EXCEPTION WHEN division_by_zero THEN RAISE NOTICE $$caught$$; END $b$'
	),
	'00000',
	'a block');
like(
	$session->complaints,
	qr/40 rows.*40 documents created.*caught/s,
	'block: its rows, its warning, and on');
$session->query('BEGIN');
$session->query('SAVEPOINT s');
$session->query(insert('savepoint', 20));
$session->query('ROLLBACK TO SAVEPOINT s');
like($session->complaints, qr/20 documents created/, 'a savepoint');
$session->query('COMMIT');
unlike($session->complaints, qr/WARNING/, '... and nothing after that');

#
# The row that the sid goes to is changed by another session meanwhile: it is
# looked at again, and nothing is created again.
#
$session->query('CREATE TABLE clients AS '
	  . q{SELECT i AS id, 'client ' || i AS name, NULL::text AS sid FROM generate_series(1, 20) i});
$watcher->query('BEGIN');
$watcher->query(q{UPDATE clients SET name = 'renamed' WHERE id = 7});
$emulator->reset;
$session->begin(
	q{WITH new AS (INSERT INTO supporting_documents (friendly_name, type)
		SELECT name, 'passport' FROM clients RETURNING sid, friendly_name)
	  UPDATE clients SET sid = new.sid FROM new
	  WHERE clients.id = right(new.friendly_name, -7)::int});
wait_until(
	'the lock',
	sub {
		$node->safe_psql('postgres',
			'SELECT count(*) FROM pg_locks WHERE NOT granted') > 0;
	});
$watcher->query('COMMIT');
is($session->finish, '00000', 'rows that others change meanwhile');
is($emulator->count('create'), 20, '... are created once');
is( $session->query(
		q{SELECT count(*) || ' ' || count(DISTINCT sid) || ' ' || max(name) FROM clients WHERE sid IS NOT NULL}
	),
	'20 20 renamed',
	'... and named');

# A row that is refused while others are under way: these are waited for, longer
# than a rollback would.
$emulator->reset;
$emulator->fault(action => 'slow', ms => 1500, path => 'create', skip => 3);
is( $session->attempt(
		insert('refused', 40) =~ s/'refused ' \|\| i/CASE WHEN i < 30 THEN 'refused ' || i END/r
	),
	'23502',
	'a row that is refused');
like(
	$session->complaints,
	qr/: @{[ $emulator->count('created') ]} documents created, 0 updated and 0 deleted\n/,
	'... what was under way is known');

#
# A write of the first window has no answer: the one that comes first to the API,
# which need not be the first row.  Others go on, two windows ahead of it and no
# further, less where their answers are large.
#
$session->query(
	q{CREATE FUNCTION same(t text) RETURNS text LANGUAGE plpgsql AS
	  'BEGIN RETURN t; END'});
$session->query(q{SET work_mem = '64kB'});
foreach my $case (
	[ 'small answers', 1, 2 * $concurrency - 1, 3 * $concurrency - 2 ],
	[ 'large answers', 20000, 4, 3 + 2 * $concurrency - 1 ])
{
	my ($name, $length, $least, $most) = @$case;

	$emulator->reset;
	$emulator->fault(action => 'stall', path => 'create');
	$session->begin(
		q{INSERT INTO supporting_documents (friendly_name, type, attributes)
		  SELECT same('ahead ' || i), 'passport',
			jsonb_build_object('a', repeat('x', } . $length . q{))
		  FROM generate_series(1, 100) i RETURNING sid});
	wait_until($name, sub { $emulator->count('created') >= $least });
	# Would more come?
	select undef, undef, undef, 0.5;
	cmp_ok($emulator->count('created'), '<=', $most, "$name: no more");
	is(cancel($name), '57014', "$name: cancelled");
}

#
# Memory: what is read ahead is bounded, also where all is.
#
$session->query(q{SET work_mem = '1MB'});

sub peak_of
{
	my ($rows, $expr) = @_;

	$session->query('SELECT 1');
	reset_peak_memory($session->pid);
	my $before = memory_kb($session->pid, 'VmHWM');
	$session->query(
		q{WITH new AS (INSERT INTO supporting_documents (friendly_name, type, attributes)
		  SELECT 'memory ' || i, 'passport',
			jsonb_build_object('a', } . $expr . qq{) FROM generate_series(1, $rows) i
		  RETURNING attributes)
		  SELECT count(*), sum(length(attributes ->> 'a')) FROM new});
	return memory_kb($session->pid, 'VmHWM') - $before;
}

foreach my $expr (q{repeat('x', 20000)}, q{same(repeat('x', 20000))})
{
	peak_of(20, $expr);
	my $few = peak_of(100, $expr);
	my $many = peak_of(1000, $expr);

	note("$expr: $few kB, $many kB");
	cmp_ok($many, '<', $few + 4096, "$expr: as much for 1000 rows as for 100");
}

$session->stop;
$watcher->stop;
$node->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
