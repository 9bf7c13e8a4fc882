/* SPDX-License-Identifier: MIT */
/*
 * kernel_wide.c - the set muladd with 8 floats a register, by the compiler's operators alone: the
 * bits must be those of 4 floats.  And its exp, log(1 + e) and Phi
 */
#include <math.h>
#define SET hb_kernels_wide
#define NAME "muladd, wide"
#define AVAILABLE 1
#define FUSED 0
#define VL 8
#define ROWS 4
#define WIDE 2
#define FMA(a, b, c) ((a) * (b) + (c))
#define SQRT(a) root(a)
typedef float eight __attribute__((vector_size(32)));
static inline __attribute__((always_inline)) eight root(eight a)
{
	for (int i = 0; i < 8; i++)
		a[i] = sqrtf(a[i]);
	return a;
}
#define PARTS kernel_parts_muladd
#include "core/kernel/kernels.inc"
#include "kernel_parts.inc"
