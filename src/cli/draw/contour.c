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

/* Edges are numbered: first those along x (rows x columns), then those along y. The last edge of
 * each row or column does not exist and is never crossed. */
typedef struct grid {
	int columns, rows;
	const double *value;
	double level;
	int *partner;  /* two for each edge; -1: none */
	double *x, *y; /* of the line that is walked */
} grid;

static int is_above(const grid *map, int point)
{
	return map->value[point] >= map->level;
}

static void add_partner(grid *map, int edge, int other)
{
	int *partner = map->partner + 2 * (size_t)edge;

	partner[partner[0] >= 0] = other;
}

static void join(grid *map, int a, int b)
{
	add_partner(map, a, b);
	add_partner(map, b, a);
}

/* Joins the crossed edges of the square whose first corner is `point`. */
static void join_square(grid *map, int point)
{
	int corner[] = {point, point + 1, point + 1 + map->columns, point + map->columns};
	int all = map->columns * map->rows;
	int edge[] = {point, all + point + 1, point + map->columns,
		      all + point}; /* from corner i to i + 1 */
	int crossed[4], n = 0;
	double sum = 0;

	for (int i = 0; i < 4; i++) {
		sum += map->value[corner[i]];
		if (is_above(map, corner[i]) != is_above(map, corner[(i + 1) % 4]))
			crossed[n++] = edge[i];
	}
	if (n == 0 || !isfinite(sum))
		return;
	if (n == 2) {
		join(map, crossed[0], crossed[1]);
		return;
	}
	/* A saddle: the mean decides which two of the corners the middle belongs to. */
	int middle = sum / 4 >= map->level, turn = middle == is_above(map, corner[0]);
	join(map, crossed[0], crossed[turn ? 1 : 3]);
	join(map, crossed[2], crossed[turn ? 3 : 1]);
}

/* Where the line crosses an edge, by linear interpolation. */
static void place_on(const grid *map, int edge, double *x, double *y)
{
	int all = map->columns * map->rows, upward = edge >= all, at = upward ? edge - all : edge;
	double a = map->value[at], b = map->value[at + (upward ? map->columns : 1)];
	double t = (map->level - a) / (b - a);

	*x = at % map->columns + (upward ? 0 : t);
	*y = at / map->columns + (upward ? t : 0);
}

/* Separates an edge from one of its partners and returns that partner; -1 if there is none. */
static int take_partner(grid *map, int edge)
{
	int *partner = map->partner + 2 * (size_t)edge,
	    next = partner[0] >= 0 ? partner[0] : partner[1];

	if (next < 0)
		return -1;
	partner[partner[0] < 0] = -1;
	int *back = map->partner + 2 * (size_t)next;
	back[back[0] != edge] = -1;
	return next;
}

/* Walks from an edge until there is no partner; returns the number of places. */
static int walk(grid *map, int edge)
{
	int n = 0;

	for (; edge >= 0; edge = take_partner(map, edge)) {
		place_on(map, edge, &map->x[n], &map->y[n]);
		n++;
	}
	return n;
}

static void walk_all(grid *map, int edges,
		     void (*line)(void *self, int n, const double *x, const double *y), void *self)
{
	/* First the lines that end at the border, from their ends; the others are closed. */
	for (int closed = 0; closed <= 1; closed++) {
		for (int edge = 0; edge < edges; edge++) {
			const int *partner = map->partner + 2 * (size_t)edge;
			int partners = (partner[0] >= 0) + (partner[1] >= 0);
			if (partners == 1 + closed)
				line(self, walk(map, edge), map->x, map->y);
		}
	}
}

int contour(int columns, int rows, const double *value, double level,
	    void (*line)(void *self, int n, const double *x, const double *y), void *self)
{
	int edges = 2 * columns * rows;
	grid map = {.columns = columns, .rows = rows, .value = value, .level = level};

	map.partner = malloc(2 * (size_t)edges * sizeof *map.partner);
	map.x = malloc(2 * ((size_t)edges + 1) * sizeof *map.x);
	map.y = map.x ? map.x + edges + 1 : NULL;
	if (map.partner && map.x) {
		for (int i = 0; i < 2 * edges; i++)
			map.partner[i] = -1;
		for (int row = 0; row + 1 < rows; row++) {
			for (int column = 0; column + 1 < columns; column++)
				join_square(&map, row * columns + column);
		}
		walk_all(&map, edges, line, self);
	}
	int complete = map.partner && map.x;
	free(map.partner);
	free(map.x);
	return complete;
}
