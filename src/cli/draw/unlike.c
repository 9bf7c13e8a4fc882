/* SPDX-License-Identifier: MIT */
/*
 * unlike.c - notes about values that are missing or unlike those of training
 */
#include "unlike.h"

#include <string.h>

#include "terminal.h"
#include "text.h"

enum { NAMED = 6 }; /* columns that a note names */

void unlike_add(const hebb_coding *coding, hebb_unlike *sum, const hebb_unlike *more)
{
	for (int i = 0; i < coding->input_count; i++) {
		sum[i].missing += more[i].missing;
		sum[i].unknown += more[i].unknown;
		sum[i].odd += more[i].odd;
		sum[i].outside += more[i].outside;
	}
}

/* ---- Lists of columns ---- */

/* A list in the making: "'age' 86 missing, 'fare' 1 missing and 2 not numbers". */
typedef struct list {
	text text;
	int named, more; /* columns in it, and those that follow */
} list;

/* Begins an entry; returns 0 if there are enough. */
static int begin(list *columns, const char *name)
{
	if (columns->named == NAMED) {
		columns->more++;
		return 0;
	}
	text_put(&columns->text, columns->named++ ? ", '" : "'");
	text_put(&columns->text, name);
	text_put(&columns->text, "'");
	return 1;
}

static void add_count(list *columns, long long count, const char *what, int *before)
{
	if (count == 0)
		return;
	text_put(&columns->text, *before ? " and " : " ");
	text_put(&columns->text, hebb_show_number((double)count, 15).text);
	text_put(&columns->text, what);
	*before = 1;
}

/* Ends the list; returns its text, "" without memory. */
static const char *end(list *columns)
{
	if (columns->more > 0) {
		text_put(&columns->text, ", and ");
		text_put(&columns->text, hebb_show_number((double)columns->more, 15).text);
		text_put(&columns->text, columns->more == 1 ? " more column" : " more columns");
	}
	text_add(&columns->text, "", 1);
	return columns->text.failed ? "" : columns->text.bytes;
}

/* ---- Notes ---- */

/* Whether the bins of a column say that its value is missing: it is before all of them then. */
static int has_bins(const hebb_coding *coding)
{
	int bins = 0;

	for (int i = 0; i < coding->indicator_count && coding->encoding; i++) {
		const hebb_encoding *is = &coding->encoding[coding->indicator[i]];

		for (int w = 0; w < is->ways; w++)
			bins |= is->way[w].scaling == HEBB_SCALING_PIECEWISE;
	}
	return bins;
}

/* What is done about the values, as the end of a sentence. */
static const char *consequence(int gaps, int unknown, const hebb_coding *coding)
{
	if (!gaps)
		return "a new text is coded as none of those that training had";
	if (coding->missing == HEBB_MISSING_DROP)
		return "the model was trained without such rows, so they have no answer";
	if (has_bins(coding))
		return unknown ? "gaps are coded as in training, and a new text as none of those "
				 "that training had"
			       : "gaps are coded as in training";
	return unknown ? "the mean fills a gap, and a new text is coded as none of those that "
			 "training had"
		       : "the mean of the column fills the gaps";
}

void unlike_note(const hebb_coding *coding, const char *name, long long rows,
		 const hebb_unlike *unlike)
{
	int gaps = 0, unknown = 0;
	list columns = {.named = 0};

	for (int i = 0; i < coding->input_count; i++) {
		const hebb_unlike *is = &unlike[i];
		int before = 0;

		gaps |= is->missing + is->odd > 0;
		unknown |= is->unknown > 0;
		if (is->missing + is->odd + is->unknown == 0 ||
		    !begin(&columns, coding->inputs[i].name))
			continue;
		if (is->missing == rows && rows > 1)
			add_count(&columns, is->missing, " missing (all)", &before);
		else
			add_count(&columns, is->missing, " missing", &before);
		add_count(&columns, is->odd, is->odd == 1 ? " not a number" : " not numbers",
			  &before);
		add_count(&columns, is->unknown, " new", &before);
	}
	if (columns.named > 0)
		note("%s: %s: %s; %s", name, hebb_show_count(rows, "row").text, end(&columns),
		     consequence(gaps, unknown, coding));
	text_free(&columns.text);
}

void gaps_note(const hebb_coding *coding, const char *name, const hebb_dataset *train)
{
	list columns = {.named = 0};

	for (int i = 0; i < coding->input_count; i++) {
		int before = 0;

		if (train->unlike[i].missing > 0 && begin(&columns, coding->inputs[i].name))
			add_count(&columns, train->unlike[i].missing, " missing", &before);
	}
	if (columns.named > 0)
		note("%s: %s in the training rows; %s", name, end(&columns),
		     coding->missing == HEBB_MISSING_DROP ? "their rows are left out"
		     : has_bins(coding)
			     ? "one more input a column says where, and a gap counts as below all "
			       "bins of the column (--missing)"
		     : coding->indicator_count > 0
			     ? "the mean of the column fills the gaps, and one more "
			       "input a column says where (--missing)"
			     : "the mean of the column fills the gaps");
	text_free(&columns.text);
}
