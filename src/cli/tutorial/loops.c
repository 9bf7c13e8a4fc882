/* SPDX-License-Identifier: MIT */
/*
 * loops.c - section 3.3 of the tutorial: the loops, timed; and the races of 3.5
 */
#include "tutorial/loops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/peak.h"
#include "tutorial/sections.h"

static const int sizes_331[] = {3, 3, 1};

void looped(const looped_net *net, const double *x, double *h)
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

looped_net looped_of(const small_net *net, int sizes[SMALL_LAYERS + 1])
{
	for (int k = 0; k <= net->layers; k++)
		sizes[k] = k ? units_of(net, k - 1) : net->inputs;
	return (looped_net){net->layers + 1, sizes, net->p, net->layer[0].activation};
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

/* The layers that the reader wants to be timed: "64-30-10"; returns their number, 0 for none. */
static int own_sizes(const lesson *l, int sizes[5], char name[48])
{
	double given[5];
	int n = knob_list(l, OPT_OWN_SIZES, 5, given), length = 0;

	for (int k = 0; k < n; k++) {
		sizes[k] = (int)given[k];
		length += snprintf(name + length, (size_t)(48 - length), "%s%d", k ? "-" : "",
				   sizes[k]);
	}
	return n;
}

/* A row for them; with the time of matrices, too. */
static int time_own(lesson *l, int matrices)
{
	int sizes[5], n;
	char name[48];

	n = own_sizes(l, sizes, name);
	race *r = n ? race_open(l->f, n, sizes) : NULL;
	if (!n || !r)
		return n ? EXIT_FAILED : EXIT_DONE;
	double loops = 1e6 * time_of(call_loops, r),
	       library = matrices ? 1e6 * time_of(call_library, r) : 0;
	race_close(r);
	if (matrices)
		line(l, "%-14s %11.3f µs %11.3f µs %8.1f", name, loops, library, loops / library);
	else
		line(l, "%-20s  %9.4f µs", name, loops);
	number(l, "looped_own_us", loops);
	if (matrices)
		number(l, "matrix_own_us", library);
	return EXIT_DONE;
}

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
	begin_table(l);
	line(l, "%-20s  %12s  %16s", "", "here, in C", "article, Python");
	for (int k = 0; k < 2; k++) {
		race *r = race_open(l->f, 3 + k, sizes[k]);

		if (!r)
			return EXIT_FAILED;
		us[k] = 1e6 * time_of(call_loops, r);
		race_close(r);
		line(l, "%-20s  %9.4f µs  %13.0f µs", shape[k], us[k], article_us[k]);
	}
	if (time_own(l, 0) != EXIT_DONE)
		return EXIT_FAILED;
	end_table(l);
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

int hold_races(lesson *l)
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

	begin_table(l);
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
	int status = time_own(l, 1);
	end_table(l);
	return status;
}
