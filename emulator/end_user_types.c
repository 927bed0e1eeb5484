/*
 * end_user_types.c
 *		Which types of end users are there, and what do they ask for?
 */
#include "types.h"

static const EmuTypeAsks emu_end_user_type_table[] = {
	{"individual", "first_name,last_name,birth_date,email,phone_number"},
	{"business", "business_name,business_registration_number,first_name,"
	"last_name,business_website,is_subassigned"}
};

static void
emu_end_user_types_fill(EmuWorld *world)
{
	emu_types_fill(emu_rows(world, &emu_end_user_types),
				   emu_end_user_type_table,
				   sizeof(emu_end_user_type_table) /
				   sizeof(*emu_end_user_type_table));
}

const EmuResource emu_end_user_types = {
	.name = "end_user_types",
	.path = "/EndUserTypes",
	.prefix = "OY",
	.list_key = "end_user_types",
	.schema = "numbers.v2.regulatory_compliance.end_user_type",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_FETCH),
	.key_field = EMU_TYPE_MACHINE_NAME,
	.fields = emu_type_fields,
	.fill = emu_end_user_types_fill
};
