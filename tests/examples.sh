#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# examples.sh SOURCE [EMULATOR] PROGRAM - one example, or snippet of the tutorial: SOURCE is short, and PROGRAM prints what is expected.
#
# Expected is expected/NAME.txt beside the source, byte for byte, or, where the numbers are of the machine or of chance,
# expected/NAME.regex: an extended regular expression for each line.
set -euo pipefail
source=$1
shift
expected=${source%/*}/expected/$(basename "$source" .c)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "$source: $1"
	exit 1
}

lines=$(wc -l <"$source")
[ "$lines" -lt 60 ] || fail "$lines lines, which is not under 60"
"$@" >"$work/output" 2>"$work/error" || fail "failed: $(cat "$work/error")"
[ ! -s "$work/error" ] || fail "wrote to stderr: $(cat "$work/error")"
if [ -f "$expected.txt" ]; then
	diff "$expected.txt" "$work/output" || fail "prints something else than $expected.txt"
elif [ -f "$expected.regex" ]; then
	mapfile -t patterns <"$expected.regex"
	mapfile -t output <"$work/output"
	[ "${#patterns[@]}" -eq "${#output[@]}" ] || fail "prints ${#output[@]} lines, not ${#patterns[@]}"
	for i in "${!patterns[@]}"; do
		[[ ${output[i]} =~ ^(${patterns[i]})$ ]] || fail "prints '${output[i]}', not '${patterns[i]}'"
	done
else
	fail "nothing says what it should print"
fi
echo "$lines lines; the output is as expected"
