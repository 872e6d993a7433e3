#!/bin/sh
# Builds the native holdfast binary and puts it into a folder on your PATH.
#   ./install.sh [FOLDER]        default: ~/.local/bin
# Needs the .NET 10 SDK and a C compiler (clang or gcc) with zlib's headers, as NativeAOT does.
set -eu
cd "$(dirname "$0")"
target=${1:-"$HOME/.local/bin"}
command -v dotnet >/dev/null || { echo "install.sh: dotnet not found: install the .NET 10 SDK first" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
platform=$(dotnet --info | sed -n 's/^ *RID: *//p' | head -n 1)
dotnet publish src/Holdfast.Cli --configuration Release --runtime "$platform" --output "$work" --nologo --verbosity quiet
mkdir -p "$target"
cp "$work/holdfast" "$target/holdfast.new"
mv "$target/holdfast.new" "$target/holdfast"
echo "installed $("$target/holdfast" --version) as $target/holdfast"
