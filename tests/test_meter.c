/* SPDX-License-Identifier: MIT */
/*
 * test_meter.c - how far long work says that it is
 */
#include "hebb_study.h"
#include "same_table.h"
#include "test.h"

enum { ROWS = 40000 };

/* ---- The meter ---- */

static void shares(void **state)
{
	hebb_error error;
	hebb_meter *meter = hebb_meter_new(&error);

	(void)state;
	assert_non_null(meter);
	assert_true(isnan(hebb_meter_share(meter)));
	hebb_meter_part(meter, 0.2, 0.8, 30);
	assert_float_equal(hebb_meter_share(meter), 0.2, 1e-5);
	hebb_meter_add(meter, 10);
	assert_float_equal(hebb_meter_share(meter), 0.4, 1e-5);
	hebb_meter_add(meter, 0);
	hebb_meter_add(meter, -5);
	assert_float_equal(hebb_meter_share(meter), 0.4, 1e-5);
	hebb_meter_add(meter, 1000);
	assert_float_equal(hebb_meter_share(meter), 0.8, 1e-5);
	hebb_meter_part(meter, 0, 1, 0);
	assert_true(isnan(hebb_meter_share(meter)));
	hebb_meter_range(meter, 0.2, 0.4);
	hebb_meter_part(meter, 0.5, 1, 2);
	assert_float_equal(hebb_meter_share(meter), 0.3, 1e-5);
	hebb_meter_add(meter, 1);
	assert_float_equal(hebb_meter_share(meter), 0.35, 1e-5);
	hebb_meter_range(meter, 0, 1);
	hebb_meter_part(meter, -3, 7, 1);
	assert_float_equal(hebb_meter_share(meter), 0, 1e-5);
	hebb_meter_add(meter, 1);
	assert_float_equal(hebb_meter_share(meter), 1, 1e-5);
	hebb_meter_part(meter, NAN, 0.5, 1);
	assert_float_equal(hebb_meter_share(meter), 0, 1e-5);
	hebb_meter_free(meter);
}

static void nobody_asks(void **state)
{
	(void)state;
	assert_true(isnan(hebb_meter_share(NULL)));
	hebb_meter_part(NULL, 0, 1, 1);
	hebb_meter_range(NULL, 0, 1);
	hebb_meter_add(NULL, 1);
	hebb_meter_free(NULL);
}

/* ---- Work that fills it in ---- */

static char *make_csv(size_t *size)
{
	char *text = malloc((size_t)ROWS * 40 + 20), *at = text;

	at += sprintf(at, "a,town,y\n");
	for (int i = 0; i < ROWS; i++)
		at += sprintf(at, "%d.5,%s,%d\n", i % 977, i % 3 ? "Rome" : "Oslo", i % 2);
	*size = (size_t)(at - text);
	return text;
}

static hebb_table *read_with(const char *text, size_t size, int threads, hebb_meter *meter)
{
	hebb_table_options how = hebb_table_options_default();
	hebb_error error;

	how.meter = meter;
	how.threads = threads;
	hebb_table *table = hebb_table_parse_with(text, size, "t.csv", &how, &error);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* It ends at 1, with its texts too, and the table is the same. */
static void reading(void **state)
{
	hebb_meter *meter = hebb_meter_new(NULL);
	size_t size;
	char *text = make_csv(&size);
	hebb_table *plain = read_with(text, size, 1, NULL);

	(void)state;
	for (int threads = 1; threads <= 3; threads++) {
		hebb_table *table = read_with(text, size, threads, meter);

		assert_true(is_same_table(table, plain));
		assert_float_equal(hebb_meter_share(meter), 1, 1e-5);
		hebb_table_free(table);
	}
	hebb_table_free(plain);
	hebb_meter_free(meter);
	free(text);
}

static void streaming(void **state)
{
	hebb_meter *meter = hebb_meter_new(NULL);
	hebb_table_options how = hebb_table_options_default();
	double before = 0;
	hebb_table *table;
	hebb_error error;
	size_t size;
	char *text = make_csv(&size);

	(void)state;
	FILE *file = fopen("meter.csv", "wb");
	assert_non_null(file);
	for (int i = 0; i < 20; i++) /* several windows */
		fwrite(i ? text + 9 : text, 1, i ? size - 9 : size, file);
	assert_int_equal(fclose(file), 0);
	how.meter = meter;
	hebb_stream *stream = hebb_stream_new("meter.csv", &how, &error);
	assert_non_null(stream);
	for (int windows = 0; hebb_stream_next(stream, &table, &error) == HEBB_OK; windows++) {
		double share = hebb_meter_share(meter);

		assert_true(share >= before && share <= 1);
		if (windows == 0)
			assert_true(share > 0 && share < 0.9);
		before = share;
		if (!table)
			break;
		hebb_table_free(table);
	}
	assert_float_equal(before, 1, 1e-5);
	hebb_stream_free(stream);
	assert_int_equal(remove("meter.csv"), 0);
	hebb_meter_free(meter);
	free(text);
}

static void coding_and_scoring(void **state)
{
	hebb_meter *meter = hebb_meter_new(NULL);
	hebb_error error;
	size_t size;
	char *text = make_csv(&size);
	hebb_table *table = read_with(text, size, 1, NULL);
	hebb_coding_options plan = hebb_coding_options_default();

	(void)state;
	hebb_coding *coding = hebb_coding_fit(table, &plan, table->rows, NULL, &error);
	assert_non_null(coding);
	const hebb_layer layer = hebb_dense(coding->outputs, HEBB_SOFTMAX);
	hebb_net *net = hebb_net_new(coding->width, 1, &layer, 1, NULL, &error);
	assert_non_null(net);
	for (int threads = 1; threads <= 3; threads++) {
		hebb_score plain, metered;
		hebb_dataset *data = hebb_coding_view_metered(
			coding, table, HEBB_APPLY_TARGETS | HEBB_APPLY_THREADS(threads), ROWS, NULL,
			meter, &error);

		assert_non_null(data);
		assert_float_equal(hebb_meter_share(meter), 1, 1e-5);
		test_ok(hebb_score_dataset(net, coding, HEBB_CROSS_ENTROPY, data, 1, threads,
					   &plain, &error),
			&error);
		test_ok(hebb_score_dataset_metered(net, coding, HEBB_CROSS_ENTROPY, data, 1,
						   threads, meter, &metered, &error),
			&error);
		assert_float_equal(hebb_meter_share(meter), 1, 1e-5);
		assert_true(plain.loss == metered.loss && plain.right == metered.right);
		hebb_score_free(&plain);
		hebb_score_free(&metered);
		hebb_dataset_free(data);
	}
	hebb_net_free(net);
	hebb_coding_free(coding);
	hebb_table_free(table);
	hebb_meter_free(meter);
	free(text);
}

/* A study tells of all its parts, and learns the same. */
static void study(void **state)
{
	hebb_meter *meter = hebb_meter_new(NULL);
	hebb_error error;
	hebb_table *table = hebb_table_digits(&error);
	hebb_study plan = hebb_study_of(table);
	uint64_t hash[2];

	(void)state;
	plan.epochs = 1;
	plan.validation = (hebb_part){.kind = HEBB_PART_FRACTION, .fraction = 0.2};
	test_ok(hebb_study_default(&plan, &error), &error);
	for (int i = 0; i < 2; i++) {
		hebb_result result;

		plan.meter = i ? meter : NULL;
		hebb_trial *trial = hebb_trial_new(&plan, 1, -1, &error);
		assert_non_null(trial);
		test_ok(hebb_trial_start(trial, &error), &error);
		test_ok(hebb_trial_train(trial, &result, &error), &error);
		hash[i] = 0;
		memcpy(&hash[i], &result.test.loss, sizeof result.test.loss);
		hebb_result_free(&result);
		hebb_trial_free(trial);
	}
	assert_true(hash[0] == hash[1]);
	assert_float_equal(hebb_meter_share(meter), 1, 1e-5);
	hebb_table_free(table);
	hebb_meter_free(meter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares),
		cmocka_unit_test(nobody_asks),
		cmocka_unit_test(reading),
		cmocka_unit_test(streaming),
		cmocka_unit_test(coding_and_scoring),
		cmocka_unit_test(study),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
