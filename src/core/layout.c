/* SPDX-License-Identifier: MIT */
/*
 * layout.c - how parameters lie in memory; no other file knows
 *
 * Canonical order, in the interface and in files: W (m units x n inputs), then b (m), layer by layer.
 *
 * In a block, W lies in panels of 32 units, each n x 32: the weights by which one input reaches 32 units stand side by
 * side, so that a product streams through a panel without packing anything.  The last panel is 16 wide if 16 hold what is
 * left.  Units are padded to a multiple of 16; the padding of W, b, their gradients and moments is zero and stays zero,
 * for whatever is added to it is zero times something.  The widths do not depend on the instruction set.
 *
 *   W[unit][input] at  W + 32 n (unit / 32) + width input + unit % 32,   width = min(32, ld - 32 (unit / 32))
 *   b[unit]        at  b + unit
 *
 * A norm has gamma where W is, one for each unit, and beta in the place of b.  The running statistics of batch norm, mean and
 * variance, stand behind all that is learned, at the end of the block.
 *
 * The three products of a dense layer run over the panels here; the kernel sees one panel at a time.  Each is there twice: of
 * float32 operands, and of operands rounded to bfloat16.
 */
#include <math.h>
#include <string.h>
#include "core.h"

enum { TRANSPOSED = 256 }; /* units transposed at a time: 256 x 32 floats are 32 KiB */

static int lesser(int a, int b)
{
	return a < b ? a : b;
}

static int width_of(const struct hb_step *s, int panel)
{
	return s->ld - panel * HB_PANEL < HB_PANEL ? HB_LANES : HB_PANEL;
}

static int panels_of(const struct hb_step *s)
{
	return (s->ld + HB_PANEL - 1) / HB_PANEL;
}

static size_t panel_at(const struct hb_step *s, int panel)
{
	return s->W + (size_t)panel * HB_PANEL * (size_t)s->n;
}

static size_t weight_at(const struct hb_step *s, int unit, int input)
{
	int panel = unit / HB_PANEL;

	return panel_at(s, panel) + (size_t)input * (size_t)width_of(s, panel) +
	       (size_t)(unit % HB_PANEL);
}

static int is_norm(const struct hb_step *s)
{
	return s->layer.kind == HEBB_BATCH_NORM || s->layer.kind == HEBB_LAYER_NORM;
}

long long hb_layout_weights(const struct hb_step *s)
{
	return s->layer.kind == HEBB_DENSE ? (long long)s->n * s->m : is_norm(s) ? s->m : 0;
}

void hb_layout_place(struct hb_step *s, size_t *block)
{
	s->ld = (s->layer.units + HB_LANES - 1) / HB_LANES * HB_LANES;
	s->W = s->b = *block;
	if (!hb_layout_weights(s))
		return;
	s->b += (is_norm(s) ? 1 : (size_t)s->n) * (size_t)s->ld;
	*block = s->b + (size_t)s->ld;
}

void hb_layout_place_statistics(struct hb_step *s, size_t *block)
{
	s->mean = *block;
	s->variance = s->mean + (size_t)s->ld;
	if (s->layer.kind == HEBB_BATCH_NORM)
		*block = s->variance + (size_t)s->ld;
}

void hb_layout_get(const struct hb_step *s, const float *block, float *W, float *b)
{
	if (!hb_layout_weights(s))
		return;
	if (W && is_norm(s))
		memcpy(W, block + s->W, (size_t)s->m * sizeof *W);
	for (int unit = 0; W && !is_norm(s) && unit < s->m; unit++)
		for (int input = 0; input < s->n; input++)
			*W++ = block[weight_at(s, unit, input)];
	for (int unit = 0; b && unit < s->m; unit++)
		*b++ = block[s->b + (size_t)unit];
}

void hb_layout_set(const struct hb_step *s, float *block, const float *W, const float *b)
{
	if (!hb_layout_weights(s))
		return;
	if (W && is_norm(s))
		memcpy(block + s->W, W, (size_t)s->m * sizeof *W);
	for (int unit = 0; W && !is_norm(s) && unit < s->m; unit++)
		for (int input = 0; input < s->n; input++)
			block[weight_at(s, unit, input)] = *W++;
	for (int unit = 0; b && unit < s->m; unit++)
		block[s->b + (size_t)unit] = *b++;
}

void hb_layout_copy(const struct hb_step *from, const float *block, const struct hb_step *to,
		    float *made)
{
	size_t learned = hb_layout_weights(from) ? from->b + (size_t)from->ld - from->W : 0;

	memcpy(made + to->W, block + from->W, learned * sizeof *made);
	if (from->layer.kind == HEBB_BATCH_NORM)
		memcpy(made + to->mean, block + from->mean, 2 * (size_t)from->ld * sizeof *made);
}

struct hb_segment hb_layout_segment(const struct hb_plan *plan, int i)
{
	const struct hb_step *s = &plan->step[i < 2 * plan->L ? i / 2 : i - 2 * plan->L];

	if (i >= 2 * plan->L)
		return (struct hb_segment){
			.from = s->mean,
			.count = s->layer.kind == HEBB_BATCH_NORM ? 2 * (size_t)s->ld : 0,
			.frozen = s->layer.frozen};
	if (i % 2 == 0)
		return (struct hb_segment){.from = s->W,
					   .count = s->b - s->W,
					   .decays = s->layer.kind == HEBB_DENSE,
					   .frozen = s->layer.frozen};
	return (struct hb_segment){.from = s->b,
				   .count = hb_layout_weights(s) ? (size_t)s->ld : 0,
				   .frozen = s->layer.frozen};
}

/* Of the units of a panel.  The square of a float is exact in double, so the sums have one result. */
static void limit_panel(const struct hb_step *s, int panel, double most, float *w)
{
	int width = width_of(s, panel), any = 0;
	double squares[HB_PANEL] = {0};
	float factor[HB_PANEL];

	for (ptrdiff_t at = 0; at < (ptrdiff_t)s->n * width; at += width)
		for (int unit = 0; unit < width; unit++)
			squares[unit] += (double)w[at + unit] * (double)w[at + unit];
	for (int unit = 0; unit < width; unit++) {
		int above = squares[unit] > most * most;

		factor[unit] = above ? (float)(most / sqrt(squares[unit])) : 1;
		any |= above;
	}
	for (ptrdiff_t at = 0; any && at < (ptrdiff_t)s->n * width; at += width)
		for (int unit = 0; unit < width; unit++)
			w[at + unit] *= factor[unit];
}

void hb_layout_limit(const struct hb_plan *plan, float *w, double most, int part, int parts)
{
	for (int l = 0; l < plan->L; l++) {
		const struct hb_step *s = &plan->step[l];
		int limited = s->layer.kind == HEBB_DENSE && !s->layer.frozen;
		long long panels = limited ? panels_of(s) : 0;

		for (long long panel = panels * part / parts; panel < panels * (part + 1) / parts;
		     panel++)
			limit_panel(s, (int)panel, most, w + panel_at(s, (int)panel));
	}
}

/* ---- Products of float32 numbers --------------------------------------------------------------- */

static void forward(const struct hb_kernels *K, const struct hb_step *s, const float *w, int rows,
		    const float *x, ptrdiff_t ldx, float *z)
{
	int panel = 0;

	if (rows == 1) { /* all whole panels at once */
		panel = s->ld / HB_PANEL;
		K->row_product(panel, s->n, x, w + s->W, w + s->b, z);
	}
	for (; panel < panels_of(s); panel++) {
		int width = width_of(s, panel), unit = panel * HB_PANEL;

		K->product(&(struct hb_product){.M = rows,
						.N = width,
						.K = s->n,
						.a = x,
						.ai = ldx,
						.ak = 1,
						.b = w + panel_at(s, panel),
						.ldb = width,
						.begin = HB_FROM_BIAS,
						.bias = w + s->b + unit,
						.c = z + unit,
						.ldc = s->ld,
						.next = w + panel_at(s, panel + 1),
						.step = HB_FETCH * (ptrdiff_t)s->n});
	}
}

/* t (TRANSPOSED x 32) = the weights from inputs `input`.. to units `unit`.. , zero where there are no such inputs.
 * Returns how many units these are. */
static int transpose(const struct hb_kernels *K, const struct hb_step *s, const float *w, int unit,
		     int input, float *t)
{
	int units = s->m - unit < TRANSPOSED ? s->m - unit : TRANSPOSED;

	for (int from = 0; from < units; from += HB_PANEL) {
		int width = width_of(s, (unit + from) / HB_PANEL);

		K->transpose(s->n - input, width, w + weight_at(s, unit + from, input), width,
			     t + from * HB_PANEL, HB_PANEL);
	}
	return units;
}

static void backward(const struct hb_kernels *K, const struct hb_step *s, const float *w, int rows,
		     const float *d, float *dx, ptrdiff_t ldx)
{
	_Alignas(64) float t[TRANSPOSED * HB_PANEL];

	for (int input = 0; input < s->n; input += HB_PANEL) {
		int width = ldx - input < HB_PANEL ? HB_LANES : HB_PANEL;

		for (int unit = 0; unit < s->m; unit += TRANSPOSED) {
			int units = transpose(K, s, w, unit, input, t);
			size_t next = unit + units < s->m ? weight_at(s, unit + units, input)
							  : weight_at(s, 0, input + HB_PANEL);

			K->product(&(struct hb_product){.M = rows,
							.N = width,
							.K = units,
							.a = d + unit,
							.ai = s->ld,
							.ak = 1,
							.b = t,
							.ldb = HB_PANEL,
							.begin = unit ? HB_FROM_C : HB_FROM_ZERO,
							.c = dx + input,
							.ldc = ldx,
							.next = w + next,
							.step = (ptrdiff_t)HB_PANEL * s->n});
		}
	}
}

/* gb = begin + d^T 1 of one panel */
static void bias_gradient(const struct hb_kernels *K, const struct hb_step *s, struct hb_into g,
			  int rows, const float *d, int panel)
{
	static const float one = 1;
	int unit = panel * HB_PANEL;

	K->product(&(struct hb_product){.M = 1,
					.N = width_of(s, panel),
					.K = rows,
					.a = &one,
					.b = d + unit,
					.ldb = s->ld,
					.begin = g.begin,
					.factor = g.factor,
					.c = g.block + s->b + unit,
					.ldc = s->ld});
}

static void gradient(const struct hb_kernels *K, const struct hb_step *s, struct hb_into g,
		     int rows, const float *x, ptrdiff_t ldx, const float *d, int part, int parts)
{
	int most = K->rows < 8 ? 2 * K->rows
			       : K->rows; /* of a piece: small ones are shared more evenly */
	long long blocks = (s->n + most - 1) / most, all = blocks * panels_of(s);
	int height = (int)((s->n + blocks - 1) / blocks);

	for (long long i = all * part / parts; i < all * (part + 1) / parts; i++) {
		int panel = (int)(i / blocks), input = (int)(i % blocks) * height,
		    unit = panel * HB_PANEL, width = width_of(s, panel);

		K->product(
			&(struct hb_product){.M = lesser(s->n - input, height),
					     .N = width,
					     .K = rows,
					     .a = x + input,
					     .ai = 1,
					     .ak = ldx,
					     .b = d + unit,
					     .ldb = s->ld,
					     .begin = g.begin,
					     .factor = g.factor,
					     .c = g.block + weight_at(s, unit, input),
					     .ldc = width,
					     .next = g.block + weight_at(s, unit, input + height)});
		if (input == 0)
			bias_gradient(K, s, g, rows, d, panel);
	}
}

/* ---- Products of bfloat16 numbers --------------------------------------------------------------
 *
 * Operands are rounded tile by tile, into memory that stays in the cache: SIDE rows (or inputs) x DEPTH of the one, DEPTH x 32 of
 * the other.  So no copy of W or of a layer is kept, and no thread waits for another's.  From one tile to the next in k the sums
 * go on in c, of which GROUP panels stay in the cache meanwhile; an element has one order of additions, however the rows and the
 * parts are cut.  d^T 1 stays in float32.
 */
enum { SIDE = 128, DEPTH = 256, PAIRS = DEPTH / 2, GROUP = 16 };

struct tiles {
	_Alignas(64) hb_pair a[SIDE * PAIRS];
	_Alignas(64) hb_pair b[PAIRS * HB_PANEL];
};

/* The size of pieces as equal as can be, none above `most`. */
static int piece_of(int total, int most)
{
	int pieces = (total + most - 1) / most;

	return (total + pieces - 1) / pieces;
}

/* Of the panels from .. to - 1; at most SIDE rows. */
static void forward_bf16(const struct hb_bf16_kernels *K, const struct hb_step *s, const float *w,
			 int rows, const float *x, ptrdiff_t ldx, float *z, int from, int to)
{
	struct tiles t;

	for (int input = 0; input < s->n; input += DEPTH) {
		int inputs = lesser(s->n - input, DEPTH);

		K->along_rows(rows, inputs, x + input, ldx, t.a, PAIRS);
		for (int panel = from; panel < to; panel++) {
			int width = width_of(s, panel), unit = panel * HB_PANEL;

			K->across_rows(inputs, width, w + weight_at(s, unit, input), width, t.b,
				       HB_PANEL);
			K->product(&(struct hb_product){
				.M = rows,
				.N = width,
				.K = (inputs + 1) / 2,
				.a = t.a,
				.ai = PAIRS,
				.ak = 1,
				.b = t.b,
				.ldb = HB_PANEL,
				.begin = input ? HB_FROM_C : HB_FROM_BIAS,
				.bias = w + s->b + unit,
				.c = z + unit,
				.ldc = s->ld,
				.next = w + weight_at(s, unit + HB_PANEL, input),
				.step = HB_FETCH * inputs});
		}
	}
}

/* t (units/2 x 32) = pairs of the weights from inputs `input`.. to units `unit`.. , zero where there are no such inputs. */
static void transpose_bf16(const struct hb_bf16_kernels *K, const struct hb_step *s, const float *w,
			   int unit, int units, int input, hb_pair *t)
{
	for (int from = 0; from < units; from += HB_PANEL) {
		int width = width_of(s, (unit + from) / HB_PANEL);

		K->transpose(s->n - input, width, w + weight_at(s, unit + from, input), width,
			     t + from / 2 * HB_PANEL, HB_PANEL);
	}
}

/* Of the inputs from .. to - 1; at most SIDE rows. */
static void backward_bf16(const struct hb_bf16_kernels *K, const struct hb_step *s, const float *w,
			  int rows, const float *d, float *dx, ptrdiff_t ldx, int from, int to)
{
	struct tiles t;

	for (int unit = 0; unit < s->m; unit += DEPTH) {
		int units = lesser(s->m - unit, DEPTH);

		K->along_rows(rows, units, d + unit, s->ld, t.a, PAIRS);
		for (int input = from; input < to; input += HB_PANEL) {
			int width = ldx - input < HB_PANEL ? HB_LANES : HB_PANEL;

			transpose_bf16(K, s, w, unit, units, input, t.b);
			K->product(&(struct hb_product){
				.M = rows,
				.N = width,
				.K = (units + 1) / 2,
				.a = t.a,
				.ai = PAIRS,
				.ak = 1,
				.b = t.b,
				.ldb = HB_PANEL,
				.begin = unit ? HB_FROM_C : HB_FROM_ZERO,
				.c = dx + input,
				.ldc = ldx,
				.next = w + weight_at(s, unit, input + HB_PANEL),
				.step = (ptrdiff_t)HB_PANEL * s->n});
		}
	}
}

/* gW (+)= d^T x of `inputs` inputs from `input` on, and of the panels from .. to - 1 */
static void gradient_block_bf16(const struct hb_bf16_kernels *K, const struct hb_step *s, float *g,
				int rows, const float *x, ptrdiff_t ldx, const float *d, int add,
				int input, int inputs, int from, int to)
{
	struct tiles t;

	for (int row = 0; row < rows; row += DEPTH) {
		int depth = lesser(rows - row, DEPTH);

		K->across_rows(depth, inputs, x + row * ldx + input, ldx, t.a, SIDE);
		for (int panel = from; panel < to; panel++) {
			int width = width_of(s, panel), unit = panel * HB_PANEL;

			K->across_rows(depth, width, d + (ptrdiff_t)row * s->ld + unit, s->ld, t.b,
				       HB_PANEL);
			K->product(&(struct hb_product){
				.M = inputs,
				.N = width,
				.K = (depth + 1) / 2,
				.a = t.a,
				.ai = 1,
				.ak = SIDE,
				.b = t.b,
				.ldb = HB_PANEL,
				.begin = add || row ? HB_FROM_C : HB_FROM_ZERO,
				.c = g + weight_at(s, unit, input),
				.ldc = width,
				.next = g + weight_at(s, unit + HB_PANEL, input),
				.step = HB_FETCH * depth});
		}
	}
}

static void gradient_bf16(const struct hb_plan *plan, const struct hb_step *s, struct hb_into g,
			  int rows, const float *x, ptrdiff_t ldx, const float *d, int part,
			  int parts)
{
	int side = piece_of(s->n, SIDE), panels = panels_of(s);
	long long all = (long long)((s->n + side - 1) / side) * panels,
		  end = all * (part + 1) / parts;

	for (long long i = all * part / parts; i < end;) {
		int input = (int)(i / panels) * side, from = (int)(i % panels);
		int to = lesser(panels, from + (int)(end - i < GROUP ? end - i : GROUP));

		gradient_block_bf16(plan->bf16, s, g.block, rows, x, ldx, d, g.begin == HB_ADD_TO_C,
				    input, lesser(s->n - input, side), from, to);
		for (int panel = from; panel < to && input == 0; panel++)
			bias_gradient(plan->kernels, s, g, rows, d, panel);
		i += to - from;
	}
}

/* ---- Either ------------------------------------------------------------------------------------ */

void hb_layout_forward(const struct hb_plan *plan, const struct hb_step *s, const float *w,
		       int rows, const float *x, ptrdiff_t ldx, float *z)
{
	if (!plan->bf16) {
		forward(plan->kernels, s, w, rows, x, ldx, z);
		return;
	}
	for (int side = piece_of(rows, SIDE); rows > 0; rows -= side) {
		for (int panel = 0; panel < panels_of(s); panel += GROUP)
			forward_bf16(plan->bf16, s, w, lesser(rows, side), x, ldx, z, panel,
				     lesser(panels_of(s), panel + GROUP));
		x += side * ldx;
		z += side * s->ld;
	}
}

void hb_layout_backward(const struct hb_plan *plan, const struct hb_step *s, const float *w,
			int rows, const float *d, float *dx, ptrdiff_t ldx)
{
	if (!plan->bf16) {
		backward(plan->kernels, s, w, rows, d, dx, ldx);
		return;
	}
	for (int side = piece_of(rows, SIDE); rows > 0; rows -= side) {
		for (int input = 0; input < s->n; input += GROUP * HB_PANEL)
			backward_bf16(plan->bf16, s, w, lesser(rows, side), d, dx, ldx, input,
				      lesser(s->n, input + GROUP * HB_PANEL));
		d += side * s->ld;
		dx += side * ldx;
	}
}

void hb_layout_gradient(const struct hb_plan *plan, const struct hb_step *s, struct hb_into g,
			int rows, const float *x, ptrdiff_t ldx, const float *d, int part,
			int parts)
{
	if (plan->bf16)
		gradient_bf16(plan, s, g, rows, x, ldx, d, part, parts);
	else
		gradient(plan->kernels, s, g, rows, x, ldx, d, part, parts);
}
