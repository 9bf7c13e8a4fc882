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

# ---- A mean of several recipes ----

try 0 train data.csv --target y --ignore kind --effort best $short --json -o mean.onnx
check "the first two members differ" [ "$(json '.effort.members | (length == 5) and (unique | length > 1)')" = true ]
check "what the others have instead" [ "$(json '(.mates | length == 4) and (.options.layers == [8]) and (.split != null)')" = true ]
check "settings that the first has are told" [ "$(json '[.mates[] | has("members") or has("epochs")] | any')" = false ]
cp mean.onnx first.onnx
try 0 train data.csv --target y --ignore kind --effort best $short --json -o mean.onnx
check "the rows are the same" [ "$(json '.replaced.same_rows')" = true ]
check "and the model" cmp first.onnx mean.onnx
try 0 inspect mean.onnx --json
check "a column in several ways" [ "$(json '[.encoding[].name] | length > (unique | length)')" = true ]

# ---- The same for any number of threads, and from run to run ----

for effort in good best; do
	for threads in 1 2 3; do
		try 0 train data.csv --target kind --ignore y --effort $effort $short -q -j $threads -o $threads.onnx
		check "$effort: the same with $threads threads" cmp 1.onnx $threads.onnx
	done
done
try 0 train data.csv --target kind --ignore y --effort good $short -q --seed 2 -o other.onnx
check "another seed, another model" sh -c '! cmp -s 1.onnx other.onnx'

# ---- What would be tried ----

try 0 check data.csv --target y --ignore kind --effort best $short --json
check "check lists the recipes" [ "$(json '.effort | .effort == "best" and (.recipes | length > 3) and .recipes[0] == "the defaults" and .trainings > 8 and .seconds > 0')" = true ]
check "it compares the trained network with trees" [ "$(json '.baselines | [.nothing, .linear, .neighbor, .trees, .network] | all(type == "number")')" = true ]
recipes=$(json '.effort.recipes | join(";")')
trainings=$(json .effort.trainings)
try 0 train data.csv --target y --ignore kind --effort best $short --json -o best.onnx
check "train tries these" [ "$(json '[.effort.tried[].recipe] | join(";")')" = "$recipes" ]
check "in as many trainings" [ "$(json '[.effort.tried[].trainings] | add')" = "$trainings" ]
try 0 check data.csv --target kind --ignore y --effort good $short
check "in words" grep -Eq '^Effort good: [0-9]+ recipes in [0-9]+ trainings on parts of 120 training rows, about .* s with the last training$' out
for effort in '' '--effort quick'; do
	try 0 check data.csv --target kind --ignore y $effort $short --json
	check "nothing is tried by check $effort" [ "$(json '"\(.effort) \(.baselines.network) \(.baselines.trees | type)"')" = 'null null number' ]
done
refuse 1 'too few to judge' check data.csv --target kind --ignore y --effort good --test last:140

# ---- Skewed targets ----

awk 'BEGIN {
	srand(5)
	print "a,b,c,d,price,change"
	for (i = 0; i < 300; i++) {
		a = 2 * rand(); b = 2 * rand(); c = 2 * rand(); d = 2 * rand()
		price = exp(a + b + c + d + (rand() - 0.5) / 10)
		printf "%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\n", a, b, c, d, price, price - 20
	}
}' >skewed.csv
try 0 train skewed.csv --target price --ignore change --effort good --scaling standard --json -o skewed.onnx
check "the logarithm is tried" [ "$(json '[.effort.tried[].recipe] | any(. == "the logarithm of the target")')" = true ]
check "and taken" [ "$(json .effort.recipe)" = "the logarithm of the target" ]
try 0 inspect skewed.onnx --json
check "and recorded" [ "$(json '"\(.record.options.target_transform) \(.target_transform.transform)"')" = 'log log' ]
try 0 train skewed.csv --target change --ignore price --effort good $short --json -o change.onnx
check "none of targets that are not above 0" [ "$(json '[.effort.tried[].recipe] | any(. == "the logarithm of the target")')" = false ]
head -n 250 skewed.csv >most.csv
{ head -n 1 skewed.csv; tail -n 50 skewed.csv | sed '1s/[^,]*,[^,]*$/0,0/'; } >zero.csv
try 0 train most.csv --test zero.csv --target price --ignore change --effort good $short --json -o zero.onnx
check "nor where a test row is not" [ "$(json '[.effort.tried[].recipe] | any(. == "the logarithm of the target")')" = false ]
try 0 train skewed.csv --target price --ignore change --target-transform standard --effort good $short --json -o kept.onnx
check "what is given is kept" [ "$(json '[.effort.tried[].recipe] | any(. == "the logarithm of the target")')" = false ]

# ---- Several networks, images, targets that never change ----

try 0 train data.csv --target y --ignore kind $short --json -o one.onnx
one=$(json .parameters)
try 0 train data.csv --target y --ignore kind --members 3 $short --json -o three.onnx
check "the parameters of all networks" [ "$(json .parameters)" = $((3 * one)) ]
check "the progress names the network" [ "$(grep -c '^network [123]/3  epoch ' err)" -gt 0 ]
check "and the next ones" [ "$(grep -c '^network [23]/3$' err)" = 2 ]
try 0 check digits --ignore 1 --effort good --time 1s --json
check "images without a pixel have the recipes of tables" [ "$(json '.effort.recipes | any(. == "48 bins" or . == "an L1 penalty, longer") and all(. != "dropout 0.4")')" = true ]
try 0 check digits --effort good --time 1s --json
check "whole images those of images" [ "$(json '.effort.recipes | any(. == "dropout 0.4")')" = true ]
awk -F, '{ print $0 "," (NR == 1 ? "same" : 0) }' data.csv >same.csv
try 0 train same.csv --target y,same --ignore kind --effort good $short --json -o same.onnx
check "a target that never changes does not hide the others" [ "$(json '[.effort.tried[].score] | (unique | length) == length and min > 0')" = true ]

# ---- With others ----

try 0 train data.csv --target kind --ignore y --effort good $short --folds 3 --json -o folds.onnx
check "one summary of the folds" [ "$(grep -c '^recipes taken in 3 folds' err)" = 1 ]
check "and a table of the last choice" [ "$(grep -c '^tried ' err)" = 1 ]
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
