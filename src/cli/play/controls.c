/* SPDX-License-Identifier: MIT */
/*
 * controls.c - what a key of hebb play changes
 *
 * A setting moves along a list of values.  Rate and decay change the steps that follow; dropout
 * keeps the weights; layers, units and the activation make another network, and noise other points.
 */
#define _POSIX_C_SOURCE 200809L

#include "play/controls.h"

#include <stdio.h>
#include <string.h>

#include "play/console.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static const double rates[] = {0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01,
			       0.03,    0.1,     0.3,    1,      3,     10};
static const double dropouts[] = {0, 0.1, 0.2, 0.3, 0.5};
static const double decays[] = {0, 0.001, 0.01, 0.1, 1};
static const double noises[] = {0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5};
static const int widths[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256};
static const hebb_activation activations[] = {HEBB_TANH,    HEBB_RELU, HEBB_GELU,
					      HEBB_SIGMOID, HEBB_SILU, HEBB_LINEAR};
enum { FIRST_UNITS = 16 };

/* The next value above or below; the same if there is none. */
static double moved(const double *list, int count, double value, int up)
{
	for (int i = 0; i < count; i++) {
		double next = list[up ? i : count - 1 - i];

		if (up ? next > value * 1.0001 : next < value * 0.9999)
			return next;
	}
	return value;
}

/* The next value above, or the first after the last. */
static double turned(const double *list, int count, double value)
{
	double next = moved(list, count, value, 1);

	return next > value ? next : list[0];
}

static knob_result ended(int done, knob_result result)
{
	return done ? result : KNOB_FAILED;
}

static void set_number(learner *l, option_id id, double value)
{
	learner_set(l, id, hebb_show_number(value, 6).text);
}

static knob_result turn_rate(learner *l, int key)
{
	double rate = l->settings.study.rate,
	       next = moved(rates, COUNT(rates), rate, key != '-' && key != '_');

	if (!(next < rate || next > rate))
		return KNOB_AT_END;
	set_number(l, OPT_RATE, next);
	return ended(learner_retune(l), KNOB_TURNED);
}

static knob_result turn_decay(learner *l, int key)
{
	(void)key;
	set_number(l, OPT_WEIGHT_DECAY,
		   turned(decays, COUNT(decays), l->settings.study.weight_decay));
	return ended(learner_retune(l), KNOB_TURNED);
}

static knob_result turn_dropout(learner *l, int key)
{
	(void)key;
	if (l->settings.study.hidden == 0)
		return KNOB_AT_END;
	set_number(l, OPT_DROPOUT, turned(dropouts, COUNT(dropouts), l->settings.study.dropout));
	return ended(learner_replace(l), KNOB_TURNED);
}

static knob_result turn_noise(learner *l, int key)
{
	double before = l->noise;

	(void)key;
	if (!l->cloud)
		return KNOB_AT_END;
	l->noise = turned(noises, COUNT(noises), l->noise);
	if (learner_restart(l, 1))
		return KNOB_RESTARTED;
	l->noise = before;
	return KNOB_FAILED;
}

/* ---- Layers ---------------------------------------------------------------------------------- */

static knob_result set_layers(learner *l, int count, const int *units)
{
	char words[64] = "none";
	size_t length = 0;

	for (int k = 0; k < count && length < sizeof words; k++)
		length += (size_t)snprintf(words + length, sizeof words - length, "%s%d",
					   k ? "," : "", units[k]);
	learner_set(l, OPT_LAYERS, words);
	return ended(learner_restart(l, 0), KNOB_RESTARTED);
}

static knob_result add_layer(learner *l, int key)
{
	hebb_study *s = &l->settings.study;
	int units[LEARNER_LAYERS_MOST];

	(void)key;
	if (s->hidden >= LEARNER_LAYERS_MOST)
		return KNOB_AT_END;
	for (int k = 0; k < s->hidden; k++)
		units[k] = s->units[k];
	units[s->hidden] = s->hidden ? s->units[s->hidden - 1] : FIRST_UNITS;
	return set_layers(l, s->hidden + 1, units);
}

static knob_result remove_layer(learner *l, int key)
{
	hebb_study *s = &l->settings.study;
	int units[LEARNER_LAYERS_MOST];

	(void)key;
	if (s->hidden == 0 || s->hidden > LEARNER_LAYERS_MOST + 1)
		return KNOB_AT_END;
	for (int k = 0; k < s->hidden - 1; k++)
		units[k] = s->units[k];
	return set_layers(l, s->hidden - 1, units);
}

static int moved_width(int width, int up)
{
	for (int i = 0; i < COUNT(widths); i++) {
		int next = widths[up ? i : COUNT(widths) - 1 - i];

		if (up ? next > width : next < width)
			return next;
	}
	return width;
}

static knob_result turn_units(learner *l, int key)
{
	hebb_study *s = &l->settings.study;
	int units[LEARNER_LAYERS_MOST], changed = 0, up = key == KEY_UP || key == 'u';

	if (s->hidden > LEARNER_LAYERS_MOST)
		return KNOB_AT_END;
	for (int k = 0; k < s->hidden; k++) {
		units[k] = moved_width(s->units[k], up);
		changed |= units[k] != s->units[k];
	}
	return changed ? set_layers(l, s->hidden, units) : KNOB_AT_END;
}

static knob_result turn_activation(learner *l, int key)
{
	int at = 0;

	while (at < COUNT(activations) && activations[at] != l->settings.study.activation)
		at++;
	at = at == COUNT(activations) ? 0 : at + (key == 'a' ? 1 : COUNT(activations) - 1);
	learner_set(l, OPT_ACTIVATION, hebb_activation_name(activations[at % COUNT(activations)]));
	return ended(learner_restart(l, 0), KNOB_RESTARTED);
}

/* ---- Starting again -------------------------------------------------------------------------- */

static knob_result restart(learner *l, int key)
{
	(void)key;
	return ended(learner_restart(l, 0), KNOB_RESTARTED);
}

static knob_result reseed(learner *l, int key)
{
	char words[32];

	(void)key;
	snprintf(words, sizeof words, "%llu", (unsigned long long)(l->settings.study.seed + 1));
	learner_set(l, OPT_SEED, words);
	return ended(learner_restart(l, 1), KNOB_RESTARTED);
}

static knob_result turn_any(learner *l, int key)
{
	static const struct {
		int key[4];
		knob_result (*turn)(learner *l, int key);
	} knobs[] = {
		{{'+', '=', '-', '_'}, turn_rate},
		{{'w'}, turn_decay},
		{{'d'}, turn_dropout},
		{{'z'}, turn_noise},
		{{KEY_RIGHT, 'l'}, add_layer},
		{{KEY_LEFT, 'k'}, remove_layer},
		{{KEY_UP, 'u'}, turn_units},
		{{KEY_DOWN, 'j'}, turn_units},
		{{'a', 'A'}, turn_activation},
		{{'r'}, restart},
		{{'R'}, reseed},
	};

	for (int i = 0; i < COUNT(knobs); i++)
		for (int k = 0; k < 4 && knobs[i].key[k]; k++)
			if (knobs[i].key[k] == key)
				return knobs[i].turn(l, key);
	return KNOB_UNKNOWN;
}

knob_result knob_turn(learner *l, int key)
{
	learner before = *l;
	knob_result result = turn_any(l, key);

	if (result == KNOB_FAILED) { /* what is shown is what trains */
		l->settings = before.settings;
		memcpy(l->text, before.text, sizeof l->text);
	}
	return result;
}
