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
 * (Bridle 1990.)  Computed from z in this way J neither overflows nor loses digits where h is near 0 or 1.
 *
 * J is summed over the rows in double (in a row of the squared error in float32, by lanes).  It decides when patience ends a training, so log is our own: the same bits on every machine.
 */
#include <stdint.h>
#include <string.h>
#include "core.h"

static const struct hb_name names[] = {
	{"squared", HEBB_SQUARED}, {"cross-entropy", HEBB_CROSS_ENTROPY}, {NULL, 0}};

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
	return loss == HEBB_SQUARED || output == HEBB_SOFTMAX || output == HEBB_SIGMOID;
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

static double cross_entropy_softmax(int m, const float *h, const float *z, const float *y,
				    float share, float *d)
{
	double J = 0, sum = 0;
	int top = 0;

	for (int j = 0; j < m; j++) {
		top = z[j] > z[top] ? j : top;
		sum += (double)y[j];
	}
	for (int j = 0; j < m; j++) {
		J += (double)y[j] * ((double)z[top] - (double)z[j]);
		if (d)
			d[j] = ((float)sum * h[j] - y[j]) * share;
	}
	return J - sum * hb_log((double)h[top]);
}

static double cross_entropy_sigmoid(int m, const float *h, const float *z, const float *y,
				    float share, float *d)
{
	double J = 0;

	for (int j = 0; j < m; j++) {
		double more = z[j] > 0 ? (double)z[j] : 0,
		       likely = z[j] > 0 ? (double)h[j] : 1 - (double)h[j];

		J += more - (double)z[j] * (double)y[j] - hb_log(likely);
		if (d)
			d[j] = (h[j] - y[j]) * share;
	}
	return J;
}

void hb_loss(const struct hb_kernels *K, hebb_loss loss, hebb_activation output, int rows, int m,
	     const float *h, const float *z, ptrdiff_t ld, const float *y, const float *share,
	     float *d, double *J)
{
	if (loss == HEBB_SQUARED) {
		K->squared_error(rows, m, ld, h, y, share, d, J);
		if (d)
			K->backward[hb_activation(output)->kernel](rows, m, ld, z, h, d);
		return;
	}
	for (int i = 0; i < rows; i++, h += ld, z += ld, y += m) {
		float factor = share ? share[i] : 0;

		J[i] = output == HEBB_SOFTMAX ? cross_entropy_softmax(m, h, z, y, factor, d)
					      : cross_entropy_sigmoid(m, h, z, y, factor, d);
		if (d) {
			memset(d + m, 0, (size_t)(ld - m) * sizeof *d);
			d += ld;
		}
	}
}
