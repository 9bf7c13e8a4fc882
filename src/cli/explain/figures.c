/* SPDX-License-Identifier: MIT */
/*
 * figures.c - explanations as SVG files
 */
#include "figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"
#include "file/figure_folder.h"

int write_plot(const explanation *e, const char *name, const figure *picture)
{
	const char *folder = e->given->figures;
	char path[4096], *svg = picture ? figure_svg(picture) : NULL;
	hebb_error error;
	int status = figure_check(e->given, name);

	if (status == EXIT_DONE && !svg)
		status = fail("--figures", "out of memory for the figure %s", name);
	if (status == EXIT_DONE &&
	    snprintf(path, sizeof path, "%s/%s.svg", folder, name) >= (int)sizeof path)
		status = fail("--figures", "the path of the folder is too long");
	else if (status == EXIT_DONE && hebb_file_write(path, svg, strlen(svg), &error) != HEBB_OK)
		status = fail_error(NULL, &error);
	free(svg);
	return status;
}

int write_figure(const explanation *e, const char *name, figure *picture)
{
	int status = write_plot(e, name, picture);

	figure_free(picture);
	return status;
}

figure *pictures_figure(const hebb_coding *coding, const char *title, int count,
			double *const *darkness, const char *const *name)
{
	enum { COLUMNS = 24, APART = 2 };
	int width = coding->width_of_image, height = coding->height;
	double rows = (double)COLUMNS / 2 * height / width, pixel = (double)COLUMNS / width;
	figure *picture = figure_new(title, count * (COLUMNS + APART), (int)ceil(rows) + 2);

	for (int i = 0; i < count && picture; i++) {
		double left = i * (COLUMNS + APART);

		for (int at = 0; at < width * height; at++)
			if (darkness[i][at] > 0)
				figure_shade(picture, left + at % width * pixel,
					     at / width * pixel / 2, pixel, pixel / 2,
					     darkness[i][at]);
		figure_text(picture, INK_TEXT, ALIGN_MIDDLE, left + COLUMNS / 2.0, rows + 1,
			    name[i]);
	}
	return picture;
}
