/* SPDX-License-Identifier: MIT */
/*
 * spawn.c - time and memory of a command: spawn TIMES COMMAND [ARGUMENT...]
 *
 * Prints, for each run, the seconds from fork to end and the most kilobytes that were resident.  It
 * is small itself because a process begins with the record of the one that made it: below an
 * interpreter nothing could be seen to need less than it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void become(char **command)
{
	int nowhere = open("/dev/null", O_WRONLY);

	if (nowhere >= 0)
		dup2(nowhere, STDOUT_FILENO);
	execvp(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	for (int i = 0; argc > 2 && i < atoi(argv[1]); i++) {
		struct rusage used;
		double begin = now();
		int status;
		pid_t child = fork();

		if (child == 0)
			become(argv + 2);
		if (child < 0 || wait4(child, &status, 0, &used) < 0 || status != 0) {
			fprintf(stderr, "%s fails\n", argv[2]);
			return 1;
		}
		printf("%.6f %ld\n", now() - begin, used.ru_maxrss);
	}
	return 0;
}
