# regdocs_fdw: make, make install, make installcheck (PGXS)
EXTENSION = regdocs_fdw
MODULE_big = regdocs_fdw
DATA = sql/regdocs_fdw--1.0.sql

CLIENT_OBJS = \
	$(patsubst %.c,%.o,$(sort $(wildcard src/resource/*.c))) \
	src/api/secret.o \
	src/api/error.o \
	src/api/credential.o \
	src/api/buffer.o \
	src/api/percent.o \
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
	src/api/session.o \
	src/api/client.o
FDW_OBJS = \
	src/fdw/base/url.o \
	src/fdw/base/hosts.o \
	src/fdw/base/option_value.o \
	src/fdw/base/options.o \
	src/fdw/base/report.o \
	src/fdw/base/mapping.o \
	src/fdw/base/early.o \
	src/fdw/base/refreshing.o \
	src/fdw/base/progress.o \
	src/fdw/base/new_client.o \
	src/fdw/base/wait.o \
	src/fdw/base/connection.o \
	src/fdw/base/connection_call.o \
	src/fdw/row/columns.o \
	src/fdw/row/bound.o \
	src/fdw/row/input.o \
	src/fdw/row/json.o \
	src/fdw/row/jsonb.o \
	src/fdw/row/page.o \
	src/fdw/row/link.o \
	src/fdw/row/seen.o \
	src/fdw/row/value.o \
	src/fdw/row/row.o \
	src/fdw/read/quals.o \
	src/fdw/read/asked.o \
	src/fdw/read/scan_plan.o \
	src/fdw/read/costs.o \
	src/fdw/read/paths.o \
	src/fdw/read/plan.o \
	src/fdw/read/blind.o \
	src/fdw/read/pager.o \
	src/fdw/read/fetcher.o \
	src/fdw/read/lists.o \
	src/fdw/read/spool.o \
	src/fdw/read/walk.o \
	src/fdw/read/source.o \
	src/fdw/read/rescan.o \
	src/fdw/read/known.o \
	src/fdw/read/batches.o \
	src/fdw/read/lookahead.o \
	src/fdw/read/join.o \
	src/fdw/read/sorted.o \
	src/fdw/read/turns.o \
	src/fdw/read/scan.o \
	src/fdw/read/async.o \
	src/fdw/read/analyze.o \
	src/fdw/write/file_type.o \
	src/fdw/write/form.o \
	src/fdw/write/modify_plan.o \
	src/fdw/write/direct_plan.o \
	src/fdw/write/write_result.o \
	src/fdw/write/answers.o \
	src/fdw/write/order.o \
	src/fdw/write/spill.o \
	src/fdw/write/destination.o \
	src/fdw/write/dry_run.o \
	src/fdw/write/store.o \
	src/fdw/write/journal.o \
	src/fdw/write/image.o \
	src/fdw/write/write_queue.o \
	src/fdw/write/audit.o \
	src/fdw/write/under_way.o \
	src/fdw/write/writer.o \
	src/fdw/write/ledger.o \
	src/fdw/write/xact.o \
	src/fdw/write/modify_begin.o \
	src/fdw/write/modify_add.o \
	src/fdw/write/modify_row.o \
	src/fdw/write/modify.o \
	src/fdw/write/run.o \
	src/fdw/write/direct.o \
	src/fdw/mirror/shape.o \
	src/fdw/mirror/lookup.o \
	src/fdw/mirror/found.o \
	src/fdw/mirror/statements.o \
	src/fdw/mirror/create_snapshot.o \
	src/fdw/mirror/refresh.o \
	src/fdw/account/statement.o \
	src/fdw/account/parent.o \
	src/fdw/account/login.o \
	src/fdw/account/add_account.o \
	src/fdw/account/drop_account.o \
	src/fdw/explain.o \
	src/fdw/functions.o \
	src/fdw/replace_items.o \
	src/fdw/writes.o \
	src/fdw/import.o
OBJS = regdocs_fdw.o $(CLIENT_OBJS) $(FDW_OBJS)

REGRESS = options import family filters orders children blind family_writes \
	own_children flags params family_joins family_states children_pages \
	family_commit family_columns codes family_async replace_items mirror \
	cookbook \
	read types columns on_error set_null keys joins rescan kept plans limit \
	paging paging_offset paging_prefix errors retries explain connections \
	connection_times hosts security import_use roles \
	analyze costs join_paths batched_joins batched_family walk walk_changes decode \
	async insert account update delete returning copy files rollback at_commit updatable \
	writers journal \
	write_order own_writes states dry_run writes safe_writes cookbook_writes
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
	t/024_values.pl \
	t/025_page_faults.pl \
	t/030_tls.pl \
	t/031_connections.pl \
	t/032_http2.pl \
	t/033_absence.pl \
	t/034_descriptors.pl \
	t/035_altered.pl \
	t/036_upload_url.pl \
	t/037_allowed_hosts.pl \
	t/040_secrecy.pl \
	t/041_log_requests.pl \
	t/042_write_secrecy.pl \
	t/043_secret_files.pl \
	t/044_roles.pl \
	t/045_proxy.pl \
	t/046_audit.pl \
	t/050_backends.pl \
	t/060_dump.pl \
	t/070_encodings.pl \
	t/080_outages.pl \
	t/090_parallel.pl \
	t/100_analyze.pl \
	t/101_accounts.pl \
	t/102_walk.pl \
	t/103_throttle.pl \
	t/104_batched_joins.pl \
	t/105_waiting.pl \
	t/110_write_failures.pl \
	t/111_write_interrupts.pl \
	t/112_not_begun.pl \
	t/113_interrupted_rollback.pl \
	t/114_serializable.pl \
	t/115_upload_url.pl \
	t/116_question.pl \
	t/117_children.pl \
	t/118_routed.pl \
	t/119_returning.pl \
	t/120_mirror_walk.pl \
	t/121_mirror_interrupts.pl \
	t/122_mirror_memory.pl \
	t/123_mirror_accounts.pl \
	t/124_accounts.pl \
	t/125_bounds.pl \
	t/126_add_account.pl \
	t/127_many_accounts.pl \
	t/128_mirror_more.pl \
	t/129_coordinator.pl \
	t/130_nightly.pl

# Callbacks get their arguments from PostgreSQL, used or not.
PG_CFLAGS = -std=gnu99 -Wall -Wextra -Wno-unused-parameter
SHLIB_LINK = -lcurl -ljansson -lz
# JIT inlines functions of expressions by their bitcode; there are none here.
override with_llvm = no
PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# The client knows no PostgreSQL: the server's headers are out of its reach.
$(CLIENT_OBJS): override CPPFLAGS := \
	$(filter-out -I$(includedir_server)% -I$(includedir_internal)%,$(CPPFLAGS))
$(OBJS): Makefile $(wildcard src/*/*.h src/*/*/*.h)

.PHONY: emulator indent lint clean-parts
emulator: ; $(MAKE) -C emulator
indent: ; test/lint --fix
lint: ; test/lint
clean: clean-parts
clean-parts:
	$(MAKE) -C emulator clean
	$(MAKE) -C test/unit clean
