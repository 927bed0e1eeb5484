
# Time that passes while the session does something else is not the server's: no
# request times out because nobody was there to take in its answer.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node();
my $emulator = start_emulator(documents => 2500);
make_server(
	$node, $emulator,
	options => {
		batch_size => 1,
		request_timeout => '300ms',
		retry_budget => '1s',
		max_retries => 0 });
my $session = start_session($node);

# Rows that come more slowly than a request may take.
is( $session->attempt(
		q{INSERT INTO supporting_documents (friendly_name, type)
		  SELECT 'slow ' || i, 'passport' FROM generate_series(1, 3) i
		  WHERE pg_sleep(0.7) IS NOT NULL}),
	'00000',
	'an INSERT whose rows come slowly') or diag($session->complaints);
is($emulator->count('created'), 3, 'creates each of them');
is($emulator->count('create'), 3, 'with one request each');

# A cursor that is left open while a page is on its way, of which the end comes
# after that.  It is asked for in the middle of the first page.
$session->query('BEGIN');
$session->query('DECLARE c CURSOR FOR SELECT * FROM supporting_documents');
$emulator->reset;
$emulator->fault(
	action => 'dribble', path => 'list', skip => 1, bytes => 10000, ms => 16);
$session->query('MOVE 600 IN c');
wait_until('the second page', sub { $emulator->count('list') == 2 });
$session->query('SELECT pg_sleep(0.8)');
is($session->attempt('MOVE ALL IN c'), '00000', 'a cursor left open')
  or diag($session->complaints);
$session->query('COMMIT');
is($emulator->count('list'), 3, 'asks for no page again');

# While it waits, time counts.
$emulator->fault(action => 'stall', count => 0);
my $ms = elapsed_ms(
	sub {
		is($session->attempt('SELECT * FROM supporting_documents'),
			'08006', 'a server that does not answer');
	});
cmp_ok($ms, '>=', 300, 'is given its time');
$emulator->clear;

# An Append waits for all of its scans at once: one that gets no answer has its
# time, however lively others are.  The pages of these take six seconds in all.
my $lively = start_emulator(documents => 600);
make_server(
	$node, $lively,
	name => 'lively',
	schema => undef,
	options => { page_size => 10 });
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE stalled (sid text) SERVER emulator
		OPTIONS (resource 'supporting_documents');
	CREATE FOREIGN TABLE lively (sid text) SERVER lively
		OPTIONS (resource 'supporting_documents');
END
$emulator->fault(action => 'stall', count => 0);
$lively->fault(action => 'slow', ms => 100, count => 0);
is( $session->attempt(
		'SELECT count(*) FROM '
		  . '(SELECT sid FROM stalled UNION ALL SELECT sid FROM lively) u'),
	'08006',
	'a scan that gets no answer beside one that gets many');
cmp_ok($lively->count('list'), '>', 1, 'which goes on');
cmp_ok($lively->count('list'), '<', 60, 'does not have to wait for its end');
$emulator->clear;

$session->stop;
is($lively->stop, '', 'the lively emulator had nothing to complain about');
is($emulator->stop, '', 'the emulator had nothing to complain about');
done_testing();
