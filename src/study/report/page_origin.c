/* SPDX-License-Identifier: MIT */
/*
 * page_origin.c - how the result was made, so that it can be made again: the command, the seed, the
 * versions, the fingerprint of the data, and all settings
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

static const hebb_study *study_of(const hb_view *view)
{
	return view->report->trial ? view->report->trial->study : NULL;
}

static void put_identity(hb_page *page, const hb_view *view)
{
	const hebb_study *study = study_of(view);
	const hebb_table *table = view->table;
	char text[32];

	hb_put(page, "<dl>\n<dt>Hebb</dt><dd>%s, kernels %s</dd>\n", hebb_version(),
	       hebb_kernels(NULL));
	if (table)
		hb_put(page, "<dt>Data</dt><dd>%w: %l rows, %l columns, %s</dd>\n", table->name,
		       table->rows, (long long)table->columns, table->format);
	if (study) {
		snprintf(text, sizeof text, "%016llx", (unsigned long long)study->fingerprint);
		hb_put(page, "<dt>Fingerprint of the data</dt><dd><code>%s</code></dd>\n", text);
		snprintf(text, sizeof text, "%llu", (unsigned long long)view->report->trial->seed);
		hb_put(page, "<dt>Seed</dt><dd><code>%s</code></dd>\n", text);
		hb_put(page, "<dt>Precision</dt><dd>%s</dd>\n",
		       hebb_precision_name(study->precision));
	} else if (table) {
		snprintf(text, sizeof text, "%016llx",
			 (unsigned long long)hebb_table_fingerprint(table));
		hb_put(page, "<dt>Fingerprint of the data</dt><dd><code>%s</code></dd>\n", text);
	}
	if (view->report->saved)
		hb_put(page, "<dt>Model</dt><dd>%w</dd>\n", view->report->saved);
	hb_put(page, "</dl>\n");
}

/* The text of a setting; to be freed. */
static char *setting_text(const json_t *value)
{
	return json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
}

static void put_settings(hb_page *page, const hebb_study *study)
{
	char *text = hebb_study_settings(study);
	json_t *all = text ? json_loads(text, 0, NULL) : NULL, *value;
	const char *key;

	free(text);
	page->failed |= !all;
	hb_put(page, "<details><summary>All settings</summary>\n");
	hb_table_begin(page, "All settings", "<Setting|<Value");
	json_object_foreach(all, key, value)
	{
		char *shown = setting_text(value);

		hb_put(page, "<tr><th scope=\"row\">%t</th><td class=\"long\">", key);
		if (json_is_string(value))
			hb_put_text(page, json_string_value(value), 300);
		else
			hb_put_text(page, shown ? shown : "", 300);
		hb_put(page, "</td></tr>\n");
		free(shown);
	}
	hb_table_end(page);
	hb_put(page, "</details>\n");
	json_decref(all);
}

void hb_put_origin(hb_page *page, const hb_view *view)
{
	const hebb_report *report = view->report;

	hb_section_begin(page, "origin", "How it was made");
	if (report->command) {
		hb_put(page, "<pre class=\"command\">");
		hb_put_text(page, report->command, 20000);
		hb_put(page, "</pre>\n");
	}
	put_identity(page, view);
	if (study_of(view))
		put_settings(page, study_of(view));
	if (report->numbers)
		hb_put(page, "<p class=\"soft\">Programs find all numbers as JSON in the element "
			     "<code>hebb-numbers</code> of this page.</p>\n");
	hb_section_end(page);
}
