/* SPDX-License-Identifier: MIT */
/*
 * test_arena.c - everything in memory of the caller's, with no call of malloc() from the first
 * object on
 */
#include "count_calls.h"
#include "test.h"

/* ---- Blocks ---- */

enum { BLOCKS = 12, STEPS = 200, LINE = 64 };

struct block {
	unsigned char *at;
	size_t bytes;
};

static size_t lines_of(size_t bytes)
{
	return bytes ? (bytes + LINE - 1) / LINE * LINE : LINE;
}

/* Takes block i of the script into the arena, or gives it back; what is in use keeps its bytes. */
static void turn(const hebb_allocator *a, struct block *block, int i, size_t bytes)
{
	if (block->at) {
		for (size_t k = 0; k < block->bytes; k++)
			assert_int_equal(block->at[k], i);
		a->release(a->self, block->at, block->bytes);
		block->at = NULL;
		return;
	}
	block->bytes = bytes;
	block->at = a->allocate(a->self, bytes, 16);
	assert_non_null(block->at);
	assert_int_equal((uintptr_t)block->at % LINE, 0);
	memset(block->at, i, bytes);
}

/* Blocks come and go in any order: those in use keep their bytes, `used` ends with the last of
 * them, and measuring counts alike. */
static void try_order(uint64_t seed)
{
	static _Alignas(LINE) unsigned char memory[STEPS * 320];
	hebb_arena real = {.memory = memory, .size = sizeof memory}, measured = {0};
	hebb_allocator a = hebb_arena_allocator(&real), b = hebb_arena_allocator(&measured);
	struct block block[BLOCKS] = {0}, twin[BLOCKS] = {0};

	for (int step = 0; step < STEPS; step++) {
		uint32_t word[4];
		size_t used = 0;
		int i;

		hb_random_block(seed, 1, (uint64_t)step, word);
		i = (int)(word[0] % BLOCKS);
		turn(&a, &block[i], i, word[1] % 300);
		turn(&b, &twin[i], i, word[1] % 300);
		for (i = 0; i < BLOCKS; i++) {
			size_t behind = block[i].at ? (size_t)(block[i].at - memory) +
							      lines_of(block[i].bytes)
						    : 0;

			used = behind > used ? behind : used;
		}
		assert_int_equal(real.used, used);
		assert_int_equal(measured.used, used);
		assert_true(real.most >= used && measured.most == real.most);
	}
	for (int i = 0; i < BLOCKS; i++) {
		if (block[i].at)
			turn(&a, &block[i], i, 0);
		if (twin[i].at)
			turn(&b, &twin[i], i, 0);
	}
	assert_int_equal(real.used, 0);
	assert_null(real.gone);
	assert_null(measured.gone);
}

static void any_order(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 50; seed++)
		try_order(seed);
}

static void what_is_refused(void **state)
{
	static _Alignas(LINE) unsigned char memory[4 * LINE];
	hebb_arena arena = {.memory = memory, .size = sizeof memory};
	hebb_allocator a = hebb_arena_allocator(&arena);

	(void)state;
	assert_null(a.allocate(a.self, 4 * LINE + 1, 16));
	assert_null(a.allocate(a.self, SIZE_MAX, 16));
	assert_null(a.allocate(a.self, 1, 2 * LINE));
	assert_non_null(a.allocate(a.self, 3 * LINE, 16));
	assert_null(a.allocate(a.self, LINE + 1, 16));
	assert_non_null(a.allocate(a.self, 0, 16));
	assert_null(a.allocate(a.self, 0, 16));
	arena = (hebb_arena){.memory = memory + 1, .size = 10}; /* no whole line */
	assert_null(a.allocate(a.self, 1, 16));
	arena = (hebb_arena){0};
	assert_null(a.allocate(a.self, SIZE_MAX - LINE, 16));
	assert_null(a.allocate(a.self, SIZE_MAX, 16));
}

/* ---- A life in an arena ---- */

enum { INPUTS = 3, ROWS = 70, WIDE = 4200, PARAMETERS = 4096 }; /* WIDE: too wide for the stack */

static const hebb_layer plain[] = {{.size = sizeof(hebb_layer),
				    .kind = HEBB_DENSE,
				    .activation = HEBB_TANH,
				    .start = HEBB_START_ORTHOGONAL,
				    .units = 5},
				   {.size = sizeof(hebb_layer),
				    .kind = HEBB_LAYER_NORM,
				    .activation = HEBB_RELU,
				    .start = HEBB_START_AUTO},
				   {.size = sizeof(hebb_layer),
				    .kind = HEBB_ADD,
				    .activation = HEBB_LINEAR,
				    .start = HEBB_START_AUTO},
				   {.size = sizeof(hebb_layer),
				    .kind = HEBB_DENSE,
				    .activation = HEBB_SOFTMAX,
				    .start = HEBB_START_AUTO,
				    .units = 2}};
static const hebb_layer noisy[] = {{.size = sizeof(hebb_layer),
				    .kind = HEBB_DENSE,
				    .activation = HEBB_LINEAR,
				    .start = HEBB_START_AUTO,
				    .units = 6},
				   {.size = sizeof(hebb_layer),
				    .kind = HEBB_BATCH_NORM,
				    .activation = HEBB_RELU,
				    .start = HEBB_START_AUTO},
				   {.size = sizeof(hebb_layer),
				    .kind = HEBB_DROPOUT,
				    .activation = HEBB_LINEAR,
				    .start = HEBB_START_AUTO,
				    .rate = 0.25f},
				   {.size = sizeof(hebb_layer),
				    .kind = HEBB_DENSE,
				    .activation = HEBB_SOFTMAX,
				    .start = HEBB_START_AUTO,
				    .units = 2}};
static const hebb_layer wide[] = {{.size = sizeof(hebb_layer),
				   .kind = HEBB_DENSE,
				   .activation = HEBB_TANH,
				   .start = HEBB_START_AUTO,
				   .units = WIDE},
				  {.size = sizeof(hebb_layer),
				   .kind = HEBB_DENSE,
				   .activation = HEBB_SOFTMAX,
				   .start = HEBB_START_AUTO,
				   .units = 2}};

static float x[ROWS * INPUTS], y[ROWS * 2];

struct life {
	int L;
	const hebb_layer *layers;
	hebb_recipe recipe;
};

struct objects {
	hebb_net *net, *copy, *folded, *wide;
	hebb_work *work;
	hebb_trainer *trainer;
};

/* What came out: the trained network's parameters, what it says of one row, and a wide network. */
struct result {
	float parameters[PARAMETERS], h[2], wide[2];
};

static hebb_status make(const struct life *life, const hebb_allocator *a, struct objects *o,
			hebb_error *error)
{
	if ((o->wide = hebb_net_new(INPUTS, 2, wide, 3, a, error)) &&
	    (o->net = hebb_net_new(INPUTS, life->L, life->layers, 1, a, error)) &&
	    (o->copy = hebb_net_copy(o->net, a, error)) &&
	    (o->work = hebb_work_new(o->net, 4, a, error)) &&
	    (o->trainer = hebb_trainer_new(o->net, &life->recipe, a, error)))
		return HEBB_OK;
	return error->status;
}

static hebb_status live(const struct objects *o, hebb_error *error)
{
	struct test_rows rows = {INPUTS, 2, x, y};
	hebb_source source = test_source(&rows, ROWS);
	hebb_gradient_check check = hebb_gradient_check_default();
	double J;
	hebb_status status;

	if ((status = hebb_train(o->trainer, &source, &source, error)))
		return status;
	if (hebb_trainer_recipe(o->trainer)->rule != HEBB_LBFGS &&
	    ((status = hebb_trainer_gradient(o->trainer, 7, x, y, NULL, &J, error)) ||
	     (status = hebb_trainer_update(o->trainer, error))))
		return status;
	assert_non_null(hebb_forward(o->work, 3, x));
	return hebb_check_gradient(o->copy, HEBB_CROSS_ENTROPY, 3, x, y, 2, &check, error);
}

static hebb_status tell(const struct objects *o, struct result *result, hebb_error *error)
{
	float *to = result->parameters;

	for (int l = 0; l < hebb_net_layers(o->folded); l++) {
		size_t all = test_layer_size(o->folded, l);

		test_ok(hebb_net_get(o->folded, l, to, to + test_weights(o->folded, l), error),
			error);
		to += all;
	}
	if (hebb_predict(o->folded, x, result->h, error))
		return error->status;
	return hebb_predict(o->wide, x, result->wide, error);
}

static hebb_status play(const struct life *life, const hebb_allocator *a, struct result *result,
			hebb_error *error)
{
	struct objects o = {0};
	hebb_status status = make(life, a, &o, error);

	if (!status)
		status = live(&o, error);
	if (!status && !(o.folded = hebb_net_fold(o.net, a, error)))
		status = error->status;
	if (!status)
		status = tell(&o, result, error);
	hebb_net_free(o.copy); /* in no special order */
	hebb_net_free(o.wide);
	hebb_trainer_free(o.trainer);
	hebb_work_free(o.work);
	hebb_net_free(o.folded);
	hebb_net_free(o.net);
	return status;
}

/* Its size is measured; so much memory is enough, and gives the same bits without malloc(); less is
 * not. */
static void one_life(const struct life *life)
{
	hebb_arena measured = {0}, arena;
	hebb_allocator a = hebb_arena_allocator(&measured);
	static struct result expected, result;
	hebb_error error = {0};

	memset(&expected, 0, sizeof expected);
	memset(&result, 0, sizeof result);
	test_ok(play(life, NULL, &expected, &error), &error);
	test_ok(play(life, &a, &result, &error), &error);
	assert_memory_equal(&result, &expected, sizeof result);
	assert_int_equal(measured.used, 0);

	unsigned char *memory = aligned_alloc(LINE, measured.most + LINE);
	assert_non_null(memory);
	a = hebb_arena_allocator(&arena);
	for (size_t shift = 0; shift < 2;
	     shift++) { /* of memory that is not aligned, 63 bytes more */
		arena = (hebb_arena){.memory = memory + shift, .size = measured.most + 63 * shift};
		memset(memory, 0xA5, measured.most + LINE);
		calls = 0;
		test_ok(play(life, &a, &result, &error), &error);
		assert_int_equal(calls, 0);
		assert_memory_equal(&result, &expected, sizeof result);
		assert_int_equal(arena.used, 0);
		assert_null(arena.gone);
		assert_int_equal(arena.most, measured.most);
		for (size_t i = shift + arena.size; i < measured.most + LINE; i++)
			assert_int_equal(memory[i], 0xA5);
	}
	arena = (hebb_arena){.memory = memory + 1, .size = measured.most + 62};
	test_failed(play(life, &a, &result, &error), &error, HEBB_NO_MEMORY, "arena");
	for (size_t less = 1; less <= measured.most; less += 1 + measured.most / 40) {
		arena = (hebb_arena){.memory = memory, .size = measured.most - less};
		calls = 0;
		test_failed(play(life, &a, &result, &error), &error, HEBB_NO_MEMORY, "arena");
		assert_int_equal(calls, 0);
		assert_int_equal(arena.used, 0);
	}
	free(memory);
}

static void lives(void **state)
{
	struct life life = {.recipe = hebb_recipe_default()};

	(void)state;
	hebb_uniform(ROWS * INPUTS, x, 5, 77);
	for (int i = 0; i < ROWS; i++)
		y[2 * i + (x[i * INPUTS] > 0.5f)] = 1;
	life.recipe.loss = HEBB_CROSS_ENTROPY;
	life.recipe.epochs = 3;
	life.recipe.threads = 1;
	for (int rule = HEBB_SGD; hebb_rule_name((hebb_rule)rule); rule++) {
		int whole = rule == HEBB_RPROP || rule == HEBB_LBFGS, is_noisy = rule % 2;

		life.layers = is_noisy && !whole ? noisy : plain;
		life.L = 4;
		life.recipe.rule = (hebb_rule)rule;
		life.recipe.batch = whole ? 0 : 16;
		life.recipe.patience = rule % 3;
		life.recipe.average = whole ? 0 : 0.5 * (rule % 2);
		one_life(&life);
	}
	if (hb_kernels_choose(0, NULL)->bf16 && hb_kernels_choose(0, NULL)->bf16->available()) {
		life.recipe.rule = HEBB_ADAM;
		life.recipe.precision = HEBB_BFLOAT16;
		one_life(&life);
	}
}

/* The three calls of a step take nothing from an arena that is full. */
static void steps_in_a_full_arena(void **state)
{
	static _Alignas(LINE) unsigned char memory[1 << 16];
	hebb_arena arena = {.memory = memory, .size = sizeof memory};
	hebb_allocator a = hebb_arena_allocator(&arena);
	struct life life = {.L = 4, .layers = plain, .recipe = hebb_recipe_default()};
	struct test_rows rows = {INPUTS, 2, x, y};
	hebb_source source = test_source(&rows, ROWS);
	hebb_error error;
	double J, before;

	(void)state;
	life.recipe.loss = HEBB_CROSS_ENTROPY;
	life.recipe.threads = 1;
	hebb_net *net = hebb_net_new(INPUTS, life.L, life.layers, 1, &a, &error);
	hebb_trainer *trainer = hebb_trainer_new(net, &life.recipe, &a, &error);
	assert_non_null(trainer);
	arena.size = arena.used;
	calls = 0;
	test_ok(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &before, &error), &error);
	for (int i = 0; i < 20; i++) {
		test_ok(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &J, &error), &error);
		test_ok(hebb_trainer_update(trainer, &error), &error);
	}
	test_ok(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &J, &error), &error);
	assert_true(J < before);
	assert_int_equal(arena.most, arena.size);
	test_failed(hebb_train(trainer, &source, NULL, &error), &error, HEBB_NO_MEMORY, "arena");
	test_ok(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &J, &error), &error);
	assert_int_equal(calls, 0);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	assert_int_equal(arena.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(lives),
		cmocka_unit_test(steps_in_a_full_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
