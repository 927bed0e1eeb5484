
# A server that is altered while a session is about to make its client: the
# session may use the old options once, but must not keep them.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node();
my $old = start_emulator(documents => 100);
my $new = start_emulator(documents => 200);
make_server($node, $old);
my $altering = start_session($node);

# The session has planned its statement, so that it does not read the catalogs
# for that, and then waits for one of them: when it has read the server, and not
# yet whose user mapping it uses.
foreach my $what (
	"ALTER SERVER emulator OPTIONS (SET base_url '" . $new->url . "')",
	q{ALTER USER MAPPING FOR PUBLIC SERVER emulator
	  OPTIONS (SET auth_token 'another')})
{
	my $session = start_session($node);

	$session->query('SET plan_cache_mode = force_generic_plan');
	$session->query('PREPARE p AS SELECT count(*) FROM supporting_documents');
	$session->query('EXPLAIN EXECUTE p');
	$altering->query('BEGIN');
	$altering->query(
		'LOCK TABLE pg_catalog.pg_user_mapping IN ACCESS EXCLUSIVE MODE');
	$session->begin('EXECUTE p');
	my $pid = $session->pid;
	wait_until(
		'the session to wait',
		sub {
			return $altering->query(
				"SELECT count(*) FROM pg_locks WHERE pid = $pid AND NOT granted"
			) eq '1';
		});
	$altering->query($what);
	$altering->query('COMMIT');
	is($session->finish, '00000', 'a statement that was about to begin');
	my $sqlstate = $session->attempt('EXECUTE p');
	if ($what =~ /SERVER emulator OPTIONS/)
	{
		is($session->output, 200, 'the next one uses the altered server');
	}
	else
	{
		is($sqlstate, '28000', 'the next one uses the altered user mapping');
	}
	$session->stop;
}

$altering->stop;
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach ($old, $new);
done_testing();
