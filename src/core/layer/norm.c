/* SPDX-License-Identifier: MIT */
/*
 * norm.c - batch norm and layer norm
 *
 *   h = f(gamma x^ + beta),  x^ = (x - mean) / sqrt(variance + epsilon)
 *
 *   batch norm  mean and variance of each unit over the rows (Ioffe & Szegedy 2015)
 *   layer norm  mean and variance of each row over the units (Ba et al. 2016)
 *
 * Both use the population variance, sum (x - mean)^2 / count. With a = gamma d, d = dJ/dz, both
 * have the same derivatives:
 *
 *   dJ/dx = (a - mean(a) - x^ mean(a x^)) / sqrt(variance + epsilon)
 *   dJ/dgamma = sum d x^,  dJ/dbeta = sum d
 *
 * The means of dJ/dx are over rows in batch norm and over units in layer norm. The sums are over
 * the rows.
 *
 * Batch norm takes statistics over the rows of a slice; each slice of a larger batch is normalized
 * by itself, and so is each accumulated batch. The gradient block holds targets for the running
 * statistics: the mean of the rows seen, and their variance times n / (n - 1). An update moves the
 * running statistics 10 % towards them. One row has no variance, so it is normalized by the running
 * statistics. The same is true for all rows outside training, and in a frozen layer.
 *
 * Sums are in double, in the order of the rows or in HB_LANES lanes, so the bits do not depend on
 * threads or kernels.
 */
#include <math.h>
#include <string.h>
#include "../core.h"

#define EPSILON 1e-5
enum { CHUNK = 128 }; /* units at a time */
enum {
	GAMMA,
	BETA,
	BATCH_MEAN,
	BATCH_VARIANCE
}; /* the parameters; the last two are batch norm's */
static const float MOMENTUM = 0.1f;

static float inverse_root(double variance)
{
	return (float)(1 / sqrt(variance + EPSILON));
}

/* Parameter i of the step. */
static const float *parameter_of(const struct hb_pass *p, const struct hb_step *s, int i)
{
	return p->w + s->parameter[i].offset;
}

static void list(struct hb_step *s)
{
	hb_list(s, (struct hb_parameter){.about = {.name = "weight", .rank = 1, .shape = {s->m}}});
	hb_list(s, (struct hb_parameter){.about = {.name = "bias", .rank = 1, .shape = {s->m}}});
}

/* Sets gamma = 1; beta is 0 already. */
static hebb_status start(const hebb_allocator *allocator, const struct hb_step *s, uint64_t seed,
			 float *values, hebb_error *error)
{
	(void)allocator, (void)seed, (void)error;
	for (int j = 0; j < s->m; j++)
		values[j] = 1;
	return HEBB_OK;
}

/* The units first .. end - 1 of part `part`. */
struct units {
	int first, end;
};

static struct units units_of(const struct hb_step *s, int part, int parts)
{
	long long lanes = s->ld / HB_LANES;
	int first = (int)(lanes * part / parts * HB_LANES),
	    end = (int)(lanes * (part + 1) / parts * HB_LANES);

	return (struct units){first, end < s->m ? end : s->m};
}

static int chunk_of(struct units u)
{
	return u.end - u.first < CHUNK ? u.end - u.first : CHUNK;
}

/* Writes a sum to a block of gradients. */
static void put(struct hb_sink g, size_t offset, double sum)
{
	float *target = g.block + offset;

	*target = g.begin == HB_FROM_ZERO ? (float)sum : fmaf(g.factor, (float)sum, *target);
}

static void clear_padding(const struct hb_step *s, float *row)
{
	for (int j = s->m; j < s->ld; j++)
		row[j] = 0;
}

/* ---- Batch norm ------------------------------------------------------------------------------ */

/* The rows that are kept for the backward pass, ld floats each. SPREAD is the variance times
 * n / (n - 1). */
enum { MEAN, INVERSE, SPREAD, SUM, PRODUCT, MEMO };

static float *memo_of(const struct hb_pass *p, const struct hb_step *s, int row)
{
	return hb_memo(p, s) + (ptrdiff_t)row * s->ld;
}

static size_t batch_memo(const struct hb_step *s, int rows)
{
	(void)rows;
	return (size_t)MEMO * (size_t)s->ld;
}

/* Statistics of `count` units from `unit` on. It sums differences from the first row, because they
 * are small. */
static void statistics(const struct hb_pass *p, const struct hb_step *s, int unit, int count)
{
	struct hb_matrix in = hb_input(p, s, 0);
	const float *x = in.values + unit, *first = x;
	double sum[CHUNK] = {0}, squares[CHUNK] = {0}, n = p->rows;

	for (int i = 0; i < p->rows; i++, x += in.ld)
		for (int j = 0; j < count; j++) {
			double e = (double)x[j] - (double)first[j];

			sum[j] += e;
			squares[j] += e * e;
		}
	for (int j = 0; j < count; j++) {
		double mean = sum[j] / n, around = squares[j] - sum[j] * mean;

		around = around > 0 ? around : 0;
		memo_of(p, s, MEAN)[unit + j] = (float)((double)first[j] + mean);
		memo_of(p, s, INVERSE)[unit + j] = inverse_root(around / n);
		memo_of(p, s, SPREAD)[unit + j] = (float)(around / (n - 1));
	}
}

static void running_statistics(const struct hb_pass *p, const struct hb_step *s, int unit,
			       int count)
{
	const float *mean = parameter_of(p, s, BATCH_MEAN) + unit,
		    *variance = parameter_of(p, s, BATCH_VARIANCE) + unit;

	for (int j = 0; j < count; j++) {
		memo_of(p, s, MEAN)[unit + j] = mean[j];
		memo_of(p, s, INVERSE)[unit + j] = inverse_root((double)variance[j]);
		memo_of(p, s, SPREAD)[unit + j] = variance[j];
	}
}

/* The number of rows that are normalized together; 1: by the running statistics. */
static int together(const struct hb_pass *p, const struct hb_step *s)
{
	return s->layer.frozen ? 1 : p->mode->together;
}

static void batch_before_forward(const struct hb_pass *p, const struct hb_step *s, int part,
				 int parts)
{
	for (struct units u = units_of(s, part, parts); u.first < u.end; u.first += CHUNK)
		if (together(p, s) > 1)
			statistics(p, s, u.first, chunk_of(u));
		else
			running_statistics(p, s, u.first, chunk_of(u));
}

static void batch_forward_chunk(const struct hb_pass *p, const struct hb_step *s, int unit,
				int count)
{
	struct hb_matrix in = hb_input(p, s, 0);
	const float *gamma = parameter_of(p, s, GAMMA) + unit,
		    *beta = parameter_of(p, s, BETA) + unit, *x = in.values + unit,
		    *variance = parameter_of(p, s, BATCH_VARIANCE) + unit;
	float mean[CHUNK], inverse[CHUNK], *z = hb_z(p, s) + unit;

	if (p->mode->learns) {
		memcpy(mean, memo_of(p, s, MEAN) + unit, (size_t)count * sizeof *mean);
		memcpy(inverse, memo_of(p, s, INVERSE) + unit, (size_t)count * sizeof *mean);
	} else {
		memcpy(mean, parameter_of(p, s, BATCH_MEAN) + unit, (size_t)count * sizeof *mean);
		for (int j = 0; j < count; j++)
			inverse[j] = inverse_root((double)variance[j]);
	}
	for (int i = 0; i < p->rows; i++, x += in.ld, z += s->ld)
		for (int j = 0; j < count; j++)
			z[j] = (x[j] - mean[j]) * inverse[j] * gamma[j] + beta[j];
}

static void batch_forward(const struct hb_pass *p, const struct hb_step *s)
{
	for (struct units u = {0, s->m}; u.first < u.end; u.first += CHUNK)
		batch_forward_chunk(p, s, u.first, chunk_of(u));
	for (int i = 0; i < p->rows; i++)
		clear_padding(s, hb_z(p, s) + (ptrdiff_t)i * s->ld);
}

/* sum d and sum d x^ for `count` units from `unit` on */
static void batch_sums(const struct hb_pass *p, const struct hb_step *s, int unit, int count)
{
	struct hb_matrix in = hb_input(p, s, 0);
	const float *x = in.values + unit, *d = hb_d(p, s) + unit,
		    *mean = memo_of(p, s, MEAN) + unit, *inverse = memo_of(p, s, INVERSE) + unit;
	double sum[CHUNK] = {0}, product[CHUNK] = {0};

	for (int i = 0; i < p->rows; i++, x += in.ld, d += s->ld)
		for (int j = 0; j < count; j++) {
			sum[j] += (double)d[j];
			product[j] += (double)(d[j] * ((x[j] - mean[j]) * inverse[j]));
		}
	for (int j = 0; j < count; j++) {
		memo_of(p, s, SUM)[unit + j] = (float)sum[j];
		memo_of(p, s, PRODUCT)[unit + j] = (float)product[j];
	}
}

static void batch_before_backward(const struct hb_pass *p, const struct hb_step *s, int part,
				  int parts)
{
	for (struct units u = units_of(s, part, parts); u.first < u.end; u.first += CHUNK)
		batch_sums(p, s, u.first, chunk_of(u));
}

/* Running statistics are constants, so the terms with means are left out. */
static void batch_backward(const struct hb_pass *p, const struct hb_step *s, float *dx)
{
	struct hb_matrix in = hb_input(p, s, 0);
	const float *mean = memo_of(p, s, MEAN), *inverse = memo_of(p, s, INVERSE),
		    *sum = memo_of(p, s, SUM), *product = memo_of(p, s, PRODUCT),
		    *gamma = parameter_of(p, s, GAMMA), *x = in.values, *d = hb_d(p, s);
	float share = together(p, s) > 1 ? 1 / (float)together(p, s) : 0;

	for (int i = 0; i < p->rows; i++, x += in.ld, d += s->ld, dx += s->ld) {
		for (int j = 0; j < s->m; j++) {
			float unit = (x[j] - mean[j]) * inverse[j];

			dx[j] = gamma[j] * inverse[j] *
				(d[j] - share * sum[j] - unit * (share * product[j]));
		}
		clear_padding(s, dx);
	}
}

static void batch_gradient(const struct hb_pass *p, const struct hb_step *s, struct hb_sink g,
			   int part, int parts)
{
	struct units u = units_of(s, part, parts);
	/* of these rows in those of the update so far, for the mean of the statistics */
	float share = (float)p->rows / ((float)p->mode->first + (float)p->rows);

	for (int j = u.first; j < u.end; j++) {
		float *mean = g.block + s->parameter[BATCH_MEAN].offset + j,
		      *variance = g.block + s->parameter[BATCH_VARIANCE].offset + j;

		put(g, s->parameter[GAMMA].offset + (size_t)j, (double)memo_of(p, s, PRODUCT)[j]);
		put(g, s->parameter[BETA].offset + (size_t)j, (double)memo_of(p, s, SUM)[j]);
		if (g.begin == HB_FROM_ZERO)
			*mean = *variance = 0;
		*mean += share * (memo_of(p, s, MEAN)[j] - *mean);
		*variance += share * (memo_of(p, s, SPREAD)[j] - *variance);
	}
}

/* Moves the running statistics towards those of the rows seen. */
static void batch_update(const struct hb_kernels *K, const struct hb_step *s, float *w,
			 const float *g)
{
	for (int i = BATCH_MEAN; i <= BATCH_VARIANCE; i++) {
		const struct hb_parameter *p = &s->parameter[i];

		K->average(p->floats, MOMENTUM, g + p->offset, w + p->offset);
	}
}

static void batch_list(struct hb_step *s)
{
	list(s);
	hb_list(s, (struct hb_parameter){
			   .about = {.name = "mean", .rank = 1, .shape = {s->m}, .running = 1}});
	hb_list(s, (struct hb_parameter){
			   .about = {.name = "variance", .rank = 1, .shape = {s->m}, .running = 1},
			   .positive = 1});
}

/* The running variance is 1, the mean 0. */
static hebb_status batch_start(const hebb_allocator *allocator, const struct hb_step *s,
			       uint64_t seed, float *values, hebb_error *error)
{
	start(allocator, s, seed, values, error);
	return start(allocator, s, seed, values + BATCH_VARIANCE * (ptrdiff_t)s->m, error);
}

/* With its running statistics, a norm of z = W x + b is a dense layer with
 *     W'_ij = s_i W_ij,  b'_i = s_i (b_i - mean_i) + beta_i,
 *     s_i = gamma_i / sqrt(variance_i + epsilon) */
static void batch_fold(const struct hb_step *s, const float *w, size_t n, float *W, float *b)
{
	const float *gamma = w + s->parameter[GAMMA].offset, *beta = w + s->parameter[BETA].offset,
		    *mean = w + s->parameter[BATCH_MEAN].offset,
		    *variance = w + s->parameter[BATCH_VARIANCE].offset;

	for (size_t i = 0; i < (size_t)s->m; i++) {
		double scale = (double)gamma[i] / sqrt((double)variance[i] + EPSILON);

		for (size_t j = 0; j < n; j++)
			W[i * n + j] = (float)(scale * (double)W[i * n + j]);
		b[i] = (float)(scale * ((double)b[i] - (double)mean[i]) + (double)beta[i]);
	}
}

/* ---- Layer norm ------------------------------------------------------------------------------ */

/* The mean and 1 / sqrt(variance + epsilon) of each row are kept for the backward pass. */
static size_t layer_memo(const struct hb_step *s, int rows)
{
	(void)s;
	return 2 * (size_t)rows;
}

/* The sums of m numbers a_j and b_j, in HB_LANES lanes, which are then added in order. */
struct sums {
	double a[HB_LANES], b[HB_LANES];
};

static void add_up(struct sums *s)
{
	for (int k = 1; k < HB_LANES; k++) {
		s->a[0] += s->a[k];
		s->b[0] += s->b[k];
	}
}

/* Adds `count` lanes; for HB_LANES of them the loop has no remainder. */
static inline void add_moments(struct sums *s, int count, const float *x, double first)
{
	for (int k = 0; k < count; k++) {
		double e = (double)x[k] - first;

		s->a[k] += e;
		s->b[k] += e * e;
	}
}

static void moments(int m, const float *x, float *mean, float *inverse)
{
	struct sums s = {{0}, {0}};
	double first = (double)x[0], around;
	int j = 0;

	for (; j + HB_LANES <= m; j += HB_LANES)
		add_moments(&s, HB_LANES, x + j, first);
	add_moments(&s, m - j, x + j, first);
	add_up(&s);
	around = s.b[0] - s.a[0] * s.a[0] / m;
	*mean = (float)(first + s.a[0] / m);
	*inverse = inverse_root(around > 0 ? around / m : 0);
}

static void layer_forward(const struct hb_pass *p, const struct hb_step *s)
{
	struct hb_matrix in = hb_input(p, s, 0);
	const float *gamma = parameter_of(p, s, GAMMA), *beta = parameter_of(p, s, BETA),
		    *x = in.values;
	float *z = hb_z(p, s), *memos = hb_memo(p, s);

	for (int i = 0; i < p->rows; i++, x += in.ld, z += s->ld) {
		float mean, inverse, *memo = memos ? memos + 2 * (ptrdiff_t)(p->row + i) : NULL;

		moments(s->m, x, &mean, &inverse);
		for (int j = 0; j < s->m; j++)
			z[j] = (x[j] - mean) * inverse * gamma[j] + beta[j];
		clear_padding(s, z);
		if (memo) {
			memo[0] = mean;
			memo[1] = inverse;
		}
	}
}

/* x of a row, with its d, parameters and statistics. */
struct row {
	const float *gamma, *x, *d;
	float mean, inverse;
};

static inline void add_slopes(struct sums *s, int count, const struct row *r, int column)
{
	const float *gamma = r->gamma + column, *x = r->x + column, *d = r->d + column;

	for (int k = 0; k < count; k++) {
		float slope = gamma[k] * d[k];

		s->a[k] += (double)slope;
		s->b[k] += (double)(slope * ((x[k] - r->mean) * r->inverse));
	}
}

static void layer_backward_row(int m, const struct row *r, float *dx)
{
	struct sums s = {{0}, {0}};
	float a, b;
	int j = 0;

	for (; j + HB_LANES <= m; j += HB_LANES)
		add_slopes(&s, HB_LANES, r, j);
	add_slopes(&s, m - j, r, j);
	add_up(&s);
	a = (float)(s.a[0] / m);
	b = (float)(s.b[0] / m);
	for (j = 0; j < m; j++)
		dx[j] = r->inverse *
			(r->gamma[j] * r->d[j] - a - (r->x[j] - r->mean) * r->inverse * b);
}

static void layer_backward(const struct hb_pass *p, const struct hb_step *s, float *dx)
{
	struct hb_matrix in = hb_input(p, s, 0);
	const float *d = hb_d(p, s), *gamma = parameter_of(p, s, GAMMA),
		    *memo = hb_memo(p, s) + 2 * (ptrdiff_t)p->row;

	for (int i = 0; i < p->rows; i++, dx += s->ld, d += s->ld, in.values += in.ld, memo += 2) {
		layer_backward_row(s->m,
				   &(struct row){.gamma = gamma,
						 .x = in.values,
						 .d = d,
						 .mean = memo[0],
						 .inverse = memo[1]},
				   dx);
		clear_padding(s, dx);
	}
}

static void layer_gradient_chunk(const struct hb_pass *p, const struct hb_step *s, struct hb_sink g,
				 int unit, int count)
{
	struct hb_matrix in = hb_input(p, s, 0);
	const float *x = in.values + unit, *d = hb_d(p, s) + unit, *memo = hb_memo(p, s);
	double sum[CHUNK] = {0}, product[CHUNK] = {0};

	for (int i = 0; i < p->rows; i++, x += in.ld, d += s->ld, memo += 2)
		for (int j = 0; j < count; j++) {
			sum[j] += (double)d[j];
			product[j] += (double)(d[j] * ((x[j] - memo[0]) * memo[1]));
		}
	for (int j = 0; j < count; j++) {
		put(g, s->parameter[GAMMA].offset + (size_t)(unit + j), product[j]);
		put(g, s->parameter[BETA].offset + (size_t)(unit + j), sum[j]);
	}
}

static void layer_gradient(const struct hb_pass *p, const struct hb_step *s, struct hb_sink g,
			   int part, int parts)
{
	for (struct units u = units_of(s, part, parts); u.first < u.end; u.first += CHUNK)
		layer_gradient_chunk(p, s, g, u.first, chunk_of(u));
}

/* ---- The reference, naive -------------------------------------------------------------------- */

/* Mean and sqrt(variance + epsilon) of `count` values that lie `step` apart. */
static void naive_moments(int count, const double *x, int step, double *mean, double *root)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < count; i++)
		sum += x[(size_t)i * step];
	*mean = sum / count;
	for (int i = 0; i < count; i++)
		squares += (x[(size_t)i * step] - *mean) * (x[(size_t)i * step] - *mean);
	*root = sqrt(squares / count + EPSILON);
}

/* For batch norm, m numbers each: mean, root = sqrt(variance + epsilon), and the means of a and a
 * x^, which are 0 with running statistics. */
struct naive_sums {
	double *mean, *root, *a, *product;
};

static struct naive_sums naive_sums_of(const struct hb_level *l)
{
	ptrdiff_t m = l->s->m;

	return (struct naive_sums){l->sums, l->sums + m, l->sums + 2 * m, l->sums + 3 * m};
}

static void batch_naive_before_forward(const struct hb_level *all)
{
	struct naive_sums s = naive_sums_of(all);
	const double *mean = all->p[BATCH_MEAN], *variance = all->p[BATCH_VARIANCE];

	for (int i = 0; i < all->s->m; i++) {
		if (!all->running) {
			naive_moments(all->rows, all->x + i, all->s->m, &s.mean[i], &s.root[i]);
			continue;
		}
		s.mean[i] = mean ? mean[i] : 0;
		s.root[i] = sqrt((variance ? variance[i] : 1) + EPSILON);
	}
}

static void batch_naive_forward(const struct hb_level *l)
{
	struct naive_sums s = naive_sums_of(l);

	for (int i = 0; i < l->s->m; i++)
		l->z[i] = l->p[GAMMA][i] * (l->x[i] - s.mean[i]) / s.root[i] + l->p[BETA][i];
}

static void batch_naive_before_backward(const struct hb_level *all)
{
	struct naive_sums s = naive_sums_of(all);
	int m = all->s->m;

	for (int i = 0; i < m; i++) {
		s.a[i] = s.product[i] = 0;
		for (int r = 0; r < all->rows && !all->running; r++) {
			size_t element = (size_t)r * m + i;
			double a = all->p[GAMMA][i] * all->d[element] / all->rows;

			s.a[i] += a;
			s.product[i] += a * (all->x[element] - s.mean[i]) / s.root[i];
		}
	}
}

static void batch_naive_backward(const struct hb_level *l, double *dx)
{
	struct naive_sums s = naive_sums_of(l);

	for (int i = 0; i < l->s->m; i++)
		dx[i] = (l->p[GAMMA][i] * l->d[i] - s.a[i] -
			 (l->x[i] - s.mean[i]) / s.root[i] * s.product[i]) /
			s.root[i];
}

static void batch_naive_gradient(const struct hb_level *l)
{
	struct naive_sums s = naive_sums_of(l);

	for (int i = 0; i < l->s->m; i++) {
		l->g[GAMMA][i] += l->d[i] * (l->x[i] - s.mean[i]) / s.root[i];
		l->g[BETA][i] += l->d[i];
	}
}

static void layer_naive_forward(const struct hb_level *l)
{
	double mean, root;

	naive_moments(l->s->m, l->x, 1, &mean, &root);
	for (int i = 0; i < l->s->m; i++)
		l->z[i] = l->p[GAMMA][i] * (l->x[i] - mean) / root + l->p[BETA][i];
}

static void layer_naive_backward(const struct hb_level *l, double *dx)
{
	const double *gamma = l->p[GAMMA];
	double mean, root, a = 0, b = 0;
	int m = l->s->m;

	naive_moments(m, l->x, 1, &mean, &root);
	for (int i = 0; i < m; i++) {
		a += gamma[i] * l->d[i] / m;
		b += gamma[i] * l->d[i] * (l->x[i] - mean) / root / m;
	}
	for (int i = 0; i < m; i++)
		dx[i] = (gamma[i] * l->d[i] - a - (l->x[i] - mean) / root * b) / root;
}

static void layer_naive_gradient(const struct hb_level *l)
{
	double mean, root;

	naive_moments(l->s->m, l->x, 1, &mean, &root);
	for (int i = 0; i < l->s->m; i++) {
		l->g[GAMMA][i] += l->d[i] * (l->x[i] - mean) / root;
		l->g[BETA][i] += l->d[i];
	}
}

/* ---- The two kinds --------------------------------------------------------------------------- */

const struct hb_kind hb_batch_norm = {.name = "batch-norm",
				      .fields = {sizeof(hebb_kind_fields), .activation = 1},
				      .formula = "z = gamma (x - mean) / "
						 "sqrt(variance + 1e-5) + beta, "
						 "mean and variance of each unit "
						 "over the rows of a batch",
				      .parameters = 4,
				      .inputs = 1,
				      .list = batch_list,
				      .start = batch_start,
				      .forward = batch_forward,
				      .backward = batch_backward,
				      .gradient = batch_gradient,
				      .before_forward = batch_before_forward,
				      .before_backward = batch_before_backward,
				      .memo = batch_memo,
				      .update = batch_update,
				      .fold = batch_fold,
				      .naive = {.before_forward = batch_naive_before_forward,
						.forward = batch_naive_forward,
						.before_backward = batch_naive_before_backward,
						.backward = batch_naive_backward,
						.gradient = batch_naive_gradient}};

const struct hb_kind hb_layer_norm = {.name = "layer-norm",
				      .fields = {sizeof(hebb_kind_fields), .activation = 1},
				      .formula = "z = gamma (x - mean) / "
						 "sqrt(variance + 1e-5) + beta, "
						 "mean and variance of each row "
						 "over its units",
				      .parameters = 2,
				      .inputs = 1,
				      .list = list,
				      .start = start,
				      .forward = layer_forward,
				      .backward = layer_backward,
				      .gradient = layer_gradient,
				      .memo = layer_memo,
				      .naive = {.forward = layer_naive_forward,
						.backward = layer_naive_backward,
						.gradient = layer_naive_gradient}};
