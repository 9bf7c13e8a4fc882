/* SPDX-License-Identifier: MIT */
/*
 * held.h - counts the bytes that the libraries hold, as asked for
 *
 * The linker leads malloc() and its kin here (a link option of the test), jansson has a function
 * for it.  The size of each block stands before it.  A block that moves as it grows counts twice
 * while it moves.
 */
#ifndef HEBB_HELD_H
#define HEBB_HELD_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static _Atomic size_t held, most; /* any thread may ask for memory */

void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *memory);

enum { HEAD = 64 }; /* as aligned as any block is asked to be */

void *__wrap_malloc(size_t size)
{
	char *block = size < SIZE_MAX - 2 * HEAD
			      ? __real_aligned_alloc(HEAD, (size + 2 * HEAD - 1) / HEAD * HEAD)
			      : NULL;

	if (!block)
		return NULL;
	memcpy(block, &size, sizeof size);
	size_t now = atomic_fetch_add(&held, size) + size, before = atomic_load(&most);
	while (now > before && !atomic_compare_exchange_weak(&most, &before, now))
		continue;
	return block + HEAD;
}

void __wrap_free(void *memory)
{
	size_t size;

	if (!memory)
		return;
	memcpy(&size, (char *)memory - HEAD, sizeof size);
	atomic_fetch_sub(&held, size);
	__real_free((char *)memory - HEAD);
}

void *__wrap_calloc(size_t number, size_t size)
{
	void *memory = size && number > SIZE_MAX / size ? NULL : __wrap_malloc(number * size);

	return memory ? memset(memory, 0, number * size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
	void *moved = __wrap_malloc(size);
	size_t before = 0;

	if (memory)
		memcpy(&before, (char *)memory - HEAD, sizeof before);
	if (moved && memory) {
		memcpy(moved, memory, before < size ? before : size);
		__wrap_free(memory);
	}
	return moved;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return alignment <= HEAD ? __wrap_malloc(size) : NULL;
}

char *__wrap_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = __wrap_malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

/* Counts from here on. */
static inline void count_from_here(void)
{
	held = most = 0;
}

#endif
