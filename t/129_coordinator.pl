
# Outgrowing one server: two clusters have the foreign tables of their accounts,
# and a third one reads them by postgres_fdw, as partitions.  What is asked where,
# what comes through, and what does not?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $documents = 5000;
my %account = map { $_ => 'AC' . $_ x 32 } qw(a b);
my (%emulator, %node);

my $columns = 'sid text, account_sid text, status regdocs_status, '
  . 'friendly_name text, type text';

foreach my $name (qw(a b))
{
	$emulator{$name} = start_emulator(
		documents => $documents,
		seed => ord($name),
		account_sid => $account{$name});
	$node{$name} = start_node("node_$name");
	make_server(
		$node{$name},
		$emulator{$name},
		name => "account_$name",
		schema => undef,
		options => { max_retries => 0 });
	$node{$name}->safe_psql('postgres',
		"CREATE FOREIGN TABLE documents ($columns) SERVER account_$name");
}

# The coordinator, and beside it both accounts without another cluster.
my $coordinator = start_node('coordinator');
$coordinator->safe_psql(
	'postgres',
	qq{CREATE EXTENSION postgres_fdw;
	CREATE TABLE documents ($columns) PARTITION BY LIST (account_sid);
	CREATE TABLE direct ($columns) PARTITION BY LIST (account_sid)});
foreach my $name (qw(a b))
{
	my $host = $node{$name}->host;
	my $port = $node{$name}->port;

	$coordinator->safe_psql(
		'postgres',
		qq{CREATE SERVER node_$name FOREIGN DATA WRAPPER postgres_fdw
			OPTIONS (host '$host', port '$port', dbname 'postgres', async_capable 'true',
				extensions 'regdocs_fdw', fetch_size '1000');
		CREATE USER MAPPING FOR CURRENT_USER SERVER node_$name;
		CREATE FOREIGN TABLE documents_$name PARTITION OF documents
			FOR VALUES IN ('$account{$name}') SERVER node_$name OPTIONS (table_name 'documents')});
	make_server($coordinator, $emulator{$name}, name => "direct_$name", schema => undef);
	$coordinator->safe_psql('postgres',
		"CREATE FOREIGN TABLE direct_$name PARTITION OF direct "
		  . "FOR VALUES IN ('$account{$name}') SERVER direct_$name");
}
my $session = start_session($coordinator);
my $watcher = start_session($coordinator);

sub sent
{
	my @sent;

	foreach my $name (qw(a b))
	{
		my %count = map { $_ => $emulator{$name}->count($_) }
		  qw(list fetch create update delete);

		push @sent, "$name:" . join ',',
		  map { "$_=$count{$_}" } grep { $count{$_} > 0 } sort keys %count;
	}
	return join ' ', @sent;
}

# The result of a query, and what was asked for it.
sub asks
{
	my ($name, $sql, $result, $sent) = @_;

	$_->reset foreach values %emulator;
	is($session->query($sql), $result, $name);
	return is(sent(), $sent, "$name: what is asked");
}

my $pages = $documents / 1000;
asks('all of them', 'SELECT count(*), count(DISTINCT account_sid) FROM documents',
	2 * $documents . '|2', "a:list=$pages b:list=$pages");
asks('one account', "SELECT count(*) FROM documents WHERE account_sid = '$account{b}'",
	$documents, "a: b:list=$pages");
$session->query('SET plan_cache_mode = force_generic_plan; '
	  . 'PREPARE p (text) AS SELECT count(*) FROM documents WHERE account_sid = $1');
asks('one, as a parameter', "EXECUTE p ('$account{a}')", $documents, "a:list=$pages b:");
my $sid = $session->query(
	"SELECT sid FROM documents WHERE account_sid = '$account{a}' LIMIT 1");
asks('a key', "SELECT account_sid FROM documents WHERE sid = '$sid'",
	$account{a}, 'a:fetch=1 b:fetch=1');
asks('a key of an account',
	"SELECT 1 FROM documents WHERE sid = '$sid' AND account_sid = '$account{a}'",
	1, 'a:fetch=1 b:');

# Side by side: both are asked before either has answered.
$_->reset foreach values %emulator;
$_->fault(action => 'stall', path => 'list', count => 0) foreach values %emulator;
$session->begin('SELECT count(*) FROM documents');
wait_until('both to be asked', sub { sent() eq 'a:list=1 b:list=1' });
$watcher->query('SELECT pg_cancel_backend(' . $session->pid . ')');
is($session->finish, '57014', 'both are asked at once');
$_->clear foreach values %emulator;

# What a row is counted by need not come here.
sub rows_fetched
{
	my ($sql) = @_;
	my $plan = $session->query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $sql");
	my $rows = 0;

	$rows += $1
	  while $plan =~ /Foreign Scan[^\n]*\(actual rows=(\d+)/g;
	return $rows;
}
is(rows_fetched('SELECT account_sid, count(*) FROM documents GROUP BY 1'),
	2 * $documents, 'an aggregate fetches all rows');
$session->query('SET enable_partitionwise_aggregate = on');
is(rows_fetched('SELECT account_sid, count(*) FROM documents GROUP BY 1'),
	2, '... or, partition by partition, what comes of them');

# Writing.
asks(
	'rows are routed',
	qq{WITH new AS (INSERT INTO documents (account_sid, friendly_name, type)
		SELECT (ARRAY['$account{a}', '$account{b}'])[1 + i % 2], 'routed', 'passport'
		FROM generate_series(1, 10) i RETURNING account_sid, sid)
	SELECT count(DISTINCT sid), count(DISTINCT account_sid) FROM new},
	'10|2',
	'a:create=5 b:create=5');
$session->query("DELETE FROM documents WHERE friendly_name = 'routed'");
is( sent() =~ s/,list=\d+//gr,
	'a:create=5,delete=5 b:create=5,delete=5',
	'and deleted');

# Failures name the account, by the server there; the SQLSTATE comes through.
$emulator{b}->fault(action => 'status', status => 403, path => 'list', count => 0);
is($session->attempt('SELECT count(*) FROM documents'),
	'28000', 'an account that fails is an error');
like($session->complaints, qr/server "account_b".*CONTEXT:  remote SQL command: .*/s,
	'... that names it');
asks('without it', "SELECT count(*) FROM documents WHERE account_sid <> '$account{b}'",
	$documents, "a:list=$pages b:");
$emulator{b}->clear;

# The rollback of what is written there is told there.
$session->query(
	qq{BEGIN; INSERT INTO documents (account_sid, friendly_name, type)
	VALUES ('$account{a}', 'left', 'passport')});
$session->query('ROLLBACK');
is($session->complaints, '', 'a rollback is told of, but not here');
wait_until('the warning in the log of the other cluster',
	sub { PostgreSQL::Test::Utils::slurp_file($node{a}->logfile) =~ /WARNING: .*1 document/ });
$session->query(
	qq{ALTER SERVER node_a OPTIONS (ADD options '-c regdocs_fdw.write_mode=at_commit')});
$session->stop;
$session = start_session($coordinator);
$_->reset foreach values %emulator;
$session->query(
	qq{BEGIN; INSERT INTO documents (account_sid, friendly_name, type)
	VALUES ('$account{a}', 'dropped', 'passport'); ROLLBACK});
is(sent(), 'a: b:', 'at_commit there: nothing is sent');
$session->query(
	qq{INSERT INTO documents (account_sid, friendly_name, type)
	VALUES ('$account{a}', 'sent', 'passport')});
is(sent(), 'a:create=1 b:', '... but for a commit here');

# A mirror's source has to be of this extension: what is missing in a result of
# another cluster may as well have been left out there.  Each cluster has its own.
foreach my $sql (
	q{SELECT regdocs_create_snapshot('documents', 'mirror')},
	q{SELECT regdocs_create_snapshot('documents_a', 'mirror')})
{
	is($session->attempt($sql), '42809', "refused: $sql");
}
like($session->complaints, qr/HINT:  .*on the server that it is on/, 'with a hint');
foreach my $name (qw(a b))
{
	$node{$name}->safe_psql(
		'postgres',
		q{SELECT regdocs_create_snapshot('documents', 'mirror');
		SELECT regdocs_refresh('documents', 'mirror')});
	$session->query(
		"CREATE FOREIGN TABLE mirror_$name ($columns) SERVER node_$name OPTIONS (table_name 'mirror')");
}
asks(
	'the mirrors of both',
	'SELECT count(*) FROM (SELECT * FROM mirror_a UNION ALL SELECT * FROM mirror_b) m',
	2 * $documents + 2,
	'a: b:');

# What it costs: the same query, by two more clusters and without.
my %ms;
foreach (1 .. 5)
{
	foreach my $table (qw(direct documents))
	{
		push @{ $ms{$table} },
		  elapsed_ms(sub { $session->query("SELECT count(friendly_name), max(type) FROM $table") });
	}
}
my %median = map { $_ => (sort { $a <=> $b } @{ $ms{$_} })[2] } keys %ms;
note(sprintf 'all rows of both accounts: %.1f ms by two clusters, %.1f ms without, ratio %.2f',
	$median{documents}, $median{direct}, $median{documents} / $median{direct});

$_->stop foreach ($session, $watcher);
$_->stop foreach ($coordinator, values %node);
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach values %emulator;
done_testing();
