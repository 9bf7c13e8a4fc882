/* SPDX-License-Identifier: MIT */
/*
 * look.c - a second look at the columns in which some text is no plain number
 *
 * A column has a form if all its values fit it. Missing fields say nothing, nor do marks such as -
 * and #N/A, which are missing values if over half of the texts are numbers. Which forms still fit
 * is a mask, and a column without any is not looked at again, so that columns of texts cost a row.
 */
#define _POSIX_C_SOURCE 200809L
#include "csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIT HB_FORM_BIT
enum { NAMED_MOST = 4, MARK_MOST = 24 };

/* ---- Marks ---- */

/* What people and programs write where a number is missing, in letters of any case. */
static const char *const marks[] = {"-",
				    "--",
				    "---",
				    ".",
				    "..",
				    "...",
				    "#N/A",
				    "#N/A N/A",
				    "#NA",
				    "<NA>",
				    "None",
				    "missing",
				    "n.a.",
				    "na",
				    "NIL",
				    "#DIV/0!",
				    "#VALUE!",
				    "#REF!",
				    "#NUM!",
				    "#NAME?",
				    "#NULL!",
				    "\\N",
				    "NaT",
				    "unknown",
				    "(null)",
				    "[null]",
				    "<null>",
				    "undefined",
				    "n.d.",
				    "nd",
				    "*",
				    "**",
				    "_",
				    "\xe2\x80\x93",
				    "\xe2\x80\x94",
				    "not available",
				    "none.",
				    "(none)",
				    "<none>",
				    "(blank)",
				    "blank",
				    "1.#IND",
				    "-1.#IND",
				    "1.#QNAN",
				    "-1.#QNAN",
				    "1.#NAN",
				    "<missing>",
				    "(missing)",
				    "empty",
				    "n/d",
				    "tbd",
				    "no data",
				    "#ERROR!"};
enum { MARKS = sizeof marks / sizeof *marks };
_Static_assert(MARKS <= 64, "hb_csv_look.which has a bit for each");

/* Its number in the table; -1: it is none. */
static int find_mark(const hb_csv_field *field)
{
	for (int i = 0; i < MARKS; i++)
		if (hb_csv_is_word(field, marks[i]))
			return i;
	return -1;
}

int hb_csv_is_mark(const hb_csv_field *field)
{
	return find_mark(field) >= 0;
}

/* ---- Looking ---- */

static unsigned forms_allowed(const hebb_table_options *options)
{
	unsigned all = HB_FORMS_ALL;
	int has_comma = options->decimal == ',' || options->thousands == '.';

	if (has_comma)
		return all & ~(BIT(HEBB_FORM_PLAIN) | BIT(HEBB_FORM_THOUSANDS));
	if (options->decimal == '.' || options->thousands == ',')
		all &= ~BIT(HEBB_FORM_DECIMAL_COMMA);
	return options->thousands && options->thousands != ',' ? all & ~BIT(HEBB_FORM_THOUSANDS)
							       : all;
}

hebb_status hb_csv_looks_new(hb_csv *r, hb_csv_looks *looks, int count,
			     const hebb_table_options *options)
{
	*looks = (hb_csv_looks){.allowed = forms_allowed(options),
				.takes_infinite = options->coding != NULL};
	if (!count || !hb_spend(&r->budget, (size_t)count * sizeof *looks->look))
		return HEBB_OK;
	looks->look = malloc((size_t)count * sizeof *looks->look);
	looks->room = count;
	return looks->look ? HEBB_OK : hb_out_of_memory(r->error);
}

void hb_csv_looks_add(hb_csv_looks *looks, int column)
{
	if (looks->count < looks->room)
		looks->look[looks->count++] =
			(hb_csv_look){.column = column, .forms = (unsigned short)looks->allowed};
}

void hb_csv_looks_add_settled(hb_csv_looks *looks, int column, const hb_csv_settled_column *settled)
{
	hebb_form form = settled->form ? settled->form : HEBB_FORM_PLAIN;

	if (looks->count < looks->room)
		looks->look[looks->count++] = (hb_csv_look){.column = column,
							    .forms = (unsigned short)BIT(form),
							    .currency = settled->currency,
							    .values = 1, /* it had one before */
							    .specials = settled->has_specials,
							    .settled = settled};
}

void hb_csv_looks_free(hb_csv *r, hb_csv_looks *looks)
{
	free(looks->look);
	hb_save(&r->budget, (size_t)looks->room * sizeof *looks->look);
	*looks = (hb_csv_looks){0};
}

void hb_csv_looks_shrink(hb_csv *r, hb_csv_looks *looks)
{
	int kept = 0;

	for (int i = 0; i < looks->count; i++)
		if (looks->look[i].form)
			looks->look[kept++] = looks->look[i];
	looks->count = kept;
	if (kept + 1 >= looks->room)
		return;
	hb_csv_look *fewer = realloc(looks->look, ((size_t)kept + 1) * sizeof *fewer);
	if (!fewer)
		return;
	looks->look = fewer;
	hb_save(&r->budget, (size_t)(looks->room - kept - 1) * sizeof *fewer);
	looks->room = kept + 1;
}

hb_csv_look *hb_csv_look_at(const hb_csv_looks *looks, int column)
{
	int low = 0, high = looks->count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (looks->look[middle].column == column)
			return &looks->look[middle];
		if (looks->look[middle].column < column)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int hb_csv_look_knows(const hb_csv_look *look, const hb_csv_field *field)
{
	double value;
	hb_signs signs;
	int mark = find_mark(field);

	return look->form && (hb_form_read(look->form, field->text, field->size, &value, &signs) ||
			      (mark >= 0 && look->which >> mark & 1));
}

static int fits_both(const hb_csv_look *look)
{
	return look->forms & BIT(HEBB_FORM_PLAIN) && look->forms & BIT(HEBB_FORM_DECIMAL_COMMA);
}

/* Takes away the forms that a value does not fit. */
static void look_at_value(hb_csv_look *look, const hb_csv_field *field)
{
	double value[HB_FORMS];
	hb_signs signs;

	look->forms = (unsigned short)hb_form_read_all(look->forms, field->text, field->size, value,
						       &signs);
	look->values++;
	look->dots += fits_both(look) && value[HEBB_FORM_PLAIN] != value[HEBB_FORM_DECIMAL_COMMA];
	look->specials += signs.special;
	if (signs.currency && look->currency && look->currency != signs.currency)
		look->forms = 0; /* euros and dollars are not one number */
	if (signs.currency)
		look->currency = (unsigned short)signs.currency;
}

static void look_at_field(const hb_csv *r, hb_csv_look *look, const hb_csv_field *field)
{
	if (hb_csv_is_missing(r, field))
		return;
	int mark = find_mark(field);
	if (mark < 0) {
		look_at_value(look, field);
		return;
	}
	look->marks++;
	look->which |= UINT64_C(1) << mark;
}

static hebb_status look_at_row(hb_csv *r, hb_csv_looks *looks, int columns)
{
	hb_csv_field field;
	int at = 0;

	for (int c = 0; c < columns; c++) {
		int is_looked_at = at < looks->count && looks->look[at].column == c;

		if (is_looked_at && looks->look[at].forms) {
			hebb_status status = hb_csv_read(r, &field);

			if (status)
				return status;
			look_at_field(r, &looks->look[at], &field);
		} else {
			hb_csv_pass(r);
		}
		at += is_looked_at;
		r->p += c + 1 < columns;
	}
	hb_csv_end_line(r);
	return HEBB_OK;
}

static int is_open(const hb_csv_looks *looks)
{
	for (int i = 0; i < looks->count; i++)
		if (looks->look[i].forms)
			return 1;
	return 0;
}

hebb_status hb_csv_look_rows(hb_csv *r, hb_csv_looks *looks, int columns)
{
	hebb_status status = HEBB_OK;

	while (!status && is_open(looks) && hb_csv_next_row(r))
		status = look_at_row(r, looks, columns);
	return status;
}

/* ---- Deciding ---- */

/* 1 if commas tell: a column of the file fits this form, and not the other of the two. */
static int is_sure_of(const hb_csv_looks *looks, hebb_form form, hebb_form other)
{
	for (int i = 0; i < looks->count; i++) {
		unsigned fits = looks->look[i].forms;

		if (fits & BIT(form) && !(fits & (BIT(other) | BIT(HEBB_FORM_PLAIN))))
			return 1;
	}
	return 0;
}

/* 1 if a column has dots that can only stand for the decimal point. */
static int has_decimal_dots(const hb_csv_looks *looks)
{
	for (int i = 0; i < looks->count; i++)
		if (looks->look[i].values > 0 && looks->look[i].forms & BIT(HEBB_FORM_PLAIN) &&
		    !(looks->look[i].forms & BIT(HEBB_FORM_DECIMAL_COMMA)))
			return 1;
	return 0;
}

/* What a comma among digits is where it can be both: as in other columns, else what a dot is not,
 * else as usual in files with this separator. */
static hebb_form usual_comma(const hb_csv *r, const hb_csv_looks *looks)
{
	int decimal = is_sure_of(looks, HEBB_FORM_DECIMAL_COMMA, HEBB_FORM_THOUSANDS);
	int thousands = is_sure_of(looks, HEBB_FORM_THOUSANDS, HEBB_FORM_DECIMAL_COMMA);

	if (decimal != thousands)
		return decimal ? HEBB_FORM_DECIMAL_COMMA : HEBB_FORM_THOUSANDS;
	if (r->separator == ',' || has_decimal_dots(looks))
		return HEBB_FORM_THOUSANDS;
	return HEBB_FORM_DECIMAL_COMMA;
}

/* 1 if dots stand between thousands, as the commas of other columns tell. */
static int dots_part_thousands(const hb_csv_looks *looks)
{
	return is_sure_of(looks, HEBB_FORM_DECIMAL_COMMA, HEBB_FORM_THOUSANDS) &&
	       !is_sure_of(looks, HEBB_FORM_THOUSANDS, HEBB_FORM_DECIMAL_COMMA) &&
	       !has_decimal_dots(looks);
}

static hebb_form choose(const hb_csv_look *look, hebb_form comma, int parts_thousands)
{
	if (!look->forms || (look->marks >= look->values && !look->settled) ||
	    (look->specials && look->specials < look->values))
		return 0;
	if (fits_both(look) && look->dots > 0 && parts_thousands)
		return HEBB_FORM_DECIMAL_COMMA;
	if (look->forms & BIT(HEBB_FORM_PLAIN))
		return HEBB_FORM_PLAIN;
	if (look->forms & BIT(comma))
		return comma;
	for (int form = HEBB_FORM_PLAIN; form < HEBB_FORM_DATE_DMY; form++)
		if (look->forms & BIT(form))
			return (hebb_form)form;
	return look->forms & BIT(HEBB_FORM_DATE_MDY) ? HEBB_FORM_DATE_MDY : HEBB_FORM_DATE_DMY;
}

void hb_csv_look_decide(const hb_csv *r, hb_csv_looks *looks)
{
	hebb_form comma = usual_comma(r, looks);
	int parts_thousands = dots_part_thousands(looks);

	for (int i = 0; i < looks->count; i++)
		looks->look[i].form = choose(&looks->look[i], comma, parts_thousands);
}

int hb_csv_looks_doubt_dots(const hb_csv_looks *looks)
{
	for (int i = 0; i < looks->count; i++)
		if (looks->look[i].form && looks->look[i].forms & BIT(HEBB_FORM_DECIMAL_COMMA) &&
		    !(looks->look[i].forms & BIT(HEBB_FORM_PLAIN)))
			return 1;
	return 0;
}

void hb_csv_looks_forget_plain(hb_csv_looks *looks, const hb_csv_seen *seen)
{
	int kept = 0;

	for (int i = 0; i < looks->count; i++)
		if (looks->look[i].form != HEBB_FORM_PLAIN || seen[looks->look[i].column].texts > 0)
			looks->look[kept++] = looks->look[i];
	looks->count = kept;
}

void hb_csv_looks_suggest(const hb_csv_looks *looks, int column, hebb_form form)
{
	hb_csv_look *look = hb_csv_look_at(looks, column);

	if (look && look->form && look->forms & BIT(form))
		look->form = form;
}

/* ---- Reading ---- */

static hebb_status fill_row(hb_csv *r, const hb_csv_looks *looks, const hb_csv_exact *exact,
			    hebb_table *table, long long row)
{
	hb_csv_field field;
	hb_signs signs;

	for (int c = 0, at = 0; c < table->columns; c++) {
		const hb_csv_look *look = at < looks->count ? &looks->look[at] : NULL;
		int is_looked_at = look && look->column == c;

		at += is_looked_at;
		if (is_looked_at && look->form) {
			hebb_status status = hb_csv_read(r, &field);
			double value, *doubles = exact->column ? exact->column[c].value : NULL;

			if (status)
				return status;
			if (hb_csv_is_missing(r, &field) ||
			    !hb_form_read(look->form, field.text, field.size, &value, &signs))
				value = NAN;
			if (isinf((float)value) && !looks->takes_infinite)
				return hb_fail_in_row(table, row, c, HB_BEYOND_FLOAT, r->error);
			value = isinf((float)value) ? (double)NAN : value;
			table->values[row * table->columns + c] = (float)value;
			table->column[c].missing += isnan(value) != 0;
			if (doubles)
				doubles[row] = value;
		} else {
			hb_csv_pass(r);
		}
		r->p += c + 1 < table->columns;
	}
	hb_csv_end_line(r);
	return HEBB_OK;
}

/* Lists marks, by their bits: "-", "n.a." */
static void list_marks(uint64_t which, char list[HB_MARKS_MOST])
{
	size_t used = 0;

	*list = '\0';
	for (int i = 0; i < MARKS && used + MARK_MOST < HB_MARKS_MOST; i++)
		if (which >> i & 1)
			used += (size_t)snprintf(list + used, HB_MARKS_MOST - used, "%s\"%s\"",
						 used ? ", " : "", marks[i]);
}

/* Tells the table what was found in a column that has a form. */
static hebb_status keep_found(hb_csv *r, const hb_csv_look *look, hebb_table *table)
{
	hebb_status status = HEBB_OK;
	hebb_column_detail *detail = NULL;
	char list[HB_MARKS_MOST];

	if (look->form != HEBB_FORM_PLAIN || look->marks > 0)
		detail = hb_csv_detail(r, table, look->column, &status);
	if (!detail)
		return status;
	detail->form = look->form;
	if (look->marks == 0)
		return HEBB_OK;
	list_marks(look->which, list);
	if (!hb_spend(&r->budget, strlen(list) + 1))
		return HEBB_OK;
	detail->marks = strdup(list);
	return detail->marks ? HEBB_OK : hb_out_of_memory(r->error);
}

/* 1 if float32 gives back all doubles. */
static int holds_all(const double *value, long long rows)
{
	for (long long row = 0; row < rows; row++)
		if (!isnan(value[row]) && !hb_gives_back(value[row], (float)value[row]))
			return 0;
	return 1;
}

hebb_status hb_csv_look_fill(hb_csv *r, const hb_csv_looks *looks, hb_csv_exact *exact,
			     hebb_table *table)
{
	hebb_status status = HEBB_OK;
	int filled = 0;

	for (int i = 0; i < looks->count && !status; i++) {
		const hb_csv_look *look = &looks->look[i];

		filled += look->form != 0;
		if (look->form)
			table->column[look->column].missing = 0;
		if (look->form && look->form != HEBB_FORM_TRUTH)
			hb_csv_exact_open(r, exact, look->column, &status);
	}
	for (long long row = 0; filled && !status && hb_csv_next_row(r); row++)
		status = fill_row(r, looks, exact, table, row);
	for (int i = 0; i < looks->count && !status; i++) {
		int c = looks->look[i].column;
		double *value = exact->column ? exact->column[c].value : NULL;

		const hb_csv_settled_column *settled = looks->look[i].settled;
		int is_kept = settled && settled->needs_doubles;

		if (looks->look[i].form && value && !is_kept && holds_all(value, table->rows))
			hb_csv_exact_close(r, exact, c);
		if (looks->look[i].form)
			status = keep_found(r, &looks->look[i], table);
	}
	return status;
}

/* ---- Notes ---- */

/* What some columns have in common; form: which one, where it matters. */
typedef int has_fn(const hb_csv_look *look, hebb_form form);

/* 1 if it holds times of day. */
static int has_clock(const hb_csv_look *look, hebb_form form)
{
	return look->form == form && look->specials > 0;
}

static int has_form(const hb_csv_look *look, hebb_form form)
{
	return look->form == form && !(form == HEBB_FORM_DATE_YMD && has_clock(look, form));
}

static int has_marks(const hb_csv_look *look, hebb_form form)
{
	(void)form;
	return look->form && look->marks > 0;
}

/* 1 if its dots were taken for what stands between thousands, because of commas elsewhere. */
static int has_dots(const hb_csv_look *look, hebb_form form)
{
	return look->form == form && fits_both(look) && look->dots > 0;
}

/* 1 if nothing tells the day from the month. */
static int is_either_date(const hb_csv_look *look, hebb_form form)
{
	unsigned both = BIT(HEBB_FORM_DATE_DMY) | BIT(HEBB_FORM_DATE_MDY);

	return look->form >= form && (look->forms & both) == both;
}

/* "columns "a", "b" and 3 more" of those that have it; returns how many. */
static int list_columns(const hb_csv_looks *looks, const hebb_table *table, has_fn *has,
			hebb_form form, char *text, size_t size)
{
	int count = 0, all = 0;
	char shown[HB_SHOWN];

	for (int i = 0; i < looks->count; i++)
		all += has(&looks->look[i], form);
	size_t used = (size_t)snprintf(text, size, "column%s ", all > 1 ? "s" : "");
	for (int i = 0; i < looks->count; i++) {
		if (!has(&looks->look[i], form) || count++ >= NAMED_MOST)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s\"%s\"",
					 count > 1 ? ", " : "",
					 hb_show(table->column[looks->look[i].column].name, shown));
	}
	if (count > NAMED_MOST)
		snprintf(text + used, size - used, " and %d more", count - NAMED_MOST);
	return count;
}

static void note_marks(const hb_csv_looks *looks, hebb_table *table, const char *columns, int count)
{
	char list[HB_MARKS_MOST];
	long long texts = 0;
	uint64_t which = 0;

	for (int i = 0; i < looks->count; i++) {
		int is_one = has_marks(&looks->look[i], 0);

		texts += is_one ? looks->look[i].marks : 0;
		which |= is_one ? looks->look[i].which : 0;
	}
	list_marks(which, list);
	hb_table_note(table,
		      "%s: %s: %s among %s numbers %s taken as missing: %s; --text COLUMN "
		      "keeps texts",
		      table->name, columns, hebb_show_count(texts, "text").text,
		      count > 1 ? "their" : "its", texts == 1 ? "is" : "are", list);
}

void hb_csv_look_notes(const hb_csv_looks *looks, hebb_table *table)
{
	char columns[NAMED_MOST * (HB_SHOWN + 4) + 48];
	int count;

	for (int i = HEBB_FORM_PLAIN; i < HB_FORMS; i++) {
		hebb_form form = (hebb_form)i;

		if (hb_form_how(form) &&
		    list_columns(looks, table, has_form, form, columns, sizeof columns) > 0)
			hb_table_note(table, "%s: %s: read %s", table->name, columns,
				      hb_form_how(form));
	}
	if (list_columns(looks, table, has_clock, HEBB_FORM_DATE_YMD, columns, sizeof columns) > 0)
		hb_table_note(table,
			      "%s: %s: read as times, in seconds since midnight; --text COLUMN "
			      "keeps the texts",
			      table->name, columns);
	count = list_columns(looks, table, has_marks, 0, columns, sizeof columns);
	if (count > 0)
		note_marks(looks, table, columns, count);
	count = list_columns(looks, table, has_dots, HEBB_FORM_DECIMAL_COMMA, columns,
			     sizeof columns);
	if (count > 0)
		hb_table_note(
			table,
			"%s: %s: dots stand between thousands (1.234 is 1234), as other columns, "
			"or those of the model, have decimal commas; --decimal . makes all dots "
			"decimal points",
			table->name, columns);
	count = list_columns(looks, table, is_either_date, HEBB_FORM_DATE_DMY, columns,
			     sizeof columns);
	if (count > 0)
		hb_table_note(table,
			      "%s: %s: in all dates day and month can be exchanged; --text COLUMN "
			      "keeps the texts",
			      table->name, columns);
}
