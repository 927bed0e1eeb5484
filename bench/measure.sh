# shellcheck shell=bash
#
# measure.sh: how script/bench measures, and what it prints of that.
#
# A statement is measured by the backend that runs it: log_statement_stats
# gives its wall time, its CPU time and its largest resident size, as the
# kernel counts them for that process, and neither psql nor the starting of a
# backend is in them.  script/lib.sh must have been read.
#
# shellcheck disable=SC2119,SC2120 # what sql is given, it gives to psql
# shellcheck disable=SC2154 # script/lib.sh sets work and top

declare -A api_url=()	# where the emulators listen, by name

# Set by measure, in microseconds and kilobytes; faults are of pages of memory
# that needed no disk.
wall_us=
cpu_us=
peak_kb=
faults=

sql()
{
	as_user psql --no-psqlrc --quiet --no-align --tuples-only \
		--set=ON_ERROR_STOP=1 "$@"
}

#
# An API, and a schema with a foreign table that reads it; both have the name,
# which is the first argument.  Then come the server's other options, in SQL,
# and the emulator's flags.
#
api()
{
	local name=$1 options=$2

	shift 2
	# Or emulator_start might find the line of the one before it.
	rm -f "$work/logs/emulator"
	emulator_start --account-sid "$EMULATOR_ACCOUNT_SID" \
		--auth-token "$EMULATOR_AUTH_TOKEN" "$@" ||
		die "could not start an emulator: $(cat "$work/logs/emulator")"
	mv "$work/emulator.pid" "$work/$name.emulator"
	api_url[$name]=$EMULATOR_URL
	sql <<-END || die "could not create the foreign table"
		CREATE SCHEMA $name;
		CREATE SERVER $name FOREIGN DATA WRAPPER regdocs_fdw
			OPTIONS (base_url '$EMULATOR_URL' $options);
		CREATE USER MAPPING FOR CURRENT_USER SERVER $name
			OPTIONS (account_sid '$EMULATOR_ACCOUNT_SID',
				auth_token '$EMULATOR_AUTH_TOKEN');
		IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER $name
			INTO $name;
	END
}

# End all emulators, and forget what the row before had in the database.
api_stop_all()
{
	local file name

	for file in "$work"/*.emulator
	do
		[[ -f $file ]] || continue
		process_stop "$file" regdocs-emulator
		rm "$file"
		name=$(basename "$file" .emulator)
		sql <<-END
			SET client_min_messages = warning;
			DROP SCHEMA IF EXISTS $name CASCADE;
			DROP SERVER IF EXISTS $name CASCADE;
		END
	done
}

# What the tests ask of an emulator: its name, then the arguments of test/emu.
emu()
{
	EMULATOR_URL=${api_url[$1]} "$top/test/emu" "${@:2}"
}

# Have statistics of the foreign table, and see that it has that many rows.
analyze()
{
	local tuples

	tuples=$(sql <<-END
		ANALYZE $1.supporting_documents;
		SELECT reltuples FROM pg_class
		WHERE oid = '$1.supporting_documents'::regclass;
	END
	) || die "could not analyze the foreign table"
	awk -v is="$tuples" -v ought="$2" \
		'BEGIN { exit !(is > ought * 0.95 && is < ought * 1.05) }' ||
		die "ANALYZE found $tuples rows of $2"
}

#
# Run a statement in a new backend and measure it.  What comes before, in the
# second argument, is not measured: at least it loads the extension and opens
# its connection, which is done once in a session.
#
measure()
{
	local out=$work/tmp/measured

	sql > "$out" 2>&1 <<-END || die "$(tail -n 5 "$out")"
		$2
		SET client_min_messages = log;
		SET log_statement_stats = on;
		$1
	END
	# shellcheck disable=SC2034 # the rows use faults
	read -r wall_us cpu_us peak_kb faults < <(awk '
		/^!\t[0-9.]+ s user, / { cpu = $2 + $5; wall = $8 }
		/ kB max resident size$/ { peak = $2 }
		/ page faults\/reclaims, / { split($2, faults, "/") }
		END {
			printf "%.0f %.0f %d %d\n", wall * 1e6, cpu * 1e6, peak, faults[2]
		}' "$out")
	((wall_us > 0 && cpu_us > 0 && peak_kb > 0)) ||
		die "the backend did not say what it used: $(tail -n 5 "$out")"
}

#
# Read whole tables, or what else a query gives, with every column and without
# a client: EXPLAIN ANALYZE throws rows away once the plan has made them.
#
execute()
{
	echo "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) $1;"
}

# One row of one page, so that the next statement finds a connection.
warm_up()
{
	echo "SELECT sid FROM $1.supporting_documents LIMIT 1;"
}

first_page()
{
	local path=/v2/RegulatoryCompliance/SupportingDocuments

	echo "${api_url[$1]}$path?PageSize=1000"
}

#
# Walk the list of an API with libcurl alone, and see that it has so many
# pages; prints microseconds.
#
chain()
{
	local pages bytes microseconds

	read -r pages bytes microseconds < <(
		as_user bench/chain "$(first_page "$1")")
	((pages == $2 && bytes > 0)) || die "the chain has ${pages:-no} pages"
	echo "$microseconds"
}

#
# Millions of instructions that a statement executes, by callgrind, without its
# planning: in a backend of its own, for which the cluster is stopped.
#
instructions()
{
	local bin out=$work/tmp/callgrind

	bin=$(dirname "$pg_config")
	as_user "$bin/pg_ctl" --pgdata="$work/data" --mode=fast --silent stop ||
		die "could not stop PostgreSQL"
	rm -f "$out"
	as_user valgrind --tool=callgrind --callgrind-out-file="$out" \
		--toggle-collect=standard_ExecutorRun "$bin/postgres" --single -j \
		-D "$work/data" postgres <<< "$1" > "$work/logs/callgrind" 2>&1
	cluster_restart || die "could not start PostgreSQL"
	awk '/^(summary|totals): / { print $2 / 1e6; exit }' "$out" | grep . ||
		die "callgrind counted nothing: $(tail -n 5 "$work/logs/callgrind")"
}

larger()
{
	echo $(($1 > $2 ? $1 : $2))
}

# The median of the arguments.
median()
{
	printf '%s\n' "$@" | sort -n | awk '
		{ value[NR] = $1 }
		END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}

#
# Print a row of the table: the work, its unit (ms, MB or number), the target
# as a ratio ("-": there is none), then the measured values and those of the
# reference, each in one argument.  The ratio is that of the medians; the
# spread is how far apart the measured values are.  Times come in microseconds,
# sizes in kilobytes.
#
row()
{
	local measured reference
	local -a values

	# shellcheck disable=SC2086 # they are lists
	measured=$(median $4) reference=$(median $5)
	read -r -a values <<< "$4"
	printf '%s\n' "${values[@]}" | sort -n | awk -v work="$1" -v unit="$2" \
		-v target="$3" -v measured="$measured" -v reference="$reference" '
		NR == 1 { least = $1 }
		{ most = $1 }
		function quantity(value)
		{
			if (unit == "ms")
				return sprintf("%.1f ms", value / 1000)
			if (unit == "MB")
				return sprintf("%.1f MB", value / 1024)
			return value
		}
		END {
			ratio = measured / reference
			verdict = target == "-" ? "" : ratio <= target ? "met" : "MISSED"
			printf "| %-55s | %10s | %4.0f %% | %10s | %6.3f | %7s | %-6s |\n",
				work, quantity(measured), (most - least) / measured * 100,
				quantity(reference), ratio, target, verdict
		}' | tee -a "$work/table"
}

# The table is Markdown, so that it can be put into doc/benchmarks.md.
table_head()
{
	local dashes=--------------------------------------------------------

	printf '| %-55s | %10s | %6s | %10s | %6s | %7s | %-6s |\n' \
		work measured spread reference ratio 'at most' ''
	printf '|:%s|%s:|%s:|%s:|%s:|%s:|%s|\n' "${dashes:0:56}" "${dashes:0:11}" \
		"${dashes:0:7}" "${dashes:0:11}" "${dashes:0:7}" "${dashes:0:8}" \
		"${dashes:0:8}"
}
