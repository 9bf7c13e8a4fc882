/* SPDX-License-Identifier: MIT */
/*
 * sections.h - the sections of the tutorial, as the article numbers them
 *
 * Each computes and shows one section and returns an exit status.
 */
#ifndef HEBB_CLI_SECTIONS_H
#define HEBB_CLI_SECTIONS_H

#include "tutorial/lesson.h"

/* mails.c */
int section_1(lesson *l);

/* neuron.c */
int section_2_1(lesson *l);
int section_2_2(lesson *l);
int section_2_3(lesson *l);
int section_2_4(lesson *l);
int section_2_5(lesson *l);

/* forward.c */
int section_3_1(lesson *l);
int section_3_2(lesson *l);
int section_3_4(lesson *l);
int section_3_5(lesson *l);

/* loops.c */
int section_3_3(lesson *l);

/* descent.c */
int section_4_1(lesson *l);
int section_4_2(lesson *l);
int section_4_3(lesson *l);

/* bowl.c */
int section_4_4(lesson *l);

/* backprop.c */
int section_4_5(lesson *l);
int section_4_6(lesson *l);

/* steps.c */
int section_4_7(lesson *l);
int section_4_8(lesson *l);
int section_4_9(lesson *l);

/* digits.c */
int section_5_1(lesson *l);
int section_5_2(lesson *l);
int section_5_3(lesson *l);
int section_5_4(lesson *l);
int section_5_5(lesson *l);
void digits_free(struct digits *lesson_digits);

/* beyond.c */
int section_7_1(lesson *l);
int section_7_2(lesson *l);
int section_7_3(lesson *l);
int section_7_4(lesson *l);
int section_7_5(lesson *l);
int section_7_6(lesson *l);
int section_7_7(lesson *l);
void ladder_free(struct ladder *lesson_ladder);
/* variants.c */
int section_6(lesson *l);

#endif
