/* SPDX-License-Identifier: MIT */
/*
 * spelling.c - numbers as they are written, and finding a level by text or by number
 *
 * 1, 1.0, +1 and 1e0 are one number, written alike but for what does not matter. 01 is the same
 * number too, but leading zeros often belong to a name, such as a post code. And two integers
 * beyond 2^53 may be one double, but are not one number. So texts are compared by their value as
 * a double, then by leading zeros, then by all their digits.
 *
 * A text is a level if it is the same text; else if it is written alike with one level alone; else
 * if it is the same number as one level alone: 0.0 finds 0, and 1 finds 01 where there is no 1.
 */
#include "io.h"
#include "number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MOST = 800 };

/* A number without what does not matter. */
struct essence {
	long long zeros; /* leading ones, but for the zero of 0.5 */
	long long exponent;
	char digits[DIGITS_MOST + 2]; /* the first is not 0, nor the last; none: 0 */
};

static long long leading_zeros(const char *text)
{
	const char *p = text + (*text == '-' || *text == '+');
	size_t zeros = strspn(p, "0"), whole = strspn(p, "0123456789");

	return (long long)(zeros - (zeros > 0 && zeros == whole));
}

static void find_essence(const hb_written *number, struct essence *found)
{
	struct hb_decimal d;
	char plain[32];
	const char *text = number->text;
	size_t used = hb_decimal_read(text, strlen(text), &d);

	if (used == 0 || text[used]) { /* such as a date */
		text = hebb_format_double(number->value, plain);
		hb_decimal_read(text, strlen(text), &d);
	}
	int count = hb_decimal_digits(&d, DIGITS_MOST, found->digits, &found->exponent);
	for (; count > 0 && found->digits[count - 1] == '0'; count--)
		found->exponent++;
	found->digits[count] = 0;
	found->exponent = count > 0 ? found->exponent : 0;
	found->zeros = leading_zeros(text);
}

int hb_written_order(const hb_written *a, const hb_written *b)
{
	struct essence x, y;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	find_essence(a, &x);
	find_essence(b, &y);
	if (x.zeros != y.zeros)
		return x.zeros < y.zeros ? -1 : 1;
	if (x.exponent != y.exponent)
		return x.exponent < y.exponent ? -1 : 1;
	return strcmp(x.digits, y.digits);
}

static int equals(const char *text, const char *word)
{
	for (; *text && (*text | 0x20) == *word; text++)
		word++;
	return !*text && !*word;
}

/* The value of a number, 1 of true, 0 of false; NaN of another text. */
static double written_value(const char *text)
{
	double value;

	if (hb_is_double(text, &value))
		return value;
	return equals(text, "true") ? 1 : equals(text, "false") ? 0 : (double)NAN;
}

/* ---- Finding levels ---- */

static int by_written(const void *a, const void *b)
{
	return hb_written_order(a, b);
}

/* Lists the levels that are numbers, in order; returns how many. */
static int list_numbers(const hebb_column *column, hb_written *number)
{
	int count = 0;

	for (int i = 0; i < column->level_count; i++) {
		const char *text = column->levels[i];
		double value = written_value(text);

		if (!isnan(value))
			number[count++] = (hb_written){.text = text, .value = value, .level = i};
	}
	qsort(number, (size_t)count, sizeof *number, by_written);
	return count;
}

size_t hb_labels_bytes(const hebb_column *column)
{
	return (size_t)column->level_count * (sizeof(hb_written) + 2 * sizeof(int));
}

void hb_labels_open(hb_labels *labels, const hebb_column *column, void *memory)
{
	int levels = column->level_count, *order;

	labels->column = column;
	labels->number = memory;
	labels->order = order = (int *)(labels->number + levels);
	labels->count = list_numbers(column, labels->number);
	for (int i = 0; i < levels; i++)
		order[i] = i;
	hb_sort_texts(column->levels, levels, order, order + levels);
}

/* The value of a number that is a level, as a double or rounded to float32. */
static double value_of(const hb_written *number, int is_float)
{
	return is_float ? (double)(float)number->value : number->value;
}

/* The first number that is not less. */
static int first_from(const hb_labels *labels, double value, int is_float)
{
	int low = 0, high = labels->count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (value_of(&labels->number[middle], is_float) < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The level that is written alike; -1: there is none, or more than one. */
static int find_alike(const hb_labels *labels, int first, const hb_written *wanted)
{
	int found = -1;

	for (int i = first; i < labels->count && labels->number[i].value == wanted->value; i++) {
		if (hb_written_order(&labels->number[i], wanted) != 0)
			continue;
		if (found >= 0)
			return -1;
		found = labels->number[i].level;
	}
	return found;
}

/* The level of a number, which has the value of `wanted`. */
static int find_written(const hb_labels *labels, const hb_written *wanted)
{
	int first = first_from(labels, wanted->value, 0);
	const hb_written *number = labels->number;

	if (first == labels->count || number[first].value != wanted->value)
		return -1;
	if (first + 1 == labels->count || number[first + 1].value != wanted->value)
		return number[first].level;
	return find_alike(labels, first, wanted);
}

/* The level of a text, by its bytes; -1: there is none. */
static int find_bytes(const hb_labels *labels, const char *text)
{
	int low = 0, high = labels->column->level_count;

	while (low < high) {
		int middle = (low + high) / 2, level = labels->order[middle];
		int order = strcmp(labels->column->levels[level], text);

		if (order == 0)
			return level;
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
	return -1;
}

int hb_labels_find_text(const hb_labels *labels, const char *text)
{
	int level = find_bytes(labels, text);
	const hb_written wanted = {.text = text,
				   .value = level < 0 ? written_value(text) : (double)NAN};

	return isnan(wanted.value) ? level : find_written(labels, &wanted);
}

/* The level that becomes this float32 and is written like it or is the only one; -1: there is
 * none. */
static int find_rounded(const hb_labels *labels, double value)
{
	int first = first_from(labels, value, 1), i = first;
	char text[32];

	hebb_format_float((float)value, text);
	for (; i < labels->count && value_of(&labels->number[i], 1) == value; i++)
		if (strcmp(labels->number[i].text, text) == 0)
			return labels->number[i].level;
	return i == first + 1 ? labels->number[first].level : -1;
}

/* An integer is not rounded: 16777217 is none of the float32. */
int hb_labels_find_number(const hb_labels *labels, double value)
{
	char text[32];
	const hb_written wanted = {.text = text, .value = value + 0.0}; /* -0 is 0 */
	int first = first_from(labels, value, 0);

	hebb_format_double(wanted.value, text);
	for (int i = first; i < labels->count && labels->number[i].value == value; i++)
		if (strcmp(labels->number[i].text, text) == 0)
			return labels->number[i].level;
	int level = find_written(labels, &wanted);
	if (level < 0 && (double)(float)value == value && value != floor(value))
		level = find_rounded(labels, value);
	return level;
}

int hebb_column_twin(const hebb_column *column, int *other)
{
	hb_written *number = malloc((size_t)column->level_count * sizeof *number + 1);
	int count = number ? list_numbers(column, number) : 0, twin = -1;

	for (int i = 1; i < count && twin < 0; i++)
		if (hb_written_order(&number[i - 1], &number[i]) == 0 ||
		    (number[i - 1].value == number[i].value &&
		     fabs(number[i].value) < HB_INTEGER_MOST)) {
			twin = number[i - 1].level;
			*other = number[i].level;
		}
	free(number);
	return twin;
}
