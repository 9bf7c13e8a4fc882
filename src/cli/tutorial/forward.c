/* SPDX-License-Identifier: MIT */
/*
 * forward.c - chapter 3 of the tutorial: feed-forward by hand, by loops, timed, vectorized, as
 * products of matrices
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/peak.h"
#include "tutorial/sections.h"
#include "tutorial/small.h"

/* ---- The article's simple_looped_nn_calc() --------------------------------------------------- */

/* A network for loops: the sizes of its n layers, including the input, and its parameters in
 * canonical order. */
typedef struct looped_net {
	int layers;
	const int *sizes;
	const double *p;
	hebb_activation f;
} looped_net;

enum { WIDEST = 800 };

/* h of the last layer for x: for each layer, for each node, for each of its inputs. */
static void looped(const looped_net *net, const double *x, double *h)
{
	double node_in[WIDEST];
	const double *w = net->p;

	memcpy(node_in, x, (size_t)net->sizes[0] * sizeof *x);
	for (int l = 0; l + 1 < net->layers; l++) {
		int n = net->sizes[l], m = net->sizes[l + 1];
		const double *b = w + n * m;

		for (int i = 0; i < m; i++) {
			double f_sum = 0;

			for (int j = 0; j < n; j++)
				f_sum += w[i * n + j] * node_in[j];
			f_sum += b[i];
			h[i] = hebb_activation_f(net->f, f_sum);
		}
		memcpy(node_in, h, (size_t)m * sizeof *h);
		w = b + m;
	}
}

static looped_net looped_of(const small_net *net, const int *sizes)
{
	return (looped_net){net->layers + 1, sizes, net->p, net->layer[0].activation};
}

static const int sizes_331[] = {3, 3, 1};

/* ---- 3.1 ------------------------------------------------------------------------------------- */

int section_3_1(lesson *l)
{
	small_net net = net_331(l->f);
	char name[32];
	pass p;

	if (trace(&net, x_331, NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	for (int i = 1; i <= 3; i++)
		line(l, "%s = f(%s", symbol("h", i, 0, 2, name),
		     i == 1 ? "w₁₁⁽¹⁾x₁ + w₁₂⁽¹⁾x₂ + w₁₃⁽¹⁾x₃ + b₁⁽¹⁾)"
		     : i == 2 ? "w₂₁⁽¹⁾x₁ + w₂₂⁽¹⁾x₂ + w₂₃⁽¹⁾x₃ + b₂⁽¹⁾)"
			      : "w₃₁⁽¹⁾x₁ + w₃₂⁽¹⁾x₂ + w₃₃⁽¹⁾x₃ + b₃⁽¹⁾)");
	line(l, "h₁⁽³⁾ = f(w₁₁⁽²⁾h₁⁽²⁾ + w₁₂⁽²⁾h₂⁽²⁾ + w₁₃⁽²⁾h₃⁽²⁾ + b₁⁽²⁾)");
	begin_part(l, COMPUTATION);
	matrix(l, "W1", "W⁽¹⁾", 3, 3, net.p);
	matrix(l, "b1", "b⁽¹⁾", 1, 3, net.p + biases_at(&net, 0));
	matrix(l, "W2", "W⁽²⁾", 1, 3, net.p + weights_at(&net, 1));
	matrix(l, "b2", "b⁽²⁾", 1, 1, net.p + biases_at(&net, 1));
	matrix(l, "x", "x   ", 1, 3, x_331);
	blank(l);
	for (int i = 0; i < 3; i++) {
		const double *w = net.p + 3 * i;

		line(l, "%s = f(%.1f·%.1f + %.1f·%.1f + %.1f·%.1f + %.1f) = f(%.4f) = %.6f",
		     symbol("h", i + 1, 0, 2, name), w[0], x_331[0], w[1], x_331[1], w[2], x_331[2],
		     net.p[biases_at(&net, 0) + i], p.z[i], p.h[i]);
	}
	const double *v = net.p + weights_at(&net, 1);
	line(l, "h₁⁽³⁾ = f(%.1f·%.4f + %.1f·%.4f + %.1f·%.4f + %.1f) = f(%.4f) = %.6f", v[0],
	     p.h[0], v[1], p.h[1], v[2], p.h[2], v[3], p.z[3], p.h[3]);
	begin_part(l, RESULT);
	line(l, "h⁽³⁾ = %.17g", p.h[3]);
	if (l->f == HEBB_SIGMOID)
		line(l, "The article prints 0.8354: cut after four digits. Rounded it is %.4f.",
		     p.h[3]);
	numbers(l, "hidden", 3, p.h);
	number(l, "output", p.h[3]);
	take_away(l, "The feed-forward pass consists only of sums of products and of f, layer "
		     "after layer: the outputs of one layer are the inputs of the next.");
	return EXIT_DONE;
}

/* ---- 3.2 ------------------------------------------------------------------------------------- */

/* What the three loops do, step by step. */
static void watch_loops(lesson *l, const small_net *net, const pass *p)
{
	for (int layer = 0; layer < net->layers; layer++) {
		int n = inputs_of(net, layer), m = units_of(net, layer);
		const double *w = net->p + weights_at(net, layer),
			     *b = net->p + biases_at(net, layer);
		const double *in = layer ? p->h + units_at(net, layer - 1) : x_331;

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
	small_net net = net_331(l->f);
	looped_net loops = looped_of(&net, sizes_331);
	double h[WIDEST];
	pass p;

	if (trace(&net, x_331, NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	looped(&loops, x_331, h);
	begin_part(l, FORMULA);
	line(l, "hᵢ⁽ˡ⁺¹⁾ = f(Σⱼ wᵢⱼ⁽ˡ⁾ hⱼ⁽ˡ⁾ + bᵢ⁽ˡ⁾),   h⁽¹⁾ = x");
	blank(l);
	line(l, "for l: for each layer");
	line(l, "    for i: for each of its nodes");
	line(l, "        for j: for each input of the node");
	line(l, "            f_sum += w[l][i][j] * node_in[j]");
	line(l, "        h[i] = f(f_sum + b[l][i])");
	begin_part(l, COMPUTATION);
	watch_loops(l, &net, &p);
	begin_part(l, RESULT);
	line(l, "by loops       %.17g", h[0]);
	line(l, "the reference  %.17g   difference %.1g", p.h[3], fabs(h[0] - p.h[3]));
	number(l, "output", h[0]);
	number(l, "difference", fabs(h[0] - p.h[3]));
	take_away(l, "Three nested loops are the whole feed-forward pass. In C they are already "
		     "fast; in Python each pass of the innermost loop is interpreted again.");
	return EXIT_DONE;
}

/* ---- Timing ---------------------------------------------------------------------------------- */

typedef void timed(void *self);

/* Seconds for one call: the fastest of several rounds, each of enough calls to be measured, as
 * %timeit does. */
static double time_of(timed *call, void *self)
{
	const double enough = 2e-3;
	double best = INFINITY;
	long calls = 1;

	for (int round = 0; round < 7;) {
		double begin = now_seconds(), taken;

		for (long i = 0; i < calls; i++)
			call(self);
		taken = now_seconds() - begin;
		if (taken < enough && round == 0) {
			calls *= 2;
			continue;
		}
		best = fmin(best, taken / (double)calls);
		round++;
	}
	return best;
}

/* The same network and input for the loops and for the library. */
typedef struct race {
	looped_net loops;
	hebb_net *net;
	double *p, x[WIDEST], h[WIDEST];
	float narrow_x[WIDEST], narrow_h[WIDEST];
} race;

static void call_loops(void *self)
{
	race *r = self;

	looped(&r->loops, r->x, r->h);
}

static void call_library(void *self)
{
	race *r = self;

	hebb_predict(r->net, r->narrow_x, r->narrow_h, NULL);
}

static void race_close(race *r)
{
	if (r)
		hebb_net_free(r->net);
	if (r)
		free(r->p);
	free(r);
}

/* The parameters that the library drew, for the loops in double, and numbers in [0, 1) for x.
 * room: as many floats. */
static void race_fill(race *r, float *room)
{
	double *position = r->p;

	for (int l = 0; l + 1 < r->loops.layers; l++) {
		int n = r->loops.sizes[l], m = r->loops.sizes[l + 1];

		hebb_net_get(r->net, l, room, room + n * m, NULL);
		for (int k = 0; k < (n + 1) * m; k++)
			*position++ = (double)room[k];
	}
	for (int j = 0; j < r->loops.sizes[0]; j++) {
		r->narrow_x[j] = (float)(j % 7) / 8;
		r->x[j] = (double)r->narrow_x[j];
	}
}

static race *race_open(hebb_activation f, int layers, const int *sizes)
{
	race *r = calloc(1, sizeof *r);
	float *room = NULL;
	hebb_layer layer[4];
	hebb_error error = {.message = "out of memory"};

	for (int l = 0; l + 1 < layers; l++)
		layer[l] = hebb_dense(sizes[l + 1], f);
	if (r)
		r->net = hebb_net_new(sizes[0], layers - 1, layer, 1, NULL, &error);
	if (r && r->net) {
		r->p = malloc((size_t)hebb_net_parameters(r->net) * sizeof *r->p);
		room = malloc((size_t)hebb_net_parameters(r->net) * sizeof *room);
	}
	if (!r || !r->p || !room) {
		fail_error("tutorial", &error);
		race_close(r);
		r = NULL;
	} else {
		r->loops = (looped_net){layers, sizes, r->p, f};
		race_fill(r, room);
	}
	free(room);
	return r;
}

/* ---- 3.3 ------------------------------------------------------------------------------------- */

static const double article_us[] = {40, 70}; /* what the article's author measured in Python */

int section_3_3(lesson *l)
{
	static const int four[] = {3, 3, 3, 1};
	static const int *const sizes[] = {sizes_331, four};
	static const char *const shape[] = {"3 layers, 3-3-1", "4 layers, 3-3-3-1"};
	double us[2];

	begin_part(l, FORMULA);
	line(l, "%%timeit simple_looped_nn_calc(3, x, w, b)");
	line(l, "measured in the same way: the fastest of seven rounds of many calls");
	begin_part(l, COMPUTATION);
	line(l, "%-20s  %12s  %16s", "", "here, in C", "article, Python");
	for (int k = 0; k < 2; k++) {
		race *r = race_open(l->f, 3 + k, sizes[k]);

		if (!r)
			return EXIT_FAILED;
		us[k] = 1e6 * time_of(call_loops, r);
		race_close(r);
		line(l, "%-20s  %9.4f µs  %13.0f µs", shape[k], us[k], article_us[k]);
	}
	number(l, "looped_3_layers_us", us[0]);
	number(l, "looped_4_layers_us", us[1]);
	number(l, "article_3_layers_us", article_us[0]);
	number(l, "article_4_layers_us", article_us[1]);
	begin_part(l, RESULT);
	line(l, "A layer more takes %.2f times as long; in the article %.2f times.", us[1] / us[0],
	     article_us[1] / article_us[0]);
	take_away(l, "The time grows with the number of weights. Loops are slow only in an "
		     "interpreted language. The article does not give the weights of its four "
		     "layers, so here they are drawn at random.");
	return EXIT_DONE;
}

/* ---- 3.4 ------------------------------------------------------------------------------------- */

int section_3_4(lesson *l)
{
	small_net net = net_331(l->f);
	pass p;

	if (trace(&net, x_331, NULL, &p) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "zᵢ⁽²⁾ = Σⱼ wᵢⱼ⁽¹⁾ xⱼ + bᵢ⁽¹⁾   the sum that goes into node i of layer 2");
	blank(l);
	line(l, "z⁽²⁾ = W⁽¹⁾ x + b⁽¹⁾      h⁽²⁾ = f(z⁽²⁾)");
	line(l, "z⁽³⁾ = W⁽²⁾ h⁽²⁾ + b⁽²⁾   h⁽³⁾ = f(z⁽³⁾)");
	begin_part(l, COMPUTATION);
	matrix(l, "z2", "z⁽²⁾", 3, 1, p.z);
	blank(l);
	matrix(l, "h2", "h⁽²⁾", 3, 1, p.h);
	blank(l);
	matrix(l, "z3", "z⁽³⁾", 1, 1, p.z + 3);
	begin_part(l, RESULT);
	matrix(l, NULL, "h⁽³⁾", 1, 1, p.h + 3);
	number(l, "output", p.h[3]);
	prose(l, "These are the same numbers as in 3.1; only the notation is new. (The article "
		 "prints Σ wᵢⱼ xᵢ; the index of x must be that of the sum, j.)");
	take_away(l, "z is the weighted sum of a node, before f. With z, a layer is one line, "
		     "however many nodes it has.");
	return EXIT_DONE;
}

/* ---- 3.5 ------------------------------------------------------------------------------------- */

static void rows_times_column(lesson *l, const small_net *net, const pass *p)
{
	for (int i = 0; i < 3; i++) {
		const double *w = net->p + 3 * i;

		line(l,
		     "row %d of W⁽¹⁾ times x:  %.1f·%.1f + %.1f·%.1f + %.1f·%.1f = %.1f,  + %.1f = "
		     "%.1f",
		     i + 1, w[0], x_331[0], w[1], x_331[1], w[2], x_331[2],
		     p->z[i] - net->p[biases_at(net, 0) + i], net->p[biases_at(net, 0) + i],
		     p->z[i]);
	}
}

/* Loops against the matrix form of the library, for networks from small to large. */
static int hold_races(lesson *l)
{
	static const int digits[] = {64, 30, 10}, wide[] = {100, 100, 50, 10},
			 mnist[] = {784, 800, 10};
	static const struct {
		const char *name, *key;
		int layers;
		const int *sizes;
	} run[] = {{"3-3-1", "3_3_1", 3, sizes_331},
		   {"64-30-10", "64_30_10", 3, digits},
		   {"100-100-50-10", "100_100_50_10", 4, wide},
		   {"784-800-10", "784_800_10", 3, mnist}};
	char key[48];

	line(l, "%-14s %14s %14s %8s", "network", "loops", "matrices", "ratio");
	for (int k = 0; k < 4; k++) {
		race *r = race_open(l->f, run[k].layers, run[k].sizes);

		if (!r)
			return EXIT_FAILED;
		double loops = 1e6 * time_of(call_loops, r),
		       library = 1e6 * time_of(call_library, r);
		race_close(r);
		line(l, "%-14s %11.3f µs %11.3f µs %8.1f", run[k].name, loops, library,
		     loops / library);
		snprintf(key, sizeof key, "looped_%s_us", run[k].key);
		number(l, key, loops);
		snprintf(key, sizeof key, "matrix_%s_us", run[k].key);
		number(l, key, library);
	}
	return EXIT_DONE;
}

int section_3_5(lesson *l)
{
	small_net net = net_331(l->f);
	looped_net loops = looped_of(&net, sizes_331);
	hebb_net *fast = engine(&net);
	float x[3] = {1.5f, 2, 3}, h = 0;
	double by_loops[WIDEST], by_matrices[SMALL_UNITS];
	pass p;

	if (!fast || trace(&net, x_331, NULL, &p) != EXIT_DONE) {
		hebb_net_free(fast);
		return EXIT_FAILED;
	}
	hebb_predict(fast, x, &h, NULL);
	hebb_net_free(fast);
	looped(&loops, x_331, by_loops);
	matrix_feed_forward(&net, x_331, by_matrices);
	begin_part(l, FORMULA);
	line(l, "(W h)ᵢ = Σⱼ wᵢⱼ hⱼ     row i of W times the column h");
	begin_part(l, COMPUTATION);
	rows_times_column(l, &net, &p);
	blank(l);
	line(l, "h⁽³⁾ by loops, in double             %.17g", by_loops[0]);
	line(l, "h⁽³⁾ by matrices, in double          %.17g", by_matrices[0]);
	line(l, "h⁽³⁾ by the reference of the tests   %.17g", p.h[3]);
	line(l, "h⁽³⁾ by Hebb's matrices, in float32  %.9g", (double)h);
	number(l, "output_looped", by_loops[0]);
	number(l, "output_matrix", by_matrices[0]);
	number(l, "output_engine", (double)h);
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
