/* SPDX-License-Identifier: MIT */
/*
 * test_wide.c - layers and inputs whose rows would be multiples of 1 KiB apart, and many rows
 *
 * Such rows lie further apart, and x has a copy; products go through memory in other orders.
 */
#include "test.h"

/* ---- Products ---------------------------------------------------------------------------------
 */

struct products {
	int rows, n, m;
	ptrdiff_t ldx, ld;
	hebb_net *net;
	hebb_trainer *trainer;
	const struct hb_step *s;
	float *x, *d, *W, *b;
};

static void make_products(struct products *a, int rows, int n, int m)
{
	const hebb_layer layers[] = {hebb_dense(n, HEBB_TANH), hebb_dense(m, HEBB_LINEAR)};
	hebb_recipe recipe = hebb_recipe_default();

	recipe.threads = 1;
	recipe.batch = rows;
	*a = (struct products){.rows = rows, .n = n, .m = m};
	a->net = test_net(2, 2, layers, 5);
	a->trainer = test_trainer(a->net, &recipe);
	a->s = &a->trainer->plan->step[1];
	a->ldx = a->trainer->plan->step[0].ld;
	a->ld = a->s->ld;
	a->x = test_floats(1, (size_t)(rows * a->ldx), -1, 1);
	a->d = test_floats(2, (size_t)(rows * a->ld), -1, 1);
	for (int i = 0; i < rows; i++)
		for (ptrdiff_t j = m; j < a->ld; j++)
			a->d[i * a->ld + j] = 0;
	a->W = test_floats(3, (size_t)n * (size_t)m, -1, 1);
	a->b = test_floats(4, (size_t)m, 0, 1);
	assert_int_equal(hebb_net_set(a->net, 1, a->W, a->b, NULL), HEBB_OK);
}

static void free_products(struct products *a)
{
	hebb_trainer_free(a->trainer);
	hebb_net_free(a->net);
	free(a->x), free(a->d), free(a->W), free(a->b);
}

/* One link of a chain: sum + a b, with the roundings of the kernels in use. */
static float link_of(const struct products *p, float a, float b, float sum)
{
	volatile float product = a * b;

	return p->trainer->plan->kernels->fused ? fmaf(a, b, sum) : product + sum;
}

static float z_of(const struct products *p, int row, int unit)
{
	float sum = p->b[unit];

	for (int k = 0; k < p->n; k++)
		sum = link_of(p, p->x[row * p->ldx + k], p->W[(ptrdiff_t)unit * p->n + k], sum);
	return sum;
}

static float dx_of(const struct products *p, int row, int input)
{
	float sum = 0;

	for (int j = 0; j < p->m; j++)
		sum = link_of(p, p->d[row * p->ld + j], p->W[(ptrdiff_t)j * p->n + input], sum);
	return sum;
}

static float gradient_of(const struct products *p, int unit, int input)
{
	float sum = 0;

	for (int i = 0; i < p->rows; i++)
		sum = link_of(p, p->x[i * p->ldx + input], p->d[i * p->ld + unit], sum);
	return sum;
}

static void compare(const struct products *p, int rows, int columns, const float *found,
		    ptrdiff_t ld, float (*expected)(const struct products *, int, int),
		    const char *what)
{
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < columns; j++) {
			float one = found[i * ld + j], other = expected(p, i, j);

			if (memcmp(&one, &other, sizeof one) != 0)
				fail_msg("%d x %d x %d: %s(%d,%d) is %.9g, not %.9g", p->rows, p->n,
					 p->m, what, i, j, (double)one, (double)other);
		}
}

static void try_rows(const struct products *p)
{
	const struct hb_plan *plan = p->trainer->plan;
	float *z = test_floats(8, (size_t)(p->rows * p->ld), 2, 3),
	      *dx = test_floats(9, (size_t)(p->rows * p->ldx), 2, 3),
	      *room = test_floats(7, (size_t)p->rows * HB_ROOM, 2, 3);

	hb_layout_forward(plan, p->s->parameter, p->net->w, p->rows, p->x, p->ldx, z);
	compare(p, p->rows, p->m, z, p->ld, z_of, "z");
	hb_layout_backward(plan, p->s->parameter, p->net->w, p->rows, p->d, dx, p->ldx, room);
	compare(p, p->rows, p->n, dx, p->ldx, dx_of, "dx");
	for (int i = 0; i < p->rows; i++)
		for (int k = p->n; k < (p->n + HB_LANES - 1) / HB_LANES * HB_LANES; k++)
			assert_true(dx[i * p->ldx + k] == 0);
	free(z), free(dx), free(room);
}

static void try_gradient(const struct products *p, int parts)
{
	const struct hb_plan *plan = p->trainer->plan;
	const struct hb_parameter *W = p->s->parameter;
	float *g = test_floats(6, plan->block, 2, 3);
	float *found = test_floats(6, (size_t)p->m * (size_t)p->n, 2, 3);

	for (int part = 0; part < parts; part++)
		hb_layout_gradient(plan, W, (struct hb_sink){g, HB_FROM_ZERO, 1}, p->rows, p->x,
				   p->ldx, p->d, part, parts);
	hb_layout_get(W, g, found);
	compare(p, p->m, p->n, found, p->n, gradient_of, "gradient");
	free(g), free(found);
}

static void products(void **state)
{
	static const int shapes[][3] = {
		{3, 255, 257},   {20, 256, 512}, {5, 1024, 256},  {255, 33, 300},
		{256, 33, 256},  {256, 33, 257}, {257, 40, 1100}, /* 1024 units at a time, then 76
								   */
		{300, 17, 2048}, {300, 600, 40}, {700, 513, 33},  /* several groups of inputs */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		struct products p;

		make_products(&p, shapes[i][0], shapes[i][1], shapes[i][2]);
		try_rows(&p);
		try_gradient(&p, 1);
		try_gradient(&p, 3);
		free_products(&p);
	}
}

/* ---- Networks ---------------------------------------------------------------------------------
 */

enum { LAYERS = 5, NETWORKS = 8, FEW = 5 };

struct network {
	int inputs, L, batch, rows;
	hebb_layer layers[LAYERS];
};

/* x has a copy in most of them, not under a batch norm. 150 rows are three slices of 50. */
static struct network network_of(int k)
{
	const hebb_layer last = hebb_dense(FEW, HEBB_SOFTMAX);
	const struct network networks[NETWORKS] = {
		{512, 3, 50, 150, {hebb_dense(256, HEBB_RELU), hebb_dense(257, HEBB_TANH), last}},
		{256,
		 5,
		 50,
		 150,
		 {hebb_dropout(0.3), hebb_dense(512, HEBB_GELU), hebb_layer_norm(HEBB_LINEAR),
		  hebb_dense(255, HEBB_SIGMOID), last}},
		{256,
		 4,
		 90,
		 90,
		 {hebb_dense(256, HEBB_TANH), hebb_shortcut(-1, HEBB_LINEAR),
		  hebb_batch_norm(HEBB_SOFTPLUS), last}},
		{512,
		 4,
		 50,
		 150,
		 {hebb_batch_norm(HEBB_LINEAR), hebb_dense(256, HEBB_ELU), hebb_dropout(0.5),
		  last}},
		{1024, 2, 70, 70, {hebb_layer_norm(HEBB_TANH), hebb_dense(256, HEBB_SOFTMAX)}},
		{300, 2, 40, 40, {hebb_dense(40, HEBB_SILU), hebb_dense(512, HEBB_LINEAR)}},
		{30, 3, 40, 40, {hebb_dense(256, HEBB_SOFTMAX), hebb_dense(30, HEBB_TANH), last}},
		{20, 3, 300, 300, {hebb_dense(30, HEBB_TANH), hebb_dense(1100, HEBB_RELU), last}},
	};

	return networks[k];
}

static int outputs_of(const struct network *k)
{
	return k->layers[k->L - 1].units;
}

static hebb_loss loss_of(const struct network *k)
{
	return k->layers[k->L - 1].activation == HEBB_SOFTMAX ? HEBB_CROSS_ENTROPY : HEBB_SQUARED;
}

static hebb_recipe recipe_of(const struct network *k)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = loss_of(k);
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.05;
	recipe.batch = k->batch;
	recipe.threads = 1;
	recipe.seed = 9;
	return recipe;
}

struct scene {
	struct network k;
	hebb_net *net;
	hebb_trainer *trainer;
	float *x, *y;
};

static void make_scene(struct scene *s, int number, const hebb_recipe *change, int frozen)
{
	struct network k = network_of(number);
	hebb_recipe recipe = recipe_of(&k);

	if (change) {
		recipe.threads = change->threads;
		recipe.precision = change->precision;
	}
	s->k = k;
	s->net = test_net(k.inputs, k.L, k.layers, 4);
	assert_int_equal(hebb_net_freeze(s->net, 0, frozen, NULL), HEBB_OK);
	s->trainer = test_trainer(s->net, &recipe);
	s->x = test_floats(5, (size_t)k.rows * (size_t)k.inputs, -1, 1);
	s->y = test_targets(6, loss_of(&k), HEBB_SOFTMAX, k.rows, outputs_of(&k));
}

static void free_scene(struct scene *s)
{
	hebb_trainer_free(s->trainer);
	hebb_net_free(s->net);
	free(s->x), free(s->y);
}

static void compute(struct scene *s, double *J)
{
	assert_int_equal(hebb_trainer_gradient(s->trainer, s->k.rows, s->x, s->y, NULL, J, NULL),
			 HEBB_OK);
}

/* That of the reference, in double. */
static void gradient_is_right(void **state)
{
	(void)state;
	for (int number = 0; number < NETWORKS; number++) {
		struct scene s;

		make_scene(&s, number, NULL, 0);
		size_t n = (size_t)hebb_net_parameters(s.net);
		struct hb_mode mode = {.learns = 1,
				       .seed = 9,
				       .together =
					       s.k.rows > 100 && s.k.rows < 300 ? 50 : s.k.rows};
		float *parameters = test_canonical(s.net, NULL), *g;
		double *p = test_widen(n, parameters), *expected = test_doubles(n), J, expected_J;
		double *x = test_widen((size_t)s.k.rows * (size_t)s.k.inputs, s.x), *wide;
		double *y = test_widen((size_t)s.k.rows * (size_t)outputs_of(&s.k), s.y);

		compute(&s, &J);
		g = test_canonical(s.net, s.trainer);
		wide = test_widen(n, g);
		assert_int_equal(hb_reference_with(&mode, s.k.inputs, s.k.L, s.k.layers,
						   loss_of(&s.k), s.k.rows, x, y, NULL, p,
						   &expected_J, expected, NULL, NULL),
				 HEBB_OK);
		test_near(J, expected_J, 1e-5 * fabs(expected_J), "J");
		test_below(test_normwise(n, wide, expected), 2e-6, "gradient");
		free(parameters), free(g), free(p), free(expected), free(x), free(y), free(wide);
		free_scene(&s);
	}
}

/* The gradient after some updates. */
static float *trained(int number, int threads, hebb_precision precision, int frozen, int poison,
		      size_t *bytes)
{
	hebb_recipe change = hebb_recipe_default();
	struct scene s;
	float *g;

	change.threads = threads;
	change.precision = precision;
	make_scene(&s, number, &change, frozen);
	struct hb_cpu *e = s.trainer->self;
	for (int i = 0; i < 3; i++) {
		for (size_t k = 0; poison && k < e->plan->scratch; k++)
			e->scratch[k] = NAN;
		compute(&s, NULL);
		assert_int_equal(hebb_trainer_update(s.trainer, NULL), HEBB_OK);
	}
	compute(&s, NULL);
	g = test_canonical(s.net, s.trainer);
	*bytes = (size_t)hebb_net_parameters(s.net) * sizeof *g;
	free_scene(&s);
	return g;
}

/* 1 and 3 threads; memory that holds anything at first: what a wide stride adds is not read. */
static void any_threads_and_memory(void **state)
{
	const struct hb_kernels *K = hb_kernels_choose(0, NULL);
	int both = K->bf16 && K->bf16->available();

	(void)state;
	for (int number = 0; number < NETWORKS; number++)
		for (int i = 0; i < (both ? 4 : 2); i++) {
			hebb_precision precision = i < 2 ? HEBB_FLOAT32 : HEBB_BFLOAT16;
			size_t bytes;
			float *one = trained(number, 1, precision, i % 2, 0, &bytes),
			      *three = trained(number, 3, precision, i % 2, 0, &bytes),
			      *poisoned = trained(number, 1, precision, i % 2, 1, &bytes);

			assert_memory_equal(one, three, bytes);
			assert_memory_equal(one, poisoned, bytes);
			free(one), free(three), free(poisoned);
		}
}

/* Row by row, in tiles, and with the outputs of all layers: the same bits, also after rows of NaN,
 * which reach everything that belongs to a row. */
static void outputs(void **state)
{
	enum { ROWS = 530, MOST = 512 };

	(void)state;
	for (int number = 0; number < NETWORKS; number++) {
		struct network k = network_of(number);
		hebb_net *net = test_net(k.inputs, k.L, k.layers, 4);
		hebb_work *work = hebb_work_new(net, ROWS, NULL, NULL),
			  *whole = hebb_work_new_whole(net, ROWS, NULL, NULL);
		float *x = test_floats(5, (size_t)ROWS * (size_t)k.inputs, -1, 1), h[MOST];
		float *none = test_floats(5, (size_t)ROWS * (size_t)k.inputs, NAN, NAN);
		int stride, m = outputs_of(&k);

		hebb_forward(work, ROWS, none);
		hebb_forward(whole, ROWS, none);
		const float *found = hebb_forward(work, ROWS, x);
		assert_memory_equal(found, hebb_forward(whole, ROWS, x),
				    (size_t)(ROWS * m) * sizeof *found);
		const float *last = hebb_work_layer(whole, k.L - 1, &stride);
		for (int i = 0; i < ROWS; i += 23) {
			assert_int_equal(hebb_predict(net, x + i * k.inputs, h, NULL), HEBB_OK);
			assert_memory_equal(h, found + i * m, (size_t)m * sizeof *h);
			assert_memory_equal(h, last + i * stride, (size_t)m * sizeof *h);
		}
		hebb_work_free(work), hebb_work_free(whole);
		hebb_net_free(net);
		free(x), free(none);
	}
}

/* ---- Where rows lie ---------------------------------------------------------------------------
 */

static void strides(void **state)
{
	(void)state;
	for (int m = 1; m <= 4100; m++) {
		int ld = hb_row_stride(m);

		assert_true(ld >= m && ld % HB_LANES == 0 && ld % 256 != 0);
		assert_true(ld - m < 2 * HB_LANES);
	}
	assert_int_equal(hb_row_stride(240), 240);
	assert_int_equal(hb_row_stride(241), 272);
	assert_int_equal(hb_row_stride(256), 272);
	assert_int_equal(hb_row_stride(257), 272);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strides),           cmocka_unit_test(products),
		cmocka_unit_test(gradient_is_right), cmocka_unit_test(any_threads_and_memory),
		cmocka_unit_test(outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
