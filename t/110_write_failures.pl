
# Does what the API holds, what the client was told, and what was sent agree,
# wherever among a thousand writes one fails, and however?  Nothing is created
# twice, and nothing is created that nobody is told of.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use PostgreSQL::Test::Utils;
use RegdocsTest;
use Test::More;

my $rows = 1000;
my $emulator = start_emulator(documents => 0);
my $node = start_node();
make_server($node, $emulator, options => { concurrency => 16 });
my $session = start_session($node);

# held: whether the API has the document of the write that fails.
my @failures = (
	{
		name => 'refused',
		fault => { action => 'status', status => 400 },
		sqlstate => '22023',
		failed => 1
	},
	{
		name => 'reset before it was carried out',
		fault => { action => 'reset_before' },
		sqlstate => '08007',
		unknown => 1
	},
	{
		name => 'reset after it was carried out',
		fault => { action => 'reset_after' },
		sqlstate => '08007',
		unknown => 1,
		held => 1
	},
	{
		name => '503',
		fault => { action => 'status', status => 503 },
		sqlstate => '08007',
		unknown => 1
	},
	{
		name => '503 although it was carried out',
		fault => { action => 'status', status => 503, carry_out => 'on' },
		sqlstate => '08007',
		unknown => 1,
		held => 1
	},
	{
		name => 'an answer that cannot be read',
		fault => { action => 'wrong_shape', variant => 'array' },
		sqlstate => '08007',
		unknown => 1
	},
	{
		name => 'a storm of 429',
		# The last row is alone with it, and is tried six times at most.
		fault => { action => 'status', status => 429 },
		storm => { 1 => 40, $rows / 2 => 40, $rows => 5 },
		sqlstate => '00000'
	});

# The numbers in the error's DETAIL, and in the WARNING.
sub told
{
	my ($text) = @_;
	my %told = map { $_ => 0 }
	  qw(added done failed unknown not_begun created warned_unknown);

	@told{qw(added done failed unknown not_begun)} =
	  ($1, $2, $3, $4 // 0, $5)
	  if $text =~
	  /Of (\d+) writes?, (\d+) w\w+ done, (\d+) failed, (?:(\d+) may have been done, )?and (\d+) w\w+ not begun/;
	$told{created} = $1
	  if $text =~ /API: (\d+) documents? created, 0 updated and 0 deleted/;
	$told{warned_unknown} = $1
	  if $text =~ /API: (?:.*, and )?(\d+) writes? of unknown outcome/;
	return \%told;
}

# The sids of all documents that the API has created since the reset.
sub created_sids
{
	return sort
	  map { $_->{carried_out} // () }
	  @{ decode_json($emulator->get('requests?n=16384')) };
}

sub check_failure
{
	my ($failure, $position) = @_;
	my $name = "$failure->{name}, at $position";
	my $log_start = -s $node->logfile;
	my $storm = ($failure->{storm} // {})->{$position} // 1;

	$emulator->clear;
	$emulator->reset;
	$emulator->fault(
		%{ $failure->{fault} },
		path => 'create',
		skip => $position - 1,
		count => $storm);
	my $sqlstate = $session->attempt(
		'INSERT INTO supporting_documents (friendly_name, type) '
		  . "SELECT '$name, ' || i, 'passport' FROM generate_series(1, $rows) i"
	);
	my @created = created_sids();
	my $requests = $emulator->count('create');
	my $held = $failure->{held} // 0;
	my $counted = $session->query(
		'SELECT count(*), count(DISTINCT friendly_name) '
		  . "FROM supporting_documents WHERE friendly_name LIKE '$name, %'");

	is($sqlstate, $failure->{sqlstate}, "$name: SQLSTATE");
	is($counted, scalar(@created) . '|' . scalar(@created),
		"$name: no row is there twice");
	if ($sqlstate eq '00000')
	{
		is(scalar @created, $rows, "$name: all were created");
		is( $requests,
			$rows + $storm,
			"$name: only what was not done was sent again");
		return;
	}
	check_report($failure, $name, $requests, \@created,
		slurp_file($node->logfile, $log_start));
	return;
}

sub check_report
{
	my ($failure, $name, $requests, $created, $log) = @_;
	my $held = $failure->{held} // 0;
	my $told = told($log);

	is($told->{failed}, $failure->{failed} // 0, "$name: failed");
	is($told->{unknown}, $failure->{unknown} // 0, "$name: unknown");
	is($told->{done} + $held, scalar @$created, "$name: done");
	is( $told->{done} + $told->{failed} + $told->{unknown},
		$requests, "$name: what was sent is done, failed or unknown");
	is( $requests + $told->{not_begun},
		$told->{added}, "$name: the rest was not begun");
	is($told->{created}, $told->{done}, "$name: the warning's number");
	is( $told->{warned_unknown},
		$told->{unknown}, "$name: the warning's unknown ones");

	# The log has all sids, not only ten.
	my %is_created = map { $_ => 1 } @$created;
	my ($list) = $log =~ /DETAIL:  Created: ([^.]*)/;
	my @listed = split /, /, $list // '';
	is(scalar @listed, $told->{done}, "$name: the log names them all");
	is( scalar(grep { $is_created{$_} } @listed),
		$told->{done}, "$name: the log names those that are there");
	return;
}

foreach my $failure (@failures)
{
	check_failure($failure, $_) foreach (1, $rows / 2, $rows);
}

# The client is told of ten of the sids.
$emulator->clear;
$session->query('BEGIN');
$session->query('INSERT INTO supporting_documents (friendly_name, type) '
	  . "SELECT 'told ' || i, 'passport' FROM generate_series(1, 12) i");
$session->query('ROLLBACK');
my $sids = () = $session->complaints =~ /\bRD[0-9a-f]{32}\b/g;
is($sids, 10, 'the client is told ten sids');
like($session->complaints, qr/and 2 more\./, 'and how many more there are');

# Changes and deletions are repeated, and come out even.
$session->query('DELETE FROM supporting_documents');
$session->query('INSERT INTO supporting_documents (friendly_name, type) '
	  . "SELECT 'many ' || i, 'passport' FROM generate_series(1, $rows) i");
foreach my $fault (
	{ action => 'reset_before' },
	{ action => 'reset_after' },
	{ action => 'status', status => 503, carry_out => 'on' },
	{ action => 'status', status => 429, count => 20 })
{
	my $name = join ' ', $fault->{action}, $fault->{status} // ();

	$emulator->reset;
	$emulator->fault(%$fault, path => 'update', skip => 499);
	is( $session->attempt(
			q{UPDATE supporting_documents SET friendly_name = friendly_name || '+'}
		),
		'00000',
		"$name: the update goes on");
	is( $session->query(
			'SELECT count(*), count(DISTINCT friendly_name), min(length(regexp_replace(friendly_name, $$[^+]$$, $$$$, $$g$$))) = max(length(regexp_replace(friendly_name, $$[^+]$$, $$$$, $$g$$))) FROM supporting_documents'
		),
		"$rows|$rows|t",
		"$name: each document is changed once");
}
foreach my $fault ({ action => 'reset_after' },
	{ action => 'status', status => 503, carry_out => 'on' })
{
	my $name = join ' ', $fault->{action}, $fault->{status} // ();

	$emulator->reset;
	$emulator->fault(%$fault, path => 'delete', skip => 499);
	is($session->attempt('DELETE FROM supporting_documents'),
		'00000', "$name: the deletion goes on");
	is($emulator->count('deleted'),
		$rows, "$name: each document is deleted once");
	$session->query('INSERT INTO supporting_documents (friendly_name, type) '
		  . "SELECT 'many ' || i, 'passport' FROM generate_series(1, $rows) i");
}

# Several servers that do not answer are waited for at the same time.
foreach my $i (1 .. 4)
{
	$node->safe_psql('postgres', "CREATE SCHEMA late$i");
	make_server(
		$node, $emulator,
		name => "late$i",
		schema => "late$i",
		options => { write_mode => 'at_commit', request_timeout => '1s' });
}
$emulator->clear;
$emulator->fault(action => 'stall', path => 'create', count => 0);
$session->query('BEGIN');
$session->query("INSERT INTO late$_.supporting_documents (friendly_name, type) "
	  . "VALUES ('late', 'passport')")
  foreach 1 .. 4;
my $sqlstate;
my $ms = elapsed_ms(sub { $sqlstate = $session->attempt('COMMIT'); });
note(sprintf '%.0f ms', $ms);
is($sqlstate, '08007', 'four servers do not answer');
like($session->complaints, qr/Of 4 writes, 0 were done, 0 failed, 4 may/,
	'what is not known of all four is told');
cmp_ok($ms, '<', 3000, 'and they are waited for at the same time');
$emulator->clear;

# A create that fails is named by its number, in the statement that waited.
$node->safe_psql('postgres', 'CREATE SCHEMA waiting');
make_server(
	$node, $emulator,
	name => 'waiting',
	schema => 'waiting',
	options => { write_mode => 'at_commit', concurrency => 1 });

sub insert_rows
{
	my ($rows) = @_;

	$session->query(
		'INSERT INTO waiting.end_users (friendly_name, type) '
		  . "SELECT 'waiting ' || i, 'individual' FROM generate_series(1, $rows) i"
	);
	return;
}

sub told_row
{
	my ($do, $skip, $row, $name) = @_;

	$emulator->fault(
		action => 'status',
		status => 400,
		path => 'end_users.create',
		skip => $skip);
	$session->query('BEGIN');
	$do->();
	is($session->attempt('COMMIT'), '22023', "$name: fails");
	like($session->complaints,
		qr/It was to insert $row, in statement \d+ of those that waited/,
		$name);
	$emulator->clear;
	return $session->complaints =~ /in statement (\d+)/ ? $1 : undef;
}

my $into = 'into foreign table "end_users"';

is(told_row(sub { insert_rows(5); insert_rows(10) }, 7, "row 3 $into", 'the row'),
	2, '... and the statement');
is( told_row(
		sub {
			$session->query(
				q{DO $$ BEGIN FOR i IN 1..9 LOOP
					INSERT INTO waiting.end_users (friendly_name, type)
					VALUES ('loop', 'individual');
				END LOOP; END $$});
		},
		4,
		"row 1 $into",
		'a row of a loop'),
	5,
	'... is one of another statement each');
is( told_row(
		sub {
			insert_rows(5);
			$session->query('SAVEPOINT a');
			insert_rows(5);
			$session->query('ROLLBACK TO a');
			insert_rows(5);
		},
		6,
		"row 2 $into",
		'a row behind what was rolled back'),
	3,
	'... and its statement');
told_row(
	sub {
		insert_rows(3);
		$session->query('DROP FOREIGN TABLE waiting.end_users');
	},
	1,
	'row 2',
	'a row of a table that was dropped meanwhile');
# A change is named by its sid.
$session->query('INSERT INTO end_users (friendly_name, type) '
	  . q{SELECT 'to be changed', 'individual' FROM generate_series(1, 3)});
foreach my $sql (
	q{UPDATE waiting.end_users SET friendly_name = 'changed' WHERE friendly_name = 'to be changed'},
	q{DELETE FROM waiting.end_users WHERE friendly_name = 'to be changed'})
{
	my ($operation) = map { lc } $sql =~ /^(\w+)/;

	$emulator->reset;
	$emulator->fault(
		action => 'status',
		status => 400,
		path => "end_users.$operation",
		skip => 1);
	is($session->attempt($sql), '22023', "$operation: fails at the commit");
	my ($failed) = map { $_->{path} =~ /(IT[0-9a-f]{32})/ }
	  grep { $_->{kind} eq $operation && $_->{answered} == 400 }
	  @{ decode_json($emulator->get('requests?n=16384')) };
	like($session->complaints, qr/EndUsers\/$failed to server/,
		"$operation: the sid");
	unlike($session->complaints, qr/It was to insert/,
		"$operation: and no number of a row");
	$emulator->clear;
}

is($emulator->stop, '', 'the emulator had nothing to complain about');

done_testing();
