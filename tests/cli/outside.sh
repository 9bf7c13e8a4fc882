#!/bin/sh
# SPDX-License-Identifier: MIT
# outside.sh - rows outside of what was trained on, and drift: predict, evaluate, inspect
#
#     tests/cli/outside.sh HEBB_BINARY

fixtures=$(cd "$(dirname "$0")/../fixtures" && pwd) || exit 2
. "$(dirname "$0")/harness.sh"

# ---- Data: 200 rows, a number, a text, a column of doubles, gaps ----

awk 'BEGIN {
	print "age,\"the, port\",\"a|b\\c\",y"
	for (i = 0; i < 200; i++)
		printf "%s,%s,%.0f,%s\n", i % 10 == 3 ? "" : 20 + i * 7 % 50, substr("SCQ", i % 3 + 1, 1),
			1700000000000 + i * 1000, i % 2 ? "yes" : "no"
}' >train.csv
try 0 train train.csv -q -e 2 --test 0 -o m.onnx
cat >new.csv <<'EOF'
age,"the, port","a|b\c",y
20,S,1700000000000,no
69.5,S,1700000000000,no
,C,1700000199000,yes
19,X,1700000199001,yes
30,Q,1699999999999,no
EOF

# ---- The note ----

try 0 predict m.onnx new.csv
check "a note counts rows and columns" \
	grep -Fxq 'hebb: note: new.csv: 3 of 5 rows lie outside of what was trained on: age (2), a|b\c (2), the, port (1)' err
try 0 predict m.onnx new.csv -q
check "which --quiet silences" [ ! -s err ]
try 0 evaluate m.onnx new.csv
check "evaluate has it too" grep -q '3 of 5 rows lie outside' err
try 0 evaluate m.onnx train.csv
check "nothing is outside of itself" sh -c '! grep -q outside err'
check "nor did it drift" grep -Fxq '  drift from training: none of 3 inputs beyond chance' out
head -2 new.csv >one.csv
try 0 predict m.onnx one.csv
check "one row within" sh -c '! grep -q outside err'
sed -n '1p;3p' new.csv >one.csv
try 0 predict m.onnx one.csv
check "one row outside" grep -q '1 of 1 rows lies outside of what was trained on: age (1)' err
awk 'BEGIN { for (r = 0; r < 41; r++) { for (c = 1; c < 9; c++) printf r ? "%d," : "col%d,", r ? (r == 40 ? 99 : r + c) : c; print r ? r : "y" } }' >wide.csv
sed 41,42d wide.csv >narrow.csv
try 0 train narrow.csv -q -e 1 --test 0 --task regression -o wide.onnx
try 0 predict wide.onnx wide.csv
check "a note names five columns" grep -q 'on: col1 (1), col2 (1), col3 (1), col4 (1), col5 (1), and 3 more columns$' err

# ---- --outside ----

try 0 predict m.onnx new.csv -q
cp out plain.csv
try 0 predict m.onnx new.csv -q --outside
printf '%s\n' outside '' age '' '"age|the, port|a\|b\\c"' 'a\|b\\c' | paste -d, plain.csv - >expected.csv
check "a column at the end" cmp expected.csv out
for threads in 1 3; do
	try 0 predict m.onnx new.csv -q --outside -j $threads
	check "with $threads threads" cmp expected.csv out
done
try 0 predict m.onnx new.csv -q --outside --classes-only --keep age
check "with the classes only, and a column in front" [ "$(sed -n 3p out | sed 's/yes\|no/?/')" = '69.5,?,age' ]
try 0 predict m.onnx new.csv -q --outside --json
check "an array in JSON" [ "$(jq -c .outside out | paste -sd' ')" = '[] ["age"] [] ["age","the, port","a|b\\c"] ["a|b\\c"]' ]
try 0 predict m.onnx new.csv -q --outside --json --classes-only
check "and with the classes only" [ "$(jq -c '.outside | length' out | paste -sd' ')" = '0 1 0 3 1' ]
try 0 predict wide.onnx wide.csv -q --outside
check "of a regression" [ "$(tail -1 out | sed 's/^[^,]*,//')" = 'col1|col2|col3|col4|col5|col6|col7|col8' ]
check "each line has it" [ "$(grep -c ',' out)" -eq 41 ]
try 0 predict m.onnx new.csv -q --outside -o kept.csv
try 0 predict m.onnx new.csv -q --outside -o kept.csv
check "a file of it is replaced" cmp expected.csv kept.csv
awk 'BEGIN { print "a,wet,cold"; for (i = 0; i < 40; i++) printf "%d,%d,%d\n", i, i % 2, (i > 20) }' >labels.csv
try 0 train labels.csv -q -e 1 --test 0 --labels wet,cold -o labels.onnx
printf 'a\n50\n3\n' >ask.csv
try 0 predict labels.onnx ask.csv -q --outside
check "of labels" [ "$(cut -d, -f5 out | paste -sd' ')" = "outside a " ]
try 0 predict labels.onnx ask.csv -q --outside --json
check "of labels in JSON" [ "$(jq -c .outside out | paste -sd' ')" = '["a"] []' ]

# Behind intervals and sets.
try 0 train narrow.csv -q -e 1 --test 0 --task regression --conformal -o calibrated.onnx
try 0 predict calibrated.onnx wide.csv -q --interval 0.5 --outside
check "behind an interval" [ "$(head -1 out)" = y,y_low,y_high,outside ]
check "in each line" [ "$(awk -F, 'NF != 4' out | wc -l)" -eq 0 ]
try 0 predict calibrated.onnx wide.csv -q --interval 0.5 --outside --json
check "in JSON too" [ "$(jq -c 'keys_unsorted' out | sort -u)" = '["row","prediction","interval","outside"]' ]
try 0 train train.csv -q -e 1 --test 0 --conformal -o calibrated.onnx
try 0 predict calibrated.onnx new.csv -q --interval 0.5 --outside --classes-only
check "behind a set" [ "$(head -1 out)" = class,set,outside ]

# A row that cannot be answered has the column as well.
try 0 train train.csv -q -e 1 --test 0 --missing drop -o drop.onnx
try 0 predict drop.onnx new.csv -q --outside --classes-only
check "of a row without an answer" [ "$(sed -n 4p out)" = 'NaN,' ]

# ---- Models that do not know ----

try 0 train digits -q -e 1 -o digits.onnx
try 0 predict digits.onnx digits
check "images: no note" sh -c '! grep -q outside err'
try 0 evaluate digits.onnx digits -q --json
check "images: null" [ "$(json '[.outside, .drift] | tostring')" = '[null,null]' ]
try 0 evaluate digits.onnx digits -q
check "images: no line" sh -c '! grep -q drift out'
refuse 1 'is of images, of whose pixels it keeps no range' predict digits.onnx digits --outside
refuse 1 'is of images, of whose pixels it keeps no range' predict digits.onnx digits --drift
for old in "$fixtures"/models-0.1.0/*.onnx; do
	try 0 inspect "$old" --json
	check "$old of 0.1" [ "$(json .ranges)" = null ]
done
refuse 2 'not an option of evaluate' evaluate m.onnx new.csv --outside
refuse 2 'not an option of evaluate' evaluate m.onnx new.csv --drift

# ---- Drift ----

try 0 evaluate m.onnx new.csv -q --json
check "what is outside, in JSON" [ "$(json '.outside | tostring')" = '{"rows":3,"columns":{"age":2,"the, port":1,"a|b\\c":2}}' ]
check "the drift by column" [ "$(json '.drift | keys_unsorted | join(" ")')" = 'age the, port a|b\c' ]
check "what is missing" [ "$(json .drift.age.missing)" = 1 ]
check "five rows are no drift" [ "$(json '[.drift[].drift] | join(" ")')" = 'none none none' ]
try 0 evaluate m.onnx train.csv -q --json
check "0 for the rows of training" [ "$(json '[.drift[].psi] | add')" = 0 ]
awk -F, -v OFS=, 'NR > 1 { $1 = 60; if (NR % 2) $2 = "X" } 1' train.csv >moved.csv
try 0 evaluate m.onnx moved.csv -q
check "evaluate names what drifted" grep -Eq '^  drift from training: 2 of 3 inputs: age [0-9.]+ \(large\), the, port [0-9.]+ \(large\)$' out
try 0 predict m.onnx moved.csv -q --drift
cp out drift.csv
check "a table on standard error" [ "$(awk '{ print $NF }' err | paste -sd' ')" = 'training drift large large none' ]
check "the most drift first" [ "$(sed -n 3p err | cut -c3-5)" = age ]
try 0 predict m.onnx moved.csv -q
check "the predictions are the same" cmp out drift.csv
try 0 predict m.onnx moved.csv -q --drift --json
check "a line of JSON on standard error" [ "$(jq -c '[.rows, .outside.rows, .drift.age.drift]' err)" = '[200,100,"large"]' ]
check "and a row a line on standard output" [ "$(jq -c .row out | tail -1)" = 200 ]
if command -v script >/dev/null; then
	for width in 50 80 140; do
		TERM=xterm script -qec "stty cols $width; '$hebb' predict m.onnx moved.csv -q --drift -o p.csv; '$hebb' inspect m.onnx" /dev/null \
			</dev/null 2>/dev/null | tr -d '\r' | sed 's/\x1b\[[0-9;]*m//g' >page
		check "a table of $width columns" [ "$(grep -A4 '^drift of' page | wc -l)" -eq 5 ]
		check "which fits" awk -v width=$width '/^drift of|^ranges/ { on = 1 } /^m.onnx/ { on = 0 } on && length > width { exit 1 }' page
	done
fi

# ---- inspect ----

try 0 inspect m.onnx
check "the ranges" [ "$(grep -A4 '^ranges ' out | tail -3 | tr -s ' ' | sed -n 2p)" = ' age 10.0 % 20 45 69' ]
check "the levels" grep -q '  the, port          0   C 67, S 67, Q 66$' out
try 0 inspect m.onnx --json
check "the ranges in JSON" [ "$(json '.ranges[0] | [.name, .rows, .missing, .quantiles[0], .quantiles[10]] | tostring')" = '["age",200,20,20,69]' ]
check "the counts add up" [ "$(json '[.ranges[] | .rows - .missing - (.counts | add)] | tostring')" = '[0,0,0]' ]
check "doubles have all digits" [ "$(json '.ranges[2].quantiles[10]')" = 1700000199000 ]
check "levels in JSON" [ "$(json '.ranges[1] | [.levels, .counts] | tostring')" = '[["C","Q","S"],[67,66,67]]' ]

finish
