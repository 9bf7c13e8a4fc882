/* SPDX-License-Identifier: MIT */
/*
 * terminal.c - messages, styles and text for people
 *
 * Everything here is small, and in one place so that each rule (one line a failure, no control
 * characters, no color unless a person is watching) is written once.
 */
#define _POSIX_C_SOURCE 200809L

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "hebb_advanced.h"
#include "hebb_io.h"
#include "picture/activity.h"

enum { WIDTH_LEAST = 20 };

static int quiet;
static int through_pager; /* see show_as_on_terminal() */

/* What is held back, see hold_notes(); NULL: nothing is. */
static struct {
	FILE *stream;
	char *text;
	size_t size;
} held;

void be_quiet(void)
{
	quiet = 1;
}

int is_quiet(void)
{
	return quiet;
}

/* Formats a sentence into `some` or, if that is too small, into *all, to be freed. */
static const char *sentence(const char *format, va_list arguments, char *some, size_t size,
			    char **all)
{
	va_list again;

	va_copy(again, arguments);
	int length = vsnprintf(some, size, format, arguments);
	*all = length >= (int)size ? malloc((size_t)length + 1) : NULL;
	if (*all)
		vsnprintf(*all, (size_t)length + 1, format, again);
	va_end(again);
	return *all ? *all : some;
}

/* One line: the prefix, the place if there is one, the sentence. */
static void say(FILE *stream, const char *prefix, const char *where, const char *format,
		va_list arguments)
{
	char some[1024], *all;
	const char *text = sentence(format, arguments, some, sizeof some, &all);

	activity_hold();
	fputs(prefix, stream);
	if (where) {
		print_shown(stream, where);
		fputs(": ", stream);
	}
	print_shown(stream, text);
	fputc('\n', stream);
	activity_release();
	free(all);
}

/* The prefix and the sentence, broken between words on a terminal, since nobody copies it. */
static void say_words(const char *prefix, const char *format, va_list arguments)
{
	char some[1024], *all;
	const char *text = sentence(format, arguments, some, sizeof some, &all);

	activity_hold();
	fputs(prefix, stderr);
	print_words(stderr, text, text_width(prefix), 2);
	activity_release();
	free(all);
}

int fail(const char *where, const char *format, ...)
{
	va_list arguments;

	release_notes();
	va_start(arguments, format);
	say(stderr, "hebb: ", where, format, arguments);
	va_end(arguments);
	return EXIT_FAILED;
}

int misuse(const char *where, const char *format, ...)
{
	va_list arguments;

	release_notes();
	va_start(arguments, format);
	say(stderr, "hebb: ", where, format, arguments);
	va_end(arguments);
	return EXIT_MISUSED;
}

int fail_error(const char *where, const hebb_error *error)
{
	const char *message = error->message[0] ? error->message : hebb_strerror(error->status);

	return fail(where, "%s", message);
}

const char *system_reason(int number)
{
	static char text[HEBB_REASON];

	return hebb_reason(number, text);
}

void note(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	say(held.stream ? held.stream : stderr, "hebb: note: ", NULL, format, arguments);
	va_end(arguments);
}

void hold_notes(void)
{
	held.stream = open_memstream(&held.text, &held.size);
}

void release_notes(void)
{
	if (!held.stream)
		return;
	activity_hold();
	if (fclose(held.stream) == 0)
		fwrite(held.text, 1, held.size, stderr);
	activity_release();
	free(held.text);
	held.stream = NULL;
}

void warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_words("hebb: warning: ", format, arguments);
	va_end(arguments);
}

void inform(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	say_words("", format, arguments);
	va_end(arguments);
}

void end_at_closed_pipe(void)
{
	sigset_t only;

	sigemptyset(&only);
	sigaddset(&only, SIGPIPE);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
}

void outlive_closed_pipe(void)
{
	signal(SIGPIPE, SIG_IGN);
}

void open_standard_streams(void)
{
	end_at_closed_pipe();
	/* A write beyond the limit of a file's size then fails with a reason. */
	signal(SIGXFSZ, SIG_IGN);
	/* A file opened while descriptor 1 is closed would become the standard output, and the
	 * report would be written into it.  Opening for the wrong direction keeps every use of
	 * the descriptor an error, as it was. */
	for (int descriptor = 0; descriptor <= 2; descriptor++) {
		if (fcntl(descriptor, F_GETFD) == -1)
			(void)open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
	}
}

static int reader_is_gone(int descriptor)
{
	struct pollfd state = {.fd = descriptor, .events = POLLOUT};

	return poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP));
}

int close_output(void)
{
	int lost = ferror(stdout);

	end_at_closed_pipe();
	if (lost && reader_is_gone(STDOUT_FILENO))
		raise(SIGPIPE);
	errno = 0;
	if (fclose(stdout) == 0 && !lost)
		return EXIT_DONE;
	return fail("standard output", "%s", errno ? system_reason(errno) : "writing failed");
}

double seconds_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int is_live(FILE *stream)
{
	const char *term = getenv("TERM");

	return isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
}

void show_as_on_terminal(void)
{
	through_pager = 1;
}

static const char *style(FILE *stream, const char *code)
{
	const char *no_color = getenv("NO_COLOR");
	int has_styles = is_live(stream) || (through_pager && stream == stdout);

	return has_styles && !(no_color && *no_color) ? code : "";
}

const char *bold(FILE *stream)
{
	return style(stream, "\033[1m");
}

const char *dim(FILE *stream)
{
	return style(stream, "\033[2m");
}

const char *colored(FILE *stream, int which)
{
	/* Blue, orange, green and pink of the 256 colors, of a middle brightness: legible on a
	 * light and on a dark background, and different to people who are colour-blind. */
	static const char *const code[] = {"\033[38;5;33m", "\033[38;5;166m", "\033[38;5;35m",
					   "\033[38;5;169m"};

	return which >= 1 && which <= 4 ? style(stream, code[which - 1]) : "";
}

const char *plain(FILE *stream)
{
	return style(stream, "\033[0m");
}

int terminal_width(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col;
}

int terminal_height(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_row >= 1)
		return size.ws_row;
	return 24;
}

/* The columns of a shown character: the length of an escape, else one. */
static int columns_of(const char *shown)
{
	return (unsigned char)shown[0] < 0x80 ? (int)strlen(shown) : 1;
}

int text_width(const char *text)
{
	char one[HEBB_SHOWN_MOST];
	size_t left = strlen(text), bytes;
	int width = 0;

	for (; (bytes = hebb_show_character(text, left, one)); text += bytes, left -= bytes)
		width += columns_of(one);
	return width;
}

/* As many whole characters as `room` columns hold; returns the columns taken. */
static int print_some(FILE *stream, const char *text, int room)
{
	char one[HEBB_SHOWN_MOST];
	size_t left = strlen(text), bytes;
	int width = 0;

	for (; (bytes = hebb_show_character(text, left, one)); text += bytes, left -= bytes) {
		if (columns_of(one) > room - width)
			break;
		fputs(one, stream);
		width += columns_of(one);
	}
	return width;
}

void print_shown(FILE *stream, const char *text)
{
	print_some(stream, text, INT_MAX);
}

int print_cut(FILE *stream, const char *text, int most)
{
	int width = text_width(text);

	if (width <= most)
		return print_some(stream, text, width);
	width = print_some(stream, text, most - 1);
	fputc('~', stream);
	return width + 1;
}

void print_field(FILE *stream, const char *text, int width)
{
	int length = text_width(text);

	for (int pad = width - length; pad > 0; pad--)
		fputc(' ', stream);
	length = print_cut(stream, text, width == 0 ? INT_MAX : abs(width));
	for (int pad = -width - length; pad > 0; pad--)
		fputc(' ', stream);
}

/* The number of bytes before the next blank. */
static size_t word_length(const char *text)
{
	return strcspn(text, " ");
}

void print_words(FILE *stream, const char *text, int column, int indent)
{
	int width = is_live(stream) ? terminal_width(stream) : INT_MAX, first = 1;

	while (*text) {
		char *word = strndup(text, word_length(text));
		int length = word ? text_width(word) : 0;

		if (!first && column + 1 + length > width) {
			fprintf(stream, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', stream);
			column++;
		}
		if (word)
			print_shown(stream, word);
		free(word);
		column += length;
		first = 0;
		text += word_length(text);
		text += *text == ' ';
	}
	fputc('\n', stream);
}

const char *list_quote(const char *name)
{
	size_t size = strlen(name);
	int has_edge = size == 0 || name[0] == ' ' || name[size - 1] == ' ';

	return has_edge || strchr(name, ',') ? "'" : "";
}

const char *short_name(const char *name)
{
	static char text[4][NAME_MOST];
	static unsigned next;

	next = (next + 1) % 4;
	return hebb_show(name, strlen(name), text[next], NAME_MOST);
}

char *count_text(long long count, char *text)
{
	char digits[32];
	int length = snprintf(digits, sizeof digits, "%lld", count), out = 0;

	for (int i = 0; i < length; i++) {
		text[out++] = digits[i];
		if (digits[i] != '-' && i + 1 < length && (length - 1 - i) % 3 == 0)
			text[out++] = ',';
	}
	text[out] = '\0';
	return text;
}
