#!/bin/sh
# SPDX-License-Identifier: MIT
# compare.sh - hebb report puts models, checkpoints and saved results side by side
#
#     tests/cli/compare.sh HEBB_BINARY

fixtures=$(cd "$(dirname "$0")/../fixtures" && pwd)
. "$(dirname "$0")/harness.sh"

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 120; i++) printf "%d,%d,%s\n", i % 7, i % 5, (i % 7 > 3 ? "yes" : "no") }' >good.csv
awk 'BEGIN { print "a,b,c"; for (i = 0; i < 120; i++) printf "%d,%d,%g\n", i % 7, i % 5, 3 * (i % 7) - i % 5 + 0.25 }' >sizes.csv
for rate in 0.0001 0.01 0.05; do
	try 0 train good.csv -q -l 8 -e 20 --rate $rate -o rate-$rate.onnx --json
	cat out >>results.json
done

# ---- Two models, and three ----

try 0 report rate-0.0001.onnx rate-0.05.onnx --json
check "the best comes first" [ "$(json '.models[0].name')" = rate-0.05.onnx ]
check "sorted by accuracy" [ "$(json .sorted_by)" = accuracy ]
check "what differs" [ "$(jq -c .differing out)" = '["rate"]' ]
check "what is the same" [ "$(jq -c '[.same.layers, .same.epochs, .same.rate]' out)" = '[[8],20,null]' ]
check "of the same rows" [ "$(json .same_rows)" = true ]
"$hebb" inspect rate-0.05.onnx --json >inspected
for filter in .record.options .record.test.accuracy .parameters .record.train_rows; do
	ours=$(echo "$filter" | sed 's/.record.options/.models[0].options/; s/.record.test/.models[0].scores/; s/^.parameters/.models[0].run.parameters/; s/.record.train/.models[0].run.train/')
	check "$ours is what inspect says" [ "$(jq -cS "$ours" out)" = "$(jq -cS "$filter" inspected)" ]
done
try 0 report rate-0.0001.onnx rate-0.01.onnx rate-0.05.onnx
check "a title" grep -q '^3 models, sorted by accuracy, the highest first$' out
check "a column for what differs" grep -Eq '^ +accuracy .* rate' out
check "no column for what does not" [ "$(sed -n 3p out | grep -c epochs)" -eq 0 ]
check "a row for each" [ "$(grep -c '^rate-' out)" -eq 3 ]
check "the rest once" grep -q '^The same in all: .*layers 8.*epochs 20' out
try 0 report rate-0.0001.onnx rate-0.01.onnx rate-0.05.onnx --metric loss --json
check "by another score" [ "$(json '[.models[].scores.loss] | . == sort')" = true ]
check "which is named" [ "$(json .sorted_by)" = loss ]
refuse 2 'metric' report rate-0.01.onnx --metric beauty

# ---- Widths ----

for width in 40 50 80 140; do
	COLUMNS=$width "$hebb" report rate-*.onnx >out 2>err
	check "a table of $width columns" [ "$(sed '/^The same/,$d; /^Too wide/,$d' out | awk -v most="$width" 'length > most' | wc -l)" -eq 0 ]
done
try 0 train good.csv -q -l 4,4,4 -a tanh -e 3 -b 16 --dropout 0.2 --l2 0.01 --seed 5 --optimizer sgd --norm layer -o other.onnx
COLUMNS=60 "$hebb" report rate-0.01.onnx other.onnx >out 2>err
check "few models with much that differs are columns" grep -Eq '^ +(rate-0.01|other).onnx +(rate-0.01|other).onnx$' out
check "and options are rows" grep -Eq '^activation ' out
check "rows that were split otherwise are told" grep -q '^hebb: note: the scores are of different rows' err
COLUMNS=50 "$hebb" report rate-*.onnx other.onnx >out 2>err
check "what does not fit is named" grep -q '^Too wide to show: .*activation' out

# ---- One model; the same file twice ----

try 0 report rate-0.01.onnx
check "one model" grep -q '^1 model$' out
check "with all that is known" grep -Eq '^optimizer +adamw$' out
ln -s rate-0.01.onnx again.onnx
try 0 report rate-0.01.onnx ./rate-0.01.onnx again.onnx --json
check "the same file is one model" [ "$(json '.models | length')" = 1 ]
try 0 report rate-0.01.onnx again.onnx
check "which is told" grep -q '^hebb: note: again.onnx is named twice' err
cp rate-0.01.onnx copy.onnx
try 0 report rate-0.01.onnx copy.onnx --json
check "a copy is another model, which does not differ" [ "$(jq -c '[(.models | length), .differing]' out)" = '[2,[]]' ]

# ---- Results of --json ----

try 0 report results.json --json
check "several results in a file" [ "$(json '.models | length')" = 3 ]
check "they have numbers" [ "$(json '[.models[].name] | sort | join(" ")')" = "results.json:1 results.json:2 results.json:3" ]
check "and options" [ "$(jq -c .differing out)" = '["rate"]' ]
try 0 report rate-0.05.onnx results.json --json
check "a model and its result say the same" [ "$(json '[.models[] | select(.options.rate == 0.05) | [.scores.accuracy, .options]] | unique | length')" = 1 ]
check "and know the same rows" [ "$(json .same_rows)" = true ]
jq . results.json >pretty.json
"$hebb" report - --json <pretty.json >out 2>err
check "standard input, laid out in lines" [ "$(json '.models[2].name | startswith("standard input:")')" = true ]
try 0 search good.csv -q -l 4 -e 3 --trials 2 --rate 0.01/0.02 -o found.onnx --json
cp out found.json
try 0 evaluate rate-0.01.onnx good.csv --json
cp out evaluated.json
try 0 train good.csv -q -e 2 --folds 3 -o folds.onnx --json
cp out folds.json
try 0 inspect found.onnx --json
cp out inspected.json
try 0 train good.csv -q -l 4 -e 2 --checkpoint at.safetensors -o at.onnx
try 0 report found.json evaluated.json folds.json inspected.json at.safetensors results.json --json
check "of every command" [ "$(json '[.models[].kind] | unique | join(" ")')" = "checkpoint evaluate model search train" ]
check "means over folds count as scores" [ "$(json '.models[] | select(.name == "folds.json") | .scores.accuracy_mean > 0')" = true ]
check "different rows" [ "$(json '.same_rows == true')" = false ]
check "nothing is the same in all where one does not say" [ "$(jq -c .same out)" = '{}' ]
check "a model of folds has no score, which is told" sh -c '"$1" report folds.onnx 2>&1 | grep -q "folds.onnx has no score"' sh "$hebb"
cat evaluated.json evaluated.json >twice.json
for files in twice.json 'evaluated.json rate-0.01.onnx'; do
	try 0 report $files
	check "not the same in all: $files" sh -c '! grep -q "The same in all" out'
	try 0 report $files -o same.html
	check "nor in the page" sh -c '! grep -q "id=\"same\"\|do not differ in any" same.html'
done
try 0 report rate-0.01.onnx -o single.html
check "no head of a column is there twice" [ -z "$(grep -o '<th scope="col"[^>]*>[^<]*' single.html | sed 's/.*>//' | sort | uniq -d)" ]
try 0 report rate-0.01.onnx
check "nor in the terminal" [ -z "$(sed -n '2,$s/^\([a-z].*[a-z0-9]\)  .*/\1/p' out | sed 's/   *.*//' | sort | uniq -d)" ]
try 0 report found.json evaluated.json folds.json inspected.json at.safetensors
check "those without scores come last" [ "$(awk 'NR > 3 && NF { print $1 }' out | sed -n 5p)" = at.safetensors ]
try 0 train sizes.csv -q -l 4 -e 5 -o sizes.onnx
try 0 train sizes.csv -q -l 4 -e 50 -o sizes50.onnx
try 0 report sizes.onnx sizes50.onnx --json
check "numbers are sorted by rmse, the lowest first" [ "$(jq -c '[.sorted_by, (.models[0].scores.rmse <= .models[1].scores.rmse)]' out)" = '["rmse",true]' ]
for old in "$fixtures"/checkpoint-0.1.0/*.safetensors; do
	[ -e "$old" ] || continue
	try 0 report "$old" at.safetensors
done

# ---- The page ----

try 0 report rate-*.onnx other.onnx -o page.html
check "what is said" grep -qx 'Saved page.html' err
check "a page" grep -q '^<!DOCTYPE html>' page.html
check "a row for each model" [ "$(grep -c '<tr><th scope="row"' page.html)" -eq 4 ]
check "with its numbers" [ "$(sed -n 's,.*<script type="application/json" id="hebb-numbers">\(.*\)</script>.*,\1,p' page.html | jq '.rows | length')" -eq 4 ]
"$hebb" report rate-*.onnx other.onnx -o - >out 2>err
check "on standard output" cmp out page.html
try 0 report rate-*.onnx -o page.html
try 0 report rate-*.onnx -o page.html --json
check "a page and JSON" [ "$(json '.models | length')" -eq 3 ]
refuse 2 'not both' report rate-0.01.onnx -o - --json
refuse 1 'is one of the models' report rate-0.01.onnx other.onnx -o other.onnx
refuse 1 'is one of the models' report results.json rate-0.01.onnx -o ./results.json --force
refuse 1 'good.csv: is not a .*--page' report rate-0.01.onnx -o good.csv
check "it is as it was" [ "$(head -1 good.csv)" = a,b,kind ]
refuse 1 'nowhere' report rate-0.01.onnx -o nowhere/page.html

# ---- Many ----

jq -c '. as $one | range(0; 1000) | $one | .seed = . | .options.rate = .test.accuracy / 3' results.json | head -n 1000 >many.json
try 0 report many.json --json
check "1,000 results" [ "$(json '.models | length')" -eq 1000 ]
try 0 report many.json -o many.html
check "a page of 1,000 results" [ "$(wc -c <many.html)" -le 500000 ]
jq -c '. as $one | range(0; 1000) | . as $i | $one | .options = ([range(0; 60) | {key: "option_\(.)", value: "<\($i) \(.)>"}] | from_entries)' rate.json results.json 2>/dev/null | head -n 1000 >wild.json
try 0 report wild.json -o wild.html
check "a page of 1,000 results with 60 options" [ "$(wc -c <wild.html)" -le 500000 ]
check "which says what it leaves out" grep -q 'The first [0-9]* of 1,000 models are shown' wild.html
check "and that there are more options" grep -q 'The first 40 of 60 options' wild.html
head -n 1 results.json | jq -c '.options = ([range(0; 20000) | {key: "o\(.)", value: .}] | from_entries)' >keys.json
cat results.json >>keys.json
try 0 report keys.json -o keys.html
check "a page of 20,000 options" [ "$(wc -c <keys.html)" -le 500000 ]

# ---- Files that are something else ----

refuse 1 'good.csv: is neither a model nor a checkpoint nor a result' report good.csv
refuse 1 'no such file' report nowhere.onnx
refuse 1 'did you mean other.onnx' report othr.onnx
: >empty
refuse 1 'empty: ' report empty
try 0 search good.csv -q -l 4 -e 3 --trials 2 --rate 0.01/0.02 -o found.onnx --table trials.csv
refuse 1 'trials.csv: holds the trials of a search' report trials.csv
echo '{"a": 1}' >foreign.json
refuse 1 'foreign.json: holds JSON, but not what hebb' report foreign.json
echo '[1, 2]' >foreign.json
refuse 1 'foreign.json: holds JSON, but not' report foreign.json
{ cat results.json; echo '{"test": '; } >cut.json
refuse 1 'cut.json: line [45]: is no JSON' report cut.json
head -c 300 rate-0.01.onnx >cut.onnx
refuse 1 'cut.onnx' report cut.onnx
echo '{"train_rows": 5, "test": {"accuracy": "high", "loss": [1, {"a": 2}]}, "options": {"rate": {"a": 1}, "layers": [[1]]}}' >odd.json
try 0 report odd.json --json
check "odd values are left out" [ "$(jq -c '.models[0] | [.scores, .options]' out)" = '[{},{}]' ]
if [ -e "$fixtures/../onnx/foreign.onnx" ]; then
	"$hebb" report "$fixtures/../onnx/foreign.onnx" >out 2>err
	check "a model of another program is refused" [ $? -eq 1 ]
fi
"$hebb" report "$fixtures/../../fuzz/corpus/onnx/numbers.onnx" >out 2>err
check "a model without a record is refused" grep -q "numbers.onnx: has no training record" err
try 1 report rate-0.01.onnx good.csv other.onnx --json
check "the others are compared" [ "$(json '.models | length')" -eq 2 ]
check "and the file is named" grep -q '^hebb: good.csv: is neither' err
refuse 2 'an argument is missing' report

# ---- Names that a page or a terminal would act on ----

head -n 2 results.json | jq -c '.options.text = "<script>alert(1)</script>\u001b[2J\u202e" | .options["<i>\u001b[31m"] = "</table>&\"" | .options.list = ["<b>", "x"]' >'<b>&.json'
head -n 1 results.json >>'<b>&.json'
try 0 report '<b>&.json'
check "nothing for the terminal to act on" sh -c '! LC_ALL=C grep -q "$(printf "\033")" out'
try 0 report '<b>&.json' -o wild.html
check "no element of theirs" sh -c '! grep -Eq "<script>alert|</table>&|<i>|<b>&[.]" wild.html'
check "nothing hidden" sh -c '! LC_ALL=C grep -q "$(printf "\033")" wild.html'
check "what they are is shown" grep -q '&lt;b&gt;' wild.html

finish
