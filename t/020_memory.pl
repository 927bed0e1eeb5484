
# Does a backend need no more memory for a long list than for a short one?
#
# REGDOCS_MEMORY_DOCUMENTS says how long the long one is.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $few = 10_000;
my $many = $ENV{REGDOCS_MEMORY_DOCUMENTS} // 100_000;

# How much more the peak may be, in kilobytes.  A document has some 700 bytes,
# so that to hold the many would take ten times as much and more.
my $most_growth_kb = 4096;

my $node = start_node('main', 'jit = off', q(work_mem = '512kB'));
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
	$node->safe_psql(
		'postgres', qq(
		CREATE FOREIGN TABLE with_$documents.unlikely
			(sid text, attributes char(1))
			SERVER with_$documents OPTIONS (on_error 'ignore')));
}

# The peak of a session of its own, after it has seen one page.
sub peak_kb
{
	my ($documents, $sql, $table) = @_;
	my $session = start_session($node);
	my $pid = $session->pid;

	$session->query(
		"COPY (SELECT * FROM with_$documents.supporting_documents LIMIT 2000) "
		  . "TO '/dev/null'");
	reset_peak_memory($pid);
	my $before = memory_kb($pid);
	my $result;
	my $ms = elapsed_ms(
		sub {
			$result =
			  $session->query(sprintf $sql, "with_$documents.$table");
		});
	my $peak = memory_kb($pid);
	$session->stop;
	note(sprintf '%d documents: from %d to %d kB, in %.0f ms',
		$documents, $before, $peak, $ms);
	return ($peak, $result);
}

my @reads = (
	[ 'count(*)', 'SELECT count(*) FROM %s', $many ],
	[
		'all columns',
		q{COPY (SELECT * FROM %s) TO '/dev/null'}
	],
	[
		'a condition that nothing meets',
		q{SELECT count(*) FROM %s WHERE attributes ->> 'x' = friendly_name}
	],
	[
		'a cursor',
		q{DO $$ DECLARE r record; n int := 0; BEGIN
		  FOR r IN SELECT * FROM %s LOOP n := n + 1; END LOOP; END $$}
	],
	[
		'rows that are kept to be read again',
		q{SELECT count(d) FROM (VALUES (0), (1)) AS v (n),
		  LATERAL (SELECT * FROM %s OFFSET v.n) AS d},
		2 * $many - 1
	],
	[
		'documents that are left out',
		q{SET client_min_messages = warning;
		  SELECT count(attributes) FROM %s},
		0,
		'unlikely'
	]);

foreach my $read (@reads)
{
	my ($name, $sql, $rows, $table) = @$read;
	$table //= 'supporting_documents';
	my ($low) = peak_kb($few, $sql, $table);
	my ($high, $result) = peak_kb($many, $sql, $table);

	is($result, $rows, "$name: all are there") if defined $rows;
	cmp_ok($high - $low, '<', $most_growth_kb,
		"$name: $many documents take no more memory than $few");
}

foreach my $documents ($few, $many)
{
	is($emulator{$documents}->stop,
		'', 'the emulator had nothing to complain about');
}

done_testing();
