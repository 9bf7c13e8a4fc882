/* SPDX-License-Identifier: MIT */
/*
 * steps.c - sections 4.7 to 4.9 of the tutorial: backpropagation by matrices, the gradient over
 * several samples, the final algorithm
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tutorial/sections.h"
#include "tutorial/small.h"

/* ---- 4.7 ------------------------------------------------------------------------------------- */

static const double x_2342[] = {0.5, -1.5}, y_2342[] = {1, 0};

/* The delta of a hidden layer: (W^T d) o f'(z), with W and d of the next layer. */
static void delta_by_matrix(const small_net *net, const pass *p, int layer, double *d)
{
	int n = units_of(net, layer), m = units_of(net, layer + 1);
	const double *W = net->p + weights_at(net, layer + 1),
		     *above = p->d + units_at(net, layer + 1), *z = p->z + units_at(net, layer);
	double turned[SMALL_PARAMETERS];

	transpose(m, n, W, turned);
	times(n, m, turned, above, d);
	for (int j = 0; j < n; j++)
		d[j] *= hebb_activation_derivative(net->layer[layer].activation, z[j]);
}

/* The gradient of the float32 engine, in canonical order. */
static int engine_gradient(const small_net *small, const double *x, const double *y,
			   double *gradient)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = engine(small);
	float in[SMALL_WIDTH], wanted[SMALL_WIDTH], g[SMALL_PARAMETERS];
	hebb_error error = {.message = ""};
	hebb_trainer *trainer;
	hebb_status status = HEBB_NO_MEMORY;

	for (int j = 0; j < small->inputs; j++)
		in[j] = (float)x[j];
	for (int i = 0; i < units_of(small, small->layers - 1); i++)
		wanted[i] = (float)y[i];
	recipe.threads = 1;
	trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	if (trainer)
		status = hebb_trainer_gradient(trainer, 1, in, wanted, NULL, NULL, &error);
	for (int k = 0; k < small->layers && status == HEBB_OK; k++)
		status = hebb_trainer_get_gradient(trainer, k, g + weights_at(small, k),
						   g + biases_at(small, k), &error);
	for (int k = 0; k < parameters_of(small) && status == HEBB_OK; k++)
		gradient[k] = (double)g[k];
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

static const char *indices(int k)
{
	static const char *const high[] = {"⁰", "¹", "²", "³", "⁴", "⁵"};

	return high[k];
}

int section_4_7(lesson *l)
{
	small_net standard = net_2342(l->f);
	double slope[SMALL_PARAMETERS], fast[SMALL_PARAMETERS], d[SMALL_WIDTH], worst = 0;
	example e = example_of(&standard, 2, x_2342, y_2342);
	char name[32], key[32], network[32];
	pass p;

	if (take_own(l, &e) != EXIT_DONE || trace(&e.net, e.x[0], e.y[0], &p) != EXIT_DONE ||
	    differences(&e.net, e.x[0], e.y[0], slope) != EXIT_DONE ||
	    engine_gradient(&e.net, e.x[0], e.y[0], fast) != EXIT_DONE)
		return EXIT_FAILED;
	int all = parameters_of(&e.net), last = e.net.layers - 1;
	begin_part(l, FORMULA);
	line(l, "δ⁽ˡ⁾ = ((W⁽ˡ⁾)ᵀ δ⁽ˡ⁺¹⁾) • f′(z⁽ˡ⁾)      • is element-wise");
	line(l, "∂J/∂W⁽ˡ⁾ = δ⁽ˡ⁺¹⁾ (h⁽ˡ⁾)ᵀ              a column times a row");
	line(l, "∂J/∂b⁽ˡ⁾ = δ⁽ˡ⁺¹⁾");
	begin_part(l, COMPUTATION);
	if (e.own)
		prose(l, "This is a %s network with %d numbers.", shape(&e.net, network), all);
	else
		prose(l, "This is a 2-3-4-2 network with 35 different numbers. The 3-3-1 network "
			 "could hide a mistake, because its layers all have 3 inputs and the "
			 "numbers in a row of W are equal.");
	blank(l);
	snprintf(key, sizeof key, "delta%d", last + 2);
	matrix(l, key, symbol("δ", 0, 0, last + 2, name), outputs_of(&e.net), 1,
	       p.d + units_at(&e.net, last));
	for (int layer = last - 1; layer >= 0; layer--) {
		int n = units_of(&e.net, layer), m = units_of(&e.net, layer + 1);

		blank(l);
		matrix(l, NULL, symbol("W", 0, 0, layer + 2, name), m, n,
		       e.net.p + weights_at(&e.net, layer + 1));
		delta_by_matrix(&e.net, &p, layer, d);
		worst = fmax(worst, largest_difference(n, d, p.d + units_at(&e.net, layer)));
		blank(l);
		snprintf(key, sizeof key, "delta%d", layer + 2);
		matrix(l, key, symbol("δ", 0, 0, layer + 2, name), n, 1, d);
	}
	blank(l);
	matrix(l, "gradient_W1", "∂J/∂W⁽¹⁾ = δ⁽²⁾xᵀ", units_of(&e.net, 0), e.net.inputs,
	       p.gradient);
	begin_part(l, RESULT);
	line(l, "products against the loops of 4.6          differ by %.0e", worst);
	line(l, "%d gradients against finite differences    differ by %.0e", all,
	     largest_difference(all, p.gradient, slope));
	line(l, "the float32 engine against double          differ by %.0e",
	     largest_difference(all, p.gradient, fast));
	number(l, "products_against_loops", worst);
	number(l, "largest_difference", largest_difference(all, p.gradient, slope));
	number(l, "engine_difference", largest_difference(all, p.gradient, fast));
	numbers(l, "gradient", all, p.gradient);
	take_away(l, "The backward pass is the same kind of work as the forward pass: a product "
		     "with W, but transposed. src/core/backprop.c computes these formulas for a "
		     "batch of rows at once.");
	return EXIT_DONE;
}

/* ---- 4.8 ------------------------------------------------------------------------------------- */

enum { SAMPLES = 3 };

static const double sample_x[SAMPLES][3] = {{1.5, 2, 3}, {-1, 0.5, 1}, {0.5, -2, -1}};
static const double sample_y[SAMPLES] = {0, 1, 0};

/* The three samples, or the reader's own. */
static int samples(lesson *l, example *e)
{
	small_net net = net_331(l->f);

	*e = example_of(&net, 1, sample_x[0], &sample_y[0]);
	e->pairs = SAMPLES;
	for (int s = 0; s < SAMPLES; s++) {
		memcpy(e->x[s], sample_x[s], sizeof sample_x[s]);
		e->y[s][0] = sample_y[s];
	}
	return take_own(l, e);
}

/* " %9.6f" for each of n values; returns the text. */
static const char *row_of(int n, const double *values, char text[256])
{
	int length = 0;

	text[0] = '\0';
	for (int j = 0; j < n; j++)
		length += snprintf(text + length, (size_t)(256 - length), " %9.6f", values[j]);
	return text;
}

/* Adds up the gradients of all samples and shows those of the weights into the first output;
 * returns the mean cost. */
static int accumulate(lesson *l, const example *e, int shown, double *sum, double *cost)
{
	int last = e->net.layers - 1, first = weights_at(&e->net, last),
	    n = inputs_of(&e->net, last);
	char row[256], name[48];
	pass p;

	*cost = 0;
	for (int s = 0; s < e->pairs; s++) {
		if (trace(&e->net, e->x[s], e->y[s], &p) != EXIT_DONE)
			return EXIT_FAILED;
		*cost += p.J / e->pairs;
		for (int k = 0; sum && k < parameters_of(&e->net); k++)
			sum[k] += p.gradient[k];
		snprintf(name, sizeof name, "δ⁽%s⁾(%s)ᵀ", indices(last + 2),
			 last == 0   ? "x"
			 : last == 1 ? "h⁽²⁾"
				     : "h⁽³⁾");
		if (shown)
			line(l, "sample %d   δ⁽%s⁾ %9.6f   %s%s", s + 1, indices(last + 2),
			     p.d[units_at(&e->net, last)], name,
			     row_of(n, p.gradient + first, row));
	}
	return EXIT_DONE;
}

int section_4_8(lesson *l)
{
	double sum[SMALL_PARAMETERS] = {0}, before = 0, after = 0,
	       rate = knob_or(l, OPT_OWN_RATE, 0.25);
	char row[256], network[32];
	example e, moved;

	if (samples(l, &e) != EXIT_DONE)
		return EXIT_FAILED;
	int last = e.net.layers - 1, first = weights_at(&e.net, last), n = inputs_of(&e.net, last);
	const char *high = indices(last + 1);
	begin_part(l, FORMULA);
	line(l, "ΔW⁽ˡ⁾ = 0, Δb⁽ˡ⁾ = 0;  for each of the m samples:");
	line(l, "    ΔW⁽ˡ⁾ += δ⁽ˡ⁺¹⁾ (h⁽ˡ⁾)ᵀ     Δb⁽ˡ⁾ += δ⁽ˡ⁺¹⁾");
	line(l, "W⁽ˡ⁾ −= α (1/m) ΔW⁽ˡ⁾           b⁽ˡ⁾ −= α (1/m) Δb⁽ˡ⁾");
	begin_part(l, COMPUTATION);
	if (e.own)
		line(l, "W⁽%s⁾ of the %s network into the first output, %d sample%s, α = %g:", high,
		     shape(&e.net, network), e.pairs, e.pairs == 1 ? "" : "s", rate);
	else
		line(l, "W⁽²⁾ of the 3-3-1 network, three samples, α = %g:", rate);
	blank(l);
	begin_table(l);
	if (accumulate(l, &e, 1, sum, &before) != EXIT_DONE)
		return EXIT_FAILED;
	line(l, "ΔW⁽%s⁾                        sum%s", high, row_of(n, sum + first, row));
	moved = e;
	for (int k = 0; k < parameters_of(&e.net); k++)
		moved.net.p[k] -= rate * sum[k] / e.pairs;
	line(l, "W⁽%s⁾ − α (1/m) ΔW⁽%s⁾            %s", high, high,
	     row_of(n, moved.net.p + first, row));
	end_table(l);
	if (accumulate(l, &moved, 0, NULL, &after) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l,
	     fabs(after) < 1e6 ? "J before %.6f, after one step %.6f"
			       : "J before %.6f, after one step %.4g",
	     before, after);
	if (after > before)
		prose(l,
		      "J rose: with α = %g the step goes past the minimum along the gradient. "
		      "A smaller α makes J fall.",
		      rate);
	numbers(l, "sum_W2", n, sum + first);
	numbers(l, "W2", n, moved.net.p + first);
	count(l, "samples", e.pairs);
	number(l, "J_before", before);
	number(l, "J_after", after);
	take_away(l, "The gradient of a mean is the mean of the gradients: go through all "
		     "samples, add up their gradients, and only then take one step.");
	return EXIT_DONE;
}

/* ---- 4.9 ------------------------------------------------------------------------------------- */

/* Learns the majority of three bits, by a 3-3-1 network with the article's initial weights. */
enum { ROWS = 8, ITERATIONS = 3000, ITERATIONS_MOST = 20000 };

static void majority(float x[ROWS][3], float y[ROWS])
{
	for (int r = 0; r < ROWS; r++) {
		int ones = 0;

		for (int j = 0; j < 3; j++) {
			x[r][j] = (float)(r >> (2 - j) & 1);
			ones += r >> (2 - j) & 1;
		}
		y[r] = ones >= 2;
	}
}

/* The algorithm in three calls of the library; J[i] is the cost before iteration i.  *done: the
 * iterations until the end, or until the numbers were too large. */
static int iterate(hebb_net *net, float x[ROWS][3], const float *y, double rate, int iterations,
		   double *J, int *done)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	hebb_status status = HEBB_OK;

	recipe.rule = HEBB_SGD;
	recipe.rate = rate;
	recipe.threads = 1;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		return fail_error("tutorial", &error);
	for (int i = 0; i <= iterations && status == HEBB_OK; i++) {
		status = hebb_trainer_gradient(trainer, ROWS, x[0], y, NULL, &J[i], &error);
		if (status == HEBB_OK)
			*done = i;
		if (status == HEBB_OK && i < iterations)
			status = hebb_trainer_update(trainer, &error);
	}
	hebb_trainer_free(trainer);
	if (status == HEBB_DIVERGED)
		return EXIT_DONE;
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

static void show_costs(lesson *l, const double *J, int done)
{
	static const int shown[] = {0, 1, 10, 100, 1000, 2000, ITERATIONS, 10000};
	int last = -1;

	for (int i = 0; i < (int)(sizeof shown / sizeof *shown) && shown[i] <= done; i++) {
		last = shown[i];
		line(l, J[last] < 1e6 ? "iteration %5d   J = %.6f" : "iteration %5d   J = %.4g",
		     last, J[last]);
	}
	if (last != done)
		line(l, J[done] < 1e6 ? "iteration %5d   J = %.6f" : "iteration %5d   J = %.4g",
		     done, J[done]);
}

/* Why so few rows are right, if the step size is to blame. */
static void explain_iterations(lesson *l, double rate, int right, int done, int iterations,
			       const double *J)
{
	if (done < iterations)
		prose(l,
		      "The descent diverged: after iteration %d the numbers are too large for "
		      "float32. With α = %g each step goes further past the minimum than the one "
		      "before.",
		      done, rate);
	else if (right < ROWS && J[done] > 0.9 * J[0] && rate > 1)
		prose(l,
		      "J does not fall: with α = %g the first steps were so long that the sums z "
		      "are far from 0, where f is flat and f′ almost 0. From there the gradient "
		      "does not lead back.",
		      rate);
	else if (right < ROWS)
		prose(l, "Not all are right yet: more iterations or another α may help.");
}

static int tell_iterations(lesson *l, hebb_net *net)
{
	static double J[ITERATIONS_MOST + 1], at[ITERATIONS_MOST + 1];
	double rate = knob_or(l, OPT_OWN_RATE, 0.25);
	int iterations = (int)knob_or(l, OPT_OWN_ITERATIONS, ITERATIONS), right = 0, done = 0;
	float x[ROWS][3], y[ROWS];

	majority(x, y);
	if (iterate(net, x, y, rate, iterations, J, &done) != EXIT_DONE)
		return EXIT_FAILED;
	show_costs(l, J, done);
	blank(l);
	for (int r = 0; r < ROWS; r++) {
		float h = 0;

		hebb_predict(net, x[r], &h, NULL);
		right += (h > 0.5f) == (y[r] > 0.5f);
		line(l,
		     fabsf(h) < 1e4f ? "x = (%.0f, %.0f, %.0f)   y = %.0f   h = %.4f"
		     : isfinite(h)   ? "x = (%.0f, %.0f, %.0f)   y = %.0f   h = %.4g"
				     : "x = (%.0f, %.0f, %.0f)   y = %.0f   h is too large",
		     (double)x[r][0], (double)x[r][1], (double)x[r][2], (double)y[r], (double)h);
	}
	for (int i = 0; i <= done; i++)
		at[i] = i;
	plot *p = lesson_plot(l, "The cost over the iterations",
			      (axis){"iteration", 0, done ? done : 1, 0},
			      value_axis("J", done + 1, J));
	if (p)
		plot_curve(p, INK_1, NULL, done + 1, at, J);
	if (show_plot(l, "cost", p) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l,
	     J[done] < 1e6 ? "%d of %d right, J from %.4f to %.4f"
			   : "%d of %d right, J from %.4f to %.4g",
	     right, ROWS, J[0], J[done]);
	explain_iterations(l, rate, right, done, iterations, J);
	count(l, "iterations", done);
	if (done < iterations)
		count(l, "diverged", 1);
	number(l, "J_at_start", J[0]);
	number(l, "J_at_end", J[done]);
	count(l, "right", right);
	count(l, "rows", ROWS);
	return EXIT_DONE;
}

int section_4_9(lesson *l)
{
	hebb_layer layer[] = {hebb_dense(3, l->f), hebb_dense(1, l->f)};
	hebb_error error;
	int status;

	layer[0].start = layer[1].start = HEBB_START_UNIFORM01;
	uint64_t seed = option_given(l->given, OPT_SEED) ? l->given->study.seed : 1;
	hebb_net *net = hebb_net_new(3, 2, layer, seed, NULL, &error);
	if (!net)
		return fail_error("tutorial", &error);
	begin_part(l, FORMULA);
	line(l, "draw W and b at random");
	line(l, "for each iteration:");
	line(l, "    ΔW = 0, Δb = 0");
	line(l, "    for each sample:  forward, δ of the output, δ of the layers below,");
	line(l, "                      ΔW += δ hᵀ, Δb += δ");
	line(l, "    W −= α (1/m) ΔW;  b −= α (1/m) Δb");
	begin_part(l, COMPUTATION);
	prose(l,
	      "In Hebb, a loop calls hebb_trainer_gradient() and hebb_trainer_update(). Here a "
	      "3-3-1 network learns the majority of three bits, with α = %g:",
	      knob_or(l, OPT_OWN_RATE, 0.25));
	blank(l);
	status = tell_iterations(l, net);
	hebb_net_free(net);
	if (status == EXIT_DONE)
		take_away(l, "This is the whole algorithm. The same few lines train three nodes "
			     "or three million.");
	return status;
}
