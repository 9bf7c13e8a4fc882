/* SPDX-License-Identifier: MIT */
/*
 * report.c - what train leaves: the model, and the report on it
 */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "replaced.h"
#include "spread.h"
#include "terminal.h"

FILE *report_stream(const options *o)
{
	return strcmp(o->model, "-") == 0 ? stderr : stdout;
}

static void set_part(json_t *object, const char *key, const score *from, const hebb_coding *coding,
		     json_t *scores)
{
	if (from->rows > 0)
		score_json(from, coding, scores);
	if (json_object_size(scores) > 0)
		json_object_set_new(object, key, scores);
	else
		json_decref(scores);
}

static json_t *runs_json(const outcome *result, int runs, const hebb_coding *coding)
{
	json_t *list = json_array();

	for (int i = 0; i < runs; i++) {
		json_t *one = json_object();
		json_object_set_new(one, "seed", seed_json(result[i].seed));
		json_object_set_new(one, "epochs", json_integer(result[i].epochs));
		json_object_set_new(one, "loss", number_json(result[i].train.loss));
		json_object_set_new(one, "seconds", number_json(result[i].seconds));
		set_part(one, "test", &result[i].test, coding, json_object());
		json_array_append_new(list, one);
	}
	return list;
}

static int runs_of(const options *o)
{
	return o->folds ? o->folds : o->repeat;
}

/* The rows held out: of one run, for those of --repeat are other rows, but of all folds. */
static long long held_rows(const options *o, const outcome *result)
{
	long long rows = result->test_rows;

	for (int i = 1; i < o->folds; i++)
		rows += result[i].test_rows;
	return rows;
}

static json_t *report_json(const job *from, const trial *first, const outcome *all,
			   const json_t *before)
{
	const options *o = from->options;
	const outcome *result = &all[o->folds]; /* of the model */
	json_t *object = json_object(), *test = json_object();
	int runs = runs_of(o);

	json_object_set_new(object, "train_rows", json_integer(result->train_rows));
	json_object_set_new(object, "validation_rows", json_integer(result->validation_rows));
	json_object_set_new(object, "test_rows", json_integer(held_rows(o, all)));
	json_object_set_new(object, "parameters", json_integer(result->parameters));
	json_object_set_new(object, "epochs", json_integer(result->epochs));
	json_object_set_new(object, "loss", number_json(result->train.loss));
	json_object_set_new(object, "seconds", number_json(result->seconds));
	json_object_set_new(object, "samples_per_second",
			    number_json((double)result->seen / result->seconds));
	json_object_set_new(object, "curve", curve_json(&result->curve));
	set_part(object, "train", &result->train, first->coding, json_object());
	set_part(object, "validation", &result->validation, first->coding, json_object());
	if (runs > 1 && all->test_rows > 0)
		spread_json(all, runs, test);
	if (result->test.each)
		json_object_set_new(test, "classes", classes_json(&result->test, first->coding));
	set_part(object, "test", &result->test, first->coding, test);
	if (runs > 1)
		json_object_set_new(object, "runs", runs_json(all, runs, first->coding));
	if (o->folds)
		json_object_set_new(object, "folds", json_integer(o->folds));
	json_object_set_new(object, "findings", findings_json(first->found));
	json_object_set_new(object, "replaced", replaced_json(before, from, first));
	json_object_set_new(object, "model", text_json(o->model));
	json_object_set_new(object, "seed", seed_json(o->seed));
	json_object_set_new(object, "threads",
			    json_integer(o->threads ? o->threads : machine_threads()));
	json_object_set_new(object, "kernels", json_string(hebb_kernels(NULL)));
	return object;
}

static void print_report(const job *from, const trial *first, const outcome *result,
			 const json_t *before)
{
	const options *o = from->options;
	FILE *out = report_stream(o);
	char text[200], rows[32];
	int runs = runs_of(o);

	if (runs > 1 && result->test_rows > 0) {
		const char *what = o->folds ? "folds" : "runs";
		fprintf(out, "%sHeld out%s %s rows, %s %d %s\n", bold(out), plain(out),
			count_text(held_rows(o, result), rows), o->folds ? "in" : "over", runs,
			what);
		print_spread(out, result, runs, what);
		replaced_print(out, before, from, first);
		return;
	}
	fprintf(out, "%sTraining%s   %s\n", bold(out), plain(out),
		score_text(&result->train, text, sizeof text));
	fprintf(out, "           %d epochs in %.*f s, %s samples/s\n", result->epochs,
		result->seconds < 1 ? 3 : 1, result->seconds,
		count_text(result->seconds > 0 ? (long long)((double)result->seen / result->seconds)
					       : 0,
			   rows));
	if (result->validation_rows > 0)
		fprintf(out, "%sValidation%s %s\n", bold(out), plain(out),
			score_text(&result->validation, text, sizeof text));
	if (result->test_rows > 0)
		fprintf(out, "%sHeld out   %s%s\n", bold(out),
			score_text(&result->test, text, sizeof text), plain(out));
	replaced_print(out, before, from, first);
	if (result->test_rows > 0)
		print_score(out, &result->test, first->coding);
}

int save_model(const job *from, const trial *run, const outcome *result)
{
	const options *o = from->options;
	hebb_model model = {.net = run->net, .coding = run->coding, .loss = (hebb_loss)o->loss};
	hebb_error error;
	hebb_status status;

	model.record = record_make(from, run, result);
	if (!model.record)
		return fail(o->model, "out of memory");
	if (report_stream(o) == stderr)
		end_at_closed_pipe(); /* nobody wants the model */
	status = hebb_model_write(&model, o->model, &error);
	free(model.record);
	return status == HEBB_OK ? EXIT_DONE : fail_error(NULL, &error);
}

static int tell(const job *from, const trial *first, const outcome *result, const json_t *before)
{
	if (from->options->json)
		return print_json(report_json(from, first, result, before));
	print_report(from, first, result, before);
	FILE *out = report_stream(from->options);
	fputs("\nSaved ", out);
	print_shown(out, out == stderr ? "the model" : from->options->model);
	fprintf(out, from->options->repeat > 1 ? ", the model of seed %llu\n" : "\n",
		(unsigned long long)from->options->seed);
	return EXIT_DONE;
}

int report(const job *from, const trial *first, const outcome *result)
{
	json_t *before = replaced_record(from->options);
	int status = save_model(from, first, &result[from->options->folds]);

	if (status == EXIT_DONE)
		status = tell(from, first, result, before);
	json_decref(before);
	return status;
}
