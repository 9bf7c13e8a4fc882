/* SPDX-License-Identifier: MIT */
/*
 * outputs.c - the outputs of the network on the rows of a report
 *
 * Of many rows, or for a large network, a sample will do for a chart: rows evenly spaced, so that
 * they are the same for every number of threads.  Classes with curves of their own are, of two, the
 * second; of more, those with the least recall.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../metrics.h"
#include "hebb_advanced.h"
#include "report.h"

enum { SLICE = 256, ROWS_MOST = 100000, ROWS_LEAST = 2000 };

/* Products of one pass, some seconds of a slow core. */
static const double PRODUCTS = 2e10;

static long long rows_wanted(const hb_view *view)
{
	double fit = PRODUCTS / (double)(hebb_net_parameters(view->net) + 1);
	long long rows = fit > ROWS_MOST    ? ROWS_MOST
			 : fit < ROWS_LEAST ? ROWS_LEAST
					    : (long long)fit;

	return view->data->rows < rows ? view->data->rows : rows;
}

/* ---- Which outputs have curves ---- */

static double recall_of(const hb_view *view, int class)
{
	const hebb_class_score *each =
		view->score && view->score->each ? &view->score->each[class] : NULL;

	return each && each->rows > 0 ? each->recall : INFINITY;
}

/* Keeps the classes with the least recall, in this order; those without rows are left out. */
static void choose_classes(const hb_view *view, hb_outputs *all)
{
	int classes = view->coding->outputs;

	for (int i = 0; i < classes; i++) {
		double recall = recall_of(view, i);
		int at = all->curves;

		if (!isfinite(recall))
			continue;
		while (at > 0 && recall < recall_of(view, all->curve[at - 1]))
			at--;
		if (at == HB_CURVES_MOST)
			continue;
		all->curves += all->curves < HB_CURVES_MOST;
		memmove(all->curve + at + 1, all->curve + at,
			sizeof *all->curve * (size_t)(all->curves - at - 1));
		all->curve[at] = i;
	}
}

static void choose_curves(const hb_view *view, hb_outputs *all)
{
	int outputs = view->coding->outputs;

	if (view->coding->task == HEBB_CLASSIFICATION && outputs == 2) {
		all->curve[0] = all->curves = 1;
	} else if (view->coding->task == HEBB_CLASSIFICATION) {
		choose_classes(view, all);
	} else {
		for (; all->curves < outputs && all->curves < HB_CURVES_MOST; all->curves++)
			all->curve[all->curves] = all->curves;
	}
}

/* ---- Rows ---- */

static int open_arrays(hb_outputs *all, size_t rows)
{
	size_t cells = rows * (size_t)(all->curves + 1);

	all->row = malloc(sizeof *all->row * rows);
	all->loss = malloc(sizeof *all->loss * rows);
	all->truth = malloc(sizeof *all->truth * rows);
	all->predicted = malloc(sizeof *all->predicted * rows);
	all->p = malloc(sizeof *all->p * rows);
	all->p_true = malloc(sizeof *all->p_true * rows);
	all->h = malloc(sizeof *all->h * cells);
	all->y = malloc(sizeof *all->y * cells);
	return all->row && all->loss && all->truth && all->predicted && all->p && all->p_true &&
	       all->h && all->y;
}

void hb_outputs_close(hb_outputs *all)
{
	free(all->row);
	free(all->loss);
	free(all->truth);
	free(all->predicted);
	free(all->p);
	free(all->p_true);
	free(all->h);
	free(all->y);
	*all = (hb_outputs){.rows = 0};
}

/* Keeps a row with outputs h and targets y. */
static void add_row(const hb_view *view, hb_outputs *all, long long row, hebb_activation output,
		    const float *h, const float *y)
{
	const hebb_coding *coding = view->coding;
	long long at = all->rows;
	int classes = coding->task == HEBB_CLASSIFICATION, n = coding->outputs;
	int numbers = coding->task == HEBB_REGRESSION;

	if (!hebb_is_answer(coding, h))
		return;
	all->row[at] = row;
	all->truth[at] = classes ? hb_class_of(y, n) : -1;
	all->predicted[at] = classes ? hebb_largest(h, n) : -1;
	all->p[at] = classes ? h[all->predicted[at]] : 0;
	all->p_true[at] = all->truth[at] >= 0 ? h[all->truth[at]] : 0;
	all->loss[at] =
		classes && all->truth[at] < 0 ? 0 : (float)hebb_cost(view->loss, output, n, h, y);
	for (int i = 0; i < all->curves; i++) {
		int o = all->curve[i];
		double *to = &all->h[at * all->curves + i], *truth = &all->y[at * all->curves + i];

		*to = numbers ? hebb_in_units(coding, h, o) : h[o];
		*truth = isnan(y[o]) ? (double)NAN : numbers ? hebb_in_units(coding, y, o) : y[o];
	}
	all->rows++;
}

/* Runs the network on rows that follow each other in the sample. */
static void add_rows(const hb_view *view, hb_outputs *all, long long rows, hebb_work *work,
		     float *x)
{
	const hebb_dataset *data = view->data;
	hebb_activation output =
		hebb_net_layer(view->net, hebb_net_layers(view->net) - 1)->activation;
	int n = data->outputs;

	for (long long first = 0; first < rows; first += SLICE) {
		int count = rows - first < SLICE ? (int)(rows - first) : SLICE;

		for (int i = 0; i < count; i++)
			hebb_dataset_get(data, (first + i) * data->rows / rows, 1,
					 x + (size_t)i * (size_t)data->inputs);
		const float *h = hebb_forward(work, count, x);
		for (int i = 0; i < count; i++) {
			long long row = (first + i) * data->rows / rows;

			add_row(view, all, row, output, h + (ptrdiff_t)i * n, data->y + row * n);
		}
	}
}

hebb_status hb_outputs_open(hb_view *view, hebb_error *error)
{
	hb_outputs *all = &view->outputs;
	long long rows = rows_wanted(view);
	hebb_work *work = hebb_work_new(view->net, SLICE, NULL, error);
	float *x = malloc(sizeof *x * SLICE * (size_t)view->data->inputs);
	int ready;

	choose_curves(view, all);
	ready = work && x && view->data->y && open_arrays(all, (size_t)rows);
	if (ready) {
		add_rows(view, all, rows, work, x);
		all->of = view->data->rows;
	}
	hebb_work_free(work);
	free(x);
	return ready ? HEBB_OK : hebb_fail(error, HEBB_NO_MEMORY, "no memory for the report");
}
