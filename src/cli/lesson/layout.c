/* SPDX-License-Identifier: MIT */
/*
 * layout.c - lines, words and tables that fit a page
 */
#define _POSIX_C_SOURCE 200809L

#include "layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"

enum { INDENT = 2, MARGIN = 2, WORDS_MOST = 98, LINE_MOST = 4096, CELLS_MOST = 512, GAP = 2 };

int page_columns(void)
{
	const char *text = getenv("COLUMNS");
	int columns = text ? atoi(text) : 0;

	if (columns <= 0)
		columns = terminal_width(stdout);
	return columns < PAGE_LEAST ? PAGE_LEAST : columns > PAGE_MOST ? PAGE_MOST : columns;
}

int figure_columns(int page)
{
	int room = page - 2 * MARGIN;

	return room < FIGURE_MOST ? room : FIGURE_MOST;
}

/* ---- Words and lines ------------------------------------------------------------------------- */

void lay_words(int page, const char *utf8)
{
	int width = page - MARGIN < WORDS_MOST ? page - MARGIN : WORDS_MOST, column = 0;
	char shown[LINE_MOST];

	text_shown(utf8, shown, sizeof shown);
	for (const char *position = shown; *position;) {
		int length = (int)strcspn(position, " ");
		char word[LINE_MOST];

		memcpy(word, position, (size_t)length);
		word[length] = '\0';
		if (column > 0 && column + 1 + text_width(word) > width) {
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

/* Whether the word at `text` is a sign between two terms, which begins a line rather than ends
 * one. */
static int is_sign(const char *text)
{
	static const char *const sign[] = {"= ", "+ ", "- ", "* ", "→ ", "-> ", "− ", "· "};

	for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
		if (strncmp(text, sign[i], strlen(sign[i])) == 0)
			return 1;
	return 0;
}

/* The characters of `text` that stand in its first `most` columns, as bytes. */
static size_t bytes_within(const char *text, int most)
{
	const char *position = text;
	char one[5];

	for (int column = 0; column < most && *position; column++)
		next_character(&position, one);
	return (size_t)(position - text);
}

/* Where to break a line that is wider than `most`: the last blank at which it may be broken, or
 * where the room ends.  A blank before `least` is the line's indentation. */
static size_t break_of(const char *text, size_t least, int most)
{
	size_t end = bytes_within(text, most), found = 0, any = 0;

	for (size_t i = least; i <= end && text[i]; i++) {
		if (text[i] != ' ')
			continue;
		size_t word = i;
		while (word > 0 && text[word - 1] != ' ')
			word--;
		any = i;
		if (!is_sign(text + word))
			found = i;
	}
	return found ? found : any ? any : end;
}

void lay_line(int page, const char *utf8)
{
	char shown[LINE_MOST], *rest = shown;
	size_t lead;
	int indent = INDENT;

	text_shown(utf8, shown, sizeof shown);
	lead = strspn(shown, " ");
	for (;;) {
		int room = page - indent;

		if (text_width(rest) <= room)
			break;
		size_t at = break_of(rest, strspn(rest, " ") + 1, room);
		size_t end = at;
		while (end > 0 && rest[end - 1] == ' ')
			end--;
		printf("%*s%.*s\n", indent, "", (int)end, rest);
		rest += at + strspn(rest + at, " ");
		indent = INDENT + (int)lead + 4;
	}
	if (*rest)
		printf("%*s%s\n", indent, "", rest);
	else
		putchar('\n');
}

/* ---- Tables ---------------------------------------------------------------------------------- */

void table_add(row_table *rows, const char *utf8)
{
	char shown[LINE_MOST];

	if (rows->count == (int)(sizeof rows->line / sizeof *rows->line))
		return;
	rows->line[rows->count] = strdup(text_shown(utf8, shown, sizeof shown));
	rows->count += rows->line[rows->count] != NULL;
}

/* Which columns are not blank in any line; returns how many columns there are. */
static int mark_columns(const row_table *rows, char used[CELLS_MOST])
{
	int width = 0;

	memset(used, 0, CELLS_MOST);
	for (int i = 0; i < rows->count; i++) {
		const char *position = rows->line[i];
		char one[5];

		for (int column = 0; column < CELLS_MOST && next_character(&position, one);
		     column++) {
			used[column] |= one[0] != ' ';
			width = used[column] && column >= width ? column + 1 : width;
		}
	}
	return width;
}

typedef struct span {
	int from, to; /* columns; `to` is not one of them */
} span;

/* The columns of the table: what is between blank columns.  A single blank column does not
 * separate, since it may be the space between two words. */
static int find_spans(const char *used, int width, int least_gap, span found[64])
{
	int count = 0;

	for (int column = 0; column < width && count < 64;) {
		int end = column;

		while (column < width && !used[column])
			column++;
		if (column >= width)
			break;
		int apart = count == 0 || column - end >= least_gap;
		for (end = column; end < width && used[end]; end++)
			;
		if (apart)
			found[count++] = (span){column, end};
		else
			found[count - 1].to = end;
		column = end;
	}
	return count;
}

/* Prints one span of a line, padded to its width unless the line ends there. */
static int print_span(const char *text, span part, int pad)
{
	const char *from = text + bytes_within(text, part.from);
	size_t size = bytes_within(from, part.to - part.from);
	int width = 0;
	char one[5];

	for (const char *position = from; position < from + size; width++)
		next_character(&position, one);
	while (size > 0 && from[size - 1] == ' ' && !pad)
		size--;
	printf("%.*s", (int)size, from);
	for (; pad && width < part.to - part.from; width++)
		putchar(' ');
	return width;
}

/* Whether nothing of the line stands in the spans from i to n. */
static int is_empty(const char *text, const span *part, int i, int n)
{
	for (; i < n; i++) {
		const char *from = text + bytes_within(text, part[i].from);
		size_t size = bytes_within(from, part[i].to - part[i].from);

		if (strspn(from, " ") < size)
			return 0;
	}
	return 1;
}

/* Prints the first span and those from `first` to `end`, `gap` blanks between them. */
static void print_part(const row_table *rows, const span *part, int first, int end, int gap)
{
	for (int i = 0; i < rows->count; i++) {
		const char *text = rows->line[i];
		int empty = is_empty(text, part, first, end) && is_empty(text, part, 0, 1);

		printf("%*s", empty ? 0 : INDENT, "");
		if (first > 1 && !empty)
			print_span(text, part[0], !is_empty(text, part, first, end));
		for (int k = first == 1 ? 0 : first; k < end; k++) {
			if (is_empty(text, part, k, end))
				break;
			printf("%*s", k > 0 ? gap : 0, "");
			print_span(text, part[k], !is_empty(text, part, k + 1, end));
		}
		putchar('\n');
	}
}

/* The spans that fit: from `first` on, beside the first one. */
static int end_of_part(const span *part, int count, int first, int gap, int room)
{
	int width = part[0].to - part[0].from, end = first;

	while (end < count &&
	       (end == first || width + gap + part[end].to - part[end].from <= room)) {
		width += gap + part[end].to - part[end].from;
		end++;
	}
	return end;
}

/* Whether each span fits beside the first one. */
static int spans_fit(const span *part, int count, int room)
{
	for (int i = 0; i < count; i++) {
		int key = i > 0 ? part[0].to - part[0].from + 1 : 0;

		if (key + part[i].to - part[i].from > room)
			return 0;
	}
	return 1;
}

/* The table in parts; lines whose columns do not stand below each other are broken like others. */
static void lay_narrow(int page, const row_table *rows, const char *used, int width)
{
	int room = page - INDENT, gap = GAP;
	span part[64];
	int count = find_spans(used, width, GAP, part);

	if (!spans_fit(part, count, room))
		count = find_spans(used, width, 1, part);
	if (!spans_fit(part, count, room)) {
		for (int i = 0; i < rows->count; i++)
			lay_line(page, rows->line[i]);
		return;
	}
	if (count > 1 && end_of_part(part, count, 1, gap, room) < count)
		gap = 1;
	for (int first = 1; first < count || first == 1;) {
		int end = end_of_part(part, count, first, gap, room);

		if (first > 1)
			putchar('\n');
		print_part(rows, part, first, end, gap);
		if (end <= first)
			break;
		first = end;
	}
}

void table_lay(int page, row_table *rows)
{
	char used[CELLS_MOST];
	int width = mark_columns(rows, used), fits = width + INDENT <= page;

	for (int i = 0; i < rows->count && fits; i++)
		lay_line(PAGE_MOST, rows->line[i]);
	if (!fits)
		lay_narrow(page, rows, used, width);
	table_empty(rows);
}

void table_empty(row_table *rows)
{
	for (int i = 0; i < rows->count; i++)
		free(rows->line[i]);
	rows->count = 0;
}
