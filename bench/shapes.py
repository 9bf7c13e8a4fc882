# SPDX-License-Identifier: MIT
"""shapes.py - networks beyond W1 to W5, wide and small, which only the steps written in C train: relu, softmax, SGD

A name says it all to a peer in C: the sizes of the layers, the rows of a batch, the epochs.
"""
import collections
import statistics

from workloads import Work

Shape = collections.namedtuple("Shape", "sizes batch rows epochs runs")
WIDE = [
    Shape((2048, 2048, 2048, 10), 2048, 4096, 1, 1),
    Shape((2048, 2048, 2048, 10), 512, 2048, 1, 1),
    Shape((2048, 2048, 2048, 10), 128, 1024, 1, 1),
    Shape((1024, 1024, 1024), 1024, 4096, 1, 2),
    Shape((512, 512, 512), 1024, 8192, 1, 3),
    Shape((4096, 4096, 4096), 512, 1024, 1, 1),
]
SMALL = [
    Shape((784, 10), 128, 12800, 4, 3),
    Shape((784, 800, 10), 1, 1000, 1, 3),
    Shape((4, 16, 3), 16, 2048, 100, 3),
    Shape((8, 8, 8, 10), 128, 4096, 50, 3),
    Shape((33, 33, 33), 64, 4096, 20, 3),
    Shape((64, 64, 64), 64, 4096, 10, 3),
    Shape((100, 100, 100), 32, 4096, 5, 3),
]


def name(shape):
    return f"{'-'.join(map(str, shape.sizes))}/{shape.batch}/{shape.epochs}"


SHAPES = {name(shape): shape for shape in WIDE + SMALL}
GROUPS = {"wide": [name(shape) for shape in WIDE], "small": [name(shape) for shape in SMALL]}


def work(shape):
    return Work(shape.sizes, "relu", "softmax", "sgd", 0.05, shape.batch, shape.epochs, shape.rows)


def steps(shape):
    return -(-shape.rows // shape.batch) * shape.epochs


def seconds(found, name_of_work, key):
    """The median of the seconds of a program with one thread, or None."""
    for (name_found, program, threads), reports in found.items():
        if (name_found, program.key, threads) == (name_of_work, key, 1):
            return statistics.median(report["seconds"] for report in reports)
    return None


def row(shape, found, rivals, peak, operations):
    own = seconds(found, name(shape), "library")
    if own is None:
        return None
    share = 100e-9 * operations(work(shape), shape.rows) / own / peak
    others = [seconds(found, name(shape), key) for key in rivals]
    ratios = [f"{other / own:.2f}" if other else "–" for other in others]
    best = f"**{min(filter(None, others)) / own:.2f}**" if any(others) else "–"
    microseconds = 1e6 * own / steps(shape)
    cells = ["-".join(map(str, shape.sizes)), shape.batch, f"{microseconds:,.1f}", f"**{share:.0f} %**", best, *ratios]
    return "| " + " | ".join(map(str, cells)) + " |"


def table(found, programs, peak, operations):
    """A line for each shape: Hebb's step, and how many times as long the others take."""
    rivals = {program.key: program.title for program in programs if program.key != "library" and set(SHAPES) & set(program.works)}
    heads = ["network", "batch", "Hebb, us a step", "of peak", "best of the others", *rivals.values()]
    rows = [row(shape, found, rivals, peak, operations) for shape in SHAPES.values()]
    if not any(rows):
        return []
    title = "**Wide and small networks: one thread, relu, softmax, SGD; the others in times Hebb's (above 1: slower than Hebb)**"
    lines = [title, "", f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    return lines + [line for line in rows if line] + [""]
