/* SPDX-License-Identifier: MIT */
/*
 * questions.c - four questions of a reader of 4.5 and 4.6, answered step by step with the numbers
 * of the section's network
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tutorial/exercises.h"
#include "tutorial/sections.h"

/* A question, after a key and an empty line unless it is the first. */
static void ask(lesson *l, int first, const char *question)
{
	if (!first) {
		wait_for_key(l);
		blank(l);
	}
	prose(l, "%s", question);
}

/* "²": the index of layer k, from 1. */
static const char *up(int k)
{
	static const char *const high[] = {"⁰", "¹", "²", "³", "⁴", "⁵"};

	return high[k];
}

/* ---- 4.5 ------------------------------------------------------------------------------------- */

/* Where the minus of ∂J/∂h comes from. */
static void why_the_minus(lesson *l, double y, double h)
{
	const double e = 1e-3;
	double u = y - h, J = u * u / 2, moved = (y - h - e) * (y - h - e) / 2;

	ask(l, 1, "Why is ∂J/∂h = −(y − h)? Where does the minus come from?");
	line(l, "1. name the error       u = y − h,  J = ½ u²");
	line(l, "   here                 u = %g − %.6f = %.6f,  J = %.6f", y, h, u, J);
	line(l, "2. J by u               dJ/du = 2 · ½ · u = u = %.6f", u);
	line(l, "3. u by h               du/dh = d(y − h)/dh = −1");
	line(l, "4. the chain rule       dJ/dh = dJ/du · du/dh = %.6f · (−1) = %.6f", u, -u);
	line(l, "   which is             −(y − h) = h − y = %.6f", h - y);
	line(l, "5. try it               h + %g: J = %.9f, so J changes by %.6f for each 1 of h", e,
	     moved, (moved - J) / e);
	prose(l,
	      "The minus is the −1 of step 3: h has a minus sign in y − h. It says: where h is too "
	      "large, a larger h makes J larger. The norm ‖y − h‖ of the article hides this; for "
	      "one number, ‖u‖² is u².");
	number(l, "question_u", u);
	number(l, "question_dJ_du", u);
	number(l, "question_du_dh", -1);
	number(l, "question_dJ_dh", -u);
	number(l, "question_dJ_dh_by_moving_h", (moved - J) / e);
}

/* Which layer z belongs to. */
static void which_layer(lesson *l, const example *e, const pass *p, double by_differences)
{
	int last = e->net.layers - 1, at = units_at(&e->net, last);
	int n = inputs_of(&e->net, last), j = n > 1;
	const double *w = e->net.p + weights_at(&e->net, last),
		     *in = last ? p->h + units_at(&e->net, last - 1) : e->x[0];
	double b = e->net.p[biases_at(&e->net, last)],
	       right = hebb_activation_derivative(l->f, p->z[at]), sum = b;
	char text[512] = "";
	int length = 0;

	for (int k = 0; k < n; k++) {
		sum += w[k] * in[k];
		length += snprintf(text + length, sizeof text - (size_t)length, "%s·%.4f + ",
				   short_number(w[k]).text, in[k]);
	}
	ask(l, 0, "Is z⁽²⁾ in 4.5 “the sum into layer 3”?");
	line(l, "1. the sum into layer %d   %s%s = %.4f", last + 2, text, short_number(b).text,
	     sum);
	line(l, "2. its output             f(%.4f) = %.6f = h₁⁽%s⁾", sum,
	     hebb_activation_f(l->f, sum), up(last + 2));
	line(l, "3. its name               here z₁⁽%s⁾, as in 3.4; in the article's 4.5 z₁⁽%s⁾",
	     up(last + 2), up(last + 1));
	number(l, "question_sum", sum);
	if (last == 0)
		return;
	double wrong = hebb_activation_derivative(l->f, p->z[at - units_of(&e->net, last - 1)]);
	double dJ_dh = p->h[at] - e->y[0][0];
	line(l, "4. f′ of the right z      f′(z₁⁽%s⁾) = %.6f", up(last + 2), right);
	line(l, "   of the one it looks like   f′(z₁⁽%s⁾) = %.6f", up(last + 1), wrong);
	line(l, "5. the gradient with each %.6f and %.6f; by differences %.6f",
	     dJ_dh * right * in[j], dJ_dh * wrong * in[j], by_differences);
	prose(l,
	      "Yes: in the article's 4.5, z⁽²⁾ is the sum that leaves layer 2 and enters layer 3, "
	      "though its 3.4 calls the sum into layer 2 by the same name. δ contains the z of its "
	      "own node: h⁽ˡ⁾ = f(z⁽ˡ⁾), and δ⁽ˡ⁾ has f′(z⁽ˡ⁾).");
	number(l, "question_gradient_with_right_z", dJ_dh * right * in[j]);
	number(l, "question_gradient_with_wrong_z", dJ_dh * wrong * in[j]);
}

int questions_4_5(lesson *l, const example *e, const pass *p, const double *slope)
{
	int last = e->net.layers - 1, at = units_at(&e->net, last);

	begin_part(l, QUESTIONS);
	why_the_minus(l, e->y[0][0], p->h[at]);
	which_layer(l, e, p, slope[weights_at(&e->net, last) + (inputs_of(&e->net, last) > 1)]);
	blank(l);
	return EXIT_DONE;
}

/* ---- 4.6 ------------------------------------------------------------------------------------- */

/* The running example with one more hidden layer, of two nodes. */
static small_net net_3321(hebb_activation f)
{
	return (small_net){.inputs = 3,
			   .layers = 3,
			   .layer = {hebb_dense(3, f), hebb_dense(2, f), hebb_dense(1, f)},
			   .p = {0.2, 0.2,  0.2, 0.4, 0.4, 0.4,  0.6, 0.6, 0.6, 0.8, 0.8, 0.8,
				 0.3, -0.2, 0.5, 0.1, 0.4, -0.6, 0.1, 0.1, 0.5, 0.5, 0.2}};
}

static int more_layers(lesson *l)
{
	static const double y = 0;
	small_net net = net_3321(l->f);
	double slope[SMALL_PARAMETERS], product[3], differences_of[3];
	char w[32], in[32], d[32];
	pass p;

	if (trace(&net, x_331, &y, &p) != EXIT_DONE ||
	    differences(&net, x_331, &y, slope) != EXIT_DONE)
		return EXIT_FAILED;
	ask(l, 1, "Does the formula still hold with more hidden layers?");
	prose(l, "Yes. Put one more hidden layer, of two nodes, into the running example: 3-3-2-1. "
		 "The δ go back layer by layer,");
	for (int k = 2; k >= 0; k--)
		line(l, "  %s = %.8f", symbol("δ", 1, 0, k + 2, d), p.d[units_at(&net, k)]);
	prose(l, "and in each layer the formula h δ gives what the differences say:");
	for (int k = 0; k < 3; k++) {
		double h = k ? p.h[units_at(&net, k - 1) + 1] : x_331[1];

		product[k] = h * p.d[units_at(&net, k)];
		differences_of[k] = slope[weights_at(&net, k) + 1];
		line(l, "  ∂J/∂%s = %s %s = %.6f · %.8f = %.9f; differences %.9f",
		     symbol("w", 1, 2, k + 1, w), symbol(k ? "h" : "x", 2, 0, k ? k + 1 : 0, in),
		     symbol("δ", 1, 0, k + 2, d), h, p.d[units_at(&net, k)], product[k],
		     differences_of[k]);
	}
	prose(l, "The formula names only two layers, the sender's h and the receiver's δ. All "
		 "layers above are contained in δ.");
	numbers(l, "question_deeper_gradient", 3, product);
	numbers(l, "question_deeper_differences", 3, differences_of);
	return EXIT_DONE;
}

/* ∂J/∂z of a hidden node without backpropagation: its bias moves z as much as itself. */
static int slope_of_z(const small_net *net, const double *x, const double *y, int layer,
		      double *slope)
{
	const double e = 1e-5;
	small_net moved = *net;
	pass above, below;

	moved.p[biases_at(net, layer)] += e;
	if (trace(&moved, x, y, &above) != EXIT_DONE)
		return EXIT_FAILED;
	moved.p[biases_at(net, layer)] -= 2 * e;
	if (trace(&moved, x, y, &below) != EXIT_DONE)
		return EXIT_FAILED;
	*slope = (above.J - below.J) / (2 * e);
	return EXIT_DONE;
}

/* The three factors for one path, from z₁ of a hidden layer through node i above. */
static double one_path(lesson *l, const small_net *net, const pass *p, int layer, int i)
{
	int n = units_of(net, layer), above = units_at(net, layer + 1);
	double d = p->d[above + i], w = net->p[weights_at(net, layer + 1) + i * n],
	       slope = hebb_activation_derivative(l->f, p->z[units_at(net, layer)]);
	char name[32], weight[32];

	line(l, "   through %s  %s %s f′ = %.6f · %s · %.6f = %.7f",
	     symbol("z", i + 1, 0, layer + 3, name),
	     symbol("δ", i + 1, 0, layer + 3, (char[32]){0}),
	     symbol("w", i + 1, 1, layer + 2, weight), d, short_number(w).text, slope,
	     d * w * slope);
	return d * w * slope;
}

/* All paths from the first node of a hidden layer; returns an exit status. */
static int all_paths(lesson *l, const small_net *net, const double *x, const double *y,
		     const pass *p, int layer, const char *key)
{
	double sum = 0, moved;
	char name[32], title[64];

	if (slope_of_z(net, x, y, layer, &moved) != EXIT_DONE)
		return EXIT_FAILED;
	for (int i = 0; i < units_of(net, layer + 1); i++)
		sum += one_path(l, net, p, layer, i);
	line(l, "   together, %s = %.7f; moving %s instead: %.7f",
	     symbol("δ", 1, 0, layer + 2, name), sum, symbol("z", 1, 0, layer + 2, (char[32]){0}),
	     moved);
	snprintf(title, sizeof title, "question_%s_delta", key);
	number(l, title, sum);
	snprintf(title, sizeof title, "question_%s_by_moving_z", key);
	number(l, title, moved);
	return EXIT_DONE;
}

static int where_from(lesson *l, const example *e, const pass *p)
{
	small_net several = net_223(l->f);
	int layer = e->net.layers - 2, status;
	pass q;

	ask(l, 0, "Where does the recursion δⱼ⁽ˡ⁾ = (Σᵢ wᵢⱼ⁽ˡ⁾ δᵢ⁽ˡ⁺¹⁾) f′(zⱼ⁽ˡ⁾) come from?");
	line(l, "1. δ is defined as how much J changes with z:  δⱼ⁽ˡ⁾ = ∂J/∂zⱼ⁽ˡ⁾");
	line(l, "2. zⱼ⁽ˡ⁾ reaches J only through the sums above:");
	line(l, "   zⱼ⁽ˡ⁾ → hⱼ⁽ˡ⁾ = f(zⱼ⁽ˡ⁾) → zᵢ⁽ˡ⁺¹⁾ = … + wᵢⱼ⁽ˡ⁾ hⱼ⁽ˡ⁾ + … → J");
	line(l, "3. the chain rule along one such path has three factors:");
	line(l, "   ∂J/∂zᵢ⁽ˡ⁺¹⁾ · ∂zᵢ⁽ˡ⁺¹⁾/∂hⱼ⁽ˡ⁾ · ∂hⱼ⁽ˡ⁾/∂zⱼ⁽ˡ⁾ = δᵢ⁽ˡ⁺¹⁾ · wᵢⱼ⁽ˡ⁾ · f′(zⱼ⁽ˡ⁾)");
	line(l, "   the first factor is δ of the layer above, by 1: that is the recursion");
	if (units_of(&e->net, layer + 1) == 1)
		line(l, "4. the paths add up. With one output there is one path:");
	else
		line(l, "4. the paths add up. Here there are %d:", units_of(&e->net, layer + 1));
	status = all_paths(l, &e->net, e->x[0], e->y[0], p, layer, "one_path");
	if (status == EXIT_DONE)
		status = trace(&several, x_223, y_223, &q);
	if (status != EXIT_DONE)
		return status;
	line(l, "5. with three outputs, in the 2-2-3 network above, there are three:");
	status = all_paths(l, &several, x_223, y_223, &q, 0, "three_paths");
	prose(l, "f′(zⱼ⁽ˡ⁾) is the same on all paths, so it stands outside of the sum.");
	return status;
}

int questions_4_6(lesson *l, const example *e, const pass *p)
{
	int status;

	begin_part(l, QUESTIONS);
	status = more_layers(l);
	if (status == EXIT_DONE)
		status = where_from(l, e, p);
	blank(l);
	return status;
}
