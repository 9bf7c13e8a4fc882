/* SPDX-License-Identifier: MIT */
/*
 * values.c - the reader's own numbers for a section, from a small text file
 */
#define _POSIX_C_SOURCE 200809L

#include "values.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"
#include "option/options.h"

enum { SIZE_MOST = 1 << 16, VALUE_MOST = 1000000 };

typedef struct reading {
	const char *path;
	int line;
	own_values *into;
	own_block *current; /* what the numbers belong to; NULL: nothing yet */
	char name[16];      /* its name */
} reading;

static int refuse_line(const reading *r, const char *format, ...) PRINTF_LIKE(2, 3);

static int refuse_line(const reading *r, const char *format, ...)
{
	char text[400];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return fail(r->path, "line %d: %s", r->line, text);
}

/* "W1" gives the block of that name; NULL: there is none. */
static own_block *block_named(own_values *into, const char *name)
{
	int layer = name[0] && name[1] ? name[1] - '1' : -1;

	if (strcmp(name, "x") == 0)
		return &into->x;
	if (strcmp(name, "y") == 0)
		return &into->y;
	if (layer < 0 || layer >= OWN_LAYERS_MOST || name[2])
		return NULL;
	return name[0] == 'W' ? &into->W[layer] : name[0] == 'b' ? &into->b[layer] : NULL;
}

/* Takes "NAME =" from the beginning of a line, if it is there. */
static int take_name(reading *r, char **text)
{
	char *equals = strchr(*text, '='), name[16];
	size_t length;

	if (!equals)
		return EXIT_DONE;
	*text += strspn(*text, " \t");
	length = strcspn(*text, " \t=");
	snprintf(name, sizeof name, "%.*s", (int)(length < 15 ? length : 15), *text);
	r->current = block_named(r->into, name);
	if (!r->current || (*text)[length + strspn(*text + length, " \t")] != '=')
		return refuse_line(
			r, "'%s' is not a name; the names are x, y, W1 to W%d and b1 to b%d", name,
			OWN_LAYERS_MOST, OWN_LAYERS_MOST);
	snprintf(r->name, sizeof r->name, "%s", name);
	*text = equals + 1;
	return EXIT_DONE;
}

static int add_number(reading *r, double *row, int *count, const char *word)
{
	if (*count == OWN_WIDTH_MOST)
		return refuse_line(r, "%s has more than %d numbers in a row", r->name,
				   OWN_WIDTH_MOST);
	if (!number_parse(word, &row[*count]) || row[*count] > VALUE_MOST ||
	    row[*count] < -VALUE_MOST)
		return refuse_line(r, "'%s' is not a number from %d to %d", word, -VALUE_MOST,
				   VALUE_MOST);
	(*count)++;
	return EXIT_DONE;
}

/* The numbers of a line are a row of the current block. */
static int take_row(reading *r, char *text)
{
	own_block *block = r->current;
	double row[OWN_WIDTH_MOST];
	int count = 0, status = EXIT_DONE;

	for (char *word = text + strspn(text, " \t,;"); *word && status == EXIT_DONE;) {
		size_t length = strcspn(word, " \t,;");
		char *next = word + length + strspn(word + length, " \t,;");

		word[length] = '\0';
		status = add_number(r, row, &count, word);
		word = next;
	}
	if (status != EXIT_DONE || count == 0)
		return status;
	if (block->rows == OWN_ROWS_MOST || (r->name[0] == 'b' && block->rows == 1))
		return refuse_line(r, "%s has more than %d row%s", r->name,
				   r->name[0] == 'b' ? 1 : OWN_ROWS_MOST,
				   r->name[0] == 'b' ? "" : "s");
	if (block->rows > 0 && block->columns != count)
		return refuse_line(r, "this row of %s has %d numbers, the rows before it have %d",
				   r->name, count, block->columns);
	block->columns = count;
	memcpy(block->value[block->rows++], row, (size_t)count * sizeof *row);
	return EXIT_DONE;
}

static int take_line(reading *r, char *text)
{
	int status;

	text[strcspn(text, "#\r")] = '\0';
	status = take_name(r, &text);
	if (status == EXIT_DONE && !r->current && text[strspn(text, " \t")])
		return refuse_line(r, "has no name; write x = 1.5 2 3");
	return status == EXIT_DONE && r->current ? take_row(r, text) : status;
}

/* ---- Whether the blocks fit each other ------------------------------------------------------- */

static int check_layer(const char *path, const own_values *v, int k, int inputs)
{
	const own_block *W = &v->W[k], *b = &v->b[k];

	if (W->rows > OWN_WIDTH_MOST)
		return fail(path, "W%d has %d rows; a layer has at most %d nodes", k + 1, W->rows,
			    OWN_WIDTH_MOST);
	if (inputs && W->columns != inputs)
		return fail(path, "W%d has %d columns, but there are %d %s", k + 1, W->columns,
			    inputs, k ? "nodes in the layer before" : "inputs x");
	if (b->rows == 0 || b->columns != W->rows)
		return fail(path,
			    "b%d has %d numbers, but W%d has %d rows; there is a bias for each "
			    "row",
			    k + 1, b->rows ? b->columns : 0, k + 1, W->rows);
	return EXIT_DONE;
}

static int check_values(const char *path, own_values *v)
{
	int status = EXIT_DONE, inputs = v->x.rows ? v->x.columns : 0;

	while (v->layers < OWN_LAYERS_MOST && v->W[v->layers].rows)
		v->layers++;
	for (int k = v->layers; k < OWN_LAYERS_MOST; k++) {
		if (v->W[k].rows)
			return fail(path, "there is W%d, but no W%d", k + 1, v->layers + 1);
		if (v->b[k].rows)
			return fail(path, "there is b%d, but no W%d", k + 1, k + 1);
	}
	for (int k = 0; k < v->layers && status == EXIT_DONE; k++)
		status = check_layer(path, v, k, k ? v->W[k - 1].rows : inputs);
	if (status != EXIT_DONE)
		return status;
	if (!v->layers && !v->x.rows)
		return fail(path, "has no x and no W1, so there is nothing to compute");
	if (v->y.rows && v->y.rows != v->x.rows)
		return fail(path, "y has %d rows and x has %d; each pair has one of each",
			    v->y.rows, v->x.rows);
	if (v->y.rows && v->layers && v->y.columns != v->W[v->layers - 1].rows)
		return fail(path, "y has %d numbers, but the network has %d outputs", v->y.columns,
			    v->W[v->layers - 1].rows);
	return EXIT_DONE;
}

static int take_text(reading *r, char *text)
{
	int status = EXIT_DONE;

	while (text && status == EXIT_DONE) {
		char *end = strchr(text, '\n');

		if (end)
			*end++ = '\0';
		r->line++;
		status = take_line(r, text);
		text = end;
	}
	return status;
}

/* At most `room` bytes of a file or, for "-", of standard input, and a zero byte; returns how many,
 * -1 after a message. */
static long read_some(const char *path, char *text, size_t room)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	size_t size;

	if (!file) {
		fail(path, "cannot be read: %s", system_reason(errno));
		return -1;
	}
	errno = 0;
	size = fread(text, 1, room, file);
	int lost = ferror(file), reason = errno;
	if (file != stdin)
		fclose(file);
	if (lost) {
		fail(path, "cannot be read: %s", system_reason(reason));
		return -1;
	}
	text[size] = '\0';
	return (long)size;
}

int own_values_read(const char *path, own_values *result)
{
	reading r = {.path = path, .into = result};
	char *text = malloc(SIZE_MOST + 2);
	int status = EXIT_FAILED;

	*result = (own_values){.layers = 0};
	if (!text)
		return fail(NULL, "out of memory");
	long size = read_some(path, text, SIZE_MOST + 1);
	if (size > SIZE_MOST || (size > 0 && memchr(text, 0, (size_t)size)))
		fail(path, "is not a small text file with lines such as x = 1.5 2 3");
	else if (size >= 0)
		status = take_text(&r, text);
	free(text);
	return status == EXIT_DONE ? check_values(path, result) : status;
}
