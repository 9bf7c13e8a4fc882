/* SPDX-License-Identifier: MIT */
/*
 * tutorial.c - hebb tutorial: the sections of the tutorial, one, some or all
 *
 * The sections are in tutorial/, one file for each chapter or half of a chapter.  They are listed
 * here with the numbers of the article.  Section 6 is not in the article: it adds what the article
 * omits.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "file/figure_folder.h"
#include "draw/json.h"
#include "draw/terminal.h"
#include "option/nearest.h"
#include "tutorial/sections.h"

typedef struct section {
	const char *number, *title;
	int (*run)(lesson *l); /* NULL: the title of a chapter */
	int takes_activation;
	const char *figures; /* their names, F for that of f; NULL: none */
} section;

static const section sections[] = {
	{"1", "What are artificial neural networks?", section_1, 0, NULL},
	{"2", "The structure of a network", NULL, 0, NULL},
	{"2.1", "The artificial neuron", section_2_1, 1, "F"},
	{"2.2", "Nodes", section_2_2, 1, "node"},
	{"2.3", "The bias", section_2_3, 1, "simple-node node-with-bias weight bias"},
	{"2.4", "Putting together the structure", section_2_4, 1, "network"},
	{"2.5", "The notation", section_2_5, 1, NULL},
	{"3", "The feed-forward pass", NULL, 0, NULL},
	{"3.1", "A feed-forward example", section_3_1, 1, NULL},
	{"3.2", "A first attempt: loops", section_3_2, 1, NULL},
	{"3.3", "How long the loops take", section_3_3, 1, NULL},
	{"3.4", "Vectorization", section_3_4, 1, NULL},
	{"3.5", "Matrix multiplication", section_3_5, 1, NULL},
	{"4", "Gradient descent and optimization", NULL, 0, NULL},
	{"4.1", "A simple example", section_4_1, 0, "descent"},
	{"4.2", "The cost function", section_4_2, 1, NULL},
	{"4.3", "Gradient descent in networks", section_4_3, 1, NULL},
	{"4.4", "Gradient descent in two dimensions", section_4_4, 0, "contours"},
	{"4.5", "Backpropagation in depth", section_4_5, 1, NULL},
	{"4.6", "Propagating into the hidden layers", section_4_6, 1, "many-outputs deltas"},
	{"4.7", "Vectorization of backpropagation", section_4_7, 1, NULL},
	{"4.8", "The gradient descent step", section_4_8, 1, NULL},
	{"4.9", "The final algorithm", section_4_9, 1, "cost"},
	{"5", "Handwritten digits", NULL, 0, NULL},
	{"5.1", "Scaling the data", section_5_1, 0, NULL},
	{"5.2", "Rows to train and rows to test", section_5_2, 0, NULL},
	{"5.3", "The output layer", section_5_3, 0, NULL},
	{"5.4", "Training the network", section_5_4, 0, "cost"},
	{"5.5", "The accuracy", section_5_5, 0, "mistakes"},
	{"6", "What the article does not say", section_6, 0, NULL},
};

enum { SECTIONS = sizeof sections / sizeof *sections };

static void list_sections(void)
{
	for (int i = 0; i < SECTIONS; i++) {
		const section *s = &sections[i];
		int chapter = !strchr(s->number, '.');

		printf("%s%s%-5s %s%s\n", chapter ? bold(stdout) : "", chapter ? "" : "  ",
		       s->number, s->title, chapter ? plain(stdout) : "");
	}
	printf("\nhebb tutorial 3.2    one section     hebb tutorial 4     a chapter\n"
	       "hebb tutorial all    all of it       hebb tutorial --help   more\n");
}

/* Whether a section is to be shown: by its number, by its chapter, or by "all". */
static int is_asked(const section *s, const char *which)
{
	size_t length = strlen(which);

	return strcmp(which, "all") == 0 || strcmp(which, s->number) == 0 ||
	       (strncmp(which, s->number, length) == 0 && s->number[length] == '.');
}

static int count_asked(const char *which)
{
	int count = 0;

	for (int i = 0; i < SECTIONS; i++)
		count += sections[i].run && is_asked(&sections[i], which);
	return count;
}

/* One object for each section, under its number. */
static int tell_section(lesson *l, const section *s, json_t *all)
{
	json_t *numbers = NULL;

	if (all && !(numbers = json_object()))
		return fail(NULL, "out of memory");
	l->numbers = numbers;
	if (numbers)
		json_object_set_new(numbers, "title", json_string(s->title));
	begin_section(l, s->number, s->title);
	int status = s->run(l);
	if (numbers)
		json_object_set_new(all, s->number, numbers);
	return status;
}

static int tell_sections(lesson *l, const char *which, json_t *all)
{
	int status = EXIT_DONE;

	for (int i = 0; i < SECTIONS && status == EXIT_DONE && !l->stopped; i++) {
		const section *s = &sections[i];

		if (!s->run || !is_asked(s, which))
			continue;
		status = tell_section(l, s, all);
		if (status == EXIT_DONE && strcmp(which, s->number) != 0)
			wait_for_key(l);
	}
	return status;
}

/* Checks the figure of a section. */
static int check_figure(const options *given, const char *number, const char *name, size_t length)
{
	char file[256];

	snprintf(file, sizeof file, "%s-%.*s", number, (int)length, name);
	return figure_check(given, file);
}

/* Checks all figures that the chosen sections will write. */
static int check_figures(const options *given, const char *which, const char *f)
{
	int status = EXIT_DONE;

	for (int i = 0; i < SECTIONS; i++) {
		const section *s = &sections[i];
		const char *name = s->figures && is_asked(s, which) ? s->figures : "";

		while (*name && status == EXIT_DONE) {
			size_t length = strcspn(name, " ");
			int is_f = length == 1 && *name == 'F';

			status = check_figure(given, s->number, is_f ? f : name,
					      is_f ? strlen(f) : length);
			name += length + strspn(name + length, " ");
		}
	}
	return status;
}

/* Compares what was typed with a title and with each end of it that begins with a word, of which a
 * beginning is near: "backprop" is near "Vectorization of backpropagation". */
static void compare_title(nearest *suggestions, const char *title)
{
	for (const char *words = title; words; words = strchr(words, ' ')) {
		words += *words == ' ';
		nearest_compare(suggestions, words);
	}
}

/* The section whose title is nearest; NULL: there is none. */
static const section *nearest_section(const char *typed)
{
	const section *result = NULL;
	int least = 0;

	for (int i = 0; i < SECTIONS && typed[strspn(typed, "0123456789.")]; i++) {
		nearest suggestions = {.typed = typed};

		compare_title(&suggestions, sections[i].title);
		if (suggestions.count && (!result || suggestions.distance[0] < least)) {
			result = &sections[i];
			least = suggestions.distance[0];
		}
	}
	return result;
}

static int unknown_section(const char *typed)
{
	const section *s = nearest_section(typed);

	if (s)
		return misuse(typed, "there is no such section; did you mean %s, %s?", s->number,
			      s->title);
	return misuse(typed, "there is no such section; 'hebb tutorial' lists them");
}

/* Refuses options that contradict each other. */
static int check_call(const options *given, const char *which)
{
	if (!which && (option_given(given, OPT_FIGURES) || given->json || given->step))
		return misuse("tutorial", "name a section, such as 3.2, a chapter, or all");
	if (which && count_asked(which) == 0)
		return unknown_section(which);
	if (option_given(given, OPT_FIGURES) && strcmp(given->figures, "-") == 0)
		return misuse("--figures", "the figures are several files, and standard output "
					   "takes one; name a folder");
	if (given->step && given->json)
		return misuse("--step", "waits for a key, and --json prints without waiting; leave "
					"one of them out");
	if (given->step && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return misuse("--step",
			      "waits for a key, and standard input or output is not a terminal");
	return EXIT_DONE;
}

/* Notes options that change nothing in the chosen sections. */
static void note_idle_options(const options *given, const char *which)
{
	int activation = 0, digits = 0;

	for (int i = 0; i < SECTIONS; i++) {
		activation |= sections[i].takes_activation && is_asked(&sections[i], which);
		digits |= sections[i].number[0] >= '5' && is_asked(&sections[i], which);
	}
	if (option_given(given, OPT_ACTIVATION) && !activation)
		note("section %s has no activation to choose; --activation changes nothing here",
		     which);
	if (option_given(given, OPT_SEED) && !digits)
		note("--seed is for chapters 5 and 6; it changes nothing here");
	if (option_given(given, OPT_REPEAT) && !is_asked(&sections[SECTIONS - 1], which))
		note("--repeat is for section 6; it changes nothing here");
}

int run_tutorial(options *given)
{
	const char *which = given->operands > 0 ? given->operand[0] : NULL;
	lesson l = {.given = given, .f = HEBB_SIGMOID};
	int status = check_call(given, which);

	if (status != EXIT_DONE)
		return status;
	if (!which) {
		list_sections();
		return EXIT_DONE;
	}
	if (option_given(given, OPT_ACTIVATION))
		l.f = (hebb_activation)given->study.activation;
	note_idle_options(given, which);
	if (option_given(given, OPT_FIGURES))
		status = figure_folder(given->figures);
	if (option_given(given, OPT_FIGURES) && status == EXIT_DONE)
		status = check_figures(given, which, hebb_activation_name(l.f));
	json_t *all = given->json && status == EXIT_DONE ? json_object() : NULL;
	if (status == EXIT_DONE)
		status = tell_sections(&l, which, all);
	digits_free(l.digits);
	if (status == EXIT_DONE && all)
		return print_json(all);
	json_decref(all);
	return status;
}
