/* SPDX-License-Identifier: MIT */
/*
 * panel.c - the numbers and settings beside the surface of hebb play
 *
 * Thirteen rows are always there.  What more room has is given to the held-out loss, the axes and
 * empty rows between the groups, in this order.
 */
#define _POSIX_C_SOURCE 200809L

#include "play/panel.h"

#include <math.h>
#include <stdlib.h>

#include "draw/sparkline.h"
#include "draw/terminal.h"
#include "play/surface.h"

enum { LABEL = 11, LEAST_ROWS = 13, LOSS_ROWS = 2, AXES_ROWS = 3 };

typedef struct panel {
	const view *view;
	const learner *learner;
	mosaic *sheet;
	int row, column, width;
	int has_loss, has_axes, gaps; /* what there is room for; gaps: rows left for them */
} panel;

static void gap(panel *p)
{
	p->row += p->gaps-- > 0;
}

static void put_row(panel *p, const char *label, const char *value, const char *key)
{
	int column = p->column, keys = p->view->keys ? text_width(key) : 0, taken;

	taken = mosaic_text(p->sheet, p->row, column, LABEL - 1, 0, label);
	taken = taken < LABEL - 1 && text_width(value) > p->width - LABEL - keys - 1 ? taken + 1
										     : LABEL;
	mosaic_text(p->sheet, p->row, column + taken, p->width - taken - (keys ? keys + 1 : 0), 1,
		    value);
	if (keys)
		mosaic_text(p->sheet, p->row, column + p->width - keys, keys, -1, key);
	p->row++;
}

/* ---- Scores ---------------------------------------------------------------------------------- */

static void put_quality(panel *p, const char *label, const hebb_score *score)
{
	double quality = learner_quality(score);
	char words[32] = "none";

	if (score->rows && learner_classes(p->learner))
		snprintf(words, sizeof words, "%.1f %%", 100 * quality);
	else if (score->rows)
		snprintf(words, sizeof words, "R2 %.3f", quality);
	put_row(p, label, words, "");
}

static void put_curve(panel *p, const spark_scale *scale, const double *value)
{
	char *words = NULL;
	size_t size;
	FILE *stream = open_memstream(&words, &size);

	if (stream) {
		spark_print(stream, scale, p->learner->curve.count, value, p->width);
		fclose(stream);
		mosaic_text(p->sheet, p->row, p->column, p->width, 0, words);
		free(words);
	}
	p->row++;
}

static void put_loss(panel *p, const char *label, double loss)
{
	put_row(p, label, isfinite(loss) ? hebb_show_number(loss, 3).text : "none", "");
}

static void put_losses(panel *p)
{
	const hebb_curve *curve = &p->learner->curve;
	spark_scale scale = spark_scale_none();

	spark_extend(&scale, curve->count, curve->loss);
	spark_extend(&scale, curve->count, curve->validation);
	spark_settle(&scale);
	put_loss(p, "loss", p->learner->score.loss);
	put_curve(p, &scale, curve->loss);
	if (!p->has_loss)
		return;
	put_loss(p, "held out", p->learner->tested.rows ? p->learner->tested.loss : (double)NAN);
	put_curve(p, &scale, curve->validation);
}

/* ---- Settings -------------------------------------------------------------------------------- */

void view_layers(const learner *l, char *words, size_t size)
{
	const hebb_study *s = &l->settings.study;
	int same = 1;
	size_t length = 0;

	snprintf(words, size, "none");
	for (int k = 1; k < s->hidden; k++)
		same &= s->units[k] == s->units[0];
	for (int k = 0; k < s->hidden && length < size; k++)
		length += (size_t)snprintf(words + length, size - length, "%s%d", k ? "," : "",
					   s->units[k]);
	if (same && s->hidden > 2)
		snprintf(words, size, "%d x %d", s->hidden, s->units[0]);
}

static void put_settings(panel *p)
{
	const learner *l = p->learner;
	const hebb_study *s = &l->settings.study;
	char words[128];

	put_row(p, "rate", hebb_show_number(s->rate, 3).text, "+ -");
	view_layers(l, words, sizeof words);
	put_row(p, "layers", words, is_utf8() ? "←→↑↓" : "k l j u");
	put_row(p, "activation", hebb_activation_name((hebb_activation)s->activation), "a");
	put_row(p, "dropout", hebb_show_number(s->dropout, 3).text, "d");
	put_row(p, "decay", hebb_show_number(s->weight_decay, 3).text, "w");
	put_row(p, "noise", l->cloud ? hebb_show_number(l->noise, 3).text : "as read",
		l->cloud ? "z" : "");
	snprintf(words, sizeof words, "%d %s", p->view->speed,
		 p->view->speed == 1 ? "epoch" : "epochs");
	if (p->view->keys)
		put_row(p, "at once", words, "s");
}

/* ---- Legend ---------------------------------------------------------------------------------- */

static void put_axis(panel *p, const char *letter, int which)
{
	const learner *l = p->learner;
	char words[256], low[32];

	snprintf(low, sizeof low, "%s", hebb_show_number(l->low[which], 3).text);
	snprintf(words, sizeof words, "%s %s: %s to %s", letter,
		 short_name(l->trial->coding->inputs[which].name), low,
		 hebb_show_number(l->high[which], 3).text);
	mosaic_text(p->sheet, p->row++, p->column, p->width, -1, words);
}

/* "-0.98 ░▒▓█ 1.02" or, in colors, a bar from blue to orange. */
static void put_scale(panel *p)
{
	const learner *l = p->learner;
	char low[40], shades[32];
	int at = p->column;

	snprintf(low, sizeof low, "%s ", hebb_show_number(l->target_low, 3).text);
	at += mosaic_text(p->sheet, p->row, at, p->width, 0, low);
	surface_shades(l, shades, sizeof shades);
	for (int i = 0; i < 10 && p->sheet->colors != COLORS_NONE; i++)
		mosaic_set(p->sheet, p->row, at++, " ", NO_COLOR, surface_color(l, i));
	if (p->sheet->colors == COLORS_NONE)
		at += mosaic_text(p->sheet, p->row, at, 5, 0, shades);
	mosaic_text(p->sheet, p->row, at + 1, p->column + p->width - at - 1, 0,
		    hebb_show_number(l->target_high, 3).text);
}

/* The classes side by side, as many as have room. */
static void put_classes(panel *p)
{
	const learner *l = p->learner;
	int at = p->column, end = p->column + p->width;
	int has_blocks = p->sheet->colors != COLORS_NONE && is_utf8();

	for (int k = 0; k < learner_classes(l) && at + 3 <= end; k++) {
		const char mark[] = {surface_mark(l, k), '\0'};
		const char *name = short_name(learner_class(l, k));

		mosaic_set(p->sheet, p->row, at, has_blocks ? "■" : mark,
			   p->sheet->colors ? surface_color(l, k) : NO_COLOR, NO_COLOR);
		at += 2;
		at += mosaic_text(p->sheet, p->row, at, end - at, 0, name) + 2;
	}
}

void panel_draw(const view *v, mosaic *sheet, int row, int column, int rows, int width)
{
	panel p = {.view = v,
		   .learner = v->learner,
		   .sheet = sheet,
		   .row = row,
		   .column = column,
		   .width = width};
	int spare = rows - LEAST_ROWS;

	p.has_loss = spare >= LOSS_ROWS;
	spare -= p.has_loss ? LOSS_ROWS : 0;
	p.has_axes = spare >= AXES_ROWS;
	spare -= p.has_axes ? AXES_ROWS : 0;
	p.gaps = spare;
	put_quality(&p, "training", &v->learner->score);
	put_quality(&p, "held out", &v->learner->tested);
	gap(&p);
	put_losses(&p);
	gap(&p);
	put_settings(&p);
	gap(&p);
	if (learner_classes(v->learner))
		put_classes(&p);
	else
		put_scale(&p);
	p.row++;
	if (p.has_axes) {
		if (sheet->colors && v->learner->tested.rows)
			mosaic_text(sheet, p.row++, column, width, -1, "palest: held out");
		put_axis(&p, is_utf8() ? "→" : ">", 0);
		put_axis(&p, is_utf8() ? "↑" : "^", 1);
	}
}
