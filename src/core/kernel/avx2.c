/* SPDX-License-Identifier: MIT */
/* avx2.c - kernels for x86 with AVX2 and FMA: 8 floats a register, 16 registers */
#if defined __x86_64__ || defined __i386__
#include <immintrin.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define SET hb_kernels_avx2
#define NAME "avx2"
#define AVAILABLE (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#define VL 8
#define ROWS 6
#define WIDE 2
#define FMA(a, b, c) ((vf)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define LESSER(a, b) ((vf)_mm256_min_ps((__m256)(a), (__m256)(b)))
#define GREATER(a, b) ((vf)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define SQRT(a) ((vf)_mm256_sqrt_ps((__m256)(a)))
#define LOW_PRODUCT(a, b) ((vu64)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#include "kernels.inc"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#else
typedef int hb_nothing_here; /* C11 wants a declaration in every file */
#endif
