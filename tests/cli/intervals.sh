#!/bin/sh
# SPDX-License-Identifier: MIT
# intervals.sh - train --conformal and --temperature, predict --interval
#
#     tests/cli/intervals.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# numbers ROWS: x, and a price that follows from it with noise.
numbers() {
	awk -v rows="$1" 'BEGIN {
		srand(3)
		print "x,price"
		for (i = 0; i < rows; i++) {
			x = int(rand() * 1000) / 100
			printf "%g,%.2f\n", x, 20 * x + 30 * (rand() - 0.5)
		}
	}'
}

# classes ROWS: names that CSV and sets must escape.
classes() {
	awk -v rows="$1" 'BEGIN {
		srand(4)
		print "x,kind"
		for (i = 0; i < rows; i++) {
			x = int(rand() * 1000) / 1000
			y = x + (rand() - 0.5) / 2
			print x "," (y < 0.3 ? "a|b" : y < 0.7 ? "\"c,d\"" : "e\\f")
		}
	}'
}

quick="-l 8 -e 20 -q"
numbers 400 >numbers.csv
classes 400 >classes.csv

# ---- Numbers ----

# shellcheck disable=SC2086
try 0 train numbers.csv $quick --conformal -o n.onnx --json
check "a fifth is held out" [ "$(json .validation_rows)" = 64 ]
check "and scored" [ "$(json '.conformal.targets[0].rows')" = 64 ]
width=$(json '.conformal.targets[0].half_width')
check "no folds" [ "$(json .conformal.folds)" = 0 ]
check "no temperature" [ "$(json .temperature)" = null ]
try 0 inspect n.onnx --json
check "inspect has the width" [ "$(json '.conformal.targets[0].half_width')" = "$width" ]
try 0 inspect n.onnx
check "inspect says it" grep -Eq '^intervals +64 calibration rows; 90 %: price -\+ ' out

try 0 predict n.onnx numbers.csv --interval 0.9
check "two columns" [ "$(head -1 out)" = price,price_low,price_high ]
check "a line a row" [ "$(wc -l <out)" -eq 401 ]
check "half the width on either side" awk -F, -v w="$width" 'NR > 1 {
	if ($2 > $1 - w + 0.001 || $3 < $1 + w - 0.001 || $3 - $2 > 2 * w + 0.001) exit 1 }' out
cp out wide
check "most prices are inside" awk -F, 'NR == FNR { price[FNR] = $2; next }
	FNR > 1 { n++; inside += $2 <= price[FNR] && price[FNR] <= $3 }
	END { exit !(inside / n > 0.8) }' numbers.csv wide
try 0 predict n.onnx numbers.csv --interval 0.5
check "a lower level is narrower" awk -F, 'NR == FNR { low[FNR] = $2; next }
	FNR > 1 && $2 < low[FNR] { exit 1 }' wide out
try 0 predict n.onnx numbers.csv --interval 0.9 -j 3
check "the same for any number of threads" cmp out wide
try 0 predict n.onnx numbers.csv --interval 0.9 --json
check "JSON has them" [ "$(head -1 out | jq -c '.interval.price | length')" = 2 ]
check "the same ones" [ "$(head -1 out | jq -r '.interval.price[0]')" = "$(sed -n 2p wide | cut -d, -f2)" ]
try 0 predict n.onnx numbers.csv --interval 0.9 --keep x
check "behind kept columns" [ "$(head -1 out)" = x,price,price_low,price_high ]
printf 'x\n1e38\n1\n' >far.csv
try 0 predict n.onnx far.csv --interval 0.9
check "a line each, with or without an answer" [ "$(wc -l <out)" -eq 3 ]

# shellcheck disable=SC2086
try 0 train numbers.csv $quick -o plain.onnx
refuse 1 'train it again with --conformal' predict plain.onnx numbers.csv --interval 0.9
refuse 1 'needs 99 calibration rows or more, and the model has 64' predict n.onnx numbers.csv --interval 0.99
for level in 0 1 1.5 nan -0.5 much ''; do
	refuse 2 'level is above 0|out of range|not a number' predict n.onnx numbers.csv --interval "$level"
done
refuse 2 'interval: 80 is out of range, 0 to 1; did you mean 0.8\?' predict n.onnx numbers.csv --interval 80
refuse 2 'interval: 100 is out of range, 0 to 1$' predict n.onnx numbers.csv --interval 100
refuse 2 'conformal: takes no argument; the level is given to .*--interval 0.9' train numbers.csv --conformal 90
refuse 2 'conformal: takes no argument; the level is given to .*--interval 0.9' train --conformal 0.9 numbers.csv
refuse 2 'conformal=90: takes no argument; the level is given to' train numbers.csv --conformal=90
refuse 2 'iris.csv: one argument too many' train numbers.csv iris.csv --conformal
refuse 2 'not an option of evaluate' evaluate n.onnx numbers.csv --interval 0.9

# shellcheck disable=SC2086
try 0 train numbers.csv $quick --conformal --validation last:100 -o n.onnx --json
check "rows of --validation" [ "$(json '.conformal.targets[0].rows')" = 100 ]
# shellcheck disable=SC2086
try 0 train numbers.csv $quick --conformal --validation last:1 -o n.onnx --json
check "one row has no interval of 0.9" [ "$(json '.conformal.targets[0].half_width')" = null ]
check "a warning" grep -q '1 validation row says little' err
# shellcheck disable=SC2086
try 0 train numbers.csv $quick --conformal --folds 4 -o n.onnx --json
check "all rows of the folds" [ "$(json '.conformal.targets[0].rows')" = 400 ]
check "that many folds" [ "$(json .conformal.folds)" = 4 ]
# shellcheck disable=SC2086
refuse 2 'validation 0' train numbers.csv $quick --conformal --validation 0 -o n.onnx
# shellcheck disable=SC2086
refuse 1 "'price' is a number" train numbers.csv $quick --temperature -o n.onnx
sed 's/,.*/,7/; 1s/7/price/' numbers.csv >constant.csv
# shellcheck disable=SC2086
try 0 train constant.csv $quick --conformal --task regression -o c.onnx
try 0 predict c.onnx constant.csv --interval 0.9
check "a constant is mostly inside" awk -F, 'NR > 1 { n++; inside += $2 <= 7 && 7 <= $3 } END { exit !(inside / n > 0.8) }' out

# ---- Classes ----

# shellcheck disable=SC2086
try 0 train classes.csv $quick --conformal --temperature -o k.onnx --json
check "the mean size of sets" is_near "$(json '.conformal.targets[0].mean_set')" 1 3
check "a temperature" is_near "$(json .temperature.value)" 0.01 100
check "less loss" is_near "$(json '.temperature.log_loss_before - .temperature.log_loss')" 0 1
check "its rows" [ "$(json .temperature.rows)" = 64 ]
check "that of the validation part" is_near "$(json '.temperature.log_loss - .validation.log_loss')" -1e-5 1e-5
try 0 inspect k.onnx
check "inspect says the temperature" grep -q '^calibrated temperature [0-9.]* from 64 rows' out
try 0 predict k.onnx classes.csv --interval 0.95
check "one column more" [ "$(head -1 out)" = 'class,a|b,"c,d",e\f,set' ]
check "no set is empty" awk 'NR > 1 && /,$/ { exit 1 }' out
check "names are escaped" grep -q ',"a\\|b|c,d"$' out
try 0 predict k.onnx classes.csv --interval 0.95 --classes-only
check "without probabilities" [ "$(head -1 out)" = class,set ]
try 0 predict k.onnx classes.csv --interval 0.95 --json
check "JSON has lists" [ "$(jq -s '[.[].set | length] | min >= 1 and max <= 3' out)" = true ]
check "the class is in its set" [ "$(jq -s 'all(. as $row | .set | index($row.class) != null)' out)" = true ]
check "names as they are" [ "$(jq -s 'any(.set | index("a|b") != null)' out)" = true ]
try 0 predict k.onnx classes.csv --interval 0.95 --json --classes-only
check "the set without probabilities" [ "$(head -1 out | jq -c 'keys')" = '["class","row","set"]' ]

(head -1 classes.csv; grep -v 'e.f' classes.csv | sed 1d; grep 'e.f' classes.csv) >sorted.csv
# shellcheck disable=SC2086
try 0 train sorted.csv $quick --conformal --test 0 --validation last:40 -o one.onnx
check "one class in the validation part is said" grep -q "all validation rows are of class" err
# shellcheck disable=SC2086
refuse 1 'output is sigmoid' train classes.csv $quick --temperature --output sigmoid -o k.onnx
# shellcheck disable=SC2086
try 0 train classes.csv $quick --conformal --output sigmoid -o sigmoid.onnx
# shellcheck disable=SC2086
try 0 train classes.csv $quick --temperature --folds 3 -o k.onnx --json
check "from the folds" [ "$(json .temperature.rows)" = 400 ]
# shellcheck disable=SC2086
try 0 train classes.csv $quick --temperature --conformal --repeat 2 -o k.onnx --json
check "with repeat" [ "$(json '.conformal.targets[0].rows')" = 64 ]
# shellcheck disable=SC2086
try 0 train classes.csv -l 8 -e 20 --temperature --conformal -o k.onnx
check "the report says the temperature" grep -q '^Calibrated temperature' out
check "and the sets" grep -q '^Intervals  64 calibration rows; 90 %: sets have' out
check "the part held out is said" grep -q -- '--conformal: 64 rows, a fifth' err

# ---- Labels ----

awk -F, 'NR == 1 { print "x,wet,cold"; next } { print $1 "," ($1 > 0.4 ? "yes" : "no") "," (NR % 3 ? "0" : "1") }' classes.csv >labels.csv
# shellcheck disable=SC2086
try 0 train labels.csv $quick --labels wet,cold --conformal --temperature -o l.onnx --json
check "a score each" [ "$(json '.conformal.targets | length')" = 2 ]
try 0 predict l.onnx labels.csv --interval 0.9
check "a set each" [ "$(head -1 out)" = 'wet,cold,p(wet),p(cold),set(wet),set(cold)' ]
check "unsure ones have both values" awk -F, 'NR > 1 && $6 == "0|1" { n++ } END { exit !(n > 200) }' out
try 0 predict l.onnx labels.csv --interval 0.9 --json
check "in JSON too" [ "$(head -1 out | jq -r '.sets.wet | type')" = array ]

# ---- Going on ----

# shellcheck disable=SC2086
try 0 train classes.csv $quick --conformal --temperature --checkpoint c.safetensors -o whole.onnx
try 0 train classes.csv -q --resume c.safetensors -o resumed.onnx
check "a resumed model is the same" cmp whole.onnx resumed.onnx
# shellcheck disable=SC2086
try 0 train classes.csv $quick -j 1 --conformal --temperature -o j1.onnx
# shellcheck disable=SC2086
try 0 train classes.csv $quick -j 3 --conformal --temperature -o j3.onnx
check "and with any number of threads" cmp j1.onnx j3.onnx
try 0 train classes.csv $quick -j 4096 --conformal --temperature -o most.onnx
check "and with more than there can be" cmp j1.onnx most.onnx

# The training behind the folds is stopped: its checkpoint does not have their rows.
stop INT 'the model is now trained' train classes.csv -l 8 -b all -e 20000 --folds 2 --conformal --temperature \
	-o stopped.onnx
check "a checkpoint is left" [ -s stopped.safetensors ]
try 0 train classes.csv --resume stopped.safetensors --epochs 20001 -o gone-on.onnx
check "it goes on without the folds" grep -q 'warning: stopped.safetensors does not have the rows of the folds' err
try 0 inspect gone-on.onnx --json
check "and has no scores" [ "$(json .conformal)" = null ]

finish
