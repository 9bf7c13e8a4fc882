/* SPDX-License-Identifier: MIT */
/*
 * fuzz_trials.c - any bytes as the table of a search: refused, or each row is one that the search
 * expects
 *
 * An odd first byte puts the right two lines before the rest, without which nearly nothing would
 * get to the rows.  Messages go to standard error: run it with -close_fd_mask=2.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../src/study/study.h"
#include "draw/terminal.h"
#include "file/trials.h"
#include "fuzz_memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char opening[] = "# hebb search {\"hebb\": \"1.0\", \"options\": {\"l2\": 0.5}}\n"
			      "trial,epochs,layers,rate,score,sd,seconds,parameters\n";

static void open_space(options *o, space *s)
{
	static const command searching = {.name = "search", .bit = SEARCH, .operands_most = 2};
	static const struct hb_facts data = {.task = HEBB_CLASSIFICATION};
	char *word[] = {"search", "--rate", "0.0001..0.01", "--layers", "64/30,20/none"};

	if (options_parse(&searching, 5, word, o) != EXIT_DONE)
		abort();
	options_blank(o);
	hb_choose_defaults(&o->study, &data);
	if (space_open(o, s) != EXIT_DONE)
		abort();
}

static void read_rows(trial_table *t)
{
	for (int i = 0; trials_left(t); i++) {
		trial_row row = {.trial = i, .epochs = 4};

		if (trials_read(t, &row) != EXIT_DONE)
			return;
		if (!row.diverged && !(row.score <= 1e300 && row.score >= -1e300))
			abort();
		if (row.seconds < 0 || row.parameters < 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static int file = -1;
	static options o;
	static space s;
	trial_table t;
	char path[40];
	size_t head = size > 0 && bytes[0] % 2 ? sizeof opening - 1 : 0;

	if (size == 0)
		return 0;
	if (file < 0) {
		file = memfd_create("trials", 0);
		open_space(&o, &s);
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	if (file < 0 || ftruncate(file, 0) || pwrite(file, opening, head, 0) < 0 ||
	    pwrite(file, bytes + 1, size - 1, (off_t)head) < 0)
		abort();
	json_t *identity = json_pack("{s:s, s:{s:f}}", "hebb", "1.0", "options", "l2", 0.5);
	memory_begin();
	int status = trials_open(path, identity, &s, 1, 0, &t);
	if (status == EXIT_DONE)
		read_rows(&t);
	memory_end(head + size, MEMORY_TIMES);
	trials_close(&t);
	return 0;
}
