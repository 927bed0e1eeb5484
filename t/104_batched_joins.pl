
# Joins that fetch in batches: how many requests are in flight, what a cancel ends,
# how much memory answers take, and what becomes of rows that another session changes
# meanwhile (EvalPlanQual).

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $documents = 8000;

# How much more the peak may be for answers that are too large for work_mem, in
# kilobytes.  All of them have some 6,000.
my $most_growth_kb = 2048;

my $emulator = start_emulator(documents => $documents, latency => 10);
my $node = start_node('main', 'jit = off');
make_server($node, $emulator, options => { concurrency => 16, page_size => 100 });
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE whole (sid text, document jsonb, friendly_name text)
		SERVER emulator;
	ANALYZE supporting_documents;
	CREATE TABLE sids AS
		SELECT row_number() OVER () AS n, sid
		FROM (SELECT sid FROM supporting_documents ORDER BY sid) AS s;
	CREATE TABLE customers AS
		SELECT n AS id, sid AS document, 0 AS seen FROM sids WHERE n <= 40;
	ALTER TABLE customers ADD PRIMARY KEY (id);
	CREATE TABLE orders AS
		SELECT i AS id, sid AS document
		FROM generate_series(1, 24000) AS i JOIN sids ON n = i % 8000 + 1;
	ANALYZE sids, customers, orders;
END

# Only nested loops, so that batches are what there is.
my %nested = (
	enable_hashjoin => 'off',
	enable_mergejoin => 'off',
	enable_memoize => 'off',
	enable_material => 'off');
my $join = 'SELECT count(d.sid) FROM customers AS c '
  . 'LEFT JOIN supporting_documents AS d ON d.sid = c.document';

sub flight_and_cancel
{
	my $session = start_session($node, set => \%nested);
	my $other = start_session($node);

	like($session->query("EXPLAIN $join"), qr/API Look-ahead/,
		'the join has batches');
	$emulator->reset;
	is($session->query($join), '40', 'all customers have their documents');
	is($emulator->count('fetch'), 40, '... each was asked for once');
	is($emulator->count('in_flight_max'),
		16, '... as many at once as there may be');

	$emulator->fault(path => 'fetch', action => 'stall', count => 0);
	$session->begin($join);
	wait_until('the batch', sub { $emulator->count('in_flight') > 0 });
	$other->query('SELECT pg_cancel_backend(' . $session->pid . ')');
	is($session->finish, '57014', 'a join that waits for a batch is cancelled');
	$emulator->clear;
	is($session->query($join), '40', '... and can be made again');

	$emulator->fault(path => 'fetch', action => 'stall', count => 0);
	is($session->attempt("SET statement_timeout = '300ms'; $join"),
		'57014', 'its statement_timeout ends it');
	$emulator->clear;
	is($session->query("RESET statement_timeout; $join"),
		'40', '... and it can be made again');

	# One that fails in the middle of a batch says so, and nothing is left.
	$emulator->fault(path => 'fetch', action => 'status', status => 401,
		skip => 20);
	is($session->attempt($join), '28000', 'a failure in a batch is raised');
	$emulator->clear;
	is($session->query($join), '40', '... and the join can be made again');
	return;
}

# The peak of a session of its own for the orders' join with so many documents.
sub peak_kb
{
	my ($most) = @_;
	my $session = start_session($node, set => { %nested, work_mem => '256kB' });
	my $sql = 'SELECT count(*), bool_and(d.document ->> \'sid\' = o.document) '
	  . "FROM orders AS o JOIN whole AS d ON d.sid = o.document WHERE o.id <= ";

	like($session->query("EXPLAIN ${sql}24000"), qr/API Look-ahead/, 'batches');
	$session->query("${sql}100");
	reset_peak_memory($session->pid);
	is($session->query("$sql$most"), "$most|t", "$most orders are joined");
	return memory_kb($session->pid);
}

sub memory
{
	my $low = peak_kb(300);
	my $high = peak_kb(24000);

	note("300 orders: $low kB, 24,000 orders: $high kB");
	cmp_ok($high - $low, '<', $most_growth_kb,
		'answers that are too large for work_mem take no more of it');
	return;
}

# A statement that waits for a row that another session has changed, and what
# comes of it, with batches and without.
my @changes = (
	[ 'another column', 'UPDATE customers SET seen = 7 WHERE id = 3' ],
	[
		'the key',
		'UPDATE customers SET document = (SELECT sid FROM sids WHERE n = 50) '
		  . 'WHERE id = 3'
	],
	[ 'no key any more', 'UPDATE customers SET document = NULL WHERE id = 3' ],
	[ 'a deletion', 'DELETE FROM customers WHERE id = 3' ]);
my $all = 'supporting_documents AS d';
my $few = 'c.id BETWEEN 2 AND 20';
my @statements = (
	[
		'FOR UPDATE, inner',
		"SELECT c.id, c.seen, d.sid FROM customers AS c JOIN $all "
		  . "ON d.sid = c.document WHERE $few ORDER BY c.id FOR UPDATE OF c"
	],
	[
		'FOR UPDATE, left',
		"SELECT c.id, c.seen, d.sid FROM customers AS c LEFT JOIN $all "
		  . "ON d.sid = c.document WHERE $few ORDER BY c.id FOR UPDATE OF c"
	],
	[
		'FOR NO KEY UPDATE, EXISTS',
		"SELECT c.id, c.seen FROM customers AS c WHERE $few AND EXISTS "
		  . "(SELECT FROM $all WHERE d.sid = c.document) FOR NO KEY UPDATE"
	],
	[
		'FOR UPDATE, NOT EXISTS',
		"SELECT c.id, c.seen FROM customers AS c WHERE $few AND NOT EXISTS "
		  . "(SELECT FROM $all WHERE d.sid = c.document "
		  . "AND c.id % 2 = 0) FOR UPDATE"
	],
	[
		'UPDATE',
		"UPDATE customers AS c SET seen = seen + 1 FROM $all "
		  . "WHERE d.sid = c.document AND $few RETURNING c.id, c.seen, d.sid"
	],
	[
		'DELETE',
		"DELETE FROM customers AS c USING $all "
		  . "WHERE d.sid = c.document AND $few RETURNING c.id, c.seen, d.sid"
	]);

# What the statement gives when the change is committed while it waits.
sub meet
{
	my ($statement, $change, $batched) = @_;
	my $session = start_session($node,
		set =>
		  { %nested, 'regdocs_fdw.enable_batched_join' => $batched });
	my $other = start_session($node);
	my $plan = $session->query("EXPLAIN $statement");

	$batched eq 'on'
	  ? like($plan, qr/API Look-ahead/, '... with batches')
	  : unlike($plan, qr/API Look-ahead/, '... without batches');
	$other->query("BEGIN; $change");
	$session->query('BEGIN');
	$session->begin($statement);
	wait_until(
		'the lock',
		sub {
			$other->query('SELECT count(*) FROM pg_locks WHERE NOT granted '
				  . 'AND pid = ' . $session->pid) > 0;
		});
	$other->query('COMMIT');
	my $sqlstate = $session->finish;
	my $rows = join "\n", $sqlstate, sort split /\n/, $session->output;
	$session->query('ROLLBACK');

	# As it was before.
	$other->query('TRUNCATE customers; INSERT INTO customers '
		  . 'SELECT n, sid, 0 FROM sids WHERE n <= 40; ANALYZE customers');
	return $rows;
}

sub evaluate_again
{
	foreach my $statement (@statements)
	{
		foreach my $change (@changes)
		{
			my $name = "$statement->[0], meanwhile $change->[0]";
			my $batched = meet($statement->[1], $change->[1], 'on');

			like($batched, qr/^00000\n/, "$name: it succeeds");
			is($batched, meet($statement->[1], $change->[1], 'off'),
				"$name: the rows are those without batches");
		}
	}
	return;
}

flight_and_cancel();
memory();
evaluate_again();
is($emulator->stop, '', 'the emulator had nothing to complain about');
done_testing();
