/*
 * requirements.c
 *		What does a regulation ask for?
 *
 * It is put together from blocks, each of which has a letter.
 */
#include "regulations.h"

#include <string.h>

#include "asks.h"

#define EMU_URL_HEAD "https://numbers.twilio.com" EMU_FAMILY_PATH
#define EMU_MAX_ACCEPTED 4

/* What an end user must tell. */
static const struct
{
	char		letter;
	const char *name;
	const char *type;
	const char *requirement_name;
	const char *fields;
}			emu_end_user_blocks[] = {

	{'i', "Individual", "individual", "individual_info",
	"first_name,last_name"},
	{'I', "Individual", "individual", "individual_info",
	"first_name,last_name,birth_date"},
	{'b', "Business", "business", "business_info", "business_name"},
	{'B', "Business", "business", "business_info",
	"business_name,business_registration_number,first_name,last_name"}
};

/* A kind of document that will do. */
typedef struct EmuAccepted
{
	const char *name;			/* NULL: there are no more */
	const char *type;
	const char *fields;
} EmuAccepted;

static const struct
{
	char		letter;
	const char *name;
	const char *requirement_name;
	const char *description;
	EmuAccepted accepted[EMU_MAX_ACCEPTED + 1];
}			emu_document_blocks[] = {

	{'A', "Address", "proof_of_address",
		"The physical location of the individual or business.", {
			{"Address Validation", "address", "address_sids"},
			{"Utility Bill", "utility_bill", "address_sids"}
	}},
	{'P', "Proof of Identity", "proof_of_identity",
		"A document that shows who the individual is.", {
			{"Passport", "passport", "first_name,last_name,birth_date"},
			{"Government-issued ID", "government_issued_document",
			"first_name,last_name"},
			{"National ID", "national_id", "first_name,last_name"},
			{"Driver's license", "drivers_license", "first_name,last_name"}
	}},
	{'n', "Business Name", "business_name_info",
		"A document that shows the name of the business.", {
			{"Business registration", "business_registration",
			"business_name"},
			{"Tax document", "tax_document", "business_name"},
			{"Excerpt from the commercial register",
			"commercial_registrar_excerpt", "business_name"}
	}},
	{'N', "Business Name", "business_name_info",
		"A document that shows the name of the business, as it was given.", {
			{"Excerpt from the commercial register",
			"commercial_registrar_excerpt", "business_name*"},
			{"Corporate registry", "corporate_registry", "business_name*"}
	}},
	{'D', "Business Address (Proof of Address)",
		"business_address_proof_info",
		"A document that shows the address of the business.", {
			{"Business registration showing the address",
			"business_registration", "address_sids"},
			{"Utility Bill", "utility_bill", "address_sids"}
	}},
	{'R', "Business Registration Number", "business_reg_no_info",
		"A document that shows the number of the registration.", {
			{"Excerpt from the commercial register",
			"commercial_registrar_excerpt", "document_number"},
			{"Corporate registry", "corporate_registry", "document_number"}
	}},
	{'H', "Name of Authorized Representative", "name_of_auth_rep_info",
		"A document that shows who acts for the business.", {
			{"Government-issued ID", "government_issued_document",
			"first_name,last_name"},
			{"Passport", "passport", "first_name,last_name"}
	}},
	{'O', "Power of Attorney", "power_of_attorney_info",
		"A document that empowers the representative.", {
			{"Executed Copy of Power of Attorney", "power_of_attorney", ""}
	}}
};

#define EMU_COUNT(table) (sizeof(table) / sizeof(*(table)))

static void
emu_require_fields(EmuBuf *buf, const char *fields, const char *whose,
				   bool constraints)
{
	emu_buf_put(buf, "\"fields\":");
	emu_asks_names(buf, fields);
	emu_buf_put(buf, ",\"detailed_fields\":");
	emu_asks_detailed(buf, fields, whose, constraints);
}

static void
emu_require_end_user(EmuBuf *buf, size_t block, bool constraints)
{
	emu_buf_printf(buf, "{\"name\":\"%s\",\"type\":\"%s\","
				   "\"requirement_name\":\"%s\",\"url\":\"" EMU_URL_HEAD
				   "/Regulations/%s\",", emu_end_user_blocks[block].name,
				   emu_end_user_blocks[block].type,
				   emu_end_user_blocks[block].requirement_name,
				   emu_end_user_blocks[block].type);
	emu_require_fields(buf, emu_end_user_blocks[block].fields,
					   emu_end_user_blocks[block].name, constraints);
	if (constraints)
		emu_buf_put(buf, ",\"constraints\":{\"number\":1}");
	emu_buf_put(buf, "}");
}

static void
emu_require_document(EmuBuf *buf, size_t block, bool constraints)
{
	const EmuAccepted *accepted = emu_document_blocks[block].accepted;
	const char *separator = "";

	emu_buf_printf(buf, "{\"name\":\"%s\",\"type\":\"document\","
				   "\"requirement_name\":\"%s\",\"description\":\"%s\","
				   "\"accepted_documents\":[", emu_document_blocks[block].name,
				   emu_document_blocks[block].requirement_name,
				   emu_document_blocks[block].description);
	for (; accepted->name != NULL; accepted++)
	{
		emu_buf_printf(buf, "%s{\"name\":\"%s\",\"type\":\"%s\",\"url\":\""
					   EMU_URL_HEAD "/DocumentTypes/%s\",", separator,
					   accepted->name, accepted->type, accepted->type);
		emu_require_fields(buf, accepted->fields, accepted->name, constraints);
		emu_buf_put(buf, "}");
		separator = ",";
	}
	emu_buf_put(buf, "]");
	if (constraints)
		emu_buf_put(buf, ",\"constraints\":{\"number\":1}");
	emu_buf_put(buf, "}");
}

/* Appends what the blocks ask for together, as JSON. */
void
emu_requirements(EmuBuf *buf, const char *blocks, bool constraints)
{
	const char *separator = "";
	const char *letter;
	size_t		i;

	emu_buf_put(buf, "{\"end_user\":[");
	for (letter = blocks; *letter != '\0'; letter++)
		for (i = 0; i < EMU_COUNT(emu_end_user_blocks); i++)
			if (emu_end_user_blocks[i].letter == *letter)
				emu_require_end_user(buf, i, constraints);
	emu_buf_put(buf, "],\"supporting_document\":[[");
	for (letter = blocks; *letter != '\0'; letter++)
		for (i = 0; i < EMU_COUNT(emu_document_blocks); i++)
			if (emu_document_blocks[i].letter == *letter)
			{
				emu_buf_put(buf, separator);
				emu_require_document(buf, i, constraints);
				separator = ",";
			}
	emu_buf_put(buf, "]]}");
}
