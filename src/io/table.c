/* SPDX-License-Identifier: MIT */
/*
 * table.c - tables: reading, finding columns, hashing, freeing
 *
 * The content alone decides the format. A new format is a row of `formats` and a file of its own.
 * CSV comes last, because any text may be CSV.
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct format {
	const char *name;
	int (*probe)(const unsigned char *bytes, size_t size);
	hebb_table *(*parse)(const unsigned char *bytes, size_t size, const char *name,
			     const hebb_table_options *options, hebb_error *error);
};

static const struct format formats[] = {
	{"IDX", hb_idx_probe, hb_idx_parse},
	{"CSV", hb_csv_probe, hb_csv_parse},
};

/* What people have at hand and what it would be refused for as CSV, with no useful reason. */
static const struct signature {
	const char *bytes;
	size_t size;
	const char *what;
} foreign[] = {
	{"PK\3\4", 4, "a ZIP archive (.xlsx, .npz)"},
	{"\x93NUMPY", 6, "a NumPy file (.npy)"},
	{"PAR1", 4, "a Parquet file"},
	{"SQLite format 3", 15, "an SQLite database"},
	{"\x89HDF", 4, "an HDF5 file"},
	{"ARROW1", 6, "an Arrow file"},
	{"%PDF", 4, "a PDF document"},
	{"\x89PNG", 4, "a PNG image"},
	{"\xff\xd8\xff", 3, "a JPEG image"},
	{"\xfd"
	 "7zXZ",
	 5, "xz data"},
	{"BZh", 3, "bzip2 data"},
	{"\x28\xb5\x2f\xfd", 4, "zstd data"},
	{"\x7f"
	 "ELF",
	 4, "a program"},
};

/* ---- Options ---- */

void hebb_table_options_init(hebb_table_options *options, size_t size)
{
	const hebb_table_options all = {.size = sizeof all, .header = HEBB_HEADER_AUTO};

	hebb_sized_fill(options, size, &all);
}

/* 1 if a character that separates is 0 or one of `possible`. */
static int is_one_of(char character, const char *possible)
{
	return character == '\0' || strchr(possible, character);
}

static hebb_status check_options(const hebb_table_options *o, hebb_error *error)
{
	if (!hebb_header_name(o->header))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d is not a hebb_header",
				 (int)o->header);
	if (o->skip < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d lines cannot be skipped", o->skip);
	if (!is_one_of(o->separator, ",;\t| "))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the separator '%c' is none of ',', ';', '|', tab and blank",
				 o->separator);
	if (!is_one_of(o->decimal, ".,"))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "the decimal mark '%c' is not . or ,",
				 o->decimal);
	if (!is_one_of(o->thousands, ".,' "))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the mark '%c' between thousands is none of . , ' and blank",
				 o->thousands);
	if (o->thousands && o->thousands == o->decimal)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "'%c' cannot be both the decimal mark and the mark between "
				 "thousands",
				 o->decimal);
	if (o->threads < 0 || o->threads > HEBB_MAX_THREADS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%d threads; 0 to %d are possible, 0 for all processors",
				 o->threads, HEBB_MAX_THREADS);
	if (o->encoding && strcmp(o->encoding, "utf-8") != 0 && strcmp(o->encoding, "latin-1") != 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the encoding '%.20s' is not utf-8 or latin-1", o->encoding);
	return HEBB_OK;
}

hebb_status hb_table_options_take(const hebb_table_options *given, hebb_table_options *options,
				  hebb_error *error)
{
	hebb_status status = HEBB_OK;

	*options = hebb_table_options_default();
	if (given)
		status = hebb_sized_copy(options, sizeof *options, given, "hebb_table_options",
					 "hebb_table_options_default()", error);
	return status ? status : check_options(options, error);
}

/* ---- Reading ---- */

hebb_status hb_table_refuse(const void *bytes, size_t size, const char *name, hebb_error *error)
{
	if (size == 0)
		return hebb_fail(error, HEBB_BAD_FORMAT, "%s: is empty", name);
	if (hebb_model_probe(bytes, size))
		return hebb_fail(error, HEBB_BAD_FORMAT, "%s: is a model (ONNX) and holds no data",
				 name);
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (size >= foreign[i].size &&
		    memcmp(bytes, foreign[i].bytes, foreign[i].size) == 0)
			return hebb_fail(error, HEBB_UNSUPPORTED,
					 "%s: is %s; data is read from CSV or IDX", name,
					 foreign[i].what);
	return HEBB_OK;
}

static hebb_table *parse(const void *bytes, size_t size, const char *name,
			 const hebb_table_options *options, hebb_error *error)
{
	const struct format *format = formats;

	if (!name || (size > 0 && !bytes)) {
		hb_absent(name ? "the text to read" : "the name of the table", error);
		return NULL;
	}
	if (hb_table_refuse(bytes, size, name, error))
		return NULL;
	while (!format->probe(bytes, size))
		format++;
	return format->parse(bytes, size, name, options, error);
}

hebb_table *hebb_table_parse_with(const void *bytes, size_t size, const char *name,
				  const hebb_table_options *given, hebb_error *error)
{
	hebb_table_options options;

	if (hb_table_options_take(given, &options, error))
		return NULL;
	return parse(bytes, size, name, &options, error);
}

hebb_table *hebb_table_read_with(const char *data, const hebb_table_options *given,
				 hebb_error *error)
{
	hebb_table_options options;
	unsigned char *bytes;
	size_t size;
	hebb_table *table;

	if (hb_table_options_take(given, &options, error))
		return NULL;
	if (!data) {
		hb_absent("the name of the data", error);
		return NULL;
	}
	if (strcmp(data, "digits") == 0)
		return hebb_table_digits(error);
	if (hb_idx_is_prefix(data))
		return hb_idx_read_prefix(data, error);
	if (hb_file_read_metered(data, options.meter, &bytes, &size, error))
		return NULL;
	const char *name = strcmp(data, "-") == 0 ? "standard input" : data;
	if (hb_idx_probe(bytes, size))
		table = hb_idx_read_beside(&(hb_idx_file){bytes, size, name}, error);
	else
		table = parse(bytes, size, name, &options, error);
	free(bytes);
	return table;
}

static hebb_table_options with_header(hebb_header header)
{
	hebb_table_options options = hebb_table_options_default();

	options.header = header;
	return options;
}

hebb_table *hebb_table_parse(const void *bytes, size_t size, const char *name, hebb_header header,
			     hebb_error *error)
{
	const hebb_table_options options = with_header(header);

	return hebb_table_parse_with(bytes, size, name, &options, error);
}

hebb_table *hebb_table_read(const char *data, hebb_header header, hebb_error *error)
{
	const hebb_table_options options = with_header(header);

	return hebb_table_read_with(data, &options, error);
}

int hebb_table_file(const char *data, int i, char *path, size_t room)
{
	char found[PATH_MAX];
	const char *from = found;

	if (strcmp(data, "digits") == 0 || i < 0)
		return 0;
	if (i == 0 && !hb_idx_is_prefix(data))
		from = data;
	else if (!hb_idx_file_of(data, i, found))
		return 0;
	if (strlen(from) >= room)
		return 0;
	strcpy(path, from);
	return 1;
}

/* ---- Making and freeing ---- */

hebb_table *hb_table_new(const char *name, const char *format, long long rows, int columns,
			 enum hb_storage storage, hebb_error *error)
{
	hebb_table *table = calloc(1, sizeof *table);
	size_t width = (size_t)columns, height = (size_t)rows, count = rows ? width * height : 0;
	int has_values = 0;

	if (table && rows <= (long long)(PTRDIFF_MAX / sizeof *table->line) &&
	    (rows == 0 || width <= PTRDIFF_MAX / sizeof(float) / height)) {
		table->name = strdup(name);
		table->column = calloc(width ? width : 1, sizeof *table->column);
		table->columns = table->column ? columns : 0;
		if (storage == HB_BYTES) {
			table->bytes = malloc(count ? count : 1);
			has_values = table->bytes != NULL;
		} else {
			table->values = malloc(count ? count * sizeof(float) : 1);
			table->line = malloc((rows ? height : 1) * sizeof *table->line);
			has_values = table->values && table->line;
		}
	}
	if (!table || !table->name || !table->column || !has_values) {
		hebb_table_free(table);
		hebb_fail(error, HEBB_NO_MEMORY, "%s: out of memory for a table of %s and %s", name,
			  hebb_show_count(rows, "row").text,
			  hebb_show_count(columns, "column").text);
		return NULL;
	}
	for (int c = 0; c < columns; c++)
		table->column[c].kind = HEBB_NUMBER;
	table->format = format;
	table->rows = table->test_from = rows;
	return table;
}

static void free_detail(hebb_column_detail *detail)
{
	if (!detail)
		return;
	for (int i = 0; i < detail->spelling_count; i++)
		free(detail->spellings[i]);
	free(detail->spellings);
	free(detail->spelling);
	free(detail->doubles);
	free(detail->marks);
	free(detail);
}

hebb_column_detail *hb_add_detail(hebb_table *table, int column)
{
	size_t columns = (size_t)table->columns;

	if (!table->detail)
		table->detail = calloc(columns ? columns : 1, sizeof *table->detail);
	if (!table->detail || table->detail[column])
		return table->detail ? table->detail[column] : NULL;
	hebb_column_detail *detail = calloc(1, sizeof *detail);
	if (detail)
		detail->form = HEBB_FORM_PLAIN;
	return table->detail[column] = detail;
}

void hb_column_clear(hebb_column *column)
{
	for (int i = 0; i < column->level_count && column->levels; i++)
		free(column->levels[i]);
	free(column->levels);
	free(column->name);
	*column = (hebb_column){0};
}

hebb_status hb_column_copy(hebb_column *to, const hebb_column *from, hebb_error *error)
{
	*to = (hebb_column){.kind = from->kind, .missing = from->missing};
	to->name = strdup(from->name);
	if (from->level_count > 0)
		to->levels = calloc((size_t)from->level_count, sizeof *to->levels);
	int made = to->name && (to->levels || from->level_count == 0);
	for (int i = 0; made && i < from->level_count; i++) {
		to->levels[i] = strdup(from->levels[i]);
		to->level_count = i + 1;
		made = to->levels[i] != NULL;
	}
	if (made)
		return HEBB_OK;
	hb_column_clear(to);
	return hb_out_of_memory(error);
}

void hebb_table_free(hebb_table *table)
{
	if (!table)
		return;
	for (int c = 0; c < table->columns; c++) {
		hb_column_clear(&table->column[c]);
		if (table->detail)
			free_detail(table->detail[c]);
	}
	free(table->detail);
	for (int i = 0; i < table->note_count; i++)
		free(table->notes[i]);
	free(table->notes);
	free(table->layout);
	free(table->column);
	free(table->name);
	free(table->bytes);
	free(table->values);
	free(table->line);
	free(table);
}

void hb_table_note(hebb_table *table, const char *format, ...)
{
	char text[sizeof((hebb_error *)0)->message];
	char **notes = realloc(table->notes, ((size_t)table->note_count + 1) * sizeof *notes);
	va_list arguments;

	if (!notes)
		return;
	table->notes = notes;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	notes[table->note_count] = strdup(text);
	table->note_count += notes[table->note_count] != NULL;
}

/* ---- Values ---- */

double hebb_table_value(const hebb_table *table, long long row, int column)
{
	return hb_value(table, row, column);
}

/* ---- Finding a column ---- */

enum { LISTED_MOST = 6 }; /* columns in a message */

int hb_column_number(const char *text, size_t size, int columns)
{
	long long number = 0;

	for (size_t i = 0; i < size; i++) {
		if (!hb_is_digit(text[i]) || number > columns)
			return 0;
		number = 10 * number + (text[i] - '0');
	}
	return number <= columns ? (int)number : 0;
}

/* "'a', 'b' and 3 more" into `text`. */
static const char *list_columns(const hebb_table *table, char *text, size_t size)
{
	int shown = table->columns <= LISTED_MOST + 1 ? table->columns : LISTED_MOST;
	size_t length = 0;
	char name[HB_SHOWN];

	text[0] = '\0';
	for (int c = 0; c < shown && length < size; c++)
		length += (size_t)snprintf(text + length, size - length, "%s'%s'",
					   c == 0                                      ? ""
					   : c == shown - 1 && shown == table->columns ? " and "
										       : ", ",
					   hb_show(table->column[c].name, name));
	if (shown < table->columns && length < size)
		snprintf(text + length, size - length, " and %d more", table->columns - shown);
	return text;
}

int hb_column_nearest(const hebb_table *table, const char *name)
{
	int nearest = -1, least = 0;

	for (int c = 0; c < table->columns; c++) {
		int distance = hebb_name_distance(name, table->column[c].name);

		if (distance >= 0 && (nearest < 0 || distance < least)) {
			nearest = c;
			least = distance;
		}
	}
	return nearest;
}

static int is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static void fail_column(const hebb_table *table, const char *column, hebb_error *error)
{
	char wanted[HB_SHOWN], near[HB_SHOWN], list[(LISTED_MOST + 1) * (HB_SHOWN + 4) + 32];
	int nearest = is_number(column) ? -1 : hb_column_nearest(table, column);

	if (nearest >= 0)
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  "%s: there is no column '%s'; did you mean '%s'?", table->name,
			  hb_show(column, wanted), hb_show(table->column[nearest].name, near));
	else if (is_number(column))
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  "%s: there is no column %s; they are numbered from 1 to %d", table->name,
			  hb_show(column, wanted), table->columns);
	else
		hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there is no column '%s'; %s %s",
			  table->name, hb_show(column, wanted),
			  table->columns == 1 ? "the only one is" : "the columns are",
			  list_columns(table, list, sizeof list));
}

int hebb_table_find(const hebb_table *table, const char *column, hebb_error *error)
{
	if (!table || !column) {
		hb_absent(table ? "the column" : "the table", error);
		return -1;
	}
	for (int c = 0; c < table->columns; c++)
		if (strcmp(table->column[c].name, column) == 0)
			return c;
	int number = hb_column_number(column, strlen(column), table->columns);
	if (!number)
		fail_column(table, column, error);
	return number - 1;
}

/* ---- Fingerprint ---- */

#define FNV_PRIME 0x100000001b3u

uint64_t hb_fnv(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ p[i]) * FNV_PRIME;
	return hash;
}

static uint64_t add_number(uint64_t hash, uint64_t number)
{
	return (hash ^ number) * FNV_PRIME;
}

/* What float32 does not hold of an exact column. */
static uint64_t add_exact(uint64_t hash, const hebb_table *table, int c)
{
	const hebb_column_detail *detail = hb_detail(table, c);

	for (long long row = 0; row < table->rows && detail && detail->exact; row++) {
		double value = detail->doubles[row];
		uint64_t bits;

		memcpy(&bits, &value, sizeof bits);
		hash = add_number(hash, isnan(value) ? 0 : bits);
	}
	return hash;
}

/* Numbers, bytes too, go in as floats, 64 bits at a time, not by bytes: a step is a bijection of
 * the hash all the same, so that no single change goes unseen, and a table of images takes a
 * fraction of a second. */
uint64_t hebb_table_fingerprint(const hebb_table *table)
{
	uint64_t hash =
		add_number(add_number(HB_FNV, (uint64_t)table->rows), (uint64_t)table->test_from);

	hash = add_number(hash, (uint64_t)table->columns);
	for (int c = 0; c < table->columns; c++) {
		const hebb_column *column = &table->column[c];

		hash = hb_fnv(hash, column->name, strlen(column->name) + 1);
		hash = add_number(hash, (uint64_t)column->kind);
		hash = add_number(hash, (uint64_t)column->level_count);
		for (int i = 0; i < column->level_count; i++)
			hash = hb_fnv(hash, column->levels[i], strlen(column->levels[i]) + 1);
	}
	for (long long row = 0; row < table->rows; row++)
		for (int c = 0; c < table->columns; c++) {
			float value = (float)hb_value(table, row, c);
			uint32_t bits;

			memcpy(&bits, &value, sizeof bits);
			hash = add_number(hash, isnan(value) ? 0x7fc00000 : bits);
		}
	for (int c = 0; c < table->columns; c++)
		hash = add_exact(hash, table, c);
	return hash;
}
