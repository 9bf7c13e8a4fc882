/* SPDX-License-Identifier: MIT */
/*
 * kernels.c - which set of kernels is used
 *
 * It is the first available set of the table, or the one that HEBB_KERNELS names. A machine without
 * fused multiply-add gets muladd; scalar, whose fmaf() is slow there, is for comparisons. The set
 * is chosen once, atomically: two threads that choose at the same time choose the same set.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernels.h"

#if defined __x86_64__ || defined __i386__
extern const struct hb_kernels hb_kernels_avx512, hb_kernels_avx2;
#elif defined __aarch64__
extern const struct hb_kernels hb_kernels_neon;
#endif
extern const struct hb_kernels hb_kernels_muladd, hb_kernels_scalar;

const struct hb_kernels *const hb_kernel_sets[] = {
#if defined __x86_64__ || defined __i386__
	&hb_kernels_avx512, &hb_kernels_avx2,
#elif defined __aarch64__
	&hb_kernels_neon,
#endif
#ifdef FP_FAST_FMAF /* the scalar set is slow without it */
	&hb_kernels_scalar, &hb_kernels_muladd, NULL};
#else
	&hb_kernels_muladd, &hb_kernels_scalar, NULL};
#endif

static const struct hb_kernels *find(const char *name)
{
	for (const struct hb_kernels *const *set = hb_kernel_sets; *set; set++)
		if ((*set)->available() && (!name || strcmp((*set)->name, name) == 0))
			return *set;
	return NULL;
}

static void list_available(size_t size, char *message, const char *name)
{
	size_t used = (size_t)snprintf(
		message, size, "HEBB_KERNELS=%.64s is not available here; these are:", name);

	for (const struct hb_kernels *const *set = hb_kernel_sets; *set && used < size; set++)
		if ((*set)->available())
			used += (size_t)snprintf(message + used, size - used, " %s", (*set)->name);
}

const struct hb_kernels *hb_kernels_choose(size_t size, char *message)
{
	static _Atomic(const struct hb_kernels *) chosen;
	const struct hb_kernels *set = atomic_load_explicit(&chosen, memory_order_acquire);

	if (!set) {
		const char *name = getenv("HEBB_KERNELS");

		set = find(name && *name ? name : NULL);
		if (set)
			atomic_store_explicit(&chosen, set, memory_order_release);
		else
			list_available(size, message, name);
	}
	return set;
}
