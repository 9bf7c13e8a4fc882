/* SPDX-License-Identifier: MIT */
/*
 * pager.c - long output in a program that shows it page by page
 */
#define _POSIX_C_SOURCE 200809L

#include "pager.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal.h"

static struct {
	pid_t process; /* 0: there is none */
	int output;    /* standard output as it was */
} pager;

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* Whether a program is in one of the folders of PATH, or is a path itself. */
static int is_program(const char *name, size_t length)
{
	const char *folder = getenv("PATH");
	char path[4096];

	if (memchr(name, '/', length)) {
		snprintf(path, sizeof path, "%.*s", (int)length, name);
		return access(path, X_OK) == 0;
	}
	while (folder && *folder) {
		size_t size = strcspn(folder, ":");

		snprintf(path, sizeof path, "%.*s/%.*s", (int)size, folder, (int)length, name);
		if (access(path, X_OK) == 0)
			return 1;
		folder += size;
		folder += *folder == ':';
	}
	return 0;
}

/* The command of the pager; NULL: there shall be none. */
static const char *command_of(void)
{
	const char *command = getenv("PAGER");
	size_t length;

	if (!command)
		command = "less";
	length = strcspn(command, " \t");
	if (!*command || strcmp(command, "cat") == 0)
		return NULL;
	/* What only a shell understands is left to the shell. */
	if (!command[strcspn(command, "$`'\"\\|&;<>()=~")] && !is_program(command, length)) {
		if (getenv("PAGER"))
			note("there is no program %s, which PAGER names; the output follows "
			     "without a pager",
			     command);
		return NULL;
	}
	return command;
}

static void run(const char *command, int input)
{
	dup2(input, STDIN_FILENO);
	close(input);
	setenv("LESS", "FRX", 0);
	setenv("LV", "-c", 0);
	setenv("LESSCHARSET", is_utf8() ? "utf-8" : "ascii", 0);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void wait_for_it(void)
{
	while (waitpid(pager.process, NULL, 0) < 0 && errno == EINTR)
		;
}

/* A signal that ends the command waits until the pager has restored the terminal. */
static void end_both(int number)
{
	close(STDOUT_FILENO);
	wait_for_it();
	signal(number, SIG_DFL);
	raise(number);
}

int pager_begin(void)
{
	const char *command = is_live(stdout) ? command_of() : NULL;
	int ends[2];

	if (!command || fflush(stdout) != 0 || pipe(ends) != 0)
		return 0;
	pager.output = dup(STDOUT_FILENO);
	pager.process = pager.output < 0 ? -1 : fork();
	if (pager.process == 0) {
		close(ends[1]);
		close(pager.output);
		run(command, ends[0]);
	}
	close(ends[0]);
	if (pager.process < 0) {
		close(ends[1]);
		pager.process = 0;
		return 0;
	}
	show_as_on_terminal();
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		signal(ending[i], end_both);
	return 1;
}

void pager_end(void)
{
	if (!pager.process)
		return;
	fflush(stdout);
	dup2(pager.output, STDOUT_FILENO); /* closes the pipe: the end of the text */
	close(pager.output);
	/* Ctrl-C is for the pager now. */
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		signal(ending[i], ending[i] == SIGINT || ending[i] == SIGQUIT ? SIG_IGN : SIG_DFL);
	wait_for_it();
	pager.process = 0;
}
