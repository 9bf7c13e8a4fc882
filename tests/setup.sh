#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# setup.sh - what scripts/setup.sh says to a user who may not install packages; its line that
# needs none is compiled and run.  Then the build where cmocka is missing.  Run in the root of the
# tree.
set -uo pipefail
tree=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failures=0

check() { # TITLE COMMAND...
	local title=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
	else
		failures=$((failures + 1))
		echo "FAILED: $title: $*"
		sed 's/^/    /' "$work/log" "$work/said" | head -20
	fi
}

# ---- A machine of its own: no cmake, and the programs that a case gives it ----

mkdir "$work/tools"
for name in sh env uname grep cat id dpkg-query cc gcc; do
	ln -s "$(command -v $name)" "$work/tools/$name"
done

stub() { # NAME BODY
	printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}
machine() { # a new one, of a user without root
	rm -rf "$work/bin"
	mkdir "$work/bin"
	stub id 'echo 1000'
}
setup() { # [WHICH]: what it says is in the file said
	PATH=$work/bin:$work/tools scripts/setup.sh "${1:-setup}" >"$work/said" 2>&1 </dev/null
	status=$?
}
gives_up() { # TITLE PATTERN: one sentence with the reason, both lines
	setup
	check "$1: fails" [ "$status" -eq 1 ]
	check "$1: one sentence" [ "$(grep -c '^setup.sh: .*; ask an administrator to run$' "$work/said")" -eq 1 ]
	check "$1: which says why" grep -q "^setup.sh: $2; ask" "$work/said"
	check "$1: the line for an administrator" grep -Eq '^    apt-get install( [a-z0-9.+-]+)* cmake' "$work/said"
	check "$1: the line that needs no package" grep -q '^    cc -O2 -Iinclude ' "$work/said"
}

machine
gives_up "no apt-get" "these are Debian's names of packages, and there is no apt-get here"
machine
stub apt-get 'exit 0'
gives_up "no sudo" 'only root can install packages, and there is no sudo here'
stub sudo 'echo "sudo: a terminal is required to read the password" >&2; exit 1'
gives_up "sudo refuses" 'only root can install packages, and sudo refuses'
stub sudo '"$@"'
stub apt-get '[ "$1" != update ] || { echo "E: no network" >&2; exit 100; }; exit 0'
setup
check "lists that cannot be renewed are no end" [ "$status" -eq 0 ]
check "but are told" grep -q '^setup.sh: the lists of packages could not be renewed' "$work/said"
stub apt-get '[ "$1" = --version ] || { echo "E: no network" >&2; exit 100; }'
gives_up "no network" 'apt-get could not install the packages, for the reason above'
stub id 'echo 0'
rm "$work/bin/sudo"
gives_up "no network for root" 'apt-get could not install the packages, for the reason above'

line=$(sed -n 's/^    \(cc .*\)/\1/p' "$work/said")

# Tests that can be skipped are no reason to stop.
machine
stub apt-get 'exit 0'
for name in cmake jq; do
	stub $name 'exit 0'
done
setup setup-check
check "without g++ the tests begin" [ "$status" -eq 0 ]
check "with a note" grep -Eq '^setup.sh: note: .*; tests that need g\+\+( locales)? are skipped$' "$work/said"

# ---- The line, as it is printed ----

mkdir "$work/user"
ln -s "$tree/include" "$tree/src" "$work/user"
cp examples/xor.c "$work/user"
cd "$work/user" || exit 1
check "it compiles a program" sh -c "${line/YOUR.c/xor.c}"
check "which runs" grep -q '^0 xor 1 = 1.0' <(./a.out)
cd "$tree" || exit 1

# ---- No cmocka ----

configure() { # OPTION...: in the folder build
	rm -rf "$work/build"
	cmake -S . -B "$work/build" -DCMOCKA_LIBRARY= "$@" >"$work/said" 2>&1
	status=$?
}
configure
check "without cmocka the build is made" [ "$status" -eq 0 ]
check "and the note is one line" [ "$(grep -c "^note: the tests are not built, since cmocka is missing; 'make check' installs it" "$work/said")" -eq 1 ]
check "of no tests" [ ! -d "$work/build/tests" ]
configure -DHEBB_TESTS=OFF
check "no tests, no note" sh -c '[ "$1" -eq 0 ] && ! grep "^note: " "$2"' sh "$status" "$work/said"
configure -DHEBB_TESTS=ON
check "tests that are asked for need it" [ "$status" -ne 0 ]
check "which is told" grep -q "cmocka is missing; 'make setup-check' installs it" "$work/said"

echo "$passed passed, $failures failed"
[ "$failures" -eq 0 ]
