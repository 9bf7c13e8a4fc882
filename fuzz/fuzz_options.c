/* SPDX-License-Identifier: MIT */
/*
 * fuzz_options.c - any words as the command line of a command
 *
 * The first byte chooses the command, the others are its words, each ended by a NUL: refused or
 * taken.  Options of train and search that are taken have defaults for the rest and can be written
 * to a record; ranges give draws that their options take.  Messages go to standard error: run it
 * with -close_fd_mask=2.
 */
#include <getopt.h>
#include <stdint.h>
#include <string.h>

#include "../src/study/study.h"
#include "option/space.h"
#include "draw/terminal.h"
#include "fuzz_memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { WORDS_MOST = 64 };

static const command asked[] = {
	{.name = "train", .bit = TRAIN, .operands_least = 1, .operands_most = 1},
	{.name = "search", .bit = SEARCH, .operands_least = 1, .operands_most = 2},
	{.name = "evaluate", .bit = EVALUATE, .operands_least = 1, .operands_most = 2},
	{.name = "predict", .bit = PREDICT, .operands_least = 1, .operands_most = 2},
	{.name = "check", .bit = CHECK, .operands_most = 1},
	{.name = "bench", .bit = BENCH},
};

/* Forgets where getopt() stood in a word that is no more. */
static void forget(void)
{
	char *none[] = {"none", NULL};

	optind = 0;
	getopt(1, none, "");
}

static void draw_some(const options *o)
{
	space s;

	if (space_open(o, &s) == EXIT_DONE)
		for (int i = 0; i < 3; i++) {
			draw values;
			options varied = *o;

			space_draw(&s, 7, i, &values);
			for (int k = 0; k < s.count; k++)
				if (option_read(s.range[k].id, values.text[k], &varied) !=
				    EXIT_DONE)
					abort();
		}
	space_close(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct hb_facts data = {.task = HEBB_CLASSIFICATION};
	char *word[WORDS_MOST + 1] = {"hebb"}, *text = malloc(size + 1);
	const command *which = &asked[size ? bytes[0] % (sizeof asked / sizeof *asked) : 0];
	int words = 1;
	options o;

	if (!text)
		return 0;
	memcpy(text, bytes, size);
	text[size] = '\0';
	for (size_t at = 1; at < size && words < WORDS_MOST; at += strlen(text + at) + 1)
		word[words++] = text + at;
	forget();
	memory_begin();
	int status = options_parse(which, words, word, &o);
	if (status == EXIT_DONE && !o.help && (which->bit & (TRAIN | SEARCH))) {
		options_blank(&o);
		hb_choose_defaults(&o.study, &data);
		json_t *record = options_json(&o);
		if (!record)
			abort();
		json_decref(record);
		draw_some(&o);
	}
	memory_end(size, 4);
	if (status != EXIT_DONE && status != EXIT_MISUSED)
		abort();
	free(text);
	return 0;
}
