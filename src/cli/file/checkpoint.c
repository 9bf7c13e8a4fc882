/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.c - a training that can be stopped and resumed
 *
 * A checkpoint is written between two updates, whole or not at all.  A full disk must not end the
 * training of a day: the failure is reported, writing is tried again at the next checkpoint, and
 * the failure is reported once more at the end if the last checkpoint was not written.  After a
 * signal, the checkpoint is written elsewhere if its path cannot be written.
 */
#define _POSIX_C_SOURCE 200809L

#include "checkpoint.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "option/command_line.h"
#include "destination.h"
#include "draw/json.h"
#include "file/record.h"
#include "replaced.h"
#include "save.h"
#include "draw/terminal.h"
#include "missing.h"

static const double USUAL_SECONDS = 60;

/* ---- Going on ---- */

int resumed_open(options *given, resumed *result)
{
	hebb_error error;
	const char *text, *damaged;

	*result = (resumed){.checkpoint = NULL};
	if (!given->resume)
		return EXIT_DONE;
	result->checkpoint = hebb_checkpoint_read(given->resume, &error);
	if (!result->checkpoint)
		return fail_read(given->resume, &error);
	text = hebb_checkpoint_text(result->checkpoint, "record");
	result->record = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (!json_is_object(json_object_get(result->record, "options")))
		return fail(given->resume, "is a checkpoint, but not one of 'hebb train': it does "
					   "not contain the options of its training");
	damaged = record_damage(result->record);
	if (damaged)
		return fail(given->resume, "has no valid '%s'; the file is damaged", damaged);
	return options_resume(given, json_object_get(result->record, "options"), given->resume);
}

void resumed_close(resumed *start)
{
	hebb_checkpoint_free(start->checkpoint);
	json_decref(start->record);
}

int resumed_check(const resumed *start, const job *setup)
{
	const char *old = json_string_value(json_object_get(start->record, "data"));
	const char *version = json_string_value(json_object_get(start->record, "hebb"));
	int is_other = version && strcmp(version, hebb_version()) != 0;

	if (!start->checkpoint || record_same_data(start->record, setup))
		return EXIT_DONE;
	return fail(setup->options->resume,
		    "was made with other data than %s%s%s: a value, a name or the number of rows "
		    "differs%s%s%s",
		    setup->table->name, old ? ", called " : "", old ? old : "",
		    is_other ? "; or hebb " : "", is_other ? version : "",
		    is_other ? ", which made it, read some column otherwise, such as numbers with "
			       "many digits"
			     : "");
}

/* ---- Writing ---- */

/* "digits.safetensors" for "digits.onnx"; named after DATA if the model goes to a device or pipe;
 * to be freed. */
static char *default_path(const options *o)
{
	struct stat about;
	int is_file = strcmp(o->model, "-") != 0 &&
		      (stat(o->model, &about) != 0 || S_ISREG(about.st_mode));
	char *standard = is_file ? strdup(o->model) : default_destination(o->operand[0], ".onnx");
	size_t length = standard ? strlen(standard) : 0;
	char *path = malloc(length + sizeof ".safetensors");

	if (path && standard) {
		strcpy(path, standard);
		if (length > 5 && strcmp(path + length - 5, ".onnx") == 0)
			path[length - 5] = '\0';
		strcat(path, ".safetensors");
	}
	free(standard);
	return path;
}

int saver_open(const job *setup, saver *result)
{
	const options *o = setup->options;
	const char *path = o->checkpoint ? o->checkpoint : o->resume;

	*result = (saver){.setup = setup, .failed = {.status = HEBB_OK}};
	if (!path)
		return EXIT_DONE;
	result->path = strdup(path);
	if (!result->path)
		return fail(NULL, "out of memory");
	return replaced_check(o, setup);
}

void saver_close(saver *checkpoints)
{
	free(checkpoints->path);
}

/* A checkpoint of the trainer's present state; to be freed. */
static hebb_status format_checkpoint(const saver *self, unsigned char **bytes, size_t *size,
				     hebb_error *error)
{
	char *record = hebb_trial_record(self->run, self->ended);
	hebb_status status =
		record ? hebb_checkpoint_format(self->run->trainer, record, bytes, size, error)
		       : hebb_fail(error, HEBB_NO_MEMORY, "out of memory");

	free(record);
	return status;
}

/* Writes the next checkpoint. A failure with the same reason as the last one is not reported
 * again. */
static void write_checkpoint(saver *self)
{
	unsigned char *bytes = NULL;
	size_t size;
	hebb_error error = {.status = HEBB_OK};

	if (format_checkpoint(self, &bytes, &size, &error) == HEBB_OK)
		hebb_file_write(self->path, bytes, size, &error);
	free(bytes);
	if (error.status != HEBB_OK && strcmp(error.message, self->failed.message) != 0) {
		progress_end(self->shown);
		warn("the checkpoint was not written: %s", error.message);
	}
	self->failed = error;
}

void saver_remind(const saver *self)
{
	if (self->failed.status != HEBB_OK)
		warn("the last checkpoint was not written: %s", self->failed.message);
}

/* What becomes of the rate where --epochs is another than that of the checkpoint. */
static void tell_rate(const hebb_study *study, int before)
{
	int changes = study->warmup > 0 || study->schedule == HEBB_STEP ||
		      study->schedule == HEBB_EXPONENTIAL || study->schedule == HEBB_COSINE ||
		      study->schedule == HEBB_ONE_CYCLE || study->schedule == HEBB_WARM_RESTARTS;

	if (before < 1 || before == study->epochs || study->optimizer == HEBB_LBFGS)
		return;
	if (changes)
		warn("the training was to have %s and now has %d: the %s schedule%s counts "
		     "over all %d, so the rate jumps to where that schedule is now",
		     hebb_show_count(before, "epoch").text, study->epochs,
		     hebb_schedule_name(study->schedule),
		     study->warmup > 0 ? " with its warm-up" : "", study->epochs);
	else
		note("the training was to have %s and now has %d; the %s schedule does not "
		     "depend on that, so the rate goes on as it was",
		     hebb_show_count(before, "epoch").text, study->epochs,
		     hebb_schedule_name(study->schedule));
}

int saver_resume(saver *self, hebb_trial *run, const resumed *start)
{
	const options *o = self->setup->options;
	progress *p = self->shown;
	hebb_error error;

	if (!start->checkpoint)
		return EXIT_DONE;
	if (hebb_trial_resume(run, start->checkpoint, o->resume, &error) != HEBB_OK)
		return fail_error(NULL, &error);
	p->epochs = run->epochs;
	p->seen = run->seen;
	p->seconds = run->seconds;
	for (int i = 0; i < run->curve.count; i++) {
		hebb_curve_add(&p->curve, run->curve.loss[i], run->curve.validation[i]);
		progress_judge(p, i + 1, run->curve.validation[i]);
	}
	self->last_epoch = p->epochs;
	self->last = p->seconds;
	tell_rate(&o->study, (int)json_integer_value(json_object_get(
				     json_object_get(start->record, "options"), "epochs")));
	if (p->epochs < o->study.epochs)
		note("going on in epoch %d of %d", p->epochs + 1, o->study.epochs);
	else
		note("this training is already complete; the model is only evaluated and saved");
	return EXIT_DONE;
}

/* Whether the next checkpoint is due. */
static int is_due(const saver *self, const hebb_progress *now)
{
	const every *e = &self->setup->options->every;
	double seconds = e->seconds > 0 ? e->seconds : USUAL_SECONDS;

	if (now->run_ends)
		return 1;
	if (e->epochs > 0)
		return now->epoch_ended && now->epoch - self->last_epoch >= e->epochs;
	return now->seconds - self->last >= seconds;
}

int saver_progress(void *self, const hebb_progress *now)
{
	saver *s = self;
	int stop = progress_show(s->shown, now);

	s->ended = now->run_ends;
	if (s->path && is_due(s, now)) {
		write_checkpoint(s);
		s->last_epoch = now->epoch;
		s->last = now->seconds;
	}
	return stop;
}

/* Writes the checkpoint after a signal, if need be elsewhere. Without --checkpoint its name is that
 * of the model, or an unused one. Returns its path, to be freed, or NULL. */
static char *write_owed(const saver *self, hebb_error *error)
{
	char *path = self->path
			     ? strdup(self->path)
			     : replaced_free_name(self->setup, default_path(self->setup->options),
						  self->shown->epochs);
	const char *slash = path ? strrchr(path, '/') : NULL;
	saved_file file = {.name = slash ? slash + 1 : path, .ending = ".safetensors"};
	unsigned char *bytes = NULL;
	char *saved = NULL;

	if (!path)
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	else if (format_checkpoint(self, &bytes, &file.size, error) == HEBB_OK) {
		file.bytes = bytes;
		saved = save_somewhere(&file, path, error);
	}
	free(bytes);
	free(path);
	return saved;
}

/* The option that has no checkpoints. */
static const char *without_checkpoint(const options *o)
{
	return o->study.effort > HEBB_EFFORT_QUICK ? "--effort" : "--members";
}

int saver_stopped(saver *self)
{
	const options *o = self->setup->options;
	int epoch = self->shown->epochs + 1, status;
	hebb_error error = {.status = HEBB_OK};
	char *path, *text;

	progress_end(self->shown);
	if (o->study.members > 1 && self->shown->member > 1)
		return fail("training",
			    "stopped in network %d of %d; with %s nothing is saved; start anew",
			    self->shown->member, o->study.members, without_checkpoint(o));
	if (o->study.effort > HEBB_EFFORT_QUICK || o->study.members > 1)
		return fail("training",
			    "stopped in epoch %d of %d; with %s nothing is saved; start anew",
			    epoch, o->study.epochs, without_checkpoint(o));
	path = write_owed(self, &error);
	self->failed = (hebb_error){.status = HEBB_OK};
	if (!path)
		return fail("training", "stopped in epoch %d of %d, and not saved: %s", epoch,
			    o->study.epochs, error.message);
	if (error.status != HEBB_OK)
		warn("%s; the checkpoint is in %s instead", error.message, path);
	text = command_to_go_on(o, path);
	status = fail("training", "stopped in epoch %d of %d; saved %s; to go on: %s", epoch,
		      o->study.epochs, path, text ? text : "give it to --resume");
	free(text);
	free(path);
	return status;
}
