
# regdocs_fdw.allowed_hosts in the server's configuration: can somebody get
# around it, and does a session that is open heed a change?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $documents = 100;
my $emulator = start_emulator(documents => $documents);
my $node = start_node('main', q{regdocs_fdw.allowed_hosts = '*.twilio.com'});

$node->safe_psql('postgres', <<'END');
	CREATE ROLE tenant LOGIN;
	GRANT USAGE ON FOREIGN DATA WRAPPER regdocs_fdw TO tenant;
	GRANT ALL ON SCHEMA public TO tenant;
END
my $create = 'CREATE SERVER own FOREIGN DATA WRAPPER regdocs_fdw '
  . "OPTIONS (base_url '" . $emulator->url . "')";

# Before the library is loaded, anybody can set anything.
my $session = start_session($node, user => 'tenant');
$session->query(q{SET regdocs_fdw.allowed_hosts = '*'});
is($session->attempt($create), '42501', 'a setting of before does not count');
unlike($session->complaints, qr/127\.0\.0\.1/, 'the host is not repeated');
is($session->attempt('SET regdocs_fdw.allowed_hosts = $$*$$'),
	'42501', 'nor can it be set later');
is($session->query('SHOW regdocs_fdw.allowed_hosts'),
	"*.twilio.com", 'what the configuration says holds');
$session->stop;

# A change of the configuration.
sub configure
{
	my ($hosts) = @_;
	$node->append_conf('postgresql.conf',
		"regdocs_fdw.allowed_hosts = '$hosts'");
	return $node->reload;
}

sub heed
{
	my ($hosts) = @_;
	return wait_until(
		"a session to know of $hosts",
		sub {
			$session->query('SHOW regdocs_fdw.allowed_hosts') eq $hosts;
		});
}

configure('127.0.0.1');
make_server($node, $emulator);
$node->safe_psql('postgres', 'GRANT SELECT ON supporting_documents TO tenant');
$session = start_session($node, user => 'tenant');
my $all = 'SELECT count(*) FROM supporting_documents';
is($session->query($all), $documents, 'a host that is allowed');
configure('localhost');
heed('localhost');
$emulator->reset;
is($session->attempt($all), '42501',
	'not any more: the connection that was open is not used');
like($session->complaints,
	qr/ERROR:  host in option "base_url" of server "emulator" is not allowed/,
	'which is said');
is($emulator->count('total'), 0, 'nothing is sent');
configure('localhost,127.*');
heed('localhost,127.*');
is($session->query($all), $documents, 'allowed again');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
