#!/bin/sh
# SPDX-License-Identifier: MIT
#
# documented.sh - a program of docs/onnx.md prints what `hebb predict` says
#
#     documented.sh BUILD_DIR python|javascript|c
#
# Trains the model of the page on its table, takes the program out of the page, runs it and compares each line with hebb's
# answer.  Python needs its module onnxruntime; JavaScript the packages that accept.sh puts into BUILD_DIR/onnx; C the
# header and the library: libonnxruntime of pkg-config, or the header in HEBB_ONNXRUNTIME with the library of the npm
# package.  Status 3: there is no runtime on this machine, and the reason is printed.
set -u
if [ $# -ne 2 ] || [ ! -x "$1/hebb" ]; then
	echo "documented.sh: usage: documented.sh BUILD_DIR python|javascript|c" >&2
	exit 2
fi
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
language=$2
packages=$build/onnx/node_modules
library=$packages/onnxruntime-node/bin/napi-v6/linux/x64
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
	echo "documented.sh: $language: skipped: $1"
	exit 3
}

# The block of the page in this language.
program() {
	awk -v begin="\`\`\`$language" '$0 == "```" { inside = 0 } inside { print } $0 == begin { inside = 1 }' \
		"$root/docs/onnx.md"
}

# The rows of the page: the indented lines from the header of the table on.
rows() {
	awk '/^    sex,smoke/ { inside = 1 } inside && !/^    / { exit } inside { sub(/^    /, ""); print }' \
		"$root/docs/onnx.md"
}

compile_c() {
	if pkg-config --exists libonnxruntime 2> /dev/null; then
		flags=$(pkg-config --cflags --libs libonnxruntime)
	elif [ ! -e "${HEBB_ONNXRUNTIME:-/usr/include/onnxruntime}/onnxruntime_c_api.h" ]; then
		skip "no onnxruntime_c_api.h (Debian 13: libonnxruntime-dev)"
	elif [ ! -e "$library/libonnxruntime.so.1" ]; then
		skip "no libonnxruntime"
	else
		flags="-I${HEBB_ONNXRUNTIME:-/usr/include/onnxruntime} $library/libonnxruntime.so.1 -Wl,-rpath,$library"
	fi
	# shellcheck disable=SC2086 # flags is a list
	"${CC:-cc}" -std=c11 -Wall -Wextra "$work/program.c" $flags -lm -o "$work/program"
}

run() {
	case $language in
	python) "$python" "$work/program.python" ;;
	javascript) NODE_PATH=$packages node "$work/program.javascript" ;;
	c) ./program ;;
	esac
}

case $language in
python) "$python" -c 'import onnxruntime' 2> /dev/null || skip "$python has no module onnxruntime" ;;
javascript) [ -d "$packages/onnxruntime-node" ] || skip "npm did not install onnxruntime-node" ;;
c) ;;
*) skip "not a language of the page" ;;
esac

cd "$work" || exit 1
program > "program.$language"
[ "$language" != c ] || compile_c || exit 1
rows > new.csv
if ! "$build/hebb" train "$root/examples/data/students.csv" --target exercise --inputs sex,smoke,pulse,height \
	-o students.onnx --quiet > log 2>&1 ||
	! "$build/hebb" predict students.onnx new.csv -o answers.csv > log 2>&1; then
	cat log
	exit 1
fi
if ! run > printed; then
	cat printed
	exit 1
fi
# Each line: a class and its probabilities to 4 digits, the last of which may be rounded otherwise.
awk -F '[ ,]' 'NR == FNR { if (FNR > 1) { rows++; for (i = 1; i <= NF; i++) want[rows, i] = $i; n = NF } next }
	{ got++; for (i = 1; i <= n; i++) if (i == 1 ? $i != want[got, i] : ($i - want[got, i]) ^ 2 > 1.1e-8) bad = 1 }
	END { exit bad || rows == 0 || got != rows }' answers.csv printed || {
	echo "documented.sh: $language: printed, and hebb predict:"
	cat printed answers.csv
	exit 1
}
echo "documented.sh: $language: as hebb predict"
