/* SPDX-License-Identifier: MIT */
/*
 * fuzz_onnx - any bytes as a model file
 *
 * A mutated file would nearly always fail at its seal, so each input is also tried with the seal
 * made to hold: what is behind it must believe nothing either.  What is read must be written and
 * read again to the same bytes.
 */
#include "../tests/seal.h"
#include "fuzz_memory.h"
#include "fuzz_refused.h"
#include "hebb_io.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_and_write(const uint8_t *bytes, size_t size)
{
	hebb_error error = {0};
	hebb_model *model, *again;
	unsigned char *first, *second;
	size_t first_size, second_size;

	memory_begin();
	model = hebb_model_parse(bytes, size, "fuzz", &error);
	memory_end(size, MEMORY_TIMES);
	if (!model) {
		refused(&error);
		return;
	}
	if (hebb_model_format(model, &first, &first_size, &error))
		abort();
	again = hebb_model_parse(first, first_size, "fuzz", &error);
	if (!again || hebb_model_format(again, &second, &second_size, &error))
		abort();
	if (first_size != second_size || memcmp(first, second, first_size) != 0)
		abort();
	free(first);
	free(second);
	hebb_model_free(model);
	hebb_model_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, bytes, size);
	hebb_model_probe(copy, size);
	read_and_write(copy, size);
	seal(copy, size);
	read_and_write(copy, size);
	free(copy);
	return 0;
}
