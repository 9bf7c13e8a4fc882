/* SPDX-License-Identifier: MIT */
/*
 * chart.h - the charts of a page: axes, curves, bars and dots as SVG
 *
 * A chart is drawn in the colors of the page, so that it is dark on a light page and light on a
 * dark one, and can be read without the script.  The script gets its numbers once more as JSON, to
 * show those under the mouse and to zoom.
 */
#ifndef HEBB_STUDY_REPORT_CHART_H
#define HEBB_STUDY_REPORT_CHART_H

#include "page.h"

/* The most places of a curve that are drawn. */
enum { HB_CHART_PLACES = 400, HB_CHART_SERIES = 12 };

/* Inks 1 to 6 are those of Okabe and Ito (2008), which people who are color-blind can tell apart;
 * 0 is gray, for what the others are compared with. */
enum { HB_GRAY, HB_BLUE, HB_ORANGE, HB_GREEN, HB_PURPLE, HB_SKY, HB_YELLOW };

/* One axis: what stands at its ends. */
typedef struct hb_axis {
	const char *title;
	double from, to;
	int log;                  /* a logarithmic scale; 0 < from < to */
	int count;                /* it counts: whole numbers */
	const char *percent;      /* "%": values are shares, shown so */
	const char *const *names; /* of the whole numbers 0, 1, ... in place of numbers */
	int name_count;
} hb_axis;

typedef struct hb_chart {
	hb_page *page;
	hb_axis x, y;
	int small;                                      /* half as high */
	double width, height, left, right, top, bottom; /* the sheet, and its margins */
	json_t *about;
	struct hb_label {
		const char *text;
		double y;
		int ink;
	} label[HB_CHART_SERIES];
	int labels;
} hb_chart;

/* An axis that has all finite values of a list, with some space; more lists extend it. */
hb_axis hb_axis_of(const char *title, int count, const double *value);
void hb_axis_extend(hb_axis *axis, int count, const double *value);

/* Leaves some space at both ends. */
void hb_axis_pad(hb_axis *axis);

/* Leaves so much room at the right that a name fits at the end of a curve, if it is not long. */
void hb_chart_name_room(hb_chart *chart, const char *name);

/* Begins a chart whose page and axes are set.  title: what it shows, for those who hear it. */
void hb_chart_begin(hb_chart *chart, const char *title);
void hb_chart_end(hb_chart *chart);

/* A curve with a name at its end ("" or NULL: none), thinned if it has many places.  What is not
 * finite interrupts it.  dashed: 1. */
void hb_chart_curve(hb_chart *chart, int ink, int dashed, const char *name, int count,
		    const double *x, const double *y);

/* Bars between count + 1 edges, or around the whole numbers if edge is NULL. */
void hb_chart_bars(hb_chart *chart, int ink, const char *name, int count, const double *edge,
		   const double *height);

/* Dots: at most some thousands. */
void hb_chart_dots(hb_chart *chart, int ink, const char *name, int count, const double *x,
		   const double *y);

/* Puts the name of dots at the right, at the height of a place. */
void hb_chart_name(hb_chart *chart, int ink, const char *name, double y);

/* How many of a number of places fall into each cell of columns x rows: the darker, the more. */
void hb_chart_density(hb_chart *chart, int columns, int rows, const long long *count);

/* A thin line from one place to another, behind the rest, and a vertical one with a text. */
void hb_chart_line(hb_chart *chart, double x0, double y0, double x1, double y1);
void hb_chart_mark(hb_chart *chart, double x, const char *text);

#endif
