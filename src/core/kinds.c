/* SPDX-License-Identifier: MIT */
/*
 * kinds.c - the table of the kinds of layer. Each kind is one file of layer/; read layer/dense.c
 * first.
 */
#include <string.h>
#include "core.h"

static const struct hb_kind *const kinds[] = {
	[HEBB_DENSE] = &hb_dense,
	[HEBB_DROPOUT] = &hb_dropout,
	[HEBB_BATCH_NORM] = &hb_batch_norm,
	[HEBB_LAYER_NORM] = &hb_layer_norm,
	[HEBB_ADD] = &hb_add,
};

enum { KINDS = sizeof kinds / sizeof *kinds };

const struct hb_kind *hb_kind(hebb_kind kind)
{
	return (int)kind > 0 && (int)kind < KINDS ? kinds[kind] : NULL;
}

const char *hebb_kind_name(hebb_kind kind)
{
	return hb_kind(kind) ? hb_kind(kind)->name : NULL;
}

const char *hebb_kind_formula(hebb_kind kind)
{
	return hb_kind(kind) ? hb_kind(kind)->formula : NULL;
}

hebb_kind hebb_kind_find(const char *name)
{
	for (int kind = 1; name && kind < KINDS; kind++)
		if (!strcmp(kinds[kind]->name, name))
			return (hebb_kind)kind;
	return (hebb_kind)0;
}

const hebb_kind_fields *hebb_kind_about(hebb_kind kind)
{
	return hb_kind(kind) ? &hb_kind(kind)->fields : NULL;
}

int hb_size(hebb_shape shape)
{
	return shape.height * shape.width * shape.channels;
}

void hb_list(struct hb_step *s, struct hb_parameter parameter)
{
	struct hb_parameter *p = &s->parameter[s->parameters++];

	*p = parameter;
	p->about.size = sizeof p->about;
	p->about.count = 1;
	for (int i = 0; i < p->about.rank; i++)
		p->about.count *= p->about.shape[i];
	p->layer = s->l - 1;
}

long long hb_count_all(const struct hb_step *s, int running)
{
	long long count = 0;

	for (int i = 0; i < s->parameters; i++)
		if (s->parameter[i].about.running == running)
			count += s->parameter[i].about.count;
	return count;
}

const struct hb_parameter *hb_parameter(const struct hb_step *s, int running, int i)
{
	for (int k = 0; k < s->parameters; k++)
		if (s->parameter[k].about.running == running && i-- == 0)
			return &s->parameter[k];
	return NULL;
}

int hb_is_frozen(const struct hb_plan *plan, const struct hb_parameter *p)
{
	return plan->step[p->layer].layer.frozen;
}

int hb_learns(const struct hb_step *s)
{
	return hb_parameter(s, 0, 0) && !s->layer.frozen;
}

struct hb_level hb_level_at(const struct hb_level *all, int r)
{
	struct hb_level one = *all;
	size_t n = (size_t)all->s->n, m = (size_t)all->s->m, row = (size_t)r;

	one.first += r;
	one.rows = 1;
	one.x += row * n;
	one.z += row * m;
	one.h += row * m;
	one.d += row * m;
	one.memo += row * m;
	if (one.other)
		one.other += row * (size_t)hb_size(all->s->in[1]);
	return one;
}
