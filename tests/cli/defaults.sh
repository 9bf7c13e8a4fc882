#!/bin/sh
# SPDX-License-Identifier: MIT
# defaults.sh - the rule of src/study/defaults.c, as the record of a model shows it
#
#     tests/cli/defaults.sh HEBB_BINARY
#
# Numbers of rows here are rows to train on: four fifths of a table.

. "$(dirname "$0")/harness.sh"

# table ROWS INPUTS: random numbers, and a class that follows from them.
table() {
	awk -v rows="$1" -v inputs="$2" 'BEGIN {
		srand(1)
		for (i = 0; i < rows; i++) {
			for (k = 0; k < inputs; k++) {
				x = int(rand() * 1000) / 1000
				printf "%g,", x
				if (k == 0) first = x
			}
			print (first > 0.5 ? "high" : "low")
		}
	}'
}

# chosen DATA OPTIONS...: trains for one epoch, unless told otherwise, and leaves the record in out.
chosen() {
	try 0 train "$@" -q -o chosen.onnx
	try 0 inspect chosen.onnx --json
}

# is OPTION VALUE: of the last call of chosen.
is() {
	check "$1 is $2" [ "$(json ".record.options.$1")" = "$2" ]
}

near() {
	check "$1 is about $2" is_near "$(json ".record.options.$1")" "$(awk "BEGIN { print $2 * 0.999 }")" "$(awk "BEGIN { print $2 * 1.001 }")"
}

widths() {
	check "widths $1,$2" [ "$(json '.record.options.layers[0]'),$(json '.record.options.layers[1]')" = "$1,$2" ]
}

# ---- The data ----

chosen digits
widths 512 256 # images: at least so many
is activation gelu
is optimizer adamw
near rate 0.005
is schedule one-cycle
near weight_decay 0.2
near label_smoothing 0.01
near dropout 0.2
is scaling standard
is batch 32
is epochs 76
for option in l1 l2 clip max_norm average patience warmup; do
	check "no $option" is_near "$(json ".record.options.$option")" 0 0
done
check "and it is good" is_near "$(json .record.test.accuracy)" 0.97 1

# Classes of a table: three times the decay, 0.3 times the epochs.
table 125 3 >small.csv
chosen small.csv
widths 256 128
is scaling piecewise
near weight_decay 3*2
near dropout 0.2
is epochs 75
check "a small table is learned" is_near "$(json .record.test.accuracy)" 0.8 1
chosen small.csv --test last:25
is epochs 75
chosen small.csv --test 0 --validation last:25
is epochs 75
chosen small.csv --test small.csv
is epochs 67 # 750 / sqrt(125)
chosen small.csv --validation 0.36
is epochs 94 # 750 / sqrt(64)

table 10 300 >wide.csv
chosen wide.csv -e 1
widths 512 256
is scaling standard
table 10 256 >wide.csv
chosen wide.csv -e 1
widths 256 128
is scaling piecewise
table 10 2000 >wide.csv
chosen wide.csv -e 1
widths 1024 512

table 10238 2 >many.csv
chosen many.csv -l 4 -e 1
is batch 32
chosen many.csv -l 4 -e 1 --test 0
is batch 64
near weight_decay 3*1200/10238
table 163840 1 >many.csv
chosen many.csv -l 2
is batch 256
is epochs 3 # 750 / sqrt(131072) is 2
rm many.csv

# Numbers: narrower, less dropout, and less decay from fewer than 8 inputs.
awk 'BEGIN { for (i = 0; i < 2500; i++) print i % 100 / 7 "," i / 3 }' >numbers.csv
chosen numbers.csv -e 1
widths 128 64
is scaling piecewise
near weight_decay 600/2000/8
near dropout 0.1
chosen numbers.csv -l 2 --time 0.01s
is epochs 56 # 2500 / sqrt(2000)
for inputs in 7 8 9 300; do
	table 250 $inputs | sed 's/high/2.5/; s/low/1.5/' >wide.csv
	chosen wide.csv --task regression -e 1
	near weight_decay "2*$((inputs < 8 ? inputs : 8))/8"
	near dropout 0.1
done
widths 512 256
chosen numbers.csv -e 1 --loss poisson # counts are noisy
widths 256 128
is scaling standard
near weight_decay 600/2000
near dropout 0.2

# From 50 rows down to 10 decay and dropout fall to 0.
for rows in 4 10 20 30 49 50 51; do
	table $rows 3 >few.csv
	chosen few.csv -e 1 --test 0
	share=$(awk "BEGIN { share = ($rows - 10) / 40; print (share < 0 ? 0 : share > 1 ? 1 : share) }")
	near weight_decay "6*$share"
	near dropout "0.2*$share"
done

# Without hidden layers lbfgs finds the minimum, unless a setting of another optimizer is given.
table 2500 2 >linear.csv
chosen linear.csv -l none # 2000 rows
is optimizer lbfgs
is scaling standard
is batch all
is epochs 100
chosen linear.csv -l none --test last:499
is optimizer adamw
for given in "-e 3" "-r 0.01" "--schedule cosine" "--warmup 0.1" "-b 50" "--accumulate 2" "--patience 3 -e 3" "--l1 0.01" \
	"--average 0.9" "--precision bf16" "--optimizer adamw"; do
	# shellcheck disable=SC2086
	chosen small.csv -l none $given
	is optimizer adamw
	is scaling standard
done
chosen small.csv -l none --l2 0.01
is optimizer lbfgs
chosen small.csv -l 5 -e 1
is optimizer adamw

# ---- The other options ----

chosen numbers.csv --folds 2 -e 1 -l 2
near weight_decay 600/1250/8
chosen small.csv -e 1 --patience 5
is schedule constant
near rate 0.001
chosen small.csv -e 1 --warmup 0.1
is schedule cosine
near rate 0.005
chosen small.csv -e 1 --schedule constant
near rate 0.001
chosen small.csv -e 1 --optimizer adam
is schedule one-cycle
near rate 0.001
near weight_decay 0
for optimizer in rprop lbfgs; do
	chosen small.csv --optimizer $optimizer
	is batch all
	is scaling standard
	is schedule constant
	near dropout 0
	near weight_decay 0
	is epochs 100
done
for optimizer in sgd momentum nesterov rmsprop lion; do
	chosen small.csv --optimizer $optimizer
	check "$optimizer learns" is_near "$(json .record.test.accuracy)" 0.8 1
done
for penalty in "--l1 0.001" "--l2 0.001" "-l none" "-a sigmoid" "-a hard-sigmoid"; do
	# shellcheck disable=SC2086
	chosen small.csv -e 1 $penalty
	near weight_decay 0
	is scaling standard
done
chosen small.csv -e 1 --l2 0
near weight_decay 6
is scaling piecewise
chosen small.csv -e 1 --loss squared
is output softmax
chosen small.csv -e 1 --output linear
is loss squared
chosen digits -e 1
chosen digits --time 0.01s
is epochs 76
chosen digits --augment --time 0.01s
is epochs 241
near weight_decay 120/1078/3.3219

# ---- What is given counts ----

chosen small.csv -l 7 -a tanh --optimizer adamw -r 0.02 --schedule step --weight-decay 0.3 --dropout 0.4 -b 9 -e 2 --label-smoothing 0.1
check "the layers" [ "$(json '.record.options.layers[0]') $(json '.record.options.layers[1]')" = "7 null" ]
is activation tanh
near rate 0.02
is schedule step
near weight_decay 0.3
near dropout 0.4
is batch 9
is epochs 2
near label_smoothing 0.1
chosen small.csv -e 1 -l none --weight-decay 0.5
near weight_decay 0.5

chosen digits --recipe tutorial -e 2
is activation sigmoid
is optimizer sgd
is schedule constant
near dropout 0
near weight_decay 0
is batch all
chosen digits --recipe tutorial --time 0.01s
is epochs 3000

# ---- What the defaults learn ----

# y = sin(t / 20) of seconds since 1970
awk 'BEGIN { print "t,y"; for (i = 0; i < 400; i++) printf "%d,%.6f\n", 1600000000 + i, sin(i / 20) }' >seconds.csv
for seed in 1 2 3; do
	try 0 train seconds.csv --seed $seed --quiet --json -o seconds.onnx
	check "seconds since 1970, seed $seed" is_near "$(json .test.r2)" 0.99 1
	check "no row stands for another" [ "$(json '[.findings[] | select(.code == "test_rows_in_training")] | length')" = 0 ]
done

# four rows, to be learned by heart
printf 'a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n' >xor.csv
for seed in 1 2 3; do
	try 0 train xor.csv --test 0 -l 4 -a tanh -e 20000 --seed $seed --quiet --json -o xor.onnx
	check "xor with 4 units, seed $seed" is_near "$(json .loss)" 0 0.01
	try 0 train xor.csv --test 0 --seed $seed --quiet --json -o xor.onnx
	check "xor, seed $seed" is_near "$(json .loss)" 0 0.01
done

# a line through 20 points
awk 'BEGIN { print "x,y"; for (i = 0; i < 20; i++) printf "%g,%g\n", i / 2, i + 1.5 }' >line.csv
try 0 train line.csv -l none --test 0 --quiet --json -o line.onnx
check "a line" is_near "$(json .train.r2)" 0.9999 1
printf 'x\n1\n' >one.csv
try 0 predict line.onnx one.csv --quiet
check "its values" is_near "$(tail -n 1 out)" 3.499 3.501

# two spirals
awk 'BEGIN { print "x,y,which"; for (i = 0; i < 97; i++) { r = 6.5 * (104 - i) / 104; a = i * 3.14159265 / 16
	printf "%.5f,%.5f,one\n%.5f,%.5f,two\n", r * sin(a), r * cos(a), -r * sin(a), -r * cos(a) } }' >spirals.csv
try 0 train spirals.csv --test 0 -o spirals.onnx
check "what is tried is said" grep -q 'note: with the defaults the network learns little of these few rows' err
try 0 evaluate spirals.onnx spirals.csv --json
check "two spirals" is_near "$(json .accuracy)" 0.95 1

finish
