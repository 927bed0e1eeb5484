/*-------------------------------------------------------------------------
 *
 * option_value.h
 *	  The values of options by their type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_OPTION_VALUE_H
#define REGDOCS_OPTION_VALUE_H

/* What an option holds, and as what the readers store it. */
typedef enum RegdocsOptionType
{
	OPTION_DURATION,			/* int, in milliseconds */
	OPTION_SIZE,				/* Size, in bytes */
	OPTION_INTEGER,				/* int */
	OPTION_REAL,				/* double */
	OPTION_BOOLEAN,				/* bool */
	OPTION_ENUM,				/* int: the position in words */
	OPTION_RESOURCE,			/* const RdapiResource * */
	OPTION_URL,					/* char *, as all that follow */
	OPTION_PATH,
	OPTION_SID,
	OPTION_SECRET,
	OPTION_FIELD
} RegdocsOptionType;

typedef struct RegdocsOption
{
	const char *name;
	unsigned	where;			/* ON_SERVER | ... */
	RegdocsOptionType type;
	size_t		offset;			/* in the struct that the readers fill */
	const char *fallback;		/* the default; NULL: none */
	const char *min;			/* of numbers */
	const char *max;
	const char *zero;			/* what 0 below min means; NULL: not allowed */
	const char *const *words;	/* of an enum, ended by NULL */
	const char *prefix;			/* of a SID */
	bool		superuser;		/* only superusers may set it */
} RegdocsOption;

/*
 * Parse the value and store it as its type says; false: it is not valid.
 * Strings are palloc'd.
 */
extern bool regdocs_option_parse(const RegdocsOption *option,
								 const char *text, void *target);

/* What the option may hold, as a sentence; palloc'd. */
extern char *regdocs_option_hint(const RegdocsOption *option);

#endif							/* REGDOCS_OPTION_VALUE_H */
