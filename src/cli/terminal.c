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
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int quiet;

void be_quiet(void)
{
	quiet = 1;
}

int is_quiet(void)
{
	return quiet;
}

/* One line on standard error: the prefix, the place if there is one, the sentence. */
static void say(const char *prefix, const char *where, const char *format, va_list arguments)
{
	char text[1024];

	vsnprintf(text, sizeof text, format, arguments);
	fputs(prefix, stderr);
	if (where) {
		print_field(stderr, where, 0);
		fputs(": ", stderr);
	}
	print_field(stderr, text, 0);
	fputc('\n', stderr);
}

int fail(const char *where, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("hebb: ", where, format, arguments);
	va_end(arguments);
	return EXIT_FAILED;
}

int misuse(const char *where, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("hebb: ", where, format, arguments);
	va_end(arguments);
	return EXIT_MISUSED;
}

int fail_error(const char *where, const hebb_error *error)
{
	const char *message = error->message[0] ? error->message : hebb_strerror(error->status);

	return fail(where, "%s", message);
}

void note(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	say("hebb: note: ", NULL, format, arguments);
	va_end(arguments);
}

void warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("hebb: warning: ", NULL, format, arguments);
	va_end(arguments);
}

void inform(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	say("", NULL, format, arguments);
	va_end(arguments);
}

void open_standard_streams(void)
{
	signal(SIGPIPE, SIG_IGN);
	/* A file opened while descriptor 1 is closed would become the standard output, and the
	 * report would be written into it.  Opening for the wrong direction keeps every use of
	 * the descriptor an error, as it was. */
	for (int descriptor = 0; descriptor <= 2; descriptor++) {
		if (fcntl(descriptor, F_GETFD) == -1)
			(void)open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
	}
}

int close_output(void)
{
	int lost = ferror(stdout);

	errno = 0;
	if (fclose(stdout) == 0 && !lost)
		return EXIT_DONE;
	return fail("standard output", "%s", errno ? strerror(errno) : "writing failed");
}

int is_live(FILE *stream)
{
	const char *term = getenv("TERM");

	return isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
}

static const char *style(FILE *stream, const char *code)
{
	const char *no_color = getenv("NO_COLOR");

	return is_live(stream) && !(no_color && *no_color) ? code : "";
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

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return 80;
}

/* The bytes 10xxxxxx of UTF-8 continue a character. */
static int begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

int text_width(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += begins_character(*text);
	return width;
}

void print_field(FILE *stream, const char *text, int width)
{
	int room = abs(width), length = text_width(text);
	int shown = 0, cut = room > 0 && length > room;

	for (int pad = width - length; pad > 0; pad--)
		fputc(' ', stream);
	for (; *text; text++) {
		shown += begins_character(*text);
		if (cut && shown >= room)
			break;
		unsigned char byte = (unsigned char)*text;
		fputc(byte < 0x20 || byte == 0x7f ? '?' : byte, stream);
	}
	if (cut)
		fputc('~', stream);
	for (int pad = -width - length; pad > 0; pad--)
		fputc(' ', stream);
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

char *bytes_text(double bytes, char *text)
{
	static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
	size_t power = 0;

	while (bytes >= 1000 && power + 1 < sizeof unit / sizeof *unit) {
		bytes /= 1000;
		power++;
	}
	snprintf(text, 32, power == 0 ? "%.0f %s" : "%.1f %s", bytes, unit[power]);
	return text;
}

static int smallest(int a, int b, int c)
{
	int least = a < b ? a : b;

	return least < c ? least : c;
}

int word_distance(const char *word, const char *known)
{
	int row[65], length = (int)strlen(known);

	if (strncmp(word, known, strlen(word)) == 0)
		return 0;
	if (length > 64)
		return length;
	for (int j = 0; j <= length; j++)
		row[j] = j;
	for (int i = 0; word[i]; i++) {
		int diagonal = row[0];
		row[0] = i + 1;
		for (int j = 1; j <= length; j++) {
			int above = row[j], change = word[i] != known[j - 1];
			row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + change);
			diagonal = above;
		}
	}
	return row[length];
}

void print_word(FILE *stream, const char *word)
{
	static const char plain_ones[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_./,:=+-@%";

	if (*word && !word[strspn(word, plain_ones)]) {
		fputs(word, stream);
		return;
	}
	fputc('\'', stream);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[2]){*word, '\0'}, stream);
	fputc('\'', stream);
}
