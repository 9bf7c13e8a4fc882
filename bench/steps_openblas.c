/* SPDX-License-Identifier: MIT */
/*
 * steps_openblas.c - the workloads on the products of OpenBLAS
 *
 *	cc -O3 -march=native -ffast-math steps_openblas.c -lopenblas -lm
 */
#include <cblas.h>

struct products {
	int none;
};
enum { CAN_ADD = 1 };
#define CORE openblas_get_corename()

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
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, s->rows, s->n, s->m, 1, d, s->m, W,
		    s->m, 0, e, s->n);
}

static void gradient_product(const shape *s, const float *h, const float *d, float scale, int add,
			     float *dW)
{
	cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, s->n, s->m, s->rows, scale, h, s->n, d,
		    s->m, (float)add, dW, s->m);
}
