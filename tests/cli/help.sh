#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# help.sh HEBB - the pages of help at any width, the topics, and the names that are refused with ours
. "$(dirname "$0")/harness.sh"
root=$(cd "$OLDPWD" && pwd)

# The names in a list such as "  train     DATA  ..." under a title.
under() { # TITLE
	awk -v title="$1" '/^[^ ]/ { inside = $0 == title } inside && /^ / { print $1 }' out
}

try 0 help
commands=$(under Commands)
topics=$(under Topics)
codes=$(awk '/^[^ ]/ { inside = $0 == "Findings of hebb check" } inside && /^ / { print }' out)
check "commands are found" [ "$(echo "$commands" | wc -w)" -ge 8 ]
check "topics are found" [ "$(echo "$topics" | wc -w)" -ge 8 ]
check "codes are found" [ "$(echo "$codes" | wc -w)" -ge 30 ]

# ---- Widths ----

fits() { # WIDTH ARGUMENTS...: no line reaches the last column or ends in a blank
	width=$1
	shift
	COLUMNS=$width "$hebb" "$@" >out 2>&1
	check "hebb $* fits $width columns" [ "$(awk -v most="$width" 'length >= most || / $/' out | wc -l)" -eq 0 ]
}
for width in 50 80 140; do
	fits "$width" -h
	fits "$width" --help
	fits "$width" help
	fits "$width"
	for command in $commands; do
		fits "$width" "$command" -h
		fits "$width" "$command" --help
	done
	for topic in $topics $codes; do
		fits "$width" help "$topic"
	done
done
COLUMNS=140 try 0 train --help
check "a wide terminal is used" [ "$(awk 'length > 90' out | wc -l)" -gt 10 ]
check "but lines are no longer than can be read" [ "$(awk 'length > 100' out | wc -l)" -eq 0 ]
for columns in 0 -5 x 1 99999999999; do
	COLUMNS=$columns try 0 train -h
	check "a page with COLUMNS=$columns" grep -q "hebb train DATA" out
done
# Without COLUMNS the terminal counts.
if command -v script >/dev/null; then
	for width in 50 80 140; do
		script -qec "stty cols $width; NO_COLOR=1 '$hebb' train --help" /dev/null </dev/null 2>/dev/null | tr -d '\r' >out
		COLUMNS=$width "$hebb" train --help >wanted
		check "a terminal of $width columns" cmp out wanted
	done
fi

# ---- Short and complete pages ----

for command in $commands; do
	try 0 "$command" -h
	cp out short
	check "$command -h: at most 24 lines" [ "$(grep -c '' short)" -le 24 ]
	check "$command -h says where the rest is" [ "$(tail -n 1 short)" = "All options and defaults: hebb $command --help" ]
	check "$command -h has two or three examples" is_near "$(grep -c '^  hebb ' short)" 2 3
	check "$command -h: at most ten options" [ "$(grep -cE '^(      |  -., )--' short)" -le 10 ]
	try 0 "$command" --help
	cp out full
	for option in $(grep -oE '^(      |  -., )--[a-z0-9-]+' short | grep -oE -- '--.*'); do
		check "$command --help has $option, too" grep -qE -- "^(      |  -., )$option( |=|\[|$)" full
	done
	# What the command completes is what it takes, by its own table.
	"$hebb" --completion bash | sed -n "s/^\t$command) words='\(.*\)' ;;/\1/p" | tr ' ' '\n' | grep '^--' >takes
	check "$command takes options" [ -s takes ]
	while read -r option; do
		check "$command --help has $option" grep -qE -- "^(      |  -., )$option( |=|\[|$)" full
	done <takes
	check "$command --help has nothing else" [ "$(grep -cE '^(      |  -., )--' full)" -eq "$(grep -c '' takes)" ]
	try 0 help "$command"
	check "help $command is the complete page" cmp out full
done
try 0 train digits -qh
check "-h among letters" cmp out <("$hebb" train -h)
try 0 -h
cp out overview
check "hebb -h: at most 24 lines" [ "$(grep -c '' overview)" -le 24 ]
try 2
check "hebb alone is hebb -h and a sentence" cmp <(head -n -1 err) overview
try 0 --help
for name in $commands $topics $codes; do
	check "hebb --help has $name" grep -qw "$name" out
done

# ---- Long names behind one dash ----

refuse 2 '-lr: there is no such option; the learning rate is --rate' train digits -lr 0.1
refuse 2 '-lr: there is no such option; the learning rate is --rate' train digits -lr=0.1
for name in layers rate epochs batch seed model help json; do
	refuse 2 "-$name: unknown option; did you mean --$name\\?" train digits "-$name" 1
done
refuse 2 '-epoch: ' train digits -epoch 1
refuse 2 "'r' is not a list of widths" train digits -l r
try 0 train digits -qe1 -l2 -s3 -oglued.onnx
check "values behind a letter are read" [ -s glued.onnx ]

# ---- Topics ----

for topic in $topics $codes; do
	try 0 help "$topic"
	check "a page about $topic" [ "$(grep -c '' out)" -ge 5 ]
done
"$hebb" --man >manual
for shell in bash zsh fish; do
	"$hebb" --completion $shell >$shell
done
for topic in $topics $codes; do
	check "the manual page has $topic" grep -qw "$topic" manual
	for shell in bash zsh fish; do
		check "$shell completes help $topic" grep -qE "[ ']$topic " $shell
	done
done
# What the doctor can say has a page, and what has a page can be said.
if [ -e "$root/src/core/core.h" ]; then
	grep -rhoE '"[a-z_]+"' "$root"/src/study/doctor*.c 2>/dev/null |
		tr -d '"' | sort -u >said
	tr ' ' '\n' <<<"$codes" | sed '/^$/d' | sort -u >explained
	# Between found( and the severity.
	cat "$root"/src/study/doctor*.c 2>/dev/null |
		awk 'BEGIN { RS = "found\\(" } NR > 1 { sub(/SEVERITY_.*/, ""); print }' |
		grep -oE '"[a-z_]+"' | tr -d '"' | sort -u >found
	check "codes are found in the sources" [ "$(grep -c '' found)" -ge 25 ]
	check "each code of the doctor has a topic" [ -z "$(comm -23 found explained)" ]
	check "each topic is a code of the doctor" [ -z "$(comm -13 <(sort -u said found) explained)" ]
fi
for type in activation output loss optimizer schedule init; do
	case $type in
	loss) topic=losses ;;
	init) topic=starts ;;
	output) topic=activations ;;
	*) topic=${type}s ;;
	esac
	try 2 train digits --$type nosuch
	names=$(sed 's/.*it takes //; s/;.*//; s/,//g' err)
	check "--$type takes names" [ "$(wc -w <<<"$names")" -ge 4 ]
	try 0 help $topic
	for name in $names; do
		check "help $topic has $name" grep -qE "^  $name( |$)" out
	done
done
unknown() { # TOPIC PATTERN
	try 2 help "$1"
	check "one line for help $1" [ "$(grep -c '' err)" -eq 1 ]
	check "the message of help $1" grep -Eq "^hebb: $1: there is no such topic; $2" err
	check "no output of help $1" [ ! -s out ]
}
unknown schedulez 'did you mean schedules\?$'
unknown rate-too 'did you mean rate_too_high or rate_too_low\?$'
unknown OverFitting 'did you mean over_fitting\?$'
unknown Train 'did you mean train\?$'
unknown xyzzy "'hebb help' lists them$"
unknown Rate 'did you mean --rate\?$'
unknown epocs 'did you mean --epochs\?$'
unknown --rat 'did you mean --rate\?$'
unknown fit 'did you mean train\?$'
unknown learning-rte 'the learning rate is --rate \(-r\)$'
unknown -z "'hebb help' lists them$"
unknown --lr 'the learning rate is --rate \(-r\)$'
for option in $(grep -oE '^(      |  -., )--[a-z0-9-]+' <("$hebb" train --help) | grep -oE -- '--.*' | grep -vx -- --help); do
	try 0 help "$option"
	check "help $option is about it" grep -qE "^(      |  -., )$option" out
	check "help $option says whose it is" grep -q "^An option of .*train" out
done
for letter in $("$hebb" train --help | sed -n 's/^  \(-[a-z]\), --.*/\1/p' | grep -vx -- -h); do
	try 0 help "$letter"
	check "help $letter is about it" grep -qE "^  $letter, --" out
done
refuse 2 'one argument too many' help train digits

# ---- Names of other tools: each that the command lists is refused with ours, which exists ----

tried=0
"$hebb" help names >names
awk '/^[^ ]/ { part = $0 } /^  [^ ]/ { ours = $0 }
	/^  [^ ]/ && wrapped { ours = before " " $0 }
	{ wrapped = /^  [^ ]/; before = ours }
	/^      / { gsub(",", ""); for (i = 1; i <= NF; i++) print part "\t" ours "\t" $i }' names >pairs
# A command that takes each option.
declare -A taker takes
for command in $commands; do
	for option in $("$hebb" --completion bash | sed -n "s/^\t$command) words='\(.*\)' ;;/\1/p"); do
		taker[$option]=${taker[$option]:-$command}
		takes[$command $option]=yes
	done
done
while IFS='	' read -r part ours theirs; do
	tried=$((tried + 1))
	option=$(grep -oE -- '--[a-z0-9-]+' <<<"$ours" | tail -n 1)
	case $part in
	Commands)
		refuse 2 "did you mean ${ours#  hebb }\?" "$theirs"
		;;
	Options)
		check "$option is an option of ours" [ -n "${taker[$option]}" ]
		check "$theirs is none of that command" [ -z "${takes[${taker[$option]} $theirs]}" ]
		refuse 2 "$theirs: there is no such option; .*$option( |\$)" "${taker[$option]}" "$theirs"
		;;
	Values)
		value=${ours##* }
		command=${taker[$option]}
		refuse 2 "'$theirs'; it takes .*; did you mean $value\?" "$command" "$option" "$theirs"
		check "$option takes $value" grep -qE "it takes (.*, )?${value}[,;]" err
		;;
	esac
done < <(awk -F '\t' '$1 != "Values" || !seen[$2]++' pairs)
check "names were tried" [ "$tried" -ge 250 ]

# ---- Misspelt names ----

printf 'Size,price\n1,2.5\n2,3.5\n3,4.5\n4,5.5\n5,6.5\n6,7.5\n7,8.5\n8,9.5\n9,10.5\n10,11.5\n' >t.csv
refuse 2 "did you mean --optimizer\?" train t.csv --optimiser adam
refuse 2 "did you mean --weight-decay\?" train t.csv --weight_decay 0
refuse 2 "did you mean --rate\?" train t.csv --RATE=1
refuse 2 "the dropout rate is --dropout" train t.csv --droput-rate 0.1
refuse 2 "'hebb train --help' lists" train t.csv --xyzzy
refuse 2 'unknown option' train t.csv "$(printf '%070d' 0 | tr 0 -)"
refuse 2 "but predict does not take it" predict m.onnx t.csv --learning-rate 1
refuse 2 "did you mean adam\?" train t.csv --optimizer adma
refuse 2 "did you mean leaky-relu\?" train t.csv -a LeakyReLU
refuse 2 "the file of the model is --model" train t.csv --output t.onnx
refuse 2 "did you mean shift\?" train digits --augment=shfit=1
refuse 2 "did you mean evaluate\?" Evaluate
refuse 2 "did you mean evaluate\?" tset
refuse 2 "did you mean --version\?" --vesion
refuse 2 "did you mean --version\?" version
refuse 2 "did you mean help\?" hlep
refuse 2 "options of a command follow its name" --rate
refuse 2 "did you mean W5\?" bench w5
refuse 2 "there are W1" bench W99
refuse 1 "--target: t.csv: there is no column 'Price'; did you mean 'price'\?" train t.csv --target Price
refuse 1 "there is no column 'cost'; the columns are 'Size' and 'price'" check t.csv --target cost
try 0 train t.csv -e 1 -q
sed '1s/Size/size/' t.csv >u.csv
refuse 1 "no column 'Size', an input of the model; if 'size' is that column, rename it" predict t.onnx u.csv
finish
