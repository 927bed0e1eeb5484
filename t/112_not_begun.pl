
# Writes of which nothing was sent yet, as they wait for a retry, for their
# connection or for their turn: are they never sent once the statement has
# failed, and never called unknown?  And does it matter when the rows of a
# statement come?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

# The most that an end may take, in milliseconds, where nothing is in flight.
my $most_ms = 500;

my $all = 'draft,rejected,approved,expired,pending-review,'
  . 'provisionally-approved';
my $emulator =
  start_emulator(documents => 50, editable => $all, deletable => $all);
my $node = start_node();
my ($full, @waiting) = full_server();

sub make_schema
{
	my ($name, %options) = @_;

	$node->safe_psql('postgres', "CREATE SCHEMA $name");
	return make_server(
		$node, $emulator,
		name => $name,
		schema => $name,
		options => \%options);
}

make_schema('many', concurrency => 64);
make_schema('one_by_one', concurrency => 8, batch_size => 1);
make_schema('slow', concurrency => 16, max_requests_per_second => 4);
make_schema('closed', base_url => 'http://127.0.0.1:' . $full->sockport);
make_schema('hasty', batch_size => 1, request_timeout => '300ms');
my $session = start_session($node);

sub insert
{
	my ($schema, $rows, $name) = @_;

	return "INSERT INTO $schema.supporting_documents (friendly_name, type) "
	  . "SELECT "
	  . ($name // q{'row ' || i})
	  . ", 'passport' FROM generate_series(1, $rows) i";
}

# Forget all of before, and have creates refused for their number, for now.
sub throttle
{
	my (%more) = @_;

	$emulator->clear;
	$emulator->reset;
	$emulator->fault(
		action => 'status',
		status => 429,
		retry_after => 2,
		path => 'create',
		count => 0,
		%more);
	return;
}

# A statement that fails with that SQLSTATE; returns what psql complains of.
sub fails
{
	my ($name, $sqlstate, $sql, $most) = @_;
	my ($state, $complaints);
	my $ms;

	$session->query('SET statement_timeout = 700') if $sqlstate eq '57014';
	$ms = elapsed_ms(sub { $state = $session->attempt($sql); });
	$complaints = $session->complaints;
	$session->query('SET statement_timeout = 0') if $sqlstate eq '57014';
	note(sprintf '%s: %.1f ms', $name, $ms);
	note($complaints);
	is($state, $sqlstate, "$name: fails");
	cmp_ok($ms, '<', $most, "$name: soon");
	return $complaints;
}

# Nothing is sent from now on.
sub nothing_follows
{
	my ($name) = @_;
	my $sent = $emulator->count('create');

	$emulator->clear;
	Time::HiRes::sleep(2.5);
	is($emulator->count('create'), $sent, "$name: nothing is sent later");
	return;
}

#
# They wait for a retry.
#
foreach my $case (
	[ 'timeout', '57014', insert('many', 64), 700 + $most_ms ],
	# The eight connections of this one are made before its error comes.
	[
		'error', '22012',
		insert('one_by_one', 9, q{'row ' || 1 / (9 - i)}),
		1000 + $most_ms
	])
{
	my ($name, $sqlstate, $sql, $most) = @$case;

	throttle();
	my $complaints = fails("retry, $name", $sqlstate, $sql, $most);
	unlike($complaints, qr/WARNING/,
		"retry, $name: nothing was done, and nothing is unknown");
	nothing_follows("retry, $name");
	is($emulator->count('created'), 0, "retry, $name: nothing is created");
}

# One is refused, while others wait.
throttle(count => 10);
$emulator->fault(action => 'status', status => 400, path => 'create',
	skip => 10, count => 1);
my $complaints =
  fails('retry, refusal', '22023', insert('many', 64), 1000 + $most_ms);
like(
	$complaints,
	qr/Of 64 writes, \d+ were done, 1 failed, and \d+ were not begun\./,
	'retry, refusal: nothing is unknown');
my ($done, $left) =
  $complaints =~ /writes, (\d+) were done, 1 failed, and (\d+)/;
is($done, $emulator->count('created'), 'retry, refusal: what was done');
is($done + 1 + $left, 64, 'retry, refusal: it adds up');
cmp_ok($left, '>=', 10, 'retry, refusal: what waits was not begun');
nothing_follows('retry, refusal');
is($done, $emulator->count('created'), 'retry, refusal: nothing more');

# What may have been done stays unknown.
throttle(status => 503, path => 'update');
$complaints = fails(
	'retry, doubt', '57014',
	'UPDATE many.supporting_documents SET friendly_name = $$x$$ '
	  . 'WHERE sid IN (SELECT sid FROM many.supporting_documents LIMIT 3)',
	700 + $most_ms);
like($complaints, qr/API: 3 writes of unknown outcome/,
	'retry, doubt: it is unknown');

#
# They wait for their connection.
#
$complaints = fails('connection', '57014', insert('closed', 3), 700 + $most_ms);
unlike($complaints, qr/WARNING/,
	'connection: nothing was done, and nothing is unknown');

#
# They wait for their turn.
#
$emulator->clear;
$emulator->reset;
$complaints = fails('turn', '57014', insert('slow', 16), 700 + $most_ms);
cmp_ok($emulator->count('create'), '>', 0, 'turn: some were sent');
cmp_ok($emulator->count('create'), '<', 8, 'turn: others were not');
my ($created) = $complaints =~ /API: (\d+) documents? created/;
unlike($complaints, qr/unknown/, 'turn: none is unknown');
is($created, $emulator->count('create'), 'turn: what was sent was done');
nothing_follows('turn');

#
# Rows that come when they like: each create is on the wire when the next row
# is asked for, so its answer is there, whatever the time.
#
$emulator->reset;
is( $session->attempt(
		insert('hasty', 4, q{'row ' || i || left(pg_sleep(0.7)::text, 0)})),
	'00000',
	'slow rows: all are written');
is($emulator->count('create'), 4, 'slow rows: each once');
# One that takes a connection of its own, as the others are in use.
$emulator->reset;
$emulator->fault(action => 'slow', ms => 200, path => 'create', count => 0);
is( $session->attempt(
		insert('hasty', 4, q{'row ' || i || left(pg_sleep(0.1)::text, 0)}
			  . q{ || CASE WHEN i = 4 THEN left(pg_sleep(1)::text, 0) ELSE '' END}
		)),
	'00000',
	'slow rows, slow answers: all are written');
$emulator->clear;

$session->stop;
$node->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
