
# Is a server believed only if its certificate is valid for its name and
# comes from an authority that is trusted?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use IPC::Run;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'openssl is not installed'
  if system('openssl version > /dev/null 2>&1') != 0;

my $directory = PostgreSQL::Test::Utils::tempdir();

sub openssl
{
	my (@arguments) = @_;
	return system_or_bail('openssl', @arguments);
}

# An authority, which signs certificates for names.
sub make_authority
{
	my ($name) = @_;
	return openssl(
		'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-batch',
		'-subj' => "/CN=Test $name",
		'-days' => 2,
		'-keyout' => "$directory/$name.key",
		'-out' => "$directory/$name.crt");
}

# How to ask for a certificate that has expired: of OpenSSL 3.4 and later by its
# dates, of earlier ones by a negative number of days.
sub expired
{
	my $help = `openssl x509 -help 2>&1`;

	return (-days => -1) if $help !~ /-not_after\b/;
	return (
		-not_before => '20200101000000Z',
		-not_after => '20200102000000Z');
}

sub make_certificate
{
	my ($name, $authority, $names, @validity) = @_;

	append_to_file("$directory/$name.ext", "subjectAltName = $names\n");
	openssl(
		'req', '-new', '-newkey', 'rsa:2048', '-nodes', '-batch',
		'-subj' => "/CN=Test $name",
		'-keyout' => "$directory/$name.key",
		'-out' => "$directory/$name.csr");
	return openssl(
		'x509', '-req',
		'-in' => "$directory/$name.csr",
		'-CA' => "$directory/$authority.crt",
		'-CAkey' => "$directory/$authority.key",
		'-CAcreateserial',
		@validity,
		'-extfile' => "$directory/$name.ext",
		'-out' => "$directory/$name.crt");
}

make_authority($_) foreach qw(authority stranger);
make_certificate('good', 'authority', 'IP:127.0.0.1', -days => 2);
make_certificate('other', 'authority', 'DNS:elsewhere.invalid', -days => 2);
make_certificate('expired', 'authority', 'IP:127.0.0.1', expired());

my %emulator = map {
	$_ => start_emulator(
		documents => 2500,
		tls_cert => "$directory/$_.crt",
		tls_key => "$directory/$_.key")
} qw(good other expired);
my $node = start_node();

sub make_tls_server
{
	my ($name, $emulator, %options) = @_;
	$node->safe_psql('postgres', "CREATE SCHEMA $name");
	return make_server(
		$node, $emulator,
		name => $name,
		schema => $name,
		options => \%options);
}

my %trusted = (ca_file => "$directory/authority.crt");
make_tls_server('good', $emulator{good}, %trusted);
make_tls_server('system', $emulator{good});
make_tls_server('stranger', $emulator{good},
	ca_file => "$directory/stranger.crt");
make_tls_server('other', $emulator{other}, %trusted);
make_tls_server('expired', $emulator{expired}, %trusted);
make_tls_server('nowhere', $emulator{good}, ca_file => '/nonexistent.crt');

my $session = start_session($node);

# A certificate that is right.  Each session needs one handshake.
$emulator{good}->reset;
foreach my $number (1 .. 20)
{
	$session->query('SELECT * FROM good.supporting_documents LIMIT 1');
}
is($session->query('SELECT count(*) FROM good.supporting_documents'),
	2500, 'the authority is trusted');
is($emulator{good}->count('list'), 20 + 3, 'that took a request a page');
is( $session->query('SELECT connections FROM regdocs_fdw_connections()'),
	'1',
	'and one connection');

# Those that are wrong, in one way each.  To ask again would not help, and the
# credential is not sent.
my %complaints = (
	system => qr/certificate/,
	stranger => qr/certificate/,
	other => qr/127\.0\.0\.1/,
	expired => qr/expired/,
	nowhere => qr{/nonexistent\.crt|CA|certificate});
$_->reset foreach values %emulator;
foreach my $name (sort keys %complaints)
{
	my $ms = elapsed_ms(
		sub {
			is( $session->attempt(
					"SELECT count(*) FROM $name.supporting_documents"),
				'08001',
				"$name: could not connect");
		});
	note(sprintf '%s, in %.0f ms', $session->complaints, $ms);
	like($session->complaints, $complaints{$name}, "$name: says why");
	is( $session->query(
			q{SELECT requests, retries, failures FROM regdocs_fdw_connections()
			  WHERE server_name = } . "'$name'"),
		'1|0|1',
		"$name: is not tried again");
}
is($emulator{$_}->count('total'), 0, "$_: no request was sent")
  foreach sort keys %emulator;

# Servers share connections, and what libcurl remembers of certificates and of
# TLS sessions; but what one of them trusts, another does not.
make_tls_server('fresh', $emulator{good}, keep_connections => 'off', %trusted);
foreach my $name ('system', 'stranger')
{
	foreach my $believer ('good', 'fresh')
	{
		my $trusting = "SELECT count(*) FROM $believer.supporting_documents";
		my $doubting = "SELECT count(*) FROM $name.supporting_documents";

		is($session->query($trusting), 2500, "$believer: is content");
		$emulator{good}->reset;
		is($session->attempt($doubting),
			'08001', "$name: is not, though $believer is");
		is($emulator{good}->count('total'), 0, "$name: sends nothing");
		is($session->query($trusting), 2500, "$believer: still is content");

		$session->query('BEGIN');
		$session->query("DECLARE c CURSOR FOR SELECT sid "
			  . "FROM $believer.supporting_documents");
		$session->query('MOVE 10 IN c');
		$session->query('SAVEPOINT s');
		is($session->attempt($doubting),
			'08001', "$name: nor beside a cursor of $believer");
		$session->query('ROLLBACK TO s');
		is($session->query('MOVE ALL IN c; SELECT 1'), 1, 'which goes on');
		$session->query('ROLLBACK');
		is( $session->attempt(
				"SELECT ($trusting), ($doubting)"), '08001',
			"$name: nor in one statement with $believer");
		is( $session->attempt(
				"SELECT count(*) FROM (SELECT sid FROM "
				  . "$believer.supporting_documents UNION ALL "
				  . "SELECT sid FROM $name.supporting_documents) both_of_them"),
			'08001',
			"$name: nor side by side with $believer");
	}
}

# A server that does not speak TLS.
my $plain = start_emulator(documents => 10);
(my $url = $plain->url) =~ s/^http:/https:/;
make_tls_server('plain', $plain, base_url => $url, max_retries => 0, %trusted);
is($session->attempt('SELECT count(*) FROM plain.supporting_documents'),
	'08001', 'a server without TLS');
is($plain->count('total'), 0, 'no request was sent');

# A server that speaks HTTP/2 is spoken to in it.  This one only listens.
my ($said, $heard) = ('', '');
my $listener = IPC::Run::start(
	[
		'openssl', 's_server',
		'-accept' => '127.0.0.1:0',
		'-alpn' => 'h2',
		'-cert' => "$directory/good.crt",
		'-key' => "$directory/good.key"
	],
	'<' => \$said,
	'>&' => \$heard,
	IPC::Run::timeout(60));
$listener->pump until $heard =~ /^ACCEPT 127\.0\.0\.1:(\d+)/m;
make_tls_server(
	'http2', $plain,
	base_url => "https://127.0.0.1:$1",
	max_retries => 0,
	request_timeout => '500ms',
	%trusted);
$session->attempt('SELECT count(*) FROM http2.supporting_documents');
$listener->pump until $heard =~ m{^PRI \* HTTP/\d}m || $heard =~ /^GET /m;
like($heard, qr{^PRI \* HTTP/2\.0}m, 'HTTP/2 is spoken with who offers it');
$listener->kill_kill;

# The file may change to one that helps; a new session reads it.
$node->safe_psql('postgres',
	"ALTER SERVER stranger OPTIONS (SET ca_file '$trusted{ca_file}')");
is($session->query('SELECT count(*) FROM stranger.supporting_documents'),
	2500, 'a changed ca_file is used');

$_->stop foreach values %emulator;
is($plain->stop, '', 'the emulator had nothing to complain about');

done_testing();
