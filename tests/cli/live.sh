#!/bin/sh
# SPDX-License-Identifier: MIT
# live.sh - what a terminal shows while train runs: a line that fits, and a small curve that stays
#
#     tests/cli/live.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

if ! command -v script >/dev/null || ! script -qc true /dev/null </dev/null >/dev/null 2>&1; then
	echo "live.sh: there is no 'script' that works here"
	exit 77
fi
awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 400; i++) printf "%g,%g,%s\n", i % 9, i * 7 % 11, i % 9 < 4 ? "no" : "yes" }' >rows.csv

# on COLUMNS LOCALE ARGUMENTS...: what a terminal of so many columns gets, in shown.
on() {
	columns=$1
	locale=$2
	shift 2
	TERM=xterm LC_ALL=$locale script -qc "stty cols $columns; '$hebb' $*" /dev/null </dev/null 2>/dev/null | tr -d '\000' >shown
}

# width: the columns of the widest text that stands on one line, in ASCII or blocks.
widest() {
	tr '\r' '\n' <shown | LC_ALL=C.UTF-8 sed "s/$(printf '\033')\[[0-9;]*[A-Za-z]//g; s/[▁▂▃▄▅▆▇█]/#/g" |
		awk '{ if (length($0) > most) most = length($0) } END { print most + 0 }'
}

for columns in 50 60 80 140; do
	on "$columns" C.UTF-8 train rows.csv -e 40 --validation 0.2 -o m.onnx
	check "$columns columns: the live line is there" grep -q 'epoch  *[0-9]*/40' shown
	tr '\r' '\n' <shown | grep 'epoch .*/40' >lines
	[ "$columns" -ge 60 ] && check "$columns columns: with the validation loss" grep -Eq 'val(idation)? [0-9.]+,' lines
	check "$columns columns: and the accuracy" grep -Eq '(val|[0-9],) [0-9.]+ %' lines
	check "$columns columns: it fits" [ "$(sed "s/$(printf '\033')\[K//" lines | awk '{ if (length($0) > most) most = length($0) } END { print most }')" -lt "$columns" ]
	check "$columns columns: no part is cut" sh -c "sed 's/.\[K//' lines | grep -Evc '( left|[0-9] s|samples/s)\$' | grep -qx 0"
	check "$columns columns: a curve of each loss" [ "$(grep -Ec '(loss|validation).*  [0-9.]+ to [0-9.]+' shown)" -eq 2 ]
	grep -v hebb shown >words && mv words shown
	[ "$columns" -ge 60 ] && check "$columns columns: nothing is wider" [ "$(widest)" -le "$columns" ]
done
check "a wide terminal has the speed" grep -q 'samples/s' lines
on 80 C train rows.csv -e 40 -o m.onnx
check "a curve in ASCII" grep -Eq '#[-_.~+=*#]*_  [0-9.]+ to [0-9.]+' shown
on 80 C.UTF-8 train rows.csv -e 40 -o m.onnx -q
check "no curve with --quiet" [ "$(grep -c '▁' shown)" -eq 0 ]
on 80 C.UTF-8 train rows.csv -e 40 -o m.onnx --json
check "no curve with --json" [ "$(grep -c '▁' shown)" -eq 0 ]
on 80 C.UTF-8 train rows.csv -e 9 -o m.onnx --repeat 2
check "no curve of many runs" [ "$(grep -c '▁' shown)" -eq 0 ]
LC_ALL=C.UTF-8
export LC_ALL
try 0 train rows.csv -e 40 -o m.onnx
check "no curve in a pipe" [ "$(cat out err | grep -c '▁')" -eq 0 ]

finish
