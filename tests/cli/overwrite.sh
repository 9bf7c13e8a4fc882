#!/bin/sh
# SPDX-License-Identifier: MIT
# overwrite.sh - no file that is read, and no foreign file, is overwritten
#
#     tests/cli/overwrite.sh HEBB_BINARY
#
# Each option that reads is tried with each that writes, under every name that a file can have; what is there must be the same bytes
# afterwards.

source=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/harness.sh"

rows() {
	awk -v n="$1" 'BEGIN { print "a,kind"; for (i = 0; i < n; i++) printf "%d,%s\n", i % 7, i % 2 ? "yes" : "no" }'
}

# kept FILE ARGUMENTS...: hebb refuses with one line and leaves FILE as it is, with --force too.
kept() {
	file=$1
	shift
	cp "$file" before.kept
	for force in '' --force; do
		refuse 1 "${pattern:-is the |is where}" "$@" $force
		check "$file is as it was after hebb $* $force" cmp "$file" before.kept
	done
}

# kept_input FILE INPUT ARGUMENTS...: the same with standard input from INPUT.
kept_input() {
	file=$1
	input=$2
	shift 2
	cp "$file" before.kept
	for force in '' --force; do
		"$hebb" "$@" -q $force <"$input" >out 2>err
		check "hebb $* $force <$input fails" [ $? -eq 1 ]
		check "with one line" [ "$(grep -c '^hebb: .*is the ' err)" -eq 1 ]
		check "$file is as it was" cmp "$file" before.kept
	done
}

# only FILE ARGUMENTS...: refused without --force, FILE is as it was.
only() {
	file=$1
	shift
	cp "$file" before.kept
	refuse 1 "$file: is not an? .*--force" "$@"
	check "$file is as it was after hebb $*" cmp "$file" before.kept
}

rows 60 >good.csv
rows 40 >other.csv
mkdir folder
quick='-q -e 1 -l 3'
search="$quick --trials 2 --rate 0.01/0.02"

# ---- What is read ----

names() { # of other.csv, however it is called
	rm -f link hard chain "$folder/folder/up"
	ln -s other.csv link
	ln -s link chain
	ln other.csv hard
	ln -s ../other.csv folder/up
	echo "other.csv ./other.csv folder/../other.csv $folder/other.csv link chain hard folder/up"
}

for name in $(names); do
	for reads in '--test other.csv' '--validation hard'; do
		kept other.csv train good.csv $reads -o "$name"
		kept other.csv train good.csv $reads --checkpoint "$name"
		kept other.csv search good.csv $reads -o "$name"
		kept other.csv search good.csv $reads --table "$name"
	done
	for command in train search; do
		kept other.csv "$command" other.csv -o "$name"
		kept_input other.csv other.csv "$command" - -o "$name"
		kept_input other.csv other.csv "$command" /dev/stdin -o "$name"
		kept_input other.csv other.csv "$command" good.csv --test - -o "$name"
	done
	kept_input other.csv other.csv train - --checkpoint "$name"
	kept_input other.csv other.csv search - --table "$name"
done

# What has four files.
mkdir images
for set in train t10k; do
	printf '\0\0\10\3\0\0\0\10\0\0\0\1\0\0\0\2abcdefghijklmnop' >images/$set-images-idx3-ubyte
	printf '\0\0\10\1\0\0\0\10\0\1\0\1\0\1\0\1' >images/$set-labels-idx1-ubyte
done
try 0 train images $quick -o images.onnx
for file in images/*; do
	for data in images images/ images/train-images-idx3-ubyte; do
		case $data$file in
		*ubyte*t10k*) continue ;; # an images file has its labels alone
		esac
		kept "$file" train "$data" -o "$file"
		kept "$file" search "$data" --table "$file"
		kept "$file" train good.csv --test "$data" -o "$file"
		kept "$file" train good.csv --validation "$data" --checkpoint "$file"
	done
done
mkdir some
for file in images/*; do
	gzip -c "$file" >"some/my-$(basename "$file").gz"
done
for file in some/*; do
	kept "$file" train some/my- -o "$file"
done

# A checkpoint is written again, as a checkpoint alone; its test file is read though no option names it.
try 0 train good.csv $quick --test other.csv --checkpoint at.st
ln -s at.st at.link
for name in at.st ./at.st at.link; do
	kept at.st train good.csv --resume at.st -o "$name"
	kept at.st train good.csv --resume "$name" -o at.st
	try 0 train good.csv -q --resume at.st --checkpoint "$name"
	try 0 train good.csv -q --resume "$name"
done
kept other.csv train good.csv --resume at.st -o other.csv
kept other.csv train good.csv --resume at.st --checkpoint other.csv

# ---- Outputs among each other, there and not yet there ----

try 0 train good.csv $quick -o there.onnx
cp at.st there.st
ln -s nowhere.onnx leads.onnx
for pair in 'there.onnx ./there.onnx' 'new ./new' 'new folder/../new' 'nowhere.onnx leads.onnx' 'leads.onnx nowhere.onnx' \
	'there.st ./there.st'; do
	set -- $pair
	refuse 1 'is the file of the model' train good.csv -o "$1" --checkpoint "$2" --force
	refuse 1 'is the file of the model' search good.csv -o "$1" --table "$2" --rate 0.1/0.2 --force
done
refuse 1 'is the file of the model' train good.csv --checkpoint good.onnx
refuse 1 'is the file of the model' search good.csv --table ./good.onnx --rate 0.1/0.2
check "nothing new" [ ! -e new ]
check "nor through a link" [ ! -e nowhere.onnx ]

# ---- Standard output ----

# printed FILE ARGUMENTS...: what hebb prints is not added to FILE.
printed() {
	file=$1
	shift
	cp "$file" before.kept
	for force in 1 2; do
		[ "$force" = 1 ] && "$hebb" "$@" >>"$file" 2>err </dev/null
		[ "$force" = 2 ] && "$hebb" "$@" 1<>"$file" 2>err </dev/null
		check "hebb $* >>$file fails" [ $? -eq 1 ]
		check "with one line" [ "$(grep -c '^hebb: standard output: is ' err)" -eq 1 ]
		check "$file is as it was" cmp "$file" before.kept
	done
}

for file in good.csv there.onnx; do
	printed $file predict there.onnx good.csv
	printed $file evaluate there.onnx good.csv
	printed $file check there.onnx good.csv
	printed $file inspect $file
done
printed good.csv train good.csv $quick
printed good.csv check good.csv $quick
printed good.csv search good.csv $search
printed other.csv train good.csv $quick --test other.csv
printed other.csv check good.csv $quick --test other.csv
printed there.onnx train good.csv $quick -o there.onnx
printed at.st train good.csv $quick --resume at.st
printed good.csv train good.csv $quick -o -
printed images/train-labels-idx1-ubyte inspect images

# noted FILE ARGUMENTS...: nor what it says; the refusal goes to standard output, or nowhere.
noted() {
	file=$1
	shift
	cp "$file" before.kept
	for force in 1 2 3; do
		: >out
		[ "$force" = 1 ] && "$hebb" "$@" 2>>"$file" >out </dev/null
		[ "$force" = 2 ] && "$hebb" "$@" 2<>"$file" >out </dev/null
		[ "$force" = 3 ] && "$hebb" "$@" >>"$file" 2>&1 </dev/null
		check "hebb $* 2>>$file fails" [ $? -eq 1 ]
		[ "$force" = 3 ] || check "with one line" [ "$(grep -c '^hebb: standard error: is ' out)" -eq 1 ]
		check "$file is as it was" cmp "$file" before.kept
	done
}

noted good.csv train good.csv -e 2 -l 3
noted other.csv search good.csv --test other.csv -e 2 --trials 2 --rate 0.01/0.02
noted good.csv predict there.onnx good.csv
noted there.onnx evaluate there.onnx good.csv
noted there.onnx train good.csv -e 2 -l 3 -o there.onnx
noted at.st train good.csv --resume at.st
"$hebb" predict there.onnx - >>good.csv <good.csv 2>err
check "predict - <x >>x" [ $? -eq 1 ]
check "x has not grown" [ "$(wc -l <good.csv)" -eq 61 ]
"$hebb" predict there.onnx good.csv >>new.csv 2>err
check "another file grows" [ "$(wc -l <new.csv)" -eq 61 ]
rm new.csv

# ---- What is there and of another kind ----

echo "a note, with a comma" >notes.txt
printf '\211PNG\r\n\032\n\0\0\0\15' >image.png
printf '\140\0\0\0\0\0\0\0{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"__metadata__":{"format":"pt"}}       \0\0\0\0' >torch.st
cp "$source/tests/onnx/foreign.onnx" foreign.onnx
cp at.st mine.st
try 0 search good.csv $search --table table.csv -o there.onnx
for file in notes.txt image.png torch.st foreign.onnx mine.st table.csv good.csv there.onnx; do
	data=other.csv
	[ $file = there.onnx ] || only $file train $data -o $file
	[ $file = there.onnx ] || only $file search $data --rate 0.1/0.2 -o $file
	[ $file = mine.st ] || only $file train $data --checkpoint $file
	[ $file = mine.st ] || only $file train $data --resume at.st --checkpoint $file --test other.csv
	[ $file = table.csv ] || only $file search $data --rate 0.1/0.2 --table $file
	ln -s $file to
	[ $file = there.onnx ] || refuse 1 'is no' train $data -o to
	rm to
done
check "torch.st is another program's" sh -c "'$hebb' train good.csv --checkpoint torch.st 2>&1 | grep -q 'safetensors file of another program'"
check "foreign.onnx is too" sh -c "'$hebb' train good.csv -o foreign.onnx 2>&1 | grep -q 'ONNX model of another program'"

# Names that nobody gave.
cp foreign.onnx digits.onnx
only digits.onnx train digits
only digits.onnx search digits --rate 0.1/0.2
rm digits.onnx
cp notes.txt digits-search.csv
only digits-search.csv search digits --rate 0.1/0.2
rm digits-search.csv

# Only the beginning is read.
if dd if=/dev/zero of=huge bs=1 count=0 seek=20G 2>/dev/null; then
	for arguments in 'train good.csv -o huge' 'train good.csv --checkpoint huge' 'search good.csv --rate 0.1/0.2 --table huge'; do
		refuse 1 'huge: is no' $arguments
	done
	rm huge
fi
if [ "$(id -u)" -ne 0 ]; then
	cp notes.txt secret
	chmod 200 secret
	refuse 1 'that cannot be read' train good.csv -o secret
	chmod 400 secret
	refuse 1 'secret: .*denied' train good.csv -o secret --force
	rm -f secret
fi

# --force replaces each of them, and what is empty needs none.
for file in notes.txt image.png foreign.onnx mine.st; do
	cp $file forced
	try 0 train good.csv $quick -o forced --force
	check "$file becomes a model" "$hebb" inspect forced
	cp $file forced
	try 0 search good.csv $search --table forced -o there.onnx --force
	check "$file becomes a table" grep -q '^# hebb search' forced
	cp $file forced
	try 0 train good.csv $quick --checkpoint forced --force
	check "$file becomes a checkpoint" sh -c "'$hebb' inspect forced | grep -q checkpoint"
done
: >empty
try 0 train good.csv $quick -o empty
: >empty
try 0 train good.csv $quick --checkpoint empty
: >empty
try 0 search good.csv $search --table empty -o there.onnx
try 0 search good.csv $search --table empty -o there.onnx
try 0 train good.csv $quick -o leads.onnx
check "a link that led nowhere leads to the model" "$hebb" inspect nowhere.onnx
check "and is a link" [ -L leads.onnx ]
try 0 train good.csv $quick -o /dev/null
try 0 train good.csv $quick --checkpoint /dev/null
check "nothing beside a device" [ ! -e /dev/null.safetensors ]
try 0 train good.csv $quick -o plain.onnx
for name in - /dev/stdout /dev/fd/1; do
	"$hebb" train good.csv $quick -o "$name" >printed.onnx 2>err
	check "-o $name >FILE" cmp printed.onnx plain.onnx
	"$hebb" train good.csv $quick -o "$name" 2>err | cat >piped.onnx
	check "-o $name |" cmp printed.onnx piped.onnx
done
mkfifo pipe
refuse 1 'pipe: is a pipe; the checkpoint .* needs a file' train good.csv $quick --checkpoint pipe
refuse 1 'pipe: is a pipe; the table .* needs a file' search good.csv $search --table pipe
check "to standard output neither" sh -c '"$@" 2>err | grep -q .; grep -q "is a pipe; the table" err' sh "$hebb" search good.csv $search --table /dev/fd/1
[ -w /dev/full ] && refuse 1 'full: cannot be written: .*; the trials are in full.csv' search good.csv $search --table /dev/full && rm -f full.csv
cat pipe >piped.onnx &
try 0 train good.csv $quick -o pipe
wait $!
check "a pipe takes the model" cmp printed.onnx piped.onnx

# ---- Models: the old score is said ----

try 0 train good.csv $quick -o twice.onnx
check "nothing was replaced" sh -c '! grep -q Replaced out'
try 0 train good.csv -q -e 2 -l 3 -o twice.onnx
check "the old score" grep -Eq '^Replaced   accuracy [0-9.]+ %, loss [0-9.]+$' out
try 0 train good.csv $quick -o twice.onnx --test last:7
check "of other rows" grep -Eq '^Replaced .*, on other rows$' out
try 0 train good.csv $quick -o twice.onnx --test 0
try 0 train other.csv $quick -o twice.onnx
check "of the training rows" grep -Eq '^Replaced .*loss [0-9.]+, on training rows$' out
try 0 train other.csv -e 2 -l 3 -o twice.onnx --json
check "as JSON" grep -q '"replaced": {"loss": .*"test": {.*"same_rows": true}' out
try 0 train other.csv -e 2 -l 3 -o once.onnx --json
check "as JSON, none" grep -q '"replaced": null' out
try 0 search good.csv $search --table empty -o twice.onnx
check "of a search" grep -q '^Replaced ' out
try 0 search good.csv $search --table empty -o twice.onnx --json
check "of a search as JSON" grep -q '"replaced": {' out

# ---- Checkpoints ----

try 0 train good.csv $quick --checkpoint run.st
try 0 train good.csv $quick --checkpoint run.st
cp run.st before.kept
refuse 1 'run.st: holds a training of 1 epoch with other data or options; .*--resume run.st, .*--force' \
	train good.csv $quick -s 2 --checkpoint run.st
refuse 1 'run.st: holds .*--resume run.st' train other.csv $quick --checkpoint run.st
refuse 1 'run.st: holds .*--resume run.st' train good.csv --resume at.st --checkpoint run.st
check "run.st is as it was" cmp run.st before.kept
try 0 train good.csv $quick -s 2 --checkpoint run.st --force
try 0 train good.csv -q --resume at.st --checkpoint fresh.st
try 0 train good.csv -q --resume at.st --checkpoint fresh.st
head -c 3000 run.st >cut.st
refuse 1 'cut.st: is a checkpoint that cannot be read' train good.csv $quick --checkpoint cut.st

# stopped ARGUMENTS...: a training that is ended by SIGTERM as soon as it has written its first line.
stopped() {
	stop TERM '^epoch' train digits -e 200000 -l 2 "$@"
}

epochs_of() {
	"$hebb" inspect "$1" --json | sed 's/.*"epochs": \([0-9]*\).*/\1/'
}

stopped --checkpoint half.st
cp half.st before.kept
refuse 1 'half.st: holds a training that ended after [0-9]+ of 200,000 epochs; go on with --resume half.st' \
	train digits -e 200000 -l 2 --checkpoint half.st
refuse 1 'half.st: holds .*--resume half.st' train good.csv $quick --checkpoint half.st
check "half.st is as it was" cmp half.st before.kept

# Where nobody named a checkpoint, another name is found.
cp notes.txt stop.safetensors
cp torch.st stop-2.safetensors
cp good.csv stop-3.safetensors
ln -s nowhere stop-4.safetensors
stopped -o stop.onnx
check "the fifth name, which is said" grep -q 'saved stop-5.safetensors; to go on: hebb train digits --resume stop-5.safetensors -o stop.onnx$' err
check "stop.safetensors is as it was" cmp stop.safetensors notes.txt
check "stop-2.safetensors is as it was" cmp stop-2.safetensors torch.st
check "stop-3.safetensors is as it was" cmp stop-3.safetensors good.csv
check "a link is not followed" [ ! -e nowhere ]
first=$(epochs_of stop-5.safetensors)
stopped -o stop.onnx
last=$(sed -n 's/.*saved \(.*\); to go on.*/\1/p' err)
check "the same run again" [ -s "$last" ]
check "does not undo what there was" [ "$(epochs_of stop-5.safetensors)" -ge "$first" ]
stopped -o stop.onnx -s 2
check "another run" [ "$last" != "$(sed -n 's/.*saved \(.*\); to go on.*/\1/p' err)" ]
stopped -o /dev/null
check "beside a device there is no place" grep -q 'saved digits.safetensors; to go on' err
rm digits.safetensors
cp good.csv taken.safetensors
stopped -o taken.onnx --test taken.safetensors
check "no file that is read" cmp good.csv taken.safetensors

# ---- Figures ----

mkdir drawn
for file in "$source"/docs/tutorial/*.svg; do
	name=$(basename "$file")
	number=${name%%-*}
	echo mine >"drawn/$name"
	only "drawn/$name" tutorial "$number" --figures drawn
	refuse 1 'is not a figure' tutorial all --figures drawn
	rm "drawn/$name"
	ln -s ../never.txt "drawn/$name"
	refuse 1 'is a symbolic link' tutorial "$number" --figures drawn --force
	rm "drawn/$name"
	check "nothing else was written" [ -z "$(ls -A drawn)" ]
done
check "no link was followed" [ ! -e never.txt ]
echo mine >drawn/2.1-tanh.svg
only drawn/2.1-tanh.svg tutorial 2.1 -a tanh --figures drawn
try 0 tutorial 2.1 --figures drawn
cp drawn/2.1-sigmoid.svg ours.svg
ln -s ../ours.svg drawn/2.2-node.svg
refuse 1 'is a symbolic link' tutorial 2 --figures drawn
rm drawn/2.2-node.svg
try 0 tutorial 2.1 --figures drawn
check "another f is another file" [ "$(cat drawn/2.1-tanh.svg)" = mine ]
try 0 tutorial 2.1 -a tanh --figures drawn --force
check "--force draws over it" grep -q '<svg' drawn/2.1-tanh.svg
"$hebb" tutorial 2.1 --figures drawn >drawn/2.1-sigmoid.svg 2>err
check "a figure is not where the text goes" [ $? -eq 1 ]
finish
