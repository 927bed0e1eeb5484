/*
 * store.h
 *		The rows of one resource: as generated, with the changes laid over
 *		them.
 *
 * Whoever calls anything but open and close holds the world's lock.
 */
#ifndef EMU_STORE_H
#define EMU_STORE_H

#include "branch.h"
#include "generate.h"
#include "order.h"

#define EMU_NONE UINT32_MAX		/* no row */

typedef struct EmuStore EmuStore;

/* Which of a row's fields are shown, and how. */
typedef struct EmuShow
{
	const EmuResource *resource;
	unsigned	omitted;		/* bits */
	int			field;			/* shown as another, or EMU_NO_FIELD */
	int			instead;		/* that other */
} EmuShow;

extern EmuStore *emu_store_open(const EmuResource *resource, int number,
								const EmuOptions *options,
								const EmuStore *parents);
extern void emu_store_close(EmuStore *store);
extern void emu_store_settle(EmuStore *store);

extern bool emu_store_find(const EmuStore *store, const char *sid,
						   uint32_t *index);
extern bool emu_store_is_live(const EmuStore *store, uint64_t index);
extern size_t emu_store_count(const EmuStore *store);
extern uint32_t emu_store_ever(const EmuStore *store);
extern const EmuResource *emu_store_resource(const EmuStore *store);
extern const EmuStore *emu_store_parents(const EmuStore *store);
extern const EmuOrder *emu_store_order(const EmuStore *store);
extern const EmuBranch *emu_store_branch(const EmuStore *store,
										 uint32_t parent);
extern uint32_t emu_store_parent(const EmuStore *store, uint32_t index);
extern void emu_store_sid(const EmuStore *store, uint32_t index,
						  char sid[EMU_SID_LENGTH + 1]);
extern uint64_t emu_store_random(const EmuStore *store, uint32_t index);
extern void emu_store_get(const EmuStore *store, uint32_t index,
						  EmuScratch *scratch, EmuRow *row);
extern EmuText emu_store_kept(const EmuStore *store, uint32_t index,
							  int field);
extern bool emu_store_kept_is(const EmuStore *store, uint32_t index,
							  int field, const char *json);
extern const char *emu_store_raw(const EmuStore *store, uint32_t index);
extern bool emu_store_is_assigned(const EmuStore *store, uint32_t index);
extern void emu_store_render(const EmuStore *store, uint32_t index,
							 const EmuShow *show, EmuBuf *buf);

extern uint32_t emu_store_create(EmuStore *store, uint32_t parent);
extern void emu_store_set(EmuStore *store, uint32_t index, int field,
						  char *json);	/* STEALS json */
extern void emu_store_put(EmuStore *store, uint32_t index, int field,
						  const char *json);
extern void emu_store_copy(EmuStore *store, uint32_t index, int field,
						   EmuText json);
extern void emu_store_set_raw(EmuStore *store, uint32_t index, char *raw);
extern void emu_store_assign(EmuStore *store, uint32_t index, bool assigned);
extern void emu_store_touch(EmuStore *store, uint32_t index);
extern void emu_store_delete(EmuStore *store, uint32_t index);

#endif							/* EMU_STORE_H */
