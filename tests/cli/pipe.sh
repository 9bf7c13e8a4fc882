#!/bin/sh
# SPDX-License-Identifier: MIT
# pipe.sh - a pipe whose reader is gone ends every command silently, as by SIGPIPE; a full disk
# and a closed output are told
#
#     tests/cli/pipe.sh HEBB_BINARY
. "$(dirname "$0")/harness.sh"

awk 'BEGIN { print "a,b,y"; for (i = 0; i < 40; i++) print i % 7 "," i % 5 "," (i % 7 > 3 ? "p" : "q") }' >few.csv
awk 'BEGIN { print "a,b"; for (i = 0; i < 20000; i++) print i % 7 "," i % 5 }' >many.csv
try 0 train few.csv -e 2 -q -o few.onnx

# Descriptor 9 is a pipe that nobody reads.
mkfifo pipe
exec 8<>pipe 9>pipe 8>&-

# Every command of the table, each with work for its output; the model of train goes to a file and
# to the pipe.
arguments_of() { # COMMAND
	case $1 in
	train) printf '%s\n' "few.csv -e 2 -o new.onnx" "few.csv -e 2 -o new.onnx --json" "few.csv -e 2 -o -" ;;
	search)
		printf '%s\n' "few.csv -e 2 --trials 2 -o new.onnx --table new.csv" \
			"few.csv -e 2 --trials 2 -o - --table new.csv"
		;;
	evaluate) printf '%s\n' "few.onnx few.csv" "few.onnx few.csv --json" ;;
	explain) printf '%s\n' "few.onnx few.csv" "few.onnx few.csv --shapley 1 --json" ;;
	predict) printf '%s\n' "few.onnx few.csv" "few.onnx many.csv" ;; # less and more than a buffer
	inspect) printf '%s\n' few.csv few.onnx "few.csv --json" ;;
	check) printf '%s\n' "few.csv -l 3" "few.csv -l 3 --json" ;;
	report) printf '%s\n' few.onnx "few.onnx --json" "few.onnx -o -" ;;
	tutorial) printf '%s\n' "" 2.1 "4 --json" ;;
	play) printf '%s\n' "moons -e 2" "moons -e 2 --json" "moons --save -" ;;
	bench) printf '%s\n' W3 ;;
	*) echo "pipe.sh: no arguments for the command $1" >&2 ;;
	esac
}

# closed ARGUMENTS...: standard output is the pipe; where the parent ignores SIGPIPE too.
closed() {
	rm -f new.*
	"$hebb" "$@" -q >&9 2>err </dev/null
	check "hebb $* ends by SIGPIPE" [ $? -eq 141 ]
	check "hebb $* is silent" sh -c '! grep -v "^hebb: warning: " err'
	(
		trap '' PIPE
		"$hebb" "$@" >&9 2>err </dev/null
	)
	check "hebb $* ends by SIGPIPE where it was ignored" [ $? -eq 141 ]
	check "hebb $* says nothing of it" sh -c '! grep -iE "^hebb: (standard|.*pipe)" err'
}

refused() { # TITLE ARGUMENTS...: status and err are of a lost output
	check "$1: exit status $status of hebb $2" [ "$status" -eq 1 ]
	check "$1: one line of hebb $2" [ "$(grep -c '^hebb: .*\(standard output\|closed\)' err)" -eq 1 ]
}

commands=$("$hebb" -h | sed -n 's/^  \([a-z]*\)  .*/\1/p')
check "the commands are found" [ "$(echo "$commands" | wc -w)" -ge 8 ]
for command in $commands; do
	arguments_of "$command" >arguments
	check "$command has arguments" [ -s arguments ]
	while IFS= read -r arguments; do
		# shellcheck disable=SC2086
		closed "$command" $arguments
		case $arguments in
		*new.onnx*) check "the model of $command $arguments is saved" "$hebb" inspect new.onnx ;;
		esac
		if [ -c /dev/full ]; then
			# shellcheck disable=SC2086
			"$hebb" "$command" $arguments -q >/dev/full 2>err </dev/null
			status=$?
			refused "full" "$command $arguments"
		fi
		# shellcheck disable=SC2086
		"$hebb" "$command" $arguments -q >&- 2>err </dev/null
		status=$?
		refused "closed" "$command $arguments"
	done <arguments
done
for arguments in help "help train" --help "train --help" --version --man \
	"--completion bash" "--completion zsh" "--completion fish"; do
	# shellcheck disable=SC2086
	"$hebb" $arguments >&9 2>err </dev/null
	check "hebb $arguments ends by SIGPIPE" [ $? -eq 141 ]
	check "hebb $arguments is silent" sh -c '! grep -v "^hebb: warning: " err'
	# shellcheck disable=SC2086
	"$hebb" $arguments >&- 2>err </dev/null
	status=$?
	refused "closed" "$arguments"
done

# ---- Nobody reads the progress ----

rm -f new.*
"$hebb" train few.csv -e 20 -o new.onnx --checkpoint new.safetensors >out 2>&9 </dev/null
check "training goes on" [ $? -eq 0 ]
check "to its end" sh -c 'grep -q "^Saved new.onnx" out && "$1" inspect new.onnx' sh "$hebb"
"$hebb" search few.csv -e 2 --trials 3 -o new.onnx --table new.csv >out 2>&9 </dev/null
check "so does a search" [ $? -eq 0 ]
"$hebb" train few.csv -e 20 -o both.onnx >&9 2>&1 </dev/null
check "nor the report: by SIGPIPE" [ $? -eq 141 ]
check "but the model is saved" "$hebb" inspect both.onnx

finish
