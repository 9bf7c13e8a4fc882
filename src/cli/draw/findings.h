/* SPDX-License-Identifier: MIT */
/*
 * findings.h - prints the doctor's findings
 */
#ifndef HEBB_CLI_FINDINGS_H
#define HEBB_CLI_FINDINGS_H

#include <jansson.h>
#include <stdio.h>

#include "hebb_study.h"

json_t *findings_json(const hebb_findings *findings);

/* For people, the most severe first, wrapped to the width of the terminal. */
void findings_print(FILE *stream, const hebb_findings *findings);

/* Prints the first few warnings and errors from number `first` on, as lines `hebb: warning: CODE:
 * ...` on standard error. */
void findings_warn(const hebb_findings *findings, int first);

/* Check a trial before and after its training, and print warnings. They take almost no time; `hebb
 * check` does the longer checks. */
void doctor_before(const hebb_trial *run, hebb_findings *findings);
void doctor_after(const hebb_trial *run, const hebb_result *result, hebb_findings *findings);

/* Warns at the first fold of a search of classes with fewer rows than folds. */
void doctor_folds(const hebb_trial *run);

#endif
