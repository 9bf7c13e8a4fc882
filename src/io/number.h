/* SPDX-License-Identifier: MIT */
/*
 * number.h - what the files that read and write decimal numbers share
 */
#ifndef HEBB_IO_NUMBER_H
#define HEBB_IO_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "shortest.h"

enum {
	HB_EXACT_POWER = 22,   /* 10^22 is the largest power of ten that is a double */
	HB_DECIMAL_DIGITS = 19 /* 10^19 < 2^64 */
};
extern const double hb_power_of_ten[HB_EXACT_POWER + 1];

/* A number as it stands in a text: digits with a point somewhere among them, then an exponent. */
struct hb_decimal {
	const char *digits, *end;
	uint64_t m;         /* the digits as a number, if there are at most HB_DECIMAL_DIGITS */
	long long count;    /* digits */
	long long exponent; /* of the last digit: value = digits x 10^exponent */
	int negative;
};

/* Reads [+-] digits [. digits] [e [+-] digits].  Returns the bytes used, 0 if there is no number.
 */
size_t hb_decimal_read(const char *text, size_t size, struct hb_decimal *d);

/* The nearest double. */
double hb_decimal_double(const struct hb_decimal *d);

/* Copies the digits from the first that is not 0, at most `most` of them, and a 1 if any of the
 * others is not 0; `digits` has room for most + 1.  Returns how many were written; *exponent, of
 * the last of them, is cut to -9999 .. 9999. */
int hb_decimal_digits(const struct hb_decimal *d, int most, char *digits, long long *exponent);

/* Writes the sign and returns where the digits go; NULL: 0, inf or nan, which is written whole. */
char *hb_write_sign(double value, char *text);

/* Writes 0.digits x 10^point, point = 1 + the exponent of the first digit, as "%g" would; with an
 * exponent if more than `most` digits stood before the point. */
void hb_write_digits(const char *digits, int count, int point, int most, char *text);

/* Writes a number that shortest.c has found, likewise. */
void hb_write_short(struct hb_short number, int most, char *text);

/* Rounds size > 0 to a number of digits, which it writes without a point; returns the exponent of
 * the first. */
int hb_round_digits(double size, int count, char *digits);

#endif
