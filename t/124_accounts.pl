
# Hundreds of accounts in one partitioned table: does the session stay small, do
# they take turns without losing a row or standing in each other's way, and is an
# account asked only where the query can have rows of it?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

plan skip_all => 'needs /proc' if !-d "/proc/$$/fd";

my $accounts = 120;
my $documents = 30;
my $sockets = 8;
my $all = $accounts * $documents;

my $node = start_node('main', 'max_files_per_process = 100',
	"regdocs_fdw.max_sockets = $sockets");
my $emulator = start_emulator(
	accounts => $accounts + 1,
	documents => $documents,
	latency => 5);

sub account_sid
{
	my ($number) = @_;

	return substr($emulator->account_sid, 0, 26)
	  . sprintf('%08x', hex(substr($emulator->account_sid, 26)) + $number);
}

make_server($node, $emulator, schema => undef);
my $sql = q{CREATE TABLE documents (sid text, account_sid text,
	friendly_name text, type text, status text)
	PARTITION BY LIST (account_sid);};
foreach my $i (1 .. $accounts)
{
	$sql .= "CREATE SERVER account$i FOREIGN DATA WRAPPER regdocs_fdw OPTIONS "
	  . "(base_url '" . $emulator->url . "', page_size '20', max_retries '0');\n"
	  . "CREATE USER MAPPING FOR PUBLIC SERVER account$i OPTIONS "
	  . "(account_sid '" . account_sid($i) . "', "
	  . "auth_token '" . $emulator->auth_token . "-$i');\n"
	  . "CREATE FOREIGN TABLE part$i PARTITION OF documents "
	  . "FOR VALUES IN ('" . account_sid($i) . "') SERVER account$i;\n";
}
$node->safe_psql('postgres', $sql);

my $session = start_session($node);
my $pid = $session->pid;

sub descriptors
{
	return scalar grep { (readlink($_) // '') =~ /^[a-z_]+:/ }
	  glob "/proc/$pid/fd/*";
}

# Run a query, and look at the backend all the while: its answer, and the most
# descriptors that it has had, without those that it began with.
my $idle = descriptors();

sub watch
{
	my ($query) = @_;
	my $most = 0;
	my $reader = fork() // die "fork: $!";

	if ($reader == 0)
	{
		my $running = 1;

		local $SIG{TERM} = sub { $running = 0 };
		while ($running)
		{
			my $now = descriptors();

			$most = $now if $most < $now;
		}
		require POSIX;
		POSIX::_exit($most - $idle);
	}
	my $answer = $session->query($query);

	kill 'TERM', $reader;
	waitpid $reader, 0;
	return ($answer, $? >> 8);
}

#
# All of them
#

my $digest = q{SELECT count(*), count(DISTINCT account_sid),
	md5(string_agg(concat_ws('/', sid, account_sid, friendly_name), ','
		ORDER BY sid)) FROM };
my $one_by_one = $session->query("SET enable_async_append = off; $digest documents");
like($one_by_one, qr/^$all\|$accounts\|/, 'one account after the other');
$session->query('RESET enable_async_append');

$emulator->reset;
my ($answer, $most) = watch("$digest documents");
is($answer, $one_by_one, 'side by side the rows are the same');
note("$most descriptors");
cmp_ok($most, '<=', $sockets + 8, 'the session has few descriptors');
cmp_ok($most, '>', $sockets, 'and uses them');
is($emulator->count('in_flight_max'), $sockets,
	'as many requests as sockets are in flight');
is($emulator->count('list'), 2 * $accounts, 'and none is made twice');
cmp_ok($emulator->count('connections_open'),
	'<=', $sockets, 'over as many connections');
is( $session->query(
		'SELECT count(*) FROM documents d '
		  . 'WHERE tableoid::regclass::text <> '
		  . q{'part' || ('x' || right(account_sid, 8))::bit(32)::int }
		  . q{- ('x' || right('} . $emulator->account_sid
		  . q{', 8))::bit(32)::int}),
	0,
	'each account has its own rows');

# Those whose turn has not come have nothing, not even a client.
my $beginner = start_session($node);
$beginner->query('BEGIN');
$beginner->query('DECLARE head CURSOR FOR SELECT sid FROM documents');
$beginner->query('FETCH 1 FROM head');
is($beginner->query('SELECT count(*) FROM regdocs_fdw_connections()'),
	$sockets, 'as many accounts as sockets have begun');
$beginner->query("FETCH @{[$documents * 4]} FROM head");
cmp_ok($beginner->query('SELECT count(*) FROM regdocs_fdw_connections()'),
	'<=', $sockets + 4, 'and others as these are over');
$beginner->stop;
wait_until('its requests to be over',
	sub { $emulator->count('in_flight') == 0 });

foreach my $few (1, 3, 1000)
{
	$emulator->reset;
	is($session->query("SET regdocs_fdw.max_sockets = $few; $digest documents"),
		$one_by_one, "with max_sockets $few, too");
	cmp_ok($emulator->count('in_flight_max'),
		'<=', $few, 'which limits requests');
	cmp_ok(descriptors() - $idle, '<=', $few < 9 ? $few + 8 : 33,
		'and what stays open');
}

# By as many descriptors as PostgreSQL lets extensions have, at the most.
cmp_ok($emulator->count('in_flight_max'),
	'<', 34, 'where there are fewer descriptors, they do');
$session->query('RESET regdocs_fdw.max_sockets');

#
# Read in part, again, and beside others
#

$emulator->reset;
is($session->query('SELECT count(*) FROM (SELECT FROM documents LIMIT 10) d'),
	10, 'a LIMIT');
cmp_ok($emulator->count('list'), '<=', 2 * $sockets,
	'asks no more accounts than take turns');

foreach my $few (1, $sockets)
{
	$session->query("SET regdocs_fdw.max_sockets = $few");
	is( $session->query(
			'SELECT count(*), count(DISTINCT (g, s)) FROM generate_series(1, 5) g, '
			  . 'LATERAL (SELECT sid AS s FROM documents '
			  . "WHERE friendly_name <> g || '' LIMIT 1 + g * 7) d"),
		(5 + 7 * 15) . '|' . (5 + 7 * 15),
		"$few sockets: the Append is begun again in the midst");
	is( $session->query(
			'SELECT count(*) FROM ((SELECT sid FROM documents LIMIT 2800) '
			  . 'UNION ALL (SELECT sid FROM documents OFFSET 3200) '
			  . 'UNION ALL SELECT sid FROM documents) d'),
		2800 + $all - 3200 + $all,
		'Appends in an Append');
	$session->query('BEGIN');
	foreach my $cursor ('a', 'b')
	{
		$session->query("DECLARE $cursor CURSOR FOR SELECT sid FROM documents");
	}
	my %seen = (a => 0, b => 0);

	foreach my $i (1 .. 8)
	{
		foreach my $cursor ('a', 'b')
		{
			$seen{$cursor} += grep { /^RD/ } split /\n/,
			  $session->query("FETCH 300 FROM $cursor");
		}
	}
	is("$seen{a} $seen{b}", '2400 2400', 'two cursors in turns');
	is($session->query('SELECT count(*) FROM part7'),
		$documents, 'a statement beside them');
	foreach my $cursor ('a', 'b')
	{
		$seen{$cursor} += grep { /^RD/ } split /\n/,
		  $session->query("FETCH ALL FROM $cursor");
	}
	is("$seen{a} $seen{b}", "$all $all", 'both come to their end');
	$session->query('COMMIT');
}

# Cursors that outlive their transaction, or go back, while the setting changes.
foreach my $kind ('CURSOR WITH HOLD', 'SCROLL CURSOR')
{
	my $rows = 0;

	$session->query("BEGIN; DECLARE c $kind FOR SELECT sid FROM documents");
	foreach my $few (1, $sockets, 2)
	{
		$session->query("SET regdocs_fdw.max_sockets = $few");
		$rows += grep { /^RD/ } split /\n/, $session->query('FETCH 70 FROM c');
		$session->query('SAVEPOINT s');
		is($session->query('SELECT count(*) FROM documents'),
			$all, "$kind: a statement beside it");
		$session->query('ROLLBACK TO s');
	}
	$session->query('COMMIT') if $kind =~ /HOLD/;
	$rows += grep { /^RD/ } split /\n/, $session->query('FETCH ALL FROM c');
	is($rows, $all, "$kind: all rows");
	if ($kind =~ /SCROLL/)
	{
		my %back = map { $_ => 1 } grep { /^RD/ } split /\n/,
		  $session->query('FETCH BACKWARD ALL FROM c');

		is(keys %back, $all, "$kind: and back again");
		$session->query('COMMIT');
	}
	else
	{
		$session->query('CLOSE c');
	}
}

# EXPLAIN counts what was done, by scan.
$session->query("SET regdocs_fdw.max_sockets = $sockets");
$emulator->reset;
my $plan = $session->query(
	'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT sid FROM documents');
my @scans = $plan =~ /Async Foreign Scan on part.*actual rows=$documents\b/g;
is(@scans, $accounts, 'EXPLAIN shows the rows of each scan');
my $requests = 0;
$requests += $1 while $plan =~ /API Requests: (\d+)/g;
is($requests, $emulator->count('list'), 'and its requests');

# Begun again, it may have other accounts, and those before hold their turns.
foreach my $few (1, 2)
{
	$session->query("SET regdocs_fdw.max_sockets = $few");
	is( $session->query(
			'SELECT count(*), count(DISTINCT account_sid) FROM '
			  . "unnest(ARRAY['" . join("', '", map { account_sid($_) } 1 .. 9)
			  . q{']) chosen, LATERAL (SELECT account_sid FROM documents d
				WHERE d.account_sid = chosen LIMIT 3) d}),
		'27|9',
		"$few sockets: other partitions each time");
}
$session->query("SET regdocs_fdw.max_sockets = $sockets");

# Other foreign data wrappers, and local tables, in the same Append.
$session->query(sprintf q{
	CREATE EXTENSION postgres_fdw;
	CREATE TABLE elsewhere AS SELECT sid FROM part1;
	CREATE TABLE here AS SELECT sid FROM part2;
	CREATE SERVER loopback FOREIGN DATA WRAPPER postgres_fdw
		OPTIONS (host '%s', port '%s', dbname 'postgres', async_capable 'true');
	CREATE USER MAPPING FOR PUBLIC SERVER loopback;
	CREATE FOREIGN TABLE there (sid text) SERVER loopback
		OPTIONS (table_name 'elsewhere')}, $node->host, $node->port);
my $some = join ' UNION ALL ',
  map { ("SELECT sid FROM part$_", $_ % 5 ? () : 'SELECT sid FROM here',
		$_ % 4 ? () : 'SELECT sid FROM there') } 1 .. 20;
is($session->query("SELECT count(*) FROM ($some) d"),
	$documents * (20 + 4 + 5), 'local and remote tables in between');

#
# Statements that write nothing at the API
#

$session->query(q{
	CREATE TABLE kept (sid text, account_sid text) PARTITION BY HASH (sid);
	CREATE TABLE kept0 PARTITION OF kept
		FOR VALUES WITH (MODULUS 2, REMAINDER 0);
	CREATE TABLE kept1 PARTITION OF kept
		FOR VALUES WITH (MODULUS 2, REMAINDER 1);
	CREATE TABLE copies (sid text, account_sid text)});
my $few = 'SELECT sid, account_sid FROM documents '
  . "WHERE account_sid < '" . account_sid(20) . q{'};
foreach my $write (
	"INSERT INTO kept $few",
	"INSERT INTO copies $few",
	"CREATE TABLE more AS $few",
	"WITH w AS (INSERT INTO copies SELECT sid FROM here RETURNING sid) $few",
	"UPDATE copies SET account_sid = d.account_sid FROM ($few) d "
	. 'WHERE d.sid = copies.sid',
	"DELETE FROM kept USING ($few) d WHERE d.sid = kept.sid")
{
	$emulator->reset;
	$session->query($write);
	is($emulator->count('in_flight_max'),
		$sockets, substr($write, 0, 20) . '... reads side by side');
}

# What may write there reads all before, as it may meet its own writes.
sub reads_before
{
	my ($statement) = @_;

	return $session->query("EXPLAIN $statement") !~ /Async/;
}

$session->query("PREPARE w AS INSERT INTO kept $few");
ok(!reads_before('EXECUTE w'), 'so does a plan that is kept');
$session->query(q{
	CREATE FOREIGN TABLE apart (sid text, account_sid text)
		SERVER account1 OPTIONS (resource 'supporting_documents');
	ALTER FOREIGN TABLE apart INHERIT copies;
	ALTER TABLE kept DETACH PARTITION kept1;
	CREATE FOREIGN TABLE kept2 PARTITION OF kept
		FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER loopback});
ok(reads_before('EXECUTE w'), 'until there is a foreign partition');
ok(reads_before("DELETE FROM copies USING ($few) d WHERE d.sid = copies.sid"),
	'a foreign table may inherit from a local one');
$session->query('DROP TABLE kept; ALTER FOREIGN TABLE apart NO INHERIT copies');

#
# Pruning: an account is asked only where rows can be its own
#

sub requests
{
	my ($query, $wanted, $name) = @_;

	$emulator->reset;
	is($session->query($query), $wanted, $name);
	return $emulator->count('list');
}

my $seventh = account_sid(7);
my $ninth = account_sid(9);
is( requests(
		"SELECT count(*) FROM documents WHERE account_sid = '$seventh'",
		$documents, 'one account that is named'),
	2,
	'is asked alone');
is( requests(
		'SELECT count(*) FROM documents '
		  . "WHERE account_sid IN ('$seventh', '$ninth')",
		2 * $documents,
		'two'),
	4,
	'as well');
$session->query('SET plan_cache_mode = force_generic_plan; '
	  . 'PREPARE p (text) AS SELECT count(*) FROM documents '
	  . 'WHERE account_sid = $1');
is(requests("EXECUTE p('$ninth')", $documents, 'a parameter'),
	2, 'prunes when the statement begins');
$session->query("CREATE TABLE chosen AS SELECT unnest(ARRAY['$seventh', "
	  . "'$ninth', '$seventh']) AS account_sid");
is( requests(
		'SELECT count(*) FROM chosen c, LATERAL (SELECT FROM documents d '
		  . 'WHERE d.account_sid = c.account_sid OFFSET 0) d',
		3 * $documents,
		'a join'),
	4,
	'prunes for each row');

#
# Failures, cancels
#

$session->query(q{ALTER USER MAPPING FOR PUBLIC SERVER account60
	OPTIONS (SET auth_token 'wrong')});
is($session->attempt('SELECT count(*) FROM documents'),
	'28000', 'one account that fails makes the statement fail');
like($session->complaints, qr/server "account60"/, 'by its name');
is($session->query('SELECT count(*) FROM part61'), $documents,
	'and no other');
$session->query("ALTER USER MAPPING FOR PUBLIC SERVER account60 "
	  . "OPTIONS (SET auth_token '" . $emulator->auth_token . "-60')");

$emulator->reset;
$emulator->fault(action => 'stall', path => 'list', skip => 40, count => 0);
$session->begin('SELECT count(*) FROM documents');
wait_until('requests to stall',
	sub { $emulator->count('faults') >= $sockets });
my $watcher = start_session($node);
my $ms = elapsed_ms(
	sub {
		$watcher->query("SELECT pg_cancel_backend($pid)");
		is($session->finish, '57014', 'a cancel in the midst');
	});
cmp_ok($ms, '<', 5000, 'is not waited for');
$emulator->clear;
wait_until('requests to be given up',
	sub { $emulator->count('in_flight') == 0 });
is($session->query("$digest documents"), $one_by_one,
	'the next statement finds all');

#
# Writes
#

$emulator->reset;
$session->query(
	q{INSERT INTO documents (account_sid, friendly_name, type)
	  SELECT account_sid, 'n' || i, 'passport' FROM generate_series(1, 2) i,
		(SELECT DISTINCT account_sid FROM documents) a});
is($emulator->count('created'), 2 * $accounts, 'writes to all accounts');
is($emulator->count('in_flight_max'),
	$sockets, 'share the sockets with each other');
is( $session->query(
		q{SELECT count(*), count(DISTINCT account_sid) FROM documents
		  WHERE friendly_name = 'n2'}),
	"$accounts|$accounts",
	'and each has its own');

$watcher->stop;
$session->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');
done_testing();
