#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs.sh LIBRARY [FLAG...] - the public headers can be read: no line beyond column 100, the example
# of hebb.h is a program that works, and each function, struct, field and enum value has a comment
# that Doxygen understands.  The flags are for linking.  Run in the root of the tree.  Status 77:
# Doxygen is missing, and all else passed.
set -uo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAILED: $1"
	failures=$((failures + 1))
}

for header in include/*.h; do
	wide=$(expand "$header" | awk 'length > 100 { print NR }' | paste -sd ' ')
	[ -z "$wide" ] || fail "$header: wider than 100 columns: lines $wide"
	# Doxygen 1.9.4 does not ask for comments of enum values.
	bare=$(awk '/^\tHEBB_[A-Z0-9_]+( = [0-9]+)?,?( |$)/ && !/\/\*\*</ && before !~ /\*\/$/ { print $1 } { before = $0 }' "$header" | paste -sd ' ')
	[ -z "$bare" ] || fail "$header: values without a comment: $bare"
done

# The example: the first lines of the first comment that are indented by four.
awk '/^ \*\// { exit } /^ \*     / { sub(/^ \*     /, ""); print }' include/hebb.h >"$work/example.c"
cc -std=c11 -Wall -Wextra -Werror -Iinclude "$work/example.c" "$@" -lm -lpthread -o "$work/example" ||
	fail "the example of hebb.h does not compile"
printed=$("$work/example") || fail "the example of hebb.h fails"
[[ $printed =~ ^'0 xor 1 = '(0\.9[0-9]|1\.00)$ ]] || fail "the example of hebb.h prints '$printed'"

status=0
scripts/docs.sh "$work/docs" || status=$?
case $status in
0) [ -e "$work/docs/html/hebb_8h.html" ] || fail "no page of hebb.h" ;;
77) ;;
*) fail "Doxygen" ;;
esac
[ "$failures" -eq 0 ] || exit 1
exit "$status"
