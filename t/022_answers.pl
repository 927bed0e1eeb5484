
# Answers that no API gives: do they harm nothing but their own statement, in
# little time and memory?

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

# What a backend may grow by, in kilobytes, for a page of 64 MB and less.
my $most_growth_kb = 100 * 1024;

# How late a cancel may be, in milliseconds; a few are measured.
my $most_late_ms = 250;

my $emulator = start_emulator(documents => 10);
my $node = start_node('main', 'jit = off');
make_server($node, $emulator, options => { max_retries => 0 });
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE texts (sid text, friendly_name text, attributes text)
	SERVER emulator OPTIONS (resource 'supporting_documents');
END

my $session = start_session($node);
my $list = 'SELECT count(*), count(friendly_name) FROM supporting_documents';
my $end = '],"meta":{"next_page_url":null}}';
my $sid = $emulator->get('sid?index=3');
chomp $sid;
my $fetch = "SELECT friendly_name FROM supporting_documents WHERE sid = '$sid'";

# The next answer is made of these: message, piece, times, rest.
sub answer
{
	my (%fields) = @_;
	$emulator->clear;
	return $emulator->put('faults', action => 'garbage', %fields);
}

# A statement that is answered so must fail, and say so; nothing else.
sub refuses
{
	my ($name, $sql, $pattern, %fields) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	answer(%fields);
	is($session->attempt($sql), '08P01', "$name: refused");
	like($session->complaints, $pattern, "$name: it is said why");
	is($session->query('SELECT 1'), '1', "$name: the session goes on");
	return;
}

#
# A NUL, which ends a text for those who do not look at its length
#
my $long = 1_000_000;
my %with_nul = (
	'behind a backslash' => [ qq("friendly_name":"a\\\0), 'x', '"' ],
	'in a string' => [ qq("friendly_name":"a\0), 'x', '"' ],
	'in a string with escapes' => [ qq("friendly_name":"\\n\0), '\\n', '"' ],
	'in a string that is not wanted' => [ qq("url":"a\\\0), 'x', '"' ],
	'in a key' => [ qq("friendly_name":"a","friendly\0_), 'x', '":1' ],
	'in JSON' => [ qq("attributes":{"a":"\\\0), 'x', '"}' ],
	'between two values' => [ qq("attributes":[\0), '1,', '1]' ],
	'in a number' => [ qq("attributes":1\0), '1', '' ]);
foreach my $where (sort keys %with_nul)
{
	my ($message, $piece, $rest) = @{ $with_nul{$where} };
	my %document = (
		message => qq({"sid":"$sid",$message),
		piece => $piece,
		times => $long,
		rest => "$rest}");

	refuses("NUL $where, fetch", $fetch, qr/is not valid JSON/, %document);
	refuses(
		"NUL $where, list", $list, qr/is not valid JSON/,
		%document,
		message => qq({"results":[$document{message}),
		rest => $document{rest} . $end);
}
refuses('NUL behind the end', $fetch, qr/is not valid JSON/,
	message => qq({"sid":"$sid","friendly_name":"a"}\0));

# What was written cannot be told from such an answer.
answer(
	message => qq({"sid":"$sid","friendly_name":"a\\\0),
	piece => 'x',
	times => $long,
	rest => '"}',
	status => 201);
is( $session->attempt(
		q{INSERT INTO supporting_documents (friendly_name, type)
		VALUES ('a', 'passport')}),
	'08007',
	'NUL in the answer to a create: its outcome is not known');
is($session->query('SELECT 1'), '1', 'the session goes on after that');

# Escapes change nothing of what an answer says.
answer(
	message => '{"sid":"\u0052D' . substr($sid, 2)
	  . '","friendly_name":"\u0061","mime_type":"image\/png"}',
	status => 201);
is( $session->query(
		q{INSERT INTO supporting_documents (friendly_name, type, file)
		VALUES ('a', 'passport', decode('89504e470d0a1a0a0000000d49484452' || repeat('00', 17), 'hex'))
		RETURNING sid, friendly_name, mime_type}),
	"$sid|a|image/png",
	'the answer to a create, with escapes');

#
# More objects than were asked for
#
my $meta = '"meta":{"next_page_url":null}';
my $next = '"meta":{"next_page_url":"https://numbers.twilio.com/x?Page=1&';
my $too_many = qr/has more than the (\d+) objects that were asked for/;

reset_peak_memory($session->pid);
my $before_kb = memory_kb($session->pid);
refuses(
	'millions of objects', $list, $too_many,
	message => '{"results":[',
	piece => '{},',
	times => 12_000_000,
	rest => "{}$end");
my $growth_kb = memory_kb($session->pid) - $before_kb;
note("millions of objects: $growth_kb kB");
cmp_ok($growth_kb, '<', $most_growth_kb,
	'millions of objects: that took little memory');

# By what was asked for: the first page, then what its link says.
sub page_of
{
	my ($count, $rest) = @_;
	return (message => '{"results":[', piece => '{},', times => $count - 1,
		rest => "{}],$rest}");
}
refuses("1,001 objects", $list, qr/than the 1000 /, page_of(1001, $meta));
refuses(
	'LIMIT 3: 4 objects',
	'SELECT sid FROM supporting_documents LIMIT 3',
	qr/than the 3 /,
	page_of(4, $meta));
answer(page_of(1000, $meta));
is($session->query($list), '1000|0', '1,000 objects');
answer(page_of(3, $meta));
is($session->query('SELECT 1 FROM supporting_documents LIMIT 3'),
	"1\n1\n1", 'LIMIT 3: 3 objects');
foreach my $case (
	[ 'PageSize=2', 2 ],
	[ 'PageSize=5000', 1000 ],
	[ 'PageSize=0', 1000 ],
	[ 'PageSize=x', 1000 ],
	[ 'PageSize=99999999999999999999', 1000 ],
	[ 'PageToken=PageSize=2', 1000 ],
	[ 'PageToken=x', 1000 ])
{
	my ($query, $most) = @$case;

	foreach my $count ($most, $most + 1)
	{
		answer(page_of(1, qq($next$query"})));
		$emulator->put('faults', action => 'garbage', page_of($count, $meta));
		is( $session->attempt($list),
			$count > $most ? '08P01' : '00000',
			"a link with $query: $count objects");
	}
}

#
# A cancel while a page of 60 MB is received and parsed
#
answer(
	message => '{"results":[{"x":[',
	piece => '[],',
	times => 20_000_000,
	rest => "0]}$end",
	count => 0);
my $whole_ms = elapsed_ms(sub { $session->query($list) });
my $latest_ms = 0;
note("a page of 60 MB: $whole_ms ms");
foreach my $tenth (1 .. 9)
{
	my $timeout_ms = int($whole_ms * $tenth / 10);

	$session->query("SET statement_timeout = $timeout_ms");
	my $elapsed_ms = elapsed_ms(sub { $session->attempt($list) });
	$latest_ms = $elapsed_ms - $timeout_ms
	  if $elapsed_ms - $timeout_ms > $latest_ms;
}
$session->query('RESET statement_timeout');
note("the latest cancel: $latest_ms ms");
cmp_ok($latest_ms, '<', $most_late_ms, 'a page of 60 MB can be cancelled');

#
# A link of megabytes
#
reset_peak_memory($session->pid);
$before_kb = memory_kb($session->pid);
refuses(
	'a link of 30 MB', $list, qr/"next_page_url" /,
	message => qq({"results":[],$next),
	piece => 'a=1',
	times => 10_000_000,
	rest => '"}}');
$growth_kb = memory_kb($session->pid) - $before_kb;
note("a link of 30 MB: $growth_kb kB");
cmp_ok($growth_kb, '<', $most_growth_kb,
	'a link of 30 MB: that took little memory');
refuses(
	'a link of 30 MB with escapes', $list, qr/"next_page_url" /,
	message => qq({"results":[],$next),
	piece => 'a\u003d1',
	times => 4_000_000,
	rest => '"}}');
$emulator->clear;

#
# A list is always there: whoever says that it is not, it is not an empty one.
#
$session->query("ALTER SERVER emulator OPTIONS (ADD page_size '4')");
is($session->query('SELECT count(*) FROM supporting_documents'),
	'10', 'a list of three pages');
foreach my $shape (qw(twilio rfc9457 legacy html empty))
{
	foreach my $page (0, 1)
	{
		foreach my $sql (
			'SELECT count(*) FROM supporting_documents',
			'SELECT count(*) FROM supporting_documents WHERE sid = ANY '
			. "(ARRAY(SELECT 'RD' || md5(i::text) FROM generate_series(1, 99) i))",
			'ANALYZE supporting_documents')
		{
			$emulator->fault(
				action => 'status',
				status => 404,
				shape => $shape,
				path => 'list',
				skip => $page);
			unlike($session->attempt($sql),
				qr/^00/, "404 ($shape) for page $page: $sql");
			$emulator->clear;
		}
	}
}
$session->query('ALTER SERVER emulator OPTIONS (DROP page_size)');

#
# Nesting: only who wants a value has to do with what is in it.
#
foreach my $levels (30_000, 200_000)
{
	my $deep = '[' x $levels . ']' x $levels;
	my %raw = (
		sid => $sid,
		raw => qq({"sid":"$sid","friendly_name":"deep","status":"draft",)
		  . qq("unknown":$deep,"attributes":$deep}));

	$emulator->put('document', %raw);
	is( $session->query('SELECT count(*), count(status) '
			  . 'FROM supporting_documents'),
		'10|10',
		"$levels levels: the list");
	is($session->query($fetch), 'deep', "$levels levels: a fetch");
	is( $session->query(
			"SELECT attributes = repeat('[', $levels) || repeat(']', $levels) "
			  . "FROM texts WHERE sid = '$sid'"),
		't',
		"$levels levels: as text");
	foreach my $sql ("SELECT attributes FROM supporting_documents",
		"SELECT attributes FROM supporting_documents WHERE sid = '$sid'")
	{
		is($session->attempt($sql),
			'54001', "$levels levels: they are too many for jsonb");
		like(
			$session->complaints,
			qr/^CONTEXT:  column "attributes" of foreign table "supporting_documents", document $sid$/m,
			"$levels levels: it is said where");
	}
	$session->query("ALTER SERVER emulator OPTIONS (ADD on_error 'ignore')");
	is($session->query('SELECT count(attributes) < 10, count(*) '
			  . 'FROM supporting_documents'),
		't|9', "$levels levels: left out where that is wanted");
	like(
		$session->complaints,
		qr/1 document of .* was left out.*\nDETAIL:  The first of them is $sid/,
		"$levels levels: a notice names it");
	is($session->query('SELECT count(status) FROM supporting_documents'),
		'10', "$levels levels: not left out where it is not wanted");
	$session->query("ALTER SERVER emulator OPTIONS (DROP on_error)");
}
$emulator->post('document', sid => $sid);
answer(
	message => qq({"results":[{"sid":"$sid"}],"other":),
	piece => '[',
	times => 1_000_000,
	rest => ']' x 1_000_000 . ",$meta}");
is($session->query($list), '1|0', 'levels beside the list');
refuses(
	'brackets that do not match', $list, qr/is not valid JSON, at byte 1200012 /,
	message => '{"results":[',
	piece => '{"a":[',
	times => 200_000);
$emulator->clear;

#
# Values that would take much memory as jsonb, and time that no cancel ends
#
my %large = (
	values => {
		message => qq({"sid":"$sid","attributes":[),
		piece => '[],',
		times => 4_000_000,
		rest => '0]}'
	},
	bytes => {
		message => qq({"sid":"$sid","attributes":"),
		piece => '\u00e4',
		times => 2_000_000,
		rest => '"}'
	});
$session->query(<<'END');
	CREATE FOREIGN TABLE jsons (sid text, attributes json)
	SERVER emulator OPTIONS (resource 'supporting_documents', page_size '1');
	CREATE FOREIGN TABLE jsonbs (sid text, attributes jsonb)
	SERVER emulator OPTIONS (resource 'supporting_documents', page_size '1');
	SELECT regdocs_fdw_disconnect_all();
END
foreach my $what (sort keys %large)
{
	answer(%{ $large{$what} }, count => 0);
	reset_peak_memory($session->pid);
	$before_kb = memory_kb($session->pid);
	is( $session->attempt("SELECT attributes FROM jsonbs WHERE sid = '$sid'"),
		'54000', "too many $what for jsonb");
	like($session->complaints, qr/^CONTEXT:  column "attributes" .*$sid$/m,
		"too many $what: it is said where");
	$growth_kb = memory_kb($session->pid) - $before_kb;
	note("too many $what: $growth_kb kB");
	cmp_ok($growth_kb, '<', $most_growth_kb,
		"too many $what: that took little memory");
	is( $session->query(
			"SELECT length(attributes::text) FROM jsons WHERE sid = '$sid'"),
		$what eq 'values' ? 12_000_003 : 12_000_002,
		"too many $what: no matter for json");
}
$emulator->clear;

#
# Messages and the log: neither control characters nor personal data
#
$session->query('SELECT regdocs_fdw_disconnect_all()');
$session->query(<<'END');
	CREATE FOREIGN TABLE odd (
		sid text, friendly_name integer, status regdocs_status,
		failure_reason date, attributes jsonb, date_created timestamptz,
		date_updated date, mime_type integer
	) SERVER emulator
	OPTIONS (resource 'supporting_documents', page_size '1');
END
foreach my $column (
	qw(friendly_name status failure_reason attributes date_created
	date_updated mime_type))
{
	my $private = $column =~ /^(friendly_name|failure_reason|attributes)$/;
	my $value =
	  $column eq 'attributes'
	  ? '[1e1111111111]'
	  : '"\u001b]0;J\u00e4ne\u0007\u009b31m' . 'z' x 5000 . '"';

	$emulator->put(
		'document',
		sid => $sid,
		raw => qq({"sid":"$sid","$column":$value,"z":1}));
	my $sqlstate =
	  $session->attempt("SELECT $column FROM odd WHERE sid = '$sid'");
	like($sqlstate, qr/^22/, "$column: SQLSTATE $sqlstate");
	my $complaints = $session->complaints;
	unlike($complaints, qr/[^\n\x20-\x7e\xc3\xa4]/,
		"$column: no control characters");
	cmp_ok(length($complaints), '<', 1200, "$column: not without end");
	like(
		$complaints,
		qr/^CONTEXT:  column "$column" of foreign table "odd", document $sid$/m,
		"$column: it is said where");
	if ($private)
	{
		unlike($complaints, qr/z{5}|1{5}/, "$column: the value is not shown");
		like(
			$complaints,
			qr/ERROR:  cannot convert the value to type \w+/,
			"$column: but the type is");
	}
	else
	{
		like($complaints, qr/: ".*z{5}/, "$column: the value is shown");
	}
}
$emulator->post('document', sid => $sid);
my $log = slurp_file($node->logfile);
unlike($log, qr/[\x00-\x08\x0b-\x1f\x7f]/, 'no control characters in the log');
unlike($log, qr/terminated by signal|PANIC/, 'no backend has crashed');

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
