/* SPDX-License-Identifier: MIT */
/*
 * kernel_parts.c - exp, log(1 + e) and Phi as the kernels have them, which no kernel set gives away
 * by themselves
 *
 * The source of the scalar set, compiled once more under another name: all sets give the same bits.
 */
#define hb_kernels_scalar hb_kernels_parts
#include "core/kernel/scalar.c"
#include "kernel_parts.h"

void kernel_exp(int count, const float *x, float *y)
{
	for (int i = 0; i < count; i += VL)
		store(y + i, exponential(load(x + i)));
}

void kernel_log1p(int count, const float *e, float *y)
{
	for (int i = 0; i < count; i += VL)
		store(y + i, logarithm_of_1_plus(load(e + i)));
}

void kernel_phi(int count, const float *x, float *y)
{
	for (int i = 0; i < count; i += VL) {
		vf e;

		store(y + i, normal(load(x + i), &e));
	}
}
