/* SPDX-License-Identifier: MIT */
/*
 * memory.c - memory that is given back as a whole
 *
 * It comes from a buffer as long as that lasts, then from chunks that are each twice as large as
 * the one before: a call with little to remember asks for none, any other seldom.
 */
#include "dataset.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { ALIGNMENT = _Alignof(max_align_t), CHUNK = 1 << 12, CHUNK_MOST = 1 << 20 };

struct hb_chunk {
	struct hb_chunk *before;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

static uint64_t rounded(uint64_t bytes)
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

void *hb_take(struct hb_memory *memory, int count, size_t size)
{
	const uint64_t most = PTRDIFF_MAX / 2; /* size is below 2^32 */
	uint64_t bytes = rounded(count > 0 ? (uint64_t)count * size : 1);
	void *taken;

	if (bytes > most || (bytes > memory->left && !add_chunk(memory, (size_t)bytes)))
		return NULL;
	taken = memory->next;
	memory->next += bytes;
	memory->left -= (size_t)bytes;
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
