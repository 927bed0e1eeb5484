/*
 * accounts.c
 *		Which account is it, and where are its rows?
 *
 * The second and further accounts have worlds of their own, made when they are
 * first asked for; the rest they share with the first.
 */
#include "accounts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits at the end of a SID that tell the accounts apart. */
#define EMU_NUMBER_DIGITS 8
#define EMU_SID_HEAD (34 - EMU_NUMBER_DIGITS)

struct EmuAccounts
{
	pthread_mutex_t lock;
	Emu		  **other;			/* by number; NULL: not asked for so far */
	int64_t		count;
};

EmuAccounts *
emu_accounts_open(int64_t count)
{
	EmuAccounts *accounts = emu_alloc(sizeof(*accounts));

	pthread_mutex_init(&accounts->lock, NULL);
	accounts->count = count;
	accounts->other = emu_alloc((size_t) count * sizeof(*accounts->other));
	return accounts;
}

void
emu_accounts_close(EmuAccounts *accounts)
{
	int64_t		i;

	for (i = 0; i < accounts->count; i++)
	{
		Emu		   *other = accounts->other[i];

		if (other == NULL)
			continue;
		emu_world_close(other->world);
		free((char *) other->options.account_sid);
		free(other);
	}
	free(accounts->other);
	pthread_mutex_destroy(&accounts->lock);
	free(accounts);
}

static uint32_t
emu_sid_number(const char *sid)
{
	return (uint32_t) strtoul(sid + EMU_SID_HEAD, NULL, 16);
}

/* The number of the account with that SID; -1: there is none. */
static int64_t
emu_account_number(const Emu *emu, const char *sid)
{
	const char *first = emu->options.account_sid;
	uint32_t	number;

	if (strcmp(sid, first) == 0)
		return 0;
	if (strlen(sid) != strlen(first) ||
		memcmp(sid, first, EMU_SID_HEAD) != 0 ||
		strspn(sid + EMU_SID_HEAD, "0123456789abcdef") != EMU_NUMBER_DIGITS)
		return -1;
	number = emu_sid_number(sid) - emu_sid_number(first);
	return number < emu->options.accounts ? (int64_t) number : -1;
}

/* Whether that is the token of the account of that number. */
static bool
emu_account_token_is(const Emu *emu, int64_t number, const char *token)
{
	size_t		length = strlen(emu->options.auth_token);
	char	   *end;

	if (strncmp(token, emu->options.auth_token, length) != 0)
		return false;
	if (number == 0)
		return token[length] == '\0';
	return token[length] == '-' && token[length + 1] != '0' &&
		strtoll(token + length + 1, &end, 10) == number && *end == '\0';
}

int64_t
emu_account_find(const Emu *emu, const char *sid, const char *token)
{
	int64_t		number = emu_account_number(emu, sid);

	return number >= 0 && emu_account_token_is(emu, number, token) ?
		number : -1;
}

static Emu *
emu_account_open(const Emu *emu, int64_t number)
{
	Emu		   *other = emu_alloc(sizeof(*other));
	char	   *sid = strdup(emu->options.account_sid);

	*other = *emu;
	snprintf(sid + EMU_SID_HEAD, EMU_NUMBER_DIGITS + 1, "%08x",
			 emu_sid_number(sid) + (uint32_t) number);
	other->options.account_sid = sid;
	other->options.seed += number;
	other->world = emu_world_open(&other->options);
	return other;
}

Emu *
emu_account(Emu *emu, int64_t number)
{
	EmuAccounts *accounts = emu->accounts;
	Emu		   *other;

	if (number == 0)
		return emu;
	pthread_mutex_lock(&accounts->lock);
	if (accounts->other[number] == NULL)
		accounts->other[number] = emu_account_open(emu, number);
	other = accounts->other[number];
	pthread_mutex_unlock(&accounts->lock);
	return other;
}
