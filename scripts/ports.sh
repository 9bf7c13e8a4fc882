#!/bin/sh
# SPDX-License-Identifier: MIT
# ports.sh - other machines: builds and tries Hebb where words, byte order, processor or C library are other ones
#
#     scripts/ports.sh [quick] [m32] [musl] [aarch64] [s390x]
#
# m32 is x86 with 32-bit words, musl another C library; both run here.  aarch64 (ARM) and s390x (big-endian) are run by qemu-user.
# zlib, jansson and cmocka are built from Debian's sources for each.  Then the files: what is trained there is to the bit what is
# trained here, and each reads what the other wrote.  Then the tests with the label quick; with `quick` those of files and of numbers
# alone, seconds each where they run here, a minute under qemu.  Status 77: the libraries' sources cannot be had here.
set -eu
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}
root=$PWD
work=$root/build/ports
sources=$work/sources
# What is built and run: all, or those of `quick`.
targets=
tests=.
if [ "${1:-}" = quick ]; then
	tests='^test_(tables|damage|checkpoint|random|network|seed|search|layers)$'
	targets='hebb_command test_tables test_damage test_checkpoint test_random test_network test_seed test_search test_layers'
	shift
fi
[ $# -gt 0 ] || set -- m32 musl aarch64 s390x

# Tests that say nothing about another machine: bits.sh builds with this machine's cc (`ci.sh neon` is its form for ARM), cxx.sh links
# with this machine's C++ library, docs and readme build programs with this machine's cc, includes.sh reads the source.
not_there='^(bits|cxx|docs|readme|includes)$'

# sources_get and libraries join their commands by &&, for `set -e` is off in what stands before ||.

# apt with the list of sources that a system often leaves out, and nothing of the system changed.
# shellcheck disable=SC1091,SC2012,SC2086
sources_get() {
	mkdir -p "$sources/lists/partial" "$work/cache" &&
		mirror=$(scripts/mirror.sh || echo none) &&
		echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $(. /etc/os-release && echo "$VERSION_CODENAME") main" >"$work/sources.list" &&
		options="-qq -o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$sources/lists -o Dir::Cache=$work/cache" &&
		options="$options -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Retries=1 -o APT::Update::Error-Mode=any" &&
		(cd "$sources" && timeout 300 apt-get $options update && timeout 300 apt-get $options source --download-only zlib jansson cmocka) &&
		for name in zlib jansson cmocka; do
			mkdir -p "$sources/$name" &&
				tar -C "$sources/$name" --strip-components=1 -xf "$(ls "$sources/$name"_*.orig.tar.*[z2] | head -n 1)" || return 1
		done
}

# libraries PORT COMPILER PROCESSOR FLAGS: the three libraries.
# shellcheck disable=SC2086
libraries() {
	to=$work/$1/libraries
	mkdir -p "$to/zlib" "$to/cmocka" &&
		(cd "$to/zlib" && $2 $4 -O2 -DZ_HAVE_UNISTD_H -c "$sources"/zlib/*.c && ar rcs ../libz.a ./*.o) &&
		touch "$to/cmocka/config.h" &&
		$2 $4 -O2 -I"$to/cmocka" -I"$sources/cmocka/include" -DHAVE_MALLOC_H -DHAVE_INTTYPES_H -DHAVE_SIGNAL_H -DHAVE_STRINGS_H -DHAVE_STDINT_H \
			-DHAVE_TIME_H -DHAVE_STRUCT_TIMESPEC -DHAVE_GCC_THREAD_LOCAL_STORAGE -w -c "$sources/cmocka/src/cmocka.c" -o "$to/cmocka/cmocka.o" &&
		ar rcs "$to/libcmocka.a" "$to/cmocka/cmocka.o" &&
		cmake -S "$sources/jansson" -B "$to/jansson" -DCMAKE_C_COMPILER="$2" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$3" \
			-DCMAKE_C_FLAGS="$4 -O2 -w" -DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF -DJANSSON_WITHOUT_TESTS=ON &&
		cmake --build "$to/jansson" -j"$jobs"
}

# port NAME COMPILER PROCESSOR EMULATOR FLAGS.  The C library stays shared: tests that count allocations would count its own too.
port() {
	echo "== $1"
	here=$work/$1
	libs=$here/libraries
	mkdir -p "$here"
	[ -f "$libs/done" ] || libraries "$1" "$2" "$3" "$5" >"$here/libraries.log" 2>&1 || {
		tail -n 30 "$here/libraries.log"
		return 1
	}
	touch "$libs/done"
	cmake -S . -B "$here" -DHEBB_WERROR=ON -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER="$2" -DCMAKE_ASM_COMPILER="$2" \
		-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$3" ${4:+"-DCMAKE_CROSSCOMPILING_EMULATOR=$4"} \
		-DCMAKE_C_FLAGS="$5" -DCMAKE_ASM_FLAGS="$5" \
		-DZLIB_LIBRARY="$libs/libz.a" -DZLIB_INCLUDE_DIR="$sources/zlib" \
		-DJANSSON_LIBRARY="$libs/jansson/lib/libjansson.a" -DJANSSON_INCLUDE="$libs/jansson/include" \
		-DCMOCKA_LIBRARY="$libs/libcmocka.a" -DCMOCKA_INCLUDE="$sources/cmocka/include" >"$here/log" 2>&1 || {
		tail -n 30 "$here/log"
		return 1
	}
	# shellcheck disable=SC2086
	cmake --build "$here" -j"$jobs" ${targets:+--target $targets} >>"$here/log" 2>&1 || {
		tail -n 30 "$here/log"
		return 1
	}
	hebb=$here/hebb
	[ -z "$4" ] || hebb=$here/run
	files "$1" "$hebb"
	(cd "$here" && ctest -j"$jobs" --output-on-failure --no-tests=error -L quick -R "$tests" -E "$not_there")
}

# files PORT HEBB: the same files there and here, and each reads the other's.
files() {
	to=$work/$1/files
	rm -rf "$to"
	mkdir -p "$to"
	printf 'a,b,kind\n' >"$to/points.csv"
	awk 'BEGIN { for (i = 0; i < 60; i++) printf "%g,%g,%s\n", i % 7 / 3, -i % 5 / 7, i % 3 ? "yes" : "no" }' >>"$to/points.csv"
	for which in there here; do
		hebb=$root/build/hebb
		[ "$which" = here ] || hebb=$2
		mkdir "$to/$which"
		(
			cd "$to/$which"
			cp ../points.csv .
			"$hebb" train points.csv -q -e 5 -r 0.0125 --norm batch -o points.onnx
			"$hebb" train digits -q -e 1 -l 30 --seed 3 -o digits.onnx
			"$hebb" train points.csv -q -e 4 --dropout 0.2 -o stopped.onnx --checkpoint at.safetensors
			"$hebb" predict digits.onnx digits >predicted.csv
			HEBB_KERNELS=muladd "$hebb" train points.csv -q -e 5 --norm layer -o muladd.onnx
		) >/dev/null
	done
	for file in points.onnx digits.onnx stopped.onnx predicted.csv muladd.onnx; do
		cmp "$to/there/$file" "$to/here/$file" || return 1
	done
	# A checkpoint that was written here goes on there, and the other way around.
	(
		cd "$to/there" && "$2" train points.csv -q --resume ../here/at.safetensors -e 9 -o on.onnx
		cd "$to/here" && "$root/build/hebb" train points.csv -q --resume ../there/at.safetensors -e 9 -o on.onnx
	) >/dev/null
	cmp "$to/there/on.onnx" "$to/here/on.onnx" || return 1
	"$2" evaluate -q "$to/here/digits.onnx" digits --part test >/dev/null || return 1
	echo "$1: the same models and predictions to the bit, checkpoints go on in both directions"
}

[ -x build/hebb ] || { echo "ports.sh: build/hebb is missing; make build" >&2; exit 1; }
[ -d "$sources/cmocka/src" ] || sources_get >"$work.log" 2>&1 || {
	cat "$work.log" >&2
	echo "ports.sh: Debian's sources of zlib, jansson and cmocka cannot be had from the mirror that /etc/apt names" >&2
	exit 77
}
for name; do
	case $name in
	# x87 registers would round otherwise; gcc-multilib, which has the asm/ of 32 bits, cannot stand beside gcc for ARM
	m32) port m32 gcc i686 '' '-m32 -msse2 -mfpmath=sse -idirafter /usr/include/x86_64-linux-gnu' ;;
	musl) port musl musl-gcc x86_64 '' '' ;;
	aarch64) port aarch64 aarch64-linux-gnu-gcc aarch64 'qemu-aarch64;-L;/usr/aarch64-linux-gnu' '' ;;
	s390x) port s390x s390x-linux-gnu-gcc s390x 'qemu-s390x;-L;/usr/s390x-linux-gnu' '-fexcess-precision=fast' ;; # else float is computed in double
	*)
		echo "ports.sh: one of m32, musl, aarch64, s390x, not '$name'" >&2
		exit 2
		;;
	esac
done
