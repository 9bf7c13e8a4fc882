/* SPDX-License-Identifier: MIT */
/*
 * ensemble.h - several networks as one
 */
#ifndef HEBB_STUDY_ENSEMBLE_H
#define HEBB_STUDY_ENSEMBLE_H

#include "hebb_advanced.h"

/* A network, and which input of the ensemble each of its inputs is; NULL: the one at its place. */
struct hb_member {
	const hebb_net *net;
	const int *place;
};

/* Whether both have layers of the same kinds and activations, whatever their widths and dropout. */
int hb_can_join(const hebb_net *a, const hebb_net *b);

/* The ensemble of `count` networks that can join, none of them with HEBB_LAYER_NORM; it has no
 * dropout.  Free it with hebb_net_free().  NULL: HEBB_NO_MEMORY, or a layer is too wide. */
hebb_net *hb_ensemble(int count, const struct hb_member *member, int inputs, hebb_error *error);

#endif
