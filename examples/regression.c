/* SPDX-License-Identifier: MIT */
/* regression.c - numbers with units in, numbers with units out: the period of a pendulum */
#include <math.h>
#include <stdio.h>
#include "hebb_advanced.h"
#include "hebb_io.h"

enum { ROWS = 200 };
static hebb_error error; /* of the first call that failed */

/* 200 measurements: length in m, mass in g, period in ms. */
static hebb_table *measurements(void)
{
	static const char *const names[] = {"length_m", "mass_g", "period_ms"};
	static float x[ROWS][2], period[ROWS];
	const hebb_block columns[] = {hebb_floats(2, x[0], names),
				      hebb_floats(1, period, names + 2)};

	hebb_uniform(2 * ROWS, x[0], 1, 0);
	for (int i = 0; i < ROWS; i++) {
		x[i][0] = 0.1f + x[i][0];
		x[i][1] = 50 + 900 * x[i][1];
		period[i] = 6283.1853f * sqrtf(x[i][0] / 9.81f);
	}
	return hebb_table_from_arrays("pendulum", ROWS, 2, columns, &error);
}

int main(void)
{
	const hebb_layer layers[] = {hebb_dense(16, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = hebb_net_new(2, 2, layers, 1, NULL, &error);
	hebb_table *table = net ? measurements() : NULL;
	hebb_coding *coding = NULL;
	hebb_dataset *train = NULL;
	hebb_trainer *trainer = NULL;
	hebb_model *model = NULL;
	hebb_source source;
	float question[] = {0.5f, 300}, period = 0; /* in the units of the columns */
	const hebb_block asked = hebb_floats(2, question, NULL);
	hebb_prediction prediction = hebb_prediction_default();

	options.task = HEBB_REGRESSION; /* the last column is the target */
	recipe.rate = 0.01;
	prediction.output = &period;
	if (table && (coding = hebb_coding_fit(table, &options, ROWS, NULL, &error)) &&
	    (train = hebb_coding_apply(coding, table, 1, ROWS, NULL, &error)) &&
	    (trainer = hebb_trainer_new(net, &recipe, NULL, &error)) &&
	    (source = hebb_dataset_source(train), !hebb_train(trainer, &source, NULL, &error)) &&
	    (model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error)) &&
	    !hebb_model_predict(model, 1, 1, &asked, &prediction, &error))
		printf("0.5 m: %.0f ms (Huygens: 1419 ms)\n", period);
	else
		fprintf(stderr, "%s\n", error.message);
	hebb_model_free(model), hebb_trainer_free(trainer), hebb_dataset_free(train);
	hebb_coding_free(coding), hebb_net_free(net), hebb_table_free(table);
	return period == 0;
}
