/* SPDX-License-Identifier: MIT */
/*
 * test_schedule.c - the rate of every update against PyTorch's, and what it does to training
 */
#include "test.h"
#include "fixtures/torch.h"

static hebb_recipe recipe_of(const struct torch_schedule *s)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.schedule = s->schedule;
	recipe.rate = s->rate;
	recipe.warmup = s->warmup;
	recipe.decay = s->decay;
	recipe.stages = s->stages;
	return recipe;
}

static void rates_are_torchs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(torch_schedules); i++) {
		const struct torch_schedule *s = &torch_schedules[i];
		hebb_recipe recipe = recipe_of(s);

		for (int t = 0; t < s->updates; t++)
			test_near(hb_schedule_rate(&recipe, t, s->updates), s->rates[t],
				  1e-13 * s->rate, s->name);
	}
}

static void plateau_is_torchs(void **state)
{
	struct hb_plateau plateau = {.factor = 1, .least = INFINITY};
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.schedule = HEBB_PLATEAU;
	recipe.decay = 0.5;
	recipe.plateau = 2;
	for (int epoch = 0; epoch < TORCH_EPOCHS; epoch++) {
		hb_schedule_judge(&recipe, &plateau, torch_losses[epoch]);
		test_near(0.5 * plateau.factor, torch_plateau[epoch], 1e-15, "plateau");
	}
}

/* Against the formulas with libm, for runs of all lengths. */
static double expected(const hebb_recipe *r, double t, double T)
{
	const double pi = 3.14159265358979324;
	double stage = r->stages * t / T;

	switch (r->schedule) {
	case HEBB_STEP:
		return pow(r->decay, floor(stage));
	case HEBB_EXPONENTIAL:
		return pow(r->decay, stage);
	case HEBB_COSINE:
		return (1 + cos(pi * t / T)) / 2;
	case HEBB_WARM_RESTARTS:
		return (1 + cos(pi * (stage - floor(stage)))) / 2;
	default:
		return 1;
	}
}

static void rates_are_the_formulas(void **state)
{
	static const int lengths[] = {1, 2, 3, 4, 5, 100, 3001};
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.rate = 1;
	for (int schedule = HEBB_CONSTANT; hebb_schedule_name((hebb_schedule)schedule); schedule++)
		for (size_t k = 0; k < COUNT_OF(lengths) * 3; k++) {
			int T = lengths[k / 3];

			recipe.schedule = (hebb_schedule)schedule;
			recipe.stages = 1 + (int)(k % 3) * 7;
			recipe.decay = 0.03 + 0.3 * (double)(k % 3);
			for (int t = 0; t < T; t++) {
				double rate = hb_schedule_rate(&recipe, t, T);

				assert_true(rate >= 0 && rate <= 1 + 1e-15);
				if (schedule != HEBB_ONE_CYCLE)
					test_near(rate, expected(&recipe, t, T), 1e-13,
						  hebb_schedule_name(recipe.schedule));
			}
		}
}

/* ---- Training ---- */

enum { ROWS = 20, BATCH = 8, EPOCHS = 6, BATCHES = 3 };

static int rate_is_told(void *self, const hebb_progress *now)
{
	const hebb_recipe *recipe = self;

	if (now->epoch_ended)
		test_near(now->rate,
			  hb_schedule_rate(recipe, now->epoch * BATCHES - 1, EPOCHS * BATCHES), 0,
			  "the rate of the last update");
	return 0;
}

static hebb_net *trained(hebb_recipe recipe, hebb_source *source)
{
	const hebb_layer layers[] = {hebb_dense(6, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_net *net = test_net(2, 2, layers, 1);
	hebb_trainer *trainer;
	hebb_error error;

	recipe.batch = BATCH;
	recipe.epochs = EPOCHS;
	recipe.shuffle = 0;
	trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, source, NULL, &error), &error);
	hebb_trainer_free(trainer);
	return net;
}

/* What hebb_train() does with a schedule is a constant rate that someone sets anew before each
 * update. */
static hebb_net *by_hand(hebb_recipe recipe, const float *x, const float *y)
{
	const hebb_layer layers[] = {hebb_dense(6, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_net *net = test_net(2, 2, layers, 1);
	hebb_trainer *trainer = test_trainer(net, &recipe);

	for (int t = 0; t < EPOCHS * BATCHES; t++) {
		int first = t % BATCHES * BATCH, rows = ROWS - first < BATCH ? ROWS - first : BATCH;

		trainer->recipe.rate = hb_schedule_rate(&recipe, t, EPOCHS * BATCHES);
		assert_int_equal(hebb_trainer_gradient(trainer, rows, x + 2 * (ptrdiff_t)first,
						       y + first, NULL, NULL, NULL),
				 HEBB_OK);
		assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
	}
	hebb_trainer_free(trainer);
	return net;
}

static void training_follows_the_schedule(void **state)
{
	float *x = test_floats(1, ROWS * 2, -1, 1), *y = test_floats(2, ROWS, -1, 1);
	struct test_rows rows = {2, 1, x, y};
	hebb_source source = test_source(&rows, ROWS);

	(void)state;
	for (int rule = test_rule(0); rule; rule = test_rule(rule))
		for (int schedule = HEBB_CONSTANT; hebb_schedule_name((hebb_schedule)schedule);
		     schedule++) {
			hebb_recipe recipe = hebb_recipe_default();
			hebb_net *a, *b;
			float *p, *q;

			if (rule == HEBB_RPROP) /* has no schedule */
				continue;
			recipe.rule = (hebb_rule)rule;
			recipe.schedule = (hebb_schedule)schedule;
			recipe.rate = 0.05;
			recipe.weight_decay = rule == HEBB_ADAMW ? 0.1 : 0;
			recipe.warmup = schedule == HEBB_ONE_CYCLE ? 0 : 0.2;
			recipe.progress = rate_is_told;
			recipe.self = &recipe;
			a = trained(recipe, &source);
			b = by_hand(recipe, x, y);
			p = test_canonical(a, NULL);
			q = test_canonical(b, NULL);
			assert_memory_equal(p, q, (size_t)hebb_net_parameters(a) * sizeof *p);
			free(p);
			free(q);
			hebb_net_free(a);
			hebb_net_free(b);
		}
	free(x);
	free(y);
}

static void warm_ups_of_one_cycle(void **state)
{
	const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error = {0};

	(void)state;
	recipe.schedule = HEBB_ONE_CYCLE;
	recipe.warmup = 0.1;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "recipe.warmup");
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_torchs),
		cmocka_unit_test(plateau_is_torchs),
		cmocka_unit_test(rates_are_the_formulas),
		cmocka_unit_test(training_follows_the_schedule),
		cmocka_unit_test(warm_ups_of_one_cycle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
