/* SPDX-License-Identifier: MIT */
/*
 * report.c - what train produces: the model, and a report
 */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "calibrated.h"
#include "choice.h"
#include "score.h"
#include "file/destination.h"
#include "page_file.h"
#include "file/record.h"
#include "draw/json.h"
#include "file/replaced.h"
#include "file/save.h"
#include "draw/spread.h"
#include "draw/task_text.h"
#include "option/command_line.h"
#include "picture/activity.h"
#include "terminal.h"

FILE *report_stream(const options *o)
{
	return strcmp(o->model, "-") == 0 ? stderr : stdout;
}

static void set_part(json_t *object, const char *key, const hebb_score *score,
		     const hebb_coding *coding, json_t *scores)
{
	if (score->rows > 0)
		score_json(score, coding, scores);
	if (json_object_size(scores) > 0)
		json_object_set_new(object, key, scores);
	else
		json_decref(scores);
}

static json_t *runs_json(const hebb_result *result, int runs, const hebb_coding *coding)
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

/* The number of test rows: those of one run with --repeat, whose runs overlap; those of all folds
 * together. */
static long long held_rows(const options *o, const results *all)
{
	long long rows = all->run[0].test_rows;

	for (int i = 1; i < (o->study.folds ? all->done : 0); i++)
		rows += all->run[i].test_rows;
	return rows;
}

/* The training of the model; nulls if it is not complete. */
static void set_training(json_t *object, const results *all)
{
	const hebb_result *result = all->model;
	int trained = all->trained;

	json_object_set_new(object, "epochs", trained ? json_integer(result->epochs) : json_null());
	json_object_set_new(object, "loss",
			    trained ? number_json(result->train.loss) : json_null());
	json_object_set_new(object, "seconds",
			    trained ? number_json(result->seconds) : json_null());
	json_object_set_new(object, "samples_per_second",
			    trained ? number_json((double)result->seen / result->seconds)
				    : json_null());
	json_object_set_new(object, "curve",
			    trained ? json_of(hebb_curve_json(&result->curve, 0, 0)) : json_null());
}

static void set_runs(json_t *object, const options *o, const results *all,
		     const hebb_coding *coding)
{
	if (all->asked == 1)
		return;
	json_object_set_new(object, "runs", runs_json(all->run, all->done, coding));
	json_object_set_new(object, "runs_asked", json_integer(all->asked));
	json_object_set_new(object, "runs_done", json_integer(all->done));
	if (o->study.folds)
		json_object_set_new(object, "folds", json_integer(o->study.folds));
}

static json_t *simple_json(const hebb_score *score, const hebb_coding *coding)
{
	json_t *object = score->rows > 0 ? json_object() : json_null();

	if (score->rows > 0)
		score_json(score, coding, object);
	return object;
}

/* {"nothing": {"accuracy": ...}, "linear": {...} or null} */
static void set_simple(json_t *object, const hebb_simple_scores *simple, const hebb_coding *coding)
{
	json_t *scores;

	if (simple->constant.rows == 0)
		return;
	scores = json_object();
	json_object_set_new(scores, "nothing", simple_json(&simple->constant, coding));
	json_object_set_new(scores, "linear", simple_json(&simple->linear, coding));
	json_object_set_new(object, "baselines", scores);
}

/* model: its path; replaced: the record of the replaced model, or NULL. */
static json_t *report_json(const job *setup, const hebb_trial *trial, const results *all,
			   const hebb_simple_scores *simple, const char *model,
			   const json_t *replaced)
{
	const options *o = setup->options;
	const hebb_result *result = all->trained ? all->model : &all->run[0];
	const hebb_coding *coding = all->trained ? trial->coding : setup->coding;
	json_t *object = json_object(), *test = json_object();

	set_task(object, coding);
	json_object_set_new(object, "train_rows", json_integer(result->train_rows));
	json_object_set_new(object, "validation_rows", json_integer(result->validation_rows));
	json_object_set_new(object, "test_rows", json_integer(held_rows(o, all)));
	json_object_set_new(object, "parameters", json_integer(result->parameters));
	set_training(object, all);
	if (all->trained) {
		set_part(object, "train", &result->train, coding, json_object());
		set_part(object, "validation", &result->validation, coding, json_object());
	}
	if (all->asked > 1 && all->run[0].test_rows > 0)
		spread_json(all->run, all->done, test);
	if (all->trained && result->test.each)
		json_object_set_new(test, "classes", classes_json(&result->test, coding));
	set_part(object, "test", all->trained ? &result->test : &(hebb_score){.rows = 0}, coding,
		 test);
	set_simple(object, simple, coding);
	if (all->trained && result->tempered.rows > 0)
		json_object_set_new(object, "temperature", tempered_json(&result->tempered));
	if (all->trained && trial->conformal)
		json_object_set_new(object, "conformal", conformal_json(trial->conformal, coding));
	set_runs(object, o, all, coding);
	json_object_set_new(object, "effort", choice_json(&all->choice));
	json_object_set_new(object, "findings", findings_json(&all->findings));
	json_object_set_new(object, "replaced", replaced_json(replaced, trial));
	json_object_set_new(object, "model", model ? text_json(model) : json_null());
	json_object_set_new(object, "seed", seed_json(o->study.seed));
	json_object_set_new(object, "threads",
			    json_integer(o->study.threads ? o->study.threads : machine_threads()));
	json_object_set_new(object, "kernels", json_string(hebb_kernels(NULL)));
	if (all->trained)
		record_add(object, trial, all->asked == 1);
	return object;
}

/* The mean over runs or folds. */
static void print_runs(FILE *out, const options *o, const results *all)
{
	const char *what = o->study.folds ? "folds" : "runs";
	char count[40];

	snprintf(count, sizeof count, all->done < all->asked ? "%d of %d" : "%d", all->done,
		 all->asked);
	fprintf(out, "%sHeld out%s %s, %s %s %s\n", bold(out), plain(out),
		hebb_show_count(held_rows(o, all), "row").text, o->study.folds ? "in" : "over",
		count, what);
	print_spread(out, all->run, all->done, what);
}

enum { TITLE = 11 }; /* columns of "Held out   " */

/* A title, and a text after it. */
static void print_titled(FILE *out, const char *title, const char *text)
{
	fprintf(out, "%s%-*s%s", bold(out), TITLE, title, plain(out));
	print_words(out, text, TITLE, TITLE);
}

/* The score of a simple predictor: "is right in 84.61 %". */
static char *simple_text(const hebb_score *score, const char *verb, char text[64])
{
	if (score->targets)
		snprintf(text, 64, "%s %s", verb, hebb_show_number(score->mean.rmse, 4).text);
	else
		snprintf(text, 64, "%s %.2f %%", verb, 100 * score->accuracy);
	return text;
}

static void print_simple_scores(FILE *out, const hebb_simple_scores *simple,
				const hebb_coding *coding)
{
	int classes = coding->task == HEBB_CLASSIFICATION, labels = coding->task == HEBB_LABELS;
	char what[2 * NAME_MOST], constant[64], linear[64], more[100] = "", text[400];

	if (simple->constant.rows == 0)
		return;
	if (classes)
		snprintf(what, sizeof what, "'%s'",
			 short_name(coding->targets[0].levels[simple->commonest]));
	else if (labels)
		snprintf(what, sizeof what, "each label's more frequent value");
	else
		snprintf(what, sizeof what, coding->target_count > 1 ? "the means" : "the mean");
	if (simple->linear.rows > 0)
		snprintf(more, sizeof more, ", a linear model %s",
			 simple_text(&simple->linear, classes || labels ? "in" : "has", linear));
	else if (simple->too_long)
		snprintf(more, sizeof more,
			 "; a linear model would take long to train: try --layers none");
	snprintf(text, sizeof text, "always answering %s %s%s", what,
		 simple_text(&simple->constant,
			     classes  ? "is right in"
			     : labels ? "gets all labels of a row right in"
				      : "has rmse",
			     constant),
		 more);
	print_titled(out, "Baselines", text);
}

static void print_report(const job *setup, const hebb_trial *first, const results *all,
			 const hebb_simple_scores *simple, const json_t *replaced)
{
	const options *o = setup->options;
	const hebb_result *result = all->model;
	FILE *out = report_stream(o);
	char text[200], rows[32];

	if (all->asked > 1 && all->run[0].test_rows > 0) {
		print_runs(out, o, all);
		if (all->trained)
			calibrated_print(out, first);
		replaced_print(out, replaced, first);
		return;
	}
	print_titled(out, "Training", score_text(&result->train, text, sizeof text));
	fprintf(out, "           %s in %.*f s, %s samples/s\n",
		hebb_show_count(result->epochs, "epoch").text, result->seconds < 1 ? 3 : 1,
		result->seconds,
		count_text(result->seconds > 0 ? (long long)((double)result->seen / result->seconds)
					       : 0,
			   rows));
	if (result->validation_rows > 0)
		print_titled(out, "Validation", score_text(&result->validation, text, sizeof text));
	calibrated_print(out, first);
	if (result->test_rows > 0) {
		fprintf(out, "%s%-*s", bold(out), TITLE, "Held out");
		print_words(out, score_text(&result->test, text, sizeof text), TITLE, TITLE);
		fputs(plain(out), out);
	}
	if (result->test_rows > 0)
		print_score(out, &result->test, first->coding);
	if (result->test.each || result->test.targets > 1 ||
	    result->test.labels > 0) /* the last output is a table */
		fputc('\n', out);
	replaced_print(out, replaced, first);
	print_simple_scores(out, simple, first->coding);
}

/* The bytes of the model; to be freed. */
static hebb_status format_model(const hebb_trial *run, const hebb_result *result,
				unsigned char **bytes, size_t *size, hebb_error *error)
{
	hebb_model *model = hebb_trial_model(run, result, error);
	hebb_status status = model ? hebb_model_format(model, bytes, size, error) : error->status;

	hebb_model_free(model);
	return status;
}

int save_model(const job *setup, const hebb_trial *run, const hebb_result *result, char **where)
{
	const options *o = setup->options;
	char *standard = default_destination(o->operand[0], ".onnx");
	const char *slash = strrchr(o->model, '/'), *name = strcmp(o->model, "-") == 0 ? standard
							    : slash                    ? slash + 1
										       : o->model;
	saved_file file = {.name = name, .ending = ".onnx"};
	unsigned char *bytes = NULL;
	hebb_error error = {.status = HEBB_OK};

	*where = NULL;
	if (!standard)
		hebb_fail(&error, HEBB_NO_MEMORY, "out of memory");
	else if (format_model(run, result, &bytes, &file.size, &error) == HEBB_OK) {
		if (report_stream(o) == stderr)
			end_at_closed_pipe(); /* the reader of the model is gone */
		file.bytes = bytes;
		*where = save_somewhere(&file, o->model, &error);
	}
	free(bytes);
	free(standard);
	if (error.status == HEBB_OK)
		return EXIT_DONE;
	if (*where)
		return fail(NULL, "%s; the model is in %s instead", error.message, *where);
	return error.status == HEBB_IO ? fail(NULL,
					      "%s; the model cannot be written to the current or "
					      "the temporary folder either",
					      error.message)
				       : fail_error(NULL, &error);
}

/* The page of --report. object: what --json prints, which is taken away. */
static int write_page(const job *setup, const hebb_trial *model, const results *all,
		      const hebb_simple_scores *simple, const char *where, json_t *object)
{
	hebb_report page = hebb_report_default();

	page.trial = all->trained ? model : NULL;
	page.result = all->trained ? all->model : NULL;
	page.run = all->asked > 1 ? all->run : NULL;
	page.runs = all->asked > 1 ? all->done : 0;
	page.runs_asked = all->asked;
	page.simple = simple;
	page.findings = all->trained ? &all->findings : NULL;
	page.choice = &all->choice;
	page.saved = where;
	return page_file_write(setup->options, &page, object);
}

/* Prints the report. where: the path of the saved model, or NULL; replaced: the record of
 * the replaced model, or NULL. */
static int tell(const job *setup, const hebb_trial *model, const results *all,
		const hebb_simple_scores *simple, const char *where, const json_t *replaced)
{
	const options *o = setup->options;
	FILE *out = report_stream(o);

	if (o->json)
		return print_json(report_json(setup, model, all, simple, where, replaced));
	print_report(setup, model, all, simple, replaced);
	if (where) {
		fputs("\nSaved ", out);
		print_shown(out, strcmp(where, "-") == 0 ? "the model" : where);
		fprintf(out, o->study.repeat > 1 ? ", the model of seed %llu\n" : "\n",
			(unsigned long long)o->study.seed);
	}
	if (where && strcmp(where, "-") != 0 && !is_quiet())
		print_next_commands(out, o, where);
	return EXIT_DONE;
}

int report(const job *setup, const hebb_trial *model, const results *all)
{
	json_t *replaced = all->trained ? replaced_record(setup->options) : NULL;
	char *where = NULL;
	int save_status = all->trained ? save_model(setup, model, all->model, &where) : EXIT_DONE;
	hebb_simple_scores simple = {.commonest = 0}, none = {.commonest = 0}, *told = &none;

	if (save_status != EXIT_DONE) { /* then nothing is replaced */
		json_decref(replaced);
		replaced = NULL;
	}
	activity_begin("scoring simple predictors");
	if (all->trained && (all->asked == 1 || setup->options->report))
		simple = hebb_trial_simple(model);
	activity_end();
	if (all->asked == 1)
		told = &simple;
	int report_status = tell(setup, model, all, told, where, replaced);
	json_t *object = setup->options->report
				 ? report_json(setup, model, all, told, where, replaced)
				 : NULL;
	int page_status = write_page(setup, model, all, &simple, where, object);

	report_status = report_status == EXIT_DONE ? page_status : report_status;
	hebb_simple_scores_free(&simple);
	json_decref(replaced);
	free(where);
	return save_status == EXIT_DONE ? report_status : save_status;
}
