# regdocs_fdw: make, make install, make installcheck (PGXS)
EXTENSION = regdocs_fdw
MODULE_big = regdocs_fdw
DATA = sql/regdocs_fdw--1.0.sql

API_OBJS = \
	src/api/secret.o \
	src/api/error.o \
	src/api/buffer.o \
	src/api/resource.o \
	src/api/request.o \
	src/api/mux.o \
	src/api/sockets.o \
	src/api/gunzip.o \
	src/api/answer.o \
	src/api/failure.o \
	src/api/throttle.o \
	src/api/clock.o \
	src/api/transfer.o \
	src/api/pool.o \
	src/api/transport.o \
	src/api/retry.o \
	src/api/reply.o \
	src/api/call.o \
	src/api/attempt.o \
	src/api/client.o
FDW_OBJS = \
	src/fdw/url.o \
	src/fdw/option_value.o \
	src/fdw/options.o \
	src/fdw/report.o \
	src/fdw/wait.o \
	src/fdw/connection.o \
	src/fdw/connection_call.o \
	src/fdw/columns.o \
	src/fdw/json.o \
	src/fdw/page.o \
	src/fdw/link.o \
	src/fdw/seen.o \
	src/fdw/pager.o \
	src/fdw/fetcher.o \
	src/fdw/value.o \
	src/fdw/row.o \
	src/fdw/quals.o \
	src/fdw/private.o \
	src/fdw/file_type.o \
	src/fdw/form.o \
	src/fdw/outcome.o \
	src/fdw/order.o \
	src/fdw/spill.o \
	src/fdw/lane.o \
	src/fdw/writer.o \
	src/fdw/ledger.o \
	src/fdw/xact.o \
	src/fdw/modify_plan.o \
	src/fdw/modify_state.o \
	src/fdw/modify.o \
	src/fdw/keys.o \
	src/fdw/spool.o \
	src/fdw/walk.o \
	src/fdw/source.o \
	src/fdw/rescan.o \
	src/fdw/plan.o \
	src/fdw/scan.o \
	src/fdw/async.o \
	src/fdw/analyze.o \
	src/fdw/explain.o \
	src/fdw/functions.o \
	src/fdw/import.o
OBJS = regdocs_fdw.o $(API_OBJS) $(FDW_OBJS)

REGRESS = options import \
	read types columns on_error keys joins rescan kept plans limit \
	paging paging_offset paging_prefix errors retries explain connections \
	security import_use \
	analyze costs join_paths walk walk_changes decode async \
	insert update delete copy files rollback at_commit updatable writers \
	write_order own_writes states
REGRESS_OPTS = --launcher=./test/with_emulator
REGRESS_PREP = emulator
# The tests' database, whatever the cluster has.
ENCODING = UTF8
NO_LOCALE = 1
TAP_TESTS = 1
PROVE_TESTS = \
	t/001_smoke.pl \
	t/010_cancel.pl \
	t/011_leaks.pl \
	t/020_memory.pl \
	t/021_digest.pl \
	t/022_answers.pl \
	t/023_json.pl \
	t/030_tls.pl \
	t/031_connections.pl \
	t/032_http2.pl \
	t/033_absence.pl \
	t/034_descriptors.pl \
	t/035_altered.pl \
	t/036_upload_url.pl \
	t/040_secrecy.pl \
	t/041_log_requests.pl \
	t/042_write_secrecy.pl \
	t/050_backends.pl \
	t/060_dump.pl \
	t/070_encodings.pl \
	t/080_outages.pl \
	t/090_parallel.pl \
	t/100_analyze.pl \
	t/101_accounts.pl \
	t/102_walk.pl \
	t/103_throttle.pl \
	t/110_write_failures.pl \
	t/111_write_interrupts.pl \
	t/112_not_begun.pl \
	t/113_interrupted_rollback.pl \
	t/114_serializable.pl \
	t/115_upload_url.pl

# Callbacks get their arguments from PostgreSQL, used or not.
PG_CFLAGS = -std=gnu99 -Wall -Wextra -Wno-unused-parameter
SHLIB_LINK = -lcurl -ljansson -lz
# JIT inlines functions of expressions by their bitcode; there are none here.
override with_llvm = no
PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# The client knows no PostgreSQL: the server's headers are out of its reach.
$(API_OBJS): override CPPFLAGS := \
	$(filter-out -I$(includedir_server)% -I$(includedir_internal)%,$(CPPFLAGS))
$(OBJS): Makefile $(wildcard src/api/*.h src/fdw/*.h)

.PHONY: emulator indent lint clean-parts
emulator: ; $(MAKE) -C emulator
indent: ; test/lint --fix
lint: ; test/lint
clean: clean-parts
clean-parts:
	$(MAKE) -C emulator clean
	$(MAKE) -C test/unit clean
