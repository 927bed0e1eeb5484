/*
 * bundles.h
 *		The fields of a bundle and of what belongs to it.
 */
#ifndef EMU_BUNDLES_H
#define EMU_BUNDLES_H

#include "world.h"

typedef enum EmuBundleField
{
	EMU_BUN_SID,
	EMU_BUN_ACCOUNT_SID,
	EMU_BUN_REGULATION_SID,
	EMU_BUN_FRIENDLY_NAME,
	EMU_BUN_STATUS,
	EMU_BUN_VALID_UNTIL,
	EMU_BUN_EMAIL,
	EMU_BUN_STATUS_CALLBACK,
	EMU_BUN_DATE_CREATED,
	EMU_BUN_DATE_UPDATED,		/* copies have no more than these */
	EMU_BUN_URL,
	EMU_BUN_LINKS,
	EMU_BUN_IS_TEST,			/* hidden, from here on */
	EMU_BUN_NUMBERS,			/* telephone numbers that use it */
	EMU_BUN_ADDRESS_DELETED
} EmuBundleField;

typedef enum EmuAssignmentField
{
	EMU_ITEM_SID,
	EMU_ITEM_BUNDLE_SID,
	EMU_ITEM_ACCOUNT_SID,
	EMU_ITEM_OBJECT_SID,
	EMU_ITEM_DATE_CREATED,
	EMU_ITEM_URL
} EmuAssignmentField;

typedef enum EmuEvaluationField
{
	EMU_EVAL_SID,
	EMU_EVAL_ACCOUNT_SID,
	EMU_EVAL_REGULATION_SID,
	EMU_EVAL_BUNDLE_SID,
	EMU_EVAL_STATUS,
	EMU_EVAL_RESULTS,
	EMU_EVAL_DATE_CREATED,
	EMU_EVAL_URL
} EmuEvaluationField;

typedef enum EmuEndUserField
{
	EMU_USER_SID,
	EMU_USER_ACCOUNT_SID,
	EMU_USER_FRIENDLY_NAME,
	EMU_USER_TYPE,
	EMU_USER_ATTRIBUTES,
	EMU_USER_DATE_CREATED,
	EMU_USER_DATE_UPDATED,
	EMU_USER_URL
} EmuEndUserField;

#define EMU_BUNDLE_STATUSES "draft|pending-review|in-review|" \
	"twilio-rejected|twilio-approved|provisionally-approved"

/* item_assignments.c */
extern uint32_t emu_item_add(EmuWorld *world, uint32_t bundle,
							 EmuText object_sid);
extern bool emu_is_item(EmuWorld *world, const EmuStore *rows,
						uint32_t index);
extern void emu_items_copy(EmuWorld *world, uint32_t from, uint32_t to);
extern void emu_items_replace(EmuWorld *world, uint32_t from, uint32_t to);
extern bool emu_items_have_addresses(EmuWorld *world, uint32_t from,
									 uint32_t to);

/* generate_items.c */
extern void emu_items_fill(EmuWorld *world);

/* bundle_copies.c */
extern const EmuField emu_copy_fields[];

/* lifecycle.c */
extern void emu_bundle_copy(EmuWorld *world, uint32_t from, uint32_t to);
extern void emu_bundle_submitted(EmuWorld *world, uint32_t bundle);
extern void emu_bundle_withdrawn(EmuWorld *world, uint32_t bundle);
extern void emu_bundle_reviewed(EmuWorld *world, uint32_t bundle,
								const char *status, const char *valid_until,
								const char *documents, const char *reason,
								const char *errors);

#endif							/* EMU_BUNDLES_H */
