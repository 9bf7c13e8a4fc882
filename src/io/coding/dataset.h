/* SPDX-License-Identifier: MIT */
/*
 * dataset.h - what the files that code rows of a table share
 *
 * A part is a run of numbers that are side by side in table and coding, or one column: of texts, or
 * of numbers that become several inputs each (encode.h). The inputs are one side of a dataset, the
 * targets the other.
 */
#ifndef HEBB_IO_DATASET_H
#define HEBB_IO_DATASET_H

#include "../io.h"

/* Memory of a call, given back as a whole.  Begins as {0} or with a buffer, aligned for any object,
 * in next and left. */
struct hb_memory {
	unsigned char *next;
	size_t left, usual; /* the bytes of a chunk, unless more are wanted at once */
	struct hb_chunk *chunk;
};

enum hb_part_kind {
	HB_RUN,     /* numbers to numbers, `width` columns from `column` on, side by side */
	HB_PARSED,  /* texts to a number: number[level of the table], NaN: it is none */
	HB_LEVELS,  /* texts to one-hot: level[level of the table], -1: unknown */
	HB_NUMBERED /* numbers to one-hot */
};

/* Where the values of a column are that a program has in an array. */
struct hb_place {
	const hebb_block *block;
	int column; /* of the block */
};

/* What a column of texts is matched by. */
struct hb_texts {
	hb_labels labels;
	/* HB_LEVELS of a table: its texts, which levels they are, and by row which text, if not by
	 * value */
	char *const *text;
	int count, *level;
	const uint32_t *spelling;
};

struct hb_part {
	enum hb_part_kind kind;
	int at, width;            /* in the row of the network; width: columns of a HB_RUN */
	int inputs;               /* of a number: the inputs of the network that it becomes */
	int index;                /* the first of its columns in the coding */
	int column;               /* in the table */
	const hebb_column *coded; /* of the coding; of a HB_RUN the first */
	hebb_form form;           /* HB_PARSED: of its numbers */
	struct hb_place place;    /* its first column, of arrays; else {NULL} */
	double *number;           /* HB_PARSED, of a table */
	struct hb_texts *texts;   /* HB_LEVELS, HB_NUMBERED */
};

/* The inputs or the targets. */
struct hb_side {
	int is_target, columns, width;
	int gaps, labels; /* a target may be missing; is a label, 0 or 1 */
	const hebb_column *column;
	const hebb_form *form; /* how their numbers are written; NULL: all plain */
	int *at;               /* the columns in the table */
	const float *mean, *scale, *fill;
	const double *exact_mean, *exact_fill; /* NULL: float32 is enough */
	const hebb_encoding *encoding;         /* by column; NULL: nothing is encoded */
	const hebb_coding *transform;          /* of targets that it transforms; NULL: of others */
	struct hb_part *part;
	int parts;
};

struct hb_dataset_job {
	const hebb_coding *coding;
	/* has the values, or of arrays only what their columns are, in one array not even that */
	const hebb_table *table;
	const struct hb_place *place; /* of arrays: by column */
	struct hb_memory *memory;
	struct hb_side input, target;
	int is_strict, has_limits; /* has_limits: what is outside of the range of training counts */
	hebb_unlike *unlike;       /* by input; NULL: it does not count */
	unsigned char *is_gap;     /* by input: whether the row has no value there */
	unsigned char *is_outside; /* whether a value of the row is outside of training */
	long long *unseen;         /* targets that training did not have */
	hebb_error *error;
};

/* ---- memory.c ---- */

/* Room for `count` objects of less than 2^32 bytes, aligned for any; NULL: no memory. */
void *hb_take(struct hb_memory *memory, int count, size_t size);
void hb_give_back(struct hb_memory *memory);

/* ---- values.c: of a table or of arrays ---- */

/* The number that all of a text is, in a form; NaN: it is none. */
double hb_read_number(hebb_form form, const char *text);
/* The number in a row of column i of a part, NaN if it has none; of a table's HB_LEVELS the index
 * of the text. */
double hb_number_at(const struct hb_dataset_job *job, const struct hb_part *part, int i,
		    long long row);
/* Whether there is a value at all. */
int hb_has_value(const struct hb_dataset_job *job, const struct hb_part *part, int i,
		 long long row);
/* That value as text, perhaps in the buffer. */
const char *hb_text_of(const struct hb_dataset_job *job, const struct hb_part *part, int i,
		       long long row, char buffer[32]);
/* Copies the numbers of a HB_RUN. */
void hb_copy_run(const struct hb_dataset_job *job, const struct hb_part *part, long long row,
		 float *to);

/* ---- job.c ---- */

/* Prepares the coding of the inputs, and with_targets of the targets, of the job's table; the
 * fields coding, memory, has_limits and error are set.  *ignored: the columns that are not used. */
hebb_status hb_prepare(struct hb_dataset_job *job, int with_targets, int *ignored);
/* The same of the inputs in blocks.  BAD_ARGUMENT: the blocks are wrong. */
hebb_status hb_prepare_blocks(struct hb_dataset_job *job, const char *name, long long rows,
			      int count, const hebb_block *blocks);
/* How many rows tell whether a column is of another kind than in training. */
enum { HB_FIRST_ROWS = 1000 };
/* Fails if no value of an input in the first rows, which have been coded, can be read or matched.
 * A single text may just be a new one. */
hebb_status hb_check_first(const struct hb_dataset_job *job, long long rows, const long long *row);

/* ---- columns.c ---- */

/* Finds the columns of both sides, by name or by place; *ignored: the columns that are of neither.
 * BAD_SHAPE: one is not there. */
hebb_status hb_find_columns(struct hb_dataset_job *job, int with_targets, int *ignored);

/* Divides a side into parts.  NO_MEMORY. */
hebb_status hb_make_parts(struct hb_dataset_job *job, struct hb_side *side);

/* ---- rows.c ---- */

/* What became of a row; of FAILED the job's error tells why. */
enum hb_outcome { HB_CODED, HB_DROPPED, HB_FAILED };

/* x = (raw - mean) * scale, in place too; 1 if any is not finite. */
int hb_scale_row(int n, const float *raw, const float *mean, const float *scale, float *x);

/* Writes the row of a side, side->width numbers. */
enum hb_outcome hb_code_side(const struct hb_dataset_job *job, const struct hb_side *side,
			     long long row, float *to);

enum { HB_NO_LEVEL = -1, HB_NEW_LEVEL = -2 };

/* The level of a row; NO_LEVEL: missing, as is a mark that is no class; NEW_LEVEL: unknown. */
int hb_level_of(const struct hb_dataset_job *job, const struct hb_part *part, long long row);

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
