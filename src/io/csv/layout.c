/* SPDX-License-Identifier: MIT */
/*
 * layout.c - how a text is laid out: its separator, its first line, comments, ends of rows
 *
 * The separator is the one that gives the first lines equally many fields. Where a comma and
 * another one do, the comma is it, unless the other leaves commas in numbers only, as decimal
 * marks. Blanks separate if nothing else does, and only numbers or several columns, so that "New
 * York" is one field.
 */
#include "csv.h"

#include <string.h>

enum { LINES = 50, BYTES = 1 << 20 }; /* the most that is looked at */

static const char separators[] = ",;\t| ";
enum { COMMA, SEMICOLON, SEPARATORS = sizeof separators - 1, BLANK = SEPARATORS - 1 };

/* What a separator makes of the first lines. */
struct sample {
	hb_csv r; /* that reads so */
	int lines;
	const char *line[LINES];
	int fields[LINES];
	int columns;  /* the most frequent number of fields below the first line */
	int agreeing; /* lines with so many */
	int broken;   /* lines in which a text follows the quote that closes a field */
	int is_short; /* only the first line has not so many, but one less: rows have names */
};

/* ---- What stands above the first line ---- */

static hebb_status skip_lines(hb_csv *r, int lines)
{
	for (int i = 0; i < lines && r->p < r->end; i++)
		hb_csv_pass_line(r);
	if (lines == 0 || r->p < r->end)
		return HEBB_OK;
	return hebb_fail(r->error, HEBB_BAD_FORMAT,
			 "%s: has no line after the first %d, which are skipped", r->name, lines);
}

/* Passes a first line "sep=;", which tells spreadsheets the separator; 0: there is none. */
static char pass_separator_line(hb_csv *r)
{
	const char *p = r->p;
	int is_quoted = p < r->end && *p == '"';

	p += is_quoted;
	if (r->end - p < 5 || memcmp(p, "sep=", 4) != 0 || p[4] == '\n' || p[4] == '\r')
		return 0;
	char separator = p[4];
	hb_csv after = *r;
	after.p = p + 5 + (is_quoted && r->end - p > 5 && p[5] == '"');
	while (after.p < after.end && *after.p == ' ')
		after.p++;
	if (!hb_csv_ends_line(&after))
		return 0;
	hb_csv_pass_line(r);
	return separator;
}

void hb_csv_drop_end(hb_csv *r)
{
	if (r->goes_on)
		return;
	for (const char *end = r->end; end > r->p && memchr(" \t\r\n\x1a", end[-1], 5);)
		if (*--end == '\x1a')
			r->end = end;
}

/* ---- The first lines ---- */

/* The most frequent number of fields below the first line; the first's if there is nothing below.
 */
static int usual_fields(const struct sample *s)
{
	int usual = s->fields[0], most = 0;

	for (int i = 1; i < s->lines; i++) {
		int times = 0;

		for (int j = 1; j < s->lines; j++)
			times += s->fields[j] == s->fields[i];
		if (times > most) {
			most = times;
			usual = s->fields[i];
		}
	}
	return usual;
}

/* The sample's reader at the beginning of a line. */
static hb_csv at_line(const struct sample *s, int line)
{
	hb_csv r = s->r;

	r.p = s->line[line];
	return r;
}

/* 1 if commas may be decimal marks in the field, as in 1,5 and -1.234,5 %, or stand between
 * thousands, as in 1,234,567. */
static int has_number_commas(hb_csv_field field)
{
	int commas = 0, groups = 1;

	for (size_t i = 0; i < field.size; i++) {
		unsigned char c = (unsigned char)field.text[i];

		if (c < 0x80 && (c == 0 || !strchr("0123456789.,+-eE%$\"' ()", c)))
			return 0;
		if (c != ',')
			continue;
		commas++;
		size_t digits = 0;
		while (i + 1 + digits < field.size && hb_is_digit(field.text[i + 1 + digits]))
			digits++;
		if (i == 0 || !hb_is_digit(field.text[i - 1]) || digits == 0)
			return 0;
		groups &= digits == 3;
	}
	return commas < 2 || groups;
}

static int is_number(hb_csv_field raw)
{
	hb_csv_field field = hb_csv_unquoted(raw);
	float value;

	return hb_csv_classify(&field, &value) == HB_NUMBER ||
	       (memchr(field.text, ',', field.size) && has_number_commas(field));
}

/* How many fields of a line are numbers. */
static int count_numbers(const struct sample *s, int line)
{
	hb_csv r = at_line(s, line);
	int numbers = 0;

	for (int c = 0; c < s->fields[line]; c++, r.p += !hb_csv_ends_line(&r))
		numbers += is_number(hb_csv_raw(&r));
	return numbers;
}

/* 1 if a text follows the quote that closes a field of a line. */
static int is_broken(const struct sample *s, int line)
{
	hb_csv r = at_line(s, line);

	for (int c = 0; c < s->fields[line]; c++, r.p += !hb_csv_ends_line(&r)) {
		hb_csv_field field = hb_csv_raw(&r);

		if (field.size > 0 && *field.text == '"' && field.text[field.size - 1] != '"')
			return 1;
	}
	return 0;
}

/* 1 if rows begin with names of rows, as R writes them: no two are equal. */
static int have_row_names(const struct sample *s)
{
	hb_csv_field name[LINES];

	for (int i = 1; i < s->lines; i++) {
		hb_csv r = at_line(s, i);

		name[i] = hb_csv_raw(&r);
		if (name[i].size == 0 || (s->columns < 3 && *name[i].text != '"'))
			return 0;
		for (int j = 1; j < i; j++)
			if (name[i].size == name[j].size &&
			    memcmp(name[i].text, name[j].text, name[i].size) == 0)
				return 0;
	}
	return count_numbers(s, 0) == 0 && !hb_csv_parts_times(at_line(s, 1));
}

static void take_sample(struct sample *s, const hb_csv *r, char separator)
{
	*s = (struct sample){.r = *r};
	s->r.separator = separator;
	s->r.tail = separator == ' ' ? HB_TAIL_BLANKS : HB_TAIL_NONE;
	hb_csv read = s->r;
	if (read.end - read.p > BYTES)
		read.end = read.p + BYTES;
	while (s->lines < LINES && hb_csv_next_row(&read)) {
		s->line[s->lines] = read.p;
		s->fields[s->lines++] = hb_csv_pass_row(&read);
	}
	if (read.p == read.end && (read.end < r->end || r->is_cut) && s->lines > 1)
		s->lines--; /* the last one was cut off */
	s->columns = usual_fields(s);
	for (int i = 0; i < s->lines; i++) {
		s->agreeing += s->fields[i] == s->columns;
		s->broken += is_broken(s, i);
	}
	s->is_short = s->lines > 1 && s->agreeing == s->lines - 1 &&
		      s->fields[0] == s->columns - 1 && have_row_names(s);
}

int hb_csv_parts_times(hb_csv r)
{
	hb_csv_field before = {"", 0, 0};
	double value;
	int times = 0, is_clock;

	for (int c = 0; r.separator == ' '; c++, r.p++) {
		hb_csv_field field = hb_csv_raw(&r);
		const char *end = field.text + field.size;

		for (int form = HEBB_FORM_DATE_YMD; c > 0 && form < HB_FORMS; form++)
			if (memchr(field.text, ':', field.size) &&
			    hb_date_read((hebb_form)form, before.text, (size_t)(end - before.text),
					 &value, &is_clock)) {
				times += !is_clock;
				break;
			}
		before = field;
		if (hb_csv_ends_line(&r))
			break;
	}
	return times;
}

/* ---- Which separator ---- */

/* 1 if the separator leaves commas in numbers only. */
static int explains_commas(const struct sample *s)
{
	for (int line = 0; line < s->lines; line++) {
		hb_csv r = at_line(s, line);

		for (int c = 0; c < s->fields[line]; c++, r.p += !hb_csv_ends_line(&r)) {
			hb_csv_field field = hb_csv_raw(&r);

			if (memchr(field.text, ',', field.size) && !has_number_commas(field))
				return 0;
		}
	}
	return 1;
}

/* 1 if the separator makes columns. */
static int is_possible(const struct sample *s)
{
	if (s->columns < 2 || (s->agreeing < s->lines && !s->is_short))
		return 0;
	return s->r.separator != ' ' || count_numbers(s, s->lines - 1) > 0 ||
	       (s->columns > 2 && s->lines > 1 && !s->is_short);
}

/* The first line alone decides: a comma, else a semicolon, else a tab. */
static int choose_by_first(const struct sample *samples)
{
	for (int i = COMMA; i < 3; i++)
		if (samples[i].fields[0] > 1)
			return i;
	return COMMA;
}

/* 1 if most lines have so many fields as the first, with numbers below it. */
static int is_near(const struct sample *s)
{
	return s->lines > 1 && s->columns > 1 && 2 * s->agreeing > s->lines &&
	       s->fields[0] == s->columns && count_numbers(s, 1) > 0;
}

/* 1 if most lines make columns, which may be too many or too few for the others. */
static int makes_columns(const struct sample *s)
{
	return s->columns > 1 && 2 * s->agreeing > s->lines;
}

/* How many lines speak for a separator: none if most break its quotes. */
static int count_witnesses(const struct sample *s)
{
	return 2 * s->broken > s->lines ? 0 : s->agreeing;
}

/* 1 if a table with numbers stands below lines that have other numbers of fields. Where blanks
 * separate, its first line must have names only, and the last one numbers only. */
static int stands_below(const struct sample *s)
{
	int first = s->lines;

	while (first > 0 && s->fields[first - 1] == s->columns)
		first--;
	return s->columns > 1 && first > 0 && s->lines - first > 2 &&
	       count_numbers(s, s->lines - 1) > 0 &&
	       (s->r.separator != ' ' ||
		(count_numbers(s, first) == 0 && count_numbers(s, s->lines - 1) == s->columns));
}

/* 1 if rows that blanks separate have as many columns as the first line, or names of rows beside,
 * when each date and its time are one. */
static int differs_by_times(const struct sample *s)
{
	if (!makes_columns(s) || s->lines < 2)
		return 0;
	int times = hb_csv_parts_times(at_line(s, s->lines - 1));
	int columns = s->fields[s->lines - 1] - times;

	return times > 0 && columns > 1 && (columns == s->fields[0] || columns == s->fields[0] + 1);
}

/* Where no separator makes equal rows, the one that makes most; the sentence about the others is
 * that of the reader. */
static int choose_nearest(const struct sample *samples)
{
	int best = choose_by_first(samples);

	if (differs_by_times(&samples[BLANK]))
		return BLANK;
	for (int i = COMMA; i < SEPARATORS; i++)
		if (makes_columns(&samples[i]) &&
		    count_witnesses(&samples[i]) > count_witnesses(&samples[best]))
			best = i;
	for (int i = COMMA; i < SEPARATORS && samples[best].columns == 1; i++)
		if (is_near(&samples[i]) || stands_below(&samples[i]))
			best = i;
	return best;
}

/* 1 if the decimal point is known to be a comma in all of a table of one column. */
static int expects_comma(const hebb_table_options *options)
{
	const hebb_coding *coding = options->coding;

	return options->decimal == ',' || (coding && coding->input_count == 1 && coding->form &&
					   coding->form[0] == HEBB_FORM_DECIMAL_COMMA);
}

/* 1 if each line below the first is one number, and some with a comma. */
static int is_one_column(const struct sample *s)
{
	int commas = 0;

	for (int i = 1; i < s->lines; i++) {
		hb_csv r = at_line(s, i);
		hb_csv_field field = hb_csv_raw(&r);

		if (s->fields[i] != 1 || !is_number(field))
			return 0;
		commas += memchr(field.text, ',', field.size) && *field.text != '"';
	}
	return s->fields[0] == 1 && commas > 0;
}

/* Among those that make all lines equal, or all but a header that is one short; -1: none does. */
static int choose_equal(const struct sample *samples, int is_short)
{
	int is_comma = is_possible(&samples[COMMA]) && samples[COMMA].is_short == is_short;

	for (int i = COMMA + 1; i < SEPARATORS; i++)
		if (samples[i].is_short == is_short && is_possible(&samples[i]) &&
		    (!is_comma || explains_commas(&samples[i])))
			return i;
	return is_comma ? COMMA : -1;
}

static int choose(const struct sample *samples, const hebb_table_options *options)
{
	int chosen = choose_equal(samples, 0);

	if (expects_comma(options) && is_one_column(&samples[SEMICOLON]))
		return SEMICOLON;
	if (chosen < 0)
		chosen = choose_equal(samples, 1);
	return chosen < 0 ? choose_nearest(samples) : chosen;
}

/* ---- Comments ---- */

/* 1 if the row begins with "#N/A", "#DIV/0!", "####" or such. */
static int begins_with_mark(const hb_csv *r)
{
	const char *p = r->p + 1;

	while (p < r->end && ((*p >= 'A' && *p <= 'Z') || *p == '/' || *p == '0' || *p == '#'))
		p++;
	p += p < r->end && (*p == '!' || *p == '?');
	hb_csv after = *r;
	after.p = p;
	return *r->p == '#' && p > r->p + 1 && hb_csv_ends_field(&after);
}

int hb_csv_is_comment(const hb_csv *r)
{
	hb_csv read = *r;
	int quotes = 0, is_marked = begins_with_mark(r);

	if (r->line < r->comments_to)
		return 1;
	if (r->comments == HB_COMMENTS_NONE || r->comments == HB_COMMENTS_ALL)
		return r->comments == HB_COMMENTS_ALL;
	if (r->comments == HB_COMMENTS_BUT_MARKS && !is_marked)
		return 1;
	for (; !hb_csv_ends_line(&read); read.p++)
		quotes += *read.p == '"';
	if (quotes % 2 && !is_marked)
		return 1; /* an apostrophe of sorts */
	read.p = r->p;
	return hb_csv_pass_row(&read) != r->columns;
}

/* Most rows begin with a number, so that no row begins with # unless it is a mark. */
static int begin_with_numbers(const struct sample *s)
{
	int numbers = 0, from = s->lines > 1; /* the first line may be a header */

	for (int i = from; i < s->lines; i++) {
		hb_csv r = at_line(s, i);

		numbers += is_number(hb_csv_raw(&r));
	}
	return 2 * numbers > s->lines - from;
}

/* 1 if a text stands in the first line above a number. */
static int is_text_over_number(const struct sample *s)
{
	if (s->lines < 2)
		return 0;
	hb_csv r = at_line(s, 0), below = at_line(s, 1);
	for (int c = 0; c < s->fields[0] && c < s->fields[1]; c++) {
		hb_csv_field field = hb_csv_raw(&r);

		if (is_number(hb_csv_raw(&below)) && field.size > 0 && !is_number(field))
			return 1;
		r.p += !hb_csv_ends_line(&r);
		below.p += !hb_csv_ends_line(&below);
	}
	return 0;
}

/* 1 if a field of the first line occurs again below. */
static int recurs(const struct sample *s)
{
	for (int i = 1; i < s->lines; i++) {
		hb_csv r = at_line(s, 0), below = at_line(s, i);

		for (int c = 0; c < s->fields[0] && c < s->fields[i]; c++) {
			hb_csv_field a = hb_csv_raw(&r), b = hb_csv_raw(&below);

			if (a.size == b.size && memcmp(a.text, b.text, a.size) == 0)
				return 1;
			r.p += !hb_csv_ends_line(&r);
			below.p += !hb_csv_ends_line(&below);
		}
	}
	return 0;
}

/* 1 if a blank follows the # or % of the comment at r->p. */
static int begins_with_blank(const hb_csv *r)
{
	return r->p + 1 < r->end && (r->p[1] == ' ' || r->p[1] == '\t');
}

/* 1 if the comment at r->p names the columns of the lines below: "#id,name". */
static int names_columns(const hb_csv *r, const struct sample *s)
{
	hb_csv read = *r;
	int fields = 1, has_blank = 0;

	for (read.p++; read.p < read.end && (*read.p == ' ' || *read.p == '\t'); read.p++)
		has_blank = 1;
	for (;; fields++, read.p++) {
		hb_csv_field field = hb_csv_raw(&read);

		if (field.size == 0 || is_number(field) ||
		    (s->columns == 1 && memchr(field.text, ' ', field.size)))
			return 0;
		if (hb_csv_ends_line(&read))
			break;
	}
	return fields == s->columns && !is_text_over_number(s) &&
	       (count_numbers(s, 0) > 0 || !has_blank || recurs(s));
}

/* Goes to the first line, which may be a comment above the rows: the last one, or one that begins
 * as a name does. */
static void find_first(hb_csv *r, const struct sample *s, hebb_header header)
{
	hb_csv last = *r, all = *r, named = {.p = NULL};
	int has_comment = 0;

	all.comments = HB_COMMENTS_NONE;
	while (s->line[0] > all.p && hb_csv_next_row(&all) && all.p < s->line[0]) {
		has_comment = 1;
		last = all;
		if (!begins_with_blank(&last) && names_columns(&last, s))
			named = last;
		hb_csv_pass_line(&all);
		all.commented++;
	}
	if (has_comment && names_columns(&last, s))
		named = last;
	if (header != HEBB_HEADER_NO && named.p) {
		hb_csv_go(r, hb_csv_here(&named));
		r->p++;
		r->is_named = 1;
		r->comments_to = all.line;
		return;
	}
	if (has_comment && begins_with_blank(&last))
		hb_csv_go(r, hb_csv_here(&all)); /* a sentence, not a row, whatever its commas */
	hb_csv_next_row(r);
}

/* ---- Ends of rows ---- */

/* The empty fields of a row. */
struct empty {
	int all, last; /* last: those after which no other field comes */
};

/* Passes a row; {0} if it has not so many fields. */
static struct empty count_empty(hb_csv *r, int fields)
{
	struct empty empty = {0};
	int found = 0;

	do {
		r->p += found > 0;
		int is_empty = hb_csv_raw(r).size == 0;
		empty.all += is_empty;
		empty.last = is_empty ? empty.last + 1 : 0;
		found++;
	} while (!hb_csv_ends_line(r));
	hb_csv_end_line(r);
	return found == fields ? empty : (struct empty){0};
}

/* 1 if the model that the table is for has column c, which is empty, as an input. */
static int is_wanted(const hebb_coding *coding, int c)
{
	for (int i = 0; coding && i < coding->input_count; i++)
		if (coding->input_at[i] == c)
			return 1;
	return 0;
}

/* The empty fields at the end of the first line, if no others are: one, or more if it has no
 * numbers, so that they are columns without a name. A header may also be without them. */
static int trailing_of_first(const hb_csv *r, const struct sample *s)
{
	hb_csv read = *r;

	if (r->is_named || s->fields[0] < s->columns)
		return r->is_named ? 1 : s->columns - s->fields[0];
	struct empty empty = count_empty(&read, s->columns);
	if (empty.all > empty.last || (empty.last > 1 && count_numbers(s, 0) > 0))
		return 0;
	return empty.last;
}

/* The columns at the end that have neither a name nor a value; each row ends in separators there.
 */
static int count_trailing(const hb_csv *r, const struct sample *s, const hebb_coding *coding)
{
	hb_csv read = *r;

	if (s->columns < 2 || r->separator == ' ' || s->lines < 2)
		return 0;
	int trailing = trailing_of_first(r, s);
	hb_csv_pass_row(&read);
	while (trailing > 0 && hb_csv_next_row(&read)) {
		int last = count_empty(&read, s->columns).last;
		int is_cut = r->is_cut && read.p == read.end;

		trailing = last < trailing && !is_cut ? last : trailing;
	}
	while (trailing > 0 && is_wanted(coding, s->columns - trailing))
		trailing--;
	return trailing < s->columns ? trailing : 0;
}

/* ---- The whole ---- */

/* Takes samples of all separators that are possible; returns the chosen one. */
static struct sample *sample_all(struct sample samples[SEPARATORS], const hb_csv *r, char separator,
				 const hebb_table_options *options)
{
	if (separator) {
		take_sample(samples, r, separator);
		return samples;
	}
	for (int i = 0; i < SEPARATORS; i++)
		take_sample(&samples[i], r, separators[i]);
	return &samples[choose(samples, options)];
}

hebb_status hb_csv_find_layout(hb_csv *r, const hebb_table_options *options)
{
	struct sample samples[SEPARATORS];
	hebb_status status = skip_lines(r, options->skip);

	if (status)
		return status;
	char told = pass_separator_line(r);
	char separator = options->separator ? options->separator : told;
	hb_csv_drop_end(r);
	r->comments = HB_COMMENTS_ALL;
	const struct sample *s = sample_all(samples, r, separator, options);
	if (s->lines == 0) { /* each line begins with # */
		r->comments = HB_COMMENTS_NONE;
		s = sample_all(samples, r, separator, options);
	}
	if (s->lines == 0)
		return hebb_fail(r->error, HEBB_BAD_FORMAT, "%s: has blank lines only", r->name);
	r->separator = s->r.separator;
	r->tail = s->r.tail;
	r->has_row_names = s->is_short && options->header != HEBB_HEADER_NO;
	r->likely = s->columns;
	r->columns = s->fields[0] + r->has_row_names;
	if (r->comments)
		r->comments = begin_with_numbers(s) ? HB_COMMENTS_BUT_MARKS : HB_COMMENTS_ODD;
	find_first(r, s, options->header);
	r->trailing = count_trailing(r, s, options->coding);
	if (r->trailing > 0) {
		r->tail = HB_TAIL_SEPARATOR;
		r->has_row_names = 0;
		r->columns = s->columns - r->trailing;
	}
	return HEBB_OK;
}
