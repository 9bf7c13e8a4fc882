/* SPDX-License-Identifier: MIT */
/*
 * files.c - what a command reads and writes: no file that is read, and no foreign file, is
 * overwritten
 *
 * A file is identified by device and inode, so that links and /dev/stdin are recognized; one that
 * does not exist yet, by those of its folder and by its name.  Devices, pipes and "-" hold nothing
 * that could be lost and are never refused.
 */
#define _POSIX_C_SOURCE 200809L

#include "files.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "destination.h"
#include "file_kind.h"
#include "option/option_table.h"
#include "draw/terminal.h"

/* The outputs. A new one is a row here, and an option with its name. */
static const struct output_row {
	unsigned commands;
	option_id id;
	file_kind kind; /* 0: an existing file is checked later */
	int often;      /* rewritten many times, so it cannot be a pipe */
} output_rows[] = {
	{TRAIN | SEARCH, OPT_MODEL, FILE_MODEL, 0},
	{TRAIN, OPT_CHECKPOINT, FILE_CHECKPOINT, 1},
	{SEARCH, OPT_TABLE, FILE_TRIALS, 1},
	{PREDICT, OPT_PREDICTION, 0, 0},
	{REPORT, OPT_PAGE, FILE_PAGE, 0},
	{TRAIN | EVALUATE | SEARCH, OPT_REPORT, FILE_PAGE, 0},
};

enum { OUTPUTS_MOST = sizeof output_rows / sizeof *output_rows };

/* Inputs beside the operands: at most so many files of data. */
enum { FILES_MOST = 16 };

/* Where a file is or will be. */
typedef struct place {
	int is_there, keeps; /* keeps: it exists and is not a device or pipe */
	struct stat about;   /* of the file or, if it does not exist, of its folder */
	char *target;        /* what the path leads to; NULL if it is not known */
} place;

typedef struct input {
	const char *what;
	option_id written_by; /* which output may be this file; OPTION_COUNT: none */
	place place;
} input;

typedef struct output {
	const struct output_row *row;
	const char *path, *what; /* what: "model", as the option is called */
	place place;
} output;

typedef struct files {
	input *in; /* has room for all operands and FILES_MOST more */
	output out[OUTPUTS_MOST];
	int inputs, outputs, room;
} files;

/* ---- Places ---- */

static void set_kept(place *p)
{
	p->is_there = 1;
	p->keeps = S_ISREG(p->about.st_mode) || S_ISBLK(p->about.st_mode);
}

static place place_of(const char *path)
{
	place p = {.is_there = 0};

	if (stat(path, &p.about) == 0) {
		set_kept(&p);
		return p;
	}
	p.target = destination_of(path);
	char *folder = p.target ? directory_of(p.target) : NULL;
	if (!folder || stat(folder, &p.about) != 0) {
		free(p.target);
		p.target = NULL;
	}
	free(folder);
	return p;
}

static int is_pipe(const place *wanted)
{
	return wanted->is_there &&
	       (S_ISFIFO(wanted->about.st_mode) || S_ISSOCK(wanted->about.st_mode));
}

/* The place of a standard stream. */
static place place_of_stream(int stream)
{
	place p = {.is_there = 0};

	if (fstat(stream, &p.about) == 0)
		set_kept(&p);
	return p;
}

static const char *name_in_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int is_same(const place *a, const place *b)
{
	int known = a->is_there ? a->keeps && b->keeps : !b->is_there && a->target && b->target;

	return known && a->about.st_dev == b->about.st_dev && a->about.st_ino == b->about.st_ino &&
	       (a->is_there || strcmp(name_in_folder(a->target), name_in_folder(b->target)) == 0);
}

int is_same_file(const char *a, const char *b)
{
	place one = place_of(a), other = place_of(b);
	int same = is_same(&one, &other);

	free(one.target);
	free(other.target);
	return same;
}

/* ---- What the options name ---- */

static void add_input(files *list, const char *path, const char *what, option_id written_by)
{
	input *in = &list->in[list->inputs];

	if (list->inputs == list->room)
		return;
	*in = (input){.what = what, .written_by = written_by};
	in->place = strcmp(path, "-") == 0 ? place_of_stream(STDIN_FILENO) : place_of(path);
	list->inputs++;
}

/* All files of a table, which may be several. */
static void add_data(files *list, const char *data, const char *what)
{
	char path[PATH_MAX];

	for (int i = 0; hebb_table_file(data, i, path, sizeof path); i++)
		add_input(list, path, what, OPTION_COUNT);
}

static void add_inputs(files *list, const options *o)
{
	for (int i = 0; i < o->operands && o->command == REPORT; i++)
		add_input(list, o->operand[i], "one of the models", OPTION_COUNT);
	if (o->operands == 2 && o->command != REPORT)
		add_input(list, o->operand[0], "the model", OPTION_COUNT);
	if (o->operands > 0 && (o->command & WITH_DATA))
		add_data(list, o->operand[o->operands - 1],
			 o->command == INSPECT ? "the file" : "the data");
	if (o->study.test.kind == HEBB_PART_TABLE)
		add_data(list, o->study.test.name, "the file of --test");
	if (o->study.validation.kind == HEBB_PART_TABLE)
		add_data(list, o->study.validation.name, "the file of --validation");
	if (o->resume)
		add_input(list, o->resume, "the checkpoint of --resume", OPT_CHECKPOINT);
}

static void add_outputs(files *list, const options *o)
{
	for (int i = 0; i < OUTPUTS_MOST; i++) {
		const struct output_row *row = &output_rows[i];
		const option_row *option = &option_table[row->id];
		const char *path = *(const char *const *)((const char *)o + option->field);

		if (row->id == OPT_CHECKPOINT && !path)
			path = o->resume;
		if (!(row->commands & o->command) || !path || strcmp(path, "-") == 0)
			continue;
		list->out[list->outputs++] = (output){
			.row = row, .path = path, .what = option->name, .place = place_of(path)};
	}
}

/* 0 if memory runs out. */
static int files_open(files *f, const options *given)
{
	*f = (files){.room = given->operands + FILES_MOST};
	f->in = calloc((size_t)f->room, sizeof *f->in);
	if (!f->in)
		return 0;
	add_inputs(f, given);
	add_outputs(f, given);
	return 1;
}

static void files_close(files *f)
{
	for (int i = 0; i < f->inputs; i++)
		free(f->in[i].place.target);
	for (int i = 0; i < f->outputs; i++)
		free(f->out[i].place.target);
	free(f->in);
}

/* ---- Checks ---- */

/* The input that is the same file as an output, or NULL. */
static const input *input_at(const files *f, const output *out)
{
	for (int i = 0; i < f->inputs; i++)
		if (f->in[i].written_by != out->row->id && is_same(&f->in[i].place, &out->place))
			return &f->in[i];
	return NULL;
}

/* Whether an output is the checkpoint of --resume, which may be overwritten. */
static int is_resumed(const files *f, const output *out)
{
	for (int i = 0; i < f->inputs; i++)
		if (f->in[i].written_by == out->row->id && is_same(&f->in[i].place, &out->place))
			return 1;
	return 0;
}

static int check_output(const files *f, int which, int force)
{
	const output *out = &f->out[which];
	const input *in;

	if (check_destination(out->path, out->what) != EXIT_DONE)
		return EXIT_FAILED;
	if (out->row->often && is_pipe(&out->place))
		return fail(out->path,
			    "is a pipe; the %s is rewritten many times and needs a file; name one "
			    "with --%s",
			    out->what, out->what);
	in = input_at(f, out);
	if (in)
		return fail(out->path, "is %s; give the %s a name of its own with --%s", in->what,
			    out->what, out->what);
	for (int i = 0; i < which; i++)
		if (is_same(&f->out[i].place, &out->place))
			return fail(
				out->path,
				"is the file of the %s; give the %s a name of its own with --%s",
				f->out[i].what, out->what, out->what);
	if (force || !out->row->kind || is_resumed(f, out))
		return EXIT_DONE;
	return check_kind(out->path, out->row->kind, out->what);
}

/* Whether a file is an input or an output. */
static int is_taken(const files *f, const place *wanted)
{
	int taken = 0;

	for (int i = 0; i < f->inputs; i++)
		taken |= is_same(&f->in[i].place, wanted);
	for (int i = 0; i < f->outputs; i++)
		taken |= is_same(&f->out[i].place, wanted);
	return taken;
}

/* Refuses a standard stream that is an input or an output: printed text would be added to the
 * input, or be lost when the output is renamed. */
static int check_stream(const files *f, const char *name, const place *stream)
{
	for (int i = 0; i < f->inputs; i++)
		if (is_same(&f->in[i].place, stream))
			return fail(name, "is %s; redirect it to another file", f->in[i].what);
	for (int i = 0; i < f->outputs; i++)
		if (is_same(&f->out[i].place, stream))
			return fail(name, "is %s, the file of the %s; redirect it to another file",
				    f->out[i].path, f->out[i].what);
	return EXIT_DONE;
}

/* Sends messages to standard output or, if that is an input or output too, to the terminal. */
static void move_messages(int output_is_taken)
{
	int stream = output_is_taken ? open("/dev/tty", O_WRONLY | O_NOCTTY) : STDOUT_FILENO;

	if (stream < 0)
		stream = open("/dev/null", O_WRONLY);
	dup2(stream, STDERR_FILENO);
}

static int check_streams(const files *f)
{
	place out = place_of_stream(STDOUT_FILENO), err = place_of_stream(STDERR_FILENO);

	if (is_taken(f, &err)) { /* the refusal must not go there either */
		move_messages(is_taken(f, &out));
		return check_stream(f, "standard error", &err);
	}
	return check_stream(f, "standard output", &out);
}

int files_check(const options *given)
{
	files f;
	int status;

	if (!files_open(&f, given))
		return fail(NULL, "out of memory");
	status = check_streams(&f);
	for (int i = 0; i < f.outputs && status == EXIT_DONE; i++)
		status = check_output(&f, i, given->force);
	files_close(&f);
	return status;
}

int files_have(const options *given, const char *path)
{
	place wanted = place_of(path), out = place_of_stream(STDOUT_FILENO),
	      err = place_of_stream(STDERR_FILENO);
	files f;
	int is_there;

	if (!files_open(&f, given)) { /* better a name that is not taken than a file that is lost */
		free(wanted.target);
		return 1;
	}
	is_there = is_taken(&f, &wanted) || is_same(&wanted, &out) || is_same(&wanted, &err);
	files_close(&f);
	free(wanted.target);
	return is_there;
}
