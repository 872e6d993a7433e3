#!/usr/bin/env bash
# flame beside stackcollapse-perf.pl and flamegraph.pl, on texts made from a recording. Those scripts are not part of this
# repository: FLAMEGRAPH names a folder with them. Usage: bench/flame.sh HOLDFAST RECORDING.perf.txt [MEGABYTES] [STACKS]
set -euo pipefail
holdfast=$1 recording=$2 megabytes=${3:-311} stacks=${4:-197000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node "$here/flame-text.js" perf "$recording" "$megabytes" > "$work/perf.txt"
node "$here/flame-text.js" folded "$stacks" > "$work/stacks.folded"
printf '%s MB of text, %s samples; %s stacks\n' "$((($(stat -c %s "$work/perf.txt")) / 1000000))" "$(grep -c '^[^[:space:]]' "$work/perf.txt")" "$(wc -l < "$work/stacks.folded")"
measure() { # label, command…
  local label=$1; shift
  /usr/bin/env time -f "%U %S %e %M" -o "$work/time" "$@" > "$work/out" 2> "$work/err" || { cat "$work/err" >&2; return 1; }
  read -r user sys wall rss < "$work/time"
  printf '%-46s %6.2f s CPU  %6.2f s  %7.1f MB  %s bytes\n' "$label" "$(echo "$user + $sys" | bc)" "$wall" "$(echo "$rss / 1024" | bc -l)" "$(stat -c %s "$work/out")"
}
measure "holdfast flame (folded)" "$holdfast" flame "$work/perf.txt" --format folded --quiet
measure "holdfast flame --compat (folded)" "$holdfast" flame "$work/perf.txt" --compat stackcollapse-perf --format folded --quiet
[ -z "${FLAMEGRAPH:-}" ] || measure "stackcollapse-perf.pl" perl "$FLAMEGRAPH/stackcollapse-perf.pl" "$work/perf.txt"
measure "holdfast flame (svg)" "$holdfast" flame "$work/stacks.folded" --format svg --quiet
measure "holdfast flame (html)" "$holdfast" flame "$work/stacks.folded" --format html --quiet
[ -z "${FLAMEGRAPH:-}" ] || measure "flamegraph.pl" perl "$FLAMEGRAPH/flamegraph.pl" "$work/stacks.folded"
