/* SPDX-License-Identifier: MIT */
/*
 * page_classes.c - where a classifier is wrong: the confusion matrix, and scores of each class and
 * of each label
 *
 * A matrix of many classes is no picture; then the pairs that are confused most often are listed,
 * and the classes with the least recall.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { MATRIX_MOST = 20, PAIRS_MOST = 15, CLASSES_MOST = 200, HINT_MOST = 20 };

static const char *name_of(const hb_view *view, int class)
{
	return hb_output_name(view->coding, class);
}

/* ---- The matrix ---- */

/* share: of the rows of the true class, in percent. */
static void put_cell(hb_page *page, const hb_view *view, int truth, int predicted, long long rows,
		     int share)
{
	hb_put(page, "<td class=\"heat%s\" style=\"--s:%d\" title=\"",
	       truth == predicted ? " right" : "", share);
	hb_put_text(page, name_of(view, truth), HINT_MOST);
	hb_put(page, " taken for ");
	hb_put_text(page, name_of(view, predicted), HINT_MOST);
	hb_put(page, ": %d %%\">%l</td>", share, rows);
}

static void put_matrix_row(hb_page *page, const hb_view *view, int truth)
{
	const hebb_score *score = view->score;
	const long long *row = score->confusion + (size_t)truth * score->classes;
	long long sum = 0;

	for (int i = 0; i < score->classes; i++)
		sum += row[i];
	hb_put(page, "<tr><th scope=\"row\">%t</th>", name_of(view, truth));
	for (int i = 0; i < score->classes; i++) {
		int share = sum > 0 ? (int)lround(100.0 * (double)row[i] / (double)sum) : 0;

		if (row[i] == 0)
			hb_put(page, "<td class=\"heat\"></td>");
		else
			put_cell(page, view, truth, i, row[i], share);
	}
	hb_put(page, "</tr>\n");
}

static void put_matrix(hb_page *page, const hb_view *view)
{
	hb_put(page,
	       "<div class=\"panel wide\">\n<h3>Confusion matrix</h3>\n"
	       "<p class=\"soft\">A row is a true class, a column a predicted one; the darker, "
	       "the larger the share of the row.</p>\n"
	       "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	       "aria-label=\"Confusion matrix\"><table>\n<thead><tr>"
	       "<th scope=\"col\" class=\"left\">true \\ predicted</th>");
	for (int i = 0; i < view->score->classes; i++)
		hb_put(page, "<th scope=\"col\">%t</th>", name_of(view, i));
	hb_put(page, "</tr></thead>\n<tbody>\n");
	for (int i = 0; i < view->score->classes; i++)
		put_matrix_row(page, view, i);
	hb_put(page, "</tbody></table></div>\n</div>\n");
}

/* ---- Pairs ---- */

typedef struct pair {
	int truth, predicted;
	long long rows;
} pair;

/* The pairs that are confused most often, in order; returns how many. */
static int find_pairs(const hebb_score *score, pair best[PAIRS_MOST])
{
	int n = 0;

	for (int t = 0; t < score->classes; t++)
		for (int p = 0; p < score->classes; p++) {
			long long rows = score->confusion[(size_t)t * score->classes + p];
			int at = n;

			if (t == p || rows == 0)
				continue;
			while (at > 0 && rows > best[at - 1].rows)
				at--;
			if (at == PAIRS_MOST)
				continue;
			n += n < PAIRS_MOST;
			memmove(best + at + 1, best + at, sizeof *best * (size_t)(n - at - 1));
			best[at] = (pair){t, p, rows};
		}
	return n;
}

static void put_pairs(hb_page *page, const hb_view *view)
{
	const hebb_score *score = view->score;
	pair best[PAIRS_MOST];
	int n = find_pairs(score, best);

	if (n == 0)
		return;
	hb_panel_begin(page, "Classes that it confuses most often");
	hb_table_begin(page, "Pairs of classes that are confused", "<True|<Predicted|Rows");
	for (int i = 0; i < n; i++)
		hb_put(page,
		       "<tr><td class=\"left\">%t</td><td class=\"left\">%t</td><td>%l</td></tr>\n",
		       name_of(view, best[i].truth), name_of(view, best[i].predicted),
		       best[i].rows);
	hb_table_end(page);
	hb_panel_end(page);
}

/* ---- Classes ---- */

typedef struct ranked {
	int class;
	double key;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
	const ranked *one = a, *other = b;

	if (one->key != other->key)
		return one->key < other->key ? -1 : 1;
	return one->class - other->class;
}

/* The classes with rows in the order in which they are shown, to be freed; NULL: no memory. */
static ranked *rank_classes(const hebb_score *score, int *count)
{
	ranked *list = malloc(sizeof *list * ((size_t)score->classes + 1));
	int n = 0, all = score->classes <= CLASSES_MOST;

	for (int i = 0; i < score->classes && list; i++)
		if (all || score->each[i].rows > 0)
			list[n++] = (ranked){i, all ? i : score->each[i].recall};
	if (list)
		qsort(list, (size_t)n, sizeof *list, compare_ranked);
	*count = n;
	return list;
}

static void put_share(hb_page *page, double share)
{
	char text[32];

	hb_put(page, "<td>%s</td>", hb_percent(share, text));
}

static void put_each(hb_page *page, const hb_view *view)
{
	const hebb_score *score = view->score;
	int count, shown;
	ranked *list = rank_classes(score, &count);

	page->failed |= !list;
	if (!list)
		return;
	shown = count < CLASSES_MOST ? count : CLASSES_MOST;
	hb_panel_begin(page, "Scores of each class");
	hb_put(page, "<div class=\"tall\">");
	hb_table_begin(page, "Scores of each class", "<Class|Rows|Precision|Recall|F1");
	for (int i = 0; i < shown; i++) {
		const hebb_class_score *each = &score->each[list[i].class];

		hb_put(page, "<tr><th scope=\"row\">%t</th><td>%l</td>",
		       name_of(view, list[i].class), each->rows);
		put_share(page, each->precision);
		put_share(page, each->recall);
		put_share(page, each->f1);
		hb_put(page, "</tr>\n");
	}
	hb_table_end(page);
	hb_put(page, "</div>\n");
	if (shown < score->classes)
		hb_put(page, "<p class=\"soft\">The %d classes with the least recall, of %d.</p>\n",
		       shown, score->classes);
	hb_panel_end(page);
	free(list);
}

/* ---- Labels ---- */

static void put_labels(hb_page *page, const hb_view *view)
{
	const hebb_score *score = view->score;
	int shown = score->labels < CLASSES_MOST ? score->labels : CLASSES_MOST;

	hb_section_begin(page, "labels", "Labels");
	hb_table_begin(page, "Scores of each label",
		       "<Label|Rows|Positive|Accuracy|Precision|Recall|F1|ROC AUC");
	for (int i = 0; i < shown; i++) {
		const hebb_label_score *each = &score->label[i];

		hb_put(page, "<tr><th scope=\"row\">%t</th><td>%l</td><td>%l</td>",
		       name_of(view, i), each->rows, each->positives);
		put_share(page, each->accuracy);
		put_share(page, each->precision);
		put_share(page, each->recall);
		put_share(page, each->f1);
		hb_put(page, "<td>%n</td></tr>\n", each->roc_auc);
	}
	hb_table_end(page);
	if (shown < score->labels)
		hb_put(page, "<p class=\"soft\">The first %d of %d.</p>\n", shown, score->labels);
	hb_section_end(page);
}

void hb_put_classes(hb_page *page, const hb_view *view)
{
	const hebb_score *score = view->score;

	if (score && score->labels > 0)
		put_labels(page, view);
	if (!score || score->classes == 0 || (!score->confusion && !score->each))
		return;
	hb_section_begin(page, "classes", "Classes");
	hb_panels_begin(page);
	if (score->confusion && score->classes <= MATRIX_MOST)
		put_matrix(page, view);
	if (score->confusion && score->classes > 2)
		put_pairs(page, view);
	if (score->each)
		put_each(page, view);
	hb_panels_end(page);
	if (!score->confusion)
		hb_put(page,
		       "<p class=\"soft\">No confusion matrix: there are more than %d "
		       "classes.</p>\n",
		       HEBB_CONFUSION_MOST);
	hb_section_end(page);
}
