/* SPDX-License-Identifier: MIT */
/*
 * importance.c - the importance of the columns, as a list of bars
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/page.h"
#include "draw/terminal.h"
#include "file/figure_folder.h"
#include "figures.h"
#include "hebb_advanced.h"

enum { LISTED = 25, NAME_WIDTH = 24, NARROW = 60, BAR_LEAST = 8 };

static json_t *column_json(const hebb_importance *result, const hebb_coding *coding, int column)
{
	hebb_spread drop = result->column[column].drop;

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "name",
			 text_json(coding->inputs[column].name), "drop", number_json(drop.mean),
			 "sd", number_json(drop.sd), "low", number_json(drop.low), "high",
			 number_json(drop.high));
}

static json_t *importance_json(const hebb_importance *result, const hebb_coding *coding)
{
	json_t *columns = json_array();

	for (int i = 0; i < result->columns; i++)
		json_array_append_new(columns, column_json(result, coding, result->order[i]));
	return json_pack("{s:s, s:b, s:o, s:I, s:I, s:i, s:o}", "metric",
			 hebb_metric_name(result->metric), "scaled", result->is_scaled, "score",
			 number_json(result->score), "rows", (json_int_t)result->rows, "of",
			 (json_int_t)result->of, "repeats", result->repeats, "columns", columns);
}

static const char *metric_words(const hebb_importance *result)
{
	switch (result->metric) {
	case HEBB_METRIC_ACCURACY:
		return "accuracy";
	case HEBB_METRIC_LOG_LOSS:
		return "log loss";
	case HEBB_METRIC_RMSE:
		return result->is_scaled ? "rmse in deviations" : "rmse";
	default:
		return "loss";
	}
}

/* ---- Text ---- */

typedef struct page {
	int name, bar; /* widths */
	int has_interval;
	double most; /* the longest bar */
} page;

static page page_of(const hebb_importance *result, const hebb_coding *coding, int listed)
{
	page p = {.has_interval = result->repeats > 1 && page_width(stdout) >= NARROW};
	int used;

	p.name = names_width(coding, listed, result->order, NAME_WIDTH);
	used = 2 + p.name + 2 + 9 + 2 + (p.has_interval ? 22 : 0);
	p.bar = page_width(stdout) - used;
	p.bar = p.bar < BAR_LEAST ? BAR_LEAST : p.bar;
	for (int i = 0; i < listed; i++)
		p.most = fmax(p.most, fabs(result->column[result->order[i]].drop.mean));
	return p;
}

static void print_column(const hebb_importance *result, const hebb_coding *coding, int column,
			 const page *p)
{
	hebb_spread drop = result->column[column].drop;
	char mean[FIGURE_MOST], low[FIGURE_MOST], high[FIGURE_MOST], interval[2 * FIGURE_MOST + 8];

	fputs("  ", stdout);
	print_field(stdout, coding->inputs[column].name, -p->name);
	printf("  %9s  ", signed_text(drop.mean, mean));
	if (p->has_interval) {
		snprintf(interval, sizeof interval, "%s to %s", signed_text(drop.low, low),
			 signed_text(drop.high, high));
		printf("%s%-20s%s  ", dim(stdout), interval, plain(stdout));
	}
	print_bar(drop.mean, p->most, p->bar);
	putchar('\n');
}

/* Whether the interval of a column's drop is above 0, or without one the drop. */
static int count_helpful(const hebb_importance *result)
{
	int count = 0;

	for (int i = 0; i < result->columns; i++)
		count += result->repeats > 1 ? result->column[i].drop.low > 0
					     : result->column[i].drop.mean > 0;
	return count;
}

static void print_list(const hebb_importance *result, const hebb_coding *coding)
{
	int listed = result->columns < LISTED ? result->columns : LISTED;
	page p = page_of(result, coding, listed);

	printf("  %s%-*s  %9s", dim(stdout), p.name, "column",
	       hebb_metric_rises(result->metric) ? "drop" : "rise");
	printf("%s%s\n", p.has_interval ? "  95 % interval" : "", plain(stdout));
	for (int i = 0; i < listed; i++)
		print_column(result, coding, result->order[i], &p);
	if (result->columns > listed)
		printf("  %sand %s more, each at most %s; --json has all%s\n", dim(stdout),
		       hebb_show_count(result->columns - listed, "column").text,
		       hebb_show_number(result->column[result->order[listed]].drop.mean, 3).text,
		       plain(stdout));
}

/* What the pixels of images are worth, as a picture. */
static int print_map(const hebb_importance *result, const hebb_coding *coding)
{
	double *drop = malloc((size_t)result->columns * sizeof *drop);

	for (int i = 0; i < result->columns && drop; i++)
		drop[i] = result->column[i].drop.mean;
	if (drop)
		print_pictures(coding, drop, 1, NULL, 0);
	free(drop);
	return drop ? EXIT_DONE : fail("importance", "out of memory");
}

static int print_importance(explanation *e, const hebb_importance *result)
{
	const hebb_coding *coding = e->model->coding;
	char line[320];
	int status = EXIT_DONE;

	print_title(e, "importance: how much worse the %s gets if a column is permuted",
		    metric_words(result));
	snprintf(line, sizeof line, "%s %s on %s%s; %s of each column; %d of %s clearly help%s",
		 metric_words(result), hebb_show_number(result->score, 4).text,
		 hebb_show_count(result->rows, "row").text,
		 result->rows < result->of ? ", drawn at random" : "",
		 hebb_show_count(result->repeats, "permutation").text, count_helpful(result),
		 hebb_show_count(result->columns, "column").text,
		 count_helpful(result) == 1 ? "s" : "");
	page_paragraph(stdout, line, 2);
	if (is_image(coding))
		status = print_map(result, coding);
	else
		print_list(result, coding);
	return status;
}

/* ---- The figure ---- */

static figure *importance_figure(const hebb_importance *result, const hebb_coding *coding)
{
	enum { NAMES = 24, BARS = 46, FIGURES = 10 };
	int listed = result->columns < LISTED ? result->columns : LISTED;
	figure *picture = figure_new("Permutation importance", NAMES + BARS + FIGURES, listed);
	double most = 0;

	for (int i = 0; i < listed; i++)
		most = fmax(most, fabs(result->column[result->order[i]].drop.mean));
	for (int i = 0; i < listed && picture; i++) {
		hebb_spread drop = result->column[result->order[i]].drop;
		const char *name = coding->inputs[result->order[i]].name;
		double length = most > 0 ? BARS * fabs(drop.mean) / most : 0;
		char number[FIGURE_MOST], shown[NAMES];

		hebb_show(name, strlen(name), shown, sizeof shown);
		figure_text(picture, INK_TEXT, ALIGN_RIGHT, NAMES - 2, i, shown);
		figure_shade(picture, NAMES, i + 0.15, length, 0.7, drop.mean < 0 ? 0.3 : 0.7);
		figure_text(picture, INK_TEXT, ALIGN_LEFT, NAMES + length + 1, i,
			    signed_text(drop.mean, number));
	}
	return picture;
}

static figure *map_figure(const hebb_importance *result, const hebb_coding *coding)
{
	double *drop = malloc((size_t)result->columns * sizeof *drop), most = 0;
	figure *picture = NULL;

	for (int i = 0; i < result->columns; i++)
		most = fmax(most, result->column[i].drop.mean);
	for (int i = 0; i < result->columns && drop; i++)
		drop[i] = most > 0 ? fmax(result->column[i].drop.mean, 0) / most : 0;
	if (drop)
		picture = pictures_figure(coding, "Permutation importance", 1, &drop,
					  (const char *const[]){"importance of each pixel"});
	free(drop);
	return picture;
}

/* ---- The whole ---- */

/* Importance needs targets, the others do not. */
static int fail_importance(const hebb_error *error)
{
	if (error->status != HEBB_BAD_SHAPE)
		return fail_error(NULL, error);
	return fail(NULL,
		    "%s; importance compares predictions with targets; without them there are "
		    "--dependence, --shapley and --gradients",
		    error->message);
}

int check_importance(explanation *e, const char *argument)
{
	(void)argument;
	return e->given->figures ? figure_check(e->given, "importance") : EXIT_DONE;
}

int explain_importance(explanation *e, const char *argument)
{
	const hebb_coding *coding = e->model->coding;
	hebb_importance result;
	hebb_error error;
	int status;

	(void)argument;
	if (hebb_model_importance(e->model, e->table, e->rows, e->row, &e->how, &result, &error) !=
	    HEBB_OK)
		return fail_importance(&error);
	if (e->json)
		status = json_object_set_new(e->json, "importance",
					     importance_json(&result, coding)) == 0
				 ? EXIT_DONE
				 : fail("--json", "out of memory");
	else
		status = print_importance(e, &result);
	if (status == EXIT_DONE && e->given->figures)
		status = write_figure(e, "importance",
				      is_image(coding) ? map_figure(&result, coding)
						       : importance_figure(&result, coding));
	if (!e->next)
		e->next = strdup(coding->inputs[result.order[0]].name);
	hebb_importance_free(&result);
	return status;
}
