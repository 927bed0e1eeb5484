
# Does a statement end at once when it is cancelled, times out, or its session
# is terminated, whatever it is waiting for?  And does the session go on after
# that, if it may?
#
# That is within 100 ms, of which a few are needed: the best of some tries counts,
# since a busy machine may delay any of them.  Each situation would last 20 seconds
# or more.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

# The most that an end may take, tries to be as quick, and how long a statement is
# given to time out, in milliseconds.
my $most_ms = 100;
my $most_tries = 5;
my $timeout_ms = 300;

# A resolver that does not answer: a library that makes getaddrinfo() sleep
# for one name.  None of it where there is no compiler.
sub make_slow_resolver
{
	my $directory = PostgreSQL::Test::Utils::tempdir();
	my $library = "$directory/resolver.so";

	append_to_file("$directory/resolver.c", <<'END');
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

typedef int (*Resolver) (const char *, const char *, const struct addrinfo *,
						 struct addrinfo **);

int
getaddrinfo(const char *name, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	if (name != NULL && strcmp(name, "slow.invalid") == 0)
	{
		sleep(20);
		return EAI_AGAIN;
	}
	return ((Resolver) dlsym(RTLD_NEXT, "getaddrinfo")) (name, service, hints,
														 result);
}
END
	return system($ENV{CC} // 'cc',
		'-shared', '-fPIC', '-o', $library, "$directory/resolver.c", '-ldl')
	  == 0 ? $library : undef;
}

my $resolver = make_slow_resolver();
my $emulator = start_emulator(documents => 2500);
my $silent = silent_server();
my ($full, @clients) = full_server();

my $node = do
{
	local $ENV{LD_PRELOAD} = $resolver // '';
	start_node();
};

# One server each, so that no connection or limit is left over from another.
my %servers = (
	emulator => {},
	# To list costs more requests than to fetch a hundred documents.
	small => { page_size => 10 },
	crowded => { base_url => 'http://127.0.0.1:' . $full->sockport },
	silent => { base_url => 'http://127.0.0.1:' . $silent->sockport },
	handshake => { base_url => 'https://127.0.0.1:' . $silent->sockport },
	unresolved => { base_url => 'https://slow.invalid' },
	# The second request may go out after 20 seconds.
	slow => { max_requests_per_second => '0.05', page_size => 100 });
foreach my $name (sort keys %servers)
{
	$node->safe_psql('postgres', "CREATE SCHEMA at_$name");
	make_server(
		$node, $emulator,
		name => $name,
		schema => "at_$name",
		options => $servers{$name});
}

my $watcher = start_session($node);

# Is the backend waiting in the extension?  It is, for moments, also while it
# is busy; so what the emulator knows is asked, too.
sub waits
{
	my ($pid) = @_;
	return $watcher->query(
		'SELECT wait_event_type FROM pg_stat_activity '
		  . "WHERE pid = $pid AND state = 'active'") eq 'Extension';
}

my $sids = $node->safe_psql('postgres',
	q{SELECT string_agg(sid, ',')
	  FROM (SELECT sid FROM at_emulator.supporting_documents LIMIT 100) AS s});
my $list = 'SELECT count(*) FROM at_emulator.supporting_documents';
my @situations = (
	{
		name => 'connecting',
		sql => 'SELECT count(*) FROM at_crowded.supporting_documents'
	},
	{
		name => 'a TLS handshake',
		sql => 'SELECT count(*) FROM at_handshake.supporting_documents'
	},
	{
		name => 'a server that accepts and never answers',
		sql => 'SELECT count(*) FROM at_silent.supporting_documents'
	},
	{
		name => 'the first byte',
		fault => { action => 'stall' },
		sql => $list
	},
	{
		name => 'the first byte of the second page',
		fault => { action => 'stall', skip => 1 },
		sql => $list
	},
	{
		name => 'the rest of a body',
		fault => { action => 'stall_body' },
		sql => $list
	},
	{
		name => 'a body that comes byte by byte',
		fault => { action => 'dribble', bytes => 1, ms => 20 },
		sql => $list
	},
	{
		name => 'its turn to try again',
		fault => { action => 'status', status => 503, retry_after => 30 },
		sql => $list
	},
	{
		name => 'its turn under max_requests_per_second',
		requests => 1,
		sql => 'SELECT count(*) FROM at_slow.supporting_documents'
	},
	{
		name => 'many documents by their sids',
		fault => { action => 'stall', path => 'fetch', count => 0, skip => 20 },
		sql => 'SELECT count(*) FROM at_small.supporting_documents '
		  . "WHERE sid = ANY ('{$sids}')"
	});
push @situations,
  {
	name => 'the resolver',
	threads => 2,
	sql => 'SELECT count(*) FROM at_unresolved.supporting_documents'
  }
  if defined $resolver;

# libcurl resolves names in a thread of their own.
sub threads
{
	my ($pid) = @_;
	return scalar(() = glob "/proc/$pid/task/*");
}

# Bring the session to where it waits.
sub begin_waiting
{
	my ($session, $situation, $pid) = @_;

	$emulator->clear;
	$emulator->reset;
	$emulator->fault(%{ $situation->{fault} }) if defined $situation->{fault};
	$session->begin($situation->{sql});
	wait_until(
		$situation->{name},
		sub {
			return
			     (!$situation->{fault} || $emulator->count('faults') > 0)
			  && $emulator->count('total') >= ($situation->{requests} // 0)
			  && threads($pid) >= ($situation->{threads} // 1)
			  && waits($pid);
		});
	return;
}

# Code returns how long it took.
sub at_once
{
	my ($what, $code) = @_;
	my $best_ms;

	foreach my $try (1 .. $most_tries)
	{
		my $ms = $code->();

		note(sprintf '%s: %.1f ms', $what, $ms);
		$best_ms = $ms if !defined $best_ms || $best_ms > $ms;
		last if $best_ms < $most_ms;
	}
	return cmp_ok($best_ms, '<', $most_ms, "$what: at once");
}

foreach my $situation (@situations)
{
	my $name = $situation->{name};
	my $session = start_session($node, set => { statement_timeout => 0 });
	my $pid = $session->pid;
	my $sqlstate;

	# A cancel, and another statement on what the cancelled one left behind.
	at_once(
		"$name: cancel",
		sub {
			$session->query('\\c') if $name =~ /its turn under/;
			$pid = $session->query('SELECT pg_backend_pid()');
			begin_waiting($session, $situation, $pid);
			my $ms = elapsed_ms(
				sub {
					$watcher->query("SELECT pg_cancel_backend($pid)");
					$sqlstate = $session->finish;
				});
			is($sqlstate, '57014', "$name: cancelled");
			$emulator->clear;
			is($session->query($list), 2500,
				"$name: the next statement works");
			return $ms;
		});

	# A timeout, after which the rest of the transaction is refused.
	at_once(
		"$name: timeout",
		sub {
			$emulator->fault(%{ $situation->{fault} })
			  if defined $situation->{fault};
			$session->query('\\c') if $name =~ /its turn under/;
			$session->query("SET statement_timeout = $timeout_ms");
			my $ms = elapsed_ms(
				sub { $sqlstate = $session->attempt($situation->{sql}); });
			is($sqlstate, '57014', "$name: timed out");
			$session->query('SET statement_timeout = 0');
			$emulator->clear;
			is($session->query($list), 2500,
				"$name: the next statement works");
			return $ms - $timeout_ms;
		});
	$session->stop;

	# The end of the session.
	at_once(
		"$name: terminate",
		sub {
			$session = start_session($node);
			$pid = $session->pid;
			begin_waiting($session, $situation, $pid);
			my $ms = elapsed_ms(
				sub {
					$watcher->query("SELECT pg_terminate_backend($pid)");
					$sqlstate = $session->finish;
					wait_until("the end of process $pid",
						sub { !kill 0, $pid });
				});
			is($sqlstate, '57P01', "$name: terminated");
			$session->stop;
			return $ms;
		});
}

# A client that goes away is noticed while its statement waits.
$node->safe_psql('postgres',
	'ALTER SYSTEM SET client_connection_check_interval = 100');
$node->reload;
my $session = start_session($node);
my $pid = $session->pid;
begin_waiting($session, $situations[3], $pid);
my $ms = elapsed_ms(
	sub {
		$session->stop;
		wait_until("the end of process $pid", sub { !kill 0, $pid });
	});
note(sprintf 'a client that goes away: %.1f ms', $ms);
cmp_ok($ms, '<', 5000, 'a client that goes away ends its statement');

# A fast shutdown does not wait for the API either.
$session = start_session($node);
begin_waiting($session, $situations[3], $session->pid);
$ms = elapsed_ms(sub { $node->stop('fast') });
note(sprintf 'shutdown: %.1f ms', $ms);
is($session->finish, '57P01', 'a shutdown ends the statement');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
