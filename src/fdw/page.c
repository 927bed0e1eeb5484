/*-------------------------------------------------------------------------
 *
 * page.c
 *	  The text of an answer, cut into documents and fields.
 *
 * One pass of PostgreSQL's JSON parser checks the syntax of the whole text
 * and notes where each document and each wanted field begins and ends.  It
 * runs without resolving escapes, which is faster and, above all, leaves the
 * judgement of \u0000 or of a lone surrogate to the conversion of the one
 * value that has it.  Run so, the parser does not tell names of keys; they
 * are read from the text, just before the colon where it then stands.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "src/fdw/compat.h"
#include "src/fdw/page.h"

/* Depths of nesting in a page: {"results": [{"sid": ...}], "meta": {...}} */
#define DEPTH_TOP		1		/* inside of the outermost object */
#define DEPTH_META		2		/* inside of "meta" */

typedef enum Section
{
	SECTION_OTHER,				/* a key at the top that is of no interest */
	SECTION_LIST,
	SECTION_META
} Section;

typedef struct Parser
{
	JsonLexContext *lex;
	RegdocsPage *page;
	RegdocsFieldMask wanted;
	bool		is_list;

	int			depth;			/* objects and arrays around here */
	int			document_depth; /* inside of a document */
	Section		section;
	int			open_field;		/* field whose value is being read, or -1 */
	int			next_field;		/* the one that is likely to come next */
	int			name_bytes[RDAPI_MAX_FIELDS];	/* lengths of their names */
	bool		in_next_url;
	int			allocated;		/* documents that the arrays can hold */

	/* What was found, to see whether the shape is right. */
	bool		list_found;
	bool		meta_found;
	bool		next_found;
	bool		shape_wrong;
} Parser;

/*
 * The key of the field whose value begins now: the string before the colon
 * that the lexer has passed.  A quote within a string has an odd number of
 * backslashes before it, so the opening one is the nearest to the left that
 * has not.
 */
static const char *
current_key(const Parser *parser, int *length)
{
	const char *text = parser->page->text;
	const char *p = parser->lex->prev_token_terminator - 1;
	const char *end;

	while (*p != '"')			/* colon and blanks */
		p--;
	end = p;
	for (;;)
	{
		const char *backslash;

		p--;
		if (*p != '"')
			continue;
		backslash = p;
		while (backslash > text && backslash[-1] == '\\')
			backslash--;
		if ((p - backslash) % 2 == 0)
			break;
	}
	*length = end - (p + 1);
	return p + 1;
}

/* Resolve the escapes of a JSON string; NULL where one of them is wrong. */
static char *
resolve_string(char *text, int length)
{
	JsonLexContext *lex = regdocs_json_lexer(text, length, PG_UTF8, true);

	if (json_lex(lex) != JSON_SUCCESS ||
		lex->token_type != JSON_TOKEN_STRING)
		return NULL;
	return lex->strval->data;
}

static bool
key_is(const char *key, int length, const char *name)
{
	return strncmp(key, name, length) == 0 && name[length] == '\0';
}

/* A key with escapes is rare; resolve it, so that it is not overlooked. */
static const char *
plain_key(const Parser *parser, int *length)
{
	const char *key = current_key(parser, length);

	if (memchr(key, '\\', *length) != NULL)
	{
		char	   *resolved = resolve_string(unconstify(char *, key) - 1,
											  *length + 2);

		if (resolved == NULL)
			return NULL;
		*length = strlen(resolved);
		return resolved;
	}
	return key;
}

static void
begin_document(Parser *parser)
{
	RegdocsPage *page = parser->page;
	int			nfields = page->resource->nfields;

	if (page->ndocuments == parser->allocated)
	{
		parser->allocated = Max(parser->allocated * 2, 1);
		page->documents = repalloc(page->documents,
								   sizeof(RegdocsSlice) * parser->allocated);
		page->fields = repalloc(page->fields,
								sizeof(RegdocsSlice) * nfields *
								parser->allocated);
	}
	page->documents[page->ndocuments].start =
		parser->lex->token_start - page->text;
	page->documents[page->ndocuments].length = 0;
	memset(&page->fields[page->ndocuments * nfields], 0,
		   sizeof(RegdocsSlice) * nfields);
	page->ndocuments++;
}

static bool
at_document(const Parser *parser)
{
	return parser->depth == parser->document_depth - 1 &&
		(!parser->is_list || parser->section == SECTION_LIST);
}

static REGDOCS_JSON_ACTION
object_start(void *state)
{
	Parser	   *parser = state;

	if (at_document(parser))
		begin_document(parser);
	parser->depth++;
	REGDOCS_JSON_RETURN;
}

static REGDOCS_JSON_ACTION
object_end(void *state)
{
	Parser	   *parser = state;

	parser->depth--;
	if (at_document(parser))
	{
		RegdocsSlice *slice =
		&parser->page->documents[parser->page->ndocuments - 1];

		slice->length = parser->lex->prev_token_terminator -
			parser->page->text - slice->start;
	}
	REGDOCS_JSON_RETURN;
}

static REGDOCS_JSON_ACTION
array_start(void *state)
{
	Parser	   *parser = state;

	if (parser->depth == 0 || at_document(parser))
		parser->shape_wrong = true;
	parser->depth++;
	REGDOCS_JSON_RETURN;
}

static REGDOCS_JSON_ACTION
array_end(void *state)
{
	((Parser *) state)->depth--;
	REGDOCS_JSON_RETURN;
}

/* Each element of the list has to be an object. */
static REGDOCS_JSON_ACTION
element_start(void *state, bool isnull)
{
	Parser	   *parser = state;

	if (parser->is_list && at_document(parser) &&
		parser->lex->token_type != JSON_TOKEN_OBJECT_START)
		parser->shape_wrong = true;
	REGDOCS_JSON_RETURN;
}

static void
top_field_start(Parser *parser)
{
	JsonTokenType type = parser->lex->token_type;
	int			length;
	const char *key = plain_key(parser, &length);

	parser->section = SECTION_OTHER;
	if (key == NULL)
		return;
	if (key_is(key, length, parser->page->resource->list_key))
	{
		/* Twice the list, or something else in its place, is no list. */
		if (parser->list_found || type != JSON_TOKEN_ARRAY_START)
			parser->shape_wrong = true;
		parser->section = SECTION_LIST;
		parser->list_found = true;
	}
	else if (key_is(key, length, "meta"))
	{
		if (parser->meta_found || type != JSON_TOKEN_OBJECT_START)
			parser->shape_wrong = true;
		parser->section = SECTION_META;
		parser->meta_found = true;
	}
}

static void
meta_field_start(Parser *parser)
{
	RegdocsPage *page = parser->page;
	int			length;
	const char *key = plain_key(parser, &length);

	if (key == NULL || !key_is(key, length, "next_page_url"))
		return;
	if (parser->next_found)
		parser->shape_wrong = true;
	parser->next_found = true;
	if (parser->lex->token_type == JSON_TOKEN_NULL)
		return;
	if (parser->lex->token_type != JSON_TOKEN_STRING)
		parser->shape_wrong = true;
	page->next_url.start = parser->lex->token_start - page->text;
	parser->in_next_url = true;
}

/*
 * The field of that name; -1: there is none.  Documents have their fields in
 * the same order, so the search begins behind the one that came last.
 */
static int
find_field(Parser *parser, const char *key, int length)
{
	const RdapiResource *resource = parser->page->resource;
	int			i;

	for (i = 0; i < resource->nfields; i++)
	{
		int			field = parser->next_field;

		parser->next_field = (field + 1) % resource->nfields;
		if (length == parser->name_bytes[field] &&
			memcmp(key, resource->fields[field].name, length) == 0)
			return field;
	}
	return -1;
}

/* Of a key that comes twice the last one counts, as jsonb has it. */
static void
document_field_start(Parser *parser)
{
	RegdocsPage *page = parser->page;
	int			length;
	const char *key = plain_key(parser, &length);
	int			field = key == NULL ? -1 : find_field(parser, key, length);

	if (field < 0 || !(parser->wanted & REGDOCS_FIELD_BIT(field)))
		return;
	page->fields[(page->ndocuments - 1) * page->resource->nfields +
				 field].start = parser->lex->token_start - page->text;
	parser->open_field = field;
}

static bool
in_document(const Parser *parser)
{
	return parser->depth == parser->document_depth &&
		(!parser->is_list || parser->section == SECTION_LIST);
}

static REGDOCS_JSON_ACTION
field_start(void *state, char *fname, bool isnull)
{
	Parser	   *parser = state;

	if (in_document(parser))
		document_field_start(parser);
	else if (parser->is_list && parser->depth == DEPTH_TOP)
		top_field_start(parser);
	else if (parser->is_list && parser->depth == DEPTH_META &&
			 parser->section == SECTION_META)
		meta_field_start(parser);
	REGDOCS_JSON_RETURN;
}

static REGDOCS_JSON_ACTION
field_end(void *state, char *fname, bool isnull)
{
	Parser	   *parser = state;
	RegdocsPage *page = parser->page;
	int			end = parser->lex->prev_token_terminator - page->text;

	if (parser->open_field >= 0 && in_document(parser))
	{
		RegdocsSlice *slice =
		&page->fields[(page->ndocuments - 1) * page->resource->nfields +
					  parser->open_field];

		slice->length = end - slice->start;
		parser->open_field = -1;
	}
	else if (parser->in_next_url && parser->depth == DEPTH_META)
	{
		page->next_url.length = end - page->next_url.start;
		parser->in_next_url = false;
	}
	REGDOCS_JSON_RETURN;
}

static RegdocsPage *
parse(const RdapiResource *resource, char *text, size_t length,
	  RegdocsFieldMask wanted, bool is_list, char **failure)
{
	RegdocsPage *page = palloc0(sizeof(RegdocsPage));
	Parser		parser = {0};
	JsonSemAction action = {0};
	int			i;

	/* An average document has some 600 bytes; the arrays grow from there. */
	parser.allocated = is_list ? Max(length / 600, 1) : 1;
	page->resource = resource;
	page->text = text;
	page->length = (int) length;
	page->documents = palloc(sizeof(RegdocsSlice) * parser.allocated);
	page->fields = palloc(sizeof(RegdocsSlice) * resource->nfields *
						  parser.allocated);

	parser.page = page;
	for (i = 0; i < resource->nfields; i++)
		parser.name_bytes[i] = strlen(resource->fields[i].name);
	parser.wanted = wanted | REGDOCS_FIELD_BIT(resource->sid_field);
	parser.is_list = is_list;
	parser.document_depth = is_list ? 3 : 1;
	parser.open_field = -1;
	parser.lex = regdocs_json_lexer(text, (int) length, PG_UTF8, false);

	action.semstate = &parser;
	action.object_start = object_start;
	action.object_end = object_end;
	action.array_start = array_start;
	action.array_end = array_end;
	action.array_element_start = element_start;
	action.object_field_start = field_start;
	action.object_field_end = field_end;

	if (pg_parse_json(parser.lex, &action) != JSON_SUCCESS)
	{
		*failure = psprintf("The answer is not valid JSON, at byte %d of %d.",
							(int) (parser.lex->token_start != NULL ?
								   parser.lex->token_start - text : 0) + 1,
							(int) length);
		return NULL;
	}
	if (is_list && (!parser.list_found || !parser.meta_found ||
					!parser.next_found || parser.shape_wrong))
	{
		*failure = psprintf("The answer has no list \"%s\" of objects with \"next_page_url\" in its \"meta\".",
							resource->list_key);
		return NULL;
	}
	if (!is_list && page->ndocuments != 1)
	{
		*failure = pstrdup("The answer is not a JSON object.");
		return NULL;
	}
	return page;
}

RegdocsPage *
regdocs_page_parse_list(const RdapiResource *resource, char *text,
						size_t length, RegdocsFieldMask wanted, char **failure)
{
	return parse(resource, text, length, wanted, true, failure);
}

RegdocsPage *
regdocs_page_parse_document(const RdapiResource *resource, char *text,
							size_t length, RegdocsFieldMask wanted,
							char **failure)
{
	return parse(resource, text, length, wanted, false, failure);
}

const char *
regdocs_page_plain_string(const RegdocsPage *page, const RegdocsSlice *slice,
						  int *length)
{
	const char *text = page->text + slice->start;

	if (slice->length < 2 || text[0] != '"' ||
		memchr(text, '\\', slice->length) != NULL)
		return NULL;
	*length = slice->length - 2;
	return text + 1;
}

const char *
regdocs_page_sid(const RegdocsPage *page, int document)
{
	const RdapiResource *resource = page->resource;
	int			length;
	const char *sid;

	sid = regdocs_page_plain_string(page,
									regdocs_page_field(page, document,
													   resource->sid_field),
									&length);
	if (sid == NULL ||
		!rdapi_sid_is_valid(resource->sid_prefix, sid, length))
		return NULL;
	return sid;
}

char *
regdocs_page_string(const RegdocsPage *page, const RegdocsSlice *slice)
{
	int			length;
	const char *plain = regdocs_page_plain_string(page, slice, &length);

	if (plain != NULL)
		return pnstrdup(plain, length);
	if (slice->length == 0 || page->text[slice->start] != '"')
		return NULL;
	return resolve_string(page->text + slice->start, slice->length);
}
