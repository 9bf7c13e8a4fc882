/* SPDX-License-Identifier: MIT */
/*
 * memory.c - memory from the allocator of each object
 *
 * All memory is zeroed and aligned to 64 bytes: a cache line, and the widest register. Counts have
 * 64 bits, even where size_t has 32. A size that does not fit becomes SIZE_MAX, and an allocation
 * of this size fails.
 */
#include <stdlib.h>
#include <string.h>
#include "core.h"

enum { ALIGNMENT = 64 };

static size_t rounded(size_t bytes)
{
	return bytes == 0 ? ALIGNMENT : (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static hebb_status take(hebb_allocator *known, const hebb_allocator *allocator, hebb_error *error)
{
	return hebb_sized_copy(known, sizeof *known, allocator, "the allocator",
			       "hebb_allocator_of()", error);
}

hebb_allocator hb_allocator_of(const hebb_allocator *allocator)
{
	hebb_allocator known = {.size = sizeof known};

	if (allocator)
		take(&known, allocator, NULL);
	return known;
}

void *hb_allocate(const hebb_allocator *allocator, size_t bytes, hebb_error *error)
{
	size_t size = rounded(bytes);
	void *memory = NULL;
	hebb_allocator known;

	if (allocator && allocator->size != sizeof known && take(&known, allocator, error))
		return NULL;
	if (allocator && allocator->allocate && !allocator->release) {
		hb_missing("release of an allocator that has allocate", error);
		return NULL;
	}
	if (size >= bytes)
		memory = allocator && allocator->allocate
				 ? allocator->allocate(allocator->self, size, ALIGNMENT)
				 : aligned_alloc(ALIGNMENT, size);
	if (!memory)
		return hb_arena_no_memory(allocator, bytes, error);
	return memset(memory, 0, size);
}

void hb_release(const hebb_allocator *allocator, void *memory, size_t bytes)
{
	if (!memory)
		return;
	if (allocator && allocator->allocate)
		allocator->release(allocator->self, memory, rounded(bytes));
	else
		free(memory);
}

size_t hb_bytes(uint64_t count, size_t size)
{
	return count <= SIZE_MAX / size ? (size_t)count * size : SIZE_MAX;
}

float *hb_allocate_floats(const hebb_allocator *allocator, uint64_t count, hebb_error *error)
{
	return hb_allocate(allocator, hb_bytes(count, sizeof(float)), error);
}

void hb_release_floats(const hebb_allocator *allocator, float *memory, size_t count)
{
	hb_release(allocator, memory, count * sizeof(float));
}
