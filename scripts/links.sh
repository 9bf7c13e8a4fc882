#!/bin/sh
# SPDX-License-Identifier: MIT
# links.sh [--drop] FOLDER - the links of the Markdown files below FOLDER whose target is not
# there; status 1 if there are any
#
# A link is [text](target), where the target is no address of the web.  A file or folder must
# exist below FOLDER; of #section a Markdown file must have the heading.  --drop replaces dead
# links by their text instead: for a copy that lacks some of the files.
set -eu
drop=0
if [ "${1:-}" = --drop ]; then
	drop=1
	shift
fi
cd "${1:?usage: $0 [--drop] FOLDER}"

all() {
	find . \( -name .git -o -path ./build -o -name node_modules \) -prune -o "$@" -print | sed 's,^\./,,'
}
# First the list of all paths, a line each; then each page as one record.
# shellcheck disable=SC2046
all | awk -v drop="$drop" '
function normal(path,    part, kept, count, i, n) {
	n = split(path, part, "/")
	count = 0
	for (i = 1; i <= n; i++) {
		if (part[i] == ".." && count > 0 && kept[count] != "..")
			count--
		else if (part[i] != "" && part[i] != ".")
			kept[++count] = part[i]
	}
	path = ""
	for (i = 1; i <= count; i++)
		path = path (i > 1 ? "/" : "") kept[i]
	return path
}

# The name by which a heading is linked to; letters that are not ASCII are left out on both sides.
function section(heading) {
	heading = tolower(heading)
	gsub(/[^-a-z0-9_ ]/, "", heading)
	gsub(/ /, "-", heading)
	return heading
}

function read_headings(page, text,    line, count, i, code) {
	count = split(text, line, "\n")
	for (i = 1; i <= count; i++) {
		if (line[i] ~ /^```/)
			code = !code
		else if (!code && sub(/^#+ +/, "", line[i]))
			is_section[page "#" section(line[i])] = 1
	}
}

function is_dead(page, target,    folder, path, fragment) {
	if (target ~ /^[a-z]+:/)
		return 0
	fragment = index(target, "#") ? substr(target, index(target, "#") + 1) : ""
	sub(/#.*/, "", target)
	folder = page
	sub(/[^\/]*$/, "", folder)
	path = target == "" ? page : normal(folder target)
	if (path != "" && !(path in exists))
		return 1
	return fragment != "" && path ~ /\.md$/ && !((path "#" section(fragment)) in is_section)
}

function walk(page, text,    link, target, left) {
	left = ""
	while (match(text, /\[[^][]*\]\([^()]*\)/)) {
		link = substr(text, RSTART, RLENGTH)
		left = left substr(text, 1, RSTART - 1)
		text = substr(text, RSTART + RLENGTH)
		target = link
		sub(/^\[[^][]*\]\(/, "", target)
		sub(/\)$/, "", target)
		if (is_dead(page, target)) {
			dead++
			if (!drop)
				print page ": " target
			sub(/^\[/, "", link)
			sub(/\]\([^()]*\)$/, "", link)
		}
		left = left link
	}
	return left text
}

FNR == NR { exists[$0] = 1; next }
FNR == 1 {
	sub(/^\.\//, "", FILENAME)
	text[FILENAME] = $0
	read_headings(FILENAME, $0)
}
END {
	for (page in text) {
		whole = walk(page, text[page])
		if (drop)
			printf "%s", whole >page
	}
	exit dead > 0 && !drop
}' - RS='\001' $(all -name '*.md')
