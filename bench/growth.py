#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""growth.py HEBB GROWTH [--only AXIS,...] - how time and memory grow, measured, against a model; pictures by gnuplot

GROWTH is the program of bench/growth.c.  The model takes the larger of operations over the peak of a thread, which `hebb bench`
measures, and bytes that must be moved over the bandwidth of memory.  It knows no caches and no calls, and the pictures show where
that matters.  Writes docs/performance/AXIS.svg and the table between the markers of docs/performance.md.
"""
import datetime
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/performance.md"
FOLDER = ROOT / "docs/performance"
AXES = {
    "batch": ("rows of a batch", "784-800-10, one step", "One step of 784-800-10"),
    "width": ("width n", "n-n-n-10, batches of 128, one step", "One step of n-n-n-10, 128 rows"),
    "depth": ("layers", "256-...-256-10, batches of 128, one step", "One step of layers of 256 units, 128 rows"),
    "rows": ("rows", "16-32-10, batches of 128, one epoch", "One epoch of 16-32-10"),
    "threads": ("threads", "784-800-10, batches of 128, one step", "One step of 784-800-10, 128 rows"),
}
GNUPLOT = """
set terminal svg size 640,400 dynamic enhanced font 'sans-serif,13' background rgb 'white'
set output '{output}'
set datafile separator ','
set title '{title}'
set xlabel '{label}'
set ylabel 'seconds'
set logscale xy
set format y '10^{{%T}}'
set xtics ({ticks})
set key top left
plot '-' using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '#0072b2' title 'measured', \\
     '-' using 1:2 with lines lw 2 dt 2 lc rgb '#d55e00' title 'operations / peak of a thread', \\
     '-' using 1:2 with lines lw 2 dt 3 lc rgb '#009e73' title 'bytes / bandwidth'
"""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measure(growth, axis):
    return [[float(v) for v in line.split(",")] for line in run(growth, axis).splitlines()]


def number(value):
    """A size as people write it: 1,000 or 10^6."""
    return f"10^{{{len(str(int(value))) - 1}}}" if value >= 10000 and str(int(value)).strip("0") == "1" else f"{int(value)}"


def picture(axis, rows, peak, bandwidth):
    ticks = ", ".join(f"'{number(r[0])}' {r[0]:.0f}" for r in rows)
    script = GNUPLOT.format(output=FOLDER / f"{axis}.svg", title=AXES[axis][2], label=AXES[axis][0], ticks=ticks)
    for pick in (lambda r: r[1], lambda r: r[2] / peak, lambda r: r[3] / bandwidth):
        script += "".join(f"{r[0]},{pick(r):.9g}\n" for r in rows) + "e\n"
    subprocess.run(["gnuplot"], input=script, check=True, text=True)


def size(count):
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.3g} {unit}"
        count /= 1000
    return None


def table(axis, rows, peak, bandwidth):
    label, what, _ = AXES[axis]
    lines = [f"**{label}** ({what})", "", f"![Time against {label}](performance/{axis}.svg)", "",
             f"| {label} | seconds | of peak | model / measured | memory |", "|---:|---:|---:|---:|---:|"]
    for value, seconds, operations, moved, held in rows:
        model = max(operations / peak, moved / bandwidth)
        lines.append(f"| {value:,.0f} | {seconds:.3g} | {100 * operations / peak / seconds:.0f} % | "
                     f"{model / seconds:.2f} | {size(held)} |")
    return "\n".join(lines) + "\n"


def main():
    hebb, growth = sys.argv[1:3]
    only = sys.argv[4].split(",") if len(sys.argv) > 4 else list(AXES)
    peak = json.loads(run(hebb, "bench", "W2", "--json"))["peak_gflops"] * 1e9
    _, seconds, _, moved, _ = run(growth, "bandwidth").strip().split(",")
    bandwidth = float(moved) / float(seconds)
    FOLDER.mkdir(exist_ok=True)
    text = [f"{datetime.date.today()}; one thread, except in the last table; peak {peak * 1e-9:.0f} GFLOP/s, memory "
            f"{bandwidth * 1e-9:.1f} GB/s.  Model: the larger of operations / peak and bytes / bandwidth.\n"]
    for axis in only:
        rows = measure(growth, axis)
        picture(axis, rows, peak, bandwidth)
        text.append(table(axis, rows, peak, bandwidth))
        print(text[-1])
    if only == list(AXES):
        page = PAGE.read_text()
        before, rest = page.split("<!-- growth -->")
        after = rest.split("<!-- end -->", 1)[1]
        PAGE.write_text(before + "<!-- growth -->\n" + "\n".join(text) + "<!-- end -->" + after)


main()
