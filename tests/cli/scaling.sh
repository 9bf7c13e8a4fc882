#!/bin/sh
# SPDX-License-Identifier: MIT
# scaling.sh - --scaling: files without it are as before, models keep it, inspect shows it, a training that is resumed
#
#     tests/cli/scaling.sh HEBB_BINARY

. "$(dirname "$0")/harness.sh"

awk 'BEGIN {
	print "a,color,b,y"
	for (i = 0; i < 90; i++)
		printf "%s,%s,%d,%.2f\n", i % 8 == 3 ? "" : i * 37 % 90 / 4, i % 3 ? "red" : "blue", i % 4, i * i / 100
}' >mixed.csv
cut -d, -f1,3,4 mixed.csv | grep -v ^, >plain.csv
short="-q -e 3 --test 0.2"

# ---- The default ----

try 0 train mixed.csv $short -o before.onnx
try 0 inspect before.onnx --json
check "the numbers are encoded" [ "$(json '[.encoding[].scaling] | join(" ")')" = "piecewise piecewise" ]
check "the record says so" [ "$(json '.record.options | "\(.scaling) \(has("bins"))"')" = "piecewise false" ]
try 0 train mixed.csv $short --scaling piecewise --bins 8 -o eight.onnx
for model in before eight; do
	try 0 predict $model.onnx mixed.csv -o $model.txt
done
check "8 bins are the default" cmp before.txt eight.txt
try 0 train mixed.csv $short --scaling standard -o standard.onnx
try 0 inspect standard.onnx --json
check "standard encodes nothing" [ "$(json '"\(.encoding) \(.record.options.scaling)"')" = "null standard" ]
try 0 predict standard.onnx mixed.csv -o standard.txt
try 0 train mixed.csv $short --bins 3 -o three.onnx
try 0 inspect three.onnx --json
check "--bins is of the default" [ "$(json '.encoding[0].inputs')" = 3 ]
try 0 train digits -q -e 1 -o digits.onnx
try 0 inspect digits.onnx --json
check "images are standardized" [ "$(json '"\(.encoding) \(.record.options.scaling)"')" = "null standard" ]

# ---- Each of them ----

for scaling in robust piecewise periodic none; do
	for table in mixed plain; do
		for graph in full numeric; do
			try 0 train $table.csv $short --scaling $scaling --graph $graph -o $scaling-$graph.onnx
			try 0 predict $scaling-$graph.onnx $table.csv -o $scaling-$graph.txt
		done
		check "$scaling, $table: both graphs answer alike" cmp $scaling-full.txt $scaling-numeric.txt
		if [ $table = mixed ]; then
			check "$scaling answers otherwise" [ "$(cmp $scaling-full.txt standard.txt | wc -l)" -gt 0 ]
		fi
	done
done

# ---- What inspect says ----

try 0 train mixed.csv -e 3 --test 0.2 --scaling piecewise --bins 5 -o bins.onnx
check "what becomes of gaps" grep -q 'one more input a column says where, and a gap counts as below all bins of the column' err
try 0 inspect bins.onnx
check "a line" grep -q '^scaling  *piecewise: 8 inputs of the network from 2 columns$' out
try 0 inspect bins.onnx --json
check "edges of few values" [ "$(json '.encoding[1] | "\(.name) \(.inputs) \(.edges)"')" = 'b 3 [0,1,2,3]' ]
check "edges of quantiles" [ "$(json '.encoding[0] | "\(.name) \(.scaling) \(.inputs) \(.edges | length)"')" = 'a piecewise 5 6' ]
check "the record" [ "$(json '.record.options | "\(.scaling) \(.bins)"')" = 'piecewise 5' ]
try 0 train plain.csv $short -e 0 --scaling piecewise -o wide.onnx
try 0 train plain.csv $short -e 0 --scaling standard -o narrow.onnx
for model in wide narrow; do
	try 0 inspect $model.onnx --json
	json '.layers[0].units' >$model.units
done
check "the default width counts columns" cmp wide.units narrow.units

# ---- A training that is resumed ----

for options in '--scaling piecewise' '--bins 3' '--scaling robust' '--scaling periodic' '--scaling standard' ''; do
	rm -f at.safetensors
	try 0 train mixed.csv $short --time 1h $options -o whole.onnx
	try 0 train mixed.csv $short --time 0.0001s $options --checkpoint at.safetensors -o half.onnx
	try 0 train mixed.csv -q --resume at.safetensors --time 1h -o ended.onnx
	check "resumed with '$options'" cmp whole.onnx ended.onnx
done
try 1 train mixed.csv -q --resume at.safetensors --scaling robust
check "another scaling" grep -q 'was made with --scaling "piecewise", not "robust"' err

# ---- Bad input ----

refuse 2 'it takes standard, none, robust, piecewise, periodic' train plain.csv --scaling half
refuse 2 'did you mean periodic' train plain.csv --scaling fourier
refuse 2 "'1' is not a whole number from 2 to 64" train plain.csv --scaling piecewise --bins 1
refuse 2 'is for --scaling piecewise, not standard' train plain.csv --scaling standard --bins 5
refuse 2 'is for --scaling piecewise, not robust' train plain.csv --scaling robust --bins 5
refuse 1 'digits: holds images, whose pixels are scaled together; --scaling periodic' train digits --scaling periodic
try 0 train plain.csv $short -l 4 --l1 0.001 --bins 3 -o bins.onnx
try 0 inspect bins.onnx --json
check "--bins where the default has none" [ "$(json '.record.options.scaling')" = piecewise ]
refuse 1 'digits: holds images' train digits --bins 3

finish
