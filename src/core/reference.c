/* SPDX-License-Identifier: MIT */
/*
 * reference.c - backpropagation as the tutorial writes it, in double
 *
 * It is the definition of the correct result: `hebb check` and the tests compare the engine with
 * it. It computes one example at a time (with batch norm, the examples that are normalized
 * together, layer by layer), with loops over the units, parameters in the canonical order, f and f'
 * from libm.
 *
 *   forward    z of x, by the kind of layer;  h_i = f(z_i)   x of a layer is h of the layer below
 *   output     d_i = dJ/dz_i
 *   hidden     d_j = (dJ/dx)_j f'(z_j)                       dJ/dx by the kind of the layer above,
 *              from its d
 *   gradient   by the kind of layer, from d and x
 *
 * The formulas of each kind are in its file of layer/, next to the code for the engine.
 *
 * Softmax has no f'(z_j), because h_i depends on every z_j; the code uses its Jacobian dh_i/dz_j =
 * h_i ([i = j] - h_j).
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include "core.h"

/* Four partial sums, so that no addition waits for the one before it. */
double hb_dot_double(size_t n, const double *a, const double *b)
{
	double sum[4] = {0};
	size_t j = 0;

	for (; j + 4 <= n; j += 4)
		for (size_t k = 0; k < 4; k++)
			sum[k] += a[j + k] * b[j + k];
	for (; j < n; j++)
		sum[0] += a[j] * b[j];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

double hb_log_sum_exp(int m, const double *z)
{
	double top = z[0], sum = 0;

	for (int j = 1; j < m; j++)
		top = fmax(top, z[j]);
	for (int j = 0; j < m; j++)
		sum += exp(z[j] - top);
	return top + log(sum);
}

/* h = f(z) */
static void activate(const struct hb_level *l)
{
	const hebb_layer *layer = &l->s->layer;
	int softmax = layer->activation == HEBB_SOFTMAX;
	double lse = softmax ? hb_log_sum_exp(l->s->m, l->z) : 0;

	for (int i = 0; i < l->s->m; i++)
		l->h[i] = softmax ? exp(l->z[i] - lse) : hb_f(layer, l->z[i]);
}

void hb_through_activation(const struct hb_level *l)
{
	const hebb_layer *layer = &l->s->layer;
	int m = l->s->m;

	if (layer->activation == HEBB_SOFTMAX) {
		double mean = hb_dot_double((size_t)m, l->h, l->d);

		for (int i = 0; i < m; i++)
			l->d[i] = l->h[i] * (l->d[i] - mean);
	} else {
		for (int i = 0; i < m; i++)
			l->d[i] *= hb_derivative(layer, l->z[i]);
	}
}

/* Returns J of one example, and sets d of the last layer. */
static double cost_of(const struct hb_level *out, const struct hb_cost *cost, const double *y)
{
	double J;

	if (cost->loss != HEBB_LOSS_CUSTOM)
		return hb_loss_of(cost->loss)->naive(out, y);
	J = cost->custom->J(cost->custom->self, out->s->m, out->h, y, out->d);
	hb_through_activation(out);
	return J;
}

/* A hash (FNV-1a) of the side of each kink of the activation on which each z lies. */
static uint64_t sides(const struct hb_level *l, uint64_t hash)
{
	const double *kink;
	int kinks = hb_kinks(&l->s->layer, &kink);

	for (int k = 0; k < kinks; k++)
		for (int i = 0; i < l->s->m; i++)
			hash = (hash ^ (l->z[i] > kink[k])) * 0x100000001B3;
	return hash;
}

/* A hash of the side of each kink of the loss on which each error lies. */
static uint64_t error_sides(const struct hb_level *out, const struct hb_loss *loss, const double *y,
			    uint64_t hash)
{
	for (int k = 0; k < loss->kinks; k++)
		for (int i = 0; i < out->s->m; i++)
			hash = (hash ^ (out->h[i] - y[i] > loss->kink[k])) * 0x100000001B3;
	return hash;
}

/* The arrays of a level: z, h, d and memo for each example; sums. */
enum { BY_EXAMPLE = 4, SUMS = 4 };

static size_t bytes_of_levels(int rows, int L, const struct hb_step *steps)
{
	uint64_t numbers = 0;

	for (int l = 0; l < L; l++)
		numbers += (BY_EXAMPLE * (uint64_t)rows + SUMS) * (uint64_t)steps[l].m;
	return hb_bytes((uint64_t)L * (sizeof(struct hb_level) / sizeof(double) + 1) + numbers,
			sizeof(double));
}

/* Gives a level its arrays from *room, and moves *room to their end. */
static void make_room(struct hb_level *level, int rows, double **room)
{
	size_t m = (size_t)level->s->m, area = (size_t)rows * m;

	level->z = *room;
	level->h = level->z + area;
	level->d = level->h + area;
	level->memo = level->d + area;
	level->sums = level->memo + area;
	*room = level->sums + SUMS * m;
}

/* Finds the parameters of a level in *p, *g and *statistics, and moves these to its end. */
static void find_parameters(struct hb_level *level, const double **p, double **g,
			    const double **statistics)
{
	for (int i = 0; i < level->s->parameters; i++) {
		const struct hb_parameter *parameter = &level->s->parameter[i];
		size_t count = (size_t)parameter->about.count;
		const double **source = parameter->about.running ? statistics : p;

		level->p[i] = *source;
		if (*source)
			*source += count;
		if (parameter->about.running || !*g)
			continue;
		level->g[i] = *g;
		memset(*g, 0, count * sizeof **g);
		*g += count;
	}
}

/* Lays out the levels over p, g and the scratch memory that follows, for `rows` examples. */
static struct hb_level *levels_new(const struct hb_mode *mode, int rows, int L,
				   const struct hb_step *steps, const double *p, double *g,
				   size_t *bytes)
{
	const double *statistics = mode->statistics;
	struct hb_level *level;
	double *room;

	*bytes = bytes_of_levels(rows, L, steps);
	level = hb_allocate(mode->allocator, *bytes, NULL);
	if (!level)
		return NULL;
	room = (double *)(level + L);
	for (int l = 0; l < L; l++) {
		const struct hb_step *s = &steps[l];

		level[l] = (struct hb_level){.s = s, .mode = mode};
		make_room(&level[l], rows, &room);
		find_parameters(&level[l], &p, &g, &statistics);
	}
	return level;
}

static double sum(int rows, const double *weight)
{
	double total = 0;

	for (int i = 0; i < rows; i++)
		total += weight[i];
	return total;
}

/* Examples and the weights of their costs in J. */
struct examples {
	int first, rows, running; /* running: batch norm takes the running statistics */
	const double *x, *y, *weight;
	double total; /* of the weights, of all examples */
};

static double share_of(const struct examples *e, int r)
{
	return e->total > 0 ? (e->weight ? e->weight[r] : 1) / e->total : 0;
}

/* The level that is input i of level l; -1: it is x. */
static int input_of(const struct hb_level *level, int l, int i)
{
	return level[l].s->input[i] - level->mode->below;
}

/* Some examples forward through all levels. */
static void forward(struct hb_level *level, int L, const struct examples *e)
{
	for (int l = 0; l < L; l++) {
		struct hb_level *all = &level[l];
		int below = input_of(level, l, 0), other = input_of(level, l, 1);

		all->x = below < 0 ? e->x : level[below].h;
		if (all->s->inputs > 1)
			all->other = other < 0 ? e->x : level[other].h;
		all->first = e->first;
		all->rows = e->rows;
		all->running = e->running;
		if (all->s->kind->naive.before_forward)
			all->s->kind->naive.before_forward(all);
		for (int r = 0; r < e->rows; r++) {
			struct hb_level one = hb_level_at(all, r);

			one.s->kind->naive.forward(&one);
			activate(&one);
		}
	}
}

/* d of example r of layer l, from that of the next layer, and of others that read it. */
static void hidden_delta(const struct hb_level *level, int L, int l, int r)
{
	struct hb_level one = hb_level_at(&level[l], r), above = hb_level_at(&level[l + 1], r);

	above.s->kind->naive.backward(&above, one.d);
	for (int k = l + 1; k < L; k++)
		if (level[k].s->inputs > 1 && input_of(level, k, 1) == l) {
			above = hb_level_at(&level[k], r);
			above.s->kind->naive.backward_other(&above, one.d);
		}
	hb_through_activation(&one);
}

static void backward(struct hb_level *level, int L, int rows)
{
	for (int l = L - 2; l >= 0; l--) {
		const struct hb_level *above = &level[l + 1];

		if (above->s->kind->naive.before_backward)
			above->s->kind->naive.before_backward(above);
		for (int r = 0; r < rows; r++)
			hidden_delta(level, L, l, r);
	}
}

static void add_gradient(const struct hb_level *all, int rows)
{
	for (int r = 0; r < rows && all->g[0]; r++) {
		struct hb_level one = hb_level_at(all, r);

		one.s->kind->naive.gradient(&one);
	}
}

/* Some examples forward through all levels. With targets it returns their part of J. With `back` it
 * computes d of all levels, and the gradient if the levels have room for it. */
static double pass(struct hb_level *level, int L, const struct hb_cost *cost,
		   const struct examples *e, int back)
{
	double J = 0;

	forward(level, L, e);
	for (int r = 0; r < e->rows && e->y; r++) {
		struct hb_level out = hb_level_at(&level[L - 1], r);

		J += share_of(e, r) * cost_of(&out, cost, e->y + (size_t)r * out.s->m);
		for (int i = 0; i < out.s->m; i++)
			out.d[i] *= share_of(e, r);
	}
	if (back)
		backward(level, L, e->rows);
	for (int l = 0; l < L; l++)
		add_gradient(&level[l], e->rows);
	return J;
}

/* Whether a layer needs sums over all examples of a batch at once. */
static int has_sums(int L, const struct hb_step *steps)
{
	for (int l = 0; l < L; l++)
		if (steps[l].kind->before_forward)
			return 1;
	return 0;
}

/* A hash of all sides of kinks of some examples. */
static uint64_t all_sides(const struct hb_level *level, int L, const struct hb_loss *loss,
			  const struct examples *e, uint64_t hash)
{
	for (int r = 0; r < e->rows; r++) {
		struct hb_level out = hb_level_at(&level[L - 1], r);

		for (int l = 0; l < L; l++) {
			struct hb_level one = hb_level_at(&level[l], r);

			hash = sides(&one, hash);
		}
		if (e->y)
			hash = error_sides(&out, loss, e->y + (size_t)r * out.s->m, hash);
	}
	return hash;
}

hebb_status hb_reference_of(const struct hb_mode *mode, int L, const struct hb_step *steps,
			    const struct hb_cost *cost, int rows, const double *x, const double *y,
			    const double *weight, const double *p, double *J, double *g, double *h,
			    uint64_t *kinks)
{
	size_t bytes;
	int group = mode->together > 1 && has_sums(L, steps) ? mode->together : 1,
	    m = steps[L - 1].m;
	struct hb_level *level = levels_new(mode, group, L, steps, p, g, &bytes);
	struct examples e = {.total = weight ? sum(rows, weight) : rows};
	double mean = 0;
	uint64_t hash = 0xCBF29CE484222325;

	if (!level)
		return HEBB_NO_MEMORY;
	for (int r = 0; r < rows; r += e.rows) {
		e.first = r;
		e.rows = rows - r < group ? rows - r : group;
		e.running = e.rows < 2;
		e.x = x + (size_t)r * steps->n;
		e.y = y ? y + (size_t)r * m : NULL;
		e.weight = weight ? weight + r : NULL;
		mean += pass(level, L, cost, &e, g != NULL);
		hash = all_sides(level, L, hb_loss_of(cost->loss), &e, hash);
		if (h)
			memcpy(h + (size_t)r * m, level[L - 1].h, (size_t)e.rows * m * sizeof *h);
	}
	if (J)
		*J = mean;
	if (kinks)
		*kinks = hash;
	hb_release(mode->allocator, level, bytes);
	return HEBB_OK;
}

hebb_status hb_reference_with(const struct hb_mode *mode, int inputs, int L,
			      const hebb_layer *layers, hebb_loss loss, int rows, const double *x,
			      const double *y, const double *weight, const double *p, double *J,
			      double *g, double *h, uint64_t *kinks)
{
	hebb_error error;
	const struct hb_plan *plan =
		hb_plan_new(inputs, L, layers, 1, HB_RUN, mode->allocator, &error);
	hebb_status status;

	if (!plan)
		return error.status;
	status = hb_reference_of(mode, L, plan->step, &(struct hb_cost){.loss = loss}, rows, x, y,
				 weight, p, J, g, h, kinks);
	hb_plan_free(plan, mode->allocator);
	return status;
}

hebb_status hb_reference(int inputs, int L, const hebb_layer *layers, hebb_loss loss, int rows,
			 const double *x, const double *y, const double *weight, const double *p,
			 double *J, double *g, double *h, uint64_t *kinks)
{
	static const struct hb_mode quiet = {.learns = 0};

	return hb_reference_with(&quiet, inputs, L, layers, loss, rows, x, y, weight, p, J, g, h,
				 kinks);
}

/* Copies z, h and d of the levels to the arrays of the trace, layer by layer. */
static void tell(const struct hb_level *level, int L, int learned, const hebb_trace *trace)
{
	size_t offset = 0;

	for (int l = 0; l < L; offset += (size_t)level[l++].s->m) {
		size_t bytes = (size_t)level[l].s->m * sizeof(double);

		if (trace->z)
			memcpy(trace->z + offset, level[l].z, bytes);
		if (trace->h)
			memcpy(trace->h + offset, level[l].h, bytes);
		if (trace->d && learned)
			memcpy(trace->d + offset, level[l].d, bytes);
	}
}

static hebb_status check_numbers(const char *name, int count, const double *values, double low,
				 double high, hebb_error *error)
{
	for (int j = 0; j < count; j++)
		if (!(values[j] >= low && values[j] <= high))
			return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s[%d] is %g; it must be %s",
					 name, j, values[j],
					 low < 0    ? "finite"
					 : high > 1 ? "finite and 0 or more"
						    : "0 to 1");
	return HEBB_OK;
}

/* One example through the steps of a plan, and back if it has a target. */
static hebb_status trace_plan(const struct hb_plan *plan, hebb_loss loss, const double *parameters,
			      const double *x, const double *y, hebb_trace *trace,
			      hebb_error *error)
{
	struct examples e = {.rows = 1, .running = 1, .x = x, .y = y, .total = 1};
	const struct hb_mode mode = {.statistics = trace->statistics};
	size_t bytes;
	struct hb_level *level = levels_new(&mode, 1, plan->L, plan->step, parameters,
					    y ? trace->gradient : NULL, &bytes);

	if (!level)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %zu bytes", bytes);
	trace->J = pass(level, plan->L, &(struct hb_cost){.loss = loss}, &e, y != NULL);
	tell(level, plan->L, y != NULL, trace);
	hb_release(NULL, level, bytes);
	return HEBB_OK;
}

hebb_status hebb_trace_example(int inputs, int count, const hebb_layer *layers, hebb_loss loss,
			       const double *parameters, const double *x, const double *y,
			       hebb_trace *trace, hebb_error *error)
{
	const struct hb_plan *plan = hb_plan_new(inputs, count, layers, 1, HB_RUN, NULL, error);
	struct hb_range range = {0};
	hebb_trace known = {.size = 0};
	hebb_status status = HEBB_OK;

	if (!plan)
		return error ? error->status : HEBB_BAD_ARGUMENT;
	if (!parameters || !x || !trace)
		status = hb_missing(!parameters ? "parameters" : !x ? "x" : "trace", error);
	if (!status)
		status = hebb_sized_copy(&known, sizeof known, trace, "trace",
					 "hebb_trace_default()", error);
	if (!status && y)
		status = hb_loss_check(loss, &plan->step[count - 1].layer, plan->outputs, error);
	if (!status)
		status = check_numbers("x", inputs, x, -DBL_MAX, DBL_MAX, error);
	if (!status && y)
		range = hb_loss_of(loss)->targets;
	if (!status && y)
		status = check_numbers("y", plan->outputs, y, range.low < 0 ? -DBL_MAX : 0,
				       range.high > 1 ? DBL_MAX : 1, error);
	if (!status)
		status = trace_plan(plan, loss, parameters, x, y, &known, error);
	if (!status)
		trace->J = known.J;
	hb_plan_free(plan, NULL);
	return status;
}

static double sign_of(double x)
{
	return (x > 0) - (x < 0);
}

/* m: the gradient before, s: the step, 0 at first. */
static void rprop(double rate, double *p, double g, double *m, double *s)
{
	double turn = sign_of(g) * sign_of(*m);

	*s = *s > 0 ? *s : rate;
	if (turn > 0)
		*s = fmin(1.2 * *s, 50);
	if (turn < 0)
		*s = fmax(0.5 * *s, 1e-6);
	*m = turn < 0 ? 0 : g;
	*p -= *s * sign_of(*m);
}

/* One parameter, p, by the formulas of hebb_rule in hebb.h; t counts this update too. */
static void update(const hebb_recipe *r, double *p, double g, double *m, double *s, double t)
{
	switch (r->rule) {
	case HEBB_SGD:
		*p -= r->rate * g;
		break;
	case HEBB_MOMENTUM:
		*m = r->momentum * *m + g;
		*p -= r->rate * *m;
		break;
	case HEBB_NESTEROV:
		*m = r->momentum * *m + g;
		*p -= r->rate * (g + r->momentum * *m);
		break;
	case HEBB_RMSPROP:
		*s = r->rho * *s + (1 - r->rho) * g * g;
		*p -= r->rate * g / (sqrt(*s) + r->epsilon);
		break;
	case HEBB_ADAM:
	case HEBB_ADAMW:
		*m = r->beta1 * *m + (1 - r->beta1) * g;
		*s = r->beta2 * *s + (1 - r->beta2) * g * g;
		*p -= r->rate * (*m / (1 - pow(r->beta1, t))) /
		      (sqrt(*s / (1 - pow(r->beta2, t))) + r->epsilon);
		break;
	case HEBB_RPROP:
		rprop(r->rate, p, g, m, s);
		break;
	case HEBB_LION:
		*p -= r->rate * sign_of(r->beta1 * *m + (1 - r->beta1) * g);
		*m = r->rho * *m + (1 - r->rho) * g;
		break;
	case HEBB_LBFGS: /* it does not update each parameter by itself */
		break;
	}
}

/* The gradient with the penalties. */
static double slope_of(const hebb_recipe *recipe, int decays, double p, double g)
{
	return decays ? g + recipe->l1 * sign_of(p) + recipe->l2 * p : g;
}

static double clipping(const hebb_recipe *recipe, size_t count, const unsigned char *decays,
		       const double *p, const double *g)
{
	double squares = 0, norm;

	for (size_t i = 0; i < count; i++)
		squares += pow(slope_of(recipe, decays[i], p[i], g[i]), 2);
	norm = sqrt(squares);
	return recipe->clip > 0 && norm > recipe->clip ? recipe->clip / norm : 1;
}

void hb_reference_update(const hebb_recipe *recipe, size_t count, const unsigned char *decays,
			 double *p, const double *g, double *m, double *s, long long t)
{
	double factor = clipping(recipe, count, decays, p, g);

	for (size_t i = 0; i < count; i++) {
		double slope = factor * slope_of(recipe, decays[i], p[i], g[i]);

		if (decays[i])
			p[i] *= 1 - recipe->rate * recipe->weight_decay;
		update(recipe, &p[i], slope, &m[i], &s[i], (double)t + 1);
	}
}
