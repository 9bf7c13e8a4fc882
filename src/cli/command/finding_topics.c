/* SPDX-License-Identifier: MIT */
/*
 * finding_topics.c - what each finding of the doctor means, and what to try
 *
 * A text here and its row in docs/doctor.md are the same to the letter; a test compares them.
 */
#include "finding_topics.h"

#include <stddef.h>

const finding_topic finding_topics[] = {
	{"missing_values",
	 "error with `--missing error`; with `mean` or `drop`, a warning if a column is mostly "
	 "empty; otherwise info",
	 "values are missing: they are filled in, their rows are left out or, with `--missing "
	 "error`, training refuses them",
	 "no `--missing error`; `--ignore COLUMN` for a column that is mostly empty"},
	{"constant_inputs", "info",
	 "columns have the same value in all rows, such as the border pixels of images: they carry "
	 "no information",
	 "do nothing: they become 0"},
	{"duplicate_inputs", "info",
	 "a column is a copy of another column, perhaps in other units: it adds no information",
	 "`--ignore` one of them"},
	{"id_column", "warning",
	 "a column numbers the rows, or has another text or code in nearly every row: with it the "
	 "network can memorize the rows, and new rows have other values",
	 "`--ignore COLUMN`, or leave it out of `--inputs`"},
	{"many_levels", "warning",
	 "a column has so many different texts that most are too rare to be learned from, each in "
	 "fewer than 5 rows on average",
	 "`--ignore COLUMN`, or one name for all rare texts"},
	{"duplicate_names", "warning",
	 "two columns have the same name; the second one is called by its name and number",
	 "a name of its own for each"},
	{"outliers", "warning",
	 "a few values are enormous, perhaps typing errors or 999999 for \"unknown\": after "
	 "division by the standard deviation, all other values are nearly equal",
	 "correct or remove them; use the column's logarithm; for a target, `--loss huber`"},
	{"classes_alike", "warning",
	 "two classes are one number in two spellings, such as 3.1 and 3.10 or 01 and 1",
	 "write them alike if they are meant to be one class"},
	{"mark_as_class", "info",
	 "the target holds NA, nan, None or the like, without quotes, among texts: it is a class, "
	 "perhaps Namibia",
	 "`--na NA` if it means that the class is missing"},
	{"target_leak", "warning",
	 "one column alone, or which of its values are missing, predicts the target, or nearly: "
	 "often it became known only after the outcome, or it is computed from the target",
	 "`--ignore COLUMN`, unless its value is known before the target"},
	{"constant_target", "warning",
	 "the target is the same in all rows: there is nothing to learn",
	 "check that `--target` names the right column"},
	{"targets_out_of_range", "warning",
	 "some targets are below 0, but an exp output is always positive. (Numbers with sigmoid or "
	 "softmax outputs are refused)",
	 "`--output linear --loss squared`"},
	{"class_imbalance", "warning; info with class weights",
	 "the largest class has more than 20 times as many rows as the smallest: of the rows of "
	 "these two classes, always answering the largest gets more than 95 % right",
	 "`--class-weights balanced`; look at balanced accuracy and macro F1"},
	{"class_not_trained", "warning",
	 "a class has no training row, as when sorted data are split by `--test last:N`: it cannot "
	 "be learned",
	 "shuffle the rows, or `--test 0.2`"},
	{"rare_class", "warning",
	 "with `--folds`, a class has fewer rows than there are folds: some folds have none of it, "
	 "and the scores say little about it",
	 "fewer folds; merge or leave out classes with few rows"},
	{"class_not_tested", "warning; info for a rare class",
	 "a class has training rows, but no test row: the result says nothing about it",
	 "shuffle the rows, or `--test 0.2`"},
	{"test_rows_in_training", "warning from 10 % of the test rows on; info",
	 "some test rows have the same inputs as a training row: on them the test measures "
	 "memorization",
	 "remove repeated rows, or hold out whole groups with `--test FILE`"},
	{"validation_in_training", "warning from 10 % of the validation rows on; info",
	 "some validation rows have the same inputs as a training row, as when `--validation` "
	 "names the training data: early stopping then does not see that the network memorizes",
	 "`--validation 0.2`, or a file of other rows"},
	{"group_unknown", "warning",
	 "the file of `--test` or `--validation` lacks the column of `--group`: its rows may "
	 "belong "
	 "to groups that have training rows, too, and the score is then too good",
	 "a file with the column, or `--test 0.2`, which holds out whole groups"},
	{"contradicting_rows", "info",
	 "some rows have equal inputs but different targets: no network can predict all of them "
	 "correctly",
	 "add a column in which these rows differ"},
	{"small_test_part", "warning below 20 rows; info below 100",
	 "there are so few test rows that the score is uncertain by the number of points that the "
	 "finding gives",
	 "`--repeat 20`"},
	{"no_test_rows", "info", "no rows are held out: the score on new rows is unknown",
	 "`--test 0.2`"},
	{"rate_too_high",
	 "error if the cost is not finite at the end of the trial; otherwise warning",
	 "the trial ends with a higher cost than it began with, or the first update multiplied the "
	 "cost by more than ten: the steps are too large",
	 "the rate that the finding names: a tenth, a hundredth, ... of your rate, whichever "
	 "lowered the cost most. With `--schedule one-cycle` or `--warmup` the rate rises first, "
	 "so the trial uses a 25th of it"},
	{"first_step_raised_cost", "info",
	 "the first update raised the cost, but later updates lowered it again",
	 "a lower `--rate`, or `--warmup 0.1`"},
	{"rate_too_low", "warning",
	 "at the pace of the trial, all epochs together lower the cost by less than 1 %: the steps "
	 "are too small",
	 "a rate 10 or 100 times higher; if the rate is the usual one, see the other findings"},
	{"vanishing_gradient", "warning",
	 "the gradient of the first layer is less than 0.0003 times that of the last layer (each "
	 "divided by the size of its layer's weights): a sigmoid passes on at most a quarter of "
	 "the gradient, so a network of six sigmoid layers hardly learns",
	 "fewer layers, `--activation relu` or `selu`"},
	{"exploding_gradient", "warning",
	 "before the first update, the gradient of the layer that the finding names is more than "
	 "100 times as large as its weights: a step with any usual rate destroys the weights",
	 "`--init auto`, `--clip 1`, `--norm layer`, fewer layers"},
	{"exploding_start", "warning",
	 "before the first update, the cost is more than 20 times that of guessing: the initial "
	 "weights are too large for so many layers",
	 "`--init auto`, fewer layers"},
	{"dead_units", "warning from half of a layer on; info from a tenth",
	 "units of relu, gelu, silu, ... have f' = 0 on all rows that were checked: they pass on "
	 "no gradient, and their weights do not recover",
	 "a lower `--rate`, `--activation leaky-relu`"},
	{"saturated_units", "warning from half of a layer on; info from a tenth",
	 "units of sigmoid or tanh are at one end of their range on all rows: the slope there is "
	 "nearly 0, and they hardly learn",
	 "a lower `--rate`, `--init auto`, `--activation relu`"},
	{"loss_for_classes", "warning; info for linear outputs and the tutorial's recipe",
	 "the loss is the squared or absolute error of probabilities: its gradient is nearly 0 "
	 "where the network is sure of a wrong class",
	 "`--loss cross-entropy --output softmax`"},
	{"norm_of_one_unit", "warning",
	 "a hidden layer of one unit has a layer norm, which subtracts the mean over the units: "
	 "the result is the same for all rows",
	 "more units in `--layers`, `--norm batch`"},
	{"one_sided_start", "warning",
	 "all weights begin between 0 and 1, as in the tutorial's program: the sums of a layer are "
	 "large and nearly alike; on the digits this costs the tutorial's network about ten points "
	 "of accuracy",
	 "`--init auto`"},
	{"few_updates", "warning",
	 "there are fewer than 100 updates (20 of lbfgs): adam moves a weight by about its rate in "
	 "each update, so by at most about 0.1 with the rate 0.001",
	 "`--batch 32`, more `--epochs`"},
	{"many_parameters", "info",
	 "there are more than ten parameters per training row, and neither regularization nor "
	 "early stopping: the network can memorize the rows",
	 "fewer units, `--validation 0.2 --patience 20`"},
	{"no_better_than_majority", "warning",
	 "the 95 % interval of the accuracy is not entirely above the share of the largest class: "
	 "always answering that class may be as good",
	 "`--class-weights balanced`, another rate, more epochs; or the inputs carry no "
	 "information about the target"},
	{"no_better_than_mean", "warning",
	 "r2 is below 0.02: always predicting the mean is about as good",
	 "another rate, more epochs, `--layers none`"},
	{"over_fitting", "warning",
	 "the accuracy on the training rows is ten points above the upper end of the interval on "
	 "the rows held out; or r2 on the training rows is higher by a third of the variance",
	 "of `--validation 0.2 --patience 20`, weight decay and dropout what is not in use yet; "
	 "fewer units"},
	{"validation_rises", "warning",
	 "the validation loss ended more than 20 % above its lowest: from there on the network "
	 "memorized the training rows",
	 "`--patience 20` keeps the best weights"},
	{"flat_cost", "warning",
	 "the training loss fell by less than 1 %, and the result is no better than guessing",
	 "a higher `--rate`, relu, `--init auto`, fewer layers"},
	{"worse_than_linear", "warning, only in `hebb check` and with `--effort good` or `best`",
	 "logistic or linear regression is better on the same rows, by more than two standard "
	 "errors of the difference",
	 "`--patience 20` if the score on the training rows is much better; else `--layers none`"},
	{"worse_than_trees", "warning, only in `hebb check` and with `--effort good` or `best`",
	 "a random forest of 30 trees, on at most 2,000 training rows, is better on the same rows, "
	 "by "
	 "more than two standard errors of the difference: a table for trees rather than for "
	 "networks",
	 "`--effort good` or `best`; boosted trees beside it"},
	{"worse_than_neighbor", "warning, only in `hebb check` and with `--effort good` or `best`",
	 "the target of the nearest training row is a better prediction: the network has not "
	 "learned what the rows contain",
	 "more units or epochs, another rate"},
	{"constant_output", "warning, only in `hebb check`",
	 "the outputs are the same for all inputs: the hidden units are dead or saturated",
	 "train again with a lower rate, relu or fewer layers"},
	{"no_answer", "warning, only in `hebb check`",
	 "some rows have inputs so far from those of training that the network overflows",
	 "correct the values, or leave the rows out; see docs/output.md"},
	{"shifted_inputs", "warning, only in `hebb check`",
	 "inputs are far from those of training: perhaps they have other units, or the columns are "
	 "in another order",
	 "check the units and the order of the columns"},
	{NULL, NULL, NULL, NULL},
};
