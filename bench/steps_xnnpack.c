/* SPDX-License-Identifier: MIT */
/*
 * steps_xnnpack.c - the predictions of W6 by XNNPACK, which does not train
 *
 *	cc -O3 -march=native -ffast-math steps_xnnpack.c -lXNNPACK -lm
 */
#include <xnnpack.h>

#include "workload.h"

enum { EXTRA = XNN_EXTRA_BYTES / sizeof(float) };

struct peer {
	const workload *w;
	xnn_subgraph_t graph;
	xnn_runtime_t runtime;
	const float *x; /* what it is set up for */
	float *W[LAYERS_MOST], *b[LAYERS_MOST], *h;
};

static void must(enum xnn_status status)
{
	if (status != xnn_status_success)
		stop("XNNPACK refuses");
}

static uint32_t value(xnn_subgraph_t graph, int rows, int columns, const float *data, uint32_t name,
		      uint32_t flags)
{
	size_t sizes[2] = {(size_t)rows, (size_t)columns}, first = rows > 0 ? 0 : 1;
	uint32_t found;

	must(xnn_define_tensor_value(graph, xnn_datatype_fp32, 2 - first, sizes + first, data, name,
				     flags, &found));
	return found;
}

/* XNNPACK wants W as m x n. */
static void place_weights(peer *p, int l, uint32_t *state)
{
	int n = p->w->sizes[l], m = p->w->sizes[l + 1];
	float *W = floats((size_t)n * (size_t)m);

	p->W[l] = floats((size_t)n * (size_t)m + EXTRA);
	p->b[l] = floats((size_t)m + EXTRA);
	first_weights(W, n, m, state);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < m; j++)
			p->W[l][(size_t)j * (size_t)n + (size_t)i] =
				W[(size_t)i * (size_t)m + (size_t)j];
	free(W);
}

/* Adds a layer to the graph and returns its output, number 1 if it is the last. */
static uint32_t add_layer(peer *p, int l, int rows, uint32_t input)
{
	int n = p->w->sizes[l], m = p->w->sizes[l + 1], last = l + 1 == p->w->layers;
	enum activation f = last ? p->w->output : p->w->hidden;
	uint32_t to = last ? 1 : XNN_INVALID_VALUE_ID,
		 W = value(p->graph, m, n, p->W[l], XNN_INVALID_VALUE_ID, 0),
		 b = value(p->graph, 0, m, p->b[l], XNN_INVALID_VALUE_ID, 0),
		 h = value(p->graph, rows, m, NULL, to, last ? XNN_VALUE_FLAG_EXTERNAL_OUTPUT : 0),
		 z = f == RELU ? h : value(p->graph, rows, m, NULL, XNN_INVALID_VALUE_ID, 0);

	must(xnn_define_fully_connected(p->graph, f == RELU ? 0 : -INFINITY, INFINITY, input, W, b,
					z, 0));
	if (f == SIGMOID)
		must(xnn_define_sigmoid(p->graph, z, h, 0));
	if (f == SOFTMAX)
		must(xnn_define_softmax(p->graph, z, h, 0));
	return h;
}

static peer *peer_new(const workload *w, const rows *data, int most)
{
	peer *p = calloc(1, sizeof *p);
	uint32_t state = 2, at;

	if (!p || data)
		stop(data ? "XNNPACK does not train" : "out of memory");
	p->w = w;
	p->h = floats((size_t)most * (size_t)w->sizes[w->layers] + EXTRA);
	must(xnn_initialize(NULL));
	must(xnn_create_subgraph(2, 0, &p->graph));
	at = value(p->graph, most, w->sizes[0], NULL, 0, XNN_VALUE_FLAG_EXTERNAL_INPUT);
	for (int l = 0; l < w->layers; l++) {
		place_weights(p, l, &state);
		at = add_layer(p, l, most, at);
	}
	must(xnn_create_runtime(p->graph, &p->runtime));
	return p;
}

static void peer_free(peer *p)
{
	xnn_delete_runtime(p->runtime);
	xnn_delete_subgraph(p->graph);
	for (int l = 0; l < p->w->layers; l++) {
		free(p->W[l]);
		free(p->b[l]);
	}
	free(p->h);
	free(p);
}

static const float *peer_predict(peer *p, int count, const float *x)
{
	struct xnn_external_value ends[2] = {{0, (void *)x}, {1, p->h}};

	(void)count;
	if (x != p->x)
		must(xnn_setup_runtime(p->runtime, 2, ends));
	p->x = x;
	must(xnn_invoke_runtime(p->runtime));
	return p->h;
}

static void peer_train(peer *p, int epochs, int count)
{
	(void)p, (void)epochs, (void)count;
}

static double peer_loss(peer *p)
{
	(void)p;
	return NAN;
}
