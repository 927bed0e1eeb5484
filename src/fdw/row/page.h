/*-------------------------------------------------------------------------
 *
 * page.h
 *	  The text of an answer, cut into objects and fields.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PAGE_H
#define REGDOCS_PAGE_H

#include "src/resource/resource.h"

/* A part of the text: a JSON value as it was sent.  length 0: absent. */
typedef struct RegdocsSlice
{
	int32		start;			/* bytes from the start of the text */
	int32		length;			/* bytes */
	bool		escaped;		/* there may be a backslash in it */
} RegdocsSlice;

/*
 * An answer, in UTF-8.  The text is BORROWED and has a NUL behind its end;
 * the rest is palloc'd, with the page.  What was not asked for is an absent
 * slice; a value null is a slice "null".
 */
typedef struct RegdocsPage
{
	MemoryContext context;		/* of the page and all that it holds */
	const RdapiResource *resource;
	const char *parent_sid;		/* of whose children they are, BORROWED and
								 * set by who has asked; NULL: the resource
								 * has no parent */
	char	   *text;
	int			length;			/* bytes */
	bool		text_checked;	/* by regdocs_page_check_text() */
	bool		server_text;	/* if so: its answer */

	int			nobjects;
	RegdocsSlice *objects;		/* the whole objects */
	RegdocsSlice *fields;		/* resource->nfields for each object */
	int			allocated;		/* objects that there is room for */

	RegdocsSlice next_url;		/* of a list: a JSON string, or absent */
	char	   *resolved_sid;	/* of regdocs_page_sid() */
} RegdocsPage;

/* Which fields to slice, by index; sid always comes along. */
typedef uint32 RegdocsFieldMask;

#define REGDOCS_FIELD_BIT(field)	((RegdocsFieldMask) 1 << (field))

/* An empty page, palloc'd in the current context with what it will hold. */
extern RegdocsPage *regdocs_page_new(const RdapiResource *resource);

/*
 * Parse a page of a list, of so many objects at the "most", in the place of
 * what the page held before.  false: the text is not what the API promises,
 * and *failure says in a full sentence, without quoting from it, what is
 * wrong.  Values are not looked into, so no nesting is too deep.  Looks for
 * interrupts.
 */
extern bool regdocs_page_parse_list(RegdocsPage *page, char *text,
									size_t length, RegdocsFieldMask wanted,
									int most, char **failure);

/*
 * Parse one object, as a page with no other; NULL: as above.  Raises nothing
 * but what a lack of memory does: it may tell what was written.
 */
extern RegdocsPage *regdocs_page_parse_object(const RdapiResource *resource,
											  char *text, size_t length,
											  RegdocsFieldMask wanted,
											  char **failure);

/* Slice of a field of an object, BORROWED. */
static inline const RegdocsSlice *
regdocs_page_field(const RegdocsPage *page, int object, int field)
{
	return &page->fields[object * page->resource->nfields + field];
}

/* Is the slice null, or absent? */
static inline bool
regdocs_slice_is_null(const RegdocsPage *page, const RegdocsSlice *slice)
{
	return slice->length == 0 ||
		(slice->length == 4 && page->text[slice->start] == 'n');
}

/*
 * The bytes of a slice that is a JSON string without escapes, not
 * terminated; NULL: it is something else.
 */
static inline const char *
regdocs_page_plain_string(const RegdocsPage *page, const RegdocsSlice *slice,
						  int *length)
{
	const char *text = page->text + slice->start;

	if (slice->length < 2 || text[0] != '"' || slice->escaped)
		return NULL;
	*length = slice->length - 2;
	return text + 1;
}

/*
 * Is the text, as it is, text in the server's encoding?  It is looked at once.
 * Where it is not, single values may be, or may have to be converted.
 */
extern void regdocs_page_check_text(RegdocsPage *page);

static inline bool
regdocs_page_is_server_text(RegdocsPage *page)
{
	if (!page->text_checked)
		regdocs_page_check_text(page);
	return page->server_text;
}

/*
 * The object's sid, RDAPI_SID_BYTES bytes, not terminated, BORROWED until
 * this is asked again of the page; NULL: it has none that is valid.
 */
extern const char *regdocs_page_sid(const RegdocsPage *page, int object);

/*
 * The text of a slice that is a JSON string, its escapes resolved, palloc'd,
 * UTF-8; NULL: it is null, absent, not a string, or has an escape that
 * stands for no character.
 */
extern char *regdocs_page_string(const RegdocsPage *page,
								 const RegdocsSlice *slice);

#endif							/* REGDOCS_PAGE_H */
