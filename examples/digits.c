/* SPDX-License-Identifier: MIT */
/* digits.c - from a table to a model on disk, and back: train, write, read, judge by rows held out */
#include <stdio.h>
#include "hebb_io.h"

enum { ROWS = 1797, SEED = 1 };
static hebb_error error; /* of the first call that failed */

/* The share of the rows whose likeliest class is the right one. */
static double accuracy(const hebb_model *model, const hebb_table *table, int rows,
		       const long long *row)
{
	int right = 0;
	for (int i = 0; i < rows; i++) {
		float pixels[64], p[10];
		int best = 0;
		for (int c = 0; c < 64; c++)
			pixels[c] = hebb_table_value(table, row[i], c);
		if (hebb_model_predict(model, pixels, p, &error))
			return 0;
		for (int digit = 1; digit < 10; digit++)
			best = p[digit] > p[best] ? digit : best;
		right += best == hebb_table_value(table, row[i], 64);
	}
	return (double)right / rows;
}

int main(void)
{
	const hebb_layer layers[] = {hebb_dense(64, HEBB_RELU), hebb_dense(10, HEBB_SOFTMAX)};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_recipe recipe = hebb_recipe_default();
	hebb_model model = {.loss = HEBB_CROSS_ENTROPY}, *read = NULL;
	hebb_table *table = hebb_table_digits(&error);
	hebb_dataset *train = NULL;
	hebb_trainer *trainer = NULL;
	hebb_source source;
	long long row[ROWS], test;

	recipe.loss = model.loss;
	if (table && !hebb_split(table, 64, 0.2, SEED, 0, ROWS, NULL, row, &test, &error) &&
	    (model.coding = hebb_coding_fit(table, &options, ROWS - test, row, &error)) &&
	    (train = hebb_coding_apply(model.coding, table, 1, ROWS - test, row, &error)) &&
	    (model.net = hebb_net_new(64, 2, layers, SEED, NULL, &error)) &&
	    (trainer = hebb_trainer_new(model.net, &recipe, NULL, &error)) &&
	    (source = hebb_dataset_source(train), !hebb_train(trainer, &source, NULL, &error)) &&
	    !hebb_model_write(&model, "digits_example.onnx", &error) &&
	    (read = hebb_model_read("digits_example.onnx", &error)))
		printf("%.1f %% of %lld digits that it never saw\n",
		       100 * accuracy(read, table, (int)test, row + ROWS - test), test);
	else
		fprintf(stderr, "%s\n", error.message);
	hebb_trainer_free(trainer), hebb_dataset_free(train);
	hebb_net_free(model.net), hebb_coding_free(model.coding);
	hebb_model_free(read), hebb_table_free(table);
	return read == NULL;
}
