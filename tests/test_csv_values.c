/* SPDX-License-Identifier: MIT */
/*
 * test_csv_values.c - the values of CSV are those that stand in the file: all their digits, and
 * numbers, dates and marks as people write them
 */
#include "test.h"
#include "hebb_io.h"
#include "io/io.h"

#include <float.h>
#include <inttypes.h>

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double draw_double(uint64_t *state)
{
	double value = NAN;

	while (!isfinite(value)) {
		uint64_t bits = draw(state);

		memcpy(&value, &bits, sizeof value);
	}
	return value;
}

static hebb_table *parse(const char *text, const hebb_table_options *options)
{
	hebb_error error = {0};
	hebb_table *table = hebb_table_parse_with(text, strlen(text), "t.csv", options, &error);

	if (!table)
		fail_msg("%s: %s", text, error.message);
	return table;
}

/* ---- Digits ---- */

/* Any double comes back from its text, the shortest or one of 17 digits. */
static void doubles_come_back(void **state)
{
	enum { ROUNDS = 200000 };
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		double value = draw_double(&seed), back;
		char text[64];

		hebb_format_double(value, text);
		assert_true(hb_is_double(text, &back));
		assert_memory_equal(&back, &value, sizeof value);
		snprintf(text, sizeof text, "%.17g", value);
		assert_true(hb_is_double(text, &back));
		assert_memory_equal(&back, &value, sizeof value);
	}
}

/* Texts with up to 25 digits, at any exponent, and near the middle of two doubles. */
static void parsing_is_that_of_strtod(void **state)
{
	enum { ROUNDS = 1000000 };
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char text[64], *to = text;
		int digits = 1 + (int)(draw(&seed) % 25), point = (int)(draw(&seed) % 25);
		double value, expected;

		for (int k = 0; k < digits; k++) {
			*to++ = (char)('0' + draw(&seed) % 10);
			if (k == point)
				*to++ = '.';
		}
		*to = '\0';
		if (i % 3 == 0)
			sprintf(to, "e%d", (int)(draw(&seed) % 700) - 350);
		if (i % 7 == 0) { /* in the middle of two doubles: an odd number of 54 bits / 8 */
			uint64_t odd = (UINT64_C(1) << 53) | (draw(&seed) >> 11) | 1;

			sprintf(text, "%" PRIu64 ".%03d", odd >> 3, (int)(odd & 7) * 125);
		}
		expected = strtod(text, NULL);
		if (hb_parse_double(text, strlen(text), &value) != strlen(text) ||
		    memcmp(&value, &expected, sizeof value) != 0)
			fail_msg("%s: %.17g, but it is %.17g", text, value, expected);
	}
}

/* What hb_parse_number() says is what the digits say; of an integer, whether float32 is it, unless
 * it has an exponent. */
static void rounded_is_what_digits_say(void **state)
{
	enum { ROUNDS = 300000 };
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char text[64], written[32];
		float value, number = (float)ldexp(1 + (double)(draw(&seed) >> 12) * 0x1p-52,
						   (int)(draw(&seed) % 80) - 40);
		double exact, back;
		unsigned about = 0;

		snprintf(text, sizeof text, "%.*g", 1 + i % 12, (double)number);
		if (i % 5 == 0)
			hebb_format_float(number, text);
		hb_parse_number(text, strlen(text), &value, NULL, &about);
		exact = strtod(text, NULL);
		back = strtod(hebb_format_float(value, written), NULL);
		int is_integer = exact == floor(exact) && fabs(exact) <= 0x1p53;
		int is_back = exact == (double)value || (exact == back && !is_integer);
		int is_said = !(about & HB_ROUNDED);
		if (is_said != is_back && !(is_integer && strchr(text, 'e')))
			fail_msg("%s: float32 has %s, about %u", text, written, about);
		if (!(about & HB_SPELLED) && strcmp(hebb_format_double(exact, written), text) != 0)
			fail_msg("%s is not spelled %s", text, written);
	}
}

/* The column, with the text in its second row, is in doubles if and only if float32 is too little,
 * and gives the text back. */
static void columns_keep_their_digits(void **state)
{
	static const struct {
		const char *text;
		int doubles, exact;
	} cases[] = {
		{"0.1", 0, 0},           {"16777216", 0, 0},         {"16777217", 1, 1},
		{"123456.7", 0, 0},      {"1234567.8", 0, 0},        {"0.5488135039273248", 1, 0},
		{"1700000000", 0, 0},    {"12345678.9", 1, 0},       {"20261130", 0, 0},
		{"20261131", 1, 1},      {"3.4028235e+38", 0, 0},    {"1e-40", 1, 0},
		{"1.1754944e-38", 0, 0}, {"9007199254740992", 0, 0}, {"9007199254740991", 1, 1},
		{"0.1000000015", 1, 0},  {"-1700000000.5", 1, 0},    {"1700000300", 1, 1},
		{"1700000300.0", 1, 1},  {"1000000.1", 0, 0},        {"-1700000300", 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (int header = 0; header < 2; header++)
			for (int quoted = 0; quoted < 2; quoted++) {
				char csv[128], back[32];
				const char *quote = quoted ? "\"" : "";
				sprintf(csv, "%s0.3\n%s%s%s\n0.1\n", header ? "name\n" : "", quote,
					cases[i].text, quote);
				hebb_table *table = parse(csv, NULL);
				const hebb_column_detail *detail =
					table->detail ? table->detail[0] : NULL;
				int has = detail && detail->doubles;

				if (has != cases[i].doubles ||
				    (detail && detail->exact != cases[i].exact))
					fail_msg("%s: doubles %d", cases[i].text, has);
				double expected = strtod(cases[i].text, NULL);
				assert_true(hebb_table_value(table, 1, 0) ==
					    (has ? expected : (double)(float)expected));
				assert_true(hebb_table_value(table, 0, 0) ==
					    (has ? 0.3 : (double)0.3F));
				assert_true(hebb_table_value(table, 2, 0) ==
					    (has ? 0.1 : (double)0.1F));
				if (has)
					assert_true(
						strtod(hebb_format_double(
							       hebb_table_value(table, 1, 0), back),
						       NULL) == expected);
				hebb_table_free(table);
			}
}

/* ---- Other clothes ---- */

struct column {
	const char *values; /* separated by | */
	hebb_form form;     /* 0: texts */
	double last;        /* of the values */
	const char *noted;  /* in a note; NULL: none is */
};

static void check_column(const struct column *column, const hebb_table_options *o)
{
	char csv[1024], *to = csv;
	const char *p = column->values;

	to += sprintf(to, "name\tother\n");
	while (*p) {
		size_t size = strcspn(p, "|");

		to += sprintf(to, "%.*s\tx\n", (int)size, p);
		p += size + (p[size] == '|');
	}
	hebb_table *table = parse(csv, o);
	const hebb_column_detail *detail = table->detail ? table->detail[0] : NULL;
	hebb_form form = detail ? detail->form : HEBB_FORM_PLAIN;

	if (table->column[0].kind != (column->form ? HEBB_NUMBER : HEBB_TEXT) ||
	    (column->form && form != column->form))
		fail_msg("%s: %s, %s", column->values, hebb_column_kind_name(table->column[0].kind),
			 hebb_form_name(form));
	double last = hebb_table_value(table, table->rows - 1, 0);
	double rounded = detail && detail->doubles ? column->last : (double)(float)column->last;
	if (column->form && last != rounded)
		fail_msg("%s: ends in %.17g", column->values, last);
	int is_noted = 0, notes = 0;
	for (int i = 0; i < table->note_count; i++)
		if (strstr(table->notes[i], ": column")) { /* else it is about the header */
			notes++;
			is_noted |= column->noted && strstr(table->notes[i], column->noted);
		}
	if (column->noted ? !is_noted : notes > 0)
		fail_msg("%s: %s", column->values,
			 table->note_count ? table->notes[0] : "has no note");
	hebb_table_free(table);
}

#define COMMA "decimal comma"
#define THOUSANDS "between thousands"

/* Integers that float32 rounds stay as they are in every form. */
static void forms_keep_integers(void **state)
{
	static const char *const texts[] = {
		"1700000300",          "1700000300.0000000000", "$1700000300",
		"1 700 000 300",       "1,700,000,300",         "1.700.000.300",
		"2023-11-14 22:18:20", "14.11.2023 22:18:20",   "11/14/2023 10:18:20 PM",
		"20231114T221820Z",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char csv[128];

		sprintf(csv, "name\tother\n%s\tx\n%s\tx\n", texts[i], texts[i]);
		hebb_table *table = parse(csv, NULL);
		if (hebb_table_value(table, 0, 0) != 1700000300 || !table->detail[0]->exact)
			fail_msg("%s: %.17g", texts[i], hebb_table_value(table, 0, 0));
		hebb_table_free(table);
	}
}

/* In a file with tabs. */
static void forms_are_found(void **state)
{
	static const struct column columns[] = {
		{"1,5|2,25|3,125", HEBB_FORM_DECIMAL_COMMA, 3.125, COMMA},
		{"1.234,5|-2,25", HEBB_FORM_DECIMAL_COMMA, -2.25, COMMA},
		{"1,234|5,678", HEBB_FORM_DECIMAL_COMMA, 5.678, COMMA},
		{"1,234.5|5,678", HEBB_FORM_THOUSANDS, 5678, THOUSANDS},
		{"1,234,567|5,678", HEBB_FORM_THOUSANDS, 5678, THOUSANDS},
		{"1,23,456|5,678", 0, 0, NULL},
		{"1,5e3|2", HEBB_FORM_DECIMAL_COMMA, 2, COMMA},
		{"$5|$6.50", HEBB_FORM_PLAIN, 6.5, NULL},
		{"5 \xe2\x82\xac|6.25 \xe2\x82\xac", HEBB_FORM_PLAIN, 6.25, NULL},
		{"EUR 5|USD 6", 0, 0, NULL},
		{"5 kg|6 kg", 0, 0, NULL},
		{"5%|6.5%", HEBB_FORM_PLAIN, 6.5, NULL},
		{"5%|6.5", 0, 0, NULL},
		{"\xe2\x88\x92"
		 "5|\xe2\x88\x92"
		 "6.5",
		 HEBB_FORM_PLAIN, -6.5, NULL},
		{"\xe2\x80\x93"
		 "5|\xef\xbc\x8d"
		 "6.5",
		 HEBB_FORM_PLAIN, -6.5, NULL},
		{"2019\xe2\x80\x93|2020\xe2\x80\x93", 0, 0, NULL},
		{"'5'|'6.5'", HEBB_FORM_PLAIN, 6.5, NULL},
		{"='5'|='6.5'", 0, 0, NULL},
		{"=\"5\"|=\"6.5\"", HEBB_FORM_PLAIN, 6.5, NULL},
		{"($1,000.50)|(5)", HEBB_FORM_THOUSANDS, -5, THOUSANDS},
		{"1'000|1'234'567.5", HEBB_FORM_PLAIN, 1234567.5, NULL},
		{"1\xc2\xa0"
		 "000|1\xe2\x80\xaf"
		 "234",
		 HEBB_FORM_PLAIN, 1234, NULL},
		{"1 000|12 34", 0, 0, NULL},
		{"\" 5 \"|\" 6\"", HEBB_FORM_PLAIN, 6, NULL},
		{"+5|+6", HEBB_FORM_PLAIN, 6, NULL},
		{"True|False|True", HEBB_FORM_TRUTH, 1, NULL},
		{"true|FALSE", HEBB_FORM_TRUTH, 0, NULL},
		{"T|F", 0, 0, NULL},
		{"yes|no", 0, 0, NULL},
		{"1970-01-01|1970-01-02", HEBB_FORM_DATE_YMD, 86400, "dates"},
		{"2000-02-29|1969-12-31 23:59:59.5", HEBB_FORM_DATE_YMD, -0.5, "dates"},
		{"2000-02-29|2026-11-30T17:05:09.25+01:00", HEBB_FORM_DATE_YMD, 1796054709.25,
		 "dates"},
		{"20261130T170509Z|20261130T1705Z", HEBB_FORM_DATE_YMD, 1796058300, "dates"},
		{"2001-02-28|2001-02-29", 0, 0, NULL},
		{"2026-11|1970-02", HEBB_FORM_DATE_YMD, 2678400, "dates"},
		{"2026-11|2026-13", 0, 0, NULL},
		{"2026-11|26-12", 0, 0, NULL},
		{"30.11.2026|1.1.1970", HEBB_FORM_DATE_DMY, 0, "day before month"},
		{"30/11/2026|1/2/1970 1:30 PM", HEBB_FORM_DATE_DMY, 2727000, "day before month"},
		{"11/30/2026|1/2/1970 12:30 AM", HEBB_FORM_DATE_MDY, 88200, "month before day"},
		{"1/2/1970|2/1/1970", HEBB_FORM_DATE_MDY, 2678400, "exchanged"},
		{"30/11/2026|11/30/2026", 0, 0, NULL},
		{"30 Nov 2026|2 January 1970", HEBB_FORM_DATE_DMY, 86400, "day before month"},
		{"Nov 30, 2026|Jan. 2, 1970", HEBB_FORM_DATE_MDY, 86400, "month before day"},
		{"30-Nov-26|02-JAN-70", HEBB_FORM_DATE_DMY, 86400, "day before month"},
		{"30.11.26|02.01.70", HEBB_FORM_DATE_DMY, 86400, "day before month"},
		{"Mon, 30 Nov 2026|Friday, 2 Jan 1970", HEBB_FORM_DATE_DMY, 86400,
		 "day before month"},
		{"Monday, November 30, 2026|Fri Jan 2 1970", HEBB_FORM_DATE_MDY, 86400,
		 "month before day"},
		{"30NOV2026|02jan1970", HEBB_FORM_DATE_DMY, 86400, "day before month"},
		{"05JAN2024:13:07:09|02JAN1970:00:00:01", HEBB_FORM_DATE_DMY, 86401,
		 "day before month"},
		{"30/Nov/2026:17:05:09 +0000|02/Jan/1970:01:00:01 +0100", HEBB_FORM_DATE_DMY, 86401,
		 "day before month"},
		{"30-NOV-26 05.05.09.250000 PM|02-JAN-70 12.00.01.000000 AM", HEBB_FORM_DATE_DMY,
		 86401, "day before month"},
		{"\"11/30/2026, 5:05:09 PM\"|\"1/2/1970, 12:00:01 AM\"", HEBB_FORM_DATE_MDY, 86401,
		 "month before day"},
		{"Mon Nov 30 17:05:09 2026|Fri Jan  2 00:00:01 1970", HEBB_FORM_DATE_MDY, 86401,
		 "month before day"},
		{"Mon Nov 30 17:05:09 UTC 2026|Fri Jan 02 02:00:01 +0200 1970", HEBB_FORM_DATE_MDY,
		 86401, "month before day"},
		{"20261130 170509|19700102_000001", HEBB_FORM_DATE_YMD, 86401, "dates"},
		{"Nov 2026|February 1970", HEBB_FORM_DATE_YMD, 2678400, "dates"},
		{"11/2026|02/1970", HEBB_FORM_DATE_YMD, 2678400, "dates"},
		{"2026M11|1970M02", HEBB_FORM_DATE_YMD, 2678400, "dates"},
		{"2026Q4|1970-Q2", HEBB_FORM_DATE_YMD, 7776000, "dates"},
		{"Q4 2026|Q2 1970", HEBB_FORM_DATE_YMD, 7776000, "dates"},
		{"Q5 2026|Q1 1970", 0, 0, NULL},
		{"2009/10|2010/11", 0, 0, NULL},
		{"Nov-26|Dec-27", 0, 0, NULL},
		{"13:05|23:59:59.5", HEBB_FORM_DATE_YMD, 86399.5, "since midnight"},
		{"1:05 PM|12:30:01 AM", HEBB_FORM_DATE_YMD, 1801, "since midnight"},
		{"9pm|12 AM", HEBB_FORM_DATE_YMD, 0, "since midnight"},
		{"9pm|13 AM", 0, 0, NULL},
		{"9 m|10 m", 0, 0, NULL},
		{"17:05:09 30 Nov 2026|00:00:01 2 Jan 1970", HEBB_FORM_DATE_DMY, 86401,
		 "day before month"},
		{"17:05 2026-11-30|00:01 1970-01-02", HEBB_FORM_DATE_YMD, 86460, "dates"},
		{"11/30/2026 5 PM|1/2/1970 1 AM", HEBB_FORM_DATE_MDY, 90000, "month before day"},
		{"13:05|2026-11-30", 0, 0, NULL},
		{"13:05|24:00", 0, 0, NULL},
		{"3:2|1:0", 0, 0, NULL},
		{"Monday|Friday", 0, 0, NULL},
		{"30-11-26|02-01-70", 0, 0, NULL},
		{"1.2.10|1.2.11", 0, 0, NULL},
		{"10.0.0.1|10.0.0.2", 0, 0, NULL},
		{"1-2|2-3", 0, 0, NULL},
		{"1.5|-|2.5", HEBB_FORM_PLAIN, 2.5, "1 text among its numbers is taken as missing"},
		{"1.5|#N/A|<NA>|n.a.|2|3|4|2.5", HEBB_FORM_PLAIN, 2.5, "3 texts"},
		{"1,5|none|2,5", HEBB_FORM_DECIMAL_COMMA, 2.5, "\"None\""},
		{"2026-11-30|NaT|1970-01-02", HEBB_FORM_DATE_YMD, 86400, "\"NaT\""},
		{"1|-|-|2", 0, 0, NULL},
		{"1.5|oops|2.5", 0, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		check_column(&columns[i], NULL);
}

/* A unit behind each of many numbers makes them texts, which is said. */
static void units_are_named(void **state)
{
	static const struct {
		const char *row;
		int rows;
		const char *noted;
	} cases[] = {
		{"%d kg", 12, "texts, as all its numbers have \" kg\" behind them"},
		{"%d.5\xc2\xb0", 12, "texts, as all its numbers have"},
		{"%d kg", 5, NULL},
		{"x%d kg", 12, NULL},
		{"%d", 12, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char csv[256], *to = csv + sprintf(csv, "name\tother\n");

		for (int row = 0; row < cases[i].rows; row++) {
			to += sprintf(to, cases[i].row, row);
			to += sprintf(to, "\tx\n");
		}
		hebb_table *table = parse(csv, NULL);
		int is_noted = 0;
		for (int n = 0; n < table->note_count; n++)
			is_noted |= strstr(table->notes[n],
					   cases[i].noted ? cases[i].noted : "behind them") != NULL;
		if (is_noted != (cases[i].noted != NULL))
			fail_msg("%s in %d rows", cases[i].row, cases[i].rows);
		hebb_table_free(table);
	}
}

/* What other columns say about a comma or a dot with three digits behind it. */
static void columns_tell_each_other(void **state)
{
	static const struct {
		const char *text; /* the first column is the one in doubt */
		hebb_form form;
		double first;
		const char *noted;
	} cases[] = {
		{"a;b\n1.234;1,5\n56;2,5\n", HEBB_FORM_DECIMAL_COMMA, 1234, "1.234 is 1234"},
		{"a;b\n-98.765;1,5\n12.345;2,5\n", HEBB_FORM_DECIMAL_COMMA, -98765, "1.234 is"},
		{"a;b\n1.23;1,5\n1.234;2,5\n", HEBB_FORM_PLAIN, 1.23, NULL},
		{"a;b\n0.234;1,5\n1.234;2,5\n", HEBB_FORM_PLAIN, 0.234, NULL},
		{"a;b;c\n1.234;1,5;0.5\n1.345;2,5;1\n", HEBB_FORM_PLAIN, 1.234, NULL},
		{"a;b\n1.234;x\n1.345;y\n", HEBB_FORM_PLAIN, 1.234, NULL},
		{"a;b\n12;1,5\n13;2,5\n", HEBB_FORM_PLAIN, 12, NULL},
		{"a\tb\n1,234\t0.5\n2,345\t1.5\n", HEBB_FORM_THOUSANDS, 1234, THOUSANDS},
		{"a\tb\n1,234\t5\n2,345\t6\n", HEBB_FORM_DECIMAL_COMMA, 1.234, COMMA},
		{"a\tb\tc\n1,234\t1,5\t0.5\n2,345\t2,5\t1\n", HEBB_FORM_DECIMAL_COMMA, 1.234,
		 COMMA},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table *table = parse(cases[i].text, NULL);
		const hebb_column_detail *detail = table->detail ? table->detail[0] : NULL;
		int is_noted = 0;

		assert_int_equal(table->column[0].kind, HEBB_NUMBER);
		assert_int_equal(detail ? detail->form : HEBB_FORM_PLAIN, cases[i].form);
		assert_true((float)hebb_table_value(table, 0, 0) == (float)cases[i].first);
		for (int n = 0; n < table->note_count; n++)
			is_noted |=
				strstr(table->notes[n], "\"a\"") &&
				strstr(table->notes[n], cases[i].noted ? cases[i].noted : "1234");
		assert_int_equal(is_noted, cases[i].noted != NULL);
		hebb_table_free(table);
	}
}

/* A name that is made up takes none of the header's. */
static void headers_keep_their_names(void **state)
{
	static const char *const cases[][2] = {
		{",x1,x2,x1\n1,2,3,4\n5,6,7,8\n", "x1.1 x1 x2 x1.4 "},
		{"a,a,a.2,\n1,2,3,4\n5,6,7,8\n", "a a.2.2 a.2 x4 "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table *table = parse(cases[i][0], NULL);
		char names[64], *to = names;

		for (int c = 0; c < table->columns; c++)
			to += sprintf(to, "%s ", table->column[c].name);
		assert_string_equal(names, cases[i][1]);
		hebb_table_free(table);
	}
}

static void options_decide(void **state)
{
	static const struct {
		struct column column;
		char decimal, thousands;
		const char *missing, *text;
	} cases[] = {
		{{"1,234|5,678", HEBB_FORM_THOUSANDS, 5678, THOUSANDS}, '.', 0, NULL, NULL},
		{{"1,234|5,678", HEBB_FORM_THOUSANDS, 5678, THOUSANDS}, 0, ',', NULL, NULL},
		{{"1.234|5.678", HEBB_FORM_DECIMAL_COMMA, 5678, COMMA}, 0, '.', NULL, NULL},
		{{"1.234|5.678", HEBB_FORM_DECIMAL_COMMA, 5678, COMMA}, ',', 0, NULL, NULL},
		{{"1,5|2,5", 0, 0, NULL}, '.', 0, NULL, NULL},
		{{"-999|5|-999.0|6", HEBB_FORM_PLAIN, 6, NULL}, 0, 0, "x,-999", NULL},
		{{"oops|1.5|2.5", HEBB_FORM_PLAIN, 2.5, NULL}, 0, 0, "oops", NULL},
		{{"1|2", 0, 0, NULL}, 0, 0, NULL, "name,nothing"},
		{{"1,5|2,5", 0, 0, NULL}, 0, 0, NULL, "1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table_options options = hebb_table_options_default();

		options.decimal = cases[i].decimal;
		options.thousands = cases[i].thousands;
		options.missing = cases[i].missing;
		options.text = cases[i].text;
		check_column(&cases[i].column, &options);
	}
}

/* A first line that is no header counts among the values. */
static void first_lines_have_forms(void **state)
{
	static const struct {
		const char *text;
		hebb_form form; /* of the first column */
		double first;
	} cases[] = {
		{"1,5\t1\n2\t3\n", HEBB_FORM_DECIMAL_COMMA, 1.5},
		{"1,5;2,5;c1\n", HEBB_FORM_DECIMAL_COMMA, 1.5},
		{"-\n1\n2\n", HEBB_FORM_PLAIN, NAN},
		{"True,a\nTrue,a\nFalse,b\n", HEBB_FORM_TRUTH, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table *table = parse(cases[i].text, NULL);
		const hebb_column_detail *detail = table->detail ? table->detail[0] : NULL;
		double first = hebb_table_value(table, 0, 0);

		assert_false(table->named);
		assert_int_equal(table->column[0].kind, HEBB_NUMBER);
		assert_int_equal(detail ? detail->form : HEBB_FORM_PLAIN, cases[i].form);
		assert_int_equal(table->column[0].missing, isnan(cases[i].first));
		assert_true(isnan(first) ? isnan(cases[i].first) : first == cases[i].first);
		hebb_table_free(table);
	}
}

/* A number that is missing is so in each spelling. */
static void missing_numbers(void **state)
{
	hebb_table_options options = hebb_table_options_default();

	(void)state;
	options.missing = "x,-999";
	hebb_table *table = parse("a,b\n-999.0,1\n5,\"x\"\n-999,-99\n", &options);
	assert_int_equal(table->column[0].missing, 2);
	assert_int_equal(table->column[1].missing, 1);
	assert_int_equal(table->column[1].kind, HEBB_NUMBER);
	hebb_table_free(table);
}

/* The marks that were taken as missing are kept, and named where a value is wanted. */
static void marks_are_named(void **state)
{
	static const struct {
		const char *text, *marks, *mentioned;
	} cases[] = {
		{"a,b\n1,2\n2,-\n3,n.a.\n4,5\n5,7\n", "\"-\", \"n.a.\"",
		 "t.csv:3: column \"b\" has no value (taken as missing: \"-\", \"n.a.\"); "},
		{"a,b\n1,2\n2,None\n3,6\n4,5\n5,7\n", "\"None\"",
		 "has no value (taken as missing: \"None\"); "},
		{"a,b\n1,2\n2,\n3,6\n4,5\n5,7\n", NULL, "column \"b\" has no value; "},
		{"a,b\n1,2\n2,NA\n3,6\n4,5\n5,7\n", NULL, "column \"b\" has no value; "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table *table = parse(cases[i].text, NULL);
		const hebb_column_detail *detail = hb_detail(table, 1);
		hebb_coding_options options = hebb_coding_options_default();
		hebb_error error = {0};
		const int target = 0;

		assert_int_equal(table->column[1].kind, HEBB_NUMBER);
		assert_true((detail && detail->marks) == (cases[i].marks != NULL));
		if (cases[i].marks)
			assert_string_equal(detail->marks, cases[i].marks);
		options.targets = &target;
		options.target_count = 1;
		options.missing = HEBB_MISSING_ERROR;
		assert_null(hebb_coding_fit(table, &options, table->rows, NULL, &error));
		test_failed(error.status, &error, HEBB_BAD_FORMAT, cases[i].mentioned);
		hebb_table_free(table);
	}
}

static void numeric_is_checked(void **state)
{
	static const char *const lists[] = {"b", "2", "1-2", "?", "*", "x,b", "z*,9-12,b*"};
	const char text[] = "a,b\n1,2\n3,oops\n";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		hebb_table_options options = hebb_table_options_default();
		hebb_error error = {0};

		options.numeric = lists[i];
		if (hebb_table_parse_with(text, sizeof text - 1, "t.csv", &options, &error))
			fail_msg("%s: was read", lists[i]);
		test_failed(error.status, &error, HEBB_BAD_FORMAT,
			    "t.csv:3: column \"b\" has the text");
	}
}

/* Lists of texts hold ranges and patterns, too; what is no column of this table is left out. */
static void lists_of_texts(void **state)
{
	static const struct {
		const char *list, *texts;
	} cases[] = {
		{"zip*", "1100"},  {"*_2", "0100"},    {"2-3", "0110"},       {"4,zip_?", "1101"},
		{"zip_1", "1000"}, {"q*,9,4", "0001"}, {"1-9,zip_2", "0100"}, {"*", "1111"},
		{"x", "0000"},     {"a,b", "0010"},    {",", "0000"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table_options options = hebb_table_options_default();

		options.text = cases[i].list;
		hebb_table *table = parse("zip_1,zip_2,\"a,b\",n\n01,1,1,1\n02,2,2,2\n", &options);
		for (int c = 0; c < 4; c++)
			if ((table->column[c].kind == HEBB_TEXT) != (cases[i].texts[c] == '1'))
				fail_msg("%s: column %d", cases[i].list, c + 1);
		hebb_table_free(table);
	}
}

/* ---- Spellings and marks of texts ---- */

static void check_spellings(const char *csv, int missing, const char *expected)
{
	hebb_table *table = parse(csv, NULL);
	const hebb_column_detail *detail = table->detail ? table->detail[0] : NULL;
	char found[256] = "";

	for (long long row = 0; detail && detail->spelling && row < table->rows; row++) {
		uint32_t which = detail->spelling[row];

		strcat(found, (int)which < detail->spelling_count ? detail->spellings[which] : "");
		strcat(found, "|");
	}
	assert_string_equal(found, expected);
	assert_int_equal(table->column[0].missing, missing);
	for (int i = 1; detail && i < detail->spelling_count; i++)
		assert_true(strcmp(detail->spellings[i - 1], detail->spellings[i]) < 0);
	hebb_table_free(table);
}

static void spellings_stay(void **state)
{
	(void)state;
	check_spellings("y,x\n1,0\n01,0\n2,0\n", 0, "1|01|2|");
	check_spellings("y,x\n3.1,0\n3.10,0\n,0\n?,0\n", 2, "3.1|3.10|||");
	check_spellings("y,x\n1,0\n2,0\n10,0\n", 0, "");
	check_spellings("y,x\nTrue,0\nFalse,0\n", 0, "True|False|");
	check_spellings("y,x\nb,0\nNA,0\nnan,0\n\"NA\",0\n,0\n?,0\n", 4, "b|NA|nan|NA|||");
	check_spellings("y,x\nb,0\n\"NA\",0\n\"\",0\n", 1, "");
	check_spellings("y,x\n1,0\n\"NA\",0\n\"2\",0\n", 1, "");
}

/* ---- What is lost is said ---- */

static void losses_are_noted(void **state)
{
	static const struct {
		const char *text, *noted;
	} cases[] = {
		{"a\n1\n9007199254740993\n", ":3: column \"a\": the integer 9007199254740993"},
		{"a\n1\n123456789012345678901\n", "beyond 2^53"},
		{"a\n1\n9007199254740992\n", NULL},
		{"a\n1e-40\n-2e-41\n", "below 1.2e-38"},
		{"a,b,c\n1e-40,1,2e-41\n-2e-41,2,3e-40\n",
		 "columns \"a\" and 1 more: all values are below 1.2e-38"},
		{"a,b\n1.5,-\n.,2.5\n3.5,4.5\n",
		 "columns \"a\", \"b\": 2 texts among their numbers are taken as missing: "
		 "\"-\", \".\""},
		{"a\n1e-40\n1\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table *table = parse(cases[i].text, NULL);

		assert_int_equal(table->note_count, cases[i].noted != NULL);
		if (cases[i].noted)
			assert_non_null(strstr(table->notes[0], cases[i].noted));
		hebb_table_free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_come_back),
		cmocka_unit_test(parsing_is_that_of_strtod),
		cmocka_unit_test(rounded_is_what_digits_say),
		cmocka_unit_test(columns_keep_their_digits),
		cmocka_unit_test(forms_keep_integers),
		cmocka_unit_test(forms_are_found),
		cmocka_unit_test(units_are_named),
		cmocka_unit_test(columns_tell_each_other),
		cmocka_unit_test(headers_keep_their_names),
		cmocka_unit_test(options_decide),
		cmocka_unit_test(first_lines_have_forms),
		cmocka_unit_test(missing_numbers),
		cmocka_unit_test(marks_are_named),
		cmocka_unit_test(numeric_is_checked),
		cmocka_unit_test(lists_of_texts),
		cmocka_unit_test(spellings_stay),
		cmocka_unit_test(losses_are_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
