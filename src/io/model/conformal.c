/* SPDX-License-Identifier: MIT */
/*
 * conformal.c - intervals and sets of classes by split conformal prediction
 *
 * Of n scores of rows that the network was not trained on, let q be the k-th smallest, with k =
 * ceil((n + 1) level).  If these rows and a new one are exchangeable, the score of the new one is
 * at most q with a probability of at least `level`, and, without ties, of at most level + 1 / (n +
 * 1) (Vovk, Gammerman & Shafer 2005; Lei et al. 2018, theorem 2.2).  The score of a number is |y -
 * h| (Lei et al.), that of a class 1 - p of the right class (LAC: Sadinle, Lei & Wasserman 2019).
 *
 * Each rounding is to the side that covers more: a score goes up to the next float32, and of more
 * than HEBB_CONFORMAL_MOST scores those of the ranks ceil(j n / count) are kept, of which the first
 * of at least the wanted rank is taken: j = floor((k - 1) count / n) + 1.
 */
#include "conformal.h"
#include "../io.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Making ---- */

hebb_conformal *hebb_conformal_new(int folds, int count, hebb_error *error)
{
	hebb_conformal *conformal;

	if (count < 1 || folds < 0) {
		hebb_fail(error, HEBB_BAD_ARGUMENT, "scores of %d parts and %d folds", count,
			  folds);
		return NULL;
	}
	conformal = calloc(1, sizeof *conformal);
	if (conformal)
		conformal->part = calloc((size_t)count, sizeof *conformal->part);
	if (!conformal || !conformal->part) {
		free(conformal);
		hb_out_of_memory(error);
		return NULL;
	}
	conformal->folds = folds;
	conformal->count = count;
	for (int i = 0; i < count; i++)
		conformal->part[i].mean_set = (double)NAN;
	return conformal;
}

void hebb_conformal_free(hebb_conformal *conformal)
{
	if (!conformal)
		return;
	for (int i = 0; i < conformal->count; i++)
		free(conformal->part[i].score);
	free(conformal->part);
	free(conformal);
}

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* The next float32 that is not below; FLT_MAX for what is beyond the range. */
static float round_up(double score)
{
	float rounded = score < (double)FLT_MAX ? (float)score : FLT_MAX;

	return (double)rounded < score && rounded < FLT_MAX ? nextafterf(rounded, FLT_MAX)
							    : rounded;
}

/* The rank, from 1, of the score that is kept as number j, from 1, of `count`. */
static long long rank_of(long long j, long long rows, int count)
{
	return (j * rows + count - 1) / count;
}

hebb_status hebb_conformal_set(hebb_conformal *conformal, int part, long long rows,
			       const double *score, hebb_error *error)
{
	if (!conformal || part < 0 || part >= conformal->count || rows < 0 || (rows && !score))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there are no scores, or no part %d",
				 part);
	float *all = malloc(sizeof *all * (size_t)rows + 1);
	long long known = 0;
	if (!all)
		return hb_out_of_memory(error);
	for (long long i = 0; i < rows; i++)
		if (!isnan(score[i]))
			all[known++] = round_up(score[i]);
	qsort(all, (size_t)known, sizeof *all, compare);
	int count = known < HEBB_CONFORMAL_MOST ? (int)known : HEBB_CONFORMAL_MOST;
	for (int j = 0; j < count; j++)
		all[j] = all[rank_of(j + 1, known, count) - 1];
	hebb_conformal_scores *scores = &conformal->part[part];
	free(scores->score);
	*scores = (hebb_conformal_scores){
		.rows = known, .count = count, .score = all, .mean_set = (double)NAN};
	return HEBB_OK;
}

/* NULL: no memory. */
static hebb_conformal *copy(const hebb_conformal *from, hebb_error *error)
{
	hebb_conformal *result = hebb_conformal_new(from->folds, from->count, error);

	for (int i = 0; i < from->count && result; i++) {
		const hebb_conformal_scores *scores = &from->part[i];
		size_t size = sizeof *scores->score * (size_t)scores->count;

		result->part[i] = *scores;
		result->part[i].score = malloc(size + 1);
		if (!result->part[i].score) {
			hebb_conformal_free(result);
			hb_out_of_memory(error);
			return NULL;
		}
		if (size)
			memcpy(result->part[i].score, scores->score, size);
	}
	return result;
}

/* ---- Checking ---- */

int hb_conformal_parts(const hebb_coding *coding)
{
	return coding->task == HEBB_CLASSIFICATION ? 1 : coding->outputs;
}

static int is_valid(const hebb_conformal_scores *scores)
{
	int most = scores->rows < HEBB_CONFORMAL_MOST ? (int)scores->rows : HEBB_CONFORMAL_MOST;

	if (scores->rows < 0 || scores->count != most || (most > 0 && !scores->score))
		return 0;
	for (int i = 0; i < scores->count; i++)
		if (!isfinite(scores->score[i]) ||
		    (i > 0 && scores->score[i] < scores->score[i - 1]))
			return 0;
	return !(scores->mean_set < 0) && !isinf(scores->mean_set);
}

static hebb_status check(const hebb_conformal *conformal, const hebb_coding *coding,
			 hebb_status bad, const char *name, hebb_error *error)
{
	int fits = conformal->count == hb_conformal_parts(coding);

	for (int i = 0; i < conformal->count && fits; i++)
		fits = is_valid(&conformal->part[i]);
	return fits ? HEBB_OK
		    : hebb_fail(error, bad,
				"%s: the scores of its calibration rows are not valid (\"%s\")",
				name, "conformal");
}

hebb_status hebb_model_set_conformal(hebb_model *model, const hebb_conformal *conformal,
				     hebb_error *error)
{
	hebb_conformal *copied = NULL;

	if (!model || !model->coding)
		return hb_absent("the model", error);
	if (conformal && check(conformal, model->coding, HEBB_BAD_ARGUMENT, "model", error))
		return HEBB_BAD_ARGUMENT;
	if (conformal && !(copied = copy(conformal, error)))
		return HEBB_NO_MEMORY;
	hebb_conformal_free(model->conformal);
	model->conformal = copied;
	return HEBB_OK;
}

/* ---- Thresholds ---- */

/* ceil((n + 1) level); the product is a little too large for some levels, such as 100 x 0.07. */
static double wanted_rank(long long rows, double level)
{
	return ceil(((double)rows + 1) * level * (1 - 0x1p-50));
}

/* The fewest rows for which a level has a threshold. */
static long long rows_for(double level)
{
	long long rows = (long long)(level / (1 - level));

	while (wanted_rank(rows, level) > (double)rows)
		rows++;
	return rows;
}

static hebb_status refuse_few(const hebb_model *model, int part, double level, hebb_error *error)
{
	long long rows = model->conformal->part[part].rows;
	int one = model->conformal->count == 1;
	char shown[HB_SHOWN];

	/* Levels near 1 would need more rows than can be counted. */
	hebb_counted wanted = {"too many calibration rows"};
	if (level < 1 - 1e-9)
		wanted = hebb_show_count(rows_for(level), "calibration row");
	return hebb_fail(
		error, HEBB_BAD_ARGUMENT,
		"a level of %g needs %s or more, and the model has "
		"%s%s%s%s; train it with more of them, or ask for a lower level",
		level, wanted.text, hebb_show_number((double)rows, 9).text, one ? "" : " of '",
		one ? "" : hb_show(model->coding->targets[part].name, shown), one ? "" : "'");
}

float hebb_conformal_threshold(const hebb_conformal *conformal, int part, double level)
{
	if (!conformal || part < 0 || part >= conformal->count || !(level > 0 && level < 1))
		return NAN;
	const hebb_conformal_scores *scores = &conformal->part[part];
	double rank = wanted_rank(scores->rows, level);
	if (rank > (double)scores->rows)
		return NAN;
	long long k = rank < 1 ? 1 : (long long)rank;
	return scores->score[(k - 1) * scores->count / scores->rows];
}

hebb_status hebb_model_thresholds(const hebb_model *model, double level, float *threshold,
				  hebb_error *error)
{
	if (!model || !model->coding || !threshold)
		return hb_absent(model ? "where to put the thresholds" : "the model", error);
	if (!(level > 0 && level < 1))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "a level is above 0 and below 1, such as 0.9; %g is not", level);
	if (!model->conformal)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the model has no scores of calibration rows; train it again "
				 "with --conformal");
	for (int i = 0; i < model->conformal->count; i++) {
		threshold[i] = hebb_conformal_threshold(model->conformal, i, level);
		if (isnan(threshold[i]))
			return refuse_few(model, i, level, error);
	}
	return HEBB_OK;
}

/* ---- Intervals and sets ---- */

/* The next float32 in the direction, unless it is one. */
static double outward(double value, float direction)
{
	float rounded = (float)value;
	int is_inside = direction < 0 ? (double)rounded > value : (double)rounded < value;

	return (double)(is_inside ? nextafterf(rounded, direction) : rounded);
}

void hebb_model_interval(const hebb_model *model, double value, float threshold, double *low,
			 double *high)
{
	const hebb_layer *last = hebb_net_layer(model->net, hebb_net_layers(model->net) - 1);
	double width = threshold < FLT_MAX ? (double)threshold : (double)INFINITY;

	*low = value - width;
	*high = value + width;
	int is_positive =
		last->activation == HEBB_EXP || model->coding->target_transform == HEBB_TARGET_LOG;
	if (is_positive && *low < 0)
		*low = 0;
	if (isnan(value) || model->coding->exact_target_mean)
		return;
	*low = outward(*low, -INFINITY);
	*high = outward(*high, INFINITY);
}

double hebb_class_score_of(float p)
{
	return isfinite(p) ? 1 - (double)p : (double)INFINITY;
}

int hebb_class_set(int classes, const float *p, float threshold, unsigned char *chosen)
{
	int count = 0, largest = 0;

	for (int i = 0; i < classes; i++) {
		largest = p[i] > p[largest] ? i : largest;
		chosen[i] = threshold == FLT_MAX || hebb_class_score_of(p[i]) <= (double)threshold;
		count += chosen[i];
	}
	count += !chosen[largest];
	chosen[largest] = 1;
	return count;
}

/* ---- Text ---- */

enum { NUMBER_MOST = 32, PART_MOST = 160 };

static size_t add(char *text, const char *more)
{
	size_t size = strlen(more);

	memcpy(text, more, size + 1);
	return size;
}

static size_t add_part(char *text, const hebb_conformal_scores *scores)
{
	char number[NUMBER_MOST];
	size_t at = (size_t)snprintf(text, PART_MOST, "{\"rows\":%lld,\"mean_set\":", scores->rows);

	at += add(text + at,
		  isnan(scores->mean_set) ? "null" : hebb_format_double(scores->mean_set, number));
	at += add(text + at, ",\"scores\":[");
	for (int i = 0; i < scores->count; i++) {
		at += add(text + at, i ? "," : "");
		at += add(text + at, hebb_format_float(scores->score[i], number));
	}
	return at + add(text + at, "]}");
}

hebb_status hb_conformal_format(const hebb_conformal *conformal, char **text, hebb_error *error)
{
	size_t room = PART_MOST, at;

	for (int i = 0; i < conformal->count; i++)
		room += PART_MOST + NUMBER_MOST * (size_t)conformal->part[i].count;
	char *out = malloc(room);
	if (!out)
		return hb_out_of_memory(error);
	at = (size_t)snprintf(out, room, "{\"folds\":%d,\"parts\":[", conformal->folds);
	for (int i = 0; i < conformal->count; i++) {
		at += add(out + at, i ? "," : "");
		at += add_part(out + at, &conformal->part[i]);
	}
	add(out + at, "]}");
	*text = out;
	return HEBB_OK;
}

/* 0: it is wrong; -1: no memory. */
static int parse_part(hb_json json, hebb_conformal_scores *scores)
{
	hb_json list = hb_json_get(json, "scores"), mean = hb_json_get(json, "mean_set");
	size_t count = hb_json_count(list), i = 0;
	int is_right = 1;

	if (!hb_json_integer(hb_json_get(json, "rows"), 0, (long long)1 << 50, &scores->rows) ||
	    count > HEBB_CONFORMAL_MOST ||
	    (hb_json_kind(mean) != 'n' && !hb_json_double(mean, &scores->mean_set)))
		return 0;
	scores->score = malloc(sizeof *scores->score * count + 1);
	if (!scores->score)
		return -1;
	scores->count = (int)count;
	for (hb_json_walk walk = hb_json_begin(list); is_right && hb_json_next(&walk);)
		is_right = hb_json_float(walk.value, &scores->score[i++]);
	return is_right;
}

hebb_status hb_conformal_parse(hb_json json, const hebb_coding *coding, const char *name,
			       hebb_conformal **conformal, hebb_error *error)
{
	hb_json parts = hb_json_get(json, "parts");
	int count = hb_conformal_parts(coding), done = 1, i = 0;
	long long folds;

	*conformal = NULL;
	if (!hb_json_kind(json))
		return HEBB_OK;
	if (hb_json_count(parts) != (size_t)count ||
	    !hb_json_integer(hb_json_get(json, "folds"), 0, 1 << 30, &folds))
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: the description of the network is not valid (\"conformal\")",
				 name);
	hebb_conformal *made = hebb_conformal_new((int)folds, count, error);
	if (!made)
		return HEBB_NO_MEMORY;
	for (hb_json_walk walk = hb_json_begin(parts); done > 0 && hb_json_next(&walk); i++)
		done = parse_part(walk.value, &made->part[i]);
	hebb_status status =
		done < 0    ? hb_out_of_memory(error)
		: done == 0 ? hebb_fail(error, HEBB_BAD_FORMAT,
					"%s: the scores of its calibration rows are not valid "
					"(\"conformal\")",
					name)
			    : check(made, coding, HEBB_BAD_FORMAT, name, error);
	if (status)
		hebb_conformal_free(made);
	else
		*conformal = made;
	return status;
}
