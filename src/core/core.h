/* SPDX-License-Identifier: MIT */
/*
 * core.h - what the files of the core share
 *
 * Notation, everywhere in the core: layer l = 1 .. L has n inputs and m units, W (m x n), b (m),
 * activation f; x input, y target, z = W h + b, h = f(z), d = dJ/dz the delta, J the cost; rows
 * examples in a batch.  w is a block of all parameters, g their gradient in a block of the same
 * layout (layout.c), ld a row stride in floats.
 */
#ifndef HEBB_CORE_H
#define HEBB_CORE_H

#include <string.h>
#include "hebb_advanced.h"
#include "kernel/kernels.h"

/* A product and a sum are fused only where the source says so (FMA in the kernels), because the
 * bits depend on it. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#elif defined __GNUC__
#pragma GCC optimize("fp-contract=off")
#endif

/* ---- error.c, memory.c, arena.c ---- */

/* The name and formula of a value of an enum. The rows of a table begin with this struct, and the
 * index of a row is the value. A test compares the rows with hebb.h. */
struct hb_row {
	const char *name, *formula; /* the formula: the beginning of the comment in hebb.h */
};

struct hb_table {
	const void *rows;
	size_t size; /* of a row */
	int count;
};

#define HB_TABLE(rows) \
	((struct hb_table){rows, sizeof *(rows), (int)(sizeof(rows) / sizeof *(rows))})

/* NULL: there is none. Inline: with a constant table it becomes a comparison and an address. */
static inline const void *hb_row(struct hb_table table, int value)
{
	const struct hb_row *row;

	if (value < 0 || value >= table.count)
		return NULL;
	row = (const void *)((const char *)table.rows + (size_t)value * table.size);
	return row->name ? row : NULL;
}

int hb_value_of(struct hb_table table, const char *name); /* 0: there is none */

/* hebb_TYPE_name(), hebb_TYPE_find() and hebb_TYPE_formula() by a table. */
#define HB_NAMES(type, rows) \
	const char *hebb_##type##_name(hebb_##type value) \
	{ \
		const struct hb_row *row = hb_row(HB_TABLE(rows), (int)value); \
\
		return row ? row->name : NULL; \
	} \
\
	hebb_##type hebb_##type##_find(const char *name) \
	{ \
		return (hebb_##type)hb_value_of(HB_TABLE(rows), name); \
	} \
\
	const char *hebb_##type##_formula(hebb_##type value) \
	{ \
		const struct hb_row *row = hb_row(HB_TABLE(rows), (int)value); \
\
		return row ? row->formula : NULL; \
	}

void *hb_no_memory(hebb_error *error, size_t bytes);         /* fills in the error; NULL */
hebb_status hb_missing(const char *name, hebb_error *error); /* BAD_ARGUMENT: it is NULL */

/* The caller's allocator as this version knows it; NULL is malloc().  An object keeps this copy,
 * after hb_allocate() has accepted the allocator. */
hebb_allocator hb_allocator_of(const hebb_allocator *allocator);

/* Zeroed memory, aligned for the kernels; NULL with the error filled in: NO_MEMORY, or BAD_ARGUMENT
 * if the allocator has no size.  hb_release() needs the same number of bytes. */
void *hb_allocate(const hebb_allocator *allocator, size_t bytes, hebb_error *error);
void hb_release(const hebb_allocator *allocator, void *memory, size_t bytes);
float *hb_allocate_floats(const hebb_allocator *allocator, uint64_t count, hebb_error *error);
void hb_release_floats(const hebb_allocator *allocator, float *memory, size_t count);
/* The product, or SIZE_MAX if it overflows; no allocation of that size succeeds. */
size_t hb_bytes(uint64_t count, size_t size);

/* As hb_no_memory(); if the allocator is an arena's, the message says how much memory is left
 * there. */
void *hb_arena_no_memory(const hebb_allocator *allocator, size_t bytes, hebb_error *error);

/* Most rows of examples and outputs are short: four numbers at a time are quicker than a call of
 * memcpy(). */
static inline void hb_copy_row(int count, const float *from, float *to)
{
	enum { LONG = 16 };

	if (count > LONG) {
		memcpy(to, from, (size_t)count * sizeof *to);
		return;
	}
	for (; count >= 4; count -= 4, from += 4, to += 4)
		memcpy(to, from, 4 * sizeof *to);
	if (count & 2)
		memcpy(to, from, 2 * sizeof *to);
	if (count & 1)
		to[count & 2] = from[count & 2];
}

/* ---- random.c ---- */

#define HB_STREAM_START(layer) (1ULL << 32 | (uint64_t)(layer)) /* initial weights of a layer */
#define HB_STREAM_SHUFFLE(epoch) (2ULL << 32 | (uint64_t)(epoch))
#define HB_STREAM_DROPOUT(layer) (4ULL << 32 | (uint64_t)(layer))
#define HB_STREAM_CHECK(layer) \
	(3ULL << 32 | (uint64_t)(layer)) /* which parameters hebb_check_gradient() looks at */

void hb_random_block(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t word[4]);
void hb_random_normal(uint64_t seed, uint64_t stream, long long n,
		      double *z); /* mean 0, variance 1, from the stream's beginning */

/* ---- activation.c, loss.c ---- */

struct hb_step;
struct hb_activation {
	struct hb_row entry;
	const char *slope;     /* the formula of f' */
	double (*f)(double z); /* NULL: not by element (softmax) */
	double (*derivative)(double z);
	hebb_start start; /* the start that AUTO means */
	int keeps_z;      /* f' is computed from z; otherwise from h alone */
	int kinks;        /* the number of z where f' or f'' jumps, 0 to 2, and these z */
	double kink[2];
	enum hb_map kernel; /* the same in float32, for whole rows */
	struct { /* |h - f(z)| of the kernel is at most absolute + relative |f(z)| + of_z |z| */
		double absolute, relative, of_z;
	} error;
};

const struct hb_activation *hb_activation(hebb_activation activation); /* NULL: there is none */

/* The same for a layer, whose function may be the caller's own: the name; f(z) and f'(z),
 * element-wise, not for softmax; the number of kinks and their z; h = f(z) and d = d o f'(z) for
 * rows x m, row stride ld, in float32. */
const char *hb_activation_of(const hebb_layer *layer);
double hb_f(const hebb_layer *layer, double z);
double hb_derivative(const hebb_layer *layer, double z);
int hb_kinks(const hebb_layer *layer, const double **kink);
void hb_activate(const struct hb_kernels *K, const struct hb_step *s, int rows, const float *z,
		 float *h);
void hb_activate_back(const struct hb_kernels *K, const struct hb_step *s, int rows, const float *z,
		      const float *h, float *d);

/* BAD_SHAPE: the loss is not defined for that output, or has no gradient with one softmax
 * output. */
hebb_status hb_loss_check(hebb_loss loss, const hebb_layer *output, int outputs, hebb_error *error);

/* BAD_ARGUMENT: the recipe's loss is unknown, or the caller's own loss is incomplete. */
hebb_status hb_loss_exists(const hebb_recipe *recipe, hebb_error *error);

/* ---- plan.c ---- */

int hb_size(hebb_shape shape); /* the number of values */

enum { HB_MOST_PARAMETERS = 4, HB_MOST_INPUTS = 2 };

/* An array of parameters. The kind of its layer sets the first fields, layout.c those from m on. As
 * a matrix it is m x n: m is the first dimension, n the product of the others. */
struct hb_parameter {
	hebb_parameter about;   /* the description for hebb_net_parameter() */
	unsigned char panels;   /* 1: it is the operand of a product and lies in panels */
	unsigned char positive; /* 1: it is never below 0 */
	int layer;              /* its layer, from 0 on */
	int m, n, ld;           /* ld: m rounded up to HB_LANES */
	size_t offset, floats;  /* its place in a block, with padding */
};

struct hb_step {
	hebb_layer layer; /* its description */
	const struct hb_kind *kind;
	int rests;                         /* kind->rests */
	enum hb_map map;                   /* of its activation */
	int l;                             /* the layer, 1 .. L */
	int n, m;                          /* the number of inputs and of outputs */
	int ld;                            /* row stride of h, z and d: hb_row_stride(m) */
	int inputs, input[HB_MOST_INPUTS]; /* the layers that it reads, from 0 on; -1: x of the
					      network */
	int owner[HB_MOST_INPUTS]; /* outside training: the layers whose h it reads, past dropout
				      layers */
	hebb_shape in[HB_MOST_INPUTS], out;
	int parameters;
	struct hb_parameter *parameter; /* its arrays, a part of the list of the plan */
	size_t h, z, d; /* their offsets in the scratch memory; z = h if z is not kept */
	size_t memo;    /* the offset of what the forward pass keeps for the backward pass; only in
			   training */
	int reader;     /* the first layer (1 .. L) whose second input is h of this one; 0: none */
	int next;       /* for such a layer: the next one with the same second input */
	/* Used only while a plan is made, and not about this step: the last layer that reads area
	 * i, in step[i]. */
	int area_until;
};

/* How rows go through a network. All 0: not in training. */
struct hb_mode {
	/* 1: training. 0: no dropout, and batch norm uses the running statistics. */
	int learns;
	uint64_t seed, update; /* dropout has another mask for each update and row */
	uint32_t first;        /* the row of the batch that is row 0 here */
	int below;             /* the number of layers of the network below the first one here */
	int keeps_all;         /* 1: dropout keeps all units, as outside training */
	/* The number of rows that batch norm normalizes together; 1: it uses the running
	 * statistics. */
	int together;
	const double *statistics; /* for the reference: the running statistics; NULL: 0 and 1 */
	const hebb_allocator *allocator; /* the memory of the reference */
};

/* Const once it is made. */
struct hb_plan {
	const struct hb_kernels *kernels;
	const struct hb_bf16_kernels *bf16; /* NULL: the three products take float32 operands */
	int inputs, outputs, L, rows;
	int tile;             /* the number of rows that go through all layers before the next */
	long long parameters; /* without padding */
	size_t block;         /* floats of a block of parameters, padding and statistics included */
	size_t learned; /* the first floats of a block are learned; running statistics follow */
	size_t scratch; /* floats of scratch memory */
	int ldx;        /* row stride of x; if it is not `inputs`, there is a copy of x: */
	size_t x;       /* its offset in the scratch memory */
	size_t dx;      /* HB_GO_BACK: the offset of dJ/dx, row stride ldx */
	size_t room;    /* the offset of hb_layout_room() floats */
	/* The lowest layer that learns, from 0 on; L: none.  No delta is needed below it. */
	int lowest;
	int plain;    /* all layers are dense, with activations of kernels */
	size_t bytes; /* that the plan takes */
	int arrays;
	struct hb_parameter *parameter; /* of all layers, one layer after the other */
	struct hb_step step[];          /* L of them; step[0] is layer 1 */
};

/* RUN keeps only h of the last layer; RUN_WHOLE keeps h of every layer; both have no d. LEARN_BF16
 * multiplies bfloat16 numbers. GO_BACK is as LEARN, but deltas go down to x, through frozen layers
 * too. */
enum hb_purpose { HB_RUN = 1, HB_RUN_WHOLE, HB_LEARN, HB_LEARN_BF16, HB_GO_BACK };

/* All that can be wrong with a description is found here. */
struct hb_plan *hb_plan_new(int inputs, int L, const hebb_layer *layers, int rows,
			    enum hb_purpose purpose, const hebb_allocator *allocator,
			    hebb_error *error);
/* For the same layers. */
struct hb_plan *hb_plan_again(const struct hb_plan *plan, int rows, enum hb_purpose purpose,
			      const hebb_allocator *allocator, hebb_error *error);
void hb_plan_free(const struct hb_plan *plan, const hebb_allocator *allocator);

/* How many numbers of a step are learned, or are running statistics. */
long long hb_count_all(const struct hb_step *s, int running);

int hb_is_frozen(const struct hb_plan *plan, const struct hb_parameter *p);
int hb_learns(const struct hb_step *s); /* it has learned parameters and is not frozen */

/* Parameter i = 0, 1, ... of those that are learned, or of the running statistics; NULL: there is
 * none. */
const struct hb_parameter *hb_parameter(const struct hb_step *s, int running, int i);

/* ---- start.c ---- */

/* Sets W (m x n) of a layer, followed by b (m), to their initial values. */
hebb_status hb_start(const hebb_allocator *allocator, const struct hb_step *s, uint64_t seed,
		     float *W, hebb_error *error);

/* ---- network.c ---- */

struct hebb_net {
	hebb_allocator allocator;
	struct hb_plan *plan; /* for one row; only hebb_net_freeze() changes it */
	float *w;             /* used by network.c, by what runs a network, and by the engine */
};

/* An array of parameters in canonical order. */
void hb_net_get(const hebb_net *net, const struct hb_parameter *p, float *values);

const struct hb_step *hb_step_of(const struct hb_plan *plan, int layer,
				 hebb_error *error); /* NULL: there is none */
int hb_all_finite(size_t count, const float *values);

/* ---- layout.c: how parameters lie in memory; narrow.c alone knows it, too ---- */

/* Gives the learned parameters, or the running statistics, their places in a block, after those
 * placed before. */
void hb_layout_place(struct hb_plan *plan, int running);

/* Copies an array of parameters, in canonical order, out of a block or into it. */
void hb_layout_get(const struct hb_parameter *p, const float *block, float *values);
void hb_layout_set(const struct hb_parameter *p, float *block, const float *values);

/* Copies all parameters of a layer from a block to a block of another plan, in which a layer of the
 * same shape has another place. */
void hb_layout_copy(const struct hb_step *source, const float *block, const struct hb_step *target,
		    float *target_block);

/* Part `part` of `parts` of the floats of a parameter in a block, in whole lanes. The last floats
 * are in part 0, as in the gradient: so most of them are still in the cache of the processor that
 * has computed it. */
struct hb_stretch {
	size_t offset, count;
};
struct hb_stretch hb_stretch_of(const struct hb_parameter *p, int part, int parts);

/* Scales the weights of each unit down to the norm `most` if their norm is higher: part `part` of
 * `parts`. */
void hb_layout_limit(const struct hb_plan *plan, float *w, double most, int part, int parts);

/* The row stride of m floats: m rounded up to HB_LANES, the padding; one more HB_LANES if it would
 * be a multiple of 1 KiB, because such rows would displace each other in a cache. These last may
 * hold anything: no result depends on them. */
static inline int hb_row_stride(int m)
{
	int padded = (m + HB_LANES - 1) / HB_LANES * HB_LANES;

	return padded % 256 ? padded : padded + HB_LANES;
}

/* The floats of scratch memory that hb_layout_backward() needs for all rows: HB_ROOM for each row,
 * if any layer is so wide and the rows so many that it uses them. */
enum { HB_ROOM = 128 };
size_t hb_layout_room(const struct hb_plan *plan);

/* The three products of a matrix W (m x n) in panels and a vector b (m), the parameters W[0] and
 * W[1] of a list.  z (rows x m) = x W^T + b; the row stride of z and d is hb_row_stride(m). */
void hb_layout_forward(const struct hb_plan *plan, const struct hb_parameter *W, const float *w,
		       int rows, const float *x, ptrdiff_t ldx, float *z);
/* dx (rows x n) = d W, dx with row stride ldx, its padding to HB_LANES zero; room: see
 * hb_layout_room() */
void hb_layout_backward(const struct hb_plan *plan, const struct hb_parameter *W, const float *w,
			int rows, const float *d, float *dx, ptrdiff_t ldx, float *room);

/* z of one row, in float32 */
static inline void hb_layout_row(const struct hb_kernels *K, const struct hb_parameter *W,
				 const float *w, const float *x, float *z)
{
	K->row_product(W->ld, W->n, x, w + W->offset, w + W[1].offset, z);
}

/* Where a gradient is written. HB_FROM_ZERO replaces the block, HB_ADD_TO_C adds the gradient times
 * `factor` to it. bf16 products need the factor 1. */
struct hb_sink {
	float *block;
	enum hb_begin begin;
	float factor;
};

/* part `part` of `parts` of  gW = d^T x,  gb = d^T 1 */
void hb_layout_gradient(const struct hb_plan *plan, const struct hb_parameter *W, struct hb_sink g,
			int rows, const float *x, ptrdiff_t ldx, const float *d, int part,
			int parts);

/* ---- kinds.c, layer/: the kinds of layer ---- */

/* Some rows of a batch, from row `row` on, on their way through a plan: the same struct for all
 * layers. A kind finds the arrays of its layer by its step, with the functions below, so nothing is
 * set up between layers. */
struct hb_pass {
	const struct hb_plan *plan;
	const struct hb_mode *mode;
	const float *w, *x; /* x: of the network, all rows of the batch */
	float *scratch;
	int row, rows;
};

struct hb_matrix {
	const float *values;
	ptrdiff_t ld;
};

/* x of the network: the caller's, or the copy in scratch memory (copy_x() of backprop.c). */
static inline struct hb_matrix hb_x(const struct hb_pass *p)
{
	int ld = p->plan->ldx;

	return (struct hb_matrix){(ld > p->plan->inputs ? p->scratch + p->plan->x : p->x) +
					  (ptrdiff_t)p->row * ld,
				  ld};
}

/* Input i of a step: h of the layer it reads, or x. */
static inline struct hb_matrix hb_input(const struct hb_pass *p, const struct hb_step *s, int i)
{
	int l = p->mode->learns ? s->input[i] : s->owner[i];
	const struct hb_step *source;

	if (l < 0)
		return hb_x(p);
	source = &p->plan->step[l];
	return (struct hb_matrix){p->scratch + source->h + (ptrdiff_t)p->row * source->ld,
				  source->ld};
}

static inline float *hb_room(const struct hb_pass *p)
{
	return p->scratch + p->plan->room + (ptrdiff_t)p->row * HB_ROOM;
}

/* z, h and d of a step, row stride ld. */
static inline float *hb_z(const struct hb_pass *p, const struct hb_step *s)
{
	return p->scratch + s->z + (ptrdiff_t)p->row * s->ld;
}

static inline float *hb_h(const struct hb_pass *p, const struct hb_step *s)
{
	return p->scratch + s->h + (ptrdiff_t)p->row * s->ld;
}

static inline float *hb_d(const struct hb_pass *p, const struct hb_step *s)
{
	return p->scratch + s->d + (ptrdiff_t)p->row * s->ld;
}

/* What a step keeps for the backward pass, for all rows; NULL outside training. */
static inline float *hb_memo(const struct hb_pass *p, const struct hb_step *s)
{
	return s->memo ? p->scratch + s->memo : NULL;
}

/* One layer with some examples, or with one of them, in double: the argument of the reference of a
 * kind. Parameters are in canonical order. */
struct hb_level {
	const struct hb_step *s;
	const struct hb_mode *mode;
	int first, rows; /* the rows of the batch: the first one and their number */
	int running;     /* 1: running statistics are taken */
	const double *p[HB_MOST_PARAMETERS]; /* running statistics may be NULL */
	double *g[HB_MOST_PARAMETERS];       /* their gradient, to be added to; p[0], g[0]: W */
	const double *x, *other;
	double *z, *h, *d;
	double *memo; /* m numbers by example, */
	double *sums; /* and 4 m numbers of all examples, kept for the backward pass */
};

/* Example r of those of a level. */
struct hb_level hb_level_at(const struct hb_level *all, int r);

/* The reference of a kind: the same mathematics, naive, in double. `one` is a level with one
 * example, `all` a level with all of them. */
struct hb_naive {
	void (*before_forward)(const struct hb_level *all); /* NULL: nothing */
	void (*forward)(const struct hb_level *one);        /* z from x */
	void (*before_backward)(const struct hb_level *all);
	void (*backward)(const struct hb_level *one, double *dx); /* dx = dJ/dx from d = dJ/dz */
	void (*backward_other)(const struct hb_level *one, double *d); /* d += dJ/dother */
	void (*gradient)(const struct hb_level *one);                  /* g += */
};

/* A kind of layer.  What is NULL or 0 does not apply. */
struct hb_kind {
	const char *name, *formula;
	hebb_kind_fields fields;
	int parameters; /* arrays of them, at most HB_MOST_PARAMETERS */
	int inputs;     /* 1, or 2: the layer below, and layer.from */
	int rests;      /* 1: outside training it is the identity */
	int is_affine;  /* z = W x + b, W and b the first of its parameters */

	/* Checks the description for these inputs. The shape of its output; NULL: that of its
	 * input. Lists its parameters by hb_list(), the learned ones first. */
	hebb_status (*check)(const struct hb_step *s, hebb_error *error);
	hebb_shape (*shape)(const struct hb_step *s);
	void (*list)(struct hb_step *s);

	/* Sets all its parameters, which are 0, to their initial values, in canonical order. */
	hebb_status (*start)(const hebb_allocator *allocator, const struct hb_step *s,
			     uint64_t seed, float *values, hebb_error *error);

	void (*forward)(const struct hb_pass *p, const struct hb_step *s); /* z from x */
	/* dx = dJ/dx from d = dJ/dz, row stride that of its input; d += dJ/dother, likewise */
	void (*backward)(const struct hb_pass *p, const struct hb_step *s, float *dx);
	void (*backward_other)(const struct hb_pass *p, const struct hb_step *s, float *d);
	/* part `part` of `parts` of the gradient of its parameters */
	void (*gradient)(const struct hb_pass *p, const struct hb_step *s, struct hb_sink g,
			 int part, int parts);
	/* In training: sums over all rows that must exist before forward() and before backward() of
	 * any row, for part `part` of `parts` of the units. */
	void (*before_forward)(const struct hb_pass *p, const struct hb_step *s, int part,
			       int parts);
	void (*before_backward)(const struct hb_pass *p, const struct hb_step *s, int part,
				int parts);
	/* The number of floats that it keeps for the backward pass. */
	size_t (*memo)(const struct hb_step *s, int rows);

	/* Updates the running statistics with the gradients g. */
	void (*update)(const struct hb_kernels *K, const struct hb_step *s, float *w,
		       const float *g);
	/* Folds the layer into W and b of the dense layer below, z = W x + b with m units and n
	 * inputs: for inference only. */
	void (*fold)(const struct hb_step *s, const float *w, size_t n, float *W, float *b);

	struct hb_naive naive;
};

const struct hb_kind *hb_kind(hebb_kind kind); /* NULL: there is none */
extern const struct hb_kind hb_dense, hb_dropout, hb_batch_norm, hb_layer_norm, hb_add;

/* Appends an array of parameters to the list of a step. */
void hb_list(struct hb_step *s, struct hb_parameter parameter);

/* What dropout draws for one row of a batch in layer l = 1 .. L of m units, unit by unit:
 * factor[0 .. m - 1] = 0 or 1 / (1 - rate). */
void hb_dropout_factors(const struct hb_mode *mode, int l, int row, double rate, int m,
			double *factor);

/* ---- loss.c ---- */

/* What is minimized: a loss and its parameters. */
struct hb_cost {
	hebb_loss loss;
	double smoothing, delta;
	int gaps;                         /* a target may be NaN: none */
	const hebb_loss_function *custom; /* the function of HEBB_LOSS_CUSTOM */
	double *room;                     /* memory for it, 3 m numbers a row */
};
double hb_log(double x); /* the same bits everywhere; x > 0 */

/* A row at the output: what its cost is computed from. */
struct hb_example {
	const struct hb_cost *cost;
	int m;
	const float *h, *z, *y;
};

/* The targets that a loss is defined for. */
struct hb_range {
	float low, high;
};

struct hb_loss {
	struct hb_row entry;
	struct hb_range targets;
	const char *target_text;    /* the targets in words; NULL: any finite number */
	hebb_activation outputs[2]; /* the activations that it is defined for; 0: all */
	const char *output;         /* these activations in words */
	int kinks; /* the number of h - y where its slope jumps, and these, if delta is 1 */
	double kink[2];
	int reaches_z; /* 1: the loss computes dJ/dz itself */
	/* J of an example, and d = share dJ/dz if reaches_z, else d = share dJ/dh. NULL: a kernel
	 * computes all rows at once. That is so for the cross-entropy of softmax, too; its row is
	 * for sigmoid only. */
	double (*row)(const struct hb_example *e, float share, float *d);
	double (*naive)(const struct hb_level *out, const double *y); /* J, and dJ/dz in out->d */
	/* What one output adds to J, computed from h; delta is 1. */
	double (*one)(hebb_activation output, double h, double y);
};

const struct hb_loss *hb_loss_of(hebb_loss loss); /* NULL: there is none */

/* Whether the targets of a loss stand alone, so that one can be missing. */
int hb_may_have_gaps(hebb_loss loss, hebb_activation output);

/* For rows of the last layer: d = share dJ/dz, with the share of the row, and J[i], the cost of row
 * i, in double.  h, z, d: row stride ld; y: m columns; d may be NULL. */
void hb_loss(const struct hb_kernels *K, const struct hb_cost *cost, const struct hb_step *output,
	     int rows, const float *h, const float *z, const float *y, const float *share, float *d,
	     double *J);

/* ---- evaluate.c ---- */

/* Whether the outputs of a row name its class: 1 or 0; NaN if y is no class. */
float hb_right(int outputs, const float *h, const float *y);

/* ---- rows.c: what examples must be like ---- */

/* Fast: 0 if an input is not finite, or a target outside the range of a loss that has one.  With
 * the other losses, J is not finite if a target is not finite. */
int hb_rows_are_right(const struct hb_plan *plan, const struct hb_cost *cost, int rows,
		      const float *x, const float *y);

/* A batch, for messages: row i is row index[i] (NULL: i) of `name`, such as "the training rows";
 * name is NULL for the rows of a call. */
struct hb_rows {
	int rows;
	const float *x, *y, *weight; /* weight: NULL for ones */
	const long long *index;
	const char *name;
	int gaps; /* a target may be NaN: none */
};

/* BAD_ARGUMENT: which row is wrong, and why.  Slow. */
hebb_status hb_rows_check(const struct hb_plan *plan, hebb_loss loss, const struct hb_rows *rows,
			  hebb_error *error);

/* Marks the first and last input and target of each row, with `all` all of them, as not set. */
void hb_rows_unset(const struct hb_plan *plan, int rows, int all, float *x, float *y);

/* ---- arrays.c ---- */

/* Where the rows of these indices lie, if the source is of hebb_arrays_source(), with y, and they
 * lie one behind the other, so that there is nothing to gather.  0: it is not so. */
int hb_arrays_find(const hebb_source *source, struct hb_rows *rows);

/* ---- backprop.c ---- */

/* The rows of a pass through the layers first .. end - 1, which count from 0; the result is h of
 * the last step.  In training, each layer with hb_has_sums() needs its sums first: the layers
 * before it are a call of their own. */
void hb_forward(const struct hb_pass *p, int first, int end);

/* narrow.c: whether all layers are so narrow that rows are better across the lanes, and the outputs
 * h (rows x outputs) of such a network outside training. */
int hb_is_narrow(const struct hb_plan *plan);
void hb_forward_narrow(const struct hb_plan *plan, const float *w, int rows, const float *x,
		       float *h);

/* J[i] of those rows, and d of the last layer times share[i]. Needs hb_forward() of the same rows
 * first. */
void hb_cost(const struct hb_pass *p, const struct hb_cost *cost, const float *y,
	     const float *share, double *J);

/* d of the layers top - 1 .. bottom, but not below plan->lowest, from d of layer top. */
void hb_deltas(const struct hb_pass *p, int top, int bottom);

/* Part `part` of `parts` of the sums over all rows that layer l needs before forward() or, with
 * `back`, before backward(). */
int hb_has_sums(const struct hb_plan *plan, int l);
void hb_sums(const struct hb_pass *p, int l, int back, int part, int parts);

/* Part `part` of `parts` of the gradient of all rows, of the layers first .. end - 1. */
void hb_gradient(const struct hb_pass *p, struct hb_sink g, int first, int end, int part,
		 int parts);

/* ---- optimizer.c ---- */

struct hb_state { /* the counters of a rule */
	long long updates;
	double power1, power2; /* beta1^t, beta2^t */
};

/* The number of blocks m and s that a rule keeps: one number for each parameter. */
struct hb_blocks {
	int m, s;
};
struct hb_rule {
	struct hb_row entry;
	struct hb_blocks blocks;
	double rate;           /* the usual rate */
	enum hb_update kernel; /* HB_UPDATES: none, because the rule does not update each parameter
				  by itself */
	int corrects;          /* 1: it corrects the means m and s for their start at 0, as adam */
};
const struct hb_rule *hb_rule_of(hebb_rule rule);
struct hb_blocks hb_rule_blocks(hebb_rule rule);

enum { HB_PAIRS = 10 }; /* steps that lbfgs remembers */

/* The scalars of update t at this rate, in float32 as the kernels take them; moves *state on by one
 * update. */
struct hb_rates hb_rule_next(const hebb_recipe *recipe, double rate, struct hb_state *state);

/* Part `part` of `parts` of an update, from rates = hb_rule_next().  m, s: NULL where the rule has
 * none. */
void hb_update(const struct hb_plan *plan, const hebb_recipe *recipe, struct hb_rates rates,
	       float *w, float *g, float *m, float *s, int part, int parts);

/* The product of two vectors, count a multiple of HB_LANES, summed in double and in one order. */
double hb_dot(size_t count, const float *a, const float *b);

/* The sum of the squares of `block` floats in HB_SQUARES slices, one sum each: part `part` of
 * `parts` of them.  All sums are in double, in an order that depends only on the block. */
enum { HB_SQUARES = 64 };
void hb_squares(size_t block, const float *g, double squares[HB_SQUARES], int part, int parts);

/* ---- schedule.c ---- */

/* The rate of update t = 0 .. T - 1 of a run; of PLATEAU before its factor. */
double hb_schedule_rate(const hebb_recipe *recipe, double t, double T);

struct hb_plateau {
	double factor, least; /* the factor of the rate; the lowest loss so far */
	int waited;           /* epochs since then, or since the factor changed */
};

/* Updates the factor of the rate after an epoch with this loss. */
void hb_schedule_judge(const hebb_recipe *recipe, struct hb_plateau *plateau, double loss);

/* ---- parallel.c ---- */

size_t hb_pool_bytes(const hebb_pool *pool);
int hb_cores(void);

/* ---- pace.c ---- */

double hb_seconds(void); /* on a clock that only runs forward */

/* Which number of threads is faster. */
struct hb_pace {
	int all, threads;      /* the number to use now: all or 1 */
	double seconds, rows;  /* of this window */
	double of_one, of_all; /* seconds of a row; 0: not known */
	int best;              /* as far as known */
	int windows;           /* since it changed */
	int interval;          /* while it is 1: until the window in which all are tried */
};

struct hb_pace hb_pace_begin(int threads);
/* Tells how long a step took with pace->threads threads; may change this number. */
void hb_pace_count(struct hb_pace *pace, double seconds, int rows);

/* ---- recipe.c ---- */

/* The caller's recipe as this version knows it: fields that it does not have are the defaults. */
hebb_status hb_recipe_complete(const hebb_recipe *given, hebb_recipe *recipe, hebb_error *error);

/* Fails with BAD_ARGUMENT, BAD_SHAPE or UNSUPPORTED if the recipe is wrong for this network. */
hebb_status hb_recipe_check(const hebb_net *net, const hebb_recipe *recipe, hebb_error *error);

/* ---- What the trainer asks of an engine ---- */

/* Examples, and their place in an update. */
struct hb_batch {
	int rows;
	const float *x, *y, *weight; /* weight: NULL for ones */
	double weights;              /* their sum */
	double whole;    /* each weight is divided by this: `weights` for a mean, 1 for a sum */
	uint64_t update; /* the number of updates before this one: dropout depends on it, */
	uint32_t first;  /* and on the row of the update, of which this is the first one here */
	struct hb_ready *ready; /* NULL: nobody waits */
	double *right;          /* for cost(): becomes sum w hb_right(); NULL: not asked */
};

/* Called for each layer that learns, from the last to the first, as soon as its gradient is
 * complete. */
struct hb_ready {
	void (*layer)(struct hb_ready *self, int l);
};

/* The blocks of an engine, each with a number for every parameter; from HB_M on those of the rule,
 * first m, then s. */
enum {
	HB_W,       /* the parameters, as the network's */
	HB_G,       /* their gradient; of running statistics, those of the rows seen */
	HB_KEPT,    /* the parameters to fall back to */
	HB_AVERAGE, /* of the parameters, if the recipe wants it */
	HB_M
};

/* The arguments to make an engine; all of them outlive it. */
struct hb_job {
	hebb_net *net;
	/* For as many rows as the engine may compute at a time; a batch may have more. */
	const struct hb_plan *plan;
	const hebb_recipe *recipe; /* complete and checked */
	const hebb_allocator *allocator;
};

/* An engine owns the numbers of a training and computes with them. Its blocks have a layout of its
 * own; numbers are passed in and out as float32 in canonical order. The trainer has epochs,
 * batches, schedules and counters, but no number of a block.  engine.c has the one for CPUs.  Only
 * open() may fail.  l: a layer, from 0 on. */
struct hb_engine {
	const char *name;
	void *(*open)(const struct hb_job *job, hebb_error *error);
	void (*close)(void *self);         /* NULL: nothing */
	size_t (*bytes)(const void *self); /* of memory that it holds */

	/* Copies HB_W from the network, which the caller may have changed, and to it, where the
	 * caller reads it. NULL: HB_W is the memory of the network. */
	void (*load)(void *self);
	void (*store)(void *self);

	/* Returns sum w J over the rows; NaN if hb_rows_check() refuses a row. gradient() also sets
	 * HB_G to the derivative of the sum divided by batch->whole, or adds it. If the weights are
	 * all 0, HB_G is unchanged; if the sum is not finite, HB_G is undefined. */
	double (*cost)(void *self, const struct hb_batch *batch);
	double (*gradient)(void *self, const struct hb_batch *batch, enum hb_begin begin);
	/* HB_W -= rate gradient, with the same bits as gradient() and update(). For plain SGD, and
	 * at most the rows of its plan. NULL: not available. */
	double (*descend)(void *self, const struct hb_batch *batch, float rate);

	/* HB_G += the gradient of l1 sum |W| + l2/2 sum W^2;  |HB_G|;  an update by the rule, with
	 * running statistics and max-norm; HB_AVERAGE += part (HB_W - HB_AVERAGE). */
	void (*penalize)(void *self);
	double (*norm)(void *self);
	void (*update)(void *self, struct hb_rates rates);
	void (*average)(void *self, double part);

	/* Copies an array of parameters out of a block, and into it. */
	void (*get)(const void *self, int block, const struct hb_parameter *p, float *values);
	void (*set)(void *self, int block, const struct hb_parameter *p, const float *values);

	/* Whole blocks: b = a;  a and b exchanged;  a = 0;  a *= factor, but for running
	 * statistics;  b += factor a. */
	void (*copy)(void *self, int a, int b);
	void (*swap)(void *self, int a, int b);
	void (*clear)(void *self, int a);
	void (*scale)(void *self, int a, double factor);
	void (*add)(void *self, double factor, int a, int b);
	double (*dot)(void *self, int a, int b,
		      const struct hb_parameter *p); /* p: of that array */

	/* Whether all numbers are finite: of an array of parameters; of h of a layer, after a cost
	 * that was not finite. */
	int (*finite)(const void *self, int block, const struct hb_parameter *p);
	int (*finite_outputs)(const void *self, int l);

	/* Calls task(argument, part, parts) for each part, by its threads. NULL: it has no
	 * threads. */
	int (*threads)(const void *self);
	void (*run)(void *self, int parts, void (*task)(void *argument, int part, int parts),
		    void *argument);
};

extern const struct hb_engine hb_cpu_engine;

/* ---- engine.c, slice.c: the engine for CPUs ---- */

struct hb_cpu {
	hebb_allocator allocator;
	const struct hb_plan *plan; /* for a slice */
	const hebb_recipe *recipe;
	hebb_pool *pool;
	struct hb_pace pace;
	float *w, *g, *kept, *average; /* blocks; average: may be NULL, */
	float *m, *s;                  /* likewise; one behind the other */
	float *scratch;
	float *share;     /* of each row: its weight / whole; in cost(), hb_right() */
	double *J, *room; /* room: memory for a loss of the caller */
	double squares[HB_SQUARES];
};

/* The largest number of rows of a slice, for which the plan is made, and the rows of each slice of
 * a batch. */
int hb_slice_rows(const hebb_recipe *recipe);
int hb_slice(const struct hb_plan *plan, int rows);

/* The number of parts for this amount of work. */
int hb_parts(const struct hb_cpu *e, double multiply_adds);

/* Whether a sum is finite, and small enough to be added to others. */
int hb_is_finite(double sum);

/* cost() and gradient() of the engine. Without a block in `sink` it computes no gradient. */
double hb_sum_of_costs(struct hb_cpu *e, const struct hb_batch *batch, struct hb_sink sink);

/* ---- trainer.c, train.c, checkpoint.c ---- */

/* The position of a run of hebb_train(). A run continues from this and the other fields of the
 * trainer. */
struct hb_run {
	int open;                /* it has begun and not ended: the next call continues it */
	int epoch;               /* complete ones */
	double update;           /* updates so far, */
	double updates;          /* and in all; 0 outside of a run */
	long long next;          /* the number of rows of this epoch that have been trained on */
	long long rows;          /* of all epochs */
	double sum, weights;     /* of this epoch's costs */
	int collected;           /* batches collected for the next update, */
	double collected_weight; /* the sum of their weights, */
	uint32_t ahead;          /* and the number of their rows */
	double loss, validation_loss, seconds;
	double validation_accuracy; /* not in checkpoints: it is only shown */
	int shown; /* HB_W holds the average, and HB_AVERAGE the parameters that move */
};

/* Whether hebb_train() runs with a trainer: its callbacks may not call it again. */
enum hb_busy { HB_IDLE, HB_AT_WORK, HB_REPORTING };

struct hebb_trainer {
	hebb_allocator allocator;
	hebb_net *net;
	hebb_recipe recipe;
	/* The engine's: the shapes of the network, and the rows of a slice. */
	const struct hb_plan *plan;
	const struct hb_engine *engine;
	void *self;  /* the engine's */
	float *sums; /* of recipe.reduce: all arrays of all layers in canonical order, else NULL */
	struct hb_state state;
	struct hb_run run;
	struct hb_plateau plateau;
	double rate;               /* of the last update */
	double cost, sum, weights; /* for lbfgs: the cost at the network's parameters, with its
				      penalty, and its two sums */
	int converged;             /* no step lowers the cost */
	double averaged;           /* the number of updates in the average */
	int epochs, best_epoch;
	double best; /* the lowest validation loss so far */
	int nothing; /* 1: all rows of the last gradient have the weight 0, so no update follows */
	enum hb_busy busy;
};

/* hebb_trainer_new() with another engine. */
hebb_trainer *hb_trainer_new_with(hebb_net *net, const hebb_recipe *recipe,
				  const struct hb_engine *engine, const hebb_allocator *allocator,
				  hebb_error *error);

int hb_has_average(const hebb_trainer *t);

/* The engine's parameters from the network, and to it. */
void hb_trainer_load(const hebb_trainer *t);
void hb_trainer_store(const hebb_trainer *t);

/* ---- trainer.c: learning from a batch ---- */

/* BAD_ARGUMENT: the trainer is NULL, or its hebb_train() is running. */
hebb_status hb_trainer_check(const hebb_trainer *t, hebb_error *error);

/* A batch for the next update, with the mean over these rows. */
struct hb_batch hb_batch_of(const hebb_trainer *t, int rows, const float *x, const float *y,
			    const float *weight);

/* As hebb_trainer_gradient() and hebb_trainer_cost(), but they return sum w J and sum w
 * separately. */
hebb_status hb_trainer_gradient(hebb_trainer *t, const struct hb_batch *batch, double *sum,
				double *weights, hebb_error *error);
hebb_status hb_trainer_cost(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			    double *weights, hebb_error *error);

/* A gradient and its update; no update if all weights are 0. Afterwards hebb_trainer_get_gradient()
 * gives this gradient or an older one. */
hebb_status hb_trainer_step(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			    double *weights, hebb_error *error);

/* The same for an update of several batches. It adds up sum w dJ of each batch; the first one with
 * weight has HB_FROM_ZERO. After the last batch it updates with the gradient of the mean and the
 * penalties. */
hebb_status hb_trainer_collect(hebb_trainer *t, const struct hb_batch *batch, enum hb_begin begin,
			       int last, double *sum, double *weights, hebb_error *error);
void hb_trainer_finish(hebb_trainer *t, double weights);

/* ---- reduce.c ---- */

hebb_status hb_reduce_check(const hebb_recipe *recipe, hebb_error *error);

/* The number of floats that the first `layers` layers pass to reduce->add(): parameters and running
 * statistics. */
size_t hb_reduce_floats(const struct hb_plan *plan, int layers);

/* A batch of an update over all machines: *sum and *weights become the sums over all machines.
 * After the last batch of the update, so does HB_G, sum w dJ. */
hebb_status hb_reduce(hebb_trainer *t, const struct hb_batch *batch, enum hb_begin begin, int last,
		      double *sum, double *weights, hebb_error *error);

/* ---- lbfgs.c ---- */

/* hb_trainer_step() of HEBB_LBFGS, for all rows. */
hebb_status hb_lbfgs_step(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			  double *weights, hebb_error *error);

/* ---- reference.c: the same, naive, in double ---- */

/* J of rows examples at the parameters p (canonical order, double), and its gradient g in the same
 * order (NULL: none).  weight may be NULL. y may be NULL: then only the outputs h are computed.
 * *kinks (may be NULL) is a hash that changes if any z passes a kink of its activation, or any
 * error h - y a kink of the loss.  The delta of huber is 1, there is no dropout, and batch norm has
 * mean 0 and variance 1.  Slow on purpose. */
hebb_status hb_reference(int inputs, int L, const hebb_layer *layers, hebb_loss loss, int rows,
			 const double *x, const double *y, const double *weight, const double *p,
			 double *J, double *g, double *h, uint64_t *kinks);

/* The same with a mode. */
hebb_status hb_reference_with(const struct hb_mode *mode, int inputs, int L,
			      const hebb_layer *layers, hebb_loss loss, int rows, const double *x,
			      const double *y, const double *weight, const double *p, double *J,
			      double *g, double *h, uint64_t *kinks);

/* The same of L steps of a plan, the first of them layer mode->below + 1, and of any loss. */
hebb_status hb_reference_of(const struct hb_mode *mode, int L, const struct hb_step *steps,
			    const struct hb_cost *cost, int rows, const double *x, const double *y,
			    const double *weight, const double *p, double *J, double *g, double *h,
			    uint64_t *kinks);

/* log sum_j exp(z_j), shifted by the largest z so that nothing overflows. */
double hb_log_sum_exp(int m, const double *z);

/* d = dJ/dz from d = dJ/dh. */
void hb_through_activation(const struct hb_level *l);

/* sum_i a_i b_i */
double hb_dot_double(size_t n, const double *a, const double *b);

/* One update of `count` parameters by the rule; decays[i] tells which are weights.  m, s: count, t:
 * updates before this. */
void hb_reference_update(const hebb_recipe *recipe, size_t count, const unsigned char *decays,
			 double *p, const double *g, double *m, double *s, long long t);

#endif /* HEBB_CORE_H */
