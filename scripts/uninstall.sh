#!/bin/sh
# SPDX-License-Identifier: MIT
# uninstall.sh BUILD [DESTDIR] - removes what `cmake --install BUILD` installs, and the folders
# that scripts/install.sh made for it and that are empty now
#
# It installs once more, into a temporary folder, to see what that is: so it needs no list of
# files from the first time.
set -eu
build=${1:?usage: $0 BUILD [DESTDIR]}
root=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

DESTDIR=$work/files cmake --install "$build" >/dev/null
cd "$work/files"
documents=$(find . -name LICENSE)
documents=${documents%/LICENSE}
cd - >/dev/null
list=$root/${documents#./}/installed-folders
# Those of Hebb's name are ours, whatever the list says.
(cd "$work/files" && find . -type d -path '*/hebb*') | sed 's,^\.,,' >"$work/made"
if [ -f "$list" ]; then
	cat "$list" >>"$work/made"
	rm -f "$list"
fi
(cd "$work/files" && find . ! -type d) | while IFS= read -r file; do
	rm -f "$root/${file#./}"
done
sort -ru "$work/made" | while IFS= read -r folder; do
	[ -d "$root$folder" ] || continue
	rmdir "$root$folder" 2>/dev/null || case $folder in
	*/hebb | */hebb/*) echo "kept, since not empty: $root$folder" ;;
	esac
done
