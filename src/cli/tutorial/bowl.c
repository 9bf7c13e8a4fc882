/* SPDX-License-Identifier: MIT */
/*
 * bowl.c - section 4.4 of the tutorial: gradient descent in two dimensions
 */
#include <math.h>
#include <string.h>

#include "tutorial/sections.h"
#include "tutorial/small.h"

/* A neuron with f(z) = z, h = w x + b, and these points: J(w, b) is a bowl whose bottom can be
 * computed. */
enum { POINTS = 4, PATH = 40, PATH_MOST = 1000 };

static const double point_x[POINTS] = {0, 1, 2, 3}, point_y[POINTS] = {1.2, 1.4, 2.6, 2.8};

typedef struct points {
	int n;
	double x[OWN_ROWS_MOST], y[OWN_ROWS_MOST];
} points;

/* The points of the section, or those of the reader's file. */
static int take_points(const lesson *l, points *at)
{
	const own_values *own = &l->own;

	*at = (points){.n = POINTS};
	memcpy(at->x, point_x, sizeof point_x);
	memcpy(at->y, point_y, sizeof point_y);
	if (!knob_given(l, OPT_OWN_VALUES))
		return EXIT_DONE;
	if (!own->x.rows || own->x.columns != 1 || !own->y.rows || own->y.columns != 1)
		return fail(l->given->argument[OPT_OWN_VALUES],
			    "section 4.4 wants points: one number x and one number y in each row");
	at->n = own->x.rows;
	for (int k = 0; k < at->n; k++) {
		at->x[k] = own->x.value[k][0];
		at->y[k] = own->y.value[k][0];
	}
	return EXIT_DONE;
}

/* The mean cost of the neuron, and its slopes by w and b. */
static int bowl(const points *at, double w, double b, double *J, double slope[2])
{
	small_net net = neuron(HEBB_LINEAR, 1, &w, b);
	pass p;

	*J = slope[0] = slope[1] = 0;
	for (int k = 0; k < at->n; k++) {
		if (trace(&net, &at->x[k], &at->y[k], &p) != EXIT_DONE)
			return EXIT_FAILED;
		*J += p.J / at->n;
		slope[0] += p.gradient[0] / at->n;
		slope[1] += p.gradient[1] / at->n;
	}
	return EXIT_DONE;
}

static double bowl_height(void *self, double w, double b)
{
	double J, slope[2];

	return bowl(self, w, b, &J, slope) == EXIT_DONE ? J : NAN;
}

typedef struct walk {
	double rate;
	int steps, diverged; /* steps taken */
	double w[PATH_MOST + 1], b[PATH_MOST + 1], J[PATH_MOST + 1];
} walk;

/* Walks until the number of steps, or until the cost shows that it will never come back. */
static int walk_down(const points *at, double rate, const double start[2], int steps, walk *way)
{
	double slope[2];

	way->rate = rate;
	way->diverged = 0;
	way->w[0] = start[0];
	way->b[0] = start[1];
	for (way->steps = 0;; way->steps++) {
		int i = way->steps;

		if (bowl(at, way->w[i], way->b[i], &way->J[i], slope) != EXIT_DONE)
			return EXIT_FAILED;
		way->diverged = way->J[i] > 1e6 * (1 + way->J[0]);
		if (i == steps || way->diverged)
			return EXIT_DONE;
		way->w[i + 1] = way->w[i] - rate * slope[0];
		way->b[i + 1] = way->b[i] - rate * slope[1];
	}
}

/* Least squares: w = sum (x - mean x)(y - mean y) / sum (x - mean x)^2, b = mean y - w mean x.  If
 * all x are equal, w is 0. */
static void bottom(const points *at, double *w, double *b)
{
	double mx = 0, my = 0, xy = 0, xx = 0;

	for (int k = 0; k < at->n; k++) {
		mx += at->x[k] / at->n;
		my += at->y[k] / at->n;
	}
	for (int k = 0; k < at->n; k++) {
		xy += (at->x[k] - mx) * (at->y[k] - my);
		xx += (at->x[k] - mx) * (at->x[k] - mx);
	}
	*w = xx > 0 ? xy / xx : 0;
	*b = my - *w * mx;
}

/* The largest step size that converges: 2 / the largest eigenvalue of the second derivatives, which
 * are the means of x², x and 1. */
static double largest_rate(const points *at)
{
	double x1 = 0, x2 = 0;

	for (int k = 0; k < at->n; k++) {
		x1 += at->x[k] / at->n;
		x2 += at->x[k] * at->x[k] / at->n;
	}
	return 2 / ((x2 + 1) / 2 + sqrt((x2 - 1) * (x2 - 1) / 4 + x1 * x1));
}

/* A range that contains the values and is not much larger. */
static axis range_of(const char *label, double low, double high, double a, double b)
{
	double least = fmin(a, b), most = fmax(a, b), margin = 0.25 * (most - least) + 0.25;

	if (least >= low && most <= high)
		return (axis){label, low, high, 0};
	return (axis){label, floor(least - margin), ceil(most + margin), 0};
}

/* A way as its places.  The slower one comes later and so is not covered. */
static void draw_walk(plot *p, ink with, const walk *way)
{
	char name[48];

	snprintf(name, sizeof name, "α = %g", way->rate);
	plot_jumps(p, with, name, way->steps + 1, way->w, way->b);
}

/* The ways, and the start and the minimum as rings with words: each can be told from the others. */
static plot *plot_bowl(const lesson *l, points *at, int n, const walk *way, double w, double b)
{
	static const double share[] = {0.006, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8};
	const double usual[] = {0.03, 0.1, 0.25, 0.5, 1, 2, 4};
	double J, slope[2], w0 = way->w[0], b0 = way->b[0];
	axis across = range_of("w", -1, 2, w0, w), up = range_of("b", 0, 3, b0, b);
	int standard = across.low == -1 && across.high == 2 && up.low == 0 && up.high == 3;
	plot *p = lesson_plot(l, "J(w, b): lines of equal cost, and the way down", across, up);

	if (bowl(at, w, b, &J, slope) != EXIT_DONE)
		J = 0;
	for (int i = 0; p && i < (int)(sizeof usual / sizeof *usual); i++)
		plot_contour(p, INK_FAINT, bowl_height, at,
			     standard && !l->own.x.rows ? usual[i]
							: J + share[i] * (way->J[0] - J) * 1.2);
	int slower = n > 1 && way[1].rate < way[0].rate;
	for (int k = 0; p && k < n; k++)
		draw_walk(p, k == n - 1 ? INK_1 : INK_2, &way[k == n - 1 ? slower : !slower]);
	if (p) {
		plot_word(p, " start ", w0, b0);
		plot_word(p, " minimum ", w, b);
	}
	return p;
}

/* The update after i that the table has: fewer and fewer, and the last one. */
static int next_update(int i, int most)
{
	int next = i < 4 ? i + 1 : i * 2 + 2;

	return i < most && next > most && most != PATH ? most : next;
}

static void show_walks(lesson *l, int n, const walk *way)
{
	if (n > 1 && l->page < 72) {
		show_walks(l, 1, way);
		blank(l);
		show_walks(l, 1, way + 1);
		return;
	}
	int most = n > 1 && way[1].steps > way[0].steps ? way[1].steps : way[0].steps;

	begin_table(l);
	line(l, n > 1 ? "%6s  %8s %8s %9s      %8s %8s %9s" : "%6s  %8s %8s %9s", "update", "w",
	     "b", "J", "w", "b", "J");
	for (int i = 0; i <= most; i = next_update(i, most)) {
		char row[160];
		int length = snprintf(row, sizeof row, "%6d", i);

		for (int k = 0; k < n; k++) {
			const char *format = i <= way[k].steps && way[k].J[i] < 1e3
						     ? "%s %8.4f %8.4f %9.5f"
						     : "%s %8.3g %8.3g %9.3g";

			if (i <= way[k].steps)
				length += snprintf(row + length, sizeof row - (size_t)length,
						   format, k ? "     " : " ", way[k].w[i],
						   way[k].b[i], way[k].J[i]);
			else
				length += snprintf(row + length, sizeof row - (size_t)length,
						   "%s %8s %8s %9s", k ? "     " : " ", "", "", "");
		}
		line(l, "%s", row);
	}
	if (n > 1)
		line(l, "        with α = %-19g     with α = %g", way[0].rate, way[1].rate);
	end_table(l);
	if (n == 1)
		line(l, "        with α = %g", way[0].rate);
}

static void explain_walks(lesson *l, const points *at, int n, const walk *way, int steps)
{
	double most = largest_rate(at);

	for (int k = 0; k < n; k++) {
		if (way[k].diverged)
			prose(l,
			      "With α = %g the descent diverges: J is %.3g after %d updates. Each "
			      "step goes further past the bottom than the one before. For these "
			      "points α must be below 2 / (the largest curvature) = %.4g.",
			      way[k].rate, way[k].J[way[k].steps], way[k].steps, most);
		else if (way[k].rate > most)
			prose(l, "α = %g is above the limit of %.4g, so more updates diverge.",
			      way[k].rate, most);
	}
	if (n > 1 && !way[0].diverged && !way[1].diverged) {
		line(l, "after %d updates   w = %.4f, b = %.4f   and   w = %.4f, b = %.4f", steps,
		     way[0].w[steps], way[0].b[steps], way[1].w[steps], way[1].b[steps]);
		return;
	}
	for (int k = 0; k < n; k++)
		if (!way[k].diverged)
			line(l, "after %d updates   w = %.4f, b = %.4f with α = %g", steps,
			     way[k].w[steps], way[k].b[steps], way[k].rate);
}

static void show_points(lesson *l, const points *at)
{
	if (knob_given(l, OPT_OWN_VALUES)) {
		prose(l, "A neuron with f(z) = z learns the line through %d points of the file.",
		      at->n);
		return;
	}
	prose(l, "A neuron with f(z) = z learns the line through the points (0, 1.2), (1, 1.4), "
		 "(2, 2.6) and (3, 2.8).");
}

int section_4_4(lesson *l)
{
	static walk way[2]; /* large */
	double w, b, J, slope[2], rates[2] = {0.1, 0.45}, start[2] = {-0.6, 2.6};
	int own = knob_list(l, OPT_OWN_RATE, 2, rates), n = own ? own : 2,
	    steps = (int)knob_or(l, OPT_OWN_ITERATIONS, PATH);
	points at;

	knob_list(l, OPT_OWN_START, 2, start);
	if (take_points(l, &at) != EXIT_DONE)
		return EXIT_FAILED;
	bottom(&at, &w, &b);
	for (int k = 0; k < n; k++)
		if (walk_down(&at, rates[k], start, steps, &way[k]) != EXIT_DONE)
			return EXIT_FAILED;
	if (bowl(&at, w, b, &J, slope) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "h = w x + b,   J(w, b) = 1/m Σ ½ (y − h)²");
	line(l, "w = w − α ∂J/∂w,   b = b − α ∂J/∂b     both at once");
	begin_part(l, COMPUTATION);
	show_points(l, &at);
	blank(l);
	show_walks(l, n, way);
	if (show_plot(l, "contours", plot_bowl(l, &at, n, way, w, b)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	explain_walks(l, &at, n, way, steps);
	line(l, "least squares      w = %.4f, b = %.4f, J = %.5f, slope 0", w, b, J);
	numbers(l, "slopes_at_exact", 2, slope);
	number(l, "w", way[n - 1].w[way[n - 1].steps]);
	number(l, "b", way[n - 1].b[way[n - 1].steps]);
	number(l, "exact_w", w);
	number(l, "exact_b", b);
	number(l, "J", J);
	count(l, "updates", steps);
	if (own || way[0].diverged || way[n - 1].diverged)
		number(l, "largest_rate", largest_rate(&at));
	if (way[0].diverged || way[n - 1].diverged)
		count(l, "diverged", way[n - 1].diverged ? way[n - 1].steps : way[0].steps);
	take_away(l, "The gradient is perpendicular to the lines of equal cost. In a narrow "
		     "valley a large step jumps from side to side, and a small step makes slow "
		     "progress. So the step size is a compromise. Better optimizers were invented "
		     "for this reason.");
	return EXIT_DONE;
}
