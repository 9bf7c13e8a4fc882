/* SPDX-License-Identifier: MIT */
/*
 * fuzz_csv.c - any bytes as a table: read or refused with a sentence, and what was read can be
 * coded
 */
#include "fuzz_table.h"

enum { TIMES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size > 0)
		fuzz_table(bytes + 1, size - 1, (hebb_header)(1 + bytes[0] % 3), TIMES);
	return 0;
}
