#!/bin/sh
# SPDX-License-Identifier: MIT
# inspect_data.sh - hebb inspect DATA: types and why, ranges, missing values, levels, and what would be predicted
#
#     tests/cli/inspect_data.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN { print "size,town,price,grade"
	for (i = 0; i < 40; i++) print (i == 3 ? "" : i / 2) "," substr("RomeOsloLima", i % 8 % 3 * 4 + 1, 4) "," (i == 16 ? "cheap" : i) "," i % 3 }' >rows.csv
try 0 inspect rows.csv --json
check "the kinds" [ "$(json '[.columns[].kind] | join(" ")')" = "number text text number" ]
check "a number, and why" [ "$(json '.columns[0] | .form + " " + .why')" = "plain all values are numbers" ]
check "its range" [ "$(json '.columns[0] | "\(.min) \(.max) \(.missing) \(.exact)"')" = "0 19.5 1 false" ]
check "the first text is named" [ "$(json '.columns[1].why')" = "line 2 says 'Rome'" ]
check "also among numbers" [ "$(json '.columns[2].why')" = "line 18 says 'cheap'" ]
check "each level has its rows" [ "$(json '.columns[1] | [.levels, .counts] | transpose | map("\(.[0]) \(.[1])") | join(" ")')" = "Lima 10 Oslo 15 Rome 15" ]
check "the prediction" [ "$(json '.prediction | .target + " " + .task')" = "grade classification" ]
check "and why" [ "$(json '.prediction.why')" = "one of 3 classes (--task regression for numbers)" ]
check "no notes" [ "$(json '.notes | length')" -eq 0 ]
try 0 inspect rows.csv
check "the most frequent level first" grep -Eq '^ +2  town +text +0  [^ ]{3,9} +3: (Rome|Oslo), (Rome|Oslo), Lima$' out
check "a text among numbers is told" grep -Fxq "'price' is text: line 18 says 'cheap'" out
check "but not of a column of texts" [ "$(grep -c "^'town' is" out)" -eq 0 ]
check "the target comes last" [ "$(tail -1 out)" = "hebb train predicts 'grade' (last column), one of 3 classes (--task regression for numbers)" ]
cut -d, -f1,2,4 rows.csv >learned.csv
try 0 train learned.csv -e 2 -l 8 --missing mean -o m.onnx --json
check "train does so" [ "$(json '.target + " " + .task')" = "grade classification" ]

awk 'BEGIN { print "a,y"; for (i = 0; i < 30; i++) print (i == 7 ? "0x1A" : i) "," i % 2 }' >hexadecimal.csv
try 0 inspect hexadecimal.csv
check "what is no number is told, though C reads it as one" grep -Fxq "'a' is text: line 9 says '0x1A'" out

awk 'BEGIN { print "a,y"; for (i = 0; i < 30; i++) print i "," i * 3 }' >numbers.csv
try 0 inspect numbers.csv
check "integers that all differ are a number" [ "$(tail -1 out)" = "hebb train predicts 'y' (last column), a number (30 different integers in 30 rows; --task classification makes them classes)" ]

# Classes are counted as train names them: codes with leading zeros, marks among texts.  Numbers have their own digits.
awk 'BEGIN { print "a,code,word"; for (i = 0; i < 30; i++) print 8.48 + i ",0" i % 3 "," (i % 3 ? i % 3 "x" : "nan") }' >coded.csv
try 0 inspect coded.csv --json
check "three classes, one of them nan" [ "$(json '.prediction.why')" = "one of 3 classes" ]
check "the least is 8.48" [ "$(json '.columns[0].min')" = 8.48 ]
cut -d, -f1,2 coded.csv >codes.csv
try 0 inspect codes.csv
check "three codes" [ "$(tail -1 out)" = "hebb train predicts 'code' (last column), one of 3 classes" ]
for labels in "01 02 2" "yes no NA 3" "yes no ? 2" "9007199254740992 9007199254740993 2" "3.1 3.10 x 3"; do
	echo "$labels" | awk '{ print "a,y"; for (i = 0; i < 60; i++) print i / 4 "," $(i % (NF - 1) + 1) }' >classes.csv
	try 0 inspect classes.csv
	check "as many classes as train has: $labels" grep -q "one of ${labels##* } classes" out
	try 0 train classes.csv -e 2 -l 8 --missing drop -o m.onnx
	check "train too" grep -q "one of ${labels##* } classes" err
done
awk 'BEGIN { print "a,y"; for (i = 0; i < 60; i++) print i / 4 "," (i == 7 ? "oops" : i) }' >slip.csv
try 0 inspect slip.csv
check "a target that train refuses" grep -q "which it refuses: slip.csv:9: column \"y\" has the text" out
try 1 train slip.csv -e 2

# ---- Widths ----

awk 'BEGIN { for (c = 1; c <= 30; c++) printf "a_rather_long_name_of_column_%d,", c; print "kind"
	for (i = 0; i < 60; i++) { for (c = 1; c <= 30; c++) printf "%g,", 1e9 * c + i; print "a level that is long " i } }' >wide.csv
awk 'BEGIN { print "t,y"; for (i = 0; i < 60; i++) print 1700000000 + i "," i }' >times.csv
try 0 inspect wide.csv
check "no line is longer than 80" [ "$(awk 'length > 80' out | wc -l)" -eq 0 ]
check "the last column is there" grep -Eq '^ +31  kind ' out
if command -v script >/dev/null; then
	for width in 50 80 140; do
		TERM=xterm script -qc "stty cols $width; $hebb inspect wide.csv; $hebb inspect rows.csv; $hebb inspect times.csv" /dev/null </dev/null | tr -d '\r' |
			sed "s/$(printf '\033')\[[0-9;]*m//g; s/[^ -~]/#/g" >out
		check "no line is longer than $width" [ "$(awk -v width=$width 'length > width' out | wc -l)" -eq 0 ]
		check "the columns are all there at $width" grep -Eq '^ +3  price +text' out
	done
fi

finish
