#!/bin/sh
# SPDX-License-Identifier: MIT
# bad_input.sh - whatever is wrong gets a sentence and exit 1 or 2, never a crash, a NaN or a half-written file
#
#     tests/cli/bad_input.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN {
	print "a,b,kind"
	for (i = 0; i < 60; i++)
		printf "%d,%d,%s\n", i % 7, i % 5, (i % 2 ? "yes" : "no")
}' >good.csv
"$hebb" train good.csv -e 2 -q >/dev/null || exit 2
cp good.onnx kept.onnx

# ---- Data ----

refuse 1 'nowhere.csv: there is no such file or directory$' train nowhere.csv
refuse 1 'Good.csv: .*; did you mean good.csv\?$' train Good.csv
refuse 1 'did you mean \./good.csv\?$' train ./godo.csv
refuse 1 'did you mean good.csv\?$' train good.csv --test GOOD.csv
refuse 1 'did you mean good.csv\?$' predict good.onnx Good.csv
refuse 1 'did you mean good.onnx\?$' evaluate Good.onnx good.csv
refuse 1 'did you mean good.onnx\?$' check Good.onnx good.csv
refuse 1 'did you mean good.onnx\?$' inspect goood.onnx
refuse 1 'Good.csv: there is no such file or directory$' train nofolder/Good.csv
sed 's/yes/Yes/' good.csv >cased.csv
refuse 1 'kind" is "Yes", a class .*; did you mean "yes"\?$' evaluate good.onnx cased.csv --strict
sed 's/yes/perhaps/' good.csv >cased.csv
refuse 1 'a class that was not there in training$' evaluate good.onnx cased.csv --strict
mkdir folder
refuse 1 'folder' train folder
: >empty.csv
refuse 1 'empty' train empty.csv
echo 'a,b,kind' >head.csv
refuse 1 'head.csv' train head.csv
sed '17s/$/,9/' good.csv >columns.csv
refuse 1 'columns.csv:17: .*3.* 4' train columns.csv
printf '\377\376a' >half.csv
refuse 1 'half.csv: .*UTF-16' train half.csv
printf 'A report\n\na,b\n1,2\n3,4\n' >above.csv
refuse 1 'above.csv:3: .*--skip' train above.csv
sed '5s/^[0-9]*/many/' good.csv >text.csv
refuse 1 'text.csv:5.*"many"' evaluate good.onnx text.csv --strict
sed '9s/yes\|no/maybe/' good.csv >unseen.csv
refuse 1 'unseen.csv.*maybe' evaluate good.onnx unseen.csv --strict
for value in inf -inf 1e999; do
	sed "5s/^[0-9]*/$value/" good.csv >value.csv
	refuse 1 'value.csv' train value.csv
	refuse 1 'value.csv:5: ' predict good.onnx value.csv --strict
done
head -n 2 good.csv >row.csv
refuse 1 '.' train row.csv
grep -v yes good.csv >class.csv
refuse 1 'class' train class.csv
sed '5s/^[0-9]*//' good.csv >missing.csv
refuse 1 'missing.csv:5' train missing.csv --missing error
refuse 1 'missing.csv:5' predict good.onnx missing.csv --strict
refuse 2 'the only choice here' predict good.onnx missing.csv --missing drop
refuse 2 'contradicts' predict good.onnx missing.csv --missing mean --strict
refuse 1 '.' train good.csv --target 9
refuse 1 'did you mean|kind' train good.csv --target kin
refuse 1 '.' train good.csv --target a,a
refuse 1 '.' train good.csv --task regression
refuse 1 'leaves no rows' train good.csv --test last:60
refuse 1 'nowhere.csv' train good.csv --test nowhere.csv
refuse 1 'number' train good.csv --target a --task regression --recipe tutorial

# IDX: two images of 2 x 2 and their labels, then cut and with sizes that cannot be.
mkdir idx
printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2abcdefgh' >idx/train-images-idx3-ubyte
printf '\0\0\10\1\0\0\0\2\0\1' >idx/train-labels-idx1-ubyte
try 0 inspect idx
printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2abc' >idx/train-images-idx3-ubyte
refuse 1 'idx' train idx
printf '\0\0\10\3\377\377\377\377\377\377\377\377\377\377\377\377abc' >idx/train-images-idx3-ubyte
refuse 1 'idx' train idx
printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2abcdefgh' >idx/train-images-idx3-ubyte
printf '\0\0\10\1\0\0\0\3\0\1\2' >idx/train-labels-idx1-ubyte
refuse 1 'idx' train idx

# ---- Models ----

size=$(wc -c <good.onnx)
for length in 0 1 10 100 $((size / 2)) $((size - 1)); do
	head -c "$length" good.onnx >cut.onnx
	refuse 1 'cut.onnx' predict cut.onnx good.csv
done
for at in 20 200 $((size / 2)) $((size - 10)); do
	(head -c "$at" good.onnx; printf '\245'; tail -c +$((at + 2)) good.onnx) >altered.onnx
	if ! cmp -s good.onnx altered.onnx; then
		refuse 1 'altered.onnx' predict altered.onnx good.csv
	fi
done
refuse 1 'good.csv' predict good.csv good.csv
# The smallest foreign model: ir_version 7, producer "pytorch", an empty graph.
printf '\10\7\22\7pytorch\72\0' >foreign.onnx
refuse 1 'foreign.onnx' predict foreign.onnx good.csv
cut -d, -f2- good.csv >narrow.csv
refuse 1 "narrow.csv|'a'|column" predict good.onnx narrow.csv
refuse 1 '.' evaluate good.onnx digits
cut -d, -f1,2 good.csv >unlabeled.csv
refuse 1 'kind' evaluate good.onnx unlabeled.csv
refuse 1 'not the data that the model was trained on' evaluate good.onnx unseen.csv --part test
sed 's/yes/1.5/; s/no/2.5/' good.csv >numbers.csv
try 0 train numbers.csv -e 2 -q
refuse 1 'predicts numbers' predict numbers.onnx numbers.csv --classes-only

# ---- Options: misuse is 2 ----

refuse 2 'did you mean --layers' train good.csv --layer 3
refuse 2 'did you mean --layers' train good.csv --l 3
refuse 2 'unknown option' train good.csv -k
refuse 2 'not an option of predict' predict good.onnx good.csv --rate 1
refuse 2 'did you mean train' trian good.csv
refuse 2 'argument is missing' train
refuse 2 'one argument too many' train good.csv good.csv
try 2 train good.csv --rate
check "a missing argument" grep -q '^hebb: --rate: needs an argument' err
refuse 2 'takes no argument' train good.csv --json=yes
for value in 1000000000 0 -3 3,,4 '3,' 99999999999999999999 1e3 nan; do
	refuse 2 '--layers' train good.csv --layers "$value"
done
for value in -1 nan inf 0x10 1e999 1.5x '' ' 1' 1,5; do
	refuse 2 '--rate' train good.csv --rate "$value"
done
for value in 0s -1s 60 5 m s '' 5x 5mm 1e999s nanm '5 m'; do
	refuse 2 'is not a time such as' train good.csv --time "$value"
done
refuse 2 '--accumulate' train good.csv --accumulate 0
refuse 2 '--average' train good.csv --average 1.5
refuse 2 'differ by chance' train good.csv --optimizer rprop --batch 10
refuse 2 'differ by chance' train good.csv --batch 10 --optimizer lbfgs
refuse 2 'finds the length' train good.csv --rate 1 --optimizer lbfgs
refuse 1 'clip, max_norm and average cannot be used' train good.csv --clip 1 --optimizer lbfgs
refuse 1 'signs of the gradient' train good.csv --optimizer rprop --schedule cosine
for option in l1 clip max-norm; do
	refuse 2 "--$option" train good.csv "--$option" -1
	refuse 2 "--$option" train good.csv "--$option" inf
done
for value in -0.1 1 nan x ''; do
	refuse 2 '--warmup' train good.csv --warmup "$value"
done
refuse 2 'it takes .*one-cycle' train good.csv --schedule cos
refuse 2 'is for --schedule step' train good.csv --decay 0.5
refuse 2 'is for --schedule step' train good.csv --stages 2 --schedule cosine
refuse 2 'for --schedule plateau; none' train good.csv --plateau 5
refuse 2 'not constant' train good.csv --plateau 5 --schedule constant
refuse 2 '--decay' train good.csv --schedule step --decay 1
refuse 2 'of its own' train good.csv --schedule one-cycle --warmup 0.1
for value in 0 -1 1.5 2147483648 some ''; do
	refuse 2 '--batch' train good.csv --batch "$value"
done
for value in -1 1 1.5 last:0 last: last:x; do
	refuse 2 '--test' train good.csv --test "$value"
done
for value in -1 18446744073709551616 1.5 x; do
	refuse 2 '--seed' train good.csv --seed "$value"
done
refuse 2 'it takes .*adam' train good.csv --optimizer adma
for value in f16 BF16 32 ''; do
	refuse 2 'it takes f32, bf16' train good.csv --precision "$value"
done
refuse 2 'not an option of predict' predict good.onnx good.csv --precision bf16
HEBB_KERNELS=scalar refuse 1 'scalar, have no products of bf16' train good.csv --precision bf16
HEBB_KERNELS=scalar refuse 1 'scalar, have no products of bf16' bench W1 --precision bf16
refuse 2 '--threads' train good.csv --threads 0
refuse 2 '--repeat' train good.csv --repeat 0
refuse 2 'cross-entropy needs' train good.csv --output linear --loss cross-entropy
awk 'BEGIN { print "a,visits"; for (i = 0; i < 60; i++) print i "," (i == 40 ? -3 : i % 4) }' >counts.csv
refuse 1 "counts.csv: line 42: 'visits' is -3, but poisson.* try --loss" train counts.csv --loss poisson
refuse 1 'counts.csv: line 42' check counts.csv --output exp
refuse 2 'poisson needs --output exp' train counts.csv --loss poisson --output linear
refuse 2 'cross-entropy needs' train counts.csv --loss cross-entropy --output exp
refuse 1 'is a class here' train counts.csv --loss poisson --task classification
refuse 1 'could not|not a number|number' train good.csv --loss poisson
for value in -0.1 1 nan; do
	refuse 2 '--label-smoothing' train good.csv --label-smoothing "$value"
done
refuse 1 'needs cross-entropy; the loss is squared' train good.csv --label-smoothing 0.1 --loss squared
refuse 1 'needs cross-entropy' train good.csv --target a --task regression --label-smoothing 0.1
refuse 2 'it takes none, balanced' train good.csv --class-weights some
refuse 1 'no classes to balance' train good.csv --target a --task regression --class-weights balanced
refuse 2 'watches the validation' train good.csv --patience 3 --validation 0
refuse 2 'no hidden layer' train good.csv --layers none --dropout 0.2
refuse 2 'out of range, 0 to 0.99' train good.csv --dropout 1
refuse 2 'none, batch, layer' train good.csv --norm group
refuse 2 'layers none has none' train good.csv --layers none --norm layer
refuse 2 'batch 1 has one' train good.csv --norm batch --batch 1
refuse 2 'does not work with lbfgs' check good.csv --norm batch --optimizer lbfgs
refuse 2 'two neighboring hidden layers' train good.csv --shortcuts
refuse 2 'two neighboring hidden layers' train good.csv --shortcuts --layers 8,4,8
refuse 2 'two neighboring hidden layers' train good.csv --shortcuts --layers none
refuse 1 'memory|parameters' train good.csv --layers 1000000,1000000 --norm batch --shortcuts
refuse 2 "'foo' is unknown; there are shift" train digits --augment=foo=1
refuse 2 'shift needs a number' train digits --augment=shift
refuse 2 "'x' is not a number" train digits --augment=rotation=5,shift=x
refuse 2 'scaling 1 is out of range, 0 to 0.99' train digits --augment=scaling=1
refuse 2 'not an option of evaluate' evaluate good.onnx good.csv --augment
refuse 1 'only images' train good.csv --augment
refuse 2 'not both' train good.csv --json --model -
refuse 2 'not both' predict - -
refuse 1 'linear output' train good.csv --target a --task regression --output softmax
refuse 1 'memory|parameters' train good.csv --layers 1000000,1000000
refuse 1 'nosuch' train good.csv --model out.onnx --target nosuch
"$hebb" train >out 2>err </dev/null
check "misuse is one line" [ "$(wc -l <err)" -eq 1 ]
HEBB_KERNELS=abacus "$hebb" train good.csv -q >out 2>err </dev/null
check "unknown kernels fail" [ $? -eq 1 ]
check "and are named" grep -q abacus err

# ---- Where the output goes ----

refuse 1 'nowhere' train good.csv -o nowhere/model.onnx
refuse 1 'is a directory' train good.csv -o folder
refuse 1 'is the data' train good.csv -o ./good.csv
refuse 1 'not a directory|Not a directory' train good.csv -o good.csv/model.onnx
if [ -c /dev/full ]; then
	for arguments in "train good.csv -e 2 -o full.onnx" "train good.csv -e 2 --json -o full.onnx" "train --help" "--version" \
		"predict good.onnx good.csv" "evaluate good.onnx good.csv" "inspect good.csv" "check good.csv -l 3" \
		"predict good.onnx digits.csv"; do
		[ "$arguments" = "predict good.onnx digits.csv" ] &&
			awk 'BEGIN { print "a,b"; for (i = 0; i < 20000; i++) print i % 7 "," i % 5 }' >digits.csv
		# shellcheck disable=SC2086
		"$hebb" $arguments >/dev/full 2>err </dev/null
		check "a full disk fails: $arguments" [ $? -eq 1 ]
		check "and is told: $arguments" grep -q '^hebb: standard output: ' err
	done
	try 1 train good.csv -e 2 -o /dev/full --quiet
	check "the model is elsewhere" grep -q '^hebb: /dev/full: cannot be written: .*; the model is in full-2.onnx instead$' err
	check "and whole" "$hebb" inspect full-2.onnx
fi
"$hebb" predict good.onnx good.csv >&- 2>err </dev/null
check "a closed output fails" [ $? -eq 1 ]

# ---- Training that fails leaves the model as it was ----

awk 'BEGIN { print "a,y"; for (i = 0; i < 100; i++) print i "," i * i + 0.5 }' >steep.csv
try 0 train steep.csv -e 2 -q
cp steep.onnx kept_steep.onnx
refuse 1 'epoch' train steep.csv --optimizer sgd -r 10000 -a relu -l 64,64
check "the old model stays" cmp steep.onnx kept_steep.onnx
check "no failure touched the first model" cmp good.onnx kept.onnx
check "no leftovers" [ -z "$(find . -name '*.tmp*' -o -name '.*.onnx*' -o -name 'nowhere*' -o -name 'out.onnx')" ]

finish
