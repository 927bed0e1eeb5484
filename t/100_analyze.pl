
# ANALYZE of a long list: does its memory stay small, can it be cancelled, and
# does nobody but who asks for it start one?
#
# REGDOCS_MEMORY_DOCUMENTS says how long the list is.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $few = 10_000;
my $many = $ENV{REGDOCS_MEMORY_DOCUMENTS} // 100_000;

# The sample is the same for both; a document has some 700 bytes.
my $most_growth_kb = 4096;

my $node = start_node(
	'main',
	'jit = off',
	'autovacuum_naptime = 1s',
	'autovacuum_analyze_threshold = 0',
	'autovacuum_analyze_scale_factor = 0');
my %emulator =
  map { $_ => start_emulator(documents => $_) } ($few, $many);

foreach my $documents ($few, $many)
{
	$node->safe_psql('postgres', "CREATE SCHEMA with_$documents");
	make_server(
		$node,
		$emulator{$documents},
		name => "with_$documents",
		schema => "with_$documents");

	# A sample of 3,000 rows, so that both lists have to be sampled.
	$node->safe_psql('postgres',
		"ALTER DATABASE postgres SET default_statistics_target = 10");
}

#
# Memory
#

my %peak_kb;
foreach my $documents ($few, $many)
{
	my $session = start_session($node);
	my $table = "with_$documents.supporting_documents";

	# What the session takes in any case is in place after a smaller one.
	$session->query("ANALYZE with_$few.supporting_documents");
	$emulator{$documents}->reset;
	reset_peak_memory($session->pid);
	$session->query("ANALYZE $table");
	$peak_kb{$documents} = memory_kb($session->pid);
	note("$documents documents: $peak_kb{$documents} kB");
	is( $session->query(
			"SELECT reltuples FROM pg_class WHERE oid = '$table'::regclass"),
		$documents,
		"$documents documents are counted");
	is($emulator{$documents}->count('total'),
		$documents / 1000, 'each page is read once');
}
cmp_ok($peak_kb{$many} - $peak_kb{$few},
	'<', $most_growth_kb, "$many documents take no more memory than $few");

#
# A cancel, and a timeout, in the middle
#

my $emulator = $emulator{$few};
my $watcher = start_session($node);
my $session = start_session($node);
my $pid = $session->pid;
my $analyze = "ANALYZE with_$few.supporting_documents";

$emulator->reset;
$emulator->fault(action => 'stall', path => 'list', skip => 3);
$session->begin($analyze);
wait_until('the fourth page', sub { $emulator->count('list') == 4 });
$watcher->query("SELECT pg_cancel_backend($pid)");
is($session->finish, '57014', 'cancelled while it waits');
$emulator->clear;

$emulator->fault(action => 'stall', path => 'list', skip => 3);
$session->query("SET statement_timeout = '300ms'");
is($session->attempt($analyze), '57014', 'timed out while it waits');
$session->query('RESET statement_timeout');
$emulator->clear;

$emulator->reset;
$session->query($analyze);
is($emulator->count('list'), $few / 1000, 'and then done');
$session->stop;

#
# Autovacuum has nothing to do with it.
#

$emulator->reset;
$node->safe_psql('postgres',
	"CREATE TABLE local AS SELECT * FROM with_$few.supporting_documents LIMIT 500"
);
wait_until(
	'autovacuum',
	sub {
		return $watcher->query(
			q{SELECT autoanalyze_count > 0 FROM pg_stat_user_tables
			  WHERE relname = 'local'}) eq 't';
	});
is($emulator->count('list'), 1, 'autovacuum analyzes local tables only');
is( $watcher->query(
		q{SELECT count(*) FROM pg_stat_user_tables
		  WHERE relname = 'supporting_documents'}),
	'0',
	'and counts no changes of foreign ones');

$node->stop;
is($emulator{$_}->stop, '', 'the emulator had nothing to complain about')
  foreach ($few, $many);

done_testing();
