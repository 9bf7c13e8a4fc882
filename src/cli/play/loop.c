/* SPDX-License-Identifier: MIT */
/*
 * loop.c - hebb play in a terminal: training, drawing, and what the keys change
 *
 * About twenty times a second some epochs are trained, and the picture is drawn.  A long epoch is
 * given back while a key waits, and continued after it.
 */
#define _POSIX_C_SOURCE 200809L

#include "play/loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "draw/terminal.h"
#include "file/signals.h"
#include "play/controls.h"
#include "play/console.h"
#include "play/view.h"

enum { PICTURE_MS = 50, PAUSED_MS = 200, TRAIN_MS = 250 };
static const int speeds[] = {1, 2, 5, 10, 20, 50};

typedef struct game {
	learner *learner;
	view view;
	console console;
	mosaic sheet;
	int running, quit, lost, number; /* lost: the terminal or memory; number: of a signal */
	int until;                       /* the epoch at which training pauses; 0: none */
	int stale;                       /* the scores or the picture are old */
	char message[sizeof((hebb_error *)0)->message];
} game;

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int is_wanted(void *self)
{
	(void)self;
	return console_has_key() || stop_asked();
}

static void say_error(game *g)
{
	snprintf(g->message, sizeof g->message, "%s", g->learner->error.message);
}

/* ---- Training -------------------------------------------------------------------------------- */

static void train_once(game *g)
{
	if (!learner_epoch(g->learner)) {
		say_error(g);
		g->running = 0;
	}
	if (g->until && g->learner->epochs >= g->until)
		g->running = 0;
	g->stale = 1;
}

/* As many epochs as a picture has, unless they take too long. */
static void train_some(game *g)
{
	long long end = now_ms() + TRAIN_MS;

	for (int i = 0; i < g->view.speed && g->running && now_ms() < end && !is_wanted(NULL); i++)
		train_once(g);
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* Makes the sheet as large as the terminal; 1 if it was not. */
static int match_size(game *g)
{
	int columns, rows;

	console_size(&columns, &rows);
	if (columns == g->sheet.columns && rows == g->sheet.rows && g->sheet.now)
		return 0;
	if (!mosaic_size(&g->sheet, columns, rows))
		g->lost = g->quit = 1;
	fputs("\033[0m\033[2J", stdout);
	return 1;
}

static void draw_small(game *g)
{
	char words[100];

	snprintf(words, sizeof words, "%d x %d is too small:", g->sheet.columns, g->sheet.rows);
	mosaic_clear(&g->sheet);
	mosaic_text(&g->sheet, 0, 0, g->sheet.columns, 0, words);
	snprintf(words, sizeof words, "play needs %d x %d", VIEW_COLUMNS, VIEW_ROWS);
	mosaic_text(&g->sheet, 1, 0, g->sheet.columns, 0, words);
	mosaic_text(&g->sheet, 2, 0, g->sheet.columns, 0, "q quits");
}

static void draw(game *g)
{
	text out = {.size = 0};

	g->view.state = g->running ? "running" : "paused";
	g->view.message = g->message[0] ? g->message : NULL;
	if (g->sheet.columns < VIEW_COLUMNS || g->sheet.rows < VIEW_ROWS)
		draw_small(g);
	else if (!view_draw(&g->view, &g->sheet, &g->learner->error))
		say_error(g);
	mosaic_changes(&g->sheet, &out);
	if (out.failed || (out.size && !console_send(&out)))
		g->lost = g->quit = 1;
	text_free(&out);
}

static void refresh(game *g)
{
	int resized = match_size(g);

	if (g->quit || (!resized && !g->stale))
		return;
	if (g->stale && !learner_judge(g->learner))
		say_error(g);
	g->stale = 0;
	draw(g);
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static void change_speed(game *g)
{
	enum { SPEEDS = sizeof speeds / sizeof *speeds };
	int at = 0;

	while (at < SPEEDS && speeds[at] != g->view.speed)
		at++;
	g->view.speed = speeds[(at + 1) % SPEEDS];
}

/* Stops by Ctrl-Z as any program does, and takes the terminal again afterwards. */
static void suspend(game *g)
{
	console_close(&g->console);
	raise(SIGTSTP);
	if (!console_open(&g->console))
		g->quit = g->lost = 1;
	g->sheet.columns = 0; /* all is to be drawn */
}

/* A key that is a signal in other programs; 0: it is none. */
static int take_signal(game *g, int key)
{
	int number = console_signal(&g->console, key);

	if (number == SIGTSTP)
		suspend(g);
	else if (number)
		g->number = number;
	g->quit |= g->number != 0;
	return number;
}

static void turn_knob(game *g, int key)
{
	knob_result result = knob_turn(g->learner, key);

	if (result == KNOB_UNKNOWN)
		return;
	g->message[0] = '\0';
	if (result == KNOB_FAILED)
		say_error(g);
	if (result == KNOB_AT_END && key == 'z')
		snprintf(g->message, sizeof g->message,
			 "the points are those of a file; only prepared ones have noise to change");
	else if (result == KNOB_AT_END)
		snprintf(g->message, sizeof g->message, "no further value in this direction");
}

static void take_key(game *g, int key)
{
	if (key == KEY_NONE || take_signal(g, key))
		return;
	g->stale = 1;
	if (key == 'q' || key == 'Q' || key == 4 || key == KEY_END) /* 4: Ctrl-D */
		g->quit = 1;
	else if (key == ' ' || key == 'p')
		g->running = !g->running;
	else if (key == 's')
		change_speed(g);
	else if (key == '?' || key == 'h')
		g->view.list = !g->view.list;
	else if (key == 'n' || key == '.') {
		g->running = 0;
		train_once(g);
	} else
		turn_knob(g, key);
	if (key == ' ' && g->until && g->learner->epochs >= g->until)
		g->until = 0; /* beyond it, at the reader's wish */
}

/* Takes the keys that come until the next picture. */
static void take_keys(game *g, long long begun)
{
	long long rest = begun + PICTURE_MS - now_ms();
	int key = console_key(!g->running ? PAUSED_MS : rest > 0 ? (int)rest : 0);

	take_key(g, key);
	while (!g->quit && key != KEY_NONE && console_has_key())
		take_key(g, key = console_key(0));
}

int loop_run(learner *l, const char *name, int epochs, int *number)
{
	game g = {.learner = l, .running = 1, .until = epochs, .stale = 1};

	g.view = (view){.learner = l, .name = name, .keys = 1, .speed = 1};
	g.sheet.colors = mosaic_colors();
	l->interrupt = is_wanted;
	*number = 0;
	catch_signals_and_wake();
	if (!console_open(&g.console))
		return fail(NULL, "the terminal cannot be read key by key");
	while (!g.quit && !stop_asked()) {
		long long begun = now_ms();

		if (g.running)
			train_some(&g);
		refresh(&g);
		take_keys(&g, begun);
	}
	console_close(&g.console);
	mosaic_free(&g.sheet);
	l->interrupt = NULL;
	*number = g.number;
	return g.lost ? fail(NULL, "the picture cannot be drawn any more") : EXIT_DONE;
}
