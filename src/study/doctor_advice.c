/* SPDX-License-Identifier: MIT */
/*
 * doctor_advice.c - advice that names only settings which are not in use already
 */
#include <stdio.h>

#include "doctor.h"

enum { ADVICE_MOST = 400 };

void hb_advise_ways(hebb_findings *findings, const hb_way *way, int count)
{
	char list[ADVICE_MOST] = "";
	size_t length = 0;
	int open = 0, listed = 0;

	for (int i = 0; i < count; i++)
		open += way[i].open;
	for (int i = 0; i < count && length < sizeof list; i++) {
		if (!way[i].open)
			continue;
		const char *joint = listed == 0          ? ""
				    : listed + 1 < open  ? ", "
				    : listed + 1 == open ? (open > 2 ? ", or " : " or ")
							 : "";
		length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", joint,
					   way[i].text);
		listed++;
	}
	hb_advise(findings, "try %s", list);
}
