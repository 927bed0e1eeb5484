
# Descriptors: are they counted with PostgreSQL's own, so that a session that
# uses many accounts does no harm to itself, and does no program inherit them?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'needs /proc' if !-d "/proc/$$/fd";

# PostgreSQL lets extensions have a third of these, less a few.
my $files = 200;
my $accounts = 80;

my $node = start_node('main', "max_files_per_process = $files");
my $emulator = start_emulator(documents => 30);
make_server($node, $emulator, schema => undef);
my $sql = '';
foreach my $i (1 .. $accounts)
{
	$sql .= "CREATE SERVER account$i FOREIGN DATA WRAPPER regdocs_fdw OPTIONS "
	  . "(base_url '" . $emulator->url . "');\n"
	  . "CREATE USER MAPPING FOR PUBLIC SERVER account$i OPTIONS "
	  . "(account_sid '" . $emulator->account_sid . "', "
	  . "auth_token '" . $emulator->auth_token . "');\n"
	  . "CREATE FOREIGN TABLE account$i (sid text) SERVER account$i "
	  . "OPTIONS (resource 'supporting_documents', page_size '20');\n";
}
$sql .= <<'END';
CREATE TABLE documents (friendly_name text, type text)
	PARTITION BY LIST (friendly_name);
END
foreach my $i (1 .. $accounts)
{
	$sql .= "CREATE FOREIGN TABLE part$i PARTITION OF documents "
	  . "FOR VALUES IN ('n$i') SERVER account$i "
	  . "OPTIONS (resource 'supporting_documents');\n";
}
$node->safe_psql('postgres', $sql);
my $all = join ' UNION ALL ', map { "SELECT sid FROM account$_" } 1 .. $accounts;

my $session = start_session($node);
my $pid = $session->pid;

sub descriptors
{
	return scalar(() = glob "/proc/$pid/fd/*");
}

# What a program finds open that the server starts, besides its own three.
my $list = PostgreSQL::Test::Utils::tempdir() . '/list';

sub inherited
{
	$session->query("COPY (SELECT 1) TO PROGRAM 'ls -l /proc/self/fd > $list'");
	return join ' ',
	  sort grep { /timerfd|eventpoll|socket|pipe/ } slurp_file($list) =~
	  /^l.* (?:[3-9]|[1-9][0-9]+) -> (.*)/mg;
}

my $inherited = inherited();

# One after the other: what is idle is given back.
my $before = descriptors();
my $most = 0;
foreach my $round (1, 2)
{
	foreach my $i (1 .. $accounts)
	{
		$session->query("SELECT count(*) FROM account$i") eq '30'
		  or die "account $i";
		$most = descriptors() if $most < descriptors();
	}
}
note("$before descriptors, later up to $most");
cmp_ok($most - $before, '<', $files / 3,
	'many accounts, one after the other, have few descriptors');
is( $session->query(
		'SELECT count(*), sum(requests) FROM regdocs_fdw_connections()'),
	"$accounts|" . 4 * $accounts,
	'and their counters are kept');

# In one statement, one after the other.
$session->query('SET enable_async_append = off');
is($session->query("SELECT count(*) FROM ($all) a"),
	30 * $accounts, 'many accounts in one statement');
$session->query('SET enable_async_append = on');
cmp_ok(descriptors() - $before, '<', $files / 3, 'have few descriptors, too');

# At once they take turns.
is($session->query("SELECT count(*) FROM ($all) a"),
	30 * $accounts, 'many accounts at the same time');
cmp_ok(descriptors() - $before, '<', $files / 3, 'as well');
my $some = join ' UNION ALL ', map { "SELECT sid FROM account$_" } 1 .. 8;
is($session->query("SELECT count(*) FROM ($some) a"), 240, 'so do eight');

# A cursor holds what it needs, and no more.
$session->query('BEGIN');
$session->query('DECLARE c CURSOR FOR SELECT sid FROM account1');
$session->query('MOVE 15 IN c');
$session->query("SELECT count(*) FROM account$_") foreach 2 .. $accounts;
is($session->query('MOVE ALL IN c; SELECT count(*) FROM account1'),
	30, 'a cursor goes on beside all of them');
$session->query('COMMIT');

# PostgreSQL itself still can open files.
is( $session->query(
		q{SET work_mem = '64kB'; SELECT count(*) FROM
		  (SELECT g FROM generate_series(1, 200000) g ORDER BY g % 1000) s}),
	200000,
	'a sort on disk works');

# Programs get none of them: while a connection is open, and a request under way.
$session->query('BEGIN');
$session->query('DECLARE c CURSOR FOR SELECT sid FROM account1');
$session->query('MOVE 15 IN c');
my $open = join ' ', map { readlink($_) // '' } glob "/proc/$pid/fd/*";
like($open, qr/timerfd/, 'the backend has descriptors for connections');
is(inherited(), $inherited, 'that a program does not inherit');
$session->query('COMMIT');

$session->stop;
$node->stop;

# More sockets at once than there may be: fewer do as well.
$node = start_node('few', 'max_files_per_process = 90');
make_server($node, $emulator, options => { concurrency => 64 });
$session = start_session($node);
is( $session->attempt(
		'INSERT INTO supporting_documents (friendly_name, type) '
		  . q{SELECT 'n' || i, 'passport' FROM generate_series(1, 300) i}),
	'00000',
	'where there are few descriptors, few are used');
is($emulator->count('created'), 300, 'and all rows are written');
is($session->query('SELECT count(*) FROM supporting_documents'),
	330, 'or read');

# More accounts at once than there are descriptors for, in one statement or in
# one commit: those that get none wait for others, whichever of the five that an
# account needs is the first that is not there.  PostgreSQL lets extensions have
# a third of the files, so with three more there is one more.
my $rows = q{SELECT 'n' || a, 'passport' }
  . "FROM generate_series(1, $accounts) a, generate_series(1, 4) i";
$node->safe_psql('postgres',
	$sql . join ';',
	map { "ALTER SERVER account$_ OPTIONS (ADD write_mode 'immediate')" }
	  1 .. $accounts);
foreach my $more (0 .. 4)
{
	$session->stop;
	$node->adjust_conf('postgresql.conf', 'max_files_per_process',
		90 + 3 * $more);
	$node->restart;
	$session = start_session($node);
	foreach my $mode ('immediate', 'at_commit')
	{
		$session->query(join ';',
			map { "ALTER SERVER account$_ OPTIONS (SET write_mode '$mode')" }
			  1 .. $accounts);
		foreach my $order ($more == 0 ? ('i, a', 'a, i') : 'i, a')
		{
			my $name = "$more more, $mode, ordered by $order";

			$emulator->reset;
			$session->query('BEGIN');
			is( $session->attempt(
					"INSERT INTO documents $rows ORDER BY $order"),
				'00000', $name) or diag($session->complaints);
			is($session->attempt('COMMIT'), '00000', "$name: the commit")
			  or diag($session->complaints);
			is($emulator->count('created'),
				4 * $accounts, "$name: all are done");
			is($emulator->count('create'), 4 * $accounts, "$name: once");
		}
	}
}

# The same by COPY, in savepoints, with servers that are altered in the midst, and
# when all of it is given up.
{
	my $file = PostgreSQL::Test::Utils::tempdir() . '/rows';
	my $alter = sub {
		return join ';',
		  map { "ALTER SERVER account$_ OPTIONS (SET $_[0])" } 1 .. $accounts;
	};

	$session->query($alter->(q{write_mode 'immediate'}));
	$session->query("COPY ($rows ORDER BY i, a) TO '$file'");
	$emulator->reset;
	is($session->attempt("COPY documents FROM '$file'"), '00000', 'COPY')
	  or diag($session->complaints);
	is($emulator->count('created'), 4 * $accounts, 'COPY: all are done');

	$emulator->reset;
	$session->query('BEGIN');
	$session->query("INSERT INTO documents $rows");
	$session->query('SAVEPOINT s');
	is( $session->attempt("INSERT INTO documents $rows; SELECT 1 / 0"),
		'22012', 'a savepoint that fails');
	like($session->complaints, qr/320 documents created/,
		'tells of its writes');
	$session->query('ROLLBACK TO s');
	$session->query($alter->(q{write_mode 'at_commit'}));
	$session->query("INSERT INTO documents $rows");
	$session->query($alter->(q{write_mode 'immediate'}));
	is($session->attempt('COMMIT'), '00000', 'and what is around it commits')
	  or diag($session->complaints);
	is($emulator->count('created'), 12 * $accounts, 'and all is done once');

	$emulator->reset;
	$emulator->fault(
		action => 'stall',
		path => 'create',
		skip => $accounts,
		count => 0);
	$session->begin("INSERT INTO documents $rows ORDER BY i, a");
	wait_until('writes to stall', sub { $emulator->count('faults') > 0 });
	$node->safe_psql('postgres',
		'SELECT pg_cancel_backend(' . $session->pid . ')');
	is($session->finish, '57014', 'a cancel while others wait for descriptors');
	$emulator->clear;
	is( $session->query(
			q{SELECT string_agg(DISTINCT outcome, ' ' ORDER BY outcome),
				count(*) FILTER (WHERE outcome = 'done')
			  FROM regdocs_fdw_writes()}),
		"done unknown|$accounts",
		'of each write it is known, or told that it is not');
	is($session->attempt("INSERT INTO documents $rows"),
		'00000', 'and the next statement writes')
	  or diag($session->complaints);
}

# They count, and are logged, as requests when they are sent.
{
	my $three = q{INSERT INTO documents SELECT 'n' || a, 'passport' }
	  . 'FROM generate_series(1, 3) a, generate_series(1, 500) i ';

	$session->query(join ';',
		map { "ALTER SERVER account$_ OPTIONS (SET write_mode 'immediate', "
			. "ADD concurrency '64')" } 1 .. 3);
	$session->query("SET regdocs_fdw.log_requests = 'all'");
	foreach my $order ('i, a', 'a, i')
	{
		my $offset = -s $node->logfile;

		$session->query('SELECT regdocs_fdw_disconnect_all()');
		is($session->attempt("$three ORDER BY $order"),
			'00000', "three accounts want all descriptors, ordered by $order");
		is( $session->query(
				'SELECT DISTINCT requests, retries, failures, last_error '
				  . 'FROM regdocs_fdw_connections()'),
			'500|0|0|',
			'each request counts once');
		my $log = substr slurp_file($node->logfile), $offset;
		is(scalar(() = $log =~ /regdocs_fdw: server=/g),
			1500, 'and has one line in the log');
	}
	$session->query('RESET regdocs_fdw.log_requests');
}

# What nothing of the session's own will give back is not waited for: here it is
# connections of another foreign data wrapper.
$session->query(
	"ALTER SERVER account$accounts OPTIONS (SET write_mode 'immediate')");
$session->query('CREATE EXTENSION postgres_fdw');
$session->query('SELECT regdocs_fdw_disconnect_all()');
$session->query('BEGIN');
my $sqlstate = '00000';
for (my $i = 1; $sqlstate eq '00000'; $i++)
{
	my $options = sprintf q{host '%s', port '%s', dbname 'postgres'},
	  $node->host, $node->port;

	$session->query("SAVEPOINT s; CREATE SERVER other$i FOREIGN DATA WRAPPER "
		  . "postgres_fdw OPTIONS ($options); "
		  . "CREATE USER MAPPING FOR PUBLIC SERVER other$i; "
		  . 'CREATE FOREIGN TABLE other'
		  . "$i (relname name) SERVER other$i OPTIONS "
		  . "(schema_name 'pg_catalog', table_name 'pg_class')");
	$sqlstate = $session->attempt("SELECT relname FROM other$i LIMIT 1");
}
$session->query('ROLLBACK TO s');
is($session->attempt('SELECT count(*) FROM account1'),
	'53000', 'where others hold all descriptors, a scan gets none');
like($session->complaints, qr/HINT:.*max_files_per_process/,
	'and says what to do');
$session->query('ROLLBACK TO s');
my $last = join ' UNION ALL ',
  map { 'SELECT sid FROM account' . ($accounts - $_) } 0 .. 2;
my $lists = $emulator->count('list');
is($session->attempt("SELECT count(*) FROM ($last) a"),
	'53000', 'nor do scans side by side');
is($emulator->count('list'), $lists, 'and nothing is sent');
$session->query('ROLLBACK TO s');
my $creates = $emulator->count('create');
is( $session->attempt(
		"INSERT INTO documents VALUES ('n$accounts', 'passport')"),
	'53000',
	'nor does a write');
is($emulator->count('create'), $creates, 'and is not sent');
$session->query('ROLLBACK TO s');
is( $session->attempt("INSERT INTO documents $rows"),
	'53000', 'nor do writes to all accounts');
is($emulator->count('create'), $creates, 'of which none is sent');
unlike($session->complaints, qr/may have been done|rollback does not undo/,
	'and nobody is told otherwise');
is( $session->query(
		q{ROLLBACK TO s; SELECT count(*) FROM regdocs_fdw_writes()
		  WHERE outcome IN ('done', 'unknown')
			AND written_at > pg_catalog.transaction_timestamp()}),
	0,
	'nor later');
$session->query('ROLLBACK');
my $documents = $session->query('SELECT count(*) FROM account1');
is($session->query("SELECT count(*) FROM ($last) a"),
	3 * $documents, 'afterwards scans work');
is( $session->attempt(
		"INSERT INTO documents VALUES ('n$accounts', 'passport')"),
	'00000',
	'and writes');

$session->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');
done_testing();
