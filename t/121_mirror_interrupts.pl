
# A refresh that ends before its end leaves mirror and history as they were,
# whatever ends it and wherever; two at a time are not possible, and readers
# wait for none.  One that finds nothing to do writes nothing.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $pages = 5;
my $emulator =
  start_emulator(documents => 100, token_style => 'offset', latency => 20);
my $node = start_node('main', 'wal_log_hints = on', 'autovacuum = off');

make_server(
	$node,
	$emulator,
	options => { page_size => 20, max_retries => 0 });
my $refresh =
  q{SELECT * FROM regdocs_refresh('supporting_documents', 'mirror')};
my $state = q{
	SELECT md5(string_agg(m::text, '' ORDER BY sid)), count(*),
		(SELECT md5(string_agg(h::text, '' ORDER BY sid, changed_at))
			FROM mirror_history h)
	FROM mirror m};

sub query
{
	my ($sql) = @_;
	return $node->safe_psql('postgres', $sql);
}

sub sid
{
	my ($index) = @_;
	my $sid = $emulator->get("sid?index=$index");

	chomp $sid;
	return $sid;
}

query(qq{
	SELECT regdocs_create_snapshot('supporting_documents', 'mirror');
	$refresh;
	-- something that the writes can be stopped in
	CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS '
	BEGIN
		PERFORM pg_advisory_xact_lock(1);
		RETURN NULL;
	END';
	CREATE TRIGGER hold AFTER INSERT ON mirror_history
		FOR EACH ROW EXECUTE FUNCTION hold()});

# What the next refresh has to do: a change, a deletion, and a new document; and
# later another change.
$emulator->post(
	'supporting_documents',
	sid => sid(90),
	friendly_name => 'changed');
$emulator->delete('supporting_documents?sid=' . sid(91));
$emulator->post(
	'supporting_documents',
	friendly_name => 'new',
	type => 'passport');
my $before = query($state);

#
# The API fails, at each page and where a document is asked for.
#

foreach my $page (0 .. $pages - 1)
{
	$emulator->clear;
	$emulator->fault(
		action => 'status',
		status => 500,
		path => 'list',
		skip => $page);
	my ($result, $out, $error) = $node->psql('postgres', $refresh);

	isnt($result, 0, "page $page fails");
	is(query($state), $before, '... nothing has changed');
}
foreach my $action (qw(status reset_before garbage))
{
	$emulator->clear;
	$emulator->fault(action => $action, status => 500, path => 'fetch');
	my ($result) = $node->psql('postgres', $refresh);

	isnt($result, 0, "a document that is asked for fails: $action");
	is(query($state), $before, '... nothing has changed');
}
$emulator->clear;

#
# A document that cannot be converted, on the last page
#

$emulator->post('review', sid => sid(95), status => 'odd');
my ($result, $out, $error) = $node->psql('postgres', $refresh);
isnt($result, 0, 'a document that cannot be converted');
like($error, qr/invalid input value for enum/, '... is told of');
is(query($state), $before, '... nothing has changed');
$emulator->post('review', sid => sid(95), status => 'approved');

#
# Cancel, terminate, immediate shutdown: while pages are waited for, while a
# document is, and in the midst of the writes
#

my %places = (
	'a page' => sub { $emulator->count('list') >= 3 },
	'a document' => sub { $emulator->count('fetch') >= 1 },
	'a lock in a trigger of the history' => sub {
		query(
			q{SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'}
		) > 0;
	});

my %stalls = (
	'a page' => [ path => 'list', skip => 2 ],
	'a document' => [ path => 'fetch' ]);

sub interrupt_at
{
	my ($place, $name, $interrupt) = @_;
	my $holder = start_session($node);
	my $session = start_session($node);

	$emulator->clear;
	$emulator->fault(action => 'stall', @{ $stalls{$place} })
	  if $stalls{$place};
	$holder->query('SELECT pg_advisory_lock(1)') if !$stalls{$place};
	$emulator->reset;
	$session->begin($refresh);
	wait_until($place, $places{$place});
	$interrupt->($session);
	isnt($session->finish, '00000', "$name while it waits for $place");
	$emulator->clear;
	$holder->stop;
	$session->stop;
	is(query($state), $before, '... nothing has changed');
	return;
}

foreach my $place (sort keys %places)
{
	interrupt_at($place, 'cancel',
		sub { query('SELECT pg_cancel_backend(' . $_[0]->pid . ')') });
	interrupt_at($place, 'terminate',
		sub { query('SELECT pg_terminate_backend(' . $_[0]->pid . ')') });
	interrupt_at(
		$place,
		'immediate shutdown',
		sub { $node->stop('immediate'); $node->start; });
}

#
# Two at a time: the second one is refused at once.  Readers and writers of
# other columns do not wait, nor does a refresh of something else.
#

my $holder = start_session($node);
my $first = start_session($node);
my $second = start_session($node, set => { statement_timeout => '60s' });
query(q{SELECT regdocs_create_snapshot('end_users', 'other')});
query('ALTER TABLE mirror ADD note text');
$before = query($state);
$holder->query('SELECT pg_advisory_lock(1)');
$first->begin($refresh);
wait_until('the lock', $places{'a lock in a trigger of the history'});
is($second->attempt($refresh), '55P03', 'a second refresh is refused');
like(
	$second->complaints,
	qr/could not refresh "mirror" because it is being refreshed already/,
	'... and told why');
is($second->query($state), $before, 'readers see the state before');
$second->query(
	"UPDATE mirror SET note = 'mine' WHERE sid = '" . sid(10) . "'");
$second->query(q{SELECT regdocs_refresh('end_users', 'other')});
pass('... and do not wait, nor does who writes elsewhere');
$holder->query('SELECT pg_advisory_unlock(1)');
is($first->finish, '00000', 'the first one comes to its end');
is($first->output, '1|2|1|97', '... with all that had changed');
is( query(
		q{SELECT string_agg(DISTINCT change || count, ' ' ORDER BY change || count)
		FROM (SELECT change, count(*) FROM mirror_history GROUP BY 1) c}),
	'deleted1 inserted101 updated2',
	'... once, for all that came to nothing before');
is($second->attempt($refresh), '00000', 'the next one is not refused');

# Autovacuum holds a lock that other locks of the table would be refused by.
$holder->query('BEGIN; LOCK TABLE mirror IN SHARE UPDATE EXCLUSIVE MODE');
is($second->attempt($refresh), '00000', 'nor where the table is vacuumed');
$holder->query('COMMIT');

# A second one in the same transaction finds nothing to do.
$emulator->post(
	'supporting_documents',
	sid => sid(90),
	friendly_name => 'changed again');
is($second->query("BEGIN; $refresh; $refresh; COMMIT"),
	"0|1|0|99\n0|0|0|100", 'twice in a transaction');
$_->stop foreach $holder, $first, $second;

#
# WAL of a refresh that finds nothing
#

sub wal_bytes
{
	my ($code) = @_;
	my $start = query('SELECT pg_current_wal_insert_lsn()');

	$code->();
	return query(
		"SELECT pg_current_wal_insert_lsn() - '$start'::pg_lsn");
}

query('VACUUM mirror; CHECKPOINT');
query($refresh);
is(query($refresh), '0|0|0|100', 'nothing has changed');
my $idle = wal_bytes(sub { query('SELECT count(*) FROM mirror') });
my $wal = wal_bytes(sub { query($refresh) });
note("WAL of a refresh that finds nothing: $wal bytes, of a query: $idle");
cmp_ok($wal, '<', 1024, 'a refresh that finds nothing writes no WAL');
query('ALTER TABLE mirror_history DISABLE TRIGGER hold');
$emulator->post(
	'supporting_documents',
	sid => sid(90),
	friendly_name => 'once more');
cmp_ok(wal_bytes(sub { query($refresh) }),
	'>', 100, '... and one that finds something does');

#
# ANALYZE where much has changed
#

query(
	q{ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD page_size '1000')});
my $analyzed = q{SELECT reltuples FROM pg_class WHERE relname = 'analyzed'};
query(q{SELECT regdocs_create_snapshot('supporting_documents', 'analyzed')});
is(query($analyzed), -1, 'a new mirror has no statistics');
query(q{SELECT regdocs_refresh('supporting_documents', 'analyzed')});
is(query($analyzed), 100, 'one that was filled has');
$emulator->post(
	'supporting_documents',
	friendly_name => 'one more',
	type => 'passport');
query(q{SELECT regdocs_refresh('supporting_documents', 'analyzed')});
is(query($analyzed), 100, 'and is not analyzed for one more');
is( $node->psql(
		'postgres',
		q{BEGIN; LOCK TABLE analyzed IN ROW EXCLUSIVE MODE; DELETE FROM analyzed;
		  SELECT regdocs_refresh('supporting_documents', 'analyzed'); COMMIT},
		on_error_stop => 1),
	0,
	'it can be filled again in the same transaction');

is($emulator->stop, '', 'the emulator had nothing to complain about');
done_testing();
