/* SPDX-License-Identifier: MIT */
/*
 * show.c - makes text from files safe to show to people
 *
 * A name in a file can hold characters that drive a terminal: ESC and the other control characters,
 * U+0080 to U+009F, which a terminal may also take as bytes, marks that turn the direction of text,
 * and invisible characters. Each becomes an escape, as in a C program. All other text, also letters
 * with combining marks, stays.
 */
#include <stdio.h>
#include <string.h>
#include "core.h"

struct range {
	uint32_t first, last;
};

/* Unicode 16: categories Cc, Cf, Zl, Zp and Co, surrogates and noncharacters, the unassigned
 * characters that are to be invisible (Default_Ignorable_Code_Point), and the planes in which
 * nothing is assigned.  In ascending order. */
static const struct range hidden[] = {
	{0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},    {0x0600, 0x0605},
	{0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},    {0x0890, 0x0891},
	{0x08e2, 0x08e2},   {0x180e, 0x180e},   {0x200b, 0x200f},    {0x2028, 0x202e},
	{0x2060, 0x206f},   {0xd800, 0xf8ff},   {0xfdd0, 0xfdef},    {0xfeff, 0xfeff},
	{0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd},  {0x110cd, 0x110cd},
	{0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},  {0x1fffe, 0x1ffff},
	{0x2fffe, 0x2ffff}, {0x3fffe, 0xe00ff}, {0xe01f0, 0x10ffff},
};

static int is_hidden(uint32_t code)
{
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden && hidden[i].first <= code; i++)
		if (code <= hidden[i].last)
			return 1;
	return 0;
}

/* Decodes the first character of `size` > 0 bytes. Returns its number of bytes, 0 if it is not
 * UTF-8. */
static int decode(const unsigned char *text, size_t size, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	int bytes = *text < 0x80   ? 1
		    : *text < 0xc2 ? 0
		    : *text < 0xe0 ? 2
		    : *text < 0xf0 ? 3
		    : *text < 0xf5 ? 4
				   : 0;

	if (bytes == 0 || (size_t)bytes > size)
		return 0;
	*code = bytes == 1 ? *text : *text & (0xffu >> (bytes + 1));
	for (int i = 1; i < bytes; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	return *code < least[bytes] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000)
		       ? 0
		       : bytes;
}

size_t hebb_show_character(const char *text, size_t size, char shown[HEBB_SHOWN_MOST])
{
	uint32_t code = 0;
	int bytes;

	shown[0] = 0;
	if (size == 0 || *text == 0)
		return 0;
	bytes = decode((const unsigned char *)text, size, &code);
	if (bytes > 0 && !is_hidden(code)) {
		memcpy(shown, text, (size_t)bytes);
		shown[bytes] = 0;
	} else if (bytes < 2) { /* ASCII, or a byte that is no UTF-8 */
		snprintf(shown, HEBB_SHOWN_MOST, "\\x%02x", (unsigned)(unsigned char)*text);
	} else {
		snprintf(shown, HEBB_SHOWN_MOST, code > 0xffff ? "\\U%08lx" : "\\u%04lx",
			 (unsigned long)code);
	}
	return bytes > 0 ? (size_t)bytes : 1;
}

char *hebb_show(const char *text, size_t size, char *shown, size_t room)
{
	static const char dots[] = "...";
	size_t length = 0, cut = 0, bytes; /* too long: whole characters, with room for the dots */
	char character[HEBB_SHOWN_MOST];

	for (; (bytes = hebb_show_character(text, size, character)); text += bytes, size -= bytes) {
		size_t width = strlen(character);

		if (length + width >= room) {
			length = cut;
			if (length + sizeof dots <= room) {
				memcpy(shown + length, dots, sizeof dots - 1);
				length += sizeof dots - 1;
			}
			break;
		}
		memcpy(shown + length, character, width);
		length += width;
		if (length + sizeof dots <= room)
			cut = length;
	}
	shown[length] = 0;
	return shown;
}
