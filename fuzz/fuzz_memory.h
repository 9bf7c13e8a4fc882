/* SPDX-License-Identifier: MIT */
/*
 * fuzz_memory.h - what a reader asks for, held against the size of what it reads
 *
 * The sanitizer calls back at each allocation and each release.  Counted is what is held at once,
 * in bytes as asked for: a block that moves as it grows counts twice while it moves.
 */
#ifndef HEBB_FUZZ_MEMORY_H
#define HEBB_FUZZ_MEMORY_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
					      void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *block);

/* What a model, a checkpoint or a table of a search may take, as many times its bytes. */
enum { MEMORY_TIMES = 4 };

static struct {
	int counting;
	size_t held, most;
} memory;

static void on_malloc(const volatile void *block, size_t size)
{
	(void)block;
	if (!memory.counting)
		return;
	memory.held += size;
	memory.most = memory.held > memory.most ? memory.held : memory.most;
}

static void on_free(const volatile void *block)
{
	if (!memory.counting || !block)
		return;
	size_t size = __sanitizer_get_allocated_size(block);
	memory.held -= size < memory.held ? size : memory.held;
}

static void memory_begin(void)
{
	static int installed;

	if (!installed)
		installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	if (!installed)
		abort();
	memory.held = memory.most = 0;
	memory.counting = 1;
}

/* Ends the program if more was asked for than `times` the bytes read and 1 MB. */
static void memory_end(size_t size, size_t times)
{
	memory.counting = 0;
	if (memory.most > times * size + (1 << 20)) {
		fprintf(stderr, "MEMORY %zu bytes for a file of %zu\n", memory.most, size);
		abort();
	}
}

#endif
