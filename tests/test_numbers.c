/* SPDX-License-Identifier: MIT */
/*
 * test_numbers.c - numbers in text are the nearest float32, as strtof() has it, however many digits
 * they have
 *
 * Most need the first digits alone; the hard ones lie halfway between two floats, or a digit far
 * out beside it.
 */
#include "test.h"
#include "hebb_io.h"

enum { ROUNDS = 3000, DIGITS_MOST = 120, FAR = 200 };

static float read_number(const char *text)
{
	char rows[8 * DIGITS_MOST];
	hebb_error error;
	int size = snprintf(rows, sizeof rows, "x\n%s\n1\n", text);
	hebb_table *table = hebb_table_parse(rows, (size_t)size, "t", HEBB_HEADER_YES, &error);

	if (!table)
		fail_msg("%s: %s", text, error.message);
	if (table->column[0].kind != HEBB_NUMBER)
		fail_msg("%s is no number", text);
	float value = hebb_table_value(table, 0, 0);
	hebb_table_free(table);
	return value;
}

static void check_number(const char *text)
{
	float value = read_number(text), expected = strtof(text, NULL);

	if (value != expected)
		fail_msg("%s: %.9g, but it is %.9g", text, (double)value, (double)expected);
}

static int draw(uint64_t *state, int below)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (int)((*state >> 33) % (uint64_t)below);
}

static void any_digits(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		char text[2 * DIGITS_MOST], *to = text;
		int count = 1 + draw(&seed, DIGITS_MOST), point = draw(&seed, count + 1);

		if (draw(&seed, 2))
			*to++ = '-';
		for (int i = 0; i < count; i++) {
			*to++ = (char)('0' + (draw(&seed, 3) ? draw(&seed, 10) : 0));
			if (i == point && i + 1 < count)
				*to++ = '.';
		}
		sprintf(to, "e%d", draw(&seed, 60) - 30 - point);
		check_number(text);
	}
}

/* Halfway between two neighbors, as far as it goes, and with a digit more or less behind it. */
static void halfway(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		char text[4 * DIGITS_MOST];
		float low = ldexpf((float)((1 << 23) + draw(&seed, 1 << 23)), draw(&seed, 80) - 60);
		double middle = ((double)low + (double)nextafterf(low, INFINITY)) / 2;
		int length = snprintf(text, sizeof text, "%.90f", middle); /* exact */

		check_number(text);
		sprintf(text + length, "%0*d", draw(&seed, FAR) + 1, 1); /* zeros and a one */
		check_number(text);
		snprintf(text, sizeof text, "%.90f", nextafter(middle, 0));
		check_number(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_digits),
		cmocka_unit_test(halfway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
