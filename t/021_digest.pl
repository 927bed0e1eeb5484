
# Are 100,000 documents read completely, and is each equal in every column to
# what the emulator holds?
#
# Both sides compute one digest: the md5 of the sorted and concatenated md5s
# of one line a document, its fields separated by tabs, strings as they are,
# other JSON byte for byte, and null as \N.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $documents = 100_000;

my $emulator = start_emulator(documents => $documents);
my $node = start_node('main', 'jit = off', q(timezone = 'Asia/Tokyo'));
make_server($node, $emulator);
$node->safe_psql('postgres', <<'END');
	CREATE FOREIGN TABLE texts (
		sid text, account_sid text, friendly_name text, mime_type text,
		status text, failure_reason text, errors text, type text,
		attributes text, date_created text, date_updated text, url text
	) SERVER emulator OPTIONS (resource 'supporting_documents');
	CREATE FOREIGN TABLE whole (document json) SERVER emulator;
	CREATE FUNCTION utc(timestamptz) RETURNS text LANGUAGE sql AS $$
		SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
	$$;
END

# The digest of a table with the fields' columns, in the order of the API.
sub digest_sql
{
	my ($source, %expressions) = @_;
	my $line = join " || E'\\t' || ",
	  map { 'coalesce(' . ($expressions{$_} // $_) . ", '\\N')" }
	  qw(sid account_sid friendly_name mime_type status failure_reason errors
	  type attributes date_created date_updated url);

	return "SELECT md5(string_agg(line, '' ORDER BY line COLLATE \"C\")) "
	  . "FROM (SELECT md5($line || E'\\n') AS line FROM $source) AS lines";
}

my $expected = $emulator->get('digest');
chomp $expected;

$emulator->reset;
is($node->safe_psql('postgres', digest_sql('texts')),
	$expected, 'all columns as text: equal');
is_deeply(
	[ map { $emulator->count($_) } qw(list fetch) ],
	[ $documents / 1000, 0 ],
	'that took one request a page');

# The table as it is imported, with its own types.  jsonb keeps no bytes, so
# its columns are compared with the same values by way of text.
$emulator->reset;
$node->safe_psql('postgres',
	'CREATE TABLE typed AS SELECT * FROM supporting_documents');
is($emulator->count('list'), $documents / 1000, 'one request a page again');
$node->safe_psql('postgres',
	'CREATE TABLE raw AS SELECT sid, errors, attributes FROM texts');
is( $node->safe_psql('postgres', <<'END'), $documents, 'jsonb: equal');
	SELECT count(*)
	FROM typed AS t JOIN raw AS r USING (sid)
	WHERE (t.errors, t.attributes)
		IS NOT DISTINCT FROM (r.errors::jsonb, r.attributes::jsonb)
END
is( $node->safe_psql(
		'postgres',
		digest_sql(
			'(SELECT t.*, r.errors AS e, r.attributes AS a'
			  . ' FROM typed AS t JOIN raw AS r USING (sid)) AS both_kinds',
			status => 'status::text',
			errors => 'e',
			attributes => 'a',
			date_created => 'utc(date_created)',
			date_updated => 'utc(date_updated)')),
	$expected,
	'the imported table: equal');
is( $node->safe_psql(
		'postgres', 'SELECT count(*) FROM typed WHERE file IS NOT NULL'),
	'0',
	'file reads as NULL');

# All resources, with the types that they are imported with, as PostgreSQL
# makes them of the objects' text.  An answer may lack its parent's key.
my $family = start_emulator(documents => 300, bundles => 60);
make_server(
	$node, $family,
	name => 'family',
	schema => 'family',
	options => { page_size => 50 })
  if $node->safe_psql('postgres', 'CREATE SCHEMA family') eq '';
foreach my $table (
	split /\n/,
	$node->safe_psql('postgres', <<'END'))
	SELECT relname FROM pg_class
	WHERE relnamespace = 'family'::regnamespace AND relkind = 'f'
		AND relname <> 'bundle_clones'
	ORDER BY relname
END
{
	$node->safe_psql('postgres',
		"CREATE FOREIGN TABLE whole_$table (document json) SERVER family "
		  . "OPTIONS (resource '$table')");
	my ($imported, $made) = map
	{
		$node->safe_psql('postgres',
			"SELECT count(*) || ' ' || md5(string_agg(md5((row - 'bundle_sid')"
			  . "::text), '' ORDER BY md5((row - 'bundle_sid')::text))) "
			  . "FROM (SELECT to_jsonb($_->[0]) AS row FROM $_->[1]) AS rows")
	} ([ 'd', "family.$table AS d" ],
		[
			"json_populate_record(NULL::family.$table, document)",
			"whole_$table"
		]);

	is($imported, $made, "$table: as PostgreSQL makes them");
	cmp_ok((split / /, $imported)[0], '>', 0, "$table: there are some");
}
is($family->stop, '', 'the emulator had nothing to complain about');

# The whole document, taken apart here.
is( $node->safe_psql(
		'postgres',
		digest_sql(
			'whole',
			map { $_ => "document ->> '$_'" }
			  qw(sid account_sid friendly_name mime_type status failure_reason
			  errors type attributes date_created date_updated url))),
	$expected,
	'document: equal');

# Small pages, in the other order and with the other sort of tokens.
my $other = start_emulator(
	documents => 3333,
	seed => 2,
	token_style => 'offset',
	token_encoding => 'escaped',
	param_order => 'varied',
	list_order => 'updated',
	meta_first => 'on',
	empty_last_page => 'on',
	gzip => 'on');
$node->safe_psql('postgres', 'ALTER SERVER emulator OPTIONS '
	  . "(SET base_url '" . $other->url . "', ADD page_size '101')");
$expected = $other->get('digest');
chomp $expected;
is($node->safe_psql('postgres', digest_sql('texts')),
	$expected, 'other pages, tokens and order: equal');
is($other->count('list'), 34, 'one request a page, the last one empty');

is($_->stop, '', 'the emulator had nothing to complain about')
  foreach ($emulator, $other);

done_testing();
