/* SPDX-License-Identifier: MIT */
/*
 * backprop.c - sections 4.5 and 4.6 of the tutorial: the chain rule, delta, and the way back into
 * the hidden layers
 *
 * The numbers come from hebb_trace_example(); what is shown beside them is computed once more from
 * the formula that is printed, and compared with finite differences.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tutorial/exercises.h"
#include "tutorial/sections.h"
#include "tutorial/small.h"

/* The article gives no target for its example; with 0 there is an error to correct. */
static const double y_331[] = {0};

/* "∂J/∂w₂₁⁽¹⁾ = x₁ δ₂⁽²⁾" for parameter k; returns the text. */
static char *gradient_name(const small_net *net, int k, char text[128])
{
	int layer = 0;

	while (layer + 1 < net->layers && k >= weights_at(net, layer + 1))
		layer++;
	int n = inputs_of(net, layer), at = k - weights_at(net, layer),
	    bias = k >= biases_at(net, layer);
	int i = bias ? k - biases_at(net, layer) : at / n, j = bias ? -1 : at % n;
	char parameter[32], in[32], d[32];

	symbol(bias ? "b" : "w", i + 1, j + 1, layer + 1, parameter);
	symbol(layer ? "h" : "x", j + 1, 0, layer ? layer + 1 : 0, in);
	symbol("δ", i + 1, 0, layer + 2, d);
	snprintf(text, 128, "  ∂J/∂%s = %s%s%s", parameter, bias ? "" : in, bias ? "" : " ", d);
	return text;
}

/* The network of 3.1 with its x and y, or the reader's own. */
static int running_example(lesson *l, example *e, pass *p, double *slope)
{
	small_net net = net_331(l->f);

	*e = example_of(&net, 1, x_331, y_331);
	if (take_own(l, e) != EXIT_DONE)
		return EXIT_FAILED;
	if (trace(&e->net, e->x[0], e->y[0], p) != EXIT_DONE)
		return EXIT_FAILED;
	return differences(&e->net, e->x[0], e->y[0], slope);
}

/* ---- 4.5 ------------------------------------------------------------------------------------- */

/* The names of what the chain of one weight consists of. */
typedef struct chain_names {
	char h[32], z[32], w[32], in[32];
} chain_names;

static chain_names names_of(const small_net *net, int j)
{
	int top = net->layers + 1;
	chain_names name;

	symbol("h", 1, 0, top, name.h);
	symbol("z", 1, 0, top, name.z);
	symbol("w", 1, j + 1, top - 1, name.w);
	symbol(top > 2 ? "h" : "x", j + 1, 0, top > 2 ? top - 1 : 0, name.in);
	return name;
}

/* The three factors of the chain for the weight of input j into the first output. */
static void one_chain(lesson *l, const example *e, int j, const pass *p, double slope)
{
	int last = e->net.layers - 1, at = units_at(&e->net, last);
	const double *in = last ? p->h + units_at(&e->net, last - 1) : e->x[0];
	double y = e->y[0][0], dJ_dh = -(y - p->h[at]),
	       dh_dz = hebb_activation_derivative(l->f, p->z[at]), dz_dw = in[j];
	chain_names n = names_of(&e->net, j);

	line(l, "∂J/∂%s = ∂J/∂%s · ∂%s/∂%s · ∂%s/∂%s", n.w, n.h, n.h, n.z, n.z, n.w);
	line(l, "    ∂%s/∂%s = %s = %.6f", n.z, n.w, n.in, dz_dw);
	line(l, "    ∂%s/∂%s  = f′(%s) = f′(%.4f) = %.6f", n.h, n.z, n.z, p->z[at], dh_dz);
	line(l, "    ∂J/∂%s      = −(y₁ − %s) = −(%g − %.4f) = %.6f", n.h, n.h, y, p->h[at], dJ_dh);
	line(l, "    together       %.6f · %.6f · %.6f = %.9f", dJ_dh, dh_dz, dz_dw,
	     dJ_dh * dh_dz * dz_dw);
	line(l, "    by differences %.9f", slope);
	number(l, "dJ_dh", dJ_dh);
	number(l, "f_derivative", dh_dz);
	number(l, "f_derivative_at_0", hebb_activation_derivative(l->f, 0));
	number(l, "dz_dw12", dz_dw);
}

static void chain_formulas(lesson *l, const example *e, int j)
{
	const small_net *net = &e->net;
	int top = net->layers + 1, outputs = outputs_of(net);
	const char *up = top == 2   ? "²"
			 : top == 3 ? "³"
				    : "⁴",
		   *low = top == 2   ? "¹"
			  : top == 3 ? "²"
				     : "³";
	chain_names n = names_of(net, j);
	char sum[512] = "", w[32], in[32];
	int length = 0;

	for (int k = 0; k < inputs_of(net, net->layers - 1); k++)
		length +=
			snprintf(sum + length, sizeof sum - (size_t)length, "%s%s + ",
				 symbol("w", 1, k + 1, top - 1, w),
				 symbol(top > 2 ? "h" : "x", k + 1, 0, top > 2 ? top - 1 : 0, in));
	line(l, "%s = f(%s),   %s = %s%s", n.h, n.z, n.z, sum, symbol("b", 1, 0, top - 1, w));
	if (outputs == 1)
		line(l, "J = ½ (y₁ − %s)²", n.h);
	else
		line(l, "J = ½ Σᵢ (yᵢ − hᵢ⁽%s⁾)²", up);
	line(l, "∂J/∂%s = ∂J/∂%s · ∂%s/∂%s · ∂%s/∂%s   the chain rule", n.w, n.h, n.h, n.z, n.z,
	     n.w);
	line(l, "δᵢ⁽%s⁾ = −(yᵢ − hᵢ⁽%s⁾) f′(zᵢ⁽%s⁾)                the first two factors", up, up,
	     up);
	line(l, "∂J/∂wᵢⱼ⁽%s⁾ = %s δᵢ⁽%s⁾,   ∂J/∂bᵢ⁽%s⁾ = δᵢ⁽%s⁾", low,
	     top == 2   ? "xⱼ"
	     : top == 3 ? "hⱼ⁽²⁾"
			: "hⱼ⁽³⁾",
	     up, low, up);
}

/* A row for each parameter from `first` on: the formula beside the differences. */
static void show_gradient(lesson *l, const small_net *net, int first, const pass *p,
			  const double *slope, int apart)
{
	char name[128], shown[128], product[128];

	begin_table(l);
	line(l, apart ? "%s %14s %14s %9s" : "%s %14s %14s", cell("", 32, shown),
	     cell("h δ", 0, product), "differences", "apart");
	for (int k = first; k < parameters_of(net); k++) {
		cell(gradient_name(net, k, name), 32, shown);
		if (apart)
			line(l, "%s %14.9f %14.9f %9.0e", shown, p->gradient[k], slope[k],
			     fabs(p->gradient[k] - slope[k]));
		else
			line(l, "%s %14.9f %14.9f", shown, p->gradient[k], slope[k]);
	}
	end_table(l);
	numbers(l, "gradient", parameters_of(net) - first, p->gradient + first);
	numbers(l, "differences", parameters_of(net) - first, slope + first);
}

int section_4_5(lesson *l)
{
	double slope[SMALL_PARAMETERS];
	char network[32], x[LIST_SIZE], y[LIST_SIZE], d[32];
	example e;
	pass p;

	if (running_example(l, &e, &p, slope) != EXIT_DONE)
		return EXIT_FAILED;
	int last = e.net.layers - 1, first = weights_at(&e.net, last), at = units_at(&e.net, last);
	int j = inputs_of(&e.net, last) > 1, outputs = outputs_of(&e.net);
	chain_names n = names_of(&e.net, j);
	begin_part(l, FORMULA);
	chain_formulas(l, &e, j);
	begin_part(l, COMPUTATION);
	if (outputs == 1)
		snprintf(y, sizeof y, "%g", e.y[0][0]);
	else
		list_text(outputs, e.y[0], y);
	line(l, "The %s network%s, x = %s, wanted y = %s:", shape(&e.net, network),
	     e.own ? "" : " of 3.1", list_text(e.net.inputs, e.x[0], x), y);
	if (outputs == 1)
		line(l, "%s = %.6f,  J = ½ (%g − %.6f)² = %.6f", n.h, p.h[at], e.y[0][0], p.h[at],
		     p.J);
	else
		line(l, "%s = %.6f,  J = %.6f", n.h, p.h[at], p.J);
	blank(l);
	number(l, "h", p.h[at]);
	number(l, "J", p.J);
	one_chain(l, &e, j, &p, slope[first + j]);
	wait_for_key(l);
	blank(l);
	line(l, "%s", derivative_formula(l->f, (char[FORMULA_SIZE]){0}));
	line(l, "%s = −(%g − %.6f) · %.6f = %.9f", symbol("δ", 1, 0, last + 2, d), e.y[0][0],
	     p.h[at], hebb_activation_derivative(l->f, p.z[at]), p.d[at]);
	number(l, "delta", p.d[at]);
	begin_part(l, RESULT);
	show_gradient(l, &e.net, first, &p, slope, 0);
	take_away(l,
		  "How much J changes with a weight is a product of three factors: how much J "
		  "changes with h, how much h changes with z, and how much z changes with the "
		  "weight. The first two are the same for all weights of a node; their product is "
		  "its δ. Here the article numbers z one layer lower than in 3.4; we keep h⁽³⁾ = "
		  "f(z⁽³⁾).");
	return questions_4_5(l, &e, &p, slope);
}

/* ---- 4.6 ------------------------------------------------------------------------------------- */

enum { DRAWN_MOST = 4 };

/* Where the nodes of the two sides stand, and how far from the sender the labels of the connections
 * are: there the connections of a sender have spread, and those of others have not yet crossed. */
typedef struct sides {
	double left, right, share;
	int rows, is_narrow;
} sides;

static double side_row(const sides *at, int i, int n)
{
	return at->rows * (i + 0.5) / n;
}

static void draw_connections(figure *f, const sides *at, const small_net *net, int layer)
{
	int n = inputs_of(net, layer), m = units_of(net, layer);
	char name[32], text[64];

	for (int k = 0; k < n * m; k++) {
		int i = k / n, j = k % n;
		double from = side_row(at, j, n), to = side_row(at, i, m);

		figure_arrow(f, (ink)(INK_1 + j), at->left, from, at->right, to);
		symbol("w", i + 1, j + 1, at->is_narrow ? 0 : layer + 1, name);
		snprintf(text, sizeof text, at->is_narrow ? " %s %g " : " %s = %g ", name,
			 net->p[weights_at(net, layer) + k]);
		figure_text(f, (ink)(INK_1 + j), ALIGN_MIDDLE,
			    at->left + at->share * (at->right - at->left),
			    from + at->share * (to - from), text);
	}
}

/* Draws two layers of nodes: above each node its output, which goes forward; below it its delta,
 * which goes back.  The connections of each sender have an ink of their own. */
static figure *draw_deltas(const char *title, const small_net *net, const pass *p, int layer,
			   int columns)
{
	int n = inputs_of(net, layer), m = units_of(net, layer);
	int width = columns < 74 ? columns : 74, narrow = width < 66;
	sides at = {.left = narrow ? 8 : 16,
		    .right = narrow ? width - 9 : 56,
		    .share = narrow ? 0.36 : 0.37,
		    .rows = 6 * (n > m ? n : m) - 1,
		    .is_narrow = narrow};
	figure *f = figure_new(title, width, at.rows);
	char name[32], text[64];

	if (!f)
		return NULL;
	draw_connections(f, &at, net, layer);
	for (int k = 0; k < n + m; k++) {
		int side = k >= n, i = side ? k - n : k;
		int unit = units_at(net, layer - 1 + side) + i;
		double x = side ? at.right : at.left, y = side_row(&at, i, side ? m : n);

		figure_node(f, x, y, symbol("h", i + 1, 0, layer + 1 + side, name));
		snprintf(text, sizeof text, " h = %.4f ", p->h[unit]);
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, x, y - 1, text);
		snprintf(text, sizeof text, " δ = %.5f ", p->d[unit]);
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, x, y + 1, text);
	}
	return f;
}

static int show_deltas(lesson *l, const char *name, const char *title, const small_net *net,
		       const pass *p, int layer)
{
	if (inputs_of(net, layer) > DRAWN_MOST || units_of(net, layer) > DRAWN_MOST) {
		line(l, "(More than %d nodes in a layer are not drawn.)", DRAWN_MOST);
		return EXIT_DONE;
	}
	return show_drawing(l, name, draw_deltas(title, net, p, layer, figure_room(l)));
}

static void forward_again(lesson *l, const example *e, const pass *p)
{
	char z[32], h[32], x[LIST_SIZE];

	line(l, "Step 1: forward, as in chapter 3, with x = %s",
	     list_text(e->net.inputs, e->x[0], x));
	for (int layer = 0, k = 0; layer < e->net.layers; layer++)
		for (int i = 0; i < units_of(&e->net, layer); i++, k++)
			line(l, "  %s = %8.5f   %s = f(z) = %.6f   f′(z) = %.6f",
			     symbol("z", i + 1, 0, layer + 2, z), p->z[k],
			     symbol("h", i + 1, 0, layer + 2, h), p->h[k],
			     hebb_activation_derivative(l->f, p->z[k]));
}

/* δ of the outputs, as in 4.5. */
static void output_deltas(lesson *l, const example *e, const pass *p)
{
	int outputs = outputs_of(&e->net), top = e->net.layers + 1,
	    at = units_at(&e->net, e->net.layers - 1);
	char y[LIST_SIZE], d[32], h[32], z[32], name[32];

	if (outputs == 1)
		snprintf(y, sizeof y, "%g", e->y[0][0]);
	else
		list_text(outputs, e->y[0], y);
	line(l, "Step 2: δ of the output%s, as in 4.5, with y = %s", outputs > 1 ? "s" : "", y);
	for (int i = 0; i < outputs; i++)
		line(l, "  %s = −(%s − %s) f′(%s) = −(%g − %.5f) · %.5f = %.6f",
		     symbol("δ", i + 1, 0, top, d), symbol("y", i + 1, 0, 0, name),
		     symbol("h", i + 1, 0, top, h), symbol("z", i + 1, 0, top, z), e->y[0][i],
		     p->h[at + i], hebb_activation_derivative(l->f, p->z[at + i]), p->d[at + i]);
}

/* δ of hidden node j: what the nodes above send back, times its own slope. */
static double hidden_delta(lesson *l, const small_net *net, const pass *p, int layer, int j)
{
	int n = units_of(net, layer), m = units_of(net, layer + 1),
	    above = units_at(net, layer + 1);
	const double *w = net->p + weights_at(net, layer + 1);
	double slope = hebb_activation_derivative(l->f, p->z[units_at(net, layer) + j]), sum = 0;
	char name[32], d[32], weight[32], text[512] = "";
	int length = 0;

	for (int i = 0; i < m; i++) {
		sum += w[i * n + j] * p->d[above + i];
		length +=
			snprintf(text + length, sizeof text - (size_t)length, "%s%.6f · %s",
				 i ? " + " : "", p->d[above + i], short_number(w[i * n + j]).text);
	}
	symbol("δ", j + 1, 0, layer + 2, name);
	if (m == 1)
		line(l, "  %s = %s %s f′(z) = %s · %.6f = %.7f", name,
		     symbol("δ", 1, 0, layer + 3, d), symbol("w", 1, j + 1, layer + 2, weight),
		     text, slope, sum * slope);
	else
		line(l, "  %s = (%s) · %.6f = %.7f", name, text, slope, sum * slope);
	return sum * slope;
}

static void deltas_again(lesson *l, const example *e, const pass *p)
{
	double worst = 0;

	wait_for_key(l);
	blank(l);
	output_deltas(l, e, p);
	wait_for_key(l);
	blank(l);
	line(l, "Step 3: back through the weights to the hidden nodes");
	for (int layer = e->net.layers - 2; layer >= 0; layer--)
		for (int j = 0; j < units_of(&e->net, layer); j++) {
			double computed = hidden_delta(l, &e->net, p, layer, j);

			worst = fmax(worst, fabs(computed - p->d[units_at(&e->net, layer) + j]));
		}
	number(l, "formula_and_library_differ_by", worst);
}

static double gradients_again(lesson *l, const small_net *net, const pass *p, const double *slope)
{
	double worst = largest_difference(parameters_of(net), p->gradient, slope);

	wait_for_key(l);
	blank(l);
	line(l, "Step 4: a weight's gradient is its input times δ of its receiving node");
	show_gradient(l, net, 0, p, slope, 1);
	number(l, "largest_difference", worst);
	return worst;
}

small_net net_223(hebb_activation f)
{
	return (small_net){.inputs = 2,
			   .layers = 2,
			   .layer = {hebb_dense(2, f), hebb_dense(3, f)},
			   .p = {0.4, -0.6, 0.8, 0.3, 0.1, -0.2, 0.5, -0.7, 0.9, 0.2, -0.4, 0.6,
				 0.05, 0.15, -0.25}};
}

const double x_223[2] = {1, -0.5}, y_223[3] = {1, 0, 1};

/* Several outputs: delta of a hidden node adds up what all of them send back. */
static int many_outputs(lesson *l, double *apart)
{
	small_net net = net_223(l->f);
	pass p;

	if (trace(&net, x_223, y_223, &p) != EXIT_DONE)
		return EXIT_FAILED;
	double slope = hebb_activation_derivative(l->f, p.z[0]), sum = 0;
	const double *w = net.p + weights_at(&net, 1);
	*apart = 0;
	wait_for_key(l);
	blank(l);
	line(l, "A hidden node's δ depends on all three outputs.  A 2-2-3 network:");
	if (show_deltas(l, "many-outputs", "δ of three outputs comes back to two nodes", &net, &p,
			1) != EXIT_DONE)
		return EXIT_FAILED;
	for (int i = 0; i < 3; i++)
		sum += w[2 * i] * p.d[2 + i];
	line(l, "δ₁⁽²⁾ = (w₁₁⁽²⁾δ₁⁽³⁾ + w₂₁⁽²⁾δ₂⁽³⁾ + w₃₁⁽²⁾δ₃⁽³⁾) f′(z₁⁽²⁾)");
	line(l, "  = (%.1f·%.5f + %.1f·%.5f + %.1f·%.5f) · %.5f", w[0], p.d[2], w[2], p.d[3], w[4],
	     p.d[4], slope);
	line(l, "  = %.7f    the library's: %.7f", sum * slope, p.d[0]);
	*apart = fabs(sum * slope - p.d[0]);
	numbers(l, "many_outputs_delta_output", 3, p.d + 2);
	number(l, "many_outputs_delta_hidden", p.d[0]);
	number(l, "many_outputs_by_formula", sum * slope);
	return EXIT_DONE;
}

int section_4_6(lesson *l)
{
	double slope[SMALL_PARAMETERS], apart;
	example e;
	pass p;

	if (running_example(l, &e, &p, slope) != EXIT_DONE)
		return EXIT_FAILED;
	if (e.net.layers < 2)
		return fail(
			l->given->argument[OPT_OWN_VALUES],
			"has no hidden layer, and section 4.6 is about them; give W2 and b2, too");
	begin_part(l, FORMULA);
	line(l, "one output     δⱼ⁽²⁾ = δ₁⁽³⁾ w₁ⱼ⁽²⁾ f′(zⱼ⁽²⁾)");
	line(l, "many outputs   δⱼ⁽ˡ⁾ = (Σᵢ wᵢⱼ⁽ˡ⁾ δᵢ⁽ˡ⁺¹⁾) f′(zⱼ⁽ˡ⁾)");
	line(l, "gradient       ∂J/∂wᵢⱼ⁽ˡ⁾ = hⱼ⁽ˡ⁾ δᵢ⁽ˡ⁺¹⁾,  ∂J/∂bᵢ⁽ˡ⁾ = δᵢ⁽ˡ⁺¹⁾");
	begin_part(l, COMPUTATION);
	forward_again(l, &e, &p);
	deltas_again(l, &e, &p);
	if (show_deltas(l, "deltas", "h goes forward, δ comes back", &e.net, &p,
			e.net.layers - 1) != EXIT_DONE)
		return EXIT_FAILED;
	int units = units_at(&e.net, e.net.layers);
	numbers(l, "z", units, p.z);
	numbers(l, "h", units, p.h);
	numbers(l, "delta", units, p.d);
	double worst = gradients_again(l, &e.net, &p, slope);

	if (many_outputs(l, &apart) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "all %d gradients agree with finite differences to %.0e", parameters_of(&e.net),
	     worst);
	line(l, "δ₁⁽²⁾ of three outputs agrees with its formula to %.0e", apart);
	take_away(l,
		  "A hidden node has no target of its own. Its δ is the sum of the δ of the nodes "
		  "above, each times the weight of the connection, multiplied by the node's own "
		  "slope f′(z). The formula does not depend on the number of layers above, so it "
		  "works for any depth.");
	return questions_4_6(l, &e, &p);
}
