/* SPDX-License-Identifier: MIT */
/*
 * options.c - reading the command line
 *
 * getopt_long() splits it.  Arguments are read strictly and independent of the locale (the command
 * keeps the C locale).  getopt_long() accepts any unambiguous beginning of a name; the command
 * refuses such abbreviations, because a new option could change their meaning.
 */
#define _POSIX_C_SOURCE 200809L

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "option_table.h"
#include "other_names.h"
#include "space.h"
#include "draw/terminal.h"

int option_given(const options *given, option_id id)
{
	return given->how[id] == GIVEN;
}

int option_ranged(const options *given, option_id id)
{
	return given->how[id] == RANGED;
}

int options_ranged(const options *given)
{
	return memchr(given->how, RANGED, sizeof given->how) != NULL;
}

void option_give(options *given, option_id id)
{
	given->how[id] = GIVEN;
}

void option_unset(options *given, option_id id)
{
	given->how[id] = 0;
	given->argument[id] = NULL;
}

/* ---- Reading arguments ---- */

/* strtod() alone would also take spaces, hexadecimal, nan and inf. */
int number_parse(const char *text, double *value)
{
	char *end;

	if (!*text || text[strspn(text, "0123456789.eE+-")])
		return 0;
	*value = strtod(text, &end);
	return *end == '\0' && *value <= 1e300 && *value >= -1e300;
}

static int integer_parse(const char *text, long long *value)
{
	char *end;
	size_t sign = *text == '-';

	if (!text[sign] || text[sign + strspn(text + sign, "0123456789")])
		return 0;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return errno == 0;
}

int seed_parse(const char *text, uint64_t *seed)
{
	unsigned long long value;

	if (!*text || text[strspn(text, "0123456789")])
		return 0;
	errno = 0;
	value = strtoull(text, NULL, 10);
	if (errno != 0 || value > UINT64_MAX)
		return 0;
	*seed = value;
	return 1;
}

static int read_choice(const char *where, const option_row *row, const char *text, int *value)
{
	option_id id = (option_id)(row - option_table);
	const char *suggestion = other_value_find(id, text);
	nearest suggestions = {.typed = text};
	char list[256];

	for (int i = choice_next(row, 0); i; i = choice_next(row, i)) {
		if (strcmp(row->choice(i), text) == 0) {
			*value = i;
			return EXIT_DONE;
		}
		nearest_compare(&suggestions, row->choice(i));
	}
	choice_list(row, list, sizeof list);
	if (!suggestion && suggestions.count)
		suggestion = suggestions.name[0];
	if (suggestion)
		return misuse(where, "there is no '%s'; it takes %s; did you mean %s?", text, list,
			      suggestion);
	if (id == OPT_OUTPUT && strpbrk(text, "./"))
		return misuse(where, "there is no '%s'; the file of the model is --model (-o)",
			      text);
	return misuse(where, "there is no '%s'; it takes %s", text, list);
}

static int read_count(const char *where, const option_row *row, const char *text, int *value)
{
	long long count;

	if (row->word && strcmp(text, row->word) == 0) {
		*value = 0;
		return EXIT_DONE;
	}
	if (!integer_parse(text, &count) || count < (long long)row->low ||
	    count > (long long)row->high)
		return misuse(where, "'%s' is not a whole number from %.0f to %.0f%s%s", text,
			      row->low, row->high, row->word ? " or " : "",
			      row->word ? row->word : "");
	*value = (int)count;
	return EXIT_DONE;
}

/* "; did you mean 0.8?" where a share was given in percent, else "". */
static const char *share_hint(double number, const option_row *row, char *hint, size_t size)
{
	int is_share = row->low >= 0 && row->high <= 1, is_percent = number >= 2 && number < 100;

	hint[0] = '\0';
	if (is_share && is_percent)
		snprintf(hint, size, "; did you mean %s?", hebb_show_number(number / 100, 6).text);
	return hint;
}

static int read_number(const char *where, const option_row *row, const char *text, double *value)
{
	char hint[64];
	double number;

	if (!number_parse(text, &number))
		return misuse(where, "'%s' is not a number", text);
	if (number < row->low || number > row->high)
		return misuse(where, "%s is out of range, %s to %s%s", text,
			      hebb_show_number(row->low, 6).text,
			      hebb_show_number(row->high, 6).text,
			      share_hint(number, row, hint, sizeof hint));
	*value = number;
	return EXIT_DONE;
}

/* "60s", "5m", "1.5h": a number and its unit. */
static int read_time(const char *where, const char *text, double *seconds)
{
	size_t length = strcspn(text, "smh");
	char number[32];

	snprintf(number, sizeof number, "%.*s", (int)length, text);
	if (length >= sizeof number || strlen(text) != length + 1 ||
	    !number_parse(number, seconds) || *seconds <= 0)
		return misuse(where, "'%s' is not a time such as 60s, 5m or 1h", text);
	*seconds *= text[length] == 'h' ? 3600 : text[length] == 'm' ? 60 : 1;
	return EXIT_DONE;
}

/* "10", a number of epochs, or a time. */
static int read_every(const char *where, const char *text, every *result)
{
	long long epochs;

	*result = (every){.epochs = 0};
	if (!integer_parse(text, &epochs))
		return read_time(where, text, &result->seconds);
	if (epochs < 1 || epochs > INT_MAX)
		return misuse(where, "'%s' is not a number of epochs, 1 or more", text);
	result->epochs = (int)epochs;
	return EXIT_DONE;
}

/* "30,20" or "none". */
static int read_layers(const char *where, const char *text, options *result)
{
	const char *position = text;

	result->study.hidden = 0;
	if (strcmp(text, "none") == 0)
		return EXIT_DONE;
	for (;;) {
		char item[24];
		size_t length = strcspn(position, ",");
		long long units;

		if (length >= sizeof item)
			return misuse(where, "'%s' is not a list of widths such as 30 or 30,20",
				      text);
		memcpy(item, position, length);
		item[length] = '\0';
		if (!integer_parse(item, &units))
			return misuse(where,
				      "'%s' is not a list of widths such as 30 or 30,20, nor none",
				      text);
		if (units < 1 || units > HEBB_MAX_UNITS)
			return misuse(where, "a layer has 1 to %d units, not %s", HEBB_MAX_UNITS,
				      item);
		if (result->study.hidden == HEBB_MAX_LAYERS - 1)
			return misuse(where, "more than %d hidden layers", HEBB_MAX_LAYERS - 1);
		result->study.units[result->study.hidden++] = (int)units;
		if (position[length] == '\0')
			return EXIT_DONE;
		position += length + 1;
	}
}

/* "0.2", "last:100" or a file.  What looks like a number is one; a file of that name is ./0.2. */
static int read_part(const char *where, const char *text, hebb_part *result)
{
	double fraction;

	*result = (hebb_part){.kind = HEBB_PART_TABLE, .name = text};
	if (strncmp(text, "last:", 5) == 0) {
		result->kind = HEBB_PART_LAST;
		if (!integer_parse(text + 5, &result->rows) || result->rows < 1)
			return misuse(
				where,
				"'%s' must end in a number of rows, 1 or more, such as last:100",
				text);
	} else if (number_parse(text, &fraction)) {
		result->kind = fraction == 0 ? HEBB_PART_NONE : HEBB_PART_FRACTION;
		result->fraction = fraction;
		if (fraction < 0 || fraction >= 1)
			return misuse(where,
				      "%s is not a fraction, at least 0 and below 1, such as 0.2; "
				      "last:N takes a number of rows",
				      text);
	} else if (!*text) {
		return misuse(where, "the name of the file is empty");
	}
	return EXIT_DONE;
}

static int read_texts(const char *where, const char *text, texts *result)
{
	if (!*text)
		return misuse(where, "its argument is empty");
	if (result->count == TEXTS_MOST)
		return misuse(where,
			      "is given more than %d times; one list may be as long as "
			      "you like",
			      TEXTS_MOST);
	result->text[result->count++] = text;
	return EXIT_DONE;
}

/* A character of ASCII, or its name. */
static int read_character(const char *where, const option_row *row, const char *text, char *value)
{
	static const struct {
		const char *name;
		char character;
	} known[] = {{"tab", '\t'}, {"\\t", '\t'},      {"space", ' '}, {"comma", ','},
		     {"bar", '|'},  {"semicolon", ';'}, {"point", '.'}, {"apostrophe", '\''}};
	char found = text[0] && !text[1] && (unsigned char)text[0] < 0x80 ? text[0] : '\0';

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(text, known[i].name) == 0)
			found = known[i].character;
	if (!found || (row->word && !strchr(row->word, found)))
		return misuse(where, "'%s' is not what it takes: %s", text, row->meaning);
	*value = found;
	return EXIT_DONE;
}

/* Reads a list of changes to images. */
static int read_changes(const char *where, const char *text)
{
	hebb_augmentation changes = hebb_augmentation_default(1, 1);
	hebb_error error;

	if (hebb_augmentation_read(text, &changes, &error) != HEBB_OK)
		return misuse(where, "%s", error.message);
	return EXIT_DONE;
}

int option_read(option_id id, const char *text, options *result)
{
	char where[40];

	snprintf(where, sizeof where, "--%s", option_table[id].name);
	return option_read_at(where, id, text, result);
}

int option_read_at(const char *where, option_id id, const char *text, options *result)
{
	const option_row *row = &option_table[id];
	void *field = (char *)result + row->field;

	option_give(result, id);
	result->argument[id] = text;
	switch (row->kind) {
	case KIND_FLAG:
		*(int *)field = 1;
		return EXIT_DONE;
	case KIND_COUNT:
		return read_count(where, row, text, field);
	case KIND_NUMBER:
		return read_number(where, row, text, field);
	case KIND_TIME:
		return read_time(where, text, field);
	case KIND_EVERY:
		return read_every(where, text, field);
	case KIND_CHOICE:
		return read_choice(where, row, text, field);
	case KIND_LAYERS:
		return read_layers(where, text, result);
	case KIND_PART:
		return read_part(where, text, field);
	case KIND_AUGMENT:
		*(const char **)field = text ? text : "";
		return read_changes(where, *(const char **)field);
	case KIND_TEXT:
		*(const char **)field = text;
		return *text ? EXIT_DONE : misuse(where, "its argument is empty");
	case KIND_CHARACTER:
		return read_character(where, row, text, field);
	case KIND_TEXTS:
		return read_texts(where, text, field);
	case KIND_SEED:
		if (!seed_parse(text, field))
			return misuse(where,
				      "'%s' is not a whole number from 0 to 18446744073709551615",
				      text);
		return EXIT_DONE;
	}
	return EXIT_DONE;
}

/* ---- Parsing the command line ---- */

/* Reports an option that does not exist, with the one that was probably meant: that of another
 * tool, the nearest of this command, or one that is near to another tool's. */
static int unknown_option(const command *which, const char *token)
{
	char name[64], text[256];
	nearest suggestions = {.typed = name};

	snprintf(name, sizeof name, "%.*s", (int)strcspn(token, "="), token);
	suggestions.typed += strspn(name, "-"); /* of a token that is cut, too */
	if (strlen(name) > 2) {
		for (int id = 0; id < OPTION_COUNT; id++)
			if (option_table[id].commands & which->bit)
				nearest_compare(&suggestions, option_table[id].name);
		if (other_option_sentence(suggestions.typed, 0, which, text, sizeof text) ||
		    (suggestions.count == 0 &&
		     other_option_sentence(suggestions.typed, 1, which, text, sizeof text)))
			return misuse(name, "there is no such option; %s", text);
	}
	if (suggestions.count)
		return misuse(name, "unknown option; did you mean --%s?", suggestions.name[0]);
	return misuse(name, "unknown option; 'hebb %s --help' lists those of %s", which->name,
		      which->name);
}

/* Whether an option of another command, such as --save of play, is what other tools call one of
 * this command. */
static int is_other_name(const command *which, const char *token)
{
	char name[64], text[256];

	snprintf(name, sizeof name, "%.*s", (int)strcspn(token, "="), token);
	return other_option_sentence(name + strspn(name, "-"), 0, which, text, sizeof text) != NULL;
}

enum { BEGINNING_LEAST = 4 };

/* Whether a token such as -rate, -epoch or -lr is the long name of an option, or its beginning, or
 * another tool's name, behind a single dash: nobody means -l with the argument "r". */
static int is_long_name(const command *which, const char *token)
{
	char name[64], text[256];
	size_t length = strcspn(token, "=");

	if (token[0] != '-' || token[1] == '-' || length < 3)
		return 0;
	snprintf(name, sizeof name, "%.*s", (int)length - 1, token + 1);
	if (strpbrk(name, "0123456789")) /* -l2 is --layers 2, not --l2 */
		return 0;
	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];

		if ((row->commands & which->bit) &&
		    (strcmp(row->name, name) == 0 ||
		     (length > BEGINNING_LEAST && strncmp(row->name, name, length - 1) == 0)))
			return 1;
	}
	return other_option_sentence(name, 0, which, text, sizeof text) != NULL;
}

enum {
	LONG = 256
}; /* getopt_long() returns LONG + id for a long name, and the letter for a letter */

/* The option of this command with the name of another one; else that one. */
static int find_same_name(const command *which, int id)
{
	for (int other = 0; other < OPTION_COUNT; other++)
		if ((option_table[other].commands & which->bit) &&
		    strcmp(option_table[other].name, option_table[id].name) == 0)
			return other;
	return id;
}

/* If two options share a name or a letter, the one that this command takes. */
static int find_id(const command *which, int code)
{
	int found = -1;

	if (code >= LONG)
		return find_same_name(which, code - LONG);
	for (int id = 0; id < OPTION_COUNT; id++) {
		if (option_table[id].letter && option_table[id].letter == code &&
		    (found < 0 || (option_table[id].commands & which->bit)))
			found = id;
	}
	return found;
}

static int arguments_of(const option_row *row)
{
	return !row->argument            ? no_argument
	       : row->argument[0] == '[' ? optional_argument
					 : required_argument;
}

/* The tables that getopt_long() wants.  "-" keeps the order of options and operands, ":" tells a
 * missing argument. */
static void prepare(struct option *longs, char *shorts)
{
	*shorts++ = '-';
	*shorts++ = ':';
	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];
		longs[id] = (struct option){row->name, arguments_of(row), NULL, LONG + id};
		if (row->letter)
			*shorts++ = row->letter;
		if (row->letter && row->argument)
			*shorts++ = ':';
	}
	longs[OPTION_COUNT] = (struct option){NULL, 0, NULL, 0};
	*shorts = '\0';
}

/* Whether one of the operands is a level, as in `--conformal 90`. */
static int have_level(const options *given, const char *last)
{
	double level;

	for (int i = 0; i < given->operands; i++)
		if (number_parse(given->operand[i], &level))
			return 1;
	return number_parse(last, &level);
}

static const char LEVEL_ELSEWHERE[] = "the level is given to 'hebb predict --interval 0.9'";

/* Operand n is moved to argv[n], which is read already, since operand n is never before it. */
static int add_operand(const command *which, char *text, char **argv, options *result)
{
	if (result->operands == which->operands_most && result->study.conformal > 0 &&
	    have_level(result, text))
		return misuse("--conformal", "takes no argument; %s", LEVEL_ELSEWHERE);
	if (result->operands == which->operands_most)
		return misuse(text, "one argument too many; usage: hebb %s %s [options]",
			      which->name, which->usage);
	argv[++result->operands] = text;
	return EXIT_DONE;
}

/* Whether a token names an option in full: getopt_long() takes abbreviations. */
static int is_whole(const char *token, const char *name)
{
	size_t length = strlen(name);

	return strncmp(token + 2, name, length) == 0 &&
	       (token[2 + length] == '\0' || token[2 + length] == '=');
}

/* Deals with one code that getopt_long() returned for `token`. */
static int take(const command *which, int code, const char *token, char **argv, options *result)
{
	int failed = code == '?' || code == ':', id = find_id(which, failed ? optopt : code);
	int is_long = strncmp(token, "--", 2) == 0;
	char letter[3] = {'-', (char)(failed ? optopt : code), '\0'};

	if (code == 1)
		return add_operand(which, optarg, argv, result);
	if (id < 0)
		return unknown_option(which, is_long ? token : letter);
	if (is_long && !is_whole(token, option_table[id].name))
		return unknown_option(which, token);
	if (!(option_table[id].commands & which->bit) &&
	    (option_table[id].group == GROUP_NUMBERS || (is_long && is_other_name(which, token))))
		return unknown_option(which, is_long ? token : letter);
	if (!(option_table[id].commands & which->bit))
		return misuse(token, "not an option of %s; 'hebb %s --help' lists them",
			      which->name, which->name);
	if (code == ':')
		return misuse(token, "needs an argument, %s", option_table[id].argument);
	if (code == '?')
		return misuse(token, "takes no argument%s%s", id == OPT_CONFORMAL ? "; " : "",
			      id == OPT_CONFORMAL ? LEVEL_ELSEWHERE : "");
	if (id == OPT_HELP && !is_long) {
		result->help = HELP_SHORT;
		return EXIT_DONE;
	}
	if (which->bit == SEARCH && space_takes((option_id)id, optarg)) {
		result->how[id] = RANGED;
		result->argument[id] = optarg;
		return EXIT_DONE;
	}
	return option_read((option_id)id, optarg, result);
}

/* Other names of standard output than "-". Opened as files, they would overwrite the report. */
static int is_standard_output(const char *path)
{
	static const char *const name[] = {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};

	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		if (strcmp(path, name[i]) == 0)
			return 1;
	return 0;
}

int options_parse(const command *which, int argc, char **argv, options *result)
{
	struct option longs[OPTION_COUNT + 1];
	char shorts[2 * OPTION_COUNT + 3];
	int status = EXIT_DONE;

	*result = (options){.command = which->bit, .operand = argv + 1, .part = EVALUATE_ALL};
	hebb_study_init(&result->study, sizeof result->study, NULL);
	result->study.task = HEBB_TASK_AUTO;
	result->study.header = HEBB_HEADER_AUTO;
	result->study.missing = HEBB_MISSING_INDICATOR;
	prepare(longs, shorts);
	opterr = 0;
	optind = 1;
	while (status == EXIT_DONE && !result->help) {
		const char *token = optind < argc ? argv[optind] : "";

		if (strcmp(token, "-") == 0) { /* musl's getopt_long() would stop at "-" */
			status = add_operand(which, argv[optind], argv, result);
			optind++;
			continue;
		}
		if (is_long_name(which, token))
			return unknown_option(which, token);
		int code = getopt_long(argc, argv, shorts, longs, NULL);
		if (code == -1)
			break;
		status = take(which, code, token, argv, result);
	}
	while (status == EXIT_DONE && !result->help && optind < argc)
		status = add_operand(which, argv[optind++], argv, result);
	if (status != EXIT_DONE || result->help)
		return status;
	if (result->operands < which->operands_least)
		return misuse(which->name, "an argument is missing; usage: hebb %s %s [options]",
			      which->name, which->usage);
	if (result->model && is_standard_output(result->model))
		result->model = "-";
	if (result->prediction && is_standard_output(result->prediction))
		result->prediction = "-";
	if (result->report && is_standard_output(result->report))
		result->report = "-";
	if (result->page && is_standard_output(result->page))
		result->page = "-";
	/* With ranges, each draw is checked later, together with the given options. */
	return options_ranged(result) ? EXIT_DONE : options_check(result);
}
