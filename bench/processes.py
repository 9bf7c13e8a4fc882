# SPDX-License-Identifier: MIT
"""processes.py - whole processes: how long they take from start to end, and how much memory is resident at the most

Starts: hebb predicting one row with a model of the digits, beside `python3 -c "import numpy"` and its like.

Digits to 95 % accuracy: each program trains for the fewest epochs after which the mean accuracy over five seeds on a
validation part of the training rows is at least 95 %; the accuracy in the table is that on the test rows, which have no part
in the choice.  All use 128 relu units, softmax, Adam at a rate of 0.01 and batches of 32.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TIMES = 20
SEEDS = 5
ENOUGH = 0.95
NETWORK = ["-l", "128", "-a", "relu", "--dropout", "0", "--optimizer", "adam", "--schedule", "constant"]
HEBB_OPTIONS = [*NETWORK, "-r", "0.01", "-j", "1", "-q", "--json"]


def spawned(spawn, command, environment, times=TIMES):
    """Seconds of each run, and the most kilobytes of any."""
    done = subprocess.run([spawn, str(times), *map(str, command)], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    lines = [line.split() for line in done.stdout.splitlines()]
    return [float(line[0]) for line in lines], max(int(line[1]) for line in lines)


def row(title, seconds, kilobytes, more=""):
    middle, low, high = (1e3 * f(seconds) for f in (statistics.median, min, max))
    return f"| {title} | **{middle:.1f}** | {low:.1f}–{high:.1f} | {kilobytes / 1024:.1f} |{more}"


def starts(hebb, spawn, folder, environment, installed):
    model, one = os.path.join(folder, "digits.onnx"), os.path.join(folder, "one.csv")
    subprocess.run([hebb, "train", "digits", *NETWORK, "-q", "--json", "-o", model], check=True, capture_output=True, env=environment)
    pixels = (HERE.parent / "data/digits-images-idx3-ubyte").read_bytes()[16:80]
    pathlib.Path(one).write_text(",".join(map(str, pixels)) + "\n")
    commands = {"`hebb predict`: start, load a model, one row": [hebb, "predict", model, one]}
    commands["`python3 -c pass`"] = [sys.executable, "-c", "pass"]
    for key in (key for key in ("numpy", "sklearn", "torch") if key in installed):
        commands[f'`python3 -c "import {key}"`'] = [sys.executable, "-c", f"import {key}"]
    lines = ["**Start of a process**", "", "| process | milliseconds | lowest–highest | MiB resident |", "|---|---:|---:|---:|"]
    for title, command in commands.items():
        lines.append(row(title, *spawned(spawn, command, environment, 5 if "torch" in title else TIMES)))
    return lines + [""]


def hebb_accuracy(hebb, model, epochs, part, environment):
    """The mean over the seeds, of the validation rows or of the test rows."""
    held = ["--validation", "0.2"] if part == "validation" else []
    found = []
    for seed in range(1, SEEDS + 1):
        command = [hebb, "train", "digits", *HEBB_OPTIONS, *held, "-e", str(epochs), "-s", str(seed), "-o", model]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)[part]["accuracy"])
    return statistics.fmean(found)


def python_accuracy(peer, epochs, part, environment):
    command = [sys.executable, HERE / "digits.py", peer, part, str(epochs), str(SEEDS)]
    return float(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)


def fewest_epochs(accuracy):
    return next((epochs for epochs in range(1, 31) if accuracy(epochs, "validation") >= ENOUGH), 30)


def contestant(peer, hebb, folder, environment):
    """accuracy(epochs, part), the mean of five seeds; command(epochs), that of one whole process."""
    model = os.path.join(folder, "trained.onnx")
    if peer == "hebb":
        train = [hebb, "train", "digits", *HEBB_OPTIONS, "-o", model, "-e"]
        return lambda epochs, part: hebb_accuracy(hebb, model, epochs, part, environment), lambda epochs: [*train, epochs]
    program = [sys.executable, HERE / "digits.py", peer, "test"]
    return lambda epochs, part: python_accuracy(peer, epochs, part, environment), lambda epochs: [*program, epochs, 1]


def digits(hebb, spawn, folder, environment, installed):
    heads = ["process", "milliseconds", "lowest–highest", "MiB resident", "epochs", "accuracy on the test rows"]
    lines = ["**Digits to 95 % accuracy, a whole process**", "", f"| {' | '.join(heads)} |", "|---|" + "---:|" * 5]
    for peer, title in (("hebb", "Hebb"), ("numpy", "NumPy"), ("sklearn", "scikit-learn")):
        if peer in installed:
            accuracy, command = contestant(peer, hebb, folder, environment)
            epochs = fewest_epochs(accuracy)
            seconds, kilobytes = spawned(spawn, command(epochs), environment)
            lines.append(row(title, seconds, kilobytes, f" {epochs} | {100 * accuracy(epochs, 'test'):.1f} % |"))
    return lines + [""]


def spawn_program(folder):
    path = os.path.join(folder, "spawn")
    if not os.path.exists(path):
        subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", path, HERE / "spawn.c"], check=True)
    return path


def tables(hebb, folder, environment, installed):
    spawn = spawn_program(folder)
    parts = (starts, digits)
    return [line for part in parts for line in part(hebb, spawn, folder, environment, installed)]
