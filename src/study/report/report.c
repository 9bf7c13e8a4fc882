/* SPDX-License-Identifier: MIT */
/*
 * report.c - a result as one page of HTML
 *
 * Charts of rows are of a sample where there are many (outputs.c), while scores, matrices and
 * counts are those of all rows.  The order of the sections is that of the questions that people
 * ask: how good is it, what do I do next, how did it learn, where is it wrong, what does it look
 * at, what is in it, how was it made.
 */
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../metrics.h"
#include "hebb_advanced.h"

/* Bytes of the JSON in a page, and of a text in it that is thinned. */
enum { NUMBERS_MOST = 120000, TEXT_MOST = 200 };

/* Importance: permutations, rows, and products of the whole computation, some seconds of a slow
 * core; more is left to a command of its own. */
enum { REPEATS = 3, ROWS_LEAST = 100, ROWS_MOST = 2000 };
static const double PRODUCTS = 3e10;

/* Outputs of training rows that are scored in detail. */
static const double OUTPUTS_MOST = 2e7;

void hebb_report_init(hebb_report *report, size_t size)
{
	hebb_sized(report, size);
}

int hebb_report_is_ours(const void *bytes, size_t size)
{
	size_t length = strlen(hb_page_mark);

	return bytes && size >= length && memcmp(bytes, hb_page_mark, length) == 0;
}

const char *hb_percent(double share, char text[32])
{
	long hundredths = isfinite(share) ? lround(1e4 * fmin(fmax(share, -1e4), 1e4)) : 0;
	long size = labs(hundredths);

	if (isfinite(share))
		snprintf(text, 32, "%s%ld.%02ld\xc2\xa0%%", hundredths < 0 ? "\xe2\x88\x92" : "",
			 size / 100, size % 100);
	else
		snprintf(text, 32, "–");
	return text;
}

const char *hb_output_name(const hebb_coding *coding, int i)
{
	return coding->task == HEBB_CLASSIFICATION ? coding->targets[0].levels[i]
						   : coding->targets[i].name;
}

int hb_input_column(const hb_view *view, int i)
{
	const hebb_coding *coding = view->coding;

	if (coding->named && view->table->named)
		return hebb_table_find(view->table, coding->inputs[i].name, NULL);
	return coding->input_at[i] < view->table->columns ? coding->input_at[i] : -1;
}

int hb_has_detail(const hb_view *view)
{
	const hebb_result *result = view->report->result;

	return view->score && view->score != &view->folds &&
	       !(result && view->score == &result->train) &&
	       (view->score->each || view->score->labels > 0);
}

int hb_has_folds(const hb_view *view)
{
	const hebb_report *report = view->report;

	return report->run && report->runs > 0 && report->run[0].test.rows > 0 && report->trial &&
	       report->trial->study->folds;
}

/* ---- Numbers for programs ---- */

/* A copy whose lists have at most `most` items, evenly spaced, and whose texts are cut. */
static json_t *thinned(const json_t *value, size_t most)
{
	const char *key;
	json_t *item, *copy;

	if (json_is_object(value)) {
		copy = json_object();
		json_object_foreach((json_t *)value, key, item)
			json_object_set_new(copy, key, thinned(item, most));
		return copy;
	}
	if (json_is_array(value)) {
		size_t size = json_array_size(value), kept = size < most ? size : most;

		copy = json_array();
		for (size_t i = 0; i < kept; i++)
			json_array_append_new(
				copy,
				thinned(json_array_get(value,
						       kept > 1 ? i * (size - 1) / (kept - 1) : i),
					most));
		return copy;
	}
	if (json_is_string(value) && json_string_length(value) > TEXT_MOST) {
		char shown[TEXT_MOST];

		return json_string(hebb_show(json_string_value(value), json_string_length(value),
					     shown, sizeof shown));
	}
	return json_deep_copy(value);
}

static size_t size_of(const json_t *value)
{
	char *text = json_dumps(value, JSON_REAL_PRECISION(15) | JSON_ENSURE_ASCII);
	size_t size = text ? strlen(text) : 0;

	free(text);
	return size;
}

/* The numbers, made shorter until they fit; NULL: they are no object. */
static json_t *numbers_of(const char *text)
{
	json_t *whole = json_loads(text, 0, NULL), *part;

	if (!json_is_object(whole)) {
		json_decref(whole);
		return NULL;
	}
	for (size_t most = 1000; size_of(whole) > NUMBERS_MOST && most > 0; most /= 3) {
		part = thinned(whole, most);
		json_object_set_new(part, "thinned", json_integer((json_int_t)most));
		json_decref(whole);
		whole = part;
	}
	return whole;
}

/* ---- What is shown ---- */

/* Adds the counts of a fold to those of the others; 0 without memory. */
static int add_fold(hebb_score *sum, const hebb_score *fold)
{
	size_t cells = (size_t)fold->classes * fold->classes;

	if (sum->rows == 0) {
		*sum = (hebb_score){.task = fold->task, .classes = fold->classes};
		sum->each = calloc((size_t)fold->classes, sizeof *sum->each);
		sum->confusion = fold->confusion ? calloc(cells, sizeof *sum->confusion) : NULL;
		if (!sum->each || (fold->confusion && !sum->confusion))
			return 0;
	}
	sum->rows += fold->rows;
	sum->right += fold->right;
	for (size_t i = 0; i < cells && sum->confusion && fold->confusion; i++)
		sum->confusion[i] += fold->confusion[i];
	for (int i = 0; i < fold->classes && fold->each; i++) {
		sum->each[i].rows += fold->each[i].rows;
		sum->each[i].predicted += fold->each[i].predicted;
		sum->each[i].right += fold->each[i].right;
	}
	return 1;
}

/* The scores of all folds together: each row was held out once. */
static int add_folds(hb_view *view)
{
	const hebb_report *report = view->report;
	hebb_score *sum = &view->folds;

	for (int i = 0; i < report->runs; i++)
		if (report->run[i].test.classes > 0 && !add_fold(sum, &report->run[i].test))
			return 0;
	for (int i = 0; i < sum->classes; i++) {
		hebb_class_score *each = &sum->each[i];

		each->precision = hb_ratio(each->right, each->predicted);
		each->recall = hb_ratio(each->right, each->rows);
		each->f1 = hb_ratio(2 * each->right, each->predicted + each->rows);
	}
	if (sum->rows > 0) {
		sum->accuracy = (double)sum->right / (double)sum->rows;
		hebb_share_interval(sum->right, sum->rows, &sum->accuracy_low, &sum->accuracy_high);
		sum->detail = (hebb_class_metrics){.roc_auc = NAN, .ece = NAN, .log_loss = NAN};
		view->score = sum;
	}
	return 1;
}

/* The rows and scores of a trial: the most honest ones that there are. */
static void view_trial(hb_view *view)
{
	const hebb_trial *trial = view->report->trial;
	const hebb_result *result = view->report->result;
	const hebb_study *study = trial->study;
	const hebb_part *part = trial->test ? &study->test : &study->validation;

	view->net = trial->net;
	view->coding = trial->coding;
	view->loss = study->loss;
	view->data = trial->test         ? trial->test
		     : trial->validation ? trial->validation
					 : trial->train;
	view->score = trial->test         ? &result->test
		      : trial->validation ? &result->validation
					  : &result->train;
	view->part = trial->test ? "test" : trial->validation ? "validation" : "training";
	view->trained_on = view->data == trial->train;
	view->table = !view->trained_on && part->kind == HEBB_PART_TABLE && part->table
			      ? part->table
			      : study->table;
	if (view->score->rows == 0)
		view->data = NULL;
}

static void view_model(hb_view *view)
{
	const hebb_report *report = view->report;

	view->net = report->model->net;
	view->coding = report->model->coding;
	view->loss = report->model->loss;
	view->table = report->table;
	view->data = report->data;
	view->score = report->score;
	view->part = "given";
	view->trained_on = report->seen;
}

/* Whether rows fit a model. */
static hebb_status check_rows(const hebb_model *model, const hebb_dataset *data, hebb_error *error)
{
	if (!data->y || data->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there are no rows with targets");
	if (data->inputs != hebb_net_inputs(model->net) ||
	    data->outputs != hebb_net_outputs(model->net))
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "the rows have %d inputs and %d outputs, the model %d and %d",
				 data->inputs, data->outputs, hebb_net_inputs(model->net),
				 hebb_net_outputs(model->net));
	return HEBB_OK;
}

static int has_trial(const hebb_report *report)
{
	return report->trial && report->result;
}

static int has_model(const hebb_report *report)
{
	return !has_trial(report) && report->model && report->table && report->data &&
	       report->score;
}

static hebb_status check(const hebb_report *report, hebb_error *error)
{
	int runs = report->run && report->runs > 0;

	if (has_model(report))
		return check_rows(report->model, report->data, error);
	if (!has_trial(report) && !runs && !(report->found && report->found->attempts > 0))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is nothing to report on");
	return HEBB_OK;
}

/* Finds how important the columns are, if it does not take too long; a report can do without, but
 * not without memory. */
static hebb_status weigh_columns(hb_view *view, hebb_error *error)
{
	double columns = view->coding->input_count;
	double rows = PRODUCTS / (columns * REPEATS * (double)hebb_net_parameters(view->net) + 1);
	hebb_explain how = hebb_explain_default();

	if (view->table->height > 0 || rows < ROWS_LEAST || view->data->rows < 2)
		return HEBB_OK;
	how.rows = rows > ROWS_MOST ? ROWS_MOST : (long long)rows;
	how.repeats = REPEATS;
	how.threads = view->report->threads;
	how.how = HEBB_APPLY_ANYWAY;
	hebb_status status = hebb_model_importance(&view->model, view->table, view->data->rows,
						   view->data->row, &how, &view->importance, error);

	if (status != HEBB_OK)
		view->importance = (hebb_importance){.columns = 0};
	return status == HEBB_NO_MEMORY ? status : HEBB_OK;
}

/* Scores the training rows in detail where no others are shown, unless the outputs of all of them
 * take much memory. */
static hebb_status score_training(hb_view *view, hebb_error *error)
{
	if (!has_trial(view->report) || !view->trained_on || !view->data ||
	    view->coding->task == HEBB_REGRESSION ||
	    (double)view->data->rows * view->coding->outputs > OUTPUTS_MOST)
		return HEBB_OK;
	hebb_status status =
		hebb_score_dataset(view->net, view->coding, view->loss, view->data, 1,
				   view->report->trial->study->threads, &view->own, error);

	if (status == HEBB_OK)
		view->score = &view->own;
	return status;
}

static hebb_status view_open(hb_view *view, hebb_error *error)
{
	const hebb_report *report = view->report;
	int folds = report->run && report->runs > 0 && report->trial && report->trial->study->folds;

	if (has_trial(report))
		view_trial(view);
	else if (has_model(report))
		view_model(view);
	hebb_status status = folds ? HEBB_OK : score_training(view, error);
	/* charts of the rows that the last network learned would flatter the folds */
	if (status == HEBB_OK && view->data && !(folds && view->trained_on))
		status = hb_outputs_open(view, error);
	view->model = (hebb_model){.net = (hebb_net *)view->net,
				   .coding = (hebb_coding *)view->coding,
				   .loss = view->loss};
	if (status == HEBB_OK && view->data)
		status = weigh_columns(view, error);
	if (status == HEBB_OK && folds && !add_folds(view))
		return hebb_fail(error, HEBB_NO_MEMORY, "no memory for the report");
	return status;
}

static void view_close(hb_view *view)
{
	hebb_importance_free(&view->importance);
	hb_outputs_close(&view->outputs);
	hebb_score_free(&view->folds);
	hebb_score_free(&view->own);
}

/* ---- The page ---- */

const char *hb_data_name(const hb_view *view)
{
	const char *path = view->table && view->table->name ? view->table->name : "a network";
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static char *write_page(const hb_view *view, json_t *numbers, size_t *size)
{
	hb_page page;

	hb_page_begin(&page, hb_data_name(view));
	hb_put_summary(&page, view);
	hb_put_attempts(&page, view);
	hb_put_training(&page, view);
	hb_put_classes(&page, view);
	hb_put_probabilities(&page, view);
	hb_put_residuals(&page, view);
	hb_put_worst(&page, view);
	hb_put_columns(&page, view);
	hb_put_network(&page, view);
	hb_put_findings(&page, view);
	hb_put_origin(&page, view);
	return hb_page_end(&page, numbers, size);
}

hebb_status hebb_report_format(const hebb_report *given, char **text, size_t *size,
			       hebb_error *error)
{
	hebb_report report = hebb_report_default();
	hb_view view = {.report = &report, .part = ""};
	hebb_status status;
	hebb_error local;

	error = error ? error : &local;
	*text = NULL;
	status = given ? hebb_sized_copy(&report, sizeof report, given, "hebb_report",
					 "hebb_report_default()", error)
		       : hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no report");
	if (status == HEBB_OK)
		status = check(&report, error);
	if (status != HEBB_OK)
		return status;
	json_t *numbers = report.numbers ? numbers_of(report.numbers) : NULL;
	if (report.numbers && !numbers)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "the numbers are no JSON object");
	status = view_open(&view, error);
	if (status == HEBB_OK)
		*text = write_page(&view, numbers, size);
	else
		json_decref(numbers);
	view_close(&view);
	if (status == HEBB_OK && !*text)
		return hebb_fail(error, HEBB_NO_MEMORY, "no memory for the report");
	return status;
}

hebb_status hebb_report_write(const hebb_report *report, const char *path, hebb_error *error)
{
	char *text;
	size_t size = 0;
	hebb_status status = hebb_report_format(report, &text, &size, error);

	if (status == HEBB_OK)
		status = hebb_file_write(path, text, size, error);
	free(text);
	return status;
}
