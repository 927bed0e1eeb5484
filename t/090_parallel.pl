
# Do foreign tables work in statements whose other parts run in parallel
# workers?  Scans of them run in the leader, while it is in parallel mode.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $documents = 3000;
my $emulator = start_emulator(documents => $documents);
my $node = start_node(
	'main',
	'parallel_setup_cost = 0',
	'parallel_tuple_cost = 0',
	'min_parallel_table_scan_size = 0',
	'max_parallel_workers_per_gather = 2',
	'jit = off');
make_server($node, $emulator);
$node->safe_psql('postgres', <<'END');
	CREATE TABLE customers AS
		SELECT row_number() OVER () AS id, sid
		FROM supporting_documents, generate_series(1, 20);
	ANALYZE customers;
	CREATE DOMAIN checked AS text CHECK (VALUE <> 'left out');
	CREATE DOMAIN number AS int CHECK (VALUE > 0);
	CREATE FUNCTION is_short(text) RETURNS bool LANGUAGE plpgsql IMMUTABLE
		AS 'BEGIN RETURN length($1) < 100; END';
	CREATE DOMAIN brief AS checked CHECK (is_short(VALUE));
	CREATE FOREIGN TABLE lenient_function (sid text, friendly_name brief)
		SERVER emulator
		OPTIONS (resource 'supporting_documents', on_error 'ignore');
	CREATE FOREIGN TABLE texts (sid text, friendly_name text, attributes text)
		SERVER emulator OPTIONS (resource 'supporting_documents');
	CREATE FOREIGN TABLE strict (sid text, friendly_name checked)
		SERVER emulator OPTIONS (resource 'supporting_documents');
	CREATE FOREIGN TABLE lenient (
		sid text, friendly_name text, attributes jsonb
	) SERVER emulator
		OPTIONS (resource 'supporting_documents', on_error 'ignore');
	CREATE FOREIGN TABLE lenient_domain (sid text, friendly_name checked)
		SERVER emulator
		OPTIONS (resource 'supporting_documents', on_error 'ignore');
	CREATE FOREIGN TABLE lenient_number (sid text, friendly_name number)
		SERVER emulator
		OPTIONS (resource 'supporting_documents', on_error 'ignore');
END

# One document that cannot be converted to either: \u0000 and "left out".
foreach my $index (5, 6)
{
	my $sid = $emulator->get("sid?index=$index");
	my $value = $index == 5 ? '\\u0000' : 'x';
	chomp $sid;
	$emulator->post('document',
		sid => $sid,
		raw => qq({"sid":"$sid","status":"draft","friendly_name":"left out",)
		  . qq("attributes":{"x":"$value"}}));
}

my $session = start_session($node);

sub show_plan
{
	my ($sql) = @_;
	return $session->query("EXPLAIN (COSTS OFF) $sql");
}

# The join of a table with the customers, which uses all columns.
sub join_with
{
	my ($table) = @_;
	return 'SELECT count(*), count(d) FROM customers AS c '
	  . "JOIN $table AS d USING (sid)";
}

my %rows = (
	texts => 20 * $documents,
	lenient => 20 * ($documents - 1),
	lenient_domain => 20 * ($documents - 2));
foreach my $mode (qw(off on))
{
	# Before PostgreSQL 16 it had another name.
	$session->query(qq{
		SELECT set_config(name, '$mode', false) FROM pg_settings
		WHERE name IN ('debug_parallel_query', 'force_parallel_mode')});
	foreach my $table (sort keys %rows)
	{
		my $sql = join_with($table);

		like(show_plan($sql), qr/Gather/, "$table, forced $mode: is parallel");
		is( $session->attempt($sql), '00000',
			"$table, forced $mode: it works")
		  or diag($session->complaints);
		is( $session->output,
			"$rows{$table}|$rows{$table}",
			"$table, forced $mode: all rows");
	}
	is($session->attempt(join_with('strict')),
		'23514', "strict, forced $mode: an error");
	is($session->query('SELECT count(*) FROM supporting_documents'),
		$documents, "forced $mode: a foreign table alone");
	is($session->query('SELECT count(friendly_name) FROM lenient_number'),
		'0', "forced $mode: all are left out");
	is( $session->query(
			'SELECT count(*) FROM customers WHERE sid IN (SELECT sid '
			  . 'FROM supporting_documents WHERE status = $$draft$$)'
		) > 0,
		1,
		"forced $mode: in a subquery");
}

# A domain that is checked by a function of a user: what that function did
# cannot be undone in parallel mode before PostgreSQL 17, so the document that
# cannot be converted is an error there.
my $sqlstate = $session->attempt(join_with('lenient_function'));
if ($node->pg_version >= 17)
{
	is($session->output, "$rows{lenient_domain}|$rows{lenient_domain}",
		'a function of a user: all other rows');
}
else
{
	is($sqlstate, '23514', 'a function of a user: an error');
}
$session->query('SET max_parallel_workers_per_gather = 0');
is($session->query(join_with('lenient_function')),
	"$rows{lenient_domain}|$rows{lenient_domain}",
	'a function of a user, without workers: all other rows');
$session->query('RESET max_parallel_workers_per_gather');

# The leader takes part, or does not.
$session->query('SET parallel_leader_participation = off');
is($session->query(join_with('texts')),
	'60000|60000', 'the leader only leads');

# Cancelled while workers run.
$emulator->fault(action => 'stall_body');
$session->query('SET statement_timeout = 200');
is($session->attempt(join_with('texts')),
	'57014', 'timed out');
$session->query('RESET statement_timeout');
is($session->query(join_with('texts')),
	'60000|60000', 'and works again');

# An error in a worker stops the scan in the leader.
is( $session->attempt(
		'SELECT count(*) FROM supporting_documents AS d JOIN '
		  . '(SELECT sid, 1 / (id - 30000) AS x FROM customers) AS c '
		  . 'USING (sid) WHERE x >= 0'),
	'22012',
	'an error in a worker');
is($session->query('SELECT count(*) FROM supporting_documents'),
	$documents, 'and works again');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
