/* SPDX-License-Identifier: MIT */
/*
 * test_drift.c - what is outside of training, and how much columns drift
 *
 * NumPy's numbers are in fixtures/drift.h, with the script that made them.
 */
#include "../src/io/io.h"
#include "fixtures/drift.h"
#include "hebb_io.h"
#include "test.h"

enum { ROWS_MOST = 1000 };

static hebb_table *parse(const char *csv)
{
	hebb_error error;
	hebb_table *table = hebb_table_parse(csv, strlen(csv), "t.csv", HEBB_HEADER_YES, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* A coding of all rows; the last column is the target. */
static hebb_coding *fit(const hebb_table *table)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.missing = HEBB_MISSING_INDICATOR;
	options.task = HEBB_REGRESSION;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	return coding;
}

/* What the rows of a table, all or those given, differ by. */
static hebb_drift *compare(const hebb_coding *coding, const hebb_table *table, long long n,
			   const long long *row)
{
	hebb_error error;
	hebb_drift *drift = hebb_drift_new(coding, &error);

	if (!drift)
		fail_msg("%s", error.message);
	test_ok(hebb_drift_add(drift, table, n, row, &error), &error);
	return drift;
}

/* ---- The index ---- */

/* In double, written out by hand: p = (8.5, 2.5) / 11, q = (3.5, 5.5) / 9. */
static void the_index_by_hand(void **state)
{
	static const long long p[] = {8, 2, 0}, q[] = {3, 5, 0}, none[] = {0, 0, 0};
	double expected = (3.5 / 9 - 8.5 / 11) * log((3.5 / 9) / (8.5 / 11)) +
			  (5.5 / 9 - 2.5 / 11) * log((5.5 / 9) / (2.5 / 11));
	int used;

	(void)state;
	assert_true(fabs(hb_stability(3, p, q, &used) - expected) < 1e-15);
	assert_int_equal(used, 2); /* a bin that is empty on both sides says nothing */
	assert_true(fabs(hb_stability(2, p, q, &used) - expected) < 1e-15);
	assert_true(isnan(hb_stability(3, p, none, &used)));
	assert_true(isnan(hb_stability(3, none, q, &used)));
}

static void the_index_has_two_equal_sides(void **state)
{
	(void)state;
	for (int k = 0; k < 200; k++) {
		float u[26];
		long long p[13], q[13], turned_p[13], turned_q[13];
		int used, bins = 1 + k % 13;

		hebb_uniform(26, u, 3, (uint64_t)k);
		for (int b = 0; b < bins; b++) {
			p[b] = turned_p[bins - 1 - b] = (long long)(u[b] * 20);
			q[b] = turned_q[bins - 1 - b] = (long long)(u[13 + b] * 30);
		}
		p[0] = turned_p[bins - 1] = q[0] = turned_q[bins - 1] = 1;
		double psi = hb_stability(bins, p, q, &used);

		assert_true(psi >= 0);
		assert_true(fabs(hb_stability(bins, q, p, &used) - psi) <= 1e-14 * (1 + psi));
		assert_true(fabs(hb_stability(bins, turned_p, turned_q, &used) - psi) <=
			    1e-14 * (1 + psi));
		assert_true(hb_stability(bins, p, p, &used) == 0);
	}
}

/* ---- Columns ---- */

static hebb_table *table_of(int rows, const double *numbers, const char *const *texts)
{
	static double target[ROWS_MOST];
	hebb_block block[] = {hebb_doubles(DRIFT_NUMBERS, numbers, NULL),
			      hebb_texts(1, texts, NULL), hebb_doubles(1, target, NULL)};
	hebb_error error;

	for (int i = 0; i < rows; i++)
		target[i] = i;
	hebb_table *table = hebb_table_from_arrays("arrays", rows, 3, block, &error);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* Turns columns into rows. */
static void turn(int rows, const double *columns, double *values)
{
	for (int r = 0; r < rows; r++)
		for (int c = 0; c < DRIFT_NUMBERS; c++)
			values[r * DRIFT_NUMBERS + c] = columns[c * rows + r];
}

/* The rows that are outside, and the values by column, are those that hebb_limits_row() finds. */
static void check_outside(const hebb_coding *coding, const hebb_table *table,
			  const hebb_drift *drift)
{
	hebb_limits *limits = hebb_limits_new(coding, table, NULL);
	long long rows = 0, values[DRIFT_NUMBERS + 1] = {0};

	for (long long row = 0; row < table->rows; row++) {
		unsigned char outside[DRIFT_NUMBERS + 1];

		rows += hebb_limits_row(limits, row, outside) > 0;
		for (int i = 0; i <= DRIFT_NUMBERS; i++)
			values[i] += outside[i];
	}
	assert_true(rows > 0 && rows < table->rows);
	assert_int_equal(hebb_drift_outside(drift), rows);
	for (int i = 0; i <= DRIFT_NUMBERS; i++)
		assert_int_equal(hebb_drift_column(drift, i).outside, values[i]);
	hebb_limits_free(limits);
}

static void as_numpy_has_it(void **state)
{
	double train[DRIFT_TRAIN * DRIFT_NUMBERS], later[DRIFT_LATER * DRIFT_NUMBERS];

	(void)state;
	turn(DRIFT_TRAIN, &drift_train[0][0], train);
	turn(DRIFT_LATER, &drift_later[0][0], later);
	hebb_table *trained = table_of(DRIFT_TRAIN, train, drift_train_text);
	hebb_table *given = table_of(DRIFT_LATER, later, drift_later_text);
	hebb_coding *coding = fit(trained);
	hebb_drift *drift = compare(coding, given, DRIFT_LATER, NULL);

	assert_int_equal(coding->input_count, DRIFT_NUMBERS + 1);
	for (int i = 0; i <= DRIFT_NUMBERS; i++) {
		hebb_column_drift of = hebb_drift_column(drift, i);

		assert_int_equal(of.bins, drift_bins[i]);
		if (fabs(of.psi - drift_psi[i]) > 1e-13)
			fail_msg("input %d: %.17g, NumPy has %.17g", i, of.psi, drift_psi[i]);
		assert_true(fabs(of.expected -
				 (of.bins - 1) * (1.0 / DRIFT_TRAIN + 1.0 / DRIFT_LATER)) < 1e-15);
		assert_true(of.limit > of.expected);
	}
	assert_int_equal(hebb_drift_column(drift, 2).outside, 7); /* of a constant */
	assert_int_equal(hebb_drift_rows(drift), DRIFT_LATER);
	check_outside(coding, given, drift);
	hebb_drift_free(drift);
	hebb_coding_free(coding);
	hebb_table_free(trained);
	hebb_table_free(given);
}

static const char things[] = "size,color,ms,gone,same,price\n"
			     "1,red,1700000000001,,5,1\n"
			     "2,green,1700000000002,,5,2\n"
			     "4,blue,1700000000003,,5,3\n"
			     ",red,1700000000009,,5,4\n"
			     "0.1,,1700000000004,,5,5\n";

/* The rows before and from `middle` on, by two drifts that are joined. */
static hebb_drift *joined(const hebb_coding *coding, const hebb_table *table, long long middle)
{
	hebb_error error;
	hebb_drift *drift = compare(coding, table, 0, NULL),
		   *other = hebb_drift_new(coding, &error);
	hebb_limits *limits = hebb_limits_new(coding, table, &error);

	if (!other || !limits)
		fail_msg("%s", error.message);
	hebb_drift_add_rows(drift, limits, middle, NULL, 0);
	hebb_drift_add_rows(other, limits, table->rows - middle, NULL, middle);
	hebb_drift_join(drift, other);
	hebb_drift_free(other);
	hebb_limits_free(limits);
	return drift;
}

/* In any order, in one piece or in several. */
static void the_same_rows_do_not_drift(void **state)
{
	static const long long turned[] = {4, 2, 0, 1, 3};
	hebb_table *table = parse(things);
	hebb_coding *coding = fit(table);
	hebb_drift *drift[] = {compare(coding, table, 5, NULL), compare(coding, table, 5, turned),
			       compare(coding, table, 2, turned), joined(coding, table, 2)};
	hebb_error error;

	(void)state;
	test_ok(hebb_drift_add(drift[2], table, 3, turned + 2, &error), &error);
	for (size_t k = 0; k < COUNT_OF(drift); k++) {
		assert_int_equal(hebb_drift_rows(drift[k]), 5);
		assert_int_equal(hebb_drift_outside(drift[k]), 0);
		for (int i = 0; i < coding->input_count; i++) {
			hebb_column_drift of = hebb_drift_column(drift[k], i);

			assert_true(of.psi == 0);
			assert_int_equal(of.drift, HEBB_DRIFT_NONE);
		}
		hebb_drift_free(drift[k]);
	}
	hebb_coding_free(coding);
	hebb_table_free(table);
}

static void what_is_outside(void **state)
{
	static const struct {
		const char *row;
		unsigned char outside[5];
	} tried[] = {
		{"0.1,red,1700000000009,,5", {0, 0, 0, 0, 0}},
		{"4,,1700000000001,,", {0, 0, 0, 0, 0}}, /* what is missing is not outside */
		{"4.0001,red,1700000000010,,5", {1, 0, 1, 0, 0}},
		{"0.0999,pink,1700000000000,,6", {1, 1, 1, 0, 1}},
		{"word,blue,1700000000005,0,4.999", {0, 0, 0, 1, 1}},
		{"1e30,green,-5,x,5", {1, 0, 1, 0, 0}},
	};
	hebb_table *table = parse(things);
	hebb_coding *coding = fit(table);

	(void)state;
	for (size_t k = 0; k < COUNT_OF(tried); k++) {
		char csv[200];
		unsigned char outside[5];
		hebb_error error;
		int count = 0;

		snprintf(csv, sizeof csv, "size,color,ms,gone,same\n%s\n", tried[k].row);
		hebb_table *later = parse(csv);
		hebb_limits *limits = hebb_limits_new(coding, later, &error);
		if (!limits)
			fail_msg("%s", error.message);
		int found = hebb_limits_row(limits, 0, outside);
		for (int i = 0; i < 5; i++)
			count += tried[k].outside[i];
		assert_memory_equal(outside, tried[k].outside, sizeof outside);
		assert_int_equal(found, count);
		hebb_limits_free(limits);
		hebb_table_free(later);
	}
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* Two drifts that are joined are the drift of all rows. */
static void joined_drifts(void **state)
{
	static const char later[] = "a,b,t\n1,x,1\n9,y,2\n,z,3\n-5,,4\n2,x,5\n";
	hebb_table *table = parse("a,b,t\n1,x,1\n2,y,2\n3,x,3\n4,y,5\n"), *other = parse(later);
	hebb_coding *coding = fit(table);
	hebb_drift *all = compare(coding, other, other->rows, NULL);

	(void)state;
	for (long long middle = 0; middle <= other->rows; middle++) {
		hebb_drift *drift = joined(coding, other, middle);

		assert_int_equal(hebb_drift_rows(drift), other->rows);
		assert_int_equal(hebb_drift_outside(drift), hebb_drift_outside(all));
		for (int i = 0; i < coding->input_count; i++) {
			hebb_column_drift a = hebb_drift_column(drift, i),
					  b = hebb_drift_column(all, i);

			assert_true(a.psi == b.psi && a.missing == b.missing &&
				    a.outside == b.outside && a.bins == b.bins);
		}
		hebb_drift_free(drift);
	}
	hebb_drift_free(all);
	hebb_coding_free(coding);
	hebb_table_free(table);
	hebb_table_free(other);
}

/* A column of float32 in one file has doubles in the next: 0.1 is no smaller there. */
static void rounding_is_not_outside(void **state)
{
	static const char plain[] = "a,y\n0.1,1\n0.7,2\n",
			  full[] = "a,y\n0.1,1\n0.7,2\n0.3333333333,3\n";
	static const char *const files[] = {plain, full};

	(void)state;
	for (int k = 0; k < 2; k++) {
		hebb_table *trained = parse(files[k]), *later = parse(files[!k]);
		hebb_coding *coding = fit(trained);
		hebb_drift *drift = compare(coding, later, later->rows, NULL);
		hebb_dataset *data = hebb_coding_apply(coding, later, 0, later->rows, NULL, NULL);

		assert_int_equal(hebb_drift_outside(drift), 0);
		assert_int_equal(data->unlike[0].outside, 0);
		hebb_dataset_free(data);
		hebb_drift_free(drift);
		hebb_coding_free(coding);
		hebb_table_free(trained);
		hebb_table_free(later);
	}
}

/* A level of the table that only rows outside of the training had. */
static void a_level_that_training_lacked(void **state)
{
	static const long long row[] = {0, 1, 3};
	hebb_table *table = parse(things);
	hebb_coding_options options = hebb_coding_options_default();
	unsigned char outside[5];

	(void)state;
	options.missing = HEBB_MISSING_INDICATOR;
	options.task = HEBB_REGRESSION;
	hebb_coding *coding = hebb_coding_fit(table, &options, 3, row, NULL);
	hebb_limits *limits = hebb_limits_new(coding, table, NULL);
	assert_int_equal(hebb_limits_row(limits, 2, outside), 2); /* blue, and 4 */
	assert_int_equal(outside[0] && outside[1], 1);
	assert_int_equal(hebb_limits_row(limits, 3, outside), 0);
	hebb_limits_free(limits);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

static hebb_table *uniform(int rows, double shift, uint64_t seed)
{
	static double values[ROWS_MOST * 2];
	static float u[ROWS_MOST];
	hebb_block block = hebb_doubles(2, values, NULL);

	hebb_uniform(rows, u, seed, 0);
	for (int i = 0; i < rows; i++) {
		values[2 * i] = (double)u[i] + shift;
		values[2 * i + 1] = i;
	}
	return hebb_table_from_arrays("uniform", rows, 1, &block, NULL);
}

static void drift_grows_with_the_shift(void **state)
{
	static const hebb_drift_size sizes[] = {HEBB_DRIFT_NONE, HEBB_DRIFT_NONE, HEBB_DRIFT_SOME,
						HEBB_DRIFT_LARGE, HEBB_DRIFT_LARGE};
	static const double shift[] = {0, 0.05, 0.1, 0.3, 2};
	hebb_table *trained = uniform(ROWS_MOST, 0, 1);
	hebb_coding *coding = fit(trained);
	double before = 0;

	(void)state;
	for (size_t k = 0; k < COUNT_OF(shift); k++) {
		hebb_table *later = uniform(ROWS_MOST, shift[k], 2);
		hebb_drift *drift = compare(coding, later, ROWS_MOST, NULL);
		hebb_column_drift of = hebb_drift_column(drift, 0);

		if (of.psi <= before)
			fail_msg("shift %g: psi %g after %g", shift[k], of.psi, before);
		before = of.psi;
		if (of.drift != sizes[k])
			fail_msg("shift %g: psi %g is %s", shift[k], of.psi,
				 hebb_drift_size_name(of.drift));
		hebb_drift_free(drift);
		hebb_table_free(later);
	}
	hebb_coding_free(coding);
	hebb_table_free(trained);
}

/* Samples of the same distribution, however small, are no drift: at most 2 of 200 each. */
static void chance_is_not_drift(void **state)
{
	static const int rows[] = {1, 5, 20, 50, 200};
	hebb_table *trained = uniform(ROWS_MOST, 0, 1);
	hebb_coding *coding = fit(trained);

	(void)state;
	for (size_t k = 0; k < COUNT_OF(rows); k++) {
		int alarms = 0, plain = 0;

		for (uint64_t seed = 0; seed < 200; seed++) {
			hebb_table *later = uniform(rows[k], 0, 100 + seed);
			hebb_drift *drift = compare(coding, later, rows[k], NULL);
			hebb_column_drift of = hebb_drift_column(drift, 0);

			alarms += of.drift != HEBB_DRIFT_NONE;
			plain += of.psi > 0.1;
			hebb_drift_free(drift);
			hebb_table_free(later);
		}
		assert_true(alarms <= 2);
		assert_true(rows[k] > 50 || plain > 100); /* as the usual bound has it */
	}
	hebb_coding_free(coding);
	hebb_table_free(trained);
}

static void no_rows_and_no_training(void **state)
{
	hebb_table *table = parse(things), *digits = hebb_table_digits(NULL);
	hebb_coding *coding = fit(table), *images = fit(digits),
		    *plain = hebb_coding_plain(HEBB_REGRESSION, 5, 1, NULL);
	hebb_table *fewer = parse("size,color\n1,red\n");
	long long row = 5;
	hebb_error e;

	(void)state;
	hebb_drift *drift = compare(coding, table, 0, NULL);
	assert_true(isnan(hebb_drift_column(drift, 0).psi));
	assert_int_equal(hebb_drift_column(drift, 0).drift, HEBB_DRIFT_NONE);
	test_failed(hebb_drift_add(drift, table, 1, &row, &e), &e, HEBB_BAD_ARGUMENT, "row 5");
	test_failed(hebb_drift_add(drift, fewer, 1, NULL, &e), &e, HEBB_BAD_SHAPE, "'ms'");
	test_failed(hebb_drift_add(NULL, table, 1, NULL, &e), &e, HEBB_BAD_ARGUMENT, "the drift");
	assert_int_equal(hebb_drift_rows(drift), 0);
	hebb_drift_free(drift);
	assert_null(hebb_drift_new(plain, &e));
	test_failed(e.status, &e, HEBB_BAD_ARGUMENT, "does not know");
	assert_null(hebb_limits_new(images, digits, &e));
	test_failed(e.status, &e, HEBB_BAD_ARGUMENT, "images");
	assert_null(hebb_limits_new(NULL, table, &e));
	test_failed(e.status, &e, HEBB_BAD_ARGUMENT, "coding");
	assert_null(hebb_limits_new(coding, NULL, &e));
	test_failed(e.status, &e, HEBB_BAD_ARGUMENT, "table");
	hebb_drift_free(NULL);
	hebb_limits_free(NULL);
	hebb_coding_free(plain);
	hebb_coding_free(images);
	hebb_coding_free(coding);
	hebb_table_free(fewer);
	hebb_table_free(digits);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_index_by_hand),
		cmocka_unit_test(the_index_has_two_equal_sides),
		cmocka_unit_test(as_numpy_has_it),
		cmocka_unit_test(the_same_rows_do_not_drift),
		cmocka_unit_test(what_is_outside),
		cmocka_unit_test(joined_drifts),
		cmocka_unit_test(rounding_is_not_outside),
		cmocka_unit_test(a_level_that_training_lacked),
		cmocka_unit_test(drift_grows_with_the_shift),
		cmocka_unit_test(chance_is_not_drift),
		cmocka_unit_test(no_rows_and_no_training),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
