/* SPDX-License-Identifier: MIT */
/*
 * test_engine.c - the float32 engine computes what the reference does
 *
 * Outputs, J and gradients, normwise by layer: every activation with every loss that suits it,
 * widths and numbers of rows next to where the panels, blocks and slices of the engine end, sample
 * weights and l2.
 */
#include "test.h"

static const double LIMIT = 1e-5; /* of float32 sums this long; the project promises 1e-4 */

struct problem {
	hebb_net *net;
	hebb_recipe recipe;
	int rows;
	float *x, *y, *weight; /* weight: NULL, or every fifth zero */
};

static void set_up(struct problem *a, int inputs, int L, const hebb_layer *layers, hebb_loss loss,
		   int rows, int weighted)
{
	hebb_net *net = test_net(inputs, L, layers, 3);
	float *p = test_canonical(net, NULL), *noise;
	size_t parameters = (size_t)hebb_net_parameters(net);

	noise = test_floats(4, parameters, -0.1, 0.1); /* biases that are not 0 */
	for (size_t k = 0; k < parameters; k++)
		p[k] += noise[k];
	test_set(net, p);
	free(noise);
	free(p);
	a->net = net;
	a->recipe = hebb_recipe_default();
	a->recipe.loss = loss;
	a->rows = rows;
	a->x = test_floats(5, (size_t)rows * inputs, -1, 1);
	a->y = test_targets(6, loss, layers[L - 1].activation, rows, layers[L - 1].units);
	a->weight = weighted ? test_floats(7, (size_t)rows, 0, 2) : NULL;
	for (int i = 1; i < rows && weighted; i += 5)
		a->weight[i] = 0;
}

static void tear_down(struct problem *a)
{
	hebb_net_free(a->net);
	free(a->x);
	free(a->y);
	free(a->weight);
}

static void check_outputs(const struct problem *a, const double *expected, const char *what)
{
	int outputs = hebb_net_outputs(a->net), inputs = hebb_net_inputs(a->net);
	size_t n = (size_t)a->rows * outputs;
	hebb_work *work = hebb_work_new(a->net, a->rows, NULL, NULL);
	float *one = test_memory(outputs * sizeof *one);
	const float *h;
	double *wide;

	assert_non_null(work);
	h = hebb_forward(work, a->rows, a->x);
	assert_non_null(h);
	wide = test_widen(n, h);
	test_below(test_normwise(n, wide, expected), LIMIT, what);
	for (int i = 0; i < a->rows; i += 1 + a->rows / 20) { /* one by one, the same bits */
		assert_int_equal(hebb_predict(a->net, a->x + (size_t)i * inputs, one, NULL),
				 HEBB_OK);
		assert_memory_equal(one, h + (size_t)i * outputs, outputs * sizeof *one);
	}
	free(wide);
	free(one);
	hebb_work_free(work);
}

/* The gradient that the trainer keeps contains the l2 term, which is not the reference's affair. */
static void add_l2(const struct problem *a, double *g)
{
	float *p = test_canonical(a->net, NULL), *at = p;

	for (int l = 0; l < hebb_net_layers(a->net); l++) {
		size_t size = test_layer_size(a->net, l),
		       weights = size - hebb_net_layer(a->net, l)->units;

		for (size_t k = 0; k < weights; k++)
			g[k] += a->recipe.l2 * (double)at[k];
		at += size;
		g += size;
	}
	free(p);
}

static void check_gradient(const struct problem *a, double J, const double *g, const char *what)
{
	hebb_trainer *trainer = test_trainer(a->net, &a->recipe);
	hebb_error error;
	double engine_J, cost, *wide, *at;
	float *engine;

	test_ok(hebb_trainer_gradient(trainer, a->rows, a->x, a->y, a->weight, &engine_J, &error),
		&error);
	test_ok(hebb_trainer_cost(trainer, a->rows, a->x, a->y, a->weight, &cost, &error), &error);
	test_near(engine_J, J, LIMIT * (1 + fabs(J)), what);
	test_near(cost, engine_J, 0, what);
	engine = test_canonical(a->net, trainer);
	at = wide = test_widen((size_t)hebb_net_parameters(a->net), engine);
	for (int l = 0; l < hebb_net_layers(a->net); l++) {
		size_t size = test_layer_size(a->net, l);

		test_below(test_normwise(size, at, g), LIMIT, what);
		at += size;
		g += size;
	}
	free(wide);
	free(engine);
	hebb_trainer_free(trainer);
}

static void check(const struct problem *a, const char *what)
{
	double J, *g = test_doubles((size_t)hebb_net_parameters(a->net));
	double *h = test_doubles((size_t)a->rows * hebb_net_outputs(a->net));

	test_reference(a->net, a->recipe.loss, a->rows, a->x, a->y, a->weight, &J, g, h);
	add_l2(a, g);
	check_outputs(a, h, what);
	check_gradient(a, J, g, what);
	free(g);
	free(h);
}

static void every_activation_and_loss(void **state)
{
	(void)state;
	for (int loss = HEBB_SQUARED; hebb_loss_name((hebb_loss)loss); loss++)
		for (int output = HEBB_LINEAR; hebb_activation_name((hebb_activation)output);
		     output++)
			for (int hidden = test_hidden(0); hidden; hidden = test_hidden(hidden)) {
				hebb_layer layers[] = {hebb_dense(37, (hebb_activation)hidden),
						       hebb_dense(18, (hebb_activation)hidden),
						       hebb_dense(5, (hebb_activation)output)};
				struct problem a;
				char what[100];

				if (!hebb_activation_name((hebb_activation)output) ||
				    !hebb_loss_fits((hebb_loss)loss, (hebb_activation)output))
					continue;
				snprintf(what, sizeof what, "%s, %s, hidden %s",
					 hebb_loss_name((hebb_loss)loss),
					 hebb_activation_name((hebb_activation)output),
					 hebb_activation_name((hebb_activation)hidden));
				set_up(&a, 11, 3, layers, (hebb_loss)loss, 19, hidden % 2);
				check(&a, what);
				tear_down(&a);
			}
}

static const int edges[] = {1, 2, 3, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65};

/* Each width as the inputs, as a hidden layer and as the output, next to different ones. */
static void every_width(void **state)
{
	enum { N = COUNT_OF(edges) };

	(void)state;
	for (int i = 0; i < N; i++)
		for (int step = 0; step < N; step += 3) {
			int hidden = edges[(i + step) % N], outputs = edges[(i + 2 * step) % N];
			const hebb_layer layers[] = {hebb_dense(hidden, HEBB_TANH),
						     hebb_dense(outputs, HEBB_SIGMOID)};
			struct problem a;
			char what[100];

			snprintf(what, sizeof what, "%d-%d-%d", edges[i], hidden, outputs);
			set_up(&a, edges[i], 2, layers, HEBB_CROSS_ENTROPY, 7, 1);
			check(&a, what);
			tear_down(&a);
		}
}

/* Wider than the columns of a panel and the units that are transposed at a time. */
static void wide_layers(void **state)
{
	const hebb_layer layers[] = {hebb_dense(300, HEBB_RELU), hebb_dense(520, HEBB_GELU),
				     hebb_dense(130, HEBB_SOFTMAX)};
	struct problem a;

	(void)state;
	set_up(&a, 113, 3, layers, HEBB_CROSS_ENTROPY, 17, 0);
	check(&a, "113-300-520-130");
	tear_down(&a);
}

/* With the default batch, and with full batches, whose slices are longer. */
static void every_number_of_rows(void **state)
{
	static const int rows[] = {1,  2,   13,  14,  15,   33,   63,   64,  65,
				   66, 127, 128, 129, 1023, 1024, 1025, 2100};
	const hebb_layer layers[] = {hebb_dense(18, HEBB_TANH), hebb_dense(3, HEBB_SOFTMAX)};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (int weighted = 0; weighted < 2; weighted++) {
			struct problem a;
			char what[100];

			snprintf(what, sizeof what, "%d rows%s", rows[i],
				 weighted ? ", weighted" : "");
			set_up(&a, 5, 2, layers, HEBB_CROSS_ENTROPY, rows[i], weighted);
			a.recipe.batch = weighted ? 0 : 32;
			check(&a, what);
			tear_down(&a);
		}
}

static void l2_is_for_weights(void **state)
{
	const hebb_layer layers[] = {hebb_dense(33, HEBB_TANH), hebb_dense(3, HEBB_LINEAR)};
	struct problem a;

	(void)state;
	set_up(&a, 5, 2, layers, HEBB_SQUARED, 14, 1);
	a.recipe.l2 = 0.25;
	check(&a, "l2");
	tear_down(&a);
}

/* A batch in which no row counts: J = 0, and there is nothing to learn. */
static void no_weight_at_all(void **state)
{
	const hebb_layer layer = hebb_dense(3, HEBB_LINEAR);
	struct problem a;

	(void)state;
	set_up(&a, 5, 1, &layer, HEBB_SQUARED, 9, 1);
	memset(a.weight, 0, 9 * sizeof *a.weight);
	check(&a, "weights of 0");
	tear_down(&a);
}

/* New parameters in the network are seen by a work made before. */
static void work_sees_new_parameters(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	const float W[] = {1, 2}, b[] = {3, 4}, x[] = {10, 20};
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_work *work = hebb_work_new(net, 2, NULL, NULL);
	const float *h;

	(void)state;
	assert_int_equal(hebb_net_set(net, 0, W, b, NULL), HEBB_OK);
	h = hebb_forward(work, 2, x);
	assert_true(h[0] == 13 && h[1] == 24 && h[2] == 23 && h[3] == 44);
	assert_null(hebb_forward(work, 0, x));
	assert_null(hebb_forward(work, 3, x));
	assert_true(hebb_work_bytes(work) > 0);
	hebb_work_free(work);
	hebb_work_free(NULL);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_activation_and_loss),
		cmocka_unit_test(every_width),
		cmocka_unit_test(wide_layers),
		cmocka_unit_test(every_number_of_rows),
		cmocka_unit_test(l2_is_for_weights),
		cmocka_unit_test(no_weight_at_all),
		cmocka_unit_test(work_sees_new_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
