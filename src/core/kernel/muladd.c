/* SPDX-License-Identifier: MIT */
/*
 * muladd.c - kernels for machines without fused multiply-add: 4 floats a register, 16 registers
 *
 * FMA(a, b, c) is a product and a sum, each with its own rounding.  So the bits differ from those
 * of the other sets; they are the same on all machines, and any machine can use this set.
 */
#define SET hb_kernels_muladd
#define NAME "muladd"
#define AVAILABLE 1
#define FUSED 0
#define VL 4
#define ROWS 2
#define WIDE 4
#define FMA(a, b, c) ((a) * (b) + (c))
#ifdef __SSE2__
#include <emmintrin.h>
#define LESSER(a, b) ((vf)_mm_min_ps((__m128)(a), (__m128)(b)))
#define GREATER(a, b) ((vf)_mm_max_ps((__m128)(a), (__m128)(b)))
#define SQRT(a) ((vf)_mm_sqrt_ps((__m128)(a)))
#define LOW_PRODUCT(a, b) ((vu64)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#elif defined __wasm_simd128__
#include <wasm_simd128.h>
#define SQRT(a) ((vf)wasm_f32x4_sqrt((v128_t)(a)))
#else
#include <math.h>
#define SQRT(a) ((vf){sqrtf((a)[0]), sqrtf((a)[1]), sqrtf((a)[2]), sqrtf((a)[3])})
#endif
#include "kernels.inc"
