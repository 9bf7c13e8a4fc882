/* SPDX-License-Identifier: MIT */
/*
 * picture.c - one number for each pixel, as a picture
 *
 * A character of a terminal is twice as high as it is wide: a pixel is two characters side by side
 * or, of larger images, a character has the mean of two or more pixels.
 */
#include "picture.h"

#include <math.h>
#include <stdio.h>

#include "page.h"
#include "terminal.h"

enum { GAP = 3, INDENT = 2, LEVELS = 5 };

int is_image(const hebb_coding *coding)
{
	return coding->height > 0 && coding->height * coding->width_of_image == coding->input_count;
}

/* How pixels become characters: `across` pixels wide and `down` pixels high; 0 across: a pixel is
 * two characters. */
typedef struct grain {
	int across, down, columns, rows;
} grain;

static grain grain_of(const hebb_coding *coding, int pictures)
{
	int width = coding->width_of_image, height = coding->height;
	int room = (page_width(stdout) - INDENT - GAP * (pictures - 1)) / pictures;
	grain g = {0, 1, 2 * width, height};

	while (g.columns > room && g.across < width) {
		g.across++;
		g.down = 2 * g.across;
		g.columns = (width + g.across - 1) / g.across;
		g.rows = (height + g.down - 1) / g.down;
	}
	return g;
}

/* The mean of the pixels under a character. */
static double mean_under(const hebb_coding *coding, const grain *g, const double *pixel, int column,
			 int row)
{
	int width = coding->width_of_image, across = g->across > 0 ? g->across : 1;
	int left = g->across > 0 ? column * across : column / 2, top = row * g->down, count = 0;
	double sum = 0;

	for (int y = top; y < top + g->down && y < coding->height; y++)
		for (int x = left; x < left + across && x < width; x++, count++)
			sum += pixel[(size_t)y * (size_t)width + (size_t)x];
	return count > 0 ? sum / count : 0;
}

static double largest(const hebb_coding *coding, const grain *g, const double *pixel)
{
	double most = 0;

	for (int row = 0; row < g->rows; row++)
		for (int column = 0; column < g->columns; column++)
			most = fmax(most, fabs(mean_under(coding, g, pixel, column, row)));
	return most;
}

static void print_character(double share, int has_signs)
{
	static const char *const dark_utf8[] = {" ", "░", "▒", "▓", "█"};
	static const char *const dark_ascii[] = {" ", ".", ":", "*", "#"};
	static const char *const against_utf8[] = {" ", "·", "-", "=", "≡"};
	static const char *const against_ascii[] = {" ", "`", "-", "=", "%"};
	int level = (int)floor(fabs(share) * (LEVELS - 1) + 0.5);

	level = level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level;
	if (share < 0)
		printf("%s%s%s", colored(stdout, 2),
		       (is_utf8() ? against_utf8 : against_ascii)[level], plain(stdout));
	else
		printf("%s%s%s", has_signs ? colored(stdout, 1) : "",
		       (is_utf8() ? dark_utf8 : dark_ascii)[level], has_signs ? plain(stdout) : "");
}

const char *picture_marks(int sign)
{
	if (sign > 0)
		return is_utf8() ? "░▒▓█" : ".:*#";
	return is_utf8() ? "·-=≡" : "`-=%";
}

static void print_row(const hebb_coding *coding, const grain *g, const double *pixel, double most,
		      int has_signs, int row)
{
	for (int column = 0; column < g->columns; column++) {
		double value = mean_under(coding, g, pixel, column, row);

		print_character(most > 0 ? value / most : 0, has_signs);
	}
}

void print_pictures(const hebb_coding *coding, const double *first, int first_signs,
		    const double *second, int second_signs)
{
	grain g = grain_of(coding, second ? 2 : 1);
	double most = largest(coding, &g, first), other = second ? largest(coding, &g, second) : 0;

	for (int row = 0; row < g.rows; row++) {
		printf("%*s", INDENT, "");
		print_row(coding, &g, first, most, first_signs, row);
		if (second) {
			printf("%*s", GAP, "");
			print_row(coding, &g, second, other, second_signs, row);
		}
		putchar('\n');
	}
}
