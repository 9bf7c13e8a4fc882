/* SPDX-License-Identifier: MIT */
/*
 * check.c - is the gradient right?
 *
 * Two comparisons, layer by layer, by |g - g'| / (|g| + |g'|): 0 for equal gradients, 1 for
 * opposite ones.
 *
 *   differences  the gradient of reference.c against the slope of J, taken by moving one parameter
 *   engine       the gradient of the float32 engine against that of reference.c
 *
 * The slope is the central difference (J(p + e) - J(p - e)) / 2e for several e, each a quarter of
 * the one before, extrapolated to e = 0 (Ridders 1982, "Accurate computation of F'(x) and
 * F'(x)F''(x)").  No single e suits every network: with a large e the curvature of J causes an
 * error, with a small e its rounding. The result is the extrapolation that differs least from its
 * neighbors. e is a power of two, so p + e is exact in double for a float32 parameter.
 *
 * The slope of J jumps where z passes a kink of f, such as 0 for relu, or where an error passes a
 * kink of its loss. An e that moves any z or error past a kink is not used. A parameter with fewer
 * than two usable e is skipped.
 *
 * A parameter of layer l changes nothing below l, so J is computed from h of the layer below
 * through the layers l .. L only. If a shortcut from further below leads into them, the computation
 * starts there.
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include "core.h"

enum {
	SIZES = 8, /* the number of e: 2^-4, 2^-6 .. 2^-18 */
	SEED = 1   /* the seed of dropout, as for the first update */
};

static const double RESOLUTION =
	1e-8; /* relative to the gradients: smaller rounding errors are not subtracted */

struct check {
	const hebb_net *net;
	struct hb_cost cost;
	int rows, slice;         /* slice: rows that batch norm takes together */
	int layer, base;         /* the layer being checked; J is computed from layer `base` on */
	double *base_parameters; /* the parameters of layer `base` on */
	double *statistics;      /* all running statistics */
	const double *running;   /* those of layer `base` on */
	double *p, *g, *engine;  /* all parameters in canonical order, and their two gradients */
	double *x, *y; /* the inputs of layer `base`, rows x n, and the targets, rows x outputs */
	double *above; /* room for the inputs of the next base */
	double *block; /* the memory of these arrays */
	size_t bytes;
};

static size_t layer_parameters(const struct check *c, int layer)
{
	return (size_t)hb_count_all(&c->net->plan->step[layer], 0);
}

/* J, or with y = NULL the outputs h, of `count` layers from `base` on. */
static hebb_status reference_of(const struct check *c, int count, const double *y, double *J,
				double *g, double *h, uint64_t *kinks)
{
	const struct hb_mode mode = {.learns = 1,
				     .seed = SEED,
				     .below = c->base,
				     .together = c->slice,
				     .statistics = c->running,
				     .allocator = &c->net->allocator};

	return hb_reference_of(&mode, count, c->net->plan->step + c->base, &c->cost, c->rows, c->x,
			       y, NULL, c->base_parameters, J, g, h, kinks);
}

static hebb_status reference(const struct check *c, double *J, double *g, uint64_t *kinks)
{
	return reference_of(c, c->net->plan->L - c->base, c->y, J, g, NULL, kinks);
}

/* ---- The slope of J along one parameter ---- */

/* The extrapolations from the e used so far: in row[i] the errors of order e^2, e^4 .. e^2i are
 * eliminated. `rounding` is the error of the slope with the smallest e that comes from the rounding
 * of J; it can be larger than a small slope. */
struct slope {
	double row[SIZES], best, doubt, rounding;
	int n;
};

static void extrapolate(struct slope *s, double estimate)
{
	for (int i = 0; i < s->n; i++) {
		double before = s->row[i],
		       next = estimate + (estimate - before) / (ldexp(1, 4 * i + 4) - 1);
		double doubt = fmax(fabs(next - estimate), fabs(next - before));

		s->row[i] = estimate;
		estimate = next;
		if (doubt <= s->doubt) {
			s->doubt = doubt;
			s->best = next;
		}
	}
	s->row[s->n++] = estimate;
}

/* The largest e for parameter k of the layer: no z changes by more than a sixteenth. */
static double largest_step(const struct check *c, size_t k)
{
	const struct hb_step *s = &c->net->plan->step[c->layer];
	double top = 1;
	int exponent;

	/* a weight of W, which is the first parameter, and not a bias */
	if (s->kind->is_affine && c->base == c->layer && k < (size_t)s->m * s->n)
		for (int r = 0; r < c->rows; r++)
			top = fmax(top, fabs(c->x[(size_t)r * s->n + k % s->n]));
	frexp(top, &exponent);
	return ldexp(0.125, -exponent);
}

/* J with parameter k of the layer moved by e, p its parameters; *smooth: 0 if a z passed a kink. */
static hebb_status moved(const struct check *c, double *p, size_t k, double e, uint64_t sides,
			 double *J, int *smooth)
{
	double value = p[k];
	uint64_t kinks;
	hebb_status status;

	p[k] = value + e;
	status = reference(c, J, NULL, &kinks);
	p[k] = value;
	if (kinks != sides)
		*smooth = 0;
	return status;
}

/* Computes the slope along parameter k, in s. It is valid if s->n > 1: at least two e were
 * usable. */
static hebb_status measure(const struct check *c, double *p, size_t k, uint64_t sides,
			   struct slope *s)
{
	double e = largest_step(c, k), J_above = 0, J_below = 0;
	hebb_status status = HEBB_OK;

	*s = (struct slope){.doubt = INFINITY};
	for (int size = 0; size < SIZES && !(s->doubt <= 1e-8 * fabs(s->best)); size++, e /= 4) {
		int smooth = 1;

		status = moved(c, p, k, e, sides, &J_above, &smooth);
		if (status == HEBB_OK)
			status = moved(c, p, k, -e, sides, &J_below, &smooth);
		if (status != HEBB_OK)
			break;
		if (smooth) {
			extrapolate(s, (J_above - J_below) / (2 * e));
			s->rounding = (fabs(J_above) + fabs(J_below)) * DBL_EPSILON / e;
		}
	}
	return status;
}

/* ---- The two comparisons, for one layer ---- */

/* Sums of squares: of two gradients, of their difference, and of the rounding errors in it. */
struct distance {
	double difference, a, b, rounding;
};

static void compare(struct distance *d, double a, double b, double rounding)
{
	d->difference += (a - b) * (a - b);
	d->a += a * a;
	d->b += b * b;
	d->rounding += rounding * rounding;
}

/* |a - b| / (|a| + |b|).  A rounding error of more than RESOLUTION of the gradients is subtracted
 * from the difference. A NaN gives the worst value, 1. */
static double normwise(const struct distance *d)
{
	double sum = sqrt(d->a) + sqrt(d->b), difference = sqrt(d->difference),
	       rounding = sqrt(d->rounding);

	if (d->a == 0 && d->b == 0)
		return 0;
	if (rounding > RESOLUTION * sum)
		difference = difference <= rounding ? 0 : difference - rounding;
	return difference / sum <= 1 ? difference / sum : 1;
}

/* A number in [0, n), the k-th of the layer's stream.  The small bias of the modulo, n / 2^64, does
 * not matter here. */
static size_t random_below(const struct check *c, size_t k, size_t n)
{
	uint32_t word[4];

	hb_random_block(1, HB_STREAM_CHECK(c->layer), k, word);
	return (size_t)(((uint64_t)word[1] << 32 | word[0]) % n);
}

/* Compares `samples` parameters of the layer; each is taken with the probability
 * (how many are still to be taken) / (how many are left). */
static hebb_status differences(const struct check *c, double *p, const double *g, size_t samples,
			       hebb_gradient_check *result, double *error)
{
	size_t count = layer_parameters(c, c->layer);
	size_t remaining = samples && samples < count ? samples : count;
	struct distance d = {0};
	struct slope s;
	uint64_t sides;
	hebb_status status = reference(c, NULL, NULL, &sides);

	for (size_t k = 0; k < count && status == HEBB_OK; k++) {
		if (random_below(c, k, count - k) >= remaining)
			continue;
		remaining--;
		status = measure(c, p, k, sides, &s);
		if (status == HEBB_OK && s.n > 1) {
			compare(&d, g[k], s.best, s.rounding);
			result->checked++;
		}
	}
	*error = normwise(&d);
	return status;
}

static double engine_error(const struct check *c, const double *g, const double *engine)
{
	struct distance d = {0};

	for (size_t k = 0; k < layer_parameters(c, c->layer); k++)
		compare(&d, g[k], engine[k], 0);
	return normwise(&d);
}

/* The layer from which J is computed to check a layer. */
static int base_of(const struct check *c, int layer)
{
	int base = layer;

	for (int k = c->net->plan->L - 1; k >= base; k--) {
		const struct hb_step *s = &c->net->plan->step[k];

		if (s->inputs > 1 && s->input[1] + 1 < base)
			base = s->input[1] + 1;
	}
	return base;
}

/* Goes to the next layer; x becomes the inputs of its base. */
static hebb_status climb(struct check *c)
{
	int base = base_of(c, ++c->layer);
	double *below = c->x;
	hebb_status status = HEBB_OK;

	if (base == c->base)
		return HEBB_OK;
	status = reference_of(c, base - c->base, NULL, NULL, NULL, c->above, NULL);
	c->x = c->above;
	c->above = below;
	for (; c->base < base; c->base++) {
		c->base_parameters += layer_parameters(c, c->base);
		c->running += hb_count_all(&c->net->plan->step[c->base], 1);
	}
	return status;
}

static hebb_status every_layer(struct check *c, size_t samples, hebb_gradient_check *result)
{
	double *p = c->p;
	hebb_status status = HEBB_OK;

	while (c->layer < c->net->plan->L && status == HEBB_OK) {
		size_t first = (size_t)(p - c->p), count = layer_parameters(c, c->layer);
		double by_differences, by_engine = engine_error(c, c->g + first, c->engine + first),
				       worse;

		status = differences(c, p, c->g + first, samples, result, &by_differences);
		worse = fmax(by_differences, by_engine);
		result->differences = fmax(result->differences, by_differences);
		result->engine = fmax(result->engine, by_engine);
		if (worse > result->max_error) {
			result->max_error = worse;
			result->layer = c->layer;
		}
		if (status == HEBB_OK)
			status = climb(c);
		p += count;
	}
	return status;
}

/* ---- Preparation ---- */

static void widen(size_t n, const float *floats, double *doubles)
{
	for (size_t i = 0; i < n; i++)
		doubles[i] = floats[i];
}

static hebb_status allocate(struct check *c, hebb_error *error)
{
	const struct hb_plan *plan = c->net->plan;
	size_t widest = (size_t)plan->inputs, parameters = (size_t)plan->parameters;
	uint64_t targets = (uint64_t)c->rows * (uint64_t)plan->outputs, statistics = 0;

	for (int l = 0; l < plan->L; l++)
		statistics += (uint64_t)hb_count_all(&plan->step[l], 1);
	for (int l = 0; l < plan->L; l++)
		if (widest < (size_t)plan->step[l].m)
			widest = (size_t)plan->step[l].m;
	c->bytes = hb_bytes((uint64_t)parameters * 3 + (uint64_t)c->rows * widest * 2 + targets +
				    statistics,
			    sizeof *c->block);
	c->block = hb_allocate(&c->net->allocator, c->bytes, error);
	if (!c->block)
		return HEBB_NO_MEMORY;
	c->p = c->block;
	c->g = c->p + parameters;
	c->engine = c->g + parameters;
	c->x = c->engine + parameters;
	c->above = c->x + c->rows * widest;
	c->y = c->above + c->rows * widest;
	c->base_parameters = c->p;
	c->running = c->statistics = c->y + targets;
	return HEBB_OK;
}

/* Copies the gradient of the engine and the parameters. g is not needed yet, so its memory holds
 * the floats of a layer. */
static hebb_status ask_engine(struct check *c, hebb_trainer *trainer, const float *x,
			      const float *y, hebb_error *error)
{
	hebb_status status = hebb_trainer_gradient(trainer, c->rows, x, y, NULL, NULL, error);
	float *room = (float *)c->g;
	size_t first = 0;

	for (int i = 0; i < c->net->plan->arrays && status == HEBB_OK; i++) {
		const struct hb_parameter *p = &c->net->plan->parameter[i];
		size_t count = p->about.running ? 0 : (size_t)p->about.count;

		if (count == 0)
			continue;
		trainer->engine->get(trainer->self, HB_G, p, room);
		widen(count, room, c->engine + first);
		hb_net_get(c->net, p, room);
		widen(count, room, c->p + first);
		first += count;
	}
	return status;
}

static void copy_statistics(struct check *c)
{
	const struct hb_plan *plan = c->net->plan;
	float *room = (float *)c->g;
	double *statistics = c->statistics;

	for (int i = 0; i < plan->arrays; i++) {
		const struct hb_parameter *p = &plan->parameter[i];

		if (!p->about.running)
			continue;
		hb_net_get(c->net, p, room);
		widen((size_t)p->about.count, room, statistics);
		statistics += p->about.count;
	}
}

/* Trains a copy of the network in which no layer is frozen, so that every layer has a gradient. */
static hebb_status run_engine(struct check *c, const float *x, const float *y, hebb_error *error)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *copy = hebb_net_copy(c->net, &c->net->allocator, error);
	hebb_trainer *trainer;
	hebb_status status;

	recipe.loss = c->cost.loss;
	recipe.loss_function = c->cost.custom;
	recipe.gaps = c->cost.gaps;
	recipe.threads = 1;
	recipe.seed = SEED;
	if (copy)
		hebb_net_freeze(copy, -1, 0, NULL);
	trainer = copy ? hebb_trainer_new(copy, &recipe, &c->net->allocator, error) : NULL;
	status = trainer ? ask_engine(c, trainer, x, y, error) : error->status;
	if (trainer)
		c->slice = hb_slice(trainer->plan, c->rows);
	copy_statistics(c);
	hebb_trainer_free(trainer);
	hebb_net_free(copy);
	return status;
}

static hebb_status run_reference(struct check *c, const float *x, const float *y, int samples,
				 hebb_gradient_check *result, hebb_error *error)
{
	hebb_status status;

	widen((size_t)c->rows * c->net->plan->inputs, x, c->x);
	widen((size_t)c->rows * c->net->plan->outputs, y, c->y);
	status = reference(c, NULL, c->g, NULL);
	if (status == HEBB_OK)
		status = every_layer(c, (size_t)samples, result);
	if (status != HEBB_OK)
		hebb_fail(error, status, "out of memory while checking the gradient");
	return status;
}

static hebb_status check_gradient(const hebb_net *net, struct hb_cost cost, int rows,
				  const float *x, const float *y, int samples,
				  hebb_gradient_check *result, hebb_error *error)
{
	struct check c = {.net = net, .cost = cost, .rows = rows};
	hebb_gradient_check check = {.size = 0};
	hebb_error unheard;
	hebb_status status;
	size_t size;

	if (!error)
		error = &unheard;
	if (!net || !x || !y || !result)
		return hb_missing(!net ? "the network" : !x ? "x" : !y ? "y" : "result", error);
	if (rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "rows is %d; at least 1 is needed",
				 rows);
	if (samples < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "samples is %d; 0 means all", samples);
	status = hebb_sized_copy(&check, sizeof check, result, "result",
				 "hebb_gradient_check_default()", error);
	size = result->size < sizeof check ? result->size : sizeof check;
	c.cost.gaps = check.gaps;
	check = (hebb_gradient_check){.size = result->size, .gaps = check.gaps};
	if (status == HEBB_OK)
		status = allocate(&c, error);
	if (status == HEBB_OK)
		status = run_engine(&c, x, y, error);
	if (status == HEBB_OK)
		status = run_reference(&c, x, y, samples, &check, error);
	if (status == HEBB_OK)
		memcpy(result, &check, size);
	hb_release(&net->allocator, c.block, c.bytes);
	return status;
}

hebb_status hebb_check_gradient(const hebb_net *net, hebb_loss loss, int rows, const float *x,
				const float *y, int samples, hebb_gradient_check *result,
				hebb_error *error)
{
	const struct hb_cost cost = {.loss = loss};

	return check_gradient(net, cost, rows, x, y, samples, result, error);
}

hebb_status hebb_check_gradient_custom(const hebb_net *net, const hebb_loss_function *loss,
				       int rows, const float *x, const float *y, int samples,
				       hebb_gradient_check *result, hebb_error *error)
{
	const struct hb_cost cost = {.loss = HEBB_LOSS_CUSTOM, .custom = loss};

	return check_gradient(net, cost, rows, x, y, samples, result, error);
}
