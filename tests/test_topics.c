/* SPDX-License-Identifier: MIT */
/*
 * test_topics.c - docs/doctor.md and the table behind `hebb help CODE` are the same to the letter,
 * and names of other tools are not ours
 */
#include "cli/command/finding_topics.h"
#include "cli/option/other_names.h"
#include "cli/option/option_table.h"
#include "hebb_io.h"
#include "test.h"

enum { LINE_MOST = 2000 };

/* What the row of a finding in docs/doctor.md begins with, `| `code` |`. */
static int is_row_of_code(const char *line)
{
	size_t letters = strncmp(line, "| `", 3) == 0 ? strcspn(line + 3, "`") : 0;

	return letters > 0 && strncmp(line + 3 + letters, "` |", 3) == 0;
}

static void the_same_as_in_the_docs(void **state)
{
	const finding_topic *expected = finding_topics;
	FILE *docs = fopen(HEBB_SOURCE "/docs/doctor.md", "r");
	char line[LINE_MOST], row[LINE_MOST];

	(void)state;
	assert_non_null(docs);
	while (fgets(line, sizeof line, docs)) {
		if (!is_row_of_code(line))
			continue;
		if (!expected->code)
			fail_msg("not in finding_topics.c: %s", line);
		snprintf(row, sizeof row, "| `%s` | %s | %s | %s |\n", expected->code,
			 expected->severity, expected->meaning, expected->advice);
		assert_string_equal(row, line);
		expected++;
	}
	fclose(docs);
	if (expected->code)
		fail_msg("not in docs/doctor.md: %s", expected->code);
	assert_true(expected - finding_topics >= 30);
}

/* Calls something for each of the names between blanks. */
static void for_names(const char *names, void (*call)(const char *name, const void *row),
		      const void *row)
{
	char name[64];

	while (*names) {
		size_t length = strcspn(names, " ");

		assert_in_range(length, 1, sizeof name - 1);
		snprintf(name, sizeof name, "%.*s", (int)length, names);
		call(name, row);
		names += length;
		names += *names == ' ';
	}
}

/* Nobody else's option is one of ours, of the same command, and none is listed twice. */
static void check_option(const char *name, const void *row)
{
	const other_option *theirs = row;
	char text[256];
	const command any = {.name = "train", .bit = TRAIN};

	for (int id = 0; id < OPTION_COUNT; id++)
		if (hebb_name_distance(name, option_table[id].name) == 0 &&
		    (option_table[id].commands & option_table[theirs->id].commands))
			fail_msg("--%s is an option of ours", name);
	assert_non_null(other_option_sentence(name, 0, &any, text, sizeof text));
	char ours[256];
	other_option_of_row(row, ours, sizeof ours);
	if (strncmp(text, ours, strlen(ours)) != 0)
		fail_msg("--%s is listed twice: '%s' and '%s'", name, text, ours);
}

/* The option takes the value that stands for this one. */
static void check_value(const char *name, const void *row)
{
	const other_value *value = row;
	const option_row *option = &option_table[value->id];
	int known = 0;

	assert_non_null(option->choice);
	for (int i = choice_next(option, 0); i; i = choice_next(option, i)) {
		if (hebb_name_distance(name, option->choice(i)) == 0)
			fail_msg("--%s %s is a value of ours", option->name, name);
		known |= strcmp(option->choice(i), value->value) == 0;
	}
	if (!known)
		fail_msg("--%s does not take %s", option->name, value->value);
	assert_string_equal(other_value_find(value->id, name), value->value);
}

static void check_command(const char *name, const void *row)
{
	const other_command *other = row;

	assert_string_equal(other_command_find(name, 0), other->command);
}

static void names_of_others(void **state)
{
	(void)state;
	for (const other_option *row = other_options; row->names; row++)
		for_names(row->names, check_option, row);
	for (const other_value *row = other_values; row->names; row++)
		for_names(row->names, check_value, row);
	for (const other_command *row = other_commands; row->names; row++)
		for_names(row->names, check_command, row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_as_in_the_docs),
		cmocka_unit_test(names_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
