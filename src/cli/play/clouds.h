/* SPDX-License-Identifier: MIT */
/*
 * clouds.h - the prepared data sets of hebb play: points in the plane, drawn from a seed
 */
#ifndef HEBB_CLI_CLOUDS_H
#define HEBB_CLI_CLOUDS_H

#include <stdint.h>

struct text;

/* One point: its class, from 0, or the number to predict. */
typedef struct point {
	double x, y, value;
} point;

typedef struct cloud {
	const char *name, *what;
	int classes;  /* 0: numbers are to be predicted */
	double noise; /* the usual deviation of the points from their places */
	point (*at)(int which, double t, double u); /* of a class; t, u: uniform in [0, 1) */
} cloud;

/* All of them, ended by a row without a name. */
extern const cloud clouds[];

/* NULL: there is none of this name. */
const cloud *cloud_find(const char *name);

/* The points as CSV: the columns x, y, and class ("a", "b", ...) or value. The same arguments give
 * the same text everywhere. */
void cloud_write(const cloud *which, int points, double noise, uint64_t seed, struct text *csv);

#endif
