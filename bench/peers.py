#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""peers.py HEBB [--quick] [--only W1,W4] [--rounds N] - Hebb against other programs that train the same networks

Measured are W1 to W5, training with data in memory; wide and small networks; single steps; W6, prediction; what users of the
command wait for; and whole processes.  The programs take turns: in each
round every program is run once on each workload, in a process of its own, on one thread unless the table says otherwise.
A process reports the median of a few trainings that begin anew; the table shows the median of the rounds, the lowest and
the highest.  Variables that steer OpenBLAS, OpenMP or PyTorch are removed from the environment.  What is not installed is
left out, and said.

  --quick      one round of W1, W2, W6 and small networks
  --only LIST  these alone, of W1 W2 W3 W4 W4a W5 wide small step W6 waits processes
  --rounds N   rounds [5; of W4a, W5 and wide networks at most 3]

HEBB lies in its build folder, whose libraries are measured too.  Beside it may lie 0.1.0/hebb and onnx/node_modules.

The report is printed.  A run of everything writes it into docs/performance.md as well.
"""
import argparse
import array
import collections
import datetime
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import goals
import processes
import shapes
import waits
from shapes import SHAPES
from workloads import PREDICTED, WORK, operations

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent / "docs/performance.md"
CORES = os.cpu_count() or 1
TRAINED = tuple(WORK)
ALL = (*TRAINED, *SHAPES, "step", "W6", "waits", "processes")
SHOWN = (*TRAINED, *shapes.GROUPS, "step", "W6", "waits", "processes")
TWO_THREADS = ("W1", "W4", "W5")
ROWS = {name: work.rows for name, work in WORK.items()} | {"W5": 5120}
ROWS |= {name: shape.rows for name, shape in SHAPES.items()} | {"peak": 0, "step": 0, "W6": 0}
RUNS = {"W1": 2, "W2": 7, "W3": 3, "W4": 2, "W4a": 2, "W5": 1, "step": 1, "W6": 1}
RUNS |= {name: shape.runs for name, shape in SHAPES.items()}
FEWER_ROUNDS = 3
LONG = ("W4a", "W5", *shapes.GROUPS["wide"])
ALIKE = 3e-4 # how far losses and predictions that begin with the same weights may lie apart, as a part
BUSY = 0.95
TITLES = {
    "W1": "W1: the tutorial's 64-30-10, sigmoid, squared error, 3,000 full batches of 1,078 digits",
    "W2": "W2: the same network, batches of 32, 100 epochs",
    "W3": "W3: 784-30-10, sigmoid, squared error, batches of 10, an epoch of 60,000 rows",
    "W4": "W4: 784-800-10, relu and softmax, batches of 128, SGD, an epoch of 60,000 rows",
    "W4a": "W4 with Adam",
    "W5": "W5: 784-2500-2000-1500-1000-500-10, tanh and softmax, batches of 128, SGD, an epoch of 60,000 rows",
}



class Program(collections.namedtuple("Program", "key title sources flags package threads rows works")):
    """flags: of the compiler, or what Python imports; rows: of a workload, where it is too slow for all."""

    def __hash__(self):
        return hash(self.key)


ONE = (1,)
FAST = "-O3 -march=native -ffast-math"
LIBRARY = f"-O2 -march=native -I{HERE.parent}/include {{build}}/libhebb_io.a {{build}}/libhebb.a -lz -ljansson -lpthread"
STEPS = (*TRAINED, *SHAPES, "W6")
LEARNED = (*TRAINED, "W6")
PROGRAMS = [
    Program("hebb", "Hebb", None, "", None, (1, 2), {}, ("peak", *TRAINED)),
    Program("shuffled", "Hebb, shuffled", None, "", None, ONE, {}, ("W2", "W3", "W4", "W4a", "W5")),
    Program("library", "Hebb", "steps_hebb.c", LIBRARY, None, ONE, {}, (*SHAPES, "step", "W6")),
    Program("first", waits.FIRST, None, "", None, ONE, {}, ("W6",)),
    Program("numpy", "NumPy", "peer_numpy.py", "numpy", "python3-numpy", ONE, {}, LEARNED),
    Program("torch", "PyTorch, eager", "peer_torch.py", "torch", "python3-torch", (1, 2), {}, LEARNED),
    Program("sklearn", "scikit-learn", "peer_sklearn.py", "sklearn", "python3-sklearn", ONE, {}, LEARNED),
    Program(
        "openblas", "C on OpenBLAS", "steps_blas.c", f"{FAST} -DCORE=openblas_get_corename() -lopenblas", "libopenblas0-pthread",
        ONE, {}, STEPS
    ),
    Program("onednn", "C on oneDNN", "steps_onednn.c", f"{FAST} -ldnnl", "libdnnl2", ONE, {}, STEPS),
    Program("blis", "C on BLIS", "steps_blas.c", f"{FAST} -lblis", "libblis4-openmp", ONE, {}, STEPS),
    Program(
        "eigen", "C on Eigen", "steps_eigen.c products_eigen.cpp", f"{FAST} -DNDEBUG -I/usr/include/eigen3 -lstdc++",
        "libeigen3-dev", ONE, {}, STEPS
    ),
    Program("xnnpack", "C on XNNPACK", "steps_xnnpack.c", f"{FAST} -lXNNPACK", "libxnnpack0", ONE, {}, ("W6",)),
    Program("onnxruntime", "ONNX Runtime in node", "peer_onnxruntime.js", "", None, ONE, {}, ("W6",)),
    Program(
        "fann", "FANN", "steps_fann.c", f"{FAST} -lfann", "libfann2", ONE, {"W4": 2000, "W5": 100},
        ("W1", "W2", "W3", "W4", "W5", "W6")
    ),
]
NOTES = [
    "All programs take the rows in their order (Hebb with `--in-order`). In normal training, rows are shuffled anew in each "
    "epoch, and every row comes from another place in memory; the line \"Hebb, shuffled\" measures this.",
    "NumPy: float32, every array allocated beforehand. The four in C: the same steps written out (`bench/steps.h`), "
    "compiled with `-O3 -march=native -ffast-math`; all but oneDNN add the gradient of SGD to the weights within the product; "
    "oneDNN uses for each product the faster of its matmul and its inner product. BLIS 0.9.0 does not know new processors and is "
    "told to take them for a Skylake with AVX-512.",
    "scikit-learn has no logistic output with squared error: W1 to W3 have an identity output there. Momentum and shuffling are off.",
    "FANN has no mini-batches, no softmax and no Adam: W1 is its batch training, the others update after each row, with a "
    "sigmoid output and squared error; hidden units of W4 are piecewise linear. It sees {W4} rows of W4 and {W5} of W5.",
    "W5 is timed on 5,120 rows and scaled to an epoch, for every program except FANN.",
    "W6: Hebb, the programs in C and ONNX Runtime take the 10,000 rows in blocks of 500, 2,000 or 10,000, whichever is fastest "
    "for them; NumPy in blocks of 500; scikit-learn's outputs are softmax, except for 3-3-1. FANN has a loop over the rows. "
    "Independent: calls for one row after the other; dependent: each row has a number from the output before it. XNNPACK is set "
    "up anew for each row of the former.",
    "Wide and small networks, W6: Hebb, the programs in C and ONNX Runtime begin with the same weights; that losses and "
    "predictions agree is checked. Hebb 0.1.0 is built from this repository.",
    "The loss is that of the first batch, before and after the training that was timed. It differs between programs because "
    "their initial weights and generated rows differ.",
]


# ---- Running ----------------------------------------------------------------------------------------------------------


def cpu():
    """The model of the processor and its flags."""
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return "unknown processor", ()
    model = re.search(r"^model name\s*:\s*(.*)$", text, re.M)
    flags = re.search(r"^flags\s*:\s*(.*)$", text, re.M)
    return model.group(1) if model else "unknown processor", flags.group(1).split() if flags else ()


def environment(threads):
    steer = ("OPENBLAS_", "GOTO_", "OMP_", "GOMP_", "KMP_", "MKL_", "DNNL_", "ONEDNN_", "ATEN_", "BLIS_", "HEBB_", "MALLOC_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steer)}
    kept.update(OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads), PYTHONDONTWRITEBYTECODE="1")
    if "avx512f" in cpu()[1]:
        kept["ATEN_CPU_CAPABILITY"] = "avx512"
        kept["BLIS_ARCH_TYPE"] = "skx"
    if threads > 1:
        kept["OMP_WAIT_POLICY"] = "passive"
    return kept


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def answer_of(command, threads):
    """The object that a process prints, with the share of a processor that it got: a busy machine gives less than 1."""
    begin, used = time.perf_counter(), processor_seconds()
    done = subprocess.run(command, capture_output=True, text=True, env=environment(threads), timeout=600)
    share = (processor_seconds() - used) / (time.perf_counter() - begin)
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or f"status {done.returncode}").split("\n")[-1])
    return json.loads(done.stdout) | {"share": share}


def compiled(program, hebb, folder):
    """The path of a peer in C, or what the compiler says against it."""
    path = os.path.join(folder, program.key)
    sources = [HERE / source for source in program.sources.split()]
    flags = program.flags.format(build=pathlib.Path(hebb).parent).split()
    done = subprocess.run(["cc", "-o", path, *sources, *flags, "-lm"], capture_output=True, text=True)
    if done.returncode == 0:
        return [path], None
    errors = [line for line in done.stderr.split("\n") if "error" in line or "cannot find" in line]
    return None, "not installed: " + (errors or ["it cannot be compiled"])[0].split(": ", 1)[-1]


def in_node(program, hebb):
    modules = pathlib.Path(hebb).parent / "onnx/node_modules"
    if (modules / "onnxruntime-node").exists() and shutil.which("node"):
        return ["node", HERE / program.sources, modules], None
    return None, "not installed from npm"


def in_python(program):
    found = subprocess.run([sys.executable, "-c", f"import {program.flags}"], capture_output=True, env=environment(1))
    return ([sys.executable, HERE / program.sources], None) if found.returncode == 0 else (None, "not installed")


def first_version(hebb):
    return pathlib.Path(hebb).parent / "0.1.0/hebb"


def command_of(program, hebb, folder):
    if program.key == "first":
        return ([first_version(hebb)], None) if first_version(hebb).exists() else (None, "not built")
    if program.sources is None:
        return [hebb], None
    if program.sources.endswith(".py"):
        return in_python(program)
    return in_node(program, hebb) if program.sources.endswith(".js") else compiled(program, hebb, folder)


def version_of(program, hebb):
    if program.key == "onnxruntime":
        package = pathlib.Path(hebb).parent / "onnx/node_modules/onnxruntime-node/package.json"
        return json.loads(package.read_text())["version"]
    if program.key == "first":
        return "from this repository"
    if program.package is None:
        return subprocess.run([hebb, "--version"], capture_output=True, text=True).stdout.split("\n")[0].split()[-1]
    query = ["dpkg-query", "-W", "-f", "${Version}", program.package]
    try:
        return subprocess.run(query, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "of unknown version"


def write_digits(path):
    """The digits as Hebb has them in W1 and W2: 1,078 rows, columns of mean 0 and deviation 1, classes as one of ten."""
    rows, columns = 1078, []
    pixels = (HERE.parent / "data/digits-images-idx3-ubyte").read_bytes()[16:]
    labels = (HERE.parent / "data/digits-labels-idx1-ubyte").read_bytes()[8:]
    for j in range(64):
        column = [pixels[64 * i + j] for i in range(rows)]
        mean, deviation = statistics.fmean(column), statistics.pstdev(column)
        columns.append([(value - mean) / deviation if deviation else 0.0 for value in column])
    numbers = array.array("f", (columns[j][i] for i in range(rows) for j in range(64)))
    numbers.extend(float(labels[i] == c) for i in range(rows) for c in range(10))
    with open(path, "wb") as file:
        numbers.tofile(file)


def write_models(commands, folder):
    """The networks of W6, for programs that read them."""
    for program, command in commands.items():
        if program.key == "library":
            subprocess.run([*command, "models", "0", "1", "1", folder], check=True)


def measure_command(program, command, name, threads):
    """By `hebb bench`."""
    form = [] if name == "W5" else ["--full"]
    form += [] if program.key == "shuffled" else ["--in-order"]
    report = answer_of([*command, "bench", "W2" if name == "peak" else name, *form, "--json", "-j", str(threads)], threads)
    found = report.get(name, {}) | {"peak": report["peak_gflops"], "kernels": report["kernels"], "share": report["share"]}
    return found | ({"latency": report["latency"]} if name == "W6" else {})


def measure(program, command, name, threads, digits):
    """One process: what it reports, with the seconds of a whole epoch or training."""
    if program.sources is None:
        found = measure_command(program, command, name, threads)
    else:
        rows = program.rows.get(name, ROWS[name])
        runs = 1 if program.key == "fann" else RUNS[name]
        found = answer_of([*command, name, *map(str, (rows, runs, threads)), digits], threads)
    if name in WORK:
        found["seconds"] *= WORK[name].rows / found["rows"]
    return found


def tell(what):
    """What runs now, for people who wait."""
    if sys.stderr.isatty():
        print(f"\r{what}\033[K", end="", file=sys.stderr, flush=True)


def turns(wanted, commands, rounds, digits):
    """Every program once a round; a dictionary from (workload, program, threads) to the reports."""
    found = collections.defaultdict(list)
    for i in range(rounds):
        for name in (name for name in ("peak", *wanted) if name in ROWS and (i < FEWER_ROUNDS or name not in LONG)):
            for program in (program for program in commands if name in program.works):
                for threads in program.threads:
                    if threads == 1 or (name in TWO_THREADS and threads <= CORES):
                        tell(f"round {i + 1}: {name} {program.title}, -j {threads}")
                        try:
                            report = measure(program, commands[program], name, threads, digits)
                            found[name, program, threads].append(report)
                        except (RuntimeError, subprocess.TimeoutExpired) as error:
                            print(f"\n{program.title}, {name}: {error}", file=sys.stderr)
    tell("")
    return found


# ---- Reporting --------------------------------------------------------------------------------------------------------


def short(seconds):
    return f"{seconds:.2f}" if seconds >= 10 else f"{seconds:.3f}" if seconds >= 0.1 else f"{seconds:.4f}"


def row_of(name, key, reports, peak, first):
    _, program, threads = key
    seconds = [report["seconds"] for report in reports]
    middle, last = statistics.median(seconds), reports[-1]
    rate = operations(WORK[name], WORK[name].rows) / middle * 1e-9
    before, after = last["loss_before"], last["loss_after"]
    learns = f"{before:.2g} → {after:.2g}" if after < before else f"{before:.2g} → {after:.2g}: **does not learn**"
    ratio = "1" if middle == first else f"{middle / first:.2f}"
    spread = f"{short(min(seconds))}–{short(max(seconds))}"
    of_peak = f"{100 * rate / (peak * threads):.0f} %"
    cells = (program.title, threads, f"**{short(middle)}**", spread, f"{rate:.1f}", of_peak, ratio, learns)
    return "| " + " | ".join(map(str, cells)) + " |"


def training_table(name, found, peak):
    """The programs of a workload by time, those with one thread first; ratios to Hebb with as many threads."""
    keys = [key for key in found if key[0] == name]
    middle = {key: statistics.median(report["seconds"] for report in found[key]) for key in keys}
    hebb = {key[2]: middle[key] for key in keys if key[1].key == "hebb"}
    lines = [f"**{TITLES[name]}**", ""]
    lines += ["| program | threads | seconds | lowest–highest | GFLOP/s | of peak | times Hebb's | loss |", "|---|" + "---:|" * 7]
    for key in sorted(keys, key=lambda key: (key[2], middle[key])):
        lines.append(row_of(name, key, found[key], peak, hebb.get(key[2], float("nan"))))
    if len(hebb) == 2:
        lines += ["", f"Hebb with two threads: {hebb[1] / hebb[2]:.2f} times as fast as with one."]
    return lines + [""]


def count(number):
    return f"{number / 1e6:.1f}M" if number >= 1e6 else f"{number / 1e3:.0f}k"


PREDICTION_FIELDS = {"microseconds": "us", "dependent": "dependent", "rows_per_second": "rows/s"}


def prediction_cell(reports, net, field):
    values = [report["latency"][net][field] for report in reports if field in report["latency"][net]]
    show = count if field == "rows_per_second" else short
    if len(values) < 2:
        return f"**{show(values[0])}**" if values else "–"
    return f"**{show(statistics.median(values))}** ({show(min(values))}–{show(max(values))})"


def prediction_table(found):
    nets = list(PREDICTED)
    heads = [f"{net}, {unit}" for unit in PREDICTION_FIELDS.values() for net in nets]
    lines = ["**W6: prediction of one row, microseconds a call, and rows a second in a batch of 10,000**", ""]
    lines += ["| program | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(heads)]
    for (name, program, _), reports in found.items():
        if name != "W6":
            continue
        cells = [prediction_cell(reports, net, field) for field in PREDICTION_FIELDS for net in nets]
        lines.append(f"| {program.title} | " + " | ".join(cells) + " |")
    return lines + [""]


def plural(number, what):
    return f"{number} {what}" + ("" if number == 1 else "s")


def apart(values):
    """The programs whose numbers lie far from those of most."""
    middle = statistics.median(values.values()) if values else 0
    return [title for title, value in values.items() if not abs(value - middle) <= ALIKE * abs(middle) + 1e-5]


def disagreements(found):
    """What began with the same weights must have the same losses and predictions."""
    values = collections.defaultdict(dict)
    for (name, program, _), reports in found.items():
        if name in SHAPES:
            values[f"{name}, loss"][program.title] = reports[-1]["loss_after"]
        if name in SHAPES or (name in WORK and program.key in goals.HAND_WRITTEN):
            values[f"{name}, loss after a step"][program.title] = reports[-1]["loss_before"]
        for net, entry in reports[-1].get("latency", {}).items():
            if "sum" in entry:
                values[f"{net}, predictions"][program.title] = entry["sum"]
    lines = [f"**{what}: {', '.join(apart(of))} disagrees with the others.**" for what, of in values.items() if apart(of)]
    return [text for line in lines for text in (line, "")]


def how_busy(found):
    """Whether the figures can be trusted: what the one-thread processes got of a processor."""
    shares = [report["share"] for key, reports in found.items() if key[2] == 1 for report in reports]
    if not shares or statistics.median(shares) >= BUSY:
        return []
    middle, least = 100 * statistics.median(shares), 100 * min(shares)
    return [f"**The machine was busy**: processes of one thread got {middle:.0f} % of a processor, one {least:.0f} %.", ""]


def heading(found, commands, hebb, missing, rounds):
    machine = [report for key, reports in found.items() if key[1].key != "first" for report in reports if "peak" in report]
    peaks = [report["peak"] for report in machine]
    peak = statistics.median(peaks) if peaks else float("nan")
    kernels = machine[0]["kernels"] if machine else "?"
    versions = ", ".join(dict.fromkeys(f"{program.title.split(',')[0]} {version_of(program, hebb)}" for program in commands))
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    core = {report["core"] for reports in found.values() for report in reports if "core" in report}
    fewer = f" (W4a, W5, wide networks: {FEWER_ROUNDS})" if rounds > FEWER_ROUNDS else ""
    speed = f" Hebb's kernels: {kernels}. Peak of a thread, measured with fused multiply-adds in registers: {peak:.0f} GFLOP/s."
    speed = speed if peaks else ""
    lines = [
        f"{datetime.date.today()}, {cpu()[0]}, {plural(CORES, 'core')}, {compiler}.{speed} {plural(rounds, 'round')}{fewer}.",
        "",
        *how_busy(found),
        f"Versions: {versions}." + (f" OpenBLAS takes this processor for: {', '.join(sorted(core))}." if core else ""),
        "",
    ]
    for program, reason in missing.items():
        lines += [f"Left out: {program.title} ({reason}).", ""]
    return lines, peak


def report(found, waited, whole, commands, hebb, missing, rounds):
    lines, peak = heading(found, commands, hebb, missing, rounds)
    lines += disagreements(found) + goals.table(found, waited, peak)
    for name in TRAINED:
        if any(key[0] == name for key in found):
            lines += training_table(name, found, peak)
    lines += shapes.table(found, commands, peak, operations)
    if any(key[0] == "W6" for key in found):
        lines += prediction_table(found)
    lines += waits.tables(waited) if waited else []
    fann = next(program.rows for program in PROGRAMS if program.key == "fann")
    lines += whole + ["Notes:", ""] + [f"- {note.format(**fann) if 'FANN has' in note else note}" for note in NOTES]
    return "\n".join(lines)


def write_page(text):
    page = PAGE.read_text()
    block = f"<!-- peers -->\n{text}\n<!-- end -->"
    PAGE.write_text(re.sub(r"<!-- peers -->.*?<!-- end -->", lambda _: block, page, flags=re.S))
    print(f"\nwritten to {PAGE.relative_to(HERE.parent)}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hebb", metavar="HEBB", help="the hebb command that is measured")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", metavar="LIST", default="")
    parser.add_argument("--rounds", metavar="N", type=int, default=5)
    given = parser.parse_args()
    names = given.only.split(",") if given.only else ["W1", "W2", "W6", "small"] if given.quick else ALL
    given.wanted = [name for group in names for name in shapes.GROUPS.get(group, [group])]
    given.rounds = 1 if given.quick else max(1, given.rounds)
    for name in given.wanted:
        if name not in ALL:
            parser.error(f"there is no {name}; these are: {' '.join(SHOWN)}")
    return given


def attempt(what, function, *given):
    """What a function that runs processes returns, or None."""
    tell(what)
    try:
        return function(*given)
    except (RuntimeError, OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"\n{what} could not be measured: {error}", file=sys.stderr)
        return None
    finally:
        tell("")


def measure_waits(hebb, folder, commands, quick):
    programs = {"Hebb": hebb} | {p.title: command[0] for p, command in commands.items() if p.key == "first"}
    return attempt("what users wait for", waits.measure, programs, folder, environment(CORES), quick)


def measure_processes(hebb, folder, commands):
    installed = {program.key for program in commands}
    return attempt("whole processes", processes.tables, hebb, folder, environment(1), installed) or []


def main():
    given = arguments()
    hebb = str(pathlib.Path(given.hebb).resolve())
    with tempfile.TemporaryDirectory() as folder:
        commands, missing = {}, {}
        for program in PROGRAMS:
            command, reason = command_of(program, hebb, folder)
            if command:
                commands[program] = command
            else:
                missing[program] = reason
                print(f"left out: {program.title}: {reason}", file=sys.stderr)
        digits = os.path.join(folder, "digits.f32")
        write_digits(digits)
        write_models(commands, folder)
        found = turns(given.wanted, commands, given.rounds, digits)
        waited = measure_waits(hebb, folder, commands, given.rounds == 1) if "waits" in given.wanted else None
        whole = measure_processes(hebb, folder, commands) if "processes" in given.wanted else []
        text = report(found, waited, whole, commands, hebb, missing, given.rounds)
    print(text)
    if given.wanted == list(ALL):
        write_page(text)


if __name__ == "__main__":
    main()
