/* SPDX-License-Identifier: MIT */
/*
 * comparison.h - entries side by side: which scores and options they have, and which of these
 * differ
 */
#ifndef HEBB_CLI_COMPARISON_H
#define HEBB_CLI_COMPARISON_H

#include <jansson.h>

#include "hebb_study.h"

typedef enum section { SECTION_SCORES = 1, SECTION_RUN, SECTION_OPTIONS } section;

/* A value that some entries have. */
typedef struct trait {
	section of;
	const char *key;
	int differs;   /* between entries that have this section; with one entry, 1 */
	int is_number; /* all values are numbers or missing */
} trait;

typedef struct comparison {
	json_t *entries; /* as saved.h has them, the best first; borrowed */
	int count;
	trait *trait;
	int traits;
	hebb_metric metric; /* what they are sorted by; 0: none of them has a score */
	const char
		*key; /* its key in the scores: "accuracy" or, over several runs, "accuracy_mean" */
	int same_rows; /* 1: all scores are of the same rows; 0: they are not; -1: not known */
} comparison;

/* metric: what to sort by, or 0: accuracy, else rmse, else the loss, whichever most entries have.
 * Returns 0 if memory runs out.  comparison_free() leaves the entries alone. */
int comparison_make(json_t *entries, hebb_metric metric, comparison *result);
void comparison_free(comparison *all);

/* The name of an entry.  Its value of a trait, NULL if it has none.  Whether it has anything of a
 * section. */
const char *entry_name(const comparison *all, int entry);
const json_t *entry_value(const comparison *all, int entry, const trait *which);
int entry_has(const comparison *all, int entry, section of);

/* Whether every entry has something of a section: only then can all be said to have the same. */
int is_said_by_all(const comparison *all, section of);

/* The value as people read it, in at most `digits` digits, to be freed; NULL without memory. */
char *comparison_value_text(const json_t *value, int digits);

/* The name of a trait as people read it: "macro f1", "rate"; to be freed; likewise. */
char *trait_text(const trait *which);

/* Whether a trait is worth a column beside the scores: it differs. */
int trait_is_shown(const trait *which);

/* {"models": [...], "sorted_by": "accuracy", "same_rows": true, "differing": [...], "same": {...}}
 */
json_t *comparison_json(const comparison *all);

#endif
