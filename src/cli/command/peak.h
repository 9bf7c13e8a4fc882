/* SPDX-License-Identifier: MIT */
/*
 * peak.h - what the machine could do at most, measured
 */
#ifndef HEBB_CLI_PEAK_H
#define HEBB_CLI_PEAK_H

/* Floating-point operations a second of one thread in float32, in GFLOP/s: a loop of fused
 * multiply-adds on registers alone, with the instructions of a set of kernels ("avx512", ...); 0 if
 * there is no such loop for it.  Takes a tenth of a second. */
double peak_gflops(const char *kernels);

/* Seconds since some fixed moment. */
double now_seconds(void);

#endif
