#!/bin/sh
# SPDX-License-Identifier: MIT
# play.sh - hebb play: points in the plane, with and without a terminal
#
#     tests/cli/play.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"
LC_ALL=C.UTF-8
export LC_ALL

# ---- Without a terminal ----

for set in spirals moons circles xor gaussian pinwheel waves; do
	try 0 play $set -e 3 --points 60
	check "$set: nothing on standard error" [ ! -s err ]
	check "$set: no control characters" sh -c '! grep -q "$(printf "\033")" out'
	check "$set: a picture beside numbers" grep -Eq 'training +(R2 )?-?[0-9.]+' out
	check "$set: the command" grep -q "hebb train $set.csv" out
	try 0 play $set -e 3 --points 60 --json
	check "$set: a surface of 32 x 32" jq -e '[.surface.rows[] | length] == [range(32) | 32]' out
	check "$set: a loss for each epoch" jq -e '.curve.loss | length == 3' out
	check "$set: all rows" jq -e '.train_rows + .test_rows == 60' out
	try 0 play $set --save - --points 60
	check "$set: the points" [ "$(grep -Ec '^-?[0-9.]+,-?[0-9.]+,([abc]|-?[0-9.]+)$' out)" -eq 60 ]
done
check "classes of the pinwheel" sh -c "'$hebb' play pinwheel -e 1 --json | jq -e '.classes == [\"a\", \"b\", \"c\"]'"
check "waves have none" sh -c "'$hebb' play waves -e 1 --json | jq -e '.classes == null and (.test | has(\"r2\"))'"

# Equal seeds, any number of threads: the same bits.
try 0 play spirals -e 20 --json -j 1
mv out one
try 0 play spirals -e 20 --json -j 2
check "the same for any number of threads" cmp out one
try 0 play spirals -e 20 --json -s 2
check "another seed is another run" sh -c '! cmp -s out one'

# What it learns.
try 0 play spirals --json
check "the spirals are learned" jq -e '.train.accuracy > 0.98 and .test.accuracy > 0.9' out
try 0 play xor -l none -e 100 --json
check "no line learns xor" jq -e '.train.accuracy < 0.7 and .layers == []' out
try 0 play xor -l 8 -e 100 --json
check "a hidden layer does" jq -e '.train.accuracy > 0.95' out
try 0 play waves -e 100 --json
check "numbers are learned" jq -e '.test.r2 > 0.9' out
try 0 play gaussian --noise 0 -e 60 --json
check "the surface has the classes at their places" jq -e '.surface.rows as $r | $r[4][27] == 0 and $r[27][4] == 1' out
try 0 play moons -e 0 --json
check "no epoch" jq -e '.epochs == 0 and (.curve.loss | length) == 0' out

# The command that it prints trains the same network, bit by bit.
for set in spirals pinwheel waves; do
	try 0 play $set -e 12 --save $set.csv --json
	mv out played
	train=$(jq -r .command played)
	sh -c "${train#hebb }" 2>/dev/null || eval "'$hebb' ${train#hebb } --json -q" >trained 2>err
	check "$set: the same loss" [ "$(jq .test.loss trained)" = "$(jq .test.loss played)" ]
	check "$set: the same training loss" [ "$(jq .loss trained)" = "$(jq .train.loss played)" ]
done
try 0 play spirals --points 50 --noise 0.1 -s 3 -e 1
grep 'hebb play .*--save' out | sed 's/^ *hebb/"$hebb"/' >again
eval "$(cat again)"
"$hebb" play spirals --points 50 --noise 0.1 -s 3 --save - >direct
check "the printed command writes the same points" cmp spirals.csv direct

# ---- Files ----

awk 'BEGIN { print "left,right,kind"; for (i = 0; i < 200; i++) printf "%d,%d,%s\n", i % 17, i * 7 % 23, i % 17 < 6 ? "low" : i % 17 < 12 ? "mid" : "high" }' >three.csv
try 0 play three.csv -e 30
check "the names of the classes" grep -q 'high.*low.*mid' out
check "the names of the axes" grep -q '→ left: ' out
check "the command has the file" grep -q 'hebb train three.csv -l' out
check "nothing is to be drawn again" sh -c '! grep -q -e --save out'
awk 'BEGIN { print "a,b,c,y"; for (i = 0; i < 100; i++) printf "%d,%d,%d,%g\n", i % 17, i * 7 % 23, i, i % 17 + 0.5 }' >four.csv
refuse 1 'has 3 inputs, and play draws two; choose them, as with --inputs a,b' play four.csv
try 0 play four.csv --inputs b,a -e 20
check "in this order or the file's" grep -q '→ [ab]: ' out
check "the command has the columns" grep -q -e '--inputs b,a' out
try 0 play four.csv --inputs a,c -e 5 --test 0 --json
check "no rows held out" jq -e '.test == null and .test_rows == 0' out
try 0 play four.csv --ignore c -e 5
"$hebb" play - --inputs a,b -e 2 <four.csv >out 2>err
check "standard input" grep -q 'R2' out

printf 'a,y\n1,2\n2,3\n3,4\n4,5\n5,6.5\n' >two.csv
refuse 1 'play draws two: the file needs three columns' play two.csv
printf 'a,b,y\n1,u,x\n2,v,z\n3,u,x\n4,v,z\n5,u,x\n6,v,z\n' >texts.csv
refuse 1 "column 'b' has texts" play texts.csv
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 50; i++) printf "%s,%d,%s\n", i == 7 ? "" : i, i % 5, i % 2 ? "u" : "v" }' >gap.csv
refuse 1 "1 value is missing in column 'a'" play gap.csv
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 90; i++) printf "%d,%d,k%d\n", i, i % 5, i % 9 }' >nine.csv
refuse 1 'has 9 classes, and play has colors for 8' play nine.csv
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 80; i++) printf "%d,%d,k%d\n", i, i % 5, i % 8 }' >eight.csv
try 0 play eight.csv -e 2
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 40; i++) printf "7,%d,%s\n", i, i < 20 ? "u" : "v" }' >constant.csv
try 0 play constant.csv -e 5
check "a column that never changes has an axis" grep -q '→ a: 6 to 8' out
printf 'a\302\233 31m,b\342\200\256,y\n' >hostile.csv
awk 'BEGIN { for (i = 0; i < 40; i++) printf "%d,%d,%s\n", i, i % 7, i < 20 ? "u\302\235 0;x" : "v" }' >>hostile.csv
try 0 play hostile.csv -e 2
check "names are escaped" grep -q 'a\\x9b 31m\|a\\u009b' out
check "and drive nothing" sh -c '! LC_ALL=C grep -q "$(printf "\302\233\\|\342\200\256\\|\302\235")" out'
refuse 1 'did you mean spirals' play spiral
refuse 1 'no such file' play nothing.csv
refuse 2 'an argument is missing' play
refuse 2 'is for the prepared points' play three.csv --noise 0.1
refuse 2 'is for the prepared points' play three.csv --save points.csv
refuse 2 'is for the prepared points' play three.csv --points 50
refuse 2 'points' play moons --points 3
refuse 2 'noise' play moons --noise -1
refuse 2 'takes the points or the JSON' play moons --save - --json
refuse 2 'have no file for the test' play moons --test three.csv
refuse 2 'has no hidden layer' play moons -l none --dropout 0.5
refuse 1 'diverged|not finite' play moons -a relu -r 10 --weight-decay 1e6 -e 300
cp three.csv mine.csv
refuse 1 'is there and holds something else' play moons --save mine.csv -e 1
check "it is as it was" cmp three.csv mine.csv
try 0 play moons --save mine.csv -e 1 --force
try 0 play moons --save mine.csv -e 1
check "the same points may be written again" grep -q '^x,y,class' mine.csv
refuse 1 'folder|directory' play moons --save nowhere/points.csv -e 1
"$hebb" play moons --save both.csv -e 1 >both.csv 2>err
check "standard output is not the file of the points" [ $? -eq 1 ]

# Every width, in UTF-8 and ASCII.
for columns in 50 80 140; do
	for locale in C.UTF-8 C; do
		LC_ALL=$locale COLUMNS=$columns "$hebb" play spirals -e 2 >page
		LC_ALL=C tr -d '\200-\277' <page | sed '/^$/,$d' >picture
		check "$columns columns, $locale: it fits" [ "$(LC_ALL=C awk '{ if (length > n) n = length } END { print n + 0 }' picture)" -le "$columns" ]
		check "$columns columns, $locale: no trailing blanks" sh -c '! grep -q " $" page'
	done
	check "only ASCII in C" sh -c '! LC_ALL=C grep -q "[^ -~]" page'
done

# ---- In a terminal ----

if ! command -v script >/dev/null || ! script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	echo "skipped: a terminal is wanted, and there is no script(1) to make one"
	finish
fi

# keys COLUMNS ROWS KEYS ARGUMENTS...: types keys half a second after the start, into a terminal of that size; q follows.
keys() {
	size="cols $1 rows $2"
	typed=$3
	shift 3
	rm -f code before after
	(sleep 0.5; printf '%b' "$typed"; sleep 0.3; printf q; sleep 0.3) | TERM=xterm-256color timeout 30 script -qec \
		"stty $size; stty -a >before; '$hebb' play $* ; echo \$? >code; stty -a >after" /dev/null >shown 2>/dev/null
	tr -d '\r' <shown | sed "s/.*$(printf '\033')\[?1049l//" >rest
}

restored() {
	cmp -s before after && grep -q "$(printf '\033')\[?1049l" shown && grep -q "$(printf '\033')\[?25h" shown
}

keys 80 24 'nn' spirals -e 5
check "the terminal is as it was" restored
check "q ends well" [ "$(cat code)" = 0 ]
check "it paused after 5, and made 2 steps" grep -q -e '-e 7 ' rest
check "colors" grep -q '48;5;' shown
keys 80 24 'lukaa+ddw' moons -e 3
check "keys change the settings" sh -c 'tr -d "\n" <rest | grep -Eq -e "-l 24,24 -a gelu .*-r 0.03 .*--weight-decay 0.001 +.*--dropout 0.2"'
check "what changed is said" grep -q 'settings changed on the way\|The same network' rest
keys 80 24 '\033[C\033[C\033[A\033[D\033[B\033[5~' xor -e 3
check "arrows change layers and units" grep -q -e '-l 16,16,16 ' rest
keys 80 24 'kkkkju' xor -e 3
check "no layer is left, and nothing breaks" grep -q -e '-l none ' rest
keys 80 24 'zRn' spirals -e 3
check "noise and another seed" grep -q -e '--noise 0.05 --seed 2 ' rest
keys 80 24 'z' four.csv --inputs a,b -e 3
check "a file has no noise" grep -q 'only prepared ones' shown
keys 80 24 '?' spirals -e 3
check "the keys are listed" grep -q 'another seed' shown
keys 50 15 '?' waves -e 3
check "all of them, where it is narrow" grep -q 'quit' shown
keys 49 15 '' waves -e 3
check "too narrow" grep -q 'small' shown
keys 80 24 '\003' spirals
check "Ctrl-C gives the terminal back" restored
check "and ends by its signal" [ "$(cat code)" = 130 ]
keys 80 24 '\004' spirals
check "Ctrl-D ends it" [ "$(cat code)" = 0 ]
keys 80 24 '--------+++++++++++++++' moons -a relu -e 3
check "the highest rate" grep -q -e '-r 10 ' rest
keys 80 24 '---' moons -e 3
check "a lower rate" grep -q -e '-r 0.0003 ' rest
keys 80 24 '' moons -e 3 --save points.csv
check "the points are saved" grep -q '^x,y,class' points.csv
NO_COLOR=1
export NO_COLOR
keys 80 24 '' pinwheel -e 3
check "no color with NO_COLOR" sh -c '! grep -q "[34]8;5;\|\[1m" shown'
unset NO_COLOR
LC_ALL=C
keys 80 24 '' moons -e 3
check "ASCII with colors" sh -c '! LC_ALL=C grep -q "[^[:cntrl:] -~]" shown && grep -q "48;5;" shown'
LC_ALL=C.UTF-8
rm -f code before after
(sleep 2) | TERM=xterm timeout 30 script -qec "stty -a >before; timeout --foreground -s TERM 0.7 '$hebb' play moons; stty -a >after" /dev/null >shown 2>/dev/null
check "SIGTERM gives the terminal back" restored
(sleep 0.5; printf 'q') | TERM=dumb timeout 30 script -qec "'$hebb' play moons -e 2" /dev/null >shown 2>/dev/null
check "a dumb terminal gets the picture once" sh -c '! grep -q 1049 shown && grep -q "The same network" shown'

finish
