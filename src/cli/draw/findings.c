/* SPDX-License-Identifier: MIT */
/*
 * findings.c - prints the doctor's findings
 */
#include "findings.h"

#include <string.h>

#include "json.h"
#include "picture/activity.h"
#include "terminal.h"

enum {
	WARNINGS_MOST = 4, /* lines before training begins; more would scroll the first away */
	MESSAGE_MOST = 360,
	INDENT = 11,
	WIDTH_MOST = 100 /* longer lines are hard to read */
};

/* The message, and how many more findings are like it. */
static char *message_of(const hebb_finding *finding, char *text, size_t size)
{
	if (finding->more > 0)
		snprintf(text, size, "%s; and %d more like it", finding->message, finding->more);
	else
		snprintf(text, size, "%s", finding->message);
	return text;
}

json_t *findings_json(const hebb_findings *findings)
{
	json_t *list = json_array();
	char text[MESSAGE_MOST];

	for (int i = 0; findings && i < findings->count; i++) {
		const hebb_finding *each = &findings->list[i];
		json_t *one = json_object();
		json_object_set_new(one, "code", json_string(each->code));
		json_object_set_new(one, "severity",
				    json_string(hebb_severity_name(each->severity)));
		json_object_set_new(one, "message",
				    json_string(message_of(each, text, sizeof text)));
		json_object_set_new(one, "advice", json_string(each->advice));
		json_array_append_new(list, one);
	}
	return list;
}

/* Prints words from a column on, wrapped. The texts may contain names from files. */
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

static void print_finding(FILE *stream, const hebb_finding *each, int width)
{
	char text[MESSAGE_MOST];

	fprintf(stream, "  %-8s %s%s%s\n%*s", hebb_severity_name(each->severity), bold(stream),
		each->code, plain(stream), INDENT, "");
	print_wrapped(stream, message_of(each, text, sizeof text), INDENT, width);
	if (!each->advice[0])
		return;
	fprintf(stream, "%*s%s", INDENT, "", dim(stream));
	print_wrapped(stream, each->advice, INDENT, width);
	fputs(plain(stream), stream);
}

void findings_print(FILE *stream, const hebb_findings *findings)
{
	int width = terminal_width(stream);

	width = width > WIDTH_MOST ? WIDTH_MOST : width;
	for (int wanted = HEBB_SEVERITY_ERROR; wanted >= HEBB_SEVERITY_INFO; wanted--)
		for (int i = 0; i < findings->count; i++)
			if ((int)findings->list[i].severity == wanted)
				print_finding(stream, &findings->list[i], width);
}

void findings_warn(const hebb_findings *findings, int first)
{
	int printed = 0, more = 0;
	char text[MESSAGE_MOST];

	for (int i = first; i < findings->count; i++) {
		const hebb_finding *each = &findings->list[i];
		if (each->severity < HEBB_SEVERITY_WARNING)
			continue;
		more += printed == WARNINGS_MOST;
		if (printed == WARNINGS_MOST)
			continue;
		warn("%s: %s; %s", each->code, message_of(each, text, sizeof text), each->advice);
		printed++;
	}
	if (more > 0)
		note("%d more warning%s; 'hebb check' with the same options lists all", more,
		     more == 1 ? "" : "s");
}

/* Says what was decided about the classes, though it is rarely wrong. */
static void tell_marks(const hebb_findings *findings)
{
	char text[MESSAGE_MOST];

	for (int i = 0; i < findings->count; i++)
		if (strcmp(findings->list[i].code, "mark_as_class") == 0)
			note("%s; %s", message_of(&findings->list[i], text, sizeof text),
			     findings->list[i].advice);
}

void doctor_before(const hebb_trial *run, hebb_findings *findings)
{
	*findings = hebb_findings_default();
	activity_begin("checking the data");
	hebb_check_table(run->study->table, run->coding, run->study->missing,
			 run->study->input_columns, 0, findings);
	hebb_check_rows(run, 0, findings);
	hebb_check_settings(run, findings);
	activity_end();
	tell_marks(findings);
	findings_warn(findings, 0);
}

void doctor_folds(const hebb_trial *run)
{
	hebb_findings few = hebb_findings_default();

	hebb_check_folds(run, &few);
	findings_warn(&few, 0);
}

void doctor_after(const hebb_trial *run, const hebb_result *result, hebb_findings *findings)
{
	int known = findings->count;

	activity_begin("checking the result");
	hebb_check_result(run, result, findings);
	if (run->study->effort > HEBB_EFFORT_QUICK && result->test_rows > 0)
		hebb_check_baselines(run->coding->task, run->net, run->train, run->test,
				     run->study->threads, findings);
	activity_end();
	findings_warn(findings, known);
}
