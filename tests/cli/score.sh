#!/bin/sh
# SPDX-License-Identifier: MIT
# score.sh - what the command prints of a score is what its JSON says: many classes, a class without rows, several targets
#
#     tests/cli/score.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# ---- More classes than fit a table: the pairs that are confused most ----

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 600; i++) printf "%g,%g,class %d\n", i % 40, i * 7 % 11, i % 40 }' >many.csv
try 0 train many.csv -q -e 2 -o many.onnx
try 0 evaluate many.onnx many.csv --json
# The pairs of different classes that occur, most first: rows, true, predicted.
sed 's/.*"confusion": \[\[//; s/\]\].*//; s/\], \[/\n/g' out | awk -F ', ' '
	{ for (i = 1; i <= NF; i++) if (i != NR && $i > 0) print $i, NR - 1, i - 1 }' | sort -k1,1nr -k2,2n -k3,3n >pairs.txt
all=$(wc -l <pairs.txt)
check "there are many pairs" [ "$all" -gt 20 ]
names=$(sed 's/.*"classes": \["//; s/"\].*//; s/", "/\n/g' out)
head -n 10 pairs.txt | while read -r rows truth predicted; do
	echo "$(echo "$names" | sed -n "$((truth + 1))p") $(echo "$names" | sed -n "$((predicted + 1))p") $rows 15"
done >expected.txt
try 0 evaluate many.onnx many.csv
sed -n '/most confused/,$p' out | awk '/class/ { $1 = $1; print }' >printed.txt
check "the ten pairs that are most confused" cmp expected.txt printed.txt
check "and how many more" grep -q "^  and $((all - 10)) more pairs$" out
check "no table of 40 classes" sh -c '! grep -q recall out'

# ---- The threads change no byte ----

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 9000; i++) printf "%g,%g,class %d\n", i % 41, i * 7 % 11, i % 40 }' >long.csv
try 0 evaluate many.onnx long.csv --json -j 1
cp out one.json
for threads in 2 5; do
	try 0 evaluate many.onnx long.csv --json -j $threads
	check "$threads threads" cmp one.json out
done

# ---- A class without rows has no measures ----

awk 'BEGIN { print "a,kind"; for (i = 0; i < 60; i++) printf "%g,%s\n", i % 3, i % 3 ? i % 3 == 1 ? "one" : "two" : "none" }' >three.csv
try 0 train three.csv -q -e 20 -o three.onnx
grep -v none three.csv >without.csv
try 0 evaluate three.onnx without.csv
check "dashes" grep -Eq '^  none( +\.){3}( +-){3}$' out
check "numbers for the others" grep -Eq '^  two .* 100\.0 %' out
try 0 evaluate three.onnx without.csv --json
check "null" [ "$(json '.per_class[0].recall')" = null ]

# ---- Several targets ----

awk 'BEGIN { print "a,b,y,z"; for (i = 0; i < 60; i++) printf "%g,%g,%g,%g\n", i * 37 % 101, i * 53 % 97, i * i % 31, i % 7 }' >two.csv
try 0 train two.csv --target y,z -q -e 3 -o two.onnx
try 0 evaluate two.onnx two.csv --json
for target in 0 1; do
	for measure in name rmse mae r2; do
		json ".targets[$target].$measure"
	done
done >measures.txt
try 0 evaluate two.onnx two.csv
awk '$1 == "y" || $1 == "z" { for (i = 1; i <= NF; i++) print $i }' out >printed.txt
check "two targets of four values" [ "$(wc -l <printed.txt)" -eq 8 ]
check "they are those of the JSON" awk '
	{ getline other <"printed.txt" }
	/^[yz]$/ { if ($0 != other) exit 1; next }
	{ if (($0 - other) ^ 2 > (0.001 * $0) ^ 2 + 1e-8) exit 1 }' measures.txt


# ---- Labels ----

awk 'BEGIN {
	print "x,z,wet,cold"
	for (i = 0; i < 200; i++) {
		x = i * 37 % 101 - 50; z = i * 53 % 97 - 48
		printf "%d,%d,%s,%s\n", x, z, (i % 9 == 4 ? "" : (x > 0) ? "yes" : "no"), (i % 7 == 2 ? "" : (z > 0))
	}
}' >weather.csv
try 0 train weather.csv --labels wet,cold -e 40 --json -o weather.onnx
check "labels of the test part" [ "$(json '.test.labels | map(.name) | join(" ")')" = "wet cold" ]
check "all labels" is_near "$(json .test.accuracy)" 0.7 1
check "a note of what is missing" grep -q 'note: weather.csv: .* targets are missing in the .* training rows' err
check "no finding of that" sh -c '! grep -q missing_values out err'
head -n 60 weather.csv >other.csv
try 0 train weather.csv --labels wet,cold -e 1 --test other.csv --validation other.csv -o other.onnx
check "of the file that lacks them" [ "$(sed -n 's/.*note: \(.*\): .* targets are missing in the .* \(.*\) rows.*/\1 \2/p' err | tr '\n' ,)" = "weather.csv training,other.csv validation,other.csv test," ]
try 0 predict weather.onnx weather.csv
check "a column a label" [ "$(head -1 out)" = "wet,cold,p(wet),p(cold)" ]
check "their values" [ "$(sed 1d out | cut -d, -f1,2 | sort -u | tr '\n' ' ')" = "no,0 no,1 yes,0 yes,1 " ]
try 0 predict weather.onnx weather.csv --json --classes-only
check "labels in JSON" [ "$(head -1 out | jq -c '.labels | keys')" = '["cold","wet"]' ]
try 0 evaluate weather.onnx weather.csv
check "a table of labels" grep -Eq '^  wet +178 ' out
try 0 inspect weather.onnx --json
check "the task" [ "$(json .task)" = labels ]
try 0 train weather.csv --labels 'w*,4' --ignore z -e 1 -q --json -o listed.onnx
check "labels from a list" [ "$(json '.test.labels | map(.name) | join(" ")')" = "wet cold" ]
refuse 1 "leaves out 'wet', which is a label" train weather.csv --labels 3-4 --ignore wet -o no.onnx
refuse 1 'takes the place' train weather.csv --labels wet --target cold -o no.onnx
refuse 1 '"x" is no label' train weather.csv --labels x,wet -o no.onnx
try 0 train weather.csv --labels wet,cold -e 2 -q --checkpoint weather.st -o weather.onnx --force
try 0 train weather.csv --resume weather.st -e 4 -q -o weather.onnx --force
check "the rate of an extended training" grep -q 'warning: the training was to have 2 epochs and now has 4' err
finish
