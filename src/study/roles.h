/* SPDX-License-Identifier: MIT */
/*
 * roles.h - what each column of a study's table is for
 */
#ifndef HEBB_STUDY_ROLES_H
#define HEBB_STUDY_ROLES_H

#include "hebb_study.h"

/* The columns by their roles.  Those that are in no role are ignored. */
typedef struct hb_roles {
	int target_count, input_count;
	int *target, *input;
	int weight, group, time; /* -1: there is none */
} hb_roles;

/* Finds the columns; *result is to be freed with hb_roles_free() whatever comes. */
hebb_status hb_roles_find(const hebb_study *study, hb_roles *result, hebb_error *error);
void hb_roles_free(hb_roles *roles);

/* The columns of a list, 1 for each that is in it, to be freed; NULL after an error, which names
 * the option.  list NULL: none. */
unsigned char *hb_select_columns(const hebb_table *table, const char *list, const char *option,
				 hebb_error *error);

/* Refuses what the columns hold or do not hold: weights below 0, no group in a row, a column of
 * reading options that is not there. */
hebb_status hb_roles_check(const hebb_study *study, const hb_roles *roles, hebb_error *error);

/* Refuses a file of test or validation rows that has a group of the study's own table. */
hebb_status hb_roles_check_part(const hebb_study *study, const hb_roles *roles,
				const hebb_part *part, const char *option, hebb_error *error);

/* 1 if a part is a file without the study's column of groups, so that these cannot be compared. */
int hb_lacks_group(const hebb_study *study, const hebb_part *part);

#endif
