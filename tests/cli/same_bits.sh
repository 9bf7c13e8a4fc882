#!/bin/sh
# SPDX-License-Identifier: MIT
# same_bits.sh HEBB - graphs, checkpoints and predictions are those of version 0.1.0, byte for byte
#
# tests/fixtures/bits-0.1.0/ holds them, and make.sh there trains them anew.  Those of networks with norms, whose bits
# version 0.2.0 changed, are in bits-0.2.0/.  Left out of the comparison of models are what the
# description has had since (what was seen in training) and the default for missing values; the record, the version and the
# seal. An issue that changes bits on purpose replaces the fixtures and says so in NEWS.md.
fixtures=$(cd "$(dirname "$0")/../fixtures/bits-0.1.0" && pwd)
normed=$(cd "$fixtures/../bits-0.2.0" && pwd)
. "$(dirname "$0")/harness.sh"

# The bytes of a model that must be the same: all before the entry of the description, of which the tags
# and the key take at most 16 bytes, and the description.
model() {
	head -c "$(($(LC_ALL=C grep -abo '{"format":1' "$1" | head -n 1 | cut -d: -f1) - 16))" "$1" |
		LC_ALL=C sed -E 's/0\.[0-9]+\.[0-9]+/VERSION/g'
	LC_ALL=C grep -aoE '\{"format":1.*"targets":\[(\{[^}]*\},?)*\]\}' "$1" |
		sed -E 's/,"seen":\{[^}]*\}//g; s/"missing":"(error|indicator)"/"missing":DEFAULT/'
}

# The arrays of a checkpoint: all behind its header, whose length is in the first 8 bytes.
arrays() {
	tail -c "+$((9 + $(od -An -tu8 -N8 "$1")))" "$1"
}

same_models() {
	model "$1" >old && model "$(basename "$1")" >new && [ "$(grep -ac '"targets"' new)" -eq 1 ] &&
		[ "$(wc -c <old)" -gt 1000 ] && cmp old new
}

# But for the seconds, 8 bytes.
same_checkpoints() {
	arrays "$1" >old && arrays "$(basename "$1")" >new && [ -s new ] || return 1
	cmp -l old new >differences
	[ "$(wc -c <old)" -eq "$(wc -c <new)" ] &&
		awk 'NR == 1 { first = $1 } END { exit NR > 0 && $1 - first > 7 }' differences
}

check "make.sh works" bash "$fixtures/make.sh" "$hebb" "$folder" --graph numeric
count=0
for file in "$fixtures"/*.* "$normed"/*.*; do
	name=$(basename "$file")
	case $name in
	*.onnx) check "$name is the same" same_models "$file" ;;
	*.safetensors) check "$name is the same" same_checkpoints "$file" ;;
	*.predictions) check "$name is the same" cmp "$file" "$name" ;;
	*) continue ;;
	esac
	count=$((count + 1))
done
check "all fixtures are there" [ "$count" -eq 29 ]
try 0 predict "$fixtures/digits.onnx" digits --classes-only # an old file is read
mv out expected
try 0 predict digits.onnx digits --classes-only
check "a model of 0.1.0 predicts the same" cmp expected out
try 0 inspect "$fixtures/number.onnx" --json # with a text, one-hot
check "an old file has a numeric graph" [ "$(json .graph.kind)" = numeric ]
finish
