/* SPDX-License-Identifier: MIT */
/*
 * keys.c - what a reader of the tutorial wants next: by single keys of a terminal, or by lines
 */
#define _POSIX_C_SOURCE 200809L

#include "keys.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "draw/terminal.h"
#include "file/give_back.h"

static const struct {
	char key;
	wish wish;
	const char *name, *meaning;
} keys[] = {
	{'\n', WISH_ON, "Enter, space, right", "the next step"},
	{'b', WISH_BACK, "b, left", "the step before"},
	{'n', WISH_NEXT, "n", "the next section"},
	{'p', WISH_EARLIER, "p", "the section before"},
	{'c', WISH_CONTENTS, "c", "the contents, to choose a section"},
	{'a', WISH_ANSWERS, "a", "the answers of the section's exercises"},
	{'?', WISH_HELP, "?", "this list"},
	{'q', WISH_END, "q", "the end"},
};

enum { KEYS = sizeof keys / sizeof *keys };

static wish wish_of(char key)
{
	if (key == 4) /* Ctrl-D */
		return WISH_END;
	for (int i = 0; i < KEYS; i++)
		if (keys[i].key == tolower((unsigned char)key))
			return keys[i].wish;
	return WISH_ON;
}

void print_keys(void)
{
	printf("\n");
	for (int i = 0; i < KEYS; i++)
		printf("  %-20s %s\n", keys[i].name, keys[i].meaning);
	printf("  %-20s %s\n", "4.6 and Enter", "that section (when lines are read)");
}

/* ---- Keys ------------------------------------------------------------------------------------ */

/* The rest of a key that sends several bytes, such as an arrow: Escape, a bracket, digits, and a
 * letter that ends it, which is returned; 0: none. */
static char swallow_rest(struct termios *now)
{
	char next = 0;

	now->c_cc[VMIN] = 0; /* the bytes that have arrived */
	tcsetattr(STDIN_FILENO, TCSADRAIN, now);
	if (read(STDIN_FILENO, &next, 1) != 1 || (next != '[' && next != 'O'))
		return 0;
	do
		next = 0;
	while (read(STDIN_FILENO, &next, 1) == 1 && !(next >= '@' && next <= '~'));
	return next;
}

/* The signal that a key normally sends, or 0. While a key is read, the terminal sends no signals,
 * so that its settings can be restored before the program ends or stops. */
static int signal_of(const struct termios *terminal, char key)
{
	cc_t code = (cc_t)key;

	return code == terminal->c_cc[VINTR]   ? SIGINT
	       : code == terminal->c_cc[VQUIT] ? SIGQUIT
	       : code == terminal->c_cc[VSUSP] ? SIGTSTP
					       : 0;
}

/* One key without Enter, from a terminal. */
static wish read_key(void)
{
	struct termios before, now;
	char key = 'q', arrow = 0;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return WISH_END;
	now = before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	give_back_arm(&before, NULL);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
	if (read(STDIN_FILENO, &key, 1) != 1)
		key = 'q';
	if (key == '\033')
		arrow = swallow_rest(&now);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	give_back_disarm();
	if ((before.c_lflag & ISIG) && signal_of(&before, key))
		raise(signal_of(&before, key));
	return arrow == 'D' ? WISH_BACK : wish_of(key);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

/* A line without the blanks around it, its rest thrown away; 0 at the end of input. */
static int read_line(char text[64])
{
	int length = 0, c;

	while ((c = getc(stdin)) != EOF && c != '\n')
		if (length < 63 && (length > 0 || !isspace(c)))
			text[length++] = (char)c;
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	text[length] = '\0';
	return c != EOF || length > 0;
}

/* "4.6", or a key, or a word that begins with one: "next". */
static wish wish_of_line(const char *text, char section[16])
{
	if (isdigit((unsigned char)text[0])) {
		snprintf(section, 16, "%.15s", text);
		return WISH_SECTION;
	}
	return text[0] ? wish_of(text[0]) : WISH_ON;
}

static void prompt(const char *text)
{
	fprintf(stderr, "%s%s%s", dim(stderr), text, plain(stderr));
	fflush(stderr);
}

wish ask_for_section(char section[16])
{
	char text[64];

	fflush(stdout);
	prompt("section: ");
	if (!read_line(text))
		return WISH_END;
	if (!isatty(STDIN_FILENO))
		fputc('\n', stderr);
	if (!text[0])
		return WISH_ON;
	wish_of_line(text, section);
	return isdigit((unsigned char)text[0]) ? WISH_SECTION : wish_of(text[0]);
}

wish wait_for_wish(int page, char section[16])
{
	int terminal = isatty(STDIN_FILENO);
	char text[64];
	wish result;

	fflush(stdout);
	prompt(page < 72 ? "-- Enter: on, b: back, ?: all keys, q: end --"
			 : "-- Enter: on, b: back, n: next section, c: contents, ?: all keys, "
			   "q: end --");
	if (terminal)
		result = read_key();
	else
		result = read_line(text) ? wish_of_line(text, section) : WISH_END;
	fprintf(stderr, is_live(stderr) && terminal ? "\r\033[K" : "\n");
	return result;
}
