/* SPDX-License-Identifier: MIT */
/*
 * count_calls.h - how often memory is asked for
 *
 * The linker leads malloc() and its kin here (--wrap, tests/CMakeLists.txt), where they are
 * counted.
 */
#ifndef TESTS_COUNT_CALLS_H
#define TESTS_COUNT_CALLS_H

#include <stddef.h>

static long long calls;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
	calls++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	calls++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	calls++;
	return __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	calls++;
	return __real_aligned_alloc(alignment, size);
}

#endif
