/* SPDX-License-Identifier: MIT */
/*
 * screen.c - lines of a terminal that are written over and over
 */
#include "screen.h"

#include "draw/terminal.h"
#include "draw/text.h"

/* Moves to the start of the first line.  In a terminal that has become narrower a line takes
 * several. */
static void go_back(const screen *self, FILE *stream)
{
	int columns = terminal_width(stream), up = self->lines > 0 ? self->lines - 1 : 0;

	for (int i = 0; i < self->lines; i++)
		up += self->width[i] > columns ? (self->width[i] - 1) / columns : 0;
	fputc('\r', stream);
	if (up > 0)
		fprintf(stream, "\033[%dA\033[J", up);
}

/* The columns of a line of UTF-8 with colors. */
static int width_of(const char *line, size_t size)
{
	int width = 0, inside = 0;

	for (size_t i = 0; i < size; i++) {
		if (line[i] == '\033')
			inside = 1;
		width += !inside && ((unsigned char)line[i] & 0xc0) != 0x80;
		if (inside && line[i] == 'm')
			inside = 0;
	}
	return width;
}

void screen_show(screen *self, FILE *stream, const text *lines)
{
	const char *line = lines->bytes, *end = line + lines->size;

	if (lines->failed || lines->size == 0)
		return;
	go_back(self, stream);
	for (self->lines = 0; line && self->lines < SCREEN_LINES; self->lines++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t size = (size_t)((newline ? newline : end) - line);

		fputs(self->lines ? "\n" : "", stream);
		fwrite(line, 1, size, stream);
		fputs("\033[K", stream);
		self->width[self->lines] = width_of(line, size);
		line = newline ? newline + 1 : NULL;
	}
	fflush(stream);
}

void screen_clear(screen *self, FILE *stream)
{
	if (self->lines == 0)
		return;
	go_back(self, stream);
	fputs("\033[K", stream);
	fflush(stream);
	self->lines = 0;
}
