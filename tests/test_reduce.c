/* SPDX-License-Identifier: MIT */
/*
 * test_reduce.c - recipe.reduce: trainers in threads of their own that learn as one from all rows
 *
 * Two trainers meet in a buffer.  add() begins a sum and returns; wait() waits until both have
 * handed over everything, and both take the sums from there, added in the order of the trainers. So
 * each has the same bits, and nearly those of one trainer that has all rows: between them stands
 * the rounding of sums in another order.
 */
#include <pthread.h>
#include "test.h"

enum { TRAINERS = 2, INPUTS = 6, OUTPUTS = 3, ROWS = 96, MOST = 8192 };

/* What the trainers of a group share. */
struct group {
	pthread_mutex_t lock;
	pthread_cond_t all;
	int here, round; /* how many have arrived, and how often all had */
	float values[TRAINERS][MOST];
	double numbers[TRAINERS][8];
};

struct member {
	struct group *group;
	int i;
	float *begun[TEST_LAYERS]; /* the arrays of this batch, in the order of add() */
	long long count[TEST_LAYERS];
	int layer[TEST_LAYERS], adds, waits, calls;
	size_t used;
	int fail_at; /* the call that fails; 0: none */
	hebb_status fails;
};

static void meet(struct group *g)
{
	pthread_mutex_lock(&g->lock);
	int round = g->round;
	if (++g->here == TRAINERS) {
		g->here = 0;
		g->round++;
		pthread_cond_broadcast(&g->all);
	}
	while (round == g->round)
		pthread_cond_wait(&g->all, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

static hebb_status add(void *self, int layer, long long count, float *values, hebb_error *error)
{
	struct member *m = self;

	if (++m->calls == m->fail_at)
		return hebb_fail(error, m->fails, "machine 2 is away");
	assert_true(m->adds < TEST_LAYERS && m->used + (size_t)count <= MOST);
	assert_true(m->adds == 0 || layer < m->layer[m->adds - 1]); /* from the last to the first */
	memcpy(m->group->values[m->i] + m->used, values, (size_t)count * sizeof *values);
	m->used += (size_t)count;
	m->begun[m->adds] = values;
	m->layer[m->adds] = layer;
	m->count[m->adds++] = count;
	return HEBB_OK;
}

static hebb_status wait(void *self, int count, double *numbers, hebb_error *error)
{
	struct member *m = self;
	struct group *g = m->group;
	size_t at = 0;

	if (++m->calls == m->fail_at)
		return m->fails; /* the sentence is left to Hebb */
	(void)error;
	memcpy(g->numbers[m->i], numbers, (size_t)count * sizeof *numbers);
	meet(g);
	for (int k = 0; k < count; k++)
		numbers[k] = g->numbers[0][k] + g->numbers[1][k];
	for (int a = 0; a < m->adds; a++)
		for (long long k = 0; k < m->count[a]; k++, at++)
			m->begun[a][k] = g->values[0][at] + g->values[1][at];
	meet(g); /* nobody writes before all have read */
	m->adds = 0;
	m->used = 0;
	m->waits++;
	return HEBB_OK;
}

/* ---- A training by both, and by one ---- */

static const hebb_layer *layers_of(int norm)
{
	static hebb_layer layers[4];

	layers[0] = hebb_dense(9, HEBB_TANH);
	layers[1] = norm ? hebb_batch_norm(HEBB_LINEAR) : hebb_layer_norm(HEBB_LINEAR);
	layers[2] = hebb_shortcut(0, HEBB_TANH);
	layers[3] = hebb_dense(OUTPUTS, HEBB_SOFTMAX);
	return layers;
}

/* Rows `first`, `first` + 2, ... of all, as batches of half the size: so those of two trainers are
 * the batches of one. */
struct part {
	struct member member;
	hebb_reduce reduce;
	hebb_recipe recipe;
	hebb_net *net;
	const float *x, *y, *weight;
	int first, step;
	double loss;
	hebb_status status;
	hebb_error error;
};

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const struct part *p = self;

	(void)error;
	for (int i = 0; i < count; i++) {
		size_t row = (size_t)(p->first + p->step * index[i]);

		memcpy(x + (size_t)i * INPUTS, p->x + row * INPUTS, INPUTS * sizeof *x);
		memcpy(y + (size_t)i * OUTPUTS, p->y + row * OUTPUTS, OUTPUTS * sizeof *y);
		weight[i] = p->weight[row];
	}
	return HEBB_OK;
}

static int note(void *self, const hebb_progress *now)
{
	((struct part *)self)->loss = now->loss;
	return 0;
}

static void *learn(void *self)
{
	struct part *p = self;
	hebb_source source = {
		.size = sizeof source, .self = p, .rows = ROWS / p->step, .gather = gather};

	p->recipe.progress = note;
	p->recipe.self = p;
	hebb_trainer *trainer = hebb_trainer_new(p->net, &p->recipe, NULL, &p->error);
	p->status = trainer ? hebb_train(trainer, &source, NULL, &p->error) : p->error.status;
	hebb_trainer_free(trainer);
	return NULL;
}

static hebb_recipe recipe_of(void)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.shuffle = 0;
	recipe.epochs = 5;
	recipe.batch = 16;
	recipe.threads = 2;
	recipe.rate = 0.01;
	return recipe;
}

/* Both learn from every second row; then part[2] alone from all. */
struct trial {
	struct group group;
	struct part part[TRAINERS + 1];
	float *x, *y, *weight;
};

static void set_up(struct trial *t, const hebb_layer *layers, hebb_recipe recipe)
{
	memset(t, 0, sizeof *t);
	pthread_mutex_init(&t->group.lock, NULL);
	pthread_cond_init(&t->group.all, NULL);
	t->x = test_floats(3, ROWS * INPUTS, -1, 1);
	t->y = test_targets(4, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	t->weight = test_floats(5, ROWS, 0.1, 3);
	for (int i = 0; i <= TRAINERS; i++) {
		struct part *p = &t->part[i];
		int alone = i == TRAINERS;

		p->member = (struct member){.group = &t->group, .i = i};
		p->reduce = hebb_reduce_by(add, wait, &p->member);
		p->recipe = recipe;
		if (!alone)
			p->recipe.reduce = &p->reduce;
		if (!alone)
			p->recipe.batch /= TRAINERS;
		p->net = test_net(INPUTS, 4, layers, 7);
		p->x = t->x;
		p->y = t->y;
		p->weight = t->weight;
		p->first = alone ? 0 : i;
		p->step = alone ? 1 : TRAINERS;
	}
}

static void run(struct trial *t)
{
	pthread_t other;

	assert_int_equal(pthread_create(&other, NULL, learn, &t->part[1]), 0);
	learn(&t->part[0]);
	pthread_join(other, NULL);
	learn(&t->part[2]);
}

static void tear_down(struct trial *t)
{
	for (int i = 0; i <= TRAINERS; i++)
		hebb_net_free(t->part[i].net);
	free(t->x), free(t->y), free(t->weight);
}

static double distance(const hebb_net *a, const hebb_net *b)
{
	double *p = test_widen(a->plan->learned, a->w), *q = test_widen(b->plan->learned, b->w),
	       found = test_normwise(a->plan->learned, p, q);

	free(p), free(q);
	return found;
}

static void same_bits(const struct trial *t)
{
	const hebb_net *a = t->part[0].net, *b = t->part[1].net;

	test_ok(t->part[0].status, &t->part[0].error);
	test_ok(t->part[1].status, &t->part[1].error);
	assert_memory_equal(a->w, b->w, a->plan->block * sizeof *a->w);
	assert_true(t->part[0].loss == t->part[1].loss);
}

static void as_one(hebb_recipe recipe)
{
	struct trial t;

	set_up(&t, layers_of(0), recipe);
	run(&t);
	same_bits(&t);
	test_ok(t.part[2].status, &t.part[2].error);
	test_below(distance(t.part[0].net, t.part[2].net), 2e-5, "against all rows");
	test_near(t.part[0].loss / t.part[2].loss, 1, 1e-5, "loss");
	tear_down(&t);
}

static void learn_as_one(void **state)
{
	hebb_recipe recipe = recipe_of();

	(void)state;
	as_one(recipe);
	recipe.rule = HEBB_SGD; /* which does not end in W here */
	recipe.rate = 0.1;
	as_one(recipe);
	recipe.clip = 0.05;
	recipe.l1 = 1e-3;
	recipe.l2 = 1e-2;
	as_one(recipe);
	recipe.accumulate = 4;
	recipe.average = 0.9;
	as_one(recipe);
	recipe.schedule = HEBB_PLATEAU; /* by the loss of all rows */
	recipe.plateau = 1;
	as_one(recipe);
}

/* Each normalizes its own rows, so that they differ from one; but not from each other. */
static void statistics(void **state)
{
	hebb_recipe recipe = recipe_of();
	struct trial t;
	float mean[9], one[9];

	(void)state;
	for (recipe.accumulate = 1; recipe.accumulate < 3; recipe.accumulate++) {
		set_up(&t, layers_of(1), recipe);
		run(&t);
		same_bits(&t);
		hebb_net_get_statistics(t.part[0].net, 1, mean, NULL, NULL);
		hebb_net_get_statistics(t.part[2].net, 1, one, NULL, NULL);
		for (int j = 0; j < 9; j++)
			test_near((double)mean[j], (double)one[j], 0.05, "running mean");
		tear_down(&t);
	}
}

/* A frozen layer hands over nothing; the others in their order, once an update. */
static void what_is_handed_over(void **state)
{
	hebb_recipe recipe = recipe_of();
	struct trial t;

	(void)state;
	recipe.epochs = 1;
	recipe.accumulate = 2;
	set_up(&t, layers_of(1), recipe);
	for (int i = 0; i < 3; i++)
		hebb_net_freeze(t.part[i].net, 0, 1, NULL);
	run(&t);
	same_bits(&t);
	assert_int_equal(t.part[0].member.waits, 6); /* batches; layers 3 and 1 in every second */
	assert_int_equal(t.part[0].member.calls, 6 + 2 * 3);
	assert_int_equal(t.part[0].member.layer[0], 3);
	assert_int_equal(t.part[0].member.layer[1], 1);
	assert_int_equal(t.part[0].member.count[1], 4 * 9); /* gamma, beta, mean, variance */
	tear_down(&t);
}

/* Rows of one trainer weigh nothing: it learns from the other's all the same. */
static void nothing_here(void **state)
{
	struct trial t;
	hebb_recipe recipe = recipe_of();

	(void)state;
	for (recipe.accumulate = 1; recipe.accumulate < 3; recipe.accumulate++) {
		set_up(&t, layers_of(0), recipe);
		for (int i = 1; i < ROWS; i += 2)
			t.weight[i] = 0;
		run(&t);
		same_bits(&t);
		test_below(distance(t.part[0].net, t.part[2].net), 2e-5, "against all rows");
		tear_down(&t);
	}
}

/* A cost that is not finite stops both in the same update, and only one is to blame. */
static void diverged(void **state)
{
	struct trial t;

	(void)state;
	set_up(&t, layers_of(0), recipe_of());
	t.x[(ROWS / 2 + 1) * INPUTS] = (float)NAN;
	run(&t);
	test_failed(t.part[0].status, &t.part[0].error, HEBB_DIVERGED, "epoch 1");
	test_failed(t.part[1].status, &t.part[1].error, HEBB_BAD_ARGUMENT, "x[0]");
	assert_int_equal(t.part[0].member.waits, t.part[1].member.waits);
	tear_down(&t);
}

/* Both fail alike, lest one wait for the other. */
static void failures(void **state)
{
	static const struct {
		int at;
		hebb_status status;
		const char *mentions;
	} cases[] = {{1, HEBB_IO, "machine 2 is away"},
		     {2, HEBB_STOPPED, "machine 2 is away"},
		     {4, HEBB_IO, "wait of recipe.reduce"},
		     {8, HEBB_STOPPED, "wait of recipe.reduce"}};
	struct trial t, good;
	hebb_recipe once = recipe_of();

	(void)state;
	for (size_t c = 0; c < COUNT_OF(cases); c++) {
		set_up(&t, layers_of(0), recipe_of());
		for (int i = 0; i < TRAINERS; i++) {
			t.part[i].member.fail_at = cases[c].at;
			t.part[i].member.fails = cases[c].status;
		}
		run(&t);
		for (int i = 0; i < TRAINERS; i++) {
			test_failed(t.part[i].status, &t.part[i].error, cases[c].status,
				    cases[c].mentions);
			assert_int_equal(t.part[i].member.calls, cases[c].at); /* none after it */
		}
		tear_down(&t);
	}
	/* the parameters are those of the last update: here of the first epoch, of 6 batches with 3
	 * layers */
	once.epochs = 1;
	set_up(&good, layers_of(0), once);
	run(&good);
	set_up(&t, layers_of(0), recipe_of());
	t.part[0].member.fail_at = t.part[1].member.fail_at = 6 * 4 + 1;
	t.part[0].member.fails = t.part[1].member.fails = HEBB_STOPPED;
	run(&t);
	assert_int_equal(t.part[0].status, HEBB_STOPPED);
	assert_memory_equal(t.part[0].net->w, good.part[0].net->w,
			    good.part[0].net->plan->block * sizeof(float));
	tear_down(&t);
	tear_down(&good);
}

/* The calls of a loop of one's own reduce too. */
struct by_hand {
	struct part *part;
	double J[2];
};

static void *loop(void *self)
{
	struct by_hand *b = self;
	struct part *p = b->part;
	int i = p->member.i;
	hebb_trainer *t = test_trainer(p->net, &p->recipe);

	assert_int_equal(hebb_trainer_gradient(t, 8, p->x + i * 8 * INPUTS, p->y + i * 8 * OUTPUTS,
					       NULL, &b->J[0], NULL),
			 HEBB_OK);
	assert_int_equal(hebb_trainer_update(t, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_step(t, 8 + 8 * i, p->x, p->y, NULL, &b->J[1], NULL),
			 HEBB_OK);
	hebb_trainer_free(t);
	return NULL;
}

static void calls(void **state)
{
	struct trial t;
	struct by_hand b[TRAINERS];
	pthread_t other;
	double J;

	(void)state;
	set_up(&t, layers_of(0), recipe_of());
	for (int i = 0; i < TRAINERS; i++)
		b[i] = (struct by_hand){.part = &t.part[i]};
	hebb_trainer *alone = test_trainer(t.part[2].net, &t.part[2].recipe);
	assert_int_equal(hebb_trainer_gradient(alone, 16, t.x, t.y, NULL, &J, NULL), HEBB_OK);
	assert_int_equal(pthread_create(&other, NULL, loop, &b[1]), 0);
	loop(&b[0]);
	pthread_join(other, NULL);
	test_near(b[0].J[0], J, 1e-6 * J, "J");
	for (int k = 0; k < 2; k++)
		assert_true(b[0].J[k] == b[1].J[k]);
	assert_memory_equal(t.part[0].net->w, t.part[1].net->w,
			    t.part[0].net->plan->block * sizeof(float));
	hebb_trainer_free(alone);
	tear_down(&t);
}

static void refused(void **state)
{
	struct trial t;
	hebb_error error;
	hebb_reduce broken;

	(void)state;
	set_up(&t, layers_of(0), recipe_of());
	struct part *p = &t.part[0];
	hebb_recipe recipe = p->recipe;
	recipe.rule = HEBB_LBFGS;
	assert_null(hebb_trainer_new(p->net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "lbfgs");
	recipe = p->recipe;
	recipe.seconds = 1;
	assert_null(hebb_trainer_new(p->net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "recipe.seconds");
	recipe = p->recipe;
	recipe.reduce = &broken;
	for (int i = 0; i < 3; i++) {
		broken = p->reduce;
		if (i == 0)
			broken.size = 0;
		if (i == 1)
			broken.add = NULL;
		if (i == 2)
			broken.wait = NULL;
		assert_null(hebb_trainer_new(p->net, &recipe, NULL, &error));
		test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "hebb_reduce_by");
	}
	tear_down(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(learn_as_one),
					   cmocka_unit_test(statistics),
					   cmocka_unit_test(what_is_handed_over),
					   cmocka_unit_test(nothing_here),
					   cmocka_unit_test(diverged),
					   cmocka_unit_test(failures),
					   cmocka_unit_test(calls),
					   cmocka_unit_test(refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
