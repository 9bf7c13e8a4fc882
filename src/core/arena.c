/* SPDX-License-Identifier: MIT */
/*
 * arena.c - the caller's memory, for programs without malloc()
 *
 * Blocks are whole cache lines, one after the other, without gaps. A freed block can be reused at
 * once if it is the last one. Otherwise it can be reused when all blocks above it are freed, in any
 * order. Until then a note in the freed block itself keeps it in a list.
 *
 * An arena without memory measures: each block comes from malloc(), and a note before it says where
 * it would lie.
 */
#include <stdlib.h>
#include "core.h"

enum { LINE = 64 };

struct note {
	size_t begin, end; /* where the block lies in the arena */
	struct note *next;
};

_Static_assert(sizeof(struct note) <= LINE, "a note fits into the smallest block");

static size_t blocks_of(size_t bytes)
{
	return bytes == 0 ? LINE : (bytes + LINE - 1) / LINE * LINE;
}

/* Bytes of the caller's memory before the first cache line. */
static size_t offset(const hebb_arena *arena)
{
	return (LINE - (uintptr_t)arena->memory % LINE) % LINE;
}

static size_t left(const hebb_arena *arena)
{
	size_t occupied = offset(arena) + arena->used;

	if (!arena->memory)
		return SIZE_MAX - LINE - arena->used;
	return occupied < arena->size ? arena->size - occupied : 0;
}

static void *take(void *self, size_t bytes, size_t alignment)
{
	hebb_arena *arena = self;
	size_t size = blocks_of(bytes);
	char *block;

	if (size < bytes || size > left(arena) || alignment > LINE)
		return NULL;
	if (arena->memory) {
		block = (char *)arena->memory + offset(arena) + arena->used;
	} else {
		if (!(block = aligned_alloc(LINE, LINE + size)))
			return NULL;
		((struct note *)(void *)block)->begin = arena->used;
		block += LINE;
	}
	arena->used += size;
	if (arena->most < arena->used)
		arena->most = arena->used;
	return block;
}

/* Takes the note of the last block of the arena out of the list of freed blocks. NULL: the last
 * block is in use. */
static struct note *last_freed(hebb_arena *arena)
{
	struct note *before = NULL, *note = arena->gone;

	for (; note && note->end != arena->used; note = note->next)
		before = note;
	if (note && before)
		before->next = note->next;
	else if (note)
		arena->gone = note->next;
	return note;
}

static void give(void *self, void *memory, size_t bytes)
{
	hebb_arena *arena = self;
	struct note *note = memory;

	if (arena->memory)
		note->begin = (size_t)((char *)memory - (char *)arena->memory) - offset(arena);
	else
		note = (void *)((char *)memory - LINE);
	note->end = note->begin + blocks_of(bytes);
	note->next = arena->gone;
	arena->gone = note;
	while ((note = last_freed(arena))) {
		arena->used = note->begin;
		if (!arena->memory)
			free(note);
	}
}

void hebb_arena_allocator_init(hebb_allocator *allocator, size_t size, hebb_arena *arena)
{
	const hebb_allocator functions = hebb_allocator_of(arena, take, give);

	hebb_sized_fill(allocator, size, &functions);
}

void *hb_arena_no_memory(const hebb_allocator *allocator, size_t bytes, hebb_error *error)
{
	const hebb_arena *arena;

	if (!allocator || allocator->allocate != take)
		return hb_no_memory(error, bytes);
	arena = allocator->self;
	hebb_fail(error, HEBB_NO_MEMORY,
		  "out of memory: %zu bytes of the arena's %zu are left, and the next block takes "
		  "%zu; an arena without memory measures how large it must be",
		  left(arena), arena->size, bytes);
	return NULL;
}
