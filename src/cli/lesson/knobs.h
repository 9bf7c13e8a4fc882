/* SPDX-License-Identifier: MIT */
/*
 * knobs.h - the numbers of a section that the reader may change
 *
 * One table says which options a section takes, what they mean there, their range and what they are
 * if they are not given.  The check of the command line and the help of a section come from it.
 */
#ifndef HEBB_CLI_KNOBS_H
#define HEBB_CLI_KNOBS_H

#include <jansson.h>

#include "option/options.h"

enum { KNOB_VALUES_MOST = 12 };

typedef struct knob {
	const char *section;
	option_id id;
	const char *meaning, *standard;
	double low, high;
	int least, most; /* how many numbers, between commas; most 0: the name of a file */
	int whole;       /* whole numbers only */
} knob;

/* The knobs, ended by one without a section. */
extern const knob knobs[];

/* Whether a section has a knob. */
int has_knob(const char *section, option_id id);

/* Checks what was given for the sections for which is_asked() is true; EXIT_MISUSED after a
 * message.  `which`: what was asked for, for the message. */
int check_knobs(const options *given, const char *which,
		int (*is_asked)(const char *section, const char *which));

/* The number of an option, `standard` if it was not given; the numbers, which returns how many were
 * given, 0 for none. */
double knob_value(const options *given, option_id id, double standard);
int knob_values(const options *given, option_id id, int most, double *values);

/* "  -r, --rate X    step size; 0 to 1e6 [0.01]" for each knob of a section; returns how many. */
int print_knobs(const char *section);

/* What was given of a section's knobs, by name; NULL: nothing was. */
json_t *knobs_json(const options *given, const char *section);

#endif
