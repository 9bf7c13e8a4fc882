/* SPDX-License-Identifier: MIT */
/*
 * coding.h - what the files that fit a coding share
 */
#ifndef HEBB_IO_CODING_H
#define HEBB_IO_CODING_H

#include "../io.h"

/* What every step of hebb_coding_fit() needs. */
struct hb_fit {
	const hebb_table *table;
	hebb_coding_options options;
	hebb_coding *coding;
	unsigned char *is_target; /* by column of the table */
	unsigned char *is_input;  /* likewise; the others are not looked at */
	hebb_error *error;
};

/* ---- targets.c ---- */

/* Decides what kind of task it is, and what its outputs are. */
hebb_status hb_fit_task(struct hb_fit *fit);

/* Counts the inputs of the network: a number is one, a text one for each level. */
hebb_status hb_fit_width(struct hb_fit *fit);

/* ---- seen.c ---- */

/* Sets what the given rows have in each input, unless these are the pixels of an image. */
hebb_status hb_fit_seen(struct hb_fit *fit, long long n, const long long *row);

/* ---- scale.c ---- */

/* Sets means, scales and fills from the given rows, without those that have to be left out. */
hebb_status hb_fit_rows(struct hb_fit *fit, long long n, const long long *row);

#endif
