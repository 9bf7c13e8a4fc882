/* SPDX-License-Identifier: MIT */
/*
 * kernels.h - the arithmetic: products, functions by element, updates
 *
 * The arguments of kernels are floats, counts and strides. Kernels do not know layers, do not
 * allocate and cannot fail. kernels.inc is their only source; a file for each instruction set
 * (avx512.c, avx2.c, neon.c, muladd.c, scalar.c) includes it, and kernels.c chooses one set. bf16.c
 * has products of numbers of half the size.
 *
 * The sets with fused multiply-add give the same bits, in float32: every element of a product is
 * one chain of fused multiply-adds in the order of k; a sum across a row has 16 virtual lanes,
 * added in a fixed tree, for any width of the registers.  muladd has the same chains and trees of
 * products and sums that are rounded each: its bits are its own, and the same on every machine.
 *
 * Rows of h, z and d are padded to a multiple of HB_LANES floats, and kernels compute the padding
 * too.
 */
#ifndef HEBB_KERNELS_H
#define HEBB_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* A rare path of a short function: inlined, it would make the others save registers. */
#define HB_NOINLINE __attribute__((noinline))

enum { HB_LANES = 16, HB_PANEL = 32, HB_FETCH = 4 };

/* What a product begins with. */
enum hb_begin {
	HB_FROM_ZERO,
	HB_FROM_BIAS, /* bias[j] */
	HB_FROM_C,    /* c itself: its chains continue */
	HB_ADD_TO_C   /* zero, and at the end  c += factor sum,  with one rounding */
};

/* C (M x N) = begin + A B, N = 16 or 32
 *
 *     A(i,k) = a[i*ai + k*ak],  B(k,j) = b[k*ldb + j],  C(i,j) = c[i*ldc + j]
 *
 * `next` is the memory that the next product will read. This product prefetches it: for each k, a
 * block of rows fetches HB_FETCH floats, beginning at next; the next block begins at next + step.
 * NULL: the rows of A for its next block, which lie one behind the other. It is a hint: nothing is
 * read, so it may point beyond the end of an array. */
struct hb_product {
	int M, N, K;
	const void *a, *b; /* floats; or hb_pairs, where K, ak and ldb count pairs */
	ptrdiff_t ai, ak, ldb;
	enum hb_begin begin;
	const float *bias;
	float factor;
	float *c;
	ptrdiff_t ldc;
	const float *next;
	ptrdiff_t step;
};

/* The list of element-wise functions, one a line: sigmoid_f() and sigmoid_d() of kernels.inc
 * compute HB_SIGMOID.  Softmax, which acts on a row, is the only other function.
 *
 * X is a macro with two names as arguments; it is applied to each line.  The enum below and the
 * loops and tables in kernels.inc come from this list: HB_BY_ELEMENT(HB_VALUE) is HB_LINEAR,
 * HB_SIGMOID, and so on. */
#define HB_BY_ELEMENT(X) \
	X(LINEAR, linear) \
	X(SIGMOID, sigmoid) \
	X(TANH, tanh) \
	X(RELU, relu) \
	X(LEAKY_RELU, leaky_relu) \
	X(GELU, gelu) \
	X(ELU, elu) \
	X(SELU, selu) \
	X(SILU, silu) \
	X(SOFTPLUS, softplus) \
	X(HARD_SIGMOID, hard_sigmoid) \
	X(HARD_TANH, hard_tanh) \
	X(EXP, exp)

/* The list of update rules, one a line: sgd_update() of kernels.inc computes HB_SGD. */
#define HB_BY_RULE(X) \
	X(SGD, sgd) \
	X(MOMENTUM, momentum) \
	X(NESTEROV, nesterov) \
	X(RMSPROP, rmsprop) \
	X(ADAM, adam) \
	X(RPROP, rprop) \
	X(LION, lion)

#define HB_VALUE(NAME, name) HB_##NAME,
enum hb_map { HB_BY_ELEMENT(HB_VALUE) HB_SOFTMAX, HB_MAPS };
enum hb_update { HB_BY_RULE(HB_VALUE) HB_UPDATES };
#undef HB_VALUE

/* The scalars of an update; the formulas are those of hebb_rule in hebb.h. */
struct hb_rates {
	float rate; /* for adam: rate / (1 - beta1^t) */
	float momentum;
	float beta1, beta2; /* for rmsprop and lion beta2 is rho */
	float rest1, rest2; /* 1 - beta1, 1 - beta2, rounded from double */
	float root;         /* of adam: 1 / sqrt(1 - beta2^t) */
	float epsilon;
	float keep; /* the factor of the weights before the update: 1 - rate weight_decay */
	float clip; /* the factor of the gradient before the update */
};

/* The random numbers of dropout for a row: 16 bits of a Philox block for each unit, so 8 units a
 * block, from block `counter` on. */
struct hb_draws {
	uint64_t seed, stream, counter;
	uint32_t limit; /* 0 .. 65535: the factor is 0 if the number is below it */
	float kept;     /* the factor otherwise */
};

/* Normalization of x, rows x m:
 *
 *     x^ = (x - mean) inverse + rest,  inverse = 1 / sqrt(variance + epsilon),  z = gamma x^ + beta
 *
 * There are a mean, an inverse and a rest for each column (batch norm) or for each row (layer
 * norm).  mean has the rounding of float32; rest brings back the digits that it has lost, so that
 * values far from zero keep theirs. Arrays by column are padded to HB_LANES, with zeros; that
 * of inverse may hold any finite number.  What a kernel does not use is not set. */
struct hb_norm {
	int rows, m;
	const float *x, *d; /* of x only m columns are read; d = dJ/dz */
	ptrdiff_t ldx, ld;  /* row strides: of x; of d and result */
	const float *gamma, *beta;
	float epsilon;
	float share; /* 1 / rows of the sums; 0: mean and inverse are constants */
	float *mean, *inverse, *rest;
	float *spread;        /* variance times rows / (rows - 1) */
	float *sum, *product; /* by column: sum d, sum d x^ */
	float *result;        /* z or dx = dJ/dx, the padding to HB_LANES too */
};

/* Two bfloat16 numbers: that of k = 2p in the low half, that of k = 2p + 1 in the high half.  A
 * bfloat16 number is the upper half of a float: its range with 8 significant bits. */
typedef uint32_t hb_pair;

/* Products of bfloat16 numbers that are summed in float32.  Numbers are rounded to nearest even;
 * with an odd number of them the last is paired with zero.  Denormal numbers count as zero.  Rows
 * of t are written in multiples of HB_LANES words. */
struct hb_bf16_kernels {
	int (*available)(void);

	void (*product)(const struct hb_product *p); /* of pairs */

	/* For s, rows x columns:  t(i,p) = s(i,2p), s(i,2p+1).  Reads nothing beside s. */
	void (*along_rows)(int rows, int columns, const float *s, ptrdiff_t lds, hb_pair *t,
			   ptrdiff_t ldt);

	/* For s, rows x columns:  t(p,j) = s(2p,j), s(2p+1,j).  Reads nothing beside s. */
	void (*across_rows)(int rows, int columns, const float *s, ptrdiff_t lds, hb_pair *t,
			    ptrdiff_t ldt);

	/* The transpose of along_rows():  t(p,i) = s(i,2p), s(i,2p+1),  t columns/2 x 32, columns a
	 * multiple of HB_LANES; only the first `rows` rows of s exist, and the others count as
	 * zero. */
	void (*transpose)(int rows, int columns, const float *s, ptrdiff_t lds, hb_pair *t,
			  ptrdiff_t ldt);
};

struct hb_kernels {
	const char *name;
	int (*available)(void);
	int fused; /* 1: one rounding of a product and a sum; 0: two.  The same number, the same
		      bits. */
	int rows;  /* the rows of A in a block of product(); M should be a multiple of it */

	void (*product)(const struct hb_product *p);

	/* c (1 x columns) = bias + a W, for one row a of K floats. W lies in panels of 32 columns,
	 * each K x 32, the last one K x 16 if only 16 columns are left. The bits are those of
	 * product(). */
	void (*row_product)(int columns, int K, const float *a, const float *w, const float *bias,
			    float *c);

	/* Rows across the lanes, for layers of few units; `rows` is a multiple of HB_LANES.
	 * to_columns: t (n x rows) = the transpose of x (rows x n), n small.
	 * across: z (m x rows) = bias + W x, x n x rows, W(unit,k) = w[k * ldw + unit]; the bits
	 * are those of product(). */
	void (*to_columns)(int rows, int n, const float *x, float *t);
	void (*across)(int rows, int m, int n, const float *x, const float *w, ptrdiff_t ldw,
		       const float *bias, float *z);

	/* t (columns x 32) = the transpose of s (32 x columns), columns a multiple of HB_LANES;
	 * only the first `rows` rows of s exist, and the others count as zero. */
	void (*transpose)(int rows, int columns, const float *s, ptrdiff_t lds, float *t,
			  ptrdiff_t ldt);

	/* For rows x m outputs h, row stride ld, and targets y, row stride m:
	 *     J[i] = 1/2 sum_j (h_ij - y_ij)^2,  d = share[i] (h - y), its padding zero
	 * d and share may be NULL. */
	void (*squared_error)(int rows, int m, ptrdiff_t ld, const float *h, const float *y,
			      const float *share, float *d, double *J);

	/* Batch norm: mean, inverse, rest and spread of x; z; sum and product; dx from these and
	 * d. inverse_roots: inverse = 1 / sqrt(variance + epsilon), count a multiple of
	 * HB_LANES. */
	void (*column_statistics)(const struct hb_norm *p);
	void (*column_forward)(const struct hb_norm *p);
	void (*column_sums)(const struct hb_norm *p);
	void (*column_backward)(const struct hb_norm *p);
	void (*inverse_roots)(size_t count, float epsilon, const float *variance, float *inverse);

	/* Layer norm: z, with mean, inverse and rest of each row (mean NULL: without); dx; sum and
	 * product. */
	void (*row_forward)(const struct hb_norm *p);
	void (*row_backward)(const struct hb_norm *p);
	void (*sums_of_rows)(const struct hb_norm *p);

	/* For rows x m outputs h of softmax and their z, row stride ld, and targets y, row stride
	 * m, with t = y (1 - smoothing) + smoothing / m:
	 *     J[i] = sum_j t_ij (max z_i - z_ij) - (sum_j t_ij) log max h_i
	 *     d = share[i] ((sum_j t_ij) h_ij - t_ij), its padding zero
	 * d and share may be NULL. */
	void (*cross_entropy)(int rows, int m, ptrdiff_t ld, const float *h, const float *z,
			      const float *y, double smoothing, const float *share, float *d,
			      double *J);

	/* finite: 1 if every value is finite.  within: 1 if every value lies in low .. high; a NaN
	 * does not. */
	int (*finite)(size_t count, const float *values);
	int (*within)(size_t count, const float *values, float low, float high);

	/* h = f(z); h may be z.  rows x m, row stride ld. */
	void (*forward[HB_MAPS])(int rows, int m, ptrdiff_t ld, const float *z, float *h);

	/* d = dJ/dz from d = dJ/dh: d o f'(z), for softmax h o (d - h . d). Only gelu and silu read
	 * z. */
	void (*backward[HB_MAPS])(int rows, int m, ptrdiff_t ld, const float *z, const float *h,
				  float *d);

	/* For one row of m units: draws the factors, z = x factor, both padded with zeros. Of x
	 * only the units are read. */
	void (*dropout)(int m, struct hb_draws d, const float *x, float *factor, float *z);

	/* Element-wise, count a multiple of HB_LANES:
	 *     c = a b;  w *= factor;  g += factor w;  g += factor sign(w), sign(0) = 0 */
	void (*multiply)(size_t count, const float *a, const float *b, float *c);
	void (*scale)(size_t count, float factor, float *w);
	void (*add)(size_t count, float factor, const float *w, float *g);
	void (*add_sign)(size_t count, float factor, const float *w, float *g);

	/* a += rest (w - a) */
	void (*average)(size_t count, float rest, const float *w, float *a);

	/* One update of count parameters, count a multiple of HB_LANES.  m, s: the moments of the
	 * rule, 0 at first; NULL if it has none. For rmsprop m is the mean square; for rprop m is
	 * the previous gradient and s the step. */
	void (*update[HB_UPDATES])(size_t count, struct hb_rates r, float *w, const float *g,
				   float *m, float *s);

	/* NULL: none; a CPU with the set may still not have them */
	const struct hb_bf16_kernels *bf16;
};

#if defined __x86_64__ || defined __i386__
extern const struct hb_bf16_kernels hb_bf16_avx512;
#endif

/* The compiled sets, best first; the list ends with NULL. */
extern const struct hb_kernels *const hb_kernel_sets[];

/* The set in use (see hebb_kernels() in hebb.h). NULL: `message` says what is wrong with
 * HEBB_KERNELS. */
const struct hb_kernels *hb_kernels_choose(size_t size, char *message);

#endif /* HEBB_KERNELS_H */
