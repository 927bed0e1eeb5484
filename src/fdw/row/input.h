/*-------------------------------------------------------------------------
 *
 * input.h
 *	  Text of an answer for a type's input function, and what that says of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_INPUT_H
#define REGDOCS_INPUT_H

#include "fmgr.h"

typedef struct RegdocsInput
{
	FmgrInfo	function;
	Oid			ioparam;
	int32		typmod;
	char	   *private_type;	/* its name; NULL: values may be quoted */
	Oid			enum_type;		/* that it is, or a domain is over; or none */
} RegdocsInput;

/* What it holds is palloc'd in the current context. */
extern void regdocs_input_init(RegdocsInput *input, Oid type, int32 typmod,
							   bool is_private);

/*
 * Call it, for a value in the server's encoding or NULL.  Raises its errors,
 * less what they quote of personal data, and of control characters.
 */
extern Datum regdocs_input_call(RegdocsInput *input, char *value);

/*
 * A part of a page in the server's encoding, terminated, palloc'd.  Raises
 * an error for bytes that are not UTF-8 or that the encoding does not have.
 */
extern char *regdocs_server_text(const char *text, int length);

/*
 * The same for what a JSON string, with its quotes, stands for.  Raises an
 * error for an escape that stands for no character there.
 */
extern char *regdocs_unescaped_text(const char *text, int length);

/*
 * jsonb resolves escapes, and its input function would quote the text around
 * one that it refuses.  So look at them first, where there are any.
 */
extern void regdocs_check_escapes(char *json);

#endif							/* REGDOCS_INPUT_H */
