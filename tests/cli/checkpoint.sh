#!/bin/sh
# SPDX-License-Identifier: MIT
# checkpoint.sh - a training that was killed or stopped and goes on ends in the same file as one that never stopped
#
#     tests/cli/checkpoint.sh HEBB_BINARY [MOMENTS]
#
# kill -9 at MOMENTS [10] random moments, over several ways to train; each time the training goes on from its checkpoint, if there is
# one yet, until the next.

moments=${2:-10}
. "$(dirname "$0")/harness.sh"

# pause SEED: sleeps 20 to 250 ms, by chance.
pause() {
	sleep "$(awk -v seed="$1" 'BEGIN { srand(seed); print 0.02 + 0.23 * rand() }')"
}

# killed NAME ROUNDS OPTIONS...: the model of a training that was killed so often is the one that never was.
killed() {
	name=$1
	rounds=$2
	shift 2
	"$hebb" train digits -q -o whole.onnx "$@" >/dev/null 2>err || exit 2
	rm -f at.safetensors
	round=0
	while [ "$round" -lt "$rounds" ]; do
		if [ -f at.safetensors ]; then
			"$hebb" train digits -q -o ended.onnx --resume at.safetensors --every 0.01s >out 2>err &
		else
			"$hebb" train digits -q -o ended.onnx --checkpoint at.safetensors --every 0.01s "$@" >out 2>err &
		fi
		pause "$((round + 100 * rounds + $(printf %s "$name" | wc -c)))"
		kill -9 $! 2>/dev/null && hits=$((hits + 1))
		wait $! 2>/dev/null
		round=$((round + 1))
	done
	if [ -f at.safetensors ]; then
		try 0 train digits -q -o ended.onnx --resume at.safetensors
	else
		try 0 train digits -q -o ended.onnx --checkpoint at.safetensors "$@"
	fi
	check "$name: killed $rounds times, the same model" cmp whole.onnx ended.onnx
	rm -f ended.onnx ./*.tmp # which a killed writer leaves
}

hits=0
rounds=$((moments / 5))
killed adam "$rounds" -e 1500 -l 256,128
killed accumulated "$rounds" -e 800 -l 256,128 --optimizer nesterov --accumulate 3 -b 16 --schedule one-cycle --dropout 0.2
killed averaged "$rounds" -e 800 -l 256,128 --average 0.99 --validation 0.2 --patience 700 --schedule plateau --plateau 3
killed images "$rounds" -e 60 --augment --class-weights balanced --label-smoothing 0.1 --clip 1
killed lbfgs "$rounds" -e 400 --optimizer lbfgs -l 30
check "at least half of the kills met a training" [ "$((2 * hits))" -ge "$moments" ]

# ---- Ctrl-C, and how it goes on ----

# stopped SIGNAL ARGUMENTS...: training that gets the signal, given as soon as it has written its first line.
stopped() {
	signal=$1
	shift
	stop "$signal" '^epoch' train digits "$@"
}

try 0 train digits -q -o whole.onnx -e 20000 -l 10
stopped INT -o stopped.onnx -e 20000 -l 10
check "Ctrl-C: the status says so" [ "$status" -eq 130 ]
check "Ctrl-C: how to go on" grep -q 'hebb train digits --resume stopped.safetensors' err
check "with its model" grep -q 'resume stopped.safetensors -o stopped.onnx$' err
check "no model yet" [ ! -f stopped.onnx ]
try 0 inspect stopped.safetensors
check "inspect: what it is" grep -q 'checkpoint' out
check "inspect: where it stands" grep -Eq '[0-9,]+ of 20,000 epochs complete' out
try 0 inspect stopped.safetensors --json
check "inspect: kind" [ "$(json .kind)" = checkpoint ]
check "inspect: epochs" [ "$(json .epochs)" -lt 20000 ]
try 0 train digits --resume stopped.safetensors -o stopped.onnx
check "it went on" grep -q 'going on in epoch' err
check "the same model" cmp whole.onnx stopped.onnx
try 0 train digits --resume stopped.safetensors -o again.onnx
check "a finished run says so" grep -q 'complete' err
check "and gives its model" cmp whole.onnx again.onnx
stopped TERM -o term.onnx -e 20000 -l 10 --checkpoint here.safetensors
check "TERM: the status says so" [ "$status" -eq 143 ]
check "TERM: saved where it was told" [ -f here.safetensors ]
check "TERM: and nowhere else" [ ! -f term.safetensors ]

# Longer than was asked for at first: the same as asking for it at once.
try 0 train digits -q -o long.onnx -e 30 -l 10 --schedule constant
try 0 train digits -q -o short.onnx -e 12 -l 10 --schedule constant --checkpoint short.safetensors
try 0 train digits -q -o short.onnx --resume short.safetensors -e 30
check "12 and 18 epochs are 30" cmp long.onnx short.onnx

# A test file with a very long name.
long=$(printf '%0200d/%0200d' 1 2)
mkdir -p "$long"
awk 'BEGIN { print "a,kind"; for (i = 0; i < 60; i++) printf "%d,%s\n", i % 7, i % 2 ? "yes" : "no" }' >"$long/test.csv"
try 0 train "$long/test.csv" -q -e 3 --test "$long/test.csv" -o named.onnx --checkpoint named.safetensors
try 0 train "$long/test.csv" -q --resume named.safetensors -o again.onnx
check "the same model" cmp named.onnx again.onnx

# ---- Bad input ----

awk 'BEGIN { print "a,kind"; for (i = 0; i < 60; i++) printf "%d,%s\n", i % 7, i % 2 ? "yes" : "no" }' >good.csv
try 0 train good.csv -q -e 3 -l 128 -r 0.001 --checkpoint good.safetensors
sed '9s/^[0-9]/8/' good.csv >changed.csv
refuse 1 'other data' train changed.csv --resume good.safetensors
refuse 1 'other data' train digits --resume good.safetensors
refuse 1 'with --rate 0.001, not 0.01' train good.csv --resume good.safetensors -r 0.01
refuse 1 'with --layers \[128\], not \[8\]' train good.csv --resume good.safetensors -l 8
refuse 1 'with --seed 1, not 2' train good.csv --resume good.safetensors -s 2
refuse 1 'is no checkpoint' train good.csv --resume good.csv
refuse 1 'there is no such file' train good.csv --resume nowhere
head -c 3000 good.safetensors >cut.safetensors
refuse 1 'cut off' train good.csv --resume cut.safetensors
refuse 1 'is the file of the model' train good.csv --checkpoint good.onnx
refuse 1 'is not a checkpoint' train good.csv --checkpoint good.onnx -o other.onnx
check "the model is as it was" "$hebb" inspect good.onnx
refuse 1 'is the data' train good.csv --checkpoint good.csv
refuse 1 'a name of its own' train good.csv --resume good.safetensors -o good.safetensors
refuse 1 'a name of its own' train digits --checkpoint digits.onnx
refuse 2 'needs a file' train good.csv --resume -
refuse 2 'each needs its own' train good.csv --checkpoint a -o a
refuse 2 'needs a file' train good.csv --checkpoint -
refuse 2 'how often' train good.csv --every 5
refuse 2 'is for one run' train good.csv --checkpoint a --repeat 2
refuse 2 'not a number of epochs' train good.csv --checkpoint a --every 0
refuse 2 'such as 60s' train good.csv --checkpoint a --every often
refuse 2 'where the average begins' train good.csv --average-from 0.5
check "nothing was written" [ ! -f a ]

# A disk that is full: the training ends all the same, and says so.
if [ -w /dev/full ]; then
	try 0 train good.csv -e 3 --checkpoint /dev/full -o full.onnx
	check "full: a warning" grep -q 'the checkpoint was not written' err
	check "full: the model is there" "$hebb" inspect full.onnx
fi
finish
