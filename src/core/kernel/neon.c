/* SPDX-License-Identifier: MIT */
/* neon.c - kernels for 64-bit ARM: 4 floats a register, 32 registers */
#if defined __aarch64__
#include <arm_neon.h>
#define SET hb_kernels_neon
#define NAME "neon"
#define AVAILABLE 1 /* part of the architecture */
#define VL 4
#define ROWS 6
#define WIDE 4
#define FMA(a, b, c) ((vf)vfmaq_f32((float32x4_t)(c), (float32x4_t)(a), (float32x4_t)(b)))
#define LESSER(a, b) ((vf)vminq_f32((float32x4_t)(a), (float32x4_t)(b)))
#define GREATER(a, b) ((vf)vmaxq_f32((float32x4_t)(a), (float32x4_t)(b)))
#define SQRT(a) ((vf)vsqrtq_f32((float32x4_t)(a)))
#define LOW_PRODUCT(a, b) ((vu64)vmull_u32(vmovn_u64((uint64x2_t)(a)), vmovn_u64((uint64x2_t)(b))))
#include "kernels.inc"
#else
typedef int hb_nothing_here; /* C11 wants a declaration in every file */
#endif
