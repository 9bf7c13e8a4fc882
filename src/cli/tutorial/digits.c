/* SPDX-License-Identifier: MIT */
/*
 * digits.c - chapter 5 of the tutorial: handwritten digits
 *
 * The chapter is `hebb train digits --recipe tutorial`, taken apart: the same study, split, start
 * and training, so that the accuracy here is the one that command prints.
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/progress.h"
#include "draw/score.h"
#include "tutorial/run.h"
#include "tutorial/sections.h"

enum { PIXELS = 64, SIDE = 8, CLASSES = 10 };

/* ---- The chapter's own run ------------------------------------------------------------------- */

enum { LOOKS = 64 };

struct digits {
	run run;
	int opened, trained, paged;
	double J[ITERATIONS_MOST + 1];      /* before each iteration, and after the last */
	double look_at[LOOKS], norm[LOOKS]; /* iterations, and the mean of |y - h| there */
	int looks;
	double seconds;
	progress shown;
	hebb_work *work;
	float *x; /* the training rows */
};

/* The data and the network before training; made at the first call. */
static struct digits *digits_of(lesson *l)
{
	if (!l->digits && !(l->digits = calloc(1, sizeof *l->digits)))
		fail(NULL, "out of memory");
	if (l->digits && !l->digits->opened) {
		l->digits->opened = 1;
		l->digits->paged = l->paged;
		if (run_open(l, set_tutorial, &l->digits->run) != EXIT_DONE)
			return NULL;
	}
	return l->digits;
}

void digits_free(struct digits *lesson_digits)
{
	if (lesson_digits && lesson_digits->opened)
		run_close(&lesson_digits->run);
	free(lesson_digits);
}

/* The mean of |y - h| over the training rows, which the article's program plots. */
static double mean_norm(struct digits *d)
{
	const hebb_dataset *data = d->run.trial->train;
	const float *h = hebb_forward(d->work, (int)data->rows, d->x);
	double sum = 0;

	for (long long r = 0; r < data->rows; r++) {
		double squares = 0;

		for (int k = 0; k < CLASSES; k++) {
			double off = (double)data->y[r * CLASSES + k] - (double)h[r * CLASSES + k];

			squares += off * off;
		}
		sum += sqrt(squares);
	}
	return sum / (double)data->rows;
}

static void look(struct digits *d, int iteration)
{
	if (d->looks == LOOKS)
		return;
	d->look_at[d->looks] = iteration;
	d->norm[d->looks++] = mean_norm(d);
}

static int watch(void *self, const hebb_progress *now)
{
	struct digits *d = self;

	if (now->epoch_ended && now->epoch <= ITERATIONS_MOST)
		d->J[now->epoch - 1] = now->loss;
	int between = d->run.study.epochs / 60 > 0 ? d->run.study.epochs / 60 : 1;
	if (now->epoch_ended && now->epoch % between == 0)
		look(d, now->epoch);
	d->seconds = now->seconds;
	return d->paged ? 0 : progress_show(&d->shown, now);
}

/* Trains the network and records the cost. */
static int run_train(struct digits *d)
{
	hebb_result result;
	hebb_error error;

	d->run.study.progress = watch;
	d->run.study.self = d;
	hebb_status status = hebb_trial_train(d->run.trial, &result, &error);
	hebb_result_free(&result);
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

static int train_digits(struct digits *d)
{
	hebb_score after = {0};
	hebb_error error;
	int status;

	if (d->trained)
		return EXIT_DONE;
	const hebb_dataset *train = d->run.trial->train;
	d->work = hebb_work_new(d->run.trial->net, (int)train->rows, NULL, &error);
	if (!d->work)
		return fail_error("tutorial", &error);
	d->x = malloc((size_t)train->rows * PIXELS * sizeof *d->x);
	if (d->x) {
		hebb_dataset_get(train, 0, (int)train->rows, d->x);
		look(d, 0);
		progress_begin(&d->shown, NULL, train->rows, 1, 1);
		d->shown.lines = 0; /* only the live line of a terminal */
		status = run_train(d);
		progress_end(&d->shown);
		hebb_curve_free(&d->shown.curve);
	} else {
		status = fail("tutorial", "out of memory");
	}
	free(d->x);
	hebb_work_free(d->work);
	if (status == EXIT_DONE)
		status = run_score(&d->run, d->run.trial->train, &after);
	d->J[d->run.study.epochs] = after.loss;
	hebb_score_free(&after);
	d->trained = status == EXIT_DONE;
	return status;
}

/* ---- 5.1 ------------------------------------------------------------------------------------- */

static double raw(const struct digits *d, long long row, int pixel)
{
	return (double)hebb_table_value(d->run.table, row, pixel);
}

static int constant_columns(const hebb_coding *coding)
{
	int count = 0;

	for (int j = 0; j < coding->width; j++)
		count += coding->scale[j] == 0;
	return count;
}

/* The largest amount by which scaling over the training rows alone would change a mean, in units of
 * the column's sd. */
static int leak(const struct digits *d, double *most)
{
	const hebb_coding *all = d->run.trial->coding;
	hebb_error error;
	const hebb_parts *p = &d->run.trial->parts;
	hebb_coding_options how = hebb_coding_options_default();

	how.pixels_alike = 0;
	hebb_coding *train_only = hebb_coding_fit(d->run.table, &how, p->train, p->row, &error);

	if (!train_only)
		return fail_error("tutorial", &error);
	*most = 0;
	for (int j = 0; j < all->width; j++)
		*most = fmax(*most, fabs(((double)train_only->mean[j] - (double)all->mean[j]) *
					 (double)all->scale[j]));
	hebb_coding_free(train_only);
	return EXIT_DONE;
}

int section_5_1(lesson *l)
{
	struct digits *d = digits_of(l);
	long long first = 0;
	hebb_error error;
	double scaled[SIDE], leaked = 0;

	if (!d)
		return EXIT_FAILED;
	const hebb_coding *coding = d->run.trial->coding;
	const hebb_table *table = d->run.table;
	hebb_dataset *row = hebb_coding_apply(coding, table, 0, 1, &first, &error);
	if (!row)
		return fail_error("tutorial", &error);
	begin_part(l, FORMULA);
	line(l, "x_scaled = (x − mean of the column) / standard deviation of the column");
	begin_part(l, COMPUTATION);
	line(l, "%lld images of %d pixels, whole numbers from 0 to 16. The first row begins",
	     table->rows, PIXELS);
	blank(l);
	begin_table(l);
	line(l, "%10s %10s %10s %10s %12s", "pixel", "raw", "mean", "sd", "scaled");
	for (int j = 0; j < SIDE; j++) {
		double scale = (double)coding->scale[j];

		scaled[j] = (double)row->x[j];
		line(l, "%10d %10.0f %10.5f %10.5f %12.8f", j + 1, raw(d, 0, j),
		     (double)coding->mean[j], scale > 0 ? 1 / scale : 0, scaled[j]);
	}
	end_table(l);
	hebb_dataset_free(row);
	if (leak(d, &leaked) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	prose(l, "%d pixels never change. They become 0; there is no division by their sd of 0.",
	      constant_columns(coding));
	prose(l,
	      "The article scales before it splits, so the test rows influence the scaling. Here "
	      "this changes a mean by at most %.3f sd, but it is a leak. `hebb train` scales by "
	      "the training rows alone, except with --recipe tutorial.",
	      leaked);
	count(l, "rows", table->rows);
	count(l, "pixels", PIXELS);
	count(l, "constant_columns", constant_columns(coding));
	numbers(l, "first_row", SIDE, scaled);
	number(l, "leak_in_sd", leaked);
	take_away(l, "If inputs differ much in size, so do the slopes, and no single step size "
		     "suits all weights. After scaling, all inputs have a similar size.");
	return EXIT_DONE;
}

/* ---- 5.2, 5.3 -------------------------------------------------------------------------------- */

int section_5_2(lesson *l)
{
	struct digits *d = digits_of(l);

	if (!d)
		return EXIT_FAILED;
	const hebb_parts *p = &d->run.trial->parts;
	double share = d->run.study.test.fraction;
	begin_part(l, FORMULA);
	line(l, "test rows = %.0f %% of all, drawn at random; training rows = the rest",
	     100 * share);
	begin_part(l, COMPUTATION);
	line(l, "%g · %lld = %.1f, rounded up: %lld", share, d->run.table->rows,
	     share * (double)d->run.table->rows, p->test);
	line(l, "the first rows to train on: %lld, %lld, %lld, %lld, …", p->row[0], p->row[1],
	     p->row[2], p->row[3]);
	begin_part(l, RESULT);
	line(l, "%lld rows to train, %lld to test", p->train, p->test);
	prose(l,
	      "The article draws without a seed, so it gets other rows each time. Here the seed "
	      "decides the rows: --seed %llu gives these on every machine.",
	      (unsigned long long)d->run.trial->seed);
	count(l, "train_rows", p->train);
	count(l, "test_rows", p->test);
	take_away(l,
		  "Only rows that the network was not trained on show what it has learned. If you "
		  "use these rows to choose settings, they are no longer a test.");
	return EXIT_DONE;
}

int section_5_3(lesson *l)
{
	struct digits *d = digits_of(l);
	double one[CLASSES] = {0};

	if (!d)
		return EXIT_FAILED;
	const hebb_dataset *train = d->run.trial->train;
	begin_part(l, FORMULA);
	line(l, "yₖ = 1 if the digit is k, else 0;   k = 0 … 9");
	begin_part(l, COMPUTATION);
	for (int wanted = 0; wanted < CLASSES; wanted++) {
		long long r = 0;
		char text[64] = "";
		int length = 0;

		while (r < train->rows && train->y[r * CLASSES + wanted] != 1)
			r++;
		for (int k = 0; r < train->rows && k < CLASSES; k++) {
			double y = (double)train->y[r * CLASSES + k];

			length += snprintf(text + length, sizeof text - (size_t)length, "%.0f ", y);
			if (wanted == 1)
				one[k] = y;
		}
		line(l, "digit %d   y = %s", wanted, text);
	}
	begin_part(l, RESULT);
	line(l, "ten outputs, one for each digit; the answer is the largest");
	numbers(l, "one", CLASSES, one);
	count(l, "outputs", CLASSES);
	take_away(l, "A digit is a class, not a quantity: an image of a 3 is not halfway between "
		     "a 2 and a 4. So each class has its own output.");
	return EXIT_DONE;
}

/* ---- 5.4 ------------------------------------------------------------------------------------- */

/* "64-30-10", with `separator` for "-". */
static const char *sizes_of(const struct digits *d, const char *separator, char text[48])
{
	const hebb_net *net = d->run.trial->net;

	snprintf(text, 48, "%d%s%d%s%d", PIXELS, separator, hebb_net_layer(net, 0)->units,
		 separator, CLASSES);
	return text;
}

static plot *plot_costs(const lesson *l, const struct digits *d)
{
	static double value[ITERATIONS_MOST + 1];
	int epochs = d->run.study.epochs, wide = figure_room(l) >= FIGURE_MOST;
	char title[96], sizes[48];

	snprintf(title, sizeof title, "The cost of %s on the digits", sizes_of(d, "-", sizes));
	plot *p = lesson_plot(l, title, (axis){"Iteration number", 0, epochs, 0},
			      (axis){"Average J", 0, 5, 0});

	for (int i = 0; i <= epochs; i++)
		value[i] = i;
	if (p) {
		plot_curve(p, INK_1,
			   wide ? "J, the mean of ½‖y − h‖², which is minimized"
				: "J, the mean of ½‖y − h‖²",
			   epochs + 1, value, d->J);
		plot_curve(p, INK_2,
			   wide ? "the mean of ‖y − h‖, which the article plots"
				: "the mean of ‖y − h‖",
			   d->looks, d->look_at, d->norm);
	}
	return p;
}

static void show_training(lesson *l, const struct digits *d)
{
	char head[128];

	begin_table(l);
	line(l, "%10s  %12s  %16s", "iteration", "J", cell("mean ‖y − h‖", 0, head));
	for (int i = 0; i < d->looks; i += i < 4 ? 1 : 8) {
		int index = (int)d->look_at[i];

		line(l, "%10d  %12.5f  %16.5f", index, d->J[index], d->norm[i]);
	}
	end_table(l);
}

static void tell_training(lesson *l, const struct digits *d)
{
	const hebb_net *net = d->run.trial->net;
	int epochs = d->run.study.epochs, hidden = hebb_net_layer(net, 0)->units;

	line(l, "64·%d + %d·10 weights + %d + 10 biases = %lld parameters", hidden, hidden, hidden,
	     hebb_net_parameters(net));
	line(l, "mean ‖y − h‖ from %.3f to %.3f, J from %.3f to %.3f, in %.2f s", d->norm[0],
	     d->norm[d->looks - 1], d->J[0], d->J[epochs], d->seconds);
	if (d->run.study.rate > 2 && d->J[epochs] > 0.4)
		prose(l, "J does not fall further: with so large a step size the sums z are far "
			 "from 0 after the first steps, where f′ is almost 0.");
	count(l, "parameters", hebb_net_parameters(net));
	count(l, "biases", hidden + hebb_net_outputs(net));
	count(l, "iterations", epochs);
	number(l, "rate", d->run.study.rate);
	number(l, "norm_at_start", d->norm[0]);
	number(l, "norm_at_end", d->norm[d->looks - 1]);
	number(l, "J_at_start", d->J[0]);
	number(l, "J_at_end", d->J[epochs]);
	number(l, "seconds", d->seconds);
}

int section_5_4(lesson *l)
{
	struct digits *d = digits_of(l);
	char sizes[48];

	if (!d || train_digits(d) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, FORMULA);
	line(l, "nn_structure = [%s], f = sigmoid, all W and b drawn from [0, 1)",
	     sizes_of(d, ", ", sizes));
	line(l, "%d iterations of 4.9 over all %lld training rows, α = %.2f", d->run.study.epochs,
	     d->run.trial->train->rows, d->run.study.rate);
	begin_part(l, COMPUTATION);
	line(l, "Starting gradient descent for %d iterations", d->run.study.epochs);
	show_training(l, d);
	if (show_plot(l, "cost", plot_costs(l, d)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	tell_training(l, d);
	take_away(l, "The network learns, but slowly at first. All initial weights are positive, "
		     "so every sigmoid is at its flat end, where f′ is almost 0. It takes "
		     "hundreds of iterations until the outputs leave this end. Section 6 shows "
		     "what this costs.");
	return EXIT_DONE;
}

/* ---- 5.5 ------------------------------------------------------------------------------------- */

enum { MISTAKES = 8, ACROSS = 4 };

typedef struct mistake {
	long long row; /* of the table */
	int truth, said;
} mistake;

/* predict_y(): the first test rows that are classified wrongly. */
static int find_mistakes(const run *r, mistake *found)
{
	const hebb_dataset *test = r->trial->test;
	int count = 0;

	for (long long i = 0; i < test->rows && count < MISTAKES; i++) {
		float x[PIXELS], h[CLASSES];

		hebb_dataset_get(test, i, 1, x);
		hebb_predict(r->trial->net, x, h, NULL); /* small: cannot fail */
		mistake m = {test->row[i], hebb_largest(test->y + i * CLASSES, CLASSES),
			     hebb_largest(h, CLASSES)};
		if (m.truth != m.said)
			found[count++] = m;
	}
	return count;
}

static figure *draw_mistakes(const struct digits *d, int count, const mistake *m, int columns)
{
	int across = columns >= 74 ? ACROSS : 2;
	figure *f = figure_new("Digits with a wrong prediction", across == ACROSS ? 74 : 38,
			       10 * ((count + across - 1) / across));
	char text[64];

	for (int k = 0; f && k < count; k++) {
		double left = 1 + 19 * (k % across), top = 10 * (k / across);

		for (int i = 0; i < PIXELS; i++)
			figure_shade(f, left + 2 * (i % SIDE), top + i / SIDE, 2, 1,
				     raw(d, m[k].row, i) / 16);
		snprintf(text, sizeof text, "%d, predicted %d", m[k].truth, m[k].said);
		figure_text(f, INK_TEXT, ALIGN_MIDDLE, left + 7.5, top + SIDE, text);
	}
	return f;
}

/* The table of hits and confusions, made to fit the page. */
static void show_score(lesson *l, const hebb_score *score, const hebb_coding *coding)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!is_printing(l))
		return;
	out = l->page < PAGE_STANDARD ? open_memstream(&text, &size) : NULL;
	print_score(out ? out : stdout, score, coding);
	if (!out)
		return;
	fclose(out);
	begin_table(l);
	for (char *row = text, *end; row && *row; row = end ? end + 1 : NULL) {
		end = strchr(row, '\n');
		if (end)
			*end = '\0';
		line(l, "%s", row + (strncmp(row, "  ", 2) == 0 ? 2 : 0));
	}
	end_table(l);
	free(text);
}

int section_5_5(lesson *l)
{
	struct digits *d = digits_of(l);
	hebb_score train, test;
	mistake m[MISTAKES];

	if (!d || train_digits(d) != EXIT_DONE)
		return EXIT_FAILED;
	if (run_score(&d->run, d->run.trial->train, &train) != EXIT_DONE)
		return EXIT_FAILED;
	if (run_score(&d->run, d->run.trial->test, &test) != EXIT_DONE) {
		hebb_score_free(&train);
		return EXIT_FAILED;
	}
	begin_part(l, FORMULA);
	line(l, "predicted digit = argmaxₖ hₖ⁽³⁾(x)");
	line(l, "accuracy = test rows predicted right / test rows");
	begin_part(l, COMPUTATION);
	show_score(l, &test, d->run.trial->coding);
	int status = show_drawing(l, "mistakes",
				  draw_mistakes(d, find_mistakes(&d->run, m), m, figure_room(l)));
	begin_part(l, RESULT);
	line(l, "Prediction accuracy is %.2f%%  (%lld of %lld right)", 100 * test.accuracy,
	     test.right, test.rows);
	line(l, "on the training rows %.2f%%", 100 * train.accuracy);
	number(l, "accuracy", test.accuracy);
	number(l, "train_accuracy", train.accuracy);
	count(l, "right", test.right);
	count(l, "rows", test.rows);
	hebb_score_free(&train);
	hebb_score_free(&test);
	take_away(l, "The article quotes 86 %% for one run. With another split and other initial "
		     "weights, the same program can be several points better or worse. Always say "
		     "how many runs a mean has, as `hebb tutorial 6 --repeat 20` does.");
	return status;
}
