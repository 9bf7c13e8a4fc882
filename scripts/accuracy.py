#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""accuracy.py HEBB [--only TABLE,...] [--seeds N] - the defaults of `hebb train` against scikit-learn's, on tables and images

For each table and seed the rows are split once, 80 to 20 and classes in their shares, and written as two CSV files.  All
programs train on the one and predict the other, and one piece of code here judges the predictions: Hebb with no option but
what the task is; MLPClassifier or MLPRegressor and LogisticRegression or LinearRegression behind a StandardScaler, with no
option but the seed; and the most frequent class or the mean.  Digits and Fashion-MNIST are Hebb's alone: `hebb train` splits
and judges.

  --only LIST  these alone, also of digits and fashion-mnist; nothing is written
  --seeds N    seeds of the tables [10]; with another number nothing is written

TABLES and FASHION_MNIST in the environment say where the data is [../shared/data/tables, /usr/share/datasets/fashion-mnist];
what is absent is left out, and said.  A run of everything writes the part of docs/accuracy.md between its markers.
"""
import argparse
import collections
import csv
import gzip
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import warnings

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/accuracy.md"
TABLES = pathlib.Path(os.environ.get("TABLES", ROOT.parent / "shared/data/tables"))
FASHION = pathlib.Path(os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))
CLASSES = ("soybean", "gene", "thyroid", "iris", "wine", "breast_cancer")
NUMBERS = {"kin32fm": 1, "abalone": 1, "building": 3, "diabetes_progression": 1}
PROGRAMS = ("hebb", "mlp", "linear", "constant")
DIGITS = {"digits, 40 % held out": [], "the same, `--augment`": ["--augment"]}

Table = collections.namedtuple("Table", "name header rows targets")
Result = collections.namedtuple("Result", "score other ece seconds")  # accuracy, log loss; or R2, RMSE and no ECE


def read_table(name):
    with gzip.open(TABLES / f"{name}.csv.gz", "rt", newline="") as file:
        header, *rows = csv.reader(file)
    return Table(name, header, rows, NUMBERS.get(name, 1))


def split(table, seed):
    """The numbers of the rows to train on and to test; of each class the same share."""
    shuffled = numpy.random.default_rng(seed).permutation(len(table.rows))
    groups = collections.defaultdict(list)
    for i in shuffled:
        groups[table.rows[i][-1] if table.name in CLASSES else ""].append(int(i))
    test = {i for rows in groups.values() for i in rows[: round(len(rows) / 5)]}
    return [i for i in range(len(table.rows)) if i not in test], sorted(test)


def write_csv(path, table, rows):
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(table.header)
        out.writerows(table.rows[i] for i in rows)


def columns(table, rows):
    """Inputs and targets, as numbers but for classes."""
    x = numpy.array([table.rows[i][: -table.targets] for i in rows], float)
    y = numpy.array([table.rows[i][-table.targets :] for i in rows])
    return (x, y[:, 0]) if table.name in CLASSES else (x, y.astype(float))


def judge_classes(truth, names, p, seconds):
    at = {name: k for k, name in enumerate(names)}
    of_truth = numpy.array([p[row, at[name]] if name in at else 0 for row, name in enumerate(truth)])
    right = numpy.array(names)[p.argmax(1)] == truth
    most, gap = p.max(1), 0
    bins = numpy.minimum((most * 15).astype(int), 14)
    for k in range(15):
        gap += abs((most - right)[bins == k].sum()) / len(truth)
    return Result(right.mean(), -numpy.log(of_truth.clip(1e-7)).mean(), gap, seconds)


def judge_numbers(truth, predicted, seconds):
    """Means over the targets."""
    squares = ((truth - predicted.reshape(truth.shape)) ** 2).mean(0)
    return Result((1 - squares / truth.var(0)).mean(), numpy.sqrt(squares).mean(), math.nan, seconds)


def run_hebb(folder, table, seed, truth):
    model = folder / "model.onnx"
    words = [HEBB, "train", folder / "train.csv", "--test", "0", "--seed", str(seed), "--quiet", "-o", model]
    words += ["--task", "classification" if table.name in CLASSES else "regression"]
    words += ["--target", ",".join(table.header[-table.targets :])]
    begin = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    out = subprocess.run([HEBB, "predict", model, folder / "test.csv", "--quiet"], check=True, capture_output=True, text=True).stdout
    header, *rows = csv.reader(out.splitlines())
    if table.name not in CLASSES:
        return judge_numbers(truth, numpy.array(rows, float), seconds)
    p = numpy.array([row[1:] for row in rows], float)
    return judge_classes(truth, header[1:], p, seconds)


def estimator(program, classes, seed):
    if program == "mlp":
        return MLPClassifier(random_state=seed) if classes else MLPRegressor(random_state=seed)
    if program == "linear":
        return LogisticRegression() if classes else LinearRegression()
    return DummyClassifier() if classes else DummyRegressor()


def run_sklearn(program, classes, seed, train, test):
    model = make_pipeline(StandardScaler(), estimator(program, classes, seed))
    x, y = train[0], train[1] if classes or train[1].shape[1] > 1 else train[1][:, 0]
    begin = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that 200 epochs or 100 iterations were not enough: those are the defaults
        model.fit(x, y)
    seconds = time.monotonic() - begin
    if classes:
        return judge_classes(test[1], list(model.classes_), model.predict_proba(test[0]), seconds)
    return judge_numbers(test[1], model.predict(test[0]), seconds)


def measure(table, seeds):
    results = {program: [] for program in PROGRAMS}
    for seed in seeds:
        rows, held = split(table, seed)
        train, test = columns(table, rows), columns(table, held)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write_csv(folder / "train.csv", table, rows)
            write_csv(folder / "test.csv", table, held)
            results["hebb"].append(run_hebb(folder, table, seed, test[1]))
        for program in PROGRAMS[1:]:
            results[program].append(run_sklearn(program, table.name in CLASSES, seed, train, test))
        print(f"{table.name}, seed {seed}: " + ", ".join(f"{p} {results[p][-1].score:.4f} in {results[p][-1].seconds:.1f} s" for p in PROGRAMS), file=sys.stderr)
    return results


def mean(results, field):
    return float(numpy.mean([getattr(r, field) for r in results]))


def ahead(results):
    """By how much Hebb's score is above the better of the two others, and the standard error of that, of paired splits."""
    best = max(("mlp", "linear"), key=lambda p: mean(results[p], "score"))
    off = [a.score - b.score for a, b in zip(results["hebb"], results[best])]
    return float(numpy.mean(off)), float(numpy.std(off, ddof=1) / math.sqrt(len(off)))


def tables(measured, kind):
    classes = kind == "classes"
    unit, digits = (100, 2) if classes else (1, 4)
    what = "accuracy, %" if classes else "R²"
    rest = "logistic" if classes else "linear"
    lines = [f"| {what} | Hebb | sklearn's MLP | {rest} | {'most frequent class' if classes else 'mean'} | Hebb ahead by | s.e. |",
             "|---|---|---|---|---|---|---|"]
    for name, results in measured.items():
        off, error = ahead(results)
        cells = [f"{unit * mean(results[p], 'score'):.{digits}f}" for p in PROGRAMS]
        best = max(cells, key=float)
        cells = [f"**{c}**" if c == best else c for c in cells]
        lines.append(f"| {name} | {' | '.join(cells)} | {unit * off:+.{digits}f} | {unit * error:.{digits}f} |")
    other = "log loss, calibration error" if classes else "RMSE"
    lines += ["", f"| {other} | Hebb | sklearn's MLP | {rest} | seconds to train: Hebb, MLP, {rest} |", "|---|---|---|---|---|"]
    for name, results in measured.items():
        cells = [f"{mean(results[p], 'other'):.4g}" + (f", {mean(results[p], 'ece'):.3f}" if classes else "") for p in PROGRAMS[:3]]
        seconds = ", ".join(f"{mean(results[p], 'seconds'):.2g}" for p in PROGRAMS[:3])
        lines.append(f"| {name} | {' | '.join(cells)} | {seconds} |")
    return lines + [""]


def run_images(data, options, repeat):
    with tempfile.TemporaryDirectory() as folder:
        words = [HEBB, "train", data, *options, "--repeat", str(repeat), "--json", "--quiet", "-o", f"{folder}/model.onnx"]
        begin = time.monotonic()
        got = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["test"]
    seconds = (time.monotonic() - begin) / repeat
    end = "_mean" if repeat > 1 else ""
    spread = f" (sd {100 * got['accuracy_sd']:.2f})" if repeat > 1 else ""
    return f"{100 * got['accuracy' + end]:.2f}{spread} | {got['log_loss' + end]:.4f} | {got['ece' + end]:.3f} | {seconds:.3g} |"


def images(only):
    lines = ["| images | accuracy, % | log loss | calibration error | seconds a run |", "|---|---|---|---|---|"]
    if not only or "digits" in only:
        for title, options in DIGITS.items():
            lines.append(f"| {title}, 20 seeds | " + run_images("digits", options, 20))
    if not only or "fashion-mnist" in only:
        if FASHION.is_dir():
            lines.append("| Fashion-MNIST, its test set, one seed | " + run_images(str(FASHION), [], 1))
        else:
            print(f"skipped: Fashion-MNIST is not at {FASHION} (Debian: dataset-fashion-mnist; or set FASHION_MNIST)", file=sys.stderr)
    return lines if len(lines) > 2 else []


def main():
    names = given.only.split(",") if given.only else []
    lines, whole = [], not names and given.seeds == 10 and TABLES.is_dir() and FASHION.is_dir()
    if TABLES.is_dir():
        for kind, known in (("classes", CLASSES), ("numbers", tuple(NUMBERS))):
            measured = {n: measure(read_table(n), range(1, given.seeds + 1)) for n in known if not names or n in names}
            lines += tables(measured, kind) if measured else []
    else:
        print(f"skipped: the tables are not at {TABLES} (set TABLES)", file=sys.stderr)
    lines += images(names)
    text = "\n".join(lines).rstrip("\n")
    print(text)
    if whole:
        page = PAGE.read_text()
        PAGE.write_text(re.sub(r"<!-- accuracy -->.*?<!-- end -->", lambda _: f"<!-- accuracy -->\n{text}\n<!-- end -->", page, flags=re.S))


parser = argparse.ArgumentParser(usage=__doc__.split("\n", 1)[0], add_help=True)
parser.add_argument("hebb")
parser.add_argument("--only", default="")
parser.add_argument("--seeds", type=int, default=10)
given = parser.parse_args()
if given.seeds < 2:
    sys.exit("accuracy.py: --seeds: at least 2, for a standard error")
HEBB = str(pathlib.Path(given.hebb).resolve())

try:
    import numpy
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    sys.exit(f"accuracy.py: {missing}; Debian's python3-sklearn brings it")
main()
