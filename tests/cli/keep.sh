#!/bin/sh
# SPDX-License-Identifier: MIT
# keep.sh - no training is lost: signals, limits and places that cannot be written
#
#     tests/cli/keep.sh HEBB_BINARY
#
# What this machine does not allow (mounts, a terminal) is skipped, saying so.

. "$(dirname "$0")/harness.sh"

mkdir bin temporary
ln -s "$hebb" bin/hebb
TMPDIR=$folder/temporary
export TMPDIR

# A training that only a signal ends.
forever='-e 1000000 -l 10 --schedule constant'

# go_on MODEL ARGUMENTS...: runs the command line that standard error gave, for 20 epochs more, and compares the model with that of a
# training with these arguments which was never stopped.
go_on() {
	model=$1
	shift
	epochs=$(($(sed -n 's/.*stopped in epoch \([0-9]*\) of.*/\1/p' err) + 20))
	sed -n 's/.*to go on: //p' err >line.sh
	check "one line says how to go on" [ "$(grep -c '' line.sh)" -eq 1 ]
	printf '%s -e %d -q\n' "$(cat line.sh)" "$epochs" >line.sh
	check "it runs" env PATH="$folder/bin:$PATH" sh ./line.sh
	"$hebb" train "$@" -q -e "$epochs" -o whole.onnx >out
	check "the same model" cmp whole.onnx "$model"
	rm -f "$model" whole.onnx
}

# ---- Signals ----

for signal in INT:130 TERM:143 HUP:129 XCPU:152; do
	stop "${signal%:*}" '^epoch' train digits $forever -o m.onnx
	check "$signal: died of it" [ "$status" -eq "${signal#*:}" ]
	check "$signal: saved" [ -f m.safetensors ]
	check "$signal: no model" [ ! -e m.onnx ]
	go_on m.onnx digits $forever
	rm -f m.safetensors
done

# A terminal that closes gives two, a limit of time one a second.
stop 'HUP HUP XCPU XCPU' '^epoch' train digits $forever -o m.onnx
check "repeated: died of the first" [ "$status" -eq 129 ]
check "repeated: saved" [ -f m.safetensors ]
go_on m.onnx digits $forever
# One Ctrl-C comes twice where a program hands it on that got it too.
for twice in 'INT INT' 'TERM TERM' 'INT TERM'; do
	stop "$twice" '^epoch' train digits $forever -o twice.onnx
	check "$twice: saved" [ -f twice.safetensors ]
	check "$twice: said" grep -q 'to go on:' err
	rm -f twice.safetensors
done
cp m.safetensors kept.safetensors
stop TERM '^epoch' train digits $forever -s 2 -o m.onnx
check "a second name" grep -q 'saved m-2.safetensors' err
check "the first is kept" cmp m.safetensors kept.safetensors
go_on m.onnx digits $forever -s 2
rm -f ./*.safetensors

# A limit of processor time that is soft and hard at once, as the shell sets it.
(
	ulimit -t 2
	exec "$hebb" train digits $forever -j 1 -o m.onnx >out 2>err
) 2>/dev/null
status=$?
check "limit of time: died of it" [ "$status" -eq 152 ]
go_on m.onnx digits $forever
rm -f ./*.safetensors

# What is ignored stays ignored.
"$hebb" train digits -q -e 700 -l 10 -o long.onnx >out || exit 2
for signal in INT HUP; do
	trap '' "$signal"
	stop "$signal" '^epoch' train digits -e 700 -l 10 -o m.onnx
	trap - "$signal"
	check "$signal ignored: status" [ "$status" -eq 0 ]
	check "$signal ignored: the same model" cmp long.onnx m.onnx
	rm -f m.onnx
done

# A terminal that is gone: nothing more can be said.
if command -v script >/dev/null 2>&1; then
	rm -f pid
	script -qc "sh -c 'echo \$\$ >pid; exec \"$hebb\" train digits $forever -o m.onnx --checkpoint t.safetensors --every 1'" /dev/null \
		>/dev/null 2>&1 </dev/null &
	looks=0
	until [ -s t.safetensors ] || [ "$looks" -eq 1500 ]; do
		sleep 0.02
		looks=$((looks + 1))
	done
	kill -9 $!
	wait $! 2>/dev/null
	while kill -0 "$(cat pid)" 2>/dev/null && [ "$looks" -lt 2000 ]; do
		sleep 0.02
		looks=$((looks + 1))
	done
	check "closed terminal: it ended" [ "$looks" -lt 2000 ]
	try 0 inspect t.safetensors --json
	epochs=$(($(json .epochs) + 20))
	try 0 train digits -q --resume t.safetensors -o m.onnx -e "$epochs"
	try 0 train digits -q $forever -o whole.onnx -e "$epochs"
	check "closed terminal: the same model" cmp whole.onnx m.onnx
	rm -f m.onnx t.safetensors
else
	echo "keep.sh: there is no 'script'; a closed terminal is not tried"
fi

# ---- Several runs ----

several='-e 40 -l 16'
"$hebb" train digits -q $several -o first.onnx >out || exit 2
stop INT '^seed 2' train digits $several --repeat 10000 -o m.onnx
check "repeat: died of it" [ "$status" -eq 130 ]
check "repeat: how many" grep -Eq 'over [0-9]+ of 10000 runs' out
check "repeat: mean" grep -q 'mean.*sd' out
check "repeat: said" grep -Eq '^hebb: training: stopped in run [0-9]+ of 10000; the report covers' err
check "repeat: the model of the first" cmp first.onnx m.onnx
rm -f m.onnx
stop TERM '^seed 1' train digits $several --repeat 10000 -o m.onnx --json
check "repeat: died of it" [ "$status" -eq 143 ]
check "repeat, json: asked for" [ "$(json .runs_asked)" = 10000 ]
check "repeat, json: done" [ "$(json .runs_done)" = "$(grep -c '^seed' err)" ]
check "repeat, json: mean" is_near "$(json .test.accuracy_mean)" 0.8 1
check "repeat, json: where" [ "$(json .model)" = m.onnx ]
check "repeat, json: the model" cmp first.onnx m.onnx
rm -f m.onnx
stop INT '^network' train digits $forever --repeat 2 -o m.onnx
check "repeat: the first run is saved" [ -f m.safetensors ]
check "repeat: no report" [ ! -s out ]
go_on m.onnx digits $forever
rm -f m.safetensors

stop INT '^fold 2' train digits $several --folds 150 -o m.onnx
check "folds: died of it" [ "$status" -eq 130 ]
check "folds: how many" grep -Eq 'in [0-9]+ of 150 folds' out
check "folds: said" grep -q 'stopped in fold .* of 150; .*the model was not trained' err
check "folds: no model" [ ! -e m.onnx ]
stop INT '^fold 1' train digits $several --folds 150 -o m.onnx --json
check "folds, json: done" [ "$(json .runs_done)" = "$(grep -c '^fold' err)" ]
check "folds, json: mean" is_near "$(json .test.accuracy_mean)" 0.5 1
check "folds, json: no model" [ "$(json .model)" = null ]
stop INT '^network' train digits $forever --folds 3 -o m.onnx
check "folds: nothing yet" grep -q 'stopped in fold 1 of 3; nothing is complete' err
check "folds: no report" [ ! -s out ]
# The final model is a training like any other; a test part is not looked at then either.
final='--folds 2 --test 0.2 -e 700 -l 10 --schedule constant'
stop INT 'the model is trained on all' train digits $final -o m.onnx
check "folds: the report of all" grep -q 'in 2 folds' out
if [ "$status" -eq 130 ]; then
	go_on m.onnx digits $final
else
	echo "keep.sh: the final training was over before it could be stopped"
fi
rm -f m.safetensors m.onnx

# ---- Search ----

space='--rate 0.001/0.002/0.003/0.004 --trials 4 -l 10 -e 400 --schedule constant --table table.csv'
"$hebb" search digits -q $space -o best.onnx >out || exit 2
cp table.csv whole.csv
rm -f table.csv
stop INT '^trial 2' search digits $space -o m.onnx
check "search: died of it" [ "$status" -eq 130 ]
check "search: said" grep -Eq '^hebb: search: stopped after [23] finished trials, .* goes on from table.csv' err
check "search: the table" [ "$(grep -c '^[0-9]' table.csv)" -ge 2 ]
try 0 search digits -q $space -o m.onnx
cut -d, -f1-5,7 whole.csv >one.txt # seconds differ
cut -d, -f1-5,7 table.csv >two.txt
check "search: the same scores" cmp one.txt two.txt
check "search: the same model" cmp best.onnx m.onnx
rm -f m.onnx
stop TERM '^the best' search digits $space -o m.onnx
if [ "$status" -eq 143 ] && [ ! -e m.onnx ]; then
	sed -n 's/.*to go on: //p' err >line.sh
	check "search: it goes on" env PATH="$folder/bin:$PATH" sh ./line.sh
	check "search: the same model" cmp best.onnx m.onnx
else
	echo "keep.sh: the final training was over before it could be stopped"
fi
rm -f m.safetensors m.onnx

# ---- Places that cannot be written ----

awk 'BEGIN { print "a,kind"; for (i = 0; i < 60; i++) printf "%d,%s\n", i % 7, i % 2 ? "yes" : "no" }' >small.csv
small='train small.csv -e 3 -l 4'
"$hebb" $small -q -o small.onnx >out || exit 2

# elsewhere FILE PATTERN ARGUMENTS...: exit 1, the report, and the model in FILE, which is named in one line beside the reason.
elsewhere() {
	file=$1
	reason=$2
	shift 2
	try 1 "$@" -q
	check "one line for hebb $*" [ "$(grep -vc '^hebb: warning: ' err)" -eq 1 ]
	check "the reason, and $file" grep -Eq "^hebb: .*cannot be written: $reason; the model is in $file instead$" err
	check "the report" grep -q '^Held out' out
	check "where it is" grep -q "^Saved $file" out
	check "the same model" cmp small.onnx "$file"
	rm -f "$file"
}

[ -w /dev/full ] && elsewhere full.onnx 'no space is left on the device' $small -o /dev/full
"$hebb" $small -o /dev/full --json >out 2>err # in JSON too
[ -w /dev/full ] && check "json: where it is" [ "$(json .model)" = full.onnx ]

# late COMMANDS FILE PATTERN ARGUMENTS...: the commands run once the training has begun to read its data, from a pipe.
late() {
	(
		exec 3>pipe/small.csv
		eval "$1"
		cat small.csv >&3
	) &
	shift
	file=$1
	reason=$2
	shift 2
	elsewhere "$file" "$reason" train pipe/small.csv -e 3 -l 4 "$@"
	wait
}
mkdir pipe gone
mkfifo pipe/small.csv
late 'rm -r gone' m.onnx 'there is no such directory' -o gone/m.onnx
ln -s nowhere/x.onnx link.onnx
mkdir nowhere
late 'rmdir nowhere' link-2.onnx 'there is no such directory' -o link.onnx
echo mine >link-2.onnx
mkdir nowhere
late 'rmdir nowhere' link-3.onnx 'there is no such directory' -o link.onnx
check "nothing is overwritten" [ "$(cat link-2.onnx)" = mine ]
if [ "$(id -u)" -ne 0 ]; then # root may write all the same
	mkdir closed
	late 'chmod 555 closed' m.onnx 'permission denied' -o closed/m.onnx
	cp small.onnx m.onnx
	late 'chmod 444 m.onnx' m-2.onnx 'permission denied' -o m.onnx
	rm -rf closed m.onnx
fi

# The current folder is gone as well: the temporary one.
mkdir gone
(
	exec 3>pipe/small.csv
	rm -r gone
	cat small.csv >&3
) &
(
	cd gone || exit
	"$hebb" train ../pipe/small.csv -e 3 -l 4 -o m.onnx >../out 2>../err
)
wait
check "current folder gone: the same model" cmp small.onnx temporary/m.onnx
check "it is nobody else's" [ "$(ls -l temporary/m.onnx | cut -c1-10)" = -rw------- ]
rm -f temporary/m.onnx

# Names of 255 bytes.
name=$(printf '%0250d' 1)
try 0 $small -q -o "$name.onnx"
check "255 bytes: the same model" cmp small.onnx "$name.onnx"
name=$(printf '%0243d' 1)
try 0 $small -q --checkpoint "$name.safetensors" -o m.onnx
check "255 bytes: the checkpoint" [ -s "$name.safetensors" ]
name=$(printf '%0250d' 2) # from which that of the checkpoint is made, longer
stop INT '^epoch' train digits $forever -o "$name.onnx"
go_on "$name.onnx" digits $forever
rm -f ./0* m.onnx

# The checkpoint that is owed.
mkdir gone
during 'rm -r gone; kill -INT $(cat pid)' '^epoch' train digits $forever -o m.onnx --checkpoint gone/c.safetensors
check "owed: died of it" [ "$status" -eq 130 ]
check "owed: elsewhere" grep -q 'gone/c.safetensors: .*no such directory; the checkpoint is in c.safetensors instead' err
go_on m.onnx digits $forever
rm -f c.safetensors

# A limit of the file's size: the training ends, and what was not written is said again at the end.
(
	ulimit -f 48 # 24 KB, or 48
	"$hebb" train digits -q -e 20 -l 40 -o m.onnx --checkpoint c.safetensors --every 1 >out 2>err
	echo $? >status
)
"$hebb" train digits -q -e 20 -l 40 -o other.onnx --checkpoint c.safetensors --every 1 >out
check "limit: status" [ "$(cat status)" -eq 0 ]
check "limit: the reason" grep -q 'the checkpoint was not written: c.safetensors: .*the file would become too large' err
check "limit: at the end" [ "$(tail -1 err | grep -c 'the last checkpoint was not written: c.safetensors: .* too large')" -eq 1 ]
check "limit: twice in all" [ "$(grep -c '' err)" -eq 2 ]
check "limit: the same model" cmp m.onnx other.onnx
rm -f m.onnx other.onnx c.safetensors
{
	ulimit -f 1
	"$hebb" $small -q -o m.onnx >out
	echo $? >status
} 2>&1 | cat >err # which has no limit
check "limit: no model" [ "$(cat status)" -eq 1 ]
check "limit: why, and that there is none" grep -q 'm.onnx: cannot be written: the file would become too large; the model cannot be written to the current or' err
check "limit: the report" grep -q '^Held out' out
check "limit: nothing is left" [ -z "$(ls | grep -e tmp$ -e m.onnx)" ]

if mkdir full && mount -t tmpfs -o size=64k none full 2>/dev/null; then
	trap 'umount "$folder/full"; rm -rf "$folder"' EXIT
	dd if=/dev/zero of=full/filler bs=1k >/dev/null 2>&1
	elsewhere m.onnx 'no space is left on the device' $small -o full/m.onnx
	cd full || exit 2
	"$hebb" train ../small.csv -e 3 -l 4 -q -o m.onnx >../out 2>../err
	status=$?
	stopped=$("$hebb" search ../small.csv -q -e 2 --rate 0.001/0.01 --trials 2 --table t.csv -o ../best.onnx 2>&1)
	cd .. || exit 2
	check "full: status" [ "$status" -eq 1 ]
	check "full: the temporary folder" cmp small.onnx temporary/m.onnx
	check "full: the trials" echo "$stopped" | grep -q "the trials are in $TMPDIR/t.csv, to go on from with --table"
	check "full: a trial" [ "$(grep -c '^[0-9]' temporary/t.csv)" -eq 1 ]
	try 0 search small.csv -q -e 2 --rate 0.001/0.01 --trials 2 --table temporary/t.csv -o best.onnx
	late 'mount -o remount,ro full' m.onnx 'the file system is read-only' -o full/m.onnx
	umount full
	trap 'rm -rf "$folder"' EXIT
else
	echo "keep.sh: a tmpfs cannot be mounted here; full and read-only file systems are not tried"
fi
rm -f temporary/*

# ---- Temporary files ----

# The process number is always the same in a container, and those before were killed.
sh -c 'for i in $(seq 0 199); do : >"stale.onnx.$$-$i.tmp"; done; exec "$@"' sh "$hebb" $small -q -o stale.onnx >out 2>err
check "stale temporary files" cmp small.onnx stale.onnx
check "they are left alone" [ "$(ls | grep -c '^stale.onnx.*tmp$')" -eq 200 ]
rm -f stale*

# ---- The line that goes on ----

# Long and strange names, and all options that are in no checkpoint.
folder_name=$(printf 'it'\''s "a" $folder\nwith `lines`; \\ and é %0150d' 1)
mkdir "$folder_name"
rows='BEGIN { print "a,kind"; for (i = 0; i < 60; i++) printf "%d,%s\n", i % 7, i % 2 ? "yes" : "no" }'
awk "$rows" >"$folder_name/--data.csv"
awk "$rows" >"$folder_name/test.csv"
awk "$rows" >./-e.csv
tag=$(printf '\t%0180d' 2)
set -- -l 4 --schedule constant --test "$folder_name/test.csv"
stop INT '^epoch' train -o "$folder_name/m$tag.onnx" --checkpoint "$folder_name/c$tag.safetensors" --every 5m -j 2 -e 1000000 "$@" -- -e.csv
check "strange: the options" grep -q -- ' -j 2 .*--every 5m' err
go_on "$folder_name/m$tag.onnx" ./-e.csv "$@"
stop INT '^epoch' train "$folder_name/--data.csv" -o "$folder_name/m.onnx" -e 1000000 "$@"
go_on "$folder_name/m.onnx" "$folder_name/--data.csv" "$@"
finish
