#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cxx.sh LIBRARY... [FLAG...] - the headers from C++: each by itself and all together as C++11 and C++20, without a warning, and
# examples/cxx.cpp linked and run.  With every compiler that is there; run in the root of the tree.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tried=0

for compiler in g++ clang++; do
	command -v "$compiler" >/dev/null || continue
	# clang++ may lack a C++ library of its own
	echo '#include <memory>' | "$compiler" -x c++ -fsyntax-only - 2>/dev/null || continue
	for standard in c++11 c++20; do
		compile=("$compiler" -std=$standard -Wall -Wextra -Wpedantic -Wshadow -Wold-style-cast -Werror -Iinclude)
		for header in hebb hebb_advanced hebb_io hebb_study; do
			echo "#include <$header.h>" >"$work/$header.cpp"
			"${compile[@]}" -fsyntax-only "$work/$header.cpp"
		done
		"${compile[@]}" examples/cxx.cpp "$@" -o "$work/program"
		output=$("$work/program")
		[[ $output =~ ^'300 epochs: 0 xor 0 = 0 0 xor 1 = 1 1 xor 0 = 1 1 xor 1 = 0; hebb '[0-9.]+$ ]] || {
			echo "$compiler, $standard: prints '$output'"
			exit 1
		}
	done
	tried=$((tried + 1))
	echo "$compiler: no warning, and examples/cxx.cpp works"
done
lines=$(wc -l <examples/cxx.cpp)
[ "$lines" -lt 60 ] || { echo "examples/cxx.cpp: $lines lines, which is not under 60"; exit 1; }
[ "$tried" -gt 0 ] || exit 77
