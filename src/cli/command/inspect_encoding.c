/* SPDX-License-Identifier: MIT */
/*
 * inspect_encoding.c - how a model encodes its columns of numbers and transforms its targets, for
 * `hebb inspect`
 */
#include "inspect_encoding.h"

#include <math.h>
#include <stdio.h>

#include "draw/json.h"
#include "draw/terminal.h"

/* An edge with the digits that a float or, of columns that need them, a double has. */
static json_t *edge_json(const hebb_coding *coding, double edge)
{
	char text[32];

	return coding->exact_mean
		       ? json_real(edge)
		       : json_loads(hebb_format_float((float)edge, text), JSON_DECODE_ANY, NULL);
}

/* The value where input `at` of the network is x, an edge of its bin. The file has the edge in
 * float32 parts, so that it is rounded to a hundred-thousandth of the bin. */
static double at_x(const hebb_coding *coding, int at, float x)
{
	double mean = coding->exact_mean ? coding->exact_mean[at] : (double)coding->mean[at];
	double width = (double)(coding->most[at] - coding->least[at]) / (double)coding->scale[at];
	double step = pow(10, floor(log10(width)) - 5);

	return step * round((mean + (double)x / (double)coding->scale[at]) / step);
}

/* Where the bins of a column begin, and where the last one ends. */
static json_t *edges_json(const hebb_coding *coding, int first, int bins)
{
	json_t *list = json_array();
	int last = first + bins - 1;

	for (int at = first; at <= last; at++)
		json_array_append_new(list, edge_json(coding, at_x(coding, at, coding->least[at])));
	json_array_append_new(list, edge_json(coding, at_x(coding, last, coding->most[last])));
	return list;
}

/* A column that is only standardized is not worth a line. */
static int is_shown(const hebb_encoding *is)
{
	return is->ways > 1 || is->way[0].scaling != HEBB_SCALING_STANDARD;
}

/* A way of column i, whose inputs begin at `first`. */
static json_t *way_json(const hebb_coding *coding, int i, const hebb_way *way, int first)
{
	json_t *one = json_pack("{s:s, s:s, s:i}", "name", coding->inputs[i].name, "scaling",
				hebb_scaling_name(way->scaling), "inputs", way->inputs);

	if (way->scaling == HEBB_SCALING_PIECEWISE)
		json_object_set_new(one, "edges", edges_json(coding, first, way->inputs));
	return one;
}

json_t *encoding_json(const hebb_coding *coding)
{
	json_t *list = coding->encoding ? json_array() : json_null();
	int first = 0;

	for (int i = 0; i < coding->input_count && coding->encoding; i++)
		for (int w = 0; w < coding->encoding[i].ways; w++) {
			const hebb_way *way = &coding->encoding[i].way[w];

			if (is_shown(&coding->encoding[i]))
				json_array_append_new(list, way_json(coding, i, way, first));
			first += way->inputs;
		}
	return list;
}

/* Counts the inputs that a column has of this scaling, and the column if there are any. */
static void count_ways(const hebb_encoding *is, hebb_scaling scaling, int *columns, int *inputs)
{
	int has = 0;

	for (int w = 0; w < is->ways && is_shown(is); w++)
		if (is->way[w].scaling == scaling) {
			has = 1;
			*inputs += is->way[w].inputs;
		}
	*columns += has;
}

void print_encoding(const hebb_coding *coding)
{
	for (int s = HEBB_SCALING_STANDARD; hebb_scaling_name((hebb_scaling)s); s++) {
		int columns = 0, inputs = 0;

		for (int i = 0; i < coding->input_count && coding->encoding; i++)
			count_ways(&coding->encoding[i], (hebb_scaling)s, &columns, &inputs);
		if (columns > 0)
			printf("%s%-10s%s %s: %d input%s of the network from %d column%s\n",
			       bold(stdout), "scaling", plain(stdout),
			       hebb_scaling_name((hebb_scaling)s), inputs, inputs == 1 ? "" : "s",
			       columns, columns == 1 ? "" : "s");
	}
}

/* ---- Targets ---- */

/* A number with the digits of float32. */
static json_t *float_json(float value)
{
	char text[32];

	return json_loads(hebb_format_float(value, text), JSON_DECODE_ANY, NULL);
}

static json_t *target_json(const hebb_coding *coding, int i)
{
	json_t *one = json_object(), *list;
	const float *value = coding->target_value;

	json_object_set_new(one, "name", text_json(coding->targets[i].name));
	if (!value) {
		json_object_set_new(one, "mean", float_json(coding->target_mean[i]));
		json_object_set_new(one, "sd", float_json(coding->target_sd[i]));
		return one;
	}
	list = json_array();
	for (int k = 0; k < HEBB_TARGET_VALUES; k++)
		json_array_append_new(list, float_json(value[i * HEBB_TARGET_VALUES + k]));
	json_object_set_new(one, "values", list);
	return one;
}

json_t *transform_json(const hebb_coding *coding)
{
	json_t *object, *list;

	if (!coding->target_transform)
		return json_null();
	object = json_object();
	list = json_array();
	for (int i = 0; i < coding->outputs; i++)
		json_array_append_new(list, target_json(coding, i));
	json_object_set_new(object, "transform",
			    json_string(hebb_target_transform_name(coding->target_transform)));
	json_object_set_new(object, "targets", list);
	return object;
}

/* Target i in units, where the network's output is h. */
static const char *in_units(const hebb_coding *coding, int i, float h, char text[32])
{
	float value = h * coding->target_sd[i] + coding->target_mean[i];

	if (coding->target_value)
		value = coding->target_value[i * HEBB_TARGET_VALUES + (int)h];
	else
		value = expf(value);
	snprintf(text, 32, "%s", hebb_show_number((double)value, 4).text);
	return text;
}

void print_transform(const hebb_coding *coding)
{
	enum { SHOWN = 8 };
	char low[32], middle[32], high[32];

	for (int i = 0; i < coding->outputs && coding->target_transform && i < SHOWN; i++) {
		int is_log = coding->target_transform == HEBB_TARGET_LOG;

		printf("%s%-10s%s %s of ", bold(stdout), i == 0 ? "learned" : "", plain(stdout),
		       is_log ? "logarithm" : "quantiles");
		print_field(stdout, coding->targets[i].name, 0);
		if (is_log)
			printf(": geometric mean %s, a deviation is from %s to %s\n",
			       in_units(coding, i, 0, middle), in_units(coding, i, -1, low),
			       in_units(coding, i, 1, high));
		else
			printf(": from %s over %s to %s\n", in_units(coding, i, 0, low),
			       in_units(coding, i, HEBB_TARGET_PARTS / 2.0F, middle),
			       in_units(coding, i, HEBB_TARGET_PARTS, high));
	}
	if (coding->target_transform && coding->outputs > SHOWN)
		printf("%-10s and of %d more\n", "", coding->outputs - SHOWN);
}
