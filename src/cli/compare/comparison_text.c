/* SPDX-License-Identifier: MIT */
/*
 * comparison_text.c - a comparison as a table in the terminal
 *
 * A row for each model or, if that is too wide and the models are few, a column for each.
 */
#define _POSIX_C_SOURCE 200809L
#include "comparison_text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "draw/page.h"
#include "draw/terminal.h"
#include "draw/text.h"

enum { GAP = 2, CELL_MOST = 40, DIGITS = 4 };

/* Cells of a table, row by row; the first row and the first column are heads. */
typedef struct grid {
	int rows, columns;
	char **cell;
	int *is_number; /* by column */
} grid;

static char *at(const grid *g, int row, int column, int turned)
{
	return turned ? g->cell[(size_t)column * (size_t)g->columns + (size_t)row]
		      : g->cell[(size_t)row * (size_t)g->columns + (size_t)column];
}

static int rows_of(const grid *g, int turned)
{
	return turned ? g->columns : g->rows;
}

static int columns_of(const grid *g, int turned)
{
	return turned ? g->rows : g->columns;
}

static void grid_free(grid *g)
{
	for (size_t i = 0; g->cell && i < (size_t)g->rows * (size_t)g->columns; i++)
		free(g->cell[i]);
	free(g->cell);
	free(g->is_number);
}

/* ---- Filling it in ---- */

/* The scores of the first screen; the page and --json have all of them. */
static int is_main_score(const comparison *all, const trait *which)
{
	static const char *const keys[] = {"accuracy", "accuracy_mean", "accuracy_sd", "roc_auc",
					   "rmse",     "rmse_mean",     "rmse_sd",     "r2"};

	if (all->key && strcmp(which->key, all->key) == 0)
		return 1;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(which->key, keys[i]) == 0)
			return 1;
	return 0;
}

/* Whether a value says that something is not used: null, no, 0, none. */
static int is_off(const json_t *value)
{
	const char *word = json_string_value(value);

	return !value || json_is_null(value) || json_is_false(value) ||
	       (json_is_number(value) && json_number_value(value) == 0) ||
	       (word && (strcmp(word, "none") == 0 || strcmp(word, "0") == 0));
}

static int is_column(const comparison *all, const trait *which)
{
	if (all->count == 1 && which->of == SECTION_OPTIONS)
		return !is_off(entry_value(all, 0, which));
	return which->of == SECTION_SCORES ? is_main_score(all, which) || all->count == 1
					   : trait_is_shown(which);
}

/* What one entry has; an option that is off is "none", but blank where no options are known. */
static char *cell_of(const comparison *all, int entry, const trait *which)
{
	const json_t *value = entry_value(all, entry, which);
	int is_none =
		!value && which->of == SECTION_OPTIONS && entry_has(all, entry, SECTION_OPTIONS);
	char count[32];

	if (which->of == SECTION_RUN && json_is_integer(value))
		return strdup(count_text(json_integer_value(value), count));
	return is_none ? strdup("none") : comparison_value_text(value, DIGITS);
}

static void fill_column(const comparison *all, const trait *which, grid *g, int column)
{
	g->is_number[column] = which->is_number;
	g->cell[column] = trait_text(which);
	for (int i = 0; i < all->count; i++)
		g->cell[(size_t)(i + 1) * (size_t)g->columns + (size_t)column] =
			cell_of(all, i, which);
}

/* The column of the scores that is sorted by comes first. */
static void fill(const comparison *all, grid *g)
{
	int column = 1;

	g->cell[0] = strdup("");
	for (int i = 0; i < all->count; i++)
		g->cell[(size_t)(i + 1) * (size_t)g->columns] = strdup(entry_name(all, i));
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < all->traits; i++) {
			int is_first = all->trait[i].key == all->key;

			if (is_column(all, &all->trait[i]) && is_first == (pass == 0))
				fill_column(all, &all->trait[i], g, column++);
		}
}

/* 0 if memory runs out. */
static int grid_make(const comparison *all, grid *g)
{
	*g = (grid){.rows = all->count + 1, .columns = 1};
	for (int i = 0; i < all->traits; i++)
		g->columns += is_column(all, &all->trait[i]);
	g->cell = calloc((size_t)g->rows * (size_t)g->columns, sizeof *g->cell);
	g->is_number = calloc((size_t)g->columns, sizeof *g->is_number);
	if (!g->cell || !g->is_number)
		return 0;
	fill(all, g);
	for (size_t i = 0; i < (size_t)g->rows * (size_t)g->columns; i++)
		if (!g->cell[i])
			return 0;
	return 1;
}

/* ---- Printing it ---- */

static int column_width(const grid *g, int column, int turned)
{
	int width = 0;

	for (int i = 0; i < rows_of(g, turned); i++) {
		int one = text_width(at(g, i, column, turned));

		width = one > width ? one : width;
	}
	return width > CELL_MOST ? CELL_MOST : width;
}

/* How many columns fit, at least two. */
static int columns_that_fit(const grid *g, int turned, int room)
{
	int used = -GAP, count = 0;

	for (; count < columns_of(g, turned); count++) {
		used += GAP + column_width(g, count, turned);
		if (used > room && count >= 2)
			break;
	}
	return count;
}

static int room_of(FILE *out)
{
	const char *columns = getenv("COLUMNS");

	if (columns && atoi(columns) > 0)
		return atoi(columns);
	return isatty(fileno(out)) ? terminal_width(out) : INT_MAX;
}

static void print_grid_row(FILE *out, const grid *g, int row, int count, int turned,
			   const int *width)
{
	for (int i = 0; i < count; i++) {
		int right = i > 0 && (turned || g->is_number[i]);
		const char *cell = at(g, row, i, turned);

		if (i > 0)
			fputs("  ", out);
		if (i == count - 1 && !right)
			print_cut(out, cell, CELL_MOST);
		else
			print_field(out, cell, right ? width[i] : -width[i]);
	}
	fputc('\n', out);
}

/* 0 if memory runs out. */
static int print_grid(FILE *out, const grid *g, int count, int turned)
{
	int *width = malloc(sizeof *width * (size_t)count);

	if (!width)
		return 0;
	for (int i = 0; i < count; i++)
		width[i] = column_width(g, i, turned);
	for (int i = 0; i < rows_of(g, turned); i++) {
		fputs(i == 0 ? bold(out) : "", out);
		print_grid_row(out, g, i, count, turned, width);
		fputs(i == 0 ? plain(out) : "", out);
	}
	free(width);
	return 1;
}

/* ---- Around it ---- */

/* Lists names or "name value" in a paragraph after a title. */
static void print_list(FILE *out, const char *title, const text *list)
{
	if (list->size == 0 || list->failed)
		return;
	fprintf(out, "\n%s%s%s ", bold(out), title, plain(out));
	print_words(out, list->bytes, (int)strlen(title) + 1, 2);
}

static void add_item(text *list, const char *name, const char *value)
{
	if (!name || !value)
		return;
	if (list->size > 0)
		text_put(list, ", ");
	text_put(list, name);
	text_put(list, *value ? " " : "");
	text_put(list, value);
}

/* The options that are the same in all entries, but for those that are off in all. */
static void print_same(FILE *out, const comparison *all)
{
	text list = {.size = 0};
	int all_say = is_said_by_all(all, SECTION_OPTIONS);

	for (int i = 0; i < all->traits; i++) {
		const trait *one = &all->trait[i];
		const json_t *value = NULL;

		for (int k = 0; k < all->count && !value; k++)
			value = entry_value(all, k, one);
		if (one->of != SECTION_OPTIONS || one->differs || is_off(value) || !all_say)
			continue;
		char *name = trait_text(one), *shown = comparison_value_text(value, DIGITS);
		add_item(&list, name, shown);
		free(name);
		free(shown);
	}
	text_add(&list, "", list.size > 0);
	print_list(out, "The same in all:", &list);
	text_free(&list);
}

static void print_left_out(FILE *out, const grid *g, int count)
{
	text list = {.size = 0};

	for (int i = count; i < g->columns; i++)
		add_item(&list, g->cell[i], "");
	if (list.size > 0)
		text_put(&list, "; they are in --json and in the page of -o FILE.html");
	text_add(&list, "", list.size > 0);
	print_list(out, "Too wide to show:", &list);
	text_free(&list);
}

static void print_title(FILE *out, const comparison *all)
{
	char order[100] = "", title[200];

	if (all->metric && all->count > 1)
		snprintf(order, sizeof order, ", sorted by %s, the %s first",
			 hebb_metric_name(all->metric),
			 hebb_metric_rises(all->metric) ? "highest" : "lowest");
	snprintf(title, sizeof title, "%s%s\n\n", hebb_show_count(all->count, "model").text, order);
	page_words(out, title, 0, 0);
}

int comparison_print(FILE *out, const comparison *all)
{
	int room = room_of(out), done, turned, count;
	grid g;

	done = grid_make(all, &g);
	if (done) {
		int across = columns_that_fit(&g, 0, room), down = columns_that_fit(&g, 1, room);

		turned = all->count == 1 || (across < g.columns && down == g.rows);
		count = turned ? down : across;
		print_title(out, all);
		done = print_grid(out, &g, count, turned);
		if (!turned)
			print_left_out(out, &g, count);
		if (all->count > 1)
			print_same(out, all);
	}
	grid_free(&g);
	return done;
}
