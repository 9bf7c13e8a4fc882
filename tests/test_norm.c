/* SPDX-License-Identifier: MIT */
/*
 * test_norm.c - batch norm, layer norm and shortcuts
 *
 * PyTorch's numbers are in fixtures/norm.h, with the script that made them.
 */
#include "test.h"
#include "fixtures/norm.h"

enum { MOST_LAYERS = 24 };

static const double *targets_of(const struct norm_case *c)
{
	return c->loss == HEBB_CROSS_ENTROPY ? norm_y_cross_entropy : norm_y_squared;
}

static const hebb_layer *layers_of(const struct norm_case *c)
{
	static hebb_layer layers[NORM_LAYERS];

	for (int l = 0; l < c->layers; l++) {
		hebb_activation f = c->layer[l].activation;
		int number = c->layer[l].number;

		layers[l] = c->layer[l].kind == HEBB_DENSE        ? hebb_dense(number, f)
			    : c->layer[l].kind == HEBB_BATCH_NORM ? hebb_batch_norm(f)
			    : c->layer[l].kind == HEBB_LAYER_NORM ? hebb_layer_norm(f)
								  : hebb_shortcut(number, f);
	}
	return layers;
}

static float *narrow(size_t n, const double *wide)
{
	float *x = test_memory((n + 1) * sizeof *x);

	for (size_t i = 0; i < n; i++)
		x[i] = (float)wide[i];
	return x;
}

/* All running statistics, one behind the other; *n may be NULL. */
/* A gradient and its update, in the call that hebb_train() makes. */
static hebb_status step(hebb_trainer *t, int rows, const float *x, const float *y,
			const float *weight, double *sum, double *weights)
{
	struct hb_batch batch = hb_batch_of(t, rows, x, y, weight);

	return hb_trainer_step(t, &batch, sum, weights, NULL);
}

/* Rows from `first` on of an update. */
static void add_up(hebb_trainer *t, int first, int rows, const float *x, const float *y,
		   const float *weight, double *sum, double *weights)
{
	struct hb_batch batch = hb_batch_of(t, rows, x, y, weight);

	batch.whole = 1;
	batch.first = (uint32_t)first;
	hb_trainer_collect(t, &batch, first ? HB_ADD_TO_C : HB_FROM_ZERO, 1, sum, weights, NULL);
}

static float *statistics_of(const hebb_net *net, size_t *n)
{
	float *all = test_memory(4096 * sizeof *all), *at = all;

	for (int l = 0; l < hebb_net_layers(net); l++) {
		int m = hebb_net_layer(net, l)->units;

		assert_int_equal(hebb_net_get_statistics(net, l, at, at + m, NULL), HEBB_OK);
		at += hebb_net_layer(net, l)->kind == HEBB_BATCH_NORM ? 2 * m : 0;
	}
	if (n)
		*n = (size_t)(at - all);
	return all;
}

static void set_statistics(hebb_net *net, const float *all)
{
	for (int l = 0; l < hebb_net_layers(net); l++) {
		int m = hebb_net_layer(net, l)->units;

		assert_int_equal(hebb_net_set_statistics(net, l, all, all + m, NULL), HEBB_OK);
		all += hebb_net_layer(net, l)->kind == HEBB_BATCH_NORM ? 2 * m : 0;
	}
}

/* ---- PyTorch ---- */

static void reference_equals_torch(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(norm_cases); i++) {
		const struct norm_case *c = &norm_cases[i];
		const struct hb_mode learning = {.learns = 1, .together = NORM_ROWS},
				     running = {.statistics = c->s};
		const double *y = targets_of(c), *weight = c->weighted ? norm_weight : NULL;
		double p[NORM_PARAMETERS], g[NORM_PARAMETERS], h[NORM_ROWS * NORM_OUTPUTS], J;

		memcpy(p, c->start, sizeof p);
		for (int t = 0; t < NORM_STEPS; t++) {
			hb_reference_with(&learning, NORM_INPUTS, c->layers, layers_of(c), c->loss,
					  NORM_ROWS, norm_x, y, weight, p, &J, g, NULL, NULL);
			test_near(J, c->J[t], 1e-10, c->name);
			for (int k = 0; k < c->parameters; k++) {
				if (t == 0)
					test_near(g[k], c->gradient[k], 1e-10, c->name);
				p[k] -= norm_rate * g[k];
			}
		}
		for (int k = 0; k < c->parameters; k++)
			test_near(p[k], c->p[k], 1e-10, c->name);
		hb_reference_with(&running, NORM_INPUTS, c->layers, layers_of(c), c->loss,
				  NORM_ROWS, norm_x, NULL, NULL, p, NULL, NULL, h, NULL);
		for (int k = 0; k < NORM_ROWS * NORM_OUTPUTS; k++)
			test_near(h[k], c->h[k], 1e-10, c->name);
	}
}

static void compare(size_t n, const float *values, const double *expected, double bound,
		    const char *name)
{
	double *wide = test_widen(n, values);

	test_below(test_normwise(n, wide, expected), bound, name);
	free(wide);
}

/* The network as it is after the steps, which the trainer has made. */
static void compare_end(const struct norm_case *c, hebb_net *net)
{
	float *x = narrow(COUNT_OF(norm_x), norm_x), *p = test_canonical(net, NULL);
	float *s = statistics_of(net, NULL), h[NORM_OUTPUTS];
	hebb_work *work = hebb_work_new(net, NORM_ROWS, NULL, NULL);
	const float *all = hebb_forward(work, NORM_ROWS, x);

	compare((size_t)c->parameters, p, c->p, 1e-5, c->name);
	if (c->statistics)
		compare((size_t)c->statistics, s, c->s, 1e-5, c->name);
	compare(NORM_ROWS * NORM_OUTPUTS, all, c->h, 1e-5, c->name);
	for (int r = 0; r < NORM_ROWS; r++) {
		assert_int_equal(hebb_predict(net, x + r * NORM_INPUTS, h, NULL), HEBB_OK);
		assert_memory_equal(h, all + r * NORM_OUTPUTS, sizeof h);
	}
	hebb_work_free(work);
	free(x), free(p), free(s);
}

/* By gradient and update, or by hebb_trainer_step() as hebb_train() does it. */
static void engine_equals_torch(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(norm_cases); i++) {
		const struct norm_case *c = &norm_cases[i / 2];
		hebb_net *net = test_net(NORM_INPUTS, c->layers, layers_of(c), 1);
		float *x = narrow(COUNT_OF(norm_x), norm_x), *y = narrow(36, targets_of(c));
		float *start = narrow((size_t)c->parameters, c->start), *g;
		float *weight = c->weighted ? narrow(NORM_ROWS, norm_weight) : NULL;
		hebb_recipe recipe = hebb_recipe_default();
		double J, weights;

		recipe.loss = c->loss;
		recipe.rule = HEBB_SGD;
		recipe.rate = norm_rate;
		hebb_trainer *trainer = test_trainer(net, &recipe);
		assert_int_equal(hebb_net_parameters(net), c->parameters);
		test_set(net, start);
		for (int t = 0; t < NORM_STEPS; t++) {
			if (i % 2) {
				assert_int_equal(
					step(trainer, NORM_ROWS, x, y, weight, &J, &weights),
					HEBB_OK);
				J /= weights;
			} else {
				assert_int_equal(hebb_trainer_gradient(trainer, NORM_ROWS, x, y,
								       weight, &J, NULL),
						 HEBB_OK);
				g = test_canonical(net, trainer);
				if (t == 0)
					compare((size_t)c->parameters, g, c->gradient, 1e-5,
						c->name);
				free(g);
				assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
			}
			test_near(J, c->J[t], 1e-5, c->name);
		}
		compare_end(c, net);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
		free(x), free(y), free(start), free(weight);
	}
}

static void trace_equals_torch(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(norm_cases); i++) {
		const struct norm_case *c = &norm_cases[i];
		double h[NORM_LAYERS * 8];
		hebb_trace trace = {.size = sizeof(hebb_trace), .h = h, .statistics = c->s};
		int last = -NORM_OUTPUTS, n = NORM_INPUTS;
		hebb_error error;

		for (int l = 0; l < c->layers; l++) {
			n = c->layer[l].kind == HEBB_DENSE ? c->layer[l].number : n;
			last += n;
		}
		for (int r = 0; r < NORM_ROWS; r++) {
			test_ok(hebb_trace_example(NORM_INPUTS, c->layers, layers_of(c), c->loss,
						   c->p, norm_x + (ptrdiff_t)r * NORM_INPUTS, NULL,
						   &trace, &error),
				&error);
			for (int j = 0; j < NORM_OUTPUTS; j++)
				test_near(h[last + j], c->h[r * NORM_OUTPUTS + j], 1e-10, c->name);
		}
	}
}

/* ---- Any network ---- */

static int below(uint64_t seed, int *at, int n)
{
	float u[256];

	hebb_uniform(256, u, seed, 77);
	return (int)(u[(*at)++ % 256] * (float)n);
}

static int is_norm(const hebb_layer *layer)
{
	return layer->kind == HEBB_BATCH_NORM || layer->kind == HEBB_LAYER_NORM;
}

/* A network of random layers and widths, with norms, dropout if wanted, and shortcuts wherever
 * widths allow.  No norm follows another: it would undo the first, whose gradient is then 0 but for
 * the epsilon. */
static int random_layers(uint64_t seed, int inputs, int outputs, int dropout, hebb_layer *layers)
{
	static const hebb_activation f[] = {HEBB_LINEAR, HEBB_TANH, HEBB_GELU, HEBB_SIGMOID,
					    HEBB_SOFTPLUS};
	int at = 0, L = 2 + below(seed, &at, MOST_LAYERS - 3), width[MOST_LAYERS];

	for (int l = 0; l < L - 1; l++) {
		int n = l ? width[l - 1] : inputs, from = below(seed, &at, l + 1) - 1;
		hebb_activation a = f[below(seed, &at, COUNT_OF(f))];

		switch (below(seed, &at, dropout ? 8 : 7) +
			2 * (l > 0 && is_norm(&layers[l - 1]))) {
		case 0:
			layers[l] = hebb_batch_norm(a);
			break;
		case 1:
			layers[l] = hebb_layer_norm(a);
			break;
		case 2:
		case 3:
		case 4:
			for (; from < l - 1 && (from < 0 ? inputs : width[from]) != n; from++)
				;
			layers[l] = hebb_shortcut(from, a);
			break;
		case 7:
			layers[l] = dropout ? hebb_dropout(0.3) : hebb_dense(21, a);
			break;
		default: /* often as wide as another */
			layers[l] = hebb_dense(3 + 18 * below(seed, &at, 2), a);
		}
		width[l] = layers[l].kind == HEBB_DENSE ? layers[l].units : n;
	}
	layers[L - 1] = hebb_dense(outputs, HEBB_SOFTMAX);
	return L;
}

/* Numbers of every size, and statistics as if learned. */
static void stir(hebb_net *net, uint64_t seed)
{
	size_t n = (size_t)hebb_net_parameters(net), count;
	float *p = test_canonical(net, NULL), *noise = test_floats(seed, n, -0.2f, 0.2f);
	float *s = statistics_of(net, &count), *more = test_floats(seed, count + 1, 0.5f, 1.5f);

	for (size_t k = 0; k < n; k++)
		p[k] += noise[k];
	test_set(net, p);
	set_statistics(net, more);
	free(p), free(noise), free(s), free(more);
}

static struct hb_mode running_mode(const hebb_net *net, double **statistics)
{
	size_t n;
	float *s = statistics_of(net, &n);

	*statistics = test_widen(n, s);
	free(s);
	return (struct hb_mode){.statistics = *statistics};
}

/* Outputs are those of the reference, of one row and of many, in more than a tile. */
static void outputs_of_any(void **state)
{
	enum { ROWS = 700, INPUTS = 21, OUTPUTS = 4 };
	float *x = test_floats(5, ROWS * INPUTS, -1, 1);
	double *wide_x = test_widen(ROWS * INPUTS, x), *h = test_doubles(ROWS * OUTPUTS);

	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		hebb_layer layers[MOST_LAYERS];
		int L = random_layers(seed, INPUTS, OUTPUTS, seed % 2, layers);
		hebb_net *net = test_net(INPUTS, L, layers, seed);
		double *statistics, *p;
		float *narrow_p, one[OUTPUTS];

		stir(net, seed);
		hebb_work *work = hebb_work_new(net, ROWS, NULL, NULL);
		const float *all = hebb_forward(work, ROWS, x);
		narrow_p = test_canonical(net, NULL);
		p = test_widen((size_t)hebb_net_parameters(net), narrow_p);
		struct hb_mode mode = running_mode(net, &statistics);
		hb_reference_with(&mode, INPUTS, L, layers, HEBB_CROSS_ENTROPY, ROWS, wide_x, NULL,
				  NULL, p, NULL, NULL, h, NULL);
		for (int k = 0; k < ROWS * OUTPUTS; k++)
			test_near((double)all[k], h[k], 1e-4, "an output");
		for (int r = 0; r < ROWS; r += 233) {
			assert_int_equal(hebb_predict(net, x + r * INPUTS, one, NULL), HEBB_OK);
			assert_memory_equal(one, all + r * OUTPUTS, sizeof one);
		}
		hebb_work_free(work);
		hebb_net_free(net);
		free(statistics), free(p), free(narrow_p);
	}
	free(x), free(wide_x), free(h);
}

/* The gradient is that of the reference, with dropout and sample weights, in one slice, in several,
 * and of a single row. */
static void gradient_of_any(void **state)
{
	static const int rows_of[] = {12, 150, 1};
	enum { ROWS = 150, INPUTS = 21, OUTPUTS = 4 };
	float *x = test_floats(5, ROWS * INPUTS, -1, 1), *weight = test_floats(7, ROWS, 0, 2);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	double *wide_x = test_widen(ROWS * INPUTS, x), *wide_y = test_widen(ROWS * OUTPUTS, y),
	       *wide_weight = test_widen(ROWS, weight);

	(void)state;
	for (uint64_t seed = 1; seed <= 90; seed++) {
		int rows = rows_of[seed % 3];
		hebb_layer layers[MOST_LAYERS];
		int L = random_layers(seed, INPUTS, OUTPUTS, seed % 2, layers);
		hebb_net *net = test_net(INPUTS, L, layers, seed);
		hebb_recipe recipe = hebb_recipe_default();
		size_t n = (size_t)hebb_net_parameters(net);
		double *statistics, *p, *g = test_doubles(n), J, expected;
		float *narrow_p, *engine;

		recipe.loss = HEBB_CROSS_ENTROPY;
		recipe.threads = 2;
		recipe.seed = seed;
		stir(net, seed);
		hebb_trainer *trainer = test_trainer(net, &recipe);
		narrow_p = test_canonical(net, NULL);
		p = test_widen(n, narrow_p);
		struct hb_mode mode = running_mode(net, &statistics);
		mode.learns = 1;
		mode.seed = seed;
		mode.together = rows == 150 ? 50 : rows; /* three slices of at most 64 */
		hb_reference_with(&mode, INPUTS, L, layers, HEBB_CROSS_ENTROPY, rows, wide_x,
				  wide_y, wide_weight, p, &expected, g, NULL, NULL);
		assert_int_equal(hebb_trainer_gradient(trainer, rows, x, y, weight, &J, NULL),
				 HEBB_OK);
		engine = test_canonical(net, trainer);
		test_near(J, expected, 1e-4 * (1 + fabs(expected)), "J");
		compare(n, engine, g, 1e-4, "gradient");
		hebb_trainer_free(trainer);
		hebb_net_free(net);
		free(statistics), free(p), free(narrow_p), free(g), free(engine);
	}
	free(x), free(y), free(weight), free(wide_x), free(wide_y), free(wide_weight);
}

/* By finite differences.  Where random layers hardly let a gradient through, these are less exact
 * than else. */
static void check_accepts_any(void **state)
{
	static const int rows_of[] = {16, 100, 1};
	enum { ROWS = 100, INPUTS = 21, OUTPUTS = 4 };
	float *x = test_floats(5, ROWS * INPUTS, -1, 1);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);

	(void)state;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		hebb_layer layers[MOST_LAYERS];
		int L = random_layers(seed, INPUTS, OUTPUTS, seed % 2, layers);
		hebb_net *net = test_net(INPUTS, L, layers, seed);
		hebb_gradient_check result = hebb_gradient_check_default();
		hebb_error error;

		stir(net, seed);
		test_ok(hebb_check_gradient(net, HEBB_CROSS_ENTROPY, rows_of[seed % 3], x, y, 6,
					    &result, &error),
			&error);
		test_below(result.differences, 1e-4, "differences");
		test_below(result.engine, 1e-4, "engine");
		hebb_net_free(net);
	}
	free(x), free(y);
}

/* ---- Training ---- */

enum { ROWS = 300, INPUTS = 19, OUTPUTS = 5, LAYERS = 8 };

/* Widths that are no multiples of anything, blocks with both norms, dropout and shortcuts, one of
 * the input. */
static const hebb_layer *odd_layers(void)
{
	static hebb_layer layers[LAYERS];

	layers[0] = hebb_batch_norm(HEBB_LINEAR);
	layers[1] = hebb_shortcut(-1, HEBB_LINEAR);
	layers[2] = hebb_dense(37, HEBB_LINEAR);
	layers[3] = hebb_batch_norm(HEBB_SIGMOID);
	layers[4] = hebb_dropout(0.2);
	layers[5] = hebb_layer_norm(HEBB_GELU);
	layers[6] = hebb_shortcut(3, HEBB_TANH);
	layers[7] = hebb_dense(OUTPUTS, HEBB_SOFTMAX);
	return layers;
}

/* What training made of it: the whole block. */
static hebb_net *trained(hebb_recipe recipe, int rows)
{
	hebb_net *net = test_net(INPUTS, LAYERS, odd_layers(), 4);
	float *x = test_floats(5, (size_t)rows * INPUTS, -1, 1);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, rows, OUTPUTS);
	struct test_rows all = {INPUTS, OUTPUTS, x, y};
	hebb_source source = test_source(&all, rows);
	hebb_error error;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 2;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	hebb_trainer_free(trainer);
	free(x), free(y);
	return net;
}

static void same_block(const hebb_net *a, const hebb_net *b)
{
	assert_memory_equal(a->w, b->w, a->plan->block * sizeof *a->w);
}

static void any_number_of_threads(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		hebb_recipe recipe = hebb_recipe_default();
		int rows = i == 3 ? 2500 : ROWS;

		recipe.rule = i % 2 ? HEBB_ADAM : HEBB_SGD;
		recipe.batch = i == 3 ? 0 : 100;
		recipe.accumulate = i == 2 ? 2 : 1;
		recipe.average = i == 1 ? 0.9 : 0;
		recipe.threads = 1;
		hebb_net *one = trained(recipe, rows);
		for (recipe.threads = 2; recipe.threads <= 5; recipe.threads++) {
			hebb_net *more = trained(recipe, rows);

			same_block(one, more);
			hebb_net_free(more);
		}
		hebb_net_free(one);
	}
}

static void check_accepts(void **state)
{
	static const int rows_of[] = {16, 70, 1};
	float *x = test_floats(5, ROWS * INPUTS, -1, 1);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	hebb_net *net = test_net(INPUTS, LAYERS, odd_layers(), 4);

	(void)state;
	stir(net, 3);
	for (size_t i = 0; i < COUNT_OF(rows_of); i++) {
		hebb_gradient_check result = hebb_gradient_check_default();

		assert_int_equal(hebb_check_gradient(net, HEBB_CROSS_ENTROPY, rows_of[i], x, y, 30,
						     &result, NULL),
				 HEBB_OK);
		test_below(result.differences, 1e-7, "differences");
		test_below(result.engine, 1e-5, "engine");
		assert_int_equal(result.checked, 5 * 30);
	}
	hebb_net_free(net);
	free(x), free(y);
}

static void all_zero(const float *from, const float *to)
{
	for (; from < to; from++)
		assert_true(*from == 0);
}

/* A layer norm of one unit is constant, so that what is below it has no gradient: exactly. */
static void one_unit_has_no_slope(void **state)
{
	const hebb_layer layers[] = {hebb_dense(1, HEBB_LINEAR), hebb_layer_norm(HEBB_GELU),
				     hebb_dense(3, HEBB_SOFTMAX)};
	hebb_net *net = test_net(7, 3, layers, 1);
	hebb_recipe recipe = hebb_recipe_default();
	float *x = test_floats(2, 40 * 7, -9, 9),
	      *y = test_targets(3, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, 40, 3);

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, 40, x, y, NULL, NULL, NULL), HEBB_OK);
	float *g = test_canonical(net, trainer);
	for (int i = 0; i < 8; i++)
		assert_true(g[i] == 0);
	free(g), free(x), free(y);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

static void padding_stays_zero(void **state)
{
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.batch = 100;
	recipe.weight_decay = 0.1;
	recipe.l1 = recipe.l2 = 0.01;
	recipe.average = 0.9;
	hebb_net *net = trained(recipe, ROWS);
	for (int l = 0; l < LAYERS; l++) {
		const struct hb_step *s = &net->plan->step[l];

		for (int i = 0; i < s->parameters; i++) {
			const struct hb_parameter *p = &s->parameter[i];
			const float *w = net->w + p->offset;

			if (p->panels)
				continue;
			all_zero(w + s->m, w + s->ld);
			assert_true(w[s->m - 1] != 0);
		}
	}
	hebb_net_free(net);
}

/* Mean and variance, times n / (n - 1), of column j of rows first .. behind - 1. */
static void moments(const float *x, int columns, int j, int first, int behind, double *mean,
		    double *variance)
{
	int n = behind - first;

	*mean = *variance = 0;
	for (int i = first; i < behind; i++)
		*mean += (double)x[i * columns + j] / n;
	for (int i = first; i < behind; i++)
		*variance += pow((double)x[i * columns + j] - *mean, 2) / (n - 1);
}

/* A batch of several slices, or several batches, move the running statistics by the mean of theirs,
 * whatever the weights. */
static void statistics_of_parts(void **state)
{
	enum { MANY = 2500 };
	hebb_layer layers[] = {hebb_batch_norm(HEBB_LINEAR), hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	float *x = test_floats(5, MANY * INPUTS, -1, 3), *weight = test_floats(8, MANY, 0, 2);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, MANY, OUTPUTS);
	double sum, weights;

	(void)state;
	for (int collect = 0; collect < 2; collect++) {
		hebb_net *net = test_net(INPUTS, 2, layers, 1);
		hebb_recipe recipe = hebb_recipe_default();
		int cut = collect ? 100 : 834, end = collect ? 900 : MANY;

		recipe.loss = HEBB_CROSS_ENTROPY;
		recipe.batch = 0;
		recipe.clip = 1e-3; /* is not for statistics, nor sees them */
		hebb_trainer *trainer = test_trainer(net, &recipe);
		if (collect) {
			add_up(trainer, 0, cut, x, y, weight, &sum, &weights);
			add_up(trainer, cut, end - cut, x + cut * INPUTS, y + cut * OUTPUTS, weight,
			       &sum, &weights);
			hb_trainer_finish(trainer, weights);
		} else {
			step(trainer, end, x, y, weight, &sum, &weights);
		}
		float *s = statistics_of(net, NULL);
		for (int j = 0; j < INPUTS; j++) {
			double mean = 0, variance = 0;

			for (int first = 0; first < end;) {
				int behind = first == 0                         ? cut
					     : collect || 2 * cut < first + cut ? end
										: 2 * cut;
				double m, v;

				moments(x, INPUTS, j, first, behind, &m, &v);
				mean += m * (behind - first) / end;
				variance += v * (behind - first) / end;
				first = behind;
			}
			test_near((double)s[j], 0.1 * mean, 1e-5, "mean");
			test_near((double)s[INPUTS + j], 0.9 + 0.1 * variance, 1e-5, "variance");
		}
		free(s);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
	free(x), free(y), free(weight);
}

/* A gradient alone, a cost and a batch of one row leave the statistics as they are, and so does
 * what diverges. */
static void statistics_stay(void **state)
{
	hebb_net *net = test_net(INPUTS, LAYERS, odd_layers(), 4),
		 *before = test_net(INPUTS, LAYERS, odd_layers(), 4);
	hebb_recipe recipe = hebb_recipe_default();
	float *x = test_floats(5, ROWS * INPUTS, -1, 1), *s, *s_before;
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	double J, weights;
	size_t n;

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &J, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &J, NULL), HEBB_OK);
	same_block(net, before);
	x[7] = INFINITY;
	assert_int_equal(step(trainer, ROWS, x, y, NULL, &J, &weights), HEBB_DIVERGED);
	same_block(net, before);
	assert_int_equal(step(trainer, 1, x + INPUTS, y, NULL, &J, &weights), HEBB_OK);
	s = statistics_of(net, &n);
	s_before = statistics_of(before, NULL);
	assert_memory_equal(s, s_before, n * sizeof *s);
	assert_memory_not_equal(net->w, before->w, net->plan->learned * sizeof *s);
	assert_int_equal(step(trainer, 2, x + INPUTS, y, NULL, &J, &weights), HEBB_OK);
	free(s);
	s = statistics_of(net, &n);
	assert_memory_not_equal(s, s_before, n * sizeof *s);
	hebb_trainer_free(trainer);
	hebb_net_free(net), hebb_net_free(before);
	free(x), free(y), free(s), free(s_before);
}

/* The cost is that of the network as it is used, also right after a gradient, for which batches
 * count. */
static void cost_by_running_statistics(void **state)
{
	enum { FEW = 50 };
	hebb_net *net = test_net(INPUTS, LAYERS, odd_layers(), 4);
	hebb_recipe recipe = hebb_recipe_default();
	float *x = test_floats(5, FEW * INPUTS, -1, 1);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, FEW, OUTPUTS), *narrow_p;
	double *wide_x = test_widen(FEW * INPUTS, x), *wide_y = test_widen(FEW * OUTPUTS, y);
	double *p, *statistics, J, learning, expected;

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	stir(net, 3);
	narrow_p = test_canonical(net, NULL);
	p = test_widen((size_t)hebb_net_parameters(net), narrow_p);
	struct hb_mode mode = running_mode(net, &statistics);
	hb_reference_with(&mode, INPUTS, LAYERS, odd_layers(), HEBB_CROSS_ENTROPY, FEW, wide_x,
			  wide_y, NULL, p, &expected, NULL, NULL, NULL);
	hebb_trainer *trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, FEW, x, y, NULL, &learning, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_cost(trainer, FEW, x, y, NULL, &J, NULL), HEBB_OK);
	test_near(J, expected, 1e-5, "cost");
	assert_true(fabs(learning - expected) > 1e-3);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	free(x), free(y), free(wide_x), free(wide_y), free(narrow_p), free(p), free(statistics);
}

/* However large they are, statistics are no part of the norm of the gradient. */
static void clipping_sees_no_statistics(void **state)
{
	float *x = test_floats(5, ROWS * INPUTS, 9000, 9010);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	hebb_layer layers[] = {hebb_batch_norm(HEBB_LINEAR), hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	hebb_net *net[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		hebb_recipe recipe = hebb_recipe_default();
		double J, weights;

		recipe.loss = HEBB_CROSS_ENTROPY;
		recipe.rule = HEBB_SGD;
		recipe.clip = i ? 1000 : 0;
		net[i] = test_net(INPUTS, 2, layers, 1);
		hebb_trainer *trainer = test_trainer(net[i], &recipe);
		assert_int_equal(step(trainer, ROWS, x, y, NULL, &J, &weights), HEBB_OK);
		hebb_trainer_free(trainer);
	}
	same_block(net[0], net[1]);
	assert_true(net[0]->w[net[0]->plan->step[0].parameter[2].offset] > 800);
	hebb_net_free(net[0]), hebb_net_free(net[1]);
	free(x), free(y);
}

/* What shrinks weights leaves gamma and beta alone.  The gradient of a new trainer is 0. */
static void nothing_decays(void **state)
{
	hebb_net *net = test_net(INPUTS, LAYERS, odd_layers(), 4),
		 *before = test_net(INPUTS, LAYERS, odd_layers(), 4);
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = HEBB_SGD;
	recipe.l1 = recipe.l2 = recipe.weight_decay = 1;
	recipe.max_norm = 0.01;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	hb_trainer_finish(trainer, 1);
	for (int l = 0; l < LAYERS; l++) {
		const struct hb_step *s = &net->plan->step[l];
		const struct hb_parameter *W = &s->parameter[0], *b = &s->parameter[1];
		size_t bytes = (b->offset + b->floats - W->offset) * sizeof(float);

		if (s->layer.kind == HEBB_DENSE)
			assert_memory_not_equal(net->w + W->offset, before->w + W->offset, bytes);
		else if (s->parameters > 0)
			assert_memory_equal(net->w + W->offset, before->w + W->offset, bytes);
	}
	hebb_trainer_free(trainer);
	hebb_net_free(net), hebb_net_free(before);
}

/* ---- Folding ---- */

static double largest_difference(const hebb_net *a, const hebb_net *b)
{
	enum { MANY = 40 };
	size_t outputs = (size_t)hebb_net_outputs(a), n = (size_t)hebb_net_inputs(a);
	float *x = test_floats(9, MANY * n, -1, 1);
	hebb_work *one = hebb_work_new(a, MANY, NULL, NULL),
		  *two = hebb_work_new(b, MANY, NULL, NULL);
	const float *h = hebb_forward(one, MANY, x), *other = hebb_forward(two, MANY, x);
	double most = 0;

	for (size_t k = 0; k < MANY * outputs; k++)
		most = fmax(most, fabs((double)h[k] - (double)other[k]));
	hebb_work_free(one), hebb_work_free(two);
	free(x);
	return most;
}

static int count_of(const hebb_net *net, hebb_kind kind)
{
	int count = 0;

	for (int l = 0; l < hebb_net_layers(net); l++)
		count += hebb_net_layer(net, l)->kind == kind;
	return count;
}

static void folded_is_the_same(void **state)
{
	hebb_error error;

	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		hebb_layer layers[MOST_LAYERS];
		int L = random_layers(seed, 21, 4, 1, layers);
		hebb_net *net = test_net(21, L, layers, seed), *made;

		stir(net, seed);
		made = hebb_net_fold(net, NULL, &error);
		assert_non_null(made);
		test_below(largest_difference(net, made), 1e-4, "folded");
		assert_int_equal(count_of(made, HEBB_DROPOUT), 0);
		assert_true(count_of(made, HEBB_BATCH_NORM) <= count_of(net, HEBB_BATCH_NORM));
		hebb_net_free(net), hebb_net_free(made);
	}
}

/* How many layers of batch norm are left. */
static int left(int L, const hebb_layer *layers)
{
	hebb_net *net = test_net(INPUTS, L, layers, 2), *made;
	int count;

	stir(net, 3);
	made = hebb_net_fold(net, NULL, NULL);
	test_below(largest_difference(net, made), 1e-5, "folded");
	count = count_of(made, HEBB_BATCH_NORM);
	hebb_net_free(net), hebb_net_free(made);
	return count;
}

static void what_folds(void **state)
{
	hebb_layer layers[] = {hebb_dense(37, HEBB_LINEAR),   hebb_dropout(0.5),
			       hebb_batch_norm(HEBB_LINEAR),  hebb_batch_norm(HEBB_TANH),
			       hebb_shortcut(3, HEBB_LINEAR), hebb_dense(5, HEBB_LINEAR),
			       hebb_batch_norm(HEBB_SOFTMAX)};

	(void)state;
	assert_int_equal(left(7, layers), 0);
	layers[4].from = 2; /* what lies between the two norms */
	assert_int_equal(left(7, layers), 1);
	layers[4].from = 0; /* z of the layer */
	assert_int_equal(left(7, layers), 2);
	layers[4].from = 1; /* the same, handed on */
	assert_int_equal(left(7, layers), 2);
	layers[4].from = 3;
	layers[0].activation = HEBB_TANH;
	assert_int_equal(left(7, layers), 2);
	layers[4].from = 2;
	assert_int_equal(left(6, layers + 1), 2); /* of the input */
}

/* ---- Edges ---- */

static void refused(int L, const hebb_layer *layers, const char *mentioned)
{
	hebb_error error = {0};

	assert_null(hebb_net_new(INPUTS, L, layers, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, mentioned);
}

static void bad_descriptions(void **state)
{
	hebb_layer layers[] = {hebb_dense(8, HEBB_TANH), hebb_shortcut(0, HEBB_LINEAR),
			       hebb_dense(2, HEBB_LINEAR)};

	(void)state;
	layers[1].from = 1;
	refused(3, layers, "layer 2: from is 1");
	layers[1].from = -2;
	refused(3, layers, "layer 2: from is -2");
	layers[1].from = -1;
	refused(3, layers, "brings 19 values, but there are 8");
	layers[1] = hebb_batch_norm((hebb_activation)0);
	refused(3, layers, "layer 2: activation 0");
	layers[1] = hebb_layer_norm(HEBB_TANH);
	layers[1].units = 9;
	refused(3, layers, "as many as its input, so that only 8");
}

static void bad_recipes(void **state)
{
	hebb_net *net = test_net(INPUTS, LAYERS, odd_layers(), 4);
	hebb_layer without[] = {hebb_layer_norm(HEBB_TANH), hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	hebb_net *other = test_net(INPUTS, 2, without, 4);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error = {0};

	(void)state;
	recipe.batch = 1;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "batch is 1");
	hebb_trainer_free(test_trainer(other, &recipe));
	recipe.batch = 0;
	recipe.rule = HEBB_LBFGS;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "batch-norm (layer 1)");
	hebb_trainer_free(test_trainer(other, &recipe));
	hebb_net_free(net), hebb_net_free(other);
}

static void statistics_in_and_out(void **state)
{
	hebb_net *net = test_net(INPUTS, LAYERS, odd_layers(), 4), *copy;
	float mean[INPUTS], variance[INPUTS], back[INPUTS];
	hebb_error error = {0};

	(void)state;
	assert_int_equal(hebb_net_get_statistics(net, 0, mean, variance, NULL), HEBB_OK);
	for (int j = 0; j < INPUTS; j++) {
		assert_true(mean[j] == 0 && variance[j] == 1);
		mean[j] = (float)j;
		variance[j] = (float)j / 2;
	}
	assert_int_equal(hebb_net_get(net, 0, back, variance, NULL), HEBB_OK);
	assert_true(back[INPUTS - 1] == 1 && variance[INPUTS - 1] == 0);
	variance[3] = 0.25f;
	assert_int_equal(hebb_net_set_statistics(net, 0, mean, NULL, NULL), HEBB_OK);
	assert_int_equal(hebb_net_set_statistics(net, 0, NULL, variance, NULL), HEBB_OK);
	copy = hebb_net_copy(net, NULL, NULL);
	assert_int_equal(hebb_net_get_statistics(copy, 0, back, NULL, NULL), HEBB_OK);
	assert_memory_equal(back, mean, sizeof back);
	assert_int_equal(hebb_net_get_statistics(copy, 0, NULL, back, NULL), HEBB_OK);
	assert_memory_equal(back, variance, sizeof back);
	variance[2] = -0.5f;
	test_failed(hebb_net_set_statistics(net, 0, mean, variance, &error), &error,
		    HEBB_BAD_ARGUMENT, "below 0");
	mean[2] = NAN;
	test_failed(hebb_net_set_statistics(net, 0, mean, NULL, &error), &error, HEBB_BAD_ARGUMENT,
		    "finite");
	test_failed(hebb_net_get_statistics(net, LAYERS, back, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "layer 8");
	same_block(net, copy);
	assert_int_equal(hebb_net_set_statistics(net, 2, mean, variance, NULL), HEBB_OK);
	same_block(net, copy);
	hebb_net_free(net), hebb_net_free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reference_equals_torch),
		cmocka_unit_test(engine_equals_torch),
		cmocka_unit_test(trace_equals_torch),
		cmocka_unit_test(outputs_of_any),
		cmocka_unit_test(gradient_of_any),
		cmocka_unit_test(check_accepts_any),
		cmocka_unit_test(check_accepts),
		cmocka_unit_test(any_number_of_threads),
		cmocka_unit_test(one_unit_has_no_slope),
		cmocka_unit_test(padding_stays_zero),
		cmocka_unit_test(statistics_of_parts),
		cmocka_unit_test(statistics_stay),
		cmocka_unit_test(cost_by_running_statistics),
		cmocka_unit_test(clipping_sees_no_statistics),
		cmocka_unit_test(nothing_decays),
		cmocka_unit_test(folded_is_the_same),
		cmocka_unit_test(what_folds),
		cmocka_unit_test(bad_descriptions),
		cmocka_unit_test(bad_recipes),
		cmocka_unit_test(statistics_in_and_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
