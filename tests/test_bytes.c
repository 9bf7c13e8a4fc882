/* SPDX-License-Identifier: MIT */
/*
 * test_bytes.c - tables of bytes: they give what the same numbers give as floats, in a quarter of
 * the memory
 *
 * The linker leads malloc(), calloc() and realloc() here, so that what the library asks for is
 * counted and can be refused.
 */
#include <float.h>
#include "test.h"
#include "hebb_io.h"

enum { ROWS = 1797, COLUMNS = 65 };

/* ---- What is asked for ---- */

static size_t asked;
static long long calls, refused; /* refused: the call that gets no memory, 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static int grant(size_t size)
{
	asked += size;
	return ++calls != refused;
}

void *__wrap_malloc(size_t size)
{
	return grant(size) ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return grant(count * size) ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
	return grant(size) ? __real_realloc(memory, size) : NULL;
}

/* ---- The digits, as bytes and as floats ---- */

struct twins {
	hebb_table *bytes, *floats;
	long long row[ROWS];
};

/* A table as CSV. */
static char *csv_of(const hebb_table *table, size_t *size)
{
	char *text = test_memory((size_t)table->rows * (size_t)table->columns * 4 +
				 (size_t)table->columns * 32),
	     *to = text;

	for (int c = 0; c < table->columns; c++)
		to += sprintf(to, "%s%s", table->column[c].name,
			      c + 1 < table->columns ? "," : "\n");
	for (long long row = 0; row < table->rows; row++)
		for (int c = 0; c < table->columns; c++)
			to += sprintf(to, "%d%s", table->bytes[row * table->columns + c],
				      c + 1 < table->columns ? "," : "\n");
	*size = (size_t)(to - text);
	return text;
}

static void set_up(struct twins *t)
{
	hebb_error error;
	size_t size;

	t->bytes = hebb_table_digits(&error);
	assert_non_null(t->bytes);
	char *text = csv_of(t->bytes, &size);
	t->floats = hebb_table_parse(text, size, "digits.csv", HEBB_HEADER_AUTO, &error);
	assert_non_null(t->floats);
	free(text);
	for (int i = 0; i < ROWS; i++)
		t->row[i] = i;
	hebb_shuffle(ROWS, t->row, 1, 1);
}

static void tear_down(struct twins *t)
{
	hebb_table_free(t->bytes);
	hebb_table_free(t->floats);
}

static void the_same_table(void **state)
{
	struct twins t;
	long long again[ROWS], held[2];
	hebb_error error;

	(void)state;
	set_up(&t);
	assert_true(t.bytes->bytes && !t.bytes->values);
	assert_true(t.floats->values && !t.floats->bytes);
	for (int i = 0; i < ROWS; i++)
		for (int c = 0; c < COLUMNS; c++)
			assert_true(hebb_table_value(t.bytes, i, c) ==
				    hebb_table_value(t.floats, i, c));
	/* Models remember it: it may never change. */
	assert_true(hebb_table_fingerprint(t.bytes) == 0x1625ed14f710393c);
	assert_true(hebb_table_fingerprint(t.floats) == 0x1625ed14f710393c);
	memcpy(again, t.row, sizeof again);
	test_ok(hebb_split(t.bytes, 64, 0.3, 5, 0, ROWS, t.row, t.row, &held[0], &error), &error);
	test_ok(hebb_split(t.floats, 64, 0.3, 5, 0, ROWS, again, again, &held[1], &error), &error);
	assert_int_equal(held[0], held[1]);
	assert_memory_equal(t.row, again, sizeof again);
	tear_down(&t);
}

/* ---- Codings ---- */

static hebb_coding *fitted(const hebb_table *table, int target, hebb_task task, int is_scaled,
			   const long long *row)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.targets = &target;
	options.target_count = 1;
	options.task = task;
	options.scaling = is_scaled ? HEBB_SCALING_STANDARD : HEBB_SCALING_NONE;
	options.pixels_alike = 0; /* the twin of floats is no image */
	hebb_coding *coding = hebb_coding_fit(table, &options, 1000, row, &error);
	if (!coding)
		fail_msg("%s", error.message);
	return coding;
}

static void same_floats(const float *a, const float *b, size_t count)
{
	assert_memory_equal(a, b, count * sizeof *a);
}

static void same_coding(const hebb_coding *a, const hebb_coding *b)
{
	size_t width = (size_t)a->width, outputs = (size_t)a->outputs;

	assert_int_equal(a->task, b->task);
	assert_int_equal(a->width, b->width);
	assert_int_equal(a->outputs, b->outputs);
	same_floats(a->mean, b->mean, width);
	same_floats(a->scale, b->scale, width);
	same_floats(a->fill, b->fill, width);
	same_floats(a->target_mean, b->target_mean, outputs);
	same_floats(a->target_sd, b->target_sd, outputs);
	assert_int_equal(a->targets->level_count, b->targets->level_count);
	for (int i = 0; i < a->targets->level_count; i++)
		assert_string_equal(a->targets->levels[i], b->targets->levels[i]);
}

/* What a dataset gives, by hebb_dataset_get() and by its source, is a's x and y. */
static void gives(const hebb_dataset *d, const hebb_dataset *a)
{
	enum { COUNT = 7 };
	const size_t inputs = (size_t)a->inputs, outputs = (size_t)a->outputs;
	float *x = test_memory((size_t)a->rows * inputs * sizeof *x), y[COUNT * 32], weight[COUNT];
	hebb_source source = hebb_dataset_source(d);
	hebb_error error;

	assert_int_equal(d->rows, a->rows);
	assert_memory_equal(d->row, a->row, (size_t)a->rows * sizeof *a->row);
	same_floats(d->y, a->y, (size_t)a->rows * outputs);
	hebb_dataset_get(d, 0, (int)a->rows, x);
	same_floats(x, a->x, (size_t)a->rows * inputs);
	for (long long first = 0; first + COUNT <= a->rows; first += COUNT) {
		long long index[COUNT];

		for (int i = 0; i < COUNT; i++)
			index[i] = (first + i) * 5 % a->rows;
		test_ok(source.gather(source.self, COUNT, index, x, y, weight, &error), &error);
		for (size_t i = 0; i < COUNT; i++) {
			same_floats(x + i * inputs, a->x + (size_t)index[i] * inputs, inputs);
			same_floats(y + i * outputs, a->y + (size_t)index[i] * outputs, outputs);
		}
	}
	free(x);
}

static void code_alike(const struct twins *t, int target, hebb_task task, int is_scaled,
		       int is_view)
{
	hebb_coding *a = fitted(t->bytes, target, task, is_scaled, t->row);
	hebb_coding *b = fitted(t->floats, target, task, is_scaled, t->row);
	hebb_error error;
	hebb_dataset *floats = hebb_coding_apply(b, t->floats, 1, ROWS, t->row, &error);
	hebb_dataset *copied = hebb_coding_apply(a, t->bytes, 1, ROWS, t->row, &error);
	hebb_dataset *view = hebb_coding_view(a, t->bytes, 1, ROWS, t->row, &error);
	hebb_dataset *crossed = hebb_coding_view(b, t->bytes, 1, ROWS, t->row, &error);
	hebb_dataset *no_view = hebb_coding_view(a, t->floats, 1, ROWS, t->row, &error);

	assert_true(floats && copied && view && crossed && no_view);
	same_coding(a, b);
	assert_true(copied->x && no_view->x);
	assert_int_equal(!view->x, is_view);
	assert_ptr_equal(view->table, is_view ? t->bytes : NULL);
	gives(floats, floats);
	gives(copied, floats);
	gives(view, floats);
	gives(crossed, floats);
	gives(no_view, floats);
	hebb_dataset_free(floats);
	hebb_dataset_free(copied);
	hebb_dataset_free(view);
	hebb_dataset_free(crossed);
	hebb_dataset_free(no_view);
	hebb_coding_free(a);
	hebb_coding_free(b);
}

/* Means by pixel, one deviation for all of them: the root mean square of theirs. */
static void pixels_share_a_deviation(void **state)
{
	hebb_table *digits = hebb_table_digits(NULL);
	hebb_coding_options alike = hebb_coding_options_default(), own = alike;
	long long row[1000];
	double squares = 0;
	hebb_error error;

	(void)state;
	assert_int_equal(alike.pixels_alike, 1);
	own.pixels_alike = 0;
	for (int i = 0; i < 1000; i++)
		row[i] = i;
	hebb_coding *a = hebb_coding_fit(digits, &alike, 1000, row, &error),
		    *b = hebb_coding_fit(digits, &own, 1000, row, &error);
	assert_true(a && b);
	for (int j = 0; j < 64; j++)
		squares += b->scale[j] > 0 ? 1 / pow((double)b->scale[j], 2) : 0;
	for (int j = 0; j < 64; j++) {
		assert_true(a->mean[j] == b->mean[j]);
		test_near((double)a->scale[j], 1 / sqrt(squares / 64), 1e-6, "a scale");
	}
	hebb_coding_free(a);
	hebb_coding_free(b);
	hebb_table_free(digits);
}

static void the_same_numbers(void **state)
{
	struct twins t;

	(void)state;
	set_up(&t);
	for (int is_scaled = 0; is_scaled < 2; is_scaled++) {
		code_alike(&t, 64, HEBB_TASK_AUTO, is_scaled, 1);
		code_alike(&t, 64, HEBB_REGRESSION, is_scaled, 1);
		code_alike(&t, 0, HEBB_REGRESSION, is_scaled, 1);
		code_alike(&t, 20, HEBB_CLASSIFICATION, is_scaled, 0); /* inputs on both sides */
	}
	tear_down(&t);
}

/* Images of one row of pixels, whose last is the target; each pixel another number. */
static hebb_table *images(int rows, int width)
{
	enum { HEADER = 16 };
	size_t size = HEADER + (size_t)rows * (size_t)width;
	unsigned char *idx = test_memory(size);
	hebb_error error;

	memcpy(idx, (unsigned char[]){0, 0, 8, 3}, 4);
	idx[6] = (unsigned char)(rows >> 8);
	idx[7] = (unsigned char)rows;
	idx[11] = 1;
	idx[14] = (unsigned char)(width >> 8);
	idx[15] = (unsigned char)width;
	for (size_t i = HEADER; i < size; i++)
		idx[i] = (unsigned char)(i * i * 7 + i / 5);
	hebb_table *table = hebb_table_parse(idx, size, "images", HEBB_HEADER_AUTO, &error);
	free(idx);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static void every_width(void **state)
{
	static const long long row[] = {8, 0, 7, 3, 1, 2, 6, 4, 5};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	(void)state;
	options.task = HEBB_REGRESSION;
	for (int width = 2; width <= 70; width++) {
		hebb_table *t = images(9, width);
		hebb_coding *c = hebb_coding_fit(t, &options, 9, row, &error);
		hebb_dataset *copied = hebb_coding_apply(c, t, 1, 9, row, &error);
		hebb_dataset *view = hebb_coding_view(c, t, 1, 9, row, &error);

		assert_true(copied && view && !view->x);
		gives(view, copied);
		hebb_dataset_free(view);
		hebb_dataset_free(copied);
		hebb_coding_free(c);
		hebb_table_free(t);
	}
}

/* A scaling that some bytes leave the finite numbers by is found before: there is a copy, with the
 * last number in the place of those. */
static void too_far_out(void **state)
{
	static const long long row[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
	hebb_table *t = images(9, 5);
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_coding *c = hebb_coding_fit(t, &options, 9, row, &error);
	float most = 0;

	(void)state;
	assert_non_null(c);
	c->scale[2] = FLT_MAX;
	hebb_dataset *copied = hebb_coding_apply(c, t, 1, 9, row, &error);
	hebb_dataset *view = hebb_coding_view(c, t, 1, 9, row, &error);

	assert_true(copied && view && view->x);
	gives(view, copied);
	for (long long i = 0; i < 9 * copied->inputs; i++)
		most = fmaxf(most, fabsf(copied->x[i]));
	assert_true(most == FLT_MAX);
	hebb_dataset_free(view);
	hebb_dataset_free(copied);
	hebb_coding_free(c);
	hebb_table_free(t);
}

/* ---- Training ---- */

static float *trained(const hebb_dataset *data, const hebb_dataset *validation)
{
	static const hebb_layer layers[] = {{.size = sizeof(hebb_layer),
					     .kind = HEBB_DENSE,
					     .activation = HEBB_RELU,
					     .start = HEBB_START_AUTO,
					     .units = 12},
					    {.size = sizeof(hebb_layer),
					     .kind = HEBB_DENSE,
					     .activation = HEBB_SOFTMAX,
					     .start = HEBB_START_AUTO,
					     .units = 10}};
	hebb_net *net = test_net(64, 2, layers, 3);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_source source = hebb_dataset_source(data), other = hebb_dataset_source(validation);
	hebb_error error;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 4;
	recipe.batch = 10;
	recipe.patience = 2;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, &source, &other, &error), &error);
	float *weights = test_canonical(net, NULL);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return weights;
}

static void the_same_weights(void **state)
{
	enum { TRAIN = 1200, WEIGHTS = 65 * 12 + 13 * 10 };
	struct twins t;
	hebb_dataset *data[4];
	hebb_error error;

	(void)state;
	set_up(&t);
	hebb_coding *c = fitted(t.bytes, 64, HEBB_CLASSIFICATION, 1, t.row);
	const long long *rest = t.row + TRAIN;
	data[0] = hebb_coding_view(c, t.bytes, 1, TRAIN, t.row, &error);
	data[1] = hebb_coding_view(c, t.bytes, 1, ROWS - TRAIN, rest, &error);
	data[2] = hebb_coding_apply(c, t.floats, 1, TRAIN, t.row, &error);
	data[3] = hebb_coding_apply(c, t.floats, 1, ROWS - TRAIN, rest, &error);
	assert_true(data[0] && data[1] && data[2] && data[3]);
	float *a = trained(data[0], data[1]), *b = trained(data[2], data[3]);
	same_floats(a, b, WEIGHTS);
	free(a);
	free(b);
	for (int i = 0; i < 4; i++)
		hebb_dataset_free(data[i]);
	hebb_coding_free(c);
	tear_down(&t);
}

/* ---- Memory ---- */

static void a_byte_a_value(void **state)
{
	enum { N = 2000, WIDTH = 785, LITTLE = 100000 };
	static long long row[N];
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	(void)state;
	options.task = HEBB_REGRESSION;
	for (int i = 0; i < N; i++)
		row[i] = i;
	asked = 0;
	hebb_table *t = images(N, WIDTH);
	assert_in_range(asked, N * WIDTH, 2 * N * WIDTH + LITTLE); /* the file and the table */
	asked = 0;
	hebb_coding *c = hebb_coding_fit(t, &options, N, row, &error);
	assert_non_null(c);
	assert_in_range(asked, 1, 3 * LITTLE);
	asked = 0;
	hebb_dataset *view = hebb_coding_view(c, t, 1, N, row, &error);
	assert_non_null(view);
	assert_in_range(asked, N * sizeof(float), LITTLE);
	hebb_dataset_free(view);
	hebb_coding_free(c);
	hebb_table_free(t);
}

/* One call after the other gets no memory; what was taken before comes back (sanitizers tell). */
static void no_memory(void **state)
{
	static const long long row[] = {0, 1, 2, 3, 4};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_table *t = NULL;
	hebb_dataset *view = NULL;

	(void)state;
	for (long long i = 1; !view; i++) {
		hebb_error error = {.status = HEBB_OK};
		hebb_coding *c = NULL;

		refused = i;
		calls = 0;
		t = hebb_table_digits(&error);
		if (t && (c = hebb_coding_fit(t, &options, 5, row, &error)))
			view = hebb_coding_view(c, t, 1, 5, row, &error);
		int happened = calls >= refused;
		refused = 0;
		assert_int_equal(!view, happened);
		if (!view)
			test_failed(error.status, &error, HEBB_NO_MEMORY, "memory");
		hebb_dataset_free(view);
		hebb_coding_free(c);
		hebb_table_free(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_table),   cmocka_unit_test(pixels_share_a_deviation),
		cmocka_unit_test(the_same_numbers), cmocka_unit_test(every_width),
		cmocka_unit_test(too_far_out),      cmocka_unit_test(the_same_weights),
		cmocka_unit_test(a_byte_a_value),   cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
