#!/bin/sh
# SPDX-License-Identifier: MIT
#
# accept.sh - other programs accept the models that hebb writes
#
#     accept.sh BUILD_DIR
#
# Has make_models and make_tables (built here against the libraries of BUILD_DIR) write models of every kind and of tables
# with texts and gaps, and then (a) Python's ONNX checker check them, (b) onnxruntime run them, comparing its outputs with
# hebb's, (c) the programs of docs/onnx.md (documented.sh) run.  onnxruntime comes from npm and stays in BUILD_DIR/onnx.  A
# part whose program is absent is skipped with the reason.  The last line counts parts; the exit status is 0 unless one
# failed.  HEBB_CFLAGS: what BUILD_DIR was built with, such as -fsanitize=address.
set -u
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
	echo "accept.sh: usage: accept.sh BUILD_DIR" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
folder=$build/onnx
passed=0 failed=0 skipped=0

# part COMMAND...: counts one part by the status of its command.
part() {
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# skip REASON
skip() {
	echo "accept.sh: skipped: $1"
	skipped=$((skipped + 1))
}

# make_files PROGRAM LIST: has a program write its files and list them.
make_files() {
	# shellcheck disable=SC2086 # HEBB_CFLAGS is a list
	"${CC:-cc}" -std=c11 -O1 ${HEBB_CFLAGS:-} -I"$here/../../include" "$here/$1.c" -o "$folder/$1" \
		"$build/libhebb_io.a" "$build/libhebb.a" -lz -ljansson -lm -lpthread &&
		"$folder/$1" "$folder" > "$folder/$2"
}

# onnxruntime, from the package registry that npm is set up for; kept in BUILD_DIR for the next time.
get_onnxruntime() {
	[ -d "$folder/node_modules/onnxruntime-node" ] && return
	cp "$here/package.json" "$here/package-lock.json" "$folder" &&
		(cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund > npm.log 2>&1)
}

mkdir -p "$folder"
if ! make_files make_models models || ! make_files make_tables tables; then
	echo "accept.sh: the models could not be made"
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
fi

python=${PYTHON:-/usr/bin/python3}
if "$python" -c 'import onnx' 2> /dev/null; then
	part "$python" "$here/check_models.py" "$folder"
else
	skip "$python has no module onnx (Debian: python3-onnx)"
fi

if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
	skip "no node and npm to run onnxruntime with (Debian: npm)"
elif ! get_onnxruntime; then
	skip "npm could not install onnxruntime: $(tail -n 1 "$folder/npm.log")"
else
	part node "$here/run_models.js" "$folder"
	part node "$here/run_tables.js" "$folder" onnxruntime-web
	part node "$here/run_tables.js" "$folder" onnxruntime-node
fi

for language in python javascript c; do
	"$here/documented.sh" "$build" "$language"
	case $? in
	0) passed=$((passed + 1)) ;;
	3) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
