#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""damage.py HEBB [--seeds N] [--only TABLE,...] - how scores fall when fields of new rows are damaged

For each table and seed a fifth of the rows is held out and `hebb train` learns from the others, with no option. Then in
the inputs of the rows held out each field is damaged with the same probability: it becomes empty, ?, or a word that was
nowhere. `hebb predict` must give one answer a row, and `hebb evaluate` says how good they are. What is kept of a score is
(score - baseline) / (undamaged - baseline); the score is the accuracy, above that of the most frequent class, or R2,
above 0.

TABLES in the environment says where the tables are [../shared/data/tables]. A run of all tables writes the part of
docs/predictions.md between its markers, and docs/damage.svg.
"""
import argparse
import collections
import csv
import gzip
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLES = pathlib.Path(os.environ.get("TABLES", ROOT.parent / "shared/data/tables"))
PAGE, FIGURE = ROOT / "docs/predictions.md", ROOT / "docs/damage.svg"
SHARES = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
TARGETS = {"building": 3}
LEAST = 0.05  # what the undamaged score must be above the baseline, so that a share of it says something
WORDS = ("", "?", "n.n.", "unreadable")


def run(hebb, *arguments):
    result = subprocess.run([hebb, *map(str, arguments)], capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"hebb {' '.join(map(str, arguments))}: {result.stderr}")
    return result.stdout


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def damaged(rows, targets, share, seed):
    chance = random.Random(seed)
    return [[chance.choice(WORDS) if i < len(row) - targets and chance.random() < share else field
             for i, field in enumerate(row)] for row in rows]


def scores(hebb, name, seed, folder):
    """The score at each share, and the baseline."""
    with gzip.open(TABLES / f"{name}.csv.gz", "rt", newline="") as file:
        header, *rows = csv.reader(file)
    random.Random(seed).shuffle(rows)
    held, targets = len(rows) // 5, TARGETS.get(name, 1)
    model, new = folder / "model.onnx", folder / "new.csv"
    write(folder / "train.csv", header, rows[held:])
    run(hebb, "train", folder / "train.csv", "--test", 0, "-q", "--force", "-o", model,
        "--target", ",".join(header[-targets:]))
    result = []
    for share in SHARES:
        write(new, header, damaged(rows[:held], targets, share, seed))
        answers = run(hebb, "predict", model, new, "-q").count("\n") - 1
        assert answers == held, f"{name}: {answers} answers for {held} rows"
        score = json.loads(run(hebb, "evaluate", model, new, "-q", "--json"))
        result.append(score.get("accuracy", score.get("r2")))
    if "accuracy" not in score:
        return result, 0
    often = collections.Counter(row[-1] for row in rows[:held]).most_common(1)[0][1]
    return result, often / held


def draw(kept):
    """A curve a table in gray, their mean in blue."""
    left, top, width, height = 56, 16, 560, 260

    def points(values):
        return " ".join(f"{left + width * share / SHARES[-1]:.1f},{top + height * (1.05 - min(max(value, -0.05), 1.05)) / 1.1:.1f}"
                        for share, value in zip(SHARES, values))

    mean = [statistics.mean(values) for values in zip(*kept.values())]
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 330" font-family="sans-serif" font-size="13">',
             '<title>What is kept of the score when fields are damaged</title>',
             '<rect width="640" height="330" fill="#fff"/>']
    for value in (0, 0.25, 0.5, 0.75, 1):
        y = top + height * (1.05 - value) / 1.1
        lines += [f'<path d="M{left} {y:.1f}H{left + width}" stroke="#ddd"/>',
                  f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{100 * value:.0f} %</text>']
    for share in SHARES:
        if share not in (0.01, 0.02):
            x = left + width * share / SHARES[-1]
            lines.append(f'<text x="{x:.1f}" y="{top + height + 18}" text-anchor="middle">{100 * share:.0f} %</text>')
    lines.append(f'<text x="{left + width / 2}" y="{top + height + 40}" text-anchor="middle">fields damaged</text>')
    lines += [f'<polyline points="{points(values)}" fill="none" stroke="#b0b0b0"/>' for values in kept.values()]
    lines.append(f'<polyline points="{points(mean)}" fill="none" stroke="#1f5fa8" stroke-width="3"/>')
    return "\n".join(lines + ["</svg>", ""]), mean


def page(all_scores, mean):
    shown = [share for share in SHARES if share in (0, 0.01, 0.05, 0.1, 0.2, 0.5)]
    at = [SHARES.index(share) for share in shown]
    lines = ["| table | score | " + " | ".join(f"{100 * share:.0f} %" for share in shown) + " |",
             "|---|---|" + "---|" * len(shown)]
    for name, (score, values) in all_scores.items():
        lines.append(f"| {name} | {score} | " + " | ".join(f"{values[i]:.3f}" for i in at) + " |")
    lines.append("| kept, mean | | " + " | ".join(f"{100 * mean[i]:.0f} %" for i in at) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hebb")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    names = sorted(path.name[:-7] for path in TABLES.glob("*.csv.gz"))
    if not names:
        sys.exit(f"{TABLES}: no tables are there; TABLES says where")
    kept, table = {}, {}
    for name in given.only.split(",") if given.only else names:
        with tempfile.TemporaryDirectory() as folder:
            runs = [scores(pathlib.Path(given.hebb).resolve(), name, seed, pathlib.Path(folder))
                    for seed in range(given.seeds)]
        mean = [statistics.mean(values) for values in zip(*(result for result, _ in runs))]
        base = statistics.mean(baseline for _, baseline in runs)
        table[name] = ("accuracy" if base else "R2", mean)
        if mean[0] - base > LEAST:
            kept[name] = [(value - base) / (mean[0] - base) for value in mean]
        print(name, *(f"{value:.3f}" for value in mean), flush=True)
    figure, mean = draw(kept)
    print("kept", *(f"{value:.3f}" for value in mean))
    if given.only or given.seeds != 3:
        return
    FIGURE.write_text(figure)
    before, rest = PAGE.read_text().split("<!-- damage -->\n")
    after = rest.split("<!-- /damage -->")[1]
    PAGE.write_text(f"{before}<!-- damage -->\n{page(table, mean)}\n<!-- /damage -->{after}")


main()
