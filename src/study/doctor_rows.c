/* SPDX-License-Identifier: MIT */
/*
 * doctor_rows.c - the rows of a split: repeated ones, classes, sizes
 *
 * A row is known by a hash of its inputs as the network sees them, so that it is found again in
 * another file, too.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

enum {
	SLICE = 256,
	TEST_LEAST =
		20, /* below, the 95 % interval of an accuracy near 90 % is wider than 30 points */
	TEST_FEW = 100 /* below, wider than 12 */
};

static const double REPEATED_MOST =
	0.1;                           /* of the test rows; tables of few categories repeat some */
static const double VALUES_MOST = 2e7; /* inputs to be read in `hebb train` */
static const double RATIO_MOST = 20;   /* of the largest class to the smallest: always the larger is
					* 95 % right, and accuracy tells nothing */

/* A random test part lacks a class of which it should have so many rows once in 1,000 times. */
static const double EXPECTED_MOST = 7;

static uint64_t hash_row(const float *x, int n)
{
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);

	for (int i = 0; i < n; i++) {
		uint32_t bits;
		memcpy(&bits, &x[i], sizeof bits);
		hash = (hash ^ bits) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	return hash ? hash : 1;
}

/* The hashes of all rows, to be freed; NULL without memory. */
static uint64_t *hashes_of(const hebb_dataset *data)
{
	float *x = malloc(sizeof *x * SLICE * (size_t)data->inputs);
	uint64_t *hash = malloc(sizeof *hash * (size_t)data->rows);

	for (long long from = 0; x && hash && from < data->rows; from += SLICE) {
		int rows = data->rows - from < SLICE ? (int)(data->rows - from) : SLICE;
		hebb_dataset_get(data, from, rows, x);
		for (int i = 0; i < rows; i++)
			hash[from + i] = hash_row(x + (size_t)i * data->inputs, data->inputs);
	}
	free(x);
	if (!x) {
		free(hash);
		return NULL;
	}
	return hash;
}

/* A set of hashes with the number of the row that had each first: open addressing, half empty. */
typedef struct row_set {
	uint64_t *hash;
	long long *row;
	size_t mask;
} row_set;

static int set_open(long long rows, row_set *result)
{
	size_t size = 16;

	while (size < 2 * (size_t)rows)
		size *= 2;
	*result = (row_set){.mask = size - 1};
	result->hash = calloc(size, sizeof *result->hash);
	result->row = malloc(size * sizeof *result->row);
	return result->hash && result->row;
}

static void set_close(row_set *done)
{
	free(done->hash);
	free(done->row);
}

/* Where a hash stands, or would. */
static size_t set_find(const row_set *in, uint64_t hash)
{
	size_t at = (size_t)hash & in->mask;

	while (in->hash[at] && in->hash[at] != hash)
		at = (at + 1) & in->mask;
	return at;
}

/* The line of the file, or the number of the row. */
static void place_text(const hebb_table *table, long long row, char *text, size_t size)
{
	snprintf(text, size, table->line ? "line %lld" : "row %lld",
		 table->line ? table->line[row] : row + 1);
}

/* The table that the test rows are of, if it is another. */
static const hebb_table *test_table_of(const hebb_trial *run)
{
	const hebb_part *test = &run->study->test;

	return run->fold < 0 && test->kind == HEBB_PART_TABLE ? test->table : NULL;
}

static void tell_repeats(const hebb_trial *run, long long repeats, long long test_row,
			 long long train_row, hebb_findings *to)
{
	const hebb_table *table = test_table_of(run) ? test_table_of(run) : run->study->table;
	double share = (double)repeats / (double)run->test->rows;
	int much = share > REPEATED_MOST;
	char one[40], other[40];

	place_text(table, run->test->row[test_row], one, sizeof one);
	place_text(run->study->table, run->train->row[train_row], other, sizeof other);
	hb_found(to, "test_rows_in_training", much ? HEBB_SEVERITY_WARNING : HEBB_SEVERITY_INFO,
		 "%s of the %s test rows have the inputs of a training row (first %s%s%s, as %s): "
		 "of them the test measures memory",
		 hebb_show_number((double)repeats, 4).text,
		 hebb_show_number((double)run->test->rows, 4).text, one,
		 test_table_of(run) ? " of " : "", test_table_of(run) ? table->name : "", other);
	hb_advise(to, much ? "remove repeated rows from the data, or hold out whole groups of them "
			     "with --test FILE"
			   : "few enough to change the result little");
}

/* Two rows with the same inputs and different classes: one of them will be wrong. */
static int differ(const hebb_dataset *data, long long one, long long other)
{
	return memcmp(data->y + one * data->outputs, data->y + other * data->outputs,
		      sizeof(float) * (size_t)data->outputs) != 0;
}

static void look_for_repeats(const hebb_trial *run, hebb_findings *to)
{
	uint64_t *train = hashes_of(run->train), *test = run->test ? hashes_of(run->test) : NULL;
	long long repeats = 0, contradictions = 0, test_row = 0, train_row = 0;
	row_set seen;
	int ready = set_open(run->train->rows, &seen);

	for (long long i = 0; i < run->train->rows && ready && train; i++) {
		size_t at = set_find(&seen, train[i]);
		if (!seen.hash[at])
			seen.row[at] = i;
		else
			contradictions += differ(run->train, i, seen.row[at]);
		seen.hash[at] = train[i];
	}
	for (long long i = 0; run->test && i < run->test->rows && ready && train && test; i++) {
		size_t at = set_find(&seen, test[i]);
		if (!seen.hash[at])
			continue;
		test_row = repeats ? test_row : i;
		train_row = repeats++ ? train_row : seen.row[at];
	}
	set_close(&seen);
	free(train);
	free(test);
	if (repeats > 0)
		tell_repeats(run, repeats, test_row, train_row, to);
	if (contradictions == 0)
		return;
	hb_found(to, "contradicting_rows", HEBB_SEVERITY_INFO,
		 "%s of the %s training rows have the inputs of another, but not its target",
		 hebb_show_number((double)contradictions, 4).text,
		 hebb_show_number((double)run->train->rows, 4).text);
	hb_advise(to,
		  "no network gets all of them right; a column that tells them apart would help");
}

/* ---- Classes ---- */

/* Rows of each class, to be freed; zeros without data. */
static long long *classes_of(const hebb_dataset *data, int classes)
{
	long long *count = calloc((size_t)classes, sizeof *count);

	for (long long row = 0; data && count && row < data->rows; row++)
		for (int k = 0; k < classes; k++)
			count[k] += data->y[row * classes + k] > 0.5f;
	return count;
}

static void look_at_balance(const hebb_trial *run, const hebb_coding *coding,
			    const long long *train, long long rows, hebb_findings *to)
{
	int large = 0, small = -1;

	for (int k = 0; k < coding->outputs; k++) {
		large = train[k] > train[large] ? k : large;
		if (train[k] > 0 && (small < 0 || train[k] < train[small]))
			small = k;
	}
	if (small < 0 || (double)train[large] <= RATIO_MOST * (double)train[small])
		return;
	int balanced = run->study->class_weights == HEBB_WEIGHTS_BALANCED;
	hb_found(to, "class_imbalance", balanced ? HEBB_SEVERITY_INFO : HEBB_SEVERITY_WARNING,
		 "%s training rows are of class '%s', %s of '%s': always answering '%s' "
		 "is right in %s %%",
		 hebb_show_number((double)train[large], 4).text,
		 SHORT_NAME(coding->targets[0].levels[large]),
		 hebb_show_number((double)train[small], 4).text,
		 SHORT_NAME(coding->targets[0].levels[small]),
		 SHORT_NAME(coding->targets[0].levels[large]),
		 hebb_show_number(100.0 * (double)train[large] / (double)rows, 3).text);
	hb_advise(to, balanced ? "judge by balanced accuracy and macro F1, not by accuracy"
			       : "try --class-weights balanced, and judge by balanced accuracy and "
				 "macro F1, not by accuracy");
}

static void look_at_classes(const hebb_trial *run, hebb_findings *to)
{
	const hebb_coding *coding = run->coding;
	long long *train = classes_of(run->train, coding->outputs);
	long long *test = classes_of(run->test, coding->outputs);
	int untrained = 0, untested = 0, first = -1, first_untested = -1;
	double expected = 0; /* test rows of a class that has none */

	for (int k = coding->outputs - 1; train && test && k >= 0; k--) {
		untrained += train[k] == 0;
		first = train[k] == 0 ? k : first;
		if (!run->test || test[k] > 0 || train[k] == 0)
			continue;
		untested++;
		first_untested = k;
		expected = fmax(expected, (double)train[k] / (double)run->train->rows *
						  (double)run->test->rows);
	}
	if (untrained > 0) {
		hb_found(to, "class_not_trained", HEBB_SEVERITY_WARNING,
			 "%d of %d classes have no training row, '%s' first", untrained,
			 coding->outputs, SHORT_NAME(coding->targets[0].levels[first]));
		hb_advise(to, "shuffle sorted data, or hold out a random part with --test 0.2");
	}
	if (untested > 0) {
		hb_found(to, "class_not_tested",
			 expected > EXPECTED_MOST ? HEBB_SEVERITY_WARNING : HEBB_SEVERITY_INFO,
			 "%d of %d classes have training rows, but no test row, '%s' first",
			 untested, coding->outputs,
			 SHORT_NAME(coding->targets[0].levels[first_untested]));
		hb_advise(
			to,
			"the result says nothing of them; shuffle sorted data, or use --test 0.2");
	}
	if (train)
		look_at_balance(run, coding, train, run->train->rows, to);
	free(train);
	free(test);
}

/* Adds the rows of each class. */
static void add_classes(const hebb_dataset *data, int classes, long long *count)
{
	long long *more = classes_of(data, classes);

	for (int k = 0; k < classes && more; k++)
		count[k] += more[k];
	free(more);
}

void hebb_check_folds(const hebb_trial *run, hebb_findings *to)
{
	const hebb_coding *coding = run->coding;
	int folds = run->study->folds, few = 0, least = -1;
	long long *count = calloc((size_t)coding->outputs, sizeof *count);

	if (count) {
		add_classes(run->train, coding->outputs, count);
		add_classes(run->validation, coding->outputs, count);
		add_classes(run->fold < 0 ? NULL : run->test, coding->outputs, count);
	}
	for (int k = coding->outputs - 1; k >= 0 && count; k--) {
		if (count[k] == 0 || count[k] >= folds)
			continue;
		few++;
		least = least < 0 || count[k] <= count[least] ? k : least;
	}
	if (few > 0) {
		hb_found(to, "rare_class", HEBB_SEVERITY_WARNING,
			 "%d of %d classes have fewer rows than the %d folds, '%s' the fewest, "
			 "%lld: some folds have none of them",
			 few, coding->outputs, folds, SHORT_NAME(coding->targets[0].levels[least]),
			 count[least]);
		hb_advise(to, "use fewer folds, or merge or leave out the classes with few rows");
	}
	free(count);
}

static void look_at_sizes(const hebb_trial *run, hebb_findings *to)
{
	if (!run->test) {
		hb_found(to, "no_test_rows", HEBB_SEVERITY_INFO,
			 "nothing is held out: how good the network is on new rows will not be "
			 "known");
		hb_advise(to, "use --test 0.2");
	} else if (run->test->rows < TEST_FEW) {
		hb_found(to, "small_test_part",
			 run->test->rows < TEST_LEAST ? HEBB_SEVERITY_WARNING : HEBB_SEVERITY_INFO,
			 "%lld test rows are few: an accuracy near 90 %% is known within +-%.0f "
			 "points, an "
			 "rmse within +-%.0f %%",
			 run->test->rows, 100 * 1.96 * sqrt(0.09 / (double)run->test->rows),
			 100 * 1.96 * sqrt(0.5 / (double)run->test->rows));
		hb_advise(to, "use --repeat 20: the mean over several splits is surer");
	}
}

void hebb_check_rows(const hebb_trial *run, int thorough, hebb_findings *to)
{
	double values = (double)run->train->rows * run->train->inputs;

	if (thorough || values <= VALUES_MOST)
		look_for_repeats(run, to);
	if (run->coding->task == HEBB_CLASSIFICATION)
		look_at_classes(run, to);
	if (run->coding->task == HEBB_CLASSIFICATION && run->study->folds > 0)
		hebb_check_folds(run, to);
	look_at_sizes(run, to);
}
