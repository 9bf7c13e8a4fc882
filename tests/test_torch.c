/* SPDX-License-Identifier: MIT */
/*
 * test_torch.c - ten training steps equal PyTorch's, for every rule
 *
 * The numbers are in fixtures/torch.h, with the script that made them.  The reference is double and
 * must agree to 1e-10, the float32 engine normwise to 1e-4.  The reference knows neither label
 * smoothing, which is another target, nor another delta of huber than 1.
 */
#include "test.h"
#include "fixtures/torch.h"

static const double *targets_of(const struct torch_case *c)
{
	return c->loss == HEBB_CROSS_ENTROPY || c->loss == HEBB_POISSON ? torch_y_cross_entropy
									: torch_y_squared;
}

static void describe(const struct torch_case *c, hebb_layer layers[3], hebb_recipe *recipe)
{
	for (int l = 0; l < 3; l++)
		layers[l] = hebb_dense(torch_sizes[l + 1], c->activation[l]);
	*recipe = hebb_recipe_default();
	recipe->loss = c->loss;
	recipe->rule = c->rule;
	recipe->rate = c->rate;
	recipe->momentum = c->momentum;
	recipe->l2 = c->l2;
	recipe->weight_decay = c->weight_decay;
	recipe->l1 = c->l1;
	recipe->clip = c->clip;
	recipe->huber_delta = c->huber_delta;
	recipe->label_smoothing = c->label_smoothing;
}

/* y (1 - s) + s / K */
static void smooth(const struct torch_case *c, double *y)
{
	int classes = c->activation[2] == HEBB_SOFTMAX ? torch_sizes[3] : 2;

	memcpy(y, targets_of(c), sizeof torch_y_squared);
	for (size_t i = 0; i < COUNT_OF(torch_y_squared); i++)
		y[i] = y[i] * (1 - c->label_smoothing) + c->label_smoothing / classes;
}

/* Weights do, biases do not. */
static void mark_weights(unsigned char *decays)
{
	for (int l = 0; l < 3; l++) {
		int m = torch_sizes[l + 1], weights = torch_sizes[l] * m;

		memset(decays, 1, (size_t)weights);
		memset(decays + weights, 0, (size_t)m);
		decays += weights + m;
	}
}

static void reference_equals_torch(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(torch_cases); i++) {
		const struct torch_case *c = &torch_cases[i];
		double p[TORCH_PARAMETERS], g[TORCH_PARAMETERS], J;
		double m[TORCH_PARAMETERS] = {0}, s[TORCH_PARAMETERS] = {0};
		double y[COUNT_OF(torch_y_squared)];
		unsigned char decays[TORCH_PARAMETERS];
		hebb_layer layers[3];
		hebb_recipe recipe;

		if (c->huber_delta != 1)
			continue;
		describe(c, layers, &recipe);
		smooth(c, y);
		mark_weights(decays);
		memcpy(p, torch_start, sizeof p);
		for (int t = 0; t < TORCH_STEPS; t++) {
			assert_int_equal(hb_reference(torch_sizes[0], 3, layers, c->loss,
						      TORCH_ROWS, torch_x, y,
						      c->weighted ? torch_weight : NULL, p, &J, g,
						      NULL, NULL),
					 HEBB_OK);
			test_near(J, c->J[t], 1e-10, c->name);
			hb_reference_update(&recipe, TORCH_PARAMETERS, decays, p, g, m, s, t);
		}
		for (int k = 0; k < TORCH_PARAMETERS; k++)
			test_near(p[k], c->p[k], 1e-10, c->name);
	}
}

static float *narrow(size_t n, const double *wide)
{
	float *x = test_memory(n * sizeof *x);

	for (size_t i = 0; i < n; i++) {
		x[i] = (float)wide[i];
		assert_true((double)x[i] == wide[i]); /* the fixtures are exact in float32 */
	}
	return x;
}

static void engine_equals_torch(void **state)
{
	float *x = narrow(COUNT_OF(torch_x), torch_x),
	      *start = narrow(TORCH_PARAMETERS, torch_start);
	float *weight = narrow(TORCH_ROWS, torch_weight);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(torch_cases); i++) {
		const struct torch_case *c = &torch_cases[i];
		float *y = narrow(COUNT_OF(torch_y_squared), targets_of(c)), *end;
		double J, *p;
		hebb_layer layers[3];
		hebb_recipe recipe;
		hebb_net *net;
		hebb_trainer *trainer;
		hebb_error error;

		describe(c, layers, &recipe);
		net = test_net(torch_sizes[0], 3, layers, 1);
		test_set(net, start);
		trainer = test_trainer(net, &recipe);
		for (int t = 0; t < TORCH_STEPS; t++) {
			test_ok(hebb_trainer_gradient(trainer, TORCH_ROWS, x, y,
						      c->weighted ? weight : NULL, &J, &error),
				&error);
			test_near(J, c->J[t], 1e-5, c->name);
			test_ok(hebb_trainer_update(trainer, &error), &error);
		}
		end = test_canonical(net, NULL);
		p = test_widen(TORCH_PARAMETERS, end);
		test_below(test_normwise(TORCH_PARAMETERS, p, c->p), 1e-4, c->name);
		free(y);
		free(end);
		free(p);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
	free(x);
	free(start);
	free(weight);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reference_equals_torch),
		cmocka_unit_test(engine_equals_torch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
