
# The lists of children of very many parents: in little memory, and to be
# cancelled at any time.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

# How much more the peak may be for ten times as many bundles, in kilobytes:
# their items take more than twice of that.
my $most_growth_kb = 1024;

my $node = start_node('main', 'jit = off', q(work_mem = '512kB'));
my %peak;

foreach my $bundles (300, 3000)
{
	my $emulator = start_emulator(documents => 500, bundles => $bundles);
	my $name = "with_$bundles";

	$node->safe_psql('postgres', "CREATE SCHEMA $name");
	make_server($node, $emulator, name => $name, schema => $name,
		options => { page_size => 100 });
	my $session = start_session($node);
	my $pid = $session->pid;

	$session->query("SELECT count(*) FROM $name.bundles");
	reset_peak_memory($pid);
	my $before = memory_kb($pid);
	is( $session->query("SELECT count(*) FROM (SELECT * FROM $name.item_assignments OFFSET 0) i"),
		$emulator->count('item_assignments'),
		"all items of $bundles bundles");
	$peak{$bundles} = memory_kb($pid) - $before;
	note("$bundles bundles: $peak{$bundles} kB");
	$session->stop;
	$emulator->stop;
}
cmp_ok($peak{3000} - $peak{300}, '<', $most_growth_kb,
	'memory does not grow with the number of bundles');

my $emulator =
  start_emulator(documents => 100, bundles => 400, latency => 50);
make_server($node, $emulator);
my $session = start_session($node);
my $ms = elapsed_ms(
	sub {
		$session->query(
			q(SET statement_timeout = '400ms';
			DO $$ BEGIN
				PERFORM count(*) FROM item_assignments;
			EXCEPTION WHEN query_canceled THEN
				RAISE NOTICE 'canceled';
			END $$;
			SET statement_timeout = 0));
	});
like($session->complaints, qr/canceled/, 'a walk over children is canceled');
cmp_ok($ms, '<', 2000, '... at once');
my $lists = $emulator->count('item_assignments.list');
cmp_ok($lists, '>', 0, '... in its midst');
cmp_ok($lists, '<', 400, '... and sends no more');

# ... also where a list of children is never answered, and none comes after.
$emulator->fault(
	action => 'stall',
	path => 'item_assignments.list',
	skip => 20,
	count => 0);
$emulator->reset;
is( $session->attempt(
		q(SET statement_timeout = '400ms';
		SELECT count(*) FROM item_assignments)),
	'57014',
	'a walk that gets no answer is canceled');
cmp_ok($emulator->count('item_assignments.list'),
	'<=', 20 + 2 * 8, '... and has not gone on');
$emulator->clear;
$session->query('SET statement_timeout = 0');
is($session->query('SELECT count(*) FROM item_assignments'),
	$emulator->count('item_assignments'),
	'the next one is whole');
$session->stop;

done_testing();
