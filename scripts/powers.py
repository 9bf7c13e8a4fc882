#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""powers.py - writes src/io/powers.c, the first 128 bits of powers of ten for src/io/shortest.c

Power 10^e is g 2^r, rounded up, with 2^127 <= g < 2^128.
"""
from fractions import Fraction

LEAST, MOST = -292, 324

HEAD = """/* SPDX-License-Identifier: MIT */
/*
 * powers.c - the first 128 bits of powers of ten, rounded up; scripts/powers.py writes this file
 */
#include "shortest.h"

/* clang-format off */
const struct hb_power hb_powers[HB_POWER_MOST - HB_POWER_LEAST + 1] = {"""


def first_bits(e):
    power = Fraction(10) ** e
    r = power.numerator.bit_length() - power.denominator.bit_length() - 128
    g = -(-power // Fraction(2) ** r)
    while g >= 1 << 128:
        r += 1
        g = -(-power // Fraction(2) ** r)
    assert 1 << 127 <= g
    return int(g)


print(HEAD)
for e in range(LEAST, MOST + 1):
    g = first_bits(e)
    print(f"\t{{0x{g >> 64:016x}, 0x{g & (1 << 64) - 1:016x}}}, /* {e} */")
print("};\n/* clang-format on */")
