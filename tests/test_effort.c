/* SPDX-License-Identifier: MIT */
/*
 * test_effort.c - settings that are chosen by trying, and networks that are the mean of several
 */
#include "test.h"
#include "hebb_advanced.h"
#include "hebb_study.h"
#include "study/ensemble.h"

enum { ROWS = 240, INPUTS = 3 };

typedef struct data {
	float x[ROWS][INPUTS], y[ROWS];
	const char *label[ROWS];
} data;

/* A number, or a class, that hangs on the inputs and some noise. */
static void fill(data *d)
{
	float noise[ROWS];

	hebb_uniform(ROWS * INPUTS, d->x[0], 5, 0);
	hebb_uniform(ROWS, noise, 6, 0);
	for (int i = 0; i < ROWS; i++) {
		const float *x = d->x[i];

		d->y[i] = 2 * x[0] - x[1] * x[2] + 0.1f * noise[i];
		d->label[i] = d->y[i] + noise[i] < 1 ? "low" : x[0] > x[1] ? "high" : "other";
	}
}

static hebb_table *table_of(const data *d, int classes)
{
	static const char *const names[] = {"a", "b", "c", "y"};
	const hebb_block columns[] = {hebb_floats(INPUTS, d->x[0], names),
				      classes ? hebb_texts(1, d->label, names + INPUTS)
					      : hebb_floats(1, d->y, names + INPUTS)};
	hebb_error error;

	hebb_table *table = hebb_table_from_arrays("data", ROWS, 2, columns, &error);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static hebb_study study_of(const hebb_table *table, hebb_effort effort)
{
	hebb_study study = hebb_study_of(table);

	study.effort = effort;
	study.hidden = 1;
	study.units[0] = 8;
	study.epochs = 4;
	study.threads = 1;
	return study;
}

static void complete(hebb_study *study)
{
	hebb_error error;

	test_ok(hebb_study_default(study, &error), &error);
}

static void choose(hebb_study *study, hebb_choice *choice)
{
	hebb_error error;

	test_ok(hebb_study_choose(study, study->seed, -1, NULL, NULL, choice, &error), &error);
}

static void assert_same_settings(const hebb_study *a, const hebb_study *b)
{
	char *x = hebb_study_settings(a), *y = hebb_study_settings(b);

	assert_string_equal(x, y);
	free(x);
	free(y);
}

/* The best of those that were judged most often is taken, the defaults are the first, and the study
 * differs from them by no more than open settings. */
static void the_best_is_taken(void **state)
{
	data d;

	(void)state;
	fill(&d);
	for (int classes = 0; classes < 2; classes++)
		for (int effort = HEBB_EFFORT_GOOD; hebb_effort_name((hebb_effort)effort);
		     effort++) {
			hebb_table *table = table_of(&d, classes);
			hebb_study study = study_of(table, (hebb_effort)effort);
			hebb_choice choice;

			complete(&study);
			choose(&study, &choice);
			assert_true(choice.count > 1);
			assert_int_equal(choice.done, choice.trainings);
			assert_string_equal(choice.tried[0].recipe, "the defaults");
			const hebb_tried *best = &choice.tried[choice.best];
			for (int i = 0; i < choice.count; i++) {
				assert_true(choice.tried[i].trainings <= best->trainings);
				if (choice.tried[i].trainings == best->trainings)
					assert_true(choice.tried[i].score >= best->score);
			}
			assert_int_equal(study.epochs, 4);
			assert_int_equal(study.units[0], 8);
			assert_int_equal(study.temperature, classes);
			assert_int_equal(study.members, choice.members > 1 ? choice.members : 0);
			if (effort == HEBB_EFFORT_BEST)
				assert_int_equal(study.members, 5);
			assert_non_null(choice.calibration);
			/* 192 rows to train on, of which a fifth judges each training */
			assert_in_range(choice.rows, 38 * best->trainings, 40 * best->trainings);
			hebb_choice_free(&choice);
			hebb_table_free(table);
		}
}

/* Neither the number of threads nor what the test rows hold changes the choice. */
static void the_choice_is_of_training_rows(void **state)
{
	data d;
	hebb_error error;

	(void)state;
	fill(&d);
	hebb_table *table = table_of(&d, 0);
	hebb_study first = study_of(table, HEBB_EFFORT_GOOD);
	hebb_choice choice, other;
	complete(&first);
	hebb_trial *trial = hebb_trial_new(&first, first.seed, -1, &error);
	assert_non_null(trial);
	for (long long i = 0; i < trial->parts.test; i++)
		d.y[trial->parts.row[trial->parts.train + i]] *= -3;
	hebb_trial_free(trial);
	choose(&first, &choice);
	hebb_table *changed = table_of(&d, 0);
	for (int threads = 1; threads <= 4; threads++) {
		hebb_study study = study_of(changed, HEBB_EFFORT_GOOD);

		study.threads = threads;
		complete(&study);
		choose(&study, &other);
		assert_same_settings(&first, &study);
		assert_int_equal(other.count, choice.count);
		for (int i = 0; i < choice.count; i++)
			assert_memory_equal(&other.tried[i].score, &choice.tried[i].score,
					    sizeof choice.tried[i].score);
		hebb_choice_free(&other);
	}
	hebb_choice_free(&choice);
	hebb_table_free(changed);
	hebb_table_free(table);
}

/* What is given stays, and with all of it nothing is left to choose. */
static void what_is_given_stays(void **state)
{
	data d;

	(void)state;
	fill(&d);
	hebb_table *table = table_of(&d, 1);
	hebb_study study = study_of(table, HEBB_EFFORT_BEST), before;
	hebb_choice choice;
	study.scaling = HEBB_SCALING_ROBUST;
	study.weight_decay = 0.25;
	study.dropout = 0.1;
	study.rate = 0.01;
	study.label_smoothing = 0.02;
	study.members = 2;
	complete(&study);
	before = study;
	choose(&study, &choice);
	before.temperature = study.temperature;
	before.activation = study.activation;
	assert_same_settings(&before, &study);
	assert_int_equal(choice.count, 2); /* the defaults, and relu */
	hebb_choice_free(&choice);
	study = study_of(table, HEBB_EFFORT_GOOD);
	study.weight_decay = 0.25;
	study.activation = HEBB_TANH;
	complete(&study);
	choose(&study, &choice);
	assert_true(study.weight_decay == 0.25 && study.activation == HEBB_TANH);
	for (int i = 0; i < choice.count; i++)
		assert_null(strstr(choice.tried[i].recipe, "relu"));
	hebb_choice_free(&choice);
	study = study_of(table, HEBB_EFFORT_QUICK);
	complete(&study);
	choose(&study, &choice);
	assert_int_equal(choice.count, 0);
	hebb_choice_free(&choice);
	hebb_table_free(table);
}

/* Two spirals of 97 points each (Lang & Witbrock 1988): x, y and which. */
static hebb_table *spirals(void)
{
	enum { POINTS = 97 };
	static const char *const names[] = {"x", "y", "which"};
	float at[2 * POINTS][2];
	const char *which[2 * POINTS];
	hebb_error error;

	for (int i = 0; i < POINTS; i++) {
		double angle = i * 3.14159265358979 / 16, radius = 6.5 * (104 - i) / 104;

		for (int k = 0; k < 2; k++) {
			at[2 * i + k][0] = (float)((k ? -1 : 1) * radius * sin(angle));
			at[2 * i + k][1] = (float)((k ? -1 : 1) * radius * cos(angle));
			which[2 * i + k] = k ? "one" : "other";
		}
	}
	const hebb_block columns[] = {hebb_floats(2, at[0], names),
				      hebb_texts(1, which, names + 2)};
	hebb_table *table = hebb_table_from_arrays("spirals", 2 * POINTS, 2, columns, &error);
	assert_non_null(table);
	return table;
}

/* Few rows of which the defaults learn nothing are learned by heart, if that helps with others:
 * two spirals are; rows without any sense, and rows that are learned, are not. */
static void few_rows_are_learned(void **state)
{
	data d;
	hebb_error error;
	hebb_choice choice;
	hebb_result result;

	(void)state;
	hebb_table *table = spirals();
	for (uint64_t seed = 1; seed <= 3; seed++) {
		hebb_study study = hebb_study_of(table);

		study.seed = seed;
		study.test.kind = HEBB_PART_NONE;
		test_ok(hebb_study_run(&study, &result, &error), &error);
		assert_true(result.train.accuracy > 0.95);
		assert_int_equal(result.tempered.rows, 0);
		hebb_result_free(&result);
	}
	hebb_table_free(table);
	fill(&d);
	float *noise = test_floats(9, ROWS, 0, 1);
	for (int senseless = 0; senseless < 2; senseless++) {
		for (int i = 0; i < ROWS && senseless; i++)
			d.y[i] = noise[i];
		table = table_of(&d, 0);
		hebb_study study = hebb_study_of(table), before;
		complete(&study);
		before = study;
		choose(&study, &choice);
		assert_true(senseless || choice.count == 0);
		assert_int_equal(choice.best, 0);
		assert_same_settings(&before, &study);
		hebb_choice_free(&choice);
		hebb_table_free(table);
	}
	free(noise);
}

/* The temperature and the scores of folds are of networks as they are, whether or not each fold had
 * a temperature of its own. */
static void folds_have_one_temperature(void **state)
{
	data d;
	hebb_error error;
	hebb_result plain, effort;

	(void)state;
	fill(&d);
	hebb_table *table = table_of(&d, 1);
	hebb_study study = study_of(table, HEBB_EFFORT_QUICK);
	study.folds = 3;
	study.temperature = study.conformal = 1;
	study.units[0] = 64;
	study.epochs = 150;
	study.weight_decay = study.dropout = study.label_smoothing = study.l1 = 0;
	study.activation = HEBB_RELU;
	study.rate = 0.02;
	study.scaling = HEBB_SCALING_STANDARD;
	test_ok(hebb_study_run(&study, &plain, &error), &error);
	study.effort = HEBB_EFFORT_GOOD;
	study.activation = 0; /* the one thing to choose, of which relu is one */
	test_ok(hebb_study_run(&study, &effort, &error), &error);
	assert_true(plain.tempered.temperature != 1);
	test_near(effort.tempered.temperature / plain.tempered.temperature, 1, 0.3, "T");
	hebb_result_free(&plain);
	hebb_result_free(&effort);
	hebb_table_free(table);
}

/* The whole of a study, with one of several of both kinds, and again: the same model, with a
 * temperature from the rows that judged. */
static void studies_choose(void **state)
{
	data d;
	hebb_error error;

	(void)state;
	fill(&d);
	for (int classes = 0; classes < 2; classes++)
		for (int folds = 0; folds <= 3; folds += 3) {
			hebb_table *table = table_of(&d, classes);
			hebb_study study = study_of(table, HEBB_EFFORT_GOOD);
			hebb_result result[2];
			unsigned char *bytes[2];
			size_t size[2];

			study.folds = folds;
			study.conformal = 1;
			for (int i = 0; i < 2; i++) {
				study.threads = 1 + i;
				test_ok(hebb_study_run(&study, &result[i], &error), &error);
				test_ok(hebb_model_format(result[i].model, &bytes[i], &size[i],
							  &error),
					&error);
			}
			assert_int_equal(size[0], size[1]);
			assert_memory_equal(bytes[0], bytes[1], size[0]);
			assert_int_equal(result[0].runs, folds);
			assert_int_equal(result[0].tempered.rows > 0, classes);
			assert_int_equal(result[0].train_rows, folds ? ROWS : ROWS - ROWS / 5);
			assert_non_null(result[0].model->conformal);
			for (int i = 0; i < 2; i++) {
				free(bytes[i]);
				hebb_result_free(&result[i]);
			}
			hebb_table_free(table);
		}
}

static int stop_after(void *self, const hebb_choice *choice)
{
	return choice->done >= *(const int *)self;
}

/* Stops once the first of the better ones is judged again. */
static int stop_later(void *self, const hebb_choice *choice)
{
	if (choice->done > choice->count)
		hebb_cancel_set(self);
	return 0;
}

/* A wish to stop takes the best so far; before any was judged, and with too few rows, it says so.
 */
static void the_choice_ends_early(void **state)
{
	data d;
	hebb_error error;
	int most = 2;

	(void)state;
	fill(&d);
	hebb_table *table = table_of(&d, 0);
	hebb_study study = study_of(table, HEBB_EFFORT_BEST), same;
	hebb_choice choice;
	complete(&study);
	same = study;
	test_ok(hebb_study_choose(&study, 1, -1, stop_after, &most, &choice, &error), &error);
	assert_int_equal(choice.over, 1);
	assert_int_equal(choice.done, most);
	assert_in_range(choice.best, 0, most - 1);
	hebb_choice_free(&choice);

	study = same;
	hebb_cancel *cancel = hebb_cancel_new(&error);
	hebb_cancel_set(cancel);
	study.cancel = cancel;
	test_failed(hebb_study_choose(&study, 1, -1, NULL, NULL, &choice, &error), &error,
		    HEBB_STOPPED, "before the first recipe was judged");
	hebb_choice_free(&choice);
	hebb_cancel_free(cancel);

	study = same;
	study.time = 1e-9;
	test_ok(hebb_study_choose(&study, 1, -1, NULL, NULL, &choice, &error), &error);
	assert_int_equal(choice.over, 1);
	assert_int_equal(choice.best, 0); /* the defaults are tried in any case */
	hebb_choice_free(&choice);

	/* stopped while the better ones are judged again: what is known of them counts */
	study = same;
	study.cancel = cancel = hebb_cancel_new(&error);
	test_ok(hebb_study_choose(&study, 1, -1, stop_later, cancel, &choice, &error), &error);
	assert_int_equal(choice.over, 1);
	assert_true(choice.done > choice.count);
	for (int i = 0; i < choice.count; i++)
		assert_true(isfinite(choice.tried[i].score));
	hebb_choice_free(&choice);
	hebb_cancel_free(cancel);

	study = same;
	study.test = (hebb_part){.kind = HEBB_PART_LAST, .rows = ROWS - 19};
	test_failed(hebb_study_choose(&study, 1, -1, NULL, NULL, &choice, &error), &error,
		    HEBB_BAD_ARGUMENT, "19 training rows are too few");
	hebb_choice_free(&choice);
	hebb_table_free(table);
}

/* What does not go together. */
static void refusals(void **state)
{
	data d;
	hebb_error error;

	(void)state;
	fill(&d);
	hebb_table *table = table_of(&d, 1);
	hebb_study study = study_of(table, HEBB_EFFORT_GOOD);
	study.repeat = 2;
	test_failed(hebb_study_default(&study, &error), &error, HEBB_BAD_ARGUMENT, "--repeat");
	study = study_of(table, HEBB_EFFORT_BEST);
	study.recipe = HEBB_PRESET_TUTORIAL;
	test_failed(hebb_study_default(&study, &error), &error, HEBB_BAD_ARGUMENT, "--recipe");
	study = study_of(table, (hebb_effort)4);
	test_failed(hebb_study_default(&study, &error), &error, HEBB_BAD_ARGUMENT, "--effort");
	study = study_of(table, HEBB_EFFORT_QUICK);
	study.members = HEBB_MEMBERS_MOST + 1;
	test_failed(hebb_study_default(&study, &error), &error, HEBB_BAD_ARGUMENT, "--members");
	study.members = 2;
	study.norm = HEBB_NORM_LAYER;
	test_failed(hebb_study_default(&study, &error), &error, HEBB_BAD_ARGUMENT,
		    "layer normalization");
	hebb_table_free(table);
}

/* The outputs of a network for some rows. */
static float *outputs_of(const hebb_net *net, int rows, const float *x)
{
	int outputs = hebb_net_outputs(net);
	float *h = test_memory(sizeof *h * (size_t)(rows * outputs));
	hebb_error error;
	hebb_work *work = hebb_work_new(net, rows, NULL, &error);

	assert_non_null(work);
	memcpy(h, hebb_forward(work, rows, x), sizeof *h * (size_t)(rows * outputs));
	hebb_work_free(work);
	return h;
}

static hebb_net *member_of(int layers, const hebb_layer *layer, uint64_t seed)
{
	hebb_error error;
	hebb_net *net = hebb_net_new(INPUTS, layers, layer, seed, NULL, &error);

	if (!net)
		fail_msg("%s", error.message);
	for (int l = 0; l < layers; l++) {
		const hebb_parameter *is;

		for (int i = 0; (is = hebb_net_parameter(net, l, i)); i++) {
			float *values = test_floats(seed * 100 + (uint64_t)(l * 10 + i),
						    (size_t)is->count, 0.1f, 0.9f);

			test_ok(hebb_net_set_parameter(net, l, i, values, &error), &error);
			free(values);
		}
	}
	return net;
}

/* An ensemble has the mean of its members' sums: with linear outputs the mean of their answers,
 * with softmax the geometric mean of their probabilities, made to sum to 1. */
static void an_ensemble_is_the_mean(void **state)
{
	const struct {
		const char *name;
		int layers;
		hebb_layer layer[TEST_LAYERS];
	} cases[] = {
		{"linear", 1, {hebb_dense(2, HEBB_LINEAR)}},
		{"one", 2, {hebb_dense(5, HEBB_TANH), hebb_dense(2, HEBB_LINEAR)}},
		{"as wide as the input",
		 3,
		 {hebb_dense(INPUTS, HEBB_GELU), hebb_dense(INPUTS, HEBB_RELU),
		  hebb_dense(3, HEBB_SOFTMAX)}},
		{"all kinds",
		 7,
		 {hebb_dense(4, HEBB_LINEAR), hebb_batch_norm(HEBB_RELU), hebb_dropout(0.5),
		  hebb_dense(4, HEBB_TANH), hebb_shortcut(2, HEBB_LINEAR), hebb_dropout(0.2),
		  hebb_dense(3, HEBB_SOFTMAX)}},
	};
	enum { SOME = 7, MEMBERS = 3 };
	hebb_error error;
	float *x = test_floats(3, SOME * INPUTS, -1, 1);

	(void)state;
	for (size_t c = 0; c < COUNT_OF(cases); c++) {
		hebb_net *member[MEMBERS];
		struct hb_member with[MEMBERS];
		float *h[MEMBERS];

		for (int k = 0; k < MEMBERS; k++) {
			member[k] = member_of(cases[c].layers, cases[c].layer, (uint64_t)k + 1);
			with[k] = (struct hb_member){member[k], NULL};
			h[k] = outputs_of(member[k], SOME, x);
		}
		hebb_net *all = hb_ensemble(MEMBERS, with, INPUTS, &error);
		assert_non_null(all);
		int n = hebb_net_outputs(all),
		    is_softmax = cases[c].layer[cases[c].layers - 1].activation == HEBB_SOFTMAX;
		float *got = outputs_of(all, SOME, x);
		for (int r = 0; r < SOME; r++) {
			double mean[8], sum = 0;

			for (int i = 0; i < n; i++) {
				mean[i] = 0;
				for (int k = 0; k < MEMBERS; k++) {
					double value = (double)h[k][r * n + i];
					mean[i] += (is_softmax ? log(value) : value) / MEMBERS;
				}
				if (is_softmax)
					mean[i] = exp(mean[i]);
				sum += mean[i];
			}
			for (int i = 0; i < n; i++)
				test_near((double)got[r * n + i],
					  is_softmax ? mean[i] / sum : mean[i], 1e-5,
					  cases[c].name);
		}
		free(got);
		hebb_net_free(all);
		for (int k = 0; k < MEMBERS; k++) {
			free(h[k]);
			hebb_net_free(member[k]);
		}
	}
	free(x);
}

/* Members may be of different widths, with inputs of their own, and dropout or not. */
static void members_that_differ(void **state)
{
	enum { SOME = 7, MEMBERS = 3, ALL = 5, OUTPUTS = 2 };
	const struct {
		int layers;
		hebb_layer layer[3];
		int place[INPUTS];
	} like[MEMBERS] = {
		{2, {hebb_dense(4, HEBB_TANH), hebb_dense(OUTPUTS, HEBB_LINEAR)}, {0, 1, 2}},
		{3,
		 {hebb_dense(7, HEBB_TANH), hebb_dropout(0.5), hebb_dense(OUTPUTS, HEBB_LINEAR)},
		 {4, 0, 3}},
		{2, {hebb_dense(1, HEBB_TANH), hebb_dense(OUTPUTS, HEBB_LINEAR)}, {2, 2, 1}},
	};
	float *x = test_floats(5, SOME * ALL, -1, 1), own[SOME * INPUTS], *h[MEMBERS];
	hebb_net *net[MEMBERS];
	struct hb_member member[MEMBERS];
	hebb_error error;

	(void)state;
	for (int k = 0; k < MEMBERS; k++) {
		net[k] = member_of(like[k].layers, like[k].layer, (uint64_t)k + 1);
		member[k] = (struct hb_member){net[k], like[k].place};
		for (int i = 0; i < SOME * INPUTS; i++)
			own[i] = x[i / INPUTS * ALL + like[k].place[i % INPUTS]];
		h[k] = outputs_of(net[k], SOME, own);
		assert_true(hb_can_join(net[0], net[k]));
	}
	hebb_net *all = hb_ensemble(MEMBERS, member, ALL, &error);
	assert_non_null(all);
	assert_int_equal(hebb_net_layers(all), 2);
	assert_int_equal(hebb_net_layer(all, 0)->units, 4 + 7 + 1);
	float *got = outputs_of(all, SOME, x);
	for (int i = 0; i < SOME * OUTPUTS; i++) {
		double mean = 0;

		for (int k = 0; k < MEMBERS; k++)
			mean += (double)h[k][i] / MEMBERS;
		test_near((double)got[i], mean, 1e-5, "the mean");
	}
	free(got);
	hebb_net_free(all);
	for (int k = 0; k < MEMBERS; k++) {
		free(h[k]);
		hebb_net_free(net[k]);
	}
	free(x);
}

/* With several recipes the model is the mean of their networks: each is better with the others than
 * alone on the rows that judge, and what is trained is the same for any number of threads. */
static void several_recipes(void **state)
{
	data d;
	int means = 0;

	(void)state;
	fill(&d);
	for (int classes = 0; classes < 2; classes++)
		for (int effort = HEBB_EFFORT_GOOD; effort <= HEBB_EFFORT_BEST; effort++) {
			hebb_table *table = table_of(&d, classes);
			hebb_result result[2];
			hebb_choice choice;
			hebb_error error;
			int inputs[2];

			for (int t = 0; t < 2; t++) {
				hebb_study study = study_of(table, (hebb_effort)effort);
				study.threads = t + 1;
				complete(&study);
				choose(&study, &choice);
				assert_true(choice.members >= 1);
				assert_int_equal(choice.member[0], choice.best);
				for (int k = 0; k < choice.members; k++)
					assert_int_equal(choice.tried[choice.member[k]].trainings,
							 choice.tried[choice.best].trainings);
				means += study.mate != NULL;
				hebb_trial *trial = hebb_trial_new(&study, study.seed, -1, &error);
				assert_non_null(trial);
				hebb_trial_calibrate_with(trial, choice.calibration);
				test_ok(hebb_trial_train(trial, &result[t], &error), &error);
				result[t].model = hebb_trial_model(trial, &result[t], &error);
				assert_non_null(result[t].model);
				inputs[t] = hebb_net_inputs(trial->net);
				assert_int_equal(inputs[t], trial->coding->width);
				assert_int_equal(!strstr(result[t].model->record, "\"mates\""),
						 !study.mate);
				hebb_trial_free(trial);
				hebb_choice_free(&choice);
			}
			unsigned char *bytes[2];
			size_t size[2];

			assert_int_equal(inputs[0], inputs[1]);
			for (int t = 0; t < 2; t++)
				test_ok(hebb_model_format(result[t].model, &bytes[t], &size[t],
							  &error),
					&error);
			assert_int_equal(size[0], size[1]);
			assert_memory_equal(bytes[0], bytes[1], size[0]);
			free(bytes[0]);
			free(bytes[1]);
			assert_memory_equal(&result[0].test.loss, &result[1].test.loss,
					    sizeof(double));
			hebb_result_free(&result[0]);
			hebb_result_free(&result[1]);
			hebb_table_free(table);
		}
	assert_true(means > 0);
}

/* A study with members trains them with seeds of their own; the first is the network of the study
 * without. */
static void members_are_trained(void **state)
{
	data d;
	hebb_error error;
	hebb_result one, two;

	(void)state;
	fill(&d);
	hebb_table *table = table_of(&d, 0);
	hebb_study study = study_of(table, HEBB_EFFORT_QUICK);
	study.test.kind = HEBB_PART_NONE;
	test_ok(hebb_study_run(&study, &one, &error), &error);
	study.members = 2;
	test_ok(hebb_study_run(&study, &two, &error), &error);
	const hebb_net *a = one.model->net, *b = two.model->net;
	int n = hebb_net_inputs(a), units = hebb_net_layer(a, 0)->units, differs = 0;
	assert_int_equal(hebb_net_layer(b, 0)->units, 2 * units);
	float *W = test_memory(sizeof *W * (size_t)(n * units)), *bias = test_memory(sizeof *W * 8),
	      *both = test_memory(sizeof *W * (size_t)(2 * n * units)),
	      *biases = test_memory(sizeof *W * 16);
	test_ok(hebb_net_get(a, 0, W, bias, &error), &error);
	test_ok(hebb_net_get(b, 0, both, biases, &error), &error);
	assert_memory_equal(both, W, sizeof *W * (size_t)(n * units));
	assert_memory_equal(biases, bias, sizeof *bias * (size_t)units);
	for (int i = 0; i < n * units; i++)
		differs += both[n * units + i] != W[i];
	assert_true(differs > n * units / 2);
	free(biases);
	free(both);
	free(bias);
	free(W);
	hebb_result_free(&one);
	hebb_result_free(&two);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_is_taken),
		cmocka_unit_test(the_choice_is_of_training_rows),
		cmocka_unit_test(what_is_given_stays),
		cmocka_unit_test(few_rows_are_learned),
		cmocka_unit_test(folds_have_one_temperature),
		cmocka_unit_test(studies_choose),
		cmocka_unit_test(the_choice_ends_early),
		cmocka_unit_test(refusals),
		cmocka_unit_test(an_ensemble_is_the_mean),
		cmocka_unit_test(members_are_trained),
		cmocka_unit_test(members_that_differ),
		cmocka_unit_test(several_recipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
