/*
 * resource.h
 *		What a resource of the API is: data, a table for each.
 *
 * A resource is one file with an EmuResource in it, and one line in the list
 * below. Everything else asks the table.
 */
#ifndef EMU_RESOURCE_H
#define EMU_RESOURCE_H

#include <stdbool.h>

#include "counters.h"
#include "template.h"

#define EMU_FAMILY_PATH "/v2/RegulatoryCompliance"
#define EMU_MAX_FIELDS 20		/* of a resource, hidden ones included */
#define EMU_NO_FIELD (-1)

/* What a field or a parameter holds. */
typedef enum EmuType
{
	EMU_TEXT,
	EMU_TEXT_SID,				/* detail: its prefix, "??" for any */
	EMU_DATE,
	EMU_URI,
	EMU_CHOICE,					/* detail: "a|b" */
	EMU_BOOLEAN,
	EMU_ARRAY,
	EMU_MAP,					/* an object of URLs */
	EMU_ANY						/* JSON; in a form: an object */
} EmuType;

/* Where a field's value comes from. */
typedef enum EmuRole
{
	EMU_KEPT,
	EMU_KEPT_CREATED,			/* the store sets these two */
	EMU_KEPT_UPDATED,
	EMU_IS_SID,					/* these follow from the row's number */
	EMU_IS_ACCOUNT,
	EMU_IS_PARENT,
	EMU_IS_URL,
	EMU_IS_LINKS,				/* detail: "key=Path|key=Path" */
	EMU_HIDDEN					/* kept, not shown; they come last */
} EmuRole;

typedef struct EmuField
{
	const char *name;			/* NULL: behind the last one */
	EmuType		type;
	EmuRole		role;
	const char *detail;
	const char *initial;		/* of a new row, JSON; NULL: null */
} EmuField;

/* A parameter of a form. */
typedef struct EmuRule
{
	const char *name;			/* NULL: behind the last one */
	EmuType		type;
	bool		required;
	const char *detail;
	int			field;			/* that takes its value, or EMU_NO_FIELD */
	int			code;			/* of its refusal; 0: 20001 */
} EmuRule;

/* What a parameter of a list does. */
typedef enum EmuTest
{
	EMU_EQUALS,
	EMU_AMONG,					/* a list of sids, separated by commas */
	EMU_NAMED,					/* as --friendly-name says */
	EMU_PRESENT,				/* true: is not null, false: is null */
	EMU_ON,						/* a date, as --valid-until says */
	EMU_UNTIL,
	EMU_FROM,
	EMU_SORT_BY,				/* detail: values, in the order of the sorts */
	EMU_DIRECTION,
	EMU_INSTEAD					/* true: another field is shown */
} EmuTest;

typedef struct EmuFilter
{
	const char *name;			/* NULL: behind the last one */
	EmuTest		test;
	EmuType		type;
	const char *detail;
	int			field;
	int			code;			/* of its refusal; 0: 20001 */
	int			instead;		/* the hidden field that is shown */
	const struct EmuResource *through;	/* the field is one of this, of the */
	int			via;			/* row that this field names; NULL: own */
} EmuFilter;

/* One row as JSON, field by field; BORROWED from a scratch or the store. */
typedef struct EmuRow
{
	EmuText		field[EMU_MAX_FIELDS];
} EmuRow;

struct EmuCall;
struct EmuGenerator;
struct EmuWorld;
typedef struct EmuResource EmuResource;

struct EmuResource
{
	const char *name;			/* "bundles" */
	const char *path;			/* below the family's; {}: the parent's sid */
	const char *prefix;			/* of its sids; NULL: it has none */
	const char *list_key;		/* the array in a page */
	const char *schema;			/* its name in the vendor's description */
	unsigned	verbs;			/* EMU_VERB()s */
	const EmuResource *parent;	/* NULL: none, or not necessarily */
	const EmuResource *rows;	/* whose rows it shows; NULL: its own */
	int			key_field;		/* may stand for the sid; 0: none */
	bool		newest_first;	/* the order of its list */
	const EmuField *fields;
	const EmuRule *create;		/* these three NULL: none */
	const EmuRule *update;
	const EmuFilter *filters;
	const int  *sorts;			/* fields to sort by, see EMU_SORT_BY */

	/*
	 * All of these may be NULL. Those with a call hold the lock; the may_
	 * ones fill the reply and return false where they refuse.
	 */
	void		(*generate) (const struct EmuGenerator *generator,
							 uint32_t index, EmuScratch *scratch, EmuRow *row);
	void		(*fill) (struct EmuWorld *world);
	bool		(*may_create) (struct EmuCall *call);
	void		(*created) (struct EmuCall *call);
	bool		(*may_update) (struct EmuCall *call);
	void		(*updated) (struct EmuCall *call);
	void		(*settled) (struct EmuCall *call);	/* is answered already */
	bool		(*may_delete) (struct EmuCall *call);
	/* in place of making a row, in place of a whole verb without the lock */
	bool		(*make) (struct EmuCall *call);
	void		(*answer_create) (struct EmuCall *call);
	void		(*answer_update) (struct EmuCall *call);
};

#define EMU_VERB(kind) (1u << (kind))

/*
 * All of them, a line each; they are filled in this order. The number of a
 * resource is in its sids, so new ones come last.
 */
#define EMU_RESOURCES(RESOURCE) \
	RESOURCE(emu_documents) \
	RESOURCE(emu_document_types) \
	RESOURCE(emu_end_user_types) \
	RESOURCE(emu_regulations) \
	RESOURCE(emu_end_users) \
	RESOURCE(emu_bundles) \
	RESOURCE(emu_item_assignments) \
	RESOURCE(emu_evaluations) \
	RESOURCE(emu_bundle_copies) \
	RESOURCE(emu_bundle_clones) \
	RESOURCE(emu_replace_items)

#define EMU_DECLARE(name) extern const EmuResource name;
EMU_RESOURCES(EMU_DECLARE)
extern const EmuResource *const emu_resources[];
extern const int emu_resource_count;

extern int	emu_resource_number(const EmuResource *resource);
extern const EmuResource *emu_resource_named(const char *name);
extern const EmuResource *emu_resource_rows(const EmuResource *resource);
extern int	emu_resource_shown(const EmuResource *resource);
extern int	emu_resource_field(const EmuResource *resource, const char *name);
extern int	emu_resource_role(const EmuResource *resource, EmuRole role);
extern bool emu_resource_has_field(const char *name, size_t len);
extern unsigned emu_resource_mask(const EmuResource *resource,
								  const char *names);

#endif							/* EMU_RESOURCE_H */
