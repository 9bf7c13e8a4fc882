/* SPDX-License-Identifier: MIT */
/*
 * test_asymmetric.c - a 2-3-4-2 network worked by hand
 *
 * The tutorial's 3-3-1 network cannot show swapped indices: its rows are constant and its layers
 * have 3 inputs each.  Here no two layers have the same shape and no two weights the same value,
 * and every z, h, delta and gradient is written out, once with relu, relu and linear, where each
 * number is an exact sum of products, and once with sigmoids.
 *
 * With x = (1.5, -1), y = (1, -2), relu, relu, linear, z = W h + b:
 *
 *   z[1]_1 = (-2.5) * 1.5 + (-1.25) * (-1) + (-0.875) = -3.375
 *   z[1]_2 = 1.125 * 1.5 + 0.25 * (-1) + 0.375 = 1.8125
 *   z[1]_3 = 1 * 1.5 + 2 * (-1) + 0.875 = 0.375
 *   z[2]_1 = 0.125 * 0 + (-0.5) * 1.8125 + 0.625 * 0.375 + 0.875 = 0.203125
 *   z[2]_2 = 0.5 * 0 + (-1.375) * 1.8125 + 2.25 * 0.375 + 0.125 = -1.5234375
 *   z[2]_3 = 2.5 * 0 + 0.75 * 1.8125 + (-0.75) * 0.375 + 0.125 = 1.203125
 *   z[2]_4 = 2.75 * 0 + 1.375 * 1.8125 + (-0.25) * 0.375 + (-0.125) = 2.2734375
 *   z[3]_1 = (-3) * 0.203125 + (-1) * 0 + (-2.25) * 1.203125 + 1.5 * 2.2734375 + 0.375 = 0.46875
 *   z[3]_2 = (-0.375) * 0.203125 + (-2.75) * 0 + (-0.625) * 1.203125 + (-0.875) * 2.2734375
 *            + (-0.375)
 *            = -3.1923828125
 *   d[3]_1 = 0.46875 - 1 = -0.53125
 *   d[3]_2 = (-3.1923828125) - (-2) = -1.1923828125
 *   d[2]_1 = ((-3) * (-0.53125) + (-0.375) * (-1.1923828125)) * 1 = 2.0408935546875
 *   d[2]_2 = ((-1) * (-0.53125) + (-2.75) * (-1.1923828125)) * 0 = 0
 *   d[2]_3 = ((-2.25) * (-0.53125) + (-0.625) * (-1.1923828125)) * 1 = 1.9405517578125
 *   d[2]_4 = (1.5 * (-0.53125) + (-0.875) * (-1.1923828125)) * 1 = 0.2464599609375
 *   d[1]_1 = (0.125 * 2.0408935546875 + 0.5 * 0 + 2.5 * 1.9405517578125
 *            + 2.75 * 0.2464599609375) * 0
 *            = 0
 *   d[1]_2 = ((-0.5) * 2.0408935546875 + (-1.375) * 0 + 0.75 * 1.9405517578125
 *            + 1.375 * 0.2464599609375) * 1
 *            = 0.7738494873046875
 *   d[1]_3 = (0.625 * 2.0408935546875 + 2.25 * 0 + (-0.75) * 1.9405517578125
 *            + (-0.25) * 0.2464599609375) * 1
 *            = -0.2414703369140625
 *
 * and dJ/dW_ij = d_i h_j of the layer below, dJ/db_i = d_i, J = (0.53125^2 + 1.1923828125^2) / 2.
 * Each hidden layer has a unit that is off.  The numbers of the sigmoid network are from the same
 * formulas, h = 1 / (1 + exp(-z)) and f' = h (1 - h), evaluated with 40 digits (mpmath).
 */
#include "test.h"

enum { PARAMETERS = 35, UNITS = 9, L = 3 };

static const int sizes[] = {2, 3, 4, 2};
static const float x[] = {1.5f, -1}, y[] = {1, -2};

/* clang-format off: a row of W a line, in p and in g */

/* W[1], b[1], W[2], b[2], W[3], b[3]. */
static const float p[PARAMETERS] = {
	-2.5,   -1.25,  1.125, 0.25,  1,    2,      -0.875, 0.375,  0.875,  0.125, -0.5,  0.625,
	0.5,    -1.375, 2.25,  2.5,   0.75, -0.75,  2.75,   1.375,  -0.25,  0.875, 0.125, 0.125,
	-0.125, -3,     -1,    -2.25, 1.5,  -0.375, -2.75,  -0.625, -0.875, 0.375, -0.375};

struct worked {
	hebb_activation activation[L];
	double z[UNITS], h[UNITS], d[UNITS]; /* layer by layer */
	double g[PARAMETERS], J;             /* g in the order of p */
};

static const struct worked with_relu = {
	.activation = {HEBB_RELU, HEBB_RELU, HEBB_LINEAR},
	.z = {-3.375, 1.8125, 0.375, 0.203125, -1.5234375, 1.203125, 2.2734375, 0.46875,
	      -3.1923828125},
	.h = {0, 1.8125, 0.375, 0.203125, 0, 1.203125, 2.2734375, 0.46875, -3.1923828125},
	.d = {0, 0.7738494873046875, -0.2414703369140625, 2.0408935546875, 0, 1.9405517578125,
	      0.2464599609375, -0.53125, -1.1923828125},
	.g = {0,
	      0,
	      1.1607742309570312,
	      -0.7738494873046875,
	      -0.36220550537109375,
	      0.2414703369140625,
	      0,
	      0.7738494873046875,
	      -0.2414703369140625,
	      0,
	      3.6991195678710938,
	      0.7653350830078125,
	      0,
	      0,
	      0,
	      0,
	      3.5172500610351562,
	      0.7277069091796875,
	      0,
	      0.44670867919921875,
	      0.0924224853515625,
	      2.0408935546875,
	      0,
	      1.9405517578125,
	      0.2464599609375,
	      -0.10791015625,
	      0,
	      -0.63916015625,
	      -1.207763671875,
	      -0.2422027587890625,
	      0,
	      -1.4345855712890625,
	      -2.7108078002929688,
	      -0.53125,
	      -1.1923828125},
	.J = 0.85200166702270508,
};

static const struct worked with_sigmoid = {
	.activation = {HEBB_SIGMOID, HEBB_SIGMOID, HEBB_SIGMOID},
	.z = {-3.375, 1.8125, 0.375, 0.819720497014923219, 0.293005182139873431,
	      0.407962808888645604, 0.999857447531554513, -2.53506530569903195,
	      -3.22535482192800029},
	.h = {0.0330859783887041312, 0.859663750509916794, 0.592666599954069759,
	      0.694177006161300701, 0.572731691575545535, 0.60059929818899948, 0.731030550190443009,
	      0.0734362406155748111, 0.0382226457800807666},
	.d = {-0.00137000930412791484, 0.000582321543492325303, -0.0160770959010805875,
	      0.0341883206797438984, -0.03499520991366029, 0.0227944202438672295,
	      -0.0314859724266490421, -0.0630465106828045128, 0.0749284787460655451},
	.g = {-0.00205501395619187227,  0.00137000930412791484,  0.000873482315238487955,
	      -0.000582321543492325303, -0.0241156438516208812,  0.0160770959010805875,
	      -0.00137000930412791484,  0.000582321543492325303, -0.0160770959010805875,
	      0.00113115403915609316,   0.0293904599791843876,   0.0202622757754032273,
	      -0.00115785075891152892,  -0.0300841134042590264,  -0.0207404920742079992,
	      0.000754175695571631106,  0.0195955367975420747,   0.0135094915438570085,
	      -0.00104174420325544438,  -0.0270673491447449416,  -0.0186606842243496789,
	      0.0341883206797438984,    -0.03499520991366029,    0.0227944202438672295,
	      -0.0314859724266490421,   -0.0437654380347056987,  -0.036108734711298331,
	      -0.0378656900693576488,   -0.0460889253920382257,  0.0520136270521644305,
	      0.0429139143794164307,    0.0450019917492563302,   0.0547750070426692107,
	      -0.0630465106828045128,   0.0749284787460655451},
	.J = 2.50643597698767578,
};

/* clang-format on */

/* The first `layers` layers; the last of them with this activation. */
static hebb_net *part(const struct worked *w, int layers, hebb_activation last)
{
	hebb_layer list[L];
	hebb_net *net;

	for (int l = 0; l < layers; l++)
		list[l] = hebb_dense(sizes[l + 1], l == layers - 1 ? last : w->activation[l]);
	net = test_net(sizes[0], layers, list, 1);
	test_set(net, p);
	return net;
}

static void all_near(size_t n, const double *value, const double *expected, double tolerance,
		     const char *what)
{
	for (size_t i = 0; i < n; i++)
		test_near(value[i], expected[i], tolerance, what);
}

/* The output of a part, by the reference and by the engine: h, or z if its last layer is linear. */
static void check_output(const struct worked *w, int layers, hebb_activation last,
			 const double *expected)
{
	hebb_net *net = part(w, layers, last);
	size_t m = (size_t)hebb_net_outputs(net);
	double h[4], *wide;
	float narrow[4];

	test_reference(net, HEBB_SQUARED, 1, x, NULL, NULL, NULL, NULL, h);
	all_near(m, h, expected, 1e-15, "reference");
	assert_int_equal(hebb_predict(net, x, narrow, NULL), HEBB_OK);
	wide = test_widen(m, narrow);
	all_near(m, wide, expected, 1e-6, "engine");
	free(wide);
	hebb_net_free(net);
}

static void check_layers(const struct worked *w)
{
	for (int l = 0, at = 0; l < L; at += sizes[++l]) {
		check_output(w, l + 1, HEBB_LINEAR, w->z + at);
		check_output(w, l + 1, w->activation[l], w->h + at);
	}
}

/* J, the gradient, and the deltas, which are the gradient of b. */
static void check_reference(const struct worked *w)
{
	hebb_net *net = part(w, L, w->activation[L - 1]);
	double J, g[PARAMETERS];

	test_reference(net, HEBB_SQUARED, 1, x, y, NULL, &J, g, NULL);
	test_near(J, w->J, 1e-15, "J");
	all_near(PARAMETERS, g, w->g, 1e-15, "reference");
	for (int l = 0, at = 0, unit = 0; l < L; unit += sizes[++l]) {
		at += (sizes[l] + 1) * sizes[l + 1];
		all_near((size_t)sizes[l + 1], g + at - sizes[l + 1], w->d + unit, 1e-15, "delta");
	}
	hebb_net_free(net);
}

static void check_engine(const struct worked *w)
{
	hebb_net *net = part(w, L, w->activation[L - 1]);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer = test_trainer(net, &recipe);
	double J, *g;
	float *narrow;

	assert_int_equal(hebb_trainer_gradient(trainer, 1, x, y, NULL, &J, NULL), HEBB_OK);
	narrow = test_canonical(net, trainer);
	g = test_widen(PARAMETERS, narrow);
	test_near(J, w->J, 1e-6, "J");
	all_near(PARAMETERS, g, w->g, 1e-6, "engine");
	for (int l = 0, unit = 0; l < L; unit += sizes[++l]) {
		float b[4];
		double *d;

		assert_int_equal(hebb_trainer_get_gradient(trainer, l, NULL, b, NULL), HEBB_OK);
		d = test_widen((size_t)sizes[l + 1], b);
		all_near((size_t)sizes[l + 1], d, w->d + unit, 1e-6, "delta");
		free(d);
	}
	free(g);
	free(narrow);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* Every number of the trace; and the forward numbers alone where there is no target. */
static void check_trace(const struct worked *w)
{
	double z[UNITS], h[UNITS], d[UNITS], g[PARAMETERS];
	hebb_trace trace = {.size = sizeof(hebb_trace), .z = z, .h = h, .d = d, .gradient = g};
	hebb_layer list[L];
	double *wide_p = test_widen(PARAMETERS, p), *wide_x = test_widen(2, x),
	       *wide_y = test_widen(2, y);

	for (int l = 0; l < L; l++)
		list[l] = hebb_dense(sizes[l + 1], w->activation[l]);
	assert_int_equal(
		hebb_trace_example(2, L, list, HEBB_SQUARED, wide_p, wide_x, wide_y, &trace, NULL),
		HEBB_OK);
	test_near(trace.J, w->J, 1e-15, "J");
	all_near(UNITS, z, w->z, 1e-15, "z");
	all_near(UNITS, h, w->h, 1e-15, "h");
	all_near(UNITS, d, w->d, 1e-15, "d");
	all_near(PARAMETERS, g, w->g, 1e-15, "gradient");

	memset(z, 0, sizeof z);
	memset(d, 0, sizeof d);
	trace.h = NULL;
	assert_int_equal(
		hebb_trace_example(2, L, list, HEBB_SQUARED, wide_p, wide_x, NULL, &trace, NULL),
		HEBB_OK);
	all_near(UNITS, z, w->z, 1e-15, "z without a target");
	test_near(trace.J, 0, 0, "J without a target");
	for (int i = 0; i < UNITS; i++)
		assert_true(d[i] == 0); /* left as it was */
	free(wide_p);
	free(wide_x);
	free(wide_y);
}

static void trace_refuses(void **state)
{
	hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	const double parameters[] = {1, 0}, one = 1;
	hebb_trace trace = {.size = sizeof(hebb_trace), .J = 7};
	hebb_error error;

	(void)state;
	assert_int_equal(hebb_trace_example(1, 1, &layer, HEBB_CROSS_ENTROPY, parameters, &one,
					    &one, &trace, &error),
			 HEBB_BAD_SHAPE);
	assert_non_null(strstr(error.message, "linear"));
	assert_int_equal(hebb_trace_example(1, 1, &layer, (hebb_loss)99, parameters, &one, &one,
					    &trace, &error),
			 HEBB_BAD_SHAPE);
	layer.units = 0;
	assert_int_equal(hebb_trace_example(1, 1, &layer, HEBB_SQUARED, parameters, &one, &one,
					    &trace, &error),
			 HEBB_BAD_ARGUMENT);
	assert_non_null(strstr(error.message, "layer 1"));
	assert_int_equal(hebb_trace_example(1, 1, &layer, HEBB_SQUARED, parameters, &one, &one,
					    &trace, NULL),
			 HEBB_BAD_ARGUMENT);
	assert_true(trace.J == 7);
}

static void relu_by_hand(void **state)
{
	(void)state;
	check_layers(&with_relu);
	check_trace(&with_relu);
	check_reference(&with_relu);
	check_engine(&with_relu);
}

static void sigmoid_by_hand(void **state)
{
	(void)state;
	check_layers(&with_sigmoid);
	check_trace(&with_sigmoid);
	check_reference(&with_sigmoid);
	check_engine(&with_sigmoid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relu_by_hand),
		cmocka_unit_test(sigmoid_by_hand),
		cmocka_unit_test(trace_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
