#!/bin/sh
# SPDX-License-Identifier: MIT
# activity.sh - the line that a terminal shows while something takes longer than two seconds
#
#     tests/cli/activity.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

if ! command -v script >/dev/null || ! script -qc true /dev/null </dev/null >/dev/null 2>&1; then
	echo "activity.sh: there is no 'script' that works here"
	exit 77
fi
escape=$(printf '\033')
awk 'BEGIN { print "a,y"; for (i = 0; i < 400; i++) print i % 9 "," i % 2 }' >rows.csv
try 0 train rows.csv -e 2 -l 4 -q -o m.onnx

# slow FILE COMMAND: what a terminal gets while the rows come slowly, in FILE.
slow() {
	TERM=xterm script -qc "(cat rows.csv; sleep 3; echo 1,1) | $2" /dev/null </dev/null >"$1" 2>&1
}
slow inspecting "'$hebb' inspect - --header yes" &
slow quietly "'$hebb' inspect - --header yes --quiet" &
slow piped "'$hebb' inspect - --header yes 2>&1 | cat" &
slow predicting "'$hebb' predict m.onnx - -o p.csv" &
slow showing "'$hebb' predict m.onnx -" &
slow warning "'$hebb' predict m.onnx - --keep none -o q.csv" &
TERM=xterm script -qc "'$hebb' inspect rows.csv" /dev/null </dev/null >short 2>&1
wait
check "the line" grep -Eq "reading standard input  [0-9]* s$escape\[K" inspecting
check "is removed before the report" grep -q "$escape\[Kstandard input\|$escape\[K$escape\[1mstandard input" inspecting
check "none with --quiet" [ "$(grep -c 'reading' quietly)" -eq 0 ]
check "none in a pipe" [ "$(grep -c 'reading' piped)" -eq 0 ]
check "none for less work" [ "$(grep -c 'reading' short)" -eq 0 ]
check "while it predicts" grep -q "predicting standard input" predicting
check "none over the rows that a person sees" [ "$(grep -c 'predicting' showing)" -eq 0 ]
check "a message has a line of its own" grep -Eq "^($escape\[K)?hebb: |$escape\[Khebb: " warning

finish
