/* SPDX-License-Identifier: MIT */
/*
 * peak.c - measures the peak speed of the machine
 *
 * A fused multiply-add waits 4 or 5 cycles for the one before it, and a core begins two of them in
 * a cycle, so ten and more chains that do not depend on each other keep it busy; they and two
 * factors must fit the registers.  The fastest of several rounds counts: what is sought is the
 * limit.
 */
#define _POSIX_C_SOURCE 200809L

#include "peak.h"

#include <math.h>
#include <string.h>
#include <time.h>

#if defined __x86_64__ || defined __i386__
#include <immintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* Does `turns` times `chains` operations on registers of `lanes` floats. The result must be used,
 * or the compiler removes them. */
#define BURN(name, attribute, vector, chains, lanes, fma, splat) \
	attribute static float name(long turns) \
	{ \
		vector sum[chains], factor = splat(0.999f), addend = splat(0.001f); \
		float out[lanes], all = 0; \
		UNROLL for (int i = 0; i < chains; i++) sum[i] = splat(0.1f * (float)i); \
		for (long turn = 0; turn < turns; turn++) { \
			UNROLL for (int i = 0; i < chains; i++) sum[i] = \
				fma(sum[i], factor, addend); \
		} \
		for (int i = 0; i < chains; i++) { \
			memcpy(out, &sum[i], sizeof out); \
			all += out[0]; \
		} \
		return all; \
	}

#if defined __x86_64__ || defined __i386__
BURN(burn_avx512, __attribute__((target("avx512f"))), __m512, 16, 16, _mm512_fmadd_ps,
     _mm512_set1_ps)
BURN(burn_avx2, __attribute__((target("avx2,fma"))), __m256, 12, 8, _mm256_fmadd_ps, _mm256_set1_ps)
#elif defined __aarch64__
#define NEON_FMA(a, b, c) vfmaq_f32(c, a, b)
BURN(burn_neon, , float32x4_t, 16, 4, NEON_FMA, vdupq_n_f32)
#endif

static const struct {
	const char *kernels;
	int operations; /* of one turn */
	float (*burn)(long turns);
} loops[] = {
#if defined __x86_64__ || defined __i386__
	{"avx512", 2 * 16 * 16, burn_avx512},
	{"avx2", 2 * 12 * 8, burn_avx2},
#elif defined __aarch64__
	{"neon", 2 * 16 * 4, burn_neon},
#endif
	{NULL, 0, NULL},
};

double peak_gflops(const char *kernels)
{
	const long turns = 300000;
	volatile float used;
	double best = INFINITY;
	int i = 0;

	while (loops[i].kernels && strcmp(loops[i].kernels, kernels) != 0)
		i++;
	if (!loops[i].kernels)
		return 0;
	for (int round = 0; round < 80; round++) {
		double begin = now_seconds();

		used = loops[i].burn(turns);
		best = fmin(best, now_seconds() - begin);
	}
	(void)used;
	return (double)loops[i].operations * (double)turns / best * 1e-9;
}
