#!/bin/sh
# SPDX-License-Identifier: MIT
# survive.sh - files survive kill -9, a full disk and another language
#
#     tests/cli/survive.sh HEBB_BINARY [MOMENTS]
#
# kill -9 at MOMENTS [15] moments while a model, a checkpoint and the table of a search are written: every second one at random, the
# others as soon as a file is seen in the making.  The full disk is a small tmpfs, which only root can have; the language is made with
# localedef.  What this machine does not allow is skipped, saying so.

moments=${2:-15}
. "$(dirname "$0")/harness.sh"

# ---- kill -9 ----

# kill_in_time ROUND FILE: kills the program in the background, at random within 0.3 s or while FILE is in the making, for the first
# time or again.
kill_in_time() {
	if [ $(($1 % 2)) -eq 0 ]; then
		sleep "$(awk -v seed="$1" 'BEGIN { srand(seed); print 0.3 * rand() }')"
	else
		looks=0
		while [ "$looks" -lt 200000 ] && kill -0 $! 2>/dev/null; do
			set -- "$1" "$2" "$2".*.tmp
			[ -e "$3" ] && { [ $(($1 % 4)) -eq 1 ] || [ -e "$2" ]; } && written=$((written + 1)) && break
			looks=$((looks + 1))
		done
	fi
	kill -9 $! 2>/dev/null && hits=$((hits + 1))
	wait $! 2>/dev/null
}

hits=0
written=0
rounds=$((moments / 3))

# Two trainings of the same file: it is always that of one or of the other.
"$hebb" train digits -q -e 1 -l 800 -s 1 -o one.onnx >out || exit 2
"$hebb" train digits -q -e 1 -l 800 -s 2 -o two.onnx >out || exit 2
cp one.onnx model.onnx
round=0
whole=1
while [ "$round" -lt "$rounds" ]; do
	"$hebb" train digits -q -e 1 -l 800 -s $((2 - round / 2 % 2)) -o model.onnx >/dev/null 2>&1 &
	kill_in_time "$round" model.onnx
	cmp -s model.onnx one.onnx || cmp -s model.onnx two.onnx || whole=0
	round=$((round + 1))
done
check "model: killed $rounds times, it was always the old or the new one" [ "$whole" -eq 1 ]
rm -f model.onnx.*.tmp # which a killed writer leaves

# A checkpoint, written as often as can be: it is there and whole, or not yet there.
round=0
whole=1
while [ "$round" -lt "$rounds" ]; do
	"$hebb" train digits -q -e 500 -l 100 -o x.onnx --checkpoint at.safetensors --force --every 0.001s >/dev/null 2>&1 &
	kill_in_time "$round" at.safetensors
	[ ! -e at.safetensors ] || "$hebb" inspect at.safetensors >/dev/null 2>err || whole=0
	round=$((round + 1))
done
check "checkpoint: killed $rounds times, it was always whole" [ "$whole" -eq 1 ]
check "and there at the end" [ -s at.safetensors ]
rm -f at.safetensors*

# The table of a search has only whole lines, and the search goes on from it.
awk 'BEGIN { print "a,kind"; for (i = 0; i < 60; i++) printf "%d,%s\n", i % 7, i % 2 ? "yes" : "no" }' >small.csv
round=0
whole=1
while [ "$round" -lt "$rounds" ]; do
	"$hebb" search small.csv -q -e 1 --rate 0.001..0.1 --trials 30000 --table table.csv -o best.onnx >/dev/null 2>&1 &
	kill_in_time "$round" table.csv
	lines=0
	[ ! -e table.csv ] || lines=$(wc -l <table.csv)
	[ ! -e table.csv ] || awk -F, 'NR > 2 && NF != 7 || NR > 2 && $1 != NR - 2 { exit 1 }' table.csv || whole=0
	[ "$lines" -ge "${before:-0}" ] || whole=0
	before=$lines
	round=$((round + 1))
done
check "table: killed $rounds times, whole lines and never fewer" [ "$whole" -eq 1 ]
check "and there at the end" [ "${before:-0}" -gt 2 ]
check "half of the kills met a running program" [ "$((2 * hits))" -ge $((3 * rounds)) ]
check "some of them met a write" [ "$written" -ge $((rounds / 2)) ]
rm -f table.csv*

# ---- A full disk ----

# full STATUS PATTERN ARGUMENTS...: what is written to the full disk is refused with a sentence.
full() {
	wanted=$1
	pattern=$2
	shift 2
	try "$wanted" "$@"
	check "full: the message of hebb $*" grep -Eq "^hebb: .*($pattern)" err
	check "full: hebb $* leaves nothing" [ -z "$(ls disk | grep tmp)" ]
}

mkdir disk
if mount -t tmpfs -o size=128k none disk 2>/dev/null; then
	trap 'umount "$folder/disk"; rm -rf "$folder"' EXIT
	try 0 train small.csv -q -e 3 -l 16 -o disk/model.onnx --checkpoint disk/at.safetensors
	try 0 search small.csv -q -e 1 --rate 0.001..0.1 --trials 3 --table disk/table.csv -o best.onnx
	"$hebb" train digits -q -e 1 -l 30 -o disk/digits.onnx >out || exit 2
	mkdir disk/figures
	mkdir kept
	cp disk/*.* kept/
	dd if=/dev/zero of=disk/filler bs=1k >/dev/null 2>&1
	no_space='no space|space left|writing failed'
	full 1 "$no_space" train small.csv -q -e 3 -l 64 -o disk/model.onnx
	full 1 "$no_space" train digits -q -e 1 -l 64 -o disk/new.onnx
	check "full: no new model" [ ! -e disk/new.onnx ]
	full 0 "$no_space" train small.csv -q -e 3 -l 64 --checkpoint disk/at.safetensors --force -o other.onnx
	check "full: the model is there" "$hebb" inspect other.onnx
	full 1 "$no_space" search small.csv -q -e 1 --rate 0.001..0.1 --trials 90 --table disk/table.csv -o best.onnx
	full 1 "$no_space" tutorial 4.1 --figures disk/figures --quiet
	for file in model.onnx at.safetensors table.csv digits.onnx; do
		check "full: $file is the old one" cmp kept/$file disk/$file
	done
	for arguments in 'predict disk/digits.onnx digits' 'inspect digits --json' 'evaluate disk/digits.onnx digits' '--help'; do
		"$hebb" $arguments >disk/output 2>err
		status=$?
		check "full: hebb $arguments to it: status $status" [ "$status" -eq 1 ]
		check "full: hebb $arguments to it: a sentence" grep -Eq "^hebb: .*($no_space)" err
	done
else
	echo "survive.sh: a tmpfs cannot be mounted here; the full disk is not tried"
fi

# ---- Another language ----

mkdir locale
if localedef -i de_DE -f UTF-8 locale/de_DE.UTF-8 >/dev/null 2>&1; then
	german() {
		LOCPATH=$folder/locale LC_ALL=de_DE.UTF-8 "$hebb" "$@" >german.out 2>german.err
	}
	# both NAME ARGUMENTS...: the same output in both languages.
	both() {
		name=$1
		shift
		LC_ALL=C.UTF-8 "$hebb" "$@" >out 2>err
		status=$?
		german "$@"
		check "German: $name: status" [ $? -eq "$status" ]
		# times differ from run to run, and only the second replaces a model
		for file in out err; do
			sed '/^Replaced/d; s/[0-9.,]* \(s\|ms\|samples\/s\)\b/TIME/g; s/"seconds": [0-9.e-]*/TIME/g' "$file" >one.txt
			sed '/^Replaced/d; s/[0-9.,]* \(s\|ms\|samples\/s\)\b/TIME/g; s/"seconds": [0-9.e-]*/TIME/g' "german.$file" >two.txt
			check "German: $name: the same std$file" cmp one.txt two.txt
		done
	}
	check "German has a decimal comma" [ "$(LOCPATH=$folder/locale LC_ALL=de_DE.UTF-8 locale decimal_point)" = , ]
	printf 'a;b;kind\n0.5;1e-3;x\n1.25;-7.5e2;y\n2.75;0.1;x\n3;4;y\n0.25;1;x\n9.5;2;y\n' >points.csv
	both train train points.csv -e 5 -r 0.0125 --l2 0.001 --test 0.3 -o here.onnx
	cp here.onnx plain.onnx
	rm -f here.onnx
	german train points.csv -e 5 -r 0.0125 --l2 0.001 --test 0.3 -o here.onnx
	check "German: the same model" cmp plain.onnx here.onnx
	both predict predict here.onnx points.csv
	both evaluate evaluate here.onnx points.csv
	both json evaluate here.onnx points.csv --json
	both inspect inspect here.onnx
	both data inspect points.csv
	both tutorial tutorial 3.2
	both refused train points.csv --rate 0,5
	german search points.csv -q -e 2 --rate 0.001..0.1 --trials 4 --table german.csv -o german.onnx
	LC_ALL=C "$hebb" search points.csv -q -e 2 --rate 0.001..0.1 --trials 4 --table plain.csv -o plain.onnx >out 2>err
	cut -d, -f1-5 german.csv >one.txt
	cut -d, -f1-5 plain.csv >two.txt
	check "German: the same table" cmp one.txt two.txt
	check "German: the table has points" grep -q '^1,2,0\.' german.csv
	check "German: its model too" cmp german.onnx plain.onnx
else
	echo "survive.sh: no locale can be made here; German is not tried"
fi
finish
