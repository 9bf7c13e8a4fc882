/* SPDX-License-Identifier: MIT */
/*
 * bf16.c - products of bfloat16 numbers, summed in float32, for x86 with AVX-512 and its BF16
 * extension
 *
 * One instruction, VDPBF16PS, adds two products to each of 16 sums: twice what an FMA does.  It
 * takes the two numbers of each operand from one word, so a matrix is stored as words with two
 * neighbors in k each. The product is that of product.inc, with half as many k.
 */
#if defined __x86_64__ || defined __i386__
#include <immintrin.h>
#include "kernels.h"
#ifdef __clang__
#pragma clang attribute push( \
	__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512bf16,fma"))), \
	apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,avx512bf16,fma")
#endif
#define VL 16
#define ROWS 14
#define WIDE 2
#define FMA(a, b, c) ((vf)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define LOAD_PART(p, n) ((vf)_mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), p))
#include "vectors.inc"

#define OPERAND hb_pair
#define FETCH (2 * HB_FETCH) /* a pair has the numbers of two k */
#define MULTIPLY_ADD(a, b, c) \
	((vf)_mm512_dpbf16_ps((__m512)(c), (__m512bh)_mm512_set1_epi32((int)(a)), (__m512bh)(b)))
#include "product.inc"

INLINE void store_pairs(hb_pair *t, operands pairs)
{
	*(unaligned_operands *)t = pairs;
}

/* 32 numbers, pairs of neighbors: (low[0], low[1]), ... (high[14], high[15]) */
INLINE operands pair_neighbors(vf low, vf high)
{
	return (operands)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low);
}

/* (low[0], high[0]), ... (low[15], high[15]) */
INLINE operands pair_lanes(vf low, vf high)
{
	typedef short halves __attribute__((vector_size(64)));
	halves h = (halves)pair_neighbors(low, high);

	return (operands)SHUFFLE(h, h, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8,
				 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

static void along_rows(int rows, int columns, const float *s, ptrdiff_t lds, hb_pair *t,
		       ptrdiff_t ldt)
{
	for (int i = 0; i < rows; i++, s += lds, t += ldt)
		for (int j = 0; j < columns; j += 2 * VL)
			store_pairs(t + j / 2,
				    pair_neighbors(load_part(s + j, columns - j),
						   load_part(s + j + VL, columns - j - VL)));
}

static void across_rows(int rows, int columns, const float *s, ptrdiff_t lds, hb_pair *t,
			ptrdiff_t ldt)
{
	for (int i = 0; i < rows; i += 2, s += 2 * lds, t += ldt)
		for (int j = 0; j < columns; j += VL) {
			vf low = load_part(s + j, columns - j);
			vf high = load_part(s + lds + j, i + 1 < rows ? columns - j : 0);

			store_pairs(t + j, pair_lanes(low, high));
		}
}

/* t (16 x 16) = the transpose of the pairs of s (16 x 32). */
INLINE void transpose_square(int rows, int columns, const float *s, ptrdiff_t lds, hb_pair *t,
			     ptrdiff_t ldt)
{
	vf x[VL];

	UNROLL for (int i = 0; i < VL; i++) x[i] =
		i < rows ? (vf)pair_neighbors(load(s + i * lds),
					      columns > VL ? load(s + i * lds + VL) : splat(0))
			 : splat(0);
	transpose_registers(x);
	UNROLL for (int i = 0; i < VL; i++) if (2 * i < columns)
		store_pairs(t + i * ldt, (operands)x[i]);
}

static void transpose(int rows, int columns, const float *s, ptrdiff_t lds, hb_pair *t,
		      ptrdiff_t ldt)
{
	for (int j = 0; j < columns; j += 2 * VL)
		for (int i = 0; i < HB_PANEL; i += VL)
			transpose_square(rows - i, columns - j, s + i * lds + j, lds,
					 t + j / 2 * ldt + i, ldt);
}

static int available(void)
{
	return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512bw");
}

const struct hb_bf16_kernels hb_bf16_avx512 = {
	.available = available,
	.product = product,
	.along_rows = along_rows,
	.across_rows = across_rows,
	.transpose = transpose,
};
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#else
typedef int hb_nothing_here; /* C11 wants a declaration in every file */
#endif
