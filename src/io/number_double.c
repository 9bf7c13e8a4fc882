/* SPDX-License-Identifier: MIT */
/*
 * number_double.c - decimal numbers to double and back, the same in every locale
 *
 * Reading. The digits of a decimal are an integer m, and its value is m 10^e. If m has at most 53
 * bits and |e| is at most 22, both are doubles, and one multiplication or division rounds once
 * (Clinger 1990). Divisions by such a power are also made in two doubles, whose sum is rounded
 * unless it is close to the middle of two. If 10^-e fits into 64 bits, an integer division of m 2^s
 * by it gives 55 bits or more of the quotient and tells whether anything is left over, which is
 * enough to round. All else is strtod()'s, which gets the digits without a decimal point, so the
 * locale does not matter.
 *
 * Writing. These are the digits of the number rounded to 15, 16 or 17, the first that read back to
 * the same double. In general shortest.c finds them.
 */
#include "io.h"
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	EXACT_DIVISOR = 19,    /* 10^19 < 2^64 */
	DECIDING_DIGITS = 800, /* no number halfway between two doubles has more than 768 digits */
	QUOTIENT_BITS = 64,
	SHORT_DIGITS = 15, /* every decimal of so many digits comes back from a double */
	ALL_DIGITS = 17
};
#define SHORT_MOST 1000000000000000 /* 10^SHORT_DIGITS */

/* Digits, a 1 for all that follow if they are not 0, and the exponent. */
static double decide(const struct hb_decimal *d)
{
	char text[DECIDING_DIGITS + 32];
	long long exponent;
	int count = hb_decimal_digits(d, DECIDING_DIGITS, text, &exponent);

	snprintf(text + count, sizeof text - (size_t)count, "e%lld", exponent);
	return strtod(text, NULL);
}

#if defined __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;

static int leading_zeros(uint64_t m)
{
	return __builtin_clzll(m);
}

/* m / divisor, rounded to the nearest double, halves to even; m > 0. */
static double divide(uint64_t m, uint64_t divisor)
{
	/* m' and divisor' have their first bits set, so that the quotient has 64 or 65 bits. */
	int shift = leading_zeros(m), down = leading_zeros(divisor);
	wide numerator = (wide)(m << shift) << QUOTIENT_BITS;
	wide quotient = numerator / (divisor << down);
	int is_rest = numerator % (divisor << down) != 0;
	int exponent = down - shift - QUOTIENT_BITS;

	if (quotient >> QUOTIENT_BITS) {
		is_rest |= (int)(quotient & 1);
		quotient >>= 1;
		exponent++;
	}
	/* 64 bits or fewer: the last of them says that something is left over. */
	return ldexp((double)((uint64_t)quotient | (uint64_t)is_rest), exponent);
}
#endif

/* m / divisor as a sum of two doubles, whose relative error is below 2^-100; 0 if that is too
 * coarse to round. */
static int divide_near(uint64_t m, double divisor, double *quotient)
{
	double high = (double)(m >> 11 << 11), low = (double)(m & 0x7ff);
	double first = (high + low) / divisor;
	double rest = fma(-first, divisor, high) + low;
	double second = rest / divisor, doubt = first * 0x1p-99;

	*quotient = first + (second + doubt);
	return *quotient == first + (second - doubt);
}

static double magnitude(const struct hb_decimal *d)
{
	long long e = d->exponent;

	if (d->count > HB_DECIMAL_DIGITS)
		return decide(d);
	if (d->m == 0)
		return 0;
	if (d->m <= (uint64_t)HB_INTEGER_MOST && e >= -HB_EXACT_POWER && e <= HB_EXACT_POWER)
		return e < 0 ? (double)d->m / hb_power_of_ten[-e]
			     : (double)d->m * hb_power_of_ten[e];
	double quotient;
	if (e < 0 && e >= -HB_EXACT_POWER && divide_near(d->m, hb_power_of_ten[-e], &quotient))
		return quotient;
#if defined __SIZEOF_INT128__
	if (e < 0 && e >= -EXACT_DIVISOR) {
		uint64_t divisor = 1;

		while (e++ < 0)
			divisor *= 10;
		return divide(d->m, divisor);
	}
#endif
	return decide(d);
}

double hb_decimal_double(const struct hb_decimal *d)
{
	return d->negative ? -magnitude(d) : magnitude(d);
}

size_t hb_parse_double(const char *text, size_t size, double *value)
{
	struct hb_decimal d;
	size_t used = hb_decimal_read(text, size, &d);

	if (used)
		*value = hb_decimal_double(&d);
	return used;
}

int hb_is_double(const char *text, double *value)
{
	size_t size = strlen(text);

	return size > 0 && hb_parse_double(text, size, value) == size && isfinite(*value);
}

/* The first of 15, 16 and 17 digits that reads back to size > 0; 17 always do. */
static void write_rounded(double size, char *text)
{
	char digits[ALL_DIGITS + 1];
	double back = 0;

	for (int n = SHORT_DIGITS; n <= ALL_DIGITS && back != size; n++) {
		int e = hb_round_digits(size, n, digits);

		hb_write_digits(digits, n, e + 1, ALL_DIGITS, text);
		hb_is_double(text, &back);
	}
}

/* Whether the fewest digits may be others than the number rounded to as many.  A subnormal number
 * has less precision; above a power of two, a decimal further away than one below may round to
 * it. */
static int is_rounded_otherwise(double size, const struct hb_short *number)
{
	return size < DBL_MIN || (number->digits >= SHORT_MOST && hb_is_power_of_two(size));
}

char *hebb_format_double(double value, char *text)
{
	double size = fabs(value);
	char *start = text;

	text = hb_write_sign(value, text);
	if (!text)
		return start;
	struct hb_short number = hb_shortest_double(size);
	if (is_rounded_otherwise(size, &number))
		write_rounded(size, text);
	else
		hb_write_short(number, ALL_DIGITS, text);
	return start;
}
