/* SPDX-License-Identifier: MIT */
/*
 * play.c - hebb play: watch a network learn points in the plane, and turn its knobs
 *
 * In a terminal the picture moves and keys change the settings (play/loop.c).  Elsewhere it trains
 * a number of epochs and prints the last picture once.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "commands.h"
#include "draw/terminal.h"
#include "file/files.h"
#include "file/signals.h"
#include "option/nearest.h"
#include "play/closing.h"
#include "play/loop.h"
#include "play/console.h"

/* ---- What was asked for ---------------------------------------------------------------------- */

/* Refuses options that only prepared points have. */
static int check_file_options(const options *given)
{
	static const option_id own[] = {OPT_NOISE, OPT_POINTS, OPT_SAVE};
	static const char *const name[] = {"--noise", "--points", "--save"};

	for (int i = 0; i < 3; i++)
		if (option_given(given, own[i]))
			return misuse(name[i],
				      "is for the prepared points (spirals, moons, ...), and '%s' "
				      "is a file",
				      short_name(given->operand[0]));
	return EXIT_DONE;
}

/* A name that is neither a prepared set nor a file, but near one of the sets; NULL: none. */
static const char *nearest_cloud(const char *typed)
{
	nearest suggestions = {.typed = typed};

	for (const cloud *c = clouds; c->name; c++)
		nearest_compare(&suggestions, c->name);
	return suggestions.count ? suggestions.name[0] : NULL;
}

static int check_data(const options *given)
{
	const char *data = given->operand[0], *meant;

	if (cloud_find(data))
		return EXIT_DONE;
	meant = strcmp(data, "-") != 0 && access(data, F_OK) != 0 ? nearest_cloud(data) : NULL;
	if (meant)
		return fail(data, "there are no such points and no such file; did you mean %s?",
			    meant);
	return check_file_options(given);
}

static int check_call(const options *given)
{
	int status = check_data(given);

	if (status == EXIT_DONE && given->json && given->save && strcmp(given->save, "-") == 0)
		status = misuse("--json", "standard output takes the points or the JSON, not both; "
					  "give --save a file");
	return status == EXIT_DONE ? files_check(given) : status;
}

/* ---- The points as a file -------------------------------------------------------------------- */

static int is_the_same(const char *path, const text *csv)
{
	unsigned char *bytes;
	size_t size;

	if (hebb_file_read(path, &bytes, &size, NULL) != HEBB_OK)
		return 0;
	int same = size == csv->size && memcmp(bytes, csv->bytes, size) == 0;
	free(bytes);
	return same;
}

/* Refuses to replace a file that holds something else. */
static int check_existing(const options *given, const text *csv)
{
	struct stat about;

	if (given->force || stat(given->save, &about) != 0 || !S_ISREG(about.st_mode) ||
	    about.st_size == 0 || is_the_same(given->save, csv))
		return EXIT_DONE;
	return fail(given->save, "is there and holds something else; name another file with "
				 "--save, or replace it with --force");
}

/* Writes the points.  again: over those that were written before they changed. */
static int save_points(const learner *l, const options *given, int again)
{
	text csv = {.size = 0};
	hebb_error error;
	int status = EXIT_DONE;

	learner_write(l, &csv);
	if (csv.failed)
		status = fail(NULL, "out of memory");
	else if (strcmp(given->save, "-") == 0)
		fwrite(csv.bytes, 1, csv.size, stdout);
	else if (!again)
		status = check_existing(given, &csv);
	if (status == EXIT_DONE && strcmp(given->save, "-") != 0 &&
	    hebb_file_write(given->save, csv.bytes, csv.size, &error) != HEBB_OK)
		status = fail_error(NULL, &error);
	text_free(&csv);
	return status;
}

/* ---- Playing --------------------------------------------------------------------------------- */

/* Trains without anyone watching. */
static int train_all(learner *l)
{
	int epochs = l->settings.study.epochs;

	while (l->epochs < epochs)
		if (!learner_epoch(l))
			return fail_error(NULL, &l->error);
	return EXIT_DONE;
}

static int play(learner *l, const options *given, const char *csv)
{
	const char *name = given->operand[0];
	int live = console_is_there() && !given->json, number = 0, status;

	if (live)
		status =
			loop_run(l, name, option_given(given, OPT_EPOCHS) ? given->study.epochs : 0,
				 &number);
	else
		status = train_all(l);
	if (number)
		raise(number);
	pass_on_signal();
	if (status == EXIT_DONE && live && given->save)
		status = save_points(l, given, 1);
	if (status == EXIT_DONE && !learner_judge(l))
		status = fail_error(NULL, &l->error);
	if (status != EXIT_DONE)
		return status;
	return given->json ? closing_json(l, name, csv)
			   : closing_print(l, name, csv, given->save != NULL);
}

/* The name of the points in the commands that are printed. */
static const char *csv_name(const options *given, char *room, size_t size)
{
	if (given->save)
		return given->save;
	if (!cloud_find(given->operand[0]))
		return given->operand[0];
	snprintf(room, size, "%s.csv", given->operand[0]);
	return room;
}

int run_play(options *given)
{
	static learner l; /* large */
	char room[64];
	int status = check_call(given);

	if (status != EXIT_DONE)
		return status;
	status = learner_open(given, &l);
	if (status == EXIT_DONE && given->save)
		status = save_points(&l, given, 0);
	if (status == EXIT_DONE && !(given->save && strcmp(given->save, "-") == 0))
		status = play(&l, given, csv_name(given, room, sizeof room));
	learner_close(&l);
	return status;
}
