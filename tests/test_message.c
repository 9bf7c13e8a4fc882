/* SPDX-License-Identifier: MIT */
/*
 * test_message.c - the sentences about files: what they show of a text, and what they say of the system's failures
 */
#include "test.h"
#include <errno.h>
#include "hebb_io.h"
#include "io/io.h"

static int continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Characters of one to four bytes, after some of one: all of the text, or its beginning up to a whole character and dots. */
static void whole_characters(void **state)
{
	static const char *const letters[] = {"a", "é", "€", "🙂"};

	(void)state;
	for (size_t kind = 0; kind < COUNT_OF(letters); kind++)
		for (size_t before = 0; before < 4; before++)
			for (size_t count = 0; count < 2 * HB_SHOWN; count++) {
				char text[10 * HB_SHOWN] = "", shown[HB_SHOWN];

				memset(text, '-', before);
				for (size_t i = 0; i < count; i++)
					strcat(text, letters[kind]);
				assert_ptr_equal(hb_show(text, shown), shown);
				size_t length = strlen(shown);
				assert_true(length < HB_SHOWN);
				if (strlen(text) < HB_SHOWN) {
					assert_string_equal(shown, text);
					continue;
				}
				assert_string_equal(shown + length - 3, "...");
				assert_memory_equal(shown, text, length - 3);
				assert_false(continues(text[length - 3]));
				assert_true(length + strlen(letters[kind]) >=
					    HB_SHOWN); /* no shorter than must be */
			}
}

/* Nothing in a file can move the cursor, or begin another line. */
static void no_control_characters(void **state)
{
	(void)state;
	for (int c = 1; c < 128; c++) {
		char text[] = {'a', (char)c, 'b', 0}, shown[HB_SHOWN], expected[8];
		hebb_error error = {0};

		snprintf(expected, sizeof expected, c >= 32 && c != 127 ? "a%cb" : "a\\x%02xb", c);
		assert_string_equal(hb_show(text, shown), expected);
		assert_int_equal(hb_fail_at(&error, HEBB_IO, 3, 4, "%s", text), HEBB_IO);
		assert_string_equal(error.message, expected);
	}
}

/* Different failures have different sentences, one where nobody but the system knows more. */
static void reasons(void **state)
{
	static const int known[] = {ENOENT, ENOTDIR, EACCES, EISDIR, ENOSPC, EFBIG,   EROFS,
				    ELOOP,  EMFILE,  EPIPE,  EIO,    ENXIO,  ETXTBSY, ENAMETOOLONG};
	const char *other = hb_reason(-1);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		assert_string_not_equal(hb_reason(known[i]), other);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(hb_reason(known[i]), hb_reason(known[j]));
	}
	assert_string_equal(hb_reason(EPERM), hb_reason(EACCES));
	assert_string_equal(hb_reason(ENFILE), hb_reason(EMFILE));
	assert_string_equal(hb_reason(EDQUOT), hb_reason(ENOSPC));
	assert_string_equal(hb_reason(0), other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_characters),
		cmocka_unit_test(no_control_characters),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
