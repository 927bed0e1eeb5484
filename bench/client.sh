# shellcheck shell=bash
#
# client.sh: the row of script/bench's table about the vendor's client.
#
# shellcheck disable=SC2154 # set by script/bench and measure.sh

# The client comes from npm's registry into the temporary directory.
install_client()
{
	command -v node > /dev/null && command -v npm > /dev/null || return 1
	as_user mkdir -p "$work/tmp/client" &&
		as_user npm install --silent --no-audit --no-fund \
			--prefix "$work/tmp/client" --cache "$work/tmp/npm" twilio \
			> "$work/logs/npm" 2>&1
}

# How long a command takes, in microseconds.
microseconds()
{
	local begin=${EPOCHREALTIME/./}

	"$@" > "$work/tmp/copied" || die "$1 failed"
	echo $((${EPOCHREALTIME/./} - begin))
}

# The columns of the table that the client's objects have.
with_client()
{
	set -o pipefail
	as_user env NODE_PATH="$work/tmp/client/node_modules" \
		node bench/client.js "${api_url[$1]}" |
		sql --command="TRUNCATE $1.copied" --command="COPY $1.copied (sid,
			account_sid, friendly_name, mime_type, status,
			failure_reason, errors, type, attributes, date_created,
			date_updated, url) FROM STDIN"
}

with_table()
{
	sql --command="TRUNCATE $1.copied" \
		--command="INSERT INTO $1.copied SELECT * FROM $1.supporting_documents"
}

# All documents into a local table: by the foreign table, and by the vendor's
# client for Node with COPY, as a script would.
row_client()
{
	local name latency run
	local measured reference

	if ! install_client
	then
		echo "(client: there is no node, no npm, or no client to be had)"
		return
	fi
	for latency in 0 50
	do
		name=client$latency measured=() reference=()
		api "$name" '' --documents 20000 --latency "$latency"
		sql --command="CREATE TABLE $name.copied
			(LIKE $name.supporting_documents)" || exit 1
		for ((run = 0; run < runs; run++))
		do
			reference+=("$(microseconds with_client "$name")")
			check_copied "$name"
			measured+=("$(microseconds with_table "$name")")
			check_copied "$name"
		done
		row "20,000 documents into a table, $latency ms a page" ms 1 \
			"${measured[*]}" "${reference[*]}"
	done
}

check_copied()
{
	[[ $(sql --command="SELECT count(DISTINCT sid) FROM $1.copied") == 20000 ]] ||
		die "not all documents were copied"
}
