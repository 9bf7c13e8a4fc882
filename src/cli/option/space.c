/* SPDX-License-Identifier: MIT */
/*
 * space.c - what a search searches: ranges and lists of options, and what a trial draws of them
 *
 * A drawn value is a text, as a person would type it.  It is read and checked like the command
 * line, it is written to the table of trials, and typing it gives the same network.  Numbers are
 * therefore rounded, to three digits of the width of the interval.  That also hides the last bit,
 * in which exp() differs between machines.
 */
#define _POSIX_C_SOURCE 200809L
#include "hebb_advanced.h"
#include "space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "option_table.h"
#include "draw/terminal.h"

/* Streams of random numbers of a seed; splits use lower ones. */
enum { STREAM_ORDER = 1 << 10, STREAM_TRIALS = 1 << 11 };
enum { COMBINATIONS_MOST = 1000000 };

static int can_range(const option_row *row)
{
	int of_training = row->group == GROUP_NETWORK || row->group == GROUP_TRAINING;

	return row->recorded && of_training &&
	       (row->kind == KIND_NUMBER || row->kind == KIND_COUNT || row->kind == KIND_CHOICE ||
		row->kind == KIND_LAYERS);
}

int space_takes(option_id id, const char *text)
{
	return text && can_range(&option_table[id]) && (strchr(text, '/') || strstr(text, ".."));
}

/* ---- Reading ---- */

/* Checks one value as the command line does, by reading it into unused options. */
static int read_value(option_id id, const char *text, double *value)
{
	static options scratch; /* too large for some stacks */
	const option_row *row = &option_table[id];
	const void *field = (const char *)&scratch + row->field;
	int status = option_read(id, text, &scratch);

	*value = row->kind == KIND_NUMBER  ? *(const double *)field
		 : row->kind == KIND_COUNT ? *(const int *)field
					   : 0;
	return status;
}

static int read_interval(const char *where, range *result)
{
	const option_row *row = &option_table[result->id];
	char *high = strstr(result->list, "..") + 2;
	int status;

	if (row->kind != KIND_NUMBER && row->kind != KIND_COUNT)
		return misuse(where,
			      "'%s' is an interval, which only numbers can have; give a list, "
			      "separated by /",
			      result->text);
	high[-2] = '\0';
	status = read_value(result->id, result->list, &result->low);
	if (status == EXIT_DONE)
		status = read_value(result->id, high, &result->high);
	if (status != EXIT_DONE)
		return status;
	if (result->low >= result->high || result->low < row->low)
		return misuse(where, "'%s' is not an interval from a lower to a higher number",
			      result->text);
	result->whole = row->kind == KIND_COUNT;
	result->by_log = result->low > 0 && result->high / result->low >= 10;
	return EXIT_DONE;
}

static int read_list(const char *where, range *result)
{
	int status = EXIT_DONE;
	double ignored;

	for (char *item = result->list, *end = item; end && status == EXIT_DONE; item = end + 1) {
		end = strchr(item, '/');
		if (end)
			*end = '\0';
		status = read_value(result->id, item, &ignored);
		if (status == EXIT_DONE && ((result->id == OPT_LOSS && !strcmp(item, "poisson")) ||
					    (result->id == OPT_OUTPUT && !strcmp(item, "exp"))))
			return misuse(where,
				      "with %s the targets are counts, and scores of counts and of "
				      "other numbers cannot be compared; give it alone",
				      item);
		result->items++;
		if (!end)
			break;
	}
	return status;
}

static int add_range(space *ranges, option_id id, const char *text)
{
	range *one = &ranges->range[ranges->count++];
	char where[40];

	snprintf(where, sizeof where, "--%s", option_table[id].name);
	*one = (range){.id = id, .text = strdup(text), .list = strdup(text)};
	if (!one->text || !one->list)
		return fail(where, "out of memory");
	return strchr(text, '/') ? read_list(where, one) : read_interval(where, one);
}

/* The default search: width and depth, the rate around the optimizer's default, dropout and the
 * size of a batch, except those that were given. */
static int usual_space(const options *o, space *result)
{
	int full_batch = o->study.optimizer == HEBB_RPROP || o->study.optimizer == HEBB_LBFGS;
	int status = EXIT_DONE;
	char rate[64];

	snprintf(rate, sizeof rate, "%.15g..%.15g", o->study.rate / 10, o->study.rate * 10);
	if (!option_given(o, OPT_LAYERS))
		status = add_range(result, OPT_LAYERS, "32/64/128/256/64,64/128,64/256,128");
	if (!option_given(o, OPT_RATE) && o->study.optimizer != HEBB_LBFGS && status == EXIT_DONE)
		status = add_range(result, OPT_RATE, rate);
	if (!option_given(o, OPT_DROPOUT) && o->study.hidden > 0 && !full_batch &&
	    status == EXIT_DONE)
		status = add_range(result, OPT_DROPOUT, "0/0.1/0.2/0.3/0.5");
	if (!option_given(o, OPT_BATCH) && !full_batch && status == EXIT_DONE)
		status = add_range(result, OPT_BATCH, "16/32/64/128");
	if (status == EXIT_DONE && result->count == 0)
		return misuse("search", "there is nothing to search; give an option a range such "
					"as --rate 0.0001..0.01 or --layers 64/128,64");
	return status;
}

/* Counts the combinations of lists and shuffles them. */
static int count_combinations(const options *o, space *result)
{
	long long all = 1;

	for (int i = 0; i < result->count && all; i++) {
		all *= result->range[i].items;
		all = all > COMBINATIONS_MOST ? 0 : all;
	}
	result->combinations = all;
	if (all == 0)
		return EXIT_DONE;
	result->order = malloc(sizeof *result->order * (size_t)all);
	if (!result->order)
		return fail("search", "out of memory");
	for (long long i = 0; i < all; i++)
		result->order[i] = i;
	hebb_shuffle(all, result->order, o->study.seed, STREAM_ORDER);
	return EXIT_DONE;
}

int space_open(const options *complete, space *result)
{
	int status = EXIT_DONE;

	*result = (space){.count = 0};
	for (int id = 0; id < OPTION_COUNT && status == EXIT_DONE; id++)
		if (option_ranged(complete, (option_id)id))
			status = add_range(result, (option_id)id, complete->argument[id]);
	if (status == EXIT_DONE && result->count == 0)
		status = usual_space(complete, result);
	return status == EXIT_DONE ? count_combinations(complete, result) : status;
}

void space_close(space *ranges)
{
	for (int i = 0; i < ranges->count; i++) {
		free(ranges->range[i].text);
		free(ranges->range[i].list);
	}
	free(ranges->order);
	*ranges = (space){.count = 0};
}

/* ---- Drawing ---- */

static const char *item_of(const range *choices, long long which)
{
	const char *item = choices->list;

	for (; which > 0; which--)
		item += strlen(item) + 1;
	return item;
}

/* The value at the share u, in [0, 1), of an interval. */
static void number_of(const range *interval, double u, char text[32])
{
	/* A whole number is drawn from low to below high + 1 and rounded down. */
	double low = interval->low, high = interval->high + interval->whole;
	double value = interval->by_log ? low * exp(u * log(high / low)) : low + u * (high - low);
	double span = (high - low) / fmax(fabs(low), fabs(high));
	int digits = 3 + (int)fmax(0, round(-log10(span)));

	if (interval->whole)
		snprintf(text, 32, "%.0f", fmin(floor(value), interval->high));
	else
		snprintf(text, 32, "%.*g", digits < 15 ? digits : 15, value);
	value = strtod(text, NULL);
	if (value < interval->low || value > interval->high) /* rounding may leave the interval */
		snprintf(text, 32, "%.15g", value < interval->low ? interval->low : interval->high);
}

void space_draw(const space *ranges, uint64_t seed, int trial, draw *result)
{
	float u[OPTION_COUNT];
	long long rest = ranges->combinations ? ranges->order[trial % ranges->combinations] : 0;

	hebb_uniform(ranges->count, u, seed, STREAM_TRIALS + (uint64_t)trial);
	for (int i = 0; i < ranges->count; i++) {
		const range *one = &ranges->range[i];

		result->text[i] = result->number[i];
		if (one->items == 0) {
			number_of(one, (double)u[i], result->number[i]);
		} else if (ranges->combinations == 0) {
			result->text[i] = item_of(one, (long long)((double)u[i] * one->items));
		} else {
			result->text[i] = item_of(one, rest % one->items);
			rest /= one->items;
		}
	}
}
