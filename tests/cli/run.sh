#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh - the hebb command on real data: what it prints, writes and returns
#
#     tests/cli/run.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# ---- Data made on the spot ----

# 150 flowers of three kinds, told apart by their sizes, with a text column.
awk 'BEGIN {
	print "length,width,soil,kind"
	for (i = 0; i < 150; i++) {
		k = i % 3
		printf "%.2f,%.2f,%s,%s\n", 1 + 2 * k + (i * 7 % 10) / 10, 5 - k + (i * 3 % 10) / 10, \
			(i % 2 ? "clay" : "sand"), (k == 0 ? "rose" : k == 1 ? "lily" : "sweet, \"pea\"")
	}
}' | sed 's/sweet, "pea"/"sweet, ""pea"""/' >flowers.csv

# y = 3 a - 2 b + 10, exactly.
awk 'BEGIN {
	print "a,b,y,z"
	for (i = 0; i < 200; i++) {
		a = i * 37 % 101 / 10; b = i * 53 % 97 / 10
		printf "%g,%g,%g,%g\n", a, b, 3 * a - 2 * b + 10, a + b
	}
}' >plane.csv

# ---- Help ----

try 2
check "the last line without a command" [ "$(tail -n 1 err)" = "hebb: no command given" ]
check "nothing on standard output" [ ! -s out ]
try 0 --version
check "version" grep -Eq '^hebb [0-9]+\.[0-9]+\.[0-9]+$' out
try 0 help
for command in train search evaluate predict inspect check report tutorial bench; do
	check "$command is listed" grep -q "^  $command " out
done
for command in train search evaluate predict inspect check report tutorial bench; do
	try 0 $command --help
	check "$command has examples" grep -q "^  hebb $command " out
	check "$command --help fits 80 columns" [ "$(awk '{ if (length > 80) n++ } END { print n + 0 }' out)" -eq 0 ]
	cp out help.txt
	try 0 help $command
	check "help $command is $command --help" cmp out help.txt
done
check "color is for terminals" sh -c '! grep -q "$(printf "\033")" out'

# ---- The man page and completions ----

"$hebb" train --help | grep -oE -- '^ *(-.,)? +--[a-z0-9-]+' | sed 's/.*--/--/' >options.txt
check "options are found" [ "$(grep -c '' options.txt)" -gt 40 ]
try 0 --man
for option in $(cat options.txt); do
	check "the man page has $option" grep -qE -- "Fl \\\\${option#-}( |\$)" out
done
check "a man page of lines that are short" [ "$(awk '/^[^.]/ && length > 80 { n++ } END { print n + 0 }' out)" -eq 0 ]
for shell in bash zsh fish; do
	try 0 --completion $shell
	for option in $(cat options.txt); do
		check "$shell completes $option" grep -qE -- "(--| -l )${option#--}[^a-z0-9-]" out
	done
done
refuse 2 'bash, zsh or fish' --completion tcsh
refuse 2 'bash, zsh or fish' --completion

# ---- Classes ----

try 0 train digits -e 20
check "a model is saved" [ -s digits.onnx ]
check "the report says where" grep -q "digits.onnx" out
check "a confusion matrix" grep -q "predicted" out
check "progress on standard error" grep -Eq "^epoch +20/20 .*loss" err
check "ten to twenty lines of progress" is_near "$(grep -c '^epoch' err)" 10 20
check "no live line in a file" sh -c '! grep -q "$(printf "\r")" err'

try 0 train digits -e 20 --quiet --json -o first.onnx
check "--quiet" [ ! -s err ]
check "one line of JSON" [ "$(grep -c '' out)" -eq 1 ]
check "accuracy" is_near "$(json .test.accuracy)" 0.93 1
check "rows" [ "$(json .train_rows) $(json .test_rows)" = "1078 719" ]
check "parameters" [ "$(json .parameters)" -eq $((65 * 512 + 513 * 256 + 257 * 10)) ]
check "model" [ "$(json .model)" = first.onnx ]
check "seed" [ "$(json .seed)" -eq 1 ]
for key in epochs loss seconds samples_per_second test.loss threads kernels; do
	check "key $key" [ "$(json .$key)" != null ]
done
accuracy=$(json .test.accuracy)
auc=$(json .test.roc_auc)
for key in balanced_accuracy macro_precision macro_recall macro_f1 roc_auc; do
	check "metric $key" is_near "$(json .test.$key)" 0.93 1
done
check "metric log_loss" is_near "$(json .test.log_loss)" 0 0.5
check "metric ece" is_near "$(json .test.ece)" 0 0.1
check "the interval holds the accuracy" is_near "$accuracy" "$(json '.test.accuracy_ci[0]')" "$(json '.test.accuracy_ci[1]')"
for key in precision recall f1; do
	check "$key of a class" is_near "$(json ".test.classes[3].$key")" 0.8 1
done
check "a class has a name and rows" [ "$(json '.test.classes[9].name') $(json '.test.classes[3].rows')" = "9 73" ]
check "the same run gives the same bytes" cmp digits.onnx first.onnx
try 0 train digits -e 20 -q -o second.onnx -j 2
check "threads change no bit" cmp first.onnx second.onnx
try 0 train digits -e 20 -q -o second.onnx -s 2
check "another seed gives another network" sh -c '! cmp -s first.onnx second.onnx'

try 0 evaluate digits.onnx digits --part test --json
check "evaluate finds the rows held out" [ "$(json .accuracy)" = "$accuracy" ]
check "rows of the part" [ "$(json .rows)" -eq 719 ]
check "confusion" [ "$(json '.confusion[0][0]')" -gt 50 ]
check "and their metrics" [ "$(json .roc_auc)" = "$auc" ]
check "and those of each class" [ "$(json '.per_class[9].name')" = 9 ]
check "classes" [ "$(json '.classes[9]')" = 9 ]
check "no warning for held-out rows" [ ! -s err ]
try 0 evaluate digits.onnx digits
check "a warning for rows seen in training" grep -q "hebb: warning: digits" err
check "all rows" grep -q "1,797" out
check "metrics for people" grep -Eq "balanced accuracy 9.* %" out
check "they fit 80 columns" [ "$(awk '{ if (length > 79) n++ } END { print n + 0 }' out)" -eq 0 ]

try 0 predict digits.onnx digits
check "a row for each row" [ "$(wc -l <out)" -eq 1798 ]
check "the header" [ "$(head -n 1 out)" = "class,0,1,2,3,4,5,6,7,8,9" ]
check "probabilities sum to 1" awk -F, 'NR > 1 { s = 0; for (i = 2; i <= NF; i++) s += $i;
	if (s < 0.99999 || s > 1.00001 || NF != 11) exit 1 }' out
try 0 predict --classes-only digits.onnx digits
check "classes only" [ "$(head -n 1 out) $(wc -l <out)" = "class 1798" ]

try 0 inspect digits.onnx --json
check "inspect a model" [ "$(json .kind) $(json .inputs) $(json .outputs)" = "model 64 10" ]
check "its memory" is_near "$(json .trainer_bytes)" 100000 10000000
check "more rows, more memory" is_near "$(json .work_bytes_256_rows)" "$(json .work_bytes_1_row)" 2000000
check "the layers" [ "$(json '.layers[0].units') $(json '.layers[0].activation')" = "512 gelu" ]
check "the record" [ "$(json .record.options.optimizer) $(json .record.rows)" = "adamw 1797" ]
check "its precision" [ "$(json .record.options.precision)" = "f32" ]
try 0 inspect digits.onnx
check "parameters for people" grep -q "167,178 parameters" out
# A program for another machine lacks these kernels, whatever this CPU has.
if grep -qw avx512_bf16 /proc/cpuinfo && HEBB_KERNELS=none "$hebb" train digits 2>&1 | grep -q avx512; then
	try 0 train digits -e 5 -o bf16.onnx --precision bf16
	check "the precision is announced" grep -q "5 epochs, bf16" err
	try 0 inspect bf16.onnx --json
	check "the precision is recorded" [ "$(json .record.options.precision)" = "bf16" ]
else
	echo "skipped: training with --precision bf16, which this CPU lacks"
fi
try 0 inspect digits --json
check "inspect data" [ "$(json .kind) $(json .rows) $(json '.columns[64].name')" = "data 1797 digit" ]
try 0 inspect digits
check "a wide table is cut" [ "$(grep -c pixel_ out)" -eq 19 ]

try 0 train flowers.csv -e 60 --json
check "text inputs and classes" is_near "$(json .test.accuracy)" 0.9 1
check "one in five is held out" [ "$(json .train_rows) $(json .test_rows)" = "120 30" ]
try 0 inspect flowers.csv
check "levels of a text" grep -q "clay, sand" out
try 0 predict flowers.onnx flowers.csv
check "class names are quoted" [ "$(head -n 1 out)" = 'class,lily,rose,"sweet, ""pea"""' ]
cp out by_name.csv
awk -F, 'BEGIN { OFS = "," } { print $3, "x" NR, $2, $1 }' flowers.csv | sed '1s/x1/extra/' >shuffled.csv
try 0 predict flowers.onnx shuffled.csv
check "columns are found by name" cmp out by_name.csv
check "a note on a surplus column" grep -q "note: .*1 column" err
"$hebb" predict flowers.onnx - <flowers.csv >out 2>err
check "standard input" cmp out by_name.csv
"$hebb" inspect - <flowers.onnx >out 2>err
check "a model on standard input" grep -q "a model for classification" out
try 0 train flowers.csv -e 5 -q -o -
check "a model on standard output" sh -c "mv out piped.onnx && '$hebb' inspect piped.onnx"
try 0 train flowers.csv -e 3 -q -s 18446744073709551615 --json
check "the largest seed" [ "$(json .seed)" = 18446744073709551615 ]
try 0 evaluate flowers.onnx flowers.csv --part test
check "its split is found again" grep -q "30 rows" out

try 0 train flowers.csv -e 60 --label-smoothing 0.1 -o smooth.onnx --json
check "smoothed labels are learned" is_near "$(json .test.accuracy)" 0.9 1
try 0 inspect smooth.onnx
check "label smoothing is recorded" grep -q "label_smoothing 0.1" out

for norm in batch layer; do
	try 0 train digits -l 32,32,16,16 -e 15 --norm $norm --shortcuts --dropout 0.05 --json -o $norm.onnx
	check "$norm norm and shortcuts learn" is_near "$(json .test.accuracy)" 0.9 1
	accuracy=$(json .test.accuracy)
	check "gamma and beta are parameters" [ "$(json .parameters)" -eq $((65 * 32 + 33 * 32 + 33 * 16 + 17 * 16 + 17 * 10 + 2 * 96)) ]
	check "they are announced" grep -q "hidden $norm norm and gelu with shortcuts" err
	try 0 train digits -l 32,32,16,16 -e 15 --norm $norm --shortcuts --dropout 0.05 -q -o again.onnx -j 3
	check "threads change no bit of them" cmp $norm.onnx again.onnx
	try 0 evaluate $norm.onnx digits --part test --json
	check "they are read back" [ "$(json .accuracy)" = "$accuracy" ]
	try 0 inspect $norm.onnx
	check "they are listed" [ "$(sed -n '/activation  parameters/,$p' out | grep -c "$norm-norm\|adds layer")" -eq 6 ]
	try 0 inspect $norm.onnx --json
	check "the shortcuts tell from where" [ "$(json '.layers[5].from') $(json '.layers[12].from')" = "3 10" ]
	check "and are recorded" [ "$(json .record.options.norm) $(json .record.options.shortcuts)" = "$norm true" ]
	try 0 check digits -l 16,16 --norm $norm --shortcuts --json
	check "their gradient is right" [ "$(json .gradient_check.ok)" = true ]
done

# One flower in ten is rare; balanced weights find more of them.
awk 'BEGIN {
	print "a,b,kind"
	for (i = 0; i < 600; i++) {
		rare = i % 10 == 0
		printf "%.2f,%.2f,%s\n", rare + i * 7 % 20 / 10, i * 3 % 7, (rare ? "rare" : "common")
	}
}' >rare.csv
try 0 train rare.csv -l none -e 30 -r 0.01 --json
check "rare ones are missed" is_near "$(json '.test.classes[1].recall')" 0 0.3
try 0 train rare.csv -l none -e 30 -r 0.01 --json --class-weights balanced
check "and found when they weigh more" is_near "$(json '.test.classes[1].recall')" 0.5 1
try 0 inspect rare.onnx
check "class weights are recorded" grep -q "class_weights balanced" out
# A test part without one of the classes.
try 0 train flowers.csv --test last:1 -e 5 --json
check "a class without rows has no recall" [ "$(json '.test.classes[0].recall') $(json .test.roc_auc)" = "null null" ]
check "and no NaN" sh -c '! grep -qi "nan" out'

# ---- Parts ----

head -n 101 flowers.csv >train.csv
(head -n 1 flowers.csv; tail -n 50 flowers.csv) >test.csv
try 0 train train.csv --test test.csv -e 5 --json
check "--test FILE" [ "$(json .train_rows) $(json .test_rows)" = "100 50" ]
refuse 1 'a file of its own, test.csv' evaluate train.onnx train.csv --part test
try 0 train flowers.csv --test last:50 -e 5 --json -o last.onnx
check "--test last:N" [ "$(json .train_rows) $(json .test_rows)" = "100 50" ]
try 0 evaluate last.onnx flowers.csv --part test --json
check "the last rows are found again" [ "$(json .rows)" -eq 50 ]
try 0 train flowers.csv --test 0 -e 5 --json -o all.onnx
check "--test 0" [ "$(json .train_rows) $(json .test_rows) $(json .test)" = "150 0 null" ]
try 0 train flowers.csv --validation last:20 -e 5 --json
check "--validation" [ "$(json .train_rows) $(json .validation_rows)" = "100 20" ]
for schedule in constant step exponential cosine one-cycle plateau warm-restarts; do
	try 0 train flowers.csv -e 20 --schedule $schedule -q
done
check "a changing rate is shown" sh -c '"$1" train flowers.csv --schedule cosine -e 3 2>&1 | grep -q "^epoch .* rate "' - "$hebb"
try 0 train flowers.csv --optimizer sgd -e 20 --warmup 0.1 --average 0.9 --clip 1 --l1 0.001 --max-norm 3 --accumulate 2 --json
check "all of it learns" is_near "$(json .test.accuracy)" 0.8 1
try 0 train flowers.csv --optimizer lbfgs --l2 0.001 -e 5000 --json
check "lbfgs converges" [ "$(json .epochs)" -lt 5000 ]
check "and is noted" grep -q 'converged after' err
try 0 train flowers.csv -e 1000000 --time 0.2s --json
check "--time ends it" is_near "$(json .seconds)" 0.19 2
check "and is noted" grep -q 'stopped by --time' err
try 0 train flowers.csv --patience 3 -e 3000 -r 0.05 --json
check "--patience ends it" [ "$(json .epochs)" -lt 3000 ]
check "and holds rows for it" [ "$(json .validation_rows)" -eq 12 ]

# ---- Numbers ----

try 0 train plane.csv --target y -l none -e 300 -r 0.01 --json
check "a plane is learned" is_near "$(json .test.r2)" 0.999 1
check "in its units" is_near "$(json .test.rmse)" 0 0.3
try 0 train plane.csv --target y,z -e 30 --json
check "two numbers" [ "$(json '.test.targets[1].name')" = z ]
try 0 evaluate plane.onnx plane.csv --json
check "evaluate numbers" [ "$(json .rmse)" != null ]
try 0 predict plane.onnx plane.csv
check "the header of numbers" [ "$(head -n 1 out)" = "y,z" ]
try 0 train plane.csv --target 3 -e 5 -q -o by_number.onnx
try 0 inspect by_number.onnx
check "a target by its number" grep -q "target.* 1: y" out

# Ten in a hundred are off by far: the median is hardly moved by them, the mean is.
awk 'BEGIN { print "a,y"; for (i = 0; i < 400; i++) { a = i * 37 % 101 / 10; print a "," 2 * a + (i % 10 ? 0 : 1000) } }' >outliers.csv
awk 'BEGIN { print "a,y"; for (i = 0; i < 50; i++) print i / 5 "," 2 * i / 5 }' >clean.csv
for loss in squared absolute huber; do
	try 0 train outliers.csv -l none -e 200 -r 0.01 --loss $loss -q -o $loss.onnx
	try 0 evaluate $loss.onnx clean.csv --json
	json .mae >$loss.mae
done
check "a mean follows outliers" is_near "$(cat squared.mae)" 50 1000
check "a median does not" is_near "$(cat absolute.mae)" 0 5
check "nor does huber's loss as far" is_near "$(cat huber.mae)" 0 "$(cat squared.mae)"
for loss in absolute huber; do
	try 0 check outliers.csv -l 5 -a tanh --loss $loss --json
	check "gradient check of $loss" is_near "$(json .gradient_check.max_error)" 0 1e-4
done

# Counts about exp(1 + a): the expected count is predicted, never below 0; few different ones are no classes.
awk 'BEGIN {
	print "a,visits"
	for (i = 0; i < 1000; i++) { a = i % 20 / 10; print a "," int(exp(1 + a) + (i * 7919 % 1000) / 1000) }
}' >counts.csv
try 0 train counts.csv --loss poisson -l none -e 100 -r 0.01 --json
check "counts are learned" is_near "$(json .test.r2)" 0.98 1
printf 'a\n0\n1\n-50\n' >a.csv
try 0 predict counts.onnx a.csv
check "the expected count" is_near "$(sed -n 3p out)" 7 7.8
check "is never negative" is_near "$(sed -n 4p out)" 0 1
try 0 inspect counts.onnx --json
check "the loss and the output of counts" [ "$(json .record.options.loss) $(json .record.options.output)" = "poisson exp" ]
try 0 evaluate counts.onnx counts.csv --part test --json
check "a model of counts is read again" is_near "$(json .r2)" 0.98 1
try 0 check counts.csv --loss poisson -l 5 -a tanh --json
check "gradient check of poisson" is_near "$(json .gradient_check.max_error)" 0 1e-4
awk 'BEGIN { print "a,visits"; for (i = 0; i < 200; i++) print i % 10 "," i % 3 }' >few.csv
try 0 train few.csv --loss poisson -e 2 --json -o few.onnx
check "few different counts are numbers" [ "$(json .test.rmse)" != null ]

# ---- Recipe, repetition, check ----

try 0 train digits --recipe tutorial -e 300 --json -o tutorial.onnx
check "the tutorial's sizes" [ "$(json .parameters) $(json .test_rows)" = "2260 719" ]
try 0 inspect tutorial.onnx --json
check "the tutorial's options" [ "$(json .record.options.batch) $(json .record.options.rate) $(json .loss)" = \
	"all 0.25 squared" ]
try 0 train flowers.csv --repeat 3 -e 5 --json -o repeat.onnx
check "three runs" [ "$(json '.runs[2].seed')" -eq 3 ]
for key in mean sd min max; do
	check "accuracy_$key" [ "$(json .test.accuracy_$key)" != null ]
	check "balanced_accuracy_$key" [ "$(json .test.balanced_accuracy_$key)" != null ]
done
check "the interval of the mean" is_near "$(json .test.log_loss_mean)" "$(json '.test.log_loss_mean_ci[0]')" \
	"$(json '.test.log_loss_mean_ci[1]')"
try 0 train flowers.csv -e 5 -q -o one.onnx
check "the model of the first seed" cmp repeat.onnx one.onnx
try 0 train flowers.csv --repeat 3 -e 5
check "a line for each run" [ "$(grep -c '^seed' err)" -eq 3 ]
check "mean and sd for people" grep -Eq "accuracy +mean .* sd " out

try 0 check digits -l 10 -a tanh --json
check "gradient check" is_near "$(json .gradient_check.max_error)" 0 1e-4
check "constant pixels" [ "$(json '.findings[0].code') $(json '.findings[0].severity')" = "constant_inputs info" ]
try 0 check digits.onnx digits
check "gradient check of a model" grep -q "central differences .*ok" out
try 0 check plane.csv

# ---- Bench: that it runs and reports; never how fast ----

try 0 bench W2 --json
check "the peak" is_near "$(json .peak_gflops)" 0 1e6
for key in W2.seconds W2.seconds_min W2.gflops W2.percent_of_peak kernels threads; do
	check "bench key $key" [ "$(json .$key)" != null ]
done
refuse 2 'no such workload' bench W9
try 0 bench W2 --json
shuffled=$(json .W2.loss_after)
try 0 bench W2 --in-order --json
check "rows in order learn something else than shuffled ones" [ "$(json .W2.loss_after)" != "$shuffled" ]
try 0 train flowers.csv -e 5 -q --json
shuffled=$(json .loss)
try 0 train flowers.csv -e 5 -q --in-order -o ordered.onnx --json
check "rows in order make another network" [ "$(json .loss)" != "$shuffled" ]
try 0 inspect ordered.onnx --json
check "--in-order is recorded" grep -q '"in_order": true' out
refuse 2 'not an option of bench' bench --seed 1

finish
