/* SPDX-License-Identifier: MIT */
/*
 * neuron.c - chapter 2 of the tutorial: the neuron, its bias, the structure, the notation
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "tutorial/sections.h"
#include "tutorial/small.h"

/* ---- 2.1 ------------------------------------------------------------------------------------- */

enum { CURVE = 160 }; /* the article's arange(-8, 8, 0.1) */

/* x over [-8, 8) and h = f(w x + b), by the network of one neuron. */
static int curve(hebb_activation f, double w, double b, double *x, double *h)
{
	small_net net = neuron(f, 1, &w, b);
	pass p;

	for (int i = 0; i < CURVE; i++) {
		x[i] = -8 + 0.1 * i;
		if (trace(&net, &x[i], NULL, &p) != EXIT_DONE)
			return EXIT_FAILED;
		h[i] = p.h[0];
	}
	return EXIT_DONE;
}

static void show_values(lesson *l)
{
	static const double usual[] = {-1000, -8, -4, -2, -1, 0, 1, 2, 4, 8, 1000};
	double position[KNOB_VALUES_MOST], f[KNOB_VALUES_MOST], slope[KNOB_VALUES_MOST];
	int n = knob_list(l, OPT_OWN_X, KNOB_VALUES_MOST, position), own = n;

	if (!own)
		memcpy(position, usual, sizeof usual);
	n = own ? own : (int)(sizeof usual / sizeof *usual);
	begin_table(l);
	line(l, "%8s  %12s  %12s", "z", "f(z)", "f′(z)");
	for (int i = 0; i < n; i++) {
		f[i] = hebb_activation_f(l->f, position[i]);
		slope[i] = hebb_activation_derivative(l->f, position[i]) + 0.0;
		line(l, "%8g  %12.6g  %11.6g", position[i], f[i], slope[i]);
	}
	end_table(l);
	if (!own)
		return;
	numbers(l, "z", n, position);
	numbers(l, "f", n, f);
	numbers(l, "f_derivative", n, slope);
}

static void show_families(lesson *l)
{
	static const hebb_activation family[] = {HEBB_SIGMOID, HEBB_TANH, HEBB_RELU};

	blank(l);
	line(l, "Three ways to switch on, from z = −8 to z = 8:");
	for (int i = 0; i < 3; i++)
		line(l, "  %-8s from %9.5f to %.5f", hebb_activation_name(family[i]),
		     hebb_activation_f(family[i], -8) + 0.0, hebb_activation_f(family[i], 8));
}

int section_2_1(lesson *l)
{
	double x[CURVE], h[CURVE];
	const char *name = hebb_activation_name(l->f);
	char title[80];

	if (curve(l->f, 1, 0, x, h) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "%s", activation_formula(l->f, (char[FORMULA_SIZE]){0}));
	line(l, "%s", derivative_formula(l->f, (char[FORMULA_SIZE]){0}));
	begin_part(l, COMPUTATION);
	show_values(l);
	show_families(l);
	begin_part(l, RESULT);
	snprintf(title, sizeof title, "The %s function", name);
	plot *p = lesson_plot(l, title, (axis){"z", -8, 8, 0}, value_axis("f(z)", CURVE, h));
	if (p)
		plot_curve(p, INK_1, NULL, CURVE, x, h);
	if (show_plot(l, name, p) != EXIT_DONE)
		return EXIT_FAILED;
	number(l, "f_at_0", hebb_activation_f(l->f, 0));
	number(l, "f_at_8", hebb_activation_f(l->f, 8));
	number(l, "f_at_minus_8", hebb_activation_f(l->f, -8));
	number(l, "f_at_1000", hebb_activation_f(l->f, 1000));
	number(l, "f_at_minus_1000", hebb_activation_f(l->f, -1000));
	number(l, "derivative_at_0", hebb_activation_derivative(l->f, 0));
	count(l, "points", CURVE);
	number(l, "first_x", x[0]);
	number(l, "last_x", x[CURVE - 1]);
	if (hebb_activation_derivative(l->f, -8) == 0)
		take_away(l, "A neuron switches on as its input grows. Learning needs the slope "
			     "f′(z). On the left this f is flat, so the slope is 0, and a neuron "
			     "that is always there learns nothing.");
	else
		take_away(l, "A neuron switches on as its input grows. It does so smoothly, so "
			     "there is a slope f′(z) everywhere. Learning needs this slope.");
	return EXIT_DONE;
}

/* ---- 2.2 ------------------------------------------------------------------------------------- */

/* Inputs on the left, one node, its output on the right, on `columns` columns. */
static figure *draw_node(const char *title, int inputs, int with_bias, int columns)
{
	int sources = inputs + with_bias, width = columns < 60 ? columns : 60;
	figure *f = figure_new(title, width, 2 * sources + 1);
	double middle = sources, node = 32.0 * width / 60, end = width - 8;
	char text[32];

	for (int i = 0; f && i < sources; i++) {
		double y = 2 * i + 1;

		figure_arrow(f, INK_FAINT, 5, y, node, middle);
		figure_text(f, INK_TEXT, ALIGN_RIGHT, 4, y,
			    i < inputs ? symbol("x", i + 1, 0, 0, text) : "+1");
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, 13, y + (middle - y) * 8 / (node - 5),
			    i < inputs ? symbol("w", i + 1, 0, 0, text) : "b");
	}
	if (f) {
		figure_arrow(f, INK_FAINT, node, middle, end, middle);
		figure_node(f, node, middle, "Σ f");
		figure_text(f, INK_TEXT, ALIGN_LEFT, end + 2, middle, "h");
	}
	return f;
}

/* Each product, and the sum so far; returns the sum without the bias. */
static void add_products(lesson *l, int n, const double *x, const double *w, double b)
{
	double product[SMALL_WIDTH], sum = 0;

	for (int i = 0; i < n; i++) {
		char name[32], weight[32];

		product[i] = x[i] * w[i];
		sum += product[i];
		line(l, "%s %s = %s · %s = %s   sum so far %s", symbol("x", i + 1, 0, 0, name),
		     symbol("w", i + 1, 0, 0, weight), short_number(x[i]).text,
		     short_number(w[i]).text, short_number(product[i]).text,
		     short_number(sum).text);
	}
	line(l, "+1 b  = 1.0 · %s = %s   sum so far %s", short_number(b).text, short_number(b).text,
	     short_number(sum + b).text);
	numbers(l, "products", n, product);
}

int section_2_2(lesson *l)
{
	double w[SMALL_WIDTH] = {0.2, 0.2, 0.2}, x[SMALL_WIDTH] = {1.5, 2, 3};
	double b = knob_or(l, OPT_OWN_B, 0.8);
	int n = knob_list(l, OPT_OWN_X, SMALL_WIDTH, x),
	    m = knob_list(l, OPT_OWN_W, SMALL_WIDTH, w);
	pass p;

	n = n ? n : 3;
	l->misused = n != (m ? m : 3);
	if (l->misused)
		return misuse(m ? "-w" : "-x",
			      "there are %d inputs and %d weights; each input has "
			      "one weight",
			      n, m ? m : 3);
	small_net net = neuron(l->f, n, w, b);
	if (trace(&net, x, NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	char title[64];
	begin_part(l, FORMULA);
	if (n == 3)
		line(l, "z = x₁w₁ + x₂w₂ + x₃w₃ + b");
	else
		line(l, "z = Σᵢ xᵢwᵢ + b,   i = 1 … %d", n);
	line(l, "h = f(z),  %s", activation_formula(l->f, (char[FORMULA_SIZE]){0}));
	snprintf(title, sizeof title,
		 n == 3 ? "A node with three inputs and a bias"
			: "A node with its inputs and a bias");
	if (show_drawing(l, "node", draw_node(title, n, 1, figure_room(l))) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, COMPUTATION);
	add_products(l, n, x, w, b);
	begin_part(l, RESULT);
	line(l, "z = %.4f", p.z[0]);
	line(l, "h = f(%.4f) = %.6f", p.z[0], p.h[0]);
	number(l, "z", p.z[0]);
	number(l, "h", p.h[0]);
	take_away(l, "A node, or perceptron, does two things: it adds up its inputs, each times "
		     "its weight, and computes f of the sum. Learning changes the weights and b.");
	return EXIT_DONE;
}

/* ---- 2.3 ------------------------------------------------------------------------------------- */

static const ink inks[] = {INK_1, INK_2, INK_3};

enum { CURVES_MOST = 3 };

/* Curves of a node with one input; each is named by the parameter that differs. */
static plot *draw_curves(lesson *l, const char *title, int n, const double *w, const double *b,
			 const char *name)
{
	double x[CURVE], h[CURVES_MOST][CURVE] = {{0}};
	char text[48];

	for (int k = 0; k < n; k++)
		if (curve(l->f, w[k], b[k], x, h[k]) != EXIT_DONE)
			return NULL;
	plot *p = lesson_plot(l, title, (axis){"x", -8, 8, 0}, value_axis("h", n * CURVE, h[0]));
	for (int k = 0; p && k < n; k++) {
		snprintf(text, sizeof text, "%s = %s", name,
			 short_number(name[0] == 'b' ? b[k] : w[k]).text);
		plot_curve(p, inks[k], text, CURVE, x, h[k]);
	}
	return p;
}

/* The x at which z = w x + b passes 0, by halving an interval that holds it, not by solving the
 * equation; NAN: w is 0. */
static int crossing(hebb_activation f, double w, double b, double *position)
{
	small_net net = neuron(f, 1, &w, b);
	double low = -8, high = 8;
	pass p;

	*position = NAN;
	if (w == 0)
		return EXIT_DONE;
	while (fabs(b) > fabs(w) * high) {
		low *= 2;
		high *= 2;
	}
	while (high - low > fmax(1e-12, 1e-15 * high)) {
		*position = (low + high) / 2;
		if (*position <= low || *position >= high)
			break;
		if (trace(&net, position, NULL, &p) != EXIT_DONE)
			return EXIT_FAILED;
		if ((p.z[0] < 0) == (w > 0))
			low = *position;
		else
			high = *position;
	}
	*position = high;
	return EXIT_DONE;
}

static int effect_of_weight(lesson *l, int n, const double *w)
{
	static const double none[CURVES_MOST] = {0}, x[] = {0, 1};
	double at_1[CURVES_MOST], at_0[CURVES_MOST];
	pass p;

	line(l, "Effect of the weight, without a bias:  h = f(w x)");
	for (int k = 0; k < n; k++) {
		small_net net = neuron(l->f, 1, &w[k], 0);

		if (trace(&net, &x[0], NULL, &p) != EXIT_DONE)
			return EXIT_FAILED;
		at_0[k] = p.h[0];
		if (trace(&net, &x[1], NULL, &p) != EXIT_DONE)
			return EXIT_FAILED;
		at_1[k] = p.h[0];
		line(l, "  w = %s   h at x = 0: %.6f   h at x = 1: %.6f", short_number(w[k]).text,
		     at_0[k], at_1[k]);
	}
	numbers(l, "weights", n, w);
	numbers(l, "h_at_0", n, at_0);
	numbers(l, "h_at_1", n, at_1);
	return show_plot(l, "weight",
			 draw_curves(l, "Effect of the weight: h = f(w x)", n, w, none, "w"));
}

static int effect_of_bias(lesson *l, double weight, int n, const double *b)
{
	double position[CURVES_MOST], w[] = {weight, weight, weight};
	char shown[32], title[96];

	wait_for_key(l);
	snprintf(shown, sizeof shown, "%g", weight);
	line(l, "Effect of the bias, w = %s:  h = f(%s x + b)", shown, shown);
	for (int k = 0; k < n; k++) {
		if (crossing(l->f, weight, b[k], &position[k]) != EXIT_DONE)
			return EXIT_FAILED;
		if (weight == 0)
			line(l, "  b = %4s   z is %s for every x: with w = 0 nothing switches",
			     short_number(b[k]).text, short_number(b[k]).text);
		else
			line(l, "  b = %4s   z passes 0 at x = %6.3f   (−b / w = %6.3f)",
			     short_number(b[k]).text, position[k], -b[k] / weight + 0.0);
	}
	numbers(l, "biases", n, b);
	numbers(l, "switches_at", n, position);
	snprintf(title, sizeof title, "Effect of the bias: h = f(%s x + b)", shown);
	return show_plot(l, "bias", draw_curves(l, title, n, w, b, "b"));
}

int section_2_3(lesson *l)
{
	double w[CURVES_MOST] = {0.5, 1, 2}, b[CURVES_MOST] = {-8, 0, 8};
	int own_w = knob_list(l, OPT_OWN_W, CURVES_MOST, w),
	    own_b = knob_list(l, OPT_OWN_B, CURVES_MOST, b), room = figure_room(l);
	double weight = own_w ? w[0] : 5;

	begin_part(l, FORMULA);
	line(l, "without a bias   h = f(x₁w₁)");
	line(l, "with a bias      h = f(x₁w₁ + b)");
	if (show_drawing(l, "simple-node", draw_node("A simple node", 1, 0, room)) != EXIT_DONE ||
	    show_drawing(l, "node-with-bias", draw_node("A node with a bias", 1, 1, room)) !=
		    EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, COMPUTATION);
	if (effect_of_weight(l, own_w ? own_w : 3, w) != EXIT_DONE ||
	    effect_of_bias(l, weight, own_b ? own_b : 3, b) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "if (x > −b / w) the node is on, else off");
	if (!own_w && !own_b)
		prose(l, "This holds for the article's three biases above. The article's text asks "
			 "for a switch at x = 1; with w = 5 this needs b = −5.");
	else if (weight == 0)
		prose(l, "With w = 0 the input has no effect, and the node never switches.");
	else
		prose(l, "For a switch at x = 1 with w = %g, b must be %g.%s", weight,
		      -weight + 0.0,
		      weight < 0 ? " The weight is negative: the node is on to the left of it."
				 : "");
	take_away(l, "The weight decides how steeply the output rises, and the bias decides "
		     "where. Without a bias the middle of the rise is always at x = 0.");
	return EXIT_DONE;
}

/* ---- 2.4 ------------------------------------------------------------------------------------- */

enum { DRAWN_MOST = 6, SIZES_MOST = 4 };

/* The row of node i of n, beside the middle of the largest layer of `most` nodes. */
static double row_of(int i, int n, int most)
{
	return 3 + 4 * (i + (most - n) / 2.0);
}

/* What layer k of n is called. */
static const char *layer_name(int k, int n, char text[32])
{
	snprintf(text, 32, "layer %d: %s", k + 1,
		 k == 0       ? "input"
		 : k == n - 1 ? "output"
			      : "hidden");
	return text;
}

static figure *draw_layers(const char *title, int n, const int *sizes, int columns)
{
	int most = 0, width = columns < 72 ? columns : 72;
	char text[32];

	for (int k = 0; k < n; k++)
		most = sizes[k] > most ? sizes[k] : most;
	figure *f = figure_new(title, width, 4 * most + 3);
	double step = (double)(width - 20) / (n - 1);

	for (int k = 0; f && k + 1 < n; k++)
		for (int i = 0; i < sizes[k + 1]; i++)
			for (int j = 0; j < sizes[k]; j++)
				figure_arrow(f, INK_FAINT, 8 + k * step, row_of(j, sizes[k], most),
					     8 + (k + 1) * step, row_of(i, sizes[k + 1], most));
	for (int k = 0; f && k < n; k++) {
		double x = 8 + k * step;

		for (int i = 0; i < sizes[k]; i++)
			figure_node(f, x, row_of(i, sizes[k], most),
				    k ? symbol("h", i + 1, 0, k + 1, text)
				      : symbol("x", i + 1, 0, 0, text));
		layer_name(k, n, text);
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, x, 0.5,
			    n > 3 || width < 60 ? strchr(text, ':') + 2 : text);
		if (k + 1 < n) {
			snprintf(text, sizeof text, "W⁽%s⁾, b⁽%s⁾", k ? k > 1 ? "³" : "²" : "¹",
				 k ? k > 1 ? "³" : "²" : "¹");
			figure_text(f, INK_TEXT, ALIGN_MIDDLE, x + step / 2, 4 * most + 1.5, text);
		}
	}
	return f;
}

/* The sizes of the layers; and their number. */
static int sizes_of(const lesson *l, int sizes[SIZES_MOST])
{
	double given[SIZES_MOST] = {3, 3, 1};
	int n = knob_list(l, OPT_OWN_SIZES, SIZES_MOST, given);

	n = n ? n : 3;
	for (int k = 0; k < n; k++)
		sizes[k] = (int)given[k];
	return n;
}

static int show_layers(lesson *l, int n, const int *sizes)
{
	char title[96];
	int length, most = 0;

	for (int k = 0; k < n; k++)
		most = sizes[k] > most ? sizes[k] : most;
	if (most > DRAWN_MOST) {
		line(l, "(More than %d nodes in a layer are not drawn.)", DRAWN_MOST);
		return EXIT_DONE;
	}
	length = snprintf(title, sizeof title, "A network of %s layers, ",
			  n == 2   ? "two"
			  : n == 3 ? "three"
				   : "four");
	for (int k = 0; k < n; k++)
		length += snprintf(title + length, sizeof title - (size_t)length, "%s%d",
				   k ? "-" : "", sizes[k]);
	return show_drawing(l, "network", draw_layers(title, n, sizes, figure_room(l)));
}

int section_2_4(lesson *l)
{
	int sizes[SIZES_MOST], n = sizes_of(l, sizes);
	long long weights = 0, biases = 0;
	double each[SIZES_MOST];

	begin_part(l, FORMULA);
	line(l, "a layer of m nodes above n: m · n weights and m biases");
	if (show_layers(l, n, sizes) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, COMPUTATION);
	for (int k = 0; k + 1 < n; k++) {
		long long from = sizes[k], to = sizes[k + 1];

		line(l, "layer %d → %d:  %lld · %lld = %lld weights, %lld bias%s", k + 1, k + 2, to,
		     from, to * from, to, to == 1 ? "" : "es");
		weights += to * from;
		biases += to;
	}
	begin_part(l, RESULT);
	line(l, "%lld weights + %lld biases = %lld numbers to learn", weights, biases,
	     weights + biases);
	for (int k = 0; k < n; k++)
		each[k] = sizes[k];
	count(l, "layers", n);
	if (knob_given(l, OPT_OWN_SIZES))
		numbers(l, "sizes", n, each);
	count(l, "weights", weights);
	count(l, "biases", biases);
	count(l, "parameters", weights + biases);
	take_away(l, "Nodes form layers. Each node is connected to all nodes of the layer before. "
		     "The input counts as layer 1; layers between input and output are called "
		     "hidden.");
	return EXIT_DONE;
}

/* ---- 2.5 ------------------------------------------------------------------------------------- */

/* Moves one parameter of the 3-3-1 network and shows which z⁽²⁾ follows. */
static int move(lesson *l, const char *name, int k, const double *x, const pass *before,
		const char *key)
{
	small_net net = net_331(l->f);
	double by[3], change = knob_or(l, OPT_OWN_CHANGE, 0.1);
	pass after;

	net.p[k] += change;
	if (trace(&net, x, NULL, &after) != EXIT_DONE)
		return EXIT_FAILED;
	for (int i = 0; i < 3; i++)
		by[i] = after.z[i] - before->z[i];
	line(l, "%s %s %g:   z₁⁽²⁾ %+.3f   z₂⁽²⁾ %+.3f   z₃⁽²⁾ %+.3f", name, change < 0 ? "−" : "+",
	     fabs(change), by[0], by[1], by[2]);
	numbers(l, key, 3, by);
	return EXIT_DONE;
}

int section_2_5(lesson *l)
{
	small_net net = net_331(l->f);
	double x[3] = {x_331[0], x_331[1], x_331[2]};
	char text[LIST_SIZE];
	pass p;

	knob_list(l, OPT_OWN_X, 3, x);
	if (trace(&net, x, NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "wᵢⱼ⁽ˡ⁾   weight from node j of layer l to node i of layer l + 1");
	line(l, "bᵢ⁽ˡ⁾    weight from the bias of layer l, always +1, to node i of layer l + 1");
	line(l, "hⱼ⁽ˡ⁾    output of node j of layer l");
	begin_part(l, COMPUTATION);
	line(l, "W⁽¹⁾ has a row for each node that receives, a column for each that sends:");
	blank(l);
	for (int i = 0; i < 3; i++) {
		char row[128] = "";

		for (int j = 0; j < 3; j++) {
			strcat(row, symbol("w", i + 1, j + 1, 1, text));
			strcat(row, "  ");
		}
		line(l, "  to node %d of layer 2:   %s %s", i + 1, row,
		     symbol("b", i + 1, 0, 1, text));
	}
	blank(l);
	line(l, "Which sum does a change affect, with x = %s?", list_text(3, x, text));
	if (move(l, "w₂₁⁽¹⁾", weights_at(&net, 0) + 1 * 3 + 0, x, &p, "moving_w21") != EXIT_DONE ||
	    move(l, "b₂⁽¹⁾ ", biases_at(&net, 0) + 1, x, &p, "moving_b2") != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	prose(l,
	      "The first index is the receiver: w₂₁⁽¹⁾ changes only z₂⁽²⁾, by %g · x₁. In "
	      "Hebb it is W[unit 2][input 1] of the first layer, and W is units x inputs.",
	      knob_or(l, OPT_OWN_CHANGE, 0.1));
	take_away(l,
		  "The first index is the receiver, the second is the sender, and the upper index "
		  "is the layer of the sender. The order seems reversed, but with it W⁽¹⁾x is a "
		  "plain matrix product.");
	return EXIT_DONE;
}
