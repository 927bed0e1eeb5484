
# A rollback after an interrupt waits for nothing, wherever the interrupt came,
# whoever catches it, and whatever is logged; after another error it waits for
# writes in flight, but not for long.  The API stalls all the time.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use List::Util qw(min);
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

# The most that a cancel may take, in milliseconds: the best of three is taken,
# since the machine may be busy with something else.
my $most_ms = 100;

# The most that a rollback may wait, and what a busy machine adds to it.
my $wait_ms = 1000;
my $slack_ms = 1500;

my $emulator = start_emulator(documents => 20);
my $node =
  start_node('main', 'log_min_messages = panic', 'log_statement = none');
make_server($node, $emulator,
	options => { concurrency => 8, batch_size => 1 });
$node->safe_psql('postgres', <<'END');
	CREATE FUNCTION dawdle(i integer) RETURNS text LANGUAGE plpgsql AS $$
	BEGIN
		IF i = 3 THEN
			PERFORM pg_sleep(60);
		END IF;
		RETURN 'row ' || i;
	EXCEPTION WHEN division_by_zero THEN
		RETURN 'never';
	END $$;
END
my $watcher = start_session($node);

my $insert = 'INSERT INTO supporting_documents (friendly_name, type) SELECT ';
my $rows = q{, 'passport' FROM generate_series(1, 5) i};

# Two creates are in flight, and the third row does not come.
my $sleep = $insert
  . q{'row ' || i || CASE WHEN i = 3 THEN left(pg_sleep(60)::text, 0) ELSE '' END}
  . $rows;
# The same in a function, so that creates are held until all rows are there.
my $held = $insert . 'dawdle(i)' . $rows;

# The writer itself waits, with as many under way as there are rows.
my $wait = $insert . q{'row ' || i} . $rows . ' RETURNING sid';

sub block
{
	my ($sql) = @_;
	return "DO \$b\$ BEGIN $sql; EXCEPTION WHEN query_canceled THEN "
	  . 'RAISE NOTICE $$caught$$; END $b$';
}

my @cases = (
	[ 'rows, savepoint', $sleep, 2, '57014', 1 ],
	[ 'rows, block', block($sleep), 2, '00000', 0 ],
	[ 'rows, top', $sleep, 2, '57014', 0 ],
	[ 'answer, savepoint', $wait, 5, '57014', 1 ],
	[ 'answer, block', block($wait =~ s/ RETURNING sid//r), 5, '00000', 0 ],
	[
		'COPY',
		'COPY supporting_documents (friendly_name, type) FROM PROGRAM '
		  . q{$$printf 'a\tpassport\nb\tpassport\nc\tpassport\n'$$ }
		  . q{WHERE friendly_name < 'c' OR pg_sleep(60) IS NULL},
		2, '57014', 1
	]);

# Each time in a session of its own, as the library may not be loaded yet.
sub interrupt
{
	my ($name, $sql, $requests, $savepoint, $how) = @_;
	my $session = start_session($node);
	my $pid = $session->pid;
	my $sqlstate;

	$emulator->clear;
	$emulator->reset;
	$emulator->fault(action => 'stall', path => 'create', count => 0);
	$session->query('BEGIN; SAVEPOINT s') if $savepoint;
	$session->begin($sql);
	wait_until("$requests creates",
		sub { $emulator->count('create') == $requests });
	wait_until(
		'a sleep',
		sub {
			$watcher->query("SELECT count(*) FROM pg_stat_activity "
				  . "WHERE pid = $pid AND wait_event = 'PgSleep'");
		}) if $sql =~ /pg_sleep|dawdle/;
	my $ms = elapsed_ms(
		sub {
			$watcher->query("SELECT pg_${how}_backend($pid)");
			$sqlstate = $session->finish;
			wait_until("the end of process $pid", sub { !kill 0, $pid })
			  if $how eq 'terminate';
		});
	note(sprintf '%s, %s: %.1f ms', $name, $how, $ms);
	return ($ms, $sqlstate, $session->complaints, $session);
}

foreach my $case (@cases)
{
	my ($name, $sql, $requests, $sqlstate, $savepoint) = @$case;
	my @results =
	  map { [ interrupt($name, $sql, $requests, $savepoint, 'cancel') ] } 1 .. 3;

	is($results[0]->[1], $sqlstate, "$name: cancelled");
	cmp_ok(min(map { $_->[0] } @results), '<', $most_ms,
		"$name: at once");
	like(
		$results[0]->[2],
		qr/API: $requests writes? of unknown outcome/,
		"$name: what was in flight is unknown");

	my @ends =
	  map { [ interrupt($name, $sql, $requests, $savepoint, 'terminate') ] }
	  1 .. 2;
	is($ends[0]->[1], '57P01', "$name: terminated");
	cmp_ok(min(map { $_->[0] } @ends), '<', 2 * $most_ms,
		"$name: at once, too");
}

# A function's block that meets the cancel, and does not catch it.
{
	my ($ms, $sqlstate, $complaints) =
	  interrupt('held', block($held), 0, 0, 'cancel');
	is($sqlstate, '00000', 'held: cancelled');
	unlike($complaints, qr/WARNING/, 'held: nothing was sent');
	is($emulator->count('create'), 0, 'held: nor is it');
}

# An error of another kind: the rollback waits, for so long.
foreach my $case (
	[ 'top', $insert . q{'row ' || 1 / (3 - i)} . $rows, '22012' ],
	[
		'block',
		'DO $b$ BEGIN '
		  . $insert
		  . q{'row ' || 1 / (3 - i)}
		  . $rows
		  . '; EXCEPTION WHEN division_by_zero THEN RAISE NOTICE $$caught$$; END $b$',
		'00000'
	])
{
	my ($name, $sql, $sqlstate) = @$case;
	my $session = start_session($node);

	$emulator->clear;
	$emulator->reset;
	$emulator->fault(action => 'stall', path => 'create', count => 0);
	my $state;
	my $ms = elapsed_ms(sub { $state = $session->attempt($sql) });
	note(sprintf 'error, %s: %.1f ms', $name, $ms);
	is($state, $sqlstate, "error, $name: it fails");
	cmp_ok($ms, '>=', 0.9 * $wait_ms, "error, $name: it waits");
	cmp_ok($ms, '<', $wait_ms + $slack_ms, "error, $name: not for long");
	like(
		$session->complaints,
		qr/API: 2 writes of unknown outcome/,
		"error, $name: what was in flight is unknown");
}

# An interrupt that is over is no reason not to wait later.
{
	my (undef, undef, undef, $session) =
	  interrupt('over', block($sleep), 2, 0, 'cancel');

	$emulator->clear;
	$emulator->reset;
	$emulator->fault(action => 'slow', ms => 300, path => 'create', count => 0);
	is( $session->attempt($insert . q{'row ' || 1 / (3 - i)} . $rows),
		'22012', 'over: another error');
	like(
		$session->complaints,
		qr/2 documents created, 0 updated and 0 deleted\n/,
		'over: what was in flight is known');
}

$emulator->clear;
$watcher->stop;
$node->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
