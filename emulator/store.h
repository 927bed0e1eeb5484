/*
 * store.h
 *		All documents: as generated, with the changes laid over them.
 *
 * Whoever calls anything but open, close and the locks holds the lock.
 */
#ifndef EMU_STORE_H
#define EMU_STORE_H

#include "order.h"

typedef struct EmuStore EmuStore;

extern EmuStore *emu_store_open(const EmuOptions *options);
extern void emu_store_close(EmuStore *store);
extern void emu_store_lock_shared(EmuStore *store);
extern void emu_store_lock(EmuStore *store);
extern void emu_store_unlock(EmuStore *store);

extern bool emu_store_find(const EmuStore *store, const char *sid,
						   uint32_t *index);
extern bool emu_store_is_live(const EmuStore *store, uint64_t index);
extern size_t emu_store_count(const EmuStore *store);
extern const EmuOrder *emu_store_order(const EmuStore *store);
extern const EmuGenerator *emu_store_generator(const EmuStore *store);
extern void emu_store_get(const EmuStore *store, uint32_t index,
						  EmuScratch *scratch, EmuDocument *document);
extern const char *emu_store_raw(const EmuStore *store, uint32_t index);
extern bool emu_store_is_assigned(const EmuStore *store, uint32_t index);
extern void emu_store_render(const EmuStore *store, uint32_t index,
							 unsigned omitted, EmuBuf *buf);

extern uint32_t emu_store_create(EmuStore *store);
extern void emu_store_set(EmuStore *store, uint32_t index, EmuField field,
						  char *json);	/* STEALS json */
extern void emu_store_set_raw(EmuStore *store, uint32_t index, char *raw);
extern void emu_store_assign(EmuStore *store, uint32_t index, bool assigned);
extern void emu_store_touch(EmuStore *store, uint32_t index);
extern void emu_store_delete(EmuStore *store, uint32_t index);

#endif							/* EMU_STORE_H */
