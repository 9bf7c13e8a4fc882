/* SPDX-License-Identifier: MIT */
/*
 * forward.c - chapter 3 of the tutorial: feed-forward by hand, by loops, vectorized, as products of
 * matrices
 */
#include <math.h>
#include <string.h>

#include "tutorial/loops.h"
#include "tutorial/sections.h"

/* The network and x of the chapter, or the reader's own. */
static int chapter_example(lesson *l, example *e)
{
	small_net net = net_331(l->f);

	*e = example_of(&net, 1, x_331, NULL);
	return take_own(l, e);
}

/* ---- 3.1 ------------------------------------------------------------------------------------- */

/* "h₁⁽²⁾ = f(w₁₁⁽¹⁾x₁ + w₁₂⁽¹⁾x₂ + w₁₃⁽¹⁾x₃ + b₁⁽¹⁾)" for node i of a layer. */
static void node_formula(lesson *l, const small_net *net, int layer, int i)
{
	char text[1024], h[32], w[32], in[32];
	int length = snprintf(text, sizeof text, "%s = f(", symbol("h", i + 1, 0, layer + 2, h));

	for (int j = 0; j < inputs_of(net, layer); j++)
		length += snprintf(text + length, sizeof text - (size_t)length, "%s%s + ",
				   symbol("w", i + 1, j + 1, layer + 1, w),
				   symbol(layer ? "h" : "x", j + 1, 0, layer ? layer + 1 : 0, in));
	line(l, "%s%s)", text, symbol("b", i + 1, 0, layer + 1, w));
}

/* The same with numbers. */
static void node_numbers(lesson *l, const example *e, const pass *p, int layer, int i)
{
	const small_net *net = &e->net;
	int n = inputs_of(net, layer), at = units_at(net, layer) + i;
	const double *w = net->p + weights_at(net, layer) + i * n,
		     *in = layer ? p->h + units_at(net, layer - 1) : e->x[0];
	char text[1024], h[32];
	int length = snprintf(text, sizeof text, "%s = f(", symbol("h", i + 1, 0, layer + 2, h));

	for (int j = 0; j < n; j++) {
		char value[32];

		snprintf(value, sizeof value, "%.4f", in[j]);
		length +=
			snprintf(text + length, sizeof text - (size_t)length, "%s·%s + ",
				 short_number(w[j]).text, layer ? value : short_number(in[j]).text);
	}
	line(l, "%s%s) = f(%.4f) = %.6f", text,
	     short_number(net->p[biases_at(net, layer) + i]).text, p->z[at], p->h[at]);
}

static void show_matrices(lesson *l, const example *e)
{
	const small_net *net = &e->net;
	char name[16], label[32];

	for (int k = 0; k < net->layers; k++) {
		snprintf(name, sizeof name, "W%d", k + 1);
		matrix(l, name, symbol("W", 0, 0, k + 1, label), units_of(net, k),
		       inputs_of(net, k), net->p + weights_at(net, k));
		snprintf(name, sizeof name, "b%d", k + 1);
		matrix(l, name, symbol("b", 0, 0, k + 1, label), 1, units_of(net, k),
		       net->p + biases_at(net, k));
	}
	matrix(l, "x", "x   ", 1, net->inputs, e->x[0]);
}

/* "h⁽³⁾ = 0.83545566124756454" for each output. */
static void show_outputs(lesson *l, const small_net *net, const pass *p)
{
	int first = units_at(net, net->layers - 1), n = outputs_of(net);
	char h[32];

	for (int i = 0; i < n; i++)
		line(l, "%s = %.17g", symbol("h", n > 1 ? i + 1 : 0, 0, net->layers + 1, h),
		     p->h[first + i]);
	numbers(l, "hidden", first, p->h);
	number(l, "output", p->h[first]);
	if (n > 1)
		numbers(l, "outputs", n, p->h + first);
}

int section_3_1(lesson *l)
{
	example e;
	pass p;

	if (chapter_example(l, &e) != EXIT_DONE || trace(&e.net, e.x[0], NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	for (int k = 0; k < e.net.layers; k++)
		for (int i = 0; i < units_of(&e.net, k); i++)
			node_formula(l, &e.net, k, i);
	begin_part(l, COMPUTATION);
	show_matrices(l, &e);
	blank(l);
	for (int k = 0; k < e.net.layers; k++)
		for (int i = 0; i < units_of(&e.net, k); i++)
			node_numbers(l, &e, &p, k, i);
	begin_part(l, RESULT);
	show_outputs(l, &e.net, &p);
	if (l->f == HEBB_SIGMOID && !e.own)
		line(l, "The article prints 0.8354: cut after four digits. Rounded it is %.4f.",
		     p.h[3]);
	take_away(l, "The feed-forward pass consists only of sums of products and of f, layer "
		     "after layer: the outputs of one layer are the inputs of the next.");
	return EXIT_DONE;
}

/* ---- 3.2 ------------------------------------------------------------------------------------- */

/* What the three loops do, step by step. */
static void watch_loops(lesson *l, const small_net *net, const double *x, const pass *p)
{
	for (int layer = 0; layer < net->layers; layer++) {
		int n = inputs_of(net, layer), m = units_of(net, layer);
		const double *w = net->p + weights_at(net, layer),
			     *b = net->p + biases_at(net, layer);
		const double *in = layer ? p->h + units_at(net, layer - 1) : x;

		for (int i = 0; i < m; i++) {
			double f_sum = 0;
			char text[256];
			int length = snprintf(text, sizeof text, "l=%d i=%d   f_sum 0", layer, i);

			for (int j = 0; j < n; j++) {
				f_sum += w[i * n + j] * in[j];
				length += snprintf(text + length, sizeof text - (size_t)length,
						   " → %.4f", f_sum);
			}
			f_sum += b[i];
			line(l, "%s, +b → %.4f   h = %.6f", text, f_sum,
			     hebb_activation_f(l->f, f_sum));
		}
	}
}

int section_3_2(lesson *l)
{
	int sizes[SMALL_LAYERS + 1];
	double h[WIDEST];
	example e;
	pass p;

	if (chapter_example(l, &e) != EXIT_DONE || trace(&e.net, e.x[0], NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	looped_net loops = looped_of(&e.net, sizes);
	const double *reference = p.h + units_at(&e.net, e.net.layers - 1);
	looped(&loops, e.x[0], h);
	begin_part(l, FORMULA);
	line(l, "hᵢ⁽ˡ⁺¹⁾ = f(Σⱼ wᵢⱼ⁽ˡ⁾ hⱼ⁽ˡ⁾ + bᵢ⁽ˡ⁾),   h⁽¹⁾ = x");
	blank(l);
	line(l, "for l: for each layer");
	line(l, "    for i: for each of its nodes");
	line(l, "        for j: for each input of the node");
	line(l, "            f_sum += w[l][i][j] * node_in[j]");
	line(l, "        h[i] = f(f_sum + b[l][i])");
	begin_part(l, COMPUTATION);
	watch_loops(l, &e.net, e.x[0], &p);
	begin_part(l, RESULT);
	for (int i = 0; i < outputs_of(&e.net); i++) {
		line(l, "by loops       %.17g", h[i]);
		line(l, "the reference  %.17g   difference %.1g", reference[i],
		     fabs(h[i] - reference[i]));
	}
	number(l, "output", h[0]);
	number(l, "difference", fabs(h[0] - reference[0]));
	if (outputs_of(&e.net) > 1)
		numbers(l, "outputs", outputs_of(&e.net), h);
	take_away(l, "Three nested loops are the whole feed-forward pass. In C they are already "
		     "fast; in Python each pass of the innermost loop is interpreted again.");
	return EXIT_DONE;
}

/* ---- 3.4 ------------------------------------------------------------------------------------- */

int section_3_4(lesson *l)
{
	char name[16], label[32];
	example e;
	pass p;

	if (chapter_example(l, &e) != EXIT_DONE || trace(&e.net, e.x[0], NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	int last = e.net.layers - 1;
	begin_part(l, FORMULA);
	line(l, "zᵢ⁽²⁾ = Σⱼ wᵢⱼ⁽¹⁾ xⱼ + bᵢ⁽¹⁾   the sum that goes into node i of layer 2");
	blank(l);
	line(l, "z⁽²⁾ = W⁽¹⁾ x + b⁽¹⁾      h⁽²⁾ = f(z⁽²⁾)");
	if (last > 0)
		line(l, "z⁽³⁾ = W⁽²⁾ h⁽²⁾ + b⁽²⁾   h⁽³⁾ = f(z⁽³⁾)");
	if (last > 1)
		line(l, "z⁽⁴⁾ = W⁽³⁾ h⁽³⁾ + b⁽³⁾   h⁽⁴⁾ = f(z⁽⁴⁾)");
	begin_part(l, COMPUTATION);
	for (int k = 0; k <= last; k++) {
		int at = units_at(&e.net, k), n = units_of(&e.net, k);

		if (k > 0)
			blank(l);
		snprintf(name, sizeof name, "z%d", k + 2);
		matrix(l, name, symbol("z", 0, 0, k + 2, label), n, 1, p.z + at);
		if (k == last)
			break;
		blank(l);
		snprintf(name, sizeof name, "h%d", k + 2);
		matrix(l, name, symbol("h", 0, 0, k + 2, label), n, 1, p.h + at);
	}
	begin_part(l, RESULT);
	const double *h = p.h + units_at(&e.net, last);
	matrix(l, outputs_of(&e.net) > 1 ? "outputs" : NULL, symbol("h", 0, 0, last + 2, label),
	       outputs_of(&e.net), 1, h);
	number(l, "output", h[0]);
	prose(l, "These are the same numbers as in 3.1; only the notation is new. (The article "
		 "prints Σ wᵢⱼ xᵢ; the index of x must be that of the sum, j.)");
	take_away(l, "z is the weighted sum of a node, before f. With z, a layer is one line, "
		     "however many nodes it has.");
	return EXIT_DONE;
}

/* ---- 3.5 ------------------------------------------------------------------------------------- */

static void rows_times_column(lesson *l, const example *e, const pass *p)
{
	int n = e->net.inputs;

	for (int i = 0; i < units_of(&e->net, 0); i++) {
		const double *w = e->net.p + n * i, b = e->net.p[biases_at(&e->net, 0) + i];
		char text[512] = "";
		int length = 0;

		for (int j = 0; j < n; j++)
			length += snprintf(text + length, sizeof text - (size_t)length, "%s%s·%s",
					   j ? " + " : "", short_number(w[j]).text,
					   short_number(e->x[0][j]).text);
		line(l, "row %d of W⁽¹⁾ times x:  %s = %s,  + %s = %s", i + 1, text,
		     short_number(p->z[i] - b).text, short_number(b).text,
		     short_number(p->z[i]).text);
	}
}

/* The output by the float32 engine. */
static int by_engine(const example *e, float h[SMALL_WIDTH])
{
	hebb_net *fast = engine(&e->net);
	float x[SMALL_WIDTH];

	if (!fast)
		return EXIT_FAILED;
	for (int j = 0; j < e->net.inputs; j++)
		x[j] = (float)e->x[0][j];
	hebb_predict(fast, x, h, NULL);
	hebb_net_free(fast);
	return EXIT_DONE;
}

int section_3_5(lesson *l)
{
	double by_loops[WIDEST], by_matrices[SMALL_UNITS];
	int sizes[SMALL_LAYERS + 1];
	float h[SMALL_WIDTH];
	example e;
	pass p;

	if (chapter_example(l, &e) != EXIT_DONE || trace(&e.net, e.x[0], NULL, &p) != EXIT_DONE ||
	    by_engine(&e, h) != EXIT_DONE)
		return EXIT_FAILED;
	looped_net loops = looped_of(&e.net, sizes);
	const double *reference = p.h + units_at(&e.net, e.net.layers - 1);
	char name[32];
	looped(&loops, e.x[0], by_loops);
	matrix_feed_forward(&e.net, e.x[0], by_matrices);
	begin_part(l, FORMULA);
	line(l, "(W h)ᵢ = Σⱼ wᵢⱼ hⱼ     row i of W times the column h");
	begin_part(l, COMPUTATION);
	rows_times_column(l, &e, &p);
	for (int i = 0; i < outputs_of(&e.net); i++) {
		symbol("h", outputs_of(&e.net) > 1 ? i + 1 : 0, 0, e.net.layers + 1, name);
		blank(l);
		begin_table(l);
		line(l, "%s by loops, in double             %.17g", name, by_loops[i]);
		line(l, "%s by matrices, in double          %.17g", name, by_matrices[i]);
		line(l, "%s by the reference of the tests   %.17g", name, reference[i]);
		line(l, "%s by Hebb's matrices, in float32  %.9g", name, (double)h[i]);
		end_table(l);
	}
	number(l, "output_looped", by_loops[0]);
	number(l, "output_matrix", by_matrices[0]);
	number(l, "output_engine", (double)h[0]);
	number(l, "difference", fabs(by_loops[0] - by_matrices[0]));
	begin_part(l, RESULT);
	if (hold_races(l) != EXIT_DONE)
		return EXIT_FAILED;
	blank(l);
	prose(l, "The times are for one example at a time. With twelve weights there is nothing "
		 "to gain, because the call itself takes most of the time. In the article's "
		 "Python the loops took 40 µs for three layers and 70 µs for four.");
	take_away(l, "A matrix product is the two inner loops, written as one operation. So the "
		     "machine can compute many products at once. Larger networks gain more.");
	return EXIT_DONE;
}
