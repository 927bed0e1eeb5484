
# HTTP/2: what a server may do there that it cannot do in HTTP/1.1.
#
# The first one is written here, frame by frame, over the TLS of openssl's
# s_server.  It answers each statement as the test says, one connection after the
# other.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
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
$listener->kill_kill;
done_testing();
