
# Do sessions get in each other's way?  Each has its own connections, limits
# and credentials, and takes in what others change.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $sessions = 6;
my $concurrency = 3;

my $emulator = start_emulator(documents => 5000, latency => 5);
my $node = start_node();
make_server($node, $emulator,
	options => { concurrency => $concurrency, page_size => 100 });

my $digest = q{SELECT md5(string_agg(d::text, '' ORDER BY sid))
			   FROM supporting_documents AS d};
my $fetches = q{SELECT count(*) FROM supporting_documents
				WHERE sid = ANY ('{%s}')};

#
# Several at once
#
my @sids =
  map { my $sid = $emulator->get("sid?index=$_"); chomp $sid; $sid }
  (0 .. 59);
my @sessions = map { start_session($node) } (1 .. $sessions);
my $expected = $sessions[0]->query($digest);
$sessions[0]->query('SELECT regdocs_fdw_disconnect_all()');

$emulator->reset;
my $before = $emulator->count('connections');
$_->begin($digest) foreach @sessions;
is_deeply([ map { $_->finish } @sessions ],
	[ ('00000') x $sessions ], 'lists at once: they work');
is_deeply(
	[ map { $_->output } @sessions ],
	[ ($expected) x $sessions ],
	'lists at once: all have the same rows');
is($emulator->count('connections') - $before,
	$sessions, 'lists at once: one connection each');
is($emulator->count('list'), 50 * $sessions, 'lists at once: all pages each');

# One session keeps its concurrency, and does use it.
$emulator->reset;
is($sessions[0]->query(sprintf $fetches, join ',', @sids),
	scalar @sids, 'fetches in one session: all are found');
is($emulator->count('fetch'), scalar @sids,
	'fetches in one session: one request each');
is($emulator->count('in_flight_max'),
	$concurrency, 'fetches in one session: as many at once as allowed');

# All sessions do, and none more.
$emulator->reset;
foreach my $session (@sessions)
{
	$session->begin(sprintf $fetches, join ',', @sids);
}
is_deeply([ map { $_->finish } @sessions ],
	[ ('00000') x $sessions ], 'fetches at once: they work');
is_deeply([ map { $_->output } @sessions ],
	[ (scalar @sids) x $sessions ], 'fetches at once: all are found');
my $most = $emulator->count('in_flight_max');
note("at most $most in flight, of $sessions sessions");
cmp_ok($most, '<=', $sessions * $concurrency,
	'fetches at once: no more at once than allowed');
$_->stop foreach @sessions;

# A server that allows fewer than that: sessions slow down, and all succeed.
my $busy =
  start_emulator(documents => 1000, latency => 5, max_concurrent => 4);
$node->safe_psql('postgres', 'CREATE SCHEMA busy');
make_server(
	$node, $busy,
	name => 'busy',
	schema => 'busy',
	options => {
		concurrency => 8,
		page_size => 10,
		max_retries => 100
	});
@sids =
  map { my $sid = $busy->get("sid?index=$_"); chomp $sid; $sid } (0 .. 59);
@sessions = map { start_session($node) } (1 .. 2);
foreach my $session (@sessions)
{
	$session->begin('SELECT count(*) FROM busy.supporting_documents '
		  . 'WHERE sid = ANY (\'{' . join(',', @sids) . '}\')');
}
is_deeply([ map { $_->finish . ' ' . $_->output } @sessions ],
	[ ('00000 60') x 2 ], 'too many requests: all are found in the end');
my $throttled = $busy->count('throttled');
cmp_ok($throttled, '>', 0, 'too many requests: some were refused');
my $known = 0;
$known += $_->query('SELECT throttled FROM regdocs_fdw_connections()')
  foreach @sessions;
is($known, $throttled, 'too many requests: the sessions know of each');
$_->stop foreach @sessions;

#
# Who is who
#
my %account = (
	alice => 'AC' . 'a' x 32,
	bob => 'AC' . 'b' x 32);
my %own = map {
	$_ => start_emulator(
		documents => 50,
		seed => ord,
		account_sid => $account{$_},
		auth_token => "token-of-$_")
} sort keys %account;

# One name for two accounts: what each role reaches depends on its mapping.
$node->safe_psql('postgres', <<'END');
	CREATE ROLE alice LOGIN;
	CREATE ROLE bob LOGIN;
	CREATE ROLE carol LOGIN;
	CREATE SCHEMA shared;
	GRANT USAGE ON SCHEMA shared TO PUBLIC;
	GRANT pg_read_all_data TO alice, bob, carol;
END
make_server(
	$node, $own{alice},
	name => 'shared',
	user => 'alice',
	mapping => {
		account_sid => $account{alice},
		auth_token => 'token-of-alice'
	},
	schema => 'shared');
$node->safe_psql('postgres', <<"END");
	CREATE USER MAPPING FOR bob SERVER shared
		OPTIONS (account_sid '$account{bob}', auth_token 'token-of-bob');
	CREATE FUNCTION shared.as_owner() RETURNS bigint LANGUAGE sql
		SECURITY DEFINER SET search_path = shared
		AS 'SELECT count(*) FROM shared.supporting_documents';
	ALTER FUNCTION shared.as_owner() OWNER TO alice;
	GRANT CREATE ON SCHEMA shared TO alice;
	SET ROLE alice;
	CREATE VIEW shared.as_alice AS
		SELECT account_sid FROM shared.supporting_documents;
END

my %session =
  map { $_ => start_session($node, user => $_) } qw(alice bob carol);
my $accounts = 'SELECT DISTINCT account_sid FROM shared.supporting_documents';
is($session{alice}->query($accounts), $account{alice},
	'alice: her own documents');
is($session{bob}->attempt($accounts),
	'28000', 'bob: not let in by this server');
is($own{alice}->count('unauthorized'), 1, 'bob: asked with his own credential');
is($session{carol}->attempt($accounts), '28000', 'carol: no mapping');
like($session{carol}->complaints, qr/user mapping/, 'carol: is told');
is($own{alice}->count('unauthorized'), 1, 'carol: asked nothing');

# One session in several roles.
my $session = start_session($node);
$session->query('SET ROLE alice');
is($session->query($accounts), $account{alice}, 'as alice: her documents');
$session->query('SET ROLE bob');
is($session->attempt($accounts), '28000', 'as bob: refused');
is($session->query('SELECT shared.as_owner()'),
	50, 'as bob: a function that runs as alice');
is($session->query('SELECT DISTINCT account_sid FROM shared.as_alice'),
	$account{alice}, 'as bob: a view that is alice\'s');
$session->query('SET ROLE carol');
is($session->query('SELECT count(*) FROM shared.as_alice'),
	50, 'as carol: a view that is alice\'s');
$session->query('RESET ROLE');
is( $session->query(
		'SELECT user_name, account FROM regdocs_fdw_connections() ORDER BY 1'),
	"alice|$account{alice}\nbob|$account{bob}",
	'one client for each mapping');

# A prepared statement is planned anew for another role.
$session->query("PREPARE accounts AS $accounts");
$session->query('SET plan_cache_mode = force_generic_plan');
$session->query('SET ROLE alice');
is($session->query('EXECUTE accounts'), $account{alice},
	'prepared, as alice: her documents');
$session->query('SET ROLE bob');
is($session->attempt('EXECUTE accounts'),
	'28000', 'prepared, as bob: refused');
$session->query('RESET ROLE');

#
# Changes
#
# The server leads to bob's account now; open sessions go there.
$node->safe_psql('postgres',
	"ALTER SERVER shared OPTIONS (SET base_url '" . $own{bob}->url . "')");
is($session{bob}->query($accounts), $account{bob}, 'bob: his own documents');
is($session{alice}->attempt($accounts), '28000', 'alice: shut out');

# A mapping changes; the session whose it is has it with its next statement.
$node->safe_psql('postgres',
	'ALTER USER MAPPING FOR alice SERVER shared OPTIONS '
	  . "(SET account_sid '$account{bob}', SET auth_token 'token-of-bob')");
is($session{alice}->query($accounts), $account{bob},
	'alice: with a new credential');
$node->safe_psql('postgres', 'DROP USER MAPPING FOR alice SERVER shared');
is($session{alice}->attempt($accounts), '28000', 'alice: without a mapping');
$node->safe_psql('postgres',
	'CREATE USER MAPPING FOR PUBLIC SERVER shared OPTIONS '
	  . "(account_sid '$account{bob}', auth_token 'token-of-bob')");
is($session{alice}->query($accounts), $account{bob}, 'alice: by that for all');
is($session{carol}->query($accounts), $account{bob}, 'carol: by that for all');
$session{carol}->query($accounts);
is( $session{carol}->query('SELECT user_name FROM regdocs_fdw_connections()'),
	'public',
	'carol: whose mapping it is');

# Options of a table are taken in by prepared statements of others.
$session{bob}->query(
	'PREPARE whole AS SELECT sid FROM shared.supporting_documents');
$session{bob}->query('EXECUTE whole');
$own{bob}->reset;
$node->safe_psql('postgres', 'ALTER FOREIGN TABLE shared.supporting_documents '
	  . q{OPTIONS (page_size '10')});
$session{bob}->query('EXECUTE whole');
is($own{bob}->count('list'), 5, 'a prepared statement uses a new page size');

is($_->stop, '', 'the emulator had nothing to complain about')
  foreach ($emulator, $busy, values %own);

done_testing();
