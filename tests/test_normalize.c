/* SPDX-License-Identifier: MIT */
/*
 * test_normalize.c - the kernels of batch norm and layer norm against sums in double, also of
 * values far from zero, and all sets of a family to the bit alike
 */
#include "test.h"
#include "kernel_parts.h"

#define EPSILON 1e-5f

/* x lies around `offset`; the first value, or row, lies `outlier` above. */
struct shape {
	int rows, m;
	float offset, outlier;
};

/* What the kernels wrote; by row or by column. */
enum { MOST = 70, LD = 80 };
struct result {
	float mean[LD], inverse[LD], rest[LD], spread[LD], sum[LD], product[LD];
	float z[MOST * LD], dx[MOST * LD];
};

struct given {
	float *x, *d, gamma[LD], beta[LD]; /* x: not padded */
};

static struct given make(const struct shape *s, int by_row)
{
	struct given g = {.x = test_floats(1, (size_t)s->rows * s->m, -1, 1),
			  .d = test_floats(2, (size_t)s->rows * LD, -1, 1)};
	float *gamma = test_floats(3, LD, -1, 1), *beta = test_floats(4, LD, -1, 1);

	for (int i = 0; i < s->rows; i++)
		for (int j = 0; j < s->m; j++)
			g.x[i * s->m + j] += s->offset + ((by_row ? j : i) == 0 ? s->outlier : 0);
	for (int i = 0; i < s->rows; i++)
		for (int j = s->m; j < LD; j++)
			g.d[i * LD + j] = 0;
	for (int j = 0; j < LD; j++) {
		g.gamma[j] = j < s->m ? gamma[j] : 0;
		g.beta[j] = j < s->m ? beta[j] : 0;
	}
	free(gamma), free(beta);
	return g;
}

static void run(const struct hb_kernels *set, const struct shape *s, int by_row,
		const struct given *g, struct result *r)
{
	struct hb_norm n = {
		.rows = s->rows, .m = s->m, .x = g->x, .ldx = s->m, .d = g->d, .ld = LD};

	memset(r, 0, sizeof *r);
	n.gamma = g->gamma, n.beta = g->beta, n.epsilon = EPSILON;
	n.mean = r->mean, n.inverse = r->inverse, n.rest = r->rest, n.spread = r->spread;
	n.sum = r->sum, n.product = r->product, n.share = 1 / (float)s->rows;
	n.result = r->z;
	if (!by_row)
		set->column_statistics(&n);
	(by_row ? set->row_forward : set->column_forward)(&n);
	n.result = r->dx;
	(by_row ? set->sums_of_rows : set->column_sums)(&n);
	(by_row ? set->row_backward : set->column_backward)(&n);
}

/* ---- In double ---- */

/* x^ of `count` values that lie `step` apart; returns 1 / sqrt(variance + epsilon). */
static double units(int count, const float *x, int step, double *unit, double *mean)
{
	double squares = 0, inverse;

	*mean = 0;
	for (int i = 0; i < count; i++)
		*mean += (double)x[i * step] / count;
	for (int i = 0; i < count; i++)
		squares += pow((double)x[i * step] - *mean, 2);
	inverse = 1 / sqrt(squares / count + (double)EPSILON);
	for (int i = 0; i < count; i++)
		unit[i] = ((double)x[i * step] - *mean) * inverse;
	return inverse;
}

/* One row, or column, number `at`. */
static void check_group(const struct shape *s, int by_row, int at, const struct given *g,
			const struct result *r, double *sum, double *product)
{
	int count = by_row ? s->m : s->rows;
	double unit[MOST], mean, inverse, a = 0, b = 0, bound;

	inverse = units(count, g->x + (by_row ? at * s->m : at), by_row ? 1 : s->m, unit, &mean);
	test_near((double)r->mean[at], mean, fabs(mean) * 0x1p-24 + 1e-7 / inverse, "a mean");
	test_near((double)r->inverse[at], inverse, 4e-7 * inverse, "an inverse");
	for (int k = 0; k < count; k++) {
		int row = by_row ? at : k, column = by_row ? k : at;
		double d = (double)g->d[row * LD + column];

		a += (double)g->gamma[column] * d / count;
		b += (double)g->gamma[column] * d * unit[k] / count;
		sum[column] += d;
		product[column] += d * unit[k];
		test_near((double)r->z[row * LD + column],
			  (double)g->gamma[column] * unit[k] + (double)g->beta[column],
			  1e-6 * (1 + fabs(unit[k])), "z");
	}
	for (int k = 0; k < count; k++) {
		int row = by_row ? at : k, column = by_row ? k : at;
		double slope = (double)g->gamma[column] * (double)g->d[row * LD + column];

		bound = 2e-6 * inverse * (1 + fabs(unit[k]));
		test_near((double)r->dx[row * LD + column], inverse * (slope - a - unit[k] * b),
			  bound, "dx");
	}
}

static void check(const struct shape *s, int by_row, const struct given *g, const struct result *r)
{
	double sum[MOST] = {0}, product[MOST] = {0};

	for (int at = 0; at < (by_row ? s->rows : s->m); at++)
		check_group(s, by_row, at, g, r, sum, product);
	for (int j = 0; j < s->m; j++) {
		test_near((double)r->sum[j], sum[j], s->rows * 1e-6, "sum d");
		test_near((double)r->product[j], product[j], s->rows * 1e-6, "sum d x^");
	}
	for (int i = 0; i < s->rows; i++)
		for (int j = s->m; j < (s->m + 15) / 16 * 16; j++) {
			assert_true(r->z[i * LD + j] == 0);
			assert_true(r->dx[i * LD + j] == 0);
		}
}

static void try(const struct shape *s, int by_row, int fused)
{
	static struct result expected, r;
	const struct hb_kernels *sets[MOST_SETS];
	int n = sets_alike(fused, sets);
	struct given g = make(s, by_row);

	run(sets[n - 1], s, by_row, &g, &expected);
	check(s, by_row, &g, &expected);
	for (int i = 0; i < n - 1; i++) {
		run(sets[i], s, by_row, &g, &r);
		if (memcmp(&r, &expected, sizeof r) != 0)
			fail_msg("%s differs from %s: %d rows, %d columns, by %s", sets[i]->name,
				 sets[n - 1]->name, s->rows, s->m, by_row ? "row" : "column");
	}
	free(g.x), free(g.d);
}

static void try_all(int by_row)
{
	static const int rows[] = {2, 3, 5, 8, 33, 64}, columns[] = {1, 2, 15, 16, 31, 33, 48, 70};
	static const float offsets[] = {0, -1000, 1e6f}, outliers[] = {0, 50, -1e5f};

	for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(columns); i++)
		for (size_t k = 0; k < COUNT_OF(offsets) * COUNT_OF(outliers); k++)
			for (int fused = 0; fused <= 1; fused++)
				try(&(struct shape){rows[i % COUNT_OF(rows)],
						    columns[i / COUNT_OF(rows)],
						    offsets[k % COUNT_OF(offsets)],
						    outliers[k / COUNT_OF(offsets)]},
				    by_row, fused);
}

static void by_column(void **state)
{
	(void)state;
	try_all(0);
}

static void by_row(void **state)
{
	(void)state;
	try_all(1);
}

/* Constant values have no variance and are 0, wherever they lie; what overflows is NaN, so that
 * divergence is seen. */
static void constant_and_infinite(void **state)
{
	static struct result r;

	(void)state;
	for (const struct hb_kernels *const *set = hb_kernel_sets; *set; set++)
		for (int by_row = 0; by_row <= 1 && (*set)->available(); by_row++) {
			struct shape s = {10, 10, 0, 0};
			struct given g = make(&s, by_row);

			for (int i = 0; i < 100; i++)
				g.x[i] = 123456.7f;
			run(*set, &s, by_row, &g, &r);
			for (int i = 0; i < 10; i++)
				for (int j = 0; j < 10; j++)
					assert_true(r.z[i * LD + j] == g.beta[j]);
			g.x[55] = 1e30f; /* its square is infinite */
			run(*set, &s, by_row, &g, &r);
			assert_true(isnan(r.z[5 * LD + 5]));
			free(g.x), free(g.d);
		}
}

/* One row by constants: dx = gamma inverse d, and variances become their inverse roots. */
static void running(void **state)
{
	(void)state;
	for (const struct hb_kernels *const *set = hb_kernel_sets; *set; set++) {
		float variance[16] = {4, 0.25f, 0, 1e-6f}, gamma[16] = {1, 2, -3}, sum[16] = {5, 5},
		      d[16] = {1, -1, 0.5f}, x[16] = {0}, dx[16], inverse[16], zero[16] = {0};
		struct hb_norm n = {.rows = 1, .m = 3, .x = x, .d = d, .ldx = 16, .ld = 16};

		if (!(*set)->available())
			continue;
		(*set)->inverse_roots(16, EPSILON, variance, inverse);
		for (int i = 0; i < 16; i++)
			test_near((double)inverse[i],
				  1 / sqrt((double)variance[i] + (double)EPSILON),
				  1.2e-7 * (double)inverse[i], "an inverse root");
		n.gamma = gamma, n.mean = n.rest = zero, n.inverse = inverse;
		n.sum = n.product = sum, n.result = dx;
		(*set)->column_backward(&n);
		for (int j = 0; j < 3; j++)
			assert_true(dx[j] == d[j] * (gamma[j] * inverse[j]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_column),
		cmocka_unit_test(by_row),
		cmocka_unit_test(constant_and_infinite),
		cmocka_unit_test(running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
