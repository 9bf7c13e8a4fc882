/* SPDX-License-Identifier: MIT */
/*
 * test_scores.c - scores of several targets and of labels equal scikit-learn's, and stay in range
 *
 * The numbers are in fixtures/scores.h, with the script that made them.
 */
#include "hebb_study.h"
#include "test.h"
#include "fixtures/scores.h"

/* The network whose outputs are its inputs. */
static hebb_net *identity(int width)
{
	const hebb_layer layer = hebb_dense(width, HEBB_LINEAR);
	hebb_net *net = test_net(width, 1, &layer, 1);
	float *W = test_memory((size_t)width * (size_t)width * sizeof *W),
	      *b = test_memory((size_t)width * sizeof *b);
	hebb_error error;

	for (int i = 0; i < width * width; i++)
		W[i] = i % (width + 1) == 0;
	memset(b, 0, (size_t)width * sizeof *b);
	test_ok(hebb_net_set(net, 0, W, b, &error), &error);
	free(W);
	free(b);
	return net;
}

/* The score of outputs h against targets y. */
static hebb_score score_of(hebb_task task, int rows, int width, const float *h, const float *y)
{
	long long row[SCORE_ROWS];
	hebb_error error;
	hebb_coding *coding = hebb_coding_plain(task, width, width, &error);
	hebb_net *net = identity(width);
	hebb_score score;

	assert_non_null(coding);
	for (int i = 0; i < rows; i++)
		row[i] = i;
	hebb_dataset data = {.rows = rows,
			     .inputs = width,
			     .outputs = width,
			     .x = (float *)(uintptr_t)h,
			     .y = (float *)(uintptr_t)y,
			     .row = row};
	test_ok(hebb_score_dataset(net, coding, HEBB_SQUARED, &data, 1, 0, &score, &error), &error);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return score;
}

static void numbers(void **state)
{
	hebb_score s = score_of(HEBB_REGRESSION, SCORE_ROWS, SCORE_WIDTH, number_h, number_y);

	(void)state;
	for (int i = 0; i < SCORE_WIDTH; i++) {
		test_near(s.target[i].rmse, number_rmse[i], 1e-12, "rmse");
		test_near(s.target[i].mae, number_mae[i], 1e-12, "mae");
		test_near(s.target[i].r2, number_r2[i], 1e-12, "r2");
	}
	assert_true(s.target[2].r2 == 0 && s.target[3].r2 == 1); /* they never change */
	test_near(s.mean.rmse, number_mean_rmse, 1e-12, "mean rmse");
	test_near(s.mean.mae, number_mean_mae, 1e-12, "mean mae");
	test_near(s.mean.r2, number_mean_r2, 1e-12, "mean r2");
	hebb_score_free(&s);
}

/* hebb_evaluate() says the same. */
static void evaluated(void **state)
{
	const hebb_arrays arrays = {.size = sizeof arrays,
				    .rows = SCORE_ROWS,
				    .inputs = SCORE_WIDTH,
				    .outputs = SCORE_WIDTH,
				    .x = number_h,
				    .y = number_y};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_evaluation e = hebb_evaluation_default();
	hebb_net *net = identity(SCORE_WIDTH);
	hebb_error error;

	(void)state;
	test_ok(hebb_evaluate(net, HEBB_SQUARED, &source, &e, &error), &error);
	test_near(e.rmse, number_mean_rmse, 1e-12, "rmse");
	test_near(e.mae, number_mean_mae, 1e-12, "mae");
	test_near(e.r2, number_mean_r2, 1e-12, "r2");
	hebb_net_free(net);
}

static void one_row(void **state)
{
	hebb_score s = score_of(HEBB_REGRESSION, 1, SCORE_WIDTH, number_h, number_y);

	(void)state;
	assert_true(isnan(s.mean.r2) && isnan(s.target[0].r2) && s.mean.rmse >= 0);
	hebb_score_free(&s);
}

static void gaps(void **state)
{
	const float h[] = {1, 5, 2, 6, 3, 7}, y[] = {2, NAN, 2, NAN, 5, NAN};
	hebb_score s = score_of(HEBB_REGRESSION, 3, 2, h, y);

	(void)state;
	test_near(s.target[0].rmse, sqrt(5.0 / 3), 1e-12, "rmse");
	assert_true(isnan(s.target[1].rmse) && isnan(s.target[1].r2));
	test_near(s.mean.rmse, s.target[0].rmse, 0, "mean of those that have one");
	test_near(s.loss, (0.5 + 0 + 2) / 3, 1e-12, "loss");
	hebb_score_free(&s);
}

/* Of rows that fill several rounds, some of them without an answer, one number of threads says what
 * another does, bit by bit, in the order of the rows. */
static void any_number_of_threads(void **state)
{
	enum { ROWS = 5003, WIDTH = 3 };
	static const hebb_task tasks[] = {HEBB_REGRESSION, HEBB_CLASSIFICATION, HEBB_LABELS};
	float *h = test_floats(7, ROWS * WIDTH, 0, 1), *y = test_floats(8, ROWS * WIDTH, 0, 1);
	long long *row = test_memory(ROWS * sizeof *row);
	hebb_net *net = identity(WIDTH);
	hebb_dataset data = {
		.rows = ROWS, .inputs = WIDTH, .outputs = WIDTH, .x = h, .y = y, .row = row};
	hebb_error error;

	(void)state;
	for (int i = 0; i < ROWS * WIDTH; i++)
		y[i] = y[i] > 0.6f;
	for (int i = 0; i < ROWS; i++) {
		row[i] = i;
		h[i * WIDTH] = i % 500 == 499 ? INFINITY : h[i * WIDTH];
	}
	for (size_t t = 0; t < COUNT_OF(tasks); t++) {
		hebb_coding *coding = hebb_coding_plain(tasks[t], WIDTH, WIDTH, &error);
		hebb_score one, many;

		test_ok(hebb_score_dataset(net, coding, HEBB_SQUARED, &data, 1, 1, &one, &error),
			&error);
		assert_int_equal(one.without.count, ROWS / 500);
		for (int i = 0; i < HEBB_UNANSWERED_NAMED; i++)
			assert_int_equal(one.without.row[i], 500 * i + 499);
		for (int threads = 0; threads < 6; threads++) {
			test_ok(hebb_score_dataset(net, coding, HEBB_SQUARED, &data, 1, threads,
						   &many, &error),
				&error);
			assert_memory_equal(&one.loss, &many.loss, sizeof one.loss);
			assert_memory_equal(&one.mean, &many.mean, sizeof one.mean);
			assert_memory_equal(&one.detail, &many.detail, sizeof one.detail);
			assert_memory_equal(&one.without, &many.without, sizeof one.without);
			assert_true(one.right == many.right && one.unseen == many.unseen);
			hebb_score_free(&many);
		}
		hebb_score_free(&one);
		hebb_coding_free(coding);
	}
	hebb_net_free(net);
	free(h);
	free(y);
	free(row);
}

static void zero_for_none(double value, double expected, const char *what)
{
	test_near(isnan(value) ? 0 : value, expected, 1e-7, what);
}

static void labels(void **state)
{
	hebb_score s = score_of(HEBB_LABELS, SCORE_ROWS, SCORE_WIDTH, label_p, label_y);

	(void)state;
	assert_true(s.labels == SCORE_WIDTH && s.classes == 0 && s.targets == 0);
	for (int i = 0; i < SCORE_WIDTH; i++) {
		zero_for_none(s.label[i].accuracy, label_accuracy[i], "accuracy");
		zero_for_none(s.label[i].precision, label_precision[i], "precision");
		zero_for_none(s.label[i].recall, label_recall[i], "recall");
		zero_for_none(s.label[i].f1, label_f1[i], "f1");
		zero_for_none(s.label[i].roc_auc, label_roc_auc[i], "auc");
		zero_for_none(s.label[i].log_loss, label_log_loss[i], "log loss");
	}
	assert_true(isnan(s.label[2].precision)); /* never predicted */
	test_near(s.accuracy, label_subset, 1e-12, "subset accuracy");
	test_near(s.detail.precision, label_mean_precision, 1e-12, "macro precision");
	test_near(s.detail.recall, label_mean_recall, 1e-12, "macro recall");
	test_near(s.detail.f1, label_mean_f1, 1e-12, "macro F1");
	test_near(s.detail.roc_auc, label_mean_auc, 1e-12, "mean AUC");
	hebb_score_free(&s);
}

/* A missing label is in no count; a row without an answer is wrong. */
static void labels_with_gaps(void **state)
{
	const float p[] = {0.9f, 0.2f, 0.4f, 0.1f, INFINITY, 0.9f}, y[] = {1, NAN, 1, 0, 1, 1};
	hebb_score s = score_of(HEBB_LABELS, 3, 2, p, y);

	(void)state;
	assert_true(s.right == 1 && s.rows == 3 && s.without.count == 1);
	assert_true(s.label[0].rows == 3 && s.label[0].right == 1 && s.label[0].answered == 2);
	assert_true(s.label[1].rows == 2 && s.label[1].right == 1 && s.label[1].hits == 0);
	hebb_score_free(&s);
}

static void intervals(void **state)
{
	const double high[] = {1, 0.9, 0.99}, low[] = {0.001, 0.5};
	hebb_spread all = hebb_spread_of(3, high), none = hebb_spread_of(1, high);

	(void)state;
	assert_true(all.high > 1);
	hebb_spread cut = hebb_spread_within(all, 0, 1);
	assert_true(cut.high == 1 && cut.low == all.low && cut.mean == all.mean);
	assert_true(hebb_spread_within(hebb_spread_of(2, low), 0, INFINITY).low == 0);
	assert_true(isnan(hebb_spread_within(none, 0, 1).low));
	for (int rows = 1; rows < 200; rows++)
		for (int right = 0; right <= rows; right++) {
			double from, to;

			hebb_share_interval(right, rows, &from, &to);
			assert_true(from >= 0 && from <= to && to <= 1);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),          cmocka_unit_test(evaluated),
		cmocka_unit_test(one_row),          cmocka_unit_test(gaps),
		cmocka_unit_test(labels),           cmocka_unit_test(any_number_of_threads),
		cmocka_unit_test(labels_with_gaps), cmocka_unit_test(intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
