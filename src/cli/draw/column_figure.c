/* SPDX-License-Identifier: MIT */
/*
 * column_figure.c - numbers of a column, as people read them
 */
#define _POSIX_C_SOURCE 200809L
#include "column_figure.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

figure_text column_figure(hebb_form form, int is_time, double value)
{
	const double seconds_most = 253402300799.0; /* of the year 9999 */
	figure_text shown;
	struct tm day;
	time_t time = 0;

	snprintf(shown.text, sizeof shown.text, "%s", hebb_show_number(value, 4).text);
	if (form < HEBB_FORM_DATE_YMD || !(fabs(value) <= seconds_most))
		return shown;
	time = (time_t)floor(value);
	if (gmtime_r(&time, &day))
		strftime(shown.text, sizeof shown.text, is_time ? "%H:%M:%S" : "%Y-%m-%d", &day);
	return shown;
}
