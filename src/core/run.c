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
/* It keeps what backward() needs, and computes what `to_run` computes. */
static const struct hb_mode to_go_back = {.learns = 1, .keeps_all = 1, .together = 1};

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
	enum hb_purpose purpose;
	int rows;       /* of the last hebb_forward(), */
	const float *x; /* and their inputs */
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
	work->purpose = purpose;
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

hebb_work *hebb_work_new_backward(const hebb_net *net, int rows, const hebb_allocator *allocator,
				  hebb_error *error)
{
	return work_new(net, rows, HB_GO_BACK, allocator, error);
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

/* The rows of the last hebb_forward() on their way there and back. */
static struct hb_pass pass_of(const hebb_work *work)
{
	return (struct hb_pass){.plan = work->plan,
				.mode = &to_go_back,
				.w = work->net->w,
				.x = work->x,
				.scratch = work->scratch,
				.rows = work->rows};
}

/* As run(), keeping what the way back needs. */
static void run_to_go_back(const hebb_work *work)
{
	struct hb_pass p = pass_of(work);

	for (int l = 0; l < work->plan->L; l++)
		if (hb_has_sums(work->plan, l)) /* running statistics: they need no rows */
			hb_sums(&p, l, 0, 0, 1);
	hb_forward(&p, 0, work->plan->L);
}

const float *hebb_forward(hebb_work *work, int rows, const float *x)
{
	const struct hb_plan *plan = work->plan;
	const struct hb_step *last = &plan->step[plan->L - 1];

	if (rows < 1 || rows > plan->rows || !x)
		return NULL;
	if (work->purpose == HB_RUN && rows > 1 && hb_is_narrow(plan)) {
		hb_forward_narrow(plan, work->net->w, rows, x, work->output);
		return work->output;
	}
	work->rows = rows;
	work->x = x;
	if (work->purpose == HB_GO_BACK)
		run_to_go_back(work);
	else
		run(work->net, plan, rows, x, work->scratch);
	for (ptrdiff_t i = 0; i < rows; i++)
		hb_copy_row(last->m, work->scratch + last->h + i * last->ld,
			    work->output + i * last->m);
	return work->output;
}

const float *hebb_work_layer(const hebb_work *work, int layer, int *stride)
{
	const struct hb_plan *plan = work->plan;

	if (layer < 0 || layer >= plan->L || (work->purpose != HB_RUN_WHOLE && layer < plan->L - 1))
		return NULL;
	if (work->purpose != HB_RUN_WHOLE) {
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

/* ---- Back to the inputs ---- */

/* d[L] = dJ/dz[L] from g = dJ/dh[L] */
static void begin_back(const struct hb_pass *p, const float *g)
{
	const struct hb_step *last = &p->plan->step[p->plan->L - 1];
	float *d = hb_d(p, last);

	for (ptrdiff_t i = 0; i < p->rows; i++) {
		memcpy(d + i * last->ld, g + i * last->m, (size_t)last->m * sizeof *d);
		memset(d + i * last->ld + last->m, 0, (size_t)(last->ld - last->m) * sizeof *d);
	}
	hb_activate_back(p->plan->kernels, last, p->rows, hb_z(p, last), hb_h(p, last), d);
}

/* dJ/dx from d[1], and from d of the layers that read x as their second input. */
static const float *end_back(const struct hb_pass *p)
{
	const struct hb_plan *plan = p->plan;
	float *dx = p->scratch + plan->dx;

	plan->step[0].kind->backward(p, &plan->step[0], dx);
	for (const struct hb_step *s = plan->step; s < plan->step + plan->L; s++)
		if (s->inputs > 1 && s->input[1] < 0)
			s->kind->backward_other(p, s, dx);
	return dx;
}

hebb_status hebb_backward(hebb_work *work, const float *g, float *dx, hebb_error *error)
{
	if (!work || !g || !dx)
		return hb_missing(!work ? "the work" : !g ? "g" : "dx", error);
	if (work->purpose != HB_GO_BACK || work->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "hebb_backward() needs hebb_forward() of a work of "
				 "hebb_work_new_backward() first");
	struct hb_pass p = pass_of(work);
	const struct hb_plan *plan = work->plan;

	begin_back(&p, g);
	hb_deltas(&p, plan->L - 1, 0);
	const float *from = end_back(&p);
	for (ptrdiff_t i = 0; i < p.rows; i++)
		memcpy(dx + i * plan->inputs, from + i * plan->ldx,
		       (size_t)plan->inputs * sizeof *dx);
	return HEBB_OK;
}
