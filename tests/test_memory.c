/* SPDX-License-Identifier: MIT */
/*
 * test_memory.c - every byte goes through the allocator, comes back, and may be refused
 */
#include <limits.h>
#include "test.h"

/* Counts what is out, checks what comes back, and fails at one call or above a size. */
struct ledger {
	long long out, blocks, calls, fail_at;
	size_t largest;
};

/* What stands before each block that was handed out. */
struct note {
	size_t bytes;
	void *block;
};

static void *take(void *self, size_t bytes, size_t alignment)
{
	struct ledger *l = self;
	struct note *note;
	char *block;
	uintptr_t at;

	assert_true(alignment >= sizeof(void *) && (alignment & (alignment - 1)) == 0);
	if (++l->calls == l->fail_at || (l->largest && bytes > l->largest))
		return NULL;
	block = malloc(bytes + alignment + sizeof *note);
	assert_non_null(block);
	memset(block, 0xA5, bytes + alignment + sizeof *note); /* fresh memory is not zero */
	at = ((uintptr_t)block + sizeof *note + alignment - 1) / alignment * alignment;
	note = (struct note *)at - 1;
	*note = (struct note){bytes, block};
	l->out += (long long)bytes;
	l->blocks++;
	return (void *)at;
}

static void give(void *self, void *memory, size_t bytes)
{
	struct ledger *l = self;
	struct note *note = (struct note *)memory - 1;

	assert_non_null(memory);
	assert_int_equal(note->bytes,
			 bytes); /* every block is given back with the size it was taken with */
	l->out -= (long long)bytes;
	l->blocks--;
	free(note->block);
}

static hebb_allocator allocator_of(struct ledger *l)
{
	return hebb_allocator_of(l, take, give);
}

/* Too wide for hebb_predict() to do without memory. */
static const hebb_layer layers[] = {{.size = sizeof(hebb_layer),
				     .kind = HEBB_DENSE,
				     .activation = HEBB_GELU,
				     .start = HEBB_START_AUTO,
				     .units = 2100},
				    {.size = sizeof(hebb_layer),
				     .kind = HEBB_DENSE,
				     .activation = HEBB_SOFTMAX,
				     .start = HEBB_START_ORTHOGONAL,
				     .units = 3}};
enum { L = 2, INPUTS = 2, OUTPUTS = 3, ROWS = 4 };

struct scene {
	hebb_net *net, *copy;
	hebb_work *work;
	hebb_trainer *trainer;
	float *x, *y;
	struct test_rows rows;
};

/* Everything that allocates, in turn; the first failure ends it. */
static hebb_status play(struct scene *s, const hebb_allocator *a, hebb_error *error)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_source source = test_source(&s->rows, ROWS);
	hebb_gradient_check check = hebb_gradient_check_default();
	float h[OUTPUTS];
	hebb_status status;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 1;
	recipe.threads = 3;
	if (!(s->net = hebb_net_new(INPUTS, L, layers, 1, a, error)) ||
	    !(s->copy = hebb_net_copy(s->net, a, error)) ||
	    !(s->work = hebb_work_new(s->net, ROWS, a, error)) ||
	    !(s->trainer = hebb_trainer_new(s->net, &recipe, a, error)))
		return error->status;
	assert_non_null(hebb_forward(s->work, ROWS, s->x));
	if ((status = hebb_predict(s->copy, s->x, h, error)) ||
	    (status = hebb_train(s->trainer, &source, &source, error)))
		return status;
	return hebb_check_gradient(s->copy, HEBB_CROSS_ENTROPY, 1, s->x, s->y, 1, &check, error);
}

static void set_up(struct scene *s)
{
	memset(s, 0, sizeof *s);
	s->x = test_floats(1, ROWS * INPUTS, -1, 1);
	s->y = test_targets(2, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	s->rows = (struct test_rows){INPUTS, OUTPUTS, s->x, s->y};
}

static void tear_down(struct scene *s)
{
	hebb_trainer_free(s->trainer);
	hebb_work_free(s->work);
	hebb_net_free(s->copy);
	hebb_net_free(s->net);
	free(s->x);
	free(s->y);
}

static void all_comes_back(void **state)
{
	struct ledger l = {0};
	hebb_allocator a = allocator_of(&l);
	struct scene s;
	hebb_error error;

	(void)state;
	set_up(&s);
	test_ok(play(&s, &a, &error), &error);
	assert_true(l.out > 0);
	tear_down(&s);
	assert_int_equal(l.out, 0);
	assert_int_equal(l.blocks, 0);
}

/* Each allocation fails once: NO_MEMORY, a sentence, no leak, no crash. */
static void each_allocation_fails(void **state)
{
	hebb_status status = HEBB_NO_MEMORY;
	long long fail_at = 1;

	(void)state;
	for (; status != HEBB_OK; fail_at++) {
		struct ledger l = {.fail_at = fail_at};
		hebb_allocator a = allocator_of(&l);
		struct scene s;
		hebb_error error = {0};

		set_up(&s);
		status = play(&s, &a, &error);
		if (status != HEBB_OK)
			test_failed(status, &error, HEBB_NO_MEMORY, "memory");
		tear_down(&s);
		assert_int_equal(l.out, 0);
		assert_true(fail_at < 1000);
	}
	assert_true(fail_at > 20);
}

/* What the objects say they hold is what they took, up to the rounding of each block. */
static void bytes_are_told(void **state)
{
	struct ledger l = {0};
	hebb_allocator a = allocator_of(&l);
	hebb_net *net = test_net(INPUTS, L, layers, 1);

	(void)state;
	for (int rule = HEBB_SGD; hebb_rule_name((hebb_rule)rule); rule++) {
		hebb_recipe recipe = hebb_recipe_default();
		hebb_trainer *trainer;
		hebb_work *work;

		recipe.rule = (hebb_rule)rule;
		recipe.threads = 2;
		recipe.average = rule % 2 && rule != HEBB_LBFGS ? 0.5 : 0;
		trainer = hebb_trainer_new(net, &recipe, &a, NULL);
		assert_in_range(hebb_trainer_bytes(trainer), l.out - 64 * l.blocks, l.out);
		hebb_trainer_free(trainer);
		work = hebb_work_new(net, 7 * rule, &a, NULL);
		assert_in_range(hebb_work_bytes(work), l.out - 64 * l.blocks, l.out);
		hebb_work_free(work);
	}
	assert_int_equal(l.out, 0);
	hebb_net_free(net);
}

/* Running and stepping never allocate: a device may count on it. */
static void steps_do_not_allocate(void **state)
{
	struct ledger l = {0};
	hebb_allocator a = allocator_of(&l);
	struct scene s;
	hebb_error error;
	long long calls;

	(void)state;
	set_up(&s);
	test_ok(play(&s, &a, &error), &error);
	calls = l.calls;
	assert_non_null(hebb_forward(s.work, ROWS, s.x));
	test_ok(hebb_trainer_gradient(s.trainer, ROWS, s.x, s.y, NULL, NULL, &error), &error);
	test_ok(hebb_trainer_update(s.trainer, &error), &error);
	test_ok(hebb_trainer_cost(s.trainer, ROWS, s.x, s.y, NULL, &(double){0}, &error), &error);
	assert_int_equal(l.calls, calls);
	tear_down(&s);
}

/* More rows than any memory holds: sizes do not overflow on the way to the allocator. */
static void absurd_numbers_of_rows(void **state)
{
	const hebb_layer wide = hebb_dense(HEBB_MAX_UNITS, HEBB_RELU);
	struct ledger l = {.largest = 1 << 26};
	hebb_allocator a = allocator_of(&l);
	hebb_net *net = test_net(1, 1, &wide, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error = {0};

	(void)state;
	assert_null(hebb_work_new(net, INT_MAX, &a, &error));
	test_failed(error.status, &error, HEBB_NO_MEMORY, "memory");
	assert_null(hebb_work_new(net, 0, &a, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "rows");
	assert_null(hebb_work_new(net, -1, &a, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "rows");
	recipe.batch = INT_MAX;
	assert_null(hebb_trainer_new(net, &recipe, &a, &error));
	test_failed(error.status, &error, HEBB_NO_MEMORY, "memory");
	assert_int_equal(l.out, 0);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_comes_back),         cmocka_unit_test(each_allocation_fails),
		cmocka_unit_test(bytes_are_told),         cmocka_unit_test(steps_do_not_allocate),
		cmocka_unit_test(absurd_numbers_of_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
