/* SPDX-License-Identifier: MIT */
/*
 * test_contracts_io.c - what hebb_io.h demands of its callers is checked
 */
#include "test.h"
#include "hebb_io.h"

#define REFUSED(call, says) test_failed(call, &e, HEBB_BAD_ARGUMENT, says)
#define NONE(call, says) \
	do { \
		e.status = HEBB_OK; \
		assert_null(call); \
		test_failed(e.status, &e, HEBB_BAD_ARGUMENT, says); \
	} while (0)

enum { ROWS = 20 };

static void rows_of_a_table(void **state)
{
	hebb_table *t = hebb_table_digits(NULL);
	hebb_coding_options odd = hebb_coding_options_default();
	long long row[ROWS], bad[] = {0, 1797, 1}, held;
	hebb_coding *coding;
	hebb_error e;

	(void)state;
	for (int i = 0; i < ROWS; i++)
		row[i] = i;
	coding = hebb_coding_fit(t, NULL, ROWS, row, &e);
	assert_non_null(coding);
	REFUSED(hebb_split(t, -1, (double)NAN, 1, 0, ROWS, row, row, &held, &e), "between 0 and 1");
	REFUSED(hebb_split(t, -1, 0.5, 1, 0, 3, bad, bad, &held, &e), "row 1797");
	REFUSED(hebb_split(t, -1, 0.5, 1, 0, -1, row, row, &held, &e), "-1 rows");
	REFUSED(hebb_split(t, 65, 0.5, 1, 0, ROWS, row, row, &held, &e), "column 66");
	REFUSED(hebb_split(NULL, -1, 0.5, 1, 0, ROWS, row, row, &held, &e), "table");
	REFUSED(hebb_split(t, -1, 0.5, 1, 0, ROWS, row, NULL, &held, &e), "rows");
	REFUSED(hebb_split(t, -1, 0.5, 1, 0, ROWS, row, row, NULL, &e), "held");
	REFUSED(hebb_split_folds(t, -1, 2, 1, 0, 3, bad, bad, &e), "row 1797");
	bad[1] = -1;
	NONE(hebb_coding_fit(t, NULL, 3, bad, &e), "row -1");
	NONE(hebb_coding_fit(t, NULL, 0, row, &e), "no rows");
	NONE(hebb_coding_fit(NULL, NULL, ROWS, row, &e), "table");
	odd.size = 0;
	NONE(hebb_coding_fit(t, &odd, ROWS, row, &e), "size");
	for (int i = 0; i < 2; i++) {
		odd = hebb_coding_options_default();
		*(i == 0 ? &odd.pixels_alike : &odd.keep_seen) = 2;
		NONE(hebb_coding_fit(t, &odd, ROWS, row, &e), "is 2; it must be 0 or 1");
	}
	odd = hebb_coding_options_default();
	odd.scaling = (hebb_scaling)0;
	NONE(hebb_coding_fit(t, &odd, ROWS, row, &e), "0 is not a hebb_scaling");
	odd = hebb_coding_options_default();
	odd.target_transform = HEBB_TARGET_QUANTILE + 1;
	NONE(hebb_coding_fit(t, &odd, ROWS, row, &e), "5 is not a hebb_target_transform");
	NONE(hebb_coding_apply(coding, t, 1, 3, bad, &e), "row -1");
	NONE(hebb_coding_view(coding, t, 1, 3, bad, &e), "row -1");
	NONE(hebb_coding_apply(NULL, t, 1, ROWS, row, &e), "coding");
	hebb_coding_free(coding);
	hebb_table_free(t);
}

static void columns_and_groups_of_a_table(void **state)
{
	hebb_table *t = hebb_table_digits(NULL);
	long long row[ROWS], bad[] = {0, 1797, 1}, held, of_fold[2];
	unsigned char chosen[65] = {0};
	hebb_error e;
	int listed;

	(void)state;
	for (int i = 0; i < ROWS; i++)
		row[i] = i;
	REFUSED(hebb_table_select(NULL, "1", chosen, &e), "table");
	REFUSED(hebb_table_select(t, NULL, chosen, &e), "columns");
	REFUSED(hebb_table_select(t, "1,66", chosen, &e), "66");
	assert_null(hebb_table_list(NULL, "1", &listed, &e));
	test_failed(e.status, &e, HEBB_BAD_ARGUMENT, "table");
	assert_null(hebb_table_list(t, NULL, &listed, &e));
	test_failed(e.status, &e, HEBB_BAD_ARGUMENT, "columns");
	assert_null(hebb_table_list(t, "1", NULL, &e));
	test_failed(e.status, &e, HEBB_BAD_ARGUMENT, "number");
	assert_int_equal(chosen[0], 0);
	assert_int_equal(hebb_table_task(NULL, 0, NULL), 0);
	assert_int_equal(hebb_table_task(t, 65, NULL), 0);
	REFUSED(hebb_split_groups(NULL, 64, 0.5, 1, 0, ROWS, row, row, &held, &e), "table");
	REFUSED(hebb_split_groups(t, 65, 0.5, 1, 0, ROWS, row, row, &held, &e), "column 66");
	REFUSED(hebb_split_groups(t, 64, (double)NAN, 1, 0, ROWS, row, row, &held, &e),
		"between 0");
	REFUSED(hebb_split_groups(t, 64, 0.5, 1, 0, 3, bad, bad, &held, &e), "row 1797");
	REFUSED(hebb_split_groups(t, 64, 0.5, 1, 0, ROWS, row, NULL, &held, &e), "rows");
	REFUSED(hebb_split_groups(t, 64, 0.5, 1, 0, ROWS, row, row, NULL, &e), "held");
	REFUSED(hebb_split_group_folds(t, 64, 1, 1, 0, ROWS, row, row, of_fold, &e), "fold");
	REFUSED(hebb_split_group_folds(t, 64, 2, 1, 0, ROWS, row, NULL, of_fold, &e), "rows");
	REFUSED(hebb_split_group_folds(t, 64, 2, 1, 0, ROWS, row, row, NULL, &e), "folds");
	REFUSED(hebb_split_sort(NULL, 64, ROWS, row, row, &e), "table");
	REFUSED(hebb_split_sort(t, -1, ROWS, row, row, &e), "column 0");
	REFUSED(hebb_split_sort(t, 64, 3, bad, bad, &e), "row 1797");
	REFUSED(hebb_split_sort(t, 64, ROWS, row, NULL, &e), "rows");
	hebb_table_free(t);
}

/* Each option has a value that is out of its range. */
static void options_of_a_table(void **state)
{
	hebb_table_options odd[6];
	const char *const says[] = {"header",  "lines",     "separator",
				    "decimal", "thousands", "encoding"};
	hebb_error e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		odd[i] = hebb_table_options_default();
	odd[0].header = (hebb_header)9;
	odd[1].skip = -1;
	odd[2].separator = 'x';
	odd[3].decimal = ';';
	odd[4].thousands = 'x';
	odd[5].encoding = "klingon";
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		NONE(hebb_table_parse_with("1,2\n", 4, "x", &odd[i], &e), says[i]);
}

static void datasets_without_targets(void **state)
{
	hebb_table *t = hebb_table_digits(NULL);
	hebb_augmentation options = hebb_augmentation_default(8, 8);
	const hebb_layer layer = hebb_dense(10, HEBB_LINEAR);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = test_net(64, 1, &layer, 1);
	hebb_trainer *trainer = test_trainer(net, &recipe);
	hebb_error e;
	long long row[ROWS];

	(void)state;
	for (int i = 0; i < ROWS; i++)
		row[i] = i;
	hebb_coding *coding = hebb_coding_fit(t, NULL, ROWS, row, &e);
	hebb_dataset *bare = hebb_coding_apply(coding, t, 0, ROWS, row, &e);
	hebb_source source = hebb_dataset_source(bare);
	REFUSED(hebb_train(trainer, &source, NULL, &e), "targets");
	NONE(hebb_augmented_new(bare, coding, &options, &e), "targets");
	NONE(hebb_augmented_new(NULL, coding, &options, &e), "dataset");
	source = hebb_dataset_source(NULL);
	REFUSED(hebb_train(trainer, &source, NULL, &e), "gather");
	hebb_dataset_free(bare);
	hebb_coding_free(coding);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	hebb_table_free(t);
}

/* Losses with outputs that they are not defined for. */
static void models_that_contradict(void **state)
{
	static const struct {
		hebb_loss loss;
		hebb_activation output;
	} cases[] = {{HEBB_CROSS_ENTROPY, HEBB_LINEAR},
		     {HEBB_CROSS_ENTROPY, HEBB_EXP},
		     {HEBB_POISSON, HEBB_SOFTMAX},
		     {HEBB_POISSON, HEBB_LINEAR}};
	hebb_error e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const hebb_layer layer = hebb_dense(2, cases[i].output);
		hebb_model model = {.net = test_net(3, 1, &layer, 1),
				    .coding = hebb_coding_plain(HEBB_REGRESSION, 3, 2, &e),
				    .loss = cases[i].loss};
		unsigned char *bytes;
		size_t size;

		REFUSED(hebb_model_format(&model, &bytes, &size, &e), "is not defined for outputs");
		hebb_net_free(model.net);
		hebb_coding_free(model.coding);
	}
}

static void a_record_that_is_no_text(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = test_net(3, 1, &layer, 1);
	hebb_trainer *trainer = test_trainer(net, &recipe);
	unsigned char *bytes;
	size_t size;
	hebb_error e;

	(void)state;
	REFUSED(hebb_checkpoint_format(trainer, "a\xff", &bytes, &size, &e), "UTF-8");
	REFUSED(hebb_checkpoint_format(trainer, "\xed\xa0\x80", &bytes, &size, &e), "UTF-8");
	test_ok(hebb_checkpoint_format(trainer, "\n\xc3\xa9\xe2\x80\xae", &bytes, &size, &e), &e);
	free(bytes);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

static void nothing_given(void **state)
{
	hebb_model empty = {.loss = HEBB_SQUARED};
	unsigned char *bytes;
	size_t size;
	const float x = 0;
	const hebb_block block = hebb_floats(1, &x, NULL);
	hebb_prediction prediction = hebb_prediction_default();
	hebb_table *table;
	hebb_error e;
	int count;

	(void)state;
	NONE(hebb_table_read(NULL, HEBB_HEADER_AUTO, &e), "name");
	NONE(hebb_table_parse(NULL, 3, "x", HEBB_HEADER_AUTO, &e), "text");
	NONE(hebb_table_parse("1,2\n", 4, "x", (hebb_header)9, &e), "hebb_header");
	assert_int_equal(hebb_table_find(NULL, "x", &e), -1);
	REFUSED(e.status, "table");
	REFUSED(hebb_model_predict(NULL, 1, 1, &block, &prediction, &e), "coding");
	REFUSED(hebb_model_predict(&empty, 1, 1, &block, &prediction, &e), "coding");
	REFUSED(hebb_model_format(NULL, &bytes, &size, &e), "model");
	REFUSED(hebb_model_write(&empty, "x.onnx", &e), "network");
	NONE(hebb_model_read(NULL, &e), "name");
	NONE(hebb_model_parse(NULL, 3, "x", &e), "bytes");
	NONE(hebb_model_graph_inputs(NULL, &count, &e), "model");
	NONE(hebb_model_graph_inputs(&empty, NULL, &e), "count");
	NONE(hebb_model_graph_inputs(&empty, &count, &e), "network");
	REFUSED(hebb_checkpoint_format(NULL, NULL, &bytes, &size, &e), "trainer");
	REFUSED(hebb_checkpoint_restore(NULL, NULL, &e), "checkpoint");
	NONE(hebb_checkpoint_read(NULL, &e), "name");
	NONE(hebb_checkpoint_parse(NULL, 3, "x", &e), "bytes");
	NONE(hebb_stream_new(NULL, NULL, &e), "name");
	REFUSED(hebb_stream_next(NULL, &table, &e), "stream");
	assert_null(hebb_stream_text(NULL, NULL));
	REFUSED(hebb_file_read(NULL, &bytes, &size, &e), "name");
	REFUSED(hebb_file_write(NULL, "x", 1, &e), "name");
	REFUSED(hebb_file_write("x", NULL, 1, &e), "write");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_a_table),
		cmocka_unit_test(columns_and_groups_of_a_table),
		cmocka_unit_test(options_of_a_table),
		cmocka_unit_test(datasets_without_targets),
		cmocka_unit_test(models_that_contradict),
		cmocka_unit_test(a_record_that_is_no_text),
		cmocka_unit_test(nothing_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
