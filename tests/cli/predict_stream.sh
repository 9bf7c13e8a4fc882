#!/bin/sh
# SPDX-License-Identifier: MIT
# predict_stream.sh - hebb predict: data in windows give what they give whole, from files and pipes
#
#     tests/cli/predict_stream.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# ---- A model, and data of several windows ----

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 90; i++) printf "%g,%g,%s\n", i % 9, i * 7 % 11, i % 9 < 4 ? "no" : "yes" }' >train.csv
try 0 train train.csv -q -e 5 --missing drop -o m.onnx
rows=600000 # 9 MB, three windows
awk -v rows=$rows 'BEGIN { print "id,a,b,note"; for (i = 0; i < rows; i++) printf "%06d,%g,%g,n%d\n", i, i % 9, i * 7 % 11, i % 100 }' >large.csv
check "more than two windows" [ "$(wc -c <large.csv)" -gt 8388608 ]

# The same rows in files that are one window each.
try 0 predict m.onnx large.csv -q --keep id,note
cp out whole.csv
head -1 out >parts.csv
for part in 0 1 2 3 4 5 6 7; do
	{
		echo id,a,b,note
		sed -n "$((2 + part * 75000)),$((1 + (part + 1) * 75000))p" large.csv
	} >part.csv
	try 0 predict m.onnx part.csv -q --keep id,note
	sed 1d out >>parts.csv
done
check "windows are the whole" cmp parts.csv whole.csv
"$hebb" predict m.onnx - -q --keep id,note <large.csv >out 2>err
check "of standard input" cmp whole.csv out
cat large.csv | "$hebb" predict m.onnx - -q --keep id,note >out 2>err
check "of a pipe" cmp whole.csv out
gzip -c large.csv | "$hebb" predict m.onnx - -q --keep id,note -j 3 >out 2>err
check "of gzip in a pipe, with threads" cmp whole.csv out
mkfifo pipe
cat large.csv >pipe &
try 0 predict m.onnx pipe -q --keep id,note -o made.csv
wait
check "of a named pipe, to a file" cmp whole.csv made.csv
if command -v iconv >/dev/null; then
	iconv -f UTF-8 -t UTF-16 large.csv | "$hebb" predict m.onnx - -q --keep id,note >out 2>err
	check "of UTF-16" cmp whole.csv out
fi
try 0 predict m.onnx large.csv -q --json --classes-only
check "rows count on" [ "$(sed -n '1p;200000p;$p' out | jq -c .row | paste -sd' ')" = "1 200000 $rows" ]

# ---- What is told of all rows, once ----

awk 'NR == 10 || NR == 300000 { $0 = "x,,1,n" } NR == 11 || NR == 300001 || NR == 399990 { $0 = "x,1e38,1,n" } { print } NR % 20000 == 1 { print "# a comment" }' large.csv >odd.csv
try 0 predict m.onnx odd.csv
check "a row each" [ "$(grep -c '' out)" -eq $((rows + 1)) ]
check "gaps are counted in all rows" [ "$(tr -d , <err | grep -c "odd.csv: $rows rows: 'a' 2 missing;")" -eq 1 ]
check "comments are said once" [ "$(grep -c 'comment' err)" -eq 1 ]

# ---- Failures in a later window ----

cp large.csv ragged.csv
echo 1,2 >>ragged.csv
try 1 predict m.onnx ragged.csv -q
check "the line" grep -Eq "^hebb: ragged.csv:$((rows + 2)): expected 4 columns, found 2; the first [0-9,]+ rows are predicted$" err
predicted=$(tr -d , <err | sed -n 's/.*the first \([0-9]*\) rows.*/\1/p')
check "as many are there" [ "$(grep -c '' out)" -eq $((predicted + 1)) ]
echo kept >kept.csv
cp kept.csv made.csv
refuse 1 "ragged.csv:$((rows + 2)): .*; nothing is written" predict m.onnx ragged.csv -o made.csv --force
check "what was there stays" cmp kept.csv made.csv
sed "$rows s/.*/1,2,\"3,4/" large.csv >open.csv
refuse 1 "open.csv:$rows: a quote is opened here and never closed; nothing is written" predict m.onnx open.csv -o made.csv --force
sed "$rows s/.*/1,2,word,4/" large.csv >word.csv
refuse 1 "word.csv:$rows: .*word.*; nothing is written" predict m.onnx word.csv -o made.csv --force --strict
try 0 predict m.onnx word.csv
check "it is answered, and counted" sh -c "tr -d , <err | grep -q \"word.csv: $rows rows: 'b' 1 not a number\""
# No value that fits in a later window is no failure; in the first it is.
awk -F, -v OFS=, 'NR > 250001 { $2 = "word" } { print }' large.csv >gone.csv
try 0 predict m.onnx gone.csv
check "texts of later windows" sh -c "tr -d , <err | grep -q \"gone.csv: $rows rows: 'a' 350000 not numbers\""
awk -F, -v OFS=, 'NR > 1 && NR < 300000 { $2 = "word" } { print }' large.csv >late.csv
refuse 1 "late.csv:?.* column .a.*" predict m.onnx late.csv
# One text among dates takes no answer from the other rows of its window.
awk 'BEGIN { print "day,price,y"; for (i = 0; i < 300; i++) printf "2026-%02d-%02d,\"1,%03d.5\",%d\n", 1 + i % 12, 1 + i % 28, i, i % 12 }' >days.csv
try 0 train days.csv -q -e 5 --task regression -o days.onnx
try 0 predict days.onnx days.csv -q
cp out days.out
sed '101s/^[^,]*/never/; 201s/,"[^"]*"/,none at all/' days.csv >odd-days.csv
try 0 predict days.onnx odd-days.csv
check "each is counted" grep -q "'day' 1 not a number, 'price' 1 not a number" err
sed '101d;201d' days.out >days.rest
sed '101d;201d' out >odd-days.rest
check "to the byte" cmp days.rest odd-days.rest
check "nothing is beside it" [ -z "$(find . -name '*.tmp')" ]

# ---- Shapes at the edge ----

: >empty.csv
refuse 1 'empty.csv: is empty' predict m.onnx empty.csv
echo id,a,b,note >head.csv
refuse 1 'a header but no rows' predict m.onnx head.csv
printf 'a,b\n1,2' >one.csv
try 0 predict m.onnx one.csv --classes-only
check "one row without a newline" [ "$(grep -c '' out)" -eq 2 ]
printf '1,2' >line.csv
try 0 predict m.onnx line.csv --classes-only
check "one line" [ "$(grep -c '' out)" -eq 2 ]
{
	head -200000 large.csv
	printf '0,1,2,"%05000000d\n"\n' 7
	tail -1 large.csv
} >long.csv
try 0 predict m.onnx long.csv -q --keep id
check "a row longer than a window" [ "$(grep -c '' out)" -eq 200002 ]
check "its answer" [ "$(sed -n 200001p out)" = "$(printf '0,'; printf 'a,b\n1,2\n' >two.csv; "$hebb" predict m.onnx two.csv -q | sed 1d)" ]

# ---- A signal while the pipe gives nothing ----

rm -f made.csv
(
	exec 9>pipe
	cat large.csv >&9
	looks=0
	until ls made.csv.*.tmp >/dev/null 2>&1 || [ "$looks" -eq 1500 ]; do
		sleep 0.02
		looks=$((looks + 1))
	done
	sleep 0.5
	kill -TERM "$(cat pid)"
	until [ -e ended ] || [ "$looks" -eq 3000 ]; do
		sleep 0.02
		looks=$((looks + 1))
	done
) &
(sh -c 'echo $$ >pid; exec "$@"' sh "$hebb" predict m.onnx pipe -o made.csv -q >out 2>err </dev/null) 2>/dev/null
check "it ends" [ $? -eq 143 ]
: >ended
wait
check "and says so" grep -q 'stopped; nothing is written' err
check "nothing is left" [ -z "$(ls | grep made)" ]

finish
