/*-------------------------------------------------------------------------
 *
 * test_credential.c
 *	  Secrets in files: what such a file must be, and what becomes of
 *	  requests when it is replaced.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "src/api/credential.h"
#include "tap.h"

/* In base64: AC0123456789abcdef0123456789abcdef:second-secret */
#define SECOND_AUTHORIZATION \
	"QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjpzZWNvbmQtc2VjcmV0"

static char path[64];

static void
write_file(const char *bytes, size_t length, mode_t mode)
{
	FILE	   *file;

	unlink(path);
	file = fopen(path, "w");
	if (file == NULL || fwrite(bytes, 1, length, file) != length ||
		fclose(file) != 0 || chmod(path, mode) != 0)
		exit(EXIT_FAILURE);
}

static void
write_secret(const char *secret)
{
	write_file(secret, strlen(secret), 0600);
}

/* What a file holds, and the secret in it, or what is said of it. */
typedef struct FileCase
{
	const char *name;
	const char *bytes;
	size_t		length;
	mode_t		mode;
	const char *secret;			/* NULL: it is not taken */
	const char *words;
} FileCase;

#define BYTES(literal)	literal, sizeof(literal) - 1

static const FileCase file_cases[] =
{
	{"a line", BYTES("hush\n"), 0600, "hush", NULL},
	{"without its end", BYTES("hush"), 0600, "hush", NULL},
	{"with the other end", BYTES("hush\r\n"), 0400, "hush", NULL},
	{"empty", BYTES(""), 0600, NULL, "is empty"},
	{"an empty line", BYTES("\n"), 0600, NULL, "is empty"},
	{"two lines", BYTES("hush\nhush\n"), 0600, NULL,
	"holds more than one line"},
	{"an empty line behind", BYTES("hush\n\n"), 0600, NULL,
	"holds more than one line"},
	{"a blank", BYTES("hu sh\n"), 0600, NULL,
	"holds something else than printable ASCII without blanks"},
	{"a blank behind", BYTES("hush \n"), 0600, NULL,
	"holds something else than printable ASCII without blanks"},
	{"a NUL", BYTES("hush\0hush"), 0600, NULL,
	"holds something else than printable ASCII without blanks"},
	{"a NUL behind", BYTES("hush\0"), 0600, NULL,
	"holds something else than printable ASCII without blanks"},
	{"another encoding", BYTES("h\303\274sh"), 0600, NULL,
	"holds something else than printable ASCII without blanks"},
	{"its group may read it", BYTES("hush"), 0640, NULL,
	"is open to others than its owner"},
	{"all may read it", BYTES("hush"), 0604, NULL,
	"is open to others than its owner"},
	{"others may write it", BYTES("hush"), 0602, NULL,
	"is open to others than its owner"}
};

static void
check_file(const FileCase *file_case)
{
	RdapiCredential credential;
	RdapiError	error;
	bool		made;

	rdapi_error_clear(&error);
	made = rdapi_credential_init(&credential, "user", NULL, path, &error);
	tap_number(made, file_case->secret != NULL, "%s: taken or not",
			   file_case->name);
	if (file_case->secret != NULL)
		tap_equal(credential.secrets.password, file_case->secret, "%s: taken",
				  file_case->name);
	else
	{
		tap_number(error.kind, RDAPI_ERR_SECRET, "%s: the kind",
				   file_case->name);
		tap_equal(error.message, file_case->words, "%s: the words",
				  file_case->name);
	}
	rdapi_credential_wipe(&credential);
}

static void
test_files(void)
{
	FileCase	long_case = {"long", NULL, 0, 0600, NULL, NULL};
	FileCase	other_case = {"other", NULL, 0, 0, NULL, NULL};
	char		bytes[5000];
	int			descriptors = harness_descriptors();
	size_t		i;

	for (i = 0; i < sizeof(file_cases) / sizeof(file_cases[0]); i++)
	{
		write_file(file_cases[i].bytes, file_cases[i].length,
				   file_cases[i].mode);
		check_file(&file_cases[i]);
	}

	/* The longest, and what is longer, by little and by much. */
	memset(bytes, 'x', sizeof(bytes));
	bytes[1024] = '\n';
	write_file(bytes, 1025, 0600);
	bytes[1024] = '\0';
	long_case.secret = bytes;
	check_file(&long_case);
	memset(bytes, 'x', sizeof(bytes));
	long_case.secret = NULL;
	long_case.words = "holds more than 1024 bytes";
	write_file(bytes, 1025, 0600);
	check_file(&long_case);
	write_file(bytes, sizeof(bytes), 0600);
	check_file(&long_case);

	/* No file, a directory, and a pipe, for which nobody waits. */
	unlink(path);
	other_case.words = "cannot be opened: No such file or directory";
	check_file(&other_case);
	mkdir(path, 0700);
	other_case.words = "is not a regular file";
	check_file(&other_case);
	rmdir(path);
	if (mkfifo(path, 0600) != 0)
		exit(EXIT_FAILURE);
	check_file(&other_case);
	unlink(path);
	tap_number(harness_descriptors(), descriptors, "all are closed again");
}

/* Only with the second secret is anybody let in. */
static bool
answer_to_second(Received *received, void *arg)
{
	(void) arg;
	if (strstr(received->head, SECOND_AUTHORIZATION) == NULL)
		return server_answer(received, 401, "",
							 "{\"code\": 20003, \"message\": \"first-secret, "
							 "second-secret, third-secret\"}");
	return server_answer(received, strcmp(received->method, "GET") == 0 ?
						 200 : 201, "", "{}");
}

static RdapiRequest *
request_of(RdapiOperation operation)
{
	switch (operation)
	{
		case RDAPI_OP_CREATE:
			return harness_create("x");
		case RDAPI_OP_UPDATE:
			return harness_update("x");
		default:
			return harness_list();
	}
}

static void
test_renewal(void)
{
	static const RdapiOperation operations[] = {
		RDAPI_OP_LIST, RDAPI_OP_CREATE, RDAPI_OP_UPDATE
	};
	size_t		i;

	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
	{
		Fixture		fixture;
		RdapiCall  *call;
		int			before;

		write_secret("first-secret");
		harness_set_up(&fixture, answer_to_second, NULL);
		fixture.config.password = NULL;
		fixture.config.password_file = path;
		harness_set_up_client(&fixture);

		call = harness_run(fixture.client, request_of(operations[i]));
		tap_number(harness_kind(call), RDAPI_ERR_AUTH, "refused");
		tap_equal(rdapi_call_error(call)->renewal, "holds the same as before",
				  "the file was read again");
		tap_number(server_requests(fixture.server), 1, "sent once");
		rdapi_call_free(call);

		write_secret("second-secret\n");
		before = server_requests(fixture.server);
		call = harness_run(fixture.client, request_of(operations[i]));
		tap_number(harness_kind(call), RDAPI_ERR_NONE,
				   "another secret is taken: %s", harness_message(call));
		tap_number(rdapi_call_stats(call).tries, 2, "and tried at once");
		tap_number(server_requests(fixture.server) - before, 2, "sent twice");
		rdapi_call_free(call);
		call = harness_run(fixture.client, request_of(operations[i]));
		tap_number(rdapi_call_stats(call).tries, 1, "from then on it is known");
		rdapi_call_free(call);
		harness_tear_down(&fixture);
	}
}

/* Each secret is tried once; what is said of one masks all of them. */
static void
test_wrong_again(void)
{
	Fixture		fixture;
	RdapiCall  *call;

	write_secret("first-secret");
	harness_set_up(&fixture, answer_to_second, NULL);
	fixture.config.password = NULL;
	fixture.config.password_file = path;
	harness_set_up_client(&fixture);

	write_secret("third-secret");
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_AUTH, "refused as well");
	tap_number(server_requests(fixture.server), 2, "each secret is tried once");
	tap_equal(rdapi_call_error(call)->api_message, "***, second-secret, ***",
			  "both are hidden, and what was never known is not");
	rdapi_call_free(call);

	unlink(path);
	call = harness_run(fixture.client, harness_list());
	tap_equal(rdapi_call_error(call)->renewal,
			  "cannot be opened: No such file or directory",
			  "a file that is gone");
	rdapi_call_free(call);
	write_file("second-secret", 13, 0644);
	call = harness_run(fixture.client, harness_list());
	tap_equal(rdapi_call_error(call)->renewal,
			  "is open to others than its owner", "one that all may read");
	rdapi_call_free(call);
	write_secret("second-secret");
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_NONE, "and one that is right");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

/* Those in flight when the secret changes are tried again, too. */
static void
test_in_flight(void)
{
	Fixture		fixture;
	RdapiCall  *calls[12];
	int			i;

	write_secret("first-secret");
	harness_set_up(&fixture, answer_to_second, NULL);
	fixture.config.password = NULL;
	fixture.config.password_file = path;
	fixture.config.concurrency = 4;
	harness_set_up_client(&fixture);
	for (i = 0; i < 12; i++)
		calls[i] = harness_submit(fixture.client, harness_create("x"));
	rdapi_client_drive(fixture.client);
	write_secret("second-secret");
	tap_ok(harness_wait_all(fixture.client, 5000), "all come to an end");
	for (i = 0; i < 12; i++)
	{
		tap_number(harness_kind(calls[i]), RDAPI_ERR_NONE, "call %d: %s", i,
				   harness_message(calls[i]));
		rdapi_call_free(calls[i]);
	}
	tap_number(server_requests(fixture.server), 16,
			   "the four in flight were sent twice");
	harness_tear_down(&fixture);
}

int
main(void)
{
	char		directory[] = "/tmp/test_credential.XXXXXX";

	if (mkdtemp(directory) == NULL)
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/secret", directory);
	test_files();
	test_renewal();
	test_wrong_again();
	test_in_flight();
	unlink(path);
	rmdir(directory);
	return tap_done();
}
