/* SPDX-License-Identifier: MIT */
/*
 * doctor_model.c - checks a trained network on data: on the test rows of its training, or on new
 * rows
 */
#include <math.h>
#include <stdlib.h>

#include "doctor.h"

enum { SLICE = 256, ROWS_MOST = 4096, ROWS_LEAST = 20 };
/* In standard deviations of the training rows. The mean of similar rows differs by a fraction of
 * one; data in kilometers instead of meters differ by more. */
static const double SHIFT_MOST = 3, WIDTH_MOST = 10;

/* The sums and the sums of squares of every scaled input over up to ROWS_MOST rows, one after the
 * other in `sum`. Returns the number of rows. */
static long long sums_of(const hebb_dataset *data, double *sum)
{
	long long rows = data->rows < ROWS_MOST ? data->rows : ROWS_MOST;
	float *x = malloc(sizeof *x * SLICE * (size_t)data->inputs);

	for (long long first = 0; x && first < rows; first += SLICE) {
		int count = rows - first < SLICE ? (int)(rows - first) : SLICE;
		hebb_dataset_get(data, first, count, x);
		for (long long i = 0; i < (long long)count * data->inputs; i++) {
			sum[i % data->inputs] += x[i];
			sum[data->inputs + i % data->inputs] += (double)x[i] * x[i];
		}
	}
	free(x);
	return x ? rows : 0;
}

/* The inputs of the network that a column becomes. */
static int inputs_of(const hebb_coding *coding, int column)
{
	const hebb_column *described = &coding->inputs[column];

	return coding->encoding               ? coding->encoding[column].inputs
	       : described->kind == HEBB_TEXT ? described->level_count
					      : 1;
}

/* The name of the column of a network input. */
static const char *input_name(const hebb_coding *coding, int input)
{
	int column = 0;

	for (int input_end = 0; column < coding->input_count - 1; column++) {
		input_end += inputs_of(coding, column);
		if (input_end > input)
			break;
	}
	return coding->inputs[column].name;
}

static void look_at_scale(const hebb_coding *coding, const hebb_dataset *data,
			  hebb_findings *findings)
{
	double *sum = calloc(2 * (size_t)data->inputs, sizeof *sum), worst = 0;
	long long rows = sum ? sums_of(data, sum) : 0;
	int count = 0, farthest = 0;

	for (int i = 0; i < data->inputs && rows >= ROWS_LEAST; i++) {
		double mean = sum[i] / (double)rows;
		double sd = sqrt(fmax(sum[data->inputs + i] / (double)rows - mean * mean, 0));
		double off = fmax(fabs(mean) / SHIFT_MOST, sd / WIDTH_MOST);
		count += off > 1;
		farthest = off > worst ? i : farthest;
		worst = off > worst ? off : worst;
	}
	if (count > 0) {
		double mean = sum[farthest] / (double)rows;
		double sd =
			sqrt(fmax(sum[data->inputs + farthest] / (double)rows - mean * mean, 0));
		hb_found(findings, "shifted_inputs", HEBB_SEVERITY_WARNING,
			 "%d of %s %s unlike those of training: scaled as in training, "
			 "'%s' has the mean %s and the deviation %s, not 0 and 1",
			 count, hebb_show_count(data->inputs, "input").text,
			 count == 1 ? "is" : "are", SHORT_NAME(input_name(coding, farthest)),
			 hebb_show_number(mean, 3).text, hebb_show_number(sd, 3).text);
		hb_advise(
			findings,
			"see whether the units and the order of the columns are those of training");
	}
	free(sum);
}

/* Checks whether the output is the same for every row. */
static void look_at_answers(const hebb_study *o, const hebb_model *model, const hebb_dataset *data,
			    hebb_findings *findings)
{
	int n = data->outputs, alike = 1;
	long long rows = data->rows < SLICE ? data->rows : SLICE;
	float *x = malloc(sizeof *x * (size_t)data->inputs), *h = malloc(sizeof *h * 2 * (size_t)n);

	for (long long i = 0; x && h && i < rows && alike; i++) {
		hebb_dataset_get(data, i * data->rows / rows, 1, x);
		if (hebb_predict(model->net, x, i == 0 ? h : h + n, NULL) != HEBB_OK)
			break;
		for (int k = 0; k < n && i > 0; k++)
			/* Outputs are probabilities or standardized numbers, both of order 1. */
			alike &= fabs((double)h[k] - (double)h[n + k]) < 1e-3;
	}
	if (x && h && alike && rows >= ROWS_LEAST) {
		hb_found(findings, "constant_output", HEBB_SEVERITY_WARNING,
			 "the outputs differ by less than 0.001 over %s, whatever the inputs",
			 hebb_show_count(rows, "row").text);
		const hb_way way[] = {
			{1, "a training with a lower --rate"},
			{o->hidden > 0 && o->activation != HEBB_RELU, "--activation relu"},
			{o->hidden > 0, "fewer --layers"}};
		hb_advise_ways(findings, way, sizeof way / sizeof *way);
	}
	free(x);
	free(h);
}

/* Checks for rows without a finite output; `row` is what a row is called. */
static void look_at_unanswered(const hebb_score *score, const hebb_table *table, const char *row,
			       hebb_findings *findings)
{
	int one = score->without.count == 1;
	char place[HB_PLACE_MOST];

	if (score->without.count == 0)
		return;
	hb_found(findings, "no_answer", HEBB_SEVERITY_WARNING,
		 "%s of %s %s no finite answer: %s values are so far from those of training that "
		 "the network overflows; the first is %s",
		 hebb_show_number((double)score->without.count, 4).text,
		 hebb_show_count(score->rows, row).text, one ? "has" : "have",
		 one ? "its" : "their", hb_place_text(table, score->without.row[0], place));
	hb_advise(findings, "correct the values or leave the rows out");
}

static void look_at_parts(const hebb_study *o, const hebb_model *model, const hebb_table *table,
			  const hebb_dataset *train, const hebb_dataset *test, int threads,
			  hebb_baselines *baselines, hebb_findings *findings)
{
	hebb_score of_train = {.rows = 0}, of_test = {.rows = 0};

	if (hebb_score_dataset(model->net, model->coding, model->loss, train, 0, threads, &of_train,
			       NULL) == HEBB_OK &&
	    hebb_score_dataset(model->net, model->coding, model->loss, test, 1, threads, &of_test,
			       NULL) == HEBB_OK) {
		look_at_unanswered(&of_test, table, "test row", findings);
		hb_check_score(o, &of_test, "test rows", findings);
		hb_check_fit(o, &of_train, &of_test, findings);
	}
	hebb_score_free(&of_train);
	hebb_score_free(&of_test);
	*baselines = hebb_check_baselines(model->coding->task, model->net, train, test, threads,
					  findings);
}

static void look_at_all(const hebb_study *o, const hebb_model *model, const hebb_table *table,
			const hebb_dataset *data, int threads, hebb_findings *findings)
{
	hebb_score score = {.rows = 0};

	if (hebb_score_dataset(model->net, model->coding, model->loss, data, 1, threads, &score,
			       NULL) == HEBB_OK) {
		look_at_unanswered(&score, table, "row", findings);
		hb_check_score(o, &score, "rows", findings);
	}
	hebb_score_free(&score);
}

void hebb_check_model(const hebb_model *model, const hebb_table *table, const hebb_dataset *data,
		      int threads, hebb_baselines *baselines, hebb_findings *findings)
{
	hebb_parts rows = {.row = NULL};
	hebb_dataset *train = NULL, *test = NULL;
	const hebb_study o = hb_study_of_model(model);
	const int how = HEBB_APPLY_TARGETS | HEBB_APPLY_THREADS(threads);

	look_at_scale(model->coding, data, findings);
	look_at_answers(&o, model, data, findings);
	hb_check_norms(model->net, findings);
	hb_check_units(model->net, model->loss, data, "of this data", 0, findings);
	if (hebb_model_parts(model, table, &rows, NULL) == HEBB_OK) {
		train = hebb_coding_view(model->coding, table, how, rows.train, rows.row, NULL);
		test = hebb_coding_view(model->coding, table, how, rows.test,
					rows.row + rows.train + rows.validation, NULL);
	}
	if (train && test && train->rows > 0 && test->rows > 0)
		look_at_parts(&o, model, table, train, test, threads, baselines, findings);
	else
		look_at_all(&o, model, table, data, threads, findings);
	hebb_dataset_free(train);
	hebb_dataset_free(test);
	free(rows.row);
}
