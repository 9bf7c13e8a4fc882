/* SPDX-License-Identifier: MIT */
/*
 * test_exact.c - columns that float32 does not hold: from the table to the file
 */
#include "graph_run.h"
#include "predict_one.h"
#include "test.h"

#include "io/io.h"

enum { ROWS = 200, COLUMNS = 4, SMALL = 32 };
#define OFFSET 1e8

/* Row i: a time, a small number, a color, and a target that is linear in them at an offset. */
static double time_of(int i)
{
	return 1700000000 + 61.0 * ((i * 37) % ROWS) + 0.25;
}

static double small_of(int i)
{
	return (i * 13) % 29 / 8.0 - 1;
}

static double target_of(int i)
{
	return OFFSET + (time_of(i) - 1700000000) / 1000 + small_of(i) + (i % 3 == 1);
}

/* The table as CSV; `from` a row on, with the target only if asked, in row 0 without a time or
 * color if they are to be missing. */
static hebb_table *make_table(int with_target, int lacks)
{
	char *text = test_memory(ROWS * 120), *at = text, digits[3][SMALL];
	hebb_error error;

	at += sprintf(at, "time,small,color%s\n", with_target ? ",y" : "");
	for (int i = 0; i < ROWS; i++) {
		at += sprintf(at, "%s,%s,%s",
			      lacks && i == 0 ? "" : hebb_format_double(time_of(i), digits[0]),
			      hebb_format_double(small_of(i), digits[1]),
			      lacks && i == 0 ? ""
			      : i % 3 == 1    ? "red"
					      : "blue");
		at += with_target
			      ? sprintf(at, ",%s\n", hebb_format_double(target_of(i), digits[2]))
			      : sprintf(at, "\n");
	}
	hebb_table *table =
		hebb_table_parse(text, (size_t)(at - text), "it.csv", HEBB_HEADER_YES, &error);
	if (!table)
		fail_msg("%s", error.message);
	free(text);
	return table;
}

static hebb_coding *fit(const hebb_table *table, hebb_missing missing)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.task = HEBB_REGRESSION;
	options.missing = missing;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	return coding;
}

static hebb_dataset *apply(const hebb_coding *coding, const hebb_table *table, int with_targets)
{
	hebb_error error;
	hebb_dataset *data =
		hebb_coding_apply(coding, table, with_targets, table->rows, NULL, &error);

	if (!data)
		fail_msg("%s", error.message);
	return data;
}

/* What the inputs become: by the formula, in double. */
static float coded(const hebb_coding *coding, int at, double raw)
{
	return (float)(raw - coding->exact_mean[at]) * coding->scale[at];
}

static void doubles_are_coded(void **state)
{
	hebb_table *table = make_table(1, 0);
	hebb_coding *coding = fit(table, HEBB_MISSING_ERROR);
	hebb_dataset *data = apply(coding, table, 1);
	double mean = 0, target_mean = 0, squares = 0;

	(void)state;
	assert_true(table->detail[0]->exact && table->detail[3]->exact);
	assert_true(coding->exact_mean && coding->exact_fill && coding->exact_target_mean);
	for (int i = 0; i < ROWS; i++) {
		mean += (time_of(i) - 1.7e9) / ROWS;
		target_mean += (target_of(i) - OFFSET) / ROWS;
	}
	for (int i = 0; i < ROWS; i++)
		squares += pow(time_of(i) - 1.7e9 - mean, 2) / ROWS;
	assert_true(fabs(coding->exact_mean[0] - 1.7e9 - mean) < 1e-5);
	assert_true(fabs((double)coding->scale[0] * sqrt(squares) - 1) < 1e-6);
	assert_true(fabs(coding->exact_target_mean[0] - OFFSET - target_mean) < 1e-6);
	assert_true(coding->mean[0] == (float)coding->exact_mean[0]);
	assert_true(coding->exact_fill[0] == coding->exact_mean[0]);
	for (int i = 0; i < ROWS; i++) {
		const float *x = data->x + (size_t)i * 4, *y = data->y + i;

		assert_true(x[0] == coded(coding, 0, time_of(i)));
		assert_true(x[1] == coded(coding, 1, small_of(i)));
		assert_true(x[2] == (i % 3 != 1) && x[3] == (i % 3 == 1));
		assert_true(*y == (float)(target_of(i) - coding->exact_target_mean[0]) *
					  (1 / coding->target_sd[0]));
	}
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* A mean stands for a time that is missing, and becomes 0. */
static void a_mean_stands_for_missing_times(void **state)
{
	hebb_table *table = make_table(1, 1);
	hebb_coding *coding = fit(table, HEBB_MISSING_MEAN);
	hebb_dataset *data = apply(coding, table, 1);

	(void)state;
	assert_true(data->x[0] == 0);
	assert_true(fabs((double)data->x[2] - (double)coding->fill[2]) < 1e-6 &&
		    coding->fill[2] > 0.5F);
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* Digits that float32 does not hold, and nobody needs, change nothing: 0.1 has none. */
static void other_doubles_change_nothing(void **state)
{
	static const char text[] = "a,b\n0.5488135039273248,1\n0.7151893663724195,2.5\n"
				   "0.6027633760716439,2\n0.1,0\n";
	hebb_error error;
	hebb_table *table =
		hebb_table_parse(text, sizeof text - 1, "it.csv", HEBB_HEADER_YES, &error);

	(void)state;
	assert_non_null(table);
	hebb_coding *with = fit(table, HEBB_MISSING_ERROR);
	hebb_dataset *data = apply(with, table, 1);
	assert_non_null(table->detail[0]->doubles);
	for (int c = 0; c < table->columns; c++) {
		if (table->detail[c])
			free(table->detail[c]->doubles);
		if (table->detail[c])
			table->detail[c]->doubles = NULL;
	}
	hebb_coding *without = fit(table, HEBB_MISSING_ERROR);
	hebb_dataset *other = apply(without, table, 1);
	assert_true(!with->exact_mean && !with->exact_target_mean);
	assert_memory_equal(with->mean, without->mean, sizeof(float));
	assert_memory_equal(data->x, other->x, 4 * sizeof(float));
	assert_memory_equal(data->y, other->y, 4 * sizeof(float));
	hebb_dataset_free(data);
	hebb_dataset_free(other);
	hebb_coding_free(with);
	hebb_coding_free(without);
	hebb_table_free(table);
}

static hebb_model *train(const hebb_table *table)
{
	const hebb_layer layer[] = {hebb_dense(1, HEBB_LINEAR)};
	hebb_coding *coding = fit(table, HEBB_MISSING_ERROR);
	hebb_dataset *data = apply(coding, table, 1);
	hebb_source source = hebb_dataset_source(data);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;

	recipe.rate = 0.01;
	recipe.epochs = 300;
	hebb_net *net = hebb_net_new(coding->width, 1, layer, 1, NULL, &error);
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	hebb_model *model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error);
	assert_non_null(model);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	return model;
}

static double *values_of(const hebb_model *model, const hebb_table *table, float *output)
{
	hebb_prediction prediction = hebb_prediction_default();
	double *values = test_doubles((size_t)table->rows);
	hebb_error error;

	prediction.values = values;
	prediction.output = output;
	test_ok(hebb_model_predict_table(model, table, table->rows, NULL, &prediction, &error),
		&error);
	assert_true(prediction.answered == table->rows);
	return values;
}

static void a_line_at_an_offset_is_learned(void **state)
{
	hebb_table *table = make_table(1, 0);
	hebb_model *model = train(table);
	double *values = values_of(model, table, NULL), residual = 0, total = 0, mean = 0;

	(void)state;
	for (int i = 0; i < ROWS; i++)
		mean += (target_of(i) - OFFSET) / ROWS;
	for (int i = 0; i < ROWS; i++) {
		residual += pow(values[i] - target_of(i), 2);
		total += pow(target_of(i) - OFFSET - mean, 2);
	}
	if (!(1 - residual / total > 0.9999))
		fail_msg("R2 is %g", 1 - residual / total);
	free(values);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* A row of doubles, or the floats next to them, with a text. */
static double value_of(const hebb_model *model, const double numbers[2], const char *color,
		       int as_floats)
{
	const float rounded[2] = {(float)numbers[0], (float)numbers[1]};
	const hebb_block blocks[] = {as_floats ? hebb_floats(2, rounded, NULL)
					       : hebb_doubles(2, numbers, NULL),
				     hebb_texts(1, &color, NULL)};
	hebb_prediction prediction = hebb_prediction_default();
	double value;
	hebb_error error;

	prediction.values = &value;
	test_ok(hebb_model_predict(model, 1, 2, blocks, &prediction, &error), &error);
	return value;
}

/* A row, a table, a table without targets, the file and its graph: the same answers. */
static void all_ways_give_the_same(void **state)
{
	hebb_table *table = make_table(1, 0), *inputs = make_table(0, 0);
	hebb_model *model = train(table);
	unsigned char *bytes, *full;
	size_t size, full_size, outputs = 0;
	graph_bytes label;
	float *output = test_memory(ROWS * sizeof *output);
	double *values = values_of(model, table, output), *same = values_of(model, inputs, NULL);
	hebb_error error;

	(void)state;
	test_ok(hebb_model_format(model, &full, &full_size, &error), &error);
	model->graph = HEBB_GRAPH_NUMERIC;
	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	hebb_model *read = hebb_model_parse(bytes, size, "it.onnx", &error);
	if (!read)
		fail_msg("%s", error.message);
	double *again = values_of(read, table, NULL);
	assert_memory_equal(values, same, ROWS * sizeof *values);
	assert_memory_equal(values, again, ROWS * sizeof *values);
	for (int i = 0; i < ROWS; i++) {
		const double raw[] = {time_of(i), small_of(i), i % 3 != 1, i % 3 == 1};
		double value = value_of(read, raw, i % 3 == 1 ? "red" : "blue", 0);
		graph_number *y;

		assert_true(value == values[i] && (float)value == output[i]);
		assert_null(graph_run(bytes, size, raw, 4, &y, &outputs));
		assert_true(outputs == 1 && y->e < 1e-3 && graph_agrees(*y, value));
		free(y);
		const char *const color[] = {i % 3 == 1 ? "red" : "blue"};
		graph_row row = {.x = raw, .width = 2, .text = color, .texts = 1};
		assert_null(graph_run_row(full, full_size, row, &y, &outputs, &label));
		assert_true(outputs == 1 && y->e < 1e-3 && graph_agrees(*y, value));
		free(y);
	}
	free(full);
	free(bytes);
	free(output);
	free(values);
	free(same);
	free(again);
	hebb_model_free(read);
	hebb_model_free(model);
	hebb_table_free(inputs);
	hebb_table_free(table);
}

/* Floats do for a model in doubles, as far as they go; and doubles for one in floats. */
static void either_call_takes_either_model(void **state)
{
	hebb_table *table = make_table(1, 0);
	hebb_model *model = train(table);
	const double raw[] = {1700000512, 0.5}, infinite[] = {INFINITY, 0.5},
		     missing[] = {(double)NAN, 0.5}, filled[] = {model->coding->exact_fill[0], 0.5};
	float output;
	double value;
	hebb_error error;

	(void)state;
	assert_true(value_of(model, raw, "blue", 0) == value_of(model, raw, "blue", 1));
	value = value_of(model, filled, "blue", 0);
	assert_true(value_of(model, infinite, "blue", 0) == value);
	assert_true(value_of(model, missing, "blue", 1) == value);
	hebb_model_free(model);
	hebb_coding *plain = hebb_coding_plain(HEBB_REGRESSION, 1, 1, &error);
	const hebb_layer layer[] = {hebb_dense(1, HEBB_LINEAR)};
	hebb_net *net = hebb_net_new(1, 1, layer, 1, NULL, &error);
	model = hebb_model_new(net, plain, HEBB_SQUARED, NULL, &error);
	test_ok(predict_doubles(model, (double[]){0.1}, &value, &error), &error);
	test_ok(predict_floats(model, (float[]){0.1F}, &output, &error), &error);
	assert_true(value == (double)output);
	hebb_model_free(model);
	hebb_net_free(net);
	hebb_coding_free(plain);
	hebb_table_free(table);
}

/* A table of a few rows, whose numbers float32 gives back, is coded as the same rows are in a
 * table of doubles. */
static void few_rows_are_coded_as_many(void **state)
{
	static const char many[] = "t,x,y\n1000000.1,1700000300,1\n1000001.5,1700000361,2\n"
				   "1000002.7654321,1700000422,4\n";
	static const char few[] = "t,x\n1000000.1,1700000300\n";
	hebb_error error;
	hebb_table *tables[] = {
		hebb_table_parse(many, strlen(many), "m.csv", HEBB_HEADER_YES, &error),
		hebb_table_parse(few, strlen(few), "f.csv", HEBB_HEADER_YES, &error)};
	hebb_coding *coding = fit(tables[0], HEBB_MISSING_ERROR);
	hebb_dataset *all = apply(coding, tables[0], 0), *one = apply(coding, tables[1], 0);

	(void)state;
	assert_true(tables[0]->detail[0]->doubles && !hb_detail(tables[1], 0));
	assert_memory_equal(all->x, one->x, 2 * sizeof *one->x);
	hebb_dataset_free(all);
	hebb_dataset_free(one);
	hebb_coding_free(coding);
	hebb_table_free(tables[0]);
	hebb_table_free(tables[1]);
}

/* A table that could be read otherwise is read as the model's was, with names or without. */
static void tables_follow_the_model(void **state)
{
	static const char many[] =
		"day,x,y\n2026-11-30,\"1,25\",\"0,5\"\n2026-12-01,\"1,5\",\"1,75\"\n";
	static const struct {
		const char *text;
		double x, y; /* of the first row; y 0: there is none */
		int notes;
	} cases[] = {
		{"day,x,y\n2026-11-30,\"1,250\",\"2,500\"\n", 1.25, 2.5, 2},
		{"2026-11-30,\"1,250\",\"2,500\"\n", 1.25, 2.5, 2},
		{"2026-11-30,\"1,250\"\n", 1.25, 0, 2},
		{"day,x\n2026-11-30,\"1,250\"\n", 1.25, 0, 2},
		{"day,x\n20261130,\"1,250\"\n", 1.25, 0, 2},
		{"day,x\n20261130,1.25\n", 1.25, 0, 1},
	};
	hebb_error error;
	hebb_table *table = hebb_table_parse(many, strlen(many), "m.csv", HEBB_HEADER_YES, &error);
	hebb_coding *coding = fit(table, HEBB_MISSING_ERROR);
	hebb_table_options options = hebb_table_options_default();

	(void)state;
	options.coding = coding;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table *few = hebb_table_parse_with(cases[i].text, strlen(cases[i].text),
							"f.csv", &options, &error);

		if (!few)
			fail_msg("%s: %s", cases[i].text, error.message);
		assert_true(hebb_table_value(few, 0, 1) == cases[i].x);
		if (cases[i].y != 0)
			assert_true(hebb_table_value(few, 0, 2) == cases[i].y);
		assert_int_equal(few->note_count, cases[i].notes);
		hebb_table_free(few);
	}
	hebb_coding_free(coding);
	hebb_table_free(table);
}

static void forms_come_back(void **state)
{
	hebb_table *table = make_table(1, 0);
	hebb_error error;
	unsigned char *bytes;
	size_t size;

	(void)state;
	for (hebb_form form = HEBB_FORM_PLAIN; hebb_form_name(form); form++) {
		table->detail[0]->form = table->detail[3]->form = form;
		hebb_model *model = train(table);
		assert_true(!model->coding->form == (form == HEBB_FORM_PLAIN));
		test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
		hebb_model *read = hebb_model_parse(bytes, size, "it.onnx", &error);
		assert_non_null(read);
		assert_true(!read->coding->form == !model->coding->form);
		for (int i = 0; i < 3 && read->coding->form; i++)
			assert_int_equal(read->coding->form[i], i ? HEBB_FORM_PLAIN : form);
		assert_true(!read->coding->target_form == (form == HEBB_FORM_PLAIN));
		if (read->coding->target_form)
			assert_int_equal(*read->coding->target_form, form);
		free(bytes);
		hebb_model_free(read);
		hebb_model_free(model);
	}
	hebb_table_free(table);
}

/* Codings that contradict themselves are not written. */
static void odd_codings_are_refused(void **state)
{
	hebb_table *table = make_table(1, 0);
	hebb_model *model = train(table);
	hebb_coding *c = model->coding;
	double *fill = c->exact_fill, mean = c->exact_mean[0];
	hebb_form odd[] = {HEBB_FORM_PLAIN, 99, HEBB_FORM_PLAIN};
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	c->exact_fill = NULL;
	test_failed(hebb_model_format(model, &bytes, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "exact");
	c->exact_fill = fill;
	c->exact_mean[0] = (double)INFINITY;
	test_failed(hebb_model_format(model, &bytes, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "finite");
	c->exact_mean[0] = mean;
	c->form = odd;
	test_failed(hebb_model_format(model, &bytes, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "written");
	c->form = NULL;
	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	free(bytes);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* Two integers that are one float32 are two strata. */
static void strata_are_exact(void **state)
{
	enum { N = 40 };
	char text[N * 16 + 8] = "y\n", *at = text + 2;
	long long row[N], held;
	hebb_error error;

	(void)state;
	for (int i = 0; i < N; i++)
		at += sprintf(at, "%d\n", i < N / 2 ? 16777216 : 16777217);
	hebb_table *table =
		hebb_table_parse(text, (size_t)(at - text), "it.csv", HEBB_HEADER_YES, &error);
	assert_non_null(table);
	for (uint64_t seed = 1; seed <= 8; seed++) { /* by chance one seed may do */
		int count[2] = {0, 0};

		test_ok(hebb_split(table, 0, 0.5, seed, 0, N, NULL, row, &held, &error), &error);
		for (long long i = N - held; i < N; i++)
			count[row[i] >= N / 2]++;
		assert_true(held == N / 2 && count[0] == N / 4 && count[1] == N / 4);
	}
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_are_coded),
		cmocka_unit_test(a_mean_stands_for_missing_times),
		cmocka_unit_test(other_doubles_change_nothing),
		cmocka_unit_test(a_line_at_an_offset_is_learned),
		cmocka_unit_test(all_ways_give_the_same),
		cmocka_unit_test(either_call_takes_either_model),
		cmocka_unit_test(few_rows_are_coded_as_many),
		cmocka_unit_test(tables_follow_the_model),
		cmocka_unit_test(forms_come_back),
		cmocka_unit_test(odd_codings_are_refused),
		cmocka_unit_test(strata_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
