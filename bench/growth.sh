#!/bin/sh
# Is `holdfast summary` linear? One line for each snapshot: megabytes, seconds, peak memory, megabytes per second.
#
#   bench/growth.sh [FILE…]      HOLDFAST=FILE names the binary, RUNS=3 the runs (the best counts)
#
# Without a FILE: the T2 snapshots that compare.sh keeps (s100, s500, s1500 and, if made with --sizes 5000, s5000).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${HOLDFAST_BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/holdfast-bench}
snapshots=${HOLDFAST_BENCH_SNAPSHOTS:-$cache/snapshots}
holdfast=${HOLDFAST:-$cache/holdfast/holdfast}
runs=${RUNS:-3}

[ -x "$holdfast" ] || { echo "growth.sh: no Holdfast binary at $holdfast: run bench/compare.sh first, or set HOLDFAST=FILE" >&2; exit 2; }
if [ $# -eq 0 ]; then
  for size in 100 500 1500 5000; do
    [ -s "$snapshots/s$size-T2.heapsnapshot" ] && set -- "$@" "$snapshots/s$size-T2.heapsnapshot"
  done
  [ $# -gt 0 ] || { echo "growth.sh: no snapshots in $snapshots: run bench/compare.sh first, or name files" >&2; exit 2; }
fi

result=$(mktemp)
trap 'rm -f "$result"' EXIT
model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
echo "CPU: ${model:-unknown}, $(getconf _NPROCESSORS_ONLN) cores; $(date +%Y-%m-%d); $("$holdfast" --version | head -n 1); best of $runs"
printf '%9s %8s %8s %8s %9s %11s %7s  %s\n' 'file MB' 'wall s' 'user s' 'sys s' 'peak MB' 'peak/file' 'MB/s' file
for file in "$@"; do
  cat "$file" > /dev/null # into the page cache
  best=
  i=0
  while [ $i -lt "$runs" ]; do
    i=$((i + 1))
    status=0
    "$here/measure.sh" "$result" "$holdfast" summary "$file" --format json --limit 0 > /dev/null || status=$?
    [ $status -eq 0 ] || { echo "growth.sh: $file: status $status" >&2; continue 2; }
    best=$(printf '%s\n%s\n' "$best" "$(cat "$result")" | sed '/^$/d' | sort -n | head -n 1)
  done
  bytes=$(wc -c < "$file")
  echo "$best" | awk -v bytes="$bytes" -v name="$(basename "$file")" '{
    mb = bytes / 1e6; peak = $4 * 1024 / 1e6; wall = $1 > 0 ? $1 : 0.01
    printf "%9.0f %8.2f %8.2f %8.2f %9.0f %10.2fx %7.0f  %s\n", mb, $1, $2, $3, peak, peak / mb, mb / wall, name }'
done
