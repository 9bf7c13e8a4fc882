/* SPDX-License-Identifier: MIT */
/*
 * idx.c - IDX, the format of MNIST
 *
 *   bytes 0, 1   zero
 *   byte 2       type of the values: 8 unsigned byte (the only one read)
 *   byte 3       number of dimensions
 *   then         each dimension, 32 bits, most significant byte first
 *   then         the values, the last dimension fastest
 *
 * The first dimension counts the rows.  Three dimensions are images, one is labels; images and
 * labels come as two files whose names differ in "images-idx3" and "labels-idx1".
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { UBYTE = 8, DIMENSIONS_MOST = 8 };

static const char idx[] = "IDX";

struct header {
	long long rows;
	int dimensions, height, width; /* height and width: of images */
	long long columns;
	const unsigned char *values;
};

int hb_idx_probe(const unsigned char *bytes, size_t size)
{
	return size >= 2 && bytes[0] == 0 && bytes[1] == 0; /* no text begins so */
}

static const char *type_name(int type)
{
	switch (type) {
	case 9:
		return "signed bytes";
	case 11:
		return "16-bit integers";
	case 12:
		return "32-bit integers";
	case 13:
		return "float32";
	case 14:
		return "float64";
	}
	return NULL;
}

static hebb_status check_type(const hb_idx_file *file, hebb_error *error)
{
	if (file->size < 4)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: is truncated: an IDX file begins with 4 bytes, %zu are there",
				 file->name, file->size);
	int type = file->bytes[2], dimensions = file->bytes[3];
	if (type_name(type))
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "%s: is IDX of %s; only unsigned bytes are read", file->name,
				 type_name(type));
	if (type != UBYTE || dimensions < 1 || dimensions > DIMENSIONS_MOST)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: begins like IDX, but has type %d and %d dimensions",
				 file->name, type, dimensions);
	return HEBB_OK;
}

/* The product of the dimensions, each believed only if the file is large enough for it. */
static hebb_status read_header(const hb_idx_file *file, struct header *header, hebb_error *error)
{
	hebb_status status = check_type(file, error);
	if (status)
		return status;
	int dimensions = file->bytes[3];
	size_t start = 4 + 4 * (size_t)dimensions;
	if (file->size < start)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: is truncated: %zu of the %zu bytes of its header are missing",
				 file->name, start - file->size, start);
	uint64_t size[DIMENSIONS_MOST], columns = 1, left = file->size - start;
	for (int i = 0; i < dimensions; i++) {
		const unsigned char *p = file->bytes + 4 + 4 * i;

		size[i] = (uint64_t)p[0] << 24 | (uint64_t)p[1] << 16 | (uint64_t)p[2] << 8 | p[3];
		if (size[i] == 0)
			return hebb_fail(error, HEBB_BAD_FORMAT, "%s: dimension %d is 0",
					 file->name, i + 1);
		columns *= i > 0 ? size[i] : 1;
		if (columns > HEBB_MAX_UNITS)
			return hebb_fail(error, HEBB_UNSUPPORTED,
					 "%s: says that a row has more than %d values", file->name,
					 HEBB_MAX_UNITS);
	}
	uint64_t all = size[0] * columns; /* < 2^32 * 2^20 */
	if (all > left)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: is truncated: %llu of its %llu bytes are missing", file->name,
				 (unsigned long long)(all - left),
				 (unsigned long long)(start + all));
	if (all < left)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: %llu bytes too many follow the %llu that its header tells of",
				 file->name, (unsigned long long)(left - all),
				 (unsigned long long)(start + all));
	*header = (struct header){(long long)size[0], dimensions,         0, 0,
				  (long long)columns, file->bytes + start};
	if (dimensions == 3) {
		header->height = (int)size[1];
		header->width = (int)size[2];
	}
	return HEBB_OK;
}

/* ---- Tables ---- */

static char *column_name(const struct header *images, int column)
{
	char name[40];

	if (images && images->height)
		snprintf(name, sizeof name, "pixel_%d_%d", column / images->width,
			 column % images->width);
	else if (images && images->dimensions > 1)
		snprintf(name, sizeof name, "x%d", column + 1);
	else
		strcpy(name, "label");
	return strdup(name);
}

/* The table of the given parts, one of which may be NULL. */
static hebb_table *make_table(const struct header *images, const struct header *labels,
			      const char *name, hebb_error *error)
{
	long long rows = images ? images->rows : labels->rows;
	int pixels = images ? (int)images->columns : 0, columns = pixels + (labels != NULL);
	hebb_table *table = hb_table_new(name, idx, rows, columns, HB_BYTES, error);

	if (!table)
		return NULL;
	table->height = images ? images->height : 0;
	table->width = images ? images->width : 0;
	for (int c = 0; c < columns; c++)
		if (!(table->column[c].name = column_name(c < pixels ? images : NULL, c))) {
			hb_out_of_memory(error);
			hebb_table_free(table);
			return NULL;
		}
	unsigned char *to = table->bytes;
	for (long long row = 0; row < rows; row++, to += columns) {
		if (images)
			memcpy(to, images->values + row * pixels, (size_t)pixels);
		if (labels)
			to[pixels] = labels->values[row];
	}
	return table;
}

hebb_table *hb_idx_pair(const hb_idx_file *images, const hb_idx_file *labels, const char *name,
			hebb_error *error)
{
	struct header image, label;

	if (read_header(images, &image, error))
		return NULL;
	if (!labels)
		return make_table(&image, NULL, name, error);
	if (read_header(labels, &label, error))
		return NULL;
	if (image.dimensions < 2 || label.dimensions != 1) {
		hebb_fail(error, HEBB_BAD_FORMAT,
			  "%s and %s: images have 3 dimensions and labels 1, these have %d and %d",
			  images->name, labels->name, image.dimensions, label.dimensions);
		return NULL;
	}
	if (image.rows != label.rows) {
		hebb_fail(error, HEBB_BAD_FORMAT, "%s: has %s, but %s has %s", images->name,
			  hebb_show_count(image.rows, "image").text, labels->name,
			  hebb_show_count(label.rows, "label").text);
		return NULL;
	}
	return make_table(&image, &label, name, error);
}

hebb_table *hb_idx_parse(const unsigned char *bytes, size_t size, const char *name,
			 const hebb_table_options *options, hebb_error *error)
{
	(void)options; /* they are those of texts */
	return hb_idx_pair(&(hb_idx_file){bytes, size, name}, NULL, name, error);
}

/* ---- Files that belong together ---- */

static int is_file(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* The path of `folder or prefix` + name, or with .gz, whichever is there: 1.  None: 0. */
static int find_part(const char *prefix, const char *name, char path[PATH_MAX])
{
	struct stat about;
	size_t length = strlen(prefix);
	int is_folder = stat(prefix, &about) == 0 && S_ISDIR(about.st_mode);
	const char *slash = is_folder && prefix[length - 1] != '/' ? "/" : "";

	for (int gz = 0; gz < 2; gz++) {
		int size =
			snprintf(path, PATH_MAX, "%s%s%s%s", prefix, slash, name, gz ? ".gz" : "");

		if (size > 0 && size < PATH_MAX && is_file(path))
			return 1;
	}
	return 0;
}

int hb_idx_is_prefix(const char *path)
{
	char found[PATH_MAX];
	struct stat about;

	if (!*path || strcmp(path, "-") == 0)
		return 0;
	if (stat(path, &about) == 0)
		return S_ISDIR(about.st_mode);
	return find_part(path, "train-images-idx3-ubyte", found) ||
	       find_part(path, "train-labels-idx1-ubyte", found);
}

static hebb_table *read_pair(const char *images, const char *labels, const char *name,
			     hebb_error *error)
{
	hb_idx_file image = {.name = images}, label = {.name = labels};
	unsigned char *pixels = NULL, *classes = NULL;
	hebb_table *table = NULL;

	if (!hebb_file_read(images, &pixels, &image.size, error) &&
	    !hebb_file_read(labels, &classes, &label.size, error)) {
		image.bytes = pixels;
		label.bytes = classes;
		table = hb_idx_pair(&image, &label, name, error);
	}
	free(pixels);
	free(classes);
	return table;
}

/* The images and labels of "train" or "t10k".  NULL with *absent if neither is there. */
static hebb_table *read_set(const char *prefix, const char *set, int *absent, hebb_error *error)
{
	char images[PATH_MAX], labels[PATH_MAX], name[64];

	snprintf(name, sizeof name, "%s-images-idx3-ubyte", set);
	int has_images = find_part(prefix, name, images);
	snprintf(name, sizeof name, "%s-labels-idx1-ubyte", set);
	int has_labels = find_part(prefix, name, labels);
	*absent = !has_images && !has_labels;
	if (has_images && has_labels)
		return read_pair(images, labels, prefix, error);
	hebb_fail(error, HEBB_IO, "%s: there is no %s-%s[.gz]", prefix, set,
		  has_images ? "labels-idx1-ubyte" : "images-idx3-ubyte");
	return NULL;
}

/* Appends the rows of `test`, which is freed. */
static hebb_status append(hebb_table *table, hebb_table *test, hebb_error *error)
{
	size_t have = (size_t)table->rows * (size_t)table->columns;
	size_t more = (size_t)test->rows * (size_t)test->columns;
	hebb_status status = HEBB_OK;

	if (test->height != table->height || test->width != table->width ||
	    test->columns != table->columns) {
		status = hebb_fail(error, HEBB_BAD_FORMAT,
				   "%s: images of %d x %d in train-..., but of %d x %d in t10k-...",
				   table->name, table->height, table->width, test->height,
				   test->width);
	} else {
		unsigned char *bytes = realloc(table->bytes, have + more);

		if (bytes) {
			memcpy(bytes + have, test->bytes, more);
			table->bytes = bytes;
			table->rows += test->rows;
		} else {
			status = hb_out_of_memory(error);
		}
	}
	hebb_table_free(test);
	return status;
}

hebb_table *hb_idx_read_prefix(const char *path, hebb_error *error)
{
	int absent;
	hebb_table *table = read_set(path, "train", &absent, error);

	if (!table && absent)
		hebb_fail(error, HEBB_IO,
			  "%s: is a directory without train-images-idx3-ubyte[.gz] and "
			  "train-labels-idx1-ubyte[.gz]",
			  path);
	if (!table)
		return NULL;
	hebb_table *test = read_set(path, "t10k", &absent, error);
	if ((!test && !absent) || (test && append(table, test, error))) {
		hebb_table_free(table);
		return NULL;
	}
	return table;
}

/* Where the labels of .../train-images-idx3-ubyte[.gz] would be ("images.idx3" likewise): 1 if
 * there is such a file. */
static int labels_beside(const char *images, char path[PATH_MAX])
{
	const char *slash = strrchr(images, '/'), *file = slash ? slash + 1 : images;
	const char *word = strstr(file, "images");
	char name[PATH_MAX];

	if (!word || (strncmp(word + 6, "-idx3", 5) != 0 && strncmp(word + 6, ".idx3", 5) != 0))
		return 0;
	const char *rest = word + strlen("images-idx3");
	size_t length = strlen(rest);
	if (length >= 3 && strcmp(rest + length - 3, ".gz") == 0)
		length -= 3;
	int size = snprintf(name, sizeof name, "%.*slabels%cidx1%.*s", (int)(word - images), images,
			    word[6], (int)length, rest);
	return size > 0 && size < (int)sizeof name && find_part(name, "", path);
}

hebb_table *hb_idx_read_beside(const hb_idx_file *images, hebb_error *error)
{
	char path[PATH_MAX];
	hb_idx_file labels = {.name = path};
	unsigned char *bytes;

	if (!labels_beside(images->name, path))
		return hb_idx_pair(images, NULL, images->name, error);
	if (hebb_file_read(path, &bytes, &labels.size, error))
		return NULL;
	labels.bytes = bytes;
	hebb_table *table = hb_idx_pair(images, &labels, images->name, error);
	free(bytes);
	return table;
}

int hb_idx_file_of(const char *data, int i, char *path)
{
	static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
					    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

	if (!hb_idx_is_prefix(data))
		return i == 1 && labels_beside(data, path);
	for (size_t k = 0; k < sizeof names / sizeof *names; k++)
		if (find_part(data, names[k], path) && i-- == 0)
			return 1;
	return 0;
}
