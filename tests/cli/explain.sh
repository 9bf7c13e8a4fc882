#!/bin/sh
# SPDX-License-Identifier: MIT
# explain.sh - hebb explain and evaluate --worst: text, JSON and figures say the same, bad input is refused with a sentence
#
#     tests/cli/explain.sh HEBB_BINARY

iris=$(cd "$(dirname "$0")/../../examples/data" && pwd)/iris.csv
. "$(dirname "$0")/harness.sh"
LC_ALL=C.UTF-8 # pictures and bars
export LC_ALL

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

fits='{ if ($0 ~ /^  hebb/) next; gsub(/[\x80-\xbf]/, ""); if (length($0) >= most) { print; exit 1 } }'
awk 'BEGIN { print "a_column_with_a_long_name,another_column_of_texts,the_kind_of_flower"; for (i = 0; i < 12000; i++) printf "%d,%s,%s\n", i * 53 % 9700 * 1234567, i % 3 ? "a value of many letters" : "short", i % 2 ? "a class with a long name" : "another class with a long name" }' >long.csv
try 0 train long.csv -q -e 2 -o long.onnx
awk 'BEGIN { print "a_column_with_a_long_name,the_target_of_it_all,and_another_one_that_is_long"; for (i = 0; i < 12000; i++) printf "%d,%d,%g\n", i * 53 % 9700 + 1, (i * 53 % 9700 + 1) * 4321, i % 7 + 1 }' >large.csv
try 0 train large.csv --target 2 --task regression -q -e 2 -o large.onnx
cp large.csv larges.csv
try 0 train large.csv --target 2,3 --task regression --target-transform log -q -e 2 -o larges.onnx
for width in 50 80 140; do
	for data in long large larges; do
		COLUMNS=$width "$hebb" explain $data.onnx $data.csv --rows 300 --importance --dependence 1 --shapley 11999 --walks 200 --background 20 --gradients 12000 >out 2>err
		check "explanations of $data fit $width columns" awk -v most=$width "$fits" out
		COLUMNS=$width "$hebb" evaluate $data.onnx $data.csv --worst 9 >all 2>err
		sed -n '/most wrong/,$p' all >out
		check "the worst rows of $data fit $width columns" awk -v most=$width "$fits" out
		check "nine of $data" [ "$(grep -c '^  row [0-9]\|^ *[0-9][0-9]* ' out)" = 9 ]
	done
done
if command -v script >/dev/null && script -qc true /dev/null </dev/null >/dev/null 2>&1; then
	TERM=xterm script -qc "'$hebb' explain iris.onnx '$iris' --repeat 10000 -j 1" /dev/null </dev/null | tr '\r' '\n' >shown
	check "the line is erased before the page begins" awk '/permuting/ { shown = 1; next } shown && /^\033\[K/ { shown = 0 } /importance: how/ { begun = 1; if (shown) exit 1 } END { exit !begun }' shown
fi

# ---- Without targets ----

cut -d, -f1-4 "$iris" >inputs.csv
refuse 1 "inputs.csv: has no column 'species', a target of the model; importance compares .* --shapley" explain iris.onnx inputs.csv
cut -d, -f2-5 "$iris" >three.csv
refuse 1 "three.csv: has no column 'sepal_length', an input of the model$" explain iris.onnx three.csv
cut -d, -f2-4 "$iris" >neither.csv
refuse 1 "neither.csv: has no column 'sepal_length', an input of the model$" explain iris.onnx neither.csv
try 0 explain iris.onnx inputs.csv --dependence 3
check "without targets no evaluation" sh -c 'grep -q Next out && ! grep -q evaluate out'
try 0 explain iris.onnx inputs.csv --dependence 3 --shapley 1
check "and nothing next" sh -c '! grep -q Next out'
awk -v FS=, -v OFS=, 'NR > 1 { $5 = "" } { print }' "$iris" >unknown.csv
try 0 explain iris.onnx unknown.csv --dependence 3
check "nor if no target has a value" sh -c 'grep -q Next out && ! grep -q evaluate out'
try 0 explain iris.onnx "$iris" --dependence 3
check "with targets the worst rows" grep -q 'evaluate .* --worst 10' out
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
try 0 explain two.onnx two.csv
check "it is said" grep -q 'the mean over 2 targets of rmse / standard deviation in training' out
for transform in log quantile; do
	awk 'BEGIN { print "a,b,y"; for (i = 0; i < 200; i++) printf "%g,%g,%g\n", i % 17, i * 53 % 97, 1000 * exp(i % 17 / 5 - i * 53 % 97 / 97) }' >skewed.csv
	try 0 train skewed.csv --target-transform $transform -q -e 30 -o $transform.onnx
	try 0 evaluate $transform.onnx skewed.csv --json
	rmse=$(json .rmse)
	try 0 explain $transform.onnx skewed.csv --importance --gradients 1-20 --json
	check "$transform: the rmse of evaluate" [ "$(json "(.importance.score / $rmse - 1) | fabs < 1e-6")" = true ]
	check "$transform: the values add up in units" [ "$(json '[.gradients.rows[].outputs[0] | (.answer - .base - (.values | add) | fabs) <= 0.01 * (.answer - .base | fabs) + 1e-4 * (.answer | fabs)] | all')" = true ]
done
try 0 train two.csv --target y,z --target-transform quantile -q -e 5 -o twos.onnx --report twos.html
check "also on the page" grep -q 'standard deviation in training, both after the transform' twos.html
try 0 explain twos.onnx two.csv
check "of what the deviations are" grep -q 'the transform$' out
try 0 train two.csv --target y --task regression --ignore z -q -e 20 -o one.onnx
try 0 explain one.onnx two.csv --importance --dependence 2 --figures figures --json
check "the faint curves have a name" grep -q 'single rows' figures/dependence-2.svg
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
check "a caption of each picture" [ "$(grep -c 'left the image; right: for ░▒▓█, against ·-=≡' out)" = 2 ]
try 0 explain digits.onnx digits --rows 100 --repeat 1
check "a caption of the map" grep -q 'pixel permuted: score worse ░▒▓█, better' out
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
try 0 explain one.onnx two.csv --dependence 2
check "the faint lines have a name" grep -q 'the faint lines are 30 single rows' out
try 0 evaluate labels.onnx labels.csv --worst 2
check "labels" grep -q '^    [lm]: truth [01], p ' out

try 0 evaluate iris.onnx "$iris" --worst 150
check "p and p(truth) have the same digits" [ "$(sed -n '/p(truth)/,$p' out | sed 1d | grep -Ec ' [01]\.[0-9]{4} +([01]\.[0-9]{4}|<0\.0001)$')" = 150 ]

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
