#!/bin/sh
# SPDX-License-Identifier: MIT
# install.sh BUILD [DESTDIR] - `cmake --install BUILD`; beside the documents, installed-folders
# lists the folders that were made for it, which scripts/uninstall.sh removes again
set -eu
build=${1:?usage: $0 BUILD [DESTDIR]}
root=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

DESTDIR=$work/files cmake --install "$build" >/dev/null
# Below DESTDIR, which is / in the list, and not what an installation before this one has made
# already.
(cd "$work/files" && find . -type d) | while IFS= read -r folder; do
	folder=${folder#.}
	[ -d "$root/${folder#/}" ] || echo "${folder:-/}"
done >"$work/made"
DESTDIR=$root cmake --install "$build"
documents=$(cd "$work/files" && find . -name LICENSE)
list=$root/${documents#./}
list=${list%/LICENSE}/installed-folders
[ ! -f "$list" ] || cat "$list" >>"$work/made"
sort -u "$work/made" >"$list"
