/* SPDX-License-Identifier: MIT */
/*
 * test_show.c - what hebb_show() lets through: every code point and every kind of bytes that are
 * not UTF-8, against a rule of its own
 */
#include "test.h"

/* Format characters, category Cf, as UnicodeData.txt of version 16 lists them: first and last. */
static const uint32_t formats[][2] = {
	{0xAD, 0xAD},       {0x600, 0x605},     {0x61C, 0x61C},     {0x6DD, 0x6DD},
	{0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},     {0x180E, 0x180E},
	{0x200B, 0x200F},   {0x202A, 0x202E},   {0x2060, 0x2064},   {0x2066, 0x206F},
	{0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
	{0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001},
	{0xE0020, 0xE007F},
};

enum fate { STAYS, HIDDEN, EITHER };

static enum fate fate_of(uint32_t c)
{
	for (size_t i = 0; i < COUNT_OF(formats); i++)
		if (c >= formats[i][0] && c <= formats[i][1])
			return HIDDEN;
	if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029)
		return HIDDEN; /* Cc, Zl, Zp */
	if ((c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000)
		return HIDDEN; /* Co */
	if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF))
		return HIDDEN; /* no characters */
	if (c >= 0xE0100 && c <= 0xE01EF)
		return STAYS; /* variation selectors: marks */
	return c >= 0x40000 || c == 0x2065 || (c >= 0xFFF0 && c <= 0xFFF8) ? EITHER : STAYS;
}

/* Surrogates too: three bytes that are no UTF-8. */
static size_t encode(uint32_t c, char bytes[5])
{
	size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};

	for (size_t i = size - 1; i > 0; i--, c >>= 6)
		bytes[i] = (char)(0x80 | (c & 0x3F));
	bytes[0] = (char)(first[size] | c);
	bytes[size] = 0;
	return size;
}

static void code_points(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		char bytes[5], shown[HEBB_SHOWN_MOST], escape[16];
		size_t size = encode(c, bytes);

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		snprintf(escape, sizeof escape,
			 c < 0x80      ? "\\x%02x"
			 : c < 0x10000 ? "\\u%04x"
				       : "\\U%08x",
			 (unsigned)c);
		assert_int_equal(hebb_show_character(bytes, size, shown), size);
		if (fate_of(c) != HIDDEN && strcmp(shown, bytes) == 0)
			continue;
		if (fate_of(c) == STAYS || strcmp(shown, escape) != 0)
			fail_msg("U+%04X became %s", (unsigned)c, shown);
	}
}

/* What one byte after another becomes where none of them is UTF-8. */
static void all_escaped(const char *bytes, size_t size)
{
	char shown[64], expected[64] = "";

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];
		snprintf(expected + strlen(expected), 5, c >= 0x20 && c < 0x7F ? "%c" : "\\x%02x",
			 c);
	}
	assert_string_equal(hebb_show(bytes, size, shown, sizeof shown), expected);
}

/* Bytes that begin no character, beginnings that are cut or go on with something else, too long
 * forms, surrogates, and what lies beyond. */
static void not_utf8(void **state)
{
	(void)state;
	for (uint32_t c = 0xD800; c <= 0xDFFF; c++) {
		char bytes[5];
		all_escaped(bytes, encode(c, bytes));
	}
	for (unsigned a = 0x80; a < 0x100; a++) {
		char one[] = {(char)a, 'z'};
		all_escaped(one, 1);
		all_escaped(one, 2);
		for (unsigned b = 0x80; b < 0x100; b++) {
			char two[] = {(char)a, (char)b, 'z'};
			int is_two = a >= 0xC2 && a < 0xE0 && b < 0xC0;
			if (!is_two && !(b >= 0xC2)) {
				all_escaped(two, 2);
				all_escaped(two, 3);
			}
		}
	}
	static const char *const more[] = {
		"\xE0\x80\x80",     "\xE0\x9F\xBF",     "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
		"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF7\xBF\xBF\xBF", "\xE2\x80",
		"\xF0\x9F\x99",     "\xF8\x88\x80\x80", "\xE2\x80z",        "\xF0\x9F\x99\x1b"};
	for (size_t i = 0; i < COUNT_OF(more); i++)
		all_escaped(more[i], strlen(more[i]));
}

/* The bytes behind `size` are nobody's, and a zero byte ends the text. */
static void ends(void **state)
{
	char shown[HEBB_SHOWN_MOST], *text = malloc(2);

	(void)state;
	memcpy(text, "\xE2\x80", 2);
	assert_int_equal(hebb_show_character(text, 2, shown), 1);
	assert_string_equal(shown, "\\xe2");
	assert_int_equal(hebb_show_character(text, 0, shown), 0);
	assert_string_equal(shown, "");
	free(text);
	assert_int_equal(hebb_show_character("\0a", 2, shown), 0);
	assert_int_equal(hebb_show_character(NULL, 0, shown), 0);
}

/* Whatever the room, whole characters and whole escapes; dots where there is room for them. */
static void cuts(void **state)
{
	static const char *const piece[] = {
		"a", "é", "\x1b", "\x9b", "\xE2\x80\xAE", "🙂", "\xF3\xA0\x81\x81"};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(piece); k++) {
		char text[100] = "", one[HEBB_SHOWN_MOST], whole[400] = "";
		size_t unit = strlen(hebb_show(piece[k], strlen(piece[k]), one, sizeof one));

		for (int i = 0; i < 20; i++) {
			strcat(text, piece[k]);
			strcat(whole, one);
		}
		for (size_t room = 1; room < sizeof whole; room++) {
			char *shown = malloc(room); /* the sanitizer watches its end */

			hebb_show(text, strlen(text), shown, room);
			size_t length = strlen(shown), kept = length;
			if (room > 20 * unit) {
				assert_string_equal(shown, whole);
			} else {
				if (room >= 4) {
					assert_string_equal(shown + length - 3, "...");
					kept -= 3;
				}
				assert_memory_equal(shown, whole, kept);
				assert_int_equal(kept % unit, 0);
				assert_true(room < 4 || kept + unit + 4 > room);
			}
			free(shown);
		}
	}
}

/* A message of the library, whoever wrote the name in it: one line, no longer than its room, in
 * UTF-8. */
static void messages(void **state)
{
	char name[3000];
	hebb_error error;

	(void)state;
	for (size_t before = 0; before < 8; before++) {
		memset(name, 'a', before);
		for (size_t i = before; i + 4 < sizeof name; i += 4)
			memcpy(name + i, "🙂", 5);
		assert_int_equal(hebb_fail(&error, HEBB_IO, "%s: is odd", name), HEBB_IO);
		assert_true(strlen(error.message) >= sizeof error.message - 4);
		assert_string_equal(error.message + strlen(error.message) - 7, "🙂...");
	}
	hebb_fail(&error, HEBB_IO, "%s: is odd", "a\x1b[2J\xC2\x9B\x9B\xE2\x80\xAE\n");
	assert_string_equal(error.message, "a\\x1b[2J\\u009b\\x9b\\u202e\\x0a: is odd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_points), cmocka_unit_test(not_utf8), cmocka_unit_test(ends),
		cmocka_unit_test(cuts),        cmocka_unit_test(messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
