
# Rows that a parent partitioned by account_sid routes to the servers of two
# accounts: does each get its own, and no other, however they come?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use RegdocsTest;
use Test::More;

my $rows = 200;
my $node = start_node();
my %emulator;

$node->safe_psql(
	'postgres', q{
		CREATE TABLE people (
			sid text, account_sid text, friendly_name text, type text)
		PARTITION BY LIST (account_sid)});
foreach my $name (qw(east west))
{
	my $account = sprintf 'AC%032d', $name eq 'east' ? 1 : 2;

	$emulator{$name} = start_emulator(
		seed => $name eq 'east' ? 1 : 2,
		account_sid => $account,
		auth_token => sprintf('%032d', $name eq 'east' ? 3 : 4));
	make_server(
		$node, $emulator{$name},
		name => $name,
		schema => undef);
	$node->safe_psql('postgres',
		    "CREATE FOREIGN TABLE people_$name PARTITION OF people "
		  . "FOR VALUES IN ('$account') "
		  . "SERVER $name OPTIONS (resource 'end_users')");
}
my $east = $emulator{east}->account_sid;
my $west = $emulator{west}->account_sid;
my $session = start_session($node);

# The names of what an emulator was told to create, in order.
sub created
{
	my ($name) = @_;
	my $requests =
	  decode_json($emulator{$name}->get('requests?n=16384'));

	return join ' ', sort map { $_->{parameters}{FriendlyName} }
	  grep { $_->{kind} eq 'create' } @$requests;
}

sub routed
{
	my ($way, $do) = @_;
	my %expected = (
		east => join(' ', sort map { "L$_" } 1 .. $rows / 2),
		west => join(' ', sort map { "R$_" } 1 .. $rows / 2));

	$_->reset foreach values %emulator;
	$do->();
	is(created($_), $expected{$_}, "$way: $_ gets its own")
	  foreach qw(east west);
	is( $session->query(
			q{SELECT count(*), bool_and(account_sid = CASE
				WHEN friendly_name LIKE 'L%' THEN '} . $east . q{'
				ELSE '} . $west . q{' END) FROM people}),
		"$rows|t",
		"$way: and has it");
	is($session->attempt('DELETE FROM people'), '00000', "$way: deleted");
	return;
}

# L1, R1, L2, R2, ...
my $source = "SELECT CASE WHEN i % 2 = 1 THEN '$east' ELSE '$west' END, "
  . "CASE WHEN i % 2 = 1 THEN 'L' ELSE 'R' END || (i + 1) / 2, 'individual' "
  . "FROM generate_series(1, $rows) i";
my $insert = "INSERT INTO people (account_sid, friendly_name, type) $source";

routed('INSERT', sub { $session->query($insert) });
routed(
	'RETURNING',
	sub {
		is( $session->query(
				"WITH new AS ($insert RETURNING sid, account_sid) "
				  . 'SELECT count(DISTINCT sid), count(DISTINCT account_sid) FROM new'
			),
			"$rows|2",
			'RETURNING tells of both');
	});
routed(
	'COPY',
	sub {
		$session->query("CREATE TABLE source (account, name, type) AS $source");
		$session->query("COPY source TO '" . $node->data_dir . "/rows'");
		$session->query('COPY people (account_sid, friendly_name, type) '
			  . "FROM '" . $node->data_dir . "/rows'");
	});
$session->query("ALTER SERVER $_ OPTIONS (ADD write_mode 'at_commit')")
  foreach qw(east west);
routed(
	'at the commit',
	sub {
		$session->query('BEGIN');
		$session->query($insert);
		is(created('east') . created('west'), '', 'nothing is sent before');
		$session->query('COMMIT');
	});

# A row that fails is named by its number in its own partition.
$session->query(
	"ALTER SERVER $_ OPTIONS (SET write_mode 'immediate', ADD concurrency '1')")
  foreach qw(east west);
$emulator{west}->fault(
	action => 'status',
	status => 400,
	path => 'end_users.create',
	skip => 70);
is($session->attempt($insert), '22023', 'a row of one of them is refused');
like($session->complaints,
	qr/It was to insert row 71 into foreign table "people_west"\./,
	'and named');
$_->clear foreach values %emulator;
$session->query('DELETE FROM people');

# A credential of the wrong account: nothing is sent to it.
$_->reset foreach values %emulator;
$session->query("ALTER USER MAPPING FOR PUBLIC SERVER east OPTIONS "
	  . "(SET account_sid '$west', SET auth_token '"
	  . $emulator{west}->auth_token
	  . "')");
is($session->attempt($insert), '22023',
	"another account's credential is refused");
is(created('east') . created('west'), '', 'and nothing is sent');

$session->stop;
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach values %emulator;

done_testing();
