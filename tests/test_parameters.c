/* SPDX-License-Identifier: MIT */
/* test_parameters.c - the parameters of a layer by number: what each is, and its numbers */
#include "test.h"

enum { INPUTS = 5, LAYERS = 5 };

static hebb_net *a_net(void)
{
	const hebb_layer layers[LAYERS] = {hebb_dense(37, HEBB_LINEAR), hebb_batch_norm(HEBB_RELU),
					   hebb_dropout(0.5), hebb_layer_norm(HEBB_LINEAR),
					   hebb_shortcut(0, HEBB_TANH)};

	return test_net(INPUTS, LAYERS, layers, 7);
}

static void lists(void **state)
{
	static const struct expected {
		int layer, rank, decays, running;
		const char *name;
	} expected[] = {{0, 2, 1, 0, "weight"}, {0, 1, 0, 0, "bias"}, {1, 1, 0, 0, "weight"},
			{1, 1, 0, 0, "bias"},   {1, 1, 0, 1, "mean"}, {1, 1, 0, 1, "variance"},
			{3, 1, 0, 0, "weight"}, {3, 1, 0, 0, "bias"}};
	hebb_net *net = a_net();
	long long learned = 0;
	size_t k = 0;

	(void)state;
	for (int l = 0; l < LAYERS; l++) {
		const hebb_parameter *is;

		for (int i = 0; (is = hebb_net_parameter(net, l, i)); i++, k++) {
			assert_true(k < COUNT_OF(expected));
			assert_int_equal(is->size, sizeof *is);
			assert_int_equal(l, expected[k].layer);
			assert_int_equal(is->rank, expected[k].rank);
			assert_int_equal(is->decays, expected[k].decays);
			assert_int_equal(is->running, expected[k].running);
			assert_string_equal(is->name, expected[k].name);
			assert_int_equal(is->shape[0], 37);
			assert_int_equal(is->count, is->rank == 2 ? 37 * INPUTS : 37);
			learned += is->running ? 0 : is->count;
		}
	}
	assert_int_equal(k, COUNT_OF(expected));
	assert_int_equal(learned, hebb_net_parameters(net));
	assert_null(hebb_net_parameter(net, -1, 0));
	assert_null(hebb_net_parameter(net, LAYERS, 0));
	assert_null(hebb_net_parameter(net, 0, -1));
	hebb_net_free(net);
}

/* What the calls for W and b, and for statistics, copy is the same. */
static void numbers(void **state)
{
	hebb_net *net = a_net();
	float W[37 * INPUTS], b[37], mean[37], variance[37], one[37 * INPUTS];

	(void)state;
	assert_int_equal(hebb_net_get(net, 0, W, b, NULL), HEBB_OK);
	assert_int_equal(hebb_net_get_parameter(net, 0, 0, one, NULL), HEBB_OK);
	assert_memory_equal(one, W, sizeof W);
	for (int i = 0; i < 37; i++)
		one[i] = (float)i;
	assert_int_equal(hebb_net_set_parameter(net, 0, 1, one, NULL), HEBB_OK);
	assert_int_equal(hebb_net_set_parameter(net, 1, 3, one, NULL), HEBB_OK);
	assert_int_equal(hebb_net_get(net, 0, NULL, b, NULL), HEBB_OK);
	assert_int_equal(hebb_net_get_statistics(net, 1, mean, variance, NULL), HEBB_OK);
	assert_memory_equal(one, b, sizeof b);
	assert_memory_equal(one, variance, sizeof variance);
	assert_true(mean[0] == 0);
	hebb_net_free(net);
}

static void refused(void **state)
{
	hebb_net *net = a_net();
	float bad[37] = {[36] = NAN}, low[37] = {[36] = -1}, variance[37];
	hebb_error error;

	(void)state;
	test_failed(hebb_net_set_parameter(net, 1, 0, bad, &error), &error, HEBB_BAD_ARGUMENT,
		    "not finite");
	test_failed(hebb_net_set_parameter(net, 1, 3, low, &error), &error, HEBB_BAD_ARGUMENT,
		    "below 0");
	assert_int_equal(hebb_net_set_parameter(net, 1, 2, low, NULL), HEBB_OK); /* a mean */
	test_failed(hebb_net_get_parameter(net, 2, 0, bad, &error), &error, HEBB_BAD_ARGUMENT,
		    "layer 2 has no parameter 0");
	assert_int_equal(hebb_net_get_statistics(net, 1, NULL, variance, NULL), HEBB_OK);
	assert_true(variance[36] == 1);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(lists), cmocka_unit_test(numbers),
					   cmocka_unit_test(refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
