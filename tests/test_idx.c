/* SPDX-License-Identifier: MIT */
/*
 * test_idx.c - IDX: what a header may say, and the files that belong together, whatever they are
 * called
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <unistd.h>
#include <zlib.h>
#include "hebb_io.h"

enum { ROWS = 5, HEIGHT = 2, WIDTH = 3, PIXELS = HEIGHT * WIDTH, MOST = 64 };

static char folder[] = "idx.XXXXXX";

/* ---- Files ---- */

/* An IDX file of these dimensions whose values count up from `from`; its size. */
static size_t make(unsigned char bytes[MOST], int dimensions, const int *size, int from)
{
	size_t all = 1, start = 4 + 4 * (size_t)dimensions;

	memcpy(bytes, (unsigned char[]){0, 0, 8, (unsigned char)dimensions}, 4);
	for (int i = 0; i < dimensions; i++) {
		memcpy(bytes + 4 + 4 * i, (unsigned char[]){0, 0, 0, (unsigned char)size[i]}, 4);
		all *= (size_t)size[i];
	}
	assert_true(start + all <= MOST);
	for (size_t i = 0; i < all; i++)
		bytes[start + i] = (unsigned char)(from + (int)i);
	return start + all;
}

static const char *path_of(const char *name)
{
	static char path[300];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

/* Writes it, as gzip if its name says so. */
static void put(const char *name, int dimensions, const int *size, int from)
{
	unsigned char bytes[MOST];
	size_t length = make(bytes, dimensions, size, from), end = strlen(name);
	int is_gzip = end > 3 && strcmp(name + end - 3, ".gz") == 0;
	gzFile file = gzopen(path_of(name), is_gzip ? "wb" : "wbT"); /* T: as it is */

	assert_non_null(file);
	assert_int_equal(gzwrite(file, bytes, (unsigned)length), (int)length);
	assert_int_equal(gzclose(file), Z_OK);
}

static void put_images(const char *name, int rows, int from)
{
	put(name, 3, (int[]){rows, HEIGHT, WIDTH}, from);
}

static void put_labels(const char *name, int rows, int from)
{
	put(name, 1, &rows, from);
}

static void drop(const char *name)
{
	assert_int_equal(unlink(path_of(name)), 0);
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(folder); /* each test takes away what it wrote */
}

/* ---- Tables ---- */

/* Images that count up from `from`, then the labels; `labels` < 0: none. */
static void check_rows(const hebb_table *t, int first, int rows, int from, int labels)
{
	int columns = PIXELS + (labels >= 0);

	assert_int_equal(t->columns, columns);
	for (int row = 0; row < rows; row++) {
		const unsigned char *at = t->bytes + (first + row) * columns;

		for (int i = 0; i < PIXELS; i++)
			assert_int_equal(at[i], from + row * PIXELS + i);
		if (labels >= 0)
			assert_int_equal(at[PIXELS], labels + row);
	}
}

static hebb_table *read_there(const char *name)
{
	hebb_error error;
	hebb_table *table = hebb_table_read(path_of(name), HEBB_HEADER_AUTO, &error);

	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static void refuse_there(const char *name, hebb_status expected, const char *mentioned)
{
	hebb_error error;

	assert_null(hebb_table_read(path_of(name), HEBB_HEADER_AUTO, &error));
	test_failed(error.status, &error, expected, mentioned);
}

static void refuse(const unsigned char *bytes, size_t size, hebb_status expected,
		   const char *mentioned)
{
	hebb_error error;

	assert_null(hebb_table_parse(bytes, size, "i", HEBB_HEADER_AUTO, &error));
	test_failed(error.status, &error, expected, mentioned);
}

/* ---- What a header may say ---- */

static void types(void **state)
{
	static const char *const known[15] = {[9] = "signed bytes",
					      [11] = "16-bit",
					      [12] = "32-bit",
					      [13] = "float32",
					      [14] = "float64"};
	unsigned char bytes[MOST];
	size_t size = make(bytes, 3, (int[]){ROWS, HEIGHT, WIDTH}, 0);

	(void)state;
	for (int type = 0; type < 256; type++) {
		const char *name = type < 15 ? known[type] : NULL;

		bytes[2] = (unsigned char)type;
		if (type != 8)
			refuse(bytes, size, name ? HEBB_UNSUPPORTED : HEBB_BAD_FORMAT,
			       name ? name : "begins like IDX");
	}
}

static void dimensions(void **state)
{
	static const char *const first[] = {NULL, "label", "x1", "pixel_0_0", "x1"};
	static const char *const last[] = {NULL, "label", "x2", "pixel_1_2", "x12"};
	const int size[] = {2, 2, 3, 2};
	unsigned char bytes[MOST];
	hebb_error error;

	(void)state;
	for (int n = 1; n <= 4; n++) {
		size_t length = make(bytes, n, size, 0);
		hebb_table *t = hebb_table_parse(bytes, length, "i", HEBB_HEADER_AUTO, &error);

		assert_non_null(t);
		assert_int_equal(t->rows, 2);
		assert_string_equal(t->column[0].name, first[n]);
		assert_string_equal(t->column[t->columns - 1].name, last[n]);
		assert_int_equal(t->height, n == 3 ? 2 : 0);
		assert_int_equal(t->width, n == 3 ? 3 : 0);
		hebb_table_free(t);
		for (size_t cut = 2; cut < length; cut++)
			refuse(bytes, cut, HEBB_BAD_FORMAT,
			       cut < 4 ? "begins with 4 bytes" : "truncated");
		for (int i = 0; i < n; i++) {
			bytes[7 + 4 * i] = 0;
			refuse(bytes, length, HEBB_BAD_FORMAT, "is 0");
			bytes[7 + 4 * i] = (unsigned char)size[i];
		}
	}
	make(bytes, 3, size, 0);
	bytes[3] = 0;
	refuse(bytes, 4, HEBB_BAD_FORMAT, "0 dimensions");
	bytes[3] = 9;
	refuse(bytes, MOST, HEBB_BAD_FORMAT, "9 dimensions");
	make(bytes, 2, size, 0);
	for (int more = 0; more < 2; more++) { /* values in a row than there may be */
		uint32_t columns = HEBB_MAX_UNITS + (uint32_t)more;

		for (int i = 0; i < 4; i++)
			bytes[8 + i] = (unsigned char)(columns >> (24 - 8 * i));
		refuse(bytes, MOST, more ? HEBB_UNSUPPORTED : HEBB_BAD_FORMAT,
		       more ? "more than" : "truncated");
	}
}

/* ---- Files that belong together ---- */

/* Under each of these names, packed or not, the labels are found beside their images. */
static void labels_beside(void **state)
{
	static const char *const names[][2] = {
		{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
		{"images.idx3", "labels.idx1"},
		{"my-images-idx3", "my-labels-idx1"},
		{"images-idx3-ubyte", "labels-idx1-ubyte"}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (int packed = 0; packed < 4; packed++) {
			char images[60], labels[60];

			snprintf(images, sizeof images, "%s%s", names[i][0],
				 packed & 1 ? ".gz" : "");
			snprintf(labels, sizeof labels, "%s%s", names[i][1],
				 packed & 2 ? ".gz" : "");
			put_images(images, ROWS, 10);
			hebb_table *t = read_there(images);
			assert_int_equal(t->rows, ROWS);
			check_rows(t, 0, ROWS, 10, -1);
			hebb_table_free(t);
			put_labels(labels, ROWS, 3);
			t = read_there(images);
			check_rows(t, 0, ROWS, 10, 3);
			assert_int_equal(t->height, HEIGHT);
			hebb_table_free(t);
			drop(images);
			drop(labels);
		}
}

/* That these are the files of a table. */
static void check_files(const char *data, char name[4][60])
{
	char path[300], asked[300];
	size_t length;
	int i = 0;

	snprintf(asked, sizeof asked, "%s", path_of(data));
	for (; hebb_table_file(asked, i, path, sizeof path); i++) {
		length = strlen(name[i]);
		assert_string_equal(path + strlen(path) - length, name[i]);
		assert_false(hebb_table_file(asked, i, path, length));
	}
	assert_int_equal(i, 4);
	snprintf(asked, sizeof asked, "%s", path_of(name[0])); /* images have their labels */
	assert_true(hebb_table_file(asked, 0, path, sizeof path));
	assert_string_equal(path, asked);
	assert_true(hebb_table_file(asked, 1, path, sizeof path));
	assert_string_equal(path + strlen(path) - strlen(name[1]), name[1]);
	assert_false(hebb_table_file(asked, 2, path, sizeof path));
	assert_false(hebb_table_file(asked, -1, path, sizeof path));
	assert_false(hebb_table_file("digits", 0, path, sizeof path));
}

/* A folder, or the beginning of the names. */
static void folders(void **state)
{
	static const char *const prefixes[] = {"", "mine-"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
		char name[4][60];

		snprintf(name[0], sizeof *name, "%strain-images-idx3-ubyte", prefixes[i]);
		snprintf(name[1], sizeof *name, "%strain-labels-idx1-ubyte.gz", prefixes[i]);
		snprintf(name[2], sizeof *name, "%st10k-images-idx3-ubyte.gz", prefixes[i]);
		snprintf(name[3], sizeof *name, "%st10k-labels-idx1-ubyte", prefixes[i]);
		put_labels(name[1], ROWS, 3);
		refuse_there(prefixes[i], HEBB_IO, "no train-images");
		put_images(name[0], ROWS, 10);
		hebb_table *t = read_there(prefixes[i]);
		assert_int_equal(t->rows, ROWS);
		check_rows(t, 0, ROWS, 10, 3);
		hebb_table_free(t);
		put_images(name[2], 2, 100);
		refuse_there(prefixes[i], HEBB_IO, "no t10k-labels");
		put_labels(name[3], 2, 7);
		t = read_there(prefixes[i]);
		assert_int_equal(t->rows, ROWS + 2);
		check_rows(t, 0, ROWS, 10, 3);
		check_rows(t, ROWS, 2, 100, 7);
		hebb_table_free(t);
		check_files(prefixes[i], name);
		put(name[2], 3, (int[]){2, WIDTH, HEIGHT}, 100); /* as many pixels */
		refuse_there(prefixes[i], HEBB_BAD_FORMAT, "2 x 3 in train-..., but of 3 x 2");
		for (int file = 0; file < 4; file++)
			drop(name[file]);
	}
	refuse_there("", HEBB_IO, "is a directory without");
}

static void files_that_disagree(void **state)
{
	(void)state;
	put_images("images.idx3", ROWS, 0);
	put_labels("labels.idx1", ROWS - 1, 0);
	refuse_there("images.idx3", HEBB_BAD_FORMAT, "has 5 images, but");
	put("labels.idx1", 2, (int[]){ROWS, 2}, 0);
	refuse_there("images.idx3", HEBB_BAD_FORMAT, "these have 3 and 2");
	put_labels("images.idx3", ROWS, 0);
	put_labels("labels.idx1", ROWS, 0);
	refuse_there("images.idx3", HEBB_BAD_FORMAT, "these have 1 and 1");
	drop("images.idx3");
	drop("labels.idx1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),
		cmocka_unit_test(dimensions),
		cmocka_unit_test(labels_beside),
		cmocka_unit_test(folders),
		cmocka_unit_test(files_that_disagree),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
