
# Which documents made which bundles fail: the right pairs, by few requests.
# And what is in all bundles: lists of them side by side.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $bundles = 3000;
my $rejected = $bundles / 10;
my $node = start_node('main', 'jit = off');

# What is wrong with whom.
my $question = q(
	SELECT b.sid, d.sid, d.failure_reason
	FROM bundles b
	JOIN item_assignments i ON i.bundle_sid = b.sid
	JOIN supporting_documents d ON d.sid = i.object_sid
	WHERE b.status = 'twilio-rejected' AND d.status = 'rejected'
	ORDER BY 1, 2);

# The same of copies, which are made of whole lists.
sub copies_of_rows
{
	my ($schema) = @_;

	$node->safe_psql(
		'postgres', qq(
		SET search_path = $schema;
		CREATE TABLE all_bundles AS SELECT * FROM bundles;
		CREATE TABLE all_items AS SELECT * FROM item_assignments;
		CREATE TABLE all_documents AS SELECT * FROM supporting_documents));
	return $node->safe_psql(
		'postgres', qq(
		SET search_path = $schema;
		SELECT b.sid, d.sid, d.failure_reason
		FROM all_bundles b
		JOIN all_items i ON i.bundle_sid = b.sid
		JOIN all_documents d ON d.sid = i.object_sid
		WHERE b.status = 'twilio-rejected' AND d.status = 'rejected'
		ORDER BY 1, 2));
}

sub setup
{
	my ($schema, $emulator, @options) = @_;

	$node->safe_psql('postgres', "CREATE SCHEMA $schema");
	make_server(
		$node, $emulator,
		name => $schema,
		schema => $schema,
		@options);
	return;
}

# Ask, and count what it takes: lists of bundles, of items, of documents, and
# fetches of these.
sub ask
{
	my ($schema, $emulator, $statements, $query) = @_;
	my $session = start_session($node);

	$session->query("SET search_path = $schema");
	$session->query($statements) if $statements ne '';
	$emulator->reset;
	my $answer = $session->query($query);
	my @sent = map { $emulator->count($_) }
	  qw(bundles.list item_assignments.list supporting_documents.list
	  supporting_documents.fetch);
	is($emulator->count('total'),
		$sent[0] + $sent[1] + $sent[2] + $sent[3], 'nothing else is sent');
	$session->stop;
	return ($answer, @sent);
}

#
# Few documents: their list takes fewer requests than fetches of hundreds.
#
my $emulator = start_emulator(documents => 5000, bundles => $bundles);
setup('few', $emulator);
my $right = copies_of_rows('few');
cmp_ok(scalar(split /\n/, $right), '>=', $rejected, 'there is an answer');

foreach my $statements ('', 'ANALYZE bundles, item_assignments, supporting_documents')
{
	my $how = $statements eq '' ? 'unknown sizes' : 'known sizes';
	my ($answer, @sent) = ask('few', $emulator, $statements, $question);

	is($answer, $right, "$how: the right pairs");
	is($sent[0], 1, "$how: one list of the rejected bundles");
	is($sent[1], $rejected, "$how: one list of items for each of them");
	if ($statements ne '')
	{
		is($sent[2], 5, "$how: the list of documents is cheaper");
		is($sent[3], 0, "$how: no fetches of documents");
	}
	else
	{
		note("documents: $sent[2] pages, $sent[3] fetches");
	}
}

#
# One bundle, many documents: here fetches are.
#
chomp(my $one = $emulator->get('sid?resource=bundles&index=8'));
my ($answer, @sent) = ask(
	'few', $emulator,
	'ANALYZE bundles, item_assignments, supporting_documents',
	qq(
	SELECT count(*) - count(d.sid)
	FROM item_assignments i
	LEFT JOIN supporting_documents d ON d.sid = i.object_sid
	WHERE i.bundle_sid = '$one' AND i.object_sid LIKE 'RD%'));
is($answer, '0', 'each item is a document');
is("@sent[0 .. 2]", '0 1 0', 'one bundle: its items alone are listed');
cmp_ok($sent[3], '>', 0, '... and their documents fetched');
$emulator->stop;

#
# The items of all bundles: as many lists at a time as may be sent at once.
#
$emulator =
  start_emulator(documents => 100, bundles => 1000, latency => 50);
setup('slow', $emulator, options => { concurrency => 16 });
my $session = start_session($node);
$session->query('SET search_path = slow');
$emulator->reset;
my $items;
my $ms = elapsed_ms(
	sub { $items = $session->query('SELECT count(*) FROM item_assignments') }
);
is($items, $emulator->count('item_assignments'), 'all items');
is($emulator->count('item_assignments.list'), 1000, 'one list a bundle');
is($emulator->count('bundles.list'), 1, 'one page of bundles');
is($emulator->count('in_flight_max'), 16, 'sixteen at once');
note(sprintf '%.0f ms, where 1000 / 16 * 50 are %.0f', $ms, 1000 / 16 * 50);
$session->stop;
$emulator->stop;

done_testing();
