/* SPDX-License-Identifier: MIT */
/*
 * fuzz_csv.c - any bytes as a table: read or refused with a sentence, and what was read can be
 * coded
 */
#include "fuzz_table.h"

enum { TIMES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The first byte tells the options. */
static hebb_table_options options_of(uint8_t byte)
{
	static const char separators[] = {0, 0, 0, ',', ';', '\t', ' '};
	static const char *const encodings[] = {NULL, NULL, "latin-1", "utf-8"};
	hebb_table_options options = hebb_table_options_default();

	options.header = (hebb_header)(1 + byte % 3);
	options.separator = separators[byte / 3 % sizeof separators];
	options.encoding = encodings[byte / 21 % 4];
	options.skip = byte / 84;
	options.names = byte % 2 ? "a,y*" : NULL;
	options.text = byte % 5 == 1 ? "z*,2-3" : NULL;
	options.numeric = byte % 7 == 1 ? "?,9" : NULL;
	options.decimal = byte % 11 == 1 ? ',' : '\0';
	return options;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return 0;
	const hebb_table_options options = options_of(*bytes);
	fuzz_table(bytes + 1, size - 1, &options, TIMES);
	return 0;
}
