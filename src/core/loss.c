/* SPDX-License-Identifier: MIT */
/*
 * loss.c - J of each row, and the delta d = dJ/dz that backpropagation starts with
 *
 * `share` is what a row counts in the mean: its weight over the sum of the weights.
 *
 *   squared                    J = 1/2 |h - y|^2                         dJ/dh = h - y, then o f'(z) by the kernel
 *   cross-entropy of softmax   J = - sum_j y_j log h_j                   d_j = (sum_k y_k) h_j - y_j
 *     = sum_j y_j (max z - z_j) - (sum_j y_j) log max h,   as max h = 1 / sum_j exp(z_j - max z)
 *   cross-entropy of sigmoid   J = - sum_j y_j log h_j + (1 - y_j) log(1 - h_j)   d_j = h_j - y_j
 *     = sum_j max(z_j, 0) - z_j y_j - log(1 / (1 + exp(-|z_j|)))
 * (Bridle 1990.)  Computed from z in this way J neither overflows nor loses digits where h is near 0 or 1.  With label smoothing s
 * y is  y (1 - s) + s / m  of softmax,  y (1 - s) + s / 2  of sigmoid  (Szegedy et al. 2016, "Rethinking the Inception
 * architecture", 7).
 *
 *   absolute                   J = sum_j |e_j|,  e = h - y               dJ/dh = sign e, 0 at 0, then o f'(z)
 *   huber                      J = sum_j H(e_j)                          dJ/dh = e within +-delta, else +-delta, then o f'(z)
 *     H(e) = e^2 / 2 if |e| <= delta, else delta (|e| - delta / 2)       (Huber 1964; PyTorch's HuberLoss x outputs)
 *
 *   poisson of exp             J = sum_j h_j - y_j log h_j = sum_j h_j - y_j z_j   d_j = h_j - y_j
 *
 * J is summed over the rows in double (in a row of the squared error in float32, by lanes).  It decides when patience ends a training, so log is our own: the same bits on every machine.
 */
#include <stdint.h>
#include <string.h>
#include "core.h"

static const struct hb_name names[] = {
	{"squared", HEBB_SQUARED},   {"cross-entropy", HEBB_CROSS_ENTROPY},
	{"absolute", HEBB_ABSOLUTE}, {"huber", HEBB_HUBER},
	{"poisson", HEBB_POISSON},   {NULL, 0}};

const char *hebb_loss_name(hebb_loss loss)
{
	return hb_name_of(names, (int)loss);
}

hebb_loss hebb_loss_find(const char *name)
{
	return (hebb_loss)hb_value_of(names, name);
}

int hb_loss_fits(hebb_loss loss, hebb_activation output)
{
	if (loss == HEBB_CROSS_ENTROPY)
		return output == HEBB_SOFTMAX || output == HEBB_SIGMOID;
	if (!hebb_loss_name(loss))
		return 0;
	return loss != HEBB_POISSON || output == HEBB_EXP;
}

hebb_status hb_loss_check(hebb_loss loss, const hebb_layer *output, int outputs, hebb_error *error)
{
	if (loss == HEBB_CROSS_ENTROPY && output->activation == HEBB_SOFTMAX && outputs == 1)
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "the only output of a softmax is always 1, so that there is "
				 "nothing to learn; for one label take sigmoid, for two classes a "
				 "softmax of 2");
	if (hb_loss_fits(loss, output->activation))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_SHAPE, "%s; this network ends in %s",
			 loss == HEBB_POISSON ? "poisson wants outputs that are rates, exp"
			 : loss == HEBB_CROSS_ENTROPY
				 ? "cross-entropy wants outputs that are probabilities, "
				   "softmax or sigmoid"
				 : "the loss is unknown",
			 hb_activation_of(output));
}

/* log x for a normal x > 0; relative error below 1e-15; anything else gives what was given.
 * x = 2^e m with m in [sqrt 1/2, sqrt 2);  log m = 2 artanh(t) = 2 (t + t^3/3 + t^5/5 + ...),  t = (m - 1) / (m + 1),
 * |t| < 0.172, so that 11 terms leave less than 2^-56. */
double hb_log(double x)
{
	uint64_t bits;
	int e;
	double t, square, series = 0;

	if (!(x >= 2.3e-308 && x <= 1.7e308))
		return x;
	memcpy(&bits, &x, sizeof x);
	e = (int)(bits >> 52) - 1023;
	bits = (bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
	memcpy(&x, &bits, sizeof x);
	if (x > 1.4142135623730951) {
		x /= 2;
		e++;
	}
	t = (x - 1) / (x + 1);
	square = t * t;
	for (int k = 21; k >= 1; k -= 2) {
		series *= square;
		series += 1.0 / k;
	}
	t *= 2 * series;
	return t + e * 0.69314718055994531;
}

static double cross_entropy_softmax(double smoothing, int m, const float *h, const float *z,
				    const float *y, float share, float *d)
{
	double J = 0, sum = 0, keep = 1 - smoothing, even = smoothing / m;
	int top = 0;

	for (int j = 0; j < m; j++) {
		top = z[j] > z[top] ? j : top;
		sum += (double)y[j] * keep + even;
	}
	for (int j = 0; j < m; j++) {
		double wanted = (double)y[j] * keep + even;

		J += wanted * ((double)z[top] - (double)z[j]);
		if (d)
			d[j] = ((float)sum * h[j] - (float)wanted) * share;
	}
	return J - sum * hb_log((double)h[top]);
}

static double cross_entropy_sigmoid(double smoothing, int m, const float *h, const float *z,
				    const float *y, float share, float *d)
{
	double J = 0;

	for (int j = 0; j < m; j++) {
		double wanted = (double)y[j] * (1 - smoothing) + smoothing / 2;
		double more = z[j] > 0 ? (double)z[j] : 0,
		       likely = z[j] > 0 ? (double)h[j] : 1 - (double)h[j];

		J += more - (double)z[j] * wanted - hb_log(likely);
		if (d)
			d[j] = (h[j] - (float)wanted) * share;
	}
	return J;
}

static double absolute(int m, const float *h, const float *y, float share, float *d)
{
	double J = 0;

	for (int j = 0; j < m; j++) {
		float e = h[j] - y[j];

		J += e < 0 ? -(double)e : (double)e; /* NaN stays */
		if (d)
			d[j] = e > 0 ? share : e < 0 ? -share : 0;
	}
	return J;
}

static double huber(float delta, int m, const float *h, const float *y, float share, float *d)
{
	double J = 0;

	for (int j = 0; j < m; j++) {
		float e = h[j] - y[j], near = e > delta ? delta : e < -delta ? -delta : e;

		J += (double)near *
		     ((double)e - (double)near / 2); /* delta (|e| - delta / 2), or e^2 / 2 */
		if (d)
			d[j] = near * share;
	}
	return J;
}

static double poisson(int m, const float *h, const float *z, const float *y, float share, float *d)
{
	double J = 0;

	for (int j = 0; j < m; j++) {
		J += (double)h[j] - (double)y[j] * (double)z[j];
		if (d)
			d[j] = (h[j] - y[j]) * share;
	}
	return J;
}

/* Whether the loss goes through the activation to dJ/dz by itself. */
static int reaches_z(hebb_loss loss)
{
	return loss == HEBB_CROSS_ENTROPY || loss == HEBB_POISSON;
}

/* J of one row, and in d share dJ/dz of a loss that reaches z, share dJ/dh of the others. */
static double row_loss(const struct hb_cost *cost, hebb_activation output, int m, const float *h,
		       const float *z, const float *y, float share, float *d)
{
	if (cost->loss == HEBB_ABSOLUTE)
		return absolute(m, h, y, share, d);
	if (cost->loss == HEBB_HUBER)
		return huber((float)cost->delta, m, h, y, share, d);
	if (cost->loss == HEBB_POISSON)
		return poisson(m, h, z, y, share, d);
	if (output == HEBB_SOFTMAX)
		return cross_entropy_softmax(cost->smoothing, m, h, z, y, share, d);
	return cross_entropy_sigmoid(cost->smoothing, m, h, z, y, share, d);
}

void hb_loss(const struct hb_kernels *K, const struct hb_cost *cost, const hebb_layer *output,
	     int rows, int m, const float *h, const float *z, ptrdiff_t ld, const float *y,
	     const float *share, float *d, double *J)
{
	if (cost->loss == HEBB_SQUARED)
		K->squared_error(rows, m, ld, h, y, share, d, J);
	for (int i = 0; i < rows && cost->loss != HEBB_SQUARED; i++) {
		float *to = d ? d + i * ld : NULL;

		J[i] = row_loss(cost, output->activation, m, h + i * ld, z + i * ld,
				y + (ptrdiff_t)i * m, share ? share[i] : 0, to);
		if (to)
			memset(to + m, 0, (size_t)(ld - m) * sizeof *to);
	}
	if (d && !reaches_z(cost->loss)) /* from dJ/dh to dJ/dz */
		hb_activate_back(K, output, rows, m, ld, z, h, d);
}
