/* SPDX-License-Identifier: MIT */
/*
 * image.c - small images in the terminal
 *
 * An image becomes a grid of `across` x `down` shades, two of which, one above the other, are a
 * character.  A shade is the mean of the pixels that it covers.
 */
#include "image.h"

#include <math.h>
#include <string.h>

#include "draw/terminal.h"

enum {
	GAP = 2,    /* columns between images */
	SMALL = 14, /* pixels: images up to this width are drawn twice as large */
	LARGE = 32, /* columns: no image is wider, */
	TALL = 64   /* nor has more shades from top to bottom */
};

typedef struct grid {
	int across, down; /* down is even */
} grid;

static grid grid_of(const image_row *row)
{
	int most = row->page < LARGE ? row->page : LARGE;
	int across = row->width <= SMALL ? 2 * row->width : row->width;

	across = across > most ? most : across;
	double down = (double)row->height * across / row->width;
	int rows = down < TALL ? (int)(down + 0.5) : TALL;
	return (grid){across, rows < 2 ? 2 : rows + rows % 2};
}

int images_fit(const image_row *row)
{
	int count = (row->page + GAP) / (grid_of(row).across + GAP);

	return count > 1 ? count : 1;
}

/* The mean of the pixels of a place of the grid. */
static double mean_at(const image_row *row, const image *one, grid size, int x, int y)
{
	int left = (int)((long long)x * row->width / size.across);
	int right = (int)((long long)(x + 1) * row->width / size.across);
	int top = (int)((long long)y * row->height / size.down);
	int bottom = (int)((long long)(y + 1) * row->height / size.down);
	double sum = 0;

	right = right > left ? right : left + 1;
	bottom = bottom > top ? bottom : top + 1;
	for (int r = top; r < bottom; r++)
		for (int c = left; c < right; c++)
			sum += one->value[(size_t)r * (size_t)row->width + (size_t)c];
	return sum / ((double)(right - left) * (bottom - top));
}

/* The largest size of a value. */
static double most_of(const image_row *row, const image *one)
{
	double most = 0;

	for (int i = 0; i < row->height * row->width; i++)
		most = fmax(most, fabs((double)one->value[i]));
	return most;
}

/* A value as a share: 0 is the least, 1 the largest. */
static double share_of(const image_row *row, double most, double value)
{
	double share = !(most > 0) ? 0 : row->is_signed ? (value / most + 1) / 2 : value / most;

	return share >= 0 && share <= 1 ? share : share > 1; /* NaN: 0 */
}

/* A color of the 256: gray, or from blue over white to red. */
static int color_of(const image_row *row, double share)
{
	static const int from_blue_to_red[] = {20, 27, 69, 111, 153, 231, 224, 217, 210, 203, 160};

	if (row->is_signed)
		return from_blue_to_red[(int)(share * 10 + 0.5)];
	return share >= 1 ? 231 : 232 + (int)(share * 23 + 0.5);
}

static void print_colored(FILE *stream, const image_row *row, double upper, double lower)
{
	int mean = color_of(row, (upper + lower) / 2);

	if (is_utf8())
		fprintf(stream, "\033[38;5;%d;48;5;%dm▀", color_of(row, upper),
			color_of(row, lower));
	else
		fprintf(stream, "\033[48;5;%dm ", mean);
}

static void print_shade(FILE *stream, double share)
{
	static const char *const shade[] = {" ", "░", "▒", "▓", "█"};
	static const char ascii[] = " .:-=+*#%@";

	if (is_utf8())
		fputs(shade[(int)(share * 4 + 0.5)], stream);
	else
		fputc(ascii[(int)(share * 9 + 0.5)], stream);
}

/* A line of characters of one image. */
static void print_line(FILE *stream, const image_row *row, const image *one, grid size, int line)
{
	double most = row->is_signed ? most_of(row, one) : (double)row->most;
	int has_colors = *plain(stream) != '\0';

	for (int x = 0; x < size.across; x++) {
		double upper = share_of(row, most, mean_at(row, one, size, x, 2 * line));
		double lower = share_of(row, most, mean_at(row, one, size, x, 2 * line + 1));

		if (has_colors)
			print_colored(stream, row, upper, lower);
		else
			print_shade(stream, (upper + lower) / 2);
	}
	fputs(plain(stream), stream);
}

/* Blanks from the end of one image to the next. */
static void print_gap(FILE *stream, int i, int count)
{
	if (i + 1 < count)
		fprintf(stream, "%*s", GAP, "");
	else
		fputc('\n', stream);
}

void images_print(FILE *stream, const image_row *row, int count, const image *list)
{
	grid size = grid_of(row);

	for (int line = 0; line < size.down / 2; line++)
		for (int i = 0; i < count; i++) {
			print_line(stream, row, &list[i], size, line);
			print_gap(stream, i, count);
		}
	fputs(dim(stream), stream);
	for (int i = 0; i < count; i++) {
		print_field(stream, list[i].caption, -size.across);
		print_gap(stream, i, count);
	}
	fputs(plain(stream), stream);
}
