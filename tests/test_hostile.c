/* SPDX-License-Identifier: MIT */
/*
 * test_hostile.c - checkpoints made to do harm: each is refused with a sentence, or trains to its
 * end
 *
 * Every counter of every way to train takes every odd value, before, within and after a run.
 */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#include "hebb_io.h"
#include "test.h"

int __wrap_clock_gettime(clockid_t id, struct timespec *t);

/* So much passes between two looks at the clock that every batch is reported. */
int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	static long long looks;

	(void)id;
	looks++;
	*t = (struct timespec){.tv_sec = looks / 4, .tv_nsec = looks % 4 * 250000000};
	return 0;
}

enum { ROWS = 11, INPUTS = 2, BATCH = 2, WAYS = 10 };

static const char *const way_name[WAYS] = {"sgd",        "adam",     "rmsprop", "lbfgs",   "rprop",
					   "accumulate", "patience", "plateau", "average", "norm"};

static hebb_recipe way_recipe(int way)
{
	hebb_recipe r = hebb_recipe_default();

	r.rule = way == 0   ? HEBB_SGD
		 : way == 2 ? HEBB_RMSPROP
		 : way == 3 ? HEBB_LBFGS
		 : way == 4 ? HEBB_RPROP
			    : HEBB_ADAM;
	r.batch = way == 3 || way == 4 ? 0 : BATCH;
	r.epochs = 4;
	r.threads = 1;
	r.accumulate = way == 5 ? 3 : 1;
	r.patience = way == 6 ? 2 : 0;
	r.schedule = way == 7 ? HEBB_PLATEAU : way == 8 ? HEBB_ONE_CYCLE : HEBB_CONSTANT;
	r.plateau = 2;
	r.average = way == 8 ? 0.9 : 0;
	return r;
}

struct stop {
	int calls, at;
};

static int count(void *self, const hebb_progress *now)
{
	struct stop *s = self;

	(void)now;
	return ++s->calls == s->at;
}

struct training {
	hebb_net *net;
	hebb_trainer *trainer;
};

static struct training begin(int way, struct stop *stop)
{
	const hebb_layer plain[] = {hebb_dense(3, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)},
			 norm[] = {plain[0], hebb_batch_norm(HEBB_TANH), plain[1]};
	hebb_recipe recipe = way_recipe(way);
	struct training s = {
		way == 9 ? test_net(INPUTS, 3, norm, 1) : test_net(INPUTS, 2, plain, 1), NULL};

	recipe.progress = count;
	recipe.self = stop;
	s.trainer = test_trainer(s.net, &recipe);
	return s;
}

static void end(struct training s)
{
	hebb_trainer_free(s.trainer);
	hebb_net_free(s.net);
}

static hebb_status train(struct training s, int way, hebb_error *error)
{
	float *x = test_floats(1, (size_t)ROWS * INPUTS, -1, 1), *y = test_floats(2, ROWS, -1, 1);
	struct test_rows rows = {INPUTS, 1, x, y};
	hebb_source source = test_source(&rows, ROWS);
	hebb_status status = hebb_train(s.trainer, &source, way == 6 ? &source : NULL, error);

	free(x);
	free(y);
	return status;
}

static const double odd[] = {-1,
			     0,
			     0.5,
			     1,
			     2,
			     6,
			     (double)NAN,
			     (double)INFINITY,
			     -(double)INFINITY,
			     2147483646.0,
			     2147483647.0,
			     2147483648.0,
			     4294967295.0,
			     9007199254740992.0,
			     1e300,
			     -1e300};

/* A trainer whose run stopped at call `at`, with one counter, or two, that are odd, goes on or says
 * why not. */
static int try(int way, const hebb_counter *list, int counters)
{
	struct stop never = {.at = -1};
	struct training s = begin(way, &never);
	hebb_error error = {0};
	hebb_status status = hebb_trainer_set_counters(s.trainer, counters, list, &error);
	int refused = status != HEBB_OK;

	if (refused) {
		test_failed(status, &error, HEBB_BAD_ARGUMENT, "counter");
	} else if (train(s, way, &error) != HEBB_OK) {
		assert_true(error.message[0] != '\0');
	}
	assert_true(hebb_trainer_epochs(s.trainer) >= 0);
	assert_true(never.calls <= 60); /* no more than there is to do */
	end(s);
	return refused;
}

static int odd_counters(int way, int at)
{
	struct stop here = {.at = at};
	struct training s = begin(way, &here);
	hebb_counter list[64] = {hebb_counter_default()}, other[64];
	int n = hebb_trainer_counters(s.trainer, list), refused = 0;

	if (at > 0)
		train(s, way, NULL);
	hebb_trainer_counters(s.trainer, list);
	assert_int_equal(try(way, list, n), 0);
	for (int i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT_OF(odd); k++) {
			memcpy(other, list, sizeof other);
			other[i].value = odd[k];
			refused += try(way, other, n);
			for (int j = 0; j < n; j++) /* those that go together */
				if (strcmp(list[j].name, "epochs") == 0 ||
				    strcmp(list[j].name, "best_epoch") == 0 ||
				    strcmp(list[j].name, "run.epoch") == 0)
					other[j].value = odd[k];
			refused += try(way, other, n);
		}
	end(s);
	return refused;
}

static void every_counter(void **state)
{
	(void)state;
	for (int way = 0; way < WAYS; way++)
		for (int at = 0; at < 16; at += at < 3 ? 1 : 4) {
			int refused = odd_counters(way, at);

			if (refused < 400) /* of 896 */
				fail_msg("%s, stopped at call %d: only %d refused", way_name[way],
					 at, refused);
		}
}

/* What no two counters may say together, by name. */
static void what_goes_together(void **state)
{
	static const struct {
		int way;
		const char *counter;
		double value;
	} cases[] = {
		{1, "averaged", 1},
		{1, "averaged", 0.5},
		{1, "best_epoch", 0},
		{1, "plateau.factor", 0.5},
		{1, "plateau.waited", 2},
		{1, "rate", 1},
		{1, "beta1_power", 1},
		{1, "beta2_power", 1},
		{1, "lbfgs.cost", 1},
		{1, "lbfgs.sum", 1},
		{1, "lbfgs.weights", 1},
		{1, "converged", 1},
		{1, "run.epoch", 2},
		{1, "run.update", 0.5},
		{1, "run.next", 1},
		{1, "run.rows", 0},
		{1, "run.sum", 1},
		{1, "run.weights", 1},
		{1, "run.collected", 1},
		{1, "run.collected_weight", 1},
		{1, "run.ahead", 1},
		{1, "run.loss", (double)NAN},
		{5, "run.collected", 3},
		{6, "best_epoch", 2},
		{6, "best_loss", (double)NAN},
		{7, "plateau.waited", 2},
		{8, "averaged", 7},
		{8, "plateau.least", (double)NAN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stop here = {.at = 6}; /* after the first epoch of six batches */
		struct training s = begin(cases[i].way, &here);
		hebb_counter list[64] = {hebb_counter_default()};
		hebb_error error = {0};

		assert_int_equal(train(s, cases[i].way, NULL), HEBB_STOPPED);
		assert_int_equal(hebb_trainer_epochs(s.trainer), 1);
		int n = hebb_trainer_counters(s.trainer, list), k = 0;
		while (k < n && strcmp(list[k].name, cases[i].counter) != 0)
			k++;
		assert_true(k < n);
		list[k].value = cases[i].value;
		test_failed(hebb_trainer_set_counters(s.trainer, n, list, &error), &error,
			    HEBB_BAD_ARGUMENT, cases[i].counter);
		end(s);
	}
}

/* An array of squares, or of steps, below 0. */
static void below_zero(void **state)
{
	(void)state;
	for (int way = 1; way <= 4; way++) {
		struct stop never = {.at = -1};
		struct training s = begin(way, &never);
		const char *name = way == 2 ? "m.layers.0.bias" : "s.layers.0.bias";
		const float minus[3] = {1, -1, 1};
		int arrays = hebb_trainer_arrays(s.trainer), i = 0;
		hebb_array about = hebb_array_default();
		hebb_error error = {0};

		for (; i < arrays && strcmp(about.name, name) != 0; i++)
			hebb_trainer_get_array(s.trainer, i, &about, NULL, NULL);
		assert_true(way == 3 || strcmp(about.name, name) == 0);
		if (way != 3) /* lbfgs has no such array */
			test_failed(hebb_trainer_set_array(s.trainer, i - 1, minus, &error), &error,
				    HEBB_BAD_ARGUMENT, "below 0");
		end(s);
	}
}

/* ---- Files ---- */

#define TENSOR(name, shape, from, to) \
	"\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" from "," to "]}"
#define OURS "\"__metadata__\":{\"hebb\":\"0.1.0\"}"

/* A header of its own, 0 terminated, and so many bytes of data. */
static hebb_checkpoint *parse(const char *header, size_t data, hebb_error *error)
{
	unsigned char bytes[1024] = {0};
	size_t length = strlen(header);

	assert_true(length + data + 8 <= sizeof bytes);
	bytes[0] = (unsigned char)length;
	bytes[1] = (unsigned char)(length >> 8);
	memcpy(bytes + 8, header, length);
	return hebb_checkpoint_parse(bytes, 8 + length + data, "x.st", error);
}

static void refused_files(void **state)
{
	static const struct {
		const char *header;
		size_t data;
		const char *mentioned;
	} files[] = {
		{"{" TENSOR("a", "[2]", "0", "8") "," TENSOR("b", "[2]", "4", "12") "}", 12,
		 "'b' overlaps"},
		{"{" TENSOR("a", "[2]", "0", "8") "," TENSOR("b", "[2]", "0", "8") "}", 8,
		 "overlaps"},
		{"{" TENSOR("a", "[2]", "0", "8") "," TENSOR("b", "[1]", "12", "16") "}", 16,
		 "'b' leaves a hole"},
		{"{" TENSOR("a", "[2]", "3", "11") "}", 11, "'a' leaves a hole"},
		{"{" TENSOR("a", "[2]", "0", "8") "}", 9, "1 byte follows"},
		{"{}", 4, "4 bytes follow"},
		{"{" TENSOR("a", "[0]", "0", "0") "}", 0, "shape"},
		{"{" TENSOR("a", "[1,0]", "0", "0") "}", 0, "shape"},
		{"{" TENSOR("a", "[1]", "0", "9223372036854775807") "}", 4, "beyond"},
		{"{" TENSOR("a", "[9223372036854775807,9223372036854775807]", "0", "4") "}", 4,
		 "shape"},
		{"{" TENSOR("a", "[1.0]", "0", "4") "}", 4, "shape"},
		{"{" TENSOR("a", "[1]", "0", "4") "," TENSOR("a", "[1]", "4", "8") "}", 8, "JSON"},
		{"{" TENSOR("a", "[1]", "0", "4") "," TENSOR("\\u0061", "[1]", "4", "8") "}", 8,
		 "JSON"},
		{"{\"__metadata__\":{\"hebb\":1}}", 0, "not all texts"},
		{"{\"__metadata__\":{\"hebb\":\"0.1.0\",\"x\":null}}", 0, "not all texts"},
		{"{\"__metadata__\":{\"hebb\":\"0.1.0\",\"x\":{}}}", 0, "not all texts"},
		{"{\"__metadata__\":[]}", 0, "not all texts"},
		{"{\"__metadata__\":\"hebb\"}", 0, "not all texts"},
		{"{\"__metadata__\":null}", 0, "another program"},
		{"{\"__metadata__\":{\"hebb\":\"9.9\"}}", 0, "hebb 9.9, but not in which format"},
		{"{\"__metadata__\":{\"hebb\":\"0.2.0\"}}", 0, "not in which format"},
		{"{\"__metadata__\":{\"hebb\":\"0.2.0\",\"hebb_format\":\"\"}}", 0,
		 "not in which format"},
		{"{\"__metadata__\":{\"hebb\":\"0.2.0\",\"hebb_format\":\"0\"}}", 0,
		 "not in which format"},
		{"{\"__metadata__\":{\"hebb\":\"0.2.0\",\"hebb_format\":\"-1\"}}", 0,
		 "not in which format"},
		{"{\"__metadata__\":{\"hebb\":\"0.2.0\",\"hebb_format\":\"1x\"}}", 0,
		 "not in which format"},
		{"{\"__metadata__\":{\"hebb\":\"0.9.0\",\"hebb_format\":\"2\"}}", 0,
		 "format 2, written by hebb 0.9.0"},
		{"{\"__metadata__\":{\"hebb\":\"0.9.0\",\"hebb_format\":\"99999999999999\"}}", 0,
		 "go on with hebb 0.9.0 or later"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		hebb_error error = {0};

		if (parse(files[i].header, files[i].data, &error))
			fail_msg("%s was read", files[i].header);
		test_failed(error.status, &error, error.status, files[i].mentioned);
		assert_true(strncmp(error.message, "x.st", 4) == 0);
	}
}

/* What the format's reference reads, and what names any version with a format that is known. */
static void read_files(void **state)
{
	static const struct {
		const char *header;
		size_t data;
	} files[] = {
		{"{" OURS "}", 0},
		{"{" OURS "}   ", 0},
		{"{ " OURS " }", 0},
		{"{\n" OURS "}", 0},
		{"{" OURS "," TENSOR("a", "[1]", "8", "12") "," TENSOR("b", "[2]", "0", "8") "}",
		 12},
		{"{" OURS
		 ",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":[]}}",
		 4},
		{"{\"__metadata__\":{\"hebb\":\"0.1.0\",\"other\":\"\"}}", 0},
		{"{\"__metadata__\":{\"hebb\":\"0.2.0\",\"hebb_format\":\"1\"}}", 0},
		{"{\"__metadata__\":{\"hebb\":\"0.7.3\",\"hebb_format\":\"1\"}}", 0},
		{"{\"__metadata__\":{\"hebb\":\"0.7.3-rc\",\"hebb_format\":\"1\"}}", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		hebb_error error = {0};
		hebb_checkpoint *c = parse(files[i].header, files[i].data, &error);

		if (!c)
			fail_msg("%s: %s", files[i].header, error.message);
		hebb_checkpoint_free(c);
	}
}

/* Whatever the header's size, unaligned data are read. */
static void unaligned(void **state)
{
	struct stop never = {.at = -1};
	struct training s = begin(1, &never);
	unsigned char *bytes;
	size_t size, header;
	hebb_error error;

	(void)state;
	test_ok(hebb_checkpoint_format(s.trainer, NULL, &bytes, &size, &error), &error);
	header = bytes[0] + 256U * bytes[1];
	unsigned char *longer = calloc(1, size + 1);
	memcpy(longer, bytes, 8 + header);
	longer[8 + header] = ' ';
	memcpy(longer + 9 + header, bytes + 8 + header, size - 8 - header);
	longer[0] = (unsigned char)(header + 1);
	longer[1] = (unsigned char)((header + 1) >> 8);
	hebb_checkpoint *c = hebb_checkpoint_parse(longer, size + 1, "x.st", &error);
	if (!c)
		fail_msg("%s", error.message);
	assert_string_equal(hebb_checkpoint_text(c, "hebb_format"), "1");
	assert_string_equal(hebb_checkpoint_text(c, "hebb"), hebb_version());
	test_ok(hebb_checkpoint_restore(c, s.trainer, &error), &error);
	hebb_checkpoint_free(c);
	free(longer);
	free(bytes);
	end(s);
}

/* A recipe that lacks a field stands for its default; one that this version does not know is
 * another recipe. */
static void other_fields(void **state)
{
	struct stop never = {.at = -1};
	struct training s = begin(1, &never);
	static const struct {
		const char *there, *instead, *mentioned;
	} cases[] = {
		{"\\\"huber_delta\\\":1.0,", "", NULL},
		{"\\\"epsilon\\\":", "\\\"epsilom\\\":", "epsilom"},
		{"\\\"batch\\\":2,", "", "batch is"}, /* 2 is not the default */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		unsigned char *bytes;
		size_t size, from, to = strlen(cases[i].instead), length = strlen(cases[i].there);
		hebb_error error = {0};

		test_ok(hebb_checkpoint_format(s.trainer, NULL, &bytes, &size, &error), &error);
		size_t header = bytes[0] + 256U * bytes[1];
		for (from = 8; from < header && memcmp(bytes + from, cases[i].there, length);
		     from++)
			;
		assert_true(from < header);
		memmove(bytes + from + to, bytes + from + length, size - from - length);
		memcpy(bytes + from, cases[i].instead, to);
		header -= length - to;
		bytes[0] = (unsigned char)header;
		bytes[1] = (unsigned char)(header >> 8);
		hebb_checkpoint *c =
			hebb_checkpoint_parse(bytes, size - (length - to), "x.st", &error);
		if (!c)
			fail_msg("%s", error.message);
		if (cases[i].mentioned)
			test_failed(hebb_checkpoint_restore(c, s.trainer, &error), &error,
				    HEBB_BAD_SHAPE, cases[i].mentioned);
		else
			test_ok(hebb_checkpoint_restore(c, s.trainer, &error), &error);
		hebb_checkpoint_free(c);
		free(bytes);
	}
	end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_counter), cmocka_unit_test(what_goes_together),
		cmocka_unit_test(below_zero),    cmocka_unit_test(refused_files),
		cmocka_unit_test(read_files),    cmocka_unit_test(unaligned),
		cmocka_unit_test(other_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
