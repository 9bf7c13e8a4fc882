#!/bin/sh
# SPDX-License-Identifier: MIT
#
# peers.sh - what bench/peers.py measures that no package of Debian brings: peers.sh BUILD_DIR
#
# onnxruntime from npm goes into BUILD_DIR/onnx, where tests/onnx/accept.sh has it too; Hebb 0.1.0, built from the history of
# this repository, into BUILD_DIR/0.1.0.  Says what cannot be had; peers.py leaves that out.
set -eu
cd "$(dirname "$0")/.."
build=${1:?BUILD_DIR}
first=c9784ce5a7a399f2630f03095d136348fc402dff # the last commit of version 0.1.0

get_onnxruntime() {
	[ -d "$build/onnx/node_modules/onnxruntime-node" ] && return
	mkdir -p "$build/onnx"
	cp tests/onnx/package.json tests/onnx/package-lock.json "$build/onnx"
	(cd "$build/onnx" && npm ci --ignore-scripts --no-audit --no-fund) >"$build/onnx/npm.log" 2>&1
}

build_first() {
	[ -x "$build/0.1.0/hebb" ] && return
	mkdir -p "$build/0.1.0/source"
	git archive "$first" | tar -x -C "$build/0.1.0/source" || return
	{
		cmake -S "$build/0.1.0/source" -B "$build/0.1.0" -DHEBB_TESTS=OFF &&
			cmake --build "$build/0.1.0" --target hebb_command -j"$(nproc)"
	} >"$build/0.1.0/log" 2>&1
}

get_onnxruntime || echo "peers.sh: npm could not install onnxruntime; see $build/onnx/npm.log" >&2
build_first || echo "peers.sh: version 0.1.0 could not be built from this repository; see $build/0.1.0/log" >&2
