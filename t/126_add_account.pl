
# regdocs_add_account() and regdocs_drop_account(): what they make, for whom,
# from what, and what of it is seen.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node(
	'main',
	'shared_preload_libraries = pg_stat_statements',
	'pg_stat_statements.track = all');
my %account = map { $_ => 'AC' . $_ x 32 } qw(a b c);
my $secret = '5ec7e75ec7e75ec7e75ec7e75ec7e75e';
my %emulator = map {
	$_ => start_emulator(
		documents => 5,
		bundles => 3,
		seed => ord($_),
		account_sid => $account{$_},
		auth_token => $secret)
} qw(a b);
my $session = start_session($node);

# A file of a secret, with an account's sid in its name.
sub token_file
{
	my ($account) = @_;
	my $path = $node->data_dir . "/token-$account";

	open my $file, '>', $path or die "could not write $path: $!";
	print $file "$secret\n";
	close $file;
	chmod 0600, $path;
	return $path;
}

sub refused
{
	my ($sql, $sqlstate, $what, $name) = @_;

	is($session->attempt($sql), $sqlstate, "$name: $sqlstate");
	return like($session->complaints, $what, "$name: says so");
}

sub add
{
	my ($parent, $account, $like, $file) = @_;

	return sprintf "SELECT regdocs_add_account('%s', '%s', '%s'%s)", $parent,
	  $account, $like, defined $file ? ", '$file'" : '';
}

sub drop
{
	my ($parent, $account) = @_;

	return "SELECT regdocs_drop_account('$parent', '$account')";
}

my $objects =
  q{SELECT string_agg(o, ' ' ORDER BY o) FROM (
	SELECT srvname::text FROM pg_foreign_server
	UNION ALL SELECT 'mapping:' || srvname || ':' || usename FROM pg_user_mappings
	UNION ALL SELECT ftrelid::regclass::text FROM pg_foreign_table) o (o)};

#
# A role that has USAGE on the wrapper, and no more.
#

make_server(
	$node,
	$emulator{a},
	name => 'twilio',
	schema => undef,
	options => { page_size => 7, max_retries => 0, updatable => 'TRUE' },
	user => 'postgres');
$session->query(
	q{CREATE EXTENSION pg_stat_statements;
	CREATE ROLE clerk LOGIN; CREATE ROLE reader LOGIN; CREATE ROLE chief;
	CREATE ROLE "Odd ""role"; CREATE ROLE other LOGIN;
	GRANT USAGE ON FOREIGN DATA WRAPPER regdocs_fdw TO clerk, other;
	CREATE SCHEMA "Own ""schema" AUTHORIZATION clerk;
	SET ROLE clerk; SET search_path = "Own ""schema", public});
$session->query(
	q{CREATE TABLE supporting_documents (junk text, sid text, account_sid text NOT NULL,
		status regdocs_status, friendly_name text, type text, attributes jsonb)
		PARTITION BY LIST (account_sid);
	ALTER TABLE supporting_documents DROP COLUMN junk;
	GRANT SELECT, INSERT ON supporting_documents TO reader WITH GRANT OPTION;
	GRANT UPDATE (friendly_name, attributes) ON supporting_documents TO "Odd ""role";
	GRANT SELECT (sid) ON supporting_documents TO PUBLIC});
is( $session->query(add('supporting_documents', $account{a}, 'twilio')),
	qq{"supporting_documents_$account{a}"},
	'the partition is returned');
like(
	$session->complaints,
	qr/NOTICE:  user mapping for server "twilio_$account{a}" has no credential yet\n.*ALTER USER MAPPING FOR CURRENT_USER SERVER "twilio_$account{a}"/s,
	'a plain role is told to give the credential');
is( $session->query(
		q{SELECT srvowner::regrole || ' ' || srvoptions::text FROM pg_foreign_server
		WHERE srvname LIKE 'twilio\_AC%'}),
	'clerk {base_url=' . $emulator{a}->url . ',max_retries=0,page_size=7,updatable=TRUE}',
	'the server has the options of the other, and is its maker\'s');
is($session->attempt('SELECT count(*) FROM supporting_documents'),
	'28000', 'without a credential, nothing works');
like($session->complaints, qr/twilio_$account{a}/, '... and it is said where');
$session->query(
	qq{ALTER USER MAPPING FOR CURRENT_USER SERVER "twilio_$account{a}"
	OPTIONS (ADD account_sid '$account{a}', ADD auth_token '$secret')});
is($session->query('SELECT count(*), count(DISTINCT account_sid) FROM supporting_documents'),
	'5|1', 'with it, it does');
my $acls = q{SELECT string_agg(acl, ' ' ORDER BY acl) FROM (
	SELECT 'table ' || unnest(relacl)::text FROM pg_class WHERE oid = '%1$s'::regclass
	UNION ALL SELECT attname || ' ' || unnest(attacl)::text FROM pg_attribute
	WHERE attrelid = '%1$s'::regclass) a (acl)};
my $expected = $session->query(sprintf $acls, 'supporting_documents');
is( $session->query(sprintf $acls, qq{"supporting_documents_$account{a}"}),
	$expected,
	'grants are carried over');
like($expected, qr/$_/, "... $_")
  foreach ('table reader=a\*r\*/clerk', 'attributes .*Odd .*role.*=w/clerk', 'sid =r/clerk');

# The other account, by another table, has the same server and mapping.
$session->query(
	q{CREATE TABLE "Our bundles" (who text, "The name" text, sid text,
		document jsonb) PARTITION BY LIST (who)});
refused(
	add('"Our bundles"', $account{a}, 'twilio'),
	'55000', qr/cannot tell which resource partitions of "Our bundles" are of/,
	'the first partition of a table that is named otherwise');
$session->query(
	qq{CREATE FOREIGN TABLE first PARTITION OF "Our bundles" FOR VALUES IN ('$account{c}')
	SERVER "twilio_$account{a}" OPTIONS (resource 'bundles', page_size '3', on_error 'ignore');
	ALTER FOREIGN TABLE first ALTER who OPTIONS (ADD column_name 'account_sid'),
		ALTER "The name" OPTIONS (ADD column_name 'friendly_name')});
my $before = $session->query($objects);
is( $session->query(add('"Our bundles"', $account{a}, 'twilio')),
	qq{"Our bundles_$account{a}"},
	'one with names of its own');
is($session->complaints, '', '... of which nothing is said');
is( $session->query(
		qq{SELECT ftoptions, (SELECT string_agg(attname || attfdwoptions::text, ' ' ORDER BY attname)
			FROM pg_attribute WHERE attrelid = ftrelid AND attfdwoptions IS NOT NULL)
		FROM pg_foreign_table WHERE ftrelid = '"Our bundles_$account{a}"'::regclass}),
	'{resource=bundles,page_size=3,on_error=ignore}|The name{column_name=friendly_name} who{column_name=account_sid}',
	'it is like the one that was there');
is($session->query($objects) =~ s/"Our bundles_$account{a}" ?//r,
	$before, 'and nothing else was made');
is( $session->query(
		qq{SELECT count(*), count("The name") FROM "Our bundles" WHERE who = '$account{a}'}),
	'3|3', 'it can be read');

# Refusals leave nothing behind.
$before = $session->query($objects);
$session->query(
	q{CREATE TABLE ranged (account_sid text) PARTITION BY RANGE (account_sid);
	CREATE TABLE two (account_sid text, sid text) PARTITION BY LIST ((account_sid || sid));
	CREATE TABLE end_users (account_sid text, sid text) PARTITION BY LIST (sid);
	CREATE TABLE bundles (account_sid text, nonsense text) PARTITION BY LIST (account_sid);
	CREATE TABLE plain (account_sid text)});
refused(add('plain', $account{b}, 'twilio'),
	'42809', qr/"plain" is not partitioned by account/, 'no parent');
refused(add('ranged', $account{b}, 'twilio'),
	'42809', qr/"ranged" is not partitioned by account/, 'by ranges');
refused(add('two', $account{b}, 'twilio'),
	'42809', qr/"two" is not partitioned by account/, 'by an expression');
refused(add('end_users', $account{b}, 'twilio'),
	'42809', qr/"end_users" is not partitioned by account\n.*Its column "sid" shows "sid"/s,
	'by another column');
refused(add('bundles', $account{b}, 'twilio'),
	'HV005', qr/"nonsense"/, 'a column of no field');
refused(add('supporting_documents', 'AC12', 'twilio'),
	'22023', qr/account_sid is not the sid of an account/, 'no account');
refused(add('supporting_documents', "'); DROP TABLE plain; --" =~ s/'/''/gr, 'twilio'),
	'22023', qr/account_sid is not the sid of an account/, 'an injection');
refused(add('supporting_documents', $account{a}, 'twilio'),
	'42710', qr/has a partition for account $account{a} already/, 'a second time');
refused(add('supporting_documents', $account{b}, 'nowhere'),
	'42704', qr/server "nowhere" does not exist/, 'no server');
refused("SELECT regdocs_add_account(NULL, '$account{b}', 'twilio')",
	'22004', qr/parent must not be null/, 'NULL');
refused(
	add('supporting_documents', $account{b}, 'twilio', '/etc/token'),
	'42501', qr/permission denied to set option "auth_token_file"/,
	'a file, for a plain role');
is($session->query($objects), $before, 'and nothing was made by any of them');
$session->query('BEGIN; SAVEPOINT s');
$session->query(add('supporting_documents', $account{b}, 'twilio'));
$session->query('ROLLBACK TO s; COMMIT');
is($session->query($objects), $before, 'nor is it after a savepoint is rolled back');
$session->query('RESET ROLE; GRANT USAGE ON SCHEMA "Own ""schema" TO other; SET ROLE other');
refused(add('supporting_documents', $account{b}, 'twilio'),
	'42501', qr/must be owner of table supporting_documents/, 'who does not own the table');
$session->query(
	q{RESET ROLE; SET ROLE reader; RESET search_path;
	CREATE TEMP TABLE bundles (account_sid text) PARTITION BY LIST (account_sid)});
refused(
	add('bundles', $account{b}, 'twilio'),
	'42501', qr/permission denied for foreign-data wrapper/,
	'who may not make servers');
$session->query('RESET ROLE; DROP TABLE pg_temp.bundles');

# Somebody else has made a server of that name, which leads elsewhere.
$session->query(
	qq{SET ROLE other; CREATE SERVER "twilio_$account{b}" FOREIGN DATA WRAPPER regdocs_fdw
	OPTIONS (base_url 'http://127.0.0.1:1'); GRANT USAGE ON FOREIGN SERVER "twilio_$account{b}" TO PUBLIC;
	RESET ROLE; SET search_path = "Own ""schema", public});
refused(
	add('supporting_documents', $account{b}, 'twilio', token_file($account{b})),
	'42710', qr/server "twilio_$account{b}" exists already, and is not like "twilio"\n.*belongs to another role/s,
	'a server that lies in wait');
$session->query(qq{ALTER SERVER "twilio_$account{b}" OWNER TO postgres});
refused(
	add('supporting_documents', $account{b}, 'twilio', token_file($account{b})),
	'42710', qr/leads elsewhere/, 'one that leads elsewhere');
$session->query(qq{DROP SERVER "twilio_$account{b}"});

#
# Where the credential comes from.
#

sub mapping
{
	my ($server) = @_;
	return $session->query(
		"SELECT umoptions FROM pg_user_mappings WHERE srvname = '$server' AND usename = current_user");
}

make_server(
	$node,
	$emulator{a},
	name => 'boss',
	schema => undef,
	user => 'postgres');
$session->query(
	q{CREATE TABLE mine (sid text, account_sid text) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE mine_c PARTITION OF mine FOR VALUES IN ('} . $account{c}
	  . q{') SERVER boss OPTIONS (resource 'supporting_documents')});
$session->query(add('mine', $account{a}, 'boss'));
$session->query(drop('mine', $account{a}));
my $file = token_file($account{b});
$session->query("SELECT pg_stat_statements_reset()");
$session->query("ALTER SERVER boss OPTIONS (SET base_url '" . $emulator{b}->url . "')");
$session->query(add('mine', $account{b}, 'boss', $file));
is(mapping("boss_$account{b}"),
	"{account_sid=$account{b},auth_token_file=$file}", 'the file as it is given');
is($session->query("SELECT count(*) FROM mine WHERE account_sid = '$account{b}'"),
	5, '... by which it is read');
$session->query(q{CREATE TABLE mine_too (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE mine_too_c PARTITION OF mine_too FOR VALUES IN ('} . $account{c}
	  . q{') SERVER boss OPTIONS (resource 'end_users')});
refused(add('mine_too', $account{b}, 'boss', token_file('AC' . '0' x 32)),
	'42710', qr/exists already, with another credential/, 'another file for the same account');
is( $session->query(add('mine_too', $account{b}, 'boss', $file)),
	qq{"mine_too_$account{b}"}, 'the same one');

# The file beside that of the server that it is like.
$session->query(qq{CREATE SERVER filed FOREIGN DATA WRAPPER regdocs_fdw;
	CREATE USER MAPPING FOR CURRENT_USER SERVER filed
	OPTIONS (account_sid '$account{b}', auth_token_file '$file');
	CREATE TABLE filed (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE filed_b PARTITION OF filed FOR VALUES IN ('$account{b}') SERVER filed});
$session->query(add('filed', $account{c}, 'filed'));
is(mapping("filed_$account{c}"),
	"{account_sid=$account{c},auth_token_file=" . $file =~ s/$account{b}/$account{c}/r . '}',
	'a file with the sid in its name');

# The same account: all of the mapping, secret included, that nobody gets to see.
$session->query(
	qq{CREATE TABLE again (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE again_c PARTITION OF again FOR VALUES IN ('$account{c}') SERVER boss});
$session->query(add('again', $account{a}, 'boss'));
is(mapping("boss_$account{a}") =~ s/$secret/(secret)/r,
	"{account_sid=$account{a},auth_token=(secret)}", 'that of the same account');
is($session->query("SELECT count(*) FROM pg_stat_statements WHERE query LIKE '%$secret%'"),
	0, 'pg_stat_statements has no secret');

# Not that of another role, nor PUBLIC's, nor one that it may not see.
$session->query(
	qq{CREATE SERVER shared FOREIGN DATA WRAPPER regdocs_fdw;
	CREATE USER MAPPING FOR PUBLIC SERVER shared OPTIONS (account_sid '$account{a}', auth_token '$secret');
	CREATE SERVER hidden FOREIGN DATA WRAPPER regdocs_fdw;
	CREATE USER MAPPING FOR clerk SERVER hidden OPTIONS (account_sid '$account{a}', auth_token '$secret');
	SET ROLE clerk; DROP TABLE bundles;
	CREATE TABLE bundles (sid text, account_sid text) PARTITION BY LIST (account_sid)});
foreach my $like (qw(shared hidden))
{
	$session->query('BEGIN');
	$session->query(add('bundles', $account{a}, $like));
	like($session->complaints, qr/has no credential yet/, "$like: is not copied");
	is(mapping("${like}_$account{a}"), '', "$like: nothing is in it");
	$session->query('ROLLBACK');
}
$session->query('RESET ROLE; GRANT USAGE ON FOREIGN SERVER hidden TO clerk; SET ROLE clerk; BEGIN');
$session->query(add('bundles', $account{a}, 'hidden'));
like(mapping("hidden_$account{a}"), qr/auth_token/, 'one that it may see is');
$session->query('ROLLBACK');

# Files that a superuser has named for a plain role, which must not name any.
$session->query(
	q{RESET ROLE; ALTER USER MAPPING FOR clerk SERVER hidden OPTIONS (DROP auth_token, ADD auth_token_file '}
	  . token_file($account{a}) . q{'); SET ROLE clerk});
foreach my $name (qw(a b))
{
	$session->query('BEGIN');
	is($session->attempt(add('bundles', $account{$name}, 'hidden')),
		'00000', "a file that a plain role must not name: $name");
	like($session->complaints, qr/has no credential yet/, '... is not copied');
	is(mapping("hidden_$account{$name}"), '', '... nor anything else');
	$session->query('ROLLBACK');
}

# Options with any characters, and names that are long.
my $long = 'a' x 40 . "'\"";
$session->query(qq{RESET ROLE; CREATE SERVER "} . $long =~ s/"/""/gr
	  . q{" FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (ca_file '/tmp/o''clock "x" \\y', base_url 'https://127.0.0.1/$$');
	CREATE TABLE "} . 'b' x 60 . q{" (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE TABLE "} . 'b' x 59 . q{c" (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE fb PARTITION OF "} . 'b' x 60 . q{" DEFAULT SERVER boss;
	CREATE FOREIGN TABLE fc PARTITION OF "} . 'b' x 59 . q{c" DEFAULT SERVER boss});
is( $session->query(add('b' x 60, $account{a}, $long =~ s/'/''/gr)),
	'"' . 'b' x 28 . "_$account{a}\"", 'a long name is cut');
is( $session->query(add('b' x 59 . 'c', $account{a}, $long =~ s/'/''/gr)),
	'"' . 'b' x 27 . "_$account{a}1\"", 'one that is taken gets a number');
is( $session->query(
		q{SELECT srvname || ' ' || srvoptions::text FROM pg_foreign_server WHERE srvname LIKE 'aaa%\_AC%'}),
	'a' x 28 . "_$account{a} " . $session->query(
		q{SELECT srvoptions::text FROM pg_foreign_server WHERE srvname LIKE 'aaa%' AND srvname NOT LIKE '%\_AC%'}),
	'options are what they are');

# Whatever stands in the search path.
$session->query(
	qq{CREATE SCHEMA evil; CREATE TABLE evil.pg_user_mappings (srvid oid, umuser oid, umoptions text[]);
	CREATE FUNCTION evil.aclexplode(aclitem[]) RETURNS TABLE (privilege_type text, grantee oid, is_grantable boolean)
		LANGUAGE sql AS 'SELECT ''ALL'', 0::oid, false';
	CREATE OPERATOR evil.= (FUNCTION = pg_catalog.oidne, LEFTARG = oid, RIGHTARG = oid);
	CREATE TABLE safe (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE safe_c PARTITION OF safe FOR VALUES IN ('$account{c}') SERVER boss;
	GRANT SELECT ON safe TO reader;
	SET search_path = evil, pg_catalog});
my $safe = $session->query("SELECT public.regdocs_add_account('\"Own \"\"schema\".safe', '$account{b}', 'boss', '$file')");
$session->query('SET search_path = "Own ""schema", public');
is($safe, qq{"Own ""schema"."safe_$account{b}"}, 'beside its parent');
is($session->query(sprintf $acls, qq{"safe_$account{b}"}),
	$session->query(sprintf $acls, 'safe'), '... with its grants');

# Policies do not hold for the partition itself, so grants would get around them.
$session->query(
	qq{CREATE TABLE guarded (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE guarded_c PARTITION OF guarded FOR VALUES IN ('$account{c}') SERVER boss;
	GRANT SELECT ON guarded TO reader; ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
	CREATE POLICY p ON guarded USING (false)});
$session->query(add('guarded', $account{b}, 'boss'));
like($session->complaints, qr/privileges on "guarded" are not carried over/,
	'row-level security: grants are not carried over');
is($session->query(sprintf $acls, qq{"guarded_$account{b}"}), '', '... none');

# Nor are there any that the parent has not, whatever is granted by default.
$session->query('BEGIN; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC, chief, "Odd ""role"');
$session->query(drop('guarded', $account{b}));
$session->query(add('guarded', $account{b}, 'boss'));
like($session->query(sprintf $acls, qq{"guarded_$account{b}"}),
	qr{^table postgres=arwdDxtm?/postgres$}, '... none by default');
$session->query(drop('safe', $account{b}));
$session->query(add('safe', $account{b}, 'boss'));
is($session->query(sprintf $acls, qq{"safe_$account{b}"}),
	$session->query(sprintf $acls, 'safe'), 'those of the parent, and no others');
$session->query('ROLLBACK');

# Partitions that are not alike.
$session->query(
	qq{CREATE SERVER elsewhere FOREIGN DATA WRAPPER regdocs_fdw;
	CREATE FOREIGN TABLE guarded_x PARTITION OF guarded FOR VALUES IN ('AC}
	  . 'd' x 32 . q{') SERVER elsewhere OPTIONS (resource 'end_users')});
refused(add('guarded', 'AC' . 'e' x 32, 'shared'),
	'55000', qr/cannot tell what another partition of "guarded" is to be like/,
	'partitions of two kinds');
$session->query(add('guarded', 'AC' . 'e' x 32, 'elsewhere'));
is( $session->query(
		q{SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = '"guarded_AC} . 'e' x 32 . q{"'::regclass}),
	'{resource=end_users}', 'the server says which');

#
# The other way round.
#

refused(drop('mine', 'AC' . 'f' x 32),
	'42704', qr/"mine" has no partition for account AC/, 'no such account');
refused(drop('mine', 'x'), '22023', qr/not the sid/, 'no sid');
$session->query(
	qq{ALTER TABLE mine DETACH PARTITION mine_c;
	ALTER TABLE mine ATTACH PARTITION mine_c FOR VALUES IN ('$account{c}', '$account{a}');
	CREATE TABLE mine_local PARTITION OF mine FOR VALUES IN ('AC} . 'f' x 32 . q{')});
refused(drop('mine', $account{c}), '55000', qr/"mine_c" is not for account $account{c} alone/,
	'one of several');
refused(drop('mine', 'AC' . 'f' x 32), '42809', qr/"mine_local" is not a foreign table/, 'a local table');
$session->query('BEGIN');
$session->query("DECLARE c CURSOR FOR SELECT * FROM mine WHERE account_sid = '$account{b}'; FETCH c");
refused(drop('mine', $account{b}), '55006', qr/being used by active queries/, 'an open cursor');
$session->query('ROLLBACK');
$session->query('BEGIN; SET LOCAL regdocs_fdw.write_mode = \'at_commit\'');
$session->query(
	qq{ALTER TABLE mine ADD friendly_name text, ADD type text;
	INSERT INTO mine (account_sid, friendly_name, type) VALUES ('$account{b}', 'late', 'passport')});
refused(drop('mine', $account{b}), '55006', qr/while writes to server "boss_$account{b}" wait for the commit/,
	'writes that wait');
$session->query('ROLLBACK');
$session->query("CREATE VIEW v AS SELECT * FROM \"mine_$account{b}\"");
refused(drop('mine', $account{b}), '2BP01', qr/other objects depend on it/, 'a view of the partition');
$session->query('DROP VIEW v');

# Several at a time: both wait for somebody else, and then not for one another.
my $reader = start_session($node);
my @others = map { start_session($node) } 1, 2;
$_->query('SET search_path = "Own ""schema", public') foreach @others;
my $waiting = 'SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN ('
  . join(', ', map { $_->pid } @others) . ')';

sub wait_for
{
	my ($count) = @_;
	return wait_until("$count that wait",
		sub { return $session->query($waiting) eq $count; });
}

$session->query(
	qq{CREATE TABLE busy (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE busy_f PARTITION OF busy FOR VALUES IN ('AC} . 'f' x 32 . q{') SERVER boss});
$session->query(add('busy', $account{$_}, 'boss')) foreach qw(a b);
$reader->query(q{BEGIN; LOCK TABLE "Own ""schema".busy});
$others[0]->begin(drop('busy', $account{a}));
$others[1]->begin(drop('busy', $account{b}));
wait_for(2);
$reader->query('COMMIT');
is($_->finish, '00000', 'two accounts are dropped at a time') foreach @others;

# Of two tables of one account, whoever drops the second takes the server along.
$session->query(q{CREATE SERVER twins FOREIGN DATA WRAPPER regdocs_fdw;
	CREATE TABLE busy_too (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE FOREIGN TABLE busy_too_f PARTITION OF busy_too FOR VALUES IN ('AC} . 'f' x 32 . q{') SERVER boss});
$session->query(add($_, $account{a}, 'twins')) foreach qw(busy busy_too);
$others[0]->query('BEGIN');
$others[0]->query(drop('busy', $account{a}));
$others[1]->begin(drop('busy_too', $account{a}));
wait_for(1);
$others[0]->query('COMMIT');
is($others[1]->finish, '00000', 'two tables of an account');
is($session->query("SELECT count(*) FROM pg_foreign_server WHERE srvname LIKE 'twins\\_AC%'"),
	0, '... leave no server');

# Whoever adds a table meanwhile keeps it.
$session->query(add('busy', $account{a}, 'twins'));
$others[0]->query('BEGIN');
$others[0]->query(add('busy_too', $account{a}, 'twins'));
$others[1]->begin(drop('busy', $account{a}));
wait_for(1);
$others[0]->query('COMMIT');
is($others[1]->finish, '00000', 'a table that is added meanwhile');
is($session->query("SELECT count(*) FROM pg_foreign_server WHERE srvname LIKE 'twins\\_AC%'"),
	1, '... keeps the server');
$_->stop foreach ($reader, @others);

# Nobody but the owner locks the table, or hears of its partitions.
$session->query('SET ROLE other');
refused(drop('"Own ""schema".mine', $account{b}),
	'42501', qr/must be owner of table mine/, 'who does not own the table');
$session->query('RESET ROLE');
refused("SELECT regdocs_drop_account(4294967295::oid::regclass, '$account{b}')",
	'42P01', qr/relation with OID 4294967295 does not exist/, 'no table');
refused("SELECT regdocs_add_account(4294967295::oid::regclass, '$account{b}', 'boss')",
	'42P01', qr/relation with OID 4294967295 does not exist/, 'no table to add to');

my $users = q{SELECT count(*) FROM pg_foreign_server s JOIN pg_user_mappings m ON m.srvid = s.oid
	WHERE s.srvname = 'boss_} . $account{b} . q{'};
$session->query(drop('mine', $account{b}));
is($session->query($users), 1, 'another table uses the server');
$session->query(drop($_, $account{b})) foreach qw(mine_too safe);
is($session->query($users), 1, '... still');
$session->query('BEGIN');
$session->query(drop('guarded', $account{b}));
is($session->query($users), 0, 'the last one takes it along');
is($session->complaints, '', '... without a word');
$session->query('ROLLBACK');
$session->query(qq{CREATE USER MAPPING FOR reader SERVER "boss_$account{b}"});
$session->query(drop('guarded', $account{b}));
like($session->complaints, qr/server "boss_$account{b}" is left, as others use it/,
	'a mapping of somebody else keeps it');
is($session->query($users), 1, '... and is kept');
$session->query(
	q{CREATE TABLE by_hand (LIKE mine) PARTITION BY LIST (account_sid);
	CREATE SERVER hand FOREIGN DATA WRAPPER regdocs_fdw; CREATE USER MAPPING FOR CURRENT_USER SERVER hand;
	CREATE FOREIGN TABLE by_hand_a PARTITION OF by_hand FOR VALUES IN ('} . $account{a} . q{') SERVER hand});
$session->query(drop('by_hand', $account{a}));
is($session->query(q{SELECT count(*) FROM pg_user_mappings WHERE srvname = 'hand'}),
	1, 'a server that was made by hand stays');
$session->query('SET ROLE clerk');
$session->query(drop($_, $account{a})) foreach ('supporting_documents', '"Our bundles"');
is( $session->query(
		q{SELECT count(*) FROM pg_foreign_server WHERE srvowner = 'clerk'::regrole}),
	1, 'the server that a table made by hand is on stays, too');
$session->query('DROP FOREIGN TABLE first');
$session->query('SET default_transaction_read_only = on');
refused(drop('supporting_documents', $account{a}), '25006', qr/read-only/, 'read-only');
refused(add('supporting_documents', $account{a}, 'boss'), '25006', qr/read-only/, 'read-only');

$session->stop;
$node->stop;
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile),
	qr/SQL statement[^\n]*$secret/, 'no statement of its own shows the secret');
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach values %emulator;
done_testing();
