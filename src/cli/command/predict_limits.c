/* SPDX-License-Identifier: MIT */
/*
 * predict_limits.c - how the rows that `hebb predict` answers differ from those of training
 *
 * With --json the drift is a line of JSON on standard error, since each line of standard output
 * belongs to a row.
 */
#include "predict_limits.h"

#include <stdlib.h>

#include "draw/drift.h"
#include "draw/json.h"
#include "draw/terminal.h"

/* The option that cannot do without what the model should know, or NULL. */
static const char *needed_by(const options *given)
{
	return given->outside ? "--outside" : given->drift ? "--drift" : NULL;
}

int limits_open(const options *given, const hebb_coding *coding, int for_people,
		predict_limits *result)
{
	hebb_error error;

	*result = (predict_limits){.given = given, .coding = coding};
	if (!needed_by(given) && (!coding->seen || is_quiet())) /* nothing is to be said */
		return EXIT_DONE;
	result->drift = hebb_drift_new(coding, &error);
	if (!result->drift)
		return fail_error(needed_by(given), &error);
	if (given->outside && !outside_open(coding, given->json, for_people, &result->names))
		return fail("--outside", "out of memory");
	return EXIT_DONE;
}

void limits_close(predict_limits *limits)
{
	outside_close(&limits->names);
	hebb_limits_free(limits->limits);
	hebb_drift_free(limits->drift);
}

int limits_take(predict_limits *limits, const hebb_table *table)
{
	hebb_error error;

	if (!limits->drift)
		return EXIT_DONE;
	hebb_limits_free(limits->limits);
	limits->limits = hebb_limits_new(limits->coding, table, &error);
	return limits->limits ? EXIT_DONE : fail_error(NULL, &error);
}

static void report_json(const predict_limits *limits)
{
	json_t *object = json_object();
	char *line;

	json_object_set_new(object, "rows", json_integer(hebb_drift_rows(limits->drift)));
	json_object_set_new(object, "outside", outside_json(limits->coding, limits->drift));
	json_object_set_new(object, "drift", drift_json(limits->coding, limits->drift));
	line = json_shown(object);
	if (line)
		fprintf(stderr, "%s\n", line);
	free(line);
}

void limits_report(const predict_limits *limits, const char *name)
{
	outside_note(limits->coding, limits->drift, name);
	if (limits->given->drift && limits->given->json)
		report_json(limits);
	else if (limits->given->drift)
		print_drift_table(stderr, limits->coding, limits->drift);
}
