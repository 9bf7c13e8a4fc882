#!/bin/sh
# SPDX-License-Identifier: MIT
# columns.sh - which columns train, and how a table is read, is what the options say; a model remembers its columns
#
#     tests/cli/columns.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

# An id, two inputs, weights, groups of 7 rows, days that go down, a column of strange marks, and the class.
awk 'BEGIN { print "id,p_1,p_2,w,patient,day,junk,kind"
	for (i = 0; i < 210; i++) { a = i * 37 % 101; b = i * 53 % 97
		printf "r%d,%d,%d,%d,P%d,%d,%s,%s\n", i, a, b, i % 3, i % 30, 999 - i,
			substr("NA  -   #N/Ax 7 ", i % 4 * 4 + 1, 4), (a + b > 98 ? "yes" : "no") } }' >all.csv
cut -d, -f2,3,8 all.csv >three.csv

# ---- Columns that are left out do not matter ----

try 0 train all.csv --ignore id,4-7 -q -e 3 -o ignored.onnx
try 0 train all.csv --inputs 'p_*' -q -e 3 -o chosen.onnx
try 0 train three.csv -q -e 3 -o three.onnx
for model in ignored chosen; do
	try 0 predict $model.onnx all.csv
	mv out $model.csv
	check "no note of what $model.onnx left out" [ ! -s err ]
done
try 0 predict three.onnx three.csv
check "the same as without these columns" cmp out ignored.csv
check "by --inputs, too" cmp ignored.csv chosen.csv
try 0 predict ignored.onnx three.csv
check "a file without them" cmp out ignored.csv
cut -d, -f2,3 all.csv | tail -n +2 >inputs.csv
try 0 predict ignored.onnx inputs.csv --header no
check "the inputs alone, by place" cmp out ignored.csv
tail -n +2 all.csv >bare.csv
try 0 predict ignored.onnx bare.csv --header no
check "all columns, by place" cmp out ignored.csv
try 0 evaluate ignored.onnx all.csv --part test --json
check "the test part is found" [ "$(json .rows)" -eq 42 ]
awk -F, 'NR == 1 { $2 = "p_1,new" } NR > 1 { $2 = $2 ",z" } { print }' OFS=, all.csv >more.csv
try 0 predict ignored.onnx more.csv
check "a column more is noted" grep -q "note: more.csv: 6 columns that the network does not use" err
check "and changes nothing" cmp out ignored.csv

# ---- Weights, groups and times ----

try 0 train all.csv --ignore id,day,junk --weight w --group patient -q -e 3 -o grouped.onnx --json
check "whole groups of 7 rows are held out" [ "$(json .test_rows)" -eq 42 ]
try 0 inspect grouped.onnx
check "weights and groups are no inputs" grep -q '^inputs .*2: p_1, p_2$' out
try 0 evaluate grouped.onnx all.csv --part test --json
check "the groups are found again" [ "$(json .rows)" -eq 42 ]
try 0 train all.csv --ignore id,junk,patient,w --group patient --folds 6 -q -e 1 -o folds.onnx --json
check "six folds of groups" [ "$(json '.runs | length')" -eq 6 ]
try 0 train all.csv --inputs p_1,p_2 --time-column day --test last:10 -q -e 1 -o time.onnx --json
check "the last ten days" [ "$(json .test_rows)" -eq 10 ]
try 0 search all.csv --inputs p_1,p_2 --time-column day --folds 4 --trials 2 -q -e 1 -o search.onnx
try 0 check all.csv --inputs p_1,p_2 --weight w --group patient --json

# A checkpoint remembers all of it.
try 0 train all.csv --inputs 'p_*' --weight w --group patient --na x -q -e 2 -o whole.onnx
try 0 train all.csv --inputs 'p_*' --weight w --group patient --na x -q -e 2 -o cut.onnx --checkpoint cut.safetensors
try 0 train all.csv --resume cut.safetensors -q -o resumed.onnx
check "resumed to the same model" cmp whole.onnx resumed.onnx
refuse 1 'was made with --weight "w", not "day"' train all.csv --resume cut.safetensors --weight day
refuse 1 "column .kind. has texts, and several targets are numbers; --labels" train all.csv --target p_1,kind
refuse 1 'was made without --ignore' train all.csv --resume cut.safetensors --ignore id

# The commands that follow say how to read the data, also after a training that was resumed.
try 0 train all.csv --inputs 'p_*' --separator comma --skip 0 --header yes -e 1 -o next.onnx --checkpoint next.safetensors
check "the next commands" grep -q 'hebb predict next.onnx all.csv --header yes --separator , -o' out
try 0 train all.csv --resume next.safetensors -o next.onnx
check "the next commands of a resumed training" grep -q 'hebb predict next.onnx all.csv --header yes --separator , -o' out

# ---- What cannot be ----

refuse 1 "--ignore: all.csv: there is no column 'idd'; did you mean 'id'" train all.csv --ignore idd
refuse 1 "--ignore: leaves out 'kind', which is a target" train all.csv --target kind --ignore 3-8
refuse 1 'no column is left to predict' train all.csv --ignore '*'
refuse 1 'no column is left to be an input' train all.csv --ignore 1-7
refuse 1 "--weight: takes as the weights of the rows 'kind'" train all.csv --target kind --weight kind
refuse 1 "--weight: 'patient' of all.csv holds texts" train all.csv --weight patient
refuse 1 "there are no columns 3-12" train all.csv --ignore 3-12
refuse 1 "fits 'q\\*'" train all.csv --ignore 'q*'
refuse 1 'give one of them' train all.csv --group patient --time-column day
refuse 1 'may begin within a group' train all.csv --inputs 'p_*' --group patient --test last:10
head -n 60 all.csv >some.csv
refuse 1 "--test: some.csv: line 2: 'patient' names a group" train all.csv --inputs 'p_*' --group patient --test some.csv
refuse 1 "--text: all.csv: there is no column 'zip'" train all.csv --text zip
awk 'BEGIN { print "a,week,when,y"; for (i = 1; i < 41; i++) printf "%d,week %d,w%02d 1.%d,%d.5\n", i, i, i, i, i % 7 }' >weeks.csv
refuse 1 "--time-column: 'week' of weeks.csv holds texts, .*: 'week 19' before 'week 2'" train weeks.csv --time-column week
try 0 train weeks.csv --time-column when -q -e 1 -o weeks.onnx
printf 'a,w,y\n1,1,2\n2,-3,3\n3,1,4\n' >negative.csv
refuse 1 "--weight: negative.csv: line 3: 'w' is below 0" train negative.csv --weight w
refuse 2 'is not what it takes' train all.csv --separator ::
refuse 2 'is not what it takes' train all.csv --separator 5
refuse 2 "'ascii' is not utf-8 or latin-1" train all.csv --encoding ascii
refuse 2 'is not what it takes' train all.csv --decimal x
refuse 1 "--numeric: has 'w', which --text has, too" train all.csv --text w,day --numeric 2-4
for option in '--text 3' '--numeric 3' '--na 0' '--decimal .' '--thousands .'; do
	refuse 1 "${option%% *}: says how a CSV file is read, and digits is none" train digits $option
done
refuse 1 'give all of them in the same order, the inputs alone' predict ignored.onnx three.csv --header no
refuse 2 'the same character' train all.csv --decimal , --thousands comma
refuse 2 'the columns that are left out are --ignore' train all.csv --drop-columns id
refuse 2 'what stands between columns is --separator' predict ignored.onnx all.csv --sep ';'
refuse 2 'the column with the weights of the rows is --weight' train all.csv --sample-weight w
refuse 2 'predict does not take it' predict ignored.onnx all.csv --exclude id

# A target without a row in the test part has no score, and the others have theirs.
awk 'BEGIN { print "a,p,q"; for (i = 0; i < 40; i++) print i "," (i < 30 ? 2 * i + .5 : "") "," i % 7 + .5 }' >ends.csv
try 0 train ends.csv --target p,q --test last:10 -q -e 1 -o ends.onnx
check "a dash where there is no score" grep -Eq '^  p  +-  +-  +-$' out
check "the other target has scores" grep -Eq '^  q +[0-9.]+ +[0-9.]+ +-?[0-9.]+$' out

# ---- Lists of columns, wherever they are taken ----

awk 'BEGIN { print "zip_a,zip_b,n,y_1,y_2"; for (i = 0; i < 60; i++)
	printf "%d,%d,%d,%.2f,%.1f\n", i % 3 + 10, i % 4 + 20, i % 5, i * 1.5, i / 4 }' >zips.csv
for list in 'zip*' 1-2 'zip_b,1' '?ip_?'; do
	try 0 inspect zips.csv --text "$list" --json
	check "--text $list" [ "$(json '[.columns[].kind] | join(" ")')" = "text text number number number" ]
done
try 0 train zips.csv --text 'zip*' --target 'y*' -q -e 2 -o zips.onnx
try 0 predict zips.onnx zips.csv
check "--target with a pattern" [ "$(head -n 1 out)" = y_1,y_2 ]
sed '2s/^10/17/' zips.csv >other.csv
refuse 1 'other.csv:2: .*17' predict zips.onnx other.csv --strict
try 0 train zips.csv --target 5,4 -q -e 2 -o zips.onnx
try 0 predict zips.onnx zips.csv --keep 'n,z*,4-5'
check "--keep in this order, outputs in theirs" [ "$(head -n 1 out)" = n,zip_a,zip_b,y_1,y_2,y_2,y_1 ]
refuse 1 "--keep: .*no column has a name that fits 'q\*'" predict zips.onnx zips.csv --keep 'q*'
refuse 1 "--keep: column 'n' is named twice" predict zips.onnx zips.csv --keep n,n
sed '30s/^[^,]*/oops/' zips.csv >oops.csv
for list in 'zip*' 1-2 zip_a; do
	refuse 1 'oops.csv:30: column "zip_a" has the text "oops"' inspect oops.csv --numeric "$list"
done

# A finding says how a column is left out.
try 0 check all.csv --ignore junk,kind --target w --json
check "the id is found" grep -q 'leave it out: --ignore id' out
while read -r advice list; do
	try 0 check all.csv --target kind --inputs "$list" --json
	check "--inputs $list: $advice" grep -q -e "leave it out: --$advice id\|leave it out: --$advice without 'id'" out
done <<'END'
inputs id,p_1,p_2
inputs p_1,1
ignore 1-2,p_1
ignore i*,p_1
END
try 0 check all.csv --ignore junk,id,day --json
check "and is not found where it is left out" sh -c '! grep -q id_column out'

finish
