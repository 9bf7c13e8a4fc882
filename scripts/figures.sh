#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# figures.sh HEBB - measures the figures of docs/figures.md: means over seeds, each with its own split and start; minutes, for Fashion-MNIST
set -euo pipefail
hebb=$1
fashion=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

measure() {
	echo "\$ hebb $*"
	"$hebb" "$@" --quiet -o "$work/model.onnx"
	echo
}

measure train digits --recipe tutorial --repeat 20
measure train digits --repeat 20
measure train digits --augment --repeat 20
measure train digits --recipe tutorial -j 1
if [ -d "$fashion" ]; then
	measure train "$fashion"
	measure train "$fashion" -l 1000,500 -a relu --dropout 0.3 --label-smoothing 0.1 --weight-decay 0.01 --rate 0.003 -b 128 -e 20 --repeat 5
else
	echo "skipped: Fashion-MNIST is not at $fashion (Debian: dataset-fashion-mnist; or set FASHION_MNIST)"
fi
