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

/* Four decimals, or four digits if four decimals cannot show the number. */
static hebb_number decimals(double value)
{
	hebb_number n = digits(value);

	if (fabs(value) < 1000)
		snprintf(n.text, sizeof n.text, "%.4f", value);
	return n;
}

char *score_text(const hebb_score *score, char *text, size_t size)
{
	char right[32], rows[32];

	if (score->targets)
		snprintf(text, size, "rmse %s, mae %s, r2 %s, loss %s",
			 digits(score->mean.rmse).text, digits(score->mean.mae).text,
			 decimals(score->mean.r2).text, digits(score->loss).text);
	else if (score->labels)
		snprintf(text, size,
			 "all labels right in %.2f %% (%s of %s), macro F1 %.4f, loss %s",
			 100 * score->accuracy, count_text(score->right, right),
			 hebb_show_count(score->rows, "row").text, score->detail.f1,
			 digits(score->loss).text);
	else
		snprintf(text, size, "accuracy %.2f %% (%s of %s right), loss %s",
			 100 * score->accuracy, count_text(score->right, right),
			 count_text(score->rows, rows), digits(score->loss).text);
	return text;
}

/* How the matrix is laid out. */
typedef struct layout {
	int label, cell; /* widths */
	int numbered;    /* numbers head the columns, because the names are too long */
	int measures;    /* precision and F1 follow the recall */
} layout;

static int digits_of(long long count)
{
	char text[32];

	return snprintf(text, sizeof text, "%lld", count);
}

/* Chooses the width of the cells for the rest of the page; 0 if they do not fit. */
static int fit_cells(const hebb_score *score, int cell, int longest, layout *result)
{
	int number = digits_of(score->classes);
	int room = PAGE - 2 - result->label - RECALL - (result->measures ? PRECISION + F1 : 0);

	for (int gap = 3; gap >= 1; gap--) {
		result->numbered = 0;
		result->cell = gap + (cell > longest ? cell : longest);
		if (score->classes * result->cell <= room)
			return 1;
	}
	for (int gap = 3; gap >= 1; gap--) {
		result->numbered = 3;
		result->cell = gap + (cell > number ? cell : number);
		if (result->numbered + score->classes * result->cell <= room)
			return 1;
	}
	return 0;
}

/* Chooses a layout; 0 if none fits the page. */
static int lay_out(const hebb_score *score, const hebb_column *target, layout *result)
{
	int longest = 0, cell = 1;

	for (int i = 0; i < score->classes; i++) {
		int width = text_width(target->levels[i]);
		longest = width > longest ? width : longest;
	}
	for (int i = 0; i < score->classes * score->classes; i++) {
		int width = digits_of(score->confusion[i]);
		cell = width > cell ? width : cell;
	}
	result->label = longest < LABEL_MOST ? longest : LABEL_MOST;
	result->label = result->label < 4 ? 4 : result->label;
	result->measures = score->each != NULL;
	if (result->measures && fit_cells(score, cell, longest, result))
		return 1;
	result->measures = 0;
	return fit_cells(score, cell, longest, result);
}

static void print_head(FILE *stream, const hebb_score *score, const hebb_column *target,
		       const layout *how)
{
	fprintf(stream, "\n  %*s%s%*spredicted%s\n", how->numbered + how->label, "", dim(stream),
		how->cell - 1, "", plain(stream));
	fprintf(stream, "  %s%*s%-*s%s", dim(stream), how->numbered, "", how->label, "true",
		plain(stream));
	for (int i = 0; i < score->classes; i++) {
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

static void print_line(FILE *stream, const hebb_score *score, const hebb_column *target,
		       const layout *how, int truth)
{
	const long long *count = score->confusion + (size_t)truth * score->classes;
	long long rows = 0;

	fputs("  ", stream);
	if (how->numbered)
		fprintf(stream, "%2d ", truth + 1);
	fputs(bold(stream), stream);
	print_field(stream, target->levels[truth], -how->label);
	fputs(plain(stream), stream);
	for (int i = 0; i < score->classes; i++) {
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
		print_measures(stream, &score->each[truth]);
	fputc('\n', stream);
}

typedef struct pair {
	int truth, predicted;
	long long count, rows;
} pair;

/* Sorts by more rows first, then by class, so that the order is always the same. */
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
static int find_pairs(const hebb_score *score, pair *pairs)
{
	int n = score->classes, count = 0;

	for (int truth = 0; truth < n; truth++) {
		const long long *line = score->confusion + (size_t)truth * n;
		long long rows = 0;
		for (int i = 0; i < n; i++)
			rows += line[i];
		for (int i = 0; i < n; i++) {
			if (i != truth && line[i] > 0)
				pairs[count++] = (pair){truth, i, line[i], rows};
		}
	}
	qsort(pairs, (size_t)count, sizeof *pairs, compare_pairs);
	return count;
}

static void print_pairs(FILE *stream, const hebb_score *score, const hebb_column *target)
{
	pair *pairs = malloc(sizeof *pairs * (size_t)score->classes * score->classes);
	int count = pairs ? find_pairs(score, pairs) : 0, longest = 4;

	for (int i = 0; i < score->classes; i++) {
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
		print_field(stream, target->levels[pairs[i].truth], -longest);
		fputs("  ", stream);
		print_field(stream, target->levels[pairs[i].predicted],
			    -(longest > 9 ? longest : 9));
		fprintf(stream, "%7lld  %lld\n", pairs[i].count, pairs[i].rows);
	}
	if (count > PAIRS_MOST)
		fprintf(stream, "  %sand %d more pairs%s\n", dim(stream), count - PAIRS_MOST,
			plain(stream));
	free(pairs);
}

/* "-" where there is no number. */
static hebb_number if_any(hebb_number n)
{
	const hebb_number none = {"-"};

	return strcmp(n.text, "NaN") == 0 ? none : n;
}

static void print_targets(FILE *stream, const hebb_score *score, const hebb_coding *coding)
{
	fprintf(stream, "\n  %s%-20s %12s %12s %9s%s\n", dim(stream), "target", "rmse", "mae", "r2",
		plain(stream));
	for (int i = 0; i < score->targets; i++) {
		fputs("  ", stream);
		print_field(stream, coding->targets[i].name, -20);
		fprintf(stream, " %12s %12s %9s\n", if_any(digits(score->target[i].rmse)).text,
			if_any(digits(score->target[i].mae)).text,
			if_any(decimals(score->target[i].r2)).text);
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

static void print_labels(FILE *stream, const hebb_score *score, const hebb_coding *coding)
{
	fprintf(stream, "\n  %s%-16s %6s %9s %9s %9s %7s %7s %8s%s\n", dim(stream), "label", "rows",
		"right", "precision", "recall", "F1", "ROC AUC", "log loss", plain(stream));
	for (int i = 0; i < score->labels; i++) {
		const hebb_label_score *one = &score->label[i];

		fputs("  ", stream);
		print_field(stream, coding->targets[i].name, -16);
		fprintf(stream, " %6lld %9s %9s %9s %7s %7s %8s\n", one->rows,
			percent(one->accuracy).text, percent(one->precision).text,
			percent(one->recall).text, if_any(decimals(one->f1)).text,
			if_any(decimals(one->roc_auc)).text, if_any(decimals(one->log_loss)).text);
	}
	fprintf(stream, "  95 %% interval of the rows with all labels right %.2f to %.2f %%\n",
		100 * score->accuracy_low, 100 * score->accuracy_high);
}

static void print_detail(FILE *stream, const hebb_score *score)
{
	const hebb_class_metrics *detail = &score->detail;
	char text[240];
	size_t size = sizeof text, length;

	length = (size_t)snprintf(text, size, "  95 %% interval of the accuracy %.2f to %.2f %%",
				  100 * score->accuracy_low, 100 * score->accuracy_high);
	if (!isnan(detail->balanced_accuracy))
		snprintf(text + length, size - length, ", balanced accuracy %.2f %%",
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

void print_score(FILE *stream, const hebb_score *score, const hebb_coding *coding)
{
	const hebb_column *target = &coding->targets[0];
	layout how;

	if (score->targets > 1)
		print_targets(stream, score, coding);
	if (score->labels > 0)
		print_labels(stream, score, coding);
	if (score->each)
		print_detail(stream, score);
	if (score->targets > 0 || score->labels > 0 || !score->confusion)
		return;
	if (score->classes > MATRIX_MOST || !lay_out(score, target, &how)) {
		print_pairs(stream, score, target);
		return;
	}
	print_head(stream, score, target, &how);
	for (int truth = 0; truth < score->classes; truth++)
		print_line(stream, score, target, &how, truth);
}
