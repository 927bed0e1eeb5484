
# A scan that fetches too much reads the list instead, and keeps it on disk:
# does that stay within its memory, do its files go away, and does an end in
# the midst of it leave nothing behind?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $few = 5_000;
my $many = 50_000;

# A document has some 700 bytes, so that to hold the many would take more than
# seven times as much.
my $most_growth_kb = 4096;

my $node = start_node(
	'main',
	'jit = off',
	q{work_mem = '64kB'},
	'log_temp_files = 0',
	'enable_hashjoin = off',
	'enable_mergejoin = off',
	'enable_material = off',
	'enable_memoize = off',
	# One fetch after the other is what a walk takes the place of here; that in
	# batches, it takes the place of rounds of them, is in t/104_batched_joins.pl.
	'regdocs_fdw.enable_batched_join = off');
my %emulator = map { $_ => start_emulator(documents => $_) } ($few, $many);

foreach my $documents ($few, $many)
{
	$node->safe_psql('postgres', "CREATE SCHEMA with_$documents");
	make_server(
		$node,
		$emulator{$documents},
		name => "with_$documents",
		schema => "with_$documents");
	$node->safe_psql(
		'postgres', qq{
			CREATE TABLE with_$documents.customers AS
			SELECT sid AS document
			FROM with_$documents.supporting_documents ORDER BY sid LIMIT 4000;
			ANALYZE with_$documents.customers});
	$emulator{$documents}->reset;
}

sub join_of
{
	my ($documents) = @_;
	return qq{
		SELECT count(d)
		FROM with_$documents.customers c
		LEFT JOIN with_$documents.supporting_documents d
			ON d.sid = c.document};
}

sub temporary_files
{
	my $directory = $node->data_dir . '/base/pgsql_tmp';
	my @files = glob "$directory/*";
	return scalar @files;
}

#
# Memory, files
#

my %peak_kb;
foreach my $documents ($few, $many)
{
	my $session = start_session($node);
	my $emulator = $emulator{$documents};

	# A page, a fetch and a walk have been seen before.
	$session->query(join_of($few));
	$emulator->reset;
	reset_peak_memory($session->pid);
	is($session->query(join_of($documents)),
		4000, "$documents documents: all rows");
	$peak_kb{$documents} = memory_kb($session->pid);
	note("$documents documents: $peak_kb{$documents} kB");
	note(join ', ', map { "$_ " . $emulator->count($_) } qw(list fetch));
	cmp_ok($emulator->count('fetch'),
		'<=', 2 * $documents / 1000 + 16,
		"$documents documents: not all by fetches");
	is($emulator->count('list'),
		$documents / 1000, "$documents documents: the list once");
	is(temporary_files(), 0, "$documents documents: no file is left");
	$session->stop;
}
cmp_ok($peak_kb{$many} - $peak_kb{$few},
	'<', $most_growth_kb, "$many documents take no more memory than $few");
like(slurp_file($node->logfile),
	qr/temporary file: path ".*", size \d{8}/,
	'they were on disk');

#
# Ends in the middle
#

my $emulator = $emulator{$many};
my $watcher = start_session($node);
my $session = start_session($node);
my $pid = $session->pid;

# The list is left off where its 40th page should come.
sub begin_waiting
{
	$emulator->clear;
	$emulator->reset;
	$emulator->fault(action => 'stall', path => 'list', skip => 39);
	$session->begin($_[0]);
	wait_until('page 40', sub { $emulator->count('list') == 40 });
	wait_until(
		'the wait',
		sub {
			return $watcher->query(
				    'SELECT wait_event_type FROM pg_stat_activity '
				  . "WHERE pid = $pid AND state = 'active'") eq 'Extension';
		});
	return;
}

begin_waiting(join_of($many));
cmp_ok(temporary_files(), '>', 0, 'what was read is in files');
my $sqlstate;
my $ms = elapsed_ms(
	sub {
		$watcher->query("SELECT pg_cancel_backend($pid)");
		$sqlstate = $session->finish;
	});
is($sqlstate, '57014', 'a walk can be cancelled');
cmp_ok($ms, '<', 1000, 'at once');
is(temporary_files(), 0, 'which leaves no file');

# In a subtransaction, after which the transaction goes on.
$emulator->clear;
$emulator->fault(action => 'status', status => 404, path => 'list', skip => 30);
is( $session->query(
		    'DO $$ BEGIN PERFORM * FROM ('
		  . join_of($many)
		  . ') s; EXCEPTION WHEN OTHERS THEN '
		  . 'RAISE NOTICE \'%\', SQLSTATE; END $$; '
		  . join_of($many)),
	4000,
	'a failure in a subtransaction');
like($session->complaints, qr/NOTICE:  22023/, 'is what it is');
is(temporary_files(), 0, 'and leaves no file');

# A cursor that is closed in the middle.
$session->query('BEGIN');
$session->query('DECLARE c CURSOR FOR SELECT d.* FROM '
	  . "with_$many.customers c LEFT JOIN with_$many.supporting_documents d "
	  . 'ON d.sid = c.document');
$session->query('MOVE 2000 IN c');
cmp_ok(temporary_files(), '>', 0, 'a cursor has its files');
$session->query('CLOSE c');
is(temporary_files(), 0, 'until it is closed');
$session->query('COMMIT');

# The end of the session.
begin_waiting(join_of($many));
$watcher->query("SELECT pg_terminate_backend($pid)");
is($session->finish, '57P01', 'terminated in the middle');
wait_until("the end of process $pid", sub { !kill 0, $pid });
is(temporary_files(), 0, 'which leaves no file either');
$session->stop;
$watcher->stop;

$node->stop;
is($emulator{$_}->stop, '', 'the emulator had nothing to complain about')
  foreach ($few, $many);

done_testing();
