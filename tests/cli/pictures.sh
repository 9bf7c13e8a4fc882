#!/bin/sh
# SPDX-License-Identifier: MIT
# pictures.sh - hebb inspect: networks as bars, histograms of columns, images of rows and of weights
#
#     tests/cli/pictures.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

LC_ALL=C.UTF-8
export LC_ALL
# One value in the first bin of twenty, two in the second, ..., of a column; a constant; nothing; texts.
awk 'BEGIN { print "rising,same,gone,few,town,huge,y"
	for (i = 0; i < 20; i++) for (k = 0; k <= i; k++) { n++; print i "," 7 ",," (n % 4 ? 0 : 1) "," (n % 5 ? "Rome" : "Oslo") "," (n % 2 ? "-3e38" : "3e38") "," n % 2 } }' >columns.csv

# drawing: the lines of the network in out.
drawing() {
	sed -n '3,/^ *layer/p' out
}

# ---- Columns ----

try 0 inspect columns.csv
check "a rising histogram" grep -Eq '^ +1  rising +number +0  ▁▂▃▄▄▅▆▇██ ' out
check "nothing for a constant" grep -Eq '^ +2  same +number +0 +7  always$' out
check "nothing where nothing is" grep -Eq '^ +3  gone +number +210 +-  always missing$' out
check "two values, blanks between them" grep -Eq '^ +4  few +number +0  █        ▃ ' out
check "levels, the most frequent first" grep -Eq '^ +5  town +text +0  █▃  2: Rome, Oslo$' out
check "the largest floats" grep -Eq '^ +6  huge +number +0  █        █ ' out
try 0 inspect columns.csv --json
check "counts of 20 bins" [ "$(json '.columns[0].histogram.counts | join(" ")')" = "$(seq 20 | paste -sd' ')" ]
check "from the least to the largest" [ "$(json '.columns[0].histogram | "\(.low) \(.high)"')" = "0 19" ]
check "a constant is in the first bin" [ "$(json '.columns[1].histogram.counts | "\(.[0]) \(add)"')" = "210 210" ]
check "null without a value" [ "$(json '.columns[2].histogram')" = null ]
check "none of texts" [ "$(json '.columns[4] | has("histogram")')" = false ]
check "each value is counted once" [ "$(json '[.columns[] | select(.histogram) | .histogram.counts | add] | unique | join(" ")')" = 210 ]
LC_ALL=C
try 0 inspect columns.csv
check "ASCII" grep -Eq '^ +1  rising +number +0  _[.]-~~[+]=[*]## ' out
check "and nothing else" [ "$(grep -c '[^ -~]' out)" -eq 0 ]
LC_ALL=C.UTF-8
printf 'a,b\n1,x\n' >one.csv
try 0 inspect one.csv
check "one row" grep -Eq '^ +2  b +text +0  █ +1: x$' out
awk 'BEGIN { for (c = 1; c < 10000; c++) printf "c%d,", c; print "y"; for (i = 0; i < 5; i++) { for (c = 1; c < 10000; c++) printf "%d,", i * c % 7; print i } }' >many.csv
try 0 inspect many.csv
check "10,000 columns: 20 have a line" [ "$(grep -Ec '^ +[0-9]+  (c[0-9]+|y) ' out)" -eq 20 ]
try 0 inspect many.csv --json
check "10,000 histograms" [ "$(json '[.columns[].histogram.counts | add] | "\(length) \(unique | join(" "))"')" = "10000 5" ]

# ---- Images ----

try 0 inspect digits
check "samples of images" [ "$(grep -c '██' out)" -ge 8 ]
check "with their labels" grep -Eq '^digit [0-9] +digit [0-9] +digit [0-9]' out
check "no escapes" [ "$(LC_ALL=C grep -c "$(printf '\033')" out)" -eq 0 ]
check "eight lines of 16 characters each" [ "$(grep -Ec '^[ ░▒▓█]{60,79}$' out)" -eq 8 ]
LC_ALL=C
try 0 inspect digits
check "in ASCII" [ "$(grep -c '[^ -~]' out)" -eq 0 ]
LC_ALL=C.UTF-8
try 0 train digits -e 3 -l 12 -q -o digits.onnx
try 0 inspect digits.onnx
check "weights of the first layer" grep -q '^weights    of the first layer' out
check "units, evenly chosen" grep -Eq '^unit 1 +unit 4 +unit 7 +unit 10 *$' out
try 0 train columns.csv -e 2 -l 8 -q --ignore gone -o columns.onnx
try 0 inspect columns.onnx
check "no weights of a table" [ "$(grep -c '^weights' out)" -eq 0 ]

# ---- Networks ----

check "a bar for the inputs" grep -Eq '^ +inputs +▒+ +[0-9]+ from 5 columns$' out
check "a bar for each layer" grep -Eq '^ +1  dense +█+ +8 gelu$' out
check "the output" grep -Eq '^ +3  dense +█+ +2 softmax$' out
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 80; i++) print i % 9 "," i % 7 "," i % 2 }' >two.csv
layers=$(yes 16 | head -30 | paste -sd, -)
try 0 train two.csv -e 1 -q --scaling standard -l "$layers" --norm batch --shortcuts --dropout 0.1 -o deep.onnx
try 0 inspect deep.onnx
drawing >drawing
check "blocks that repeat are drawn once" grep -Eq '^ +\.\.\.  the same 4 layers [0-9]+ more times$' drawing
check "in few lines" [ "$(wc -l <drawing)" -le 16 ]
check "a line to the layer that adds" sh -c "grep -q '┐' drawing && grep -q '│' drawing && grep -q '┘  adds layer' drawing"
check "all layers are in the table" grep -Eq '^ +119 ' out
try 0 train two.csv -e 1 -q --scaling standard -l "$(seq 3 102 | paste -sd, -)" -o hundred.onnx
try 0 inspect hundred.onnx
check "100 different layers: the first and the last" grep -Eq '^ +\.\.\.  [0-9]+ more layers$' out
check "in few lines too" [ "$(drawing | wc -l)" -le 46 ]
try 0 train two.csv -e 1 -q --scaling standard -l 5000,2 -o wide.onnx
try 0 inspect wide.onnx
check "5,000 units beside 2: logarithms" grep -q 'the bars are logarithms of the widths' out
check "the widest bar" grep -Eq '^ +1  dense +█{36,40} +5000 gelu$' out
LC_ALL=C
try 0 inspect deep.onnx
check "a network in ASCII" [ "$(grep -c '[^ -~]' out)" -eq 0 ]
LC_ALL=C.UTF-8

# ---- Terminals ----

if command -v script >/dev/null && script -qc true /dev/null </dev/null >/dev/null 2>&1; then
	for columns in 50 80 140; do
		TERM=xterm script -qc "stty cols $columns; '$hebb' inspect columns.csv; '$hebb' inspect digits; '$hebb' inspect deep.onnx; '$hebb' inspect wide.onnx" /dev/null </dev/null |
			tr -d '\r' | sed "s/$(printf '\033')\[[0-9;]*m//g; s/[^ -~]/#/g" | grep -Ev '^(digits: |memory|trained on|settings|inputs|graph|.*a model for)' >shown
		check "$columns columns: nothing is wider" [ "$(awk -v most=$columns 'length($0) > most' shown | wc -l)" -eq 0 ]
		check "$columns columns: images" grep -q '^digit 0  ' shown
	done
	TERM=xterm script -qc "stty cols 80; '$hebb' inspect digits.onnx" /dev/null </dev/null >shown
	check "two pixels a character" grep -q "$(printf '\033')\[38;5;[0-9]*;48;5;[0-9]*m▀" shown
fi

finish
