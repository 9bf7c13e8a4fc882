/* SPDX-License-Identifier: MIT */
/*
 * test_damage.c - a model file that ends at any byte, or whose byte has any bit turned: refused
 * with a sentence, or harmless
 *
 * Harmless is what evaluates.  What is read takes no more memory than the rule says: 4 times the
 * file and 1 MB.
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <jansson.h>
#include "hebb_io.h"
#include "held.h"
#include "seal.h"

/* ---- A model with something of everything ---- */

static const char rows[] = "size,color,age,kind\n1,red,5,cat\n2,blue,3,dog\n3.5,red,,cat\n"
			   "0.1,green,8,bird\n-2,blue,1,dog\n7,red,2,bird\n";

enum { ROWS = 6, OUTPUTS = 3 };

static unsigned char *make_file(size_t *size)
{
	hebb_error error;
	hebb_coding_options options = hebb_coding_options_default();
	const long long all[ROWS] = {0, 1, 2, 3, 4, 5};
	unsigned char *bytes = NULL;

	options.missing = HEBB_MISSING_MEAN;
	hebb_table *table =
		hebb_table_parse(rows, sizeof rows - 1, "rows", HEBB_HEADER_AUTO, &error);
	assert_non_null(table);
	hebb_coding *coding = hebb_coding_fit(table, &options, ROWS, all, &error);
	assert_non_null(coding);
	const hebb_layer layers[] = {hebb_dense(5, HEBB_GELU), hebb_batch_norm(HEBB_TANH),
				     hebb_shortcut(0, HEBB_LINEAR), hebb_dropout(0.25),
				     hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	hebb_model model = {.net = test_net(coding->width, 5, layers, 3),
			    .coding = coding,
			    .loss = HEBB_CROSS_ENTROPY,
			    .record = "{\"seed\": 3}"};
	test_ok(hebb_model_format(&model, &bytes, size, &error), &error);
	hebb_net_free(model.net);
	hebb_coding_free(coding);
	hebb_table_free(table);
	return bytes;
}

/* ---- Damage ---- */

/* Reads and, if it is a model, evaluates; 1 if it is one. */
static int try(const unsigned char *bytes, size_t size, const char *what, size_t at)
{
	float x[64] = {0.5F}, h[64];
	hebb_error error = {.message = ""};

	count_from_here();
	hebb_model *model = hebb_model_parse(bytes, size, "damaged", &error);
	if (most > 4 * size + (1 << 20))
		fail_msg("%s at byte %zu: %zu bytes for a file of %zu", what, at, most, size);
	if (!model) {
		if (!error.status || !error.message[0] || strchr(error.message, '\n'))
			fail_msg("%s at byte %zu: no sentence", what, at);
		return 0;
	}
	assert_in_range(hebb_net_inputs(model->net), 1, 64);
	assert_in_range(hebb_net_outputs(model->net), 1, 64);
	test_ok(hebb_predict(model->net, x, h, &error), &error);
	for (int i = 0; i < hebb_net_outputs(model->net); i++)
		if (!isfinite(h[i]))
			fail_msg("%s at byte %zu: an output that is not finite", what, at);
	hebb_model_free(model);
	if (held)
		fail_msg("%s at byte %zu: %zu bytes are not freed", what, at, held);
	return 1;
}

static void cut_at_every_byte(void **state)
{
	size_t size;
	unsigned char *bytes = make_file(&size);

	(void)state;
	assert_true(try(bytes, size, "nothing", 0));
	for (size_t cut = 0; cut < size; cut++) {
		unsigned char *part = test_memory(cut); /* so that a sanitizer sees its end */

		memcpy(part, bytes, cut);
		if (try(part, cut, "cut", cut))
			fail_msg("cut at byte %zu of %zu, and read", cut, size);
		free(part);
	}
	free(bytes);
}

static void flip_every_bit(int sealed, int *read, int *flips)
{
	size_t size;
	unsigned char *bytes = make_file(&size), *copy = test_memory(size);

	*read = *flips = 0;
	for (size_t at = 0; at < size; at++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(copy, bytes, size);
			copy[at] ^= (unsigned char)(1 << bit);
			if (sealed)
				seal(copy, size);
			*read += try(copy, size, sealed ? "flipped and sealed" : "flipped", at);
			++*flips;
		}
	free(copy);
	free(bytes);
}

/* The seal tells nearly all of it: but for names for other programs, nothing outside it counts. */
static void flipped_at_every_bit(void **state)
{
	int read, flips;

	(void)state;
	flip_every_bit(0, &read, &flips);
	assert_in_range(read, 1, flips / 3);
}

/* Behind the seal many a flip makes another valid model, such as one of another weight. */
static void flipped_and_sealed(void **state)
{
	int read, flips;

	(void)state;
	flip_every_bit(1, &read, &flips);
	assert_in_range(read, flips / 10, flips - flips / 10);
}

int main(void)
{
	json_set_alloc_funcs(__wrap_malloc, __wrap_free);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(flipped_at_every_bit),
		cmocka_unit_test(flipped_and_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
