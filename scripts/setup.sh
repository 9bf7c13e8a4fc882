#!/bin/sh
# SPDX-License-Identifier: MIT
# setup.sh setup|setup-check|setup-ci|setup-coverage|setup-ports|setup-deb|setup-peers|setup-growth|setup-accuracy - installs what building,
# testing, the slow proofs, coverage, other machines, Debian's packages, the comparisons with other programs or the pictures of growth need
# and this machine lacks
#
# Knows Debian and its relatives.  Elsewhere it says what is missing and leaves it to you.
set -eu

# what to look for -> the package that brings it: a command, or a file below the include paths
need() {
	for dir in /usr/include /usr/local/include /usr/include/"$(uname -m)"-linux-gnu; do
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
setup | setup-deb | setup-coverage | setup-ports) ;;
setup-check | setup-ci)
	need cmocka.h libcmocka-dev
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
setup-peers)
	if command -v dpkg-query >/dev/null 2>&1; then
		for name in python3-numpy python3-torch python3-sklearn libfann-dev libopenblas-dev libdnnl-dev; do
			package "$name"
		done
	fi
	;;
*)
	echo "setup.sh: one of setup, setup-check, setup-ci, setup-coverage, setup-ports, setup-deb, setup-peers, setup-growth, setup-accuracy, not '$1'" >&2
	exit 2
	;;
esac
if [ "${1:-setup}" = setup-ci ]; then
	need gcc gcc
	need clang clang
	need clang-format clang-format
	need node nodejs
	need npm npm
	if command -v dpkg-query >/dev/null 2>&1; then
		package libclang-rt-dev
		package python3-onnx
		package locales
		package dataset-fashion-mnist
	fi
fi
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
[ -n "$missing" ] || exit 0

echo "missing on this machine:$missing"
if ! command -v apt-get >/dev/null 2>&1; then
	echo "setup.sh: these are Debian's names; install them with your package manager and run make again" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
	sudo=sudo
	command -v sudo >/dev/null 2>&1 || {
		echo "setup.sh: run 'apt-get install$missing' as root, then make again" >&2
		exit 1
	}
fi
echo "installing them with apt-get"
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
