/* SPDX-License-Identifier: MIT */
/*
 * test_options.c - the table of options has a row for every option, the choices a name for every
 * value, and the set of what was given room for all
 */
#include "test.h"
#include "enums.h"
#include "cli/option/option_table.h"

static void every_option_has_a_row(void **state)
{
	struct listed list[LISTED_MOST];

	(void)state;
	assert_int_equal(listed_in("src/cli/option/options.h", "typedef enum option_id", list),
			 OPTION_COUNT + 1);
	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];
		char name[48];

		if (!row->name || !row->meaning || !row->commands || !row->group || !row->kind)
			fail_msg("%s has no row, or not all of it", list[id].name);
		/* OPT_LABEL_SMOOTHING is --label-smoothing, OPT_OWN_RATE the tutorial's --rate. */
		const char *written = list[id].name + (row->group == GROUP_NUMBERS ? 8 : 4);
		for (size_t i = 0; i <= strlen(written); i++)
			name[i] =
				written[i] == '_' ? '-' : (char)tolower((unsigned char)written[i]);
		if (strcmp(row->name, name) != 0)
			fail_msg("%s is called --%s", list[id].name, row->name);
		assert_true((row->kind == KIND_CHOICE) == (row->choice != NULL));
		assert_true(row->kind == KIND_FLAG ? !row->argument : row->argument != NULL);
		for (int other = 0; other < id; other++)
			if ((row->field == option_table[other].field &&
			     row->group != GROUP_NUMBERS) ||
			    (strcmp(row->name, option_table[other].name) == 0 &&
			     (row->commands & option_table[other].commands)) ||
			    (row->letter && row->letter == option_table[other].letter &&
			     (row->commands & option_table[other].commands)))
				fail_msg("--%s and --%s share a field, a name or a letter",
					 row->name, option_table[other].name);
	}
}

/* An option is in the set, alone, wherever it stands in the list. */
static void every_option_can_be_given(void **state)
{
	(void)state;
	for (int id = 0; id < OPTION_COUNT; id++) {
		options o = {.command = TRAIN};

		option_give(&o, (option_id)id);
		for (int other = 0; other < OPTION_COUNT; other++)
			assert_int_equal(option_given(&o, (option_id)other), other == id);
		option_unset(&o, (option_id)id);
		assert_false(option_given(&o, (option_id)id) || option_ranged(&o, (option_id)id));
	}
}

/* Options whose choices are an enum of the command or the library, and the header that lists it. */
static const struct {
	option_id id;
	const char *header, *list;
} choices[] = {
	{OPT_NORM, "include/hebb_study.h", "typedef enum hebb_norm"},
	{OPT_RECIPE, "include/hebb_study.h", "typedef enum hebb_preset"},
	{OPT_CLASS_WEIGHTS, "include/hebb_study.h", "typedef enum hebb_weights"},
	{OPT_STRATEGY, "include/hebb_study.h", "typedef enum hebb_strategy"},
	{OPT_METRIC, "include/hebb_study.h", "typedef enum hebb_metric"},
	{OPT_CODE, "src/cli/option/options.h", "typedef enum code_language"},
	{OPT_PART, "src/cli/option/options.h", "typedef enum evaluate_part"},
	{OPT_ACTIVATION, "include/hebb.h", "typedef enum hebb_activation"},
	{OPT_OUTPUT, "include/hebb.h", "typedef enum hebb_activation"},
	{OPT_LOSS, "include/hebb.h", "typedef enum hebb_loss"},
	{OPT_INIT, "include/hebb.h", "typedef enum hebb_start"},
	{OPT_OPTIMIZER, "include/hebb.h", "typedef enum hebb_rule"},
	{OPT_SCHEDULE, "include/hebb.h", "typedef enum hebb_schedule"},
	{OPT_PRECISION, "include/hebb.h", "typedef enum hebb_precision"},
	{OPT_TASK, "include/hebb_io.h", "typedef enum hebb_task"},
	{OPT_HEADER, "include/hebb_io.h", "typedef enum hebb_header"},
	{OPT_MISSING, "include/hebb_io.h", "typedef enum hebb_missing"},
	{OPT_GRAPH, "include/hebb_io.h", "typedef enum hebb_graph"},
	{OPT_SCALING, "include/hebb_io.h", "typedef enum hebb_scaling"},
	{OPT_TARGET_TRANSFORM, "include/hebb_io.h", "typedef enum hebb_target_transform"},
	{OPT_EFFORT, "include/hebb_study.h", "typedef enum hebb_effort"},
	{OPT_BASELINE, "include/hebb_study.h", "typedef enum hebb_baseline"},
};

static void every_choice_has_a_name(void **state)
{
	int tested = 0;

	(void)state;
	for (int id = 0; id < OPTION_COUNT; id++)
		tested += option_table[id].kind == KIND_CHOICE;
	assert_int_equal(tested, COUNT_OF(choices));
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		const option_row *row = &option_table[choices[i].id];
		struct listed list[LISTED_MOST];
		int count = listed_in(choices[i].header, choices[i].list, list), taken = 0;

		assert_true(count > 0);
		for (int k = 0; k < count; k++)
			if (!row->choice(list[k].value) && list[k].value != HEBB_CUSTOM)
				fail_msg("--%s: %s has no name", row->name, list[k].name);
		for (int value = choice_next(row, 0); value; value = choice_next(row, value)) {
			options o = {.command = TRAIN};

			taken++;
			assert_int_equal(option_read(choices[i].id, row->choice(value), &o), 0);
			assert_int_equal(*(int *)((char *)&o + row->field), value);
		}
		assert_true(taken <= count && (row->takes || taken >= count - 1) && taken > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_has_a_row),
		cmocka_unit_test(every_option_can_be_given),
		cmocka_unit_test(every_choice_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
