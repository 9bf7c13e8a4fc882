/* SPDX-License-Identifier: MIT */
/*
 * join.c - one coding that encodes each column in all the ways of several codings
 *
 * What is equal is there once: the levels of a text, say, or the bins of two codings that have as
 * many.  Indicators come last, as in every coding.  A column has one number that stands for a
 * missing value, whatever its ways, because a graph fills it in before it is encoded.
 */
#include "coding.h"

#include <stdlib.h>
#include <string.h>

/* Inputs of a coding, from `at` on. */
struct inputs {
	const hebb_coding *coding;
	int at;
};

/* The coding in the making. */
struct joining {
	hebb_coding *to;
	int width; /* the inputs so far */
	hebb_error *error;
};

static struct hb_line line_of(struct inputs from)
{
	const hebb_coding *coding = from.coding;
	int at = from.at;
	double mean = coding->exact_mean ? coding->exact_mean[at] : (double)coding->mean[at];
	double fill = coding->exact_fill ? coding->exact_fill[at] : (double)coding->fill[at];

	return (struct hb_line){.mean = mean, .fill = fill, .scale = coding->scale[at]};
}

static struct hb_bounds bounds_of(struct inputs from)
{
	if (!from.coding->encoding)
		return hb_bounds_of(HEBB_SCALING_STANDARD);
	return (struct hb_bounds){from.coding->least[from.at], from.coding->most[from.at]};
}

static int are_equal(struct inputs a, struct inputs b, int count)
{
	for (int k = 0; k < count; k++, a.at++, b.at++) {
		struct hb_line x = line_of(a), y = line_of(b);
		struct hb_bounds p = bounds_of(a), q = bounds_of(b);

		if (x.mean != y.mean || x.fill != y.fill || x.scale != y.scale ||
		    p.least != q.least || p.most != q.most)
			return 0;
	}
	return 1;
}

static void copy_input(struct joining *j, struct inputs from)
{
	hb_set_input(j->to, j->width, line_of(from));
	hb_set_bounds(j->to, j->width, bounds_of(from));
	j->width++;
}

/* The inputs of the result that this way of column i is; of a new way they are added. */
static hebb_status join_way(struct joining *j, int i, hebb_way way, struct inputs from, int *place)
{
	hebb_encoding *is = &j->to->encoding[i];
	struct inputs known = {j->to, j->width - is->inputs};
	int w = 0;

	for (; w < is->ways; known.at += is->way[w++].inputs)
		if (is->way[w].scaling == way.scaling && is->way[w].inputs == way.inputs &&
		    are_equal(known, from, way.inputs))
			break;
	if (w == HEBB_WAYS_MOST)
		return hebb_fail(j->error, HEBB_BAD_ARGUMENT,
				 "joined codings: column '%.60s' would be encoded in more than %d "
				 "ways",
				 j->to->inputs[i].name, HEBB_WAYS_MOST);
	if (j->to->inputs[i].kind == HEBB_NUMBER && is->ways > 0 &&
	    line_of((struct inputs){j->to, j->width - is->inputs}).fill != line_of(from).fill)
		return hebb_fail(j->error, HEBB_BAD_SHAPE,
				 "joined codings: what stands for a missing value of column "
				 "'%.60s' differs",
				 j->to->inputs[i].name);
	for (int k = 0; k < way.inputs; k++)
		place[k] = known.at + k;
	if (w < is->ways)
		return HEBB_OK;
	is->way[is->ways++] = way;
	is->inputs += way.inputs;
	for (; way.inputs > 0; way.inputs--, from.at++)
		copy_input(j, from);
	return HEBB_OK;
}

/* All ways in which one coding encodes column i, whose inputs begin at *at. */
static hebb_status join_column(struct joining *j, int i, const hebb_coding *coding, int *at,
			       int *place)
{
	hebb_encoding is = coding->encoding ? coding->encoding[i]
					    : hb_one_way(HEBB_SCALING_STANDARD,
							 hb_column_width(&coding->inputs[i]));
	hebb_status status = HEBB_OK;

	for (int w = 0; w < is.ways && !status; *at += is.way[w++].inputs)
		status = join_way(j, i, is.way[w], (struct inputs){coding, *at}, place + *at);
	return status;
}

static void join_indicators(struct joining *j, int count, const hebb_coding *const *coding,
			    int *const *place)
{
	int indicators = j->to->indicator_count;

	for (int i = 0; i < indicators; i++) {
		for (int k = 0; k < count; k++)
			place[k][coding[k]->width - indicators + i] = j->width;
		copy_input(j, (struct inputs){coding[0], coding[0]->width - indicators + i});
	}
}

/* ---- Whether they fit each other ---- */

static int is_alike(const hebb_coding *a, const hebb_coding *b)
{
	int alike = a->task == b->task && a->target_transform == b->target_transform &&
		    a->input_count == b->input_count && a->outputs == b->outputs &&
		    a->indicator_count == b->indicator_count;

	for (int i = 0; alike && i < a->input_count; i++)
		alike = a->inputs[i].kind == b->inputs[i].kind &&
			a->input_at[i] == b->input_at[i] &&
			hb_column_width(&a->inputs[i]) == hb_column_width(&b->inputs[i]);
	for (int i = 0; alike && i < a->indicator_count; i++)
		alike = a->indicator[i] == b->indicator[i];
	return alike;
}

static hebb_status check(int count, const hebb_coding *const *coding, hebb_error *error)
{
	long long width = 0;

	if (count < 1 || !coding)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there are no codings to join");
	for (int k = 0; k < count; k++) {
		if (!coding[k])
			return hb_absent("a coding", error);
		if (!is_alike(coding[0], coding[k]))
			return hebb_fail(error, HEBB_BAD_SHAPE,
					 "joined codings: coding %d has other columns, indicators "
					 "or outputs than the first",
					 k + 1);
		if (coding[k]->height > 0 && coding[k]->encoding)
			return hebb_fail(error, HEBB_BAD_SHAPE,
					 "joined codings: images are not encoded");
		width += coding[k]->width;
	}
	if (width > HEBB_MAX_UNITS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "joined codings: they may have more inputs together than the %d "
				 "of a network",
				 HEBB_MAX_UNITS);
	return HEBB_OK;
}

/* ---- The whole ---- */

/* An array of `count` in place of *array; 0: no memory. */
static int renew(void *array, size_t count, size_t size)
{
	void *old, *fresh = calloc(count, size);

	memcpy(&old, array, sizeof old);
	free(old);
	memcpy(array, &fresh, sizeof fresh);
	return fresh != NULL;
}

/* Room for the inputs of all, in place of those of the first. */
static hebb_status make_room(hebb_coding *to, int count, const hebb_coding *const *coding,
			     hebb_error *error)
{
	size_t most = 0;
	int exact = 0;

	for (int k = 0; k < count; k++) {
		most += (size_t)coding[k]->width;
		exact |= coding[k]->exact_mean != NULL;
	}
	if (renew(&to->mean, most, sizeof *to->mean) &&
	    renew(&to->scale, most, sizeof *to->scale) &&
	    renew(&to->fill, most, sizeof *to->fill) &&
	    renew(&to->least, most, sizeof *to->least) &&
	    renew(&to->most, most, sizeof *to->most) &&
	    renew(&to->encoding, (size_t)to->input_count, sizeof *to->encoding) &&
	    (!exact || (renew(&to->exact_mean, most, sizeof *to->exact_mean) &&
			renew(&to->exact_fill, most, sizeof *to->exact_fill))))
		return HEBB_OK;
	return hb_out_of_memory(error);
}

hebb_coding *hebb_coding_join(int count, const hebb_coding *const *coding, int *const *place,
			      hebb_error *error)
{
	struct joining j = {.error = error};
	hebb_status status = check(count, coding, error);
	int *at = status ? NULL : calloc((size_t)count, sizeof *at);

	j.to = at ? hebb_coding_copy(coding[0], error) : NULL;
	if (!status && !at)
		hb_out_of_memory(error);
	status = j.to ? make_room(j.to, count, coding, error) : HEBB_NO_MEMORY;
	for (int i = 0; !status && i < j.to->input_count; i++)
		for (int k = 0; k < count && !status; k++)
			status = join_column(&j, i, coding[k], &at[k], place[k]);
	free(at);
	if (status) {
		hebb_coding_free(j.to);
		return NULL;
	}
	join_indicators(&j, count, coding, place);
	j.to->width = j.width;
	hb_drop_encoding_if_none(j.to);
	return j.to;
}
