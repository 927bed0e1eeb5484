/*-------------------------------------------------------------------------
 *
 * test_retry.c
 *	  Whether a try is made again, and when.
 *
 *-------------------------------------------------------------------------
 */
#include "src/api/retry.h"
#include "tap.h"

#define READ	RDAPI_RETRY_READ
#define UPDATE	RDAPI_RETRY_UPDATE
#define CREATE	RDAPI_RETRY_CREATE

typedef enum Expected
{
	AGAIN,						/* it is tried again */
	STOP,						/* it has failed */
	UNKNOWN						/* nobody knows */
} Expected;

/* A failure of the first try, and what is expected for each class. */
typedef struct RetryCase
{
	const char *name;
	RdapiErrorKind kind;
	int			http_status;
	bool		permanent;
	bool		sent;
	Expected	expected[3];	/* to read, to update or delete, to create */
} RetryCase;

static const RetryCase retry_cases[] =
{
	{"cannot connect", RDAPI_ERR_CONNECT, 0, false, false,
	{AGAIN, AGAIN, AGAIN}},
	{"wrong certificate", RDAPI_ERR_CONNECT, 0, true, false,
	{STOP, STOP, STOP}},
	{"broken", RDAPI_ERR_BROKEN, 0, false, true, {AGAIN, AGAIN, UNKNOWN}},
	{"cut", RDAPI_ERR_BROKEN, 200, false, true, {AGAIN, AGAIN, UNKNOWN}},
	{"timeout", RDAPI_ERR_TIMEOUT, 0, false, true, {AGAIN, AGAIN, UNKNOWN}},
	{"429", RDAPI_ERR_THROTTLED, 429, false, true, {AGAIN, AGAIN, AGAIN}},
	{"500", RDAPI_ERR_SERVER, 500, false, true, {AGAIN, AGAIN, UNKNOWN}},
	{"501", RDAPI_ERR_SERVER, 501, false, true, {STOP, UNKNOWN, UNKNOWN}},
	{"502", RDAPI_ERR_SERVER, 502, false, true, {AGAIN, AGAIN, UNKNOWN}},
	{"503", RDAPI_ERR_SERVER, 503, false, true, {AGAIN, AGAIN, UNKNOWN}},
	{"504", RDAPI_ERR_SERVER, 504, false, true, {AGAIN, AGAIN, UNKNOWN}},
	{"400", RDAPI_ERR_REFUSED, 400, false, true, {STOP, STOP, STOP}},
	{"401", RDAPI_ERR_AUTH, 401, false, true, {STOP, STOP, STOP}},
	{"404", RDAPI_ERR_NOT_FOUND, 404, false, true, {STOP, STOP, STOP}},
	{"404 of a proxy", RDAPI_ERR_PROTOCOL, 404, false, true,
	{STOP, STOP, STOP}},
	{"409", RDAPI_ERR_STATE, 409, false, true, {STOP, STOP, STOP}},
	{"redirect", RDAPI_ERR_PROTOCOL, 302, false, true, {STOP, STOP, STOP}},
	{"404 of a proxy", RDAPI_ERR_PROTOCOL, 404, false, true,
	{STOP, STOP, STOP}},
	{"empty answer", RDAPI_ERR_PROTOCOL, 200, false, true,
	{STOP, UNKNOWN, UNKNOWN}},
	{"no HTTP", RDAPI_ERR_PROTOCOL, 0, true, true, {STOP, UNKNOWN, UNKNOWN}},
	{"too large", RDAPI_ERR_TOO_LARGE, 200, true, true,
	{STOP, UNKNOWN, UNKNOWN}},
	{"no memory before", RDAPI_ERR_MEMORY, 0, true, false, {STOP, STOP, STOP}},
	{"no memory after", RDAPI_ERR_MEMORY, 200, true, true,
	{STOP, UNKNOWN, UNKNOWN}},
	{"libcurl failed", RDAPI_ERR_INTERNAL, 0, true, false, {STOP, STOP, STOP}}
};

/* A first try that broke, with room for more. */
static RdapiRetryInput
broken_try(RdapiRetryClass repeat)
{
	RdapiRetryInput input = {0};

	input.repeat = repeat;
	input.kind = RDAPI_ERR_BROKEN;
	input.sent = true;
	input.retry_after_ms = -1;
	input.tries = 1;
	input.max_retries = 5;
	input.budget_ms = 120000;
	return input;
}

static Expected
verdict(const RdapiRetryInput *input)
{
	RdapiRetryDecision decision = rdapi_retry_decide(input);

	if (decision.again)
		return AGAIN;
	return decision.unknown ? UNKNOWN : STOP;
}

static void
test_cases(void)
{
	static const char *const classes[] = {"read", "update", "delete", "create"};
	static const int columns[] = {0, 1, 1, 2};
	size_t		i;
	int			repeat;

	for (i = 0; i < sizeof(retry_cases) / sizeof(retry_cases[0]); i++)
	{
		for (repeat = READ; repeat <= CREATE; repeat++)
		{
			RdapiRetryInput input = broken_try((RdapiRetryClass) repeat);

			input.kind = retry_cases[i].kind;
			input.http_status = retry_cases[i].http_status;
			input.permanent = retry_cases[i].permanent;
			input.sent = retry_cases[i].sent;
			tap_number(verdict(&input),
					   retry_cases[i].expected[columns[repeat]],
					   "%s: %s", classes[repeat], retry_cases[i].name);
		}
	}
}

static void
test_ends(void)
{
	RdapiRetryInput input = broken_try(READ);

	input.tries = 5;
	tap_number(verdict(&input), AGAIN, "after five of six tries");
	input.tries = 6;
	tap_number(verdict(&input), STOP, "after all six");
	input.repeat = UPDATE;
	tap_number(verdict(&input), UNKNOWN, "a write's outcome is open then");
	input.max_retries = 0;
	input.tries = 1;
	tap_number(verdict(&input), UNKNOWN, "no retries are allowed");

	input = broken_try(READ);
	input.elapsed_ms = 119800;
	input.random = 199;
	tap_number(verdict(&input), AGAIN, "a wait within the budget");
	input.random = 200;
	tap_number(verdict(&input), AGAIN, "a wait up to its end");
	tap_number(rdapi_retry_decide(&input).wait_ms, 190,
			   "is cut, so that a last try begins before it");
	input.elapsed_ms = 119980;
	tap_number(verdict(&input), STOP, "but not when there is hardly any left");
	input.random = 5;
	tap_number(verdict(&input), AGAIN, "unless a short wait does");
	input.elapsed_ms = 119800;
	input.random = 0;
	input.retry_after_ms = 199;
	tap_number(rdapi_retry_decide(&input).wait_ms, 199,
			   "what the server asks for is not cut");
	input.retry_after_ms = 200;
	tap_number(verdict(&input), STOP, "and stops what goes beyond");
	input.retry_after_ms = -1;
	input.elapsed_ms = 130000;
	tap_number(verdict(&input), STOP, "the budget is spent");
}

static void
test_doubt(void)
{
	RdapiRetryInput input = broken_try(UPDATE);

	tap_ok(rdapi_retry_decide(&input).doubt, "a write that broke is doubtful");
	input.repeat = READ;
	tap_ok(!rdapi_retry_decide(&input).doubt, "a read is not");

	input = broken_try(UPDATE);
	input.doubt = true;
	input.tries = 6;
	input.sent = false;
	input.kind = RDAPI_ERR_CONNECT;
	tap_number(verdict(&input), UNKNOWN,
			   "that the last try did not connect tells nothing of the others");
	input.kind = RDAPI_ERR_THROTTLED;
	tap_number(verdict(&input), UNKNOWN, "nor that it was throttled");
	input.kind = RDAPI_ERR_AUTH;
	tap_number(verdict(&input), UNKNOWN, "nor that it was not permitted");
	input.kind = RDAPI_ERR_NOT_FOUND;
	tap_number(verdict(&input), STOP, "but that there is nothing does");
	input.kind = RDAPI_ERR_REFUSED;
	tap_number(verdict(&input), STOP, "and that the values are refused");
	tap_ok(!rdapi_retry_decide(&input).doubt, "which ends the doubt");

	/* The first try may have led to the state that refuses the second. */
	input.kind = RDAPI_ERR_STATE;
	input.http_status = 409;
	input.sent = true;
	tap_number(verdict(&input), UNKNOWN,
			   "a state that forbids an update may have come after it");
	input.repeat = RDAPI_RETRY_DELETE;
	tap_number(verdict(&input), STOP, "but what cannot be deleted was not");
}

/* The longest wait after that try, as the random number goes through all. */
static int64_t
longest_wait(RdapiRetryInput *input, int tries)
{
	int64_t		longest = 0;
	uint64_t	random;

	input->tries = tries;
	input->max_retries = tries;
	for (random = 0; random < 30000; random++)
	{
		RdapiRetryDecision decision;

		input->random = random;
		decision = rdapi_retry_decide(input);
		if (longest < decision.wait_ms)
			longest = decision.wait_ms;
	}
	return longest;
}

static void
test_waits(void)
{
	RdapiRetryInput input = broken_try(READ);

	tap_number(longest_wait(&input, 1), 250, "after the first try");
	tap_number(longest_wait(&input, 2), 500, "after the second");
	tap_number(longest_wait(&input, 6), 8000, "after the sixth");
	tap_number(longest_wait(&input, 7), 10000, "the longest");
	tap_number(longest_wait(&input, 2000000000), 10000, "for ever");
	input.random = 0;
	tap_number(rdapi_retry_decide(&input).wait_ms, 0, "or none at all");

	input = broken_try(READ);
	input.kind = RDAPI_ERR_THROTTLED;
	input.retry_after_ms = 3000;
	tap_number(rdapi_retry_decide(&input).wait_ms, 3000,
			   "what the server asks for is the least");
	tap_number(longest_wait(&input, 1), 3250, "with a little spread");
	tap_number(longest_wait(&input, 8), 10000, "or the back-off");
	input.retry_after_ms = 200000;
	tap_number(verdict(&input), STOP, "unless it is beyond the budget");

	input = broken_try(READ);
	input.stale = true;
	tap_number(longest_wait(&input, 1), 0,
			   "a dead connection is replaced at once");
	tap_number(longest_wait(&input, 2), 500, "the first time");
}

/* Another secret is tried at once, once beyond all limits. */
static void
test_renewed(void)
{
	int			repeat;

	for (repeat = READ; repeat <= CREATE; repeat++)
	{
		RdapiRetryInput input = broken_try((RdapiRetryClass) repeat);

		input.kind = RDAPI_ERR_AUTH;
		input.http_status = 401;
		input.max_retries = 0;
		tap_number(verdict(&input), STOP, "401");
		input.renewed = true;
		tap_number(verdict(&input), AGAIN, "401, and another secret");
		input.random = 200;
		tap_number(rdapi_retry_decide(&input).wait_ms, 0, "without waiting");
		tap_ok(!rdapi_retry_decide(&input).doubt, "nor doubt");
		tap_ok(rdapi_retry_decide(&input).beyond, "nor limits");
		input.elapsed_ms = input.budget_ms;
		tap_number(verdict(&input), AGAIN, "be it after the budget");
		input.renewed_before = true;
		tap_number(verdict(&input), STOP, "but only once");
		input.elapsed_ms = 0;
		tap_number(verdict(&input), AGAIN, "unless there is time");
		tap_ok(!rdapi_retry_decide(&input).beyond, "which counts then");
	}
}

int
main(void)
{
	test_cases();
	test_renewed();
	test_ends();
	test_doubt();
	test_waits();
	return tap_done();
}
