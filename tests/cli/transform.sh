#!/bin/sh
# SPDX-License-Identifier: MIT
# transform.sh - --target-transform: what is learned, in the model and in what is said of it; a training that is resumed
#
#     tests/cli/transform.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN {
	srand(3)
	print "a,color,price,weight"
	for (i = 0; i < 120; i++) {
		a = 5 * rand()
		printf "%.4f,%s,%.4f,%.4f\n", a, i % 3 ? "red" : "blue", exp(a + rand() / 4), 3 + a * rand()
	}
}' >data.csv
short="-q -e 20 -l 12"

# ---- Each of them ----

for transform in none standard log quantile; do
	for target in price price,weight; do
		try 0 train data.csv --target $target --target-transform $transform $short --json -o $transform.onnx
		rmse=$(json .test.rmse)
		try 0 evaluate $transform.onnx data.csv --part test --json
		check "$transform, $target: evaluate finds the same" is_near "$(json .rmse)" 0.000001 "$rmse"
		rm -f $transform.csv
		try 0 predict $transform.onnx data.csv -o $transform.csv
		check "$transform, $target: each row is answered" [ "$(wc -l <$transform.csv)" = 121 ]
		try 0 inspect $transform.onnx --json
		case $transform in
		log | quantile) expected=$transform ;;
		*) expected=null ;;
		esac
		check "$transform is inspected" [ "$(json 'if .target_transform then .target_transform.transform else null end')" = $expected ]
		check "$transform is recorded" [ "$(json .record.options.target_transform)" = $transform ]
		try 0 check $transform.onnx data.csv --json
		check "$transform: the baselines have its rows" [ "$(json '.baselines.test_rows')" = 24 ]
	done
done
check "log has answers above 0 alone" awk -F, 'NR > 1 && !($1 > 0 && $2 > 0) { exit 1 }' log.csv
try 0 train data.csv --target price $short --json -o default.onnx
try 0 train data.csv --target price --target-transform standard $short -o standard.onnx
rm -f standard.csv
for model in default standard; do
	try 0 predict $model.onnx data.csv -o $model.csv
done
check "standard is the default" cmp default.csv standard.csv
try 0 inspect default.onnx --json
check "which is not recorded" [ "$(json '.record.options | has("target_transform")')" = false ]
try 0 train data.csv --target price --target-transform log $short -o log.onnx
try 0 inspect log.onnx
check "inspect in words" grep -Eq '^learned +logarithm of price: geometric mean [0-9.]+, a deviation is from [0-9.]+ to [0-9.]+$' out
try 0 train data.csv --target price --target-transform quantile $short -o quantile.onnx
try 0 inspect quantile.onnx
check "quantiles in words" grep -Eq '^learned +quantiles of price: from [0-9.]+ over [0-9.]+ to [0-9.]+$' out

# ---- With others ----

for transform in log quantile; do
	for graph in numeric full; do
		try 0 train data.csv --target price --target-transform $transform --graph $graph $short -o $graph.onnx
		try 0 predict $graph.onnx data.csv -o $graph.csv
	done
	check "$transform: the same in both graphs" cmp numeric.csv full.csv
	for threads in 1 3; do
		try 0 train data.csv --target price --target-transform $transform $short -j $threads -o $threads.onnx
	done
	check "$transform: the same for any number of threads" cmp 1.onnx 3.onnx
	try 0 train data.csv --target price --target-transform $transform --conformal $short -o conformal.onnx
	try 0 predict conformal.onnx data.csv --interval 0.8 -o interval.csv
	check "$transform: intervals hold the answer" awk -F, 'NR > 1 && !($2 <= $1 && $1 <= $3) { exit 1 }' interval.csv
	[ $transform = log ] && check "none reaches below 0" awk -F, 'NR > 1 && !($2 >= 0) { exit 1 }' interval.csv
	try 0 train data.csv --target price --target-transform $transform --folds 3 $short --json -o folds.onnx
	check "$transform: folds" [ "$(json .runs_done)" = 3 ]
	rm -f at.safetensors
	try 0 train data.csv --target price --time 1h --target-transform $transform $short -o whole.onnx
	try 0 train data.csv --target price --time 0.0001s --target-transform $transform $short --checkpoint at.safetensors -o half.onnx
	try 0 train data.csv -q --resume at.safetensors --time 1h -o ended.onnx
	check "$transform: resumed" cmp whole.onnx ended.onnx
done
try 1 train data.csv -q --resume at.safetensors --target-transform log
check "another transform" grep -q 'was made with --target-transform "quantile", not "log"' err
try 0 check data.csv --target price --target-transform log --json
check "check" [ "$(json .gradient_check.ok)" = true ]
rm -f search.onnx
try 0 search data.csv --target price --target-transform log -l 8/4 --trials 2 -q -e 20 --json -o search.onnx

# ---- Bad input ----

{ cat data.csv; echo 1,red,0,1; } >zero.csv
refuse 1 'zero.csv:122: column "price" is 0, but --target-transform log is for targets above 0' train zero.csv --target price --target-transform log
refuse 1 'zero.csv:122: .*try --target-transform quantile, or standard' check zero.csv --target price --target-transform log
refuse 1 'zero.csv:122: column "price" is 0' evaluate log.onnx zero.csv
try 0 predict log.onnx zero.csv -o zero.txt
refuse 1 'target-transform: is for numbers to predict' train data.csv --target color --target-transform log
refuse 1 'target-transform: log changes the targets, and counts' train data.csv --target price --loss poisson --target-transform log
refuse 1 'target-transform: quantile changes the targets, and counts' train data.csv --target price --output exp --target-transform quantile
refuse 2 'it takes none, standard, log, quantile; did you mean log?' train data.csv --target price --target-transform log1p

finish
