/* SPDX-License-Identifier: MIT */
/*
 * test_damage.c - a model file that ends at any byte, or whose byte has any bit turned: refused with a sentence, or harmless
 *
 * Harmless is what evaluates.  What is read takes no more memory than the rule says: HB_JSON_TIMES the file and 1 MB.  The linker
 * leads the allocations of the library here, and jansson has a function for it.
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <jansson.h>
#include <malloc.h>
#include "hebb_io.h"
#include "io/io.h"
#include "seal.h"

/* ---- What is held ---- */

static size_t held, most;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *memory);

static void *count(void *memory)
{
	held += memory ? malloc_usable_size(memory) : 0;
	most = held > most ? held : most;
	return memory;
}

void *__wrap_malloc(size_t size)
{
	return count(__real_malloc(size));
}

void *__wrap_calloc(size_t number, size_t size)
{
	return count(__real_calloc(number, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
	held -= memory ? malloc_usable_size(memory) : 0;
	return count(__real_realloc(memory, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return count(__real_aligned_alloc(alignment, size));
}

char *__wrap_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = __wrap_malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

void __wrap_free(void *memory)
{
	held -= memory ? malloc_usable_size(memory) : 0;
	__real_free(memory);
}

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
	hebb_model model = {test_net(coding->width, 5, layers, 3), coding, HEBB_CROSS_ENTROPY,
			    "{\"seed\": 3}"};
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

	held = most = 0;
	hebb_model *model = hebb_model_parse(bytes, size, "damaged", &error);
	if (most > HB_JSON_TIMES * size + (1 << 20))
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

/* ---- Too much for the file ---- */

static void heavy_json_is_refused(void **state)
{
	size_t size = 3000000, brackets = 0;
	char *text = test_memory(size + 1);
	hebb_error error;

	(void)state;
	for (size_t at = 0; at + 3 <= size; at += 3, brackets++)
		memcpy(text + at, "[],", 3);
	assert_true(hb_json_weight(text, size) > 50 * size);
	test_failed(hb_json_fits(text, size, size, "heavy", &error), &error, HEBB_BAD_FORMAT,
		    "heavy");
	memset(text, '{', size); /* in a string they weigh nothing */
	text[0] = text[size - 1] = '"';
	assert_true(hb_json_weight(text, size) < 5 * size);
	text[1] = '\\'; /* the string goes on behind this quote */
	text[2] = '"';
	assert_true(hb_json_weight(text, size) < 5 * size);
	free(text);
}

/* The weight is more than what jansson takes, for each kind of value. */
static void the_weight_is_enough(void **state)
{
	static const char *const part[] = {"[],",         "{},",        "1,",          "[[]],",
					   "\"\",",       "{\"a\":1},", "\"text\",",   "1.5,",
					   "{\"a\":{}},", "[1,2,3,4],", "\"\\u00e9\","};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(part); i++) {
		size_t length = strlen(part[i]), times = 20000, size = times * length + 1;
		char *text = test_memory(size + 1);

		text[0] = '[';
		for (size_t k = 0; k < times; k++)
			memcpy(text + 1 + k * length, part[i], length);
		text[size - 1] = ']';
		held = most = 0;
		json_t *json = json_loadb(text, size, 0, NULL);
		if (!json)
			fail_msg("%s", part[i]);
		if (most > hb_json_weight(text, size))
			fail_msg("%s: takes %zu, weighs %llu", part[i], most,
				 hb_json_weight(text, size));
		json_decref(json);
		free(text);
	}
}

int main(void)
{
	json_set_alloc_funcs(__wrap_malloc, __wrap_free);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_at_every_byte),    cmocka_unit_test(flipped_at_every_bit),
		cmocka_unit_test(flipped_and_sealed),   cmocka_unit_test(heavy_json_is_refused),
		cmocka_unit_test(the_weight_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
