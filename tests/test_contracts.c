/* SPDX-License-Identifier: MIT */
/*
 * test_contracts.c - what hebb.h demands of its callers is checked: each violation, with each loss,
 * by each way in
 */
#include "test.h"

enum { INPUTS = 3, OUTPUTS = 2, ROWS = 50, BAD = 37, BATCH = 8 };

static float x[ROWS * INPUTS], y[ROWS * OUTPUTS], weight[ROWS];

/* The examples above, right for every loss. */
static void fill(void)
{
	hebb_uniform(ROWS * INPUTS, x, 1, 1);
	hebb_uniform(ROWS * OUTPUTS, y, 1, 2);
	for (int i = 0; i < ROWS; i++)
		weight[i] = 1 + (float)(i % 3);
}

static hebb_activation output_for(hebb_loss loss)
{
	return loss == HEBB_CROSS_ENTROPY ? HEBB_SOFTMAX
	       : loss == HEBB_POISSON     ? HEBB_EXP
					  : HEBB_LINEAR;
}

static hebb_net *net_for(hebb_activation output)
{
	const hebb_layer layers[] = {hebb_dense(5, HEBB_TANH), hebb_dense(OUTPUTS, output)};

	return test_net(INPUTS, 2, layers, 1);
}

/* ---- Bad rows ---- */

/* What can be wrong with row BAD, and with which losses. */
struct flaw {
	const char *says;
	float *at, value;
	unsigned losses; /* a bit each */
	int is_weight;
};

#define OF(loss) (1u << (loss))
#define EVERY ~0u

static const struct flaw flaws[] = {
	{"x[1] is nan", &x[BAD * INPUTS + 1], NAN, EVERY, 0},
	{"x[0] is inf", &x[BAD * INPUTS], INFINITY, EVERY, 0},
	{"x[2] is -inf", &x[BAD * INPUTS + 2], -INFINITY, EVERY, 0},
	{"y[1] is nan", &y[BAD * OUTPUTS + 1], NAN, EVERY, 0},
	{"y[0] is inf", &y[BAD * OUTPUTS], INFINITY, EVERY, 0},
	{"y[1] is -inf", &y[BAD * OUTPUTS + 1], -INFINITY, EVERY, 0},
	{"y[0] is -49", &y[BAD * OUTPUTS], -49, OF(HEBB_CROSS_ENTROPY) | OF(HEBB_POISSON), 0},
	{"y[1] is -1e-30", &y[BAD * OUTPUTS + 1], -1e-30f,
	 OF(HEBB_CROSS_ENTROPY) | OF(HEBB_POISSON), 0},
	{"y[1] is 1.5", &y[BAD * OUTPUTS + 1], 1.5f, OF(HEBB_CROSS_ENTROPY), 0},
	{"y[1] is 1.00000012", &y[BAD * OUTPUTS + 1], 1.00000012f, OF(HEBB_CROSS_ENTROPY), 0},
	{"the weight is -1", &weight[BAD], -1, EVERY, 1},
	{"the weight is nan", &weight[BAD], NAN, EVERY, 1},
	{"the weight is inf", &weight[BAD], INFINITY, EVERY, 1},
};

enum way { GRADIENT, COST, CHECK, TRAIN, TRAIN_SLICES, ACCUMULATE, LBFGS, VALIDATE, WAYS };

static hebb_status train_by(enum way way, hebb_net *net, hebb_recipe recipe, hebb_error *error)
{
	const hebb_arrays all = {.size = sizeof(hebb_arrays),
				 .rows = ROWS,
				 .inputs = INPUTS,
				 .outputs = OUTPUTS,
				 .x = x,
				 .y = y,
				 .weight = weight},
			  few = {.size = sizeof(hebb_arrays),
				 .rows = BAD, /* not the bad row */
				 .inputs = INPUTS,
				 .outputs = OUTPUTS,
				 .x = x,
				 .y = y};
	const hebb_source source = hebb_arrays_source(&all), good = hebb_arrays_source(&few);
	hebb_trainer *trainer;
	hebb_status status;

	recipe.epochs = 2;
	recipe.batch = way == LBFGS ? 0 : way == TRAIN_SLICES ? 4 * BATCH : BATCH;
	recipe.rule = way == LBFGS ? HEBB_LBFGS : way == TRAIN ? HEBB_SGD : HEBB_ADAM;
	recipe.accumulate = way == ACCUMULATE ? 3 : 1;
	trainer = test_trainer(net, &recipe);
	status = way == VALIDATE ? hebb_train(trainer, &good, &source, error)
				 : hebb_train(trainer, &source, NULL, error);
	hebb_trainer_free(trainer);
	return status;
}

static hebb_status go(enum way way, hebb_net *net, hebb_loss loss, hebb_error *error)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_trainer *trainer;
	hebb_status status;
	double J;

	recipe.loss = loss;
	recipe.threads = 2;
	if (way == CHECK)
		return hebb_check_gradient(net, loss, ROWS, x, y, 3, &result, error);
	if (way >= TRAIN)
		return train_by(way, net, recipe, error);
	trainer = test_trainer(net, &recipe);
	status = (way == GRADIENT ? hebb_trainer_gradient : hebb_trainer_cost)(trainer, ROWS, x, y,
									       weight, &J, error);
	hebb_trainer_free(trainer);
	return status;
}

static void same_net(const hebb_net *a, const hebb_net *b)
{
	assert_memory_equal(a->w, b->w, a->plan->block * sizeof *a->w);
}

static void try_flaw(const struct flaw *flaw, enum way way, hebb_loss loss)
{
	hebb_net *net = net_for(output_for(loss)), *before = hebb_net_copy(net, NULL, NULL);
	int applies = (flaw->losses & OF(loss)) && !(flaw->is_weight && way == CHECK);
	hebb_error error = {0};
	hebb_status status;

	fill();
	*flaw->at = flaw->value;
	status = go(way, net, loss, &error);
	if (!applies) {
		test_ok(status, &error);
	} else {
		test_failed(status, &error, HEBB_BAD_ARGUMENT, flaw->says);
		test_failed(status, &error, HEBB_BAD_ARGUMENT, "row 37");
		if (way >= TRAIN)
			test_failed(status, &error, HEBB_BAD_ARGUMENT,
				    way == VALIDATE ? "validation rows" : "training rows");
		same_net(net, before);
	}
	hebb_net_free(net);
	hebb_net_free(before);
}

static void bad_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(flaws); i++)
		for (int loss = HEBB_SQUARED; hebb_loss_name((hebb_loss)loss); loss++)
			for (int way = 0; way < WAYS; way++)
				try_flaw(&flaws[i], (enum way)way, (hebb_loss)loss);
}

static void right_rows(void **state)
{
	hebb_error error = {0};

	(void)state;
	fill();
	y[0] = -0.0f;
	y[1] = 1;
	for (int loss = HEBB_SQUARED; hebb_loss_name((hebb_loss)loss); loss++)
		for (int way = 0; way < WAYS; way++) {
			hebb_net *net = net_for(output_for((hebb_loss)loss));

			test_ok(go((enum way)way, net, (hebb_loss)loss, &error), &error);
			hebb_net_free(net);
		}
}

/* By every kernel length: the place of a bad number does not matter. */
static void every_place(void **state)
{
	const struct hb_kernels *K = NULL;
	float values[300];

	(void)state;
	for (const struct hb_kernels *const *set = hb_kernel_sets; (K = *set); set++) {
		if (!K->available())
			continue;
		for (size_t count = 0; count < COUNT_OF(values); count += count < 40 ? 1 : 37) {
			for (size_t i = 0; i < COUNT_OF(values); i++)
				values[i] = i < count ? (float)(i % 2) : NAN;
			assert_true(K->finite(count, values) && K->within(count, values, 0, 1));
			for (size_t i = 0; i < count; i++) {
				float here = values[i];

				values[i] = 3;
				assert_true(K->finite(count, values));
				assert_false(K->within(count, values, 0, 1));
				values[i] = i % 2 ? NAN : -INFINITY;
				assert_false(K->finite(count, values));
				assert_false(K->within(count, values, 0, 1));
				values[i] = here;
			}
		}
	}
}

static void traces(void **state)
{
	const hebb_layer layer = hebb_dense(1, HEBB_SIGMOID), rate = hebb_dense(1, HEBB_EXP);
	const double p[] = {1, 2, 3}, right[] = {1, 1}, bad[] = {1, (double)NAN};
	const double one = 1, many = -49, infinite = (double)INFINITY;
	hebb_trace trace = {.size = sizeof(hebb_trace), .J = 42};
	hebb_error error;

	(void)state;
	assert_int_equal(hebb_trace_example(2, 1, &layer, HEBB_CROSS_ENTROPY, p, right, &one,
					    &trace, &error),
			 HEBB_OK);
	test_failed(hebb_trace_example(2, 1, &layer, HEBB_CROSS_ENTROPY, p, right, &many, &trace,
				       &error),
		    &error, HEBB_BAD_ARGUMENT, "y[0] is -49");
	test_failed(hebb_trace_example(2, 1, &rate, HEBB_POISSON, p, right, &many, &trace, &error),
		    &error, HEBB_BAD_ARGUMENT, "y[0] is -49");
	test_failed(
		hebb_trace_example(2, 1, &layer, HEBB_SQUARED, p, right, &infinite, &trace, &error),
		&error, HEBB_BAD_ARGUMENT, "y[0] is inf");
	test_failed(hebb_trace_example(2, 1, &layer, HEBB_SQUARED, p, bad, NULL, &trace, &error),
		    &error, HEBB_BAD_ARGUMENT, "x[1] is nan");
	test_failed(
		hebb_trace_example(2, 1, &layer, HEBB_SQUARED, NULL, right, NULL, &trace, &error),
		&error, HEBB_BAD_ARGUMENT, "parameters");
}

/* ---- Rows that weigh nothing ---- */

static hebb_status weigh(int training, int validation, hebb_net *net, hebb_rule rule,
			 hebb_error *error)
{
	static const float nothing[ROWS];
	hebb_arrays rows = {.size = sizeof(hebb_arrays),
			    .rows = ROWS,
			    .inputs = INPUTS,
			    .outputs = OUTPUTS,
			    .x = x,
			    .y = y},
		    judges = rows;
	hebb_recipe recipe = hebb_recipe_default();
	hebb_source source = hebb_arrays_source(&rows), others = hebb_arrays_source(&judges);
	hebb_trainer *trainer;
	hebb_status status;

	rows.weight = training ? weight : nothing;
	judges.weight = validation ? weight : nothing;
	recipe.rule = rule;
	recipe.batch = rule == HEBB_LBFGS ? 0 : BATCH;
	recipe.weight_decay = recipe.l2 = rule == HEBB_LBFGS ? 0 : 0.1;
	trainer = test_trainer(net, &recipe);
	status = hebb_train(trainer, &source, &others, error);
	hebb_trainer_free(trainer);
	return status;
}

static void nothing_to_weigh(void **state)
{
	const hebb_rule rules[] = {HEBB_SGD, HEBB_ADAM, HEBB_LBFGS};
	hebb_error error;

	(void)state;
	fill();
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		hebb_net *net = net_for(HEBB_LINEAR), *before = hebb_net_copy(net, NULL, NULL);

		test_failed(weigh(0, 1, net, rules[i], &error), &error, HEBB_BAD_ARGUMENT,
			    "training rows: all 50");
		same_net(net, before);
		test_failed(weigh(1, 0, net, rules[i], &error), &error, HEBB_BAD_ARGUMENT,
			    "validation rows");
		same_net(net, before);
		test_ok(weigh(1, 1, net, rules[i], &error), &error);
		hebb_net_free(net);
		hebb_net_free(before);
	}
}

/* The three calls: what is remembered stays as it is. */
static void a_batch_of_nothing(void **state)
{
	static const float nothing[ROWS];

	(void)state;
	fill();
	for (int rule = test_rule(0); rule; rule = test_rule(rule)) {
		hebb_net *net[2] = {net_for(HEBB_LINEAR), net_for(HEBB_LINEAR)};
		hebb_recipe recipe = hebb_recipe_default();
		float W[5 * INPUTS], b[5];
		double J = 42;

		recipe.rule = (hebb_rule)rule;
		recipe.l1 = recipe.l2 = recipe.weight_decay = 0.1;
		for (int k = 0; k < 2; k++) {
			hebb_trainer *t = test_trainer(net[k], &recipe);

			for (int i = 0; i < 4; i++) {
				hebb_trainer_gradient(t, ROWS, x, y, weight, NULL, NULL);
				hebb_trainer_update(t, NULL);
				if (k == 0)
					continue;
				assert_int_equal(
					hebb_trainer_gradient(t, ROWS, x, y, nothing, &J, NULL),
					HEBB_OK);
				assert_true(J == 0);
				hebb_trainer_get_gradient(t, 0, W, b, NULL);
				for (size_t j = 0; j < COUNT_OF(W); j++)
					assert_true(W[j] == 0 && b[j % 5] == 0);
				assert_int_equal(hebb_trainer_update(t, NULL), HEBB_OK);
			}
			hebb_trainer_free(t);
		}
		same_net(net[0], net[1]);
		hebb_net_free(net[0]);
		hebb_net_free(net[1]);
	}
}

/* With and without a batch of weight 0 in the middle, first or last: the same bits. */
static hebb_net *trained(hebb_rule rule, int accumulate, int zeros_at)
{
	enum { ALL = ROWS / BATCH * BATCH };
	const hebb_layer layers[] = {hebb_dense(5, HEBB_LINEAR), hebb_batch_norm(HEBB_TANH),
				     hebb_dense(OUTPUTS, HEBB_LINEAR)};
	float more_x[(ALL + BATCH) * INPUTS], more_y[(ALL + BATCH) * OUTPUTS], w[ALL + BATCH];
	hebb_arrays rows = {.size = sizeof(hebb_arrays), .inputs = INPUTS, .outputs = OUTPUTS};
	hebb_net *net = test_net(INPUTS, 3, layers, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_source source;
	hebb_trainer *trainer;
	hebb_error error;

	for (int i = 0; i < ALL; i++) {
		int zero = rows.rows == zeros_at;

		for (int again = zero ? BATCH : 0; again >= 0; again--, rows.rows++) {
			memcpy(more_x + rows.rows * INPUTS, x + i * INPUTS, INPUTS * sizeof *x);
			memcpy(more_y + rows.rows * OUTPUTS, y + i * OUTPUTS, OUTPUTS * sizeof *y);
			w[rows.rows] = again ? 0 : weight[i];
		}
	}
	rows.x = more_x;
	rows.y = more_y;
	rows.weight = w;
	source = hebb_arrays_source(&rows);
	recipe.rule = rule;
	recipe.shuffle = 0;
	recipe.batch = BATCH;
	recipe.epochs = 3;
	recipe.accumulate = accumulate;
	recipe.l2 = rule == HEBB_ADAM ? 0.01 : 0;
	recipe.average = rule == HEBB_ADAM ? 0.5 : 0;
	trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	hebb_trainer_free(trainer);
	return net;
}

static void a_batch_of_nothing_in_a_run(void **state)
{
	const hebb_rule rules[] = {HEBB_SGD, HEBB_MOMENTUM, HEBB_ADAM};
	const int places[] = {0, BATCH, 3 * BATCH, 5 * BATCH};

	(void)state;
	fill();
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		for (size_t k = 0; k < COUNT_OF(places); k++) {
			hebb_net *plain = trained(rules[i], 1, -1),
				 *with = trained(rules[i], 1, places[k]);

			same_net(plain, with);
			hebb_net_free(plain);
			hebb_net_free(with);
		}
}

/* Several batches to an update, the first or all of which weigh nothing. */
static void nothing_among_several(void **state)
{
	hebb_net *plain, *with;

	(void)state;
	fill();
	plain = trained(HEBB_ADAM, 100, -1);
	with = trained(HEBB_ADAM, 100, 0);
	same_net(plain, with);
	hebb_net_free(plain);
	hebb_net_free(with);
}

/* ---- Sources ---- */

/* What a gather does wrong. */
enum fault { FORGETS_Y = 1, FORGETS_X, FORGETS_A_ROW, FORGETS_THE_LAST, FORGETS_THE_MIDDLE, FAILS };

static enum fault fault;

static hebb_status faulty(void *self, int count, const long long *index, float *to_x, float *to_y,
			  float *to_weight, hebb_error *error)
{
	(void)self, (void)to_weight, (void)error;
	for (int i = 0; i < count; i++, to_x += INPUTS, to_y += OUTPUTS) {
		if (fault == FORGETS_A_ROW && index[i] == BAD)
			continue;
		if (fault == FAILS)
			return HEBB_DIVERGED;
		for (int j = 0; j < INPUTS && fault != FORGETS_X; j++)
			if (!(fault == FORGETS_THE_MIDDLE && j == 1))
				to_x[j] = x[index[i] * INPUTS + j];
		for (int j = 0; j < OUTPUTS && fault != FORGETS_Y; j++)
			if (!(fault == FORGETS_THE_LAST && j == OUTPUTS - 1))
				to_y[j] = y[index[i] * OUTPUTS + j];
	}
	return HEBB_OK;
}

static void unset_rows(void **state)
{
	static const struct {
		enum fault fault;
		hebb_status status;
		const char *says;
	} cases[] = {
		{FORGETS_Y, HEBB_BAD_ARGUMENT, "gather left y of row 0 unset"},
		{FORGETS_X, HEBB_BAD_ARGUMENT, "gather left x of row 0 unset"},
		{FORGETS_A_ROW, HEBB_BAD_ARGUMENT, "gather left x of row 37 unset"},
		{FORGETS_THE_LAST, HEBB_BAD_ARGUMENT, "gather left y of row 0 unset"},
		{FORGETS_THE_MIDDLE, HEBB_BAD_ARGUMENT, "gather left x of row 0 unset"},
		{FAILS, HEBB_DIVERGED, "gather of the training rows failed"},
	};

	(void)state;
	fill();
	for (int loss = HEBB_SQUARED; hebb_loss_name((hebb_loss)loss); loss++)
		for (size_t i = 0; i < COUNT_OF(cases); i++) {
			hebb_net *net = net_for(output_for((hebb_loss)loss));
			const hebb_source source = {
				.size = sizeof(hebb_source), .rows = ROWS, .gather = faulty};
			hebb_recipe recipe = hebb_recipe_default();
			hebb_trainer *trainer;
			hebb_error error;

			recipe.loss = (hebb_loss)loss;
			recipe.shuffle = 0;
			trainer = test_trainer(net, &recipe);
			fault = cases[i].fault;
			test_failed(hebb_train(trainer, &source, NULL, &error), &error,
				    cases[i].status, cases[i].says);
			hebb_trainer_free(trainer);
			hebb_net_free(net);
		}
}

static void odd_sources(void **state)
{
	const hebb_arrays all = {.size = sizeof(hebb_arrays),
				 .rows = ROWS,
				 .inputs = INPUTS,
				 .outputs = OUTPUTS,
				 .x = x,
				 .y = y};
	const hebb_source right = hebb_arrays_source(&all);
	hebb_source none = right, empty = right, narrow = right;
	hebb_arrays no_x = all, no_width = all;
	hebb_source without_x = hebb_arrays_source(&no_x),
		    without_width = hebb_arrays_source(&no_width),
		    of_nothing = hebb_arrays_source(NULL);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = net_for(HEBB_LINEAR);
	hebb_trainer *trainer = test_trainer(net, &recipe);
	hebb_error error;

	(void)state;
	fill();
	none.gather = NULL;
	empty.rows = -3;
	narrow.inputs = -1;
	no_x.x = NULL;
	no_width.outputs = 0;
	without_width.outputs = 0;
	const struct {
		const hebb_source *train, *validation;
		hebb_status status;
		const char *says;
	} cases[] = {
		{NULL, NULL, HEBB_BAD_ARGUMENT, "NULL"},
		{&none, NULL, HEBB_BAD_ARGUMENT, "gather of the training rows"},
		{&right, &none, HEBB_BAD_ARGUMENT, "gather of the validation rows"},
		{&empty, NULL, HEBB_BAD_ARGUMENT, "no rows to train"},
		{&right, &empty, HEBB_BAD_ARGUMENT, "no rows to validate"},
		{&narrow, NULL, HEBB_BAD_SHAPE, "-1 inputs"},
		{&without_x, NULL, HEBB_BAD_ARGUMENT, "x of hebb_arrays"},
		{&without_width, NULL, HEBB_BAD_ARGUMENT, "0 outputs"},
		{&of_nothing, NULL, HEBB_BAD_ARGUMENT, "gather"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		test_failed(hebb_train(trainer, cases[i].train, cases[i].validation, &error),
			    &error, cases[i].status, cases[i].says);
	test_failed(hebb_train(NULL, &right, NULL, &error), &error, HEBB_BAD_ARGUMENT, "trainer");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* The status is the source's own, whatever it is; nothing remains that a later run could not begin
 * after. */
static const hebb_status statuses[] = {HEBB_STOPPED, HEBB_DIVERGED, HEBB_IO, (hebb_status)99};

struct failing {
	hebb_status status;
	int calls, at;
};

static hebb_status fails_at(void *self, int count, const long long *index, float *to_x, float *to_y,
			    float *to_weight, hebb_error *error)
{
	struct failing *f = self;

	(void)to_weight, (void)error;
	for (int i = 0; i < count; i++) {
		memcpy(to_x + i * INPUTS, x + index[i] * INPUTS, INPUTS * sizeof *x);
		memcpy(to_y + i * OUTPUTS, y + index[i] * OUTPUTS, OUTPUTS * sizeof *y);
	}
	return ++f->calls == f->at ? f->status : HEBB_OK;
}

static void failures_of_sources(void **state)
{
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	fill();
	recipe.epochs = 4;
	for (size_t i = 0; i < COUNT_OF(statuses); i++)
		for (int of_validation = 0; of_validation < 2; of_validation++) {
			struct failing fails = {statuses[i], 0, 3}, fine = {HEBB_OK, 0, 0};
			const hebb_source bad = {.size = sizeof(hebb_source),
						 .self = &fails,
						 .rows = ROWS,
						 .gather = fails_at},
					  good = {.size = sizeof(hebb_source),
						  .self = &fine,
						  .rows = ROWS,
						  .gather = fails_at};
			hebb_net *net = net_for(HEBB_LINEAR);
			hebb_trainer *trainer = test_trainer(net, &recipe);
			int epochs;
			hebb_error error;

			test_failed(of_validation ? hebb_train(trainer, &good, &bad, &error)
						  : hebb_train(trainer, &bad, &good, &error),
				    &error, statuses[i], "gather of the");
			epochs = hebb_trainer_epochs(trainer);
			test_ok(hebb_train(trainer, &good, &good, &error), &error);
			assert_int_equal(hebb_trainer_epochs(trainer), epochs + recipe.epochs);
			hebb_trainer_free(trainer);
			hebb_net_free(net);
		}
}

/* From the third batch on, after the epoch that showed that all is set. */
static hebb_status turns_bad(void *self, int count, const long long *index, float *to_x,
			     float *to_y, float *to_weight, hebb_error *error)
{
	struct failing *f = self;
	hebb_status status = fails_at(self, count, index, to_x, to_y, to_weight, error);

	if (f->calls >= 3)
		to_x[1] = NAN;
	return status;
}

static void rows_that_turn_bad(void **state)
{
	static const hebb_rule rules[] = {HEBB_ADAM, HEBB_SGD, HEBB_RPROP, HEBB_LBFGS};

	(void)state;
	fill();
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		struct failing turns = {HEBB_OK, 0, 0}, fine = {HEBB_OK, 0, 0};
		const hebb_source bad = {.size = sizeof(hebb_source),
					 .self = &turns,
					 .rows = ROWS,
					 .gather = turns_bad},
				  good = {.size = sizeof(hebb_source),
					  .self = &fine,
					  .rows = ROWS,
					  .gather = fails_at};
		hebb_net *net = net_for(HEBB_LINEAR);
		hebb_recipe recipe = hebb_recipe_default();
		hebb_trainer *trainer;
		hebb_error error;

		recipe.batch = 0;
		recipe.rule = rules[i];
		trainer = test_trainer(net, &recipe);
		test_failed(hebb_train(trainer, &bad, &good, &error), &error, HEBB_BAD_ARGUMENT,
			    "row 0 of the training rows: x[1] is nan");
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
}

/* ---- Calls from within ---- */

struct within {
	hebb_trainer *trainer;
	const hebb_source *source;
	int calls;
};

static void is_refused(hebb_status status, const hebb_error *error)
{
	test_failed(status, error, HEBB_BAD_ARGUMENT, "hebb_train() is running");
}

static int call_again(void *self, const hebb_progress *now)
{
	struct within *w = self;
	hebb_trainer *t = w->trainer;
	float values[5 * INPUTS];
	hebb_counter *list = test_memory((size_t)hebb_trainer_counters(t, NULL) * sizeof *list);
	int count;
	hebb_error error;
	double J;

	(void)now;
	w->calls++;
	list[0] = hebb_counter_default();
	count = hebb_trainer_counters(t, list);
	is_refused(hebb_train(t, w->source, NULL, &error), &error);
	is_refused(hebb_trainer_gradient(t, ROWS, x, y, NULL, &J, &error), &error);
	is_refused(hebb_trainer_update(t, &error), &error);
	assert_int_equal(hebb_trainer_get_array(t, 0, NULL, values, &error), HEBB_OK);
	is_refused(hebb_trainer_set_array(t, 0, values, &error), &error);
	is_refused(hebb_trainer_set_counters(t, count, list, &error), &error);
	assert_int_equal(hebb_trainer_cost(t, ROWS, x, y, NULL, &J, &error), HEBB_OK);
	assert_int_equal(hebb_trainer_get_gradient(t, 0, values, NULL, &error), HEBB_OK);
	free(list);
	return 0;
}

static hebb_status gather_again(void *self, int count, const long long *index, float *to_x,
				float *to_y, float *to_weight, hebb_error *error)
{
	struct within *w = self;
	hebb_error why;
	double J;

	is_refused(hebb_train(w->trainer, w->source, NULL, &why), &why);
	is_refused(hebb_trainer_cost(w->trainer, ROWS, x, y, NULL, &J, &why), &why);
	fault = 0;
	return faulty(NULL, count, index, to_x, to_y, to_weight, error);
}

/* What is allowed within changes no bit. */
static void calls_from_within(void **state)
{
	hebb_net *net[2] = {net_for(HEBB_LINEAR), net_for(HEBB_LINEAR)};
	struct within within = {0};
	const hebb_source source = {
		.size = sizeof(hebb_source), .self = &within, .rows = ROWS, .gather = gather_again};

	(void)state;
	fill();
	within.source = &source;
	for (int k = 0; k < 2; k++) {
		hebb_recipe recipe = hebb_recipe_default();
		hebb_error error;

		recipe.epochs = 3;
		recipe.accumulate = 2;
		recipe.average = 0.5;
		recipe.progress = k ? call_again : NULL;
		recipe.self = &within;
		within.trainer = test_trainer(net[k], &recipe);
		test_ok(hebb_train(within.trainer, &source, NULL, &error), &error);
		test_ok(hebb_train(within.trainer, &source, NULL, &error), &error);
		hebb_trainer_free(within.trainer);
	}
	assert_true(within.calls >= 6);
	same_net(net[0], net[1]);
	hebb_net_free(net[0]);
	hebb_net_free(net[1]);
}

/* ---- Networks, recipes and the rest ---- */

static void a_softmax_of_one(void **state)
{
	const hebb_layer layer = hebb_dense(1, HEBB_SOFTMAX);
	const double p[] = {1, 2}, one = 1;
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_trace trace = {.size = sizeof(hebb_trace)};
	hebb_error error;

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_SHAPE, "sigmoid");
	test_failed(hebb_check_gradient(net, HEBB_CROSS_ENTROPY, 1, x, y, 0, &result, &error),
		    &error, HEBB_BAD_SHAPE, "sigmoid");
	test_failed(
		hebb_trace_example(1, 1, &layer, HEBB_CROSS_ENTROPY, p, &one, &one, &trace, &error),
		&error, HEBB_BAD_SHAPE, "sigmoid");
	hebb_net_free(net);
}

static double same(void *self, double z)
{
	(void)self;
	return z;
}

static void names_of_functions(void **state)
{
	hebb_error error;

	(void)state;
	for (int k = 0; k < HEBB_CUSTOM; k++) {
		const char *name = k ? hebb_activation_name((hebb_activation)k) : "";
		const hebb_function own = {
			.size = sizeof(hebb_function), .name = name, .f = same, .derivative = same};
		hebb_layer layer = hebb_dense(1, HEBB_CUSTOM);

		if (!name)
			continue;
		layer.function = &own;
		assert_null(hebb_net_new(1, 1, &layer, 1, NULL, &error));
		test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "name");
	}
	const hebb_function nowhere = {.size = sizeof(hebb_function),
				       .name = "own",
				       .f = same,
				       .derivative = same,
				       .kinks = 1,
				       .kink = {(double)NAN}};
	hebb_layer layer = hebb_dense(1, HEBB_CUSTOM);
	layer.function = &nowhere;
	assert_null(hebb_net_new(1, 1, &layer, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "kink 0");
}

static void nothing_given(void **state)
{
	hebb_net *net = net_for(HEBB_LINEAR);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *t = test_trainer(net, &recipe);
	hebb_work *work = hebb_work_new(net, 1, NULL, NULL);
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_error e;
	float h[OUTPUTS];
	const int label[] = {0, 1};

	(void)state;
#define REFUSED(call, says) test_failed(call, &e, HEBB_BAD_ARGUMENT, says)
	REFUSED(hebb_predict(NULL, x, h, &e), "network");
	REFUSED(hebb_predict(net, NULL, h, &e), "x");
	REFUSED(hebb_predict(net, x, NULL, &e), "h");
	REFUSED(hebb_net_get(NULL, 0, NULL, NULL, &e), "network");
	REFUSED(hebb_net_set(NULL, 0, NULL, NULL, &e), "network");
	REFUSED(hebb_net_get_statistics(NULL, 0, NULL, NULL, &e), "network");
	REFUSED(hebb_net_set_statistics(NULL, 0, NULL, NULL, &e), "network");
	REFUSED(hebb_net_freeze(NULL, -1, 1, &e), "network");
	REFUSED(hebb_net_freeze(net, -2, 1, &e), "layer -2");
	REFUSED(hebb_net_freeze(net, 0, 2, &e), "frozen is 2");
	REFUSED(hebb_trainer_gradient(NULL, 1, x, y, NULL, NULL, &e), "trainer");
	REFUSED(hebb_trainer_gradient(t, 1, NULL, y, NULL, NULL, &e), "x");
	REFUSED(hebb_trainer_cost(t, 1, x, NULL, NULL, NULL, &e), "y");
	REFUSED(hebb_trainer_cost(NULL, 1, x, y, NULL, NULL, &e), "trainer");
	REFUSED(hebb_trainer_update(NULL, &e), "trainer");
	REFUSED(hebb_trainer_get_gradient(NULL, 0, NULL, NULL, &e), "trainer");
	REFUSED(hebb_trainer_get_array(NULL, 0, NULL, NULL, &e), "trainer");
	REFUSED(hebb_trainer_set_array(t, 0, NULL, &e), "values");
	REFUSED(hebb_trainer_set_counters(t, hebb_trainer_counters(t, NULL), NULL, &e), "counters");
	REFUSED(hebb_check_gradient(NULL, HEBB_SQUARED, 1, x, y, 0, &result, &e), "network");
	REFUSED(hebb_check_gradient(net, HEBB_SQUARED, 1, x, y, 0, NULL, &e), "result");
	REFUSED(hebb_one_hot(2, 0, label, h, &e), "class");
	REFUSED(hebb_one_hot(-1, 2, label, h, &e), "rows");
	REFUSED(hebb_one_hot(1, 2, NULL, h, &e), "label");
	assert_null(hebb_trainer_new(NULL, &recipe, NULL, &e));
	REFUSED(e.status, "network");
	assert_null(hebb_trainer_new(net, NULL, NULL, &e));
	REFUSED(e.status, "recipe");
	assert_null(hebb_net_copy(NULL, NULL, &e));
	REFUSED(e.status, "network");
	assert_null(hebb_net_fold(NULL, NULL, &e));
	REFUSED(e.status, "network");
	assert_null(hebb_work_new(NULL, 1, NULL, &e));
	REFUSED(e.status, "network");
	assert_null(hebb_forward(work, 1, NULL));
	assert_null(hebb_net_layer(net, 2));
	assert_null(hebb_net_layer(net, -1));
	assert_non_null(hebb_net_layer(net, 1));
	hebb_work_free(work);
	hebb_trainer_free(t);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_rows),
		cmocka_unit_test(right_rows),
		cmocka_unit_test(every_place),
		cmocka_unit_test(traces),
		cmocka_unit_test(nothing_to_weigh),
		cmocka_unit_test(a_batch_of_nothing),
		cmocka_unit_test(a_batch_of_nothing_in_a_run),
		cmocka_unit_test(nothing_among_several),
		cmocka_unit_test(unset_rows),
		cmocka_unit_test(odd_sources),
		cmocka_unit_test(failures_of_sources),
		cmocka_unit_test(rows_that_turn_bad),
		cmocka_unit_test(calls_from_within),
		cmocka_unit_test(a_softmax_of_one),
		cmocka_unit_test(names_of_functions),
		cmocka_unit_test(nothing_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
