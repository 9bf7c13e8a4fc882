#!/bin/sh
# SPDX-License-Identifier: MIT
# documents.sh FOLDER - the documents as they are installed, in FOLDER, which is made anew: the
# pages, docs/ and examples/ as they lie here, so that their links lead on; links to what is not
# installed, as the sources, are plain text there
set -eu
to=${1:?usage: $0 FOLDER}
cd "$(dirname "$0")/.."
rm -rf "$to"
mkdir -p "$to"
find README.md NEWS.md CONTRIBUTING.md [S]ECURITY.md LICENSE data/README.md docs examples -type f \( \
	-name '*.md' -o -name LICENSE -o -name '*.svg' -o -name '*.c' \
	-o -name '*.cpp' -o -path 'examples/data/*' -o -path '*/expected/*' \) 2>/dev/null |
	while IFS= read -r file; do
		mkdir -p "$to/$(dirname "$file")"
		cp "$file" "$to/$file"
	done
scripts/links.sh --drop "$to"
