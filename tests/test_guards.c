/* SPDX-License-Identifier: MIT */
/*
 * test_guards.c - no kernel and no engine touches a byte beside what it was given, at every edge of
 * its blocks
 *
 * Each buffer lies between pages that nobody may touch, once directly after the first and once
 * directly before the second (guarded.h); each result is compared with double arithmetic.  Rows
 * come at 1 .. 30, past two blocks of any set (4, 6 and 14 rows); depths and widths at 1, 2, and at
 * 16 and 32 and one beside.
 */
#define _DEFAULT_SOURCE
#include "guarded.h"
#include "hebb_advanced.h"

static const int edges[] = {1, 2, 15, 16, 17, 31, 32, 33};

static const char *const side_name[SIDES] = {"buffers after a guard page",
					     "buffers before a guard page"};

/* Calls f(set, side) for each set that this machine has and each side. */
static void each_set_and_side(void (*f)(const struct hb_kernels *set, enum side side))
{
	for (const struct hb_kernels *const *set = hb_kernel_sets; *set; set++)
		for (int side = 0; side < SIDES; side++)
			if ((*set)->available())
				f(*set, (enum side)side);
}

/* ---- The product ---- */

struct call {
	const struct hb_kernels *set;
	struct hb_product p;
};

enum { MOST_ROWS = 30, MOST_DEEP = 33, MOST_WIDE = 32, MOST_FLOATS = 80 * 50 };
static float values_a[MOST_FLOATS], values_b[MOST_FLOATS], values_c[MOST_FLOATS],
	values_bias[MOST_WIDE];

static void fill(uint64_t seed, size_t n, float *to)
{
	float *x = test_floats(seed, n, -1, 1);

	memcpy(to, x, n * sizeof *x);
	free(x);
}

static void multiply(void *argument)
{
	const struct call *call = argument;

	call->set->product(&call->p);
}

/* C(i,j) in double, and in *size the sum of the magnitudes of its terms. */
static double element(const struct hb_product *p, ptrdiff_t i, ptrdiff_t j, double *size)
{
	double sum = p->begin == HB_FROM_ZERO   ? 0
		     : p->begin == HB_FROM_BIAS ? (double)values_bias[j]
						: (double)values_c[i * p->ldc + j];
	double factor = p->begin == HB_ADD_TO_C ? (double)p->factor : 1;

	*size = fabs(sum);
	for (ptrdiff_t k = 0; k < p->K; k++) {
		double term = factor * (double)values_a[i * p->ai + k * p->ak] *
			      (double)values_b[k * p->ldb + j];

		sum += term;
		*size += fabs(term);
	}
	return sum;
}

/* Each element within its rounding; what lies between the rows of C as it was. */
static void check_product(const struct hb_product *p, size_t c_size, const char *what)
{
	for (size_t at = 0; at < c_size; at++) {
		ptrdiff_t i = (ptrdiff_t)at / p->ldc, j = (ptrdiff_t)at % p->ldc;
		double size, expected;

		if (j >= p->N) {
			if (p->c[at] != values_c[at])
				fail_msg("%s: written beside row %td of C", what, i);
			continue;
		}
		expected = element(p, i, j, &size);
		test_near((double)p->c[at], expected, (p->K + 2) * size * 0x1p-24, what);
	}
}

static struct guarded memory_a, memory_b, memory_c, memory_bias;

static void try_product(const struct hb_kernels *set, struct hb_product p, enum side side)
{
	char what[160];
	size_t a_size = (size_t)((p.M - 1) * p.ai + (p.K - 1) * p.ak + 1);
	size_t c_size = (size_t)((p.M - 1) * p.ldc + p.N);

	p.a = guarded_floats(&memory_a, side, a_size, values_a);
	p.b = guarded_floats(&memory_b, side, (size_t)((p.K - 1) * p.ldb + p.N), values_b);
	p.bias = guarded_floats(&memory_bias, side, (size_t)p.N, values_bias);
	p.c = guarded_floats(&memory_c, side, c_size, values_c);
	p.next = p.c + p.M * p.ldc; /* where nobody may read */
	p.step = 1024;
	snprintf(what, sizeof what,
		 "product of %s, M %d N %d K %d, A's strides %td %td, B's %td, C's %td, begin %d, "
		 "%s",
		 set->name, p.M, p.N, p.K, p.ai, p.ak, p.ldb, p.ldc, (int)p.begin, side_name[side]);
	guarded_run(multiply, &(struct call){set, p}, what);
	check_product(&p, c_size, what);
}

/* A as it is and transposed, with strides that are odd; B and C dense or with odd strides; every
 * beginning. */
static void products_of(const struct hb_kernels *set, enum side side)
{
	for (int M = 1; M <= MOST_ROWS; M++)
		for (size_t k = 0; k < COUNT_OF(edges); k++)
			for (int form = 0; form < 32; form++) {
				struct hb_product p = {.M = M, .K = edges[k], .factor = -0.3f};
				int odd = form & 4 ? 1 + 2 * (M % 3) : 0;

				p.N = form & 1 ? 32 : 16;
				p.ai = form & 2 ? 1 : p.K + odd;
				p.ak = form & 2 ? p.M + odd : 1;
				p.ldb = p.N + odd;
				p.ldc = p.N + 2 * odd + (odd > 0);
				p.begin = (enum hb_begin)(form / 8);
				try_product(set, p, side);
			}
}

static void products(void **state)
{
	(void)state;
	fill(1, MOST_FLOATS, values_a);
	fill(2, MOST_FLOATS, values_b);
	fill(3, MOST_FLOATS, values_c);
	fill(4, MOST_WIDE, values_bias);
	guarded_new(&memory_a, "a", sizeof values_a);
	guarded_new(&memory_b, "b", sizeof values_b);
	guarded_new(&memory_c, "c", sizeof values_c);
	guarded_new(&memory_bias, "bias", sizeof values_bias);
	each_set_and_side(products_of);
	guarded_free(&memory_a);
	guarded_free(&memory_b);
	guarded_free(&memory_c);
	guarded_free(&memory_bias);
}

/* ---- Functions of z ---- */

struct map {
	const struct hb_kernels *set;
	enum hb_map map;
	int rows, m;
	ptrdiff_t ld;
	const float *z, *h;
	float *to;
};

static void run_forward(void *argument)
{
	const struct map *a = argument;

	a->set->forward[a->map](a->rows, a->m, a->ld, a->z, a->to);
}

static void run_backward(void *argument)
{
	const struct map *a = argument;

	a->set->backward[a->map](a->rows, a->m, a->ld, a->z, a->h, a->to);
}

/* The activation that a map computes. */
static hebb_activation activation_of(enum hb_map map)
{
	for (int f = HEBB_LINEAR; hebb_activation_name((hebb_activation)f); f++) {
		const struct hb_activation *a = hb_activation((hebb_activation)f);

		if (a && a->kernel == map)
			return (hebb_activation)f;
	}
	fail_msg("map %d of the kernels is of no activation", (int)map);
	return HEBB_LINEAR;
}

/* h = f(z) and d = f'(z) of one row, in double; of softmax d times its Jacobian. */
static void reference_of_row(hebb_activation f, int m, const float *z, const float *d, double *h,
			     double *result)
{
	const struct hb_activation *a = hb_activation(f);
	double sum = 0, dot = 0;

	for (int j = 0; j < m; j++) {
		h[j] = a->f ? a->f((double)z[j]) : exp((double)z[j]);
		sum += h[j];
	}
	for (int j = 0; j < m && !a->f; j++)
		h[j] /= sum;
	for (int j = 0; j < m; j++)
		dot += h[j] * (double)d[j];
	for (int j = 0; j < m; j++)
		result[j] = a->derivative ? (double)d[j] * a->derivative((double)z[j])
					  : h[j] * ((double)d[j] - dot);
}

static struct guarded memory_z, memory_h, memory_d;

static void try_map(struct map a, enum side side)
{
	hebb_activation f = activation_of(a.map);
	size_t size = (size_t)(a.rows * a.ld);
	float *z = guarded_floats(&memory_z, side, size, values_a), *h, *d;
	double expected[64], expected_d[64];
	char what[160];

	h = guarded_floats(&memory_h, side, size, values_c);
	d = guarded_floats(&memory_d, side, size, values_b);
	snprintf(what, sizeof what, "%s of %s, %d rows, m %d, ld %td, %s", hebb_activation_name(f),
		 a.set->name, a.rows, a.m, a.ld, side_name[side]);
	a.z = z;
	a.h = a.to = h;
	guarded_run(run_forward, &a, what);
	if (!hb_activation(f)->keeps_z) /* then backward does not look at z */
		for (size_t i = 0; i < size; i++)
			z[i] = NAN;
	a.to = d;
	guarded_run(run_backward, &a, what);
	for (ptrdiff_t i = 0; i < a.rows; i++) {
		ptrdiff_t at = i * a.ld;

		reference_of_row(f, a.m, values_a + at, values_b + at, expected, expected_d);
		for (int j = 0; j < a.m; j++) {
			test_near((double)h[at + j], expected[j], 1e-6, what);
			test_near((double)d[at + j], expected_d[j], 2e-6, what);
		}
	}
}

static void maps_of(const struct hb_kernels *set, enum side side)
{
	for (int map = 0; map < HB_MAPS; map++)
		for (int rows = 1; rows <= 7; rows++)
			for (size_t i = 0; i < COUNT_OF(edges); i++)
				for (int more = 0; more <= HB_LANES; more += HB_LANES) {
					struct map a = {.set = set,
							.map = (enum hb_map)map,
							.rows = rows,
							.m = edges[i]};

					a.ld = (a.m + HB_LANES - 1) / HB_LANES * HB_LANES + more;
					try_map(a, side);
				}
}

static void maps(void **state)
{
	(void)state;
	fill(1, MOST_FLOATS, values_a);
	fill(2, MOST_FLOATS, values_b);
	fill(3, MOST_FLOATS, values_c);
	guarded_new(&memory_z, "z", sizeof values_a);
	guarded_new(&memory_h, "h", sizeof values_c);
	guarded_new(&memory_d, "d", sizeof values_b);
	each_set_and_side(maps_of);
	guarded_free(&memory_z);
	guarded_free(&memory_h);
	guarded_free(&memory_d);
}

/* ---- Dropout ---- */

struct drop {
	const struct hb_kernels *set;
	struct hb_draws draws;
	int m;
	const float *x;
	float *factor, *z;
};

static void run_dropout(void *argument)
{
	const struct drop *a = argument;

	a->set->dropout(a->m, a->draws, a->x, a->factor, a->z);
}

static void try_dropout(struct drop a, enum side side)
{
	size_t m = (size_t)a.m, ld = (m + HB_LANES - 1) / HB_LANES * HB_LANES;
	char what[160];

	snprintf(what, sizeof what, "dropout of %s, m %d, limit %u, counter %llx, %s", a.set->name,
		 a.m, (unsigned)a.draws.limit, (unsigned long long)a.draws.counter,
		 side_name[side]);
	a.x = guarded_floats(&memory_z, side, m, values_a);
	a.factor = guarded_floats(&memory_h, side, ld, values_b);
	a.z = guarded_floats(&memory_d, side, ld, values_c);
	guarded_run(run_dropout, &a, what);
	for (size_t j = 0; j < ld; j++) {
		uint32_t word[4];
		float factor = 0;

		hb_random_block(a.draws.seed, a.draws.stream, a.draws.counter + j / 8, word);
		if (j < m && (word[j % 8 / 2] >> 16 * (j % 2) & 0xffff) >= a.draws.limit)
			factor = a.draws.kept;
		if (a.factor[j] != factor || a.z[j] != (j < m ? a.x[j] * factor : 0))
			fail_msg("%s: unit %zu of %zu: %g times %g, not %g", what, j, m,
				 (double)a.z[j], (double)a.factor[j], (double)factor);
	}
}

static void dropout_of(const struct hb_kernels *set, enum side side)
{
	static const uint32_t limits[] = {0, 1, 13107, 32768, 65535};

	for (int m = 1; m <= 300; m += m < 70 ? 1 : 23)
		for (size_t i = 0; i < COUNT_OF(limits); i++) {
			struct drop a = {.set = set,
					 .draws = {.seed = 0xfedcba9876543210,
						   .stream = HB_STREAM_DROPOUT(3),
						   .counter = 5ULL << 32 | 0xfffffffe,
						   .limit = limits[i],
						   .kept = 1.25f},
					 .m = m};

			try_dropout(a, side);
			a.draws.counter = (uint64_t)m << 32;
			try_dropout(a, side);
		}
}

static void dropout(void **state)
{
	(void)state;
	fill(1, MOST_FLOATS, values_a);
	fill(2, MOST_FLOATS, values_b);
	fill(3, MOST_FLOATS, values_c);
	guarded_new(&memory_z, "x", sizeof values_a);
	guarded_new(&memory_h, "the factors", sizeof values_c);
	guarded_new(&memory_d, "z", sizeof values_b);
	each_set_and_side(dropout_of);
	guarded_free(&memory_z);
	guarded_free(&memory_h);
	guarded_free(&memory_d);
}

/* ---- Updates ---- */

struct update {
	const struct hb_kernels *set;
	hebb_rule rule; /* 0: scale, add, add_sign and average */
	size_t count;
	struct hb_rates rates;
	float *w, *m, *s;
	const float *g;
};

static void run_update(void *argument)
{
	const struct update *u = argument;

	if (u->rule) { /* rmsprop's only block is a mean square */
		u->set->update[hb_rule_of(u->rule)->kernel](u->count, u->rates, u->w, u->g,
							    u->rule == HEBB_RMSPROP ? u->s : u->m,
							    u->s);
		return;
	}
	u->set->scale(u->count, 0.75f, u->w);
	u->set->add(u->count, 0.5f, u->g, u->w);
	u->set->add_sign(u->count, 0.25f, u->g, u->w);
	u->set->average(u->count, 0.5f, u->g, u->w);
}

static struct guarded memory_w, memory_g, memory_m, memory_s;

static void check_block(size_t n, const float *values, const double *expected, const char *what)
{
	for (size_t i = 0; i < n; i++)
		test_near((double)values[i], expected[i], 1e-6, what);
}

/* The third update of some parameters against the reference's. */
static void try_update(const struct hb_kernels *set, hebb_rule rule, size_t count, enum side side)
{
	unsigned char decays[512] = {0};
	struct update u = {.set = set, .rule = rule, .count = count};
	hebb_recipe recipe = hebb_recipe_default();
	struct hb_state state = {0};
	double *p = test_widen(count, values_a), *g = test_widen(count, values_b),
	       *m = test_widen(count, values_c), *s = test_doubles(count);
	char what[160];

	u.w = guarded_floats(&memory_w, side, count, values_a);
	u.g = guarded_floats(&memory_g, side, count, values_b);
	u.m = guarded_floats(&memory_m, side, count, values_c);
	u.s = guarded_floats(&memory_s, side, count, NULL);
	for (size_t i = 0; i < count; i++)
		s[i] = (double)(u.s[i] = values_b[i + 1] * values_b[i + 1] + 0.01f);
	recipe.rule = rule ? rule : HEBB_SGD;
	recipe.rate = 0.05;
	for (int t = 0; t < 3; t++)
		u.rates = hb_rule_next(&recipe, recipe.rate, &state);
	if (rule)
		hb_reference_update(&recipe, count, decays, p, g, m, s, 2);
	for (size_t i = 0; i < count && !rule; i++)
		p[i] = (0.75 * p[i] + 1.5 * g[i] + 0.25 * ((g[i] > 0) - (g[i] < 0))) / 2;
	snprintf(what, sizeof what, "%s of %s, %zu parameters, %s",
		 rule ? hebb_rule_name(rule) : "scale and add", set->name, count, side_name[side]);
	guarded_run(run_update, &u, what);
	check_block(count, u.w, p, what);
	check_block(count, u.m, m, what);
	check_block(count, u.s, s, what);
	free(p);
	free(g);
	free(m);
	free(s);
}

static void updates_of(const struct hb_kernels *set, enum side side)
{
	for (size_t count = HB_LANES; count <= 20 * HB_LANES; count += HB_LANES)
		for (int rule = 0; rule == 0 || hebb_rule_name((hebb_rule)rule); rule++)
			if (rule == 0 || hb_rule_of((hebb_rule)rule)->kernel != HB_UPDATES)
				try_update(set, (hebb_rule)rule, count, side);
}

static void updates(void **state)
{
	struct guarded *all[] = {&memory_w, &memory_g, &memory_m, &memory_s};
	static const char *const name[] = {"w", "g", "m", "s"};

	(void)state;
	fill(1, MOST_FLOATS, values_a);
	fill(2, MOST_FLOATS, values_b);
	fill(3, MOST_FLOATS, values_c);
	for (int i = 0; i < 4; i++)
		guarded_new(all[i], name[i], sizeof values_a);
	each_set_and_side(updates_of);
	for (int i = 0; i < 4; i++)
		guarded_free(all[i]);
}

/* ---- Whole networks, with every allocation and every array of the caller between guard pages - */

static struct guarded allocations[MOST_GUARDED];

static void *take(void *self, size_t bytes, size_t alignment)
{
	enum side side = *(enum side *)self;
	struct guarded *g = allocations;

	while (g->pages)
		g++;
	guarded_new(g, "memory from the allocator", bytes);
	return guarded_place(g, side, bytes, (alignment - bytes % alignment) % alignment);
}

static void give(void *self, void *memory, size_t bytes)
{
	struct guarded *g = allocations;

	(void)self;
	while (g->memory != memory)
		g++;
	assert_int_equal(bytes, g->bytes);
	guarded_free(g);
	memset(g, 0, sizeof *g);
}

struct engine {
	enum side side;
	hebb_allocator allocator;
	hebb_net *net;
	hebb_trainer *trainer;
	hebb_work *work;
	int n, m, outputs, rows;
	const float *x, *y, *weight;
	float *h;
	double J;
	const float *all_h; /* of all rows */
};

enum { MOST_NET_ROWS = 30, OUTPUTS = 3 };
static struct guarded memory_x, memory_y, memory_weight, memory_output;

static void build(struct engine *e)
{
	const hebb_layer layers[] = {hebb_dense(e->m, HEBB_GELU), hebb_dense(e->m, HEBB_TANH),
				     hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.batch = MOST_NET_ROWS;
	recipe.threads = 1; /* a fault is the business of the thread in which it happens */
	e->allocator = hebb_allocator_of(&e->side, take, give);
	e->net = hebb_net_new(e->n, 3, layers, 7, &e->allocator, NULL);
	assert_non_null(e->net);
	e->trainer = hebb_trainer_new(e->net, &recipe, &e->allocator, NULL);
	e->work = hebb_work_new(e->net, MOST_NET_ROWS, &e->allocator, NULL);
	assert_true(e->trainer && e->work);
}

static void tear_down(struct engine *e)
{
	hebb_work_free(e->work);
	hebb_trainer_free(e->trainer);
	hebb_net_free(e->net);
	for (int i = 0; i < MOST_GUARDED; i++)
		assert_null(allocations[i].pages);
}

static void run_engine(void *argument)
{
	struct engine *e = argument;

	e->all_h = hebb_forward(e->work, e->rows, e->x);
	hebb_predict(e->net, e->x, e->h, NULL);
	hebb_trainer_gradient(e->trainer, e->rows, e->x, e->y, e->weight, &e->J, NULL);
}

static void run_engine_update(void *argument)
{
	hebb_trainer_update(((struct engine *)argument)->trainer, NULL);
}

static void check_engine(const struct engine *e, const char *what)
{
	size_t parameters = (size_t)hebb_net_parameters(e->net);
	double J, h[MOST_NET_ROWS * OUTPUTS], *g = test_doubles(parameters), *engine_g, *engine_h;
	float *gradient = test_canonical(e->net, e->trainer);

	test_reference(e->net, HEBB_CROSS_ENTROPY, e->rows, e->x, e->y, e->weight, &J, g, h);
	engine_g = test_widen(parameters, gradient);
	engine_h = test_widen((size_t)e->rows * OUTPUTS, e->all_h);
	test_below(test_normwise(parameters, engine_g, g), 2e-6, what);
	test_below(test_normwise((size_t)e->rows * OUTPUTS, engine_h, h), 1e-6, what);
	assert_memory_equal(e->h, e->all_h, OUTPUTS * sizeof(float));
	test_near(e->J, J, 1e-6 * (1 + fabs(J)), what);
	free(g);
	free(engine_g);
	free(engine_h);
	free(gradient);
}

static void try_network(struct engine *e, int rows)
{
	size_t x_size = (size_t)rows * (size_t)e->n, y_size = (size_t)rows * OUTPUTS;
	float *y = test_targets(2, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, rows, OUTPUTS);
	char what[160];

	e->rows = rows;
	e->x = guarded_floats(&memory_x, e->side, x_size, values_a);
	e->y = guarded_floats(&memory_y, e->side, y_size, y);
	e->weight = guarded_floats(&memory_weight, e->side, (size_t)rows, values_c);
	e->h = guarded_floats(&memory_output, e->side, OUTPUTS, NULL);
	snprintf(what, sizeof what, "a network %d-%d-%d-%d, %d rows, %s, %s", e->n, e->m, e->m,
		 OUTPUTS, rows, hebb_kernels(NULL), side_name[e->side]);
	guarded_run(run_engine, e, what);
	check_engine(e, what);
	guarded_run(run_engine_update, e, what);
	free(y);
}

static void networks(void **state)
{
	static const int inputs[] = {1, 2, 3, 4, 5, 6, 7, 13, 14, 15, 16, 17, 31, 32, 33},
			 rows[] = {1, 2, 3, 4, 5, 6, 7, 13, 14, 15, 16, 17, 27, 28, 29, 30};

	(void)state;
	fill(1, MOST_FLOATS, values_a);
	for (int i = 0; i < MOST_NET_ROWS; i++)
		values_c[i] = 0.5f + (float)(i % 3);
	guarded_new(&memory_x, "x", sizeof values_a);
	guarded_new(&memory_y, "y", sizeof values_a);
	guarded_new(&memory_weight, "weight", sizeof values_a);
	guarded_new(&memory_output, "h", sizeof values_a);
	for (size_t n = 0; n < COUNT_OF(inputs); n++)
		for (size_t m = 0; m < COUNT_OF(edges); m++)
			for (int side = 0; side < SIDES; side++) {
				struct engine e = {
					.side = (enum side)side, .n = inputs[n], .m = edges[m]};

				build(&e);
				for (size_t i = 0; i < COUNT_OF(rows); i++)
					try_network(&e, rows[i]);
				tear_down(&e);
			}
	guarded_free(&memory_x);
	guarded_free(&memory_y);
	guarded_free(&memory_weight);
	guarded_free(&memory_output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(products), cmocka_unit_test(maps),     cmocka_unit_test(dropout),
		cmocka_unit_test(updates),  cmocka_unit_test(networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
