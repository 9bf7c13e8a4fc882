/* SPDX-License-Identifier: MIT */
/*
 * moments.c - the sums from which means and deviations of columns are computed
 *
 * Each column is summed in double, in the order of the rows. Columns of float32 that stand side by
 * side are summed together. Sums of bytes are integers and so are exact in any order.
 */
#include "coding.h"

#include <math.h>

double hb_mean(const struct hb_moments *m)
{
	return m->count == 0 ? 0 : m->first + m->sum / (double)m->count;
}

double hb_deviation(const struct hb_moments *m)
{
	double n = (double)m->count, shift = m->count == 0 ? 0 : m->sum / n;

	return m->squares == 0 ? 0 : sqrt(fmax(m->squares / n - shift * shift, 0));
}

/* The columns of one part, and some rows. */
struct span {
	const hebb_table *table;
	const int *at; /* the columns */
	int columns, exact;
	long long n; /* rows */
	const long long *row;
	struct hb_moments *m; /* by column */
};

/* A value as the coding takes it. */
static double taken(const struct span *s, long long row, int column)
{
	double value = hb_value(s->table, row, column);

	return s->exact ? value : (double)(float)value;
}

static void find_first(const struct span *s)
{
	for (int c = 0; c < s->columns; c++) {
		long long i = 0;

		while (i < s->n && isnan(hb_value(s->table, s->row[i], s->at[c])))
			i++;
		s->m[c].first = i < s->n ? taken(s, s->row[i], s->at[c]) : 0;
	}
}

/* ---- Columns ---- */

enum { WIDTH = 4, BYTES = 16 }; /* columns at once: gcc makes vectors of loops of a known count */

/* 1 if the next `count` columns stand side by side and have no doubles. */
static int are_beside(const struct span *s, int c, int count)
{
	if (c + count > s->columns)
		return 0;
	for (int i = 0; i < count; i++)
		if (s->at[c + i] != s->at[c] + i || hb_detail(s->table, s->at[c + i]))
			return 0;
	return 1;
}

static void add_column(const struct span *s, int c)
{
	struct hb_moments m = s->m[c];

	for (long long i = 0; i < s->n; i++) {
		double d = taken(s, s->row[i], s->at[c]) - m.first;
		int is_there = !isnan(d);

		d = is_there ? d : 0;
		m.sum += d;
		m.squares += d * d;
		m.count += is_there;
	}
	s->m[c] = m;
}

static void add_floats(const struct span *s, int c)
{
	struct hb_moments *m = &s->m[c];
	double first[WIDTH], sum[WIDTH], squares[WIDTH], count[WIDTH] = {0};

	for (int k = 0; k < WIDTH; k++) {
		first[k] = m[k].first;
		sum[k] = m[k].sum;
		squares[k] = m[k].squares;
	}
	for (long long i = 0; i < s->n; i++) {
		const float *value = s->table->values + s->row[i] * s->table->columns + s->at[c];

		for (int k = 0; k < WIDTH; k++) {
			double d = (double)value[k] - first[k];
			double is_there = d == d ? 1 : 0;

			d = d == d ? d : 0;
			sum[k] += d;
			squares[k] += d * d;
			count[k] += is_there;
		}
	}
	for (int k = 0; k < WIDTH; k++)
		m[k] = (struct hb_moments){first[k], sum[k], squares[k],
					   m[k].count + (long long)count[k]};
}

static void add_bytes(const struct span *s, int c)
{
	struct hb_moments *m = &s->m[c];
	int first[BYTES], sum[BYTES] = {0}, squares[BYTES] = {0};

	for (int k = 0; k < BYTES; k++)
		first[k] = (int)m[k].first;
	for (long long i = 0; i < s->n; i++) {
		const unsigned char *value =
			s->table->bytes + s->row[i] * s->table->columns + s->at[c];

		for (int k = 0; k < BYTES; k++) {
			int d = value[k] - first[k];

			sum[k] += d;
			squares[k] += d * d;
		}
	}
	for (int k = 0; k < BYTES; k++) {
		m[k].sum += sum[k];
		m[k].squares += squares[k];
		m[k].count += s->n;
	}
}

/* Adds the rows of a span, few enough to stay in the cache. */
static void add_rows(const struct span *s)
{
	for (int c = 0; c < s->columns;) {
		int is_wide = are_beside(s, c, s->table->bytes ? BYTES : WIDTH);

		if (!is_wide)
			add_column(s, c);
		else if (s->table->bytes)
			add_bytes(s, c);
		else
			add_floats(s, c);
		c += !is_wide ? 1 : s->table->bytes ? BYTES : WIDTH;
	}
}

/* ---- The whole ---- */

static void measure_part(void *self, int part, int parts)
{
	struct span s = *(const struct span *)self;
	int from = (int)((long long)s.columns * part / parts);
	const long long *row = s.row;
	long long n = s.n;

	s.columns = (int)((long long)s.columns * (part + 1) / parts) - from;
	s.at += from;
	s.m += from;
	find_first(&s);
	for (long long i = 0; i < n; i += s.n) {
		s.row = row + i;
		s.n = hb_rows_together(n, i);
		hb_expect_rows(s.table, hb_rows_together(n, i + s.n), s.row + s.n);
		add_rows(&s);
	}
}

void hb_measure(const struct hb_fit *fit, int columns, const int *at, int exact, long long n,
		const long long *row, struct hb_moments *m)
{
	struct span all = {fit->table, at, columns, exact, n, row, m};

	hebb_pool_run(fit->pool, hb_column_parts(fit, columns, n), measure_part, &all);
}
