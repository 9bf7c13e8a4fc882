/* SPDX-License-Identifier: MIT */
/*
 * kernel_parts.h - exp, log(1 + e) and Phi as the kernels have them, which no kernel set gives away
 * by themselves; and the sets that have the same bits
 */
#ifndef HEBB_KERNEL_PARTS_H
#define HEBB_KERNEL_PARTS_H

#include "core/kernel/kernels.h"

/* y[i] = exp(x[i]), log(1 + x[i]) for x in [0, 1], Phi(x[i]); count is a multiple of 16.  y may be
 * x. */
struct kernel_parts {
	void (*exp)(int count, const float *x, float *y);
	void (*log1p)(int count, const float *x, float *y);
	void (*phi)(int count, const float *x, float *y);
};
extern const struct kernel_parts kernel_parts_scalar, kernel_parts_muladd;

/* The set muladd once more, with 8 floats a register instead of 4. */
extern const struct hb_kernels hb_kernels_wide;

enum { MOST_SETS = 8 };

/* The sets of this machine that give the same bits, the best first; fused: 1 or 0, as in struct
 * hb_kernels.  The last one is "scalar" or "muladd"; returns how many. */
static inline int sets_alike(int fused, const struct hb_kernels *sets[MOST_SETS])
{
	int n = 0;

	if (!fused)
		sets[n++] = &hb_kernels_wide;
	for (const struct hb_kernels *const *set = hb_kernel_sets; *set && n < MOST_SETS; set++)
		if ((*set)->fused == fused && (*set)->available())
			sets[n++] = *set;
	return n;
}

#endif /* HEBB_KERNEL_PARTS_H */
