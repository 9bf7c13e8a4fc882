/* SPDX-License-Identifier: MIT */
/*
 * activation.c - f and f' of each activation, in double, and the kernel that does the same in float32
 *
 * The double versions define what is right (reference.c); the kernels (kernel/kernels.inc) are checked against them.
 * Softmax is by row, not by element: reference.c and the kernels write it out.  A function of the caller's has no kernel: it is
 * computed element by element in double and rounded, by whichever thread has the row, so that the bits are as sure as its own.
 */
#include <math.h>
#include <string.h>
#include "core.h"

static double linear(double z)
{
	return z;
}

static double linear_d(double z)
{
	(void)z;
	return 1;
}

static double sigmoid(double z)
{
	return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)); /* neither overflows */
}

static double sigmoid_d(double z)
{
	return sigmoid(z) * sigmoid(-z); /* f(-z) = 1 - f(z), without cancellation */
}

static double tanh_d(double z)
{
	return 1 - tanh(z) * tanh(z);
}

static double relu(double z)
{
	return z < 0 ? 0 : z;
}

static double relu_d(double z)
{
	return z > 0;
}

static double leaky_relu(double z)
{
	return z > 0 ? z : 0.01 * z;
}

static double leaky_relu_d(double z)
{
	return z > 0 ? 1 : 0.01;
}

static double normal(double z) /* Phi(z) */
{
	return 0.5 * erfc(-z * 0.70710678118654752440);
}

static double gelu(double z)
{
	return z * normal(z);
}

static double gelu_d(double z)
{
	return normal(z) + z * 0.39894228040143267794 *
				   exp(-0.5 * z * z); /* phi(z) = exp(-z^2/2) / sqrt(2 pi) */
}

static double elu(double z)
{
	return z > 0 ? z : expm1(z);
}

static double elu_d(double z)
{
	return z > 0 ? 1 : exp(z);
}

/* With these the mean and the variance of h stay 0 and 1 from layer to layer (Klambauer et al. 2017, eq. 14). */
static const double lambda = 1.0507009873554805, alpha = 1.6732632423543772;

static double selu(double z)
{
	return z > 0 ? lambda * z : lambda * alpha * expm1(z);
}

static double selu_d(double z)
{
	return z > 0 ? lambda : lambda * alpha * exp(z);
}

static double silu(double z)
{
	return z * sigmoid(z);
}

static double silu_d(double z)
{
	return sigmoid(z) + z * sigmoid_d(z);
}

static double softplus(double z)
{
	return (z > 0 ? z : 0) + log1p(exp(-fabs(z))); /* exp() cannot overflow */
}

static double hard_sigmoid(double z)
{
	return z <= -3 ? 0 : z >= 3 ? 1 : (z + 3) / 6;
}

static double hard_sigmoid_d(double z)
{
	return z > -3 && z < 3 ? 1 / 6.0 : 0;
}

static double hard_tanh(double z)
{
	return z <= -1 ? -1 : z >= 1 ? 1 : z;
}

static double hard_tanh_d(double z)
{
	return z > -1 && z < 1;
}

static double rate(double z)
{
	return exp(z);
}

static const struct hb_activation table[] = {
	[HEBB_LINEAR] = {"linear", linear, linear_d, .start = HEBB_START_GLOROT,
			 .kernel = HB_LINEAR},
	[HEBB_SIGMOID] = {"sigmoid", sigmoid, sigmoid_d, .start = HEBB_START_GLOROT,
			  .kernel = HB_SIGMOID},
	[HEBB_TANH] = {"tanh", tanh, tanh_d, .start = HEBB_START_GLOROT, .kernel = HB_TANH},
	[HEBB_RELU] = {"relu", relu, relu_d, .start = HEBB_START_HE, .kinks = 1, .kernel = HB_RELU},
	[HEBB_LEAKY_RELU] = {"leaky-relu", leaky_relu, leaky_relu_d, .start = HEBB_START_HE,
			     .kinks = 1, .kernel = HB_LEAKY_RELU},
	[HEBB_GELU] = {"gelu", gelu, gelu_d, .start = HEBB_START_HE, .keeps_z = 1,
		       .kernel = HB_GELU},
	[HEBB_SOFTMAX] = {"softmax", NULL, NULL, .start = HEBB_START_GLOROT, .kernel = HB_SOFTMAX},
	[HEBB_ELU] = {"elu", elu, elu_d, .start = HEBB_START_HE, .kinks = 1, .kernel = HB_ELU},
	[HEBB_SELU] = {"selu", selu, selu_d, .start = HEBB_START_LECUN, .kinks = 1,
		       .kernel = HB_SELU},
	[HEBB_SILU] = {"silu", silu, silu_d, .start = HEBB_START_HE, .keeps_z = 1,
		       .kernel = HB_SILU},
	[HEBB_SOFTPLUS] = {"softplus", softplus, sigmoid, .start = HEBB_START_HE,
			   .kernel = HB_SOFTPLUS},
	[HEBB_HARD_SIGMOID] = {"hard-sigmoid", hard_sigmoid, hard_sigmoid_d,
			       .start = HEBB_START_GLOROT, .kinks = 2, .kink = {-3, 3},
			       .kernel = HB_HARD_SIGMOID},
	[HEBB_HARD_TANH] = {"hard-tanh", hard_tanh, hard_tanh_d, .start = HEBB_START_GLOROT,
			    .kinks = 2, .kink = {-1, 1}, .kernel = HB_HARD_TANH},
	[HEBB_EXP] = {"exp", rate, rate, .start = HEBB_START_GLOROT, .kernel = HB_EXP},
};

enum { COUNT = sizeof table / sizeof *table };

/* Stands for any function of the caller's, which the layer points to. */
static const struct hb_activation own = {.keeps_z = 1, .start = HEBB_START_GLOROT};

const struct hb_activation *hb_activation(hebb_activation activation)
{
	unsigned at = (unsigned)activation;

	if (activation == HEBB_CUSTOM)
		return &own;
	return at < COUNT && table[at].name ? &table[at] : NULL;
}

const char *hebb_activation_name(hebb_activation activation)
{
	const struct hb_activation *a = hb_activation(activation);

	return a ? a->name : NULL;
}

hebb_activation hebb_activation_find(const char *name)
{
	for (int i = 1; name && i < COUNT; i++)
		if (table[i].name && strcmp(table[i].name, name) == 0)
			return (hebb_activation)i;
	return (hebb_activation)0;
}

double hebb_activation_f(hebb_activation activation, double z)
{
	const struct hb_activation *a = hb_activation(activation);

	return a && a->f ? a->f(z) : NAN;
}

double hebb_activation_derivative(hebb_activation activation, double z)
{
	const struct hb_activation *a = hb_activation(activation);

	return a && a->derivative ? a->derivative(z) : NAN;
}

/* ---- Of a layer: one of the table, or the caller's own ------------------------------------------ */

const char *hb_activation_of(const hebb_layer *layer)
{
	return layer->activation == HEBB_CUSTOM ? layer->function->name
						: hebb_activation_name(layer->activation);
}

double hb_f(const hebb_layer *layer, double z)
{
	const hebb_function *own_f = layer->function;

	return layer->activation == HEBB_CUSTOM ? own_f->f(own_f->self, z)
						: hb_activation(layer->activation)->f(z);
}

double hb_derivative(const hebb_layer *layer, double z)
{
	const hebb_function *own_f = layer->function;

	return layer->activation == HEBB_CUSTOM ? own_f->derivative(own_f->self, z)
						: hb_activation(layer->activation)->derivative(z);
}

int hb_kinks(const hebb_layer *layer, const double **at)
{
	const struct hb_activation *a = hb_activation(layer->activation);

	*at = a == &own ? layer->function->kink : a->kink;
	return a == &own ? layer->function->kinks : a->kinks;
}

void hb_activate(const struct hb_kernels *K, const struct hb_step *s, int rows, const float *z,
		 float *h)
{
	if (!s->layer.function) {
		K->forward[s->map](rows, s->m, s->ld, z, h);
		return;
	}
	for (int i = 0; i < rows; i++, z += s->ld, h += s->ld) {
		for (int j = 0; j < s->m; j++)
			h[j] = (float)hb_f(&s->layer, (double)z[j]);
		for (int j = s->m; j < s->ld; j++)
			h[j] = 0;
	}
}

void hb_activate_back(const struct hb_kernels *K, const hebb_layer *layer, int rows, int m,
		      ptrdiff_t ld, const float *z, const float *h, float *d)
{
	if (layer->activation != HEBB_CUSTOM) {
		K->backward[hb_activation(layer->activation)->kernel](rows, m, ld, z, h, d);
		return;
	}
	for (int i = 0; i < rows; i++, z += ld, d += ld)
		for (int j = 0; j < m; j++)
			d[j] = (float)((double)d[j] * hb_derivative(layer, (double)z[j]));
}
