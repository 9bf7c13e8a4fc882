#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bits.sh [--neon] LIBRARY... - the same weights to the bit from each libhebb.a, from the core built by a plain
# `cc -O2 -Iinclude` without a warning, with every set of kernels that this machine has, with 1, 2, 3, 4 and 8 threads, and
# on a second run.  muladd has bits of its own: the same from each library, for another processor too (-march=haswell, whose
# compiler could fuse), and other ones than the other sets'.  With --neon also from the core built for ARM's 64-bit
# processors, run by qemu.  Run in the root of the tree.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

try() { # NAME PROGRAM ARGUMENT...: compares its output with the first one of its family
	local name=$1 first=$work/first
	[ "${HEBB_KERNELS:-}" != muladd ] || first=$work/first_muladd
	shift
	if ! "$@" >"$work/now" 2>"$work/error"; then
		if grep -q 'not available here' "$work/error"; then
			echo "skipped: $name: this machine lacks these kernels"
			return
		fi
		cat "$work/error"
		failures=$((failures + 1))
		return
	fi
	[ -f "$first" ] || cp "$work/now" "$first"
	if cmp -s "$first" "$work/now"; then
		passed=$((passed + 1))
	else
		echo "different bits: $name"
		diff "$first" "$work/now" | head -4
		failures=$((failures + 1))
	fi
}

on_arm() {
	local program=$work/arm
	aarch64-linux-gnu-gcc -O2 -Iinclude -o "$program" tests/bits.c src/core/*.c src/core/*/*.c -lm -lpthread
	local arm=(qemu-aarch64 -L /usr/aarch64-linux-gnu "$program")
	HEBB_KERNELS=neon try "ARM neon" "${arm[@]}" 1
	HEBB_KERNELS=neon try "ARM neon threads 3" "${arm[@]}" 3
	HEBB_KERNELS=scalar try "ARM scalar" "${arm[@]}" 1
	HEBB_KERNELS=muladd try "ARM muladd" "${arm[@]}" 1
}

neon=0
if [ "${1:-}" = --neon ]; then
	neon=1
	shift
fi
passed=0 failures=0
cc -O2 -Iinclude -o "$work/plain" tests/bits.c src/core/*.c src/core/*/*.c -lm -lpthread 2>"$work/warnings"
if [ -s "$work/warnings" ]; then
	cat "$work/warnings"
	failures=1
fi
programs=("$work/plain")
for library in "$@"; do
	program=$work/with$((${#programs[@]}))
	cc -Iinclude -o "$program" tests/bits.c "$library" -lm -lpthread
	programs+=("$program")
done
for program in "${programs[@]}"; do
	for kernels in avx512 avx2 scalar muladd; do
		HEBB_KERNELS=$kernels try "${program##*/} $kernels" "$program" 1
	done
	for threads in 1 2 3 4 8; do
		try "${program##*/} threads $threads" "$program" "$threads"
	done
	HEBB_KERNELS=muladd try "${program##*/} muladd threads 3" "$program" 3
done
if grep -qw fma /proc/cpuinfo && cc -O2 -march=haswell -Iinclude -o "$work/haswell" tests/bits.c src/core/*.c src/core/*/*.c -lm -lpthread 2>/dev/null; then
	HEBB_KERNELS=muladd try "haswell muladd" "$work/haswell" 1
fi
if cmp -s "$work/first" "$work/first_muladd"; then
	echo "muladd has the bits of the other sets"
	failures=$((failures + 1))
fi
[ "$neon" -eq 0 ] || on_arm
echo "$passed passed, $failures failed"
[ "$failures" -eq 0 ]
