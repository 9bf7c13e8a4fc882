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

try 0 train trees.csv --folds 5 -e 2 --json -o folds.onnx
check "each row is held out once" [ "$(json .test_rows) $(json .train_rows) $(json .folds)" = "150 150 5" ]
check "mean, sd, range" is_near "$(json .test.accuracy_mean)" "$(json .test.accuracy_min)" "$(json .test.accuracy_max)"
check "its interval" is_near "$(json .test.accuracy_mean)" "$(json '.test.accuracy_mean_ci[0]')" "$(json '.test.accuracy_mean_ci[1]')"
check "the mean is that of the folds" sh -c "awk 'BEGIN { m = ($(json '.runs[0].test.accuracy') + $(json '.runs[1].test.accuracy') + $(json '.runs[2].test.accuracy') + $(json '.runs[3].test.accuracy') + $(json '.runs[4].test.accuracy')) / 5; d = m - $(json .test.accuracy_mean); exit !(d < 1e-9 && d > -1e-9) }'"
check "a fold is a run" [ "$(json '.runs[4].seed')" -eq 1 ]
check "the model was not tested itself" [ "$(json .test.accuracy)" = null ]
check "a note says what the model is" grep -q "note: the model is now trained on all 150 rows" err
mean=$(json .test.accuracy_mean)
loss=$(json .test.loss_mean)
try 0 train trees.csv -e 2 --test 0 -q -o all.onnx
check "the model is that of all rows" cmp folds.onnx all.onnx
try 0 train trees.csv --folds 5 -e 2 --json -o two.onnx -j 2
check "threads change nothing" [ "$(json .test.accuracy_mean) $(json .test.loss_mean)" = "$mean $loss" ]
check "nor the model" cmp folds.onnx two.onnx
try 0 train trees.csv --folds 5 -e 2 -s 2 --json -o other.onnx
check "another seed, other folds" [ "$(json .test.loss_mean)" != "$loss" ]
try 0 train trees.csv --folds 5 -e 2
check "folds for people" grep -q "^Held out 150 rows, in 5 folds" out
check "five lines" [ "$(grep -c '^fold [1-5]: accuracy' err)" -eq 5 ]
check "they fit 80 columns" [ "$(awk '{ if (length > 79) n++ } END { print n + 0 }' out)" -eq 0 ]
try 0 train trees.csv --folds 5 -e 2 --test 0.2 --json -o test.onnx
check "a test part is in no fold" [ "$(json .test_rows) $(json .train_rows)" = "120 120" ]
check "nor is it looked at" [ "$(json .test.accuracy)" = null ]
check "and that is said" grep -q "note: the 30 test rows are in no fold" err
try 0 evaluate test.onnx trees.csv --part test --json
check "it can be looked at later" [ "$(json .rows)" -eq 30 ]
try 0 inspect test.onnx --json
check "the record has no test" [ "$(json .record.test)" = null ]
try 0 train trees.csv -e 2 -q -o plain.onnx
check "the model is that of a plain run" sh -c '"$0" predict test.onnx trees.csv >a.csv 2>/dev/null; "$0" predict plain.onnx trees.csv >b.csv 2>/dev/null; cmp a.csv b.csv' "$hebb"
try 0 train plane.csv --task regression --folds 3 -e 5 --json
check "numbers have folds" [ "$(json .test_rows) $(json .test.rmse_mean | grep -c .)" = "100 1" ]
try 0 train trees.csv --folds 5 -e 2 --patience 3 --json
check "folds and patience" [ "$(json .validation_rows)" -eq 15 ]

cp folds.onnx kept.onnx
refuse 2 '--folds' train trees.csv --folds 1 -o kept.onnx
refuse 2 '--folds.*--repeat' train trees.csv --folds 3 --repeat 3 -o kept.onnx
refuse 2 '--checkpoint.*--folds' train trees.csv --folds 3 --checkpoint x.safetensors -o kept.onnx
refuse 1 "61 folds .*has 60" train trees.csv --folds 61 -e 1 -o kept.onnx
refuse 1 '100 rows.* 101 folds' train plane.csv --task regression --folds 101 -e 1 -o kept.onnx
refuse 2 'not an option of check' check trees.csv --folds 3
check "an older model is as it was" cmp kept.onnx folds.onnx

# ---- Search ----

# without_time TABLE: what is the same whenever and wherever the search runs.
without_time() {
	awk '/^#/ { print; next } { sub(/,[^,]*,[^,]*$/, ""); print }' "$1"
}

try 0 search trees.csv --rate 0.0001..0.1 --layers 16/8,8/none --trials 6 -e 6
check "the model" [ -s trees.onnx ]
check "the table: two lines of head and the trials" [ "$(wc -l <trees-search.csv)" -eq 8 ]
check "its columns" [ "$(sed -n 2p trees-search.csv)" = "trial,epochs,layers,rate,score,sd,seconds,parameters" ]
check "a line a trial" [ "$(grep -c '^trial [1-6]/6  loss .* best ' err)" -eq 6 ]
check "its best is the lowest loss" [ "$(awk -F: '/  the same/ { exit } { print }' out | awk 'NR == 3 { print $2 }' | cut -c1-5)" = "$(sed 1,2d trees-search.csv | sed 's/"[^"]*"/x/' | cut -d, -f5 | sort -g | head -n 1 | cut -c1-5)" ]
check "five of them" [ "$(grep -Ec '^ +[1-6]  ' out)" -ge 5 ]
check "they fit 80 columns" [ "$(awk '!/hebb train/ { if (length > 79) n++ } END { print n + 0 }' out)" -eq 0 ]
check "no color in a file" sh -c '! grep -q "$(printf "\033")" out'
cp trees.onnx first.onnx
cp trees-search.csv first.csv
grep -o 'hebb train .*' out | sed "s|^hebb|$hebb|; s|trees.onnx|again.onnx|" >again.sh
check "the command" sh again.sh
check "gives the same model" cmp first.onnx again.onnx

try 0 search trees.csv --rate 0.0001..0.1 --layers 16/8,8/none --trials 6 -e 6 -j 2 --json --table two.csv -o two.onnx
without_time first.csv >a.txt
without_time two.csv >b.txt
check "the same trials for two threads" cmp a.txt b.txt
check "and the same model" cmp first.onnx two.onnx
check "keys" [ "$(json .trials) $(json .model) $(json .table) $(json .best.metric)" = "6 two.onnx two.csv loss" ]
check "the best is one of the trials" grep -q "^$(json .best.trial),6," two.csv
check "its rate" is_near "$(json .best.options.rate)" 0.0001 0.1
check "the test" is_near "$(json .test.accuracy)" 0.3 1
check "its rows" [ "$(json .train_rows) $(json .test_rows)" = "120 30" ]
best=$(json .best.score)
check "no trial is better" awk -F, -v best="$best" 'NR > 2 { sub(/"[^"]*"/, "x"); if ($5 < best) exit 1 }' two.csv
try 0 search trees.csv --rate 0.0001..0.1 --layers 16/8,8/none --trials 6 -e 6 -s 2 -q --table seed.csv -o two.onnx
check "--quiet" [ ! -s err ]
check "another seed, other trials" sh -c 'sed 1,2d seed.csv | cut -d, -f1-4 >b.txt; sed 1,2d first.csv | cut -d, -f1-4 >a.txt; ! cmp -s a.txt b.txt'

# A score is what train says of the same settings.
try 0 search trees.csv --rate 0.003/0.03 -e 6 -q --json --table list.csv -o list.onnx
check "each of a list once" [ "$(sed 1,2d list.csv | cut -d, -f3 | sort | tr '\n' ' ')" = "0.003 0.03 " ]
score=$(awk -F, '$3 == "0.03" { print $4 }' list.csv)
try 0 train trees.csv --rate 0.03 -e 6 --validation 0.2 --json -q -o x.onnx
check "the validation loss" is_near "$(json .validation.loss)" "$(awk "BEGIN { print $score - 1e-5 }")" "$(awk "BEGIN { print $score + 1e-5 }")"
try 0 search trees.csv --rate 0.003/0.03 -e 6 -q --metric accuracy --folds 3 --test last:30 --json --table folds.csv -o x.onnx
score=$(awk -F, '$3 == "0.03" { print $4 }' folds.csv)
sd=$(awk -F, '$3 == "0.03" { print $5 }' folds.csv)
check "sd of the best" is_near "$(json .best.sd)" 0 1
check "the highest accuracy is best" [ "$(json .best.score)" = "$(sed 1,2d folds.csv | cut -d, -f4 | sort -g | tail -n 1)" ]
try 0 train trees.csv --rate 0.03 -e 6 --folds 3 --test last:30 --json -q -o x.onnx
check "the mean over the folds" is_near "$(json .test.accuracy_mean)" "$(awk "BEGIN { print $score - 1e-5 }")" "$(awk "BEGIN { print $score + 1e-5 }")"
check "and its sd" is_near "$(json .test.accuracy_sd)" "$(awk "BEGIN { print $sd - 1e-5 }")" "$(awk "BEGIN { print $sd + 1e-5 }")"

# The validation rows are trained on in the end, unless they are a file.
try 0 search trees.csv --rate 0.01/0.05/0.002 --trials 3 -e 6 --validation 0.4 -q --json --table part.csv -o part.onnx
check "all rows but the test part" [ "$(json .train_rows)" -eq 120 ]
check "the command has no validation" [ "$(json .command | grep -c validation)" -eq 0 ]
json .command | sed "s|^hebb|$hebb|; s|part.onnx|again.onnx|; s|\$| -q|" >again.sh
check "the command" sh again.sh
check "gives the same model" cmp part.onnx again.onnx
awk 'NR == 1 || NR % 3 == 0' trees.csv >watched.csv
try 0 search trees.csv --rate 0.01/0.05/0.002 -e 6 --validation watched.csv -q --json --table file.csv -o file.onnx
json .command | sed "s|^hebb|$hebb|; s|file.onnx|again.onnx|; s|\$| -q|" >again.sh
check "with a file too the command" sh again.sh
check "gives the same model still" cmp file.onnx again.onnx
sed 's/oak/fir/' watched.csv >unseen.csv
awk 'NR > 1 { $1 = "high" } { print }' FS=, OFS=, watched.csv >unseen.csv
refuse 1 'unseen.csv.*high' search trees.csv --rate 0.01/0.05 --test unseen.csv --table never.csv -o never.onnx
check "a wrong test file is refused before the search" [ ! -e never.csv ]
rm part.csv

# The test part changes nothing but the test.
awk -F, 'BEGIN { OFS = "," } NR > 121 { $1 = -$1 * 3; $2 += 5 } { print }' trees.csv >moved.csv
for data in trees moved; do
	try 0 search $data.csv --rate 0.003..0.03 --layers 8/16 --trials 4 -e 6 --test last:30 -q --json -o $data-held.onnx --table held-$data.csv
	sed 1,2d held-$data.csv | cut -d, -f1-6,8 >held-$data.txt
	json .test.loss >held-$data.loss
done
check "the trials have not seen the test part" cmp held-trees.txt held-moved.txt
check "the test has" sh -c '! cmp -s held-trees.loss held-moved.loss'

# What is drawn counts where options are checked against each other.
try 0 search trees.csv --schedule step/exponential --decay 0.5 -e 5 -q --table schedule.csv -o x.onnx
refuse 2 '--decay' search trees.csv --schedule step/cosine --decay 0.5 -e 5 --table never.csv -o x.onnx
refuse 2 'not an option of search' search trees.csv --rate 0.1/0.2 --checkpoint x.safetensors

# ---- A search that is stopped ----

set -- search trees.csv --rate 0.0001..0.1 --layers 16/8,8/none --trials 12 -e 60 -j 1
"$hebb" "$@" -q -o whole.onnx --table whole.csv >/dev/null
"$hebb" "$@" -q -o part.onnx --table part.csv >/dev/null 2>&1 &
running=$!
tries=0
while [ "$(cat part.csv 2>/dev/null | wc -l)" -lt 5 ] && [ $tries -lt 200 ]; do
	sleep 0.01
	tries=$((tries + 1))
done
kill -9 $running 2>/dev/null
wait $running 2>/dev/null
try 0 "$@" -o part.onnx --table part.csv
without_time whole.csv >a.txt
without_time part.csv >b.txt
check "killed and taken up again: the same table" cmp a.txt b.txt
check "and the same model" cmp whole.onnx part.onnx
head -n 5 whole.csv >part.csv
try 0 "$@" -o part.onnx --table part.csv
check "finished trials are not trained again" grep -q "note: 3 finished trials are taken from part.csv" err
check "but the others" [ "$(grep -c '^trial' err)" -eq 9 ]
check "their rows are kept, with their times" sh -c 'head -n 5 whole.csv >a.txt; head -n 5 part.csv >b.txt; cmp a.txt b.txt'
without_time whole.csv >a.txt
without_time part.csv >b.txt
check "the same table" cmp a.txt b.txt
cp part.csv b.txt
try 0 "$@" -o part.onnx --table part.csv
check "a finished search trains the best alone" [ "$(grep -c '^trial' err)" -eq 0 ]
check "the table is as it was" cmp part.csv b.txt
check "the same model again" cmp whole.onnx part.onnx
try 0 "$@" --trials 14 -q -o part.onnx --table part.csv
check "more trials go on" [ "$(wc -l <part.csv)" -eq 16 ]
try 0 "$@" -q --json -o part.onnx --table part.csv
check "what more there is counts too" [ "$(json .trials)" -eq 14 ]

rm whole.csv part.csv
set -- search trees.csv --rate 0.0001..0.1 --trials 9 -e 18 --strategy halving
try 0 "$@" -q --json -o whole.onnx --table whole.csv
check "rungs of halving" [ "$(sed 1,2d whole.csv | cut -d, -f2 | uniq -c | awk '{ printf "%s:%s ", $1, $2 }')" = "9:2 3:6 1:18 " ]
check "trials and trainings" [ "$(json .trials) $(json .trainings)" = "9 13" ]
check "the best third goes on" [ "$(sed 1,2d whole.csv | awk -F, '$2 == 2' | sort -t, -k4,4g | head -n 3 | cut -d, -f1 | tr '\n' ' ')" = "$(sed 1,2d whole.csv | awk -F, '$2 == 6' | cut -d, -f1 | tr '\n' ' ')" ]
head -n 12 whole.csv >part.csv
try 0 "$@" -q -o part.onnx --table part.csv
without_time whole.csv >a.txt
without_time part.csv >b.txt
check "halving goes on from its second rung" cmp a.txt b.txt
check "to the same model" cmp whole.onnx part.onnx
try 0 "$@" -o timed.onnx --table timed.csv --time 0.000001s
check "a limit of time lets the first trial end" [ "$(wc -l <timed.csv)" -eq 3 ]
check "and says so" grep -q "note: stopped by --time after 1 trial;" err
try 0 "$@" -q -o timed.onnx --table timed.csv
without_time timed.csv >b.txt
check "the rest comes later" cmp a.txt b.txt
check "and to the same model" cmp whole.onnx timed.onnx

# ---- What diverges ----

try 0 search trees.csv --optimizer sgd --rate 0.05/1e6 -e 5 --table wild.csv --json -o wild.onnx
check "a trial that diverges is one of them" [ "$(grep -c ',diverged,,' wild.csv) $(json .diverged) $(json .trials)" = "1 1 2" ]
check "the other is the best" [ "$(json .best.options.rate)" = 0.05 ]
cp wild.onnx kept.onnx
refuse 1 'all 2 trials diverged' search trees.csv --optimizer sgd --rate 1e6/1e5 -e 5 --table wild2.csv -o wild.onnx
check "no model then" cmp wild.onnx kept.onnx

# ---- Numbers, patience, a table of their own ----

try 0 search plane.csv --task regression --metric rmse --rate 0.01/0.1 -e 5 -q --json
check "rmse" [ "$(json .best.metric) $(json .test.rmse | grep -c .)" = "rmse 1" ]
try 0 search trees.csv --rate 0.01..0.1 --trials 3 -e 30 --patience 3 --folds 3 -q --json --table patient.csv -o patient.onnx
json .command | sed "s|^hebb|$hebb|; s|patient.onnx|again.onnx|; s|\$| -q|" >again.sh
check "with patience too the command" sh again.sh
check "gives the same model" cmp patient.onnx again.onnx
sed '1d' trees.csv >"my 'data.csv"
try 0 search "my 'data.csv" --header no --rate 0.01/0.1 -e 5 -q --json --table odd.csv -o 'odd one.onnx'
json .command | sed "s|^hebb|$hebb|; s|odd one.onnx|again.onnx|; s|\$| -q|" >again.sh
check "odd names are quoted" sh again.sh
check "and give the same model" cmp 'odd one.onnx' again.onnx
try 0 search trees.csv --rate 0.01/0.1 -e 5 --test 0 --table none.csv
check "no test part: a note" grep -q "note: no rows were held out from the search" err

# ---- What is refused ----

set -- search trees.csv --trials 6 -e 6 -o kept.onnx --table first.csv
cp first.csv kept.csv
refuse 1 'first.csv: .*it has rate "0.0001..0.1", this search has "0.001..0.1"' "$@" --rate 0.001..0.1 --layers 16/8,8/none
refuse 1 'it has layers "16/8,8/none", this search has \[256, 128\]' "$@" --rate 0.0001..0.1
refuse 1 'it has seed 1, this search has 2' "$@" --rate 0.0001..0.1 --layers 16/8,8/none -s 2
refuse 1 'it has metric "loss", this search has' "$@" --rate 0.0001..0.1 --layers 16/8,8/none --metric accuracy
refuse 1 'it has strategy "random", this search has' "$@" --rate 0.0001..0.1 --layers 16/8,8/none --strategy halving
refuse 1 'it has folds 0, this search has' "$@" --rate 0.0001..0.1 --layers 16/8,8/none --folds 3
refuse 1 'other data' search moved.csv --trials 6 -e 6 --table first.csv -o kept.onnx --rate 0.0001..0.1 --layers 16/8,8/none
sed '1s/"hebb": "[^"]*"/"hebb": "0.0.1"/' kept.csv >first.csv
refuse 1 'it has hebb "0.0.1", this search has' "$@" --rate 0.0001..0.1 --layers 16/8,8/none
sed '5s/^3,6,/3,7,/' kept.csv >first.csv
refuse 1 'first.csv: line 5: .*damaged' "$@" --rate 0.0001..0.1 --layers 16/8,8/none
sed '6s/,[0-9.]*$/,many/' kept.csv >first.csv
refuse 1 'first.csv: line 6: .*damaged' "$@" --rate 0.0001..0.1 --layers 16/8,8/none
head -c -3 kept.csv >first.csv
refuse 1 'first.csv: line 8: .*cut short' "$@" --rate 0.0001..0.1 --layers 16/8,8/none
sed 2d kept.csv >first.csv
refuse 1 'first.csv: line 2: .*columns' "$@" --rate 0.0001..0.1 --layers 16/8,8/none
tail -n 1 whole.csv >row.txt
cat whole.csv row.txt >long.csv
refuse 1 'line 16: the search ends' search trees.csv --rate 0.0001..0.1 --trials 9 -e 18 --strategy halving --table long.csv -o kept.onnx
cp trees.csv precious.csv
refuse 1 'precious.csv: is not a table of a search' search trees.csv --rate 0.1/0.2 --table precious.csv -o kept.onnx
check "and is left as it is" cmp trees.csv precious.csv
refuse 1 'trees.csv: is the data; give the table' search trees.csv --rate 0.1/0.2 --table trees.csv -o kept.onnx
refuse 2 '--table: kept.onnx is the file of the model' search trees.csv --rate 0.1/0.2 --table kept.onnx -o kept.onnx
refuse 2 '--table.*a file' search trees.csv --rate 0.1/0.2 --table - -o kept.onnx
refuse 1 'the table cannot be written there' search trees.csv --rate 0.1/0.2 --table nowhere/t.csv -o kept.onnx
set -- search trees.csv --table new.csv -o kept.onnx
refuse 2 '--rate.*not an interval' "$@" --rate 0.1..0.01
refuse 2 "--rate: 'x' is not a number" "$@" --rate 0.1/x
refuse 2 '--layers.*separated by /' "$@" --layers 16..64
refuse 2 '--seed' "$@" --seed 1..3
refuse 2 '--loss.*another --metric' "$@" --loss squared/cross-entropy
refuse 2 '--epochs.*halving' "$@" --strategy halving --epochs 10..20
refuse 2 '--validation.*folds' "$@" --folds 3 --validation 0.1
refuse 2 '--validation.*0 leaves no rows' "$@" --validation 0
refuse 2 '--rate.*lbfgs' "$@" --optimizer adam/lbfgs --rate 0.1..0.5
refuse 2 'nothing to search' "$@" --layers 8 --rate 0.1 --dropout 0 --batch 8
refuse 1 '--metric.*rmse is for numbers' "$@" --metric rmse
refuse 1 '--metric.*accuracy is for classes' search plane.csv --task regression --metric accuracy --table new.csv -o kept.onnx
refuse 1 '--metric.*probabilities' "$@" --metric log-loss --output softmax/linear
refuse 1 '--strategy.*at least 3 trials' "$@" --strategy halving --trials 2
refuse 1 "49 folds .*has 48" "$@" --folds 49 --rate 0.1/0.2
refuse 2 'not an option of search' "$@" --repeat 3
refuse 2 'not an option of train' train trees.csv --trials 3
check "no table of what was refused" [ ! -e new.csv ]
check "the model is as it was" cmp wild.onnx kept.onnx

try 0 search trees.csv --optimizer lbfgs -e 5 --trials 2 -q -o lbfgs.onnx --table lbfgs.csv
try 0 search trees.csv --optimizer rprop -e 5 --trials 2 -q -o rprop.onnx --table rprop.csv
finish
