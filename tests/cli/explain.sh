#!/bin/sh
# SPDX-License-Identifier: MIT
# explain.sh - hebb explain and evaluate --worst: text, JSON and figures say the same, bad input is refused with a sentence
#
#     tests/cli/explain.sh HEBB_BINARY

iris=$(cd "$(dirname "$0")/../../examples/data" && pwd)/iris.csv
. "$(dirname "$0")/harness.sh"

try 0 train "$iris" -q -e 15 -o iris.onnx
try 0 train digits -q -e 2 -l 16 -o digits.onnx

# ---- Importance ----

try 0 explain iris.onnx "$iris" --part test --json
cp out one.json
check "four columns" [ "$(json '.importance.columns | length')" = 4 ]
check "from the most important one on" [ "$(json '[.importance.columns[].drop] | . == (sort | reverse)')" = true ]
check "of the rows held out" [ "$(json .importance.rows)" = 30 ]
score=$(json .importance.score)
try 0 evaluate iris.onnx "$iris" --part test --json
check "the score of evaluate" [ "$(json .accuracy)" = "$score" ]
for threads in 1 3; do
	try 0 explain iris.onnx "$iris" --part test --json -j $threads
	check "$threads threads" cmp one.json out
done
try 0 explain iris.onnx "$iris" --part test --json -s 2
check "another seed" sh -c '! cmp -s one.json out'
for width in 50 80 140; do
	COLUMNS=$width "$hebb" explain iris.onnx "$iris" --dependence petal_width,sepal_width --shapley 1,150 --gradients 99 --importance >out 2>err
	check "no line is wider than $width" awk -v most=$width '/^  hebb/ { next } { n = length($0); gsub(/[\x80-\xbf]/, ""); if (length($0) > most) exit 1 }' out
	check "the values add up" [ "$(grep -c 'the values add up' out)" -ge 1 ]
done
check "a note on rows of training" grep -q -- '--part test' err
try 0 explain iris.onnx "$iris" -q
check "quiet: no hint" sh -c '! grep -q Next out'
try 0 explain iris.onnx "$iris"
check "the next command works" sh -c "sed -n 's/^  hebb explain .*--dependence //p' out | grep -qx 'petal_[a-z]*'"
try 0 explain iris.onnx "$iris" --metric log-loss --repeat 2 --json
check "log loss" [ "$(json '.importance | .metric + " \(.repeats)"')" = "log-loss 2" ]

# ---- Without targets ----

cut -d, -f1-4 "$iris" >inputs.csv
refuse 1 "inputs.csv: has no column 'species', a target of the model; importance compares .* --shapley" explain iris.onnx inputs.csv
try 0 explain iris.onnx inputs.csv --dependence 3 --shapley 1 --gradients 1 --json
check "all but importance" [ "$(json 'keys | join(" ")')" = "dependence gradients shapley" ]
check "the sum is that of the answer" [ "$(json '.shapley.rows[0].outputs[0] | (.base + (.values | add) - .answer) | fabs < 1e-9')" = true ]
check "the answer is the prediction" sh -c "'$hebb' predict iris.onnx inputs.csv -q | sed -n 2p | cut -d, -f2 >p; jq -e --argjson p \$(cat p) '(.shapley.rows[0].outputs[0].answer - \$p) | fabs < 1e-6' out"
try 0 explain iris.onnx inputs.csv --shapley 1 --outputs virginica,1 --json
check "outputs by name and number" [ "$(json '[.shapley.rows[0].outputs[].output] | join(" ")')" = "setosa virginica" ]

# ---- Numbers, several targets, labels, texts, gaps, names that do harm ----

awk 'BEGIN { print "a,b<script>,c,y,z"; for (i = 0; i < 90; i++) printf "%s,%g,%s,%g,%g\n", i % 7 ? i % 5 : "", i * 53 % 97, i % 3 ? i % 2 ? "red" : "blue" : "", i % 5 * 2 + i % 2, i * 53 % 97 }' >two.csv
try 0 train two.csv --target y,z -q -e 20 -o two.onnx
try 0 explain two.onnx two.csv --dependence c,a --shapley 1-3 --gradients 1 --importance
check "two targets" [ "$(grep -c '^  [yz]: ' out)" = 8 ]
check "bars by level" grep -q '^    blue  .*█' out
check "a missing value" grep -q 'a  *= missing' out
try 0 explain two.onnx two.csv --importance --json
check "a score without a unit" [ "$(json .importance.scaled)" = true ]
try 0 train two.csv --target y --task regression --ignore z -q -e 20 -o one.onnx
try 0 explain one.onnx two.csv --importance --dependence 2 --figures figures --json
check "one target" [ "$(json '.importance | .metric + " \(.scaled)"')" = "rmse false" ]
check "escaped in SVG" sh -c '! grep -l "<script>" figures/*.svg'
awk 'BEGIN { print "a,b,l,m"; for (i = 0; i < 80; i++) printf "%g,%g,%d,%d\n", i % 9, i * 7 % 11, (i % 9 > 4), (i * 7 % 11 > 5) }' >labels.csv
try 0 train labels.csv --labels l,m -q -e 10 -o labels.onnx
try 0 explain labels.onnx labels.csv --importance --dependence a --shapley 2 --gradients 2 --outputs m
check "a label" grep -q '^  m: ' out
printf 'a,\302\23331mred,t\n' >hostile.csv
awk 'BEGIN { for (i = 0; i < 60; i++) printf "%g,%g,%s\n", i % 9, i * 7 % 11, i % 2 ? "\302\2331myes" : "no" }' >>hostile.csv
try 0 train hostile.csv -q -e 5 -o hostile.onnx
try 0 explain hostile.onnx hostile.csv --importance --dependence 1-2 --shapley 1 --gradients 1
check "no escape sequence" sh -c '! grep -q "$(printf "\302\233")" out'
try 0 evaluate hostile.onnx hostile.csv --worst 5
check "none in the worst rows" sh -c '! grep -q "$(printf "\302\233")" out'

# ---- Images ----

try 0 explain digits.onnx digits --gradients 1 --outputs 0,1 --figures figures
check "two pictures of eight rows" [ "$(grep -c '[░▒▓█]' out)" -ge 14 ]
check "a figure" grep -q '^<svg' figures/gradients-1.svg
try 0 explain digits.onnx digits --rows 100 --repeat 1 --json
check "drawn rows" [ "$(json '.importance | "\(.rows) of \(.of)"')" = "100 of 1797" ]
try 0 evaluate digits.onnx digits --part test --worst 3
check "pictures of the worst" [ "$(grep -c '^  row [0-9]*: .*, predicted ' out)" = 3 ]

# ---- The worst rows ----

try 0 evaluate iris.onnx "$iris" --worst 5 --json
check "five" [ "$(json '.worst | length')" = 5 ]
check "the most wrong first" [ "$(json '[.worst[].wrong] | . == (sort | reverse)')" = true ]
check "line and row" [ "$(json '[.worst[] | .line - .row] | unique | join(" ")')" = 1 ]
row=$(json '.worst[0].row')
truth=$(json '.worst[0].truth')
check "the truth of the file" [ "$(sed -n "$((row + 1))p" "$iris" | cut -d, -f5)" = "$truth" ]
try 0 evaluate iris.onnx "$iris" --worst 1000000
check "all rows" [ "$(sed -n '/most wrong/,$p' out | wc -l)" = 152 ]
try 0 evaluate two.onnx two.csv --worst 2
check "several targets" [ "$(grep -c '^    [yz]: truth' out)" = 4 ]
try 0 evaluate one.onnx two.csv --worst 2
check "a number" grep -q 'off by' out
try 0 evaluate labels.onnx labels.csv --worst 2
check "labels" grep -q '^    [lm]: truth [01], p ' out

# ---- Figures overwrite nothing ----

echo mine >figures/importance.svg
refuse 1 "importance.svg: is not a figure of Hebb but a text" explain one.onnx two.csv --figures figures
check "it is still there" grep -q mine figures/importance.svg
try 0 explain one.onnx two.csv --figures figures --force -q
check "unless forced" grep -q '^<svg' figures/importance.svg
refuse 1 "two.csv: is not a folder" explain one.onnx two.csv --figures two.csv
refuse 2 "name a folder" explain one.onnx two.csv --figures -

# ---- Bad input ----

refuse 1 "there is no column 'petal'|petal" explain iris.onnx "$iris" --dependence petal
refuse 1 "'species' is no input" explain iris.onnx "$iris" --dependence species
refuse 1 "150 rows, from 1 on, and no row 151" explain iris.onnx "$iris" --shapley 151
refuse 1 "no row 0" explain iris.onnx "$iris" --gradients 0
refuse 2 "--shapley: its argument is empty" explain iris.onnx "$iris" --shapley ''
for rows in x 3- 9-3 1,,2 1,x; do
	refuse 2 "--shapley: .*row" explain iris.onnx "$iris" --shapley "$rows"
done
refuse 2 "at most 1000 rows" explain iris.onnx "$iris" --gradients 1-150,1-150,1-150,1-150,1-150,1-150,1-150
refuse 1 "no class 'virginia'; did you mean 'virginica'" explain iris.onnx "$iris" --shapley 1 --outputs virginia
refuse 1 "no class '4'" explain iris.onnx "$iris" --shapley 1 --outputs 4
refuse 1 "--metric rmse" explain iris.onnx "$iris" --metric rmse
refuse 1 "importance has accuracy" explain iris.onnx "$iris" --metric balanced-accuracy
refuse 2 "--grid" explain iris.onnx "$iris" --dependence 1 --grid 1
refuse 2 "--repeat" explain iris.onnx "$iris" --repeat 0
refuse 2 "--worst" evaluate iris.onnx "$iris" --worst 0
refuse 2 "--baseline" explain iris.onnx "$iris" --gradients 1 --baseline white
head -n 1 "$iris" >empty.csv
refuse 1 "empty.csv" explain iris.onnx empty.csv
head -n 2 "$iris" >single.csv
refuse 1 "one row" explain iris.onnx single.csv
try 0 explain iris.onnx single.csv --shapley 1 --gradients 1 --dependence 1
refuse 2 "missing" explain iris.onnx
try 0 explain iris.onnx "$iris" --steps 9 --shapley 1
check "a note on what is idle" grep -q -- '--steps changes nothing' err
awk -F, -v OFS=, 'NR == 3 { $1 = "1e38" } { print }' "$iris" >far.csv
try 0 explain iris.onnx far.csv --dependence 1

finish
