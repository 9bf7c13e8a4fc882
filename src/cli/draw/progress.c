/* SPDX-License-Identifier: MIT */
/*
 * progress.c - what a person sees while training runs
 *
 * On a terminal one line is written over at most ten times a second, cut to the terminal's width,
 * and removed at the end. Elsewhere (a log file) plain lines appear at the first epoch, at every
 * tenth part of the run, and at the last.  Everything goes to standard error; --quiet shows
 * nothing.
 */
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file/signals.h"
#include "terminal.h"

enum { PLAIN_LINES = 10 };
static const double UPDATE_SECONDS = 0.1;

void progress_begin(progress *self, long long rows, int run, int runs)
{
	*self = (progress){.rows = rows, .best_validation = INFINITY, .shown = -1};
	self->live = !is_quiet() && is_live(stderr);
	self->lines = !is_quiet() && !self->live && runs == 1;
	if (runs > 1)
		snprintf(self->label, sizeof self->label, "run %d/%d  ", run, runs);
}

/* "1:02:03" or "4:05". */
static char *time_text(double seconds, char *text, size_t size)
{
	long long s = (long long)ceil(fmin(seconds, 1e15));

	if (s >= 3600)
		snprintf(text, size, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(text, size, "%lld:%02lld", s / 60, s % 60);
	return text;
}

/* Four decimals, or two digits of what they cannot show. */
static char *loss_text(double loss, char *text, size_t size)
{
	snprintf(text, size, fabs(loss) >= 0.001 || loss == 0 ? "%.4f" : "%.1e", loss);
	return text;
}

static void line_text(const progress *self, const hebb_progress *now, char *text, size_t size)
{
	double speed = now->seconds > 0 ? (double)now->rows / now->seconds : 0;
	double left = (double)self->rows * now->epochs - (double)now->rows;
	int running = now->epoch_ended ? now->epoch : now->epoch + 1,
	    width = snprintf(NULL, 0, "%d", now->epochs);
	char validation[48] = "", rate[32] = "", loss[32], time[40], count[32];

	if (isfinite(now->validation_loss))
		snprintf(validation, sizeof validation, "  validation %s",
			 loss_text(now->validation_loss, loss, sizeof loss));
	if (self->rates)
		snprintf(rate, sizeof rate, "  rate %.2g", now->rate);
	if (self->live && speed > 0 && left > 0)
		snprintf(time, sizeof time, "%s left",
			 time_text(left / speed, count, sizeof count));
	else
		snprintf(time, sizeof time, "%.1f s", now->seconds);
	snprintf(text, size, "%sepoch %*d/%d  loss %s%s%s  %s  %s samples/s", self->label, width,
		 running, now->epochs, loss_text(now->loss, loss, sizeof loss), validation, rate,
		 time, count_text((long long)speed, count));
}

static void show_live(progress *self, const hebb_progress *now)
{
	char text[256];
	int width = terminal_width(stderr) - 1;

	line_text(self, now, text, sizeof text);
	fprintf(stderr, "\r%.*s\033[K", width, text);
	fflush(stderr);
	self->on_screen = 1;
	self->shown = now->seconds;
}

static void show_line(const progress *self, const hebb_progress *now)
{
	int step = now->epochs / PLAIN_LINES > 1 ? now->epochs / PLAIN_LINES : 1;
	char text[256];

	if (now->epoch != 1 && now->epoch % step != 0 && now->epoch != now->epochs)
		return;
	line_text(self, now, text, sizeof text);
	fprintf(stderr, "%s\n", text);
}

void progress_judge(progress *self, int epoch, double validation)
{
	if (validation < self->best_validation) {
		self->best_validation = validation;
		self->best_epoch = epoch;
	}
}

int progress_show(void *self, const hebb_progress *now)
{
	progress *p = self;

	p->seconds = now->seconds;
	p->seen = now->rows;
	if (now->epoch_ended) {
		p->epochs = now->epoch;
		hebb_curve_add(&p->curve, now->loss, now->validation_loss);
		progress_judge(p, now->epoch, now->validation_loss);
	}
	if (p->live && (p->shown < 0 || now->seconds - p->shown >= UPDATE_SECONDS))
		show_live(p, now);
	if (p->lines && now->epoch_ended)
		show_line(p, now);
	return stop_asked() && !now->run_ends;
}

void progress_end(progress *self)
{
	if (self->on_screen) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	self->on_screen = 0;
}
