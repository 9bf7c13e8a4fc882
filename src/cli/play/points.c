/* SPDX-License-Identifier: MIT */
/*
 * points.c - the rows of a learner as points in the plane
 */
#include "play/points.h"

#include <math.h>

#include "draw/terminal.h"

enum { USUAL_POINTS = 400 };
static const double MARGIN = 0.06; /* beside the outermost points, of their range */

int points_count(const options *given)
{
	return option_given(given, OPT_POINTS) ? given->points : USUAL_POINTS;
}

/* ---- What can be drawn ----------------------------------------------------------------------- */

static int check_inputs(const hebb_coding *c, const hebb_table *table)
{
	if (c->input_count < 2)
		return fail(table->name,
			    "has %s beside the target '%s', and play draws two: the file needs "
			    "three columns, such as x, y and class",
			    hebb_show_count(c->input_count, "column").text,
			    short_name(c->targets[0].name));
	if (c->input_count > 2)
		return fail(table->name,
			    "has %d inputs, and play draws two; choose them, as with --inputs "
			    "%s%s%s,%s%s%s",
			    c->input_count, list_quote(c->inputs[0].name),
			    short_name(c->inputs[0].name), list_quote(c->inputs[0].name),
			    list_quote(c->inputs[1].name), short_name(c->inputs[1].name),
			    list_quote(c->inputs[1].name));
	return EXIT_DONE;
}

static int check_column(const hebb_column *column, const hebb_table *table)
{
	if (column->kind == HEBB_TEXT)
		return fail(table->name,
			    "column '%s' has texts, and play draws numbers; choose two columns of "
			    "numbers with --inputs",
			    short_name(column->name));
	if (column->missing > 0)
		return fail(table->name,
			    "%s missing in column '%s'; a point without a place cannot be drawn: "
			    "remove these rows, or choose other columns with --inputs",
			    column->missing == 1 ? "1 value is"
						 : hebb_show_count(column->missing, "value").text,
			    short_name(column->name));
	return EXIT_DONE;
}

static int check_target(const hebb_coding *c, const hebb_table *table)
{
	if (c->task == HEBB_CLASSIFICATION && c->outputs > LEARNER_CLASSES_MOST)
		return fail(table->name,
			    "'%s' has %d classes, and play has colors for %d; with --task "
			    "regression it shows numbers, or train a file with fewer classes",
			    short_name(c->targets[0].name), c->outputs, LEARNER_CLASSES_MOST);
	if (c->task != HEBB_CLASSIFICATION && c->outputs != 1)
		return fail(table->name,
			    "has %d targets, and play shows one; choose it with --target",
			    c->outputs);
	return EXIT_DONE;
}

int points_check(const learner *l)
{
	const hebb_coding *c = l->job.coding;
	const hebb_table *table = l->job.table;
	int status = check_inputs(c, table);

	for (int j = 0; j < 2 && status == EXIT_DONE; j++)
		status = check_column(&table->column[c->input_at[j]], table);
	return status == EXIT_DONE ? check_target(c, table) : status;
}

/* ---- Points ---------------------------------------------------------------------------------- */

int learner_classes(const learner *l)
{
	return l->trial->coding->task == HEBB_CLASSIFICATION ? l->trial->coding->outputs : 0;
}

const char *learner_class(const learner *l, int which)
{
	return l->trial->coding->targets[0].levels[which];
}

point learner_point(const learner *l, const hebb_dataset *part, long long row)
{
	const hebb_coding *c = l->trial->coding;
	const hebb_table *table =
		part == l->trial->test && l->job.test_table ? l->job.test_table : l->job.table;
	const float *y = part->y + row * c->outputs;
	long long at = part->row[row];
	point p = {hebb_table_value(table, at, c->input_at[0]),
		   hebb_table_value(table, at, c->input_at[1]), 0};

	if (c->task == HEBB_CLASSIFICATION)
		p.value = hebb_largest(y, c->outputs);
	else
		p.value = (double)y[0] * (double)c->target_sd[0] +
			  (c->exact_target_mean ? c->exact_target_mean[0]
						: (double)c->target_mean[0]);
	return p;
}

void learner_inputs(const learner *l, double x, double y, float inputs[2])
{
	const hebb_coding *c = l->trial->coding;
	const double place[2] = {x, y};

	for (int j = 0; j < 2; j++) {
		double mean = c->exact_mean ? c->exact_mean[j] : (double)c->mean[j];

		inputs[j] = (float)(place[j] - mean) * c->scale[j];
	}
}

/* Widens a range by a margin; one without width gets one. */
static void add_margin(double *low, double *high)
{
	double margin = *high > *low ? MARGIN * (*high - *low) : fmax(1, 0.1 * fabs(*low));

	*low -= margin;
	*high += margin;
}

void points_range(learner *l)
{
	const hebb_dataset *part[] = {l->trial->train, l->trial->test};

	for (int j = 0; j < 2; j++) {
		l->low[j] = (double)INFINITY;
		l->high[j] = -(double)INFINITY;
	}
	l->target_low = (double)INFINITY;
	l->target_high = -(double)INFINITY;
	for (int k = 0; k < 2; k++)
		for (long long r = 0; part[k] && r < part[k]->rows; r++) {
			point p = learner_point(l, part[k], r);

			l->low[0] = fmin(l->low[0], p.x);
			l->high[0] = fmax(l->high[0], p.x);
			l->low[1] = fmin(l->low[1], p.y);
			l->high[1] = fmax(l->high[1], p.y);
			l->target_low = fmin(l->target_low, p.value);
			l->target_high = fmax(l->target_high, p.value);
		}
	add_margin(&l->low[0], &l->high[0]);
	add_margin(&l->low[1], &l->high[1]);
	if (!(l->target_high > l->target_low))
		add_margin(&l->target_low, &l->target_high);
}
