#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# escape.sh - no name in a file, of a file or in an option drives a terminal: each command, as text, JSON and in its failures
#
#     tests/cli/escape.sh HEBB_BINARY

fixture=$(cd "$(dirname "$0")/../fixtures/hostile" && pwd)/names.onnx # a model whose names hold ESC, BEL and newlines, as no CSV can
. "$(dirname "$0")/harness.sh"

# Bytes of a file that a terminal should not get, by a rule of its own: no UTF-8, control characters but the newline, and characters of
# the categories Cf, Zl, Zp and Co.  Prints the first; fails if there is one.
tame() {
	od -An -v -tu1 "$1" | awk '
	function is_in(list,   n, i, r, ends) {
		n = split(list, r, " ")
		for (i = 1; i <= n; i += 2)
			if (code >= r[i] && code <= r[i + 1])
				return 1
		return 0
	}
	function complain() { printf "byte %d: U+%04X\n", at, code; bad = 1; exit }
	BEGIN { hidden = "0 9 11 31 127 159 173 173 1536 1541 1564 1564 1757 1757 1807 1807 2192 2193 2274 2274 6158 6158 " \
		"8203 8207 8232 8238 8288 8303 55296 63743 64976 65007 65279 65279 65529 65531 65534 65535 69821 69821 " \
		"69837 69837 78896 78911 113824 113827 119155 119162 917505 917631 983040 1114111" }
	{ for (i = 1; i <= NF; i++) {
		at++; b = $i
		if (left > 0) {
			code = code * 64 + b % 64
			if (b < 128 || b > 191) complain()
			left--
		} else {
			code = b
			if (b >= 128 && (b < 194 || b > 244)) complain()
			left = b < 128 ? 0 : b < 224 ? 1 : b < 240 ? 2 : 3
			if (left) code = b % (left == 1 ? 32 : left == 2 ? 16 : 8)
		}
		if (left == 0 && is_in(hidden)) complain()
	} }
	END { if (left) bad = 1; exit bad }'
}

# safe STATUS ARGUMENTS...: what the command says is tame; JSON with --json.
safe() {
	try "$@"
	check "tame output of hebb $(echo "$*" | cat -v)" tame out
	check "tame messages of hebb $(echo "$*" | cat -v)" tame err
	case " $* " in *" --json "*) command -v jq >/dev/null && check "JSON of hebb $2" jq -e . out ;; esac
}

printf 'fine\nh\303\251 \360\237\231\202 \330\247 e\314\201\n' >fine
check "the check lets letters through" tame fine
for bytes in '\033' '\233' '\302\233' '\342\200\256' '\177' '\363\240\201\201' '\357\273\277' '\303' '\001' '\011'; do
	printf "a${bytes}b" >wild
	check "the check finds $bytes" eval '! tame wild'
done

# Names of every kind, in the header, as classes and levels, and of files.
names=('c\302\2331mC1' 'r\2332J' 'b\342\200\256idi' 'z\342\200\213w' 'l\342\200\250s' 't\363\240\201\201g'
	'j\374' 'k\303' 's\302\255h' 'm\357\273\277' 'n\342\201\246i' 'p\356\200\200' 'long\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254\342\202\254')
odd=$(printf 'f\033[2J\302\233\233\342\200\256')
{
	for name in "${names[@]}"; do printf "$name,"; done
	printf 'kind\342\200\256\233\n'
	for row in $(seq 0 63); do
		for column in "${!names[@]}"; do printf '%d,' $((row * (2 * column + 3) % 17)); done
		printf "${names[row % 4]}\n"
	done
} >"$odd.csv"
# Texts as inputs, and a class that the others lack.
awk -F, -v OFS=, 'NR > 1 { $1 = $NF } { print }' "$odd.csv" >"$odd-text.csv"
{ head -1 "$odd.csv"; sed -n 2p "$odd.csv" | sed "s/,[^,]*\$/,$(printf 'q\033[1m\233')/"; } >"$odd-new.csv"
target=$(printf 'kind\342\200\256\342\200\272') # what is not UTF-8 is read as Windows-1252

for data in "$odd.csv" "$odd-text.csv"; do
	safe 0 inspect "$data"
	safe 0 inspect "$data" --json
	safe 0 train "$data" -l 4 -e 3 -o "$odd.onnx" --target "$target"
	safe 0 train "$data" -l 4 -e 3 -o "$odd.onnx" --force --json --checkpoint "$odd.st"
	safe 0 inspect "$odd.onnx"
	safe 0 inspect "$odd.onnx" --json
	safe 0 inspect "$odd.st"
	safe 0 inspect "$odd.st" --json
	safe 0 report "$odd.onnx" "$odd.st"
	safe 0 report "$odd.onnx" "$odd.st" --json
	safe 0 evaluate "$odd.onnx" "$data"
	safe 0 evaluate "$odd.onnx" "$data" --part test --json
	safe 0 check "$data" -l 4 -e 3
	safe 0 check "$data" -l 4 -e 3 --json
	safe 0 check "$odd.onnx" "$data"
done
printf 'a,b,c\n1,2,3\n' >abc.csv
printf '1,2,3\n4,5,6\n' >three.csv
safe 0 inspect "$fixture"
safe 0 inspect "$fixture" --json
check "the escapes are seen" grep -q '"a.u001B.31m.u009b2J.u202e' out
safe 1 predict "$fixture" abc.csv
try 0 predict "$fixture" three.csv --classes-only
check "tame messages of predict" tame err
printf '1,2,3,yes\n4,5,6,yes\n' >four.csv
safe 0 evaluate "$fixture" four.csv
safe 0 evaluate "$fixture" four.csv --json
safe 0 check "$fixture" four.csv
safe 0 check "$fixture" four.csv --json
safe 0 search "$odd.csv" -l 4 -e 2 --trials 2 --rate 0.001..0.01 -o "$odd.onnx" --table "$odd-s.csv"
safe 0 search "$odd.csv" -l 4 -e 2 --trials 2 --rate 0.001..0.01 -o "$odd.onnx" --table "$odd-s.csv" --json
safe 1 search "$odd.csv" -l 5 -e 2 --trials 2 --rate 0.001..0.01 -o "$odd.onnx" --table "$odd-s.csv" --target "$target"

# A checkpoint knows the file of --test by all its bytes, also one with what looks like an escape.
for test in "$(printf 't\374')" 't\xfc' 't\x5c'; do
	cp "$odd.csv" "$test.csv"
	try 0 train "$odd.csv" --test "$test.csv" -l 4 -e 3 --checkpoint go.st -o go.onnx --force -q
	safe 0 train "$odd.csv" --resume go.st -e 4 -o go.onnx
done

# Failures.
bad=$(printf 'x\033[2J\302\233\233\342\200\256\n2')
safe 1 inspect "$bad"
safe 1 report "$bad"
safe 1 train "$bad"
safe 1 train "$odd.csv" --target "$bad"
safe 1 train "$odd.csv" -e 1 -o "$bad/m.onnx"
safe 1 train "$odd.csv" -e 1 --test "$bad"
safe 1 train "$odd.csv" --resume "$bad"
safe 1 train "$odd.csv" --resume "$odd.csv"
safe 1 train "$odd.csv" --resume "$odd.st" --target "$bad"
safe 1 evaluate "$odd.onnx" "$odd-new.csv"
safe 1 evaluate "$odd.csv" "$odd.csv"
safe 1 predict "$odd.onnx" fine
safe 2 "$bad"
safe 2 train "$odd.csv" "--$bad"
safe 2 train "$odd.csv" "--$bad=1"
safe 2 train "$odd.csv" "$bad" "$bad"
for option in layers activation rate missing augment seed time every init norm threads; do
	safe 2 train "$odd.csv" "--$option" "$bad"
done
HEBB_KERNELS=$bad safe 1 train "$odd.csv"
printf 'a,"b\033\233\n' >"$odd-cut.csv"
safe 1 train "$odd-cut.csv"
printf 'a,b\n1,2,3\n' >"$odd-cut.csv"
safe 1 train "$odd-cut.csv"

# The line that goes on names the file so that a shell finds it.
( trap - INT; exec "$hebb" train digits -e 100000 -l 300 -j 1 --checkpoint "$odd-go.st" -o "$odd-go.onnx" >out 2>err </dev/null ) &
running=$!
for _ in $(seq 200); do [ "$(grep -ac '^epoch' err)" -gt 0 ] && break; sleep 0.05; done
kill -TERM $running
wait $running
check "tame: to go on" tame err
eval "set -- $(sed -n 's/.*to go on: hebb //p' err)"
check "the line to go on finds the file" [ -e "$4" ]

# predict: data for programs stay as they are; a terminal gets what it can show.
try 0 predict "$odd.onnx" "$odd.csv"
printf "class,${names[2]},${names[0]},r\342\200\2722J,${names[3]}\n" >head
check "the header keeps its characters" cmp head <(head -1 out)
check "tame messages of predict" tame err
if command -v script >/dev/null && script -qc true /dev/null </dev/null >/dev/null 2>&1; then
	TERM=dumb script -qc "'$hebb' predict '$odd.onnx' '$odd.csv' -q" /dev/null </dev/null 2>/dev/null | tr -d '\r' >out
	check "predict on a terminal" tame out
	check "predict on a terminal, all of it" [ "$(grep -c '' out)" -eq 65 ]
fi

# The columns that lie outside of training.
sed '2,$s/^[^,]*/1e9/' "$odd.csv" >beyond.csv
try 0 predict "$odd.onnx" beyond.csv --outside --drift
check "tame notes and tables of drift" tame err
check "they name the column" grep -q 'lie outside of what was trained on: ' err
try 0 evaluate "$odd.onnx" beyond.csv --json
check "tame JSON of drift" tame out

# A name in Latin-1 comes back as UTF-8; what only looks like an escape of JSON, as it is.
if command -v jq >/dev/null; then
	printf 'j\374,j\\xfc,j\\\\x,j,c\n1,2,3,4,a\374\n4,3,2,1,a\302\n' >bytes.csv
	try 0 inspect bytes.csv --json
	check "different names stay different" [ "$(jq -r '.columns[].name' out | sort -u | wc -l)" -eq 5 ]
	jq -r '.columns[].name' out | LC_ALL=C awk '
		function hex(letter) { return index("0123456789abcdef", letter) - 1 }
		{
			for (i = 1; i <= length($0); i++) {
				code = hex(substr($0, i + 2, 1)) * 16 + hex(substr($0, i + 3, 1))
				if (substr($0, i, 2) == "\\x") { printf "\\%03o", code; i += 3 }
				else if (substr($0, i, 1) == "\\") printf "\\134"
				else printf "%s", substr($0, i, 1)
			}
			printf "\\012"
		}' >coded
	printf "$(cat coded)" >names
	check "names come back" cmp names <(head -1 bytes.csv | LC_ALL=C sed 's/\xfc/\xc3\xbc/' | tr ',' '\n')
fi

finish
