/* SPDX-License-Identifier: MIT */
/*
 * fuzz_checkpoint.c - any bytes as a checkpoint: refused with a sentence or read, and then restored or refused
 *
 * The training that takes it is the one that wrote the corpus, so that a checkpoint with other numbers goes in and one of another
 * shape does not.  What went in can be written and read again.
 */
#include <stdint.h>
#include <string.h>

#include "fuzz_memory.h"
#include "fuzz_refused.h"
#include "hebb_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

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

static void restore(const hebb_checkpoint *c, size_t size)
{
	const hebb_layer layers[] = {hebb_dense(2, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;

	recipe.epochs = 2;
	recipe.threads = 1;
	hebb_net *net = hebb_net_new(2, 2, layers, 1, NULL, &error);
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	if (!trainer)
		abort();
	memory_begin();
	hebb_status status = hebb_checkpoint_restore(c, trainer, &error);
	memory_end(size, MEMORY_TIMES);
	if (status)
		refused(&error);
	else
		write_and_read(trainer);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
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
		hebb_array about;
		hebb_checkpoint_arrays(c, i, &about);
	}
	hebb_checkpoint_counter(c, "epochs");
	hebb_checkpoint_text(c, "record");
	restore(c, size);
	hebb_checkpoint_free(c);
	return 0;
}
