#!/bin/sh
# SPDX-License-Identifier: MIT
# plot.sh - train --plot: what a terminal shows while it trains, what stays, and what a pipe gets
#
#     tests/cli/plot.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

LC_ALL=C.UTF-8
export LC_ALL
unset HEBB_PLOT
escape=$(printf '\033')
awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 400; i++) printf "%g,%g,%s\n", i % 9, i * 7 % 11, i % 9 < 4 ? "no" : "yes" }' >rows.csv

# plots FILE: how many plots are in it, by the lines below them.
plots() {
	grep -Ec '^ *└[─┬]{10}|^ *\+[-+]{10}' "$1"
}

# frame FILE: the lines of its plot in ASCII.
frame() {
	grep -E '[│┤└]|⠒⠒|  epoch$' "$1" | sed 's/[^ -~]/#/g'
}

# bare FILE: no control character is in it but newlines.
bare() {
	[ "$(LC_ALL=C tr -d '\n' <"$1" | LC_ALL=C grep -c "$(printf '[\001-\037\177]')")" -eq 0 ]
}

# ---- A pipe ----

try 0 train rows.csv -e 40 --validation 0.2 -o m.onnx --plot
check "none in a pipe" [ "$(plots err)" -eq 0 ]
HEBB_PLOT=auto
export HEBB_PLOT
try 0 train rows.csv -e 40 --validation 0.2 -o m.onnx --plot
check "one plot at the end, if it is asked for" [ "$(plots err)" -eq 1 ]
check "none on standard output" [ "$(plots out)" -eq 0 ]
check "no escapes" bare err
check "plain lines too" grep -q '^epoch 40/40' err
check "both curves have names" grep -Eq 'loss [0-9.]+  .* validation [0-9.]+' err
check "in Braille" grep -q '⣀' err
check "of 79 columns" [ "$(grep '└' err | sed 's/[└─┬]/#/g' | awk '{ print length($0) }')" -eq 79 ]
try 0 train rows.csv -e 40 -o m.onnx
check "none without the option" [ "$(plots err)" -eq 0 ]
try 0 train rows.csv -e 40 -o m.onnx --plot --quiet
check "--quiet leaves the plot" [ "$(plots err)" -eq 1 ]
check "and no progress" [ "$(grep -c '^epoch ' err)" -eq 0 ]
try 0 train rows.csv -e 40 -o m.onnx --plot --json
check "--json has it on standard error" [ "$(plots err)" -eq 1 ]
check "and one object on standard output" [ "$(json .epochs)" -eq 40 ]
for columns in 50 80 140; do
	COLUMNS=$columns
	export COLUMNS
	try 0 train rows.csv -e 40 -o m.onnx --plot --quiet
	check "COLUMNS=$columns: it fits" [ "$(frame err | awk -v most=$columns 'length($0) >= most' | wc -l)" -eq 0 ]
done
unset COLUMNS

# ---- Characters ----

for style in braille blocks ascii; do
	HEBB_PLOT=$style
	export HEBB_PLOT
	try 0 train rows.csv -e 40 --validation 0.2 -o m.onnx --plot --quiet
	cp err $style
	check "$style: a plot" [ "$(plots err)" -eq 1 ]
done
check "blocks" grep -q '[▀▄█]' blocks
check "blocks have no Braille" [ "$(grep -c '⣀' blocks)" -eq 0 ]
check "ascii has nothing else" [ "$(LC_ALL=C grep -c '[^ -~]' ascii)" -eq 0 ]
check "ascii: two signs" sh -c "grep -q '[*]' ascii && grep -q 'o.*o' ascii"
HEBB_PLOT=crayon
refuse 1 'HEBB_PLOT: .crayon. is none of auto, braille, blocks and ascii' train rows.csv -e 2 -o m.onnx --plot
HEBB_PLOT=auto
LC_ALL=C
try 0 train rows.csv -e 40 -o m.onnx --plot --quiet
check "without UTF-8 in ASCII" [ "$(LC_ALL=C grep -c '[^ -~]' err)" -eq 0 ]
check "a plot" [ "$(plots err)" -eq 1 ]
LC_ALL=C.UTF-8

# ---- Trainings ----

try 0 train rows.csv -e 20 -o m.onnx --plot --repeat 3
check "one plot of three runs" [ "$(plots err)" -eq 1 ]
check "with the others" grep -q 'other runs' err
try 0 train rows.csv -e 20 -o m.onnx --plot --folds 3
check "one plot of the folds and the model" [ "$(plots err)" -eq 1 ]
try 0 train rows.csv -e 20 -o m.onnx --plot --effort good --time 2s
check "one plot after an effort" [ "$(plots err)" -eq 1 ]
try 0 train rows.csv -e 12 -o m.onnx --checkpoint c.safetensors
try 0 train rows.csv -e 24 -o m.onnx --resume c.safetensors --plot
check "a resumed training has its whole curve" grep -Eq '5 .*10 .*15 .*20  epoch' err
try 0 train rows.csv -e 1 -o m.onnx --plot
check "one epoch" [ "$(plots err)" -eq 1 ]
try 0 train rows.csv -e 30 -o m.onnx --plot -l 8 --optimizer sgd --rate 1e-30
check "a loss that stays the same" [ "$(plots err)" -eq 1 ]
try 1 train rows.csv -e 30 -o m.onnx --plot -l 8 -a relu --loss squared --output linear --optimizer sgd --rate 1e6
check "a training that diverges has no strange numbers" [ "$(grep -Ec '^ *-?(nan|inf)' err)" -eq 0 ]
try 0 search rows.csv -e 4 --trials 2 -l 4 --rate 0.001..0.1 -o m.onnx --table t.csv --plot
check "search: one plot, of the best" [ "$(plots err)" -eq 1 ]
try 2 predict m.onnx rows.csv --plot
stop INT '^epoch 1/' train rows.csv -e 100000 -o stopped.onnx --plot
check "Ctrl-C: the curve so far" [ "$(plots err)" -eq 1 ]
check "Ctrl-C: then the message" grep -q '^hebb: training: stopped in epoch' err
check "Ctrl-C: no escapes" bare err

# ---- Terminals ----

unset HEBB_PLOT

if ! command -v script >/dev/null || ! script -qc true /dev/null </dev/null >/dev/null 2>&1; then
	echo "plot.sh: there is no 'script' that works here"
	finish
fi

# on COLUMNS ROWS TERM ARGUMENTS...: what a terminal gets, in shown.
on() {
	size="cols $1 rows $2"
	term=$3
	shift 3
	TERM=$term script -qc "stty $size; '$hebb' $*" /dev/null </dev/null 2>/dev/null | tr -d '\000\r' >shown
}

# last: what stays of the plot, without colors: the lines behind the last one that was removed.
last() {
	sed "s/$escape\[[0-9;]*m//g" shown | awk -v gone=".*$escape\\\\[J" 'sub(gone, "") { kept = "" } { kept = kept $0 "\n" } END { printf "%s", kept }' | sed "s/$escape\[[0-9;]*[A-Za-z]//g" >stays
}

for columns in 50 80 140; do
	on $columns 40 xterm train rows.csv -e 400 --validation 0.2 -o m.onnx --plot
	last
	check "$columns columns: it was drawn in place" grep -q "$escape\[1[0-9]A$escape\[J" shown
	check "$columns columns: one plot stays" [ "$(plots stays)" -eq 1 ]
	check "$columns columns: no live line stays" [ "$(grep -c 'epoch .*/400' stays)" -eq 0 ]
	check "$columns columns: nothing is wider" [ "$(frame stays | awk -v most=$columns 'length($0) >= most' | wc -l)" -eq 0 ]
	check "$columns columns: colors" grep -q "$escape\[38;5;33m" shown
	check "the cursor is never hidden" [ "$(grep -c "$escape\[?25" shown)" -eq 0 ]
done
on 25 40 xterm train rows.csv -e 40 -o m.onnx --plot
check "no plot where there is no room" [ "$(plots shown)" -eq 0 ]
on 0 0 xterm train rows.csv -e 40 -o m.onnx --plot
last
check "no size: as for 80 columns" [ "$(grep '└' stays | tail -1 | sed 's/[└─┬]/#/g' | awk '{ print length($0) }')" -eq 79 ]
on 80 6 xterm train rows.csv -e 400 -o m.onnx --plot
check "few rows: only the plot that stays" [ "$(grep -c "$escape\[1[0-9]A" shown)" -eq 0 ]
on 80 40 dumb train rows.csv -e 40 -o m.onnx --plot
check "TERM=dumb: no escapes" [ "$(grep -c "$escape" shown)" -eq 0 ]
check "TERM=dumb: the plot at the end" [ "$(plots shown)" -eq 1 ]
on 80 40 linux train rows.csv -e 40 -o m.onnx --plot
check "TERM=linux: blocks" sh -c "grep -q '[▀▄█]' shown && ! grep -q '⣀' shown"
NO_COLOR=1
export NO_COLOR
on 80 40 xterm train rows.csv -e 40 -o m.onnx --plot
check "NO_COLOR: no colors" [ "$(grep -c "$escape\[[0-9;]*m" shown)" -eq 0 ]

finish
