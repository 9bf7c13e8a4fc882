#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""conformal.py HEBB [--only TABLE,...] [--seeds N] - how often `hebb predict --interval 0.9` contains the truth

For each table and seed the rows are shuffled, the last 1,000 of them are held out, and Hebb trains with --conformal on the
others.  Counted are the rows held out whose target lies in its interval, or whose class is in its set; how wide intervals are,
in shares of the target's standard deviation, and how many classes a set has.

  --only LIST  these tables alone; nothing is written
  --seeds N    seeds of each table [50]; with another number nothing is written

TABLES in the environment says where the tables are [../shared/data/tables].  Fails if a mean coverage is below 0.88, or above
0.92 for numbers; fewer than 500 calibration rows are an error too.  A run of everything writes the part of docs/predictions.md
between its markers.
"""
import argparse
import csv
import gzip
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/predictions.md"
TABLES = pathlib.Path(os.environ.get("TABLES", ROOT.parent / "shared/data/tables"))
LEVEL, TEST, SEEDS, ROWS_LEAST = 0.9, 1000, 50, 500
LEAST, MOST = 0.88, 0.92
OPTIONS = {  # of train
    "california": ["--epochs", "10"],
    "kin32fm": ["--epochs", "10"],
    "adult": ["--epochs", "5"],
    "gene": ["--epochs", "5", "--validation", "0.3"],
}
NUMBERS = ("california", "kin32fm")


def read_table(name):
    with gzip.open(TABLES / f"{name}.csv.gz", "rt", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def classes_of(text):
    """The classes of a set: between |, with \\ before a | or \\ of a name."""
    return [re.sub(r"\\(.)", r"\1", part) for part in re.findall(r"(?:[^|\\]|\\.)+", text)]


def one_run(hebb, name, header, rows, seed, folder):
    """Calibration rows, coverage, and the mean width or size of the sets."""
    shuffled = random.Random(seed).sample(rows, len(rows))
    data, test, model = folder / "all.csv", folder / "test.csv", folder / "m.onnx"
    write(data, header, shuffled)
    write(test, header, shuffled[-TEST:])
    trained = subprocess.run(
        [hebb, "train", data, "--conformal", "--test", f"last:{TEST}", "--seed", str(seed), *OPTIONS[name],
         "-o", model, "--json", "--quiet", "-j", "1"], check=True, capture_output=True, text=True)
    calibrated = json.loads(trained.stdout)["conformal"]["targets"][0]["rows"]
    predicted = subprocess.run([hebb, "predict", model, test, "--interval", str(LEVEL), "--quiet"],
                               check=True, capture_output=True, text=True)
    answers = list(csv.DictReader(predicted.stdout.splitlines()))
    truth = [row[-1] for row in shuffled[-TEST:]]
    assert len(answers) == len(truth)
    if name in NUMBERS:
        low, high = ([float(row[header[-1] + end]) for row in answers] for end in ("_low", "_high"))
        right = [a <= float(y) <= b for a, b, y in zip(low, high, truth)]
        unit = statistics.pstdev(map(float, truth))
        sizes = [(b - a) / unit for a, b in zip(low, high)]
    else:
        sets = [classes_of(row["set"]) for row in answers]
        right = [y in chosen for y, chosen in zip(truth, sets)]
        sizes = [len(chosen) for chosen in sets]
        assert min(sizes) > 0
    return calibrated, statistics.mean(right), statistics.mean(sizes)


def measure(hebb, name, seeds):
    header, rows = read_table(name)
    with tempfile.TemporaryDirectory() as folder:
        runs = [one_run(hebb, name, header, rows, seed, pathlib.Path(folder)) for seed in range(1, seeds + 1)]
    calibrated, coverage, size = zip(*runs)
    mean = statistics.mean(coverage)
    holds = mean >= LEAST and (name not in NUMBERS or mean <= MOST) and min(calibrated) >= ROWS_LEAST
    kind = "width / sd" if name in NUMBERS else "classes in a set"
    line = (f"| {name} | `{' '.join(OPTIONS[name])}` | {min(calibrated):,} | {100 * mean:.2f} % | "
            f"{100 * statistics.stdev(coverage):.2f} | {statistics.mean(size):.2f} {kind} |")
    print(line, "" if holds else "FAILED", flush=True)
    return line, holds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hebb")
    parser.add_argument("--only", default=",".join(OPTIONS))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    hebb = pathlib.Path(asked.hebb).resolve()
    if not TABLES.is_dir():
        sys.exit(f"conformal.py: {TABLES} is not there; set TABLES to the folder of the tables")
    results = [measure(hebb, name, asked.seeds) for name in asked.only.split(",")]
    if asked.only == ",".join(OPTIONS) and asked.seeds == SEEDS:
        lines = ["| table | options | calibration rows | mean coverage | sd over seeds | mean size |",
                 "|---|---|---|---|---|---|", *(line for line, _ in results)]
        marked = re.compile(r"(<!-- conformal.py -->\n).*?(<!-- end -->)", re.DOTALL)
        text = marked.sub(lambda found: found[1] + "\n" + "\n".join(lines) + "\n\n" + found[2], PAGE.read_text())
        PAGE.write_text(text)
    sys.exit(0 if all(holds for _, holds in results) else 1)


if __name__ == "__main__":
    main()
