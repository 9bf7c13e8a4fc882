/* SPDX-License-Identifier: MIT */
/*
 * steps.h - training written out in C on the products of another library
 *
 * z = h W + b, h = f(z); d = dJ/dz; dW = h' d, d of the layer below = (d W') f'(z); SGD or Adam.  W
 * is n x m, row-major, n the fan-in, so that the products of the first layer take no transpose.  A
 * program says, before it includes this file once:
 *
 * 	struct products		whatever the library prepares for one layer and one number of rows
 * 	prepare(p, rows, n, m)	does so; release(p)
 * 	forward_product		z = h W
 * 	back_product		e = d W'
 * 	gradient_product	dW = scale h' d, or W += scale h' d if `add`
 * 	CAN_ADD			whether it can do the latter
 *
 * The loops are for a compiler that may use vectors for expf and tanhf: -O3 -march=native
 * -ffast-math.
 */
#include "workload.h"

typedef struct shape {
	int rows, n, m;
	struct products with;
} shape;

static void prepare(shape *s);
static void release(shape *s);
static void forward_product(const shape *s, const float *h, const float *W, float *z);
static void back_product(const shape *s, const float *d, const float *W, float *e);
static void gradient_product(const shape *s, const float *h, const float *d, float scale, int add,
			     float *dW);

struct peer {
	const workload *w;
	const rows *data;
	int most, tail; /* rows of a batch, of the last one */
	shape full[LAYERS_MOST], rest[LAYERS_MOST];
	size_t parameters;
	float *values, *gradient, *mean, *square; /* W and b of each layer in turn */
	float *W[LAYERS_MOST], *b[LAYERS_MOST], *dW[LAYERS_MOST], *db[LAYERS_MOST];
	float *h[LAYERS_MOST], *d[LAYERS_MOST];
	int steps;
};

/* ---- The network ----------------------------------------------------------------------------- */

static void place_layer(peer *p, int l, size_t *at, uint32_t *state)
{
	int n = p->w->sizes[l], m = p->w->sizes[l + 1];
	size_t weights = (size_t)n * (size_t)m, outputs = (size_t)p->most * (size_t)m;

	p->W[l] = p->values + *at;
	p->b[l] = p->W[l] + weights;
	p->dW[l] = p->gradient + *at;
	p->db[l] = p->dW[l] + weights;
	*at += weights + (size_t)m;
	p->h[l] = floats(outputs);
	p->d[l] = floats(outputs);
	p->full[l] = (shape){.rows = p->most, .n = n, .m = m};
	p->rest[l] = (shape){.rows = p->tail, .n = n, .m = m};
	first_weights(p->W[l], n, m, state);
	prepare(&p->full[l]);
	if (p->tail)
		prepare(&p->rest[l]);
}

static peer *peer_new(const workload *w, const rows *data, int most)
{
	peer *p = calloc(1, sizeof *p);
	uint32_t state = 2;
	size_t at = 0;

	if (!p)
		stop("out of memory");
	p->w = w;
	p->data = data;
	p->most = most;
	p->tail = data ? data->count % most : 0;
	for (int l = 0; l < w->layers; l++)
		p->parameters += (size_t)(w->sizes[l] + 1) * (size_t)w->sizes[l + 1];
	p->values = floats(p->parameters);
	p->gradient = floats(p->parameters);
	p->mean = floats(p->parameters);
	p->square = floats(p->parameters);
	for (int l = 0; l < w->layers; l++)
		place_layer(p, l, &at, &state);
	return p;
}

static void peer_free(peer *p)
{
	for (int l = 0; l < p->w->layers; l++) {
		release(&p->full[l]);
		if (p->tail)
			release(&p->rest[l]);
		free(p->h[l]);
		free(p->d[l]);
	}
	free(p->values);
	free(p->gradient);
	free(p->mean);
	free(p->square);
	free(p);
}

/* ---- Forward --------------------------------------------------------------------------------- */

static void softmax(float *z, int m)
{
	float most = z[0], sum = 0;

	for (int j = 1; j < m; j++)
		most = z[j] > most ? z[j] : most;
	for (int j = 0; j < m; j++) {
		z[j] = expf(z[j] - most);
		sum += z[j];
	}
	for (int j = 0; j < m; j++)
		z[j] /= sum;
}

/* h = f(z + b) in place, a row. */
static void activate(enum activation f, float *restrict z, const float *restrict b, int m)
{
	switch (f) {
	case SIGMOID:
		for (int j = 0; j < m; j++)
			z[j] = 1 / (1 + expf(-(z[j] + b[j])));
		break;
	case RELU:
		for (int j = 0; j < m; j++)
			z[j] = z[j] + b[j] > 0 ? z[j] + b[j] : 0;
		break;
	case TANH:
		for (int j = 0; j < m; j++)
			z[j] = tanhf(z[j] + b[j]);
		break;
	case SOFTMAX:
		for (int j = 0; j < m; j++)
			z[j] += b[j];
		softmax(z, m);
	}
}

static const float *forward(peer *p, const shape *layer, const float *x)
{
	const float *h = x;

	for (int l = 0; l < p->w->layers; l++) {
		int m = layer[l].m;
		enum activation f = l + 1 < p->w->layers ? p->w->hidden : p->w->output;

		forward_product(&layer[l], h, p->W[l], p->h[l]);
		for (int i = 0; i < layer[l].rows; i++)
			activate(f, p->h[l] + (size_t)i * (size_t)m, p->b[l], m);
		h = p->h[l];
	}
	return h;
}

/* ---- Backward -------------------------------------------------------------------------------- */

/* d *= f', from h. */
static void times_slope(enum activation f, float *restrict d, const float *restrict h, size_t count)
{
	switch (f) {
	case SIGMOID:
		for (size_t i = 0; i < count; i++)
			d[i] *= h[i] * (1 - h[i]);
		break;
	case RELU:
		for (size_t i = 0; i < count; i++)
			d[i] = h[i] > 0 ? d[i] : 0;
		break;
	case TANH:
		for (size_t i = 0; i < count; i++)
			d[i] *= 1 - h[i] * h[i];
		break;
	case SOFTMAX: /* with cross-entropy: part of h - y */
		break;
	}
}

/* db = the sum of the rows of d. */
static void sum_rows(int rows, int m, const float *restrict d, float *restrict db)
{
	memset(db, 0, (size_t)m * sizeof *db);
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < m; j++)
			db[j] += d[(size_t)i * (size_t)m + (size_t)j];
}

static void sgd(float *restrict w, const float *restrict g, float scale, size_t count)
{
	for (size_t i = 0; i < count; i++)
		w[i] += scale * g[i];
}

/* Kingma and Ba 2015, algorithm 1, with beta1 = 0.9, beta2 = 0.999; g is the sum over the rows of a
 * batch. */
static void adam(peer *p, float *restrict w, const float *restrict g, float *restrict mean,
		 float *restrict square, float scale)
{
	float first = (float)(p->w->rate / (1 - pow(0.9, p->steps))),
	      second = (float)(1 / (1 - pow(0.999, p->steps)));

	for (size_t i = 0; i < p->parameters; i++) {
		float s = scale * g[i];

		mean[i] += 0.1f * (s - mean[i]);
		square[i] += 0.001f * (s * s - square[i]);
		w[i] -= first * mean[i] / (sqrtf(second * square[i]) + 1e-8f);
	}
}

static void step(peer *p, const shape *layer, const float *x, const float *y)
{
	int last = p->w->layers - 1, rows = layer->rows, add = CAN_ADD && !p->w->adam;
	size_t outputs = (size_t)rows * (size_t)layer[last].m;
	float scale = add ? -p->w->rate / (float)rows : 1;
	const float *h = forward(p, layer, x);

	for (size_t i = 0; i < outputs; i++)
		p->d[last][i] = h[i] - y[i];
	times_slope(p->w->output, p->d[last], h, outputs);
	for (int l = last; l >= 0; l--) {
		if (l > 0) {
			back_product(&layer[l], p->d[l], p->W[l], p->d[l - 1]);
			times_slope(p->w->hidden, p->d[l - 1], p->h[l - 1],
				    (size_t)rows * (size_t)layer[l].n);
		}
		gradient_product(&layer[l], l ? p->h[l - 1] : x, p->d[l], scale, add,
				 add ? p->W[l] : p->dW[l]);
		sum_rows(rows, layer[l].m, p->d[l], p->db[l]);
		if (add)
			sgd(p->b[l], p->db[l], scale, (size_t)layer[l].m);
	}
	p->steps++;
	if (p->w->adam)
		adam(p, p->values, p->gradient, p->mean, p->square, 1 / (float)rows);
	else if (!add)
		sgd(p->values, p->gradient, -p->w->rate / (float)rows, p->parameters);
}

static void peer_train(peer *p, int epochs, int count)
{
	size_t n = (size_t)p->w->sizes[0], m = (size_t)p->w->sizes[p->w->layers];

	for (int e = 0; e < epochs; e++)
		for (int i = 0; i < count; i += p->most)
			step(p, count - i < p->most ? p->rest : p->full, p->data->x + (size_t)i * n,
			     p->data->y + (size_t)i * m);
}

static double peer_loss(peer *p)
{
	int outputs = p->w->sizes[p->w->layers], count = p->most * outputs;
	const float *h = forward(p, p->full, p->data->x), *y = p->data->y;
	double sum = 0;

	for (int i = 0; i < count; i++)
		sum += p->w->output == SOFTMAX ? -y[i] * log((double)h[i] + 1e-30)
					       : 0.5 * (h[i] - y[i]) * (h[i] - y[i]);
	return sum / p->most;
}

/* As many rows as it was made for. */
static const float *peer_predict(peer *p, int count, const float *x)
{
	(void)count;
	return forward(p, p->full, x);
}
