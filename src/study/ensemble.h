/* SPDX-License-Identifier: MIT */
/*
 * ensemble.h - several networks as one
 */
#ifndef HEBB_STUDY_ENSEMBLE_H
#define HEBB_STUDY_ENSEMBLE_H

#include "hebb_advanced.h"

/* The ensemble of `count` networks of the same layers, none of them HEBB_LAYER_NORM; free it with
 * hebb_net_free().  NULL: HEBB_NO_MEMORY, or a layer is too wide. */
hebb_net *hb_ensemble(hebb_net *const *member, int count, hebb_error *error);

#endif
