/*
 * accounts.h
 *		Which account is it, and where are its rows?
 */
#ifndef EMU_ACCOUNTS_H
#define EMU_ACCOUNTS_H

#include "request.h"

extern EmuAccounts *emu_accounts_open(int64_t count);
extern void emu_accounts_close(EmuAccounts *accounts);

/* The number of the account with that SID and token; -1: there is none. */
extern int64_t emu_account_find(const Emu *emu, const char *sid,
								const char *token);

/* The emulator as that account has it. */
extern Emu *emu_account(Emu *emu, int64_t number);

#endif							/* EMU_ACCOUNTS_H */
