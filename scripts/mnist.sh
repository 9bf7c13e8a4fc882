#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# mnist.sh HEBB [plain|elastic|time|hour ...] - the MNIST figures of docs/accuracy.md, measured: without distortion, with, and the time to
# 98 %; `hour`, the long run, only if it is asked for
#
# The data are the 60,000 training images; the last 10,000 are the test part, looked at once, when a run has ended.  MNIST names the
# folder (or prefix) that holds train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.
set -euo pipefail
hebb=$1
shift
mnist=${MNIST:-../shared/data/mnist}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -e "$mnist" ]; then
	echo "skipped: MNIST is not at $mnist; set MNIST"
	exit 0
fi

bf16=() # twice as fast where the CPU has it; the figures stand for it
if grep -q avx512_bf16 /proc/cpuinfo; then
	bf16=(--precision bf16)
fi

measure() {
	echo "\$ hebb train mnist --test last:10000 $* ${bf16[*]}"
	"$hebb" train "$mnist" --test last:10000 "$@" "${bf16[@]}" --quiet -o "$work/model.onnx"
	echo
}

# The number of errors in rows drawn again with replacement is binomial, so the bootstrap's interval is computed, not drawn.
bootstrap='
import json, math, sys
print(sys.stdin.readline().rstrip())
result = json.loads(sys.stdin.readline())
rows = result["test_rows"]
errors = round(rows * (1 - result["test"]["accuracy"]))
share = min(max(errors / rows, 1e-300), 1 - 1e-16)  # it and its complement have logarithms
sum, quantiles = 0, []
for k in range(rows + 1):
    log = math.lgamma(rows + 1) - math.lgamma(k + 1) - math.lgamma(rows - k + 1)
    sum += math.exp(log + k * math.log(share) + (rows - k) * math.log1p(-share))
    while len(quantiles) < 2 and sum >= (0.025, 0.975)[len(quantiles)]:
        quantiles.append(100 * k / rows)
print(f"{errors} errors in {rows} rows: {100 * share:.2f} % (bootstrap, 95 %: {quantiles[0]:.2f} to {quantiles[1]:.2f} %); "
      "{epochs} epochs in {seconds:.0f} s".format(**result))'

distorted=--augment=elastic=36,sigma=6,rotation=12,scaling=0.15,shear=0.1,shift=1
[ $# -gt 0 ] || set -- plain elastic time
for what in "$@"; do
	case $what in
	plain) measure -l 800 --dropout 0.5 --weight-decay 0.3 --rate 0.002 -b 128 -e 20 --repeat 5 ;;
	elastic) measure -l 1000,500 --dropout 0 --weight-decay 0.01 --rate 0.002 -b 128 -e 70 "$distorted" --repeat 5 ;;
	hour)
		measure -l 2500,2000,1500,1000,500 -a relu --dropout 0 --weight-decay 0.01 --rate 0.001 -b 256 -e 120 "$distorted" --json |
			/usr/bin/python3 -c "$bootstrap"
		;;
	time) # one core; the seconds are those of the training loop, its median over the seeds
		measure -l 160,80 -a relu --dropout 0 --label-smoothing 0.05 --weight-decay 0.1 --rate 0.012 -b 160 -e 4 -j 1 --repeat 30 --json |
			/usr/bin/python3 -c '
import json, statistics, sys
print(sys.stdin.readline().rstrip())
result = json.loads(sys.stdin.readline())
seconds = [run["seconds"] for run in result["runs"]]
test = result["test"]
low, high = test["accuracy_mean_ci"]
print("accuracy of 30 seeds: mean {accuracy_mean:.4f}, lowest {accuracy_min:.4f}".format(**test), f"({low:.4f} to {high:.4f}); "
      f"seconds: median {statistics.median(seconds):.3f}, {min(seconds):.3f} to {max(seconds):.3f}")'
		;;
	*) echo "mnist.sh: there is no '$what'; it takes plain, elastic, time, hour" >&2 && exit 2 ;;
	esac
done
