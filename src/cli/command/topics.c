/* SPDX-License-Identifier: MIT */
/*
 * topics.c - hebb help TOPIC
 *
 * The names and formulas are the library's, so that what it learns is explained.
 */
#include "topics.h"

#include <stdio.h>
#include <string.h>

#include "draw/page.h"
#include "draw/terminal.h"
#include "finding_topics.h"
#include "help.h"
#include "hebb_io.h"
#include "option/nearest.h"
#include "option/other_names.h"

enum { HEAD_ROOM = 80, INDENT = 18, TEXT_ROOM = 1024 };

static void paragraph(const char *text)
{
	page_paragraph(stdout, text, 0);
}

static void title(const char *text)
{
	page_title(stdout, text);
}

static void row(const char *name, const char *text)
{
	char head[HEAD_ROOM];

	snprintf(head, sizeof head, "  %s", name);
	page_row(stdout, head, text, INDENT);
}

/* ---- Names and formulas of the library ---- */

#define FORMULAS(type) \
	static void print_##type##_formulas(void) \
	{ \
		for (int i = 1; hebb_##type##_name((hebb_##type)i); i++) \
			row(hebb_##type##_name((hebb_##type)i), \
			    hebb_##type##_formula((hebb_##type)i)); \
	}
FORMULAS(loss)
FORMULAS(rule)
FORMULAS(schedule)
FORMULAS(start)

static void print_activations(void)
{
	char text[TEXT_ROOM];

	title("Activations: the output h = f(z) of a unit with the weighted sum z, and the slope "
	      "f'(z)");
	printf("\n");
	for (int i = 1; hebb_activation_name((hebb_activation)i); i++) {
		hebb_activation f = (hebb_activation)i;
		const char *slope = hebb_activation_slope(f);

		snprintf(text, sizeof text, "%s%s%s", hebb_activation_formula(f),
			 slope ? "\nslope " : "", slope ? slope : "");
		row(hebb_activation_name(f), text);
	}
	printf("\n");
	paragraph(
		"--activation (-a) sets the activation of the hidden layers, --output that of the "
		"last layer: softmax for classes, sigmoid for independent labels, linear for "
		"numbers, exp for counts.");
}

static void print_losses(void)
{
	title("Losses: the cost J of a row with outputs h and targets y");
	printf("\n");
	print_loss_formulas();
	printf("\n");
	paragraph("Training lowers the mean of J over the rows, plus the penalties of --l1 and "
		  "--l2. --loss sets the loss: cross-entropy for classes; squared for numbers, or "
		  "absolute or huber if there are outliers; poisson for counts.");
}

static void print_optimizers(void)
{
	hebb_recipe recipe = hebb_recipe_default();
	char text[TEXT_ROOM];

	title("Optimizers: how an update changes a weight w with the gradient g");
	printf("\n");
	print_rule_formulas();
	printf("\n");
	snprintf(text, sizeof text,
		 "rate comes from --rate (-r) and --schedule; momentum is %g, beta1 %g, beta2 %g, "
		 "rho %g, epsilon %g; t counts the updates. In lbfgs, H is the inverse of the "
		 "matrix of second derivatives, estimated from the last steps, and a is the length "
		 "of the step, found by a line search. --optimizer sets the optimizer. adamw is "
		 "adam with --weight-decay. rprop and lbfgs take all rows in one batch, and are "
		 "made for small data.",
		 recipe.momentum, recipe.beta1, recipe.beta2, recipe.rho, recipe.epsilon);
	paragraph(text);
}

static void print_schedules(void)
{
	title("Schedules: the learning rate of update t = 0, 1, ... of the T updates of a run");
	printf("\n");
	print_schedule_formulas();
	printf("\n");
	paragraph("--schedule sets the schedule. rate, decay, stages and plateau are the options "
		  "with these names. With --warmup X the rate first rises from 0 during the share "
		  "X of the run; the schedule applies to the rest.");
}

static void print_starts(void)
{
	title("Starts: the initial weights W of a layer with n inputs and m units; b is 0");
	printf("\n");
	print_start_formulas();
	printf("\n");
	paragraph("--init sets the start. --seed (-s) decides which numbers are drawn.");
}

/* ---- Pages of text ---- */

static void print_formats(void)
{
	title("Formats that hebb reads; it recognizes them by content, not by name");
	printf("\n");
	row("digits", "the word digits itself: 1,797 built-in images of handwritten digits, 8 x 8 "
		      "pixels");
	row("CSV",
	    "text, one row per line. Commas, semicolons, tabs, bars and blanks are recognized "
	    "as separators; fields may be quoted, \"a \"\"b\"\"\". Lines that begin with # or "
	    "% and are no rows are comments. The first line is a header if it has text above a "
	    "column of numbers, or texts alone that occur nowhere below; --header yes or no "
	    "overrides this. Text that is not UTF-8 is read as Latin-1, or as UTF-16 if it "
	    "has its mark. Columns of texts become one input for each text. Empty fields, NA, "
	    "n/a, nan, null and ? are missing values: the mean takes their place, unless --missing "
	    "says otherwise");
	row("IDX",
	    "images and labels in the format of MNIST, with unsigned bytes only: a folder or "
	    "prefix with train-images-idx3-ubyte and train-labels-idx1-ubyte. The t10k-... files, "
	    "if they exist, are the test rows");
	row("gzip", "any of these, compressed");
	row("-", "any of these from standard input");
	row("ONNX", "a model that Hebb has written; the models of other programs are not read");
	row("safetensors", "a checkpoint of Hebb's, for --resume and hebb inspect");
	printf("\n");
	paragraph(
		"Excel, Parquet, NumPy, SQLite and others are recognized and refused by name: save "
		"them as CSV. 'hebb inspect FILE' says what a file is.");
}

const definition exit_statuses[] = {
	{"0", "it succeeded"},
	{"1",
	 "it failed; the last line on standard error begins with \"hebb:\" and says where and why"},
	{"2", "the command line is wrong; nothing was written"},
	{"141", "(SIGPIPE) the program that reads the output has ended, as in hebb predict ... | "
		"head; there is no message. Training and search save their model first"},
	{NULL, NULL},
};

static void print_definitions(const definition *list)
{
	for (; list->name; list++)
		row(list->name, list->meaning);
}

static void print_exit(void)
{
	title("Exit statuses");
	printf("\n");
	print_definitions(exit_statuses);
	printf("\n");
	paragraph("hebb check exits with 1 only if training would fail, not for warnings. After "
		  "Ctrl-C, a training saves a checkpoint and prints the command that resumes it.");
}

const definition environment_variables[] = {
	{"HEBB_KERNELS",
	 "the instruction set to use, avx512, avx2, neon, muladd or scalar, instead "
	 "of the best that the machine has; the results are the same, those of "
	 "muladd but for the last bits"},
	{"NO_COLOR", "if it is set, terminal output has no colors"},
	{"TERM", "if it is dumb, there are no colors and no progress line, and --plot draws only "
		 "at the end"},
	{"COLUMNS", "the width of the help pages; by default that of the terminal"},
	{"HEBB_PLOT",
	 "what --plot draws with: braille, blocks or ascii; auto, the default, is braille, blocks "
	 "on the console of Linux, and ascii where UTF-8 cannot be shown. If it is set, the plot "
	 "is printed in a pipe too"},
	{"LC_ALL",
	 "(or LC_CTYPE, LANG) if it ends in UTF-8, Greek letters and other symbols are shown as "
	 "they are, else in ASCII. Nothing else depends on it"},
	{"TMPDIR", "where a model is written if it can be written neither to its file nor to the "
		   "current folder; by default /tmp"},
	{"SOURCE_DATE_EPOCH", "the date in the manual page of hebb --man"},
	{NULL, NULL},
};

static void print_environment(void)
{
	title("Environment variables");
	printf("\n");
	print_definitions(environment_variables);
}

/* ---- Names of other tools ---- */

/* Names between blanks as "--a, --b, --c". */
static void print_names(const char *names, const char *prefix)
{
	char text[TEXT_ROOM];
	size_t length = 0;

	while (*names && length < sizeof text) {
		int letters = (int)strcspn(names, " ");

		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s%.*s",
					   length ? ", " : "", prefix, letters, names);
		names += letters;
		names += *names == ' ';
	}
	page_paragraph(stdout, text, 6);
}

static void print_other_names(void)
{
	char text[TEXT_ROOM];

	paragraph("The names of other tools for Hebb's commands, options and values. Hebb refuses "
		  "these names, in upper or lower case and with - or _, and says its own.");
	printf("\n");
	title("Commands");
	for (const other_command *each = other_commands; each->names; each++) {
		printf("  hebb %s\n", each->command);
		print_names(each->names, "");
	}
	printf("\n");
	title("Options");
	for (const other_option *each = other_options; each->names; each++) {
		page_paragraph(stdout, other_option_of_row(each, text, sizeof text), 2);
		print_names(each->names, "--");
	}
	printf("\n");
	title("Values");
	for (const other_value *each = other_values; each->names; each++) {
		printf("  --%s %s\n", option_table[each->id].name, each->value);
		print_names(each->names, "");
	}
}

/* ---- Findings ---- */

/* A text of Markdown without its backticks. */
static char *plain_text(const char *markdown, char *text, size_t size)
{
	size_t length = 0;

	for (; *markdown && length + 1 < size; markdown++)
		if (*markdown != '`')
			text[length++] = *markdown;
	text[length] = '\0';
	return text;
}

static void print_part_of_finding(const char *name, const char *markdown)
{
	char text[TEXT_ROOM];

	printf("\n");
	title(name);
	page_paragraph(stdout, plain_text(markdown, text, sizeof text), 2);
}

static void print_finding(const finding_topic *finding)
{
	printf("%s%s%s, a finding of hebb check\n", bold(stdout), finding->code, plain(stdout));
	print_part_of_finding("How severe", finding->severity);
	print_part_of_finding("What it means", finding->meaning);
	print_part_of_finding("What to try", finding->advice);
	printf("\n");
	paragraph("'hebb check DATA' reports this finding, with numbers, if your data has it.");
}

static void print_findings(void)
{
	char text[TEXT_ROOM];

	title("Findings of hebb check, train and search, by their codes");
	printf("\n");
	for (const finding_topic *each = finding_topics; each->code; each++) {
		char head[HEAD_ROOM];

		snprintf(head, sizeof head, "  %s", each->code);
		page_row(stdout, head, plain_text(each->meaning, text, sizeof text), 28);
	}
	printf("\n");
	paragraph("'hebb help CODE' explains one of them and says what to try.");
}

/* ---- The table ---- */

const topic topics[] = {
	{"activations", "the activations, with formulas", print_activations},
	{"losses", "the losses, with formulas", print_losses},
	{"optimizers", "the optimizers, with formulas", print_optimizers},
	{"schedules", "how the rate changes over a run, with formulas", print_schedules},
	{"starts", "the initial weights, with formulas", print_starts},
	{"formats", "which formats are read, and how they are recognized", print_formats},
	{"findings", "what hebb check finds; hebb help CODE explains one", print_findings},
	{"names", "the names of other tools for Hebb's options", print_other_names},
	{"exit", "exit statuses", print_exit},
	{"environment", "environment variables", print_environment},
	{NULL, NULL, NULL},
};

void print_topics(void)
{
	char text[TEXT_ROOM];
	size_t length = 0;

	title("Topics");
	for (const topic *each = topics; each->name; each++)
		row(each->name, each->summary);
	printf("\n");
	title("Findings of hebb check");
	for (const finding_topic *each = finding_topics; each->code && length < sizeof text; each++)
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
					   length ? " " : "", each->code);
	page_paragraph(stdout, text, 2);
	printf("\n");
	paragraph("An option is a topic too: hebb help --rate");
}

/* The page of an option. */
static void print_option_topic(const option_row *option)
{
	char text[HEAD_ROOM + TEXT_ROOM] = "An option of";
	const char *gap = " ";

	print_option(option);
	for (const command *each = commands; each->name; each++) {
		size_t length = strlen(text);

		if (!(option->commands & each->bit))
			continue;
		snprintf(text + length, sizeof text - length, "%s%s", gap, each->name);
		gap = ", ";
	}
	printf("\n");
	strcat(text, ".");
	paragraph(text);
}

/* Says which topic was probably meant.  An option counts if it is nearer than all else, or if the
 * name has its dashes. */
static int unknown_topic(const char *name)
{
	const char *letters = name + strspn(name, "-"),
		   *command_meant = other_command_find(name, 0);
	nearest like = {.typed = name}, option = {.typed = letters};
	char list[256];

	if (other_option_sentence(letters, 0, NULL, list, sizeof list))
		return misuse(name, "there is no such topic; %s", list);
	if (command_meant)
		return misuse(name, "there is no such topic; did you mean %s?", command_meant);
	for (const command *each = commands; each->name; each++)
		nearest_compare(&like, each->name);
	for (const topic *each = topics; each->name; each++)
		nearest_compare(&like, each->name);
	for (const finding_topic *each = finding_topics; each->code; each++)
		nearest_compare(&like, each->code);
	for (int id = 0; id < OPTION_COUNT; id++)
		nearest_compare(&option, option_table[id].name);
	if (option.count &&
	    (!like.count || name[0] == '-' || option.distance[0] < like.distance[0]))
		return misuse(name, "there is no such topic; did you mean --%s?", option.name[0]);
	if (like.count)
		return misuse(name, "there is no such topic; did you mean %s?",
			      nearest_list(&like, list, sizeof list));
	if (other_option_sentence(letters, 1, NULL, list, sizeof list))
		return misuse(name, "there is no such topic; %s", list);
	return misuse(name, "there is no such topic; 'hebb help' lists them");
}

/* The options of a name, with or without dashes, or of a letter such as -r, which two commands may
 * use for options of their own; returns how many there are. */
static int print_option_topics(const char *name)
{
	char letter = name[0] == '-' && name[1] != '-' && !name[2] ? name[1] : '\0';
	int count = 0;

	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *option = &option_table[id];

		if (letter ? option->letter != letter
			   : strcmp(option->name, name + strspn(name, "-")) != 0)
			continue;
		fputs(count++ ? "\n" : "", stdout);
		print_option_topic(option);
	}
	return count;
}

int print_topic(const char *name)
{
	for (const command *each = commands; each->name; each++)
		if (strcmp(each->name, name) == 0) {
			print_command_help(each);
			return EXIT_DONE;
		}
	for (const topic *each = topics; each->name; each++)
		if (strcmp(each->name, name) == 0) {
			each->print();
			return EXIT_DONE;
		}
	for (const finding_topic *each = finding_topics; each->code; each++)
		if (strcmp(each->code, name) == 0) {
			print_finding(each);
			return EXIT_DONE;
		}
	return print_option_topics(name) ? EXIT_DONE : unknown_topic(name);
}
