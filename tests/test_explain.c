/* SPDX-License-Identifier: MIT */
/*
 * test_explain.c - importance and dependence equal scikit-learn's, Shapley values exact
 * enumeration, integrated gradients add up, and slopes equal differences
 *
 * scikit-learn's numbers are in fixtures/explain.h, with the script that made them.
 */
#include <float.h>
#include "fixtures/explain.h"
#include "hebb_study.h"
#include "test.h"

enum { COLUMNS = EX_INPUTS + 1 };

/* ---- Models and tables ---- */

static hebb_model *model_of(hebb_net *net, hebb_coding *coding, hebb_loss loss)
{
	hebb_error error;
	hebb_model *model = hebb_model_new(net, coding, loss, NULL, &error);

	if (!model)
		fail_msg("%s", error.message);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

static void set_dense(hebb_net *net, int layer, int m, int n, const double *W, const double *b)
{
	float *w = test_memory((size_t)m * (size_t)n * sizeof *w),
	      *v = test_memory((size_t)m * sizeof *v);
	hebb_error error;

	for (int i = 0; i < m * n; i++)
		w[i] = (float)W[i];
	for (int i = 0; i < m; i++)
		v[i] = (float)b[i];
	test_ok(hebb_net_set(net, layer, w, v, &error), &error);
	free(w);
	free(v);
}

/* The network of the fixtures, with classes or with a number. */
static hebb_model *fixture_model(hebb_task task)
{
	int outputs = task == HEBB_CLASSIFICATION ? EX_CLASSES : 1;
	const hebb_layer layers[] = {hebb_dense(EX_HIDDEN, HEBB_TANH),
				     hebb_dense(outputs, outputs > 1 ? HEBB_SOFTMAX : HEBB_LINEAR)};
	hebb_net *net = test_net(EX_INPUTS, 2, layers, 1);

	set_dense(net, 0, EX_HIDDEN, EX_INPUTS, ex_W, ex_b);
	set_dense(net, 1, outputs, EX_HIDDEN, ex_V, ex_c);
	return model_of(net, hebb_coding_plain(task, EX_INPUTS, outputs, NULL),
			outputs > 1 ? HEBB_CROSS_ENTROPY : HEBB_SQUARED);
}

static hebb_table *fixture_table(hebb_task task)
{
	hebb_error error;
	const hebb_block blocks[] = {hebb_doubles(EX_INPUTS, ex_x, NULL),
				     task == HEBB_CLASSIFICATION
					     ? hebb_integers(1, ex_label, NULL)
					     : hebb_doubles(1, ex_number, NULL)};
	hebb_table *table = hebb_table_from_arrays(NULL, EX_ROWS, 2, blocks, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* A table with a text, gaps and numbers, and a network on its encoded columns. */
static const char mixed_text[] = "size,color,age,kind\n"
				 "1.5,red,,a\n2.5,blue,3,b\n0.5,red,4,a\n4.25,green,1,c\n"
				 "3,,2,b\n2,green,7,c\n1,red,5,a\n0.25,blue,,b\n6,green,2,c\n"
				 "5.5,blue,9,b\n2.75,red,8,a\n,green,3,c\n";

static hebb_table *mixed_table(void)
{
	hebb_error error;
	hebb_table *table = hebb_table_parse(mixed_text, sizeof mixed_text - 1, "mixed.csv",
					     HEBB_HEADER_AUTO, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static hebb_model *mixed_model(const hebb_table *table, hebb_missing missing)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.missing = missing;
	options.scaling = HEBB_SCALING_PIECEWISE;
	options.bins = 3;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);

	if (!coding)
		fail_msg("%s", error.message);
	const hebb_layer layers[] = {hebb_dense(7, HEBB_GELU), hebb_dropout(0.5),
				     hebb_dense(coding->outputs, HEBB_SOFTMAX)};

	return model_of(test_net(coding->width, 3, layers, 5), coding, HEBB_CROSS_ENTROPY);
}

/* Two skewed targets of other sizes, one with ties, and their transforms. */
static const hebb_target_transform transforms[] = {HEBB_TARGET_NONE, HEBB_TARGET_STANDARD,
						   HEBB_TARGET_LOG, HEBB_TARGET_QUANTILE};

static hebb_table *skewed_table(int targets)
{
	enum { ROWS = 90 };
	double x[ROWS * 2], y[ROWS * 2];
	const hebb_block blocks[] = {hebb_doubles(2, x, NULL), hebb_doubles(targets, y, NULL)};
	hebb_error error;

	for (int i = 0; i < ROWS; i++) {
		x[2 * i] = i * 37 % ROWS / 30.0;
		x[2 * i + 1] = i * 71 % ROWS / 90.0;
		y[targets * i] = 1000 * exp(x[2 * i] - x[2 * i + 1]);
		if (targets > 1)
			y[2 * i + 1] = 1 + i % 4 * (i % 3);
	}
	hebb_table *table = hebb_table_from_arrays(NULL, ROWS, 2, blocks, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static hebb_model *skewed_model(const hebb_table *table, int targets,
				hebb_target_transform transform)
{
	static const int at[] = {2, 3};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.task = HEBB_REGRESSION;
	options.targets = at;
	options.target_count = targets;
	options.target_transform = transform;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);

	if (!coding)
		fail_msg("%s", error.message);
	const hebb_layer layers[] = {hebb_dense(5, HEBB_TANH), hebb_dense(targets, HEBB_LINEAR)};

	return model_of(test_net(coding->width, 2, layers, 3), coding, HEBB_SQUARED);
}

/* ---- Permutation importance ---- */

static void compare_importance(hebb_task task, hebb_metric metric, const double *mean,
			       const double *sd)
{
	hebb_explain explain = hebb_explain_default();
	hebb_model *model = fixture_model(task);
	hebb_table *table = fixture_table(task);
	hebb_importance result;
	hebb_error error;

	explain.repeats = EX_REPEATS;
	explain.metric = metric;
	test_ok(hebb_model_importance(model, table, EX_ROWS, NULL, &explain, &result, &error),
		&error);
	assert_int_equal(result.columns, EX_INPUTS);
	assert_int_equal(result.rows, EX_ROWS);
	for (int c = 0; c < EX_INPUTS; c++) {
		hebb_spread drop = result.column[c].drop;
		double off = 5 * sqrt((sd[c] * sd[c] + drop.sd * drop.sd) / EX_REPEATS);

		test_near(drop.mean, mean[c], off + 1e-6, hebb_metric_name(metric));
		test_near(drop.sd, sd[c], 0.25 * sd[c] + 1e-6, "its deviation");
	}
	assert_int_equal(result.order[0], 0);
	assert_int_equal(result.order[EX_INPUTS - 1], EX_INPUTS - 1); /* no unit reads it */
	assert_true(result.column[EX_INPUTS - 1].drop.mean == 0);
	hebb_importance_free(&result);
	hebb_table_free(table);
	hebb_model_free(model);
}

static void importance_is_scikit_learns(void **state)
{
	(void)state;
	compare_importance(HEBB_CLASSIFICATION, HEBB_METRIC_ACCURACY, ex_accuracy_mean,
			   ex_accuracy_sd);
	compare_importance(HEBB_CLASSIFICATION, HEBB_METRIC_LOG_LOSS, ex_log_loss_mean,
			   ex_log_loss_sd);
	compare_importance(HEBB_REGRESSION, HEBB_METRIC_RMSE, ex_rmse_mean, ex_rmse_sd);
}

/* The score of the rows as they are is that of the evaluation. */
static void scores_are_those_of_an_evaluation(void **state)
{
	const hebb_metric metric[] = {HEBB_METRIC_ACCURACY, HEBB_METRIC_LOG_LOSS, HEBB_METRIC_LOSS,
				      HEBB_METRIC_RMSE, HEBB_METRIC_LOSS};
	hebb_explain explain = hebb_explain_default();
	hebb_importance result;
	hebb_score score;
	hebb_error error;

	(void)state;
	for (int i = 0; i < 5; i++) {
		hebb_task task = i < 3 ? HEBB_CLASSIFICATION : HEBB_REGRESSION;
		hebb_model *model = fixture_model(task);
		hebb_table *table = fixture_table(task);

		explain.metric = metric[i];
		explain.repeats = 1;
		test_ok(hebb_model_importance(model, table, EX_ROWS, NULL, &explain, &result,
					      &error),
			&error);
		test_ok(hebb_model_score(model, table, EX_ROWS, NULL, &score, &error), &error);
		test_near(result.score, hebb_metric_of(metric[i], &score), 1e-12, "score");
		assert_true(isnan(result.column[0].drop.low)); /* one permutation has no interval */
		hebb_score_free(&score);
		hebb_importance_free(&result);
		hebb_table_free(table);
		hebb_model_free(model);
	}
}

/* The rmse of one target is that of the evaluation, in its units, whatever its transform. */
static void errors_are_in_units(void **state)
{
	hebb_explain explain = hebb_explain_default();
	hebb_table *table = skewed_table(1);
	hebb_importance result;
	hebb_score score;
	hebb_error error;

	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++) {
		hebb_model *model = skewed_model(table, 1, transforms[t]);

		test_ok(hebb_model_importance(model, table, table->rows, NULL, &explain, &result,
					      &error),
			&error);
		test_ok(hebb_model_score(model, table, table->rows, NULL, &score, &error), &error);
		assert_false(result.is_scaled);
		test_near(result.score / hebb_metric_of(HEBB_METRIC_RMSE, &score), 1, 1e-6, "rmse");
		hebb_score_free(&score);
		hebb_importance_free(&result);
		hebb_model_free(model);
	}
	hebb_table_free(table);
}

/* That of several ones is the mean of their deviations, after the transform. */
static void errors_are_in_deviations(void **state)
{
	hebb_explain explain = hebb_explain_default();
	hebb_table *table = skewed_table(2);
	hebb_importance result;
	hebb_error error;

	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++) {
		hebb_model *model = skewed_model(table, 2, transforms[t]);
		hebb_dataset *data = hebb_coding_apply(model->coding, table, HEBB_APPLY_TARGETS,
						       table->rows, NULL, &error);
		hebb_work *work = hebb_work_new(model->net, 1, NULL, &error);
		double sum[2] = {0, 0};

		for (long long i = 0; i < data->rows; i++) {
			const float *h = hebb_forward(work, 1, data->x + i * data->inputs);

			for (int k = 0; k < 2; k++)
				sum[k] += pow((double)h[k] - (double)data->y[2 * i + k], 2);
		}
		double rows = (double)data->rows,
		       mean = (sqrt(sum[0] / rows) + sqrt(sum[1] / rows)) / 2;

		test_ok(hebb_model_importance(model, table, table->rows, NULL, &explain, &result,
					      &error),
			&error);
		assert_true(result.is_scaled);
		test_near(result.score / mean, 1, 1e-6, "rmse / sd");
		hebb_importance_free(&result);
		hebb_work_free(work);
		hebb_dataset_free(data);
		hebb_model_free(model);
	}
	hebb_table_free(table);
}

/* A permuted column keeps its inputs together: a network that counts the levels of a text sees no
 * difference. */
static void columns_stay_whole(void **state)
{
	hebb_table *table = mixed_table();
	hebb_model *model = mixed_model(table, HEBB_MISSING_INDICATOR);
	const hebb_coding *coding = model->coding;
	hebb_explain explain = hebb_explain_default();
	hebb_importance result;
	hebb_error error;

	(void)state;
	explain.metric = HEBB_METRIC_LOSS;
	explain.repeats = 40;
	assert_int_equal(coding->input_count, 3);
	assert_true(coding->indicator_count >= 2);
	test_ok(hebb_model_importance(model, table, table->rows, NULL, &explain, &result, &error),
		&error);
	for (int c = 0; c < 3; c++)
		assert_true(result.column[c].drop.sd > 0);
	hebb_importance_free(&result);

	/* W counts the levels of color: 1 for each row, also where a gap is filled with shares. */
	const hebb_layer layers[] = {hebb_dense(coding->outputs, HEBB_SOFTMAX)};
	hebb_net *net = test_net(coding->width, 1, layers, 1);
	float *W = test_memory((size_t)coding->width * (size_t)coding->outputs * sizeof *W),
	      b[3] = {0.5f, 0, 0};
	int first = coding->encoding[0].inputs;

	for (int i = first; i < first + 3; i++)
		W[i] = 1 / coding->scale[i];
	test_ok(hebb_net_set(net, 0, W, b, &error), &error);
	hebb_model *counting = model_of(net, hebb_coding_copy(coding, NULL), HEBB_CROSS_ENTROPY);

	test_ok(hebb_model_importance(counting, table, table->rows, NULL, &explain, &result,
				      &error),
		&error);
	test_near(result.column[1].drop.mean, 0, 1e-6, "a count of levels");
	hebb_importance_free(&result);
	free(W);
	hebb_model_free(counting);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* ---- Partial dependence ---- */

static void compare_dependence(hebb_task task, int column, const double *grid, int points,
			       const double *average)
{
	hebb_explain explain = hebb_explain_default();
	hebb_model *model = fixture_model(task);
	hebb_table *table = fixture_table(task);
	hebb_dependence d;
	hebb_error error;

	explain.points = EX_POINTS;
	explain.individuals = EX_ROWS;
	test_ok(hebb_model_dependence(model, table, EX_ROWS, NULL, column, &explain, &d, &error),
		&error);
	assert_int_equal(d.points, points);
	assert_int_equal(d.rows, EX_ROWS);
	assert_int_equal(d.individuals, EX_ROWS);
	for (int i = 0; i < points; i++) {
		test_near(d.value[i], grid[i], 1e-12, "grid");
		for (int k = 0; k < d.outputs; k++) {
			double mean = d.mean[i * d.outputs + k], sum = 0;

			for (int row = 0; row < EX_ROWS; row++)
				sum += d.single[(row * points + i) * d.outputs + k];
			test_near(mean, average[k * points + i], 2e-5, "mean");
			test_near(mean, sum / EX_ROWS, 1e-12, "mean of the single rows");
			assert_true(d.low[i * d.outputs + k] <= mean + 1e-6 || column != 3);
			assert_true(d.low[i * d.outputs + k] <= d.high[i * d.outputs + k]);
		}
	}
	hebb_dependence_free(&d);
	hebb_table_free(table);
	hebb_model_free(model);
}

#define COMPARE(c) \
	compare_dependence(HEBB_CLASSIFICATION, c, ex_grid_##c, COUNT_OF(ex_grid_##c), \
			   ex_classes_##c); \
	compare_dependence(HEBB_REGRESSION, c, ex_grid_##c, COUNT_OF(ex_grid_##c), ex_numbers_##c)

static void dependence_is_scikit_learns(void **state)
{
	(void)state;
	COMPARE(0);
	COMPARE(1);
	COMPARE(2);
	COMPARE(3);
}

/* The mean prediction of a table whose column has one value, by predicting it. */
static double mean_with(const hebb_model *model, const hebb_table *table, int column,
			const char *field, int output)
{
	char text[1024] = "size,color,age\n";
	float *h = test_memory((size_t)table->rows * (size_t)model->coding->outputs * sizeof *h);
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;
	double sum = 0;

	for (long long row = 0; row < table->rows; row++)
		for (int c = 0; c < 3; c++) {
			double value = hebb_table_value(table, row, c);
			char number[32];

			snprintf(number, sizeof number, "%g", value);
			strcat(text, c == column    ? field
				     : isnan(value) ? ""
				     : c == 1       ? table->column[1].levels[(int)value]
						    : number);
			strcat(text, c < 2 ? "," : "\n");
		}
	hebb_table *changed =
		hebb_table_parse(text, strlen(text), "changed", HEBB_HEADER_YES, &error);
	assert_non_null(changed);
	prediction.output = h;
	prediction.how = HEBB_APPLY_ANYWAY;
	test_ok(hebb_model_predict_table(model, changed, changed->rows, NULL, &prediction, &error),
		&error);
	for (long long row = 0; row < table->rows; row++)
		sum += (double)h[row * model->coding->outputs + output];
	hebb_table_free(changed);
	free(h);
	return sum / (double)table->rows;
}

/* Of encoded numbers with gaps and of texts, each value gives what a table with it gives. */
static void dependence_codes_values(void **state)
{
	hebb_table *table = mixed_table();
	hebb_model *model = mixed_model(table, HEBB_MISSING_INDICATOR);
	hebb_explain explain = hebb_explain_default();
	hebb_error error;

	(void)state;
	for (int column = 0; column < 3; column++) {
		hebb_dependence d;

		test_ok(hebb_model_dependence(model, table, table->rows, NULL, column, &explain, &d,
					      &error),
			&error);
		assert_int_equal(d.outputs, 3);
		assert_true(d.points > 1 && d.unanswered == 0);
		for (int i = 0; i < d.points; i++) {
			char number[32];

			snprintf(number, sizeof number, "%g", d.value[i]);
			for (int k = 0; k < 3; k++)
				test_near(
					d.mean[i * 3 + k],
					mean_with(model, table, column,
						  column == 1
							  ? table->column[1].levels[(int)d.value[i]]
							  : number,
						  k),
					1e-6, "mean");
		}
		hebb_dependence_free(&d);
	}
	hebb_model_free(model);
	hebb_table_free(table);
}

/* ---- Shapley values ---- */

static double output_of(const hebb_model *model, const float *x, int k)
{
	float h[EX_CLASSES];

	assert_int_equal(hebb_predict(model->net, x, h, NULL), HEBB_OK);
	return (double)h[k];
}

/* By all orders of the columns and all rows, in the plainest way. */
static void enumerate(const hebb_model *model, int row, int k, double *value)
{
	int count = 0;

	for (int c = 0; c < EX_INPUTS; c++)
		value[c] = 0;
	for (int code = 0; code < EX_INPUTS * EX_INPUTS * EX_INPUTS * EX_INPUTS; code++) {
		int order[EX_INPUTS], rest = code, seen = 0;

		for (int i = 0; i < EX_INPUTS; i++, rest /= EX_INPUTS) {
			order[i] = rest % EX_INPUTS;
			seen |= 1 << order[i];
		}
		if (seen != (1 << EX_INPUTS) - 1)
			continue;
		count++;
		for (int b = 0; b < EX_ROWS; b++) {
			float x[EX_INPUTS];

			for (int c = 0; c < EX_INPUTS; c++)
				x[c] = (float)ex_x[b * EX_INPUTS + c];
			double before = output_of(model, x, k);

			for (int i = 0; i < EX_INPUTS; i++) {
				x[order[i]] = (float)ex_x[row * EX_INPUTS + order[i]];
				double after = output_of(model, x, k);

				value[order[i]] += (after - before) / EX_ROWS;
				before = after;
			}
		}
	}
	for (int c = 0; c < EX_INPUTS; c++)
		value[c] /= count;
}

static void shapley_is_exact(void **state)
{
	hebb_explain explain = hebb_explain_default();
	hebb_model *model = fixture_model(HEBB_CLASSIFICATION);
	hebb_table *table = fixture_table(HEBB_CLASSIFICATION);
	const long long rows[] = {7, 0, EX_ROWS - 1};
	const int outputs[] = {2, 0, 1, 0}; /* in any order, and twice */
	hebb_attributions result;
	hebb_error error;

	(void)state;
	explain.outputs = 4;
	explain.output = outputs;
	test_ok(hebb_model_shapley(model, table, EX_ROWS, NULL, 3, rows, &explain, &result, &error),
		&error);
	assert_true(result.is_exact && result.walks == 0 && result.background == EX_ROWS);
	assert_int_equal(result.count, 3);
	for (int i = 0; i < 3; i++) {
		const hebb_attribution *of = &result.of[i];

		assert_int_equal(of->row, rows[i]);
		assert_int_equal(of->outputs, 3);
		assert_null(of->error);
		for (int k = 0; k < 3; k++) {
			double value[EX_INPUTS];

			assert_int_equal(of->output[k], k);
			enumerate(model, (int)rows[i], k, value);
			for (int c = 0; c < EX_INPUTS; c++)
				test_near(of->value[k * EX_INPUTS + c], value[c], 1e-12, "value");
			assert_true(of->value[k * EX_INPUTS + 3] == 0); /* no unit reads it */
			test_near(of->gap[k], 0, 1e-13, "gap");
		}
	}
	hebb_attributions_free(&result);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* A model of 12 columns, of which all subsets are too many. */
static hebb_model *wide_model(int columns, int outputs, hebb_activation output)
{
	const hebb_layer layers[] = {hebb_dense(9, HEBB_TANH), hebb_dense(outputs, output)};
	hebb_task task = output == HEBB_SOFTMAX ? HEBB_CLASSIFICATION : HEBB_REGRESSION;

	return model_of(test_net(columns, 2, layers, 3),
			hebb_coding_plain(task, columns, outputs, NULL),
			output == HEBB_SOFTMAX ? HEBB_CROSS_ENTROPY : HEBB_SQUARED);
}

static hebb_table *wide_table(int rows, int columns)
{
	float *x = test_floats(8, (size_t)rows * (size_t)columns, -1, 1);
	const hebb_block block = hebb_floats(columns, x, NULL);
	hebb_table *table = hebb_table_from_arrays(NULL, rows, 1, &block, NULL);

	assert_non_null(table);
	free(x);
	return table;
}

/* Walks come near the exact values, as near as their errors say, and add up. */
static void walks_come_near(void **state)
{
	enum { WIDE = 12, ROWS = 30 };
	hebb_model *model = wide_model(WIDE, 3, HEBB_SOFTMAX);
	hebb_table *table = wide_table(ROWS, WIDE);
	hebb_explain explain = hebb_explain_default();
	const long long row = 4;
	hebb_attributions exact, walked;
	hebb_error error;
	double square = 0;

	(void)state;
	explain.walks = 1 << 20;
	test_ok(hebb_model_shapley(model, table, ROWS, NULL, 1, &row, &explain, &exact, &error),
		&error);
	assert_true(exact.is_exact);
	for (int pairs = 1; pairs <= 4; pairs += 3) {
		explain.walks = 2 * ROWS * pairs - 1; /* is rounded up */
		test_ok(hebb_model_shapley(model, table, ROWS, NULL, 1, &row, &explain, &walked,
					   &error),
			&error);
		assert_false(walked.is_exact);
		assert_int_equal(walked.walks, 2 * ROWS * pairs);
		test_near(walked.of->gap[0], 0, 1e-13, "gap");
		test_near(walked.of->base[0], exact.of->base[0], 1e-15, "base");
		for (int c = 0; c < WIDE; c++) {
			double off = walked.of->value[c] - exact.of->value[c];

			assert_true(walked.of->error[c] > 0);
			test_below(fabs(off), 6 * walked.of->error[c], "error");
			if (pairs > 1)
				square += off / walked.of->error[c] * off / walked.of->error[c];
		}
		hebb_attributions_free(&walked);
	}
	assert_true(square / WIDE > 0.1 && square / WIDE < 4); /* about 1 */
	hebb_attributions_free(&exact);
	hebb_table_free(table);
	hebb_model_free(model);
}

static double square(void *self, double z)
{
	(void)self;
	return z * z;
}

static double twice(void *self, double z)
{
	(void)self;
	return 2 * z;
}

/* Of products of two columns each gets a half, whatever the order, if it is walked backwards too:
 * each pair of walks is exact. */
static void pairs_of_walks_halve_products(void **state)
{
	enum { WIDE = 12, ROWS = 9 };
	const hebb_function function = {
		.size = sizeof function, .name = "square", .f = square, .derivative = twice};
	hebb_layer layers[] = {hebb_dense(6, HEBB_CUSTOM), hebb_dense(1, HEBB_LINEAR)};
	hebb_table *table = wide_table(ROWS, WIDE);
	hebb_explain explain = hebb_explain_default();
	const long long row = 2;
	hebb_attributions exact, walked;
	hebb_error error;

	(void)state;
	layers[0].function = &function;
	hebb_model *model =
		model_of(test_net(WIDE, 2, layers, 3),
			 hebb_coding_plain(HEBB_REGRESSION, WIDE, 1, NULL), HEBB_SQUARED);
	explain.walks = 1 << 20;
	test_ok(hebb_model_shapley(model, table, ROWS, NULL, 1, &row, &explain, &exact, &error),
		&error);
	explain.walks = 1;
	test_ok(hebb_model_shapley(model, table, ROWS, NULL, 1, &row, &explain, &walked, &error),
		&error);
	assert_true(exact.is_exact && !walked.is_exact);
	for (int c = 0; c < WIDE; c++)
		test_near(walked.of->value[c], exact.of->value[c], 1e-5, "value");
	hebb_attributions_free(&walked);
	/* what differs between background rows is no error of the walks */
	explain.walks = 2 * ROWS * 3;
	test_ok(hebb_model_shapley(model, table, ROWS, NULL, 1, &row, &explain, &walked, &error),
		&error);
	for (int c = 0; c < WIDE; c++)
		test_below(walked.of->error[c], 1e-5, "error");
	hebb_attributions_free(&exact);
	hebb_attributions_free(&walked);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* Encoded columns are compared as wholes; a row that is its own background adds nothing. */
static void shapley_of_coded_columns(void **state)
{
	hebb_table *table = mixed_table();
	hebb_model *model = mixed_model(table, HEBB_MISSING_INDICATOR);
	const long long all[] = {0, 1, 2, 3, 4, 11}, own = 5;
	hebb_attributions result;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_shapley(model, table, table->rows, NULL, 6, all, NULL, &result, &error),
		&error);
	for (int i = 0; i < 6; i++)
		test_near(result.of[i].gap[0], 0, 1e-12, "gap");
	hebb_attributions_free(&result);
	test_ok(hebb_model_shapley(model, table, 1, &own, 1, &own, NULL, &result, &error), &error);
	for (int c = 0; c < 3; c++)
		assert_true(result.of->value[c] == 0);
	assert_true(result.of->base[0] == result.of->answer[0]);
	hebb_attributions_free(&result);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* ---- Slopes of the outputs ---- */

/* Outputs of a network at x, in double. */
static void double_outputs(const hebb_net *net, const double *x, double *h)
{
	hebb_layer layers[TEST_LAYERS];
	int L = hebb_net_layers(net);
	float *parameters = test_canonical(net, NULL);
	double *p = test_widen((size_t)hebb_net_parameters(net), parameters);

	for (int l = 0; l < L; l++)
		layers[l] = *hebb_net_layer(net, l);
	assert_int_equal(hb_reference(hebb_net_inputs(net), L, layers, HEBB_SQUARED, 1, x, NULL,
				      NULL, p, NULL, NULL, h, NULL),
			 HEBB_OK);
	free(parameters);
	free(p);
}

/* dx of a row by central differences of g h. */
static void differences(const hebb_net *net, const float *x, const float *g, double *dx)
{
	const double e = 1e-5;
	int inputs = hebb_net_inputs(net), outputs = hebb_net_outputs(net);
	double *wide = test_widen((size_t)inputs, x), *h = test_doubles((size_t)outputs);

	for (int i = 0; i < inputs; i++) {
		double at = wide[i];

		dx[i] = 0;
		for (int side = -1; side <= 1; side += 2) {
			wide[i] = at + side * e;
			double_outputs(net, wide, h);
			for (int k = 0; k < outputs; k++)
				dx[i] += side * (double)g[k] * h[k] / (2 * e);
		}
		wide[i] = at;
	}
	free(wide);
	free(h);
}

static void check_slopes(int inputs, int L, const hebb_layer *layers)
{
	enum { ROWS = 5 };
	hebb_net *net = test_net(inputs, L, layers, 9);
	int outputs = hebb_net_outputs(net);
	float *x = test_floats(3, (size_t)(ROWS * inputs), -1, 1),
	      *g = test_floats(4, (size_t)(ROWS * outputs), -1, 1),
	      *dx = test_memory((size_t)(ROWS * inputs) * sizeof *dx);
	double *found, *expected = test_doubles((size_t)(ROWS * inputs));
	hebb_work *work = hebb_work_new_backward(net, ROWS + 2, NULL, NULL),
		  *plain = hebb_work_new(net, ROWS, NULL, NULL);
	hebb_error error;

	assert_non_null(work);
	const float *h = hebb_forward(work, ROWS, x);

	assert_memory_equal(h, hebb_forward(plain, ROWS, x), (size_t)(ROWS * outputs) * sizeof *h);
	test_ok(hebb_backward(work, g, dx, &error), &error);
	for (int row = 0; row < ROWS; row++)
		differences(net, x + row * inputs, g + row * outputs, expected + row * inputs);
	found = test_widen((size_t)(ROWS * inputs), dx);
	test_below(test_normwise((size_t)(ROWS * inputs), found, expected), 2e-5, "slopes");
	hebb_work_free(plain);
	hebb_work_free(work);
	hebb_net_free(net);
	free(x);
	free(g);
	free(dx);
	free(found);
	free(expected);
}

static void slopes_are_differences(void **state)
{
	(void)state;
	for (int f = test_hidden(0); f; f = test_hidden(f)) {
		const hebb_activation a =
			(hebb_activation)f == HEBB_SOFTMAX ? HEBB_TANH : (hebb_activation)f;
		const hebb_layer deep[] = {hebb_dense(17, a), hebb_dropout(0.5), hebb_dense(3, a),
					   hebb_dense(4, HEBB_SOFTMAX)};

		check_slopes(6, 4, deep);
	}
	const hebb_layer norms[] = {hebb_dense(9, HEBB_LINEAR),  hebb_batch_norm(HEBB_TANH),
				    hebb_dense(9, HEBB_GELU),    hebb_layer_norm(HEBB_LINEAR),
				    hebb_shortcut(1, HEBB_TANH), hebb_dense(2, HEBB_SIGMOID)};
	const hebb_layer first_norm[] = {hebb_batch_norm(HEBB_LINEAR), hebb_dense(3, HEBB_LINEAR)};
	const hebb_layer first_drop[] = {hebb_dropout(0.3), hebb_layer_norm(HEBB_LINEAR),
					 hebb_shortcut(-1, HEBB_TANH), hebb_dense(3, HEBB_EXP)};
	const hebb_layer alone[] = {hebb_dense(1, HEBB_LINEAR)};

	check_slopes(9, 6, norms);
	for (int inputs = 15; inputs <= 17;
	     inputs++) { /* rows of the width of a register, or not */
		check_slopes(inputs, 2, first_norm);
		check_slopes(inputs, 4, first_drop);
	}
	check_slopes(256, 1, alone);
	check_slopes(1, 1, alone);
}

/* Frozen layers have slopes, too. */
static void slopes_of_frozen_layers(void **state)
{
	const hebb_layer layers[] = {hebb_dense(5, HEBB_TANH), hebb_dense(2, HEBB_SOFTMAX)};
	hebb_net *net = test_net(3, 2, layers, 2);
	const float x[] = {0.5f, -1, 2}, g[] = {1, 0};
	float dx[2][3];

	(void)state;
	for (int frozen = 0; frozen < 2; frozen++) {
		assert_int_equal(hebb_net_freeze(net, -1, frozen, NULL), HEBB_OK);
		hebb_work *work = hebb_work_new_backward(net, 1, NULL, NULL);

		hebb_forward(work, 1, x);
		assert_int_equal(hebb_backward(work, g, dx[frozen], NULL), HEBB_OK);
		hebb_work_free(work);
	}
	assert_memory_equal(dx[0], dx[1], sizeof dx[0]);
	assert_true(dx[0][0] != 0);
	hebb_net_free(net);
}

static void slopes_need_a_way_there(void **state)
{
	const hebb_layer layers[] = {hebb_dense(2, HEBB_TANH)};
	hebb_net *net = test_net(2, 1, layers, 2);
	hebb_work *back = hebb_work_new_backward(net, 1, NULL, NULL),
		  *plain = hebb_work_new(net, 1, NULL, NULL);
	float x[2] = {0}, dx[2];
	hebb_error error;

	(void)state;
	test_failed(hebb_backward(back, x, dx, &error), &error, HEBB_BAD_ARGUMENT,
		    "hebb_forward()");
	hebb_forward(plain, 1, x);
	test_failed(hebb_backward(plain, x, dx, &error), &error, HEBB_BAD_ARGUMENT,
		    "hebb_work_new_backward()");
	test_failed(hebb_backward(NULL, x, dx, &error), &error, HEBB_BAD_ARGUMENT, "work");
	test_failed(hebb_backward(back, NULL, dx, &error), &error, HEBB_BAD_ARGUMENT, "g");
	test_failed(hebb_backward(back, x, NULL, &error), &error, HEBB_BAD_ARGUMENT, "dx");
	hebb_work_free(plain);
	hebb_work_free(back);
	hebb_net_free(net);
}

/* ---- Integrated gradients ---- */

static void gradients_add_up(void **state)
{
	hebb_explain explain = hebb_explain_default();
	hebb_attributions result;
	hebb_error error;

	(void)state;
	for (int task = HEBB_CLASSIFICATION; task <= HEBB_REGRESSION; task++) {
		if (task != HEBB_CLASSIFICATION && task != HEBB_REGRESSION)
			continue;
		hebb_model *model = fixture_model((hebb_task)task);
		hebb_table *table = fixture_table((hebb_task)task);
		long long rows[EX_ROWS];

		for (int i = 0; i < EX_ROWS; i++)
			rows[i] = i;
		test_ok(hebb_model_gradients(model, table, EX_ROWS, rows, &explain, &result,
					     &error),
			&error);
		assert_int_equal(result.baseline, HEBB_BASELINE_MEAN);
		for (int i = 0; i < EX_ROWS; i++) {
			const hebb_attribution *of = &result.of[i];
			double sum = of->gap[0] + of->base[0] - of->answer[0];

			for (int c = 0; c < EX_INPUTS; c++)
				sum += of->value[c];
			test_near(sum, 0, 1e-12, "what is reported");
			test_below(fabs(of->gap[0]),
				   0.01 * fabs(of->answer[0] - of->base[0]) + 1e-4, "gap");
			assert_true(of->steps >= 32 && of->value[3] == 0);
		}
		hebb_attributions_free(&result);
		hebb_table_free(table);
		hebb_model_free(model);
	}
}

/* The values add up in the units of each target, also where it was transformed. */
static void gradients_in_units(void **state)
{
	hebb_explain explain = hebb_explain_default();
	hebb_table *table = skewed_table(2);
	const long long rows[] = {0, 17, 44, 89};
	hebb_attributions result;
	hebb_error error;

	(void)state;
	for (size_t t = 0; t < COUNT_OF(transforms); t++) {
		hebb_model *model = skewed_model(table, 2, transforms[t]);
		hebb_prediction prediction = hebb_prediction_default();
		double answer[2];

		test_ok(hebb_model_gradients(model, table, COUNT_OF(rows), rows, &explain, &result,
					     &error),
			&error);
		for (size_t i = 0; i < COUNT_OF(rows); i++) {
			const hebb_attribution *of = &result.of[i];

			prediction.values = answer;
			test_ok(hebb_model_predict_table(model, table, 1, &rows[i], &prediction,
							 &error),
				&error);
			for (int k = 0; k < 2; k++) {
				double added = of->value[2 * k] + of->value[2 * k + 1];
				double difference = answer[k] - of->base[k];

				test_near(of->answer[k], answer[k], 1e-9, "answer");
				test_below(fabs(difference - added),
					   0.01 * fabs(difference) + 1e-5 * fabs(answer[k]),
					   "completeness");
			}
		}
		hebb_attributions_free(&result);
		hebb_model_free(model);
	}
	hebb_table_free(table);
}

/* Of a linear network the values are weight times input, whatever the steps. */
static void gradients_of_a_line(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	const double W[] = {0.5, -2, 4, 1, 0.25, -1}, b[] = {3, -1};
	const float x[] = {1, 2, -0.5f, 0, 1, 8};
	const hebb_block block = hebb_floats(3, x, NULL);
	hebb_net *net = test_net(3, 1, &layer, 1);
	hebb_explain explain = hebb_explain_default();
	const long long rows[] = {1, 0};
	hebb_attributions result;
	hebb_error error;

	(void)state;
	set_dense(net, 0, 2, 3, W, b);
	hebb_model *model =
		model_of(net, hebb_coding_plain(HEBB_REGRESSION, 3, 2, NULL), HEBB_SQUARED);
	hebb_table *table = hebb_table_from_arrays(NULL, 2, 1, &block, NULL);

	for (explain.steps = 1; explain.steps < 200; explain.steps += 99) {
		test_ok(hebb_model_gradients(model, table, 2, rows, &explain, &result, &error),
			&error);
		for (int i = 0; i < 2; i++)
			for (int k = 0; k < 2; k++) {
				const hebb_attribution *of = &result.of[i];

				assert_int_equal(of->steps, explain.steps);
				test_near(of->base[k], b[k], 1e-6, "base");
				test_near(of->gap[k], 0, 1e-5, "gap");
				for (int c = 0; c < 3; c++)
					test_near(of->value[k * 3 + c],
						  W[k * 3 + c] * (double)x[rows[i] * 3 + c], 1e-5,
						  "value");
			}
		hebb_attributions_free(&result);
	}
	hebb_table_free(table);
	hebb_model_free(model);
}

/* Images begin at black: the value of a black pixel is 0. */
static void gradients_of_images(void **state)
{
	hebb_table *table = hebb_table_digits(NULL);
	hebb_error error;
	hebb_coding *coding = hebb_coding_fit(table, NULL, table->rows, NULL, &error);
	const hebb_layer layers[] = {hebb_dense(20, HEBB_RELU), hebb_dense(10, HEBB_SOFTMAX)};
	hebb_model *model = model_of(test_net(64, 2, layers, 4), coding, HEBB_CROSS_ENTROPY);
	hebb_explain explain = hebb_explain_default();
	const long long rows[] = {0, 1796};
	hebb_attributions result;

	(void)state;
	test_ok(hebb_model_gradients(model, table, 2, rows, &explain, &result, &error), &error);
	assert_int_equal(result.baseline, HEBB_BASELINE_BLACK);
	for (int i = 0; i < 2; i++)
		for (int c = 0; c < 64; c++)
			if (hebb_table_value(table, rows[i], c) == 0)
				assert_true(result.of[i].value[c] == 0);
	hebb_attributions_free(&result);
	explain.baseline = HEBB_BASELINE_MEAN;
	test_ok(hebb_model_gradients(model, table, 2, rows, &explain, &result, &error), &error);
	assert_int_equal(result.baseline, HEBB_BASELINE_MEAN);
	hebb_attributions_free(&result);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* Black is the raw value 0 of encoded numbers, too, and no text. */
static void black_is_coded(void **state)
{
	hebb_table *table = mixed_table();
	hebb_model *model = mixed_model(table, HEBB_MISSING_INDICATOR);
	hebb_explain explain = hebb_explain_default();
	const long long row = 1;
	hebb_attributions result;
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;
	float h[3];
	static const char black[] = "size,color,age\n0,none,0\n";
	hebb_table *zero =
		hebb_table_parse(black, sizeof black - 1, "black", HEBB_HEADER_YES, &error);

	(void)state;
	prediction.output = h;
	prediction.how = HEBB_APPLY_ANYWAY;
	test_ok(hebb_model_predict_table(model, zero, 1, NULL, &prediction, &error), &error);
	explain.baseline = HEBB_BASELINE_BLACK;
	test_ok(hebb_model_gradients(model, table, 1, &row, &explain, &result, &error), &error);
	test_near(result.of->base[0], (double)h[result.of->output[0]], 1e-6, "base");
	hebb_attributions_free(&result);
	hebb_table_free(zero);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* ---- The most wrong rows ---- */

static hebb_dataset *coded(const hebb_model *model, const hebb_table *table)
{
	hebb_error error;
	hebb_dataset *data = hebb_coding_apply(model->coding, table, HEBB_APPLY_TARGETS,
					       table->rows, NULL, &error);

	if (!data)
		fail_msg("%s", error.message);
	return data;
}

static void worst_classes(void **state)
{
	hebb_model *model = fixture_model(HEBB_CLASSIFICATION);
	hebb_table *table = fixture_table(HEBB_CLASSIFICATION);
	hebb_dataset *data = coded(model, table);
	hebb_worst all, some;
	hebb_error error;
	double sum = 0;

	(void)state;
	test_ok(hebb_model_worst(model, data, EX_ROWS + 9, 2, &all, &error), &error);
	assert_int_equal(all.count, EX_ROWS);
	for (int i = 0; i < all.count; i++) {
		const hebb_worst_row *row = &all.row[i];

		assert_true(i == 0 || row->wrong <= all.row[i - 1].wrong);
		assert_int_equal(row->truth, ex_label[row->row]);
		assert_int_equal(row->predicted, hebb_largest((float[]){(float)row->output[0],
									(float)row->output[1],
									(float)row->output[2]},
							      3));
		test_near(row->wrong, -log(row->output[row->truth]), 1e-6, "wrong");
		assert_true(row->target[row->truth] == 1);
		sum += row->wrong;
	}
	hebb_score score;

	test_ok(hebb_model_score(model, table, EX_ROWS, NULL, &score, &error), &error);
	test_near(sum / EX_ROWS, score.detail.log_loss, 1e-9, "mean");
	hebb_score_free(&score);
	test_ok(hebb_model_worst(model, data, 3, 1, &some, &error), &error);
	assert_int_equal(some.count, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(some.row[i].row, all.row[i].row);
	hebb_worst_free(&some);
	hebb_worst_free(&all);
	test_failed(hebb_model_worst(model, data, 0, 1, &all, &error), &error, HEBB_BAD_ARGUMENT,
		    "at least 1");
	test_failed(hebb_model_worst(model, NULL, 1, 1, &all, &error), &error, HEBB_BAD_ARGUMENT,
		    "no rows");
	hebb_dataset_free(data);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* Rows without an answer, and of an unknown class, come first. */
static void worst_of_all(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_SOFTMAX);
	const double W[] = {FLT_MAX, -FLT_MAX}, b[] = {0, 0};
	const float x[] = {0, 0, 1e30f, 0};
	const int y[] = {0, 1, 1, 7};
	const hebb_block blocks[] = {hebb_floats(1, x, NULL), hebb_integers(1, y, NULL)};
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_worst worst;
	hebb_error error;

	(void)state;
	set_dense(net, 0, 2, 1, W, b);
	hebb_model *model = model_of(net, hebb_coding_plain(HEBB_CLASSIFICATION, 1, 2, NULL),
				     HEBB_CROSS_ENTROPY);
	hebb_table *table = hebb_table_from_arrays(NULL, 4, 2, blocks, NULL);
	hebb_dataset *data = coded(model, table);

	test_ok(hebb_model_worst(model, data, 4, 0, &worst, &error), &error);
	assert_int_equal(worst.row[0].row, 2);
	assert_int_equal(worst.row[0].predicted, -1);
	assert_true(isnan(worst.row[0].output[0]) && isinf(worst.row[0].wrong));
	assert_int_equal(worst.row[1].row, 3);
	assert_int_equal(worst.row[1].truth, -1);
	assert_int_equal(worst.row[2].row, 0); /* equal ones by their index */
	hebb_worst_free(&worst);
	hebb_dataset_free(data);
	hebb_table_free(table);
	hebb_model_free(model);
}

static void worst_numbers(void **state)
{
	hebb_model *model = fixture_model(HEBB_REGRESSION);
	hebb_table *table = fixture_table(HEBB_REGRESSION);
	hebb_dataset *data = coded(model, table);
	hebb_worst worst;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_worst(model, data, EX_ROWS, 0, &worst, &error), &error);
	for (int i = 0; i < worst.count; i++) {
		const hebb_worst_row *row = &worst.row[i];

		test_near(row->target[0], ex_number[row->row], 1e-6, "target");
		test_near(row->wrong, fabs(row->output[0] - row->target[0]), 1e-6, "wrong");
		assert_true(i == 0 || row->wrong <= worst.row[i - 1].wrong);
	}
	hebb_worst_free(&worst);
	hebb_dataset_free(data);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* ---- Threads and seeds ---- */

static void same(const hebb_attributions *a, const hebb_attributions *b, int has_errors)
{
	size_t size = (size_t)a->of->outputs * (size_t)a->columns * sizeof(double);

	for (int i = 0; i < a->count; i++) {
		assert_memory_equal(a->of[i].value, b->of[i].value, size);
		if (has_errors)
			assert_memory_equal(a->of[i].error, b->of[i].error, size);
	}
}

/* All explanations with some threads and a seed. */
struct all {
	hebb_importance importance;
	hebb_dependence dependence;
	hebb_attributions shapley, gradients;
};

static void explain_all(const hebb_model *model, const hebb_table *table, int threads,
			uint64_t seed, struct all *all)
{
	enum { ROWS = 400 };
	hebb_explain explain = hebb_explain_default();
	const long long rows[] = {3, 399};
	hebb_error error;

	explain.threads = threads;
	explain.seed = seed;
	explain.rows = ROWS - 11; /* drawn */
	explain.individuals = 5;
	explain.metric = HEBB_METRIC_LOSS;
	test_ok(hebb_model_importance(model, table, ROWS, NULL, &explain, &all->importance, &error),
		&error);
	test_ok(hebb_model_dependence(model, table, ROWS, NULL, 3, &explain, &all->dependence,
				      &error),
		&error);
	test_ok(hebb_model_shapley(model, table, ROWS, NULL, 2, rows, &explain, &all->shapley,
				   &error),
		&error);
	test_ok(hebb_model_gradients(model, table, 2, rows, &explain, &all->gradients, &error),
		&error);
}

static void free_all(struct all *all)
{
	hebb_importance_free(&all->importance);
	hebb_dependence_free(&all->dependence);
	hebb_attributions_free(&all->shapley);
	hebb_attributions_free(&all->gradients);
}

static void threads_change_no_bit(void **state)
{
	enum { WIDE = 14, ROWS = 400 };
	hebb_model *model = wide_model(WIDE, 2, HEBB_LINEAR);
	float *x = test_floats(8, (size_t)(ROWS * (WIDE + 2)), -1, 1);
	const hebb_block block = hebb_floats(WIDE + 2, x, NULL);
	hebb_table *table = hebb_table_from_arrays(NULL, ROWS, 1, &block, NULL);
	struct all one, other;

	(void)state;
	explain_all(model, table, 1, 1, &one);
	assert_int_equal(one.importance.rows, ROWS - 11);
	assert_int_equal(one.importance.of, ROWS);
	for (int threads = 2; threads <= 7; threads += 5) {
		explain_all(model, table, threads, 1, &other);
		assert_memory_equal(one.importance.column, other.importance.column,
				    WIDE * sizeof *one.importance.column);
		assert_memory_equal(one.dependence.mean, other.dependence.mean,
				    (size_t)(one.dependence.points * 2) * sizeof(double));
		same(&one.shapley, &other.shapley, 1);
		same(&one.gradients, &other.gradients, 0);
		free_all(&other);
	}
	explain_all(model, table, 1, 2, &other);
	assert_true(one.importance.column[0].drop.mean != other.importance.column[0].drop.mean);
	assert_true(one.shapley.of->value[0] != other.shapley.of->value[0]);
	same(&one.gradients, &other.gradients, 0); /* no chance in them */
	free_all(&other);
	free_all(&one);
	free(x);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* A row is explained alike alone and among others. */
static void rows_stand_alone(void **state)
{
	hebb_model *model = wide_model(13, 3, HEBB_SOFTMAX);
	hebb_table *table = wide_table(150, 13);
	const long long rows[] = {9, 140, 9};
	hebb_attributions many, one;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_shapley(model, table, 150, NULL, 3, rows, NULL, &many, &error), &error);
	test_ok(hebb_model_shapley(model, table, 150, NULL, 1, rows + 1, NULL, &one, &error),
		&error);
	assert_false(many.is_exact);
	assert_memory_equal(many.of[1].value, one.of[0].value, 13 * sizeof(double));
	assert_memory_equal(many.of[0].value, many.of[2].value, 13 * sizeof(double));
	hebb_attributions_free(&many);
	hebb_attributions_free(&one);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* ---- Sizes ---- */

static void many_columns(void **state)
{
	enum { WIDE = 10000, ROWS = 12 };
	hebb_model *model = wide_model(WIDE, 1, HEBB_LINEAR);
	hebb_table *table = wide_table(ROWS, WIDE + 1);
	hebb_explain explain = hebb_explain_default();
	const long long row = 0;
	hebb_importance importance;
	hebb_attributions result;
	hebb_error error;

	(void)state;
	explain.repeats = 1;
	explain.background = 1;
	test_ok(hebb_model_importance(model, table, ROWS, NULL, &explain, &importance, &error),
		&error);
	assert_int_equal(importance.columns, WIDE);
	hebb_importance_free(&importance);
	explain.walks = 1;
	test_ok(hebb_model_shapley(model, table, ROWS, NULL, 1, &row, &explain, &result, &error),
		&error);
	test_near(result.of->gap[0], 0, 1e-9, "gap");
	hebb_attributions_free(&result);
	test_ok(hebb_model_gradients(model, table, 1, &row, &explain, &result, &error), &error);
	hebb_attributions_free(&result);
	hebb_table_free(table);
	hebb_model_free(model);
}

static void many_classes(void **state)
{
	enum { CLASSES = 5000, ROWS = 20 };
	hebb_model *model = wide_model(4, CLASSES, HEBB_SOFTMAX);
	hebb_table *table = wide_table(ROWS, 4);
	const long long row = 0;
	hebb_dependence dependence;
	hebb_attributions result;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_dependence(model, table, ROWS, NULL, 1, NULL, &dependence, &error),
		&error);
	assert_int_equal(dependence.outputs, 10);
	for (int k = 1; k < 10; k++)
		assert_true(dependence.output[k] > dependence.output[k - 1]);
	hebb_dependence_free(&dependence);
	test_ok(hebb_model_shapley(model, table, ROWS, NULL, 1, &row, NULL, &result, &error),
		&error);
	assert_int_equal(result.of->outputs, 1);
	hebb_attributions_free(&result);
	test_ok(hebb_model_gradients(model, table, 1, &row, NULL, &result, &error), &error);
	hebb_attributions_free(&result);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* One column, one row. */
static void smallest(void **state)
{
	hebb_model *model = wide_model(1, 1, HEBB_LINEAR);
	hebb_table *table = wide_table(2, 2), *alone = wide_table(1, 2);
	const long long row = 0;
	hebb_importance importance;
	hebb_dependence dependence;
	hebb_attributions result;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_importance(model, table, 2, NULL, NULL, &importance, &error), &error);
	hebb_importance_free(&importance);
	test_failed(hebb_model_importance(model, alone, 1, NULL, NULL, &importance, &error), &error,
		    HEBB_BAD_ARGUMENT, "one row");
	test_ok(hebb_model_dependence(model, alone, 1, NULL, 0, NULL, &dependence, &error), &error);
	assert_int_equal(dependence.points, 1);
	test_near(dependence.mean[0], dependence.average[0], 1e-6, "mean");
	hebb_dependence_free(&dependence);
	test_ok(hebb_model_shapley(model, table, 2, NULL, 1, &row, NULL, &result, &error), &error);
	assert_true(result.is_exact);
	test_near(result.of->value[0], result.of->answer[0] - result.of->base[0], 1e-12, "value");
	hebb_attributions_free(&result);
	hebb_table_free(alone);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* ---- Bad input ---- */

static void options_have_ranges(void **state)
{
	const struct {
		size_t at;
		int value;
		const char *mentioned;
	} bad[] = {
		{offsetof(hebb_explain, repeats), 0, "repeats"},
		{offsetof(hebb_explain, repeats), 10001, "repeats"},
		{offsetof(hebb_explain, points), 1, "points"},
		{offsetof(hebb_explain, individuals), -1, "individuals"},
		{offsetof(hebb_explain, threads), -1, "threads"},
		{offsetof(hebb_explain, threads), HEBB_MAX_THREADS + 1, "threads"},
		{offsetof(hebb_explain, steps), -1, "steps"},
		{offsetof(hebb_explain, how), HEBB_APPLY_TARGETS, "how"},
		{offsetof(hebb_explain, baseline), 9, "baseline"},
		{offsetof(hebb_explain, outputs), 2, "outputs"},
		{offsetof(hebb_explain, metric), HEBB_METRIC_BALANCED_ACCURACY, "--metric"},
		{offsetof(hebb_explain, metric), HEBB_METRIC_RMSE, "--metric rmse"},
		{offsetof(hebb_explain, metric), 99, "--metric"},
	};
	hebb_model *model = fixture_model(HEBB_CLASSIFICATION);
	hebb_table *table = fixture_table(HEBB_CLASSIFICATION);
	hebb_importance result;
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		hebb_explain explain = hebb_explain_default();

		memcpy((char *)&explain + bad[i].at, &bad[i].value, sizeof bad[i].value);
		test_failed(hebb_model_importance(model, table, EX_ROWS, NULL, &explain, &result,
						  &error),
			    &error, HEBB_BAD_ARGUMENT, bad[i].mentioned);
		assert_null(result.column);
	}
	hebb_table_free(table);
	hebb_model_free(model);
}

static int stop(void *self, double done)
{
	(void)self;
	assert_true(done > 0 && done <= 1);
	return 1;
}

static void bad_arguments(void **state)
{
	hebb_model *model = fixture_model(HEBB_CLASSIFICATION);
	hebb_table *table = fixture_table(HEBB_CLASSIFICATION), *inputs = wide_table(5, EX_INPUTS);
	hebb_explain explain = hebb_explain_default();
	const long long row[] = {-1, EX_ROWS, 0};
	const int output = EX_CLASSES;
	hebb_importance importance;
	hebb_dependence dependence;
	hebb_attributions result;
	hebb_error error;

	(void)state;
	test_failed(hebb_model_importance(NULL, table, 1, NULL, NULL, &importance, &error), &error,
		    HEBB_BAD_ARGUMENT, "model");
	test_failed(hebb_model_importance(model, NULL, 1, NULL, NULL, &importance, &error), &error,
		    HEBB_BAD_ARGUMENT, "table");
	test_failed(hebb_model_importance(model, table, 0, NULL, NULL, &importance, &error), &error,
		    HEBB_BAD_ARGUMENT, "no rows");
	test_failed(hebb_model_importance(model, table, 2, row, NULL, &importance, &error), &error,
		    HEBB_BAD_ARGUMENT, "no row 0");
	test_failed(hebb_model_importance(model, inputs, 5, NULL, NULL, &importance, &error),
		    &error, HEBB_BAD_SHAPE, "target");
	test_failed(hebb_model_dependence(model, table, 9, NULL, -1, NULL, &dependence, &error),
		    &error, HEBB_BAD_ARGUMENT, "column");
	test_failed(
		hebb_model_dependence(model, table, 9, NULL, EX_INPUTS, NULL, &dependence, &error),
		&error, HEBB_BAD_ARGUMENT, "column");
	for (int i = 0; i < 2; i++)
		test_failed(hebb_model_shapley(model, table, EX_ROWS, NULL, 1, row + i, NULL,
					       &result, &error),
			    &error, HEBB_BAD_ARGUMENT, "there is no row");
	test_failed(hebb_model_gradients(model, table, 0, row, NULL, &result, &error), &error,
		    HEBB_BAD_ARGUMENT, "no row");
	explain.outputs = 1;
	explain.output = &output;
	test_failed(hebb_model_gradients(model, table, 1, row + 2, &explain, &result, &error),
		    &error, HEBB_BAD_ARGUMENT, "no output 3");
	explain.outputs = 0;
	explain.progress = stop;
	test_failed(hebb_model_shapley(model, table, EX_ROWS, NULL, 1, row + 2, &explain, &result,
				       &error),
		    &error, HEBB_STOPPED, "stopped");
	test_failed(
		hebb_model_importance(model, table, EX_ROWS, NULL, &explain, &importance, &error),
		&error, HEBB_STOPPED, "stopped");
	/* targets are not needed */
	test_ok(hebb_model_dependence(model, inputs, 5, NULL, 0, NULL, &dependence, &error),
		&error);
	hebb_dependence_free(&dependence);
	test_ok(hebb_model_shapley(model, inputs, 5, NULL, 1, row + 2, NULL, &result, &error),
		&error);
	hebb_attributions_free(&result);
	hebb_table_free(inputs);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* A network that overflows has no answers. */
static void no_answers(void **state)
{
	const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	const double W[] = {FLT_MAX}, b[] = {0};
	const float x[] = {1e30f, 1, 0, 0, 0, 0};
	const hebb_block block = hebb_floats(2, x, NULL);
	const long long row[] = {0, 1, 2};
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_importance importance;
	hebb_dependence dependence;
	hebb_attributions result;
	hebb_error error;

	(void)state;
	set_dense(net, 0, 1, 1, W, b);
	hebb_model *model =
		model_of(net, hebb_coding_plain(HEBB_REGRESSION, 1, 1, NULL), HEBB_SQUARED);
	hebb_table *table = hebb_table_from_arrays(NULL, 3, 1, &block, NULL);

	test_ok(hebb_model_importance(model, table, 3, NULL, NULL, &importance, &error), &error);
	assert_true(importance.score == 0); /* of the two rows with answers */
	hebb_importance_free(&importance);
	test_failed(hebb_model_shapley(model, table, 3, NULL, 1, row, NULL, &result, &error),
		    &error, HEBB_BAD_ARGUMENT, "row 1: the model has no finite output");
	test_failed(hebb_model_shapley(model, table, 3, NULL, 1, row + 1, NULL, &result, &error),
		    &error, HEBB_BAD_ARGUMENT, "background row");
	test_failed(hebb_model_gradients(model, table, 1, row, NULL, &result, &error), &error,
		    HEBB_BAD_ARGUMENT, "no finite output");
	test_ok(hebb_model_dependence(model, table, 3, NULL, 0, NULL, &dependence, &error), &error);
	assert_int_equal(dependence.unanswered, 3);
	assert_true(isnan(dependence.mean[dependence.points - 1]));
	hebb_dependence_free(&dependence);
	test_failed(hebb_model_dependence(model, table, 1, row, 0, NULL, &dependence, &error),
		    &error, HEBB_BAD_ARGUMENT, "no finite output");
	hebb_table_free(table);
	hebb_model_free(model);
}

/* Rows with gaps that the coding drops are left out of means, and cannot be explained singly. */
static void dropped_rows(void **state)
{
	hebb_table *table = mixed_table();
	hebb_model *model = mixed_model(table, HEBB_MISSING_DROP);
	const long long rows[] = {1, 4, 0};
	hebb_importance importance;
	hebb_attributions result;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_importance(model, table, table->rows, NULL, NULL, &importance, &error),
		&error);
	assert_int_equal(importance.rows, table->rows - 4);
	hebb_importance_free(&importance);
	test_failed(
		hebb_model_shapley(model, table, table->rows, NULL, 2, rows, NULL, &result, &error),
		&error, HEBB_BAD_ARGUMENT, "line 6 lacks a value");
	test_failed(hebb_model_gradients(model, table, 1, rows + 2, NULL, &result, &error), &error,
		    HEBB_BAD_ARGUMENT, "line 2 lacks a value");
	test_failed(hebb_model_importance(model, table, 1, rows + 1, NULL, &importance, &error),
		    &error, HEBB_BAD_ARGUMENT, "no row is left");
	hebb_model_free(model);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(importance_is_scikit_learns),
		cmocka_unit_test(scores_are_those_of_an_evaluation),
		cmocka_unit_test(errors_are_in_units),
		cmocka_unit_test(errors_are_in_deviations),
		cmocka_unit_test(columns_stay_whole),
		cmocka_unit_test(dependence_is_scikit_learns),
		cmocka_unit_test(dependence_codes_values),
		cmocka_unit_test(shapley_is_exact),
		cmocka_unit_test(walks_come_near),
		cmocka_unit_test(pairs_of_walks_halve_products),
		cmocka_unit_test(shapley_of_coded_columns),
		cmocka_unit_test(slopes_are_differences),
		cmocka_unit_test(slopes_of_frozen_layers),
		cmocka_unit_test(slopes_need_a_way_there),
		cmocka_unit_test(gradients_add_up),
		cmocka_unit_test(gradients_in_units),
		cmocka_unit_test(gradients_of_a_line),
		cmocka_unit_test(gradients_of_images),
		cmocka_unit_test(black_is_coded),
		cmocka_unit_test(worst_classes),
		cmocka_unit_test(worst_of_all),
		cmocka_unit_test(worst_numbers),
		cmocka_unit_test(threads_change_no_bit),
		cmocka_unit_test(rows_stand_alone),
		cmocka_unit_test(many_columns),
		cmocka_unit_test(many_classes),
		cmocka_unit_test(smallest),
		cmocka_unit_test(options_have_ranges),
		cmocka_unit_test(bad_arguments),
		cmocka_unit_test(no_answers),
		cmocka_unit_test(dropped_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
