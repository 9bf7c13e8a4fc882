/* SPDX-License-Identifier: MIT */
/*
 * page.c - pages of text that fit the terminal
 */
#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "terminal.h"

enum { LEAST = 40, MOST = 100, NARROW = 70, NARROW_INDENT = 20, BELOW = 10 };

int page_width(FILE *stream)
{
	const char *text = getenv("COLUMNS");
	int columns = text ? atoi(text) : 0;

	if (columns <= 0)
		columns = terminal_width(stream);
	/* In the last column of a terminal some would begin a new line. */
	return (columns < LEAST ? LEAST : columns > MOST ? MOST : columns) - 1;
}

int page_words(FILE *stream, const char *text, int column, int indent)
{
	int width = page_width(stream), first = 1;

	while (*text) {
		int length = (int)strcspn(text, " \n"), gap = !first;

		if (column + gap + length > width && column > indent) {
			fprintf(stream, "\n%*s", indent, "");
			column = indent;
			gap = 0;
		}
		fprintf(stream, "%*s%.*s", gap, "", length, text);
		column += gap + length;
		text += length;
		first = *text == '\n';
		if (first) {
			fprintf(stream, "\n%*s", indent, "");
			column = indent;
		}
		text += *text != '\0';
	}
	return column;
}

void page_paragraph(FILE *stream, const char *text, int indent)
{
	fprintf(stream, "%*s", indent, "");
	page_words(stream, text, indent, indent);
	fputc('\n', stream);
}

void page_row(FILE *stream, const char *head, const char *text, int indent)
{
	int below = indent > NARROW_INDENT && page_width(stream) < NARROW;
	int column = (int)strlen(head);

	if (below)
		indent = BELOW;
	fputs(head, stream);
	if (below || column > indent - 2)
		fprintf(stream, "\n%*s", indent, "");
	else
		fprintf(stream, "%*s", indent - column, "");
	page_words(stream, text, indent, indent);
	fputc('\n', stream);
}

void page_title(FILE *stream, const char *title)
{
	fputs(bold(stream), stream);
	page_words(stream, title, 0, 0);
	fprintf(stream, "%s\n", plain(stream));
}

void page_command(FILE *stream, const char *line, int indent)
{
	int width = page_width(stream), column = indent, first = 1;

	fprintf(stream, "%*s", indent, "");
	for (; *line; first = 0) {
		/* An option and its argument stay on one line. */
		size_t length = strcspn(line, " ");
		int rest = (int)strlen(line);

		if (line[0] == '-' && line[length] == ' ' && line[length + 1] != '-')
			length += 1 + strcspn(line + length + 1, " ");
		if (!first && column + 1 + (int)length + ((int)length < rest ? 2 : 0) > width) {
			fprintf(stream, " \\\n%*s", indent + 6, "");
			column = indent + 6;
		} else if (!first) {
			fputc(' ', stream);
			column++;
		}
		fprintf(stream, "%.*s", (int)length, line);
		column += (int)length;
		line += length;
		line += *line == ' ';
	}
	fputc('\n', stream);
}
