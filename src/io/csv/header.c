/* SPDX-License-Identifier: MIT */
/*
 * header.c - whether the first line of a CSV text names the columns below it
 *
 * Surely if it has names that are asked for, or those of the model that the table is for. Else a
 * name is a text above numbers; or, where all of the line is texts, these occur nowhere below,
 * where other texts occur again. Names may be numbers too: 0, 1, 2 and so on, years, or even steps,
 * if the values below are unlike them.
 */
#include "csv.h"

#include <math.h>
#include <string.h>

enum { NEAR = 30, TRIED = 8 }; /* the rows and columns that are looked at more than once */

/* ---- Fields ---- */

/* Field c of a line that is read from c = 0 on. */
static hb_csv_field next_field(hb_csv *r, int c)
{
	r->p += c > 0 && !hb_csv_ends_line(r);
	return hb_csv_unquoted(hb_csv_raw(r));
}

static int is_equal(hb_csv_field a, hb_csv_field b)
{
	return a.size == b.size && memcmp(a.text, b.text, a.size) == 0;
}

/* The fields of the first line. */
static int fields_of(const hb_csv_first *first)
{
	return first->table->columns - first->r.has_row_names;
}

/* The rows below the first line, to go through with hb_csv_next_row(). */
static hb_csv rows_below(const hb_csv_first *first)
{
	hb_csv r = first->r;

	hb_csv_go(&r, first->second);
	return r;
}

/* What a field says.  NOTHING: it is empty, or a mark such as NA and -.  FIGURE: a number in a
 * form, such as $1,5 or 2026-11-30, or like one: 10-20, 5 kg. */
enum says { NOTHING, NUMBER, FIGURE, WORD };

/* Of a text that is no number. */
static enum says text_says(hb_csv_field field)
{
	double value;
	size_t digits = 0, letters = 0, others = 0, before = 0;

	if (hb_form_read_any(field.text, field.size, &value))
		return FIGURE;
	if (field.size > 1 && *field.text == '#')
		return WORD; /* a color, or such */
	for (size_t i = 0; i < field.size; i++) {
		unsigned char c = (unsigned char)field.text[i];
		int is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		digits += hb_is_digit((char)c);
		letters += is_letter;
		others += c >= 0x80;
		before += is_letter && digits == 0;
	}
	if (digits + letters + others == 0)
		return NOTHING;
	return digits > letters && before == 0 ? FIGURE : WORD;
}

static enum says what_says(const hb_csv *r, hb_csv_field field)
{
	float value;
	hb_csv_kind kind = hb_csv_kind_of(r, &field, &value);

	if (kind == HB_MISSING)
		return NOTHING;
	return kind == HB_TEXT ? text_says(field) : NUMBER;
}

/* ---- Names that are known ---- */

/* 1 if the first line has such a field; `from` is where the search begins and, after it, ends. */
static int has_field(const hb_csv_first *first, hb_csv_field wanted, hb_csv *from, int *at)
{
	int fields = fields_of(first);

	for (int i = 0; i < fields; i++) {
		int c = *at + 1 < fields ? *at + 1 : 0;

		if (c == 0)
			*from = first->r;
		*at = c;
		if (is_equal(next_field(from, c), wanted))
			return 1;
	}
	return 0;
}

/* 1 if a word of the first line fits a pattern, which is more than stars. */
static int has_fitting(const hb_csv_first *first, hb_csv_field pattern)
{
	hb_csv r = first->r;
	size_t any = 0;

	while (any < pattern.size && hb_is_pattern(pattern.text + any, 1))
		any++;
	if (any == pattern.size || !hb_is_pattern(pattern.text, pattern.size))
		return 0;
	for (int c = 0; c < fields_of(first); c++) {
		hb_csv_field field = next_field(&r, c);

		if (hb_fits_pattern(pattern.text, pattern.size, field.text, field.size) &&
		    what_says(&r, field) == WORD)
			return 1;
	}
	return 0;
}

/* 1 if the first line has one of the names of a list. */
static int has_listed(const hb_csv_first *first, const char *list)
{
	hb_csv from = first->r;
	int at = -1;

	for (const char *p = list; p && *p; p += *p == ',') {
		hb_csv_field name = {p, strcspn(p, ","), 0};

		if (name.size > 0 && !hb_column_number(p, name.size, first->table->columns) &&
		    (has_field(first, name, &from, &at) || has_fitting(first, name)))
			return 1;
		p += name.size;
	}
	return 0;
}

static int is_name_of(const hebb_column *column, int count, hb_csv_field name)
{
	for (int i = 0; i < count; i++)
		if (strlen(column[i].name) == name.size &&
		    memcmp(column[i].name, name.text, name.size) == 0)
			return 1;
	return 0;
}

/* 1 if the first line has all inputs of the model, or nothing but columns of it. */
static int has_names_of(const hb_csv_first *first, const hebb_coding *coding)
{
	hb_csv r = first->r;
	int at = -1, found = 0, words = 0, c = 0;

	if (!coding || !coding->named)
		return 0;
	while (found < coding->input_count &&
	       has_field(first,
			 (hb_csv_field){coding->inputs[found].name,
					strlen(coding->inputs[found].name), 0},
			 &r, &at))
		found++;
	if (found == coding->input_count)
		return 1;
	for (r = first->r; c < fields_of(first); c++) {
		hb_csv_field field = next_field(&r, c);

		if (!is_name_of(coding->inputs, coding->input_count, field) &&
		    !is_name_of(coding->targets, coding->target_count, field))
			return 0;
		words |= what_says(&r, field) == WORD;
	}
	return words;
}

static int is_known(const hb_csv_first *first)
{
	const hebb_table_options *options = first->options;

	return has_listed(first, options->names) || has_listed(first, options->text) ||
	       has_listed(first, options->numeric) || has_names_of(first, options->coding);
}

/* ---- A text above numbers ---- */

/* 1 if the column below has a form or numbers and, but for a few slips, nothing else. */
static int is_numeric(const hb_csv_first *first, int c)
{
	const hb_csv_look *look = hb_csv_look_at(first->looks, c);
	long long texts = first->seen[c].texts;
	long long numbers = first->table->rows - first->seen[c].missing - texts;

	if (look && look->form)
		return look->values > 0;
	return numbers > 0 && (texts == 0 || (numbers + texts >= 20 && texts <= numbers / 9));
}

/* 1 if the field could stand in column c too, whose form is known. */
static int is_value(const hb_csv_first *first, hb_csv_field field, int c)
{
	const hb_csv_look *look = hb_csv_look_at(first->looks, c);

	return look && hb_csv_look_knows(look, &field);
}

/* What field c of the first line says above its column. */
static enum says says_above(const hb_csv_first *first, hb_csv_field field, int c)
{
	enum says says = what_says(&first->r, field);

	return says == WORD && is_value(first, field, c) ? FIGURE : says;
}

/* How often the rows below say each of these in a column. */
struct column {
	int says[WORD + 1];
};

static struct column look_at(const hb_csv_first *first, int column)
{
	hb_csv r = rows_below(first);
	struct column found = {{0}};

	for (int i = 0; i < NEAR && hb_csv_next_row(&r); i++) {
		hb_csv_field field = {"", 0, 0};

		for (int c = 0; c <= column; c++)
			field = next_field(&r, c);
		found.says[what_says(&r, field)]++;
		for (int c = column + 1; c < first->table->columns; c++)
			next_field(&r, c);
		hb_csv_end_line(&r);
	}
	return found;
}

/* 1 if there are figures and, but for a few slips, nothing else. */
static int are_figures(struct column column)
{
	int figures = column.says[FIGURE] + column.says[NUMBER];

	return figures > 0 && column.says[WORD] <= figures / 9;
}

/* 1 if a word stands above numbers in other clothes, in one of the columns that are tried. */
static int is_word_over_figures(const hb_csv_first *first)
{
	hb_csv line = first->r, below = rows_below(first);
	int tried = 0;

	if (!hb_csv_next_row(&below))
		return 0;
	for (int c = 0; c < first->table->columns && tried < TRIED; c++) {
		enum says says = says_above(first, next_field(&line, c), c);

		if (what_says(&below, next_field(&below, c)) != FIGURE || says != WORD)
			continue;
		if (are_figures(look_at(first, c)))
			return 1;
		tried++;
	}
	return 0;
}

/* What the first line has. */
struct line {
	int numbers, figures, words, nothings;
	int words_over_numbers, figures_over_numbers;
};

static struct line look(const hb_csv_first *first)
{
	struct line line = {0};
	hb_csv r = first->r;

	for (int c = 0; c < fields_of(first); c++) {
		hb_csv_field field = next_field(&r, c);
		enum says says = says_above(first, field, c);
		int is_over = is_numeric(first, c);

		line.numbers += says == NUMBER;
		line.figures += says == FIGURE;
		line.words += says == WORD;
		line.nothings += says == NOTHING;
		line.words_over_numbers += says == WORD && is_over;
		if (says == FIGURE && is_over && !is_value(first, field, c) &&
		    line.figures <= TRIED)
			line.figures_over_numbers += look_at(first, c).says[FIGURE] == 0;
	}
	return line;
}

/* ---- Words alone ---- */

/* 1 if two lines have a word in common, in the same column. */
static int share_word(hb_csv a, hb_csv b, int columns)
{
	for (int c = 0; c < columns; c++) {
		hb_csv_field field = next_field(&a, c);

		if (is_equal(field, next_field(&b, c)) && what_says(&b, field) == WORD)
			return 1;
	}
	return 0;
}

/* 1 if a word of the line occurs in a row from r on. */
static int occurs_in(hb_csv line, hb_csv r, int columns)
{
	while (hb_csv_next_row(&r)) {
		if (share_word(line, r, columns))
			return 1;
		hb_csv_pass_row(&r);
	}
	return 0;
}

/* 1 if a word of the first line occurs below it. */
static int occurs_below(const hb_csv_first *first)
{
	return occurs_in(first->r, rows_below(first), first->table->columns);
}

/* 1 if a word of the rows below occurs again in its column: of rows that are near, or in any row
 * one of the first few. */
static int words_recur(const hb_csv_first *first)
{
	hb_csv row[NEAR], r = rows_below(first);
	int rows = 0, columns = first->table->columns;

	for (; rows < NEAR && hb_csv_next_row(&r); rows++) {
		row[rows] = r;
		for (int i = 0; i < rows; i++)
			if (share_word(row[i], r, columns))
				return 1;
		hb_csv_pass_row(&r);
	}
	for (int i = 0; i < rows && i < TRIED; i++)
		if (occurs_in(row[i], r, columns))
			return 1;
	return 0;
}

/* 1 if no two fields of the first line are equal, as far as there is time to look. */
static int is_distinct(const hb_csv_first *first)
{
	enum { MOST = 300 };
	int fields = fields_of(first) < MOST ? fields_of(first) : MOST;
	hb_csv r = first->r;

	for (int c = 0; c < fields; c++) {
		hb_csv_field field = next_field(&r, c);
		hb_csv before = first->r;

		for (int i = 0; i < c; i++)
			if (is_equal(field, next_field(&before, i)))
				return 0;
	}
	return 1;
}

static int note(const hb_csv_first *first, int is_header, const char *what, const char *why)
{
	hb_table_note(first->table,
		      "%s:%lld: the first line, %s, was taken for %s%s; if not, say "
		      "--header %s",
		      first->table->name, first->r.line, what, is_header ? "the header" : "a row",
		      why, is_header ? "no" : "yes");
	return is_header;
}

static int words_are_names(const hb_csv_first *first)
{
	enum { SURE = 20 }; /* so many rows leave no doubt */

	if (!is_distinct(first) || occurs_below(first))
		return 0;
	if (!words_recur(first))
		return note(first, 0, "all texts", ", as no text occurs again");
	if (first->table->rows < SURE)
		note(first, 1, "all texts", ", as they occur nowhere below");
	return 1;
}

/* ---- Numbers as names ---- */

/* The numbers of the first line, which ascend or, being years, descend. */
struct sequence {
	int count;
	int is_count;  /* 0, 1, 2 ... or 1, 2, 3 ... */
	int are_years; /* 1800 to 2200 */
	int is_even;   /* they ascend by steps of one size */
	int unlike;    /* columns below in which no value is written as an integer */
	int no_years;  /* no value below is a year */
};

static int is_year(double value)
{
	return value >= 1800 && value <= 2200 && floor(value) == value;
}

/* The columns, from the first one on, in which each row that is near has a decimal point, as 1.0
 * has: a 1 in `points`. */
static void look_for_points(const hb_csv_first *first, char points[], int columns)
{
	hb_csv r = rows_below(first);
	int rows = 0;

	memset(points, 1, (size_t)columns);
	for (; rows < NEAR && hb_csv_next_row(&r); rows++) {
		for (int c = 0; c < first->table->columns; c++) {
			hb_csv_field field = next_field(&r, c);

			if (c < columns && field.size > 0 && !memchr(field.text, '.', field.size) &&
			    what_says(&r, field) != NOTHING)
				points[c] = 0;
		}
		hb_csv_end_line(&r);
	}
}

/* Adds what column c says; has_points: its values have decimal points. */
static void look_below(const hb_csv_first *first, int c, int has_points, struct sequence *s)
{
	const hebb_table *table = first->table;
	long long seen = table->rows - first->seen[c].missing;
	int integers = 0, years = 0;

	for (long long row = 0; row < table->rows && !first->seen[c].texts; row++) {
		double value = table->values[row * table->columns + c];

		integers |= floor(value) == value;
		years |= is_year(value);
	}
	if (first->seen[c].texts)
		integers = first->seen[c].texts < seen;
	s->unlike += (has_points || !integers) && seen > 0;
	s->no_years &= !years;
}

/* The value of a text of up to 9 digits, else -1. */
static int digits(hb_csv_field field)
{
	int value = 0;

	if (field.size > 9)
		return -1;
	for (size_t i = 0; i < field.size; i++) {
		if (!hb_is_digit(field.text[i]))
			return -1;
		value = 10 * value + (field.text[i] - '0');
	}
	return value;
}

/* Adds a number of the first line; 0 if it makes no sequence. */
static int add_number(struct sequence *s, int value, int *begin, int *before, int *step)
{
	if (value < 0 || (s->count > 0 && value == *before) ||
	    (s->count > 1 && (value > *before) != (*step > 0)))
		return 0;
	*begin = s->count == 0 ? value : *begin;
	*step = s->count == 1 ? value - *before : *step;
	s->is_count &= *begin <= 1 && value == *begin + s->count;
	s->are_years &= is_year(value);
	s->is_even &= s->count == 0 || (value - *before == *step && *step > 0);
	*before = value;
	s->count++;
	return 1;
}

/* Reads the numbers; count is 0 if they are no sequence. */
static struct sequence read_sequence(const hb_csv_first *first)
{
	enum { MOST = 1024 };
	struct sequence s = {.is_count = 1, .are_years = 1, .is_even = 1, .no_years = 1};
	char points[MOST];
	hb_csv r = first->r;
	int begin = 0, before = 0, step = 0;

	look_for_points(first, points, first->table->columns < MOST ? first->table->columns : MOST);
	for (int c = 0; c < fields_of(first); c++) {
		hb_csv_field field = next_field(&r, c);

		if (what_says(&r, field) != NUMBER)
			continue;
		if (!add_number(&s, digits(field), &begin, &before, &step))
			return (struct sequence){0};
		look_below(first, c, c < MOST && points[c], &s);
	}
	return s;
}

/* 1 if the first row below counts too. */
static int row_counts(const hb_csv_first *first)
{
	const float *value = first->table->values;

	for (int c = 1; c < first->table->columns; c++)
		if (value[c] - value[c - 1] != 1)
			return 0;
	return 1;
}

/* 1 if the first line lacks the name of a first column in which no value is missing. */
static int has_index(const hb_csv_first *first)
{
	hb_csv r = first->r;

	return next_field(&r, 0).size == 0 && first->seen[0].missing == 0;
}

static int numbers_are_names(const hb_csv_first *first, const struct line *line)
{
	const long long rows = first->table->rows;
	struct sequence s = read_sequence(first);

	if (s.count == 0 || line->figures > 0 || line->nothings > has_index(first) ||
	    (line->words > 0 && occurs_below(first)))
		return 0;
	int enough = s.count > 2 ? 1 : 2; /* 1,2 may well be values */
	int is_sure = (s.is_count && has_index(first)) ||
		      (rows > 1 && ((s.is_count && s.count > 1 && s.unlike >= enough) ||
				    (s.is_count && s.count > 4 && !row_counts(first)) ||
				    (s.are_years && s.count > 1 && s.no_years) ||
				    (s.is_even && s.count > 2 && 2 * s.unlike >= s.count)));
	if (is_sure)
		return note(first, 1, "numbers in order", ", as the values below are unlike them");
	if (((s.is_count || s.is_even) && s.count > 2) || (s.are_years && s.count > 1))
		note(first, 0, "numbers in order", "");
	return 0;
}

/* ---- The whole ---- */

int hb_csv_is_header(const hb_csv_first *first)
{
	hebb_header header = first->options->header;

	if (header != HEBB_HEADER_AUTO)
		return header == HEBB_HEADER_YES;
	if (first->r.is_named || first->r.has_row_names || is_known(first))
		return 1;
	struct line line = look(first);
	if (first->table->rows == 0)
		return line.numbers + line.figures == 0 && !first->options->coding;
	if (line.words_over_numbers || (line.numbers == 0 && line.figures_over_numbers) ||
	    is_word_over_figures(first))
		return 1;
	if (first->options->coding)
		return 0;
	if (line.numbers > 0)
		return numbers_are_names(first, &line);
	if (line.words == 0 || line.figures > 0)
		return 0;
	if (line.nothings > has_index(first))
		return occurs_below(first) ? 0 : note(first, 0, "texts and empty fields", "");
	return words_are_names(first);
}
