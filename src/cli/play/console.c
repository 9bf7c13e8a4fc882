/* SPDX-License-Identifier: MIT */
/*
 * console.c - the terminal while hebb play has it: a screen of its own, and single keys
 */
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "play/console.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "draw/terminal.h"
#include "file/give_back.h"

enum { SIDE_MOST = 1000 }; /* columns and rows that are used of a terminal */

static const char OPENING[] = "\033[?1049h\033[?25l\033[H\033[2J";
static const char CLOSING[] = "\033[0m\033[?25h\033[?1049l";

int console_is_there(void)
{
	return isatty(STDIN_FILENO) && is_live(stdout);
}

int console_open(console *s)
{
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &s->before) != 0)
		return 0;
	now = s->before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	give_back_arm(&s->before, CLOSING);
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &now) != 0) {
		give_back_disarm();
		return 0;
	}
	s->is_open = 1;
	fputs(OPENING, stdout);
	fflush(stdout);
	return 1;
}

void console_close(console *s)
{
	if (!s->is_open)
		return;
	s->is_open = 0;
	fputs(CLOSING, stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &s->before);
	give_back_disarm();
}

int console_signal(const console *s, int key)
{
	const cc_t *code = s->before.c_cc;

	if (key < 0 || key > 255 || !(s->before.c_lflag & ISIG))
		return key == 3 ? SIGINT : 0;
	return key == code[VINTR]   ? SIGINT
	       : key == code[VQUIT] ? SIGQUIT
	       : key == code[VSUSP] ? SIGTSTP
				    : 0;
}

void console_size(int *columns, int *rows)
{
	struct winsize size;

	*columns = 80;
	*rows = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
		*columns = size.ws_col < SIDE_MOST ? size.ws_col : SIDE_MOST;
		*rows = size.ws_row < SIDE_MOST ? size.ws_row : SIDE_MOST;
	}
}

int console_send(const text *bytes)
{
	return fwrite(bytes->bytes, 1, bytes->size, stdout) == bytes->size && fflush(stdout) == 0;
}

static int waits(int milliseconds)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&input, 1, milliseconds) > 0;
}

int console_has_key(void)
{
	return waits(0);
}

static int byte(void)
{
	unsigned char one;

	return read(STDIN_FILENO, &one, 1) == 1 ? one : KEY_END;
}

/* What follows an Escape: [ or O, digits, and a letter that ends it.  Keys without a use here are
 * read to their end too. */
static int arrow(void)
{
	int next = waits(20) ? byte() : KEY_NONE;

	if (next != '[' && next != 'O')
		return next < 0 ? next : KEY_NONE;
	do
		next = waits(20) ? byte() : KEY_NONE;
	while (next >= 0 && !(next >= '@' && next <= '~'));
	return next >= 'A' && next <= 'D' ? KEY_UP + next - 'A' : KEY_NONE;
}

int console_key(int milliseconds)
{
	int key = waits(milliseconds) ? byte() : KEY_NONE;

	return key == '\033' ? arrow() : key;
}
