/* SPDX-License-Identifier: MIT */
/*
 * page_network.c - the network: a drawing, and a table of its layers with histograms of weights,
 * activations and gradients
 *
 * Activations are those of some rows; gradients are those of the mean loss of these rows, in a copy
 * of the network, without dropout and without penalties.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "hebb_advanced.h"
#include "report.h"

enum {
	LAYERS_MOST = 36, /* rows of the table */
	DRAWN_MOST = 8,   /* layers of the drawing */
	UNITS_MOST = 7,   /* units of a layer there */
	SAMPLE = 256      /* rows */
};

/* A copy for gradients, with a trainer, takes so many bytes a parameter; more is not worth it. */
static const long long PARAMETERS_MOST = 20000000;

/* ---- Histograms ---- */

typedef struct spark {
	long long values;
	double least, most, mean, sd, zero; /* zero: the share that is exactly 0 */
	double from, to;
	double count[HB_SPARK];
} spark;

/* Value i of rows x width values, of which a row begins each `stride`. */
typedef struct values {
	const float *at;
	long long rows, width, stride;
} values;

static void measure(const values *all, spark *result)
{
	double sum = 0, squared = 0;

	*result = (spark){.least = INFINITY, .most = -INFINITY};
	for (long long r = 0; r < all->rows; r++)
		for (long long i = 0; i < all->width; i++) {
			double value = all->at[r * all->stride + i];

			if (!isfinite(value))
				continue;
			result->values++;
			result->zero += value == 0;
			sum += value;
			squared += value * value;
			result->least = fmin(result->least, value);
			result->most = fmax(result->most, value);
		}
	if (result->values == 0)
		return;
	result->mean = sum / (double)result->values;
	result->zero /= (double)result->values;
	result->sd = sqrt(fmax(squared / (double)result->values - result->mean * result->mean, 0));
}

/* Counts the values in bins within four deviations of the mean; those beyond are in the last. */
static spark spark_of(const values *all)
{
	spark result;

	measure(all, &result);
	result.from = fmax(result.least, result.mean - 4 * result.sd);
	result.to = fmin(result.most, result.mean + 4 * result.sd);
	for (long long r = 0; r < all->rows && result.from < result.to; r++)
		for (long long i = 0; i < all->width; i++) {
			double value = all->at[r * all->stride + i];
			double share = (value - result.from) / (result.to - result.from);

			if (isfinite(value))
				result.count[(int)(fmin(fmax(share, 0), 1) * (HB_SPARK - 0.001))]++;
		}
	return result;
}

void hb_put_spark(hb_page *page, int ink, const char *title, const double count[HB_SPARK])
{
	enum { WIDTH = 150, HEIGHT = 40 };
	double most = 1, step = (double)WIDTH / HB_SPARK;

	for (int i = 0; i < HB_SPARK; i++)
		most = fmax(most, count[i]);
	hb_put(page,
	       "<svg class=\"spark\" viewBox=\"0 0 150 42\" role=\"img\" aria-label=\"%w\">"
	       "<path class=\"bars i%d\" d=\"",
	       title, ink);
	for (int i = 0; i < HB_SPARK; i++)
		if (count[i] > 0)
			hb_put(page, "M%c %dv%ch%cV%dz", i * step, HEIGHT,
			       -fmax(HEIGHT * count[i] / most, 1), step - 0.5, HEIGHT);
	hb_put(page, "\"/><path class=\"base\" d=\"M0 40.5H150\"/></svg>");
}

static void put_spark_cell(hb_page *page, int ink, const char *what, const spark *all)
{
	char title[160];

	if (all->values == 0) {
		hb_put(page, "<td></td>");
		return;
	}
	snprintf(title, sizeof title, "%s from %s to %s, mean %s, deviation %s", what,
		 hebb_show_number(all->least, 3).text, hebb_show_number(all->most, 3).text,
		 hebb_show_number(all->mean, 3).text, hebb_show_number(all->sd, 3).text);
	hb_put(page, "<td class=\"left\" data-key=\"%s\" title=\"%s\">",
	       hebb_show_number(all->sd, 4).text, title);
	hb_put_spark(page, ink, title, all->count);
	hb_put(page, "<span class=\"range\">%s … %s</span></td>",
	       hebb_show_number(all->from, 2).text, hebb_show_number(all->to, 2).text);
}

/* ---- Some rows through the network ---- */

typedef struct probe {
	hebb_work *work; /* with the activations of all layers; NULL: none */
	int rows;
	hebb_net *copy;
	hebb_trainer *trainer; /* with the gradient; NULL: none */
	float *x, *y;
} probe;

static void probe_gradient(const hb_view *view, probe *result, hebb_error *error)
{
	hebb_recipe recipe = hebb_recipe_default();

	if (hebb_net_parameters(view->net) > PARAMETERS_MOST || !result->y)
		return;
	result->copy = hebb_net_copy(view->net, NULL, error);
	recipe.loss = view->loss;
	recipe.rule = HEBB_SGD;
	recipe.batch = SAMPLE;
	recipe.gaps = view->data->gaps > 0;
	recipe.threads = 1;
	result->trainer =
		result->copy ? hebb_trainer_new(result->copy, &recipe, NULL, error) : NULL;
	if (result->trainer && hebb_trainer_gradient(result->trainer, result->rows, result->x,
						     result->y, NULL, NULL, error) != HEBB_OK) {
		hebb_trainer_free(result->trainer);
		result->trainer = NULL;
	}
}

static probe probe_open(hb_page *page, const hb_view *view)
{
	hebb_error error = {.status = HEBB_OK};
	const hebb_dataset *data = view->data;
	probe result = {.rows = data->rows < SAMPLE ? (int)data->rows : SAMPLE};
	size_t inputs = (size_t)data->inputs, outputs = (size_t)data->outputs;

	result.x = malloc(sizeof *result.x * (size_t)result.rows * inputs);
	result.y = data->y ? malloc(sizeof *result.y * (size_t)result.rows * outputs) : NULL;
	result.work = result.x ? hebb_work_new_whole(view->net, result.rows, NULL, NULL) : NULL;
	page->failed |= !result.work || (data->y && !result.y);
	if (page->failed)
		return result;
	for (int i = 0; i < result.rows; i++) {
		long long row = i * data->rows / result.rows;

		hebb_dataset_get(data, row, 1, result.x + (size_t)i * inputs);
		for (size_t k = 0; k < outputs && result.y; k++)
			result.y[(size_t)i * outputs + k] = data->y[(size_t)row * outputs + k];
	}
	hebb_forward(result.work, result.rows, result.x);
	probe_gradient(view, &result, &error);
	page->failed |= error.status == HEBB_NO_MEMORY;
	return result;
}

static void probe_close(probe *p)
{
	hebb_work_free(p->work);
	hebb_trainer_free(p->trainer);
	hebb_net_free(p->copy);
	free(p->x);
	free(p->y);
}

/* ---- The table ---- */

/* The weights of a layer and their gradient; both stay empty for a layer without parameters. */
static void weigh_layer(hb_page *page, const hb_view *view, const probe *seen, int l,
			spark *weights, spark *gradients)
{
	const hebb_parameter *W = hebb_net_parameter(view->net, l, 0),
			     *b = hebb_net_parameter(view->net, l, 1);
	size_t biases = b ? (size_t)b->count : 0;
	float *memory = W ? malloc(sizeof *memory * ((size_t)W->count + biases + 1)) : NULL;
	values all = {memory, 1, W ? W->count : 0, 0};

	page->failed |= W && !memory;
	*weights = *gradients = (spark){.values = 0};
	if (memory && hebb_net_get_parameter(view->net, l, 0, memory, NULL) == HEBB_OK)
		*weights = spark_of(&all);
	if (memory && seen->trainer &&
	    hebb_trainer_get_gradient(seen->trainer, l, memory, b ? memory + W->count : NULL,
				      NULL) == HEBB_OK)
		*gradients = spark_of(&all);
	free(memory);
}

static long long parameters_of(const hebb_net *net, int l)
{
	const hebb_parameter *parameter;
	long long sum = 0;

	for (int i = 0; (parameter = hebb_net_parameter(net, l, i)); i++)
		sum += parameter->running ? 0 : parameter->count;
	return sum;
}

static void put_layer(hb_page *page, const hb_view *view, const probe *seen, int l)
{
	const hebb_layer *layer = hebb_net_layer(view->net, l);
	const hebb_kind_fields *about = hebb_kind_about(layer->kind);
	spark weights, gradients, outputs = {.values = 0};
	int stride = 0;
	const float *h = seen->work ? hebb_work_layer(seen->work, l, &stride) : NULL;

	weigh_layer(page, view, seen, l, &weights, &gradients);
	if (h && about->units)
		outputs = spark_of(&(values){h, seen->rows, layer->units, stride});
	hb_put(page, "<tr><td>%d</td><th scope=\"row\">%s</th><td class=\"left\">%s</td>", l + 1,
	       hebb_kind_name(layer->kind),
	       about->activation ? hebb_activation_name(layer->activation) : "");
	hb_put(page, "<td>%l</td><td>%l</td>", (long long)layer->units,
	       parameters_of(view->net, l));
	put_spark_cell(page, HB_BLUE, "weights", &weights);
	put_spark_cell(page, HB_GREEN, "activations", &outputs);
	put_spark_cell(page, HB_ORANGE, "gradients", &gradients);
	hb_put(page, "</tr>\n");
}

static void put_layers(hb_page *page, const hb_view *view)
{
	int count = hebb_net_layers(view->net), half = LAYERS_MOST / 2;
	probe seen = view->data ? probe_open(page, view) : (probe){.rows = 0};

	hb_table_begin(page, "Layers",
		       "Layer|<Kind|<Activation|Units|Parameters|<Weights|<Activations|<Gradients");
	for (int l = 0; l < count; l++)
		if (count <= LAYERS_MOST || l < half || l >= count - half)
			put_layer(page, view, &seen, l);
	hb_table_end(page);
	if (count > LAYERS_MOST)
		hb_put(page, "<p class=\"soft\">The first and the last %d of %d layers.</p>\n",
		       half, count);
	if (seen.work)
		hb_put(page,
		       "<p class=\"soft\">Activations and gradients of %s; a column is sorted by "
		       "the deviation.</p>\n",
		       hebb_show_count(seen.rows, "row").text);
	probe_close(&seen);
}

/* ---- The drawing ---- */

/* A column of the drawing: the inputs, or a layer with units. */
typedef struct column {
	int units;
	const char *text;
} column;

/* Where unit i of so many that are drawn lies. */
static double unit_y(int i, int drawn)
{
	return 110 + 22 * (i - (drawn - 1) / 2.0);
}

static int drawn_of(int units)
{
	return units <= UNITS_MOST ? units : UNITS_MOST;
}

static void put_edges(hb_page *page, double x0, int from, double x1, int to)
{
	hb_put(page, "<path class=\"edges\" d=\"");
	for (int i = 0; i < drawn_of(from); i++)
		for (int k = 0; k < drawn_of(to); k++)
			hb_put(page, "M%c %cL%c %c", x0, unit_y(i, drawn_of(from)), x1,
			       unit_y(k, drawn_of(to)));
	hb_put(page, "\"/>\n");
}

static void put_units(hb_page *page, double x, const column *one)
{
	int drawn = drawn_of(one->units), middle = UNITS_MOST / 2;
	char count[64];

	for (int i = 0; i < drawn; i++) {
		double y = unit_y(i, drawn);

		if (one->units > UNITS_MOST && i == middle)
			hb_put(page, "<text class=\"title\" x=\"%c\" y=\"%c\">⋮</text>", x, y + 4);
		else
			hb_put(page, "<circle class=\"unit\" cx=\"%c\" cy=\"%c\" r=\"7\"/>", x, y);
	}
	snprintf(count, sizeof count, "%s", hebb_show_count(one->units, "x").text);
	for (char *at = count; *at; at++)
		if (*at == ' ')
			*at = '\0';
	hb_put(page, "<text class=\"middle\" x=\"%c\" y=\"208\">%s</text>", x, count);
	hb_put(page, "<text class=\"title\" x=\"%c\" y=\"224\">%s</text>\n", x, one->text);
}

/* The columns: of many layers the first and the last. Returns how many. */
static int find_columns(const hebb_net *net, column list[DRAWN_MOST])
{
	int n = 0, hidden = 0, seen = 0, count = hebb_net_layers(net);

	list[n++] = (column){hebb_net_inputs(net), "inputs"};
	for (int l = 0; l < count; l++)
		hidden += hebb_kind_about(hebb_net_layer(net, l)->kind)->units;
	for (int l = 0; l < count; l++) {
		const hebb_layer *layer = hebb_net_layer(net, l);

		if (!hebb_kind_about(layer->kind)->units)
			continue;
		seen++;
		if (hidden <= DRAWN_MOST - 1 || seen < DRAWN_MOST - 2 || seen >= hidden - 1)
			list[n++] = (column){layer->units, seen == hidden ? "outputs" : "hidden"};
	}
	return n;
}

static void put_drawing(hb_page *page, const hebb_net *net)
{
	column list[DRAWN_MOST + 1];
	int n = find_columns(net, list);
	double step = n > 1 ? 340.0 / (n - 1) : 0;
	char title[300];

	snprintf(title, sizeof title, "The network: %s, %s, %s",
		 hebb_show_count(hebb_net_inputs(net), "input").text,
		 hebb_show_count(n - 2, "hidden column").text,
		 hebb_show_count(hebb_net_outputs(net), "output").text);
	hb_put(page,
	       "<figure class=\"chart\"><svg viewBox=\"0 0 420 230\" role=\"img\" "
	       "aria-label=\"%s\">\n",
	       title);
	for (int i = 0; i + 1 < n; i++)
		put_edges(page, 40 + i * step, list[i].units, 40 + (i + 1) * step,
			  list[i + 1].units);
	for (int i = 0; i < n; i++)
		put_units(page, 40 + i * step, &list[i]);
	hb_put(page, "</svg></figure>\n");
}

void hb_put_network(hb_page *page, const hb_view *view)
{
	if (!view->net)
		return;
	hb_section_begin(page, "network", "Network");
	hb_put(page, "<p>%l parameters; %d inputs after the columns are coded.</p>\n",
	       hebb_net_parameters(view->net), hebb_net_inputs(view->net));
	put_drawing(page, view->net);
	put_layers(page, view);
	hb_section_end(page);
}
