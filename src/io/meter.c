/* SPDX-License-Identifier: MIT */
/*
 * meter.c - how far long work has come
 *
 * The share is first + extent * done / steps.  A thread that asks while a part begins may get the
 * share of either.
 */
#include "io.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

static const double UNIT = 1e-6; /* of shares */

struct hebb_meter {
	atomic_size_t first, extent; /* units */
	atomic_size_t done, steps;   /* steps 0: nothing is known */
	double from, range;          /* where parts lie */
};

hebb_meter *hebb_meter_new(hebb_error *error)
{
	hebb_meter *meter = malloc(sizeof *meter);

	if (!meter) {
		hb_out_of_memory(error);
		return NULL;
	}
	atomic_init(&meter->first, 0);
	atomic_init(&meter->extent, 0);
	atomic_init(&meter->done, 0);
	atomic_init(&meter->steps, 0);
	hebb_meter_range(meter, 0, 1);
	return meter;
}

void hebb_meter_free(hebb_meter *meter)
{
	free(meter);
}

double hebb_meter_share(const hebb_meter *meter)
{
	hebb_meter *m = (hebb_meter *)meter; /* atomic_load() of C11 wants it so */
	size_t steps = m ? atomic_load(&m->steps) : 0, done;

	if (steps == 0)
		return NAN;
	done = atomic_load(&m->done);
	return UNIT * (double)atomic_load(&m->first) +
	       UNIT * (double)atomic_load(&m->extent) * fmin(1, (double)done / (double)steps);
}

static size_t units_of(double share)
{
	return share > 0 ? (size_t)(fmin(share, 1) / UNIT) : 0; /* NaN too */
}

void hebb_meter_part(hebb_meter *meter, double first, double last, long long steps)
{
	if (!meter)
		return;
	size_t from = units_of(meter->from + meter->range * first),
	       to = units_of(meter->from + meter->range * last);

	atomic_store(&meter->steps, 0);
	atomic_store(&meter->done, 0);
	atomic_store(&meter->first, from);
	atomic_store(&meter->extent, to > from ? to - from : 0);
	atomic_store(&meter->steps, steps > 0 ? (size_t)steps : 0);
}

void hebb_meter_range(hebb_meter *meter, double first, double last)
{
	if (!meter)
		return;
	meter->from = first;
	meter->range = last - first;
}

void hebb_meter_add(hebb_meter *meter, long long steps)
{
	if (meter && steps > 0)
		atomic_fetch_add(&meter->done, (size_t)steps);
}
