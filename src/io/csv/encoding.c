/* SPDX-License-Identifier: MIT */
/*
 * encoding.c - texts of other encodings as UTF-8
 *
 * UTF-16 is told by its byte order mark. What is not UTF-8 is Latin-1, as Windows writes it
 * (Windows-1252); but where most characters beyond ASCII are UTF-8, only the bytes that are not. A
 * text that needs no change is used in place.
 */
#include "encoding.h"

#include <stdlib.h>
#include <string.h>

/* What Windows-1252 has where Latin-1 has control characters, 0x80 to 0x9f. */
static const uint16_t windows[] = {
	0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

/* ---- Characters ---- */

/* Writes a character as UTF-8, if there is a place to; returns its bytes. */
static size_t put(uint32_t code, char *to)
{
	size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};

	if (!to)
		return bytes;
	for (size_t i = bytes; i-- > 1; code >>= 6)
		to[i] = (char)(0x80 | (code & 0x3f));
	to[0] = (char)(first[bytes] | code);
	return bytes;
}

/* The bytes of the character beyond ASCII that a text begins with; 0: it is not UTF-8. */
static size_t character(const unsigned char *text, size_t size)
{
	size_t bytes = *text < 0xc2   ? 0
		       : *text < 0xe0 ? 2
		       : *text < 0xf0 ? 3
		       : *text < 0xf5 ? 4
				      : 0;

	if (bytes == 0 || bytes > size)
		return 0;
	for (size_t i = 1; i < bytes; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] >= 0xa0) ||
	    (*text == 0xf0 && text[1] < 0x90) || (*text == 0xf4 && text[1] >= 0x90))
		return 0; /* longer than needed, a surrogate, or beyond U+10FFFF */
	return bytes;
}

/* The bytes of ASCII that a text begins with. */
static size_t ascii(const unsigned char *text, size_t size)
{
	enum { BLOCK = 64 };
	size_t at = 0;

	for (; size - at >= BLOCK; at += BLOCK) {
		unsigned char all = 0;

		for (size_t i = 0; i < BLOCK; i++)
			all |= text[at + i];
		if (all >= 0x80)
			break;
	}
	while (at < size && text[at] < 0x80)
		at++;
	return at;
}

/* ---- Bytes that are not UTF-8 ---- */

/* How many characters beyond ASCII are UTF-8, how many bytes are not, and the first of these. */
struct found {
	size_t characters, bytes, first;
};

static struct found look(const unsigned char *text, size_t size)
{
	struct found found = {0, 0, 0};

	for (size_t at = ascii(text, size); at < size; at += ascii(text + at, size - at)) {
		size_t bytes = character(text + at, size - at);

		if (bytes == 0 && found.bytes++ == 0)
			found.first = at;
		found.characters += bytes > 0;
		at += bytes ? bytes : 1;
	}
	return found;
}

/* Writes Latin-1, but what is UTF-8 as it is if `mixed`; returns the bytes. */
static size_t from_latin1(const unsigned char *text, size_t size, int mixed, char *to)
{
	size_t total = 0;

	for (size_t at = 0; at < size;) {
		size_t same = ascii(text + at, size - at);

		if (same == 0 && mixed)
			same = character(text + at, size - at);
		if (to && same)
			memcpy(to + total, text + at, same);
		total += same;
		at += same;
		if (same)
			continue;
		uint32_t code = text[at] < 0xa0 ? windows[text[at] - 0x80] : text[at];
		total += put(code, to ? to + total : NULL);
		at++;
	}
	return total;
}

long long hb_text_line(const unsigned char *text, size_t at)
{
	long long line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
	return line;
}

/* ---- UTF-16 ---- */

/* Reads a character, of up to `size` bytes; half of a pair becomes U+FFFD.  Returns its bytes. */
static size_t utf16_character(const unsigned char *text, size_t size, int low, uint32_t *code)
{
	uint32_t first = text[low] | (uint32_t)text[1 - low] << 8;

	*code = first >= 0xd800 && first < 0xe000 ? 0xfffd : first;
	if (first < 0xd800 || first >= 0xdc00 || size < 4)
		return 2;
	uint32_t next = text[2 + low] | (uint32_t)text[3 - low] << 8;
	if (next < 0xdc00 || next >= 0xe000)
		return 2;
	*code = 0x10000 + ((first - 0xd800) << 10) + (next - 0xdc00);
	return 4;
}

size_t hb_text_from_utf16(const unsigned char *bytes, size_t size, int low, int is_end, char *to,
			  size_t *used)
{
	const size_t least = is_end ? 2 : 4; /* a character may have so many */
	size_t total = 0, at = 0;

	while (size - at >= least) {
		uint32_t code;

		at += utf16_character(bytes + at, size - at, low, &code);
		total += put(code, to ? to + total : NULL);
	}
	*used = at;
	return total;
}

hebb_status hb_text_halved(const char *name, hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_FORMAT,
			 "%s: is text in UTF-16 that ends within a character", name);
}

/* ---- The whole ---- */

hb_encoding hb_encoding_find(const char *name)
{
	return !name ? HB_ANY_ENCODING : strcmp(name, "latin-1") == 0 ? HB_LATIN1 : HB_UTF8;
}

size_t hb_text_mark(const void *given, size_t size, int *low)
{
	const unsigned char *bytes = given;

	*low = -1;
	if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		return 3;
	if (size < 2 || bytes[0] + bytes[1] != 0xff + 0xfe || bytes[0] < 0xfe)
		return 0;
	*low = bytes[0] == 0xff ? 0 : 1;
	return 2;
}

/* low: of UTF-16. */
static size_t write_text(const hb_text *text, const unsigned char *bytes, size_t size, int low,
			 char *to)
{
	size_t used;

	return text->how == HB_TEXT_UTF16
		       ? hb_text_from_utf16(bytes, size, low, 1, to, &used)
		       : from_latin1(bytes, size, text->how == HB_TEXT_MIXED, to);
}

static hebb_status convert(hb_text *text, const unsigned char *bytes, size_t size, int low,
			   const char *name, hb_budget *budget, hebb_error *error)
{
	size_t room = write_text(text, bytes, size, low, NULL);

	if (!hb_spend(budget, room + 1))
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "%s: as UTF-8 it would take too much memory for its size; convert "
				 "it with iconv",
				 name);
	text->made = malloc(room + 1);
	if (!text->made)
		return hb_out_of_memory(error);
	text->size = write_text(text, bytes, size, low, text->made);
	text->text = text->made;
	return HEBB_OK;
}

hebb_status hb_text_go_on(hb_text *text, const void *given, size_t size, hb_text_place at,
			  const char *name, hb_encoding encoding, hb_budget *budget,
			  hebb_error *error)
{
	const unsigned char *bytes = given;

	*text = (hb_text){.text = given, .size = size, .how = HB_TEXT_UTF8};
	if (encoding == HB_AS_IS)
		return HEBB_OK;
	struct found found = look(bytes, size);
	text->wide = found.characters;
	if (found.bytes == 0 && (encoding != HB_LATIN1 || found.characters == 0))
		return HEBB_OK;
	text->line = found.bytes ? at.line - 1 + hb_text_line(bytes, found.first) : 0;
	text->odd = found.bytes;
	if (encoding == HB_UTF8)
		return hb_fail_at(error, HEBB_BAD_FORMAT, text->line, 0,
				  "%s:%lld: byte 0x%02x (byte %llu of the file) is not UTF-8; if "
				  "the text is Latin-1, say --encoding latin-1",
				  name, text->line, bytes[found.first], at.byte + found.first);
	text->how =
		encoding == HB_LATIN1 || (encoding != HB_MIXED && found.bytes >= found.characters)
			? HB_TEXT_LATIN1
			: HB_TEXT_MIXED;
	return convert(text, bytes, size, -1, name, budget, error);
}

hebb_status hb_text_open(hb_text *text, const void *given, size_t size, const char *name,
			 hb_encoding encoding, hb_budget *budget, hebb_error *error)
{
	int low;
	size_t mark = encoding == HB_AS_IS ? 0 : hb_text_mark(given, size, &low);
	const unsigned char *bytes = (const unsigned char *)given + mark;

	if (mark != 2)
		return hb_text_go_on(text, bytes, size - mark, (hb_text_place){1, mark}, name,
				     encoding, budget, error);
	*text = (hb_text){.how = HB_TEXT_UTF16};
	return size % 2 == 0 ? convert(text, bytes, size - mark, low, name, budget, error)
			     : hb_text_halved(name, error);
}

void hb_text_note(const hb_text *text, hb_encoding encoding, hebb_table *table)
{
	if (text->how == HB_TEXT_UTF16)
		hb_table_note(table, "%s: is text in UTF-16", table->name);
	if (text->how == HB_TEXT_LATIN1 && encoding != HB_LATIN1)
		hb_table_note(table,
			      "%s:%lld: is not UTF-8; the file was read as Latin-1 (Windows-1252); "
			      "--encoding utf-8 refuses it",
			      table->name, text->line);
	if (text->how == HB_TEXT_MIXED)
		hb_table_note(table,
			      "%s:%lld: is not UTF-8; %zu byte%s of the file %s read as Latin-1 "
			      "(Windows-1252); --encoding latin-1 reads all of it so",
			      table->name, text->line, text->odd, text->odd == 1 ? "" : "s",
			      text->odd == 1 ? "was" : "were");
}

void hb_text_close(hb_text *text)
{
	free(text->made);
	text->made = NULL;
}
