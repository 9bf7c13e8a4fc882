/* SPDX-License-Identifier: MIT */
/*
 * predict_data.h - the rows that are predicted, a window of the data at a time
 */
#ifndef HEBB_CLI_PREDICT_DATA_H
#define HEBB_CLI_PREDICT_DATA_H

#include "hebb_io.h"
#include "option/options.h"

typedef struct predict_data {
	const hebb_coding *coding;
	hebb_stream *stream;
	char *room;          /* for an option of the stream */
	hebb_table *table;   /* the window; NULL: all have been read */
	hebb_dataset *coded; /* its rows; NULL before data_code() */
	long long before;    /* rows of the windows before it */
	int how;             /* as hebb_coding_apply() takes it */
	hebb_unlike *unlike; /* by input column, of all windows so far */
	char *name;          /* for messages */
	int has_lines;       /* 1: messages count lines, else rows */
} predict_data;

/* Each prints what is wrong and returns the exit status. Call data_close() even then. */

/* Opens the data of the command and reads the first window. */
int data_open(const options *given, const hebb_model *model, predict_data *data);
/* Codes the rows of the first window. */
int data_code(predict_data *data);
/* Goes to the next window; a signal that asks to stop may end it before there is one.  said: what
 * has become of the rows before, for the sentence; NULL: they are predicted. */
int data_next(predict_data *data, const char *said);

/* Notes what was missing or new in all rows. */
void data_note(const predict_data *data);

void data_close(predict_data *data);

#endif
