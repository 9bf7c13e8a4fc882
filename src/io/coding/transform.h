/* SPDX-License-Identifier: MIT */
/*
 * transform.h - targets of a regression on another scale than their own: HEBB_TARGET_LOG and
 * HEBB_TARGET_QUANTILE
 *
 *     log        t = log raw                        raw = exp t
 *     quantile   t = the place of raw among the     raw = sum of value_k max(0, 1 - |c - k|)
 *                values, from 0 to PARTS                + (t - c) slope, c = t within 0 and PARTS
 *
 *     h = (t - mean) / sd                           t = h sd + mean
 *
 * The graph of a model file has the inverse in standard operators (model/graph.c).
 */
#ifndef HEBB_IO_TRANSFORM_H
#define HEBB_IO_TRANSFORM_H

#include "../io.h"

/* What is done with a target that is no plain (raw - mean) / sd. */
static inline int hb_transforms(const hebb_coding *coding)
{
	return coding->target_transform >= HEBB_TARGET_LOG;
}

/* Functions of a double, made of +, -, * and / alone, so that their bits are the same on every
 * machine; within some units of the last place.  hb_natural_log() is of a finite number above 0. */
double hb_natural_exp(double x);
double hb_natural_log(double x);
/* The share of a normal distribution below z. */
double hb_normal_below(double z);

/* t of target i; NaN if it has none, as 0 has no logarithm. */
double hb_target_place(const hebb_coding *coding, int i, double raw);

/* A target in a row is not above 0, of which alone there are logarithms; advice: what follows. */
hebb_status hb_fail_logarithm(const hebb_table *table, long long row, int column, double value,
			      const char *advice, hebb_error *error);

/* The value of target i at t. */
float hb_target_value(const hebb_coding *coding, int i, float t);

/* The slope of hb_target_value() by t; at a value of the quantiles that above it. */
double hb_target_slope(const hebb_coding *coding, int i, float t);

/* NULL, or what is wrong with the transform of the targets of a coding. */
const char *hb_transform_flaw(const hebb_coding *coding);

/* Likewise with the values of its quantiles. */
const char *hb_quantiles_flaw(const hebb_coding *coding);

#endif
