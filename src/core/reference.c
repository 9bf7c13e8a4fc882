/* SPDX-License-Identifier: MIT */
/*
 * reference.c - backpropagation as the tutorial writes it, in double
 *
 * It defines what is right: `hebb check` and the tests compare the engine with it.  One example at
 * a time (with batch norm, as many as are normalized together, layer by layer), a loop over the units of a layer inside a loop over the units of the next, parameters in
 * the canonical order, f and f' from libm.
 *
 *   forward    z_i = sum_j W_ij x_j + b_i,  h_i = f(z_i)     x of a layer is h of the layer below
 *   output     d_i = dJ/dz_i
 *   hidden     d_j = (sum_i W_ij d_i) f'(z_j)                W and d of the layer above
 *   gradient   dJ/dW_ij = d_i x_j,  dJ/db_i = d_i
 *
 *   dropout    h_i = x_i f_i, and d_i f_i below it; f drawn as layers.c says
 *   norm       h_i = f(gamma_i x^_i + beta_i), x^ = (x - mean) / sqrt(variance + epsilon); below it
 *              (a - mean of a - x^ mean of a x^) / sqrt(variance + epsilon), a_i = gamma_i d_i
 *   add        h_i = f(x_i + other_i), and d_i below it and below the other
 *
 * Softmax has no f'(z_j) of its own: h_i depends on every z_j, and its Jacobian
 * dh_i/dz_j = h_i ([i = j] - h_j) takes that place.
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include "core.h"

/* One layer and some examples, or one of them: the parameters (in p), their gradient (in g), and what
 * backpropagation remembers. */
struct level {
	hebb_kind kind;
	const hebb_layer *layer; /* its description */
	double rate;
	int n, m, from; /* from: of add, a level or -1 */
	const double *W, *b, *x;
	double *gW, *gb, *z, *h, *d; /* d: times the share of the example in J */
	float *factor;               /* of dropout */
	const double *other;         /* of add */
	const double *statistics;    /* of batch norm: the running ones, or NULL */
	double *mean, *root;         /* of batch norm, m each; root: sqrt(variance + epsilon) */
	double *sum, *product;       /* the means of a and a x^, 0 with running statistics */
};

/* Example r of those of a level. */
static struct level at(const struct level *all, int r)
{
	struct level one = *all;

	one.x += (size_t)r * one.n;
	one.z += (size_t)r * one.m;
	one.h += (size_t)r * one.m;
	one.d += (size_t)r * one.m;
	one.factor += (size_t)r * one.m;
	if (one.other)
		one.other += (size_t)r * one.m;
	return one;
}

/* Four partial sums, so that an addition need not wait for the one before it. */
static double dot(int n, const double *a, const double *b)
{
	double sum[4] = {0};
	int j = 0;

	for (; j + 4 <= n; j += 4)
		for (int k = 0; k < 4; k++)
			sum[k] += a[j + k] * b[j + k];
	for (; j < n; j++)
		sum[0] += a[j] * b[j];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* log sum_j exp(z_j), shifted by the largest z so that nothing overflows. */
static double log_sum_exp(int m, const double *z)
{
	double top = z[0], sum = 0;

	for (int j = 1; j < m; j++)
		top = fmax(top, z[j]);
	for (int j = 0; j < m; j++)
		sum += exp(z[j] - top);
	return top + log(sum);
}

/* Mean and sqrt(variance + epsilon) of `count` values that lie `step` apart. */
static void moments(int count, const double *x, int step, double *mean, double *root)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < count; i++)
		sum += x[(size_t)i * step];
	*mean = sum / count;
	for (int i = 0; i < count; i++)
		squares += (x[(size_t)i * step] - *mean) * (x[(size_t)i * step] - *mean);
	*root = sqrt(squares / count + HB_NORM_EPSILON);
}

static void row_norm(const struct level *l)
{
	double mean, root;

	moments(l->m, l->x, 1, &mean, &root);
	for (int i = 0; i < l->m; i++)
		l->z[i] = l->W[i] * (l->x[i] - mean) / root + l->b[i];
}

static void weigh(const struct level *l)
{
	switch (l->kind) {
	case HEBB_DENSE:
		for (int i = 0; i < l->m; i++)
			l->z[i] = dot(l->n, l->W + (size_t)i * l->n, l->x) + l->b[i];
		break;
	case HEBB_DROPOUT:
		for (int i = 0; i < l->m; i++)
			l->z[i] = l->x[i] * (double)l->factor[i];
		break;
	case HEBB_BATCH_NORM:
		for (int i = 0; i < l->m; i++)
			l->z[i] = l->W[i] * (l->x[i] - l->mean[i]) / l->root[i] + l->b[i];
		break;
	case HEBB_LAYER_NORM:
		row_norm(l);
		break;
	case HEBB_ADD:
		for (int i = 0; i < l->m; i++)
			l->z[i] = l->x[i] + l->other[i];
		break;
	}
}

static void forward(const struct level *l)
{
	double lse = 0;

	weigh(l);
	if (l->layer->activation == HEBB_SOFTMAX)
		lse = log_sum_exp(l->m, l->z);
	for (int i = 0; i < l->m; i++)
		l->h[i] = l->layer->activation == HEBB_SOFTMAX ? exp(l->z[i] - lse)
							       : hb_f(l->layer, l->z[i]);
}

/* d = dJ/dz from d = dJ/dh. */
static void through_activation(const struct level *l)
{
	if (l->layer->activation == HEBB_SOFTMAX) {
		double mean = dot(l->m, l->h, l->d);

		for (int i = 0; i < l->m; i++)
			l->d[i] = l->h[i] * (l->d[i] - mean);
	} else {
		for (int i = 0; i < l->m; i++)
			l->d[i] *= hb_derivative(l->layer, l->z[i]);
	}
}

/* J = 1/2 sum_i (h_i - y_i)^2 */
static double squared(const struct level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->m; i++) {
		out->d[i] = out->h[i] - y[i];
		J += 0.5 * out->d[i] * out->d[i];
	}
	through_activation(out);
	return J;
}

/* J = sum_i |h_i - y_i| */
static double absolute(const struct level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->m; i++) {
		double e = out->h[i] - y[i];

		J += fabs(e);
		out->d[i] = (e > 0) - (e < 0);
	}
	through_activation(out);
	return J;
}

/* J = sum_i e_i^2 / 2 where |e_i| <= 1, else |e_i| - 1/2,  e = h - y */
static double huber(const struct level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->m; i++) {
		double e = out->h[i] - y[i];

		J += fabs(e) <= 1 ? 0.5 * e * e : fabs(e) - 0.5;
		out->d[i] = fmax(-1, fmin(1, e));
	}
	through_activation(out);
	return J;
}

/* J = sum_i h_i - y_i z_i,  z = log h;  d_i = h_i - y_i */
static double poisson(const struct level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->m; i++) {
		J += out->h[i] - y[i] * out->z[i];
		out->d[i] = out->h[i] - y[i];
	}
	return J;
}

/* J = - sum_i y_i log h_i,  log h_i = z_i - log sum_j exp(z_j);  d_i = h_i sum_j y_j - y_i */
static double softmax_cross_entropy(const struct level *out, const double *y)
{
	double J = 0, total = 0, lse = log_sum_exp(out->m, out->z);

	for (int i = 0; i < out->m; i++) {
		J -= y[i] * (out->z[i] - lse);
		total += y[i];
	}
	for (int i = 0; i < out->m; i++)
		out->d[i] = out->h[i] * total - y[i];
	return J;
}

/* J = - sum_i y_i log h_i + (1 - y_i) log(1 - h_i);  d_i = h_i - y_i.
 * With t = log(1 + exp(-|z|)), which cannot overflow, - log h is t for z > 0 and t - z otherwise;
 * - log(1 - h) is t + z for z > 0 and t otherwise. */
static double sigmoid_cross_entropy(const struct level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->m; i++) {
		double z = out->z[i], tail = log1p(exp(-fabs(z)));

		J += y[i] * (fmax(-z, 0) + tail) + (1 - y[i]) * (fmax(z, 0) + tail);
		out->d[i] = out->h[i] - y[i];
	}
	return J;
}

/* J of one example, and d of the last layer. */
static double cost(const struct level *out, hebb_loss loss, const double *y)
{
	if (loss == HEBB_SQUARED)
		return squared(out, y);
	if (loss == HEBB_ABSOLUTE)
		return absolute(out, y);
	if (loss == HEBB_HUBER)
		return huber(out, y);
	if (loss == HEBB_POISSON)
		return poisson(out, y);
	return out->layer->activation == HEBB_SOFTMAX ? softmax_cross_entropy(out, y)
						      : sigmoid_cross_entropy(out, y);
}

/* Adds this example's gradient of the layer. */
static void add_gradient(const struct level *l)
{
	double mean = 0, root = 1;

	if (l->kind == HEBB_DROPOUT || l->kind == HEBB_ADD)
		return;
	if (l->kind == HEBB_LAYER_NORM)
		moments(l->m, l->x, 1, &mean, &root);
	for (int i = 0; i < l->m; i++) {
		if (l->kind == HEBB_BATCH_NORM) {
			mean = l->mean[i];
			root = l->root[i];
		}
		for (int j = 0; j < l->n && l->kind == HEBB_DENSE; j++)
			l->gW[(size_t)i * l->n + j] += l->d[i] * l->x[j];
		if (l->kind != HEBB_DENSE)
			l->gW[i] += l->d[i] * (l->x[i] - mean) / root;
		l->gb[i] += l->d[i];
	}
}

/* dJ/dx of layer norm. */
static void row_norm_back(const struct level *l, double *dx)
{
	double mean, root, a = 0, b = 0;

	moments(l->m, l->x, 1, &mean, &root);
	for (int i = 0; i < l->m; i++) {
		a += l->W[i] * l->d[i] / l->m;
		b += l->W[i] * l->d[i] * (l->x[i] - mean) / root / l->m;
	}
	for (int i = 0; i < l->m; i++)
		dx[i] = (l->W[i] * l->d[i] - a - (l->x[i] - mean) / root * b) / root;
}

/* dJ/dx of an example. */
static void weigh_back(const struct level *l, double *dx)
{
	for (int j = 0; j < l->n; j++)
		dx[j] = 0;
	switch (l->kind) {
	case HEBB_DENSE:
		for (int i = 0; i < l->m; i++)
			for (int j = 0; j < l->n; j++)
				dx[j] += l->W[(size_t)i * l->n + j] * l->d[i];
		break;
	case HEBB_DROPOUT:
		for (int i = 0; i < l->m; i++)
			dx[i] = l->d[i] * (double)l->factor[i];
		break;
	case HEBB_BATCH_NORM:
		for (int i = 0; i < l->m; i++)
			dx[i] = (l->W[i] * l->d[i] - l->sum[i] -
				 (l->x[i] - l->mean[i]) / l->root[i] * l->product[i]) /
				l->root[i];
		break;
	case HEBB_LAYER_NORM:
		row_norm_back(l, dx);
		break;
	case HEBB_ADD:
		memcpy(dx, l->d, (size_t)l->m * sizeof *dx);
		break;
	}
}

/* What batch norm wants to know of all `rows` before any of them goes forward, and back; running: by the running statistics. */
static void gather(const struct level *l, int rows, int running)
{
	for (int i = 0; i < l->m && running; i++) {
		l->mean[i] = l->statistics ? l->statistics[i] : 0;
		l->root[i] = sqrt((l->statistics ? l->statistics[l->m + i] : 1) + HB_NORM_EPSILON);
	}
	for (int i = 0; i < l->m && !running; i++)
		moments(rows, l->x + i, l->m, &l->mean[i], &l->root[i]);
}

static void gather_back(const struct level *l, int rows, int running)
{
	for (int i = 0; i < l->m; i++) {
		l->sum[i] = l->product[i] = 0;
		for (int r = 0; r < rows && !running; r++) {
			struct level one = at(l, r);
			double a = l->W[i] * one.d[i] / rows;

			l->sum[i] += a;
			l->product[i] += a * (one.x[i] - l->mean[i]) / l->root[i];
		}
	}
}

/* On which side of the kinks of its activation each z is, hashed (FNV-1a). */
static uint64_t sides(const struct level *l, uint64_t hash)
{
	const double *kink;
	int kinks = hb_kinks(l->layer, &kink);

	for (int k = 0; k < kinks; k++)
		for (int i = 0; i < l->m; i++)
			hash = (hash ^ (l->z[i] > kink[k])) * 0x100000001B3;
	return hash;
}

/* Where each error of a loss with kinks is: below or above 0; below -1, between, or above 1. */
static uint64_t error_sides(const struct level *out, hebb_loss loss, const double *y, uint64_t hash)
{
	double kink = loss == HEBB_HUBER ? 1 : 0;

	if (loss != HEBB_ABSOLUTE && loss != HEBB_HUBER)
		return hash;
	for (int i = 0; i < out->m; i++) {
		double e = out->h[i] - y[i];

		hash = (hash ^ (uint64_t)((e > -kink) + (e > kink))) * 0x100000001B3;
	}
	return hash;
}

static int units_of(const hebb_layer *layer, int inputs)
{
	return layer->kind == HEBB_DENSE ? layer->units : inputs;
}

static size_t weights_of(hebb_kind kind, int n, int m)
{
	return kind == HEBB_DENSE                                   ? (size_t)m * n
	       : kind == HEBB_BATCH_NORM || kind == HEBB_LAYER_NORM ? (size_t)m
								    : 0;
}

/* Lays out the levels over p, g and the scratch memory behind them, for `rows` examples at a time. */
static struct level *levels_new(const struct hb_mode *mode, int rows, int inputs, int L,
				const hebb_layer *layers, const double *p, double *g, size_t *bytes)
{
	uint64_t floats = 0;
	struct level *level;
	double *scratch;
	const double *statistics = mode->statistics;
	int n = inputs;

	for (int l = 0; l < L; l++) {
		n = units_of(&layers[l], n);
		floats += 4 * ((uint64_t)rows + 1) * (uint64_t)n;
	}
	n = inputs;
	*bytes = hb_bytes((uint64_t)L * (sizeof *level / sizeof *scratch + 1) + floats,
			  sizeof *scratch);
	level = hb_allocate(mode->allocator, *bytes, NULL);
	if (!level)
		return NULL;
	scratch = (double *)(level + L);
	for (int l = 0; l < L; l++) {
		int m = units_of(&layers[l], n);
		size_t weights = weights_of(layers[l].kind, n, m), area = (size_t)rows * (size_t)m,
		       count = weights ? weights + m : 0;

		level[l] = (struct level){.kind = layers[l].kind,
					  .layer = &layers[l],
					  .rate = layers[l].rate,
					  .from = layers[l].from - mode->below,
					  .n = n,
					  .m = m,
					  .W = p,
					  .b = p + weights,
					  .statistics = statistics};
		level[l].z = scratch;
		level[l].h = scratch + area;
		level[l].d = scratch + 2 * area;
		level[l].factor = (float *)(scratch + 3 * area);
		scratch += 4 * area;
		level[l].mean = scratch;
		level[l].root = scratch + m;
		level[l].sum = scratch + 2 * (size_t)m;
		level[l].product = scratch + 3 * (size_t)m;
		scratch += 4 * (size_t)m;
		for (size_t i = 0; i < area; i++)
			level[l].factor[i] = 1;
		if (l > 0)
			level[l].x = level[l - 1].h;
		if (layers[l].kind == HEBB_ADD && level[l].from >= 0)
			level[l].other = level[level[l].from].h;
		if (layers[l].kind == HEBB_BATCH_NORM && statistics)
			statistics += 2 * (size_t)m;
		if (g) {
			level[l].gW = g;
			level[l].gb = g + weights;
			memset(g, 0, count * sizeof *g);
			g += count;
		}
		p += count;
		n = m;
	}
	return level;
}

static double sum(int rows, const double *weight)
{
	double total = 0;

	for (int i = 0; i < rows; i++)
		total += weight[i];
	return total;
}

/* Examples and what each of their costs counts in J. */
struct examples {
	int rows, running; /* running: batch norm takes the running statistics */
	const double *x, *y, *weight;
	double total; /* of the weights, of all examples */
};

static double share_of(const struct examples *e, int r)
{
	return e->total > 0 ? (e->weight ? e->weight[r] : 1) / e->total : 0;
}

/* d of example r of layer l, from that of the next layer, and of the shortcuts that read it. */
static void hidden_delta(const struct level *level, int L, int l, int r)
{
	struct level one = at(&level[l], r), above = at(&level[l + 1], r);

	weigh_back(&above, one.d);
	for (int k = l + 1; k < L; k++)
		for (int i = 0; i < one.m && level[k].kind == HEBB_ADD && level[k].from == l; i++)
			one.d[i] += level[k].d[(size_t)r * one.m + i];
	through_activation(&one);
}

/* Some examples through all levels, and a share of their cost if there are targets; with `back` d of all
 * levels, and the gradient if it is wanted. */
static double pass(struct level *level, int L, hebb_loss loss, const struct examples *e, int back)
{
	double J = 0;

	level[0].x = e->x;
	for (int l = 0; l < L; l++) {
		if (level[l].kind == HEBB_ADD && level[l].from < 0)
			level[l].other = e->x;
		if (level[l].kind == HEBB_BATCH_NORM)
			gather(&level[l], e->rows, e->running);
		for (int r = 0; r < e->rows; r++) {
			struct level one = at(&level[l], r);

			forward(&one);
		}
	}
	for (int r = 0; r < e->rows && e->y; r++) {
		struct level out = at(&level[L - 1], r);

		J += share_of(e, r) * cost(&out, loss, e->y + (size_t)r * out.m);
		for (int i = 0; i < out.m; i++)
			out.d[i] *= share_of(e, r);
	}
	for (int l = L - 2; l >= 0 && back; l--) {
		if (level[l + 1].kind == HEBB_BATCH_NORM)
			gather_back(&level[l + 1], e->rows, e->running);
		for (int r = 0; r < e->rows; r++)
			hidden_delta(level, L, l, r);
	}
	for (int l = 0; l < L && level[0].gW; l++)
		for (int r = 0; r < e->rows; r++) {
			struct level one = at(&level[l], r);

			add_gradient(&one);
		}
	return J;
}

hebb_status hb_reference(int inputs, int L, const hebb_layer *layers, hebb_loss loss, int rows,
			 const double *x, const double *y, const double *weight, const double *p,
			 double *J, double *g, double *h, uint64_t *kinks)
{
	static const struct hb_mode quiet = {.on = 0};

	return hb_reference_with(&quiet, inputs, L, layers, loss, rows, x, y, weight, p, J, g, h,
				 kinks);
}

/* factor[0 .. m - 1] of dropout for one row: the half words of Philox blocks, the low one first, say which units are kept. */
void hb_dropout_factors(const struct hb_mode *mode, int l, int row, double rate, int m,
			float *factor)
{
	struct hb_draws d = hb_dropout_draws(mode, l, row, rate, m);
	uint32_t word[4];

	for (int j = 0; j < m; j++) {
		if (j % 8 == 0)
			hb_random_block(d.seed, d.stream, d.counter + (uint64_t)(j / 8), word);
		factor[j] = (word[j % 8 / 2] >> 16 * (j % 2) & 0xffff) < d.limit ? 0 : d.kept;
	}
}

static void draw(const struct hb_mode *mode, struct level *level, int L, int first, int rows)
{
	for (int l = 0; l < L && mode->on; l++)
		for (int r = 0; r < rows && level[l].kind == HEBB_DROPOUT; r++)
			hb_dropout_factors(mode, l + 1, first + r, level[l].rate, level[l].m,
					   level[l].factor + (size_t)r * level[l].m);
}

static int has_batch_norm(int L, const hebb_layer *layers)
{
	for (int l = 0; l < L; l++)
		if (layers[l].kind == HEBB_BATCH_NORM)
			return 1;
	return 0;
}

/* The kinks that some examples lie between. */
static uint64_t all_sides(const struct level *level, int L, hebb_loss loss,
			  const struct examples *e, uint64_t hash)
{
	for (int r = 0; r < e->rows; r++) {
		struct level out = at(&level[L - 1], r);

		for (int l = 0; l < L; l++) {
			struct level one = at(&level[l], r);

			hash = sides(&one, hash);
		}
		if (e->y)
			hash = error_sides(&out, loss, e->y + (size_t)r * out.m, hash);
	}
	return hash;
}

hebb_status hb_reference_with(const struct hb_mode *mode, int inputs, int L,
			      const hebb_layer *layers, hebb_loss loss, int rows, const double *x,
			      const double *y, const double *weight, const double *p, double *J,
			      double *g, double *h, uint64_t *kinks)
{
	size_t bytes;
	int group = mode->together > 1 && has_batch_norm(L, layers) ? mode->together : 1;
	struct level *level = levels_new(mode, group, inputs, L, layers, p, g, &bytes), *out;
	struct examples e = {.total = weight ? sum(rows, weight) : rows};
	double mean = 0;
	uint64_t hash = 0xCBF29CE484222325;

	if (!level)
		return HEBB_NO_MEMORY;
	out = level + L - 1;
	for (int r = 0; r < rows; r += e.rows) {
		e.rows = rows - r < group ? rows - r : group;
		e.running = e.rows < 2;
		e.x = x + (size_t)r * inputs;
		e.y = y ? y + (size_t)r * out->m : NULL;
		e.weight = weight ? weight + r : NULL;
		draw(mode, level, L, r, e.rows);
		mean += pass(level, L, loss, &e, g != NULL);
		hash = all_sides(level, L, loss, &e, hash);
		if (h)
			memcpy(h + (size_t)r * out->m, out->h, (size_t)e.rows * out->m * sizeof *h);
	}
	if (J)
		*J = mean;
	if (kinks)
		*kinks = hash;
	hb_release(mode->allocator, level, bytes);
	return HEBB_OK;
}

/* Copies what the levels remember to where the trace wants it; each array goes layer by layer. */
static void tell(const struct level *level, int L, int learned, const hebb_trace *trace)
{
	size_t at = 0;

	for (int l = 0; l < L; at += (size_t)level[l++].m) {
		size_t bytes = (size_t)level[l].m * sizeof(double);

		if (trace->z)
			memcpy(trace->z + at, level[l].z, bytes);
		if (trace->h)
			memcpy(trace->h + at, level[l].h, bytes);
		if (trace->d && learned)
			memcpy(trace->d + at, level[l].d, bytes);
	}
}

static hebb_status check_numbers(const char *what, int count, const double *values, double low,
				 double high, hebb_error *error)
{
	for (int j = 0; j < count; j++)
		if (!(values[j] >= low && values[j] <= high))
			return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s[%d] is %g; it must be %s",
					 what, j, values[j],
					 low < 0    ? "finite"
					 : high > 1 ? "finite and 0 or more"
						    : "0 to 1");
	return HEBB_OK;
}

hebb_status hebb_trace_example(int inputs, int count, const hebb_layer *layers, hebb_loss loss,
			       const double *parameters, const double *x, const double *y,
			       hebb_trace *trace, hebb_error *error)
{
	struct hb_plan *plan = hb_plan_new(inputs, count, layers, 1, HB_RUN, NULL, error);
	struct examples e = {.rows = 1, .running = 1, .x = x, .y = y, .total = 1};
	double *g = y ? trace->gradient : NULL;
	struct hb_range range = hb_targets(loss);
	struct level *level;
	size_t bytes;
	int outputs;

	if (!plan)
		return error ? error->status : HEBB_BAD_ARGUMENT;
	outputs = plan->outputs;
	hb_plan_free(plan, NULL); /* the description is right */
	if (!parameters || !x || !trace)
		return hb_missing(!parameters ? "parameters" : !x ? "x" : "trace", error);
	if (y && hb_loss_check(loss, &layers[count - 1], outputs, error))
		return HEBB_BAD_SHAPE;
	if (check_numbers("x", inputs, x, -DBL_MAX, DBL_MAX, error) ||
	    (y && check_numbers("y", outputs, y, range.low < 0 ? -DBL_MAX : 0,
				range.high > 1 ? DBL_MAX : 1, error)))
		return HEBB_BAD_ARGUMENT;
	level = levels_new(&(struct hb_mode){.statistics = trace->statistics}, 1, inputs, count,
			   layers, parameters, g, &bytes);
	if (!level)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %zu bytes", bytes);
	trace->J = pass(level, count, loss, &e, y != NULL);
	tell(level, count, y != NULL, trace);
	hb_release(NULL, level, bytes);
	return HEBB_OK;
}

static double sign_of(double x)
{
	return (x > 0) - (x < 0);
}

/* m: the gradient before, s: the step, 0 at first. */
static void rprop(double rate, double *p, double g, double *m, double *s)
{
	double turn = sign_of(g) * sign_of(*m);

	*s = *s > 0 ? *s : rate;
	if (turn > 0)
		*s = fmin(1.2 * *s, 50);
	if (turn < 0)
		*s = fmax(0.5 * *s, 1e-6);
	*m = turn < 0 ? 0 : g;
	*p -= *s * sign_of(*m);
}

/* One parameter, p, by the formulas of hebb_rule in hebb.h; t counts this update too. */
static void update(const hebb_recipe *r, double *p, double g, double *m, double *s, double t)
{
	switch (r->rule) {
	case HEBB_SGD:
		*p -= r->rate * g;
		break;
	case HEBB_MOMENTUM:
		*m = r->momentum * *m + g;
		*p -= r->rate * *m;
		break;
	case HEBB_NESTEROV:
		*m = r->momentum * *m + g;
		*p -= r->rate * (g + r->momentum * *m);
		break;
	case HEBB_RMSPROP:
		*s = r->rho * *s + (1 - r->rho) * g * g;
		*p -= r->rate * g / (sqrt(*s) + r->epsilon);
		break;
	case HEBB_ADAM:
	case HEBB_ADAMW:
		*m = r->beta1 * *m + (1 - r->beta1) * g;
		*s = r->beta2 * *s + (1 - r->beta2) * g * g;
		*p -= r->rate * (*m / (1 - pow(r->beta1, t))) /
		      (sqrt(*s / (1 - pow(r->beta2, t))) + r->epsilon);
		break;
	case HEBB_RPROP:
		rprop(r->rate, p, g, m, s);
		break;
	case HEBB_LION:
		*p -= r->rate * sign_of(r->beta1 * *m + (1 - r->beta1) * g);
		*m = r->rho * *m + (1 - r->rho) * g;
		break;
	case HEBB_LBFGS: /* it has no update of one parameter */
		break;
	}
}

/* The gradient with the penalties. */
static double slope_of(const hebb_recipe *recipe, int decays, double p, double g)
{
	return decays ? g + recipe->l1 * sign_of(p) + recipe->l2 * p : g;
}

static double clipping(const hebb_recipe *recipe, size_t count, const unsigned char *decays,
		       const double *p, const double *g)
{
	double squares = 0, norm;

	for (size_t i = 0; i < count; i++)
		squares += pow(slope_of(recipe, decays[i], p[i], g[i]), 2);
	norm = sqrt(squares);
	return recipe->clip > 0 && norm > recipe->clip ? recipe->clip / norm : 1;
}

void hb_reference_update(const hebb_recipe *recipe, size_t count, const unsigned char *decays,
			 double *p, const double *g, double *m, double *s, long long t)
{
	double factor = clipping(recipe, count, decays, p, g);

	for (size_t i = 0; i < count; i++) {
		double slope = factor * slope_of(recipe, decays[i], p[i], g[i]);

		if (decays[i])
			p[i] *= 1 - recipe->rate * recipe->weight_decay;
		update(recipe, &p[i], slope, &m[i], &s[i], (double)t + 1);
	}
}
