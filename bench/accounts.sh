# shellcheck shell=bash
#
# accounts.sh: the rows of script/bench's table about thousands of accounts.
#
# shellcheck disable=SC2154 # set by script/bench and measure.sh

# The SID of the account of that number, as the emulator counts them.
account_sid()
{
	printf '%s%08x' "${EMULATOR_ACCOUNT_SID:0:26}" \
		$((0x${EMULATOR_ACCOUNT_SID:26} + $1))
}

#
# Accounts of an API of as many, with a server and a partition each of
# $1.documents; and $1.local, a table with as many empty local partitions, by
# which PostgreSQL's own part is told.
#
partitions()
{
	sql <<-END || exit 1
		SET client_min_messages = warning;
		CREATE TABLE $1.documents (LIKE $1.supporting_documents)
			PARTITION BY LIST (account_sid);
		CREATE TABLE $1.local (LIKE $1.supporting_documents)
			PARTITION BY LIST (account_sid);
	END
	for ((number = 1; number <= $2; number++))
	do
		cat <<-END
			CREATE SERVER $1_$number FOREIGN DATA WRAPPER regdocs_fdw
				OPTIONS (base_url '${api_url[$1]}');
			CREATE USER MAPPING FOR CURRENT_USER SERVER $1_$number
				OPTIONS (account_sid '$(account_sid "$number")',
					auth_token '$EMULATOR_AUTH_TOKEN-$number');
			CREATE FOREIGN TABLE $1.part$number PARTITION OF $1.documents
				FOR VALUES IN ('$(account_sid "$number")') SERVER $1_$number;
			CREATE TABLE $1.local$number PARTITION OF $1.local
				FOR VALUES IN ('$(account_sid "$number")');
		END
	done | sql || exit 1
}

# Some a transaction: each drop holds locks to its end.
drop_partitions()
{
	for ((number = 1; number <= $2; number++))
	do
		echo "DROP SERVER $1_$number CASCADE; DROP TABLE $1.local$number;"
	done | PGOPTIONS='-c client_min_messages=warning' sql
}

# The most sockets, pipes and the like that a backend has while it is there.
watch_descriptors()
{
	local pid=$1 now most=0

	while [[ -d /proc/$pid/fd ]]
	do
		now=$(find "/proc/$pid/fd" -type l -lname '[a-z]*:*' 2> /dev/null |
			wc -l)
		most=$(larger "$most" "$now")
		sleep 0.01
	done
	echo "$most"
}

# Of a session that runs those statements, without those that it begins with.
descriptors()
{
	local out=$work/tmp/pid pid most idle

	rm -f "$out"
	{
		echo "\\o $out"
		echo 'SELECT pg_backend_pid();'
		echo '\o'
		sleep 1
		echo "$1"
	} | sql > "$work/tmp/rows" &
	until [[ -s $out ]]
	do
		sleep 0.01
	done
	pid=$(< "$out")
	idle=$(find "/proc/$pid/fd" -type l -lname '[a-z]*:*' | wc -l)
	most=$(watch_descriptors "$pid")
	wait
	echo $((most - idle))
}

#
# All documents of 64, 500 and 2,000 accounts of 1,000 each in one statement.
# At best the rounds of 64 requests come one after the other, and the backend's
# own work overlaps with them.
#
row_accounts()
{
	local count run rounds number
	local measured reference peaks local_peaks planned local_planned
	local few few_local

	for count in 64 500 2000
	do
		measured=() reference=() peaks=() local_peaks=() planned=()
		local_planned=()
		api "accounts$count" '' --documents 1000 --latency 50 \
			--accounts $((count + 1)) --threads 2000
		partitions "accounts$count" "$count"
		rounds=$((((count + 63) / 64) * 50000))

		# The emulator makes its worlds.
		sql --command="SELECT count(*) FROM accounts$count.documents" \
			> "$work/tmp/rows"
		[[ $(< "$work/tmp/rows") == "${count}000" ]] ||
			die "$(< "$work/tmp/rows") rows of $count accounts"
		for ((run = 0; run < runs; run++))
		do
			measure "$(execute "SELECT * FROM accounts$count.documents")" \
				"$(warm_up "accounts$count")"
			measured+=("$wall_us")
			reference+=("$(larger "$rounds" "$cpu_us")")
			peaks+=("$peak_kb")
			measure "$(execute "SELECT * FROM accounts$count.local")" \
				"$(warm_up "accounts$count")"
			local_peaks+=("$peak_kb")
			measure "EXPLAIN SELECT * FROM accounts$count.documents;" \
				"SELECT * FROM accounts$count.documents LIMIT 0;"
			planned+=("$cpu_us")
			measure "EXPLAIN SELECT * FROM accounts$count.local;" \
				"SELECT * FROM accounts$count.local LIMIT 0;"
			local_planned+=("$cpu_us")
		done
		row "$count accounts of 1,000 documents, 50 ms" ms 1.5 \
			"${measured[*]}" "${reference[*]}"
		row "- planning, against local partitions" ms - "${planned[*]}" \
			"${local_planned[*]}"
		row "- peak memory, against local partitions" MB - "${peaks[*]}" \
			"${local_peaks[*]}"
		if ((count == 64))
		then
			few=$(median "${peaks[@]}")
			few_local=$(median "${local_peaks[@]}")
		else
			row "- peak memory, against 64 accounts" MB - "${peaks[*]}" "$few"
			row "- without what local partitions take" MB 1.2 \
				"$(($(median "${peaks[@]}") - $(median "${local_peaks[@]}")))" \
				"$((few - few_local))"
		fi
		row "- descriptors, against 64 + 8" number 1 \
			"$(descriptors "SELECT count(*) FROM accounts$count.documents;")" 72
		drop_partitions "accounts$count" "$count"
		api_stop_all
	done
}
