/* SPDX-License-Identifier: MIT */
/*
 * image.h - small images in the terminal
 *
 * A character shows two pixels, one above the other, by its two colors; without colors a shade of
 * their mean.  Images that are small are enlarged, and those that are large are made smaller.
 */
#ifndef HEBB_CLI_IMAGE_H
#define HEBB_CLI_IMAGE_H

#include <stdio.h>

typedef struct image {
	const float *value; /* height x width */
	char caption[80];
} image;

/* Images of one size, side by side. */
typedef struct image_row {
	int height, width;
	int is_signed; /* values around 0, each image by its own largest size; else from 0 to `most`
			*/
	float most;
	int page; /* columns */
} image_row;

/* How many fit the page: one at least. */
int images_fit(const image_row *row);

void images_print(FILE *stream, const image_row *row, int count, const image *list);

#endif
