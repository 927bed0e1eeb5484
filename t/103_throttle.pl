
# Limits: does a client keep to what it was told, and find out what it was not
# told?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $keys = 200;
my $concurrency = 16;
my $limit = 4;

my $node = start_node();
my $crowded = start_emulator(
	documents => 2500,
	latency => 10,
	max_concurrent => $limit);
my $free = start_emulator(documents => 2500);

$node->safe_psql('postgres', "CREATE SCHEMA $_") foreach qw(crowded free);
make_server(
	$node, $crowded,
	name => 'crowded',
	schema => 'crowded',
	options => { concurrency => $concurrency, page_size => 50 });
make_server(
	$node, $free,
	name => 'free',
	schema => 'free',
	options => {
		concurrency => $concurrency,
		page_size => 50,
		max_requests_per_second => 100
	});

my $sids = $node->safe_psql('postgres',
	"SELECT string_agg(sid, ',') FROM "
	  . "(SELECT sid FROM crowded.supporting_documents LIMIT $keys) s");
my $fetch = 'SELECT count(*), count(DISTINCT sid) '
  . "FROM %s.supporting_documents WHERE sid = ANY ('{$sids}')";

#
# A limit that the API does not tell: answers of 429 are taken for it.
#

my $session = start_session($node);
$crowded->reset;
my $ms = elapsed_ms(
	sub {
		is($session->query(sprintf $fetch, 'crowded'),
			"$keys|$keys", 'all rows come, whatever the limit');
	});
my $counters = $crowded->counters;
note(sprintf '%d requests, %d of them refused, in %.0f ms',
	$counters->{requests}{fetch}, $counters->{throttled}, $ms);
is($counters->{requests}{fetch} - $counters->{throttled},
	$keys, 'each is fetched once');
cmp_ok($counters->{throttled}, '>', 0, 'some were refused at first');
cmp_ok($counters->{throttled}, '<', $keys / 2,
	'most were not, as the client learnt');
is( $session->query(
		'SELECT requests, throttled, retries FROM regdocs_fdw_connections()'),
	"$counters->{requests}{fetch}|$counters->{throttled}|$counters->{throttled}",
	'the session knows');

# What was learnt is kept: the next statement does not begin as the first did.
my $first = $counters->{throttled};
$crowded->reset;
$session->query(sprintf $fetch, 'crowded');
$counters = $crowded->counters;
note(sprintf 'then %d requests, %d of them refused',
	$counters->{requests}{fetch}, $counters->{throttled});
cmp_ok($counters->{throttled}, '<', $keys / 2, 'still few are refused');

# The list, whose pages wait for one another, is never refused.
$crowded->reset;
$session->query('SELECT count(*) FROM crowded.supporting_documents');
is($crowded->count('throttled'), 0, 'the list alone is within the limit');
$session->stop;

# Retry-After is honoured, by all requests that are on their way.
$session = start_session($node);
$free->fault(
	action => 'status',
	status => 429,
	retry_after => 1,
	path => 'fetch');
$node->safe_psql('postgres',
	'ALTER SERVER free OPTIONS (DROP max_requests_per_second)');
my ($key) = split /,/, $sids;
$ms = elapsed_ms(
	sub {
		is( $session->query(
				"SELECT count(*) FROM free.supporting_documents WHERE sid = '$key'"
			),
			1,
			'a fetch that is refused once');
	});
cmp_ok($ms, '>=', 990, 'is sent again when Retry-After is over');
is($free->count('fetch'), 2, 'and not before');

# The number in flight recovers.
$free->reset;
$free->fault(action => 'slow', ms => 20, path => 'fetch', count => 0);
$session->query(sprintf $fetch, 'free');
cmp_ok($free->count('in_flight_max'),
	'>', $concurrency / 4, 'more and more are in flight again');
$session->query(sprintf $fetch, 'free');
$session->query(sprintf $fetch, 'free');
is($free->count('in_flight_max'), $concurrency, 'up to the limit');
$free->clear;
$session->stop;

#
# A limit in requests per second
#

$node->safe_psql('postgres',
	q{ALTER SERVER free OPTIONS (ADD max_requests_per_second '100')});
$session = start_session($node);
$free->reset;
$ms = elapsed_ms(
	sub {
		is($session->query(sprintf $fetch, 'free'),
			"$keys|$keys", 'all rows come at 100 a second');
	});
note(sprintf '%d requests in %.0f ms', $free->count('fetch'), $ms);
is($free->count('fetch'), $keys, 'each is fetched once');
cmp_ok($ms, '>=', 1000 * ($keys - 1) / 100 * 0.95, 'no faster than that');

# A pause is not made up for.
sleep 1;
$ms = elapsed_ms(
	sub {
		$session->query(sprintf $fetch, 'free');
	});
cmp_ok($ms, '>=', 1000 * ($keys - 1) / 100 * 0.95,
	'no faster after a pause either');

# Lists count too.
$ms = elapsed_ms(
	sub {
		$session->query('SELECT count(*) FROM free.supporting_documents');
	});
cmp_ok($ms, '>=', 1000 * (2500 / 50 - 1) / 100 * 0.95, 'pages neither');
$session->stop;

$node->stop;
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach ($crowded, $free);

done_testing();
