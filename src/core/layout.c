/* SPDX-License-Identifier: MIT */
/*
 * layout.c - how parameters lie in memory; no other file knows
 *
 * Canonical order, in the interface and in files: layer by layer, and in a layer array by array (in
 * a dense layer W, m units x n inputs, then b, m); in an array the last index runs fastest.
 *
 * A block has the arrays in the same order, but all learned ones first and all running statistics
 * after them.  An array that is the operand of a product, W, is a matrix, m units x n, and lies in
 * panels of 32 units, each n x 32: the weights from one input to 32 units are adjacent, so a
 * product reads a panel from start to end and packs nothing. The last panel is 16 wide if at most
 * 16 units are left. The units of W are padded to a multiple of 16, and so is the length of each
 * other array. The padding of parameters, gradients and moments is zero, and stays zero because
 * only zeros are added. The widths do not depend on the instruction set.
 *
 *   W[unit][input] at  W + 32 n (unit / 32) + width input + unit % 32,
 *                      width = min(32, ld - 32 (unit / 32))
 *   b[unit]        at  b + unit
 *
 * The three products loop over the panels; a kernel computes one panel at a time. There are two
 * versions of each: with float32 operands, and with operands rounded to bfloat16.
 */
#include <math.h>
#include <string.h>
#include "core.h"

enum {
	/* The units that are transposed at a time: 256 x 32 floats are 32 KiB.  With many rows it
	 * pays to transpose more, whose d stays in the cache for all inputs. */
	TRANSPOSED = 256,
	MANY_ROWS = 256,
	MANY_TRANSPOSED = MANY_ROWS * HB_ROOM / HB_PANEL,
	FEW = 24,         /* rows */
	GROUPED = 1 << 17 /* the floats of x that stay in the cache for all panels, 512 KiB */
};

static int lesser(int a, int b)
{
	return a < b ? a : b;
}

/* The size of nearly equal pieces, at most `most`. */
static int piece_of(int total, int most)
{
	int pieces;

	if (total <= most)
		return total;
	pieces = (total + most - 1) / most;
	return (total + pieces - 1) / pieces;
}

static size_t padded(long long count)
{
	return (size_t)(count + HB_LANES - 1) / HB_LANES * HB_LANES;
}

/* of z and d */
static ptrdiff_t stride(const struct hb_parameter *W)
{
	return hb_row_stride(W->m);
}

static int width_of(const struct hb_parameter *W, int panel)
{
	return W->ld - panel * HB_PANEL < HB_PANEL ? HB_LANES : HB_PANEL;
}

static int panels_of(const struct hb_parameter *W)
{
	return (W->ld + HB_PANEL - 1) / HB_PANEL;
}

static size_t panel_at(const struct hb_parameter *W, int panel)
{
	return W->offset + (size_t)panel * HB_PANEL * (size_t)W->n;
}

static size_t weight_at(const struct hb_parameter *W, int unit, int input)
{
	int panel = unit / HB_PANEL;

	return panel_at(W, panel) + (size_t)input * (size_t)width_of(W, panel) +
	       (size_t)(unit % HB_PANEL);
}

void hb_layout_place(struct hb_plan *plan, int running)
{
	for (int i = 0; i < plan->arrays; i++) {
		struct hb_parameter *p = &plan->parameter[i];

		if (p->about.running != running)
			continue;
		p->m = p->about.shape[0];
		p->n = (int)(p->about.count / p->m);
		p->ld = (int)padded(p->m);
		p->floats = p->panels ? (size_t)p->n * (size_t)p->ld : padded(p->about.count);
		p->offset = plan->block;
		plan->block += p->floats;
	}
}

void hb_layout_get(const struct hb_parameter *p, const float *block, float *values)
{
	if (!p->panels) {
		memcpy(values, block + p->offset, (size_t)p->about.count * sizeof *values);
		return;
	}
	for (int unit = 0; unit < p->m; unit++)
		for (int input = 0; input < p->n; input++)
			*values++ = block[weight_at(p, unit, input)];
}

void hb_layout_set(const struct hb_parameter *p, float *block, const float *values)
{
	if (!p->panels) {
		memcpy(block + p->offset, values, (size_t)p->about.count * sizeof *values);
		return;
	}
	for (int unit = 0; unit < p->m; unit++)
		for (int input = 0; input < p->n; input++)
			block[weight_at(p, unit, input)] = *values++;
}

void hb_layout_copy(const struct hb_step *source, const float *block, const struct hb_step *target,
		    float *target_block)
{
	for (int i = 0; i < source->parameters; i++)
		memcpy(target_block + target->parameter[i].offset,
		       block + source->parameter[i].offset,
		       source->parameter[i].floats * sizeof *target_block);
}

struct hb_stretch hb_stretch_of(const struct hb_parameter *p, int part, int parts)
{
	size_t lanes = p->floats / HB_LANES, back = (size_t)(parts - 1 - part),
	       first = lanes * back / (size_t)parts * HB_LANES,
	       end = lanes * (back + 1) / (size_t)parts * HB_LANES;

	return (struct hb_stretch){p->offset + first, end - first};
}

/* Limits the norms of the units of a panel. The square of a float is exact in double. */
static void limit_panel(const struct hb_parameter *W, int panel, double most, float *w)
{
	int width = width_of(W, panel), any_above = 0;
	double squares[HB_PANEL] = {0};
	float factor[HB_PANEL];

	for (ptrdiff_t row = 0; row < (ptrdiff_t)W->n * width; row += width)
		for (int unit = 0; unit < width; unit++)
			squares[unit] += (double)w[row + unit] * (double)w[row + unit];
	for (int unit = 0; unit < width; unit++) {
		int above = squares[unit] > most * most;

		factor[unit] = above ? (float)(most / sqrt(squares[unit])) : 1;
		any_above |= above;
	}
	for (ptrdiff_t row = 0; any_above && row < (ptrdiff_t)W->n * width; row += width)
		for (int unit = 0; unit < width; unit++)
			w[row + unit] *= factor[unit];
}

void hb_layout_limit(const struct hb_plan *plan, float *w, double most, int part, int parts)
{
	for (int i = 0; i < plan->arrays; i++) {
		const struct hb_parameter *W = &plan->parameter[i];
		int limited = W->panels && W->about.decays && !hb_is_frozen(plan, W);
		long long panels = limited ? panels_of(W) : 0, end = panels * (part + 1) / parts;

		for (long long k = panels * part / parts; k < end; k++)
			limit_panel(W, (int)k, most, w + panel_at(W, (int)k));
	}
}

/* ---- Products of float32 numbers ------------------------------------------------------------- */

static HB_NOINLINE void forward(const struct hb_kernels *K, const struct hb_parameter *W,
				const float *w, int rows, const float *x, ptrdiff_t ldx, float *z)
{
	for (int panel = 0; panel < panels_of(W); panel++) {
		int width = width_of(W, panel), unit = panel * HB_PANEL,
		    last = panel == panels_of(W) - 1;

		K->product(&(struct hb_product){.M = rows,
						.N = width,
						.K = W->n,
						.a = x,
						.ai = ldx,
						.ak = 1,
						.b = w + panel_at(W, panel),
						.ldb = width,
						.begin = HB_FROM_BIAS,
						.bias = w + W[1].offset + unit,
						.c = z + unit,
						.ldc = stride(W),
						.next = last ? NULL : w + panel_at(W, panel + 1),
						.step = HB_FETCH * (ptrdiff_t)W->n});
	}
}

/* t (units x 32) = the weights from inputs `input`.. to units `unit`.. , zero where there are no
 * such inputs. */
static void transpose(const struct hb_kernels *K, const struct hb_parameter *W, const float *w,
		      int unit, int units, int input, float *t)
{
	for (int offset = 0; offset < units; offset += HB_PANEL) {
		int width = width_of(W, (unit + offset) / HB_PANEL);

		K->transpose(W->n - input, width, w + weight_at(W, unit + offset, input), width,
			     t + offset * HB_PANEL, HB_PANEL);
	}
}

/* Whether MANY_TRANSPOSED units are transposed at a time. */
static int is_many(int rows, int units)
{
	return rows >= MANY_ROWS && units > TRANSPOSED;
}

/* The inputs input .. input + 31 of  dx (+)= d W,  for the units first .. end - 1. */
static void backward_panel(const struct hb_kernels *K, const struct hb_parameter *W, const float *w,
			   int rows, const float *d, float *dx, ptrdiff_t ldx, int first, int end,
			   int input, int most, float *t)
{
	int width = ldx - input < HB_PANEL ? HB_LANES : HB_PANEL;

	for (int unit = first, units; unit < end; unit += units) {
		size_t next = weight_at(W, first, input + HB_PANEL);

		units = lesser(end - unit, most);
		if (unit + units < end)
			next = weight_at(W, unit + units, input);
		transpose(K, W, w, unit, units, input, t);
		K->product(&(struct hb_product){.M = rows,
						.N = width,
						.K = units,
						.a = d + unit,
						.ai = stride(W),
						.ak = 1,
						.b = t,
						.ldb = HB_PANEL,
						.begin = unit ? HB_FROM_C : HB_FROM_ZERO,
						.c = dx + input,
						.ldc = ldx,
						.next = w + next,
						.step = (ptrdiff_t)HB_PANEL * W->n});
	}
}

static void backward(const struct hb_kernels *K, const struct hb_parameter *W, const float *w,
		     int rows, const float *d, float *dx, ptrdiff_t ldx, float *room)
{
	_Alignas(64) float t[TRANSPOSED * HB_PANEL];
	int many = is_many(rows, W->m), outer = many ? MANY_TRANSPOSED : W->m;

	for (int unit = 0; unit < W->m; unit += outer)
		for (int input = 0; input < W->n; input += HB_PANEL)
			backward_panel(K, W, w, rows, d, dx, ldx, unit, lesser(W->m, unit + outer),
				       input, many ? MANY_TRANSPOSED : TRANSPOSED, many ? room : t);
}

size_t hb_layout_room(const struct hb_plan *plan)
{
	int widest = 0;

	for (int i = 0; i < plan->arrays; i++)
		if (plan->parameter[i].panels && plan->parameter[i].m > widest)
			widest = plan->parameter[i].m;
	return is_many(plan->rows, widest) ? (size_t)plan->rows * HB_ROOM : 0;
}

/* gb = begin + d^T 1 of one panel */
static void bias_gradient(const struct hb_kernels *K, const struct hb_parameter *W,
			  struct hb_sink g, int rows, const float *d, int panel)
{
	static const float one = 1;
	int unit = panel * HB_PANEL;

	K->product(&(struct hb_product){.M = 1,
					.N = width_of(W, panel),
					.K = rows,
					.a = &one,
					.b = d + unit,
					.ldb = stride(W),
					.begin = g.begin,
					.factor = g.factor,
					.c = g.block + W[1].offset + unit,
					.ldc = stride(W)});
}

/* The inputs of a piece of the gradient. Small pieces divide more evenly between threads, but with
 * few rows each of them has little to do. If there are few pieces, each part gets as many as the
 * others, unless they would then be too small. */
static int piece_height(const struct hb_kernels *K, const struct hb_parameter *W, int rows,
			int parts)
{
	int most = (K->rows < 8 ? 2 : 1) * K->rows * (1 + FEW / rows),
	    height = piece_of(W->n, most);
	int blocks = (W->n + height - 1) / height, panels = panels_of(W), even;

	if ((long long)blocks * panels >= 2LL * parts)
		return height;
	even = (blocks * panels + parts - 1) / parts * parts / panels;
	even = piece_of(W->n, (W->n + even - 1) / even);
	return 4 * even < 3 * most ? height : even;
}

static void gradient(const struct hb_kernels *K, const struct hb_parameter *W, struct hb_sink g,
		     int rows, const float *x, ptrdiff_t ldx, const float *d, int part, int parts)
{
	int height = piece_height(K, W, rows, parts);
	int blocks = (W->n + height - 1) / height, panels = panels_of(W);
	int fits = (long long)blocks * height * rows <= GROUPED;                     /* all of x */
	int group = fits ? blocks : piece_of(blocks, 1 + GROUPED / (rows * height)); /* blocks */
	long long in_group = (long long)group * panels,
		  pieces = fits ? in_group : (blocks + group - 1) / group * in_group, i = 0,
		  end = pieces;
	int block = 0, column = 0, first = 0; /* the place of piece i */

	/* divisions take longer than a product of few numbers */
	if (parts > 1) {
		i = pieces * part / parts;
		end = pieces * (part + 1) / parts;
		block = (int)(i % group);
		column = (int)(i % in_group) / group;
		first = (int)(i / in_group) * group;
	}
	for (; i < end; i++, block++) {
		if (block == group) {
			block = 0;
			column = column + 1 < panels ? column + 1 : 0;
			first += column == 0 ? group : 0;
		}
		/* the last panel first: in a step of few rows it is still in the cache */
		int panel = panels - 1 - column, unit = panel * HB_PANEL,
		    input = (first + block) * height, width = width_of(W, panel);

		if (input >= W->n)
			continue;
		K->product(
			&(struct hb_product){.M = lesser(W->n - input, height),
					     .N = width,
					     .K = rows,
					     .a = x + input,
					     .ai = 1,
					     .ak = ldx,
					     .b = d + unit,
					     .ldb = stride(W),
					     .begin = g.begin,
					     .factor = g.factor,
					     .c = g.block + weight_at(W, unit, input),
					     .ldc = width,
					     .next = g.block + weight_at(W, unit, input + height)});
		if (input == 0)
			bias_gradient(K, W, g, rows, d, panel);
	}
}

/* ---- Products of bfloat16 numbers --------------------------------------------------------------
 *
 * Operands are rounded tile by tile, into memory that stays in the cache: SIDE rows (or inputs) x
 * DEPTH of one operand, DEPTH x 32 of the other. So no rounded copy of W or of a layer exists, and
 * no thread waits for one. The sums of the next tile in k continue in c, of which GROUP panels stay
 * in the cache. Each element has one order of additions, whatever the tiles and parts. d^T 1 is
 * computed in float32.
 */
enum { SIDE = 128, DEPTH = 256, PAIRS = DEPTH / 2, GROUP = 16 };

struct tiles {
	_Alignas(64) hb_pair a[SIDE * PAIRS];
	_Alignas(64) hb_pair b[PAIRS * HB_PANEL];
};

/* For the panels first .. end_panel - 1 and at most SIDE rows. */
static void forward_bf16(const struct hb_bf16_kernels *K, const struct hb_parameter *W,
			 const float *w, int rows, const float *x, ptrdiff_t ldx, float *z,
			 int first, int end_panel)
{
	struct tiles t;

	for (int input = 0; input < W->n; input += DEPTH) {
		int inputs = lesser(W->n - input, DEPTH);

		K->along_rows(rows, inputs, x + input, ldx, t.a, PAIRS);
		for (int panel = first; panel < end_panel; panel++) {
			int width = width_of(W, panel), unit = panel * HB_PANEL;

			K->across_rows(inputs, width, w + weight_at(W, unit, input), width, t.b,
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
				.bias = w + W[1].offset + unit,
				.c = z + unit,
				.ldc = stride(W),
				.next = w + weight_at(W, unit + HB_PANEL, input),
				.step = HB_FETCH * inputs});
		}
	}
}

/* t (units/2 x 32) = pairs of the weights from inputs `input`.. to units `unit`.. , zero where
 * there are no such inputs. */
static void transpose_bf16(const struct hb_bf16_kernels *K, const struct hb_parameter *W,
			   const float *w, int unit, int units, int input, hb_pair *t)
{
	for (int offset = 0; offset < units; offset += HB_PANEL) {
		int width = width_of(W, (unit + offset) / HB_PANEL);

		K->transpose(W->n - input, width, w + weight_at(W, unit + offset, input), width,
			     t + offset / 2 * HB_PANEL, HB_PANEL);
	}
}

/* For the inputs first .. end_input - 1 and at most SIDE rows. */
static void backward_bf16(const struct hb_bf16_kernels *K, const struct hb_parameter *W,
			  const float *w, int rows, const float *d, float *dx, ptrdiff_t ldx,
			  int first, int end_input)
{
	struct tiles t;

	for (int unit = 0; unit < W->m; unit += DEPTH) {
		int units = lesser(W->m - unit, DEPTH);

		K->along_rows(rows, units, d + unit, stride(W), t.a, PAIRS);
		for (int input = first; input < end_input; input += HB_PANEL) {
			int width = ldx - input < HB_PANEL ? HB_LANES : HB_PANEL;

			transpose_bf16(K, W, w, unit, units, input, t.b);
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
				.next = w + weight_at(W, unit, input + HB_PANEL),
				.step = (ptrdiff_t)HB_PANEL * W->n});
		}
	}
}

/* gW (+)= d^T x for `inputs` inputs from `input` on, and for the panels first .. end_panel - 1 */
static void gradient_block_bf16(const struct hb_bf16_kernels *K, const struct hb_parameter *W,
				float *g, int rows, const float *x, ptrdiff_t ldx, const float *d,
				int add, int input, int inputs, int first, int end_panel)
{
	struct tiles t;

	for (int row = 0; row < rows; row += DEPTH) {
		int depth = lesser(rows - row, DEPTH);

		K->across_rows(depth, inputs, x + row * ldx + input, ldx, t.a, SIDE);
		for (int panel = first; panel < end_panel; panel++) {
			int width = width_of(W, panel), unit = panel * HB_PANEL;

			K->across_rows(depth, width, d + row * stride(W) + unit, stride(W), t.b,
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
				.c = g + weight_at(W, unit, input),
				.ldc = width,
				.next = g + weight_at(W, unit + HB_PANEL, input),
				.step = HB_FETCH * depth});
		}
	}
}

static void gradient_bf16(const struct hb_plan *plan, const struct hb_parameter *W,
			  struct hb_sink g, int rows, const float *x, ptrdiff_t ldx, const float *d,
			  int part, int parts)
{
	int side = piece_of(W->n, SIDE), panels = panels_of(W);
	long long pieces = (long long)((W->n + side - 1) / side) * panels,
		  end = pieces * (part + 1) / parts;

	for (long long i = pieces * part / parts; i < end;) {
		int input = (int)(i / panels) * side, first = (int)(i % panels);
		int end_panel = lesser(panels, first + (int)(end - i < GROUP ? end - i : GROUP));

		gradient_block_bf16(plan->bf16, W, g.block, rows, x, ldx, d, g.begin == HB_ADD_TO_C,
				    input, lesser(W->n - input, side), first, end_panel);
		for (int panel = first; panel < end_panel && input == 0; panel++)
			bias_gradient(plan->kernels, W, g, rows, d, panel);
		i += end_panel - first;
	}
}

/* ---- Both kinds of products ------------------------------------------------------------------ */

static HB_NOINLINE void forward_tiles(const struct hb_plan *plan, const struct hb_parameter *W,
				      const float *w, int rows, const float *x, ptrdiff_t ldx,
				      float *z)
{
	for (int side = piece_of(rows, SIDE); rows > 0; rows -= side) {
		for (int panel = 0; panel < panels_of(W); panel += GROUP)
			forward_bf16(plan->bf16, W, w, lesser(rows, side), x, ldx, z, panel,
				     lesser(panels_of(W), panel + GROUP));
		x += side * ldx;
		z += side * stride(W);
	}
}

void hb_layout_forward(const struct hb_plan *plan, const struct hb_parameter *W, const float *w,
		       int rows, const float *x, ptrdiff_t ldx, float *z)
{
	if (plan->bf16)
		forward_tiles(plan, W, w, rows, x, ldx, z);
	else if (rows == 1)
		hb_layout_row(plan->kernels, W, w, x, z);
	else
		forward(plan->kernels, W, w, rows, x, ldx, z);
}

void hb_layout_backward(const struct hb_plan *plan, const struct hb_parameter *W, const float *w,
			int rows, const float *d, float *dx, ptrdiff_t ldx, float *room)
{
	if (!plan->bf16) {
		backward(plan->kernels, W, w, rows, d, dx, ldx, room);
		return;
	}
	for (int side = piece_of(rows, SIDE); rows > 0; rows -= side) {
		for (int input = 0; input < W->n; input += GROUP * HB_PANEL)
			backward_bf16(plan->bf16, W, w, lesser(rows, side), d, dx, ldx, input,
				      lesser(W->n, input + GROUP * HB_PANEL));
		d += side * stride(W);
		dx += side * ldx;
	}
}

void hb_layout_gradient(const struct hb_plan *plan, const struct hb_parameter *W, struct hb_sink g,
			int rows, const float *x, ptrdiff_t ldx, const float *d, int part,
			int parts)
{
	if (plan->bf16)
		gradient_bf16(plan, W, g, rows, x, ldx, d, part, parts);
	else
		gradient(plan->kernels, W, g, rows, x, ldx, d, part, parts);
}
