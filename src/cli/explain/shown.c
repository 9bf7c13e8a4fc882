/* SPDX-License-Identifier: MIT */
/*
 * shown.c - parts of the pages of `hebb explain`
 */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "draw/column_figure.h"
#include "draw/page.h"
#include "draw/terminal.h"
#include "explanation.h"

void grid_text(const explanation *e, int column, double value, char *text, size_t size)
{
	const hebb_coding *coding = e->model->coding;
	const hebb_column *is = &coding->inputs[column];
	hebb_form form = coding->form ? coding->form[column] : HEBB_FORM_PLAIN;

	if (isnan(value))
		snprintf(text, size, "missing");
	else if (is->kind == HEBB_TEXT)
		snprintf(text, size, "%s", is->levels[(int)value]);
	else
		snprintf(text, size, "%s", column_figure(form, 0, value).text);
}

void value_text(const explanation *e, int column, long long row, char *text, size_t size)
{
	const hebb_table *table = e->table;
	int at = column_of_table(e, column);
	double value = at < 0 ? NAN : hebb_table_value(table, row, at);

	if (at >= 0 && table->column[at].kind == HEBB_TEXT && !isnan(value))
		snprintf(text, size, "%s", table->column[at].levels[(int)value]);
	else if (e->model->coding->inputs[column].kind == HEBB_TEXT && !isnan(value))
		snprintf(text, size, "%s", hebb_show_number(value, 4).text);
	else
		grid_text(e, column, value, text, size);
}

const char *row_text(const hebb_table *table, long long row, char text[64])
{
	if (table->line)
		snprintf(text, 64, "row %lld (line %lu)", row + 1, (unsigned long)table->line[row]);
	else
		snprintf(text, 64, "row %lld", row + 1);
	return text;
}

void print_bar(double value, double most, int width)
{
	const char *whole = value < 0 ? is_utf8() ? "▒" : "-" : is_utf8() ? "█" : "#";
	double share = most > 0 && isfinite(value) ? fabs(value) / most : 0;
	int halves = (int)floor(share * 2 * width + 0.5);

	halves = halves > 2 * width ? 2 * width : halves;
	fputs(colored(stdout, value < 0 ? 2 : 1), stdout);
	for (; halves >= 2; halves -= 2)
		fputs(whole, stdout);
	if (halves && value >= 0 && is_utf8())
		fputs("▌", stdout);
	fputs(plain(stdout), stdout);
}

const char *signed_text(double value, char text[FIGURE_MOST])
{
	double size = fabs(value);

	if (size >= 0.0005 && size < 1000)
		snprintf(text, FIGURE_MOST, "%+.*f", size < 10 ? 3 : size < 100 ? 2 : 1, value);
	else if (size < 0.0005 && size > 0)
		snprintf(text, FIGURE_MOST, "%+.1e", value);
	else
		snprintf(text, FIGURE_MOST, "%s%s", value > 0 ? "+" : "",
			 hebb_show_number(value, 4).text);
	return text;
}

void print_title(explanation *e, const char *format, ...)
{
	char title[320];
	va_list values;

	va_start(values, format);
	vsnprintf(title, sizeof title, format, values);
	va_end(values);
	printf("%s%s", e->shown++ > 0 ? "\n" : "", bold(stdout));
	page_words(stdout, title, 0, 2);
	printf("%s\n", plain(stdout));
}

int names_width(const hebb_coding *coding, int count, const int *column, int most)
{
	int width = 4;

	for (int i = 0; i < count; i++) {
		int one = text_width(coding->inputs[column[i]].name);

		width = one > width ? one : width;
	}
	return width < most ? width : most;
}

double *pixels_of(const explanation *e, long long row)
{
	int count = e->model->coding->input_count;
	double *pixel = malloc((size_t)count * sizeof *pixel);

	for (int i = 0; i < count && pixel; i++)
		pixel[i] = hebb_table_value(e->table, row, column_of_table(e, i));
	return pixel;
}
