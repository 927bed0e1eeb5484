
# The nightly job of doc/operations.md, by its text alone, on a fresh cluster:
# by pg_cron and a plain role; then the same by psql, as cron would run it.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::Bin/..";
my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
my $share = `$pg_config --sharedir`;
chomp $share;
my $has_cron = -e "$share/extension/pg_cron.control";

# Statements of the documentation below that title, with some of them replaced.
# (t/127_many_accounts.pl has those about many accounts.)
my $document = slurp_file("$tree/doc/operations.md");
$document =~ s/^## Many accounts\n.*\z//ms;
my %used;

sub documented
{
	my ($title, %replaced) = @_;
	my ($text) = $document =~ /^-- \Q$title\E\n(.*?)\n\n/ms;
	($text) = $document =~ /^-- \Q$title\E\n(.*?)^```/ms
	  if !defined $text || $text =~ /^```/m;

	defined $text or die "doc/operations.md has no '$title'";
	$used{$title} = 1;
	foreach my $old (keys %replaced)
	{
		$text =~ s/\Q$old\E/$replaced{$old}/g
		  or die "doc/operations.md has no '$old' below '$title'";
	}
	return $text;
}

# The lines of postgresql.conf, likewise.
my ($settings) = $document =~ /^# postgresql.conf[^\n]*\n(.*?)^```/ms;
my @conf = $has_cron ? split(/\n/, $settings) : ();

my $emulator = start_emulator(documents => 60, bundles => 20);
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "$_\n") foreach @conf;
$node->start;

sub query
{
	my ($sql, @options) = @_;
	return $node->safe_psql('postgres', $sql, @options);
}

sub as_clerk
{
	my ($sql) = @_;
	return query($sql, extra_params => [ '--username' => 'clerk' ]);
}

# What a superuser does, and then the clerk's own.
query('CREATE EXTENSION regdocs_fdw; CREATE ROLE clerk LOGIN;');
make_server($node, $emulator, schema => undef, options => { max_retries => 0 });
query(
	q{GRANT USAGE ON FOREIGN SERVER emulator TO clerk;
	  CREATE SCHEMA AUTHORIZATION clerk});
as_clerk(
	q{IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER emulator INTO clerk});

as_clerk(documented('Mirrors of documents and bundles, once'));
as_clerk(documented('Have a mirror show what the API has now'));
is( as_clerk('SELECT count(*) FROM documents_mirror'),
	as_clerk('SELECT count(*) FROM supporting_documents'),
	'the mirror is filled');
as_clerk(documented('The report, and the job that fills it'));
as_clerk(documented('Tell of each document whose status has turned'));

# Customers, of whom each has something that is told of, or nothing.
my %sid;
my %documents = (
	approved => [ 'approved', 'The name' ],
	rejected => [ 'pending-review', 'Rejected' ],
	draft => [ 'draft', 'Draft' ],
	nobody => [ 'approved', 'Nobody' ],
	renamed => [ 'approved', 'Not the name' ]);
my $number = 0;
foreach my $name (sort keys %documents)
{
	my ($status, $business) = @{ $documents{$name} };
	my $sid = $emulator->get('sid?index=' . $number++);

	chomp $sid;
	$sid{$name} = $sid;
	$emulator->post(
		'supporting_documents',
		sid => $sid,
		status => $status,
		attributes => qq({"business_name": "$business"}),
		date_updated => '2020-01-01T00:00:00Z');
}
my $bundle = as_clerk(
	q{SELECT sid FROM bundles WHERE status = 'twilio-approved' ORDER BY sid LIMIT 1});
my $day = q{SELECT to_char(now() AT TIME ZONE 'UTC' + interval '%s',
	'YYYY-MM-DD"T"HH24:MI:SS"Z"')};
my $soon = query(sprintf $day, '10 days');
$emulator->post('bundles', sid => $bundle, valid_until => $soon);

# Two that do not expire soon: one does later, one already has.
my ($later, $expired) = split /\n/, as_clerk(
	qq{SELECT sid FROM bundles WHERE status = 'twilio-approved' AND sid <> '$bundle'
	   ORDER BY sid LIMIT 2});
$emulator->post(
	'bundles',
	sid => $later,
	valid_until => query(sprintf $day, '32 days'));
$emulator->post(
	'bundles',
	sid => $expired,
	valid_until => query(sprintf $day, '-2 days'));
as_clerk(
	qq{CREATE TABLE customers (name text, document_sid text, bundle_sid text);
	   INSERT INTO customers VALUES ('The name', '$sid{approved}', '$bundle'),
		('Rejected', '$sid{rejected}', NULL), ('Draft', '$sid{draft}', NULL),
		('Another name', '$sid{renamed}', NULL), ('New here', NULL, NULL)});

# What the last run has found of those, and of who has nothing.
sub report
{
	my $sids = join ', ', map { "'$_'" } values %sid, $bundle;

	return as_clerk(
		qq{SELECT finding, customer, coalesce(detail, '-') FROM report
		   WHERE run_at = (SELECT max(run_at) FROM report)
			AND (sid IN ($sids) OR sid IS NULL)
			AND finding <> 'expires soon'
		   UNION ALL SELECT finding, customer, 'soon' FROM report
		   WHERE run_at = (SELECT max(run_at) FROM report)
			AND sid IN ('$bundle', '$later', '$expired')
		   ORDER BY 1, 2});
}

as_clerk('CALL nightly()');
my $named = as_clerk(
	"SELECT friendly_name FROM documents_mirror WHERE sid = '$sid{nobody}'");
my $updated = as_clerk(
	"SELECT date_updated FROM documents_mirror WHERE sid = '$sid{draft}'");
is( report(),
	join("\n",
		'another name|Another name|Not the name',
		'expires soon|The name|soon',
		'no approved document|Draft|draft',
		'no approved document|New here|no document',
		'no approved document|Rejected|pending-review',
		"of no customer||$named",
		"old draft|Draft|$updated"),
	'the report has all that is to be told');

# A listener hears of what turns, and when that is committed.
my $listener = start_session($node, user => 'clerk');
$listener->query('LISTEN documents');

sub reject
{
	my ($reason) = @_;

	$emulator->post(
		'review',
		sid => $sid{rejected},
		status => 'rejected',
		failure_reason => $reason,
		errors => '[{"code": 18002}]');
	return;
}

sub heard
{
	$listener->attempt('SELECT 1');
	my $output = $listener->output;
	return $output =~ /notification "documents" with payload "(.*)"/ ? $1 : '';
}

# Each failure is one of the API, found by the job's second list.
sub fail_next
{
	$emulator->clear;
	$emulator->fault(action => 'status', status => 500, path => 'bundles.list');
	return;
}

my $state = q{SELECT md5(string_agg(m::text, '' ORDER BY sid)),
	(SELECT count(*) FROM documents_mirror_history), (SELECT count(*) FROM report)
	FROM documents_mirror m};

reject('blurry');

# Whoever calls the job learns what it has failed with.
fail_next();
my $caller = start_session($node, user => 'clerk');
is($caller->attempt('CALL nightly()'), '58000', 'a run that fails says so');
$caller->stop;

SKIP:
{
	skip 'there is no pg_cron for this PostgreSQL', 11 unless $has_cron;

	query(documented('Let a plain role schedule jobs'));
	my $how_went = documented('How the last runs went');

	# A run that fails, at the start of the server.
	my $before = as_clerk($state);
	my $faults = $emulator->count('faults');
	fail_next();
	as_clerk(documented('As that role: every night at three',
			'0 3 * * *' => '@reboot'));
	is( query('SELECT username, database FROM cron.job'),
		'clerk|postgres', 'a job of a plain role');
	$listener->stop;
	$node->restart;
	wait_until('a run that fails',
		sub { as_clerk($how_went) =~ /failed/ });
	like(as_clerk($how_went), qr/\|failed\|.*58000: /,
		'a run that fails is to be seen, with its SQLSTATE');
	is(as_clerk($state), $before, '... and has changed nothing');
	is($emulator->count('faults'), $faults + 1, '... that fault was it');

	# The next one, by the clock, makes up for it.
	$listener = start_session($node, user => 'clerk');
	$listener->query('LISTEN documents');
	as_clerk(documented('As that role: every night at three',
			'0 3 * * *' => '* * * * *'));
	is(query('SELECT count(*) FROM cron.job'), 1, 'the same job, every minute');
	wait_until('a run that succeeds',
		sub { as_clerk($how_went) =~ /succeeded/ });
	as_clerk(q{SELECT cron.unschedule('nightly')});
	like(report(), qr/^newly rejected\|Rejected\|blurry$/m,
		'the next run makes up for it');
	like(heard(),
		qr/"sid" : "$sid{rejected}", "from" : "pending-review", "to" : "rejected"/,
		'... and a listener hears of it');
	is( as_clerk(
			"SELECT count(*) FROM documents_mirror_history "
			  . "WHERE sid = '$sid{rejected}' AND new_status = 'rejected'"),
		1,
		'... once');
	is(query('SELECT count(*) FROM cron.job'), 0, 'the job is gone');
	is( query(
			"SELECT count(DISTINCT username) FROM cron.job_run_details WHERE username = 'clerk'"),
		1,
		'all by the plain role');
	unlike(as_clerk($how_went),
		qr/\Q@{[$emulator->auth_token]}\E/, 'no credential is shown');
}

#
# The same by cron and psql
#

my ($crontab) = $document =~ /^0 3 \* \* \*\s+(psql .*)$/m;
$crontab =~ s/-d postgres/"-d '" . $node->connstr('postgres') . "'"/e
  or die 'no database in the crontab';

sub run_crontab
{
	my $output = `( $crontab ) 2>&1`;
	return $output;
}

as_clerk(q{CALL nightly()}) unless $has_cron;
$emulator->post('review', sid => $sid{renamed}, status => 'rejected',
	failure_reason => 'torn', errors => '[]');
my $before = as_clerk($state);
fail_next();
like(run_crontab(), qr/ERROR:  58000: .*nightly: psql said 1/s,
	'psql says of a run that fails why, and with which code');
is(as_clerk($state), $before, '... and it has changed nothing');
is(run_crontab(), '', 'psql says nothing of a run that succeeds');
like(report(), qr/^newly rejected\|Another name\|torn$/m,
	'... and it makes up for the one before');
$listener->attempt('SELECT 1');
like($listener->output, qr/"$sid{renamed}"/, 'a listener hears of it');
$listener->stop;
{
	local $ENV{PGOPTIONS} = '-c statement_timeout=300';
	$emulator->fault(action => 'stall', path => 'list');
	like(run_crontab(), qr/57014: .*nightly: psql said 1/s,
		'so does one that takes too long');
	$emulator->clear;
}

#
# The history
#

my $then = as_clerk(
	"SELECT changed_at FROM documents_mirror_history WHERE change = 'inserted' LIMIT 1");
my $at = documented('What was the state at a time?  All documents that there were then',
	'2026-11-01' => $then);
$emulator->delete("supporting_documents?sid=$sid{nobody}");
as_clerk('CALL nightly()');
chomp $at;
$at =~ s/;\s*$//;
is(as_clerk("SELECT count(*) FROM ($at) s"), 60, 'all that was there at the first');
is( as_clerk("SELECT count(*) FROM ($at) s WHERE status = new ->> 'status'"),
	60,
	'... with its state');
$at =~ s/'\Q$then\E'/now()/ or die;
is( as_clerk(
		"SELECT count(*), count(*) FILTER (WHERE m.status::text = s.status) "
		  . "FROM ($at) s JOIN documents_mirror m USING (sid)"),
	'59|59',
	'now it is the mirror');
is(as_clerk("SELECT count(*) FROM ($at) s"), 59, '... and nothing else');

# Everything is two years old; of each document its last state stays.
my $prune = documented('Forget what is older than a year, but the state of a year ago');
as_clerk(
	q{UPDATE documents_mirror_history SET changed_at = changed_at - interval '2 years'});
as_clerk($prune);
is( as_clerk(
		'SELECT count(*), count(DISTINCT sid), count(*) FILTER (WHERE change = $$deleted$$) '
		  . 'FROM documents_mirror_history'),
	'59|59|0',
	'the pruning leaves one state of each document that is there');
is( as_clerk(
		"SELECT count(*), count(*) FILTER (WHERE m.status::text = s.status) "
		  . "FROM ($at) s JOIN documents_mirror m USING (sid)"),
	'59|59',
	'... the last one');

# Whatever the documentation shows was here.
my @titles = `README='$tree/doc/operations.md' '$tree/test/readme' --untested /dev/null`;
chomp @titles;
my @unused =
  grep { /^no title/ || (!$used{$_} && $document =~ /^-- \Q$_\E\n/m) } @titles;
@unused = grep { !/role schedule|every night|last runs/ } @unused unless $has_cron;
is("@unused", '', 'all statements of doc/operations.md were run');

is($emulator->stop, '', 'the emulator had nothing to complain about');
done_testing();
