/* SPDX-License-Identifier: MIT */
/*
 * neuron.c - chapters 1 and 2 of the tutorial: what a network is, the neuron, its bias, the
 * structure, the notation
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "tutorial/sections.h"
#include "tutorial/small.h"

/* ---- 1 --------------------------------------------------------------------------------------- */

enum { WORDS = 4, MAILS = 160, TEST_MAILS = 40, TRAIN_MAILS = MAILS - TEST_MAILS, STEPS = 300 };

static const char *const word[WORDS] = {"free", "money", "meeting", "thanks"};

/* How often a word occurs in a mail, on average: in an honest mail and in spam. */
static const double rate_of[2][WORDS] = {{0.3, 0.3, 1.3, 1.1}, {1.6, 1.3, 0.3, 0.4}};

typedef struct mails {
	float count[MAILS * WORDS], spam[MAILS];
} mails;

/* The count that a share u of all mails does not exceed, if counts are Poisson with this rate. */
static int poisson(double u, double rate)
{
	double term = exp(-rate), sum = term;
	int count = 0;

	for (; u > sum && count < 9; sum += term)
		term *= rate / ++count;
	return count;
}

/* Every second mail is spam.  The counts of a word in a class are the quantiles of its
 * distribution, in a random order: a fair sample of 80 mails, and the same on every machine. */
static void write_mails(mails *m)
{
	enum { HALF = MAILS / 2 };
	long long order[HALF];

	for (int k = 0; k < 2 * WORDS; k++) {
		int spam = k % 2, w = k / 2;

		for (int i = 0; i < HALF; i++)
			order[i] = i;
		hebb_shuffle(HALF, order, 1, (uint64_t)k);
		for (int i = 0; i < HALF; i++) {
			double u = ((double)order[i] + 0.5) / HALF;

			m->count[(2 * i + spam) * WORDS + w] = (float)poisson(u, rate_of[spam][w]);
			m->spam[2 * i + spam] = (float)spam;
		}
	}
}

/* h for every mail, and the share of `rows` mails from `first` on that are classified correctly. */
static double judge(const hebb_net *net, const mails *m, int first, int rows, float *h)
{
	int right = 0;

	for (int i = first; i < first + rows; i++) {
		hebb_predict(net, m->count + i * WORDS, h + i, NULL); /* small: cannot fail */
		right += (h[i] > 0.5f) == (m->spam[i] > 0.5f);
	}
	return (double)right / rows;
}

static int learn_mails(hebb_net *net, const mails *m, double *J)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer;
	hebb_error error;
	hebb_status status = HEBB_OK;

	recipe.rule = HEBB_SGD;
	recipe.rate = 1;
	recipe.threads = 1;
	trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		return fail_error("tutorial", &error);
	for (int i = 0; i < STEPS && status == HEBB_OK; i++) {
		status = hebb_trainer_gradient(trainer, TRAIN_MAILS, m->count, m->spam, NULL, J,
					       &error);
		if (status == HEBB_OK)
			status = hebb_trainer_update(trainer, &error);
	}
	hebb_trainer_free(trainer);
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

static void show_mails(lesson *l, const mails *m, const float *before, const float *after)
{
	line(l, "%9s %9s %9s %9s   %s   %s", word[0], word[1], word[2], word[3], "spam (y)",
	     "h before   h after");
	for (int i = 0; i < 6; i++) {
		const float *c = m->count + i * WORDS;

		line(l, "%9.0f %9.0f %9.0f %9.0f   %8.0f   %8.3f  %8.3f", (double)c[0],
		     (double)c[1], (double)c[2], (double)c[3], (double)m->spam[i],
		     (double)before[i], (double)after[i]);
	}
}

static int tell_mails(lesson *l, hebb_net *net, const mails *m)
{
	float before[MAILS], after[MAILS], w[WORDS], b;
	double start = judge(net, m, 0, TRAIN_MAILS, before), J = 0, learned[WORDS];

	if (learn_mails(net, m, &J) != EXIT_DONE)
		return EXIT_FAILED;
	double train = judge(net, m, 0, TRAIN_MAILS, after),
	       test = judge(net, m, TRAIN_MAILS, TEST_MAILS, after);
	show_mails(l, m, before, after);
	hebb_net_get(net, 0, w, &b, NULL);
	blank(l);
	prose(l,
	      "The network learns from %d such mails in %d steps; %d other mails are kept for "
	      "a test.",
	      TRAIN_MAILS, STEPS, TEST_MAILS);

	begin_part(l, RESULT);
	for (int i = 0; i < WORDS; i++) {
		learned[i] = (double)w[i];
		line(l, "strength of '%s'%*s %+.2f   %s", word[i], 8 - (int)strlen(word[i]), "",
		     learned[i], learned[i] > 0 ? "evidence for spam" : "evidence against spam");
	}
	blank(l);
	line(l, "right before learning   %5.1f %%", 100 * start);
	line(l, "right after learning    %5.1f %%", 100 * train);
	line(l, "right on %d new mails   %5.1f %%", TEST_MAILS, 100 * test);
	numbers(l, "strengths", WORDS, learned);
	count(l, "mails", TRAIN_MAILS);
	number(l, "accuracy_before", start);
	number(l, "accuracy_after", train);
	number(l, "accuracy_new", test);
	number(l, "cost", J);
	return EXIT_DONE;
}

int section_1(lesson *l)
{
	hebb_layer layer = hebb_dense(1, HEBB_SIGMOID);
	hebb_error error;
	hebb_net *net = hebb_net_new(WORDS, 1, &layer, 1, NULL, &error);
	mails m;
	int status;

	if (!net)
		return fail_error("tutorial", &error);
	begin_part(l, FORMULA);
	line(l, "inputs x → connections of different strength → output h");
	line(l, "learning: strengthen connections that bring h nearer to the wanted output y");
	begin_part(l, COMPUTATION);
	prose(l,
	      "Supervised learning needs pairs of an input and its wanted output. Here the inputs "
	      "are the counts of four words in a mail, and the wanted output is 1 for spam and 0 "
	      "for other mails. The mails are invented by the program.");
	blank(l);
	write_mails(&m);
	status = tell_mails(l, net, &m);
	hebb_net_free(net);
	if (status == EXIT_DONE)
		take_away(l,
			  "A network is a set of numbers, one for each connection. Learning from "
			  "pairs changes these numbers until the outputs are near the wanted "
			  "outputs. What was learned then also works for new inputs. Unsupervised "
			  "learning looks for structure without wanted outputs; it is not part of "
			  "the tutorial.");
	return status;
}

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
	static const double position[] = {-1000, -8, -4, -2, -1, 0, 1, 2, 4, 8, 1000};

	line(l, "%8s  %12s  %12s", "z", "f(z)", "f′(z)");
	for (int i = 0; i < (int)(sizeof position / sizeof *position); i++)
		line(l, "%8g  %12.6g  %11.6g", position[i], hebb_activation_f(l->f, position[i]),
		     hebb_activation_derivative(l->f, position[i]) + 0.0);
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
	plot *p = plot_new(title, (axis){"z", -8, 8, 0}, value_axis("f(z)", CURVE, h));
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

/* Inputs on the left, one node, its output on the right. */
static figure *draw_node(const char *title, int inputs, int with_bias)
{
	int sources = inputs + with_bias;
	figure *f = figure_new(title, 60, 2 * sources + 1);
	double middle = sources;
	char text[32];

	for (int i = 0; f && i < sources; i++) {
		double y = 2 * i + 1;

		figure_line(f, INK_FAINT, 5, y, 32, middle);
		figure_text(f, INK_TEXT, ALIGN_RIGHT, 4, y,
			    i < inputs ? symbol("x", i + 1, 0, 0, text) : "+1");
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, 13, y + (middle - y) * 8 / 27,
			    i < inputs ? symbol("w", i + 1, 0, 0, text) : "b");
	}
	if (f) {
		figure_line(f, INK_FAINT, 32, middle, 52, middle);
		figure_node(f, 32, middle, "Σ f");
		figure_text(f, INK_TEXT, ALIGN_LEFT, 54, middle, "h");
	}
	return f;
}

int section_2_2(lesson *l)
{
	static const double w[] = {0.2, 0.2, 0.2}, b = 0.8;
	small_net net = neuron(l->f, 3, w, b);
	double product[3], sum = 0;
	pass p;

	if (trace(&net, x_331, NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "z = x₁w₁ + x₂w₂ + x₃w₃ + b");
	line(l, "h = f(z),  %s", activation_formula(l->f, (char[FORMULA_SIZE]){0}));
	if (show_drawing(l, "node", draw_node("A node with three inputs and a bias", 3, 1)) !=
	    EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, COMPUTATION);
	for (int i = 0; i < 3; i++) {
		char x[32], v[32];

		product[i] = x_331[i] * w[i];
		sum += product[i];
		line(l, "%s %s = %.1f · %.1f = %.1f   sum so far %.1f", symbol("x", i + 1, 0, 0, x),
		     symbol("w", i + 1, 0, 0, v), x_331[i], w[i], product[i], sum);
	}
	line(l, "+1 b  = 1.0 · %.1f = %.1f   sum so far %.1f", b, b, sum + b);
	begin_part(l, RESULT);
	line(l, "z = %.4f", p.z[0]);
	line(l, "h = f(%.4f) = %.6f", p.z[0], p.h[0]);
	numbers(l, "products", 3, product);
	number(l, "z", p.z[0]);
	number(l, "h", p.h[0]);
	take_away(l, "A node, or perceptron, does two things: it adds up its inputs, each times "
		     "its weight, and computes f of the sum. Learning changes the weights and b.");
	return EXIT_DONE;
}

/* ---- 2.3 ------------------------------------------------------------------------------------- */

static const ink inks[] = {INK_1, INK_2, INK_3};

/* Three curves of a node with one input; each is named by the parameter that differs. */
static plot *three_curves(lesson *l, const char *title, const char *label, const double w[3],
			  const double b[3], const char *format)
{
	double x[CURVE], h[3][CURVE];
	char name[32];

	for (int k = 0; k < 3; k++)
		if (curve(l->f, w[k], b[k], x, h[k]) != EXIT_DONE)
			return NULL;
	plot *p = plot_new(title, (axis){"x", -8, 8, 0}, value_axis(label, 3 * CURVE, h[0]));
	for (int k = 0; p && k < 3; k++) {
		snprintf(name, sizeof name, format, w[0] == w[1] ? b[k] : w[k]);
		plot_curve(p, inks[k], name, CURVE, x, h[k]);
	}
	return p;
}

/* The x at which z = w x + b passes 0, by halving an interval, not by solving the equation. */
static int crossing(hebb_activation f, double w, double b, double *position)
{
	small_net net = neuron(f, 1, &w, b);
	double low = -8, high = 8;
	pass p;

	while (high - low > 1e-12) {
		*position = (low + high) / 2;
		if (trace(&net, position, NULL, &p) != EXIT_DONE)
			return EXIT_FAILED;
		if (p.z[0] < 0)
			low = *position;
		else
			high = *position;
	}
	*position = high;
	return EXIT_DONE;
}

static int effect_of_weight(lesson *l)
{
	static const double w[] = {0.5, 1, 2}, none[3] = {0}, x[] = {0, 1};
	double at_1[3], at_0[3];
	pass p;

	line(l, "Effect of the weight, without a bias:  h = f(w x)");
	for (int k = 0; k < 3; k++) {
		small_net net = neuron(l->f, 1, &w[k], 0);

		if (trace(&net, &x[0], NULL, &p) != EXIT_DONE)
			return EXIT_FAILED;
		at_0[k] = p.h[0];
		if (trace(&net, &x[1], NULL, &p) != EXIT_DONE)
			return EXIT_FAILED;
		at_1[k] = p.h[0];
		line(l, "  w = %.1f   h at x = 0: %.6f   h at x = 1: %.6f", w[k], at_0[k], at_1[k]);
	}
	numbers(l, "weights", 3, w);
	numbers(l, "h_at_0", 3, at_0);
	numbers(l, "h_at_1", 3, at_1);
	return show_plot(
		l, "weight",
		three_curves(l, "Effect of the weight: h = f(w x)", "h", w, none, "w = %.1f"));
}

static int effect_of_bias(lesson *l)
{
	static const double w[] = {5, 5, 5}, b[] = {-8, 0, 8};
	double position[3];

	wait_for_key(l);
	line(l, "Effect of the bias, w = 5:  h = f(5 x + b)");
	for (int k = 0; k < 3; k++) {
		if (crossing(l->f, w[k], b[k], &position[k]) != EXIT_DONE)
			return EXIT_FAILED;
		line(l, "  b = %4.1f   z passes 0 at x = %6.3f   (−b / w = %6.3f)", b[k],
		     position[k], -b[k] / w[k] + 0.0);
	}
	numbers(l, "biases", 3, b);
	numbers(l, "switches_at", 3, position);
	return show_plot(
		l, "bias",
		three_curves(l, "Effect of the bias: h = f(5 x + b)", "h", w, b, "b = %.1f"));
}

int section_2_3(lesson *l)
{
	begin_part(l, FORMULA);
	line(l, "without a bias   h = f(x₁w₁)");
	line(l, "with a bias      h = f(x₁w₁ + b)");
	if (show_drawing(l, "simple-node", draw_node("A simple node", 1, 0)) != EXIT_DONE ||
	    show_drawing(l, "node-with-bias", draw_node("A node with a bias", 1, 1)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, COMPUTATION);
	if (effect_of_weight(l) != EXIT_DONE || effect_of_bias(l) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "if (x > −b / w) the node is on, else off");
	prose(l, "This holds for the article's three biases above. The article's text asks for a "
		 "switch at x = 1; with w = 5 this needs b = −5.");
	take_away(l, "The weight decides how steeply the output rises, and the bias decides "
		     "where. Without a bias the middle of the rise is always at x = 0.");
	return EXIT_DONE;
}

/* ---- 2.4 ------------------------------------------------------------------------------------- */

static const double column_of[] = {8, 34, 60};

/* The row of node i of n: of three nodes, or of one beside the middle of three. */
static double row_of(int i, int n)
{
	return n == 1 ? 7 : 3 + 4 * i;
}

static figure *draw_331(const char *title)
{
	figure *f = figure_new(title, 72, 15);
	char text[32];

	for (int i = 0; f && i < 3; i++) {
		for (int j = 0; j < 3; j++)
			figure_line(f, INK_FAINT, column_of[0], row_of(j, 3), column_of[1],
				    row_of(i, 3));
		figure_line(f, INK_FAINT, column_of[1], row_of(i, 3), column_of[2], row_of(0, 1));
	}
	for (int i = 0; f && i < 3; i++) {
		figure_node(f, column_of[0], row_of(i, 3), symbol("x", i + 1, 0, 0, text));
		figure_node(f, column_of[1], row_of(i, 3), symbol("h", i + 1, 0, 2, text));
	}
	if (f) {
		static const char *const name[] = {"layer 1: input", "layer 2: hidden",
						   "layer 3: output"};

		figure_node(f, column_of[2], row_of(0, 1), symbol("h", 1, 0, 3, text));
		for (int k = 0; k < 3; k++)
			figure_text(f, INK_TEXT, ALIGN_MIDDLE, column_of[k], 0.5, name[k]);
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, 21, 13.5, "W⁽¹⁾, b⁽¹⁾");
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, 47, 13.5, "W⁽²⁾, b⁽²⁾");
	}
	return f;
}

int section_2_4(lesson *l)
{
	small_net small = net_331(l->f);
	hebb_net *net = engine(&small);
	int biases = 0;

	if (!net)
		return EXIT_FAILED;
	for (int k = 0; k < hebb_net_layers(net); k++)
		biases += hebb_net_layer(net, k)->units;
	long long all = hebb_net_parameters(net);
	hebb_net_free(net);

	begin_part(l, FORMULA);
	line(l, "a layer of m nodes above n: m · n weights and m biases");
	if (show_drawing(l, "network", draw_331("A network of three layers, 3-3-1")) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, COMPUTATION);
	for (int k = 0; k < small.layers; k++) {
		int n = inputs_of(&small, k), m = units_of(&small, k);

		line(l, "layer %d → %d:  %d · %d = %d weights, %d bias%s", k + 1, k + 2, m, n,
		     m * n, m, m == 1 ? "" : "es");
	}
	begin_part(l, RESULT);
	line(l, "%lld weights + %d biases = %lld numbers to learn", all - biases, biases, all);
	count(l, "layers", 3);
	count(l, "weights", all - biases);
	count(l, "biases", biases);
	count(l, "parameters", all);
	take_away(l, "Nodes form layers. Each node is connected to all nodes of the layer before. "
		     "The input counts as layer 1; layers between input and output are called "
		     "hidden.");
	return EXIT_DONE;
}

/* ---- 2.5 ------------------------------------------------------------------------------------- */

/* Moves one parameter of the 3-3-1 network by 0.1 and shows which z⁽²⁾ follows. */
static int move(lesson *l, const char *name, int k, const pass *before, const char *key)
{
	small_net net = net_331(l->f);
	double by[3];
	pass after;

	net.p[k] += 0.1;
	if (trace(&net, x_331, NULL, &after) != EXIT_DONE)
		return EXIT_FAILED;
	for (int i = 0; i < 3; i++)
		by[i] = after.z[i] - before->z[i];
	line(l, "%s + 0.1:   z₁⁽²⁾ %+.3f   z₂⁽²⁾ %+.3f   z₃⁽²⁾ %+.3f", name, by[0], by[1], by[2]);
	numbers(l, key, 3, by);
	return EXIT_DONE;
}

int section_2_5(lesson *l)
{
	small_net net = net_331(l->f);
	char text[32];
	pass p;

	if (trace(&net, x_331, NULL, &p) != EXIT_DONE)
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
	line(l, "Which sum does a change affect, with x = (1.5, 2, 3)?");
	if (move(l, "w₂₁⁽¹⁾", weights_at(&net, 0) + 1 * 3 + 0, &p, "moving_w21") != EXIT_DONE ||
	    move(l, "b₂⁽¹⁾ ", biases_at(&net, 0) + 1, &p, "moving_b2") != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	prose(l, "The first index is the receiver: w₂₁⁽¹⁾ changes only z₂⁽²⁾, by 0.1 · x₁. In "
		 "Hebb it is W[unit 2][input 1] of the first layer, and W is units x inputs.");
	take_away(l,
		  "The first index is the receiver, the second is the sender, and the upper index "
		  "is the layer of the sender. The order seems reversed, but with it W⁽¹⁾x is a "
		  "plain matrix product.");
	return EXIT_DONE;
}
