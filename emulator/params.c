/*
 * params.c
 *		What is the value of a parameter?
 */
#include "params.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* BORROWED, until the next one is added. */
EmuParam *
emu_params_add(EmuParams *params, const char *name)
{
	EmuParam   *param;

	params->param = emu_realloc(params->param, (params->count + 1) *
								sizeof(*params->param));
	param = &params->param[params->count++];
	memset(param, 0, sizeof(*param));
	param->name = emu_copy(name, strlen(name));
	emu_buf_put(&param->value, "");
	return param;
}

/* The last of that name, or NULL. */
const EmuParam *
emu_params_find(const EmuParams *params, const char *name)
{
	size_t		i;

	for (i = params->count; i > 0; i--)
		if (strcmp(params->param[i - 1].name, name) == 0)
			return &params->param[i - 1];
	return NULL;
}

const char *
emu_params_text(const EmuParams *params, const char *name)
{
	const EmuParam *param = emu_params_find(params, name);

	return param ? param->value.data : NULL;
}

/* False where the parameter is there and is no whole number. */
bool
emu_params_number(const EmuParams *params, const char *name, int64_t *number)
{
	const char *text = emu_params_text(params, name);
	char	   *end;

	if (text == NULL)
		return true;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

/* Appends a text as it stands in a query. */
void
emu_url_encode(EmuBuf *buf, const char *text)
{
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char) *text) || strchr("-._~", *text) != NULL)
			emu_buf_add(buf, text, 1);
		else
			emu_buf_printf(buf, "%%%02X", (unsigned char) *text);
}

void
emu_params_free(EmuParams *params)
{
	size_t		i;

	for (i = 0; i < params->count; i++)
	{
		free(params->param[i].name);
		emu_buf_free(&params->param[i].value);
	}
	free(params->param);
	memset(params, 0, sizeof(*params));
}
