
# Does a refresh need no more memory for a long list than for a short one, where
# it fills a mirror, where nothing has changed, where all has, and where all is
# gone?
#
# REGDOCS_MEMORY_DOCUMENTS says how long the long one is.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $few = 10_000;
my $many = $ENV{REGDOCS_MEMORY_DOCUMENTS} // 50_000;

# How much more the peak may be, in kilobytes: what is kept of each row is a
# bit, of each page 16 bytes; to hold the rows would take ten times as much.
my $most_growth_kb = 4096 + int($many / 250);

my $node = start_node(
	'main',
	'jit = off',
	'autovacuum = off',
	'shared_buffers = 1MB',
	'max_connections = 10',
	'max_wal_size = 4GB',
	# the sample of ANALYZE is 300 times as many rows
	'default_statistics_target = 10',
	q(work_mem = '512kB'),
	q(maintenance_work_mem = '1MB'));
my %emulator = map { $_ => start_emulator(documents => $_) } ($few, $many);

foreach my $documents ($few, $many)
{
	$node->safe_psql('postgres', "CREATE SCHEMA with_$documents");
	make_server(
		$node,
		$emulator{$documents},
		name => "with_$documents",
		schema => "with_$documents");
	$node->safe_psql('postgres',
		"SELECT regdocs_create_snapshot('with_$documents.supporting_documents',"
		  . " 'with_$documents.mirror')");
}

# The peak of a session of its own; shared memory is in it, so that is small.
sub refresh_peak_kb
{
	my ($documents) = @_;
	my $session = start_session($node);
	my $pid = $session->pid;
	my $result;

	$session->query(
		"COPY (SELECT * FROM with_$documents.supporting_documents LIMIT 2000) "
		  . "TO '/dev/null'");
	reset_peak_memory($pid);
	my $ms = elapsed_ms(
		sub {
			$result = $session->query(
				"SELECT * FROM regdocs_refresh("
				  . "'with_$documents.supporting_documents', "
				  . "'with_$documents.mirror')");
		});
	my $peak = memory_kb($pid);
	$session->stop;
	note(sprintf '%d documents, %s: peak %d kB, in %.0f ms',
		$documents, $result, $peak, $ms);
	return ($peak, $result);
}

sub compare
{
	my ($name, $expected) = @_;
	my ($low) = refresh_peak_kb($few);
	my ($high, $result) = refresh_peak_kb($many);

	is($result, $expected, "$name: all are there");
	cmp_ok($high - $low, '<', $most_growth_kb,
		"$name: $many documents take no more memory than $few");
	return;
}

sub query
{
	my ($sql) = @_;
	$node->safe_psql('postgres', $sql =~ s/SCHEMA/with_$_/gr)
	  foreach $few, $many;
	return;
}

compare('a mirror that is filled', "$many|0|0|0");
compare('nothing has changed', "0|0|0|$many");
query(q{UPDATE SCHEMA.mirror SET friendly_name = ''; VACUUM SCHEMA.mirror});
compare('all have changed', "0|$many|0|0");

# Each of the ones that are gone is asked for by its sid: that takes its time.
my $gone = int($many / 10);
query(
	q{INSERT INTO SCHEMA.mirror (sid) SELECT 'RD' || md5(n::text)
	FROM generate_series(1, (SELECT count(*) / 10 FROM SCHEMA.mirror)) n});
compare('many are gone', "0|0|$gone|$many");

foreach my $documents ($few, $many)
{
	is($emulator{$documents}->stop,
		'', 'the emulator had nothing to complain about');
}
done_testing();
