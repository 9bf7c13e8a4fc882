#!/bin/sh
# SPDX-License-Identifier: MIT
# train_words.sh - what train says first and last: what it predicts, the baselines beside the score, the next commands
#
#     tests/cli/train_words.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# has LINE FILE: the file has this very line.
has() {
	grep -Fxq -e "$1" "$2"
}

# ---- What is predicted, and from what ----

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 90; i++) printf "%g,%g,%s\n", i % 9, i * 7 % 11, i % 9 < 6 ? "no" : "yes" }' >rows.csv
try 0 train rows.csv -e 20 -l 8 --test last:30 -o m.onnx
check "the classes come first" [ "$(head -1 err)" = "Predicting 'kind' (last column), one of 2 classes: no, yes" ]
check "then the columns" [ "$(sed -n 2p err)" = "from 2 columns: a, b" ]
cp out words
try 0 train rows.csv -e 2 -l 8 --target b --task regression -o n.onnx
check "a number" has "Predicting 'b', a number" err
try 0 train rows.csv -e 2 -l 8 --target a,b --task regression -o n.onnx
check "two numbers" has "Predicting 2 numbers: a, b" err
check "from one column" has "from 1 column: kind" err
awk 'BEGIN { print "\"a,b\",c,\"t,x\",\"y,1\""; for (i = 0; i < 90; i++)
	printf "%s,%g,\"%s\",%d\n", i % 9 ? i % 8 : "", i * 7 % 11, i % 2 ? "u,v" : "w", i % 5 < 2 }' >commas.csv
try 0 inspect commas.csv
check "texts with commas" grep -q "2: 'u,v', w$" out
try 0 train commas.csv -e 2 -l 8 -o commas.onnx
check "names with commas" has "from 3 columns: 'a,b', c, 't,x'" err
try 0 inspect commas.onnx
check "inputs with commas" has "inputs     3: 'a,b', c, 't,x'" out
check "texts of a model" grep -Eq "  t,x  .*'u,v' [0-9]+, w [0-9]+$" out
check "what the graph takes" grep -q "float32, 2 columns), 't,x' (string)" out
{ head -1 commas.csv; echo '99,99,w,1'; } >far.csv
try 0 predict commas.onnx far.csv
check "columns outside" grep -q "of 1 row lies outside of what was trained on: 'a,b' (1), c (1)$" err
try 0 train digits -e 1 -l 8 -o digits.onnx
check "ten classes" has "Predicting 'digit', one of 10 classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9" err
check "images" has "from images of 8 x 8 pixels" err

# integers ROWS DIFFERENT: a table whose last column has so many different integers.
integers() {
	awk -v rows="$1" -v different="$2" 'BEGIN { print "a,n"; for (i = 0; i < rows; i++) print i * i % 17 "," i % different }'
}

integers 60 14 >fourteen.csv
try 0 train fourteen.csv -e 2 -l 8 -o n.onnx --json
check "integers that are too many for the rows" has "Predicting 'n' (last column), a number (14 different integers in 60 rows; --task classification makes them classes)" err
check "the target in JSON" [ "$(json '.target + " " + .task')" = "n regression" ]
try 0 evaluate n.onnx fourteen.csv --json
check "also of evaluate" [ "$(json '.target + " " + .task')" = "n regression" ]
try 0 train fourteen.csv -e 2 -l 8 --task classification -o n.onnx
check "the option is obeyed, and there is no doubt" has "  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13" err
integers 60 3 >three.csv
try 0 train three.csv -e 2 -l 8 -o n.onnx
check "few integers are classes" has "Predicting 'n' (last column), one of 3 classes: 0, 1, 2 (--task regression for numbers)" err
try 0 train three.csv -e 2 -l 8 --target n --task regression -o n.onnx
check "a target that is named" has "Predicting 'n', a number" err
try 0 train rows.csv -e 2 -l 8 --target a,b -o n.onnx --json
check "two targets in JSON" [ "$(json '.target | join(" ")')" = "a b" ]
awk 'BEGIN { print "a,kind"; for (i = 0; i < 60; i++) print i "," substr("setosa    versicolorvirginica ", i % 3 * 10 + 1, 10) }' >long_names.csv
try 0 train long_names.csv -e 2 -l 8 -o n.onnx
check "classes that do not fit stand in the next line" has "  setosa, versicolor, virginica" err
awk 'BEGIN { for (c = 1; c <= 300; c++) printf "column %d,", c; print "kind"
	for (i = 0; i < 40; i++) { for (c = 1; c <= 300; c++) printf "%d,", (i * c) % 7; print i % 2 ? "a" : "b" } }' >wide.csv
try 0 train wide.csv -e 1 -l 8 -o wide.onnx
check "a long list is cut" grep -Eq '^from 300 columns: column 1, column 2, .* and 29[0-9] more$' err
check "to a page" [ "$(sed -n 1,2p err | awk '{ if (length($0) > most) most = length($0) } END { print most }')" -le 79 ]

# Notes about the table, which is read before, come after that.
awk 'BEGIN { print "day,n,on,y"; for (i = 0; i < 60; i++)
	printf "2026-01-%02d,%s,%d,%d.5\n", i % 28 + 1, (i % 9 == 4 ? "-" : i % 9), i % 2, i % 7 }' >noted.csv
while read -r beginning options; do
	# shellcheck disable=SC2086
	try 0 train noted.csv -e 2 -l 8 --missing mean -o n.onnx $options
	check "$options: Predicting is the first line" grep -q "^Predicting $beginning" err
	check "$options: of all" [ "$(head -c 10 err)" = Predicting ]
	check "$options: and the notes are there" [ "$(grep -c '^hebb: note: noted.csv: column ' err)" -ge 2 ]
	"$hebb" train noted.csv -e 2 -l 8 --missing mean -o n.onnx $options >both.txt 2>&1 </dev/null
	check "$options: of both streams" [ "$(head -c 10 both.txt)" = Predicting ]
done <<'END'
'y' --json
'y' --target y
2 --target on,y
1 --labels on
'y' --folds 3
'y' --repeat 2
'y' --test noted.csv --validation noted.csv
END
for several in "--folds 3" "--repeat 3" "--folds 3 --test 0.3"; do
	# shellcheck disable=SC2086
	try 0 train commas.csv -e 2 -l 8 -o n.onnx $several
	check "gaps are noted once with $several" [ "$(grep -c "note: .*'a,b' [0-9]* missing" err)" -eq 1 ]
done
try 0 search commas.csv --layers 4/8 -e 2 --trials 2 --folds 3 -o n.onnx
check "and in a search" [ "$(grep -c "note: .*'a,b' [0-9]* missing" err)" -eq 1 ]
printf 'a,b,y\n1,,0\n2,2,1\n3,1,0\n4,0,1\n5,6,0\n6,5,1\n' >six.csv
try 0 train six.csv --labels y -e 1 -l 1 --test last:1 -o n.onnx
check "one of each" has "six.csv: 5 rows to train on, 1 to test; 8 inputs, 1 label" err
check "one epoch" grep -q ', 1 epoch$' err
check "one epoch in the report" grep -q '^ *1 epoch in ' out
check "one row" grep -q 'of 1 row), macro F1' out
check "no number of things is 1 in the plural" sh -c "! grep -E '(^|[ (])1 (rows|columns|labels|inputs|epochs|updates|classes|targets|bytes|parameters)\\b' out err"
try 0 inspect n.onnx
check "nor in a model" sh -c "! grep -E '(^|[ (])1 (rows|columns|labels|inputs|epochs|classes|parameters)\\b' out err"
printf 'a\n1\n' >one.csv
try 0 inspect one.csv
check "one row, one column" grep -q 'CSV, 1 row, 1 column$' out
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 1200; i++) print (i ? i : "") "," i % 7 "," i % 2 }' >many.csv
try 0 train many.csv -e 1 -l 2 --test last:1100 --validation 0 -o n.onnx
try 0 predict n.onnx many.csv -o many.out
check "large numbers have commas" grep -q 'note: many.csv: 1,200 rows:' err
check "everywhere" grep -q 'note: many.csv: 1,[0-9]* of 1,200 rows lie outside .*: a (1,[0-9]*)$' err
try 0 train noted.csv -e 2 -l 8 --missing mean -o n.onnx --checkpoint n.safetensors
try 0 train noted.csv --resume n.safetensors -e 4 -o n.onnx
check "of a training that is resumed, too" [ "$(head -c 10 err)" = Predicting ]
try 1 train noted.csv -e 2 -o n.onnx --missing error
check "without a training, the notes come before the reason" [ "$(sed 's/^\(hebb: [a-z]*\).*/\1/' err | tr '\n' ,)" = "hebb: note,hebb: note,hebb: noted," ]

try 0 train rows.csv -e 2 -l 8 -o m2.onnx -q
check "--quiet keeps warnings, and nothing else" [ "$(grep -cv '^hebb: warning: ' err)" -eq 0 ]
check "nor the next commands" [ "$(grep -c '^Next' out)" -eq 0 ]

# ---- Baselines ----

share=$(tail -30 rows.csv | awk -F, '$3 == "no" { n++ } END { printf "%.2f", 100 * n / NR }')
check "the commonest class" grep -Eq "^Baselines  always answering 'no' is right in $share %, a linear model in [0-9.]+ %$" words
try 0 train rows.csv -e 20 -l 8 --test last:30 -o m.onnx --json -q
check "in JSON" is_near "$(json '100 * .baselines.nothing.accuracy - '"$share")" -0.01 0.01
check "the same rows" [ "$(json '.baselines.linear.accuracy * 30 | . == floor')" = true ]
linear=$(json .baselines.linear.accuracy)
try 0 train rows.csv --layers none --optimizer lbfgs --test last:30 -o linear.onnx --json -q
check "the linear model is one" is_near "$(json ".test.accuracy - $linear")" -0.1 0.1
check "and is not beside itself" [ "$(json .baselines.linear)" = null ]

mean=$(sed 1d rows.csv | head -60 | awk -F, '{ s += $2 } END { print s / NR }')
rmse=$(tail -30 rows.csv | awk -F, -v m="$mean" '{ s += ($2 - m) ^ 2 } END { print sqrt(s / NR) }')
try 0 train rows.csv -e 2 -l 8 --target b --task regression --test last:30 -o n.onnx --json -q
check "the mean" is_near "$(json ".baselines.nothing.rmse - $rmse")" -0.0001 0.0001
try 0 train rows.csv -e 2 -l 8 --target b --task regression --test last:30 -o n.onnx
check "the mean in words" grep -Eq '^Baselines  always answering the mean has rmse [0-9.]+, a linear model has [0-9.]+$' out
try 0 train rows.csv -e 2 -l 8 --test 0 -o n.onnx
check "no test rows, no baselines" [ "$(grep -c '^Baselines' out)" -eq 0 ]
awk 'BEGIN { print "a,b,c,d,e,f,g,h,i,kind"; for (i = 0; i < 60000; i++) { for (c = 0; c < 9; c++) printf "%d,", i % (c + 5)
	print "class " i % 25 } }' >long.csv
try 0 train long.csv -e 1 -l 1 -o long.onnx
check "what takes long is left out, with a word" grep -q 'a linear model would take long to train: try --layers none' out
check "the commonest class is not" grep -q "^Baselines  always answering 'class" out

# ---- The next commands ----

# follow: runs the commands of the report in out; sets ran to how many succeeded.
follow() {
	mkdir -p bin
	ln -sf "$hebb" bin/hebb
	sed -n '/^Next$/,$p' out | sed 1d >next.sh
	ran=0
	while read -r line; do
		echo "$line" >one.sh
		PATH="$folder/bin:$PATH" sh one.sh >/dev/null 2>&1 </dev/null && ran=$((ran + 1))
	done <next.sh
}

try 0 train rows.csv -e 2 -l 8 -o m.onnx
check "three commands" [ "$(sed -n '/^Next$/,$p' out | sed 1d)" = "  hebb evaluate m.onnx rows.csv --part test
  hebb predict m.onnx rows.csv -o rows-predictions.csv
  hebb inspect m.onnx" ]
follow
check "they run" [ "$ran" -eq 3 ]
check "the predictions are there" [ "$(grep -c '' rows-predictions.csv)" -eq 91 ]
cp rows.csv "it's \$odd.csv"
try 0 train "it's \$odd.csv" -e 2 -l 8 -o '-my model.onnx'
follow
check "names are quoted" [ "$ran" -eq 3 ]
sed 1d rows.csv >plain.csv
cp plain.csv other.csv
try 0 train plain.csv -e 2 -l 8 --header no --test other.csv -o p.onnx
check "a test file, and --header" grep -q '^  hebb evaluate p.onnx other.csv --header no$' out
try 0 train rows.csv -e 2 -l 8 --checkpoint m.st -o m.onnx
try 0 train rows.csv --resume m.st -o m.onnx
follow
check "they run after a resumed training" [ "$ran" -eq 3 ]
try 0 train plain.csv -e 2 -l 8 --header no --test 0 -o p.onnx
check "no test rows" grep -q '^  hebb evaluate p.onnx plain.csv --header no$' out
"$hebb" train - -e 2 -l 8 -o p.onnx <rows.csv >out 2>err
check "standard input" grep -q '^  hebb predict p.onnx DATA -o ' out
"$hebb" train rows.csv -e 2 -l 8 -o - >model.onnx 2>err
check "a model on standard output" [ "$(grep -c '^Next' err)" -eq 0 ]
try 0 train rows.csv -e 2 -l 8 --repeat 2 -o p.onnx
check "several runs" grep -q '^Next$' out

finish
