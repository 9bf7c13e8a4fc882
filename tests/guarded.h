/* SPDX-License-Identifier: MIT */
/*
 * guarded.h - memory between pages that nobody may touch, and what happens if somebody does
 *
 * Floats lie either directly behind the page before them or directly before the page after them, so
 * that an access beside either end faults at once.  The fault ends the test with a sentence.
 */
#ifndef HEBB_GUARDED_H
#define HEBB_GUARDED_H

#ifndef _DEFAULT_SOURCE
#error "define _DEFAULT_SOURCE before the first include: MAP_ANONYMOUS"
#endif
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include "test.h"

enum side { AT_BEGIN, AT_END, SIDES };

/* Pages for `room` bytes, one more on either side. */
struct guarded {
	const char *name;
	char *pages;
	size_t room; /* without the outer two */
	char *memory;
	size_t bytes; /* of the memory in use */
};

enum { MOST_GUARDED = 64 };
static struct guarded *guarded_now[MOST_GUARDED]; /* what the handler tells an address by */
static sigjmp_buf guarded_return;
static char guarded_message[256];

static inline size_t guarded_page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Where the fault was, in words. */
static inline void guarded_describe(const char *address)
{
	snprintf(guarded_message, sizeof guarded_message, "an access to %p, no buffer's",
		 (const void *)address);
	for (int i = 0; i < MOST_GUARDED; i++) {
		const struct guarded *g = guarded_now[i];

		if (g && address >= g->pages && address < g->pages + g->room + 2 * guarded_page())
			snprintf(guarded_message, sizeof guarded_message,
				 "an access %td bytes %s %s, which has %zu",
				 address < g->memory ? g->memory - address
						     : address - g->memory - (ptrdiff_t)g->bytes,
				 address < g->memory ? "before" : "after", g->name, g->bytes);
	}
}

static inline void guarded_fault(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	guarded_describe(info->si_addr);
	siglongjmp(guarded_return, 1);
}

static inline void guarded_new(struct guarded *g, const char *name, size_t room)
{
	size_t page = guarded_page();
	int at = 0;

	g->name = name;
	g->room = (room + page - 1) / page * page;
	g->pages = mmap(NULL, g->room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(g->pages != MAP_FAILED);
	assert_int_equal(mprotect(g->pages + page, g->room, PROT_READ | PROT_WRITE), 0);
	while (guarded_now[at])
		assert_true(++at < MOST_GUARDED);
	guarded_now[at] = g;
}

static inline void guarded_free(struct guarded *g)
{
	for (int i = 0; i < MOST_GUARDED; i++)
		if (guarded_now[i] == g)
			guarded_now[i] = NULL;
	munmap(g->pages, g->room + 2 * guarded_page());
}

/* `bytes` at one side, `slack` from it. */
static inline void *guarded_place(struct guarded *g, enum side side, size_t bytes, size_t slack)
{
	assert_true(bytes + slack <= g->room);
	g->bytes = bytes;
	g->memory = g->pages + guarded_page() + (side == AT_BEGIN ? 0 : g->room - bytes - slack);
	return g->memory;
}

/* n floats at one side, a copy of `values` (NULL: as they are). */
static inline float *guarded_floats(struct guarded *g, enum side side, size_t n,
				    const float *values)
{
	float *memory = guarded_place(g, side, n * sizeof *memory, 0);

	if (values)
		memcpy(memory, values, n * sizeof *memory);
	return memory;
}

/* Runs task(argument); a fault fails the test, saying what was done. */
static inline void guarded_run(void (*task)(void *argument), void *argument, const char *what)
{
	struct sigaction fault = {.sa_sigaction = guarded_fault, .sa_flags = SA_SIGINFO}, bus, segv;
	int faulted;

	sigaction(SIGSEGV, &fault, &segv);
	sigaction(SIGBUS, &fault, &bus);
	faulted = sigsetjmp(guarded_return, 1);
	if (!faulted)
		task(argument);
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGBUS, &bus, NULL);
	if (faulted)
		fail_msg("%s: %s", what, guarded_message);
}

#endif /* HEBB_GUARDED_H */
