#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_digits.py - makes data/digits-* from scikit-learn's copy of the digits

    scripts/make_digits.py DIGITS.CSV.GZ DATA

DIGITS.CSV.GZ is sklearn/datasets/data/digits.csv.gz (Debian: python3-sklearn): 1,797 rows of 64
pixels, 0 .. 16, and the digit.  DATA is the directory to write to.  The files are IDX: data/README.md.
Not needed to build: its output is part of the source.
"""
import gzip
import pathlib
import struct
import sys


def main():
    source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    with gzip.open(source, "rt", encoding="ascii") as file:
        rows = [[int(float(field)) for field in line.split(",")] for line in file]
    assert all(len(row) == 65 for row in rows)
    images = bytes(value for row in rows for value in row[:64])
    labels = bytes(row[64] for row in rows)
    write(folder / "digits-images-idx3-ubyte", [len(rows), 8, 8], images)
    write(folder / "digits-labels-idx1-ubyte", [len(rows)], labels)
    print("rows", len(rows), "pixels", sum(images), "of each digit", [labels.count(d) for d in range(10)])


def write(path, shape, values):
    """IDX: two zeros, type 8 (unsigned byte), the number of dimensions, each dimension, the values."""
    path.write_bytes(struct.pack(f">4B{len(shape)}I", 0, 0, 8, len(shape), *shape) + values)


main()
