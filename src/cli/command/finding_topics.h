/* SPDX-License-Identifier: MIT */
/*
 * finding_topics.h - what each finding of the doctor means
 */
#ifndef HEBB_CLI_FINDING_TOPICS_H
#define HEBB_CLI_FINDING_TOPICS_H

/* As in the tables of docs/doctor.md, which tests/test_topics.c compares: in Markdown, without the
 * bars. */
typedef struct finding_topic {
	const char *code, *severity, *meaning, *advice;
} finding_topic;

/* In the order of docs/doctor.md; ended by a row without a code. */
extern const finding_topic finding_topics[];

#endif
