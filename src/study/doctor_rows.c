/* SPDX-License-Identifier: MIT */
/*
 * doctor_rows.c - checks the rows of a split: repeated rows, classes, sizes
 *
 * A hash of the coded inputs identifies a row, so that it is also found in another file.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "roles.h"

enum {
	SLICE = 256,
	TEST_LEAST = 20, /* with fewer, the 95 % interval of an accuracy near 90 % is wider than 30
			    points */
	TEST_FEW = 100   /* with fewer, it is wider than 12 points */
};

static const double REPEATED_MOST =
	0.1; /* share of the test rows; tables with few categories repeat some rows */
static const double VALUES_MOST = 2e7; /* the most inputs that `hebb train` reads for this check */
static const double RATIO_MOST =
	20; /* rows of the largest class to those of the smallest: always predicting the larger of
	       two is 95 % right, so accuracy says little */

/* If a class is expected to have this number of rows in a random test part, it has none once in
 * 1,000 times. */
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

	for (long long first = 0; x && hash && first < data->rows; first += SLICE) {
		int rows = data->rows - first < SLICE ? (int)(data->rows - first) : SLICE;
		hebb_dataset_get(data, first, rows, x);
		for (int i = 0; i < rows; i++)
			hash[first + i] = hash_row(x + (size_t)i * data->inputs, data->inputs);
	}
	free(x);
	if (!x) {
		free(hash);
		return NULL;
	}
	return hash;
}

/* A set of hashes, each with the first row that has it: a table with open addressing, half
 * empty. */
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

static void set_close(row_set *set)
{
	free(set->hash);
	free(set->row);
}

/* The slot of a hash, or the empty slot for it. */
static size_t set_find(const row_set *set, uint64_t hash)
{
	size_t slot = (size_t)hash & set->mask;

	while (set->hash[slot] && set->hash[slot] != hash)
		slot = (slot + 1) & set->mask;
	return slot;
}

/* Rows that are held out. */
typedef struct held_part {
	const hebb_dataset *rows; /* NULL: none */
	const hebb_table *table;  /* their table if it is another one; else NULL */
	const char *name, *code;
} held_part;

static held_part part_of(const hebb_part *from, const hebb_dataset *rows, const char *name,
			 const char *code)
{
	const hebb_table *table = from->kind == HEBB_PART_TABLE ? from->table : NULL;

	return (held_part){rows, table, name, code};
}

/* Rows of a part that are among the training rows too: how many, the first, and what it equals. */
typedef struct repeats {
	long long count, row, train_row;
} repeats;

static void tell_repeats(const hebb_trial *run, const held_part *part, const repeats *found,
			 hebb_findings *findings)
{
	const hebb_table *table = part->table ? part->table : run->study->table;
	double share = (double)found->count / (double)part->rows->rows;
	int are_many = share > REPEATED_MOST;
	char place[HB_PLACE_MOST], train_place[HB_PLACE_MOST];

	hb_place_text(table, part->rows->row[found->row], place);
	hb_place_text(run->study->table, run->train->row[found->train_row], train_place);
	hb_found(findings, part->code, are_many ? HEBB_SEVERITY_WARNING : HEBB_SEVERITY_INFO,
		 "%s of the %s %s row%s the inputs of a training row (first %s%s%s, as %s): "
		 "of them the %s measures memory",
		 hebb_show_number((double)found->count, 4).text,
		 hebb_show_number((double)part->rows->rows, 4).text, part->name,
		 part->rows->rows == 1 ? " has"
		 : found->count == 1   ? "s has"
				       : "s have",
		 place, part->table ? " of " : "", part->table ? table->name : "", train_place,
		 part->name);
	if (!are_many)
		hb_advise(findings, "few enough to change the result little");
	else if (part->table &&
		 hebb_table_fingerprint(part->table) == hebb_table_fingerprint(run->study->table))
		hb_advise(findings,
			  "%s holds the same rows as the training data; name a file of "
			  "others with --%s FILE",
			  part->table->name, part->name);
	else
		hb_advise(findings,
			  "remove repeated rows from the data, or hold out whole groups of "
			  "them with --%s FILE",
			  part->name);
}

/* Whether two rows have different targets. With the same inputs, one of them will be predicted
 * wrong. */
static int differ(const hebb_dataset *data, long long row_a, long long row_b)
{
	return memcmp(data->y + row_a * data->outputs, data->y + row_b * data->outputs,
		      sizeof(float) * (size_t)data->outputs) != 0;
}

/* Where a column of the coding is in a table; -1: nowhere. */
static int column_in(const hebb_table *table, const hebb_coding *coding, int i)
{
	return coding->named ? hebb_table_find(table, coding->inputs[i].name, NULL)
			     : coding->input_at[i];
}

/* Whether a way of the column makes different numbers of different values. */
static int is_plain_too(const hebb_encoding *is)
{
	for (int w = 0; w < is->ways; w++)
		if (is->way[w].scaling == HEBB_SCALING_STANDARD)
			return 1;
	return 0;
}

/* Whether two rows with equal inputs of the network have equal numbers in the columns that are
 * encoded too: far values, and those beyond the rows of training, become the same. */
static int are_alike(const hebb_trial *run, const hebb_table *table, long long row,
		     long long train_row)
{
	const hebb_coding *coding = run->coding;

	for (int i = 0; i < coding->input_count && coding->encoding; i++) {
		int is_plain = is_plain_too(&coding->encoding[i]);
		int at = is_plain                     ? -1
			 : table == run->study->table ? coding->input_at[i]
						      : column_in(table, coding, i);
		double a = at < 0 ? 0 : hebb_table_value(table, row, at);
		double b = at < 0 ? 0
				  : hebb_table_value(run->study->table, train_row,
						     coding->input_at[i]);

		if (a != b && !(isnan(a) && isnan(b)))
			return 0;
	}
	return 1;
}

/* Looks for rows of a part among those known. */
static repeats find_repeats(const hebb_trial *run, const held_part *part, const row_set *known)
{
	const hebb_table *table = part->table ? part->table : run->study->table;
	uint64_t *hash = part->rows ? hashes_of(part->rows) : NULL;
	repeats found = {0, 0, 0};

	for (long long i = 0; hash && i < part->rows->rows; i++) {
		size_t slot = set_find(known, hash[i]);

		if (!known->hash[slot] ||
		    !are_alike(run, table, part->rows->row[i], run->train->row[known->row[slot]]))
			continue;
		if (found.count++ == 0) {
			found.row = i;
			found.train_row = known->row[slot];
		}
	}
	free(hash);
	return found;
}

static void tell_contradictions(const hebb_trial *run, long long contradictions,
				hebb_findings *findings)
{
	if (contradictions == 0)
		return;
	hb_found(findings, "contradicting_rows", HEBB_SEVERITY_INFO,
		 "%s of the %s %s the inputs of another, but not its target",
		 hebb_show_number((double)contradictions, 4).text,
		 hebb_show_count(run->train->rows, "training row").text,
		 contradictions == 1 ? "has" : "have");
	hb_advise(findings,
		  "no network gets all of them right; a column that tells them apart would help");
}

/* Puts the training rows into the set; returns how many contradict an earlier one. */
static long long know_rows(const hebb_trial *run, row_set *known)
{
	const hebb_dataset *train = run->train;
	uint64_t *hash = hashes_of(train);
	long long contradictions = 0;

	for (long long i = 0; hash && i < train->rows; i++) {
		size_t slot = set_find(known, hash[i]);

		if (!known->hash[slot])
			known->row[slot] = i;
		else if (are_alike(run, run->study->table, train->row[i],
				   train->row[known->row[slot]]))
			contradictions += differ(train, i, known->row[slot]);
		known->hash[slot] = hash[i];
	}
	free(hash);
	return contradictions;
}

static void look_for_repeats(const hebb_trial *run, hebb_findings *findings)
{
	const hebb_part of_data = {.kind = HEBB_PART_FRACTION};
	const held_part part[] = {part_of(run->fold < 0 ? &run->study->test : &of_data, run->test,
					  "test", "test_rows_in_training"),
				  part_of(&run->study->validation, run->validation, "validation",
					  "validation_in_training")};
	row_set known;

	if (set_open(run->train->rows, &known)) {
		long long contradictions = know_rows(run, &known);

		for (int i = 0; i < 2; i++) {
			repeats found = find_repeats(run, &part[i], &known);
			if (found.count > 0)
				tell_repeats(run, &part[i], &found, findings);
		}
		tell_contradictions(run, contradictions, findings);
	}
	set_close(&known);
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
			    const long long *train, long long rows, hebb_findings *findings)
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
	hb_found(findings, "class_imbalance", balanced ? HEBB_SEVERITY_INFO : HEBB_SEVERITY_WARNING,
		 "%s training rows are of class '%s', %s of '%s': always answering '%s' "
		 "is right in %s %%",
		 hebb_show_number((double)train[large], 4).text,
		 SHORT_NAME(coding->targets[0].levels[large]),
		 hebb_show_number((double)train[small], 4).text,
		 SHORT_NAME(coding->targets[0].levels[small]),
		 SHORT_NAME(coding->targets[0].levels[large]),
		 hebb_show_number(100.0 * (double)train[large] / (double)rows, 3).text);
	hb_advise(findings,
		  balanced ? "judge by balanced accuracy and macro F1, not by accuracy"
			   : "try --class-weights balanced, and judge by balanced accuracy and "
			     "macro F1, not by accuracy");
}

static void look_at_classes(const hebb_trial *run, hebb_findings *findings)
{
	const hebb_coding *coding = run->coding;
	long long *train = classes_of(run->train, coding->outputs);
	long long *test = classes_of(run->test, coding->outputs);
	int untrained = 0, untested = 0, first = -1, first_untested = -1;
	double expected = 0; /* the most test rows expected of a class that has none */

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
		hb_found(findings, "class_not_trained", HEBB_SEVERITY_WARNING,
			 "%d of %d classes %s no training row, '%s' first", untrained,
			 coding->outputs, untrained == 1 ? "has" : "have",
			 SHORT_NAME(coding->targets[0].levels[first]));
		hb_advise(findings,
			  "shuffle sorted data, or hold out a random part with --test 0.2");
	}
	if (untested > 0) {
		hb_found(findings, "class_not_tested",
			 expected > EXPECTED_MOST ? HEBB_SEVERITY_WARNING : HEBB_SEVERITY_INFO,
			 "%d of %d classes %s training rows, but no test row, '%s' first", untested,
			 coding->outputs, untested == 1 ? "has" : "have",
			 SHORT_NAME(coding->targets[0].levels[first_untested]));
		hb_advise(
			findings,
			"the result says nothing of them; shuffle sorted data, or use --test 0.2");
	}
	if (train)
		look_at_balance(run, coding, train, run->train->rows, findings);
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

void hebb_check_folds(const hebb_trial *run, hebb_findings *findings)
{
	const hebb_coding *coding = run->coding;
	int folds = run->study->folds, few = 0, least = -1;

	if (coding->task != HEBB_CLASSIFICATION || folds <= 0)
		return;
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
		hb_found(findings, "rare_class", HEBB_SEVERITY_WARNING,
			 "%d of %d classes %s fewer rows than the %d folds, '%s' the fewest, "
			 "%lld: some folds have none of them",
			 few, coding->outputs, few == 1 ? "has" : "have", folds,
			 SHORT_NAME(coding->targets[0].levels[least]), count[least]);
		hb_advise(findings,
			  "use fewer folds, or merge or leave out the classes with few rows");
	}
	free(count);
}

static void look_at_sizes(const hebb_trial *run, hebb_findings *findings)
{
	if (!run->test) {
		hb_found(findings, "no_test_rows", HEBB_SEVERITY_INFO,
			 "nothing is held out: how good the network is on new rows will not be "
			 "known");
		hb_advise(findings, "use --test 0.2");
	} else if (run->test->rows < TEST_FEW) {
		hb_found(findings, "small_test_part",
			 run->test->rows < TEST_LEAST ? HEBB_SEVERITY_WARNING : HEBB_SEVERITY_INFO,
			 "%lld test row%s few: an accuracy near 90 %% is known within +-%.0f "
			 "points, an "
			 "rmse within +-%.0f %%",
			 run->test->rows, run->test->rows == 1 ? " is" : "s are",
			 100 * 1.96 * sqrt(0.09 / (double)run->test->rows),
			 100 * 1.96 * sqrt(0.5 / (double)run->test->rows));
		hb_advise(findings, "use --repeat 20: the mean over several splits is surer");
	}
}

/* Tells of a file whose groups are not known. */
static void look_at_groups(const hebb_study *study, const hebb_part *part, const char *option,
			   hebb_findings *findings)
{
	if (!hb_lacks_group(study, part))
		return;
	hb_found(findings, "group_unknown", HEBB_SEVERITY_WARNING,
		 "'%s' of %s has no column '%s' of --group: its rows may belong to groups that "
		 "have training rows, too",
		 SHORT_NAME(part->table->name), option, SHORT_NAME(study->group));
	hb_advise(findings, "give a file with the column, or %s 0.2, which holds out whole groups",
		  option);
}

void hebb_check_rows(const hebb_trial *run, int thorough, hebb_findings *findings)
{
	double values = (double)run->train->rows * run->train->inputs;

	if (thorough || values <= VALUES_MOST)
		look_for_repeats(run, findings);
	if (run->coding->task == HEBB_CLASSIFICATION)
		look_at_classes(run, findings);
	hebb_check_folds(run, findings);
	if (run->fold < 0)
		look_at_groups(run->study, &run->study->test, "--test", findings);
	look_at_groups(run->study, &run->study->validation, "--validation", findings);
	look_at_sizes(run, findings);
}
