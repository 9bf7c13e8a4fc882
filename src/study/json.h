/* SPDX-License-Identifier: MIT */
/*
 * json.h - values of a record as JSON
 *
 * For values that JSON does not have (NaN, infinity, texts that are not UTF-8) jansson returns
 * NULL, and the key would be missing in the object without an error. These functions give null, or
 * a text with escapes, so that no key is missing.
 */
#ifndef HEBB_STUDY_JSON_H
#define HEBB_STUDY_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "hebb_study.h"

json_t *hb_number_json(double value);
json_t *hb_text_json(const char *text); /* as hebb_record_text() */

/* A seed as a number, or as a text if it is above 2^53, because not all JSON readers are exact
 * beyond. hb_json_seed() reads it; it returns 0 if the value is no seed. */
json_t *hb_seed_json(uint64_t seed);
int hb_json_seed(const json_t *value, uint64_t *seed);

json_t *hb_fingerprint_json(uint64_t fingerprint); /* as 16 hexadecimal digits */

/* The settings of a complete study; a curve as hebb_curve_json() has it; a score, whose keys are
 * added to an object. */
json_t *hb_settings_json(const hebb_study *study);
json_t *hb_curve_json(const hebb_curve *curve, int most, int best);
void hb_score_json(const hebb_score *score, const hebb_coding *coding, json_t *object);

/* The object as text, with this number of digits. Free it with free(). NULL: out of memory. Frees
 * the object. */
char *hb_json_line(json_t *object, int digits);

#endif
