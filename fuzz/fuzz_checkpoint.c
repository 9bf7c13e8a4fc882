/* SPDX-License-Identifier: MIT */
/*
 * fuzz_checkpoint.c - any bytes as a checkpoint: refused with a sentence or read, and then restored
 * or refused
 *
 * The trainings that take it are those that wrote the corpus (make_checkpoints.c), so that a
 * checkpoint with other numbers goes in and one of another shape does not.  What went in can be
 * written and read again, and trains to its end or is refused with a sentence.
 */
#include <stdint.h>
#include <string.h>

#include "checkpoint_ways.h"
#include "fuzz_memory.h"
#include "fuzz_refused.h"
#include "hebb_advanced.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed);

static void write_and_read(const hebb_trainer *trainer)
{
	hebb_error error;
	unsigned char *bytes;
	size_t size;

	if (hebb_checkpoint_format(trainer, NULL, &bytes, &size, &error))
		abort();
	hebb_checkpoint *again = hebb_checkpoint_parse(bytes, size, "again", &error);
	if (!again)
		abort();
	hebb_checkpoint_free(again);
	free(bytes);
}

static void restore(const hebb_checkpoint *c, size_t size, int number)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	way w = way_begin(number, &recipe);

	memory_begin();
	hebb_status status = hebb_checkpoint_restore(c, w.trainer, &error);
	memory_end(size, MEMORY_TIMES);
	if (status) {
		refused(&error);
	} else {
		write_and_read(w.trainer);
		if (way_train(w, &error))
			refused(&error);
		if (hebb_trainer_epochs(w.trainer) < 0)
			abort();
	}
	way_end(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	hebb_error error = {.message = ""};

	hebb_checkpoint_probe(bytes, size);
	memory_begin();
	hebb_checkpoint *c = hebb_checkpoint_parse(bytes, size, "fuzz", &error);
	memory_end(size, MEMORY_TIMES);
	if (!c) {
		refused(&error);
		return 0;
	}
	for (int i = 0, count = hebb_checkpoint_arrays(c, 0, NULL); i < count; i++) {
		hebb_array about = hebb_array_default();
		hebb_checkpoint_arrays(c, i, &about);
	}
	hebb_checkpoint_counter(c, "epochs");
	hebb_checkpoint_text(c, "record");
	for (int i = 0; i < WAYS; i++)
		restore(c, size, i);
	hebb_checkpoint_free(c);
	return 0;
}

/* Every other time a counter becomes a value that is odd: chance alone rarely finds a double. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed)
{
	static const double odd[] = {-1,
				     0,
				     0.5,
				     1,
				     2,
				     3,
				     5,
				     10,
				     2147483646.0,
				     2147483647.0,
				     2147483648.0,
				     4294967295.0,
				     9007199254740992.0,
				     1e300,
				     -1e300};
	enum { ODD = sizeof odd / sizeof *odd, COUNTERS = 28 };
	uint64_t header = 0;
	double value = odd[seed / 2 % ODD];
	size_t at;

	if (size > 8)
		memcpy(&header, bytes, sizeof header);
	if (seed % 2 || header > size || size - header < 8 + 8 * COUNTERS)
		return LLVMFuzzerMutate(bytes, size, most);
	if (seed / 2 % (ODD + 2) >= ODD) { /* NaN and infinity */
		uint64_t bits = UINT64_C(0x7ff0000000000000) + seed / 64 % 2;
		memcpy(&value, &bits, sizeof value);
	}
	at = 8 + (size_t)header + 8 * (seed / 128 % COUNTERS);
	memcpy(bytes + at, &value, sizeof value);
	return size;
}
