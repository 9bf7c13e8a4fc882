/* SPDX-License-Identifier: MIT */
/*
 * steps_hebb.c - the workloads by Hebb's library, from the same weights as the steps written in C
 *
 *	cc -O2 -I../include steps_hebb.c ../build/libhebb_io.a ../build/libhebb.a -lz -ljansson -lm
 *
 * Two names more than other peers know: `models` writes the predicted networks into the folder
 * DIGITS, one .onnx each; `step` times hebb_trainer_step() on one row of 784-800-10.
 */
#define _POSIX_C_SOURCE 200809L
static int other_task(char **argument);
#define PREPARE(argument) other_task(argument)
#include "workload.h"

#include "hebb_advanced.h"
#include "hebb_io.h"

struct peer {
	const workload *w;
	const rows *data;
	hebb_net *net;
	hebb_trainer *trainer;
	hebb_work *work;
	float h[16]; /* of one row */
};

static int threads = 1;

static void must(hebb_status status, const hebb_error *error)
{
	if (status != HEBB_OK)
		stop(error->message);
}

/* Hebb's W is m x n. */
static void set_weights(hebb_net *net, int l, int n, int m, uint32_t *state)
{
	size_t count = (size_t)n * (size_t)m;
	float *W = floats(count), *turned = floats(count);
	hebb_error error;

	first_weights(W, n, m, state);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < m; j++)
			turned[(size_t)j * (size_t)n + (size_t)i] =
				W[(size_t)i * (size_t)m + (size_t)j];
	must(hebb_net_set_parameter(net, l, 0, turned, &error), &error);
	free(W);
	free(turned);
}

static hebb_net *make_net(const workload *w)
{
	static const hebb_activation known[] = {[SIGMOID] = HEBB_SIGMOID,
						[RELU] = HEBB_RELU,
						[TANH] = HEBB_TANH,
						[SOFTMAX] = HEBB_SOFTMAX};
	hebb_layer layer[LAYERS_MOST];
	hebb_error error;
	uint32_t state = 2;

	for (int l = 0; l < w->layers; l++)
		layer[l] = hebb_dense(w->sizes[l + 1],
				      known[l + 1 < w->layers ? w->hidden : w->output]);
	hebb_net *net = hebb_net_blank(w->sizes[0], w->layers, layer, NULL, &error);
	if (!net)
		stop(error.message);
	for (int l = 0; l < w->layers; l++)
		set_weights(net, l, w->sizes[l], w->sizes[l + 1], &state);
	return net;
}

static hebb_trainer *make_trainer(const workload *w, hebb_net *net)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;

	recipe.loss = w->output == SOFTMAX ? HEBB_CROSS_ENTROPY : HEBB_SQUARED;
	recipe.rule = w->adam ? HEBB_ADAM : HEBB_SGD;
	recipe.rate = w->rate;
	recipe.batch = w->batch;
	recipe.epochs = w->epochs;
	recipe.threads = threads;
	recipe.shuffle = 0;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		stop(error.message);
	return trainer;
}

static peer *peer_new(const workload *w, const rows *data, int most)
{
	peer *p = calloc(1, sizeof *p);
	hebb_error error = {.message = "out of memory"};

	if (!p)
		stop("out of memory");
	p->w = w;
	p->data = data;
	p->net = make_net(w);
	if (data)
		p->trainer = make_trainer(w, p->net);
	else if (most > 1 && !(p->work = hebb_work_new(p->net, most, NULL, &error)))
		stop(error.message);
	return p;
}

static void peer_free(peer *p)
{
	hebb_work_free(p->work);
	hebb_trainer_free(p->trainer);
	hebb_net_free(p->net);
	free(p);
}

static void peer_train(peer *p, int epochs, int count)
{
	hebb_arrays arrays = {.size = sizeof arrays,
			      .rows = count,
			      .inputs = p->w->sizes[0],
			      .outputs = p->w->sizes[p->w->layers],
			      .x = p->data->x,
			      .y = p->data->y};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_error error;

	if (epochs == p->w->epochs)
		must(hebb_train(p->trainer, &source, NULL, &error), &error);
	else
		must(hebb_trainer_step(p->trainer, count, arrays.x, arrays.y, NULL, NULL, &error),
		     &error);
}

static double peer_loss(peer *p)
{
	hebb_error error;
	double J = NAN;

	must(hebb_trainer_cost(p->trainer, p->w->batch, p->data->x, p->data->y, NULL, &J, &error),
	     &error);
	return J;
}

static const float *peer_predict(peer *p, int count, const float *x)
{
	if (p->work)
		return hebb_forward(p->work, count, x);
	hebb_predict(p->net, x, p->h, NULL);
	return p->h;
}

/* ---- What no other peer does ----------------------------------------------------------------- */

static void write_model(const workload *w, const char *folder)
{
	hebb_error error = {.message = "out of memory"};
	int classes = w->output == SOFTMAX;
	hebb_coding *coding = hebb_coding_plain(classes ? HEBB_CLASSIFICATION : HEBB_REGRESSION,
						w->sizes[0], w->sizes[w->layers], &error);
	hebb_net *net = make_net(w);
	hebb_model *model =
		coding ? hebb_model_new(net, coding, classes ? HEBB_CROSS_ENTROPY : HEBB_SQUARED,
					NULL, &error)
		       : NULL;
	char path[4096];

	if (!model)
		stop(error.message);
	model->graph = HEBB_GRAPH_NUMERIC;
	snprintf(path, sizeof path, "%s/%s.onnx", folder, w->name);
	must(hebb_model_write(model, path, &error), &error);
	hebb_model_free(model);
	hebb_net_free(net);
	hebb_coding_free(coding);
}

static hebb_status two_calls(hebb_trainer *trainer, const float *x, const float *y)
{
	hebb_status status = hebb_trainer_gradient(trainer, 1, x, y, NULL, NULL, NULL);

	return status == HEBB_OK ? hebb_trainer_update(trainer, NULL) : status;
}

static hebb_status one_call(hebb_trainer *trainer, const float *x, const float *y)
{
	return hebb_trainer_step(trainer, 1, x, y, NULL, NULL, NULL);
}

typedef hebb_status take_step(hebb_trainer *trainer, const float *x, const float *y);

/* Microseconds of a step on one row. */
static double time_steps(peer *p, take_step *step)
{
	size_t inputs = (size_t)p->w->sizes[0], outputs = (size_t)p->w->sizes[p->w->layers];
	double begin = now();

	for (int k = 0; k < p->data->count; k++)
		if (step(p->trainer, p->data->x + (size_t)k * inputs,
			 p->data->y + (size_t)k * outputs) != HEBB_OK)
			stop("a step fails");
	return 1e6 * (now() - begin) / p->data->count;
}

static void compare_steps(void)
{
	workload w = shape_of("784-800-10/1/1");
	rows data = take_rows(&w, PREDICTED_SINGLE, "");
	double one[STRETCHES], two[STRETCHES];
	peer *p = peer_new(&w, &data, 1);

	for (int i = -1; i < STRETCHES; i++) { /* the first round warms up */
		one[i < 0 ? 0 : i] = time_steps(p, one_call);
		two[i < 0 ? 0 : i] = time_steps(p, two_calls);
	}
	printf("{\"microseconds\": %.6f, \"two_calls\": %.6f}\n", median(one, STRETCHES),
	       median(two, STRETCHES));
	peer_free(p);
}

static int other_task(char **argument)
{
	threads = atoi(argument[4]);
	if (strcmp(argument[1], "step") == 0) {
		compare_steps();
		return 1;
	}
	if (strcmp(argument[1], "models") != 0)
		return 0;
	for (int i = 0; i < LENGTH(predicted); i++)
		write_model(&predicted[i], argument[5]);
	return 1;
}
