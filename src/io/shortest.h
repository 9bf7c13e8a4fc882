/* SPDX-License-Identifier: MIT */
/*
 * shortest.h - the fewest decimal digits that tell a number from all others of its type
 */
#ifndef HEBB_IO_SHORTEST_H
#define HEBB_IO_SHORTEST_H

#include <stdint.h>

/* digits 10^exponent; digits may end in zeros. */
struct hb_short {
	uint64_t digits;
	int exponent;
};

/* Of all decimals that round to the number, which is finite and > 0, those with the fewest digits,
 * and of these the nearest.  Of two that are equally near float takes the larger one, double the
 * one with an even last digit. */
struct hb_short hb_shortest_float(float value);
struct hb_short hb_shortest_double(double value);

/* Whether the doubles below a normal number are closer to it than those above. */
int hb_is_power_of_two(double value);

enum { HB_POWER_LEAST = -292, HB_POWER_MOST = 324 };

/* The first 128 bits of a power of ten, the first of which is set. */
struct hb_power {
	uint64_t high, low;
};
extern const struct hb_power hb_powers[HB_POWER_MOST - HB_POWER_LEAST + 1];

#endif
