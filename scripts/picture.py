#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""picture.py HEBB - draws docs/digits.svg: held-out digits with what the network saw in them, its errors in red

Trains on the first 1,078 digits, predicts the other 719, and draws 24 of them: errors first.  Python's library alone.
"""
import csv
import io
import pathlib
import subprocess
import sys
import tempfile

HELD_OUT, SHOWN, ACROSS, SIZE = 719, 24, 12, 56
root = pathlib.Path(__file__).parent.parent
pixels = (root / "data/digits-images-idx3-ubyte").read_bytes()[16:]
labels = (root / "data/digits-labels-idx1-ubyte").read_bytes()[8:]

with tempfile.TemporaryDirectory() as folder:
    model = folder + "/digits.onnx"
    subprocess.run([sys.argv[1], "train", "digits", "--test", f"last:{HELD_OUT}", "-q", "-o", model], check=True,
                   capture_output=True)
    table = subprocess.run([sys.argv[1], "predict", model, "digits"], check=True, capture_output=True, text=True).stdout
rows = list(csv.DictReader(io.StringIO(table)))[-HELD_OUT:]
first = len(labels) - HELD_OUT
wrong = [i for i, row in enumerate(rows) if int(row["class"]) != labels[first + i]]
right = [i for i in range(len(rows)) if i not in wrong]
shown = sorted((wrong[:6] + right[:: len(right) // SHOWN])[:SHOWN])

parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{ACROSS * SIZE}" height="{2 * (SIZE + 20) + 28}" '
         'font-family="sans-serif" font-size="13">', '<rect width="100%" height="100%" fill="white"/>']
for place, i in enumerate(shown):
    left, top = place % ACROSS * SIZE + 4, place // ACROSS * (SIZE + 20) + 4
    for p, value in enumerate(pixels[64 * (first + i):64 * (first + i + 1)]):
        if value:
            parts.append(f'<rect x="{left + p % 8 * 6}" y="{top + p // 8 * 6}" width="6" height="6" '
                         f'fill-opacity="{value / 16:.2f}"/>')
    truth, seen = labels[first + i], rows[i]["class"]
    note = f"{seen}, is {truth}" if i in wrong else seen
    parts.append(f'<text x="{left + 24}" y="{top + 62}" text-anchor="middle" '
                 f'fill="{"#c00" if i in wrong else "#060"}">{note}</text>')
parts.append(f'<text x="4" y="{2 * (SIZE + 20) + 20}" fill="#444">{len(right)} of {HELD_OUT} held-out digits right '
             f'({100 * len(right) / HELD_OUT:.1f} %); {len([i for i in shown if i in wrong])} of the errors in red; the last 719 in the order of the file</text></svg>')
(root / "docs").mkdir(exist_ok=True)
(root / "docs/digits.svg").write_text("\n".join(parts) + "\n")
