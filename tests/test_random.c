/* SPDX-License-Identifier: MIT */
/*
 * test_random.c - random numbers are Philox's, uniform, and never change
 *
 * The known answers are those of the authors' own distribution (Random123).  The first numbers of
 * streams were computed by an implementation of their own in Python; they stand here so that no
 * change of the library can change a result.
 */
#include "test.h"

static void philox_known_answers(void **state)
{
	static const struct {
		uint64_t seed, stream, counter;
		uint32_t word[4];
	} known[] = {
		{0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{~0ULL, ~0ULL, ~0ULL, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{0x299f31d0a4093822,
		 0x0370734413198a2e,
		 0x85a308d3243f6a88,
		 {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		uint32_t word[4];

		hb_random_block(known[i].seed, known[i].stream, known[i].counter, word);
		assert_memory_equal(word, known[i].word, sizeof word);
	}
}

/* The moments of the normal distribution, 0, 1, 0 and 3, each within 5 deviations of its mean over
 * N numbers; and the first numbers of a stream, from libm's logarithm. */
static void normal_numbers(void **state)
{
	enum { N = 400000 };
	double *z = test_memory(N * sizeof *z), power[5] = {0};
	uint32_t word[4];
	double u, v, s;

	(void)state;
	hb_random_normal(7, 8, N, z);
	for (int i = 0; i < N; i++)
		for (int k = 1; k <= 4; k++)
			power[k] += pow(z[i], k) / N;
	test_near(power[1], 0, 5 * sqrt(1.0 / N), "mean");
	test_near(power[2], 1, 5 * sqrt(2.0 / N), "variance");
	test_near(power[3], 0, 5 * sqrt(15.0 / N), "skewness");
	test_near(power[4], 3, 5 * sqrt(96.0 / N), "kurtosis");
	for (uint64_t seed = 1; seed < 50; seed++) {
		hb_random_block(seed, 8, 0, word);
		hb_random_normal(seed, 8, 1, z); /* an odd count too */
		u = ((double)(word[0] >> 8) + 0.5) / 0x1p23 - 1;
		v = ((double)(word[1] >> 8) + 0.5) / 0x1p23 - 1;
		s = u * u + v * v;
		if (s < 1)
			test_near(z[0], u * sqrt(-2 * log(s) / s), 1e-14, "the first number");
	}
	free(z);
}

static void streams_begin_as_ever(void **state)
{
	static const struct {
		uint64_t seed, stream;
		float u[5];
	} fixed[] = {
		{0x1ULL,
		 0x0ULL,
		 {0xe3e806p-24f, 0xe50a0ep-24f, 0x95f222p-24f, 0xb615aap-24f, 0xac0814p-24f}},
		{0x1ULL,
		 0x100000001ULL,
		 {0x5f385ap-24f, 0x657c46p-24f, 0x70e6d0p-24f, 0x4500abp-24f, 0x4f2acbp-24f}},
		{0x2aULL,
		 0x200000007ULL,
		 {0x655f62p-24f, 0x7d4ddfp-24f, 0xcc242ap-24f, 0xca58a7p-24f, 0xd95732p-24f}},
		{0x123456789abcdef0ULL,
		 0x3ULL,
		 {0x7c3fc7p-24f, 0xa3e7e2p-24f, 0x7b5e8ap-24f, 0xc0b07bp-24f, 0x8cd2eep-24f}},
	};
	float u[5];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(fixed); i++) {
		hebb_uniform(5, u, fixed[i].seed, fixed[i].stream);
		assert_memory_equal(u, fixed[i].u, sizeof u);
	}
}

static void shuffles_are_as_ever(void **state)
{
	static const struct {
		uint64_t seed, stream;
		long long index[10];
	} fixed[] = {
		{0x1ULL, 0x0ULL, {7, 2, 5, 4, 1, 6, 9, 3, 0, 8}},
		{0x1ULL, 0x200000001ULL, {4, 8, 2, 5, 1, 6, 0, 9, 7, 3}},
		{0x2aULL, 0x9ULL, {8, 6, 0, 7, 5, 1, 2, 4, 9, 3}},
		{0x123456789abcdef0ULL, 0x3ULL, {2, 5, 9, 4, 8, 0, 1, 3, 6, 7}},
	};
	long long index[10];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(fixed); i++) {
		for (int k = 0; k < 10; k++)
			index[k] = k;
		hebb_shuffle(10, index, fixed[i].seed, fixed[i].stream);
		assert_memory_equal(index, fixed[i].index, sizeof index);
	}
}

static void a_stream_is_read_from_its_beginning(void **state)
{
	float few[7], many[1000];

	(void)state;
	hebb_uniform(7, few, 5, 6);
	hebb_uniform(1000, many, 5, 6);
	assert_memory_equal(few, many, sizeof few);
	hebb_uniform(7, few, 5, 7);
	assert_memory_not_equal(few, many, sizeof few);
}

static double chi_square(int cells, const int *seen, double expected)
{
	double sum = 0;

	for (int i = 0; i < cells; i++)
		sum += (seen[i] - expected) * (seen[i] - expected) / expected;
	return sum;
}

/* 99 degrees of freedom: mean 99, standard deviation 14. */
static void numbers_are_uniform(void **state)
{
	enum { N = 100000, CELLS = 100 };
	float *u = test_memory(N * sizeof *u);
	int seen[CELLS] = {0};

	(void)state;
	hebb_uniform(N, u, 1, 2);
	for (int i = 0; i < N; i++) {
		assert_true(u[i] >= 0 && u[i] < 1);
		seen[(int)(u[i] * CELLS)]++;
	}
	assert_true(chi_square(CELLS, seen, N / CELLS) < 160);
	assert_true(chi_square(CELLS, seen, N / CELLS) > 50); /* too even is not random either */
	free(u);
}

static void a_shuffle_is_a_permutation(void **state)
{
	static const long long sizes[] = {0, 1, 2, 3, 1000};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		long long n = sizes[i], index[1000], seen[1000] = {0};

		for (long long k = 0; k < n; k++)
			index[k] = k;
		hebb_shuffle(n, index, 9, i);
		for (long long k = 0; k < n; k++)
			seen[index[k]]++;
		for (long long k = 0; k < n; k++)
			assert_int_equal(seen[k], 1);
	}
}

/* All 24 orders of 4 things; 23 degrees of freedom, standard deviation 6.8. */
static void every_order_is_as_likely(void **state)
{
	enum { N = 24000, ORDERS = 256 };
	int seen[ORDERS] = {0}, orders[24], found = 0;

	(void)state;
	for (uint64_t stream = 0; stream < N; stream++) {
		long long index[4] = {0, 1, 2, 3};

		hebb_shuffle(4, index, 3, stream);
		seen[index[0] + 4 * index[1] + 16 * index[2] + 64 * index[3]]++;
	}
	for (int i = 0; i < ORDERS; i++)
		if (seen[i]) {
			assert_true(found < 24);
			orders[found++] = seen[i];
		}
	assert_int_equal(found, 24);
	assert_true(chi_square(24, orders, N / 24) < 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(philox_known_answers),
		cmocka_unit_test(streams_begin_as_ever),
		cmocka_unit_test(shuffles_are_as_ever),
		cmocka_unit_test(a_stream_is_read_from_its_beginning),
		cmocka_unit_test(numbers_are_uniform),
		cmocka_unit_test(normal_numbers),
		cmocka_unit_test(a_shuffle_is_a_permutation),
		cmocka_unit_test(every_order_is_as_likely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
