/* SPDX-License-Identifier: MIT */
/*
 * graph_compare.h - holds the answers of hebb against those of the graph of a file (graph_run.h),
 * which is all that other programs see; for tests and fuzzers
 */
#ifndef HEBB_GRAPH_COMPARE_H
#define HEBB_GRAPH_COMPARE_H

#include "graph_run.h"
#include "hebb_io.h"

#include <stdio.h>

enum { COMPARED = 4 }; /* rows: the first is complete */

/* Rows of columns, and what hebb answers. */
typedef struct compared {
	int columns, numbers, texts, outputs;
	double *number;    /* row by row, NaN where one is missing */
	const char **text; /* row by row, "" where one is missing */
	double *values;
	int label[COMPARED];
	int is_whole; /* there are no gaps, or the graph can take them */
} compared;

static void *compared_memory(size_t size)
{
	void *made = malloc(size ? size : 1);

	if (!made)
		abort();
	return made;
}

/* A number near those of training, some quarters from the mean, which a float holds if need be. */
static double compared_number(const hebb_coding *coding, int at, int row, int i)
{
	double mean = coding->exact_mean ? coding->exact_mean[at] : (double)coding->mean[at];
	double value = ((i * 7 + row * 5 + 3) % 11) / 4.0 - 1.25;

	return coding->exact_mean ? mean + value : (double)(float)(mean + value);
}

/* Row 0 has each value, the others some gaps and texts that are no level. */
static const char *compared_text(const hebb_column *column, int row, int i, int has_gaps)
{
	int turn = row == 0 || !has_gaps ? 0 : (i + row) % 3;

	return turn == 1   ? ""
	       : turn == 2 ? "none of them\xff"
			   : column->levels[(i + row) % column->level_count];
}

/* Without gaps if the graph cannot take them. */
static compared compared_rows(const hebb_coding *coding, int has_gaps)
{
	compared c = {.columns = coding->input_count, .outputs = coding->outputs, .is_whole = 1};
	size_t cells = COMPARED * (size_t)c.columns;
	int full_width = 0;

	c.number = compared_memory(cells * sizeof *c.number);
	c.text = compared_memory(cells * sizeof *c.text);
	c.values = compared_memory(COMPARED * (size_t)c.outputs * sizeof *c.values);
	for (int i = 0; i < c.columns; i++) {
		c.texts += coding->inputs[i].kind == HEBB_TEXT;
		c.numbers += coding->inputs[i].kind == HEBB_NUMBER;
	}
	for (int row = 0, n = 0, t = 0; row < COMPARED; row++, full_width = 0)
		for (int i = 0; i < c.columns; i++) {
			const hebb_column *column = &coding->inputs[i];

			if (column->kind == HEBB_TEXT)
				c.text[t++] = compared_text(column, row, i, has_gaps);
			else
				c.number[n++] =
					has_gaps && row > 0 && (row + i) % 3 == 0
						? NAN
						: compared_number(coding, full_width, row, i);
			if (column->kind == HEBB_TEXT && !has_gaps)
				c.is_whole &= *c.text[t - 1] != 0;
			full_width += coding->encoding            ? coding->encoding[i].inputs
				      : column->kind == HEBB_TEXT ? column->level_count
								  : 1;
		}
	return c;
}

static void compared_clear(compared *c)
{
	free(c->number);
	free(c->text);
	free(c->values);
}

/* Column i of what hebb is given, with its values beside each other in `room`. */
static hebb_block compared_block(const compared *c, const hebb_coding *coding, int i, void *room)
{
	double *numbers = room;
	const char **texts = room;
	int is_text = coding->inputs[i].kind == HEBB_TEXT, before = 0;

	for (int k = 0; k < i; k++)
		before += coding->inputs[k].kind == coding->inputs[i].kind;
	for (int row = 0; row < COMPARED; row++)
		if (is_text)
			texts[row] = c->text[row * c->texts + before];
		else
			numbers[row] = c->number[row * c->numbers + before];
	return is_text ? hebb_texts(1, texts, NULL) : hebb_doubles(1, numbers, NULL);
}

/* Has hebb answer; 0 if it refuses, or finds its columns by other places. */
static int compared_answers(const hebb_model *model, compared *c)
{
	const hebb_coding *coding = model->coding;
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;
	int ok = 1;

	for (int i = 0; i < c->columns; i++)
		ok &= coding->columns != c->columns || coding->input_at[i] == i;
	hebb_block *block = compared_memory((size_t)c->columns * sizeof *block);
	char *room = compared_memory((size_t)c->columns * COMPARED * sizeof(double));
	for (int i = 0; i < c->columns; i++)
		block[i] =
			compared_block(c, coding, i, room + (size_t)i * COMPARED * sizeof(double));
	prediction.values = c->values;
	prediction.label = coding->task == HEBB_CLASSIFICATION ? c->label : NULL;
	ok = ok && !hebb_model_predict(model, COMPARED, c->columns, block, &prediction, &error);
	free(block);
	free(room);
	return ok;
}

/* 1 if a classification may have no answer: float32 may overflow in one of its outputs, and then
 * hebb answers NaN for all of them. */
static int compared_lacks(const hebb_model *model, const graph_number *y, size_t outputs)
{
	int overflows = 0;

	for (size_t i = 0; i < outputs; i++)
		overflows |= isinf(y[i].e);
	return overflows && model->coding->task == HEBB_CLASSIFICATION;
}

/* NULL, or how the outputs of a row differ; *why has room for it. */
static const char *compared_outputs(const hebb_model *model, const graph_number *y, size_t outputs,
				    const double *h, char why[128])
{
	int lacks = compared_lacks(model, y, outputs);

	for (size_t i = 0; i < outputs; i++)
		if (!graph_agrees(y[i], h[i]) && !(lacks && isnan(h[i]))) {
			snprintf(why, 128, "output %d: hebb %.9g, graph %.9g +- %g", (int)i, h[i],
				 y[i].v, y[i].e);
			return why;
		}
	return NULL;
}

static const char *compared_label(const hebb_model *model, graph_bytes label, int at, int lacks,
				  char why[128])
{
	const char *text = at < 0 ? "NaN" : model->coding->targets[0].levels[at];

	if (!label.at || graph_is(label, text) || (lacks && at < 0))
		return NULL;
	snprintf(why, 128, "label: hebb %.50s, graph %.*s", text,
		 label.size < 50 ? (int)label.size : 50, (const char *)label.at);
	return why;
}

/* What a numeric graph takes: the inputs of the network before they are encoded. */
static int compared_width(const hebb_coding *coding)
{
	int width = coding->indicator_count;

	for (int i = 0; i < coding->input_count; i++)
		width += coding->inputs[i].kind == HEBB_TEXT ? coding->inputs[i].level_count : 1;
	return width;
}

/* The same of a row: texts are one-hot, and nothing is missing. */
static void compared_one_hot(const hebb_coding *coding, const double *number,
			     const char *const *text, double *x)
{
	for (int i = 0; i < compared_width(coding); i++)
		x[i] = 0;
	for (int i = 0; i < coding->input_count; i++) {
		const hebb_column *column = &coding->inputs[i];

		if (column->kind == HEBB_NUMBER)
			*x++ = *number++;
		for (int k = 0; column->kind == HEBB_TEXT && k < column->level_count; k++)
			*x++ = strcmp(*text, column->levels[k]) == 0;
		text += column->kind == HEBB_TEXT;
	}
}

/* How hebb and the graph differ in a row; NULL: they do not. */
static const char *compared_row(const hebb_model *model, const void *bytes, size_t size,
				const compared *c, int row, int has_answers, char why[128])
{
	const hebb_coding *coding = model->coding;
	const double *h = c->values + (size_t)row * (size_t)c->outputs;
	double *x = compared_memory((size_t)coding->width * sizeof *x);
	graph_row in = {.x = c->number + row * c->numbers,
			.width = (size_t)c->numbers,
			.text = c->text + row * c->texts,
			.texts = (size_t)c->texts};
	size_t outputs = 0;
	graph_bytes label;
	graph_number *y;

	if (model->graph != HEBB_GRAPH_FULL) {
		compared_one_hot(coding, in.x, in.text, x);
		in = (graph_row){.x = x, .width = (size_t)compared_width(coding)};
	}
	const char *differs = graph_run_row(bytes, size, in, &y, &outputs, &label);
	if (!differs && outputs != (size_t)c->outputs)
		differs = "another width";
	if (!differs && has_answers)
		differs = compared_outputs(model, y, outputs, h, why);
	if (!differs && has_answers && coding->task == HEBB_CLASSIFICATION)
		differs = compared_label(model, label, c->label[row],
					 compared_lacks(model, y, outputs), why);
	free(x);
	free(y);
	return differs;
}

/* NULL if hebb and the graph agree on some rows, or how they differ. */
static inline const char *graph_compare(const hebb_model *model, const void *bytes, size_t size,
					char why[128])
{
	compared c = compared_rows(model->coding, model->graph == HEBB_GRAPH_FULL);
	int has_answers = compared_answers(model, &c);
	const char *differs = NULL;

	for (int row = 0; row < COMPARED && !differs; row++)
		differs = compared_row(model, bytes, size, &c, row, has_answers && c.is_whole, why);
	compared_clear(&c);
	return differs;
}

#endif
