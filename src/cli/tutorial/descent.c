/* SPDX-License-Identifier: MIT */
/*
 * descent.c - chapter 4 of the tutorial, first half: gradient descent, the cost, the update, two
 * dimensions
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tutorial/sections.h"
#include "tutorial/small.h"

/* ---- 4.1 ------------------------------------------------------------------------------------- */

enum { UPDATES_MOST = 100000 };

static double quartic(double x)
{
	return pow(x, 4) - 3 * pow(x, 3) + 2;
}

static double quartic_slope(double x)
{
	return 4 * pow(x, 3) - 9 * pow(x, 2);
}

typedef struct descent {
	int updates;
	double end, x[UPDATES_MOST + 1];
} descent;

/* The article's loop: x_new += -gamma * df(x_old), while the step is above the precision. */
static void descend(double start, descent *way)
{
	const double gamma = 0.01, precision = 0.00001;
	double x_old, x_new = start;

	way->updates = 0;
	way->x[0] = start;
	do {
		x_old = x_new;
		x_new += -gamma * quartic_slope(x_old);
		way->x[++way->updates] = x_new;
	} while (fabs(x_new - x_old) > precision && way->updates < UPDATES_MOST);
	way->end = x_new;
}

static plot *plot_descent(const descent *way)
{
	enum { POINTS = 121 };
	double x[POINTS], f[POINTS], path[64], height[64];
	int shown = way->updates < 63 ? way->updates + 1 : 64;
	plot *p = plot_new("Gradient descent of f(x) = x⁴ − 3x³ + 2", (axis){"x", -1, 4, 0},
			   (axis){"f(x)", -10, 20, 0});

	for (int i = 0; i < POINTS; i++) {
		x[i] = -1 + 5.0 * i / (POINTS - 1);
		f[i] = quartic(x[i]);
	}
	for (int i = 0; i < shown; i++) {
		path[i] = way->x[i];
		height[i] = quartic(way->x[i]);
	}
	if (p) {
		plot_curve(p, INK_1, "f(x)", POINTS, x, f);
		plot_dots(p, INK_2, "the descent from 6 (its first points lie above the picture)",
			  shown, path, height);
	}
	return p;
}

static void show_updates(lesson *l, const descent *way)
{
	line(l, "%6s  %12s  %14s  %14s", "update", "x", "f(x)", "f′(x)");
	for (int i = 0; i <= way->updates; i++) {
		if (i == 4)
			line(l, "%6s", "…");
		if (i < 4 || i > way->updates - 2)
			line(l, "%6d  %12.7f  %14.7f  %13.6g", i, way->x[i], quartic(way->x[i]),
			     quartic_slope(way->x[i]));
	}
}

int section_4_1(lesson *l)
{
	static descent way, stuck; /* large */

	descend(6, &way);
	descend(-1, &stuck);
	begin_part(l, FORMULA);
	line(l, "w_new = w_old − α ∇error");
	line(l, "here f(x) = x⁴ − 3x³ + 2, f′(x) = 4x³ − 9x², α = 0.01, start at x = 6");
	begin_part(l, COMPUTATION);
	show_updates(l, &way);
	if (show_plot(l, "descent", plot_descent(&way)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "The local minimum occurs at %f, after %d updates", way.end, way.updates);
	line(l, "exact: f′(x) = 0 at x = 9/4, where f = %.8f", quartic(2.25));
	line(l, "from −1 it stops at %.6f, after %d updates: f′(0) = %.0f, yet no minimum",
	     stuck.end, stuck.updates, quartic_slope(0));
	number(l, "minimum", way.end);
	count(l, "updates", way.updates);
	number(l, "exact_minimum", 2.25);
	number(l, "f_at_exact_minimum", quartic(2.25));
	number(l, "slope_at_exact_minimum", quartic_slope(2.25));
	number(l, "slope_at_0", quartic_slope(0));
	number(l, "stops_from_minus_1", stuck.end);
	count(l, "updates_from_minus_1", stuck.updates);
	take_away(l,
		  "Gradient descent takes steps against the slope. The steps shrink with the "
		  "slope, until they are too small to matter. Then x is near a point where the "
		  "slope is 0, usually a minimum, sometimes only a flat part. The descent stopped "
		  "%.1e from the minimum, though the last step was below 1e-5: a small step does "
		  "not say how far away the minimum is.",
		  fabs(way.end - 2.25));
	return EXIT_DONE;
}

/* ---- 4.2 ------------------------------------------------------------------------------------- */

enum { PAIRS = 4 };

static const double pair_x[PAIRS][3] = {
	{1.5, 2.0, 3.0}, {-1.0, 0.5, 0.0}, {0.0, -2.0, 1.0}, {-2.0, -1.0, -3.0}};
static const double pair_y[PAIRS] = {1, 1, 0, 0};

int section_4_2(lesson *l)
{
	small_net net = net_331(l->f);
	double sum = 0, norms = 0, first = 0;

	begin_part(l, FORMULA);
	line(l, "one pair     J(w, b, x, y) = ½ ‖y − h⁽³⁾(x)‖²");
	line(l, "m pairs      J(w, b) = 1/m Σ J(w, b, x, y), over the pairs");
	begin_part(l, COMPUTATION);
	line(l, "%-18s %4s  %9s  %9s  %10s  %8s", "x", "y", "h", "y − h", "½ (y − h)²", "|y − h|");
	for (int k = 0; k < PAIRS; k++) {
		pass p;

		if (trace(&net, pair_x[k], &pair_y[k], &p) != EXIT_DONE)
			return EXIT_FAILED;
		double off = pair_y[k] - p.h[3];

		sum += p.J;
		norms += fabs(off);
		line(l, "%5.1f %5.1f %5.1f  %4.0f  %9.5f  %9.5f  %10.6f  %8.5f", pair_x[k][0],
		     pair_x[k][1], pair_x[k][2], pair_y[k], p.h[3], off, p.J, fabs(off));
		first = k == 0 ? p.J : first;
	}
	begin_part(l, RESULT);
	line(l, "one pair     J = %.6f, the first", first);
	line(l, "%d pairs      J = %.6f / %d = %.6f", PAIRS, sum, PAIRS, sum / PAIRS);
	line(l, "the article's plot shows another quantity, the mean of ‖y − h‖: %.6f",
	     norms / PAIRS);
	number(l, "J_of_first_pair", first);
	count(l, "pairs", PAIRS);
	number(l, "J", sum / PAIRS);
	number(l, "mean_norm", norms / PAIRS);
	take_away(l, "The cost says in one number how wrong the network is. Because of the square, "
		     "one large error costs more than many small ones. The factor ½ cancels in the "
		     "derivative.");
	return EXIT_DONE;
}

/* ---- 4.3 ------------------------------------------------------------------------------------- */

/* One update of all parameters by the trainer of the library; J before and after, and the squared
 * length of the gradient. */
static int one_update(hebb_net *net, double rate, double J[2], double *squares)
{
	hebb_recipe recipe = hebb_recipe_default();
	float x[PAIRS * 3], y[PAIRS], g[12];
	hebb_error error;
	hebb_status status;

	for (int i = 0; i < PAIRS * 3; i++)
		x[i] = (float)pair_x[i / 3][i % 3];
	for (int i = 0; i < PAIRS; i++)
		y[i] = (float)pair_y[i];
	recipe.rule = HEBB_SGD;
	recipe.rate = rate;
	recipe.threads = 1;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		return fail_error("tutorial", &error);
	status = hebb_trainer_gradient(trainer, PAIRS, x, y, NULL, &J[0], &error);
	*squares = 0;
	for (int layer = 0; layer < 2 && status == HEBB_OK; layer++) {
		int weights = layer ? 3 : 9, all = layer ? 4 : 12;

		status = hebb_trainer_get_gradient(trainer, layer, g, g + weights, &error);
		for (int k = 0; k < all; k++)
			*squares += (double)g[k] * (double)g[k];
	}
	if (status == HEBB_OK)
		status = hebb_trainer_update(trainer, &error);
	if (status == HEBB_OK)
		status = hebb_trainer_cost(trainer, PAIRS, x, y, NULL, &J[1], &error);
	hebb_trainer_free(trainer);
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

/* share[k]: the fall of J with step size k, as a share of the fall that the slope predicts. */
static int try_rates(lesson *l, double share[3])
{
	static const double rates[] = {0.025, 0.25, 2.5};
	double falls[3];

	line(l, "%8s  %10s  %10s  %12s  %14s", "α", "J before", "J after", "J fell by",
	     "α ‖∇J‖² says");
	for (int k = 0; k < 3; k++) {
		small_net small = net_331(l->f);
		hebb_net *net = engine(&small);
		double J[2], squares = 0;
		int status = net ? one_update(net, rates[k], J, &squares) : EXIT_FAILED;

		hebb_net_free(net);
		if (status != EXIT_DONE)
			return status;
		falls[k] = J[0] - J[1];
		share[k] = falls[k] / (rates[k] * squares);
		line(l, "%7.3f  %10.6f  %10.6f  %12.6f  %14.6f", rates[k], J[0], J[1], falls[k],
		     rates[k] * squares);
		if (rates[k] == 0.25) {
			number(l, "J_before", J[0]);
			number(l, "J_after", J[1]);
			number(l, "gradient_squared", squares);
		}
	}
	numbers(l, "rates", 3, rates);
	numbers(l, "J_falls_by", 3, falls);
	return EXIT_DONE;
}

int section_4_3(lesson *l)
{
	double share[3];

	begin_part(l, FORMULA);
	line(l, "wᵢⱼ⁽ˡ⁾ = wᵢⱼ⁽ˡ⁾ − α ∂J/∂wᵢⱼ⁽ˡ⁾");
	line(l, "bᵢ⁽ˡ⁾  = bᵢ⁽ˡ⁾  − α ∂J/∂bᵢ⁽ˡ⁾");
	begin_part(l, COMPUTATION);
	prose(l,
	      "One update of all 16 numbers of the 3-3-1 network for the four pairs of 4.2, with "
	      "three step sizes α, each from the same start:");
	blank(l);
	if (try_rates(l, share) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "J falls by %.0f %%, %.0f %% and %.0f %% of α ‖∇J‖².", 100 * share[0],
	     100 * share[1], 100 * share[2]);
	prose(l, share[2] > 0 ? "From the slope one expects J to fall by α times the squared "
				"length of the gradient. With a small α it does. With a larger α "
				"the slope changes along the step, so J falls by another amount."
			      : "From the slope one expects J to fall by α times the squared "
				"length of the gradient. With a small α it does. The largest α is "
				"too large for this f: the step goes past the minimum, and J "
				"rises.");
	take_away(l, "A partial derivative is the slope in the direction of one weight. The "
		     "gradient is all partial derivatives together. In an update, all weights "
		     "move at once, each against its own slope.");
	return EXIT_DONE;
}

/* ---- 4.4 ------------------------------------------------------------------------------------- */

/* A neuron with f(z) = z, h = w x + b, and these points: J(w, b) is a bowl whose bottom can be
 * computed. */
enum { POINTS = 4, PATH = 40 };

static const double point_x[POINTS] = {0, 1, 2, 3}, point_y[POINTS] = {1.2, 1.4, 2.6, 2.8};

/* The mean cost of the neuron, and its slopes by w and b. */
static int bowl(double w, double b, double *J, double slope[2])
{
	small_net net = neuron(HEBB_LINEAR, 1, &w, b);
	pass p;

	*J = slope[0] = slope[1] = 0;
	for (int k = 0; k < POINTS; k++) {
		if (trace(&net, &point_x[k], &point_y[k], &p) != EXIT_DONE)
			return EXIT_FAILED;
		*J += p.J / POINTS;
		slope[0] += p.gradient[0] / POINTS;
		slope[1] += p.gradient[1] / POINTS;
	}
	return EXIT_DONE;
}

static double bowl_height(void *self, double w, double b)
{
	double J, slope[2];

	(void)self;
	return bowl(w, b, &J, slope) == EXIT_DONE ? J : NAN;
}

typedef struct walk {
	double w[PATH + 1], b[PATH + 1], J[PATH + 1];
} walk;

static int walk_down(double rate, walk *way)
{
	double slope[2];

	way->w[0] = -0.6;
	way->b[0] = 2.6;
	for (int i = 0; i <= PATH; i++) {
		if (bowl(way->w[i], way->b[i], &way->J[i], slope) != EXIT_DONE)
			return EXIT_FAILED;
		if (i < PATH) {
			way->w[i + 1] = way->w[i] - rate * slope[0];
			way->b[i + 1] = way->b[i] - rate * slope[1];
		}
	}
	return EXIT_DONE;
}

/* Least squares: w = sum (x - mean x)(y - mean y) / sum (x - mean x)^2, b = mean y - w mean x. */
static void bottom(double *w, double *b)
{
	double mx = 0, my = 0, xy = 0, xx = 0;

	for (int k = 0; k < POINTS; k++) {
		mx += point_x[k] / POINTS;
		my += point_y[k] / POINTS;
	}
	for (int k = 0; k < POINTS; k++) {
		xy += (point_x[k] - mx) * (point_y[k] - my);
		xx += (point_x[k] - mx) * (point_x[k] - mx);
	}
	*w = xy / xx;
	*b = my - *w * mx;
}

static plot *plot_bowl(const walk *slow, const walk *fast, double w, double b)
{
	static const double level[] = {0.03, 0.1, 0.25, 0.5, 1, 2, 4};
	plot *p = plot_new("J(w, b): lines of equal cost, and two ways down", (axis){"w", -1, 2, 0},
			   (axis){"b", 0, 3, 0});

	for (int i = 0; p && i < (int)(sizeof level / sizeof *level); i++)
		plot_contour(p, INK_FAINT, bowl_height, NULL, level[i]);
	if (p) {
		plot_curve(p, INK_1, NULL, PATH + 1, slow->w, slow->b);
		plot_dots(p, INK_1, "α = 0.1", PATH + 1, slow->w, slow->b);
		plot_curve(p, INK_2, NULL, PATH + 1, fast->w, fast->b);
		plot_dots(p, INK_2, "α = 0.45", PATH + 1, fast->w, fast->b);
		plot_dots(p, INK_3, "the minimum", 1, &w, &b);
	}
	return p;
}

int section_4_4(lesson *l)
{
	walk slow, fast;
	double w, b, J, slope[2];

	bottom(&w, &b);
	if (walk_down(0.1, &slow) != EXIT_DONE || walk_down(0.45, &fast) != EXIT_DONE ||
	    bowl(w, b, &J, slope) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "h = w x + b,   J(w, b) = 1/m Σ ½ (y − h)²");
	line(l, "w = w − α ∂J/∂w,   b = b − α ∂J/∂b     both at once");
	begin_part(l, COMPUTATION);
	prose(l, "A neuron with f(z) = z learns the line through the points (0, 1.2), (1, 1.4), "
		 "(2, 2.6) and (3, 2.8).");
	blank(l);
	line(l, "%6s  %8s %8s %9s      %8s %8s %9s", "update", "w", "b", "J", "w", "b", "J");
	for (int i = 0; i <= PATH; i = i < 4 ? i + 1 : i * 2 + 2)
		line(l, "%6d  %8.4f %8.4f %9.5f      %8.4f %8.4f %9.5f", i, slow.w[i], slow.b[i],
		     slow.J[i], fast.w[i], fast.b[i], fast.J[i]);
	line(l, "        with α = 0.1                     with α = 0.45");
	if (show_plot(l, "contours", plot_bowl(&slow, &fast, w, b)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "after %d updates   w = %.4f, b = %.4f   and   w = %.4f, b = %.4f", PATH,
	     slow.w[PATH], slow.b[PATH], fast.w[PATH], fast.b[PATH]);
	line(l, "least squares      w = %.4f, b = %.4f, J = %.5f, slope 0", w, b, J);
	numbers(l, "slopes_at_exact", 2, slope);
	number(l, "w", fast.w[PATH]);
	number(l, "b", fast.b[PATH]);
	number(l, "exact_w", w);
	number(l, "exact_b", b);
	number(l, "J", J);
	count(l, "updates", PATH);
	take_away(l, "The gradient is perpendicular to the lines of equal cost. In a narrow "
		     "valley a large step jumps from side to side, and a small step makes slow "
		     "progress. So the step size is a compromise. Better optimizers were invented "
		     "for this reason.");
	return EXIT_DONE;
}
