/*-------------------------------------------------------------------------
 *
 * transfer.c
 *	  One HTTP request, sent at most once, and its answer.
 *
 * Callbacks run inside libcurl: they record and return.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "failure.h"
#include "transfer.h"

#define LENGTH_OF(array)	(sizeof(array) / sizeof((array)[0]))

/* What libcurl reads at once, in bytes: a page comes in a few pieces. */
#define RECEIVE_BYTES		131072L

#define MSEC_PER_SEC		1000

/*
 * Before that version, libcurl counts a body as part of the request only
 * where it goes out with the headers: forms of less than that many bytes.
 */
#define WHOLE_REQUEST_VERSION	0x080700
#define APART_BODY_BYTES		65536

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	RdapiTransfer *transfer = arg;

	(void) purpose;
	transfer->opens_sockets = true;
	return rdapi_sockets_open(transfer->sockets, transfer->pool, address,
							  &transfer->lacks_socket);
}

/*
 * A connection that the server has closed meanwhile is not used: the transport
 * begins again, once, with a new one.
 *
 * libcurl sends a request again by itself, POST too, when a connection that
 * it reused dies before the first byte of the answer, although the server may
 * have carried it out; see set_up for how it is talked out of that.  And it
 * does so when a server that speaks HTTP/2 has refused the stream.  Retries
 * are for the client to decide and to count, so a second sending within one
 * transfer is refused.
 */
static int
before_sending(void *arg, char *server_ip, char *own_ip, int server_port,
			   int own_port)
{
	RdapiTransfer *transfer = arg;

	(void) server_ip;
	(void) own_ip;
	(void) server_port;
	if (!transfer->fresh && transfer->sendings == 0 &&
		rdapi_sockets_is_dead(transfer->sockets, own_port))
	{
		transfer->again = true;
		return CURL_PREREQFUNC_ABORT;
	}
	transfer->sendings++;
	return transfer->sendings == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/*
 * What libcurl says while it is at it, of which one thing cannot be learned
 * otherwise: that the server has not looked at the request, and never will.
 * In HTTP/2 (RFC 9113, 6.8 and 8.7) it refuses the stream, or announces the
 * end of the connection with the last stream that it has taken in.  Where
 * another release says it in other words, it just stays unknown.
 */
static int
hear_words(CURL *easy, curl_infotype type, char *text, size_t length,
		   void *arg)
{
	RdapiTransfer *transfer = arg;
	char		line[CURL_ERROR_SIZE];
	const char *last;
	unsigned	stream;

	(void) easy;
	if (type != CURLINFO_TEXT)
		return 0;
	if (length >= sizeof(line))
		length = sizeof(line) - 1;
	memcpy(line, text, length);
	line[length] = '\0';

	if (sscanf(line, "Using Stream ID: %u", &stream) == 1 ||
		sscanf(line, "[HTTP/2] [%u] OPENED stream", &stream) == 1)
		transfer->stream = stream;
	else if (strncmp(line, "REFUSED_STREAM", 14) == 0)
		transfer->refused = true;
	else if (strstr(line, "GOAWAY, error=") != NULL &&
			 (last = strstr(line, "last_stream=")) != NULL &&
			 sscanf(last, "last_stream=%u", &stream) == 1 &&
			 stream < transfer->stream)
		transfer->refused = true;
	return 0;
}

static int
http_status(const RdapiTransfer *transfer)
{
	long		status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	/* 1xx only announces an answer. */
	return status >= 200 ? (int) status : 0;
}

static size_t
receive_header(char *line, size_t size, size_t count, void *arg)
{
	RdapiTransfer *transfer = arg;
	size_t		length = size * count;

	return rdapi_answer_add_header(&transfer->answer, line, length) ?
		length : 0;
}

/* With the first piece of the body its limit is known, and perhaps its size. */
static void
begin_body(RdapiTransfer *transfer)
{
	const RdapiTransferConfig *config = transfer->config;
	curl_off_t	announced = -1;

	curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
					  &announced);
	rdapi_answer_begin_body(&transfer->answer,
							http_status(transfer) < 300 ?
							config->max_response_bytes :
							config->max_error_bytes, announced);
}

static size_t
receive_body(char *data, size_t size, size_t count, void *arg)
{
	RdapiTransfer *transfer = arg;
	size_t		length = size * count;

	if (!transfer->answer.body_begun)
		begin_body(transfer);
	return rdapi_answer_add_body(&transfer->answer, data, length) ? length : 0;
}

static size_t
read_file(char *buffer, size_t size, size_t count, void *arg)
{
	RdapiTransfer *transfer = arg;
	size_t		length = transfer->file->length - transfer->file_position;

	if (length > size * count)
		length = size * count;
	memcpy(buffer, transfer->file->data + transfer->file_position, length);
	transfer->file_position += length;
	return length;
}

static int
seek_file(void *arg, curl_off_t offset, int origin)
{
	RdapiTransfer *transfer = arg;

	if (origin != SEEK_SET || offset < 0 ||
		(uint64_t) offset > transfer->file->length)
		return CURL_SEEKFUNC_CANTSEEK;
	transfer->file_position = (size_t) offset;
	return CURL_SEEKFUNC_OK;
}

static bool
set_number(CURL *easy, CURLoption option, long value)
{
	return curl_easy_setopt(easy, option, value) == CURLE_OK;
}

static bool
set_pointer(CURL *easy, CURLoption option, const void *value)
{
	return curl_easy_setopt(easy, option, value) == CURLE_OK;
}

/*
 * Without Expect, a large body is sent at once, rather than after a second of
 * waiting for a server that does not know of it.  Accept-Encoding is not left
 * to libcurl, since what comes is not unpacked by it.
 */
static bool
set_headers(RdapiTransfer *transfer)
{
	static const char *const headers[] = {"Expect:", "Accept-Encoding: gzip"};
	size_t		i;

	for (i = 0; i < LENGTH_OF(headers); i++)
	{
		struct curl_slist *longer = curl_slist_append(transfer->headers,
													  headers[i]);

		if (longer == NULL)
			return false;
		transfer->headers = longer;
	}
	return set_pointer(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

/* What never changes during the life of the handle. */
static bool
set_up(RdapiTransfer *transfer)
{
	static const struct
	{
		CURLoption	option;
		long		value;
	}			numbers[] =
	{
		{CURLOPT_NOSIGNAL, 1},
		{CURLOPT_FOLLOWLOCATION, 0},
		{CURLOPT_NETRC, CURL_NETRC_IGNORED},
		{CURLOPT_SSL_VERIFYPEER, 1},
		{CURLOPT_SSL_VERIFYHOST, 2},
		{CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
		{CURLOPT_HTTPAUTH, CURLAUTH_BASIC},
		{CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
		{CURLOPT_TCP_KEEPALIVE, 1},
		{CURLOPT_TCP_NODELAY, 1},
		{CURLOPT_BUFFERSIZE, RECEIVE_BYTES},
		/* Do not wait for the resolver's thread when a transfer is aborted. */
		{CURLOPT_QUICK_EXIT, 1}
	};
	CURL	   *easy = transfer->easy;
	size_t		i;

	for (i = 0; i < LENGTH_OF(numbers); i++)
	{
		if (!set_number(easy, numbers[i].option, numbers[i].value))
			return false;
	}

	/* A libcurl that does not know HTTP/2 refuses to be asked for it. */
	set_number(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);

	/*
	 * What has nothing to do with HTTP makes libcurl leave it alone to send a
	 * request again when a kept connection dies: with this, it only receives.
	 * Where it knows no RTSP, before_sending sees to it.
	 */
	set_number(easy, CURLOPT_RTSP_REQUEST, CURL_RTSPREQ_RECEIVE);

	return set_headers(transfer) &&
		set_pointer(easy, CURLOPT_PRIVATE, transfer) &&
		set_pointer(easy, CURLOPT_ERRORBUFFER, transfer->words) &&
		set_pointer(easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
		curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION,
						 before_sending) == CURLE_OK &&
		set_pointer(easy, CURLOPT_PREREQDATA, transfer) &&
		curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION,
						 open_socket) == CURLE_OK &&
		set_pointer(easy, CURLOPT_OPENSOCKETDATA, transfer) &&
		curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION,
						 rdapi_sockets_close) == CURLE_OK &&
		set_pointer(easy, CURLOPT_CLOSESOCKETDATA, transfer->sockets) &&
		curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, hear_words) == CURLE_OK &&
		set_pointer(easy, CURLOPT_DEBUGDATA, transfer) &&
		curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION,
						 receive_header) == CURLE_OK &&
		set_pointer(easy, CURLOPT_HEADERDATA, transfer) &&
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION,
						 receive_body) == CURLE_OK &&
		set_pointer(easy, CURLOPT_WRITEDATA, transfer);
}

RdapiTransfer *
rdapi_transfer_new(RdapiSockets *sockets)
{
	RdapiTransfer *transfer = calloc(1, sizeof(*transfer));

	if (transfer == NULL)
		return NULL;
	transfer->sockets = sockets;
	rdapi_answer_init(&transfer->answer, NULL);
	transfer->easy = curl_easy_init();
	if (transfer->easy == NULL || !set_up(transfer))
	{
		rdapi_transfer_free(transfer);
		return NULL;
	}
	return transfer;
}

static bool
add_part(RdapiTransfer *transfer, const RdapiPart *part)
{
	curl_mimepart *mimepart = curl_mime_addpart(transfer->mime);

	if (mimepart == NULL ||
		curl_mime_name(mimepart, part->name) != CURLE_OK)
		return false;
	if (part->file_name == NULL)
		return curl_mime_data(mimepart, part->data, part->length) == CURLE_OK;

	/* Read from where it is: it may have megabytes. */
	transfer->file = part;
	transfer->file_position = 0;
	return curl_mime_filename(mimepart, part->file_name) == CURLE_OK &&
		curl_mime_type(mimepart, part->content_type) == CURLE_OK &&
		curl_mime_data_cb(mimepart, (curl_off_t) part->length, read_file,
						  seek_file, NULL, transfer) == CURLE_OK;
}

static bool
set_multipart(RdapiTransfer *transfer, const RdapiTransferSpec *spec)
{
	int			i;

	transfer->mime = curl_mime_init(transfer->easy);
	if (transfer->mime == NULL)
		return false;
	for (i = 0; i < spec->nparts; i++)
	{
		if (!add_part(transfer, &spec->parts[i]))
			return false;
	}
	return set_pointer(transfer->easy, CURLOPT_MIMEPOST, transfer->mime);
}

static bool
set_form(RdapiTransfer *transfer, const RdapiTransferSpec *spec)
{
	return set_number(transfer->easy, CURLOPT_POST, 1) &&
		curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE,
						 (curl_off_t) spec->form_length) == CURLE_OK &&
		set_pointer(transfer->easy, CURLOPT_POSTFIELDS, spec->form);
}

/*
 * What goes by whose transfer it is.  All of it is set each time, as the
 * handle may have been another client's before.
 */
static bool
set_client(RdapiTransfer *transfer, RdapiTransferConfig *config)
{
	const RdapiCredential *credential = config->credential;
	CURL	   *easy = transfer->easy;
	char	   *system_ca = NULL;

	transfer->config = config;
	transfer->answer.secrets = &credential->secrets;
	curl_easy_getinfo(easy, CURLINFO_CAINFO, &system_ca);
	return set_pointer(easy, CURLOPT_USERNAME, credential->username) &&
		set_pointer(easy, CURLOPT_PASSWORD, credential->secrets.password) &&
		set_pointer(easy, CURLOPT_USERAGENT, config->user_agent) &&
		set_pointer(easy, CURLOPT_CAINFO,
					config->ca_file != NULL ? config->ca_file : system_ca) &&
		set_number(easy, CURLOPT_FORBID_REUSE, !config->keep_connections) &&
		set_number(easy, CURLOPT_FRESH_CONNECT, !config->keep_connections) &&
		curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
						 (curl_off_t) config->max_response_bytes) == CURLE_OK;
}

bool
rdapi_transfer_prepare(RdapiTransfer *transfer, const RdapiTransferSpec *spec)
{
	CURL	   *easy = transfer->easy;
	bool		secure = strncasecmp(spec->url, "https:", 6) == 0;

	transfer->owner = spec->owner;
	transfer->url = spec->url;
	transfer->timeout_ms = spec->timeout_ms;
	transfer->connect_timeout_ms = spec->connect_timeout_ms;

	/*
	 * Without TLS only this machine is talked to, so never through a proxy;
	 * with it, as the environment says.  PIPEWAIT lets requests wait for a
	 * connection that HTTP/2 may share.  What libcurl has to say is of use
	 * where there may be doubt whether a request was carried out.
	 */
	if (!set_client(transfer, spec->config) ||
		!set_pointer(easy, CURLOPT_URL, spec->url) ||
		!set_pointer(easy, CURLOPT_PROXY, secure ? NULL : "") ||
		!set_number(easy, CURLOPT_PIPEWAIT, secure) ||
		!set_number(easy, CURLOPT_CONNECTTIMEOUT_MS,
					spec->connect_timeout_ms) ||
		!set_number(easy, CURLOPT_VERBOSE, strcmp(spec->method, "GET") != 0) ||
		!set_number(easy, CURLOPT_HTTPGET, 1) ||
		!set_pointer(easy, CURLOPT_CUSTOMREQUEST,
					 strcmp(spec->method, "DELETE") == 0 ? "DELETE" : NULL))
		return false;
	if (spec->parts != NULL)
		return set_multipart(transfer, spec);
	if (spec->form != NULL)
		return set_form(transfer, spec);
	return true;
}

/*
 * Nothing of an answer came over a connection that was kept from before: the
 * server had given it up, which says nothing about the server.
 */
static bool
is_stale(const RdapiTransfer *transfer, RdapiErrorKind kind)
{
	return transfer->sendings > 1 ||
		(kind == RDAPI_ERR_BROKEN && transfer->outcome.connections == 0 &&
		 transfer->answer.header_bytes == 0);
}

static void
classify_failure(RdapiTransfer *transfer, CURLcode result)
{
	RdapiOutcome *outcome = &transfer->outcome;
	const RdapiAnswer *answer = &transfer->answer;
	const char *words = NULL;
	char		shown[CURL_ERROR_SIZE];
	RdapiErrorKind kind;

	kind = rdapi_failure_kind(result, outcome->sent, &outcome->permanent);

	/* What the callbacks know better. */
	if (answer->verdict != RDAPI_ERR_NONE)
		kind = answer->verdict;
	else if (transfer->lacks_socket && !outcome->sent)
		kind = RDAPI_ERR_DESCRIPTORS;
	else if (result == CURLE_OPERATION_TIMEDOUT && !outcome->sent)
	{
		snprintf(shown, sizeof(shown), "no connection within %d ms",
				 transfer->connect_timeout_ms);
		words = shown;
	}
	else if (transfer->refused && answer->header_bytes == 0)
	{
		words = "the server takes no more requests on it";
		outcome->sent = false;
		outcome->permanent = false;
		kind = RDAPI_ERR_BROKEN;
	}
	else if (outcome->sent && is_stale(transfer, kind))
	{
		words = "the server had closed it";
		outcome->stale = true;
		outcome->permanent = false;
		kind = RDAPI_ERR_BROKEN;
	}
	if (answer->verdict_words != NULL)
		words = answer->verdict_words;
	if (words == NULL)
	{
		rdapi_failure_words(shown, sizeof(shown), result, transfer->words,
							&transfer->config->credential->secrets);
		words = shown;
	}
	rdapi_failure_describe(&outcome->error, kind, transfer->url, words,
						   transfer->timeout_ms);
}

bool
rdapi_transfer_is_begun(const RdapiTransfer *transfer)
{
	return transfer->sendings > 0;
}

bool
rdapi_transfer_is_sent(const RdapiTransfer *transfer)
{
	curl_off_t	length = 0;
	curl_off_t	sent = 0;

	if (transfer->sendings == 0)
		return false;
	curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_UPLOAD_T,
					  &length);
	curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	return sent >= length;
}

void
rdapi_transfer_count(RdapiTransfer *transfer)
{
	RdapiOutcome *outcome = &transfer->outcome;
	long		request = 0;
	long		headers = 0;
	long		connections = 0;
	curl_off_t	uploaded = 0;
	curl_off_t	downloaded = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &request);
	curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
	curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &headers);
	curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &downloaded);
	curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connections);
	outcome->bytes_sent = (uint64_t) request;
	if ((transfer->mime != NULL || uploaded >= APART_BODY_BYTES) &&
		curl_version_info(CURLVERSION_NOW)->version_num < WHOLE_REQUEST_VERSION)
		outcome->bytes_sent += (uint64_t) uploaded;
	outcome->bytes_received = (uint64_t) headers + (uint64_t) downloaded;
	outcome->connections = (int) connections;
}

void
rdapi_transfer_finish(RdapiTransfer *transfer, CURLcode result)
{
	RdapiOutcome *outcome = &transfer->outcome;
	curl_off_t	retry_after = 0;

	rdapi_transfer_count(transfer);
	outcome->sent = transfer->sendings > 0;
	outcome->http_status = http_status(transfer);
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after);
	outcome->retry_after_ms = -1;
	if (retry_after > 0 && retry_after < INT64_MAX / MSEC_PER_SEC)
		outcome->retry_after_ms = retry_after * MSEC_PER_SEC;

	/* libcurl is content with headers, and with gzip data, that break off. */
	if (result == CURLE_OK && !transfer->answer.header_ended)
		result = CURLE_GOT_NOTHING;
	else if (result == CURLE_OK && !rdapi_answer_is_whole(&transfer->answer))
		result = CURLE_PARTIAL_FILE;
	if (result == CURLE_OK)
		return;
	rdapi_buffer_free(&transfer->answer.body);

	/*
	 * A refusal stands as soon as its status is there, whatever follows; but
	 * of a 404, the body has to say whose it is.
	 */
	if (outcome->http_status < 300 ||
		(outcome->http_status == 404 &&
		 transfer->answer.verdict != RDAPI_ERR_TOO_LARGE))
		classify_failure(transfer, result);
}

bool
rdapi_transfer_renew(RdapiTransfer *transfer)
{
	transfer->again = false;
	transfer->fresh = true;
	transfer->words[0] = '\0';
	return set_number(transfer->easy, CURLOPT_FRESH_CONNECT, 1);
}

void
rdapi_transfer_reset(RdapiTransfer *transfer)
{
	CURL	   *easy = transfer->easy;

	memset(&transfer->outcome, 0, sizeof(transfer->outcome));
	set_pointer(easy, CURLOPT_POSTFIELDS, NULL);
	set_pointer(easy, CURLOPT_MIMEPOST, NULL);
	set_pointer(easy, CURLOPT_USERNAME, NULL);
	set_pointer(easy, CURLOPT_PASSWORD, NULL);
	curl_mime_free(transfer->mime);
	transfer->mime = NULL;
	transfer->file = NULL;
	transfer->url = NULL;
	transfer->owner = NULL;
	transfer->words[0] = '\0';
	transfer->again = false;
	transfer->fresh = false;
	transfer->sendings = 0;
	transfer->stream = 0;
	transfer->refused = false;
	transfer->opens_sockets = false;
	transfer->lacks_socket = false;
	rdapi_answer_reset(&transfer->answer);
	transfer->answer.secrets = NULL;
	transfer->config = NULL;
}

void
rdapi_transfer_free(RdapiTransfer *transfer)
{
	if (transfer == NULL)
		return;
	rdapi_answer_free(&transfer->answer);
	curl_easy_cleanup(transfer->easy);
	curl_mime_free(transfer->mime);
	curl_slist_free_all(transfer->headers);
	free(transfer);
}
