#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# readme.sh HEBB LIBRARY [FLAG...] - the commands that the README, docs/recipes.md and docs/faq.md
# show work on the sample tables, in the order of the page, and the README's program in C does what
# it says.  The flags are for linking.  Run in the root of the tree.
#
# A command is a line of a block of code, indented by four: `hebb ...` or `build/hebb ...`, perhaps
# behind a pipe, or `cmp ...`; after `$ ` where its output follows.  If that output begins with `hebb: WHERE: WHAT` and is no warning,
# the command must fail with that sentence.
set -uo pipefail
tree=$PWD
hebb=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAILED: $1"
	failures=$((failures + 1))
}

# PAGE: each of its commands, a tab, and the sentence with which it fails
commands() {
	awk '
	/^    (\$ )?(build\/)?(hebb [a-z]|cmp |(printf|gzip) .*[|] hebb )/ {
		if (command != "")
			print command "\t" sentence
		command = $0
		sentence = ""
		sub(/^    (\$ )?(build\/)?/, "", command)
		sub(/ +# .*/, "", command)
		next
	}
	command != "" && sentence == "" && /^    hebb: / && !/^    hebb: (warning|note)/ { sentence = substr($0, 5) }
	!/^    / && command != "" { print command "\t" sentence; command = "" }
	END { if (command != "") print command "\t" sentence }' "$1"
}

run() { # COMMAND [SENTENCE]: in the shell, as a reader does
	local status=0
	(cd "$work/place" && PATH="$work/bin:$PATH" bash -o pipefail -c "$1") >"$work/output" 2>&1 </dev/null || status=$?
	if [ -n "${2:-}" ]; then
		[ "$status" -ne 0 ] && grep -qxF -- "$2" "$work/output" && return
	else
		[ "$status" -eq 0 ] && return
	fi
	fail "$1: status $status${2:+, not \"$2\"}"
	tail -n 5 "$work/output"
}

mkdir "$work/bin"
ln -s "$hebb" "$work/bin/hebb"
for page in README.md docs/recipes.md docs/faq.md; do
	rm -rf "$work/place"
	mkdir "$work/place"
	cp -r examples "$work/place"
	commands "$page" >"$work/commands"
	count=$(wc -l <"$work/commands")
	[ "$count" -ge 5 ] || fail "$page: only $count commands found"
	while IFS=$'\t' read -r command sentence; do
		run "$command" "$sentence"
	done <"$work/commands"
	echo "$page: $count commands"
	written=$(cd "$work/place" && find . -path ./examples -prune -o -type f -printf '%P\n')
	git rev-parse --git-dir >"$work/git" 2>&1 || continue # a tree without git
	for file in $written; do
		git check-ignore -q --no-index "$file" || fail "$page: .gitignore lacks $file"
	done
done

awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md >"$work/xor.c"
cc -std=c11 -Wall -Wextra -Werror -I"$tree/include" "$work/xor.c" "$@" -lm -lpthread -o "$work/xor" ||
	fail "the program of the README does not compile"
printed=$("$work/xor") || fail "the program of the README fails"
[[ $printed =~ ^'0 xor 1 = '(0\.9[0-9]|1\.00)$ ]] || fail "the program of the README prints '$printed'"

[ "$failures" -eq 0 ]
