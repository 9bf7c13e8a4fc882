/* SPDX-License-Identifier: MIT */
/*
 * main.c - the hebb command: finds the subcommand and runs it
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/commands.h"
#include "command/help.h"
#include "command/pages.h"
#include "command/topics.h"
#include "draw/terminal.h"
#include "option/command_line.h"
#include "option/nearest.h"
#include "option/other_names.h"

static const char *const train_examples[][2] = {
	{"hebb train digits", "built-in handwritten digits; writes digits.onnx"},
	{"hebb train iris.csv --target species -l 30,20 -s 7", "two hidden layers, another seed"},
	{"hebb train sales.csv --target price --validation 0.1 --patience 20",
	 "stop when the validation loss no longer falls"},
	{"hebb train big.csv -e 500 --checkpoint big.safetensors",
	 "after a power cut: --resume big.safetensors"},
	{"hebb train digits --recipe tutorial --repeat 20 --json",
	 "the tutorial's program, 20 times"},
	{"hebb train digits --folds 5", "cross-validation; the model is trained on all rows"},
	{"hebb train digits --report digits.html", "the results as a page for a browser, too"},
	{"zcat data.csv.gz | hebb train - --test last:100 -o model.onnx", "from standard input"},
	{NULL, NULL},
};

static const char *const search_examples[][2] = {
	{"hebb search digits --trials 20",
	 "the usual settings; writes digits.onnx, digits-search.csv"},
	{"hebb search iris.csv --layers 32/64/64,32 --rate 0.0001..0.1 --folds 5",
	 "widths from a list, a rate from an interval, scored over 5 folds"},
	{"hebb search digits --strategy halving --trials 81 --time 10m",
	 "many short trials, few long ones; no new trial after ten minutes"},
	{"hebb search sales.csv --target price --optimizer adam/adamw --dropout 0..0.5",
	 "searches optimizer and dropout; run again, it continues"},
	{NULL, NULL},
};

static const char *const evaluate_examples[][2] = {
	{"hebb evaluate digits.onnx digits --part test", "the rows that training held out"},
	{"hebb evaluate iris.onnx new.csv --json", "other data with the same columns"},
	{"hebb evaluate digits.onnx digits --part test --worst 5", "and its worst mistakes"},
	{NULL, NULL},
};

static const char *const explain_examples[][2] = {
	{"hebb explain iris.onnx iris.csv --part test", "how much each column helps"},
	{"hebb explain iris.onnx iris.csv --dependence petal_width", "its effect, as a curve"},
	{"hebb explain iris.onnx iris.csv --shapley 107", "why row 107 got its class"},
	{"hebb explain digits.onnx digits --gradients 3", "which pixels spoke for the digit"},
	{NULL, NULL},
};

static const char *const predict_examples[][2] = {
	{"hebb predict iris.onnx new.csv > result.csv", "class and probabilities of each row"},
	{"hebb predict digits.onnx digits --classes-only | sort | uniq -c",
	 "how often each class comes out"},
	{NULL, NULL},
};

static const char *const inspect_examples[][2] = {
	{"hebb inspect digits.onnx", "layers, inputs, classes, how it was trained"},
	{"hebb inspect iris.csv", "columns, their kinds and ranges, missing values"},
	{NULL, NULL},
};

static const char *const check_examples[][2] = {
	{"hebb check digits -a gelu -l 30,20",
	 "the gradient of the network that train would begin with"},
	{"hebb check churn.csv --class-weights balanced", "problems in the data and the options"},
	{"hebb check digits.onnx digits",
	 "a trained network: dead units, scores of simple predictors"},
	{NULL, NULL},
};

static const char *const report_examples[][2] = {
	{"hebb report a.onnx b.onnx", "what two models scored, and which options differ"},
	{"hebb report *.onnx -o models.html", "a page whose table sorts and filters"},
	{"hebb report results.json --metric log-loss",
	 "what runs with --json >> results.json printed"},
	{NULL, NULL},
};

static const char *const tutorial_examples[][2] = {
	{"hebb tutorial", "the list of sections"},
	{"hebb tutorial 4.6 --step", "backpropagation, one key at a time"},
	{"hebb tutorial 4.1 --rate 0.1 --start 6", "gradient descent with other numbers"},
	{"hebb tutorial 4.1 --help", "which numbers a section takes"},
	{"hebb tutorial 4.6 --values mine.txt", "your own x, y, W and b"},
	{"hebb tutorial 3.2 --code python", "the program of a section"},
	{"hebb tutorial 2.1 --activation tanh", "the same for another f"},
	{"hebb tutorial all --figures figures", "everything, and the figures as SVG files"},
	{"hebb tutorial 6 --repeat 20", "accuracies as means over 20 seeds"},
	{NULL, NULL},
};

static const char *const play_examples[][2] = {
	{"hebb play spirals", "watch a network learn two spirals; ? lists the keys"},
	{"hebb play moons --noise 0.3 -l 4 -a relu", "other points, another network to begin with"},
	{"hebb play iris.csv --inputs petal_length,petal_width",
	 "two columns of a file, and the classes of the last one"},
	{"hebb play circles -e 100 | cat", "without a terminal: the picture after 100 epochs"},
	{"hebb play spirals --save - > spirals.csv", "the points as CSV"},
	{NULL, NULL},
};

static const char *const bench_examples[][2] = {
	{"hebb bench", "the short form, in some seconds"},
	{"hebb bench --full -j 2", "all workloads, with two threads"},
	{"hebb bench W5 --precision bf16", "training that multiplies bf16 numbers"},
	{"hebb bench W5 --full --json", "one workload: W1 to W5, W4a or W6"},
	{"HEBB_KERNELS=avx2 hebb bench", "with another set of kernels"},
	{NULL, NULL},
};

const command commands[] = {
	{"train", TRAIN, 1, 1, "DATA", "train a network, score it on held-out rows, save it",
	 "Splits DATA, scales it by the training rows, trains a network, scores it on the rows "
	 "held out, and saves it as an ONNX model. DATA is digits (built in), a CSV or IDX file, "
	 "a folder or prefix with train-images-idx3-ubyte and train-labels-idx1-ubyte, gzip or "
	 "not, or - for standard input. Defaults are in brackets. After Ctrl-C, SIGTERM, SIGHUP "
	 "or SIGXCPU, training finishes the current step, saves a checkpoint and prints the "
	 "command that resumes. A second Ctrl-C or SIGTERM, at least 0.1 s later, ends the "
	 "program at once. If the model cannot be written to its file, it is written to the "
	 "current folder, $TMPDIR or /tmp, under an unused name, and the exit status is 1.",
	 train_examples, run_train},
	{"search", SEARCH, 1, 1, "DATA", "try many settings of train, save the best model",
	 "Trains networks with settings drawn at random, and scores each on rows that it was not "
	 "trained on: the validation part or, with --folds, every fold in turn. Trains the best "
	 "setting again on all rows except the test part, scores it on the test part, and saves "
	 "the model. In the groups Network and Training, an option that takes a number, a name or "
	 "layers may be a list: --layers 64/128,64/none. A number may also be an interval: --rate "
	 "0.0001..0.01. If its ends differ by a factor of 10 or more, values are drawn on a "
	 "logarithmic scale. Other options are the same in all trials. Without a list or an "
	 "interval, the search varies layers, rate (a tenth to ten times the usual rate), dropout "
	 "and batch, except those that are given. Each trial is written to a table (--table). The "
	 "same command, run again, reads finished trials from the table, also after Ctrl-C.",
	 search_examples, run_search},
	{"evaluate", EVALUATE, 2, 2, "MODEL DATA", "measure a model on labeled data",
	 "Prints how good MODEL is on the rows of DATA, which must contain the target: accuracy "
	 "and its 95 % interval, loss, balanced accuracy, macro F1, ROC AUC, log loss, "
	 "calibration error (15 bins), and the confusion matrix with recall, precision and F1 of "
	 "each class; or rmse, mae and r2 for numbers.",
	 evaluate_examples, run_evaluate},
	{"explain", EXPLAIN, 2, 2, "MODEL DATA", "show which columns a model uses, and how",
	 "Without another option, shows the importance of each column of DATA for MODEL: how much "
	 "the score gets worse if the values of the column are permuted over the rows. "
	 "--dependence shows how the outputs depend on a column; --shapley and --gradients show "
	 "what each column contributes to the outputs of single rows. Only importance needs the "
	 "target. What is explained is the model, which may be wrong about the world.",
	 explain_examples, run_explain},
	{"predict", PREDICT, 2, 2, "MODEL DATA", "predict each row of DATA",
	 "Writes CSV to standard output: a header, then a row for each row of DATA with the class "
	 "and the probability of each class, or the predicted numbers in their units; NaN where "
	 "there is no finite answer. If model and data have column names, columns are found by "
	 "name, in any order, and other columns are ignored; otherwise they are found by "
	 "position. The target is not needed.",
	 predict_examples, run_predict},
	{"inspect", INSPECT, 1, 1, "FILE", "show what a model, a checkpoint or data hold",
	 "Prints what a model, a checkpoint or a data file holds. Hebb recognizes the kind of "
	 "file by its content. A network is drawn with a bar for the width of each layer, and a "
	 "column of data with a histogram; images, and the first weights of a network for images, "
	 "are shown as pictures.",
	 inspect_examples, run_inspect},
	{"check", CHECK, 1, 2, "[MODEL] DATA",
	 "check the gradient, say why a network may not "
	 "learn",
	 "Compares the gradient of the network that train would begin with (or of MODEL) with "
	 "central differences and with double precision, on 16 rows of DATA. Trains a copy of the "
	 "network for up to 50 updates. Scores simple predictors for comparison: the largest "
	 "class or the mean, logistic or linear regression, and the nearest training row, on at "
	 "most 2,000 training and 500 test rows. Then lists what it found in data, options and "
	 "network, with advice. It takes seconds and does not train to the end. If MODEL was "
	 "trained on DATA, it is scored on the rows that training held out. The exit status is 1 "
	 "only if training would fail. 'hebb help CODE' explains a finding. check takes the "
	 "options of train.",
	 check_examples, run_check},
	{"report", REPORT, 1, INT_MAX, "MODEL...", "compare models: scores, options that differ",
	 "Puts models side by side, the best first: the scores on the rows that training held out, "
	 "and the options in which they differ; below, the options that are the same in all. MODEL "
	 "is a model or a checkpoint, which have a record of their training, or a file with what "
	 "train, search or evaluate printed with --json, one or several results in a row. A file "
	 "that cannot be read is named; the others are compared, and the exit status is 1. With "
	 "--page (-o) the comparison is written as a page of HTML that needs no network. Scores "
	 "compare only if they are of the same rows; the comparison says if they are not.",
	 report_examples, run_report},
	{"tutorial", TUTORIAL, 0, 1, "[SECTION|all]",
	 "how networks work, computed section by section",
	 "Shows the neural networks tutorial. Each section has the formula, the computation with "
	 "every intermediate number, the result, and what to remember; all numbers are computed "
	 "when the command runs. SECTION is a section (3.2), a chapter (3) or all; without it, "
	 "the sections are listed. Each section ends with its program in Python and C, and with "
	 "exercises. 'hebb tutorial SECTION --help' lists the numbers that a section takes. On a "
	 "terminal the output goes to $PAGER or less; pages are 50 to 140 columns wide.",
	 tutorial_examples, run_tutorial},
	{"play", PLAY, 1, 1, "DATA", "watch a network learn points in the plane",
	 "Draws what a small network says about each place in the plane while it learns. DATA is "
	 "one of the prepared sets spirals, moons, circles, xor, gaussian, pinwheel (three "
	 "classes) and waves (a number in each place), or a file with two columns of numbers and "
	 "a class or a number in the last column. Keys change the rate, layers, units, "
	 "activation, dropout, weight decay and noise while it runs; ? lists them. When it ends, "
	 "it prints the hebb train command for the same network. Without a terminal, it trains "
	 "--epochs and prints the last picture once. Its defaults are others than those of "
	 "train: -l 16,16 -a tanh -r 0.01 -b 16 --dropout 0 --weight-decay 0 --test 0.3, and -e "
	 "300 without a terminal.",
	 play_examples, run_play},
	{"bench", BENCH, 0, 1, "[WORKLOAD]", "measure the speed of this machine and build",
	 "Measures the peak speed of a thread of this machine, and how close training (W1 to W5; "
	 "W4a is W4 with adam) and prediction (W6) come to it.",
	 bench_examples, run_bench},
	{NULL, 0, 0, 0, NULL, NULL, NULL, NULL, NULL},
};

static const command *command_find(const char *name)
{
	for (const command *row = commands; row->name; row++) {
		if (strcmp(row->name, name) == 0)
			return row;
	}
	return NULL;
}

static int unknown_command(const char *name)
{
	static const char *const options_alone[] = {"--help", "--version", "--man", "--completion"};
	const char *suggestion = other_command_find(name, 0);
	nearest suggestions = {.typed = name};

	for (const command *row = commands; row->name; row++)
		nearest_compare(&suggestions, row->name);
	nearest_compare(&suggestions, "help");
	for (size_t i = 0; i < sizeof options_alone / sizeof *options_alone; i++)
		nearest_compare(&suggestions, options_alone[i]);
	if (!suggestion)
		suggestion = suggestions.count ? suggestions.name[0] : other_command_find(name, 1);
	if (name[0] == '-' && !(suggestion && suggestion[0] == '-'))
		return misuse(name,
			      "unknown option; options of a command follow its name, as in hebb "
			      "train DATA %s",
			      name);
	if (suggestion)
		return misuse(name, "unknown %s; did you mean %s?",
			      name[0] == '-' ? "option" : "command", suggestion);
	return misuse(name, "unknown command; 'hebb help' lists them");
}

/* hebb help [TOPIC] */
static int help(int argc, char **argv)
{
	if (argc > 2)
		return misuse(argv[2], "one argument too many; usage: hebb help [TOPIC]");
	if (argc > 1 && strcmp(argv[1], "-h") != 0 && strcmp(argv[1], "--help") != 0)
		return print_topic(argv[1]);
	print_help_of_help();
	return EXIT_DONE;
}

/* Runs a command whose options are parsed. */
static int run_parsed(const command *which, options *given)
{
	hebb_error error;

	if (!given->help && !hebb_kernels(&error))
		return fail_error(NULL, &error);
	if (given->help && which->bit == TUTORIAL && given->operands > 0)
		return print_section_help(given->operand[0]);
	if (given->help) {
		(given->help == HELP_SHORT ? print_short_help : print_command_help)(which);
		return EXIT_DONE;
	}
	if (given->quiet)
		be_quiet();
	if (which->bit & (TRAIN | SEARCH))
		outlive_closed_pipe(); /* a closed pipe of the progress must not end a training */
	return which->run(given);
}

static int run_command(const command *which, int argc, char **argv)
{
	static options given;                      /* too large for some stacks */
	char *line = command_as_given(argc, argv); /* parsing changes the order of the words */
	int status = options_parse(which, argc, argv, &given);

	given.line = line;
	if (status == EXIT_DONE)
		status = run_parsed(which, &given);
	free(line);
	return status;
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const command *which = command_find(name);

	if (argc < 2) {
		print_overview(stderr);
		return misuse(NULL, "no command given");
	}
	int is_help = strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0;

	if (strcmp(name, "help") == 0 || (is_help && argc > 2))
		return help(argc - 1, argv + 1);
	if (strcmp(name, "--help") == 0) {
		print_complete_overview();
		return EXIT_DONE;
	}
	if (strcmp(name, "-h") == 0) {
		print_overview(stdout);
		return EXIT_DONE;
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		printf("hebb %s\n", hebb_version());
		return EXIT_DONE;
	}
	if (strcmp(name, "--man") == 0) {
		print_man_page();
		return EXIT_DONE;
	}
	if (strcmp(name, "--completion") == 0)
		return print_completion(argc == 3 ? argv[2] : "")
			       ? EXIT_DONE
			       : misuse(name, "needs the name of a shell: bash, zsh or fish");
	return which ? run_command(which, argc - 1, argv + 1) : unknown_command(name);
}

int main(int argc, char **argv)
{
	int status;

	open_standard_streams();
	status = dispatch(argc, argv);
	return status == EXIT_DONE ? close_output() : status;
}
