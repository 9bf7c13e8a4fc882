#!/bin/sh
# SPDX-License-Identifier: MIT
# predict_rows.sh - hebb predict: columns that pass through, JSON, a file as output, threads
#
#     tests/cli/predict_rows.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# ---- Data with identifiers and texts that CSV and JSON must quote ----

turn=$(printf '\342\200\256') # U+202E: what follows is shown from right to left
awk 'BEGIN { print "id,a,b,kind"; for (i = 0; i < 90; i++) printf "%05d,%g,%g,%s\n", i, i % 9, i * 7 % 11, i % 9 < 4 ? "no" : "yes" }' >rows.csv
cut -d, -f2- rows.csv >train.csv
try 0 train train.csv -q -e 30 -o m.onnx
cat >odd.csv <<EOF
"the, id",a,b,note
0012,1,2,"a ""quoted"", text"
 007 ,8,3,"two
lines"
1.50,,2,"  blanks  "
-0,2,1,Grüße${turn}x
12345678901234567890,2,5,
EOF

# ---- The prediction alone is as before ----

try 0 predict m.onnx train.csv
cp out plain.csv
try 0 predict m.onnx train.csv --classes-only
cp out classes.csv

# ---- --keep ----

try 0 predict m.onnx rows.csv --keep id -q
cut -d, -f1 rows.csv | paste -d, - plain.csv >expected.csv
check "a column goes in front" cmp expected.csv out
try 0 predict m.onnx rows.csv --keep 1 -q
check "by its number" cmp expected.csv out
try 0 predict m.onnx rows.csv --keep kind,1 --classes-only -q
cut -d, -f4 rows.csv | paste -d, - "$folder/rows.csv" classes.csv | cut -d, -f1,2,6 >expected.csv
check "two, with the classes only" cmp expected.csv out
try 0 predict m.onnx rows.csv --keep kind --keep id --classes-only -q
check "two options are one list" cmp expected.csv out
"$hebb" predict m.onnx - --keep kind,id --classes-only -q <rows.csv >out 2>err
check "of standard input" cmp expected.csv out
gzip -c rows.csv >rows.csv.gz
try 0 predict m.onnx rows.csv.gz --keep kind,id --classes-only -q
check "of gzip" cmp expected.csv out
tr ',' ';' <rows.csv >semicolons.csv
try 0 predict m.onnx semicolons.csv --keep kind,id --classes-only -q
check "with semicolons" cmp expected.csv out
sed 1d rows.csv >nameless.csv
cut -d, -f2- nameless.csv >train-nameless.csv
try 0 train train-nameless.csv -q -e 2 -o nameless.onnx
try 0 predict nameless.onnx train-nameless.csv --keep 1,x3 --classes-only -q
check "columns without names" [ "$(sed -n '1p;2p' out | cut -d, -f1,2 | paste -sd' ')" = "x1,x3 0,no" ]

try 0 train train.csv -q -e 5 --missing drop -o drop.onnx
try 0 predict drop.onnx odd.csv --keep 'the, id' --keep note --classes-only -q
cat >expected.csv <<EOF
"the, id",note,class
0012,"a ""quoted"", text",?
007,"two
lines",?
1.50,"  blanks  ",NaN
-0,Grüße${turn}x,?
12345678901234567890,,?
EOF
sed -E 's/,(no|yes)$/,?/' out >shown.csv
check "texts stand as they were, quoted where needed" cmp expected.csv shown.csv

refuse 1 'no column .idd.*.id' predict m.onnx rows.csv --keep idd
refuse 1 'no column' predict m.onnx rows.csv --keep 9
refuse 1 'named twice' predict m.onnx rows.csv --keep id,id
refuse 1 'named twice' predict m.onnx rows.csv --keep id --keep 1
refuse 2 'empty' predict m.onnx rows.csv --keep ''
try 0 train digits -q -e 1 -o digits.onnx
refuse 1 'images, which have no columns to keep' predict digits.onnx digits --keep 1
refuse 2 'not an option of evaluate' evaluate m.onnx rows.csv --keep id

# ---- --json ----

try 0 predict m.onnx train.csv --json
check "a line a row" [ "$(grep -c '' out)" -eq 90 ]
check "each an object" [ "$(jq -s length out)" -eq 90 ]
{
	echo class,no,yes
	jq -r '[.class, .probabilities.no, .probabilities.yes] | @csv' out | tr -d '"'
} >from.csv
awk -F, 'NR == FNR { a[FNR] = $2; next } FNR > 1 && (a[FNR] - $2) ^ 2 > 1e-12 { exit 1 }' plain.csv from.csv
check "the same numbers" [ $? -eq 0 ]
digits=$(sed -n 2p plain.csv | cut -d, -f2)
check "with the same digits" grep -q "\"no\": $digits[,}]" out
check "rows count from 1" [ "$(jq -s 'map(.row) == [range(1; 91)]' out)" = true ]
check "no kept columns" [ "$(jq -s 'any(has("kept"))' out)" = false ]
try 0 predict drop.onnx odd.csv --keep 'the, id' --keep note --json -q
check "kept texts are strings" [ "$(jq -s -c '[.[].kept["the, id"]]' out)" = '["0012","007","1.50","-0","12345678901234567890"]' ]
check "with all their characters" [ "$(jq -s -r '.[0].kept.note + "|" + .[1].kept.note + "|" + .[3].kept.note' out)" = \
	"$(printf 'a "quoted", text|two\nlines|Grüße\342\200\256x')" ]
check "what turns lines is a code in JSON" [ "$(grep -c "$turn" out)" -eq 0 ]
check "no answer is null" [ "$(jq -s -c '.[2] | [.class, .probabilities.no]' out)" = '[null,null]' ]
try 0 predict m.onnx train.csv --json --classes-only
check "the class alone" [ "$(sed -n 1p out | jq -c keys)" = '["class","row"]' ]

awk 'BEGIN { print "a,b,\"u, v\",w"; for (i = 0; i < 60; i++) printf "%g,%g,%g,%g\n", i % 9, i * 7 % 11, 1000 * i, 1e-6 * i }' >numbers.csv
try 0 train numbers.csv -q -e 5 --target 3,4 --task regression -o numbers.onnx
try 0 predict numbers.onnx numbers.csv --keep b
check "several targets" [ "$(head -1 out)" = 'b,"u, v",w' ]
first=$(sed -n 2p out)
try 0 predict numbers.onnx numbers.csv --keep b --json
check "several targets in JSON" [ "$(head -1 out | sed 's/.*"u, v": //; s/, "w": /,/; s/}}//')" = "$(echo "$first" | cut -d, -f2-)" ]
try 0 predict digits.onnx digits --json --classes-only
check "images" [ "$(grep -c '"class"' out)" -eq 1797 ]

# ---- -o ----

try 0 predict m.onnx train.csv -o made.csv
check "nothing on standard output" [ ! -s out ]
check "the same bytes in a file" cmp plain.csv made.csv
try 0 predict m.onnx rows.csv -q --prediction made.csv
check "an earlier prediction is replaced" cmp plain.csv made.csv
cp made.csv kept.csv
refuse 1 'is not a prediction of these columns but a text; name another file with --prediction, or replace it with --force' predict m.onnx rows.csv -o made.csv --keep id
check "and stays" cmp kept.csv made.csv
refuse 1 'but a model' predict m.onnx train.csv -o drop.onnx
try 0 predict m.onnx rows.csv -q -o made.csv --keep id --force
check "--force replaces it" [ "$(head -1 made.csv)" = id,class,no,yes ]
try 0 predict m.onnx rows.csv -q -o made.json --json
try 0 predict m.onnx rows.csv -q -o made.json --json
check "JSON too" [ "$(jq -s length made.json)" -eq 90 ]
refuse 1 'is the data' predict m.onnx train.csv -o train.csv --force
refuse 1 'is the model' predict m.onnx train.csv -o m.onnx --force
ln -s train.csv link.csv
refuse 1 'is the data' predict m.onnx train.csv -o link.csv
refuse 1 'is a directory' predict m.onnx train.csv -o .
refuse 1 'no such' predict m.onnx train.csv -o none/made.csv
try 0 predict m.onnx train.csv -o -
check "- is standard output" cmp plain.csv out
try 0 predict m.onnx train.csv -o /dev/stdout
check "/dev/stdout too" cmp plain.csv out
if [ -e /dev/full ]; then
	refuse 1 'no space is left' predict m.onnx train.csv -o /dev/full
	"$hebb" predict m.onnx train.csv --json -q >/dev/full 2>err
	check "a full standard output" [ $? -eq 1 ]
	check "said once" [ "$(grep -c 'no space is left' err)" -eq 1 ]
fi
echo '1,2' >>odd.csv # ragged
cp made.csv kept.csv
refuse 1 'odd.csv' predict drop.onnx odd.csv -o made.csv
check "a failure leaves what was there" cmp kept.csv made.csv
check "and nothing beside it" [ -z "$(find . -name '*.tmp')" ]
if [ "$(id -u)" -ne 0 ]; then
	mkdir closed && chmod 555 closed
	refuse 1 'closed' predict m.onnx train.csv -o closed/made.csv
fi

# ---- Threads ----

awk 'BEGIN { print "id,a,b"; for (i = 0; i < 30000; i++) printf "%06d,%s,%g\n", i, i % 1000 == 7 ? "" : i == 29998 ? 1e38 : i % 9, i * 7 % 11 }' >large.csv
try 0 predict drop.onnx large.csv -j 1 --keep id -q
cp out one.csv
cp err one.err
check "a row each" [ "$(grep -c '' out)" -eq 30001 ]
check "rows without an answer" [ "$(grep -c ',NaN,NaN,NaN$' out)" -ge 30 ]
for threads in 2 3 16; do
	try 0 predict drop.onnx large.csv -j "$threads" --keep id -q
	check "$threads threads give the same bytes" cmp one.csv out
	check "$threads threads give the same warnings" cmp one.err err
done
try 0 predict drop.onnx large.csv -j 4 --keep id --json -q
check "in JSON in order" [ "$(jq -s 'map(.row) == [range(1; 30001)] and map(.kept.id | tonumber) == [range(30000)]' out)" = true ]
"$hebb" predict drop.onnx large.csv -j 4 -q 2>err | head -2 >out
check "a pipe that closes is no failure to talk of" [ ! -s err ]

# ---- A signal ----

for copy in 1 2 3 4 5 6 7 8; do sed 1d large.csv; done | cat large.csv - >larger.csv
try 0 predict drop.onnx large.csv -o made-large.csv -q
cp made-large.csv kept.csv
(
	looks=0
	until ls made-large.csv.*.tmp >/dev/null 2>&1 || [ "$looks" -eq 1500 ]; do
		sleep 0.02
		looks=$((looks + 1))
	done
	kill -TERM "$(cat pid)"
) &
(sh -c 'echo $$ >pid; exec "$@"' sh "$hebb" predict drop.onnx larger.csv -j 1 -o made-large.csv -q >out 2>err </dev/null) 2>/dev/null
check "a signal ends it" [ $? -eq 143 ]
wait
check "and says so" grep -q 'stopped; nothing is written' err
check "what was there stays" cmp kept.csv made-large.csv
check "and nothing is beside it then" [ -z "$(find . -name '*.tmp')" ]

finish
