/* SPDX-License-Identifier: MIT */
/*
 * test_tables.c - from bytes to rows of numbers: CSV, IDX, the digits, splits, codings, files
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <sys/stat.h>
#include <unistd.h>
#include "hebb_io.h"

static hebb_table *parse(const char *text, hebb_error *error)
{
	return hebb_table_parse(text, strlen(text), "t.csv", HEBB_HEADER_AUTO, error);
}

static hebb_table *parsed(const char *text)
{
	hebb_error error;
	hebb_table *table = parse(text, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* ---- CSV ---- */

static void quoted_fields(void **state)
{
	hebb_table *t = parsed(
		"\xef\xbb\xbfname,\"a \"\"b\"\", c\",y\r\n\"two\nlines\",1.5,0\r\n\r\nx,-2e3,1");

	(void)state;
	assert_int_equal(t->rows, 2);
	assert_int_equal(t->columns, 3);
	assert_int_equal(t->named, 1);
	assert_string_equal(t->column[0].name, "name");
	assert_string_equal(t->column[1].name, "a \"b\", c");
	assert_int_equal(t->column[0].kind, HEBB_TEXT);
	assert_int_equal(t->column[1].kind, HEBB_NUMBER);
	assert_string_equal(t->column[0].levels[(int)t->values[0]], "two\nlines");
	assert_true(t->values[1] == 1.5f && t->values[4] == -2000);
	assert_int_equal(t->line[0], 2);
	assert_int_equal(t->line[1], 5);
	hebb_table_free(t);
}

static void missing_values_are_counted(void **state)
{
	hebb_table *t = parsed("a,b\n1,NA\n,2\n?,3\n4,5\n");

	(void)state;
	assert_int_equal(t->column[0].kind, HEBB_NUMBER);
	assert_int_equal(t->column[0].missing, 2);
	assert_int_equal(t->column[1].missing, 1);
	assert_true(isnan(t->values[1]) && isnan(t->values[2]) && t->values[0] == 1);
	hebb_table_free(t);
}

static void bad_csv_says_where(void **state)
{
	static const struct {
		const char *text, *mentioned;
		long long line;
	} bad[] = {{"a,b\n1,2\n3\n", "expected 2 columns, found 1", 3},
		   {"a,b\n1,2\n3,4,5\n", "expected 2 columns, found 3", 3},
		   {"a,b\n1,\"2\n3,4\n", "quote", 2},
		   {"a,b\n1,inf\n", "b", 2},
		   {"a,b\n1,1e39\n", "b", 2}};
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		hebb_table *t = parse(bad[i].text, &error);

		assert_null(t);
		test_failed(error.status, &error, HEBB_BAD_FORMAT, bad[i].mentioned);
		assert_int_equal(error.line, bad[i].line);
	}
	assert_null(parse("", &error));
	assert_null(parse("a,b\n", &error));
	assert_null(hebb_table_parse("1,2\n\0,4\n", 9, "t", HEBB_HEADER_AUTO, &error));
}

static void any_prefix_is_read_or_refused(void **state)
{
	const char *text = "a,\"b\"\n1,\"x \"\"y\"\"\"\n-2.5e-3,z\n";
	hebb_error error;

	(void)state;
	for (size_t size = 0; size <= strlen(text); size++) {
		hebb_table *t = hebb_table_parse(text, size, "t", HEBB_HEADER_AUTO, &error);

		if (!t)
			assert_true(error.status != HEBB_OK && error.message[0]);
		hebb_table_free(t);
	}
}

/* ---- IDX ---- */

static void idx_sizes_are_not_believed(void **state)
{
	unsigned char idx[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40, 99};
	hebb_error error;
	hebb_table *t = hebb_table_parse(idx, 20, "i", HEBB_HEADER_AUTO, &error);

	(void)state;
	if (!t)
		fail_msg("%s", error.message);
	assert_int_equal(t->rows, 2);
	assert_int_equal(t->columns, 2);
	assert_true(t->bytes[0] == 10 && t->bytes[3] == 40 && !t->values);
	hebb_table_free(t);
	for (size_t size = 4; size < 20; size++)
		assert_null(hebb_table_parse(idx, size, "i", HEBB_HEADER_AUTO, &error));
	assert_null(
		hebb_table_parse(idx, 21, "i", HEBB_HEADER_AUTO, &error)); /* more than it says */
	memset(idx + 4, 0xff, 12);
	assert_null(
		hebb_table_parse(idx, 20, "i", HEBB_HEADER_AUTO, &error)); /* absurd dimensions */
}

/* ---- The digits ---- */

static void digits_have_the_known_sums(void **state)
{
	static const int count[10] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
	static const unsigned char first[8] = {0, 0, 5, 13, 9, 1, 0, 0};
	hebb_table *t = hebb_table_digits(NULL);
	int found[10] = {0};
	double sum = 0;

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->rows, 1797);
	assert_int_equal(t->columns, 65);
	assert_int_equal(t->test_from, t->rows);
	for (long long i = 0; i < t->rows; i++) {
		for (int j = 0; j < 64; j++)
			sum += (double)hebb_table_value(t, i, j);
		found[t->bytes[i * 65 + 64]]++;
	}
	assert_true(sum == 561718);
	assert_memory_equal(found, count, sizeof count);
	assert_memory_equal(t->bytes, first, sizeof first);
	hebb_table_free(t);
}

/* ---- Splits ---- */

static void splits_are_stratified_permutations(void **state)
{
	hebb_table *t = hebb_table_digits(NULL);
	long long row[1797], again[1797], held, seen[1797] = {0};
	int count[10] = {0};

	(void)state;
	for (int i = 0; i < 1797; i++)
		row[i] = again[i] = i;
	test_ok(hebb_split(t, 64, 0.4, 7, 0, 1797, row, row, &held, NULL), &(hebb_error){0});
	test_ok(hebb_split(t, 64, 0.4, 7, 0, 1797, again, again, &held, NULL), &(hebb_error){0});
	assert_int_equal(held, 719); /* ceil(0.4 x 1797), as the tutorial's */
	assert_memory_equal(row, again, sizeof row);
	for (int i = 0; i < 1797; i++)
		seen[row[i]]++;
	for (int i = 0; i < 1797; i++)
		assert_int_equal(seen[i], 1);
	for (long long i = 1797 - held; i < 1797; i++)
		count[t->bytes[row[i] * 65 + 64]]++;
	for (int c = 0; c < 10; c++)
		assert_in_range(count[c], 69, 74); /* 0.4 of 174 to 183 */
	test_ok(hebb_split(t, 64, 0.4, 8, 0, 1797, again, again, &held, NULL), &(hebb_error){0});
	assert_memory_not_equal(row, again, sizeof row);
	hebb_table_free(t);
}

/* ---- Codings ---- */

static void only_the_given_rows_are_fitted(void **state)
{
	static const long long train[] = {0, 1, 2, 3}, all[] = {0, 1, 2, 3, 4};
	hebb_table *t = parsed(
		"x,same,color,y\n1,7,red,a\n2,7,blue,b\n3,7,red,a\n4,7,red,b\n1000,8,blue,a\n");
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_coding *c = hebb_coding_fit(t, &options, 4, train, &error);
	hebb_dataset *d;

	(void)state;
	if (!c || !(d = hebb_coding_apply(c, t, 1, 5, all, &error)))
		fail_msg("%s", error.message);
	assert_int_equal(c->task, HEBB_CLASSIFICATION);
	assert_int_equal(c->width, 4); /* x, same, blue, red */
	assert_int_equal(c->outputs, 2);
	assert_true(c->mean[0] == 2.5f && fabs((double)c->scale[0] - 1 / sqrt(1.25)) < 1e-6);
	for (int i = 0; i < 5; i++) {
		assert_true(d->x[4 * i + 1] == 0); /* a constant column becomes 0, not NaN */
		assert_true(d->x[4 * i + 2] + d->x[4 * i + 3] == 1 &&
			    d->y[2 * i] + d->y[2 * i + 1] == 1);
	}
	assert_true(d->x[2] == 0 && d->x[3] == 1 && d->y[0] == 1);
	assert_true(fabs((double)d->x[16] - 997.5 / sqrt(1.25)) < 1e-2);
	hebb_dataset_free(d);
	hebb_coding_free(c);
	hebb_table_free(t);
}

static void missing_values_by_policy(void **state)
{
	static const long long all[] = {0, 1, 2, 3};
	hebb_table *t = parsed("x,z,y\n1,1,a\n,2,b\n3,3,a\n5,4,b\n");
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_coding *c;
	hebb_dataset *d;

	(void)state;
	options.missing = HEBB_MISSING_ERROR;
	c = hebb_coding_fit(t, &options, 4, all, &error);
	assert_null(c);
	test_failed(error.status, &error, HEBB_BAD_FORMAT, "x");
	assert_int_equal(error.line, 3);
	options.missing = HEBB_MISSING_MEAN;
	c = hebb_coding_fit(t, &options, 4, all, &error);
	d = hebb_coding_apply(c, t, 1, 4, all, &error);
	assert_true(d->rows == 4 && fabs((double)d->x[2]) < 1e-6); /* the mean is 0 after scaling */
	hebb_dataset_free(d);
	hebb_coding_free(c);
	options.missing = HEBB_MISSING_DROP;
	c = hebb_coding_fit(t, &options, 4, all, &error);
	d = hebb_coding_apply(c, t, 1, 4, all, &error);
	assert_true(d->rows == 3 && d->row[1] == 2 && d->unlike[0].missing == 1);
	hebb_dataset_free(d);
	hebb_coding_free(c);
	hebb_table_free(t);
}

/* Each row has its own answer: gaps are filled and said by an input more, texts that are no numbers
 * are gaps, unknown texts are none of the levels. */
static void each_row_is_coded(void **state)
{
	hebb_table *t = parsed("x,c,z,y\n1,a,1,no\n,b,2,yes\n3,,3,no\n5,a,6,yes\n"),
		   *u = parsed("x,c,z,y\n4,b,1,no\n?,d,9,yes\nold,a,,no\n3,,3,maybe\n5,b,2,\n");
	hebb_error error;
	hebb_coding *c = hebb_coding_fit(t, NULL, 4, NULL, &error);
	hebb_dataset *d, *strict;
	const float *x;

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->indicator_count, 2); /* z has no gap */
	assert_true(c->indicator[0] == 0 && c->indicator[1] == 1);
	assert_int_equal(c->width, 1 + 2 + 1 + 2);
	d = hebb_coding_apply(c, u, HEBB_APPLY_TARGETS, 5, NULL, &error);
	assert_non_null(d);
	assert_true(d->rows == 4 && d->without_target == 1 && d->unseen == 1);
	x = d->x; /* x, c = a, c = b, z, x is missing, c is missing */
	assert_true(x[1] == 0 && x[2] == 1 && x[4] == 0 && x[5] == 0);
	x += c->width; /* ?, d */
	assert_true(x[0] == 0 && x[1] == 0 && x[2] == 0 && x[4] == 1 && x[5] == 0);
	x += c->width; /* old, a */
	assert_true(x[0] == 0 && x[1] == 1 && x[3] == 0 && x[4] == 1);
	x += c->width; /* c is missing: the shares of 3 rows */
	assert_true(fabs((double)x[1] - 2 / 3.0) < 1e-6 && fabs((double)x[2] - 1 / 3.0) < 1e-6);
	assert_true(x[4] == 0 && x[5] == 1);
	assert_true(d->y[3 * 2] == 0 && d->y[3 * 2 + 1] == 0);
	assert_true(d->unlike[0].missing == 1 && d->unlike[0].odd == 1);
	assert_true(d->unlike[1].unknown == 1 && d->unlike[1].missing == 1);
	assert_true(d->unlike[2].missing == 1 && d->unlike[2].outside == 1); /* 9 of 1 to 6 */
	assert_true(hebb_dataset_drop_unseen(d) == 1 && d->rows == 3 && d->row[2] == 2);
	assert_true(d->unseen == 0 && hebb_dataset_drop_unseen(d) == 0);
	hebb_dataset_free(d);
	strict = hebb_coding_apply(c, u, HEBB_APPLY_STRICT, 5, NULL, &error);
	assert_null(strict);
	test_failed(error.status, &error, HEBB_BAD_FORMAT, "x");
	assert_int_equal(error.line, 3);
	hebb_coding_free(c);
	hebb_table_free(t);
	hebb_table_free(u);
}

/* Also where the columns with gaps are not the first ones. */
static void an_indicator_is_of_its_column(void **state)
{
	hebb_table *t = parsed("z,x,w,c,y\n1,1,2,a,no\n2,,3,b,yes\n3,3,4,,no\n6,5,9,a,yes\n"),
		   *u = parsed("z,x,w,c,y\n5,,1,a,no\n5,2,1,,yes\n5,?,1,,no\n5,2,1,b,no\n");
	static const float expected[4][2] = {{1, 0}, {0, 1}, {1, 1}, {0, 0}};
	hebb_error error;
	hebb_coding *c = hebb_coding_fit(t, NULL, 4, NULL, &error);

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->indicator_count, 2);
	assert_true(c->indicator[0] == 1 && c->indicator[1] == 3);
	hebb_dataset *d = hebb_coding_apply(c, u, HEBB_APPLY_TARGETS, 4, NULL, &error);
	assert_non_null(d);
	for (int i = 0; i < 4; i++)
		assert_memory_equal(d->x + (i + 1) * c->width - 2, expected[i], sizeof expected[i]);
	hebb_dataset_free(d);
	hebb_coding_free(c);
	hebb_table_free(t);
	hebb_table_free(u);
}

/* A column of which no value fits is another one; it is refused by name, unless asked for. */
static void a_wrong_column_is_refused(void **state)
{
	static const struct {
		const char *text;
		int is_refused;
	} tables[] = {
		{"x,c\nblue,a\n?,b\n", 1}, {"x,c\n1,q\n2,r\n", 1},    {"x,c\n1,q\n", 0},
		{"x,c\nblue,a\n", 1},      {"x,c\n,a\n,b\n", 0},      {"x,c\n1,q\n2,a\n", 0},
		{"x,c\nblue,a\n1,b\n", 0}, {"x,c\n1,\n,q\n4,r\n", 1},
	};
	hebb_table *t = parsed("x,c,y\n1,a,no\n2,b,yes\n3,a,no\n4,b,yes\n");
	hebb_error error;
	hebb_coding *c = hebb_coding_fit(t, NULL, 4, NULL, &error);

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		const char *text = tables[i].text;
		hebb_table *u =
			hebb_table_parse(text, strlen(text), "u.csv", HEBB_HEADER_YES, &error);
		hebb_dataset *d = hebb_coding_apply(c, u, 0, u->rows, NULL, &error);

		if ((d == NULL) != tables[i].is_refused)
			fail_msg("%s: %s", text, d ? "is taken" : error.message);
		if (!d)
			assert_int_equal(error.status, HEBB_BAD_FORMAT);
		hebb_dataset_free(d);
		d = hebb_coding_apply(c, u, HEBB_APPLY_ANYWAY, u->rows, NULL, &error);
		assert_true(d && d->rows == u->rows);
		hebb_dataset_free(d);
		hebb_table_free(u);
	}
	assert_null(hebb_coding_apply(c, t, 8, 3, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "8");
	hebb_coding_free(c);
	hebb_table_free(t);
}

/* Where a share s of the texts stood in one row alone, n new texts are refused if s^n <= 0.001. */
static void new_names_are_expected(void **state)
{
	static const struct {
		int names;    /* of 10 training rows; the others have the text a */
		int new_rows; /* each with a text of its own */
		int is_refused;
	} cases[] = {{10, 20, 0}, {5, 9, 0}, {5, 10, 1}, {1, 2, 0},
		     {1, 4, 1},   {0, 1, 0}, {0, 2, 1}};
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *text[20];
		char name[20][8];
		double y[20];

		for (int k = 0; k < 20; k++) {
			snprintf(name[k], sizeof name[k], "n%d", k);
			text[k] = k < cases[i].names ? name[k] : "a";
			y[k] = k;
		}
		hebb_block block[] = {hebb_texts(1, text, NULL), hebb_doubles(1, y, NULL)};
		hebb_table *t = hebb_table_from_arrays(NULL, 10, 2, block, &error);
		hebb_coding_options options = hebb_coding_options_default();
		options.task = HEBB_REGRESSION;
		hebb_coding *c = hebb_coding_fit(t, &options, 10, NULL, &error);
		assert_non_null(c);
		for (int k = 0; k < 20; k++) {
			*name[k] = 'm';
			text[k] = name[k];
		}
		hebb_table *u = hebb_table_from_arrays(NULL, cases[i].new_rows, 2, block, &error);
		hebb_dataset *d = hebb_coding_apply(c, u, 0, u->rows, NULL, &error);
		if ((d == NULL) != cases[i].is_refused)
			fail_msg("case %zu: %s", i, d ? "is taken" : error.message);
		hebb_dataset_free(d);
		hebb_coding_free(c);
		hebb_table_free(t);
		hebb_table_free(u);
	}
}

static void columns_are_found_by_name(void **state)
{
	static const long long all[] = {0, 1, 2};
	hebb_table *t = parsed("x,z,y\n1,10,a\n2,20,b\n3,30,a\n"),
		   *u = parsed("more,z,x\n0,20,2\n");
	hebb_table *lacking = parsed("x,other\n1,2\n"), *unseen = parsed("x,z,y\n1,10,c\n");
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_coding *c = hebb_coding_fit(t, &options, 3, all, &error);
	hebb_dataset *d = hebb_coding_apply(c, u, 0, 1, all, &error);

	(void)state;
	assert_non_null(d);
	assert_true(d->x[0] == 0 && d->x[1] == 0 && d->ignored == 1 && !d->y);
	hebb_dataset_free(d);
	assert_null(hebb_coding_apply(c, lacking, 0, 1, all, &error));
	test_failed(error.status, &error, HEBB_BAD_SHAPE, "z");
	assert_null(hebb_coding_apply(c, unseen, HEBB_APPLY_TARGETS | HEBB_APPLY_STRICT, 1, all,
				      &error));
	test_failed(error.status, &error, HEBB_BAD_FORMAT, "c");
	assert_int_equal(error.line, 2);
	hebb_coding_free(c);
	hebb_table_free(t);
	hebb_table_free(u);
	hebb_table_free(lacking);
	hebb_table_free(unseen);
}

/* Counts stay counts, while the inputs are standardized; a caller that does not know the field gets
 * what he got. */
static void raw_targets_stay(void **state)
{
	static const long long all[] = {0, 1, 2};
	hebb_table *t = parsed("x,y\n1,10\n2,20\n3,60\n");
	hebb_coding_options options = hebb_coding_options_default();

	(void)state;
	options.task = HEBB_REGRESSION;
	options.target_transform = HEBB_TARGET_NONE;
	for (int knows = 0; knows < 2; knows++) {
		hebb_error error;
		hebb_coding *c;
		hebb_dataset *d;

		options.size =
			knows ? sizeof options : offsetof(hebb_coding_options, target_transform);
		c = hebb_coding_fit(t, &options, 3, all, &error);
		d = hebb_coding_apply(c, t, 1, 3, all, &error);
		assert_true((d->y[2] == 60) == knows);
		assert_true((c->target_mean[0] == 0 && c->target_sd[0] == 1) == knows);
		assert_true(c->mean[0] == 2 && fabs((double)d->x[1]) < 1e-6);
		hebb_dataset_free(d);
		hebb_coding_free(c);
	}
	hebb_table_free(t);
}

/* ---- Numbers and files ---- */

static void floats_survive_text(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(hebb_format_float(0.1f, text), "0.1");
	assert_string_equal(hebb_format_float(-3, text), "-3");
	for (uint64_t i = 0; i < 100000; i++) {
		uint32_t word[4];
		float value;

		hb_random_block(1, 0, i, word);
		memcpy(&value, word, sizeof value);
		if (isfinite(value))
			assert_true(strtof(hebb_format_float(value, text), NULL) == value);
	}
}

static void files_are_whole_or_not_there(void **state)
{
	char folder[] = "/tmp/hebb_test_XXXXXX", path[64], inside[80];
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/file", folder);
	snprintf(inside, sizeof inside, "%s/no/file", folder);
	test_ok(hebb_file_write(path, "abc", 3, &error), &error);
	test_ok(hebb_file_read(path, &bytes, &size, &error), &error);
	assert_true(size == 3 && memcmp(bytes, "abc", 4) == 0); /* with a NUL behind it */
	free(bytes);
	test_failed(hebb_file_write(inside, "x", 1, &error), &error, HEBB_IO, "no");
	test_failed(hebb_file_write(folder, "x", 1, &error), &error, HEBB_IO, folder);
	test_failed(hebb_file_read(folder, &bytes, &size, &error), &error, HEBB_IO, "directory");
	if (access("/dev/full", W_OK) == 0)
		test_failed(hebb_file_write("/dev/full", "x", 1, &error), &error, HEBB_IO,
			    "/dev/full");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quoted_fields),
		cmocka_unit_test(missing_values_are_counted),
		cmocka_unit_test(bad_csv_says_where),
		cmocka_unit_test(any_prefix_is_read_or_refused),
		cmocka_unit_test(idx_sizes_are_not_believed),
		cmocka_unit_test(digits_have_the_known_sums),
		cmocka_unit_test(splits_are_stratified_permutations),
		cmocka_unit_test(only_the_given_rows_are_fitted),
		cmocka_unit_test(missing_values_by_policy),
		cmocka_unit_test(each_row_is_coded),
		cmocka_unit_test(an_indicator_is_of_its_column),
		cmocka_unit_test(a_wrong_column_is_refused),
		cmocka_unit_test(new_names_are_expected),
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(raw_targets_stay),
		cmocka_unit_test(floats_survive_text),
		cmocka_unit_test(files_are_whole_or_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
