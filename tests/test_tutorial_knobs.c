/* SPDX-License-Identifier: MIT */
/*
 * test_tutorial_knobs.c - the tutorial with the reader's own numbers, and its exercises
 *
 * What `hebb tutorial --json` prints is compared with the same computed here, from the formulas,
 * without the library.
 */
#define _POSIX_C_SOURCE 200809L

#include <jansson.h>
#include <stdio.h>
#include <unistd.h>
#include "test.h"

/* The object of one section. */
static json_t *tell(const char *section, const char *options)
{
	char line[512];
	json_error_t error;

	snprintf(line, sizeof line, "'%s' tutorial %s %s --json --quiet", HEBB_COMMAND, section,
		 options);
	FILE *pipe = popen(line, "r");
	assert_non_null(pipe);
	json_t *all = json_loadf(pipe, 0, &error);
	assert_int_equal(pclose(pipe), 0);
	if (!all)
		fail_msg("%s: %s", line, error.text);
	json_t *one = json_incref(json_object_get(all, section));
	json_decref(all);
	assert_non_null(one);
	return one;
}

/* The number of a key; its element if index is not negative. */
static double value_of(const json_t *section, const char *key, int index)
{
	const json_t *value = json_object_get(section, key);

	if (index >= 0)
		value = json_array_get(value, (size_t)index);
	if (!json_is_number(value))
		fail_msg("%s %d is no number", key, index);
	return json_number_value(value);
}

static double sigmoid(double z)
{
	return 1 / (1 + exp(-z));
}

/* ---- Chapters 1 and 2 ---- */

static void node(void **state)
{
	json_t *s = tell("2.2", "-x 1,-2 -w 0.5,0.25 -b 0.1");

	(void)state;
	test_near(value_of(s, "z", -1), 0.1, 1e-15, "z");
	test_near(value_of(s, "h", -1), sigmoid(0.1), 1e-14, "h");
	test_near(value_of(s, "products", 1), -0.5, 1e-15, "products");
	json_t *knobs = json_object_get(s, "knobs");
	test_near(value_of(knobs, "x", 1), -2, 0, "the knob x");
	test_near(value_of(knobs, "b", 0), 0.1, 0, "the knob b");
	json_decref(s);
}

static void bias(void **state)
{
	static const double w[] = {3, -2, 0.001, -0.5}, b[] = {-8, 5, 900, -700};

	(void)state;
	for (int k = 0; k < 4; k++) {
		char options[64];

		snprintf(options, sizeof options, "-w %g -b %g", w[k], b[k]);
		json_t *s = tell("2.3", options);
		test_near(value_of(s, "switches_at", 0), -b[k] / w[k], 1e-8 * fabs(b[k] / w[k]),
			  options);
		test_near(value_of(s, "h_at_1", 0), sigmoid(w[k]), 1e-14, options);
		json_decref(s);
	}
	json_t *s = tell("2.3", "-w 0");
	assert_true(json_is_null(json_array_get(json_object_get(s, "switches_at"), 0)));
	json_decref(s);
}

static void small_sections(void **state)
{
	json_t *s = tell("2.1", "-x 0.5,-3");

	(void)state;
	test_near(value_of(s, "f", 1), sigmoid(-3), 1e-15, "f");
	test_near(value_of(s, "f_derivative", 0), sigmoid(0.5) * (1 - sigmoid(0.5)), 1e-14, "f'");
	json_decref(s);
	s = tell("2.4", "--sizes 2,3,4,1");
	test_near(value_of(s, "weights", -1), 2 * 3 + 3 * 4 + 4, 0, "weights");
	test_near(value_of(s, "parameters", -1), 22 + 8, 0, "parameters");
	json_decref(s);
	s = tell("2.5", "-x 4,5,6 --change -0.5");
	test_near(value_of(s, "moving_w21", 1), -2, 1e-12, "w21 moves z2");
	test_near(value_of(s, "moving_w21", 0), 0, 0, "and not z1");
	json_decref(s);
}

/* ---- Own values ---- */

enum { INPUTS = 2, HIDDEN = 3, OUTPUTS = 2, ROWS = 2 };

/* A 2-3-2 network, in which all numbers differ, and two pairs. */
static const double x[ROWS][INPUTS] = {{1, 2}, {-0.5, 0.75}};
static const double y[ROWS][OUTPUTS] = {{1, 0}, {0.25, 1}};
static const double W1[HIDDEN][INPUTS] = {{0.1, 0.2}, {0.3, 0.4}, {0.25, -0.6}};
static const double b1[HIDDEN] = {0.1, 0.2, 0.3};
static const double W2[OUTPUTS][HIDDEN] = {{1, -1, 0.5}, {2, 0.75, 1}};
static const double b2[OUTPUTS] = {0.1, 0.2};
static char path[] = "/tmp/hebb-values-XXXXXX";

static const char text[] = "# a network\n"
			   "x = 1, 2\n    -0.5 0.75 # the second pair\n"
			   "y = 1 0\n 0.25 1\r\n"
			   "W1 = 0.1 0.2\n\n 0.3 0.4\n 0.25 -0.6\n"
			   "b1 = 0.1 0.2 0.3\n"
			   "W2=1 -1 0.5\n 2,0.75,1\n"
			   "b2 =0.1;0.2";

static int write_values(void **state)
{
	int file = mkstemp(path);

	(void)state;
	return file < 0 || write(file, text, sizeof text - 1) != (long)sizeof text - 1 ||
	       close(file) != 0;
}

static int remove_values(void **state)
{
	(void)state;
	return unlink(path);
}

typedef struct result {
	double h[HIDDEN], out[OUTPUTS], d2[OUTPUTS], d1[HIDDEN], J;
} result;

static result compute(int row)
{
	result r = {.J = 0};

	for (int i = 0; i < HIDDEN; i++)
		r.h[i] = sigmoid(W1[i][0] * x[row][0] + W1[i][1] * x[row][1] + b1[i]);
	for (int i = 0; i < OUTPUTS; i++) {
		double z = b2[i];

		for (int j = 0; j < HIDDEN; j++)
			z += W2[i][j] * r.h[j];
		r.out[i] = sigmoid(z);
		r.d2[i] = -(y[row][i] - r.out[i]) * r.out[i] * (1 - r.out[i]);
		r.J += pow(y[row][i] - r.out[i], 2) / 2;
	}
	for (int j = 0; j < HIDDEN; j++)
		r.d1[j] = (W2[0][j] * r.d2[0] + W2[1][j] * r.d2[1]) * r.h[j] * (1 - r.h[j]);
	return r;
}

static json_t *tell_own(const char *section, const char *more)
{
	char options[128];

	snprintf(options, sizeof options, "--values %s %s", path, more);
	return tell(section, options);
}

static void own_forward(void **state)
{
	static const char *const sections[] = {"3.1", "3.2", "3.4"};
	result r = compute(0);

	(void)state;
	for (int k = 0; k < 3; k++) {
		json_t *s = tell_own(sections[k], "");

		for (int i = 0; i < OUTPUTS; i++)
			test_near(value_of(s, "outputs", i), r.out[i], 1e-14, sections[k]);
		json_decref(s);
	}
	json_t *s = tell_own("3.5", "");
	test_near(value_of(s, "output_matrix", -1), r.out[0], 1e-14, "3.5");
	test_near(value_of(s, "output_engine", -1), r.out[0], 1e-6, "3.5 in float32");
	json_decref(s);
	s = tell_own("3.1", "-x -0.5,0.75");
	test_near(value_of(s, "outputs", 1), compute(1).out[1], 1e-14, "-x beside --values");
	json_decref(s);
}

static void own_cost(void **state)
{
	json_t *s = tell_own("4.2", "");
	double J = (compute(0).J + compute(1).J) / 2;

	(void)state;
	test_near(value_of(s, "J", -1), J, 1e-14, "4.2");
	test_near(value_of(s, "J_of_first_pair", -1), compute(0).J, 1e-14, "4.2, first");
	json_decref(s);
	s = tell_own("4.3", "--rate 0.001");
	test_near(value_of(s, "J_before", -1), J, 1e-6, "4.3");
	test_near(value_of(s, "J_falls_by", 0), 0.001 * value_of(s, "gradient_squared", -1), 1e-6,
		  "4.3: what the slope says");
	json_decref(s);
	s = tell_own("4.8", "--rate 0.5");
	result a = compute(0), b = compute(1);
	double sum = a.h[1] * a.d2[0] + b.h[1] * b.d2[0];
	test_near(value_of(s, "sum_W2", 1), sum, 1e-14, "4.8, sum");
	test_near(value_of(s, "W2", 1), W2[0][1] - 0.5 * sum / 2, 1e-14, "4.8, moved");
	test_near(value_of(s, "J_before", -1), J, 1e-14, "4.8, J");
	json_decref(s);
}

static void own_backward(void **state)
{
	static const char *const sections[] = {"4.6", "4.7"};
	result r = compute(0);

	(void)state;
	for (int k = 0; k < 2; k++) {
		json_t *s = tell_own(sections[k], "");
		int at = 0;

		for (int i = 0; i < HIDDEN; i++)
			for (int j = 0; j < INPUTS; j++)
				test_near(value_of(s, "gradient", at++), x[0][j] * r.d1[i], 1e-14,
					  sections[k]);
		for (int i = 0; i < HIDDEN; i++)
			test_near(value_of(s, "gradient", at++), r.d1[i], 1e-14, sections[k]);
		for (int i = 0; i < OUTPUTS; i++)
			for (int j = 0; j < HIDDEN; j++)
				test_near(value_of(s, "gradient", at++), r.h[j] * r.d2[i], 1e-14,
					  sections[k]);
		assert_true(value_of(s, "largest_difference", -1) < 1e-9);
		json_decref(s);
	}
	json_t *s = tell_own("4.5", "");
	test_near(value_of(s, "delta", -1), r.d2[0], 1e-14, "4.5");
	test_near(value_of(s, "dz_dw12", -1), r.h[1], 1e-14, "4.5");
	json_decref(s);
	s = tell("4.5", "-x 0,0,0 -y 1");
	double h = sigmoid(1.5 * sigmoid(0.8) + 0.2);
	test_near(value_of(s, "delta", -1), -(1 - h) * h * (1 - h), 1e-14, "4.5 with -x and -y");
	json_decref(s);
}

/* ---- Chapter 4: descents ---- */

static void descent(void **state)
{
	double at = 3, step;
	int updates = 0;

	(void)state;
	do {
		step = -0.02 * (4 * pow(at, 3) - 9 * pow(at, 2));
		at += step;
		updates++;
	} while (fabs(step) > 1e-7);
	json_t *s = tell("4.1", "--rate 0.02 --start 3 --precision 1e-7");
	test_near(value_of(s, "minimum", -1), at, 1e-12, "minimum");
	assert_int_equal(value_of(s, "updates", -1), updates);
	json_decref(s);
	static const char *const lost[] = {"--rate 0.1", "--rate 1e6", "--start 1000",
					   "--start -1000"};
	for (int k = 0; k < 4; k++) {
		s = tell("4.1", lost[k]);
		assert_int_equal(value_of(s, "diverged", -1), 1);
		assert_true(value_of(s, "updates", -1) < 10);
		json_decref(s);
	}
	s = tell("4.1", "--rate 0.1 --start 2 --iterations 50");
	assert_int_equal(value_of(s, "not_settled", -1), 1);
	assert_int_equal(value_of(s, "updates", -1), 50);
	json_decref(s);
}

/* The rate in the sentence is where the descent changes from settling to diverging. */
static void limit_of_rate(void **state)
{
	json_t *s = tell("4.4", "--rate 0.1");
	double most = value_of(s, "largest_rate", -1);
	char options[64];

	(void)state;
	json_decref(s);
	snprintf(options, sizeof options, "--rate %.6f --iterations 1000", 0.99 * most);
	s = tell("4.4", options);
	assert_null(json_object_get(s, "diverged"));
	test_near(value_of(s, "w", -1), 0.6, 1e-3, "settles");
	json_decref(s);
	snprintf(options, sizeof options, "--rate %.6f --iterations 1000", 1.02 * most);
	s = tell("4.4", options);
	assert_non_null(json_object_get(s, "diverged"));
	json_decref(s);
	s = tell("4.4", "--rate 0.3 --start 1,1 --iterations 1");
	/* The slopes at (1, 1): the errors are -0.2, 0.6, 0.4, 1.2. */
	test_near(value_of(s, "w", -1), 1 - 0.3 * (0.6 + 0.8 + 3.6) / 4, 1e-12, "one update of w");
	test_near(value_of(s, "b", -1), 1 - 0.3 * 2.0 / 4, 1e-12, "one update of b");
	json_decref(s);
}

static void iterations(void **state)
{
	json_t *s = tell("4.9", "--rate 2 --iterations 500");

	(void)state;
	assert_int_equal(value_of(s, "iterations", -1), 500);
	assert_true(value_of(s, "J_at_end", -1) < value_of(s, "J_at_start", -1));
	json_decref(s);
	s = tell("4.9", "-a linear --rate 1e6");
	assert_int_equal(value_of(s, "diverged", -1), 1);
	json_decref(s);
}

static void chapter_5(void **state)
{
	json_t *s = tell("5.2", "--test 0.25");

	(void)state;
	assert_int_equal(value_of(s, "test_rows", -1), 450);
	json_decref(s);
	s = tell("5.4", "--hidden 5 --iterations 20 --rate 0.5");
	assert_int_equal(value_of(s, "parameters", -1), 64 * 5 + 5 + 5 * 10 + 10);
	assert_int_equal(value_of(s, "iterations", -1), 20);
	test_near(value_of(s, "rate", -1), 0.5, 0, "rate");
	json_decref(s);
}

/* ---- Exercises ---- */

static void check_answer(const char *section, int exercise, int n, const double *expected)
{
	json_t *s = tell(section, section[0] == '7' ? "--repeat 1" : "");
	const json_t *one = json_array_get(json_object_get(s, "exercises"), (size_t)exercise);

	for (int k = 0; k < n; k++)
		test_near(value_of(one, "values", k), expected[k], 1e-9 * (1 + fabs(expected[k])),
			  section);
	assert_int_equal(json_array_size(json_object_get(one, "values")), n);
	assert_null(strchr(json_string_value(json_object_get(one, "answer")), '#'));
	json_decref(s);
}

#define ANSWER(section, exercise, ...) \
	check_answer(section, exercise, sizeof(double[]){__VA_ARGS__} / sizeof(double), \
		     (double[]){__VA_ARGS__})

static void exercises(void **state)
{
	double h0 = sigmoid(0.8), h1 = sigmoid(2.1), h2 = sigmoid(3.4), h3 = sigmoid(4.7);
	double out = sigmoid(0.5 * (h1 + h2 + h3) + 0.2), d = -(1 - out) * out * (1 - out);
	double half = (1 + sqrt(0.5)) / 2; /* f where f (1 - f) = 1/8 */

	(void)state;
	ANSWER("1", 0, 90, 100 * sqrt(0.9 * 0.1 / 40));
	ANSWER("2.1", 0, 0.5, sigmoid(2), sigmoid(-2), 1);
	ANSWER("2.1", 1, log(half / (1 - half)), half);
	ANSWER("2.2", 0, 0.1, sigmoid(0.1));
	ANSWER("2.3", 0, -5, sigmoid(2.5));
	ANSWER("2.4", 0, 2260, 79510);
	ANSWER("2.5", 0, 30, 64, 1920);
	ANSWER("3.1", 0, h0, sigmoid(1.5 * h0 + 0.2));
	ANSWER("3.2", 0, 12, 2220);
	ANSWER("3.3", 0, 1.75, 21, 12);
	ANSWER("3.4", 0, 1.5 * h0 + 0.2);
	ANSWER("3.5", 0, 10000, 15500);
	ANSWER("4.1", 0, -5, 1.05, 1.05 * 1.05 * 1.05 * (1.05 - 3) + 2);
	ANSWER("4.1", 1, 20.25, 2 / 20.25);
	ANSWER("4.2", 0, 0.02, 4);
	ANSWER("4.3", 0, 0.00047);
	ANSWER("4.4", 0, 0.5, 1, 0);
	ANSWER("4.5", 0, d, d * h2);
	ANSWER("4.6", 0, d * 0.5 * h1 * (1 - h1), 1.5 * d * 0.5 * h1 * (1 - h1));
	ANSWER("4.7", 0, 3, 4, 12);
	ANSWER("4.8", 0, 0.2, -0.05);
	ANSWER("4.9", 0, 24000, 3000);
	ANSWER("5.1", 0, -2, 2);
	ANSWER("5.2", 0, 450, 1347);
	ANSWER("5.3", 0, 0.9, 0.45);
	ANSWER("5.4", 0, sqrt(0.9));
	ANSWER("5.5", 0, 100 * sqrt(0.87 * 0.13 / 719), 196 * sqrt(0.87 * 0.13 / 719));
	ANSWER("6", 0, sqrt(6 / 94.0), sqrt(6 / 40.0));
	ANSWER("7.1", 0, 15.5, sigmoid(15.5) * sigmoid(-15.5));
	ANSWER("7.2", 0, 1 / 3.0, log(3));
	ANSWER("7.3", 0, 1700, 34, 50);
	ANSWER("7.4", 0, 1e-4 / 0.00100001, 0.1);
	ANSWER("7.5", 0, 1 / 1024.0, 1 / 1048576.0);
	ANSWER("7.6", 0, 240, 1.25);
	ANSWER("7.7", 0, 12.3 / 1.4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(node),           cmocka_unit_test(bias),
		cmocka_unit_test(small_sections), cmocka_unit_test(own_forward),
		cmocka_unit_test(own_cost),       cmocka_unit_test(own_backward),
		cmocka_unit_test(descent),        cmocka_unit_test(limit_of_rate),
		cmocka_unit_test(iterations),     cmocka_unit_test(chapter_5),
		cmocka_unit_test(exercises),
	};

	return cmocka_run_group_tests(tests, write_values, remove_values);
}
