/* SPDX-License-Identifier: MIT */
/*
 * test_encode_file.c - models that encode their inputs: written, read, answering alike, and files
 * that say what cannot be (test_graph.c compares the answers with those of the graph)
 */
#include "altered.h"
#include "test.h"

#include "hebb_io.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { ROWS = 60, LINE = 80 };

/* Beside the scalings: all of them at once, as codings that were joined have them. */
enum { JOINED = HEBB_SCALING_PERIODIC + 1 };

static hebb_table *make_table(int is_exact, int has_texts)
{
	char *text = test_memory((ROWS + 1) * LINE), *at = text;
	hebb_error error;

	at += sprintf(at, "a,%sc,y\n", has_texts ? "b," : "");
	for (int i = 0; i < ROWS; i++) {
		double a = (i * 37 % ROWS) * 1.25 - 20;
		at += i % 7 == 3 ? 0 : sprintf(at, "%.12g", is_exact ? 1700000000.5 + a : a);
		at += has_texts ? sprintf(at, ",%s", i % 3 ? "red" : "blue") : 0;
		at += sprintf(at, ",%d,%d\n", i % 11, i);
	}
	hebb_table *table =
		hebb_table_parse(text, (size_t)(at - text), "it.csv", HEBB_HEADER_YES, &error);
	if (!table)
		fail_msg("%s", error.message);
	free(text);
	return table;
}

static hebb_coding *fit(const hebb_table *table, hebb_scaling scaling, int bins,
			hebb_missing missing)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.scaling = scaling;
	options.bins = bins;
	options.missing = missing;
	options.task = HEBB_REGRESSION;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	return coding;
}

/* Two of them are equal, so that there are fewer ways. With indicators all have bins. */
static const struct {
	hebb_scaling scaling;
	int bins;
} members[] = {{HEBB_SCALING_PIECEWISE, 8}, {HEBB_SCALING_STANDARD, 9},
	       {HEBB_SCALING_PERIODIC, 7},  {HEBB_SCALING_PIECEWISE, 8},
	       {HEBB_SCALING_ROBUST, 12},   {HEBB_SCALING_PIECEWISE, 5}};

enum { MEMBERS = COUNT_OF(members), WAYS = MEMBERS - 1, WIDTH = 64 };

/* The coding of all, and those of the members, to be freed if they are asked for. */
static hebb_coding *fit_joined(const hebb_table *table, hebb_missing missing, hebb_coding **member,
			       int places[MEMBERS][WIDTH])
{
	const hebb_coding *list[MEMBERS];
	hebb_coding *own[MEMBERS];
	int *place[MEMBERS], room[MEMBERS][WIDTH];
	hebb_error error;

	for (int k = 0; k < MEMBERS; k++) {
		own[k] = fit(table,
			     missing == HEBB_MISSING_INDICATOR ? HEBB_SCALING_PIECEWISE
							       : members[k].scaling,
			     members[k].bins, missing);
		assert_true(own[k]->width <= WIDTH);
		list[k] = own[k];
		place[k] = places ? places[k] : room[k];
	}
	hebb_coding *coding = hebb_coding_join(MEMBERS, list, place, &error);
	if (!coding)
		fail_msg("%s", error.message);
	for (int k = 0; k < MEMBERS; k++)
		if (member)
			member[k] = own[k];
		else
			hebb_coding_free(own[k]);
	return coding;
}

static hebb_model *make_model(const hebb_table *table, hebb_scaling scaling, hebb_missing missing)
{
	const hebb_layer layers[] = {hebb_dense(5, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_error error;
	hebb_coding *coding = (int)scaling == JOINED ? fit_joined(table, missing, NULL, NULL)
						     : fit(table, scaling, HEBB_BINS, missing);

	hebb_net *net = test_net(coding->width, 2, layers, 3);
	hebb_model *model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error);
	if (!model)
		fail_msg("%s", error.message);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

/* ---- There and back ---- */

static void predict_table(const hebb_model *model, const hebb_table *table, double *values)
{
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;

	prediction.values = values;
	test_ok(hebb_model_predict_table(model, table, table->rows, NULL, &prediction, &error),
		&error);
}

static void same_bytes(const void *a, const void *b, size_t size)
{
	assert_true(!a == !b);
	if (a)
		assert_memory_equal(a, b, size);
}

static void same_codings(const hebb_coding *a, const hebb_coding *b)
{
	size_t floats = (size_t)a->width * sizeof(float),
	       doubles = (size_t)a->width * sizeof(double);

	assert_int_equal(a->width, b->width);
	same_bytes(a->mean, b->mean, floats);
	same_bytes(a->scale, b->scale, floats);
	same_bytes(a->fill, b->fill, floats);
	same_bytes(a->least, b->least, floats);
	same_bytes(a->most, b->most, floats);
	same_bytes(a->exact_mean, b->exact_mean, doubles);
	same_bytes(a->exact_fill, b->exact_fill, doubles);
	assert_non_null(b->encoding);
	for (int i = 0; i < a->input_count; i++) {
		assert_int_equal(a->encoding[i].ways, b->encoding[i].ways);
		assert_int_equal(a->encoding[i].inputs, b->encoding[i].inputs);
		for (int w = 0; w < a->encoding[i].ways; w++) {
			const hebb_way *x = &a->encoding[i].way[w], *y = &b->encoding[i].way[w];

			assert_int_equal(x->scaling, y->scaling);
			assert_int_equal(x->inputs, y->inputs);
		}
	}
}

static void there_and_back(const hebb_table *table, const hebb_model *model)
{
	double answers[2][ROWS];
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	hebb_model *read = hebb_model_parse(bytes, size, "it.onnx", &error);
	if (!read)
		fail_msg("%s", error.message);
	same_codings(model->coding, read->coding);
	predict_table(model, table, answers[0]);
	predict_table(read, table, answers[1]);
	assert_memory_equal(answers[0], answers[1], sizeof answers[0]);
	hebb_model_free(read);
	free(bytes);
}

/* Each scaling, of floats and doubles, with texts and without, filled, marked and left out. */
static void files(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		hebb_table *table = make_table(kind & 1, kind & 2);
		for (int s = HEBB_SCALING_ROBUST; s <= JOINED; s++)
			for (hebb_missing m = HEBB_MISSING_MEAN; m <= HEBB_MISSING_INDICATOR; m++) {
				hebb_model *model = make_model(table, (hebb_scaling)s, m);
				for (hebb_graph g = HEBB_GRAPH_AUTO; g <= HEBB_GRAPH_FULL; g++) {
					model->graph = g;
					there_and_back(table, model);
				}
				hebb_model_free(model);
			}
		hebb_table_free(table);
	}
}

/* ---- Joined codings ---- */

/* Each input of each coding is one of the inputs of the joined one, to the bit; what two have is
 * there once. */
static void joined_inputs(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++)
		for (hebb_missing m = HEBB_MISSING_MEAN; m <= HEBB_MISSING_INDICATOR; m++) {
			hebb_table *table = make_table(kind & 1, kind & 2);
			hebb_coding *member[MEMBERS];
			int place[MEMBERS][WIDTH];
			hebb_coding *all = fit_joined(table, m, member, place);
			hebb_dataset *data =
				hebb_coding_apply(all, table, 0, table->rows, NULL, NULL);
			int width = all->indicator_count, used[MEMBERS * WIDTH] = {0};

			assert_non_null(data);
			for (int i = 0; i < all->input_count; i++) {
				int ways = all->encoding[i].ways;

				if (all->inputs[i].kind == HEBB_TEXT)
					assert_int_equal(ways, 1);
				else if (i == 0 || m != HEBB_MISSING_INDICATOR)
					assert_int_equal(ways, WAYS);
				else /* a few values are edges, however many bins there may be */
					assert_in_range(ways, 3, WAYS);
				width += all->encoding[i].inputs;
			}
			assert_int_equal(all->width, width);
			for (int k = 0; k < MEMBERS; k++) {
				int n = member[k]->width;
				hebb_dataset *own = hebb_coding_apply(member[k], table, 0,
								      table->rows, NULL, NULL);

				assert_non_null(own);
				assert_int_equal(own->rows, data->rows);
				for (long long r = 0; r < own->rows; r++)
					for (int j = 0; j < n; j++)
						assert_memory_equal(
							&data->x[r * width + place[k][j]],
							&own->x[r * n + j], sizeof(float));
				for (int j = 0; j < n; j++)
					used[place[k][j]] = 1;
				hebb_dataset_free(own);
				hebb_coding_free(member[k]);
			}
			for (int j = 0; j < width; j++)
				assert_true(used[j]);
			hebb_dataset_free(data);
			hebb_coding_free(all);
			hebb_table_free(table);
		}
}

/* Codings without an encoding stay so. */
static void joined_plain(void **state)
{
	hebb_table *table = make_table(0, 1);
	hebb_coding *one = fit(table, HEBB_SCALING_STANDARD, HEBB_BINS, HEBB_MISSING_INDICATOR);
	const hebb_coding *list[] = {one, one};
	int room[2][WIDTH], *place[] = {room[0], room[1]};
	hebb_error error;
	hebb_coding *two = hebb_coding_join(2, list, place, &error);

	(void)state;
	assert_non_null(two);
	assert_null(two->encoding);
	assert_int_equal(two->width, one->width);
	assert_memory_equal(two->mean, one->mean, sizeof(float) * (size_t)one->width);
	for (int k = 0; k < 2; k++)
		for (int j = 0; j < one->width; j++)
			assert_int_equal(room[k][j], j);
	hebb_coding_free(two);
	hebb_coding_free(one);
	hebb_table_free(table);
}

static void not_joined(void **state)
{
	enum { MANY = HEBB_WAYS_MOST + 1 };
	hebb_table *table = make_table(0, 1), *other = make_table(0, 0);
	hebb_coding *own[MANY];
	const hebb_coding *list[MANY];
	int room[MANY][WIDTH], *place[MANY];
	hebb_error error;

	(void)state;
	for (int k = 0; k < MANY; k++) {
		own[k] = fit(table, HEBB_SCALING_PIECEWISE, 2 + k, HEBB_MISSING_MEAN);
		list[k] = own[k];
		place[k] = room[k];
	}
	assert_null(hebb_coding_join(MANY, list, place, &error));
	assert_non_null(strstr(error.message, "more than 8 ways"));
	assert_null(hebb_coding_join(0, list, place, &error));
	assert_int_equal(error.status, HEBB_BAD_ARGUMENT);
	hebb_coding *fewer = fit(other, HEBB_SCALING_PIECEWISE, 3, HEBB_MISSING_MEAN),
		    *marked = fit(table, HEBB_SCALING_PIECEWISE, 3, HEBB_MISSING_INDICATOR);
	list[1] = fewer;
	assert_null(hebb_coding_join(2, list, place, &error));
	assert_int_equal(error.status, HEBB_BAD_SHAPE);
	list[1] = marked;
	assert_null(hebb_coding_join(2, list, place, &error));
	assert_int_equal(error.status, HEBB_BAD_SHAPE);
	list[1] = NULL;
	assert_null(hebb_coding_join(2, list, place, &error));
	hebb_coding *plain = fit(table, HEBB_SCALING_STANDARD, 3, HEBB_MISSING_INDICATOR);
	list[0] = marked;
	list[1] = plain;
	assert_null(hebb_coding_join(2, list, place, &error));
	assert_non_null(strstr(error.message, "stands for a missing value"));
	hebb_coding_free(plain);
	hebb_coding_free(marked);
	hebb_coding_free(fewer);
	for (int k = 0; k < MANY; k++)
		hebb_coding_free(own[k]);
	hebb_table_free(other);
	hebb_table_free(table);
}

/* ---- Rows in arrays ---- */

/* The bits of an answer are the same alone, in an array, by columns and in a table. */
static void arrays(void **state)
{
	(void)state;
	for (int is_exact = 0; is_exact < 2; is_exact++) {
		hebb_table *table = make_table(is_exact, 0);
		for (int s = HEBB_SCALING_ROBUST; s <= JOINED; s++) {
			hebb_model *model =
				make_model(table, (hebb_scaling)s, HEBB_MISSING_INDICATOR);
			double raw[ROWS][2], column[2][ROWS], answers[ROWS], all[ROWS], one;
			hebb_prediction prediction = hebb_prediction_default();
			hebb_block block = hebb_doubles(2, raw[0], NULL);

			for (int r = 0; r < ROWS; r++)
				for (int c = 0; c < 2; c++)
					raw[r][c] = column[c][r] = hebb_table_value(table, r, c);
			predict_table(model, table, answers);
			prediction.values = all;
			assert_int_equal(
				hebb_model_predict(model, ROWS, 1, &block, &prediction, NULL),
				HEBB_OK);
			assert_memory_equal(all, answers, sizeof all);
			const hebb_block columns[] = {hebb_doubles(1, column[0], NULL),
						      hebb_doubles(1, column[1], NULL)};
			assert_int_equal(
				hebb_model_predict(model, ROWS, 2, columns, &prediction, NULL),
				HEBB_OK);
			assert_memory_equal(all, answers, sizeof all);
			prediction.values = &one;
			for (int r = 0; r < ROWS; r++) {
				block = hebb_doubles(2, raw[r], NULL);
				assert_int_equal(
					hebb_model_predict(model, 1, 1, &block, &prediction, NULL),
					HEBB_OK);
				assert_memory_equal(&one, &answers[r], sizeof one);
				const float floats[] = {(float)raw[r][0], (float)raw[r][1]};
				block = hebb_floats(2, floats, NULL);
				assert_int_equal(
					hebb_model_predict(model, 1, 1, &block, &prediction, NULL),
					HEBB_OK);
				if (!is_exact)
					assert_memory_equal(&one, &answers[r], sizeof one);
			}
			hebb_model_free(model);
		}
		hebb_table_free(table);
	}
}

/* ---- Files that are wrong ---- */

static void descriptions(void **state)
{
	static const struct {
		const char *before, *after, *why;
	} texts[] = {
		{"\"format\":5", "\"format\":4", "(\"format\")"},
		{"\"scaling\":\"piecewise\"", "\"scaling\":\"piecemeal\"", "(\"scaling\")"},
		{"\"scaling\":\"piecewise\"", "\"scaling\": \"standard\"", "(\"scaling\")"},
		{"\"scaling\":\"piecewise\"", "\"scaling\":   \"robust\"", "does not fit it"},
		{"\"scaling\":\"piecewise\"", "\"scaling\": \"periodic\"", "does not fit it"},
		{"\"scaling\":\"piecewise\"", "\"scaling\": null      ", "(\"scaling\")"},
		{"\"inputs\":8", "\"inputs\":9", "does not fit the description"},
		{"\"inputs\":8", "\"inputs\":0", "(\"inputs\")"},
		{"\"inputs\":8", "\"inputs\":a", ""},
		{"\"inputs\":8", "\"input\" :8", "(\"inputs\")"},
		{"\"height\":0,\"width\":0", "\"height\":1,\"width\":1", "pixels of images"},
	};
	hebb_table *table = make_table(0, 0);
	hebb_model *model = make_model(table, HEBB_SCALING_PIECEWISE, HEBB_MISSING_INDICATOR);
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		assert_int_equal(strlen(texts[i].before), strlen(texts[i].after));
		altered(bytes, size, texts[i].before, texts[i].after, strlen(texts[i].before),
			texts[i].why);
	}
	free(bytes);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* Bins that do not ascend, one without a width, and some that do not begin below their mean or end
 * above it. */
static void edges(void **state)
{
	hebb_table *table = make_table(0, 0);
	hebb_model *model = make_model(table, HEBB_SCALING_PIECEWISE, HEBB_MISSING_INDICATOR);
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	for (int what = 0; what < 5; what++) {
		hebb_coding *is = model->coding;
		float *numbers = what < 2    ? is->mean
				 : what == 2 ? is->scale
				 : what == 3 ? is->least
					     : is->most;
		float before[3] = {numbers[1], numbers[2], numbers[3]}, after[3];
		memcpy(after, before, sizeof after);
		after[1] = what == 0   ? nextafterf(before[0], -FLT_MAX)
			   : what == 1 ? nextafterf(before[2], FLT_MAX)
				       : 0;
		altered(bytes, size, before, after, sizeof before,
			"the edges of the bins of an input are not in order");
		memcpy(numbers + 1, after, sizeof after);
		test_failed(hebb_model_format(model, &bytes, &size, &error), &error,
			    HEBB_BAD_ARGUMENT, "the edges of the bins");
		memcpy(numbers + 1, before, sizeof before);
	}
	free(bytes);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* Robust and periodic inputs have the bounds of their scaling. */
static void check_bounds(const hebb_table *table, hebb_scaling scaling)
{
	const char *why = "an input has bounds that its scaling does not have";
	hebb_model *model = make_model(table, scaling, HEBB_MISSING_MEAN);
	float *side[] = {model->coding->least, model->coding->most};
	unsigned char *bytes, *none;
	size_t size;
	hebb_error error;

	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	for (int i = 0; i < 2; i++) {
		const float before[] = {side[i][0], side[i][1]},
			    after[] = {before[0], before[1] / 2};
		altered(bytes, size, before, after, sizeof before, why);
		side[i][1] = 0;
		test_failed(hebb_model_format(model, &none, &size, &error), &error,
			    HEBB_BAD_ARGUMENT, why);
		side[i][1] = before[1];
	}
	free(bytes);
	free(model->coding->least);
	model->coding->least = NULL;
	test_failed(hebb_model_format(model, &none, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "it encodes columns, and has no bounds for them");
	hebb_model_free(model);
}

static void bounds(void **state)
{
	hebb_table *table = make_table(0, 0);

	(void)state;
	check_bounds(table, HEBB_SCALING_ROBUST);
	check_bounds(table, HEBB_SCALING_PERIODIC);
	hebb_table_free(table);
}

/* What a program may set. */
static void codings(void **state)
{
	static const struct {
		hebb_way way;
		const char *why;
	} wrong[] = {
		{{HEBB_SCALING_NONE, 8}, "how a column is encoded does not fit it"},
		{{(hebb_scaling)0, 8}, "how a column is encoded does not fit it"},
		{{HEBB_SCALING_STANDARD, 8}, "how a column is encoded does not fit it"},
		{{HEBB_SCALING_ROBUST, 8}, "how a column is encoded does not fit it"},
		{{HEBB_SCALING_PERIODIC, 8}, "how a column is encoded does not fit it"},
		{{HEBB_SCALING_PIECEWISE, 0}, "how a column is encoded does not fit it"},
		{{HEBB_SCALING_PIECEWISE, HEBB_BINS_MOST + 1}, "does not fit it"},
		{{HEBB_SCALING_PIECEWISE, 7}, "the columns do not fit the inputs of the network"},
	};
	hebb_table *table = make_table(0, 0);
	hebb_model *model = make_model(table, HEBB_SCALING_PIECEWISE, HEBB_MISSING_INDICATOR);
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		model->coding->encoding[0] =
			(hebb_encoding){wrong[i].way.inputs, 1, {wrong[i].way}};
		test_failed(hebb_model_format(model, &bytes, &size, &error), &error,
			    HEBB_BAD_ARGUMENT, wrong[i].why);
	}
	for (int ways = -1; ways <= HEBB_WAYS_MOST + 1; ways++) {
		if (ways == 1)
			continue; /* the others do not have so many inputs, or are not there */
		model->coding->encoding[0] =
			(hebb_encoding){8, ways, {{HEBB_SCALING_PIECEWISE, 8}}};
		test_failed(hebb_model_format(model, &bytes, &size, &error), &error,
			    HEBB_BAD_ARGUMENT, "how a column is encoded does not fit it");
	}
	hebb_model_free(model);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),         cmocka_unit_test(arrays),
		cmocka_unit_test(descriptions),  cmocka_unit_test(edges),
		cmocka_unit_test(codings),       cmocka_unit_test(bounds),
		cmocka_unit_test(joined_inputs), cmocka_unit_test(joined_plain),
		cmocka_unit_test(not_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
