/* SPDX-License-Identifier: MIT */
/* test_open.c - structs that can grow: of an older version, of a newer one, and without a size; the
 * shape of a layer */
#include "hebb_io.h"
#include "test.h"

/* What a program of a later version has: a field more. */
struct later_layer {
	hebb_layer layer;
	int new_field, rest;
};

static struct later_layer later(hebb_layer layer)
{
	layer.size = sizeof(struct later_layer);
	return (struct later_layer){.layer = layer};
}

static void a_longer_layer(void **state)
{
	struct later_layer layers[] = {later(hebb_dense(7, HEBB_RELU)),
				       later(hebb_batch_norm(HEBB_TANH)),
				       later(hebb_dense(2, HEBB_SOFTMAX))};
	const hebb_layer same[] = {hebb_dense(7, HEBB_RELU), hebb_batch_norm(HEBB_TANH),
				   hebb_dense(2, HEBB_SOFTMAX)};
	hebb_net *net = hebb_net_new(3, 3, &layers[0].layer, 1, NULL, NULL),
		 *known = test_net(3, 3, same, 1);
	const float x[] = {1, 2, 3};
	float h[2], expected[2];
	hebb_error error;

	(void)state;
	assert_non_null(net);
	assert_int_equal(hebb_net_layer(net, 0)->size, sizeof(hebb_layer));
	assert_int_equal(hebb_predict(net, x, h, NULL), HEBB_OK);
	assert_int_equal(hebb_predict(known, x, expected, NULL), HEBB_OK);
	assert_memory_equal(h, expected, sizeof h);
	hebb_net_free(net);
	hebb_net_free(known);
	layers[2].new_field = 1;
	assert_null(hebb_net_new(3, 3, &layers[0].layer, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_UNSUPPORTED, "layer 3 is of a later version");
	layers[1].layer.size = sizeof(hebb_layer);
	assert_null(hebb_net_new(3, 3, &layers[0].layer, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "the size of layer 2 is not");
}

/* A program of an earlier version does not have the last field. */
static void a_shorter_layer(void **state)
{
	hebb_layer layer = hebb_dense(2, HEBB_RELU);

	(void)state;
	layer.in = (hebb_shape){9, 9, 9}; /* not seen */
	layer.size = offsetof(hebb_layer, in);
	hebb_net *net = hebb_net_new(3, 1, &layer, 1, NULL, NULL);
	assert_non_null(net);
	hebb_net_free(net);
}

static void without_a_size(void **state)
{
	const hebb_layer no_size = {.kind = HEBB_DENSE, .activation = HEBB_TANH, .units = 1},
			 layer = hebb_dense(1, HEBB_TANH);
	const float x = 1, y = 1;
	const double p[] = {1, 1}, wide_x = 1;
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer = test_trainer(net, &recipe);
	hebb_arrays arrays = {.rows = 1, .inputs = 1, .outputs = 1, .x = &x, .y = &y};
	hebb_source source = {.rows = 1}, rows = hebb_arrays_source(&arrays);
	hebb_trace trace = {.J = 7};
	hebb_gradient_check check = {.checked = 7};
	hebb_error error;

	(void)state;
	assert_null(hebb_net_new(1, 1, &no_size, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "hebb_dense()");
	test_failed(hebb_train(trainer, &source, NULL, &error), &error, HEBB_BAD_ARGUMENT,
		    "training rows has no size; begin with hebb_source_default()");
	test_failed(hebb_train(trainer, &rows, NULL, &error), &error, HEBB_BAD_ARGUMENT,
		    "hebb_arrays_default()");
	arrays.size = sizeof arrays;
	test_failed(hebb_train(trainer, &rows, &source, &error), &error, HEBB_BAD_ARGUMENT,
		    "validation rows has no size");
	test_failed(
		hebb_trace_example(1, 1, &layer, HEBB_SQUARED, p, &wide_x, NULL, &trace, &error),
		&error, HEBB_BAD_ARGUMENT, "hebb_trace_default()");
	test_failed(hebb_check_gradient(net, HEBB_SQUARED, 1, &x, &y, 0, &check, &error), &error,
		    HEBB_BAD_ARGUMENT, "hebb_gradient_check_default()");
	assert_true(trace.J == 7 && check.checked == 7);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* What the library fills in goes no further than the caller's struct does. */
static void a_shorter_result(void **state)
{
	hebb_gradient_check check = {.size = offsetof(hebb_gradient_check, checked), .checked = 7};
	unsigned char recipe[sizeof(hebb_recipe)];
	const hebb_layer layer = hebb_dense(1, HEBB_TANH);
	const float x = 1, y = 1;
	hebb_net *net = test_net(1, 1, &layer, 1);

	(void)state;
	assert_int_equal(hebb_check_gradient(net, HEBB_SQUARED, 1, &x, &y, 0, &check, NULL),
			 HEBB_OK);
	assert_int_equal(check.size, offsetof(hebb_gradient_check, checked));
	assert_true(check.checked == 7 && check.engine < 1e-3);
	memset(recipe, 0xaa, sizeof recipe);
	hebb_recipe_init((hebb_recipe *)(void *)recipe, offsetof(hebb_recipe, warmup));
	assert_int_equal(recipe[offsetof(hebb_recipe, warmup)], 0xaa);
	hebb_net_free(net);
}

static void shapes(void **state)
{
	hebb_layer layers[] = {hebb_layer_norm(HEBB_LINEAR), hebb_dense(5, HEBB_RELU)};
	hebb_error error;

	(void)state;
	layers[0].in = (hebb_shape){2, 3, 2};
	hebb_net *net = test_net(12, 2, layers, 1);
	const hebb_shape in = hebb_net_shape(net, -1), h = hebb_net_shape(net, 0),
			 out = hebb_net_shape(net, 1), none = hebb_net_shape(net, 2);
	assert_true(in.height == 2 && in.width == 3 && in.channels == 2);
	assert_memory_equal(&h, &in, sizeof in);
	assert_true(out.height == 1 && out.width == 1 && out.channels == 5);
	assert_int_equal(none.channels, 0);
	hebb_net_free(net);
	assert_null(hebb_net_new(13, 2, layers, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "2 x 3 x 2, but 13 values");
	layers[0].in.height = -2;
	layers[0].in.width = -3;
	assert_null(hebb_net_new(12, 2, layers, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "-2 x -3 x 2");
}

/* ---- Each struct in turn --------------------------------------------------------------------- */

enum { MUCH = 64 }; /* what a later version adds, in bytes */

/* A call with a struct of the test's, and what it must say if that has no size. */
struct act {
	hebb_status (*call)(void *object, hebb_error *error);
	const void *known; /* with which the call succeeds */
	size_t size;
	const char *constructor;
};

/* The struct as a program of another version has it. */
static hebb_status as(const struct act *act, size_t size, int last, hebb_error *error)
{
	_Alignas(16) unsigned char object[1024] = {0};

	assert_true(act->size + MUCH <= sizeof object);
	memcpy(object, act->known, act->size);
	memcpy(object, &size, sizeof size);
	object[act->size + MUCH - 1] = (unsigned char)last;
	return act->call(object, error);
}

/* Without a size it is refused; a later, longer one is taken if nothing new is in use. */
static void try_act(const struct act *act)
{
	hebb_error error;

	test_failed(as(act, 0, 0, &error), &error, HEBB_BAD_ARGUMENT, act->constructor);
	test_failed(as(act, sizeof(size_t), 0, &error), &error, HEBB_BAD_ARGUMENT,
		    act->constructor);
	test_ok(as(act, act->size, 0, &error), &error);
	test_ok(as(act, act->size + MUCH, 0, &error), &error);
	test_failed(as(act, act->size + MUCH, 1, &error), &error, HEBB_UNSUPPORTED,
		    "of a later version");
}

static double identity(void *self, double z)
{
	(void)self;
	return z;
}

static double squares(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	double J = 0;

	(void)self;
	for (int j = 0; j < outputs; j++) {
		J += (h[j] - y[j]) * (h[j] - y[j]);
		if (dJ)
			dJ[j] = 2 * (h[j] - y[j]);
	}
	return J;
}

static hebb_status add(void *self, int layer, long long count, float *values, hebb_error *error)
{
	(void)self, (void)layer, (void)count, (void)values, (void)error;
	return HEBB_OK;
}

static hebb_status wait_for(void *self, int count, double *numbers, hebb_error *error)
{
	(void)self, (void)count, (void)numbers, (void)error;
	return HEBB_OK;
}

static void *take(void *self, size_t bytes, size_t alignment)
{
	(void)self;
	return aligned_alloc(alignment, bytes);
}

static void give(void *self, void *memory, size_t bytes)
{
	(void)self, (void)bytes;
	free(memory);
}

static const float some_x[] = {1, 2}, some_y[] = {0, 1};

static hebb_net *small_net(void)
{
	const hebb_layer layer = hebb_dense(1, HEBB_SIGMOID);

	return test_net(1, 1, &layer, 1);
}

static hebb_status made(const void *object, const hebb_error *error)
{
	return object ? HEBB_OK : error->status;
}

/* A trainer of a recipe, made and freed. */
static hebb_status try_recipe(const hebb_recipe *recipe, hebb_error *error)
{
	hebb_net *net = small_net();
	hebb_trainer *trainer = hebb_trainer_new(net, recipe, NULL, error);
	hebb_status status = made(trainer, error);

	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}

static hebb_status call_recipe(void *object, hebb_error *error)
{
	return try_recipe(object, error);
}

static hebb_status call_loss(void *object, hebb_error *error)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = HEBB_LOSS_CUSTOM;
	recipe.loss_function = object;
	return try_recipe(&recipe, error);
}

static hebb_status call_reduce(void *object, hebb_error *error)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.reduce = object;
	return try_recipe(&recipe, error);
}

static hebb_status call_function(void *object, hebb_error *error)
{
	hebb_layer layer = hebb_dense(1, HEBB_CUSTOM);

	layer.function = object;
	hebb_net *net = hebb_net_new(1, 1, &layer, 1, NULL, error);
	hebb_status status = made(net, error);
	hebb_net_free(net);
	return status;
}

static hebb_status call_allocator(void *object, hebb_error *error)
{
	const hebb_layer layer = hebb_dense(1, HEBB_TANH);
	hebb_net *net = hebb_net_new(1, 1, &layer, 1, object, error);
	hebb_work *work = net ? hebb_work_new(net, 3, object, error) : NULL;
	hebb_status status = made(work, error);

	hebb_work_free(work);
	hebb_net_free(net);
	return status;
}

/* A call with a trainer of two rows. */
static hebb_trainer *some_trainer(hebb_net **net)
{
	hebb_recipe recipe = hebb_recipe_default();

	return test_trainer(*net = small_net(), &recipe);
}

static hebb_status call_array(void *object, hebb_error *error)
{
	hebb_net *net;
	hebb_trainer *trainer = some_trainer(&net);
	hebb_status status = hebb_trainer_get_array(trainer, 1, object, NULL, error);

	if (!status)
		assert_string_equal(((hebb_array *)object)->name, "layers.0.bias");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}

static hebb_status call_source(void *object, hebb_error *error)
{
	hebb_net *net;
	hebb_trainer *trainer = some_trainer(&net);
	hebb_status status = hebb_train(trainer, object, NULL, error);

	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}

static hebb_status call_arrays(void *object, hebb_error *error)
{
	hebb_source source = hebb_arrays_source(object);

	return call_source(&source, error);
}

static hebb_status call_evaluation(void *object, hebb_error *error)
{
	hebb_arrays arrays = {sizeof arrays, 2, 1, 1, some_x, some_y, NULL, NULL};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_net *net = small_net();
	hebb_status status = hebb_evaluate(net, HEBB_SQUARED, &source, object, error);

	if (!status)
		assert_int_equal(((hebb_evaluation *)object)->rows, 2);
	hebb_net_free(net);
	return status;
}

static hebb_status call_check(void *object, hebb_error *error)
{
	hebb_net *net = small_net();
	hebb_status status =
		hebb_check_gradient(net, HEBB_SQUARED, 2, some_x, some_y, 0, object, error);

	hebb_net_free(net);
	return status;
}

static hebb_status call_trace(void *object, hebb_error *error)
{
	const hebb_layer layer = hebb_dense(1, HEBB_TANH);
	const double parameters[] = {1, 0}, x = 1;

	return hebb_trace_example(1, 1, &layer, HEBB_SQUARED, parameters, &x, &x, object, error);
}

static void each_of_the_core(void **state)
{
	const hebb_recipe recipe = hebb_recipe_default();
	const hebb_loss_function loss = hebb_loss_of("mine", squares, NULL);
	const hebb_reduce reduce = hebb_reduce_by(add, wait_for, NULL);
	const hebb_allocator allocator = hebb_allocator_of(NULL, take, give);
	const hebb_array array = hebb_array_default();
	const hebb_arrays arrays = {sizeof arrays, 2, 1, 1, some_x, some_y, NULL, NULL};
	const hebb_source source = hebb_arrays_source(&arrays);
	const hebb_evaluation evaluation = hebb_evaluation_default();
	const hebb_gradient_check check = hebb_gradient_check_default();
	const hebb_trace trace = hebb_trace_default();
	hebb_function function = hebb_function_default();
	const struct act acts[] = {
		{call_recipe, &recipe, sizeof recipe, "hebb_recipe_default()"},
		{call_loss, &loss, sizeof loss, "hebb_loss_of()"},
		{call_reduce, &reduce, sizeof reduce, "hebb_reduce_by()"},
		{call_function, &function, sizeof function, "hebb_function_default()"},
		{call_allocator, &allocator, sizeof allocator, "hebb_allocator_of()"},
		{call_array, &array, sizeof array, "hebb_array_default()"},
		{call_source, &source, sizeof source, "hebb_source_default()"},
		{call_arrays, &arrays, sizeof arrays, "hebb_arrays_default()"},
		{call_evaluation, &evaluation, sizeof evaluation, "hebb_evaluation_default()"},
		{call_check, &check, sizeof check, "hebb_gradient_check_default()"},
		{call_trace, &trace, sizeof trace, "hebb_trace_default()"},
	};

	(void)state;
	function.name = "same";
	function.f = function.derivative = identity;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		try_act(&acts[i]);
}

/* A list whose counters have a field more, and one without a size. */
static void counters(void **state)
{
	struct later_counter {
		hebb_counter counter;
		double new_field;
	} list[64] = {{.counter = {.size = sizeof list[0]}}};
	hebb_counter known[64] = {hebb_counter_default()}, no_size[64] = {{.value = 7}};
	hebb_net *net;
	hebb_trainer *trainer = some_trainer(&net);
	int count = hebb_trainer_counters(trainer, known);
	hebb_error error;

	(void)state;
	assert_true(count > 0 && count < 64);
	list[3].new_field = 1;
	assert_int_equal(hebb_trainer_counters(trainer, &list[0].counter), count);
	for (int i = 0; i < count; i++) {
		assert_true(list[i].new_field == 0); /* what the library does not know is 0 */
		assert_string_equal(list[i].counter.name, known[i].name);
		assert_memory_equal(&list[i].counter.value, &known[i].value, sizeof(double));
	}
	assert_int_equal(hebb_trainer_set_counters(trainer, count, &list[0].counter, &error),
			 HEBB_OK);
	list[3].new_field = 1;
	test_failed(hebb_trainer_set_counters(trainer, count, &list[0].counter, &error), &error,
		    HEBB_UNSUPPORTED, "of a later version");
	assert_int_equal(hebb_trainer_counters(trainer, no_size), -1);
	assert_true(no_size[0].value == 7 && !no_size[0].name);
	test_failed(hebb_trainer_set_counters(trainer, count, no_size, &error), &error,
		    HEBB_BAD_ARGUMENT, "hebb_counter_default()");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* ---- Of hebb_io.h ---- */

static hebb_table *digits;
static hebb_coding *coding;
static hebb_dataset *images;
static hebb_model *model;

static int open_io(void **state)
{
	const hebb_layer layer = hebb_dense(10, HEBB_SOFTMAX);

	(void)state;
	digits = hebb_table_digits(NULL);
	coding = hebb_coding_fit(digits, NULL, 20, NULL, NULL);
	images = hebb_coding_apply(coding, digits, 1, 20, NULL, NULL);
	hebb_net *net = test_net(64, 1, &layer, 1);
	model = hebb_model_new(net, coding, HEBB_CROSS_ENTROPY, NULL, NULL);
	hebb_net_free(net);
	return !images || !model;
}

static int close_io(void **state)
{
	(void)state;
	hebb_model_free(model);
	hebb_dataset_free(images);
	hebb_coding_free(coding);
	hebb_table_free(digits);
	return 0;
}

static hebb_status call_options(void *object, hebb_error *error)
{
	hebb_coding *fitted = hebb_coding_fit(digits, object, 20, NULL, error);
	hebb_status status = made(fitted, error);

	hebb_coding_free(fitted);
	return status;
}

static hebb_status call_augmentation(void *object, hebb_error *error)
{
	hebb_augmented *augmented = hebb_augmented_new(images, coding, object, error);
	hebb_status status = made(augmented, error);

	hebb_augmented_free(augmented);
	return status;
}

static hebb_status call_block(void *object, hebb_error *error)
{
	hebb_table *table = hebb_table_from_arrays("t", 2, 1, object, error);
	hebb_status status = made(table, error);

	hebb_table_free(table);
	return status;
}

static hebb_status call_prediction(void *object, hebb_error *error)
{
	hebb_status status = hebb_model_predict_table(model, digits, 5, NULL, object, error);

	if (!status)
		assert_int_equal(((hebb_prediction *)object)->answered, 5);
	return status;
}

static hebb_status call_table_options(void *object, hebb_error *error)
{
	hebb_table *table = hebb_table_parse_with("a,b\n1,2\n", 8, "x", object, error);
	hebb_status status = table ? HEBB_OK : error ? error->status : HEBB_BAD_ARGUMENT;

	hebb_table_free(table);
	return status;
}

static hebb_status call_model_evaluation(void *object, hebb_error *error)
{
	hebb_status status = hebb_model_evaluate(model, digits, 5, NULL, object, error);

	if (!status)
		assert_int_equal(((hebb_evaluation *)object)->rows, 5);
	return status;
}

static void each_of_io(void **state)
{
	const hebb_coding_options options = hebb_coding_options_default();
	const hebb_table_options reading = hebb_table_options_default();
	const hebb_augmentation augmentation = hebb_augmentation_default(8, 8);
	const hebb_block block = hebb_floats(1, some_x, NULL);
	const hebb_prediction prediction = hebb_prediction_default();
	const hebb_evaluation evaluation = hebb_evaluation_default();
	const struct act acts[] = {
		{call_options, &options, sizeof options, "hebb_coding_options_default()"},
		{call_table_options, &reading, sizeof reading, "hebb_table_options_default()"},
		{call_augmentation, &augmentation, sizeof augmentation,
		 "hebb_augmentation_default()"},
		{call_block, &block, sizeof block, "hebb_floats()"},
		{call_prediction, &prediction, sizeof prediction, "hebb_prediction_default()"},
		{call_model_evaluation, &evaluation, sizeof evaluation,
		 "hebb_evaluation_default()"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		try_act(&acts[i]);
}

/* A program of an earlier version has fewer fields: the others have their defaults, and nothing is
 * written behind its end. */
static void shorter_ones(void **state)
{
	hebb_evaluation evaluation = {.size = offsetof(hebb_evaluation, accuracy), .r2 = 7};
	hebb_augmentation augmentation;
	hebb_coding_options options;
	hebb_allocator allocator;
	hebb_arena arena = {0};
	hebb_error error;

	(void)state;
	memset(&options, 0xaa, sizeof options);
	hebb_coding_options_init(&options, offsetof(hebb_coding_options, pixels_alike));
	assert_int_equal(options.size, offsetof(hebb_coding_options, pixels_alike));
	assert_int_equal(options.pixels_alike, (int)0xaaaaaaaa);
	assert_int_equal(call_options(&options, NULL), HEBB_OK);
	memset(&augmentation, 0xaa, sizeof augmentation);
	hebb_augmentation_init(&augmentation, offsetof(hebb_augmentation, seed), 8, 8);
	assert_true(augmentation.seed == 0xaaaaaaaaaaaaaaaa);
	assert_int_equal(call_augmentation(&augmentation, NULL), HEBB_OK);
	hebb_arena_allocator_init(&allocator, sizeof allocator, &arena);
	assert_int_equal(allocator.size, sizeof allocator);
	assert_int_equal(call_allocator(&allocator, NULL), HEBB_OK);
	allocator = hebb_allocator_of(NULL, take, NULL);
	assert_int_equal(call_allocator(&allocator, &error), HEBB_BAD_ARGUMENT);
	assert_non_null(strstr(error.message, "release"));
	assert_int_equal(call_model_evaluation(&evaluation, NULL), HEBB_OK);
	assert_true(evaluation.loss > 0 && evaluation.r2 == 7);
}

static void a_checkpoint(void **state)
{
	hebb_net *net;
	hebb_trainer *trainer = some_trainer(&net);
	hebb_array about = hebb_array_default(), no_size = {.rows = 7};
	unsigned char *bytes;
	size_t size;

	(void)state;
	assert_int_equal(hebb_checkpoint_format(trainer, NULL, &bytes, &size, NULL), HEBB_OK);
	hebb_checkpoint *checkpoint = hebb_checkpoint_parse(bytes, size, "c", NULL);
	assert_non_null(checkpoint);
	assert_true(hebb_checkpoint_arrays(checkpoint, 0, &about) > 0 && about.name[0]);
	assert_int_equal(hebb_checkpoint_arrays(checkpoint, 0, &no_size), -1);
	assert_int_equal(no_size.rows, 7);
	hebb_checkpoint_free(checkpoint);
	free(bytes);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_longer_layer),   cmocka_unit_test(a_shorter_layer),
		cmocka_unit_test(without_a_size),   cmocka_unit_test(a_shorter_result),
		cmocka_unit_test(each_of_the_core), cmocka_unit_test(each_of_io),
		cmocka_unit_test(shorter_ones),     cmocka_unit_test(counters),
		cmocka_unit_test(a_checkpoint),     cmocka_unit_test(shapes)};

	return cmocka_run_group_tests(tests, open_io, close_io);
}
