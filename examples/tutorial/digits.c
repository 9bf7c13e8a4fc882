/* SPDX-License-Identifier: MIT */
/* digits.c - the tutorial's 5.4: a 64-30-10 network learns the digits, for predict.c (5.5) */
#include <stdio.h>
#include "hebb_io.h"

enum { ROWS = 1797, SEED = 1 };
static hebb_error error; /* of the first call that failed */

/* Returns 1, or 0 if something failed. */
static int train_nn(hebb_net *net, const hebb_dataset *train, int iter_num, double alpha)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.rule = HEBB_SGD;
	recipe.rate = alpha;
	recipe.threads = 1; /* enough for so small a network; more give the same bits */
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	int ok = trainer != NULL;
	printf("Starting gradient descent for %d iterations\n", iter_num);
	for (int cnt = 0; ok && cnt < iter_num; cnt++) {
		if (cnt % 1000 == 0)
			printf("Iteration %d of %d\n", cnt, iter_num);
		ok = !hebb_trainer_gradient(trainer, (int)train->rows, train->x, train->y, NULL,
					    NULL, &error) &&
		     !hebb_trainer_update(trainer, &error);
	}
	hebb_trainer_free(trainer);
	return ok;
}

int main(void)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_layer nn_structure[] = {hebb_dense(30, HEBB_SIGMOID), hebb_dense(10, HEBB_SIGMOID)};
	hebb_coding *coding;
	hebb_model *model;
	hebb_net *net;
	hebb_dataset *train = NULL;
	hebb_table *digits = hebb_table_digits(&error);
	long long row[ROWS], test;

	options.pixels_alike = 0;
	nn_structure[0].start = nn_structure[1].start = HEBB_START_UNIFORM01;
	if (!digits || hebb_split(digits, -1, 0.4, SEED, 0, ROWS, NULL, row, &test, &error) ||
	    !(coding = hebb_coding_fit(digits, &options, ROWS, row, &error)) ||
	    !(train = hebb_coding_apply(coding, digits, 1, ROWS - test, row, &error)) ||
	    !(net = hebb_net_new(64, 2, nn_structure, SEED, NULL, &error)) ||
	    !train_nn(net, train, 3000, 0.25) ||
	    !(model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error)) ||
	    hebb_model_write(model, "digits.onnx", &error)) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	hebb_model_free(model), hebb_net_free(net), hebb_coding_free(coding);
	hebb_dataset_free(train);
	hebb_table_free(digits);
	return 0;
}
