# shellcheck shell=bash
#
# rows.sh: the rows of script/bench's table, one function each.
#
# Each starts the emulators that it needs and prints its rows; script/bench
# runs it in a subshell and stops the emulators.  In each run, reference and
# candidate alternate, so that what else the machine does meets both.
#
# shellcheck disable=SC2154 # set by script/bench and measure.sh

#
# All columns of 100,000 documents.  Nobody can be faster than the pages come
# one after the other, nor than the backend's own work; at best these two
# overlap without a gap.
#
scan()
{
	local name=$1 latency=$2 what=$3 target=$4 chain_target=$5 run bare
	local measured=() reference=() chains=() cpu=()

	api "$name" '' --documents 100000 --latency "$latency"
	for ((run = 0; run < runs; run++))
	do
		bare=$(chain "$name" 100) || exit 1
		measure "$(execute "SELECT * FROM $name.supporting_documents")" \
			"$(warm_up "$name")"
		measured+=("$wall_us")
		reference+=("$(larger "$bare" "$cpu_us")")
		chains+=("$bare")
		cpu+=("$cpu_us")
	done
	row "$what" ms "$target" "${measured[*]}" "${reference[*]}"
	row "- against libcurl's chain alone" ms "$chain_target" "${measured[*]}" \
		"${chains[*]}"
	row "- against the backend's CPU time alone" ms - "${measured[*]}" \
		"${cpu[*]}"
}

row_scan()
{
	scan scan 0 '100,000 documents, all columns' 1.15 1.6
}

row_latency()
{
	scan latency 50 '100,000 documents, all columns, 50 ms a page' 1.03 -
}

#
# From the end of a page to the next request, as the emulator sees it, on
# average.  Pages have a latency, so that the backend is always waiting.
#
row_gap()
{
	local run
	local measured=() reference=()

	api gap '' --documents 100000 --latency 10
	for ((run = 0; run < runs; run++))
	do
		emu gap reset
		chain gap 100 > /dev/null || exit 1
		reference+=($(($(emu gap count idle_us) / 99 + 200)))
		emu gap reset
		measure "$(execute 'SELECT * FROM gap.supporting_documents')" 'SELECT;'
		measured+=($(($(emu gap count idle_us) / 99)))
	done
	row "gap between pages, bare libcurl's + 0.2 ms" ms 1 \
		"${measured[*]}" "${reference[*]}"
}

#
# A refresh of a mirror of 100,000 documents, of which one in a hundred has
# changed, against the scan alone; and one that finds nothing.
#
mirror()
{
	local name=$1 latency=$2 what=$3 target=$4 run refresh
	local measured=() unchanged=() reference=()

	api "$name" '' --documents 100000 --latency "$latency"
	refresh="SELECT *
		FROM regdocs_refresh('$name.supporting_documents', '$name.mirror');"
	sql --output=/dev/null <<-END || exit 1
		SELECT regdocs_create_snapshot('$name.supporting_documents',
			'$name.mirror');
		$refresh
	END
	for ((run = 0; run < runs; run++))
	do
		sql --command="VACUUM $name.mirror" || exit 1
		measure "$(execute "SELECT * FROM $name.supporting_documents")" \
			"$(warm_up "$name")"
		reference+=("$wall_us")
		measure "$refresh" "$(warm_up "$name")
			UPDATE $name.mirror SET friendly_name = 'other'
			WHERE sid IN (SELECT sid FROM $name.mirror ORDER BY md5(sid || $run)
				LIMIT 1000);"
		measured+=("$wall_us")
		measure "$refresh" "$(warm_up "$name")"
		unchanged+=("$wall_us")
	done
	row "$what" ms "$target" "${measured[*]}" "${reference[*]}"
	row '- of which none has' ms - "${unchanged[*]}" "${reference[*]}"
}

row_mirror()
{
	mirror mirror0 0 'refresh: 100,000 documents, 1,000 have changed' 1.6
	mirror mirror50 50 'refresh: the same, 50 ms a page' 1.1
}

#
# The same pages in local tables, one page a row, out of line and not
# compressed: as text, which has to be parsed as the foreign table has to parse
# it, and as jsonb, where that was done before.
#
store_pages()
{
	local file=$work/tmp/pages

	as_user bench/chain "$(first_page "$1")" print > "$file" || exit 1
	# A page is a line, whatever is in it: JSON has none of these characters.
	sql <<-END || exit 1
		CREATE TABLE $1.pages_text (page text);
		ALTER TABLE $1.pages_text ALTER page SET STORAGE EXTERNAL;
		CREATE TABLE $1.pages_jsonb (page jsonb);
		ALTER TABLE $1.pages_jsonb ALTER page SET STORAGE EXTERNAL;
		COPY $1.pages_text FROM '$file'
			(FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02');
		INSERT INTO $1.pages_jsonb SELECT page::jsonb FROM $1.pages_text;
		VACUUM ANALYZE $1.pages_text, $1.pages_jsonb;
	END
}

# Both ways must give the same rows, or they cannot be compared.
same_rows()
{
	local digests

	digests=$(sql <<-END
		SELECT count(*), sum(hashtextextended(d::text, 0))
		FROM $1.supporting_documents d;
		SELECT count(*), sum(hashtextextended(d::text, 0)) FROM $2;
	END
	) || exit 1
	[[ $(sort -u <<< "$digests" | wc -l) == 1 ]] ||
		die "the rows are not the same: $digests"
}

# CPU time of a scan against that of the same done with the stored pages.
decoding()
{
	local what=$1 target=$2 candidate=$3 local_query=$4 run
	local measured=() reference=()

	for ((run = 0; run < runs; run++))
	do
		measure "$(execute "$local_query")" 'SELECT;'
		reference+=("$cpu_us")
		measure "$(execute "$candidate")" "$(warm_up cpu)"
		measured+=("$cpu_us")
	done
	row "$what" ms "$target" "${measured[*]}" "${reference[*]}"
}

#
# What is read from the stored pages of an API in place of its foreign table:
# sets columns, as_text and as_jsonb.
#
stored_pages()
{
	store_pages "$1"
	columns=$(sql <<-END
		SELECT string_agg(format('%I %s', attname,
								 format_type(atttypid, atttypmod)), ', '
						  ORDER BY attnum)
		FROM pg_attribute
		WHERE attrelid = '$1.supporting_documents'::regclass AND attnum > 0
	END
	) || exit 1
	as_text="$1.pages_text,
		jsonb_to_recordset(page::jsonb -> 'results') d ($columns)"
	as_jsonb="$1.pages_jsonb,
		jsonb_to_recordset(page -> 'results') d ($columns)"
	same_rows "$1" "$as_text"
}

row_cpu()
{
	local columns as_text as_jsonb

	api cpu '' --documents 100000
	stored_pages cpu
	decoding 'CPU, all columns, against pages as text' 0.6 \
		'SELECT * FROM cpu.supporting_documents' "SELECT d.* FROM $as_text"
	decoding '- against pages as jsonb, parsed before' - \
		'SELECT * FROM cpu.supporting_documents' "SELECT d.* FROM $as_jsonb"
	# One column is the least that jsonb_to_recordset() can be asked for.
	decoding 'CPU, count(*), against pages as text' 0.3 \
		'SELECT count(*) FROM cpu.supporting_documents' \
		"SELECT count(*) FROM ${as_text/"$columns"/sid text}"
	decoding '- against pages as jsonb, parsed before' - \
		'SELECT count(*) FROM cpu.supporting_documents' \
		"SELECT count(*) FROM ${as_jsonb/"$columns"/sid text}"
}

#
# The same in instructions, which are the same in each run.  Fewer pages do, as
# callgrind takes fifty times as long.
#
row_instructions()
{
	local columns as_text as_jsonb all count table=counted.supporting_documents

	if ! command -v valgrind > /dev/null
	then
		echo "(instructions: valgrind is not installed)"
		return
	fi
	api counted '' --documents 20000
	stored_pages counted
	all=$(instructions "$(execute "SELECT * FROM $table")") || exit 1
	count=$(instructions "$(execute "SELECT count(*) FROM $table")") || exit 1
	row 'M instructions, all columns, against pages as text' number 0.20 \
		"$all" "$(instructions "$(execute "SELECT d.* FROM $as_text")")"
	row '- against pages as jsonb, parsed before' number 0.70 \
		"$all" "$(instructions "$(execute "SELECT d.* FROM $as_jsonb")")"
	as_text=${as_text/"$columns"/sid text}
	as_jsonb=${as_jsonb/"$columns"/sid text}
	row 'M instructions, count(*), against pages as text' number 0.09 \
		"$count" "$(instructions "$(execute "SELECT count(*) FROM $as_text")")"
	row '- against pages as jsonb, parsed before' number 1.3 \
		"$count" "$(instructions "$(execute "SELECT count(*) FROM $as_jsonb")")"
}

#
# An earlier commit, built beside and in a database of its own, which has its
# module by path.
#
build_before()
{
	local tree=$work/before options

	as_user mkdir "../before" || return 1
	git -C "$top" archive "$1" | as_user tar -C ../before -xf - || return 1
	as_user make --silent -C ../before > "$work/logs/before" 2>&1 || return 1
	options="base_url '${api_url[before]}'"
	sql --command='CREATE DATABASE before' &&
		sed -e "s#MODULE_PATHNAME#$tree/regdocs_fdw#" -e '/^\\echo/d' \
			"$tree"/sql/regdocs_fdw--1.0.sql |
		PGDATABASE=before sql && PGDATABASE=before sql <<-END
			CREATE SCHEMA before;
			CREATE SERVER before FOREIGN DATA WRAPPER regdocs_fdw
				OPTIONS ($options);
			CREATE USER MAPPING FOR CURRENT_USER SERVER before
				OPTIONS (account_sid '$EMULATOR_ACCOUNT_SID',
					auth_token '$EMULATOR_AUTH_TOKEN');
			IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER before
				INTO before;
		END
}

# CPU time of a statement, against that which the earlier commit takes for it.
against_before()
{
	local what=$1 statement run
	local measured=() reference=()

	statement=$(execute "$2")
	for ((run = 0; run < runs; run++))
	do
		PGDATABASE=before measure "$statement" "$(warm_up before)"
		reference+=("$cpu_us")
		measure "$statement" "$(warm_up before)"
		measured+=("$cpu_us")
	done
	row "$what" ms 0.35 "${measured[*]}" "${reference[*]}"
}

row_before()
{
	local commit=${REGDOCS_BENCH_BEFORE:-50c866d}

	if ! git -C "$top" cat-file -e "$commit^{commit}" 2> /dev/null
	then
		echo "(before: there is no commit $commit here)"
		return
	fi
	api before '' --documents 100000
	build_before "$commit" || die "could not build $commit:
$(tail -n 20 "$work/logs/before")"
	against_before "CPU, all columns, against $commit" \
		'SELECT * FROM before.supporting_documents'
	against_before "CPU, count(*), against $commit" \
		'SELECT count(*) FROM before.supporting_documents'
	sql --command='DROP DATABASE before'
}

# Page faults (minor ones) of a long scan may be as many more as that.
row_faults()
{
	local run
	local measured=() reference=()

	api hundred '' --documents 100000
	api thousand '' --documents 1000000
	for ((run = 0; run < runs; run++))
	do
		measure "$(execute 'SELECT * FROM hundred.supporting_documents')" \
			"$(warm_up hundred)"
		reference+=($((faults + 100)))
		measure "$(execute 'SELECT * FROM thousand.supporting_documents')" \
			"$(warm_up thousand)"
		measured+=("$faults")
	done
	row 'page faults: 1,000 pages, those of 100 + 100' number 1 \
		"${measured[*]}" "${reference[*]}"
}

#
# The largest resident size of a new backend that reads all.  Most of it is in
# every backend, and would hide growth of the rest: without what a backend
# has that reads one row, this is shown too.
#
row_memory()
{
	local run base
	local measured=() reference=() measured_more=() reference_more=()

	api few '' --documents 10000
	api many '' --documents 1000000
	for ((run = 0; run < runs; run++))
	do
		measure 'SELECT;' "$(warm_up many)"
		base=$peak_kb
		measure "$(execute 'SELECT * FROM few.supporting_documents')" \
			"$(warm_up few)"
		reference+=("$peak_kb")
		reference_more+=("$((peak_kb - base))")
		measure "$(execute 'SELECT * FROM many.supporting_documents')" \
			"$(warm_up many)"
		measured+=("$peak_kb")
		measured_more+=("$((peak_kb - base))")
	done
	row 'peak memory, 1,000,000 documents against 10,000' MB 1.1 \
		"${measured[*]}" "${reference[*]}"
	row '- without that of a backend that reads one' MB - \
		"${measured_more[*]}" "${reference_more[*]}"
}

# A repeatable choice of some documents from all over the list.
choose_sids()
{
	sql <<-END || exit 1
		CREATE TABLE $1.sids AS SELECT sid FROM $1.supporting_documents;
		CREATE TABLE $1.chosen AS
			SELECT sid, row_number() OVER (ORDER BY md5(sid)) AS number
			FROM $1.sids ORDER BY number LIMIT $2;
	END
}

row_keys()
{
	local run fetches statement measured=()
	local rounds=$(((1000 + 15) / 16))

	api keys ", concurrency '16'" --documents 100000 --latency 20
	analyze keys 100000
	choose_sids keys 1000
	statement=$(sql <<-END
		SELECT format('SELECT * FROM keys.supporting_documents
						WHERE sid = ANY (%L)', array_agg(sid))
		FROM keys.chosen
	END
	) || exit 1
	for ((run = 0; run < runs; run++))
	do
		emu keys reset
		measure "$(execute "$statement")" "$(warm_up keys)"
		measured+=("$wall_us")
		fetches=$(emu keys count fetch)
		((fetches == 1000)) || die "there were $fetches fetches, not 1,000"
	done
	row '1,000 keys, 20 ms each, 16 at once' ms 1.3 "${measured[*]}" \
		$((rounds * 20 * 1000))
}

#
# The items of all bundles: the lists of 1,000 of them, as many at once as may
# be, and the page of the bundles before.
#
row_children()
{
	local run lists statement measured=()
	local rounds=$(((1000 + 15) / 16))

	api children ", concurrency '16'" --documents 100 --bundles 1000 \
		--latency 50
	statement='SELECT count(*) FROM children.item_assignments'
	for ((run = 0; run < runs; run++))
	do
		emu children reset
		measure "$(execute "$statement")" "$(warm_up children)"
		measured+=("$wall_us")
		lists=$(emu children count item_assignments.list)
		((lists == 1000)) || die "there were $lists lists, not 1,000"
	done
	row 'items of 1,000 bundles, 50 ms each, 16 at once' ms 1.3 \
		"${measured[*]}" $((rounds * 50 * 1000))
}

#
# Customers of a table, so many, with their documents.  What takes time is
# rounds of requests: those of the keys, or of the list, whichever are fewer.
#
customers()
{
	sql <<-END || exit 1
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS joined.customers;
		CREATE TABLE joined.customers AS
			SELECT number AS id, sid AS document_sid FROM joined.chosen
			WHERE number <= $1;
		ANALYZE joined.customers;
	END
}

# Time of a join against so many rounds of 50 ms.
joining()
{
	local what=$1 target=$2 rounds=$3 statement=$4 run measured=()

	for ((run = 0; run < runs; run++))
	do
		measure "$(execute "$statement")" "$(warm_up joined)"
		measured+=("$wall_us")
	done
	row "$what" ms "$target" "${measured[*]}" $((rounds * 50 * 1000))
}

row_join()
{
	local number rounds
	local document='joined.supporting_documents d'

	api joined ", concurrency '16'" --documents 50000 --latency 50
	analyze joined 50000
	choose_sids joined 10000
	customers 40
	joining '40 customers, 50,000 documents, inner' 1.5 3 \
		"SELECT c.id, d.status FROM joined.customers c
			JOIN $document ON d.sid = c.document_sid"
	joining '- left' 1.5 3 \
		"SELECT c.id, d.status FROM joined.customers c
			LEFT JOIN $document ON d.sid = c.document_sid"
	joining '- EXISTS' 1.5 3 \
		"SELECT c.id FROM joined.customers c WHERE EXISTS
			(SELECT FROM $document WHERE d.sid = c.document_sid)"
	joining '- NOT EXISTS' 1.5 3 \
		"SELECT c.id FROM joined.customers c WHERE NOT EXISTS
			(SELECT FROM $document WHERE d.sid = c.document_sid)"
	for number in 1 10 100 1000 10000
	do
		customers "$number"
		rounds=$(((number + 15) / 16))
		joining "$number customers, 50,000 documents" 1.3 \
			$((rounds < 50 ? rounds : 50)) \
			"SELECT c.id, d.status FROM joined.customers c
				JOIN $document ON d.sid = c.document_sid"
	done
}

#
# Three joins, one above the other: bundles are asked for by 20, each has a list
# of items, and those that are documents are fetched.
#
row_chain()
{
	local documents rounds

	api joined ", concurrency '16'" --documents 50000 --bundles 1000 \
		--latency 50
	sql <<-END || exit 1
		ANALYZE joined.supporting_documents, joined.bundles;
		CREATE TABLE joined.customers AS
			SELECT row_number() OVER () AS id, sid AS bundle_sid
			FROM (SELECT sid FROM joined.bundles ORDER BY md5(sid) LIMIT 100) b;
		ANALYZE joined.customers;
	END
	documents=$(sql <<-END
		SELECT count(DISTINCT object_sid)
		FROM joined.item_assignments
		WHERE bundle_sid = ANY (ARRAY(SELECT bundle_sid FROM joined.customers))
			AND object_sid LIKE 'RD%';
	END
	) || exit 1
	rounds=$((1 + (100 + 15) / 16 + (documents + 15) / 16))
	joining "100 customers, bundles, items, $documents documents" 1.5 \
		"$rounds" \
		'SELECT c.id, b.status, i.sid, d.status
			FROM joined.customers c
			JOIN joined.bundles b ON b.sid = c.bundle_sid
			JOIN joined.item_assignments i ON i.bundle_sid = b.sid
			JOIN joined.supporting_documents d ON d.sid = i.object_sid'
}

#
# Eight accounts: as many servers with an account and a token each, as
# partitions and as UNION ALL, against the largest of them alone.
#
row_append()
{
	local number documents list='' parts='' run
	local partitions=() union=() reference=()
	local account=${EMULATOR_ACCOUNT_SID:0:33} token=$EMULATOR_AUTH_TOKEN
	local EMULATOR_ACCOUNT_SID EMULATOR_AUTH_TOKEN

	for number in 1 2 3 4 5 6 7 8
	do
		EMULATOR_ACCOUNT_SID=$account$number EMULATOR_AUTH_TOKEN=$token$number
		documents=$((2000 + number * 1000))
		api "account$number" '' --documents "$documents" --seed "$number" \
			--latency 50
		parts+="CREATE FOREIGN TABLE account$number.part
			PARTITION OF account1.documents
			FOR VALUES IN ('$EMULATOR_ACCOUNT_SID') SERVER account$number;"
		list+=" ${list:+UNION ALL}
			SELECT * FROM account$number.supporting_documents"
	done
	sql <<-END || exit 1
		CREATE TABLE account1.documents (LIKE account1.supporting_documents)
			PARTITION BY LIST (account_sid);
		$parts
	END
	for ((run = 0; run < runs; run++))
	do
		measure "$(execute 'SELECT * FROM account8.supporting_documents')" \
			"$(warm_up account8)"
		reference+=("$wall_us")
		measure "$(execute 'SELECT * FROM account1.documents')" \
			"$(warm_up account8)"
		partitions+=("$wall_us")
		measure "$(execute "$list")" "$(warm_up account8)"
		union+=("$wall_us")
	done
	row '8 accounts as partitions, 50 ms a page' ms 1.3 "${partitions[*]}" \
		"${reference[*]}"
	row '8 accounts with UNION ALL, 50 ms a page' ms 1.3 "${union[*]}" \
		"${reference[*]}"
}

# Readers that stop early: the work, and its statements.
early_stop()
{
	emu stops reset
	sql --command="$2" > /dev/null || exit 1
	# A request that was given up again may still be on its way.
	sleep 0.2
	row "requests: $1" number 1 "$(emu stops count total)" 1
}

row_requests()
{
	local table=stops.supporting_documents

	api stops '' --documents 100000
	early_stop 'LIMIT 10' "SELECT * FROM $table LIMIT 10"
	early_stop EXISTS "SELECT EXISTS (SELECT FROM $table)"
	early_stop 'a cursor, 10 rows fetched, closed' "BEGIN;
		DECLARE c CURSOR FOR SELECT * FROM $table;
		FETCH 10 FROM c;
		CLOSE c;
		COMMIT"
}

#
# Measure a statement that writes 1,000 documents, and see at the emulator that
# it did: the name in the table, the emulator's counter, and the statement.
#
write_documents()
{
	local written

	emu writes reset
	measure "$3" "$(warm_up writes)"
	written=$(emu writes count "$2")
	((written == 1000)) || die "$1: $written documents $2, not 1,000"
	times[$1]+=" $wall_us"
	in_flight[$1]+=" $(emu writes count in_flight_max)"
}

# The emulator for it, and 1,000 customers.
start_writes()
{
	api writes ", concurrency '16'" --latency 20
	sql <<-END || exit 1
		CREATE TABLE writes.customers AS
			SELECT number AS id, 'Customer ' || number AS name,
				NULL::text AS document_sid
			FROM generate_series(1, 1000) number;
	END
}

# The rows of the table for these kinds of statements.
show_writes()
{
	local kind ideal=$((1000 * 20 * 1000 / 16))

	for kind
	do
		row "1,000 rows, 20 ms each, 16 at once: $kind" ms 1.3 \
			"${times[$kind]}" "$ideal"
		row "- most in flight" number 1 "${in_flight[$kind]}" 16
	done
}

# The same with RETURNING, which gives the sids to where they belong.
row_returning()
{
	local run
	local -A times in_flight

	start_writes
	for ((run = 0; run < runs; run++))
	do
		write_documents 'INSERT ... RETURNING' created "
			WITH new AS (
				INSERT INTO writes.supporting_documents
					(friendly_name, type, attributes)
				SELECT name, 'passport', jsonb_build_object('document_number', id)
				FROM writes.customers
				RETURNING sid, attributes)
			UPDATE writes.customers SET document_sid = sid
			FROM new WHERE (attributes ->> 'document_number')::int = id;"
		sql --command='ANALYZE writes.customers' || exit 1
		write_documents 'UPDATE ... RETURNING' updated "
			UPDATE writes.supporting_documents d SET friendly_name = name || '!'
			FROM writes.customers WHERE sid = document_sid RETURNING d.*, id;"
		write_documents 'DELETE ... RETURNING' deleted "
			DELETE FROM writes.supporting_documents USING writes.customers
			WHERE sid = document_sid RETURNING id, sid;"
	done
	show_writes 'INSERT ... RETURNING' 'UPDATE ... RETURNING' \
		'DELETE ... RETURNING'
}

row_writes()
{
	local run
	local -A times in_flight

	start_writes
	sql <<-END || exit 1
		COPY (SELECT name, 'passport', jsonb_build_object('document_number', id)
			FROM writes.customers) TO '$work/tmp/documents';
	END
	for ((run = 0; run < runs; run++))
	do
		write_documents 'INSERT ... SELECT' created "
			INSERT INTO writes.supporting_documents
				(friendly_name, type, attributes)
			SELECT name, 'passport', jsonb_build_object('document_number', id)
			FROM writes.customers;"
		sql <<-END || exit 1
			UPDATE writes.customers SET document_sid = d.sid
			FROM writes.supporting_documents d WHERE d.friendly_name = name;
			ANALYZE writes.customers, writes.supporting_documents;
		END
		write_documents 'UPDATE ... FROM' updated "
			UPDATE writes.supporting_documents d SET friendly_name = name || '!'
			FROM writes.customers WHERE sid = document_sid;"
		write_documents DELETE deleted \
			'DELETE FROM writes.supporting_documents;'
		write_documents COPY created "
			COPY writes.supporting_documents (friendly_name, type, attributes)
			FROM '$work/tmp/documents';"
		sql --command='DELETE FROM writes.supporting_documents' || exit 1
	done
	show_writes 'INSERT ... SELECT' COPY 'UPDATE ... FROM' DELETE
}
