/*-------------------------------------------------------------------------
 *
 * page.c
 *	  The text of an answer, cut into objects and fields.
 *
 * One pass checks the syntax of the whole text and notes where each object
 * and each wanted field begins and ends.  It does not resolve escapes, which is
 * faster and, above all, leaves the judgement of \u0000 or of a lone surrogate
 * to the conversion of the one value that has it; and it does not look into
 * values, so that one of a thousand levels is the business of its column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/row/json.h"
#include "src/fdw/row/page.h"

/* An average object has some 600 bytes; the arrays grow from there. */
#define OBJECT_BYTES	600

/* Room for the names of all fields and keys that are looked for. */
#define NAME_BYTES		64

typedef struct Parser
{
	RegdocsJson json;
	RegdocsPage *page;
	RegdocsFieldMask wanted;
	int			most;			/* objects that there may be */
	int			name_bytes[RDAPI_MAX_FIELDS];	/* lengths of their names */

	/* What was found, to see whether the shape is right. */
	bool		list_found;
	bool		meta_found;
	bool		next_found;
	bool		shape_wrong;
	bool		too_many;
} Parser;

/*
 * Is that the key which was read last?  One with escapes is rare, but must not
 * be overlooked.
 */
static bool
key_is(const Parser *parser, const char *key, int length, const char *name,
	   int name_length)
{
	char		buffer[NAME_BYTES];

	if (parser->json.escaped)
	{
		length = regdocs_json_resolve(key, length, REGDOCS_LAST_ASCII, buffer,
									  NAME_BYTES);
		key = buffer;
	}
	return length == name_length && memcmp(key, name, length) == 0;
}

static bool
is_name(const Parser *parser, const char *key, int length, const char *name)
{
	return key_is(parser, key, length, name, strlen(name));
}

/* Where the reader stands, which is before a value. */
static int32
position(const Parser *parser)
{
	return parser->json.at - parser->json.text;
}

/* Pass a value, and note where it lies. */
static void
take_value(Parser *parser, RegdocsSlice *slice)
{
	int32		start;

	(void) regdocs_json_peek(&parser->json);
	start = position(parser);
	parser->json.escaped = false;
	if (!regdocs_json_skip(&parser->json))
		return;
	slice->start = start;
	slice->length = position(parser) - start;
	slice->escaped = parser->json.escaped;
}

/* The field of that name; -1: there is none. */
static int
find_field(const Parser *parser, const char *key, int length)
{
	const RdapiResource *resource = parser->page->resource;
	int			field;

	for (field = 0; field < resource->nfields; field++)
	{
		if (key_is(parser, key, length, resource->fields[field].name,
				   parser->name_bytes[field]))
			return field;
	}
	return -1;
}

/*
 * Stand before the value of an object's next member, of that field; -1: of
 * none.  Objects have their fields in the same order, so the key is expected
 * that follows the last one.  false: the object has ended.
 */
static bool
next_field(Parser *parser, int *field)
{
	const RdapiResource *resource = parser->page->resource;
	const char *key;
	int			length;

	*field = *field + 1 < resource->nfields ? *field + 1 : 0;
	if (regdocs_json_pass_key(&parser->json, resource->fields[*field].name,
							  parser->name_bytes[*field]))
		return true;
	if (!regdocs_json_next_member(&parser->json, &key, &length))
		return false;
	*field = find_field(parser, key, length);
	return true;
}

/* Have room for so many objects, and keep what is there. */
static void
reserve_objects(RegdocsPage *page, int nobjects)
{
	Size		bytes = sizeof(RegdocsSlice) * nobjects;
	Size		field_bytes = bytes * page->resource->nfields;

	if (nobjects <= page->allocated)
		return;
	page->objects = page->allocated == 0 ?
		MemoryContextAlloc(page->context, bytes) :
		repalloc(page->objects, bytes);
	page->fields = page->allocated == 0 ?
		MemoryContextAlloc(page->context, field_bytes) :
		repalloc(page->fields, field_bytes);
	page->allocated = nobjects;
}

/* Make room for one more object; returns its number. */
static int
add_object(Parser *parser)
{
	RegdocsPage *page = parser->page;
	int			nfields = page->resource->nfields;

	if (page->nobjects == page->allocated)
		reserve_objects(page, Min(page->allocated * 2, parser->most));
	memset(&page->fields[page->nobjects * nfields], 0,
		   sizeof(RegdocsSlice) * nfields);
	return page->nobjects++;
}

/* Of a key that comes twice the last one counts, as jsonb has it. */
static void
parse_object(Parser *parser)
{
	RegdocsPage *page = parser->page;
	int			object = add_object(parser);
	RegdocsSlice *fields = &page->fields[object * page->resource->nfields];
	int32		start = position(parser);
	int			field = -1;

	regdocs_json_enter(&parser->json);
	while (next_field(parser, &field))
	{
		if (field >= 0 && (parser->wanted & REGDOCS_FIELD_BIT(field)))
			take_value(parser, &fields[field]);
		else
			regdocs_json_skip(&parser->json);
	}
	page->objects[object].start = start;
	page->objects[object].length = position(parser) - start;
	page->objects[object].escaped = true;
}

/* Each element of the list has to be an object. */
static void
parse_objects(Parser *parser)
{
	regdocs_json_enter(&parser->json);
	while (regdocs_json_next_element(&parser->json))
	{
		if (regdocs_json_peek(&parser->json) != '{')
		{
			parser->shape_wrong = true;
			regdocs_json_skip(&parser->json);
			continue;
		}
		if (parser->page->nobjects == parser->most)
		{
			parser->too_many = true;
			return;
		}
		parse_object(parser);
	}
}

static void
parse_next_url(Parser *parser)
{
	char		byte = regdocs_json_peek(&parser->json);

	if (parser->next_found || (byte != '"' && byte != 'n'))
		parser->shape_wrong = true;
	parser->next_found = true;
	if (byte == '"')
		take_value(parser, &parser->page->next_url);
	else
		regdocs_json_skip(&parser->json);
}

static void
parse_meta(Parser *parser)
{
	const char *key;
	int			length;

	regdocs_json_enter(&parser->json);
	while (regdocs_json_next_member(&parser->json, &key, &length))
	{
		if (is_name(parser, key, length, "next_page_url"))
			parse_next_url(parser);
		else
			regdocs_json_skip(&parser->json);
	}
}

/*
 * The value of a key at the top that may come once, and has to begin with
 * that bracket.
 */
static bool
is_section(Parser *parser, bool *found, char bracket)
{
	if (*found || regdocs_json_peek(&parser->json) != bracket)
		parser->shape_wrong = true;
	*found = true;
	return !parser->shape_wrong;
}

/* {"results": [{"sid": ...}, ...], "meta": {"next_page_url": ...}} */
static void
parse_list(Parser *parser)
{
	const char *list_key = parser->page->resource->list_key;
	const char *key;
	int			length;

	regdocs_json_enter(&parser->json);
	while (!parser->too_many &&
		   regdocs_json_next_member(&parser->json, &key, &length))
	{
		if (is_name(parser, key, length, list_key) &&
			is_section(parser, &parser->list_found, '['))
			parse_objects(parser);
		else if (is_name(parser, key, length, "meta") &&
				 is_section(parser, &parser->meta_found, '{'))
			parse_meta(parser);
		else
			regdocs_json_skip(&parser->json);
	}
}

RegdocsPage *
regdocs_page_new(const RdapiResource *resource)
{
	RegdocsPage *page = palloc0(sizeof(RegdocsPage));

	page->context = CurrentMemoryContext;
	page->resource = resource;
	page->resolved_sid = palloc(RDAPI_SID_BYTES);
	return page;
}

static void
begin_parse(Parser *parser, RegdocsPage *page, char *text, size_t length,
			RegdocsFieldMask wanted, int most, bool may_raise)
{
	const RdapiResource *resource = page->resource;
	int			i;

	memset(parser, 0, sizeof(*parser));
	parser->page = page;
	parser->wanted = wanted | REGDOCS_FIELD_BIT(resource->sid_field);
	parser->most = most;
	for (i = 0; i < resource->nfields; i++)
		parser->name_bytes[i] = strlen(resource->fields[i].name);
	regdocs_json_begin(&parser->json, text, length, may_raise);

	page->text = text;
	page->length = (int) length;
	page->text_checked = false;
	page->nobjects = 0;
	memset(&page->next_url, 0, sizeof(page->next_url));
	reserve_objects(page, Max(Min(most, page->length / OBJECT_BYTES), 1));
}

/* Read the rest of the text; NULL: it is none that could be right. */
static char *
syntax_failure(Parser *parser)
{
	RegdocsJson *json = &parser->json;

	if (regdocs_json_finish(json))
		return NULL;
	return psprintf("The answer is not valid JSON, at byte %d of %d.",
					Min((int) (json->fault - json->text) + 1,
						parser->page->length),
					parser->page->length);
}

bool
regdocs_page_parse_list(RegdocsPage *page, char *text, size_t length,
						RegdocsFieldMask wanted, int most, char **failure)
{
	const char *list_key = page->resource->list_key;
	Parser		parser;
	bool		is_object;

	begin_parse(&parser, page, text, length, wanted, Max(most, 1), true);
	is_object = regdocs_json_peek(&parser.json) == '{';
	if (is_object)
		parse_list(&parser);
	else
		regdocs_json_skip(&parser.json);

	if (parser.too_many)
	{
		*failure = psprintf("Its list \"%s\" has more than the %d objects that were asked for.",
							list_key, most);
		return false;
	}
	*failure = syntax_failure(&parser);
	if (*failure != NULL)
		return false;
	if (!parser.list_found || !parser.meta_found || !parser.next_found ||
		parser.shape_wrong)
	{
		*failure = psprintf("The answer has no list \"%s\" of objects with \"next_page_url\" in its \"meta\".",
							list_key);
		return false;
	}
	return true;
}

RegdocsPage *
regdocs_page_parse_object(const RdapiResource *resource, char *text,
						  size_t length, RegdocsFieldMask wanted,
						  char **failure)
{
	Parser		parser;
	bool		is_object;

	begin_parse(&parser, regdocs_page_new(resource), text, length, wanted, 1,
				false);
	is_object = regdocs_json_peek(&parser.json) == '{';
	if (is_object)
		parse_object(&parser);
	else
		regdocs_json_skip(&parser.json);

	*failure = syntax_failure(&parser);
	if (*failure == NULL && !is_object)
		*failure = pstrdup("The answer is not a JSON object.");
	return *failure == NULL ? parser.page : NULL;
}

void
regdocs_page_check_text(RegdocsPage *page)
{
	page->text_checked = true;
	page->server_text = (GetDatabaseEncoding() == PG_UTF8 ||
						 GetDatabaseEncoding() == PG_SQL_ASCII) &&
		pg_verify_mbstr(PG_UTF8, page->text, page->length, true);
}

/* Written with escapes or not, it is the same sid. */
const char *
regdocs_page_sid(const RegdocsPage *page, int object)
{
	const RdapiResource *resource = page->resource;
	const RegdocsSlice *slice = regdocs_page_field(page, object,
												   resource->sid_field);
	const char *text = page->text + slice->start;
	int			length = slice->length - 2;

	if (length < RDAPI_SID_BYTES || text[0] != '"')
		return NULL;
	text++;
	if (length > RDAPI_SID_BYTES)
	{
		length = regdocs_json_resolve(text, length, REGDOCS_LAST_ASCII,
									  page->resolved_sid, RDAPI_SID_BYTES);
		text = page->resolved_sid;
	}
	return rdapi_sid_is_valid(resource->sid_prefix, text, length) ? text : NULL;
}

char *
regdocs_page_string(const RegdocsPage *page, const RegdocsSlice *slice)
{
	int			length;
	const char *plain = regdocs_page_plain_string(page, slice, &length);
	JsonLexContext *lex;

	if (plain != NULL)
		return pnstrdup(plain, length);
	if (slice->length == 0 || page->text[slice->start] != '"')
		return NULL;
	lex = regdocs_json_lexer(page->text + slice->start, slice->length,
							 PG_UTF8, true);
	if (json_lex(lex) != JSON_SUCCESS ||
		lex->token_type != JSON_TOKEN_STRING)
		return NULL;
	return lex->strval->data;
}
