/* SPDX-License-Identifier: MIT */
/*
 * tutorial.c - hebb tutorial: the sections of the tutorial, one, some or all
 *
 * The sections are in tutorial/, one file for each chapter or half of a chapter.  They are listed
 * here with the numbers of the article.  Chapters 6 and 7 are not in the article: they add what it
 * omits, and what came after it.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "file/figure_folder.h"
#include "draw/json.h"
#include "draw/page.h"
#include "draw/pager.h"
#include "draw/terminal.h"
#include "option/nearest.h"
#include "option/option_table.h"
#include "tutorial/exercises.h"
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
	{"7", "What comes after", NULL, 0, NULL},
	{"7.1", "A better start", section_7_1, 0, "cost"},
	{"7.2", "Softmax and cross-entropy", section_7_2, 0, "cost"},
	{"7.3", "Mini-batches", section_7_3, 0, "cost"},
	{"7.4", "Adam", section_7_4, 0, "cost"},
	{"7.5", "Rectified nodes, and more of them", section_7_5, 0, "cost"},
	{"7.6", "Dropout", section_7_6, 0, "cost"},
	{"7.7", "All of it", section_7_7, 0, "cost"},
};

enum { SECTIONS = sizeof sections / sizeof *sections };

static void list_titles(void)
{
	for (int i = 0; i < SECTIONS; i++) {
		const section *s = &sections[i];
		int chapter = !strchr(s->number, '.');

		printf("%s%s%-5s %s%s\n", chapter ? bold(stdout) : "", chapter ? "" : "  ",
		       s->number, s->title, chapter ? plain(stdout) : "");
	}
}

static void list_sections(void)
{
	list_titles();
	if (page_columns() >= PAGE_STANDARD)
		printf("\nhebb tutorial 3.2    one section     hebb tutorial 4     a chapter\n"
		       "hebb tutorial all    all of it       hebb tutorial --help   more\n");
	else
		printf("\nhebb tutorial 3.2      one section\nhebb tutorial 4        a chapter\n"
		       "hebb tutorial all      all of it\nhebb tutorial --help   more\n");
}

/* Whether a section is to be shown: by its number, by its chapter, or by "all". */
static int is_number_asked(const char *number, const char *which)
{
	size_t length = strlen(which);

	return strcmp(which, "all") == 0 || strcmp(which, number) == 0 ||
	       (strncmp(which, number, length) == 0 && number[length] == '.');
}

static int is_asked(const section *s, const char *which)
{
	return is_number_asked(s->number, which);
}

static int count_asked(const char *which)
{
	int count = 0;

	for (int i = 0; i < SECTIONS; i++)
		count += sections[i].run && is_asked(&sections[i], which);
	return count;
}

/* The section of a number, or the first one of a chapter; SECTIONS: there is none. */
static int section_at(const char *number)
{
	int i = 0;

	while (i < SECTIONS && (!sections[i].run || !is_asked(&sections[i], number)))
		i++;
	return i;
}

static int section_exists(const char *number)
{
	return section_at(number) < SECTIONS;
}

/* ---- Telling --------------------------------------------------------------------------------- */

/* Which knobs the section has, where people read it. */
static void show_knobs(lesson *l, const section *s)
{
	char text[256] = "";
	size_t length = 0;

	if (!is_printing(l))
		return;
	for (const knob *k = knobs; k->section; k++)
		if (strcmp(k->section, s->number) == 0)
			length += (size_t)snprintf(text + length, sizeof text - length, "%s--%s",
						   length ? ", " : "", option_table[k->id].name);
	if (s->takes_activation)
		length += (size_t)snprintf(text + length, sizeof text - length, "%s--activation",
					   length ? ", " : "");
	if (length)
		prose(l, "To change: %s (hebb tutorial %s --help)", text, s->number);
	if (length)
		blank(l);
}

/* All that belongs to a section. */
static int run_section(lesson *l, const section *s)
{
	int status;

	begin_section(l, s->number, s->title);
	status = s->run(l);
	if (status != EXIT_DONE)
		return status;
	show_code(l);
	show_exercises(l);
	show_knobs(l, s);
	return EXIT_DONE;
}

/* On a narrow page the figures of --figures are made apart, in their full width. */
static int write_figures(lesson *l, const section *s)
{
	int status;

	if (!option_given(l->given, OPT_FIGURES) || l->numbers || figure_room(l) == FIGURE_MOST)
		return EXIT_DONE;
	l->silent = 1;
	status = run_section(l, s);
	l->silent = 0;
	return status;
}

/* One object for each section, under its number. */
static int tell_section(lesson *l, const section *s, json_t *all)
{
	json_t *numbers = NULL, *given;

	if (all && !(numbers = json_object()))
		return fail(NULL, "out of memory");
	l->numbers = numbers;
	if (numbers)
		json_object_set_new(numbers, "title", json_string(s->title));
	int status = write_figures(l, s);
	if (status == EXIT_DONE)
		status = run_section(l, s);
	if (numbers && (given = knobs_json(l->given, s->number)))
		json_object_set_new(numbers, "knobs", given);
	if (numbers)
		json_object_set_new(all, s->number, numbers);
	return l->misused ? EXIT_MISUSED : status;
}

/* The next section in a direction, 1 or -1, among all; SECTIONS: there is none. */
static int neighbor(int i, int direction)
{
	do
		i += direction;
	while (i >= 0 && i < SECTIONS && !sections[i].run);
	return i < 0 ? SECTIONS : i;
}

/* The section that the reader goes to from section i; SECTIONS: the end.  l->skip gets the pauses
 * to pass there. */
static int go_on(lesson *l, int i, const char *which)
{
	int next = i;

	l->skip = 0;
	switch (l->leaving ? l->wish : WISH_ON) {
	case WISH_END:
		return SECTIONS;
	case WISH_SECTION:
		return section_at(l->wanted);
	case WISH_NEXT:
		return neighbor(i, 1);
	case WISH_BACK:
		l->skip = l->steps > 0 ? l->steps - 1 : 0;
		if (l->steps > 0)
			return i;
		next = neighbor(i, -1);
		return next < SECTIONS ? next : i;
	case WISH_EARLIER:
		next = neighbor(i, -1);
		return next < SECTIONS ? next : i;
	default:
		next = neighbor(i, 1);
		return next < SECTIONS && is_asked(&sections[next], which) ? next : SECTIONS;
	}
}

static int tell_sections(lesson *l, const char *which, json_t *all)
{
	int status = EXIT_DONE;

	for (int i = section_at(which); i < SECTIONS && status == EXIT_DONE;) {
		l->leaving = 0;
		status = tell_section(l, &sections[i], all);
		if (status == EXIT_DONE)
			wait_for_key(l);
		i = go_on(l, i, which);
	}
	return status;
}

/* ---- Checks ---------------------------------------------------------------------------------- */

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

static int any_knob(const options *given)
{
	for (int id = OPT_OWN_X; id <= OPT_OWN_L2; id++)
		if (option_given(given, (option_id)id))
			return 1;
	return 0;
}

/* Refuses options that contradict each other. */
static int check_call(const options *given, const char *which)
{
	if (!which && (option_given(given, OPT_FIGURES) || given->json || given->step ||
		       option_given(given, OPT_CODE) || any_knob(given)))
		return misuse("tutorial", "name a section, such as 3.2, a chapter, or all");
	if (which && count_asked(which) == 0)
		return unknown_section(which);
	if (option_given(given, OPT_FIGURES) && strcmp(given->figures, "-") == 0)
		return misuse("--figures", "the figures are several files, and standard output "
					   "takes one; name a folder");
	if (given->step && given->json)
		return misuse("--step", "waits for a key, and --json prints without waiting; leave "
					"one of them out");
	if (given->step && option_given(given, OPT_OWN_VALUES) &&
	    strcmp(given->argument[OPT_OWN_VALUES], "-") == 0)
		return misuse("--step",
			      "reads keys from standard input, and --values reads numbers "
			      "there; name a file");
	if (option_given(given, OPT_CODE) && (given->json || given->step))
		return misuse("--code", "prints only a program; leave %s out",
			      given->json ? "--json" : "--step");
	return which ? check_knobs(given, which, is_number_asked) : EXIT_DONE;
}

/* Notes options that change nothing in the chosen sections. */
static void note_idle_options(const options *given, const char *which)
{
	int activation = 0, digits = 0, repeated = 0;

	for (int i = 0; i < SECTIONS; i++) {
		activation |= sections[i].takes_activation && is_asked(&sections[i], which);
		digits |=
			(sections[i].number[0] >= '5' || strcmp(sections[i].number, "4.9") == 0) &&
			is_asked(&sections[i], which);
		repeated |= sections[i].number[0] >= '6' && is_asked(&sections[i], which);
	}
	if (option_given(given, OPT_ACTIVATION) && !activation)
		note("section %s has no activation to choose; --activation changes nothing here",
		     which);
	if (option_given(given, OPT_SEED) && !digits)
		note("--seed is for section 4.9 and chapters 5 to 7; it changes nothing here");
	if (option_given(given, OPT_REPEAT) && !repeated)
		note("--repeat is for chapters 6 and 7; it changes nothing here");
}

/* The program of the section, and nothing else. */
static int tell_code(const options *given, const char *which)
{
	int i = section_at(which);

	if (count_asked(which) != 1)
		return misuse("--code", "name one section, such as 3.2");
	if (!print_code(sections[i].number, given->code))
		return fail("--code", "section %s has no program", which);
	if (given->own)
		note("the program has the section's own numbers; change them in it");
	return EXIT_DONE;
}

int print_section_help(const char *which)
{
	char formula[512];
	int first = section_at(which);

	if (first == SECTIONS)
		return unknown_section(which);
	for (int i = first; i < SECTIONS; i++) {
		const section *s = &sections[i];

		if (!s->run || !is_asked(s, which))
			continue;
		printf("%s%s%s  %s%s\n", i > first ? "\n" : "", bold(stdout), s->number, s->title,
		       plain(stdout));
		int knobs_shown = print_knobs(s->number);
		if (s->takes_activation)
			page_row(stdout, "  -a, --activation NAME",
				 "the activation of all nodes [sigmoid]", 27);
		if (s->number[0] >= '5' || strcmp(s->number, "4.9") == 0)
			page_row(stdout, "  -s, --seed S", "seed of all that is drawn [1]", 27);
		if (s->number[0] >= '6')
			page_row(stdout, "      --repeat N", "runs, each with another seed [1]",
				 27);
		if (!knobs_shown && !s->takes_activation)
			page_paragraph(stdout, "  It has no numbers to change.", 0);
	}
	snprintf(formula, sizeof formula,
		 "\nAlso --step, --answers, --code python|c, --figures DIR, --json: 'hebb tutorial "
		 "--help' has all options.");
	page_paragraph(stdout, formula, 0);
	return EXIT_DONE;
}

/* The sections, to a pager if they are for a person. */
static int tell_all(lesson *l, const char *which)
{
	json_t *all = l->given->json ? json_object() : NULL;
	int status;

	if (l->given->json && !all)
		return fail(NULL, "out of memory");
	l->page = all ? PAGE_STANDARD : page_columns();
	if (!all && !l->given->step)
		l->paged = pager_begin();
	status = tell_sections(l, which, all);
	table_empty(&l->rows); /* of a section that failed */
	pager_end();
	if (status == EXIT_DONE && all)
		return print_json(all);
	json_decref(all);
	return status;
}

int run_tutorial(options *given)
{
	const char *which = given->operands > 0 ? given->operand[0] : NULL;
	lesson l = {.given = given,
		    .f = HEBB_SIGMOID,
		    .contents = list_titles,
		    .exists = section_exists};
	int status = check_call(given, which);

	if (status != EXIT_DONE)
		return status;
	if (!which) {
		list_sections();
		return EXIT_DONE;
	}
	if (option_given(given, OPT_CODE))
		return tell_code(given, which);
	if (option_given(given, OPT_ACTIVATION))
		l.f = (hebb_activation)given->study.activation;
	note_idle_options(given, which);
	if (option_given(given, OPT_OWN_VALUES))
		status = own_values_read(given->argument[OPT_OWN_VALUES], &l.own);
	if (option_given(given, OPT_FIGURES) && status == EXIT_DONE)
		status = figure_folder(given->figures);
	if (option_given(given, OPT_FIGURES) && status == EXIT_DONE)
		status = check_figures(given, which, hebb_activation_name(l.f));
	if (status == EXIT_DONE)
		status = tell_all(&l, which);
	digits_free(l.digits);
	ladder_free(l.ladder);
	return status;
}
