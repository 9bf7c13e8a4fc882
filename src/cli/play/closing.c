/* SPDX-License-Identifier: MIT */
/*
 * closing.c - what stays of hebb play: the last picture, the numbers, and the commands
 */
#define _POSIX_C_SOURCE 200809L

#include "play/closing.h"

#include <math.h>
#include <stdlib.h>

#include "draw/json.h"
#include "draw/page.h"
#include "draw/terminal.h"
#include "option/command_line.h"
#include "play/points.h"
#include "play/console.h"
#include "play/surface.h"
#include "play/view.h"

enum { COLUMNS_MOST = 100, ROWS_MOST = 30, GRID = 32, CURVE_MOST = 200 };

/* ---- For people ------------------------------------------------------------------------------ */

/* As wide as the page and as high as the terminal and the shape of the picture allow. */
static int size_sheet(mosaic *sheet)
{
	int columns = page_width(stdout), terminal, rows;

	columns = columns < VIEW_COLUMNS   ? VIEW_COLUMNS
		  : columns > COLUMNS_MOST ? COLUMNS_MOST
					   : columns;
	rows = columns * 3 / 10;
	if (console_is_there()) {
		console_size(&terminal, &terminal);
		rows = rows < terminal - 8 ? rows : terminal - 8;
	}
	rows = rows < VIEW_ROWS - 1 ? VIEW_ROWS : rows > ROWS_MOST ? ROWS_MOST : rows;
	sheet->colors = mosaic_colors();
	return mosaic_size(sheet, columns, rows);
}

static int print_picture(const learner *l, const char *name)
{
	view v = {.learner = l, .name = name, .state = "", .speed = 1};
	mosaic sheet = {.now = NULL};
	text out = {.size = 0};
	hebb_error error;
	int status = EXIT_DONE;

	if (!size_sheet(&sheet))
		status = fail(NULL, "out of memory");
	else if (!view_draw(&v, &sheet, &error))
		status = fail_error(NULL, &error);
	if (status == EXIT_DONE) {
		mosaic_lines(&sheet, &out);
		status = out.failed ? fail(NULL, "out of memory") : EXIT_DONE;
	}
	if (status == EXIT_DONE)
		fwrite(out.bytes, 1, out.size, stdout);
	text_free(&out);
	mosaic_free(&sheet);
	return status;
}

/* "99.3 % of 280 training rows are right", "R2 0.98 on 120 rows held out". */
static void print_score(const hebb_score *score, const char *rows)
{
	char count[64], singular[40];

	if (score->rows == 0)
		return;
	snprintf(singular, sizeof singular, "%s row", rows);
	snprintf(count, sizeof count, "%s", hebb_show_count(score->rows, singular).text);
	if (score->task == HEBB_CLASSIFICATION)
		printf("%.1f %% of %s right, loss %s\n", 100 * score->accuracy, count,
		       hebb_show_number(score->loss, 3).text);
	else
		printf("R2 %.3f, rmse %s on %s\n", score->mean.r2,
		       hebb_show_number(score->mean.rmse, 3).text, count);
}

/* The command that writes the points again. */
static void print_points(const learner *l, const char *name, const char *csv)
{
	char line[256];

	snprintf(line, sizeof line, "hebb play %s --points %d --noise %s --seed %llu --save - > %s",
		 name, points_count(&l->settings), hebb_show_number(l->noise, 6).text,
		 (unsigned long long)l->settings.study.seed, csv);
	page_command(stdout, line, 2);
}

int closing_print(learner *l, const char *name, const char *csv, int is_saved)
{
	int status = print_picture(l, name);
	char *line = learner_command(l, csv);

	if (status == EXIT_DONE && !line)
		status = fail(NULL, "out of memory");
	if (status == EXIT_DONE) {
		print_score(&l->score, "training");
		print_score(&l->tested, "held-out");
		printf("\n%s%s%s\n", bold(stdout),
		       l->changed ? "The same kind of network (its settings changed on the way)"
				  : "The same network",
		       plain(stdout));
		if (l->cloud && !is_saved)
			print_points(l, name, csv);
		page_command(stdout, line, 2);
	}
	free(line);
	return status;
}

/* ---- For programs ---------------------------------------------------------------------------- */

static json_t *layers_json(const hebb_study *s)
{
	json_t *list = json_array();

	for (int k = 0; k < s->hidden; k++)
		json_array_append_new(list, json_integer(s->units[k]));
	return list;
}

/* The surface as GRID rows, the highest y first, of GRID classes (from 0) or numbers. */
static json_t *surface_json(const learner *l)
{
	static double value[GRID * GRID];
	json_t *surface = json_object(), *rows = json_array();
	hebb_error error;

	json_object_set_new(surface, "x", interval_json(l->low[0], l->high[0]));
	json_object_set_new(surface, "y", interval_json(l->low[1], l->high[1]));
	json_object_set_new(surface, "rows", rows);
	if (!surface_values(l, GRID, GRID, value, &error))
		return surface;
	for (int r = 0; r < GRID; r++) {
		json_t *row = json_array();

		for (int c = 0; c < GRID; c++)
			json_array_append_new(row, learner_classes(l)
							   ? json_integer((int)value[r * GRID + c])
							   : number_json(value[r * GRID + c]));
		json_array_append_new(rows, row);
	}
	return surface;
}

static void add_data(const learner *l, const char *name, json_t *all)
{
	const hebb_coding *c = l->trial->coding;

	json_object_set_new(all, "data", text_json(name));
	json_object_set_new(all, "inputs", names_json(2, c->inputs));
	json_object_set_new(all, "target", text_json(c->targets[0].name));
	json_object_set_new(all, "classes",
			    learner_classes(l) ? texts_json(c->outputs, c->targets[0].levels)
					       : json_null());
	json_object_set_new(all, "noise", l->cloud ? number_json(l->noise) : json_null());
	json_object_set_new(all, "train_rows", json_integer(l->trial->train->rows));
	json_object_set_new(all, "test_rows",
			    json_integer(l->trial->test ? l->trial->test->rows : 0));
}

static void add_settings(const learner *l, json_t *all)
{
	const hebb_study *s = &l->settings.study;

	json_object_set_new(all, "layers", layers_json(s));
	json_object_set_new(all, "activation",
			    json_string(hebb_activation_name((hebb_activation)s->activation)));
	json_object_set_new(all, "rate", number_json(s->rate));
	json_object_set_new(all, "dropout", number_json(s->dropout));
	json_object_set_new(all, "weight_decay", number_json(s->weight_decay));
	json_object_set_new(all, "batch", json_integer(s->batch));
	json_object_set_new(all, "seed", seed_json(s->seed));
	json_object_set_new(all, "parameters", json_integer(hebb_net_parameters(l->trial->net)));
}

int closing_json(learner *l, const char *name, const char *csv)
{
	json_t *all = json_object();
	char *line = learner_command(l, csv);

	if (!all || !line) {
		json_decref(all);
		free(line);
		return fail(NULL, "out of memory");
	}
	add_data(l, name, all);
	add_settings(l, all);
	json_object_set_new(all, "epochs", json_integer(l->epochs));
	json_object_set_new(all, "train", json_of(hebb_score_json(&l->score, l->trial->coding)));
	json_object_set_new(all, "test",
			    l->tested.rows ? json_of(hebb_score_json(&l->tested, l->trial->coding))
					   : json_null());
	json_object_set_new(all, "curve", json_of(hebb_curve_json(&l->curve, CURVE_MOST, 0)));
	json_object_set_new(all, "surface", surface_json(l));
	json_object_set_new(all, "command", text_json(line));
	free(line);
	return print_json(all);
}
