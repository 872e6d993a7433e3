#!/usr/bin/env bash
# Four ways to take what is in a running process, side by side: how long it stands still (measured inside it, by a timer that comes late),
# how much more memory it has afterwards at its peak, the file, and the time until `summary` has answered.
# Usage: capture.sh NODE [MEGABYTES…]      HOLDFAST: the binary (default: holdfast in the path)
set -euo pipefail
node=$1; shift
holdfast=${HOLDFAST:-holdfast}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"; kill %1 2>/dev/null || true' EXIT
ask() { curl -s "http://127.0.0.1:$port/${1:-}"; }
field() { sed -E "s/.*\"$1\":([0-9.]+).*/\1/"; }
peak() { awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$pid/status"; }
clear_peak() { echo 5 > "/proc/$pid/clear_refs"; }
megabytes() { du -m --apparent-size "$1" | cut -f1; }
seconds() { date +%s.%N; }

printf '%-8s %-28s %10s %12s %10s %16s\n' heap method 'pause, ms' 'extra, MiB' 'file, MiB' 'first answer, s'
for size in "${@:-10}"; do
  for method in memory inspector writeHeapSnapshot gcore; do
    "$node" --max-old-space-size=$((size * 2 + 512)) "$here/capture.js" "$size" > "$work/port" & pid=$!
    until [ -s "$work/port" ]; do sleep 0.1; done
    port=$(cat "$work/port"); sleep 1; ask > "$work/warm"; sleep 0.5; ask > "$work/before"
    before=$(( $(field rss < "$work/before") / 1048576 ))
    clear_peak; start=$(seconds)
    case $method in
      memory | inspector)
        "$holdfast" capture "pid:$pid" "$work/out" --method "$method" --quiet > /dev/null
        file=$(find "$work/out" -name "*.hfcore" -o -name "*.heapsnapshot.zst") ;;
      writeHeapSnapshot) file=$(ask snapshot) ;;
      gcore) gcore -o "$work/core" "$pid" > /dev/null 2>&1; file=$work/core.$pid ;;
    esac
    extra=$(( $(peak) - before )); pause=$(ask | field worst)
    kill "$pid"; wait "$pid" 2>/dev/null || true
    "$holdfast" summary "$file" --quiet --limit 5 > /dev/null
    printf '%-8s %-28s %10.0f %12d %10d %16.1f\n' "${size}M" "$method" "$pause" "$extra" "$(megabytes "$file")" "$(echo "$(seconds) - $start" | bc)"
    rm -rf "$work/out" "$file" "$work/port"
  done
done
