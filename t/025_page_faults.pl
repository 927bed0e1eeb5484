
# Is the memory of a page used again?  New memory has to be given by the kernel
# page by page, and such page faults would cost more than what is done with it.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $few = 10_000;
my $many = 100_000;

# How many more there may be for 90 pages more, of 150 such pages each.
my $most_more = 100;

my $node = start_node('main', 'jit = off', 'autovacuum = off');
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
}

# Minor faults of a process so far.
sub faults_of
{
	my ($pid) = @_;
	my $fields = slurp_file("/proc/$pid/stat");

	# What is in parentheses may have blanks.
	$fields =~ s/^.*\) //s;
	return (split / /, $fields)[7];
}

# Those of a statement, in a session that has read some pages before.
sub faults
{
	my ($documents, $sql) = @_;
	my $session = start_session($node);
	my $pid = $session->pid;
	my $before;

	$session->query(sprintf $sql, "with_$few.supporting_documents");
	$before = faults_of($pid);
	$session->query(sprintf $sql, "with_$documents.supporting_documents");
	return faults_of($pid) - $before;
}

my @reads = (
	[ 'all columns', 'EXPLAIN (ANALYZE, TIMING OFF) SELECT * FROM %s' ],
	[ 'count(*)', 'SELECT count(*) FROM %s' ]);

foreach my $read (@reads)
{
	my ($name, $sql) = @$read;
	my $low = faults($few, $sql);
	my $high = faults($many, $sql);

	note("$name: $low page faults, then $high");
	cmp_ok($high - $low, '<', $most_more,
		"$name: 100 pages have hardly more page faults than 10");
}

foreach my $documents ($few, $many)
{
	is($emulator{$documents}->stop,
		'', 'the emulator had nothing to complain about');
}

done_testing();
