/* SPDX-License-Identifier: MIT */
/*
 * page_findings.c - what the doctor found
 */
#include <string.h>

#include "report.h"

int hb_is_said(const hb_view *view, const hebb_finding *finding)
{
	return !hb_has_folds(view) || strcmp(finding->code, "no_test_rows") != 0;
}

static int count_said(const hb_view *view)
{
	const hebb_findings *findings = view->report->findings;
	int n = 0;

	for (int i = 0; i < findings->count; i++)
		n += hb_is_said(view, &findings->list[i]);
	return n;
}

void hb_put_findings(hb_page *page, const hb_view *view)
{
	const hebb_findings *findings = view->report->findings;

	if (!findings)
		return;
	int count = count_said(view);

	hb_section_begin(page, "findings", "Findings");
	if (count == 0)
		hb_put(page, "<p>The doctor found nothing that is wrong.</p>\n");
	hb_put(page, count > 0 ? "<ul class=\"findings\">\n" : "");
	for (int wanted = HEBB_SEVERITY_ERROR; wanted >= HEBB_SEVERITY_INFO; wanted--)
		for (int i = 0; i < findings->count; i++) {
			const hebb_finding *each = &findings->list[i];
			const char *severity = hebb_severity_name(each->severity);

			if ((int)each->severity != wanted || !hb_is_said(view, each))
				continue;
			hb_put(page,
			       "<li class=\"%s\"><span class=\"severity\">%s</span> "
			       "<code>%s</code><br />"
			       "%w",
			       severity, severity, each->code, each->message);
			if (each->more > 0)
				hb_put(page, "; and %d more like it", each->more);
			hb_put(page,
			       each->advice[0] ? "<br /><span class=\"soft\">%w</span></li>\n"
					       : "</li>\n",
			       each->advice);
		}
	hb_put(page, count > 0 ? "</ul>\n" : "");
	hb_section_end(page);
}
