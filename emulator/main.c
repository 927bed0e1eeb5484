/*
 * main.c
 *		How does the emulator start, and how does it end?
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "accounts.h"
#include "http.h"
#include "openapi.h"

/* The whole file, or exits with what is wrong; NULL for NULL. NEW. */
static char *
emu_read_file(const char *name)
{
	FILE	   *file;
	EmuBuf		buf = {0};
	char		block[4096];
	size_t		len;

	if (name == NULL)
		return NULL;
	file = fopen(name, "rb");
	if (file == NULL)
	{
		fprintf(stderr, "regdocs-emulator: could not open \"%s\"\n", name);
		exit(1);
	}
	emu_buf_put(&buf, "");
	while ((len = fread(block, 1, sizeof(block), file)) > 0)
		emu_buf_add(&buf, block, len);
	fclose(file);
	return buf.data;
}

/* Signals are blocked before there are threads, and taken by the main one. */
static void
emu_block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void
emu_end_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* it may have ended just before */
	if (getppid() != parent)
		raise(SIGTERM);
}

static void
emu_open(Emu *emu)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	emu->ids_key = emu_mix((uint64_t) now.tv_sec * 1000000000 +
						   (uint64_t) now.tv_nsec);
	emu->stop_fd = eventfd(0, EFD_CLOEXEC);
	emu->world = emu_world_open(&emu->options);
	emu->accounts = emu_accounts_open(emu->options.accounts);
	emu->faults = emu_faults_open();
	emu->counters = emu_counters_open();
	emu->journal = emu_journal_open();
}

static void
emu_close(Emu *emu)
{
	emu_journal_close(emu->journal);
	emu_counters_close(emu->counters);
	emu_faults_close(emu->faults);
	emu_accounts_close(emu->accounts);
	emu_world_close(emu->world);
	close(emu->stop_fd);
}

/* Serves until a signal comes; returns the exit code. */
static int
emu_serve(Emu *emu, const sigset_t *signals)
{
	const EmuOptions *options = &emu->options;
	char	   *certificate = emu_read_file(options->tls_cert);
	char	   *key = emu_read_file(options->tls_key);
	struct MHD_Daemon *daemon = emu_http_start(emu, certificate, key);
	int			signal_number;

	if (daemon != NULL)
	{
		printf("listening on %s://127.0.0.1:%u\n",
			   certificate ? "https" : "http", (unsigned)
			   MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
		fflush(stdout);
		sigwait(signals, &signal_number);
		eventfd_write(emu->stop_fd, 1);
		MHD_stop_daemon(daemon);
	}
	else
		fputs("regdocs-emulator: could not listen; is the port taken, or the "
			  "certificate no good?\n", stderr);
	free(certificate);
	free(key);
	return daemon != NULL ? 0 : 1;
}

int
main(int argc, char **argv)
{
	pid_t		parent = getppid();
	Emu			emu = {0};
	sigset_t	signals;
	int			code;

	code = emu_options_parse(&emu.options, argc, argv);
	if (code >= 0)
		return code;
	if (emu.options.check_openapi != NULL)
		return emu_openapi_check(emu.options.check_openapi);
	emu_block_signals(&signals);
	if (emu.options.exit_with_parent)
		emu_end_with_parent(parent);
	emu_open(&emu);
	code = emu_serve(&emu, &signals);
	emu_close(&emu);
	return code;
}
