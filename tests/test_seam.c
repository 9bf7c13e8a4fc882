/* SPDX-License-Identifier: MIT */
/*
 * test_seam.c - another engine under the same trainer: plain loops in double, in canonical order,
 * over the reference
 *
 * hebb_train() must not notice which engine it has.  What both come to differs by the rounding of
 * float32 alone: each product and sum by 2^-24 of itself, which some hundred updates let grow to
 * some 1e-7 of the losses; the tests allow 1e-5.
 */
#include "test.h"
#include "hebb_io.h"

enum { BLOCKS = HB_M + 2 * HB_PAIRS + 3 }; /* lbfgs has most */

struct plain {
	struct hb_job job;
	size_t count; /* parameters */
	double *block[BLOCKS];
};

/* Where an array of parameters begins in a block. */
static size_t begin_of(const struct plain *e, const struct hb_parameter *p)
{
	size_t at = 0;

	for (const struct hb_parameter *q = e->job.plan->parameter; q < p; q++)
		at += (size_t)q->about.count;
	return at;
}

static void plain_close(void *self)
{
	struct plain *e = self;

	for (int i = 0; e && i < BLOCKS; i++)
		free(e->block[i]);
	free(e);
}

static void *plain_open(const struct hb_job *job, hebb_error *error)
{
	struct plain *e = test_memory(sizeof *e);

	(void)error;
	e->job = *job;
	e->count = (size_t)job->plan->parameters;
	for (int i = 0; i < BLOCKS; i++)
		e->block[i] = test_doubles(e->count);
	return e;
}

static size_t plain_bytes(const void *self)
{
	return sizeof(struct plain) + BLOCKS * ((const struct plain *)self)->count * sizeof(double);
}

static void plain_get(const void *self, int block, const struct hb_parameter *p, float *values)
{
	const struct plain *e = self;
	const double *from = e->block[block] + begin_of(e, p);

	for (long long i = 0; i < p->about.count; i++)
		values[i] = (float)from[i];
}

static void plain_set(void *self, int block, const struct hb_parameter *p, const float *values)
{
	struct plain *e = self;
	double *to = e->block[block] + begin_of(e, p);

	for (long long i = 0; i < p->about.count; i++)
		to[i] = (double)values[i];
}

/* What the network holds, unless it is the rounded W already. */
static void plain_load(void *self)
{
	struct plain *e = self;

	for (int i = 0; i < e->job.plan->arrays; i++) {
		const struct hb_parameter *p = &e->job.plan->parameter[i];
		float *values = test_memory((size_t)p->about.count * sizeof *values);
		double *to = e->block[HB_W] + begin_of(e, p);

		hb_net_get(e->job.net, p, values);
		for (long long k = 0; k < p->about.count; k++)
			if ((float)to[k] != values[k])
				to[k] = (double)values[k];
		free(values);
	}
}

static void plain_store(void *self)
{
	struct plain *e = self;

	for (int i = 0; i < e->job.plan->arrays; i++) {
		const struct hb_parameter *p = &e->job.plan->parameter[i];
		float *values = test_memory((size_t)p->about.count * sizeof *values);

		plain_get(e, HB_W, p, values);
		hb_layout_set(p, e->job.net->w, values);
		free(values);
	}
}

/* sum w hb_right() of outputs in double. */
static double sum_of_right(const struct plain *e, const struct hb_batch *b, const double *h)
{
	const int outputs = e->job.plan->outputs;
	float *narrow = test_memory((size_t)b->rows * (size_t)outputs * sizeof *narrow);
	double sum = 0;

	for (int i = 0; i < b->rows * outputs; i++)
		narrow[i] = (float)h[i];
	for (int i = 0; i < b->rows; i++)
		sum += (b->weight ? (double)b->weight[i] : 1) *
		       (double)hb_right(outputs, narrow + i * outputs, b->y + i * outputs);
	free(narrow);
	return sum;
}

/* sum w J, and in g, if it is wanted, its derivative over all weights. */
static double pass(struct plain *e, const struct hb_batch *b, double *g)
{
	const struct hb_plan *plan = e->job.plan;
	const struct hb_mode mode = {.learns = g != NULL,
				     .seed = e->job.recipe->seed,
				     .update = b->update,
				     .first = b->first};
	double *x = test_widen((size_t)b->rows * plan->inputs, b->x),
	       *y = test_widen((size_t)b->rows * plan->outputs, b->y),
	       *weight = b->weight ? test_widen((size_t)b->rows, b->weight) : NULL,
	       *h = test_doubles((size_t)b->rows * (size_t)plan->outputs), J;

	const struct hb_cost cost = {.loss = e->job.recipe->loss};

	assert_int_equal(hb_reference_of(&mode, plan->L, plan->step, &cost, b->rows, x, y, weight,
					 e->block[HB_W], &J, g, h, NULL),
			 HEBB_OK);
	if (b->right)
		*b->right = sum_of_right(e, b, h);
	free(x), free(y), free(weight), free(h);
	return J * b->weights;
}

static double plain_cost(void *self, const struct hb_batch *b)
{
	return pass(self, b, NULL);
}

static double plain_gradient(void *self, const struct hb_batch *b, enum hb_begin begin)
{
	struct plain *e = self;
	double *g = test_doubles(e->count), *to = e->block[HB_G], sum = pass(e, b, g);

	for (size_t i = 0; i < e->count; i++)
		to[i] = (begin == HB_FROM_ZERO ? 0 : to[i]) + g[i] * b->weights / b->whole;
	free(g);
	for (int l = e->job.plan->L - 1; b->ready && l >= 0; l--)
		b->ready->layer(b->ready, l);
	return sum;
}

static void plain_penalize(void *self)
{
	struct plain *e = self;

	for (int i = 0; i < e->job.plan->arrays; i++) {
		const struct hb_parameter *p = &e->job.plan->parameter[i];
		size_t from = begin_of(e, p),
		       behind = from + (size_t)(p->about.decays ? p->about.count : 0);

		for (size_t k = from; k < behind; k++)
			e->block[HB_G][k] += e->job.recipe->l2 * e->block[HB_W][k];
	}
}

static double plain_dot(void *self, int a, int b, const struct hb_parameter *p)
{
	struct plain *e = self;
	size_t at = p ? begin_of(e, p) : 0;

	return hb_dot_double(p ? (size_t)p->about.count : e->count, e->block[a] + at,
			     e->block[b] + at);
}

static double plain_norm(void *self)
{
	return sqrt(plain_dot(self, HB_G, HB_G, NULL));
}

/* SGD, momentum and Adam. */
static void plain_update(void *self, struct hb_rates r)
{
	struct plain *e = self;
	double *w = e->block[HB_W], *m = e->block[HB_M], *s = e->block[HB_M + 1];
	hebb_rule rule = e->job.recipe->rule;

	for (size_t i = 0; i < e->count; i++) {
		double g = (double)r.clip * e->block[HB_G][i];

		if (rule == HEBB_SGD)
			w[i] -= (double)r.rate * g;
		if (rule == HEBB_MOMENTUM)
			w[i] -= (double)r.rate * (m[i] = (double)r.momentum * m[i] + g);
		if (rule != HEBB_ADAM)
			continue;
		m[i] = (double)r.beta1 * m[i] + (double)r.rest1 * g;
		s[i] = (double)r.beta2 * s[i] + (double)r.rest2 * g * g;
		w[i] -= (double)r.rate * m[i] / (sqrt(s[i]) * (double)r.root + (double)r.epsilon);
	}
}

static void plain_add(void *self, double factor, int a, int b)
{
	struct plain *e = self;

	for (size_t i = 0; i < e->count; i++)
		e->block[b][i] += factor * e->block[a][i];
}

static void plain_scale(void *self, int a, double factor)
{
	struct plain *e = self;

	for (size_t i = 0; i < e->count; i++)
		e->block[a][i] *= factor;
}

static void plain_average(void *self, double part)
{
	plain_scale(self, HB_AVERAGE, 1 - part);
	plain_add(self, part, HB_W, HB_AVERAGE);
}

static void plain_copy(void *self, int a, int b)
{
	struct plain *e = self;

	memcpy(e->block[b], e->block[a], e->count * sizeof(double));
}

static void plain_swap(void *self, int a, int b)
{
	struct plain *e = self;
	double *other = e->block[a];

	e->block[a] = e->block[b];
	e->block[b] = other;
}

static void plain_clear(void *self, int a)
{
	plain_scale(self, a, 0);
}

static int plain_finite(const void *self, int block, const struct hb_parameter *p)
{
	const struct plain *e = self;
	const double *from = e->block[block] + begin_of(e, p);

	for (long long i = 0; i < p->about.count; i++)
		if (!isfinite(from[i]))
			return 0;
	return 1;
}

static int plain_finite_outputs(const void *self, int l)
{
	(void)self, (void)l;
	return 1;
}

static const struct hb_engine plain = {.name = "plain",
				       .open = plain_open,
				       .close = plain_close,
				       .bytes = plain_bytes,
				       .load = plain_load,
				       .store = plain_store,
				       .cost = plain_cost,
				       .gradient = plain_gradient,
				       .penalize = plain_penalize,
				       .norm = plain_norm,
				       .update = plain_update,
				       .average = plain_average,
				       .get = plain_get,
				       .set = plain_set,
				       .copy = plain_copy,
				       .swap = plain_swap,
				       .clear = plain_clear,
				       .scale = plain_scale,
				       .add = plain_add,
				       .dot = plain_dot,
				       .finite = plain_finite,
				       .finite_outputs = plain_finite_outputs};

/* ---- A training by either ---- */

enum { MOST_EPOCHS = 16, ROWS = 1797, TRAINED = 1400 };

struct digits {
	hebb_table *table;
	hebb_coding *coding;
	hebb_dataset *data;
	hebb_arrays train, validation;
};

static void set_up(struct digits *d)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	static long long row[ROWS];

	for (int i = 0; i < ROWS; i++)
		row[i] = i;
	d->table = hebb_table_digits(&error);
	assert_non_null(d->table);
	d->coding = hebb_coding_fit(d->table, &options, ROWS, row, &error);
	assert_non_null(d->coding);
	d->data = hebb_coding_apply(d->coding, d->table, 1, ROWS, row, &error);
	assert_non_null(d->data);
	d->train = (hebb_arrays){
		.size = sizeof(hebb_arrays), .rows = TRAINED, .inputs = 64, .outputs = 10};
	d->train.x = d->data->x;
	d->train.y = d->data->y;
	d->validation = d->train;
	d->validation.rows = ROWS - TRAINED;
	d->validation.x += TRAINED * 64;
	d->validation.y += TRAINED * 10;
}

static void tear_down(struct digits *d)
{
	hebb_dataset_free(d->data);
	hebb_coding_free(d->coding);
	hebb_table_free(d->table);
}

struct history {
	int epochs;
	double loss[MOST_EPOCHS], validation[MOST_EPOCHS], accuracy[MOST_EPOCHS];
};

static int note(void *self, const hebb_progress *now)
{
	struct history *h = self;

	if (now->epoch_ended && h->epochs < MOST_EPOCHS) {
		h->loss[h->epochs] = now->loss;
		h->accuracy[h->epochs] = now->validation_accuracy;
		h->validation[h->epochs++] = now->validation_loss;
	}
	return 0;
}

static hebb_net *train(const struct digits *d, const struct hb_engine *engine, int L,
		       const hebb_layer *layers, hebb_recipe recipe, struct history *h)
{
	hebb_source to_train = hebb_arrays_source(&d->train),
		    to_validate = hebb_arrays_source(&d->validation);
	hebb_net *net = test_net(64, L, layers, 3);
	hebb_error error;

	*h = (struct history){0};
	recipe.progress = note;
	recipe.self = h;
	hebb_trainer *trainer = hb_trainer_new_with(net, &recipe, engine, NULL, &error);
	assert_non_null(trainer);
	assert_true(hebb_trainer_bytes(trainer) > 0);
	test_ok(hebb_train(trainer, &to_train, &to_validate, &error), &error);
	hebb_trainer_free(trainer);
	return net;
}

static void compare(const struct digits *d, int L, const hebb_layer *layers, hebb_recipe recipe,
		    double tolerance)
{
	struct history by_cpu, by_plain;
	hebb_net *a = train(d, &hb_cpu_engine, L, layers, recipe, &by_cpu),
		 *b = train(d, &plain, L, layers, recipe, &by_plain);
	float h[10], other[10];

	assert_int_equal(by_cpu.epochs, by_plain.epochs);
	assert_true(by_cpu.epochs > 1);
	for (int i = 0; i < by_cpu.epochs; i++) {
		test_near(by_plain.loss[i] / by_cpu.loss[i], 1, tolerance, "loss");
		test_near(by_plain.validation[i] / by_cpu.validation[i], 1, tolerance,
			  "validation loss");
		test_near(by_plain.accuracy[i], by_cpu.accuracy[i], 0, "validation accuracy");
	}
	assert_true(by_cpu.loss[by_cpu.epochs - 1] < by_cpu.loss[0]);
	assert_int_equal(hebb_predict(a, d->validation.x, h, NULL), HEBB_OK);
	assert_int_equal(hebb_predict(b, d->validation.x, other, NULL), HEBB_OK);
	for (int k = 0; k < 10; k++) /* the network holds what the engine came to */
		test_near((double)other[k], (double)h[k], tolerance, "output");
	hebb_net_free(a), hebb_net_free(b);
}

/* The network of the tutorial. */
static void digits(void **state)
{
	const hebb_layer layers[] = {hebb_dense(30, HEBB_SIGMOID), hebb_dense(10, HEBB_SIGMOID)};
	struct digits d;
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	set_up(&d);
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.5;
	recipe.epochs = 4;
	compare(&d, 2, layers, recipe, 1e-5);
	tear_down(&d);
}

/* What the trainer does with blocks: sums of batches, norms, averages, what is kept and restored;
 * masks drawn by update and row. */
static void with_options(void **state)
{
	const hebb_layer layers[] = {hebb_dense(12, HEBB_TANH), hebb_dropout(0.2),
				     hebb_dense(10, HEBB_SOFTMAX)};
	struct digits d;
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	set_up(&d);
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 3;
	recipe.rate = 0.01;
	recipe.accumulate = 3;
	recipe.clip = 0.5;
	recipe.average = 0.9;
	recipe.patience = 2;
	compare(&d, 3, layers, recipe, 1e-5);
	recipe.rule = HEBB_MOMENTUM;
	recipe.accumulate = 1;
	recipe.l2 = 1e-3;
	recipe.patience = 0;
	compare(&d, 3, layers, recipe, 1e-5);
	tear_down(&d);
}

/* A search by costs: where a step is taken, rounding decides seldom, and not in these few. */
static void searching(void **state)
{
	const hebb_layer layers[] = {hebb_dense(8, HEBB_TANH), hebb_dense(10, HEBB_SOFTMAX)};
	struct digits d;
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	set_up(&d);
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = HEBB_LBFGS;
	recipe.batch = 0;
	recipe.epochs = 6;
	recipe.l2 = 1e-4;
	compare(&d, 2, layers, recipe, 1e-5);
	tear_down(&d);
}

/* The three calls, and numbers that others set in the network. */
static void by_hand(void **state)
{
	const hebb_layer layers[] = {hebb_dense(3, HEBB_TANH), hebb_dense(2, HEBB_LINEAR)};
	const struct hb_engine *const engine[] = {&hb_cpu_engine, &plain};
	hebb_recipe recipe = hebb_recipe_default();
	float *x = test_floats(1, 5 * 4, -1, 1), *y = test_floats(2, 5 * 2, -1, 1), W[2][12],
	      b[2][3];

	(void)state;
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.1;
	for (int i = 0; i < 2; i++) {
		hebb_net *net = test_net(4, 2, layers, 1), *start = test_net(4, 2, layers, 2);
		hebb_trainer *t = hb_trainer_new_with(net, &recipe, engine[i], NULL, NULL);

		assert_int_equal(hebb_net_get(start, 0, W[i], b[i], NULL), HEBB_OK);
		assert_int_equal(hebb_net_set(net, 0, W[i], b[i], NULL), HEBB_OK);
		assert_int_equal(hebb_trainer_gradient(t, 5, x, y, NULL, NULL, NULL), HEBB_OK);
		assert_int_equal(hebb_trainer_update(t, NULL), HEBB_OK);
		assert_int_equal(hebb_net_get(net, 0, W[i], b[i], NULL), HEBB_OK);
		hebb_trainer_free(t);
		hebb_net_free(net), hebb_net_free(start);
	}
	for (int k = 0; k < 12; k++)
		test_near((double)W[1][k], (double)W[0][k], 1e-6, "W");
	free(x), free(y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(digits), cmocka_unit_test(with_options),
					   cmocka_unit_test(searching), cmocka_unit_test(by_hand)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
