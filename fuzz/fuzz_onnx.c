/* SPDX-License-Identifier: MIT */
/*
 * fuzz_onnx - any bytes as a model file
 *
 * A mutated file would nearly always fail at its seal, so each input is also tried with the seal
 * made to hold: what is behind it must believe nothing either.  What is read must be written and
 * read again to the same bytes.
 */
#include "fuzz_memory.h"
#include "hebb_io.h"
#include "../src/io/io.h"
#include "../src/io/onnx.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The description is JSON in memory. */
enum { TIMES = 16 };

static void seal(uint8_t *bytes, size_t size)
{
	hb_onnx onnx;
	hb_span description, record, found;
	char text[17];
	if (hb_onnx_open(&onnx, bytes, size, "fuzz", NULL) ||
	    hb_onnx_find(&onnx, HB_DESCRIPTION, &description, NULL) ||
	    hb_onnx_find(&onnx, HB_RECORD, &record, NULL) ||
	    hb_onnx_find(&onnx, "hebb.hash", &found, NULL) || found.size != 16)
		return;
	uint64_t hash = hb_fnv(HB_FNV, onnx.graph.at, onnx.graph.size);
	hash = hb_fnv(hash, description.at, description.size);
	hash = hb_fnv(hash, record.at, record.size);
	snprintf(text, sizeof text, "%016" PRIx64, hash);
	memcpy(bytes + (found.at - bytes), text, 16);
}

static void read_and_write(const uint8_t *bytes, size_t size)
{
	hebb_error error = {0};
	hebb_model *model, *again;
	unsigned char *first, *second;
	size_t first_size, second_size;

	memory_begin();
	model = hebb_model_parse(bytes, size, "fuzz", &error);
	memory_end(size, TIMES);
	if (!model) {
		if (!error.status || !error.message[0] || strchr(error.message, '\n'))
			abort();
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
