#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""accuracy.py HEBB [--only TABLE,...] [--seeds N] - `hebb train` against scikit-learn, on tables and images

For each table and seed the rows are split once, 80 to 20 and classes in their shares, and written as two CSV files.  All
programs train on the one and predict the other, with one thread, and one piece of code here judges the predictions: Hebb
with no option but what the task is and, for `good` and `best`, --effort; HistGradientBoosting and RandomForest, which get
categories as numbers (the former is told which); MLP and logistic or linear regression behind a StandardScaler, with a
column for each category and the means of all rows where values are missing; and the most frequent class or the mean; all of scikit-learn's with no option but the seed.  Seconds are those
of the processor, with reading and starting for Hebb.  Digits and Fashion-MNIST are Hebb's alone: `hebb train` splits and
judges.

  --only LIST  these alone, also of digits and fashion-mnist; nothing is written
  --seeds N    seeds of the tables [3]; with another number nothing is written

TABLES and FASHION_MNIST in the environment say where the data is [../shared/data/tables, /usr/share/datasets/fashion-mnist];
what is absent is left out, and said.  A run of everything writes the part of docs/accuracy.md between its markers.
"""
import argparse
import collections
import concurrent.futures
import csv
import gzip
import json
import math
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/accuracy.md"
TABLES = pathlib.Path(os.environ.get("TABLES", ROOT.parent / "shared/data/tables"))
FASHION = pathlib.Path(os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))
CLASSES = ("soybean", "gene", "thyroid", "iris", "wine", "breast_cancer", "adult", "bank", "spambase", "german", "cells", "segment", "telchurn")
NUMBERS = {"kin32fm": 1, "abalone": 1, "building": 3, "diabetes_progression": 1, "california": 1, "diamonds": 1, "concrete": 1, "hotel": 1}
EFFORTS = ("quick", "good", "best")
OTHERS = ("boosting", "forest", "mlp", "linear", "constant")
PROGRAMS = EFFORTS + OTHERS
MISSING = {"", "?", "NA", "null"}
GOALS = {"errors": (1.03, 0.96, 0.92), "log loss": (0.95, 0.88, 0.85), "RMSE": (1.00, 0.96, 0.93)}
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


def is_number(text):
    try:
        float(text)
    except ValueError:
        return text in MISSING
    return True


def matrix(table):
    """The inputs as numbers: categories by their order, NaN where one is missing; and which are categories."""
    columns, is_category = [], []
    for values in zip(*(row[: -table.targets] for row in table.rows)):
        numeric = all(map(is_number, values))
        level = {} if numeric else {v: i for i, v in enumerate(sorted(set(values) - MISSING))}
        columns.append([math.nan if v in MISSING else float(v) if numeric else level[v] for v in values])
        is_category.append(not numeric)
    return numpy.array(columns).T, numpy.array(is_category)


def one_hot(x, is_category):
    """Numbers with their mean where they are missing; a column for each category."""
    columns = []
    for values, category in zip(x.T, is_category):
        known = ~numpy.isnan(values)
        if category:
            columns += [values == v for v in numpy.unique(values[known])]
        else:
            columns.append(numpy.where(known, values, values[known].mean()))
        if not known.all():
            columns.append(~known)
    return numpy.array(columns, float).T


def targets(table):
    y = numpy.array([row[-table.targets :] for row in table.rows])
    return y[:, 0] if table.name in CLASSES else y.astype(float)


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


def seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_hebb(folder, table, effort, seed, truth):
    model = folder / "model.onnx"
    words = [HEBB, "train", folder / "train.csv", "--test", "0", "--seed", str(seed), "-j", "1", "--quiet", "-o", model, "--effort", effort]
    words += ["--task", "classification" if table.name in CLASSES else "regression"]
    words += ["--target", ",".join(table.header[-table.targets :])]
    begin = seconds_of_children()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = seconds_of_children() - begin
    out = subprocess.run([HEBB, "predict", model, folder / "test.csv", "--quiet"], check=True, capture_output=True, text=True).stdout
    header, *rows = csv.reader(out.splitlines())
    if table.name not in CLASSES:
        return judge_numbers(truth, numpy.array(rows, float), seconds)
    p = numpy.array([row[1:] for row in rows], float)
    return judge_classes(truth, header[1:], p, seconds)


def estimator(program, classes, seed, is_category):
    if program == "boosting":
        kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
        return kind(random_state=seed, categorical_features=is_category)
    if program == "forest":
        return RandomForestClassifier(random_state=seed) if classes else RandomForestRegressor(random_state=seed)
    if program == "mlp":
        return MLPClassifier(random_state=seed) if classes else MLPRegressor(random_state=seed)
    if program == "linear":
        return LogisticRegression() if classes else LinearRegression()
    return DummyClassifier() if classes else DummyRegressor()


def run_sklearn(program, classes, seed, data, rows, held):
    """data: what its kind of program takes, as matrix() or one_hot() make it, and targets."""
    x, y, is_category = data
    model = estimator(program, classes, seed, is_category)
    if program in ("mlp", "linear"):
        model = make_pipeline(StandardScaler(), model)
    alone = not classes and program == "boosting" and y.shape[1] > 1
    model = MultiOutputRegressor(model) if alone else model
    y_train = y[rows] if classes or y.shape[1] > 1 else y[rows, 0]
    begin = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that 200 epochs or 100 iterations were not enough: those are the defaults
        model.fit(x[rows], y_train)
    seconds = time.process_time() - begin
    if classes:
        return judge_classes(y[held], list(model.classes_), model.predict_proba(x[held]), seconds)
    return judge_numbers(y[held], model.predict(x[held]), seconds)


def measure_seed(name, seed):
    table = read_table(name)
    classes = name in CLASSES
    x, is_category = matrix(table)
    trees, lines, y = numpy.where(numpy.isnan(x), -1, x), one_hot(x, is_category), targets(table)
    rows, held = split(table, seed)
    got = {}
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        write_csv(folder / "train.csv", table, rows)
        write_csv(folder / "test.csv", table, held)
        for effort in EFFORTS:
            got[effort] = run_hebb(folder, table, effort, seed, y[held])
    for program in OTHERS:
        data = x if program == "boosting" else trees if program == "forest" else lines
        got[program] = run_sklearn(program, classes, seed, (data, y, is_category), rows, held)
    print(f"{name}, seed {seed}: " + ", ".join(f"{p} {got[p].score:.4f} in {got[p].seconds:.1f} s" for p in PROGRAMS), file=sys.stderr)
    return got


def measure_all(names, seeds):
    """By table, by program: a result for each seed."""
    jobs = [(name, seed) for name in names for seed in seeds]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        got = list(pool.map(measure_seed, *zip(*jobs)))
    return {name: {p: [g[p] for (n, _), g in zip(jobs, got) if n == name] for p in PROGRAMS} for name in names}


def mean(results, field):
    return float(numpy.mean([getattr(r, field) for r in results]))


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def error_of(results, program, rows):
    """The mean share of errors; half an error more, so that none is no division by zero."""
    return 1 - mean(results[program], "score") + 0.5 / rows


def ratio(results, program, what, rows, other="boosting"):
    if what == "errors":
        return error_of(results, program, rows) / error_of(results, other, rows)
    field = "seconds" if what == "seconds" else "other"
    return mean(results[program], field) / mean(results[other], field)


def goals(measured, rows):
    """The geometric means over the tables, of each effort over boosting."""
    classes = [n for n in measured if n in CLASSES]
    numbers = [n for n in measured if n not in CLASSES]
    kinds = {"errors": classes, "RMSE": numbers, "log loss": classes}
    lines = ["| geometric mean over HistGradientBoosting's | " + " | ".join(f"`{e}`, to reach" for e in EFFORTS) + " | " + " | ".join(OTHERS[1:4]) + " |", "|---|---|---|---|---|---|---|"]
    for what, names in kinds.items():
        if not names:
            continue
        values = {p: geometric_mean([ratio(measured[n], p, what, rows[n]) for n in names]) for p in PROGRAMS}
        cells = [f"{values[e]:.3f}, {goal:.2f}" for e, goal in zip(EFFORTS, GOALS[what])] + [f"{values[p]:.3g}" for p in OTHERS[1:4]]
        lines.append(f"| {what}, {len(names)} tables | {' | '.join(cells)} |")
    level = {e: sum(ratio(measured[n], e, "errors" if n in CLASSES else "RMSE", rows[n]) <= 1 for n in measured) for e in EFFORTS}
    lines.append("| tables ahead or level | " + " | ".join(f"{level[e]} of {len(measured)}" for e in EFFORTS) + " | | | |")
    cost = {e: [ratio(measured[n], e, "seconds", rows[n]) for n in measured] for e in EFFORTS}
    lines.append("| seconds of the processor (most on one table) | " + " | ".join(f"{geometric_mean(cost[e]):.2g} ({max(cost[e]):.2g})" for e in EFFORTS) + " | | | |")
    return lines + [""]


def tables(measured, kind):
    classes = kind == "classes"
    title = {"boosting": "boosting", "forest": "forest", "mlp": "MLP", "linear": "logistic" if classes else "linear", "constant": "most frequent" if classes else "mean"}
    first = [f"`{e}`" for e in EFFORTS] + [title[p] for p in OTHERS]
    lines = []
    for what, field, digits in (("accuracy, %", "score", 2), ("log loss", "other", 4)) if classes else (("R²", "score", 4), ("RMSE", "other", 4)):
        lines += [f"| {what} | " + " | ".join(first) + " |", "|---" * (len(first) + 1) + "|"]
        for name, results in measured.items():
            unit = 100 if what.startswith("accuracy") else 1
            values = {p: unit * mean(results[p], field) for p in PROGRAMS}
            best = (max if field == "score" else min)(values.values())
            cells = [f"{v:.{digits}f}" if field == "score" else f"{v:.{digits}g}" for v in values.values()]
            lines.append(f"| {name} | " + " | ".join(f"**{c}**" if v == best else c for c, v in zip(cells, values.values())) + " |")
        lines.append("")
    lines += ["| seconds | " + " | ".join(first[:-1]) + " |", "|---" * len(first) + "|"]
    for name, results in measured.items():
        lines.append(f"| {name} | " + " | ".join(f"{mean(results[p], 'seconds'):.2g}" for p in PROGRAMS[:-1]) + " |")
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
    lines, whole = [], not names and given.seeds == SEEDS and TABLES.is_dir() and FASHION.is_dir()
    if TABLES.is_dir():
        chosen = [n for n in (*CLASSES, *NUMBERS) if not names or n in names]
        measured = measure_all(chosen, range(1, given.seeds + 1)) if chosen else {}
        rows = {n: len(split(read_table(n), 1)[1]) for n in chosen}
        lines += goals(measured, rows) if chosen else []
        for kind, known in (("classes", CLASSES), ("numbers", tuple(NUMBERS))):
            some = {n: measured[n] for n in known if n in measured}
            lines += tables(some, kind) if some else []
    else:
        print(f"skipped: the tables are not at {TABLES} (set TABLES)", file=sys.stderr)
    lines += images(names)
    text = "\n".join(lines).rstrip("\n")
    print(text)
    if whole:
        page = PAGE.read_text()
        PAGE.write_text(re.sub(r"<!-- accuracy -->.*?<!-- end -->", lambda _: f"<!-- accuracy -->\n{text}\n<!-- end -->", page, flags=re.S))


os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded
SEEDS = 3
parser = argparse.ArgumentParser(usage=__doc__.split("\n", 1)[0], add_help=True)
parser.add_argument("hebb")
parser.add_argument("--only", default="")
parser.add_argument("--seeds", type=int, default=SEEDS)
given = parser.parse_args()
if given.seeds < 1:
    sys.exit("accuracy.py: --seeds: at least 1")
HEBB = str(pathlib.Path(given.hebb).resolve())

try:
    import numpy
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.multioutput import MultiOutputRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    sys.exit(f"accuracy.py: {missing}; Debian's python3-sklearn brings it")
main()
