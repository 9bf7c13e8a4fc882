/* SPDX-License-Identifier: MIT */
/*
 * test_checkpoint.c - a training that was stopped anywhere goes on to the same bits
 *
 * The clock is the test's own (a link option): so much passes between two looks at it that every
 * batch is reported, and a run can be stopped after each.
 */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#include "hebb_io.h"
#include "test.h"

int __wrap_clock_gettime(clockid_t id, struct timespec *t);

static long long looks;

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	looks++;
	*t = (struct timespec){.tv_sec = looks / 4, .tv_nsec = looks % 4 * 250000000};
	return 0;
}

enum { ROWS = 30, INPUTS = 3, OUTPUTS = 2, VALIDATION = 9, STOPS = 200 };

/* A way to train. */
struct way {
	const char *name;
	hebb_recipe recipe;
	double dropout;
	int validated, norms;
};

struct stop {
	int calls, at; /* stops at that call, from 1 */
};

static int count(void *self, const hebb_progress *now)
{
	struct stop *s = self;

	(void)now;
	return ++s->calls == s->at;
}

struct training {
	hebb_net *net;
	hebb_trainer *trainer;
};

static struct training begin(const struct way *way, uint64_t seed, struct stop *stop)
{
	const hebb_layer layers[] = {hebb_dense(7, HEBB_TANH), hebb_dropout(way->dropout),
				     hebb_dense(OUTPUTS, HEBB_LINEAR)};
	hebb_recipe recipe = way->recipe;
	struct training s = {test_net(INPUTS, 3, layers, seed), NULL};

	if (way->norms) {
		const hebb_layer normed[] = {
			layers[0], hebb_batch_norm(HEBB_TANH),   hebb_shortcut(0, HEBB_LINEAR),
			layers[1], hebb_layer_norm(HEBB_LINEAR), layers[2],
		};

		hebb_net_free(s.net);
		s.net = test_net(INPUTS, 6, normed, seed);
	} else if (way->dropout == 0) { /* lbfgs refuses a layer of it */
		hebb_net_free(s.net);
		s.net = test_net(INPUTS, 2, (hebb_layer[]){layers[0], layers[2]}, seed);
	}
	recipe.progress = count;
	recipe.self = stop;
	s.trainer = test_trainer(s.net, &recipe);
	return s;
}

static void end(struct training s)
{
	hebb_trainer_free(s.trainer);
	hebb_net_free(s.net);
}

static hebb_status train_rows(struct training s, const struct way *way, long long count,
			      hebb_error *error)
{
	float *x = test_floats(1, (size_t)(ROWS + VALIDATION) * INPUTS, -1, 1);
	float *y = test_floats(2, (size_t)(ROWS + VALIDATION) * OUTPUTS, -1, 1);
	struct test_rows rows = {INPUTS, OUTPUTS, x, y},
			 held = {INPUTS, OUTPUTS, x + ROWS * INPUTS, y + ROWS * OUTPUTS};
	hebb_source source = test_source(&rows, count), other = test_source(&held, VALIDATION);
	hebb_status status = hebb_train(s.trainer, &source, way->validated ? &other : NULL, error);

	free(x);
	free(y);
	return status;
}

static hebb_status train(struct training s, const struct way *way, hebb_error *error)
{
	return train_rows(s, way, ROWS, error);
}

/* What a training comes to: parameters and counters, but for the time. */
static void compare(struct training a, struct training b, const char *way, int stop)
{
	hebb_counter one[64] = {hebb_counter_default()}, two[64] = {hebb_counter_default()};
	int counters = hebb_trainer_counters(a.trainer, one);
	float *p = test_canonical(a.net, NULL), *q = test_canonical(b.net, NULL);

	hebb_trainer_counters(b.trainer, two);
	if (memcmp(p, q, (size_t)hebb_net_parameters(a.net) * sizeof *p) != 0)
		fail_msg("%s, stopped at call %d: other parameters", way, stop);
	if (memcmp(a.net->w, b.net->w, a.net->plan->block * sizeof *p) != 0)
		fail_msg("%s, stopped at call %d: other statistics", way, stop);
	for (int i = 0; i < counters; i++)
		if (memcmp(&one[i].value, &two[i].value, sizeof one[i].value) != 0 &&
		    strcmp(one[i].name, "run.seconds") != 0)
			fail_msg("%s, stopped at call %d: %s is %g, not %g", way, stop, one[i].name,
				 two[i].value, one[i].value);
	free(p);
	free(q);
}

/* Gives what one trainer remembers to another, by way of a file's bytes. */
static void hand_over(struct training from, struct training to)
{
	unsigned char *bytes;
	size_t size;
	hebb_error error;
	hebb_checkpoint *c;

	test_ok(hebb_checkpoint_format(from.trainer, "a note", &bytes, &size, &error), &error);
	assert_true(hebb_checkpoint_probe(bytes, size));
	assert_true(hebb_checkpoint_is_ours(bytes, HEBB_BEGINNING < size ? HEBB_BEGINNING : size));
	assert_false(hebb_checkpoint_is_ours(bytes, 20));
	assert_false(hebb_checkpoint_is_ours(NULL, 0));
	c = hebb_checkpoint_parse(bytes, size, "bytes", &error);
	if (!c)
		fail_msg("%s", error.message);
	assert_string_equal(hebb_checkpoint_text(c, "record"), "a note");
	assert_null(hebb_checkpoint_text(c, "nothing"));
	test_ok(hebb_checkpoint_restore(c, to.trainer, &error), &error);
	hebb_checkpoint_free(c);
	free(bytes);
}

static struct way ordinary(void)
{
	struct way way = {"ordinary", hebb_recipe_default(), 0.25, 1, 0};

	way.recipe.batch = 8;
	way.recipe.epochs = 4;
	way.recipe.rate = 0.03;
	way.recipe.threads = 1;
	return way;
}

static int ways(struct way *list)
{
	int n = 0;

	for (hebb_rule rule = HEBB_SGD; hebb_rule_name(rule); rule++) {
		struct way way = ordinary();

		way.name = hebb_rule_name(rule);
		way.recipe.rule = rule;
		if (rule == HEBB_RPROP || rule == HEBB_LBFGS)
			way.recipe.batch = 0;
		if (rule == HEBB_LBFGS)
			way.dropout = 0;
		way.validated = rule % 2;
		list[n++] = way;
	}
	for (hebb_schedule schedule = HEBB_CONSTANT; hebb_schedule_name(schedule); schedule++) {
		struct way way = ordinary();

		way.name = hebb_schedule_name(schedule);
		way.recipe.schedule = schedule;
		way.recipe.warmup = schedule == HEBB_COSINE ? 0.3 : 0;
		way.recipe.plateau = 2;
		if (schedule == HEBB_PLATEAU) { /* so high that the loss does not fall each time */
			way.recipe.rate = 0.3;
			way.recipe.epochs = 12;
		}
		list[n++] = way;
	}
	list[n] = ordinary();
	list[n].name = "accumulate";
	list[n++].recipe.accumulate = 3;
	list[n] = ordinary();
	list[n].name = "average";
	list[n++].recipe.average = 0.9;
	list[n] = ordinary();
	list[n].name = "mean from the middle on";
	list[n].recipe.average_from = 0.5;
	list[n++].recipe.average = 1;
	list[n] = ordinary();
	list[n].name = "patience";
	list[n].recipe.rate = 0.3; /* the validation loss rises soon */
	list[n].recipe.epochs = 12;
	list[n++].recipe.patience = 2;
	for (int i = 0; i < 3; i++) {
		list[n] = ordinary();
		list[n].name = i == 0 ? "norms" : i == 1 ? "norms, accumulated" : "norms, averaged";
		list[n].norms = 1;
		list[n].recipe.accumulate = i == 1 ? 3 : 1;
		list[n].recipe.patience = i == 0 ? 2 : 0;
		list[n++].recipe.average = i == 2 ? 0.9 : 0;
	}
	list[n] = ordinary();
	list[n].name = "in order, clipped";
	list[n].recipe.clip = 0.01;
	list[n++].recipe.shuffle = 0;
	return n;
}

static void stopped_anywhere(void **state)
{
	struct way list[40];
	int n = ways(list);

	(void)state;
	for (int i = 0; i < n; i++) {
		struct stop never = {.at = -1};
		struct training whole = begin(&list[i], 1, &never);
		int last = list[i].recipe.epochs;
		hebb_error error;

		test_ok(train(whole, &list[i], &error), &error);
		assert_in_range(never.calls, last <= 4 ? last : 3, STOPS);
		for (int at = 1; at <= never.calls; at++) {
			struct stop here = {.at = at}, later = {.at = 3}, none = {.at = -1};
			struct training first = begin(&list[i], 1, &here),
					second = begin(&list[i], 2, &later),
					third = begin(&list[i], 3, &none);

			assert_int_equal(train(first, &list[i], &error), HEBB_STOPPED);
			hand_over(first, second);
			/* the one that was stopped goes on by itself */
			test_ok(train(first, &list[i], &error), &error);
			compare(whole, first, list[i].name, at);
			/* another, that is stopped again, and a third */
			if (train(second, &list[i], &error) == HEBB_STOPPED) {
				hand_over(second, third);
				test_ok(train(third, &list[i], &error), &error);
				compare(whole, third, list[i].name, at);
			} else {
				compare(whole, second, list[i].name, at);
			}
			end(first);
			end(second);
			end(third);
		}
		end(whole);
	}
}

/* A trainer may train again: after a run that ended, a new one begins. */
static void runs_in_turn(void **state)
{
	struct way way = ordinary();
	struct stop never = {.at = -1};
	struct training s = begin(&way, 1, &never);
	hebb_error error;

	(void)state;
	way.recipe.patience = 0;
	test_ok(train(s, &way, &error), &error);
	test_ok(train(s, &way, &error), &error);
	assert_int_equal(hebb_trainer_epochs(s.trainer), 8);
	end(s);
}

static double counter_of(const hebb_trainer *t, const char *name)
{
	hebb_counter list[64] = {hebb_counter_default()};
	int n = hebb_trainer_counters(t, list);

	for (int i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].value;
	fail_msg("there is no counter %s", name);
	return 0;
}

/* After a run that ended with an average the network is the average, and so is the next one's
 * beginning, here and elsewhere. */
static void finished_with_an_average(void **state)
{
	struct way way = ordinary();
	struct stop never = {.at = -1};
	struct training a, b;
	float *p, *q;
	double averaged;
	hebb_error error;

	(void)state;
	way.recipe.average = 0.9;
	a = begin(&way, 1, &never);
	b = begin(&way, 2, &never);
	test_ok(train(a, &way, &error), &error);
	hand_over(a, b);
	p = test_canonical(a.net, NULL);
	q = test_canonical(b.net, NULL);
	assert_memory_equal(p, q, (size_t)hebb_net_parameters(a.net) * sizeof *p);
	free(p);
	free(q);
	test_ok(train(a, &way, &error), &error);
	test_ok(train(b, &way, &error), &error);
	compare(a, b, "a second run", 0);
	/* Updates outside of a run are not averaged, before one or after it. */
	averaged = counter_of(a.trainer, "averaged");
	p = test_floats(1, ROWS * INPUTS, -1, 1);
	q = test_floats(2, ROWS * OUTPUTS, -1, 1);
	test_ok(hebb_trainer_gradient(a.trainer, ROWS, p, q, NULL, NULL, &error), &error);
	test_ok(hebb_trainer_update(a.trainer, &error), &error);
	assert_true(counter_of(a.trainer, "averaged") == averaged);
	free(p);
	free(q);
	end(a);
	end(b);
}

/* A run that was left between two batches of one update has nothing to do with a gradient that is
 * asked for by itself. */
static void left_between_batches(void **state)
{
	struct way way = ordinary();
	struct stop here = {.at = 1}, never = {.at = -1};
	struct training a, b;
	float *x = test_floats(3, ROWS * INPUTS, -1, 1), *y = test_floats(4, ROWS * OUTPUTS, -1, 1);
	float *g, *h;
	hebb_error error;

	(void)state;
	way.recipe.accumulate = 3;
	a = begin(&way, 1, &here);
	b = begin(&way, 1, &never);
	assert_int_equal(train(a, &way, &error), HEBB_STOPPED);
	assert_true(counter_of(a.trainer, "run.ahead") > 0);
	test_ok(hebb_trainer_gradient(a.trainer, ROWS, x, y, NULL, NULL, &error), &error);
	test_ok(hebb_trainer_gradient(b.trainer, ROWS, x, y, NULL, NULL, &error), &error);
	g = test_canonical(a.net, a.trainer);
	h = test_canonical(b.net, b.trainer);
	assert_memory_equal(g, h, (size_t)hebb_net_parameters(a.net) * sizeof *g);
	free(x);
	free(y);
	free(g);
	free(h);
	end(a);
	end(b);
}

/* ---- What does not belong together ---- */

static void refuse(const struct way *way, hebb_net *net, const hebb_checkpoint *c,
		   hebb_status expected, const char *mentioned)
{
	hebb_trainer *t = test_trainer(net, &way->recipe);
	hebb_error error = {0};

	test_failed(hebb_checkpoint_restore(c, t, &error), &error, expected, mentioned);
	hebb_trainer_free(t);
	hebb_net_free(net);
}

static hebb_checkpoint *of(struct training s)
{
	unsigned char *bytes;
	size_t size;
	hebb_checkpoint *c;

	test_ok(hebb_checkpoint_format(s.trainer, NULL, &bytes, &size, NULL), NULL);
	c = hebb_checkpoint_parse(bytes, size, "c.safetensors", NULL);
	free(bytes);
	assert_non_null(c);
	return c;
}

static double same(void *self, double z)
{
	(void)self;
	return z;
}

static double one(void *self, double z)
{
	(void)self, (void)z;
	return 1;
}

static void other_networks_and_recipes(void **state)
{
	struct way way = ordinary(), other = ordinary();
	struct stop never = {.at = -1};
	struct training s = begin(&way, 1, &never);
	hebb_checkpoint *c = of(s);
	const hebb_function function = {.size = sizeof(hebb_function),
					.name = "gl\xc3\xa4tte",
					.f = same,
					.derivative = one};
	hebb_layer l[] = {hebb_dense(7, HEBB_TANH), hebb_dropout(0.25),
			  hebb_dense(OUTPUTS, HEBB_LINEAR)};

	(void)state;
	l[0].units = 8;
	refuse(&way, test_net(INPUTS, 3, l, 1), c, HEBB_BAD_SHAPE, "layer 1");
	l[0] = hebb_dense(7, HEBB_RELU);
	refuse(&way, test_net(INPUTS, 3, l, 1), c, HEBB_BAD_SHAPE, "tanh");
	l[0] = hebb_dense(7, HEBB_CUSTOM);
	l[0].function = &function;
	refuse(&way, test_net(INPUTS, 3, l, 1), c, HEBB_BAD_SHAPE, "gl\xc3\xa4tte");
	l[0] = hebb_dense(7, HEBB_TANH);
	refuse(&way, test_net(INPUTS + 1, 3, l, 1), c, HEBB_BAD_SHAPE, "7 x 3 there and 7 x 4");
	l[1] = l[2];
	refuse(&way, test_net(INPUTS, 2, l, 1), c, HEBB_BAD_SHAPE, "layer 2");
	l[1] = hebb_dropout(0.25);
	other.recipe.rate = 0.04;
	refuse(&other, test_net(INPUTS, 3, l, 1), c, HEBB_BAD_SHAPE, "rate is 0.0");
	other.recipe = way.recipe;
	other.recipe.seed = UINT64_MAX;
	refuse(&other, test_net(INPUTS, 3, l, 1), c, HEBB_BAD_SHAPE, "seed");
	other.recipe = way.recipe;
	other.recipe.rule = HEBB_LION;
	refuse(&other, test_net(INPUTS, 3, l, 1), c, HEBB_BAD_SHAPE, "adam");
	hebb_checkpoint_free(c);
	end(s);
}

static void what_may_change(void **state)
{
	struct way way = ordinary();
	struct stop never = {.at = -1};
	struct training s = begin(&way, 1, &never), t;
	hebb_checkpoint *c = of(s);

	(void)state;
	way.recipe.epochs = 9;
	way.recipe.threads = 2;
	way.recipe.seconds = 10;
	t = begin(&way, 2, &never);
	test_ok(hebb_checkpoint_restore(c, t.trainer, NULL), NULL);
	hebb_checkpoint_free(c);
	end(s);
	end(t);
}

/* A run that stands where this one cannot. */
static void other_sources(void **state)
{
	struct way way = ordinary(), short_way = ordinary();
	struct stop here = {.at = 2}, never = {.at = -1};
	struct training s = begin(&way, 1, &here), t;
	hebb_error error;

	(void)state;
	assert_int_equal(train(s, &way, &error), HEBB_STOPPED);
	short_way.recipe.epochs = 0;
	t = begin(&short_way, 2, &never);
	hand_over(s, t);
	test_ok(train(t, &short_way, &error), &error);
	end(t);
	t = begin(&way, 2, &never);
	hand_over(s, t);
	/* Elsewhere there are fewer rows than this run has seen of its epoch, or other numbers of
	 * them. */
	test_failed(train_rows(t, &way, 8, &error), &error, HEBB_BAD_ARGUMENT, "row 16");
	end(t);
	t = begin(&way, 2, &never);
	hand_over(s, t);
	test_ok(train_rows(t, &way, ROWS - 1, &error), &error); /* which nothing tells so far */
	end(t);
	here = (struct stop){.at = 6};
	end(s);
	s = begin(&way, 1, &here);
	assert_int_equal(train(s, &way, &error), HEBB_STOPPED);
	t = begin(&way, 2, &never);
	hand_over(s, t);
	test_failed(train_rows(t, &way, ROWS - 1, &error), &error, HEBB_BAD_ARGUMENT,
		    "has seen 46 rows");
	end(s);
	end(t);
}

static void arrays_and_counters(void **state)
{
	struct way way = ordinary();
	struct stop never = {.at = -1};
	struct training s = begin(&way, 1, &never);
	hebb_counter list[64] = {hebb_counter_default()};
	int n = hebb_trainer_counters(s.trainer, list), arrays = hebb_trainer_arrays(s.trainer);
	const double bad[] = {-1, 0.5, 1e300, (double)NAN};
	float values[7 * INPUTS];
	hebb_array about = hebb_array_default();
	hebb_error error;

	(void)state;
	assert_int_equal(hebb_trainer_counters(s.trainer, NULL), n);
	assert_int_equal(arrays, 4 * 4); /* the parameters, kept, m, s */
	assert_int_equal(hebb_trainer_get_array(s.trainer, 0, &about, values, &error), HEBB_OK);
	assert_string_equal(about.name, "layers.0.weight");
	assert_int_equal(about.rows, 7);
	assert_int_equal(about.columns, INPUTS);
	hebb_trainer_get_array(s.trainer, arrays - 1, &about, NULL, NULL);
	assert_string_equal(about.name, "s.layers.2.bias");
	assert_int_equal(about.columns, 0);
	for (int array = -1; array <= arrays; array += arrays + 1) {
		test_failed(hebb_trainer_get_array(s.trainer, array, &about, NULL, &error), &error,
			    HEBB_BAD_ARGUMENT, "array");
		test_failed(hebb_trainer_set_array(s.trainer, array, values, &error), &error,
			    HEBB_BAD_ARGUMENT, "array");
	}
	way.norms = 1;
	struct training normed = begin(&way, 1, &never);
	/* W, b, gamma, beta, mean, variance, gamma, beta, W, b */
	assert_int_equal(hebb_trainer_arrays(normed.trainer), 4 * 10);
	assert_int_equal(hebb_trainer_get_array(normed.trainer, 5, &about, values, NULL), HEBB_OK);
	assert_string_equal(about.name, "layers.1.variance");
	assert_true(about.rows == 7 && about.columns == 0 && values[6] == 1);
	hebb_trainer_get_array(normed.trainer, 2, &about, values, NULL);
	assert_string_equal(about.name, "layers.1.weight");
	assert_true(about.rows == 7 && about.columns == 0 && values[6] == 1);
	values[3] = -1;
	test_failed(hebb_trainer_set_array(normed.trainer, 5, values, &error), &error,
		    HEBB_BAD_ARGUMENT, "below 0");
	assert_int_equal(hebb_trainer_set_array(normed.trainer, 4, values, &error), HEBB_OK);
	end(normed);
	values[3] = (float)NAN;
	test_failed(hebb_trainer_set_array(s.trainer, 0, values, &error), &error, HEBB_BAD_ARGUMENT,
		    "finite");
	test_failed(hebb_trainer_set_counters(s.trainer, n - 1, list, &error), &error,
		    HEBB_BAD_ARGUMENT, "version");
	test_ok(hebb_trainer_set_counters(s.trainer, n, list, &error), &error);
	assert_true(isnan(s.trainer->run.validation_accuracy)); /* it is no counter */
	for (int i = 0; i < 4; i++) {
		double before = list[0].value;

		list[0].value = bad[i];
		test_failed(hebb_trainer_set_counters(s.trainer, n, list, &error), &error,
			    HEBB_BAD_ARGUMENT, "epochs");
		list[0].value = before;
	}
	list[1].name = "other";
	test_failed(hebb_trainer_set_counters(s.trainer, n, list, &error), &error,
		    HEBB_BAD_ARGUMENT, "other");
	end(s);
}

/* ---- Damaged files ---- */

/* Either refused with a sentence or harmless; returns whether it was refused. */
static int try(const unsigned char *bytes, size_t size)
{
	struct way way = ordinary();
	struct stop never = {.at = -1};
	hebb_error error = {0};
	hebb_checkpoint *c = hebb_checkpoint_parse(bytes, size, "bytes", &error);
	struct training s;
	int refused = !c;

	if (c) {
		s = begin(&way, 1, &never);
		refused = hebb_checkpoint_restore(c, s.trainer, &error) != HEBB_OK;
		if (!refused) /* trains, diverges or is refused */
			train(s, &way, &error);
		end(s);
	}
	hebb_checkpoint_free(c);
	if (refused)
		assert_true(error.message[0] != '\0');
	return refused;
}

static void cut_and_flipped(void **state)
{
	struct way way = ordinary();
	struct stop here = {.at = 6};
	struct training s = begin(&way, 1, &here);
	unsigned char *bytes;
	size_t size;
	int refused = 0;

	(void)state;
	assert_int_equal(train(s, &way, NULL), HEBB_STOPPED);
	test_ok(hebb_checkpoint_format(s.trainer, NULL, &bytes, &size, NULL), NULL);
	for (size_t cut = 0; cut < size; cut++)
		assert_true(try(bytes, cut));
	assert_false(try(bytes, size));
	for (size_t i = 0; i < size; i++) {
		bytes[i] ^= (unsigned char)(1 << i % 8);
		refused += try(bytes, size);
		bytes[i] ^= (unsigned char)(1 << i % 8);
	}
	assert_in_range(refused, size / 10, size); /* most bytes of the header count */
	free(bytes);
	end(s);
}

static void hostile(void **state)
{
	static const struct {
		const char *header, *mentioned;
	} files[] = {
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", "shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "beyond"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", "beyond"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,4]}}", "beyond"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}", "beyond"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", "beyond"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":0}}", "beyond"},
		{"{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", "F32"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999],\"data_offsets\":[0,4]}}",
		 "shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,0]}}",
		 "no array"}, /* 2^32 values: 0 where a size_t has 32 bits */
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1],\"data_offsets\":[0,4]}}", "shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
		 "another program"},
		{"{\"a\":7}", "F32"},
		{"{\"__metadata__\":{\"hebb\":\"9.9\"}}", "follow"},
		{"{\"a\":{},\"a\":{}}", "JSON"},
		{"{\"a", "JSON"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		unsigned char bytes[256] = {(unsigned char)strlen(files[i].header)};
		size_t size = 8 + strlen(files[i].header) + 8;
		hebb_error error = {0};

		memcpy(bytes + 8, files[i].header, strlen(files[i].header));
		assert_null(hebb_checkpoint_parse(bytes, size, "x.st", &error));
		test_failed(error.status, &error, error.status, files[i].mentioned);
		assert_true(strstr(error.message, "x.st") != NULL);
	}
	assert_null(hebb_checkpoint_parse("", 0, "x.st", NULL));
	assert_null(hebb_checkpoint_parse(NULL, 0, "x.st", NULL));
}

/* An array that is whole, but that no training can have. */
static void negative_variance(void **state)
{
	struct way way = ordinary();
	struct stop never = {.at = -1};
	unsigned char *bytes;
	size_t size, at;
	hebb_error error;

	(void)state;
	way.norms = 1;
	struct training s = begin(&way, 1, &never);
	test_ok(hebb_checkpoint_format(s.trainer, NULL, &bytes, &size, &error), &error);
	const char *header = (const char *)bytes + 8,
		   *about = strstr(header, "\"layers.1.variance\""),
		   *offsets = about ? strstr(about, "\"data_offsets\":[") : NULL;
	assert_non_null(offsets);
	at = 8 + bytes[0] + 256U * bytes[1] + strtoul(strchr(offsets, '[') + 1, NULL, 10);
	assert_in_range(at, 8, size - 4);
	assert_memory_equal(bytes + at, "\0\0\x80\x3f", 4); /* 1 */
	bytes[at + 3] ^= 0x80;
	hebb_checkpoint *c = hebb_checkpoint_parse(bytes, size, "x.st", &error);
	assert_non_null(c);
	test_failed(hebb_checkpoint_restore(c, s.trainer, &error), &error, HEBB_BAD_FORMAT,
		    "x.st: layers.1.variance: ");
	hebb_checkpoint_free(c);
	free(bytes);
	end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stopped_anywhere),
		cmocka_unit_test(runs_in_turn),
		cmocka_unit_test(finished_with_an_average),
		cmocka_unit_test(left_between_batches),
		cmocka_unit_test(other_networks_and_recipes),
		cmocka_unit_test(what_may_change),
		cmocka_unit_test(other_sources),
		cmocka_unit_test(arrays_and_counters),
		cmocka_unit_test(cut_and_flipped),
		cmocka_unit_test(hostile),
		cmocka_unit_test(negative_variance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
