/* SPDX-License-Identifier: MIT */
/*
 * command_line.c - a command that people may paste into a shell
 */
#define _POSIX_C_SOURCE 200809L

#include "command_line.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "file/destination.h"
#include "hebb_advanced.h"
#include "option_table.h"
#include "draw/terminal.h"

/* ---- Words ---- */

/* Whether a terminal shows the word as it is. */
static int is_shown(const char *word)
{
	char one[HEBB_SHOWN_MOST];
	size_t left = strlen(word), bytes;

	for (; (bytes = hebb_show_character(word, left, one)); word += bytes, left -= bytes)
		if (strncmp(word, one, bytes) != 0)
			return 0;
	return 1;
}

/* Prints a word; bytes that are not printable ASCII become octal numbers after `escape`. */
static void print_bytes(FILE *stream, const char *word, const char *escape)
{
	for (; *word; word++) {
		unsigned char byte = (unsigned char)*word;

		if (byte < 0x20 || byte >= 0x7f || byte == '\'' || byte == '\\')
			fprintf(stream, "%s%03o", escape, byte);
		else
			fputc(byte, stream);
	}
}

/* Prints a word in ASCII, in a form that every POSIX shell reads. But $() removes newlines at the
 * end of a word; such words use $'', which bash and zsh know. */
static void print_escaped(FILE *stream, const char *word)
{
	int ends_line = word[strlen(word) - 1] == '\n';

	fputs(ends_line ? "$'" : "\"$(printf %b '", stream);
	print_bytes(stream, word, ends_line ? "\\" : "\\0");
	fputs(ends_line ? "'" : "')\"", stream);
}

void print_word(FILE *stream, const char *word)
{
	static const char plain_ones[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_./,:=+-@%";

	if (*word && !word[strspn(word, plain_ones)]) {
		fputs(word, stream);
		return;
	}
	if (!is_shown(word)) {
		print_escaped(stream, word);
		return;
	}
	fputc('\'', stream);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[2]){*word, '\0'}, stream);
	fputc('\'', stream);
}

/* Prints DATA so that it does not look like an option. */
static void print_data(FILE *stream, const char *data)
{
	char *path = malloc(strlen(data) + 3);

	if (path && data[0] == '-' && data[1])
		print_word(stream, strcat(strcpy(path, "./"), data));
	else
		print_word(stream, data);
	free(path);
}

/* ---- Commands ---- */

static void print_option(FILE *out, const options *o, option_id id)
{
	const option_row *row = &option_table[id];

	if (row->letter)
		fprintf(out, " -%c", row->letter);
	else
		fprintf(out, " --%s", row->name);
	if (!row->argument || !o->argument[id])
		return;
	fputc(row->argument[0] == '[' ? '=' : ' ', out);
	print_word(out, o->argument[id]);
}

/* Whether a checkpoint lacks this option: it is not part of the record, or its text is no valid
 * JSON. */
static int is_missing(const options *o, option_id id)
{
	const option_row *row = &option_table[id];
	json_t *text;

	if (!option_given(o, id) || !(row->commands & TRAIN) || id == OPT_CHECKPOINT ||
	    id == OPT_RESUME || id == OPT_REPEAT || id == OPT_FOLDS)
		return 0;
	if (!row->recorded)
		return 1;
	text = o->argument[id] ? json_string(o->argument[id]) : NULL;
	json_decref(text);
	return o->argument[id] && !text;
}

static char *ended(FILE *out, char **text)
{
	if (fclose(out) == 0)
		return *text;
	free(*text);
	return NULL;
}

char *command_to_go_on(const options *o, const char *checkpoint)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("hebb train ", out);
	print_data(out, o->operand[0]);
	fputs(" --resume ", out);
	print_word(out, checkpoint);
	for (int id = 0; id < OPTION_COUNT; id++)
		if (is_missing(o, (option_id)id))
			print_option(out, o, (option_id)id);
	return ended(out, &text);
}

char *command_as_given(int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("hebb", out);
	for (int i = 0; i < argc; i++) {
		fputc(' ', out);
		print_word(out, argv[i]);
	}
	return ended(out, &text);
}

char *command_to_repeat(const options *o)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("hebb train ", out);
	print_data(out, o->operand[0]);
	for (int id = 0; id < OPTION_COUNT; id++)
		if (option_given(o, (option_id)id) && option_table[id].recorded)
			print_option(out, o, (option_id)id);
	fputs(" -o ", out);
	print_word(out, o->model);
	return ended(out, &text);
}

/* Prints the name of a command and its first argument, the model. */
static void print_use(FILE *out, const char *name, const char *model)
{
	fprintf(out, "  hebb %s ", name);
	print_data(out, model);
}

/* How DATA is read, as far as a model does not know it; after a resumed training, too. */
static void print_reading(FILE *out, const hebb_study *study)
{
	const char character[] = {study->separator, '\0'};

	if (study->header && study->header != HEBB_HEADER_AUTO)
		fprintf(out, " --header %s", hebb_header_name(study->header));
	if (study->separator) {
		fputs(" --separator ", out);
		print_word(out, study->separator == '\t'  ? "tab"
				: study->separator == ' ' ? "space"
							  : character);
	}
	if (study->skip)
		fprintf(out, " --skip %d", study->skip);
	if (study->encoding) {
		fputs(" --encoding ", out);
		print_word(out, study->encoding);
	}
}

/* DATA again, or the word DATA, since standard input cannot be read twice.  The header is not taken
 * from the text of the option: after --resume there is none. */
static void print_data_again(FILE *out, const options *o, const char *data)
{
	fputc(' ', out);
	if (strcmp(data, "-") == 0)
		fputs("DATA", out);
	else
		print_data(out, data);
	print_reading(out, &o->study);
}

void print_next_commands(FILE *out, const options *o, const char *model)
{
	const char *data = o->operand[0];
	int has_file = o->study.test.kind == HEBB_PART_TABLE;
	char *answers = default_destination(data, "-predictions.csv");

	fprintf(out, "\n%sNext%s\n", bold(out), plain(out));
	print_use(out, "evaluate", model);
	print_data_again(out, o, has_file ? o->study.test.name : data);
	fputs(has_file || o->study.test.kind == HEBB_PART_NONE ? "\n" : " --part test\n", out);
	print_use(out, "predict", model);
	print_data_again(out, o, data);
	fputs(" -o ", out);
	print_word(out, answers ? answers : "predictions.csv");
	fputc('\n', out);
	print_use(out, "inspect", model);
	fputc('\n', out);
	free(answers);
}

void print_next_explanations(FILE *out, const options *o, const char *column, int has_targets)
{
	const char *model = o->operand[0], *data = o->operand[1];

	if ((!column || o->dependence) && o->shapley && !has_targets)
		return;
	fprintf(out, "\n%sNext%s\n", bold(out), plain(out));
	if (column && !o->dependence) {
		print_use(out, "explain", model);
		print_data_again(out, o, data);
		fputs(" --dependence ", out);
		print_word(out, column);
		fputc('\n', out);
	}
	if (!o->shapley) {
		print_use(out, "explain", model);
		print_data_again(out, o, data);
		fputs(" --shapley 1\n", out);
	}
	if (!has_targets)
		return;
	print_use(out, "evaluate", model);
	print_data_again(out, o, data);
	fputs(" --worst 10\n", out);
}
