
# Secrets in files: what becomes of statements when such a file is out of
# order, or is replaced, and who gets to see what it holds.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

my $documents = 2500;
my @tokens = map { "tokenNumber${_}WhichNobodyMayKnow" } (0 .. 7);
my $api_key = 'SK' . '89abcdef' x 4;
my $api_secret = 'keyKeepsWhatNobodyMayKnow';
my $emulator = start_emulator(
	documents => $documents,
	auth_token => $tokens[0],
	api_key => $api_key,
	api_secret => $api_secret);
my $node = start_node('main', 'log_statement = all',
	'log_min_messages = debug1', 'log_error_verbosity = verbose');
my $file = $node->basedir . '/token';
my $key_file = $node->basedir . '/key';

# As a deployment would: the file is there with all of its content, or not.
sub put_file
{
	my ($path, $content, $mode) = @_;

	open my $handle, '>', "$path.new" or die "could not write: $!";
	print $handle $content;
	close $handle or die "could not write: $!";
	chmod $mode // 0600, "$path.new";
	rename "$path.new", $path or die "could not rename: $!";
	return;
}

put_file($file, "$tokens[0]\n");
put_file($key_file, $api_secret);
make_server($node, $emulator,
	options => { page_size => 500, max_retries => 0 },
	mapping =>
	  { account_sid => $emulator->account_sid, auth_token_file => $file });
$node->safe_psql('postgres', 'CREATE SCHEMA by_key');
make_server($node, $emulator,
	name => 'by_key',
	schema => 'by_key',
	mapping => { api_key => $api_key, api_secret_file => $key_file });
my $all = 'SELECT count(*) FROM supporting_documents';
my $said = '';

# A session of its own, whose connection is new.
sub new_session
{
	my (%parameters) = @_;
	return start_session($node, %parameters,
		set => { client_min_messages => 'debug1' });
}

sub attempt
{
	my ($session, $sql) = @_;
	my $sqlstate = $session->attempt($sql);

	$said .= $session->complaints . $session->output;
	return $sqlstate;
}

#
# Use
#
my $session = new_session();
is($session->query($all), $documents, 'a token in a file');
is($session->query('SELECT count(*) FROM by_key.supporting_documents'),
	$documents, 'a secret in a file');
$node->safe_psql('postgres',
	'CREATE ROLE reader LOGIN; GRANT SELECT ON supporting_documents TO reader');
my $reader = new_session(user => 'reader');
is($reader->query($all), $documents,
	'whoever is no superuser uses what a superuser has set');
$reader->stop;

#
# Files that are out of order
#
sub refuses
{
	my ($name, $words) = @_;
	my $session = new_session();

	$emulator->reset;
	is(attempt($session, $all), '28000', "$name: refused");
	like(
		$session->complaints,
		qr/ could\ not\ read\ the\ secret\ in\ the\ user\ mapping\ for
		   \ server\ "emulator" .*
		   ^DETAIL:\ \ The\ file\ of\ option\ "auth_token_file"\ \Q$words\E\.$
		   .* ^HINT: /msx,
		"$name: says so");
	is($emulator->count('total'), 0, "$name: nothing is sent");
	is(attempt($session, $all), '28000', "$name: refused again");
	return $session;
}

unlink $file;
my $waiting = refuses('no file', 'cannot be opened: No such file or directory');
put_file($file, "$tokens[0]\n");
is($waiting->query($all), $documents,
	'as soon as it is in order, it is used');
put_file($file, "$tokens[0]\n", 0640);
refuses('readable by others', 'is open to others than its owner');
put_file($file, "$tokens[0]\n", 0000);
refuses('unreadable', 'cannot be opened: Permission denied');
put_file($file, "\n");
refuses('empty', 'is empty');
put_file($file, "$tokens[0]\n$tokens[1]\n");
refuses('two lines', 'holds more than one line');
put_file($file, "$tokens[0]\0");
refuses('a NUL',
	'holds something else than printable ASCII without blanks');
put_file($file, $tokens[0] x 50);
refuses('large', 'holds more than 1024 bytes');
is(attempt($session, $all), '00000',
	'a connection that is open needs it no more');

#
# Rotation
#
my $number = 0;

# The API takes another token from now on; the file has it when it is told.
sub rotate
{
	$emulator->post('options', 'auth-token' => $tokens[ ++$number ]);
	return;
}

rotate();
put_file($file, "$tokens[0]\n");
$emulator->reset;
is(attempt($session, $all), '28000', 'the same token: refused');
is($emulator->count('list'), 1, 'the same token: tried once');
like($session->complaints,
	qr/DETAIL: .* The file with the secret was looked at again, but holds the same as before\./,
	'the same token: says so');
unlink $file;
is(attempt($session, $all), '28000', 'no file any more: refused');
like($session->complaints,
	qr/The file with the secret was looked at again, but cannot be opened: No such file/,
	'no file any more: says so');

put_file($file, "$tokens[1]\n");
$emulator->reset;
is($session->query($all), $documents, 'another token: the same session reads on');
is($emulator->count('list'), 6, 'another token: one request was sent again');
is( $session->query(
		q{SELECT retries, failures FROM regdocs_fdw_connections()
		  WHERE server_name = 'emulator'}),
	'1|2',
	'another token: counted as a retry');

# In the middle of a walk.
$session->query("BEGIN; DECLARE c CURSOR FOR SELECT sid FROM "
	  . 'supporting_documents; FETCH 10 FROM c');
rotate();
put_file($file, "$tokens[2]\n");
is($session->query('MOVE ALL FROM c; FETCH BACKWARD 0 FROM c; COMMIT'),
	'', 'within a walk: it goes on');
is($session->query($all), $documents, 'within a walk: it is whole');

# Writes, eight of them in flight.
sub insert
{
	my ($rows, $name) = @_;
	return 'INSERT INTO supporting_documents (friendly_name, type) '
	  . "SELECT '$name', 'passport' FROM generate_series(1, $rows)";
}

sub insert_one
{
	my ($name) = @_;
	return attempt($session, insert(1, $name));
}

sub created
{
	my ($name) = @_;
	return $session->query("$all WHERE friendly_name = '$name'");
}

$emulator->post('options', latency => 50);
$session->begin(insert(80, 'in flight'));
wait_until('some of the writes', sub { $emulator->count('create') > 10 });
put_file($file, "$tokens[3]\n");
rotate();
is($session->finish, '00000', 'within writes: they go on');
$emulator->post('options', latency => 0);
is(created('in flight'), 80, 'within writes: each is done once');
cmp_ok(
	$session->query(
		q{SELECT retries FROM regdocs_fdw_connections()
		  WHERE server_name = 'emulator'}),
	'>=', 3,
	'within writes: some were refused first');

# At the commit.
$session->query('ALTER SERVER emulator OPTIONS (ADD write_mode $$at_commit$$)');
$session->query('BEGIN;' . insert(5, 'at commit'));
rotate();
put_file($file, "$tokens[4]\n");
is($session->query('COMMIT'), '', 'at the commit: they are sent');
is(created('at commit'), 5, 'at the commit: each is done once');
$session->query('ALTER SERVER emulator OPTIONS (DROP write_mode)');

# Without any budget for other tries, and after what there was of it.
$session->query('SET regdocs_fdw.retry_budget = 0');
rotate();
put_file($file, "$tokens[5]\n");
is($session->query($all), $documents + 85, 'no budget: the new token is tried');
is(insert_one('no budget'), '00000', 'no budget: so it is in a write');
rotate();
put_file($file, "$tokens[6]\n");
is(insert_one('no budget'), '00000', 'no budget: a write is sent again');
is(created('no budget'), 2, 'no budget: and done once');

# Once: a file that changes with each try does not make them endless.
$emulator->reset;
$emulator->fault(
	action => 'status', status => 401, path => 'list', ms => 1000, count => 0);
$session->begin($all);
foreach my $tries (1 .. 2)
{
	wait_until('a try', sub { $emulator->count('list') == $tries });
	put_file($file, "another$tries\n");
}
is($session->finish, '28000', 'no budget: two new tokens, both refused');
is($emulator->count('list'), 2, 'no budget: the second is not tried');
$emulator->clear;
put_file($file, "$tokens[6]\n");
is($session->query($all), $documents + 87, 'no budget: it is read at last');
$session->query('RESET regdocs_fdw.retry_budget');

# A write that is refused for good has not been done, and says so.
rotate();
is(attempt($session, insert(3, 'never')), '28000', 'refused writes: an error');
put_file($file, "$tokens[7]\n");
is(created('never'), 0, 'refused writes: none is done');

#
# Who gets to see it
#
# Somebody answers with what was sent, now or before.
foreach my $token (@tokens[ 6, 7 ])
{
	$emulator->fault(
		action => 'status',
		status => 400,
		message => "You sent $token.");
	is(attempt($session, $all), '22023', 'an answer that has a token');
	like($session->complaints, qr/You sent \*\*\*\./, 'which is masked');
}

my ($dump) = run_command([ 'pg_dump', $node->connstr('postgres') ]);
like($dump, qr/auth_token_file '\Q$file\E'/, 'a dump has the path');
foreach my $secret (@tokens, $api_secret)
{
	is(index($dump, $secret), -1, "a dump has no secret: $secret");
}
$session->stop;
$node->stop;
my $log = slurp_file($node->logfile);
like($log, qr/STATEMENT: |LOG: .* statement: /, 'the log has statements');
foreach my $secret (@tokens, $api_secret)
{
	is(index($log, $secret), -1, "the log has no secret: $secret");
	is(index($said, $secret), -1, "messages have no secret: $secret");
}
is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
