/* SPDX-License-Identifier: MIT */
/*
 * number.c - decimal numbers to float32 and back, the same in every locale
 *
 * Reading. A decimal is m 10^e with an integer m. The first 19 digits of m fit into 64 bits; m and
 * 10^e in double give an approximation whose relative error is below 2^-50. If all numbers within
 * that error round to one float32, that is the nearest one. Otherwise, a few times in a hundred
 * million, strtof() decides. It gets the digits without a decimal point, so the locale does not
 * matter.
 *
 * Writing.  shortest.c finds the fewest digits that read back to the same float32.
 */
#include "io.h"
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* three divisions by powers of ten: with the rounding of m and the digits left out, the
	 * relative error is below 5 x 2^-53 */
	SCALE_MOST = 66,
	PLAIN_DIGITS = 15,    /* so many come back from a double */
	DECIDING_DIGITS = 160 /* no number halfway between two float32 has more than 113 digits */
};
#define TOLERANCE 0x1p-50
/* Integers m below 2^23 are further apart, as a part of m, than float32 numbers: no two decimals m
 * 10^e round to the same one, unless it is subnormal. */
#define SHORT_MOST 0x800000
#define FEW_DIGITS_MOST 1000000000 /* 9 digits tell any float32 */
#define DOUBT 1e-5         /* in units of the last digit: where double is too coarse to compare */
#define PLAIN_LOWEST 1e-4F /* below it, numbers are written with an exponent */
#define BEYOND 0x1.ffffffp127 /* from here on the nearest float32 is infinite */

const double hb_power_of_ten[HB_EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
						    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
						    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* 00 to 99 */
static const char pair[] = "0001020304050607080910111213141516171819"
			   "2021222324252627282930313233343536373839"
			   "4041424344454647484950515253545556575859"
			   "6061626364656667686970717273747576777879"
			   "8081828384858687888990919293949596979899";

#if defined __GNUC__
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE static inline
#endif

static float nearest_float(double value)
{
	return value >= BEYOND ? INFINITY : (float)value;
}

/* value x 10^e */
static double scaled(double value, long long e)
{
	for (; e < -HB_EXACT_POWER; e += HB_EXACT_POWER)
		value /= hb_power_of_ten[HB_EXACT_POWER];
	for (; e > HB_EXACT_POWER; e -= HB_EXACT_POWER)
		value *= hb_power_of_ten[HB_EXACT_POWER];
	return e < 0 ? value / hb_power_of_ten[-e] : value * hb_power_of_ten[e];
}

/* Copies up to `most` digits from the first that is not 0, and adds the number of digits after
 * those to *left_out.  Returns how many were copied. */
static int significant(const struct hb_decimal *d, int most, char *digits, long long *left_out,
		       int *rest_is_zero)
{
	int count = 0;

	*left_out = 0;
	*rest_is_zero = 1;
	for (const char *p = d->digits; p < d->end; p++) {
		if (!hb_is_digit(*p) || (count == 0 && *p == '0'))
			continue;
		if (count < most) {
			digits[count++] = *p;
		} else {
			++*left_out;
			*rest_is_zero &= *p == '0';
		}
	}
	return count;
}

int hb_decimal_digits(const struct hb_decimal *d, int most, char *digits, long long *exponent)
{
	long long left_out;
	int rest_is_zero, count = significant(d, most, digits, &left_out, &rest_is_zero);

	*exponent = d->exponent + left_out;
	if (!rest_is_zero) {
		digits[count++] = '1';
		--*exponent;
	}
	if (*exponent > 9999)
		*exponent = 9999;
	if (*exponent < -9999)
		*exponent = -9999;
	return count;
}

/* The nearest float32 by strtof(). */
static float decide(const struct hb_decimal *d)
{
	char text[DECIDING_DIGITS + 32];
	long long exponent;
	int count = hb_decimal_digits(d, DECIDING_DIGITS, text, &exponent);

	snprintf(text + count, sizeof text - (size_t)count, "e%lld", exponent);
	return strtof(text, NULL);
}

/* 1 if m 10^e is known well enough to tell the nearest float32. */
static int approximate(uint64_t m, long long e, float *nearest)
{
	if (e < -SCALE_MOST || e > SCALE_MOST)
		return 0;
	double value = scaled((double)m, e);
	*nearest = nearest_float(value * (1 - TOLERANCE));
	return *nearest == nearest_float(value * (1 + TOLERANCE));
}

/* The first HB_DECIMAL_DIGITS digits alone; what is left out is below 10^-18 of the number. */
static uint64_t leading(const struct hb_decimal *d, long long *exponent)
{
	char digits[HB_DECIMAL_DIGITS];
	long long left_out;
	int rest_is_zero;
	int count = significant(d, HB_DECIMAL_DIGITS, digits, &left_out, &rest_is_zero);
	uint64_t m = 0;

	for (int i = 0; i < count; i++)
		m = m * 10 + (uint64_t)(digits[i] - '0');
	*exponent = d->exponent + left_out;
	return m;
}

#if FLT_EVAL_METHOD == 0
enum { EXACT_POWER = 10, EXACT_INTEGER = 1 << FLT_MANT_DIG };
static const float power_of_ten[EXACT_POWER + 1] = {1e0F, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F,
						    1e6F, 1e7F, 1e8F, 1e9F, 1e10F};
#endif

ALWAYS_INLINE float magnitude(const struct hb_decimal *d)
{
	uint64_t m = d->m;
	long long exponent = d->exponent;
	float nearest;

#if FLT_EVAL_METHOD == 0
	/* Both are float32, so that one operation rounds once (Clinger 1990). */
	if (m <= EXACT_INTEGER && d->count <= HB_DECIMAL_DIGITS && exponent <= EXACT_POWER &&
	    exponent >= -EXACT_POWER)
		return exponent < 0 ? (float)(int)m / power_of_ten[-exponent]
				    : (float)(int)m * power_of_ten[exponent];
#endif
	if (d->count > HB_DECIMAL_DIGITS)
		m = leading(d, &exponent);
	if (m == 0)
		return 0;
	return approximate(m, exponent, &nearest) ? nearest : decide(d);
}

/* Reads [+-] digits after an e; *p is unchanged if there are none. */
static long long read_exponent(const char **p, const char *end)
{
	const char *q = *p;
	long long exponent = 0;
	int negative = 0;

	if (q < end && (*q == '-' || *q == '+'))
		negative = *q++ == '-';
	if (q == end || !hb_is_digit(*q))
		return 0;
	for (; q < end && hb_is_digit(*q); q++)
		if (exponent < 1000000000000000) /* more than any file has digits */
			exponent = exponent * 10 + (*q - '0');
	*p = q;
	return negative ? -exponent : exponent;
}

ALWAYS_INLINE size_t read_decimal(const char *text, size_t size, struct hb_decimal *d)
{
	const char *p = text, *end = text + size;

	*d = (struct hb_decimal){.m = 0};
	if (p < end && (*p == '-' || *p == '+'))
		d->negative = *p++ == '-';
	d->digits = p;
	for (; p < end && hb_is_digit(*p); p++)
		d->m = d->m * 10 + (uint64_t)(*p - '0');
	d->count = p - d->digits;
	if (p < end && *p == '.') {
		const char *fraction = ++p;

		for (; p < end && hb_is_digit(*p); p++)
			d->m = d->m * 10 + (uint64_t)(*p - '0');
		d->exponent = fraction - p;
		d->count += p - fraction;
	}
	if (d->count == 0)
		return 0;
	d->end = p;
	if (p < end && (*p == 'e' || *p == 'E')) {
		const char *exponent = p + 1;

		d->exponent += read_exponent(&exponent, end);
		if (exponent > p + 1)
			p = exponent;
	}
	return (size_t)(p - text);
}

size_t hb_decimal_read(const char *text, size_t size, struct hb_decimal *d)
{
	return read_decimal(text, size, d);
}

size_t hb_parse_float(const char *text, size_t size, float *value)
{
	struct hb_decimal d;
	size_t used = hb_decimal_read(text, size, &d);

	if (used)
		*value = d.negative ? -magnitude(&d) : magnitude(&d);
	return used;
}

/* ---- What float32 does not give back ---- */

/* 1 if the fewest digits that read back as value > 0 are those of m 10^e, found in double: the
 * numbers that round to value lie within half a step of it. *sure: 0 if it is too close to tell. */
static int has_fewest_digits(uint64_t m, long long e, float value, int *sure)
{
	int exponent;
	double fraction = frexp((double)value, &exponent);
	double half = scaled(ldexp(0.5, exponent - FLT_MANT_DIG), -e); /* in units of 10^e */
	double at = scaled((double)value, -e), off = fabs(at - (double)m);
	double off_shorter = fabs(at - 10 * floor(at / 10 + 0.5));

	*sure = fraction > 0.5 && e >= -SCALE_MOST && e <= SCALE_MOST && fabs(off - 0.5) > DOUBT &&
		fabs(off_shorter - half) > DOUBT;
	return off < 0.5 && off_shorter > half;
}

int hb_gives_back(double number, float value)
{
	double back;
	char written[32];

	if (number == (double)value || hb_is_integer(number))
		return number == (double)value;
	return hb_is_double(hebb_format_float(value, written), &back) && back == number;
}

/* hb_gives_back() for a number of 7 or more digits, mostly without writing any. */
static int gives_back(const struct hb_decimal *d, float value)
{
	uint64_t m = d->m;
	long long e = d->exponent;
	int sure;

	if (d->count <= HB_DECIMAL_DIGITS && e >= -SCALE_MOST && e <= SCALE_MOST) {
		double near = scaled((double)m, e);
		int differs = fabs(near - (double)value) > near * TOLERANCE;

		if (near != (double)value && hb_is_integer(near))
			return 0;
		for (; m % 10 == 0 && m > 0; e++)
			m /= 10;
		if (differs && m >= FEW_DIGITS_MOST)
			return 0;
		int fewest = has_fewest_digits(m, e, value, &sure);
		if (sure && (fewest || differs))
			return fewest;
	}
	if (d->exponent == 0 && d->count > HB_DECIMAL_DIGITS)
		return 0; /* an integer that no double need hold */
	if (d->exponent == 0 && d->m > (uint64_t)HB_INTEGER_MOST)
		return value < 0x1p64F && (uint64_t)value == d->m;
	return hb_gives_back(fabs(hb_decimal_double(d)), value);
}

/* 1 unless the number is written as hebb_format_double() writes it, for certain.  Without branches,
 * which would be hard to foretell. */
static unsigned is_spelled(const struct hb_decimal *d, const char *text, const char *after)
{
	const char *digits = d->digits;
	char first = digits[0], last = d->end[-1];
	unsigned zeros = (first == '0') & (d->count > 1) & (d->exponent != 1 - d->count);

	return (unsigned)((d->end != after) | (*text == '+') | (first == '.') | (last == '.') |
			  ((last == '0') & (d->exponent != 0)) | (d->count > PLAIN_DIGITS)) |
	       zeros;
}

size_t hb_parse_number(const char *text, size_t size, float *value, double *exact, unsigned *about)
{
	struct hb_decimal d;
	size_t used = read_decimal(text, size, &d);

	if (!used)
		return 0;
	float found = magnitude(&d);
	if (!(*about & HB_SPELLED) &&
	    (is_spelled(&d, text, text + used) || (found < PLAIN_LOWEST && d.m != 0)))
		*about |= HB_SPELLED;
	if (found < FLT_MIN && d.m != 0)
		*about |= HB_ROUNDED;
	if (exact)
		*exact = hb_decimal_double(&d);
	else if ((d.m >= SHORT_MOST || d.count > HB_DECIMAL_DIGITS) && !gives_back(&d, found))
		*about |= HB_ROUNDED;
	*value = d.negative ? -found : found;
	return used;
}

/* d.ddde-08 */
static void write_scientific(const char *digits, int count, int e, char *text)
{
	int size = abs(e); /* of a double up to 324 */

	*text++ = digits[0];
	if (count > 1)
		*text++ = '.';
	memcpy(text, digits + 1, (size_t)count - 1);
	text += count - 1;
	*text++ = 'e';
	*text++ = e < 0 ? '-' : '+';
	if (size >= 100)
		*text++ = (char)('0' + size / 100);
	*text++ = (char)('0' + size / 10 % 10);
	*text++ = (char)('0' + size % 10);
	*text = 0;
}

void hb_write_digits(const char *digits, int count, int point, int most, char *text)
{
	int whole = 0; /* digits before the point */

	while (count > 1 && digits[count - 1] == '0')
		count--;
	if (point < -3 || point > most) {
		write_scientific(digits, count, point - 1, text);
		return;
	}
	if (point <= 0) { /* 0.00ddd */
		memcpy(text, "0.000", 5);
		text += 2 - point;
	} else { /* dd.dd or dd000 */
		whole = point < count ? point : count;
		memcpy(text, digits, (size_t)whole);
		memset(text + whole, '0', (size_t)(point - whole));
		text += point;
		if (whole < count)
			*text++ = '.';
	}
	memcpy(text, digits + whole, (size_t)(count - whole));
	text[count - whole] = 0;
}

void hb_write_short(struct hb_short number, int most, char *text)
{
	char room[20], *digits = room + sizeof room;
	uint64_t rest = number.digits;

	for (; rest >= 100; rest /= 100)
		memcpy(digits -= 2, pair + 2 * (rest % 100), 2);
	if (rest >= 10)
		memcpy(digits -= 2, pair + 2 * rest, 2);
	else
		*--digits = (char)('0' + rest);
	int count = (int)(room + sizeof room - digits);
	hb_write_digits(digits, count, count + number.exponent, most, text);
}

char *hb_write_sign(double value, char *text)
{
	if (signbit(value) && !isnan(value))
		*text++ = '-';
	if (value != 0 && isfinite(value))
		return text;
	strcpy(text, isnan(value) ? "nan" : value == 0 ? "0" : "inf");
	return NULL;
}

char *hebb_format_float(float value, char *text)
{
	char *start = text;

	text = hb_write_sign((double)value, text);
	if (text)
		hb_write_short(hb_shortest_float(fabsf(value)), FLT_DECIMAL_DIG, text);
	return start;
}

/* ---- For people ---- */

enum { DIGITS_SHOWN_MOST = 9, PLAIN_LEAST = -4 }; /* 10^PLAIN_LEAST: below it, an exponent */
#define PLAIN_MOST 1e15                           /* from here on, an exponent */

/* Writes a whole number of at most 15 digits with a comma between thousands. */
static void write_thousands(double size, char *text)
{
	char digits[32];
	int length = snprintf(digits, sizeof digits, "%.0f", size);

	for (int i = 0; i < length; i++) {
		*text++ = digits[i];
		if (i + 1 < length && (length - 1 - i) % 3 == 0)
			*text++ = ',';
	}
	*text = 0;
}

int hb_round_digits(double size, int count, char *digits)
{
	char written[48];
	const char *p = written;

	snprintf(written, sizeof written, "%.*e", count - 1, size);
	for (; *p && *p != 'e'; p++)
		if (hb_is_digit(*p)) /* the point may be that of a locale */
			*digits++ = *p;
	*digits = 0;
	return atoi(p + 1);
}

hebb_number hebb_show_number(double value, int digits)
{
	hebb_number number = {"NaN"};
	char *text = number.text, rounded[DIGITS_SHOWN_MOST + 1];
	double size = fabs(value);
	int count = digits < 1 ? 1 : digits > DIGITS_SHOWN_MOST ? DIGITS_SHOWN_MOST : digits, e;

	if (isnan(value))
		return number;
	if (value < 0)
		*text++ = '-';
	if (isinf(value) || value == 0) {
		strcpy(text, value == 0 ? "0" : "inf");
		return number;
	}
	e = hb_round_digits(size, count, rounded);
	for (; count > 1 && rounded[count - 1] == '0'; count--)
		rounded[count - 1] = 0;
	if (e >= 3 && size < PLAIN_MOST)
		write_thousands(size, text);
	else if (e >= 3 || e < PLAIN_LEAST)
		write_scientific(rounded, count, e, text);
	else
		hb_write_digits(rounded, count, e + 1, FLT_DECIMAL_DIG, text);
	return number;
}

hebb_counted hebb_show_count(long long count, const char *thing)
{
	size_t length = strlen(thing);
	const char *end = count == 1 ? "" : length > 0 && thing[length - 1] == 's' ? "es" : "s";
	hebb_counted counted;

	snprintf(counted.text, sizeof counted.text, "%s %s%s",
		 hebb_show_number((double)count, DIGITS_SHOWN_MOST).text, thing, end);
	return counted;
}

hebb_number hebb_show_bytes(double bytes)
{
	static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
	hebb_number number;
	char written[330]; /* of any double */
	size_t power = 0;

	while (bytes >= 1000 && power + 1 < sizeof unit / sizeof *unit) {
		bytes /= 1000;
		power++;
	}
	snprintf(written, sizeof written, power == 0 ? "%.0f" : "%.1f", bytes);
	int whole = (int)strspn(written, "0123456789"); /* the point may be that of a locale */
	if (power == 0)
		snprintf(number.text, sizeof number.text, "%.20s %s", written, unit[power]);
	else
		snprintf(number.text, sizeof number.text, "%.*s.%c %s", whole < 20 ? whole : 20,
			 written, written[strlen(written) - 1], unit[power]);
	return number;
}
