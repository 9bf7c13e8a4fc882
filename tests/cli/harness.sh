# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# harness.sh - what the shell tests of the command share
#
# A test runs `hebb` in a temporary folder of its own with `try STATUS ARGUMENTS...`, which checks the exit status and leaves
# standard output and error in the files out and err, and then looks at these.  Each check counts; `finish` prints the sum
# and exits 1 if any failed.

hebb=$(cd "$(dirname "${1:?usage: $0 HEBB_BINARY}")" && pwd)/$(basename "$1")
[ -x "$hebb" ] || { echo "$0: $hebb is not a program" >&2; exit 2; }
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
command -v jq >/dev/null || { echo "$0: jq is missing; 'make setup-check' installs it" >&2; exit 2; }
passed=0
failed=0
unset HEBB_KERNELS NO_COLOR COLUMNS

# check TITLE COMMAND...: counts whether the command succeeds.
check() {
	title=$1
	shift
	if "$@" >check.log 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $title: $*" >&2
		sed 's/^/    /' check.log >&2
		[ -s err ] && sed 's/^/    err: /' err | head -5 >&2
	fi
	return 0
}

# try STATUS ARGUMENTS...: runs hebb, standard input empty.
try() {
	expected=$1
	shift
	"$hebb" "$@" >out 2>err </dev/null
	status=$?
	check "exit status $status of hebb $* is $expected" [ "$status" -eq "$expected" ]
}

# refuse STATUS PATTERN ARGUMENTS...: hebb fails with one line `hebb: ...`, after warnings, that matches, and nothing on standard output.
refuse() {
	wanted=$1
	pattern=$2
	shift 2
	try "$wanted" "$@" --quiet
	check "one line for hebb $*" [ "$(grep -vc '^hebb: warning: ' err)" -eq 1 ]
	check "the message of hebb $*" grep -Eq "^hebb: .*($pattern)" err
	check "no output of hebb $*" [ ! -s out ]
}

# during COMMANDS PATTERN ARGUMENTS...: runs hebb, and the commands as soon as a line of its standard error matches; its process
# number is in the file pid; sets status.  hebb is in the foreground, for a shell without job control has commands in the background
# ignore SIGINT.
during() {
	meanwhile=$1
	awaited=$2
	shift 2
	rm -f pid err
	(
		looks=0
		until grep -q "$awaited" err 2>/dev/null || [ "$looks" -eq 1500 ]; do
			sleep 0.02
			looks=$((looks + 1))
		done
		eval "$meanwhile"
	) &
	(sh -c 'echo $$ >pid; exec "$@"' sh "$hebb" "$@" >out 2>err </dev/null) 2>/dev/null
	status=$?
	wait
}

# stop SIGNAL PATTERN ARGUMENTS...: the same with a signal, or with several.
stop() {
	kills=
	for one in $1; do
		kills="$kills kill -$one \$(cat pid) 2>/dev/null;"
	done
	shift
	during "$kills" "$@"
}

# json FILTER: a value of the object in out, by jq.
json() {
	jq -r "$1" out
}

# is_near A LOW HIGH: LOW <= A <= HIGH.
is_near() {
	awk -v a="$1" -v low="$2" -v high="$3" 'BEGIN { exit !(a >= low && a <= high) }'
}

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}
