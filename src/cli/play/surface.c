/* SPDX-License-Identifier: MIT */
/*
 * surface.c - what the network says about each place in the plane, with the points on it
 */
#include "play/surface.h"

#include <math.h>
#include <stdlib.h>

#include "draw/terminal.h"

enum { DARK = 0x26262c, LIGHT = 0xffffff, LOW = 0x2a80ff, HIGH = 0xff8a1e };
enum { PIXELS_A_POINT = 12 }; /* more points would hide the surface */

/* Of the classes; neighbors differ in brightness too. */
static const int hue[LEARNER_CLASSES_MOST] = {0x2a80ff, 0xff8a1e, 0x22b45e, 0xe85fb4,
					      0xdcc828, 0x28c4d4, 0xe04040, 0x9a70ff};

/* A pixel, and the point on it. */
typedef struct pixel {
	int color; /* of the surface or, in half blocks, of the point */
	int ink;   /* of the mark */
	char mark; /* 0: no point */
	int shade; /* without colors */
} pixel;

typedef struct picture {
	const learner *learner;
	int rows, columns, has_colors, is_halved, outputs;
	pixel *pixel;
} picture;

static int mix(int from, int to, double share)
{
	int result = 0;

	share = fmin(fmax(share, 0), 1);
	for (int shift = 16; shift >= 0; shift -= 8) {
		double a = from >> shift & 255, b = to >> shift & 255;

		result |= (int)(a + (b - a) * share + 0.5) << shift;
	}
	return result;
}

/* Blue below the middle, orange above it. */
static int color_of_share(double share)
{
	return share < 0.5 ? mix(DARK, LOW, 1 - 2 * share) : mix(DARK, HIGH, 2 * share - 1);
}

int surface_color(const learner *l, int which)
{
	return learner_classes(l) ? hue[which] : color_of_share(which / 9.0);
}

char surface_mark(const learner *l, int which)
{
	int classes = learner_classes(l);

	if (classes == 0)
		return (char)('0' + which);
	return classes == 2 ? "ox"[which] : (char)('1' + which);
}

/* ---- The network's answers ------------------------------------------------------------------- */

static double place(const double low, const double high, int at, int count)
{
	return low + (high - low) * (at + 0.5) / count;
}

/* Calls take() with the outputs of each row of places, from the top. */
static int each_row(const learner *l, int rows, int columns,
		    void (*take)(void *self, int row, const float *h), void *self,
		    hebb_error *error)
{
	hebb_work *work = hebb_work_new(l->trial->net, columns, NULL, error);
	float *x = malloc((size_t)columns * 2 * sizeof *x);

	if (work && !x)
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	for (int r = 0; work && x && r < rows; r++) {
		double y = place(l->high[1], l->low[1], r, rows);

		for (int c = 0; c < columns; c++)
			learner_inputs(l, place(l->low[0], l->high[0], c, columns), y, x + 2 * c);
		take(self, r, hebb_forward(work, columns, x));
	}
	int done = work && x;
	free(x);
	hebb_work_free(work);
	return done;
}

static double in_units(const hebb_coding *c, float h)
{
	double mean = c->exact_target_mean ? c->exact_target_mean[0] : (double)c->target_mean[0];

	return (double)h * (double)c->target_sd[0] + mean;
}

/* 0 at the least number of the data, 1 at the largest. */
static double share_of(const learner *l, double value)
{
	double share = (value - l->target_low) / (l->target_high - l->target_low);

	return isfinite(share) ? fmin(fmax(share, 0), 1) : 0.5;
}

struct values {
	const learner *learner;
	int columns;
	double *value;
};

static void take_values(void *self, int row, const float *h)
{
	const struct values *v = self;
	int classes = learner_classes(v->learner), outputs = classes ? classes : 1;

	for (int c = 0; c < v->columns; c++)
		v->value[row * v->columns + c] =
			classes ? hebb_largest(h + c * outputs, outputs)
				: in_units(v->learner->trial->coding, h[c]);
}

int surface_values(const learner *l, int rows, int columns, double *value, hebb_error *error)
{
	struct values v = {l, columns, value};

	return each_row(l, rows, columns, take_values, &v, error);
}

/* ---- Pixels ---------------------------------------------------------------------------------- */

enum { SHADES = 5 };

static void paint_number(const picture *p, double number, pixel *at)
{
	double share = share_of(p->learner, number);

	at->color = color_of_share(share);
	at->shade = (int)fmin(share * SHADES, SHADES - 1);
}

/* How sure the network is decides how bright a class is. */
static void paint_class(const picture *p, const float *h, pixel *at)
{
	int which = hebb_largest(h, p->outputs);
	double even = 1.0 / p->outputs, sure = ((double)h[which] - even) / (1 - even);

	at->color = mix(DARK, hue[which], 0.15 + 0.6 * sure);
	at->shade = p->outputs == 2 ? (int)fmin((double)h[1] * 4, 3) : which;
}

static void paint_row(void *self, int row, const float *h)
{
	picture *p = self;

	for (int c = 0; c < p->columns; c++) {
		pixel *at = &p->pixel[row * p->columns + c];

		if (learner_classes(p->learner))
			paint_class(p, h + c * p->outputs, at);
		else
			paint_number(p, in_units(p->learner->trial->coding, h[c]), at);
	}
}

/* Marks one point.  lighter: how much brighter than the surface it is. */
static void put_point(picture *p, point one, double lighter)
{
	const learner *l = p->learner;
	double x = (one.x - l->low[0]) / (l->high[0] - l->low[0]),
	       y = (l->high[1] - one.y) / (l->high[1] - l->low[1]);

	if (!(x >= 0 && x < 1 && y >= 0 && y < 1))
		return;
	pixel *at = &p->pixel[(int)(y * p->rows) * p->columns + (int)(x * p->columns)];
	int which = learner_classes(l) ? (int)one.value : (int)fmin(share_of(l, one.value) * 10, 9);

	at->mark = surface_mark(l, which);
	at->ink = mix(learner_classes(l) ? hue[which] : color_of_share(share_of(l, one.value)),
		      LIGHT, lighter);
	if (p->is_halved)
		at->color = at->ink;
}

static void put_points(picture *p)
{
	const hebb_trial *t = p->learner->trial;
	const hebb_dataset *part[] = {t->train, t->test};
	long long all = t->train->rows + (t->test ? t->test->rows : 0);
	long long most = (long long)p->rows * p->columns / PIXELS_A_POINT;
	long long step = all > most ? (all - 1) / (most ? most : 1) + 1 : 1;

	for (int k = 0; k < 2; k++)
		for (long long r = 0; part[k] && r < part[k]->rows; r += step)
			put_point(p, learner_point(p->learner, part[k], r), k ? 0.75 : 0.35);
}

/* ---- Characters ------------------------------------------------------------------------------ */

static const char *shade_text(const picture *p, int shade)
{
	static const char *const blocks[] = {" ", "░", "▒", "▓", "█"};
	static const char *const ascii[] = {" ", ".", ":", "*", "#"};
	static const char *const textures[] = {" ", ".", ":", "-", "=", "+", "/", "%"};

	if (p->outputs > 4)
		return textures[shade];
	return is_utf8() ? blocks[shade] : ascii[shade];
}

static void put_halves(const pixel *upper, const pixel *lower, mosaic *sheet, int row, int column)
{
	if (upper->color == lower->color)
		mosaic_set(sheet, row, column, " ", NO_COLOR, upper->color);
	else
		mosaic_set(sheet, row, column, "▀", upper->color, lower->color);
}

static void put_character(const picture *p, const pixel *at, mosaic *sheet, int row, int column)
{
	const char mark[] = {at->mark, '\0'};

	if (!p->has_colors)
		mosaic_set(sheet, row, column, at->mark ? mark : shade_text(p, at->shade), NO_COLOR,
			   NO_COLOR);
	else
		mosaic_set(sheet, row, column, at->mark ? mark : " ", at->mark ? at->ink : NO_COLOR,
			   at->color);
}

static void put_picture(const picture *p, mosaic *sheet, int row, int column)
{
	for (int r = 0; r < p->rows; r += p->is_halved ? 2 : 1)
		for (int c = 0; c < p->columns; c++) {
			const pixel *at = &p->pixel[r * p->columns + c];

			if (p->is_halved)
				put_halves(at, at + p->columns, sheet, row + r / 2, column + c);
			else
				put_character(p, at, sheet, row + r, column + c);
		}
}

int surface_draw(const learner *l, mosaic *sheet, int row, int column, int rows, int columns,
		 hebb_error *error)
{
	int has_colors = sheet->colors != COLORS_NONE, halved = has_colors && is_utf8();
	picture p = {.learner = l,
		     .columns = columns,
		     .rows = halved ? 2 * rows : rows,
		     .has_colors = has_colors,
		     .is_halved = halved,
		     .outputs = l->trial->coding->outputs};

	p.pixel = calloc((size_t)p.rows * (size_t)columns, sizeof *p.pixel);
	if (!p.pixel)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory") == HEBB_OK;
	int done = each_row(l, p.rows, columns, paint_row, &p, error);
	if (done) {
		put_points(&p);
		put_picture(&p, sheet, row, column);
	}
	free(p.pixel);
	return done;
}

void surface_shades(const learner *l, char *words, size_t size)
{
	picture p = {.learner = l, .outputs = 1};

	words[0] = '\0';
	for (int i = 0; i < SHADES; i++) {
		size_t length = strlen(words);

		snprintf(words + length, size - length, "%s", shade_text(&p, i));
	}
}
