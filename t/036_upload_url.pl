
# Requests with a file go to upload_url, all others to base_url: two emulators,
# each of which must get its own and nothing else.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use RegdocsTest;
use Test::More;

my $node = start_node();
my $base = start_emulator(documents => 10);
my $upload = start_emulator(documents => 10);
make_server($node, $base, options => { upload_url => $upload->url });
my $session = start_session($node);

# The smallest PDF that is one by its first bytes.
my $file = q{convert_to(E'%PDF-1.4\n%%EOF\n', 'UTF8')};

sub check
{
	my ($name, $sql, $kind, $at_base, $at_upload) = @_;

	$_->reset foreach ($base, $upload);
	is($session->attempt($sql), '00000', $name) or diag($session->complaints);
	is($base->count($kind), $at_base, "$name: to base_url");
	is($upload->count($kind), $at_upload, "$name: to upload_url");
	return;
}

check('creates without a file', <<"END", 'create', 2, 0);
INSERT INTO supporting_documents (friendly_name, type)
	VALUES ('a', 'passport'), ('b', 'passport')
END
check('creates with a file', <<"END", 'create', 0, 2);
INSERT INTO supporting_documents (friendly_name, type, file)
	VALUES ('a', 'passport', $file), ('b', 'passport', $file)
END
check('creates with and without', <<"END", 'create', 1, 1);
INSERT INTO supporting_documents (friendly_name, type, file)
	VALUES ('a', 'passport', NULL), ('b', 'passport', $file)
END

# Both have the same documents.
my $sid = $base->get('sid?index=0');
chomp $sid;
$_->post('review', index => 0, status => 'draft') foreach ($base, $upload);
check('an update without a file', <<"END", 'update', 1, 0);
UPDATE supporting_documents SET friendly_name = 'c' WHERE sid = '$sid'
END
check('an update with a file', <<"END", 'update', 0, 1);
UPDATE supporting_documents SET file = $file WHERE sid = '$sid'
END
is($upload->count('fetch') + $upload->count('list'),
	0, 'nothing is read from upload_url');
check('writes at the commit', <<"END", 'create', 1, 1);
ALTER FOREIGN TABLE supporting_documents OPTIONS (write_mode 'at_commit');
BEGIN;
INSERT INTO supporting_documents (friendly_name, type, file)
	VALUES ('a', 'passport', NULL), ('b', 'passport', $file);
COMMIT
END

$session->stop;
is($_->stop, '', 'the emulator had nothing to complain about')
  foreach ($base, $upload);
done_testing();
