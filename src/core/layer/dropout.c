/* SPDX-License-Identifier: MIT */
/*
 * dropout.c - training sets a share of the inputs to 0, anew in each row and update  (Srivastava et
 *     al. 2014)
 *
 *   z_j = x_j f_j,  dJ/dx_j = d_j f_j,  f_j = 0 with probability rate, else 1 / (1 - rate)
 *
 * The factors depend only on (seed, layer, update, row, unit), and so not on the threads: 16 bits
 * of a Philox block for each unit; a number below rate 2^16 gives the factor 0. Outside training
 * the layer is the identity.
 */
#include "../core.h"

enum { OF_BLOCK = 8 }; /* the units that one block of random numbers serves */

/* What dropout draws for one row of a batch in layer l = 1 .. L of m units. */
static struct hb_draws draws_of(const struct hb_mode *mode, int l, int row, double rate, int m)
{
	uint32_t limit = mode->keeps_all ? 0 : (uint32_t)(rate * 65536 + 0.5),
		 blocks = ((uint32_t)m + OF_BLOCK - 1) / OF_BLOCK;

	limit = limit < 65535 ? limit : 65535;
	return (struct hb_draws){.seed = mode->seed,
				 .stream = HB_STREAM_DROPOUT(mode->below + l),
				 .counter = mode->update << 32 |
					    (uint32_t)((mode->first + (uint32_t)row) * blocks),
				 .limit = limit,
				 .kept = 65536.0f / (float)(65536 - limit)};
}

static hebb_status check(const struct hb_step *s, hebb_error *error)
{
	float rate = s->layer.rate;

	if (rate >= 0 && rate < 1)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "layer %d: a dropout rate of %g; it must be at least 0 and less than 1",
			 s->l, (double)rate);
}

/* The factors. */
static size_t memo(const struct hb_step *s, int rows)
{
	return (size_t)rows * (size_t)s->ld;
}

static float *factors_of(const struct hb_pass *p, const struct hb_step *s)
{
	return hb_memo(p, s) + (ptrdiff_t)p->row * s->ld;
}

static void forward(const struct hb_pass *p, const struct hb_step *s)
{
	struct hb_matrix x = hb_input(p, s, 0);
	float *z = hb_z(p, s), *factor = factors_of(p, s);

	for (int i = 0; i < p->rows; i++, x.values += x.ld, factor += s->ld, z += s->ld)
		p->plan->kernels->dropout(
			s->m, draws_of(p->mode, s->l, p->row + i, (double)s->layer.rate, s->m),
			x.values, factor, z);
}

static void backward(const struct hb_pass *p, const struct hb_step *s, float *dx)
{
	p->plan->kernels->multiply((size_t)p->rows * (size_t)s->ld, hb_d(p, s), factors_of(p, s),
				   dx);
}

/* ---- The reference, naive -------------------------------------------------------------------- */

/* Each half word of the Philox blocks, the low one first, decides about one unit. */
void hb_dropout_factors(const struct hb_mode *mode, int l, int row, double rate, int m,
			double *factor)
{
	struct hb_draws d = draws_of(mode, l, row, rate, m);
	uint32_t word[4];

	for (int j = 0; j < m; j++) {
		if (j % OF_BLOCK == 0)
			hb_random_block(d.seed, d.stream, d.counter + (uint64_t)(j / OF_BLOCK),
					word);
		factor[j] = (word[j % OF_BLOCK / 2] >> 16 * (j % 2) & 0xffff) < d.limit
				    ? 0
				    : (double)d.kept;
	}
}

static void naive_before_forward(const struct hb_level *all)
{
	const struct hb_step *s = all->s;

	for (int r = 0; r < all->rows; r++) {
		double *factor = all->memo + (size_t)r * s->m;

		if (all->mode->learns)
			hb_dropout_factors(all->mode, s->l - all->mode->below, all->first + r,
					   (double)s->layer.rate, s->m, factor);
		for (int j = 0; j < s->m && !all->mode->learns; j++)
			factor[j] = 1;
	}
}

static void naive_forward(const struct hb_level *l)
{
	for (int i = 0; i < l->s->m; i++)
		l->z[i] = l->x[i] * l->memo[i];
}

static void naive_backward(const struct hb_level *l, double *dx)
{
	for (int i = 0; i < l->s->m; i++)
		dx[i] = l->d[i] * l->memo[i];
}

const struct hb_kind hb_dropout = {.name = "dropout",
				   .fields = {sizeof(hebb_kind_fields), .rate = 1},
				   .formula = "z = x; in training x / (1 - rate), "
					      "but 0 for a share `rate` of x",
				   .inputs = 1,
				   .rests = 1,
				   .check = check,
				   .forward = forward,
				   .backward = backward,
				   .memo = memo,
				   .naive = {.before_forward = naive_before_forward,
					     .forward = naive_forward,
					     .backward = naive_backward}};
