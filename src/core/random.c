/* SPDX-License-Identifier: MIT */
/*
 * random.c - random numbers from (seed, stream, counter)
 *
 * Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"):
 * a block cipher of a counter. Any thread can compute any number without those before it.
 *
 *   key      the seed, low word first
 *   counter  which block of four words, low word first, then the stream, low word first
 *
 * The streams never change; core.h names them. 0 .. 2^32 - 1 belong to the callers. Above them the
 * high word is the use and the low word the layer or epoch.
 *
 *   uniform in [0, 1)   the upper 24 bits of a word times 2^-24: each is a float32
 *   normal              Marsaglia's polar method (Marsaglia & Bray 1964): one word each for u and v
 *                       uniform in (-1, 1), in the middle of 2^24 intervals; if s = u^2 + v^2 and
 *                       s < 1, the numbers are u and v times sqrt(-2 log(s) / s). The logarithm is
 *                       our own, because each libm may give other bits
 *   index in [0, n)     two words as a 64-bit number modulo n; numbers below 2^64 mod n are
 *                       skipped, so that all indices are equally likely
 *   shuffle             Fisher & Yates, from the last place to the second: swap with an index
 *                       in [0, place]
 */
#include <math.h>
#include "core.h"

static inline void block(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t word[4])
{
	uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32), w0 = (uint32_t)counter,
		 w1 = (uint32_t)(counter >> 32), w2 = (uint32_t)stream,
		 w3 = (uint32_t)(stream >> 32);

	for (int round = 0; round < 10; round++) {
		uint64_t a = (uint64_t)0xD2511F53 * w0, b = (uint64_t)0xCD9E8D57 * w2;

		w0 = (uint32_t)(b >> 32) ^ w1 ^ key0;
		w1 = (uint32_t)b;
		w2 = (uint32_t)(a >> 32) ^ w3 ^ key1;
		w3 = (uint32_t)a;
		key0 += 0x9E3779B9; /* the golden ratio and sqrt(3) - 1, as in the paper */
		key1 += 0xBB67AE85;
	}
	word[0] = w0;
	word[1] = w1;
	word[2] = w2;
	word[3] = w3;
}

void hb_random_block(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t word[4])
{
	block(seed, stream, counter, word);
}

/* A stream read from its beginning, word by word. */
struct reader {
	uint64_t seed, stream, counter;
	uint32_t word[4];
	int left;
};

static uint32_t next(struct reader *r)
{
	if (r->left == 0) {
		block(r->seed, r->stream, r->counter++, r->word);
		r->left = 4;
	}
	return r->word[4 - r->left--];
}

static uint64_t next_index(struct reader *r, uint64_t n)
{
	uint64_t u;

	do {
		u = next(r);
		u |= (uint64_t)next(r) << 32;
	} while (u < n && u < (0 - n) % n); /* 2^64 mod n is below n, so this division is rare */
	return u % n;
}

static double next_symmetric(struct reader *r)
{
	return ((double)(next(r) >> 8) + 0.5) * 0x1p-23 - 1;
}

void hb_random_normal(uint64_t seed, uint64_t stream, long long n, double *z)
{
	struct reader r = {.seed = seed, .stream = stream};

	for (long long i = 0; i < n;) {
		double u = next_symmetric(&r), v = next_symmetric(&r), s = u * u + v * v;

		if (s >= 1)
			continue;
		s = sqrt(-2 * hb_log(s) / s);
		z[i++] = u * s;
		if (i < n)
			z[i++] = v * s;
	}
}

void hebb_uniform(long long n, float *u, uint64_t seed, uint64_t stream)
{
	uint32_t word[4];

	for (long long i = 0; i < n; i += 4) {
		block(seed, stream, (uint64_t)i / 4, word);
		for (int k = 0; k < 4 && k < n - i; k++)
			u[i + k] = (float)(int32_t)(word[k] >> 8) * 0x1p-24f;
	}
}

void hebb_shuffle(long long n, long long *index, uint64_t seed, uint64_t stream)
{
	struct reader r = {.seed = seed, .stream = stream};

	for (long long i = n - 1; i > 0; i--) {
		long long j = (long long)next_index(&r, (uint64_t)i + 1), swap = index[i];

		index[i] = index[j];
		index[j] = swap;
	}
}
