/* SPDX-License-Identifier: MIT */
/*
 * mates.c - the members of a mean whose recipes differ
 *
 * Each is a trial of its own on the same rows, with the coding that its recipe wants.  The network
 * of the mean sees all their inputs (hebb_coding_join()).
 */
#include <stdio.h>
#include <stdlib.h>

#include "effort.h"
#include "ensemble.h"
#include "trial.h"

/* A member, from 1 on: the trial itself is member 0. */
struct mate {
	hebb_study study;
	hebb_trial *trial;
};

static hebb_status train(const hebb_trial *first, int k, struct mate *mate, hebb_error *error)
{
	hebb_status status;

	mate->study = first->study->mate[k - 1];
	mate->study.cancel = first->study->cancel;
	mate->study.progress = hb_watch_member;
	mate->study.self = (void *)first;
	mate->trial = hb_trial_of_part(&mate->study, first->seed, first->fold, first->inside->part,
				       error);
	if (!mate->trial)
		return error->status;
	hebb_net_free(mate->trial->net);
	mate->trial->seed = hb_member_seed(first->seed, k);
	mate->trial->net = hb_trial_net(mate->trial, mate->trial->seed, error);
	status = mate->trial->net ? hebb_trial_start(mate->trial, error) : error->status;
	if (!status)
		status = hebb_train(
			mate->trial->trainer, &mate->trial->inside->train,
			mate->trial->validation ? &mate->trial->inside->validation : NULL, error);
	hb_trial_end(mate->trial);
	return status;
}

/* The place of each input of each member, one behind the other; freed by free(). */
static int *make_places(int count, const hebb_coding *const *coding, int **place)
{
	size_t all = 0, at = 0;

	for (int k = 0; k < count; k++)
		all += (size_t)coding[k]->width;
	int *places = malloc(sizeof *places * all);
	for (int k = 0; k < count && places; at += (size_t)coding[k++]->width)
		place[k] = places + at;
	return places;
}

/* Makes one network and one coding of those that are trained. */
static hebb_status join(hebb_trial *first, int count, const hebb_trial *const *trial,
			hebb_error *error)
{
	const hebb_coding *coding[HEBB_MEMBERS_MOST];
	struct hb_member member[HEBB_MEMBERS_MOST];
	int *place[HEBB_MEMBERS_MOST], *places;
	hebb_net *all = NULL;

	for (int k = 0; k < count; k++) {
		coding[k] = trial[k]->coding;
		if (!hb_can_join(first->net, trial[k]->net))
			return hebb_fail(error, HEBB_BAD_SHAPE,
					 "the networks of an ensemble have different layers");
	}
	places = make_places(count, coding, place);
	if (!places)
		return hebb_fail(error, HEBB_NO_MEMORY, "no memory for an ensemble");
	first->inside->joined = hebb_coding_join(count, coding, place, error);
	for (int k = 0; k < count; k++)
		member[k] = (struct hb_member){trial[k]->net, place[k]};
	if (first->inside->joined)
		all = hb_ensemble(count, member, first->inside->joined->width, error);
	free(places);
	if (!all) {
		hebb_coding_free(first->inside->joined);
		first->inside->joined = NULL;
		return error->status;
	}
	hebb_net_free(first->net);
	first->net = all;
	return HEBB_OK;
}

hebb_status hb_trial_add_mates(hebb_trial *trial, hebb_error *error)
{
	int members = trial->study->members, count = 1;
	struct hb_members *all = &trial->inside->members;
	char place[32];
	struct mate *mate = calloc((size_t)members, sizeof *mate);
	const hebb_trial *trained[HEBB_MEMBERS_MOST] = {trial};
	hebb_status status =
		mate ? HEBB_OK : hebb_fail(error, HEBB_NO_MEMORY, "no memory for an ensemble");

	for (int k = 1; k < members && !status; k++) {
		status = train(trial, k, &mate[k], error);
		all->before += all->now;
		all->seen += all->sees;
		if (!status)
			trained[count++] = mate[k].trial;
		else
			snprintf(place, sizeof place, "network %d of %d", k + 1, members);
	}
	trial->seconds += all->before;
	trial->seen += all->seen;
	all->parameters = 0;
	for (int k = 0; k < count; k++)
		all->parameters += hebb_net_parameters(trained[k]->net);
	if (!status)
		status = join(trial, count, trained, error);
	else if (status && mate)
		hb_where(place, status, error);
	for (int k = 1; k < members && mate; k++)
		hebb_trial_free(mate[k].trial);
	free(mate);
	return status;
}
