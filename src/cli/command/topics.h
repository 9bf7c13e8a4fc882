/* SPDX-License-Identifier: MIT */
/*
 * topics.h - what `hebb help TOPIC` explains
 *
 * A topic is a command, a row of the table of topics, a finding of the doctor by its code, or an
 * option.
 */
#ifndef HEBB_CLI_TOPICS_H
#define HEBB_CLI_TOPICS_H

typedef struct topic {
	const char *name, *summary;
	void (*print)(void);
} topic;

/* Ended by a row without a name. */
extern const topic topics[];

/* What stands in the manual page too; ended by rows without a name. */
typedef struct definition {
	const char *name, *meaning;
} definition;
extern const definition environment_variables[], exit_statuses[];

/* The list of topics but for the commands. */
void print_topics(void);

/* The page of a topic, or a sentence that there is none and which are near; the exit status. */
int print_topic(const char *name);

#endif
