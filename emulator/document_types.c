/*
 * document_types.c
 *		Which types of documents are there, and what do they ask for?
 */
#include <string.h>

#include "documents.h"
#include "types.h"

#define EMU_PERSON "first_name,last_name,document_number"
#define EMU_COMPANY "business_name,document_number"
#define EMU_PLACE "address_sids"

/*
 * The generated documents are of the first thirteen. Some of them lack what
 * their type asks for.
 */
static const EmuTypeAsks emu_document_type_table[] = {
	{"business_registration",
	"business_name,document_number,issue_date,address_sids"},
	{"passport", "first_name,last_name,birth_date,document_number"},
	{"address", EMU_PLACE},
	{"commercial_registrar_excerpt",
	"business_name,document_number,is_certified,issue_date"},
	{"government_issued_document", EMU_PERSON},
	{"power_of_attorney", ""},
	{"utility_bill", "address_sids,issue_date"},
	{"tax_document", "business_name,tax_id,tax_year"},
	{"corporate_registry", EMU_COMPANY},
	{"national_id", "first_name,last_name,birth_date,document_number"},
	{"proof_of_residence", "first_name,last_name,street"},
	{"drivers_license", EMU_PERSON},
	{"business_license", EMU_COMPANY},
	{"articles_of_incorporation", EMU_COMPANY},
	{"bank_statement", EMU_PLACE},
	{"birth_certificate", EMU_PERSON},
	{"certificate_of_good_standing", EMU_COMPANY},
	{"certificate_of_incorporation", EMU_COMPANY},
	{"commercial_extract", EMU_COMPANY},
	{"company_seal", "business_name"},
	{"consular_registration", EMU_PERSON},
	{"credit_card_bill", EMU_PLACE},
	{"declaration_of_activity", EMU_COMPANY},
	{"diplomatic_id", EMU_PERSON},
	{"employment_certificate", EMU_PERSON},
	{"foreign_resident_card", EMU_PERSON},
	{"government_organization_proof", "business_name"},
	{"identity_card", EMU_PERSON},
	{"income_tax_return", "first_name,last_name,tax_year"},
	{"insurance_certificate", EMU_PLACE},
	{"lease_agreement", EMU_PLACE},
	{"letter_of_authorization", ""},
	{"letter_of_good_standing", "business_name"},
	{"marriage_certificate", EMU_PERSON},
	{"military_id", EMU_PERSON},
	{"municipal_registration", EMU_PLACE},
	{"name_change_proof", "first_name,last_name"},
	{"nonprofit_registration", EMU_COMPANY},
	{"notarized_statement", ""},
	{"partnership_agreement", "business_name"},
	{"personal_document", "first_name,last_name"},
	{"phone_bill", EMU_PLACE},
	{"proof_of_address", EMU_PLACE},
	{"proof_of_identity", EMU_PERSON},
	{"property_tax_bill", EMU_PLACE},
	{"rental_receipt", EMU_PLACE},
	{"residence_permit", EMU_PERSON},
	{"social_security_card", EMU_PERSON},
	{"student_id", EMU_PERSON},
	{"title_deed", EMU_PLACE},
	{"trade_license", EMU_COMPANY},
	{"vat_certificate", "business_name,vat_number"},
	{"visa", EMU_PERSON},
	{"voter_card", EMU_PERSON}
};

#define EMU_DOCUMENT_TYPES \
	(sizeof(emu_document_type_table) / sizeof(*emu_document_type_table))

/* Whether a document of that type can be created. */
bool
emu_type_is_known(const char *type)
{
	size_t		i;

	for (i = 0; i < EMU_DOCUMENT_TYPES; i++)
		if (strcmp(type, emu_document_type_table[i].name) == 0)
			return true;
	return false;
}

static void
emu_document_types_fill(EmuWorld *world)
{
	emu_types_fill(emu_rows(world, &emu_document_types),
				   emu_document_type_table, EMU_DOCUMENT_TYPES);
}

const EmuResource emu_document_types = {
	.name = "supporting_document_types",
	.path = "/SupportingDocumentTypes",
	.prefix = "OY",
	.list_key = "supporting_document_types",
	.schema = "numbers.v2.regulatory_compliance.supporting_document_type",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_FETCH),
	.key_field = EMU_TYPE_MACHINE_NAME,
	.fields = emu_type_fields,
	.fill = emu_document_types_fill
};
