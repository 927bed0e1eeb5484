
# What doc/operations.md says of many accounts, by its text alone: one table of
# all, the nightly job that goes on where an account fails, and what to do then.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node();
my %account = map { $_ => 'AC' . $_ x 32 } qw(1 2);
my $secret = '5ec7e75ec7e75ec7e75ec7e75ec7e75e';
my %emulator = map {
	$_ => start_emulator(
		documents => 40,
		seed => $_,
		account_sid => $account{$_},
		auth_token => $secret)
} qw(1 2);
my $session = start_session($node);

my ($document) = slurp_file("$FindBin::Bin/../doc/operations.md") =~
  /^## Many accounts\n(.*)\z/ms;
my %used;

# The statements below a title, with what a reader puts there.
sub documented
{
	my ($title) = @_;
	my ($text) = $document =~ /^-- \Q$title\E\n(.*?)(?:^```|^-- |\z)/ms;

	defined $text or die "doc/operations.md has no '$title'";
	$used{$title} = 1;
	$text =~ s{/etc/postgresql/twilio-}{$node->data_dir . '/twilio-'}ge;
	$text =~ s/AC…(\d)/$account{$1}/g;
	return $text;
}

foreach my $name (qw(1 2))
{
	my $path = $node->data_dir . "/twilio-$account{$name}";

	append_to_file($path, "$secret\n");
	chmod 0600, $path;
}
make_server($node, $emulator{1}, name => 'twilio', schema => undef,
	options => { max_retries => 0 });
$session->query(documented('A table of all accounts'));
$session->query(documented('Each account, like a server that is there'));

# Here, each has an emulator of its own.
$session->query(
	qq{ALTER SERVER "twilio_$account{2}" OPTIONS (SET base_url '}
	  . $emulator{2}->url . q{')});
is( $session->query(
		'SELECT count(*), count(DISTINCT account_sid) FROM accounts.supporting_documents'),
	'80|2', 'all accounts');

# The job, and how it went.
$session->query(documented('Mirrors of all accounts, one by one'));
my $unwell = documented('Which accounts are not as of last night?');
my $mirror = q{SELECT account_sid, count(*) FROM accounts.documents_mirror GROUP BY 1 ORDER BY 1};
my $both = "$account{1}|40\n$account{2}|40";
$session->query('CALL accounts.nightly()');
is($session->query($mirror), $both, 'each has its mirror');
is($session->query($unwell), '', 'all are well');

$emulator{$_}->post('supporting_documents', index => 3, friendly_name => 'turned')
  foreach qw(1 2);
$emulator{1}->fault(action => 'status', status => 403, path => 'list', count => 0);
is($session->attempt('CALL accounts.nightly()'), '00000', 'an account that fails');
is( $session->query(
		q{SELECT account_sid FROM accounts.documents_mirror WHERE friendly_name = 'turned'}),
	$account{2}, '... does not keep the other from going on');
is($session->query($mirror), $both, '... and keeps its rows');
my $report = $session->query($unwell);
my $failing = $account{1};
like($report, qr/^$failing\|\d{4}-.*\|the API does not permit/,
	'... and is told of');
unlike($report, qr/\n/, '... alone');
is( $session->query(
		q{SELECT string_agg(sqlstate, ' ' ORDER BY run_at) FROM accounts.runs WHERE account = '} . $account{1} . q{'}),
	'00000 28000', '... with its SQLSTATE');

# Without it.
is($session->attempt('SELECT count(*) FROM accounts.supporting_documents'),
	'28000', 'a query of all fails');
like($session->complaints, qr/server "twilio_$failing"/, '... and names it');
sub of_the_other
{
	my ($sql) = @_;
	# (The documentation has account 2 fail.)
	my $failed = $account{2};

	return $sql =~ s/$failed/$failing/gr;
}
$_->reset foreach values %emulator;
is( $session->query(
		'SELECT sum(count) FROM (' . of_the_other(documented('All but one account, which is not asked')) =~ s/;\s*\z//r . ') s'),
	40, 'a query without it');
is($emulator{1}->count('list'), 0, '... does not ask it');
$session->query(of_the_other(documented('Without it, until it is attached again')));
is($session->query('SELECT count(*) FROM accounts.supporting_documents'),
	40, 'detached');
$session->query(
	qq{ALTER TABLE accounts.supporting_documents ATTACH PARTITION
	accounts."supporting_documents_$account{1}" FOR VALUES IN ('$account{1}')});
$emulator{1}->clear;
$session->query('CALL accounts.nightly()');
is($session->query($unwell), '', 'the next night makes up for it');
is( $session->query(
		q{SELECT count(*) FROM accounts.documents_mirror WHERE friendly_name = 'turned'}),
	2, '... wholly');

# A cancel ends the job, and is not taken for a failure of one account.
$emulator{$_}->fault(action => 'stall', path => 'list', count => 0) foreach qw(1 2);
my $runs = $session->query('SELECT count(*) FROM accounts.runs');
$session->begin('CALL accounts.nightly()');
my $watcher = start_session($node);
wait_until(
	'the job',
	sub {
		$watcher->query('SELECT wait_event_type IN ($$IPC$$, $$Extension$$) '
			  . "FROM pg_stat_activity WHERE state = 'active' AND pid = "
			  . $session->pid) eq 't';
	});
$watcher->query('SELECT pg_cancel_backend(' . $session->pid . ')');
is($session->finish, '57014', 'a cancel ends the job');
is($session->query('SELECT count(*) FROM accounts.runs'), $runs, '... as a whole');
$_->clear foreach values %emulator;

$session->query(documented('One that has left'));
is( $session->query(
		'SELECT string_agg(srvname, $$ $$) FROM pg_foreign_server WHERE srvname LIKE $$%AC%$$'),
	"twilio_$account{1}", 'one that has left is gone, with its server');
is(join(', ', grep { !$used{$_} } $document =~ /^-- (.*)$/mg), '',
	'all of the documentation was used');

$_->stop foreach ($session, $watcher);
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach values %emulator;
done_testing();
