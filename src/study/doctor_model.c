/* SPDX-License-Identifier: MIT */
/*
 * doctor_model.c - a trained network on data: the rows held out then, or rows it never saw
 */
#include <math.h>
#include <stdlib.h>

#include "doctor.h"

enum { SLICE = 256, ROWS_MOST = 4096, ROWS_LEAST = 20 };
/* Standard deviations of the training rows: the mean of rows of the same kind is within a fraction
 * of one, that of kilometers for meters is not. */
static const double SHIFT_MOST = 3, WIDTH_MOST = 10;

/* Mean and deviation of every scaled input over up to ROWS_MOST rows; `sum` has twice as many. */
static long long sums_of(const hebb_dataset *data, double *sum)
{
	long long rows = data->rows < ROWS_MOST ? data->rows : ROWS_MOST;
	float *x = malloc(sizeof *x * SLICE * (size_t)data->inputs);

	for (long long from = 0; x && from < rows; from += SLICE) {
		int count = rows - from < SLICE ? (int)(rows - from) : SLICE;
		hebb_dataset_get(data, from, count, x);
		for (long long i = 0; i < (long long)count * data->inputs; i++) {
			sum[i % data->inputs] += x[i];
			sum[data->inputs + i % data->inputs] += (double)x[i] * x[i];
		}
	}
	free(x);
	return x ? rows : 0;
}

/* The column that an input of the network belongs to: texts have several. */
static const char *input_name(const hebb_coding *coding, int input)
{
	int column = 0;

	for (int at = 0; column < coding->input_count - 1; column++) {
		const hebb_column *each = &coding->inputs[column];
		at += each->kind == HEBB_TEXT ? each->level_count : 1;
		if (at > input)
			break;
	}
	return coding->inputs[column].name;
}

static void look_at_scale(const hebb_coding *coding, const hebb_dataset *data, hebb_findings *to)
{
	double *sum = calloc(2 * (size_t)data->inputs, sizeof *sum), worst = 0;
	long long rows = sum ? sums_of(data, sum) : 0;
	int count = 0, at = 0;

	for (int i = 0; i < data->inputs && rows >= ROWS_LEAST; i++) {
		double mean = sum[i] / (double)rows;
		double sd = sqrt(fmax(sum[data->inputs + i] / (double)rows - mean * mean, 0));
		double off = fmax(fabs(mean) / SHIFT_MOST, sd / WIDTH_MOST);
		count += off > 1;
		at = off > worst ? i : at;
		worst = off > worst ? off : worst;
	}
	if (count > 0) {
		double mean = sum[at] / (double)rows;
		double sd = sqrt(fmax(sum[data->inputs + at] / (double)rows - mean * mean, 0));
		hb_found(to, "shifted_inputs", HEBB_SEVERITY_WARNING,
			 "%d of %d inputs are unlike those of training: scaled as then, '%s' has "
			 "the "
			 "mean %s and the deviation %s, not 0 and 1",
			 count, data->inputs, SHORT_NAME(input_name(coding, at)),
			 hebb_show_number(mean, 3).text, hebb_show_number(sd, 3).text);
		hb_advise(
			to,
			"see whether the units and the order of the columns are those of training");
	}
	free(sum);
}

/* The same answer for every row, whatever the inputs. */
static void look_at_answers(const hebb_model *model, const hebb_dataset *data, hebb_findings *to)
{
	int n = data->outputs, alike = 1;
	long long rows = data->rows < SLICE ? data->rows : SLICE;
	float *x = malloc(sizeof *x * (size_t)data->inputs), *h = malloc(sizeof *h * 2 * (size_t)n);

	for (long long i = 0; x && h && i < rows && alike; i++) {
		hebb_dataset_get(data, i * data->rows / rows, 1, x);
		if (hebb_predict(model->net, x, i == 0 ? h : h + n, NULL) != HEBB_OK)
			break;
		for (int k = 0; k < n && i > 0; k++)
			/* Probabilities, or standardized numbers: both are of the order of 1. */
			alike &= fabs((double)h[k] - (double)h[n + k]) < 1e-3;
	}
	if (x && h && alike && rows >= ROWS_LEAST) {
		hb_found(to, "constant_output", HEBB_SEVERITY_WARNING,
			 "the outputs differ by less than 0.001 over %s rows, whatever the inputs",
			 hebb_show_number((double)rows, 4).text);
		hb_advise(to,
			  "train again with a lower --rate, --activation relu or fewer --layers");
	}
	free(x);
	free(h);
}

/* Rows without a finite answer; `rows` names them. */
static void look_at_unanswered(const hebb_score *of, const hebb_table *table, const char *rows,
			       hebb_findings *to)
{
	long long row = of->without.row[0];

	if (of->without.count == 0)
		return;
	hb_found(to, "no_answer", HEBB_SEVERITY_WARNING,
		 "%s of %s %s have no finite answer: their values are so far from those of "
		 "training that the network overflows; the first is %s %lld",
		 hebb_show_number((double)of->without.count, 4).text,
		 hebb_show_number((double)of->rows, 4).text, rows, table->line ? "line" : "row",
		 table->line ? (long long)table->line[row] : row + 1);
	hb_advise(to, "correct the values or leave the rows out");
}

static void look_at_parts(const hebb_model *model, const hebb_table *table,
			  const hebb_dataset *train, const hebb_dataset *test,
			  hebb_baselines *beside, hebb_findings *to)
{
	hebb_score of_train = {.rows = 0}, of_test = {.rows = 0};

	if (hebb_score_dataset(model->net, model->coding, model->loss, train, 0, &of_train, NULL) ==
		    HEBB_OK &&
	    hebb_score_dataset(model->net, model->coding, model->loss, test, 1, &of_test, NULL) ==
		    HEBB_OK) {
		look_at_unanswered(&of_test, table, "test rows", to);
		hb_check_score(&of_test, "test rows", to);
		hb_check_fit(&of_train, &of_test, to);
	}
	hebb_score_free(&of_train);
	hebb_score_free(&of_test);
	*beside = hebb_check_baselines(model->coding->task, model->net, train, test, to);
}

static void look_at_all(const hebb_model *model, const hebb_table *table, const hebb_dataset *data,
			hebb_findings *to)
{
	hebb_score all = {.rows = 0};

	if (hebb_score_dataset(model->net, model->coding, model->loss, data, 1, &all, NULL) ==
	    HEBB_OK) {
		look_at_unanswered(&all, table, "rows", to);
		hb_check_score(&all, "rows", to);
	}
	hebb_score_free(&all);
}

void hebb_check_model(const hebb_model *model, const hebb_table *table, const hebb_dataset *data,
		      hebb_baselines *beside, hebb_findings *to)
{
	hebb_parts rows = {.row = NULL};
	hebb_dataset *train = NULL, *test = NULL;

	look_at_scale(model->coding, data, to);
	look_at_answers(model, data, to);
	hb_check_units(model->net, model->loss, data, "of this data", 0, to);
	if (hebb_model_parts(model, table, &rows, NULL) == HEBB_OK) {
		train = hebb_coding_view(model->coding, table, 1, rows.train, rows.row, NULL);
		test = hebb_coding_view(model->coding, table, 1, rows.test,
					rows.row + rows.train + rows.validation, NULL);
	}
	if (train && test && train->rows > 0 && test->rows > 0)
		look_at_parts(model, table, train, test, beside, to);
	else
		look_at_all(model, table, data, to);
	hebb_dataset_free(train);
	hebb_dataset_free(test);
	free(rows.row);
}
