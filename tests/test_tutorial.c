/* SPDX-License-Identifier: MIT */
/*
 * test_tutorial.c - every item of the tutorial: implemented, where, and with which value
 *
 * The rows are those of the list of the tutorial's items that the project keeps: concepts,
 * formulas, functions, data, figures and numbers, in the order of the article.  Each names the
 * section and key of `hebb tutorial --json all` that shows it and a function that computes it; a
 * number must be within `tolerance` of `expected`.  Numbers that the article does not print were
 * computed apart, from its formulas. --json prints 15 digits.  test_tutorial --list prints the
 * table.
 *
 * A value of a trained network is one run of one seed; its tolerance spans what was seen over 20
 * seeds.
 */
#define _POSIX_C_SOURCE 200809L

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include "test.h"

#define MAILS "src/cli/tutorial/mails.c"
#define NEURON "src/cli/tutorial/neuron.c"
#define LOOPS "src/cli/tutorial/loops.c"
#define FORWARD "src/cli/tutorial/forward.c"
#define DESCENT "src/cli/tutorial/descent.c"
#define BOWL "src/cli/tutorial/bowl.c"
#define BACKPROP "src/cli/tutorial/backprop.c"
#define STEPS "src/cli/tutorial/steps.c"
#define QUESTIONS "src/cli/tutorial/questions.c"
#define DIGITS "src/cli/tutorial/digits.c"
#define BEYOND "src/cli/tutorial/beyond.c"
#define LADDER "src/cli/tutorial/ladder.c"

struct row {
	int row;
	const char *item,
		*path; /* "SECTION KEY", "SECTION KEY INDEX" or "SECTION figures INDEX=NAME" */
	double expected, tolerance;
	const char *file, *function;
};

#define SHOWN \
	NAN, 0 /* it is there: a figure or title, or a number above 0 that has no value of its own \
		* \ */

static const struct row rows[] = {
	{1, "artificial neural network", "1 accuracy_after", 0.9, 0.1, MAILS, "section_1"},
	{2, "supervised learning", "1 mails", 120, 0, MAILS, "write_mails"},
	{3, "activation function", "2.1 f_at_8", 1, 1e-3, "src/core/activation.c",
	 "hebb_activation_f"},
	{4, "sigmoid at 0", "2.1 f_at_0", 0.5, 0, "src/core/activation.c", "sigmoid"},
	{4, "sigmoid at 8", "2.1 f_at_8", 0.99966, 5e-6, "src/core/activation.c", "sigmoid"},
	{4, "sigmoid at -8", "2.1 f_at_minus_8", 0.00034, 5e-6, "src/core/activation.c", "sigmoid"},
	{4, "no overflow", "2.1 f_at_1000", 1, 0, "src/core/activation.c", "sigmoid"},
	{4, "no overflow", "2.1 f_at_minus_1000", 0, 0, "src/core/activation.c", "sigmoid"},
	{5, "points of the curve", "2.1 points", 160, 0, NEURON, "curve"},
	{5, "from", "2.1 first_x", -8, 0, NEURON, "curve"},
	{5, "to", "2.1 last_x", 7.9, 1e-12, NEURON, "curve"},
	{5, "figure: sigmoid", "2.1 figures 0=sigmoid", SHOWN, NEURON, "section_2_1"},
	{6, "soft edge, derivative", "2.1 derivative_at_0", 0.25, 0, "src/core/activation.c",
	 "sigmoid_d"},
	{7, "node", "2.2 h", 0.89090317880438707, 1e-15, NEURON, "section_2_2"},
	{8, "weighted sum", "2.2 z", 2.1, 1e-15, NEURON, "section_2_2"},
	{9, "figure: node", "2.2 figures 0=node", SHOWN, NEURON, "draw_node"},
	{10, "figure: simple node", "2.3 figures 0=simple-node", SHOWN, NEURON, "draw_node"},
	{11, "w = 0.5", "2.3 h_at_1 0", 0.622459, 5e-7, NEURON, "effect_of_weight"},
	{11, "w = 1.0", "2.3 h_at_1 1", 0.731059, 5e-7, NEURON, "effect_of_weight"},
	{11, "w = 2.0", "2.3 h_at_1 2", 0.880797, 5e-7, NEURON, "effect_of_weight"},
	{11, "all 0.5 at x = 0", "2.3 h_at_0 2", 0.5, 0, NEURON, "effect_of_weight"},
	{11, "figure: weight", "2.3 figures 2=weight", SHOWN, NEURON, "draw_curves"},
	{12, "figure: node with bias", "2.3 figures 1=node-with-bias", SHOWN, NEURON, "draw_node"},
	{13, "b = -8", "2.3 switches_at 0", 1.6, 1e-9, NEURON, "crossing"},
	{13, "b = 0", "2.3 switches_at 1", 0, 1e-9, NEURON, "crossing"},
	{13, "b = 8", "2.3 switches_at 2", -1.6, 1e-9, NEURON, "crossing"},
	{13, "figure: bias", "2.3 figures 3=bias", SHOWN, NEURON, "effect_of_bias"},
	{14, "if (x > z)", "2.3 switches_at 0", 1.6, 1e-9, NEURON, "section_2_3"},
	{15, "layers", "2.4 layers", 3, 0, NEURON, "section_2_4"},
	{15, "weights", "2.4 weights", 12, 0, NEURON, "section_2_4"},
	{15, "biases", "2.4 biases", 4, 0, NEURON, "section_2_4"},
	{15, "parameters", "2.4 parameters", 16, 0, "src/core/network.c", "hebb_net_parameters"},
	{15, "figure: network", "2.4 figures 0=network", SHOWN, NEURON, "draw_layers"},
	{16, "w21 moves z2", "2.5 moving_w21 1", 0.15, 1e-12, NEURON, "move"},
	{16, "and not z1", "2.5 moving_w21 0", 0, 0, NEURON, "move"},
	{17, "b2 moves z2", "2.5 moving_b2 1", 0.1, 1e-12, NEURON, "move"},
	{18, "feed-forward equations", "3.1 output", 0.83545566124756454, 1e-15, FORWARD,
	 "section_3_1"},
	{19, "W1", "3.1 W1 0", 0.2, 0, "src/cli/tutorial/small.c", "net_331"},
	{19, "W1", "3.1 W1 3", 0.4, 0, "src/cli/tutorial/small.c", "net_331"},
	{19, "W1", "3.1 W1 8", 0.6, 0, "src/cli/tutorial/small.c", "net_331"},
	{20, "W2", "3.1 W2 2", 0.5, 0, "src/cli/tutorial/small.c", "net_331"},
	{21, "b1", "3.1 b1 1", 0.8, 0, "src/cli/tutorial/small.c", "net_331"},
	{21, "b2", "3.1 b2 0", 0.2, 0, "src/cli/tutorial/small.c", "net_331"},
	{22, "f(x)", "3.1 hidden 0", 0.89090317880438707, 1e-15, "examples/tutorial/looped.c", "f"},
	{23, "simple_looped_nn_calc", "3.2 difference", 0, 1.2e-16, LOOPS, "looped"},
	{24, "x", "3.1 x 0", 1.5, 0, "src/cli/tutorial/small.c", "x_331"},
	{24, "x", "3.1 x 2", 3, 0, "src/cli/tutorial/small.c", "x_331"},
	{25, "output by loops", "3.2 output", 0.83545566124756454, 1e-15, LOOPS, "looped"},
	{26, "hidden 1", "3.1 hidden 0", 0.89090317880438707, 1e-15, FORWARD, "section_3_1"},
	{26, "hidden 2", "3.1 hidden 1", 0.96770453530154951, 1e-15, FORWARD, "section_3_1"},
	{26, "hidden 3", "3.1 hidden 2", 0.99098670134715205, 1e-15, FORWARD, "section_3_1"},
	{27, "the article's time, 3 layers", "3.3 article_3_layers_us", 40, 0, LOOPS,
	 "section_3_3"},
	{27, "the article's time, 4 layers", "3.3 article_4_layers_us", 70, 0, LOOPS,
	 "section_3_3"},
	{27, "ours, 3 layers", "3.3 looped_3_layers_us", SHOWN, LOOPS, "time_of"},
	{27, "ours, 4 layers", "3.3 looped_4_layers_us", SHOWN, LOOPS, "time_of"},
	{28, "loops against matrices", "3.5 looped_100_100_50_10_us", SHOWN, LOOPS, "hold_races"},
	{29, "z", "3.4 z2 1", 3.4, 1e-15, FORWARD, "section_3_4"},
	{30, "matrix form", "3.4 output", 0.83545566124756454, 1e-15, FORWARD, "section_3_4"},
	{31, "matrices equal loops", "3.5 difference", 0, 1.2e-16, FORWARD, "section_3_5"},
	{31, "in float32", "3.5 output_engine", 0.83545566124756454, 1e-7, "src/core/backprop.c",
	 "hb_forward"},
	{32, "gradient descent", "4.1 updates", 70, 0, DESCENT, "descend"},
	{33, "exact minimum", "4.1 exact_minimum", 2.25, 0, DESCENT, "section_4_1"},
	{33, "f there", "4.1 f_at_exact_minimum", -6.54296875, 0, DESCENT, "quartic"},
	{33, "slope there", "4.1 slope_at_exact_minimum", 0, 0, DESCENT, "quartic_slope"},
	{33, "0 is stationary", "4.1 slope_at_0", 0, 0, DESCENT, "quartic_slope"},
	{34, "the minimum found", "4.1 minimum", 2.2499646074278457, 1e-14, DESCENT, "descend"},
	{34, "figure: descent", "4.1 figures 0=descent", SHOWN, DESCENT, "plot_descent"},
	{35, "cost of one pair", "4.2 J_of_first_pair", 0.013537419707738117, 1e-16, DESCENT,
	 "section_4_2"},
	{36, "mean cost", "4.2 J", 0.12959471801965838, 1e-15, DESCENT, "section_4_2"},
	{37, "mean norm", "4.2 mean_norm", 0.44425743010993013, 1e-15, DESCENT, "section_4_2"},
	{38, "update: J before", "4.3 J_before", 0.12959471801965838, 1e-7, DESCENT, "one_update"},
	{38, "update: J after", "4.3 J_after", 0.12841799765104095, 1e-7, DESCENT, "one_update"},
	{39, "gradient", "4.3 gradient_squared", 0.004732668466311339, 1e-8, "src/core/backprop.c",
	 "hb_gradient"},
	{40, "two dimensions: w", "4.4 exact_w", 0.6, 1e-15, BOWL, "bottom"},
	{40, "two dimensions: b", "4.4 exact_b", 1.1, 1e-15, BOWL, "bottom"},
	{40, "the descent's w", "4.4 w", 0.6, 0.01, BOWL, "walk_down"},
	{40, "figure: contours", "4.4 figures 0=contours", SHOWN, BOWL, "plot_bowl"},
	{41, "output via z", "4.5 h", 0.83545566124756454, 1e-15, BACKPROP, "section_4_5"},
	{42, "chain rule", "4.5 gradient 1", 0.11114054795934512, 1e-15, BACKPROP, "one_chain"},
	{42, "by differences", "4.5 differences 1", 0.11114054795934512, 1e-9,
	 "src/cli/tutorial/small.c", "differences"},
	{43, "dz/dw", "4.5 dz_dw12", 0.96770453530154951, 1e-15, BACKPROP, "one_chain"},
	{44, "f'", "4.5 f_derivative", 0.13746949933695923, 1e-15, "src/core/activation.c",
	 "sigmoid_d"},
	{44, "f' at 0", "4.5 f_derivative_at_0", 0.25, 0, "src/core/activation.c", "sigmoid_d"},
	{45, "dJ/dh", "4.5 dJ_dh", 0.83545566124756454, 1e-15, BACKPROP, "one_chain"},
	{46, "delta of the output", "4.5 delta", 0.11484967146993091, 1e-15, "src/core/loss.c",
	 "naive_squared"},
	{47, "weight gradient", "4.5 gradient 0", 0.10231993739720098, 1e-15,
	 "src/core/reference.c", "add_gradient"},
	{48, "hidden delta 1", "4.6 delta 0", 0.005581389957484372, 1e-15, "src/core/reference.c",
	 "hidden_delta"},
	{48, "hidden delta 2", "4.6 delta 1", 0.0017946678215937353, 1e-15, "src/core/reference.c",
	 "hidden_delta"},
	{48, "hidden delta 3", "4.6 delta 2", 0.0005129220266064298, 1e-15, "src/core/reference.c",
	 "hidden_delta"},
	{48, "figure: deltas", "4.6 figures 0=deltas", SHOWN, BACKPROP, "draw_deltas"},
	{49, "many outputs", "4.6 many_outputs_delta_hidden", 0.026043653072205127, 1e-15, BACKPROP,
	 "many_outputs"},
	{49, "by its formula", "4.6 many_outputs_by_formula", 0.026043653072205127, 1e-15, BACKPROP,
	 "many_outputs"},
	{49, "figure: many outputs", "4.6 figures 1=many-outputs", SHOWN, BACKPROP, "draw_deltas"},
	{50, "bias gradient", "4.6 gradient 15", 0.11484967146993091, 1e-15, "src/core/reference.c",
	 "add_gradient"},
	{51, "why -(y - h)", "4.5 question_dJ_dh", 0.83545566124756454, 1e-15, QUESTIONS,
	 "why_the_minus"},
	{51, "z of which layer", "4.5 question_sum", 1.6247972077265429, 1e-14, QUESTIONS,
	 "which_layer"},
	{51, "with the other z", "4.5 question_gradient_with_wrong_z", 0.0785794143602009, 1e-14,
	 QUESTIONS, "which_layer"},
	{51, "more hidden layers", "4.6 question_deeper_gradient 0", 0.0013242816693146873, 1e-15,
	 QUESTIONS, "more_layers"},
	{51, "more hidden layers", "4.6 question_deeper_gradient 1", 0.016016343280045937, 1e-15,
	 QUESTIONS, "more_layers"},
	{51, "more hidden layers", "4.6 question_deeper_differences 2", 0.07321615531952884, 1e-9,
	 QUESTIONS, "more_layers"},
	{51, "the recursion", "4.6 question_one_path_delta", 0.005581389957484372, 1e-15, QUESTIONS,
	 "one_path"},
	{51, "the recursion", "4.6 question_three_paths_delta", 0.026043653072205127, 1e-15,
	 QUESTIONS, "all_paths"},
	{51, "by moving z", "4.6 question_three_paths_by_moving_z", 0.026043653072205127, 1e-10,
	 QUESTIONS, "slope_of_z"},
	{52, "vectorized backpropagation", "4.7 products_against_loops", 0, 1e-15, STEPS,
	 "delta_by_matrix"},
	{52, "equals differences", "4.7 largest_difference", 0, 1e-9, STEPS, "section_4_7"},
	{52, "in float32", "4.7 engine_difference", 0, 1e-6, "src/core/backprop.c", "hb_deltas"},
	{53, "accumulated step", "4.8 sum_W2 0", 0.16071719299944953, 1e-15, STEPS, "section_4_8"},
	{53, "accumulated step", "4.8 sum_W2 2", 0.13524149494025967, 1e-15, STEPS, "section_4_8"},
	{54, "final algorithm", "4.9 right", 8, 0, STEPS, "iterate"},
	{55, "rows", "5.1 rows", 1797, 0, "src/io/digits.c", "hebb_table_digits"},
	{55, "pixels", "5.1 pixels", 64, 0, DIGITS, "section_5_1"},
	{55, "classes", "5.3 outputs", 10, 0, DIGITS, "section_5_3"},
	{56, "scaling", "5.1 first_row 0", 0, 0, "src/io/coding/coding.c", "hebb_coding_fit"},
	{56, "scaling", "5.1 first_row 1", -0.33501649, 2e-7, "src/io/coding/dataset.c",
	 "hebb_coding_apply"},
	{56, "scaling", "5.1 first_row 2", -0.04308102, 2e-7, "src/io/coding/dataset.c",
	 "hebb_coding_apply"},
	{56, "scaling", "5.1 first_row 3", 0.27407152, 2e-7, "src/io/coding/dataset.c",
	 "hebb_coding_apply"},
	{56, "scaling", "5.1 first_row 4", -0.66447751, 2e-7, "src/io/coding/dataset.c",
	 "hebb_coding_apply"},
	{56, "scaling", "5.1 first_row 5", -0.84412939, 2e-7, "src/io/coding/dataset.c",
	 "hebb_coding_apply"},
	{56, "constant columns", "5.1 constant_columns", 3, 0, DIGITS, "constant_columns"},
	{57, "rows to train", "5.2 train_rows", 1078, 0, "src/io/split.c", "hebb_split"},
	{57, "rows to test", "5.2 test_rows", 719, 0, "src/io/split.c", "hebb_split"},
	{58, "one-hot 1", "5.3 one 1", 1, 0, DIGITS, "section_5_3"},
	{58, "one-hot 1", "5.3 one 0", 0, 0, DIGITS, "section_5_3"},
	{59, "parameters", "5.4 parameters", 2260, 0, "src/core/network.c", "hebb_net_parameters"},
	{59, "biases", "5.4 biases", 40, 0, DIGITS, "section_5_4"},
	{60, "start in [0, 1)", "5.4 norm_at_start", 2.82, 0.1, "src/core/network.c",
	 "hebb_net_new"},
	{61, "the program's functions", "5.4 J_at_end", SHOWN, "src/core/backprop.c",
	 "hb_gradient"},
	{62, "iterations", "5.4 iterations", 3000, 0, DIGITS, "train_digits"},
	{62, "rate", "5.4 rate", 0.25, 0, "src/study/defaults.c", "choose_steps"},
	{63, "cost at the end", "5.4 norm_at_end", 0.439, 0.06, DIGITS, "mean_norm"},
	{63, "figure: cost", "5.4 figures 0=cost", SHOWN, DIGITS, "plot_costs"},
	{64, "predict_y", "5.5 right", 626.5, 23, "src/study/metrics.c", "hebb_largest"},
	{65, "accuracy", "5.5 accuracy", 0.8714, 0.032, "src/study/score.c", "hebb_score_dataset"},
	{65, "accuracy in training", "5.5 train_accuracy", 0.906, 0.03, "src/study/score.c",
	 "hebb_score_dataset"},
	{65, "figure: mistakes", "5.5 figures 0=mistakes", SHOWN, DIGITS, "draw_mistakes"},
	{66, "L2", "6 l2", 0.93, 0.025, "src/core/trainer.c", "hb_trainer_gradient"},
	{67, "choosing by a validation set", "6 title", SHOWN, "docs/tutorial.md", "--validation"},
	{68, "mini-batches", "6 mini_batches", 0.9698, 0.0175, "src/core/train.c", "hebb_train"},
	{69, "relu, softmax, cross-entropy", "6 defaults", 0.977, 0.0175, "src/core/loss.c",
	 "hb_loss"},
	{70, "Glorot's start", "6 glorot", 0.9599, 0.0175, "src/core/network.c", "start_layer"},
	{70, "logistic regression", "6 logistic_regression", 0.964, 0.0175,
	 "src/cli/tutorial/variants.c", "measure"},
	{71, "a start around 0", "7.1 start_accuracy", 0.9599, 0.0175, LADDER, "set_start"},
	{71, "the article's start: output |z|", "7.1 z_article 1", 9, 2, BEYOND, "look_at_start"},
	{71, "Glorot's: output f'", "7.1 slope_glorot 1", 0.22, 0.02, BEYOND, "look_at_start"},
	{72, "softmax", "7.2 softmax_h 0", 0.9522698261237778, 1e-15, "src/core/loss.c",
	 "naive_softmax"},
	{72, "softmax", "7.2 softmax_h 2", 0.0003194509383437505, 1e-17, "src/core/loss.c",
	 "naive_softmax"},
	{72, "cross-entropy", "7.2 J", 8.048906853547406, 1e-13, "src/core/loss.c",
	 "naive_cross_entropy"},
	{72, "delta = h - y", "7.2 softmax_delta 2", -0.99968054906165625, 1e-14, BEYOND,
	 "output_pass"},
	{72, "by differences", "7.2 largest_difference", 0, 1e-8, BEYOND, "check_deltas"},
	{72, "squared error's delta", "7.2 sigmoid_delta 2", -0.017345021070840124, 1e-15, BEYOND,
	 "output_pass"},
	{72, "accuracy", "7.2 softmax_accuracy", 0.969, 0.0175, LADDER, "set_softmax"},
	{73, "one step of 4 rows", "7.3 J_of_4_rows 0", 5.109375, 1e-5, BEYOND, "show_epoch"},
	{73, "two of 2 rows", "7.3 J_of_2_rows 1", 1.08178203125, 1e-5, BEYOND, "show_epoch"},
	{73, "four of a row", "7.3 J_of_1_row 3", 0.04872751945312493, 1e-6, BEYOND, "show_epoch"},
	{73, "epochs", "7.3 batches_epochs", 50, 0, LADDER, "set_batches"},
	{73, "accuracy", "7.3 batches_accuracy", 0.9695, 0.0175, LADDER, "set_batches"},
	{74, "descent", "7.4 descent_first_step 1", 0.001, 1e-8, BEYOND, "walk_with"},
	{74, "Adam", "7.4 adam_first_step 1", 0.0999999, 1e-7, BEYOND, "walk_with"},
	{74, "Adam, third step", "7.4 adam_last_step 0", 0.2950847475119418, 1e-7, BEYOND,
	 "walk_with"},
	{74, "Adam, third step", "7.4 adam_last_step 1", 0.2950844236425369, 1e-7,
	 "src/core/kernel/kernels.inc", "adam_update"},
	{74, "accuracy", "7.4 adam_accuracy", 0.968, 0.02, LADDER, "set_adam"},
	{75, "five sigmoids", "7.5 product_sigmoid 2", 1.275891761023495e-05, 1e-18, BEYOND,
	 "slope_through"},
	{75, "five relus", "7.5 product_relu 2", 1, 0, BEYOND, "slope_through"},
	{75, "five relus", "7.5 product_relu 0", 0, 0, BEYOND, "slope_through"},
	{75, "accuracy", "7.5 wide_accuracy", 0.9785, 0.0175, LADDER, "set_wide"},
	{76, "mean of dropout", "7.6 mean_of_draws 0", 0.89090317880438707, 0.03, BEYOND,
	 "draw_dropout"},
	{76, "mean of dropout", "7.6 mean_of_draws 2", 0.99098670134715205, 0.03, BEYOND,
	 "draw_dropout"},
	{76, "accuracy", "7.6 dropout_accuracy", 0.9785, 0.0175, LADDER, "set_dropout"},
	{77, "from", "7.7 article_accuracy", 0.8714, 0.032, LADDER, "ladder_show_all"},
	{77, "to", "7.7 defaults_accuracy", 0.987, 0.0125, LADDER, "ladder_show_all"},
	{77, "figure: all costs", "7.7 figures 0=cost", SHOWN, LADDER, "plot_costs"},
};

enum { ROWS = sizeof rows / sizeof *rows, LAST_ROW = 77 };

/* What the command prints, as an object. */
static json_t *run_all(void)
{
	FILE *pipe = popen("'" HEBB_COMMAND "' tutorial all --json --quiet --repeat 1", "r");
	json_error_t error;
	json_t *all;

	assert_non_null(pipe);
	all = json_loadf(pipe, 0, &error);
	assert_int_equal(pclose(pipe), 0);
	if (!all)
		fail_msg("%s", error.text);
	return all;
}

static const json_t *look_up(const json_t *all, const char *path)
{
	char section[16], key[64];
	int index, found = sscanf(path, "%15s %63s %d", section, key, &index);
	const json_t *value = json_object_get(json_object_get(all, section), key);

	return found == 3 ? json_array_get(value, (size_t)index) : value;
}

static void check_value(const struct row *r, const json_t *value)
{
	char what[160];

	snprintf(what, sizeof what, "row %d, %s: %s", r->row, r->item, r->path);
	if (!value)
		fail_msg("%s is missing", what);
	if (strchr(r->path, '=')) {
		assert_string_equal(json_string_value(value), strchr(r->path, '=') + 1);
		return;
	}
	if (isnan(r->expected) && json_is_string(value))
		return;
	if (!json_is_number(value))
		fail_msg("%s is no number", what);
	if (isnan(r->expected)) {
		assert_true(json_number_value(value) > 0);
		return;
	}
	test_near(json_number_value(value), r->expected, r->tolerance, what);
}

static void every_value(void **state)
{
	json_t *all = run_all();
	int next = 1;

	(void)state;
	for (int i = 0; i < ROWS; i++) {
		check_value(&rows[i], look_up(all, rows[i].path));
		assert_true(rows[i].row == next ||
			    rows[i].row == next - 1); /* no row is left out */
		next = rows[i].row + 1;
	}
	assert_int_equal(next, LAST_ROW + 1);
	json_decref(all);
}

static char *read_source(const char *name)
{
	static char text[1 << 20];
	char path[512];
	FILE *file;
	size_t length;

	snprintf(path, sizeof path, "%s/%s", HEBB_SOURCE, name);
	file = fopen(path, "rb");
	if (!file)
		fail_msg("there is no %s", name);
	length = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[length] = '\0';
	return text;
}

static int is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Whether the words stand in the text, not as a part of a longer word. */
static int has_words(const char *text, const char *words)
{
	size_t length = strlen(words);

	for (const char *at = strstr(text, words); at; at = strstr(at + 1, words))
		if ((at == text || !is_letter(at[-1])) && !is_letter(at[length]))
			return 1;
	return 0;
}

/* The function, or words of a page, that the row names. */
static void every_place(void **state)
{
	(void)state;
	for (int i = 0; i < ROWS; i++)
		if (!has_words(read_source(rows[i].file), rows[i].function))
			fail_msg("row %d: %s has no %s", rows[i].row, rows[i].file,
				 rows[i].function);
}

/* The page's table from formula to function: each link `[`name`](../file#Lfrom-Lto)` leads to a
 * file in which the name stands.  That the lines are those of the function is for `make ci`, since
 * every change moves some. */
static void every_link(void **state)
{
	static char page[1 << 20];
	int links = 0, from, to;

	(void)state;
	strcpy(page, read_source("docs/tutorial.md"));
	for (const char *at = strstr(page, "[`"); at; at = strstr(at + 1, "[`")) {
		char name[64], file[128];

		if (sscanf(at, "[`%63[A-Za-z0-9_]`](../%127[^#)]#L%d-L%d)", name, file, &from,
			   &to) != 4)
			continue;
		if (!has_words(read_source(file), name))
			fail_msg("%s has no %s; run make tutorial", file, name);
		links++;
	}
	assert_true(links >= 25);
}

static int list(void)
{
	json_t *all = run_all();

	for (int i = 0; i < ROWS; i++) {
		char *value = json_dumps(look_up(all, rows[i].path),
					 JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

		printf("%2d  %-30s %-32s %-18s %s %s\n", rows[i].row, rows[i].item, rows[i].path,
		       value ? value : "MISSING", rows[i].file, rows[i].function);
		free(value);
	}
	json_decref(all);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value),
		cmocka_unit_test(every_place),
		cmocka_unit_test(every_link),
	};

	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
