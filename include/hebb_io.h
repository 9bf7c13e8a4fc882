/**
 * @file
 * hebb_io.h - tables of data and model files, around the core in hebb.h
 *
 * Read it from top to bottom. A table is what a file holds. A coding turns its columns into the
 * numbers of a network and back. A dataset is the result, ready for hebb_train(). A model is a
 * network with its coding, written as ONNX.
 *
 * The conventions of hebb.h hold. The library fills in the structs that are open here, and you read
 * them, unless the comment says otherwise. Everything is allocated with malloc(). One thread at a
 * time uses an object; a const object may be shared by any number of threads.
 */
/* SPDX-License-Identifier: MIT */
#ifndef HEBB_IO_H
#define HEBB_IO_H

#include "hebb.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup meters Meters
 * How far long work has come.
 * @{
 */

/**
 * How far work has come, such as reading a large file. The functions that take a meter fill it in;
 * any thread may ask it while another works. It changes no result.
 */
typedef struct hebb_meter hebb_meter;

/** Makes a meter that knows nothing. Free it with hebb_meter_free(). Fails with HEBB_NO_MEMORY. */
hebb_meter *hebb_meter_new(hebb_error *error);

/** Frees a meter, or does nothing with NULL. */
void hebb_meter_free(hebb_meter *meter);

/** The share of the work that is done, in [0, 1]; NaN: it is not known, or the meter is NULL. */
double hebb_meter_share(const hebb_meter *meter);

/**
 * Begins a part of the work, from share `first` to share `last`, which takes so many steps. Does
 * nothing if the meter is NULL. For work of your own.
 */
void hebb_meter_part(hebb_meter *meter, double first, double last, long long steps);

/**
 * From now on parts lie between these shares of the work, and not between 0 and 1: part 0.5 to 1 of
 * a range 0.2 to 0.4 is 0.3 to 0.4. Does nothing if the meter is NULL. One thread at a time calls
 * it and hebb_meter_part().
 */
void hebb_meter_range(hebb_meter *meter, double first, double last);

/** Tells that so many more steps of the part are done. Any thread may call it. */
void hebb_meter_add(hebb_meter *meter, long long steps);

/** @} */

/**
 * @defgroup tables Tables
 * What a file of data holds.
 * @{
 */

/** What the values of a column are. */
typedef enum hebb_column_kind {
	HEBB_NUMBER = 1, /**< numbers */
	HEBB_TEXT        /**< texts, at least one of which is not a number */
} hebb_column_kind;

/** The name of a value, such as "number", or NULL if there is none. */
const char *hebb_column_kind_name(hebb_column_kind kind);

/** The value of a name, or 0 if there is none. */
hebb_column_kind hebb_column_kind_find(const char *name);

/** How the numbers of a column are written. Signs of currency and "%" may stand beside any. */
typedef enum hebb_form {
	HEBB_FORM_PLAIN = 1,     /**< 1234.5, -1e-3 */
	HEBB_FORM_DECIMAL_COMMA, /**< 1234,5 and 1.234,5 */
	HEBB_FORM_THOUSANDS,     /**< 1,234.5 */
	HEBB_FORM_TRUTH,         /**< true, which becomes 1, and false, 0 */
	/** 2026-11-30, 2026-11-30 17:05:09.25, 20261130T170509Z: seconds since 1970, in UTC */
	HEBB_FORM_DATE_YMD,
	HEBB_FORM_DATE_DMY, /**< 30.11.2026, 30/11/2026 17:05: seconds since 1970 */
	HEBB_FORM_DATE_MDY  /**< 11/30/2026, 11/30/2026 5:05 PM: seconds since 1970 */
} hebb_form;

/** The name of a value, such as "decimal-comma", or NULL if there is none. */
const char *hebb_form_name(hebb_form form);

/** The value of a name, or 0 if there is none. */
hebb_form hebb_form_find(const char *name);

/** Details of a column that only some columns have. */
typedef struct hebb_column_detail {
	hebb_form form; /**< how its numbers are written */
	int is_chosen;  /**< 1: HEBB_TEXT because hebb_table_options.text names it; else 0 */
	/**
	 * 1 if doubles are needed to learn from it: float32 does not hold its integers, or rounds
	 * a value by more than 2^-18 of the column's standard deviation; else 0
	 */
	int exact;
	/**
	 * HEBB_NUMBER: its values, by row, if float32 does not hold them all as they stand in the
	 * data; NULL if it does
	 */
	double *doubles;
	/**
	 * Its different texts, sorted by bytes, where they tell more than the values: of numbers
	 * that are not written as hebb_format_double() writes them (01 beside 1), or of texts among
	 * which marks such as NA stand unquoted. Else 0, NULL and NULL.
	 */
	int spelling_count;
	char **spellings;   /**< the texts, spelling_count of them */
	uint32_t *spelling; /**< by row: which of them; spelling_count: an empty field, or ? */
	/** HEBB_NUMBER: the texts that were taken as missing, for people: "-", "n.a."; NULL: none
	 */
	char *marks;
} hebb_column_detail;

/** A column of a table. The struct is complete: no version will add a field. */
typedef struct hebb_column {
	char *name;            /**< from the header, else "x1", "x2" and so on; UTF-8 */
	hebb_column_kind kind; /**< what its values are */
	int level_count;       /**< HEBB_TEXT: the number of different texts */
	char **levels;         /**< HEBB_TEXT: the different texts, sorted by bytes */
	long long missing;     /**< how many of its values are missing */
} hebb_column;

/** A table of data. */
typedef struct hebb_table {
	char *name;         /**< for messages: the path it was read from, or "digits" */
	const char *format; /**< "CSV", "IDX", "digits" or "arrays"; constant */
	long long rows;     /**< the number of rows */
	/** the first row of a test set that came with the data (t10k-...); rows if there is none */
	long long test_from;
	int columns; /**< the number of columns */
	int named;   /**< 1 if the column names come from the data */
	/** images: their height; columns 0 to height * width - 1 are the pixels, by rows; else 0 */
	int height;
	int width;           /**< images: their width; else 0 */
	hebb_column *column; /**< the columns */
	/**
	 * rows x columns, if every value is a byte and none is missing (IDX, digits), which saves
	 * memory; else NULL
	 */
	unsigned char *bytes;
	/**
	 * rows x columns, if bytes is NULL, else NULL. In a column of texts, a value is the index
	 * of the level. NaN is a missing value. Of a column with doubles these are rounded.
	 */
	float *values;
	uint32_t *line; /**< the line in the file of each row, or NULL */
	/**
	 * by column, NULL for one without details, as most of texts and of plain numbers that fit
	 * into float32 are; NULL if no column has any
	 */
	hebb_column_detail **detail;
	/** what its reader wants people to know, a sentence each, such as how dates were read */
	char **notes;
	int note_count;             /**< the number of notes; 0: notes is NULL */
	struct hebb_layout *layout; /**< CSV: for hebb_csv_rows_new(); else NULL */
} hebb_table;

/** Whether the first line of a CSV file is a header. */
typedef enum hebb_header {
	/**
	 * it is one if a field is a text above numbers; if all are texts that occur nowhere below,
	 * where other texts occur again; if all are numbers in order (0, 1, 2, or years) and the
	 * values below are unlike them; or if it has names that hebb_table_options has. A note says
	 * so where there is doubt.
	 */
	HEBB_HEADER_AUTO = 1,
	HEBB_HEADER_YES, /**< it is a header */
	HEBB_HEADER_NO   /**< it is not a header */
} hebb_header;

/** The name of a value, such as "auto", or NULL if there is none. */
const char *hebb_header_name(hebb_header header);

/** The value of a name, or 0 if there is none. */
hebb_header hebb_header_find(const char *name);

/**
 * Reads data as the command understands it. `data` is "digits" (the embedded ones; a file of that
 * name is ./digits), a file, "-" (standard input) or, for IDX, a directory or prefix that holds
 * train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz] and, if present, t10k-... The format
 * is recognized by the content. gzip is decompressed. Free the table with hebb_table_free().
 *
 * - CSV: fields are separated by commas, semicolons, tabs, bars or blanks, whichever makes equal
 *   columns of the first lines, and quoted as in RFC 4180. A column is HEBB_NUMBER if all its
 *   values are numbers in one hebb_form, else HEBB_TEXT. Missing values are: an empty field and an
 *   unquoted ?; among numbers NA, N/A, nan, null and, if over half are numbers and no other texts
 *   are there, marks such as - and None; among texts an unquoted NA, N/A, nan or null. Lines that
 *   begin with # or % and are no rows are comments. The text is UTF-8; else it is UTF-16 with a
 *   byte order mark, or read as Latin-1 (Windows-1252). All texts of the table are UTF-8.
 * - IDX: unsigned bytes. Images become columns "pixel_ROW_COLUMN", labels become the last column,
 *   "label".
 *
 * The table of a CSV file allocates at most 1 MB more than 4 times the size of the (decompressed)
 * file.
 *
 * Fails with HEBB_IO (the message names file and reason), HEBB_BAD_FORMAT (line and column in a
 * text file, else the byte), HEBB_NO_MEMORY, or HEBB_UNSUPPORTED: a file of another kind, such as
 * Excel or Parquet, or more than 2^20 + 1 columns, 2^24 different texts in a column or 2^32 lines.
 */
hebb_table *hebb_table_read(const char *data, hebb_header header, hebb_error *error);

/** Reads a table from bytes, as hebb_table_read() does. `name` is for messages. */
hebb_table *hebb_table_parse(const void *bytes, size_t size, const char *name, hebb_header header,
			     hebb_error *error);

struct hebb_coding;

/**
 * How CSV is read. You fill it in: begin with hebb_table_options_default() and change what differs.
 * Each comment begins with the default. Lists name columns, separated by commas, as
 * hebb_table_find() takes them; a column that is not there is ignored. Messages name a field as the
 * command's option: "--decimal ," is decimal = ','.
 */
typedef struct hebb_table_options {
	size_t size;        /**< sizeof(hebb_table_options): for fields that are added later */
	hebb_header header; /**< HEBB_HEADER_AUTO */
	int skip;           /**< 0. So many lines at the beginning are not read. */
	/**
	 * 0: the character that makes equal columns of the first lines, a comma, a semicolon, a
	 * tab, a bar or, as ' ', any number of blanks
	 */
	char separator;
	char decimal;   /**< 0: decided by column; '.' or ',' */
	char thousands; /**< 0: decided by column; '.', ',', ' ' or '\'' between thousands */
	/**
	 * NULL. Texts that are missing values, beside the usual ones, separated by commas; a number
	 * among them stands for all of its spellings, such as -999 for -999.0.
	 */
	const char *missing;
	/**
	 * NULL. A list of columns that are texts, as hebb_table_select() takes it; items that are
	 * no column of the table are left out.
	 */
	const char *text;
	const char *numeric;  /**< NULL. Such a list of columns of numbers; a text is an error. */
	const char *encoding; /**< NULL: UTF-8, else Latin-1 (Windows-1252); "utf-8", "latin-1" */
	/**
	 * NULL. A list of columns: if the first line has a name that is in it, or a text that fits
	 * one of its patterns, it is a header.
	 */
	const char *names;
	/**
	 * NULL. The coding of the model that the table is for: its names tell a header, and its
	 * columns how their numbers are written. Borrowed during the call, by a stream until its
	 * end.
	 */
	const struct hebb_coding *coding;
	/**
	 * 0; in [0, 1024]. So many threads read a text; 0: as many as the process may use
	 * processors, of a small text one. The number of threads changes nothing of the table.
	 */
	int threads;
	hebb_meter *meter; /**< NULL. Learns how far the reading is. Borrowed as `coding` is. */
} hebb_table_options;

/** Fills in the defaults of options of this size; hebb_table_options_default() calls it. */
void hebb_table_options_init(hebb_table_options *options, size_t size);

/** The default options. */
static inline hebb_table_options hebb_table_options_default(void)
{
	hebb_table_options options;

	hebb_table_options_init(&options, sizeof options);
	return options;
}

/**
 * hebb_table_read() with options; NULL: the defaults. Fails with HEBB_BAD_ARGUMENT too: an option
 * is out of its range.
 */
hebb_table *hebb_table_read_with(const char *data, const hebb_table_options *options,
				 hebb_error *error);

/** hebb_table_parse() with options, as hebb_table_read_with() takes them. */
hebb_table *hebb_table_parse_with(const void *bytes, size_t size, const char *name,
				  const hebb_table_options *options, hebb_error *error);

/** Data as tables that follow one another, so that they need not fit in memory. */
typedef struct hebb_stream hebb_stream;

/**
 * Begins to read data as hebb_table_read_with() does, in windows: each is a table of its own, with
 * some of the rows. The memory does not grow with the rows. `options` and what it refers to are
 * borrowed until hebb_stream_free(). Free the stream with that.
 *
 * A window of CSV has 4 MB of text, cut where a row ends, and more until it has 1,000 rows (or
 * 256 MB); the last one has what is left. All that hebb_table_read() decides from a whole text is
 * decided from the first window, as if that were all, and holds for all: encoding, separator,
 * header and names, ends of rows, whether a column is numbers or texts, in which hebb_form, and
 * whether it needs doubles. (A column that has no value yet is decided when it has one.) In a later
 * window a column with another text than the form allows is HEBB_TEXT, in that window alone. Lines
 * are those of the file; a note is in the first window that it is about, with the numbers of that
 * window. Other formats are one window.
 *
 * Fails as hebb_table_read_with() does, where the first 4,096 bytes tell.
 */
hebb_stream *hebb_stream_new(const char *data, const hebb_table_options *options,
			     hebb_error *error);

/**
 * Reads the next window. *table becomes a table, to be freed with hebb_table_free(), or NULL at the
 * end. A table allocates at most 1 MB more than 4 times the size of the largest window so far.
 *
 * Fails as hebb_table_read_with() does, with HEBB_UNSUPPORTED if a row has more than 1 GiB, or with
 * HEBB_BAD_ARGUMENT if it has failed before. If a signal ends its waiting, because the handler was
 * installed without SA_RESTART, it fails with HEBB_IO and may be called again.
 */
hebb_status hebb_stream_next(hebb_stream *stream, hebb_table **table, hebb_error *error);

/**
 * The text of the last window, as UTF-8, for hebb_csv_rows_new() with its table; valid until the
 * next call of hebb_stream_next(). *size becomes its size; `size` may be NULL. NULL if the data is
 * no CSV.
 */
const char *hebb_stream_text(const hebb_stream *stream, size_t *size);

/** Frees a stream and closes its file, or does nothing with NULL. */
void hebb_stream_free(hebb_stream *stream);

/**
 * Copies to `path` the name of file i = 0, 1, ... that hebb_table_read() reads for `data`, without
 * opening it: one file, or two or four files of IDX; for "-" the name is "-". Returns 1. Returns 0
 * if there are no more ("digits" has none), or if the name does not fit in `room` bytes.
 */
int hebb_table_file(const char *data, int i, char *path, size_t room);

/**
 * The table of 1,797 images of handwritten digits, 8x8 pixels, of the test part of UCI's Optical
 * Recognition of Handwritten Digits (Alpaydin & Kaynak 1998, CC BY 4.0): 64 columns with values of
 * 0 to 16, and the last, "digit". Free it with hebb_table_free(). Fails with HEBB_NO_MEMORY.
 */
hebb_table *hebb_table_digits(hebb_error *error);

/** Frees a table, or does nothing with NULL. */
void hebb_table_free(hebb_table *table);

/**
 * An array of yours that becomes columns of a table: rows x columns values of one type, row by row.
 * Make it with hebb_floats(), hebb_doubles(), hebb_integers() or hebb_texts(). One of its four
 * arrays is set, the others are NULL.
 */
typedef struct hebb_block {
	size_t size; /**< sizeof(hebb_block) */
	int columns; /**< values in a row */
	/** a name for each column; NULL: "x1", "x2" and so on, by their place in the table */
	const char *const *names;
	const float *floats;      /**< numbers; NaN is a missing value */
	const double *doubles;    /**< numbers; NaN is a missing value */
	const int *integers;      /**< numbers */
	const char *const *texts; /**< texts; NULL and "" are missing values */
} hebb_block;

/** Columns of numbers. */
static inline hebb_block hebb_floats(int columns, const float *values, const char *const *names)
{
	hebb_block block;

	hebb_sized(&block, sizeof block);
	block.columns = columns;
	block.names = names;
	block.floats = values;
	return block;
}

/** Columns of numbers, kept as they are (hebb_column_detail). */
static inline hebb_block hebb_doubles(int columns, const double *values, const char *const *names)
{
	hebb_block block;

	hebb_sized(&block, sizeof block);
	block.columns = columns;
	block.names = names;
	block.doubles = values;
	return block;
}

/** Columns of integers, kept as they are (hebb_column_detail). */
static inline hebb_block hebb_integers(int columns, const int *values, const char *const *names)
{
	hebb_block block;

	hebb_sized(&block, sizeof block);
	block.columns = columns;
	block.names = names;
	block.integers = values;
	return block;
}

/** Columns of texts (HEBB_TEXT). */
static inline hebb_block hebb_texts(int columns, const char *const *values,
				    const char *const *names)
{
	hebb_block block;

	hebb_sized(&block, sizeof block);
	block.columns = columns;
	block.names = names;
	block.texts = values;
	return block;
}

/**
 * Makes a table of `count` arrays, side by side. It can be used like a table from a file. Copies
 * the arrays. `name` is for messages, which count rows from 1; NULL means "the arrays". Columns can
 * be found by name (hebb_table.named) if all arrays have names. Free it with hebb_table_free().
 *
 * Fails with HEBB_BAD_ARGUMENT if there are no arrays, an array is NULL or has no columns, a number
 * is infinite or too large for float32 (row and column), a name is empty or occurs twice, or there
 * are more than 2^20 + 1 columns; with HEBB_UNSUPPORTED if a column has more than 2^24 different
 * texts; with HEBB_NO_MEMORY.
 */
hebb_table *hebb_table_from_arrays(const char *name, long long rows, int count,
				   const hebb_block *blocks, hebb_error *error);

/**
 * The value in a row and column, whether the table holds bytes, floats or doubles. In a column of
 * texts it is the index of the level. NaN is a missing value. It does not check row and column.
 */
double hebb_table_value(const hebb_table *table, long long row, int column);

/**
 * The index of a level of a HEBB_TEXT column that is the same number as another level, in a
 * different spelling, such as 3.1 beside 3.10; *other becomes the index of that one. -1: there is
 * none, or no memory to look for it; *other is then unchanged.
 */
int hebb_column_twin(const hebb_column *column, int *other);

/**
 * The index, from 0, of the column with this name or, if no column has this name, of the column
 * with this number, counted from 1. Returns -1 if there is none (HEBB_BAD_ARGUMENT); the message
 * suggests the nearest name by hebb_name_distance(), or lists the columns.
 */
int hebb_table_find(const hebb_table *table, const char *column, hebb_error *error);

/**
 * Chooses columns by a list: names, numbers from 1, ranges of numbers such as 3-12, and patterns of
 * names, in which * stands for any text and ? for one character, separated by commas. A name comes
 * before another reading, and the whole text is tried as a name first, because names may hold
 * commas. `chosen` has an entry for each column of the table: a column that an item names becomes
 * 1, one that is only in a range or pattern 2, and the others stay as they are. Fails with
 * HEBB_BAD_ARGUMENT if an item is no column (the message suggests one as hebb_table_find() does) or
 * fits none; with HEBB_NO_MEMORY. `chosen` is then unchanged.
 */
hebb_status hebb_table_select(const hebb_table *table, const char *columns, unsigned char *chosen,
			      hebb_error *error);

/**
 * The columns of a list as hebb_table_select() takes it, from 0, in the order of the list; those of
 * a range or pattern in the order of the table, without the columns that are there already. A
 * column that is named twice is there twice. Sets *count and returns an array to be freed with
 * free(). NULL: it failed, as hebb_table_select() does.
 */
int *hebb_table_list(const hebb_table *table, const char *columns, int *count, hebb_error *error);

/**
 * The distance between a name and the text that a user typed, for suggestions such as "did you mean
 * 'price'?": 0 if they are equal apart from case, blanks, '-' and '_'; 1 if `typed` is the
 * beginning of `name`; else 1 + the number of letters to insert, delete, replace or swap with a
 * neighbor. Returns -1 if this number is more than a third of the letters, or an argument is NULL.
 * Only ASCII letters have case. Only the first 64 letters of a name count.
 */
int hebb_name_distance(const char *typed, const char *name);

/** A hash of all names, levels and values of the table (FNV-1a, 64 bits). */
uint64_t hebb_table_fingerprint(const hebb_table *table);

/** @} */

/**
 * @defgroup splits Splits
 * Divides rows into rows for training and rows that are held out. Random numbers depend on (seed,
 * stream); streams below 2^32 are yours.
 * @{
 */

/**
 * Splits n rows of a table into two parts at random.
 *
 * `from` holds the indices of the n rows, or is NULL for the rows 0 to n - 1 (n = table->rows: all
 * rows). `row` has room for n indices; it may be `from` itself. It is set to the same indices in a
 * new order: first the rows to train on, then the rows held out. *held is set to their number,
 * ceil(fraction n), with 0 < fraction < 1.
 *
 * `column` is -1, or the column to stratify by: the rows of each value are then held out in
 * proportion (by largest remainders); a value that occurs once is not held out.
 *
 * Fails with HEBB_BAD_ARGUMENT if a part would be empty, the fraction is not in (0, 1), or there is
 * no such column or row; with HEBB_NO_MEMORY.
 */
hebb_status hebb_split(const hebb_table *table, int column, double fraction, uint64_t seed,
		       uint64_t stream, long long n, const long long *from, long long *row,
		       long long *held, hebb_error *error);

/**
 * Splits n rows of a table into folds for cross-validation. `from`, `row` and `column` are as for
 * hebb_split(). `row` is set to the folds, one after the other: the first n % folds of them have
 * n / folds + 1 rows, the others n / folds. With `column`, two folds differ by at most one row for
 * each value of the column; of a value with fewer rows than folds some folds have none
 * (hebb_check_folds() finds it).
 *
 * Fails with HEBB_BAD_ARGUMENT if there are fewer than 2 folds, more folds than rows or than rows
 * of each value (missing values do not count), or no such column or row; with HEBB_NO_MEMORY.
 */
hebb_status hebb_split_folds(const hebb_table *table, int column, int folds, uint64_t seed,
			     uint64_t stream, long long n, const long long *from, long long *row,
			     hebb_error *error);

/**
 * Splits n rows of a table into two parts at random, and never divides a group: the rows that have
 * one value in the column `group`. The arguments are as for hebb_split(). Groups are taken in
 * random order and held out if `fraction` of n is not exceeded, then one more if that is nearer to
 * it; at least one group is held out, and at least one is not. Each part keeps the order of its
 * rows. It is not stratified.
 *
 * Fails as hebb_split() does; with HEBB_BAD_ARGUMENT if there are fewer than 2 groups; with
 * HEBB_BAD_FORMAT if a row has no value in the column (line and column).
 */
hebb_status hebb_split_groups(const hebb_table *table, int group, double fraction, uint64_t seed,
			      uint64_t stream, long long n, const long long *from, long long *row,
			      long long *held, hebb_error *error);

/**
 * Splits n rows of a table into folds that never divide a group, as hebb_split_groups() means it.
 * The groups, the largest first, each go to the fold that has the fewest rows. `row` is set to the
 * folds, one after the other; rows[i] (i < folds) to the number of rows of fold i, at least 1.
 *
 * Fails as hebb_split_groups() does; with HEBB_BAD_ARGUMENT if there are fewer than 2 folds or more
 * folds than groups.
 */
hebb_status hebb_split_group_folds(const hebb_table *table, int group, int folds, uint64_t seed,
				   uint64_t stream, long long n, const long long *from,
				   long long *row, long long *rows, hebb_error *error);

/**
 * Sorts n rows of a table by their values in a column, such as times; texts are in the order of
 * their bytes. Rows with the same value keep their order. `from` and `row` are as for hebb_split().
 * Fails with HEBB_BAD_FORMAT if a row has no value (line and column), with HEBB_BAD_ARGUMENT if
 * there is no such column or row, or with HEBB_NO_MEMORY.
 */
hebb_status hebb_split_sort(const hebb_table *table, int column, long long n, const long long *from,
			    long long *row, hebb_error *error);

/** @} */

/**
 * @defgroup codings Codings
 * A coding converts the columns of a table to the numbers of a network, and back.
 * @{
 */

/** What a network is for. */
typedef enum hebb_task {
	/**
	 * a classification if there is one target and it holds classes: texts, codes such as 01
	 * with leading zeros, or integers of which at most 20 differ and each stands in 5 rows on
	 * average. (If only two differ, 3 rows are enough.) hebb_table_task() tells.
	 */
	HEBB_TASK_AUTO = 1,
	HEBB_CLASSIFICATION, /**< one output for each class */
	HEBB_REGRESSION,     /**< one output for each numeric target */
	/** one output for each target, which is a label with two values: the probability of the
	 * second one; each label stands alone, so that a row has none, some or all of them */
	HEBB_LABELS
} hebb_task;

/** The name of a value, such as "classification", or NULL if there is none. */
const char *hebb_task_name(hebb_task task);

/** The value of a name, or 0 if there is none. */
hebb_task hebb_task_find(const char *name);

/**
 * What HEBB_TASK_AUTO makes of a table whose only target is this column. Sets *integers, unless it
 * is NULL, to the number of different integers in the column; to 0 if it has texts, other numbers
 * or more than 100 integers. Returns 0 if there is no such column.
 */
hebb_task hebb_table_task(const hebb_table *table, int column, int *integers);

/** What to do with missing values. */
typedef enum hebb_missing {
	/** they are an error in training; later they are filled as by HEBB_MISSING_MEAN */
	HEBB_MISSING_ERROR = 1,
	/** the mean of the column takes their place, or in a text input the shares of the levels */
	HEBB_MISSING_MEAN,
	/** the row is dropped */
	HEBB_MISSING_DROP,
	/**
	 * as HEBB_MISSING_MEAN; and for each input column with missing values in the rows of
	 * training the network has one more input: 1 if the value is missing, else 0
	 */
	HEBB_MISSING_INDICATOR
} hebb_missing;

/** The name of a value, such as "error", or NULL if there is none. */
const char *hebb_missing_name(hebb_missing missing);

/** The value of a name, or 0 if there is none. */
hebb_missing hebb_missing_find(const char *name);

/** The usual most bins of a column in piecewise scaling. */
#define HEBB_BINS 8
/** How many bins may be asked for. */
#define HEBB_BINS_MOST 64
/** The waves of a column in periodic scaling: each is a sine and a cosine. */
#define HEBB_WAVES 8

/** How a numeric input column becomes inputs of the network, each an x. */
typedef enum hebb_scaling {
	/** one input: x = (raw - mean) / sd */
	HEBB_SCALING_STANDARD = 1,
	/** one input: x = raw */
	HEBB_SCALING_NONE,
	/**
	 * one input: x = u / sqrt(1 + (u / 3)^2), which stays between -3 and 3; u = (raw - median)
	 * / (q3 - q1) with the quartiles q1 and q3, or if they are equal u = 2 (raw - median) /
	 * (most - least) (RealMLP, Holzmueller et al. 2024)
	 */
	HEBB_SCALING_ROBUST,
	/**
	 * an input for each bin between two quantiles a and b: the share of the bin that the value
	 * has come, u = (raw - a) / (b - a), but at least 0 and at most 1 (Gorishniy et al. 2022);
	 * x = (u - mean u) / sd u. Of B bins, edge i is the quantile (1 - cos(pi i / B)) / 2, as
	 * in Chebyshev's points: bins are narrow at the ends, where rows are few and far apart. A
	 * column of few different values has these in place of quantiles.
	 */
	HEBB_SCALING_PIECEWISE,
	/**
	 * two inputs for each of HEBB_WAVES random numbers c, normal with the deviation 0.3: x =
	 * sin(2 pi c u) and x = cos(2 pi c u), u = (raw - mean) / sd (Gorishniy et al. 2022)
	 */
	HEBB_SCALING_PERIODIC
} hebb_scaling;

/** The name of a value, such as "standard", or NULL if there is none. */
const char *hebb_scaling_name(hebb_scaling scaling);

/** The value of a name, or 0 if there is none. */
hebb_scaling hebb_scaling_find(const char *name);

/** What a target of a regression is to the network; predictions are in the units of the target. */
typedef enum hebb_target_transform {
	/** y = raw, as of counts */
	HEBB_TARGET_NONE = 1,
	/** y = (raw - mean) / sd */
	HEBB_TARGET_STANDARD,
	/**
	 * y = (log raw - mean) / sd, with the mean and sd of log raw: for targets above 0 whose
	 * errors grow with them, such as prices. Where the squared error is least, the prediction
	 * is a geometric mean, below the arithmetic one.
	 */
	HEBB_TARGET_LOG,
	/**
	 * y is the normal deviate of the share of training's values below raw, as in scikit-learn's
	 * QuantileTransformer(output_distribution="normal"), so that no distribution is skewed or
	 * has far values. The least of n values becomes -Z and the largest Z, with the share 0.5 /
	 * n below -Z; HEBB_TARGET_PARTS parts of equal width lie between, in each of which y is a
	 * linear function of raw, as it is beyond -Z and Z.
	 */
	HEBB_TARGET_QUANTILE
} hebb_target_transform;

/** The parts of HEBB_TARGET_QUANTILE. */
#define HEBB_TARGET_PARTS 32

/** The values of a target in hebb_coding.target_value. */
#define HEBB_TARGET_VALUES (HEBB_TARGET_PARTS + 1)

/** The name of a value, such as "standard", or NULL if there is none. */
const char *hebb_target_transform_name(hebb_target_transform transform);

/** The value of a name, or 0 if there is none. */
hebb_target_transform hebb_target_transform_find(const char *name);

/**
 * How columns are coded. You fill it in: begin with hebb_coding_options_default() and change what
 * differs. Each comment begins with the default. Messages name a field as the command's option:
 * "--missing mean" is missing = HEBB_MISSING_MEAN.
 */
typedef struct hebb_coding_options {
	size_t size;          /**< sizeof(hebb_coding_options): for fields that are added later */
	hebb_task task;       /**< HEBB_TASK_AUTO */
	hebb_missing missing; /**< HEBB_MISSING_INDICATOR */
	/**
	 * HEBB_SCALING_STANDARD: of numeric inputs. Images take this and HEBB_SCALING_NONE alone.
	 */
	hebb_scaling scaling;
	int target_count;   /**< 0. The number of targets; 0: the last column is the target. */
	const int *targets; /**< NULL. The target columns of the table, target_count of them. */
	int input_count;    /**< 0. The number of inputs; 0: all columns that are no targets. */
	/** NULL. The input columns of the table, input_count of them; they keep its order. */
	const int *inputs;
	/**
	 * 1. Each pixel of an image has its own mean, but all share one sd: the root mean square of
	 * the sds of the pixels. 0: each has its own sd; then a pixel that is rarely set becomes
	 * a large number.
	 */
	int pixels_alike;
	/**
	 * 0: of the targets of a regression, HEBB_TARGET_STANDARD; with HEBB_SCALING_NONE it is
	 * HEBB_TARGET_NONE. Other tasks ignore it.
	 */
	hebb_target_transform target_transform;
	/** 1. hebb_coding.seen is made. 0: it is not, which saves a pass over the rows. */
	int keep_seen;
	/**
	 * 0; in [0, 1024]. So many threads look at the rows; 0: as many as the process may use
	 * processors, of few rows one. The number of threads never changes a bit.
	 */
	int threads;
	/** HEBB_BINS. HEBB_SCALING_PIECEWISE: the most bins of a column, 2 to HEBB_BINS_MOST. */
	int bins;
	uint64_t seed; /**< 1. HEBB_SCALING_PERIODIC: of the random numbers. */
} hebb_coding_options;

/** Fills in the defaults of options of this size; hebb_coding_options_default() calls it. */
void hebb_coding_options_init(hebb_coding_options *options, size_t size);

/** The default options. */
static inline hebb_coding_options hebb_coding_options_default(void)
{
	hebb_coding_options options;

	hebb_coding_options_init(&options, sizeof options);
	return options;
}

/** How many parts the rows of training are divided into by hebb_seen.quantile. */
#define HEBB_PARTS 10

/** What the rows of training had in an input column, to tell what is unlike it later. */
typedef struct hebb_seen {
	long long rows;    /**< the rows */
	long long missing; /**< how many of them had no value */
	/**
	 * HEBB_NUMBER: the smallest value, the quantiles 1/HEBB_PARTS, 2/HEBB_PARTS, ..., and the
	 * largest; all 0 if no row had a value
	 */
	double quantile[HEBB_PARTS + 1];
	/**
	 * HEBB_TEXT: by level, how many rows had it; HEBB_NUMBER: how many rows had a value above
	 * quantile[i] and up to quantile[i + 1], for i < HEBB_PARTS; part 0 has quantile[0] too,
	 * and of equal quantiles the first counts
	 */
	long long *count;
} hebb_seen;

/** A way to encode an input column. */
typedef struct hebb_way {
	/**
	 * what is done with (raw - mean) * scale; HEBB_SCALING_STANDARD: nothing, as of texts and
	 * of constant columns
	 */
	hebb_scaling scaling;
	int inputs; /**< the inputs of the network that it makes of the column */
} hebb_way;

/** The most ways in which a column is encoded at the same time. */
#define HEBB_WAYS_MOST 8

/** How an input column is encoded. */
typedef struct hebb_encoding {
	int inputs; /**< the inputs of the network that the column becomes, by all ways */
	int ways;   /**< 1, but more in a coding of hebb_coding_join() */
	hebb_way way[HEBB_WAYS_MOST]; /**< the ways; their inputs follow each other */
} hebb_encoding;

/** How columns are coded, with means and scales fitted on some rows. */
typedef struct hebb_coding {
	hebb_task task;       /**< what the network is for; not HEBB_TASK_AUTO */
	hebb_missing missing; /**< what becomes of missing values */
	int named;            /**< 1: columns can be found by name */
	int columns;          /**< the columns of the table that it was fitted on */
	int input_count;      /**< the number of input columns */
	int target_count;     /**< the number of target columns */
	hebb_column *inputs;  /**< the input columns */
	/**
	 * the target columns; a classification has one, of HEBB_TEXT, and its levels are the
	 * classes; labels are of HEBB_TEXT too, each with two levels, of which y is 0 and 1
	 */
	hebb_column *targets;
	hebb_form *form; /**< how the numbers of the input columns are written; NULL: all plain */
	hebb_form *target_form; /**< of the target columns; NULL: all plain */
	int *input_at;          /**< the indices of the input columns in that table */
	int *target_at;         /**< the indices of the target columns in that table */
	/**
	 * the inputs of the network: one for a column of numbers unless `encoding` says more,
	 * level_count for one of texts (one-hot, the levels in order), then one for each indicator
	 */
	int width;
	int outputs; /**< the outputs of the network: classes, numeric targets or labels */
	/**
	 * width: x = (raw - mean) * scale; 0 for one-hot inputs and HEBB_SCALING_NONE. With
	 * HEBB_SCALING_PIECEWISE it is the value at which the input is 0: its mean in the bin.
	 */
	float *mean;
	/**
	 * width: 1 / sd (of the population), 0 for a constant column except a pixel; 1 for one-hot
	 * inputs (0 if no row of training had the level), indicators, and HEBB_SCALING_NONE; with
	 * HEBB_SCALING_PIECEWISE 1 / (the width of the bin * the sd of the share of it that values
	 * have come), so that the input has the deviation 1
	 */
	float *scale;
	/**
	 * width: the raw value that replaces a missing one: the mean, or with an indicator and
	 * HEBB_SCALING_PIECEWISE the least value, before all bins
	 */
	float *fill;
	/**
	 * outputs: y in units = h * sd + mean; with HEBB_TARGET_LOG exp(h * sd + mean); 0 for
	 * classes and HEBB_TARGET_NONE. With HEBB_TARGET_QUANTILE t = h * sd + mean is a place
	 * among target_value, from 0 to HEBB_TARGET_PARTS.
	 */
	float *target_mean;
	float *target_sd; /**< outputs: the sd; 1 for classes and HEBB_TARGET_NONE */
	/**
	 * width, if an input is exact (hebb_column_detail), else NULL. In place of mean: x =
	 * (float)(raw - exact_mean) * scale, with raw a double.
	 */
	double *exact_mean;
	/** width: in place of fill; NULL without exact_mean */
	double *exact_fill;
	/**
	 * outputs, if a target is exact, else NULL. In place of target_mean: in units = (double)(h
	 * * sd) + exact_target_mean.
	 */
	double *exact_target_mean;
	int height;         /**< images: their height, as in the table; else 0 */
	int width_of_image; /**< images: their width, as in the table; else 0 */
	/** how many input columns have an input that says whether their value is missing */
	int indicator_count;
	/**
	 * these columns, as indices of `inputs` in ascending order: network input width -
	 * indicator_count + i is 1 where indicator[i] has no value, else 0; NULL without any
	 */
	int *indicator;
	/** what the rows of training had in each input column; NULL: it is not known */
	hebb_seen *seen;
	/** input_count: how the columns are encoded; NULL: each is HEBB_SCALING_STANDARD alone */
	hebb_encoding *encoding;
	/**
	 * width: x is not below it; with HEBB_SCALING_PIECEWISE what x is where its bin begins.
	 * NULL without `encoding`
	 */
	float *least;
	float *most; /**< width: x is not above it; NULL without `encoding` */
	/**
	 * HEBB_TARGET_LOG or HEBB_TARGET_QUANTILE; 0: target_mean and target_sd alone say what is
	 * done with targets
	 */
	hebb_target_transform target_transform;
	/**
	 * outputs x HEBB_TARGET_VALUES: with HEBB_TARGET_QUANTILE the values at the places 0, 1, 2
	 * and so on, which never fall; in units a place between two has their values in proportion.
	 * NULL otherwise.
	 */
	float *target_value;
	/** outputs: by how much the value rises in a part before the first and behind the last */
	float *target_slope;
} hebb_coding;

/**
 * Fits means, scales and fills on n rows of the table (summed in double). `row` holds the indices
 * of the rows, or is NULL for the rows 0 to n - 1. Names, levels and classes are those of the whole
 * table. The classes of a numeric target are its numbers in ascending order, as they stand in the
 * data; of several spellings of one number the shortest, but 01 and 1 are two classes. With
 * HEBB_CLASSIFICATION as the option each spelling is a class: 3.1 and 3.10. Numbers that were
 * given as arrays are written by hebb_format_float() or hebb_format_double(). A label is a column
 * of 0 and 1, or with two values, texts or numbers, of which the second in order is 1. Of several
 * numeric targets, or labels, some may be missing in a row, whatever options->missing says; a row
 * that lacks all is left out. `options` may be NULL for the defaults. Free the coding with
 * hebb_coding_free().
 *
 * Fails with HEBB_BAD_ARGUMENT if there are fewer than two classes or more than 10,000, a label has
 * not two values, a column is out of range or named twice, no inputs are left, a text input has
 * more than 1,000 levels, there are more inputs than HEBB_MAX_UNITS, every row lacks a value that
 * it needs, one of several targets has no value, an option is out of its range, images are to be
 * encoded, n < 1, or an index of `row` is not in the table; with HEBB_BAD_FORMAT (line and column)
 * if a value is missing where this is an error, a target is not above 0 although HEBB_TARGET_LOG
 * needs its logarithm, a target of a regression is text, or a text stands
 * in a column that is used and otherwise has numbers; with HEBB_NO_MEMORY.
 */
hebb_coding *hebb_coding_fit(const hebb_table *table, const hebb_coding_options *options,
			     long long n, const long long *row, hebb_error *error);

/**
 * A coding that changes no number. With it a network trained on arrays can become a model. The
 * inputs are "x1", "x2" and so on; then come the targets (labels: "0" and "1"), or one target with
 * the classes "0" to "outputs - 1". Free it with hebb_coding_free(). Fails with HEBB_BAD_ARGUMENT
 * if task is HEBB_TASK_AUTO or a number is out of range; with HEBB_NO_MEMORY.
 */
hebb_coding *hebb_coding_plain(hebb_task task, int inputs, int outputs, hebb_error *error);

/** Makes a copy. Free it with hebb_coding_free(). Fails with HEBB_NO_MEMORY. */
hebb_coding *hebb_coding_copy(const hebb_coding *coding, hebb_error *error);

/**
 * Joins codings of the same columns that differ in how they encode them, such as those of several
 * networks that become one: each column is encoded in all their ways, those that are equal once.
 * The codings were fitted on the same rows; what they do with missing values, targets and classes
 * is that of coding[0]. place[k] has room for coding[k]->width: place[k][j] is set to the input of
 * the result that is input j of coding k. Free the result with hebb_coding_free().
 *
 * Fails with HEBB_BAD_ARGUMENT if count < 1, or a column would have more than HEBB_WAYS_MOST ways;
 * with HEBB_BAD_SHAPE if columns, indicators or outputs differ, or what stands for a missing number
 * (as between HEBB_SCALING_PIECEWISE and others where a column has an indicator), or images are to
 * be encoded; with HEBB_NO_MEMORY.
 */
hebb_coding *hebb_coding_join(int count, const hebb_coding *const *coding, int *const *place,
			      hebb_error *error);

/** Frees a coding, or does nothing with NULL. */
void hebb_coding_free(hebb_coding *coding);

/** How many values of an input column were unlike those of training. */
typedef struct hebb_unlike {
	long long missing; /**< missing ones, which were filled in */
	long long unknown; /**< texts that are none of the levels */
	long long odd;     /**< texts in place of numbers, which count as missing */
	long long outside; /**< numbers outside of hebb_seen.quantile */
} hebb_unlike;

/** Rows of numbers, ready for a network. */
typedef struct hebb_dataset {
	long long rows; /**< the number of rows: fewer than given if rows were dropped */
	int inputs;     /**< numbers in a row of x */
	int outputs;    /**< numbers in a row of y */
	/**
	 * rows x inputs, scaled; NULL in a view of bytes, whose rows are scaled each time they are
	 * read
	 */
	float *x;
	/**
	 * rows x outputs, one-hot, scaled, or 0 and 1 of labels; NULL without targets. NaN where
	 * one of several numeric targets, or a label, is missing (recipe.gaps).
	 */
	float *y;
	long long *row;            /**< the index of each row in the table */
	int ignored;               /**< columns of the table that the coding does not use */
	long long gaps;            /**< how many targets are missing: NaN in y */
	long long without_target;  /**< rows that were left out because they lack their targets */
	const hebb_table *table;   /**< a view: the table that holds the inputs; else NULL */
	int column;                /**< a view: the first column of the inputs */
	const hebb_coding *coding; /**< a view: the coding that scales them */
	hebb_unlike *unlike;       /**< for each input column of the coding, in these rows */
	/**
	 * rows whose class is none of training's: y is 0 for each class; an unknown label is a gap
	 */
	long long unseen;
} hebb_dataset;

/**
 * How many threads hebb_coding_apply() uses, in [0, 1024], to be added to its `how`; 0, as without
 * it: as many as the process may use processors, for few rows one. It never changes a bit.
 */
#define HEBB_APPLY_THREADS(threads) ((threads)*256)

/** What hebb_coding_apply() does; values are added up. */
enum {
	HEBB_APPLY_TARGETS = 1, /**< the targets are coded too */
	HEBB_APPLY_STRICT = 2,  /**< a value that is missing or unlike those of training fails */
	HEBB_APPLY_ANYWAY = 4   /**< a column without any value that fits is no failure */
};

/**
 * Codes n rows of a table. `row` holds the indices of the rows, or is NULL for the rows 0 to n - 1.
 * Columns are found by name if coding and table have names. Otherwise they are found by position:
 * the table has all columns that the coding was fitted on, or only the inputs, in order. A scaled
 * input that overflows float32 becomes the largest finite number, 3.4e38 or -3.4e38. `how` is 0 or
 * a sum of HEBB_APPLY_TARGETS, HEBB_APPLY_THREADS() and the like. Free the dataset with
 * hebb_dataset_free().
 *
 * A text that is none of the levels of its input is coded as none of them, all 0. A missing value
 * is filled in (hebb_coding.fill), as is a text in place of a number; if the coding drops rows
 * (HEBB_MISSING_DROP), the row is left out. Rows without their targets are left out. All are
 * counted in the dataset.
 *
 * Fails with HEBB_BAD_SHAPE if a column is missing or the number of columns does not fit; with
 * HEBB_BAD_FORMAT (line and column) if in the first 1,000 rows no value of an input is one that it
 * can have (of texts, at least 2 values, and so many new ones are unlikely by the share of the
 * texts of training that only one row had) and HEBB_APPLY_ANYWAY is not given, or with
 * HEBB_APPLY_STRICT; if a target is too far from those of training; with HEBB_BAD_ARGUMENT if an
 * index of `row` is not in the table, or `how` is none; with HEBB_NO_MEMORY.
 */
hebb_dataset *hebb_coding_apply(const hebb_coding *coding, const hebb_table *table, int how,
				long long n, const long long *row, hebb_error *error);

/**
 * The dataset of hebb_coding_apply() without a copy of its inputs, if the table holds bytes and the
 * inputs are adjacent columns. This view borrows the table and the coding, which must outlive it.
 * Other tables are coded as by hebb_coding_apply(). The failures are the same.
 */
hebb_dataset *hebb_coding_view(const hebb_coding *coding, const hebb_table *table, int how,
			       long long n, const long long *row, hebb_error *error);

/** hebb_coding_view(), whose progress a meter learns; NULL: none. */
hebb_dataset *hebb_coding_view_metered(const hebb_coding *coding, const hebb_table *table, int how,
				       long long n, const long long *row, hebb_meter *meter,
				       hebb_error *error);

/**
 * Leaves out the rows whose class is none of those that the coding has (dataset->unseen, which
 * becomes 0): no network can learn them, and none is validated on them. Returns their number.
 */
long long hebb_dataset_drop_unseen(hebb_dataset *dataset);

/** Frees a dataset, or does nothing with NULL. */
void hebb_dataset_free(hebb_dataset *dataset);

/**
 * Copies the inputs of `count` rows, from row `first` of the dataset on, to x (count x inputs). A
 * view gives the same bits as a copy.
 */
void hebb_dataset_get(const hebb_dataset *dataset, long long first, int count, float *x);

/** What tells which values of a table lie outside of what a model was trained on. */
typedef struct hebb_limits hebb_limits;

/**
 * Prepares a table for hebb_limits_row(): finds the columns as hebb_coding_apply() does, and looks
 * up its texts. Borrows the coding and the table, which must outlive it. Free it with
 * hebb_limits_free(). Fails with HEBB_BAD_ARGUMENT if coding->seen is NULL, as it is for images and
 * for models of hebb 0.1; with HEBB_BAD_SHAPE if a column is missing; with HEBB_NO_MEMORY.
 */
hebb_limits *hebb_limits_new(const hebb_coding *coding, const hebb_table *table, hebb_error *error);

/**
 * Sets outside[i], for each input column i of the coding, to 1 if the value in a row of the table
 * is outside of training's, else to 0; returns how many are. A number is outside below the smallest
 * or above the largest one of training; a text if no row of training had it. A missing value is
 * not, nor is a text in place of a number, which counts as missing. Allocates nothing; any number
 * of threads may share the limits.
 */
int hebb_limits_row(const hebb_limits *limits, long long row, unsigned char *outside);

/** Frees limits, or does nothing with NULL. */
void hebb_limits_free(hebb_limits *limits);

/** How rows differ from those of training, counted over any number of tables. */
typedef struct hebb_drift hebb_drift;

/** How much an input column drifted. */
typedef enum hebb_drift_size {
	HEBB_DRIFT_NONE = 1, /**< less than 0.1 above what is expected, or within chance */
	HEBB_DRIFT_SOME,     /**< psi is above its limit, and 0.1 above what is expected */
	HEBB_DRIFT_LARGE     /**< psi is above its limit, and 0.25 above what is expected */
} hebb_drift_size;

/** The name of a value, such as "some", or NULL if there is none. */
const char *hebb_drift_size_name(hebb_drift_size size);

/** The value of a name, or 0 if there is none. */
hebb_drift_size hebb_drift_size_find(const char *name);

/** How an input column differs from the rows of training. */
typedef struct hebb_column_drift {
	long long missing; /**< rows without a value, or with a text in place of a number */
	long long outside; /**< rows whose value is outside: hebb_limits_row() */
	int bins;          /**< bins with a row, of training or later */
	/**
	 * the population stability index, the sum over the bins of (q - p) ln(q / p), where p is
	 * the share of the rows of training and q that of the later rows (Siddiqi 2006); a share is
	 * (rows of the bin + 0.5) / (all rows + 0.5 bins); NaN without any rows
	 */
	double psi;
	/**
	 * what psi is on average without drift: (bins - 1) (1 / n + 1 / m), of n rows of training
	 * and m later ones (Yurdakul 2018)
	 */
	double expected;
	double limit;          /**< what psi stays below without drift in 999 of 1,000 columns */
	hebb_drift_size drift; /**< how much that is */
} hebb_column_drift;

/**
 * Begins to compare with the rows of training. A column of numbers has the bins of
 * hebb_seen.count. The first and the last of them also take the numbers beyond, unless such a bin
 * holds one number alone: then these have a bin of their own. A column of texts has a bin for each
 * level and one for all other texts. Each column has one for missing values. The memory does not
 * depend on the rows. Borrows the coding, which must outlive it. Free it with hebb_drift_free().
 * Fails with HEBB_BAD_ARGUMENT if coding->seen is NULL; with HEBB_NO_MEMORY.
 */
hebb_drift *hebb_drift_new(const hebb_coding *coding, hebb_error *error);

/**
 * Counts n rows of a table; `row` holds their indices, or is NULL for the rows 0 to n - 1. Fails as
 * hebb_limits_new() does, or with HEBB_BAD_ARGUMENT if an index is not in the table; then it counts
 * none of them.
 */
hebb_status hebb_drift_add(hebb_drift *drift, const hebb_table *table, long long n,
			   const long long *row, hebb_error *error);

/**
 * Counts n rows of the table that `limits` was made for, by the coding of the drift: those in
 * `row`, indices in the table, or if it is NULL the n rows from `first` on. Nothing is checked.
 * Several threads may share `limits`, each with a drift of its own; see hebb_drift_join().
 */
void hebb_drift_add_rows(hebb_drift *drift, const hebb_limits *limits, long long n,
			 const long long *row, long long first);

/** Adds the rows that another drift of the same coding has counted. */
void hebb_drift_join(hebb_drift *drift, const hebb_drift *other);

/** The rows that were counted. */
long long hebb_drift_rows(const hebb_drift *drift);

/** Those of them in which at least one value is outside: hebb_limits_row(). */
long long hebb_drift_outside(const hebb_drift *drift);

/** How an input column of the coding differs; `input` is its index, from 0. */
hebb_column_drift hebb_drift_column(const hebb_drift *drift, int input);

/** Frees it, or does nothing with NULL. */
void hebb_drift_free(hebb_drift *drift);

/** Makes the source of a dataset, of this size; hebb_dataset_source() calls it. */
void hebb_dataset_source_init(hebb_source *source, size_t size, const hebb_dataset *dataset);

/**
 * The source of a dataset with targets, for hebb_train(). Borrows the dataset. Without targets its
 * gather fails with HEBB_BAD_ARGUMENT.
 */
static inline hebb_source hebb_dataset_source(const hebb_dataset *dataset)
{
	hebb_source source;

	hebb_dataset_source_init(&source, sizeof source, dataset);
	return source;
}

/** @} */

/**
 * @defgroup augmentation Augmentation
 * Random changes of images during training, new ones for each row and epoch. An image is scaled,
 * then sheared, then rotated about its center, then shifted, and displaced elastically; values come
 * from bilinear interpolation. Outside of an image the raw value is 0.
 * @{
 */

/**
 * How much images are changed. The random numbers are uniform. 0 means no change. You fill it in:
 * begin with hebb_augmentation_default() and change what differs.
 */
typedef struct hebb_augmentation {
	size_t size;     /**< sizeof(hebb_augmentation): for fields that are added later */
	double shift;    /**< the most pixels up or down, and left or right; at least 0 */
	double rotation; /**< the most degrees in either direction; 0 to 180 */
	double scaling;  /**< height and width each get a factor in 1 -+ scaling; [0, 1) */
	/** each row moves right by at most -+ shear times its height above the center */
	double shear;
	/**
	 * the displacement of each pixel: two random numbers in [-1, 1), smoothed over the image by
	 * a Gaussian, times elastic (Simard, Steinkraus & Platt 2003; for MNIST they use 34, and
	 * sigma 4)
	 */
	double elastic;
	double sigma; /**< the standard deviation of that Gaussian, in pixels */
	/** a square of this side in pixels, at a random place, becomes 0 (DeVries & Taylor 2017) */
	double cutout;
	/**
	 * x and y become (1 - u) times those of the row plus u times those of another row, u
	 * uniform in [0, mixup); in [0, 1]. With 1 this is the mixup of Zhang et al. 2018 with
	 * Beta(1, 1)
	 */
	double mixup;
	uint64_t seed; /**< the seed of these random numbers */
} hebb_augmentation;

/** Fills in the defaults of options of this size; hebb_augmentation_default() calls it. */
void hebb_augmentation_init(hebb_augmentation *options, size_t size, int height, int width);

/**
 * Values that work well on images of characters and clothes of this size: shift is a fourteenth of
 * the side, rotation 10, scaling 0.1, shear 0.1, the others 0.
 */
static inline hebb_augmentation hebb_augmentation_default(int height, int width)
{
	hebb_augmentation augmentation;

	hebb_augmentation_init(&augmentation, sizeof augmentation, height, width);
	return augmentation;
}

/** A dataset of images that are changed randomly whenever they are read. */
typedef struct hebb_augmented hebb_augmented;

/**
 * Makes an augmented dataset. Borrows the dataset, which has targets, and the coding that scaled
 * it; both must outlive it. Only one training at a time may use it, because it stores the epoch.
 * The images are the same for any number of threads, on every machine. Free it with
 * hebb_augmented_free().
 *
 * Fails with HEBB_BAD_ARGUMENT if a number is out of range (the message says which), if not all
 * inputs are pixels of an image, if there are no targets, or if the coding is not the dataset's;
 * with HEBB_NO_MEMORY.
 */
hebb_augmented *hebb_augmented_new(const hebb_dataset *dataset, const hebb_coding *coding,
				   const hebb_augmentation *options, hebb_error *error);

/** Frees it, or does nothing with NULL. */
void hebb_augmented_free(hebb_augmented *augmented);

/** Makes its source, of this size; hebb_augmented_source() calls it. */
void hebb_augmented_source_init(hebb_source *source, size_t size, hebb_augmented *augmented);

/** Its source, for hebb_train(). Borrows it. */
static inline hebb_source hebb_augmented_source(hebb_augmented *augmented)
{
	hebb_source source;

	hebb_augmented_source_init(&source, sizeof source, augmented);
	return source;
}

/** @} */

/**
 * @defgroup models Models
 * A model is a network and its coding, which says what the numbers mean. A file is ONNX (IR 7,
 * opset 13; with layer norm IR 8, opset 17). Its graph is the whole pipeline, from the columns of a
 * table (hebb_graph) to probabilities or numbers in their units, as Sub, Mul, Gemm, activations,
 * Softmax and Add. Numbers go in as float32, or float64 with hebb_coding.exact_mean, and come out
 * as float32, or float64 with exact_target_mean, by a Cast. metadata_props holds the description,
 * the names, the training record and a hash. Other programs run the graph: docs/onnx.md. Hebb reads
 * a file only if its graph and names are those that it writes for the description.
 * @{
 */

/** What the graph of a model's file takes and gives. */
typedef enum hebb_graph {
	/** full if an input is text or had missing values in training, else numeric */
	HEBB_GRAPH_AUTO = 1,
	/**
	 * one input, a matrix of the `width` raw inputs of the coding: texts are one-hot, and an
	 * indicator is 1 for a missing value, else 0. Missing numbers are not filled in.
	 */
	HEBB_GRAPH_NUMERIC,
	/**
	 * the columns as they are: a matrix of all that are numbers, NaN for a missing one, and an
	 * input of strings for each that is text, "" for a missing one. Missing values are filled
	 * in, or give NaN if the coding drops rows. A classification has a second output, "label",
	 * the name of the likeliest class.
	 */
	HEBB_GRAPH_FULL
} hebb_graph;

/** The name of a value, such as "full", or NULL if there is none. */
const char *hebb_graph_name(hebb_graph graph);

/** The value of a name, or 0 if there is none. */
hebb_graph hebb_graph_find(const char *name);

/**
 * A network with its coding. A model owns its parts. It comes from hebb_model_new(),
 * hebb_model_read() or hebb_model_parse(); hebb_model_free() frees it with its parts. You may read
 * the fields and change the parameters of the network. Do not fill in a struct of your own, because
 * fields may be added.
 */
typedef struct hebb_model {
	hebb_net *net;       /**< the network */
	hebb_coding *coding; /**< what its inputs and outputs mean */
	hebb_loss loss;      /**< the loss that it was trained with */
	/** how it was trained: the text of a JSON object, not interpreted; may be NULL */
	char *record;
	/** the scores of its calibration rows, for intervals; NULL: it has none */
	struct hebb_conformal *conformal;
	/**
	 * which graph a file gets: HEBB_GRAPH_AUTO, which you may change. Of a model that was read:
	 * which one its file has
	 */
	hebb_graph graph;
} hebb_model;

/**
 * Makes a model of copies of a network, a coding and a record (a JSON object as text, or NULL).
 * Make the model after training, because later changes of the network do not change the copy.
 * Activations of your own must outlive the model. Free it with hebb_model_free().
 *
 * Fails with HEBB_BAD_ARGUMENT if a part is missing, the parts do not fit together, or the record
 * is no JSON object; with HEBB_UNSUPPORTED for a loss of your own; with HEBB_NO_MEMORY.
 */
hebb_model *hebb_model_new(const hebb_net *net, const hebb_coding *coding, hebb_loss loss,
			   const char *record, hebb_error *error);

/**
 * Replaces the record by a copy of another one, or removes it if `record` is NULL. Fails with
 * HEBB_BAD_ARGUMENT if it is no JSON object; with HEBB_NO_MEMORY.
 */
hebb_status hebb_model_set_record(hebb_model *model, const char *record, hebb_error *error);

/** Frees the model with all of its parts, or does nothing with NULL. */
void hebb_model_free(hebb_model *model);

/**
 * Output i of a network, whose outputs are h, in its units, as exact as the coding has them; NaN if
 * that is beyond the range of float. It does not check i.
 */
double hebb_in_units(const hebb_coding *coding, const float *h, int i);

/**
 * The slope of hebb_in_units() by h[i]: the standard deviation of the target, times the slope of
 * the inverse transform where the target was transformed.
 */
double hebb_slope_in_units(const hebb_coding *coding, const float *h, int i);

/**
 * What hebb_model_predict() and hebb_model_predict_table() predict. Begin with
 * hebb_prediction_default() and give room for what you want to know. An array that is NULL is left
 * out.
 */
typedef struct hebb_prediction {
	size_t size; /**< given by you: sizeof(hebb_prediction) */
	/**
	 * given by you: room for rows x coding->outputs: the probabilities of the classes, or
	 * numbers in their units
	 */
	float *output;
	/**
	 * given by you: room for rows: the likeliest class, as an index of
	 * coding->targets[0].levels; -1: the row has no answer
	 */
	int *label;
	long long answered; /**< how many rows have an answer */
	/**
	 * given by you: room for rows x coding->outputs: as output, but of targets that need
	 * doubles with all digits (hebb_coding.exact_target_mean)
	 */
	double *values;
	/**
	 * given by you: 0, or a sum of HEBB_APPLY_STRICT (a value that is missing or unlike those
	 * of training fails) and HEBB_APPLY_ANYWAY (a column without any value that fits is no
	 * failure)
	 */
	int how;
	/** given by you: room for coding->input_count: what was unlike training, by input column */
	hebb_unlike *unlike;
	/**
	 * given by you: room for rows: 1 if a value of the row lies outside of training, as
	 * hebb_limits_row() has it, else 0, also where training is not known (hebb_coding.seen)
	 */
	unsigned char *outside;
} hebb_prediction;

/** A prediction that can be filled in; all arrays are NULL. */
static inline hebb_prediction hebb_prediction_default(void)
{
	hebb_prediction prediction;

	hebb_sized(&prediction, sizeof prediction);
	return prediction;
}

/**
 * Predicts rows of your arrays: numbers as hebb_floats(), hebb_doubles() or hebb_integers(), texts
 * as hebb_texts(), `count` blocks of `rows` rows each. If model and arrays all have names, columns
 * are found by name, in any order, and others are ignored. Otherwise the arrays have the input
 * columns of the model, or all columns that it was trained on, in order. Any number of threads may
 * call it on one model. The bits of a row are the same alone, among others, and from
 * hebb_model_predict_table().
 *
 * Every row gets an answer where there can be one. A text that is no level of its column is none of
 * them. A missing value (NaN, NULL or "") is filled in, or makes the answer NaN if the model was
 * trained without such rows (HEBB_MISSING_DROP). So does what cannot be a value of a column of
 * numbers, which counts as odd: a text that is no number, an infinite number, or one too large for
 * float32. In a column of texts a number stands for the level that is this number.
 *
 * The output is NaN, and the label -1, where there is no finite answer: finite inputs far from
 * those of training may overflow in the network. Of classes all outputs are NaN then.
 *
 * The arrays are not copied. The call allocates nothing for a row of up to 256 numbers, unless the
 * network is too large for the stack (hebb_predict()); otherwise it allocates for the columns and
 * for a few hundred rows at once, however many there are.
 *
 * Fails with HEBB_BAD_ARGUMENT if rows < 1, blocks are wrong as for hebb_table_from_arrays(), `how`
 * is none, or prediction->label is set and the model is no classification; with HEBB_BAD_SHAPE if a
 * column is missing, the number of columns does not fit, or network and coding do not; with
 * HEBB_BAD_FORMAT (row and column) as hebb_coding_apply() does, but never for a row alone without
 * HEBB_APPLY_STRICT; with HEBB_NO_MEMORY. After HEBB_BAD_FORMAT a part of the rows may have been
 * written.
 */
hebb_status hebb_model_predict(const hebb_model *model, long long rows, int count,
			       const hebb_block *blocks, hebb_prediction *prediction,
			       hebb_error *error);

/**
 * hebb_model_predict() for n rows of a table. `row` holds their indices, or is NULL for the rows 0
 * to n - 1. Columns and texts are matched as by hebb_coding_apply(); targets may be missing. Any
 * number of threads may call it on one model and one table. Fails with HEBB_BAD_ARGUMENT too if an
 * index is not in the table.
 */
hebb_status hebb_model_predict_table(const hebb_model *model, const hebb_table *table, long long n,
				     const long long *row, hebb_prediction *prediction,
				     hebb_error *error);

/**
 * Evaluates a model on n rows of a table with targets, as hebb_evaluate() does. `row` holds their
 * indices, or is NULL for the rows 0 to n - 1. rmse and mae are in the units of the targets. rmse,
 * mae and r2 are NaN unless it is a regression, accuracy unless it is a classification. Rows with
 * missing values are left out of result->rows if the model was trained without such rows; of
 * several numeric targets, or labels, some may be missing. result->unit must be NULL. Fails as
 * hebb_coding_apply() and hebb_evaluate() do.
 */
hebb_status hebb_model_evaluate(const hebb_model *model, const hebb_table *table, long long n,
				const long long *row, hebb_evaluation *result, hebb_error *error);

/**
 * Writes a model to a file, as hebb_file_write() does. Fails with HEBB_BAD_ARGUMENT if the parts of
 * the model, its loss included, do not fit together or a number is not finite; with
 * HEBB_UNSUPPORTED if there is an activation of your own, or the model is too large for an ONNX
 * file; with HEBB_IO or HEBB_NO_MEMORY.
 */
hebb_status hebb_model_write(const hebb_model *model, const char *path, hebb_error *error);

/**
 * Reads a model that hebb wrote. Frozen layers are still frozen. Free it with hebb_model_free().
 * Fails with HEBB_IO (which file, why); with HEBB_BAD_FORMAT if the file is truncated, altered or
 * no model at all; with HEBB_UNSUPPORTED if another program or a newer hebb wrote it; with
 * HEBB_NO_MEMORY.
 */
hebb_model *hebb_model_read(const char *path, hebb_error *error);

/** Writes a model to bytes, as hebb_model_write() does. Free *bytes with free(). */
hebb_status hebb_model_format(const hebb_model *model, unsigned char **bytes, size_t *size,
			      hebb_error *error);

/** Reads a model from bytes, as hebb_model_read() does. `name` is for messages. */
hebb_model *hebb_model_parse(const void *bytes, size_t size, const char *name, hebb_error *error);

/** An input of the graph of a model's file, as other programs see it. */
typedef struct hebb_graph_input {
	const char *name;      /**< its name: UTF-8, and not that of another input */
	hebb_column_kind kind; /**< HEBB_NUMBER: a matrix; HEBB_TEXT: strings, rows x 1 */
	int columns;           /**< the columns of the matrix; 1 of texts */
	int is_double;         /**< the numbers are 1: float64; 0: float32 */
} hebb_graph_input;

/**
 * The inputs of the graph that hebb_model_write() writes, `count` of them. A text input is called
 * as its column is, with "_N" behind it if another value of the graph has that name, N being the
 * number of the column among the inputs. Free the array with free(). Returns NULL if an argument is
 * NULL or the parts of the model do not fit together (HEBB_BAD_ARGUMENT), or out of memory.
 */
hebb_graph_input *hebb_model_graph_inputs(const hebb_model *model, int *count, hebb_error *error);

/** 1 if the bytes look like an ONNX file and not like data, for programs that accept both. */
int hebb_model_probe(const void *bytes, size_t size);

/** How many bytes at the beginning of a file are enough for hebb_model_is_ours() and its like. */
#define HEBB_BEGINNING 4096

/** 1 if the bytes look like an ONNX file that hebb wrote; else 0. */
int hebb_model_is_ours(const void *bytes, size_t size);

/** @} */

/**
 * @defgroup intervals Intervals
 * Intervals around numbers and sets of classes, by split conformal prediction (Vovk, Gammerman &
 * Shafer 2005; Lei et al. 2018; for classes Sadinle, Lei & Wasserman 2019). The scores of n rows
 * that the network was not trained on say how wrong it is. If these rows and a new one are
 * exchangeable, the interval or the set contains the truth with a probability of at least the
 * level. docs/predictions.md has the conditions.
 * @{
 */

/** The most scores that are kept of each target. */
#define HEBB_CONFORMAL_MOST 1000

/** The level of hebb_conformal_scores.mean_set. */
#define HEBB_CONFORMAL_LEVEL 0.9

/** The scores of the calibration rows, of the classes or of one target or label. */
typedef struct hebb_conformal_scores {
	long long rows; /**< n: how many rows were scored, those that have this target */
	int count;      /**< scores kept: n, but at most HEBB_CONFORMAL_MOST */
	/**
	 * count, ascending: those of the ranks ceil(j n / count), j = 1 to count. |y - h| in units;
	 * for classes and labels 1 - p of the right one. Rounded up; FLT_MAX: infinite
	 */
	float *score;
	/**
	 * classes and labels: how many classes the sets of level HEBB_CONFORMAL_LEVEL of these rows
	 * have, the mean; NaN for numbers, and if there are too few rows for this level
	 */
	double mean_set;
} hebb_conformal_scores;

/** The scores of the calibration rows of a model. */
typedef struct hebb_conformal {
	int folds; /**< 0: of rows held out; else out-of-fold scores of so many folds */
	int count; /**< 1 for classes, else coding->outputs: one for each target or label */
	hebb_conformal_scores *part; /**< count */
} hebb_conformal;

/**
 * Makes an object without scores. Free it with hebb_conformal_free(). Fails with HEBB_BAD_ARGUMENT
 * if count < 1 or folds < 0; with HEBB_NO_MEMORY.
 */
hebb_conformal *hebb_conformal_new(int folds, int count, hebb_error *error);

/**
 * Sets the scores of a part: sorts them, rounds them up and keeps at most HEBB_CONFORMAL_MOST. A
 * score that is NaN is left out: the row lacks this target. INFINITY: a row without an answer. Its
 * mean_set becomes NaN. Fails with HEBB_BAD_ARGUMENT or HEBB_NO_MEMORY.
 */
hebb_status hebb_conformal_set(hebb_conformal *conformal, int part, long long rows,
			       const double *score, hebb_error *error);

/** Frees it, or does nothing with NULL. */
void hebb_conformal_free(hebb_conformal *conformal);

/**
 * Replaces the scores of a model by a copy of these, or removes them if `conformal` is NULL. Fails
 * with HEBB_BAD_ARGUMENT if they do not fit the model; with HEBB_NO_MEMORY.
 */
hebb_status hebb_model_set_conformal(hebb_model *model, const hebb_conformal *conformal,
				     hebb_error *error);

/**
 * The threshold of a part for a level, as hebb_model_thresholds() has it; NaN if there are too few
 * rows, no such part, or the level is not above 0 and below 1.
 */
float hebb_conformal_threshold(const hebb_conformal *conformal, int part, double level);

/**
 * The thresholds of a level, one for each part (model->conformal->count): of n scores the k-th
 * smallest, k = ceil((n + 1) level). Of more than HEBB_CONFORMAL_MOST scores it is the next larger
 * one that was kept. Fails with HEBB_BAD_ARGUMENT if the level is not above 0 and below 1, the
 * model has no scores, or k > n (the message says how many rows are needed).
 */
hebb_status hebb_model_thresholds(const hebb_model *model, double level, float *threshold,
				  hebb_error *error);

/**
 * The interval around a predicted number in its units: value -+ threshold. The ends are rounded
 * outwards to float32, unless the model has hebb_coding.exact_target_mean. An output of HEBB_EXP,
 * which is never negative, has no negative low end. Both ends are NaN if the value is. Cannot fail.
 */
void hebb_model_interval(const hebb_model *model, double value, float threshold, double *low,
			 double *high);

/**
 * The set of classes for probabilities p: chosen[i] becomes 1 if 1 - p[i] <= threshold, and for the
 * largest p (the first of several), so that the set is never empty; else 0. Returns the number of
 * classes in it. For a label, whose probability is p, the classes are {1 - p, p}.
 */
int hebb_class_set(int classes, const float *p, float threshold, unsigned char *chosen);

/** The score of a row whose right class has probability p: 1 - p; INFINITY if p is not finite. */
double hebb_class_score_of(float p);

/** @} */

/**
 * @defgroup checkpoints Checkpoints
 * A checkpoint is a safetensors file with the whole state of a trainer. A new trainer with this
 * state continues the training with bit-identical results.
 *
 * The file contains the number of its format. This version writes format 1. It reads format 1 and
 * the files of hebb 0.1.0, which have no number; training continues from both as in the version
 * that wrote them, bit by bit. Later versions read these formats too, or say why not.
 * @{
 */

/**
 * Writes a checkpoint to a file, as hebb_file_write() does. `record` is a text of yours, in UTF-8,
 * that goes with it, or NULL. The progress callback may call it. Fails with HEBB_IO (which file,
 * why), HEBB_BAD_ARGUMENT (the record is not UTF-8) or HEBB_NO_MEMORY.
 */
hebb_status hebb_checkpoint_write(const hebb_trainer *trainer, const char *record, const char *path,
				  hebb_error *error);

/**
 * Writes a checkpoint to bytes. Free *bytes with free(). Fails with HEBB_BAD_ARGUMENT (the record
 * is not UTF-8) or HEBB_NO_MEMORY.
 */
hebb_status hebb_checkpoint_format(const hebb_trainer *trainer, const char *record,
				   unsigned char **bytes, size_t *size, hebb_error *error);

/** What the file of a checkpoint holds. */
typedef struct hebb_checkpoint hebb_checkpoint;

/**
 * Reads a checkpoint. Free it with hebb_checkpoint_free(). Fails with HEBB_IO (which file, why);
 * with HEBB_BAD_FORMAT if the file is truncated, altered or no checkpoint (it is read as strictly
 * as by the safetensors library of Hugging Face: each byte belongs to one tensor); with
 * HEBB_UNSUPPORTED if its format is of a newer hebb; with HEBB_NO_MEMORY.
 */
hebb_checkpoint *hebb_checkpoint_read(const char *path, hebb_error *error);

/** Reads a checkpoint from bytes, which it copies. `name` is for messages. */
hebb_checkpoint *hebb_checkpoint_parse(const void *bytes, size_t size, const char *name,
				       hebb_error *error);

/** Frees a checkpoint, or does nothing with NULL. */
void hebb_checkpoint_free(hebb_checkpoint *checkpoint);

/** 1 if the bytes look like a checkpoint; else 0. */
int hebb_checkpoint_probe(const void *bytes, size_t size);

/** 1 if the bytes, of which the first HEBB_BEGINNING are enough, look like one that hebb wrote. */
int hebb_checkpoint_is_ours(const void *bytes, size_t size);

/**
 * Sets the state of a new trainer to that of the checkpoint. Fails with HEBB_BAD_SHAPE if the
 * checkpoint belongs to another network or recipe (the message names the difference; epochs,
 * seconds and threads may differ); with HEBB_BAD_FORMAT if something is missing or out of range;
 * with HEBB_NO_MEMORY. On failure the trainer may only be freed.
 */
hebb_status hebb_checkpoint_restore(const hebb_checkpoint *checkpoint, hebb_trainer *trainer,
				    hebb_error *error);

/**
 * A text of the checkpoint: "record", "network" and "recipe" (both JSON), "hebb" (the version),
 * "hebb_format" (a number). NULL if there is none. It is valid until the checkpoint is freed.
 */
const char *hebb_checkpoint_text(const hebb_checkpoint *checkpoint, const char *name);

struct hebb_array;

/** A counter of the checkpoint, or NaN if there is none of this name. */
double hebb_checkpoint_counter(const hebb_checkpoint *checkpoint, const char *name);

/**
 * Returns the number of arrays. Writes the name and size of an array, counted from 0, to `about`
 * unless it is NULL; if there is no such array, *about is unchanged. Returns -1 if *about has no
 * size: begin with hebb_array_default(). hebb_advanced.h has struct hebb_array.
 */
int hebb_checkpoint_arrays(const hebb_checkpoint *checkpoint, int array, struct hebb_array *about);

/** @} */

/**
 * @defgroup files Files and numbers
 * @{
 */

/**
 * Reads a whole file ("-": standard input) and decompresses gzip. Free *bytes with free(); a zero
 * byte follows the last one. Fails with HEBB_IO; with HEBB_BAD_FORMAT for damaged gzip; with
 * HEBB_UNSUPPORTED if there are more than 8 GiB, or more than 1 GiB on a 32-bit machine (a regular
 * file of that size is not read at all); with HEBB_NO_MEMORY.
 */
hebb_status hebb_file_read(const char *path, unsigned char **bytes, size_t *size,
			   hebb_error *error);

/**
 * Writes a file completely or not at all: it writes NAME.0123456789ab.tmp beside it, synchronizes
 * that with the disk and renames it. The new file has the mode and, where the system allows it, the
 * owner of the one that it replaces. A device, a pipe or "-" (standard output) is written directly.
 * Fails with HEBB_IO (which file, why). Writing beyond the limit of a file's size raises SIGXFSZ;
 * if the program ignores this signal, the call fails with HEBB_IO.
 */
hebb_status hebb_file_write(const char *path, const void *bytes, size_t size, hebb_error *error);

/** A file that is written in pieces, completely or not at all. */
typedef struct hebb_writer hebb_writer;

/**
 * Begins a file, as hebb_file_write() does. What is at `path` stays there until
 * hebb_writer_finish(). Free it with hebb_writer_free(). Fails with HEBB_IO (which file, why),
 * HEBB_BAD_ARGUMENT or HEBB_NO_MEMORY.
 */
hebb_writer *hebb_writer_new(const char *path, hebb_error *error);

/**
 * Adds bytes to the file; `bytes` may be NULL if `size` is 0. Fails with HEBB_IO, HEBB_NO_MEMORY or
 * HEBB_BAD_ARGUMENT: an argument is NULL, or the writer is finished. After HEBB_IO the file lacks
 * bytes, and hebb_writer_finish() refuses it.
 */
hebb_status hebb_writer_add(hebb_writer *writer, const void *bytes, size_t size, hebb_error *error);

/**
 * Synchronizes the file with the disk and renames it to its path. The writer may then only be
 * freed. Fails with HEBB_IO, also if bytes could not be added before; the file at the path is then
 * unchanged. Fails with HEBB_BAD_ARGUMENT if the writer is NULL or finished.
 */
hebb_status hebb_writer_finish(hebb_writer *writer, hebb_error *error);

/** Frees a writer, and removes its file if it was not finished; or does nothing with NULL. */
void hebb_writer_free(hebb_writer *writer);

/**
 * The fields of a CSV text, unconverted but for its encoding: UTF-8. The values of a table are
 * numbers, which cannot represent identifiers such as 0012.
 */
typedef struct hebb_csv_rows hebb_csv_rows;

/**
 * Begins with the first row of `table`, which hebb_table_parse() made of these bytes. They must
 * stay valid as long as the result is used. Free it with hebb_csv_rows_free(). Fails with
 * HEBB_UNSUPPORTED if the table is not of CSV, HEBB_BAD_FORMAT if the bytes are others,
 * HEBB_BAD_ARGUMENT or HEBB_NO_MEMORY.
 */
hebb_csv_rows *hebb_csv_rows_new(const void *bytes, size_t size, const hebb_table *table,
				 hebb_error *error);

/**
 * Reads the next row. text[i] becomes the field of column[i] (0 <= column[i] < the table's
 * columns), i < count: without its quotes and the blanks around it, otherwise unchanged. It is
 * valid until the next call. Fails with HEBB_BAD_FORMAT after the last row or if the bytes are not
 * those of the table, HEBB_BAD_ARGUMENT or HEBB_NO_MEMORY.
 */
hebb_status hebb_csv_rows_next(hebb_csv_rows *rows, int count, const int *column, const char **text,
			       hebb_error *error);

/** Frees it, or does nothing with NULL. */
void hebb_csv_rows_free(hebb_csv_rows *rows);

/** Room for the text of hebb_reason(). */
#define HEBB_REASON 48

/**
 * What an errno means, as the end of a sentence and the same in every locale: "no space is left on
 * the device". `text` has at least HEBB_REASON bytes, which are used if the number is unknown. The
 * result is a constant or `text`.
 */
const char *hebb_reason(int number, char *text);

/**
 * Writes the fewest digits that read back to the same float32, with a point in every locale: "0.1",
 * "-3", "1e-08". `text` has at least 32 bytes. Returns `text`.
 */
char *hebb_format_float(float value, char *text);

/**
 * As hebb_format_float(), of a double; `text` has at least 32 bytes. Of subnormal numbers, and of
 * powers of two that need more than 15 digits, it writes the digits of the number rounded to 15, 16
 * or 17, the first that read back.
 */
char *hebb_format_double(double value, char *text);

/** A number as people read it; see hebb_show_number(). */
typedef struct hebb_number {
	char text[32]; /**< the text, with its zero byte */
} hebb_number;

/**
 * Shows a number to people, with a point in every locale: "0.0271", "15,690", "-3", "1.2e-09",
 * "3e+21", "NaN", "inf". `digits` (1 to 9) is the number of significant digits; a number from 1,000
 * to 10^15 is shown with all digits before the point and none after it. For files and programs use
 * hebb_format_float().
 */
hebb_number hebb_show_number(double value, int digits);

/** A count with its noun; see hebb_show_count(). */
typedef struct hebb_counted {
	char text[64]; /**< the text, with its zero byte; a longer one is cut */
} hebb_counted;

/**
 * Shows to people how many things there are: "1 row", "0 rows", "177,500 rows", "2 classes".
 * `thing` is the name of one; the plural ends in "s", or in "es" if the name ends in "s".
 */
hebb_counted hebb_show_count(long long count, const char *thing);

/** An amount of memory as people read it, with a point in every locale: "512 bytes", "4.2 GB". */
hebb_number hebb_show_bytes(double bytes);

/** @} */

#ifdef __cplusplus
}
#endif
#endif /* HEBB_IO_H */
