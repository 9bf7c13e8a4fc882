/* SPDX-License-Identifier: MIT */
/*
 * beyond.c - chapter 7 of the tutorial: what comes after the article, on the way from 87 to 98 %
 *
 * Each section changes one thing in the network of the section before it: formula, a small example
 * whose numbers the library computes, the code, and what it does to the digits (ladder.c).
 */
#include <math.h>
#include <stdlib.h>

#include "hebb_advanced.h"
#include "tutorial/ladder.h"
#include "tutorial/sections.h"
#include "tutorial/small.h"

/* ---- 7.1 ------------------------------------------------------------------------------------- */

enum { PIXELS = 64, HIDDEN = 30, CLASSES = 10, LOOKED_AT = 200 };

/* The untrained network on some training rows: mean of |z| and of f'(z), hidden and output. */
typedef struct beginning {
	double z[2], slope[2], bound[2];
} beginning;

static void add_layer(int rows, int inputs, int units, const float *W, const float *b,
		      const double *in, double *h, double *mean_z, double *mean_slope)
{
	double z_sum = 0, slope_sum = 0;

	for (int r = 0; r < rows; r++)
		for (int i = 0; i < units; i++) {
			double z = (double)b[i];

			for (int j = 0; j < inputs; j++)
				z += (double)W[i * inputs + j] * in[r * inputs + j];
			h[r * units + i] = hebb_activation_f(HEBB_SIGMOID, z);
			z_sum += fabs(z);
			slope_sum += hebb_activation_derivative(HEBB_SIGMOID, z);
		}
	*mean_z = z_sum / (rows * units);
	*mean_slope = slope_sum / (rows * units);
}

static void look_at_start(const hebb_trial *trial, beginning *result)
{
	static double x[LOOKED_AT * PIXELS], h[LOOKED_AT * HIDDEN], out[LOOKED_AT * CLASSES];
	static float raw[LOOKED_AT * PIXELS], W[HIDDEN * PIXELS], b[HIDDEN];

	hebb_dataset_get(trial->train, 0, LOOKED_AT, raw);
	for (int i = 0; i < LOOKED_AT * PIXELS; i++)
		x[i] = (double)raw[i];
	hebb_net_get(trial->net, 0, W, b, NULL);
	add_layer(LOOKED_AT, PIXELS, HIDDEN, W, b, x, h, &result->z[0], &result->slope[0]);
	hebb_net_get(trial->net, 1, W, b, NULL);
	add_layer(LOOKED_AT, HIDDEN, CLASSES, W, b, h, out, &result->z[1], &result->slope[1]);
}

static int begin_with(const lesson *l, rung which, beginning *result)
{
	hebb_table *table = NULL;
	hebb_study study;
	hebb_error error;
	int status = rung_study(l, which, &table, &study);
	hebb_trial *trial =
		status == EXIT_DONE ? hebb_trial_new(&study, study.seed, -1, &error) : NULL;

	if (trial)
		look_at_start(trial, result);
	else if (status == EXIT_DONE)
		status = fail_error("tutorial", &error);
	hebb_trial_free(trial);
	hebb_table_free(table);
	return status;
}

int section_7_1(lesson *l)
{
	static const rung pair[] = {RUNG_ARTICLE, RUNG_START};
	static const char *const layer[] = {"hidden", "output"};
	beginning article, glorot;

	if (begin_with(l, RUNG_ARTICLE, &article) != EXIT_DONE ||
	    begin_with(l, RUNG_START, &glorot) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "the article:  W and b uniform in [0, 1)");
	line(l, "Glorot:       W uniform in ±√(6 / (n + m)), b = 0;  n inputs, m nodes");
	blank(l);
	line(l, "In C:         layer.start = HEBB_START_GLOROT;");
	begin_part(l, COMPUTATION);
	line(l, "√(6 / (64 + 30)) = %.4f and √(6 / (30 + 10)) = %.4f", sqrt(6.0 / 94),
	     sqrt(6.0 / 40));
	blank(l);
	line(l, "Before training, on %d training rows, the means of |z| and of f′(z):", LOOKED_AT);
	line(l, "%10s %12s %12s %12s %12s", "layer", "|z| article", "|z| Glorot", "f' article",
	     "f' Glorot");
	for (int i = 0; i < 2; i++)
		line(l, "%10s %12.3f %12.3f %12.6f %12.6f", layer[i], article.z[i], glorot.z[i],
		     article.slope[i], glorot.slope[i]);
	numbers(l, "z_article", 2, article.z);
	numbers(l, "z_glorot", 2, glorot.z);
	numbers(l, "slope_article", 2, article.slope);
	numbers(l, "slope_glorot", 2, glorot.slope);
	if (ladder_show(l, 2, pair) != EXIT_DONE)
		return EXIT_FAILED;
	take_away(l,
		  "Every δ of the output layer contains f′(z), at most 0.25. With positive weights "
		  "the sums are large, f′ is almost 0, and the network hardly moves. Weights "
		  "around 0 change nothing else, and are most of the way.");
	return EXIT_DONE;
}

/* ---- 7.2 ------------------------------------------------------------------------------------- */

enum { OUTPUTS = 3 };

/* One layer whose sums are its biases, so that z can be chosen. */
static int output_pass(hebb_activation f, hebb_loss loss, const double *z, const double *y,
		       pass *result)
{
	hebb_layer layer = hebb_dense(OUTPUTS, f);
	double p[2 * OUTPUTS] = {0}, x = 0;
	hebb_trace into = hebb_trace_default();
	hebb_error error;

	for (int i = 0; i < OUTPUTS; i++)
		p[OUTPUTS + i] = z[i];
	into.z = result->z;
	into.h = result->h;
	into.d = result->d;
	if (hebb_trace_example(1, 1, &layer, loss, p, &x, y, &into, &error) != HEBB_OK)
		return fail_error("tutorial", &error);
	result->J = into.J;
	return EXIT_DONE;
}

/* The largest difference between δ of softmax and (J(z + e) − J(z − e)) / 2e. */
static int check_deltas(const double *z, const double *y, const pass *softmax, double *most)
{
	const double e = 1e-5;

	*most = 0;
	for (int i = 0; i < OUTPUTS; i++) {
		double moved[OUTPUTS] = {z[0], z[1], z[2]};
		pass up, down;

		moved[i] = z[i] + e;
		if (output_pass(HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, moved, y, &up) != EXIT_DONE)
			return EXIT_FAILED;
		moved[i] = z[i] - e;
		if (output_pass(HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, moved, y, &down) != EXIT_DONE)
			return EXIT_FAILED;
		*most = fmax(*most, fabs((up.J - down.J) / (2 * e) - softmax->d[i]));
	}
	return EXIT_DONE;
}

int section_7_2(lesson *l)
{
	static const rung pair[] = {RUNG_START, RUNG_SOFTMAX};
	static const double z[OUTPUTS] = {4, 1, -4}, y[OUTPUTS] = {0, 0, 1};
	char head[3][128];
	pass softmax, sigmoid;
	double most;

	if (output_pass(HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, z, y, &softmax) != EXIT_DONE ||
	    output_pass(HEBB_SIGMOID, HEBB_SQUARED, z, y, &sigmoid) != EXIT_DONE ||
	    check_deltas(z, y, &softmax, &most) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "hᵢ = exp(zᵢ) / Σₖ exp(zₖ)     probabilities: Σ hᵢ = 1");
	line(l, "J = −Σᵢ yᵢ log hᵢ             minus the logarithm of the right class's");
	line(l, "δᵢ = ∂J/∂zᵢ = hᵢ − yᵢ         the f′(z) of 4.5 has canceled");
	blank(l);
	line(l, "In C:  hebb_dense(10, HEBB_SOFTMAX);  recipe.loss = HEBB_CROSS_ENTROPY;");
	begin_part(l, COMPUTATION);
	prose(l, "Three outputs that are wrong and sure of it: the third class is right, and its "
		 "sum is the least.");
	blank(l);
	line(l, "%4s %4s   %s %s %s %s", "z", "y", cell("softmax h", 12, head[0]),
	     cell("δ = h − y", 12, head[1]), "sigmoid h   ",
	     cell("δ = −(y − h) f′(z)", 18, head[2]));
	for (int i = 0; i < OUTPUTS; i++)
		line(l, "%4.0f %4.0f   %-12.6f %-12.6f %-12.6f %.6f", z[i], y[i], softmax.h[i],
		     softmax.d[i], sigmoid.h[i], sigmoid.d[i]);
	blank(l);
	line(l, "J = −log %.6f = %.4f; against differences, δ is off by at most %.0e", softmax.h[2],
	     softmax.J, most);
	line(l, "the third δ is %.0f times as large as that of squared error and sigmoid",
	     softmax.d[2] / sigmoid.d[2]);
	numbers(l, "softmax_h", OUTPUTS, softmax.h);
	numbers(l, "softmax_delta", OUTPUTS, softmax.d);
	numbers(l, "sigmoid_h", OUTPUTS, sigmoid.h);
	numbers(l, "sigmoid_delta", OUTPUTS, sigmoid.d);
	number(l, "J", softmax.J);
	number(l, "largest_difference", most);
	if (ladder_show(l, 2, pair) != EXIT_DONE)
		return EXIT_FAILED;
	take_away(l, "The more wrong an output is, the faster it should learn. Squared error with "
		     "sigmoid does the opposite, because f′ is almost 0 far from 0. The two costs "
		     "have different units, so compare the shapes of the curves, not the heights.");
	return EXIT_DONE;
}

/* ---- Steps of a small network ---------------------------------------------------------------- */

/* A linear neuron and its trainer. */
typedef struct stepper {
	hebb_net *net;
	hebb_trainer *trainer;
} stepper;

static int stepper_open(int inputs, hebb_rule rule, double rate, stepper *result)
{
	static const double zeros[4];
	small_net small = neuron(HEBB_LINEAR, inputs, zeros, 0);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;

	recipe.rule = rule;
	recipe.rate = rate;
	*result = (stepper){.net = engine(&small)};
	if (!result->net)
		return EXIT_FAILED;
	result->trainer = hebb_trainer_new(result->net, &recipe, NULL, &error);
	return result->trainer ? EXIT_DONE : fail_error("tutorial", &error);
}

static void stepper_close(stepper *s)
{
	hebb_trainer_free(s->trainer);
	hebb_net_free(s->net);
}

static int step(stepper *s, int rows, const float *x, const float *y)
{
	hebb_error error;

	return hebb_trainer_step(s->trainer, rows, x, y, NULL, NULL, &error) == HEBB_OK
		       ? EXIT_DONE
		       : fail_error("tutorial", &error);
}

/* ---- 7.3 ------------------------------------------------------------------------------------- */

enum { PAIRS = 4 };
static const float pair_x[PAIRS] = {1, 2, 3, 4}, pair_y[PAIRS] = {2, 4, 6, 8};

/* Makes an epoch in batches, and shows it. J: of all pairs, after each step; returns the steps. */
static int show_epoch(lesson *l, int batch, double rate, double J[PAIRS])
{
	stepper s;
	int steps = 0, status = stepper_open(1, HEBB_SGD, rate, &s);

	for (int r = 0; r < PAIRS && status == EXIT_DONE; r += batch) {
		float w = 0, b = 0;

		status = step(&s, batch, pair_x + r, pair_y + r);
		hebb_net_get(s.net, 0, &w, &b, NULL);
		hebb_trainer_cost(s.trainer, PAIRS, pair_x, pair_y, NULL, &J[steps], NULL);
		if (status == EXIT_DONE)
			line(l, "%8d %8d   %8.4f %8.4f %10.4f", batch, steps + 1, (double)w,
			     (double)b, J[steps]);
		steps++;
	}
	stepper_close(&s);
	return status == EXIT_DONE ? steps : 0;
}

int section_7_3(lesson *l)
{
	static const rung two[] = {RUNG_SOFTMAX, RUNG_BATCHES};
	double full[PAIRS], half[PAIRS], each[PAIRS];

	begin_part(l, FORMULA);
	line(l, "W −= α (1/|B|) Σ ∂J/∂W over the rows of a batch B, batch by batch");
	line(l, "an epoch: the rows are shuffled and cut into batches; each row is used once");
	blank(l);
	line(l, "In C:  recipe.batch = 10;  recipe.epochs = 50;");
	begin_part(l, COMPUTATION);
	line(l, "A linear neuron on (1, 2), (2, 4), (3, 6), (4, 8), w = b = 0, α = 0.05,");
	line(l, "one epoch; J is that of all four pairs:");
	blank(l);
	line(l, "%8s %8s   %8s %8s %10s", "rows", "step", "w", "b", "J");
	if (!show_epoch(l, 4, 0.05, full) || !show_epoch(l, 2, 0.05, half) ||
	    !show_epoch(l, 1, 0.05, each))
		return EXIT_FAILED;
	numbers(l, "J_of_4_rows", 1, full);
	numbers(l, "J_of_2_rows", 2, half);
	numbers(l, "J_of_1_row", 4, each);
	if (ladder_show(l, 2, two) != EXIT_DONE)
		return EXIT_FAILED;
	take_away(l, "The gradient of a few rows points nearly where that of all rows does, and "
		     "costs a fraction of it. So there are many more steps in the same time. "
		     "Their directions vary by chance, which is why the curve is less smooth.");
	return EXIT_DONE;
}

/* ---- 7.4 ------------------------------------------------------------------------------------- */

enum { STEPS = 3, WEIGHTS = 2 };
static const float uneven_x[WEIGHTS] = {1, 0.01F}, uneven_y = 1;

/* The two weights after each step. */
static int walk_with(hebb_rule rule, double rate, double w[STEPS][WEIGHTS])
{
	stepper s;
	int status = stepper_open(WEIGHTS, rule, rate, &s);

	for (int t = 0; t < STEPS && status == EXIT_DONE; t++) {
		float now[WEIGHTS] = {0}, b = 0;

		status = step(&s, 1, uneven_x, &uneven_y);
		hebb_net_get(s.net, 0, now, &b, NULL);
		for (int j = 0; j < WEIGHTS; j++)
			w[t][j] = (double)now[j];
	}
	stepper_close(&s);
	return status;
}

int section_7_4(lesson *l)
{
	static const rung pair[] = {RUNG_BATCHES, RUNG_ADAM};
	double sgd[STEPS][WEIGHTS], adam[STEPS][WEIGHTS];

	if (walk_with(HEBB_SGD, 0.1, sgd) != EXIT_DONE ||
	    walk_with(HEBB_ADAM, 0.1, adam) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "g = ∂J/∂w, for each weight by itself; step t = 1, 2, …");
	line(l, "m = β₁ m + (1 − β₁) g     a mean of the last gradients, β₁ = 0.9");
	line(l, "v = β₂ v + (1 − β₂) g²    a mean of their squares, β₂ = 0.999");
	line(l, "m′ = m / (1 − β₁^t), v′ = v / (1 − β₂^t)     since both begin at 0");
	line(l, "w −= α m′ / (√(v′) + ε)");
	blank(l);
	line(l, "In C:  recipe.rule = HEBB_ADAM;  recipe.rate = 0.001;");
	begin_part(l, COMPUTATION);
	line(l, "A linear neuron on x = (1, 0.01), y = 1, from w = 0, α = 0.1. The second");
	line(l, "slope is a hundredth of the first:");
	blank(l);
	line(l, "%8s   %12s %12s   %12s %12s", "step", "w1, descent", "w2", "w1, Adam", "w2");
	for (int t = 0; t < STEPS; t++)
		line(l, "%8d   %12.6f %12.6f   %12.6f %12.6f", t + 1, sgd[t][0], sgd[t][1],
		     adam[t][0], adam[t][1]);
	numbers(l, "descent_first_step", WEIGHTS, sgd[0]);
	numbers(l, "adam_first_step", WEIGHTS, adam[0]);
	numbers(l, "adam_last_step", WEIGHTS, adam[STEPS - 1]);
	if (ladder_show(l, 2, pair) != EXIT_DONE)
		return EXIT_FAILED;
	take_away(l, "The first step of Adam is α for every weight, however small its slope. "
		     "Later steps are shorter where the gradients disagree. So one α suits all "
		     "weights. Here it is not more accurate than descent with α = 0.25, a rate "
		     "that had to be found; 0.001 is the usual rate of Adam, for any network.");
	return EXIT_DONE;
}

/* ---- 7.5 ------------------------------------------------------------------------------------- */

enum { DEPTH = 5 };

/* The product of f'(z) over some layers, at the same z in each. */
static double slope_through(hebb_activation f, double z)
{
	double product = 1;

	for (int k = 0; k < DEPTH; k++)
		product *= hebb_activation_derivative(f, z);
	return product;
}

int section_7_5(lesson *l)
{
	static const rung three[] = {RUNG_ADAM, RUNG_RELU, RUNG_WIDE};
	static const double z[] = {-2, 0.5, 2, 4};
	enum { PLACES = sizeof z / sizeof *z };
	double sigmoid[PLACES], relu[PLACES];

	begin_part(l, FORMULA);
	line(l, "f(z) = max(0, z),   f′(z) = 1 if z > 0, else 0");
	line(l, "δⱼ⁽ˡ⁾ = (Σᵢ wᵢⱼ⁽ˡ⁾ δᵢ⁽ˡ⁺¹⁾) f′(zⱼ⁽ˡ⁾)    a factor f′ a layer");
	blank(l);
	line(l, "In C:  hebb_dense(300, HEBB_RELU)");
	begin_part(l, COMPUTATION);
	line(l, "The product of f′(z) over %d layers, if z is the same in each:", DEPTH);
	blank(l);
	line(l, "%8s %14s %14s %16s %16s", "z", "f' sigmoid", "f' relu", "product sigmoid",
	     "product relu");
	for (int i = 0; i < PLACES; i++) {
		sigmoid[i] = slope_through(HEBB_SIGMOID, z[i]);
		relu[i] = slope_through(HEBB_RELU, z[i]);
		line(l, "%8.1f %14.4f %14.0f %16.2e %16.0f", z[i],
		     hebb_activation_derivative(HEBB_SIGMOID, z[i]),
		     hebb_activation_derivative(HEBB_RELU, z[i]), sigmoid[i], relu[i]);
	}
	numbers(l, "product_sigmoid", PLACES, sigmoid);
	numbers(l, "product_relu", PLACES, relu);
	if (ladder_show(l, 3, three) != EXIT_DONE)
		return EXIT_FAILED;
	take_away(l, "A rectified node lets δ through undiminished or not at all, so networks of "
		     "many layers can learn. With one hidden layer it makes little difference by "
		     "itself, but ten times as many nodes are then well used.");
	return EXIT_DONE;
}

/* ---- 7.6 ------------------------------------------------------------------------------------- */

enum { NODES = 3, DRAWS = 4, MANY = 10000 };

/* Draws of h with dropout; the mean of many of them. */
static int draw_dropout(lesson *l, const double *h, double p, double mean[NODES])
{
	float *u = malloc(sizeof *u * NODES * MANY);

	if (!u)
		return fail("tutorial", "out of memory");
	hebb_uniform(NODES * MANY, u, 3, 0);
	for (int j = 0; j < NODES; j++)
		mean[j] = 0;
	for (int draw = 0; draw < MANY; draw++) {
		double kept[NODES];

		for (int j = 0; j < NODES; j++) {
			kept[j] = (double)u[draw * NODES + j] < p ? 0 : h[j] / (1 - p);
			mean[j] += kept[j] / MANY;
		}
		if (draw < DRAWS)
			line(l, "%-14s %10.4f %10.4f %10.4f", draw ? "" : "drawn", kept[0], kept[1],
			     kept[2]);
	}
	free(u);
	return EXIT_DONE;
}

int section_7_6(lesson *l)
{
	static const rung pair[] = {RUNG_WIDE, RUNG_DROPOUT};
	const small_net net = net_331(HEBB_SIGMOID);
	double mean[NODES];
	pass now;

	if (trace(&net, x_331, NULL, &now) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "in training   kⱼ = hⱼ rⱼ / (1 − p)    rⱼ = 0 with probability p, else 1,");
	line(l, "                                      drawn anew for each row and step");
	line(l, "in use        kⱼ = hⱼ                 the mean of kⱼ over all rⱼ");
	blank(l);
	line(l, "In C:  hebb_dense(300, HEBB_RELU), hebb_dropout(0.5F),");
	line(l, "       hebb_dense(10, HEBB_SOFTMAX)");
	begin_part(l, COMPUTATION);
	line(l, "The hidden nodes of 3.1, p = 0.5:");
	blank(l);
	line(l, "%-14s %10.4f %10.4f %10.4f", "h", now.h[0], now.h[1], now.h[2]);
	if (draw_dropout(l, now.h, 0.5, mean) != EXIT_DONE)
		return EXIT_FAILED;
	line(l, "%-14s %10.4f %10.4f %10.4f", "mean of 10,000", mean[0], mean[1], mean[2]);
	numbers(l, "h", NODES, now.h);
	numbers(l, "mean_of_draws", NODES, mean);
	if (ladder_show(l, 2, pair) != EXIT_DONE)
		return EXIT_FAILED;
	take_away(l, "A node cannot rely on any other one, so what it learns must be useful by "
		     "itself. The cost of training is higher, because half of the nodes are "
		     "missing in each step; look at the rows that were held out. A gain that is "
		     "less than the sd of the seeds may be chance: these digits hardly need it. "
		     "Larger networks on fewer or noisier rows do.");
	return EXIT_DONE;
}

/* ---- 7.7 ------------------------------------------------------------------------------------- */

int section_7_7(lesson *l)
{
	begin_part(l, FORMULA);
	line(l, "each network is the one above it, with one change:");
	blank(l);
	for (int i = 0; i < RUNG_DEFAULTS; i++) {
		char title[128];

		line(l, "%s %s", cell(rung_title((rung)i), 24, title), rung_flags((rung)i) + 1);
	}
	begin_part(l, COMPUTATION);
	prose(l, "`hebb train digits` with all flags down to a line trains that network. Its "
		 "defaults are another one: two hidden layers of gelu nodes, adamw, a rate that "
		 "rises and falls, dropout, all pixels scaled alike, and a split that holds out "
		 "each digit in proportion.");
	if (ladder_show_all(l) != EXIT_DONE)
		return EXIT_FAILED;
	take_away(l, "The start was the largest step, then a cost that suits the question, then "
		     "the width. Mini-batches and Adam make it faster: fifty passes over the rows "
		     "in place of three thousand. Change one thing at a time, over several seeds, "
		     "or you will not know what helped.");
	return EXIT_DONE;
}
