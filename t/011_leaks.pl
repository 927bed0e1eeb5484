
# Does a session that goes through hundreds of cancelled and failed statements
# keep what it does not need any more: memory, descriptors, connections?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

# How often each thing happens, and how much a session may have grown by all
# of them, in kilobytes: less than a page of documents each.  Some 1,500 are what
# it grows by once, however often it fails.
my $rounds = $ENV{REGDOCS_LEAK_ROUNDS} // 40;
my $most_growth_kb = 4096;

my $emulator = start_emulator(documents => 2500);
my $node = start_node();
make_server($node, $emulator,
	options => { max_retries => 0, max_response_size => '2MB' });
make_server(
	$node, $emulator,
	name => 'closed',
	options => { max_retries => 0, base_url => 'http://127.0.0.1:1' },
	schema => undef);
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE closed (sid text) SERVER closed;
	CREATE FOREIGN TABLE numbers (sid text, friendly_name int) SERVER emulator;
	CREATE FOREIGN TABLE unknown (sid text, shoe_size int) SERVER emulator;
	CREATE FUNCTION swallow() RETURNS text LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM count(*) FROM supporting_documents;
		RETURN '00000';
	EXCEPTION WHEN OTHERS OR query_canceled THEN
		RETURN SQLSTATE;
	END $$;
END

my $list = 'SELECT count(*) FROM supporting_documents';
my $sids = $node->safe_psql('postgres',
	q{SELECT string_agg(quote_literal(sid), ',')
	  FROM (SELECT sid FROM supporting_documents LIMIT 20) AS s});

# What fails, in which way, and with which SQLSTATE.
my @failures = (
	[ 'no answer', '57014', { action => 'stall' } ],
	[ 'half an answer', '57014', { action => 'stall_body' } ],
	[ 'half a second page', '57014', { action => 'stall_body', skip => 1 } ],
	[
		'many fetches without an answer',
		'57014', { action => 'stall', path => 'fetch', count => 0 },
		"SELECT count(*) FROM supporting_documents WHERE sid IN ($sids)"
	],
	[ 'a cut answer', '08006', { action => 'cut' } ],
	[ 'a reset', '08006', { action => 'reset_after' } ],
	[ 'garbage', '08P01', { action => 'garbage' } ],
	[
		'a third page that is wrong',
		'08P01', { action => 'garbage', skip => 2 }
	],
	[ 'an endless answer', '08P01', { action => 'endless' } ],
	[ 'a refusal', '28000', { action => 'status', status => 401 } ],
	[ 'trouble', '58000', { action => 'status', status => 500 } ],
	[ 'no server', '08001', undef, 'SELECT * FROM closed' ],
	[ 'a wrong type', '22P02', undef, 'SELECT * FROM numbers' ],
	[ 'an unknown column', 'HV005', undef, 'SELECT * FROM unknown' ],
	[
		'a caught failure',
		'58000', { action => 'status', status => 500, skip => 1 },
		'SELECT swallow()'
	],
	[
		'an error of the reader',
		'22012', undef,
		'SELECT 1 / (row_number() OVER () - 1500) FROM supporting_documents'
	],
	[
		'a cursor that is left behind', '00000', undef,
		'BEGIN; DECLARE c CURSOR FOR SELECT * FROM supporting_documents;'
		  . ' FETCH 600 FROM c; ROLLBACK;'
	]);

my $session = start_session(
	$node,
	set => {
		statement_timeout => 0,
		jit => 'off'
	});
my $pid = $session->pid;

sub fail_in
{
	my ($failure, $times) = @_;
	my ($name, $sqlstate, $fault, $sql) = @$failure;
	my %seen;

	$session->query('SET statement_timeout = 20') if $sqlstate eq '57014';
	foreach (1 .. $times)
	{
		$emulator->clear;
		$emulator->fault(%$fault) if defined $fault;
		my $result = $session->attempt($sql // $list);
		$result = $session->output if ($sql // '') eq 'SELECT swallow()';
		$seen{$result}++;
	}
	$session->query('SET statement_timeout = 0');
	$emulator->clear;
	return is_deeply(\%seen, { $sqlstate => $times },
		"$name: $sqlstate, $times times");
}

sub descriptors
{
	opendir my $directory, "/proc/$pid/fd" or die "could not list: $!";
	my $count = grep { /^\d+$/ } readdir $directory;
	closedir $directory;
	return $count;
}

sub state
{
	is($session->query($list), 2500, 'the session works');
	return {
		descriptors => descriptors(),
		memory => memory_kb($pid, 'RssAnon')
	};
}

# Once each, to have caches and buffers filled.
note('first round');
fail_in($_, 3) foreach @failures;
my $before = state();

note('second round');
fail_in($_, $rounds) foreach @failures;
my $after = state();

note("before: $before->{memory} kB, $before->{descriptors} descriptors");
note("after: $after->{memory} kB, $after->{descriptors} descriptors");
is($after->{descriptors}, $before->{descriptors},
	'there are no more descriptors than before');
cmp_ok($after->{memory} - $before->{memory},
	'<', $most_growth_kb, 'there is hardly more memory than before');

# The emulator's view: only the last connection is kept.
wait_until('connections to be closed',
	sub { $emulator->count('connections_open') == 1 });
pass('no connections are left open');
is($emulator->count('in_flight'), 0, 'no request is in flight');

is( $session->query(
		q{SELECT server_name, requests > 0, failures > 0
		  FROM regdocs_fdw_connections() ORDER BY 1}),
	"closed|t|t\nemulator|t|t",
	'one client for each server');
is($session->query('SELECT regdocs_fdw_disconnect_all()'),
	't', 'no client is held by a failed statement');
is($session->query('SELECT count(*) FROM regdocs_fdw_connections()'),
	'0', 'all are gone');
wait_until('the connection to be closed',
	sub { $emulator->count('connections_open') == 0 });
pass('their connections are closed');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
