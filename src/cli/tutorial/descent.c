/* SPDX-License-Identifier: MIT */
/*
 * descent.c - chapter 4 of the tutorial, its beginning: gradient descent, the cost, the update
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
	double start, rate, precision;
	int most; /* updates */
	int updates, diverged, settled;
	double end, x[UPDATES_MOST + 1];
} descent;

/* Beyond this x, the descent is lost: the next updates would only be larger. */
static const double FAR = 1e6;

/* The article's loop: x_new += -gamma * df(x_old), while the step is above the precision. */
static void descend(descent *way)
{
	double x_old, x_new = way->start;

	way->updates = way->diverged = 0;
	way->x[0] = x_new;
	do {
		x_old = x_new;
		x_new += -way->rate * quartic_slope(x_old);
		way->x[++way->updates] = x_new;
		way->diverged = !(fabs(x_new) < FAR); /* NaN, too */
	} while (fabs(x_new - x_old) > way->precision && way->updates < way->most &&
		 !way->diverged);
	way->settled = !way->diverged && fabs(x_new - x_old) <= way->precision;
	way->end = x_new;
}

static plot *plot_descent(const lesson *l, const descent *way)
{
	enum { POINTS = 121, DOTS = 64 };
	double x[POINTS], f[POINTS], path[DOTS], height[DOTS], low = -1, high = 4;
	int shown = way->updates < DOTS ? way->updates + 1 : DOTS, wide = figure_room(l) >= 74;
	char name[96];

	if (way->start < low && way->start >= -4)
		low = floor(way->start);
	if (way->start > high && way->start < 5)
		high = 5;
	plot *p = lesson_plot(l, "Gradient descent of f(x) = x⁴ − 3x³ + 2",
			      (axis){"x", low, high, 0}, (axis){"f(x)", -10, 20, 0});
	for (int i = 0; i < POINTS; i++) {
		x[i] = low + (high - low) * i / (POINTS - 1);
		f[i] = quartic(x[i]);
	}
	for (int i = 0; i < shown; i++) {
		path[i] = way->x[i];
		height[i] = quartic(way->x[i]);
	}
	snprintf(name, sizeof name, "the descent from %g%s", way->start,
		 wide && quartic(way->start) > 20 ? " (its first points lie above the picture)"
						  : "");
	if (p) {
		plot_curve(p, INK_1, "f(x)", POINTS, x, f);
		plot_dots(p, INK_2, name, shown, path, height);
	}
	return p;
}

static void show_updates(lesson *l, const descent *way)
{
	int last = way->updates, gap = last > 5;

	begin_table(l);
	line(l, "%6s  %12s  %14s  %14s", "update", "x", "f(x)", "f′(x)");
	for (int i = 0; i <= last; i++) {
		double x = way->x[i];

		if (i == 4 && gap)
			line(l, "%6s", "…");
		if (i >= 4 && i <= last - 2)
			continue;
		if (fabs(quartic(x)) < 1e6)
			line(l, "%6d  %12.7f  %14.7f  %13.6g", i, x, quartic(x), quartic_slope(x));
		else
			line(l, "%6d  %12.4g  %14.4g  %13.4g", i, x, quartic(x), quartic_slope(x));
	}
	end_table(l);
}

/* Why a descent did not settle, or where it did. */
static void explain_end(lesson *l, const descent *way)
{
	if (way->diverged) {
		line(l, "The descent diverged: after %d update%s x is %.3g.", way->updates,
		     way->updates == 1 ? "" : "s", way->end);
		prose(l,
		      "Each step went past the minimum, to a place where the slope is larger, so "
		      "the next step was larger still. Near the minimum, f′(x) grows by f″ = 20.25 "
		      "for each 1 that x moves, so that a rate above 2 / 20.25 = 0.099 never "
		      "settles there. Far away the slope grows as 4x³: from %g a rate of %.2g "
		      "leads just to the minimum in one step, and a much larger one throws x far "
		      "to the other side.",
		      way->start,
		      fabs(way->start - 2.25) / fmax(1e-9, fabs(quartic_slope(way->start))));
		return;
	}
	if (!way->settled) {
		line(l, "not settled at %f, after %d updates", way->end, way->updates);
		prose(l,
		      way->rate > 2 / 20.25
			      ? "The steps go to and fro over the minimum and do not become "
				"smaller: the rate is above 2 / f″ = 2 / 20.25 = 0.099."
			      : "The last step is still above the precision: the steps are small. "
				"More iterations or a larger rate bring it nearer.");
		return;
	}
	line(l, "The local minimum occurs at %f, after %d update%s", way->end, way->updates,
	     way->updates == 1 ? "" : "s");
	if (fabs(quartic_slope(way->end)) > 1)
		prose(l, "This is no minimum: the first step was already below the precision.");
	else if (fabs(way->end) < 0.5)
		prose(l, "Near 0 the slope is almost 0 too, so the steps became too small; but 0 "
			 "is no minimum.");
}

int section_4_1(lesson *l)
{
	static descent way, stuck; /* large */

	way = (descent){.start = knob_or(l, OPT_OWN_START, 6),
			.rate = knob_or(l, OPT_OWN_RATE, 0.01),
			.precision = knob_or(l, OPT_OWN_PRECISION, 0.00001),
			.most = (int)knob_or(l, OPT_OWN_ITERATIONS, UPDATES_MOST)};
	stuck = (descent){.start = -1, .rate = 0.01, .precision = 0.00001, .most = UPDATES_MOST};
	descend(&way);
	descend(&stuck);
	begin_part(l, FORMULA);
	line(l, "w_new = w_old − α ∇error");
	line(l, "here f(x) = x⁴ − 3x³ + 2, f′(x) = 4x³ − 9x², α = %g, start at x = %g", way.rate,
	     way.start);
	begin_part(l, COMPUTATION);
	show_updates(l, &way);
	if (show_plot(l, "descent", plot_descent(l, &way)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	explain_end(l, &way);
	line(l, "exact: f′(x) = 0 at x = 9/4, where f = %.8f", quartic(2.25));
	line(l, "from −1 it stops at %.6f, after %d updates: f′(0) = %.0f, yet no minimum",
	     stuck.end, stuck.updates, quartic_slope(0));
	number(l, "minimum", way.end);
	count(l, "updates", way.updates);
	if (way.diverged || !way.settled)
		count(l, way.diverged ? "diverged" : "not_settled", 1);
	number(l, "exact_minimum", 2.25);
	number(l, "f_at_exact_minimum", quartic(2.25));
	number(l, "slope_at_exact_minimum", quartic_slope(2.25));
	number(l, "slope_at_0", quartic_slope(0));
	number(l, "stops_from_minus_1", stuck.end);
	count(l, "updates_from_minus_1", stuck.updates);
	if (way.settled)
		take_away(l,
			  "Gradient descent takes steps against the slope. The steps shrink with "
			  "the slope, until they are too small to matter. Then x is near a point "
			  "where the slope is 0, usually a minimum, sometimes only a flat part. "
			  "The descent stopped %.1e from the minimum, though the last step was "
			  "below %s: a small step does not say how far away the minimum is.",
			  fabs(way.end - 2.25),
			  way.precision == 0.00001 ? "1e-5" : short_number(way.precision).text);
	else
		take_away(l, "Gradient descent takes steps against the slope. The step size "
			     "decides: too small, and it takes long; too large, and the steps go "
			     "past the minimum or even away from it.");
	return EXIT_DONE;
}

/* ---- 4.2 ------------------------------------------------------------------------------------- */

enum { PAIRS = 4 };

static const double pair_x[PAIRS][3] = {
	{1.5, 2.0, 3.0}, {-1.0, 0.5, 0.0}, {0.0, -2.0, 1.0}, {-2.0, -1.0, -3.0}};
static const double pair_y[PAIRS] = {1, 1, 0, 0};

/* The network of the chapter and its pairs, or the reader's own. */
static int pairs_example(lesson *l, example *e)
{
	small_net net = net_331(l->f);

	*e = example_of(&net, 1, pair_x[0], &pair_y[0]);
	e->pairs = PAIRS;
	for (int k = 0; k < PAIRS; k++) {
		memcpy(e->x[k], pair_x[k], sizeof pair_x[k]);
		e->y[k][0] = pair_y[k];
	}
	return take_own(l, e);
}

/* The head of the table of costs, and a row of it.  Three inputs have the columns of old. */
static void show_cost_head(lesson *l, const example *e)
{
	char head[96] = "x";

	if (e->net.inputs != 3)
		snprintf(head, sizeof head, "%-*s", 6 * e->net.inputs, "x");
	line(l, "%-18s %4s  %9s  %9s  %10s  %8s", head, "y", "h", "y − h", "½ (y − h)²", "|y − h|");
}

static void show_cost(lesson *l, const example *e, int k, const pass *p)
{
	int outputs = outputs_of(&e->net), at = units_at(&e->net, e->net.layers - 1);
	char x[128] = "";
	int length = 0;

	for (int j = 0; j < e->net.inputs; j++)
		length += snprintf(x + length, sizeof x - (size_t)length, "%*.*f", j ? 6 : 5,
				   fabs(e->x[k][j]) < 100 ? 1 : 0, e->x[k][j]);
	for (int i = 0; i < outputs; i++) {
		double y = e->y[k][i], h = p->h[at + i], off = y - h;

		line(l, "%-*s  %4.*f  %9.5f  %9.5f  %10.6f  %8.5f", 6 * e->net.inputs - 1,
		     i ? "" : x, y == floor(y) ? 0 : 2, y, h, off, off * off / 2, fabs(off));
	}
}

int section_4_2(lesson *l)
{
	double sum = 0, norms = 0, first = 0;
	example e;

	if (pairs_example(l, &e) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "one pair     J(w, b, x, y) = ½ ‖y − h⁽%s⁾(x)‖²",
	     e.net.layers == 1   ? "²"
	     : e.net.layers == 2 ? "³"
				 : "⁴");
	line(l, "m pairs      J(w, b) = 1/m Σ J(w, b, x, y), over the pairs");
	begin_part(l, COMPUTATION);
	begin_table(l);
	show_cost_head(l, &e);
	for (int k = 0; k < e.pairs; k++) {
		pass p;

		if (trace(&e.net, e.x[k], e.y[k], &p) != EXIT_DONE)
			return EXIT_FAILED;
		sum += p.J;
		norms += sqrt(2 * p.J);
		show_cost(l, &e, k, &p);
		first = k == 0 ? p.J : first;
	}
	end_table(l);
	begin_part(l, RESULT);
	line(l, "one pair     J = %.6f, the first", first);
	line(l, "%d pairs      J = %.6f / %d = %.6f", e.pairs, sum, e.pairs, sum / e.pairs);
	line(l, "the article's plot shows another quantity, the mean of ‖y − h‖: %.6f",
	     norms / e.pairs);
	number(l, "J_of_first_pair", first);
	count(l, "pairs", e.pairs);
	number(l, "J", sum / e.pairs);
	number(l, "mean_norm", norms / e.pairs);
	take_away(l, "The cost says in one number how wrong the network is. Because of the square, "
		     "one large error costs more than many small ones. The factor ½ cancels in the "
		     "derivative.");
	return EXIT_DONE;
}

/* ---- 4.3 ------------------------------------------------------------------------------------- */

/* The squared length of the gradient that the trainer has. */
static hebb_status squared_gradient(hebb_trainer *trainer, const small_net *net, double *squares,
				    hebb_error *error)
{
	hebb_status status = HEBB_OK;
	float g[SMALL_PARAMETERS];

	*squares = 0;
	for (int k = 0; k < net->layers && status == HEBB_OK; k++) {
		int weights = inputs_of(net, k) * units_of(net, k),
		    all = weights + units_of(net, k);

		status = hebb_trainer_get_gradient(trainer, k, g, g + weights, error);
		for (int i = 0; i < all; i++)
			*squares += (double)g[i] * (double)g[i];
	}
	return status;
}

/* One update of all parameters by the trainer of the library; J before and after, and the squared
 * length of the gradient.  J[1] is NAN if it is beyond what a float holds. */
static int one_update(hebb_net *net, const example *e, double rate, double J[2], double *squares)
{
	hebb_recipe recipe = hebb_recipe_default();
	int inputs = e->net.inputs, outputs = outputs_of(&e->net);
	float x[OWN_ROWS_MOST * SMALL_WIDTH], y[OWN_ROWS_MOST * SMALL_WIDTH];
	hebb_error error;
	hebb_status status;

	for (int i = 0; i < e->pairs * inputs; i++)
		x[i] = (float)e->x[i / inputs][i % inputs];
	for (int i = 0; i < e->pairs * outputs; i++)
		y[i] = (float)e->y[i / outputs][i % outputs];
	recipe.rule = HEBB_SGD;
	recipe.rate = rate;
	recipe.threads = 1;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		return fail_error("tutorial", &error);
	status = hebb_trainer_gradient(trainer, e->pairs, x, y, NULL, &J[0], &error);
	if (status == HEBB_OK)
		status = squared_gradient(trainer, &e->net, squares, &error);
	J[1] = NAN;
	if (status == HEBB_OK)
		status = hebb_trainer_update(trainer, &error);
	if (status == HEBB_OK)
		status = hebb_trainer_cost(trainer, e->pairs, x, y, NULL, &J[1], &error);
	hebb_trainer_free(trainer);
	if (status == HEBB_DIVERGED)
		return EXIT_DONE;
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

enum { RATES_MOST = 3 };

/* share[k]: the fall of J with step size k, as a share of the fall that the slope predicts. */
static int try_rates(lesson *l, const example *e, int n, const double *rates, double *share)
{
	double falls[RATES_MOST];

	begin_table(l);
	line(l, "%8s  %10s  %10s  %12s  %14s", "α", "J before", "J after", "J fell by",
	     "α ‖∇J‖² says");
	for (int k = 0; k < n; k++) {
		hebb_net *net = engine(&e->net);
		double J[2], squares = 0;
		int status = net ? one_update(net, e, rates[k], J, &squares) : EXIT_FAILED;

		hebb_net_free(net);
		if (status != EXIT_DONE)
			return status;
		falls[k] = J[0] - J[1];
		share[k] = falls[k] / (rates[k] * squares);
		if (!isfinite(J[1]))
			line(l, "%7.3f  %10.6f  %10s  %12s  %14.6f", rates[k], J[0], "too large",
			     "", rates[k] * squares);
		else
			line(l,
			     fabs(J[1]) < 1e5 && rates[k] < 1e4
				     ? "%7.3f  %10.6f  %10.6f  %12.6f  %14.6f"
				     : "%7.3g  %10.6f  %10.4g  %12.4g  %14.4g",
			     rates[k], J[0], J[1], falls[k], rates[k] * squares);
		if (rates[k] == 0.25 || n < RATES_MOST) {
			number(l, "J_before", J[0]);
			number(l, "J_after", J[1]);
			number(l, "gradient_squared", squares);
		}
	}
	end_table(l);
	numbers(l, "rates", n, rates);
	numbers(l, "J_falls_by", n, falls);
	return EXIT_DONE;
}

int section_4_3(lesson *l)
{
	static const char *const amount[] = {"", "one step size", "two step sizes",
					     "three step sizes"};
	double share[RATES_MOST], rates[RATES_MOST] = {0.025, 0.25, 2.5};
	int own = knob_list(l, OPT_OWN_RATE, RATES_MOST, rates), n = own ? own : RATES_MOST;
	char network[32];
	example e;

	if (pairs_example(l, &e) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "wᵢⱼ⁽ˡ⁾ = wᵢⱼ⁽ˡ⁾ − α ∂J/∂wᵢⱼ⁽ˡ⁾");
	line(l, "bᵢ⁽ˡ⁾  = bᵢ⁽ˡ⁾  − α ∂J/∂bᵢ⁽ˡ⁾");
	begin_part(l, COMPUTATION);
	prose(l,
	      "One update of all %d numbers of the %s network for the %s pair%s%s, with %s "
	      "α%s:",
	      parameters_of(&e.net), shape(&e.net, network),
	      e.own ? short_number(e.pairs).text : "four", e.own && e.pairs == 1 ? "" : "s",
	      e.own ? " of the file" : " of 4.2", amount[n],
	      n > 1 ? ", each from the same start" : "");
	blank(l);
	if (try_rates(l, &e, n, rates, share) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	if (n == RATES_MOST)
		line(l, "J falls by %.0f %%, %.0f %% and %.0f %% of α ‖∇J‖².", 100 * share[0],
		     100 * share[1], 100 * share[2]);
	else
		for (int k = 0; k < n; k++)
			line(l,
			     share[k] > 0 ? "With α = %g, J falls by %.0f %% of α ‖∇J‖²."
					  : "With α = %g, J rises.",
			     rates[k], 100 * share[k]);
	prose(l, share[n - 1] > 0
			 ? "From the slope one expects J to fall by α times the squared "
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
