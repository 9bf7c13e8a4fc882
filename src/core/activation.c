/* SPDX-License-Identifier: MIT */
/*
 * activation.c - f and f' of each activation, in double, and the kernel that does the same in
 * float32
 *
 * The double versions define what is right (reference.c); the kernels (kernel/kernels.inc) are
 * checked against them. Softmax is by row, not by element: reference.c and the kernels contain it.
 * A caller's own function has no kernel. The thread that has the row computes it in double, element
 * by element, and rounds. Its results are bit-identical only if the function's are.
 */
#include <math.h>
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
	return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)); /* no branch overflows */
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

/* With these constants, mean 0 and variance 1 of h are a fixed point from layer to layer (Klambauer
 * et al. 2017, eq. 14). */
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

#define VANISHED 2e-35 /* below z = -87 exp(z) is not a normal float32: an absolute error */

/* clang-format off */
static const struct hb_activation table[] = {
	[HEBB_LINEAR] = {{"linear", "z"}, "1",
		linear, linear_d, .start = HEBB_START_GLOROT, .kernel = HB_LINEAR},
	[HEBB_SIGMOID] = {{"sigmoid", "1 / (1 + exp(-z))"}, "f(z) (1 - f(z))",
		sigmoid, sigmoid_d, .start = HEBB_START_GLOROT, .kernel = HB_SIGMOID,
		.error = {.absolute = 1e-7}},
	[HEBB_TANH] = {{"tanh", "tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z))"}, "1 - f(z)^2",
		tanh, tanh_d, .start = HEBB_START_GLOROT, .kernel = HB_TANH,
		.error = {.relative = 3e-7}},
	[HEBB_RELU] = {{"relu", "max(0, z)"}, "1 if z > 0, else 0",
		relu, relu_d, .kinks = 1, .start = HEBB_START_HE, .kernel = HB_RELU},
	[HEBB_LEAKY_RELU] = {{"leaky-relu", "z if z > 0, else 0.01 z"}, "1 if z > 0, else 0.01",
		leaky_relu, leaky_relu_d, .kinks = 1, .start = HEBB_START_HE,
		.kernel = HB_LEAKY_RELU,
		.error = {.relative = 1e-7}}, /* 0.01 is not a float */
	[HEBB_GELU] = {{"gelu", "z Phi(z), Phi the standard normal distribution function"},
		"Phi(z) + z phi(z)",
		gelu, gelu_d, .keeps_z = 1, .start = HEBB_START_HE, .kernel = HB_GELU,
		.error = {.relative = 0x1p-24, .of_z = 2.6e-7}}, /* Phi has the error, z times it */
	[HEBB_SOFTMAX] = {{"softmax", "exp(z_i) / sum_j exp(z_j)"}, NULL,
		NULL, NULL, .start = HEBB_START_GLOROT, .kernel = HB_SOFTMAX},
	[HEBB_ELU] = {{"elu", "z if z > 0, else exp(z) - 1"}, "1 if z > 0, else exp(z)",
		elu, elu_d, .kinks = 1, .start = HEBB_START_HE, .kernel = HB_ELU,
		.error = {.relative = 1.2e-7}},
	[HEBB_SELU] = {{"selu", "1.0507 z if z > 0, else 1.7581 (exp(z) - 1)"},
		"1.0507 if z > 0, else 1.7581 exp(z)",
		selu, selu_d, .kinks = 1, .start = HEBB_START_LECUN, .kernel = HB_SELU,
		.error = {.relative = 2e-7}},
	[HEBB_SILU] = {{"silu", "z s(z), s(z) = 1 / (1 + exp(-z))"}, "s(z) + z s(z) (1 - s(z))",
		silu, silu_d, .keeps_z = 1, .start = HEBB_START_HE, .kernel = HB_SILU,
		.error = {.absolute = VANISHED, .relative = 3e-7}},
	[HEBB_SOFTPLUS] = {{"softplus", "log(1 + exp(z))"}, "1 / (1 + exp(-z))",
		softplus, sigmoid, .start = HEBB_START_HE, .kernel = HB_SOFTPLUS,
		.error = {.absolute = VANISHED, .relative = 3e-7}},
	[HEBB_HARD_SIGMOID] = {{"hard-sigmoid", "(z + 3) / 6, but not below 0 nor above 1"},
		"1/6 if -3 < z < 3, else 0",
		hard_sigmoid, hard_sigmoid_d, .kinks = 2, .kink = {-3, 3},
		.start = HEBB_START_GLOROT, .kernel = HB_HARD_SIGMOID, .error = {.absolute = 1e-7}},
	[HEBB_HARD_TANH] = {{"hard-tanh", "z, but not below -1 nor above 1"},
		"1 if -1 < z < 1, else 0",
		hard_tanh, hard_tanh_d, .kinks = 2, .kink = {-1, 1}, .start = HEBB_START_GLOROT,
		.kernel = HB_HARD_TANH},
	[HEBB_EXP] = {{"exp", "exp(z)"}, "exp(z)",
		rate, rate, .start = HEBB_START_GLOROT, .kernel = HB_EXP,
		.error = {.relative = 1.2e-7}},
};
/* clang-format on */

/* The row for all functions of callers; the layer points to the function itself. */
static const struct hb_activation custom = {.keeps_z = 1, .start = HEBB_START_GLOROT};

const struct hb_activation *hb_activation(hebb_activation activation)
{
	return activation == HEBB_CUSTOM ? &custom : hb_row(HB_TABLE(table), (int)activation);
}

HB_NAMES(activation, table)

const char *hebb_activation_slope(hebb_activation activation)
{
	const struct hb_activation *a = hb_activation(activation);

	return a ? a->slope : NULL;
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

/* ---- The activation of a layer: one of the table, or the caller's own ------------------------ */

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

int hb_kinks(const hebb_layer *layer, const double **kink)
{
	const struct hb_activation *a = hb_activation(layer->activation);

	*kink = a == &custom ? layer->function->kink : a->kink;
	return a == &custom ? layer->function->kinks : a->kinks;
}

static HB_NOINLINE void custom_forward(const struct hb_step *s, int rows, const float *z, float *h)
{
	for (int i = 0; i < rows; i++, z += s->ld, h += s->ld) {
		for (int j = 0; j < s->m; j++)
			h[j] = (float)hb_f(&s->layer, (double)z[j]);
		for (int j = s->m; j < s->ld; j++)
			h[j] = 0;
	}
}

static HB_NOINLINE void custom_backward(const struct hb_step *s, int rows, const float *z, float *d)
{
	for (int i = 0; i < rows; i++, z += s->ld, d += s->ld)
		for (int j = 0; j < s->m; j++)
			d[j] = (float)((double)d[j] * hb_derivative(&s->layer, (double)z[j]));
}

void hb_activate(const struct hb_kernels *K, const struct hb_step *s, int rows, const float *z,
		 float *h)
{
	if (s->layer.function)
		custom_forward(s, rows, z, h);
	else if (s->map != HB_LINEAR || z != h)
		K->forward[s->map](rows, s->m, s->ld, z, h);
}

void hb_activate_back(const struct hb_kernels *K, const struct hb_step *s, int rows, const float *z,
		      const float *h, float *d)
{
	if (s->layer.function)
		custom_backward(s, rows, z, d);
	else if (s->map != HB_LINEAR)
		K->backward[s->map](rows, s->m, s->ld, z, h, d);
}
