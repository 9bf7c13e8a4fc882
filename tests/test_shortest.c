/* SPDX-License-Identifier: MIT */
/*
 * test_shortest.c - hebb_format_float() and hebb_format_double() write the fewest digits that read
 * back, and of these the nearest: every exponent, its edges, halves, powers of ten, drawn numbers
 *
 * `make sweep` compares all floats.
 */
#include "decimals.h"
#include "test.h"
#include "hebb_io.h"
#include "../src/io/shortest.h"

enum { BESIDE = 12, DRAWN = 60000 };

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * 2685821657736338717U;
}

static void check_float(float value)
{
	char text[32], expected[64], negative[33];

	write_slowly((double)value, &float_manner, expected);
	if (strcmp(hebb_format_float(value, text), expected) != 0)
		fail_msg("%a: %s, but it is %s", (double)value, text, expected);
	assert_string_equal(hebb_format_float(-value, negative) + 1, text);
	assert_int_equal(negative[0], '-');
}

static int is_regular(double value)
{
	int exponent;

	return value >= DBL_MIN && frexp(value, &exponent) != 0.5;
}

static void check_double(double value)
{
	char text[32], expected[64], negative[33];

	write_slowly(value, &double_manner, expected);
	if (strcmp(hebb_format_double(value, text), expected) != 0)
		fail_msg("%a: %s, but it is %s", value, text, expected);
	assert_string_equal(hebb_format_double(-value, negative) + 1, text);
	if (!is_regular(value))
		return;
	write_slowly(value, &double_shortest, expected);
	if (strcmp(text, expected) != 0)
		fail_msg("%a: %s, but %s is shorter", value, text, expected);
}

/* Both ends of each exponent, the subnormal ones too, and numbers between. */
static void exponents_of_floats(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (uint32_t exponent = 0; exponent < 255; exponent++)
		for (uint32_t i = 0; i < BESIDE; i++) {
			uint32_t first = exponent << 23;

			if (first + i > 0)
				check_float(float_of(first + i));
			check_float(float_of(first + 0x7fffff - i));
			check_float(float_of(first | (uint32_t)(draw(&seed) >> 41)));
		}
}

static void exponents_of_doubles(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (uint64_t exponent = 0; exponent < 2047; exponent++)
		for (uint64_t i = 0; i < BESIDE / 4; i++) {
			uint64_t first = exponent << 52;

			if (first + i > 0)
				check_double(double_of(first + i));
			check_double(double_of(first + 0xfffffffffffff - i));
			check_double(double_of(first | draw(&seed) >> 12));
		}
}

/* A decimal and the numbers beside it. */
static void check_beside(double value)
{
	float nearest = (float)value;

	if (value >= DBL_TRUE_MIN && value <= DBL_MAX) {
		check_double(value);
		check_double(nextafter(value, 0) > 0 ? nextafter(value, 0) : value);
		check_double(nextafter(value, DBL_MAX));
	}
	if (nearest > 0 && nearest < FLT_MAX) {
		check_float(nearest);
		check_float(nextafterf(nearest, FLT_MAX));
		if (nextafterf(nearest, 0) > 0)
			check_float(nextafterf(nearest, 0));
	}
}

static void powers_of_ten(void **state)
{
	(void)state;
	for (int e = -324; e <= 308; e++)
		for (const char *digit = "123456789"; *digit; digit++) {
			char text[16];

			sprintf(text, "%ce%d", *digit, e);
			check_beside(strtod(text, NULL));
		}
}

/* Numbers that lie between two decimals, equally near: 256.015625 is 256.01562 or 256.01563. */
static void halves(void **state)
{
	uint64_t seed = 3;

	(void)state;
	check_float(256.015625f);
	check_float(9007199254740993.0f);
	for (int places = 1; places < 24; places++)
		for (int i = 0; i < DRAWN / 100; i++) {
			uint64_t whole = draw(&seed) >> (20 + draw(&seed) % 40);

			check_beside(ldexp((double)(whole | 1), -places));
		}
}

/* Numbers as they stand in tables: few digits, integers, parts of 1. */
static void everyday(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (int i = 0; i < DRAWN / 4; i++) {
		double whole = (double)(draw(&seed) >> (24 + draw(&seed) % 39)) + 1;

		check_float((float)whole);
		check_double(whole);
		whole /= pow(10, (double)(draw(&seed) % 12));
		check_float((float)whole);
		check_double(whole);
	}
}

static void drawn(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < DRAWN; i++) {
		float value = float_of((uint32_t)(draw(&seed) >> 33));
		double large = double_of(draw(&seed) >> 1);

		if (value > 0 && value <= FLT_MAX)
			check_float(value);
		if (large > 0 && large <= DBL_MAX)
			check_double(large);
	}
}

/* ---- The table ---- */

enum { WORDS = 80 }; /* of 32 bits, the lowest first */

static void multiply_by_ten(uint32_t *number)
{
	uint64_t carried = 0;

	for (int i = 0; i < WORDS; i++) {
		carried += (uint64_t)number[i] * 10;
		number[i] = (uint32_t)carried;
		carried >>= 32;
	}
}

static void divide_by_ten(uint32_t *number)
{
	uint64_t rest = 0;

	for (int i = WORDS - 1; i >= 0; i--) {
		rest = rest << 32 | number[i];
		number[i] = (uint32_t)(rest / 10);
		rest %= 10;
	}
}

static int bit_of(const uint32_t *number, int bit)
{
	return bit >= 0 ? (int)(number[bit / 32] >> bit % 32 & 1) : 0;
}

/* The first 128 bits, rounded up if there are others. */
static struct hb_power first_bits(const uint32_t *number, int is_inexact)
{
	int top = 32 * WORDS - 1;
	struct hb_power first = {0, 0};

	while (!bit_of(number, top))
		top--;
	for (int i = 0; i < 64; i++) {
		first.high = first.high << 1 | (uint64_t)bit_of(number, top - i);
		first.low = first.low << 1 | (uint64_t)bit_of(number, top - 64 - i);
	}
	for (int bit = top - 128; bit >= 0; bit--)
		is_inexact |= bit_of(number, bit);
	first.low += (uint64_t)is_inexact;
	first.high += is_inexact && first.low == 0;
	return first;
}

static void check_power(int e, const uint32_t *number, int is_inexact)
{
	struct hb_power expected = first_bits(number, is_inexact);
	const struct hb_power *power = &hb_powers[e - HB_POWER_LEAST];

	if (power->high != expected.high || power->low != expected.low)
		fail_msg("10^%d of src/io/powers.c is wrong", e);
}

static void powers(void **state)
{
	uint32_t number[WORDS] = {1}, inverse[WORDS] = {0};

	(void)state;
	for (int e = 0; e <= HB_POWER_MOST; e++, multiply_by_ten(number))
		check_power(e, number, 0);
	inverse[WORDS - 1] = 1;
	for (int e = -1; e >= HB_POWER_LEAST; e--) {
		divide_by_ten(inverse);
		check_power(e, inverse, 1);
	}
}

static void no_digits(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(hebb_format_float(0, text), "0");
	assert_string_equal(hebb_format_float(-0.0f, text), "-0");
	assert_string_equal(hebb_format_float(-INFINITY, text), "-inf");
	assert_string_equal(hebb_format_float(NAN, text), "nan");
	assert_string_equal(hebb_format_double(0, text), "0");
	assert_string_equal(hebb_format_double(-0.0, text), "-0");
	assert_string_equal(hebb_format_double((double)INFINITY, text), "inf");
	assert_string_equal(hebb_format_double(-(double)NAN, text), "nan");
}

/* The longest texts fit. */
static void known(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(hebb_format_float(FLT_TRUE_MIN, text), "1e-45");
	assert_string_equal(hebb_format_float(-FLT_MAX, text), "-3.4028235e+38");
	assert_string_equal(hebb_format_float(123456.79f, text), "123456.79");
	assert_string_equal(hebb_format_float(0.00012f, text), "0.00012");
	assert_string_equal(hebb_format_float(999999984306749440.0f, text), "1e+18");
	assert_string_equal(hebb_format_float(123456792.0f, text), "123456790");
	assert_string_equal(hebb_format_double(-2.2250738585072014e-308, text),
			    "-2.2250738585072014e-308");
	assert_string_equal(hebb_format_double(-0.00012345678901234567, text),
			    "-0.00012345678901234567");
	assert_string_equal(hebb_format_double(0.1 + 0.2, text), "0.30000000000000004");
	assert_string_equal(hebb_format_double(0x1p-44, text), "5.6843418860808015e-14");
	assert_string_equal(hebb_format_double(DBL_TRUE_MIN, text), "4.94065645841247e-324");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exponents_of_floats),
		cmocka_unit_test(exponents_of_doubles),
		cmocka_unit_test(powers_of_ten),
		cmocka_unit_test(halves),
		cmocka_unit_test(everyday),
		cmocka_unit_test(drawn),
		cmocka_unit_test(powers),
		cmocka_unit_test(no_digits),
		cmocka_unit_test(known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
