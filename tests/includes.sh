#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# includes.sh - who may include whom, and what a library must not do: the architecture, checked.  Run in the root of the tree.
#
#   cli     the public headers; of its room by name, of other rooms by room and name
#   study   the public headers, its own
#   io      the public headers but hebb_study.h, its own
#   core    the public headers of the core (hebb.h, hebb_advanced.h), core.h, kernel/kernels.h
#   layer   core.h
#   kernel  kernels.h and its own .inc; no layer, no allocation, no failure
#   examples   the public headers
#   bench   the public headers, its own
set -u
failures=0
core='hebb\.h|hebb_advanced\.h'
public="$core|hebb_io\.h|hebb_study\.h"

# FOLDER-GLOB ALLOWED-REGEX: every #include "..." in those files must match
allow() {
	while IFS=: read -r file line text; do
		name=$(sed -n 's/.*#include *"\(.*\)".*/\1/p' <<<"$text")
		[ -n "$name" ] || continue
		if ! [[ $name =~ ^($2)$ ]]; then
			echo "$file:$line: includes \"$name\", which is not allowed there"
			failures=$((failures + 1))
		fi
	done < <(grep -Hn '^#include *"' $1 2>/dev/null)
}

own() { # the headers of a folder as a regex
	(cd "$1" && ls ./*.h 2>/dev/null | sed 's,^\./,,; s,\.,\\.,g' | paste -sd '|')
}

allow 'src/core/*.c src/core/*.h' "$core|core\.h|kernel/kernels\.h"
allow 'src/core/layer/*' '\.\./core\.h'
allow 'src/core/kernel/*' 'kernels\.h|(kernels|vectors|product|normalize|loss)\.inc'
rooms=$(cd src/io && ls -d -- */ | tr -d / | paste -sd '|')
allow 'src/io/*.c src/io/*.h' "$core|hebb_io\.h|$(own src/io)|($rooms)/[a-z_]+\.h"
for room in src/io/*/; do
	allow "$room*.[ch]" "$core|hebb_io\.h|$(own "$room")|\.\./($(own src/io))|\.\./($rooms)/[a-z_]+\.h"
done
allow 'src/study/*.c src/study/*.h' "$public|$(own src/study)"
for room in src/study/*/; do
	allow "$room*.[ch]" "$public|$(own "$room")|\.\./($(own src/study))"
done
for room in src/cli/*/; do
	allow "$room*.[ch]" "$public|$(own "$room")|($(cd src/cli && ls -d -- */ | tr -d / | paste -sd '|'))/[a-z_]+\.h"
done
allow 'examples/*.c examples/tutorial/*.c' "$public"
allow 'bench/*.[ch]' "$public|$(own bench)"
allow 'include/hebb.h' 'nothing'
allow 'include/hebb_advanced.h include/hebb_io.h' 'hebb\.h'
allow 'include/hebb_study.h' 'hebb_io\.h'

# What the library must not do.
while IFS= read -r hit; do
	echo "$hit: not in a library"
	failures=$((failures + 1))
done < <(grep -nE '\b(printf|fprintf|puts|putchar|perror|exit|abort|assert|rand|srand|setlocale)\(' src/core/*.c \
	src/core/layer/*.c src/core/kernel/* src/io/*.c src/io/*/*.c src/study/*.c src/study/*/*.c)
while IFS= read -r hit; do
	echo "$hit: kernels do not allocate"
	failures=$((failures + 1))
done < <(grep -nE '\b(malloc|calloc|realloc|free|aligned_alloc)\(' src/core/kernel/*)

# A layer is asked for its kind by name in its own file, in ONNX's and in the drawing of networks; elsewhere in few places.
kinds=$(grep -nE '\bHEBB_(DENSE|DROPOUT|BATCH_NORM|LAYER_NORM|ADD)\b' src/*/*.[ch] src/io/*/*.[ch] src/cli/*/*.[ch] | grep -vE '^src/(io/model|cli/draw/figure)')
if [ "$(wc -l <<<"$kinds")" -ge 20 ]; then
	echo "$kinds"
	echo "a kind of layer is asked for by name in 20 places or more; hebb_kind_about(), hebb_net_parameter() and struct hb_kind tell what it has"
	failures=$((failures + 1))
fi

checked=$(ls src/*/*.[ch] src/*/*/*.* include/*.h | wc -l)
if [ "$failures" -eq 0 ]; then
	echo "$checked files keep the rules"
else
	exit 1
fi
