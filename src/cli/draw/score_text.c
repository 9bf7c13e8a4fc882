/* SPDX-License-Identifier: MIT */
/*
 * score_text.c - scores for people
 *
 * A confusion matrix has one row for each true class and one column for each predicted one.  It is
 * printed whole if it fits a page of 80 columns; a larger one is hard to read as well, and the
 * pairs that are confused most tell more.  Behind a row stand recall, precision and F1 of its
 * class, or only the recall as what is right where the score has no more or the page no room.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "score.h"
#include "terminal.h"

enum {
	PAGE = 79,
	LABEL_MOST = 16,
	MATRIX_MOST = 15,
	PAIRS_MOST = 10,
	RECALL = 10,
	PRECISION = 11,
	F1 = 8
};

/* Four digits; NaN where there is no number. */
static hebb_number digits(double value)
{
	return hebb_show_number(isfinite(value) ? value : NAN, 4);
}

/* Four decimals, as long as they say anything. */
static hebb_number decimals(double value)
{
	hebb_number n = digits(value);

	if (fabs(value) < 1000)
		snprintf(n.text, sizeof n.text, "%.4f", value);
	return n;
}

char *score_text(const hebb_score *from, char *text, size_t size)
{
	char right[32], rows[32];

	if (from->targets)
		snprintf(text, size, "rmse %s, mae %s, r2 %s, loss %s",
			 digits(from->mean.rmse).text, digits(from->mean.mae).text,
			 decimals(from->mean.r2).text, digits(from->loss).text);
	else if (from->labels)
		snprintf(text, size,
			 "all labels right in %.2f %% (%s of %s rows), macro F1 %.4f, loss %s",
			 100 * from->accuracy, count_text(from->right, right),
			 count_text(from->rows, rows), from->detail.f1, digits(from->loss).text);
	else
		snprintf(text, size, "accuracy %.2f %% (%s of %s right), loss %s",
			 100 * from->accuracy, count_text(from->right, right),
			 count_text(from->rows, rows), digits(from->loss).text);
	return text;
}

/* How the matrix is laid out. */
typedef struct layout {
	int label, cell; /* widths */
	int numbered;    /* the columns are headed by numbers, the names being too long */
	int measures;    /* precision and F1 stand behind the recall */
} layout;

static int digits_of(long long count)
{
	char text[32];

	return snprintf(text, sizeof text, "%lld", count);
}

/* Chooses the cells for what is left of the page; 0 if they do not fit. */
static int fit_cells(const hebb_score *from, int cell, int longest, layout *result)
{
	int number = digits_of(from->classes);
	int room = PAGE - 2 - result->label - RECALL - (result->measures ? PRECISION + F1 : 0);

	for (int gap = 3; gap >= 1; gap--) {
		result->numbered = 0;
		result->cell = gap + (cell > longest ? cell : longest);
		if (from->classes * result->cell <= room)
			return 1;
	}
	for (int gap = 3; gap >= 1; gap--) {
		result->numbered = 3;
		result->cell = gap + (cell > number ? cell : number);
		if (result->numbered + from->classes * result->cell <= room)
			return 1;
	}
	return 0;
}

/* Chooses a layout; 0 if none fits the page. */
static int lay_out(const hebb_score *from, const hebb_column *target, layout *result)
{
	int longest = 0, cell = 1;

	for (int i = 0; i < from->classes; i++) {
		int width = text_width(target->levels[i]);
		longest = width > longest ? width : longest;
	}
	for (int i = 0; i < from->classes * from->classes; i++) {
		int width = digits_of(from->confusion[i]);
		cell = width > cell ? width : cell;
	}
	result->label = longest < LABEL_MOST ? longest : LABEL_MOST;
	result->label = result->label < 4 ? 4 : result->label;
	result->measures = from->each != NULL;
	if (result->measures && fit_cells(from, cell, longest, result))
		return 1;
	result->measures = 0;
	return fit_cells(from, cell, longest, result);
}

static void print_head(FILE *stream, const hebb_score *from, const hebb_column *target,
		       const layout *how)
{
	fprintf(stream, "\n  %*s%s%*spredicted%s\n", how->numbered + how->label, "", dim(stream),
		how->cell - 1, "", plain(stream));
	fprintf(stream, "  %s%*s%-*s%s", dim(stream), how->numbered, "", how->label, "true",
		plain(stream));
	for (int i = 0; i < from->classes; i++) {
		char number[12];
		snprintf(number, sizeof number, "%d", i + 1);
		fputs(bold(stream), stream);
		print_field(stream, how->numbered ? number : target->levels[i], how->cell);
		fputs(plain(stream), stream);
	}
	fprintf(stream, "%s%*s", dim(stream), RECALL - 1, how->measures ? "recall" : "right");
	if (how->measures)
		fprintf(stream, "%*s%*s", PRECISION, "precision", F1, "F1");
	fprintf(stream, "%s\n", plain(stream));
}

static void print_measures(FILE *stream, const hebb_class_score *each)
{
	if (isnan(each->precision))
		fprintf(stream, "%*s", PRECISION, "-");
	else
		fprintf(stream, "%*.1f %%", PRECISION - 2, 100 * each->precision);
	if (isnan(each->f1))
		fprintf(stream, "%*s", F1, "-");
	else
		fprintf(stream, "%*.3f", F1, each->f1);
}

static void print_line(FILE *stream, const hebb_score *from, const hebb_column *target,
		       const layout *how, int truth)
{
	const long long *count = from->confusion + (size_t)truth * from->classes;
	long long rows = 0;

	fputs("  ", stream);
	if (how->numbered)
		fprintf(stream, "%2d ", truth + 1);
	fputs(bold(stream), stream);
	print_field(stream, target->levels[truth], -how->label);
	fputs(plain(stream), stream);
	for (int i = 0; i < from->classes; i++) {
		rows += count[i];
		if (count[i] == 0)
			fprintf(stream, "%s%*s%s", dim(stream), how->cell, ".", plain(stream));
		else
			fprintf(stream, "%*lld", how->cell, count[i]);
	}
	if (rows > 0)
		fprintf(stream, "%*.1f %%", RECALL - 3,
			100.0 * (double)count[truth] / (double)rows);
	else if (how->measures)
		fprintf(stream, "%*s", RECALL - 1, "-");
	if (how->measures)
		print_measures(stream, &from->each[truth]);
	fputc('\n', stream);
}

typedef struct pair {
	int truth, predicted;
	long long count, rows;
} pair;

/* More rows first, then in the order of the classes, so that the order is always the same. */
static int compare_pairs(const void *a, const void *b)
{
	const pair *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (x->truth != y->truth)
		return x->truth - y->truth;
	return x->predicted - y->predicted;
}

/* Finds the pairs of different classes that occur; returns how many. */
static int find_pairs(const hebb_score *from, pair *found)
{
	int n = from->classes, count = 0;

	for (int truth = 0; truth < n; truth++) {
		const long long *line = from->confusion + (size_t)truth * n;
		long long rows = 0;
		for (int i = 0; i < n; i++)
			rows += line[i];
		for (int i = 0; i < n; i++) {
			if (i != truth && line[i] > 0)
				found[count++] = (pair){truth, i, line[i], rows};
		}
	}
	qsort(found, (size_t)count, sizeof *found, compare_pairs);
	return count;
}

static void print_pairs(FILE *stream, const hebb_score *from, const hebb_column *target)
{
	pair *found = malloc(sizeof *found * (size_t)from->classes * from->classes);
	int count = found ? find_pairs(from, found) : 0, longest = 4;

	for (int i = 0; i < from->classes; i++) {
		int width = text_width(target->levels[i]);
		longest = width > longest ? width : longest;
	}
	longest = longest > 26 ? 26 : longest;
	if (count > 0)
		fprintf(stream, "\n  %smost confused%s\n  %s%-*s  %-*s   rows  of%s\n",
			bold(stream), plain(stream), dim(stream), longest, "true", longest,
			"predicted", plain(stream));
	for (int i = 0; i < count && i < PAIRS_MOST; i++) {
		fputs("  ", stream);
		print_field(stream, target->levels[found[i].truth], -longest);
		fputs("  ", stream);
		print_field(stream, target->levels[found[i].predicted],
			    -(longest > 9 ? longest : 9));
		fprintf(stream, "%7lld  %lld\n", found[i].count, found[i].rows);
	}
	if (count > PAIRS_MOST)
		fprintf(stream, "  %sand %d pairs more%s\n", dim(stream), count - PAIRS_MOST,
			plain(stream));
	free(found);
}

static void print_targets(FILE *stream, const hebb_score *from, const hebb_coding *coding)
{
	fprintf(stream, "\n  %s%-20s %12s %12s %9s%s\n", dim(stream), "target", "rmse", "mae", "r2",
		plain(stream));
	for (int i = 0; i < from->targets; i++) {
		fputs("  ", stream);
		print_field(stream, coding->targets[i].name, -20);
		fprintf(stream, " %12s %12s %9s\n", digits(from->target[i].rmse).text,
			digits(from->target[i].mae).text, decimals(from->target[i].r2).text);
	}
}

/* A share as a percentage, "-" where there is none. */
static hebb_number percent(double share)
{
	hebb_number n = {"-"};

	if (!isnan(share))
		snprintf(n.text, sizeof n.text, "%.1f %%", 100 * share);
	return n;
}

static hebb_number or_dash(double value)
{
	hebb_number n = {"-"};

	return isnan(value) ? n : decimals(value);
}

static void print_labels(FILE *stream, const hebb_score *from, const hebb_coding *coding)
{
	fprintf(stream, "\n  %s%-16s %6s %9s %9s %9s %7s %7s %8s%s\n", dim(stream), "label", "rows",
		"right", "precision", "recall", "F1", "ROC AUC", "log loss", plain(stream));
	for (int i = 0; i < from->labels; i++) {
		const hebb_label_score *one = &from->label[i];

		fputs("  ", stream);
		print_field(stream, coding->targets[i].name, -16);
		fprintf(stream, " %6lld %9s %9s %9s %7s %7s %8s\n", one->rows,
			percent(one->accuracy).text, percent(one->precision).text,
			percent(one->recall).text, or_dash(one->f1).text,
			or_dash(one->roc_auc).text, or_dash(one->log_loss).text);
	}
	fprintf(stream, "  95 %% interval of the rows with all labels right %.2f to %.2f %%\n",
		100 * from->accuracy_low, 100 * from->accuracy_high);
}

static void print_detail(FILE *stream, const hebb_score *from)
{
	const hebb_class_metrics *detail = &from->detail;
	char text[240];
	size_t size = sizeof text, length;

	snprintf(text, size,
		 "  95 %% interval of the accuracy %.2f to %.2f %%, balanced accuracy %.2f %%",
		 100 * from->accuracy_low, 100 * from->accuracy_high,
		 100 * detail->balanced_accuracy);
	print_words(stream, text, 0, 4);
	length = (size_t)snprintf(text, size, "  macro F1 %.4f", detail->f1);
	if (!isnan(detail->roc_auc))
		length += (size_t)snprintf(text + length, size - length, ", ROC AUC %.4f",
					   detail->roc_auc);
	if (!isnan(detail->log_loss))
		snprintf(text + length, size - length, ", log loss %s, calibration error %.4f",
			 digits(detail->log_loss).text, detail->ece);
	print_words(stream, text, 0, 4);
}

void print_score(FILE *stream, const hebb_score *from, const hebb_coding *coding)
{
	const hebb_column *target = &coding->targets[0];
	layout how;

	if (from->targets > 1)
		print_targets(stream, from, coding);
	if (from->labels > 0)
		print_labels(stream, from, coding);
	if (from->each)
		print_detail(stream, from);
	if (from->targets > 0 || from->labels > 0 || !from->confusion)
		return;
	if (from->classes > MATRIX_MOST || !lay_out(from, target, &how)) {
		print_pairs(stream, from, target);
		return;
	}
	print_head(stream, from, target, &how);
	for (int truth = 0; truth < from->classes; truth++)
		print_line(stream, from, target, &how, truth);
}
