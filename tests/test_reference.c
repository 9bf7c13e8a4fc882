/* SPDX-License-Identifier: MIT */
/*
 * test_reference.c - the gradient of the reference is the slope of its J
 *
 * Every activation in the hidden layers, every output with every loss that suits it, depths 1 to 4;
 * every parameter but those next to a kink of relu or of the loss.  The slope is the four-point
 * central difference
 *     (8 (J(p + e) - J(p - e)) - (J(p + 2e) - J(p - 2e))) / 12 e,  error e^4 J'''''/ 30,
 * taken here anew, so that this test does not lean on check.c.
 */
#include "test.h"

enum { ROWS = 5, INPUTS = 4, DEPTH = 4 };

struct problem {
	hebb_layer layers[DEPTH];
	int L, outputs;
	size_t count;
	hebb_loss loss;
	double *x, *y, *weight, *p, *g;
};

static double cost(const struct problem *a, uint64_t *kinks)
{
	double J;

	assert_int_equal(hb_reference(INPUTS, a->L, a->layers, a->loss, ROWS, a->x, a->y, a->weight,
				      a->p, &J, NULL, NULL, kinks),
			 HEBB_OK);
	return J;
}

/* J at p[k] + e; 0 if a relu changed sides. */
static int moved(const struct problem *a, size_t k, double e, double *J)
{
	double here = a->p[k];
	uint64_t before, after;

	cost(a, &before);
	a->p[k] = here + e;
	*J = cost(a, &after);
	a->p[k] = here;
	return before == after;
}

static int slope(const struct problem *a, size_t k, double *result)
{
	const double e = 0x1p-10;
	double up, down, far_up, far_down;

	if (!moved(a, k, e, &up) || !moved(a, k, -e, &down) || !moved(a, k, 2 * e, &far_up) ||
	    !moved(a, k, -2 * e, &far_down))
		return 0;
	*result = (8 * (up - down) - (far_up - far_down)) / (12 * e);
	return 1;
}

static double *random_doubles(uint64_t seed, size_t n, double low, double high)
{
	float *narrow = test_floats(seed, n, low, high);
	double *wide = test_widen(n, narrow);

	free(narrow);
	return wide;
}

static void set_up(struct problem *a, int L, hebb_activation hidden, hebb_activation output,
		   hebb_loss loss)
{
	static const int units[DEPTH] = {5, 3, 6, 4};
	int n = INPUTS;
	float *y;

	memset(a, 0, sizeof *a);
	a->L = L;
	a->loss = loss;
	for (int l = 0; l < L; l++) {
		a->layers[l] = hebb_dense(units[l], l == L - 1 ? output : hidden);
		a->count += (size_t)units[l] * (n + 1);
		n = units[l];
	}
	a->outputs = n;
	a->x = random_doubles(1, ROWS * INPUTS, -1, 1);
	a->p = random_doubles(2, a->count, -1.25, 1.25);
	a->weight = random_doubles(3, ROWS, 0, 2);
	y = test_targets(4, loss, output, ROWS, n);
	a->y = test_widen((size_t)ROWS * n, y);
	a->g = test_doubles(a->count);
	free(y);
}

static void tear_down(struct problem *a)
{
	free(a->x);
	free(a->y);
	free(a->p);
	free(a->g);
	free(a->weight);
}

static void check_layers(const struct problem *a, const char *what)
{
	double *g = test_doubles(a->count), *differences = test_doubles(a->count);
	size_t k = 0;

	for (int l = 0, n = INPUTS; l < a->L; n = a->layers[l++].units) {
		size_t size = (size_t)a->layers[l].units * (n + 1), compared = 0;

		for (size_t end = k + size; k < end; k++)
			if (slope(a, k, &differences[compared]))
				g[compared++] = a->g[k];
		assert_true(compared > size / 3);
		test_below(test_normwise(compared, g, differences), 1e-7, what);
	}
	free(g);
	free(differences);
}

static void gradient_is_the_slope(void **state)
{
	(void)state;
	for (int loss = HEBB_SQUARED; hebb_loss_name((hebb_loss)loss); loss++)
		for (int output = HEBB_LINEAR; hebb_activation_name((hebb_activation)output);
		     output++)
			for (int hidden = test_hidden(0); hidden; hidden = test_hidden(hidden))
				for (int L = 1; L <= DEPTH; L++) {
					struct problem a;
					char what[100];

					if (!hebb_activation_name((hebb_activation)output) ||
					    !hebb_loss_fits((hebb_loss)loss,
							    (hebb_activation)output) ||
					    (L == 1 && hidden != HEBB_LINEAR))
						continue;
					snprintf(what, sizeof what, "%s, %s, hidden %s, depth %d",
						 hebb_loss_name((hebb_loss)loss),
						 hebb_activation_name((hebb_activation)output),
						 hebb_activation_name((hebb_activation)hidden), L);
					set_up(&a, L, (hebb_activation)hidden,
					       (hebb_activation)output, (hebb_loss)loss);
					assert_int_equal(hb_reference(INPUTS, L, a.layers, a.loss,
								      ROWS, a.x, a.y, a.weight, a.p,
								      NULL, a.g, NULL, NULL),
							 HEBB_OK);
					check_layers(&a, what);
					tear_down(&a);
				}
}

/* J is a weighted mean: a row of weight 2 counts as two rows, a row of weight 0 not at all. */
static void weights_count_rows(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_TANH);
	const double p[] = {0.5, -1, 0.25, 2, 0.125, -0.5}, weight[] = {2, 0, 1};
	const double x[] = {1, 2, 3, 4, 5, 6}, y[] = {0, 1, 1, 0, 0.5, 0.5};
	const double twice_x[] = {1, 2, 1, 2, 5, 6}, twice_y[] = {0, 1, 0, 1, 0.5, 0.5};
	double J, g[6], expected_J, expected[6];

	(void)state;
	hb_reference(2, 1, &layer, HEBB_SQUARED, 3, x, y, weight, p, &J, g, NULL, NULL);
	hb_reference(2, 1, &layer, HEBB_SQUARED, 3, twice_x, twice_y, NULL, p, &expected_J,
		     expected, NULL, NULL);
	test_near(J, expected_J, 1e-15, "J");
	test_below(test_normwise(6, g, expected), 1e-15, "gradient");
}

/* Far out, where log h and log(1 - h) alone would be infinite or lose all digits. */
static void cross_entropy_is_stable(void **state)
{
	const double one = 1, y = 0, label[] = {0, 1};
	const hebb_layer sigmoid = hebb_dense(1, HEBB_SIGMOID),
			 softmax = hebb_dense(2, HEBB_SOFTMAX);
	double p[] = {1000, 0}, q[] = {1000, -1000, 0, 0}, J, g[4];

	(void)state;
	hb_reference(1, 1, &sigmoid, HEBB_CROSS_ENTROPY, 1, &one, &y, NULL, p, &J, g, NULL, NULL);
	test_near(J, 1000, 0, "sigmoid");
	test_near(g[0], 1, 0, "sigmoid's gradient");
	hb_reference(1, 1, &softmax, HEBB_CROSS_ENTROPY, 1, &one, label, NULL, q, &J, g, NULL,
		     NULL);
	test_near(J, 2000, 0, "softmax");
	test_near(g[0], 1, 0, "softmax's gradient");
	p[0] = -50;
	hb_reference(1, 1, &sigmoid, HEBB_CROSS_ENTROPY, 1, &one, &y, NULL, p, &J, NULL, NULL,
		     NULL);
	test_near(J, exp(-50), 1e-36, "sigmoid, nearly right"); /* log(1 + e) = e - e^2/2 */
}

static void outputs_alone(void **state)
{
	const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	const double p[] = {2, 3, 1}, x[] = {1, 1, 10, -1};
	double h[2];

	(void)state;
	assert_int_equal(
		hb_reference(2, 1, &layer, HEBB_SQUARED, 2, x, NULL, NULL, p, NULL, NULL, h, NULL),
		HEBB_OK);
	test_near(h[0], 6, 0, "first row");
	test_near(h[1], 18, 0, "second row");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gradient_is_the_slope),
		cmocka_unit_test(weights_count_rows),
		cmocka_unit_test(cross_entropy_is_stable),
		cmocka_unit_test(outputs_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
