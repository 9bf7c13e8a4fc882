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
 * The sums are those of the kernels (kernel/normalize.inc), so the bits do not depend on threads.
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

/* Writes sums of units from `unit` on to the gradient of a parameter. */
static void put(const struct hb_pass *p, struct hb_sink g, const struct hb_parameter *parameter,
		int unit, int count, const float *sums)
{
	float *target = g.block + parameter->offset + unit;
	size_t padded = ((size_t)count + HB_LANES - 1) / HB_LANES * HB_LANES;

	if (g.begin == HB_FROM_ZERO)
		memcpy(target, sums, padded * sizeof *target);
	else
		p->plan->kernels->add(padded, g.factor, sums, target);
}

/* x and d from unit `unit` on, for the kernels. */
static struct hb_norm values_of(const struct hb_pass *p, const struct hb_step *s, int unit,
				int count)
{
	struct hb_matrix in = hb_input(p, s, 0);

	return (struct hb_norm){.rows = p->rows,
				.m = count,
				.x = in.values + unit,
				.ldx = in.ld,
				.d = hb_d(p, s) + unit,
				.ld = s->ld,
				.gamma = parameter_of(p, s, GAMMA) + unit,
				.beta = parameter_of(p, s, BETA) + unit,
				.epsilon = (float)EPSILON};
}

/* ---- Batch norm ------------------------------------------------------------------------------ */

/* The rows that are kept for the backward pass, ld floats each. SPREAD is the variance times
 * n / (n - 1). */
enum { MEAN, INVERSE, REST, SPREAD, SUM, PRODUCT, MEMO };

static float *memo_of(const struct hb_pass *p, const struct hb_step *s, int row)
{
	return hb_memo(p, s) + (ptrdiff_t)row * s->ld;
}

static size_t batch_memo(const struct hb_step *s, int rows)
{
	(void)rows;
	return (size_t)MEMO * (size_t)s->ld;
}

/* In training: units with what is kept of them. */
static struct hb_norm learning(const struct hb_pass *p, const struct hb_step *s, struct units u)
{
	struct hb_norm n = values_of(p, s, u.first, u.end - u.first);

	n.mean = memo_of(p, s, MEAN) + u.first;
	n.inverse = memo_of(p, s, INVERSE) + u.first;
	n.rest = memo_of(p, s, REST) + u.first;
	n.spread = memo_of(p, s, SPREAD) + u.first;
	n.sum = memo_of(p, s, SUM) + u.first;
	n.product = memo_of(p, s, PRODUCT) + u.first;
	return n;
}

static void running_statistics(const struct hb_pass *p, const struct hb_step *s, struct units u)
{
	struct hb_norm n = learning(p, s, u);
	size_t count = ((size_t)n.m + HB_LANES - 1) / HB_LANES * HB_LANES;
	const float *variance = parameter_of(p, s, BATCH_VARIANCE) + u.first;

	memcpy(n.mean, parameter_of(p, s, BATCH_MEAN) + u.first, count * sizeof *n.mean);
	memcpy(n.spread, variance, count * sizeof *n.spread);
	memset(n.rest, 0, count * sizeof *n.rest);
	p->plan->kernels->inverse_roots(count, (float)EPSILON, variance, n.inverse);
}

/* The number of rows that are normalized together; 1: by the running statistics. */
static int together(const struct hb_pass *p, const struct hb_step *s)
{
	return s->layer.frozen ? 1 : p->mode->together;
}

static void batch_before_forward(const struct hb_pass *p, const struct hb_step *s, int part,
				 int parts)
{
	struct units u = units_of(s, part, parts);
	struct hb_norm n = learning(p, s, u);

	if (u.first >= u.end)
		return;
	if (together(p, s) > 1)
		p->plan->kernels->column_statistics(&n);
	else
		running_statistics(p, s, u);
}

/* Outside training: some units, at most CHUNK. */
static void batch_forward_chunk(const struct hb_pass *p, const struct hb_step *s, int unit,
				int count)
{
	struct hb_norm n = values_of(p, s, unit, count);
	float mean[CHUNK], inverse[CHUNK], rest[CHUNK] = {0};
	size_t padded = ((size_t)count + HB_LANES - 1) / HB_LANES * HB_LANES;

	memcpy(mean, parameter_of(p, s, BATCH_MEAN) + unit, padded * sizeof *mean);
	p->plan->kernels->inverse_roots(padded, (float)EPSILON,
					parameter_of(p, s, BATCH_VARIANCE) + unit, inverse);
	n.mean = mean;
	n.inverse = inverse;
	n.rest = rest;
	n.result = hb_z(p, s) + unit;
	p->plan->kernels->column_forward(&n);
}

static void batch_forward(const struct hb_pass *p, const struct hb_step *s)
{
	if (p->mode->learns) {
		struct hb_norm n = learning(p, s, (struct units){0, s->m});

		n.result = hb_z(p, s);
		p->plan->kernels->column_forward(&n);
		return;
	}
	for (int unit = 0; unit < s->m; unit += CHUNK)
		batch_forward_chunk(p, s, unit, s->m - unit < CHUNK ? s->m - unit : CHUNK);
}

static void batch_before_backward(const struct hb_pass *p, const struct hb_step *s, int part,
				  int parts)
{
	struct units u = units_of(s, part, parts);
	struct hb_norm n = learning(p, s, u);

	if (u.first < u.end)
		p->plan->kernels->column_sums(&n);
}

/* Running statistics are constants, so the terms with means are left out. */
static void batch_backward(const struct hb_pass *p, const struct hb_step *s, float *dx)
{
	struct hb_norm n = learning(p, s, (struct units){0, s->m});

	n.share = together(p, s) > 1 ? 1 / (float)together(p, s) : 0;
	n.result = dx;
	p->plan->kernels->column_backward(&n);
}

/* Moves a target by its share of the way to a statistic of these rows. */
static void put_statistic(const struct hb_pass *p, struct hb_sink g,
			  const struct hb_parameter *parameter, int unit, int count,
			  const float *statistic)
{
	float *target = g.block + parameter->offset + unit;
	size_t padded = ((size_t)count + HB_LANES - 1) / HB_LANES * HB_LANES;

	if (g.begin == HB_FROM_ZERO)
		memset(target, 0, padded * sizeof *target);
	/* these rows, of those of the update so far */
	p->plan->kernels->average(padded, (float)p->rows / ((float)p->mode->first + (float)p->rows),
				  statistic, target);
}

static void batch_gradient(const struct hb_pass *p, const struct hb_step *s, struct hb_sink g,
			   int part, int parts)
{
	struct units u = units_of(s, part, parts);
	struct hb_norm n = learning(p, s, u);

	if (u.first >= u.end)
		return;
	put(p, g, &s->parameter[GAMMA], u.first, n.m, n.product);
	put(p, g, &s->parameter[BETA], u.first, n.m, n.sum);
	put_statistic(p, g, &s->parameter[BATCH_MEAN], u.first, n.m, n.mean);
	put_statistic(p, g, &s->parameter[BATCH_VARIANCE], u.first, n.m, n.spread);
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

/* mean, inverse and rest of each row are kept for the backward pass. */
static size_t layer_memo(const struct hb_step *s, int rows)
{
	(void)s;
	return 3 * (size_t)rows;
}

/* Some units with the statistics of the rows; outside training nothing is kept. */
static struct hb_norm by_row(const struct hb_pass *p, const struct hb_step *s, struct units u)
{
	struct hb_norm n = values_of(p, s, u.first, u.end - u.first);
	float *memo = hb_memo(p, s);

	if (memo) {
		n.mean = memo + p->row;
		n.inverse = n.mean + p->plan->rows;
		n.rest = n.inverse + p->plan->rows;
	}
	return n;
}

static void layer_forward(const struct hb_pass *p, const struct hb_step *s)
{
	struct hb_norm n = by_row(p, s, (struct units){0, s->m});

	n.result = hb_z(p, s);
	p->plan->kernels->row_forward(&n);
}

static void layer_backward(const struct hb_pass *p, const struct hb_step *s, float *dx)
{
	struct hb_norm n = by_row(p, s, (struct units){0, s->m});

	n.result = dx;
	p->plan->kernels->row_backward(&n);
}

static void layer_gradient(const struct hb_pass *p, const struct hb_step *s, struct hb_sink g,
			   int part, int parts)
{
	struct units all = units_of(s, part, parts);
	float sum[CHUNK], product[CHUNK];

	for (struct units u = all; u.first < all.end; u.first += CHUNK) {
		u.end = all.end - u.first < CHUNK ? all.end : u.first + CHUNK;
		struct hb_norm n = by_row(p, s, u);

		n.sum = sum;
		n.product = product;
		p->plan->kernels->sums_of_rows(&n);
		put(p, g, &s->parameter[GAMMA], u.first, n.m, product);
		put(p, g, &s->parameter[BETA], u.first, n.m, sum);
	}
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
