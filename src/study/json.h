/* SPDX-License-Identifier: MIT */
/*
 * json.h - values of a record as JSON
 *
 * jansson refuses what JSON cannot say (NaN, infinity, texts that are not UTF-8) by returning NULL;
 * these give null or a text that says its bytes, so that an object is never silently short of a
 * key.
 */
#ifndef HEBB_STUDY_JSON_H
#define HEBB_STUDY_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "hebb_study.h"

json_t *hb_number_json(double value);
json_t *hb_text_json(const char *text); /* as hebb_record_text() */

/* A seed as a number, or as a text if it is beyond 2^53, to which all JSON readers are exact; and
 * back: 0 if it is none. */
json_t *hb_seed_json(uint64_t seed);
int hb_json_seed(const json_t *value, uint64_t *seed);

json_t *hb_fingerprint_json(uint64_t fingerprint); /* as 16 hexadecimal digits */

/* The settings of a complete study; hebb_curve_json(); and a score, added to an object. */
json_t *hb_settings_json(const hebb_study *study);
json_t *hb_curve_json(const hebb_curve *from, int most, int best);
void hb_score_json(const hebb_score *from, const hebb_coding *coding, json_t *object);

/* The object as text, numbers with so many digits: to be freed; NULL: no memory.  Takes the object
 * away. */
char *hb_json_line(json_t *object, int digits);

#endif
