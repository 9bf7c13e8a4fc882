#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# finite.sh - inputs so far from those of training that a network overflows: a finite answer, or NaN and a warning with the lines
. "$(dirname "$0")/harness.sh"

# 60 rows near 1: two classes, and two numbers, the second a thousand times smaller.
awk 'BEGIN {
	print "a,b,y" >"classes.csv"
	print "a,b,u,v" >"numbers.csv"
	for (i = 0; i < 60; i++) {
		a = (i * 37 % 60) / 30 - 1; b = (i * 23 % 60) / 30 - 1
		print a "," b "," (a > b ? "yes" : "no") >"classes.csv"
		print a "," b "," a + b "," (a - b) / 1000 >"numbers.csv"
	}
}'

# far.csv NAME: rows with an answer and without, a blank line between; the lines 3, 5, 6, 9 and 10 are far.
cat >far.csv <<'END'
a,b
0.5,0.1
3e38,-3e38
0.1,0.5
-3e38,3e38
3.4028235e38,-3.4028235e38

0.2,0.3
3e38,-3e38
-3e38,3e38
END

# Every word is a number, a class or NaN, and never another spelling of it.
spelled() {
	! grep -Eiqw -- '-?nan|-?inf(inity)?' <(sed 's/NaN//g' "$1")
}

for norm in none batch layer; do
	for a in linear sigmoid tanh relu gelu silu softplus selu hard-tanh; do
		try 0 train classes.csv --scaling standard -l 8 -a "$a" --norm "$norm" --dropout 0 -e 2 -q -o m.onnx
		try 0 predict m.onnx far.csv
		check "$a $norm: a row for each row" [ "$(grep -c '' out)" -eq 9 ]
		check "$a $norm: spelled" spelled out
		check "$a $norm: NaN and a warning, or neither" \
			[ $(($(grep -c '^NaN,NaN,NaN$' out) > 0)) -eq "$(grep -c 'far.csv: line' err)" ]
	done
done

try 0 train classes.csv --scaling standard -l 16,8 -a gelu -e 20 --dropout 0 -q -o m.onnx
try 0 predict m.onnx far.csv
check "the lines" grep -q '^hebb: warning: far.csv: lines 3, 5, 6 and 2 more: .*NaN$' err
check "NaN in their rows, finite in the others" awk -F, '
	NR > 1 { far = NR == 3 || NR >= 5 && NR <= 6 || NR >= 8; bad += far != ($0 == "NaN,NaN,NaN") }
	END { exit bad > 0 }' out
try 0 predict m.onnx far.csv --classes-only -q
check "no empty line of classes" [ "$(grep -c '^NaN$' out)" -eq 5 ]
check "words in spite of -q" grep -q 'lines 3, 5, 6 and 2 more' err
head -4 far.csv >one.csv
try 0 predict m.onnx one.csv
check "one line" grep -q 'one.csv: line 3: ' err
head -2 far.csv >near.csv
try 0 predict m.onnx near.csv
check "no word where all is well" [ ! -s err ]

# Scores: of classes these rows are wrong, and out of the losses.
awk -F, 'NR == 1 { print $0 ",y"; next } NF { print $0 ",yes" } !NF' far.csv >far-y.csv
try 0 evaluate m.onnx far-y.csv --json
check "evaluate names the lines" grep -q 'far-y.csv: lines 3, 5, 6 and 2 more: .*wrong' err
check "rows without answer" [ "$(json .rows_without_answer)" = 5 ]
check "the loss is a number" is_near "$(json .loss)" 0 100
check "the log loss is that of the rows with an answer" [ "$(json .log_loss)" = "$(json .loss)" ]
right=$(json .accuracy)
check "the accuracy is of all rows" is_near "$right" 0 0.376
sum=$(json '.confusion[1][1]')
check "the confusion has the rows with an answer" is_near "$sum" 0 3
try 0 evaluate m.onnx far-y.csv
check "evaluate for people" spelled out
try 0 evaluate m.onnx <(grep -v '^0' far-y.csv)
check "no answer at all: 0 % and NaN" grep -q 'accuracy 0.00 % (0 of 5 right), loss NaN' out
check "no answer at all: spelled" spelled out

# Numbers: overflow in the network, and in the units alone.
try 0 train numbers.csv --scaling standard --target u,v --task regression -l 8 -a relu --dropout 0 -e 5 -q -o r.onnx
try 0 predict r.onnx far.csv
check "numbers: the lines" grep -q 'far.csv: line' err
check "numbers: spelled" spelled out
awk -F, 'NR == 1 { print $0 ",u,v"; next } NF { print $0 ",1,2" } !NF' far.csv >far-uv.csv
try 0 evaluate r.onnx far-uv.csv --json
check "rmse is of the rows with an answer" is_near "$(json .rmse)" 0 100
try 0 evaluate r.onnx <(grep -v '^0' far-uv.csv)
check "no number at all is NaN" grep -q 'rmse NaN, mae NaN, r2 NaN, loss NaN' out
check "numbers for people: spelled" spelled out
awk 'BEGIN { print "x,y"; for (i = 0; i < 40; i++) print i "," (i - 20) * 1e37 / 2 }' >large.csv
printf 'x\n10\n1e6\n-1e6\n' >far-x.csv
try 0 train large.csv --task regression -l none -e 300 -r 0.05 --weight-decay 0 -q -o u.onnx
try 0 predict u.onnx far-x.csv
check "beyond float32 in the units" grep -q 'far-x.csv: lines 3, 4: ' err
check "NaN there" [ "$(sed -n 3,4p out | tr '\n' ' ')" = 'NaN NaN ' ]
check "a number elsewhere" is_near "$(sed -n 2p out)" -2e38 2e38

# One column of tiny sd: what is beyond float32 once scaled is its last number.
awk 'BEGIN { print "a,y"; for (i = 0; i < 40; i++) printf "%.9g,%s\n", i * 1e-30, i < 20 ? "no" : "yes" }' >tiny.csv
printf 'a\n1e-30\n1e20\n-1e20\n3e-29\n' >far-tiny.csv
try 0 train tiny.csv -l 4 -a tanh -e 3 --dropout 0 -q -o t.onnx
try 0 predict t.onnx far-tiny.csv
check "rows beyond do not refuse the others" [ "$(grep -c '' out)" -eq 5 ]
check "tiny: spelled" spelled out

# A column without a value has no least and no mean.
printf 'a,b\n1,\n2,\n' >empty.csv
try 0 inspect empty.csv
check "inspect: spelled" spelled out

# train, search and check: the rows held out may be far.
try 0 train classes.csv --scaling standard --test far-y.csv -l 16,8 -a gelu -e 20 --dropout 0 -o m.onnx --json
check "train names the lines" grep -q 'far-y.csv: lines 3, 5, 6 and 2 more: .*wrong' err
check "train: rows without answer" [ "$(json .test.rows_without_answer)" = 5 ]
check "train: the loss is a number" is_near "$(json .test.loss)" 0 100
try 0 train classes.csv --scaling standard --test far-y.csv -l 16,8 -a gelu -e 20 --dropout 0 -o m.onnx
check "train for people" spelled out
try 0 search classes.csv --scaling standard --test far-y.csv --validation 0.2 --trials 2 -l 16,8 -a gelu -e 3 --dropout 0 -o s.onnx --rate 0.001..0.01
check "search names the lines" grep -q 'far-y.csv: lines 3, 5, 6 and 2 more' err
check "search for people" spelled out
{ sed '$d' classes.csv; echo '3e38,-3e38,yes'; } >some.csv
try 0 check m.onnx some.csv
check "check finds it" grep -q no_answer out
check "check for people" spelled out
# The gradient is checked on the rows that have one, if any has.
try 0 check m.onnx far-y.csv --json
check "check: the gradient of the rows that have one" [ "$(json .gradient_check.rows)" -eq 3 ]
sed -n '1p; 3p; 5p; 6p' far-y.csv >none.csv
try 0 check m.onnx none.csv --json
check "check: no gradient" [ "$(json .gradient_check.rows)" -eq 0 ]
try 0 check m.onnx none.csv
check "check: no gradient, said" grep -q 'not checked' out
check "check: no answer" grep -q no_answer out

finish
