/* SPDX-License-Identifier: MIT */
/*
 * findings.h - what the doctor found: a list, and how it is told
 *
 * A finding has a code that scripts may rely on (docs/doctor.md has them all), what was seen, with
 * its numbers, and what to try.  What is normal for such data is INFO; WARNING is for what probably
 * spoils the result; ERROR for what makes training fail.
 */
#ifndef HEBB_CLI_FINDINGS_H
#define HEBB_CLI_FINDINGS_H

#include <jansson.h>
#include <stdio.h>

#include "draw/terminal.h"

typedef enum severity { SEVERITY_INFO = 1, SEVERITY_WARNING, SEVERITY_ERROR } severity;

typedef struct finding {
	const char *code; /* a constant */
	severity level;
	char message[320], advice[200];
	int more; /* of the same code, which were left out */
} finding;

enum {
	FINDINGS_MOST = 60, /* more than can meet */
	ALIKE_MOST = 3      /* of one code: a table may have hundreds of odd columns */
};

typedef struct findings {
	int count;
	int left_out; /* whether the last one was */
	finding list[FINDINGS_MOST];
} findings;

/* Adds a finding, its sentence printf-like; what to try is added by advise() to the last one. */
void found(findings *to, const char *code, severity level, const char *format, ...)
	PRINTF_LIKE(4, 5);
void advise(findings *to, const char *format, ...) PRINTF_LIKE(2, 3);

/* How many are at least so severe, and whether a code is among them. */
int findings_count(const findings *from, severity least);
int findings_have(const findings *from, const char *code);

json_t *findings_json(const findings *from);

/* For people, the most severe first, wrapped to the width of the terminal. */
void findings_print(FILE *stream, const findings *from);

/* Warnings and errors from number `first` on as lines `hebb: warning: CODE: ...` on standard error,
 * a few of them; nothing with --quiet. */
void findings_warn(const findings *from, int first);

#endif
