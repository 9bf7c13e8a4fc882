/* SPDX-License-Identifier: MIT */
/*
 * doctor_result.c - checks the scores of a training
 */
#include "doctor.h"

enum { ROWS_LEAST = 20, EPOCHS_LEAST = 10 };

/* Nearly all networks have better scores on their training rows. A finding is a difference of ten
 * points beyond the 95 % interval, or a third of the variance. */
static const double GAP_MOST = 0.10, R2_GAP_MOST = 0.33;
static const double R2_LEAST =
	0.02; /* below it the network explains nothing; chance gives about inputs / rows */
static const double FALL_LEAST = 0.01; /* relative to the training loss, over all epochs */
static const double RISE_MOST = 1.2;   /* the validation loss relative to its lowest value */

/* The number of rows of the largest class; *answered becomes the number of classes that are ever
 * predicted. */
static long long largest_class(const hebb_score *score, int *answered)
{
	long long largest = 0;

	*answered = 0;
	for (int k = 0; k < score->classes; k++) {
		largest = score->each[k].rows > largest ? score->each[k].rows : largest;
		*answered += score->each[k].predicted > 0;
	}
	return largest;
}

static int is_useless(const hebb_score *held_out)
{
	int answered;

	if (held_out->rows < ROWS_LEAST)
		return 0;
	if (held_out->task == HEBB_REGRESSION)
		return held_out->mean.r2 < R2_LEAST;
	return held_out->each &&
	       held_out->accuracy_low <=
		       (double)largest_class(held_out, &answered) / (double)held_out->rows;
}

void hb_check_score(const hebb_study *o, const hebb_score *held_out, const char *name,
		    hebb_findings *findings)
{
	int answered = 0, weighted = o->class_weights == HEBB_WEIGHTS_BALANCED;

	if (!is_useless(held_out))
		return;
	if (held_out->task == HEBB_REGRESSION) {
		hb_found(findings, "no_better_than_mean", HEBB_SEVERITY_WARNING,
			 "r2 is %s on the %s: always answering the mean is as good",
			 hebb_show_number(held_out->mean.r2, 3).text, name);
		hb_advise(findings,
			  "the inputs may tell nothing of the target; else try another rate%s",
			  o->hidden > 0 ? ", more epochs, or --layers none" : " or more epochs");
		return;
	}
	double majority = (double)largest_class(held_out, &answered) / (double)held_out->rows;
	hb_found(findings, "no_better_than_majority", HEBB_SEVERITY_WARNING,
		 "accuracy %.1f %% (%.1f to %.1f) on the %s, where the largest class has %.1f %%%s",
		 100 * held_out->accuracy, 100 * held_out->accuracy_low,
		 100 * held_out->accuracy_high, name, 100 * majority,
		 answered == 1 ? ": it always gives the same answer" : "");
	hb_advise(findings,
		  "try %sanother rate%s more epochs; or the inputs tell nothing of the classes",
		  weighted ? "" : "--class-weights balanced if one class is large, ",
		  weighted ? " or" : ", or");
}

/* What a study does not do yet against learning the training rows by heart. */
static void advise_less_fit(const hebb_study *o, hebb_findings *findings)
{
	int decays = o->l1 > 0 || o->l2 > 0 || o->weight_decay > 0,
	    drops = o->dropout > 0 || o->hidden == 0, stops = o->patience > 0;
	const hb_way way[] = {
		{!stops, o->validation.kind > HEBB_PART_NONE ? "--patience 20"
							     : "--validation 0.2 --patience 20"},
		{!decays, o->optimizer == HEBB_ADAMW ? "--weight-decay 0.1"
						     : "--weight-decay 0.1 with --optimizer adamw"},
		{!drops, "--dropout 0.3"},
		{o->hidden > 0, "fewer --layers"},
		{decays && drops && stops, "more rows"}};

	hb_advise_ways(findings, way, sizeof way / sizeof *way);
}

void hb_check_fit(const hebb_study *o, const hebb_score *train, const hebb_score *held_out,
		  hebb_findings *findings)
{
	int classes = train->task != HEBB_REGRESSION;
	double trained = classes ? train->accuracy : train->mean.r2,
	       tested = classes ? held_out->accuracy : held_out->mean.r2;

	if (held_out->rows < ROWS_LEAST ||
	    (classes ? train->accuracy - held_out->accuracy_high < GAP_MOST
		     : !(trained - tested > R2_GAP_MOST)))
		return;
	if (classes)
		hb_found(findings, "over_fitting", HEBB_SEVERITY_WARNING,
			 "accuracy is %.1f %% on the training rows, %.1f %% on the rows held out",
			 100 * trained, 100 * tested);
	else
		hb_found(findings, "over_fitting", HEBB_SEVERITY_WARNING,
			 "r2 is %s on the training rows, %s on the rows held out",
			 hebb_show_number(trained, 3).text, hebb_show_number(tested, 3).text);
	advise_less_fit(o, findings);
}

static void look_at_course(const hebb_study *o, const hebb_result *result, hebb_findings *findings)
{
	const hebb_curve *c = &result->curve;
	int last = c->count - 1, best = result->best_epoch - 1;
	double fall = c->count > 0 ? (c->loss[0] - c->loss[last]) / c->loss[0] : 1;

	if (result->validation_rows >= ROWS_LEAST && o->patience == 0 && best >= 0 && best < last &&
	    result->validation.loss > RISE_MOST * c->validation[best]) {
		hb_found(findings, "validation_rises", HEBB_SEVERITY_WARNING,
			 "the validation loss was lowest, %s, after epoch %d of %d, and is %s "
			 "now",
			 hebb_show_number(c->validation[best], 4).text, best + 1, result->epochs,
			 hebb_show_number(result->validation.loss, 4).text);
		hb_advise(findings, "use --patience 20, which keeps the best weights");
	}
	if (c->count >= EPOCHS_LEAST && fall < FALL_LEAST && c->loss[0] > 0 &&
	    is_useless(result->test_rows > 0 ? &result->test : &result->train)) {
		hb_found(findings, "flat_cost", HEBB_SEVERITY_WARNING,
			 "%d epochs changed the training loss from %s to %s", c->count,
			 hebb_show_number(c->loss[0], 4).text,
			 hebb_show_number(c->loss[last], 4).text);
		const hb_way way[] = {
			{1, "a higher --rate"},
			{o->hidden > 0 && o->activation != HEBB_RELU, "--activation relu"},
			{o->init != HEBB_START_AUTO, "--init auto"},
			{o->hidden > 0, "fewer --layers"}};
		hb_advise_ways(findings, way, sizeof way / sizeof *way);
	}
}

void hebb_check_result(const hebb_trial *trial, const hebb_result *result, hebb_findings *findings)
{
	const hebb_study *o = trial->study;
	int tested = result->test_rows > 0;

	if (tested)
		hb_check_score(o, &result->test, "test rows", findings);
	else if (result->validation_rows > 0)
		hb_check_score(o, &result->validation, "validation rows", findings);
	hb_check_fit(o, &result->train, tested ? &result->test : &result->validation, findings);
	look_at_course(o, result, findings);
	hb_check_units(trial->net, o->loss, trial->train, "after training", 0, findings);
}
