/* SPDX-License-Identifier: MIT */
/*
 * test_encode.c - numeric columns as robust, piecewise and periodic inputs: the formulas, computed
 * anew in double from the values of the rows, and the edges: ties, constants, gaps, far values
 */
#include "test.h"

#include "hebb_io.h"

#include <float.h>

enum { ROWS = 101, BINS = 8 };

/* ---- Tables and codings ---- */

/* A table of columns a, b, ... of numbers, NaN being missing, and y, which is the row. */
static hebb_table *table_of(int rows, int columns, double (*value)(int row, int column))
{
	char *text = test_memory((size_t)rows * (size_t)(columns + 1) * 32 + 100), *at = text;
	char digits[32];
	hebb_error error;

	for (int c = 0; c < columns; c++)
		at += sprintf(at, "%c,", 'a' + c);
	at += sprintf(at, "y\n");
	for (int r = 0; r < rows; r++) {
		for (int c = 0; c < columns; c++) {
			double v = value(r, c);
			at += sprintf(at, "%s,", isnan(v) ? "" : hebb_format_double(v, digits));
		}
		at += sprintf(at, "%d\n", r);
	}
	hebb_table *table =
		hebb_table_parse(text, (size_t)(at - text), "it.csv", HEBB_HEADER_YES, &error);
	if (!table)
		fail_msg("%s", error.message);
	free(text);
	return table;
}

static hebb_coding_options options_of(hebb_scaling scaling)
{
	hebb_coding_options options = hebb_coding_options_default();

	options.task = HEBB_REGRESSION;
	options.scaling = scaling;
	return options;
}

static hebb_coding *fit_with(const hebb_table *table, const hebb_coding_options *options,
			     const long long *row)
{
	hebb_error error;
	hebb_coding *coding = hebb_coding_fit(table, options, table->rows, row, &error);

	if (!coding)
		fail_msg("%s", error.message);
	return coding;
}

static hebb_coding *fit(const hebb_table *table, hebb_scaling scaling)
{
	hebb_coding_options options = options_of(scaling);

	return fit_with(table, &options, NULL);
}

static hebb_dataset *apply(const hebb_coding *coding, const hebb_table *table)
{
	hebb_error error;
	hebb_dataset *data = hebb_coding_apply(coding, table, 0, table->rows, NULL, &error);

	if (!data)
		fail_msg("%s", error.message);
	return data;
}

/* Where the inputs of column i begin. */
static int first_of(const hebb_coding *coding, int i)
{
	int first = 0;

	for (int k = 0; k < i; k++)
		first += coding->encoding[k].inputs;
	return first;
}

static double mean_of(const hebb_coding *coding, int at)
{
	return coding->exact_mean ? coding->exact_mean[at] : (double)coding->mean[at];
}

/* The values of a column in order. */
static int sorted(const hebb_table *table, int column, double *value)
{
	int count = 0;

	for (int r = 0; r < table->rows; r++) {
		double v = hebb_table_value(table, r, column);
		int at = count;

		if (isnan(v))
			continue;
		for (; at > 0 && value[at - 1] > v; at--)
			value[at] = value[at - 1];
		value[at] = v;
		count++;
	}
	return count;
}

/* Quantile p as numpy's default has it. */
static double quantile(const double *value, int count, double p)
{
	double place = p * (count - 1), low = floor(place);
	int below = (int)low;

	return below + 1 < count ? value[below] + (place - low) * (value[below + 1] - value[below])
				 : value[below];
}

/* ---- Robust ---- */

static double skewed(int row, int column)
{
	int i = row * 37 % ROWS;

	return column == 0   ? i * i / 64.0 - 3
	       : column == 1 ? (i < 90 ? 5 : i) /* equal quartiles */
	       : column == 2 ? -2.5
			     : 1e-30 * i;
}

static double robust(const double *value, int count, double raw)
{
	double width = quantile(value, count, 0.75) - quantile(value, count, 0.25);

	width = width > 0 ? width : (value[count - 1] - value[0]) / 2;
	double u = width > 0 ? (raw - quantile(value, count, 0.5)) / width : 0;
	return u / sqrt(1 + u / 3 * u / 3);
}

static void robust_scaling(void **state)
{
	hebb_table *table = table_of(ROWS, 4, skewed);
	hebb_coding *coding = fit(table, HEBB_SCALING_ROBUST);
	hebb_dataset *data = apply(coding, table);
	double value[ROWS];

	(void)state;
	assert_int_equal(coding->width, 4);
	for (int c = 0; c < 4; c++) {
		int count = sorted(table, c, value), is_constant = c == 2;

		assert_int_equal(coding->encoding[c].way[0].scaling,
				 is_constant ? HEBB_SCALING_STANDARD : HEBB_SCALING_ROBUST);
		assert_int_equal(coding->encoding[c].inputs, 1);
		for (int r = 0; r < ROWS; r++)
			test_near((double)data->x[r * 4 + c],
				  robust(value, count, hebb_table_value(table, r, c)), 1e-6, "x");
	}
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* ---- Any scaling at any number ---- */

/* From far below to far above, in steps that are small about 0. */
static double sweep(int row, int column)
{
	const double far[] = {-3e38, -1e30, -1e10, 1e10, 1e30, 3e38};

	(void)column;
	return row < 3 ? far[row] : row < 1998 ? (row - 1000) / 8.0 : far[row - 1995];
}
enum { SWEPT = 2001 };

static double cubic(int row, int column)
{
	int i = row * 37 % ROWS - 50;

	(void)column;
	return i * i * i / 1250.0;
}

static void any_number(void **state)
{
	hebb_table *table = table_of(ROWS, 1, cubic), *all = table_of(SWEPT, 1, sweep);

	(void)state;
	for (hebb_scaling s = HEBB_SCALING_ROBUST; s <= HEBB_SCALING_PERIODIC; s++) {
		hebb_coding *coding = fit(table, s);
		hebb_dataset *data = apply(coding, all);
		int is_cut = s == HEBB_SCALING_PIECEWISE;
		double limit = s == HEBB_SCALING_ROBUST ? 3 : 1;

		for (int r = 0; r < SWEPT; r++)
			for (int k = 0; k < coding->width; k++) {
				const float *x = data->x + (size_t)r * (size_t)coding->width + k;
				double step = r > 0 ? (double)(x[0] - x[-coding->width]) : 0;
				double least = is_cut ? (double)coding->least[k] : -limit,
				       most = is_cut ? (double)coding->most[k] : limit;

				assert_true((double)*x >= least && (double)*x <= most);
				if (s != HEBB_SCALING_PERIODIC) /* monotone, but for rounding */
					assert_true(step >= -1e-6);
				if (r > 3 && r < 1998) /* continuous: no steeper than its line */
					assert_true(fabs(step) <=
						    fabs((double)coding->scale[k]) / 8 + 1e-6);
			}
		hebb_dataset_free(data);
		hebb_coding_free(coding);
	}
	hebb_table_free(table);
	hebb_table_free(all);
}

/* ---- Piecewise ---- */

/* The share of the rows before edge i. */
static double share_before(int i, int bins)
{
	return (1 - cos(3.14159265358979324 * i / bins)) / 2;
}

/* How far a value has come in its bin: 0 to 1. */
static double come(double raw, double a, double b)
{
	return fmin(fmax((raw - a) / (b - a), 0), 1);
}

/* Input k of a row as the share of the bin. */
static double come_of(const hebb_coding *coding, const float *x, int k)
{
	return (double)((x[k] - coding->least[k]) / (coding->most[k] - coding->least[k]));
}

/* Bin k, from a to b: the mean and deviation of its share over the rows make x, which has the mean
 * 0 and the deviation 1, and stays what it is outside of the bin. */
static void check_bin(const hebb_table *table, const hebb_coding *coding, const float *data, int k,
		      double a, double b)
{
	double mean = 0, square = 0, mean_of_x = 0, square_of_x = 0;

	for (int r = 0; r < ROWS; r++) {
		double u = come(hebb_table_value(table, r, 0), a, b);
		mean += u / ROWS;
		square += u * u / ROWS;
	}
	double sd = sqrt(square - mean * mean);
	for (int r = 0; r < ROWS; r++) {
		double raw = hebb_table_value(table, r, 0);
		float x = data[r * coding->width + k];
		test_near((double)x, (come(raw, a, b) - mean) / sd, 1e-3, "x");
		if (raw < a - 2e-5)
			assert_true(x == coding->least[k]);
		if (raw > b + 2e-5)
			assert_true(x == coding->most[k]);
		mean_of_x += (double)x / ROWS;
		square_of_x += (double)(x * x) / ROWS;
	}
	test_near(mean_of_x, 0, 1e-5, "the mean");
	test_near(sqrt(square_of_x), 1, 1e-5, "the deviation");
	test_near(mean_of(coding, k) + (double)(coding->least[k] / coding->scale[k]), a, 2e-5,
		  "where it begins");
	test_near(mean_of(coding, k) + (double)(coding->most[k] / coding->scale[k]), b, 2e-5,
		  "where it ends");
}

/* The edges are quantiles, closer together at the ends; all bins together tell the rank. */
static void piecewise_scaling(void **state)
{
	hebb_table *table = table_of(ROWS, 1, cubic);
	hebb_coding_options options = options_of(HEBB_SCALING_PIECEWISE);
	double value[ROWS];
	int count = sorted(table, 0, value);

	(void)state;
	for (options.bins = 2; options.bins <= HEBB_BINS_MOST; options.bins++) {
		hebb_coding *coding = fit_with(table, &options, NULL);
		hebb_dataset *data = apply(coding, table);
		int bins = options.bins;

		assert_int_equal(coding->width, bins);
		for (int k = 0; k < bins; k++)
			check_bin(table, coding, data->x, k,
				  quantile(value, count, share_before(k, bins)),
				  quantile(value, count, share_before(k + 1, bins)));
		for (int r = 0; r < ROWS; r++) {
			double sum = 0, rank = 0;
			for (int k = 0; k < bins; k++)
				sum += come_of(coding, data->x + (size_t)r * (size_t)bins, k);
			while (value[(int)rank] < hebb_table_value(table, r, 0))
				rank++;
			assert_true(rank / (ROWS - 1) >
				    share_before((int)(sum - 1e-3), bins) - 1e-3);
			assert_true(rank / (ROWS - 1) <
				    share_before((int)fmin(sum + 1.001, bins), bins) + 1e-3);
		}
		hebb_dataset_free(data);
		hebb_coding_free(coding);
	}
	hebb_table_free(table);
}

/* 0 to 8, most of which are 0. */
static int rare(int row)
{
	return row < 60 ? 0 : row % 9;
}

static double tied(int row, int column)
{
	return column == 0   ? (row < 80 ? 0 : row - 79)                 /* most are 0 */
	       : column == 1 ? row % 2                                   /* two values */
	       : column == 2 ? 7                                         /* constant */
	       : column == 3 ? rare(row) * rare(row) - 8                 /* as many as edges */
	       : column == 4 ? (double)NAN                               /* nothing */
			     : (row == 0 ? 1 : 1 + (double)FLT_EPSILON); /* next to each other */
}
enum { TIED = 6 };

static void ties_and_few_values(void **state)
{
	hebb_table *table = table_of(ROWS, TIED, tied);
	hebb_coding_options options = options_of(HEBB_SCALING_PIECEWISE);
	const hebb_scaling expected[TIED] = {HEBB_SCALING_PIECEWISE, HEBB_SCALING_PIECEWISE,
					     HEBB_SCALING_STANDARD,  HEBB_SCALING_PIECEWISE,
					     HEBB_SCALING_STANDARD,  HEBB_SCALING_PIECEWISE};
	const int inputs[TIED] = {3, 1, 1, 8, 1, 1};

	(void)state;
	options.missing = HEBB_MISSING_MEAN;
	hebb_coding *coding = fit_with(table, &options, NULL);
	hebb_dataset *data = apply(coding, table);
	for (int c = 0; c < TIED; c++) {
		assert_int_equal(coding->encoding[c].way[0].scaling, expected[c]);
		assert_int_equal(coding->encoding[c].inputs, inputs[c]);
	}
	for (int r = 0; r < ROWS; r++) {
		const float *x = data->x + (size_t)r * (size_t)coding->width;

		test_near(come_of(coding, x, 3), r % 2, 1e-6, "two values");
		test_near((double)x[3], (r % 2 ? 51 : -50) / sqrt(50 * 51), 1e-6, "standardized");
		test_near((double)x[4], 0, 0, "constant");
		for (int k = 0; k < 8; k++) /* of 9 values, k^2 - 8, each is an edge */
			test_near(come_of(coding, x, 5 + k), rare(r) > k, 1e-6,
				  "a value is an edge");
		test_near((double)x[13], 0, 0, "nothing");
		test_near(come_of(coding, x, 14), r > 0, 0.01, "neighbors"); /* their mean is one */
	}
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* ---- Periodic ---- */

static void periodic_scaling(void **state)
{
	hebb_table *table = table_of(ROWS, 2, cubic), *all = table_of(SWEPT, 2, sweep);
	hebb_coding_options options = options_of(HEBB_SCALING_PERIODIC);
	hebb_coding *coding = fit_with(table, &options, NULL), *other,
		    *standard = fit(table, HEBB_SCALING_STANDARD);
	hebb_dataset *data = apply(coding, all);
	double squares = 0, scale = (double)standard->scale[0];
	const int width = 4 * HEBB_WAVES;

	(void)state;
	assert_int_equal(coding->width, width);
	for (int k = 0; k < width; k += 2) {
		double w = (double)coding->scale[k];
		double c = w / 6.283185307179586 / scale / 0.3;
		assert_true(coding->scale[k + 1] == coding->scale[k] && w != 0);
		squares += c * c / (width / 2);
		for (int r = 3; r < 1998; r++) {
			const float *x = data->x + (size_t)r * (size_t)width + k;
			double u = (sweep(r, 0) - (double)coding->mean[k]) * w;
			test_near((double)x[0], sin(u), 2e-5, "sine");
			test_near((double)x[1], cos(u), 2e-5, "cosine");
		}
	}
	assert_true(squares > 0.3 && squares < 3); /* about the variance 1, of 16 numbers */
	hebb_coding_free(standard);
	assert_memory_not_equal(coding->scale, coding->scale + width / 2,
				sizeof(float) * (size_t)width / 2);
	other = fit_with(table, &options, NULL);
	assert_memory_equal(coding->scale, other->scale, sizeof(float) * (size_t)width);
	hebb_coding_free(other);
	options.seed = 2;
	other = fit_with(table, &options, NULL);
	assert_memory_not_equal(coding->scale, other->scale, sizeof(float) * (size_t)width);
	hebb_coding_free(other);
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
	hebb_table_free(all);
}

/* ---- The order of rows ---- */

static void the_order_of_rows(void **state)
{
	hebb_table *table = table_of(ROWS, 4, skewed);
	long long row[ROWS];

	(void)state;
	for (int r = 0; r < ROWS; r++)
		row[r] = (r * 53 + 7) % ROWS;
	for (hebb_scaling s = HEBB_SCALING_ROBUST; s <= HEBB_SCALING_PIECEWISE; s++) {
		hebb_coding_options options = options_of(s);
		hebb_coding *one = fit_with(table, &options, NULL),
			    *other = fit_with(table, &options, row);
		size_t bytes = sizeof(float) * (size_t)one->width;

		assert_int_equal(one->width, other->width);
		for (int c = 0; c < 4; c++)
			if (one->encoding[c].way[0].scaling == s) {
				int at = first_of(one, c);
				size_t size = sizeof(float) * (size_t)one->encoding[c].inputs;
				assert_memory_equal(one->mean + at, other->mean + at, size);
			}
		assert_memory_equal(one->scale, other->scale, bytes);
		hebb_coding_free(one);
		hebb_coding_free(other);
	}
	hebb_table_free(table);
}

/* ---- Doubles ---- */

/* Times of two short days, far apart: of each, float32 would make one number. */
static double time_of(int row, int column)
{
	return column > 0 ? row % 17 : (row % 2 ? 1600000000 : 1700000000.25) + row / 2;
}

static void doubles(void **state)
{
	hebb_table *table = table_of(ROWS, 2, time_of);

	(void)state;
	for (hebb_scaling s = HEBB_SCALING_ROBUST; s <= HEBB_SCALING_PERIODIC; s++) {
		hebb_coding *coding = fit(table, s);
		hebb_dataset *data = apply(coding, table);
		int width = coding->width, inputs = coding->encoding[0].inputs;

		assert_non_null(coding->exact_mean);
		for (int r = 0; r < ROWS; r++)
			for (int k = 0; k < inputs; k++) {
				double u = (time_of(r, 0) - mean_of(coding, k)) *
					   (double)coding->scale[k];
				double x = s == HEBB_SCALING_ROBUST ? u / sqrt(1 + u * u / 9)
					   : s == HEBB_SCALING_PIECEWISE
						   ? fmin(fmax(u, (double)coding->least[k]),
							  (double)coding->most[k])
						   : sin(u + (k % 2 ? 1.5707963267948966 : 0));
				test_near((double)data->x[r * width + k], x, 2e-6, "x");
			}
		hebb_dataset_free(data);
		hebb_coding_free(coding);
	}
	hebb_coding *coding = fit(table, HEBB_SCALING_PIECEWISE);
	hebb_dataset *data = apply(coding, table);
	for (int r = 2; r < ROWS; r++) { /* the next time is another number: r - 2 is of that day */
		const float *x = data->x + r * coding->width, *before = x - 2 * coding->width;
		double step = 0;
		for (int k = 0; k < coding->encoding[0].inputs; k++)
			step += (double)(x[k] - before[k]);
		assert_true(step > 0.05 || (r % 2 && r / 2 > 30)); /* in the gap's bin */
	}
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* ---- Missing values and texts ---- */

static const char mixed[] =
	"a,color,b,y\n1,red,10,1\n2,blue,,2\n3,,30,3\n,red,40,4\n5,blue,50,5\n6,red,60,6\n"
	"7,blue,,7\n8,red,80,8\n9,blue,90,9\n10,red,100,10\n11,red,110,11\n12,red,120,12\n";

static hebb_table *mixed_table(void)
{
	hebb_error error;
	hebb_table *table =
		hebb_table_parse(mixed, sizeof mixed - 1, "it.csv", HEBB_HEADER_YES, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* Texts and indicators stay what they are; a missing number is before all bins beside its
 * indicator, and is the mean elsewhere. */
static void missing_values(void **state)
{
	hebb_table *table = mixed_table();

	(void)state;
	for (hebb_scaling s = HEBB_SCALING_ROBUST; s <= HEBB_SCALING_PERIODIC; s++) {
		hebb_coding_options options = options_of(s);
		for (int with = 0; with < 2; with++) {
			options.missing = with ? HEBB_MISSING_INDICATOR : HEBB_MISSING_MEAN;
			hebb_coding *coding = fit_with(table, &options, NULL);
			hebb_dataset *data = apply(coding, table);
			int inputs = coding->encoding[0].inputs, width = coding->width;
			const float *gap = data->x + 3 * width, *b = data->x + width + inputs + 2;

			assert_int_equal(width, inputs + 2 + coding->encoding[2].inputs + 3 * with);
			test_near((double)data->x[inputs], 0, 0, "blue of red");
			test_near((double)data->x[inputs + 1], 1, 0, "red of red");
			test_near((double)data->x[2 * width + inputs], 4 / 11.0, 1e-7, "share");
			for (int i = 0; i < 3 && with; i++)
				test_near((double)gap[width - 3 + i], i == 0, 0, "indicator");
			for (int k = 0; k < inputs; k++) {
				double u = (74 / 11.0 - (double)coding->mean[k]) *
					   (double)coding->scale[k];
				double x = s == HEBB_SCALING_ROBUST ? u / sqrt(1 + u * u / 9)
					   : s == HEBB_SCALING_PERIODIC
						   ? sin(u + (k % 2 ? 1.5707963267948966 : 0))
					   : with ? (double)coding->least[k]
						  : fmin(fmax(u, (double)coding->least[k]),
							 (double)coding->most[k]);
				test_near((double)gap[k], x, 1e-6, "a gap");
				if (s == HEBB_SCALING_PIECEWISE && with)
					assert_true(b[k] == coding->least[inputs + 2 + k]);
			}
			hebb_dataset_free(data);
			hebb_coding_free(coding);
		}
	}
	hebb_table_free(table);
}

/* ---- Copies, and what is refused ---- */

static void a_copy(void **state)
{
	hebb_table *table = mixed_table();
	hebb_coding *coding = fit(table, HEBB_SCALING_PIECEWISE),
		    *copy = hebb_coding_copy(coding, NULL);
	hebb_dataset *one, *other;

	(void)state;
	assert_true(copy && copy->encoding != coding->encoding);
	one = apply(coding, table);
	hebb_coding_free(coding);
	other = apply(copy, table);
	assert_memory_equal(one->x, other->x,
			    (size_t)one->rows * (size_t)one->inputs * sizeof *one->x);
	hebb_dataset_free(one);
	hebb_dataset_free(other);
	hebb_coding_free(copy);
	hebb_table_free(table);
}

static void refused(const hebb_table *table, hebb_coding_options options, const char *why)
{
	hebb_error error;

	assert_null(hebb_coding_fit(table, &options, table->rows, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, why);
}

static void what_is_refused(void **state)
{
	hebb_table *table = mixed_table(), *digits = hebb_table_digits(NULL);
	hebb_coding_options options = options_of(HEBB_SCALING_PIECEWISE);

	(void)state;
	options.bins = 1;
	refused(table, options, "1 bins are not possible; there are 2 to 64");
	options.bins = HEBB_BINS_MOST + 1;
	refused(table, options, "65 bins are not possible");
	options = options_of(HEBB_SCALING_PERIODIC + 1);
	refused(table, options, "6 is not a hebb_scaling");
	for (hebb_scaling s = HEBB_SCALING_ROBUST; s <= HEBB_SCALING_PERIODIC; s++) {
		options = options_of(s);
		options.task = HEBB_TASK_AUTO;
		refused(digits, options, "whose pixels are scaled together");
	}
	hebb_table_free(table);
	hebb_table_free(digits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(robust_scaling),
		cmocka_unit_test(any_number),
		cmocka_unit_test(piecewise_scaling),
		cmocka_unit_test(ties_and_few_values),
		cmocka_unit_test(periodic_scaling),
		cmocka_unit_test(the_order_of_rows),
		cmocka_unit_test(doubles),
		cmocka_unit_test(missing_values),
		cmocka_unit_test(a_copy),
		cmocka_unit_test(what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
