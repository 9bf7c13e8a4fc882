#!/bin/sh
# SPDX-License-Identifier: MIT
# uninstall.sh BUILD [DESTDIR] - removes what `cmake --install BUILD` installs, and folders of ours that are then empty
#
# It installs once more, into a temporary folder, to see what that is: so it needs no list from the first time.
set -eu
build=${1:?usage: $0 BUILD [DESTDIR]}
root=${2:-}
list=$(mktemp -d)
trap 'rm -rf "$list"' EXIT

DESTDIR=$list cmake --install "$build" >/dev/null
(cd "$list" && find . ! -type d) | while IFS= read -r file; do
	rm -f "$root/${file#./}"
done
(cd "$list" && find . -depth -type d -name hebb) | while IFS= read -r folder; do
	[ ! -d "$root/${folder#./}" ] || rmdir "$root/${folder#./}" 2>/dev/null || echo "kept, since not empty: $root/${folder#./}"
done
