
# A mirror of several accounts: a partitioned table with a foreign table for
# each.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node();
my %account = map { $_ => 'AC' . $_ x 32 } qw(a b);
my %emulator = map {
	$_ => start_emulator(
		documents => 60,
		seed => ord($_),
		account_sid => $account{$_},
		token_style => 'offset')
} qw(a b);

sub query
{
	my ($sql) = @_;
	return $node->safe_psql('postgres', $sql);
}

query(q{CREATE TABLE documents (sid text, status regdocs_status,
	account_sid text, friendly_name text) PARTITION BY LIST (account_sid)});
foreach my $name (qw(a b))
{
	make_server(
		$node,
		$emulator{$name},
		name => "server_$name",
		schema => undef,
		options => { page_size => 20, max_retries => 0 });
	query(qq{CREATE FOREIGN TABLE documents_$name PARTITION OF documents
		FOR VALUES IN ('$account{$name}') SERVER server_$name});
}
query(q{SELECT regdocs_create_snapshot('documents', 'mirror')});
is( query(
		q{SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_index
		JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
		WHERE indrelid = 'mirror'::regclass}),
	'sid',
	'the primary key is the sid alone');
my $refresh = q{SELECT * FROM regdocs_refresh('documents', 'mirror')};
is(query($refresh), '120|0|0|0', 'both accounts fill it');
is( query('SELECT count(*) FROM mirror GROUP BY account_sid ORDER BY 1'),
	"60\n60", '... each with its own');

# What one of them has lost is asked of that one alone.
my @sids = map { my $sid = $emulator{b}->get("sid?index=$_"); chomp $sid; $sid }
  (1, 30);
$emulator{b}->delete("supporting_documents?sid=$_") foreach @sids;
$_->reset foreach values %emulator;
is(query($refresh), '0|0|2|118', 'two are gone from one account');
is($emulator{b}->count('fetch'), 2, '... which was asked for them');
is($emulator{a}->count('fetch'), 0, '... and the other was not');

# One account that fails does not make the others' rows look deleted.
my $state = q{SELECT md5(string_agg(m::text, '' ORDER BY sid)) FROM mirror m};
my $before = query($state);
$emulator{a}->post(
	'supporting_documents',
	index => 3,
	friendly_name => 'changed');
$emulator{b}->fault(action => 'status', status => 500, path => 'list', count => 0);
my ($result, $out, $error) = $node->psql('postgres', $refresh);
isnt($result, 0, 'an account that fails is an error');
like($error, qr/server_b/, '... that names it');
is(query($state), $before, '... and nothing has changed');
$emulator{b}->clear;
is(query($refresh), '0|1|0|117', 'the next one makes up for it');

# A partition that is detached is no longer in the source: its rows are gone.
query('ALTER TABLE documents DETACH PARTITION documents_b');
is(query($refresh), '0|0|58|60', 'an account that is detached is gone');

is($_->stop, '', 'the emulator had nothing to complain about')
  foreach values %emulator;
done_testing();
