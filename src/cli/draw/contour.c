/* SPDX-License-Identifier: MIT */
/*
 * contour.c - lines of equal value over a grid: marching squares (Lorensen and Cline 1987, in the
 * plane)
 *
 * A line crosses an edge of the grid where the ends of the edge lie on different sides of the
 * level.  A square has none, two or four such edges, which are joined in pairs.  Every crossed edge
 * thus knows one partner in each of its two squares, and lines are found by walking from
 * partner to partner.
 */
#include "contour.h"

#include <math.h>
#include <stdlib.h>

/* The edges of the grid have numbers: first those along x, rows x columns, then those along y; the
 * last of each row or column are never crossed. */
typedef struct grid {
	int columns, rows;
	const double *value;
	double level;
	int *partner;  /* two for each edge; -1: none */
	double *x, *y; /* of the line that is walked */
} grid;

static int is_above(const grid *on, int at)
{
	return on->value[at] >= on->level;
}

static void add_partner(grid *on, int edge, int other)
{
	int *partner = on->partner + 2 * (size_t)edge;

	partner[partner[0] >= 0] = other;
}

static void join(grid *on, int a, int b)
{
	add_partner(on, a, b);
	add_partner(on, b, a);
}

/* Joins the crossed edges of the square whose first corner is the point `at`. */
static void join_square(grid *on, int at)
{
	int corner[] = {at, at + 1, at + 1 + on->columns, at + on->columns};
	int all = on->columns * on->rows;
	int edge[] = {at, all + at + 1, at + on->columns, all + at}; /* from corner i to i + 1 */
	int crossed[4], n = 0;
	double sum = 0;

	for (int i = 0; i < 4; i++) {
		sum += on->value[corner[i]];
		if (is_above(on, corner[i]) != is_above(on, corner[(i + 1) % 4]))
			crossed[n++] = edge[i];
	}
	if (n == 0 || !isfinite(sum))
		return;
	if (n == 2) {
		join(on, crossed[0], crossed[1]);
		return;
	}
	/* A saddle: the mean decides which two of the corners the middle belongs to. */
	int middle = sum / 4 >= on->level, turn = middle == is_above(on, corner[0]);
	join(on, crossed[0], crossed[turn ? 1 : 3]);
	join(on, crossed[2], crossed[turn ? 3 : 1]);
}

/* Where the line crosses an edge, by linear interpolation. */
static void place_on(const grid *on, int edge, double *x, double *y)
{
	int all = on->columns * on->rows, upward = edge >= all, at = upward ? edge - all : edge;
	double a = on->value[at], b = on->value[at + (upward ? on->columns : 1)];
	double t = (on->level - a) / (b - a);

	*x = at % on->columns + (upward ? 0 : t);
	*y = at / on->columns + (upward ? t : 0);
}

/* Takes away one of the partners of an edge, as well as the edge from its partners, and returns
 * it; -1 if it has none. */
static int take_partner(grid *on, int edge)
{
	int *partner = on->partner + 2 * (size_t)edge,
	    next = partner[0] >= 0 ? partner[0] : partner[1];

	if (next < 0)
		return -1;
	partner[partner[0] < 0] = -1;
	int *back = on->partner + 2 * (size_t)next;
	back[back[0] != edge] = -1;
	return next;
}

/* Walks from an edge until there is no partner; returns the number of places. */
static int walk(grid *on, int edge)
{
	int n = 0;

	for (; edge >= 0; edge = take_partner(on, edge)) {
		place_on(on, edge, &on->x[n], &on->y[n]);
		n++;
	}
	return n;
}

static void walk_all(grid *on, int edges,
		     void (*line)(void *self, int n, const double *x, const double *y), void *self)
{
	/* Lines that end at the border first, from their ends; what is left is closed. */
	for (int closed = 0; closed <= 1; closed++) {
		for (int edge = 0; edge < edges; edge++) {
			const int *partner = on->partner + 2 * (size_t)edge;
			int partners = (partner[0] >= 0) + (partner[1] >= 0);
			if (partners == 1 + closed)
				line(self, walk(on, edge), on->x, on->y);
		}
	}
}

int contour(int columns, int rows, const double *value, double level,
	    void (*line)(void *self, int n, const double *x, const double *y), void *self)
{
	int edges = 2 * columns * rows;
	grid on = {.columns = columns, .rows = rows, .value = value, .level = level};

	on.partner = malloc(2 * (size_t)edges * sizeof *on.partner);
	on.x = malloc(2 * ((size_t)edges + 1) * sizeof *on.x);
	on.y = on.x ? on.x + edges + 1 : NULL;
	if (on.partner && on.x) {
		for (int i = 0; i < 2 * edges; i++)
			on.partner[i] = -1;
		for (int row = 0; row + 1 < rows; row++) {
			for (int column = 0; column + 1 < columns; column++)
				join_square(&on, row * columns + column);
		}
		walk_all(&on, edges, line, self);
	}
	int done = on.partner && on.x;
	free(on.partner);
	free(on.x);
	return done;
}
