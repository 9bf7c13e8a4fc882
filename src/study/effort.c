/* SPDX-License-Identifier: MIT */
/*
 * effort.c - chooses settings by trying recipes on rows that they were not trained on
 *
 * Each recipe changes some of the defaults; what was given is kept, and a recipe that then changes
 * nothing is left out. All are trained on four fifths of the training rows and judged on the last
 * one; the best quarter goes on, at least two, and is judged on further fifths if its effort has
 * more draws. The best of those is taken.  It is then trained on all training rows.
 *
 * Networks with different recipes err in different rows, so that their mean is better than each
 * (Hansen & Salamon 1990).  From the best recipe on, each is added if the mean of the outputs
 * becomes better on the rows that judged; the members are trained anew on all rows, and become one
 * network (ensemble.c).  This is the selection of Caruana et al. (2004), in one pass.
 *
 * The judge is the log loss of classes and labels, with the temperature that is best for these
 * rows, and the rmse of numbers.  Which recipes there are was chosen on validation rows of the
 * tables of docs/accuracy.md: the fewest of which each helps some of them.
 *
 * Trainings run side by side, each with one thread.  They are looked at in their order, so that the
 * choice does not depend on the number of threads.
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "effort.h"
#include "trial.h"

enum {
	FIFTH = 5,
	PROMOTED = 4,
	FEW_ROWS = 1000,
	DRAWS_MOST = 5,
	ROWS_LEAST = 20,
	LAST_SHARE = 10 /* of the time limit is for the last training, however late it is */
};

static const double LEARNED = 0.25;

/* ---- The choice in the making ---- */

/* A training that judges a recipe. */
struct judging {
	hebb_study study;
	int at;          /* which recipe */
	int part, parts; /* which fifth; parts 0: the study's validation rows */
	int is_cut;      /* time ended it */
	hebb_calibration *outputs;
	double seconds;
	hebb_status status;
	hebb_error error;
};

/* A recipe that is tried. */
struct candidate {
	const struct hb_recipe *recipe;
	hebb_study study;
	hebb_calibration *outputs; /* on all rows that judged it */
	int failed;
};

typedef struct chooser {
	const hebb_study *base; /* complete, without what only the final training has */
	uint64_t seed;
	int fold, draws, parts;
	int side;       /* trainings side by side */
	int are_skewed; /* the targets, so that their logarithm may suit better */
	long long rows; /* to train on in the end */
	struct candidate candidate[HEBB_TRIED_MOST];
	hebb_choice *choice;
	int (*tried)(void *self, const hebb_choice *choice);
	void *self;
	double began;
	hebb_pool *pool;
	hebb_error *error;
} chooser;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void run_judging(struct judging *one, uint64_t seed, int fold)
{
	hebb_result result = {.size = sizeof result};
	double began = now();
	struct hb_validation_part part = {.part = one->part, .parts = one->parts};
	hebb_trial *trial = hb_trial_of_part(&one->study, seed, fold, part, &one->error);

	one->status = trial ? hebb_trial_train(trial, &result, &one->error) : one->error.status;
	one->is_cut = result.ending == HEBB_ENDED_TIME;
	if (!one->status)
		one->status = hb_calibration_of(trial, &one->outputs, &one->error);
	one->seconds = now() - began;
	hebb_result_free(&result);
	hebb_trial_free(trial);
}

/* Trainings side by side. */
struct batch {
	const chooser *of;
	struct judging *judging;
};

static void judge_one(void *self, int part, int parts)
{
	const struct batch *batch = self;

	(void)parts;
	run_judging(&batch->judging[part], batch->of->seed, batch->of->fold);
}

static int is_over(chooser *c)
{
	const hebb_study *study = c->base;

	c->choice->over |= study->cancel && hebb_cancel_asked(study->cancel);
	c->choice->over |= study->time > 0 && now() - c->began > study->time / 2;
	return c->choice->over;
}

/* Takes what a training found out, unless it was stopped, or time ended it and there is a better
 * answer.  A failure of the first recipe, the defaults, is one of the choice. */
static hebb_status take(chooser *c, struct judging *one)
{
	struct candidate *candidate = &c->candidate[one->at];
	hebb_tried *tried = &c->choice->tried[one->at];

	c->choice->done++;
	tried->seconds += one->seconds;
	c->choice->over |= one->status == HEBB_STOPPED || one->is_cut;
	if (one->status == HEBB_STOPPED || (one->is_cut && (one->at > 0 || tried->trainings > 0)))
		return HEBB_OK;
	if (one->part != tried->trainings) /* so that equal numbers of draws are equal rows */
		return HEBB_OK;
	candidate->failed |= one->status != HEBB_OK;
	if (one->status) {
		tried->score = NAN;
		if (one->at > 0 || one->status == HEBB_DIVERGED)
			return HEBB_OK;
		*c->error = one->error;
		return hb_where("--effort, on a part of the rows", one->status, c->error);
	}
	tried->trainings++;
	hebb_status status = hb_calibration_join(&candidate->outputs, &one->outputs, c->error);
	if (!status && !candidate->failed)
		tried->score = hb_calibration_loss(candidate->outputs);
	candidate->failed |= !isfinite(tried->score);
	return status;
}

/* The defaults are tried in any case, but for a wish to stop. */
static int is_first(const chooser *c)
{
	return c->choice->done == 0 && !(c->base->cancel && hebb_cancel_asked(c->base->cancel));
}

/* Trains `count` judgings, as many side by side as there are threads. */
static hebb_status judge(chooser *c, int count, struct judging *judging)
{
	hebb_status status = HEBB_OK;

	for (int first = 0; first < count && !status && (is_first(c) || !is_over(c));
	     first += c->side) {
		int some = count - first < c->side ? count - first : c->side;
		struct batch batch = {c, judging + first};

		for (int i = 0; i < some && c->base->time > 0; i++)
			judging[first + i].study.time =
				fmax(c->base->time / 2 - (now() - c->began), 1e-3);
		hebb_pool_run(c->pool, some, judge_one, &batch);
		for (int i = 0; i < some && !status; i++)
			status = take(c, &judging[first + i]);
		if (!status && c->tried && c->tried(c->self, c->choice))
			c->choice->over = 1;
	}
	return status;
}

/* Judges `count` recipes on the draws from `first` up to `last`. */
static hebb_status judge_recipes(chooser *c, int count, const int *which, int first, int last)
{
	int all = count * (last - first), n = 0;
	struct judging *judging = calloc((size_t)all + 1, sizeof *judging);
	hebb_status status =
		judging ? HEBB_OK : hebb_fail(c->error, HEBB_NO_MEMORY, "effort: out of memory");

	for (int part = first; part < last && judging; part++)
		for (int i = 0; i < count; i++)
			judging[n++] = (struct judging){.study = c->candidate[which[i]].study,
							.at = which[i],
							.part = part,
							.parts = c->parts};
	if (!status)
		status = judge(c, all, judging);
	for (int i = 0; i < n; i++)
		hebb_calibration_free(judging[i].outputs);
	free(judging);
	return status;
}

/* The better ones first: those of which more draws are known, then by score, then in their order.
 */
static int is_better(const chooser *c, int a, int b)
{
	const hebb_tried *x = &c->choice->tried[a], *y = &c->choice->tried[b];
	int failed = c->candidate[a].failed - c->candidate[b].failed;

	if (failed || x->trainings != y->trainings)
		return failed ? failed < 0 : x->trainings > y->trainings;
	return x->score != y->score ? x->score < y->score : a < b;
}

static void sort_recipes(const chooser *c, int *which)
{
	for (int i = 0; i < c->choice->count; i++) {
		int k = i;

		for (; k > 0 && is_better(c, i, which[k - 1]); k--)
			which[k] = which[k - 1];
		which[k] = i;
	}
}

/* How many of the recipes are judged again. */
static int promoted_of(int count)
{
	return count < 2 ? count : count <= 2 * PROMOTED ? 2 : (count + PROMOTED - 1) / PROMOTED;
}

/* Tries the recipes; which: they are, the best first. */
static hebb_status choose(chooser *c, int *which)
{
	int count = c->choice->count, promoted = promoted_of(count);
	hebb_status status;

	for (int i = 0; i < count; i++)
		which[i] = i;
	c->choice->trainings = count + promoted * (c->draws - 1);
	status = judge_recipes(c, count, which, 0, 1);
	sort_recipes(c, which);
	if (!status && c->draws > 1 && !is_over(c)) {
		status = judge_recipes(c, promoted, which, 1, c->draws);
		sort_recipes(c, which);
	}
	c->choice->best = which[0];
	if (status || c->choice->tried[which[0]].trainings > 0)
		return status;
	if (c->choice->over)
		return hebb_fail(c->error, HEBB_STOPPED,
				 "effort: stopped before the first recipe was judged");
	return hebb_fail(c->error, HEBB_DIVERGED,
			 "effort: all %d recipes diverged: no cost stayed finite; try a lower "
			 "--rate, or --clip 1",
			 count);
}

/* ---- Making it ---- */

/* The recipes that differ, the defaults first. */
static void list_recipes(chooser *c)
{
	hebb_choice *choice = c->choice;

	for (int r = 0; r < hb_recipe_count; r++) {
		hebb_study study = *c->base;
		int known = 0;

		if (!hb_recipe_suits(&hb_recipes[r], c->base, c->rows, c->are_skewed))
			continue;
		hb_recipe_apply(&hb_recipes[r], c->rows, &study);
		for (int i = 0; i < choice->count; i++)
			known |= hb_recipes_agree(&c->candidate[i].study, &study);
		if (known)
			continue;
		c->candidate[choice->count].recipe = &hb_recipes[r];
		c->candidate[choice->count].study = study;
		choice->tried[choice->count++] =
			(hebb_tried){.recipe = hb_recipes[r].name, .score = NAN};
	}
}

/* The study that recipes change: it judges, and nothing else. */
static hebb_study judging_study(const hebb_study *study)
{
	hebb_study base = *study;

	base.blind = 1;
	base.members = base.conformal = base.temperature = 0;
	base.threads = 1;
	base.progress = NULL;
	if (base.validation.kind == HEBB_PART_NONE)
		base.validation = (hebb_part){.kind = HEBB_PART_FRACTION, .fraction = 1.0 / FIFTH};
	return base;
}

int hb_effort_chooses(const hebb_study *study)
{
	return study->effort > HEBB_EFFORT_QUICK && (study->open & ~HB_OPEN_MEMBERS) &&
	       !study->search && study->recipe != HEBB_PRESET_TUTORIAL && study->hidden != 0 &&
	       (!study->optimizer || study->optimizer == HEBB_ADAMW);
}

/* Whether the usual effort may have something to do. */
static int may_learn_by_heart(const hebb_study *study)
{
	int of_rule = HB_OPEN_DECAY | HB_OPEN_DROPOUT | HB_OPEN_EPOCHS | HB_OPEN_SCALING;

	return (study->open & of_rule) == of_rule && !study->search &&
	       study->recipe != HEBB_PRESET_TUTORIAL && study->optimizer == HEBB_ADAMW &&
	       study->hidden > 0;
}

static int has_choice(const hebb_study *study)
{
	return study->effort > HEBB_EFFORT_QUICK ? hb_effort_chooses(study)
						 : may_learn_by_heart(study);
}

/* The largest share of a class in the training rows. */
static double largest_share(const hebb_dataset *data)
{
	double most = 0;

	for (int i = 0; i < data->outputs; i++)
		most = fmax(most, hb_mean_target(data, i));
	return most;
}

/* Whether the defaults hardly learn anything of the training rows, though these are few enough to
 * be learned by heart: the network is less than a quarter of the way from a guess to all right. */
static hebb_status probe(const chooser *c, int *learns_nothing)
{
	hebb_result result = {.size = sizeof result};
	hebb_study study = *c->base;

	study.validation = (hebb_part){.kind = HEBB_PART_NONE};
	hebb_trial *trial = hebb_trial_new(&study, c->seed, c->fold, c->error);
	hebb_status status = trial ? hebb_trial_train(trial, &result, c->error) : c->error->status;
	const hebb_score *score = &result.train;

	*learns_nothing = 0;
	if (!status && score->classes)
		*learns_nothing =
			score->accuracy < LEARNED + (1 - LEARNED) * largest_share(trial->train);
	if (!status && score->targets)
		*learns_nothing = score->mean.r2 < LEARNED;
	hebb_result_free(&result);
	hebb_trial_free(trial);
	return status;
}

/* Few rows of a table: with the usual effort only if the defaults learn nothing of them. */
static hebb_status is_worth_it(const chooser *c, int *is_worth)
{
	int is_quick = c->base->effort <= HEBB_EFFORT_QUICK;

	*is_worth = !is_quick;
	return is_quick && c->rows >= ROWS_LEAST && c->rows <= HB_ROWS_BY_HEART &&
			       !c->base->found_images
		       ? probe(c, is_worth)
		       : HEBB_OK;
}

/* Whether the rows that judge are the validation rows of the study, or the last ones. */
static int has_own_rows(const hebb_study *study)
{
	return study->validation.kind != HEBB_PART_NONE || study->time_column;
}

/* As many trainings as there are threads, and memory for them. */
static int side_by_side(const chooser *c)
{
	int threads = hebb_pool_threads(c->pool);
	double most = 1, memory = hb_memory_of(c->base);

	for (int i = 0; i < c->choice->count; i++)
		most = fmax(most, hebb_study_bytes(&c->candidate[i].study));
	if (memory > 0 && threads * most > memory)
		threads = (int)(memory / most);
	return threads > 1 ? threads : 1;
}

/* How many fifths judge: more for few rows; one where the validation rows were given, or are the
 * last ones. */
static int draws_of(const hebb_study *study, long long rows)
{
	int few = rows < FEW_ROWS;

	if (has_own_rows(study))
		return 1;
	return study->effort == HEBB_EFFORT_BEST ? few ? DRAWS_MOST : 3 : few ? 3 : 1;
}

/* How many rows a training would have: those that are not held out; and what their targets are
 * like. */
static hebb_status count_rows(chooser *c, const hebb_study *study)
{
	struct hb_split split;
	hebb_parts parts = {0};
	hebb_status status = hb_split_of(study, c->seed, c->fold, &split, c->error);

	if (!status)
		status = hb_split_rows(study->table, &split, &parts, c->error);
	if (!status && (study->open & HB_OPEN_TARGET) && study->effort > HEBB_EFFORT_QUICK)
		c->are_skewed = hb_are_skewed(study, parts.train, parts.row);
	free(parts.row);
	c->rows = parts.train;
	if (!status && parts.train < ROWS_LEAST && study->effort > HEBB_EFFORT_QUICK)
		return hebb_fail(c->error, HEBB_BAD_ARGUMENT,
				 "--effort: %lld training rows are too few to judge recipes by; "
				 "leave it out for the defaults, which have less of everything for "
				 "so few",
				 parts.train);
	return status;
}

/* ---- The members ---- */

/* How many networks the mean may have. */
static int members_most(const hebb_study *study, int is_over)
{
	if (!(study->open & HB_OPEN_MEMBERS) || study->norm == HEBB_NORM_LAYER)
		return 1;
	if (study->time > 0 && is_over) /* what is left is for one */
		return 1;
	return study->effort == HEBB_EFFORT_BEST   ? HB_BEST_MEMBERS
	       : study->effort == HEBB_EFFORT_GOOD ? HB_GOOD_MEMBERS
						   : 1;
}

/* Whether a number may be missing where an indicator says so: bins then have a place for it that
 * other scalings do not have, and such codings do not join. */
static int marks_gaps(const hebb_study *study)
{
	int gaps = 0;

	for (int c = 0; c < study->table->columns; c++)
		gaps |= study->table->column[c].kind == HEBB_NUMBER &&
			study->table->column[c].missing > 0;
	return gaps && study->missing == HEBB_MISSING_INDICATOR;
}

static int has_bins(const hebb_study *study)
{
	return study->scaling == HEBB_SCALING_PIECEWISE;
}

/* Whether a recipe can be beside the best one: its layers are alike but for their widths, and it
 * was judged on the same rows. */
static int can_join(const chooser *c, int i)
{
	const struct candidate *best = &c->candidate[c->choice->best], *one = &c->candidate[i];
	const hebb_study *a = &best->study, *b = &one->study;

	return !one->failed && one->outputs &&
	       c->choice->tried[i].trainings == c->choice->tried[c->choice->best].trainings &&
	       a->hidden == b->hidden && a->activation == b->activation &&
	       (has_bins(a) == has_bins(b) || !marks_gaps(a));
}

/* Whether the outputs that are known tell those of the mean: they are its sums. */
static int can_average(const hebb_study *study)
{
	return study->found_task == HEBB_REGRESSION
		       ? study->output == HEBB_LINEAR && study->target_transform < HEBB_TARGET_LOG
		       : hb_has_temperature(study);
}

/* Adds recipe i to the members if their mean becomes better than *loss. */
static hebb_status try_member(chooser *c, int i, double *loss)
{
	hebb_choice *choice = c->choice;
	const hebb_calibration *of[HEBB_MEMBERS_MOST];

	for (int k = 0; k < choice->members; k++)
		of[k] = c->candidate[choice->member[k]].outputs;
	of[choice->members] = c->candidate[i].outputs;
	hebb_calibration *mean = hb_calibration_mean(choice->members + 1, of, c->error);
	if (!mean)
		return HEBB_NO_MEMORY;
	double with = hb_calibration_loss(mean);
	if (with < *loss) {
		hebb_calibration_free(choice->calibration);
		choice->calibration = mean;
		choice->member[choice->members++] = i;
		*loss = with;
	} else {
		hebb_calibration_free(mean);
	}
	return HEBB_OK;
}

/* The outputs of all members, of which some have the same recipe. */
static hebb_status weigh_members(chooser *c)
{
	hebb_choice *choice = c->choice;
	const hebb_calibration *of[HEBB_MEMBERS_MOST];

	for (int k = 0; k < choice->members; k++)
		of[k] = c->candidate[choice->member[k]].outputs;
	hebb_calibration_free(choice->calibration);
	choice->calibration = hb_calibration_mean(choice->members, of, c->error);
	return choice->calibration ? HEBB_OK : HEBB_NO_MEMORY;
}

/* Which recipes become the mean, in the order `which`, whose first is the best. */
static hebb_status choose_members(chooser *c, const hebb_study *study, const int *which)
{
	hebb_choice *choice = c->choice;
	int most = members_most(study, choice->over);
	double loss = choice->tried[choice->best].score;
	hebb_status status = HEBB_OK;

	choice->members = 1;
	choice->member[0] = choice->best;
	for (int i = 1; i < choice->count && choice->members < most && !status; i++)
		if (can_average(&c->candidate[which[0]].study) &&
		    can_average(&c->candidate[which[i]].study) && can_join(c, which[i]))
			status = try_member(c, which[i], &loss);
	int chosen = choice->members;
	while (study->effort == HEBB_EFFORT_BEST && choice->members < most) {
		choice->member[choice->members] = choice->member[choice->members % chosen];
		choice->members++;
	}
	return status || choice->members == chosen || chosen == 1 ? status : weigh_members(c);
}

/* The settings of the members but for the first; `given` is the study before. */
static hebb_status set_mates(const chooser *c, const hebb_study *given, hebb_study *study)
{
	hebb_choice *choice = c->choice;
	int mates = choice->members - 1, differ = 0;

	study->members = mates > 0 ? choice->members : study->members;
	for (int k = 1; k <= mates; k++)
		differ |= choice->member[k] != choice->best;
	if (!differ)
		return HEBB_OK;
	choice->mate = malloc(sizeof *choice->mate * (size_t)mates);
	if (!choice->mate)
		return hebb_fail(c->error, HEBB_NO_MEMORY, "effort: out of memory");
	for (int k = 0; k < mates; k++) {
		hebb_study *mate = &choice->mate[k];

		*mate = *given;
		hb_recipe_apply(c->candidate[choice->member[k + 1]].recipe, c->rows, mate);
		mate->members = mate->conformal = mate->temperature = mate->open = 0;
		mate->blind = 1;
		mate->time = study->time / choice->members;
	}
	study->mate = choice->mate;
	return HEBB_OK;
}

static hebb_status finish(chooser *c, const int *which, hebb_study *study)
{
	hebb_choice *choice = c->choice;
	struct candidate *best = &c->candidate[choice->best];
	const hebb_study given = *study;
	hebb_status status = choose_members(c, study, which);

	if (status)
		return status;
	hb_recipe_apply(best->recipe, c->rows, study);
	if (study->time > 0)
		study->time = fmax(study->time - (now() - c->began), study->time / LAST_SHARE);
	status = set_mates(c, &given, study);
	study->open = 0;
	choice->metric = study->found_task == HEBB_REGRESSION ? "rmse"
			 : hb_has_temperature(study)          ? "log_loss"
							      : "squares";
	choice->rows = hb_calibration_rows(best->outputs);
	if (status || study->validation.kind != HEBB_PART_NONE ||
	    study->effort <= HEBB_EFFORT_QUICK) {
		hebb_calibration_free(choice->calibration);
		choice->calibration = NULL;
		return status;
	}
	if (!choice->calibration) {
		choice->calibration = best->outputs;
		best->outputs = NULL;
	}
	study->temperature |= hb_has_temperature(study);
	return HEBB_OK;
}

hebb_status hebb_study_choose(hebb_study *study, uint64_t seed, int fold,
			      int (*tried)(void *self, const hebb_choice *choice), void *self,
			      hebb_choice *choice, hebb_error *error)
{
	hebb_error local;

	error = error ? error : &local;
	*choice = (hebb_choice){.size = sizeof *choice};
	if (!study || !study->found_task)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "there is no complete study; hebb_study_default() completes it");
	if (!has_choice(study))
		return HEBB_OK;
	hebb_study base = judging_study(study);
	chooser *c = calloc(1, sizeof *c);
	if (!c)
		return hebb_fail(error, HEBB_NO_MEMORY, "effort: out of memory");
	*c = (chooser){.base = &base,
		       .seed = seed,
		       .fold = fold,
		       .choice = choice,
		       .tried = tried,
		       .self = self,
		       .began = now(),
		       .error = error};
	hebb_status status = count_rows(c, study);
	c->pool = status ? NULL : hebb_pool_new(hb_threads_of(study), NULL, error);
	if (!status && !c->pool)
		status = error->status;
	int is_worth = 0, which[HEBB_TRIED_MOST];
	if (!status)
		status = is_worth_it(c, &is_worth);
	if (!status && is_worth) {
		c->draws = draws_of(study, c->rows);
		c->parts = has_own_rows(study) ? 0 : FIFTH;
		list_recipes(c);
		c->side = side_by_side(c);
		status = choose(c, which);
	}
	if (!status && is_worth)
		status = finish(c, which, study);
	if (status && base.effort <= HEBB_EFFORT_QUICK) {
		*choice = (hebb_choice){.size = sizeof *choice};
		status = HEBB_OK; /* the training itself will say what is wrong, if anything is */
	}
	for (int i = 0; i < HEBB_TRIED_MOST; i++)
		hebb_calibration_free(c->candidate[i].outputs);
	hebb_pool_free(c->pool);
	free(c);
	return status;
}

/* ---- The plan ---- */

/* How long a training of a recipe takes, by its operations, in those of the defaults. */
static double cost_of(const hebb_study *study, const hebb_study *base)
{
	return study->epochs * hb_layers_parameters(study, study->inputs, study->outputs) /
	       (base->epochs * hb_layers_parameters(base, base->inputs, base->outputs));
}

static double work_of(const chooser *c, const hebb_study *study)
{
	double all = 0, share = 1 - 1.0 / FIFTH;
	int promoted = promoted_of(c->choice->count), members = study->members;

	for (int i = 0; i < c->choice->count; i++)
		all += cost_of(&c->candidate[i].study, c->base);
	double mean = all / c->choice->count;
	if (study->effort == HEBB_EFFORT_BEST && (study->open & HB_OPEN_MEMBERS))
		members = HB_BEST_MEMBERS;
	return share * (all + promoted * (c->draws - 1) * mean) / c->side +
	       (members > 1 ? members : 1) * mean;
}

hebb_status hebb_study_plan(const hebb_study *study, uint64_t seed, hebb_choice *choice,
			    double *work, hebb_error *error)
{
	hebb_error local;

	error = error ? error : &local;
	*choice = (hebb_choice){.size = sizeof *choice};
	*work = 1;
	if (!study || !study->found_task)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "there is no complete study; hebb_study_default() completes it");
	if (!hb_effort_chooses(study))
		return HEBB_OK;
	hebb_study base = judging_study(study);
	chooser *c = calloc(1, sizeof *c);
	if (!c)
		return hebb_fail(error, HEBB_NO_MEMORY, "effort: out of memory");
	*c = (chooser){.base = &base, .seed = seed, .fold = -1, .choice = choice, .error = error};
	hebb_status status = count_rows(c, study);
	c->pool = status ? NULL : hebb_pool_new(hb_threads_of(study), NULL, error);
	if (c->pool) {
		c->draws = draws_of(study, c->rows);
		list_recipes(c);
		c->side = side_by_side(c);
		choice->trainings = choice->count + promoted_of(choice->count) * (c->draws - 1);
		choice->rows = c->rows;
		*work = work_of(c, study);
	}
	status = status || c->pool ? status : HEBB_NO_MEMORY;
	hebb_pool_free(c->pool);
	free(c);
	return status;
}

void hebb_choice_free(hebb_choice *choice)
{
	hebb_calibration_free(choice->calibration);
	free(choice->mate);
	*choice = (hebb_choice){.size = sizeof *choice};
}
