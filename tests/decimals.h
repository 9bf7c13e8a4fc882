/* SPDX-License-Identifier: MIT */
/*
 * decimals.h - numbers as text by a slow way that is plainly right, for test_shortest.c and
 * sweep_numbers.c
 *
 * printf() gives all digits of a number, of which none is rounded.  From these follow both decimals
 * of n digits beside it, and strtof() or strtod() tells which of them read back.
 */
#ifndef HEBB_TEST_DECIMALS_H
#define HEBB_TEST_DECIMALS_H

#include <float.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPANDED = 780, FLOAT_DIGITS = 115 }; /* more than any double or float has */

/* The digits d.ddd x 10^exponent. */
struct digits {
	char digit[EXPANDED];
	int count, exponent;
};

/* How one type is written. */
struct manner {
	int is_float;
	int least;       /* the digits to begin with */
	int only_nearer; /* 1: not the other decimal of as many digits, where that alone reads back
			  */
	int plain_most;  /* digits before a point */
};

static inline struct digits expand(double value, int count)
{
	struct digits all = {.count = 0};
	char text[EXPANDED + 16];

	snprintf(text, sizeof text, "%.*e", count - 1, value);
	for (const char *p = text; *p != 'e'; p++)
		if (*p != '.')
			all.digit[all.count++] = *p;
	all.exponent = atoi(strchr(text, 'e') + 1);
	return all;
}

/* The decimal of n digits below the number, or the next one. */
static inline struct digits cut(const struct digits *all, int n, int is_up)
{
	struct digits some = {.count = n, .exponent = all->exponent};
	int i = n - 1;

	memcpy(some.digit, all->digit, (size_t)n);
	if (!is_up)
		return some;
	for (; i >= 0 && some.digit[i] == '9'; i--)
		some.digit[i] = '0';
	if (i >= 0) {
		some.digit[i]++;
	} else {
		some.digit[0] = '1';
		some.exponent++;
	}
	return some;
}

static inline int reads_back(const struct digits *some, double value, int is_float)
{
	char text[64];

	snprintf(text, sizeof text, "%.*se%d", some->count, some->digit,
		 some->exponent - some->count + 1);
	return is_float ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value;
}

/* Whether the upper decimal of n digits is nearer, or equally near and preferred. */
static inline int is_upper_nearer(const struct digits *all, int n, int is_float)
{
	const char *rest = all->digit + n;

	if (*rest != '5')
		return *rest > '5';
	if (strspn(rest + 1, "0") < (size_t)(all->count - n - 1))
		return 1;
	return is_float || (all->digit[n - 1] - '0') % 2 == 1;
}

static inline struct digits fewest(double value, const struct manner *how)
{
	struct digits all = expand(value, how->is_float ? FLOAT_DIGITS : EXPANDED),
		      some = {.count = 0};

	for (int n = how->least; n <= 17; n++) {
		int is_up = is_upper_nearer(&all, n, how->is_float);

		some = cut(&all, n, is_up);
		if (reads_back(&some, value, how->is_float))
			return some;
		some = cut(&all, n, !is_up);
		if (!how->only_nearer && reads_back(&some, value, how->is_float))
			return some;
	}
	return some;
}

/* As hebb_format_float() and hebb_format_double() write a number > 0. */
static inline void write_slowly(double value, const struct manner *how, char *text)
{
	struct digits some = fewest(value, how);
	int point = some.exponent + 1, at = 0;

	while (some.count > 1 && some.digit[some.count - 1] == '0')
		some.count--;
	some.digit[some.count] = 0;
	if (point < -3 || point > how->plain_most) {
		sprintf(text, "%c%s%se%+03d", some.digit[0], some.count > 1 ? "." : "",
			some.digit + 1, some.exponent);
		return;
	}
	for (int place = point < 1 ? point - 1 : 0; place < some.count || place < point; place++) {
		if (place == point)
			text[at++] = '.';
		text[at++] = place < 0 || place >= some.count ? '0' : some.digit[place];
	}
	text[at] = 0;
}

static inline float float_of(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static inline double double_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static const struct manner float_manner = {1, 1, 0, 9};
/* Of a double 15 digits or more are rounded, which are the fewest but for few numbers. */
static const struct manner double_manner = {0, 15, 1, 17};
static const struct manner double_shortest = {0, 1, 0, 17};

#endif
