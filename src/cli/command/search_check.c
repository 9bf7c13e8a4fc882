/* SPDX-License-Identifier: MIT */
/*
 * search_check.c - refuses options of a search that contradict each other or the data
 */
#include "search.h"

#include <string.h>

#include "option/option_table.h"
#include "draw/terminal.h"

int search_check_options(const options *o)
{
	int halving = option_given(o, OPT_STRATEGY) && o->strategy == HEBB_STRATEGY_HALVING;
	int by_loss = !option_given(o, OPT_METRIC) || o->metric == HEBB_METRIC_LOSS;
	int patient = option_ranged(o, OPT_PATIENCE) ||
		      (option_given(o, OPT_PATIENCE) && o->study.patience > 0);

	if (by_loss && option_ranged(o, OPT_LOSS))
		return misuse("--loss", "trials with different losses cannot be compared by the "
					"loss; choose another --metric");
	if (halving && option_ranged(o, OPT_EPOCHS))
		return misuse("--epochs",
			      "halving itself decides the epochs of each trial; give one number");
	if (option_given(o, OPT_FOLDS) && option_given(o, OPT_VALIDATION) && !patient)
		return misuse("--validation", "with --folds, validation rows are only for "
					      "--patience; leave this option out");
	if (!option_given(o, OPT_FOLDS) && option_given(o, OPT_VALIDATION) &&
	    o->study.validation.kind == HEBB_PART_NONE)
		return misuse(
			"--validation",
			"0 leaves no rows to score the trials on; give more, or give --folds");
	if (strcmp(o->trial_table, "-") == 0)
		return misuse("--table", "must be a file, because the same search goes on from it");
	if (strcmp(o->trial_table, o->model) == 0)
		return misuse("--table", "%s is the file of the model; give the table another",
			      o->model);
	return EXIT_DONE;
}

/* Finds out before the search whether the test file can be read and coded; nothing else. */
static int check_test_file(const search *s)
{
	hebb_dataset *test = NULL;

	if (s->base.test_table &&
	    !(test = code_table(s->base.coding, s->base.test_table,
				HEBB_APPLY_TARGETS | threads_to_apply(s->given))))
		return EXIT_FAILED;
	hebb_dataset_free(test);
	return EXIT_DONE;
}

int search_check_job(const search *s)
{
	const options *o = s->given;
	int classes = s->base.coding->task != HEBB_REGRESSION;
	const char *name = option_table[OPT_METRIC].choice(o->metric);

	if (o->metric != HEBB_METRIC_LOSS && classes == (o->metric == HEBB_METRIC_RMSE))
		return fail("--metric", "%s is for %s, and '%s' is %s", name,
			    classes ? "numbers" : "classes", s->base.coding->targets[0].name,
			    classes ? "a class" : "a number");
	if (s->base.coding->task == HEBB_LABELS && o->metric == HEBB_METRIC_BALANCED_ACCURACY)
		return fail("--metric", "%s is for classes; labels have accuracy, log-loss or loss",
			    name);
	if (o->strategy == HEBB_STRATEGY_HALVING && s->rungs == 1)
		return fail("--strategy",
			    "halving needs at least %d trials and %d epochs, not %d "
			    "and %d",
			    HEBB_RUNG_FACTOR, HEBB_RUNG_FACTOR, s->rung[0].trials, o->study.epochs);
	return check_test_file(s);
}
