/* SPDX-License-Identifier: MIT */
/*
 * test_refused.c - every allocation of the libraries refused once: an error with a sentence, and
 * nothing is lost
 *
 * Each act makes something from the beginning and frees it.  It is played with its first allocation
 * refused, then its second, and so on until it gets all that it asks for.  The linker leads
 * malloc() and its kin here, jansson asks here too, and what is taken is counted against what is
 * freed.  zlib and the C library ask elsewhere.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <jansson.h>
#include <unistd.h>
#include <zlib.h>
#include "predict_one.h"
#include "test.h"
#include "hebb_study.h"
#include "seal.h"

/* ---- What is asked for ---- */

static long long calls, out; /* out: blocks */
static long long refused;    /* the call that gets nothing; 0: none */
static int by_jansson;       /* that call was jansson's */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *memory);

static int is_granted(void)
{
	int granted = ++calls != refused;

	out += granted;
	errno = granted ? errno : ENOMEM;
	return granted;
}

void *__wrap_malloc(size_t size)
{
	return is_granted() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return is_granted() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
	if (!is_granted())
		return NULL;
	out -= memory != NULL;
	return __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return is_granted() ? __real_aligned_alloc(alignment, size) : NULL;
}

char *__wrap_strdup(const char *text)
{
	return is_granted() ? __real_strdup(text) : NULL;
}

void __wrap_free(void *memory)
{
	out -= memory != NULL;
	__real_free(memory);
}

/* Jansson's parser (2.14) writes behind its text if that could not grow, which it does to powers of
 * two: these it gets. */
static void *take_json(size_t size)
{
	if (size > 16 && (size & (size - 1)) == 0) {
		out++;
		return __real_malloc(size);
	}
	by_jansson |= calls + 1 == refused;
	return __wrap_malloc(size);
}

/* ---- What there is before ---- */

enum { INPUTS = 4, OUTPUTS = 3, ROWS = 36, SIDE = 4 };

static const hebb_layer layers[] = {{.size = sizeof(hebb_layer),
				     .kind = HEBB_DENSE,
				     .activation = HEBB_LINEAR,
				     .start = HEBB_START_ORTHOGONAL,
				     .units = 6},
				    {.size = sizeof(hebb_layer),
				     .kind = HEBB_BATCH_NORM,
				     .activation = HEBB_RELU,
				     .start = HEBB_START_AUTO},
				    {.size = sizeof(hebb_layer),
				     .kind = HEBB_DROPOUT,
				     .activation = HEBB_LINEAR,
				     .start = HEBB_START_AUTO,
				     .rate = 0.25f},
				    {.size = sizeof(hebb_layer),
				     .kind = HEBB_DENSE,
				     .activation = HEBB_TANH,
				     .start = HEBB_START_NGUYEN_WIDROW,
				     .units = 6},
				    {.size = sizeof(hebb_layer),
				     .kind = HEBB_LAYER_NORM,
				     .activation = HEBB_TANH,
				     .start = HEBB_START_AUTO},
				    {.size = sizeof(hebb_layer),
				     .kind = HEBB_ADD,
				     .activation = HEBB_LINEAR,
				     .start = HEBB_START_AUTO,
				     .from = 2},
				    {.size = sizeof(hebb_layer),
				     .kind = HEBB_DENSE,
				     .activation = HEBB_SOFTMAX,
				     .start = HEBB_START_AUTO,
				     .units = OUTPUTS}},
			quiet[] = {{.size = sizeof(hebb_layer),
				    .kind = HEBB_DENSE,
				    .activation = HEBB_TANH,
				    .start = HEBB_START_AUTO,
				    .units = 5},
				   {.size = sizeof(hebb_layer),
				    .kind = HEBB_DENSE,
				    .activation = HEBB_SOFTMAX,
				    .start = HEBB_START_AUTO,
				    .units = OUTPUTS}},
			wide[] = {{.size = sizeof(hebb_layer),
				   .kind = HEBB_DENSE,
				   .activation = HEBB_TANH,
				   .start = HEBB_START_AUTO,
				   .units = 4200},
				  {.size = sizeof(hebb_layer),
				   .kind = HEBB_DENSE,
				   .activation = HEBB_SOFTMAX,
				   .start = HEBB_START_AUTO,
				   .units = OUTPUTS}};
enum { L = COUNT_OF(layers) };

static const char doubles[] = "time,amount,code\n1700000000,100000000.25,01\n"
			      "1700000060,100000001.5,1\n1700000123,100000003,2\n";

static struct world {
	hebb_recipe recipe;
	float *x, *y;
	hebb_net *net, *wide;
	hebb_trainer *trainer; /* trained */
	char csv[4096], folder[64], path[128], written[128], onnx_path[128], checkpoint_path[128];
	unsigned char images[16 + ROWS * SIDE * SIDE], labels[8 + ROWS];
	hebb_table *table, *pictures, *exact;
	hebb_coding *coding, *picture_coding;
	hebb_dataset *dataset, *picture_set;
	hebb_model *model;
	unsigned char *onnx, *checkpoint;
	size_t onnx_size, checkpoint_size;
	long long row[ROWS];
} w;

static hebb_source rows_of(struct test_rows *rows)
{
	*rows = (struct test_rows){INPUTS, OUTPUTS, w.x, w.y};
	return test_source(rows, ROWS);
}

/* ---- The acts: of the core ---- */

static hebb_status make_net(hebb_error *error)
{
	hebb_net *net = hebb_net_new(INPUTS, L, layers, 1, NULL, error);

	hebb_net_free(net);
	return net ? HEBB_OK : error->status;
}

static hebb_status copy_net(hebb_error *error)
{
	hebb_net *net = hebb_net_copy(w.net, NULL, error);

	hebb_net_free(net);
	return net ? HEBB_OK : error->status;
}

static hebb_status fold_net(hebb_error *error)
{
	hebb_net *net = hebb_net_fold(w.net, NULL, error);

	hebb_net_free(net);
	return net ? HEBB_OK : error->status;
}

static hebb_status make_work(hebb_error *error)
{
	hebb_work *work = hebb_work_new(w.net, 5, NULL, error);

	hebb_work_free(work);
	return work ? HEBB_OK : error->status;
}

static hebb_status make_whole_work(hebb_error *error)
{
	hebb_work *work = hebb_work_new_whole(w.net, 5, NULL, error);

	hebb_work_free(work);
	return work ? HEBB_OK : error->status;
}

static hebb_status make_backward_work(hebb_error *error)
{
	hebb_work *work = hebb_work_new_backward(w.net, 5, NULL, error);

	hebb_work_free(work);
	return work ? HEBB_OK : error->status;
}

static hebb_status predict(hebb_error *error)
{
	float h[OUTPUTS];

	return hebb_predict(w.wide, w.x, h, error);
}

static hebb_status check_gradient(hebb_error *error)
{
	hebb_gradient_check check = hebb_gradient_check_default();

	return hebb_check_gradient(w.net, HEBB_CROSS_ENTROPY, 4, w.x, w.y, 2, &check, error);
}

static hebb_status trace(hebb_error *error)
{
	double x[INPUTS] = {1}, p[5 * INPUTS + 5 + 5 * OUTPUTS + OUTPUTS] = {0.5};
	hebb_trace trace = {.size = sizeof(hebb_trace)};

	return hebb_trace_example(INPUTS, 2, quiet, HEBB_CROSS_ENTROPY, p, x, NULL, &trace, error);
}

static hebb_status train_by(const hebb_recipe *recipe, hebb_error *error)
{
	int whole = recipe->rule == HEBB_RPROP || recipe->rule == HEBB_LBFGS;
	hebb_net *net = hebb_net_new(INPUTS, whole ? 2 : L, whole ? quiet : layers, 1, NULL, error);
	hebb_trainer *trainer = net ? hebb_trainer_new(net, recipe, NULL, error) : NULL;
	struct test_rows rows;
	hebb_source source = rows_of(&rows);
	hebb_status status = trainer ? hebb_train(trainer, &source, &source, error) : error->status;

	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}

static hebb_status every_rule(hebb_error *error)
{
	hebb_status status = HEBB_OK;

	for (int rule = HEBB_SGD; hebb_rule_name((hebb_rule)rule) && !status; rule++) {
		hebb_recipe recipe = w.recipe;
		int whole = rule == HEBB_RPROP || rule == HEBB_LBFGS;

		recipe.rule = (hebb_rule)rule;
		recipe.batch = whole ? 0 : 9;
		recipe.average = whole ? 0 : 0.9;
		recipe.threads = 3;
		status = train_by(&recipe, error);
	}
	return status;
}

static double own_loss(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	(void)self;
	for (int j = 0; j < outputs && dJ; j++)
		dJ[j] = h[j] - y[j];
	return 0;
}

static hebb_status add_alone(void *self, int layer, long long count, float *values,
			     hebb_error *error)
{
	(void)self, (void)layer, (void)count, (void)values, (void)error;
	return HEBB_OK;
}

static hebb_status wait_alone(void *self, int count, double *numbers, hebb_error *error)
{
	(void)self, (void)count, (void)numbers, (void)error;
	return HEBB_OK;
}

static hebb_status with_functions(hebb_error *error)
{
	const hebb_loss_function loss = hebb_loss_of("own", own_loss, NULL);
	const hebb_reduce reduce = hebb_reduce_by(add_alone, wait_alone, NULL);
	hebb_recipe recipe = w.recipe;

	recipe.loss = HEBB_LOSS_CUSTOM;
	recipe.loss_function = &loss;
	recipe.reduce = &reduce;
	return train_by(&recipe, error);
}

static hebb_status bfloat16(hebb_error *error)
{
	const struct hb_bf16_kernels *bf16 = w.net->plan->kernels->bf16;
	hebb_recipe recipe = w.recipe;

	recipe.precision = HEBB_BFLOAT16;
	return bf16 && bf16->available() ? train_by(&recipe, error) : HEBB_OK;
}

static hebb_status evaluate(hebb_error *error)
{
	struct test_rows rows;
	hebb_source source = rows_of(&rows);
	hebb_evaluation result = hebb_evaluation_default();

	return hebb_evaluate(w.net, HEBB_CROSS_ENTROPY, &source, &result, error);
}

/* ---- Of data ---- */

static hebb_status parse(const void *bytes, size_t size, hebb_error *error)
{
	hebb_table *table = hebb_table_parse(bytes, size, "bytes", HEBB_HEADER_AUTO, error);

	hebb_table_free(table);
	return table ? HEBB_OK : error->status;
}

static hebb_status parse_csv(hebb_error *error)
{
	return parse(w.csv, strlen(w.csv), error);
}

static hebb_status parse_idx(hebb_error *error)
{
	return parse(w.images, sizeof w.images, error);
}

static hebb_status read_table(const char *path, hebb_error *error)
{
	hebb_table *table = hebb_table_read(path, HEBB_HEADER_AUTO, error);

	hebb_table_free(table);
	return table ? HEBB_OK : error->status;
}

static hebb_status read_csv(hebb_error *error)
{
	return read_table(w.path, error);
}

static hebb_status csv_rows(hebb_error *error)
{
	static const char text[] = "n\xe4me,n\n\"a \"\"b\"\"\",1\nc,2\n"; /* Latin-1 */
	const int column[] = {1, 0};
	const char *field[2];
	hebb_table *table = hebb_table_parse(text, sizeof text - 1, "t", HEBB_HEADER_YES, error);
	hebb_csv_rows *rows = table ? hebb_csv_rows_new(text, sizeof text - 1, table, error) : NULL;
	hebb_status status =
		rows ? hebb_csv_rows_next(rows, 2, column, field, error) : error->status;

	hebb_csv_rows_free(rows);
	hebb_table_free(table);
	return status;
}

/* UTF-16, and Latin-1 with a column of doubles, in windows of a row or two. */
static hebb_status stream(hebb_error *error)
{
	static const char pairs[] = "\xff\xfe"
				    "a\0\n\0"
				    "1\0\n\0"
				    "x\0\n\0";
	static const char narrow[] = "n\xe4me,n\nx,1.5\n\"a \"\"b\"\"\",0.1234567891\n"
				     "c,5\xa4\n\xe9,7\n";
	hebb_table *table = NULL;

	error->status = HEBB_OK;
	for (int i = 0; i < 2 && !error->status; i++) {
		hebb_stream *all =
			hb_stream_of(i ? pairs : narrow, (i ? sizeof pairs : sizeof narrow) - 1,
				     "t", NULL, 8, 1, error);

		while (all && hebb_stream_next(all, &table, error) == HEBB_OK && table)
			hebb_table_free(table);
		hebb_stream_free(all);
	}
	return error->status;
}

static hebb_status stream_file(hebb_error *error)
{
	hebb_table *table = NULL;
	hebb_stream *all = hebb_stream_new(w.path, NULL, error);
	hebb_status status = all ? hebb_stream_next(all, &table, error) : error->status;

	hebb_table_free(table);
	hebb_stream_free(all);
	return status;
}

static hebb_status stream_digits(hebb_error *error)
{
	hebb_stream *all = hebb_stream_new("digits", NULL, error);

	hebb_stream_free(all);
	return all ? HEBB_OK : error->status;
}

static hebb_status read_idx(hebb_error *error)
{
	return read_table(w.folder, error);
}

static hebb_status digits(hebb_error *error)
{
	return read_table("digits", error);
}

static hebb_status make_table(hebb_error *error)
{
	static const float x[2][2] = {{1, 2}, {3, 4}};
	static const char *const text[] = {"b", "a"}, *const names[] = {"x", "y", "z"};
	const hebb_block blocks[] = {hebb_floats(2, x[0], names), hebb_texts(1, text, names + 2)};
	hebb_table *table = hebb_table_from_arrays("arrays", 2, 2, blocks, error);

	hebb_table_free(table);
	return table ? HEBB_OK : error->status;
}

static hebb_status find(hebb_error *error)
{
	return hebb_table_find(w.table, "size", error) < 0 ? error->status : HEBB_OK;
}

static hebb_status make_meter(hebb_error *error)
{
	hebb_meter *meter = hebb_meter_new(error);
	hebb_status status = meter ? HEBB_OK : error->status;

	hebb_meter_free(meter);
	return status;
}

static hebb_status split(hebb_error *error)
{
	long long row[ROWS], held;
	hebb_status status;

	memcpy(row, w.row, sizeof row);
	status = hebb_split(w.table, 3, 0.4, 1, 1, ROWS, row, row, &held, error);
	return status ? status : hebb_split_folds(w.table, 3, 3, 1, 1, ROWS, row, row, error);
}

static hebb_status choose(hebb_error *error)
{
	unsigned char chosen[8] = {0};

	return hebb_table_select(w.table, "1,s*,2-3", chosen, error);
}

static hebb_status list(hebb_error *error)
{
	int count;
	int *column = hebb_table_list(w.table, "3,s*,1-2", &count, error);

	free(column);
	return column ? HEBB_OK : error->status;
}

/* A CSV text with marks, and lists of columns. */
static hebb_status parse_listed(hebb_error *error)
{
	static const char text[] = "zip,n\n1,2\n2,-\n3,4\n4,5\n";
	hebb_table_options options = hebb_table_options_default();

	options.text = "z*";
	options.numeric = "2-2";
	hebb_table *table = hebb_table_parse_with(text, sizeof text - 1, "t.csv", &options, error);
	hebb_table_free(table);
	return table ? HEBB_OK : error->status;
}

static hebb_status split_groups(hebb_error *error)
{
	long long row[ROWS], rows[3], held;
	hebb_status status =
		hebb_split_groups(w.table, 3, 0.4, 1, 1, ROWS, w.row, row, &held, error);

	if (!status)
		status = hebb_split_group_folds(w.table, 3, 2, 1, 1, ROWS, row, row, rows, error);
	return status ? status : hebb_split_sort(w.table, 3, ROWS, row, row, error);
}

static hebb_coding *fit(const hebb_table *table, hebb_task task, int target, hebb_error *error)
{
	hebb_coding_options options = hebb_coding_options_default();

	options.missing = HEBB_MISSING_MEAN;
	options.task = task;
	options.target_count = 1;
	options.targets = &target;
	return hebb_coding_fit(table, &options, table->rows < ROWS ? table->rows : ROWS, w.row,
			       error);
}

/* Fits a coding to a column and applies it. */
static hebb_status code(hebb_task task, int target, hebb_error *error)
{
	hebb_coding *coding = fit(w.table, task, target, error);
	hebb_dataset *dataset =
		coding ? hebb_coding_apply(coding, w.table, 1, ROWS, w.row, error) : NULL;

	hebb_dataset_free(dataset);
	hebb_coding_free(coding);
	return dataset ? HEBB_OK : error->status;
}

static hebb_status code_classes(hebb_error *error)
{
	return code(HEBB_CLASSIFICATION, 3, error);
}

static hebb_status code_counts(hebb_error *error)
{
	return code(HEBB_CLASSIFICATION, 2, error);
}

static hebb_status code_numbers(hebb_error *error)
{
	return code(HEBB_REGRESSION, 2, error);
}

/* A model that takes and gives doubles, there and back, and one prediction. */
static hebb_status code_doubles(hebb_error *error)
{
	const double raw[] = {1700000060, 1};
	double answer;
	unsigned char *bytes = NULL;
	size_t size = 0;
	hebb_coding *coding = fit(w.exact, HEBB_REGRESSION, 1, error);
	hebb_model made = {.coding = coding, .loss = HEBB_SQUARED}, *read = NULL;
	const hebb_layer one[] = {hebb_dense(1, HEBB_LINEAR)};

	if (coding)
		made.net = hebb_net_new(2, 1, one, 1, NULL, error);
	if (made.net && !hebb_model_format(&made, &bytes, &size, error))
		read = hebb_model_parse(bytes, size, "it.onnx", error);
	hebb_status status = read ? predict_doubles(read, raw, &answer, error) : error->status;
	free(bytes);
	hebb_model_free(read);
	hebb_net_free(made.net);
	hebb_coding_free(coding);
	return status;
}

/* What is outside of training, and how much the columns drifted. */
static hebb_status compare_rows(hebb_error *error)
{
	hebb_coding *coding = fit(w.table, HEBB_REGRESSION, 2, error);
	hebb_limits *limits = coding ? hebb_limits_new(coding, w.table, error) : NULL;
	hebb_drift *drift = limits ? hebb_drift_new(coding, error) : NULL;
	hebb_status status =
		drift ? hebb_drift_add(drift, w.table, ROWS, w.row, error) : error->status;

	hebb_drift_free(drift);
	hebb_limits_free(limits);
	hebb_coding_free(coding);
	return status;
}

/* Classes that are written in several ways. */
static hebb_status code_spellings(hebb_error *error)
{
	hebb_coding *coding = fit(w.exact, HEBB_CLASSIFICATION, 2, error);
	hebb_dataset *dataset =
		coding ? hebb_coding_apply(coding, w.exact, 1, w.exact->rows, NULL, error) : NULL;

	hebb_dataset_free(dataset);
	hebb_coding_free(coding);
	return dataset ? HEBB_OK : error->status;
}

static hebb_status view(hebb_error *error)
{
	hebb_coding *coding = fit(w.pictures, HEBB_CLASSIFICATION, SIDE * SIDE, error);
	hebb_dataset *dataset =
		coding ? hebb_coding_view(coding, w.pictures, 1, ROWS, w.row, error) : NULL;

	hebb_dataset_free(dataset);
	hebb_coding_free(coding);
	return dataset ? HEBB_OK : error->status;
}

/* Trains for an epoch on changed images. */
static hebb_status augment(hebb_error *error)
{
	hebb_augmentation options = hebb_augmentation_default(SIDE, SIDE);
	hebb_augmented *augmented;
	hebb_net *net = hebb_net_new(SIDE * SIDE, 2, quiet, 1, NULL, error);
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &w.recipe, NULL, error) : NULL;
	hebb_status status = trainer ? HEBB_OK : error->status;

	options.elastic = 2;
	options.sigma = 1;
	options.cutout = 2;
	options.mixup = 0.5;
	augmented = status ? NULL
			   : hebb_augmented_new(w.picture_set, w.picture_coding, &options, error);
	if (augmented) {
		hebb_source source = hebb_augmented_source(augmented);

		status = hebb_train(trainer, &source, &source, error);
	} else if (!status) {
		status = error->status;
	}
	hebb_augmented_free(augmented);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}

/* ---- Of files ---- */

static hebb_status format_model(hebb_error *error)
{
	unsigned char *bytes = NULL;
	size_t size;
	hebb_status status = hebb_model_format(w.model, &bytes, &size, error);

	free(bytes);
	return status;
}

static hebb_status parse_model(hebb_error *error)
{
	hebb_model *model = hebb_model_parse(w.onnx, w.onnx_size, "model", error);

	hebb_model_free(model);
	return model ? HEBB_OK : error->status;
}

/* A graph of texts, gaps and numbers: made, read, refused at its first node, and listed. */
static hebb_status full_graph(hebb_error *error)
{
	static const char text[] = "a,b,b,y\n1,p,u,1\n,q,v,2\n3,,u,3\n2,p,,4\n";
	const hebb_layer one[] = {hebb_dense(1, HEBB_LINEAR)};
	unsigned char *bytes = NULL;
	size_t size = 0;
	int inputs;
	hebb_table *table = hebb_table_parse(text, sizeof text - 1, "it", HEBB_HEADER_YES, error);
	hebb_coding *coding = table ? fit(table, HEBB_REGRESSION, 3, error) : NULL;
	hebb_model made = {.coding = coding, .loss = HEBB_SQUARED}, *read = NULL;
	hebb_graph_input *input = NULL;

	if (coding)
		made.net = hebb_net_new(coding->width, 1, one, 1, NULL, error);
	if (made.net && !hebb_model_format(&made, &bytes, &size, error))
		read = hebb_model_parse(bytes, size, "it.onnx", error);
	if (read)
		input = hebb_model_graph_inputs(read, &inputs, error);
	hebb_status status = input ? HEBB_OK : error->status;
	free(input);
	hebb_model_free(read);
	free(bytes);
	hebb_net_free(made.net);
	hebb_coding_free(coding);
	hebb_table_free(table);
	return status;
}

/* Columns that are encoded, there and back: of a graph with texts, and of a numeric one whose
 * targets are transformed. */
static hebb_status encoded_graph(hebb_error *error)
{
	static const char text[] = "a,b,c,y\n1,p,1,1\n,q,2,2\n3,,2,3\n2,p,4,4\n";
	const int numbers[] = {2};
	const hebb_layer one[] = {hebb_dense(1, HEBB_LINEAR)};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_table *table = hebb_table_parse(text, sizeof text - 1, "it", HEBB_HEADER_YES, error);
	hebb_status status = table ? HEBB_OK : error->status;

	options.scaling = HEBB_SCALING_PIECEWISE;
	options.task = HEBB_REGRESSION;
	options.inputs = numbers;
	for (int i = 0; i < 2 && !status; i++) {
		unsigned char *bytes = NULL;
		size_t size = 0;
		options.input_count = i;
		options.target_transform = i ? HEBB_TARGET_QUANTILE : 0;
		hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, error);
		hebb_coding *copy = coding ? hebb_coding_copy(coding, error) : NULL;
		hebb_model made = {.coding = copy, .loss = HEBB_SQUARED}, *read = NULL;
		if (copy)
			made.net = hebb_net_new(copy->width, 1, one, 1, NULL, error);
		if (made.net && !hebb_model_format(&made, &bytes, &size, error))
			read = hebb_model_parse(bytes, size, "it.onnx", error);
		status = read ? HEBB_OK : error->status;
		hebb_model_free(read);
		free(bytes);
		hebb_net_free(made.net);
		hebb_coding_free(copy);
		hebb_coding_free(coding);
	}
	hebb_table_free(table);
	return status;
}

/* A file of other nodes than it describes is refused; to say how takes memory. */
static hebb_status altered_graph(hebb_error *error)
{
	unsigned char *copy = malloc(w.onnx_size);
	hebb_model *model;

	if (!copy)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	memcpy(copy, w.onnx, w.onnx_size);
	for (size_t i = 0; i + 4 < w.onnx_size; i++)
		if (!memcmp(copy + i, "Gemm", 4)) {
			copy[i] = 'g';
			break;
		}
	seal(copy, w.onnx_size);
	model = hebb_model_parse(copy, w.onnx_size, "it", error);
	free(copy);
	assert_null(model);
	return error->status == HEBB_BAD_FORMAT ? HEBB_OK : error->status;
}

static hebb_status keep_model(hebb_error *error)
{
	hebb_status status = hebb_model_write(w.model, "/dev/null", error);
	hebb_model *model = status ? NULL : hebb_model_read(w.onnx_path, error);

	hebb_model_free(model);
	return model ? HEBB_OK : error->status;
}

static hebb_status new_model(hebb_error *error)
{
	hebb_model *model = hebb_model_new(w.net, w.coding, HEBB_CROSS_ENTROPY, "{}", error);

	hebb_model_free(model);
	return model ? HEBB_OK : error->status;
}

static hebb_status predict_many(hebb_error *error)
{
	enum { MANY = 300 };
	const char *color[MANY];
	int numbers[2 * MANY];
	const hebb_block blocks[] = {hebb_texts(1, color, NULL), hebb_integers(2, numbers, NULL)};
	hebb_prediction prediction = hebb_prediction_default();
	hebb_status status =
		hebb_model_predict_table(w.model, w.table, ROWS, NULL, &prediction, error);

	for (int i = 0; i < MANY; i++) {
		color[i] = i % 2 ? "red" : "pink";
		numbers[2 * i] = numbers[2 * i + 1] = i;
	}
	return status ? status : hebb_model_predict(w.model, MANY, 2, blocks, &prediction, error);
}

static hebb_status format_checkpoint(hebb_error *error)
{
	unsigned char *bytes = NULL;
	size_t size;
	hebb_status status = hebb_checkpoint_format(w.trainer, "{}", &bytes, &size, error);

	free(bytes);
	return status;
}

/* Reads a checkpoint and goes on from it. */
static hebb_status restore(hebb_error *error)
{
	hebb_checkpoint *checkpoint =
		hebb_checkpoint_parse(w.checkpoint, w.checkpoint_size, "checkpoint", error);
	hebb_net *net = checkpoint ? hebb_net_new(INPUTS, L, layers, 1, NULL, error) : NULL;
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &w.recipe, NULL, error) : NULL;
	hebb_status status =
		trainer ? hebb_checkpoint_restore(checkpoint, trainer, error) : error->status;

	hebb_trainer_free(trainer);
	hebb_net_free(net);
	hebb_checkpoint_free(checkpoint);
	return status;
}

static hebb_status keep_checkpoint(hebb_error *error)
{
	hebb_status status = hebb_checkpoint_write(w.trainer, NULL, "/dev/null", error);
	hebb_checkpoint *checkpoint =
		status ? NULL : hebb_checkpoint_read(w.checkpoint_path, error);

	hebb_checkpoint_free(checkpoint);
	return checkpoint ? HEBB_OK : error->status;
}

/* Through a symbolic link. */
static hebb_status keep_bytes(hebb_error *error)
{
	unsigned char *bytes = NULL;
	size_t size;
	hebb_status status = hebb_file_write(w.written, "abc", 3, error);

	status = status ? status : hebb_file_read(w.written, &bytes, &size, error);
	free(bytes);
	return status;
}

/* A checkpoint of another network: the sentence that says so takes memory too. */
static hebb_status restore_another(hebb_error *error)
{
	hebb_checkpoint *checkpoint =
		hebb_checkpoint_parse(w.checkpoint, w.checkpoint_size, "checkpoint", error);
	hebb_net *net = checkpoint ? hebb_net_new(INPUTS, 2, quiet, 1, NULL, error) : NULL;
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &w.recipe, NULL, error) : NULL;
	hebb_status status =
		trainer ? hebb_checkpoint_restore(checkpoint, trainer, error) : error->status;

	hebb_trainer_free(trainer);
	hebb_net_free(net);
	hebb_checkpoint_free(checkpoint);
	return status == HEBB_BAD_SHAPE ? HEBB_OK : status;
}

/* Splits, codes, trains, scores and records; not what the doctor says, who stays silent without
 * memory. */
static hebb_status run_study(hebb_study study, hebb_error *error)
{
	hebb_result result = {.size = sizeof result};
	hebb_model *model = NULL;
	char *record = NULL;

	study.target = "k*";
	study.missing = HEBB_MISSING_MEAN;
	study.hidden = 1;
	study.units[0] = 3;
	study.epochs = 2;
	study.threads = 1;
	study.class_weights = HEBB_WEIGHTS_BALANCED;
	hebb_status status = hebb_study_default(&study, error);
	hebb_trial *trial = status ? NULL : hebb_trial_new(&study, 1, -1, error);
	if (trial)
		status = hebb_trial_train(trial, &result, error);
	if (trial && !status && !(model = hebb_trial_model(trial, &result, error)))
		status = error->status;
	if (trial && !status && !(record = hebb_trial_record(trial, 1)))
		status = hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	if (!trial && !status)
		status = error->status;
	free(record);
	hebb_model_free(model);
	hebb_result_free(&result);
	hebb_trial_free(trial);
	return status;
}

/* The page of a trial, and of a model with its rows, among them an image. */
static hebb_status write_page(const hebb_table *table, hebb_error *error)
{
	static const char numbers[] = "{\"accuracy\": 0.5, \"list\": [1, 2]}";
	hebb_study study = hebb_study_of(table);
	hebb_result result = {.size = sizeof result};
	hebb_report report = hebb_report_default();
	char *text = NULL;
	size_t size;

	study.missing = HEBB_MISSING_MEAN;
	study.test = (hebb_part){.kind = HEBB_PART_LAST, .rows = 12};
	study.hidden = 1;
	study.units[0] = 3;
	study.epochs = 2;
	study.threads = 1;
	hebb_status status = hebb_study_default(&study, error);
	hebb_trial *trial = status ? NULL : hebb_trial_new(&study, 1, -1, error);
	if (trial)
		status = hebb_trial_train(trial, &result, error);
	report.trial = trial;
	report.result = &result;
	report.numbers = numbers;
	if (trial && !status)
		status = hebb_report_format(&report, &text, &size, error);
	if (!trial && !status)
		status = error->status;
	free(text);
	hebb_result_free(&result);
	hebb_trial_free(trial);
	return status;
}

static hebb_status page_of_table(hebb_error *error)
{
	return write_page(w.table, error);
}

static hebb_status page_of_images(hebb_error *error)
{
	return write_page(w.pictures, error);
}

static hebb_status run_trial(hebb_error *error)
{
	hebb_study study = hebb_study_of(w.table);

	study.test = study.validation = (hebb_part){.kind = HEBB_PART_LAST, .rows = 5};
	return run_study(study, error);
}

static hebb_status run_calibrated(hebb_error *error)
{
	hebb_study study = hebb_study_of(w.table);

	study.test = study.validation = (hebb_part){.kind = HEBB_PART_LAST, .rows = 5};
	study.conformal = study.temperature = 1;
	return run_study(study, error);
}

/* Scores in a model, its bytes, and back. */
static hebb_status keep_scores(hebb_error *error)
{
	const double score[] = {3, 1, 2};
	hebb_conformal *conformal = hebb_conformal_new(0, 1, error);
	hebb_model *model = conformal ? hebb_model_parse(w.onnx, w.onnx_size, "m", error) : NULL,
		   *back = NULL;
	unsigned char *bytes = NULL;
	size_t size = 0;
	hebb_status status =
		model ? hebb_conformal_set(conformal, 0, 3, score, error) : error->status;

	if (!status)
		status = hebb_model_set_conformal(model, conformal, error);
	if (!status)
		status = hebb_model_format(model, &bytes, &size, error);
	if (!status && !(back = hebb_model_parse(bytes, size, "m", error)))
		status = error->status;
	free(bytes);
	hebb_conformal_free(conformal);
	hebb_model_free(model);
	hebb_model_free(back);
	return status;
}

/* The rows of a fold. */
static hebb_status collect_fold(hebb_error *error)
{
	hebb_study study = hebb_study_of(w.table);
	hebb_calibration *calibration = NULL;
	hebb_trial *trial = NULL;

	study.target = "kind";
	study.missing = HEBB_MISSING_MEAN;
	study.folds = 2;
	study.temperature = 1;
	hebb_status status = hebb_study_default(&study, error);
	if (!status && !(calibration = hebb_calibration_new(&study, error)))
		status = error->status;
	if (!status && !(trial = hebb_trial_new(&study, 1, 0, error)))
		status = error->status;
	if (!status)
		status = hebb_calibration_add(calibration, trial, error);
	hebb_trial_free(trial);
	hebb_calibration_free(calibration);
	return status;
}

static hebb_explain one_thread(void)
{
	hebb_explain explain = hebb_explain_default();

	explain.threads = 1;
	explain.repeats = 2;
	explain.individuals = 2;
	return explain;
}

static hebb_status explain_columns(hebb_error *error)
{
	hebb_explain explain = one_thread();
	hebb_importance importance;
	hebb_dependence dependence;
	hebb_status status = hebb_model_importance(w.model, w.table, w.table->rows, NULL, &explain,
						   &importance, error);

	for (int column = 0; column < w.coding->input_count && !status; column++) {
		status = hebb_model_dependence(w.model, w.table, w.table->rows, NULL, column,
					       &explain, &dependence, error);
		if (!status)
			hebb_dependence_free(&dependence);
	}
	hebb_importance_free(&importance);
	return status;
}

static hebb_status explain_rows(hebb_error *error)
{
	const long long row[] = {0, 1};
	hebb_explain explain = one_thread();
	hebb_attributions result;
	hebb_status status = hebb_model_shapley(w.model, w.table, w.table->rows, NULL, 2, row,
						&explain, &result, error);

	hebb_attributions_free(&result);
	explain.baseline = HEBB_BASELINE_BLACK;
	if (!status)
		status = hebb_model_gradients(w.model, w.table, 2, row, &explain, &result, error);
	hebb_attributions_free(&result);
	return status;
}

/* Of more columns than have their subsets predicted. */
static hebb_status explain_by_walks(hebb_error *error)
{
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	float x[3 * 20];
	const hebb_block block = hebb_floats(20, x, NULL);
	const long long row = 0;
	hebb_explain explain = one_thread();
	hebb_attributions result = {.count = 0};
	hebb_status status = HEBB_OK;

	hebb_uniform(3 * 20, x, 1, 1);
	explain.walks = 1;
	hebb_net *net = hebb_net_new(20, 1, &layer, 1, NULL, error);
	hebb_coding *coding = net ? hebb_coding_plain(HEBB_REGRESSION, 20, 2, error) : NULL;
	hebb_model *model = coding ? hebb_model_new(net, coding, HEBB_SQUARED, NULL, error) : NULL;
	hebb_table *table = model ? hebb_table_from_arrays("x", 3, 1, &block, error) : NULL;

	status =
		table ? hebb_model_shapley(model, table, 3, NULL, 1, &row, &explain, &result, error)
		      : error->status;
	hebb_attributions_free(&result);
	hebb_table_free(table);
	hebb_model_free(model);
	hebb_coding_free(coding);
	hebb_net_free(net);
	return status;
}

static hebb_status find_worst(hebb_error *error)
{
	hebb_dataset *data =
		hebb_coding_apply(w.coding, w.table, HEBB_APPLY_TARGETS | HEBB_APPLY_THREADS(1),
				  w.table->rows, NULL, error);
	hebb_worst worst = {.count = 0};
	hebb_status status =
		data ? hebb_model_worst(w.model, data, 3, 1, &worst, error) : error->status;

	hebb_worst_free(&worst);
	hebb_dataset_free(data);
	return status;
}

static hebb_status run_columns(hebb_error *error)
{
	hebb_study study = hebb_study_of(w.table);

	study.ignore = "2";
	study.input_columns = "1-2";
	study.weight = study.group = "size";
	study.test = (hebb_part){.kind = HEBB_PART_FRACTION, .fraction = 0.3};
	return run_study(study, error);
}

/* The page of two models. */
static hebb_status compare_models(hebb_error *error)
{
	char *text;
	size_t size;
	hebb_status status = hebb_comparison_format(
		"{\"models\": [{\"name\": \"a\", \"scores\": {\"loss\": 0.5, \"loss_ci\": [0.4, "
		"0.6]}, "
		"\"options\": {\"rate\": 0.1, \"layers\": [3]}}, {\"name\": \"b\", \"scores\": "
		"{\"loss\": 0.6}, "
		"\"options\": {\"rate\": 0.2, \"layers\": [4]}}], \"sorted_by\": \"loss\", "
		"\"differing\": [\"rate\", \"layers\"], \"same\": {\"seed\": 1}}",
		&text, &size, error);

	free(text);
	return status;
}

/* ---- The play ---- */

static const struct act {
	const char *name;
	hebb_status (*play)(hebb_error *error);
	long long least; /* allocations, so that nothing is left out unnoticed */
	int forgone;     /* of these may be refused without harm: what would give memory back */
} acts[] = {
	{"a network", make_net, 5, 0},
	{"its copy", copy_net, 3, 0},
	{"folded", fold_net, 6, 0},
	{"a work", make_work, 4, 0},
	{"a work that keeps all", make_whole_work, 4, 0},
	{"a work that goes back", make_backward_work, 4, 0},
	{"a wide prediction", predict, 1, 0},
	{"a gradient check", check_gradient, 20, 0},
	{"a trace", trace, 2, 0},
	{"training by each rule", every_rule, 100, 0},
	{"training with functions of one's own", with_functions, 12, 0},
	{"training in bf16", bfloat16, 0, 0},
	{"an evaluation", evaluate, 8, 0},
	{"CSV", parse_csv, 15, 1},
	{"rows of CSV", csv_rows, 20, 2}, /* a note */
	{"CSV in windows", stream, 40, 9},
	{"a CSV file in windows", stream_file, 16, 1},
	{"digits as a stream", stream_digits, 5, 0},
	{"IDX", parse_idx, 4, 0},
	{"a CSV file", read_csv, 16, 2},
	{"a folder of IDX files", read_idx, 10, 4},
	{"digits", digits, 5, 0},
	{"a table from arrays", make_table, 10, 0},
	{"a column", find, 0, 0},
	{"a meter", make_meter, 1, 0},
	{"columns of a list", choose, 2, 0},
	{"columns in the order of a list", list, 2, 0},
	{"lists of a reader", parse_listed, 5, 2},
	{"splits", split, 5, 0},
	{"splits by groups", split_groups, 13, 0},
	{"classes", code_classes, 20, 0},
	{"classes that are numbers", code_counts, 20, 0},
	{"a regression", code_numbers, 20, 0},
	{"a model of doubles", code_doubles, 40, 0},
	{"spellings", code_spellings, 20, 0},
	{"limits", compare_rows, 20, 0},
	{"a view", view, 20, 0},
	{"augmentation", augment, 15, 0},
	{"a file", keep_bytes, 4, 1},
	{"a new model", new_model, 15, 0},
	{"many predictions", predict_many, 9, 0},
	{"a model's bytes", format_model, 20, 0},
	{"a model from bytes", parse_model, 20, 0},
	{"a full graph", full_graph, 60, 1}, /* of CSV */
	{"encoded columns", encoded_graph, 80, 0},
	{"a graph that was altered", altered_graph, 20, 0},
	{"a model's file", keep_model, 40, 1},
	{"a checkpoint's bytes", format_checkpoint, 20, 0},
	{"a checkpoint restored", restore, 20, 0},
	{"a checkpoint's file", keep_checkpoint, 20, 1},
	{"a checkpoint of another network", restore_another, 20, 0},
	{"a trial of a study", run_trial, 100, 0},
	{"a trial with columns of its own", run_columns, 100, 0},
	{"a trial that is calibrated", run_calibrated, 110, 0},
	{"scores of calibration rows", keep_scores, 30, 0},
	{"the rows of a fold", collect_fold, 100, 0},
	{"models side by side", compare_models, 100, 0},
	{"a page of a table", page_of_table, 300, 0},
	{"a page of images", page_of_images, 200, 0},
	{"what columns are worth", explain_columns, 60, 0},
	{"what rows are made of", explain_rows, 60, 0},
	{"walks", explain_by_walks, 40, 0},
	{"the worst rows", find_worst, 15, 0},
};

/* Without memory jansson may say that the text is wrong. */
static void check_failure(const struct act *act, long long at, hebb_status status,
			  const hebb_error *error)
{
	if (by_jansson && status == error->status && error->message[0])
		return;
	if (status != HEBB_NO_MEMORY || error->status != HEBB_NO_MEMORY ||
	    !strstr(error->message, "memory") || strchr(error->message, '\n'))
		fail_msg("%s: allocation %lld refused: status %d, '%s'", act->name, at, (int)status,
			 error->message);
}

static void refuse_each(const struct act *act)
{
	long long before = out;
	int done = 0, forgone = 0;

	for (long long at = 1; !done; at++) {
		hebb_error error = {0};
		hebb_status status;

		calls = 0;
		by_jansson = 0;
		refused = at;
		status = act->play(&error);
		done = calls < refused;
		refused = 0;
		forgone += !done && !status && !by_jansson;
		if (done)
			test_ok(status, &error);
		else if (status)
			check_failure(act, at, status, &error);
		if (out != before)
			fail_msg("%s: allocation %lld refused: %lld blocks are lost", act->name, at,
				 out - before);
	}
	if (calls < act->least || forgone != act->forgone)
		fail_msg("%s: %lld allocations, %d of them forgone", act->name, calls, forgone);
}

static void every_allocation(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(acts); i++)
		refuse_each(&acts[i]);
}

/* ---- Setting the scene ---- */

static void write_file(const char *name, const void *bytes, size_t size, int zipped)
{
	char path[160];
	hebb_error error;

	snprintf(path, sizeof path, "%s/%s", w.folder, name);
	if (zipped) {
		gzFile file = gzopen(path, "wb");

		assert_int_equal(gzwrite(file, bytes, (unsigned)size), (int)size);
		assert_int_equal(gzclose(file), Z_OK);
	} else {
		test_ok(hebb_file_write(path, bytes, size, &error), &error);
	}
}

static void make_files(void)
{
	char *to = w.csv;

	to += sprintf(to, "color,weight,size,kind\n");
	for (int i = 0; i < ROWS; i++) {
		w.row[i] = i;
		to += sprintf(to, "%s,", i % 3 ? "red" : "\"blue, or \"\"so\"\"\"");
		to += i % 5 ? sprintf(to, "%d,", i) : sprintf(to, "NA,");
		to += sprintf(to, "%d,kind %d\n", i * i % 7, i % 3);
	}
	memcpy(w.images, (unsigned char[]){0, 0, 8, 3, 0, 0, 0, ROWS, 0, 0, 0, SIDE, 0, 0, 0, SIDE},
	       16);
	memcpy(w.labels, (unsigned char[]){0, 0, 8, 1, 0, 0, 0, ROWS}, 8);
	for (int i = 0; i < ROWS * SIDE * SIDE; i++)
		w.images[16 + i] = (unsigned char)(i * i + i / 7);
	for (int i = 0; i < ROWS; i++)
		w.labels[8 + i] = (unsigned char)(i % OUTPUTS);
	strcpy(w.folder, "refused.XXXXXX");
	assert_non_null(mkdtemp(w.folder));
	snprintf(w.path, sizeof w.path, "%s/table.csv", w.folder);
	snprintf(w.written, sizeof w.written, "%s/written", w.folder);
	snprintf(w.onnx_path, sizeof w.onnx_path, "%s/model", w.folder);
	snprintf(w.checkpoint_path, sizeof w.checkpoint_path, "%s/checkpoint", w.folder);
	assert_int_equal(symlink("target", w.written), 0);
	write_file("table.csv", w.csv, strlen(w.csv), 0);
	write_file("train-images-idx3-ubyte", w.images, sizeof w.images, 0);
	write_file("train-labels-idx1-ubyte.gz", w.labels, sizeof w.labels, 1);
	write_file("t10k-images-idx3-ubyte", w.images, sizeof w.images, 0);
	write_file("t10k-labels-idx1-ubyte", w.labels, sizeof w.labels, 0);
}

static void make_objects(hebb_error *error)
{
	struct test_rows rows;
	hebb_source source = rows_of(&rows);

	w.net = test_net(INPUTS, L, layers, 1);
	w.wide = test_net(INPUTS, 2, wide, 1);
	w.trainer = test_trainer(w.net, &w.recipe);
	test_ok(hebb_train(w.trainer, &source, &source, error), error);
	test_ok(hebb_checkpoint_format(w.trainer, "{}", &w.checkpoint, &w.checkpoint_size, error),
		error);
	w.table = hebb_table_read(w.path, HEBB_HEADER_AUTO, error);
	w.pictures = hebb_table_read(w.folder, HEBB_HEADER_AUTO, error);
	assert_true(w.table && w.pictures);
	w.exact = hebb_table_parse(doubles, sizeof doubles - 1, "exact", HEBB_HEADER_YES, error);
	assert_true(w.exact && w.exact->detail && w.exact->detail[0]->exact &&
		    w.exact->detail[2]->spellings);
	w.coding = fit(w.table, HEBB_CLASSIFICATION, 3, error);
	w.picture_coding = fit(w.pictures, HEBB_CLASSIFICATION, SIDE * SIDE, error);
	assert_true(w.coding && w.picture_coding);
	w.picture_set = hebb_coding_apply(w.picture_coding, w.pictures, 1, ROWS, w.row, error);
	assert_non_null(w.picture_set);
	w.model = test_memory(sizeof *w.model);
	w.model->net = hebb_net_copy(w.net, NULL, error);
	w.model->coding = w.coding;
	w.model->loss = HEBB_CROSS_ENTROPY;
	w.model->record = strdup("{\"by\": \"a test\"}");
	assert_int_equal(w.coding->width, INPUTS);
	test_ok(hebb_model_format(w.model, &w.onnx, &w.onnx_size, error), error);
	write_file("model", w.onnx, w.onnx_size, 0);
	write_file("checkpoint", w.checkpoint, w.checkpoint_size, 0);
}

static int set_up(void **state)
{
	hebb_error error = {0};

	(void)state;
	json_set_alloc_funcs(take_json, __wrap_free);
	w.recipe = hebb_recipe_default();
	w.recipe.loss = HEBB_CROSS_ENTROPY;
	w.recipe.epochs = 2;
	w.recipe.threads = 1;
	w.recipe.patience = 1;
	w.x = test_floats(1, ROWS * INPUTS, -1, 1);
	w.y = test_targets(2, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	make_files();
	make_objects(&error);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = {"table.csv",
					    "train-images-idx3-ubyte",
					    "train-labels-idx1-ubyte.gz",
					    "t10k-images-idx3-ubyte",
					    "t10k-labels-idx1-ubyte",
					    "written",
					    "target",
					    "model",
					    "checkpoint"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[160];

		snprintf(path, sizeof path, "%s/%s", w.folder, names[i]);
		unlink(path);
	}
	hebb_trainer_free(w.trainer);
	hebb_net_free(w.net);
	hebb_net_free(w.wide);
	hebb_dataset_free(w.picture_set);
	hebb_coding_free(w.picture_coding);
	hebb_table_free(w.pictures);
	hebb_table_free(w.table);
	hebb_table_free(w.exact);
	hebb_model_free(w.model);
	free(w.onnx);
	free(w.checkpoint);
	free(w.x);
	free(w.y);
	return rmdir(w.folder); /* which is empty: no half-written file was left */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
