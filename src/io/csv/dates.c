/* SPDX-License-Identifier: MIT */
/*
 * dates.c - dates and times in texts, as seconds since 1970 in UTC
 *
 * A date has three parts with the same separator, the month as a number or by its English name,
 * then perhaps a time of day, and what it is ahead of UTC. Without that it counts as UTC. A month
 * or a quarter is its first day, a time of day alone the seconds since midnight.
 */
#include "csv.h"

#include <string.h>

enum { DAY = 24 * 60 * 60, HOUR = 60 * 60, MINUTE = 60 };
enum { GLUED = 'g' }; /* the separator of 30NOV2026, which has none */

/* A text that is read from its beginning. */
struct reading {
	const char *p, *end;
};

/* A part of a date: a number, or a month by its name. */
struct part {
	int value, digits; /* digits: 0 for a name */
};

static int is_at_end(const struct reading *r)
{
	return r->p == r->end;
}

static char peek(const struct reading *r)
{
	return r->p < r->end ? *r->p : '\0';
}

static int take(struct reading *r, char c)
{
	int is_there = peek(r) == c;

	r->p += is_there;
	return is_there;
}

static void pass_blanks(struct reading *r)
{
	while (take(r, ' '))
		;
}

/* Takes a word, given in lower case, in letters of any case. */
static int take_word(struct reading *r, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(r->end - r->p) < size)
		return 0;
	for (size_t i = 0; i < size; i++)
		if (hb_lower(r->p[i]) != word[i])
			return 0;
	r->p += size;
	return 1;
}

/* Takes up to `most` digits; returns how many there were. */
static int take_digits(struct reading *r, int most, int *value)
{
	int digits = 0;

	*value = 0;
	for (; digits < most && hb_is_digit(peek(r)); digits++)
		*value = *value * 10 + (*r->p++ - '0');
	return digits;
}

static int take_month(struct reading *r, int *month)
{
	static const char *const begins[] = {"jan", "feb", "mar", "apr", "may", "jun",
					     "jul", "aug", "sep", "oct", "nov", "dec"};
	static const char *const ends[] = {"uary", "ruary", "ch",     "il",   "",      "e",
					   "y",    "ust",   "tember", "ober", "ember", "ember"};

	for (int i = 0; i < 12; i++) {
		if (!take_word(r, begins[i]))
			continue;
		*month = i + 1;
		if (!take_word(r, ends[i]) || !*ends[i])
			take(r, '.');
		return 1;
	}
	return 0;
}

static int take_part(struct reading *r, struct part *part)
{
	part->digits = take_digits(r, 4, &part->value);
	return part->digits > 0 || take_month(r, &part->value);
}

static int is_at_letter(const struct reading *r)
{
	return hb_lower(peek(r)) >= 'a' && hb_lower(peek(r)) <= 'z';
}

/* Takes the separator, which is the same between all parts; blanks and a comma beside names. */
static int take_separator(struct reading *r, char *separator)
{
	const char *start = r->p;

	if (*separator == '\0' && peek(r) && strchr("-/. ", peek(r)))
		*separator = peek(r);
	if (*separator == '\0' && is_at_letter(r))
		*separator = GLUED;
	if (*separator == GLUED)
		return 1;
	if (*separator == ' ')
		take(r, ',');
	if (*separator == '\0' || !take(r, *separator))
		return 0;
	if (*separator == ' ')
		pass_blanks(r);
	return r->p > start;
}

/* The days from 1970-01-01 to a day of the Gregorian calendar, by counting years from March on. */
static long long days_to(int year, int month, int day)
{
	long long y = year - (month <= 2), since_march = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * since_march + 2) / 5 + day - 1 - 719468;
}

static int is_day(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && is_leap);
}

/* A year of two digits is one from 1969 to 2068, as strptime() has it. */
static int year_of(const struct part *part)
{
	return part->digits != 2  ? part->value
	       : part->value < 69 ? 2000 + part->value
				  : 1900 + part->value;
}

/* 1 if three parts with this separator can be a date of the form; puts year, month and day there.
 */
static int order_parts(hebb_form form, const struct part *part, char separator, int *date)
{
	static const int order[3][3] = {{0, 1, 2}, {2, 1, 0}, {2, 0, 1}};
	const int *at = order[form - HEBB_FORM_DATE_YMD];
	const struct part *year = &part[at[0]], *month = &part[at[1]], *day = &part[at[2]];
	int is_short = form != HEBB_FORM_DATE_YMD && year->digits == 2 &&
		       (separator == '/' || month->digits == 0 ||
			(separator == '.' && month->digits == 2 && day->digits == 2));

	if ((year->digits != 4 && !is_short) || month->digits > 2 || day->digits < 1 ||
	    day->digits > 2)
		return 0;
	if (form == HEBB_FORM_DATE_MDY && separator == '.')
		return 0;
	if ((separator == ' ' || separator == GLUED) && month->digits > 0)
		return 0;
	date[0] = year_of(year);
	date[1] = month->value;
	date[2] = day->value;
	return is_day(date[0], date[1], date[2]);
}

/* 20261130, which only a time behind it tells from a number. */
static int take_compact(struct reading *r, int *date)
{
	const char *start = r->p;

	if (take_digits(r, 4, &date[0]) == 4 && take_digits(r, 2, &date[1]) == 2 &&
	    take_digits(r, 2, &date[2]) == 2 && peek(r) && strchr("T_ ", peek(r)))
		return is_day(date[0], date[1], date[2]);
	r->p = start;
	return 0;
}

/* Takes Mon, Monday, or none; with a comma or a dot behind it, and blanks. */
static void take_weekday(struct reading *r)
{
	static const char *const names[] = {
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon",
		"tue",    "wed",     "thu",       "fri",      "sat",    "sun",      NULL};
	const char *start = r->p;

	for (int i = 0; names[i] && r->p == start; i++)
		take_word(r, names[i]);
	if (r->p == start)
		return;
	if (!take(r, ','))
		take(r, '.');
	if (peek(r) == ' ')
		pass_blanks(r);
	else
		r->p = start;
}

/* Q4, as the month in which it begins. */
static int take_quarter(struct reading *r, int *month)
{
	int quarter;

	if (!take_word(r, "q") || take_digits(r, 1, &quarter) != 1 || quarter < 1 || quarter > 4)
		return 0;
	*month = 3 * quarter - 2;
	return 1;
}

/* 2026-11, 2026M11, 2026-Nov, 2026Q4, 2026-Q4 */
static int take_year_and_month(struct reading *r, int *date)
{
	if (take_digits(r, 4, &date[0]) != 4)
		return 0;
	int has_dash = take(r, '-');
	if (!has_dash)
		take(r, ' ');
	if ((has_dash && hb_is_digit(peek(r))) || take(r, 'M'))
		return take_digits(r, 2, &date[1]) == 2;
	return take_quarter(r, &date[1]) || take_month(r, &date[1]);
}

/* 11/2026, Nov 2026, November-2026, Q4 2026 */
static int take_month_and_year(struct reading *r, int *date)
{
	int is_number = hb_is_digit(peek(r));

	if (is_number ? take_digits(r, 2, &date[1]) != 2
		      : !take_quarter(r, &date[1]) && !take_month(r, &date[1]))
		return 0;
	return (take(r, '/') || (!is_number && (take(r, ' ') || take(r, '-')))) &&
	       take_digits(r, 4, &date[0]) == 4;
}

/* A month or a quarter and nothing more: its first day. */
static int take_period(struct reading *r, int *date)
{
	static int (*const ways[])(struct reading *, int *) = {take_year_and_month,
							       take_month_and_year};
	const char *start = r->p;

	date[2] = 1;
	for (int i = 0; i < 2; i++) {
		if (ways[i](r, date) && is_at_end(r))
			return is_day(date[0], date[1], date[2]);
		r->p = start;
	}
	return 0;
}

static int take_date(struct reading *r, hebb_form form, int *date)
{
	struct part part[3];
	char separator = '\0';

	take_weekday(r);
	if (form == HEBB_FORM_DATE_YMD && (take_compact(r, date) || take_period(r, date)))
		return 1;
	for (int i = 0; i < 3; i++)
		if ((i > 0 && !take_separator(r, &separator)) || !take_part(r, &part[i]))
			return 0;
	return order_parts(form, part, separator, date);
}

/* 5:05 PM */
static int take_half(struct reading *r, int *hour)
{
	const char *start = r->p;
	int is_afternoon;

	pass_blanks(r);
	is_afternoon = take_word(r, "pm") || take_word(r, "p.m.");
	if (!is_afternoon && !take_word(r, "am") && !take_word(r, "a.m.")) {
		r->p = start;
		return 1;
	}
	if (*hour < 1 || *hour > 12)
		return 0;
	*hour = *hour % 12 + 12 * is_afternoon;
	return 1;
}

/* Z, +01:00, -0530, +01: the seconds that the time is ahead of UTC. */
static int take_zone(struct reading *r, int *ahead)
{
	int hours, minutes = 0, sign;

	pass_blanks(r);
	*ahead = 0;
	if (is_at_end(r) || take_word(r, "z") || take_word(r, "utc") || take_word(r, "gmt"))
		return 1;
	sign = take(r, '-') ? -1 : take(r, '+');
	if (!sign || take_digits(r, 2, &hours) != 2)
		return 0;
	take(r, ':');
	if (!is_at_end(r) && take_digits(r, 2, &minutes) != 2)
		return 0;
	*ahead = sign * (hours * HOUR + minutes * MINUTE);
	return hours <= 15 && minutes < 60;
}

/* .25 of a second */
static double take_fraction(struct reading *r)
{
	double value = 0;
	const char *start = r->p;

	if (peek(r) != '.' && peek(r) != ',')
		return 0;
	for (r->p++; hb_is_digit(peek(r)); r->p++)
		;
	char text[32] = "0.";
	size_t size = (size_t)(r->p - start) - 1;
	if (size > sizeof text - 3)
		size = sizeof text - 3;
	memcpy(text + 2, start + 1, size);
	hb_parse_double(text, size + 2, &value);
	return value;
}

/* 17:05, 17:05:09.25, 1705 */
static int take_hms(struct reading *r, int hms[3])
{
	int digits = take_digits(r, 2, &hms[0]);
	char mark = peek(r) == '.' ? '.' : ':';
	int has_mark = digits > 0 && take(r, mark);

	hms[2] = 0;
	if (digits == 0 || (!has_mark && digits != 2) || take_digits(r, 2, &hms[1]) != 2)
		return 0;
	if (has_mark ? !take(r, mark) : !hb_is_digit(peek(r)))
		return 1;
	return take_digits(r, 2, &hms[2]) == 2;
}

/* 5 PM */
static int take_hour(struct reading *r, int hms[3])
{
	struct reading after;

	hms[1] = hms[2] = 0;
	if (take_digits(r, 2, &hms[0]) == 0)
		return 0;
	after = *r;
	pass_blanks(&after);
	return take_word(&after, "am") || take_word(&after, "pm");
}

/* 17:05, 5:05:09.25 PM, 5 PM: the seconds since midnight, less those that the time is ahead of UTC.
 */
static int take_clock(struct reading *r, double *seconds)
{
	struct reading start = *r;
	int hms[3], ahead;

	if (!take_hms(r, hms)) {
		*r = start;
		if (!take_hour(r, hms))
			return 0;
	}
	double fraction = take_fraction(r);
	if (!take_half(r, &hms[0]) || !take_zone(r, &ahead))
		return 0;
	*seconds = hms[0] * HOUR + hms[1] * MINUTE + hms[2] - ahead + fraction;
	return hms[0] < 24 && hms[1] < 60 && hms[2] <= 60;
}

/* The time behind a date; none is midnight. */
static int take_time(struct reading *r, double *seconds)
{
	const char *start = r->p;
	int is_parted = peek(r) && strchr("Tt_:,", peek(r));

	*seconds = 0;
	r->p += is_parted;
	pass_blanks(r);
	if (is_at_end(r) && !is_parted)
		return 1;
	return r->p > start && take_clock(r, seconds);
}

static int has_colon(const char *text, size_t size)
{
	return size > 3 && (text[1] == ':' || text[2] == ':');
}

/* A time of day alone, which needs a colon, or AM or PM. */
static int read_clock(const char *text, size_t size, double *value)
{
	struct reading r = {text, text + size};

	return size > 2 && (has_colon(text, size) || hb_lower(text[size - 1]) == 'm') &&
	       take_clock(&r, value) && is_at_end(&r);
}

static int read_date(hebb_form form, const char *text, size_t size, double *value)
{
	struct reading r = {text, text + size};
	int date[3];
	double seconds;

	if (!take_date(&r, form, date) || !take_time(&r, &seconds) || !is_at_end(&r))
		return 0;
	*value = (double)(days_to(date[0], date[1], date[2]) * DAY) + seconds;
	return 1;
}

enum { MOVED_MOST = 48 };

/* Mon Nov 30 17:05:09 2026, as ctime() writes it: puts the year before the time and reads that. */
static int read_year_last(const char *text, size_t size, double *value)
{
	enum { YEAR = 5 }; /* its digits and a blank */
	const char *colon = size > YEAR && size < MOVED_MOST ? memchr(text, ':', size) : NULL;
	const char *last = text + size - YEAR;
	char moved[MOVED_MOST];

	if (!colon || colon > last || *last != ' ')
		return 0;
	size_t before = (size_t)(colon - text);
	while (before > 0 && text[before - 1] != ' ')
		before--;
	memcpy(moved, text, before);
	memcpy(moved + before, last + 1, YEAR - 1);
	moved[before + YEAR - 1] = ' ';
	memcpy(moved + before + YEAR, text + before, size - before - YEAR);
	return read_date(HEBB_FORM_DATE_MDY, moved, size, value);
}

/* 17:05:09 30 Nov 2026: puts the time behind the date and reads that. */
static int read_time_first(hebb_form form, const char *text, size_t size, double *value)
{
	const char *blank =
		has_colon(text, size) && size < MOVED_MOST ? memchr(text, ' ', size) : NULL;
	char moved[MOVED_MOST];

	if (!blank)
		return 0;
	size_t time = (size_t)(blank - text), date = size - time - 1;
	memcpy(moved, blank + 1, date);
	moved[date] = ' ';
	memcpy(moved + date + 1, text, time);
	return read_date(form, moved, size, value);
}

int hb_date_read(hebb_form form, const char *text, size_t size, double *value, int *is_clock)
{
	*is_clock = form == HEBB_FORM_DATE_YMD && read_clock(text, size, value);
	return *is_clock || read_date(form, text, size, value) ||
	       read_time_first(form, text, size, value) ||
	       (form == HEBB_FORM_DATE_MDY && read_year_last(text, size, value));
}
