/* SPDX-License-Identifier: MIT */
/*
 * steps_blas.c - the workloads on the products of a BLAS: OpenBLAS or BLIS
 *
 *	cc -O3 -march=native -ffast-math steps_blas.c -lblis -lm
 *
 * With OpenBLAS: -DCORE='openblas_get_corename()' -lopenblas in place of -lblis.
 * BLIS knows few processors by name and takes plain C for the others: set BLIS_ARCH_TYPE.
 */
#include <cblas.h>

struct products {
	int none;
};
enum { CAN_ADD = 1 };

#include "steps.h"

static void prepare(shape *s)
{
	(void)s;
}

static void release(shape *s)
{
	(void)s;
}

static void forward_product(const shape *s, const float *h, const float *W, float *z)
{
	if (s->rows == 1)
		cblas_sgemv(CblasRowMajor, CblasTrans, s->n, s->m, 1, W, s->m, h, 1, 0, z, 1);
	else
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, s->rows, s->m, s->n, 1, h,
			    s->n, W, s->m, 0, z, s->m);
}

static void back_product(const shape *s, const float *d, const float *W, float *e)
{
	if (s->rows == 1)
		cblas_sgemv(CblasRowMajor, CblasNoTrans, s->n, s->m, 1, W, s->m, d, 1, 0, e, 1);
	else
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, s->rows, s->n, s->m, 1, d,
			    s->m, W, s->m, 0, e, s->n);
}

static void gradient_product(const shape *s, const float *h, const float *d, float scale, int add,
			     float *dW)
{
	if (s->rows == 1 && add)
		cblas_sger(CblasRowMajor, s->n, s->m, scale, h, 1, d, 1, dW, s->m);
	else
		cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, s->n, s->m, s->rows, scale, h,
			    s->n, d, s->m, (float)add, dW, s->m);
}
