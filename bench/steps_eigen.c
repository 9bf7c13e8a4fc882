/* SPDX-License-Identifier: MIT */
/*
 * steps_eigen.c - the workloads on the products of Eigen
 *
 *	c++ -O3 -march=native -ffast-math -DNDEBUG -I/usr/include/eigen3 -c products_eigen.cpp
 *	cc -O3 -march=native -ffast-math steps_eigen.c products_eigen.o -lstdc++ -lm
 */
struct products {
	int none;
};
enum { CAN_ADD = 1 };

#include "steps.h"

void eigen_forward(int rows, int n, int m, const float *h, const float *W, float *z);
void eigen_back(int rows, int n, int m, const float *d, const float *W, float *e);
void eigen_gradient(int rows, int n, int m, const float *h, const float *d, float scale, int add,
		    float *dW);

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
	eigen_forward(s->rows, s->n, s->m, h, W, z);
}

static void back_product(const shape *s, const float *d, const float *W, float *e)
{
	eigen_back(s->rows, s->n, s->m, d, W, e);
}

static void gradient_product(const shape *s, const float *h, const float *d, float scale, int add,
			     float *dW)
{
	eigen_gradient(s->rows, s->n, s->m, h, d, scale, add, dW);
}
