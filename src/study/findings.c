/* SPDX-License-Identifier: MIT */
/*
 * findings.c - what the doctor found: a list
 */
#include <stdarg.h>
#include <stdio.h>

#include "doctor.h"

enum {
	ALIKE_MOST = 3, /* of one code: a table may have hundreds of odd columns */
	SENTENCE_MOST = 720
};

/* The last of ALIKE_MOST findings of a code; NULL if there are fewer. */
static hebb_finding *last_of_many(hebb_findings *to, const char *code)
{
	hebb_finding *last = NULL;
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
	char text[SENTENCE_MOST];

	vsnprintf(text, sizeof text, format, arguments);
	hebb_show(text, strlen(text), sentence, size);
}

void hb_found(hebb_findings *to, const char *code, hebb_severity severity, const char *format, ...)
{
	hebb_finding *many = last_of_many(to, code);
	va_list arguments;

	to->left_out = many || to->count == HEBB_FINDINGS_MOST;
	if (many)
		many->more++;
	if (to->left_out)
		return;
	hebb_finding *added = &to->list[to->count++];
	*added = (hebb_finding){.code = code, .severity = severity};
	va_start(arguments, format);
	tell(added->message, sizeof added->message, format, arguments);
	va_end(arguments);
}

void hb_advise(hebb_findings *to, const char *format, ...)
{
	va_list arguments;

	if (to->left_out || to->count == 0)
		return;
	hebb_finding *last = &to->list[to->count - 1];
	va_start(arguments, format);
	tell(last->advice, sizeof last->advice, format, arguments);
	va_end(arguments);
}

int hebb_findings_count(const hebb_findings *findings, hebb_severity least)
{
	int count = 0;

	for (int i = 0; i < findings->count; i++)
		count += findings->list[i].severity >= least;
	return count;
}

int hebb_findings_have(const hebb_findings *findings, const char *code)
{
	for (int i = 0; i < findings->count; i++)
		if (strcmp(findings->list[i].code, code) == 0)
			return 1;
	return 0;
}
