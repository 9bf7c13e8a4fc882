#!/bin/sh
# SPDX-License-Identifier: MIT
# report.sh - the page of --report: well-formed, alone, small, honest, and never over a file of the user's
#
#     tests/cli/report.sh HEBB_BINARY

source=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/harness.sh"

# ---- What a page must be ----

json_of() { # PAGE ID: the JSON of a script element
	sed -n "s,^<script type=\"application/json\" id=\"$2\">\(.*\)</script>\$,\1,p" "$1"
}

markup() { # PAGE: without the first line, style and scripts
	sed -e 1d -e '/^<style>/,/^<\/style>/d' -e '/^<script>$/,/^<\/script>/d' "$1"
}

is_well_formed() {
	markup "$1" >page.xml && awk -f "$source/tests/xml.awk" page.xml
}

is_alone() { # no address in it is loaded: sources are data, links lead into the page
	! grep -oE '(src|href|action|srcset|poster)="[^"]*"' "$1" | grep -vE '="(#[a-z]*|data:[^"]*)"' &&
		! grep -qE '@import|url\([^#]' "$1" && grep -q "default-src 'none'" "$1"
}

is_small() {
	[ "$(wc -c <"$1")" -le 500000 ]
}

is_plain() { # no control character but the newline
	! LC_ALL=C tr -d '\n\040-\176\200-\377' <"$1" | grep -q . && ! grep -q "$(printf '\302\233\|\342\200\256')" "$1"
}

has_frame() { # names for those who hear it, one heading, sections that the contents lead to
	[ "$(grep -c '<h1>' "$1")" -eq 1 ] && ! grep -E '<(svg|img)[^>]*>' "$1" | grep -vqE 'aria-label="[^"]|alt="[^"]' &&
		for id in $(sed -n 's/^<nav class="contents".*/&/p' "$1" | grep -oE 'href="#[a-z]+' | sed 's/.*#//'); do
			grep -q "<section id=\"$id\"" "$1" || exit 1
		done
}

has_no_nonsense() { # no number that is none, no share that is only rounding
	! markup "$1" | grep -qE '[>+ ]-?NaN|nan<|[0-9]e-1[0-9] %'
}

good() { # PAGE
	check "$1 has no nonsense" has_no_nonsense "$1"
	check "$1 is well-formed" is_well_formed "$1"
	check "$1 loads nothing" is_alone "$1"
	check "$1 is at most 500 kB" is_small "$1"
	check "$1 has no control characters" is_plain "$1"
	check "$1 has its frame" has_frame "$1"
	check "the numbers of $1 are JSON" sh -c "[ -n '$(json_of "$1" hebb-numbers | head -c 1)' ]"
	json_of "$1" hebb-numbers >numbers.json
	json_of "$1" hebb-charts >charts.json
	check "numbers of $1" jq -e 'type == "object"' numbers.json
	check "charts of $1" jq -e 'type == "array" and all(.[]; (.series | length) <= 12)' charts.json
	check "each chart of $1 is known" [ "$(grep -o 'data-chart="[0-9]*"' "$1" | sort -u | wc -l)" -eq "$(jq length charts.json)" ]
}

# page NAME ARGUMENTS...: the page equals what --json prints.
page() {
	name=$1
	shift
	try 0 "$@" --report "$name.html" --json --quiet
	good "$name.html"
	jq -S . out >printed.json
	jq -S . numbers.json >in_page.json
	check "the numbers of $name.html are those of --json" cmp printed.json in_page.json
}

has() { # PAGE TEXT...
	file=$1
	shift
	for text; do
		check "$file has $text" grep -qF -e "$text" "$file"
	done
}

lacks() { # PAGE TEXT...
	file=$1
	shift
	for text; do
		check "$file lacks $text" sh -c "! grep -v '^<script' '$file' | grep -qF -e '$text'"
	done
}

awk 'BEGIN { print "x,color,y"; for (i = 0; i < 240; i++) printf "%s,%s,%.3f\n", i % 11 ? i % 40 : "", i % 3 ? "red" : "blue", i % 40 * 2 + i % 3 }' >numbers.csv
awk 'BEGIN { print "x,z,kind"; for (i = 0; i < 240; i++) printf "%d,%d,%s\n", i % 17, i * i % 13, (i % 17 > 8) ? "high" : "low" }' >kinds.csv
awk 'BEGIN { print "x,z,p,q"; for (i = 0; i < 240; i++) printf "%d,%d,%d,%d\n", i % 17, i % 5, (i % 17 > 8), (i % 5 > 2) }' >labels.csv
awk 'BEGIN { print "x,z,y1,y2"; for (i = 0; i < 240; i++) printf "%d,%d,%.2f,%.2f\n", i % 17, i % 5, i % 17 / 3, i % 5 * i % 17 }' >two.csv
quick='-l 6 -e 4'

# ---- Every task, every way to train ----

page kinds train kinds.csv $quick --validation 0.2
has kinds.html 'Accuracy' '95 % interval' 'Always the commonest class' 'Logistic regression' 'What to do next' 'Confusion matrix' \
	'ROC curve' 'Calibration' 'Most wrong' 'Importance' 'Learning rate' 'All settings' 'Fingerprint of the data' \
	"<pre class=\"command\">hebb train kinds.csv $quick --validation 0.2 --report kinds.html --json --quiet</pre>"
has kinds.html "$(jq -r .seed numbers.json)" "Hebb</dt><dd>$("$hebb" --version | sed 's/hebb //')"
check "the accuracy is on the first screen" grep -qF "<b>$(jq -r '.test.accuracy * 10000 | round / 100' numbers.json | sed 's/^\([0-9]*\)$/\1.00/; s/^\([0-9]*\.[0-9]\)$/\10/')$(printf '\302\240')%</b>" kinds.html
page numbers train numbers.csv $quick
has numbers.html 'Root mean squared error' '95 % interval' 'Always the mean' 'Linear regression' 'Predicted against true' 'Residuals' 'missing'
page labels train labels.csv --labels p,q $quick
has labels.html 'Rows with every label right' 'Scores of each label'
page two train two.csv --target y1,y2 $quick
has two.html 'Scores of each target'
page digits train digits $quick
has digits.html 'src="data:image/png;base64,' 'taken for'
page folds train kinds.csv --folds 3 $quick
has folds.html 'mean over 3 of 3 folds' 'Confusion matrix' 'Always the commonest class' 'training rows'
check "charts of rows that it learned are left out" sh -c '! grep -q "ROC curve" folds.html'
page repeat train numbers.csv --repeat 3 $quick
has repeat.html 'mean over 3 of 3 trainings' 'The trainings'
page effort train kinds.csv --effort good -e 4 -s 2
has effort.html 'Recipes that were tried'
page untested train kinds.csv --test 0 $quick
has untested.html 'it flatters' '--test 0.2'
page linear train kinds.csv -l none
page stopped train kinds.csv $quick --checkpoint c.safetensors --time 60s
page resumed train kinds.csv --resume c.safetensors --epochs 8
has resumed.html 'epoch'
check "a resumed curve is whole" [ "$(jq '.curve.loss | length' numbers.json)" -eq 8 ]
page search search kinds.csv --layers 4/6/8 --rate 0.001..0.1 --trials 5 -e 3 --table search-kinds.csv
has search.html 'Attempts in their order' 'All attempts' 'Train the best settings again'
page halving search numbers.csv --trials 9 --strategy halving -e 9 --folds 2 --table search-numbers.csv
page evaluated evaluate kinds.onnx kinds.csv
has evaluated.html 'Evaluation of kinds.csv' 'the model was trained on rows of them' 'ROC curve'
page part evaluate digits.onnx digits --part test

# ---- What it says is so ----

lacks untested.html 'Area 0;' 'calibration error 0.<'
has untested.html 'Scores of each class' 'Expected calibration error 0.'
page repeated train kinds.csv -l 2 -e 3 --repeat 3
tile() { # PAGE NAME: the share of a tile, and that of its remark
	grep -F "<span class=\"name\">$2</span>" "$1" | sed 's/.*<b>\([0-9.]*\).*network has \([0-9.]*\) points \([a-z]*\).*/\1 \2 \3/'
}
check "baselines of several trainings are compared with their mean" sh -c "echo '$(jq .test.accuracy_mean numbers.json) $(tile repeated.html 'Always the commonest class')' | awk '{ off = 100 * \$1 - \$2 - (\$4 == \"less\" ? -\$3 : \$3); exit NF != 4 || off > 0.02 || off < -0.02 }'"
has numbers.html 'A linear model is better on these rows, its error'
lacks numbers.html 'as good on these rows'
page almost train digits -l 30 -e 10
has almost.html 'with the largest loss' ', right at '
check "a right class is not taken for itself" sh -c '! grep -qE "<figcaption>([^,<]*), taken for <b>\1</b>" almost.html'
printf 'a,b,y\n1,2,3\n2,3,4\n5,6,7\n8,9,1\n3,3,3\n' >five.csv
page one_row train five.csv --task regression --test last:1 -l 2 -e 2
has one_row.html '1 row that it is most wrong about, of 1 test row.'
lacks one_row.html '<span class="name">R²'
lacks folds.html no_test_rows 'nothing was measured'
check "the JSON keeps the finding" [ "$(json_of folds.html hebb-numbers | jq '[.findings[].code] | index("no_test_rows") != null')" = true ]
has two.html 'that predicts y1 and 1 more from 2 columns'
awk 'BEGIN { print "x,y"; for (i = 0; i < 400; i++) printf "%d,%d\n", i % 40, i % 40 * 2 + i % 3 + (i % 97 == 0 ? 900 : 0) }' >far.csv
page far train far.csv $quick
cp charts.json charts-far.json
has far.html 'The chart shows'
lacks far.html 'are beyond this range'
lacks two.html 'The chart shows'
check "no bar reaches the mark of 0" jq -e '[.[] | select(.x.title == "predicted − true")] | length == 1 and all(.[]; .y.to > 1.05 * ([.series[0].y[]] | max))' charts-far.json
awk 'BEGIN {
	split("<=50K|>50K & more|a \047middle\047 one", class, "|")
	split("one long name of a level|another long name|short|the fourth of these names|a fifth name|and the sixth", level, "|")
	print "x,level,y"; for (i = 0; i < 300; i++) printf "%d,%s,%s\n", i % 17, level[i % 6 + 1], class[i % 3 + 1]
}' >levels.csv
page levels train levels.csv $quick
has levels.html '>&lt;=50K</text>' '>&gt;50K &amp; more</text>' '>a &#39;middle&#39; one</text>' 'rotate(-40)">one long name…</text>' 'rotate(-40)">short</text>' \
	'<th scope="col" class="left">level</th>' '<th scope="col">x</th>'
check "dots of levels have names" [ "$(sed -n '/ticks x slanted/,/<\/svg>/p' levels.html | grep -c 'class="label.*50K')" -eq 2 ]
check "shares of levels do not wrap" sh -c '! grep -qE "\.levels td[^.]*{ white-space: normal" levels.html'
has repeat.html 'Run</th><th scope="col">RMSE</th>'
has repeated.html 'Run</th><th scope="col">Accuracy</th>'
has effort.html '<th scope="col">Score</th>'

# ---- The same page again ----

cp kinds.html first.html
try 0 train kinds.csv $quick --validation 0.2 --report kinds.html --json --quiet
for file in first.html kinds.html; do
	sed 's/"seconds": [0-9.e-]*//; s/"samples_per_second": [0-9.e+]*//; s/"replaced": [^}]*}[^}]*}[^}]*}//; /Training loop/d; /hebb-numbers/d' $file >$file.steady
done
check "the same training gives the same page" cmp first.html.steady kinds.html.steady
try 0 train kinds.csv $quick --report text.html
check "a page without --json" grep -q 'The page is text.html' err

# ---- Extremes ----

awk 'BEGIN { printf "y"; for (c = 0; c < 3000; c++) printf ",a_column_with_a_long_name_%d", c; print ""
	for (r = 0; r < 30; r++) { printf "%s", r % 2 ? "a" : "b"; for (c = 0; c < 3000; c++) printf ",%d", (r * c + c) % 97; print "" } }' >wide.csv
page wide train wide.csv --target y -l 3 -e 1
has wide.html '30 of 3000 inputs.'
lacks wide.html '</code> lists all'
awk 'BEGIN { print "a,b,class"; for (r = 0; r < 6000; r++) printf "%d,%d,class %d\n", r % 3000, r % 7, r % 3000 }' >classes.csv
page_of_many() { # whose JSON is thinned
	try 0 "$@" --json --quiet
	good many.html
	check "lists of the JSON are thinned" jq -e '.thinned > 0' numbers.json
}
page_of_many train classes.csv -l 3 -e 1 --report many.html -o many.onnx
page_of_many evaluate many.onnx classes.csv --report many.html
has many.html 'No confusion matrix'
layers=4
for _ in $(seq 99); do
	layers=$layers,4
done
page deep train numbers.csv -l "$layers" -e 1
has deep.html 'of 201 layers'
printf 'a,b,y\n1,2,3\n' >one.csv
page one train one.csv --test 0 --task regression -l 2 -e 1
page one_again evaluate one.onnx one.csv
printf 'a,b,y\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n' >same.csv
page same train same.csv --task regression -l 2 -e 1

# Ten million rows, as images of two pixels, which are read at once.
mkdir many
{ printf '\0\0\010\003\0\230\226\200\0\0\0\001\0\0\0\002'; yes 0112 | tr -d '\n' | tr 012 '\000\144\310' | head -c 20000000; } >many/train-images-idx3-ubyte
{ printf '\0\0\010\001\0\230\226\200'; yes 0010111 | tr -d '\n' | tr 01 '\000\001' | head -c 10000000; } >many/train-labels-idx1-ubyte
page million train many -l 2 -e 1 -b 8192
check "ten million rows" jq -e '.train_rows + .test_rows == 10000000' numbers.json
has million.html '2,000,000 rows, evenly spaced'
rm -r many

# ---- Names that are markup or move a terminal ----

awk 'BEGIN {
	quote = "\"\""; for (i = 0; i < 60; i++) long = long quote "<&>"
	printf "%s,\"%s\",%s,%s\n", "<script>alert(1)</script>", long, "</style><img src=http://x/ onerror=a()>", "kind"
	for (i = 0; i < 120; i++)
		printf "%d,%s,%s,%s\n", i % 7, i % 3 ? "\302\233red\342\200\256" : "</script><script>alert(2)</script>", i % 5,
			i % 2 ? "\"" long "\"" : "]]> --> <b>"
}' >"<b>hostile & co.csv"
page hostile train '<b>hostile & co.csv' $quick -o hostile.onnx
check "markup is text" sh -c '! grep -qE "<(script>alert|img src=http|b>hostile)" hostile.html'
has hostile.html '&lt;b&gt;hostile &amp; co.csv'
page hostile_search search '<b>hostile & co.csv' --layers 3/4 -e 2 --trials 2 -o hostile.onnx --table hostile-search.csv
page hostile_again evaluate hostile.onnx '<b>hostile & co.csv'

# ---- Files ----

for name in kinds.csv ./kinds.csv; do
	for force in '' --force; do
		cp kinds.csv before.kept
		refuse 1 'is the data; give the report a name of its own with --report' train kinds.csv $quick --report "$name" $force
		refuse 1 'is the data; give the report' search kinds.csv $quick --report "$name" $force
		refuse 1 'is the data; give the report' evaluate kinds.onnx kinds.csv --report "$name" $force
		check "the data are as they were" cmp kinds.csv before.kept
	done
done
cp kinds.onnx before.kept
refuse 1 'is the model; give the report' evaluate kinds.onnx kinds.csv --report kinds.onnx --force
refuse 1 'is the file of the model; give the report' train kinds.csv -o new.onnx --report new.onnx
refuse 1 'is the file of --test; give the report' train kinds.csv --test labels.csv --report labels.csv
check "the model is as it was" cmp kinds.onnx before.kept
cp numbers.csv text.csv
refuse 1 'is not a page of Hebb but a text; name another file with --report, or replace it with --force' train kinds.csv $quick --report text.csv
refuse 1 'is not a page of Hebb but' evaluate kinds.onnx kinds.csv --report text.csv
check "the text is as it was" cmp numbers.csv text.csv
try 0 evaluate kinds.onnx kinds.csv --report text.csv --force
good text.csv
refuse 1 'the report cannot be written there' train kinds.csv --report nowhere/page.html
refuse 1 'is a directory' train kinds.csv --report .
refuse 2 '--report.*needs a file' train kinds.csv --report -
refuse 2 '--report.*needs a file' evaluate kinds.onnx kinds.csv --report /dev/stdout
refuse 2 'not an option of predict' predict kinds.onnx kinds.csv --report page.html

# A page that cannot be written: the model and the scores are there, the page is elsewhere.
if [ -w /dev/full ]; then
	rm -f saved.onnx full.html
	try 1 train kinds.csv $quick -o saved.onnx --report /dev/full
	check "the model is saved" [ -s saved.onnx ]
	check "the scores are printed" grep -q 'Held out' out
	check "the page is elsewhere" grep -q 'the page is in full.html instead' err
	good full.html
fi

# After Ctrl-C the command that resumes asks for the page, too.
during 'kill -INT $(cat pid)' 'epoch ' train kinds.csv -l 20 -e 200000 -o long.onnx --report long.html
check "the command goes on with the page" grep -q -- '--resume long.safetensors.*--report long.html\|--report long.html.*--resume' err
check "no half page" [ ! -e long.html ]
check "no file beside it is left" sh -c '! ls | grep -q "long.html."'

# ---- Size of what is ours ----

check "the script has at most 15 kB" [ "$(wc -c <"$source/src/study/report/script.js")" -le 15000 ]
check "the script fetches nothing" sh -c "! grep -nE 'fetch|XMLHttp|WebSocket|import|http' '$source/src/study/report/script.js' | grep -v 'www.w3.org/2000/svg'"
finish
