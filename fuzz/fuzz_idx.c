/* SPDX-License-Identifier: MIT */
/*
 * fuzz_idx.c - any bytes as a table of images or labels: read or refused with a sentence, and what
 * was read can be coded
 */
#include "fuzz_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size >= 2 && !bytes[0] && !bytes[1]) /* else it is told for CSV */
		fuzz_table(bytes, size, NULL, 4);
	return 0;
}
