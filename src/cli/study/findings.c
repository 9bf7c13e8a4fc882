/* SPDX-License-Identifier: MIT */
/*
 * findings.c - what the doctor found: a list, and how it is told
 */
#include "findings.h"

#include <stdarg.h>
#include <string.h>

#include "hebb_advanced.h"
#include "json.h"

enum {
	WARNINGS_MOST = 4, /* lines before training begins; more would hide the first */
	MESSAGE_MOST = 360,
	INDENT = 11,
	WIDTH_MOST = 100 /* longer lines are hard to read */
};

static const char *const severity_name[] = {
	[SEVERITY_INFO] = "info", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};

/* The last of ALIKE_MOST findings of a code; NULL if there are fewer. */
static finding *last_of_many(findings *to, const char *code)
{
	finding *last = NULL;
	int alike = 0;

	for (int i = 0; i < to->count; i++) {
		if (strcmp(to->list[i].code, code) != 0)
			continue;
		last = &to->list[i];
		alike++;
	}
	return alike >= ALIKE_MOST ? last : NULL;
}

/* A sentence as it may be shown, in UTF-8: it quotes names from files. */
static void tell(char *sentence, size_t size, const char *format, va_list arguments)
{
	char text[2 * MESSAGE_MOST];

	vsnprintf(text, sizeof text, format, arguments);
	hebb_show(text, strlen(text), sentence, size);
}

void found(findings *to, const char *code, severity level, const char *format, ...)
{
	finding *many = last_of_many(to, code);
	va_list arguments;

	to->left_out = many || to->count == FINDINGS_MOST;
	if (many)
		many->more++;
	if (to->left_out)
		return;
	finding *added = &to->list[to->count++];
	*added = (finding){.code = code, .level = level};
	va_start(arguments, format);
	tell(added->message, sizeof added->message, format, arguments);
	va_end(arguments);
}

void advise(findings *to, const char *format, ...)
{
	va_list arguments;

	if (to->left_out || to->count == 0)
		return;
	finding *last = &to->list[to->count - 1];
	va_start(arguments, format);
	tell(last->advice, sizeof last->advice, format, arguments);
	va_end(arguments);
}

/* The message, and how many more there are like it. */
static char *message_of(const finding *from, char *text, size_t size)
{
	if (from->more > 0)
		snprintf(text, size, "%s; and %d more such", from->message, from->more);
	else
		snprintf(text, size, "%s", from->message);
	return text;
}

int findings_count(const findings *from, severity least)
{
	int count = 0;

	for (int i = 0; i < from->count; i++)
		count += from->list[i].level >= least;
	return count;
}

int findings_have(const findings *from, const char *code)
{
	for (int i = 0; i < from->count; i++)
		if (strcmp(from->list[i].code, code) == 0)
			return 1;
	return 0;
}

json_t *findings_json(const findings *from)
{
	json_t *list = json_array();
	char text[MESSAGE_MOST];

	for (int i = 0; from && i < from->count; i++) {
		const finding *each = &from->list[i];
		json_t *one = json_object();
		json_object_set_new(one, "code", json_string(each->code));
		json_object_set_new(one, "severity", json_string(severity_name[each->level]));
		json_object_set_new(one, "message",
				    json_string(message_of(each, text, sizeof text)));
		json_object_set_new(one, "advice", json_string(each->advice));
		json_array_append_new(list, one);
	}
	return list;
}

/* Words from column `column` on, wrapped; the texts may hold names from files. */
static void print_wrapped(FILE *stream, const char *text, int column, int width)
{
	char word[MESSAGE_MOST];

	while (*text) {
		size_t length = strcspn(text, " ");
		memcpy(word, text, length);
		word[length] = '\0';
		if (column > INDENT && column + 1 + text_width(word) > width) {
			fprintf(stream, "\n%*s", INDENT, "");
			column = INDENT;
		} else if (column > INDENT) {
			fputc(' ', stream);
			column++;
		}
		print_field(stream, word, 0);
		column += text_width(word);
		text += length + strspn(text + length, " ");
	}
	fputc('\n', stream);
}

static void print_finding(FILE *stream, const finding *each, int width)
{
	char text[MESSAGE_MOST];

	fprintf(stream, "  %-8s %s%s%s\n%*s", severity_name[each->level], bold(stream), each->code,
		plain(stream), INDENT, "");
	print_wrapped(stream, message_of(each, text, sizeof text), INDENT, width);
	if (!each->advice[0])
		return;
	fprintf(stream, "%*s%s", INDENT, "", dim(stream));
	print_wrapped(stream, each->advice, INDENT, width);
	fputs(plain(stream), stream);
}

void findings_print(FILE *stream, const findings *from)
{
	int width = terminal_width(stream);

	width = width > WIDTH_MOST ? WIDTH_MOST : width;
	for (int wanted = SEVERITY_ERROR; wanted >= SEVERITY_INFO; wanted--)
		for (int i = 0; i < from->count; i++)
			if ((int)from->list[i].level == wanted)
				print_finding(stream, &from->list[i], width);
}

void findings_warn(const findings *from, int first)
{
	int told = 0, more = 0;
	char text[MESSAGE_MOST];

	for (int i = first; i < from->count && !is_quiet(); i++) {
		const finding *each = &from->list[i];
		if (each->level < SEVERITY_WARNING)
			continue;
		more += told == WARNINGS_MOST;
		if (told == WARNINGS_MOST)
			continue;
		warn("%s: %s; %s", each->code, message_of(each, text, sizeof text), each->advice);
		told++;
	}
	if (more > 0)
		note("%d more warning%s; 'hebb check' says all with the same options", more,
		     more == 1 ? "" : "s");
}
