/* SPDX-License-Identifier: MIT */
/*
 * test_bits.c - the same weights to the bit: any number of threads, any set of kernels of a family,
 * any run
 *
 * The kernels are chosen once in a process, so each training runs in a process of its own and sends
 * back a hash of the weights.  bits.sh does the same for several compilers; this test runs under
 * the sanitizers too.
 */
#define _POSIX_C_SOURCE 200809L
#include <sys/wait.h>
#include <unistd.h>
#include "test.h"

struct setting {
	const char *kernels; /* NULL: the best */
	int threads;
	hebb_rule rule;
	uint64_t seed;
};

enum { ROWS = 1500, INPUTS = 45, OUTPUTS = 10 };

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const float *all = self;

	(void)error;
	for (int i = 0; i < count; i++) {
		memcpy(x + (ptrdiff_t)i * INPUTS, all + index[i] * INPUTS, INPUTS * sizeof *x);
		for (int j = 0; j < OUTPUTS; j++)
			y[i * OUTPUTS + j] = j == index[i] % OUTPUTS;
		weight[i] = (float)(index[i] % 4) / 2;
	}
	return HEBB_OK;
}

static uint64_t fold(uint64_t hash, size_t n, const float *values)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;

		memcpy(&bits, &values[i], sizeof bits);
		hash = (hash ^ bits) * 0x100000001B3;
	}
	return hash;
}

/* Trains and folds the weights into the hash; 0 if anything fails. */
static uint64_t train(const struct setting *s, int L, const hebb_layer *layers, int batch, int rows,
		      uint64_t hash)
{
	float *x = test_floats(9, ROWS * INPUTS, -1, 1), *p;
	hebb_source source = {
		.size = sizeof(hebb_source), .self = x, .rows = rows, .gather = gather};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = hebb_net_new(INPUTS, L, layers, s->seed, NULL, NULL);
	hebb_trainer *trainer;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = s->rule;
	recipe.rate = 0.01;
	recipe.l2 = 0.01;
	recipe.weight_decay = s->rule == HEBB_LBFGS ? 0 : 0.01;
	if (s->seed > 2) { /* all that may come to an update */
		recipe.schedule = HEBB_EXPONENTIAL;
		recipe.warmup = 0.2;
		recipe.l1 = 0.001;
		recipe.clip = 0.1;
		recipe.accumulate = 2;
		recipe.max_norm = 1;
		recipe.average = 0.9;
	}
	recipe.batch = s->rule == HEBB_RPROP || s->rule == HEBB_LBFGS ? 0 : batch;
	recipe.epochs = 2;
	recipe.threads = s->threads;
	trainer = net ? hebb_trainer_new(net, &recipe, NULL, NULL) : NULL;
	if (!trainer || hebb_train(trainer, &source, NULL, NULL) != HEBB_OK)
		return 0;
	p = test_canonical(net, NULL);
	hash = fold(hash, (size_t)hebb_net_parameters(net), p);
	hash = fold(hash, net->plan->block - net->plan->learned, net->w + net->plan->learned);
	free(p);
	free(x);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return hash;
}

/* A small network in small batches, the same in one batch of several slices, one whose
 * updates are shared too, and one with norms and a shortcut; lbfgs is not for batch norm. */
static uint64_t train_all(const struct setting *s)
{
	const hebb_layer small[] = {hebb_dense(33, HEBB_GELU), hebb_dense(17, HEBB_SOFTMAX),
				    hebb_dense(OUTPUTS, HEBB_SIGMOID)};
	const hebb_layer wide[] = {hebb_dense(700, HEBB_TANH), hebb_dense(600, HEBB_RELU),
				   hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	const hebb_layer norms[] = {hebb_dense(50, HEBB_LINEAR),
				    s->rule == HEBB_LBFGS ? hebb_layer_norm(HEBB_GELU)
							  : hebb_batch_norm(HEBB_GELU),
				    hebb_dense(50, HEBB_TANH),
				    hebb_layer_norm(HEBB_LINEAR),
				    hebb_shortcut(1, HEBB_RELU),
				    hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	uint64_t hash = 0xCBF29CE484222325;

	hash = train(s, 6, norms, 64, 200, hash);
	hash = train(s, 6, norms, 0, ROWS, hash);
	hash = train(s, 3, small, 32, 200, hash);
	hash = train(s, 3, small, 0, ROWS, hash);
	return train(s, 3, wide, 20, 40, hash);
}

static uint64_t in_another_process(const struct setting *s)
{
	uint64_t hash = 0;
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (s->kernels)
			setenv("HEBB_KERNELS", s->kernels, 1);
		else
			unsetenv("HEBB_KERNELS");
		hash = train_all(s);
		_exit(write(ends[1], &hash, sizeof hash) != sizeof hash);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &hash, sizeof hash), sizeof hash);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(hash != 0);
	return hash;
}

static const struct setting usual = {NULL, 1, HEBB_ADAM, 1}, full = {NULL, 1, HEBB_ADAM, 3};

static void threads_of(struct setting s)
{
	uint64_t expected = in_another_process(&s);

	for (s.threads = 2; s.threads <= 8; s.threads *= 2)
		assert_int_equal(in_another_process(&s), expected);
}

static void threads_and_runs(void **state)
{
	(void)state;
	threads_of(usual);
	threads_of(full);
}

/* The sets of a family alike, and not as the other family. */
static void kernels_of(struct setting s)
{
	uint64_t seen[2] = {0}; /* [fused] */

	for (const struct hb_kernels *const *set = hb_kernel_sets; *set; set++) {
		uint64_t *expected = &seen[(*set)->fused];

		s.kernels = (*set)->name;
		s.threads = *expected ? 2 : 1;
		if (!(*set)->available())
			print_message("%s: not available on this machine\n", (*set)->name);
		else if (!*expected)
			*expected = in_another_process(&s);
		else
			assert_int_equal(in_another_process(&s), *expected);
	}
	assert_int_not_equal(seen[0], seen[1]);
}

static void threads_without_fused(void **state)
{
	struct setting s = {"muladd", 1, HEBB_ADAM, 3};

	(void)state;
	threads_of(s);
}

static void sets_of_kernels(void **state)
{
	(void)state;
	kernels_of(usual);
	kernels_of(full);
}

/* For every rule two threads do what one does, and no two rules, nor seeds, do the same but adam
 * and adamw. */
static void rules_and_seeds(void **state)
{
	uint64_t seen[100] = {0}, other; /* by rule */
	struct setting s = usual;

	(void)state;
	for (int rule = HEBB_SGD; hebb_rule_name((hebb_rule)rule); rule++) {
		s.rule = (hebb_rule)rule;
		s.threads = 1;
		seen[rule] = in_another_process(&s);
		s.threads = 2;
		assert_int_equal(in_another_process(&s), seen[rule]);
		for (int before = HEBB_SGD; before < rule; before++)
			assert_true((seen[rule] == seen[before]) ==
				    (rule == HEBB_ADAMW && before == HEBB_ADAM));
	}
	s = usual;
	s.seed = 2;
	other = in_another_process(&s);
	assert_int_not_equal(other, seen[HEBB_ADAM]);
}

/* What a process sees that asks for kernels that do not exist; 0 if all is as it should be. */
static int refused(void)
{
	const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	hebb_error error = {0};

	setenv("HEBB_KERNELS", "nonsense", 1);
	if (hebb_kernels(&error) || error.status != HEBB_UNSUPPORTED)
		return 1;
	if (!strstr(error.message, "nonsense") || !strstr(error.message, "scalar"))
		return 2;
	memset(&error, 0, sizeof error);
	if (hebb_net_new(1, 1, &layer, 1, NULL, &error) || error.status != HEBB_UNSUPPORTED)
		return 3;
	if (hebb_kernels(NULL))
		return 4;
	setenv("HEBB_KERNELS", "scalar", 1);
	return hebb_kernels(NULL) && strcmp(hebb_kernels(NULL), "scalar") == 0 ? 0 : 5;
}

static void nonsense_is_refused(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(refused());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_and_runs),    cmocka_unit_test(threads_without_fused),
		cmocka_unit_test(sets_of_kernels),     cmocka_unit_test(rules_and_seeds),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
