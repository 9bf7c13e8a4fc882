/* SPDX-License-Identifier: MIT */
/*
 * network.c - a network as a drawing in the terminal: a bar for the width of each layer
 *
 *       inputs          ▒▒▒▒▒▒         32 from 4 columns
 *     1 dense       ██████████████     128 gelu
 *     2 dropout     ░░░░░░░░░░░░░░     0.1
 *     3 dense             ██           3 softmax
 *
 * A line beside the bars leads from a layer to the one that adds it.
 */
#include "network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/page.h"
#include "draw/terminal.h"
#include "hebb_advanced.h"

enum {
	BAR_MOST = 40,
	BAR_LEAST = 8,
	LABEL = 19,      /* columns before the bars */
	TEXT = 18,       /* behind them */
	LANES = 3,       /* lines to layers that add, side by side */
	PERIOD_MOST = 8, /* layers of a block that repeats */
	REPEATS_LEAST = 3,
	DRAWN_MOST = 40 /* layers */
};
static const double FAR = 32; /* the widest layer over the narrowest: logarithmic bars */

/* A line of the drawing. */
typedef struct drawn {
	int layer;   /* -1: the inputs */
	int skipped; /* layers that are left out before it, */
	int period;  /* which repeat the last `period` ones; 0: they do not */
	char lane[LANES];
} drawn;

typedef struct drawing {
	const hebb_net *net;
	const hebb_coding *coding;
	FILE *stream;
	int bar; /* columns of the widest */
	int lanes;
	int is_log, least, most; /* of the widths */
	int count;
	drawn line[DRAWN_MOST + 2];
} drawing;

static int units_of(const hebb_net *net, int layer)
{
	return layer < 0 ? hebb_net_inputs(net) : hebb_net_layer(net, layer)->units;
}

/* ---- Which layers are drawn ---- */

static int are_alike(const hebb_net *net, int a, int b)
{
	const hebb_layer *one = hebb_net_layer(net, a), *other = hebb_net_layer(net, b);

	return one->kind == other->kind && one->units == other->units &&
	       one->activation == other->activation && one->rate == other->rate &&
	       one->frozen == other->frozen &&
	       (!hebb_kind_about(one->kind)->from || a - one->from == b - other->from);
}

/* How many layers from `layer` on repeat the `period` ones before it, in whole blocks. */
static int repeated(const hebb_net *net, int layer, int period)
{
	int count = 0;

	while (layer + count < hebb_net_layers(net) - 1 &&
	       are_alike(net, layer + count, layer + count - period))
		count++;
	return count - count % period;
}

/* The layers to be left out at `layer`, because they repeat what was drawn. */
static int find_repeats(const hebb_net *net, int layer, int *period)
{
	for (*period = 1; *period <= PERIOD_MOST && *period <= layer; ++*period) {
		int count = repeated(net, layer, *period);

		if (count >= (REPEATS_LEAST - 1) * *period)
			return count;
	}
	return *period = 0;
}

static void add_line(drawing *d, int layer, int skipped, int period)
{
	d->line[d->count] = (drawn){.layer = layer, .skipped = skipped, .period = period};
	memset(d->line[d->count].lane, ' ', LANES);
	d->count++;
}

/* The lines without regard to their number; returns it. If there is no room, none is added. */
static int choose_all(drawing *d)
{
	int layers = hebb_net_layers(d->net), count = 1, period, left_out = 0, why = 0;

	add_line(d, -1, 0, 0);
	for (int l = 0; l < layers; l++) {
		int skipped = find_repeats(d->net, l, &period);

		if (skipped > 0) {
			left_out = skipped;
			why = period;
			l += skipped;
		}
		if (d->count <= DRAWN_MOST)
			add_line(d, l, left_out, why);
		count++;
		left_out = why = 0;
	}
	return count;
}

static void choose_lines(drawing *d)
{
	int layers = hebb_net_layers(d->net), half = DRAWN_MOST / 2;

	if (choose_all(d) <= DRAWN_MOST)
		return;
	d->count = 0;
	for (int l = -1; l < half; l++)
		add_line(d, l, 0, 0);
	for (int l = layers - half + 1; l < layers; l++)
		add_line(d, l, l == layers - half + 1 ? l - half : 0, 0);
}

/* ---- Lines to layers that add ---- */

static int line_of(const drawing *d, int layer)
{
	for (int i = 0; i < d->count; i++)
		if (d->line[i].layer == layer)
			return i;
	return -1;
}

static int is_free(const drawing *d, int lane, int from, int to)
{
	for (int i = from; i <= to; i++)
		if (d->line[i].lane[lane] != ' ')
			return 0;
	return 1;
}

static void lead(drawing *d, int from, int to)
{
	int lane = 0;

	while (lane < LANES && !is_free(d, lane, from, to))
		lane++;
	if (lane == LANES)
		return;
	for (int i = from; i <= to; i++)
		d->line[i].lane[lane] = i == from ? 'b' : i == to ? 'e' : '|';
	d->lanes = lane + 1 > d->lanes ? lane + 1 : d->lanes;
}

static void lead_all(drawing *d)
{
	for (int i = 1; i < d->count; i++) {
		const hebb_layer *layer = hebb_net_layer(d->net, d->line[i].layer);
		int from = hebb_kind_about(layer->kind)->from ? line_of(d, layer->from) : -1;

		if (from >= 0)
			lead(d, from, i);
	}
}

/* ---- Printing ---- */

static void find_widths(drawing *d)
{
	d->least = d->most = units_of(d->net, -1);
	for (int l = 0; l < hebb_net_layers(d->net); l++) {
		int units = units_of(d->net, l);

		d->least = units < d->least ? units : d->least;
		d->most = units > d->most ? units : d->most;
	}
	d->is_log = d->most > FAR * d->least;
	int room = page_width(d->stream) - LABEL - TEXT - d->lanes - 3;
	d->bar = room > BAR_MOST ? BAR_MOST : room < BAR_LEAST ? BAR_LEAST : room;
}

static int bar_of(const drawing *d, int units)
{
	double share = d->is_log ? log1p(units) / log1p(d->most) : (double)units / d->most;
	int bar = (int)(share * d->bar + 0.5), less = (d->bar - bar) / 2;

	return d->bar - 2 * (less < (d->bar - 1) / 2 ? less : (d->bar - 1) / 2); /* centered */
}

static void print_times(FILE *stream, const char *sign, int times)
{
	for (int i = 0; i < times; i++)
		print_text(stream, sign);
}

static const char *sign_of(const drawing *d, int layer)
{
	const hebb_kind_fields *has;

	if (layer < 0)
		return "▒";
	has = hebb_kind_about(hebb_net_layer(d->net, layer)->kind);
	return has->units ? "█" : has->rate ? "░" : "─";
}

/* "batch-norm", "dense" */
static void print_label(const drawing *d, int layer)
{
	if (layer < 0)
		fprintf(d->stream, "  %4s  %-11s", "", "inputs");
	else
		fprintf(d->stream, "  %4d  %-11s", layer + 1,
			hebb_kind_name(hebb_net_layer(d->net, layer)->kind));
}

/* What stands behind a bar: "128 gelu", "adds layer 2". */
static void print_about(const drawing *d, int layer)
{
	const hebb_layer *l = layer < 0 ? NULL : hebb_net_layer(d->net, layer);
	const hebb_kind_fields *has = l ? hebb_kind_about(l->kind) : NULL;
	int columns = d->coding->input_count, inputs = units_of(d->net, -1);

	if (!l && columns > 0 && columns != inputs)
		fprintf(d->stream, "%d from %d column%s", inputs, columns, columns == 1 ? "" : "s");
	else if (!l)
		fprintf(d->stream, "%d", inputs);
	else if (has->rate)
		fputs(hebb_show_number(l->rate, 4).text, d->stream);
	else if (has->from && l->from < 0)
		fputs("adds the inputs", d->stream);
	else if (has->from)
		fprintf(d->stream, "adds layer %d", l->from + 1);
	else if (has->units)
		fprintf(d->stream, "%d", l->units);
	if (l && has->activation && l->activation != HEBB_LINEAR)
		fprintf(d->stream, "%s%s", has->units || has->from || has->rate ? " " : "",
			hebb_activation_name(l->activation));
	if (l && l->frozen)
		fputs(" frozen", d->stream);
}

static void print_lanes(const drawing *d, const drawn *line)
{
	for (int i = 0; i < d->lanes; i++) {
		char lane = line->lane[i];

		if (lane == ' ')
			fputc(' ', d->stream);
		else if (!is_utf8())
			fputc(lane == 'b' ? '.' : lane == 'e' ? '\'' : '|', d->stream);
		else
			fputs(lane == 'b' ? "┐" : lane == 'e' ? "┘" : "│", d->stream);
	}
}

static void print_skipped(const drawing *d, const drawn *line)
{
	int times = line->period ? line->skipped / line->period : 0;

	fprintf(d->stream, "  %s%4s  ", dim(d->stream), "...");
	if (line->period == 1)
		fprintf(d->stream, "the same layer %d more times", times);
	else if (line->period)
		fprintf(d->stream, "the same %d layers %d more times", line->period, times);
	else
		fprintf(d->stream, "%d more layers", line->skipped);
	fprintf(d->stream, "%s\n", plain(d->stream));
}

static void print_line(const drawing *d, const drawn *line)
{
	int bar = bar_of(d, units_of(d->net, line->layer)), before = (d->bar - bar) / 2;

	if (line->skipped > 0)
		print_skipped(d, line);
	print_label(d, line->layer);
	fprintf(d->stream, "%*s%s", before, "", colored(d->stream, 1));
	print_times(d->stream, sign_of(d, line->layer), bar);
	fprintf(d->stream, "%s%*s", plain(d->stream), d->bar - bar - before + 1, "");
	print_lanes(d, line);
	fputs("  ", d->stream);
	print_about(d, line->layer);
	fputc('\n', d->stream);
}

void network_print(FILE *stream, const hebb_net *net, const hebb_coding *coding)
{
	drawing d = {.net = net, .coding = coding, .stream = stream};

	choose_lines(&d);
	lead_all(&d);
	find_widths(&d);
	for (int i = 0; i < d.count; i++)
		print_line(&d, &d.line[i]);
	if (d.is_log)
		fprintf(stream, "  %s%4s  the bars are logarithms of the widths%s\n", dim(stream),
			"", plain(stream));
}
