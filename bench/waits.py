# SPDX-License-Identifier: MIT
"""waits.py - what a user of the command waits for: a large table, two threads, augmentation, norms; beside version 0.1.0

The table has a million rows of 20 numbers and a class.  Reading and printing count: these are whole processes.  Of the
digits only the seconds of training count, which the command reports; all have the same number of epochs.  Both versions
train the same networks, the defaults of 0.1.0: 256-128 hidden units, and numbers that are standardized.
"""
import json
import os
import statistics
import subprocess

import processes

FIRST = "Hebb 0.1.0" # which predicts on one thread
ROWS, COLUMNS = 1000000, 20
TABLE_TIMES, DIGITS_TIMES = 3, 7
LAYERS = ["-l", "256,128"]
NEW_OPTIONS = ["--scaling", "standard"] # 0.1.0 does so always
DIGITS = {
    "the default": [],
    "`--augment`": ["--augment"],
    "`--norm batch`": ["--norm", "batch"],
    "`--norm layer`": ["--norm", "layer"],
}


def make_table(folder, rows):
    program, path = os.path.join(folder, "table"), os.path.join(folder, "table.csv")
    subprocess.run(["cc", "-O2", "-o", program, processes.HERE / "table.c"], check=True)
    with open(path, "wb") as file:
        subprocess.run([program, str(rows), str(COLUMNS)], check=True, stdout=file)
    return path


def commands_of(title, hebb, table, model, threads):
    use = ["-q", "-j", str(threads)]
    scaling = [] if title == FIRST else NEW_OPTIONS
    train = [hebb, "train", table, "-e", "1", *LAYERS, *scaling, *use, "-o", model]
    return {"train": train, "predict": [hebb, "predict", model, table, *(["-q"] if title == FIRST else use)]}


def table_seconds(programs, spawn, folder, environment, rows, times):
    """A dictionary from (what, program, threads) to seconds and kilobytes; the programs take turns."""
    table, found = make_table(folder, rows), {}
    for _ in range(times):
        for title, hebb in programs.items():
            for threads in (1,) if title == FIRST else (1, 2):
                commands = commands_of(title, hebb, table, os.path.join(folder, f"{title}.onnx"), threads)
                for what, command in commands.items():
                    seconds, kilobytes = processes.spawned(spawn, command, environment, 1)
                    found.setdefault((what, title, threads), ([], []))
                    found[what, title, threads][0].extend(seconds)
                    found[what, title, threads][1].append(kilobytes)
    os.remove(table)
    return found


def training_seconds(hebb, options, threads, folder, environment):
    model = os.path.join(folder, "waits.onnx")
    command = [hebb, "train", "digits", "-e", "60", "-j", str(threads), "-q", "--json", "-o", model, *LAYERS, *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)["seconds"]


def digits_seconds(programs, folder, environment, times):
    """A dictionary from (options, program, threads) to seconds of training."""
    found = {}
    for _ in range(times):
        for title, hebb in programs.items():
            for name, options in DIGITS.items():
                for threads in (1, 2):
                    seconds = training_seconds(hebb, options, threads, folder, environment)
                    found.setdefault((name, title, threads), []).append(seconds)
    return found


def measure(programs, folder, environment, quick):
    """programs: from the titles to the commands, Hebb first."""
    spawn = processes.spawn_program(folder)
    times, rows = (1, ROWS // 5) if quick else (TABLE_TIMES, ROWS)
    return {
        "rows": rows,
        "programs": list(programs),
        "table": table_seconds(programs, spawn, folder, environment, rows, times),
        "digits": digits_seconds(programs, folder, environment, times if quick else DIGITS_TIMES),
    }


# ---- Reporting --------------------------------------------------------------------------------------------------------


def table_lines(waits):
    lines = [f"**A table of {waits['rows']:,} rows x {COLUMNS}, a whole process**", ""]
    lines += ["| process | program | threads | seconds | lowest–highest | MiB resident |", "|---|---|" + "---:|" * 4]
    for (what, title, threads), (seconds, kilobytes) in sorted(waits["table"].items()):
        spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
        what = "`hebb train`, one epoch" if what == "train" else "`hebb predict`"
        cells = (what, title, threads, f"**{statistics.median(seconds):.2f}**", spread, f"{max(kilobytes) / 1024:.0f}")
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines + [""]


def digits_lines(waits):
    lines = ["**Training on the digits, 64-256-128-10, 60 epochs, milliseconds**", ""]
    lines += ["| options | program | one thread | two threads | gain | share added |", "|---|---|" + "---:|" * 4]
    for title in waits["programs"]:
        for name in DIGITS:
            one, two = (1e3 * statistics.median(waits["digits"][name, title, threads]) for threads in (1, 2))
            added = norm_share(waits, name, title) if name.startswith("`") else None
            share = f"{added:.0f} %" if added is not None else ""
            lines.append(f"| {name} | {title} | **{one:.0f}** | **{two:.0f}** | {one / two:.2f} | {share} |")
    return lines + [""]


def norm_share(waits, name, title="Hebb"):
    """Per cent that an option adds to the time with one thread: the median of the rounds, in which both take turns."""
    with_it, without = waits["digits"][name, title, 1], waits["digits"]["the default", title, 1]
    return 100 * (statistics.median(a / b for a, b in zip(with_it, without)) - 1)


def gain(waits, name, title="Hebb"):
    one, two = waits["digits"][name, title, 1], waits["digits"][name, title, 2]
    return statistics.median(a / b for a, b in zip(one, two))


def tables(waits):
    return table_lines(waits) + digits_lines(waits)
