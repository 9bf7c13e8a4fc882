/* SPDX-License-Identifier: MIT */
/*
 * test_metrics.c - metrics of a classifier and class weights equal scikit-learn's, and their edges
 *
 * The numbers are in fixtures/sklearn.h, with the script that made them.
 */
#include "study/metrics.h"
#include "study/weighted.h"
#include "test.h"
#include "fixtures/sklearn.h"

/* Where there is nothing to divide by, scikit-learn says 0. */
static void same(double value, double expected, const char *what)
{
	test_near(isnan(value) ? 0 : value, expected, 1e-12, what);
}

static void equal_sklearn(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sklearn_cases); i++) {
		const struct sklearn_case *c = &sklearn_cases[i];
		hebb_class_score each[SKLEARN_CLASSES];
		hebb_class_metrics all;

		assert_true(hb_metrics_of(c->rows, c->classes, c->p, c->truth, 1, &all, each));
		same(all.balanced_accuracy, c->all.balanced_accuracy, c->name);
		same(all.precision, c->all.precision, c->name);
		same(all.recall, c->all.recall, c->name);
		same(all.f1, c->all.f1, c->name);
		same(all.roc_auc, c->all.roc_auc, c->name);
		same(all.log_loss, c->all.log_loss, c->name);
		same(all.ece, c->all.ece, c->name);
		for (int k = 0; k < c->classes; k++) {
			same(each[k].precision, c->precision[k], c->name);
			same(each[k].recall, c->recall[k], c->name);
			same(each[k].f1, c->f1[k], c->name);
		}
	}
}

/* Targets of a dataset: one-hot. */
static hebb_dataset dataset_of(const struct sklearn_case *c, float *y)
{
	for (int row = 0; row < c->rows; row++)
		for (int k = 0; k < c->classes; k++)
			y[row * c->classes + k] = c->truth[row] == k;
	return (hebb_dataset){.rows = c->rows, .outputs = c->classes, .y = y};
}

static void weights_equal_sklearn(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sklearn_cases); i++) {
		const struct sklearn_case *c = &sklearn_cases[i];
		float y[SKLEARN_ROWS * SKLEARN_CLASSES];
		double weight[SKLEARN_CLASSES];
		hebb_dataset data = dataset_of(c, y);

		hebb_balanced_weights(&data, weight);
		for (int k = 0; k < c->classes; k++)
			test_near(weight[k], c->weight[k], 1e-12, c->name);
	}
}

/* A source gives each row the weight of its class, and leaves the rest as it is. */
static void a_row_weighs_what_its_class_weighs(void **state)
{
	float x[] = {10, 20, 30, 40}, y[] = {1, 0, 0, 1, 1, 0, 1, 0};
	float got_x[2], got_y[4], weight[2] = {1, 1};
	const long long index[] = {3, 1};
	hebb_dataset data = {.rows = 4, .inputs = 1, .outputs = 2, .x = x, .y = y};
	hb_weighted rows;
	hebb_source source;

	(void)state;
	assert_true(hb_weighted_open(&data, hebb_dataset_source(&data), 1, NULL, -1, &rows));
	source = hb_weighted_source(&rows);
	assert_int_equal(source.rows, 4);
	assert_int_equal(source.gather(source.self, 2, index, got_x, got_y, weight, NULL), HEBB_OK);
	test_near(got_x[0], 40, 0, "x");
	test_near(got_y[3], 1, 0, "y");
	test_near(weight[0], 4.0 / (2 * 3), 1e-7, "three rows of four");
	test_near(weight[1], 4.0 / (2 * 1), 1e-7, "one row of four");
	hb_weighted_close(&rows);
}

static void perfect_and_useless(void **state)
{
	const float right[] = {1, 0, 0, 1, 1, 0}, same_p[] = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
	const float wrong[] = {0, 1, 1, 0, 0, 1};
	const int truth[] = {0, 1, 0};
	hebb_class_score each[2];
	hebb_class_metrics all;

	(void)state;
	assert_true(hb_metrics_of(3, 2, right, truth, 1, &all, each));
	test_near(all.roc_auc, 1, 0, "AUC");
	test_near(all.f1, 1, 0, "F1");
	test_near(all.log_loss, 0, 0, "log loss");
	test_near(all.ece, 0, 0, "ECE");
	assert_true(hb_metrics_of(3, 2, same_p, truth, 1, &all, each));
	test_near(all.roc_auc, 0.5, 0, "AUC of ties");
	test_near(all.log_loss, log(2), 1e-15, "log loss of a half");
	test_near(all.ece, 2.0 / 3 - 0.5, 1e-15, "ECE of a half");
	assert_true(hb_metrics_of(3, 2, wrong, truth, 1, &all, each));
	test_near(all.roc_auc, 0, 0, "AUC of the opposite");
	test_near(all.balanced_accuracy, 0, 0, "nothing right");
	test_near(all.ece, 1, 0, "sure and wrong");
	assert_true(all.log_loss > 80 && all.log_loss < 100); /* - log FLT_MIN = 87.3 */
}

/* One class alone: what needs another is not a number, the rest is. */
static void one_class_alone(void **state)
{
	const float p[] = {0.75f, 0.25f, 0.25f, 0.75f};
	const int truth[] = {0, 0};
	hebb_class_score each[2];
	hebb_class_metrics all;

	(void)state;
	assert_true(hb_metrics_of(2, 2, p, truth, 1, &all, each));
	assert_true(isnan(all.roc_auc));
	test_near(all.balanced_accuracy, 0.5, 0, "balanced accuracy");
	test_near(all.f1, (2.0 / 3 + 0) / 2, 1e-15, "macro F1");
	assert_true(isnan(each[1].recall));
	test_near(each[1].precision, 0, 0, "precision of a class without rows");
	assert_true(hb_metrics_of(1, 2, p, truth, 0, &all, each));
	assert_true(isnan(all.log_loss) && isnan(all.ece));
	test_near(all.f1, 1, 0, "F1 over the one class there is");
	assert_true(isnan(each[1].precision) && isnan(each[1].f1));
}

/* A row without an answer is one of its class, predicted as none, and in no mean of
 * probabilities. */
static void rows_without_an_answer(void **state)
{
	const float p[] = {NAN, NAN, 0.5f, 0.5f, NAN, NAN, 0.25f, 0.75f};
	const int truth[] = {0, 0, 1, 1}, rest[] = {0, 1};
	const float others[] = {0.5f, 0.5f, 0.25f, 0.75f};
	hebb_class_score each[2], each_other[2];
	hebb_class_metrics all, other;

	(void)state;
	assert_true(hb_metrics_of(4, 2, p, truth, 1, &all, each));
	assert_true(hb_metrics_of(2, 2, others, rest, 1, &other, each_other));
	assert_true(all.log_loss == other.log_loss && all.ece == other.ece);
	assert_true(all.roc_auc == other.roc_auc && !isnan(all.roc_auc));
	for (int k = 0; k < 2; k++) {
		assert_int_equal(each[k].rows, 2);
		assert_int_equal(each[k].predicted, 1);
		assert_int_equal(each[k].right, 1);
	}
	test_near(all.balanced_accuracy, 0.5, 0, "balanced accuracy");
	assert_true(hb_metrics_of(1, 2, p, truth, 1, &all, each));
	assert_true(isnan(all.log_loss) && isnan(all.ece) && isnan(all.roc_auc));
}

static void areas_depend_on_the_order_alone(void **state)
{
	enum { ROWS = 200 };
	float *u = test_floats(5, ROWS, 0, 1), p[2 * ROWS], q[2 * ROWS];
	int truth[ROWS], opposite[ROWS];
	hebb_class_score each[2];
	hebb_class_metrics a, b, c;

	(void)state;
	for (int row = 0; row < ROWS; row++) {
		u[row] = floorf(u[row] * 20) / 20; /* with ties */
		truth[row] = (row * 37) % 11 < 4;
		opposite[row] = !truth[row];
		p[2 * row + 1] = u[row];
		q[2 * row + 1] = u[row] * u[row] * u[row];
		p[2 * row] = 1 - p[2 * row + 1];
		q[2 * row] = 1 - q[2 * row + 1];
	}
	assert_true(hb_metrics_of(ROWS, 2, p, truth, 1, &a, each));
	assert_true(hb_metrics_of(ROWS, 2, q, truth, 1, &b, each));
	assert_true(hb_metrics_of(ROWS, 2, p, opposite, 1, &c, each));
	test_near(a.roc_auc, b.roc_auc, 0, "a monotone function");
	test_near(a.roc_auc + c.roc_auc, 1, 1e-15, "the opposite");
	free(u);
}

/* The share of the pairs of a row with the label and one without in which the first has the larger
 * output; equal ones count half.  Of any outputs, also negative ones and both zeros. */
static void area_by_pairs(void **state)
{
	enum { ROWS = 300 };
	float *u = test_floats(9, ROWS, -1, 1), y[ROWS];
	double pairs = 0, larger = 0, area;

	(void)state;
	for (int i = 0; i < ROWS; i++) {
		y[i] = (i * 37) % 11 < 4;
		u[i] = i % 7 == 0 ? (float)(i % 2 ? 0.0 : -0.0) : roundf(u[i] * 50) * 1e3f;
		u[i] = i % 13 == 0 ? u[i] * 1e-30f : u[i];
	}
	for (int i = 0; i < ROWS; i++)
		for (int k = 0; k < ROWS; k++) {
			if (y[i] < 0.5f || y[k] > 0.5f)
				continue;
			pairs++;
			larger += u[i] > u[k] ? 1 : u[i] == u[k] ? 0.5 : 0;
		}
	assert_true(hb_label_area(ROWS, 1, u, y, &area));
	test_near(area, larger / pairs, 1e-14, "the area");
	free(u);
}

/* Wilson's intervals as in table I of Newcombe 1998, and the quantiles of Student's t of any
 * table. */
static void intervals(void **state)
{
	double low, high;

	(void)state;
	hebb_share_interval(81, 263, &low, &high);
	test_near(low, 0.2553, 5e-5, "Wilson's low end");
	test_near(high, 0.3662, 5e-5, "and high end");
	hebb_share_interval(0, 20, &low, &high);
	test_near(low, 0, 0, "none");
	test_near(high, 0.1611, 5e-5, "of twenty");
	hebb_share_interval(1, 29, &low, &high);
	test_near(low, 0.0061, 5e-5, "one");
	test_near(high, 0.1718, 5e-5, "of 29");
	hebb_share_interval(29, 29, &low, &high);
	test_near(high, 1, 0, "all");
	assert_true(isnan(hb_student_t(1)));
	test_near(hb_student_t(2), 12.706205, 1e-6, "two");
	test_near(hb_student_t(5), 2.776445, 1e-6, "five");
	test_near(hb_student_t(10), 2.262157, 1e-6, "ten");
	test_near(hb_student_t(11), 2.228139, 1e-5, "eleven");
	test_near(hb_student_t(31), 2.042272, 1e-6, "31");
	test_near(hb_student_t(1000001), 1.959966, 1e-6, "many");
	for (int n = 3; n < 100; n++)
		assert_true(hb_student_t(n) < hb_student_t(n - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_sklearn),
		cmocka_unit_test(weights_equal_sklearn),
		cmocka_unit_test(a_row_weighs_what_its_class_weighs),
		cmocka_unit_test(perfect_and_useless),
		cmocka_unit_test(one_class_alone),
		cmocka_unit_test(rows_without_an_answer),
		cmocka_unit_test(areas_depend_on_the_order_alone),
		cmocka_unit_test(area_by_pairs),
		cmocka_unit_test(intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
