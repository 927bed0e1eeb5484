
# A partition by account_sid whose bound is not the account that its rows come
# from: is it an error wherever the partition is used, and sent nothing where
# that is known before?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node();
my %account = map { $_ => 'AC' . $_ x 32 } qw(a b c);
my $key = 'SK0123456789abcdef0123456789abcdef';
my %emulator = map {
	$_ => start_emulator(
		documents => 30,
		seed => ord($_),
		account_sid => $account{$_},
		api_key => $key,
		api_secret => 'f' x 32)
} qw(a b);
my $session = start_session($node);

$session->query(
	q{CREATE TABLE documents (sid text, account_sid text, status regdocs_status,
		friendly_name text, type text, attributes jsonb)
		PARTITION BY LIST (account_sid);
	CREATE TABLE bundles (sid text, account_sid text) PARTITION BY LIST (account_sid);
	CREATE TABLE keys (document text)});
my $replace_items =
  "SELECT regdocs_replace_items('bundles_a', 'BU" . '1' x 32 . "', 'BU" . '2' x 32 . "')";
foreach my $name (qw(a b))
{
	make_server(
		$node,
		$emulator{$name},
		name => "server_$name",
		schema => undef,
		options => { page_size => 10, max_retries => 0 });
	$session->query(qq{CREATE FOREIGN TABLE documents_$name PARTITION OF documents
		FOR VALUES IN ('$account{$name}') SERVER server_$name});
}
$session->query(qq{CREATE FOREIGN TABLE bundles_a PARTITION OF bundles
	FOR VALUES IN ('$account{a}') SERVER server_a OPTIONS (resource 'bundles')});
is($session->query('SELECT count(*), count(DISTINCT account_sid) FROM documents'),
	'60|2', 'bounds that are right');
$session->query(
	q{INSERT INTO keys SELECT sid FROM documents; ANALYZE keys;
	SELECT regdocs_create_snapshot('documents', 'mirror');
	SELECT regdocs_refresh('documents', 'mirror');
	SELECT regdocs_create_snapshot('documents_b', 'mirror_b')});
my $mirrored = $session->query(
	'SELECT md5(string_agg(m::text, $$$$ ORDER BY sid)) FROM mirror m');
my $sid = $session->query('SELECT min(sid) FROM documents_a');

sub set_mapping
{
	my ($server, $options) = @_;

	$session->query("DROP USER MAPPING FOR PUBLIC SERVER $server; "
		  . "CREATE USER MAPPING FOR PUBLIC SERVER $server OPTIONS ($options)");
	$_->reset foreach values %emulator;
	return;
}

sub sent
{
	my ($name) = @_;
	my %count = map { $_ => $emulator{$name}->count($_) }
	  qw(list fetch create update delete);

	return join ' ', map { "$_=$count{$_}" }
	  grep { $count{$_} > 0 } sort keys %count;
}

# The mapping of a is for b, and its server leads there.
$session->query("ALTER SERVER server_a OPTIONS (SET base_url '"
	  . $emulator{b}->url
	  . "')");
set_mapping('server_a',
	"account_sid '$account{b}', auth_token '" . $emulator{b}->auth_token . "'");
$session->query('SET enable_partition_pruning = on');
foreach my $case (
	[ 'a scan of the parent', 'SELECT count(*) FROM documents' ],
	[ 'a scan of the partition', 'SELECT friendly_name FROM documents_a' ],
	[ 'a scan that wants no column', 'SELECT count(*) FROM documents_a' ],
	[ 'a fetch', "SELECT * FROM documents_a WHERE sid = '$sid'" ],
	[
		'a condition on the account',
		"SELECT * FROM documents WHERE account_sid = '$account{a}'"
	],
	[
		'a join in batches',
		'SELECT count(*) FROM keys JOIN documents_a d ON d.sid = keys.document',
		'SET enable_hashjoin = off; SET enable_mergejoin = off'
	],
	[ 'a cursor', 'BEGIN; DECLARE c CURSOR FOR SELECT * FROM documents; FETCH c' ],
	[ 'a DELETE', 'DELETE FROM documents_a' ],
	[ 'a DELETE by the parent', "DELETE FROM documents WHERE account_sid = '$account{a}'" ],
	[
		'a DELETE that returns rows',
		"DELETE FROM documents_a WHERE sid = '$sid' RETURNING sid"
	],
	[ 'an UPDATE', q{UPDATE documents_a SET friendly_name = 'x'} ],
	[
		'an INSERT',
		q{INSERT INTO documents_a (friendly_name, type) VALUES ('x', 'passport')}
	],
	[
		'an INSERT at the commit',
		q{BEGIN; SET LOCAL regdocs_fdw.write_mode = 'at_commit';
		INSERT INTO documents_a (friendly_name, type) VALUES ('x', 'passport')}
	],
	[ 'regdocs_replace_items()', $replace_items, undef, 'bundles_a' ],
	[
		'regdocs_replace_items() as a dry run',
		$replace_items, 'SET regdocs_fdw.dry_run = on', 'bundles_a'
	],
	[ 'ANALYZE', 'ANALYZE documents_a' ],
	[ 'ANALYZE of the parent', 'ANALYZE documents' ],
	[ 'a refresh', q{SELECT regdocs_refresh('documents', 'mirror')} ])
{
	my ($name, $sql, $before, $partition) = @$case;

	$partition //= 'documents_a';
	$_->reset foreach values %emulator;
	$session->query($before) if defined $before;
	is($session->attempt($sql), '23514', "$name is refused");
	like(
		$session->complaints,
		qr/partition "$partition" is for another account than the user mapping for server "server_a"/,
		"$name: and says which");
	$session->attempt('ROLLBACK; RESET ALL');
	is(sent('a'), '', "$name: nothing is sent to a");
	unlike(sent('b'), qr/create|update|delete/, "$name: nothing is written to b");
	is(sent('b'), '', "$name: nothing is sent to b") if $sql =~ /$partition/;
}
is( $session->query(
		'SELECT md5(string_agg(m::text, $$$$ ORDER BY sid)) FROM mirror m'),
	$mirrored,
	'the mirror is as it was');
is( $session->attempt(
		"INSERT INTO documents (account_sid, friendly_name, type) "
		  . "VALUES ('$account{a}', 'x', 'passport')"),
	'22023',
	'a row that names the account is refused for its value');

# What does not use the partition is not disturbed.
is( $session->query(
		"SELECT count(*) FROM documents WHERE account_sid = '$account{b}'"),
	30, 'the other one can be read');
is($session->attempt('EXPLAIN SELECT * FROM documents_a'),
	'00000', 'and plans be looked at');
$session->query(
	'PREPARE p (text) AS SELECT count(*) FROM documents WHERE account_sid = $1; '
	  . 'SET plan_cache_mode = force_generic_plan');
is($session->query("EXECUTE p ('$account{b}')"),
	30, 'a generic plan leaves it out');
is($session->attempt("EXECUTE p ('$account{a}')"), '23514', '... and does not');
is( $session->query(
		q{SELECT count(*) FROM (SELECT $$} . $account{b} . q{$$ AS account OFFSET 0) o,
		LATERAL (SELECT * FROM documents d WHERE d.account_sid = o.account OFFSET 0) d}),
	30,
	'a partition that is pruned while the plan runs is not used');

# A mapping that comes right later, and one that goes wrong after the plan.
set_mapping('server_a',
	"account_sid '$account{a}', auth_token '" . $emulator{a}->auth_token . "'");
$session->query("ALTER SERVER server_a OPTIONS (SET base_url '"
	  . $emulator{a}->url
	  . "')");
is($session->query("EXECUTE p ('$account{a}')"),
	30, 'a mapping that was corrected');
$session->query('RESET plan_cache_mode');

# An API key does not say whose it is; its rows do.
set_mapping('server_a', "api_key '$key', api_secret '" . 'f' x 32 . "'");
is($session->query('SELECT count(*) FROM documents_a'), 30, 'the right key');
$session->query("ALTER SERVER server_a OPTIONS (SET base_url '"
	  . $emulator{b}->url
	  . "')");
my $other = $session->query('SELECT min(sid) FROM documents_b');
foreach my $sql (
	'SELECT count(*) FROM documents',
	'SELECT friendly_name FROM documents_a LIMIT 1',
	"SELECT friendly_name FROM documents_a WHERE sid = '$other'",
	"DELETE FROM documents_a WHERE sid = '$other'",
	'ANALYZE documents_a')
{
	is($session->attempt($sql), '23514', "the wrong key: $sql");
	like(
		$session->complaints,
		qr/ERROR:  document RD\w{32} is of another account than partition "documents_a" is for\n.*Server "server_a" says that it is of $account{b}\./s,
		'... names the row');
}
$session->query(
	q{ALTER FOREIGN TABLE documents_a OPTIONS (ADD on_error 'ignore')});
is($session->attempt('SELECT count(*) FROM documents_a'),
	'23514', 'and is not left out by on_error');
unlike(sent('b'), qr/delete/, 'nothing was deleted');

# What is written without being read before has no row that would tell.
foreach my $sql (
	q{INSERT INTO documents_a (friendly_name, type) VALUES ('x', 'passport')},
	q{INSERT INTO documents_a (friendly_name, type) VALUES ('x', 'passport') RETURNING sid},
	q{BEGIN; SET LOCAL regdocs_fdw.write_mode = 'at_commit';
		INSERT INTO documents_a (friendly_name, type) VALUES ('x', 'passport')},
	$replace_items)
{
	is($session->attempt($sql), '22023', "the wrong key: $sql");
	like(
		$session->complaints,
		qr/cannot check which account is written to by partition "\w+_a"\n.*"server_a" has an API key/s,
		'... and says why');
	$session->attempt('ROLLBACK');
}
unlike(sent('b'), qr/create|update/, 'nothing was written');

# A mapping that tells a lie of its key is found out by what comes back.
set_mapping('server_a',
	"account_sid '$account{a}', api_key '$key', api_secret '" . 'f' x 32 . "'");
is( $session->attempt(
		q{INSERT INTO documents_a (friendly_name, type) VALUES ('lie', 'passport') RETURNING sid}),
	'23514', 'a row that is returned is looked at, too');
like(
	$session->complaints,
	qr/WARNING:  rollback does not undo what was done at the API: 1 document created/,
	'... and what was done is told');
$session->query("DELETE FROM documents_b WHERE friendly_name = 'lie'");
$session->query(
	q{ALTER FOREIGN TABLE documents_a OPTIONS (DROP on_error);
	ALTER TABLE documents DETACH PARTITION documents_a});
is($session->query('SELECT count(*) FROM documents_a'),
	30, 'by itself, it may have rows of any account');

# Several values, and a default partition.
set_mapping('server_a',
	"account_sid '$account{b}', auth_token '" . $emulator{b}->auth_token . "'");
$session->query(
	q{ALTER TABLE documents DETACH PARTITION documents_b;
	ALTER TABLE documents ATTACH PARTITION documents_a FOR VALUES IN }
	  . "('$account{c}', '$account{b}')");
is($session->query('SELECT count(*) FROM documents'),
	30, 'one of several values');
is( $session->attempt(
		q{INSERT INTO documents_a (friendly_name, type) VALUES ('x', 'passport')}),
	'00000', '... to be written to, too');
$session->query('ALTER TABLE documents DETACH PARTITION documents_a;
	ALTER TABLE documents ATTACH PARTITION documents_a DEFAULT');
is($session->query('SELECT count(*) FROM documents'),
	31, 'a default partition of an account that no other has');
$session->query('CREATE TABLE local PARTITION OF documents FOR VALUES IN '
	  . "('$account{b}')");
is($session->attempt('SELECT count(*) FROM documents'),
	'23514', '... and of one that another has');

# Of other types, and by something else.
$session->query(
	qq{CREATE TABLE odd (sid text, who char(40), account_sid varchar(34))
		PARTITION BY LIST (who);
	CREATE FOREIGN TABLE odd_b PARTITION OF odd FOR VALUES IN ('$account{b}')
		SERVER server_b;
	ALTER FOREIGN TABLE odd_b ALTER who OPTIONS (ADD column_name 'account_sid');
	CREATE TABLE typed (sid text, account_sid text, type text) PARTITION BY LIST (type);
	CREATE FOREIGN TABLE typed_b PARTITION OF typed
		FOR VALUES IN ('passport') SERVER server_b});
is($session->query('SELECT count(*) FROM odd'), 31, 'char, and renamed');
$session->query("ALTER TABLE odd DETACH PARTITION odd_b;
	ALTER TABLE odd ATTACH PARTITION odd_b FOR VALUES IN ('$account{c}')");
is($session->attempt('SELECT count(*) FROM odd'), '23514', '... is refused, too');
is($session->query('SELECT count(*) FROM typed'),
	31, 'partitions by another column are none of its business');

# What waits for the commit is not sent to another account than it was for.
set_mapping('server_a',
	"account_sid '$account{b}', auth_token '" . $emulator{b}->auth_token . "'");
$session->query(
	qq{DROP TABLE local; ALTER TABLE documents DETACH PARTITION documents_a;
	ALTER TABLE documents ATTACH PARTITION documents_a FOR VALUES IN ('$account{b}');
	BEGIN; SET LOCAL regdocs_fdw.write_mode = 'at_commit';
	INSERT INTO documents_a (friendly_name, type) VALUES ('late', 'passport');
	ALTER USER MAPPING FOR PUBLIC SERVER server_a OPTIONS (SET account_sid '$account{a}')});
is($session->attempt('COMMIT'), '22023', 'a mapping that changes before the commit');
is(sent('b'), '', 'has nothing sent');

# To another account, what was read of this one is gone, and was "deleted" so.
foreach my $sql (
	q{DELETE FROM documents WHERE friendly_name = 'late'},
	q{UPDATE documents SET friendly_name = 'later' WHERE friendly_name = 'late'},
	q{DELETE FROM apart WHERE friendly_name = 'late'})
{
	set_mapping('server_a',
		"account_sid '$account{b}', auth_token '" . $emulator{b}->auth_token . "'");
	$session->query(
		qq{CREATE FOREIGN TABLE IF NOT EXISTS apart (sid text, friendly_name text, type text) SERVER server_a;
		INSERT INTO apart (friendly_name, type) VALUES ('late', 'passport')});
	$_->reset foreach values %emulator;
	$session->query(
		qq{BEGIN; SET LOCAL regdocs_fdw.write_mode = 'at_commit'; $sql;
		ALTER SERVER server_a OPTIONS (SET base_url '} . $emulator{a}->url . qq{');
		ALTER USER MAPPING FOR PUBLIC SERVER server_a
		OPTIONS (SET account_sid '$account{a}', SET auth_token '}
		  . $emulator{a}->auth_token . q{')});
	is($session->attempt('COMMIT'), '22023', "not to another account: $sql");
	is(sent('a'), '', '... nothing is sent there');
	unlike(sent('b'), qr/update|delete/, '... nor to the right one');
}

$session->stop;
$node->stop;
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach values %emulator;
done_testing();
