/*-------------------------------------------------------------------------
 *
 * harness.h
 *	  What the tests of the client have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/api/client.h"
#include "server.h"

#define SID			"RD0123456789abcdef0123456789ABCDEF"
#define PASSWORD	"open-sesame"

/* Settings for tests, which each test changes as it needs. */
extern RdapiClientConfig harness_config(const char *url);

/* Ends the test program where there is none. */
extern RdapiClient *harness_client(const RdapiClientConfig *config);

/* Monotonic, in milliseconds. */
extern int64_t harness_now_ms(void);

/* A server and a client of it. */
typedef struct Fixture
{
	Server	   *server;
	RdapiClientConfig config;
	RdapiClient *client;
} Fixture;

extern void harness_set_up(Fixture *fixture, ServerHandler handler, void *arg);

/* A new client, after the settings were changed. */
extern void harness_set_up_client(Fixture *fixture);

extern void harness_tear_down(Fixture *fixture);

/* Requests; "name" goes into the form. */
extern RdapiRequest *harness_list(void);
extern RdapiRequest *harness_fetch(void);
extern RdapiRequest *harness_create(const char *name);
extern RdapiRequest *harness_update(const char *name);
extern RdapiRequest *harness_delete(void);

extern RdapiCall *harness_submit(RdapiClient *client, RdapiRequest *request);

/*
 * Drive the client, whenever its descriptor is readable, until the call is
 * done or that time has passed.  Returns whether it is done.
 */
extern bool harness_wait(RdapiClient *client, const RdapiCall *call, int ms);

/* The same until no call is pending. */
extern bool harness_wait_all(RdapiClient *client, int ms);

/* Submit and wait. */
extern RdapiCall *harness_run(RdapiClient *client, RdapiRequest *request);

/* How often the waiting functions were woken, so far. */
extern int	harness_wakeups(void);

/* The kind of the call's error, RDAPI_ERR_NONE without one. */
extern RdapiErrorKind harness_kind(const RdapiCall *call);
extern RdapiErrorKind harness_cause(const RdapiCall *call);
extern const char *harness_message(const RdapiCall *call);

/* The supporting documents. */
extern const RdapiTarget *harness_target(void);

/* Open descriptors of the process. */
extern int	harness_descriptors(void);

#endif							/* HARNESS_H */
