#!/bin/sh
# SPDX-License-Identifier: MIT
# setup.sh setup|setup-check|setup-ci|setup-coverage|setup-docs|setup-fresh|setup-ports|setup-deb|
#     setup-peers|setup-growth|setup-accuracy|setup-browser - installs what this machine lacks of
# what building, testing, the slow proofs, coverage, the API reference, a bare Debian, other
# machines, Debian's packages, the comparisons with other programs, the pictures of growth, the
# figures of accuracy or the look at pages in a browser need
#
# Knows Debian and its relatives.  Elsewhere it says what is missing and leaves it to you.
set -eu

# what to look for -> the package that brings it: a command, of root's too, or a file below the
# include paths
need() {
	for dir in /usr/sbin /usr/include /usr/local/include /usr/include/"$(uname -m)"-linux-gnu; do
		[ -e "$dir/$1" ] && return
	done
	command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
package() {
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' || missing="$missing $1"
}

missing=
command -v cc >/dev/null 2>&1 || need gcc gcc
need stdlib.h libc6-dev
need cmake cmake
need zlib.h zlib1g-dev
need jansson.h libjansson-dev
case ${1:-setup} in
setup | setup-deb | setup-coverage | setup-docs | setup-ports | setup-fresh) ;;
setup-check | setup-ci)
	need cmocka.h libcmocka-dev
	need jq jq
	;;
setup-growth)
	need gnuplot gnuplot-nox
	;;
setup-accuracy)
	if command -v dpkg-query >/dev/null 2>&1; then
		for name in python3-numpy python3-sklearn dataset-fashion-mnist; do
			package "$name"
		done
	fi
	;;
setup-browser)
	need chromium chromium
	need node nodejs
	need npm npm
	if command -v dpkg-query >/dev/null 2>&1; then
		package fonts-dejavu-core # without any font there are no letters to look at
		package dataset-fashion-mnist
	fi
	;;
setup-peers)
	if command -v dpkg-query >/dev/null 2>&1; then
		for name in python3-numpy python3-torch python3-sklearn libfann-dev libopenblas-dev libdnnl-dev libblis-dev \
			libeigen3-dev libxnnpack-dev libpthreadpool-dev; do
			package "$name"
		done
	fi
	need g++ g++ # Eigen's
	need node nodejs
	need npm npm
	;;
*)
	echo "setup.sh: one of setup, setup-check, setup-ci, setup-coverage, setup-docs, setup-fresh, setup-ports, setup-deb, setup-peers, setup-growth, setup-accuracy, setup-browser, not '$1'" >&2
	exit 2
	;;
esac
if [ "${1:-setup}" = setup-ci ]; then
	need gcc gcc
	need clang clang
	need clang-format clang-format
	need chromium chromium
	need node nodejs
	need npm npm
	if command -v dpkg-query >/dev/null 2>&1; then
		package fonts-dejavu-core
		package libclang-rt-dev
		package python3-onnx
		package dataset-fashion-mnist
	fi
fi
case ${1:-setup} in
setup-ci | setup-docs)
	need doxygen doxygen
	;;
esac
case ${1:-setup} in
setup-ci | setup-fresh)
	need debootstrap debootstrap
	;;
esac
case ${1:-setup} in
setup-ci | setup-coverage)
	need gcovr gcovr
	;;
esac
case ${1:-setup} in
setup-ci | setup-ports)
	need musl-gcc musl-tools
	need qemu-aarch64 qemu-user
	need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
	need s390x-linux-gnu-gcc gcc-s390x-linux-gnu
	if command -v dpkg-query >/dev/null 2>&1; then
		# gcc-multilib cannot stand beside the other two; that of a version can
		version=$(gcc -dumpversion 2>/dev/null || apt-cache depends gcc | sed -n 's/.*Depends: gcc-\([0-9]*\)$/\1/p' | head -n 1)
		package "gcc-${version%%.*}-multilib"
		package libc6-dev-i386
		package libc6-dev-arm64-cross
		package libc6-dev-s390x-cross
	fi
	;;
esac
case ${1:-setup} in
setup-ci | setup-deb)
	need dh debhelper
	need dpkg-buildpackage dpkg-dev
	need lintian lintian
	need mandoc mandoc
	need pkg-config pkgconf
	need zsh zsh
	need fish fish
	;;
esac
# What a test is skipped without.
needed=$missing
case ${1:-setup} in
setup-check | setup-ci)
	need g++ g++
	if command -v dpkg-query >/dev/null 2>&1; then
		package locales
	fi
	;;
esac
[ -n "$missing" ] || exit 0

# give_up REASON: what an administrator types, and what needs no package.  Goes on if nothing is
# needed but for tests that can be skipped.
give_up() {
	[ -n "$needed" ] || {
		echo "setup.sh: note: $1; tests that need$missing are skipped" >&2
		exit 0
	}
	cat >&2 <<-END
		setup.sh: $1; ask an administrator to run
		    apt-get install$missing
		and run make again, or compile your program with the core of Hebb, which needs only a C compiler:
		    cc -O2 -Iinclude YOUR.c src/core/*.c src/core/*/*.c -lm -lpthread
	END
	exit 1
}

echo "missing on this machine:$missing"
command -v apt-get >/dev/null 2>&1 || give_up "these are Debian's names of packages, and there is no apt-get here"
sudo=
if [ "$(id -u)" != 0 ]; then
	sudo=sudo
	command -v sudo >/dev/null 2>&1 || give_up "only root can install packages, and there is no sudo here"
	sudo apt-get --version >/dev/null || give_up "only root can install packages, and sudo refuses"
fi
echo "installing them with apt-get"
$sudo apt-get update -qq || echo "setup.sh: the lists of packages could not be renewed; trying with those that are here" >&2
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
	give_up "apt-get could not install the packages, for the reason above"
