#!/bin/sh
# SPDX-License-Identifier: MIT
# inspect_trials.sh - hebb inspect reads what search writes
#
#     tests/cli/inspect_trials.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 90; i++) printf "%g,%g,%s\n", i % 9, i * 7 % 11, i % 9 < 4 ? "no" : "yes" }' >rows.csv

# ---- A random search with trials that diverge ----

cat >search.csv <<'EOF'
# hebb search {"hebb": "0.2.0", "fingerprint": "0123456789abcdef", "strategy": "random", "metric": "loss", "folds": 3, "options": {"epochs": 9}}
trial,epochs,layers,rate,score,sd,seconds,parameters
1,9,"64,30",0.002,0.5,0.01,0.153,4512
2,9,32,0.0871,diverged,,0.012,2410
3,9,none,0.001,0.25,0.02,0.100,12
4,9,32,1.5,15690.4,0.5,0.2,2410
EOF
try 0 inspect search.csv
check "what it is" [ "$(head -1 out)" = "search.csv: the trials of a search by hebb 0.2.0" ]
check "how many" grep -Eq '^trials +4, of 9 epochs each, 1 diverged; scored by loss, the mean of 3 folds; lower is better$' out
check "the best with its settings" grep -Eq '^best +trial 3: --layers none --rate 0.001$' out
check "the best first, what diverged last" [ "$(awk 'NR > 7 { printf "%s ", $1 }' out)" = "3 1 4 2 " ]
check "that it diverged" grep -Eq '^ +2 +diverged +32 ' out
check "numbers for people" grep -q ' 15,690 ' out
try 0 inspect search.csv --json
check "kind" [ "$(json .kind)" = search ]
check "counts in JSON" [ "$(json '[.trials, .trainings, .diverged, .folds] | tostring')" = '[4,4,1,3]' ]
check "the best in JSON" [ "$(jq -c '.best | [.trial, .options.layers, .options.rate, .score, .sd, .parameters]' out)" = '[3,[],0.001,0.25,0.02,12]' ]
check "the ranking" [ "$(jq -c '[.ranking[].trial]' out)" = '[3,1,4]' ]
check "exact numbers" [ "$(jq '.ranking[2].score' out)" = 15690.4 ]
check "those that diverged" [ "$(jq -c '[.diverged_trials[].trial]' out)" = '[2]' ]
check "lists of layers" [ "$(jq -c '.ranking[1].options.layers' out)" = '[64,30]' ]
"$hebb" inspect - <search.csv >out 2>err
check "standard input" grep -q '^standard input: the trials' out
gzip -c search.csv >search.csv.gz
try 0 inspect search.csv.gz
check "gzip" grep -q 'trial 3' out

# ---- More is better, and halving ----

sed 's/"loss"/"accuracy"/; s/15690.4/0.6/' search.csv >accuracy.csv
try 0 inspect accuracy.csv
check "more is better" grep -Eq '^best +trial 4' out
sed 's/"random"/"halving"/; s/,"folds": 3//; s/^2,.*/4,27,32,1.5,0.7,,0.2,2410/; s/15690.4/0.6/' search.csv >halving.csv
try 0 inspect halving.csv
check "halving: more epochs first, a trial once" [ "$(awk 'NR > 7 { printf "%s ", $1 }' out)" = "4 3 1 " ]
check "its epochs" grep -Eq '^best +trial 4: --layers 32 --rate 1.5 --epochs 27$' out
check "trainings" grep -Eq '^trials +3, trained 4 times by halving' out

# ---- What a search really writes ----

try 0 search rows.csv --rate 0.001..1000 --epochs 3..6 --trials 8 -l 8 -q --json -o m.onnx
best=$(json .best.trial)
options=$(jq -c .best.options out)
try 0 inspect rows-search.csv --json
check "the same best trial" [ "$(json .best.trial)" = "$best" ]
check "with the same settings" [ "$(jq -c .best.options out | jq -c --argjson o "$options" '. as $mine | $o | to_entries | all(.key == "epochs" or $mine[.key] == .value)')" = true ]
try 0 inspect rows-search.csv
check "epochs that were searched have a column" grep -q ' epochs ' out

# ---- Damage ----

head -1 search.csv >cut.csv
refuse 1 'no trials can be read' inspect cut.csv
printf '# hebb search {"a": 1}' >cut.csv
refuse 1 'cut short' inspect cut.csv
{ echo '# hebb search {"a": '; sed 1d search.csv; } >cut.csv
refuse 1 'line 1: .*not a JSON object' inspect cut.csv
{ echo '# hebb search {"metric": "beauty"}'; sed 1d search.csv; } >cut.csv
refuse 1 'line 1: .*scored by' inspect cut.csv
sed '2s/score/store/' search.csv >cut.csv
refuse 1 'line 2: .*columns' inspect cut.csv
sed '5s/,12$//' search.csv >cut.csv
refuse 1 'line 5: .*not a trial' inspect cut.csv
sed '5s/^3/x/' search.csv >cut.csv
refuse 1 'line 5: .*not a trial' inspect cut.csv
sed '5s/0.25/best/' search.csv >cut.csv
refuse 1 'line 5: .*not a trial' inspect cut.csv
sed '5s/none/many/' search.csv >cut.csv
refuse 1 'layers' inspect cut.csv --json

finish
