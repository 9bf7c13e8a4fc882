/* SPDX-License-Identifier: MIT */
/*
 * page.h - a page of HTML while it is written
 *
 * A page is one file: its style, its script, its drawings and its numbers stand in it, so that a
 * browser needs no network.  Its marks are those of XML, too: every element is closed.  Nothing
 * depends on the locale.  Memory that runs out is remembered, and hb_page_end() then returns NULL.
 */
#ifndef HEBB_STUDY_REPORT_PAGE_H
#define HEBB_STUDY_REPORT_PAGE_H

#include <jansson.h>
#include <stddef.h>

/* Bytes of a name from a file in the page, before it is cut. */
enum { HB_PAGE_NAME_MOST = 64 };

typedef struct hb_page {
	char *text;
	size_t length, room;
	int failed;      /* out of memory */
	json_t *charts;  /* what the script needs to know of the charts */
	json_t *places;  /* "id" and "title" of each section, for the list of contents */
	size_t contents; /* where the list stands; 0: nowhere */
} hb_page;

/* Begins and ends a page.  title: of the window, and a heading.  The end writes `numbers`, a JSON
 * object that it frees (NULL: none), and the script; it returns the text, to be freed with free(),
 * and empties the page. */
void hb_page_begin(hb_page *page, const char *title);
char *hb_page_end(hb_page *page, json_t *numbers, size_t *size);

/* The list of contents stands here; it will have the sections that follow. */
void hb_page_contents(hb_page *page);

/* Frees a page that is not ended. */
void hb_page_free(hb_page *page);

/* How the first lines of such a page begin, which tells them from those of other programs. */
extern const char hb_page_mark[];

/*
 * Writes `format`, whose marks are
 *
 *     %s   a text of ours, as it is
 *     %t   a name from a file or of the user's: safe to show, escaped, cut if it is long
 *     %w   such a text, whole
 *     %d   an int              %l   a long long, with commas: 60,000
 *     %n   a double for people, with four digits; NaN is a dash
 *     %c   a double that is a coordinate, with at most one decimal
 *     %%   a percent sign
 */
void hb_put(hb_page *page, const char *format, ...);

/* A text, safe to show, escaped; at most `most` bytes after that, 0: all. */
void hb_put_text(hb_page *page, const char *text, size_t most);

/* The same in at most so many letters, as they are shown. */
void hb_put_letters(hb_page *page, const char *text, size_t most);

/* A section with a heading; the list of contents names it.  `id` is a word of ours.  A panel is a
 * part of a section, which lie side by side on wide screens. */
void hb_section_begin(hb_page *page, const char *id, const char *title);
void hb_section_end(hb_page *page);
void hb_panels_begin(hb_page *page);
void hb_panels_end(hb_page *page);
void hb_panel_begin(hb_page *page, const char *title);
void hb_panel_end(hb_page *page);

/* A figure of the first screen: a large number with its name and a remark; the remark may be "". */
void hb_tile(hb_page *page, const char *name, const char *number, const char *remark);

/* A table, whose rows follow; the script sorts by a column.  caption: what it is, for those who
 * hear it.  columns: their heads, between bars, as "Class|Rows|Recall"; one that begins with '<' is
 * aligned to the left.  A cell is a <td>, which the caller writes.  The head alone, to which
 * columns with names from a file are added before the body begins; is_text: to the left. */
void hb_table_begin(hb_page *page, const char *caption, const char *columns);
void hb_table_end(hb_page *page);
void hb_table_head(hb_page *page, const char *caption, const char *columns);
void hb_column_head(hb_page *page, const char *name, int is_text);
void hb_table_body(hb_page *page);

/* Numbers as JSON, to so many digits; a name as the page shows it. */
json_t *hb_numbers_json(int count, const double *value, int digits);
json_t *hb_name_json(const char *name);

#endif
