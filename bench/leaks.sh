#!/bin/sh
# How long `holdfast leaks` takes on three snapshots of about 500 MB, beside `holdfast diff` on the same: wall, user and
# system seconds, peak kilobytes, and the peak as a share of the largest file.
#
#   bench/leaks.sh [T0 T1 T2]      HOLDFAST=FILE names the binary, NODE=FILE the Node that makes the snapshots, RUNS=3 the runs
#
# Without snapshots they are made by gen-snapshots.js (46,000 units), which says what it planted, and kept.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${HOLDFAST_BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/holdfast-bench}
holdfast=${HOLDFAST:-$cache/holdfast/holdfast}

[ -x "$holdfast" ] || { echo "leaks.sh: no Holdfast binary at $holdfast: run bench/compare.sh first, or set HOLDFAST=FILE" >&2; exit 2; }
if [ $# -eq 0 ]; then
  series=$cache/series
  [ -s "$series/s500-T2.heapsnapshot" ] || "${NODE:-node}" --max-old-space-size=20000 "$here/gen-snapshots.js" --out "$series" --units 46000 --prefix s500
  set -- "$series/s500-T0.heapsnapshot" "$series/s500-T1.heapsnapshot" "$series/s500-T2.heapsnapshot"
fi

result=$(mktemp)
trap 'rm -f "$result"' EXIT
largest=$(wc -c "$@" | grep -v total | sort -n | tail -n 1 | awk '{ print $1 }')
cat "$@" > /dev/null # into the page cache
for command in diff leaks; do
  i=0
  while [ $i -lt "${RUNS:-3}" ]; do
    i=$((i + 1))
    status=0
    "$here/measure.sh" "$result" "$holdfast" $command "$@" > /dev/null || status=$?
    [ $status -le 1 ] || { echo "leaks.sh: $command: status $status" >&2; exit $status; }
    awk -v c=$command -v largest="$largest" '{ printf "%-6s wall %.2f s  user %.2f s  sys %.2f s  peak %d MB = %.2f x\n", c, $1, $2, $3, $4 / 1024, $4 * 1024 / largest }' "$result"
  done
done
