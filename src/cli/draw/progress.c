/* SPDX-License-Identifier: MIT */
/*
 * progress.c - what a person sees while training runs
 *
 * On a terminal, one live line is rewritten at most ten times a second.  It shows what fits the
 * width (50 columns or more), the most important parts first.  At the end it is removed, and a
 * small curve of the losses stays.  With --plot, a plot of the losses stands above the live line,
 * and stays in place of the small curve.  In a log file, plain lines appear at the first epoch, at
 * every tenth of the run, and at the last epoch, and the plot is printed at the end.  Everything
 * goes to standard error; --quiet shows nothing but the plot at the end.
 */
#include "progress.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file/signals.h"
#include "hebb_io.h"
#include "picture/activity.h"
#include "picture/canvas.h"
#include "sparkline.h"
#include "terminal.h"

enum { PLAIN_LINES = 10, PAGE = 79, CURVE_LEAST = 3 };
enum {
	PLOT_MOST = 100, /* columns */
	AXIS_LEAST = 8,  /* epochs */
	ECHO = 2         /* columns behind the line, for the ^C of a terminal */
};
static const double UPDATE_SECONDS = 0.1;

/* When the first of several runs began. */
static double first_began;

void progress_begin(progress *self, hebb_study *study, long long rows, int run, int runs)
{
	*self = (progress){.study = study,
			   .rows = rows,
			   .run = run,
			   .runs = runs,
			   .best_validation = INFINITY,
			   .shown = -1};
	if (run == 1 || first_began <= 0)
		first_began = seconds_now();
	self->before = seconds_now() - first_began;
	self->live = !is_quiet() && is_live(stderr);
	self->lines = !is_quiet() && !self->live && runs == 1;
	if (runs > 1)
		snprintf(self->label, sizeof self->label, "run %d/%d", run, runs);
}

char *time_text(double seconds, char *text, size_t size)
{
	long long s = (long long)ceil(fmin(seconds, 1e15));

	if (s >= 3600)
		snprintf(text, size, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(text, size, "%lld:%02lld", s / 60, s % 60);
	return text;
}

/* Four decimals, or two digits if four decimals cannot show the number. */
static char *loss_text(double loss, char *text, size_t size)
{
	if ((fabs(loss) >= 0.001 && fabs(loss) < 1000) || loss == 0)
		snprintf(text, size, "%.4f", loss);
	else
		snprintf(text, size, "%s", hebb_show_number(loss, 2).text);
	return text;
}

/* The parts of the line, in their order; an empty one is left out. */
enum { LABEL, EPOCH, LOSS, VALIDATION, RATE, TIME, SPEED, PIECES };

typedef struct pieces {
	char text[PIECES][64];
	char brief[64], briefest[64]; /* shorter texts of VALIDATION */
} pieces;

/* "validation 0.1234, 96.5 %", "val 0.1234, 96.5 %" and "val 96.5 %"; numbers have no share. */
static void fill_validation(const progress *self, const hebb_progress *now, pieces *parts)
{
	enum { SIZE = sizeof parts->brief };
	char number[40], share[40] = "";
	const char *loss = loss_text(now->validation_loss, number, sizeof number);

	if (!isfinite(now->validation_loss))
		return;
	if (self->classes && isfinite(now->validation_accuracy))
		snprintf(share, sizeof share, ", %.1f %%", 100 * now->validation_accuracy);
	snprintf(parts->text[VALIDATION], SIZE, "validation %s%s", loss, share);
	snprintf(parts->brief, SIZE, "val %s%s", loss, share);
	snprintf(parts->briefest, SIZE, "val %s", share[0] ? share + 2 : loss);
}

/* The seconds that this run takes, and those after it if each takes as long as the runs so far; 0:
 * nothing is known. */
static double seconds_left(const progress *self, const hebb_progress *now)
{
	double networks = self->members > 1 ? self->members : 1;
	double rows = networks * (double)self->rows * now->epochs, seen = (double)now->rows;

	if (!(seen > 0) || !(now->seconds > 0) || seen >= rows)
		return 0;
	double left = now->seconds / seen * (rows - seen);
	if (self->runs == 1)
		return left;
	double runs = self->run > 1 && self->before > 0 ? self->before / (self->run - 1)
							: now->seconds / seen * rows;
	return left + runs * (self->runs - self->run);
}

static void fill_pieces(const progress *self, const hebb_progress *now, pieces *parts)
{
	enum { SIZE = sizeof parts->text[0] };
	double speed = now->seconds > 0 ? (double)now->rows / now->seconds : 0;
	double left = seconds_left(self, now);
	int running = now->epoch_ended ? now->epoch : now->epoch + 1,
	    width = snprintf(NULL, 0, "%d", now->epochs);
	char number[40];

	*parts = (pieces){.text = {""}};
	snprintf(parts->text[LABEL], SIZE, "%s", self->label);
	snprintf(parts->text[EPOCH], SIZE, "epoch %*d/%d", width, running, now->epochs);
	snprintf(parts->text[LOSS], SIZE, "loss %s", loss_text(now->loss, number, sizeof number));
	fill_validation(self, now, parts);
	if (self->rates)
		snprintf(parts->text[RATE], SIZE, "rate %s", hebb_show_number(now->rate, 2).text);
	if (self->live && left > 0)
		snprintf(parts->text[TIME], SIZE, "%s left",
			 time_text(left, number, sizeof number));
	else
		snprintf(parts->text[TIME], SIZE, "%.1f s", now->seconds);
	snprintf(parts->text[SPEED], SIZE, "%s samples/s", count_text((long long)speed, number));
}

/* Joins them by two blanks; returns the length. */
static int join(const pieces *parts, char *text, size_t size)
{
	int length = 0;

	for (int i = 0; i < PIECES && length < (int)size; i++)
		if (parts->text[i][0])
			length += snprintf(text + length, size - (size_t)length, "%s%s",
					   length ? "  " : "", parts->text[i]);
	return length;
}

/* The line for a width: the least important parts are shortened or left out until it fits. */
static int line_text(const progress *self, const hebb_progress *now, int width, char *text,
		     size_t size)
{
	pieces all;
	const struct {
		int piece;
		const char *text;
	} shorter[] = {{SPEED, ""}, {RATE, ""}, {VALIDATION, all.brief}, {VALIDATION, all.briefest},
		       {LABEL, ""}, {TIME, ""}, {VALIDATION, ""}};
	int length;

	fill_pieces(self, now, &all);
	length = join(&all, text, size);
	for (size_t i = 0; i < sizeof shorter / sizeof *shorter && length > width; i++) {
		snprintf(all.text[shorter[i].piece], sizeof all.text[0], "%s", shorter[i].text);
		length = join(&all, text, size);
	}
	return length < width ? length : width;
}

/* The epochs that the axis of the live plot reaches to: all of them, or some that double as the
 * curve grows, where it would be short. */
static int plotted_epochs(const progress *self, int epochs)
{
	int reach = AXIS_LEAST;

	while (reach < self->curve.count * 5 / 4 && reach < epochs / 2)
		reach *= 2;
	return reach * 4 < epochs ? reach : epochs;
}

static void show_live(progress *self, const hebb_progress *now)
{
	char line[512];
	int columns = terminal_width(stderr) - 1, height = terminal_height(stderr) - 2,
	    length = line_text(self, now, columns - ECHO, line, sizeof line);
	curves_page page = {.past = self->curves,
			    .now = &self->curve,
			    .epochs = plotted_epochs(self, now->epochs),
			    .columns = columns < PLOT_MOST ? columns : PLOT_MOST,
			    .rows = height < CURVES_ROWS_USUAL ? height : CURVES_ROWS_USUAL,
			    .stream = stderr};

	line[length] = '\0';
	curves_show(self->curves ? &page : NULL, line, &self->screen, stderr);
	self->shown = now->seconds;
}

static void show_line(const progress *self, const hebb_progress *now)
{
	int step = now->epochs / PLAIN_LINES > 1 ? now->epochs / PLAIN_LINES : 1;
	char text[512];

	if (now->epoch != 1 && now->epoch % step != 0 && now->epoch != now->epochs)
		return;
	line_text(self, now, INT_MAX, text, sizeof text);
	fprintf(stderr, "%s\n", text);
}

static void set_meter(const progress *self, hebb_meter *meter)
{
	if (self->study)
		self->study->meter = meter;
}

void progress_judge(progress *self, int epoch, double validation)
{
	if (validation < self->best_validation) {
		self->best_validation = validation;
		self->best_epoch = epoch;
	}
}

/* Of several networks, each of which begins at epoch 0. */
static void begin_member(progress *self, int number)
{
	self->member = number;
	snprintf(self->label, sizeof self->label, "network %d/%d", number, self->members);
	if (self->lines && number > 1)
		fprintf(stderr, "%s\n", self->label);
}

int progress_show(void *self, const hebb_progress *now)
{
	progress *p = self;

	if (p->members > 1 && (p->member == 0 || now->epoch < p->epoch))
		begin_member(p, p->member + 1);
	p->epoch = now->epoch;
	p->seconds = now->seconds;
	p->seen = now->rows;
	if (now->epoch_ended) {
		p->epochs = now->epoch;
		hebb_curve_add(&p->curve, now->loss, now->validation_loss);
		progress_judge(p, now->epoch, now->validation_loss);
	}
	if (p->live && now->run_ends) {
		screen_clear(&p->screen, stderr);
		activity_begin("scoring");
		set_meter(p, activity_meter());
	} else if (p->live && (p->shown < 0 || now->seconds - p->shown >= UPDATE_SECONDS)) {
		set_meter(p, NULL);
		activity_end(); /* another network of a mean is trained */
		show_live(p, now);
	}
	if (p->lines && now->epoch_ended)
		show_line(p, now);
	return stop_asked() && !now->run_ends;
}

/* One curve: its name, the curve, its first and last value. */
static void draw_curve(const char *name, const spark_scale *scale, int count, const double *loss,
		       int page)
{
	char ends[80];
	int room;

	snprintf(ends, sizeof ends, "%s to %s", hebb_show_number(loss[0], 4).text,
		 hebb_show_number(loss[count - 1], 4).text);
	room = page - 12 - 2 - (int)strlen(ends);
	fprintf(stderr, "%s%-10s%s  ", dim(stderr), name, plain(stderr));
	spark_print(stderr, scale, count, loss, room > 1 ? room : 1);
	fprintf(stderr, "  %s\n", ends);
}

/* Draws the curves of a complete run. */
static void draw_curves(const progress *self)
{
	const hebb_curve *c = &self->curve;
	int columns = terminal_width(stderr) - 1, page = columns < PAGE ? columns : PAGE;
	int has_validation = c->count > 0 && isfinite(c->validation[0]);
	spark_scale scale = spark_scale_none();

	if (c->count < CURVE_LEAST)
		return;
	spark_extend(&scale, c->count, c->loss);
	if (has_validation)
		spark_extend(&scale, c->count, c->validation);
	spark_settle(&scale);
	draw_curve("loss", &scale, c->count, c->loss, page);
	if (has_validation)
		draw_curve("validation", &scale, c->count, c->validation, page);
}

void progress_end(progress *self)
{
	set_meter(self, NULL);
	activity_end();
	screen_clear(&self->screen, stderr);
	if (self->is_over)
		return;
	self->is_over = 1;
	if (self->curves && (self->draws || stop_asked()) && canvas_is_wanted(stderr))
		curves_print(self->curves, &self->curve, stderr);
	else if (self->live && self->draws && !self->stopped)
		draw_curves(self);
}
