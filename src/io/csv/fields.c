/* SPDX-License-Identifier: MIT */
/*
 * fields.c - the fields of CSV, and the type of each
 *
 * A quoted field is used in place, in the text. Only a field with doubled quotes is copied.
 */
#include "csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Lines ---- */

static void skip_blanks(hb_csv *r)
{
	while (r->p < r->end && hb_csv_is_blank(r, *r->p))
		r->p++;
}

void hb_csv_end_line(hb_csv *r)
{
	if (r->p == r->end)
		return;
	if (*r->p++ == '\r' && r->p < r->end && *r->p == '\n')
		r->p++;
	r->line++;
}

void hb_csv_pass_line(hb_csv *r)
{
	while (!hb_csv_ends_line(r))
		r->p++;
	hb_csv_end_line(r);
}

int hb_csv_next_row(hb_csv *r)
{
	while (r->p < r->end) {
		const char *start = r->p;

		if ((*r->p == '#' || *r->p == '%') && hb_csv_is_comment(r)) {
			r->commented++;
			hb_csv_pass_line(r);
			continue;
		}
		skip_blanks(r);
		if (!hb_csv_ends_line(r)) {
			r->p = start; /* a comment begins without blanks */
			return 1;
		}
		hb_csv_end_line(r);
	}
	return 0;
}

/* ---- Fields ---- */

hebb_status hb_csv_make_room(hb_csv *r, size_t room)
{
	if (room <= r->room)
		return HEBB_OK;
	room = room < HB_CSV_SCRATCH ? HB_CSV_SCRATCH : room;
	if (!hb_spend(&r->budget, room))
		return HEBB_UNSUPPORTED;
	char *scratch = realloc(r->scratch, room);
	if (!scratch)
		return HEBB_NO_MEMORY;
	hb_save(&r->budget, r->room);
	r->scratch = scratch;
	r->room = room;
	return HEBB_OK;
}

/* Makes one quote of each two in a field. */
static hebb_status undouble(hb_csv *r, hb_csv_field *field, size_t doubled)
{
	hebb_status status = hb_csv_make_room(r, field->size - doubled);
	char *to = r->scratch;

	if (status == HEBB_UNSUPPORTED)
		return hb_fail_at(r->error, status, r->line, 0,
				  "%s:%lld: too long a field for %d times the memory of the file",
				  r->name, r->line, HB_CSV_TIMES);
	if (status)
		return hb_out_of_memory(r->error);
	for (size_t i = 0; i < field->size; i++) {
		*to++ = field->text[i];
		i += field->text[i] == '"';
	}
	*field = (hb_csv_field){r->scratch, field->size - doubled, 1};
	return HEBB_OK;
}

/* Reads what stands between quotes, the first of which is at r->p. */
static hebb_status read_quoted(hb_csv *r, hb_csv_field *field)
{
	const char *start = ++r->p;
	long long opened = r->line;
	size_t doubled = 0;

	for (; r->p < r->end; r->p++) {
		if (*r->p == '"') {
			if (r->p + 1 == r->end || r->p[1] != '"')
				break;
			r->p++;
			doubled++;
		}
		if (*r->p == '\n' || (*r->p == '\r' && (r->p + 1 == r->end || r->p[1] != '\n')))
			r->line++;
	}
	if (r->p == r->end)
		return hb_fail_at(r->error, HEBB_BAD_FORMAT, opened, 0,
				  "%s:%lld: a quote is opened here and never closed", r->name,
				  opened);
	*field = (hb_csv_field){start, (size_t)(r->p++ - start), 1};
	if (r->separator != ' ')
		skip_blanks(r);
	if (!hb_csv_ends_field(r))
		return hb_fail_at(r->error, HEBB_BAD_FORMAT, r->line, 0,
				  "%s:%lld: text follows the quote that closes a field (a quote "
				  "inside a field is doubled)",
				  r->name, r->line);
	hb_csv_settle(r);
	return doubled ? undouble(r, field, doubled) : HEBB_OK;
}

hebb_status hb_csv_read(hb_csv *r, hb_csv_field *field)
{
	skip_blanks(r);
	if (r->p < r->end && *r->p == '"')
		return read_quoted(r, field);
	const char *start = r->p, *after = r->p;
	for (; !hb_csv_ends_field(r); r->p++)
		if (!hb_csv_is_blank(r, *r->p))
			after = r->p + 1;
	*field = (hb_csv_field){start, (size_t)(after - start), 0};
	hb_csv_settle(r);
	return HEBB_OK;
}

void hb_csv_pass(hb_csv *r)
{
	skip_blanks(r);
	if (r->p < r->end && *r->p == '"')
		for (r->p++; r->p < r->end; r->p++)
			if (*r->p == '"' && (r->p + 1 == r->end || *++r->p != '"'))
				break;
	while (!hb_csv_ends_field(r))
		r->p++;
	hb_csv_settle(r);
}

/* Eight bytes at once: as many of the same; 0x80 for each byte that is 0. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))

static uint64_t zeros(uint64_t bytes)
{
	return ~(((bytes & EIGHT(0x7f)) + EIGHT(0x7f)) | bytes | EIGHT(0x7f));
}

enum { BLOCK = 32 };

/* How many separators a block has; -1: there is a quote in it, or the end of a line. */
static int separators_in(const char *block, uint64_t separator)
{
	uint64_t separators = 0, others = 0, bytes;

	for (int i = 0; i < BLOCK; i += (int)sizeof bytes) {
		memcpy(&bytes, block + i, sizeof bytes);
		separators += zeros(bytes ^ separator) >> 7;
		others |= zeros(bytes ^ EIGHT('"')) | zeros(bytes ^ EIGHT('\n')) |
			  zeros(bytes ^ EIGHT('\r'));
	}
	return others ? -1 : (int)(separators * EIGHT(1) >> 56);
}

int hb_csv_pass_blocks(hb_csv *r, int count)
{
	const char *p = r->p;
	int passed = 0;

	for (; r->separator != ' ' && r->end - p >= BLOCK; p += BLOCK) {
		int separators = separators_in(p, EIGHT(r->separator));

		if (separators < 0 || separators > count - passed)
			break;
		passed += separators;
	}
	while (p > r->p && p[-1] != r->separator)
		p--;
	r->p = p;
	return passed;
}

int hb_csv_pass_row(hb_csv *r)
{
	int fields = 1;

	for (hb_csv_pass(r); !hb_csv_ends_line(r); hb_csv_pass(r), fields++)
		r->p++;
	hb_csv_end_line(r);
	return fields;
}

hb_csv_field hb_csv_raw(hb_csv *r)
{
	skip_blanks(r);
	const char *start = r->p;
	hb_csv_pass(r);
	const char *end = r->p;
	while (end > start && hb_csv_is_blank(r, end[-1]))
		end--;
	return (hb_csv_field){start, (size_t)(end - start), 0};
}

void hb_csv_pass_tail(hb_csv *r)
{
	const char *start = r->p;

	if (hb_csv_ends_line(r))
		return;
	skip_blanks(r);
	for (int i = 0; i < r->trailing && r->p < r->end && *r->p == r->separator; i++) {
		r->p++;
		skip_blanks(r);
	}
	if (!hb_csv_ends_line(r))
		r->p = r->tail == HB_TAIL_BLANKS ? r->p - 1 : start;
}

/* ---- What a field is ---- */

int hb_csv_is_word(const hb_csv_field *field, const char *word)
{
	size_t i = 0;

	while (i < field->size && word[i] && hb_lower(field->text[i]) == hb_lower(word[i]))
		i++;
	return i == field->size && !word[i];
}

/* 1 if the field is one of the texts of a list, or the same number. */
static int is_listed(const hb_csv_field *field, const char *list)
{
	for (const char *end; list; list = *end ? end + 1 : NULL) {
		double value, listed;

		end = list + strcspn(list, ",");
		size_t size = (size_t)(end - list);
		if (size == field->size && memcmp(list, field->text, size) == 0)
			return 1;
		if (hb_parse_double(list, size, &listed) == size && size > 0 && field->size > 0 &&
		    hb_parse_double(field->text, field->size, &value) == field->size &&
		    value == listed)
			return 1;
	}
	return 0;
}

/* A field without its blanks, which quotes may enclose. */
static hb_csv_field trimmed(hb_csv_field field)
{
	for (; field.size > 0 && *field.text == ' '; field.size--)
		field.text++;
	while (field.size > 0 && field.text[field.size - 1] == ' ')
		field.size--;
	return field;
}

int hb_csv_is_none(const hb_csv *r, const hb_csv_field *field)
{
	hb_csv_field text = trimmed(*field);

	return text.size == 0 || is_listed(&text, r->missing) ||
	       (!field->is_quoted && hb_csv_is_word(&text, "?"));
}

/* 1 for ?, NA and the like. */
static int is_not_available(const hb_csv_field *field)
{
	if (field->size == 0 || !memchr("?-nN", *field->text, 4))
		return 0;
	return hb_csv_is_word(field, "?") || hb_csv_is_word(field, "nan") ||
	       hb_csv_is_word(field, "-nan") || hb_csv_is_word(field, "null") ||
	       hb_csv_is_word(field, "n/a") ||
	       (field->size == 2 && memcmp(field->text, "NA", 2) == 0);
}

static int is_infinite(const hb_csv_field *field)
{
	hb_csv_field word = trimmed(*field);

	if (word.size > 0 && (*word.text == '-' || *word.text == '+')) {
		word.text++;
		word.size--;
	}
	return hb_csv_is_word(&word, "inf") || hb_csv_is_word(&word, "infinity");
}

int hb_csv_is_missing(const hb_csv *r, const hb_csv_field *field)
{
	hb_csv_field text = trimmed(*field);

	return hb_csv_is_none(r, field) || is_not_available(&text);
}

hb_csv_kind hb_csv_kind_of(const hb_csv *r, const hb_csv_field *field, float *value)
{
	*value = 0;
	if (field->size > 0 && !r->missing &&
	    hb_parse_float(field->text, field->size, value) == field->size)
		return isinf(*value) ? HB_BEYOND : HB_NUMBER;
	if (hb_csv_is_missing(r, field)) {
		*value = NAN;
		return HB_MISSING;
	}
	if (r->missing && hb_parse_float(field->text, field->size, value) == field->size)
		return isinf(*value) ? HB_BEYOND : HB_NUMBER;
	*value = is_infinite(field) ? INFINITY : 0;
	return *value == 0 ? HB_TEXT : HB_BEYOND;
}

hb_csv_kind hb_csv_classify(const hb_csv_field *field, float *value)
{
	return hb_csv_kind_of(&(hb_csv){.missing = NULL}, field, value);
}
