/* SPDX-License-Identifier: MIT */
/*
 * compare.c - hebb report: models side by side
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "compare/comparison.h"
#include "compare/comparison_text.h"
#include "compare/saved.h"
#include "draw/json.h"
#include "draw/terminal.h"
#include "file/files.h"
#include "file/save.h"

/* ---- Reading ---- */

/* The files that were read, to leave out what is named twice. */
typedef struct known {
	struct stat *file;
	int count;
} known;

static int is_known(known *list, const char *path)
{
	struct stat about;
	int found = strcmp(path, "-") == 0 ? fstat(0, &about) : stat(path, &about);

	if (found != 0) /* it cannot be read either, which is said then */
		return 0;
	for (int i = 0; i < list->count; i++)
		if (list->file[i].st_dev == about.st_dev && list->file[i].st_ino == about.st_ino)
			return 1;
	list->file[list->count++] = about;
	return 0;
}

/* Reads all files; what cannot be read is said and left out.  Returns the exit status. */
static int read_entries(const options *given, json_t *entries)
{
	known list = {.file = malloc(sizeof *list.file * (size_t)given->operands)};
	int status = EXIT_DONE;

	if (!list.file)
		return fail(NULL, "out of memory");
	for (int i = 0; i < given->operands; i++) {
		const char *path = given->operand[i];

		if (is_known(&list, path))
			note("%s is named twice; it is compared once", path);
		else if (saved_read(path, entries) != EXIT_DONE)
			status = EXIT_FAILED;
	}
	free(list.file);
	return status;
}

/* ---- Showing ---- */

static int is_model(const comparison *all, int entry)
{
	const json_t *kind = json_object_get(json_array_get(all->entries, (size_t)entry), "kind");

	return strcmp(json_string_value(kind), "model") == 0;
}

static void note_doubts(const comparison *all)
{
	for (int i = 0; i < all->count; i++)
		if (!entry_has(all, i, SECTION_SCORES) && is_model(all, i))
			note("%s has no score: no rows were held out of its training; those of "
			     "--folds are in what 'hebb train' prints with --json",
			     entry_name(all, i));
	if (all->count > 1 && all->same_rows == 0)
		note("the scores are of different rows, so they differ by chance, too; 'hebb "
		     "evaluate' with one file scores all models on the same rows");
}

/* Writes the page; takes the JSON away. */
static int write_page(const options *given, json_t *object)
{
	char *numbers = json_line(object), *page = NULL;
	size_t size = 0;
	hebb_error error;
	int status = EXIT_DONE;

	if (!numbers)
		return fail(NULL, "out of memory");
	if (hebb_comparison_format(numbers, &page, &size, &error) != HEBB_OK)
		status = fail_error(NULL, &error);
	else if (strcmp(given->page, "-") == 0)
		fwrite(page, 1, size, stdout);
	else if (hebb_file_write(given->page, page, size, &error) != HEBB_OK)
		status = fail_error(NULL, &error);
	free(page);
	free(numbers);
	return status;
}

static int show(const options *given, const comparison *all)
{
	int status = EXIT_DONE;

	if (given->page)
		status = write_page(given, comparison_json(all));
	if (status == EXIT_DONE && given->json)
		return print_json(comparison_json(all));
	if (status == EXIT_DONE && given->page && strcmp(given->page, "-") != 0)
		inform("Saved %s", given->page);
	else if (status == EXIT_DONE && !given->page && !comparison_print(stdout, all))
		status = fail(NULL, "out of memory");
	note_doubts(all);
	return status;
}

int run_report(options *given)
{
	json_t *entries = json_array();
	comparison all = {.count = 0};
	int status, shown;

	if (files_check(given) != EXIT_DONE) {
		json_decref(entries);
		return EXIT_FAILED;
	}
	status = read_entries(given, entries);
	if (json_array_size(entries) == 0) {
		json_decref(entries);
		return status == EXIT_DONE ? fail(NULL, "the files hold no result") : status;
	}
	if (!comparison_make(entries, option_given(given, OPT_METRIC) ? given->metric : 0, &all))
		shown = fail(NULL, "out of memory");
	else
		shown = show(given, &all);
	comparison_free(&all);
	json_decref(entries);
	return shown == EXIT_DONE ? status : shown;
}
