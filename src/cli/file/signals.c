/* SPDX-License-Identifier: MIT */
/*
 * signals.c - signals that ask the command to end while there is something to save
 */
#define _XOPEN_SOURCE 700 /* SIGXCPU */

#include "signals.h"

#include "give_back.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};

/* The terminal and the parent program may both pass on the same Ctrl-C, and timeout(1) sends its
 * signal twice. Signals within this time count as one. */
static const long ONE_WISH = 100; /* milliseconds */

static volatile sig_atomic_t first_seen, asked_by_person;
static hebb_cancel *volatile to_cancel;
static struct timespec asked_at; /* used by the handler only */

static long milliseconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - then->tv_sec > 10)
		return 10000;
	return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

static void remember(int number)
{
	int by_person = number == SIGINT || number == SIGTERM;

	if (by_person && asked_by_person && milliseconds_since(&asked_at) >= ONE_WISH) {
		give_back_now();
		signal(number, SIG_DFL);
		raise(number);
	}
	if (by_person && !asked_by_person) {
		clock_gettime(CLOCK_MONOTONIC, &asked_at);
		asked_by_person = 1;
	}
	if (!first_seen)
		first_seen = number;
	if (to_cancel)
		hebb_cancel_set(to_cancel);
}

/* If the soft limit of processor time equals the hard one, as ulimit -t sets it, the first signal
 * would be SIGKILL. So this lowers the soft limit by a tenth, at most ten seconds, to leave time
 * for saving. */
static void leave_time(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CPU, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur != limit.rlim_max || limit.rlim_cur < 2)
		return;
	limit.rlim_cur -= limit.rlim_cur < 10 ? 1 : limit.rlim_cur < 100 ? limit.rlim_cur / 10 : 10;
	setrlimit(RLIMIT_CPU, &limit);
}

static void catch_with(int flags)
{
	struct sigaction action = {.sa_handler = remember, .sa_flags = flags}, before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
		sigaddset(&action.sa_mask, caught[i]); /* one after another */
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
		if (sigaction(caught[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	leave_time();
}

void catch_signals(void)
{
	catch_with(SA_RESTART);
}

void catch_signals_and_wake(void)
{
	catch_with(0);
}

void signals_cancel(hebb_cancel *cancel)
{
	to_cancel = cancel;
	if (cancel && first_seen)
		hebb_cancel_set(cancel);
}

int forgive_interrupt(void)
{
	if (first_seen != SIGINT)
		return 0;
	first_seen = asked_by_person = 0;
	return 1;
}

int stop_asked(void)
{
	return first_seen != 0;
}

void pass_on_signal(void)
{
	int number = first_seen;

	if (number == 0)
		return;
	fflush(NULL); /* a report that is complete */
	signal(number, SIG_DFL);
	raise(number);
}
