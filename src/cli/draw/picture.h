/* SPDX-License-Identifier: MIT */
/*
 * picture.h - one number for each pixel of an image, as a picture in the terminal
 */
#ifndef HEBB_CLI_PICTURE_H
#define HEBB_CLI_PICTURE_H

#include "hebb_io.h"

/* Whether the input columns are the pixels of an image. */
int is_image(const hebb_coding *coding);

/* Prints an image (signs = 0: the larger, the darker), or what speaks for (+) and against (-) with
 * other characters. Two pictures stand side by side; `second` may be NULL. */
void print_pictures(const hebb_coding *coding, const double *first, int first_signs,
		    const double *second, int second_signs);

/* The characters of what speaks for (sign > 0) or against, from little to much. */
const char *picture_marks(int sign);

#endif
