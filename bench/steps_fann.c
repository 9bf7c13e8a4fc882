/* SPDX-License-Identifier: MIT */
/*
 * steps_fann.c - the workloads in FANN, as far as it has them
 *
 * 	cc -O3 steps_fann.c -lfann -lm
 *
 * W1 is its batch training; the others update after each row, as it has no batches between.
 * Outputs are sigmoid with squared error; relu is its piecewise linear function.
 */
#include <fann.h>

#include "workload.h"

struct peer {
	const workload *w;
	const rows *data;
	struct fann *net;
	struct fann_train_data *all, *first;
};

/* The first `count` rows in its own form. */
static struct fann_train_data *rows_of(const peer *p, int count)
{
	size_t n = (size_t)p->w->sizes[0], m = (size_t)p->w->sizes[p->w->layers];
	struct fann_train_data *found =
		fann_create_train((unsigned)count, (unsigned)n, (unsigned)m);

	if (!found)
		stop("out of memory");
	for (int i = 0; i < count; i++) {
		memcpy(found->input[i], p->data->x + (size_t)i * n, n * sizeof(float));
		memcpy(found->output[i], p->data->y + (size_t)i * m, m * sizeof(float));
	}
	return found;
}

static void set_functions(peer *p)
{
	static const enum fann_activationfunc_enum functions[] = {
		[SIGMOID] = FANN_SIGMOID,
		[RELU] = FANN_LINEAR_PIECE,
		[TANH] = FANN_SIGMOID_SYMMETRIC,
	};

	fann_set_activation_function_hidden(p->net, functions[p->w->hidden]);
	fann_set_activation_function_output(p->net, FANN_SIGMOID);
	fann_set_train_error_function(p->net, FANN_ERRORFUNC_LINEAR);
	fann_set_training_algorithm(p->net, p->w->batch == p->data->count ? FANN_TRAIN_BATCH
									  : FANN_TRAIN_INCREMENTAL);
	fann_set_learning_rate(p->net, p->w->rate);
}

static peer *peer_new(const workload *w, const rows *data, int most)
{
	unsigned sizes[LAYERS_MOST + 1];
	peer *p = calloc(1, sizeof *p);

	(void)most;
	for (int l = 0; l <= w->layers; l++)
		sizes[l] = (unsigned)w->sizes[l];
	if (!p || !(p->net = fann_create_standard_array((unsigned)w->layers + 1, sizes)))
		stop("out of memory");
	p->w = w;
	p->data = data;
	if (data) {
		set_functions(p);
		p->all = rows_of(p, data->count);
		p->first = rows_of(p, w->batch < data->count ? w->batch : data->count);
	}
	return p;
}

static void peer_free(peer *p)
{
	if (p->data) {
		fann_destroy_train(p->all);
		fann_destroy_train(p->first);
	}
	fann_destroy(p->net);
	free(p);
}

static void peer_train(peer *p, int epochs, int count)
{
	for (int e = 0; e < epochs; e++)
		fann_train_epoch(p->net, count == p->data->count ? p->all : p->first);
}

static double peer_loss(peer *p)
{
	fann_reset_MSE(p->net);
	return 0.5 * fann_test_data(p->net, p->first) * p->w->sizes[p->w->layers];
}

static const float *peer_predict(peer *p, int count, const float *x)
{
	const float *h = NULL;

	for (int i = 0; i < count; i++)
		h = fann_run(p->net, (float *)x + (size_t)i * (size_t)p->w->sizes[0]);
	return h;
}
