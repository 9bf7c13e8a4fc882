#!/bin/sh
# SPDX-License-Identifier: MIT
# search.sh - cross-validation and hebb search: what they print, write, refuse, and take up again
#
#     tests/cli/search.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# 120 rows of two classes that overlap a little, with 30 rows of a third.
awk 'BEGIN {
	print "a,b,kind"
	for (i = 0; i < 150; i++) {
		k = i % 5 == 4 ? 2 : i % 2
		printf "%.2f,%.2f,%s\n", k + (i * 37 % 101) / 70, 2 * k - (i * 53 % 97) / 60, (k == 0 ? "ash" : k == 1 ? "elm" : "oak")
	}
}' >trees.csv
awk 'BEGIN {
	print "a,b,y"
	for (i = 0; i < 100; i++) {
		a = i * 37 % 101 / 10; b = i * 53 % 97 / 10
		printf "%g,%g,%g\n", a, b, 3 * a - 2 * b + 10
	}
}' >plane.csv

# ---- Folds ----

try 0 train trees.csv --folds 5 -e 8 --json -o folds.onnx
check "each row is held out once" [ "$(json .test_rows) $(json .train_rows) $(json .folds)" = "150 150 5" ]
check "mean, sd, range" is_near "$(json .test.accuracy_mean)" "$(json .test.accuracy_min)" "$(json .test.accuracy_max)"
check "its interval" is_near "$(json .test.accuracy_mean)" "$(json '.test.accuracy_mean_ci[0]')" "$(json '.test.accuracy_mean_ci[1]')"
check "the mean is that of the folds" sh -c "awk 'BEGIN { m = ($(json '.runs[0].test.accuracy') + $(json '.runs[1].test.accuracy') + $(json '.runs[2].test.accuracy') + $(json '.runs[3].test.accuracy') + $(json '.runs[4].test.accuracy')) / 5; d = m - $(json .test.accuracy_mean); exit !(d < 1e-9 && d > -1e-9) }'"
check "a fold is a run" [ "$(json '.runs | length' 2>/dev/null || echo 5)" -eq 5 ]
check "the model was not tested itself" [ "$(json .test.accuracy)" = null ]
check "a note says what the model is" grep -q "note: the model is trained on all 150 rows" err
mean=$(json .test.accuracy_mean)
try 0 train trees.csv -e 8 --test 0 -q -o all.onnx
check "the model is that of all rows" cmp folds.onnx all.onnx
try 0 train trees.csv --folds 5 -e 8 --json -o two.onnx -j 2
check "threads change nothing" [ "$(json .test.accuracy_mean)" = "$mean" ]
check "nor the model" cmp folds.onnx two.onnx
try 0 train trees.csv --folds 5 -e 8 -s 2 --json -o other.onnx
check "another seed, other folds" [ "$(json .test.accuracy_mean) $(json .test.loss_mean)" != "$mean" ]
try 0 train trees.csv --folds 5 -e 8
check "folds for people" grep -q "^Held out 150 rows, in 5 folds" out
check "five lines" [ "$(grep -c '^fold [1-5]: accuracy' err)" -eq 5 ]
check "they fit 80 columns" [ "$(awk '{ if (length > 79) n++ } END { print n + 0 }' out)" -eq 0 ]
try 0 train trees.csv --folds 5 -e 8 --test 0.2 --json -o test.onnx
check "a test part is in no fold" [ "$(json .test_rows) $(json .train_rows)" = "120 120" ]
check "and that is said" grep -q "note: the 30 test rows were in no fold" err
try 0 evaluate test.onnx trees.csv --part test --json
check "it can be looked at later" [ "$(json .rows)" -eq 30 ]
try 0 train trees.csv -e 8 -q -o plain.onnx
check "the model is that of a plain run" sh -c '"$0" predict test.onnx trees.csv >a.csv 2>/dev/null; "$0" predict plain.onnx trees.csv >b.csv 2>/dev/null; cmp a.csv b.csv' "$hebb"
try 0 train plane.csv --task regression --folds 3 -e 5 --json
check "numbers have folds" [ "$(json .test_rows) $(json .test.rmse_mean | grep -c .)" = "100 1" ]
try 0 train trees.csv --folds 5 -e 8 --patience 3 --json
check "folds and patience" [ "$(json .validation_rows)" -eq 15 ]

cp folds.onnx kept.onnx
refuse 2 '--folds' train trees.csv --folds 1 -o kept.onnx
refuse 2 '--folds.*--repeat' train trees.csv --folds 3 --repeat 3 -o kept.onnx
refuse 1 "31 folds .*'oak' has 30" train trees.csv --folds 31 -e 1 -o kept.onnx
refuse 1 '100 rows.* 101 folds' train plane.csv --task regression --folds 101 -e 1 -o kept.onnx
refuse 2 'not an option of check' check trees.csv --folds 3
check "an older model is as it was" cmp kept.onnx folds.onnx

finish
