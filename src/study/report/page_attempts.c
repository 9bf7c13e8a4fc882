/* SPDX-License-Identifier: MIT */
/*
 * page_attempts.c - what a search tried: the score over each setting, and the best attempts
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { ROWS_MOST = 200, DOTS_MOST = 1000, NAMES_MOST = 12, SETTINGS_MOST = 12 };

static const char *value_of(const hebb_report *report, int attempt, int setting)
{
	return report->value[(size_t)attempt * (size_t)report->settings + (size_t)setting];
}

/* The number that a text of a setting is, with a point in every locale; NaN: it is none. */
static double number_of(const char *text)
{
	const char *at = text + (*text == '-');
	double value = 0, scale = 1;
	int digits = 0, points = 0;

	for (; isdigit((unsigned char)*at) || *at == '.'; at++) {
		points += *at == '.';
		if (*at == '.')
			continue;
		value = 10 * value + (*at - '0');
		scale *= points ? 10 : 1;
		digits++;
	}
	if (digits > 0 && *at == 'e') {
		char *end;
		value *= pow(10, (double)strtol(at + 1, &end, 10));
		at = end;
	}
	return digits > 0 && points < 2 && !*at ? (*text == '-' ? -value : value) / scale
						: (double)NAN;
}

/* ---- The score over a setting ---- */

/* The values of a setting in the attempts: numbers, or else indices of different texts. */
typedef struct spread {
	int count;
	double *x, *y;
	int is_text, names;
	const char *name[NAMES_MOST];
} spread;

/* The index of a text; -1: there are too many. */
static int index_of(spread *all, const char *text)
{
	for (int i = 0; i < all->names; i++)
		if (strcmp(all->name[i], text) == 0)
			return i;
	if (all->names == NAMES_MOST)
		return -1;
	all->name[all->names] = text;
	return all->names++;
}

/* Whether a setting has a text among its values. */
static int has_text(const hebb_report *report, int setting)
{
	for (int i = 0; i < report->found->attempts; i++)
		if (isnan(number_of(value_of(report, i, setting))))
			return 1;
	return 0;
}

static void collect(const hebb_report *report, int setting, spread *all)
{
	const hebb_found *found = report->found;
	int step = found->attempts / DOTS_MOST + 1;

	all->is_text = has_text(report, setting);
	for (int i = 0; i < found->attempts; i++) {
		const char *text = value_of(report, i, setting);
		int last = found->attempt[i].rung == found->rungs - 1;
		double x = all->is_text ? index_of(all, text) : number_of(text);

		if (found->attempt[i].diverged || (i % step && !last) || (all->is_text && x < 0))
			continue;
		if (all->count == 2 * DOTS_MOST)
			break;
		all->x[all->count] = x;
		all->y[all->count++] = found->attempt[i].score;
	}
}

static int spans_decades(const spread *all)
{
	double least = INFINITY, most = 0;

	for (int i = 0; i < all->count; i++) {
		least = fmin(least, all->x[i]);
		most = fmax(most, all->x[i]);
	}
	return least > 0 && most > 20 * least;
}

static void put_setting(hb_page *page, const hebb_report *report, int setting)
{
	double *memory = malloc(sizeof *memory * 4 * DOTS_MOST);
	spread all = {.x = memory, .y = memory ? memory + 2 * DOTS_MOST : NULL};
	hb_chart chart = {.page = page};
	const char *metric = hebb_metric_name(report->found->metric);
	char title[160];

	page->failed |= !memory;
	if (!memory)
		return;
	collect(report, setting, &all);
	chart.x = hb_axis_of(report->setting[setting], all.count, all.x);
	chart.x.log = !all.is_text && spans_decades(&all);
	if (all.is_text) {
		chart.x.from = -0.5;
		chart.x.to = all.names - 0.5;
		chart.x.names = all.name;
		chart.x.name_count = all.names;
	}
	chart.y = hb_axis_of(metric, all.count, all.y);
	chart.y.log = chart.y.from > 0 && chart.y.to > 10 * chart.y.from;
	snprintf(title, sizeof title, "Score %s over the setting --%s", metric,
		 report->setting[setting]);
	hb_panel_begin(page, report->setting[setting]);
	hb_chart_begin(&chart, title);
	hb_chart_dots(&chart, HB_BLUE, metric, all.count, all.x, all.y);
	hb_chart_end(&chart);
	hb_panel_end(page);
	free(memory);
}

/* ---- The table ---- */

/* is_text: of each setting. */
static void put_attempt(hb_page *page, const hebb_report *report, int which, int folds,
			const int *is_text)
{
	const hebb_attempt *one = &report->found->attempt[which];

	hb_put(page, "<tr><td>%d</td><td>%n</td>", one->trial + 1, one->score);
	if (folds)
		hb_put(page, "<td>%n</td>", one->sd);
	hb_put(page, "<td>%d</td><td>%l</td><td>%n</td>", one->epochs, one->parameters,
	       one->seconds);
	for (int i = 0; i < report->settings; i++)
		hb_put(page, is_text[i] ? "<td class=\"left\">%t</td>" : "<td>%t</td>",
		       value_of(report, which, i));
	hb_put(page, "</tr>\n");
}

static void put_table(hb_page *page, const hebb_report *report)
{
	const hebb_found *found = report->found;
	int count, *order = hebb_found_order(found, -1, &count);
	int *is_text = calloc((size_t)report->settings + 1, sizeof *is_text);
	int folds = found->best >= 0 && !isnan(found->attempt[found->best].sd);

	page->failed |= !order || !is_text;
	if (page->failed) {
		free(order);
		free(is_text);
		return;
	}
	for (int i = 0; i < report->settings; i++)
		is_text[i] = has_text(report, i);
	int shown = count < ROWS_MOST ? count : ROWS_MOST;
	hb_put(page, "<div class=\"tall\">\n");
	hb_table_head(page, "Attempts, the best first",
		      folds ? "Trial|Score|Deviation|Epochs|Parameters|Seconds"
			    : "Trial|Score|Epochs|Parameters|Seconds");
	for (int i = 0; i < report->settings; i++)
		hb_column_head(page, report->setting[i], is_text[i]);
	hb_table_body(page);
	for (int i = 0; i < shown; i++)
		put_attempt(page, report, order[i], folds, is_text);
	hb_table_end(page);
	hb_put(page, "</div>\n");
	if (shown < count)
		hb_put(page, "<p class=\"soft\">The best %d of %d.</p>\n", shown, count);
	free(order);
	free(is_text);
}

/* The best score after each attempt. */
static void put_progress(hb_page *page, const hebb_found *found)
{
	int rises = hebb_metric_rises(found->metric), n = 0;
	double *x = malloc(sizeof *x * 3 * (size_t)found->attempts), best = NAN;
	double *y = x ? x + found->attempts : NULL, *so_far = x ? y + found->attempts : NULL;
	hb_chart chart = {.page = page, .right = 60};

	page->failed |= !x;
	for (int i = 0; i < found->attempts && x; i++) {
		double score = found->attempt[i].diverged ? NAN : found->attempt[i].score;

		if (!isnan(score) && !(rises ? score <= best : score >= best))
			best = score;
		x[n] = i + 1;
		y[n] = score;
		so_far[n++] = best;
	}
	if (x) {
		chart.x = hb_axis_of("attempt", n, x);
		chart.x.count = 1;
		chart.y = hb_axis_of(hebb_metric_name(found->metric), n, y);
		chart.y.log = chart.y.from > 0 && chart.y.to > 10 * chart.y.from;
		hb_panel_begin(page, "Attempts in their order");
		hb_chart_begin(&chart, "Score of each attempt, and the best so far");
		if (n <= DOTS_MOST)
			hb_chart_dots(&chart, HB_GRAY, "attempt", n, x, y);
		hb_chart_curve(&chart, HB_BLUE, 0, "best", n, x, so_far);
		hb_chart_end(&chart);
		hb_panel_end(page);
	}
	free(x);
}

void hb_put_attempts(hb_page *page, const hb_view *view)
{
	const hebb_report *report = view->report;
	const hebb_found *found = report->found;
	int shown = report->settings < SETTINGS_MOST ? report->settings : SETTINGS_MOST;

	if (!found || found->attempts == 0)
		return;
	hb_section_begin(page, "attempts", "Attempts");
	hb_put(page, "<p>%s", hebb_show_count(found->tried, "trial").text);
	if (found->rungs > 1)
		hb_put(page, ", trained %l times", (long long)found->attempts);
	if (found->diverged > 0)
		hb_put(page, "; %d diverged", found->diverged);
	if (found->best >= 0)
		hb_put(page, "; the best is trial %d with %s %n",
		       found->attempt[found->best].trial + 1, hebb_metric_name(found->metric),
		       found->attempt[found->best].score);
	hb_put(page, ". %s is better.</p>\n",
	       hebb_metric_rises(found->metric) ? "Higher" : "Lower");
	hb_panels_begin(page);
	put_progress(page, found);
	for (int i = 0; i < shown && report->value; i++)
		put_setting(page, report, i);
	hb_panels_end(page);
	hb_put(page, "<h3>All attempts</h3>\n");
	put_table(page, report);
	hb_section_end(page);
}
