
# Mirrors at the edges: more columns than a function has arguments, values that
# could not be converted, and snapshots that are older than the mirror.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node();
my $emulator = start_emulator(documents => 30);
make_server($node, $emulator, options => { max_retries => 0 });
my $one = start_session($node);
my $two = start_session($node);

sub sid
{
	my ($index) = @_;
	my $sid = $emulator->get("sid?index=$index");

	chomp $sid;
	return $sid;
}

sub refresh
{
	my ($source, $mirror) = @_;
	return "SELECT * FROM regdocs_refresh('$source', '$mirror')";
}

# Sixty columns that show a field each: the sids of such rows are out of line.
$one->query(
	'CREATE FOREIGN TABLE wide (sid text, status regdocs_status, '
	  . join(', ',
		map { "\"c '$_\" text OPTIONS (column_name 'friendly_name')" } 1 .. 60)
	  . ') SERVER emulator');
$one->query(q{SELECT regdocs_create_snapshot('wide', 'wide_mirror')});
is($one->query(refresh('wide', 'wide_mirror')), '30|0|0|0', 'sixty columns are inserted');
is($one->query(refresh('wide', 'wide_mirror')), '0|0|0|30', '... and found again');
$emulator->post('supporting_documents', sid => sid(1), friendly_name => 'changed');
is($one->query(refresh('wide', 'wide_mirror')), '0|1|0|29', '... updated');
$emulator->delete('supporting_documents?sid=' . sid(2));
is($one->query(refresh('wide', 'wide_mirror')), '0|0|1|29', '... deleted');
is( $one->query(
		q{SELECT change, (SELECT count(*) FROM jsonb_object_keys(coalesce(old, new))),
			new ->> 'c ''60', old ->> 'sid' = sid
		FROM wide_mirror_history WHERE change <> 'inserted' ORDER BY change}),
	"deleted|62||t\nupdated|62|changed|t",
	'... and all of them are in the history');

# Columns that are called as what the statements of a refresh speak of.
$one->query(
	'CREATE FOREIGN TABLE named (sid text, '
	  . join(', ',
		map { "$_ text OPTIONS (column_name 'friendly_name')" }
		  qw(m o r s x old new done change)) . ') SERVER emulator');
$one->query(q{SELECT regdocs_create_snapshot('named', 'named_mirror')});
$one->query(refresh('named', 'named_mirror'));
$emulator->post('supporting_documents', sid => sid(1), friendly_name => 'named');
is($one->query(refresh('named', 'named_mirror')),
	'0|1|0|28', 'columns of any name');
is( $one->query(
		q{SELECT DISTINCT string_agg(k, ' ' ORDER BY k) FROM named_mirror_history,
		LATERAL jsonb_object_keys(new) k GROUP BY sid, change}),
	'change done m new o old r s sid x', '... are all in the history');
is( $one->query(
		q{SELECT h.old ->> 'x', h.new ->> 'x', h.new = to_jsonb(m.*)
		FROM named_mirror_history h JOIN named_mirror m USING (sid)
		WHERE h.change = 'updated'}),
	'changed|named|t', '... with their values');

# on_error 'set_null': what the API has now is not known, and what it had is
# not true any more.  The mirror has what the foreign table shows; the history
# keeps the rest; and a NOTICE says so each time.
$one->query(
	q{SELECT regdocs_create_snapshot('supporting_documents', 'mirror')});
$one->query(refresh('supporting_documents', 'mirror'));
my $sid = sid(5);
my $known = $one->query("SELECT status FROM mirror WHERE sid = '$sid'");
$emulator->post('review', sid => $sid, status => 'on-hold');
is($one->attempt(refresh('supporting_documents', 'mirror')),
	'22P02', 'a value that cannot be converted stops the refresh');
$one->query(
	q{ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD on_error 'set_null')});
is($one->query(refresh('supporting_documents', 'mirror')),
	'0|1|0|28', 'set_null: the row is updated');
like($one->complaints,
	qr/NOTICE:  1 value of foreign table "supporting_documents" is NULL because it could not be converted\n.*$sid/s,
	'... which is told');
is($one->query("SELECT status FROM mirror WHERE sid = '$sid'"),
	'', '... the mirror has what the foreign table shows');
is( $one->query(
		qq{SELECT old_status, new_status, old ->> 'status', new ->> 'status'
		FROM mirror_history WHERE sid = '$sid' AND change = 'updated'}),
	"$known||$known|", '... and the history what was known');
is($one->query(refresh('supporting_documents', 'mirror')),
	'0|0|0|29', 'the next time, nothing has changed');
like($one->complaints, qr/is NULL because it could not be converted/,
	'... and it is told again');
$emulator->post('review', sid => $sid, status => $known);
is($one->query(refresh('supporting_documents', 'mirror')),
	'0|1|0|28', 'a value that is right again comes back');
$one->query(
	q{ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP on_error)});

# A snapshot from before another refresh.
my $index = 7;
foreach my $level ('REPEATABLE READ', 'SERIALIZABLE')
{
	foreach my $case (
		[
			'updated', '40001',
			sub { $emulator->post('supporting_documents', sid => $sid, friendly_name => $level) }
		],
		[
			'deleted', '40001',
			sub { $emulator->delete('supporting_documents?sid=' . sid($index++)) }
		],
		[
			'inserted', '23505',
			sub {
				$emulator->post(
					'supporting_documents',
					friendly_name => 'new',
					type => 'passport');
			}
		])
	{
		my ($what, $sqlstate, $change) = @$case;

		$one->query("BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM mirror");
		$change->();
		$two->query(refresh('supporting_documents', 'mirror'));
		my $history = $two->query('SELECT count(*) FROM mirror_history');
		is($one->attempt(refresh('supporting_documents', 'mirror')),
			$sqlstate, "$level: what another one has $what is not $what again");
		$one->query('ROLLBACK');
		is($two->query('SELECT count(*) FROM mirror_history'),
			$history, '... nor in the history');
	}
	$one->query("BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM mirror");
	$two->query(refresh('supporting_documents', 'mirror'));
	is($one->attempt(refresh('supporting_documents', 'mirror') . '; COMMIT'),
		'00000', "$level: one that has changed nothing is none the matter");
}

$_->stop foreach ($one, $two);
is($emulator->stop, '', 'the emulator had nothing to complain about');
done_testing();
