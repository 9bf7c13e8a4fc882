#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# package.sh - what is installed is whole: programs outside the tree find it by pkg-config and CMake, in C and C++, shared
# and static; the libraries show hebb_* alone; uninstall leaves nothing; the man page is clean; shells complete; the
# documents have no dead links; the amalgamation compiles alone to the same bits.  Run in the root of the tree; what a machine lacks (mandoc, zsh, fish, clang) is skipped.
#
#     tests/package.sh [install|amalgamation|deb]
#
# deb tries the packages that `make deb` has made, unpacked into a folder; it is not part of the call without arguments.
set -uo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failures=0

check() { # TITLE COMMAND...
	local title=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
	else
		failures=$((failures + 1))
		echo "FAILED: $title: $*"
		sed 's/^/    /' "$work/log" | head -20
	fi
}

skip() {
	echo "skipped: $1 is not installed"
}

# OUTPUT-REGEX PROGRAM...: what it prints, as one line, is that
prints() {
	local wanted=$1
	shift
	"$@" >"$work/out" && tr '\n' ' ' <"$work/out" | grep -Eq "$wanted" || { cat "$work/out"; return 1; }
}
xor='^0 xor 0 = 0\.0.* 0 xor 1 = (0\.9|1\.0).* 1 xor 0 = (0\.9|1\.0).* 1 xor 1 = 0\.0'

symbols() { # LIBRARY: the names it offers
	nm -D --defined-only "$1" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort
}

# HEADER...: the functions that they declare
declared() {
	printf '#include "%s"\n' "$@" | cc -Iinclude -E - |
		awk -v headers=" $* " '/^#/ { name = $3; gsub(/.*\/|"/, "", name); ours = index(headers, " " name " "); next } ours' |
		tr '\n' ' ' | sed 's/{[^{}]*}/;/g' | grep -oE '[^;{}]*;' | grep -v 'static inline' | grep -oE '\bhebb_[a-z0-9_]+\(' | tr -d '(' | sort -u
}

# ---- What the installed files are ----

documents() { # FOLDER: all of docs/ and examples/, as they lie in the tree
	check "the installed pages have no dead links" scripts/links.sh "$1"
	git ls-files docs examples README.md NEWS.md CONTRIBUTING.md SECURITY.md data/README.md >"$work/wanted"
	check "there are documents" grep -q '^docs/' "$work/wanted"
	while IFS= read -r file; do
		check "$file is installed" [ -f "$1/$file" ]
	done <"$work/wanted"
	check "an example is as in the tree" cmp examples/xor.c "$1/examples/xor.c"
	check "a page keeps its links" grep -qF '](../examples/regression.c)' "$1/docs/embedding.md"
	cp -r "$1" "$work/dead"
	chmod -R u+w "$work/dead"
	rm "$work/dead/docs/doctor.md"
	check "a dead link is found" grep -qx 'README.md: docs/doctor.md' <(scripts/links.sh "$work/dead")
	rm -rf "$work/dead"
}

files() {
	local root=$1 lib=$2 name
	local -A headers=([hebb]="hebb.h hebb_advanced.h" [hebb_io]=hebb_io.h [hebb_study]=hebb_study.h)
	for name in hebb hebb_io hebb_study; do
		check "$name: the soname" grep -q "soname: \[lib$name.so.$soversion\]" <(readelf -d "$lib/lib$name.so" | tr S s)
		symbols "$lib/lib$name.so" >"$work/$name"
		check "$name: nothing but hebb_*" sh -c '[ "$(grep -c ^hebb_ "$1")" -gt 20 ] && ! grep -v ^hebb_ "$1"' sh "$work/$name"
		comm -3 "$work/$name" <(declared ${headers[$name]}) >"$work/differ"
		check "$name: the functions of ${headers[$name]}, no more and no fewer" sh -c '! grep . "$1"' sh "$work/differ"
		check "$name: the archive has hebb_* and hb_* alone" sh -c \
			'! nm -g --defined-only "$1" | awk "NF == 3 && \$3 !~ /^(hebb|hb)_/" | grep .' sh "$lib/lib$name.a"
		check "$name: folders may have spaces" grep -q '^Cflags: -I"[^"]*"$' "$lib/pkgconfig/$name.pc"
		check "$name: no path of this machine" sh -c '! grep -r "$1" "$2"' sh "$PWD" "$lib/pkgconfig"
	done
	check "the core needs libc and libm alone" sh -c '! readelf -d "$1" | grep NEEDED | grep -vE "lib(c|m)\.so"' sh "$lib/libhebb.so"
	documents "$root/share/doc/hebb"
	check "the command runs" prints "^hebb $version " "$root/bin/hebb" --version
	if command -v mandoc >/dev/null; then
		check "the man page" mandoc -T lint "$root/share/man/man1/hebb.1"
	else
		skip mandoc
	fi
	for option in $("$root/bin/hebb" train --help | grep -oE '^ *(-.,)? +--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+'); do
		check "the man page has $option" grep -qE -- "Fl \\\\${option#-}( |\$)" "$root/share/man/man1/hebb.1"
	done
}

# ---- Shells ----

bash_completes() { # WANTED WORD...: the last word is being typed
	local wanted=$1
	shift
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	_hebb
	check "bash completes $*" [ "${COMPREPLY[*]}" = "$wanted" ]
}

shells() {
	local share=$1
	# shellcheck source=/dev/null
	. "$share/bash-completion/completions/hebb"
	bash_completes train hebb tr
	bash_completes "adam adamw" hebb train digits --optimizer a
	bash_completes "adam adamw" hebb train --optimizer = a
	bash_completes --rate hebb train digits --ra
	bash_completes --part hebb evaluate a.onnx --p
	bash_completes digits hebb train di
	bash_completes "" hebb predict --opt
	bash_completes "CMakeLists.txt CONTRIBUTING.md" hebb train digits --model C
	if command -v fish >/dev/null; then
		check "fish completes" prints '^train' env HOME="$work" fish --no-config -c "source $share/fish/vendor_completions.d/hebb.fish; complete -C 'hebb tr'"
		check "fish completes names" prints 'adam.*adamw' env HOME="$work" fish --no-config -c "source $share/fish/vendor_completions.d/hebb.fish; complete -C 'hebb train --optimizer ad'"
	else
		skip fish
	fi
	if command -v zsh >/dev/null; then
		check "zsh completes" prints 'all $' timeout 60 zsh -f tests/package/complete.zsh "$share/zsh/site-functions"
	else
		skip zsh
	fi
}

# ---- Programs of strangers ----

by_pkg_config() { # NAME COMPILER SOURCE MODULE [-static]
	# shellcheck disable=SC2046
	check "$1 builds" "$2" -o "$work/$1" "$3" ${5:+"$5"} $(pkg-config --cflags --libs ${5:+--static} "$4")
}

programs() {
	local root=$1 lib=$2 outside=$work/outside
	rm -rf "$outside"
	mkdir "$outside"
	cp tests/package/CMakeLists.txt tests/package/digits.c examples/xor.c examples/study_arrays.c "$outside"
	cp examples/xor.c "$outside/xor.cc"
	local -x PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$destination LD_LIBRARY_PATH=$lib
	by_pkg_config xor cc "$outside/xor.c" hebb
	check "xor by pkg-config" prints "$xor" "$work/xor"
	check "xor uses the shared library" grep -q "libhebb.so.$soversion" <(readelf -d "$work/xor")
	by_pkg_config xor_cxx c++ "$outside/xor.cc" hebb
	check "xor in C++ by pkg-config" prints "$xor" "$work/xor_cxx"
	by_pkg_config digits cc "$outside/digits.c" hebb_io
	check "digits by pkg-config" prints '^1797 digits' "$work/digits"
	by_pkg_config study cc "$outside/study_arrays.c" hebb_study
	check "study by pkg-config" prints '^accuracy 0' sh -c 'cd "$1" && "$2"' sh "$outside" "$work/study"
	by_pkg_config study_static cc "$outside/study_arrays.c" hebb_study -static
	check "study, static, by pkg-config" prints '^accuracy 0' sh -c 'cd "$1" && env -u LD_LIBRARY_PATH "$2"' sh "$outside" "$work/study_static"
	by_pkg_config xor_static cc "$outside/xor.c" hebb -static
	check "xor, static, by pkg-config" prints "$xor" env -u LD_LIBRARY_PATH "$work/xor_static"
	by_pkg_config digits_static cc "$outside/digits.c" hebb_io -static
	check "digits, static, by pkg-config" prints '^1797 digits' "$work/digits_static"
	for kind in OFF ON; do
		check "cmake finds it (static: $kind)" cmake -S "$outside" -B "$outside/$kind" -DCMAKE_PREFIX_PATH="$root" -Dhebb_USE_STATIC_LIBS=$kind
		check "cmake builds (static: $kind)" cmake --build "$outside/$kind"
		check "xor by cmake (static: $kind)" prints "$xor" "$outside/$kind/xor"
		check "xor in C++ by cmake (static: $kind)" prints "$xor" "$outside/$kind/xor_cxx"
		check "study by cmake (static: $kind)" prints '^accuracy 0' sh -c 'cd "$1" && "$2"' sh "$outside" "$outside/$kind/study"
		check "digits by cmake (static: $kind)" prints '^1797 digits' "$outside/$kind/digits"
	done
	check "cmake takes the shared libraries" grep -q libhebb.so <(readelf -d "$outside/OFF/xor")
	check "cmake takes the static libraries" sh -c '! readelf -d "$1" | grep libhebb' sh "$outside/ON/digits"
	sed -i 's/hebb 0.2/hebb 0.0/' "$outside/CMakeLists.txt"
	check "cmake refuses another version" sh -c '! cmake -S "$1" -B "$1/other" -DCMAKE_PREFIX_PATH="$2"' sh "$outside" "$root"
}

install() {
	destination=$work/root
	local root=$destination/usr/local
	local lib=$root/lib
	# What is there before stays: an empty folder, one of ours by its place, a file.
	mkdir -p "$root/share/man/man1" "$root/lib/cmake"
	touch "$root/lib/cmake/another"
	(cd "$destination" && find . | sort) >"$work/before"
	check "make install" make install PREFIX=/usr/local DESTDIR="$destination"
	check "make install, again" make install PREFIX=/usr/local DESTDIR="$destination"
	files "$root" "$lib"
	shells "$root/share"
	programs "$root" "$lib"
	check "make uninstall" make uninstall PREFIX=/usr/local DESTDIR="$destination"
	check "uninstall leaves what was there before" diff "$work/before" <(cd "$destination" && find . | sort)
	check "make install into nothing" make install PREFIX=/usr/local DESTDIR="$work/new"
	touch "$work/new/usr/local/share/doc/hebb/mine"
	check "make uninstall" make uninstall PREFIX=/usr/local DESTDIR="$work/new"
	check "uninstall leaves what is not ours" [ "$(cd "$work/new" && find . ! -type d)" = ./usr/local/share/doc/hebb/mine ]
	rm -r "$work/new"
	check "make install into nothing" make install PREFIX=/usr/local DESTDIR="$work/new"
	check "make uninstall" make uninstall PREFIX=/usr/local DESTDIR="$work/new"
	check "uninstall leaves nothing" [ ! -e "$work/new" ]
}

amalgamation() {
	check "amalgamation" scripts/amalgamate.py "$work/one"
	cp examples/xor.c "$work/one"
	objects=()
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || { skip $compiler; continue; }
		check "$compiler compiles hebb.c without a warning" $compiler -O2 -Wall -Wextra -Wpedantic -Werror -c "$work/one/hebb.c" -o "$work/$compiler.o"
		check "hebb.c of $compiler has hebb_* alone" sh -c '! nm -g --defined-only "$1" | grep -v " hebb_"' sh "$work/$compiler.o"
		objects+=("$work/$compiler.o")
	done
	check "xor builds" cc -O2 "$work/one/xor.c" "${objects[0]}" -lm -lpthread -o "$work/one/xor"
	check "xor" prints "$xor" "$work/one/xor"
	check "without threads" cc -O1 -DHEBB_NO_THREADS "$work/one/xor.c" "$work/one/hebb.c" -lm -o "$work/one/xor_alone"
	check "xor without threads" prints "$xor" "$work/one/xor_alone"
	check "the same bits as the library" tests/bits.sh build/libhebb.a "${objects[@]}"
}

deb() {
	destination=$work/debian
	local root=$destination/usr package
	for package in hebb "libhebb$soversion" libhebb-dev; do
		check "unpack $package" dpkg -x build/deb/"${package}_$version"_*.deb "$destination"
	done
	local lib
	lib=$root/lib/$(cc -print-multiarch)
	gunzip "$root/share/man/man1/hebb.1.gz"
	local -x LD_LIBRARY_PATH=$lib
	check "the command uses the shared library" grep -q "libhebb_io.so.$soversion" <(readelf -d "$root/bin/hebb")
	check "hebb needs the library's package" grep -q "libhebb$soversion" <(dpkg -f build/deb/hebb_*.deb Depends)
	files "$root" "$lib"
	ln -s vendor-completions "$root/share/zsh/site-functions"
	shells "$root/share"
	programs "$root" "$lib"
	check "digits are learned" prints 'accuracy 9[5-9]' sh -c 'cd "$1" && "$2" train digits' sh "$work" "$root/bin/hebb"
}

version=$(sed -n 's/^#define HEBB_VERSION "\(.*\)"/\1/p' include/hebb.h)
soversion=${version%.*}
[[ $version == 0.* ]] || soversion=${version%%.*}
steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(install amalgamation)
for step in "${steps[@]}"; do
	"$step"
done
echo "$passed passed, $failures failed"
[ "$failures" -eq 0 ]
