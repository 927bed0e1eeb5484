
# The list is no snapshot, and a mirror has to be right all the same: rows that
# come twice, rows that the walk misses, rows that cannot be converted, and a
# mirror that is dumped and restored.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node();
my $page_size = 20;

# An emulator, its server and foreign tables in a schema of their own, and a
# mirror that is filled.
sub start_mirror
{
	my ($name, %flags) = @_;
	my $emulator = start_emulator(documents => 100, %flags);

	$node->safe_psql('postgres', "CREATE SCHEMA $name");
	make_server(
		$node,
		$emulator,
		name => $name,
		schema => $name,
		options => { page_size => $page_size });
	$node->safe_psql(
		'postgres', qq{
		SELECT regdocs_create_snapshot('$name.supporting_documents', '$name.mirror');
		SELECT regdocs_refresh('$name.supporting_documents', '$name.mirror')});
	return $emulator;
}

sub sid
{
	my ($emulator, $index) = @_;
	my $sid = $emulator->get("sid?index=$index");

	chomp $sid;
	return $sid;
}

sub refresh_command
{
	my ($name) = @_;
	return "SELECT * FROM "
	  . "regdocs_refresh('$name.supporting_documents', '$name.mirror')";
}

# Inserted, updated, deleted, unchanged; and what else was said.
sub refresh
{
	my ($name) = @_;
	my ($result, $out, $notices) =
	  $node->psql('postgres', refresh_command($name));

	return ($out, $notices);
}

sub query
{
	my ($sql) = @_;
	return $node->safe_psql('postgres', $sql);
}

# Is the mirror what the source is?
sub is_mirror
{
	my ($name, $what) = @_;
	my $columns = join ', ',
	  qw(sid account_sid friendly_name mime_type status failure_reason errors
	  type attributes date_created date_updated url);
	my $source = "SELECT $columns FROM $name.supporting_documents";
	my $mirror = "SELECT $columns FROM $name.mirror";

	is( query(
			"SELECT count(*) FROM (($source EXCEPT ALL $mirror) "
			  . "UNION ALL ($mirror EXCEPT ALL $source)) d"),
		0,
		"$what: the mirror shows what the API has");
	return;
}

#
# Rows that come twice: the list is ordered by update, and a document of the
# first page changes while the walk is further on, and so moves to the end.
#

my $twice = start_mirror('twice', list_order => 'updated', latency => 50);
my $session = start_session($node);

# Refresh, and have the document at the head of the list changed meanwhile.
sub refresh_while_changed
{
	my ($what, $sid, %fields) = @_;

	$twice->reset;
	$session->begin(refresh_command('twice'));
	wait_until('the third page', sub { $twice->count('list') >= 3 });
	$twice->post('supporting_documents', sid => $sid, %fields);
	is($session->finish, '00000', "$what does not fail");
	return $session->output;
}

sub head { return query('SELECT sid FROM twice.supporting_documents LIMIT 1'); }

my $head = head();
query("UPDATE twice.mirror SET friendly_name = 'differs' WHERE sid = '$head'");
is( refresh_while_changed('a row that comes twice', $head,
		friendly_name => 'second'),
	'0|1|0|99',
	'... and counts once');
is( query(
		"SELECT count(*), min(new ->> 'friendly_name') FROM twice.mirror_history "
		  . "WHERE sid = '$head' AND change = 'updated'"),
	'1|second',
	'... as it came last, also in the history');
is_mirror('twice', 'a row that comes twice');

# One that first differs, and then is what the mirror has.
$head = head();
query(
	qq{UPDATE twice.mirror SET friendly_name = 'later', date_updated = '2030-01-01Z'
	WHERE sid = '$head'});
is( refresh_while_changed(
		'a row that differs at first',
		$head,
		friendly_name => 'later',
		date_updated => '2030-01-01T00:00:00Z'),
	'0|0|0|100',
	'... and has not changed');
is_mirror('twice', 'a row that differs at first');

# One that first is what the mirror has, and then differs.
$head = head();
is( refresh_while_changed('a row that differs at last', $head,
		friendly_name => 'last'),
	'0|1|0|99',
	'... and has changed');
is_mirror('twice', 'a row that differs at last');

# A new one.
$head = head();
query("DELETE FROM twice.mirror WHERE sid = '$head'");
is( refresh_while_changed('a new row that comes twice', $head,
		friendly_name => 'newer'),
	'1|0|0|99',
	'... and is inserted once');
is( query("SELECT friendly_name FROM twice.mirror WHERE sid = '$head'"),
	'newer', '... as it came last');
is_mirror('twice', 'a new row that comes twice');
$session->stop;

#
# Rows that the walk misses: others delete documents of the pages that it has
# read, and with offsets the rest moves up.
#

my $missed = start_mirror('missed', token_style => 'offset');
my @victims = map { sid($missed, $_) } 1, 3, 5;
my $skipped = sid($missed, 2 * $page_size);

sub vanish
{
	my ($skip, @sids) = @_;

	foreach my $sid (@sids)
	{
		$missed->fault(
			action => 'vanish',
			path => 'list',
			skip => $skip,
			sid => $sid);
	}
	return;
}

vanish(2, $victims[0]);
$missed->reset;
my ($result, $notices) = refresh('missed');
is($result, '0|0|0|100', 'a document that the walk misses is not deleted');
like(
	$notices,
	qr/NOTICE:  1 document of "mirror" is still there, though the list did not have it$/m,
	'... and a NOTICE tells of it');
is($missed->count('fetch'), 1, '... as it was asked for by its sid');
is( query("SELECT count(*) FROM missed.mirror WHERE sid = '$skipped'"),
	1, '... it was that one');
unlike(scalar query("SELECT string_agg(change, ' ') FROM missed.mirror_history"),
	qr/deleted/, '... nothing was deleted so far');
($result) = refresh('missed');
is($result, '0|0|1|99', 'what has gone is deleted by the next one');
is_mirror('missed', 'rows that the walk misses');

# What is still there may have changed as well.
$missed->post(
	'supporting_documents',
	sid => sid($missed, 2 * $page_size + 1),
	friendly_name => 'moved up');
vanish(2, $victims[1]);
($result, $notices) = refresh('missed');
is($result, '0|1|0|98', 'a document that the walk misses is updated');
like($notices, qr/1 document .* still there/, '... and told of');
is( query("SELECT count(*) FROM missed.mirror WHERE friendly_name = 'moved up'"),
	1, '... with what it is now');

# Far more than would be fetched one by one otherwise: the list might miss them
# again.
my @half = split /\n/,
  query(
	"SELECT sid FROM missed.mirror WHERE sid <> '$victims[1]' LIMIT 50");
$missed->delete("supporting_documents?sid=$_") foreach @half;
$missed->post('options', latency => 20);
$missed->reset;
($result) = refresh('missed');
is($result, '0|0|51|48', 'half of all is deleted, and what vanished before');
is($missed->count('fetch'), 51, '... after each was asked for by its sid');
is($missed->count('list'), 3, '... and the list was read once');
cmp_ok($missed->count('in_flight_max'), '>', 4, '... side by side');
is_mirror('missed', 'many deletions');

#
# Rows that cannot be converted: also those that the walk has missed.
#

my $odd = start_mirror('odd', token_style => 'offset');
query('ALTER FOREIGN TABLE odd.supporting_documents '
	  . q{OPTIONS (ADD on_error 'ignore')});
my @odd = (sid($odd, 30), sid($odd, 2 * $page_size));
$odd->post('review', sid => $_, status => 'odd') foreach @odd;
$odd->fault(
	action => 'vanish',
	path => 'list',
	skip => 2,
	sid => sid($odd, 1));
($result, $notices) = refresh('odd');
is($result, '0|0|0|100', 'documents that cannot be converted are not deleted');
like($notices,
	qr/2 documents of "mirror" keep their old state because they could not be converted/,
	'... and told of, the one that the walk has missed, too');
is( query(
		"SELECT count(*) FROM odd.mirror WHERE sid IN ('$odd[0]', '$odd[1]')"),
	2,
	'... they are there');
$odd->delete("supporting_documents?sid=$odd[0]");
($result, $notices) = refresh('odd');
is($result, '0|0|2|98', 'one that is gone is deleted');

#
# A dump, and what it is restored to, ask the API for nothing.
#

my $directory = PostgreSQL::Test::Utils::tempdir();
my %digest;
my $digest_sql = q{
	SELECT md5(string_agg(m::text, '' ORDER BY sid)),
		(SELECT md5(string_agg(h::text, '' ORDER BY sid, changed_at))
			FROM missed.mirror_history h)
	FROM missed.mirror m};
$digest{postgres} = query($digest_sql);
query(
	q{CREATE FUNCTION public.told() RETURNS trigger LANGUAGE plpgsql AS
		'BEGIN PERFORM pg_notify(''told'', NEW.sid); RETURN NULL; END';
	  CREATE TRIGGER told AFTER INSERT ON missed.mirror_history
		FOR EACH ROW EXECUTE FUNCTION public.told()});
$_->reset foreach $twice, $missed, $odd;
$node->command_ok(
	[ 'pg_dump', '--file' => "$directory/dump", 'postgres' ], 'a dump');
query('CREATE DATABASE restored');
$node->command_ok(
	[
		'psql', '--no-psqlrc', '--quiet', '--set' => 'ON_ERROR_STOP=1',
		'--file' => "$directory/dump", '--dbname' => 'restored'
	],
	'... is restored');
is($node->safe_psql('restored', $digest_sql),
	$digest{postgres}, '... with mirrors and histories');
is( $twice->count('total') + $missed->count('total') + $odd->count('total'),
	0, '... without a request');
is( $node->safe_psql('restored',
		"SELECT updated, deleted FROM "
		  . "regdocs_refresh('missed.supporting_documents', 'missed.mirror')"),
	'0|0',
	'... and is refreshed like the first');

is($_->stop, '', 'the emulator had nothing to complain about')
  foreach $twice, $missed, $odd;
done_testing();
