#!/bin/sh
# SPDX-License-Identifier: MIT
# doctor.sh - the doctor names what is wrong with sick set-ups, and leaves healthy ones in peace
#
# The data is made here, by awk's arithmetic alone, so that it is the same everywhere.
root=$(cd "$(dirname "$0")/../.." && pwd)
tables=$root/../shared/data/tables
sources=$root/src/study
page=$root/docs/doctor.md
script=$root/tests/cli/$(basename "$0")
. "$(dirname "$0")/harness.sh"

# make ROWS 'BODY': CSV on standard output; BODY prints row i, with u() uniform in [0, 1) and g() about normal.
make() {
	awk -v rows="$1" 'function u() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
		function g(   k, s) { for (k = 0; k < 12; k++) s += u(); return s - 6 }
		BEGIN { seed = 12345; for (i = 1; i <= rows; i++) { '"$2"' } }'
}

# has CODE SEVERITY: the findings of out name it so.
has() {
	check "$1 is found, as $2" grep -q "\"code\": \"$1\", \"severity\": \"$2\"" out
}

# lacks CODE: the findings of out do not name it.
lacks() {
	check "$1 is not found" sh -c "! grep '\"code\": \"$1\"' out"
}

# sick SEVERITY CODE ARGUMENTS...: hebb check finds it, and fails if it is an error.
sick() {
	severity=$1
	code=$2
	shift 2
	expected=0
	[ "$severity" = error ] && expected=1
	try "$expected" check "$@" --json
	has "$code" "$severity"
}

# sick_train CODE ARGUMENTS...: hebb train warns of it, as a line and as JSON.
sick_train() {
	code=$1
	shift
	try 0 train "$@" --json -o sick.onnx
	has "$code" warning
	check "a line warns of $code" grep -q "^hebb: warning: $code: .*; " err
}

# healthy ARGUMENTS...: neither check nor train finds more than information.
healthy() {
	try 0 check "$@" --json
	check "check $* is silent" sh -c '! grep -Eo "\"code\": \"[a-z_]*\", \"severity\": \"(warning|error)\"" out'
	try 0 train "$@" --json -o healthy.onnx
	check "train $* is silent" sh -c '! grep -Eo "\"code\": \"[a-z_]*\", \"severity\": \"(warning|error)\"" out'
	check "no warning of train $*" sh -c '! grep "hebb: warning" err'
}

# What is tried out here, whatever the defaults are.
plain='--optimizer adam --schedule constant --dropout 0 -a relu'

# ---- Healthy ----

make 300 'k = i % 3; printf "%g,%g,%g,%s\n", g() + 4 * (k == 1), g() + 4 * (k == 2), u(), substr("abc", k + 1, 1)' >classes.csv
make 300 'x = g(); y = g(); print x "," y "," 2 * x - y + x * y + 0.3 * g()' >numbers.csv
make 300 'x = g(); y = u(); z = exp(x); print x "," y "," int(z + 1.5 * u())' >counts.csv
healthy digits
healthy digits -a sigmoid -l 30,20 --rate 0.01
healthy classes.csv -a sigmoid -l 10,10,10 -e 300
healthy classes.csv -a tanh -l 8,8,8,8,8,8 --weight-decay 2 # that of the rule is too much for so narrow a network
healthy digits -l 20,20 -e 50
healthy digits -l 16 --optimizer rprop -e 150
healthy digits -l 16 --optimizer lbfgs -e 60
healthy digits -l 32 --optimizer adamw --schedule one-cycle --rate 0.005 --dropout 0.2 --label-smoothing 0.1 -e 20
healthy classes.csv
healthy classes.csv --class-weights balanced --optimizer momentum
healthy numbers.csv
healthy numbers.csv --loss huber -a tanh
healthy counts.csv --loss poisson
for table in iris wine breast_cancer kin32fm; do
	if [ -e "$tables/$table.csv.gz" ]; then
		healthy "$tables/$table.csv.gz"
	else
		echo "skipped: $table is not here"
	fi
done

# ---- Sick data ----

make 100 'print i "," g() "," g() "," g()' >id.csv
sick warning id_column id.csv
make 100 'printf "r%d,%g,%g\n", i, g(), g()' >name.csv
sick warning id_column name.csv
make 200 'x = g(); print int(1e7 * u()) "," x "," g() "," x + g()' >code.csv
sick warning id_column code.csv
check "the option is named" grep -q -e '--ignore 1"' out
{ echo 'user_id,a,b,kind'; make 200 'x = g(); print 7 * i "," x "," g() "," (x > 0 ? "a" : "b")'; } >user.csv
sick warning id_column user.csv
check "with the name of the column" grep -q -e '--ignore user_id"' out
make 200 'printf "%08d-%d,%g,%g,%g\n", 1e8 * u(), i % 190, g(), g(), g()' >text_code.csv
sick warning id_column text_code.csv
make 200 't = 1700000000 + 3600 * i; print t "," g() "," sin(i / 9) + 0.1 * g()' >time.csv
try 0 check time.csv --json
lacks id_column
make 200 't = int(1e6 * u()); print t "," g() "," (t / 1e6 - 0.5) ^ 2 + 0.02 * g()' >measured.csv
try 0 check measured.csv --json
lacks id_column
make 200 'x = g(); print int(1e6 * exp(g())) "," x "," x + g()' >money.csv
try 0 check money.csv --json
lacks id_column
make 120 'k = i % 3; print k + u() "," g() "," substr("3.1 3.103.9 ", 4 * k + 1, 4)' | sed 's/ *$//' >versions.csv
sick warning classes_alike versions.csv --task classification
check "the two spellings" grep -q "classes '3.1' and '3.10'" out
make 120 'k = i % 3; print k + u() "," g() "," substr("NADEFR", 2 * k + 1, 2)' >countries.csv
sick info mark_as_class countries.csv
check "how many there are, and the option" grep -q "40 rows .*--na 'NA'" out
make 300 'print "city " int(120 * u()) "," g() "," g()' >cities.csv
sick warning many_levels cities.csv
lacks id_column
make 300 'print "city " int(50 * u()) "," g() "," g()' >towns.csv
try 0 check towns.csv --json
lacks many_levels
{ echo 'x,y,x,z'; make 100 'print g() "," g() "," g() "," g()'; } >names.csv
sick warning duplicate_names names.csv
check "both columns are named" grep -q "columns 1 and 3 are both named 'x'" out
make 200 'x = g(); print (i == 7 ? "1e30" : x) "," g() "," x + g()' >outlier.csv
sick warning outliers outlier.csv
make 200 'x = g(); print x "," g() "," (i == 7 ? "1e8" : x + g())' >outlier_target.csv
sick warning outliers outlier_target.csv
check "huber is advised for a target" grep -q 'loss huber' out
make 200 'y = g() + 1; x = u(); print x "," 2.54 * y "," y' >leak.csv
sick warning target_leak leak.csv
make 200 'k = i % 4; print g() "," k + 10 "," substr("zyxw", k + 1, 1)' >leak_class.csv
sick warning target_leak leak_class.csv
make 200 'k = i % 3; print g() "," 10 * k + u() "," substr("abc", k + 1, 1)' >leak_range.csv
sick warning target_leak leak_range.csv
make 100 'k = i % 2; print k "," k "," k "," k "," k "," g() "," (k ? "a" : "b")' >leaks.csv
sick warning target_leak leaks.csv
check "three of many are named" [ "$(grep -o '"code": "target_leak"' out | wc -l)" -eq 3 ]
check "and the rest counted" grep -q 'error; and 2 more like it' out
{ echo logwage,school,age,wage; make 300 'x = g(); printf "%.2f,%g,%g,%.3f\n", x, x + 2 * g(), g(), exp(x)'; } >wage.csv
sick warning target_leak wage.csv
check "nearly the target" grep -q "column 'logwage' alone tells 'wage' nearly without" out
check "only that column" [ "$(grep -o '"code": "target_leak"' out | wc -l)" -eq 1 ]
{ echo alive,age,survived; make 300 'k = g() > 0; print (i % 99 == 5 ? !k : k) ? "yes" : "no", g(), k' | tr ' ' ,; } >alive.csv
sick warning target_leak alive.csv
# ---- Gaps that tell the target ----
{ echo paid,age,late; make 300 'k = g() > 1; print k ? "" : g(), g(), k' | tr ' ' ,; } >gaps.csv
sick warning target_leak gaps.csv
check "it is the gaps that tell" grep -q "whether a row has a value in 'paid' alone tells 'late' without an error" out
check "only of that column" [ "$(grep -o '"code": "target_leak"' out | wc -l)" -eq 1 ]
{ echo paid,age,late; make 300 'k = g() > 0; print (i % 99 == 5 ? !k : k) ? "" : "p" int(3 * u()), g(), k' | tr ' ' ,; } >gaps_text.csv
sick warning target_leak gaps_text.csv
check "gaps of texts nearly tell" grep -q "has a value in 'paid' alone tells 'late' nearly without" out
{ echo paid,age,late; make 300 'k = g() > 0; print k ? (u() < 0.7 ? "" : 2) : g(), g(), k' | tr ' ' ,; } >gaps_most.csv
try 0 check gaps_most.csv --json
lacks target_leak
make 300 'x = g(); print x "," g() "," x + 0.3 * g()' >strong.csv
try 0 check strong.csv --json
lacks target_leak
make 40000 'print g() "," u() "," g() "," (i % 10000 == 5 ? "yes" : "no")' >few_yes.csv
sick warning class_imbalance few_yes.csv
lacks target_leak
make 200 'x = g(); print x "," x * 1.8 + 32 "," g() "," x + g()' >copy.csv
sick info duplicate_inputs copy.csv
make 200 'x = g(); print x ",5," x + g()' >constant.csv
sick info constant_inputs constant.csv
make 200 'print g() "," g() ",3.5"' >constant_target.csv
sick warning constant_target constant_target.csv --task regression
check "no predictor is measured on it" [ "$(json .baselines)" = null ]
{ echo t,x,y,c; make 200 'print "0.1," g() "," g() ",0.1"'; } >constants.csv
sick warning constant_target constants.csv --target t --task regression
has constant_inputs info
check "and the target is none of them" grep -q "1 of 3 columns never changes, 'c' first" out
lacks target_leak
make 200 'x = g(); print x "," (i % 20 ? g() : "") "," x + g()' >missing.csv
sick error missing_values missing.csv --missing error
sick info missing_values missing.csv
sick info missing_values missing.csv --missing drop
make 200 'x = g(); print x "," (i % 3 ? "" : g()) "," x + g()' >much_missing.csv
sick warning missing_values much_missing.csv --missing mean
make 990 'print g() "," g() "," (i % 99 ? "no" : "yes")' >rare.csv
sick warning class_imbalance rare.csv
sick info class_imbalance rare.csv --class-weights balanced
make 150 'k = int((i - 1) / 50); print g() + k "," g() "," substr("abc", k + 1, 1)' >sorted.csv
sick warning class_not_trained sorted.csv --test last:60
sick warning class_not_tested sorted.csv --test last:60
make 200 'x[i % 100] = i <= 100 ? g() : x[i % 100]; y[i % 100] = i <= 100 ? g() : y[i % 100]; print x[i % 100] "," y[i % 100] "," x[i % 100] + y[i % 100]' >twice.csv
sick warning test_rows_in_training twice.csv
head -n 20 numbers.csv >test.csv
sick warning test_rows_in_training numbers.csv --test test.csv
check "the first repeated row is named" grep -q 'first line 1 of test.csv, as line 1' out
sick warning validation_in_training numbers.csv --validation numbers.csv
check "which is the training data" grep -q 'numbers.csv holds the same rows as the training data' out
sick warning test_rows_in_training numbers.csv --test numbers.csv
try 0 check numbers.csv --validation 0.2 --json
lacks validation_in_training
{ echo patient,x,y; make 100 'print "p" i % 20 "," g() "," g()'; } >patients.csv
sed '1!s/^p/q/' patients.csv >others.csv
cut -d, -f2- patients.csv >nobody.csv
for part in --test --validation; do
	sick warning group_unknown patients.csv --group patient $part nobody.csv
	check "the file, the option and the column" grep -q "'nobody.csv' of $part has no column 'patient' of --group" out
	try 0 check patients.csv --group patient $part others.csv --json
	lacks group_unknown
	refuse 1 "$part: patients.csv: line 2: 'patient' names a group that has rows in the training data" check patients.csv --group patient $part patients.csv
done
make 200 'k = i % 2; print i % 5 "," int(i / 40) "," (u() < 0.5 ? "a" : "b")' >contradiction.csv
sick info contradicting_rows contradiction.csv
make 40 'x = g(); print x "," g() "," x + g()' >small.csv
sick warning small_test_part small.csv
sick info no_test_rows small.csv --test 0

# ---- Sick options ----

sick info first_step_raised_cost digits $plain -l 64,64 --rate 0.1
sick error rate_too_high numbers.csv --optimizer sgd --rate 1000
sick warning rate_too_high classes.csv $plain --rate 1000
check "and a lower one is advised" grep -Eq 'try --rate [0-9.e-]+, at which it fell' out
sick warning rate_too_high numbers.csv --rate 5 --schedule one-cycle
check "a rate that rises is told as it was given" grep -q 'of a trial at rate 5"' out
check "and so is the one advised, of a like schedule" grep -Eq 'try --rate (0[.]0*5|5e-[0-9]*), at which' out
sick warning rate_too_high numbers.csv --rate 7 --schedule constant --warmup 0.1
check "and so with a warm-up" grep -q 'of a trial at rate 7"' out
sick warning rate_too_low numbers.csv $plain --rate 1e-12
make 16000 'x = g(); print x "," g() "," x + g()' >many.csv
sick warning rate_too_low many.csv --optimizer sgd --schedule constant --dropout 0 -a relu -b all -e 5 --rate 1e-5
sick warning vanishing_gradient digits -a sigmoid -l 4,4,4,4,4,4,4,4,4,4,4,4
sick warning vanishing_gradient classes.csv -a sigmoid -l 8,8,8,8,8,8,8
sick warning exploding_start digits --init uniform01 -l 16,16,16,16
has exploding_gradient warning
check "and where" grep -q 'gradient of layer [1-5] is' out
sick warning exploding_gradient digits --init uniform01 -a tanh -l 300,300 --output linear
sick warning saturated_units digits --init uniform01 -l 16,16,16,16,16 -a tanh
sick warning dead_units digits $plain --rate 5 -l 32,32
sick warning saturated_units digits $plain -l 32 -a tanh --rate 5
sick warning norm_of_one_unit classes.csv --norm layer -l 8,1
check "and which layer" grep -q 'layer norm of hidden layer 2 has 1 unit' out
sick_train norm_of_one_unit classes.csv --norm layer -l 1 -e 30
try 0 check classes.csv --json --norm batch -l 1
lacks norm_of_one_unit
sick warning few_updates classes.csv --batch all -e 1
sick warning loss_for_classes classes.csv --loss squared
sick warning loss_for_classes classes.csv --loss squared --output sigmoid
sick info loss_for_classes digits --recipe tutorial
sick warning one_sided_start digits --recipe tutorial
try 0 check digits --recipe tutorial --init auto --json
lacks one_sided_start
sick warning targets_out_of_range numbers.csv --output exp --loss squared
sick info many_parameters small.csv --weight-decay 0 $plain -l 500
try 1 check numbers.csv --output sigmoid
check "numbers and a sigmoid are refused in words" grep -q '^hebb: --output: numbers need a linear output' err

# ---- Sick results ----

make 300 'print g() "," g() "," g() "," g() "," (u() < 0.5 ? "a" : "b")' >noise.csv
sick_train over_fitting noise.csv $plain -l 100 -e 300 --rate 0.01
check "all that is not in use is advised" grep -q '"try --validation 0.2 --patience 20, --weight-decay 0.1 with --optimizer adamw, --dropout 0.3, or fewer --layers"' out
sick_train over_fitting noise.csv --optimizer adamw --weight-decay 0.0001 --dropout 0.01 --schedule constant -l 100 -e 300 --rate 0.01 --class-weights balanced
check "nothing in use is advised" grep -q '"try --validation 0.2 --patience 20 or fewer --layers"' out
check "nor class weights" sh -c "! grep 'class-weights balanced if' out"
try 0 check sick.onnx noise.csv --json
has over_fitting warning
check "a model's record says what was in use" grep -q '"try --validation 0.2 --patience 20 or fewer --layers"' out
has no_better_than_majority warning
make 300 'print g() "," g() "," g() "," g() "," g()' >noise_number.csv
sick_train over_fitting noise_number.csv $plain -l 100 -e 300 --rate 0.01
has no_better_than_mean warning
awk '{ print } END { print "0,0,0,0,c" }' noise.csv >rare.csv
sick_train rare_class rare.csv $plain -l 3 -e 2 --folds 3
sick_train flat_cost noise.csv $plain --rate 1e-9 -e 12
sick_train validation_rises noise.csv $plain -l 100 -e 100 --rate 0.01 --validation 0.3
sick_train dead_units digits $plain --rate 5 -l 32,32 -e 5
sick_train id_column id.csv
try 0 train id.csv --quiet -o sick.onnx
check "--quiet keeps warnings, and nothing else" sh -c 'grep -q id_column err && ! grep -v "^hebb: warning: " err'

# ---- A model and data ----

try 0 train numbers.csv --quiet -o good.onnx
sick info small_test_part numbers.csv
try 0 check good.onnx numbers.csv --json
check "a healthy model" sh -c '! grep -E "\"severity\": \"(warning|error)" out'
check "with the others beside it" is_near "$(json .baselines.network)" 0 "$(json .baselines.linear)"
head -n 60 numbers.csv >validation.csv
try 0 train numbers.csv --validation validation.csv --quiet -o apart.onnx
try 0 check apart.onnx numbers.csv --json
check "a file to validate on hides no test rows" [ "$(json .baselines.test_rows)" = 60 ]
awk -F, '{ print 1000 * $1 "," $2 "," $3 }' numbers.csv >units.csv
sick warning shifted_inputs good.onnx units.csv
{ cat numbers.csv; echo 3e38,3e38,1; } >far.csv # the last row is none of the 16 of the gradient check
try 0 train numbers.csv --scaling standard --quiet -o standard.onnx
sick warning no_answer standard.onnx far.csv
try 0 train digits --quiet $plain -e 5 --rate 5 -l 32,32 -o broken.onnx
sick warning worse_than_linear broken.onnx digits
has worse_than_neighbor warning
has worse_than_trees warning
has dead_units warning
try 0 train classes.csv --quiet -e 30 $plain --rate 1e-12 -l 3 -o still.onnx
sick warning no_better_than_majority still.onnx classes.csv
try 0 train numbers.csv --quiet -a sigmoid -l 5,5,5,5,5,5,5,5,5,5,5,5 --optimizer sgd -o constant.onnx
sick warning constant_output constant.onnx numbers.csv

# ---- The text ----

codes=$(cat "$sources"/doctor_*.c | grep -Eo '"[a-z]+_[a-z_]+"' | tr -d '"' | sort -u)
check "codes are found in the sources" [ "$(echo "$codes" | wc -l)" -ge 30 ]
for code in $codes; do
	check "docs/doctor.md explains $code" grep -q "^| \`$code\` |" "$page"
	check "a test finds $code" grep -Eq "(sick [a-z]+|sick_train|has) $code" "$script"
done

try 1 check missing.csv --missing error
check "it fails on an error" grep -q 'the findings say why' err
check "findings are named" grep -q '^  error    missing_values$' out
check "80 columns" [ "$(awk 'length > 80' out | wc -l)" -eq 0 ]
try 0 check digits
check "the trial is told" grep -q '^Trial of 50 updates of 32 rows each$' out
check "and the predictors" grep -q '^  the nearest training row ' out

finish
