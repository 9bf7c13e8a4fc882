/* SPDX-License-Identifier: MIT */
/*
 * steps_onednn.c - the workloads on the products of oneDNN (2.x)
 *
 * 	cc -O3 -march=native -ffast-math steps_onednn.c -ldnnl -lm
 *
 * Each product can be had as a matmul or as an inner product.  Both are prepared for each layer and
 * tried before anything is timed; the faster one is kept.  Weights stay in one plain layout, as all
 * three products and the update need them.
 */
#include <oneapi/dnnl/dnnl.h>

/* One product out of two operands; the arguments of its execution, whose memories are given their
 * addresses at each call. */
typedef struct product {
	dnnl_primitive_t primitive;
	dnnl_memory_t a, b, c;
	dnnl_exec_arg_t arguments[3];
} product;

struct products {
	product forward, back, gradient;
};
enum { CAN_ADD = 0, TRIALS = 5 };
static const double trial_seconds = 0.2; /* after which no further trial is made */

#include "steps.h"

static dnnl_engine_t engine;
static dnnl_stream_t stream;

static void must(dnnl_status_t status)
{
	if (status != dnnl_success)
		stop("oneDNN refuses");
}

static dnnl_memory_desc_t matrix(int rows, int columns, int row_stride, int column_stride)
{
	dnnl_dims_t sizes = {rows, columns}, strides = {row_stride, column_stride};
	dnnl_memory_desc_t found;

	must(dnnl_memory_desc_init_by_strides(&found, 2, sizes, dnnl_f32, strides));
	return found;
}

static void run(const product *p, const float *a, const float *b, float *c)
{
	dnnl_memory_set_data_handle(p->a, (void *)a);
	dnnl_memory_set_data_handle(p->b, (void *)b);
	dnnl_memory_set_data_handle(p->c, c);
	dnnl_primitive_execute(p->primitive, stream, 3, p->arguments);
}

/* The product of a description; operands a and b are its arguments name[0] and name[1], the result
 * name[2]. */
static product make(const_dnnl_op_desc_t description, const dnnl_memory_desc_t md[3],
		    const int name[3])
{
	product p;
	dnnl_primitive_desc_t choice;
	dnnl_memory_t *memory[3] = {&p.a, &p.b, &p.c};

	must(dnnl_primitive_desc_create(&choice, description, NULL, engine, NULL));
	must(dnnl_primitive_create(&p.primitive, choice));
	must(dnnl_primitive_desc_destroy(choice));
	for (int i = 0; i < 3; i++) {
		must(dnnl_memory_create(memory[i], &md[i], engine, DNNL_MEMORY_NONE));
		p.arguments[i] = (dnnl_exec_arg_t){name[i], *memory[i]};
	}
	return p;
}

static void drop(product *p)
{
	dnnl_primitive_destroy(p->primitive);
	dnnl_memory_destroy(p->a);
	dnnl_memory_destroy(p->b);
	dnnl_memory_destroy(p->c);
}

static double fastest(const product *p, const float *a, const float *b, float *c)
{
	double least = 1e9, first = now();

	for (int i = 0; i < TRIALS && (i < 2 || now() - first < trial_seconds); i++) {
		double begin = now();

		run(p, a, b, c);
		least = i && now() - begin < least ? now() - begin : least;
	}
	return least;
}

static product faster(product one, product other, int a_size, int b_size, int c_size)
{
	float *a = floats((size_t)a_size), *b = floats((size_t)b_size), *c = floats((size_t)c_size);
	int second = fastest(&other, a, b, c) < fastest(&one, a, b, c);

	free(a);
	free(b);
	free(c);
	drop(second ? &one : &other);
	return second ? other : one;
}

static product matmul(const dnnl_memory_desc_t md[3])
{
	static const int name[3] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
	dnnl_matmul_desc_t description;

	must(dnnl_matmul_desc_init(&description, &md[0], &md[1], NULL, &md[2]));
	return make(&description, md, name);
}

/* Of z = h W.  The inner product wants W as m x n, which is ours seen the other way. */
static product prepare_forward(int rows, int n, int m)
{
	static const int name[3] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
	dnnl_memory_desc_t one[3] = {matrix(rows, n, n, 1), matrix(n, m, m, 1),
				     matrix(rows, m, m, 1)},
			   other[3] = {one[0], matrix(m, n, 1, m), one[2]};
	dnnl_inner_product_desc_t inner;

	must(dnnl_inner_product_forward_desc_init(&inner, dnnl_forward_training, &other[0],
						  &other[1], NULL, &other[2]));
	return faster(matmul(one), make(&inner, other, name), rows * n, n * m, rows * m);
}

/* Of e = d W'. */
static product prepare_back(int rows, int n, int m)
{
	static const int name[3] = {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC};
	dnnl_memory_desc_t one[3] = {matrix(rows, m, m, 1), matrix(m, n, 1, m),
				     matrix(rows, n, n, 1)};
	dnnl_inner_product_desc_t inner;

	must(dnnl_inner_product_backward_data_desc_init(&inner, &one[2], &one[1], &one[0]));
	return faster(matmul(one), make(&inner, one, name), rows * m, n * m, rows * n);
}

/* Of dW = h' d. */
static product prepare_gradient(int rows, int n, int m)
{
	static const int name[3] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS};
	dnnl_memory_desc_t one[3] = {matrix(n, rows, 1, n), matrix(rows, m, m, 1),
				     matrix(n, m, m, 1)},
			   other[3] = {matrix(rows, n, n, 1), one[1], matrix(m, n, 1, m)};
	dnnl_inner_product_desc_t inner;

	must(dnnl_inner_product_backward_weights_desc_init(&inner, &other[0], &other[2], NULL,
							   &other[1]));
	return faster(matmul(one), make(&inner, other, name), rows * n, rows * m, n * m);
}

static void prepare(shape *s)
{
	if (!engine) {
		must(dnnl_engine_create(&engine, dnnl_cpu, 0));
		must(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
	}
	s->with.forward = prepare_forward(s->rows, s->n, s->m);
	s->with.back = prepare_back(s->rows, s->n, s->m);
	s->with.gradient = prepare_gradient(s->rows, s->n, s->m);
}

static void release(shape *s)
{
	drop(&s->with.forward);
	drop(&s->with.back);
	drop(&s->with.gradient);
}

static void forward_product(const shape *s, const float *h, const float *W, float *z)
{
	run(&s->with.forward, h, W, z);
}

static void back_product(const shape *s, const float *d, const float *W, float *e)
{
	run(&s->with.back, d, W, e);
}

static void gradient_product(const shape *s, const float *h, const float *d, float scale, int add,
			     float *dW)
{
	(void)scale;
	(void)add;
	run(&s->with.gradient, h, d, dW);
}
