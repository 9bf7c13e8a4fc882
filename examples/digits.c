/* SPDX-License-Identifier: MIT */
/* digits.c - from a table to a model on disk, and back: train, write, read, score on rows held
 * out */
#include <stdio.h>
#include "hebb_io.h"

enum { ROWS = 1797, DIGIT = 64, SEED = 1 };
static hebb_error error; /* of the first call that failed */

/* Trains on n rows of the table and writes the model. Returns 1 if all went well. */
static int learn(const hebb_table *table, long long n, const long long *row, const char *path)
{
	const hebb_layer layers[] = {hebb_dense(64, HEBB_RELU), hebb_dense(10, HEBB_SOFTMAX)};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = hebb_net_new(DIGIT, 2, layers, SEED, NULL, &error);
	hebb_coding *coding = net ? hebb_coding_fit(table, NULL, n, row, &error) : NULL;
	hebb_dataset *data = coding ? hebb_coding_apply(coding, table, 1, n, row, &error) : NULL;
	hebb_source source = hebb_dataset_source(data);
	hebb_trainer *trainer;
	hebb_model *model = NULL;
	int ok;

	recipe.loss = HEBB_CROSS_ENTROPY;
	trainer = data ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	ok = trainer && !hebb_train(trainer, &source, NULL, &error) &&
	     (model = hebb_model_new(net, coding, recipe.loss, NULL, &error)) &&
	     !hebb_model_write(model, path, &error);
	hebb_model_free(model), hebb_trainer_free(trainer), hebb_dataset_free(data);
	hebb_coding_free(coding), hebb_net_free(net);
	return ok;
}

int main(void)
{
	static const char path[] = "digits_example.onnx";
	hebb_evaluation result = hebb_evaluation_default();
	hebb_table *table = hebb_table_digits(&error);
	hebb_model *model = NULL;
	long long row[ROWS], test;
	int ok = table && !hebb_split(table, DIGIT, 0.2, SEED, 0, ROWS, NULL, row, &test, &error) &&
		 learn(table, ROWS - test, row, path) && (model = hebb_model_read(path, &error)) &&
		 !hebb_model_evaluate(model, table, test, row + ROWS - test, &result, &error);

	if (ok)
		printf("%.1f %% of %lld digits that it never saw\n", 100 * result.accuracy,
		       result.rows);
	else
		fprintf(stderr, "%s\n", error.message);
	hebb_model_free(model), hebb_table_free(table);
	return !ok;
}
