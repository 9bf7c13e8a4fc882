/* SPDX-License-Identifier: MIT */
/*
 * run.c - a network's output: for one example without preparation, or for many rows with a plan and
 * scratch memory
 */
#include <string.h>
#include "core.h"

const char *hebb_kernels(hebb_error *error)
{
	char message[256];
	const struct hb_kernels *kernels = hb_kernels_choose(sizeof message, message);

	if (!kernels)
		hebb_fail(error, HEBB_UNSUPPORTED, "%s", message);
	return kernels ? kernels->name : NULL;
}

enum { FEW = 512, ON_STACK = 4096 }; /* floats */
static const struct hb_mode to_run = {.learns = 0};

/* One row through a plain network: as hb_forward() does, in fewer steps. */
static void run_row(const struct hb_plan *plan, const float *w, const float *x, float *scratch)
{
	const struct hb_kernels *K = plan->kernels;

	for (const struct hb_step *s = plan->step, *end = s + plan->L; s < end; s++) {
		float *z = scratch + s->z, *h = scratch + s->h;

		hb_layout_row(K, s->parameter, w, x, z);
		if (s->map != HB_LINEAR || z != h)
			K->forward[s->map](1, s->m, s->ld, z, h);
		x = h;
	}
}

/* Rows of x through the whole network. */
static void run(const hebb_net *net, const struct hb_plan *plan, int rows, const float *x,
		float *scratch)
{
	struct hb_pass p = {.plan = plan,
			    .mode = &to_run,
			    .w = net->w,
			    .x = x,
			    .scratch = scratch,
			    .rows = rows};

	if (rows == 1 && plan->plain)
		run_row(plan, net->w, x, scratch);
	else
		hb_forward(&p, 0, plan->L);
}

static void predict(const hebb_net *net, const float *x, float *h, float *scratch)
{
	const struct hb_plan *plan = net->plan;

	run(net, plan, 1, x, scratch);
	hb_copy_row(plan->outputs, scratch + plan->step[plan->L - 1].h, h);
}

/* With more scratch memory. */
static HB_NOINLINE hebb_status predict_wide(const hebb_net *net, const float *x, float *h,
					    hebb_error *error)
{
	_Alignas(64) float stack[ON_STACK], *scratch = stack;
	size_t floats = net->plan->scratch;

	if (floats > ON_STACK && !(scratch = hb_allocate_floats(&net->allocator, floats, error)))
		return HEBB_NO_MEMORY;
	predict(net, x, h, scratch);
	if (scratch != stack)
		hb_release_floats(&net->allocator, scratch, floats);
	return HEBB_OK;
}

hebb_status hebb_predict(const hebb_net *net, const float *x, float *h, hebb_error *error)
{
	_Alignas(64) float scratch[FEW]; /* few, so that the compiler need not probe the stack */

	if (!net || !x || !h)
		return hb_missing(!net ? "the network" : !x ? "x" : "h", error);
	if (net->plan->scratch > FEW)
		return predict_wide(net, x, h, error);
	predict(net, x, h, scratch);
	return HEBB_OK;
}

struct hebb_work {
	hebb_allocator allocator;
	const hebb_net *net;
	const struct hb_plan *plan;
	float *scratch;
	float *output; /* rows x outputs, without padding */
	int whole;     /* the plan keeps h of every layer */
};

static uint64_t output_floats(const struct hb_plan *plan)
{
	return (uint64_t)plan->rows * (uint64_t)plan->outputs;
}

static hebb_work *work_new(const hebb_net *net, int rows, enum hb_purpose purpose,
			   const hebb_allocator *allocator, hebb_error *error)
{
	hebb_work *work = NULL;

	if (!net)
		hb_missing("the network", error);
	else
		work = hb_allocate(allocator, sizeof *work, error);
	if (!work)
		return NULL;
	work->allocator = hb_allocator_of(allocator);
	work->net = net;
	work->whole = purpose == HB_RUN_WHOLE;
	work->plan = hb_plan_again(net->plan, rows, purpose, allocator, error);
	if (!work->plan ||
	    !(work->scratch = hb_allocate_floats(allocator, work->plan->scratch, error)) ||
	    !(work->output = hb_allocate_floats(allocator, output_floats(work->plan), error))) {
		hebb_work_free(work);
		return NULL;
	}
	return work;
}

hebb_work *hebb_work_new(const hebb_net *net, int rows, const hebb_allocator *allocator,
			 hebb_error *error)
{
	return work_new(net, rows, HB_RUN, allocator, error);
}

hebb_work *hebb_work_new_whole(const hebb_net *net, int rows, const hebb_allocator *allocator,
			       hebb_error *error)
{
	return work_new(net, rows, HB_RUN_WHOLE, allocator, error);
}

void hebb_work_free(hebb_work *work)
{
	hebb_allocator allocator;

	if (!work)
		return;
	allocator = work->allocator;
	if (work->plan) {
		hb_release_floats(&allocator, work->scratch, work->plan->scratch);
		hb_release_floats(&allocator, work->output, (size_t)output_floats(work->plan));
		hb_plan_free(work->plan, &allocator);
	}
	hb_release(&allocator, work, sizeof *work);
}

size_t hebb_work_bytes(const hebb_work *work)
{
	const struct hb_plan *plan = work->plan;

	return sizeof *work + plan->bytes +
	       (plan->scratch + (size_t)output_floats(plan)) * sizeof(float);
}

const float *hebb_forward(hebb_work *work, int rows, const float *x)
{
	const struct hb_plan *plan = work->plan;
	const struct hb_step *last = &plan->step[plan->L - 1];

	if (rows < 1 || rows > plan->rows || !x)
		return NULL;
	if (!work->whole && rows > 1 && hb_is_narrow(plan)) {
		hb_forward_narrow(plan, work->net->w, rows, x, work->output);
		return work->output;
	}
	run(work->net, plan, rows, x, work->scratch);
	for (ptrdiff_t i = 0; i < rows; i++)
		hb_copy_row(last->m, work->scratch + last->h + i * last->ld,
			    work->output + i * last->m);
	return work->output;
}

const float *hebb_work_layer(const hebb_work *work, int layer, int *stride)
{
	const struct hb_plan *plan = work->plan;

	if (layer < 0 || layer >= plan->L || (!work->whole && layer < plan->L - 1))
		return NULL;
	if (!work->whole) {
		if (stride)
			*stride = plan->outputs;
		return work->output;
	}
	while (layer >= 0 && plan->step[layer].kind->rests) /* the identity */
		layer = plan->step[layer].input[0];
	if (layer < 0)
		return NULL;
	if (stride)
		*stride = plan->step[layer].ld;
	return work->scratch + plan->step[layer].h;
}
