/* SPDX-License-Identifier: MIT */
/*
 * test_kernels.c - every set of kernels against plain loops, and all of a family to the bit alike
 *
 * The families are that of fused multiply-add, whose last set is the scalar one, and muladd.  The
 * last set is what the others are compared with.
 */
#include <float.h>
#include "test.h"
#include "kernel_parts.h"

enum { SETS = MOST_SETS };

static int fused; /* the family under test */

/* The sets of the family that this machine has; returns how many. */
static int available(const struct hb_kernels *sets[SETS])
{
	int n = sets_alike(fused, sets);

	assert_in_range(n, 1, SETS);
	assert_string_equal(sets[n - 1]->name, fused ? "scalar" : "muladd");
	return n;
}

/* The same bits; of two NaNs only that they are. */
static void same_bits(size_t n, const float *a, const float *b, const char *set, const char *what)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(&a[i], &b[i], sizeof *a) != 0 && !(isnan(a[i]) && isnan(b[i])))
			fail_msg("%s of %s: element %zu is %.9g, not %.9g", what, set, i,
				 (double)a[i], (double)b[i]);
}

/* ---- The product ---- */

/* What is wanted next lies behind the arrays: nobody may read there. */
static void multiply(const struct hb_kernels *set, const struct hb_product *product, size_t c_size,
		     float *c)
{
	struct hb_product p = *product;

	memcpy(c, p.c, c_size * sizeof *c);
	p.c = c;
	p.next = c + c_size;
	p.step = 1000;
	set->product(&p);
}

/* Each element within the rounding of its K + 2 steps, and nothing written beside them.  p->c: as
 * it was before. */
static void check_product(const struct hb_product *p, size_t c_size, const float *c)
{
	const float *a = p->a, *b = p->b;

	for (size_t at = 0; at < c_size; at++) {
		ptrdiff_t i = (ptrdiff_t)at / p->ldc, j = (ptrdiff_t)at % p->ldc;
		double sum, size, factor = p->begin == HB_ADD_TO_C ? (double)p->factor : 1;

		if (i >= p->M || j >= p->N) {
			assert_true(c[at] == p->c[at]);
			continue;
		}
		sum = p->begin == HB_FROM_ZERO   ? 0
		      : p->begin == HB_FROM_BIAS ? (double)p->bias[j]
						 : (double)p->c[at];
		size = fabs(sum);
		for (ptrdiff_t k = 0; k < p->K; k++) {
			double term = factor * (double)a[i * p->ai + k * p->ak] *
				      (double)b[k * p->ldb + j];

			sum += term;
			size += fabs(term);
		}
		test_near((double)c[at], sum, (p->K + 2) * size * 0x1p-24,
			  "an element of a product");
	}
}

static void try_product(int M, int N, int K, int transposed, enum hb_begin begin)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	struct hb_product p = {.M = M, .N = N, .K = K, .begin = begin, .factor = -0.3f};
	size_t c_size;
	float *a = test_floats(1, (size_t)(M + 5) * (K + 3), -1, 1),
	      *bias = test_floats(2, (size_t)N, -1, 1);
	float *b, *c, *expected, *result;

	p.ai = transposed ? 1 : K + 3;
	p.ak = transposed ? M + 5 : 1;
	p.ldb = N + K % 3;
	p.ldc = N + 7 * (K % 2);
	c_size = (size_t)(M + 1) * p.ldc;
	p.a = a;
	p.bias = bias;
	p.b = b = test_floats(3, (size_t)K * p.ldb + 1, -1, 1);
	p.c = c = test_floats(4, c_size, -1, 1);
	expected = test_memory(c_size * sizeof *expected);
	result = test_memory(c_size * sizeof *result);
	multiply(sets[n - 1], &p, c_size, expected);
	check_product(&p, c_size, expected);
	for (int i = 0; i < n - 1; i++) {
		multiply(sets[i], &p, c_size, result);
		same_bits(c_size, result, expected, sets[i]->name, "product");
	}
	free(a);
	free(b);
	free(c);
	free(bias);
	free(expected);
	free(result);
}

static void products(void **state)
{
	static const int depths[] = {0, 1, 2, 7, 31, 100};

	(void)state;
	for (int M = 0; M <= 30; M++)
		for (int N = 16; N <= 32; N += 16)
			for (size_t k = 0; k < COUNT_OF(depths); k++)
				for (int form = 0; form < 8; form++)
					try_product(M, N, depths[k], form % 2,
						    (enum hb_begin)(form / 2));
}

/* From c, the same chains go on: k in two parts gives the bits of one. */
static void chains_go_on(void **state)
{
	enum { M = 15, N = 32, K = 50, FIRST = 23 };
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	float *a = test_floats(1, M * K, -1, 1), *b = test_floats(2, K * N, -1, 1), whole[M * N],
	      parts[M * N];

	(void)state;
	for (int i = 0; i < n; i++) {
		struct hb_product p = {.M = M,
				       .N = N,
				       .K = K,
				       .a = a,
				       .ai = K,
				       .ak = 1,
				       .b = b,
				       .ldb = N,
				       .c = whole,
				       .ldc = N};

		sets[i]->product(&p);
		p.c = parts;
		p.K = FIRST;
		sets[i]->product(&p);
		p.begin = HB_FROM_C;
		p.K = K - FIRST;
		p.a = a + FIRST;
		p.b = b + FIRST * N;
		sets[i]->product(&p);
		same_bits(M * N, parts, whole, sets[i]->name, "two parts");
	}
	free(a);
	free(b);
}

/* ---- Functions by element ---- */

/* Floats of all sizes and both signs, 16 x ROWS of them, and the odd ones. */
enum { LD = 16, ROWS = 20000 };

static float *floats_of_all_sizes(void)
{
	static const float odd[] = {0.0f,     -0.0f,     1e-45f,  -1e-45f,  FLT_MIN, -FLT_MIN,
				    0.625f,   -0.625f,   87.33f,  -87.34f,  88.37f,  -88.38f,
				    104,      -104,      FLT_MAX, -FLT_MAX, 1e20f,   -1e20f,
				    INFINITY, -INFINITY, NAN};
	float *z = test_memory(LD * ROWS * sizeof *z);

	for (uint32_t i = 0; i < LD * ROWS; i++) { /* the bits from 2^-30 to 2^7, in even steps */
		uint32_t bits = 0x30800000 +
				(uint32_t)((0x43000000 - 0x30800000) / (LD * ROWS / 2) * (i / 2));

		bits |= i % 2 ? 0x80000000 : 0;
		memcpy(&z[i], &bits, sizeof bits);
	}
	memcpy(z, odd, sizeof odd);
	return z;
}

/* What the row states, and the last bit of a denormal number. */
static double error_bound(const struct hb_activation *a, double z, double f)
{
	return a->error.absolute + a->error.relative * fabs(f) +
	       (a->error.of_z > 0 ? a->error.of_z * fabs(z) : 0) + 0x1p-149;
}

static void check_forward(const struct hb_activation *a, const float *z, const float *h)
{
	for (int i = 0; i < LD * ROWS; i++) {
		double expected = a->f((double)z[i]);

		if (isnan(z[i]))
			assert_true(isnan(h[i]));
		else if (a->keeps_z && z[i] < -FLT_MAX)
			assert_true(isnan(h[i]) || h[i] == 0); /* -inf times 0 */
		else if (isinf(expected) || fabs(expected) > (double)FLT_MAX)
			assert_true(isinf(h[i]) && (h[i] > 0) == (expected > 0));
		else
			test_near((double)h[i], expected, error_bound(a, (double)z[i], expected),
				  a->entry.name);
	}
}

/* From d = 1: f'(z), within the errors of f and of h (1 - h) or 1 - h^2 in float32. */
static void check_backward(const struct hb_activation *a, const float *z, const float *d)
{
	for (int i = 0; i < LD * ROWS; i++)
		if (fabsf(z[i]) < 100 && z[i] != 0)
			test_near((double)d[i], a->derivative((double)z[i]), 6e-7, a->entry.name);
}

static void functions_by_element(void **state)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	size_t size = LD * ROWS;
	float *z = floats_of_all_sizes(), *h = test_memory(size * sizeof *h),
	      *d = test_memory(size * sizeof *d);
	float *expected = test_memory(size * sizeof *expected),
	      *expected_d = test_memory(size * sizeof *d);

	(void)state;
	for (int f = test_hidden(0); f; f = test_hidden(f)) {
		const struct hb_activation *a = hb_activation((hebb_activation)f);

		if (!a->f)
			continue;
		for (int i = n - 1; i >= 0; i--) {
			float *to = i == n - 1 ? expected : h, *to_d = i == n - 1 ? expected_d : d;

			sets[i]->forward[a->kernel](ROWS, LD, LD, z, to);
			for (size_t at = 0; at < size; at++)
				to_d[at] = 1;
			sets[i]->backward[a->kernel](ROWS, LD, LD, z, to, to_d);
			same_bits(size, to, expected, sets[i]->name, a->entry.name);
			same_bits(size, to_d, expected_d, sets[i]->name, a->entry.name);
		}
		check_forward(a, z, expected);
		check_backward(a, z, expected_d);
	}
	free(z);
	free(h);
	free(d);
	free(expected);
	free(expected_d);
}

/* exp within its range, and d h behind it; the same bits everywhere. */
static void exp_by_element(void **state)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	float *z = test_floats(1, 48, -87, 88), *d = test_floats(2, 48, -3, 3), h[48], to[48];
	float product[48];

	(void)state;
	z[0] = NAN;
	z[1] = -1000;
	z[2] = 1000;
	for (int i = 0; i < n; i++) {
		memcpy(product, d, sizeof product);
		sets[i]->forward[HB_EXP](3, 15, 16, z, to);
		sets[i]->backward[HB_EXP](3, 15, 16, z, to, product);
		if (i == 0)
			memcpy(h, to, sizeof h);
		same_bits(48, to, h, sets[i]->name, "exp");
		for (int j = 3; j < 48; j++) {
			test_near((double)to[j], exp((double)z[j]), 1.2e-7 * exp((double)z[j]),
				  "exp");
			assert_true(product[j] == d[j] * to[j]);
		}
		assert_true(isnan(to[0]) && to[1] > 0 && isfinite(to[2]));
	}
	free(z);
	free(d);
}

/* The kernels may work in place, on a single row, and use d as it comes. */
static void in_place(void **state)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	float *z = test_floats(1, 32, -3, 3), *d = test_floats(2, 32, -3, 3), h[32], same[32],
	      one[32], scaled[32];

	(void)state;
	for (int map = 0; map < HB_MAPS; map++)
		for (int i = 0; i < n; i++) {
			sets[i]->forward[map](1, 29, 32, z, h);
			memcpy(same, z, sizeof same);
			sets[i]->forward[map](1, 29, 32, same, same);
			same_bits(32, same, h, sets[i]->name, "in place");
			if (map == HB_SOFTMAX) /* not by element: below */
				continue;
			for (int j = 0; j < 32; j++)
				one[j] = 1;
			memcpy(scaled, d, sizeof scaled);
			sets[i]->backward[map](1, 29, 32, z, h, one);
			sets[i]->backward[map](1, 29, 32, z, h, scaled);
			for (int j = 0; j < 32; j++)
				test_near((double)scaled[j], (double)d[j] * (double)one[j],
					  1e-6 * (1 + fabs((double)one[j])), "d f'");
		}
	free(z);
	free(d);
}

/* ---- Softmax ---- */

/* Within the error of exp, and the rounding of z - max z. */
static void check_softmax_row(int m, const float *z, const float *h, const float *d,
			      const float *result)
{
	double top = (double)z[0], sum = 0, dot = 0;

	for (int j = 1; j < m; j++)
		top = fmax(top, (double)z[j]);
	for (int j = 0; j < m; j++)
		sum += exp((double)z[j] - top);
	for (int j = 0; j < m; j++) {
		double expected = exp((double)z[j] - top) / sum;

		test_near((double)h[j], expected,
			  expected * (1e-6 + (top - (double)z[j]) * 0x1p-24) + 2e-38, "softmax");
		dot += expected * (double)d[j];
	}
	for (int j = 0; j < m; j++)
		test_near((double)result[j], exp((double)z[j] - top) / sum * ((double)d[j] - dot),
			  1e-6, "softmax's Jacobian");
}

static void try_softmax(int rows, int m, double reach)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets), ld = (m + 15) / 16 * 16;
	size_t size = (size_t)rows * (size_t)ld;
	float *z = test_floats(m, size, -reach, reach), *d = test_floats(m + 1, size, -1, 1);
	float *h = test_memory(size * sizeof *h), *expected = test_memory(size * sizeof *h);
	float *result = test_memory(size * sizeof *h), *expected_d = test_memory(size * sizeof *h);

	for (int i = n - 1; i >= 0; i--) {
		float *to = i == n - 1 ? expected : h, *to_d = i == n - 1 ? expected_d : result;

		memcpy(to_d, d, size * sizeof *d);
		sets[i]->forward[HB_SOFTMAX](rows, m, ld, z, to);
		for (size_t k = 0; k < size; k++)
			if ((int)(k % ld) >= m) {
				assert_true(to[k] == 0); /* the padding */
				to_d[k] = 0;
			}
		sets[i]->backward[HB_SOFTMAX](rows, m, ld, z, to, to_d);
		same_bits(size, to, expected, sets[i]->name, "softmax");
		same_bits(size, to_d, expected_d, sets[i]->name, "softmax's Jacobian");
	}
	for (int row = 0; row < rows; row++)
		check_softmax_row(m, z + row * ld, expected + row * ld, d + row * ld,
				  expected_d + row * ld);
	free(z);
	free(d);
	free(h);
	free(expected);
	free(result);
	free(expected_d);
}

static void softmax(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 37; rows += 3) /* several at a time are computed together */
		for (int m = 1; m <= 67; m += rows == 4 || m < 20 ? 1 : 13) {
			try_softmax(rows, m, 4);
			try_softmax(rows, m, 500); /* exp(z) alone would overflow */
		}
}

static void softmax_of_odd_numbers(void **state)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets);

	(void)state;
	for (int i = 0; i < n; i++) {
		float z[16] = {1, NAN, 2}, h[16];

		sets[i]->forward[HB_SOFTMAX](1, 3, 16, z, h);
		assert_true(isnan(h[0]) && isnan(h[1]) && isnan(h[2]));
		z[1] = -INFINITY;
		sets[i]->forward[HB_SOFTMAX](1, 3, 16, z, h);
		test_near((double)h[0], 1 / (1 + exp(1)), 1e-7, "beside -inf");
		test_near((double)h[1], 0, 1e-37, "of -inf");
		z[1] = INFINITY;
		sets[i]->forward[HB_SOFTMAX](1, 3, 16, z, h);
		assert_true(isnan(h[1])); /* so that divergence is seen */
	}
}

/* ---- Cross-entropy of softmax ---- */

/* J and d in double, from h and z as they are. */
static void check_cross_entropy_row(int m, const float *h, const float *z, const float *y,
				    double smoothing, float share, const float *d, double J)
{
	double top = (double)z[0], most = (double)h[0], sum = 0, expected = 0;

	for (int j = 1; j < m; j++) {
		top = fmax(top, (double)z[j]);
		most = fmax(most, (double)h[j]);
	}
	for (int j = 0; j < m; j++) {
		double target = (double)y[j] * (1 - smoothing) + smoothing / m;

		sum += target;
		expected += target * (top - (double)z[j]);
	}
	test_near(J, expected - sum * log(most), 1e-13 * (1 + expected), "J");
	for (int j = 0; j < m; j++) {
		double target = (double)y[j] * (1 - smoothing) + smoothing / m;

		test_near((double)d[j], (sum * (double)h[j] - target) * (double)share,
			  3e-7 * (1 + sum), "d");
	}
}

/* Makes all targets of each row, or of each second one, 0 but one; of some rows all. */
static void leave_one_class(int rows, int m, int step, float *y)
{
	for (int i = 0; i < rows; i += step)
		for (int j = 0; j < m; j++)
			y[i * m + j] = j == 7 * i % m && i % 5 != 4 ? y[i * m + j] : 0;
}

/* y has the exact length, so that a reader beyond its end is caught. */
static void try_cross_entropy(int rows, int m, double smoothing, int classes)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets), ld = (m + 15) / 16 * 16;
	size_t size = (size_t)rows * ld;
	float *z = test_floats(m, size, -9, 9), *h = test_memory(size * sizeof *h),
	      *y = test_floats(m + 1, (size_t)rows * m, 0, 1),
	      *share = test_floats(m + 2, (size_t)rows, 0, 1);
	float *d = test_memory(size * sizeof *d), *expected = test_memory(size * sizeof *d);
	double J[40], alone[40], right[40];

	if (classes)
		leave_one_class(rows, m, classes, y);
	sets[n - 1]->forward[HB_SOFTMAX](rows, m, ld, z, h);
	sets[n - 1]->cross_entropy(rows, m, ld, h, z, y, smoothing, share, expected, right);
	for (int i = 0; i < rows; i++)
		check_cross_entropy_row(m, h + i * ld, z + i * ld, y + i * m, smoothing, share[i],
					expected + i * ld, right[i]);
	for (int i = 0; i < n; i++) {
		sets[i]->cross_entropy(rows, m, ld, h, z, y, smoothing, share, d, J);
		sets[i]->cross_entropy(rows, m, ld, h, z, y, smoothing, NULL, NULL, alone);
		same_bits(size, d, expected, sets[i]->name, "d");
		assert_memory_equal(J, right, (size_t)rows * sizeof *J);
		assert_memory_equal(alone, right, (size_t)rows * sizeof *J);
		for (size_t k = 0; k < size; k++)
			assert_true((int)(k % ld) < m || d[k] == 0);
	}
	free(z);
	free(h);
	free(y);
	free(share);
	free(d);
	free(expected);
}

static void cross_entropy(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 19; rows += 3)
		for (int m = 2; m <= 140; m += m < 36 ? 1 : 13)
			for (int classes = 0; classes < 3; classes++) {
				try_cross_entropy(rows, m, 0, classes);
				try_cross_entropy(rows, m, 0.1, classes);
			}
}

/* The logarithm has the bits of hb_log(): with z all alike and one target, J is -log h. */
static void logarithms(void **state)
{
	const struct hb_kernels *sets[SETS];
	int n = available(sets);

	(void)state;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < 1000; k++) {
			float z[17 * 16] = {0}, y[17 * 2] = {0}, h[17 * 16] = {0};
			double J[17];

			for (int row = 0; row < 17; row++) {
				y[row * 2] = 1;
				h[row * 16] = 1 / (1 + (float)(k * k + row));
			}
			h[5 * 16] = k == 999 ? NAN : h[5 * 16];
			sets[i]->cross_entropy(17, 2, 16, h, z, y, 0, NULL, NULL, J);
			for (int row = 0; row < 17; row++)
				assert_true(J[row] == 0 - hb_log((double)h[row * 16]) ||
					    (k == 999 && row == 5 && isnan(J[row])));
		}
}

/* Also where its target is 0, as those around it. */
static void odd_numbers_among_zeros(void **state)
{
	static const float odd[] = {NAN, INFINITY, -INFINITY};
	const struct hb_kernels *sets[SETS];
	int n = available(sets);

	(void)state;
	for (int i = 0; i < n; i++)
		for (int at = 20; at < 40; at++)
			for (size_t k = 0; k < COUNT_OF(odd); k++) {
				float z[48] = {1, 2}, y[40] = {1}, h[48] = {1};
				double J;

				z[at] = odd[k];
				sets[i]->cross_entropy(1, 40, 48, h, z, y, 0, NULL, NULL, &J);
				assert_false(isfinite(J));
			}
}

/* What is not finite in a row shows in its J. */
static void cross_entropy_of_odd_numbers(void **state)
{
	static const float odd[] = {NAN, INFINITY, -INFINITY};
	const struct hb_kernels *sets[SETS];
	int n = available(sets);

	(void)state;
	for (int i = 0; i < n; i++)
		for (int at = 0; at < 3; at++)
			for (size_t k = 0; k < COUNT_OF(odd); k++) {
				float z[20 * 16] = {0}, y[20 * 3], h[20 * 16];
				double J[20];

				for (int j = 0; j < 20 * 3; j++)
					y[j] = 0.25f;
				for (int row = 0; row < 20; row += 2)
					z[row * 16 + at] = odd[k];
				sets[i]->forward[HB_SOFTMAX](20, 3, 16, z, h);
				sets[i]->cross_entropy(20, 3, 16, h, z, y, 0, NULL, NULL, J);
				for (int row = 0; row < 20; row++)
					assert_true(isfinite(J[row]) == row % 2);
			}
}

/* ---- Updates ---- */

enum { UPDATED = 160 };

struct update {
	float w[UPDATED], m[UPDATED], s[UPDATED];
};

/* What has no rule; behind these come the kernels of the rules. */
enum { SCALE, ADD, ADD_SIGN, AVERAGE, MULTIPLY, OTHERS };

static void run_update(const struct hb_kernels *set, int which, struct hb_rates r, const float *g,
		       struct update *u)
{
	int mean_square = which - OTHERS == HB_RMSPROP; /* its only block */

	switch (which) {
	case SCALE:
		set->scale(UPDATED, 0.875f, u->w);
		break;
	case ADD:
		set->add(UPDATED, 0.3f, g, u->w);
		break;
	case ADD_SIGN:
		set->add_sign(UPDATED, 0.3f, g, u->w);
		break;
	case AVERAGE:
		set->average(UPDATED, 0.3f, g, u->w);
		break;
	case MULTIPLY:
		set->multiply(UPDATED, g, u->m, u->w);
		break;
	default:
		set->update[which - OTHERS](UPDATED, r, u->w, g, mean_square ? u->s : u->m, u->s);
		break;
	}
}

/* w after the update, in double. */
static double updated(int which, struct hb_rates r, double g, double w, double m, double s)
{
	double v = (double)r.momentum * m + g,
	       square = (double)r.beta2 * s + (double)r.rest2 * g * g;
	double mean = (double)r.beta1 * m + (double)r.rest1 * g, rate = (double)r.rate,
	       e = (double)r.epsilon;

	switch (which) {
	case SCALE:
		return 0.875 * w;
	case ADD:
		return w + (double)0.3f * g;
	case ADD_SIGN:
		return w + (double)0.3f * ((g > 0) - (g < 0));
	case AVERAGE:
		return w + (double)0.3f * (g - w);
	case MULTIPLY:
		return g * m;
	case OTHERS + HB_SGD:
		return w - rate * g;
	case OTHERS + HB_MOMENTUM:
		return w - rate * v;
	case OTHERS + HB_NESTEROV:
		return w - rate * (g + (double)r.momentum * v);
	case OTHERS + HB_RMSPROP:
		return w - rate * g / (sqrt(square) + e);
	case OTHERS + HB_ADAM:
		return w - rate * mean / (sqrt(square) * (double)r.root + e);
	case OTHERS + HB_RPROP:
		return g * m > 0             ? w - copysign(1.2 * s, g)
		       : g * m < 0 || g == 0 ? w
					     : w - copysign(s, g);
	case OTHERS + HB_LION:
		return w - copysign(rate, mean);
	}
	fail_msg("update %d of the kernels has no formula here", which - OTHERS);
	return 0;
}

static void update_rules(void **state)
{
	const struct hb_kernels *sets[SETS];
	const struct hb_rates r = {.rate = 0.1f,
				   .momentum = 0.9f,
				   .beta1 = 0.8f,
				   .beta2 = 0.95f,
				   .rest1 = 0.2f,
				   .rest2 = 0.05f,
				   .root = 1.5f,
				   .epsilon = 1e-8f};
	int n = available(sets);
	float *g = test_floats(1, UPDATED, -1, 1), *w = test_floats(2, UPDATED, -1, 1);
	float *m = test_floats(3, UPDATED, -1, 1), *s = test_floats(4, UPDATED, 0.1, 1);

	(void)state;
	g[3] = g[20] = 0;
	g[4] = g[150] = -0.0f;
	for (int which = 0; which < OTHERS + HB_UPDATES; which++) {
		struct update start, expected, u;
		char name[20];

		snprintf(name, sizeof name, "update %d", which);

		memcpy(start.w, w, sizeof start.w);
		memcpy(start.m, m, sizeof start.m);
		memcpy(start.s, s, sizeof start.s);
		expected = start;
		run_update(sets[n - 1], which, r, g, &expected);
		for (int k = 0; k < UPDATED; k++)
			test_near((double)expected.w[k],
				  updated(which, r, (double)g[k], (double)w[k], (double)m[k],
					  (double)s[k]),
				  1e-6, name);
		for (int i = 0; i < n - 1; i++) {
			u = start;
			run_update(sets[i], which, r, g, &u);
			same_bits(UPDATED, u.w, expected.w, sets[i]->name, name);
			same_bits(UPDATED, u.m, expected.m, sets[i]->name, name);
			same_bits(UPDATED, u.s, expected.s, sets[i]->name, name);
		}
	}
	free(g);
	free(w);
	free(m);
	free(s);
}

/* ---- muladd is multiply and add ---- */

/* One float at a time; `volatile`, so that no compiler fuses anything. */
static float plus_product(float a, float b, float c)
{
	volatile float product = a * b;

	return product + c;
}

static void product_by_plain_loops(void **state)
{
	enum { M = 11, N = 32, K = 37 };
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	float *a = test_floats(1, M * K, -1, 1), *b = test_floats(2, K * N, -1, 1),
	      *bias = test_floats(3, N, -1, 1), c[M * N], expected[M * N], row[N];
	struct hb_product p = {.M = M, .N = N, .K = K, .a = a, .ai = K, .ak = 1};

	(void)state;
	p.b = b, p.ldb = N, p.begin = HB_FROM_BIAS, p.bias = bias, p.c = c, p.ldc = N;
	for (int i = 0; i < M; i++)
		for (int j = 0; j < N; j++) {
			float sum = bias[j];

			for (int k = 0; k < K; k++)
				sum = plus_product(a[i * K + k], b[k * N + j], sum);
			expected[i * N + j] = sum;
		}
	for (int i = 0; i < n; i++) {
		sets[i]->product(&p);
		same_bits(M * N, c, expected, sets[i]->name, "product by plain loops");
		sets[i]->row_product(N, K, a, b, bias, row);
		same_bits(N, row, expected, sets[i]->name, "row product by plain loops");
	}
	free(a), free(b), free(bias);
}

/* The comment of reduced() in kernels.inc, with a rounded product. */
static float plain_exp(float x)
{
	static const float P[] = {0.00138146128f, 0.00836871006f, 0.041668389f, 0.166665211f,
				  0.49999994f};
	float n, f, p = P[0], power;

	x = x < -87.33f ? -87.33f : x > 88.37f ? 88.37f : x;
	n = rintf(plus_product(x, 1.44269504f, 0));
	f = plus_product(n, -0.693359375f, x);
	f = plus_product(n, 0.00021219444f, f);
	for (int i = 1; i < 5; i++)
		p = plus_product(p, f, P[i]);
	power = ldexpf(1, (int)n);
	return (plus_product(f * f, p, f) + 1) * power;
}

static void functions_by_plain_loops(void **state)
{
	enum { COUNT = 4096 };
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	float *z = test_floats(1, COUNT, -80, 80), h[COUNT], expected[COUNT];

	(void)state;
	for (int map = 0; map < 2; map++)
		for (int i = 0; i < n; i++) {
			for (int k = 0; k < COUNT; k++)
				expected[k] = map ? 1 / (1 + plain_exp(-z[k])) : plain_exp(z[k]);
			sets[i]->forward[map ? HB_SIGMOID : HB_EXP](1, COUNT, COUNT, z, h);
			same_bits(COUNT, h, expected, sets[i]->name, "exp by plain loops");
		}
	free(z);
}

/* 16 lanes, of which the halves are added, then the quarters, and so on. */
static float plain_sum(const float lanes[16])
{
	float t[16];

	memcpy(t, lanes, sizeof t);
	for (int half = 8; half > 0; half /= 2)
		for (int i = 0; i < half; i++)
			t[i] += t[i + half];
	return t[0];
}

static void sums_by_plain_loops(void **state)
{
	enum { COUNT = 61, PADDED = 64 };
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	float *h = test_floats(1, PADDED, -3, 3), *y = test_floats(2, COUNT, -3, 3),
	      softmax[PADDED], expected[PADDED] = {0}, lanes[16] = {0}, squares[16] = {0},
	      most = -3;
	double J;

	(void)state;
	for (int k = 0; k < COUNT; k++)
		most = h[k] > most ? h[k] : most;
	for (int k = 0; k < COUNT; k++) {
		float e = h[k] - y[k];

		squares[k % 16] = plus_product(e, e, squares[k % 16]);
		expected[k] = plain_exp(h[k] - most);
		lanes[k % 16] += expected[k];
	}
	for (int k = 0; k < COUNT; k++)
		expected[k] /= plain_sum(lanes);
	for (int i = 0; i < n; i++) {
		sets[i]->squared_error(1, COUNT, PADDED, h, y, NULL, NULL, &J);
		assert_true(J == (double)plain_sum(squares) / 2);
		sets[i]->forward[HB_SOFTMAX](1, COUNT, PADDED, h, softmax);
		same_bits(PADDED, softmax, expected, sets[i]->name, "softmax by plain loops");
	}
	free(h), free(y);
}

static void update_by_plain_loops(void **state)
{
	enum { COUNT = 160 };
	const struct hb_rates r = {.rate = 0.01f,
				   .beta1 = 0.9f,
				   .beta2 = 0.99f,
				   .rest1 = 0.1f,
				   .rest2 = 0.01f,
				   .root = 1.5f,
				   .epsilon = 1e-8f};
	const struct hb_kernels *sets[SETS];
	int n = available(sets);
	float *start = test_floats(1, COUNT, -1, 1), *g = test_floats(2, COUNT, -1, 1);
	float w[COUNT], m[COUNT], s[COUNT], expected[COUNT];

	(void)state;
	for (int k = 0; k < COUNT; k++) {
		float mean = plus_product(g[k], r.rest1, start[k] * r.beta1);
		float square = plus_product(g[k] * g[k], r.rest2, fabsf(start[k]) * r.beta2);

		expected[k] =
			start[k] - mean * r.rate / plus_product(sqrtf(square), r.root, r.epsilon);
	}
	for (int i = 0; i < n; i++) {
		memcpy(w, start, sizeof w);
		memcpy(m, start, sizeof m);
		for (int k = 0; k < COUNT; k++)
			s[k] = fabsf(start[k]);
		sets[i]->update[HB_ADAM](COUNT, r, w, g, m, s);
		same_bits(COUNT, w, expected, sets[i]->name, "adam by plain loops");
	}
	free(start), free(g);
}

#define OF_ANY_FAMILY \
	cmocka_unit_test(products), cmocka_unit_test(chains_go_on), \
		cmocka_unit_test(functions_by_element), cmocka_unit_test(exp_by_element), \
		cmocka_unit_test(in_place), cmocka_unit_test(softmax), \
		cmocka_unit_test(softmax_of_odd_numbers), cmocka_unit_test(cross_entropy), \
		cmocka_unit_test(logarithms), cmocka_unit_test(cross_entropy_of_odd_numbers), \
		cmocka_unit_test(odd_numbers_among_zeros), cmocka_unit_test(update_rules)

int main(void)
{
	const struct CMUnitTest of_fused[] = {OF_ANY_FAMILY};
	const struct CMUnitTest of_muladd[] = {
		OF_ANY_FAMILY, cmocka_unit_test(product_by_plain_loops),
		cmocka_unit_test(functions_by_plain_loops), cmocka_unit_test(sums_by_plain_loops),
		cmocka_unit_test(update_by_plain_loops)};
	int failures;

	fused = 1;
	failures = cmocka_run_group_tests(of_fused, NULL, NULL);
	fused = 0;
	return failures + cmocka_run_group_tests(of_muladd, NULL, NULL);
}
