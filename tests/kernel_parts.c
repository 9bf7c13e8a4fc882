/* SPDX-License-Identifier: MIT */
/*
 * kernel_parts.c - exp, log(1 + e) and Phi of the sets with fused multiply-add
 *
 * The source of the scalar set, compiled once more under another name: all sets of its family give
 * the same bits.
 */
#define hb_kernels_scalar hb_kernels_parts
#define PARTS kernel_parts_scalar
#include "core/kernel/scalar.c"
#include "kernel_parts.inc"
