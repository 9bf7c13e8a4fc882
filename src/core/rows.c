/* SPDX-License-Identifier: MIT */
/*
 * rows.c - checks of examples: finite inputs, targets that the loss is defined for, weights of 0 or
 * more
 *
 * The fast check of all rows is part of the computation of J, which becomes NaN if a row is wrong.
 * Only then the slow check finds the row and the reason.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "core.h"

#define UNSET 0x7fc0ab5eu /* a NaN with bits that no computation gives */

static float unset(void)
{
	const uint32_t bits = UNSET;
	float value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static int is_unset(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits == UNSET;
}

static int is_within(float value, struct hb_range range)
{
	return value >= range.low && value <= range.high;
}

/* Whether the loss is defined for a target; gaps: NaN is none, unless gather left it unset. */
static int is_target(float y, struct hb_range range, int gaps)
{
	return is_within(y, range) || (gaps && isnan(y) && !is_unset(y));
}

/* The first of `count` values outside the range; `count`: there is none. */
static int first_outside(int count, const float *values, struct hb_range range, int gaps)
{
	int j = 0;

	while (j < count && is_target(values[j], range, gaps))
		j++;
	return j;
}

int hb_rows_are_right(const struct hb_plan *plan, const struct hb_cost *cost, int rows,
		      const float *x, const float *y)
{
	const struct hb_kernels *K = plan->kernels;
	struct hb_range range = hb_loss_of(cost->loss)->targets;
	int outputs = plan->outputs;

	if (!K->finite((size_t)rows * (size_t)plan->inputs, x))
		return 0;
	for (int i = 0; i < rows && cost->gaps; i++, y += outputs)
		if (first_outside(outputs, y, range, 1) < outputs)
			return 0;
	/* J shows a NaN; a caller's J may not */
	return cost->gaps || (range.low < 0 && cost->loss != HEBB_LOSS_CUSTOM) ||
	       K->within((size_t)rows * (size_t)outputs, y, range.low, range.high);
}

static void unset_rows(int rows, int width, int all, float *values)
{
	for (int i = 0; i < rows; i++, values += width) {
		values[0] = values[width - 1] = unset();
		for (int j = 1; j < width - 1 && all; j++)
			values[j] = unset();
	}
}

void hb_rows_unset(const struct hb_plan *plan, int rows, int all, float *x, float *y)
{
	unset_rows(rows, plan->inputs, all, x);
	unset_rows(rows, plan->outputs, all, y);
}

/* "row 7", or "row 7 of the training rows". */
static const char *name_row(const struct hb_rows *rows, int i, char text[64])
{
	snprintf(text, 64, "row %lld%s%s", rows->index ? rows->index[i] : i,
		 rows->name ? " of " : "", rows->name ? rows->name : "");
	return text;
}

static hebb_status fail_unset(const struct hb_rows *rows, int i, char array, int j,
			      hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: gather left %c of row %lld unset, from %c[%d] on", rows->name, array,
			 rows->index[i], array, j);
}

static hebb_status fail_target(hebb_loss loss, const char *row, int j, float y, hebb_error *error)
{
	const struct hb_loss *loss_row = hb_loss_of(loss);

	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: y[%d] is %.9g; %s%s%s", row, j, (double)y,
			 loss_row->target_text ? loss_row->entry.name : "it must be finite",
			 loss_row->target_text ? " wants " : "",
			 loss_row->target_text ? loss_row->target_text : "");
}

static hebb_status check_row(const struct hb_plan *plan, hebb_loss loss, const struct hb_rows *rows,
			     int i, hebb_error *error)
{
	const float *x = rows->x + (ptrdiff_t)i * plan->inputs,
		    *y = rows->y + (ptrdiff_t)i * plan->outputs;
	const struct hb_range finite = {-FLT_MAX, FLT_MAX};
	float weight = rows->weight ? rows->weight[i] : 1;
	int input = first_outside(plan->inputs, x, finite, 0),
	    target = first_outside(plan->outputs, y, hb_loss_of(loss)->targets, rows->gaps);
	char row[64];

	name_row(rows, i, row);
	if (input < plan->inputs && is_unset(x[input]))
		return fail_unset(rows, i, 'x', input, error);
	if (target < plan->outputs && is_unset(y[target]))
		return fail_unset(rows, i, 'y', target, error);
	if (input < plan->inputs)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: x[%d] is %g; it must be finite",
				 row, input, (double)x[input]);
	if (target < plan->outputs)
		return fail_target(loss, row, target, y[target], error);
	if (!is_within(weight, (struct hb_range){0, FLT_MAX}))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: the weight is %g; it must be finite and 0 or more", row,
				 (double)weight);
	return HEBB_OK;
}

hebb_status hb_rows_check(const struct hb_plan *plan, hebb_loss loss, const struct hb_rows *rows,
			  hebb_error *error)
{
	for (int i = 0; i < rows->rows; i++)
		if (check_row(plan, loss, rows, i, error))
			return HEBB_BAD_ARGUMENT;
	return HEBB_OK;
}
