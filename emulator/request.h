/*
 * request.h
 *		One request and its answer, as all parts of the emulator see them.
 */
#ifndef EMU_REQUEST_H
#define EMU_REQUEST_H

#include <microhttpd.h>
#include <time.h>

#include "counters.h"
#include "fault.h"
#include "journal.h"
#include "world.h"

/* The emulator as a whole; lives as long as the process. */
typedef struct EmuAccounts EmuAccounts;

typedef struct Emu
{
	EmuOptions	options;
	EmuWorld   *world;
	EmuAccounts *accounts;		/* further ones */
	EmuFaults  *faults;
	EmuCounters *counters;
	EmuJournal *journal;
	int			stop_fd;		/* readable once it is to end */
	uint64_t	ids_key;		/* request ids differ between runs */
	uint64_t	requests;		/* begun; atomic */
} Emu;

/* The file part of a multipart body; its bytes are only digested. */
typedef struct EmuFile
{
	bool		present;
	char	   *name;			/* NULL: none given */
	char	   *content_type;
	uint64_t	size;
	char		sha256[65];
} EmuFile;

typedef struct EmuForm EmuForm; /* a body being read */

typedef struct EmuRequest
{
	struct MHD_Connection *connection;
	const char *method;
	char	   *uri;			/* path and query, as sent */
	char	   *path;			/* without the query, decoded */
	bool		routed;			/* its headers were seen */
	EmuKind		kind;
	const EmuResource *resource;	/* NULL: there is no such path */
	char		parent[EMU_SID_LENGTH + 2]; /* its sid in the path */
	const char *sid;			/* points into path; "": the list */
	char		id[EMU_SID_LENGTH + 1];
	struct timespec begun;
	int			in_flight;		/* this one included, when it began */
	bool		counted;		/* is in flight now */
	uint64_t	journal;		/* number of its entry */
	bool		authorized;
	int64_t		account;		/* its number, if it is authorized */
	EmuParams	query;
	EmuParams	form;
	EmuForm    *body;			/* NULL: none, or of unknown type */
	EmuFile		file;
	EmuFault	fault;
} EmuRequest;

/* Zeroed, it is 200 without a body. */
typedef struct EmuReply
{
	unsigned	status;
	EmuBuf		body;
	const char *content_type;	/* NULL: application/json */
	const char *retry_after;	/* these three NULL: not sent */
	const char *location;
	const char *challenge;
	bool		close;
	bool		compress;		/* where offered, whatever the option says */
} EmuReply;

#endif							/* EMU_REQUEST_H */
