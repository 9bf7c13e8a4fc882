/* SPDX-License-Identifier: MIT */
/*
 * page_file.c - the file of --report: the results as a page for a browser
 *
 * The page is written last: whatever happens to it, the model and the scores are there.
 */
#include "page_file.h"

#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/terminal.h"
#include "file/save.h"

/* Writes the text to its file, or elsewhere. */
static int save(const options *o, const char *text, size_t size)
{
	const char *slash = strrchr(o->report, '/');
	saved_file file = {.bytes = text,
			   .size = size,
			   .name = slash ? slash + 1 : o->report,
			   .ending = ".html"};
	hebb_error error;
	char *where = save_somewhere(&file, o->report, &error);
	int status = EXIT_DONE;

	if (error.status == HEBB_OK && !o->json)
		inform("The page is %s", where);
	else if (where && error.status != HEBB_OK)
		status = fail(NULL, "%s; the page is in %s instead", error.message, where);
	else if (error.status != HEBB_OK)
		status = fail(NULL, "%s; the page cannot be written elsewhere either",
			      error.message);
	free(where);
	return status;
}

int page_file_write(const options *o, hebb_report *page, json_t *numbers)
{
	char *line, *text = NULL;
	size_t size = 0;
	hebb_error error;
	int status;

	if (!o->report) {
		json_decref(numbers);
		return EXIT_DONE;
	}
	line = json_line(numbers);
	page->numbers = line;
	page->command = o->line;
	page->threads = o->study.threads;
	page->place = strcmp(o->operand[o->operands - 1], "-") == 0 ? "DATA"
								    : o->operand[o->operands - 1];
	if (!line)
		status = fail("--report", "out of memory");
	else if (hebb_report_format(page, &text, &size, &error) != HEBB_OK)
		status = fail_error("--report", &error);
	else
		status = save(o, text, size);
	free(text);
	free(line);
	return status;
}
