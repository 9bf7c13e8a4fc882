#!/bin/sh
# SPDX-License-Identifier: MIT
# check_words.sh - hebb check says in a sentence that it found nothing wrong, and what it looked at
#
#     tests/cli/check_words.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 1500; i++) printf "%g,%g,%s\n", sin(i), cos(i * 7), (sin(i) > cos(i * 7) ? "no" : "yes") }' >good.csv
try 0 check good.csv -l 8
check "good data" grep -Fxq 'Nothing wrong was found in 1,500 rows, 3 columns, the options, the gradient and 50 trial updates.' out
try 0 check good.csv -l 8 --json
check "JSON stays" [ "$(jq -c keys out)" = '["baselines","findings","gradient_check","trial"]' ]
check "there was nothing" [ "$(jq '[.findings[] | select(.severity != "info")] | length' out)" -eq 0 ]
try 0 train good.csv -e 30 -q -o m.onnx
try 0 check m.onnx good.csv
check "a model" grep -Fxq 'Nothing wrong was found in 1,500 rows, 3 columns and the gradient.' out
awk -F, "NR == 1 { print } NR > 1 { print \$1 \",\" (\$3 == \"no\") \",\" \$3 }" good.csv >leak.csv
try 0 check leak.csv -l 8
check "a warning" grep -q target_leak out
check "is not called well" [ "$(grep -c 'Nothing wrong' out)" -eq 0 ]
try 1 check good.csv -l 8 --rate 1e6 --optimizer sgd --activation relu
check "an error is not either" [ "$(grep -c 'Nothing wrong' out)" -eq 0 ]

finish
