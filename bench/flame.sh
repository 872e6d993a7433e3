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
  local label=$1 wall user sys rss; shift
  "$here/measure.sh" "$work/time" "$@" > "$work/out"
  read -r wall user sys rss < "$work/time"
  awk -v l="$label" -v w="$wall" -v u="$user" -v s="$sys" -v m="$rss" -v b="$(stat -c %s "$work/out")" \
    'BEGIN { printf "| %s | %.2f | %.2f | %.0f | %.1f |\n", l, u + s, w, m / 1024, b / 1e6 }'
}
printf '| task | CPU s | wall s | peak MB | output MB |\n| --- | --: | --: | --: | --: |\n'
measure "holdfast flame (folded)" "$holdfast" flame "$work/perf.txt" --format folded --quiet
measure "holdfast flame --compat (folded)" "$holdfast" flame "$work/perf.txt" --compat stackcollapse-perf --format folded --quiet
[ -z "${FLAMEGRAPH:-}" ] || measure "stackcollapse-perf.pl" perl "$FLAMEGRAPH/stackcollapse-perf.pl" "$work/perf.txt"
measure "holdfast flame (svg)" "$holdfast" flame "$work/stacks.folded" --format svg --quiet
measure "holdfast flame (html)" "$holdfast" flame "$work/stacks.folded" --format html --quiet
[ -z "${FLAMEGRAPH:-}" ] || measure "flamegraph.pl" perl "$FLAMEGRAPH/flamegraph.pl" "$work/stacks.folded"
