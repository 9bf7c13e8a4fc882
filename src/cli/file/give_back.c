/* SPDX-License-Identifier: MIT */
/*
 * give_back.c - the settings of the terminal, given back by a signal (give_back.h)
 *
 * tcsetattr() and write() are what a handler may call.
 */
#define _POSIX_C_SOURCE 200809L

#include "give_back.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

enum { ENDING = sizeof ending / sizeof *ending };

static struct termios settings;
static const char *volatile closing;
static volatile sig_atomic_t is_armed;
static int is_ours[ENDING];

void give_back_now(void)
{
	int number = errno;

	if (!is_armed)
		return;
	is_armed = 0;
	if (closing && write(STDOUT_FILENO, closing, strlen(closing)) < 0)
		number = errno;
	tcsetattr(STDIN_FILENO, TCSANOW, &settings);
	errno = number;
}

static void end_by(int number)
{
	give_back_now();
	signal(number, SIG_DFL);
	raise(number);
}

void give_back_arm(const struct termios *before, const char *text)
{
	struct sigaction action = {.sa_handler = end_by}, was;

	settings = *before;
	closing = text;
	sigemptyset(&action.sa_mask);
	for (int i = 0; i < ENDING; i++) {
		is_ours[i] = sigaction(ending[i], NULL, &was) == 0 && was.sa_handler == SIG_DFL;
		if (is_ours[i])
			sigaction(ending[i], &action, NULL);
	}
	is_armed = 1;
}

void give_back_disarm(void)
{
	is_armed = 0;
	for (int i = 0; i < ENDING; i++) {
		if (is_ours[i])
			signal(ending[i], SIG_DFL);
		is_ours[i] = 0;
	}
}
