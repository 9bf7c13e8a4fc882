/* SPDX-License-Identifier: MIT */
/*
 * conformal.h - the scores of calibration rows in the description of a model
 *
 *     {"folds": 0, "parts": [{"rows": 450, "mean_set": 1.08, "scores": [0.01, 0.02, ...]}]}
 *
 * mean_set is null where it is unknown.  The scores are float32 with the fewest digits.
 */
#ifndef HEBB_IO_CONFORMAL_H
#define HEBB_IO_CONFORMAL_H

#include "hebb_io.h"
#include "../json.h"

/* How many parts the scores of a model with this coding have: one for its classes, else one for
 * each output. */
int hb_conformal_parts(const hebb_coding *coding);

/* The scores as JSON, to be freed; HEBB_NO_MEMORY. */
hebb_status hb_conformal_format(const hebb_conformal *conformal, char **text, hebb_error *error);

/* Reads them; *conformal becomes NULL if there are none.  `name` is the file's, for messages. */
hebb_status hb_conformal_parse(hb_json json, const hebb_coding *coding, const char *name,
			       hebb_conformal **conformal, hebb_error *error);

#endif
