/*
 * regulations.c
 *		Which regulations are there?
 */
#include "regulations.h"

#include <ctype.h>
#include <string.h>

/* A country's, for its types of numbers; what they ask: see requirements.c. */
static const struct
{
	const char *iso_country;
	const char *name;
	const char *number_types;
	const char *individual;		/* NULL: numbers are not for individuals */
	const char *business;
}			emu_countries_regulated[] = {
	{"AU", "Australia", "local,mobile", "iA", "bnA"},
	{"BE", "Belgium", "local,mobile,toll-free", "iPA", "bND"},
	{"BR", "Brazil", "local,national", NULL, "BNRD"},
	{"CH", "Switzerland", "local,mobile", "IPA", "bnD"},
	{"DE", "Germany", "local,mobile,national", "IPA", "BNRDH"},
	{"ES", "Spain", "local,national", "IP", "BNH"},
	{"FR", "France", "local,mobile,national,toll-free", "IPA", "BNDRHO"},
	{"GB", "United Kingdom", "local,mobile,national", "iA", "bnD"},
	{"IE", "Ireland", "local,toll-free", "iA", "bD"},
	{"IT", "Italy", "local,mobile", "IPA", "BNRH"},
	{"JP", "Japan", "local,national,toll-free", NULL, "BRHD"},
	{"NL", "Netherlands", "local,mobile", "iA", "bnR"},
	{"PL", "Poland", "local,mobile", "IP", "BRH"},
	{"SE", "Sweden", "local,mobile", "iA", "bn"},
	{"ZA", "South Africa", "local,toll-free", "IPA", "BNRDH"}
};

static const EmuField emu_regulation_fields[] = {
	[EMU_REG_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "RN", NULL},
	[EMU_REG_FRIENDLY_NAME] =
	{"friendly_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_REG_ISO_COUNTRY] = {"iso_country", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_REG_NUMBER_TYPE] = {"number_type", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_REG_END_USER_TYPE] = {"end_user_type", EMU_CHOICE, EMU_KEPT,
	EMU_END_USER_TYPE_CHOICES, NULL},
	[EMU_REG_REQUIREMENTS] = {"requirements", EMU_ANY, EMU_KEPT, NULL, NULL},
	[EMU_REG_URL] = {"url", EMU_URI, EMU_IS_URL, NULL, NULL},
	[EMU_REG_CONSTRAINTS] =
	{"requirements_with_constraints", EMU_ANY, EMU_HIDDEN, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

static const EmuFilter emu_regulation_filters[] = {
	{"EndUserType", EMU_EQUALS, EMU_CHOICE, EMU_END_USER_TYPE_CHOICES,
	EMU_REG_END_USER_TYPE, 22212, 0, NULL, 0},
	{"IsoCountry", EMU_EQUALS, EMU_TEXT, NULL, EMU_REG_ISO_COUNTRY, 0, 0,
	NULL, 0},
	{"NumberType", EMU_EQUALS, EMU_CHOICE, EMU_NUMBER_TYPES,
	EMU_REG_NUMBER_TYPE, 22213, 0, NULL, 0},
	{"IncludeConstraints", EMU_INSTEAD, EMU_BOOLEAN, NULL,
	EMU_REG_REQUIREMENTS, 0, EMU_REG_CONSTRAINTS, NULL, 0},
	{NULL, EMU_EQUALS, EMU_TEXT, NULL, EMU_NO_FIELD, 0, 0, NULL, 0}
};

static void
emu_set_quoted(EmuStore *rows, uint32_t index, int field, const char *text,
			   size_t len)
{
	EmuBuf		buf = {0};

	emu_buf_printf(&buf, "\"%.*s\"", (int) len, text);
	emu_store_set(rows, index, field, buf.data);
}

/* "toll-free" becomes "Toll-Free". */
static void
emu_add_title(EmuBuf *buf, const char *text, size_t len)
{
	size_t		i;

	for (i = 0; i < len; i++)
	{
		char		letter = text[i];

		if (i == 0 || text[i - 1] == '-')
			letter = (char) toupper((unsigned char) letter);
		emu_buf_add(buf, &letter, 1);
	}
}

static void
emu_regulation_add(EmuStore *rows, size_t country, const char *number_type,
				   const char *end_user_type, const char *blocks)
{
	uint32_t	index;
	size_t		len = strcspn(number_type, ",");
	EmuBuf		buf = {0};

	if (blocks == NULL)
		return;
	index = emu_store_create(rows, EMU_NONE);
	emu_buf_printf(&buf, "\"%s: ", emu_countries_regulated[country].name);
	emu_add_title(&buf, number_type, len);
	emu_buf_put(&buf, " - ");
	emu_add_title(&buf, end_user_type, strlen(end_user_type));
	emu_buf_put(&buf, "\"");
	emu_store_set(rows, index, EMU_REG_FRIENDLY_NAME, buf.data);
	emu_set_quoted(rows, index, EMU_REG_ISO_COUNTRY,
				   emu_countries_regulated[country].iso_country, 2);
	emu_set_quoted(rows, index, EMU_REG_NUMBER_TYPE, number_type, len);
	emu_set_quoted(rows, index, EMU_REG_END_USER_TYPE, end_user_type,
				   strlen(end_user_type));
	memset(&buf, 0, sizeof(buf));
	emu_requirements(&buf, blocks, false);
	emu_store_set(rows, index, EMU_REG_REQUIREMENTS, buf.data);
	memset(&buf, 0, sizeof(buf));
	emu_requirements(&buf, blocks, true);
	emu_store_set(rows, index, EMU_REG_CONSTRAINTS, buf.data);
}

static void
emu_regulations_fill(EmuWorld *world)
{
	EmuStore   *rows = emu_rows(world, &emu_regulations);
	size_t		i;

	for (i = 0; i < sizeof(emu_countries_regulated) /
		 sizeof(*emu_countries_regulated); i++)
	{
		const char *type = emu_countries_regulated[i].number_types;

		for (;;)
		{
			emu_regulation_add(rows, i, type, "individual",
							   emu_countries_regulated[i].individual);
			emu_regulation_add(rows, i, type, "business",
							   emu_countries_regulated[i].business);
			if (type[strcspn(type, ",")] == '\0')
				break;
			type += strcspn(type, ",") + 1;
		}
	}
}

static bool
emu_kept_text_is(const EmuStore *rows, uint32_t index, int field,
				 const char *text)
{
	EmuText		json = emu_store_kept(rows, index, field);

	return json.len == strlen(text) + 2 &&
		memcmp(json.data + 1, text, json.len - 2) == 0;
}

/*
 * The first regulation of that country and type of numbers; for end users of
 * any type where that is NULL. EMU_NONE: there is none.
 */
uint32_t
emu_regulation_for(const EmuStore *regulations, const char *iso_country,
				   const char *number_type, const char *end_user_type)
{
	size_t		position = 0;
	uint32_t	index;

	while ((index = emu_order_next(emu_store_order(regulations),
								   &position)) != EMU_GAP)
		if (emu_kept_text_is(regulations, index, EMU_REG_ISO_COUNTRY,
							 iso_country) &&
			emu_kept_text_is(regulations, index, EMU_REG_NUMBER_TYPE,
							 number_type) &&
			(end_user_type == NULL ||
			 emu_kept_text_is(regulations, index, EMU_REG_END_USER_TYPE,
							  end_user_type)))
			return index;
	return EMU_NONE;
}

const EmuResource emu_regulations = {
	.name = "regulations",
	.path = "/Regulations",
	.prefix = "RN",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.regulation",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_FETCH),
	.fields = emu_regulation_fields,
	.filters = emu_regulation_filters,
	.fill = emu_regulations_fill
};
