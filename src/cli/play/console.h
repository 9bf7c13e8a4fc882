/* SPDX-License-Identifier: MIT */
/*
 * console.h - the terminal while hebb play has it: a screen of its own, and single keys
 */
#ifndef HEBB_CLI_CONSOLE_H
#define HEBB_CLI_CONSOLE_H

#include <termios.h>

#include "draw/text.h"

/* What is not the byte of a key. */
enum {
	KEY_NONE = -1, /* the time is over */
	KEY_END = -2,  /* the input has ended */
	KEY_UP = 256,
	KEY_DOWN,
	KEY_RIGHT,
	KEY_LEFT
};

typedef struct console {
	struct termios before;
	int is_open;
} console;

/* Whether standard input and output are a terminal that can show a moving picture. */
int console_is_there(void);

/* Takes the terminal: another screen, no echo, no cursor, each key at once.  Ctrl-C and Ctrl-Z are
 * keys too; console_signal() has their signals.  0: it is refused. */
int console_open(console *s);
/* Gives the terminal back as it was. */
void console_close(console *s);

/* The signal that a key sends in this terminal, or 0. */
int console_signal(const console *s, int key);

void console_size(int *columns, int *rows);

/* 0: it cannot be written any more. */
int console_send(const text *bytes);

/* Whether a key waits; the next one, for which it waits at most so long. */
int console_has_key(void);
int console_key(int milliseconds);

#endif
