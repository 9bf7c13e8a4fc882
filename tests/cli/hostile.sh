#!/bin/sh
# SPDX-License-Identifier: MIT
# hostile.sh - checkpoints of an older version go on to the same bits (with norms to those of 0.2.0, which changed them); those made to do harm are refused with a sentence
#
#     tests/cli/hostile.sh HEBB_BINARY

tests=$(cd "$(dirname "$0")/.." && pwd)
. "$(dirname "$0")/harness.sh"

header_of() { # FILE: the bytes of its header, which 8 bytes before it say, little-endian
	od -An -tu1 -N8 "$1" | awk '{ for (i = 8; i > 0; i--) n = 256 * n + $i; print n }'
}

# ---- Checkpoints of older versions ----

for fixture in "$tests"/fixtures/checkpoint-*; do
	cp "$fixture/data.csv" data.csv
	while read -r name _ where size sum _; do
		gzip -dc "$fixture/$name.st.gz" >at.st
		try 0 train data.csv -o m.onnx --resume at.st
		check "$name: it goes on where it stood" grep -q "going on in $(echo "$where" | tr - ' ')" err
		check "$name: to the same bits" [ "$(tail -c "$size" at.st | cksum | cut -d' ' -f1)" = "$sum" ]
		try 0 inspect at.st --json
		check "$name: it is of this version now" grep -q '"format": 1' out
	done <"$fixture/expected"
	sed '2s/^[0-9]*/99/' data.csv >changed.csv
	gzip -dc "$fixture/sgd.st.gz" >at.st
	refuse 1 'hebb [0-9.]+, which made it, read some column otherwise' train changed.csv --resume at.st
	cp "$fixture/adamw.st.gz" packed.st
	try 0 train data.csv -q -o m.onnx --resume packed.st
done

# ---- Damage ----

awk 'BEGIN { print "a,b,kind"; for (i = 0; i < 40; i++) printf "%d,%d,%s\n", i % 7, i % 5, i % 3 ? "yes" : "no" }' >x.csv
cp x.csv test.csv
try 0 train x.csv -q -e 2 -l 3 -b 8 --schedule constant --test test.csv --validation 0.25 --checkpoint good.st -o m.onnx
header=$(header_of good.st)
head -c "$((8 + header))" good.st | tail -c "$header" >header
tail -c "+$((9 + header))" good.st >data
cp good.st fine.st
try 0 train x.csv -q --resume fine.st -e 4 -o fine.onnx

# put HEADER DATA: a file of the two, bad.st.
put() {
	n=$(wc -c <"$1")
	{
		printf '%b' "\\0$(printf %o $((n % 256)))\\0$(printf %o $((n / 256)))\\0000\\0000\\0000\\0000\\0000\\0000"
		cat "$1" "$2"
	} >bad.st
}

# hurt PATTERN [SED-SCRIPT]: bad.st, or a header that sed has changed with the data, is refused with one line that names the file, and
# is left as it was.
hurt() {
	if [ $# -gt 1 ]; then
		sed "$2" header | tr -d '\n' >new
		check "$2 changes the header" [ "$(cksum <new)" != "$(cksum <header)" ]
		put new data
	fi
	cp bad.st before.st
	refuse 1 "$1" train x.csv --resume bad.st -e 4 -o bad.onnx
	check "$1: the file is named" grep -q '^hebb: bad.st' err
	check "$1: the file is as it was" cmp before.st bad.st
}

put header data
check "the parts are the file" cmp bad.st good.st

# Each part of the record with other types.
for key in hebb data fingerprint rows train_rows split options files curve; do
	for value in null true 7.5 '\\"word\\"' '[7.5]' '{}'; do
		case "$key/$value" in
		hebb/*word* | data/*word* | split/{} | files/\[*) continue ;;
		esac
		hurt "'$key'[ ;]|other data|--layers|curve|options of its training" "s/\\\\\"$key\\\\\": /&$value, \\\\\"$key of old\\\\\": /"
	done
	hurt "'$key'|options of its training" "s/\\\\\"$key\\\\\": /\\\\\"no $key\\\\\": /"
done
hurt 'other numbers of rows' 's/\\"rows\\": 40/\\"rows\\": 41/'
hurt 'other numbers of rows' 's/\\"train_rows\\": 30/\\"train_rows\\": 31/'
hurt 'other data' 's/\\"fingerprint\\": \\"/&0/'
hurt 'other data' 's/\\"files\\": \[/&null, /'
hurt 'curve of the losses' 's/\\"loss\\": \[[^]]*\]/\\"loss\\": null/'
hurt 'curve of the losses' 's/\\"loss\\": \[/&true, /'
hurt 'has losses of 1' 's/\\"loss\\": \[[^]]*\]/\\"loss\\": [0.5]/; s/\\"validation_loss\\": \[[^]]*\]/\\"validation_loss\\": [0.5]/'
hurt 'curve of the losses' 's/\\"validation_loss\\": \[/&1, /'
hurt 'curve of the losses' 's/\\"validation_loss\\": \[/&[], /'
hurt 'options of its training' 's/"record":"/&x/'
hurt 'accumulate was null' 's/\\"accumulate\\": 1/\\"accumulate\\": null/'
hurt 'accumulate.*0' 's/\\"accumulate\\": 1/\\"accumulate\\": 0/'
hurt 'another network' 's/\\"layers\\": \[3\]/\\"layers\\": [4]/'
hurt 'another recipe: batch' 's/\\"batch\\": 8/\\"batch\\": 16/'

# The versions of the format.
hurt 'format 2, written by hebb.*go on with' 's/"hebb_format":"1"/"hebb_format":"2"/'
hurt 'not in which format' 's/"hebb_format":"1"/"hebb_format":"one"/'
hurt 'not all texts' 's/"hebb_format":"1"/"hebb_format":1/'
hurt 'not in which format' 's/"hebb_format":"1",//'
sed 's/"hebb":"[^"]*"/"hebb":"0.8.1"/' header | tr -d '\n' >new
put new data
cp bad.st other.st
try 0 train x.csv -q --resume other.st -e 4 -o other.onnx
check "another version of the same format: the same model" cmp fine.onnx other.onnx

# What the reference of safetensors refuses.
cat data >more
printf xx >>more
put header more
hurt '2 bytes follow'
head -c "$(($(wc -c <data) - 1))" data >less
put header less
hurt 'beyond the end'
hurt 'overlaps' 's/"data_offsets":\[8,16\]/"data_offsets":[0,8]/'
hurt 'hole' 's/"counter.epochs":{[^}]*},//'

# Test files that never end.
hurt 'not a regular file' 's|\\"test\\": \\"test.csv\\"|\\"test\\": \\"/dev/zero\\"|'
mkfifo pipe
hurt 'not a regular file' 's|\\"test\\": \\"test.csv\\"|\\"test\\": \\"pipe\\"|'
hurt 'not a regular file' 's|\\"test\\": \\"test.csv\\"|\\"test\\": \\"-\\"|'
hurt 'not a regular file' 's|\\"validation\\": \\"0.25\\"|\\"validation\\": \\"/dev/zero\\"|'

# inspect reads whatever is whole.
put header data
try 0 inspect bad.st

# Counters: 8 bytes each, in their order, before the arrays.
counter() { # NUMBER OCTAL-BYTES: bad.st with that counter, from 0
	head -c "$((8 * $1))" data >new
	printf '%b' "$2" >>new
	tail -c "+$((8 * $1 + 9))" data >>new
	put header new
}
number=0
while [ "$number" -lt 28 ]; do
	for value in '\0000\0000\0300\0377\0377\0377\0337\0101' '\0\0\0\0\0\0\0340\0277' '\0\0\0\0\0\0\0360\0377'; do
		counter "$number" "$value" # 2^31 - 1, -0.5, minus infinity
		"$hebb" train x.csv -q --resume bad.st -e 4 -o bad.onnx >out 2>err </dev/null
		status=$?
		check "counter $number: refused, or harmless: $status" [ "$status" -le 1 ]
		[ "$status" -eq 0 ] || check "counter $number: one line" [ "$(grep '^hebb: ' err | grep -vc '^hebb: warning: ')" -eq 1 ]
		"$hebb" inspect bad.st >out 2>err
		check "counter $number: inspect" [ $? -eq 0 ]
	done
	number=$((number + 1))
done

# ---- Large files ----

if truncate -s 20G large 2>/dev/null; then
	for arguments in 'train large -o m2.onnx' 'train x.csv --test large -o m2.onnx' 'train x.csv --resume large' 'inspect large' \
		'predict large x.csv' 'predict m.onnx large' 'evaluate m.onnx large'; do
		# shellcheck disable=SC2086
		refuse 1 'large: has 20480 MiB, more than the [0-9]* MiB' $arguments
	done
fi
# What is no model or checkpoint is not read to its end: this one has none.
for arguments in 'train x.csv --resume endless' 'predict endless x.csv' 'evaluate endless x.csv'; do
	mkfifo endless
	yes 1,2,3 >endless 2>/dev/null &
	# shellcheck disable=SC2086
	refuse 1 'endless.* is no(t|) .*(checkpoint|model)' $arguments
	wait $! 2>/dev/null
	rm endless
done
finish
