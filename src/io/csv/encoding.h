/* SPDX-License-Identifier: MIT */
/* encoding.h - a text from a file as UTF-8 */
#ifndef HEBB_IO_ENCODING_H
#define HEBB_IO_ENCODING_H

#include "../io.h"

/* What is asked for: UTF-8 or else Latin-1, UTF-8 alone, Latin-1, UTF-8 but for bytes of Latin-1,
 * bytes that are UTF-8 already. */
typedef enum hb_encoding { HB_ANY_ENCODING, HB_UTF8, HB_LATIN1, HB_MIXED, HB_AS_IS } hb_encoding;

/* "utf-8", "latin-1" or NULL for any. */
hb_encoding hb_encoding_find(const char *name);

/* A text in UTF-8 without a byte order mark, which lies in the bytes of the file or in `made`. */
typedef struct hb_text {
	const char *text;
	size_t size;
	char *made;
	enum { HB_TEXT_UTF8, HB_TEXT_UTF16, HB_TEXT_LATIN1, HB_TEXT_MIXED } how; /* it was read */
	long long line; /* the first that is not UTF-8, or 0 */
	size_t odd;     /* bytes that are not UTF-8 */
	size_t wide;    /* characters beyond ASCII that are UTF-8 */
} hb_text;

/* Where bytes stand in their file. */
typedef struct hb_text_place {
	long long line;
	unsigned long long byte;
} hb_text_place;

/* The line, from 1 on, of byte `at` of a text. */
long long hb_text_line(const unsigned char *text, size_t at);

/* BAD_FORMAT: not UTF-8 as asked; UNSUPPORTED: more than the budget, which may be NULL; NO_MEMORY.
 * Equal bytes give equal texts. */
hebb_status hb_text_open(hb_text *text, const void *bytes, size_t size, const char *name,
			 hb_encoding encoding, hb_budget *budget, hebb_error *error);

/* The same of a part of a text, which stands there, where no byte order mark is one. */
hebb_status hb_text_go_on(hb_text *text, const void *bytes, size_t size, hb_text_place at,
			  const char *name, hb_encoding encoding, hb_budget *budget,
			  hebb_error *error);

/* The bytes of the mark that a text begins with; *low: of UTF-16, where the low byte stands, else
 * -1. */
size_t hb_text_mark(const void *bytes, size_t size, int *low);

/* Writes UTF-16 as UTF-8, which may take 3 bytes for 2, up to a character that is not whole, unless
 * nothing follows it; *used: the bytes read. Returns the bytes written. */
size_t hb_text_from_utf16(const unsigned char *bytes, size_t size, int low, int is_end, char *to,
			  size_t *used);

/* UTF-16 has an odd number of bytes. */
hebb_status hb_text_halved(const char *name, hebb_error *error);

/* Tells people what was read in place of UTF-8. */
void hb_text_note(const hb_text *text, hb_encoding encoding, hebb_table *table);

void hb_text_close(hb_text *text);

#endif
