/* SPDX-License-Identifier: MIT */
/*
 * test_play.c - the parts of hebb play: its points, its sheet of characters, and what changing a
 * setting keeps
 *
 * The points without noise are compared with the formulas of their sets.  The sheet is drawn by a
 * terminal of our own, which knows the moves and colors that it sends.
 */
#define _GNU_SOURCE /* memmem() */

#include "test.h"

#include "cli/play/mosaic.h"
#include "cli/play/clouds.h"
#include "cli/play/controls.h"
#include "cli/play/learner.h"
#include "cli/play/console.h"
#include "cli/play/surface.h"

/* ---- Points ---------------------------------------------------------------------------------- */

enum { POINTS = 300 };

/* Reads the points of a set; returns the text. */
static text read_points(const cloud *c, int count, double noise, uint64_t seed, point *p,
			int *classes)
{
	text csv = {.size = 0};
	char *at;

	cloud_write(c, count, noise, seed, &csv);
	text_add(&csv, "", 1);
	csv.size--;
	assert_false(csv.failed);
	at = strchr(csv.bytes, '\n');
	for (int i = 0; i < count; i++) {
		p[i].x = strtod(at + 1, &at);
		p[i].y = strtod(at + 1, &at);
		p[i].value = c->classes ? at[1] - 'a' : strtod(at + 1, NULL);
		if (c->classes)
			classes[(int)p[i].value]++;
		at = strchr(at, '\n');
	}
	assert_int_equal(at + 1 - csv.bytes, (long)csv.size);
	return csv;
}

static double off_formula(const cloud *c, point p)
{
	double r = hypot(p.x, p.y), which = p.value;

	if (strcmp(c->name, "moons") == 0)
		return which > 0 ? hypot(p.x - 1, p.y - 0.5) - 1 : r - 1;
	if (strcmp(c->name, "circles") == 0)
		return which > 0 ? fmax(fmax(0.7 - r, r - 1), 0) : fmax(r - 0.45, 0);
	if (strcmp(c->name, "xor") == 0)
		return (p.x * p.y > 0) == (which < 1) ? 0 : 1;
	if (strcmp(c->name, "gaussian") == 0)
		return fmax(fabs(p.x - (which > 0 ? -0.5 : 0.5)) - 0.25, 0);
	if (strcmp(c->name, "waves") == 0)
		return sin(3.14159265358979 * p.x) * cos(3.14159265358979 * p.y) - p.value;
	double turns = strcmp(c->name, "spirals") == 0 ? 1.5 : 0.5;
	double angle = 2 * 3.14159265358979 * (turns * (r - 0.05) / 0.95 + which / c->classes);
	return hypot(p.x - r * sin(angle), p.y - r * cos(angle));
}

static void every_set(void **state)
{
	(void)state;
	for (const cloud *c = clouds; c->name; c++) {
		point p[POINTS], moved[POINTS], few[30];
		int classes[8] = {0}, unused[8] = {0};
		text one = read_points(c, POINTS, 0, 1, p, classes);
		text same = read_points(c, POINTS, 0, 1, p, unused);
		text less = read_points(c, 30, 0, 1, few, unused);
		text other = read_points(c, POINTS, 0, 2, moved, unused);

		for (int i = 0; i < POINTS; i++)
			if (fabs(off_formula(c, p[i])) > 2e-3)
				fail_msg("%s: (%g, %g) is no point of %g", c->name, p[i].x, p[i].y,
					 p[i].value);
		for (int k = 0; k < c->classes; k++)
			assert_int_equal(classes[k], POINTS / c->classes);
		assert_string_equal(one.bytes, same.bytes);
		assert_memory_equal(one.bytes, less.bytes, less.size);
		assert_string_not_equal(one.bytes, other.bytes);
		assert_ptr_equal(cloud_find(c->name), c);
		text_free(&one);
		text_free(&same);
		text_free(&less);
		text_free(&other);
	}
	assert_null(cloud_find("spiral"));
	assert_null(cloud_find(""));
}

/* Noise is a deviation: of the places of classes, of the number of waves. */
static void noise(void **state)
{
	enum { MANY = 4000 };
	static point still[MANY], moved[MANY];

	(void)state;
	for (const cloud *c = clouds; c->name; c++) {
		int classes[8] = {0};
		text a = read_points(c, MANY, 0, 5, still, classes),
		     b = read_points(c, MANY, 0.2, 5, moved, classes);
		double x = 0, y = 0, value = 0;

		for (int i = 0; i < MANY; i++) {
			x += pow(moved[i].x - still[i].x, 2) / MANY;
			y += pow(moved[i].y - still[i].y, 2) / MANY;
			value += pow(moved[i].value - still[i].value, 2) / MANY;
		}
		assert_true(fabs(sqrt(x) - (c->classes ? 0.2 : 0)) < 0.008);
		assert_true(fabs(sqrt(y) - (c->classes ? 0.2 : 0)) < 0.008);
		assert_true(fabs(sqrt(value) - (c->classes ? 0 : 0.2)) < 0.008);
		text_free(&a);
		text_free(&b);
	}
}

/* ---- The sheet ------------------------------------------------------------------------------- */

enum { COLUMNS = 7, ROWS = 3 };

/* A terminal that takes moves and colors and shows ASCII. */
static void show_in(char shown[ROWS][COLUMNS + 1], const text *bytes)
{
	int row = -1, column = -1;

	for (size_t i = 0; i < bytes->size; i++) {
		if (bytes->bytes[i] != '\033') {
			assert_in_range(row, 0, ROWS - 1);
			assert_in_range(column, 0, COLUMNS - 1);
			shown[row][column++] = bytes->bytes[i];
			continue;
		}
		size_t end = i;
		while (!(bytes->bytes[end] >= 'A' && bytes->bytes[end] != '['))
			end++;
		if (bytes->bytes[end] == 'H')
			assert_int_equal(sscanf(bytes->bytes + i, "\033[%d;%dH", &row, &column), 2);
		row -= bytes->bytes[end] == 'H';
		column -= bytes->bytes[end] == 'H';
		i = end;
	}
}

static void changes(void **state)
{
	static const char *const frames[][ROWS] = {{"hello", "", "world"},
						   {"hallo", "b", ""},
						   {"", "", ""},
						   {"1234567", "x", "7654321"}};
	char shown[ROWS][COLUMNS + 1] = {"       ", "       ", "       "};

	(void)state;
	for (int colors = 0; colors < 3; colors++) {
		mosaic sheet = {.colors = (color_depth)colors};

		assert_true(mosaic_size(&sheet, COLUMNS, ROWS));
		memset(shown, ' ', sizeof shown);
		for (size_t f = 0; f < COUNT_OF(frames); f++) {
			text out = {.size = 0}, again = {.size = 0};

			mosaic_clear(&sheet);
			for (int r = 0; r < ROWS; r++)
				mosaic_text(&sheet, r, 0, COLUMNS, r == 1, frames[f][r]);
			mosaic_set(&sheet, 1, 3, "o", 0xff8000, 0x000080);
			mosaic_set(&sheet, ROWS, 0, "!", 0, 0);
			mosaic_set(&sheet, 0, COLUMNS, "!", 0, 0);
			mosaic_set(&sheet, -1, -1, "!", 0, 0);
			mosaic_changes(&sheet, &out);
			text_add(&out, "", 1); /* for sscanf() */
			out.size--;
			show_in(shown, &out);
			for (int r = 0; r < ROWS; r++)
				for (int c = 0; c < COLUMNS; c++) {
					char wanted = c < (int)strlen(frames[f][r])
							      ? frames[f][r][c]
							      : ' ';

					assert_int_equal(shown[r][c],
							 r == 1 && c == 3 ? 'o' : wanted);
				}
			mosaic_changes(&sheet, &again);
			assert_int_equal(again.size, 0);
			if (out.size)
				assert_int_equal(memmem(out.bytes, out.size, "38;", 3) != NULL,
						 f == 0 && colors > 0);
			text_free(&out);
			text_free(&again);
		}
		mosaic_free(&sheet);
	}
}

static void cut_texts(void **state)
{
	mosaic sheet = {.now = NULL};
	text out = {.size = 0};

	(void)state;
	assert_true(mosaic_size(&sheet, COLUMNS, ROWS));
	assert_int_equal(mosaic_text(&sheet, 0, 1, 4, 0, "longer"), 4);
	assert_int_equal(mosaic_text(&sheet, 1, 5, 9, 0, "abc"), 3);
	assert_int_equal(mosaic_text(&sheet, 2, 0, 5, 0, "a\033b"), 3);
	mosaic_lines(&sheet, &out);
	text_add(&out, "", 1);
	assert_string_equal(out.bytes, " lon~\n     ab\na?b\n");
	text_free(&out);
	mosaic_free(&sheet);
}

/* ---- Settings that change -------------------------------------------------------------------- */

static options given;

/* The learner of a prepared set. */
static void open_learner(const char *name, learner *l)
{
	static char data[32];
	char *argv[] = {(char[]){"play"}, data, NULL};
	static const command play = {"play", PLAY, 1, 1, "DATA", "", "", NULL, NULL};

	snprintf(data, sizeof data, "%s", name);
	assert_int_equal(options_parse(&play, 2, argv, &given), 0);
	assert_int_equal(learner_open(&given, l), 0);
}

static void train(learner *l, int epochs)
{
	for (int i = 0; i < epochs; i++)
		assert_true(learner_epoch(l));
}

/* The weights of all dense layers, one after another; returns how many. */
static int weights_of(const learner *l, float *w)
{
	int count = 0, inputs = 2;

	for (int k = 0; k < hebb_net_layers(l->trial->net); k++) {
		int units = hebb_net_layer(l->trial->net, k)->units;

		if (hebb_net_layer(l->trial->net, k)->kind != HEBB_DENSE)
			continue;
		test_ok(hebb_net_get(l->trial->net, k, w + count, w + count + units * inputs, NULL),
			&l->error);
		count += units * inputs + units;
		inputs = units;
	}
	return count;
}

/* A new trainer with the same rate goes on as the old one would have. */
static void retuning_keeps_all(void **state)
{
	static learner one, two;
	float a[2000], b[2000];

	(void)state;
	open_learner("spirals", &one);
	open_learner("spirals", &two);
	train(&one, 6);
	train(&two, 3);
	assert_true(learner_retune(&two));
	train(&two, 3);
	int count = weights_of(&one, a);
	assert_int_equal(weights_of(&two, b), count);
	assert_memory_equal(a, b, (size_t)count * sizeof *a);
	assert_int_equal(two.curve.count, 6);
	assert_int_equal(knob_turn(&two, '+'), KNOB_TURNED);
	train(&two, 1);
	train(&one, 1);
	weights_of(&one, a);
	weights_of(&two, b);
	assert_memory_not_equal(a, b, (size_t)count * sizeof *a);
	learner_close(&one);
	learner_close(&two);
}

static void dropout_keeps_weights(void **state)
{
	static learner l;
	float a[2000], b[2000];

	(void)state;
	open_learner("moons", &l);
	train(&l, 4);
	int count = weights_of(&l, a), layers = hebb_net_layers(l.trial->net);
	assert_int_equal(knob_turn(&l, 'd'), KNOB_TURNED);
	assert_int_equal(hebb_net_layers(l.trial->net), layers + 2);
	assert_int_equal(weights_of(&l, b), count);
	assert_memory_equal(a, b, (size_t)count * sizeof *a);
	train(&l, 1);
	for (int i = 0; i < 4; i++)
		assert_int_equal(knob_turn(&l, 'd'), KNOB_TURNED);
	assert_int_equal(hebb_net_layers(l.trial->net), layers);
	assert_int_equal(l.epochs, 5);
	learner_close(&l);
}

/* A network begins anew with the bits that it began with. */
static void restarting(void **state)
{
	static learner l;
	float a[2000], b[2000];

	(void)state;
	open_learner("xor", &l);
	int count = weights_of(&l, a);
	train(&l, 3);
	assert_int_equal(knob_turn(&l, 'r'), KNOB_RESTARTED);
	weights_of(&l, b);
	assert_memory_equal(a, b, (size_t)count * sizeof *a);
	assert_int_equal(l.epochs, 0);
	assert_int_equal(l.curve.count, 0);
	assert_int_equal(knob_turn(&l, 'R'), KNOB_RESTARTED);
	weights_of(&l, b);
	assert_memory_not_equal(a, b, (size_t)count * sizeof *a);
	assert_int_equal(knob_turn(&l, 'x'), KNOB_UNKNOWN);
	learner_close(&l);
}

/* Each knob to its end and beyond it. */
static void knobs_end(void **state)
{
	static learner l;
	int turns = 0;

	(void)state;
	open_learner("pinwheel", &l);
	while (knob_turn(&l, KEY_LEFT) == KNOB_RESTARTED)
		turns++;
	assert_int_equal(turns, 2);
	assert_int_equal(l.settings.study.hidden, 0);
	assert_int_equal(knob_turn(&l, 'd'), KNOB_AT_END);
	assert_int_equal(knob_turn(&l, KEY_UP), KNOB_AT_END);
	for (turns = 0; knob_turn(&l, 'l') == KNOB_RESTARTED; turns++)
		train(&l, 1);
	assert_int_equal(turns, LEARNER_LAYERS_MOST);
	while (knob_turn(&l, 'j') == KNOB_RESTARTED)
		train(&l, 1);
	assert_int_equal(l.settings.study.units[5], 1);
	for (turns = 0; turns < 3; turns++)
		assert_int_equal(knob_turn(&l, 'u'), KNOB_RESTARTED);
	assert_int_equal(l.settings.study.units[5], 4);
	while (knob_turn(&l, '-') == KNOB_TURNED)
		train(&l, 1);
	for (turns = 0; knob_turn(&l, '+') == KNOB_TURNED;)
		turns++;
	assert_int_equal(turns, 12);
	for (turns = 0; turns < 8; turns++) {
		assert_int_equal(knob_turn(&l, 'a'), KNOB_RESTARTED);
		assert_int_equal(knob_turn(&l, 'w'), KNOB_TURNED);
		assert_int_equal(knob_turn(&l, 'z'), KNOB_RESTARTED);
	}
	learner_close(&l);
}

/* What is drawn is what the network is asked in training. */
static void places(void **state)
{
	static learner l;
	static double value[20 * 30];

	(void)state;
	for (const cloud *c = clouds; c->name; c++) {
		open_learner(c->name, &l);
		for (long long r = 0; r < l.trial->train->rows; r++) {
			point p = learner_point(&l, l.trial->train, r);
			float x[2];

			learner_inputs(&l, p.x, p.y, x);
			assert_memory_equal(x, l.trial->train->x + 2 * r, sizeof x);
			assert_true(p.x > l.low[0] && p.x < l.high[0]);
			assert_true(p.y > l.low[1] && p.y < l.high[1]);
			assert_true(p.value >= l.target_low && p.value <= l.target_high);
		}
		train(&l, 2);
		assert_true(surface_values(&l, 20, 30, value, &l.error));
		float x[2], h[8];
		learner_inputs(&l, l.low[0] + (l.high[0] - l.low[0]) * 7.5 / 30,
			       l.high[1] - (l.high[1] - l.low[1]) * 4.5 / 20, x);
		test_ok(hebb_predict(l.trial->net, x, h, NULL), &l.error);
		if (c->classes)
			assert_true(value[4 * 30 + 7] == hebb_largest(h, c->classes));
		else
			assert_true(fabs(value[4 * 30 + 7] -
					 ((double)h[0] * (double)l.trial->coding->target_sd[0] +
					  (double)l.trial->coding->target_mean[0])) < 1e-6);
		learner_close(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_set),
		cmocka_unit_test(noise),
		cmocka_unit_test(changes),
		cmocka_unit_test(cut_texts),
		cmocka_unit_test(retuning_keeps_all),
		cmocka_unit_test(dropout_keeps_weights),
		cmocka_unit_test(restarting),
		cmocka_unit_test(knobs_end),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
