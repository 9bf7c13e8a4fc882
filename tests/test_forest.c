/* SPDX-License-Identifier: MIT */
/*
 * test_forest.c - the small forest that the doctor compares networks with: what trees find, it
 * finds
 */
#include "test.h"

#include "../src/study/forest.h"

enum { ROWS = 400, TESTS = 200, INPUTS = 3 };

static float x[ROWS][INPUTS], test_x[TESTS][INPUTS], y[ROWS][2], test_y[TESTS][2], h[TESTS][2];
static const float *rows[ROWS];

/* Two inputs decide by thresholds, as in XOR; the third is noise. */
static void decide(const float *from, int is_class, float *to)
{
	int is = (from[0] > 0.3F) != (from[1] > 0.6F);

	to[0] = is_class ? (float)is : (float)is * 10 - 5;
	to[1] = is_class ? (float)!is : from[0] > 0.5F ? 100 : 0;
}

static struct hb_forest make(int is_class)
{
	float *drawn = test_floats(7, (ROWS + TESTS) * INPUTS, 0, 1);

	memcpy(x, drawn, sizeof x);
	memcpy(test_x, drawn + ROWS * INPUTS, sizeof test_x);
	free(drawn);
	for (int i = 0; i < ROWS; i++) {
		decide(x[i], is_class, y[i]);
		rows[i] = y[i];
	}
	for (int i = 0; i < TESTS; i++)
		decide(test_x[i], is_class, test_y[i]);
	return (struct hb_forest){.task = is_class ? HEBB_CLASSIFICATION : HEBB_REGRESSION,
				  .inputs = INPUTS,
				  .outputs = 2,
				  .train_rows = ROWS,
				  .test_rows = TESTS,
				  .x = x[0],
				  .y = rows,
				  .test_x = test_x[0]};
}

static void classes(void **state)
{
	struct hb_forest forest = make(1);
	int right = 0;

	(void)state;
	assert_int_equal(hb_forest_answer(&forest, h[0]), HEBB_OK);
	for (int i = 0; i < TESTS; i++) {
		assert_true(fabsf(h[i][0] + h[i][1] - 1) < 1e-5F && h[i][0] >= 0 && h[i][1] >= 0);
		right += (h[i][0] > h[i][1]) == (test_y[i][0] > test_y[i][1]);
	}
	assert_true(right > 0.95 * TESTS);
}

/* Both targets, one with gaps, far better than their means. */
static void numbers(void **state)
{
	struct hb_forest forest = make(0);

	(void)state;
	assert_int_equal(hb_forest_answer(&forest, h[0]), HEBB_OK);
	for (int k = 0; k < 2; k++) {
		double off = 0, spread = 0, mean = 0;

		for (int i = 0; i < TESTS; i++)
			mean += (double)test_y[i][k] / TESTS;
		for (int i = 0; i < TESTS; i++) {
			off += pow((double)h[i][k] - (double)test_y[i][k], 2);
			spread += pow((double)test_y[i][k] - mean, 2);
		}
		assert_true(off < 0.2 * spread);
	}
}

/* The same answers again; a target that never changes; inputs that never change; two rows. */
static void edges(void **state)
{
	struct hb_forest forest = make(0);
	float again[TESTS][2];

	(void)state;
	assert_int_equal(hb_forest_answer(&forest, h[0]), HEBB_OK);
	assert_int_equal(hb_forest_answer(&forest, again[0]), HEBB_OK);
	assert_memory_equal(h, again, sizeof h);
	for (int i = 0; i < ROWS; i++)
		y[i][0] = 3;
	assert_int_equal(hb_forest_answer(&forest, h[0]), HEBB_OK);
	for (int i = 0; i < TESTS; i++)
		assert_true(fabsf(h[i][0] - 3) < 1e-4F);
	memset(x, 0, sizeof x);
	y[0][1] = NAN;
	assert_int_equal(hb_forest_answer(&forest, h[0]), HEBB_OK);
	for (int i = 1; i < TESTS; i++)
		assert_true(h[i][1] == h[0][1] && isfinite(h[i][1]));
	forest.train_rows = 2;
	assert_int_equal(hb_forest_answer(&forest, h[0]), HEBB_OK);
	assert_true(isfinite(h[0][0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(classes), cmocka_unit_test(numbers),
					   cmocka_unit_test(edges)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
