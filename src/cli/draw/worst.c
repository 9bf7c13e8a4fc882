/* SPDX-License-Identifier: MIT */
/*
 * worst.c - the rows that a model was most wrong about: where they stand, what is right, and what
 * the model says
 */
#include "worst.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "picture.h"
#include "terminal.h"

enum { NAME_WIDTH = 20, NAME_LEAST = 9, WIDTH_LEAST = 4, NAMED = 3, PICTURE_MOST = 40 };

/* ---- JSON ---- */

static json_t *outputs_json(int count, const double *value)
{
	json_t *list = json_array();

	for (int k = 0; k < count; k++)
		json_array_append_new(list, number_json(value[k]));
	return list;
}

static json_t *class_json(const hebb_coding *coding, int class)
{
	return class < 0 ? json_null() : text_json(coding->targets[0].levels[class]);
}

static json_t *row_json(const hebb_worst *worst, const hebb_worst_row *row,
			const hebb_coding *coding, const hebb_table *table)
{
	json_t *one = json_pack("{s:I, s:o, s:o}", "row", (json_int_t)(row->row + 1), "line",
				table->line ? json_integer((json_int_t)table->line[row->row])
					    : json_null(),
				"wrong", number_json(row->wrong));

	if (coding->task != HEBB_CLASSIFICATION) {
		json_object_set_new(one, "truth", outputs_json(worst->outputs, row->target));
		json_object_set_new(one, "prediction", outputs_json(worst->outputs, row->output));
		return one;
	}
	json_object_set_new(one, "truth", class_json(coding, row->truth));
	json_object_set_new(one, "prediction", class_json(coding, row->predicted));
	json_object_set_new(one, "probability",
			    number_json(row->predicted < 0 ? NAN : row->output[row->predicted]));
	json_object_set_new(one, "truth_probability",
			    number_json(row->truth < 0 ? NAN : row->output[row->truth]));
	return one;
}

json_t *worst_json(const hebb_worst *worst, const hebb_coding *coding, const hebb_table *table)
{
	json_t *list = json_array();

	for (int i = 0; i < worst->count; i++)
		json_array_append_new(list, row_json(worst, &worst->row[i], coding, table));
	return list;
}

/* ---- Text ---- */

static hebb_number digits(double value)
{
	return hebb_show_number(value, 4);
}

static const char *class_name(const hebb_coding *coding, int class, const char *none)
{
	return class < 0 ? none : coding->targets[0].levels[class];
}

static int class_width(const hebb_worst *worst, const hebb_coding *coding)
{
	int width = 10;

	for (int i = 0; i < worst->count; i++) {
		int truth = text_width(class_name(coding, worst->row[i].truth, "new class"));
		int predicted = text_width(class_name(coding, worst->row[i].predicted, "none"));

		width = truth > width ? truth : width;
		width = predicted > width ? predicted : width;
	}
	return width < NAME_WIDTH ? width : NAME_WIDTH;
}

/* The columns of the places: their widths, line 0 where the table has no lines or the page no
 * room. */
typedef struct places {
	int row, line;
} places;

static int wider(int width, unsigned long long number)
{
	char text[32];
	int own = snprintf(text, sizeof text, "%llu", number);

	return own > width ? own : width;
}

/* Beside columns that take `used` at least. */
static places places_of(const hebb_worst *worst, const hebb_table *table, int used)
{
	places p = {3, table->line ? 4 : 0};

	for (int i = 0; i < worst->count; i++) {
		p.row = wider(p.row, (unsigned long long)worst->row[i].row + 1);
		if (table->line)
			p.line = wider(p.line, table->line[worst->row[i].row]);
	}
	if (2 + p.row + 2 + p.line + used > page_width(stdout))
		p.line = 0;
	return p;
}

static void print_place(const hebb_worst_row *row, const hebb_table *table, places p)
{
	printf("  %*lld", p.row, row->row + 1);
	if (p.line)
		printf("  %*lu", p.line, (unsigned long)table->line[row->row]);
}

static void print_place_heads(places p)
{
	printf("  %s%*s", dim(stdout), p.row, "row");
	if (p.line)
		printf("  %*s", p.line, "line");
}

/* As many digits as p has beside it; "<0.0001" for what these do not show. */
static const char *probability_text(double p, char text[32])
{
	const double least = 0.00005;

	if (p > 0 && p < least)
		return "<0.0001";
	snprintf(text, 32, "%.4f", p);
	return text;
}

static void print_classes(const hebb_worst *worst, const hebb_coding *coding,
			  const hebb_table *table)
{
	enum { BESIDE = 2 + 2 + 2 + 6 + 2 + 8 };
	char p_truth[32];
	places p = places_of(worst, table, BESIDE + 2 * NAME_LEAST);
	int width = class_width(worst, coding);
	int room = page_width(stdout) - BESIDE - 2 - p.row - (p.line ? 2 + p.line : 0);

	width = 2 * width > room ? room / 2 : width;
	width = width < WIDTH_LEAST ? WIDTH_LEAST : width;
	print_place_heads(p);
	fputs("  ", stdout);
	print_field(stdout, "truth", -width);
	fputs("  ", stdout);
	print_field(stdout, width < 10 ? "predicted" : "prediction", -width);
	printf("  %6s  %8s%s\n", "p", "p(truth)", plain(stdout));
	for (int i = 0; i < worst->count; i++) {
		const hebb_worst_row *row = &worst->row[i];

		print_place(row, table, p);
		fputs("  ", stdout);
		print_field(stdout, class_name(coding, row->truth, "new class"), -width);
		fputs("  ", stdout);
		print_field(stdout, class_name(coding, row->predicted, "none"), -width);
		if (row->predicted >= 0)
			printf("  %6.4f", row->output[row->predicted]);
		if (row->predicted >= 0 && row->truth >= 0)
			printf("  %8s", probability_text(row->output[row->truth], p_truth));
		putchar('\n');
	}
}

static double off_by(const hebb_worst_row *row)
{
	return fabs(row->output[0] - row->target[0]);
}

static int wider_number(int width, double value)
{
	int own = (int)strlen(digits(value).text);

	return own > width ? own : width;
}

static void print_numbers(const hebb_worst *worst, const hebb_table *table)
{
	int truth = 5, prediction = 10, off = 6;

	for (int i = 0; i < worst->count; i++) {
		truth = wider_number(truth, worst->row[i].target[0]);
		prediction = wider_number(prediction, worst->row[i].output[0]);
		off = wider_number(off, off_by(&worst->row[i]));
	}
	places p = places_of(worst, table, 2 + truth + 2 + prediction + 2 + off);
	print_place_heads(p);
	printf("  %*s  %*s  %*s%s\n", truth, "truth", prediction, "prediction", off, "off by",
	       plain(stdout));
	for (int i = 0; i < worst->count; i++) {
		const hebb_worst_row *row = &worst->row[i];

		print_place(row, table, p);
		printf("  %*s  %*s  %*s\n", truth, digits(row->target[0]).text, prediction,
		       digits(row->output[0]).text, off, digits(off_by(row)).text);
	}
}

/* How wrong output k is: the error in deviations, or 1 - p of a label's value. */
static double wrong_of(const hebb_coding *coding, const hebb_worst_row *row, int k)
{
	double off = fabs(row->output[k] - row->target[k]);

	return isnan(off) ? -1 : off / (double)coding->target_sd[k];
}

/* The most wrong targets or labels of a row. */
static void print_targets(const hebb_worst *worst, const hebb_coding *coding,
			  const hebb_worst_row *row)
{
	double below = INFINITY;
	char line[120];

	for (int named = 0; named < NAMED && named < worst->outputs; named++) {
		int next = -1;

		for (int k = 0; k < worst->outputs; k++)
			if (wrong_of(coding, row, k) < below &&
			    (next < 0 || wrong_of(coding, row, k) > wrong_of(coding, row, next)))
				next = k;
		if (next < 0 || wrong_of(coding, row, next) < 0)
			return;
		below = wrong_of(coding, row, next);
		fputs("    ", stdout);
		int column =
			4 + print_cut(stdout, coding->targets[next].name, page_width(stdout) / 2);
		snprintf(line, sizeof line, ": truth %s, %s %s", digits(row->target[next]).text,
			 coding->task == HEBB_LABELS ? "p" : "prediction",
			 digits(row->output[next]).text);
		page_words(stdout, line, column, 6);
		putchar('\n');
	}
}

static void print_several(const hebb_worst *worst, const hebb_coding *coding,
			  const hebb_table *table)
{
	for (int i = 0; i < worst->count; i++) {
		const hebb_worst_row *row = &worst->row[i];

		printf("  row %lld", row->row + 1);
		if (table->line)
			printf(" (line %lu)", (unsigned long)table->line[row->row]);
		printf("%s\n", isnan(row->output[0]) ? ": no finite answer" : "");
		print_targets(worst, coding, row);
	}
}

/* A picture of a row, and below what is right and what the model says. */
static void print_image(const hebb_coding *coding, const hebb_table *table,
			const hebb_worst_row *row)
{
	double *pixel = malloc((size_t)coding->input_count * sizeof *pixel);

	for (int i = 0; i < coding->input_count && pixel; i++)
		pixel[i] = hebb_table_value(table, row->row, coding->input_at[i]);
	if (pixel)
		print_pictures(coding, pixel, 0, NULL, 0);
	free(pixel);
	int room = (page_width(stdout) - 34) / 2; /* beside numbers and words */

	printf("  row %lld: ", row->row + 1);
	print_cut(stdout, class_name(coding, row->truth, "a new class"), room < 7 ? 7 : room);
	fputs(", predicted ", stdout);
	print_cut(stdout, class_name(coding, row->predicted, "nothing"), room < 7 ? 7 : room);
	if (row->predicted >= 0)
		printf(" (%.4f)", row->output[row->predicted]);
	fputs("\n\n", stdout);
}

void print_worst(const hebb_worst *worst, const hebb_coding *coding, const hebb_table *table)
{
	int are_pictures = coding->task == HEBB_CLASSIFICATION && is_image(coding) &&
			   table->columns == coding->columns && worst->count <= PICTURE_MOST;

	printf("\n%smost wrong%s: %d of %s\n", bold(stdout), plain(stdout), worst->count,
	       hebb_show_count(worst->rows, "row").text);
	for (int i = 0; i < worst->count && are_pictures; i++)
		print_image(coding, table, &worst->row[i]);
	if (are_pictures)
		return;
	if (coding->task == HEBB_CLASSIFICATION)
		print_classes(worst, coding, table);
	else if (coding->task == HEBB_REGRESSION && worst->outputs == 1)
		print_numbers(worst, table);
	else
		print_several(worst, coding, table);
}
