/*-------------------------------------------------------------------------
 *
 * credential.c
 *	  What a client logs in with, and where that comes from.
 *
 * A secret may be in a file, which somebody replaces when the secret changes.
 * Nothing that is said of the file ever holds what is in it.
 *
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credential.h"

/* The longest secret, in bytes; the API's have 32. */
#define MAX_SECRET		1024

/* Behind a secret: the end of its line, in either form. */
#define MAX_LINE_END	2

/* What is read of a file: one byte more tells that it is too large. */
#define READ_BYTES		(MAX_SECRET + MAX_LINE_END + 1)

/* A descriptor of the file, if it is such as holds a secret; -1: it is not. */
static int
open_file(const char *path, RdapiError *error)
{
	/* What is no file, as a pipe, shall not make anybody wait. */
	int			descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (descriptor < 0)
	{
		rdapi_error_set(error, RDAPI_ERR_SECRET, "cannot be opened: %s",
						strerror(errno));
		return -1;
	}
	if (fstat(descriptor, &status) != 0)
		rdapi_error_set(error, RDAPI_ERR_SECRET, "cannot be examined: %s",
						strerror(errno));
	else if (!S_ISREG(status.st_mode))
		rdapi_error_set(error, RDAPI_ERR_SECRET, "is not a regular file");
	else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		rdapi_error_set(error, RDAPI_ERR_SECRET,
						"is open to others than its owner");
	else
		return descriptor;
	close(descriptor);
	return -1;
}

/* The number of bytes read; -1: the error is set. */
static ssize_t
read_bytes(int descriptor, char *bytes, size_t size, RdapiError *error)
{
	size_t		length = 0;

	while (length < size)
	{
		ssize_t		count = read(descriptor, bytes + length, size - length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
		{
			rdapi_error_set(error, RDAPI_ERR_SECRET, "cannot be read: %s",
							strerror(errno));
			return -1;
		}
		if (count == 0)
			break;
		length += (size_t) count;
	}
	return (ssize_t) length;
}

/*
 * The length of the secret in what was read, less the end of its line; -1: the
 * error is set.
 */
static ssize_t
secret_length(const char *bytes, size_t length, RdapiError *error)
{
	size_t		i;

	if (length > 0 && bytes[length - 1] == '\n')
		length--;
	if (length > 0 && bytes[length - 1] == '\r')
		length--;
	if (length == 0)
		rdapi_error_set(error, RDAPI_ERR_SECRET, "is empty");
	else if (length > MAX_SECRET)
		rdapi_error_set(error, RDAPI_ERR_SECRET,
						"holds more than %d bytes", MAX_SECRET);
	else if (memchr(bytes, '\n', length) != NULL)
		rdapi_error_set(error, RDAPI_ERR_SECRET, "holds more than one line");
	for (i = 0; i < length; i++)
	{
		if (bytes[i] <= ' ' || bytes[i] > '~')
			rdapi_error_set(error, RDAPI_ERR_SECRET,
							"holds something else than printable ASCII without blanks");
	}
	return error->kind == RDAPI_ERR_NONE ? (ssize_t) length : -1;
}

static void
wipe_bytes(char *bytes, size_t size)
{
	volatile char *byte = bytes;

	while (size-- > 0)
		*byte++ = '\0';
}

/* The secret that the file holds, NEW; NULL: the error is set. */
static char *
read_file(const char *path, RdapiError *error)
{
	char		bytes[READ_BYTES];
	char	   *secret = NULL;
	int			descriptor = open_file(path, error);
	ssize_t		length;

	if (descriptor < 0)
		return NULL;
	length = read_bytes(descriptor, bytes, sizeof(bytes), error);
	close(descriptor);
	if (length >= 0)
		length = secret_length(bytes, (size_t) length, error);
	if (length >= 0)
	{
		secret = strndup(bytes, (size_t) length);
		if (secret == NULL)
			rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
	}
	wipe_bytes(bytes, sizeof(bytes));
	return secret;
}

bool
rdapi_credential_init(RdapiCredential *credential, const char *username,
					  const char *password, const char *file,
					  RdapiError *error)
{
	char	   *secret;
	bool		made;

	memset(credential, 0, sizeof(*credential));
	credential->username = strdup(username);
	if (password == NULL)
		credential->file = strdup(file);
	if (credential->username == NULL ||
		(password == NULL && credential->file == NULL))
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return false;
	}
	secret = password != NULL ? strdup(password) : read_file(file, error);
	made = secret != NULL &&
		rdapi_secrets_init(&credential->secrets, username, secret);
	rdapi_secret_wipe(secret);
	if (!made)
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
	return made;
}

bool
rdapi_credential_renew(RdapiCredential *credential, unsigned generation,
					   RdapiError *error)
{
	RdapiError	failure;
	char	   *secret;

	/* Somebody else whom the server refused has read it already. */
	if (generation != credential->generation)
		return true;
	if (credential->file == NULL)
		return false;

	rdapi_error_clear(&failure);
	secret = read_file(credential->file, &failure);
	if (secret != NULL && strcmp(secret, credential->secrets.password) == 0)
		rdapi_error_set(&failure, RDAPI_ERR_SECRET, "holds the same as before");
	else if (secret != NULL &&
			 !rdapi_secrets_renew(&credential->secrets, credential->username,
								  secret))
		rdapi_error_set(&failure, RDAPI_ERR_MEMORY, "out of memory");
	rdapi_secret_wipe(secret);
	if (failure.kind == RDAPI_ERR_NONE)
	{
		credential->generation++;
		return true;
	}
	snprintf(error->renewal, sizeof(error->renewal), "%s", failure.message);
	return false;
}

void
rdapi_credential_wipe(RdapiCredential *credential)
{
	rdapi_secret_wipe(credential->username);
	rdapi_secrets_wipe(&credential->secrets);
	free(credential->file);
	memset(credential, 0, sizeof(*credential));
}
