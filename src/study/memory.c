/* SPDX-License-Identifier: MIT */
/*
 * memory.c - estimates the memory of a training before it begins
 */
#define _POSIX_C_SOURCE 200809L

#include <unistd.h>

#include "study.h"

enum {
	OF_LBFGS = 2 * 10 + 3
}; /* blocks of lbfgs: ten pairs, the direction, the start and its gradient */

/* The bytes of memory of the machine; 0: unknown. */
static double machine_memory(void)
{
#ifdef _SC_PHYS_PAGES
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (double)pages * (double)size : 0;
#else
	return 0;
#endif
}

/* The weights, their gradient, the last good ones, their average and the optimizer's moments. */
static double bytes_of_training(const hebb_study *o)
{
	int two = o->optimizer == HEBB_ADAM || o->optimizer == HEBB_ADAMW ||
		  o->optimizer == HEBB_RPROP;
	int moments = o->optimizer == HEBB_SGD     ? 0
		      : o->optimizer == HEBB_LBFGS ? OF_LBFGS
		      : two                        ? 2
						   : 1;

	return hb_layers_parameters(o, o->inputs, o->outputs) * (double)sizeof(float) *
	       (3 + (o->average > 0) + moments);
}

/* The bytes of coded rows: inputs, unless the table holds them as bytes, targets, and row
 * indices. */
static double bytes_of_rows(const hebb_study *o)
{
	const hebb_part *part[] = {&o->test, &o->validation};
	double inputs = o->table->bytes ? 0 : o->inputs;
	double bytes_of_row = (inputs + o->outputs) * (double)sizeof(float) + 2 * sizeof(long long);
	double rows = (double)o->table->rows;

	for (int i = 0; i < 2; i++)
		if (part[i]->kind == HEBB_PART_TABLE && part[i]->table)
			rows += (double)part[i]->table->rows;
	return rows * bytes_of_row;
}

double hebb_study_bytes(const hebb_study *study)
{
	return bytes_of_training(study) + bytes_of_rows(study);
}

double hb_memory_of(const hebb_study *study)
{
	return study->memory > 0 ? study->memory : machine_memory();
}

hebb_status hb_check_memory(const hebb_study *study, hebb_error *error)
{
	double memory = hb_memory_of(study);
	double training = bytes_of_training(study), needed = hebb_study_bytes(study);
	const char *limit = study->memory > 0 ? "the study may take" : "this machine has";
	hebb_number have = hebb_show_bytes(memory);

	if (memory == 0 || needed <= memory)
		return HEBB_OK;
	if (training > memory)
		return hebb_fail(error, HEBB_NO_MEMORY,
				 "--layers: training %s takes about %s of memory, %s "
				 "%s",
				 hebb_show_count((long long)hb_layers_parameters(
							 study, study->inputs, study->outputs),
						 "parameter")
					 .text,
				 hebb_show_bytes(training).text, limit, have.text);
	return hebb_fail(error, HEBB_NO_MEMORY,
			 "%s: training on %s of %s takes about %s of memory, %s %s",
			 study->table->name, hebb_show_count(study->table->rows, "row").text,
			 hebb_show_count(study->inputs, "input").text, hebb_show_bytes(needed).text,
			 limit, have.text);
}
