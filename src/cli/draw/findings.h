/* SPDX-License-Identifier: MIT */
/*
 * findings.h - how the doctor's findings are told
 */
#ifndef HEBB_CLI_FINDINGS_H
#define HEBB_CLI_FINDINGS_H

#include <jansson.h>
#include <stdio.h>

#include "hebb_study.h"

json_t *findings_json(const hebb_findings *from);

/* For people, the most severe first, wrapped to the width of the terminal. */
void findings_print(FILE *stream, const hebb_findings *from);

/* Warnings and errors from number `first` on as lines `hebb: warning: CODE: ...` on standard error,
 * a few of them. */
void findings_warn(const hebb_findings *from, int first);

/* Looks at a trial before and after the training of `hebb train`, at no cost to speak of, and tells
 * what is found; `hebb check` has the rest. */
void doctor_before(const hebb_trial *run, hebb_findings *to);
/* At the first fold of a search: classes with fewer rows than folds. */
void doctor_folds(const hebb_trial *run);
void doctor_after(const hebb_trial *run, const hebb_result *result, hebb_findings *to);

#endif
