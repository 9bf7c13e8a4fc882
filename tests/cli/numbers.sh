#!/bin/sh
# SPDX-License-Identifier: MIT
# numbers.sh - numbers for people have commas and no exponent as long as they can be read; those for programs are exact
#
#     tests/cli/numbers.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN { print "rooms,area,price"; for (i = 0; i < 200; i++) printf "%d,%d,%d\n", i % 7, 20000 + i * 37 % 90 * 1000, 100000 + i * 7919 % 500000 }' >houses.csv

# no_exponents FILE: nothing such as 1.569e+04.
no_exponents() {
	! grep -Eq '[0-9]e\+0' "$1"
}

try 0 inspect houses.csv
check "the numbers of a column have commas" grep -Eq '^ +3  price +number +0 .* [0-9]{3},[0-9]{3} +[0-9]{3},[0-9]{3} +[0-9]{3},[0-9]{3}$' out
check "no exponents in inspect" no_exponents out
try 0 train houses.csv -e 3 -o houses.onnx
check "rmse has a comma" grep -Eq '^Held out +rmse [0-9]{3},[0-9]{3}, mae [0-9]{2,3},[0-9]{3}, r2 ' out
check "no exponents in train" no_exponents out
check "nor beside it" no_exponents err
try 0 train houses.csv -e 3 -o houses.onnx --json
check "JSON has none of them" is_near "$(json .test.rmse)" 100000 999999
try 0 evaluate houses.onnx houses.csv
check "no exponents in evaluate" no_exponents out
try 0 train houses.csv -e 2 --repeat 2 -o houses.onnx
check "the spread has commas" grep -Eq '^  rmse +mean [0-9]{3},[0-9]{3} \(' out
check "no exponents there" no_exponents out
try 1 check houses.csv --rate 1000
check "findings have none" no_exponents out
refuse 2 'out of range, 0 to 1,000,000' train houses.csv --rate 1e9

# ---- Counts in findings ----

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 6000; i++) printf "%g,%g,%s\n", sin(i), cos(i), i % 50 ? "no" : "yes" }' >few.csv
try 0 check few.csv -l 8 -e 1
check "counts have commas" grep -Eq "4,[0-9]{3} training rows are of class 'no'" out

finish
