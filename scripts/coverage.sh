#!/bin/sh
# SPDX-License-Identifier: MIT
# coverage.sh - which lines of src/ the suite runs, by file; fails below 90 %
#
#     scripts/coverage.sh [-L quick]      options go to ctest
set -eu
cd "$(dirname "$0")/.."
least=${COVERAGE_LEAST:-90}
jobs=${JOBS:-$(nproc)}
folder=build/coverage

mkdir -p "$folder"
cmake -S . -B "$folder" -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS='-O1 -g --coverage' >"$folder/log"
cmake --build "$folder" -j"$jobs" >>"$folder/log" 2>&1 || {
	tail -n 40 "$folder/log"
	exit 1
}
find "$folder" -name '*.gcda' -delete
# Programs that end at the same time take turns at the counts.  bits.sh and cxx.sh call compilers without this flag, includes.sh reads the source.
(cd "$folder" && ctest -j"$jobs" --no-tests=error --output-on-failure -E '^(bits|cxx|includes)$' "$@") || echo "coverage.sh: a test failed; what it ran counts"
# gcov leaves its files where it is called
(cd "$folder" && gcovr --root ../.. --filter ../../src/ --gcov-ignore-parse-errors --print-summary --sort-percentage \
	--fail-under-line "$least" --txt coverage.txt . >summary.txt) || status=$?
cat "$folder/coverage.txt" "$folder/summary.txt"
exit "${status:-0}"
