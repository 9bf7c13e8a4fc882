/* SPDX-License-Identifier: MIT */
/*
 * clouds.c - the prepared data sets of hebb play: points in the plane, drawn from a seed
 *
 * The numbers come from one Philox stream, a fixed count for each point, so that more points begin
 * as fewer do, and more noise moves the same points further. They are written with four decimals:
 * sin() and cos() may differ in their last bits between machines, the text does not.
 */
#include "clouds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/text.h"
#include "hebb_advanced.h"

static const double PI = 3.14159265358979323846;

/* An arm of a spiral that starts at `angle` and turns `turns` times. */
static point arm(double t, double angle, double turns)
{
	double phi = angle + 2 * PI * turns * t, r = 0.05 + 0.95 * t;

	return (point){r * sin(phi), r * cos(phi), 0};
}

static point spirals(int which, double t, double u)
{
	(void)u;
	return arm(t, PI * which, 1.5);
}

static point pinwheel(int which, double t, double u)
{
	(void)u;
	return arm(t, 2 * PI / 3 * which, 0.5);
}

static point moons(int which, double t, double u)
{
	double side = which ? -1 : 1;

	(void)u;
	return (point){side * cos(PI * t) + (which ? 1 : 0), side * sin(PI * t) + (which ? 0.5 : 0),
		       0};
}

/* A disc, and a ring around it. */
static point circles(int which, double t, double u)
{
	double r = which ? 0.7 + 0.3 * u : 0.45 * sqrt(u);

	return (point){r * cos(2 * PI * t), r * sin(2 * PI * t), 0};
}

/* Four squares with a gap; the opposite ones have the same class. */
static point xor
	(int which, double t, double u) {
		int right = t < 0.5, up = right != which;
		double x = 0.08 + 0.92 * (right ? 2 * t : 2 * t - 1), y = 0.08 + 0.92 * u;

		return (point){right ? x : -x, up ? y : -y, 0};
	}

	/* Two squares, which the noise makes clusters. */
	static point gaussian(int which, double t, double u)
{
	double middle = which ? -0.5 : 0.5;

	return (point){middle + 0.5 * (t - 0.5), middle + 0.5 * (u - 0.5), 0};
}

static point waves(int which, double t, double u)
{
	point p = {2 * t - 1, 2 * u - 1, 0};

	(void)which;
	p.value = sin(PI * p.x) * cos(PI * p.y);
	return p;
}

const cloud clouds[] = {
	{"spirals", "two spirals, one in the other", 2, 0.02, spirals},
	{"moons", "two half moons that reach into each other", 2, 0.15, moons},
	{"circles", "a disc in a ring", 2, 0.05, circles},
	{"xor", "four squares, the opposite ones of the same class", 2, 0.05, xor},
	{"gaussian", "two clusters", 2, 0.2, gaussian},
	{"pinwheel", "three arms, three classes", 3, 0.05, pinwheel},
	{"waves", "a number in each place: sin(pi x) cos(pi y)", 0, 0.05, waves},
	{NULL, NULL, 0, 0, NULL},
};

const cloud *cloud_find(const char *name)
{
	for (const cloud *c = clouds; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

enum { STREAM = 20, SUM = 4, DRAWN = 2 + 2 * SUM };

/* Nearly normal with deviation 1, never beyond 3.5: the sum of four uniform numbers. */
static double normal(const float *u)
{
	double sum = 0;

	for (int i = 0; i < SUM; i++)
		sum += (double)u[i];
	return (sum - SUM / 2.0) * sqrt(12.0 / SUM);
}

static void add_number(text *csv, double value, const char *after)
{
	char one[40];

	snprintf(one, sizeof one, "%.4f", value);
	text_put(csv, strcmp(one, "-0.0000") == 0 ? "0.0000" : one);
	text_put(csv, after);
}

static void add_point(const cloud *c, int index, double noise, const float *u, text *csv)
{
	int which = c->classes ? index % c->classes : 0;
	point p = c->at(which, (double)u[0], (double)u[1]);
	double dx = noise * normal(u + 2), dy = noise * normal(u + 2 + SUM);

	add_number(csv, p.x + (c->classes ? dx : 0), ",");
	add_number(csv, p.y + (c->classes ? dy : 0), ",");
	if (c->classes)
		text_put(csv, (const char[]){(char)('a' + which), '\n', '\0'});
	else
		add_number(csv, p.value + dx, "\n");
}

void cloud_write(const cloud *which, int points, double noise, uint64_t seed, text *csv)
{
	float *u = malloc((size_t)points * DRAWN * sizeof *u);

	if (!u) {
		csv->failed = 1;
		return;
	}
	hebb_uniform((long long)points * DRAWN, u, seed, STREAM);
	text_put(csv, which->classes ? "x,y,class\n" : "x,y,value\n");
	for (int i = 0; i < points; i++)
		add_point(which, i, noise, u + (size_t)i * DRAWN, csv);
	free(u);
}
