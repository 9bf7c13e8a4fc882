#!/bin/sh
# SPDX-License-Identifier: MIT
# tutorial_own.sh - hebb tutorial: pages of any width, the reader's own numbers, programs, exercises, keys, the pager
#
#     tests/cli/tutorial_own.sh HEBB_BINARY
#
# The numbers are checked in test_tutorial_knobs.c.

. "$(dirname "$0")/harness.sh"
unset LC_ALL LC_CTYPE LANG PAGER LESS

try 0 tutorial
sections=$(awk '/^ *[1-9]/ && ($1 ~ /\./ || $1 == 1 || $1 == 6) { print $1 }' out)

# fits COLUMNS SECTION OPTIONS...: the page is not wider, also where its numbers are the reader's.
fits() {
	columns=$1
	shift
	for locale in C.UTF-8 C; do
		COLUMNS=$columns LC_ALL=$locale "$hebb" tutorial "$@" >page 2>err </dev/null
		check "hebb tutorial $* on $columns columns succeeds" [ $? -eq 0 ]
		LC_ALL=C tr -d '\200-\277' <page >letters
		check "hebb tutorial $* fits $columns columns in $locale" \
			[ "$(LC_ALL=C awk '{ if (length > n) n = length } END { print n + 0 }' letters)" -le "$columns" ]
		check "no trailing blanks in $* on $columns columns" sh -c '! grep -q " $" page'
	done
}

# ---- Widths ----

for columns in 50 80 140; do
	for chapter in 1 2 3 4; do
		fits $columns $chapter --answers
	done
	fits $columns 5 --answers --iterations 60
done

COLUMNS=140 LC_ALL=C.UTF-8 "$hebb" tutorial 4.1 >page
check "Python stands beside C where there is room" grep -q '^  Python  *C$' page
COLUMNS=50 LC_ALL=C.UTF-8 "$hebb" tutorial 4.1 >page
check "and above it where there is not" [ "$(grep -cE '^  (Python|C)$' page)" -eq 2 ]
for columns in '' 0 -5 x 1 49 50; do
	COLUMNS=$columns LC_ALL=C.UTF-8 "$hebb" tutorial 4.2 >page.$columns 2>err
	check "COLUMNS=$columns" [ $? -eq 0 ]
done
check "no width is 80" cmp page. page.x
check "0 is no width" cmp page. page.0
check "less than 50 is 50" cmp page.1 page.50
COLUMNS=50 "$hebb" tutorial 2.1 --figures narrow >page
"$hebb" tutorial 2.1 --figures wide >page
check "figures in files have their full width on a narrow page" cmp narrow/2.1-sigmoid.svg wide/2.1-sigmoid.svg

# ---- The reader's own numbers ----

cat >own <<'END'
x = 1 2
y = 1 0
W1 = 0.1 0.2
     0.3 0.4
     0.25 -0.6
b1 = 0.1 0.2 0.3
W2 = 1 -1 0.5
     2 0.75 1
b2 = 0.1 0.2
END
for columns in 50 80 140; do
	for section in 3.1 4.2 4.5 4.6; do
		fits $columns $section --values own
	done
	fits $columns 4.1 --rate 0.1
	fits $columns 4.1 --rate 0.1 --start 2
	fits $columns 4.4 --rate 0.1,0.9
	fits $columns 2.4 --sizes 6,6,6,6
	fits $columns 2.2 -x 1,2,3,4,5,6,7,8 -w 1,2,3,4,5,6,7,8
	fits $columns 4.9 --rate 1000000 -a linear
done
{
	for row in 1 2 3 4 5 6 7 8; do echo "x = 0.12345 -1234.5 3 4 5 6 7 8"; echo "y = 1 2 3 4 5 6 7 8"; done
	for layer in 1 2 3; do
		echo "W$layer ="
		for row in 1 2 3 4 5 6 7 8; do echo "0.$row -1.25e-3 0.3 -0.4 0.5 -0.6 0.7 -0.8"; done
		echo "b$layer = 1 2 3 4 5 6 7 8"
	done
} >largest
for columns in 50 80 140; do
	for section in 3.1 3.2 3.4 3.5 4.2 4.3 4.5 4.6 4.7 4.8; do
		fits $columns $section --values largest
	done
done
LC_ALL=C.UTF-8 "$hebb" tutorial 4.1 --rate 0.1 >page
check "a descent that diverges says so" grep -q 'The descent diverged: after' page
check "and prints neither nan nor inf" sh -c '! grep -qiE "[^a-z](nan|inf)([^a-z]|$)" page'
LC_ALL=C.UTF-8 "$hebb" tutorial 4.4 --rate 0.9 >page
check "so does one in two dimensions" grep -q 'the descent diverges' page
try 0 tutorial 4.1 --help
check "the help of a section has its numbers" grep -q -- '--start X.*\[6\]' out
check "and its range" grep -q 'from -1000 to 1000' out
try 0 tutorial 4 --help
check "the help of a chapter" grep -q '^4.9 ' out
refuse 2 "'nan' is not a number from 0 to 1000000, which section 4.1 takes" tutorial 4.1 --rate nan
refuse 2 "'inf' is not a number from" tutorial 4.1 --start inf
refuse 2 "'1e9' is not a number from 0 to 1000000" tutorial 4.1 --rate 1e9
refuse 2 "'0x1' is not a number" tutorial 4.1 --rate 0x1
refuse 2 "'' is not a number" tutorial 2.3 -w ,
refuse 2 "'2.5' is not a whole number from 1 to 100000" tutorial 4.1 --iterations 2.5
refuse 2 "'0' is not a number from 1e-15" tutorial 4.1 --precision 0
refuse 2 'has 2 numbers; section 4.1 takes 1' tutorial 4.1 --rate 1,2
refuse 2 'has 1 number; section 4.4 takes 2' tutorial 4.4 --start 1
refuse 2 'takes 1 to 3' tutorial 2.3 -w 1,2,3,4
refuse 2 'is not for section 2.1; it is for 1, 4.1, 4.3' tutorial 2.1 --rate 1
refuse 2 '2 inputs and 3 weights' tutorial 2.2 -x 1,2
refuse 2 'the network of section 3.1 has 3 inputs' tutorial 3.1 -x 1,2
refuse 2 'the network of section 4.5 has 1 output' tutorial 4.5 -y 1,2
refuse 2 'unknown option|no such option' train digits --start 1
refuse 2 "name a section" tutorial --rate 1

# bad TEXT PATTERN SECTION: a file of values that is refused, with the line.
bad() {
	printf "$1" >bad.txt
	refuse 1 "bad.txt: .*$2" tutorial "$3" --values bad.txt
}
bad '' 'nothing to compute' 3.1
bad '# x = 1\n' 'nothing to compute' 3.1
bad '1 2 3\n' 'line 1: has no name' 3.1
bad 'x = 1 2 3\nV1 = 1\n' "line 2: 'V1' is not a name" 3.1
bad 'x = 1 2 3\nW4 = 1\n' "line 2: 'W4' is not a name" 3.1
bad 'x y = 1\n' 'is not a name' 3.1
bad 'x = 1 two 3\n' "line 1: 'two' is not a number" 3.1
bad 'x = 1 nan 3\n' "'nan' is not a number from -1000000" 3.1
bad 'x = 1 1e7 3\n' "'1e7' is not a number" 3.1
bad 'x = 1 2 3\n 1 2\n' 'line 2: this row of x has 2 numbers, the rows before it have 3' 3.1
bad 'x = 1 2 3 4 5 6 7 8 9\n' 'more than 8 numbers' 3.1
bad 'x = 1 2\n' 'the network of section 3.1 has 3 inputs' 3.1
bad 'x = 1 2 3\ny = 1 2\n' 'the network of section 4.5 has 1 outputs' 4.5
bad 'x = 1 2 3\ny = 1\n2\n' 'y has 2 rows and x has 1' 4.5
bad 'W1 = 1 2\n' 'b1 has 0 numbers, but W1 has 1 rows' 3.1
bad 'W1 = 1 2\nb1 = 1\n' 'has no x' 3.1
bad 'W2 = 1 2\nb2 = 1\n' 'there is W2, but no W1' 3.1
bad 'x = 1 2\nW1 = 1 2\nb1 = 1\nW2 = 1 2\nb2 = 1\n' 'W2 has 2 columns, but there are 1 nodes' 3.1
bad 'x = 1 2\ny = 1\nW1 = 1 2\nb1 = 1\n' 'no hidden layer' 4.6
bad 'x = 1 2\ny = 1\n' 'one number x and one number y' 4.4
bad 'x = 1\033[31m\n' 'is not a number' 3.1
check "a control character is shown, not sent" sh -c '! grep -q "$(printf "\033")" err'
bad 'x = 1\0002\n' 'not a small text file' 3.1
refuse 1 'nowhere: cannot be read' tutorial 3.1 --values nowhere
refuse 1 'cannot be read: it is a directory' tutorial 3.1 --values .
refuse 1 'not a small text file' tutorial 3.1 --values /dev/zero
printf 'x = 4 5 6\n' | "$hebb" tutorial 3.1 --values - --json >out 2>err

check "values from standard input" sh -c 'jq -e ".\"3.1\".x == [4, 5, 6]" out'

refuse 2 "reads keys from standard input" tutorial 3.1 --values - --step

# ---- Programs ----

for section in $sections; do
	"$hebb" tutorial "$section" --code python >program.py 2>err || { check "no program of $section is said" grep -q 'has no program' err; continue; }
	"$hebb" tutorial "$section" --code c >program.c 2>err
	check "the program of $section in C is C" "${CC:-cc}" -std=c11 -Wall -Wextra -Werror program.c -o program -lm
	./program >program.c.out
	check "and prints something" [ -s program.c.out ]
	if command -v python3 >/dev/null; then
		python3 program.py >program.py.out
		check "Python and C print the same for $section" cmp program.py.out program.c.out
	fi
	for language in py c; do
		check "lines of program.$language of $section fit a narrow page" [ "$(awk '{ if (length > n) n = length } END { print n }' program.$language)" -le 48 ]
	done
done
command -v python3 >/dev/null || echo "skipped: there is no python3 to run the programs in Python"
# printed SECTION KEY PRINTF-FORMAT: the program prints the number that --json has.
printed() {
	"$hebb" tutorial "$1" --code c >program.c && "${CC:-cc}" -std=c11 program.c -o program -lm && ./program >program.out
	number=$("$hebb" tutorial "$1" --json | jq ".\"$1\"$2")
	check "the program of $1 prints $2" grep -qF "$(printf "$3" "$number")" program.out
}
printed 3.2 .output %.15f
printed 3.5 .output_matrix %.15f
printed 4.1 .minimum '%f after 70'
printed 4.6 '.delta[3]' 'delta 3: %.9f'
printed 4.6 '.delta[0]' 'delta 2, 1: %.9f'
printed 4.6 '.gradient[4]' ' %.9f '
printed 2.3 '.h_at_1[0]' 'h(1) = %.6f'
refuse 2 'name one section' tutorial 4 --code c
refuse 1 'section 4.3 has no program' tutorial 4.3 --code c
refuse 2 "there is no 'java'; it takes python, c" tutorial 3.2 --code java
refuse 2 'leave --json out' tutorial 3.2 --code c --json

# ---- Exercises ----

try 0 tutorial 4.1
check "no answers unless they are asked for" sh -c '! grep -q "^Answers" out'
try 0 tutorial 4.1 --answers
check "as many answers as exercises" [ "$(sed -n '/^Answers/,/^  To change/p' out | grep -c '^  [0-9]\. ')" -eq "$(sed -n '/^Exercises/,/^Answers/p' out | grep -c '^  [0-9]\. ')" ]

# ---- Keys ----

# step INPUT SECTION: what --step shows for lines of input.
step() {
	printf "$1" | LC_ALL=C.UTF-8 "$hebb" tutorial $2 --step >out 2>err
	check "--step of $2 ends" [ $? -eq 0 ]
}
step '\n\n\n\n\n\n\n\n\n' 3.1
check "Enter goes to the end" sh -c 'grep -q "Take away" out && grep -q "^Exercises" out'
check "what may be typed is on standard error" grep -q 'Enter: on' err
step '' 3.1
check "the end of input ends it" sh -c 'grep -q "^Formula" out && ! grep -q "^Computation" out'
step '\nq\n' 4.6
check "q ends it" sh -c 'grep -q "^Computation" out && ! grep -q "^Take away" out'
step '\n\nb\nq\n' 3.1
check "b shows the step before once more" [ "$(grep -c '^Computation' out)" -eq 2 ]
check "and no other" [ "$(grep -c '^Formula' out)" -eq 1 ]
step 'b\nq\n' 3.1
check "b from the first step leads to the section before" [ "$(grep '^[1-6][.0-9]*  ' out | cut -d' ' -f1 | tr '\n' ' ')" = '3.1 2.5 ' ]
step 'n\np\np\nq\n' 3.1
check "n and p" [ "$(grep '^[1-6][.0-9]*  ' out | cut -d' ' -f1 | tr '\n' ' ')" = '3.1 3.2 3.1 2.5 ' ]
step 'next\nback\nq\n' 3.1
check "words" [ "$(grep '^[1-6][.0-9]*  ' out | cut -d' ' -f1 | tr '\n' ' ')" = '3.1 3.2 3.1 ' ]
step 'p\nq\n' 1
check "before the first section is the first" [ "$(grep -c '^1  What' out)" -eq 2 ]
step 'n\n' 6
check "after the last section is the end" grep -q '^6  ' out
step 'c\n4.2\nq\n' 1
check "the contents, and a section of them" sh -c 'grep -q "^  5.5   The accuracy" out && grep -q "^4.2  The cost" out'
step '4.2\nq\n' 1
check "a number leads there at once" grep -q '^4.2  The cost' out
step '9.9\n4\nq\n' 1
check "an unknown section is said" grep -q 'there is no section 9.9' err
check "a chapter leads to its first section" grep -q '^4.1  ' out
step 'c\n\nq\n' 1
check "no section stays where it was" [ "$(grep -c '^1  What' out)" -eq 1 ]
step 'a\nq\n' 4.2
check "a shows the answers" grep -q '^Answers' out
step '?\nq\n' 4.2
check "? shows the keys" grep -q 'the section before' out
printf '\n' | COLUMNS=50 "$hebb" tutorial 3.1 --step >out 2>err
check "the keys fit a narrow page" [ "$(awk '{ if (length > n) n = length } END { print n }' err)" -le 50 ]

if script --version >/dev/null 2>&1; then
	printf 'xxxxxxxxxxxxxxxxxxx' | TERM=dumb timeout 20 script -qec "'$hebb' tutorial 4.6 --step" /dev/null >out 2>/dev/null
	check "--step reaches the end" grep -q 'Take away' out
	printf 'xq' | TERM=dumb timeout 20 script -qec "'$hebb' tutorial 4.6 --step" /dev/null >out 2>/dev/null
	check "q ends it" sh -c 'grep -q Computation out && ! grep -q "Take away" out'
	printf '\033[Aq' | TERM=dumb timeout 20 script -qec "'$hebb' tutorial 4.6 --step" /dev/null >out 2>/dev/null
	check "an arrow is one key" [ "$(grep -o 'Enter: on' out | wc -l)" -eq 2 ]
	printf 'xx\033[Dq' | TERM=dumb timeout 20 script -qec "'$hebb' tutorial 3.1 --step" /dev/null >out 2>/dev/null
	check "an arrow to the left goes back" [ "$(grep -c '^Computation' out)" -eq 2 ]
	printf 'x\003' | TERM=dumb timeout 20 script -qec "'$hebb' tutorial 4.6 --step; stty -a >terminal" /dev/null >out 2>/dev/null
	check "Ctrl-C leaves the terminal as it was" sh -c '[ ! -s terminal ] || ! grep -Eq -- "-icanon|-echo |-isig" terminal'

	# ---- The pager ----

	# paged PAGER COMMAND: what a terminal gets.
	paged() {
		PAGER=$1 TERM=xterm timeout 20 script -qec "$2" /dev/null >out 2>/dev/null </dev/null
	}
	paged "sed 's/^/PAGED /'" "'$hebb' tutorial 4.2"
	check "a terminal gets the pages of PAGER" grep -q '^PAGED .*Take away' out
	check "with bold titles" grep -q "$(printf '\033')\[1m" out
	for pager in '' cat; do
		paged "$pager" "'$hebb' tutorial 4.2"
		check "no pager for PAGER='$pager'" sh -c 'grep -q "Take away" out && ! grep -q PAGED out'
	done
	paged no-such-program "'$hebb' tutorial 4.2"
	check "a pager that is not there is said" grep -q 'no program no-such-program' out
	check "and the output follows" grep -q 'Take away' out
	paged "sed 's/^/PAGED /'" "'$hebb' tutorial 4.2 | cat"
	check "no pager in a pipe" sh -c 'grep -q "Take away" out && ! grep -q PAGED out'
	paged "sed 's/^/PAGED /'" "'$hebb' tutorial 4.2 --json"
	check "none for --json" sh -c '! grep -q PAGED out'
	paged 'head -n 1' "'$hebb' tutorial all; echo after"
	check "a pager that ends early ends the tutorial" grep -q after out
	PAGER="sed 's/^/PAGED /'" TERM=dumb timeout 20 script -qec "'$hebb' tutorial 4.2" /dev/null >out 2>/dev/null </dev/null
	check "none for TERM=dumb" sh -c '! grep -q PAGED out'
else
	echo "skipped: --step wants a terminal, and there is no script(1) to make one"
fi

# ---- Programs ----

try 0 tutorial 4.1 --rate 0.02 --code python
check "a program has the section's own numbers, and says so" grep -q "the section's own numbers" err
try 0 tutorial 4.1 --rate 0.02
check "on the page too" grep -q "the section's own numbers" out

finish
