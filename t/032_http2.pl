
# HTTP/2: what a server may do there that it cannot do in HTTP/1.1, and what it
# means that requests share a connection.
#
# The first server is written here, frame by frame, over the TLS of openssl's
# s_server.  It answers each statement as the test says, one connection after the
# other.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use IO::Select;
use IO::Socket::INET;
use IPC::Run;
use POSIX ();
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'openssl is not installed'
  if system('openssl version > /dev/null 2>&1') != 0;

my $directory = PostgreSQL::Test::Utils::tempdir();

system_or_bail(
	'openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-batch',
	'-subj' => '/CN=Test',
	'-addext' => 'subjectAltName = IP:127.0.0.1',
	'-days' => 2,
	'-keyout' => "$directory/key.pem",
	'-out' => "$directory/certificate.pem");

# What is started below ends with the test, however that ends.
my @started;
my $relay_pid;
END
{
	local $?;
	$_->kill_kill foreach @started;
	kill 'KILL', $relay_pid, relay_pids() if defined $relay_pid;
}

my $node = start_node();
my %trusted = (ca_file => "$directory/certificate.pem");

# Types of frames, a flag, and codes of errors (RFC 9113).
my %frame_type = (data => 0, headers => 1, reset => 3, settings => 4, goaway => 7);
my $end_stream = 1;
my $end_headers = 4;
my $refused_stream = 7;

my ($to_client, $from_client, $complaints) = ('', '', '');
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $listener = IPC::Run::start(
	[
		'openssl', 's_server', '-quiet',
		'-accept' => "127.0.0.1:$port",
		'-alpn' => 'h2',
		'-cert' => "$directory/certificate.pem",
		'-key' => "$directory/key.pem"
	],
	'<' => \$to_client,
	'>' => \$from_client,
	'2>' => \$complaints,
	my $timer = IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
push @started, $listener;

sub send_frame
{
	my ($type, $flags, $stream, $payload) = @_;

	$to_client .= substr(pack('N', length $payload), 1)
	  . pack('CCN', $frame_type{$type}, $flags, $stream)
	  . $payload;
	$listener->pump_nb;
	return;
}

# Wait for so many bytes of the client, and take them.
sub take
{
	my ($length) = @_;

	$listener->pump until length $from_client >= $length;
	return substr $from_client, 0, $length, '';
}

# The next frame: type, flags, stream.  A connection begins with a preface, after
# which the server has to say something as well.
sub next_frame
{
	my $head = take(9);

	if ($head =~ /^PRI /)
	{
		take(24 - 9);
		send_frame('settings', 0, 0, '');
		$head = take(9);
	}
	my ($high, $low, $type, $flags, $stream) = unpack('CnCCN', $head);
	take($high << 16 | $low);
	return ($type, $flags, $stream);
}

# Wait for the end of a request; returns its stream.
sub request
{
	for (;;)
	{
		my ($type, $flags, $stream) = next_frame();

		return $stream if $stream > 0 && $type <= 1 && $flags & $end_stream;
	}
}

# A status, as HPACK has it without an index for the value.
sub answer
{
	my ($stream, $status, $body) = @_;

	send_frame('headers', $end_headers, $stream, "\x08\x03$status");
	send_frame('data', $end_stream, $stream, $body);
	return;
}

my $sid = 'RD' . '1' x 32;
my $list = qq({"results":[{"sid":"$sid"}],"meta":{"next_page_url":null}});
my $document = qq({"sid":"$sid","friendly_name":"n","status":"draft"});

make_server(
	$node,
	start_emulator(documents => 1),
	name => 'by_hand',
	options => {
		base_url => "https://127.0.0.1:$port",
		max_retries => 2,
		%trusted });

my $session = start_session($node);
my $insert =
  q{INSERT INTO supporting_documents (friendly_name, type) VALUES ('n', 'passport')};

# A create that the server says that it has not looked at, on a connection that
# is new and on one that is kept, is sent again; nothing was done, and nothing is
# in doubt.
foreach my $refusal ('a stream that is refused', 'a connection that is ended')
{
	foreach my $kept (0, 1)
	{
		my $name = "$refusal, " . ($kept ? 'kept' : 'new');

		$session->query('SELECT regdocs_fdw_disconnect_all()');
		if ($kept)
		{
			$session->begin('SELECT sid FROM supporting_documents');
			answer(request(), 200, $list);
			is($session->finish, '00000', "$name: a statement before")
			  or diag($session->complaints);
		}
		$session->begin($insert);
		my $stream = request();
		is($stream, $kept ? 3 : 1, "$name: the connection is "
			  . ($kept ? 'kept' : 'new'));
		if ($refusal =~ /stream/)
		{
			send_frame('reset', 0, $stream, pack('N', $refused_stream));
		}
		else
		{
			send_frame('goaway', 0, 0, pack('NN', $kept ? 1 : 0, 0));
		}
		is(request(), 1, "$name: it is sent over another one");
		answer(1, 201, $document);
		is($session->finish, '00000', "$name: the create succeeds")
		  or diag($session->complaints);
	}
}

# The end of a connection that has taken in the request tells nothing of it.
$session->query('SELECT regdocs_fdw_disconnect_all()');
$session->begin($insert);
my $stream = request();
send_frame('goaway', 0, 0, pack('NN', $stream, 0));
send_frame('reset', 0, $stream, pack('N', 2));
is($session->finish, '08007', 'a create that was taken in may have been done');

$session->stop;

#
# A whole server, nghttpx in front of an emulator, and before it a relay, with a
# process for each connection: one that is stopped leaves its connection dead,
# without an end.
#
my ($nghttpx) = grep { -x $_ } map { "$_/nghttpx" }
  (split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin');

SKIP:
{
	skip 'nghttpx is not installed', 1 if !defined $nghttpx;

	my $emulator = start_emulator(documents => 2500);
	my $https_port = PostgreSQL::Test::Cluster::get_free_port();
	my $log = "$directory/access.log";
	my $proxy = IPC::Run::start(
		[
			$nghttpx, '--conf=/dev/null', '--no-ocsp', '--workers=1',
			'--single-process',
			"--frontend=127.0.0.1,$https_port",
			'--backend=127.0.0.1,' . $emulator->port,
			"--accesslog-file=$log", '--accesslog-format=$alpn $status',
			"--errorlog-file=$directory/error.log",
			"$directory/key.pem", "$directory/certificate.pem"
		],
		'<' => \undef);
	push @started, $proxy;
	wait_until(
		'nghttpx',
		sub {
			return IO::Socket::INET->new(
				PeerAddr => '127.0.0.1',
				PeerPort => $https_port);
		});
	my $relay = silent_server();
	$relay_pid = run_relay($relay, $https_port);

	make_server(
		$node,
		$emulator,
		name => 'relayed',
		schema => undef,
		options => {
			base_url => 'https://127.0.0.1:' . $relay->sockport,
			request_timeout => '500ms',
			max_retries => 2,
			%trusted });
	$node->safe_psql('postgres',
		'CREATE FOREIGN TABLE relayed (sid text) SERVER relayed '
		  . q{OPTIONS (resource 'supporting_documents')});
	$session = start_session($node);

	my $statistics =
	  'SELECT connections, requests, retries FROM regdocs_fdw_connections()';
	my $all = 'SELECT count(*) FROM relayed';
	my @sids = map { my $sid = $emulator->get("sid?index=$_"); chomp $sid; $sid }
	  1 .. 40;
	my $some = "$all WHERE sid IN ('" . join("', '", @sids) . q{')};

	is($session->query($some), 40, 'fetches side by side');
	is($session->query($statistics), '1|40|0', 'share a connection');
	is( join(' ', sort { $a cmp $b } split /\n/, slurp_file($log)),
		join(' ', ('h2 200') x 40),
		'of HTTP/2');

	# A connection dies between two statements.
	freeze_last();
	is($session->attempt($some), '00000', 'a connection that is dead')
	  or diag($session->complaints);
	my ($connections, $requests, $retries) =
	  split /\|/, $session->query($statistics);
	is($connections, 2, 'is replaced by one other');
	cmp_ok($retries, '<=', 8, 'after the time of those that were under way');
	is($session->query($all), 2500, 'which the next statement uses');
	is($session->query($statistics),
		join('|', $connections, $requests + 3, $retries),
		'without a retry');

	# A statement that is cancelled has not waited for so long.
	$session->query(q{ALTER SERVER relayed OPTIONS (SET request_timeout '60s')});
	is($session->query($all), 2500, 'a new connection');
	freeze_last();
	$session->query(q{SET statement_timeout = '300ms'});
	is($session->attempt($all), '57014', 'a statement times out on it');
	is($session->query($all), 2500, 'and the next one does not');

	$session->stop;
	is($emulator->stop, '', 'the emulator had nothing to complain about');
}

done_testing();

# The processes of the relay, one for each connection.
sub relay_pids
{
	my $list = "$directory/relay";

	return -e $list ? split /\n/, slurp_file($list) : ();
}

# Leave the last connection as it is, for ever.
sub freeze_last
{
	my @pids = relay_pids();

	return kill 'STOP', $pids[-1];
}

sub run_relay
{
	my ($server, $to_port) = @_;
	my $pid = fork // die "could not fork: $!";

	return $pid if $pid;
	local $SIG{CHLD} = 'IGNORE';
	default_signals();
	while (my $near = $server->accept)
	{
		my $child = fork // POSIX::_exit(1);

		if ($child == 0)
		{
			relay_connection($near, $to_port);
			POSIX::_exit(0);
		}
		append_to_file("$directory/relay", "$child\n");
		close $near;
	}
	POSIX::_exit(0);
}

sub relay_connection
{
	my ($near, $to_port) = @_;
	my $far = IO::Socket::INET->new(
		PeerAddr => '127.0.0.1',
		PeerPort => $to_port) or return;
	my $select = IO::Select->new($near, $far);

	for (;;)
	{
		foreach my $from ($select->can_read)
		{
			my $to = $from == $near ? $far : $near;
			my $data;

			return if !sysread $from, $data, 65536;
			while (length $data)
			{
				my $written = syswrite $to, $data;

				return if !defined $written;
				substr $data, 0, $written, '';
			}
		}
	}
	return;
}
