#!/bin/sh
# SPDX-License-Identifier: MIT
# fresh.sh [whole] - the two commands of the README, `make digits` and `make check`, on a Debian
# 12 where nothing is installed but git, make, ca-certificates and apt: they have to install what
# they need
#
# debootstrap makes the system in a temporary folder; a clone of this tree's last commit is built
# and tested there, apart from this machine's files, processes and mounts, of which nothing is
# left at the end, however it ends.  Without `whole`, the tests are the everyday ones.  Status 77:
# there is no root, no debootstrap, or no way to Debian's packages.
set -eu
cd "$(dirname "$0")/.."
select='-L quick'
case ${1:-} in
whole) select= ;;
'') ;;
*)
	echo "fresh.sh: nothing or 'whole', not '$1'" >&2
	exit 2
	;;
esac

cannot() {
	echo "fresh.sh: $1" >&2
	exit 77
}
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" = 0 ] || cannot "a bare Debian can be made by root alone"
command -v debootstrap >/dev/null || cannot "debootstrap is missing; 'make setup-fresh' installs it"
unshare --mount --pid --fork true 2>/dev/null ||
	cannot "mounts and processes of its own are not allowed here"
mirror=$(scripts/mirror.sh) || cannot "/etc/apt names no mirror of Debian"
[ -z "$(git status --porcelain)" ] || echo "fresh.sh: note: what is not committed is not tried"

child=
work=$(mktemp -d)
root=$work/root
clean_up() {
	[ -z "$child" ] || kill -KILL "$child" 2>/dev/null || true # and with it, all that it started
	wait
	rm -rf --one-file-system "$work" 2>/dev/null || { # the last of them is still ending
		sleep 1
		rm -rf --one-file-system "$work"
	}
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# apart COMMAND...: with mounts and processes that end with it.  In the background, so that a
# signal to this script is heeded at once; Ctrl-C would be ignored there.
apart() {
	env --default-signal=INT,QUIT unshare --mount --pid --fork --kill-child "$@" &
	child=$!
	status=0
	wait "$child" || status=$?
	child=
	return "$status"
}

# The proxies and certificates of this machine, if any, hold there too.
configure() {
	apt-config dump Acquire >"$root/etc/apt/apt.conf.d/99machine"
	for file in /etc/apt/auth.conf /etc/apt/auth.conf.d /etc/resolv.conf /etc/hosts; do
		[ ! -e "$file" ] || cp -rL "$file" "${root}${file%/*}/"
	done
	cat /etc/ssl/certs/ca-certificates.crt >"$root/etc/ssl/certs/ca-certificates.crt"
}

say_time() {
	echo "== fresh: $1 after $(($(date +%s) - begin)) s"
}

begin=$(date +%s)
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
[ -z "${http_proxy:-}" ] || export http_proxy
[ -z "${https_proxy:-}" ] || export https_proxy
apart debootstrap --variant=minbase --include=git,make,ca-certificates \
	bookworm "$root" "$mirror" >"$work/log" 2>&1 || {
	tail -n 5 "$work/log" >&2
	cannot "debootstrap could make no system"
}
configure
for name in cc cmake python3 jq curl; do
	[ ! -e "$root/usr/bin/$name" ] || {
		echo "fresh.sh: the bare Debian has $name" >&2
		exit 1
	}
done
git clone --quiet --no-hardlinks . "$root/hebb"
say_time "a bare Debian"
# shellcheck disable=SC2016
apart sh -euc '
	mount -t proc proc "$1/proc"
	mount --rbind /dev "$1/dev"
	exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		SELECT="$2" sh -euc "
		cd /hebb
		make digits
		make check
	"' sh "$root" "$select"
say_time "make digits and make check passed"
