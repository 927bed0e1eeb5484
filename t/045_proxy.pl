
# What doc/roles.md says of proxies: how one is set, what goes through it and what
# does not, and that nobody is shown its password.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use IO::Select;
use IO::Socket::INET;
use MIME::Base64;
use POSIX ();
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'openssl is not installed'
  if system('openssl version > /dev/null 2>&1') != 0;

my $directory = PostgreSQL::Test::Utils::tempdir();
my $password = 'PasswordOfTheProxy';
my $documents = 100;

#
# A proxy, which passes on what comes by CONNECT, and notes that and all that a
# client says.  With a password, it wants that.
#
my $heard = "$directory/heard";
my @children;

END
{
	local $?;

	kill 'TERM', @children;
	waitpid $_, 0 foreach @children;
}

sub pass_on
{
	my ($client, $server) = @_;
	my $select = IO::Select->new($client, $server);

	while (1)
	{
		foreach my $socket ($select->can_read)
		{
			my $other = $socket == $client ? $server : $client;

			sysread($socket, my $bytes, 65536) or return;
			append_to_file($heard, $bytes) if $socket == $client;
			while (length $bytes > 0)
			{
				my $written = syswrite($other, $bytes) or return;
				substr($bytes, 0, $written) = '';
			}
		}
	}
	return;
}

sub serve
{
	my ($client, $wanted) = @_;
	my $head = '';
	my $server;

	while ($head !~ /\r\n\r\n/)
	{
		sysread($client, $head, 4096, length $head) or return;
	}
	append_to_file($heard, $head);
	if (defined $wanted
		&& $head !~ /^Proxy-Authorization: Basic \Q$wanted\E\r$/mi)
	{
		syswrite($client, "HTTP/1.1 407 Proxy Authentication Required\r\n"
			  . "Proxy-Authenticate: Basic realm=\"x\"\r\n"
			  . "Content-Length: 0\r\nConnection: close\r\n\r\n");
		return;
	}
	$server = IO::Socket::INET->new(PeerAddr => $1)
	  if $head =~ /^CONNECT (127\.0\.0\.1:\d+) /;
	if (!defined $server)
	{
		syswrite($client, "HTTP/1.1 502 Bad Gateway\r\n\r\n");
		return;
	}
	syswrite($client, "HTTP/1.1 200 Connected\r\n\r\n");
	return pass_on($client, $server);
}

sub start_proxy
{
	my ($wanted) = @_;
	my $listener = silent_server();
	my $child = fork // die "could not fork: $!";

	if ($child > 0)
	{
		push @children, $child;
		return $listener->sockport;
	}
	# One process for all: each connection is one of its children, and they
	# end when their client does.
	$SIG{CHLD} = 'IGNORE';
	default_signals();
	while (my $client = $listener->accept)
	{
		next if fork;
		serve($client, $wanted);
		POSIX::_exit(0);
	}
	POSIX::_exit(0);
}

sub heard
{
	return -e $heard ? slurp_file($heard) : '';
}

my $open = start_proxy();
my $closed =
  start_proxy(encode_base64("ana:$password", ''));

#
# An emulator with TLS, and one without
#
system_or_bail(
	'openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-batch',
	'-subj' => '/CN=Test proxy',
	'-addext' => 'subjectAltName = IP:127.0.0.1',
	'-days' => 2,
	'-keyout' => "$directory/tls.key",
	'-out' => "$directory/tls.crt");
my $emulator = start_emulator(
	documents => $documents,
	tls_cert => "$directory/tls.crt",
	tls_key => "$directory/tls.key");
my $plain = start_emulator(documents => $documents);
my $node = start_node('main', 'log_statement = all',
	'log_min_messages = debug1',
	q{regdocs_fdw.allowed_hosts = '127.0.0.1'});
make_server($node, $emulator,
	options => { ca_file => "$directory/tls.crt", max_retries => 0 });
$node->safe_psql('postgres', 'CREATE SCHEMA plain');
make_server($node, $plain, name => 'plain', schema => 'plain');
my $all = 'SELECT count(*) FROM supporting_documents';
my $said = '';

# The server's process has these in its environment, and none else of proxies.
sub restart_with
{
	my (%environment) = @_;
	local %ENV = (%ENV, %environment);

	unlink $heard;
	return $node->restart;
}

sub attempt
{
	my ($sql) = @_;
	my $session =
	  start_session($node, set => { client_min_messages => 'debug1' });
	my $sqlstate = $session->attempt($sql);

	$said .= $session->complaints;
	return ($sqlstate, $session->output, $session->complaints);
}

# As the page has it; a host that allowed_hosts does not have.
slurp_file("$FindBin::Bin/../doc/roles.md") =~ /^Environment=(\w+)=(\S+)$/m
  or die 'doc/roles.md does not say how a proxy is set';
my ($variable, $url) = ($1, $2);
$url =~ s/proxy\.example:3128/localhost:$open/
  or die "doc/roles.md has another proxy: $url";
restart_with($variable => $url);
my ($sqlstate, $output, $complaints) = attempt($all);
is("$sqlstate $output", "00000 $documents", 'as the page says: it works');
my $port = $emulator->port;
like(heard(), qr/^CONNECT 127\.0\.0\.1:$port /, 'through the proxy');
is(scalar(() = heard() =~ /^CONNECT /mg), 1, 'by one connection');
unlike(heard(), qr/SupportingDocuments|Authorization/i,
	'which sees nothing of what is sent');
is_deeply(
	[
		attempt(
			q{INSERT INTO supporting_documents (friendly_name, type)
			  VALUES ('proxy', 'passport')}
		)
	]->[0],
	'00000',
	'writes as well');
unlink $heard;
is((attempt('SELECT count(*) FROM plain.supporting_documents'))[1],
	$documents, 'without TLS it works');
is(heard(), '', 'and not through the proxy');

restart_with(
	$variable => $url,
	http_proxy => $url,
	all_proxy => $url,
	no_proxy => '127.0.0.1');
is((attempt($all))[1], $documents + 1, 'no_proxy works');
is(heard(), '', 'and not through the proxy');
restart_with($variable => $url, http_proxy => $url, all_proxy => $url);
is((attempt('SELECT count(*) FROM plain.supporting_documents'))[1],
	$documents, 'without TLS there is none, whatever is set');
is(heard(), '', 'and not through the proxy');

#
# A password
#
restart_with($variable => "http://ana:$password\@localhost:$closed");
is((attempt($all))[1], $documents + 1, 'a password of a proxy');
like(heard(), qr/^CONNECT 127\.0\.0\.1:$port /, 'which is used');

# All that can be wrong with it; somewhere the password is, and nowhere shown.
my %wrong = (
	'a wrong user' => "http://bob:$password\@localhost:$closed",
	'nobody there' => "http://ana:$password\@127.0.0.1:1",
	'an unknown host' => "http://ana:$password\@nowhere.invalid:3128",
	'a port that is none' => "http://ana:$password\@localhost:port",
	'no URL' => "http://ana:$password\@local host:3128",
	'an unknown scheme' => "carrier://ana:$password\@localhost:3128");
foreach my $name (sort keys %wrong)
{
	restart_with($variable => $wrong{$name});
	($sqlstate, $output, $complaints) = attempt($all);
	like($sqlstate, qr/^08/, "$name: refused");
	note($complaints);
	is($output, '', "$name: and nothing read");
}
unlike($said, qr/\Q$password\E/, 'no message has the password');
my $encoded = encode_base64("bob:$password", '');
unlike($said, qr/\Q$encoded\E/, 'nor what is sent of it');
$node->stop;
unlike(slurp_file($node->logfile), qr/\Q$password\E|\Q$encoded\E/,
	'nor has the log');

is($emulator->stop . $plain->stop,
	'', 'the emulators had nothing to complain about');

done_testing();
