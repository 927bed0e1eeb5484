
# Does any message, plan, statistic or log line show a credential, or a
# document's attributes, which are personal data?
#
# The server logs all that it can, except for the statement in which its user
# wrote the credential.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use MIME::Base64 qw(encode_base64);
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $api_key = 'SK' . '89abcdef' x 4;
my $api_secret = 'keyKeepsWhatNobodyMayKnow';
my $person = 'PersonOfInterest';

my $emulator = start_emulator(
	documents => 1200,
	api_key => $api_key,
	api_secret => $api_secret);
my $account_sid = $emulator->account_sid;
my $auth_token = $emulator->auth_token;
my $wrong_token = 'wrongTokenThatIsSecretToo';
my $silent = silent_server();

my %secrets = (
	token => $auth_token,
	secret => $api_secret,
	'wrong token' => $wrong_token,
	'authorization by token' =>
	  encode_base64("$account_sid:$auth_token", ''),
	'authorization by key' => encode_base64("$api_key:$api_secret", ''),
	'wrong authorization' =>
	  encode_base64("$account_sid:$wrong_token", ''),
	'the beginning of the token' => substr($auth_token, 0, 10));

my $node = start_node('main', 'log_statement = none');
my $log_start = -s $node->logfile;
my $seen = '';

# What psql shows of a statement, whatever becomes of it.
sub look
{
	my ($session, $sql) = @_;
	my $sqlstate = $session->attempt($sql);

	$seen .= $session->output . "\n" . $session->complaints;
	return $sqlstate;
}

sub reveals_nothing
{
	my ($where, $text) = @_;
	return is_deeply(
		[ grep { index($text, $secrets{$_}) >= 0 } sort keys %secrets ],
		[], "$where: no secrets");
}

#
# Commands that the extension refuses, with a credential in them.
#
my $session = start_session($node);
$session->query('CREATE SERVER refused FOREIGN DATA WRAPPER regdocs_fdw');
foreach my $options (
	"auth_token '$auth_token'",
	"account_sid '$auth_token', auth_token '$auth_token'",
	"account_sid '$account_sid', token '$auth_token'",
	"api_key '$api_secret', api_secret '$api_secret'",
	"api_key '$api_key', auth_token '$auth_token'",
	"account_sid '$account_sid', auth_token ' $auth_token'",
	"account_sid '$account_sid', auth_token_file '$auth_token'",
	"account_sid '$account_sid', auth_token_file '/x', auth_token '$auth_token'",
	"api_key '$api_key', api_secret_file '$api_secret'")
{
	isnt(
		look(
			$session,
			'CREATE USER MAPPING FOR CURRENT_USER SERVER refused '
			  . "OPTIONS ($options)"),
		'00000',
		'a mapping that is wrong is refused');
}
isnt(
	look(
		$session,
		'CREATE SERVER other FOREIGN DATA WRAPPER regdocs_fdw OPTIONS '
		  . "(base_url 'https://$account_sid:$auth_token\@127.0.0.1')"),
	'00000',
	'a URL with a credential is refused');
reveals_nothing('refused commands', $seen);
reveals_nothing('the log of refused commands',
	slurp_file($node->logfile, $log_start));

#
# All else.
#
sub make_schema
{
	my ($name, %parameters) = @_;
	$node->safe_psql('postgres', "CREATE SCHEMA $name");
	return make_server(
		$node, $emulator,
		name => $name,
		schema => $name,
		%parameters);
}

make_schema('by_token', options => { max_retries => 1 });
make_schema('by_key',
	mapping => { api_key => $api_key, api_secret => $api_secret });
make_schema('by_mistake',
	mapping => { account_sid => $account_sid, auth_token => $wrong_token });
my %files = (
	by_file => $auth_token,
	by_key_file => $api_secret,
	by_mistaken_file => $wrong_token,
	by_unfit_file => "$auth_token $api_secret");
my $directory = $node->basedir;
foreach my $name (sort keys %files)
{
	append_to_file("$directory/$name", "$files{$name}\n");
	chmod 0600, "$directory/$name";
	make_schema($name,
		options => { max_retries => 1 },
		mapping => $name =~ /key/
		? { api_key => $api_key, api_secret_file => "$directory/$name" }
		: {
			account_sid => $account_sid,
			auth_token_file => "$directory/$name"
		});
}
make_schema('closed', options => { base_url => 'http://127.0.0.1:1',
		max_retries => 0 });
make_schema('handshake', options => {
		base_url => 'https://127.0.0.1:' . $silent->sockport,
		connect_timeout => '100ms', max_retries => 0 });
make_schema('hurried', options => {
		request_timeout => '100ms', max_retries => 0 });
make_schema('patient', options => { on_error => 'ignore' });

$node->append_conf('postgresql.conf', <<'END');
log_min_messages = debug5
log_min_error_statement = panic
log_error_verbosity = verbose
log_statement = all
log_duration = on
log_executor_stats = on
debug_print_parse = on
debug_print_rewritten = on
debug_print_plan = on
regdocs_fdw.log_requests = on
session_preload_libraries = auto_explain
auto_explain.log_min_duration = 0
auto_explain.log_verbose = on
auto_explain.log_analyze = on
END
$node->reload;
$log_start = -s $node->logfile;
$session = start_session($node, set => { client_min_messages => 'debug5' });
$session->query('\\set VERBOSITY verbose');

my $all = 'SELECT count(sid) FROM by_token.supporting_documents';
is(look($session, $all), '00000', 'a statement with everything logged');
foreach my $format (qw(text json xml yaml))
{
	look($session,
		    "EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, FORMAT $format) "
		  . "SELECT * FROM $_.supporting_documents LIMIT 1")
	  foreach qw(by_token by_key by_file by_key_file);
}
is(look($session, 'SELECT count(*) FROM by_key.supporting_documents'),
	'00000', 'a statement with an API key');
is(look($session, "SELECT count(*) FROM by_$_.supporting_documents"),
	'28000', "a wrong token: $_")
  foreach qw(mistake mistaken_file unfit_file);

# Failures of all sorts.  Some answers have what was sent, where messages are cut
# as well.
my @faults = (
	(map { { action => 'status', status => 400, message => $_, count => 2 } }
		  "You sent $auth_token.",
		'x' x 500 . $auth_token,
		"You sent: $secrets{'authorization by token'}.",
		'x' x 490 . $secrets{'authorization by token'}),
	{
		action => 'status', status => 400, count => 2,
		message => 'No.',
		detail => $secrets{'authorization by token'} },
	(map { { action => 'status', status => $_, message => 'No.', count => 2 } }
		  qw(400 401 403 404 405 409 413 418 422 429 500 502 503 504)),
	(map { { action => 'status', status => 500, shape => $_, count => 2 } }
		  qw(rfc9457 legacy html empty)),
	(map { { action => $_, count => 2 } }
		  qw(garbage wrong_shape redirect endless reset_before reset_after cut
		  foreign_next repeat_token no_next_query)));
foreach my $fault (@faults)
{
	my $name = join ' ', $fault->{action}, $fault->{status} // (),
	  $fault->{shape} // ();

	foreach my $schema (qw(by_token by_file))
	{
		$emulator->fault(%$fault);
		my $sqlstate =
		  look($session, "SELECT count(sid) FROM $schema.supporting_documents");
		note("$name, $schema: $sqlstate");
		$emulator->clear;
	}
}
foreach my $action (qw(stall stall_body))
{
	$emulator->fault(action => $action);
	is(look($session, 'SELECT sid FROM hurried.supporting_documents'),
		'08006', "$action: too late");
	$emulator->clear;
}
is(look($session, "SELECT sid FROM $_.supporting_documents"),
	'08001', "$_: could not connect") foreach qw(closed handshake);
$emulator->fault(action => 'stall');
$session->query('SET statement_timeout = 100');
is(look($session, $all), '57014', 'timed out');
$session->query('SET statement_timeout = 0');
$emulator->clear;

# What others can see.
$session->begin('SELECT pg_sleep(0) FROM by_token.supporting_documents');
$session->finish;
is(look($session, $_), '00000', $_)
  foreach (
	'TABLE pg_stat_activity',
	'SELECT * FROM regdocs_fdw_connections()',
	'TABLE pg_foreign_server',
	'SELECT pg_log_backend_memory_contexts(pg_backend_pid())',
	'TABLE pg_prepared_statements');

#
# Attributes: documents that cannot be converted, in many ways.
#
# A document that the emulator sends as it is written here.
sub put_document
{
	my ($index, $attributes) = @_;
	my $sid = $emulator->get("sid?index=$index");

	chomp $sid;
	return $emulator->post('document',
		index => $index,
		raw => qq({"sid":"$sid","status":"draft","friendly_name":"n",)
		  . qq("attributes":$attributes}));
}

$node->safe_psql('postgres', <<'END');
	CREATE DOMAIN unmarried AS jsonb CHECK (NOT VALUE ? 'spouse');
	CREATE DOMAIN brief AS text CHECK (length(VALUE) < 40);
END
my @types = (
	'jsonb', 'json', 'text', 'varchar(20)', 'unmarried', 'brief', 'integer',
	'date', 'uuid', 'bytea', 'xml', 'text[]', 'regdocs_status');
foreach my $number (0 .. $#types)
{
	foreach my $field (qw(attributes document))
	{
		$node->safe_psql('postgres',
			"CREATE FOREIGN TABLE ${field}_$number ($field $types[$number])"
			  . ' SERVER by_token');
	}
}

my @attributes = (
	qq({"name":"$person","spouse":"$person","x":"\\u0000"}),
	qq({"name":"$person","spouse":"$person","x":"\\ud800$person"}),
	qq({"name":"$person","spouse":"$person","x":1e999999999}),
	qq({"name":"$person","spouse":"$person","x":1e200000}),
	qq({"name":"$person","spouse":"$person"}),
	qq("$person"),
	qq(["$person","$person"]));
foreach my $attributes (@attributes)
{
	put_document(0, $attributes);
	foreach my $number (0 .. $#types)
	{
		foreach my $field (qw(attributes document))
		{
			my $table = "${field}_$number";
			my $sqlstate =
			  look($session, "SELECT count($field) FROM $table");
			note("$types[$number] for $field: $sqlstate");
		}
	}
	my $sqlstate =
	  look($session, 'SELECT count(d) FROM patient.supporting_documents AS d');
	is($sqlstate, '00000', 'on_error ignore');
}

# A page that breaks off in the middle of them.
put_document(0, qq({"name":"$person"}, %$person));
is(look($session, $all), '08P01', 'a page that is not JSON');
put_document(0, qq({"name":"$person"));
is(look($session, $all), '08P01', 'a page with an open brace');
my $sid = $emulator->get('sid?index=0');
chomp $sid;
$emulator->control('POST',
	"document?index=0&raw={%22sid%22:%22$sid%22,%22status%22:%22draft%22,"
	  . "%22attributes%22:{%22name%22:%22$person%FF%22}}");
is( look(
		$session,
		'SELECT count(attributes) FROM by_token.supporting_documents'),
	'22021',
	'a page that is not UTF-8');

$session->stop;
$node->stop;

my $log = slurp_file($node->logfile, $log_start);
like($log, qr/SELECT count\(sid\) FROM by_token/, 'the log has statements');
like($log, qr/DEBUG: /, 'the log has debugging messages');
like($log, qr/Query Text: /, 'the log has plans');
like($log, qr/regdocs_fdw: server=\S+ account=\S* GET /, 'the log has requests');
like($log, qr/ in database "postgres"|left out because/,
	'the log has notices');
reveals_nothing('messages', $seen);
reveals_nothing('the log', $log);
unlike($seen, qr/Authorization|Basic /i, 'messages have no header');
unlike($log, qr/Authorization:|Basic /i, 'the log has no header');

# Whoever asks for attributes gets them; a message never has them.
foreach my $text (grep { index($_, $person) >= 0 } split /\n/, $log)
{
	diag("in the log: $text");
}
unlike($log, qr/$person/, 'the log has no attributes');
unlike($seen, qr/$person/, 'messages have no attributes');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
