/* SPDX-License-Identifier: MIT */
/*
 * test_locale.c - a program that speaks German gets the same files and numbers from the library
 *
 * The locale is made for the test where the system has none, with localedef; without that, too, the
 * test is skipped.
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <locale.h>
#include <unistd.h>
#include "hebb_io.h"

static char folder[] = "/tmp/hebb-locale-XXXXXX";

/* Sets a locale with a decimal comma: 1. */
static int speak_german(void)
{
	char command[200];

	if (setlocale(LC_ALL, "de_DE.UTF-8"))
		return 1;
	snprintf(command, sizeof command,
		 "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>/dev/null >&2", folder);
	if (system(command) != 0 || setenv("LOCPATH", folder, 1) ||
	    setenv("LC_ALL", "de_DE.UTF-8", 1))
		return 0;
	return setlocale(LC_ALL, "") != NULL && *localeconv()->decimal_point == ',';
}

struct files {
	unsigned char *model, *checkpoint;
	size_t model_size, checkpoint_size;
	float x[4];
	char message[512];
	hebb_number shown;
};

static void make(struct files *made)
{
	static const char rows[] = "a,b,kind\n0.5,1e-3,x\n1.25,-7.5e2,y\n2.75,0.1,x\n3,4,y\n";
	const long long all[] = {0, 1, 2, 3};
	const hebb_layer layers[] = {hebb_dense(3, HEBB_TANH), hebb_dropout(0.25),
				     hebb_dense(2, HEBB_SOFTMAX)};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	hebb_table *table =
		hebb_table_parse(rows, sizeof rows - 1, "rows", HEBB_HEADER_AUTO, &error);

	assert_non_null(table);
	assert_int_equal(table->column[0].kind, HEBB_NUMBER);
	for (int i = 0; i < 4; i++)
		made->x[i] = hebb_table_value(table, i, 1);
	hebb_coding *coding = hebb_coding_fit(table, &options, 4, all, &error);
	assert_non_null(coding);
	hebb_dataset *data = hebb_coding_apply(coding, table, 1, 4, all, &error);
	assert_non_null(data);
	hebb_net *net = test_net(2, 3, layers, 5);
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rate = 0.0125;
	recipe.epochs = 3;
	recipe.threads = 1;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	hebb_source source = hebb_dataset_source(data);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	hebb_model model = {.net = net,
			    .coding = coding,
			    .loss = HEBB_CROSS_ENTROPY,
			    .record = "{\"rate\": 0.0125}"};
	test_ok(hebb_model_format(&model, &made->model, &made->model_size, &error), &error);
	test_ok(hebb_checkpoint_format(trainer, "{}", &made->checkpoint, &made->checkpoint_size,
				       &error),
		&error);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
	assert_null(hebb_table_parse("a,b\n1\n", 6, "ragged", HEBB_HEADER_AUTO, &error));
	snprintf(made->message, sizeof made->message, "%s", error.message);
	made->shown = hebb_show_number(2.5e-9, 4);
}

static void release(struct files *made)
{
	free(made->model);
	free(made->checkpoint);
}

static void the_same_in_german(void **state)
{
	struct files plain, german;
	hebb_error error;

	(void)state;
	make(&plain);
	if (!speak_german()) {
		release(&plain);
		print_message("no locale with a decimal comma, and none can be made\n");
		skip();
	}
	make(&german);
	assert_memory_equal(plain.x, german.x, sizeof plain.x);
	assert_string_equal(plain.message, german.message);
	assert_string_equal(plain.shown.text, german.shown.text);
	assert_int_equal(plain.model_size, german.model_size);
	assert_memory_equal(plain.model, german.model, plain.model_size);
	assert_int_equal(plain.checkpoint_size, german.checkpoint_size);
	/* What each of them wrote, the other reads. */
	hebb_model *model = hebb_model_parse(plain.model, plain.model_size, "plain", &error);
	hebb_checkpoint *c =
		hebb_checkpoint_parse(plain.checkpoint, plain.checkpoint_size, "plain", &error);
	assert_true(model && c);
	assert_true(hebb_checkpoint_counter(c, "epochs") == 3);
	hebb_checkpoint_free(c);
	hebb_model_free(model);
	setlocale(LC_ALL, "C");
	assert_non_null(
		model = hebb_model_parse(german.model, german.model_size, "german", &error));
	assert_non_null(c = hebb_checkpoint_parse(german.checkpoint, german.checkpoint_size,
						  "german", &error));
	hebb_checkpoint_free(c);
	hebb_model_free(model);
	release(&plain);
	release(&german);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_in_german)};
	char command[100];

	if (!mkdtemp(folder))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) || failed;
}
