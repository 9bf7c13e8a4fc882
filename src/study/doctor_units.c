/* SPDX-License-Identifier: MIT */
/*
 * doctor_units.c - units of hidden layers that do not move: dead or saturated
 *
 * A unit whose f'(z) is nearly 0 on every row passes no gradient, so its weights do not learn, and
 * the layers below learn nothing through it. z comes from hebb_trace_example(), on a few rows. A
 * unit with no slope on these rows may have one on others, so a warning needs most of a layer.
 */
#include <math.h>
#include <stdlib.h>

#include "doctor.h"
#include "hebb_advanced.h"

enum { ROWS_MOST = 64, ROWS_LEAST = 16 };
static const double OPERATIONS = 2e7; /* the limit: milliseconds of plain double arithmetic */
static const double SLOPE_LEAST =
	0.01; /* relative to the steepest slope: the sigmoid beyond |z| = 6 */
static const double SHARE_MOST = 0.5, SHARE_WORTH_SAYING = 0.1; /* shares of the units of a layer */

/* The network as hebb_trace_example() wants it. */
typedef struct plain_net {
	int inputs, count;
	long long units; /* of all layers */
	hebb_layer *layer;
	double *parameters, *statistics, *z;
} plain_net;

static void plain_close(plain_net *net)
{
	free(net->layer);
	free(net->parameters);
	free(net->statistics);
	free(net->z);
}

/* Copies the learned parameters of a layer, or its running statistics. Returns the end of the
 * copy. */
static double *copy_layer(const hebb_net *net, int l, int running, double *values, float *scratch)
{
	const hebb_parameter *parameter;

	for (int i = 0; (parameter = hebb_net_parameter(net, l, i)); i++) {
		if (parameter->running != running)
			continue;
		hebb_net_get_parameter(net, l, i, scratch, NULL);
		for (long long k = 0; k < parameter->count; k++)
			*values++ = scratch[k];
	}
	return values;
}

static int plain_open(const hebb_net *net, plain_net *result)
{
	size_t parameters = (size_t)hebb_net_parameters(net);
	float *scratch = malloc(sizeof *scratch * (parameters + 1));

	*result = (plain_net){.inputs = hebb_net_inputs(net), .count = hebb_net_layers(net)};
	result->layer = malloc(sizeof *result->layer * (size_t)result->count);
	result->parameters = malloc(sizeof *result->parameters * (parameters + 1));
	/* a norm has as many statistics as parameters */
	result->statistics = malloc(sizeof *result->statistics * (parameters + 1));
	double *parameter = result->parameters, *statistics = result->statistics;
	for (int l = 0; l < result->count && result->layer; l++) {
		result->layer[l] = *hebb_net_layer(net, l);
		result->units += result->layer[l].units;
		if (parameter && scratch)
			parameter = copy_layer(net, l, 0, parameter, scratch);
		if (statistics && scratch)
			statistics = copy_layer(net, l, 1, statistics, scratch);
		if (!hebb_kind_about(result->layer[l].kind)->units)
			result->layer[l].units = 0; /* as in the description of the network */
	}
	result->z = malloc(sizeof *result->z * (size_t)(result->units + 1));
	int ready =
		scratch && result->layer && result->parameters && result->statistics && result->z;
	free(scratch);
	return ready;
}

/* Marks in `alive` the units whose f' is large enough on a row. */
static void mark(const plain_net *net, const hebb_net *shape, unsigned char *alive)
{
	const double *z = net->z;

	for (int l = 0; l < net->count; l++) {
		hebb_activation f = net->layer[l].activation;
		/* The steepest slope is 1/4 for sigmoid and 1/6 for hard-sigmoid; for the others it
		 * is 1 or slightly more. */
		double steepest = f == HEBB_SIGMOID ? 0.25 : f == HEBB_HARD_SIGMOID ? 1.0 / 6 : 1;
		int n = hebb_net_layer(shape, l)->units;
		for (int i = 0; i < n; i++, z++, alive++) {
			/* The lowest slope of leaky ReLU is 0.01, which must count as alive. */
			double slope = fabs(hebb_activation_derivative(f, *z));
			*alive |= !(slope < 0.999 * SLOPE_LEAST * steepest);
		}
	}
}

static void tell(const hebb_net *net, const unsigned char *alive, int rows, const char *moment,
		 int fresh, hebb_findings *findings)
{
	int worst = -1, worst_dead = 0, hidden = 0, worst_hidden = 0;
	double share = 0;

	for (int l = 0; l + 1 < hebb_net_layers(net); l++) {
		int n = hebb_net_layer(net, l)->units, dead = 0;
		for (int i = 0; i < n; i++)
			dead += !*alive++;
		hidden += hebb_kind_about(hebb_net_layer(net, l)->kind)->units;
		if ((double)dead / n <= share)
			continue;
		share = (double)dead / n;
		worst = l;
		worst_dead = dead;
		worst_hidden = hidden;
	}
	if (share < SHARE_WORTH_SAYING)
		return;
	const hebb_layer *layer = hebb_net_layer(net, worst);
	hebb_activation f = layer->activation;
	int flat_both = f == HEBB_SIGMOID || f == HEBB_TANH || f == HEBB_HARD_SIGMOID ||
			f == HEBB_HARD_TANH;
	int one = worst_dead == 1;
	hb_found(findings, flat_both ? "saturated_units" : "dead_units",
		 share > SHARE_MOST ? HEBB_SEVERITY_WARNING : HEBB_SEVERITY_INFO,
		 "%d of the %d %s unit%s of hidden layer %d %s %s on all of %s %s: no gradient "
		 "passes %s",
		 worst_dead, layer->units, hebb_activation_name(f), layer->units == 1 ? "" : "s",
		 worst_hidden, one ? "is" : "are", flat_both ? "saturated" : "dead",
		 hebb_show_count(rows, "row").text, moment, one ? "it" : "them");
	if (flat_both)
		hb_advise(findings,
			  fresh ? "try --init auto, or --activation relu"
				: "try a lower --rate, --init auto, or --activation relu");
	else
		hb_advise(findings, fresh ? "try --init auto, or --activation leaky-relu"
					  : "try a lower --rate, or --activation leaky-relu");
}

void hb_check_units(const hebb_net *net, hebb_loss loss, const hebb_dataset *data,
		    const char *moment, int fresh, hebb_findings *findings)
{
	double affordable = OPERATIONS / (double)hebb_net_parameters(net);
	int rows = affordable > ROWS_MOST    ? ROWS_MOST
		   : affordable < ROWS_LEAST ? ROWS_LEAST
					     : (int)affordable;
	float *x = malloc(sizeof *x * (size_t)data->inputs);
	double *wide = malloc(sizeof *wide * (size_t)data->inputs);
	plain_net plain_form;
	int ready = plain_open(net, &plain_form);
	unsigned char *alive = calloc((size_t)plain_form.units + 1, 1);
	hebb_trace trace = {
		.size = sizeof(hebb_trace), .z = plain_form.z, .statistics = plain_form.statistics};

	rows = data->rows < rows ? (int)data->rows : rows;
	ready = ready && x && wide && alive && rows >= ROWS_LEAST;
	for (int i = 0; i < rows && ready; i++) {
		hebb_dataset_get(data, i * data->rows / rows, 1, x);
		for (int k = 0; k < data->inputs; k++)
			wide[k] = x[k];
		ready = hebb_trace_example(plain_form.inputs, plain_form.count, plain_form.layer,
					   loss, plain_form.parameters, wide, NULL, &trace,
					   NULL) == HEBB_OK;
		if (ready)
			mark(&plain_form, net, alive);
	}
	if (ready)
		tell(net, alive, rows, moment, fresh, findings);
	free(alive);
	plain_close(&plain_form);
	free(wide);
	free(x);
}
