/* SPDX-License-Identifier: MIT */
/*
 * lesson.c - shows a section of the tutorial
 */
#define _POSIX_C_SOURCE 200809L

#include "tutorial/lesson.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "draw/json.h"

enum { WIDTH = 78, INDENT = 2, LINE_MOST = 4096 };

int is_printing(const lesson *l)
{
	return !l->numbers && !l->stopped;
}

/* ---- Parts ----------------------------------------------------------------------------------- */

void begin_section(lesson *l, const char *section, const char *title)
{
	l->section = section;
	l->parts = 0;
	if (!is_printing(l))
		return;
	printf("%s%s  ", bold(stdout), section);
	print_text(stdout, title);
	printf("%s\n", plain(stdout));
	if (!is_utf8())
		printf("%sw_ij(l) is w with the indices i, j and (l); h1(2) is h of node 1 in "
		       "layer 2%s\n",
		       dim(stdout), plain(stdout));
}

void begin_part(lesson *l, lesson_part which)
{
	static const char *const title[] = {[FORMULA] = "Formula",
					    [COMPUTATION] = "Computation",
					    [RESULT] = "Result",
					    [TAKE_AWAY] = "Take away"};

	if (l->parts++ > 0)
		wait_for_key(l);
	if (is_printing(l))
		printf("\n%s%s%s\n", bold(stdout), title[which], plain(stdout));
}

/* The rest of a key that sends several bytes, such as an arrow: Escape, a bracket, digits, and a
 * letter that ends it. */
static void swallow_rest(struct termios *now)
{
	char next = 0;

	now->c_cc[VMIN] = 0; /* the bytes that have arrived */
	tcsetattr(STDIN_FILENO, TCSADRAIN, now);
	if (read(STDIN_FILENO, &next, 1) != 1 || (next != '[' && next != 'O'))
		return;
	do
		next = 0;
	while (read(STDIN_FILENO, &next, 1) == 1 && !(next >= '@' && next <= '~'));
}

/* The signal that a key normally sends, or 0. While a key is read, the terminal sends no signals,
 * so that its settings can be restored before the program ends or stops. */
static int signal_of(const struct termios *terminal, char key)
{
	cc_t code = (cc_t)key;

	return code == terminal->c_cc[VINTR]   ? SIGINT
	       : code == terminal->c_cc[VQUIT] ? SIGQUIT
	       : code == terminal->c_cc[VSUSP] ? SIGTSTP
					       : 0;
}

/* One key without Enter, from a terminal; 'q' and the end of input stop the tutorial. */
static int read_key(void)
{
	struct termios before, now;
	char key = 'q';

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return key;
	now = before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
	if (read(STDIN_FILENO, &key, 1) != 1)
		key = 'q';
	if (key == '\033')
		swallow_rest(&now);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	if ((before.c_lflag & ISIG) && signal_of(&before, key))
		raise(signal_of(&before, key));
	return key;
}

void wait_for_key(lesson *l)
{
	if (!l->given->step || !is_printing(l))
		return;
	fflush(stdout);
	fprintf(stderr, "%s-- any key goes on, q ends --%s", dim(stderr), plain(stderr));
	fflush(stderr);
	int key = read_key();
	fprintf(stderr, is_live(stderr) ? "\r\033[K" : "\n");
	l->stopped = key == 'q' || key == 'Q' || key == 4; /* Ctrl-D */
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
	printf("%*s", INDENT, "");
	print_text(stdout, text);
	putchar('\n');
}

void blank(lesson *l)
{
	if (is_printing(l))
		putchar('\n');
}

/* Prints words broken at spaces, indented. The width is that of the printed text, after the
 * translation into ASCII. */
static void wrap(const char *format, va_list arguments)
{
	char text[LINE_MOST], shown[LINE_MOST];
	int column = 0;

	vsnprintf(text, sizeof text, format, arguments);
	text_shown(text, shown, sizeof shown);
	for (const char *position = shown; *position;) {
		int length = (int)strcspn(position, " ");
		char word[LINE_MOST];

		memcpy(word, position, (size_t)length);
		word[length] = '\0';
		if (column > 0 && column + 1 + text_width(word) > WIDTH) {
			putchar('\n');
			column = 0;
		}
		column += column == 0 ? printf("%*s", INDENT, "") : printf(" ");
		fputs(word, stdout);
		column += text_width(word);
		position += length;
		position += strspn(position, " ");
	}
	putchar('\n');
}

void prose(lesson *l, const char *format, ...)
{
	va_list arguments;

	if (!is_printing(l))
		return;
	va_start(arguments, format);
	wrap(format, arguments);
	va_end(arguments);
}

void take_away(lesson *l, const char *format, ...)
{
	va_list arguments;

	begin_part(l, TAKE_AWAY);
	if (!is_printing(l))
		return;
	va_start(arguments, format);
	wrap(format, arguments);
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
	int middle = (rows - 1) / 2;
	char cells[LINE_MOST], shown[64];

	if (name)
		numbers(l, name, rows * columns, values);
	text_shown(symbol, shown, sizeof shown);
	for (int i = 0; i < rows; i++) {
		size_t length = 0;

		for (int j = 0; j < columns && length < sizeof cells; j++)
			length += (size_t)snprintf(cells + length, sizeof cells - length, " %10.5g",
						   values[i * columns + j]);
		if (i == middle)
			line(l, "%s = [%s ]", shown, cells);
		else
			line(l, "%*s   [%s ]", text_width(shown), "", cells);
	}
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

/* An empty line before and after a figure. */
static void rule(void)
{
	fputs(dim(stdout), stdout);
	for (int i = 0; i < WIDTH; i++)
		print_text(stdout, "─");
	printf("%s\n", plain(stdout));
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
		rule();
		figure_print(shown, stdout);
		rule();
	}
	return option_given(l->given, OPT_FIGURES) ? write_figure(l, name, shown) : EXIT_DONE;
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
