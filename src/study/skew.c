/* SPDX-License-Identifier: MIT */
/*
 * skew.c - whether the logarithm may suit the targets of a regression better than they do
 *
 *     skewness = mean (y - mean y)^3 / sd^3
 *
 * It may if all targets are above 0, and one of them is skewed to the right and its logarithm is
 * less so. Only the sign of targets is looked at in rows that are held out, as a target without a
 * logarithm would end the training.
 */
#include <math.h>
#include <stdlib.h>

#include "effort.h"

static const double SKEWED = 1; /* an exponential distribution has 2 */

/* The skewness of a column, or of its logarithm, over some rows; 0 if it does not change. */
static double skewness(const hebb_table *table, int column, long long n, const long long *row,
		       int is_log)
{
	double sum = 0, squares = 0, cubes = 0, count = 0;

	for (long long i = 0; i < n; i++) {
		double y = hebb_table_value(table, row[i], column);

		sum += isnan(y) ? 0 : is_log ? log(y) : y;
		count += !isnan(y);
	}
	for (long long i = 0; i < n; i++) {
		double y = hebb_table_value(table, row[i], column),
		       off = (is_log ? log(y) : y) - sum / count;

		squares += isnan(y) ? 0 : off * off;
		cubes += isnan(y) ? 0 : off * off * off;
	}
	double sd = sqrt(squares / count);
	return sd > 0 ? cubes / count / (sd * sd * sd) : 0;
}

static int is_positive(const hebb_table *table, int column)
{
	int all = table->column[column].kind == HEBB_NUMBER;

	for (long long row = 0; row < table->rows && all; row++)
		all = !(hebb_table_value(table, row, column) <= 0); /* NaN is missing */
	return all;
}

/* Of a part that is a table of its own, the column of the same name. */
static int is_positive_part(const hebb_study *study, const hebb_part *part, int column)
{
	const hebb_table *table = part->kind == HEBB_PART_TABLE ? part->table : NULL;

	if (!table)
		return 1;
	int at = table->named ? hebb_table_find(table, study->table->column[column].name, NULL)
			      : column;
	return at >= 0 && at < table->columns && is_positive(table, at);
}

int hb_are_skewed(const hebb_study *study, long long n, const long long *row)
{
	hb_roles roles;
	int all_positive = 1, is_skewed = 0;

	if (hb_roles_find(study, &roles, NULL) != HEBB_OK)
		return 0;
	for (int i = 0; i < roles.target_count && all_positive; i++)
		all_positive = is_positive(study->table, roles.target[i]) &&
			       is_positive_part(study, &study->test, roles.target[i]) &&
			       is_positive_part(study, &study->validation, roles.target[i]);
	for (int i = 0; i < roles.target_count && all_positive; i++) {
		double skew = skewness(study->table, roles.target[i], n, row, 0);

		is_skewed |= skew > SKEWED &&
			     fabs(skewness(study->table, roles.target[i], n, row, 1)) < skew;
	}
	hb_roles_free(&roles);
	return all_positive && is_skewed;
}
