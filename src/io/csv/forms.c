/* SPDX-License-Identifier: MIT */
/*
 * forms.c - numbers as people write them: the forms, and which of them a column has
 *
 * Which form a column has is decided in look.c.
 */
#include "csv.h"

#include <string.h>

/* ---- Numbers and what stands beside them ---- */

enum { NUMBER_MOST = 64 }; /* characters of a number in other clothes */

/* What may stand between three digits, beside what the form says. */
static const char *const blanks[] = {
	" ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x87", NULL};
static const char *const apostrophes[] = {"'", "\xe2\x80\x99", NULL};
static const char *const minuses[] = {"-", "\xe2\x88\x92", NULL};
static const char *const dashes[] = {"\xe2\x80\x93", "\xef\xbc\x8d", NULL}; /* for minus */
static const char *const currencies[] = {"$",
					 "\xe2\x82\xac" /* euro */,
					 "\xc2\xa3" /* pound */,
					 "\xc2\xa5" /* yen */,
					 "US$",
					 "R$",
					 "A$",
					 "C$",
					 "HK$",
					 "NZ$",
					 "\xe2\x82\xb9" /* rupee */,
					 "\xe2\x82\xbd" /* ruble */,
					 "\xe2\x82\xa9" /* won */,
					 "\xe2\x82\xba" /* lira */,
					 "USD",
					 "EUR",
					 "GBP",
					 "JPY",
					 "CHF",
					 "CAD",
					 "AUD",
					 "NZD",
					 "CNY",
					 "INR",
					 "SEK",
					 "NOK",
					 "DKK",
					 "PLN",
					 "CZK",
					 "BRL",
					 "MXN",
					 "ZAR",
					 "kr",
					 "z\xc5\x82",
					 "Fr.",
					 "Rs.",
					 "Rs",
					 NULL};

struct dressed {
	const char *p, *end;
	int negative, percent, currency; /* currency: counted from 1 in the table */
};

/* Takes the first of the words that the text begins with; returns its number, counted from 1. */
static int take_first(struct dressed *d, const char *const *word)
{
	for (int i = 0; word[i]; i++) {
		size_t size = strlen(word[i]);

		if ((size_t)(d->end - d->p) >= size && memcmp(d->p, word[i], size) == 0) {
			d->p += size;
			return i + 1;
		}
	}
	return 0;
}

/* The same at the end of the text. */
static int take_last(struct dressed *d, const char *const *word)
{
	for (int i = 0; word[i]; i++) {
		size_t size = strlen(word[i]);

		if ((size_t)(d->end - d->p) >= size && memcmp(d->end - size, word[i], size) == 0) {
			d->end -= size;
			return i + 1;
		}
	}
	return 0;
}

static void strip_blanks(struct dressed *d)
{
	while (take_first(d, blanks))
		;
	while (take_last(d, blanks))
		;
}

/* (5.00) is -5.00 */
static int strip_parentheses(struct dressed *d)
{
	if (d->end - d->p < 2 || *d->p != '(' || d->end[-1] != ')' || d->negative)
		return 0;
	d->p++;
	d->end--;
	d->negative = 1;
	return 1;
}

/* '5' and ="5", which keep spreadsheets and databases from computing with it. */
static void strip_quotes(struct dressed *d)
{
	size_t size = (size_t)(d->end - d->p);
	int is_formula = size > 3 && d->p[0] == '=' && d->p[1] == '"' && d->end[-1] == '"';
	int is_quoted = size > 2 && d->p[0] == '\'' && d->end[-1] == '\'';

	d->p += is_formula ? 2 : is_quoted;
	d->end -= is_formula || is_quoted;
}

static int strip_sign(struct dressed *d, int *has_sign)
{
	if (*has_sign || d->negative)
		return 0;
	if (d->p < d->end && *d->p == '+') {
		d->p++;
		return *has_sign = 1;
	}
	*has_sign = d->negative = take_first(d, minuses) > 0 || take_first(d, dashes) > 0 ||
				  take_last(d, minuses) > 0;
	return *has_sign;
}

static int strip_currency(struct dressed *d)
{
	if (d->currency || d->percent)
		return 0;
	d->currency = take_first(d, currencies);
	if (!d->currency)
		d->currency = take_last(d, currencies);
	return d->currency > 0;
}

static int strip_percent(struct dressed *d)
{
	if (d->currency || d->percent || d->p == d->end || d->end[-1] != '%')
		return 0;
	d->end--;
	return d->percent = 1;
}

/* Leaves the digits: each of the signs once, in any order. */
static void undress(struct dressed *d)
{
	int has_sign = 0;

	strip_blanks(d);
	strip_quotes(d);
	do
		strip_blanks(d);
	while (strip_parentheses(d) || strip_sign(d, &has_sign) || strip_currency(d) ||
	       strip_percent(d));
}

/* Copies digits; returns how many. */
static int copy_digits(struct dressed *d, char **to, const char *room)
{
	int digits = 0;

	for (; d->p < d->end && hb_is_digit(*d->p) && *to < room; digits++)
		*(*to)++ = *d->p++;
	return digits;
}

/* Takes what stands between thousands: `mark`, a blank or an apostrophe, the same all over. */
static int take_group(struct dressed *d, const char *mark, int *kind)
{
	const char *marks[] = {mark, NULL};
	const char *const *all[] = {marks, blanks, apostrophes};
	const char *start = d->p;

	for (int i = mark ? 0 : 1; i < 3; i++) {
		if (!take_first(d, all[i]))
			continue;
		if (*kind == 0 || *kind == i + 1) {
			*kind = i + 1;
			return 1;
		}
	}
	d->p = start;
	return 0;
}

/* 1234, 1,234 or 12,345,678 without the commas. */
static int copy_integer(struct dressed *d, const char *mark, char **to, const char *room)
{
	const char *start = d->p;
	int kind = 0, digits = copy_digits(d, to, room);

	if (digits == 0 || digits > 3 || *start == '0')
		return 1;
	while (take_group(d, mark, &kind))
		if (copy_digits(d, to, room) != 3)
			return 0;
	return 1;
}

/* Reads a number with this decimal mark and this one between thousands, or NULL. */
static int read_dressed(const char *text, size_t size, char decimal, const char *mark,
			double *value, hb_signs *signs)
{
	struct dressed d = {.p = text, .end = text + size};
	char plain[NUMBER_MOST], *to = plain;
	const char *room = plain + sizeof plain;

	undress(&d);
	if (!copy_integer(&d, mark, &to, room))
		return 0;
	if (d.p < d.end && *d.p == decimal && to < room) {
		d.p++;
		*to++ = '.';
		copy_digits(&d, &to, room);
	}
	for (; d.p < d.end && to < room && strchr("eE+-0123456789", *d.p); d.p++)
		*to++ = *d.p;
	if (d.p < d.end || to == plain || !(hb_is_digit(*plain) || *plain == '.') ||
	    hb_parse_double(plain, (size_t)(to - plain), value) != (size_t)(to - plain))
		return 0;
	*value = d.negative ? -*value : *value;
	*signs = (hb_signs){.special = d.percent, .currency = d.currency};
	return 1;
}

/* ---- The forms ---- */

static int read_truth(const char *text, size_t size, double *value)
{
	static const char *const words[] = {"False", "True", "FALSE", "TRUE", "false", "true"};

	for (int i = 0; i < 6; i++)
		if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0) {
			*value = i % 2;
			return 1;
		}
	return 0;
}

int hb_form_read(hebb_form form, const char *text, size_t size, double *value, hb_signs *signs)
{
	*signs = (hb_signs){0};
	switch (form) {
	case HEBB_FORM_PLAIN:
		return hb_parse_double(text, size, value) == size ||
		       read_dressed(text, size, '.', NULL, value, signs);
	case HEBB_FORM_DECIMAL_COMMA:
		return read_dressed(text, size, ',', ".", value, signs);
	case HEBB_FORM_THOUSANDS:
		return read_dressed(text, size, '.', ",", value, signs);
	case HEBB_FORM_TRUTH:
		return read_truth(text, size, value);
	default:
		return hb_date_read(form, text, size, value, &signs->special);
	}
}

const char *hb_form_how(hebb_form form)
{
	static const char *const how[HB_FORMS] = {
		[HEBB_FORM_DECIMAL_COMMA] =
			"with a decimal comma and points between thousands (1.234,5 is 1234.5); "
			"--decimal . or --text COLUMN reads them otherwise",
		[HEBB_FORM_THOUSANDS] = "with a comma between thousands (1,234 is 1234); "
					"--decimal , makes it a decimal comma",
		[HEBB_FORM_DATE_YMD] = "as dates, in seconds since 1970; --text COLUMN keeps the "
				       "texts",
		[HEBB_FORM_DATE_DMY] = "as dates, day before month, in seconds since 1970; --text "
				       "COLUMN keeps the texts",
		[HEBB_FORM_DATE_MDY] = "as dates, month before day, in seconds since 1970; --text "
				       "COLUMN keeps the texts",
	};

	return how[form];
}

unsigned hb_form_read_all(unsigned forms, const char *text, size_t size, double value[HB_FORMS],
			  hb_signs *signs)
{
	hb_signs found;

	*signs = (hb_signs){0};
	for (int form = HEBB_FORM_PLAIN; form < HB_FORMS; form++) {
		if (!(forms & HB_FORM_BIT(form)))
			continue;
		if (hb_form_read((hebb_form)form, text, size, &value[form], &found))
			*signs = found;
		else
			forms &= ~HB_FORM_BIT(form);
	}
	return forms;
}

int hb_form_read_any(const char *text, size_t size, double *value)
{
	hb_signs signs;

	for (int form = HEBB_FORM_PLAIN; form < HB_FORMS; form++)
		if (form != HEBB_FORM_TRUTH &&
		    hb_form_read((hebb_form)form, text, size, value, &signs))
			return 1;
	return 0;
}

int hb_looks_numeric(const char *text, double *value)
{
	return hb_form_read_any(text, strlen(text), value);
}

int hb_reads_as(hebb_form form, const char *text, double *value)
{
	hb_signs signs;

	return hb_form_read(form, text, strlen(text), value, &signs) && !signs.special &&
	       isfinite(*value);
}

int hb_forms_narrow(hb_forms *all, const char *text)
{
	double value[HB_FORMS];
	hb_signs signs;
	unsigned left =
		hb_form_read_all(HB_FORMS_ALL & ~all->ruled_out, text, strlen(text), value, &signs);

	all->ruled_out = HB_FORMS_ALL & ~left;
	all->numbers++;
	all->specials += signs.special;
	if (signs.currency && all->currency && signs.currency != all->currency)
		return 0; /* euros and dollars are not one number */
	all->currency = signs.currency ? signs.currency : all->currency;
	return left && (all->specials == 0 || all->specials == all->numbers);
}
