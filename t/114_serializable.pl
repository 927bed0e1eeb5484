
# Does a serializable transaction that is in conflict with another one fail
# before it has sent the writes that wait for the commit?  Whoever tries it again
# would make them twice.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $emulator = start_emulator(documents => 5);
my $node = start_node();
make_server($node, $emulator, options => { write_mode => 'at_commit' });
$node->safe_psql('postgres', <<'END');
	CREATE TABLE duty (who text PRIMARY KEY, present boolean);
	INSERT INTO duty VALUES ('one', true), ('two', true);
	ALTER DATABASE postgres SET default_transaction_isolation = 'serializable';
END
my $one = start_session($node);
my $two = start_session($node);

# Each looks at what the other one changes.
sub go_off_duty
{
	my ($session, $who) = @_;

	$session->query('BEGIN');
	$session->query('SELECT count(*) FROM duty WHERE present');
	$session->query("UPDATE duty SET present = false WHERE who = '$who'");
	$session->query(
		'INSERT INTO supporting_documents (friendly_name, type) '
		  . "VALUES ('$who', 'passport')");
	return;
}

go_off_duty($one, 'one');
go_off_duty($two, 'two');
is($two->attempt('COMMIT'), '00000', 'the first to commit succeeds');
is($emulator->count('created'), 1, 'and sends its write');
is($one->attempt('COMMIT'), '40001', 'the second is in conflict with it');
is($emulator->count('create'), 1, 'and has sent nothing');
unlike($one->complaints, qr/WARNING/, 'so there is nothing to tell');

# One that comes into conflict while the other sends is the one that fails.
$node->safe_psql('postgres', 'UPDATE duty SET present = true');
$emulator->reset;
$emulator->fault(action => 'slow', ms => 1000, path => 'create');
go_off_duty($one, 'one');
go_off_duty($two, 'two');
$one->begin('COMMIT');
wait_until('a create', sub { $emulator->count('create') == 1 });
is($two->attempt('COMMIT'), '40001', 'the other one fails meanwhile');
is($emulator->count('create'), 1, 'having sent nothing');
is($one->finish, '00000', 'and the first succeeds');
is($emulator->count('created'), 1, 'with what it has sent');

$one->stop;
$two->stop;
$node->stop;
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
