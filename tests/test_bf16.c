/* SPDX-License-Identifier: MIT */
/*
 * test_bf16.c - products of bfloat16 operands, and training with them
 *
 * What is expected is computed in double from operands that were rounded here, in plain C.  Where
 * the kernels in use have no such products, training with them has to be refused and the rest is
 * skipped.
 */
#include "test.h"
#include "hebb_io.h"

static const struct hb_bf16_kernels *kernels(void)
{
	const struct hb_kernels *set = hb_kernels_choose(0, NULL);

	return set && set->bf16 && set->bf16->available() ? set->bf16 : NULL;
}

static const struct hb_bf16_kernels *kernels_or_skip(void)
{
	if (!kernels()) {
		print_message("skipped: no bfloat16 products with the kernels %s here\n",
			      hebb_kernels(NULL));
		skip();
	}
	return kernels();
}

/* ---- Rounding ---- */

/* To nearest even; denormal numbers to zero. */
static uint32_t rounded_bits(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	if ((bits & 0x7f800000) == 0)
		return bits >> 16 & 0x8000;
	return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

static double rounded(float x)
{
	uint32_t bits = rounded_bits(x) << 16;

	memcpy(&x, &bits, sizeof x);
	return (double)x;
}

/* Element (i, j) of s, or zero outside of it. */
static float element(const float *s, int rows, int columns, ptrdiff_t lds, int i, int j)
{
	return i < rows && j < columns ? s[i * lds + j] : 0;
}

static hb_pair pair(float low, float high)
{
	return rounded_bits(low) | rounded_bits(high) << 16;
}

enum { ROWS_MOST = 40, COLUMNS_MOST = 80, WORDS = 96 };
static const hb_pair untouched = 0xdeadbeef;

/* Pairs of what lies at the end of a buffer: a read beyond it is seen by the address sanitizer. */
static void try_pairs(const struct hb_bf16_kernels *K, int rows, int columns)
{
	ptrdiff_t lds = columns + 3;
	size_t size = (size_t)((rows - 1) * lds + columns);
	float *s = test_floats((uint64_t)(100 * rows + columns), size, -3, 3);
	hb_pair *t = test_memory(sizeof(hb_pair[ROWS_MOST * WORDS]));

	K->along_rows(rows, columns, s, lds, t, WORDS);
	for (int i = 0; i < rows; i++)
		for (int p = 0; p < (columns + 1) / 2; p++)
			assert_int_equal(t[i * WORDS + p],
					 pair(element(s, rows, columns, lds, i, 2 * p),
					      element(s, rows, columns, lds, i, 2 * p + 1)));
	for (int i = 0; i < ROWS_MOST * WORDS; i++)
		t[i] = untouched;
	K->across_rows(rows, columns, s, lds, t, WORDS);
	for (int p = 0; p < (rows + 1) / 2; p++)
		for (int j = 0; j < columns; j++)
			assert_int_equal(t[p * WORDS + j],
					 pair(element(s, rows, columns, lds, 2 * p, j),
					      element(s, rows, columns, lds, 2 * p + 1, j)));
	for (int j = 0; j < WORDS; j++) /* the row behind the last pair */
		assert_int_equal(t[(rows + 1) / 2 * WORDS + j], untouched);
	free(s);
	free(t);
}

static void try_transpose(const struct hb_bf16_kernels *K, int rows, int columns)
{
	float *s = test_floats(1, (size_t)rows * columns, -3, 3);
	hb_pair t[COLUMNS_MOST * HB_PANEL];

	K->transpose(rows, columns, s, columns, t, HB_PANEL);
	for (int p = 0; p < columns / 2; p++)
		for (int i = 0; i < HB_PANEL; i++)
			assert_int_equal(t[p * HB_PANEL + i],
					 pair(element(s, rows, columns, columns, i, 2 * p),
					      element(s, rows, columns, columns, i, 2 * p + 1)));
	free(s);
}

static void pairs(void **state)
{
	const struct hb_bf16_kernels *K = kernels_or_skip();

	(void)state;
	for (int rows = 1; rows <= 34; rows++)
		for (int columns = 1; columns <= 67; columns++)
			try_pairs(K, rows, columns);
	for (int rows = 1; rows <= HB_PANEL; rows++)
		for (int columns = HB_LANES; columns <= 64; columns += HB_LANES)
			try_transpose(K, rows, columns);
}

static void odd_numbers(void **state)
{
	const float odd[] = {0,       -0.0f,    1.00390625f, 1.01171875f, 1e-40f, -1e-40f,
			     3.4e38f, INFINITY, -INFINITY,   0x1p-126f,   1,      -1};
	const struct hb_bf16_kernels *K = kernels_or_skip();
	float not_a_number = NAN;
	hb_pair t[16];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		K->along_rows(1, 1, &odd[i], 1, t, 16);
		assert_int_equal(t[0], rounded_bits(odd[i]));
	}
	K->along_rows(1, 1, &not_a_number, 1, t, 16);
	assert_true((t[0] & 0x7f80) == 0x7f80 && (t[0] & 0x7f) != 0);
}

/* ---- The three products of a layer ---- */

struct layer {
	hebb_net *net; /* 2-n-m, of which the second layer is looked at */
	hebb_trainer *trainer;
	const struct hb_step *s;
	int n, m, rows;
	ptrdiff_t ldx;
	float *x, *d, *W, *b;
};

/* x has odd numbers in its padding, which must not matter. */
static void make_layer(struct layer *a, int rows, int n, int m)
{
	const hebb_layer layers[] = {hebb_dense(n, HEBB_TANH), hebb_dense(m, HEBB_LINEAR)};
	hebb_recipe recipe = hebb_recipe_default();

	recipe.precision = HEBB_BFLOAT16;
	recipe.threads = 1;
	recipe.batch = 1024;
	*a = (struct layer){.n = n, .m = m, .rows = rows};
	a->net = test_net(2, 2, layers, 5);
	a->trainer = test_trainer(a->net, &recipe);
	a->s = &a->trainer->plan->step[1];
	a->ldx = a->trainer->plan->step[0].ld;
	a->x = test_floats(1, (size_t)(rows * a->ldx), -1, 1);
	a->d = test_floats(2, (size_t)rows * a->s->ld, -1, 1);
	for (int i = 0; i < rows; i++)
		for (int j = m; j < a->s->ld; j++)
			a->d[i * a->s->ld + j] = 0;
	a->W = test_floats(3, (size_t)n * m, -1, 1);
	a->b = test_floats(4, (size_t)m, 0, 1);
	assert_int_equal(hebb_net_set(a->net, 1, a->W, a->b, NULL), HEBB_OK);
}

static void free_layer(struct layer *a)
{
	hebb_trainer_free(a->trainer);
	hebb_net_free(a->net);
	free(a->x);
	free(a->d);
	free(a->W);
	free(a->b);
}

static double exact(float x)
{
	return (double)x;
}

static double absolute(float x)
{
	return fabs((double)x);
}

static double *expected_z(const struct layer *a, double (*of)(float))
{
	double *z = test_doubles((size_t)a->rows * a->m);

	for (int i = 0; i < a->rows; i++)
		for (int j = 0; j < a->m; j++) {
			double *sum = &z[i * a->m + j];

			*sum = (double)a->b[j];
			for (int k = 0; k < a->n; k++)
				*sum += of(a->x[i * a->ldx + k]) * of(a->W[j * a->n + k]);
		}
	return z;
}

static double *expected_dx(const struct layer *a, double (*of)(float))
{
	double *dx = test_doubles((size_t)a->rows * a->n);

	for (int i = 0; i < a->rows; i++)
		for (int j = 0; j < a->m; j++)
			for (int k = 0; k < a->n; k++)
				dx[i * a->n + k] +=
					of(a->d[i * a->s->ld + j]) * of(a->W[j * a->n + k]);
	return dx;
}

static double *expected_g(const struct layer *a, double (*of)(float))
{
	double *g = test_doubles((size_t)a->m * a->n);

	for (int i = 0; i < a->rows; i++)
		for (int j = 0; j < a->m; j++)
			for (int k = 0; k < a->n; k++)
				g[j * a->n + k] +=
					of(a->d[i * a->s->ld + j]) * of(a->x[i * a->ldx + k]);
	return g;
}

/* Against operands that were rounded; and against those that were not, each of which is off by 2^-8
 * at most, so that a product is by 2^-7 and a bit.  That is measured by the sums of absolute
 * values, lest terms that cancel count. */
static void compare(const struct layer *a, int rows, int columns, const float *got, ptrdiff_t ld,
		    double *(*expected)(const struct layer *, double (*)(float)), const char *what)
{
	size_t size = (size_t)rows * columns;
	double *wide = test_doubles(size), *near = expected(a, rounded);
	double *far = expected(a, exact), *terms = expected(a, absolute);

	for (int i = 0; i < rows; i++)
		for (int j = 0; j < columns; j++)
			wide[i * columns + j] = (double)got[i * ld + j];
	test_below(test_normwise(size, wide, near), 1e-6, what);
	for (size_t i = 0; i < size; i++)
		test_near(wide[i], far[i], 0x1.02p-7 * terms[i] + 1e-6, what);
	free(wide);
	free(near);
	free(far);
	free(terms);
}

static int padded(int columns)
{
	return (columns + HB_LANES - 1) / HB_LANES * HB_LANES;
}

/* Without what a wide stride adds to the padding. */
static void assert_equal_rows(int rows, int columns, ptrdiff_t ld, const float *a, const float *b)
{
	for (int i = 0; i < rows; i++, a += ld, b += ld)
		assert_memory_equal(a, b, (size_t)padded(columns) * sizeof *a);
}

/* The same bits when the rows are cut elsewhere. */
static void compare_pieces(const struct layer *a, const float *z, const float *dx)
{
	const struct hb_plan *plan = a->trainer->plan;
	ptrdiff_t ld = a->s->ld;
	float *part = test_memory((size_t)(a->rows * (ld > a->ldx ? ld : a->ldx)) * sizeof *part);

	for (int from = 0, rows; from < a->rows; from += rows) {
		rows = from % 3 + 1 < a->rows - from ? from % 3 + 1 : a->rows - from;
		hb_layout_forward(plan, a->s->parameter, a->net->w, rows, a->x + from * a->ldx,
				  a->ldx, part + from * ld);
	}
	assert_equal_rows(a->rows, a->m, ld, part, z);
	for (int from = 0, rows; from < a->rows; from += rows) {
		rows = from % 3 + 1 < a->rows - from ? from % 3 + 1 : a->rows - from;
		hb_layout_backward(plan, a->s->parameter, a->net->w, rows, a->d + from * ld,
				   part + from * a->ldx, a->ldx, NULL);
	}
	assert_equal_rows(a->rows, a->n, a->ldx, part, dx);
	free(part);
}

static void try_rows(const struct layer *a)
{
	const struct hb_plan *plan = a->trainer->plan;
	ptrdiff_t ld = a->s->ld;
	float *z = test_floats(8, (size_t)(a->rows * ld), -9, 9),
	      *dx = test_floats(9, (size_t)(a->rows * a->ldx), -9, 9);

	hb_layout_forward(plan, a->s->parameter, a->net->w, a->rows, a->x, a->ldx, z);
	compare(a, a->rows, a->m, z, ld, expected_z, "z");
	hb_layout_backward(plan, a->s->parameter, a->net->w, a->rows, a->d, dx, a->ldx, NULL);
	compare(a, a->rows, a->n, dx, a->ldx, expected_dx, "dx");
	for (int i = 0; i < a->rows; i++)
		for (int k = a->n; k < padded(a->n); k++)
			assert_true(dx[i * a->ldx + k] == 0);
	compare_pieces(a, z, dx);
	free(z);
	free(dx);
}

static void try_gradient(const struct layer *a)
{
	static const int parts[] = {2, 3, 8};
	const struct hb_plan *plan = a->trainer->plan;
	size_t size = (size_t)a->m * a->n;
	float *g = test_floats(7, plan->block, -9, 9), *again = test_floats(7, plan->block, -9, 9);
	float *W = test_memory(size * sizeof *W), *b = test_memory(a->m * sizeof *b);

	hb_layout_gradient(plan, a->s->parameter, (struct hb_sink){g, HB_FROM_ZERO, 1}, a->rows,
			   a->x, a->ldx, a->d, 0, 1);
	hb_layout_get(&a->s->parameter[0], g, W);
	hb_layout_get(&a->s->parameter[1], g, b);
	compare(a, a->m, a->n, W, a->n, expected_g, "dW");
	for (int j = 0; j < a->m; j++) {
		double sum = 0;

		for (int i = 0; i < a->rows; i++)
			sum += (double)a->d[i * a->s->ld + j];
		test_near((double)b[j], sum, 1e-6 * a->rows, "db");
	}
	for (size_t p = 0; p < COUNT_OF(parts); p++) {
		for (int part = 0; part < parts[p]; part++)
			hb_layout_gradient(plan, a->s->parameter,
					   (struct hb_sink){again, HB_FROM_ZERO, 1}, a->rows, a->x,
					   a->ldx, a->d, part, parts[p]);
		assert_memory_equal(again, g, plan->block * sizeof *g);
	}
	hb_layout_gradient(plan, a->s->parameter, (struct hb_sink){again, HB_ADD_TO_C, 1}, a->rows,
			   a->x, a->ldx, a->d, 0, 1);
	for (size_t i = a->s->parameter[0].offset;
	     i < a->s->parameter[1].offset + a->s->parameter[1].floats; i++)
		test_near((double)again[i], 2 * (double)g[i], 1e-5 * a->rows, "a sum of gradients");
	free(g);
	free(again);
	free(W);
	free(b);
}

static void try_layer(int rows, int n, int m)
{
	struct layer a;

	make_layer(&a, rows, n, m);
	try_rows(&a);
	try_gradient(&a);
	free_layer(&a);
}

static void products(void **state)
{
	static const int rows[] = {1, 2, 3, 15, 129}, units[] = {1, 10, 16, 17, 32, 33, 65};
	static const int inputs[] = {1, 2, 3, 16, 31, 33, 100};

	(void)state;
	kernels_or_skip();
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t j = 0; j < COUNT_OF(units); j++)
			for (size_t k = 0; k < COUNT_OF(inputs); k++)
				try_layer(rows[i], inputs[k], units[j]);
	try_layer(300, 129, 40);  /* more rows than a tile has, */
	try_layer(20, 257, 255);  /* and inputs, and as many units, */
	try_layer(5, 20, 530);    /* more panels than a group has, */
	try_layer(257, 513, 300); /* and all of it */
}

/* ---- Training ---- */

static float *trained(const hebb_recipe *recipe, int rows, const float *x, const float *y)
{
	const hebb_layer layers[] = {hebb_dense(150, HEBB_GELU), hebb_dense(70, HEBB_TANH),
				     hebb_dense(10, HEBB_SOFTMAX)};
	struct test_rows data = {75, 10, x, y};
	hebb_source source = test_source(&data, rows);
	hebb_net *net = test_net(75, 3, layers, 1);
	hebb_trainer *trainer = test_trainer(net, recipe);
	hebb_error error;
	float *p;

	test_ok(hebb_train(trainer, &source, &source, &error), &error);
	p = test_canonical(net, NULL);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return p;
}

/* 1, 2 and 4 threads; batches of an odd size, and one of several slices. */
static void any_number_of_threads(void **state)
{
	enum { ROWS = 1201, PARAMETERS = 76 * 150 + 151 * 70 + 71 * 10 };
	hebb_recipe recipe = hebb_recipe_default();
	float *x, *y;

	(void)state;
	kernels_or_skip();
	x = test_floats(1, ROWS * 75, -1, 1);
	y = test_targets(2, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, 10);
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.precision = HEBB_BFLOAT16;
	recipe.epochs = 2;
	for (recipe.batch = 0; recipe.batch <= 101; recipe.batch += 101) {
		float *one, *many;

		recipe.threads = 1;
		one = trained(&recipe, ROWS, x, y);
		for (recipe.threads = 2; recipe.threads <= 4; recipe.threads += 2) {
			many = trained(&recipe, ROWS, x, y);
			assert_memory_equal(one, many, PARAMETERS * sizeof *one);
			free(many);
		}
		recipe.precision = HEBB_FLOAT32;
		many = trained(&recipe, ROWS, x, y);
		assert_memory_not_equal(one, many, PARAMETERS * sizeof *one);
		free(many);
		recipe.precision = HEBB_BFLOAT16;
		free(one);
	}
	free(x);
	free(y);
}

/* The part of the rows from `from` on that a trained network has right. */
static double accuracy(const hebb_net *net, const hebb_dataset *data, const long long *row,
		       int from, int to)
{
	int right = 0;

	for (int i = from; i < to; i++) {
		const float *y = data->y + row[i] * data->outputs;
		float h[10];
		int best = 0;

		assert_int_equal(hebb_predict(net, data->x + row[i] * data->inputs, h, NULL),
				 HEBB_OK);
		for (int j = 1; j < 10; j++)
			best = h[j] > h[best] ? j : best;
		right += y[best] == 1;
	}
	return (double)right / (to - from);
}

struct some_rows {
	const hebb_dataset *data;
	const long long *row;
};

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const struct some_rows *from = self;

	(void)weight;
	(void)error;
	for (int i = 0; i < count; i++) {
		long long row = from->row[index[i]];

		memcpy(x + i * 64, from->data->x + row * 64, 64 * sizeof *x);
		memcpy(y + i * 10, from->data->y + row * 10, 10 * sizeof *y);
	}
	return HEBB_OK;
}

static double digits_accuracy(const hebb_dataset *data, hebb_precision precision, uint64_t seed)
{
	enum { ROWS = 1797, TRAIN = 1078 };
	const hebb_layer layers[] = {hebb_dense(128, HEBB_RELU), hebb_dense(10, HEBB_SOFTMAX)};
	long long row[ROWS];
	struct some_rows rows = {data, row};
	hebb_source source = {
		.size = sizeof(hebb_source), .self = &rows, .rows = TRAIN, .gather = gather};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = test_net(64, 2, layers, seed);
	hebb_trainer *trainer;
	hebb_error error;
	double result;

	for (int i = 0; i < ROWS; i++)
		row[i] = i;
	hebb_shuffle(ROWS, row, seed, 0);
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 30;
	recipe.seed = seed;
	recipe.precision = precision;
	trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	result = accuracy(net, data, row, TRAIN, ROWS);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return result;
}

static void digits(void **state)
{
	enum { ROWS = 1797, SEEDS = 3 };
	hebb_coding_options options = hebb_coding_options_default();
	hebb_table *table;
	hebb_coding *coding;
	hebb_dataset *data;
	long long row[ROWS];
	double f32 = 0, bf16 = 0;

	(void)state;
	kernels_or_skip();
	table = hebb_table_digits(NULL);
	for (int i = 0; i < ROWS; i++)
		row[i] = i;
	assert_non_null(table);
	coding = hebb_coding_fit(table, &options, ROWS, row, NULL);
	assert_non_null(coding);
	data = hebb_coding_apply(coding, table, 1, ROWS, row, NULL);
	assert_non_null(data);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		f32 += digits_accuracy(data, HEBB_FLOAT32, seed) / SEEDS;
		bf16 += digits_accuracy(data, HEBB_BFLOAT16, seed) / SEEDS;
	}
	print_message("digits: %.2f %% with f32, %.2f %% with bf16\n", 100 * f32, 100 * bf16);
	assert_true(f32 > 0.96);
	test_near(bf16, f32, 0.015, "accuracy");
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

/* ---- Refusal ---- */

static void refused_where_there_are_none(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	hebb_net *net = test_net(2, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error = {0};
	hebb_trainer *trainer;

	(void)state;
	recipe.precision = HEBB_BFLOAT16;
	trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (kernels()) {
		assert_non_null(trainer);
	} else {
		assert_null(trainer);
		test_failed(error.status, &error, HEBB_UNSUPPORTED, hebb_kernels(NULL));
		test_failed(error.status, &error, HEBB_UNSUPPORTED, "f32");
	}
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs),    cmocka_unit_test(odd_numbers),
		cmocka_unit_test(products), cmocka_unit_test(any_number_of_threads),
		cmocka_unit_test(digits),   cmocka_unit_test(refused_where_there_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
