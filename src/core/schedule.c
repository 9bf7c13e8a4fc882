/* SPDX-License-Identifier: MIT */
/*
 * schedule.c - the learning rate over the updates of a run
 *
 * The formulas are at hebb_schedule in hebb.h. All schedules except PLATEAU depend only on (recipe,
 * update, updates of the run). The rate affects every weight, so schedules use only +, -, *, / and
 * sqrt(), which IEEE 754 rounds alike on every machine, and no function of libm.
 */
#include <math.h>
#include "core.h"

/* HEBB_ONE_CYCLE: Smith & Topin 2018, with the constants of PyTorch's OneCycleLR. */
static const double RISE = 0.3, FIRST = 1 / 25.0, LAST = 1 / 25.0 / 1e4;

/* (1 + cos(pi x)) / 2 = sin^2 y,  y = pi (1 - x) / 2,  for x in [0, 1]; error below 1e-15, and
 * exactly 0 at 1.  The sine is its series up to y^23 / 23!, which is below 2e-18. */
static double half_cosine(double x)
{
	const double pi = 3.14159265358979324;
	double y = pi * (1 - x) / 2, term = y, sine = y;

	for (int k = 2; k <= 22; k += 2) {
		term *= -y * y / (k * (k + 1));
		sine += term;
	}
	return sine * sine;
}

/* a^x for a in (0, 1) and x >= 0, relative error below 1e-14 (x + 1): the integer part of x by
 * squaring, and a square root for each binary digit of the fraction. Underflow gives 0. */
static double power(double a, double x)
{
	double whole = floor(x), rest = x - whole, root = a, result = 1;

	for (int digit = 0; digit < 50 && rest > 0; digit++) {
		root = sqrt(root);
		rest *= 2;
		if (rest >= 1) {
			result *= root;
			rest -= 1;
		}
	}
	for (; whole > 0; whole = floor(whole / 2), a *= a)
		if (fmod(whole, 2) != 0)
			result *= a;
	return result;
}

/* From the highest to the lowest value as x goes from 0 to 1. */
static double between(double high, double low, double x)
{
	return low + (high - low) * half_cosine(x);
}

/* ---- The schedules: the factor of update t of T ---- */

/* The position in stages: the integer part is the stage, the fraction is the part of it that has
 * passed. */
static double stage(const hebb_recipe *recipe, double t, double T)
{
	return recipe->stages * t / T;
}

static double constant(const hebb_recipe *recipe, double t, double T)
{
	(void)recipe;
	(void)t;
	(void)T;
	return 1;
}

static double step(const hebb_recipe *recipe, double t, double T)
{
	return power(recipe->decay, floor(stage(recipe, t, T)));
}

static double exponential(const hebb_recipe *recipe, double t, double T)
{
	return power(recipe->decay, stage(recipe, t, T));
}

static double cosine(const hebb_recipe *recipe, double t, double T)
{
	(void)recipe;
	return half_cosine(t / T);
}

static double one_cycle(const hebb_recipe *recipe, double t, double T)
{
	double top = fmax(RISE * T - 1, 0);

	(void)recipe;
	if (t < top)
		return between(1, FIRST, 1 - t / top);
	return T > 1 ? between(1, LAST, (t - top) / (T - 1 - top)) : 1;
}

static double warm_restarts(const hebb_recipe *recipe, double t, double T)
{
	double position = stage(recipe, t, T);

	return half_cosine(position - floor(position));
}

/* clang-format off */
static const struct schedule_row {
	struct hb_row entry;
	double (*factor)(const hebb_recipe *recipe, double t, double T);
} schedules[] = {
	[HEBB_CONSTANT] = {{"constant", "rate"}, constant},
	[HEBB_STEP] = {{"step", "rate decay^floor(stages t / T)"}, step},
	[HEBB_EXPONENTIAL] = {{"exponential", "rate decay^(stages t / T)"}, exponential},
	[HEBB_COSINE] = {{"cosine", "rate (1 + cos(pi t / T)) / 2"}, cosine},
	[HEBB_ONE_CYCLE] = {{"one-cycle", "half a cosine from rate / 25 to rate at t = 0.3 T - 1, "
		"another to rate / 250000 at T - 1"}, one_cycle},
	[HEBB_PLATEAU] = {{"plateau", "rate, times decay after each `plateau` epochs without a "
		"lower loss"}, constant}, /* the trainer keeps its factor */
	[HEBB_WARM_RESTARTS] = {{"warm-restarts",
		"the cosine, started again in each of `stages` equal parts"},
		warm_restarts},
};
/* clang-format on */

HB_NAMES(schedule, schedules)

double hb_schedule_rate(const hebb_recipe *recipe, double t, double T)
{
	const struct schedule_row *schedule = hb_row(HB_TABLE(schedules), (int)recipe->schedule);
	double warmup = floor(recipe->warmup * T);

	if (t < warmup)
		return recipe->rate * ((t + 1) / warmup);
	return recipe->rate * schedule->factor(recipe, t - warmup, T - warmup);
}

double hebb_recipe_rate(const hebb_recipe *recipe, double t, double updates)
{
	return recipe && t >= 0 && t < updates ? hb_schedule_rate(recipe, t, updates) : 0;
}

void hb_schedule_judge(const hebb_recipe *recipe, struct hb_plateau *plateau, double loss)
{
	plateau->waited++;
	if (loss < plateau->least) {
		plateau->least = loss;
		plateau->waited = 0;
	}
	if (recipe->schedule == HEBB_PLATEAU && plateau->waited >= recipe->plateau) {
		plateau->factor *= recipe->decay;
		plateau->waited = 0;
	}
}
