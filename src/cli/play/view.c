/* SPDX-License-Identifier: MIT */
/*
 * view.c - the picture of hebb play: the surface, the numbers and settings beside it, the keys
 */
#include "play/view.h"

#include "draw/terminal.h"
#include "play/panel.h"
#include "play/surface.h"

enum { PANEL_LEAST = 24, PANEL_MOST = 32, LIST_LEAST = 40 };

static const char *const all_keys[][2] = {
	{"space", "pause, go on"},
	{"n", "one epoch"},
	{"r R", "restart; with another seed"},
	{"+ -", "learning rate"},
	{"← → k l", "fewer, more layers"},
	{"↓ ↑ j u", "fewer, more units"},
	{"a A", "activation"},
	{"d", "dropout"},
	{"w", "weight decay"},
	{"z", "noise of the points"},
	{"s", "epochs at once"},
	{"?", "these keys"},
	{"q", "quit"},
};

enum { KEYS = sizeof all_keys / sizeof *all_keys };

static void draw_list(mosaic *sheet, int row, int column, int columns)
{
	enum { INDENT = 12 };

	for (int i = 0; i < KEYS; i++) {
		const char *key = !is_utf8() && i == 4   ? "k l"
				  : !is_utf8() && i == 5 ? "j u"
							 : all_keys[i][0];

		mosaic_text(sheet, row + i, column, INDENT - 1, 1, key);
		mosaic_text(sheet, row + i, column + INDENT, columns - INDENT, 0, all_keys[i][1]);
	}
}

static void draw_title(const view *v, mosaic *sheet)
{
	char words[64];
	int at = 0;

	snprintf(words, sizeof words, "epoch %d  %s", v->learner->epochs, v->state);
	at = sheet->columns - text_width(words);
	mosaic_text(sheet, 0, 0, at - 2, 1, v->name);
	mosaic_text(sheet, 0, at, sheet->columns - at, 0, words);
}

static void draw_bottom(const view *v, mosaic *sheet)
{
	const char *keys = sheet->columns >= 76 ? "space pause  n step  r restart  + - rate  "
						  "a activation  ? all keys  q quit"
						: "space pause  n step  r restart  ? keys  q quit";

	if (v->message)
		mosaic_text(sheet, sheet->rows - 1, 0, sheet->columns, 1, v->message);
	else if (v->keys)
		mosaic_text(sheet, sheet->rows - 1, 0, sheet->columns, -1, keys);
}

int view_draw(const view *v, mosaic *sheet, hebb_error *error)
{
	int rows = sheet->rows - 2, panel = sheet->columns * 3 / 10;

	panel = panel < PANEL_LEAST ? PANEL_LEAST : panel > PANEL_MOST ? PANEL_MOST : panel;
	int columns = sheet->columns - panel - 2;
	if (columns > rows * 5 / 2) /* a character is about twice as high as wide */
		columns = rows * 5 / 2;
	mosaic_clear(sheet);
	draw_title(v, sheet);
	draw_bottom(v, sheet);
	if (!v->list || columns >= LIST_LEAST)
		panel_draw(v, sheet, 1, columns + 2, rows, panel);
	if (!v->list)
		return surface_draw(v->learner, sheet, 1, 0, rows, columns, error);
	draw_list(sheet, 1, 0, columns >= LIST_LEAST ? columns : sheet->columns);
	return 1;
}
