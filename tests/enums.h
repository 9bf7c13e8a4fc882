/* SPDX-License-Identifier: MIT */
/*
 * enums.h - what a header of the project says, for tests that compare it with tables: the values of
 * an enum or the fields of a struct, each with its comment, above or beside it
 */
#ifndef HEBB_ENUMS_H
#define HEBB_ENUMS_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MOST = 200 };

struct listed {
	char name[48];
	int value;         /* of an enum */
	char comment[900]; /* on one line and without its marks; "": none */
};

/* A file below the project's root; to be freed.  NULL: it is not to be read. */
static inline char *source_text(const char *path)
{
	char name[512], *text = NULL;
	long size = 0;

	snprintf(name, sizeof name, "%s/%s", HEBB_SOURCE, path);
	FILE *file = fopen(name, "rb");
	if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) > 0)
		text = calloc(1, (size_t)size + 1);
	if (text) {
		rewind(file);
		text[fread(text, 1, (size_t)size, file)] = '\0';
	}
	if (file)
		fclose(file);
	return text;
}

/* The comment that begins at `at`; returns what stands behind it. */
static inline const char *take_comment(const char *at, char *to, size_t room)
{
	const char *end = strstr(at, "*/");
	size_t length = 0;

	at += 2;
	at += strspn(at, "*<");
	for (; at < end && length + 1 < room; at++) {
		int begins = *at == '\n';

		if (!isspace((unsigned char)*at)) {
			to[length++] = *at;
			continue;
		}
		at += strspn(at, " \t\n");
		at += begins && *at == '*' && at < end ? 1 + strspn(at + 1, " ") : 0;
		if (length > 0 && at < end)
			to[length++] = ' ';
		at--;
	}
	to[length] = '\0';
	return end + 2;
}

/* The name of the field that `double *a;` or `int (*a)(void *b);` declares. */
static inline void take_field(const char *text, size_t size, char name[48])
{
	const char *pointer = memchr(text, '(', size);
	size_t from = size;

	if (pointer) {
		sscanf(pointer, "(*%47[A-Za-z0-9_]", name);
		return;
	}
	while (from > 0 && (isalnum((unsigned char)text[from - 1]) || text[from - 1] == '_'))
		from--;
	snprintf(name, 48, "%.*s", (int)(size - from), text + from);
}

/* `what` is "typedef enum NAME" or "typedef struct NAME"; returns how many there are. */
static inline int listed_in(const char *path, const char *what, struct listed list[LISTED_MOST])
{
	char begin[80], *text = source_text(path);
	int count = 0, is_enum = strstr(what, " enum ") != NULL;

	memset(list, 0, LISTED_MOST * sizeof *list);
	snprintf(begin, sizeof begin, "%s {", what);
	const char *at = text ? strstr(text, begin) : NULL;
	for (at = at ? at + strlen(begin) : "}"; *at != '}' && count < LISTED_MOST - 1;) {
		size_t size = strcspn(at, is_enum ? ",/}" : ";");
		int beside = count > 0 && strncmp(at, "/**<", 4) == 0;

		if (isspace((unsigned char)*at) || *at == ',' || *at == ';') {
			at++;
		} else if (strncmp(at, "/*", 2) == 0) {
			at = take_comment(at, list[count - beside].comment, sizeof list->comment);
		} else {
			if (is_enum) {
				list[count].value = count ? list[count - 1].value + 1 : 0;
				sscanf(at, "%47[A-Za-z0-9_] = %d", list[count].name,
				       &list[count].value);
			} else {
				take_field(at, size, list[count].name);
			}
			count++;
			at += size;
		}
	}
	free(text);
	return count;
}

#endif /* HEBB_ENUMS_H */
