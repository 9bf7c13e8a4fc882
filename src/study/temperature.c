/* SPDX-License-Identifier: MIT */
/*
 * temperature.c - one temperature for the probabilities of a network (Guo et al. 2017)
 *
 *     p = softmax(z / T)   of classes,   p = sigmoid(z / T)   of each label
 *
 * T minimizes the log loss, sum - log p of the right class.  In b = 1 / T it is convex, with the
 * slope
 *
 *     sum over rows of  sum over k of p_k z_k - z_right      labels: sum of (p - y) z
 *
 * so the sign of the slope tells on which side of b the minimum is, and halving the interval finds
 * it.  There is none where all rows are right, as the loss falls with T without end, or where the
 * network misleads, as it falls with 1 / T.  T then stays 1.
 *
 * Everything is summed in double in the order of the rows, in one thread.  T is rounded to six
 * decimals, so that the weights do not depend on the last bit of a libm.
 *
 * The log loss is the mean over rows and the ECE that of metrics.c; of labels each label of a row
 * is a prediction between two classes, and both are means over all of these.
 */
#include "temperature.h"

#include <math.h>

#include "metrics.h"

static const double LEAST = 0.01, MOST = 100;
enum { HALVINGS = 60 };

/* A decision between classes: the sums of a row, or of a label 0 and z. */
typedef struct decision {
	const float *z;
	int count, right;
} decision;

static double largest_of(const decision *of)
{
	double largest = (double)of->z[0];

	for (int k = 1; k < of->count; k++)
		largest = fmax(largest, (double)of->z[k]);
	return largest;
}

/* Decision number i; 0 if the row lacks it or has no answer. */
static int take(const hb_logits *sums, long long i, float pair[2], decision *result)
{
	int n = sums->outputs, labels = sums->task == HEBB_LABELS;
	const float *z = sums->z + (labels ? i : i * n), *y = sums->y + (labels ? i : i * n);

	pair[0] = 0;
	pair[1] = z[0];
	*result = labels ? (decision){pair, 2, y[0] > 0.5f} : (decision){z, n, hb_class_of(y, n)};
	int is_there = !isnan(y[0]) && result->right >= 0;
	for (int k = 0; k < result->count; k++)
		is_there &= isfinite(result->z[k]) != 0;
	return is_there;
}

static long long decisions(const hb_logits *sums)
{
	return sums->task == HEBB_LABELS ? sums->rows * sums->outputs : sums->rows;
}

/* The slope of one decision at b: the mean of z, less that of the right class. */
static double slope_of(const decision *of, double b)
{
	double top = largest_of(of), sum = 0, weighted = 0;

	for (int k = 0; k < of->count; k++) {
		double off = (double)of->z[k] - top, e = exp(b * off);

		sum += e;
		weighted += e * off;
	}
	return weighted / sum - ((double)of->z[of->right] - top);
}

static double slope(const hb_logits *sums, double b)
{
	double sum = 0;
	float pair[2];
	decision one;

	for (long long i = 0; i < decisions(sums); i++)
		if (take(sums, i, pair, &one))
			sum += slope_of(&one, b);
	return sum;
}

/* 1 where the loss has no minimum in the range. */
static double fit(const hb_logits *sums)
{
	double low = 1 / MOST, high = 1 / LEAST;

	if (!(slope(sums, low) < 0 && slope(sums, high) > 0))
		return 1;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = sqrt(low * high);

		if (slope(sums, middle) < 0)
			low = middle;
		else
			high = middle;
	}
	return round(1e6 / sqrt(low * high)) / 1e6;
}

/* ---- Measures ---- */

/* Log loss and ECE at a temperature; the number of decisions. */
static long long measure(const hb_logits *sums, double temperature, double *log_loss, double *ece)
{
	double off[HB_BINS] = {0};
	long long count = 0;
	float pair[2];
	decision one;

	*log_loss = *ece = 0;
	for (long long i = 0; i < decisions(sums); i++) {
		double sum = 0;

		if (!take(sums, i, pair, &one))
			continue;
		double top = largest_of(&one);
		for (int k = 0; k < one.count; k++)
			sum += exp(((double)one.z[k] - top) / temperature);
		count++;
		*log_loss += log(sum) - ((double)one.z[one.right] - top) / temperature;
		off[hb_bin_of(1 / sum)] += 1 / sum - (hebb_largest(one.z, one.count) == one.right);
	}
	for (int bin = 0; bin < HB_BINS; bin++)
		*ece += fabs(off[bin]) / (double)count;
	*log_loss /= (double)count;
	return count;
}

hebb_tempered hb_temper(const hb_logits *sums)
{
	hebb_tempered result = {.rows = sums->rows, .temperature = fit(sums)};

	measure(sums, 1, &result.log_loss_before, &result.ece_before);
	measure(sums, result.temperature, &result.log_loss, &result.ece);
	return result;
}

void hb_temper_row(const hb_logits *sums, const float *z, double temperature, float *h)
{
	int n = sums->outputs, labels = sums->task == HEBB_LABELS;
	double top = largest_of(&(decision){.z = z, .count = n}), sum = 0;

	for (int k = 0; k < n; k++)
		sum += exp(((double)z[k] - top) / temperature);
	for (int k = 0; k < n; k++)
		h[k] = (float)(labels ? 1 / (1 + exp(-(double)z[k] / temperature))
				      : exp(((double)z[k] - top) / temperature) / sum);
}
