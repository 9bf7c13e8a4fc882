/* SPDX-License-Identifier: MIT */
/*
 * lesson.c - shows a section of the tutorial
 */
#define _POSIX_C_SOURCE 200809L

#include "tutorial/lesson.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "tutorial/exercises.h"

enum { WIDTH = 78, LINE_MOST = 4096 };

int is_printing(const lesson *l)
{
	return !l->numbers && !l->silent && !l->leaving && l->steps >= l->skip;
}

/* ---- Parts ----------------------------------------------------------------------------------- */

void begin_section(lesson *l, const char *section, const char *title)
{
	l->section = section;
	l->title = title;
	l->parts = l->steps = l->in_table = 0;
}

/* The title comes with the first part: what is refused before it prints nothing. */
static void show_title(const lesson *l)
{
	if (l->numbers || l->silent)
		return;
	printf("%s%s  ", bold(stdout), l->section);
	print_text(stdout, l->title);
	printf("%s\n", plain(stdout));
	if (!is_utf8())
		printf("%sw_ij(l) is w with the indices i, j and (l);%sh1(2) is h of node 1 in "
		       "layer 2%s\n",
		       dim(stdout), l->page < PAGE_STANDARD ? "\n" : " ", plain(stdout));
}

void begin_part(lesson *l, lesson_part which)
{
	static const char *const name[] = {
		[FORMULA] = "Formula",     [COMPUTATION] = "Computation", [RESULT] = "Result",
		[TAKE_AWAY] = "Take away", [QUESTIONS] = "Questions",     [CODE] = "Code",
		[EXERCISES] = "Exercises", [ANSWERS] = "Answers"};

	if (l->parts++ > 0)
		wait_for_key(l);
	else
		show_title(l);
	/* The parts from TAKE_AWAY on end with an empty line. */
	if (is_printing(l))
		printf("%s%s%s%s\n", which <= TAKE_AWAY ? "\n" : "", bold(stdout), name[which],
		       plain(stdout));
}

/* What the reader wants now. Returns 0 if the section goes on, 1 if nothing was decided. */
static int act_on(lesson *l, wish now)
{
	switch (now) {
	case WISH_ON:
		return 0;
	case WISH_HELP:
		print_keys();
		return 1;
	case WISH_ANSWERS:
		show_answers(l);
		return 1;
	case WISH_CONTENTS:
		l->contents();
		now = ask_for_section(l->wanted);
		if (now == WISH_ON)
			return 1;
		break;
	default:
		break;
	}
	if (now == WISH_SECTION && !l->exists(l->wanted)) {
		note("there is no section %s; c shows the contents", l->wanted);
		return 1;
	}
	l->wish = now;
	l->leaving = 1;
	return 0;
}

void wait_for_key(lesson *l)
{
	if (!l->given->step || l->numbers || l->silent || l->leaving)
		return;
	if (l->steps < l->skip) {
		l->steps++;
		return;
	}
	while (act_on(l, wait_for_wish(l->page, l->wanted)))
		;
	l->steps += !l->leaving;
}

/* ---- Text ------------------------------------------------------------------------------------ */

void line(lesson *l, const char *format, ...)
{
	char text[LINE_MOST];
	va_list arguments;

	if (!is_printing(l))
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	for (size_t length = strlen(text); length > 0 && text[length - 1] == ' ';)
		text[--length] = '\0';
	if (l->in_table)
		table_add(&l->rows, text);
	else
		lay_line(l->page, text);
}

void blank(lesson *l)
{
	if (is_printing(l) && l->in_table)
		table_add(&l->rows, "");
	else if (is_printing(l))
		putchar('\n');
}

void begin_table(lesson *l)
{
	l->in_table = 1;
}

void end_table(lesson *l)
{
	l->in_table = 0;
	table_lay(l->page, &l->rows);
}

static void wrap(const lesson *l, const char *format, va_list arguments)
{
	char text[LINE_MOST];

	vsnprintf(text, sizeof text, format, arguments);
	lay_words(l->page, text);
}

void prose(lesson *l, const char *format, ...)
{
	va_list arguments;

	if (!is_printing(l))
		return;
	va_start(arguments, format);
	wrap(l, format, arguments);
	va_end(arguments);
}

void take_away(lesson *l, const char *format, ...)
{
	va_list arguments;

	begin_part(l, TAKE_AWAY);
	if (!is_printing(l))
		return;
	va_start(arguments, format);
	wrap(l, format, arguments);
	va_end(arguments);
	putchar('\n');
}

char *cell(const char *text, int width, char *shown)
{
	text_shown(text, shown, 128);
	int missing = width - text_width(shown);
	size_t length = strlen(shown);

	for (; missing > 0 && length < 127; missing--)
		shown[length++] = ' ';
	shown[length] = '\0';
	return shown;
}

/* ---- Numbers --------------------------------------------------------------------------------- */

void number(lesson *l, const char *name, double value)
{
	if (l->numbers)
		json_object_set_new(l->numbers, name, number_json(value));
}

void count(lesson *l, const char *name, long long value)
{
	if (l->numbers)
		json_object_set_new(l->numbers, name, json_integer(value));
}

void numbers(lesson *l, const char *name, int n, const double *values)
{
	json_t *list = l->numbers ? json_array() : NULL;

	for (int i = 0; list && i < n; i++)
		json_array_append_new(list, number_json(values[i]));
	if (list)
		json_object_set_new(l->numbers, name, list);
}

void matrix(lesson *l, const char *name, const char *symbol, int rows, int columns,
	    const double *values)
{
	int middle = (rows - 1) / 2, width = 10;
	char cells[LINE_MOST], shown[64];

	if (name)
		numbers(l, name, rows * columns, values);
	for (int k = 0; k < rows * columns; k++) {
		int needed = snprintf(cells, sizeof cells, "%.5g", values[k]);

		width = needed > width ? needed : width;
	}
	text_shown(symbol, shown, sizeof shown);
	begin_table(l);
	for (int i = 0; i < rows; i++) {
		size_t length = 0;

		for (int j = 0; j < columns && length < sizeof cells; j++)
			length += (size_t)snprintf(cells + length, sizeof cells - length, " %*.5g",
						   width, values[i * columns + j]);
		if (i == middle)
			line(l, "%s = [%s ]", shown, cells);
		else
			line(l, "%*s   [%s ]", text_width(shown), "", cells);
	}
	end_table(l);
}

/* ---- Knobs ----------------------------------------------------------------------------------- */

int knob_given(const lesson *l, option_id id)
{
	return option_given(l->given, id) && has_knob(l->section, id);
}

double knob_or(const lesson *l, option_id id, double standard)
{
	return knob_given(l, id) ? knob_value(l->given, id, standard) : standard;
}

int knob_list(const lesson *l, option_id id, int most, double *values)
{
	return knob_given(l, id) ? knob_values(l->given, id, most, values) : 0;
}

/* ---- Figures --------------------------------------------------------------------------------- */

static int write_figure(const lesson *l, const char *name, const figure *shown)
{
	char path[4096], *svg = figure_svg(shown);
	hebb_error error;
	hebb_status status;

	if (!svg)
		return fail("--figures", "out of memory");
	if (snprintf(path, sizeof path, "%s/%s-%s.svg", l->given->figures, l->section, name) >=
	    (int)sizeof path) {
		free(svg);
		return fail("--figures", "the name of the folder is too long");
	}
	status = hebb_file_write(path, svg, strlen(svg), &error);
	free(svg);
	return status == HEBB_OK ? EXIT_DONE : fail_error(NULL, &error);
}

/* A line before and after a figure. */
static void rule(const lesson *l)
{
	fputs(dim(stdout), stdout);
	for (int i = 0; i < WIDTH && i < l->page - 2; i++)
		print_text(stdout, "─");
	printf("%s\n", plain(stdout));
}

int figure_room(const lesson *l)
{
	return l->numbers || l->silent ? FIGURE_MOST : figure_columns(l->page);
}

plot *lesson_plot(const lesson *l, const char *title, axis x, axis y)
{
	return plot_new_within(title, x, y, figure_room(l));
}

int show_figure(lesson *l, const char *name, const figure *shown)
{
	if (!shown)
		return fail(l->section, "out of memory for a figure");
	if (l->numbers) {
		json_t *list = json_object_get(l->numbers, "figures");

		if (!list)
			json_object_set_new(l->numbers, "figures", list = json_array());
		json_array_append_new(list, json_string(name));
	}
	if (is_printing(l)) {
		rule(l);
		figure_print(shown, stdout);
		rule(l);
	}
	int is_full = l->numbers || l->silent || figure_room(l) == FIGURE_MOST;
	return option_given(l->given, OPT_FIGURES) && is_full ? write_figure(l, name, shown)
							      : EXIT_DONE;
}

int show_plot(lesson *l, const char *name, plot *shown)
{
	int status = show_figure(l, name, shown ? plot_figure(shown) : NULL);

	plot_free(shown);
	return status;
}

int show_drawing(lesson *l, const char *name, figure *shown)
{
	int status = show_figure(l, name, shown);

	figure_free(shown);
	return status;
}

axis value_axis(const char *label, int n, const double *values)
{
	static const double round[] = {1, 2, 5, 10};
	axis a = {.label = label};
	double span, power, step = 1;

	for (int i = 0; i < n; i++) {
		a.low = fmin(a.low, values[i]);
		a.high = fmax(a.high, values[i]);
	}
	span = a.high > a.low ? a.high - a.low : 1;
	power = pow(10, floor(log10(span / 5)));
	for (int i = 3; i >= 0; i--)
		step = span / (round[i] * power) <= 5 ? round[i] * power : step;
	a.low = step * floor(a.low / step);
	a.high = fmax(step * ceil(a.high / step), a.low + step);
	return a;
}

/* ---- Notation -------------------------------------------------------------------------------- */

char *symbol(const char *letter, int i, int j, int layer, char *text)
{
	static const char *const low[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
	static const char *const high[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

	snprintf(text, 32, "%s%s%s%s%s%s", letter, i ? low[i] : "", j ? low[j] : "",
		 layer ? "⁽" : "", layer ? high[layer] : "", layer ? "⁾" : "");
	return text;
}

short_text short_number(double value)
{
	short_text shown;
	double tenths = value * 10;

	snprintf(shown.text, sizeof shown.text,
		 tenths == floor(tenths) && fabs(value) < 1e6 ? "%.1f" : "%.6g", value);
	return shown;
}

char *list_text(int n, const double *values, char text[LIST_SIZE])
{
	size_t length = (size_t)snprintf(text, LIST_SIZE, "(");

	for (int i = 0; i < n && length < LIST_SIZE; i++)
		length += (size_t)snprintf(text + length, LIST_SIZE - length, "%s%g", i ? ", " : "",
					   values[i]);
	if (length < LIST_SIZE)
		snprintf(text + length, LIST_SIZE - length, ")");
	return text;
}

/* A formula of the library, translated from ASCII, after its left side. */
static char *written(const char *left, const char *formula, char text[FORMULA_SIZE])
{
	static const char *const sign[][2] = {{"-", "−"}, {"Phi", "Φ"}, {"phi", "φ"}, {"^2", "²"}};
	size_t length = (size_t)snprintf(text, FORMULA_SIZE, "%s", left);

	for (const char *position = formula; *position && length + 4 < FORMULA_SIZE;) {
		size_t i = 0;

		while (i < 4 && strncmp(position, sign[i][0], strlen(sign[i][0])) != 0)
			i++;
		length += (size_t)snprintf(text + length, FORMULA_SIZE - length, "%.*s",
					   i < 4 ? 4 : 1, i < 4 ? sign[i][1] : position);
		position += i < 4 ? strlen(sign[i][0]) : 1;
	}
	return text;
}

char *activation_formula(hebb_activation f, char text[FORMULA_SIZE])
{
	return written("f(z) = ", hebb_activation_formula(f), text);
}

char *derivative_formula(hebb_activation f, char text[FORMULA_SIZE])
{
	return written("f′(z) = ", hebb_activation_slope(f), text);
}
