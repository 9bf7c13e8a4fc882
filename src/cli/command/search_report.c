/* SPDX-License-Identifier: MIT */
/*
 * search_report.c - the result of a search: its best trials, the model, and the command that trains
 * it again
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/score.h"
#include "option/command_line.h"
#include "draw/json.h"
#include "option/option_table.h"
#include "file/record.h"
#include "draw/page_file.h"
#include "file/replaced.h"
#include "draw/report.h"
#include "search.h"
#include "draw/terminal.h"

enum { BEST_SHOWN = 5, WIDTH = 79 };

/* ---- For people ---- */

/* The text of column `c` of a row, or of the head: trial, score, sd, epochs, then the settings. */
enum { TRIAL, SCORE, SD, EPOCHS, DRAWS };

static const char *cell(const search *s, const trial_row *row, const draw *values, int c,
			char text[32])
{
	static const char *const head[] = {"trial", NULL, "sd", "epochs"};

	if (!row)
		return c >= DRAWS   ? option_table[s->space.range[c - DRAWS].id].name
		       : c == SCORE ? option_table[OPT_METRIC].choice(s->given->metric)
				    : head[c];
	if (c >= DRAWS)
		return values->text[c - DRAWS];
	if (c == TRIAL)
		snprintf(text, 32, "%d", row->trial + 1);
	else if (c == EPOCHS)
		snprintf(text, 32, "%d", row->epochs);
	else
		snprintf(text, 32, "%s",
			 hebb_show_number(c == SCORE ? row->score : row->sd, 4).text);
	return text;
}

static int is_shown(const search *s, int c)
{
	return (c != SD || s->given->study.folds) && (c != EPOCHS || s->rungs > 1);
}

/* The rows to show: the best of each trial, in order; returns how many. */
static int choose_rows(const search *s, const int *order, int count,
		       const trial_row *shown[BEST_SHOWN])
{
	int n = 0;

	for (int i = 0; i < count && n < BEST_SHOWN; i++) {
		const trial_row *row = &s->found.attempt[order[i]];
		int known = 0;
		for (int k = 0; k < n; k++)
			known |= shown[k]->trial == row->trial;
		if (!known)
			shown[n++] = row;
	}
	return n;
}

/* A line of the table, as many columns as a page is wide; the head if `which` is 0. */
static void print_line(FILE *out, const search *s, const trial_row *const *shown,
		       const draw *values, int n, int which)
{
	int column = 0;

	for (int c = 0; c < DRAWS + s->space.count; c++) {
		char text[32];
		int width = 0;

		if (!is_shown(s, c))
			continue;
		for (int i = 0; i <= n; i++) {
			const char *one = cell(s, i ? shown[i - 1] : NULL,
					       i ? &values[i - 1] : NULL, c, text);
			width = text_width(one) > width ? text_width(one) : width;
		}
		column += 2 + width;
		if (column > WIDTH)
			break;
		fputs("  ", out);
		print_field(out,
			    cell(s, which ? shown[which - 1] : NULL,
				 which ? &values[which - 1] : NULL, c, text),
			    c == TRIAL                        ? width
			    : c + 1 == DRAWS + s->space.count ? 0
							      : -width);
	}
}

static int print_best(FILE *out, const search *s)
{
	int count, *order = hebb_found_order(&s->found, -1, &count);
	draw *values = malloc(sizeof *values * BEST_SHOWN);
	const trial_row *shown[BEST_SHOWN];
	int status = order && values ? EXIT_DONE : fail("search", "out of memory");
	int n = status == EXIT_DONE ? choose_rows(s, order, count, shown) : 0;

	for (int i = 0; i < n; i++)
		space_draw(&s->space, s->given->study.seed, shown[i]->trial, &values[i]);
	for (int i = 0; i <= n && status == EXIT_DONE; i++) {
		fputs(i == 0 ? dim(out) : i == 1 ? bold(out) : "", out);
		print_line(out, s, shown, values, n, i);
		fprintf(out, "%s\n", i < 2 ? plain(out) : "");
	}
	free(order);
	free(values);
	return status;
}

static int print_report(const search *s, const hebb_trial *final, const hebb_result *result,
			const char *model, const char *again)
{
	FILE *out = report_stream(s->given);
	char text[200], rows[32], place[60];

	if (s->given->study.folds)
		snprintf(place, sizeof place, "their means over %d folds", s->given->study.folds);
	else
		snprintf(place, sizeof place, "their scores on the validation part");
	fprintf(out, "%sSearch%s     %s", bold(out), plain(out),
		hebb_show_count(s->found.tried, "trial").text);
	if (s->rungs > 1)
		fprintf(out, ", trained %s times,", count_text(s->found.attempts, rows));
	fprintf(out, " in %.1f s", s->seconds);
	if (s->found.diverged)
		fprintf(out, ", %d diverged", s->found.diverged);
	fprintf(out, "; the best by %s:\n", place);
	int status = print_best(out, s);
	if (status != EXIT_DONE)
		return status;
	fprintf(out, "%sTraining%s   %s\n", bold(out), plain(out),
		score_text(&result->train, text, sizeof text));
	if (result->test_rows > 0) {
		fprintf(out, "%sHeld out   %s%s\n", bold(out),
			score_text(&result->test, text, sizeof text), plain(out));
		print_score(out, &result->test, final->coding);
		fputc('\n', out);
		replaced_print(out, s->before, final);
	} else {
		replaced_print(out, s->before, final);
		note("no rows were held out from the search; the score of the best trial is too "
		     "good, for it was chosen by this score");
	}
	fputc('\n', out);
	if (model) {
		fputs("Saved ", out);
		print_shown(out, strcmp(model, "-") == 0 ? "the model" : model);
	}
	fputs(model ? "; the trials are in " : "The trials are in ", out);
	print_shown(out, s->table.path);
	fprintf(out, ". To train it again:\n  %s\n", again);
	return EXIT_DONE;
}

/* ---- JSON ---- */

static json_t *best_json(const search *s)
{
	const trial_row *row = &s->found.attempt[s->found.best];
	json_t *best = json_object(), *drawn = json_object(), *all = options_json(&s->varied);

	for (int i = 0; i < s->space.count; i++) {
		char key[40];
		option_key(s->space.range[i].id, key);
		json_object_set(drawn, key, json_object_get(all, key));
	}
	json_decref(all);
	json_object_set_new(best, "trial", json_integer(row->trial + 1));
	json_object_set_new(best, "epochs", json_integer(row->epochs));
	json_object_set_new(best, "options", drawn);
	json_object_set_new(best, "metric",
			    json_string(option_table[OPT_METRIC].choice(s->given->metric)));
	json_object_set_new(best, "score", number_json(row->score));
	json_object_set_new(best, "sd", number_json(s->given->study.folds ? row->sd : NAN));
	json_object_set_new(best, "parameters", json_integer(row->parameters));
	return best;
}

static json_t *report_json(const search *s, const hebb_trial *final, const hebb_result *result,
			   const char *model, const char *again)
{
	json_t *object = json_object(), *test = json_object();

	if (result->test_rows > 0)
		score_json(&result->test, final->coding, test);
	json_object_set_new(object, "trials", json_integer(s->found.tried));
	json_object_set_new(object, "trainings", json_integer(s->found.attempts));
	json_object_set_new(object, "diverged", json_integer(s->found.diverged));
	json_object_set_new(object, "best", best_json(s));
	json_object_set_new(object, "train_rows", json_integer(result->train_rows));
	json_object_set_new(object, "test_rows", json_integer(result->test_rows));
	json_object_set_new(object, "test", test);
	json_object_set_new(object, "replaced", replaced_json(s->before, final));
	json_object_set_new(object, "model", model ? text_json(model) : json_null());
	json_object_set_new(object, "table", text_json(s->table.path));
	json_object_set_new(object, "command", text_json(again));
	json_object_set_new(object, "seed", seed_json(s->given->study.seed));
	json_object_set_new(object, "seconds", number_json(s->seconds));
	record_add(object, final, 1);
	return object;
}

/* ---- The page ---- */

/* The settings of all attempts, as texts to be freed one by one; NULL: no memory. */
static char **values_of(const search *s)
{
	size_t count = (size_t)s->space.count, all = (size_t)s->found.attempts * count;
	char **value = calloc(all + 1, sizeof *value);
	draw *drawn = malloc(sizeof *drawn);

	for (size_t i = 0; i < all && value && drawn; i++) {
		if (i % count == 0)
			space_draw(&s->space, s->given->study.seed,
				   s->found.attempt[i / count].trial, drawn);
		value[i] = strdup(drawn->text[i % count]);
		if (!value[i])
			break;
	}
	if (value && (!drawn || (all > 0 && !value[all - 1]))) {
		for (size_t i = 0; i < all; i++)
			free(value[i]);
		free(value);
		value = NULL;
	}
	free(drawn);
	return value;
}

/* What the doctor says of the final training. */
static void ask_doctor(const hebb_trial *final, const hebb_result *result, hebb_findings *findings)
{
	const hebb_study *study = final->study;

	hebb_check_table(study->table, final->coding, study->missing, study->input_columns, 0,
			 findings);
	hebb_check_rows(final, 0, findings);
	hebb_check_settings(final, findings);
	hebb_check_result(final, result, findings);
}

static int write_page(const search *s, const hebb_trial *final, const hebb_result *result,
		      const char *model, const char *again)
{
	const char *name[OPTION_COUNT];
	hebb_report page = hebb_report_default();
	static hebb_findings findings; /* too large for some stacks */
	hebb_simple_scores simple;
	char **value;
	int status;

	if (!s->given->report)
		return EXIT_DONE;
	value = values_of(s);
	if (!value)
		return fail("--report", "out of memory");
	findings = hebb_findings_default();
	ask_doctor(final, result, &findings);
	simple = hebb_trial_simple(final);
	for (int i = 0; i < s->space.count; i++)
		name[i] = option_table[s->space.range[i].id].name;
	page.trial = final;
	page.result = result;
	page.simple = &simple;
	page.findings = &findings;
	page.found = &s->found;
	page.settings = s->space.count;
	page.setting = name;
	page.value = (const char *const *)value;
	page.again = again;
	page.saved = model;
	status = page_file_write(s->given, &page, report_json(s, final, result, model, again));
	for (int i = 0; i < s->found.attempts * s->space.count; i++)
		free(value[i]);
	free(value);
	hebb_simple_scores_free(&simple);
	return status;
}

int search_report(search *s, const hebb_trial *final, const hebb_result *result, const char *model)
{
	char *again = command_to_repeat(&s->varied);
	int status;

	if (!again)
		return fail("search", "out of memory");
	status = s->given->json ? print_json(report_json(s, final, result, model, again))
				: print_report(s, final, result, model, again);
	int page_status = write_page(s, final, result, model, again);
	free(again);
	return status == EXIT_DONE ? page_status : status;
}
