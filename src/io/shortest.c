/* SPDX-License-Identifier: MIT */
/*
 * shortest.c - the fewest decimal digits that tell a number from all others of its type
 *
 * This is the algorithm Schubfach (Raffaello Giulietti, The Schubfach way to render doubles, 2022).
 * The decimals that round to a number v = c 2^q lie in an interval around it, from the middle
 * between v and its neighbour below to the middle between v and the one above; the ends belong to
 * it if c is even, as halves are rounded to even.  Let 10^k be the largest power of ten that is not
 * longer than the interval.  Then at least one multiple of 10^k lies in the interval, and at most
 * one multiple of 10^(k + 1), which is then the shortest decimal but for zeros at its end.
 *
 * All is compared as integers: v and both ends times 4 10^-k.  These products need not be exact:
 * 126 bits of 10^-k tell whether each is below, at or above an integer.  So the integer part is
 * kept, and its last bit is set if there is a fraction.
 */
#include "shortest.h"

#include <string.h>

/* A number c 2^q; below a power of two the distance to the next number is half of that above. */
struct binary {
	uint64_t c;
	int q, is_power;
};

/* ---- Arithmetic ---- */

/* The high half of a b; *low: the low one. */
static inline uint64_t multiply(uint64_t a, uint64_t b, uint64_t *low)
{
#if defined __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	*low = (uint64_t)product;
	return (uint64_t)(product >> 64);
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (uint32_t)middle;

	*low = a * b;
	return a1 * b1 + (middle >> 32) + (other >> 32);
#endif
}

/* The integer part of g c / 2^128, its last bit set if there is a fraction; g is too large by less
 * than 1, which the fraction does not show. */
static inline uint64_t scaled(const struct hb_power *g, uint64_t c)
{
	uint64_t low, rest;
	uint64_t carried = multiply(g->low, c, &low);
	uint64_t whole = multiply(g->high, c, &rest);

	rest += carried;
	whole += rest < carried;
	return whole | (rest > 1);
}

/* floor(log10(2^q)); of three quarters of 2^q, the interval of a power of two */
static inline int power_below(int q, int is_power)
{
	return (int)(((int64_t)q * 1262611 - (is_power ? 524031 : 0)) >> 22);
}

/* floor(log2(10^e)) */
static inline int bits_below(int e)
{
	return (int)(((int64_t)e * 1741647) >> 19);
}

/* ---- The algorithm ---- */

static inline struct hb_short shortest(struct binary v, int half_is_up)
{
	int k = power_below(v.q, v.is_power);
	int shift = v.q + bits_below(-k) + 1; /* 1 to 4 */
	const struct hb_power *g = &hb_powers[-k - HB_POWER_LEAST];
	uint64_t is_odd = v.c & 1, at = scaled(g, v.c * 4 << shift);
	uint64_t least = scaled(g, (v.c * 4 - 2 + (uint64_t)v.is_power) << shift) + is_odd;
	uint64_t most = scaled(g, (v.c * 4 + 2) << shift) - is_odd;
	uint64_t m = at / 4, tens = m / 10 * 10; /* of 10^k */

	int is_in = least <= 4 * tens, next_is_in = 4 * tens + 40 <= most;
	if (m >= 10 && is_in != next_is_in)
		return (struct hb_short){tens / 10 + (uint64_t)next_is_in, k + 1};
	is_in = least <= 4 * m;
	next_is_in = 4 * m + 4 <= most;
	if (is_in != next_is_in)
		return (struct hb_short){m + (uint64_t)next_is_in, k};
	uint64_t middle = 4 * m + 2;
	int is_up = at > middle || (at == middle && (half_is_up || (m & 1)));
	return (struct hb_short){m + (uint64_t)is_up, k};
}

/* A number of IEEE 754 from its fraction of `size` bits and its exponent field. */
static inline struct binary of_fields(uint64_t fraction, int exponent, int size, int bias)
{
	if (exponent == 0)
		return (struct binary){fraction, 1 - bias - size, 0};
	return (struct binary){fraction | (uint64_t)1 << size, exponent - bias - size,
			       fraction == 0 && exponent > 1};
}

static inline struct binary of_double(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return of_fields(bits & 0xfffffffffffff, (int)(bits >> 52 & 0x7ff), 52, 1023);
}

struct hb_short hb_shortest_float(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	return shortest(of_fields(bits & 0x7fffff, (int)(bits >> 23 & 0xff), 23, 127), 1);
}

struct hb_short hb_shortest_double(double value)
{
	return shortest(of_double(value), 0);
}

int hb_is_power_of_two(double value)
{
	return of_double(value).is_power;
}
