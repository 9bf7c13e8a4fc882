/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - why a network does not learn, or learns the wrong thing, from inside
 *
 * None of the checks changes what it looks at, and none can fail: without memory, or where the
 * library has no answer, it stays silent.
 */
#ifndef HEBB_STUDY_DOCTOR_H
#define HEBB_STUDY_DOCTOR_H

#include <string.h>

#include "hebb_advanced.h"
#include "study.h"

/* Adds a finding, its sentence printf-like; what to try is added by hb_advise() to the last one. */
void hb_found(hebb_findings *to, const char *code, hebb_severity severity, const char *format, ...)
	HEBB_PRINTF(4, 5);
void hb_advise(hebb_findings *to, const char *format, ...) HEBB_PRINTF(2, 3);

/* A name for a sentence: shown, and cut if it is long.  Lasts as long as the block around it. */
enum { NAME_MOST = 64 };
#define SHORT_NAME(name) hebb_show(name, strlen(name), (char[NAME_MOST]){0}, NAME_MOST)

/* How many updates a whole run makes on so many rows. */
long long hb_updates_of(const hebb_study *o, long long rows);

/* The units of hidden layers on some rows of the data: dead or saturated.  `when` ends the
 * sentence.  fresh: the network is untrained, so that its rate is not to blame. */
void hb_check_units(const hebb_net *net, hebb_loss loss, const hebb_dataset *data, const char *when,
		    int fresh, hebb_findings *to);

/* The activation of a simple network for a task. */
hebb_activation hb_plain_output(hebb_task task);

/* Logistic or linear regression: a network without hidden layers, fitted by lbfgs in so many
 * seconds at most (0: no limit) by so many threads at most; NULL: there is no memory, or it
 * diverged.  And how many multiplications and additions that takes. */
hebb_net *hb_linear_fit(hebb_task task, const hebb_source *source, int inputs, int outputs,
			double seconds, int threads);
double hb_linear_operations(long long rows, int inputs, int outputs);

/* What scores tell: whether the network is of any use on rows that were not trained on, `name`
 * them. */
void hb_check_score(const hebb_score *held_out, const char *name, hebb_findings *to);

/* Whether it knows its training rows much better than those. */
void hb_check_fit(const hebb_score *train, const hebb_score *held_out, hebb_findings *to);

#endif
