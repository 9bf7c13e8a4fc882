/* SPDX-License-Identifier: MIT */
/*
 * test_fp_state.c - the caller's floating-point state is his: rounding, flushing of tiny numbers,
 * traps
 *
 * Whatever he has set is in force in his callbacks and after each call as it was before.  The flags
 * of what happened (inexact and so on) are not state in this sense: arithmetic raises them.
 * Results do depend on the caller's rounding, as any arithmetic does; they are right for each of
 * them, to a few more roundings.
 */
#define _DEFAULT_SOURCE
#include <fenv.h>
#include "test.h"

/* What governs arithmetic in this thread: on x86 the control words of SSE and x87, on ARM that of
 * NEON. */
struct control {
	uint64_t word, x87;
	int rounding;
};

static struct control control(void)
{
	struct control now = {.rounding = fegetround()};

#if defined __SSE__
	uint16_t x87;

	__asm__ volatile("fnstcw %0" : "=m"(x87));
	now.x87 = x87;
	now.word = __builtin_ia32_stmxcsr() & ~0x3Fu; /* without the six flags */
#elif defined __aarch64__
	__asm__ volatile("mrs %0, fpcr" : "=r"(now.word));
#endif
	return now;
}

static void set_word(uint64_t word)
{
#if defined __SSE__
	__builtin_ia32_ldmxcsr((unsigned)word);
#elif defined __aarch64__
	__asm__ volatile("msr fpcr, %0" : : "r"(word));
#else
	(void)word;
#endif
}

static int same(struct control a, struct control b)
{
	return a.word == b.word && a.x87 == b.x87 && a.rounding == b.rounding;
}

/* ---- All that computes, and the callbacks ---- */

enum { ROWS = 300, INPUTS = 21, OUTPUTS = 4 };

struct scene {
	float x[ROWS * INPUTS], y[ROWS * OUTPUTS];
	struct control expected;
	int differed, callbacks;
	const char *where; /* the first difference */
	double loss;
};

static void look(struct scene *s, const char *where)
{
	if (!same(control(), s->expected) && !s->differed++)
		s->where = where;
}

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	struct scene *s = self;
	struct test_rows rows = {INPUTS, OUTPUTS, s->x, s->y};

	look(s, "in gather");
	s->callbacks++;
	return test_gather(&rows, count, index, x, y, weight, error);
}

static int progress(void *self, const hebb_progress *now)
{
	struct scene *s = self;

	look(s, "in progress");
	s->callbacks++;
	s->loss = now->loss;
	return 0;
}

static void play(struct scene *s, hebb_rule rule, int threads)
{
	const hebb_layer layers[] = {hebb_dense(120, HEBB_GELU), hebb_dense(90, HEBB_TANH),
				     hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_source source = {
		.size = sizeof(hebb_source), .self = s, .rows = ROWS, .gather = gather};
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_net *net = test_net(INPUTS, 3, layers, 1);
	hebb_trainer *trainer;
	hebb_work *work;
	float h[OUTPUTS];

	look(s, "after hebb_net_new");
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = rule;
	recipe.batch = rule == HEBB_RPROP ? 0 : 100;
	recipe.epochs = 2;
	recipe.threads = threads;
	recipe.progress = progress;
	recipe.self = s;
	trainer = test_trainer(net, &recipe);
	look(s, "after hebb_trainer_new");
	assert_int_equal(hebb_train(trainer, &source, &source, NULL), HEBB_OK);
	look(s, "after hebb_train");
	assert_int_equal(hebb_predict(net, s->x, h, NULL), HEBB_OK);
	look(s, "after hebb_predict");
	work = hebb_work_new(net, ROWS, NULL, NULL);
	assert_non_null(hebb_forward(work, ROWS, s->x));
	look(s, "after hebb_forward");
	assert_int_equal(
		hebb_check_gradient(net, HEBB_CROSS_ENTROPY, 2, s->x, s->y, 2, &result, NULL),
		HEBB_OK);
	look(s, "after hebb_check_gradient");
	hebb_work_free(work);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	look(s, "after all was freed");
}

static struct scene *scene(void)
{
	struct scene *s = test_memory(sizeof *s);
	float *x = test_floats(1, ROWS * INPUTS, -1, 1);

	memcpy(s->x, x, sizeof s->x);
	free(x);
	for (int i = 0; i < ROWS; i++)
		s->y[i * OUTPUTS + (s->x[i * INPUTS] > 0) + 2 * (s->x[i * INPUTS + 1] > 0)] = 1;
	return s;
}

/* Plays with whatever was set before; `set` is restored by the caller.  Returns the loss. */
static double unchanged(hebb_rule rule, int threads, const char *what)
{
	struct scene *s = scene();
	struct control before = control(), after;
	double loss;

	s->expected = before;
	play(s, rule, threads);
	after = control();
	set_word(0x1F80); /* so that a failure is told under the usual state */
#ifndef __SSE__
	set_word(0);
#endif
	fesetround(FE_TONEAREST);
	if (!same(before, after) || s->differed)
		fail_msg("%s, %s, %d threads: the caller's floating-point state was changed, %s",
			 what, hebb_rule_name(rule), threads, s->where ? s->where : "at the end");
	assert_true(s->callbacks >= 6);
	loss = s->loss;
	free(s);
	return loss;
}

/* ---- States that a caller may have set ---- */

static void the_usual_state(void **state)
{
	(void)state;
	for (int rule = test_rule(0); rule; rule = test_rule(rule))
		for (int threads = 1; threads <= 2; threads++)
			unchanged((hebb_rule)rule, threads, "the usual state");
}

static void directions_of_rounding(void **state)
{
	static const struct {
		int direction;
		const char *name;
	} modes[] = {{FE_UPWARD, "rounding upward"},
		     {FE_DOWNWARD, "rounding downward"},
		     {FE_TOWARDZERO, "rounding toward zero"}};
	double usual = unchanged(HEBB_ADAM, 2, "the usual state");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		assert_int_equal(fesetround(modes[i].direction), 0);
		test_near(unchanged(HEBB_ADAM, 2, modes[i].name), usual, 1e-4 * usual,
			  modes[i].name);
	}
}

#if defined __SSE__
enum { USUAL = 0x1F80, FLUSH = 0x8000, ZERO = 0x0040, NO_INVALID = 0x80, NO_DIVISION = 0x200 };

static void tiny_numbers_flushed(void **state)
{
	(void)state;
	set_word(USUAL | FLUSH);
	unchanged(HEBB_ADAM, 2, "results flushed to zero");
	set_word(USUAL | ZERO);
	unchanged(HEBB_ADAM, 2, "operands taken as zero");
	set_word(USUAL | FLUSH | ZERO);
	unchanged(HEBB_ADAM, 2, "both flushed");
}

/* A program that traps what should not happen can train: nothing divides by zero or makes a NaN. */
static void traps(void **state)
{
	(void)state;
	set_word(USUAL & ~(unsigned)(NO_INVALID | NO_DIVISION));
	unchanged(HEBB_ADAM, 2, "invalid operations and divisions by zero trapped");
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_usual_state),
		cmocka_unit_test(directions_of_rounding),
#if defined __SSE__
		cmocka_unit_test(tiny_numbers_flushed),
		cmocka_unit_test(traps),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
