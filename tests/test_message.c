/* SPDX-License-Identifier: MIT */
/*
 * test_message.c - the sentences about files: what they show of a text, and what they say of the
 * system's failures
 */
#include "test.h"
#include <errno.h>
#include <limits.h>
#include "hebb_io.h"
#include "io/io.h"

static int continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Characters of one to four bytes, after some of one: all of the text, or its beginning up to a
 * whole character and dots. */
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
	static const int known[] = {ENOENT,  ENOTDIR,      EACCES, EISDIR, ENOSPC, EFBIG,
				    EROFS,   ELOOP,        EMFILE, EPIPE,  EIO,    ENXIO,
				    ETXTBSY, ENAMETOOLONG, EXDEV,  EBADF,  EBUSY,  EINVAL};
	char text[HEBB_REASON], other[HEBB_REASON];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(hebb_reason(known[i], text),
						hebb_reason(known[j], other));
	assert_string_equal(hebb_reason(EPERM, text), hebb_reason(EACCES, other));
	assert_string_equal(hebb_reason(ENFILE, text), hebb_reason(EMFILE, other));
	assert_string_equal(hebb_reason(EDQUOT, text), hebb_reason(ENOSPC, other));
	assert_string_equal(hebb_reason(0, text), "the system reported error 0");
	assert_string_equal(hebb_reason(-1, text), "the system reported error -1");
	assert_string_equal(hebb_reason(INT_MIN, text), "the system reported error -2147483648");
}

/* Every number that POSIX.1-2008 names has a sentence of its own, which is a constant; the longest
 * fits into a message. */
static void all_reasons(void **state)
{
	static const int posix[] = {E2BIG,
				    EACCES,
				    EADDRINUSE,
				    EADDRNOTAVAIL,
				    EAFNOSUPPORT,
				    EAGAIN,
				    EALREADY,
				    EBADF,
				    EBADMSG,
				    EBUSY,
				    ECANCELED,
				    ECHILD,
				    ECONNABORTED,
				    ECONNREFUSED,
				    ECONNRESET,
				    EDEADLK,
				    EDESTADDRREQ,
				    EDOM,
				    EDQUOT,
				    EEXIST,
				    EFAULT,
				    EFBIG,
				    EHOSTUNREACH,
				    EIDRM,
				    EILSEQ,
				    EINPROGRESS,
				    EINTR,
				    EINVAL,
				    EIO,
				    EISCONN,
				    EISDIR,
				    ELOOP,
				    EMFILE,
				    EMLINK,
				    EMSGSIZE,
				    EMULTIHOP,
				    ENAMETOOLONG,
				    ENETDOWN,
				    ENETRESET,
				    ENETUNREACH,
				    ENFILE,
				    ENOBUFS,
				    ENODATA,
				    ENODEV,
				    ENOENT,
				    ENOEXEC,
				    ENOLCK,
				    ENOLINK,
				    ENOMEM,
				    ENOMSG,
				    ENOPROTOOPT,
				    ENOSPC,
				    ENOSR,
				    ENOSTR,
				    ENOSYS,
				    ENOTCONN,
				    ENOTDIR,
				    ENOTEMPTY,
				    ENOTRECOVERABLE,
				    ENOTSOCK,
				    ENOTSUP,
				    ENOTTY,
				    ENXIO,
				    EOPNOTSUPP,
				    EOVERFLOW,
				    EOWNERDEAD,
				    EPERM,
				    EPIPE,
				    EPROTO,
				    EPROTONOSUPPORT,
				    EPROTOTYPE,
				    ERANGE,
				    EROFS,
				    ESPIPE,
				    ESRCH,
				    ESTALE,
				    ETIME,
				    ETIMEDOUT,
				    ETXTBSY,
				    EWOULDBLOCK,
				    EXDEV};
	int unknown = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(posix); i++) {
		char text[HEBB_REASON] = "unused";
		const char *reason = hebb_reason(posix[i], text);

		assert_ptr_not_equal(reason, text);
		assert_string_equal(text, "unused");
		assert_true(strlen(reason) > 10 && strlen(reason) < 90);
		assert_null(strstr(reason, "the system reported"));
	}
	for (int number = 1; number <= 133; number++) { /* all that Linux has */
		char text[HEBB_REASON];
		unknown += hebb_reason(number, text) == text;
	}
	assert_true(unknown < 133 - (int)COUNT_OF(posix) + 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_characters),
		cmocka_unit_test(no_control_characters),
		cmocka_unit_test(reasons),
		cmocka_unit_test(all_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
