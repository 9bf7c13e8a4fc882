# SPDX-License-Identifier: MIT
"""goals.py - the goals of version 0.2, measured: ratios in one run, shares of the peak, absolute times beside version 0.1.0

The seconds were set for a core of 118 GFLOP/s; a share of 0.1.0's time is to reach the same share of 0.1.0's time there.
"""
import collections
import statistics

import shapes
import waits as waiting
from workloads import PREDICTED, operations

HAND_WRITTEN = ("openblas", "onednn", "blis", "eigen")
Goal = collections.namedtuple("Goal", "what measured reach aim")


class Results:
    """What was measured, asked for by name; a missing measurement is None."""

    def __init__(self, found, waits, peak):
        self.found, self.waits, self.peak = found, waits, peak

    def reports(self, name, key, threads=1):
        for (found_name, program, found_threads), reports in self.found.items():
            if (found_name, program.key, found_threads) == (name, key, threads):
                return reports
        return []

    def seconds(self, name, key, threads=1):
        reports = self.reports(name, key, threads)
        return statistics.median(report["seconds"] for report in reports) if reports else None

    def ratio(self, name, own="hebb"):
        """The time of the best steps written in C over Hebb's."""
        others = [self.seconds(name, key) for key in HAND_WRITTEN]
        mine = self.seconds(name, own)
        return min(filter(None, others)) / mine if mine and any(others) else None

    def share(self, shape):
        mine = self.seconds(shapes.name(shape), "library")
        return 100e-9 * operations(shapes.work(shape), shape.rows) / mine / self.peak if mine else None

    def gain(self, name):
        one, two = self.seconds(name, "hebb"), self.seconds(name, "hebb", 2)
        return one / two if one and two else None

    def predicted(self, key, net, field):
        values = [report["latency"][net][field] for report in self.reports("W6", key) if field in report["latency"][net]]
        return statistics.median(values) if values else None

    def batch_ratio(self, net):
        keys = {program.key for name, program, _ in self.found if name == "W6"} - {"library", "first"}
        others = [self.predicted(key, net, "rows_per_second") for key in keys]
        mine = self.predicted("library", net, "rows_per_second")
        return mine / max(filter(None, others)) if mine and any(others) else None

    def step(self, field):
        reports = self.reports("step", "library")
        return statistics.median(report[field] for report in reports) if reports else None

    def table(self, what, title, threads):
        entry = self.waits["table"].get((what, title, threads)) if self.waits else None
        return statistics.median(entry[0]) if entry else None


def figure(value, form):
    return form.format(value) if value is not None else "–"


def many(values, form):
    return ", ".join(figure(value, form) for value in values) if any(value is not None for value in values) else None


def of_the_first(now, first, form="{:.2f} s"):
    if now is None:
        return None
    return form.format(now) + (f" ({100 * now / first:.0f} % of 0.1.0's)" if first else "")


def processes_goals(results):
    hebb = lambda what, threads: results.table(what, "Hebb", threads)
    rows = f"{results.waits['rows'] if results.waits else waiting.ROWS:,} rows x {waiting.COLUMNS}"
    old = {what: results.table(what, waiting.FIRST, 1) for what in ("predict", "train")}
    yield Goal(f"`hebb predict`, {rows}", of_the_first(hebb("predict", 1), old["predict"]), "2.0 s of 4.8 (42 %)", "")
    yield Goal("the same, two threads", of_the_first(hebb("predict", 2), old["predict"]), "1.2 s (25 %)", "")
    yield Goal("`hebb train`, one epoch, two threads", of_the_first(hebb("train", 2), old["train"]), "2.6 s of 4.8 (54 %)", "")


def training_goals(results):
    three, cubes = shapes.WIDE[:3], shapes.WIDE[3:]
    share, form = results.share, "{:.0f} %"
    yield Goal("2048-2048-2048-10, batches of 2048, 512, 128, of the peak", many([share(s) for s in three], form), "88, 88, 85 %",
               "92, 92, 88 %")
    yield Goal("1024³ at 1024, 512³ at 1024, 4096³ at 512, of the peak", many([share(s) for s in cubes], form), "88 % each", "92 %")
    best = [results.ratio(name) for name in ("W1", "W3", "W4a")]
    yield Goal("W1, W3, W4 with Adam: the best steps in C take", many(best, "{:.2f}"), "1.25, 1.1, 1.02", "1.4, 1.3, 1.05")
    small = [results.ratio(shapes.name(shape), "library") for shape in shapes.SMALL]
    yield Goal("784-10 at 128, 784-800-10 at 1", many(small[:2], "{:.2f}"), "1.1, 1.0", "1.3")
    yield Goal("4-16-3 at 16, 8-8-8-10 at 128, 33³ at 64, 64³ at 64, 100³ at 32", many(small[2:], "{:.2f}"), "1.0 each", "1.3")
    yield Goal("`hebb_trainer_step()`, one row of 784-800-10, as a share of two calls",
               of_two_calls(results.step("microseconds"), results.step("two_calls")), "90 us of 145 (62 %)", "80 us (55 %)")


def of_two_calls(step, two):
    return f"{step:.1f} us of {two:.1f} ({100 * step / two:.0f} %)" if step else None


def prediction_goals(results):
    nets = list(PREDICTED)
    yield Goal("rows/s in batches of 3-3-1, 64-30-10, 784-800-10, the best of the others = 1",
               many([results.batch_ratio(net) for net in nets], "{:.2f}"), "1.0 each", "1.2")
    now, old = ([results.predicted(key, net, "microseconds") for net in nets] for key in ("library", "first"))
    if any(now):
        shown = ", ".join(of_the_first(a, b, "{:.3g} us") for a, b in zip(now, old))
        yield Goal("one row of each, independent", shown, "0.035, 0.12, 26 us of 0.076, 0.146, 27.7 (46, 82, 94 %)",
                   "0.025, 0.10, 24 us")
    yield Goal("one row of each, dependent", many([results.predicted("library", net, "dependent") for net in nets], "{:.3g} us"), "", "")


def thread_goals(results):
    waits = results.waits
    gains = [results.gain(name) for name in ("W1", "W4", "W5")]
    gains += [waiting.gain(waits, name) if waits else None for name in ("the default", "`--augment`")]
    yield Goal("gain by two threads: W1, W4, W5, default digits, `--augment`", many(gains, "{:.2f}"), "1.7, 1.9, 1.93, 1.5, 1.8", "")
    norms = [waiting.norm_share(waits, f"`--norm {kind}`") if waits else None for kind in ("batch", "layer")]
    yield Goal("batch, layer norm on the digits, share added", many(norms, "{:.0f} %"), "10 %", "7 %")


def table(found, waits, peak):
    results = Results(found, waits, peak)
    parts = (processes_goals, training_goals, prediction_goals, thread_goals)
    goals = [goal for part in parts for goal in part(results) if goal.measured]
    if not goals:
        return []
    lines = ["**Goals**", "", "| what | measured | to reach | aim |", "|---|---|---|---|"]
    return lines + [f"| {goal.what} | **{goal.measured}** | {goal.reach} | {goal.aim} |" for goal in goals] + [""]
