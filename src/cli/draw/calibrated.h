/* SPDX-License-Identifier: MIT */
/*
 * calibrated.h - the temperature and the scores for intervals, for people and as JSON
 */
#ifndef HEBB_CLI_CALIBRATED_H
#define HEBB_CLI_CALIBRATED_H

#include <jansson.h>

#include "hebb_study.h"
#include "option/options.h"

/* Before training: notes which rows are held out for it, and warns if they are poor. */
void calibration_announce(const options *o, const hebb_trial *run);

/* "temperature 1.43 from 210 rows: log loss 0.412, before 0.43; ..." */
char *tempered_text(const hebb_tempered *tempered, char *text, size_t size);

/* "210 calibration rows; 90 %: price -+ 1.23", or the mean size of the sets. */
char *conformal_text(const hebb_conformal *conformal, const hebb_coding *coding, char *text,
		     size_t size);

/* Prints both for a trial that has trained, as far as it has them. */
void calibrated_print(FILE *out, const hebb_trial *run);

/* The same as JSON; null if there is none. */
json_t *tempered_json(const hebb_tempered *tempered);
json_t *conformal_json(const hebb_conformal *conformal, const hebb_coding *coding);

#endif
