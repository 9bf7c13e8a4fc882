/* SPDX-License-Identifier: MIT */
/*
 * activity.c - a line for work that takes longer than two seconds
 */
#define _POSIX_C_SOURCE 200809L

#include "activity.h"

#ifdef HEBB_NO_THREADS /* then nothing is shown */

void activity_begin(const char *what)
{
	(void)what;
}

void activity_begin_with(const char *doing, const char *data)
{
	(void)doing;
	(void)data;
}

void activity_end(void)
{
}

hebb_meter *activity_meter(void)
{
	return NULL;
}

void activity_hold(void)
{
}

void activity_release(void)
{
}

#else

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "draw/progress.h"
#include "draw/terminal.h"

static const double FIRST = 2, AGAIN = 0.25; /* seconds until the line is shown */
static const double SHARE_LEAST = 0.02;      /* that tells how long the rest takes */

enum { TEXT = 200 };

static struct {
	int depth; /* of activities within others */
	int runs;  /* the thread does */
	int ends;  /* the thread is to */
	int is_on_screen;
	char what[TEXT];
	double began;
	double first_share, first_seconds; /* what the meter told first, and when */
	double last_share;
	hebb_meter *meter;
	pthread_t thread;
	pthread_mutex_t lock; /* of all above, and of the line of the terminal */
	pthread_cond_t wake;
} now = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* How far the work is and how long the rest takes: "42 %  0:07 left", or else "12 s". */
static void fill_state(char *text, size_t size)
{
	double share = hebb_meter_share(now.meter), passed = seconds_now() - now.began, left;
	char time[32];

	if (!(share > 0)) {
		snprintf(text, size, "%.0f s", passed);
		return;
	}
	if (!(share >= now.last_share)) { /* another part has begun */
		now.first_share = share;
		now.first_seconds = passed;
	}
	now.last_share = share;
	left = (passed - now.first_seconds) * (1 - share) / (share - now.first_share);
	if (share - now.first_share >= SHARE_LEAST)
		snprintf(text, size, "%.0f %%  %s left", floor(100 * share),
			 time_text(left, time, sizeof time));
	else
		snprintf(text, size, "%.0f %%", floor(100 * share));
}

static void show(void)
{
	char state[64];
	int room;

	fill_state(state, sizeof state);
	room = terminal_width(stderr) - 1 - 2 - (int)strlen(state);
	fputc('\r', stderr);
	if (room >= 8)
		print_cut(stderr, now.what, room);
	fprintf(stderr, "%s%s\033[K", room >= 8 ? "  " : "", state);
	fflush(stderr);
	now.is_on_screen = 1;
}

static void clear(void)
{
	if (!now.is_on_screen)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	now.is_on_screen = 0;
}

/* The clock of conditions, which macOS lets no program choose. */
#if defined __APPLE__
#define WAITED CLOCK_REALTIME
#else
#define WAITED CLOCK_MONOTONIC
#endif

/* Waits so many seconds or until the activity ends. */
static void wait_for(double time)
{
	struct timespec until;
	double end = seconds_now() + time, at;

	clock_gettime(WAITED, &until);
	at = (double)until.tv_sec + 1e-9 * (double)until.tv_nsec + time;
	until.tv_sec = (time_t)at;
	until.tv_nsec = (long)(999999999 * (at - (double)until.tv_sec));
	while (!now.ends && seconds_now() < end)
		if (pthread_cond_timedwait(&now.wake, &now.lock, &until) != 0)
			return;
}

static void *watch(void *nothing)
{
	pthread_mutex_lock(&now.lock);
	wait_for(FIRST);
	while (!now.ends) {
		show();
		wait_for(AGAIN);
	}
	clear();
	pthread_mutex_unlock(&now.lock);
	return nothing;
}

/* Starts the thread, which gets no signals: they are for the work. */
static int start(void)
{
	pthread_condattr_t clock;
	sigset_t all, before;

	if (pthread_condattr_init(&clock) != 0)
		return 0;
#if !defined __APPLE__
	pthread_condattr_setclock(&clock, WAITED);
#endif
	int failed = pthread_cond_init(&now.wake, &clock);
	pthread_condattr_destroy(&clock);
	if (failed)
		return 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&now.thread, NULL, watch, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		pthread_cond_destroy(&now.wake);
	return !failed;
}

void activity_begin(const char *what)
{
	if (now.depth++ > 0 || is_quiet() || !is_live(stderr))
		return;
	snprintf(now.what, sizeof now.what, "%s", what);
	now.began = seconds_now();
	now.first_share = now.last_share = NAN;
	now.ends = now.is_on_screen = 0;
	now.meter = hebb_meter_new(NULL);
	now.runs = now.meter && start();
}

void activity_begin_with(const char *doing, const char *data)
{
	int is_standard = strcmp(data, "-") == 0;
	const char *slash = strrchr(data, '/');
	char what[TEXT];

	snprintf(what, sizeof what, "%s %s", doing,
		 is_standard ? "standard input" : short_name(slash && slash[1] ? slash + 1 : data));
	if (is_standard && isatty(STDIN_FILENO))
		now.depth++; /* nothing is shown between what the person types */
	else
		activity_begin(what);
}

void activity_end(void)
{
	if (now.depth == 0 || --now.depth > 0)
		return;
	if (now.runs) {
		pthread_mutex_lock(&now.lock);
		now.ends = 1;
		pthread_cond_signal(&now.wake);
		pthread_mutex_unlock(&now.lock);
		pthread_join(now.thread, NULL);
		pthread_cond_destroy(&now.wake);
	}
	now.runs = 0;
	hebb_meter_free(now.meter);
	now.meter = NULL;
}

hebb_meter *activity_meter(void)
{
	return now.meter;
}

void activity_hold(void)
{
	if (!now.runs)
		return;
	pthread_mutex_lock(&now.lock);
	clear();
}

void activity_release(void)
{
	if (now.runs)
		pthread_mutex_unlock(&now.lock);
}

#endif
