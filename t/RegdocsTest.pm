
=pod

=head1 NAME

RegdocsTest - what the TAP tests of regdocs_fdw have in common

=head1 SYNOPSIS

  use FindBin;
  use lib $FindBin::Bin;
  use RegdocsTest;

  my $node = start_node();
  my $emulator = start_emulator(documents => 100, gzip => 'on');
  make_server($node, $emulator, options => { max_retries => 0 });

  $emulator->fault(action => 'status', status => 503, count => 2);
  $node->safe_psql('postgres', 'SELECT count(*) FROM supporting_documents');
  is($emulator->count('list'), 3, 'two failures, one success');

=cut

package RegdocsTest;

use strict;
use warnings;

use Exporter 'import';
use FindBin;
use IO::Socket::INET;
use Time::HiRes;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(
  start_emulator start_node make_server start_session
  silent_server full_server default_signals wait_until
  memory_kb reset_peak_memory elapsed_ms
);

=pod

=head1 FUNCTIONS

=over

=item start_emulator(%flags)

Start an emulator on a free port, and return a RegdocsTest::Emulator, which
ends it when it goes out of scope.  C<documents =E<gt> 5> is its flag
C<--documents 5>; an underscore stands for a hyphen.

=cut

sub start_emulator
{
	return RegdocsTest::Emulator->new(@_);
}

=pod

=item start_node($name, @conf)

Make and start a cluster with the extension in its database postgres; each of
@conf is a line for postgresql.conf.

=cut

sub start_node
{
	my ($name, @conf) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name // 'main');

	# Whatever the environment says.
	$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
	$node->append_conf('postgresql.conf', "$_\n") foreach @conf;
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION regdocs_fdw');
	return $node;
}

=pod

=item make_server($node, $emulator, %parameters)

Make a foreign server for the emulator, a user mapping and the foreign tables.
Parameters: dbname (postgres), name (emulator), options (a hash of more server
options, which win over base_url), user (PUBLIC), mapping (a hash, instead of
the emulator's account and token), schema for the tables (public; undef imports
none).

=cut

sub make_server
{
	my ($node, $emulator, %parameters) = @_;
	my $dbname = $parameters{dbname} // 'postgres';
	my $name = $parameters{name} // 'emulator';
	my $user = $parameters{user} // 'PUBLIC';
	my %options =
	  (base_url => $emulator->url, %{ $parameters{options} // {} });
	my $mapping = $parameters{mapping}
	  // {
		account_sid => $emulator->account_sid,
		auth_token => $emulator->auth_token
	  };
	my $schema = exists $parameters{schema} ? $parameters{schema} : 'public';

	my $sql = "CREATE SERVER $name FOREIGN DATA WRAPPER regdocs_fdw "
	  . option_list(\%options) . ";\n";
	$sql .= "CREATE USER MAPPING FOR $user SERVER $name "
	  . option_list($mapping) . ";\n";
	$sql .= "IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER $name "
	  . "INTO $schema;\n"
	  if defined $schema;
	$node->safe_psql($dbname, $sql);
	return;
}

# OPTIONS (...) for a hash, "" for an empty one.
sub option_list
{
	my ($options) = @_;
	my @list;

	foreach my $name (sort keys %$options)
	{
		my $value = $options->{$name};
		$value =~ s/'/''/g;
		push @list, "$name '$value'";
	}
	return @list ? 'OPTIONS (' . join(', ', @list) . ')' : '';
}

=pod

=item start_session($node, %parameters)

Open a session of psql, and return a RegdocsTest::Session, which ends when it
goes out of scope.  Parameters: dbname (postgres), user, and set, a hash of
configuration parameters.

=cut

sub start_session
{
	return RegdocsTest::Session->new(@_);
}

=pod

=item silent_server()

A socket that connections are made to, but that nobody reads: a server that
accepts and never answers.  Its port is C<$socket-E<gt>sockport>.

=cut

sub silent_server
{
	my $socket = IO::Socket::INET->new(
		LocalAddr => '127.0.0.1',
		LocalPort => 0,
		Proto => 'tcp',
		Listen => 64) or die "could not listen: $!";
	return $socket;
}

=pod

=item default_signals()

For a process that a test forks: a signal that ends it has to end nothing else.
The framework would have it die, and do what the test does at its end.

=cut

sub default_signals
{
	$SIG{$_} = 'DEFAULT' foreach qw(INT TERM);
	return;
}

=pod

=item full_server()

A socket that listens, but takes no connection any more: who connects to it
waits.  Returns it and the sockets that fill it, which must be kept.

=cut

sub full_server
{
	my $server = silent_server();
	my @clients;

	# Linux lets one more in than the length of the queue says.
	listen($server, 0) or die "could not listen: $!";
	foreach (1 .. 4)
	{
		push @clients,
		  IO::Socket::INET->new(
			PeerAddr => '127.0.0.1',
			PeerPort => $server->sockport,
			Proto => 'tcp',
			Blocking => 0);
	}
	return ($server, @clients);
}

=pod

=item wait_until($what, $code)

Call $code until it is true; dies, naming $what, where that takes minutes.

=cut

sub wait_until
{
	my ($what, $code) = @_;
	my $end = time + $PostgreSQL::Test::Utils::timeout_default;

	until ($code->())
	{
		die "waited in vain for $what" if time > $end;
		Time::HiRes::sleep(0.01);
	}
	return;
}

=pod

=item memory_kb($pid, $what)

What /proc/$pid/status says of a process' memory, in kilobytes: VmHWM, the
peak, by default; or VmRSS, RssAnon, ...

=item reset_peak_memory($pid)

Let the peak begin anew from what the process has now.

=cut

sub memory_kb
{
	my ($pid, $what) = @_;
	my $status = slurp_file("/proc/$pid/status");

	$what //= 'VmHWM';
	$status =~ /^\Q$what\E:\s+(\d+) kB$/m
	  or die "/proc/$pid/status says nothing of $what";
	return $1;
}

sub reset_peak_memory
{
	my ($pid) = @_;

	open my $file, '>', "/proc/$pid/clear_refs"
	  or die "could not reset the peak memory of process $pid: $!";
	print $file "5\n";
	close $file or die "could not reset the peak memory of process $pid: $!";
	return;
}

=pod

=item elapsed_ms($code)

Call $code and return how long that took, in milliseconds.

=back

=cut

sub elapsed_ms
{
	my ($code) = @_;
	my $start = Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC());

	$code->();
	return 1000 *
	  (Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) - $start);
}

=pod

=head1 RegdocsTest::Emulator

=over

=item url, port, account_sid, auth_token, pid

Where it listens, what it takes for credentials, its process.

=cut

package RegdocsTest::Emulator;

use strict;
use warnings;

use HTTP::Tiny;
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Utils;

my $program = "$FindBin::Bin/../emulator/regdocs-emulator";

# How long it may take to start, in seconds; a million documents take some.
my $start_timeout = 60;

sub new
{
	my ($class, %flags) = @_;
	my $self = bless {
		account_sid => $flags{account_sid}
		  // 'AC0123456789abcdef0123456789abcdef',
		auth_token => $flags{auth_token}
		  // '5ec7e75ec7e75ec7e75ec7e75ec7e75e',
		output => '',
		complaints => '',
		http => HTTP::Tiny->new(
			timeout => 60,
			proxy => undef,
			http_proxy => undef,
			https_proxy => undef)
	}, $class;

	%flags = (
		port => 0,
		documents => 2500,
		seed => 1,
		%flags,
		account_sid => $self->{account_sid},
		auth_token => $self->{auth_token});
	my @command = ($program, '--exit-with-parent');
	foreach my $flag (sort keys %flags)
	{
		push @command, '--' . ($flag =~ tr/_/-/r), $flags{$flag};
	}

	$self->{process} = IPC::Run::start(
		\@command,
		'<' => \undef,
		'>' => \$self->{output},
		'2>' => \$self->{complaints},
		my $timer = IPC::Run::timeout($start_timeout));
	until ($self->{output} =~ /\n/)
	{
		$self->{process}->pumpable
		  or die "the emulator did not start: $self->{complaints}";
		$self->{process}->pump;
	}
	$timer->reset;
	$self->{output} =~ m{^listening on (https?://127\.0\.0\.1:(\d+))$}m
	  or die "the emulator says where it listens in no way that is known: "
	  . $self->{output};
	@$self{ 'url', 'port' } = ($1, $2);
	return $self;
}

sub url { return $_[0]->{url}; }
sub port { return $_[0]->{port}; }
sub account_sid { return $_[0]->{account_sid}; }
sub auth_token { return $_[0]->{auth_token}; }

sub pid
{
	my ($self) = @_;
	return $self->{process}->{KIDS}->[0]->{PID};
}

=pod

=item get($path), post($path, %fields), put($path, %fields), delete($path)

Talk to the control path; dies when it refuses.  The answer's body.  put() is
post() for fields that are long or hold a NUL.

=cut

sub get
{
	my ($self, $path) = @_;
	return $self->control('GET', $path);
}

# Fields go in the query: a form's would wait for the headers' acknowledgement.
sub post
{
	my ($self, $path, %fields) = @_;
	return $self->control('POST',
		"$path?" . $self->{http}->www_form_urlencode(\%fields));
}

sub put
{
	my ($self, $path, %fields) = @_;
	my $answer =
	  $self->{http}->post_form("$self->{url}/_emulator/$path", \%fields);

	$answer->{success}
	  or die "the emulator refused $path: "
	  . "$answer->{status} $answer->{content}";
	return $answer->{content};
}

sub delete
{
	my ($self, $path) = @_;
	return $self->control('DELETE', $path);
}

sub control
{
	my ($self, $method, $path) = @_;
	my $url = "$self->{url}/_emulator/$path";
	my $answer;

	return control_by_curl($method, $url) if $url =~ /^https:/;
	$answer = $self->{http}->request($method, $url);
	$answer->{success}
	  or die "the emulator refused $method $path: "
	  . "$answer->{status} $answer->{content}";
	return $answer->{content};
}

# HTTP::Tiny knows TLS only with modules that are often not there.
sub control_by_curl
{
	my ($method, $url) = @_;
	my $content = '';

	IPC::Run::run(
		[
			'curl', '--silent', '--show-error', '--fail', '--insecure',
			'--noproxy', '*', '--max-time', '60', '--request', $method, $url
		],
		'>' => \$content) or die "the emulator refused $method $url";
	return $content;
}

=pod

=item counters(), count($kind), reset()

All counters as a hash, one of them, and set all to zero.

=cut

sub counters
{
	my ($self) = @_;
	return decode_json($self->get('counters'));
}

sub count
{
	my ($self, $kind) = @_;
	my $count = $self->get("counters/$kind");

	chomp $count;
	return $count;
}

sub reset
{
	my ($self) = @_;
	return $self->delete('counters');
}

=pod

=item fault(%fields), clear()

Have requests fail (emulator/README.md has the fields), and have no more fail.

=cut

sub fault
{
	my ($self, %fields) = @_;
	return $self->post('faults', %fields);
}

sub clear
{
	my ($self) = @_;
	return $self->delete('faults');
}

=pod

=item last()

What was last sent to the API, as a hash.

=cut

sub last
{
	my ($self) = @_;
	return decode_json($self->get('last'));
}

=pod

=item stop()

End it.  What it wrote to its standard error is returned.

=back

=cut

sub stop
{
	my ($self) = @_;
	my $process = delete $self->{process};

	$process->kill_kill(grace => 5) if defined $process;
	return $self->{complaints};
}

sub DESTROY
{
	my ($self) = @_;

	# The exit code of the test is decided: ending a process must not set it.
	local $?;
	$self->stop;
	return;
}

=pod

=head1 RegdocsTest::Session

A session of psql that stays, so that its backend can be watched from outside
while a statement runs, and be looked at between statements.

=over

=cut

package RegdocsTest::Session;

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Utils;
use Scalar::Util qw(weaken);

# By address, not to keep any of them.
my %sessions;

sub new
{
	my ($class, $node, %parameters) = @_;
	my $dsn = $node->connstr($parameters{dbname} // 'postgres');
	my $settings = $parameters{set} // {};
	my $self = bless {
		input => '',
		output => '',
		complaints => '',
		statements => 0
	}, $class;

	weaken($sessions{$self} = $self);

	$dsn .= " user=$parameters{user}" if defined $parameters{user};
	$self->{timer} =
	  IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default);
	$self->{process} = IPC::Run::start(
		[
			'psql', '--no-psqlrc', '--no-align', '--tuples-only', '--quiet',
			'--dbname', $dsn, '--file', '-'
		],
		'<' => \$self->{input},
		'>' => \$self->{output},
		'2>' => \$self->{complaints},
		$self->{timer});
	$self->{pid} = $self->query('SELECT pg_backend_pid()');
	$self->query("SET $_ = '$settings->{$_}'") foreach sort keys %$settings;
	return $self;
}

=pod

=item pid

The process of its backend.

=item begin($sql), finish()

Send a statement, and wait until it has ended, be it by the end of the
session.  finish() returns the SQLSTATE; output() and complaints() then have
what psql wrote to its standard output and standard error.

=item attempt($sql), query($sql)

Both in one.  query() dies unless the statement succeeds, and returns the
output.

=cut

sub pid { return $_[0]->{pid}; }

sub begin
{
	my ($self, $sql) = @_;

	$sql .= ';' unless $sql =~ /;\s*$/ || $sql =~ /^\\/;
	$self->{statements}++;
	$self->{output} = '';
	$self->{complaints} = '';
	$self->{input} .= "$sql\n\\echo end $self->{statements} :SQLSTATE\n"
	  . "\\warn end $self->{statements}\n";
	$self->{timer}->start;

	# The test may wait for what comes of it without looking here again.
	do { $self->{process}->pump_nb }
	  while (length $self->{input} && $self->{process}->pumpable);
	return;
}

sub finish
{
	my ($self) = @_;
	my $process = $self->{process};
	my $end = qr/^end $self->{statements}(?: (\w+))?\n\z/m;

	while ($process->pumpable
		&& !($self->{output} =~ $end && $self->{complaints} =~ $end))
	{
		$process->pump;
	}
	$self->{timer}->reset;
	$self->{complaints} =~ s/$end//;
	return $1 if $self->{output} =~ s/$end//;

	# The session has ended, and with it psql.
	return $self->{complaints} =~
	  /terminating connection due to administrator command/ ? '57P01' : '08006';
}

sub attempt
{
	my ($self, $sql) = @_;

	$self->begin($sql);
	return $self->finish;
}

sub query
{
	my ($self, $sql) = @_;
	my $sqlstate = $self->attempt($sql);

	die "$sql: $sqlstate $self->{complaints}" if $sqlstate ne '00000';
	return $self->output;
}

sub output
{
	my ($self) = @_;
	chomp(my $output = $self->{output});
	return $output;
}

sub complaints { return $_[0]->{complaints}; }

=pod

=item stop()

End the session.

=back

=cut

sub stop
{
	my ($self) = @_;
	my $process = delete $self->{process};

	$process->kill_kill(grace => 5) if defined $process;
	return;
}

sub DESTROY
{
	my ($self) = @_;

	local $?;
	delete $sessions{$self};
	$self->stop;
	return;
}

# Those of a test's own variables: when Perl comes to destroy these, what
# IPC::Run needs for it may be gone.
END
{
	local $?;
	$_->stop foreach grep { defined } values %sessions;
}

1;
