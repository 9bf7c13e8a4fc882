/* SPDX-License-Identifier: MIT */
/*
 * test_functions.c - the errors of exp, Phi, the activations and of f' at a sample of all floats
 *
 * Every 4,099th of the 2^32 floats, and all around the places where something changes: ends of
 * ranges, 0, the smallest and the largest.  `make sweep` looks at every float; what is measured and
 * how: functions.h.
 */
#include "test.h"
#include "functions.h"

enum { STEP = 4099, AROUND = 100 /* neighbours on either side */ };

/* The ends of ranges in kernels.inc, and where exp's argument in tanh and Phi reaches them. */
static const float edges[] = {0.0f,         0x1p-149f, FLT_MIN,    0x1p-26f,     0x1p-24f, 0x1p-12f,
			      0.346573591f, 0.5f,      0.625f,     0.693147182f, 1.0f,     3.0f,
			      9.01f,        13.2159f,  16.6355f,   87.0f,        43.665f,  44.185f,
			      87.33f,       88.37f,    88.722839f, 104.0f,       0x1p64f,  1e31f,
			      FLT_MAX,      INFINITY};

static float chunk[CHUNK]; /* what is full is measured */
static int filled;

static void measure(struct findings *found)
{
	memset(chunk + filled, 0, (CHUNK - filled) * sizeof *chunk);
	measure_chunk(chunk, found);
	filled = 0;
}

static void look_at(uint32_t bits, struct findings *found)
{
	chunk[filled++] = float_of(bits);
	if (filled == CHUNK)
		measure(found);
}

static void check_family(int fused, const struct family *found)
{
	const struct hb_kernels *sets[MOST_SETS];
	int n = sets_alike(fused, sets);

	for (int i = 0; i < MEASURES; i++)
		if (!(found->worst[i].error < measures[i].bound))
			fail_msg("%s: %s: the error at %.9g is %g, should be below %g",
				 sets[0]->name, measures[i].name, (double)found->worst[i].at,
				 found->worst[i].error, measures[i].bound);
	for (int i = 1; i < n; i++)
		if (found->different[i])
			fail_msg("%s and %s differ at %.9g and %lld more", sets[0]->name,
				 sets[i]->name, (double)found->different_at[i],
				 found->different[i] - 1);
}

static void check(const struct findings *found)
{
	for (int fused = 0; fused <= 1; fused++)
		check_family(fused, &found->of[fused]);
}

static void sample(void **state)
{
	static struct findings found;

	(void)state;
	for (uint64_t bits = 0; bits <= UINT32_MAX; bits += STEP)
		look_at((uint32_t)bits, &found);
	measure(&found);
	check(&found);
}

static void around_the_edges(void **state)
{
	static struct findings found;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(edges); i++)
		for (int away = -AROUND; away <= AROUND; away++) {
			uint32_t bits;

			memcpy(&bits, &edges[i], sizeof bits);
			bits += (uint32_t)away; /* of 0 and infinity NaNs, too */
			look_at(bits, &found);
			look_at(bits ^ 0x80000000u, &found);
		}
	measure(&found);
	check(&found);
}

/* At infinity the limits; of gelu and silu(-infinity) = -infinity times 0 either. */
static void at_infinity(void **state)
{
	static const struct {
		enum hb_map map;
		float below, above;
	} limits[] = {{HB_LINEAR, -INFINITY, INFINITY},
		      {HB_SIGMOID, 0, 1},
		      {HB_TANH, -1, 1},
		      {HB_RELU, 0, INFINITY},
		      {HB_LEAKY_RELU, -INFINITY, INFINITY},
		      {HB_GELU, 0, INFINITY},
		      {HB_ELU, -1, INFINITY},
		      {HB_SELU, -1.75809932f, INFINITY},
		      {HB_SILU, 0, INFINITY},
		      {HB_SOFTPLUS, 0, INFINITY},
		      {HB_HARD_SIGMOID, 0, 1},
		      {HB_HARD_TANH, -1, 1}};

	(void)state;
	for (const struct hb_kernels *const *set = hb_kernel_sets; *set; set++)
		for (size_t k = 0; k < COUNT_OF(limits) && (*set)->available(); k++) {
			float z[HB_LANES] = {-INFINITY, INFINITY, NAN, -NAN}, h[HB_LANES];

			(*set)->forward[limits[k].map](1, 4, HB_LANES, z, h);
			assert_true(fabsf(h[0] - limits[k].below) < 1e-30f ||
				    h[0] == limits[k].below ||
				    ((limits[k].map == HB_GELU || limits[k].map == HB_SILU) &&
				     isnan(h[0])));
			assert_true(h[1] == limits[k].above);
			assert_true(isnan(h[2]) && isnan(h[3]));
		}
}

/* Of elu, selu, silu and softplus, likewise; relative. */
static void reference_of_exponentials(double z, double tolerance)
{
	const long double lambda = 1.0507009873554805L, alpha = 1.6732632423543772L;
	long double x = z, e = expl(-fabsl(x)), s = z < 0 ? e / (1 + e) : 1 / (1 + e),
		    h = z > 0 ? x : expm1l(x);

	test_near(elu_reference(z).f, (double)h, tolerance * (double)fabsl(h), "elu");
	test_near(elu_reference(z).d, z > 0 ? 1 : (double)expl(x), tolerance, "elu'");
	h *= z > 0 ? lambda : lambda * alpha;
	test_near(selu_reference(z).f, (double)h, tolerance * (double)fabsl(h), "selu");
	test_near(selu_reference(z).d, (double)(z > 0 ? lambda : lambda * alpha * expl(x)),
		  tolerance, "selu'");
	test_near(silu_reference(z).f, (double)(x * s), tolerance * (double)fabsl(x * s), "silu");
	test_near(silu_reference(z).d, (double)(s + x * e / ((1 + e) * (1 + e))), tolerance,
		  "silu'");
	h = (z > 0 ? x : 0) + log1pl(e);
	test_near(softplus_reference(z).f, (double)h, tolerance * (double)h, "softplus");
	test_near(softplus_reference(z).d, (double)s, tolerance * (double)s, "softplus'");
}

/* The reference in double against long double, to a ten-thousandth of what is measured. */
static void reference_is_right(void **state)
{
	const double tolerance = 1e-11;

	(void)state;
	for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 64 * STEP) {
		double z = (double)float_of((uint32_t)bits);
		long double x = z, h, clamped, root_half = 0.707106781186547524400844362104849L;

		if (isnan(z))
			continue;
		if (isfinite(z) && z > -700)
			reference_of_exponentials(z, tolerance);
		h = 1 / (1 + expl(-x));
		clamped = fminl(fmaxl(x, -87.33f), 88.37f);
		test_near((double)(clamped_exp_reference(z) / expl(clamped)), 1, tolerance, "exp");
		test_near(sigmoid_reference(z).f, (double)h, tolerance, "sigmoid");
		test_near(sigmoid_reference(z).d, (double)(h * (1 - h)), tolerance, "sigmoid'");
		h = tanhl(x);
		test_near(tanh_reference(z).f, (double)h, tolerance * (double)fabsl(h), "tanh");
		test_near(tanh_reference(z).d, (double)(1 - h * h), tolerance, "tanh'");
		test_near(normal_reference(z).f, (double)(0.5L * erfcl(-x * root_half)), tolerance,
			  "Phi");
		test_near(normal_reference(z).d,
			  (double)(0.398942280401432677939946L * expl(-x * x / 2)), tolerance,
			  "phi");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample),
		cmocka_unit_test(around_the_edges),
		cmocka_unit_test(at_infinity),
		cmocka_unit_test(reference_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
