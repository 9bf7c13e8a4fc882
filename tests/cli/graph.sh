#!/bin/sh
# SPDX-License-Identifier: MIT
# graph.sh - which graph a model has: --graph, what is the default, inspect, and a training that is resumed
#
#     tests/cli/graph.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

printf 'age,color,kind\n1,red,a\n2,blue,b\n3,,a\n4,red,b\n,blue,a\n6,red,b\n' >mixed.csv
printf 'x,y,kind\n1,5,a\n2,6,b\n3,7,a\n4,8,b\n5,9,a\n6,0,b\n' >plain.csv
printf 'x,y,kind\n1,5,a\n2,,b\n3,7,a\n4,8,b\n5,9,a\n6,0,b\n' >gaps.csv

# kind FILE GRAPH COUNT: the graph of a model and how many inputs it has.
kind() {
	try 0 inspect "$1" --json
	check "$1: the graph" [ "$(json .graph.kind)" = "$2" ]
	check "$1: its inputs" [ "$(json '.graph.inputs | length')" = "$3" ]
}

short="-q -e 2 --test 0 --layers none"

# ---- The default ----

for table in mixed plain gaps; do
	try 0 train $table.csv $short -o $table.onnx
done
kind mixed.onnx full 2
kind gaps.onnx full 1
kind plain.onnx numeric 1
try 0 train gaps.csv $short --missing drop -o drop.onnx
kind drop.onnx numeric 1
try 0 inspect mixed.onnx
check "a line" grep -q '^graph  *full; takes input (float32, 1 column), color (string)$' out
try 0 inspect plain.onnx
check "another line" grep -q '^graph  *numeric; takes input (float32, 2 columns)$' out

# ---- Either on request: the same network, the same answers ----

for table in mixed plain gaps; do
	for graph in auto numeric full; do
		try 0 train $table.csv $short --graph $graph -o $table-$graph.onnx
		try 0 predict $table-$graph.onnx $table.csv -o $table-$graph.txt
		check "$table, $graph: the same answers" cmp $table-$graph.txt $table-auto.txt
	done
	kind $table-full.onnx full "$([ $table = mixed ] && echo 2 || echo 1)"
	kind $table-numeric.onnx numeric 1
done
try 2 train plain.csv $short --graph half -o half.onnx
check "a graph that is none" grep -q "auto, numeric" err

# ---- A training that is resumed keeps it ----

try 0 train plain.csv $short --graph full -o first.onnx --checkpoint first.ckpt
try 0 train plain.csv --resume first.ckpt -e 3 -q -o second.onnx --force
kind second.onnx full 1
try 1 train plain.csv --resume first.ckpt --graph numeric -e 4 -q -o third.onnx
check "another graph" grep -q "was made with --graph" err
try 0 train plain.csv $short -o first.onnx --checkpoint plain.ckpt --force
try 0 train plain.csv --resume plain.ckpt -e 3 -q -o fourth.onnx
kind fourth.onnx numeric 1

finish
