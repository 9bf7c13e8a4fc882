#!/bin/sh
# SPDX-License-Identifier: MIT
# predictions.sh - one answer a row, whatever the rows lack, and the scores of such rows
#
#     tests/cli/predictions.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# Passengers: an age with gaps, a fare, a sex, a harbor with gaps. The first N of 800 rows.
passengers() {
	awk -v n="$1" 'BEGIN {
		print "id,age,fare,sex,harbor,class"
		x = 7
		for (i = 0; i < n; i++) {
			for (k = 0; k < 4; k++) {
				x = (x * 1103 + 12345) % 65536
				u[k] = x / 65536
			}
			age = int(10 + 60 * u[0])
			sex = u[1] < 0.5 ? "female" : "male"
			harbor = substr("CQS", int(3 * u[2]) + 1, 1)
			printf "%d,%s,%.2f,%s,%s,%s\n", i, (i % 5 == 2 ? "" : age), 100 * u[3], sex, (i % 50 == 3 ? "" : harbor),
				((sex == "female") + (age < 30) + (u[3] > 0.5) > 1 ? "yes" : "no")
		}
	}'
}
passengers 800 >all.csv
(head -n 1 all.csv && sed 1d all.csv | head -n 600) >train.csv
(head -n 1 all.csv && sed 1d all.csv | tail -n 200) >new.csv
try 0 train train.csv --ignore id --scaling standard -e 60
check "one line says what is filled in" [ "$(grep -c "note: .*'age' .* missing, 'harbor' .* missing in the training rows" err)" -eq 1 ]
try 0 inspect train.onnx --json
check "the network has an input for each column with gaps" [ "$(json .inputs)" -eq 9 ] # age, fare, 2 sexes, 3 harbors, 2 gaps

answers() { # ROWS FILE [OPTION...]: one answer a row, each with three fields
	rows=$1
	shift
	try 0 predict train.onnx "$@"
	check "$rows answers for $*" [ "$(sed 1d out | wc -l)" -eq "$rows" ]
	check "each is whole ($*)" [ "$(awk -F, 'NF != 3 || $0 == ""' out | wc -l)" -eq 0 ]
	check "each has a class ($*)" [ "$(sed 1d out | grep -cvE '^(yes|no),')" -eq 0 ]
}

# ---- Damaged fields ----

accuracy() { # FILE
	try 0 evaluate train.onnx "$1" --json -q
	json .accuracy
}

whole=$(accuracy new.csv)
check "the network has learned" awk "BEGIN { exit !($whole > 0.85) }"
for share in 1 10 50; do
	awk -F, -v OFS=, -v share="$share" 'NR > 1 {
		for (i = 2; i < NF; i++) {
			x = (x * 1103 + 12345 + NR) % 65536
			if (x / 65536 * 100 < share)
				$i = x % 3 == 0 ? "" : x % 3 == 1 ? "?" : "n.n."
		}
	} { print }' new.csv >damaged.csv
	answers 200 damaged.csv
	damaged=$(accuracy damaged.csv)
	check "$share % of the fields damaged: $damaged of $whole" awk "BEGIN { exit !($damaged <= $whole + 0.02 && $damaged > $whole - 0.05 - $share / 80) }"
	try 1 predict train.onnx damaged.csv --strict
	check "--strict names line and column" grep -Eq '^hebb: damaged.csv:[0-9]+: column "(age|fare|sex|harbor)" ' err
	check "--strict answers nothing" [ ! -s out ]
done
try 0 predict train.onnx damaged.csv
check "one note counts by column" [ "$(grep -c "note: damaged.csv: 200 rows: 'age' [0-9]* missing and [0-9]* not numbers, 'fare' .*, 'sex' [0-9]* missing and [0-9]* new, 'harbor' " err)" -eq 1 ]
try 0 predict train.onnx damaged.csv --quiet
check "--quiet has no note" [ ! -s err ]

# ---- Numbers that float32 cannot hold ----

awk -F, -v OFS=, 'NR % 7 == 2 { $3 = NR % 2 ? "inf" : "1e39" } NR % 9 == 3 { $2 = "-Infinity" } { print }' new.csv >vast.csv
answers 200 vast.csv
check "they count as no numbers" grep -q "'age' [0-9]* missing and [0-9]* not numbers, 'fare' 29 not numbers" err
awk -F, -v OFS=, 'NR % 7 == 2 { $3 = "" } NR % 9 == 3 { $2 = "" } { print }' new.csv >lacks.csv
mv out other
answers 200 lacks.csv
check "and are answered as missing" cmp out other
try 1 predict train.onnx vast.csv --strict
check "--strict names line and column" grep -q '^hebb: vast.csv:2: column "fare" has the text "1e39" where a number' err
try 0 train train.csv --ignore id -e 5 --test vast.csv -o vast.onnx
check "train --test counts them too" grep -q "vast.csv: .*'fare' 29 not numbers" err
printf 'age,fare,sex,harbor\n30,"1,5e39",male,C\n30,"1,5",male,C\n' >comma.csv
answers 2 comma.csv
refuse 1 'vast.csv:3: column "age" is infinite' train vast.csv --ignore id

awk 'BEGIN {
	print "x1,x2,x3,x4,x5,x6,x7,class"
	for (i = 0; i < 100; i++) print "1,2,3,4,5,6," (i % 2 ? "no,a" : "yes,b")
}' >wide.csv
try 0 train wide.csv -e 1 -o wide.onnx
printf 'x1,x2,x3,x4,x5,x6,x7\n?,?,?,?,?,?,maybe\n,,,,,,no\n' >others.csv
try 0 predict wide.onnx others.csv
check "what becomes of columns that are not named is said too" grep -q 'and 1 more column; the mean fills a gap, and a new text' err

# ---- Unknown texts are none of the levels, gaps are the mean ----

printf 'age,fare,sex,harbor\n30,50,female,X\n30,50,female,Y\n30,50,female,C\n' >word.csv
answers 3 word.csv
check "two unknown texts are the same" [ "$(sed -n 2p out)" = "$(sed -n 3p out)" ]
check "and no level" [ "$(sed -n 2p out)" != "$(sed -n 4p out)" ]
printf 'age,fare,sex,harbor\n,50,female,C\nold,50,female,C\nNA,50,female,C\n40,50,female,C\n' >gap.csv
answers 4 gap.csv
check "each sort of gap is the same" [ "$(sed -n 2,4p out | sort -u | wc -l)" -eq 1 ]
printf 'age,fare,sex,harbor\n30,50,female,X\n' >one.csv
answers 1 one.csv
printf 'age,fare,sex,harbor\n,,,\n' >none.csv
answers 1 none.csv

# ---- Columns ----

awk -F, -v OFS=, '{ print $5, $4, $3, $2 }' new.csv >order.csv
answers 200 order.csv
mv out other
answers 200 new.csv
cp out numbers
check "the order of named columns does not matter" cmp out other
sed 1d new.csv >bare.csv
answers 200 bare.csv
check "nor that there is no header" cmp out other
sed '1s/age/Age/' new.csv >cased.csv
refuse 1 "has no column 'age'.*'Age'" predict train.onnx cased.csv
cut -d, -f1,2,4- new.csv >fewer.csv
refuse 1 "has no column 'fare'" predict train.onnx fewer.csv
awk -F, -v OFS=, '{ print $0, NR }' new.csv >more.csv
answers 200 more.csv
awk -F, -v OFS=, 'NR > 1 { $2 = "blue" } { print }' new.csv >texts.csv
refuse 1 'texts.csv:2: column "age" has "blue", and none of its first 200 values is a number.*--missing mean' predict train.onnx texts.csv
answers 200 texts.csv --missing mean
awk -F, -v OFS=, 'NR > 1 { $2 = "2026-11-" 10 + NR % 20 } { print }' new.csv >days.csv
refuse 1 'days.csv:2: column "age" has "2026-11-12", and none of its first 200 values is a number' predict train.onnx days.csv
awk -F, -v OFS=, 'NR > 1 { $5 = "Z" NR % 7 } { print }' new.csv >levels.csv
refuse 1 'levels.csv:2: column "harbor" has "Z2", and none of its first 200 values was there in training' predict train.onnx levels.csv
answers 200 levels.csv --missing mean
try 0 train train.csv --text id -e 5 -o named.onnx
try 0 predict named.onnx new.csv
check "names that are all new are answered" [ "$(sed 1d out | wc -l)" -eq 200 ]
check "and counted" grep -q "'id' 200 new" err
awk -F, -v OFS=, 'NR > 1 { $1 = int(NR / (NR < 420 ? 1 : 2)) } { print }' train.csv >half.csv
try 0 train half.csv --text id -e 5 -o half.onnx
refuse 1 'new.csv:2: column "id" has "600", and none of its first 200 values was there' predict half.onnx new.csv
head -n 2 new.csv >few.csv
sed -n 3p new.csv >>few.csv
try 0 predict half.onnx few.csv
awk -F, -v OFS=, 'NR > 1 { $2 = "" } { print }' new.csv >empty.csv
answers 200 empty.csv
check "a column that is empty is filled, and said" grep -q "'age' 200 missing (all)" err
awk -F, -v OFS=, 'NR > 1 { $2 = NR < 1001 ? "blue" : 5 } { print } END { for (i = 0; i < 1500; i++) print "1,20,3,male,S,no" }' new.csv >late.csv
answers 1700 late.csv
awk 'BEGIN { print "age,fare,sex,harbor"; for (i = 0; i < 1100; i++) print (i < 1000 ? "blue" : 5) ",20,male,S" }' >late.csv
refuse 1 'none of its first 1,000 values is a number' predict train.onnx late.csv
: >nothing.csv
refuse 1 'nothing.csv: ' predict train.onnx nothing.csv
head -n 1 new.csv >header.csv
refuse 1 'header.csv: ' predict train.onnx header.csv

# Decimal commas where the model had points, and a text among them.
awk -F, -v OFS=';' 'NR > 1 { sub(/[.]/, ",", $3) } { $1 = $1; print }' new.csv >commas.csv
answers 200 commas.csv
check "decimal commas are the same numbers" cmp out numbers
sed '9s/^\([^;]*;[^;]*\);[^;]*/\1;n.n./' commas.csv >comma.csv
answers 200 comma.csv
check "beside a text too" [ "$(sed -n 9d\;p out | cksum)" = "$(sed -n 9d\;p numbers | cksum)" ]
check "which is counted" grep -q "'fare' 1 not a number" err
printf 'age,fare,sex,harbor\n30,1.234,male,C\n30,n.n.,male,C\n30,"1,5",male,C\n' >point.csv
answers 3 point.csv
check "1.234 stays what it is" grep -q "'fare' 2 not numbers" err

# ---- Scores ----

awk -F, -v OFS=, 'NR == 5 || NR == 9 { $6 = "maybe" } NR == 7 { $6 = "" } { print }' new.csv >unseen.csv
try 0 evaluate train.onnx unseen.csv
check "rows without a target are counted" grep -q 'unseen.csv: 1 labelled row has no target and is left out' err
check "classes that training did not have too" grep -q 'unseen.csv: 2 rows have a class that was not there in training; this counts as wrong' err
try 0 evaluate train.onnx unseen.csv --json
check "199 rows" [ "$(json .rows)" -eq 199 ]
awk -F, 'NR != 5 && NR != 7 && NR != 9' new.csv >known.csv
right=$(json '.accuracy * 199 + 0.5 | floor')
try 0 evaluate train.onnx known.csv --json
check "the two are wrong" [ "$(json '.accuracy * 197 + 0.5 | floor')" -eq "$right" ]
check "the confusion matrix has the others" [ "$(json '[.confusion[][]] | add')" -eq 197 ]
head -n 2 known.csv >single.csv
try 0 evaluate train.onnx single.csv
check "one row is one row" grep -q '^1 row: ' out
awk -F, -v OFS=, 'NR > 1 { $6 = "maybe" } { print }' single.csv >other.csv
try 0 evaluate train.onnx other.csv
check "no score is NaN beside the loss" [ "$(grep -ci nan out)" -eq 1 ]
try 0 predict train.onnx single.csv --drift
check "drift of one row" grep -q '^drift of 1 row from the 480 of training' err
try 0 train train.csv --ignore id --test unseen.csv -e 5 --force
check "train --test says so too" grep -q 'unseen.csv: 2 rows have a class that was not' err
try 0 train train.csv --ignore id --validation unseen.csv -e 5 --force
check "they are left out of a validation" grep -q 'left out of the validation' err
sed '2,$s/,[a-z]*$/,maybe/' unseen.csv >none.csv
refuse 1 'none.csv: no row has a class that was there in training' train train.csv --ignore id --validation none.csv -e 5 --force
awk -F, -v OFS=, '{ print $2, $3, (NR == 1 ? "a" : NR % 2), (NR == 1 ? "b" : NR % 3 > 0) }' train.csv >labels.csv
sed '3s/,[01]$/,x/' labels.csv >odd.csv
try 0 train labels.csv --labels a,b --validation odd.csv -e 5 --json
check "an unknown label is a gap, and its row stays" [ "$(json .validation_rows)" = 600 ]

# ---- Training ----

awk -F, -v OFS=, 'NR % 10 == 4 { $6 = "" } { print }' train.csv >lacking.csv
try 0 train lacking.csv --ignore id -e 5 -o lacking.onnx
check "rows without a target are left out of the training" grep -Eq 'lacking.csv: [0-9]+ training rows have no target and are left out' err
for missing in indicator mean drop; do
	try 0 train train.csv --ignore id -e 5 --missing $missing -o $missing.onnx --json
	try 0 predict $missing.onnx gap.csv
	check "4 lines with --missing $missing" [ "$(sed 1d out | wc -l)" -eq 4 ]
	check "NaN if such rows were dropped ($missing)" [ "$(grep -c NaN out)" -eq "$([ $missing = drop ] && echo 3 || echo 0)" ]
done
try 0 train train.csv --ignore id -e 5 --missing drop --test last:100 --validation 0.1 -o part.onnx
check "test rows that are dropped are counted" grep -q 'train.csv: 22 test rows have missing values and are left out' err
check "and validation rows" grep -Eq 'train.csv: [0-9]+ validation rows have missing values and are left out' err
refuse 1 'train.csv:[0-9]+: column "(age|harbor)" has no value' train train.csv --missing error
try 0 train train.csv --target fare --ignore id,class -e 5 -o number.onnx
try 0 predict number.onnx damaged.csv
check "numbers: one answer a row" [ "$(sed 1d out | grep -c '^[0-9.-]')" -eq 200 ]

# A level that only rows held out have: its input keeps no weights of the start.
awk -F, -v OFS=, 'NR > 500 { $5 = "Z" } { print }' train.csv >late.csv
try 0 train late.csv --ignore id --test last:101 -e 20 -o late.onnx
printf 'age,fare,sex,harbor\n30,50,female,Z\n30,50,female,new\n30,50,female,C\n' >level.csv
try 0 predict late.onnx level.csv
check "it is as good as unknown" [ "$(sed -n 2p out)" = "$(sed -n 3p out)" ]
finish
