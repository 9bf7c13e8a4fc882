/* SPDX-License-Identifier: MIT */
/*
 * findings.c - the list of the doctor's findings
 */
#include <stdarg.h>
#include <stdio.h>

#include "doctor.h"

enum {
	ALIKE_MOST =
		3, /* the most findings with one code: a table may have hundreds of odd columns */
	SENTENCE_MOST = 720
};

/* The last finding with a code if there are ALIKE_MOST of them; else NULL. */
static hebb_finding *last_of_many(hebb_findings *findings, const char *code)
{
	hebb_finding *last = NULL;
	int alike = 0;

	for (int i = 0; i < findings->count; i++) {
		if (strcmp(findings->list[i].code, code) != 0)
			continue;
		last = &findings->list[i];
		alike++;
	}
	return alike >= ALIKE_MOST ? last : NULL;
}

/* Writes a sentence by hebb_show(), because it quotes names from files. */
static void tell(char *sentence, size_t size, const char *format, va_list arguments)
{
	char text[SENTENCE_MOST];

	vsnprintf(text, sizeof text, format, arguments);
	hebb_show(text, strlen(text), sentence, size);
}

void hb_found(hebb_findings *findings, const char *code, hebb_severity severity, const char *format,
	      ...)
{
	hebb_finding *repeated = last_of_many(findings, code);
	va_list arguments;

	findings->left_out = repeated || findings->count == HEBB_FINDINGS_MOST;
	if (repeated)
		repeated->more++;
	if (findings->left_out)
		return;
	hebb_finding *added = &findings->list[findings->count++];
	*added = (hebb_finding){.code = code, .severity = severity};
	va_start(arguments, format);
	tell(added->message, sizeof added->message, format, arguments);
	va_end(arguments);
}

void hb_advise(hebb_findings *findings, const char *format, ...)
{
	va_list arguments;

	if (findings->left_out || findings->count == 0)
		return;
	hebb_finding *last = &findings->list[findings->count - 1];
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
