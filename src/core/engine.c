/* SPDX-License-Identifier: MIT */
/*
 * engine.c - the engine for CPUs: blocks of float32 in memory, and threads that compute with them
 *
 * HB_W is the memory of the network itself, so nothing is copied. All blocks have the layout of the
 * plan (layout.c). slice.c computes J and the gradient of a batch, optimizer.c the arithmetic of an
 * update. This file has the blocks and operations on whole blocks. In such an operation each thread
 * has a part of each array of parameters, so no two write to the same place.
 */
#include <math.h>
#include <string.h>
#include "core.h"

/* ---- Blocks ---- */

static size_t floats_of(const struct hb_cpu *e)
{
	return e->plan->block;
}

/* Allocates `count` consecutive blocks; for 0 blocks the pointer stays NULL. */
static int allocate(struct hb_cpu *e, int count, float **blocks, hebb_error *error)
{
	return count == 0 ||
	       (*blocks = hb_allocate_floats(&e->allocator, (uint64_t)count * floats_of(e), error));
}

/* The bytes of h, y and dJ/dh in double. */
static size_t room_bytes(const struct hb_cpu *e)
{
	return hb_bytes(3 * (uint64_t)e->plan->rows * (uint64_t)e->plan->outputs, sizeof *e->room);
}

static int allocate_scratch(struct hb_cpu *e, hebb_error *error)
{
	const struct hb_plan *plan = e->plan;
	size_t rows = (size_t)plan->rows;

	if (e->recipe->loss == HEBB_LOSS_CUSTOM &&
	    !(e->room = hb_allocate(&e->allocator, room_bytes(e), error)))
		return 0;
	return (e->scratch = hb_allocate_floats(&e->allocator, plan->scratch, error)) &&
	       (e->share = hb_allocate_floats(&e->allocator, rows, error)) &&
	       (e->J = hb_allocate(&e->allocator, rows * sizeof *e->J, error));
}

static void cpu_free(void *self)
{
	struct hb_cpu *e = self;
	struct hb_blocks blocks;
	hebb_allocator a;

	if (!e)
		return;
	a = e->allocator;
	blocks = hb_rule_blocks(e->recipe->rule);
	hebb_pool_free(e->pool);
	hb_release_floats(&a, e->g, floats_of(e));
	hb_release_floats(&a, e->kept, floats_of(e));
	hb_release_floats(&a, e->average, floats_of(e));
	hb_release_floats(&a, e->m, (size_t)blocks.m * floats_of(e));
	hb_release_floats(&a, e->s, (size_t)blocks.s * floats_of(e));
	hb_release_floats(&a, e->scratch, e->plan->scratch);
	hb_release_floats(&a, e->share, (size_t)e->plan->rows);
	hb_release(&a, e->J, (size_t)e->plan->rows * sizeof *e->J);
	if (e->room)
		hb_release(&a, e->room, room_bytes(e));
	hb_release(&a, e, sizeof *e);
}

static void *cpu_new(const struct hb_job *job, hebb_error *error)
{
	const hebb_recipe *recipe = job->recipe;
	struct hb_blocks blocks = hb_rule_blocks(recipe->rule);
	struct hb_cpu *e = hb_allocate(job->allocator, sizeof *e, error);

	if (!e)
		return NULL;
	e->allocator = *job->allocator;
	e->plan = job->plan;
	e->recipe = recipe;
	e->w = job->net->w;
	if (allocate(e, 1, &e->g, error) && allocate(e, 1, &e->kept, error) &&
	    allocate(e, recipe->average > 0, &e->average, error) &&
	    allocate(e, blocks.m, &e->m, error) && allocate(e, blocks.s, &e->s, error) &&
	    allocate_scratch(e, error) &&
	    (e->pool = hebb_pool_new(recipe->threads, &e->allocator, error))) {
		e->pace = hb_pace_begin(hebb_pool_threads(e->pool));
		return e;
	}
	cpu_free(e);
	return NULL;
}

static size_t bytes(const void *self)
{
	const struct hb_cpu *e = self;
	struct hb_blocks state = hb_rule_blocks(e->recipe->rule);
	size_t blocks = 2 + (size_t)(state.m + state.s) + (e->average != NULL),
	       rows = (size_t)e->plan->rows;

	return sizeof *e + hb_pool_bytes(e->pool) +
	       (blocks * floats_of(e) + e->plan->scratch + rows) * sizeof(float) +
	       rows * sizeof *e->J + (e->room ? room_bytes(e) : 0);
}

static float *block(const void *self, int i)
{
	const struct hb_cpu *e = self;
	float *const first[] = {
		[HB_W] = e->w, [HB_G] = e->g, [HB_KEPT] = e->kept, [HB_AVERAGE] = e->average};
	int m = hb_rule_blocks(e->recipe->rule).m;

	if (i < HB_M)
		return first[i];
	i -= HB_M;
	return i < m ? e->m + (size_t)i * floats_of(e) : e->s + (size_t)(i - m) * floats_of(e);
}

static void get(const void *self, int i, const struct hb_parameter *p, float *values)
{
	hb_layout_get(p, block(self, i), values);
}

static void set(void *self, int i, const struct hb_parameter *p, const float *values)
{
	hb_layout_set(p, block(self, i), values);
}

static void copy(void *self, int a, int b)
{
	memcpy(block(self, b), block(self, a), floats_of(self) * sizeof(float));
}

static void swap(void *self, int i, int k)
{
	float *a = block(self, i), *b = block(self, k);

	for (size_t j = 0; j < floats_of(self); j++) {
		float other = a[j];

		a[j] = b[j];
		b[j] = other;
	}
}

static void clear(void *self, int a)
{
	memset(block(self, a), 0, floats_of(self) * sizeof(float));
}

static void scale(void *self, int a, double factor)
{
	const struct hb_plan *plan = ((const struct hb_cpu *)self)->plan;

	plan->kernels->scale(plan->learned, (float)factor, block(self, a));
}

static void add(void *self, double factor, int a, int b)
{
	const struct hb_plan *plan = ((const struct hb_cpu *)self)->plan;

	plan->kernels->add(plan->block, (float)factor, block(self, a), block(self, b));
}

static double dot(void *self, int a, int b, const struct hb_parameter *p)
{
	size_t offset = p ? p->offset : 0;

	return hb_dot(p ? p->floats : floats_of(self), block(self, a) + offset,
		      block(self, b) + offset);
}

static int finite_values(const void *self, int i, const struct hb_parameter *p)
{
	const struct hb_plan *plan = ((const struct hb_cpu *)self)->plan;

	return plan->kernels->finite(p->floats, block(self, i) + p->offset);
}

static int finite_outputs(const void *self, int l)
{
	const struct hb_cpu *e = self;
	const struct hb_step *s = &e->plan->step[l];
	const float *h = e->scratch + s->h;

	for (int i = 0; i < e->plan->rows; i++, h += s->ld)
		if (!hb_all_finite((size_t)s->m, h))
			return 0;
	return 1;
}

/* ---- Learning ---- */

static double cost(void *self, const struct hb_batch *batch)
{
	return hb_sum_of_costs(self, batch, (struct hb_sink){.block = NULL});
}

static double gradient(void *self, const struct hb_batch *batch, enum hb_begin begin)
{
	struct hb_cpu *e = self;

	return hb_sum_of_costs(e, batch, (struct hb_sink){e->g, begin, 1});
}

/* The products of the gradient are added to W directly. */
static double descend(void *self, const struct hb_batch *batch, float rate)
{
	struct hb_cpu *e = self;

	return hb_sum_of_costs(e, batch, (struct hb_sink){e->w, HB_ADD_TO_C, -rate});
}

static void penalize(void *self)
{
	struct hb_cpu *e = self;
	const struct hb_kernels *K = e->plan->kernels;

	for (int i = 0; i < e->plan->arrays; i++) {
		const struct hb_parameter *p = &e->plan->parameter[i];

		if (!p->about.decays || hb_is_frozen(e->plan, p))
			continue;
		if (e->recipe->l1 != 0)
			K->add_sign(p->floats, (float)e->recipe->l1, e->w + p->offset,
				    e->g + p->offset);
		if (e->recipe->l2 != 0)
			K->add(p->floats, (float)e->recipe->l2, e->w + p->offset, e->g + p->offset);
	}
}

/* The number of parts for work on each parameter. It waits for memory, which takes as long as some
 * multiply-adds. */
static int parts_of(const struct hb_cpu *e)
{
	return hb_parts(e, 16 * (double)e->plan->parameters);
}

static void squares(void *self, int part, int parts)
{
	struct hb_cpu *e = self;

	hb_squares(e->plan->learned, e->g, e->squares, part, parts);
}

static double norm(void *self)
{
	struct hb_cpu *e = self;
	double sum = 0;

	hebb_pool_run(e->pool, parts_of(e), squares, e);
	for (int i = 0; i < HB_SQUARES; i++)
		sum += e->squares[i];
	return sqrt(sum);
}

/* The arguments of a task on all parameters. */
struct task {
	struct hb_cpu *e;
	struct hb_rates rates;
	float part; /* the factor of the average */
};

static void update_part(void *self, int part, int parts)
{
	const struct task *t = self;
	struct hb_cpu *e = t->e;

	hb_update(e->plan, e->recipe, t->rates, e->w, e->g, e->m, e->s, part, parts);
}

static void limit_part(void *self, int part, int parts)
{
	const struct task *t = self;

	hb_layout_limit(t->e->plan, t->e->w, t->e->recipe->max_norm, part, parts);
}

/* Updates the running statistics. */
static void update_running(const struct hb_cpu *e)
{
	for (int l = 0; l < e->plan->L; l++) {
		const struct hb_step *s = &e->plan->step[l];

		if (s->kind->update && !s->layer.frozen)
			s->kind->update(e->plan->kernels, s, e->w, e->g);
	}
}

static void update(void *self, struct hb_rates rates)
{
	struct task t = {.e = self, .rates = rates};
	int parts = parts_of(t.e);

	hebb_pool_run(t.e->pool, parts, update_part, &t);
	update_running(t.e);
	if (t.e->recipe->max_norm > 0)
		hebb_pool_run(t.e->pool, parts, limit_part, &t);
}

static void average_part(void *self, int part, int parts)
{
	const struct task *t = self;
	const struct hb_plan *plan = t->e->plan;

	for (int i = 0; i < plan->arrays; i++) {
		const struct hb_parameter *p = &plan->parameter[i];
		struct hb_stretch s = hb_stretch_of(p, part, parts);

		if (!hb_is_frozen(plan, p))
			plan->kernels->average(s.count, t->part, t->e->w + s.offset,
					       t->e->average + s.offset);
	}
}

static void average(void *self, double part)
{
	struct task t = {.e = self, .part = (float)part};

	hebb_pool_run(t.e->pool, parts_of(t.e), average_part, &t);
}

/* ---- Threads ---- */

static int threads(const void *self)
{
	return ((const struct hb_cpu *)self)->pace.threads;
}

static void run(void *self, int parts, void (*task)(void *argument, int part, int parts),
		void *argument)
{
	hebb_pool_run(((struct hb_cpu *)self)->pool, parts, task, argument);
}

const struct hb_engine hb_cpu_engine = {.name = "cpu",
					.open = cpu_new,
					.close = cpu_free,
					.bytes = bytes,
					.cost = cost,
					.gradient = gradient,
					.descend = descend,
					.penalize = penalize,
					.norm = norm,
					.update = update,
					.average = average,
					.get = get,
					.set = set,
					.copy = copy,
					.swap = swap,
					.clear = clear,
					.scale = scale,
					.add = add,
					.dot = dot,
					.finite = finite_values,
					.finite_outputs = finite_outputs,
					.threads = threads,
					.run = run};
