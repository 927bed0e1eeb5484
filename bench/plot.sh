# shellcheck shell=bash
#
# plot.sh: time and memory against the number of documents, for script/bench.
#
# shellcheck disable=SC2154 # set by script/bench and measure.sh

#
# Print one line per size: documents, median seconds and median megabytes of
# a backend that reads all columns of all of them, and the seconds that
# libcurl takes to fetch the pages.
#
measure_sizes()
{
	local size run bare times chains peaks

	for size in 1000 3000 10000 30000 100000 300000 1000000
	do
		times=() chains=() peaks=()
		api plot '' --documents "$size"
		for ((run = 0; run < runs; run++))
		do
			bare=$(chain plot $((size / 1000))) || exit 1
			measure "$(execute 'SELECT * FROM plot.supporting_documents')" \
				"$(warm_up plot)"
			times+=("$wall_us")
			peaks+=("$peak_kb")
			chains+=("$bare")
		done
		printf '%d %s %s %s\n' "$size" "$(median "${times[@]}")" \
			"$(median "${peaks[@]}")" "$(median "${chains[@]}")"
		api_stop_all
	done | awk '{
		printf "%d %.4f %.1f %.4f\n", $1, $2 / 1e6, $3 / 1024, $4 / 1e6
	}'
	((PIPESTATUS[0] == 0))
}

# The file appears when it is complete.
draw_plot()
{
	describe > "$work/machine"
	measure_sizes > "$work/sizes" || return 1
	perl "$top/bench/plot.pl" "$work/machine" "$work/sizes" > "$work/plot" &&
		cat "$work/plot" > "$1" && echo "$1"
}
