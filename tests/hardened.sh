#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# hardened.sh HEBB LIBHEBB LIBHEBB_IO LIBHEBB_STUDY [WHAT...] - looks whether the command and the libraries have what cmake/hardening.cmake names
set -u
hebb=${1:?usage: $0 HEBB LIBHEBB LIBHEBB_IO LIBHEBB_STUDY [WHAT...]}
libraries=("$2" "$3" "$4")
shift 4
command -v readelf >/dev/null || { echo "skipped: no readelf (binutils)"; exit 77; }
readelf -h "$hebb" >/dev/null 2>&1 || { echo "skipped: not an ELF file: $hebb"; exit 77; }
failed=0
passed=0

# WHAT TEXT-OF-READELF REGEX
has() {
	if grep -Eq "$3" <<<"$2"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $hebb: $1: nothing matches $3" >&2
	fi
}

header=$(readelf -hlW "$hebb")
dynamic=$(readelf -dW "$hebb")
symbols=$(readelf -sW "$hebb")

# How many objects of the libraries lack the mark for shadow stacks.
without_cet() {
	readelf -hnW "${libraries[@]}" | awk '/^ELF Header/ { objects++ } /x86 feature:.*SHSTK/ { marked++ } END { print objects - marked }'
}

for what in "$@"; do
	case $what in
	pie) has pie "$header" 'Type: +DYN' ;;
	relro) has relro "$header" 'GNU_RELRO' ;;
	now) has now "$dynamic" 'BIND_NOW|Flags:.*NOW' ;;
	stack) has stack "$symbols" '__stack_chk_(fail|guard)' ;;
	fortify)
		# Only glibc has the functions that check.
		if readelf -VW "$hebb" | grep -q GLIBC; then
			has fortify "$symbols" '__(mem|str|sn|vsn|f)[a-z]*_chk'
		fi
		;;
	cet) has cet "without: $(without_cet)" '^without: 0$' ;;
	clash) ;; # leaves no mark
	*)
		echo "FAILED: $0 does not know how to look for '$what'" >&2
		failed=$((failed + 1))
		;;
	esac
done
has "a stack without code" "$(grep GNU_STACK <<<"$header")" ' RW +'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
