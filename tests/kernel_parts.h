/* SPDX-License-Identifier: MIT */
/*
 * kernel_parts.h - exp and Phi as the kernels have them
 */
#ifndef HEBB_KERNEL_PARTS_H
#define HEBB_KERNEL_PARTS_H

/* y[i] = exp(x[i]), Phi(x[i]); count is a multiple of 16.  y may be x. */
void kernel_exp(int count, const float *x, float *y);
void kernel_phi(int count, const float *x, float *y);

#endif /* HEBB_KERNEL_PARTS_H */
