
# Do requests with a file go where upload_url says, and no others?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

# Both have the same documents, as they are made of the same seed.
my %flags = (documents => 20, editable =>
	  'draft,rejected,approved,expired,pending-review,provisionally-approved');
my $emulator = start_emulator(%flags);
my $uploads = start_emulator(%flags);
my $node = start_node();
make_server($node, $emulator, options => { upload_url => $uploads->url });
make_server(
	$node, $emulator,
	name => 'late',
	schema => undef,
	options => { upload_url => $uploads->url, write_mode => 'at_commit' });
my $session = start_session($node);
my $sid = $emulator->get('sid?index=3');
chomp $sid;
$session->query(<<'END');
	CREATE TABLE image AS SELECT decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfF'
		|| 'cSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') AS png;
	CREATE FOREIGN TABLE late (sid text, friendly_name text, type text, file bytea)
		SERVER late OPTIONS (resource 'supporting_documents');
END

# What a statement sends to the one and to the other.
sub sends
{
	my ($name, $sql, %expected) = @_;

	$emulator->reset;
	$uploads->reset;
	$session->query($sql);
	foreach my $kind (qw(create update))
	{
		is($emulator->count($kind), $expected{$kind} // 0,
			"$name: ${kind}s to base_url");
		is($uploads->count($kind), $expected{"upload_$kind"} // 0,
			"$name: ${kind}s to upload_url");
	}
	is($uploads->count('list') + $uploads->count('fetch'),
		0, "$name: nothing is read from upload_url");
	return;
}

foreach my $table (qw(supporting_documents late))
{
	sends(
		"$table, INSERT",
		"INSERT INTO $table (friendly_name, type, file) "
		  . "SELECT 'x', 'passport', CASE WHEN i < 3 THEN png END "
		  . 'FROM image, generate_series(1, 5) i',
		create => 3,
		upload_create => 2);
	sends(
		"$table, UPDATE",
		"UPDATE $table SET friendly_name = 'y $table' WHERE sid = '$sid'",
		update => 1);
	sends(
		"$table, UPDATE of a file",
		"UPDATE $table SET file = png FROM image WHERE sid = '$sid'",
		upload_update => 1);
}

$session->stop;
$node->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');
is($uploads->stop, '', 'nor had the other one');

done_testing();
