/* SPDX-License-Identifier: MIT */
/*
 * test_columns.c - columns are the user's: lists of them, those that are left out, weights, groups
 * and times
 */
#include "predict_one.h"
#include "test.h"
#include "study/study.h"

static hebb_table *parse(const char *text)
{
	hebb_error error;
	hebb_table *table = hebb_table_parse(text, strlen(text), "t.csv", HEBB_HEADER_YES, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* ---- Lists of columns ---- */

static void lists_of_columns(void **state)
{
	/* 4 is a name and column 6; "2-3" and "p_*" are names, too; one name holds a comma. */
	hebb_table *t = parse("id,p_1,p_2,4,2-3,p_10,p_*,\"a,b\",price\n1,2,3,4,5,6,7,8,9\n");
	static const struct {
		const char *list, *chosen;
	} right[] = {
		{"id", "100000000"},          {"1", "100000000"},       {"4", "000100000"},
		{"2-3", "000010000"},         {"2-4", "022200000"},     {"5-5", "000020000"},
		{"p_*", "000000100"},         {"p_?", "022000200"},     {"p_??", "000002000"},
		{"*", "222222222"},           {"*1*,id", "120002000"},  {"a,b", "000000010"},
		{"id,price,id", "100000001"}, {"*,*", "222222222"},     {"p*0", "000002000"},
		{"?*?_*1", "000000000"},      {"1-4,p_2", "221200000"},
	};
	static const struct {
		const char *list, *mentioned;
	} wrong[] = {
		{"prise", "did you mean 'price'?"},
		{"10", "numbered from 1 to 9"},
		{"0", "numbered from 1 to 9"},
		{"7-10", "no columns 7-10"},
		{"3-2", "no columns 3-2"},
		{"0-2", "no columns 0-2"},
		{"q*", "fits 'q*'"},
		{"id,", "no name"},
		{"", "no name"},
		{",id", "no name"},
		{"id,,price", "no name"},
		{"id,prise", "did you mean 'price'?"},
		{"1-2-3", "no column '1-2-3'"},
		{"99999999999-3", "no column"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(right); i++) {
		unsigned char chosen[9] = {0};
		hebb_error error = {.status = HEBB_OK};
		hebb_status status = hebb_table_select(t, right[i].list, chosen, &error);
		int any = strcspn(right[i].chosen, "12") < 9;

		assert_int_equal(status, any ? HEBB_OK : HEBB_BAD_ARGUMENT);
		for (int c = 0; c < 9; c++)
			if (chosen[c] != right[i].chosen[c] - '0')
				fail_msg("%s: column %d", right[i].list, c + 1);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		unsigned char chosen[9] = {0, 1}, before[9] = {0, 1};
		hebb_error error = {.status = HEBB_OK};

		test_failed(hebb_table_select(t, wrong[i].list, chosen, &error), &error,
			    HEBB_BAD_ARGUMENT, wrong[i].mentioned);
		assert_memory_equal(chosen, before, sizeof before);
	}
	hebb_table_free(t);
}

/* In a pattern, ? is a character, however many bytes it has. */
static void patterns_of_characters(void **state)
{
	hebb_table *t = parse("größe,gräsze,gr\n1,2,3\n");
	static const struct {
		const char *list, *chosen; /* NULL: it fits nothing */
	} tried[] = {{"gr??e", "200"}, {"gr???e", "020"}, {"gr????", "020"}, {"*?ß?", "200"},
		     {"??*", "222"},   {"gr?*", "220"},   {"*?????", "220"}, {"*???????", NULL}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tried); i++) {
		unsigned char chosen[3] = {0};
		hebb_status status = hebb_table_select(t, tried[i].list, chosen, NULL);

		assert_int_equal(status, tried[i].chosen ? HEBB_OK : HEBB_BAD_ARGUMENT);
		for (int c = 0; c < 3 && tried[i].chosen; c++)
			if (chosen[c] != tried[i].chosen[c] - '0')
				fail_msg("%s: column %d", tried[i].list, c + 1);
	}
	hebb_table_free(t);
}

/* In the order of the list; a range or a pattern adds what is not there. */
static void lists_in_order(void **state)
{
	static const struct {
		const char *list, *columns;
	} right[] = {
		{"p_3", "3"},      {"5,1", "51"},    {"p_*", "1234"},   {"p_3,p_*", "3124"},
		{"3-5,2", "3452"}, {"2,1-3", "213"}, {"p_1,p_1", "11"}, {"p_1-3", "4"},
		{"*,5", "123455"}, {"a,b", "5"},     {"a,b,1", NULL},   {"p_9", NULL},
		{"1,q*", NULL},    {"1,", NULL},     {"", NULL},        {"3-9", NULL},
	};
	hebb_table *t = parse("p_1,p_2,p_3,p_1-3,\"a,b\"\n1,2,3,4,5\n");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(right); i++) {
		hebb_error error = {.status = HEBB_OK};
		int count = -1;
		int *column = hebb_table_list(t, right[i].list, &count, &error);

		assert_true((column == NULL) == (right[i].columns == NULL));
		if (!column) {
			assert_int_equal(error.status, HEBB_BAD_ARGUMENT);
			assert_int_equal(count, -1);
			continue;
		}
		assert_int_equal(count, strlen(right[i].columns));
		for (int c = 0; c < count; c++)
			if (column[c] != right[i].columns[c] - '1')
				fail_msg("%s: column %d", right[i].list, column[c] + 1);
		free(column);
	}
	hebb_table_free(t);
}

/* ---- Groups ---- */

enum { ROWS_MOST = 300 };

/* A table of x, a group and a time; groups are of uneven sizes. */
static hebb_table *grouped(int rows, int groups, uint64_t seed)
{
	static const char *const names[] = {"x", "group", "time", "y"};
	float u[ROWS_MOST][2], value[ROWS_MOST][4];
	hebb_error error;

	hebb_uniform(2LL * rows, u[0], seed, 5);
	for (int i = 0; i < rows; i++) {
		value[i][0] = u[i][0];
		value[i][1] = floorf((float)groups * u[i][0] * u[i][0]) - 2;
		value[i][2] = floorf(40 * u[i][1]);
		value[i][3] = u[i][1] - u[i][0];
	}
	const hebb_block block = hebb_floats(4, value[0], names);
	hebb_table *table = hebb_table_from_arrays("grouped", rows, 1, &block, &error);
	assert_non_null(table);
	return table;
}

/* How many rows the largest of the groups has. */
static long long largest(const hebb_table *t, int *groups)
{
	long long most = 0;

	*groups = 0;
	for (long long i = 0; i < t->rows; i++) {
		long long same = 0, first = i;

		for (long long j = 0; j < t->rows; j++)
			if (hebb_table_value(t, j, 1) == hebb_table_value(t, i, 1)) {
				same++;
				first = j < first ? j : first;
			}
		*groups += first == i;
		most = same > most ? same : most;
	}
	return most;
}

/* The part of each row: part p has rows[p] rows of `row`, one part after the other. */
static void check_parts(const hebb_table *t, const long long *row, const long long *rows, int parts)
{
	int part[ROWS_MOST];
	long long at = 0;

	for (long long i = 0; i < t->rows; i++)
		part[i] = -1;
	for (int p = 0; p < parts; p++)
		for (long long i = 0; i < rows[p]; i++, at++) {
			assert_in_range(row[at], 0, t->rows - 1);
			assert_int_equal(part[row[at]], -1);
			part[row[at]] = p;
			if (i > 0)
				assert_true(row[at] > row[at - 1]);
		}
	assert_int_equal(at, t->rows);
	for (long long i = 0; i < t->rows; i++)
		for (long long j = 0; j < i; j++)
			if (hebb_table_value(t, i, 1) == hebb_table_value(t, j, 1))
				assert_int_equal(part[i], part[j]);
}

static void no_group_is_divided(void **state)
{
	static const double fractions[] = {0.01, 0.1, 0.2, 0.5, 0.77, 0.99};
	static const int sizes[][2] = {{4, 2}, {20, 5}, {61, 60}, {300, 7}, {300, 250}};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(sizes); k++)
		for (uint64_t seed = 1; seed <= 12; seed++) {
			int rows = sizes[k][0], groups;
			hebb_table *t = grouped(rows, sizes[k][1], seed);
			long long most = largest(t, &groups), row[ROWS_MOST], again[ROWS_MOST],
				  held, held_again;
			double fraction = fractions[seed % COUNT_OF(fractions)];
			hebb_error error;

			if (groups < 2) {
				hebb_table_free(t);
				continue;
			}
			test_ok(hebb_split_groups(t, 1, fraction, seed, 0, rows, NULL, row, &held,
						  &error),
				&error);
			check_parts(t, row, (long long[]){rows - held, held}, 2);
			assert_in_range(held, 1, rows - 1);
			double off = fabs((double)held - fraction * rows);
			assert_true(off <= (double)most);
			for (int i = 0; i < rows; i++)
				again[i] = i;
			test_ok(hebb_split_groups(t, 1, fraction, seed, 0, rows, again, again,
						  &held_again, &error),
				&error);
			assert_int_equal(held, held_again);
			assert_memory_equal(row, again, (size_t)rows * sizeof *row);
			hebb_table_free(t);
		}
}

static void seeds_hold_out_other_groups(void **state)
{
	hebb_table *t = grouped(ROWS_MOST, 100, 1);
	long long row[ROWS_MOST], held;
	int times[ROWS_MOST] = {0}, always = 0, never = 0;
	hebb_error error;

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		test_ok(hebb_split_groups(t, 1, 0.3, seed, 0, t->rows, NULL, row, &held, &error),
			&error);
		assert_in_range(held, 88, 92); /* many groups: near to 90 */
		for (long long i = t->rows - held; i < t->rows; i++)
			times[row[i]]++;
	}
	for (int i = 0; i < ROWS_MOST; i++) {
		always += times[i] > 55;
		never += times[i] == 0;
	}
	assert_int_equal(always, 0);
	assert_int_equal(never, 0);
	hebb_table_free(t);
}

static void no_group_is_in_two_folds(void **state)
{
	static const int folds[] = {2, 3, 5, 10};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(folds); k++)
		for (uint64_t seed = 1; seed <= 8; seed++) {
			hebb_table *t = grouped(200, 40, seed);
			long long row[ROWS_MOST], rows[10], least = 200, most = 0;
			int groups;
			hebb_error error;

			test_ok(hebb_split_group_folds(t, 1, folds[k], seed, 2, 200, NULL, row,
						       rows, &error),
				&error);
			check_parts(t, row, rows, folds[k]);
			for (int f = 0; f < folds[k]; f++) {
				least = rows[f] < least ? rows[f] : least;
				most = rows[f] > most ? rows[f] : most;
			}
			assert_true(least >= 1);
			assert_true(most - least <= largest(t, &groups));
			hebb_table_free(t);
		}
}

/* Whatever qsort() does with equal sizes. */
static void groups_of_one_size_are_dealt_in_random_order(void **state)
{
	enum { GROUPS = 24, FOLDS = 5 };
	char text[16 + 8 * 2 * GROUPS] = "x,g,y\n";
	long long order[GROUPS], row[2 * GROUPS], rows[FOLDS], next = 0;
	int fold[GROUPS];
	hebb_error error;

	(void)state;
	for (int i = 0; i < 2 * GROUPS; i++)
		sprintf(text + strlen(text), "1,%d,2\n", i % GROUPS);
	hebb_table *t = parse(text);

	for (int g = 0; g < GROUPS; g++)
		order[g] = g;
	hebb_shuffle(GROUPS, order, 3, 4);
	for (int i = 0; i < GROUPS; i++)
		fold[order[i]] = i % FOLDS;
	test_ok(hebb_split_group_folds(t, 1, FOLDS, 3, 4, t->rows, NULL, row, rows, &error),
		&error);
	for (int f = 0; f < FOLDS; f++)
		for (long long end = next + rows[f]; next < end; next++)
			assert_int_equal(fold[row[next] % GROUPS], f);
	assert_int_equal(next, 2 * GROUPS);
	hebb_table_free(t);
}

static void groups_that_cannot_be(void **state)
{
	hebb_table *t = parse("x,g,y\n1,a,1\n2,a,2\n3,,3\n4,b,1\n");
	const long long same[] = {0, 1}, whole[] = {0, 1, 3};
	long long row[4] = {7, 7, 7, 7}, rows[4], held;
	hebb_error error = {.status = HEBB_OK};

	(void)state;
	test_failed(hebb_split_groups(t, 1, 0.5, 1, 0, 4, NULL, row, &held, &error), &error,
		    HEBB_BAD_FORMAT, "t.csv:4: column \"g\" has no value");
	test_failed(hebb_split_groups(t, 1, 0.5, 1, 0, 2, same, row, &held, &error), &error,
		    HEBB_BAD_ARGUMENT, "the same value in all rows");
	test_failed(hebb_split_groups(t, 1, 1, 1, 0, 3, whole, row, &held, &error), &error,
		    HEBB_BAD_ARGUMENT, "between 0");
	test_failed(hebb_split_groups(t, 3, 0.5, 1, 0, 3, whole, row, &held, &error), &error,
		    HEBB_BAD_ARGUMENT, "column 4");
	test_failed(hebb_split_groups(t, 1, 0.5, 1, 0, 0, NULL, row, &held, &error), &error,
		    HEBB_BAD_ARGUMENT, "no rows");
	test_failed(hebb_split_group_folds(t, 1, 3, 1, 0, 3, whole, row, rows, &error), &error,
		    HEBB_BAD_ARGUMENT, "2 groups of rows");
	test_failed(hebb_split_group_folds(t, 1, 1, 1, 0, 3, whole, row, rows, &error), &error,
		    HEBB_BAD_ARGUMENT, "1 folds");
	test_failed(hebb_split_sort(t, 1, 4, NULL, row, &error), &error, HEBB_BAD_FORMAT,
		    "t.csv:4");
	for (int i = 0; i < 4; i++)
		assert_int_equal(row[i], 7);
	test_ok(hebb_split_groups(t, 1, 0.2, 1, 0, 3, whole, row, &held, &error), &error);
	assert_int_equal(held, 1);
	assert_int_equal(row[2], 3);
	hebb_table_free(t);
}

/* ---- Times ---- */

static double time_of(const hebb_table *t, long long row)
{
	return hebb_table_value(t, row, 2);
}

/* Rows in the order of time, those of equal times in the order of the table. */
static void check_order(const hebb_table *t, const long long *row, long long n)
{
	for (long long i = 1; i < n; i++)
		assert_true(time_of(t, row[i - 1]) < time_of(t, row[i]) ||
			    (time_of(t, row[i - 1]) == time_of(t, row[i]) && row[i - 1] < row[i]));
}

static void what_is_later_is_held_out(void **state)
{
	const hebb_part none = {.kind = HEBB_PART_NONE},
			fifth = {.kind = HEBB_PART_FRACTION, .fraction = 0.2},
			last = {.kind = HEBB_PART_LAST, .rows = 13};
	hebb_table *t = grouped(150, 10, 3);
	const struct {
		hebb_part test, validation;
		long long rows[2];
	} tried[] = {{fifth, none, {30, 0}}, {last, fifth, {13, 28}}, {none, last, {0, 13}}};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(tried); k++) {
		struct hb_split how = {.test = tried[k].test,
				       .validation = tried[k].validation,
				       .column = -1,
				       .seed = k,
				       .time = 3};
		hebb_parts p;
		hebb_error error;

		test_ok(hb_split_rows(t, &how, &p, &error), &error);
		assert_int_equal(p.test, tried[k].rows[0]);
		assert_int_equal(p.validation, tried[k].rows[1]);
		assert_int_equal(p.train + p.validation + p.test, t->rows);
		check_order(t, p.row, t->rows);
		free(p.row);
	}
	hebb_table_free(t);
}

static void folds_go_forward(void **state)
{
	const hebb_part none = {.kind = HEBB_PART_NONE},
			fifth = {.kind = HEBB_PART_FRACTION, .fraction = 0.2};
	static const int folds[] = {2, 5, 7, 149};
	hebb_table *t = grouped(150, 10, 4);
	hebb_error error;

	(void)state;
	for (size_t k = 0; k < COUNT_OF(folds); k++) {
		struct hb_split how = {.test = none,
				       .validation = folds[k] < 10 ? fifth : none,
				       .column = -1,
				       .folds = folds[k],
				       .time = 3};
		long long before = -1, block = 150 / (folds[k] + 1);

		for (how.fold = 0; how.fold < how.folds; how.fold++) {
			hebb_parts p;

			test_ok(hb_split_rows(t, &how, &p, &error), &error);
			long long known = p.train + p.validation;
			check_order(t, p.row, known + p.test);
			assert_int_equal(p.test, block);
			assert_true(p.train > 0);
			if (before >= 0) /* each fold knows the one before */
				assert_int_equal(known, before + block);
			before = known;
			free(p.row);
		}
		assert_int_equal(before + block, t->rows); /* the last fold is the latest rows */
	}
	struct hb_split many = {.test = fifth, .column = -1, .folds = 120, .time = 3};
	hebb_parts p;
	test_failed(hb_split_rows(t, &many, &p, &error), &error, HEBB_BAD_ARGUMENT, "120 rows");
	hebb_table_free(t);
}

/* ---- Weights ---- */

/* Points in the corners of a square, `copies` of each, with classes of their own: the means and
 * deviations of all and of each copy are the same. */
enum { CORNERS = 4, COPIES = 3 };

static const int class_of[COPIES][CORNERS] = {{0, 0, 1, 1}, {0, 1, 1, 1}, {1, 1, 0, 1}};

/* Copies of the corners one after the other, with weights; which[i]: whose classes. */
static hebb_table *corners(int copies, const int *which, const float *weight)
{
	static const char *const names[] = {"x", "y", "w", "kind"};
	float value[CORNERS * 8][4];
	hebb_error error;

	for (int i = 0; i < copies * CORNERS; i++) {
		int corner = i % CORNERS, copy = i / CORNERS;

		value[i][0] = corner & 1 ? 1 : -1;
		value[i][1] = corner & 2 ? 1 : -1;
		value[i][2] = weight[copy];
		value[i][3] = (float)class_of[which[copy]][corner];
	}
	const hebb_block block = hebb_floats(4, value[0], names);
	hebb_table *table = hebb_table_from_arrays("corners", copies * CORNERS, 1, &block, &error);
	assert_non_null(table);
	return table;
}

/* The probabilities of the first class in the corners, of a network trained with full batches. */
static void learn_corners(const hebb_table *table, const char *weight, float *p)
{
	hebb_study study = hebb_study_of(table);
	hebb_result result;
	hebb_error error;

	study.weight = weight;
	study.ignore = weight ? NULL : "w";
	study.test.kind = HEBB_PART_NONE;
	study.hidden = 1;
	study.units[0] = 5;
	study.activation = HEBB_TANH;
	study.optimizer = HEBB_SGD;
	study.schedule = HEBB_CONSTANT;
	study.rate = 0.5;
	study.batch = 0;
	study.epochs = 60;
	study.dropout = 0;
	test_ok(hebb_study_run(&study, &result, &error), &error);
	assert_int_equal(result.model->coding->input_count, 2);
	for (int corner = 0; corner < CORNERS; corner++) {
		const float raw[] = {corner & 1 ? 1 : -1, corner & 2 ? 1 : -1};
		float output[2];

		test_ok(predict_floats(result.model, raw, output, &error), &error);
		p[corner] = output[0];
	}
	hebb_result_free(&result);
}

static double difference(const float *a, const float *b)
{
	double most = 0;

	for (int i = 0; i < CORNERS; i++)
		most = fmax(most, fabs((double)a[i] - (double)b[i]));
	return most;
}

static void weights_are_copies(void **state)
{
	static const int all[] = {0, 1, 2}, some[] = {0, 2}, twice[] = {0, 1, 1, 2};
	static const float ones[] = {1, 1, 1, 1}, none[] = {1, 0, 1}, two[] = {1, 2, 1},
			   scaled[] = {0.25f, 0.5f, 0.25f};
	hebb_table *weighted[] = {corners(3, all, none), corners(3, all, two),
				  corners(3, all, scaled), corners(3, all, ones)};
	hebb_table *counted[] = {corners(2, some, ones), corners(4, twice, ones),
				 corners(4, twice, ones), corners(3, all, ones)};
	float plain[CORNERS], a[CORNERS], b[CORNERS];

	(void)state;
	learn_corners(weighted[3], NULL, plain);
	for (size_t i = 0; i < COUNT_OF(weighted); i++) {
		learn_corners(weighted[i], "w", a);
		learn_corners(counted[i], NULL, b);
		assert_true(difference(a, b) < 1e-4);
		assert_true(i == 3 || difference(a, plain) > 0.01); /* and weights do something */
		hebb_table_free(weighted[i]);
		hebb_table_free(counted[i]);
	}
}

static void weights_that_cannot_be(void **state)
{
	static const struct {
		const char *text, *mentioned;
	} wrong[] = {
		{"x,w,y\n1,1,1\n2,-1,2\n3,1,3\n4,1,1\n5,1,2\n", "line 3: 'w' is below 0"},
		{"x,w,y\n1,1,1\n2,,2\n3,1,3\n4,1,1\n5,1,2\n", "line 3: 'w' has no value"},
		{"x,w,y\n1,a,1\n2,b,2\n3,a,3\n4,a,1\n5,a,2\n", "'w' of t.csv holds texts"},
		{"x,w,y\n1,0,1\n2,0,2\n3,0,3\n4,0,1\n5,0,2\n", "weight 0"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		hebb_table *t = parse(wrong[i].text);
		hebb_study study = hebb_study_of(t);
		hebb_result result;
		hebb_error error;

		study.weight = "w";
		study.missing = HEBB_MISSING_DROP;
		study.task = HEBB_REGRESSION;
		hebb_status status = hebb_study_run(&study, &result, &error);
		assert_int_not_equal(status, HEBB_OK);
		if (!strstr(error.message, wrong[i].mentioned))
			fail_msg("%s", error.message);
		hebb_result_free(&result);
		hebb_table_free(t);
	}
}

/* ---- Roles ---- */

static const char people[] = "id,height,weight,city,pixel_1,pixel_2,count,day,price\n"
			     "a,1,2,x,,?,1,1,10.5\nb,2,1,x,3,?,1,2,20\nc,3,5,y,,?,2,3,31\n"
			     "d,4,4,y,,?,1,4,40\ne,5,2,z,,?,1,5,52\nf,6,1,z,,?,3,6,60\n";

static void the_roles_of_columns(void **state)
{
	static const struct {
		const char *target, *ignore, *inputs, *weight, *group, *time;
		const char *roles; /* by column: i: an input, t: the target, -: left out */
	} tried[] = {
		{NULL, NULL, NULL, NULL, NULL, NULL, "iiiiiiiit"},
		{NULL, "id,pixel_*", NULL, NULL, NULL, NULL, "-iii--iit"},
		{NULL, "9", NULL, NULL, NULL, NULL, "iiiiiiit-"},
		{NULL, NULL, "2-4", NULL, NULL, NULL, "-iii----t"},
		{NULL, "3", "2-4", NULL, NULL, NULL, "-i-i----t"},
		{"price", "1,4-6", NULL, "count", NULL, NULL, "-ii----it"},
		{NULL, "1,5-6", NULL, NULL, "city", NULL, "-ii---iit"},
		{NULL, "1,5-6", NULL, NULL, NULL, "day", "-iii--i-t"},
		{NULL, NULL, "2,day", NULL, NULL, "day", "-i-----it"},
		{"height", NULL, NULL, "price", NULL, "day", "itiiiii--"},
		{NULL, NULL, NULL, "price", NULL, "day", "iiiiiit--"},
		{NULL, "price,count", "2", "price", NULL, NULL, "-i-----t-"},
		{NULL, "4-6", "2-9", NULL, NULL, NULL, "tii---iii"},
		{NULL, NULL, "price,2", NULL, NULL, NULL, "-i-----ti"},
		{"price", NULL, "2-9", NULL, NULL, NULL, "-iiiiiiit"},
		{NULL, NULL, "*", NULL, NULL, NULL, "iiiiiiiit"},
		{NULL, NULL, "*", NULL, NULL, "day", "iiiiiii-t"},
		{"price", NULL, "*", "count", "city", NULL, "iii-ii-it"},
		{"8-9", NULL, NULL, NULL, NULL, NULL, "iiiiiiitt"},
		{"pri*,2", NULL, NULL, NULL, NULL, NULL, "itiiiiiit"},
	};
	hebb_table *t = parse(people);

	(void)state;
	for (size_t k = 0; k < COUNT_OF(tried); k++) {
		hebb_study study = hebb_study_of(t);
		hb_roles roles;
		hebb_error error;
		char is[] = "---------";

		study.target = tried[k].target;
		study.ignore = tried[k].ignore;
		study.input_columns = tried[k].inputs;
		study.weight = tried[k].weight;
		study.group = tried[k].group;
		study.time_column = tried[k].time;
		test_ok(hb_roles_find(&study, &roles, &error), &error);
		for (int i = 0; i < roles.input_count; i++)
			is[roles.input[i]] = 'i';
		for (int i = 0; i < roles.target_count; i++)
			is[roles.target[i]] = 't';
		assert_string_equal(is, tried[k].roles);
		hb_roles_free(&roles);
	}
	hebb_table_free(t);
}

static void roles_that_cannot_be(void **state)
{
	static const struct {
		const char *target, *ignore, *inputs, *weight, *group, *time, *mentioned;
	} wrong[] = {
		{"price", "2-9", NULL, NULL, NULL, NULL, "--ignore: leaves out 'price'"},
		{NULL, "1-9", NULL, NULL, NULL, NULL, "no column is left to predict"},
		{NULL, "1-8", NULL, NULL, NULL, NULL, "--ignore leaves out too many"},
		{NULL, "1-4,6-8", NULL, "5", NULL, NULL, "no column is left to be an input"},
		{NULL, "idd", NULL, NULL, NULL, NULL, "--ignore: t.csv: there is no column 'idd'"},
		{NULL, NULL, "hight", NULL, NULL, NULL,
		 "--inputs: t.csv: there is no column 'hight'"},
		{"price", NULL, "2-8,price", NULL, NULL, NULL,
		 "--inputs: takes as an input 'price'"},
		{NULL, NULL, "1,2,3,4,5,6,7,8,9", NULL, NULL, NULL,
		 "all of them are inputs, ignored"},
		{NULL, NULL, "1,2,3,4,5,6,7,8", NULL, "price", NULL,
		 "no column is left to predict"},
		{"price", NULL, NULL, "price", NULL, NULL, "--weight: takes as the weights"},
		{"city", NULL, NULL, NULL, "city", NULL, "--group: takes as the groups"},
		{"day", NULL, NULL, NULL, NULL, "day", "--time-column: takes as the times"},
		{NULL, NULL, NULL, "wieght", NULL, NULL, "did you mean 'weight'?"},
		{NULL, NULL, NULL, NULL, "town", NULL, "--group: t.csv: there is no column 'town'"},
		{NULL, NULL, NULL, NULL, NULL, "date", "--time-column: t.csv: there is no"},
		{NULL, NULL, NULL, NULL, "city", "day", "give one of them"},
		{NULL, NULL, "2,7", "count", NULL, NULL, "--inputs: names 'count'"},
		{NULL, NULL, "2,4", NULL, "city", NULL, "--inputs: names 'city'"},
	};
	hebb_table *t = parse(people);

	(void)state;
	for (size_t k = 0; k < COUNT_OF(wrong); k++) {
		hebb_study study = hebb_study_of(t);
		hebb_error error;

		study.target = wrong[k].target;
		study.ignore = wrong[k].ignore;
		study.input_columns = wrong[k].inputs;
		study.weight = wrong[k].weight;
		study.group = wrong[k].group;
		study.time_column = wrong[k].time;
		test_failed(hebb_study_default(&study, &error), &error, HEBB_BAD_ARGUMENT,
			    wrong[k].mentioned);
		assert_int_equal(hebb_study_default(&study, NULL), HEBB_BAD_ARGUMENT);
	}
	hebb_table_free(t);
}

/* ---- Coding ---- */

static void only_the_inputs_count(void **state)
{
	hebb_table *t = parse(people);
	const int inputs[] = {6, 1}, twice[] = {1, 1}, target[] = {1, 8}, beyond[] = {9};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error = {.status = HEBB_OK};

	(void)state;
	options.input_count = 2;
	options.inputs = inputs;
	hebb_coding *coding = hebb_coding_fit(t, &options, t->rows, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	assert_int_equal(coding->input_count, 2);
	assert_int_equal(coding->input_at[0], 1); /* in the order of the table */
	assert_int_equal(coding->input_at[1], 6);
	assert_int_equal(coding->columns, 9);
	/* By name, by place of the whole table, and by place of the inputs alone. */
	static const char *const same[] = {"city,count,height,new\n?,3,2.5,\n",
					   "1,2.5,3,4,5,6,3,8,9\n,2.5,,,,,3,,\n", "2.5,3\n2.5,3\n"};
	const hebb_header header[] = {HEBB_HEADER_YES, HEBB_HEADER_NO, HEBB_HEADER_NO};
	for (int k = 0; k < 3; k++) {
		hebb_table *other =
			hebb_table_parse(same[k], strlen(same[k]), "o.csv", header[k], &error);
		hebb_dataset *data = hebb_coding_apply(coding, other, 0, other->rows, NULL, &error);
		if (!data)
			fail_msg("%s", error.message);
		float *x = data->x + (data->rows - 1) * 2;
		test_near(x[0], (2.5f - coding->mean[0]) * coding->scale[0], 1e-6, "height");
		test_near(x[1], (3 - coding->mean[1]) * coding->scale[1], 1e-6, "count");
		hebb_dataset_free(data);
		hebb_table_free(other);
	}
	hebb_coding_free(coding);
	options.inputs = twice;
	assert_null(hebb_coding_fit(t, &options, t->rows, NULL, &error));
	assert_non_null(strstr(error.message, "twice as an input"));
	options.inputs = target;
	assert_null(hebb_coding_fit(t, &options, t->rows, NULL, &error));
	assert_non_null(strstr(error.message, "as a target and as an input"));
	options.inputs = beyond;
	options.input_count = 1;
	assert_null(hebb_coding_fit(t, &options, t->rows, NULL, &error));
	assert_non_null(strstr(error.message, "none of number 10"));
	options.inputs = NULL;
	assert_null(hebb_coding_fit(t, &options, t->rows, NULL, &error));
	assert_non_null(strstr(error.message, "1 inputs are not possible"));
	hebb_table_free(t);
}

/* ---- Studies ---- */

/* What training held out is found again by the record. */
static void parts_are_found_again(void **state)
{
	static const char *const column[][2] = {{"group", NULL}, {NULL, "time"}};
	hebb_table *t = grouped(120, 30, 9);

	(void)state;
	for (int k = 0; k < 2; k++) {
		hebb_study study = hebb_study_of(t);
		hebb_parts parts;
		hebb_error error;

		study.group = column[k][0];
		study.time_column = column[k][1];
		study.validation = (hebb_part){.kind = HEBB_PART_FRACTION, .fraction = 0.3};
		study.epochs = 1;
		study.hidden = 0;
		test_ok(hebb_study_default(&study, &error), &error);
		hebb_trial *trial = hebb_trial_new(&study, 4, -1, &error);
		if (!trial)
			fail_msg("%s", error.message);
		hebb_result result;
		test_ok(hebb_trial_train(trial, &result, &error), &error);
		hebb_model *model = hebb_trial_model(trial, &result, &error);
		assert_non_null(model);
		test_ok(hebb_model_parts(model, t, &parts, &error), &error);
		assert_int_equal(parts.train, trial->parts.train);
		assert_int_equal(parts.validation, trial->parts.validation);
		assert_int_equal(parts.test, trial->parts.test);
		assert_memory_equal(parts.row, trial->parts.row, 120 * sizeof *parts.row);
		if (k == 0)
			check_parts(t, parts.row,
				    (long long[]){parts.train, parts.validation, parts.test}, 3);
		free(parts.row);
		hebb_model_free(model);
		hebb_result_free(&result);
		hebb_trial_free(trial);
	}
	hebb_table_free(t);
}

/* A file of test rows may not have a group of the training data. */
static void groups_of_another_table(void **state)
{
	static const char *const test[] = {"x,g,y\n1,c,1\n2,a,2\n", "x,g,y\n1,c,1\n2,d,2\n",
					   "x,y\n1,1\n2,2\n", "1,c,1\n2,c,2\n3,b,2\n"};
	static const char *const numbers[] = {"x,g,y\n1,3,1\n2,1,2\n", "x,g,y\n1,3,1\n2,4,2\n",
					      "x,g,y\n1,c,1\n2,1,2\n"};
	hebb_table *table[] = {parse("x,g,y\n1,a,1\n2,a,2\n3,b,3\n4,b,1\n5,b,2\n"),
			       parse("x,g,y\n1,1,1\n2,1,2\n3,2,3\n4,2,1\n5,2,2\n")};
	const struct {
		const hebb_table *of;
		const char *text, *mentioned; /* NULL: no group is shared */
	} tried[] = {{table[0], test[0], "line 3: 'g' names a group"},
		     {table[0], test[1], NULL},
		     {table[0], test[2], NULL},
		     {table[0], test[3], "line 3: 'x2' names a group"}, /* by place */
		     {table[1], numbers[0], "line 3: 'g' names a group"},
		     {table[1], numbers[1], NULL},
		     {table[1], numbers[2], "--text 2 makes both texts"}};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(tried); k++) {
		hebb_study study = hebb_study_of(tried[k].of);
		hebb_error error;
		hebb_table *other = hebb_table_parse(tried[k].text, strlen(tried[k].text), "t.csv",
						     HEBB_HEADER_AUTO, &error);

		assert_non_null(other);

		study.group = "g";
		study.task = HEBB_REGRESSION;
		study.test = (hebb_part){.kind = HEBB_PART_TABLE, .table = other};
		test_ok(hebb_study_default(&study, &error), &error);
		hebb_trial *trial = hebb_trial_new(&study, 1, -1, &error);
		assert_int_equal(trial != NULL, tried[k].mentioned == NULL);
		if (!trial)
			assert_non_null(strstr(error.message, tried[k].mentioned));
		hebb_trial_free(trial);
		hebb_table_free(other);
	}
	hebb_study study = hebb_study_of(table[0]);
	hebb_error error;
	study.group = "g";
	study.task = HEBB_REGRESSION;
	study.test = (hebb_part){.kind = HEBB_PART_LAST, .rows = 1};
	test_ok(hebb_study_default(&study, &error), &error);
	assert_null(hebb_trial_new(&study, 1, -1, &error));
	assert_non_null(strstr(error.message, "within a group"));
	hebb_table_free(table[0]);
	hebb_table_free(table[1]);
}

/* What a study says of reading reaches the reader. */
static void options_of_reading(void **state)
{
	hebb_study study = hebb_study_of(NULL);

	(void)state;
	hebb_table_options plain = hebb_study_table_options(&study);
	assert_int_equal(plain.size, sizeof plain);
	assert_int_equal(plain.header, HEBB_HEADER_AUTO);
	assert_true(!plain.skip && !plain.separator && !plain.decimal && !plain.thousands);
	assert_true(!plain.missing && !plain.text && !plain.numeric && !plain.names);
	study.ignore = "id";
	study.header = HEBB_HEADER_NO;
	study.skip = 3;
	study.separator = ';';
	study.decimal = ',';
	study.thousands = '.';
	study.na = "-999";
	study.text_columns = "zip";
	study.numeric_columns = "2";
	study.encoding = "latin-1";
	hebb_table_options made = hebb_study_table_options(&study);
	assert_string_equal(made.names, "id");
	study.target = "y";
	made = hebb_study_table_options(&study);
	assert_string_equal(made.names, "y");
	assert_int_equal(made.header, HEBB_HEADER_NO);
	assert_int_equal(made.skip, 3);
	assert_int_equal(made.separator, ';');
	assert_int_equal(made.decimal, ',');
	assert_int_equal(made.thousands, '.');
	assert_string_equal(made.missing, "-999");
	assert_string_equal(made.text, "zip");
	assert_string_equal(made.numeric, "2");
	assert_string_equal(made.encoding, "latin-1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_columns),
		cmocka_unit_test(patterns_of_characters),
		cmocka_unit_test(lists_in_order),
		cmocka_unit_test(no_group_is_divided),
		cmocka_unit_test(seeds_hold_out_other_groups),
		cmocka_unit_test(no_group_is_in_two_folds),
		cmocka_unit_test(groups_of_one_size_are_dealt_in_random_order),
		cmocka_unit_test(groups_that_cannot_be),
		cmocka_unit_test(what_is_later_is_held_out),
		cmocka_unit_test(folds_go_forward),
		cmocka_unit_test(weights_are_copies),
		cmocka_unit_test(weights_that_cannot_be),
		cmocka_unit_test(the_roles_of_columns),
		cmocka_unit_test(roles_that_cannot_be),
		cmocka_unit_test(only_the_inputs_count),
		cmocka_unit_test(parts_are_found_again),
		cmocka_unit_test(groups_of_another_table),
		cmocka_unit_test(options_of_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
