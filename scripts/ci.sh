#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ci.sh - the slow proofs, after `make check`: gcc and clang without a warning, sanitizers, threads and none, fuzzing, the same bits from
# every compiler and from ARM's kernels, a bare Debian, other machines, kill -9 and full disks, the tutorial, packages, the API reference, pages in a browser, other programs that
# read our models, and which lines the tests run.
# Each step can be run by itself: scripts/ci.sh STEP...
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$(nproc)

build() { # FOLDER CMAKE-OPTION...
	local folder=build/$1
	shift
	mkdir -p "$folder"
	if ! { cmake -S . -B "$folder" -DHEBB_WERROR=ON "$@" && cmake --build "$folder" -j"$jobs"; } >"$folder/log" 2>&1; then
		tail -n 40 "$folder/log"
		return 1
	fi
}

run_tests() { # FOLDER CTEST-OPTION...
	local folder=build/$1
	shift
	(cd "$folder" && ctest -j"$jobs" --output-on-failure --no-tests=error "$@")
}

clang_build() {
	build clang -DCMAKE_C_COMPILER=clang
	run_tests clang -L quick # the sanitizers, which are clang's too, run all
}

gcc_strict() {
	build gcc -DCMAKE_C_COMPILER=gcc -DHEBB_TESTS=OFF
}

sanitizers() {
	build asan -DCMAKE_C_COMPILER=clang -DHEBB_SANITIZE=address,undefined -DCMAKE_BUILD_TYPE=RelWithDebInfo
	UBSAN_OPTIONS=print_stacktrace=1 run_tests asan -E '^(bits|readme)$' # which link with a plain cc
}

threads() {
	build tsan -DCMAKE_C_COMPILER=clang -DHEBB_SANITIZE=thread
	run_tests tsan -R '^(test_bits|test_trainer|test_threads|test_sharing|test_model_threads|test_bf16|test_study|test_augment|test_csv_pieces|test_coding_threads|test_explain|test_meter)$'
}

no_threads() {
	build no_threads -DHEBB_NO_THREADS=ON
	if nm -u build/no_threads/libhebb.a | grep -w pthread_create; then
		return 1
	fi
	run_tests no_threads -L quick
}

# A change is judged by inputs that are the same each time: a seed and a number of runs. `make fuzz` looks for others, for a time.
fuzz_one() { # FUZZER
	local name=${1##*/fuzz_} most=-runs=${FUZZ_RUNS:-100000} still=
	setarch -R true 2>/dev/null && still="setarch -R" # without random addresses, which steer the mutations
	[ -z "${FUZZ_SECONDS:-}" ] || most=-max_total_time=$FUZZ_SECONDS
	[ -n "${FUZZ_SECONDS:-}" ] || rm -rf "build/fuzz/corpus_$name"
	mkdir -p "build/fuzz/corpus_$name"
	if $still "$1" -seed="${FUZZ_SEED:-1}" "$most" -max_len=65536 -rss_limit_mb=1024 -verbosity=0 -close_fd_mask=2 \
		-artifact_prefix="build/fuzz/" "build/fuzz/corpus_$name" "fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
		echo "fuzz_$name: no finding"
	else
		touch "build/fuzz/$name.failed"
	fi
}

fuzz() {
	local failed
	build fuzz -DCMAKE_C_COMPILER=clang -DHEBB_FUZZ=ON -DHEBB_TESTS=OFF -DHEBB_SANITIZE=address,undefined
	rm -f build/fuzz/*.failed
	export -f fuzz_one
	find build/fuzz -maxdepth 1 -type f -perm -u+x -name 'fuzz_*' | sort |
		xargs -P "$jobs" -I '{}' bash -euo pipefail -c 'fuzz_one "$1"' - '{}'
	for failed in build/fuzz/*.failed; do
		[ -e "$failed" ] || return 0
		tail -n 40 "${failed%.failed}.log"
		echo "fuzz_$(basename "$failed" .failed): a finding (the end of its output is above)"
	done
	return 1
}

bits() { # and the tests with the kernels of machines without fused multiply-add
	tests/bits.sh build/libhebb.a build/clang/libhebb.a
	(cd build && HEBB_KERNELS=muladd ctest -j"$jobs" --output-on-failure --no-tests=error -L quick -R '^test_' -E '_(scalar|avx2|muladd)$')
}

neon() { # the kernels of ARM's processors, run by qemu
	tests/bits.sh --neon
}

tutorial() { # docs/tutorial.md and its figures are what the command prints
	scripts/tutorial.py build/hebb --check
}

kill_9() { # a training at 50 moments, a write at 100; and a full disk, and German
	tests/cli/checkpoint.sh build/hebb 50
	tests/cli/survive.sh build/hebb 100
}

package() { # Debian's are built only where its tools are
	tests/package.sh
	if command -v dh >/dev/null; then
		scripts/deb.sh
		tests/package.sh deb
	fi
}

fresh() { # a Debian where nothing is installed yet; the full form is `make fresh`
	scripts/fresh.sh || {
		[ $? -eq 77 ] || return 1
		echo "skipped: a bare Debian"
	}
}

ports() { # other words, C libraries, processors and byte orders; the full form is `make ports`
	scripts/ports.sh quick || {
		[ $? -eq 77 ] || return 1
		echo "skipped: other machines"
	}
}

docs() { # the API reference, without a warning
	tests/docs.sh build/libhebb.a || {
		[ $? -eq 77 ] || return 1
		echo "skipped: the API reference"
	}
}

browser() { # the pages of --report and hebb report, as Chromium shows them
	tests/browser/check.sh build || {
		[ $? -eq 77 ] || return 1
		echo "skipped: pages in a browser"
	}
}

coverage() {
	scripts/coverage.sh
}

onnx() {
	tests/onnx/accept.sh build
}

steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(gcc_strict clang_build sanitizers threads no_threads fuzz bits neon fresh ports kill_9 tutorial package docs browser onnx coverage)
trap '[ $? -eq 0 ] || echo "== $step: failed"' EXIT
for step in "${steps[@]}"; do
	echo "== $step"
	begin=$SECONDS
	"$step"
	echo "== $step: passed in $((SECONDS - begin)) s"
done
