/* SPDX-License-Identifier: MIT */
/*
 * other_names.h - what other tools call our options, values and commands
 *
 * They are refused, with our name in the sentence: an option has one name.  `hebb help names` lists
 * them.
 */
#ifndef HEBB_CLI_OTHER_NAMES_H
#define HEBB_CLI_OTHER_NAMES_H

#include "options.h"

/* Options of other tools, for the sentence "MEANING --option VALUE". */
typedef struct other_option {
	option_id id;
	const char *meaning; /* "the learning rate is" */
	const char *value;   /* of our option; NULL: any */
	const char *names;   /* names in other tools, without --, separated by blanks; case, - and _
				do not matter */
} other_option;

/* Values of other tools, and their names here. */
typedef struct other_value {
	option_id id;
	const char *value;
	const char *names;
} other_value;

/* Commands of other tools. */
typedef struct other_command {
	const char *command;
	const char *names;
} other_command;

/* Ended by rows whose `names` are NULL. */
extern const other_option other_options[];
extern const other_value other_values[];
extern const other_command other_commands[];

/* The sentence "the learning rate is --rate (-r)" for an option of another tool or, with or_near,
 * for a name near to one.  If `which` is not NULL and does not take our option, the sentence says
 * so.  Returns `text`; NULL if no other tool has such an option. */
char *other_option_sentence(const char *typed, int or_near, const command *which, char *text,
			    size_t size);
/* The same for a row of the table. */
char *other_option_of_row(const other_option *row, char *text, size_t size);

/* Our value or command; NULL if no other tool has this name. */
const char *other_value_find(option_id id, const char *typed);
const char *other_command_find(const char *typed, int or_near);

#endif
