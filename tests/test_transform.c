/* SPDX-License-Identifier: MIT */
/*
 * test_transform.c - targets on another scale: logarithms and quantiles, there and back, in files,
 * and how models with them are scored (test_graph.c compares the answers with those of the graph)
 */
#include "altered.h"
#include "test.h"

#include "../src/io/coding/transform.h"
#include "hebb_io.h"
#include "hebb_study.h"

#include <float.h>
#include <math.h>

enum { ROWS = 200, LINE = 80, TARGETS = 2 };

static const hebb_target_transform transforms[] = {HEBB_TARGET_LOG, HEBB_TARGET_QUANTILE};

/* ---- Functions ---- */

static void functions(void **state)
{
	(void)state;
	for (double x = -745; x < 709.7; x += 0.37) {
		double right = exp(x);

		assert_true(fabs(hb_natural_exp(x) - right) <= 4e-16 * right + 1e-323);
	}
	assert_true(hb_natural_exp(0) == 1 && hb_natural_exp(-1000) == 0);
	assert_true(isinf(hb_natural_exp(1000)) && isnan(hb_natural_exp(NAN)));
	for (double x = DBL_MIN; x < DBL_MAX / 1.37; x *= 1.37)
		assert_true(fabs(hb_natural_log(x) - log(x)) <= 4e-16 * fabs(log(x)));
	for (double x = 0.5; x < 2; x += 1e-3)
		assert_true(fabs(hb_natural_log(x) - log(x)) <= 4e-16 * fabs(log(x)));
	assert_true(hb_natural_log(1) == 0);
	for (double z = -9; z < 9; z += 0.01)
		assert_true(fabs(hb_normal_below(z) - 0.5 * erfc(-z / sqrt(2))) < 3e-15);
}

/* ---- Codings ---- */

static hebb_table *parse(const char *text, size_t size)
{
	hebb_error error;
	hebb_table *table = hebb_table_parse(text, size, "it.csv", HEBB_HEADER_YES, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* Two targets above 0: one that is skewed, one with many equal values; and gaps. */
static hebb_table *make_table(int is_exact)
{
	char *text = test_memory((ROWS + 1) * LINE), *at = text;

	at += sprintf(at, "a,b,u,v\n");
	for (int i = 0; i < ROWS; i++) {
		double a = (i * 37 % ROWS) / 40.0, b = (i * 71 % ROWS) / 100.0;

		at += sprintf(at, "%.6g,%.6g,", a, b);
		at += i % 17 == 3 ? 0 : sprintf(at, "%.9g", exp(a - b) + (is_exact ? 1e9 : 0));
		at += i % 17 == 3 || i % 13 != 5 ? sprintf(at, ",%d\n", 1 + i % 4 * (i % 3))
						 : sprintf(at, ",\n");
	}
	hebb_table *table = parse(text, (size_t)(at - text));
	free(text);
	return table;
}

static hebb_coding *fit(const hebb_table *table, hebb_target_transform transform)
{
	static const int targets[] = {2, 3};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.target_transform = transform;
	options.task = HEBB_REGRESSION;
	options.targets = targets;
	options.target_count = TARGETS;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	return coding;
}

static hebb_dataset *apply(const hebb_coding *coding, const hebb_table *table)
{
	hebb_error error;
	hebb_dataset *data =
		hebb_coding_apply(coding, table, HEBB_APPLY_TARGETS, table->rows, NULL, &error);

	if (!data)
		fail_msg("%s", error.message);
	return data;
}

/* y = (log raw - mean) / sd, each target with its own. */
static void logarithms(void **state)
{
	hebb_table *table = make_table(0);
	hebb_coding *coding = fit(table, HEBB_TARGET_LOG);
	hebb_dataset *data = apply(coding, table);

	(void)state;
	for (int i = 0; i < TARGETS; i++) {
		double sum = 0, squares = 0, count = 0;

		for (int row = 0; row < ROWS; row++) {
			double raw = hebb_table_value(table, row, 2 + i);
			sum += isnan(raw) ? 0 : log(raw);
			count += !isnan(raw);
		}
		for (int row = 0; row < ROWS; row++) {
			double off = log(hebb_table_value(table, row, 2 + i)) - sum / count;
			squares += isnan(off) ? 0 : off * off;
		}
		double sd = sqrt(squares / count);
		assert_true(fabs((double)coding->target_mean[i] - sum / count) < 1e-6);
		assert_true(fabs((double)coding->target_sd[i] - sd) < 1e-6);
		for (int row = 0; row < ROWS; row++) {
			double raw = hebb_table_value(table, row, 2 + i),
			       y = (double)data->y[row * TARGETS + i];
			assert_true(!isnan(raw) == !isnan(y));
			assert_true(isnan(raw) || fabs(y - (log(raw) - sum / count) / sd) < 1e-5);
		}
	}
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* The normal deviate that a share of a normal distribution is below. */
static double deviate(double share)
{
	double low = -10, high = 10;

	for (int i = 0; i < 100; i++) {
		double middle = 0.5 * (low + high);

		if (0.5 * erfc(-middle / sqrt(2)) < share)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Of different values, that at rank i of n has about the deviate of (i + 0.5) / n, the ends have
 * exactly that; equal values have one in the middle of theirs, and y rises with them. */
static void quantiles(void **state)
{
	hebb_table *table = make_table(0);
	hebb_coding *coding = fit(table, HEBB_TARGET_QUANTILE);
	hebb_dataset *data = apply(coding, table);

	(void)state;
	for (int i = 0; i < TARGETS; i++)
		for (int row = 0; row < ROWS; row++) {
			double raw = hebb_table_value(table, row, 2 + i),
			       y = (double)data->y[row * TARGETS + i], below = 0, same = 0, n = 0;
			for (int other = 0; other < ROWS; other++) {
				double value = hebb_table_value(table, other, 2 + i);
				below += value < raw;
				same += value == raw;
				n += !isnan(value);
				double its = (double)data->y[other * TARGETS + i];
				assert_true(!(value < raw) || its <= y);
				assert_true(value != raw || its == y);
			}
			if (isnan(raw)) {
				assert_true(isnan(y));
				continue;
			}
			double right = deviate((below + 0.5) / n);
			if (i == 0 && same == 1)
				assert_true(fabs(y - right) < (below == 0 || below == n - 1 ? 0.001
							       : fabs(right) > 1.4          ? 0.1
										   : 0.05));
			if (i == 1) /* in the middle, or at an end */
				assert_true(y >= deviate((below + 0.4) / n) - 0.2 &&
					    y <= deviate((below + same - 0.4) / n) + 0.2);
		}
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* What is coded comes back, outside of the values of training too. */
static void there_and_back(void **state)
{
	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++)
		for (int is_exact = 0; is_exact < 2; is_exact++) {
			hebb_table *table = make_table(is_exact);
			hebb_coding *coding = fit(table, transforms[t]);
			hebb_dataset *data = apply(coding, table);
			double range = is_exact ? 1e9 : 200;

			assert_null(coding->exact_target_mean);
			for (int k = 0; k < ROWS * TARGETS; k++) {
				double raw = hebb_table_value(table, k / TARGETS, 2 + k % TARGETS),
				       back = hebb_in_units(coding, data->y + k - k % TARGETS,
							    k % TARGETS);
				assert_true(isnan(raw) ? isnan(back)
						       : fabs(back - raw) <= 1e-6 * range);
			}
			const double far[] = {1e-3, 0.5, 3, 777, 1e5};
			for (size_t k = 0; k < COUNT_OF(far) && !is_exact; k++) {
				float y = (float)((hb_target_place(coding, 0, far[k]) -
						   (double)coding->target_mean[0]) /
						  (double)coding->target_sd[0]);
				double back = hebb_in_units(coding, &y, 0);
				assert_true(fabs(back - far[k]) <= 2e-5 * (far[k] + 1));
			}
			hebb_dataset_free(data);
			hebb_coding_free(coding);
			hebb_table_free(table);
		}
}

/* The slope of what predictions are in units is that of a difference. */
static void slopes(void **state)
{
	hebb_table *table = make_table(0);

	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++) {
		hebb_coding *coding = fit(table, transforms[t]);

		/* far apart enough for float, and steps that meet no value of the quantiles */
		for (int i = 0; i < TARGETS; i++)
			for (double y = -2.99; y < 3; y += 0.05) {
				const float step = 1.0F / 512;
				float h[3][TARGETS];

				for (int k = 0; k < 3; k++)
					h[k][i] = (float)y + (float)(k - 1) * step;
				double slope = hebb_slope_in_units(coding, h[1], i),
				       low = hebb_slope_in_units(coding, h[0], i),
				       high = hebb_slope_in_units(coding, h[2], i);
				double rise = hebb_in_units(coding, h[2], i) -
					      hebb_in_units(coding, h[0], i);

				if (transforms[t] == HEBB_TARGET_QUANTILE && low != high)
					continue;
				test_near(rise / (double)(2 * step), slope,
					  0.001 * fabs(slope) + 1e-3, "slope");
			}
		hebb_coding_free(coding);
	}
	hebb_table_free(table);
}

/* A target that never changes, and one row. */
static void constants(void **state)
{
	static const char constant[] = "a,y\n1,7\n2,7\n3,7\n", one[] = "a,y\n1,7\n";

	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++)
		for (int is_one = 0; is_one < 2; is_one++) {
			hebb_table *table = is_one ? parse(one, sizeof one - 1)
						   : parse(constant, sizeof constant - 1);
			hebb_coding_options options = hebb_coding_options_default();
			options.task = HEBB_REGRESSION;
			options.target_transform = transforms[t];
			hebb_coding *coding =
				hebb_coding_fit(table, &options, table->rows, NULL, NULL);
			assert_non_null(coding);
			hebb_dataset *data = apply(coding, table);
			for (int row = 0; row < table->rows; row++)
				assert_true(fabs(hebb_in_units(coding, data->y + row, 0) - 7) <
					    1e-5);
			float up = 1;
			assert_true(hebb_in_units(coding, &up, 0) > 7);
			hebb_dataset_free(data);
			hebb_coding_free(coding);
			hebb_table_free(table);
		}
}

/* ---- Bad input ---- */

static void no_logarithm(void **state)
{
	static const char *const values[] = {"0", "-2.5", "-0"};
	hebb_table *good = make_table(0);
	hebb_coding *coding = fit(good, HEBB_TARGET_LOG);
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		char text[100];
		int size = sprintf(text, "a,b,u,v\n1,1,3,1\n2,2,%s,1\n3,1,4,2\n", values[i]);
		hebb_table *table = parse(text, (size_t)size);
		hebb_coding_options options = hebb_coding_options_default();
		static const int targets[] = {2, 3};

		options.target_transform = HEBB_TARGET_LOG;
		options.targets = targets;
		options.target_count = TARGETS;
		assert_null(hebb_coding_fit(table, &options, 3, NULL, &error));
		test_failed(error.status, &error, HEBB_BAD_FORMAT, "it.csv:3: column \"u\" is ");
		assert_non_null(strstr(error.message, "--target-transform log"));
		assert_non_null(strstr(error.message, "quantile"));
		assert_null(hebb_coding_apply(coding, table, HEBB_APPLY_TARGETS, 3, NULL, &error));
		test_failed(error.status, &error, HEBB_BAD_FORMAT, "it.csv:3: column \"u\" is ");
		assert_null(hebb_coding_view(coding, table, HEBB_APPLY_TARGETS, 3, NULL, &error));
		hebb_table_free(table);
	}
	hebb_coding_free(coding);
	hebb_table_free(good);
}

/* ---- Models ---- */

static hebb_model *make_model(const hebb_table *table, hebb_target_transform transform)
{
	const hebb_layer layers[] = {hebb_dense(5, HEBB_TANH), hebb_dense(TARGETS, HEBB_LINEAR)};
	hebb_coding *coding = fit(table, transform);
	hebb_net *net = test_net(coding->width, 2, layers, 3);
	hebb_error error;
	hebb_model *model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error);

	if (!model)
		fail_msg("%s", error.message);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

static void predict(const hebb_model *model, const hebb_table *table, double *values)
{
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;

	prediction.values = values;
	test_ok(hebb_model_predict_table(model, table, table->rows, NULL, &prediction, &error),
		&error);
}

static void files(void **state)
{
	hebb_table *table = make_table(0);

	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++)
		for (hebb_graph graph = HEBB_GRAPH_AUTO; graph <= HEBB_GRAPH_FULL; graph++) {
			hebb_model *model = make_model(table, transforms[t]);
			double answers[2][ROWS * TARGETS];
			unsigned char *bytes;
			size_t size;
			hebb_error error;

			model->graph = graph;
			test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
			hebb_model *read = hebb_model_parse(bytes, size, "it.onnx", &error);
			if (!read)
				fail_msg("%s", error.message);
			assert_int_equal(read->coding->target_transform, transforms[t]);
			predict(model, table, answers[0]);
			predict(read, table, answers[1]);
			assert_memory_equal(answers[0], answers[1], sizeof answers[0]);
			hebb_model_free(read);
			hebb_model_free(model);
			free(bytes);
		}
	hebb_table_free(table);
}

static void wrong_files(void **state)
{
	static const struct {
		const char *before, *after, *why;
	} texts[] = {
		{"\"format\":6", "\"format\":5", "(\"format\")"},
		{"\"format\":6", "\"format\":1", "(\"format\")"},
		{"\"target_transform\":\"quantile\"", "\"target_transform\":\"quantise\"",
		 "(\"target_transform\")"},
		{"\"target_transform\":\"quantile\"", "\"target_transform\":\"standard\"",
		 "(\"target_transform\")"},
		{"\"target_transform\":\"quantile\"", "\"target_transform\":\"log\"     ", ""},
		{"\"target_transform\":\"quantile\"", "\"target_transfors\":\"quantile\"",
		 "(\"format\")"},
		{"\"missing\":\"indicator\",\"target", "\"missing\":\"indicator\",\"tarjet",
		 "(\"format\")"},
	};
	hebb_table *table = make_table(0);
	hebb_model *model = make_model(table, HEBB_TARGET_QUANTILE);
	float kept = model->coding->target_value[3], slope = model->coding->target_slope[1];
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		assert_int_equal(strlen(texts[i].before), strlen(texts[i].after));
		altered(bytes, size, texts[i].before, texts[i].after, strlen(texts[i].before),
			texts[i].why);
	}
	free(bytes);
	model->coding->target_value[3] = 1e9F; /* above those behind it */
	assert_int_equal(hebb_model_format(model, &bytes, &size, &error), HEBB_BAD_ARGUMENT);
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "not in order");
	model->coding->target_value[3] = kept;
	model->coding->target_slope[1] = 0;
	assert_int_equal(hebb_model_format(model, &bytes, &size, &error), HEBB_BAD_ARGUMENT);
	model->coding->target_slope[1] = slope;
	model->coding->target_transform = HEBB_TARGET_LOG;
	assert_int_equal(hebb_model_format(model, &bytes, &size, &error), HEBB_BAD_ARGUMENT);
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "transformed");
	hebb_model_free(model);
	hebb_table_free(table);
}

/* rmse, mae and r2 of a target from answers in its units. */
static hebb_target_score reference(const hebb_table *table, const double *answers, int target)
{
	double sum = 0, n = 0, squared = 0, absolute = 0, spread = 0;

	for (int row = 0; row < ROWS; row++) {
		double y = hebb_table_value(table, row, 2 + target);
		sum += isnan(y) ? 0 : y;
		n += !isnan(y);
	}
	for (int row = 0; row < ROWS; row++) {
		double y = hebb_table_value(table, row, 2 + target),
		       off = answers[row * TARGETS + target] - y;
		if (isnan(y))
			continue;
		squared += off * off;
		absolute += fabs(off);
		spread += (y - sum / n) * (y - sum / n);
	}
	return (hebb_target_score){sqrt(squared / n), absolute / n, 1 - squared / spread};
}

/* hebb_model_score() and hebb_model_evaluate() score in units. */
static void scores(void **state)
{
	hebb_table *table = make_table(0);

	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++) {
		hebb_model *model = make_model(table, transforms[t]);
		double answers[ROWS * TARGETS], rmse[TARGETS], mae[TARGETS], r2[TARGETS];
		hebb_evaluation evaluation = hebb_evaluation_default();
		hebb_score score;
		hebb_error error;

		evaluation.rmse_of = rmse;
		evaluation.mae_of = mae;
		evaluation.r2_of = r2;
		predict(model, table, answers);
		test_ok(hebb_model_score(model, table, ROWS, NULL, &score, &error), &error);
		test_ok(hebb_model_evaluate(model, table, ROWS, NULL, &evaluation, &error), &error);
		for (int i = 0; i < TARGETS; i++) {
			hebb_target_score right = reference(table, answers, i);
			const hebb_target_score got[] = {score.target[i], {rmse[i], mae[i], r2[i]}};
			for (int k = 0; k < 2; k++) {
				assert_true(fabs(got[k].rmse / right.rmse - 1) < 1e-4);
				assert_true(fabs(got[k].mae / right.mae - 1) < 1e-4);
				assert_true(fabs(got[k].r2 - right.r2) < 1e-3 * fabs(right.r2));
			}
		}
		assert_true(fabs(score.mean.rmse - evaluation.rmse) < 1e-9 * evaluation.rmse);
		assert_true(fabs(score.loss - evaluation.loss) < 1e-9 * evaluation.loss);
		hebb_score_free(&score);
		hebb_model_free(model);
	}
	hebb_table_free(table);
}

/* No interval of a positive number reaches below 0. */
static void intervals(void **state)
{
	hebb_table *table = make_table(0);
	hebb_model *log = make_model(table, HEBB_TARGET_LOG),
		   *quantile = make_model(table, HEBB_TARGET_QUANTILE);
	double low, high;

	(void)state;
	hebb_model_interval(log, 3, 5, &low, &high);
	assert_true(low == 0 && high == 8);
	hebb_model_interval(quantile, 3, 5, &low, &high);
	assert_true(low == -2 && high == 8);
	hebb_model_free(quantile);
	hebb_model_free(log);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions),    cmocka_unit_test(logarithms),
		cmocka_unit_test(quantiles),    cmocka_unit_test(there_and_back),
		cmocka_unit_test(slopes),       cmocka_unit_test(constants),
		cmocka_unit_test(no_logarithm), cmocka_unit_test(files),
		cmocka_unit_test(wrong_files),  cmocka_unit_test(scores),
		cmocka_unit_test(intervals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
