/* SPDX-License-Identifier: MIT */
/* scalar.c - kernels for any machine, through fmaf() and sqrtf(): slow, and the reference for the
 * bits */
#include <math.h>
#define SET hb_kernels_scalar
#define NAME "scalar"
#define AVAILABLE 1
#define VL 4
#define ROWS 4
#define WIDE 4
#define FMA(a, b, c) fused(a, b, c)
#define SQRT(a) root(a)
typedef float four __attribute__((vector_size(16)));
static inline four fused(four a, four b, four c)
{
	return (four){fmaf(a[0], b[0], c[0]), fmaf(a[1], b[1], c[1]), fmaf(a[2], b[2], c[2]),
		      fmaf(a[3], b[3], c[3])};
}
static inline four root(four a)
{
	return (four){sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3])};
}
#include "kernels.inc"
