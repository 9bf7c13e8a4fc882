/* SPDX-License-Identifier: MIT */
/*
 * exercises.c - exercises at the end of each section; their answers are computed
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/json.h"
#include "tutorial/exercises.h"

enum { ANSWER_MOST = 4 };

/* In the answer, #4 stands for the next value with four decimals, #g for as many as it has. */
typedef struct exercise {
	const char *section, *question, *answer;
	int values;
	void (*compute)(double v[ANSWER_MOST]);
} exercise;

static double sigmoid(double z)
{
	return hebb_activation_f(HEBB_SIGMOID, z);
}

/* ---- Chapters 1 and 2 ------------------------------------------------------------------------ */

static void share_right(double v[ANSWER_MOST])
{
	v[0] = 100 * 36 / 40.0;
	v[1] = 100 * sqrt(0.9 * 0.1 / 40);
}

static void sigmoid_at_2(double v[ANSWER_MOST])
{
	v[0] = sigmoid(0);
	v[1] = sigmoid(2);
	v[2] = sigmoid(-2);
	v[3] = v[1] + v[2];
}

/* Halves the interval in which the slope falls below half of its largest. */
static void half_slope(double v[ANSWER_MOST])
{
	double low = 0, high = 8, half = hebb_activation_derivative(HEBB_SIGMOID, 0) / 2;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		*(hebb_activation_derivative(HEBB_SIGMOID, middle) > half ? &low : &high) = middle;
	}
	v[0] = low;
	v[1] = sigmoid(low);
}

static void small_node(double v[ANSWER_MOST])
{
	static const double w[] = {0.5, 0.25}, x[] = {1, -2};
	small_net net = neuron(HEBB_SIGMOID, 2, w, 0.1);
	pass p = {.J = 0};

	trace(&net, x, NULL, &p);
	v[0] = p.z[0];
	v[1] = p.h[0];
}

static void switch_at_1(double v[ANSWER_MOST])
{
	v[0] = -5 * 1.0;
	v[1] = sigmoid(5 * 1.5 + v[0]);
}

static long long weights_of(int n, const int *sizes)
{
	long long all = 0;

	for (int k = 0; k + 1 < n; k++)
		all += (long long)sizes[k] * sizes[k + 1];
	return all;
}

static const int digits_sizes[] = {64, 30, 10};

static void parameters_of_two(double v[ANSWER_MOST])
{
	static const int mnist[] = {784, 100, 10};

	v[0] = (double)weights_of(3, digits_sizes) + 30 + 10;
	v[1] = (double)weights_of(3, mnist) + 100 + 10;
}

static void rows_and_columns(double v[ANSWER_MOST])
{
	v[0] = digits_sizes[1];
	v[1] = digits_sizes[0];
	v[2] = v[0] * v[1];
}

/* ---- Chapter 3 ------------------------------------------------------------------------------- */

/* The 3-3-1 network for x = 0. */
static pass at_zero(void)
{
	static const double x[3] = {0};
	small_net net = net_331(HEBB_SIGMOID);
	pass p = {.J = 0};

	trace(&net, x, NULL, &p);
	return p;
}

static void output_at_zero(double v[ANSWER_MOST])
{
	pass p = at_zero();

	v[0] = p.h[0];
	v[1] = p.h[3];
}

static void sum_at_zero(double v[ANSWER_MOST])
{
	v[0] = at_zero().z[3];
}

static void innermost(double v[ANSWER_MOST])
{
	static const int small[] = {3, 3, 1};

	v[0] = (double)weights_of(3, small);
	v[1] = (double)weights_of(3, digits_sizes);
}

static void four_layers(double v[ANSWER_MOST])
{
	static const int three[] = {3, 3, 1}, four[] = {3, 3, 3, 1};

	v[1] = (double)weights_of(4, four);
	v[2] = (double)weights_of(3, three);
	v[0] = v[1] / v[2];
}

static void products(double v[ANSWER_MOST])
{
	static const int wide[] = {100, 100, 50, 10};

	v[0] = 100.0 * 100;
	v[1] = (double)weights_of(4, wide);
}

/* ---- Chapter 4 ------------------------------------------------------------------------------- */

static void one_step(double v[ANSWER_MOST])
{
	double x = 1, slope = 4 * pow(x, 3) - 9 * x * x;

	v[0] = slope;
	v[1] = x - 0.01 * slope;
	v[2] = pow(v[1], 4) - 3 * pow(v[1], 3) + 2;
}

static void rate_limit(double v[ANSWER_MOST])
{
	v[0] = 12 * 2.25 * 2.25 - 18 * 2.25;
	v[1] = 2 / v[0];
}

static void cost_of_one(double v[ANSWER_MOST])
{
	v[0] = 0.5 * pow(1 - 0.8, 2);
	v[1] = 0.5 * pow(2 * (1 - 0.8), 2) / v[0];
}

static void expected_fall(double v[ANSWER_MOST])
{
	v[0] = 0.1 * 0.0047;
}

/* Least squares for (0, 1) and (2, 2): two points lie on one line. */
static void two_points(double v[ANSWER_MOST])
{
	v[0] = (2.0 - 1.0) / (2.0 - 0.0);
	v[1] = 1 - v[0] * 0;
	v[2] = 0.5 * (pow(v[0] * 0 + v[1] - 1, 2) + pow(v[0] * 2 + v[1] - 2, 2)) / 2;
}

/* The 3-3-1 network of the chapter with the wanted output 1. */
static pass with_target_1(void)
{
	static const double y = 1;
	small_net net = net_331(HEBB_SIGMOID);
	pass p = {.J = 0};

	trace(&net, x_331, &y, &p);
	return p;
}

static void other_target(double v[ANSWER_MOST])
{
	pass p = with_target_1();

	v[0] = p.d[3];
	v[1] = p.gradient[13];
}

static void hidden_other_target(double v[ANSWER_MOST])
{
	pass p = with_target_1();

	v[0] = p.d[0];
	v[1] = p.gradient[0];
}

static void transposed(double v[ANSWER_MOST])
{
	small_net net = net_2342(HEBB_SIGMOID);

	v[0] = units_of(&net, 0);
	v[1] = units_of(&net, 1);
	v[2] = v[0] * v[1];
}

static void mean_step(double v[ANSWER_MOST])
{
	v[0] = (0.3 - 0.1 + 0.4) / 3;
	v[1] = -0.25 * v[0];
}

static void passes(double v[ANSWER_MOST])
{
	v[0] = 3000.0 * 8;
	v[1] = 3000;
}

/* ---- Chapters 5 and 6 ------------------------------------------------------------------------ */

static void scaled_values(double v[ANSWER_MOST])
{
	v[0] = (0 - 5) / 2.5;
	v[1] = (10 - 5) / 2.5;
}

static void quarter(double v[ANSWER_MOST])
{
	v[0] = ceil(0.25 * 1797);
	v[1] = 1797 - v[0];
}

static void undecided(double v[ANSWER_MOST])
{
	v[0] = pow(1 - 0.1, 2) + 9 * pow(0 - 0.1, 2);
	v[1] = v[0] / 2;
}

static void undecided_norm(double v[ANSWER_MOST])
{
	undecided(v);
	v[0] = sqrt(v[0]);
}

static void error_of_accuracy(double v[ANSWER_MOST])
{
	v[0] = 100 * sqrt(0.87 * 0.13 / 719);
	v[1] = 1.96 * v[0];
}

static void glorot(double v[ANSWER_MOST])
{
	v[0] = sqrt(6.0 / (64 + 30));
	v[1] = sqrt(6.0 / (30 + 10));
}

/* ---- Chapter 7 ------------------------------------------------------------------------------- */

static void full_start(double v[ANSWER_MOST])
{
	v[0] = digits_sizes[1] * 0.5 + 0.5;
	v[1] = hebb_activation_derivative(HEBB_SIGMOID, v[0]);
}

static void equal_sums(double v[ANSWER_MOST])
{
	v[0] = exp(1) / (3 * exp(1));
	v[1] = -log(v[0]);
}

static void updates_made(double v[ANSWER_MOST])
{
	v[1] = ceil(1078 / 32.0);
	v[0] = 50 * v[1];
	v[2] = 50;
}

/* After its first step Adam's means, corrected, are g and g². */
static void first_steps(double v[ANSWER_MOST])
{
	static const double g[] = {0.001, 1000};

	for (int i = 0; i < 2; i++)
		v[i] = 0.1 * g[i] / (sqrt(g[i] * g[i]) + 1e-8);
}

static void slopes_left(double v[ANSWER_MOST])
{
	double most = hebb_activation_derivative(HEBB_SIGMOID, 0);

	v[0] = pow(most, 5);
	v[1] = pow(most, 10);
}

static void nodes_left(double v[ANSWER_MOST])
{
	v[0] = 300 * (1 - 0.2);
	v[1] = 1 / (1 - 0.2);
}

static void fewer_errors(double v[ANSWER_MOST])
{
	v[0] = (100 - 87.7) / (100 - 98.6);
}

static const exercise exercises[] = {
	{"1",
	 "Of 40 new mails, 36 are classified correctly. What is the accuracy, and what is its "
	 "standard error √(p (1 − p) / n)?",
	 "#1 %, and #2 points: with so few mails the accuracy is known only roughly.", 2,
	 share_right},
	{"2.1", "What are f(0), f(2) and f(−2) of the sigmoid, and the sum of the last two?",
	 "#g, #6 and #6; together #g: f(−z) = 1 − f(z).", 4, sigmoid_at_2},
	{"2.1", "At which z > 0 is the slope f′(z) half of its largest, and what is f there?",
	 "z = #4, f = #4: from there on a neuron learns at less than half speed.", 2, half_slope},
	{"2.2", "x = (1, −2), w = (0.5, 0.25), b = 0.1: what are z and h?",
	 "z = 0.5 − 0.5 + 0.1 = #1, h = f(z) = #6.", 2, small_node},
	{"2.3", "Which b lets a node with w = 5 switch at x = 1? What is h at x = 1.5 then?",
	 "b = −w · 1 = #g; h = f(5 · 1.5 − 5) = #6. Try: hebb tutorial 2.3 -w 5 -b -5", 2,
	 switch_at_1},
	{"2.4", "How many numbers does a 64-30-10 network learn, and a 784-100-10 network?",
	 "#g and #0. Try: hebb tutorial 2.4 --sizes 784,100,10", 2, parameters_of_two},
	{"2.5", "How many rows, columns and weights has W⁽¹⁾ of a 64-30-10 network?",
	 "#g rows, one for each receiver, #g columns, #g weights.", 3, rows_and_columns},
	{"3.1", "What are h₁⁽²⁾ and h⁽³⁾ of the 3-3-1 network for x = (0, 0, 0)?",
	 "h₁⁽²⁾ = f(0.8) = #6, h⁽³⁾ = #6. Try: hebb tutorial 3.1 -x 0,0,0", 2, output_at_zero},
	{"3.2", "How often is the line with f_sum += run for a 3-3-1, and for a 64-30-10 network?",
	 "#g and #g times: once for each weight.", 2, innermost},
	{"3.3",
	 "If the time grew only with the number of weights, how many times as long would 3-3-3-1 "
	 "take as 3-3-1?",
	 "#2 times as long: it has #g weights instead of #g.", 3, four_layers},
	{"3.4", "What is z⁽³⁾ of the 3-3-1 network for x = (0, 0, 0)?",
	 "#6: 0.5 times the sum of three f(0.8), and 0.2.", 1, sum_at_zero},
	{"3.5",
	 "How many products has W h with 100 rows and 100 columns? And the whole pass of "
	 "100-100-50-10?",
	 "#0 and #0.", 2, products},
	{"4.1", "x = 1 and α = 0.01: what are the slope, the next x, and f there?",
	 "f′(1) = #g, so x = #2 and f = #6. Try: hebb tutorial 4.1 --start 1", 3, one_step},
	{"4.1",
	 "Near x = 2.25 the slope changes by f″ = 12x² − 18x for each 1 of x. Above which α does "
	 "the descent not settle?",
	 "f″ = #2, and the steps become larger if α f″ > 2, so above α = #4. Try: hebb tutorial "
	 "4.1 --rate 0.1 --start 2",
	 2, rate_limit},
	{"4.2", "y = 1 and h = 0.8: what is J? How many times as large is it for twice the error?",
	 "J = ½ · 0.2² = #2; #g times.", 2, cost_of_one},
	{"4.3", "‖∇J‖² = 0.0047 and α = 0.1: by how much will J fall, about?", "By α ‖∇J‖² = #5.",
	 1, expected_fall},
	{"4.4", "Which line w x + b goes through (0, 1) and (2, 2), and what is J there?",
	 "w = #g, b = #g, J = #g.", 3, two_points},
	{"4.5", "Let the wanted y be 1 instead of 0. What are δ₁⁽³⁾ and ∂J/∂w₁₂⁽²⁾?",
	 "δ₁⁽³⁾ = #7 and ∂J/∂w₁₂⁽²⁾ = #7: h is too small, so both are negative. Try: hebb "
	 "tutorial 4.5 -y 1",
	 2, other_target},
	{"4.6", "With y = 1, what are δ₁⁽²⁾ and ∂J/∂w₁₁⁽¹⁾?",
	 "#7 and #7. Try: hebb tutorial 4.6 -y 1", 2, hidden_other_target},
	{"4.7",
	 "How many rows and columns has (W⁽²⁾)ᵀ of the 2-3-4-2 network, and how many products "
	 "does (W⁽²⁾)ᵀ δ⁽³⁾ take?",
	 "#g rows, #g columns, #g products, as many as W⁽²⁾ h⁽²⁾.", 3, transposed},
	{"4.8",
	 "For one weight, three samples have the gradients 0.3, −0.1 and 0.4. What is the mean, "
	 "and "
	 "by how much does the weight change with α = 0.25?",
	 "The mean is #1, the change #2.", 2, mean_step},
	{"4.9",
	 "How many forward passes and how many updates do 3,000 iterations over 8 rows make?",
	 "#0 and #0.", 2, passes},
	{"5.1", "A pixel has the mean 5 and the standard deviation 2.5. What become 0 and 10?",
	 "#g and #g.", 2, scaled_values},
	{"5.2", "With 25 % of 1797 rows held out, rounded up: how many rows to test, and to train?",
	 "#g and #g. Try: hebb tutorial 5.2 --test 0.25", 2, quarter},
	{"5.3", "A network answers 0.1 for every digit. What are ‖y − h‖² and J of any image?",
	 "0.9² + 9 · 0.1² = #1, so J = #2.", 2, undecided},
	{"5.4",
	 "Which ‖y − h‖ has a network that answers 0.1 for every digit? Compare it with the table.",
	 "#6: only after hundreds of iterations is the network better than that.", 1,
	 undecided_norm},
	{"5.5",
	 "87 % of 719 digits are right. What is the standard error, and what are 1.96 of them, in "
	 "points?",
	 "#2 and #2: other test rows could easily give 85 or 89 %.", 2, error_of_accuracy},
	{"6", "Within which ± are Glorot's initial weights of 64 → 30, and of 30 → 10?",
	 "±#4 and ±#4.", 2, glorot},
	{"7.1",
	 "Weights and biases start in [0, 1), ½ on average, and all 30 hidden nodes put out 1. "
	 "About how large are z and f′(z) of an output?",
	 "z = #1 and f′(z) = #8: the error hardly comes back through it.", 2, full_start},
	{"7.2", "z = (1, 1, 1): what are the softmax outputs, and J if the first class is right?",
	 "Each is #4, and J = #4.", 2, equal_sums},
	{"7.3",
	 "How many updates do 50 epochs over 1,078 rows make in batches of 32? And with all rows "
	 "in one batch?",
	 "#g, as #g batches make an epoch, and #g.", 3, updates_made},
	{"7.4",
	 "How long is Adam's first step with α = 0.1 if the gradient is 0.001? If it is 1000?",
	 "#6 and #6: whatever its size, the gradient tells only the direction.", 2, first_steps},
	{"7.5",
	 "The slope of the sigmoid is at most 1/4. With weights of 1, what is left of δ after 5 "
	 "such layers, and after 10?",
	 "At most #6 and #8 of it.", 2, slopes_left},
	{"7.6",
	 "Dropout of 0.2 in a layer of 300 nodes: how many go on, on average, and by what are "
	 "their outputs multiplied?",
	 "#g, and by #2, so that the sum of the next layer keeps its mean.", 2, nodes_left},
	{"7.7", "Accuracies of 87.7 and 98.6 %: how many times as many errors has the first?",
	 "#1 times: look at errors if accuracies are high.", 1, fewer_errors},
};

enum { EXERCISES_MOST = sizeof exercises / sizeof *exercises };

/* The answer with its values. */
static const char *answer_of(const exercise *e, const double *v, char text[512])
{
	size_t length = 0;
	int next = 0;

	for (const char *c = e->answer; *c && length < 480; c++) {
		if (*c == '#' && c[1] == 'g')
			length += (size_t)snprintf(text + length, 512 - length, "%g", v[next++]);
		else if (*c == '#')
			length += (size_t)snprintf(text + length, 512 - length, "%.*f", c[1] - '0',
						   v[next++]);
		else
			text[length++] = *c;
		c += *c == '#';
	}
	text[length] = '\0';
	return text;
}

/* Prints the section's questions, or its answers. */
static void show_all(lesson *l, int answers)
{
	int n = 0;

	for (int i = 0; i < EXERCISES_MOST; i++) {
		const exercise *e = &exercises[i];
		double v[ANSWER_MOST] = {0};
		char text[512];

		if (strcmp(e->section, l->section) != 0)
			continue;
		e->compute(v);
		prose(l, "%d. %s", ++n, answers ? answer_of(e, v, text) : e->question);
	}
	if (is_printing(l))
		putchar('\n');
}

static void tell_json(lesson *l)
{
	json_t *all = json_array();

	for (int i = 0; i < EXERCISES_MOST; i++) {
		const exercise *e = &exercises[i];
		double v[ANSWER_MOST] = {0};
		json_t *one, *values;
		char text[512];

		if (strcmp(e->section, l->section) != 0)
			continue;
		e->compute(v);
		one = json_object();
		values = json_array();
		json_object_set_new(one, "question", json_string(e->question));
		json_object_set_new(one, "answer", json_string(answer_of(e, v, text)));
		for (int k = 0; k < e->values; k++)
			json_array_append_new(values, number_json(v[k]));
		json_object_set_new(one, "values", values);
		json_array_append_new(all, one);
	}
	if (json_array_size(all))
		json_object_set_new(l->numbers, "exercises", all);
	else
		json_decref(all);
}

/* Whether the section has exercises. */
static int has_exercises(const char *section)
{
	for (int i = 0; i < EXERCISES_MOST; i++)
		if (strcmp(exercises[i].section, section) == 0)
			return 1;
	return 0;
}

void show_exercises(lesson *l)
{
	if (!has_exercises(l->section))
		return;
	if (l->numbers)
		tell_json(l);
	begin_part(l, EXERCISES);
	show_all(l, 0);
	if (!l->given->answers)
		return;
	begin_part(l, ANSWERS);
	show_all(l, 1);
}

void show_answers(lesson *l)
{
	if (!is_printing(l))
		return;
	printf("\n%sAnswers%s\n", bold(stdout), plain(stdout));
	if (has_exercises(l->section))
		show_all(l, 1);
	else
		prose(l, "This section has no exercises.");
}
