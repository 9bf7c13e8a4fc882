/* SPDX-License-Identifier: MIT */
/* altered.h - a model file with other bytes, whose seal holds, is refused with a sentence */
#ifndef HEBB_TESTS_ALTERED_H
#define HEBB_TESTS_ALTERED_H

#include "seal.h"
#include "test.h"

/* The file with the first `before` made `after`, which is as long, is not read. */
static void altered(const unsigned char *bytes, size_t size, const void *before, const void *after,
		    size_t length, const char *why)
{
	unsigned char *copy = test_memory(size);
	hebb_error error = {.message = ""};
	size_t at = 0;

	while (at + length <= size && memcmp(bytes + at, before, length) != 0)
		at++;
	assert_true(at + length <= size);
	memcpy(copy, bytes, size);
	memcpy(copy + at, after, length);
	seal(copy, size);
	assert_null(hebb_model_parse(copy, size, "it.onnx", &error));
	test_failed(error.status, &error, HEBB_BAD_FORMAT, why);
	free(copy);
}

#endif
