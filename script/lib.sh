# shellcheck shell=bash
#
# lib.sh: what the scripts have in common.
#
# Everything that these scripts build, install or start is in one temporary
# directory, "$work": a copy of the source tree, a private copy of the
# PostgreSQL installation into which the extension is installed, and a
# cluster that listens on a Unix socket there.  The system's PostgreSQL and the
# source tree are left as they are.  PostgreSQL refuses to run as root, so root
# does all of this as another user.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1

# Used by the scripts that read this file, and by the functions below.
work=					# temporary directory, "" until work_begin
pg_config=				# of the private installation, after install_private
run_user=				# who runs what root must not, "" when not root

#
# The release of Debian whose linters judge.  Those of other releases say other
# things of the same code, and who only runs the tests is not to hear of it.
#
lint_release=12

die()
{
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# Is this the release whose linters judge?
is_lint_release()
{
	# shellcheck source=/dev/null
	[[ $(. /etc/os-release 2> /dev/null && echo "$ID ${VERSION_ID:-}") == \
		"debian $lint_release" ]]
}

#
# Print the path of a pg_config that belongs to a server of version 15 or
# later and can build extensions; the newest one, unless PG_CONFIG says which.
#
find_pg_config()
{
	local candidate candidates version

	if [[ -n ${PG_CONFIG:-} ]]
	then
		candidates=("$PG_CONFIG")
	else
		mapfile -t candidates < <(
			printf '%s\n' /usr/lib/postgresql/*/bin/pg_config |
				sort --version-sort --reverse
			command -v pg_config
		)
	fi
	for candidate in "${candidates[@]}"
	do
		version=$("$candidate" --version 2> /dev/null) || continue
		[[ $version =~ ^PostgreSQL\ ([0-9]+) ]] || continue
		((BASH_REMATCH[1] >= 15)) || continue
		[[ -x $("$candidate" --bindir)/postgres ]] || continue
		[[ -r $("$candidate" --pgxs) ]] || continue
		[[ -r $("$candidate" --includedir-server)/postgres.h ]] || continue
		echo "$candidate"
		return 0
	done
	return 1
}

# Run a command as the unprivileged user, in the copy of the source tree.
as_user()
{
	if [[ -n $run_user ]]
	then
		(cd "$work/src" && runuser -u "$run_user" -- "$@")
	else
		(cd "$work/src" && "$@")
	fi
}

choose_user()
{
	if ((EUID == 0))
	then
		run_user=postgres
		id "$run_user" > /dev/null 2>&1 || run_user=nobody
	fi
}

#
# Make the temporary directory and see that it goes away again, with all that
# was started in it.
#
work_begin()
{
	choose_user
	umask 022
	work=$(mktemp -d "${TMPDIR:-/tmp}/regdocs.XXXXXX") || exit 1
	trap work_end EXIT
	trap 'exit 130' HUP INT TERM
	mkdir "$work/src" "$work/tmp" "$work/logs"
	chmod 755 "$work"
	[[ -z $run_user ]] || chown -R "$run_user" "$work"
	as_user test -w . || die "$run_user cannot use $work; set TMPDIR"

	# Neither the tests nor a server may depend on who runs them, and a proxy
	# for the loopback interface is never right.
	export HOME=$work TMPDIR=$work/tmp LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
	# The vendor's description, which is not part of the tree.
	export REGDOCS_OPENAPI=${REGDOCS_OPENAPI:-$top/../shared/api/openapi-regulatory-compliance.json}
	unset "${!PG@}" http_proxy https_proxy all_proxy no_proxy \
		HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY \
		MAKEFLAGS MAKELEVEL PERL5LIB PROVE_FLAGS
}

work_end()
{
	[[ -n $work ]] || return 0
	process_stop "$work/suite.pid" timeout
	process_stop "$work/emulator.pid" regdocs-emulator
	cluster_stop
	cd / && rm -rf "$work"
	work=
}

# Copy the source tree: "fresh", or "built", with what was built in it.
copy_tree()
{
	local exclude=(--exclude=./.git --exclude=./results --exclude=./tmp_check)

	[[ $1 == built ]] ||
		exclude+=(--exclude='*.o' --exclude='*.so' --exclude='*.bc'
			--exclude=./emulator/regdocs-emulator --exclude='./test/unit/build*')
	tar -C "$top" "${exclude[@]}" -cf - . | tar -C "$work/src" -xf - \
		--no-same-owner || die "could not copy the source tree"
	[[ -z $run_user ]] || chown -R "$run_user" "$work/src"
}

#
# Give the unprivileged user a PostgreSQL installation of its own: programs
# are copied, as they find the rest relative to where they are; everything
# else is links.
#
private_postgres()
{
	local original=$1 directory root=$work/pg

	for directory in "$("$original" --pkglibdir)" "$("$original" --sharedir)" \
		"$("$original" --includedir-server)" \
		"$(dirname "$("$original" --pgxs)")/../.."
	do
		directory=$(cd "$directory" && pwd) || return 1
		as_user mkdir -p "$root$directory" &&
			as_user cp -asf "$directory/." "$root$directory" || return 1
	done
	directory=$("$original" --bindir)
	as_user mkdir -p "$root$directory" &&
		as_user cp -LR "$directory/." "$root$directory" || return 1
	pg_config=$root$directory/pg_config
	export PG_CONFIG=$pg_config
	[[ $("$pg_config" --pkglibdir) == "$root"* ]]
}

# Build the copy of the tree; arguments are make's.
build_tree()
{
	as_user make --silent -j "$(nproc)" "$@"
}

# Install the extension for the private PostgreSQL.
install_private()
{
	as_user make --silent install > /dev/null
}

#
# Make and start a cluster in $work/data that listens in $work/socket alone,
# and point libpq's environment at it.  It asks for no password: who may enter
# the directory of the socket may do everything.
#
cluster_start()
{
	local bin

	bin=$(dirname "$pg_config")
	as_user mkdir --mode=700 "$work/socket" || return 1
	as_user "$bin/initdb" --pgdata="$work/data" --username=postgres \
		--auth=trust --encoding=UTF8 --locale=C --no-sync \
		> "$work/logs/initdb" 2>&1 || return 1
	as_user tee -a "$work/data/postgresql.conf" > /dev/null <<-END
		listen_addresses = ''
		unix_socket_directories = '$work/socket'
		fsync = off
		log_line_prefix = '%m [%p] %q%a '
		cluster_name = 'regdocs'
	END
	as_user "$bin/pg_ctl" --pgdata="$work/data" --wait --silent \
		--log="$work/logs/postgres" start < /dev/null || return 1
	export PGHOST=$work/socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	PATH=$bin:$PATH
}

cluster_stop()
{
	as_user test -f "$work/data/postmaster.pid" || return 0
	as_user "$(dirname "$pg_config")/pg_ctl" --pgdata="$work/data" \
		--mode=immediate --silent stop
}

#
# Run a command as the user, with its process number in the file, so that
# process_stop can end it.
#
as_process()
{
	# shellcheck disable=SC2016 # the inner shell is to expand these
	as_user bash -c 'echo $$ > "$0" && exec "$@"' "$@"
}

#
# End a process and wait for that, but not for ever: its file, and the name of
# its program, as the number may be another's by now.
#
process_stop()
{
	local pid tries

	read -r pid 2> /dev/null < "$1" || return 0
	for ((tries = 0; tries < 100; tries++))
	do
		[[ $(ps -o comm= -p "$pid") == "${2:0:15}" ]] || break
		((tries > 0)) || kill "$pid"
		sleep 0.1
	done
}

#
# Start an emulator that outlives this script; arguments are its flags.  Sets
# EMULATOR_URL.
#
emulator_start()
{
	local line tries

	as_process "$work/emulator.pid" setsid emulator/regdocs-emulator --port 0 \
		"$@" > "$work/logs/emulator" 2>&1 < /dev/null &
	for ((tries = 0; tries < 600; tries++))
	do
		line=$(grep -s '^listening on ' "$work/logs/emulator") && break
		sleep 0.1
	done
	[[ -n $line ]] || return 1
	export EMULATOR_URL=${line#listening on }
}

# Leave everything as it is when the script ends, and say how to go on.
work_keep()
{
	trap - EXIT
	echo "kept: $work"
	if as_user test -f "$work/data/postmaster.pid"
	then
		echo "to connect:   psql -h $work/socket -U postgres postgres"
	fi
	echo "to remove it: $top/script/demo --stop $work"
}

# Remove what an earlier run kept.
work_remove()
{
	choose_user
	[[ -d $1/src && -d $1/logs && -d $1/pg ]] ||
		die "$1 is not what a run has kept"
	work=$(cd "$1" && pwd)
	pg_config=$(find "$work/pg" -name pg_config -path '*/bin/*' -print -quit)
	work_end
}
