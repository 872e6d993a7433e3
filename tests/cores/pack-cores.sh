#!/usr/bin/env bash
# Packs cores that make-cores.sh made into tests/cores/packed, so that tests can read cores of all versions anywhere: the packed
# core, what is true of it, and V8's own counts of the same moment. About 24 MB.
#
#   tests/cores/make-cores.sh --out DIR --programs "values workers gc ladder" 18 20 22 24 26
#   tests/cores/pack-cores.sh DIR                                                     (DIR: /tmp/holdfast-cores if not said)
#
# Needs what make-cores.sh needs (it makes a small core of `oom` itself), the .NET SDK, zstd and strings.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cores=${1:-/tmp/holdfast-cores}
out=$here/packed
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cli=$here/../../artifacts/bin/Holdfast.Cli/release/Holdfast.Cli.dll
dotnet build -c Release --nologo -v q "$here/../../src/Holdfast.Cli"
rm -rf "$out" && mkdir -p "$out"

# zstd at its highest normal level; a window of 2^27 bytes is the most that readers take by themselves.
squeeze() { nice zstd -19 --long=27 -q -f "$1" -o "$2"; }

core() {          # MAJOR NAME [DIR]: packs DIR/MAJOR/NAME.core
  local from=${3:-$cores}/$1/$2 to=$out/node$1-$2
  nice dotnet "$cli" pack -q "$from.core" -o "$scratch/packed" >/dev/null
  zstd -dcqf "$scratch/packed" >"$scratch/plain"
  clean "$scratch/plain" "$to"
  squeeze "$scratch/plain" "$to.hfcore"
  cp "$(dirname "$from")/${2%%.*}.truth.json" "$out/node$1-${2%%.*}.truth.json"
}
counts() {        # MAJOR SNAPSHOT: what V8 says
  node "$here/count.js" "$cores/$1/$2.heapsnapshot" >"$scratch/counts"
  clean "$scratch/counts" "$out/node$1-$2"
  squeeze "$scratch/counts" "$out/node$1-$2.counts.tsv.zst"
}
# Nothing of the machine may be in what is committed: people's folders, this repository, temporary folders, the machine's names.
clean() {         # FILE NAME
  strings -a -n 5 "$1" >"$scratch/text"
  strings -a -n 5 -e l "$1" >>"$scratch/text"
  local word
  for word in "$(cd "$here/../.." && pwd)" "$HOME" /home/ /Users/ "$cores" "$scratch" "$(uname -r)" "$(cat /etc/machine-id 2>/dev/null)" "$(hostname)"; do
    # Names as short as "vm" or "/root" are words of programs too; those are looked for as a whole line.
    if [ ${#word} -ge 6 ]; then found=$(grep -cF -- "$word" "$scratch/text" || true)
    elif [ -n "$word" ]; then found=$(grep -cE -- "^$word(/|$)" "$scratch/text" || true)
    else found=0; fi
    [ "$found" -eq 0 ] || { echo "pack-cores.sh: $2 holds \"$word\" $found times:" >&2; grep -F -- "$word" "$scratch/text" | head -5 >&2; exit 1; }
  done
}

for major in 18 20 22 24 26; do core $major values; counts $major values; done
core 26 workers
for snapshot in workers workers.ingest workers.index workers.scratch; do counts 26 $snapshot; done
core 20 gc.evacuating
core 26 gc.scavenging

# A leak at three moments, with the whole snapshots: to compare answers about cores with answers about snapshots.
for point in t0 t1 t2; do core 20 ladder.$point; clean "$cores/20/ladder.$point.heapsnapshot" ladder.$point; done
tar --owner=0 --group=0 --mtime=@0 -C "$cores/20" -cf "$scratch/ladder" ladder.t0.heapsnapshot ladder.t1.heapsnapshot ladder.t2.heapsnapshot
squeeze "$scratch/ladder" "$out/node20-ladder.tar.zst"

# Out of memory with a heap that is small enough to be kept.
OOM_MB=16 "$here/make-cores.sh" --out "$scratch/small" --programs oom 24
core 24 oom "$scratch/small"

chmod 644 "$out"/*
du -ch "$out"/* | tail -1
