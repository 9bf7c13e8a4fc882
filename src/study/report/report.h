/* SPDX-License-Identifier: MIT */
/*
 * report.h - what the sections of a report share: what is shown, of which rows
 */
#ifndef HEBB_STUDY_REPORT_REPORT_H
#define HEBB_STUDY_REPORT_REPORT_H

#include "chart.h"
#include "hebb_study.h"
#include "page.h"

/* The most classes, labels or targets that have curves of their own. */
enum { HB_CURVES_MOST = 6 };

/*
 * The outputs of the network on some rows: all of them, or as many as a chart needs, evenly spaced.
 * Rows without an answer are left out.
 */
typedef struct hb_outputs {
	long long rows, of; /* how many, of how many */
	long long *row;     /* their places in the dataset */
	float *loss;        /* J of each */
	int *truth;         /* classes: the class, -1: one that training did not have */
	int *predicted;
	float *p, *p_true; /* classes: the largest output, and that of the class */
	int curves;        /* the classes, labels or targets that have curves */
	int curve[HB_CURVES_MOST];
	double *h, *y; /* rows x curves: probability or number in units, and the truth */
} hb_outputs;

/* What is shown. */
typedef struct hb_view {
	const hebb_report *report;
	const hebb_net *net;
	const hebb_coding *coding;
	const hebb_table *table;  /* that of the rows */
	const hebb_dataset *data; /* the rows that charts are of; NULL: none */
	const hebb_score *score;  /* of these rows, or of those of all folds; NULL: none */
	hebb_score folds;         /* the sum over folds, of classes */
	hebb_score own;           /* of training rows in detail, which a result does not have */
	const char *part;         /* what the rows are: "test" */
	int trained_on;           /* the network was trained on them */
	hebb_loss loss;
	hebb_model model; /* net, coding and loss as a model, all borrowed; without them all NULL */
	hb_outputs outputs;
	hebb_importance importance; /* of each column; its columns are 0 if it is not known */
} hb_view;

/* Runs the network on rows of the view. */
hebb_status hb_outputs_open(hb_view *view, hebb_error *error);
void hb_outputs_close(hb_outputs *outputs);

/* The sections; each writes nothing if there is nothing to show. */
void hb_put_summary(hb_page *page, const hb_view *view);
void hb_put_attempts(hb_page *page, const hb_view *view);
void hb_put_training(hb_page *page, const hb_view *view);
void hb_put_classes(hb_page *page, const hb_view *view);
void hb_put_probabilities(hb_page *page, const hb_view *view);
void hb_put_residuals(hb_page *page, const hb_view *view);
void hb_put_worst(hb_page *page, const hb_view *view);
void hb_put_columns(hb_page *page, const hb_view *view);
void hb_put_network(hb_page *page, const hb_view *view);
void hb_put_findings(hb_page *page, const hb_view *view);
void hb_put_origin(hb_page *page, const hb_view *view);

/* Whether a score has its metrics in detail: those of a training part have not. */
int hb_has_detail(const hb_view *view);

/* Whether the folds measured; whether a finding is shown: not that nothing did, if they did. */
int hb_has_folds(const hb_view *view);
int hb_is_said(const hb_view *view, const hebb_finding *finding);

/* A share as "90.12 %"; returns `text`. */
const char *hb_percent(double share, char text[32]);

/* The name of the data, without folders. */
const char *hb_data_name(const hb_view *view);

/* The name of class, label or target i, as it stands in the data. */
const char *hb_output_name(const hebb_coding *coding, int i);

/* The column of the table that is input i of the coding, or -1. */
int hb_input_column(const hb_view *view, int i);

/* A histogram of some values as a small picture without axes, with a text for those who hear it. */
enum { HB_SPARK = 30 };
void hb_put_spark(hb_page *page, int ink, const char *title, const double count[HB_SPARK]);

/* An image of `height` x `width` pixels, from 0 to 1, as the text of a data: URI of a PNG, made
 * smaller if it is large; to be freed; NULL: no memory. */
char *hb_image_uri(int height, int width, const float *pixel);

#endif
