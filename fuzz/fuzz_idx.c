/* SPDX-License-Identifier: MIT */
/*
 * fuzz_idx.c - any bytes as a table of images or labels: read or refused with a sentence, and what was read can be coded
 */
#include "fuzz_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_table(bytes, size, HEBB_HEADER_AUTO);
	return 0;
}
