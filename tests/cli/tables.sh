#!/bin/sh
# SPDX-License-Identifier: MIT
# tables.sh - tables as people have them: no digit, label, header or number is read wrong in silence
#
#     tests/cli/tables.sh HEBB_BINARY

# shellcheck disable=SC1091,SC2086,SC2181
. "$(dirname "$0")/harness.sh"

# Small nets that learn what a few rows hold.
small='-l 16 --weight-decay 0 --dropout 0'

# fit TABLE OPTIONS...: trains model.onnx; the scores are in out, notes and warnings in err.
fit() {
	try 0 train "$@" $small --json -o model.onnx
}

# same A B TITLE OPTIONS...: two tables train to the same predictions, bit for bit.
same() {
	first=$1
	second=$2
	title_of_pair=$3
	shift 3
	fit "$second" "$@" -e 3
	try 0 predict model.onnx "$second"
	mv out expected.txt
	fit "$first" "$@" -e 3
	try 0 predict model.onnx "$first"
	check "$title_of_pair" cmp expected.txt out
}

# ---- Digits: what a network learns does not depend on an offset ----

# shifted OFFSET STEP FORMAT: far.csv has times from OFFSET, near.csv the same from 0.
shifted() {
	for offset in "$1" 0; do
		awk -v offset="$offset" -v step="$2" -v form="$3" 'BEGIN {
			print "time,y"
			for (i = 0; i < 200; i++)
				printf form ",%.6f\n", offset + i * step, sin(i / 25) + i / 100 }'
	done >both.csv
	head -n 201 both.csv >far.csv
	tail -n 201 both.csv >near.csv
}

# is_equal_far: a model of far.csv has the R2 of one of near.csv, to 1e-3, and takes no rows for equal.
is_equal_far() {
	fit near.csv -e 300
	near=$(json .test.r2)
	fit far.csv -e 300
	check "$1: R2 is $(json .test.r2), without the offset $near" is_near "$(json ".test.r2 - $near")" -0.001 0.001
	check "$1: it was learned" is_near "$near" 0.9 1
	check "$1: no row is the same as another" sh -c '! grep -q test_rows_in_training out err'
	try 0 predict model.onnx far.csv
	check "$1: each time has its answer" [ "$(sort -u out | wc -l)" -gt 190 ]
}

while read -r title offset step form; do
	shifted "$offset" "$step" "$form"
	is_equal_far "$title"
done <<'END'
seconds 1700000123 1 %.0f
minutes-in-seconds 1650000000 60 %.0f
half-seconds 1700000000.5 0.5 %.1f
milliseconds 1700000000250 1000 %.0f
microseconds 1700000000000000 50 %.0f
days-since-year-0 738000 1 %.0f
before-1970 -1800000000 1 %.0f
END

# targets OFFSET FORMAT: far.csv has a target around OFFSET, near.csv the same around 0.
while read -r title offset form; do
	for table in far near; do
		awk -v offset="$([ $table = far ] && echo "$offset" || echo 0)" -v form="$form" 'BEGIN {
			print "a,b,y"
			for (i = 0; i < 150; i++) { a = i * 37 % 101 / 25 - 2; b = i * 53 % 97 / 24 - 2
				printf "%.3f,%.3f," form "\n", a, b, offset + int((3 * a - 2 * b) * 256) / 256 } }' >$table.csv
	done
	fit near.csv --task regression --scaling standard -e 150
	near=$(json .test.r2)
	fit far.csv --scaling standard -e 150
	check "$title: a number" [ "$(json .task)" = regression ]
	check "$title: R2 is $(json .test.r2), without the offset $near" is_near "$(json ".test.r2 - $near")" -0.001 0.001
	check "$title: it was learned" is_near "$near" 0.98 1
	rmse=$(json .test.rmse)
	try 0 predict model.onnx far.csv
	paste -d, far.csv out | awk -F, -v most="$(awk -v r="$rmse" 'BEGIN { print 20 * r }')" '
		NR > 1 && ($3 - $4 > most || $4 - $3 > most) { bad = 1 } END { exit bad }'
	check "$title: the answers have the digits of the target" [ $? -eq 0 ]
done <<'END'
300-million 300000000 %.8f
minus-2e8 -200000000 %.6f
billions 4e9 %.4f
trillions 1.7e12 %.3f
END

# An input of small differences around a large number.
for offset in 250000000 -1e9 0; do
	awk -v offset="$offset" 'BEGIN {
		print "a,b,y"
		for (i = 0; i < 120; i++) { a = i * 37 % 101 / 25 - 2
			printf "%.4f,%d,%s\n", offset + a, i * 7 % 5, (a > 0.3 ? "up" : "down") } }' >noise.csv
	fit noise.csv -e 60
	json .test.accuracy >>accuracies.txt
	check "offset $offset is no constant" sh -c '! grep -q constant_inputs out err'
	try 0 predict model.onnx noise.csv
	cut -d, -f1 out >>"answers.txt"
	check "offset $offset: learned" is_near "$(tail -n 1 accuracies.txt)" 0.9 1
done
check "the accuracy of all is the same" [ "$(sort -u accuracies.txt | wc -l)" -eq 1 ]
awk 'NR > 121 && $0 != row[NR % 121] { bad = 1 } { row[NR % 121] = $0 } END { exit bad || NR != 363 }' answers.txt
check "so are the answers" [ $? -eq 0 ]

# What float32 cannot hold is said.
awk 'BEGIN { print "a,y"; for (i = 0; i < 60; i++) printf "%d,%.6ge-41\n", i % 9, i % 9 + i / 100 }' >tiny.csv
fit tiny.csv -e 3
check "below the range of float32" grep -q 'note: tiny.csv: column "y": all values are below 1.2e-38' err
awk 'BEGIN { print "a,y"; for (i = 0; i < 60; i++) printf "900719925474099%d,%.1f\n", i % 9 + 1, i / 4 }' >long.csv
fit long.csv -e 3
check "integers beyond 2^53" grep -q 'note: long.csv:[0-9]*: column "a": .*2\^53' err
try 0 predict model.onnx long.csv
check "bins of them are read again" [ "$(grep -c . out)" -eq 61 ]

# ---- Labels: each its own class, printed as it stands ----

# labels LABELS OPTIONS...: a table whose target has these labels (separated by blanks) trains to these classes, predicts
# them, and scores them by their text.
labels() {
	printf '%s\n' "$1" | tr ' ' '\n' >names.txt
	shift
	awk '{ name[NR - 1] = $0 } END { print "a,b,label"; for (i = 0; i < 30 * NR; i++)
		printf "%.2f,%d,%s\n", i % NR + i * 37 % 101 / 400, i * 5 % 7, name[i % NR] }' names.txt >labels.csv
	tr -d '"' <names.txt | sort >wanted.txt
	fit labels.csv "$@" -e 150
	mv err said.txt
	check "classes $(paste -sd' ' wanted.txt)" sh -c "jq -r '.test.classes[].name' out | sort | cmp - wanted.txt"
	try 0 predict model.onnx labels.csv
	check "answers as they stand" sh -c "tail -n +2 out | cut -d, -f1 | sort -u | cmp - wanted.txt"
	right=$(tr -d '"' <labels.csv | paste -d, - out | awk -F, 'NR > 1 && $3 "" == $4 "" { n++ } END { print n / (NR - 1) }')
	try 0 evaluate model.onnx labels.csv --json
	check "scored by their texts" is_near "$(json ".accuracy - $right")" -0.0001 0.0001
	check "all are told apart" is_near "$right" 0.9 1
}

labels '33554432 33554433 33554500'
labels '16777216 16777217 16777218 16777219 16777220'
labels '9007199254740992 9007199254740993'
labels '12345678901234567890 12345678901234567891'
labels '-16777217 -16777216'
labels '1.00000001 1.00000002' --task classification
labels '123456789 987654321'
labels '01 1 2'
labels '007 07 7 8'
labels '0 00 000'
labels '2.5 2.50 3.5' --task classification
check "the pair is named" grep -q "classes_alike: classes '2.5' and '2.50'" said.txt
labels '1 1.0 1.00' --task classification
labels 'nan fine'
check "a mark as a class is said" grep -q "note: 30 rows of 'label' hold 'nan'.* --na 'nan'" said.txt
labels 'NA None null'
labels '"NA" "DE" "FR"'
check "a quoted mark needs no word" sh -c '! grep -q "without quotes" said.txt'
labels '"NA" "1" "x"'
labels 'True False'
labels 'N/A #N/A -'
labels '"1" "2" "3"'
labels '+ -'

# A file that holds only such a class, or only such a text.
for options in '--missing error' '--missing mean'; do
	awk 'BEGIN { print "land,class"; for (i = 0; i < 60; i++) printf "\"%s\",%s\n",
		substr("NASEFR", i % 3 * 2 + 1, 2), (i % 3 ? "fine" : "nan") }' >africa.csv
	fit africa.csv $options -e 60
	printf 'land,class\n"NA",nan\n"NA",nan\n' >only.csv
	try 0 predict model.onnx only.csv
	check "NA of a model alone is Namibia ($options)" [ "$(cut -d, -f1 out | paste -sd' ')" = 'class nan nan' ]
	try 0 evaluate model.onnx only.csv --json
	check "nan of a model alone is a class ($options)" [ "$(json .rows),$(json .accuracy)" = 2,1 ]
done
printf 'land\n"DE"\n1\n' >other.csv
refuse 1 'other.csv:2: column "land" is "DE", a text that was not there' predict model.onnx other.csv --strict

# ---- Latin-1 ----

awk 'BEGIN { print "gr\366\337e,ort"; for (i = 0; i < 60; i++) printf "%d,%s\n", i % 3 * 10 + i % 4,
	i % 3 == 0 ? "K\366ln" : i % 3 == 1 ? "K\374ln" : "Z\374rich" }' >latin.csv
printf 'Köln\nKüln\nZürich\n' >cities.txt
fit latin.csv -e 60
check "JSON is UTF-8" iconv -f UTF-8 -t UTF-8 out
check "three names" sh -c "jq -r '.test.classes[].name' out | cmp - cities.txt"
check "said" grep -q 'note: latin.csv:1: .*Latin-1' err
try 0 train latin.csv $small -e 3 -o model.onnx
check "the text is UTF-8" iconv -f UTF-8 -t UTF-8 out
check "so is standard error" iconv -f UTF-8 -t UTF-8 err
try 0 predict model.onnx latin.csv
check "predictions are UTF-8" grep -q '^class,Köln,Küln,Zürich$' out
iconv -f LATIN1 -t UTF-8 latin.csv >utf8.csv
same latin.csv utf8.csv "the same as in UTF-8"
refuse 1 'latin.csv:1: .*UTF-8' train latin.csv --encoding utf-8

# ---- Headers ----

# header TABLE CLASSES ROWS NAMES OPTIONS...: the first line is a header.
header() {
	table=$1
	classes=$2
	rows=$3
	names=$4
	shift 4
	fit "$table" "$@" -e 3
	check "$table: $rows rows" [ "$(json '.train_rows + .test_rows')" -eq "$rows" ]
	check "$table: $classes classes" [ "$(json '.test.classes | length')" -eq "$classes" ]
	try 0 inspect model.onnx
	check "$table: its names" grep -q "^inputs .*: $names\$" out
	try 0 predict model.onnx "$table"
	check "$table: an answer for each row" [ "$(wc -l <out)" -eq $((rows + 1)) ]
}

awk 'BEGIN { print "price,safety,kind"; for (i = 0; i < 120; i++) printf "%s,%s,%s\n", substr("lowmidtop", i % 3 * 3 + 1, 3),
	i % 2 ? "good" : "bad", i % 3 == 1 ? "yes" : "no" }' >words.csv
header words.csv 2 120 'price, safety'
tr , '\t' <words.csv >words.tsv
header words.tsv 2 120 'price, safety'
sed 's/[^,]*/"&"/g' words.csv >quoted.csv
header quoted.csv 2 120 'price, safety'
head -n 19 words.csv >few.csv
header few.csv 2 18 'price, safety' --target kind --test 0.3
header few.csv 2 18 'price, safety' --test 0.3
tail -n +2 words.csv >bare.csv
fit bare.csv -e 3
check "no header: 120 rows" [ "$(json '.train_rows + .test_rows')" -eq 120 ]

# Texts that occur again only far below.
awk 'BEGIN { print "first,second"; for (i = 0; i < 80; i++) printf "t%d,u%d\n", i % 40, i * 7 % 40 }' >far.csv
header far.csv 40 80 first
awk 'BEGIN { print "0,1,2"; for (i = 0; i < 30; i++) printf "%.1f,%.2f,%d.0\n", i, i / 3, i % 4 }' >floats.csv
fit floats.csv -e 3
check "0,1,2 above 1.0 is a header" [ "$(json '.train_rows + .test_rows')" -eq 30 ]

fit words.csv --header yes -e 3
printf 'price,safety\nlow,good\ntop,bad\n' >new.csv
try 0 predict model.onnx new.csv
check "a header and two answers" [ "$(wc -l <out)" -eq 3 ]
mv out expected.txt
printf 'safety\tprice\ngood\tlow\nbad\ttop\n' >new.csv
try 0 predict model.onnx new.csv
check "in another order" cmp expected.txt out
printf '"price";"color";"safety"\n"low";"red";"good"\n"top";"blue";"bad"\n' >new.csv
try 0 predict model.onnx new.csv
check "among others" cmp expected.txt out
printf 'low,good\ntop,bad\n' >new.csv
try 0 predict model.onnx new.csv
check "without a header" cmp expected.txt out

# Names that are numbers.
for names in 0,1,2 1,2,3 2018,2019,2020 10,20,30 3,1,2 5,5.5,6; do
	awk -v names="$names" 'BEGIN { print names
		for (i = 0; i < 60; i++) printf "%.1f,%d,%d\n", i % 10 + 0.5, i % 7, (i % 10 > 4) }' >numbers.csv
	tail -n +2 numbers.csv >bare.csv
	fit numbers.csv --header yes -e 20
	trained=$(json .test.accuracy)
	try 0 predict model.onnx numbers.csv
	check "$names: 60 answers" [ "$(wc -l <out)" -eq 61 ]
	mv out expected.txt
	try 0 predict model.onnx bare.csv --header no
	check "$names: the same without the header" cmp expected.txt out
	try 0 evaluate model.onnx numbers.csv --json
	check "$names: 60 rows are scored" [ "$(json .rows)" -eq 60 ]
	try 0 evaluate model.onnx numbers.csv --part test --json
	check "$names: as trained" is_near "$(json ".accuracy - $trained")" -0.0001 0.0001
	cut -d, -f1,2 numbers.csv >inputs.csv
	try 0 predict model.onnx inputs.csv
	check "$names: the inputs alone" cmp expected.txt out
done

# ---- Numbers in other clothes: the same as without ----

# plain.csv: a whole number of up to seven digits, two with a fraction, and a target of both signs.
awk 'BEGIN { print "sold,size,share,gain"; for (i = 0; i < 60; i++) printf "%d,%.3f,%.1f,%.2f\n",
	(i * 7919 + 13) * 97 % 5000000 + 1, i * 37 % 101 / 8, i * 53 % 97, (i % 17 - 8) * 1234.25 + i / 4 }' >plain.csv
tail -n +2 plain.csv >bare.csv

# dressed TITLE OPTIONS...: dressed.csv is plain.csv in other clothes.
dressed() {
	same dressed.csv plain.csv "$@"
}

sed 's/,/;/g; s/\./,/g' plain.csv >dressed.csv
dressed 'decimal commas between semicolons'
check "said" grep -q 'note: dressed.csv: .*decimal comma' err
sed 's/,/\t/g; s/\./,/g' plain.csv >dressed.csv
dressed 'decimal commas between tabs'
sed '2,$s/,/","/g; 2,$s/\./,/g; 2,$s/.*/"&"/' plain.csv >dressed.csv
dressed 'decimal commas in quotes'
sed 's/,/;/g; s/\./,/g' bare.csv >dressed.csv
same dressed.csv bare.csv 'decimal commas without a header'
sed 's/,/ | /g; s/\./,/g' plain.csv >dressed.csv
dressed 'decimal commas between bars'

# What a comma is, the model knows, with and without names.
awk 'BEGIN { print "a;b;y"; for (i = 0; i < 60; i++) printf "%d,%03d;%d,5;%d,25\n", i % 7 + 1, i * 37 % 1000, i % 9, i }' >comma.csv
fit comma.csv -e 20
printf 'a;b\n1,234;2,345\n' >new.csv
try 0 predict model.onnx new.csv
mv out expected.txt
printf 'a,b\n"1,234","2,345"\n' >new.csv
try 0 predict model.onnx new.csv
check "decimal commas as in training" cmp expected.txt out
printf '"1,234","2,345"\n' >new.csv
try 0 predict model.onnx new.csv --header no
check "without names" cmp expected.txt out
printf '"1,234","2,345","3,456"\n' >new.csv
try 0 predict model.onnx new.csv --header no
check "without names, beside the target" cmp expected.txt out

# grouped MARK POINT SEPARATOR QUOTE: plain.csv with a mark between thousands.
grouped() {
	awk -F, -v mark="$1" -v point="$2" -v separator="$3" -v quote="$4" '
		function group(text,   sign, whole, rest, at) {
			sign = text ~ /^-/ ? "-" : ""
			sub(/^-/, "", text)
			at = index(text, ".")
			whole = at ? substr(text, 1, at - 1) : text
			rest = at ? point substr(text, at + 1) : ""
			while (length(whole) > 3) {
				rest = mark substr(whole, length(whole) - 2) rest
				whole = substr(whole, 1, length(whole) - 3)
			}
			return quote sign whole rest quote
		}
		{ for (i = 1; i <= NF; i++) printf "%s%s", NR == 1 ? $i : group($i), i < NF ? separator : "\n" }' plain.csv >dressed.csv
}

grouped , . , '"'
dressed 'thousands in quotes'
check "said" grep -q 'note: dressed.csv: .*thousands' err
grouped , . ';' ''
dressed 'thousands between semicolons'
grouped . , ';' ''
dressed 'points between thousands, decimal commas'
grouped ' ' , ';' ''
dressed 'blanks between thousands, decimal commas'
grouped "'" . , ''
dressed "apostrophes between thousands"

awk -F, 'NR == 1 { print; next } { sign = $4 < 0 ? "-" : ""; sub(/^-/, "", $4)
	print "$" $1, $2, $3 "%", sign "$" $4 }' OFS=, plain.csv >dressed.csv
dressed 'dollars and percent'
awk -F, 'NR == 1 { print; next } { print $1 " €", $2, $3 " %", $4 " €" }' OFS=, plain.csv >dressed.csv
dressed 'euros behind the number'
awk -F, 'NR == 1 { print; next } { print "USD " $1, $2, $3, "EUR " $4 }' OFS=, plain.csv >dressed.csv
dressed 'codes of currencies'
sed '2,$s/,-/,−/g' plain.csv >dressed.csv
dressed 'U+2212'
awk -F, 'NR == 1 { print; next } { sub(/^-.*/, "(&)", $4); sub(/\(-/, "(", $4); print }' OFS=, plain.csv >dressed.csv
dressed 'parentheses of losses'
sed '2,$s/[^,]*/" & "/g' plain.csv >dressed.csv
dressed 'blanks within quotes'
sed '2,$s/[^,]*/ & /g' plain.csv >dressed.csv
dressed 'blanks around'
sed '2,$s/[^,]*/\t&/g' plain.csv >dressed.csv
dressed 'tabs around'
sed 's/[^,]*/"&"/g' plain.csv >dressed.csv
dressed 'all in quotes'
sed 's/,/ /g' plain.csv >dressed.csv
dressed 'blanks as separators'
{ printf '# sales\n# all of them, by the day\n' && cat plain.csv; } >dressed.csv
dressed 'comments'
check "said" grep -q 'note: dressed.csv: 2 lines were taken for comments' err
{ printf '%% sales\n' && cat bare.csv && printf '# end\n'; } >dressed.csv
same dressed.csv bare.csv 'comments at both ends'
{ printf 'sep=;\r\n' && sed 's/,/;/g; s/$/\r/' plain.csv && printf '\032'; } >dressed.csv
dressed 'as Excel saves it'
grouped , . , '"'
sed '2,$s/"\(-*\)\([^"]*\)"$/"\1$\2"/' dressed.csv >money.csv
same money.csv plain.csv 'money with thousands'

awk 'BEGIN { print "a,on,y"
	for (i = 0; i < 60; i++) printf "%d,%s,%.1f\n", i % 9, (i % 2 ? "True" : "False"), i % 9 / 2 + i % 2 * 3 }' >truth.csv
sed 's/True/1/; s/False/0/' truth.csv >zero.csv
same truth.csv zero.csv 'True and False'

awk 'BEGIN { print "month,y"; for (i = 0; i < 60; i++) printf "%d-%02d,%d.5\n", 1950 + i / 12, i % 12 + 1, i }' >months.csv
sed 's/^[-0-9]*/&-01/' months.csv >days.csv
same months.csv days.csv 'months'
awk 'BEGIN { print "day,y"; for (i = 0; i < 56; i++) printf "%d.2.2026,%d.5\n", i % 28 + 1, i }' >days.csv
awk 'BEGIN { print "day,y"; for (i = 0; i < 56; i++) printf "%d,%d.5\n", 1769904000 + i % 28 * 86400, i }' >seconds.csv
same days.csv seconds.csv 'days'

# Times of day are numbers, and a day and its time have one value in any order and by any name.
awk 'BEGIN { print "at,y"; for (i = 0; i < 60; i++) printf "%02d:%02d,%d.5\n", i % 24, i * 7 % 60, i }' >clock.csv
awk 'BEGIN { print "at,y"; for (i = 0; i < 60; i++) printf "%d,%d.5\n", i % 24 * 3600 + i * 7 % 60 * 60, i }' >seconds.csv
same clock.csv seconds.csv 'times of day'
sed 's/^\([0-9]*\):\([0-9]*\),/30 Nov 2026 \1:\2:00,/' clock.csv >plain-days.csv
while read -r title pattern; do
	sed "s/^\([0-9]*\):\([0-9]*\),/$pattern,/" clock.csv >days.csv
	same days.csv plain-days.csv "$title"
done <<'EOF'
log 30\/Nov\/2026:\1:\2:00 +0000
ctime Mon Nov 30 \1:\2:00 2026
time-first \1:\2 30-NOV-26
glued 30NOV2026:\1:\2
file-name 20261130_\1\200
EOF

# A unit behind each number is named, and a target of such texts is called one.
awk 'BEGIN { print "a,weight"; for (i = 0; i < 40; i++) printf "%d,%.1f kg\n", i % 7, i / 2 }' >units.csv
refuse 1 'the target "weight" is a column of texts, such as "0.0 kg"' train units.csv
try 0 inspect units.csv
check "the unit is named" grep -q 'note: .*"weight": texts, as all its numbers have " kg" behind them' err

# Numbers in several forms are no texts: the first line that differs is named.
while read -r odd; do
	awk -F, -v odd="$odd" 'NR == 41 { $2 = odd } { print }' OFS=, plain.csv >mixed.csv
	refuse 1 "mixed.csv:41: column \"size\" has " train mixed.csv
done <<'END'
5%
"1.234,5"
2026-11-30
5 kg
~5
END
awk -F, 'NR > 1 { $1 = (NR > 30 ? "EUR " : "$") $1 } { print }' OFS=, plain.csv >mixed.csv
refuse 1 'mixed.csv:31: column "sold" has "EUR [0-9]*", which is written otherwise' train mixed.csv
fit mixed.csv --text sold -e 2
fit mixed.csv --ignore sold -e 2

# ---- Missing values by other names ----

for mark in '#N/A' - '<NA>' None missing n.a. -- . NULL '?' N/A NaN '#DIV/0!' nan NIL '\N' NaT; do
	awk -F, -v mark="$(printf '%s' "$mark" | sed 's/\\/\\\\/g')" 'NR > 1 && NR % 8 == 5 { $2 = mark } { print }' OFS=, plain.csv >marked.csv
	awk -F, 'NR > 1 && NR % 8 == 5 { $2 = "" } { print }' OFS=, plain.csv >empty.csv
	same marked.csv empty.csv "$mark is missing" --missing mean
	same marked.csv empty.csv "$mark is missing" --missing drop
	refuse 1 'marked.csv:5: column "size" has no value' train marked.csv --missing error
	case $mark in # these say "no value" themselves
	NULL | '?' | N/A | NaN | nan) ;;
	*) check "$mark is named, though --quiet leaves out the note" grep -iFq "has no value (taken as missing: \"$mark\")" err ;;
	esac
done
awk -F, 'NR == 21 { $2 = "oops" } { print }' OFS=, plain.csv >marked.csv
refuse 1 'marked.csv:21: column "size" has the text "oops".*--na TEXT.*--text COLUMN' train marked.csv
awk -F, 'NR == 21 { $2 = "" } { print }' OFS=, plain.csv >empty.csv
try 0 train empty.csv $small --missing mean -e 3 -q -o model.onnx
try 0 predict model.onnx empty.csv
mv out expected.txt
try 0 train marked.csv $small --missing mean -e 3 -q -o model.onnx --na oops
try 0 predict model.onnx marked.csv
check "--na, which the model remembers" cmp expected.txt out

# ---- Lines above a table ----

# above N TEXT: plain.csv below lines that end in newlines is refused with the number to skip, and read with it.
above() {
	{ printf "$2" && tr , "${3-,}" <plain.csv; } >report.csv
	refuse 1 "report.csv:[0-9]*: .*if the table begins there, say --skip $1\$" train report.csv
	fit plain.csv -e 3
	try 0 predict model.onnx plain.csv
	mv out expected.txt
	for command in predict evaluate; do
		refuse 1 "report.csv:$(($1 + 1)): names the columns of the model, below other lines; --skip $1 " $command model.onnx report.csv
	done
	fit report.csv -e 3 --skip "$1"
	try 0 predict model.onnx report.csv --skip "$1"
	check "$1 lines above: the rows below are read" cmp expected.txt out
}

above 3 'Sales\nof 2025, 2026\nby the day\n'
above 4 '"Source","Ledger",\n\n"Updated","2026-11-30",\n\n'
above 1 'Sales of all days\n'
above 2 '"Sales of\nall days"\n'
for mark in '\t' ';' '|' ' '; do
	above 3 'Logger 5\nby Kim\n\n' "$mark"
done
{ printf 'Sales,of,all,days\n' && cat plain.csv; } >report.csv
refuse 1 'report.csv:2: names the columns of the model, below other lines; --skip 1 ' predict model.onnx report.csv

# Blanks part dates from their times, as in what R's write.table() makes of them.
awk 'BEGIN { print "\"when\" \"y\""; for (i = 1; i < 60; i++) printf "\"%d\" 2026-01-%02d 10:00:00 %d.5\n", i, i % 28 + 1, i % 7 }' >r.txt
refuse 1 'r.txt:2: expected 2 columns .*blanks separate, so a date and its time are two columns; write them in quotes' train r.txt
sed 's/2026-01-[0-9]* [0-9:]*/"&"/' r.txt >quoted.txt
fit quoted.txt -e 2
sed 's/"//g' r.txt >bare.txt
refuse 1 'bare.txt:2: .*a date and its time are two columns' train bare.txt
cut -d' ' -f2- bare.txt | sed '1s/.*/when y/' >none.txt
refuse 1 'none.txt:2: .*a date and its time are two columns' train none.txt

# One column with decimal commas.
awk 'BEGIN { print "\"x\""; for (i = 0; i < 40; i++) printf "%d,%d\n", i % 9, i % 5 + 1 }' >one.csv
refuse 1 'one.csv:2: .*--decimal , makes it one number' inspect one.csv
try 0 inspect one.csv --decimal , --json
check "it has one column" [ "$(json '.columns | length')" = 1 ]
check "of numbers" [ "$(json '.columns[0].max')" = 8.4 ]
awk 'BEGIN { print "x;y"; for (i = 0; i < 40; i++) printf "%d,%d;%d,5\n", i % 9, i % 5 + 1, i % 7 }' >two.csv
fit two.csv -e 2
try 0 predict model.onnx two.csv
mv out expected.txt
try 0 predict model.onnx one.csv
check "a model that knows decimal commas reads it" cmp expected.txt out

# ---- The task ----

# task ROWS DIFFERENT TASK: integers of so many values are classes or a number.
task() {
	awk -v rows="$1" -v different="$2" 'BEGIN { print "a,b,y"
		for (i = 0; i < rows; i++) printf "%.2f,%d,%d\n", i / 4, i * 7 % 5, i % different + 3 }' >integers.csv
	fit integers.csv -e 2
	check "$2 integers in $1 rows: $3" [ "$(json .task)" = "$3" ]
}

task 60 14 regression
task 12 12 regression
task 25 25 regression
task 79 16 regression
task 80 16 classification
task 15 5 regression
task 60 3 classification
task 100 10 classification
task 40 2 classification
task 600 30 regression
awk 'BEGIN { print "a,y"; for (i = 0; i < 12; i++) printf "%d,%d\n", i, i * i }' >squares.csv
fit squares.csv -e 2
check "12 of 12: predicts y" [ "$(json .target)" = y ]
try 0 train integers.csv $small -e 2 -o model.onnx
check "the first line says so" sh -c "head -n 1 err | grep -q \"^Predicting 'y' (last column), a number\""
fit integers.csv --task classification -e 2
check "the option decides" [ "$(json .task)" = classification ]

# ---- Scores of several targets ----

# scored TABLE TARGETS: scores of all rows are means of the targets', as computed here from the predictions.
scored() {
	count=$(echo "$2" | awk -F, '{ print NF }')
	fit "$1" --target "$2" -e 30
	try 0 predict model.onnx "$1"
	check "$1: $count answers" [ "$(awk -F, 'NR == 2 { print NF }' out)" -eq "$count" ]
	paste -d, "$1" out | awk -F, -v count="$count" 'NR > 1 {
			for (i = 0; i < count; i++) { y = $(NF - 2 * count + 1 + i); e = y - $(NF - count + 1 + i)
				n[i]++; square[i] += e * e; absolute[i] += e < 0 ? -e : e
				if (n[i] == 1) first[i] = y
				y -= first[i]; sum[i] += y; sums[i] += y * y } }
		END { for (i = 0; i < count; i++) { all = sums[i] - sum[i] * sum[i] / n[i]
				rmse += sqrt(square[i] / n[i]) / count; mae += absolute[i] / n[i] / count
				r2 += (all > 0 ? 1 - square[i] / all : square[i] == 0) / count }
			printf "rmse %.9g\nmae %.9g\nr2 %.9g\n", rmse, mae, r2 }' >means.txt
	try 0 evaluate model.onnx "$1" --json
	while read -r measure value; do
		check "$1: $measure is $(json ".$measure"), by hand $value" is_near "$(json "(.$measure - $value) / $value")" -1e-4 1e-4
	done <means.txt
}

awk 'BEGIN { print "a,b,c,u,v,w"; for (i = 0; i < 150; i++) { a = i * 37 % 101 / 25 - 2; b = i * 53 % 97 / 24 - 2; c = i * 29 % 89 / 22 - 2
	printf "%.3f,%.3f,%.3f,%.4f,%.1f,%.4g\n", a, b, c, 2 * a - b, 3000 * c + 20 * a, (a + b) / 1e4 } }' >units.csv
scored units.csv u,v,w
awk -F, 'NR > 1 { $6 = 7 } { print }' OFS=, units.csv >constant.csv
scored constant.csv u,v,w
check "the constant target has an R2 of 0" [ "$(json '.targets[2].r2')" = 0 ]
check "the others have theirs" is_near "$(json '.targets[0].r2')" 0.3 1
cut -d, -f1,2,4,6 constant.csv >two.csv
scored two.csv u,w
check "half of the other's" is_near "$(json '.r2 - .targets[0].r2 / 2')" -1e-9 1e-9

finish
