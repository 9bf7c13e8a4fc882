/* SPDX-License-Identifier: MIT */
/*
 * test_predict_rows.c - rows of arrays through a model: the answers and counts of a table of the
 * same values, alone or together, without memory for each row
 */
#include "count_calls.h"
#include "hebb_io.h"
#include "test.h"

/* ---- Random arrays ---- */

enum { COLUMNS = 6, ROWS = 300, OUTPUTS = 3 };
enum form { FLOATS, DOUBLES, INTEGERS, TEXTS, FORMS };

static const char *const names[] = {"a", "b", "c", "d", "e", "f", "more"};
static const char *const words[] = {"red", "blue", "1", "2.50", "0.5", "new", "", "3e0", "-4", "7"};

/* One column in one of the forms, of a kind of numbers. */
struct column {
	enum form form;
	float floats[ROWS];
	double doubles[ROWS];
	int integers[ROWS];
	const char *texts[ROWS];
};

struct arrays {
	struct column column[COLUMNS + 1];
	hebb_block block[COLUMNS + 1];
};

static unsigned draw(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 8) % below;
}

/* A number of column c: times, which need doubles, or small ones; is_new: perhaps far from these.
 */
static double number_of(unsigned *seed, int c, int is_new)
{
	double far = is_new && draw(seed, 20) == 0 ? 1e6 : 1;

	if (c == 0)
		return 1.7e9 + draw(seed, 100) * far;
	return (draw(seed, 200) - 100.0) / (c == 1 ? 10 : 2) * far;
}

/* known: how many of the words are used; gaps: one in so many is one, or none of all. */
static void fill(struct column *column, int c, enum form form, unsigned *seed, unsigned known,
		 unsigned gaps)
{
	column->form = form;
	for (int i = 0; i < ROWS; i++) {
		int is_gap = gaps && draw(seed, gaps) == 0;
		double value = number_of(seed, c, known == COUNT_OF(words));

		column->integers[i] = (int)value;
		column->floats[i] = is_gap ? NAN : (float)value;
		column->doubles[i] = is_gap ? (double)NAN : value;
		column->texts[i] = is_gap ? NULL : words[draw(seed, known)];
	}
}

static hebb_block block_of(const struct column *column, const char *const *name)
{
	switch (column->form) {
	case FLOATS:
		return hebb_floats(1, column->floats, name);
	case DOUBLES:
		return hebb_doubles(1, column->doubles, name);
	case INTEGERS:
		return hebb_integers(1, column->integers, name);
	default:
		return hebb_texts(1, column->texts, name);
	}
}

/* The columns of training: the last two are texts. */
static enum form trained(unsigned *seed, int c)
{
	return c == 0 ? DOUBLES : c < 4 ? (enum form)draw(seed, TEXTS) : TEXTS;
}

static hebb_table *training(struct arrays *arrays, unsigned *seed, unsigned gaps)
{
	hebb_block block[COLUMNS + 1];
	static float target[ROWS];
	hebb_error error;

	for (int c = 0; c < COLUMNS; c++) {
		fill(&arrays->column[c], c, trained(seed, c), seed, 5, c % 2 ? gaps : 0);
		block[c] = block_of(&arrays->column[c], names + c);
	}
	for (int i = 0; i < ROWS; i++)
		target[i] = (float)(i % OUTPUTS);
	block[COLUMNS] = hebb_floats(1, target, names + COLUMNS);
	hebb_table *table = hebb_table_from_arrays("t", ROWS, COLUMNS + 1, block, &error);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static hebb_model *model_of(const hebb_table *table, hebb_missing missing, hebb_task task)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.missing = missing;
	options.task = task;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	const hebb_layer layers[] = {
		hebb_dense(7, HEBB_TANH),
		hebb_dense(coding->outputs, task == HEBB_REGRESSION ? HEBB_LINEAR : HEBB_SOFTMAX)};
	hebb_net *net = test_net(coding->width, 2, layers, 5);
	hebb_model *model = hebb_model_new(
		net, coding, task == HEBB_REGRESSION ? HEBB_SQUARED : HEBB_CROSS_ENTROPY, NULL,
		&error);
	if (!model)
		fail_msg("%s", error.message);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

/* Arrays to predict: with other words, gaps and, in places, another form; in another order, with
 * one column more.  Returns how many. */
static int to_predict(struct arrays *arrays, unsigned *seed)
{
	int at = (int)draw(seed, COLUMNS), count = 0;

	for (int c = 0; c < COLUMNS; c++) {
		int is_other = draw(seed, 4) == 0;

		fill(&arrays->column[c], c,
		     is_other ? (enum form)draw(seed, FORMS) : trained(seed, c), seed,
		     COUNT_OF(words), 9);
	}
	fill(&arrays->column[COLUMNS], COLUMNS, TEXTS, seed, 3, 0);
	for (; count < COLUMNS; count++, at = (at + 1) % COLUMNS)
		arrays->block[count] = block_of(&arrays->column[at], names + at);
	arrays->block[count++] = block_of(&arrays->column[COLUMNS], names + COLUMNS);
	return count;
}

/* What one call says. */
struct answer {
	float output[ROWS * OUTPUTS];
	double values[ROWS * OUTPUTS];
	int label[ROWS];
	unsigned char outside[ROWS];
	hebb_unlike unlike[COLUMNS];
	hebb_prediction prediction;
};

static hebb_prediction *ask_for(struct answer *answer, const hebb_model *model)
{
	memset(answer, 0xA5, sizeof *answer);
	answer->prediction = hebb_prediction_default();
	answer->prediction.output = answer->output;
	answer->prediction.values = answer->values;
	answer->prediction.label =
		model->coding->task == HEBB_CLASSIFICATION ? answer->label : NULL;
	answer->prediction.outside = answer->outside;
	answer->prediction.unlike = answer->unlike;
	answer->prediction.how = HEBB_APPLY_ANYWAY;
	return &answer->prediction;
}

static int same_rows(const hebb_model *model, const struct answer *a, const struct answer *b,
		     long long at, long long rows)
{
	size_t outputs = (size_t)model->coding->outputs, n = (size_t)rows * outputs;

	return !memcmp(a->output + at * (long long)outputs, b->output, n * sizeof *a->output) &&
	       !memcmp(a->values + at * (long long)outputs, b->values, n * sizeof *a->values) &&
	       (model->coding->task != HEBB_CLASSIFICATION ||
		!memcmp(a->label + at, b->label, (size_t)rows * sizeof *a->label)) &&
	       !memcmp(a->outside + at, b->outside, (size_t)rows);
}

/* The arrays from a row on. */
static void blocks_from(const hebb_block *block, int count, long long row, hebb_block *from)
{
	for (int i = 0; i < count; i++) {
		from[i] = block[i];
		if (block[i].floats)
			from[i].floats += row;
		if (block[i].doubles)
			from[i].doubles += row;
		if (block[i].integers)
			from[i].integers += row;
		if (block[i].texts)
			from[i].texts += row;
	}
}

/* Each row alone has the answer that it has among the others, and the counts add up. */
static void rows_alone(const hebb_model *model, const hebb_block *block, int count,
		       const struct answer *all)
{
	hebb_unlike sum[COLUMNS] = {{0}};
	long long answered = 0;
	hebb_error error;

	for (long long i = 0; i < ROWS; i++) {
		static struct answer one;
		hebb_block from[COLUMNS + 1];

		blocks_from(block, count, i, from);
		test_ok(hebb_model_predict(model, 1, count, from, ask_for(&one, model), &error),
			&error);
		assert_true(same_rows(model, all, &one, i, 1));
		answered += one.prediction.answered;
		for (int c = 0; c < COLUMNS; c++) {
			sum[c].missing += one.unlike[c].missing;
			sum[c].unknown += one.unlike[c].unknown;
			sum[c].odd += one.unlike[c].odd;
			sum[c].outside += one.unlike[c].outside;
		}
	}
	assert_true(answered == all->prediction.answered);
	assert_memory_equal(sum, all->unlike, sizeof sum);
}

/* The answers are those of hebb_coding_apply(), the network, and units. */
static void by_hand(const hebb_model *model, const hebb_table *table, const struct answer *all)
{
	const hebb_coding *coding = model->coding;
	hebb_error error;
	hebb_dataset *data =
		hebb_coding_apply(coding, table, HEBB_APPLY_ANYWAY, ROWS, NULL, &error);

	if (!data)
		fail_msg("%s", error.message);
	assert_memory_equal(data->unlike, all->unlike, sizeof all->unlike);
	for (long long k = 0; k < data->rows; k++) {
		const double *values = all->values + data->row[k] * coding->outputs;
		float h[OUTPUTS];

		test_ok(hebb_predict(model->net, data->x + k * data->inputs, h, &error), &error);
		for (int j = 0; j < coding->outputs; j++)
			assert_true(values[j] == hebb_in_units(coding, h, j));
	}
	assert_true(all->prediction.answered == data->rows);
	hebb_dataset_free(data);
}

static void like_a_table(void **state)
{
	static const hebb_missing missing[] = {HEBB_MISSING_MEAN, HEBB_MISSING_INDICATOR,
					       HEBB_MISSING_DROP};
	static struct arrays arrays;
	static struct answer of_arrays, of_table;
	hebb_unlike sum = {0};
	hebb_error error;

	(void)state;
	for (unsigned trial = 0; trial < 60; trial++) {
		unsigned seed = trial + 1;
		hebb_table *table = training(&arrays, &seed, trial % 4 ? 8 : 0);
		hebb_model *model = model_of(table, missing[trial % 3],
					     trial % 2 ? HEBB_CLASSIFICATION : HEBB_REGRESSION);
		int count = to_predict(&arrays, &seed);
		hebb_table *same = hebb_table_from_arrays("t", ROWS, count, arrays.block, &error);

		assert_non_null(same);
		assert_non_null(model->coding->exact_mean);
		test_ok(hebb_model_predict(model, ROWS, count, arrays.block,
					   ask_for(&of_arrays, model), &error),
			&error);
		test_ok(hebb_model_predict_table(model, same, ROWS, NULL, ask_for(&of_table, model),
						 &error),
			&error);
		assert_true(same_rows(model, &of_arrays, &of_table, 0, ROWS));
		assert_true(of_arrays.prediction.answered == of_table.prediction.answered);
		assert_memory_equal(of_arrays.unlike, of_table.unlike, sizeof of_table.unlike);
		by_hand(model, same, &of_arrays);
		rows_alone(model, arrays.block, count, &of_arrays);
		for (int c = 0; c < COLUMNS; c++) {
			sum.missing += of_arrays.unlike[c].missing;
			sum.unknown += of_arrays.unlike[c].unknown;
			sum.odd += of_arrays.unlike[c].odd;
			sum.outside += of_arrays.unlike[c].outside;
		}
		hebb_table_free(same);
		hebb_table_free(table);
		hebb_model_free(model);
	}
	assert_true(sum.missing > 1000 && sum.unknown > 1000 && sum.odd > 1000 &&
		    sum.outside > 1000);
}

/* ---- What is unlike training ---- */

static const char homes[] = "city,rooms,size,price\nOslo,1,30,300\nOslo,2,,410\nRome,4,90,640\n"
			    "Rome,1,25,180\nOslo,5,120,700\nRome,3,70,500\n";

static hebb_model *homes_model(hebb_missing missing)
{
	hebb_table *table =
		hebb_table_parse(homes, sizeof homes - 1, "homes", HEBB_HEADER_YES, NULL);
	hebb_model *model = model_of(table, missing, HEBB_REGRESSION);

	hebb_table_free(table);
	return model;
}

/* By column and row; an infinite number, or one beyond float32, is odd. All of a row counts, also
 * if it has no answer. */
static void count_with(hebb_missing missing, int answered)
{
	static const char *const city[] = {"Rome", "Lima", "", NULL, "Lima", "rome"};
	static const char *const rooms[] = {"2", "2.0", "many", "", "1e40", "9"};
	static const double size[] = {30, 24.5, INFINITY, -INFINITY, 1e39, 120.5};
	static const char *const home_names[] = {"city", "rooms", "size"};
	static const unsigned char outside[] = {0, 1, 0, 0, 1, 1}; /* a new text is */
	const hebb_block block[] = {hebb_doubles(1, size, home_names + 2),
				    hebb_texts(1, rooms, home_names + 1),
				    hebb_texts(1, city, home_names)};
	hebb_model *model = homes_model(missing);
	static struct answer answer;
	hebb_error error;

	test_ok(hebb_model_predict(model, 6, 3, block, ask_for(&answer, model), &error), &error);
	assert_true(answer.prediction.answered == answered);
	const hebb_unlike expected[] = {{.missing = 2, .unknown = 3},
					{.missing = 1, .odd = 2, .outside = 1},
					{.odd = 3, .outside = 2}};
	assert_memory_equal(answer.unlike, expected, sizeof expected);
	assert_memory_equal(answer.outside, outside, sizeof outside);
	hebb_model_free(model);
}

/* What hebb_model_predict() calls outside is what hebb_limits_row() does: at both ends of a range
 * of doubles, and of a level that only rows had that were not trained on. */
static void outside_is_one_thing(void **state)
{
	static const char text[] = "t,k,y\n1700000000.25,a,1\n1700000001.25,b,2\n"
				   "1700000002.25,c,3\n1700000003.25,a,4\n";
	static const char *const outside_names[] = {"t", "k"}, *const k[] = {"a", "b", "c",
									     "c", "d", "a"};
	static const double t[] = {1700000000.25, 1700000002.25, 1700000001,
				   1700000003,    1700000001,    1699999999};
	static const long long row[] = {0, 1, 2};
	const hebb_block block[] = {hebb_doubles(1, t, outside_names),
				    hebb_texts(1, k, outside_names + 1)};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_table *table = hebb_table_parse(text, sizeof text - 1, "t", HEBB_HEADER_YES, &error),
		   *rows = hebb_table_from_arrays("rows", 6, 2, block, &error);
	unsigned char outside[6], of_row[2];

	(void)state;
	assert_true(table && rows);
	options.task = HEBB_REGRESSION;
	for (int trained_on = 2; trained_on <= 3; trained_on++) { /* c is of row 2 */
		hebb_coding *coding = hebb_coding_fit(table, &options, trained_on, row, &error);
		const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
		hebb_net *net = test_net(coding->width, 1, &layer, 5);
		hebb_model *model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error);
		hebb_limits *limits = hebb_limits_new(coding, rows, &error);
		hebb_prediction prediction = hebb_prediction_default();

		prediction.outside = outside;
		test_ok(hebb_model_predict(model, 6, 2, block, &prediction, &error), &error);
		for (int i = 0; i < 6; i++)
			assert_int_equal(outside[i], hebb_limits_row(limits, i, of_row) > 0);
		assert_true(!outside[0] && outside[4] && outside[5]);
		assert_int_equal(outside[1], trained_on == 2);
		hebb_limits_free(limits);
		hebb_model_free(model);
		hebb_net_free(net);
		hebb_coding_free(coding);
	}
	hebb_table_free(rows);
	hebb_table_free(table);
}

static void counts(void **state)
{
	(void)state;
	count_with(HEBB_MISSING_INDICATOR, 6);
	count_with(HEBB_MISSING_DROP, 3);
}

/* Each kind is refused by row and column where that is asked for, in rows that are else good. */
static void strict(void **state)
{
	static const struct {
		const char *city, *rooms;
		float size;
		const char *mentioned;
	} bad[] = {{"Lima", "2", 30, "row 3: column \"x1\" is \"Lima\", a text that was not there"},
		   {NULL, "2", 30, "row 3: column \"x1\" has no value"},
		   {"Rome", "two", 30, "row 3: column \"x2\" has the text \"two\" where a number"},
		   {"Rome", "", 30, "row 3: column \"x2\" has no value"},
		   {"Rome", "2", NAN, "row 3: column \"x3\" has no value"},
		   {"Rome", "2", INFINITY, "row 3: column \"x3\" is inf: infinite"}};
	hebb_model *model = homes_model(HEBB_MISSING_INDICATOR);
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const char *city[] = {"Oslo", "Rome", bad[i].city, "Oslo"},
			   *rooms[] = {"1", "2", bad[i].rooms, "3"};
		const float size[] = {30, 70, bad[i].size, 60};
		const hebb_block block[] = {hebb_texts(1, city, NULL), hebb_texts(1, rooms, NULL),
					    hebb_floats(1, size, NULL)};
		hebb_prediction prediction = hebb_prediction_default();

		test_ok(hebb_model_predict(model, 4, 3, block, &prediction, &error), &error);
		assert_true(prediction.answered == 4);
		prediction.how = HEBB_APPLY_STRICT;
		test_ok(hebb_model_predict(model, 2, 3, block, &prediction, &error), &error);
		test_failed(hebb_model_predict(model, 4, 3, block, &prediction, &error), &error,
			    HEBB_BAD_FORMAT, bad[i].mentioned);
	}
	hebb_model_free(model);
}

/* A column in which nothing fits, in many rows; a row alone cannot tell. */
static void another_kind_of_column(void **state)
{
	enum { MANY = 2000 };
	static const char *rooms[MANY], *city[MANY];
	static float size[MANY], output[MANY];
	const hebb_block block[] = {hebb_texts(1, city, NULL), hebb_texts(1, rooms, NULL),
				    hebb_floats(1, size, NULL)};
	hebb_model *model = homes_model(HEBB_MISSING_INDICATOR);
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;

	(void)state;
	prediction.output = output;
	for (int i = 0; i < MANY; i++) {
		city[i] = "Rome";
		rooms[i] = "Oslo";
		size[i] = (float)(i % 100);
	}
	test_failed(hebb_model_predict(model, MANY, 3, block, &prediction, &error), &error,
		    HEBB_BAD_FORMAT, "column \"x2\" has \"Oslo\", and none of its first 1,000");
	test_ok(hebb_model_predict(model, 1, 3, block, &prediction, &error), &error);
	prediction.how = HEBB_APPLY_ANYWAY;
	test_ok(hebb_model_predict(model, MANY, 3, block, &prediction, &error), &error);
	assert_true(prediction.answered == MANY);
	prediction.how = 0;
	rooms[999] = "3"; /* one of them fits */
	test_ok(hebb_model_predict(model, MANY, 3, block, &prediction, &error), &error);
	for (int i = 0; i < MANY; i++)
		city[i] = "Lima";
	test_failed(hebb_model_predict(model, MANY, 3, block, &prediction, &error), &error,
		    HEBB_BAD_FORMAT, "column \"x1\" has \"Lima\"");
	hebb_model_free(model);
}

/* ---- Memory ---- */

/* None for a row alone, of numbers or with texts; for many the same, however many there are. */
static void memory(void **state)
{
	enum { WIDE = 256, MANY = 3000 };
	hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	hebb_net *net = test_net(WIDE, 1, &layer, 1);
	hebb_coding *coding = hebb_coding_plain(HEBB_REGRESSION, WIDE, 2, NULL);
	hebb_model *wide = hebb_model_new(net, coding, HEBB_SQUARED, NULL, NULL),
		   *model = homes_model(HEBB_MISSING_INDICATOR);
	float *x = test_floats(1, (size_t)WIDE * 4, -1, 1);
	static const char *city[MANY];
	static float numbers[2 * MANY];
	static const double wider[28];
	const hebb_block all = hebb_floats(WIDE, x, NULL),
			 parts[] = {hebb_floats(100, x, NULL), hebb_doubles(28, wider, NULL),
				    hebb_floats(128, x, NULL)},
			 mixed[] = {hebb_texts(1, city, NULL), hebb_floats(2, numbers, NULL)};
	static struct answer answer;
	hebb_prediction plain = hebb_prediction_default();
	long long before, some;
	hebb_error error;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		city[i] = i % 3 ? "Oslo" : "Lima";
		numbers[2 * i] = numbers[2 * i + 1] = (float)i;
	}
	before = calls;
	plain.output = answer.output;
	test_ok(hebb_model_predict(wide, 1, 1, &all, &plain, &error), &error);
	test_ok(hebb_model_predict(wide, 1, 3, parts, &plain, &error), &error);
	x[3] = NAN;
	test_ok(hebb_model_predict(wide, 1, 1, &all, &plain, &error), &error);
	test_ok(hebb_model_predict(model, 1, 2, mixed, ask_for(&answer, model), &error), &error);
	assert_int_equal(calls - before, 0);
	plain.output = NULL;
	for (int i = 0; i < 3; i++) {
		static const int rows[] = {300, 1000, MANY};

		before = calls;
		test_ok(hebb_model_predict(model, rows[i], 2, mixed, &plain, &error), &error);
		some = i ? some : calls - before;
		assert_true(calls - before == some && some < 10);
	}
	free(x);
	hebb_net_free(net);
	hebb_coding_free(coding);
	hebb_model_free(wide);
	hebb_model_free(model);
}

/* One array of numbers: a row alone that is answered at once, rows together, as doubles, and with
 * the targets, give the same bits. */
static void at_once(void **state)
{
	enum { WIDE = 20, MANY = 40, ALL = WIDE + 2 };
	static double wider[MANY * WIDE];
	static float whole[MANY * ALL], other[MANY * 2];
	const hebb_block same[] = {hebb_doubles(WIDE, wider, NULL), hebb_floats(ALL, whole, NULL),
				   hebb_floats(WIDE - 1, whole, NULL)};
	hebb_layer layers[] = {hebb_dense(9, HEBB_GELU), hebb_dense(2, HEBB_LINEAR)};
	float *x = test_floats(3, (size_t)WIDE * MANY, -100, 100), all[MANY * 2], one[2];
	const hebb_block block[] = {hebb_floats(WIDE, x, NULL), hebb_floats(2, x, NULL)};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_prediction prediction = hebb_prediction_default();
	static const int targets[] = {WIDE, WIDE + 1};
	hebb_error error;

	(void)state;
	options.task = HEBB_REGRESSION;
	options.target_count = 2;
	options.targets = targets;
	x[WIDE + 3] = NAN; /* an indicator */
	hebb_table *table = hebb_table_from_arrays("t", MANY, 2, block, &error);
	hebb_coding *coding = hebb_coding_fit(table, &options, MANY, NULL, &error);
	assert_true(coding && coding->indicator_count == 1 && coding->width == WIDE + 1);
	hebb_net *net = test_net(WIDE + 1, 2, layers, 1);
	hebb_model *model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error);
	x[5 * WIDE + 2] = 3e38f;
	prediction.output = all;
	test_ok(hebb_model_predict(model, MANY, 1, block, &prediction, &error), &error);
	for (int i = 0; i < MANY * WIDE; i++) {
		wider[i] = (double)x[i];
		whole[i / WIDE * ALL + i % WIDE] = x[i];
	}
	prediction.output = other;
	for (int i = 0; i < 2; i++) {
		test_ok(hebb_model_predict(model, MANY, 1, &same[i], &prediction, &error), &error);
		assert_memory_equal(other, all, sizeof all);
	}
	for (int rows = 1; rows < 3; rows++)
		test_failed(hebb_model_predict(model, rows, 1, &same[2], &prediction, &error),
			    &error, HEBB_BAD_SHAPE, "19 columns");
	prediction.output = one;
	for (int i = 0; i < MANY; i++) {
		const hebb_block row = hebb_floats(WIDE, x + i * WIDE, NULL);

		test_ok(hebb_model_predict(model, 1, 1, &row, &prediction, &error), &error);
		assert_memory_equal(one, all + 2 * i, sizeof one);
	}
	hebb_model_free(model);
	hebb_net_free(net);
	hebb_coding_free(coding);
	hebb_table_free(table);
	free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_a_table),
		cmocka_unit_test(counts),
		cmocka_unit_test(outside_is_one_thing),
		cmocka_unit_test(strict),
		cmocka_unit_test(another_kind_of_column),
		cmocka_unit_test(memory),
		cmocka_unit_test(at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
