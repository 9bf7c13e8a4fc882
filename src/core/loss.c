/* SPDX-License-Identifier: MIT */
/*
 * loss.c - J of each row, and the delta d = dJ/dz that backpropagation starts with
 *
 * `share` is the weight of a row in the mean: its own weight over the sum of the weights.
 *
 *   squared          J = 1/2 |h - y|^2           dJ/dh = h - y, then o f'(z) by the kernel
 *
 *   cross-entropy    (Bridle 1990), computed from z so that J neither overflows nor loses digits
 *     of softmax     J = - sum_j y_j log h_j     d_j = (sum_k y_k) h_j - y_j
 *       = sum_j y_j (max z - z_j) - (sum_j y_j) log max h,   as max h = 1 / sum_j exp(z_j - max z)
 *     of sigmoid     J = - sum_j y_j log h_j + (1 - y_j) log(1 - h_j)     d_j = h_j - y_j
 *       = sum_j max(z_j, 0) - z_j y_j - log(1 / (1 + exp(-|z_j|)))
 *     With label smoothing s, y is y (1 - s) + s / m of softmax and y (1 - s) + s / 2 of sigmoid
 *     (Szegedy et al. 2016, "Rethinking the Inception architecture", 7).
 *
 *   absolute         J = sum_j |e_j|,  e = h - y
 *     dJ/dh = sign e, 0 at 0, then o f'(z)
 *   huber            J = sum_j H(e_j)              (Huber 1964; PyTorch's HuberLoss x outputs)
 *       H(e) = e^2 / 2 if |e| <= delta, else delta (|e| - delta / 2)
 *     dJ/dh = e within +-delta, else +-delta, then o f'(z)
 *
 *   custom                     J and dJ/dh of the caller's function, in double, then o f'(z)
 *
 *   With recipe.gaps a y that is NaN is no target: its output adds nothing to J, and its d is 0.
 *
 *   poisson of exp             J = sum_j h_j - y_j log h_j = sum_j h_j - y_j z_j   d_j = h_j - y_j
 *
 * J is summed over the rows in double (in a row of the squared error in float32, by lanes).  It
 * decides when patience ends a training, so log is our own: the same bits on every machine.
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "core.h"

/* log x for a normal x > 0, relative error below 1e-15; any other x is returned unchanged.
 *
 *     x = 2^e m,  m in [sqrt 1/2, sqrt 2)
 *     log m = 2 artanh(t) = 2 (t + t^3/3 + t^5/5 + ...),  t = (m - 1) / (m + 1)
 *
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

/* ---- For the engine: J of a row, and share times d ---- */

static double cross_entropy_sigmoid(const struct hb_example *e, float share, float *d)
{
	double J = 0, smoothing = e->cost->smoothing;

	for (int j = 0; j < e->m; j++) {
		double target = (double)e->y[j] * (1 - smoothing) + smoothing / 2;
		double more = e->z[j] > 0 ? (double)e->z[j] : 0,
		       likely = e->z[j] > 0 ? (double)e->h[j] : 1 - (double)e->h[j];

		J += more - (double)e->z[j] * target - hb_log(likely);
		if (d)
			d[j] = (e->h[j] - (float)target) * share;
	}
	return J;
}

static double absolute(const struct hb_example *e, float share, float *d)
{
	double J = 0;

	for (int j = 0; j < e->m; j++) {
		float off = e->h[j] - e->y[j];

		J += off < 0 ? -(double)off : (double)off; /* a NaN stays NaN */
		if (d)
			d[j] = off > 0 ? share : off < 0 ? -share : 0;
	}
	return J;
}

static double huber(const struct hb_example *e, float share, float *d)
{
	float delta = (float)e->cost->delta;
	double J = 0;

	for (int j = 0; j < e->m; j++) {
		float off = e->h[j] - e->y[j], near = off > delta    ? delta
						      : off < -delta ? -delta
								     : off;

		J += (double)near *
		     ((double)off - (double)near / 2); /* delta (|e| - delta / 2), or e^2 / 2 */
		if (d)
			d[j] = near * share;
	}
	return J;
}

static double poisson(const struct hb_example *e, float share, float *d)
{
	double J = 0;

	for (int j = 0; j < e->m; j++) {
		J += (double)e->h[j] - (double)e->y[j] * (double)e->z[j];
		if (d)
			d[j] = (e->h[j] - e->y[j]) * share;
	}
	return J;
}

/* ---- For the reference: the same in double, plainly ---- */

/* h - y; 0 where there is no target. */
static double error_of(double h, double y)
{
	return isnan(y) ? 0 : h - y;
}

/* J = 1/2 sum_i (h_i - y_i)^2 */
static double naive_squared(const struct hb_level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->s->m; i++) {
		out->d[i] = error_of(out->h[i], y[i]);
		J += 0.5 * out->d[i] * out->d[i];
	}
	hb_through_activation(out);
	return J;
}

/* J = sum_i |h_i - y_i| */
static double naive_absolute(const struct hb_level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->s->m; i++) {
		double e = error_of(out->h[i], y[i]);

		J += fabs(e);
		out->d[i] = (e > 0) - (e < 0);
	}
	hb_through_activation(out);
	return J;
}

/* J = sum_i e_i^2 / 2 where |e_i| <= 1, else |e_i| - 1/2,  e = h - y */
static double naive_huber(const struct hb_level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->s->m; i++) {
		double e = error_of(out->h[i], y[i]);

		J += fabs(e) <= 1 ? 0.5 * e * e : fabs(e) - 0.5;
		out->d[i] = fmax(-1, fmin(1, e));
	}
	hb_through_activation(out);
	return J;
}

/* J = sum_i h_i - y_i z_i,  z = log h;  d_i = h_i - y_i */
static double naive_poisson(const struct hb_level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->s->m; i++) {
		J += isnan(y[i]) ? 0 : out->h[i] - y[i] * out->z[i];
		out->d[i] = error_of(out->h[i], y[i]);
	}
	return J;
}

/* J = - sum_i y_i log h_i,  log h_i = z_i - log sum_j exp(z_j);  d_i = h_i sum_j y_j - y_i */
static double naive_softmax(const struct hb_level *out, const double *y)
{
	double J = 0, total = 0, lse = hb_log_sum_exp(out->s->m, out->z);

	for (int i = 0; i < out->s->m; i++) {
		J -= y[i] * (out->z[i] - lse);
		total += y[i];
	}
	for (int i = 0; i < out->s->m; i++)
		out->d[i] = out->h[i] * total - y[i];
	return J;
}

/* J = - sum_i y_i log h_i + (1 - y_i) log(1 - h_i);  d_i = h_i - y_i.
 * With t = log(1 + exp(-|z|)), which cannot overflow, - log h is t for z > 0 and t - z otherwise;
 * - log(1 - h) is t + z for z > 0 and t otherwise. */
static double naive_sigmoid(const struct hb_level *out, const double *y)
{
	double J = 0;

	for (int i = 0; i < out->s->m; i++) {
		double z = out->z[i], tail = log1p(exp(-fabs(z)));

		J += isnan(y[i]) ? 0
				 : y[i] * (fmax(-z, 0) + tail) + (1 - y[i]) * (fmax(z, 0) + tail);
		out->d[i] = error_of(out->h[i], y[i]);
	}
	return J;
}

static double naive_cross_entropy(const struct hb_level *out, const double *y)
{
	return out->s->layer.activation == HEBB_SOFTMAX ? naive_softmax(out, y)
							: naive_sigmoid(out, y);
}

/* ---- From the outputs alone: what one of them adds to J ---- */

static double log_above(double h, double least)
{
	return log(h > least ? h : least);
}

static double one_squared(hebb_activation output, double h, double y)
{
	double off = fabs(h - y);

	(void)output;
	return 0.5 * off * off;
}

static double one_absolute(hebb_activation output, double h, double y)
{
	(void)output;
	return fabs(h - y);
}

static double one_huber(hebb_activation output, double h, double y)
{
	double off = fabs(h - y);

	(void)output;
	return off <= 1 ? 0.5 * off * off : off - 0.5;
}

static double one_poisson(hebb_activation output, double h, double y)
{
	(void)output;
	return h - y * log_above(h, (double)FLT_MIN);
}

static double one_cross_entropy(hebb_activation output, double h, double y)
{
	double log_of = log_above(h, (double)FLT_MIN);

	if (output == HEBB_SOFTMAX)
		return y > 0 ? -(y * log_of) : 0;
	return -(y * log_of + (1 - y) * log_above(1 - h, (double)FLT_EPSILON / 4));
}

double hebb_cost(hebb_loss loss, hebb_activation output, int outputs, const float *h,
		 const float *y)
{
	const struct hb_loss *row = hb_loss_of(loss);
	double J = 0;

	if (!row || !row->one || !hebb_loss_fits(loss, output))
		return NAN;
	for (int j = 0; j < outputs; j++)
		J += isnan(y[j]) ? 0 : row->one(output, (double)h[j], (double)y[j]);
	return J;
}

/* ---- The table ---- */

#define ANY_TARGETS .targets = {-FLT_MAX, FLT_MAX}

/* clang-format off */
static const struct hb_loss losses[] = {
	[HEBB_SQUARED] = {{"squared", "1/2 sum_j (h_j - y_j)^2"},
		ANY_TARGETS, .naive = naive_squared, .one = one_squared},
	[HEBB_CROSS_ENTROPY] = {{"cross-entropy",
		"with softmax: - sum_j y_j log h_j; with sigmoid, whose outputs are independent "
		"labels: - sum_j y_j log h_j + (1 - y_j) log(1 - h_j)"},
		.targets = {0, 1}, .target_text = "probabilities, 0 to 1",
		.outputs = {HEBB_SOFTMAX, HEBB_SIGMOID},
		.output = "probabilities, softmax or sigmoid",
		.reaches_z = 1, .row = cross_entropy_sigmoid, .naive = naive_cross_entropy,
		.one = one_cross_entropy},
	[HEBB_ABSOLUTE] = {{"absolute", "sum_j |h_j - y_j|"},
		ANY_TARGETS, .kinks = 1, .row = absolute, .naive = naive_absolute,
		.one = one_absolute},
	[HEBB_HUBER] = {{"huber",
		"sum_j e_j^2 / 2 where |e_j| <= delta, else delta (|e_j| - delta / 2), "
		"e = h - y"},
		ANY_TARGETS, .kinks = 2, .kink = {-1, 1}, .row = huber, .naive = naive_huber,
		.one = one_huber},
	[HEBB_POISSON] = {{"poisson",
		"with exp, where h is the expected count: sum_j h_j - y_j z_j, z_j = log h_j"},
		.targets = {0, FLT_MAX}, .target_text = "counts, 0 or more",
		.outputs = {HEBB_EXP}, .output = "rates, exp",
		.reaches_z = 1, .row = poisson, .naive = naive_poisson,
		.one = one_poisson},
};
/* clang-format on */

HB_NAMES(loss, losses)

/* The caller's function, in double; all rows use its memory one after the other. */
static double custom(const struct hb_example *e, float share, float *d)
{
	const struct hb_cost *cost = e->cost;
	int m = e->m;
	double *wide_h = cost->room, *wide_y = wide_h + m, *dJ = wide_y + m, J;

	for (int j = 0; j < m; j++) {
		wide_h[j] = (double)e->h[j];
		wide_y[j] = (double)e->y[j];
		dJ[j] = 0;
	}
	J = cost->custom->J(cost->custom->self, m, wide_h, wide_y, d ? dJ : NULL);
	for (int j = 0; j < m && d; j++)
		d[j] = (float)(dJ[j] * (double)share);
	return J;
}

/* The row for all functions of callers; the recipe points to the function itself. */
static const struct hb_loss callers = {ANY_TARGETS, .row = custom};

const struct hb_loss *hb_loss_of(hebb_loss loss)
{
	return loss == HEBB_LOSS_CUSTOM ? &callers : hb_row(HB_TABLE(losses), (int)loss);
}

static hebb_status check_loss_function(const hebb_loss_function *function, hebb_error *error)
{
	hebb_loss_function known = {.size = 0};
	hebb_status status = function ? hebb_sized_copy(&known, sizeof known, function,
							"loss_function", "hebb_loss_of()", error)
				      : HEBB_OK;

	if (status)
		return status;
	if (!known.name || !known.name[0] || !known.J)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"HEBB_LOSS_CUSTOM needs a loss_function with a name and J; make it "
			"with hebb_loss_of()");
	if (hebb_loss_find(function->name) || !strcmp(function->name, "custom"))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the loss function has the name '%s', which is a built-in loss; "
				 "choose another name, because a checkpoint contains only the "
				 "name",
				 function->name);
	return HEBB_OK;
}

hebb_status hb_loss_exists(const hebb_recipe *recipe, hebb_error *error)
{
	if (recipe->loss == HEBB_LOSS_CUSTOM)
		return check_loss_function(recipe->loss_function, error);
	if (!hebb_loss_name(recipe->loss))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "recipe.loss %d is unknown",
				 (int)recipe->loss);
	if (recipe->loss_function)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "recipe.loss_function is set, but the loss is %s; make it "
				 "HEBB_LOSS_CUSTOM, or set no function",
				 hebb_loss_name(recipe->loss));
	return HEBB_OK;
}

int hebb_loss_fits(hebb_loss loss, hebb_activation output)
{
	const struct hb_loss *row = hb_loss_of(loss);

	return row && (!row->outputs[0] || row->outputs[0] == output || row->outputs[1] == output);
}

hebb_status hb_loss_check(hebb_loss loss, const hebb_layer *output, int outputs, hebb_error *error)
{
	const struct hb_loss *row = hb_loss_of(loss);

	if (!row)
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "the loss is unknown; this network ends in %s",
				 hb_activation_of(output));
	if (!hebb_loss_fits(loss, output->activation))
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "%s needs outputs that are %s; this network ends in %s",
				 row->entry.name, row->output, hb_activation_of(output));
	if (loss == HEBB_CROSS_ENTROPY && output->activation == HEBB_SOFTMAX && outputs == 1)
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "the only output of a softmax is always 1, so that there is "
				 "nothing to learn; for one label take sigmoid, for two classes a "
				 "softmax of 2");
	return HEBB_OK;
}

int hb_may_have_gaps(hebb_loss loss, hebb_activation output)
{
	return loss != HEBB_LOSS_CUSTOM && (loss != HEBB_CROSS_ENTROPY || output != HEBB_SOFTMAX);
}

/* ---- Targets with gaps ---- */

/* The squared error of one row; the kernel has whole blocks of rows. */
static double squared(const struct hb_example *e, float share, float *d)
{
	double J = 0;

	for (int j = 0; j < e->m; j++) {
		float off = e->h[j] - e->y[j];

		J += (double)off * (double)off / 2;
		if (d)
			d[j] = off * share;
	}
	return J;
}

/* J of the outputs that have a target, side by side at a time; d of the others is 0. */
static double with_gaps(const struct hb_loss *loss, const struct hb_example *e, float share,
			float *d)
{
	struct hb_example part = *e;
	double J = 0;

	for (int from = 0, end = 0; from < e->m; from = ++end) {
		while (end < e->m && !isnan(e->y[end]))
			end++;
		part.m = end - from;
		part.h = e->h + from;
		part.z = e->z + from;
		part.y = e->y + from;
		if (part.m > 0)
			J += (loss->row ? loss->row : squared)(&part, share, d ? d + from : NULL);
		if (d && end < e->m)
			d[end] = 0;
	}
	return J;
}

static int has_gaps(int count, const float *y)
{
	for (int j = 0; j < count; j++)
		if (isnan(y[j]))
			return 1;
	return 0;
}

/* The losses with a kernel, which computes all rows at once; 0: this is none. */
static int by_kernel(const struct hb_kernels *K, const struct hb_cost *cost,
		     const struct hb_step *output, int rows, const float *h, const float *z,
		     const float *y, const float *share, float *d, double *J)
{
	int softmax = output->layer.activation == HEBB_SOFTMAX;

	if (cost->loss == HEBB_SQUARED)
		K->squared_error(rows, output->m, output->ld, h, y, share, d, J);
	else if (cost->loss == HEBB_CROSS_ENTROPY && softmax)
		K->cross_entropy(rows, output->m, output->ld, h, z, y, cost->smoothing, share, d,
				 J);
	else
		return 0;
	return 1;
}

void hb_loss(const struct hb_kernels *K, const struct hb_cost *cost, const struct hb_step *output,
	     int rows, const float *h, const float *z, const float *y, const float *share, float *d,
	     double *J)
{
	const struct hb_loss *loss = hb_loss_of(cost->loss);
	int m = output->m, done = by_kernel(K, cost, output, rows, h, z, y, share, d, J);
	ptrdiff_t ld = output->ld;
	struct hb_example e = {cost, m, h, z, y};

	for (int i = 0; i < rows && (!done || cost->gaps); i++, e.h += ld, e.z += ld, e.y += m) {
		float *row_d = d ? d + i * ld : NULL, row_share = share ? share[i] : 0;
		int gaps = cost->gaps && has_gaps(m, e.y);

		if (!gaps && done)
			continue;
		J[i] = gaps ? with_gaps(loss, &e, row_share, row_d)
			    : loss->row(&e, row_share, row_d);
		if (row_d)
			memset(row_d + m, 0, (size_t)(ld - m) * sizeof *row_d);
	}
	if (d && !loss->reaches_z) /* from dJ/dh to dJ/dz */
		hb_activate_back(K, output, rows, z, h, d);
}
