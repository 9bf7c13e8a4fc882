/* SPDX-License-Identifier: MIT */
/*
 * view.h - the picture of hebb play: the surface, the numbers and settings beside it, the keys
 */
#ifndef HEBB_CLI_VIEW_H
#define HEBB_CLI_VIEW_H

#include "play/mosaic.h"
#include "play/learner.h"

/* The least sheet on which everything has room. */
enum { VIEW_COLUMNS = 50, VIEW_ROWS = 15 };

typedef struct view {
	const learner *learner;
	const char *name;    /* of the data */
	const char *state;   /* "running", "paused" */
	const char *message; /* in place of the keys; NULL: none */
	int keys;            /* 1: the line of keys, and which key changes a setting */
	int list;            /* 1: the list of all keys in place of the surface */
	int speed;           /* epochs a picture */
} view;

/* Draws all of it on a sheet of at least that size.  0, with an error: no memory. */
int view_draw(const view *v, mosaic *sheet, hebb_error *error);

/* The settings of a learner as texts: "16,16", "3 x 16", "none". */
void view_layers(const learner *l, char *text, size_t size);

#endif
