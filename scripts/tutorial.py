#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tutorial.py HEBB [--check] - writes the outputs, figures, accuracies and line numbers of docs/tutorial.md

In the page, what stands between `<!-- run: hebb tutorial SECTION PARTS -->` and `<!-- end -->` is replaced by those parts of
what the command prints, `<!-- programs: SECTION -->` by its programs in Python and C, `<!-- exercises -->` by all exercises with
their answers, `<!-- knobs -->` by the numbers that sections take, `<!-- accuracies -->` by section 6 over 20 seeds, and the lines in links such as
[`hb_forward`](../src/core/backprop.c#L1-L2) by those where the function stands.  The figures go to docs/tutorial/.

With --check nothing is written; it fails if anything would change.  No output in the page depends on time or machine.
"""
import functools
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/tutorial.md"
FIGURES = ROOT / "docs/tutorial"
hebb = str(pathlib.Path(sys.argv[1]).resolve())
check = "--check" in sys.argv[2:]
PARTS = ("Formula", "Computation", "Result", "Take away", "Questions", "Code", "Exercises")


def run(*arguments):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "80"}
    return subprocess.run([hebb, "tutorial", *arguments, "--quiet"], check=True, capture_output=True, text=True, env=environment).stdout


def parts_of(text):
    """The parts of a section by name, without the drawings, which stand between two rules: the page shows the SVG."""
    found, name, drawing = {}, None, False
    for line in text.split("\n"):
        if line.startswith("───"):
            drawing = not drawing
        elif drawing:
            continue
        elif line in PARTS:
            name = line
            found[name] = []
        elif name:
            found[name].append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


def block(match):
    section, wanted = match.group(1), match.group(2).split()
    shown = parts_of(run(section))
    text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(shown[name] for name in wanted))
    return f"<!-- run: hebb tutorial {section} {' '.join(wanted)} -->\n```text\n{text}\n```\n<!-- end -->"


def programs(match):
    section = match.group(1)
    shown = "\n\n".join(f"```{language}\n{run(section, '--code', language).rstrip()}\n```" for language in ("python", "c"))
    return f"<!-- programs: {section} -->\n{shown}\n<!-- end -->"


def exercises(_):
    """Every exercise, and its answer folded away."""
    lines = ["<!-- exercises -->"]
    for section, numbers in everything().items():
        for exercise in numbers.get("exercises", ()):
            lines += [f"<details><summary>{section} {html.escape(exercise['question'])}</summary>", "", exercise["answer"], "", "</details>"]
    return "\n".join([*lines, "<!-- end -->"])


def knobs(_):
    return "<!-- knobs -->\n```text\n" + run("all", "--help").rsplit("\n\n", 1)[0].rstrip() + "\n```\n<!-- end -->"


@functools.cache
def everything():
    return json.loads(run("all", "--json"))


def accuracies(_):
    numbers = json.loads(run("6", "--repeat", "20", "--json"))["6"]
    rows = [("the article's program", "tutorial", "--recipe tutorial"),
            ("+ L2, λ = 0.001", "l2", "--recipe tutorial --l2 0.001"),
            ("Glorot's start, and no other change", "glorot", "--recipe tutorial --init glorot"),
            ("+ a step every 10 rows, 100 epochs", "mini_batches", "--recipe tutorial --init glorot -b 10 -e 100"),
            ("logistic regression: no hidden layer", "logistic_regression", "-l none --l2 0.001"),
            ("the defaults of `hebb train`", "defaults", "")]
    lines = ["| network | mean | sd | `hebb train digits --repeat 20 ...` |", "|---|---|---|---|"]
    for title, key, options in rows:
        lines.append(f"| {title} | **{100 * numbers[key]:.2f} %** | {100 * numbers[key + '_sd']:.2f} | "
                     f"{'`' + options + '`' if options else ''} |")
    return "<!-- accuracies -->\n" + "\n".join(lines) + "\n<!-- end -->"


def lines_of(match):
    """Where a function is defined: from its first line to the brace that closes it."""
    name, path = match.group(1), match.group(2)
    source = (ROOT / "docs" / path).resolve().read_text().split("\n")
    head = re.compile(rf"^[A-Za-z].*\b{re.escape(name)}\(")
    for begin, line in enumerate(source):
        if not head.match(line):
            continue
        body = next(i for i in range(begin, len(source)) if source[i].startswith("{") or source[i].endswith(";"))
        if source[body].startswith("{"):
            end = next(i for i in range(body, len(source)) if source[i].startswith("}"))
            return f"[`{name}`]({path}#L{begin + 1}-L{end + 1})"
    sys.exit(f"tutorial.py: {path} defines no {name}()")


def page():
    text = PAGE.read_text()
    text = re.sub(r"<!-- run: hebb tutorial (\S+) ([A-Za-z ]+?) -->.*?<!-- end -->", block, text, flags=re.S)
    text = re.sub(r"<!-- programs: (\S+) -->.*?<!-- end -->", programs, text, flags=re.S)
    text = re.sub(r"<!-- exercises -->.*?<!-- end -->", exercises, text, flags=re.S)
    text = re.sub(r"<!-- knobs -->.*?<!-- end -->", knobs, text, flags=re.S)
    text = re.sub(r"<!-- accuracies -->.*?<!-- end -->", accuracies, text, flags=re.S)
    return re.sub(r"\[`(\w+)`\]\((\.\./[^)#]+)#L\d+-L\d+\)", lines_of, text)


def figures():
    with tempfile.TemporaryDirectory() as folder:
        run("all", "--figures", folder)
        return {p.name: p.read_text() for p in sorted(pathlib.Path(folder).iterdir())}


stale = []
wanted = {PAGE: page(), **{FIGURES / name: text for name, text in figures().items()}}
FIGURES.mkdir(exist_ok=True)
for path, text in wanted.items():
    if path.exists() and path.read_text() == text:
        continue
    stale.append(path)
    if not check:
        path.write_text(text)
for path in FIGURES.iterdir():
    if path not in wanted:
        stale.append(path)
        if not check:
            path.unlink()
for path in stale:
    print(f"{path.relative_to(ROOT)}: {'stale; run make tutorial' if check else 'written'}")
sys.exit(1 if check and stale else 0)
