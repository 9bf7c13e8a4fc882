/* SPDX-License-Identifier: MIT */
/*
 * predict_data.c - the rows that are predicted, a window of the data at a time
 */
#define _POSIX_C_SOURCE 200809L

#include "predict_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"
#include "draw/unlike.h"
#include "file/missing.h"
#include "file/signals.h"
#include "file/tables.h"
#include "option/job.h"
#include "picture/activity.h"

static void close_window(predict_data *data)
{
	hebb_dataset_free(data->coded);
	hebb_table_free(data->table);
	data->coded = NULL;
	data->table = NULL;
}

int data_open(const options *given, const hebb_model *model, predict_data *data)
{
	hebb_error error;

	*data = (predict_data){.coding = model->coding, .how = how_to_apply(given)};
	hebb_table_options how = table_options_of(&given->study, model, &data->room);
	how.meter = activity_meter();
	data->stream = hebb_stream_new(given->operand[1], &how, &error);
	if (!data->stream || table_next(data->stream, &data->table, &error) != HEBB_OK)
		return fail_read(given->operand[1], &error);
	data->has_lines = data->table->line != NULL;
	data->name = strdup(data->table->name);
	data->unlike = calloc((size_t)model->coding->input_count, sizeof *data->unlike);
	return data->name && data->unlike ? EXIT_DONE : fail("prediction", "out of memory");
}

/* Says what is wrong in the window and, if there were rows before it, what has become of them. */
static int fail_below(const predict_data *data, const hebb_error *error, const char *said)
{
	char rows[100];

	if (data->before == 0)
		return fail_error(NULL, error);
	if (!said) {
		snprintf(rows, sizeof rows, "the first %s %s predicted",
			 hebb_show_count(data->before, "row").text,
			 data->before == 1 ? "is" : "are");
		said = rows;
	}
	return fail(NULL, "%s; %s", error->message, said);
}

/* Codes the rows of the window, and counts what is unlike training. */
static int code_window(predict_data *data, const char *said)
{
	hebb_error error;

	data->coded = hebb_coding_view(data->coding, data->table, data->how, data->table->rows,
				       NULL, &error);
	if (!data->coded)
		return fail_below(data, &error, said);
	unlike_add(data->coding, data->unlike, data->coded->unlike);
	data->how |= HEBB_APPLY_ANYWAY; /* the first window tells whether a column fits */
	return EXIT_DONE;
}

int data_code(predict_data *data)
{
	int status = code_window(data, NULL);

	if (status == EXIT_DONE)
		note_ignored(data->coding, data->coded, data->table);
	return status;
}

int data_next(predict_data *data, const char *said)
{
	hebb_error error;

	data->before += data->table->rows;
	close_window(data);
	if (table_next(data->stream, &data->table, &error) != HEBB_OK)
		return stop_asked() ? EXIT_DONE : fail_below(data, &error, said);
	return data->table ? code_window(data, said) : EXIT_DONE;
}

void data_note(const predict_data *data)
{
	unlike_note(data->coding, data->name, data->before, data->unlike);
}

void data_close(predict_data *data)
{
	close_window(data);
	hebb_stream_free(data->stream);
	free(data->unlike);
	free(data->room);
	free(data->name);
}
