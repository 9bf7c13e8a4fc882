/* SPDX-License-Identifier: MIT */
/*
 * backprop.c - chapter 4 of the tutorial, second half: the chain rule, delta, vectorized,
 * accumulated, the final algorithm
 *
 * The numbers come from hebb_trace_example(); what is shown beside them is computed once more from
 * the formula that is printed, and compared with finite differences.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tutorial/sections.h"
#include "tutorial/small.h"

/* The article gives no target for its example; with 0 there is an error to correct. */
static const double y_331[] = {0};

static double largest_difference(int n, const double *a, const double *b)
{
	double most = 0;

	for (int k = 0; k < n; k++)
		most = fmax(most, fabs(a[k] - b[k]));
	return most;
}

/* "∂J/∂w₂₁⁽¹⁾ = x₁ δ₂⁽²⁾" for parameter k of a network of two layers; returns the text. */
static char *gradient_name(const small_net *net, int k, char *text)
{
	int layer = k >= weights_at(net, 1), n = inputs_of(net, layer),
	    at = k - weights_at(net, layer), bias = k >= biases_at(net, layer);
	int i = bias ? k - biases_at(net, layer) : at / n, j = bias ? -1 : at % n;
	char parameter[32], in[32], d[32];

	symbol(bias ? "b" : "w", i + 1, j + 1, layer + 1, parameter);
	symbol(layer ? "h" : "x", j + 1, 0, layer ? 2 : 0, in);
	symbol("δ", i + 1, 0, layer + 2, d);
	snprintf(text, 128, "  ∂J/∂%s = %s%s%s", parameter, bias ? "" : in, bias ? "" : " ", d);
	return text;
}

/* ---- 4.5 ------------------------------------------------------------------------------------- */

/* The three factors of the chain for one weight into the output. */
static void one_chain(lesson *l, int j, const pass *p, double slope)
{
	double dJ_dh = -(y_331[0] - p->h[3]), dh_dz = hebb_activation_derivative(l->f, p->z[3]),
	       dz_dw = p->h[j];
	char w[32], h[32];

	line(l, "∂J/∂%s = ∂J/∂h₁⁽³⁾ · ∂h₁⁽³⁾/∂z₁⁽³⁾ · ∂z₁⁽³⁾/∂%s", symbol("w", 1, j + 1, 2, w), w);
	line(l, "    ∂z₁⁽³⁾/∂%s = %s = %.6f", w, symbol("h", j + 1, 0, 2, h), dz_dw);
	line(l, "    ∂h₁⁽³⁾/∂z₁⁽³⁾  = f′(z₁⁽³⁾) = f′(%.4f) = %.6f", p->z[3], dh_dz);
	line(l, "    ∂J/∂h₁⁽³⁾      = −(y₁ − h₁⁽³⁾) = −(%.0f − %.4f) = %.6f", y_331[0], p->h[3],
	     dJ_dh);
	line(l, "    together       %.6f · %.6f · %.6f = %.9f", dJ_dh, dh_dz, dz_dw,
	     dJ_dh * dh_dz * dz_dw);
	line(l, "    by differences %.9f", slope);
}

int section_4_5(lesson *l)
{
	small_net net = net_331(l->f);
	int first = weights_at(&net, 1);
	double slope[SMALL_PARAMETERS];
	char name[128], shown[128], product[128];
	pass p;

	if (trace(&net, x_331, y_331, &p) != EXIT_DONE ||
	    differences(&net, x_331, y_331, slope) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "h₁⁽³⁾ = f(z₁⁽³⁾),   z₁⁽³⁾ = w₁₁⁽²⁾h₁⁽²⁾ + w₁₂⁽²⁾h₂⁽²⁾ + w₁₃⁽²⁾h₃⁽²⁾ + b₁⁽²⁾");
	line(l, "J = ½ (y₁ − h₁⁽³⁾)²");
	line(l, "∂J/∂w₁₂⁽²⁾ = ∂J/∂h₁⁽³⁾ · ∂h₁⁽³⁾/∂z₁⁽³⁾ · ∂z₁⁽³⁾/∂w₁₂⁽²⁾   the chain rule");
	line(l, "δᵢ⁽³⁾ = −(yᵢ − hᵢ⁽³⁾) f′(zᵢ⁽³⁾)                the first two factors");
	line(l, "∂J/∂wᵢⱼ⁽²⁾ = hⱼ⁽²⁾ δᵢ⁽³⁾,   ∂J/∂bᵢ⁽²⁾ = δᵢ⁽³⁾");
	begin_part(l, COMPUTATION);
	line(l, "The 3-3-1 network of 3.1, x = (1.5, 2, 3), wanted y = %.0f:", y_331[0]);
	line(l, "h₁⁽³⁾ = %.6f,  J = ½ (%.0f − %.6f)² = %.6f", p.h[3], y_331[0], p.h[3], p.J);
	blank(l);
	one_chain(l, 1, &p, slope[first + 1]);
	wait_for_key(l);
	blank(l);
	line(l, "%s", derivative_formula(l->f, (char[FORMULA_SIZE]){0}));
	line(l, "δ₁⁽³⁾ = −(%.0f − %.6f) · %.6f = %.9f", y_331[0], p.h[3],
	     hebb_activation_derivative(l->f, p.z[3]), p.d[3]);
	begin_part(l, RESULT);
	line(l, "%s %14s %14s", cell("", 32, shown), cell("h δ", 0, product), "differences");
	for (int k = first; k < first + 4; k++)
		line(l, "%s %14.9f %14.9f", cell(gradient_name(&net, k, name), 32, shown),
		     p.gradient[k], slope[k]);
	number(l, "h", p.h[3]);
	number(l, "J", p.J);
	number(l, "dJ_dh", -(y_331[0] - p.h[3]));
	number(l, "f_derivative", hebb_activation_derivative(l->f, p.z[3]));
	number(l, "f_derivative_at_0", hebb_activation_derivative(l->f, 0));
	number(l, "dz_dw12", p.h[1]);
	number(l, "delta", p.d[3]);
	numbers(l, "gradient", 4, p.gradient + first);
	numbers(l, "differences", 4, slope + first);
	take_away(l,
		  "How much J changes with a weight is a product of three factors: how much J "
		  "changes with h, how much h changes with z, and how much z changes with the "
		  "weight. The first two are the same for all weights of a node; their product is "
		  "its δ. Here the article numbers z one layer lower than in 3.4; we keep h⁽³⁾ = "
		  "f(z⁽³⁾).");
	return EXIT_DONE;
}

/* ---- 4.6 ------------------------------------------------------------------------------------- */

/* Draws two layers of nodes: above each node its output, which goes forward; below it its delta,
 * which goes back. */
static figure *draw_deltas(const char *title, const small_net *net, const pass *p, int layer)
{
	int n = inputs_of(net, layer), m = units_of(net, layer), rows = 5 * (n > m ? n : m) + 1;
	figure *f = figure_new(title, 74, rows);
	char name[32], text[64];

	for (int side = 0; f && side < 2; side++) {
		int count = side ? m : n, at = units_at(net, layer - 1 + side);
		double x = side ? 54 : 18;

		for (int i = 0; i < count; i++) {
			double y = rows * (i + 0.5) / count;

			for (int j = 0; side == 0 && j < m; j++)
				figure_line(f, INK_FAINT, x, y, 54, rows * (j + 0.5) / m);
			figure_node(f, x, y, symbol("h", i + 1, 0, layer + 1 + side, name));
			snprintf(text, sizeof text, "h = %.4f", p->h[at + i]);
			figure_text(f, INK_TEXT, ALIGN_MIDDLE, x, y - 1, text);
			snprintf(text, sizeof text, "δ = %.5f", p->d[at + i]);
			figure_text(f, INK_2, ALIGN_MIDDLE, x, y + 1, text);
		}
	}
	for (int k = 0; f && k < n * m; k++) {
		int i = k / n, j = k % n;

		snprintf(text, sizeof text, "%s = %g", symbol("w", i + 1, j + 1, layer + 1, name),
			 net->p[weights_at(net, layer) + k]);
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, 36,
			    rows * ((j + 0.5) / n + (i + 0.5) / m) / 2, text);
	}
	return f;
}

static void forward_again(lesson *l, const small_net *net, const pass *p)
{
	char z[32], h[32];

	line(l, "Step 1: forward, as in chapter 3, with x = (1.5, 2, 3)");
	for (int k = 0; k < 4; k++) {
		int layer = k < 3 ? 2 : 3, i = k < 3 ? k + 1 : 1;

		line(l, "  %s = %8.5f   %s = f(z) = %.6f   f′(z) = %.6f",
		     symbol("z", i, 0, layer, z), p->z[k], symbol("h", i, 0, layer, h), p->h[k],
		     hebb_activation_derivative(net->layer[0].activation, p->z[k]));
	}
}

static void deltas_again(lesson *l, const small_net *net, const pass *p)
{
	double computed[3];
	char name[32], w[32];

	wait_for_key(l);
	blank(l);
	line(l, "Step 2: δ of the output, as in 4.5, with y = %.0f", y_331[0]);
	line(l, "  δ₁⁽³⁾ = −(y₁ − h₁⁽³⁾) f′(z₁⁽³⁾) = −(%.0f − %.5f) · %.5f = %.6f", y_331[0],
	     p->h[3], hebb_activation_derivative(l->f, p->z[3]), p->d[3]);
	wait_for_key(l);
	blank(l);
	line(l, "Step 3: back through the weights to the hidden nodes");
	for (int j = 0; j < 3; j++) {
		double weight = net->p[weights_at(net, 1) + j],
		       slope = hebb_activation_derivative(l->f, p->z[j]);

		computed[j] = p->d[3] * weight * slope;
		line(l, "  %s = δ₁⁽³⁾ %s f′(z) = %.6f · %.1f · %.6f = %.7f",
		     symbol("δ", j + 1, 0, 2, name), symbol("w", 1, j + 1, 2, w), p->d[3], weight,
		     slope, computed[j]);
	}
	number(l, "formula_and_library_differ_by", largest_difference(3, computed, p->d));
}

static double gradients_again(lesson *l, const small_net *net, const pass *p, const double *slope)
{
	double worst = largest_difference(parameters_of(net), p->gradient, slope);
	char name[128], shown[128], product[128];

	wait_for_key(l);
	blank(l);
	line(l, "Step 4: a weight's gradient is its input times δ of its receiving node");
	line(l, "%s %14s %14s %9s", cell("", 32, shown), cell("h δ", 0, product), "differences",
	     "apart");
	for (int k = 0; k < parameters_of(net); k++)
		line(l, "%s %14.9f %14.9f %9.0e", cell(gradient_name(net, k, name), 32, shown),
		     p->gradient[k], slope[k], fabs(p->gradient[k] - slope[k]));
	numbers(l, "gradient", parameters_of(net), p->gradient);
	numbers(l, "differences", parameters_of(net), slope);
	number(l, "largest_difference", worst);
	return worst;
}

/* Several outputs: delta of a hidden node adds up what all of them send back. */
static int many_outputs(lesson *l, double *apart)
{
	static const double x[] = {1, -0.5}, y[] = {1, 0, 1};
	small_net net = {.inputs = 2,
			 .layers = 2,
			 .layer = {hebb_dense(2, l->f), hebb_dense(3, l->f)},
			 .p = {0.4, -0.6, 0.8, 0.3, 0.1, -0.2, 0.5, -0.7, 0.9, 0.2, -0.4, 0.6, 0.05,
			       0.15, -0.25}};
	pass p;

	if (trace(&net, x, y, &p) != EXIT_DONE)
		return EXIT_FAILED;
	double slope = hebb_activation_derivative(l->f, p.z[0]), sum = 0;
	const double *w = net.p + weights_at(&net, 1);
	*apart = 0;
	wait_for_key(l);
	blank(l);
	line(l, "A hidden node's δ depends on all three outputs.  A 2-2-3 network:");
	if (show_drawing(l, "many-outputs",
			 draw_deltas("δ of three outputs comes back to two hidden nodes", &net, &p,
				     1)) != EXIT_DONE)
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
	small_net net = net_331(l->f);
	double slope[SMALL_PARAMETERS];
	pass p;

	if (trace(&net, x_331, y_331, &p) != EXIT_DONE ||
	    differences(&net, x_331, y_331, slope) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "one output     δⱼ⁽²⁾ = δ₁⁽³⁾ w₁ⱼ⁽²⁾ f′(zⱼ⁽²⁾)");
	line(l, "many outputs   δⱼ⁽ˡ⁾ = (Σᵢ wᵢⱼ⁽ˡ⁾ δᵢ⁽ˡ⁺¹⁾) f′(zⱼ⁽ˡ⁾)");
	line(l, "gradient       ∂J/∂wᵢⱼ⁽ˡ⁾ = hⱼ⁽ˡ⁾ δᵢ⁽ˡ⁺¹⁾,  ∂J/∂bᵢ⁽ˡ⁾ = δᵢ⁽ˡ⁺¹⁾");
	begin_part(l, COMPUTATION);
	forward_again(l, &net, &p);
	deltas_again(l, &net, &p);
	if (show_drawing(l, "deltas", draw_deltas("h goes forward, δ comes back", &net, &p, 1)) !=
	    EXIT_DONE)
		return EXIT_FAILED;
	numbers(l, "z", 4, p.z);
	numbers(l, "h", 4, p.h);
	numbers(l, "delta", 4, p.d);
	double apart, worst = gradients_again(l, &net, &p, slope);

	if (many_outputs(l, &apart) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "all 16 gradients agree with finite differences to %.0e", worst);
	line(l, "δ₁⁽²⁾ of three outputs agrees with its formula to %.0e", apart);
	take_away(l,
		  "A hidden node has no target of its own. Its δ is the sum of the δ of the nodes "
		  "above, each times the weight of the connection, multiplied by the node's own "
		  "slope f′(z). The formula does not depend on the number of layers above, so it "
		  "works for any depth.");
	return EXIT_DONE;
}

/* ---- 4.7 ------------------------------------------------------------------------------------- */

static const double x_2342[] = {0.5, -1.5}, y_2342[] = {1, 0};

/* The delta of a hidden layer: (W^T d) o f'(z), with W and d of the next layer. */
static void delta_by_matrix(const small_net *net, const pass *p, int layer, double *d)
{
	int n = units_of(net, layer), m = units_of(net, layer + 1);
	const double *W = net->p + weights_at(net, layer + 1),
		     *above = p->d + units_at(net, layer + 1), *z = p->z + units_at(net, layer);
	double turned[SMALL_PARAMETERS];

	transpose(m, n, W, turned);
	times(n, m, turned, above, d);
	for (int j = 0; j < n; j++)
		d[j] *= hebb_activation_derivative(net->layer[layer].activation, z[j]);
}

/* The gradient of the float32 engine, in canonical order. */
static int engine_gradient(const small_net *small, const double *x, const double *y,
			   double *gradient)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = engine(small);
	float in[3], wanted[3], g[SMALL_PARAMETERS];
	hebb_error error = {.message = ""};
	hebb_trainer *trainer;
	hebb_status status = HEBB_NO_MEMORY;

	for (int j = 0; j < small->inputs; j++)
		in[j] = (float)x[j];
	for (int i = 0; i < units_of(small, small->layers - 1); i++)
		wanted[i] = (float)y[i];
	recipe.threads = 1;
	trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	if (trainer)
		status = hebb_trainer_gradient(trainer, 1, in, wanted, NULL, NULL, &error);
	for (int k = 0; k < small->layers && status == HEBB_OK; k++)
		status = hebb_trainer_get_gradient(trainer, k, g + weights_at(small, k),
						   g + biases_at(small, k), &error);
	for (int k = 0; k < parameters_of(small) && status == HEBB_OK; k++)
		gradient[k] = (double)g[k];
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

int section_4_7(lesson *l)
{
	small_net net = net_2342(l->f);
	double slope[SMALL_PARAMETERS], fast[SMALL_PARAMETERS], d[4], worst = 0;
	int all = parameters_of(&net);
	pass p;

	if (trace(&net, x_2342, y_2342, &p) != EXIT_DONE ||
	    differences(&net, x_2342, y_2342, slope) != EXIT_DONE ||
	    engine_gradient(&net, x_2342, y_2342, fast) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "δ⁽ˡ⁾ = ((W⁽ˡ⁾)ᵀ δ⁽ˡ⁺¹⁾) • f′(z⁽ˡ⁾)      • is element-wise");
	line(l, "∂J/∂W⁽ˡ⁾ = δ⁽ˡ⁺¹⁾ (h⁽ˡ⁾)ᵀ              a column times a row");
	line(l, "∂J/∂b⁽ˡ⁾ = δ⁽ˡ⁺¹⁾");
	begin_part(l, COMPUTATION);
	prose(l, "This is a 2-3-4-2 network with 35 different numbers. The 3-3-1 network could "
		 "hide a mistake, because its layers all have 3 inputs and the numbers in a row "
		 "of W are equal.");
	blank(l);
	matrix(l, "delta4", "δ⁽⁴⁾", 2, 1, p.d + 7);
	for (int layer = 1; layer >= 0; layer--) {
		int n = units_of(&net, layer), m = units_of(&net, layer + 1);
		char name[32];

		blank(l);
		matrix(l, NULL, symbol("W", 0, 0, layer + 2, name), m, n,
		       net.p + weights_at(&net, layer + 1));
		delta_by_matrix(&net, &p, layer, d);
		worst = fmax(worst, largest_difference(n, d, p.d + units_at(&net, layer)));
		blank(l);
		matrix(l, layer ? "delta3" : "delta2", symbol("δ", 0, 0, layer + 2, name), n, 1, d);
	}
	blank(l);
	matrix(l, "gradient_W1", "∂J/∂W⁽¹⁾ = δ⁽²⁾xᵀ", 3, 2, p.gradient);
	begin_part(l, RESULT);
	line(l, "products against the loops of 4.6          differ by %.0e", worst);
	line(l, "35 gradients against finite differences    differ by %.0e",
	     largest_difference(all, p.gradient, slope));
	line(l, "the float32 engine against double          differ by %.0e",
	     largest_difference(all, p.gradient, fast));
	number(l, "products_against_loops", worst);
	number(l, "largest_difference", largest_difference(all, p.gradient, slope));
	number(l, "engine_difference", largest_difference(all, p.gradient, fast));
	numbers(l, "gradient", all, p.gradient);
	take_away(l, "The backward pass is the same kind of work as the forward pass: a product "
		     "with W, but transposed. src/core/backprop.c computes these formulas for a "
		     "batch of rows at once.");
	return EXIT_DONE;
}

/* ---- 4.8 ------------------------------------------------------------------------------------- */

enum { SAMPLES = 3 };

static const double sample_x[SAMPLES][3] = {{1.5, 2, 3}, {-1, 0.5, 1}, {0.5, -2, -1}};
static const double sample_y[SAMPLES] = {0, 1, 0};

int section_4_8(lesson *l)
{
	small_net net = net_331(l->f), moved = net;
	int all = parameters_of(&net), first = weights_at(&net, 1);
	double sum[SMALL_PARAMETERS] = {0}, before = 0, after = 0;
	pass p;

	begin_part(l, FORMULA);
	line(l, "ΔW⁽ˡ⁾ = 0, Δb⁽ˡ⁾ = 0;  for each of the m samples:");
	line(l, "    ΔW⁽ˡ⁾ += δ⁽ˡ⁺¹⁾ (h⁽ˡ⁾)ᵀ     Δb⁽ˡ⁾ += δ⁽ˡ⁺¹⁾");
	line(l, "W⁽ˡ⁾ −= α (1/m) ΔW⁽ˡ⁾           b⁽ˡ⁾ −= α (1/m) Δb⁽ˡ⁾");
	begin_part(l, COMPUTATION);
	line(l, "W⁽²⁾ of the 3-3-1 network, three samples, α = 0.25:");
	blank(l);
	for (int s = 0; s < SAMPLES; s++) {
		if (trace(&net, sample_x[s], &sample_y[s], &p) != EXIT_DONE)
			return EXIT_FAILED;
		before += p.J / SAMPLES;
		for (int k = 0; k < all; k++)
			sum[k] += p.gradient[k];
		line(l, "sample %d   δ⁽³⁾ %9.6f   δ⁽³⁾(h⁽²⁾)ᵀ %9.6f %9.6f %9.6f", s + 1, p.d[3],
		     p.gradient[first], p.gradient[first + 1], p.gradient[first + 2]);
	}
	line(l, "ΔW⁽²⁾                        sum %9.6f %9.6f %9.6f", sum[first], sum[first + 1],
	     sum[first + 2]);
	for (int k = 0; k < all; k++)
		moved.p[k] -= 0.25 * sum[k] / SAMPLES;
	line(l, "W⁽²⁾ − α (1/m) ΔW⁽²⁾             %9.6f %9.6f %9.6f", moved.p[first],
	     moved.p[first + 1], moved.p[first + 2]);
	for (int s = 0; s < SAMPLES; s++) {
		if (trace(&moved, sample_x[s], &sample_y[s], &p) != EXIT_DONE)
			return EXIT_FAILED;
		after += p.J / SAMPLES;
	}
	begin_part(l, RESULT);
	line(l, "J before %.6f, after one step %.6f", before, after);
	numbers(l, "sum_W2", 3, sum + first);
	numbers(l, "W2", 3, moved.p + first);
	count(l, "samples", SAMPLES);
	number(l, "J_before", before);
	number(l, "J_after", after);
	take_away(l, "The gradient of a mean is the mean of the gradients: go through all "
		     "samples, add up their gradients, and only then take one step.");
	return EXIT_DONE;
}

/* ---- 4.9 ------------------------------------------------------------------------------------- */

/* Learns the majority of three bits, by a 3-3-1 network with the article's initial weights. */
enum { ROWS = 8, ITERATIONS = 3000 };

static void majority(float x[ROWS][3], float y[ROWS])
{
	for (int r = 0; r < ROWS; r++) {
		int ones = 0;

		for (int j = 0; j < 3; j++) {
			x[r][j] = (float)(r >> (2 - j) & 1);
			ones += r >> (2 - j) & 1;
		}
		y[r] = ones >= 2;
	}
}

/* The algorithm in three calls of the library; J[i] is the cost before iteration i. */
static int iterate(hebb_net *net, float x[ROWS][3], const float *y, double *J)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	hebb_status status = HEBB_OK;

	recipe.rule = HEBB_SGD;
	recipe.rate = 0.25;
	recipe.threads = 1;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		return fail_error("tutorial", &error);
	for (int i = 0; i <= ITERATIONS && status == HEBB_OK; i++) {
		status = hebb_trainer_gradient(trainer, ROWS, x[0], y, NULL, &J[i], &error);
		if (status == HEBB_OK && i < ITERATIONS)
			status = hebb_trainer_update(trainer, &error);
	}
	hebb_trainer_free(trainer);
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

static int tell_iterations(lesson *l, hebb_net *net)
{
	static double J[ITERATIONS + 1], at[ITERATIONS + 1];
	static const int shown[] = {0, 1, 10, 100, 1000, 2000, ITERATIONS};
	float x[ROWS][3], y[ROWS];
	int right = 0;

	majority(x, y);
	if (iterate(net, x, y, J) != EXIT_DONE)
		return EXIT_FAILED;
	for (int i = 0; i < (int)(sizeof shown / sizeof *shown); i++)
		line(l, "iteration %5d   J = %.6f", shown[i], J[shown[i]]);
	blank(l);
	for (int r = 0; r < ROWS; r++) {
		float h = 0;

		hebb_predict(net, x[r], &h, NULL);
		right += (h > 0.5f) == (y[r] > 0.5f);
		line(l, "x = (%.0f, %.0f, %.0f)   y = %.0f   h = %.4f", (double)x[r][0],
		     (double)x[r][1], (double)x[r][2], (double)y[r], (double)h);
	}
	for (int i = 0; i <= ITERATIONS; i++)
		at[i] = i;
	plot *p = plot_new("The cost over the iterations", (axis){"iteration", 0, ITERATIONS, 0},
			   value_axis("J", ITERATIONS + 1, J));
	if (p)
		plot_curve(p, INK_1, NULL, ITERATIONS + 1, at, J);
	if (show_plot(l, "cost", p) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	line(l, "%d of %d right, J from %.4f to %.4f", right, ROWS, J[0], J[ITERATIONS]);
	count(l, "iterations", ITERATIONS);
	number(l, "J_at_start", J[0]);
	number(l, "J_at_end", J[ITERATIONS]);
	count(l, "right", right);
	count(l, "rows", ROWS);
	return EXIT_DONE;
}

int section_4_9(lesson *l)
{
	hebb_layer layer[] = {hebb_dense(3, l->f), hebb_dense(1, l->f)};
	hebb_error error;
	int status;

	layer[0].start = layer[1].start = HEBB_START_UNIFORM01;
	hebb_net *net = hebb_net_new(3, 2, layer, 1, NULL, &error);
	if (!net)
		return fail_error("tutorial", &error);
	begin_part(l, FORMULA);
	line(l, "draw W and b at random");
	line(l, "for each iteration:");
	line(l, "    ΔW = 0, Δb = 0");
	line(l, "    for each sample:  forward, δ of the output, δ of the layers below,");
	line(l, "                      ΔW += δ hᵀ, Δb += δ");
	line(l, "    W −= α (1/m) ΔW;  b −= α (1/m) Δb");
	begin_part(l, COMPUTATION);
	prose(l, "In Hebb, a loop calls hebb_trainer_gradient() and hebb_trainer_update(). Here a "
		 "3-3-1 network learns the majority of three bits, with α = 0.25:");
	blank(l);
	status = tell_iterations(l, net);
	hebb_net_free(net);
	if (status == EXIT_DONE)
		take_away(l, "This is the whole algorithm. The same few lines train three nodes "
			     "or three million.");
	return status;
}
