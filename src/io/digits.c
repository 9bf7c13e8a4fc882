/* SPDX-License-Identifier: MIT */
/*
 * digits.c - the handwritten digits that are part of the library
 *
 * data/digits.S puts two IDX files into the library; data/README.md says where they come from.
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <stdlib.h>
#include <string.h>

extern const unsigned char hb_digits_images[], hb_digits_images_end[];
extern const unsigned char hb_digits_labels[], hb_digits_labels_end[];

hebb_table *hebb_table_digits(hebb_error *error)
{
	static const char name[] = "digits";
	hb_idx_file images = {hb_digits_images, (size_t)(hb_digits_images_end - hb_digits_images),
			      "digits-images-idx3-ubyte"};
	hb_idx_file labels = {hb_digits_labels, (size_t)(hb_digits_labels_end - hb_digits_labels),
			      "digits-labels-idx1-ubyte"};
	hebb_table *table = hb_idx_pair(&images, &labels, name, error);
	if (!table)
		return NULL;
	char *digit = strdup("digit");
	if (!digit) {
		hebb_table_free(table);
		hb_out_of_memory(error);
		return NULL;
	}
	free(table->column[table->columns - 1].name);
	table->column[table->columns - 1].name = digit;
	table->format = name;
	table->named = 1;
	return table;
}
