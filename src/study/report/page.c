/* SPDX-License-Identifier: MIT */
/*
 * page.c - a page of HTML while it is written
 */
#include "page.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "hebb_io.h"

/* style.css and script.js, which assets.S puts into the library; each ends in a zero byte. */
extern const char hb_page_style[], hb_page_script[];

/* ---- Text ---- */

/* Makes room for so many more bytes and a zero byte; 0 without memory. */
static int reserve(hb_page *page, size_t more)
{
	size_t room = page->room;

	if (page->failed)
		return 0;
	if (page->length + more < room)
		return 1;
	while (room <= page->length + more)
		room = room ? 2 * room : 1 << 16;
	char *text = realloc(page->text, room);
	page->failed = !text;
	if (!text)
		return 0;
	page->text = text;
	page->room = room;
	return 1;
}

static void put_bytes(hb_page *page, const char *bytes, size_t size)
{
	if (!reserve(page, size))
		return;
	memcpy(page->text + page->length, bytes, size);
	page->length += size;
	page->text[page->length] = '\0';
}

static void put_string(hb_page *page, const char *text)
{
	put_bytes(page, text, strlen(text));
}

/* Text of ours without its indentation. */
static void put_lines(hb_page *page, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\t");

		put_bytes(page, text, length);
		text += length + (text[length] == '\t');
	}
}

static const char *escape_of(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* How many letters are shown for a text. */
static size_t letters_of(const char *shown)
{
	size_t letters = 0;

	for (; *shown; shown++)
		letters += ((unsigned char)*shown & 0xc0) != 0x80;
	return letters;
}

/* Writes a text up to so many bytes or so many letters as they are shown. */
static void put_shown(hb_page *page, const char *text, size_t most_bytes, size_t most_letters)
{
	size_t left = strlen(text), used = 0, letters = 0, bytes;
	char shown[HEBB_SHOWN_MOST];

	for (; (bytes = hebb_show_character(text, left, shown)); text += bytes, left -= bytes) {
		const char *escape = escape_of(shown[0]), *written = escape ? escape : shown;

		used += strlen(written);
		letters += letters_of(shown);
		if (used > most_bytes || letters > most_letters) {
			put_string(page, "…");
			return;
		}
		put_string(page, written);
	}
}

void hb_put_text(hb_page *page, const char *text, size_t most)
{
	put_shown(page, text, most > 0 ? most : SIZE_MAX, SIZE_MAX);
}

/* The last letter that has room makes place for the mark of the cut. */
void hb_put_letters(hb_page *page, const char *text, size_t most)
{
	size_t left = strlen(text), letters = 0, bytes;
	char shown[HEBB_SHOWN_MOST];

	for (const char *at = text;
	     letters <= most && (bytes = hebb_show_character(at, left, shown));
	     at += bytes, left -= bytes)
		letters += letters_of(shown);
	put_shown(page, text, SIZE_MAX, letters > most ? most - 1 : most);
}

/* A coordinate: 12, 0.5, -3.2. */
static void put_place(hb_page *page, double value)
{
	long tenths = isfinite(value) ? lround(fmin(fmax(value, -1e6), 1e6) * 10) : 0;
	long size = labs(tenths);
	char text[32];

	if (size % 10)
		snprintf(text, sizeof text, "%s%ld.%ld", tenths < 0 ? "-" : "", size / 10,
			 size % 10);
	else
		snprintf(text, sizeof text, "%s%ld", tenths < 0 ? "-" : "", size / 10);
	put_string(page, text);
}

/* 60,000 */
static void put_count(hb_page *page, long long count)
{
	hebb_counted shown = hebb_show_count(count, "x");

	put_bytes(page, shown.text, strcspn(shown.text, " "));
}

/* A number as people read it, with the minus of typography. */
static void put_number(hb_page *page, double value)
{
	hebb_number shown = hebb_show_number(value, 4);

	if (isnan(value)) {
		put_string(page, "–");
		return;
	}
	put_string(page, shown.text[0] == '-' ? "\xe2\x88\x92" : "");
	put_string(page, shown.text + (shown.text[0] == '-'));
}

/* Writes the value of one mark. */
static void put_mark(hb_page *page, char mark, va_list *values)
{
	char text[16];

	switch (mark) {
	case 's':
		put_string(page, va_arg(*values, const char *));
		break;
	case 't':
		hb_put_text(page, va_arg(*values, const char *), HB_PAGE_NAME_MOST);
		break;
	case 'w':
		hb_put_text(page, va_arg(*values, const char *), 0);
		break;
	case 'd':
		snprintf(text, sizeof text, "%d", va_arg(*values, int));
		put_string(page, text);
		break;
	case 'l':
		put_count(page, va_arg(*values, long long));
		break;
	case 'n':
		put_number(page, va_arg(*values, double));
		break;
	case 'c':
		put_place(page, va_arg(*values, double));
		break;
	default:
		put_bytes(page, &mark, 1);
	}
}

void hb_put(hb_page *page, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	while (*format) {
		size_t plain = strcspn(format, "%");

		put_bytes(page, format, plain);
		format += plain;
		if (*format == '\0')
			break;
		put_mark(page, format[1], &values);
		format += 2;
	}
	va_end(values);
}

/* ---- The frame ---- */

const char hb_page_mark[] = "<!DOCTYPE html>\n<html lang=\"en\" data-by=\"hebb\">\n";

/* The policy lets a browser load nothing, whatever stands in the page. */
static const char head[] =
	"<head>\n<meta charset=\"utf-8\" />\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
	"<meta name=\"color-scheme\" content=\"light dark\" />\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\" />\n"
	"<link rel=\"icon\" href=\"data:,\" />\n";

void hb_page_begin(hb_page *page, const char *title)
{
	*page = (hb_page){.charts = json_array(), .places = json_array()};
	page->failed = !page->charts || !page->places;
	hb_put(page, "%s%s<title>%t</title>\n<style>\n", hb_page_mark, head, title);
	put_lines(page, hb_page_style);
	hb_put(page,
	       "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the results</a>\n"
	       "<main id=\"main\">\n");
}

/* Writes JSON in a script element: nothing in it can end the element, and every character that a
 * terminal or an editor should not get is an escape. */
static void put_json(hb_page *page, const char *id, json_t *value)
{
	char *text = value ? json_dumps(value, JSON_REAL_PRECISION(15) | JSON_ENSURE_ASCII) : NULL;

	page->failed |= !text;
	hb_put(page, "<script type=\"application/json\" id=\"%s\">", id);
	for (const char *at = text; at && *at; at++) {
		if (strchr("<>&\x7f", *at)) {
			char escape[8];
			snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)*at);
			put_string(page, escape);
		} else {
			put_bytes(page, at, 1);
		}
	}
	hb_put(page, "</script>\n");
	free(text);
	json_decref(value);
}

void hb_page_contents(hb_page *page)
{
	page->contents = page->length;
}

/* Puts the list of contents where hb_page_contents() was called. */
static void insert_contents(hb_page *page)
{
	hb_page list = {.length = 0};
	size_t tail = page->length - page->contents, i;
	json_t *place;

	hb_put(&list, "<nav class=\"contents\" aria-label=\"Contents\">");
	json_array_foreach(page->places, i, place) hb_put(
		&list, "<a href=\"#%s\">%s</a>", json_string_value(json_object_get(place, "id")),
		json_string_value(json_object_get(place, "title")));
	hb_put(&list, "</nav>\n");
	page->failed |= list.failed;
	if (reserve(page, list.length)) {
		memmove(page->text + page->contents + list.length, page->text + page->contents,
			tail + 1);
		memcpy(page->text + page->contents, list.text, list.length);
		page->length += list.length;
	}
	free(list.text);
}

char *hb_page_end(hb_page *page, json_t *numbers, size_t *size)
{
	char *text;

	hb_put(page, "</main>\n");
	if (page->contents > 0)
		insert_contents(page);

	if (numbers)
		put_json(page, "hebb-numbers", numbers);
	put_json(page, "hebb-charts", page->charts);
	page->charts = NULL;
	hb_put(page, "<script>\n");
	put_lines(page, hb_page_script);
	hb_put(page, "</script>\n</body>\n</html>\n");
	if (page->failed) {
		hb_page_free(page);
		return NULL;
	}
	text = page->text;
	*size = page->length;
	page->text = NULL;
	hb_page_free(page);
	return text;
}

void hb_page_free(hb_page *page)
{
	free(page->text);
	json_decref(page->charts);
	json_decref(page->places);
	*page = (hb_page){.length = 0};
}

/* ---- Parts ---- */

void hb_section_begin(hb_page *page, const char *id, const char *title)
{
	page->failed |= json_array_append_new(page->places, json_pack("{s:s,s:s}", "id", id,
								      "title", title)) != 0;
	hb_put(page,
	       "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">%s</h2>\n",
	       id, id, id, title);
}

void hb_section_end(hb_page *page)
{
	hb_put(page, "</section>\n");
}

void hb_panels_begin(hb_page *page)
{
	hb_put(page, "<div class=\"panels\">\n");
}

void hb_panels_end(hb_page *page)
{
	hb_put(page, "</div>\n");
}

void hb_panel_begin(hb_page *page, const char *title)
{
	hb_put(page, "<div class=\"panel\">\n<h3>%t</h3>\n", title);
}

void hb_panel_end(hb_page *page)
{
	hb_put(page, "</div>\n");
}

void hb_tile(hb_page *page, const char *name, const char *number, const char *remark)
{
	hb_put(page, "<div class=\"tile\"><span class=\"name\">%w</span> <b>%w</b>", name, number);
	if (*remark)
		hb_put(page, " <span class=\"remark\">%w</span>", remark);
	hb_put(page, "</div>\n");
}

void hb_table_head(hb_page *page, const char *caption, const char *columns)
{
	hb_put(page,
	       "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%w\">"
	       "<table class=\"sorts\">\n<thead><tr>",
	       caption);
	while (*columns) {
		size_t length = strcspn(columns, "|");
		int left = *columns == '<';

		hb_put(page, left ? "<th scope=\"col\" class=\"left\">" : "<th scope=\"col\">");
		put_bytes(page, columns + left, length - (size_t)left);
		hb_put(page, "</th>");
		columns += length + (columns[length] == '|');
	}
}

void hb_column_head(hb_page *page, const char *name, int is_text)
{
	hb_put(page,
	       is_text ? "<th scope=\"col\" class=\"left\">%t</th>" : "<th scope=\"col\">%t</th>",
	       name);
}

void hb_table_body(hb_page *page)
{
	hb_put(page, "</tr></thead>\n<tbody>\n");
}

void hb_table_begin(hb_page *page, const char *caption, const char *columns)
{
	hb_table_head(page, caption, columns);
	hb_table_body(page);
}

void hb_table_end(hb_page *page)
{
	hb_put(page, "</tbody></table></div>\n");
}

json_t *hb_numbers_json(int count, const double *value, int digits)
{
	json_t *list = json_array();
	char text[32];

	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof text, "%.*g", digits, value[i]);
		json_array_append_new(list, isfinite(value[i]) ? json_real(strtod(text, NULL))
							       : json_null());
	}
	return list;
}

json_t *hb_name_json(const char *name)
{
	char shown[HB_PAGE_NAME_MOST];

	return json_string(hebb_show(name, strlen(name), shown, sizeof shown));
}
