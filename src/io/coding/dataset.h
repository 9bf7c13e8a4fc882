/* SPDX-License-Identifier: MIT */
/*
 * dataset.h - what the files that code rows of a table share
 *
 * A part is a run of numbers that are side by side in table and coding, or one column of texts. The
 * inputs are one side of a dataset, the targets the other.
 */
#ifndef HEBB_IO_DATASET_H
#define HEBB_IO_DATASET_H

#include "../io.h"

enum hb_part_kind {
	HB_RUN,     /* numbers to numbers, `width` columns from `column` on */
	HB_PARSED,  /* texts to a number: number[level of the table], NaN: it is none */
	HB_LEVELS,  /* texts to one-hot: level[level of the table], -1: unknown */
	HB_NUMBERED /* numbers to one-hot */
};

/* What a column of texts is matched by. */
struct hb_texts {
	hb_labels labels;
	int are_floats; /* HB_NUMBERED: the table's numbers are */
	/* HB_LEVELS: the texts of the table, which levels they are, and by row which text, if not
	 * by value */
	char *const *text;
	int count, *level;
	const uint32_t *spelling;
};

struct hb_part {
	enum hb_part_kind kind;
	int at, width;            /* in the row of the network */
	int index;                /* the first of its columns in the coding */
	int column;               /* in the table */
	const hebb_column *coded; /* of the coding; of a HB_RUN the first */
	double *number;           /* HB_PARSED */
	struct hb_texts *texts;   /* HB_LEVELS, HB_NUMBERED */
};

/* The inputs or the targets. */
struct hb_side {
	int is_target, columns, width;
	int gaps, labels; /* a target may be missing; is a label, 0 or 1 */
	const hebb_column *column;
	int *at; /* the columns in the table */
	const float *mean, *scale, *fill;
	const double *exact_mean, *exact_fill; /* NULL: float32 is enough */
	struct hb_part *part;
	int parts;
};

struct hb_dataset_job {
	const hebb_coding *coding;
	const hebb_table *table;
	struct hb_side input, target;
	float *target_scale;
	int is_strict;
	hebb_unlike *unlike;   /* by input */
	unsigned char *is_gap; /* by input: whether the row has no value there */
	long long *unseen;     /* targets that training did not have */
	hebb_error *error;
};

/* ---- columns.c ---- */

/* Finds the columns of both sides, by name or by place; *ignored: the columns that are of neither.
 * BAD_SHAPE: one is not there. */
hebb_status hb_find_columns(struct hb_dataset_job *job, int with_targets, int *ignored);

/* Divides a side into parts.  NO_MEMORY. */
hebb_status hb_make_parts(struct hb_side *side, const hebb_table *table, hebb_error *error);
void hb_free_side(struct hb_side *side);

/* ---- rows.c ---- */

/* What became of a row; of FAILED the job's error tells why. */
enum hb_outcome { HB_CODED, HB_DROPPED, HB_FAILED };

/* Writes the row of a side, side->width numbers. */
enum hb_outcome hb_code_side(const struct hb_dataset_job *job, const struct hb_side *side,
			     long long row, float *to);

/* The number in a row of a column, also where the table has texts; NaN: there is none. */
double hb_number_at(const hebb_table *table, const struct hb_part *part, long long row, int column);

/* The level of a row, -1: missing, as is a mark that is no class; -2: unknown, with its text, which
 * may be in `number`. */
int hb_level_of(const hebb_table *table, const struct hb_part *part, long long row, char number[32],
		const char **text);

/* ---- limits.c ---- */

/* BAD_ARGUMENT: the coding is NULL, or does not know what its rows of training had. */
hebb_status hb_check_seen(const hebb_coding *coding, hebb_error *error);

/* Each input has its bins: the parts of training's numbers, or its levels; then these. */
enum {
	HB_BELOW = HEBB_PARTS, /* a number below those of training */
	HB_ABOVE,
	HB_GAP, /* no number */
	HB_NUMBER_BINS,
	HB_UNKNOWN = 0, /* of texts, after the levels */
	HB_NO_TEXT,
	HB_TEXT_BINS
};

static inline int hb_bins(const hebb_column *input)
{
	return input->kind == HEBB_NUMBER ? HB_NUMBER_BINS : input->level_count + HB_TEXT_BINS;
}

/* The bin of an input in a row. */
int hb_limits_bin(const hebb_limits *limits, int input, long long row);

/* Whether no row of training had a value of this bin; a missing one is none. */
static inline int hb_is_outside_bin(const hebb_coding *coding, int input, int bin)
{
	const hebb_column *column = &coding->inputs[input];

	if (column->kind == HEBB_NUMBER)
		return bin == HB_BELOW || bin == HB_ABOVE;
	return bin < column->level_count ? coding->seen[input].count[bin] == 0
					 : bin == column->level_count + HB_UNKNOWN;
}

#endif
