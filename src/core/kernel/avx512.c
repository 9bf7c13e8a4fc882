/* SPDX-License-Identifier: MIT */
/* avx512.c - kernels for x86 with AVX-512 (F, VL, DQ, BW): 16 floats a register, 32 registers */
#if defined __x86_64__ || defined __i386__
#include <immintrin.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), \
			     apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,fma")
#endif
#define SET hb_kernels_avx512
#define NAME "avx512"
#define AVAILABLE \
	(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && \
	 __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
#define VL 16
#define ROWS 14
#define WIDE 2
#define FMA(a, b, c) ((vf)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define LESSER(a, b) ((vf)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define GREATER(a, b) ((vf)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define LOAD_PART(p, n) ((vf)_mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), p))
#define SQRT(a) ((vf)_mm512_sqrt_ps((__m512)(a)))
#define LOW_PRODUCT(a, b) ((vu64)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#define BF16 &hb_bf16_avx512
#include "kernels.inc"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#else
typedef int hb_nothing_here; /* C11 wants a declaration in every file */
#endif
