#!/bin/sh
# SPDX-License-Identifier: MIT
# tutorial.sh - hebb tutorial: every section, in the order it promises; its figures; bad calls
#
#     tests/cli/tutorial.sh HEBB_BINARY
#
# The numbers are checked in test_tutorial.c; tutorial_own.sh has the reader's own numbers, widths, programs and keys.

tests=$(cd "$(dirname "$0")/.." && pwd)
. "$(dirname "$0")/harness.sh"
unset LC_ALL LC_CTYPE LANG

try 0 tutorial
sections=$(awk '/^ *[1-7]/ && ($1 ~ /\./ || $1 == 1 || $1 == 6) { print $1 }' out)
check "33 sections are listed" [ "$(echo "$sections" | wc -l)" -eq 33 ]

# tell LOCALE ARGUMENTS...: the page of a section in that locale, in the file page.
tell() {
	locale=$1
	shift
	LC_ALL=$locale "$hebb" tutorial "$@" $repeat >page 2>err </dev/null
	check "hebb tutorial $* succeeds" [ $? -eq 0 ]
	check "hebb tutorial $* says nothing else" [ ! -s err ]
	LC_ALL=C tr -d '\200-\277' <page >letters # one byte a character
	check "hebb tutorial $* fits 80 columns in $locale" [ "$(LC_ALL=C awk '{ if (length > n) n = length } END { print n + 0 }' letters)" -le 80 ]
	check "no trailing blanks in $*" sh -c '! grep -q " $" page'
	check "no color in a file" sh -c '! grep -q "$(printf "\033")" page'
}

for section in $sections; do
	repeat=
	[ "$section" = "${section#7}" ] || repeat='--repeat 1' # five seeds of each take long
	tell C.UTF-8 "$section"
	check "exercises end $section" grep -q '^Exercises$' page
	check "the parts of $section in order" [ "$(grep -E '^(Formula|Computation|Result|Take away)$' page | tr '\n' ' ')" = \
		"Formula Computation Result Take away " ]
	check "$section names itself" grep -q "^$section  " page
	tell C "$section"
	check "no bytes beyond ASCII in $section" sh -c '! LC_ALL=C grep -q "[^ -~]" page'
done
repeat=
tell C 4.6
check "backpropagation in ASCII" grep -q 'delta1(2) = delta1(3) w11(2)' page
tell C.UTF-8 4.6
check "backpropagation in UTF-8" grep -q 'δ₁⁽²⁾ = δ₁⁽³⁾ w₁₁⁽²⁾' page
check "every gradient stands beside its difference" [ "$(grep -c '^ *∂J/∂.* = .* [0-9]e-[0-9]*$' page)" -eq 16 ]
for question in 'Why is ∂J/∂h' 'the sum into layer 3' ; do
	LC_ALL=C.UTF-8 "$hebb" tutorial 4.5 >page.4.5
	check "4.5 answers: $question" grep -q "$question" page.4.5
done
for question in 'more hidden layers?' 'Where does the recursion'; do
	check "4.6 answers: $question" grep -q "$question" page
done
tell C.UTF-8 4
check "a chapter" [ "$(grep -c '^4\.[1-9]  ' page)" -eq 9 ]

for f in linear sigmoid tanh relu leaky-relu gelu elu selu silu softplus hard-sigmoid hard-tanh; do
	try 0 tutorial 2.1 --activation $f --json
	check "the section's object for $f" grep -q '"2.1": {.*"points": 160' out
	for section in 2 3 4.5 4.6 4.7 4.9; do
		try 0 tutorial $section -a $f --json
		check "no null among the numbers of $section, $f" sh -c '! grep -q null out'
	done
done
try 0 tutorial 4.1 --activation tanh
check "an activation without use is noted" grep -q 'note: .*4.1' err

try 0 tutorial 7.1 --repeat 2 --json
mv out both
try 0 tutorial 7.1 --repeat 1 --json
mv out first
try 0 tutorial 7.1 --repeat 1 --seed 2 --json
check "the mean over two seeds" jq -es '(.[0] - (.[1] + .[2]) / 2) | fabs < 1e-12' <<END
$(jq '.["7.1"].start_accuracy' both) $(jq '.["7.1"].start_accuracy' first) $(jq '.["7.1"].start_accuracy' out)
END
for change in "start --init glorot" "softmax --init glorot --output softmax --loss cross-entropy"; do
	try 0 train digits --recipe tutorial ${change#* } --json -q -o m.onnx
	mv out trained
	try 0 tutorial 7.2 --repeat 1 --json
	check "7.2 has the accuracy of hebb train: ${change%% *}" [ "$(jq ".[\"7.2\"].${change%% *}_accuracy" out)" = "$(jq .test.accuracy trained)" ]
done
try 0 tutorial 4 --repeat 2
check "--repeat without use is noted" grep -q 'note: .*chapters 6 and 7' err

# ---- Figures ----

try 0 tutorial all --figures figures --json --repeat 1
check "one object" [ "$(grep -c '' out)" -eq 1 ]
check "21 figures" [ "$(ls figures | wc -l)" -eq 21 ]
for figure in figures/*.svg; do
	check "$figure ends as it should" [ "$(tail -n 1 "$figure")" = "</svg>" ]
	check "$figure is XML" awk -f "$tests/xml.awk" "$figure"
done
mkdir again
for broken in '<a><b></a></b>' '<a>' '<a>&</a>' '<a/><b/>' '<a x="1" x="2"/>' ''; do
	printf '%s' "$broken" >broken.svg
	check "not XML: $broken" sh -c '! awk -f "$1" broken.svg' sh "$tests/xml.awk"
done
try 0 tutorial 2.3 --figures again
check "a folder that exists is used, and the figure is the same" cmp again/2.3-bias.svg figures/2.3-bias.svg
try 0 tutorial 2.1 -a tanh --figures again
check "another f, another figure" [ -s again/2.1-tanh.svg ]

# ---- Bad calls ----

refuse 2 'no such section; .*lists them' tutorial 9.9
refuse 2 'did you mean 4.5, Backpropagation in depth' tutorial backprop
refuse 2 'did you mean 3.4, Vectorization' tutorial Vectorisation
refuse 2 'did you mean 5, Handwritten digits' tutorial digits
refuse 2 'no such section' tutorial 3.
refuse 2 'no such section' tutorial 1.1
refuse 2 'no such section' tutorial ''
refuse 2 'one argument too many' tutorial 1 2
refuse 2 'name a section' tutorial --json
refuse 2 'name a section' tutorial --figures somewhere
check "nothing was made" [ ! -e somewhere ]
refuse 2 '--json prints without' tutorial 1 --step --json
refuse 2 "there is no 'softmax'" tutorial 2.1 -a softmax
refuse 2 'not an option of tutorial' tutorial 2.1 --epochs 1
refuse 2 'not an option of train' train digits --step
echo old >file
refuse 1 'file: is not a folder' tutorial 2.1 --figures file
check "the file is as it was" [ "$(cat file)" = old ]
refuse 2 'name a folder' tutorial 2.1 --figures -
refuse 1 'cannot be made' tutorial 2.1 --figures nowhere/below
mkdir blocked blocked/2.1-sigmoid.svg
"$hebb" tutorial 2.1 --figures blocked >out 2>err
check "a figure that cannot be written" [ $? -eq 1 ]
check "and says where" grep -q '^hebb: .*blocked/2.1-sigmoid.svg' err
check "nothing half-written" [ "$(ls -A blocked)" = 2.1-sigmoid.svg ]
if [ -w /dev/full ]; then
	"$hebb" tutorial 2.1 >/dev/full 2>err
	check "a full disk" [ $? -eq 1 ]
	check "is said" grep -q 'standard output' err
fi

finish
