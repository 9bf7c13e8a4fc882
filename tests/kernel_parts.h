/* SPDX-License-Identifier: MIT */
/*
 * kernel_parts.h - exp, log(1 + e) and Phi as the kernels have them
 */
#ifndef HEBB_KERNEL_PARTS_H
#define HEBB_KERNEL_PARTS_H

/* y[i] = exp(x[i]), log(1 + x[i]) for x in [0, 1], Phi(x[i]); count is a multiple of 16.  y may be
 * x. */
void kernel_exp(int count, const float *x, float *y);
void kernel_log1p(int count, const float *x, float *y);
void kernel_phi(int count, const float *x, float *y);

#endif /* HEBB_KERNEL_PARTS_H */
