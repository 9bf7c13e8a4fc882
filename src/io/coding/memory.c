/* SPDX-License-Identifier: MIT */
/*
 * memory.c - memory that is given back as a whole
 *
 * It comes from a buffer as long as that lasts, then from chunks that are each twice as large as
 * the one before: a call with little to remember asks for none, any other seldom.
 */
#include "dataset.h"

#include <stddef.h>
#include <stdlib.h>

enum { ALIGNMENT = _Alignof(max_align_t), CHUNK = 1 << 12, CHUNK_MOST = 1 << 20 };

struct hb_chunk {
	struct hb_chunk *before;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

static size_t rounded(size_t bytes)
{
	return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static int add_chunk(struct hb_memory *memory, size_t bytes)
{
	size_t usual = memory->usual < CHUNK        ? CHUNK
		       : memory->usual < CHUNK_MOST ? 2 * memory->usual
						    : memory->usual;
	size_t size = usual < bytes ? bytes : usual;
	struct hb_chunk *chunk = malloc(sizeof *chunk + size);

	if (!chunk)
		return 0;
	chunk->before = memory->chunk;
	*memory = (struct hb_memory){
		.next = chunk->bytes, .left = size, .usual = usual, .chunk = chunk};
	return 1;
}

void *hb_take(struct hb_memory *memory, size_t count, size_t size)
{
	size_t bytes;
	void *taken;

	if (count > (PTRDIFF_MAX - CHUNK) / (2 * size))
		return NULL;
	bytes = rounded(count > 0 ? count * size : 1);
	if (bytes > memory->left && !add_chunk(memory, bytes))
		return NULL;
	taken = memory->next;
	memory->next += bytes;
	memory->left -= bytes;
	return taken;
}

void hb_give_back(struct hb_memory *memory)
{
	while (memory->chunk) {
		struct hb_chunk *chunk = memory->chunk;

		memory->chunk = chunk->before;
		free(chunk);
	}
}
