/* SPDX-License-Identifier: MIT */
/*
 * functions.h - the errors of exp, Phi and the activations that are not exact in float32, and of
 * f', at any floats
 *
 * What test_functions.c (a sample, every day) and sweep_functions.c (all 2^32 floats, `make sweep`)
 * share.  A chunk of floats goes through the best set of kernels, whose results are compared with
 * the reference, and through the other sets of its family, whose results must be the same bits;
 * then the same with the family without fused multiply-add.  exp, log(1 + e) and Phi are parts of
 * kernels: kernel_parts.h.
 *
 * The reference is double arithmetic and libm, for long double is too slow for 2^32 floats.  glibc
 * states at most 1, 2 and 5 units in the last place of double for exp (expm1, log1p), tanh and
 * erfc, a hundred-millionth of the errors measured; test_functions.c compares it with expl, tanhl
 * and the like.
 */
#ifndef HEBB_FUNCTIONS_H
#define HEBB_FUNCTIONS_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "core/core.h"
#include "kernel_parts.h"

enum { CHUNK = 1 << 14 };

/* What is measured, and the bound: for f those that the comments of kernels.inc state.  Of f', from
 * d = 1, they follow: h (1 - h) has at most the error of h, 1 - h^2 twice that, Phi(z) + z phi(z)
 * that of Phi and 2e-7 of the other term, h + 1 that of h, 1 - exp(-h) those of h and of exp() - 1;
 * each has some roundings of its own. */
enum measured {
	OF_EXP,     /* relative, x clamped as the comment says */
	OF_SIGMOID, /* absolute */
	OF_TANH,    /* relative */
	OF_LOG1P,   /* relative, of e in [0, 1] */
	OF_PHI,     /* absolute */
	OF_GELU,    /* over |z|, without the rounding of the result */
	OF_SIGMOID_D,
	OF_TANH_D,
	OF_GELU_D,
	OF_ELU,      /* relative */
	OF_SELU,     /* relative */
	OF_SILU,     /* relative where z > -87; below, where it is nearly 0, absolute and tiny */
	OF_SOFTPLUS, /* likewise */
	OF_HARD_SIGMOID, /* absolute */
	OF_ELU_D,
	OF_SELU_D,
	OF_SILU_D,
	OF_SOFTPLUS_D,     /* relative, as softplus itself */
	OF_HARD_SIGMOID_D, /* next to a kink either of its two values */
	OF_HARD_TANH,      /* 0 or infinite: it and its f' are exact */
	OF_ROWS,           /* of every activation by element, over the bound of its row, |z| < 87 */
	MEASURES
};

static const struct measure {
	const char *name;
	double bound;
} measures[MEASURES] = {
	[OF_EXP] = {"exp, relative", 1.2e-7},
	[OF_SIGMOID] = {"sigmoid, absolute", 1e-7},
	[OF_TANH] = {"tanh, relative", 3e-7},
	[OF_LOG1P] = {"log(1 + e), relative", 2e-7},
	[OF_PHI] = {"Phi, absolute", 2.6e-7},
	[OF_GELU] = {"gelu, over |z|", 2.6e-7},
	[OF_SIGMOID_D] = {"sigmoid', absolute", 1.5e-7},
	[OF_TANH_D] = {"tanh', absolute", 7e-7},
	[OF_GELU_D] = {"gelu', absolute", 5e-7},
	[OF_ELU] = {"elu, relative", 1.2e-7},
	[OF_SELU] = {"selu, relative", 2e-7},
	[OF_SILU] = {"silu, relative", 3e-7},
	[OF_SOFTPLUS] = {"softplus, relative", 3e-7},
	[OF_HARD_SIGMOID] = {"hard-sigmoid, absolute", 1e-7},
	[OF_ELU_D] = {"elu', absolute", 1e-7},
	[OF_SELU_D] = {"selu', absolute", 2.5e-7},
	[OF_SILU_D] = {"silu', absolute", 2.5e-7},
	[OF_SOFTPLUS_D] = {"softplus', relative", 4e-7},
	[OF_HARD_SIGMOID_D] = {"hard-sigmoid', absolute", 2e-8},
	[OF_HARD_TANH] = {"hard-tanh, exact", 1e-45},
	[OF_ROWS] = {"every activation, over the bound of its row", 1},
};

/* The largest error and where; infinite if a NaN or an infinity is not what it should be. */
struct worst {
	double error;
	float at;
};

struct family {
	struct worst worst[MEASURES];
	long long different[MOST_SETS]; /* results with other bits than the best set's */
	float different_at[MOST_SETS];
};
struct findings {
	struct family of[2]; /* [fused] */
};

/* f(z) and f'(z). */
struct value {
	double f, d;
};

static struct value sigmoid_reference(double z)
{
	double h = 1 / (1 + exp(-z));

	return (struct value){h, h * (1 - h)};
}

static struct value tanh_reference(double z)
{
	double h = tanh(z);

	return (struct value){h, 1 - h * h};
}

static struct value elu_reference(double z)
{
	return (struct value){z > 0 ? z : expm1(z), z > 0 ? 1 : exp(z)};
}

static struct value selu_reference(double z)
{
	const double lambda = 1.0507009873554805, alpha = 1.6732632423543772;

	return (struct value){z > 0 ? lambda * z : lambda * alpha * expm1(z),
			      z > 0 ? lambda : lambda * alpha * exp(z)};
}

static struct value silu_reference(double z)
{
	double e = exp(-fabs(z)), s = z < 0 ? e / (1 + e) : 1 / (1 + e);

	return (struct value){z * s, s + z * e / ((1 + e) * (1 + e))};
}

static struct value softplus_reference(double z)
{
	double e = exp(-fabs(z));

	return (struct value){(z > 0 ? z : 0) + log1p(e), z < 0 ? e / (1 + e) : 1 / (1 + e)};
}

/* Phi(z) and phi(z). */
static struct value normal_reference(double z)
{
	return (struct value){0.5 * erfc(-z * 0.70710678118654752440),
			      0.39894228040143267794 * exp(-0.5 * z * z)};
}

static double clamped_exp_reference(double x)
{
	return exp(fmin(fmax(x, (double)-87.33f), (double)88.37f));
}

static void note(struct worst *worst, double error, float at)
{
	if (!(error <= worst->error)) {
		worst->error = isnan(error) ? (double)INFINITY : error;
		worst->at = at;
	}
}

/* A NaN stays a NaN; of any other z the error, which is NaN, and noted as infinite, if the result
 * is. */
static double unless_nan(float z, float result, double error)
{
	if (isnan(z))
		return isnan(result) ? 0 : (double)INFINITY;
	return error;
}

/* Over |expected|, without the rounding of a denormal result. */
static double relative_error(float h, double expected)
{
	double error = fabs((double)h - expected) - 0x1p-149;

	if (isinf(h) && fabs(expected) > (double)FLT_MAX)
		return 0;
	return error < 0 ? 0 : error / fabs(expected);
}

/* exp, log(1 + |z|) where |z| <= 1, and Phi. */
static void measure_parts(const struct kernel_parts *parts, const float *z, struct worst *worst)
{
	float e[CHUNK], log1[CHUNK], phi[CHUNK];

	parts->exp(CHUNK, z, e);
	for (int i = 0; i < CHUNK; i++)
		log1[i] = fabsf(z[i]);
	parts->log1p(CHUNK, log1, log1);
	parts->phi(CHUNK, z, phi);
	for (int i = 0; i < CHUNK; i++) {
		double ratio = (double)e[i] / clamped_exp_reference((double)z[i]);
		double error = fabs((double)phi[i] - normal_reference((double)z[i]).f);

		note(&worst[OF_EXP], unless_nan(z[i], e[i], fabs(ratio - 1)), z[i]);
		if (!(fabsf(z[i]) > 1))
			note(&worst[OF_LOG1P],
			     unless_nan(z[i], log1[i],
					relative_error(log1[i], log1p(fabs((double)z[i])))),
			     z[i]);
		note(&worst[OF_PHI], unless_nan(z[i], phi[i], error), z[i]);
	}
}

static void measure_sigmoid(float z, float h, float d, struct worst *worst)
{
	struct value expected = sigmoid_reference((double)z);

	note(&worst[OF_SIGMOID], unless_nan(z, h, fabs((double)h - expected.f)), z);
	note(&worst[OF_SIGMOID_D], unless_nan(z, d, fabs((double)d - expected.d)), z);
}

static void measure_tanh(float z, float h, float d, struct worst *worst)
{
	struct value expected = tanh_reference((double)z);
	double error = fabs((double)h - expected.f), size = fabs(expected.f);

	note(&worst[OF_TANH], unless_nan(z, h, size > 0 ? error / size : error), z);
	note(&worst[OF_TANH_D], unless_nan(z, d, fabs((double)d - expected.d)), z);
}

/* gelu(-infinity) is 0 or NaN. */
static void measure_gelu(float z, float h, float d, struct worst *worst)
{
	struct value normal_at_z = normal_reference((double)z);
	double expected = (double)z * normal_at_z.f, error = fabs((double)h - expected);

	error -= 0x1p-24 * fabs(expected) + 0x1p-149;
	if (error < 0)
		error = 0;
	if (isinf(z))
		error = h == z || (z < 0 && !(fabsf(h) > 0)) ? 0 : (double)INFINITY;
	else if (error > 0)
		error /= fabs((double)z);
	note(&worst[OF_GELU], unless_nan(z, h, error), z);
	expected = normal_at_z.f + (double)z * normal_at_z.d;
	if (isfinite(z))
		note(&worst[OF_GELU_D], unless_nan(z, d, fabs((double)d - expected)), z);
}

/* Of what falls to 0 like exp(z): kernels need not follow where it is below the smallest normal
 * number. */
static double falling_error(float z, float h, double expected)
{
	if (z > -87)
		return relative_error(h, expected);
	return fabs((double)h - expected) < 1e-35 ? 0 : (double)INFINITY;
}

static void measure_elu(float z, float h, float d, struct worst *worst)
{
	struct value expected = elu_reference((double)z);

	note(&worst[OF_ELU], unless_nan(z, h, relative_error(h, expected.f)), z);
	note(&worst[OF_ELU_D], unless_nan(z, d, fabs((double)d - expected.d)), z);
}

static void measure_selu(float z, float h, float d, struct worst *worst)
{
	struct value expected = selu_reference((double)z);

	note(&worst[OF_SELU], unless_nan(z, h, relative_error(h, expected.f)), z);
	note(&worst[OF_SELU_D], unless_nan(z, d, fabs((double)d - expected.d)), z);
}

/* silu(-infinity) is 0 or NaN. */
static void measure_silu(float z, float h, float d, struct worst *worst)
{
	struct value expected = silu_reference((double)z);

	if (!isinf(z))
		note(&worst[OF_SILU], unless_nan(z, h, falling_error(z, h, expected.f)), z);
	else if (!(h == z || (z < 0 && !(fabsf(h) > 0))))
		note(&worst[OF_SILU], INFINITY, z);
	if (!isinf(z))
		note(&worst[OF_SILU_D], unless_nan(z, d, fabs((double)d - expected.d)), z);
}

static void measure_softplus(float z, float h, float d, struct worst *worst)
{
	struct value expected = softplus_reference((double)z);

	note(&worst[OF_SOFTPLUS], unless_nan(z, h, falling_error(z, h, expected.f)), z);
	note(&worst[OF_SOFTPLUS_D], unless_nan(z, d, falling_error(z, d, expected.d)), z);
}

static void measure_hard_sigmoid(float z, float h, float d, struct worst *worst)
{
	double expected = fmin(fmax(((double)z + 3) / 6, 0), 1);
	double slope = fabsf(z) < 3 ? 1 / 6.0 : 0;

	note(&worst[OF_HARD_SIGMOID], unless_nan(z, h, fabs((double)h - expected)), z);
	if (!isnan(z) && fabs(fabs((double)z) - 3) > 1e-6)
		note(&worst[OF_HARD_SIGMOID_D], fabs((double)d - slope), z);
}

/* Exact; a NaN stays. */
static void measure_hard_tanh(float z, float h, float d, struct worst *worst)
{
	float expected = z < -1 ? -1 : z > 1 ? 1 : z;

	if (isnan(z) ? !isnan(h) : h != expected || d != (fabsf(z) < 1))
		note(&worst[OF_HARD_TANH], INFINITY, z);
}

static const struct {
	enum hb_map map;
	void (*measure)(float z, float h, float d, struct worst *worst);
} by_element[] = {{HB_SIGMOID, measure_sigmoid},    {HB_TANH, measure_tanh},
		  {HB_GELU, measure_gelu},          {HB_ELU, measure_elu},
		  {HB_SELU, measure_selu},          {HB_SILU, measure_silu},
		  {HB_SOFTPLUS, measure_softplus},  {HB_HARD_SIGMOID, measure_hard_sigmoid},
		  {HB_HARD_TANH, measure_hard_tanh}};

/* h and d of a chunk by one set. */
static void run_by_element(const struct hb_kernels *set, enum hb_map map, const float *z, float *h,
			   float *d)
{
	for (int i = 0; i < CHUNK; i++)
		d[i] = 1;
	set->forward[map](CHUNK / HB_LANES, HB_LANES, HB_LANES, z, h);
	set->backward[map](CHUNK / HB_LANES, HB_LANES, HB_LANES, z, h, d);
}

/* All activations of the table, whether or not a finer bound is measured above. */
static void measure_rows(const struct hb_kernels *set, const float *z, struct worst *worst)
{
	const struct hb_activation *a;
	float h[CHUNK];

	for (int f = 1; (a = hb_activation((hebb_activation)f)); f++) {
		if (!a->f)
			continue;
		set->forward[a->kernel](CHUNK / HB_LANES, HB_LANES, HB_LANES, z, h);
		for (int i = 0; i < CHUNK; i++) {
			double x = (double)z[i], y;

			if (!(fabs(x) < 87))
				continue;
			y = a->f(x);
			note(worst,
			     fabs((double)h[i] - y) /
				     (a->error.absolute + a->error.relative * fabs(y) +
				      a->error.of_z * fabs(x) + 0x1p-149),
			     z[i]);
		}
	}
}

/* The same bits; of two NaNs only that they are. */
static void compare(struct family *found, int set, int n, const float *z, const float *a,
		    const float *best)
{
	if (memcmp(a, best, n * sizeof *a) == 0)
		return;
	for (int i = 0; i < n; i++)
		if (memcmp(&a[i], &best[i], sizeof *a) != 0 && !(isnan(a[i]) && isnan(best[i])))
			if (found->different[set]++ == 0)
				found->different_at[set] = z[i];
}

/* Rows of 16 of the chunk's floats and a 0: exp of those that are not positive is in the sets'
 * softmax alike. */
static void compare_softmax(const struct hb_kernels *const *sets, int n, const float *z,
			    struct family *found)
{
	enum { LD = 2 * HB_LANES, AT_ONCE = 64 };
	float rows[AT_ONCE * LD] = {0}, best[AT_ONCE * LD], h[AT_ONCE * LD];

	for (int from = 0; from < CHUNK; from += AT_ONCE * HB_LANES)
		for (int set = 0; set < n; set++) {
			for (int i = 0; i < AT_ONCE; i++)
				memcpy(rows + i * LD, z + from + i * HB_LANES,
				       HB_LANES * sizeof *z);
			sets[set]->forward[HB_SOFTMAX](AT_ONCE, HB_LANES + 1, LD, rows,
						       set ? h : best);
			if (set)
				compare(found, set, AT_ONCE * LD, rows, h, best);
		}
}

static void measure_family(int fused, const float *z, struct family *found)
{
	const struct hb_kernels *sets[MOST_SETS];
	int n = sets_alike(fused, sets);
	float best[CHUNK], best_d[CHUNK], h[CHUNK], d[CHUNK];

	for (size_t k = 0; k < sizeof by_element / sizeof *by_element; k++) {
		run_by_element(sets[0], by_element[k].map, z, best, best_d);
		for (int i = 0; i < CHUNK; i++)
			by_element[k].measure(z[i], best[i], best_d[i], found->worst);
		for (int set = 1; set < n; set++) {
			run_by_element(sets[set], by_element[k].map, z, h, d);
			compare(found, set, CHUNK, z, h, best);
			compare(found, set, CHUNK, z, d, best_d);
		}
	}
	measure_parts(fused ? &kernel_parts_scalar : &kernel_parts_muladd, z, found->worst);
	measure_rows(sets[0], z, &found->worst[OF_ROWS]);
	compare_softmax(sets, n, z, found);
}

/* All that is measured, at CHUNK floats. */
static void measure_chunk(const float *z, struct findings *found)
{
	for (int fused = 0; fused <= 1; fused++)
		measure_family(fused, z, &found->of[fused]);
}

static float float_of(uint32_t bits)
{
	float x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

#endif /* HEBB_FUNCTIONS_H */
