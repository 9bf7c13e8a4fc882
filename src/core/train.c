/* SPDX-License-Identifier: MIT */
/*
 * train.c - epochs and batches, shuffling, validation, patience, progress
 *
 * An epoch visits every row once, in the order that (seed, epoch) gives, batch by batch: gather,
 * gradient, update. If one batch holds all rows, their order does not matter, so they are gathered
 * once and never shuffled. With an average, the network has the moving weights during an epoch, and
 * the average between epochs and at the end.
 *
 * The trainer keeps the position of a run (struct hb_run). So a stopped run, or one from a
 * checkpoint, continues with the next batch.
 */
#include <math.h>
#include <stdio.h>
#include "core.h"

#define BETWEEN_REPORTS 0.1 /* seconds between reports, within an epoch */
#define WORTH_SHARING 5e-6  /* seconds to gather a batch */
enum {
	GATHER_PARTS = 16, /* at most */
	TIMED_CALLS = 16   /* of gather */
};

/* How long a source takes to gather a row: the least of its first calls, since what is above it was
 * spent on waiting. */
struct speed {
	double seconds;
	int calls;
};

struct run {
	hebb_trainer *t;
	const hebb_source *train, *validation;
	int batch;        /* rows in a batch, at most */
	int room;         /* rows that x, y and weight have room for */
	long long *order; /* the rows of the training source in the order of this epoch */
	/* The length of order, which also holds the rows 0, 1, 2, ... of a validation batch. */
	long long order_count;
	float *x, *y, *weight;
	struct hb_rows rows; /* of the batch: in x, y and weight, or in the arrays of the source */
	/* of gathering: training, validation */
	struct speed speed[2];
	double began, reported;
	int together; /* the number of batches of an update */
	int full;     /* rows are all training rows */
	int complete; /* the epoch has seen all rows */
	int late;     /* the time of the recipe has passed */
	int stopped;  /* the progress callback said so */
	int over;     /* nothing is left to do */
	int lost;     /* a reduction failed: the run cannot go on */
	int undone;   /* the parameters are those of the last epoch that ended well */
	int gathered; /* x and y have held rows */
	int proven;   /* an epoch has shown that gather sets every row */
};

static const char to_train[] = "the training rows", to_validate[] = "the validation rows";

static hebb_status check_widths(const hebb_trainer *t, const hebb_source *source, hebb_error *error)
{
	const struct hb_plan *plan = t->plan;

	if (!source || ((!source->inputs || source->inputs == plan->inputs) &&
			(!source->outputs || source->outputs == plan->outputs)))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_SHAPE,
			 "the examples have %d inputs and %d outputs, the network %d and %d",
			 source->inputs, source->outputs, plan->inputs, plan->outputs);
}

/* A source as this version knows it; *now: NULL if there is none. */
static hebb_status take_source(const hebb_source *source, const char *name, hebb_source *copy,
			       const hebb_source **result, hebb_error *error)
{
	*result = source ? copy : NULL;
	return source ? hebb_sized_copy(copy, sizeof *copy, source, name, "hebb_source_default()",
					error)
		      : HEBB_OK;
}

static hebb_status check_sources(const hebb_trainer *t, const hebb_source *train,
				 const hebb_source *validation, hebb_error *error)
{
	if (!train)
		return hb_missing("the source of training rows", error);
	if (!train->gather || (validation && !validation->gather))
		return hb_missing(train->gather ? "gather of the validation rows"
						: "gather of the training rows",
				  error);
	if (train->rows < 1 || (validation && validation->rows < 1))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there are no rows to %s",
				 train->rows < 1 ? "train on" : "validate with");
	if (check_widths(t, train, error) || check_widths(t, validation, error))
		return HEBB_BAD_SHAPE;
	if (t->recipe.batch == 0 && train->rows > INT32_MAX)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%lld rows are too many for one batch; set recipe.batch",
				 train->rows);
	if ((t->recipe.rule == HEBB_RPROP || t->recipe.rule == HEBB_LBFGS) &&
	    t->recipe.batch != 0 && t->recipe.batch < train->rows)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s compares a gradient with the one before it, and those of "
				 "batches differ by chance; set recipe.batch to 0, all rows",
				 hebb_rule_name(t->recipe.rule));
	if (t->recipe.patience > 0 && !validation)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"recipe.patience is set, but there are no validation rows to judge by");
	return HEBB_OK;
}

/* Whether the position of the open run is possible with these rows. */
static hebb_status check_open(const struct run *r, long long updates, hebb_error *error)
{
	const struct hb_run *run = &r->t->run;
	long long rows = r->train->rows, batches = run->next / r->batch;
	double passed = (double)updates * run->epoch + (double)(batches / r->together);

	if (run->next % r->batch || run->next >= rows || run->epoch > r->t->recipe.epochs ||
	    run->collected != batches % r->together)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the run to resume is at row %lld of epoch %lld, but a run of "
				 "%d epochs of %lld rows in batches of %d cannot stop there",
				 run->next, run->epoch + 1LL, r->t->recipe.epochs, rows, r->batch);
	if (run->update > passed || (run->rows - run->next) / rows != run->epoch ||
	    (run->rows - run->next) % rows != 0)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"the run to resume has seen %lld rows in %.0f updates, but these do "
			"not fit %d epochs of %lld rows and %lld more",
			run->rows, run->update, run->epoch, rows, run->next);
	return HEBB_OK;
}

static void keep(hebb_trainer *t)
{
	t->engine->copy(t->self, HB_W, HB_KEPT);
}

static void restore(hebb_trainer *t)
{
	t->engine->copy(t->self, HB_KEPT, HB_W);
}

/* A new run, unless one is open. */
static hebb_status open_run(struct run *r, long long updates, hebb_error *error)
{
	hebb_trainer *t = r->t;

	if (t->run.open && check_open(r, updates, error))
		return HEBB_BAD_ARGUMENT;
	if (!t->run.open) {
		t->run = (struct hb_run){.open = 1,
					 .loss = (double)NAN,
					 .validation_loss = (double)NAN,
					 .validation_accuracy = (double)NAN};
		if (hb_has_average(t))
			t->engine->copy(t->self, HB_W, HB_AVERAGE);
		t->averaged = 0;
		t->converged = 0;
		keep(t);
		t->best_epoch = t->epochs;
	}
	t->run.updates = (double)updates * t->recipe.epochs;
	return HEBB_OK;
}

static hebb_status begin(struct run *r, hebb_error *error)
{
	const hebb_allocator *a = &r->t->allocator;
	const struct hb_plan *plan = r->t->plan;
	long long rows = r->train->rows, batches;

	r->batch = r->t->recipe.batch == 0 || r->t->recipe.batch > rows ? (int)rows
									: r->t->recipe.batch;
	batches = (rows - 1) / r->batch + 1;
	r->together = batches > 1 ? r->t->recipe.accumulate : 1;
	r->room = r->batch > plan->rows ? r->batch : plan->rows;
	r->order_count = rows > r->room ? rows : r->room;
	if (!(r->order = hb_allocate(a, hb_bytes((uint64_t)r->order_count, sizeof *r->order),
				     error)) ||
	    !(r->x = hb_allocate_floats(a, (uint64_t)r->room * (uint64_t)plan->inputs, error)) ||
	    !(r->y = hb_allocate_floats(a, (uint64_t)r->room * (uint64_t)plan->outputs, error)) ||
	    !(r->weight = hb_allocate_floats(a, (uint64_t)r->room, error)))
		return HEBB_NO_MEMORY;
	r->began = r->reported = hb_seconds();
	r->began -= r->t->run.open ? r->t->run.seconds : 0;
	hb_trainer_load(r->t);
	return open_run(r, (batches - 1) / r->together + 1, error);
}

static void end(struct run *r)
{
	const hebb_allocator *a = &r->t->allocator;
	const struct hb_plan *plan = r->t->plan;

	r->t->run.updates = 0;
	hb_release(a, r->order, (size_t)r->order_count * sizeof *r->order);
	hb_release_floats(a, r->x, (size_t)r->room * (size_t)plan->inputs);
	hb_release_floats(a, r->y, (size_t)r->room * (size_t)plan->outputs);
	hb_release_floats(a, r->weight, (size_t)r->room);
}

/* Rows of a batch, gathered by several threads. */
struct gathering {
	const struct run *r;
	const hebb_source *source;
	int count;
	const long long *index;
	hebb_error error[GATHER_PARTS]; /* one for each part */
};

static void gather_part(void *self, int part, int parts)
{
	struct gathering *b = self;
	const struct run *r = b->r;
	int first = (int)((long long)b->count * part / parts),
	    end = (int)((long long)b->count * (part + 1) / parts);
	hebb_error *error = &b->error[part];
	hebb_status status = HEBB_OK;

	error->message[0] = '\0';
	error->line = error->column = 0;
	if (end > first)
		status = b->source->gather(b->source->self, end - first, b->index + first,
					   r->x + (ptrdiff_t)first * r->t->plan->inputs,
					   r->y + (ptrdiff_t)first * r->t->plan->outputs,
					   r->weight + first, error);
	error->status = status;
}

/* The failure of a gather, with a message if the gather function gave none. */
static hebb_status hand_on(const hebb_error *failure, const char *name, hebb_error *error)
{
	if (!failure->message[0])
		return hebb_fail(error, failure->status, "gather of %s failed: %s", name,
				 hebb_strerror(failure->status));
	if (error)
		*error = *failure;
	return failure->status;
}

/* The number of threads that gather these rows. */
static int gather_parts(const struct run *r, const hebb_source *source, int count)
{
	const hebb_trainer *t = r->t;
	int parts = t->engine->run && source->parallel ? t->engine->threads(t->self) : 1;

	if (count * r->speed[source == r->validation].seconds < WORTH_SHARING)
		return 1;
	return parts < GATHER_PARTS ? parts : GATHER_PARTS;
}

static void gather_all(struct run *r, struct gathering *b, int parts)
{
	struct speed *speed = &r->speed[b->source == r->validation];
	double begin = speed->calls < TIMED_CALLS ? hb_seconds() : 0, one;

	if (parts > 1)
		r->t->engine->run(r->t->self, parts, gather_part, b);
	else
		gather_part(b, 0, 1);
	if (speed->calls >= TIMED_CALLS)
		return;
	one = (hb_seconds() - begin) * parts / b->count;
	if (speed->calls++ == 0 || one < speed->seconds)
		speed->seconds = one;
}

/* Sets r->rows. */
static hebb_status gather(struct run *r, const hebb_source *source, int count,
			  const long long *index, hebb_error *error)
{
	const char *name = source == r->train ? to_train : to_validate;
	int parts = gather_parts(r, source, count);
	struct gathering b;

	r->rows = (struct hb_rows){count, r->x, r->y, r->weight, index, name, r->t->recipe.gaps};
	if (hb_arrays_find(source, &r->rows))
		return HEBB_OK;
	for (int i = 0; i < count; i++)
		r->weight[i] = 1;
	if (!r->proven)
		hb_rows_unset(r->t->plan, count, !r->gathered, r->x, r->y);
	r->gathered = 1;
	b.r = r;
	b.source = source;
	b.count = count;
	b.index = index;
	gather_all(r, &b, parts);
	for (int part = 0; part < parts; part++)
		if (b.error[part].status)
			return hand_on(&b.error[part], name, error);
	return HEBB_OK;
}

static hebb_status report(struct run *r, int epoch_ended, hebb_error *error)
{
	hebb_trainer *t = r->t;
	const hebb_recipe *recipe = &t->recipe;
	hebb_progress progress = {.size = sizeof progress,
				  .epoch = t->run.epoch,
				  .epochs = recipe->epochs,
				  .epoch_ended = epoch_ended,
				  .rows = t->run.rows,
				  .loss = t->run.loss,
				  .validation_loss = t->run.validation_loss,
				  .rate = t->rate,
				  .run_ends = r->over,
				  .validation_accuracy = t->run.validation_accuracy};
	int stop;

	r->reported = hb_seconds();
	progress.seconds = t->run.seconds = r->reported - r->began;
	t->busy = HB_REPORTING;
	if (recipe->progress)
		hb_trainer_store(t);
	stop = recipe->progress && recipe->progress(recipe->self, &progress);
	t->busy = HB_AT_WORK;
	r->stopped = stop != 0;
	if (stop)
		return hebb_fail(error, HEBB_STOPPED, "stopped on request in epoch %d",
				 t->epochs + !epoch_ended);
	return HEBB_OK;
}

/* Exchanges the moving weights and the average, so that the network has the average (1) or the
 * moving weights (0). */
static void show_average(hebb_trainer *t, int average)
{
	average = average && hb_has_average(t) && t->averaged > 0;
	if (hb_has_average(t) && t->run.shown != average)
		t->engine->swap(t->self, HB_W, HB_AVERAGE);
	t->run.shown = average;
}

static int is_late(const struct run *r)
{
	double limit = r->t->recipe.seconds;

	return limit > 0 && hb_seconds() - r->began >= limit;
}

/* Whether the run ends here, between two epochs. */
static int is_over(struct run *r)
{
	const hebb_trainer *t = r->t;
	int patience = t->recipe.patience;

	r->late = r->late || (t->run.seconds > 0 && is_late(r));
	return r->late || t->converged || t->run.epoch >= t->recipe.epochs ||
	       t->epochs == INT32_MAX || /* the count of epochs of all runs is at its limit */
	       (patience > 0 && t->epochs - t->best_epoch >= patience);
}

static void arrange(struct run *r)
{
	long long rows = r->train->rows;

	for (long long i = 0; i < rows; i++)
		r->order[i] = i;
	if (r->t->recipe.shuffle && r->batch < rows)
		hebb_shuffle(rows, r->order, r->t->recipe.seed, HB_STREAM_SHUFFLE(r->t->epochs));
}

/* One of several batches of an update; `last`: it is the last of the epoch. */
static hebb_status collect(struct run *r, struct hb_batch *batch, int last, double *sum,
			   double *weights, hebb_error *error)
{
	struct hb_run *run = &r->t->run;
	int first = run->collected_weight == 0; /* the first batch with weight */
	int complete = run->collected + 1 >= r->together || last;
	hebb_status status;

	batch->whole = 1;
	batch->first = first ? 0 : run->ahead;
	status = hb_trainer_collect(r->t, batch, first ? HB_FROM_ZERO : HB_ADD_TO_C, complete, sum,
				    weights, error);
	run->ahead = batch->first + (batch->weights != 0 ? (uint32_t)batch->rows : 0);
	run->collected_weight += *weights;
	run->collected++;
	if (status || !complete)
		return status;
	hb_trainer_finish(r->t, run->collected_weight);
	run->ahead = 0;
	run->collected = 0;
	run->collected_weight = 0;
	return HEBB_OK;
}

static struct hb_batch batch_of(const struct run *r)
{
	return hb_batch_of(r->t, r->rows.rows, r->rows.x, r->rows.y, r->rows.weight);
}

/* Trains on a batch: an update, or a part of an update of several batches; `last`: it is the last
 * of the epoch. */
static hebb_status learn(struct run *r, int last, double *sum, double *weights, hebb_error *error)
{
	struct hb_batch batch = batch_of(r);

	if (r->together == 1)
		return hb_trainer_step(r->t, &batch, sum, weights, error);
	return collect(r, &batch, last, sum, weights, error);
}

/* Writes what is not finite, as the beginning of a sentence: the first of parameters, outputs and
 * cost. Returns 1 for parameters. */
static int what_diverged(const struct run *r, size_t size, char *text)
{
	const hebb_trainer *t = r->t;
	const struct hb_plan *plan = t->plan;

	for (int i = 0; i < plan->arrays; i++) {
		const struct hb_parameter *p = &plan->parameter[i];

		if (p->about.running || t->engine->finite(t->self, HB_W, p))
			continue;
		snprintf(text, size, "a weight or bias of layer %d is", p->layer + 1);
		return 1;
	}
	for (int l = 0; l < plan->L; l++) {
		if (t->engine->finite_outputs(t->self, l))
			continue;
		snprintf(text, size, "an output of layer %d is", l + 1);
		return 0;
	}
	snprintf(text, size, "the cost is");
	return 0;
}

static hebb_status diverged(struct run *r, hebb_error *error)
{
	hebb_trainer *t = r->t;
	long long batch = t->run.next / r->batch + 1;
	char culprit[80], place[40] = ", at its end";

	if (what_diverged(r, sizeof culprit, culprit) && batch > 1)
		batch--; /* the update of the batch before it diverged */
	if (t->run.next < r->train->rows)
		snprintf(place, sizeof place, ", batch %lld", batch);
	return hebb_fail(error, HEBB_DIVERGED,
			 "training diverged in epoch %d%s: %s not finite; try a lower rate (it is "
			 "%g), scaled inputs, or smaller targets",
			 t->epochs + 1, place, culprit, t->recipe.rate);
}

/* Why the cost of a batch is not finite: a row is wrong, or the training diverged. */
static hebb_status blame(struct run *r, hebb_error *error)
{
	const hebb_trainer *t = r->t;
	hebb_status status = hb_rows_check(t->plan, t->recipe.loss, &r->rows, error);

	return status ? status : diverged(r, error);
}

/* Without any weight there is no mean. */
static hebb_status weightless(const hebb_source *source, const char *name, hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: all %lld have the weight 0, so that there is nothing to %s; at least "
			 "one must be above 0",
			 name, source->rows, name == to_train ? "learn" : "judge by");
}

/* The next batch of an epoch. */
static hebb_status batch(struct run *r, hebb_error *error)
{
	struct hb_run *run = &r->t->run;
	long long rows = r->train->rows;
	int count = rows - run->next < r->batch ? (int)(rows - run->next) : r->batch;
	double sum = 0, weights = 0;
	hebb_status status = HEBB_OK;

	if (!r->full)
		status = gather(r, r->train, count, r->order + run->next, error);
	if (status)
		return status;
	r->full = count == rows && !r->validation && !r->train->begin;
	r->complete = run->next + count == rows;
	status = learn(r, r->complete, &sum, &weights, error);
	r->undone = status == HEBB_DIVERGED;
	r->lost = status && !r->undone;
	if (r->undone)
		return blame(r, error);
	if (status)
		return status;
	run->sum += sum;
	run->weights += weights;
	run->rows += count;
	run->next += count;
	run->loss = run->weights > 0 ? run->sum / run->weights : 0;
	return HEBB_OK;
}

/* One pass over the training rows, or less if the time is over. run.loss becomes the mean J of the
 * examples, each before its update. */
static hebb_status epoch(struct run *r, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	if (r->train->begin)
		r->train->begin(r->train->self, r->t->epochs);
	if (!r->full)
		arrange(r);
	r->complete = 0;
	while (!status && !r->complete && !r->late) {
		status = batch(r, error);
		r->late = !status && r->t->run.collected == 0 && is_late(r);
		if (!status && !r->complete && !r->late && r->t->recipe.progress &&
		    hb_seconds() - r->reported > BETWEEN_REPORTS)
			status = report(r, 0, error);
	}
	return status;
}

static hebb_status validate(struct run *r, hebb_error *error)
{
	double sum = 0, weights = 0, right = 0;
	long long rows = r->validation->rows;

	for (long long first = 0; first < rows; first += r->room) {
		int count = rows - first < r->room ? (int)(rows - first) : r->room;
		double part_sum, part_weights, part_right;
		struct hb_batch batch;
		hebb_status status;

		for (int i = 0; i < count; i++)
			r->order[i] = first + i;
		if ((status = gather(r, r->validation, count, r->order, error)))
			return status;
		batch = batch_of(r);
		batch.right = &part_right;
		if (hb_trainer_cost(r->t, &batch, &part_sum, &part_weights, error)) {
			r->undone = 1;
			return blame(r, error);
		}
		sum += part_sum;
		weights += part_weights;
		right += part_right;
	}
	r->undone = weights == 0;
	if (r->undone)
		return weightless(r->validation, to_validate, error);
	r->t->run.validation_loss = sum / weights;
	r->t->run.validation_accuracy = right / weights;
	return HEBB_OK;
}

/* Keeps the best network so far by validation if there is patience, else that of the last epoch. */
static void judge(hebb_trainer *t)
{
	if (t->recipe.patience == 0 || t->run.validation_loss < t->best) {
		t->best = t->run.validation_loss;
		t->best_epoch = t->epochs;
		keep(t);
	}
}

static int is_finite(const hebb_trainer *t)
{
	for (int i = 0; i < t->plan->arrays; i++)
		if (!t->engine->finite(t->self, HB_W, &t->plan->parameter[i]))
			return 0;
	return 1;
}

/* Validates after an epoch and decides whether the run ends. */
static hebb_status check_epoch(struct run *r, hebb_error *error)
{
	const hebb_trainer *t = r->t;

	r->undone = 1;
	if (t->run.weights == 0)
		return weightless(r->train, to_train, error);
	if (!is_finite(t))
		return diverged(r, error);
	r->undone = 0;
	return HEBB_OK;
}

static hebb_status one_epoch(struct run *r, hebb_error *error)
{
	hebb_trainer *t = r->t;
	hebb_status status;

	show_average(t, 0);
	status = epoch(r, error);
	if (!status && r->complete)
		status = check_epoch(r, error);
	if (!r->undone)
		show_average(t, 1);
	if (!status && !r->complete) { /* no time is left */
		r->over = 1;
		return report(r, 0, error);
	}
	if (!status && r->validation)
		status = validate(r, error);
	if (r->undone)
		restore(t);
	if (status)
		return status;
	r->proven = 1;
	t->epochs++;
	t->run.epoch++;
	t->run.next = 0;
	t->run.sum = t->run.weights = 0;
	judge(t);
	hb_schedule_judge(&t->recipe, &t->plateau,
			  r->validation ? t->run.validation_loss : t->run.loss);
	r->over = is_over(r);
	return report(r, 1, error);
}

hebb_status hebb_train(hebb_trainer *t, const hebb_source *train, const hebb_source *validation,
		       hebb_error *error)
{
	hebb_source known[2] = {{.size = 0}, {.size = 0}};
	struct run r = {.t = t};
	hebb_status status = hb_trainer_check(t, error);

	if (!status)
		status = take_source(train, "the source of training rows", &known[0], &r.train,
				     error);
	if (!status)
		status = take_source(validation, "the source of validation rows", &known[1],
				     &r.validation, error);
	if (!status)
		status = check_sources(t, r.train, r.validation, error);
	if (status)
		return status;
	t->busy = HB_AT_WORK;
	status = begin(&r, error);
	if (!status) {
		r.over = is_over(&r);
		while (!status && !r.over)
			status = one_epoch(&r, error);
		if (!status)
			show_average(t, 1);
		if (!status && t->recipe.patience > 0 && t->run.epoch > 0)
			restore(t);
		/* r.stopped and not the status: a source may return HEBB_STOPPED too. */
		t->run.open = r.stopped && !r.lost;
		/* The result in the network is also what later updates start from. */
		if (!t->run.open)
			t->run.shown = 0;
	}
	hb_trainer_store(t);
	end(&r);
	t->busy = HB_IDLE;
	return status;
}
