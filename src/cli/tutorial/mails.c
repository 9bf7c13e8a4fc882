/* SPDX-License-Identifier: MIT */
/*
 * mails.c - chapter 1 of the tutorial: a neuron that learns which mails are spam
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "tutorial/sections.h"
#include "tutorial/small.h"

enum { WORDS = 4, MAILS = 160, TEST_MAILS = 40, TRAIN_MAILS = MAILS - TEST_MAILS };

static const char *const word[WORDS] = {"free", "money", "meeting", "thanks"};

/* How often a word occurs in a mail, on average: in an honest mail and in spam. */
static const double rate_of[2][WORDS] = {{0.3, 0.3, 1.3, 1.1}, {1.6, 1.3, 0.3, 0.4}};

typedef struct mails {
	float count[MAILS * WORDS], spam[MAILS];
} mails;

/* The count that a share u of all mails does not exceed, if counts are Poisson with this rate. */
static int poisson(double u, double rate)
{
	double term = exp(-rate), sum = term;
	int count = 0;

	for (; u > sum && count < 9; sum += term)
		term *= rate / ++count;
	return count;
}

/* Every second mail is spam.  The counts of a word in a class are the quantiles of its
 * distribution, in a random order: a fair sample of 80 mails, and the same on every machine. */
static void write_mails(mails *m)
{
	enum { HALF = MAILS / 2 };
	long long order[HALF];

	for (int k = 0; k < 2 * WORDS; k++) {
		int spam = k % 2, w = k / 2;

		for (int i = 0; i < HALF; i++)
			order[i] = i;
		hebb_shuffle(HALF, order, 1, (uint64_t)k);
		for (int i = 0; i < HALF; i++) {
			double u = ((double)order[i] + 0.5) / HALF;

			m->count[(2 * i + spam) * WORDS + w] = (float)poisson(u, rate_of[spam][w]);
			m->spam[2 * i + spam] = (float)spam;
		}
	}
}

/* h for every mail, and the share of `rows` mails from `first` on that are classified correctly. */
static double judge(const hebb_net *net, const mails *m, int first, int rows, float *h)
{
	int right = 0;

	for (int i = first; i < first + rows; i++) {
		hebb_predict(net, m->count + i * WORDS, h + i, NULL); /* small: cannot fail */
		right += (h[i] > 0.5f) == (m->spam[i] > 0.5f);
	}
	return (double)right / rows;
}

static int learn_mails(hebb_net *net, const mails *m, double rate, int steps, double *J)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer;
	hebb_error error;
	hebb_status status = HEBB_OK;

	recipe.rule = HEBB_SGD;
	recipe.rate = rate;
	recipe.threads = 1;
	trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		return fail_error("tutorial", &error);
	for (int i = 0; i < steps && status == HEBB_OK; i++) {
		status = hebb_trainer_gradient(trainer, TRAIN_MAILS, m->count, m->spam, NULL, J,
					       &error);
		if (status == HEBB_OK)
			status = hebb_trainer_update(trainer, &error);
	}
	hebb_trainer_free(trainer);
	return status == HEBB_OK ? EXIT_DONE : fail_error("tutorial", &error);
}

static void show_mails(lesson *l, const mails *m, const float *before, const float *after)
{
	begin_table(l);
	line(l, "%9s %9s %9s %9s   %s   %s", word[0], word[1], word[2], word[3], "spam (y)",
	     "h before   h after");
	for (int i = 0; i < 6; i++) {
		const float *c = m->count + i * WORDS;

		line(l, "%9.0f %9.0f %9.0f %9.0f   %8.0f   %8.3f  %8.3f", (double)c[0],
		     (double)c[1], (double)c[2], (double)c[3], (double)m->spam[i],
		     (double)before[i], (double)after[i]);
	}
	end_table(l);
}

static int tell_mails(lesson *l, hebb_net *net, const mails *m)
{
	float before[MAILS], after[MAILS], w[WORDS], b;
	double start = judge(net, m, 0, TRAIN_MAILS, before), J = 0, learned[WORDS];
	double rate = knob_or(l, OPT_OWN_RATE, 1);
	int steps = (int)knob_or(l, OPT_OWN_ITERATIONS, 300);

	if (learn_mails(net, m, rate, steps, &J) != EXIT_DONE)
		return EXIT_FAILED;
	double train = judge(net, m, 0, TRAIN_MAILS, after),
	       test = judge(net, m, TRAIN_MAILS, TEST_MAILS, after);
	show_mails(l, m, before, after);
	hebb_net_get(net, 0, w, &b, NULL);
	blank(l);
	prose(l,
	      "The network learns from %d such mails in %d steps; %d other mails are kept for "
	      "a test.",
	      TRAIN_MAILS, steps, TEST_MAILS);

	begin_part(l, RESULT);
	for (int i = 0; i < WORDS; i++) {
		learned[i] = (double)w[i];
		line(l, "strength of '%s'%*s %+.2f   %s", word[i], 8 - (int)strlen(word[i]), "",
		     learned[i], learned[i] > 0 ? "evidence for spam" : "evidence against spam");
	}
	blank(l);
	line(l, "right before learning   %5.1f %%", 100 * start);
	line(l, "right after learning    %5.1f %%", 100 * train);
	line(l, "right on %d new mails   %5.1f %%", TEST_MAILS, 100 * test);
	if (rate > 100 && train < 0.9)
		prose(l,
		      "With so large a step size every step goes past the minimum: the strengths "
		      "jump to and fro instead of settling.");
	numbers(l, "strengths", WORDS, learned);
	count(l, "mails", TRAIN_MAILS);
	number(l, "accuracy_before", start);
	number(l, "accuracy_after", train);
	number(l, "accuracy_new", test);
	number(l, "cost", J);
	return EXIT_DONE;
}

int section_1(lesson *l)
{
	hebb_layer layer = hebb_dense(1, HEBB_SIGMOID);
	hebb_error error;
	hebb_net *net = hebb_net_new(WORDS, 1, &layer, 1, NULL, &error);
	mails m;
	int status;

	if (!net)
		return fail_error("tutorial", &error);
	begin_part(l, FORMULA);
	line(l, "inputs x → connections of different strength → output h");
	line(l, "learning: strengthen connections that bring h nearer to the wanted output y");
	begin_part(l, COMPUTATION);
	prose(l,
	      "Supervised learning needs pairs of an input and its wanted output. Here the inputs "
	      "are the counts of four words in a mail, and the wanted output is 1 for spam and 0 "
	      "for other mails. The mails are invented by the program.");
	blank(l);
	write_mails(&m);
	status = tell_mails(l, net, &m);
	hebb_net_free(net);
	if (status == EXIT_DONE)
		take_away(l,
			  "A network is a set of numbers, one for each connection. Learning from "
			  "pairs changes these numbers until the outputs are near the wanted "
			  "outputs. What was learned then also works for new inputs. Unsupervised "
			  "learning looks for structure without wanted outputs; it is not part of "
			  "the tutorial.");
	return status;
}
