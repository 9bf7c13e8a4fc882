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
#include "picture/activity.h"

enum { LISTED = 25, NAME_WIDTH = 24, WIDTH_LEAST = 6, NARROW = 60, BAR_LEAST = 8 };

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
	int name, figure, bar; /* widths */
	int has_interval;
	double most; /* the longest bar */
} page;

static int wider(int width, double value)
{
	char text[FIGURE_MOST];
	int own = (int)strlen(signed_text(value, text));

	return own > width ? own : width;
}

/* Cuts long names where there is no room for a bar. */
static void fit_page(page *p)
{
	int used = 2 + 2 + p->figure + 2 + (p->has_interval ? 2 * p->figure + 6 : 0);
	int room = page_width(stdout) - used - BAR_LEAST;

	room = room < WIDTH_LEAST ? WIDTH_LEAST : room;
	p->name = p->name < room ? p->name : room;
	p->bar = BAR_LEAST + room - p->name;
}

static page page_of(const hebb_importance *result, const hebb_coding *coding, int listed)
{
	page p = {.has_interval = result->repeats > 1 && page_width(stdout) >= NARROW};
	p.name = names_width(coding, listed, result->order, NAME_WIDTH);
	p.figure = WIDTH_LEAST;
	for (int i = 0; i < listed; i++) {
		hebb_spread drop = result->column[result->order[i]].drop;

		p.most = fmax(p.most, fabs(drop.mean));
		p.figure = wider(p.figure, drop.mean);
		p.figure = wider(wider(p.figure, drop.low), drop.high);
	}
	fit_page(&p);
	return p;
}

static void print_column(const hebb_importance *result, const hebb_coding *coding, int column,
			 const page *p)
{
	hebb_spread drop = result->column[column].drop;
	char mean[FIGURE_MOST], low[FIGURE_MOST], high[FIGURE_MOST], interval[2 * FIGURE_MOST + 8];

	fputs("  ", stdout);
	print_field(stdout, coding->inputs[column].name, -p->name);
	printf("  %*s  ", p->figure, signed_text(drop.mean, mean));
	if (p->has_interval) {
		snprintf(interval, sizeof interval, "%s to %s", signed_text(drop.low, low),
			 signed_text(drop.high, high));
		printf("%s%-*s%s  ", dim(stdout), 2 * p->figure + 4, interval, plain(stdout));
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

	printf("  %s%-*s  %*s", dim(stdout), p.name, "column", p.figure,
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
	if (drop)
		printf("  %spixel permuted: score worse %s, better %s%s\n", dim(stdout),
		       picture_marks(1), picture_marks(-1), plain(stdout));
	free(drop);
	return drop ? EXIT_DONE : fail("importance", "out of memory");
}

/* What the rmse of several targets is. */
static void print_scale(const hebb_coding *coding)
{
	char line[200];
	const char *of = coding->target_transform == HEBB_TARGET_LOG ? ", both of the logarithms"
			 : coding->target_transform == HEBB_TARGET_QUANTILE
				 ? ", both after the transform"
				 : "";

	snprintf(line, sizeof line,
		 "the mean over %d targets of rmse / standard deviation in training%s",
		 coding->target_count, of);
	page_paragraph(stdout, line, 2);
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
	if (result->is_scaled)
		print_scale(coding);
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
static int fail_importance(const explanation *e, const hebb_error *error)
{
	if (error->status != HEBB_BAD_SHAPE || has_targets(e) || !has_inputs(e))
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
	activity_begin("permuting columns");
	hebb_status done = hebb_model_importance(e->model, e->table, e->rows, e->row, &e->how,
						 &result, &error);
	activity_end();
	if (done != HEBB_OK)
		return fail_importance(e, &error);
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
