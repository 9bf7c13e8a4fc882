/* SPDX-License-Identifier: MIT */
/*
 * complete.c - fills in the options that were not given
 *
 * The library completes a study.  It knows from the value of a field whether it was given; the
 * command knows it from option_given().  To complete options again, with others than before, the
 * fields that were not given are reset here.
 */
#include <string.h>

#include "option_table.h"

/* The bytes of an option's field that the library completes; 0: none. */
static size_t size_of(const option_row *row)
{
	switch (row->kind) {
	case KIND_COUNT:
	case KIND_FLAG:
		return sizeof(int);
	case KIND_CHOICE: /* options of the data, but for two, are needed before the library
			   * completes the others */
		return row->group == GROUP_DATA && row != &option_table[OPT_SCALING] &&
				       row != &option_table[OPT_TARGET_TRANSFORM]
			       ? 0
			       : sizeof(int);
	case KIND_NUMBER:
	case KIND_TIME:
		return sizeof(double);
	case KIND_SEED:
		return sizeof(uint64_t);
	case KIND_PART:
		return sizeof(hebb_part);
	default:
		return 0;
	}
}

static int is_of_study(const option_row *row)
{
	size_t first = offsetof(options, study);

	return row->field >= first && row->field < first + sizeof(hebb_study);
}

void options_blank(options *given)
{
	hebb_study blank;

	hebb_study_init(&blank, sizeof blank, NULL);
	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];

		if (!is_of_study(row) || option_given(given, (option_id)id))
			continue;
		memcpy((char *)given + row->field,
		       (const char *)&blank + row->field - offsetof(options, study), size_of(row));
	}
	if (!option_given(given, OPT_LAYERS))
		given->study.hidden = blank.hidden;
	hebb_search usual = hebb_search_default();
	if (!option_given(given, OPT_TRIALS))
		given->trials = usual.trials;
	if (!option_given(given, OPT_STRATEGY))
		given->strategy = usual.strategy;
	if (!option_given(given, OPT_METRIC))
		given->metric = usual.metric;
	given->study.search = given->command == SEARCH;
}

hebb_status options_complete(options *given, const hebb_coding *coding, hebb_error *error)
{
	options_blank(given);
	return hebb_study_complete(&given->study, coding, error);
}
