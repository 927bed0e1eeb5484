#!/bin/bash
# Self-test of the emulator: starts it, asks it with curl, prints TAP.
#
#	selftest.sh [PART]...	all parts: documents lists writes control
#
# Needs nothing but bash, coreutils, grep, sed, curl, openssl and perl.
# EMU_WRAP="valgrind -q --error-exitcode=9" runs it under a checker;
# EMU_BIG=N changes the number of documents of the speed test, EMU_SLOW=N
# allows N times as long. REGDOCS_OPENAPI names the vendor's description.
#
# shellcheck disable=SC2034 # the parts use them
cd "$(dirname "$0")" || exit 1

work=$(mktemp -d)
account=AC0123456789abcdef0123456789abcdef
token=emulator-auth-token
family_path=/v2/RegulatoryCompliance
resource=$family_path/SupportingDocuments
big=${EMU_BIG:-1000000}
slow=${EMU_SLOW:-1}
tests=0
failed=0
pid=

stop()
{
	[ -n "$pid" ] || return 0
	kill "$pid" 2>/dev/null
	wait "$pid"
	local code=$?
	pid=
	return $code
}
trap 'stop; rm -rf "$work"' EXIT

# start OPTION...: leaves $pid, $origin, $family and $list
start()
{
	stop
	: >"$work/out"
	# shellcheck disable=SC2086
	$EMU_WRAP ./regdocs-emulator "$@" >"$work/out" 2>"$work/err" &
	pid=$!
	until grep -q '^listening on ' "$work/out"; do
		if ! kill -0 "$pid" 2>/dev/null; then
			cat "$work/err"
			echo "Bail out! the emulator does not start"
			exit 1
		fi
		sleep 0.02
	done
	origin=$(sed -n 's/^listening on //p' "$work/out")
	family=$origin$family_path
	list=$origin$resource
}

ok()	# ok NAME COMMAND...
{
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $name"
	else
		failed=$((failed + 1))
		echo "not ok $tests - $name"
		sed 's/^/# /' "$work/got" 2>/dev/null | cut -c1-300 | head -20
	fi
}

is() { printf 'got  %s\nwant %s\n' "$1" "$2" >"$work/got"; [ "$1" = "$2" ]; }
has() { printf '%s\nhas not: %s\n' "$1" "$2" >"$work/got"; [[ $1 == *"$2"* ]]; }
same() { diff "$1" "$2" >"$work/got" 2>&1; }
less() { printf '%s not below %s\n' "$1" "$2" >"$work/got"; [ "$1" -lt "$2" ]; }
more() { printf '%s not above %s\n' "$1" "$2" >"$work/got"; [ "$1" -gt "$2" ]; }

# api CURL-ARGUMENT...: the API, with credentials; control METHOD PATH ...
api() { curl -sk --max-time 20 -u "$account:$token" "$@"; }
control()
{
	local method=$1 path=$2
	shift 2
	curl -sk --max-time 20 -X "$method" "$@" "$origin/_emulator/$path"
}
status() { api -o "$work/body" -w '%{http_code}' "$@"; }
code() { sed -n 's/.*"code":\([0-9]*\).*/\1/p' "$work/body"; }
fault() { control POST faults "$@" >/dev/null; }
counter() { control GET "counters/$1"; }
sid() { control GET "sid?index=$1"; }
# ended PID: gone, or dead and not yet collected by init
ended() { ! grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status"; }
now_ms() { date +%s%3N; }
field()	# field NAME <json: the text of a string, the first of that name
{
	grep -o "\"$1\":\"[^\"]*\"" | head -1 | sed 's/^[^:]*:"//; s/"$//'
}
sids() { grep -o '"sid":"[A-Z][A-Z][0-9a-f]*"'; }
next_of()
{
	grep -o '"next_page_url":"[^"]*"' | sed 's/^[^:]*:"//; s/"$//'
}

# walk URL: the sids of all pages, in order
walk()
{
	local url=$1
	while [ -n "$url" ]; do
		api "$url" >"$work/page"
		sids <"$work/page"
		url=$(next_of <"$work/page")
	done
}
# at_once NUMBER CURL-ARGUMENT...: so many lists side by side
at_once()
{
	local number=$1 clients=()
	shift
	while [ ${#clients[@]} -lt "$number" ]; do
		api -o /dev/null "$@" "$list" &
		clients+=($!)
	done
	wait "${clients[@]}"
}
# again URL: 20 times, over one connection
again()
{
	local times=()
	while [ ${#times[@]} -lt 60 ]; do
		times+=(-o /dev/null "$1")
	done
	api -w '%{time_total}\n' "${times[@]}"
}
# state NUMBER STATUS: sets a document's status
state() { control POST review -d "index=$1" -d "status=$2"; }

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(documents lists writes control)
for part in "${parts[@]}"; do
	# shellcheck disable=SC1090
	. "./selftest_$part.sh" || exit 1
done

echo "1..$tests"
[ "$failed" = 0 ]
