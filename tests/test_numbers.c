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
	float value = table->values[0];
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

/* What people read. */
static void shown(void **state)
{
	static const struct {
		double value;
		int digits;
		const char *text;
	} row[] = {{15690.04, 4, "15,690"},
		   {-15690, 4, "-15,690"},
		   {1234567.8, 4, "1,234,568"},
		   {999.96, 4, "1,000"},
		   {999.94, 4, "999.9"},
		   {123, 2, "120"},
		   {99.96, 3, "100"},
		   {12.3456, 4, "12.35"},
		   {0.5, 4, "0.5"},
		   {0, 4, "0"},
		   {-0.0, 4, "0"},
		   {0.00012346, 4, "0.0001235"},
		   {0.0000999951, 4, "0.0001"},
		   {0.000012, 4, "1.2e-05"},
		   {1.2e-9, 4, "1.2e-09"},
		   {-1.2e-300, 4, "-1.2e-300"},
		   {999999999999999, 4, "999,999,999,999,999"},
		   {1e15, 4, "1e+15"},
		   {3e21, 4, "3e+21"},
		   {1.7976931348623157e308, 9, "1.79769313e+308"},
		   {2.0 / 3, 99, "0.666666667"},
		   {2.0 / 3, -1, "0.7"},
		   {NAN, 4, "NaN"},
		   {-INFINITY, 4, "-inf"}};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_string_equal(hebb_show_number(row[i].value, row[i].digits).text,
				    row[i].text);
}

static void counts_shown(void **state)
{
	static const struct {
		long long count;
		const char *thing, *text;
	} row[] = {{0, "row", "0 rows"},
		   {1, "row", "1 row"},
		   {2, "class", "2 classes"},
		   {1, "class", "1 class"},
		   {999, "row", "999 rows"},
		   {1000000, "row", "1,000,000 rows"},
		   {177501, "test row", "177,501 test rows"},
		   {987654321098765, "row", "987,654,321,098,765 rows"},
		   {-1, "row", "-1 rows"}};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_string_equal(hebb_show_count(row[i].count, row[i].thing).text, row[i].text);
}

static void bytes_shown(void **state)
{
	static const struct {
		double bytes;
		const char *text;
	} row[] = {{0, "0 bytes"},        {999, "999 bytes"}, {1000, "1.0 kB"},
		   {1049, "1.0 kB"},      {4.25e9, "4.2 GB"}, {999.96e6, "1000.0 MB"},
		   {12.34e12, "12.3 TB"}, {5e18, "5000.0 PB"}};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_string_equal(hebb_show_bytes(row[i].bytes).text, row[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_digits),  cmocka_unit_test(halfway),
		cmocka_unit_test(shown),       cmocka_unit_test(counts_shown),
		cmocka_unit_test(bytes_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
