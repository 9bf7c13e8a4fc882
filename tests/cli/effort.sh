#!/bin/sh
# SPDX-License-Identifier: MIT
# effort.sh - --effort and --members: what they print and save, the same for any number of threads, and what they do not go with
#
#     tests/cli/effort.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN {
	srand(4)
	print "a,b,color,y,kind"
	for (i = 0; i < 150; i++) {
		a = rand(); b = rand(); c = rand() < 0.5
		printf "%.4f,%s,%s,%.4f,%s\n", a, rand() < 0.1 ? "" : b, c ? "red" : "blue", a * b + c + rand() / 10, (a + c > b ? "big" : "small")
	}
}' >data.csv
short="-l 8 -e 5"

# ---- What is printed ----

try 0 train data.csv --target kind --ignore y --effort good $short -o kind.onnx
check "it begins with a sentence" grep -q '^--effort good: tries recipes' err
check "the sum" grep -Eq '^tried [0-9]+ recipes in [0-9]+ trainings, .* s: log loss on [0-9]+ rows not trained on$' err
check "one is taken" [ "$(grep -c '<- taken$' err)" -eq 1 ]
check "it is the first" sh -c 'grep -A1 "^tried " err | tail -1 | grep -q taken'
check "its temperature" grep -q '^Calibrated temperature' out
try 0 train data.csv --target y --ignore kind --effort good $short -q -o y.onnx
check "quiet" sh -c '! grep -q tried err'
try 0 train data.csv --target y --ignore kind --effort best $short --json -o best.onnx
check "JSON" [ "$(json '.effort | (.metric == "rmse") and (.tried | length > 3) and (.recipe as $r | any(.tried[]; .recipe == $r))')" = true ]
check "only the better ones are judged again" [ "$(json '[.effort.tried[].trainings] | (max > 1) and (min == 1)')" = true ]
try 0 train data.csv --target y --ignore kind $short --json -o quick.onnx
check "quick tries nothing" [ "$(json .effort)" = null ]

# ---- What is saved ----

try 0 inspect best.onnx --json
check "the effort is recorded" [ "$(json '.record.options | "\(.effort) \(.members)"')" = 'best 5' ]
check "five networks are one" [ "$(json '.layers[0].units')" = 40 ]
for model in kind best; do
	try 0 predict $model.onnx data.csv -o $model.csv
	check "$model predicts every row" [ "$(wc -l <$model.csv)" -eq 151 ]
	try 0 evaluate $model.onnx data.csv --part test --json
	check "$model is scored on the rows that nothing was chosen by" [ "$(json .rows)" = 30 ]
done

# ---- The same for any number of threads, and from run to run ----

for effort in good best; do
	for threads in 1 2 3; do
		try 0 train data.csv --target kind --ignore y --effort $effort $short -q -j $threads -o $threads.onnx
		check "$effort: the same with $threads threads" cmp 1.onnx $threads.onnx
	done
done
try 0 train data.csv --target kind --ignore y --effort good $short -q --seed 2 -o other.onnx
check "another seed, another model" sh -c '! cmp -s 1.onnx other.onnx'

# ---- With others ----

try 0 train data.csv --target kind --ignore y --effort good $short --folds 3 --json -o folds.onnx
check "folds" [ "$(json '.runs_done, (.effort | type)' | tr '\n' ' ')" = '3 object ' ]
try 0 train data.csv --target y --ignore kind --effort good $short --conformal -q -o conformal.onnx
try 0 predict conformal.onnx data.csv --interval 0.9 -o intervals.csv
check "intervals without rows that are held out" grep -q y intervals.csv
try 0 train data.csv --target kind --ignore y --effort good $short --validation 0.3 --json -o held.onnx
check "validation rows judge" [ "$(json '.effort.rows == .validation_rows')" = true ]
try 0 train data.csv --target kind --ignore y --effort good --time 60s $short -q -o timed.onnx
try 0 train data.csv --target kind --ignore y --effort good -l none --conformal -o none.onnx
check "nothing is left to choose" sh -c '! grep -q tries err'
check "and intervals have rows" grep -q 'fifth, are held out' err
try 0 train data.csv --target y --ignore kind --members 3 --norm batch $short -q -o members.onnx
try 0 train digits --effort good -e 2 -l 16 -q -o digits.onnx

for effort in good best; do
	refuse 2 'checkpoint: is for one training' train data.csv --effort $effort --checkpoint c.safetensors
	refuse 1 'effort: .* leave out --repeat' train data.csv --target y --effort $effort --repeat 2
	refuse 1 'effort: .* leave out --recipe' train data.csv --target kind --ignore y --effort $effort --recipe tutorial
done
refuse 1 'members: 20 networks of these layers become one' train data.csv --target y --ignore kind --members 20 -l 3000,3000
refuse 2 'members' train data.csv --members 0
refuse 2 'members' train data.csv --members 21
refuse 2 'for one training' train data.csv --members 2 --checkpoint c.safetensors
refuse 1 'layer normalization' train data.csv --target y --members 2 --norm layer
refuse 2 'quick' train data.csv --effort wild
head -20 data.csv >few.csv
refuse 1 'too few to judge' train few.csv --target y --ignore kind --effort good
check "nothing is written" [ ! -e few.onnx ]
try 0 train data.csv --target y --effort best --time 0.001s -o short.onnx
check "time ends the choice" grep -q 'not all recipes were tried' err

# ---- What cannot be judged is trained as it is ----

awk 'BEGIN { srand(3); print "g,a,b,y"; for (i = 0; i < 90; i++) printf "%d,%.3f,%.3f,%s\n", i % 3, rand(), rand(), (rand() < 0.5 ? "p" : "q") }' >groups.csv
try 0 train groups.csv --group g --test 0.3 -q -o groups.onnx
check "with two groups nothing is tried" sh -c '! grep -q tried err'

# ---- Ctrl-C takes the best so far; again, it ends the training ----

awk 'BEGIN { srand(1); print "a,b,c,d,e,f,y"; for (i = 0; i < 20000; i++) { for (k = 0; k < 6; k++) printf "%.4f,", rand(); printf "%.3f\n", rand() } }' >long.csv
during 'kill -INT "$(cat pid)"' '^trying recipes: training' train long.csv --effort best -o long.onnx
check "it ends well" [ "$status" -eq 0 ]
check "it says so" grep -q 'not all recipes were tried; the best so far is trained' err
check "the model is there" [ -s long.onnx ]

finish
