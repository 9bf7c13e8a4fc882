/* SPDX-License-Identifier: MIT */
/*
 * test_evaluate.c - scores by hand, and those of the command's `evaluate --json`
 */
#define _POSIX_C_SOURCE 200809L
#include <float.h>
#include "hebb_io.h"
#include "test.h"

/* z = W x without b, so that outputs are given. */
static hebb_net *pass_on(int units, hebb_activation f)
{
	const hebb_layer layer = hebb_dense(units, f);
	hebb_net *net = test_net(units, 1, &layer, 1);
	float *W = test_memory((size_t)units * (size_t)units * sizeof *W);
	float *b = test_memory((size_t)units * sizeof *b);

	for (int i = 0; i < units; i++)
		W[i * units + i] = 1;
	assert_int_equal(hebb_net_set(net, 0, W, b, NULL), HEBB_OK);
	free(W);
	free(b);
	return net;
}

static void near(double value, double expected)
{
	if (!(fabs(value - expected) <= 1e-12 * (1 + fabs(expected))))
		fail_msg("%.17g, not %.17g", value, expected);
}

static void accuracy(void **state)
{
	static const float h[4][3] = {{0, 1, 0}, {2, 1, 2}, {-1, -3, -2}, {5, (float)NAN, 0}};
	static const int label[] = {1, 2, 0, 0}, one[] = {1, 0, 0, 0};
	static const float single[] = {0.75f, 0.5f, 0.51f, INFINITY};

	(void)state;
	near(hebb_accuracy(4, 3, h[0], label), 0.5);
	near(hebb_accuracy(4, 1, single, one), 0.5);
	assert_true(isnan(hebb_accuracy(0, 3, h[0], label)));
}

/* J of one row from its outputs, for every loss and every output that it is defined for, is the
 * reference's, from z. */
static void costs(void **state)
{
	const double x[] = {0.3, -1.7}, zeros[6] = {1, 0, 0, 1};
	const float y[] = {1, 0};
	const double wide_y[] = {1, 0};

	(void)state;
	for (hebb_loss loss = HEBB_SQUARED; hebb_loss_name(loss); loss++)
		for (hebb_activation f = HEBB_LINEAR; hebb_activation_name(f); f++) {
			const hebb_layer layer = hebb_dense(2, f);
			double J, h[2];
			float narrow[2];

			if (!hebb_loss_fits(loss, f)) {
				assert_true(isnan(hebb_cost(loss, f, 2, y, y)));
				continue;
			}
			assert_int_equal(hb_reference(2, 1, &layer, loss, 1, x, wide_y, NULL, zeros,
						      &J, NULL, h, NULL),
					 HEBB_OK);
			narrow[0] = (float)h[0];
			narrow[1] = (float)h[1];
			if (fabs(hebb_cost(loss, f, 2, narrow, y) - J) > 1e-6)
				fail_msg("%s of %s: %.9g, not %.9g", hebb_loss_name(loss),
					 hebb_activation_name(f), hebb_cost(loss, f, 2, narrow, y),
					 J);
		}
	assert_true(isnan(hebb_cost((hebb_loss)0, HEBB_LINEAR, 2, y, y)));
	assert_true(isnan(hebb_cost(HEBB_LOSS_CUSTOM, HEBB_LINEAR, 2, y, y)));
}

/* Where float32 cannot tell h from 0 or 1; far from the target. */
static void costs_at_the_edges(void **state)
{
	static const float zero[] = {0, 1}, one[] = {1, 0}, far[] = {-2, 0.5f};

	(void)state;
	near(hebb_cost(HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, 2, zero, one), -log((double)FLT_MIN));
	near(hebb_cost(HEBB_CROSS_ENTROPY, HEBB_SIGMOID, 2, zero, one),
	     -log((double)FLT_MIN) - log((double)FLT_EPSILON / 4));
	near(hebb_cost(HEBB_POISSON, HEBB_EXP, 2, zero, one), 1 - log((double)FLT_MIN));
	near(hebb_cost(HEBB_HUBER, HEBB_LINEAR, 2, far, one), 2.5 + 0.125);
	near(hebb_cost(HEBB_ABSOLUTE, HEBB_LINEAR, 2, far, one), 3.5);
	near(hebb_cost(HEBB_SQUARED, HEBB_LINEAR, 2, far, one), 4.5 + 0.125);
}

/* Two outputs, weights, units; the third row has no answer. */
static void numbers(void **state)
{
	static const float x[4][2] = {{1, 2}, {3, 4}, {3e38f, 3e38f}, {2, -1}},
			   y[4][2] = {{0, 2}, {4, 8}, {1, 1}, {2, 0}}, weight[4] = {1, 2, 5, 1},
			   unit[2] = {10, 100};
	const hebb_arrays arrays = {.size = sizeof(hebb_arrays),
				    .rows = 4,
				    .inputs = 2,
				    .outputs = 2,
				    .x = x[0],
				    .y = y[0],
				    .weight = weight};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_net *net = pass_on(2, HEBB_LINEAR);
	hebb_evaluation e = hebb_evaluation_default();
	double rmse[2], mae[2], r2[2];
	hebb_error error;

	(void)state;
	e.unit = unit;
	e.rmse_of = rmse;
	e.mae_of = mae;
	e.r2_of = r2;
	test_ok(hebb_evaluate(net, HEBB_SQUARED, &source, &e, &error), &error);
	assert_true(e.rows == 4 && e.answered == 3);
	near(e.loss, (0.5 * 1 + 2 * 0.5 * 17 + 0.5 * 1) / 4);
	near(rmse[0], 10 * sqrt(3.0 / 4));
	near(rmse[1], 100 * sqrt(33.0 / 4));
	near(mae[0], 10 * 3.0 / 4);
	near(mae[1], 100 * 9.0 / 4);
	near(r2[0], 1 - 3.0 / (36 - 100.0 / 4));
	near(r2[1], 1 - 33.0 / (132 - 324.0 / 4));
	near(e.rmse, (rmse[0] + rmse[1]) / 2);
	near(e.mae, (mae[0] + mae[1]) / 2);
	near(e.r2, (r2[0] + r2[1]) / 2);
	assert_true(isnan(e.accuracy));
	hebb_net_free(net);
}

static void classes(void **state)
{
	static const float x[4][3] = {{1, 3, 0}, {3, 1, 1}, {3e38f, -3e38f, 0}, {0, 0, 9}};
	static const int label[] = {1, 2, 0, 2};
	const hebb_arrays arrays = {.size = sizeof(hebb_arrays),
				    .rows = 4,
				    .inputs = 3,
				    .outputs = 3,
				    .x = x[0],
				    .label = label};
	static const float truth[] = {0, 1, 1, 1}, z[] = {-1, 1, -0.5f, 2};
	const hebb_arrays single = {.size = sizeof(hebb_arrays),
				    .rows = 4,
				    .inputs = 1,
				    .outputs = 1,
				    .x = z,
				    .y = truth};
	static const long long expected[9] = {0, 0, 0, 0, 1, 0, 1, 0, 1}, two[4] = {1, 0, 1, 2};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_net *net = pass_on(3, HEBB_LINEAR);
	hebb_evaluation e = hebb_evaluation_default();
	long long confusion[9];
	float huge[9] = {2, 0, 0, 0, 1, 0, 0, 0, 1};
	hebb_error error;

	(void)state;
	e.confusion = confusion;
	test_ok(hebb_net_set(net, 0, huge, NULL, &error), &error); /* 2 x 3e38 is no answer */
	test_ok(hebb_evaluate(net, HEBB_SQUARED, &source, &e, &error), &error);
	assert_memory_equal(confusion, expected, sizeof expected);
	near(e.accuracy, 0.5);
	assert_true(e.answered == 3);
	hebb_net_free(net);

	net = pass_on(1, HEBB_SIGMOID);
	source = hebb_arrays_source(&single);
	test_ok(hebb_evaluate(net, HEBB_CROSS_ENTROPY, &source, &e, &error), &error);
	assert_memory_equal(confusion, two, sizeof two);
	near(e.accuracy, 0.75);
	assert_true(fabs(e.loss - (2 * log1p(exp(-1)) + log1p(exp(0.5)) + log1p(exp(-2))) / 4) <
		    1e-6);
	hebb_net_free(net);
}

static hebb_status broken(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	(void)self, (void)count, (void)index, (void)x, (void)y, (void)weight;
	return hebb_fail(error, HEBB_IO, "the socket is closed");
}

static hebb_status idle(void *self, int count, const long long *index, float *x, float *y,
			float *weight, hebb_error *error)
{
	(void)self, (void)count, (void)index, (void)x, (void)y, (void)weight, (void)error;
	return HEBB_OK;
}

static void refusals(void **state)
{
	static const float x[2][2] = {{1, 2}, {3, 4}}, y[2][2] = {{0, 2}, {(float)NAN, 8}};
	const hebb_arrays arrays = {.size = sizeof(hebb_arrays),
				    .rows = 2,
				    .inputs = 2,
				    .outputs = 2,
				    .x = x[0],
				    .y = y[0]};
	hebb_source source = hebb_arrays_source(&arrays), other;
	hebb_net *net = pass_on(2, HEBB_LINEAR);
	hebb_evaluation e = hebb_evaluation_default(), odd = {.size = sizeof(size_t)};
	hebb_error error;

	(void)state;
	e.loss = 77;
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &source, &e, &error), &error,
		    HEBB_BAD_ARGUMENT, "row 1");
	test_failed(hebb_evaluate(NULL, HEBB_SQUARED, &source, &e, &error), &error,
		    HEBB_BAD_ARGUMENT, "network");
	test_failed(hebb_evaluate(net, HEBB_SQUARED, NULL, &e, &error), &error, HEBB_BAD_ARGUMENT,
		    "source");
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &source, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "evaluation");
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &source, &odd, &error), &error,
		    HEBB_BAD_ARGUMENT, "size");
	test_failed(hebb_evaluate(net, HEBB_CROSS_ENTROPY, &source, &e, &error), &error,
		    HEBB_BAD_SHAPE, "cross-entropy");
	other = source;
	other.gather = NULL;
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &other, &e, &error), &error, HEBB_BAD_ARGUMENT,
		    "gather");
	other.gather = broken;
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &other, &e, &error), &error, HEBB_IO,
		    "socket");
	other.gather = idle;
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &other, &e, &error), &error, HEBB_BAD_ARGUMENT,
		    "unset");
	other = source;
	other.rows = 0;
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &other, &e, &error), &error, HEBB_BAD_ARGUMENT,
		    "no rows");
	other.rows = 2;
	other.inputs = 3;
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &other, &e, &error), &error, HEBB_BAD_SHAPE,
		    "3 inputs");
	assert_true(e.loss == 77);
	hebb_net_free(net);
}

/* ---- The command's ---- */

/* What the command prints, on standard output. */
static char *output_of(const char *command)
{
	enum { MOST = 1 << 20 };
	char *text = test_memory(MOST);
	FILE *pipe = popen(command, "r");
	size_t size;

	assert_non_null(pipe);
	size = fread(text, 1, MOST - 1, pipe);
	text[size] = 0;
	if (pclose(pipe) != 0)
		fail_msg("failed: %s", command);
	return text;
}

/* The first number of a name behind `text`; NaN if it is null. */
static double number_in(const char *text, const char *name)
{
	char key[64];
	double value = NAN;

	snprintf(key, sizeof key, "\"%s\": ", name);
	text = strstr(text, key);
	if (!text)
		fail_msg("no %s", name);
	sscanf(text + strlen(key), "%lf", &value);
	return value;
}

static void agree(double value, const char *json, const char *name)
{
	double expected = number_in(json, name);

	if (!(fabs(value - expected) <= 1e-9 * (1 + fabs(expected))))
		fail_msg("%s: %.12g, the command has %.12g", name, value, expected);
}

static void compare_classes(const hebb_evaluation *e, int count, const char *json)
{
	const char *at = strstr(json, "\"confusion\": [");

	agree(e->accuracy, json, "accuracy");
	assert_true(isnan(e->rmse) && isnan(e->mae) && isnan(e->r2));
	assert_non_null(at);
	at += strlen("\"confusion\": [");
	for (int i = 0; i < count * count; i++) {
		char *end;

		at += strspn(at, "[], ");
		assert_true(strtoll(at, &end, 10) == e->confusion[i]);
		at = end;
	}
}

static void compare_numbers(const hebb_evaluation *e, int count, const char *json)
{
	const char *at = strstr(json, "\"targets\": [");

	agree(e->rmse, json, "rmse");
	agree(e->mae, json, "mae");
	agree(e->r2, json, "r2");
	assert_true(isnan(e->accuracy));
	for (int i = 0; i < count && at; i++) {
		at = strstr(at + 1, "\"name\"");
		agree(e->rmse_of[i], at, "rmse");
		agree(e->mae_of[i], at, "mae");
		agree(e->r2_of[i], at, "r2");
	}
}

/* Trains by the command, and compares its scores of the whole data with the library's. */
static void compare(const char *data, const char *options)
{
	static const char model_path[] = "evaluated.onnx";
	long long confusion[10 * 10];
	double numbers_of[3][10];
	char command[512];
	hebb_evaluation e = hebb_evaluation_default();
	hebb_error error;

	snprintf(command, sizeof command, "'" HEBB_COMMAND "' train %s -q -e 3 %s --force -o %s",
		 data, options, model_path);
	free(output_of(command));
	snprintf(command, sizeof command, "'" HEBB_COMMAND "' evaluate %s %s --json 2>/dev/null",
		 model_path, data);
	char *json = output_of(command);
	hebb_model *model = hebb_model_read(model_path, &error);
	hebb_table *table = hebb_table_read(data, HEBB_HEADER_AUTO, &error);
	int classes_too = model->coding->task == HEBB_CLASSIFICATION;
	e.confusion = classes_too ? confusion : NULL;
	e.rmse_of = numbers_of[0];
	e.mae_of = numbers_of[1];
	e.r2_of = numbers_of[2];
	test_ok(hebb_model_evaluate(model, table, table->rows, NULL, &e, &error), &error);
	agree((double)e.rows, json, "rows");
	if (e.answered < e.rows)
		agree((double)(e.rows - e.answered), json, "rows_without_answer");
	agree(e.loss, json, "loss");
	(classes_too ? compare_classes : compare_numbers)(&e, model->coding->outputs, json);
	hebb_table_free(table);
	hebb_model_free(model);
	free(json);
	remove(model_path);
}

static void write_table(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("a,b,color,y,z\n", file);
	for (int i = 0; i < 90; i++) {
		fprintf(file, "%d,", i * 37 % 101);
		if (i % 10)
			fprintf(file, "%d", i * 53 % 97);
		fprintf(file, ",%s,%d,%d\n", i % 3 ? i % 2 ? "red" : "blue" : "green", i * i % 31,
			i % 7);
	}
	fclose(file);
}

static void like_the_command(void **state)
{
	static const char *const
		of_digits[] = {"", "--loss squared", "--output sigmoid"},
		*const of_table[] = {
			"--target y,z --missing mean", "--target color --missing drop",
			"--target y --task regression --missing drop --loss huber",
			"--target y --task regression --loss absolute --missing mean",
			"--target y --task regression --loss poisson --output exp --missing mean"};
	static const char path[] = "evaluated.csv";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(of_digits); i++)
		compare("digits", of_digits[i]);
	write_table(path);
	for (size_t i = 0; i < COUNT_OF(of_table); i++)
		compare(path, of_table[i]);
	remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(costs),
		cmocka_unit_test(costs_at_the_edges),
		cmocka_unit_test(accuracy),
		cmocka_unit_test(numbers),
		cmocka_unit_test(classes),
		cmocka_unit_test(refusals),
		cmocka_unit_test(like_the_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
