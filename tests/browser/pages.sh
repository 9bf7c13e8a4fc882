#!/bin/sh
# SPDX-License-Identifier: MIT
#
# pages.sh - one page of each kind that hebb writes, and of the extremes
#
#     pages.sh HEBB FOLDER [PAGE...]
#
# Makes all pages or those named.  The tables are made here, so that no data are needed but those of Debian's package
# dataset-fashion-mnist; FASHION_MNIST says where else they are, and without them that page is left out.
set -eu
if [ $# -lt 2 ] || [ ! -x "$1" ]; then
	echo "pages.sh: usage: pages.sh HEBB FOLDER [PAGE...]" >&2
	exit 2
fi
hebb=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mkdir -p "$2"
cd "$2"
rm -f ./*.html
shift 2
chosen=" $* "
made=0

# page NAME COMMAND...: makes one page, if it is wanted; a failure shows what the command said.
page() {
	name=$1
	shift
	[ "$chosen" = "  " ] || case $chosen in *" $name "*) ;; *) return 0 ;; esac
	if ! "$@" >"$name.log" 2>&1 || [ ! -s "$name.html" ]; then
		echo "pages.sh: $name: $*" >&2
		tail -n 5 "$name.log" >&2
		exit 1
	fi
	made=$((made + 1))
}

train() { # DATA NAME OPTION...
	data=$1 name=$2
	shift 2
	"$hebb" train "$data" --report "$name.html" -o "$name.onnx" --force "$@"
}

# ---- Tables ----

# Prices of houses: numbers, texts, gaps, a column that says nothing, some rows that are far off.
awk 'BEGIN {
	srand(1)
	split("north south center west east", district, " ")
	split("gas oil wood", heating, " ")
	print "area,rooms,year,district,heating,noise,price"
	for (i = 0; i < 2000; i++) {
		a = 30 + 170 * rand(); r = int(a / 28) + 1; y = 1900 + int(120 * rand()); d = int(5 * rand()); h = int(3 * rand())
		price = 2100 * a + 9000 * r + 310 * (y - 1900) + 40000 * d - 15000 * h + 20000 * (rand() + rand() - 1)
		if (i % 211 == 0) price *= 2.5
		printf "%.1f,%s,%d,%s,%s,%.3f,%.0f\n", a, i % 17 == 0 ? "" : r, y, district[d + 1],
			heating[h + 1], rand(), price
	}
}' >houses.csv

# Fraud: three rows in a hundred.
awk 'BEGIN {
	srand(2)
	split("DE FR IT ES PL", country, " ")
	print "amount,hour,country,age_of_account,fraud"
	for (i = 0; i < 4000; i++) {
		f = rand() < 0.03
		printf "%.2f,%d,%s,%d,%s\n", exp(3 + (f ? 1.2 : 0) + rand() + rand()), f && rand() < 0.6 ? int(5 * rand()) : int(24 * rand()),
			country[int(5 * rand()) + 1], f ? int(200 * rand()) : int(3000 * rand()), f ? "yes" : "no"
	}
}' >fraud.csv

# Names that a page, a script or a terminal would act on.
printf '%s\n' '<script>alert(1)</script>,"""><img src=x onerror=alert(2)>",a&b <i>,</style></title>,kind' >names.csv
awk 'BEGIN {
	srand(3)
	for (i = 0; i < 300; i++) {
		c = i % 3
		printf "%.3f,%.3f,%s,%.3f,%s\n", rand() + c, rand() - c, i % 2 ? "</script><script>alert(3)</script>" : "\342\200\256red",
			rand(), c == 0 ? "<b>bold</b>" : c == 1 ? "\"\"\"quoted\"\" & <!-- -->\"" : "x\047onload=\047alert(4)"
	}
}' >>names.csv

wide() { # COLUMNS ROWS
	awk -v columns="$1" -v rows="$2" 'BEGIN {
		srand(4)
		for (c = 0; c < columns; c++) printf "column_%d,", c
		print "y"
		for (i = 0; i < rows; i++) {
			for (c = 0; c < columns; c++) printf "%.3f,", rand() + (c < 3) * (i % 2)
			print i % 2 ? "yes" : "no"
		}
	}'
}
many_classes() { # CLASSES
	awk -v classes="$1" 'BEGIN {
		srand(5)
		print "a,b,name"
		for (i = 0; i < 4 * classes; i++) printf "%.4f,%.4f,class %d\n", (i % classes) / classes + 0.001 * rand(), rand(), i % classes
	}'
}

# ---- Pages ----

page digits train digits digits -e 40
page regression train houses.csv regression -e 30 --validation 0.2
page imbalanced train fraud.csv imbalanced -e 20 --class-weights balanced
page folds train houses.csv folds -e 5 --folds 4
page search "$hebb" search digits --trials 6 -e 5 --report search.html -o search.onnx --table search.csv --force
page names train names.csv names -e 5
page evaluate "$hebb" evaluate digits.onnx digits --part test --report evaluate.html
fashion=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
if [ -d "$fashion" ]; then
	page fashion train "$fashion" fashion -e 1 -l 64
else
	echo "pages.sh: skipped: Fashion-MNIST is not at $fashion (Debian: dataset-fashion-mnist; or set FASHION_MNIST)"
fi

# Models side by side.
if [ "$chosen" = "  " ] || [ -z "${chosen##* compare *}" ]; then
	rm -f model-*.onnx
	for rate in 0.0005 0.002 0.01 0.05; do
		for layers in none 16 64,32; do
			"$hebb" train digits -q -e 6 -r $rate -l $layers -o "model-$layers-$rate.onnx" --force >model.log 2>&1
		done
	done
fi
page compare "$hebb" report model-*.onnx -o compare.html --force

# ---- Extremes ----

[ -s wide.csv ] || wide 10000 40 >wide.csv
[ -s classes.csv ] || many_classes 5000 >classes.csv
head -n 2 houses.csv >row.csv
page columns train wide.csv columns -e 2 -l 8 --scaling standard
page classes train classes.csv classes -e 1 -l 16
page layers train fraud.csv layers -e 1 -l "$(awk 'BEGIN { for (i = 0; i < 100; i++) printf "%s4", i ? "," : "" }')"
page row "$hebb" evaluate regression.onnx row.csv --report row.html

echo "$made pages"
