/* SPDX-License-Identifier: MIT */
/*
 * classes.c - the classes of a target
 *
 * The classes of a column of texts are its texts, a mark such as NA included; only an empty field
 * and ? are missing. The classes of numbers are the numbers as they stand in the data, in ascending
 * order. Numbers that are written in several ways (spelling.c) are one class, unless each way is to
 * be a class of its own: the shortest stands for it.
 */
#include "../io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES_MOST = 10000 }; /* each is an output of the network */

void hb_add_value(double *values, int *count, double value)
{
	int low = 0, high = *count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (values[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < *count && values[low] == value)
		return;
	memmove(values + low + 1, values + low, (size_t)(*count - low) * sizeof *values);
	values[low] = value + 0.0; /* -0 is 0 */
	++*count;
}

/* The different values of a NUMBER column in ascending order, to be freed; NULL: no memory, or more
 * than `most`, then *count is most + 1. */
static double *different_values(const hebb_table *table, int column, int most, int *count)
{
	double *values = malloc(((size_t)most + 1) * sizeof *values);

	*count = 0;
	for (long long row = 0; row < table->rows && values && *count <= most; row++) {
		double value = hb_value(table, row, column);

		if (!isnan(value))
			hb_add_value(values, count, value);
	}
	if (*count <= most)
		return values;
	free(values);
	return NULL;
}

/* Makes room for the names of classes; the column becomes one of texts. */
static int make_levels(hebb_column *target, int count)
{
	target->kind = HEBB_TEXT;
	target->levels = calloc((size_t)count + 1, sizeof *target->levels);
	return target->levels != NULL;
}

static int add_level(hebb_column *target, const char *text)
{
	char *copy = malloc(strlen(text) + 1);

	if (!copy)
		return 0;
	target->levels[target->level_count++] = strcpy(copy, text);
	return 1;
}

static hebb_status fail_many(const hebb_table *table, const hebb_column *target, hebb_error *error)
{
	char shown[HB_SHOWN];

	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: column \"%s\" has more than %s, too many for "
			 "classes; choose a regression",
			 table->name, hb_show(target->name, shown),
			 hebb_show_count(CLASSES_MOST, "different value").text);
}

/* Of numbers without spellings. */
static hebb_status name_values(const hebb_table *table, int column, hebb_column *target,
			       hebb_error *error)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	int count, are_doubles = detail && detail->doubles;
	double *values = different_values(table, column, CLASSES_MOST, &count);
	char text[32];

	if (!values)
		return count > CLASSES_MOST ? fail_many(table, target, error)
					    : hb_out_of_memory(error);
	int ok = make_levels(target, count);
	for (int i = 0; i < count && ok; i++)
		ok = add_level(target, are_doubles ? hebb_format_double(values[i], text)
						   : hebb_format_float((float)values[i], text));
	free(values);
	return ok ? HEBB_OK : hb_out_of_memory(error);
}

static int by_written(const void *a, const void *b)
{
	const hb_written *x = a, *y = b;
	int order = hb_written_order(x, y);
	size_t x_size = strlen(x->text), y_size = strlen(y->text);

	if (order)
		return order;
	return x_size != y_size ? (x_size > y_size) - (x_size < y_size) : strcmp(x->text, y->text);
}

static int by_value_and_text(const void *a, const void *b)
{
	const hb_written *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* The spellings that are numbers; returns how many. */
static int list_spellings(const hebb_table *table, int column, hb_written *number)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	int count = 0;

	for (int i = 0; i < detail->spelling_count; i++)
		number[i] = (hb_written){.text = detail->spellings[i], .value = (double)NAN};
	for (long long row = 0; row < table->rows; row++)
		if (detail->spelling[row] < (uint32_t)detail->spelling_count)
			number[detail->spelling[row]].value = hb_value(table, row, column) + 0.0;
	for (int i = 0; i < detail->spelling_count; i++)
		if (!isnan(number[i].value))
			number[count++] = number[i];
	return count;
}

/* Leaves the first of those that are written alike. */
static int merge(hb_written *number, int count)
{
	int kept = count > 0;

	qsort(number, (size_t)count, sizeof *number, by_written);
	for (int i = 1; i < count; i++)
		if (hb_written_order(&number[kept - 1], &number[i]) != 0)
			number[kept++] = number[i];
	return kept;
}

/* Lists the numbers that are classes, in ascending order, to be freed; returns how many, -1: no
 * memory. */
static int list_classes(const hebb_table *table, int column, int each, hb_written **classes)
{
	size_t most = (size_t)hb_detail(table, column)->spelling_count;
	hb_written *number = *classes = malloc((most + 1) * sizeof *number);

	if (!number)
		return -1;
	int count = list_spellings(table, column, number);
	count = each ? count : merge(number, count);
	qsort(number, (size_t)count, sizeof *number, by_value_and_text);
	return count;
}

static hebb_status name_spellings(const hebb_table *table, int column, int each,
				  hebb_column *target, hebb_error *error)
{
	hb_written *number;
	int count = list_classes(table, column, each, &number);

	if (count < 0)
		return hb_out_of_memory(error);
	hebb_status status = count > CLASSES_MOST ? fail_many(table, target, error) : HEBB_OK;
	int ok = !status && make_levels(target, count);
	for (int i = 0; i < count && ok; i++)
		ok = add_level(target, number[i].text);
	free(number);
	return status || ok ? status : hb_out_of_memory(error);
}

/* Texts among which marks stand. */
static hebb_status name_texts(const hebb_table *table, int column, hebb_column *target,
			      hebb_error *error)
{
	const hebb_column_detail *detail = hb_detail(table, column);

	for (int i = 0; i < target->level_count; i++)
		free(target->levels[i]);
	free(target->levels);
	target->level_count = 0;
	int ok = make_levels(target, detail->spelling_count);
	for (int i = 0; i < detail->spelling_count && ok; i++)
		ok = add_level(target, detail->spellings[i]);
	target->missing = 0;
	for (long long row = 0; row < table->rows; row++)
		target->missing += hb_lacks_class(table, row, column);
	return ok ? HEBB_OK : hb_out_of_memory(error);
}

int hb_lacks_class(const hebb_table *table, long long row, int column)
{
	const hebb_column_detail *detail = hb_detail(table, column);

	if (table->column[column].kind != HEBB_TEXT || !detail || !detail->spellings)
		return isnan(hb_value(table, row, column));
	return detail->spelling[row] >= (uint32_t)detail->spelling_count;
}

hebb_status hb_name_classes(const hebb_table *table, int column, int each, hebb_column *target,
			    hebb_error *error)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	int has_spellings = detail && detail->spellings;
	hebb_status status = HEBB_OK;
	char shown[HB_SHOWN];

	if (target->kind == HEBB_NUMBER)
		status = has_spellings ? name_spellings(table, column, each, target, error)
				       : name_values(table, column, target, error);
	else if (has_spellings)
		status = name_texts(table, column, target, error);
	if (status)
		return status;
	if (target->level_count > CLASSES_MOST)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: column \"%s\" has %s, too many for classes", table->name,
				 hb_show(target->name, shown),
				 hebb_show_count(target->level_count, "different text").text);
	if (target->level_count < 2)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: column \"%s\" has %s; a classification needs two or more",
				 table->name, hb_show(target->name, shown),
				 target->level_count ? "the same class in all rows" : "no values");
	return HEBB_OK;
}

/* ---- Labels ---- */

static hebb_status fail_label(const hebb_table *table, const hebb_column *label, const char *has,
			      hebb_error *error)
{
	char shown[HB_SHOWN];

	return hebb_fail(
		error, HEBB_BAD_ARGUMENT,
		"%s: column \"%s\" is no label: a label has two values, such as 0 and 1 or "
		"no and yes; this has %s",
		table->name, hb_show(label->name, shown), has);
}

/* Of a label that is one number, of which there are `count` classes, those listed. */
static hebb_status name_constant(const hebb_table *table, double value, int count,
				 const hb_written *classes, hebb_column *label, hebb_error *error)
{
	const char *name[] = {"0", "1"};

	if (value != 0 && value != 1)
		return fail_label(table, label, "one, which is not 0 or 1", error);
	if (count == 1)
		name[value == 1] = classes->text;
	return make_levels(label, 2) && add_level(label, name[0]) && add_level(label, name[1])
		       ? HEBB_OK
		       : hb_out_of_memory(error);
}

static hebb_status name_numbers(const hebb_table *table, int column, hebb_column *label,
				hebb_error *error)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	int values, count = 0;
	double *different = different_values(table, column, 2, &values);
	hb_written *classes = NULL;
	hebb_status status;

	if (!different)
		return values > 2 ? fail_label(table, label, "more", error)
				  : hb_out_of_memory(error);
	if (values == 1 && detail && detail->spellings)
		count = list_classes(table, column, 0, &classes);
	if (count < 0)
		status = hb_out_of_memory(error);
	else if (values == 2 || count > 1)
		status = hb_name_classes(table, column, 0, label, error);
	else
		status =
			name_constant(table, values ? *different : 0, count, classes, label, error);
	free(classes);
	free(different);
	return status;
}

hebb_status hb_name_label(const hebb_table *table, int column, hebb_column *label,
			  hebb_error *error)
{
	hebb_status status =
		label->kind == HEBB_NUMBER ? name_numbers(table, column, label, error) : HEBB_OK;
	char count[16];

	if (status || label->level_count == 2)
		return status;
	snprintf(count, sizeof count, "%d", label->level_count);
	return fail_label(table, label, count, error);
}
