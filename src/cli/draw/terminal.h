/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - what the command says, and to whom
 *
 * Data goes to standard output; every message goes to standard error.  A failure is one line,
 * `hebb: WHERE: WHAT`.  Text that comes from files is shown by hebb_show_character(), so that no
 * file can drive the terminal.
 */
#ifndef HEBB_CLI_TERMINAL_H
#define HEBB_CLI_TERMINAL_H

#include <stdio.h>

#include "hebb.h"

#if defined __GNUC__
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2 };

/* Prints `hebb: WHERE: WHAT` and returns EXIT_FAILED or EXIT_MISUSED; `where` may be NULL. */
int fail(const char *where, const char *format, ...) PRINTF_LIKE(2, 3);
int misuse(const char *where, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same with the sentence of the library; `where` is NULL if the sentence itself begins with
 * the place. */
int fail_error(const char *where, const hebb_error *error);

/* What an errno means, until the next call. */
const char *system_reason(int number);

/* `note` is silenced by --quiet, `warn` is not.  `inform` prints a plain line, silenced by
 * --quiet. */
void note(const char *format, ...) PRINTF_LIKE(1, 2);
void warn(const char *format, ...) PRINTF_LIKE(1, 2);
void inform(const char *format, ...) PRINTF_LIKE(1, 2);
/* Holds back all notes until release_notes() or a failure prints them, so that they can follow what
 * is known only later. */
void hold_notes(void);
void release_notes(void);
void be_quiet(void);
int is_quiet(void);

/* Reserves descriptors 0, 1 and 2 for standard input, output and error. Lets a closed pipe end the
 * command, see end_at_closed_pipe(). Turns a limit of file size into an error that is reported. */
void open_standard_streams(void);

/* What a write to a closed pipe does: it ends the command by SIGPIPE without a message, even if the
 * parent ignored that signal; or the text is lost and the command goes on. */
void end_at_closed_pipe(void);
void outlive_closed_pipe(void);

/* Writes what is buffered and closes standard output; EXIT_FAILED, after a message, if any of it
 * was lost.  If its reader is gone, the command ends by SIGPIPE. */
int close_output(void);

/* The seconds of a clock that nobody sets. */
double seconds_now(void);

/* Color and live lines are for terminals only.  NO_COLOR, TERM=dumb and no terminal give empty
 * strings. */
int is_live(FILE *stream);
/* Standard output goes to a terminal, though through another program: its styles stay. */
void show_as_on_terminal(void);
const char *bold(FILE *stream);
const char *dim(FILE *stream);
const char *colored(FILE *stream, int which); /* 1 to 4 */
const char *plain(FILE *stream);
int terminal_width(FILE *stream); /* 20 at least; 80 where it is not known */
int terminal_height(FILE *stream);

/* Prints a text as hebb_show_character() shows it; and the columns that it takes, one per
 * character. */
void print_shown(FILE *stream, const char *text);
int text_width(const char *text);

/* The same, cut with a tilde if the text is longer than `most` columns; returns the columns
 * taken. */
int print_cut(FILE *stream, const char *text, int most);

/* The same in a field of `width` columns; negative: flush left; 0: as wide as the text. A longer
 * text is cut with a tilde. */
void print_field(FILE *stream, const char *text, int width);

/* Prints a text from column `column` on (from 0) and a newline. On a terminal, lines that are too
 * long are broken between words and continue at column `indent`. */
void print_words(FILE *stream, const char *text, int column, int indent);

/* A name for a sentence, escaped and cut if it is long. Valid for three more calls. */
enum { NAME_MOST = 64 };
const char *short_name(const char *name);

/* "'" around a name that would look like several in a list, such as "a, b"; else "". */
const char *list_quote(const char *name);

/* Whether UTF-8 can be shown: what the environment says, since the command stays in the C
 * locale. */
int is_utf8(void);

/* Prints UTF-8 as it is, or in ASCII where UTF-8 cannot be shown: Greek letters become their
 * names, x² becomes x^2 and h₁⁽²⁾ becomes h1(2).  What hebb_show_character() escapes
 * becomes '?'. */
void print_text(FILE *stream, const char *utf8);

/* The same into `shown`, which has room for `size` bytes, is returned, and holds as many whole
 * characters as fit; text_ascii() always writes ASCII. */
char *text_shown(const char *utf8, char *shown, size_t size);
char *text_ascii(const char *utf8, char *shown, size_t size);

/* Copies the character at *at to `one`, "?" for what cannot be shown, and steps over it.  Returns
 * its code point, 0 at the end of the text. */
unsigned long next_character(const char **at, char one[5]);

/* "1,797".  `text` has room for 32 bytes and is returned. */
char *count_text(long long count, char *text);

#endif
