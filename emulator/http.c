/*
 * http.c
 *		Through which steps does a request go?
 *
 * Headers, body, journal, fault, limit, latency, then the API's answer.
 */
#include "http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "api.h"
#include "auth.h"
#include "control.h"
#include "failure.h"
#include "form.h"
#include "mischief.h"
#include "record.h"
#include "reply.h"
#include "wait.h"

/* Room for headers, and for pieces of an upload. */
#define EMU_CONNECTION_BYTES (128 * 1024)

#define EMU_DAEMON_FLAGS \
	(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | \
	 MHD_USE_POLL | MHD_USE_ITC)

/* A connection counts once the API was asked over it. */
typedef struct EmuConnection
{
	bool		counted;
	struct timespec answered;	/* the end of its last answer */
} EmuConnection;

static EmuConnection *
emu_http_state(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection,
								   MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

/* The first that is known of a request: becomes *request_cls below. */
static void *
emu_http_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
	EmuRequest *request = emu_alloc(sizeof(*request));

	(void) cls;
	request->connection = connection;
	request->uri = emu_copy(uri, strlen(uri));
	clock_gettime(CLOCK_MONOTONIC, &request->begun);
	return request;
}

static void
emu_http_connection(void *cls, struct MHD_Connection *connection,
					void **socket_cls,
					enum MHD_ConnectionNotificationCode code)
{
	Emu		   *emu = cls;
	EmuConnection *state = *socket_cls;

	(void) connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
	{
		*socket_cls = emu_alloc(sizeof(EmuConnection));
		return;
	}
	if (state->counted)
		emu_count_down(emu->counters, EMU_COUNT_CONNECTIONS_OPEN);
	free(state);
	*socket_cls = NULL;
}

static void
emu_http_completed(void *cls, struct MHD_Connection *connection,
				   void **request_cls, enum MHD_RequestTerminationCode code)
{
	EmuRequest *request = *request_cls;

	(void) code;
	if (request == NULL)
		return;
	clock_gettime(CLOCK_MONOTONIC, &emu_http_state(connection)->answered);
	emu_request_leave(cls, request);
	emu_form_end(request);
	emu_params_free(&request->query);
	emu_params_free(&request->form);
	emu_fault_release(&request->fault);
	free(request->file.name);
	free(request->file.content_type);
	free(request->uri);
	free(request->path);
	free(request);
	*request_cls = NULL;
}

static uint64_t
emu_http_us(const struct timespec *from, const struct timespec *to)
{
	return (uint64_t) ((to->tv_sec - from->tv_sec) * 1000000 +
					   (to->tv_nsec - from->tv_nsec) / 1000);
}

static enum MHD_Result
emu_http_query(void *cls, enum MHD_ValueKind kind, const char *name,
			   const char *value)
{
	EmuParam   *param = emu_params_add(cls, name);

	(void) kind;
	if (value != NULL)
		emu_buf_put(&param->value, value);
	return MHD_YES;
}

static void
emu_http_count(Emu *emu, EmuRequest *request)
{
	EmuConnection *state = emu_http_state(request->connection);

	if (!state->counted)
	{
		state->counted = true;
		emu_count(emu->counters, EMU_COUNT_CONNECTIONS, 1);
		emu_count(emu->counters, EMU_COUNT_CONNECTIONS_OPEN, 1);
	}
	else
		emu_count(emu->counters, EMU_COUNT_IDLE_US,
				  emu_http_us(&state->answered, &request->begun));
	emu_count_of(emu->counters, emu_resource_number(request->resource),
				 (EmuCounter) request->kind);
	request->in_flight = emu_count_begin(emu->counters);
	request->counted = true;
}

/* The headers are there. */
static void
emu_http_begin(Emu *emu, EmuRequest *request, const char *path,
			   const char *method)
{
	uint64_t	number = __atomic_add_fetch(&emu->requests, 1,
											__ATOMIC_RELAXED);

	request->routed = true;
	request->method = method;
	request->path = emu_copy(path, strlen(path));
	MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND,
							  emu_http_query, &request->query);
	snprintf(request->id, sizeof(request->id), "RQ%016llx%016llx",
			 (unsigned long long) emu_mix(emu->ids_key + number),
			 (unsigned long long) emu_mix(~(emu->ids_key + number)));
	emu_api_route(emu, request);
	if (request->kind != EMU_CONTROL)
		emu_http_count(emu, request);
	if (strcmp(method, "POST") == 0)
		emu_form_begin(request);
}

static void
emu_http_throttle(Emu *emu, EmuReply *reply)
{
	emu_count(emu->counters, EMU_COUNT_THROTTLED, 1);
	emu_fail(emu, reply, MHD_HTTP_TOO_MANY_REQUESTS, 20429,
			 "Too many concurrent requests");
	reply->retry_after = emu->options.retry_after;
}

/* Someone else removes a row just before the request is carried out. */
static void
emu_http_vanish(Emu *emu, const char *sid)
{
	const EmuStore *rows;
	uint32_t	index;

	emu_lock(emu->world);
	rows = sid ? emu_rows_of_sid(emu->world, sid, &index) : NULL;
	if (rows != NULL && emu_store_is_live(rows, index))
		emu_remove(emu->world, emu_store_resource(rows), index);
	emu_unlock(emu->world);
}

/* Makes the reply; false: the connection ends without one. */
static bool
emu_http_carry_out(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuFault *fault = &request->fault;
	Emu		   *account = request->authorized ?
	emu_account(emu, request->account) : emu;
	bool		replaced = emu_mischief_replaces(fault);
	bool		silent = emu_mischief_is_silent(fault);

	if (fault->action == EMU_FAULT_VANISH)
		emu_http_vanish(account, fault->sid);
	if ((!replaced && !silent) || fault->carry_out)
		emu_api_answer(account, request, reply);
	if (replaced)
		emu_mischief_replace(fault, reply);
	if (fault->action == EMU_FAULT_RESET_BEFORE ||
		fault->action == EMU_FAULT_RESET_AFTER)
		emu_mischief_reset(request->connection);
	else if (fault->action == EMU_FAULT_STALL)
		emu_wait_peer(emu, emu_connection_fd(request->connection), -1);
	else
		return true;
	return false;
}

static enum MHD_Result
emu_http_finish(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	emu_journal_answer(emu->journal, request->journal, reply->status, NULL);
	return emu_reply_send(emu, request, reply);
}

/* The body is there, too: the API's answer, in time. */
static enum MHD_Result
emu_http_answer(Emu *emu, EmuRequest *request)
{
	EmuFault   *fault = &request->fault;
	int64_t		delay_ms = emu->options.latency_ms;
	EmuReply	reply = {0};

	emu_auth_check(emu, request);
	emu_record(emu, request);
	if (emu->options.max_concurrent > 0 &&
		request->in_flight > emu->options.max_concurrent)
	{
		emu_http_throttle(emu, &reply);
		return emu_http_finish(emu, request, &reply);
	}
	emu_faults_match(emu->faults, request->method,
					 request->resource ? request->resource->name : "",
					 emu_kind_names[request->kind], request->uri, fault);
	if (fault->action != EMU_NO_FAULT)
		emu_count(emu->counters, EMU_COUNT_FAULTS, 1);
	if (fault->action != EMU_FAULT_DRIBBLE)
		delay_ms += fault->delay_ms;
	if (!emu_wait_until(emu, &request->begun, delay_ms) ||
		!emu_http_carry_out(emu, request, &reply))
	{
		emu_buf_free(&reply.body);
		emu_request_leave(emu, request);
		return MHD_NO;
	}
	reply.close = fault->action == EMU_FAULT_CLOSE;
	return emu_http_finish(emu, request, &reply);
}

static enum MHD_Result
emu_http_request(void *cls, struct MHD_Connection *connection,
				 const char *path, const char *method, const char *version,
				 const char *data, size_t *size, void **request_cls)
{
	Emu		   *emu = cls;
	EmuRequest *request = *request_cls;
	EmuReply	reply = {0};

	(void) connection;
	(void) version;
	if (!request->routed)
	{
		emu_http_begin(emu, request, path, method);
		return MHD_YES;
	}
	if (*size > 0)
	{
		if (request->kind != EMU_CONTROL)
			emu_count(emu->counters, EMU_COUNT_BYTES_RECEIVED, *size);
		emu_form_feed(request, data, *size);
		*size = 0;
		return MHD_YES;
	}
	emu_form_end(request);
	if (request->kind != EMU_CONTROL)
		return emu_http_answer(emu, request);
	emu_control_answer(emu, request, &reply);
	return emu_reply_send(emu, request, &reply);
}

/* NULL: the port is taken, or the certificate is no good. */
struct MHD_Daemon *
emu_http_start(Emu *emu, const char *certificate, const char *key)
{
	const EmuOptions *options = &emu->options;
	unsigned	flags = EMU_DAEMON_FLAGS;
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t) options->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *) certificate},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *) key},
		{MHD_OPTION_END, 0, NULL}
	};

	if (certificate == NULL)
		tls[0].option = MHD_OPTION_END;
	else
		flags |= MHD_USE_TLS;
	return MHD_start_daemon(flags, 0, NULL, NULL, emu_http_request, emu,
							MHD_OPTION_SOCK_ADDR, &address,
							MHD_OPTION_URI_LOG_CALLBACK, emu_http_uri, NULL,
							MHD_OPTION_NOTIFY_CONNECTION, emu_http_connection,
							emu,
							MHD_OPTION_NOTIFY_COMPLETED, emu_http_completed,
							emu,
							MHD_OPTION_CONNECTION_LIMIT,
							(unsigned) options->threads,
							MHD_OPTION_CONNECTION_TIMEOUT,
							(unsigned) options->idle_timeout_s,
							MHD_OPTION_CONNECTION_MEMORY_LIMIT,
							(size_t) EMU_CONNECTION_BYTES,
							MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}
