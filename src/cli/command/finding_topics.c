/* SPDX-License-Identifier: MIT */
/*
 * finding_topics.c - what each finding of the doctor means, and what to try
 *
 * A text here and its row in docs/doctor.md are the same to the letter; a test compares them.
 */
#include "finding_topics.h"

#include <stddef.h>

const finding_topic finding_topics[] = {
	{"missing_values", "error; warning if most of a column is made up; otherwise info",
	 "values are missing, and `--missing` does not say what to do: a network computes with "
	 "numbers alone",
	 "`--missing mean` or `--missing drop`; leave out a column that is mostly empty"},
	{"constant_inputs", "info",
	 "columns never change, such as the border pixels of images: they tell nothing",
	 "nothing: they become 0"},
	{"duplicate_inputs", "info", "a column is another in other units: it adds nothing",
	 "leave one of them out"},
	{"id_column", "warning",
	 "a column numbers the rows, or is a text that is different in each: the network can learn "
	 "rows by heart by it, and new rows have other values",
	 "leave it out"},
	{"outliers", "warning",
	 "a few enormous values, perhaps typing errors or a 999999 for \"unknown\": scaled by the "
	 "standard deviation, all others become nearly one number, which scaling cannot cure",
	 "correct or remove them; the column's logarithm; for a target `--loss huber`"},
	{"target_leak", "warning",
	 "a column alone tells the target: often it became known only after the outcome, or is a "
	 "copy",
	 "leave it out unless it is really known before"},
	{"constant_target", "warning",
	 "the target is the same in all rows: there is nothing to learn",
	 "see whether `--target` names the right column"},
	{"targets_out_of_range", "warning",
	 "targets below 0 for an output of exp. (Numbers for sigmoid or softmax outputs are "
	 "refused)",
	 "`--output linear --loss squared`"},
	{"class_imbalance", "warning; info with class weights",
	 "the largest class has more than 20 times the rows of the smallest: always answering the "
	 "largest is more than 95 % right against it",
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
	 "test rows whose inputs are also those of a training row: there the test measures memory",
	 "remove repeated rows, or hold out whole groups with `--test FILE`"},
	{"contradicting_rows", "info",
	 "equal inputs with different targets: not all can be answered right",
	 "a column that tells them apart"},
	{"small_test_part", "warning below 20 rows; info below 100",
	 "the test rows are so few that chance moves the result by the points that are named",
	 "`--repeat 20`"},
	{"no_test_rows", "info",
	 "nothing is held out: how good the network is on new rows stays unknown", "`--test 0.2`"},
	{"rate_too_high",
	 "error if the cost is not finite at the end of the trial; otherwise warning",
	 "the trial ends with a higher cost than it began with, or the first update multiplied the "
	 "cost by more than ten: the steps are too long",
	 "the rate that the finding names: a tenth, a hundredth, ... of yours, whichever lowered "
	 "the cost most. With `--schedule one-cycle` or `--warmup` the rate rises first, so the "
	 "trial uses a 25th of it"},
	{"first_step_raised_cost", "info",
	 "the first update raised the cost, later ones made up for it",
	 "a lower `--rate`, or `--warmup 0.1`"},
	{"rate_too_low", "warning",
	 "at the pace of the trial, all epochs together lower the cost by less than 1 %: the steps "
	 "are too short",
	 "a rate 10 or 100 times higher; if the rate is the usual one, see the other findings"},
	{"vanishing_gradient", "warning",
	 "the gradient of the first layer is less than 0.0003 of the last one's (each as a share "
	 "of its weights): sigmoids pass on a quarter at most, so that six hidden layers of them "
	 "hardly learn",
	 "fewer layers, `--activation relu` or `selu`"},
	{"exploding_gradient", "warning",
	 "before the first update the gradient of a layer, which is named, is more than 100 times "
	 "as large as its weights: a step of any usual rate throws them away",
	 "`--init auto`, `--clip 1`, `--norm layer`, fewer layers"},
	{"exploding_start", "warning",
	 "before the first update the cost is more than 20 times that of guessing: weights start "
	 "too large for so many layers",
	 "`--init auto`, fewer layers"},
	{"dead_units", "warning from half of a layer on; info from a tenth",
	 "units of relu, gelu, silu, ... whose f' is 0 on all rows looked at: they pass no "
	 "gradient on and do not come back",
	 "a lower `--rate`, `--activation leaky-relu`"},
	{"saturated_units", "warning from half of a layer on; info from a tenth",
	 "units of sigmoid or tanh that stand at an end on all rows: the slope there is nearly 0, "
	 "and they hardly learn",
	 "a lower `--rate`, `--init auto`, `--activation relu`"},
	{"loss_for_classes", "warning; info for linear outputs and the tutorial's recipe",
	 "squared or absolute error of probabilities: hardly a gradient where the network is sure "
	 "of a wrong class",
	 "`--loss cross-entropy --output softmax`"},
	{"few_updates", "warning",
	 "fewer than 100 updates (20 of lbfgs): adam moves a weight by about its rate each time, "
	 "by 0.1 in all",
	 "`--batch 32`, more `--epochs`"},
	{"many_parameters", "info",
	 "more than ten parameters to a training row, and nothing that holds them back: the "
	 "network can learn the rows by heart",
	 "fewer units, `--validation 0.2 --patience 20`"},
	{"no_better_than_majority", "warning",
	 "the 95 % interval of the accuracy reaches down to the share of the largest class",
	 "`--class-weights balanced`, another rate, more epochs; or the inputs tell nothing"},
	{"no_better_than_mean", "warning", "r2 is below 0.02: always answering the mean is as good",
	 "another rate, more epochs, `--layers none`"},
	{"over_fitting", "warning",
	 "the training rows are known better by ten points beyond the interval, or by a third of "
	 "the variance",
	 "`--validation 0.2 --patience 20`, weight decay, dropout, fewer units"},
	{"validation_rises", "warning",
	 "the validation loss ended more than 20 % above its lowest: from there on the network "
	 "learned the training rows by heart",
	 "`--patience 20` keeps the best weights"},
	{"flat_cost", "warning",
	 "the training loss fell by less than 1 %, and the result is of no use",
	 "a higher `--rate`, relu, `--init auto`, fewer layers"},
	{"worse_than_linear", "warning, in `hebb check` alone",
	 "logistic or linear regression is better on the same rows, by more than two standard "
	 "errors of the difference",
	 "`--patience 20` if training went much better; else `--layers none`"},
	{"worse_than_neighbor", "warning, in `hebb check` alone",
	 "the nearest training row is a better answer: the network has missed what the rows tell",
	 "more units or epochs, another rate"},
	{"constant_output", "warning, in `hebb check` alone",
	 "the outputs are the same whatever the inputs: the hidden units are dead or saturated",
	 "train again: a lower rate, relu, fewer layers"},
	{"no_answer", "warning, in `hebb check` alone",
	 "inputs of some rows are so far from those of training that the network overflows",
	 "correct the values, or leave the rows out; docs/output.md"},
	{"shifted_inputs", "warning, in `hebb check` alone",
	 "inputs are far from those of training: other units, or columns in another order",
	 "look at units and order"},
	{NULL, NULL, NULL, NULL},
};
