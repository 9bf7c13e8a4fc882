/* SPDX-License-Identifier: MIT */
/*
 * predict.c - hebb predict: a row of output for each row of input, CSV or lines of JSON
 *
 *     class,setosa,versicolor,virginica          MedHouseVal
 *     setosa,0.9981,0.0019,1.2e-09               2.31
 *
 * The header holds `class` and the classes, whose columns are the outputs of the network
 * (probabilities, after softmax), or the names of the numeric targets, in their units; before them
 * stand the columns of --keep.  Where there is no answer, since the coding drops a row for a
 * missing value or the network overflows, it is NaN, so that row i of the output always belongs to
 * row i of the input.
 *
 * The data comes in windows (predict_data.c). The rows of a window are predicted in rounds of some
 * pieces: a thread makes the text of one piece after the other, and the texts are written in order,
 * so that memory does not grow with the data and threads change no byte.
 *
 * Names are data for programs, and go out as they are; only a terminal gets them escaped.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "draw/terminal.h"
#include "draw/unanswered.h"
#include "file/file_kind.h"
#include "file/files.h"
#include "file/missing.h"
#include "file/signals.h"
#include "hebb_advanced.h"
#include "option/job.h"
#include "picture/activity.h"
#include "predict_data.h"
#include "predict_limits.h"
#include "predict_rows.h"

enum {
	SLICE = 256,  /* rows predicted at once */
	PIECE = 1024, /* rows of a piece */
	SHARES = 4,   /* pieces per thread and round */
	THREADS_MOST = 256
};

/* What a thread needs while it predicts a piece. */
typedef struct worker {
	atomic_flag is_taken;
	hebb_work *work;
	float *x;               /* the inputs of SLICE rows */
	unsigned char *outside; /* by input: of one row */
	hebb_drift *drift;      /* of its rows; NULL: nobody asks */
} worker;

/* Rows that are predicted without a break. */
typedef struct piece_of_rows {
	long long first, end; /* rows of the window */
	long long coded;      /* the first row of the dataset at or after `first` */
	text kept;            /* how their lines begin */
	size_t kept_at[PIECE + 1];
	text lines;
	hebb_unanswered without;
} piece_of_rows;

typedef struct prediction {
	predict_data data;
	line_form form;
	kept_columns kept;
	predict_limits limits;
	intervals asked;
	hebb_unanswered without; /* by their places */
	hebb_writer *file;       /* NULL: standard output */
	hebb_pool *pool;
	int workers, pieces;
	worker *worker;
	piece_of_rows *piece;
} prediction;

/* ---- A piece ---- */

/* How many rows of the dataset, from `coded` on, are rows of the table before `end`; at most
 * SLICE. */
static int slice_of(const hebb_dataset *data, long long coded, long long end)
{
	int slice = 0;

	while (slice < SLICE && coded + slice < data->rows && data->row[coded + slice] < end)
		slice++;
	return slice;
}

static void add_line(const prediction *all, const worker *by, piece_of_rows *piece, long long row,
		     const float *h)
{
	size_t i = (size_t)(row - piece->first), at = piece->kept_at[i];

	if (all->form.outside)
		hebb_limits_row(all->limits.limits, row, by->outside);
	if (h && !hebb_is_answer(all->data.coding, h))
		unanswered_add(&piece->without, row);
	form_line(&all->form, all->data.before + row,
		  piece->kept.bytes ? piece->kept.bytes + at : "", piece->kept_at[i + 1] - at, h,
		  by->outside, &piece->lines);
}

static void predict_piece(const prediction *all, const worker *by, piece_of_rows *piece)
{
	const hebb_dataset *data = all->data.coded;
	long long row = piece->first, coded = piece->coded;

	piece->lines.size = 0;
	while (row < piece->end) {
		int slice = slice_of(data, coded, piece->end);
		const float *h = NULL;

		if (slice > 0) {
			hebb_dataset_get(data, coded, slice, by->x);
			h = hebb_forward(by->work, slice, by->x);
		}
		for (int i = 0; i < slice; i++, h += data->outputs) {
			for (; row < data->row[coded + i]; row++)
				add_line(all, by, piece, row, NULL);
			add_line(all, by, piece, row++, h);
		}
		for (; slice == 0 && row < piece->end; row++)
			add_line(all, by, piece, row, NULL);
		coded += slice;
	}
	if (by->drift)
		hebb_drift_add_rows(by->drift, all->limits.limits, piece->end - piece->first, NULL,
				    piece->first);
}

/* A worker that no other thread has: there is one for each thread. */
static worker *take_worker(const prediction *all)
{
	worker *w = all->worker;

	while (atomic_flag_test_and_set(&w->is_taken))
		w = w + 1 < all->worker + all->workers ? w + 1 : all->worker;
	return w;
}

/* A task of the pool. */
static void run_piece(void *self, int part, int parts)
{
	const prediction *all = self;
	worker *by = take_worker(all);

	(void)parts;
	predict_piece(all, by, &all->piece[part]);
	atomic_flag_clear(&by->is_taken);
}

/* ---- Rounds ---- */

static int lost_output(void)
{
	return ferror(stdout) ? fail("standard output", "%s",
				     errno ? system_reason(errno) : "writing failed")
			      : EXIT_DONE;
}

static int put(const prediction *all, const text *lines)
{
	hebb_error error;

	if (lines->failed)
		return fail("prediction", "out of memory");
	if (all->file)
		return hebb_writer_add(all->file, lines->bytes, lines->size, &error) == HEBB_OK
			       ? EXIT_DONE
			       : fail_error(NULL, &error);
	errno = 0;
	if (lines->size > 0)
		fwrite(lines->bytes, 1, lines->size, stdout);
	return lost_output();
}

/* Gives a piece its rows, from `first` on, and reads how their lines begin. */
static int prepare(prediction *all, piece_of_rows *piece, long long first, long long *coded)
{
	const hebb_dataset *data = all->data.coded;
	const long long rows = all->data.table->rows;
	hebb_error error;

	piece->first = first;
	piece->end = first + PIECE < rows ? first + PIECE : rows;
	piece->coded = *coded;
	while (*coded < data->rows && data->row[*coded] < piece->end)
		++*coded;
	piece->kept.size = 0;
	for (long long row = first; row < piece->end && all->kept.count > 0; row++) {
		piece->kept_at[row - first] = piece->kept.size;
		if (form_kept(&all->form, &all->kept, &piece->kept, &error) != HEBB_OK)
			return fail_error(NULL, &error);
		piece->kept_at[row - first + 1] = piece->kept.size;
	}
	return piece->kept.failed ? fail("--keep", "out of memory") : EXIT_DONE;
}

/* Adds a piece's rows without an answer to those of earlier pieces. */
static void add_unanswered(prediction *all, piece_of_rows *piece)
{
	hebb_unanswered *to = &all->without, *more = &piece->without;
	const hebb_table *table = all->data.table;

	for (int i = 0; i < HEBB_UNANSWERED_NAMED && i < more->count; i++)
		if (to->count + i < HEBB_UNANSWERED_NAMED)
			to->row[to->count + i] = unanswered_place(table, more->row[i]) +
						 (table->line ? 0 : all->data.before);
	to->count += more->count;
	more->count = 0;
}

/* Predicts the rows of the window. */
static int predict_window(prediction *all)
{
	const hebb_table *table = all->data.table;
	size_t size;
	const char *bytes = hebb_stream_text(all->data.stream, &size);
	long long first = 0, coded = 0;
	int status = limits_take(&all->limits, table);

	if (status == EXIT_DONE)
		status = kept_go(&all->kept, table, bytes, size);
	while (first < table->rows && status == EXIT_DONE && !stop_asked()) {
		int count = 0;

		for (; count < all->pieces && first < table->rows && status == EXIT_DONE; count++) {
			status = prepare(all, &all->piece[count], first, &coded);
			first = all->piece[count].end;
		}
		if (status == EXIT_DONE)
			hebb_pool_run(all->pool, count, run_piece, all);
		for (int i = 0; i < count && status == EXIT_DONE; i++)
			status = put(all, &all->piece[i].lines);
		for (int i = 0; i < count; i++)
			add_unanswered(all, &all->piece[i]);
	}
	return status;
}

/* Tells people which rows have no prediction, or one from values that training did not have. */
static void note_unanswered(const prediction *all)
{
	data_note(&all->data);
	unanswered_warn_at(&all->without, all->data.name, all->data.has_lines,
			   all->form.json ? "its prediction is null" : "its prediction is NaN");
}

static int predict_all(prediction *all)
{
	text head = {.size = 0};

	form_head(&all->form, &head);
	int status = put(all, &head);
	text_free(&head);
	while (status == EXIT_DONE && all->data.table && !stop_asked()) {
		status = predict_window(all);
		if (status == EXIT_DONE && !stop_asked())
			status = data_next(&all->data, all->file ? "nothing is written" : NULL);
	}
	if (status == EXIT_DONE && !stop_asked())
		note_unanswered(all);
	return status;
}

/* ---- Where it goes ---- */

static int begins_with(const char *path, const text *beginning)
{
	char *bytes = malloc(beginning->size);
	FILE *file = bytes ? fopen(path, "rb") : NULL;
	int same = file && fread(bytes, 1, beginning->size, file) == beginning->size &&
		   memcmp(bytes, beginning->bytes, beginning->size) == 0;

	if (file)
		fclose(file);
	free(bytes);
	return same;
}

/* Refuses a file that holds something else, without --force.  An earlier prediction of the same
 * columns begins in the same way. */
static int check_earlier(const prediction *all, const options *given)
{
	text beginning = {.size = 0};
	int earlier;

	if (given->force || file_kind_of(given->prediction) == FILE_EMPTY)
		return EXIT_DONE;
	form_head(&all->form, &beginning);
	if (given->json)
		text_put(&beginning, "{\"row\": 1, ");
	earlier = file_kind_of(given->prediction) == FILE_TEXT && !beginning.failed &&
		  begins_with(given->prediction, &beginning);
	text_free(&beginning);
	return earlier ? EXIT_DONE : check_kind(given->prediction, FILE_PREDICTION, "prediction");
}

/* Predicts into the file of -o: whole or, if that fails or a signal comes, not at all. */
static int predict_file(prediction *all, const options *given)
{
	hebb_error error;
	int status = check_earlier(all, given);

	if (status != EXIT_DONE)
		return status;
	all->file = hebb_writer_new(given->prediction, &error);
	if (!all->file)
		return fail_error(NULL, &error);
	catch_signals_and_wake();
	status = predict_all(all);
	if (status == EXIT_DONE && stop_asked())
		status = fail(given->prediction, "stopped; nothing is written");
	else if (status == EXIT_DONE && hebb_writer_finish(all->file, &error) != HEBB_OK)
		status = fail_error(NULL, &error);
	hebb_writer_free(all->file);
	return status;
}

/* ---- The whole ---- */

static int open_worker(const prediction *all, const hebb_model *model, worker *w)
{
	size_t inputs = (size_t)all->data.coded->inputs;
	hebb_error error;

	atomic_flag_clear(&w->is_taken);
	w->work = hebb_work_new(model->net, SLICE, NULL, &error);
	if (!w->work)
		return fail_error("prediction", &error);
	if (all->limits.drift && !(w->drift = hebb_drift_new(model->coding, &error)))
		return fail_error("prediction", &error);
	w->x = malloc(sizeof *w->x * SLICE * inputs);
	w->outside = calloc((size_t)model->coding->input_count, 1);
	return w->x && w->outside ? EXIT_DONE : fail("prediction", "out of memory");
}

/* Some pieces per thread, but no more than the rows fill. */
static int open_workers(prediction *all, const hebb_model *model, int threads)
{
	long long most = all->data.table->rows / PIECE + 1;
	int status = EXIT_DONE;
	hebb_error error;

	all->pool = hebb_pool_new(threads < THREADS_MOST ? threads : THREADS_MOST, NULL, &error);
	if (!all->pool)
		return fail_error("prediction", &error);
	threads = hebb_pool_threads(all->pool);
	all->pieces = most < SHARES * threads ? (int)most : SHARES * threads;
	all->piece = calloc((size_t)all->pieces, sizeof *all->piece);
	all->worker = calloc((size_t)threads, sizeof *all->worker);
	if (!all->piece || !all->worker)
		return fail("prediction", "out of memory");
	for (; all->workers < threads && all->workers < all->pieces && status == EXIT_DONE;
	     all->workers++)
		status = open_worker(all, model, &all->worker[all->workers]);
	return status;
}

static void close_workers(prediction *all)
{
	hebb_pool_free(all->pool);
	for (int i = 0; i < all->pieces && all->piece; i++) {
		text_free(&all->piece[i].kept);
		text_free(&all->piece[i].lines);
	}
	for (int i = 0; i < all->workers; i++) {
		free(all->worker[i].x);
		free(all->worker[i].outside);
		hebb_work_free(all->worker[i].work);
		hebb_drift_free(all->worker[i].drift);
	}
	free(all->piece);
	free(all->worker);
}

/* Says after the predictions how the rows differed from those of training. */
static void report_limits(prediction *all)
{
	for (int i = 0; i < all->workers && all->limits.drift; i++)
		hebb_drift_join(all->limits.drift, all->worker[i].drift);
	limits_report(&all->limits, all->data.name);
}

static int to_file(const options *given)
{
	return given->prediction && strcmp(given->prediction, "-") != 0;
}

/* Predicts all data, of which the first window has been read. */
static int predict(const options *given, const hebb_model *model, prediction *all)
{
	int status = intervals_open(given, model, &all->asked);

	if (status == EXIT_DONE)
		status = kept_open(given, all->data.table, &all->kept);
	if (status == EXIT_DONE)
		status = data_code(&all->data);
	if (status == EXIT_DONE &&
	    !form_open(given, model->coding, all->data.table, &all->kept, &all->asked,
		       !to_file(given) && isatty(STDOUT_FILENO), &all->form))
		status = fail("prediction", "out of memory");
	if (status == EXIT_DONE)
		status = limits_open(given, model->coding, all->form.for_people, &all->limits);
	all->form.outside = given->outside ? &all->limits.names : NULL;
	if (status == EXIT_DONE)
		status = open_workers(all, model, given->study.threads);
	if (status == EXIT_DONE)
		status = to_file(given) ? predict_file(all, given) : predict_all(all);
	activity_end();
	if (status == EXIT_DONE && !stop_asked())
		report_limits(all);
	close_workers(all);
	form_close(&all->form);
	limits_close(&all->limits);
	kept_close(&all->kept);
	intervals_close(&all->asked);
	return status;
}

int run_predict(options *given)
{
	hebb_error error;
	hebb_model *model;
	prediction all = {.file = NULL};
	int status;

	if (files_check(given) != EXIT_DONE)
		return EXIT_FAILED;
	model = hebb_model_read(given->operand[0], &error);
	if (to_file(given) || !isatty(STDOUT_FILENO)) /* else people see the rows */
		activity_begin_with("predicting", given->operand[1]);
	status = model ? data_open(given, model, &all.data) : fail_read(given->operand[0], &error);
	if (status == EXIT_DONE && given->classes_only && model->coding->task == HEBB_REGRESSION)
		status = fail("--classes-only", "%s predicts numbers, not classes",
			      given->operand[0]);
	if (status == EXIT_DONE)
		status = predict(given, model, &all);
	data_close(&all.data);
	activity_end();
	hebb_model_free(model);
	pass_on_signal();
	return status;
}
