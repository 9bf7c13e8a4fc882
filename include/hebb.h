/*
 * hebb.h - train and run feed-forward neural networks
 *
 * The whole public interface of the core.  Read it from top to bottom: errors, networks, running, learning, checking.
 * Data sets and model files are in hebb_io.h.
 *
 * Conventions.  Matrices are row-major float32; a batch is `rows` examples, one a row.  W of a layer is
 * units x inputs, as in the tutorial, and the canonical order of parameters is W then b, layer by layer.
 * J is summed over the outputs and averaged over the rows.  Memory made by hebb_x_new() is freed by hebb_x_free(),
 * which accepts NULL; everything else passed in stays the caller's and is borrowed for the call, unless its comment says
 * otherwise.  The library never prints, exits or calls rand(); its only global is the table of kernels, chosen once.
 *
 * Every function that can fail returns a hebb_status, or NULL in place of an object, and fills in the hebb_error
 * passed to it (which may be NULL).  On failure its outputs are unchanged unless its comment says otherwise.  A pointer may be
 * NULL only where its comment says so.  Functions with an `error` refuse a NULL object or array with BAD_ARGUMENT; those without
 * one do not check it.
 *
 * Threads.  One object is used by one thread at a time; a hebb_net that nobody changes by any number, wherever it is const.  The threads of
 * a trainer start with the first work that is worth sharing and end with hebb_trainer_free(): a process may fork() before.
 */
#ifndef HEBB_H
#define HEBB_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Errors ------------------------------------------------------------------------------------------------------ */
typedef enum hebb_status {
	HEBB_OK = 0,       /* success */
	HEBB_NO_MEMORY,    /* out of memory */
	HEBB_BAD_ARGUMENT, /* an argument is out of its range */
	HEBB_BAD_SHAPE,    /* sizes do not fit together */
	HEBB_BAD_FORMAT,   /* the file is not what it should be */
	HEBB_UNSUPPORTED,  /* not supported by this version or machine */
	HEBB_IO,           /* reading or writing failed */
	HEBB_DIVERGED,     /* training diverged */
	HEBB_STOPPED       /* stopped on request */
} hebb_status;

/* The text of a status, as above; never NULL.  The string is constant. */
const char *hebb_strerror(hebb_status status);

/* Filled in on failure: what happened, where, and what to try, as one sentence without a newline.  Names that it quotes are shown as
 * hebb_show() shows them. */
typedef struct hebb_error {
	hebb_status status;
	long long line, column; /* in a text file, counted from 1; 0 if it does not apply */
	char message[512];
} hebb_error;

/* Fills in `error` (NULL: nothing to fill) with a status and a sentence, printf-like, without line and column; returns the
 * status.  For gather functions and programs around the library. */
#if defined __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
hebb_status hebb_fail(hebb_error *error, hebb_status status, const char *format, ...);

/* Text from files, fit to be shown to people: no control character and no invisible one gets through, so that no file can drive a
 * terminal or reorder a line.  Hidden are the Unicode categories Cc, Cf, Zl, Zp and Co, and code points that are no characters; they become
 * \x1b (ASCII), \u202e or \U000e0001, and a byte that is not UTF-8 \x9b.  All else stays, backslashes too.
 * character: the first of `size` bytes, shown; returns its bytes, 0 at the end of the text (size or a zero byte).
 * show: as many whole characters as `room` bytes hold; a text that was cut ends in "...".  Returns `shown`. */
#define HEBB_SHOWN_MOST 12
size_t hebb_show_character(const char *text, size_t size, char shown[HEBB_SHOWN_MOST]);
char *hebb_show(const char *text, size_t size, char *shown, size_t room);

/* Structs that a program fills in have their size first, so that a later version can add fields, and 0 says what it says.  Begin with
 * hebb_x_default() or a constructor, or in C with {sizeof object, .field = ...}.  BAD_ARGUMENT: the struct has no size; UNSUPPORTED: it is
 * of a later version than the library, and its new fields say something.  A struct that the library fills in tells by its size what
 * the library knows.
 * hebb_sized: zeroes a struct of this size and gives it its size; what hebb_x_default() is made of. */
void hebb_sized(void *object, size_t size);

/* An object takes all its memory through the allocator given when it was made; NULL means malloc and free.  The struct is copied; `self`
 * must outlive the object.  `allocate` returns NULL on failure; alignment is a power of two. */
typedef struct hebb_allocator {
	void *self;
	void *(*allocate)(void *self, size_t bytes, size_t alignment);
	void (*release)(void *self, void *memory, size_t bytes);
} hebb_allocator;

/* Memory of the caller's, for programs without malloc(): what is made with the allocator of an arena lies in it, block behind block.
 * What is freed is free for use once all that was made later is freed too.  With memory = NULL it measures: blocks come from malloc(),
 * and `most` is the size with which the same calls succeed, if memory is aligned to 64.  One thread at a time. */
typedef struct hebb_arena {
	void *memory;
	size_t size, used, most; /* most: the highest `used` so far */
	void *gone;              /* the arena's own; used, most and gone begin as 0 */
} hebb_arena;
hebb_allocator hebb_arena_allocator(hebb_arena *arena); /* borrows it */

/* ---- Version and machine ----------------------------------------------------------------------------------------- */
/* The version of this header, and of the library linked. */
#define HEBB_VERSION "0.2.0"
const char *hebb_version(void);

/* The set of kernels in use: the best this CPU has of avx512, avx2, scalar, or the one that the environment variable HEBB_KERNELS named
 * when it was first asked for.  NULL if that names an unknown or unavailable set (UNSUPPORTED, the message lists the available ones);
 * making any object then fails likewise.  All sets give the same bits (but see HEBB_BFLOAT16). */
const char *hebb_kernels(hebb_error *error);

/* ---- Networks ---------------------------------------------------------------------------------------------------- */
typedef enum hebb_kind {
	HEBB_DENSE = 1, /* z = W x + b */
	HEBB_DROPOUT,   /* z = x; in training x / (1 - rate), but 0 for a share `rate` of x, drawn anew in each row and update
	                 * (Srivastava et al. 2014).  Not the last layer; linear; no parameters.  A multiple of 2^-16 is taken for rate */
	HEBB_BATCH_NORM, /* z = gamma (x - mean) / sqrt(variance + 1e-5) + beta, mean and variance of each unit over the rows of a batch;
	                  * more than hebb_trainer_rows() in equal parts.  What is not learning, and one row, takes running
	                  * statistics, which an update moves a tenth towards its own (Ioffe & Szegedy 2015; momentum as PyTorch's) */
	HEBB_LAYER_NORM, /* z = gamma (x - mean) / sqrt(variance + 1e-5) + beta, mean and variance of each row over its units  (Ba et al. 2016) */
	HEBB_ADD         /* z = x + h of an earlier layer: a shortcut  (He et al. 2016) */
} hebb_kind;

/* f(z), by element but for softmax, which is by row. */
typedef enum hebb_activation {
	HEBB_LINEAR = 1,   /* z */
	HEBB_SIGMOID,      /* 1 / (1 + exp(-z)) */
	HEBB_TANH,         /* tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z)) */
	HEBB_RELU,         /* max(0, z) */
	HEBB_LEAKY_RELU,   /* z if z > 0, else 0.01 z */
	HEBB_GELU,         /* z Phi(z), Phi the normal distribution's (Hendrycks & Gimpel 2016), not the tanh approximation */
	HEBB_SOFTMAX,      /* exp(z_i) / sum_j exp(z_j) */
	HEBB_ELU,          /* z if z > 0, else exp(z) - 1  (Clevert et al. 2016, with alpha = 1) */
	HEBB_SELU,         /* 1.0507 z if z > 0, else 1.7581 (exp(z) - 1): 1.0507009873554805, and 1.6732632423543772 times that
	                    * (Klambauer et al. 2017, eq. 2) */
	HEBB_SILU,         /* z s(z), s(z) = 1 / (1 + exp(-z))  (Elfwing et al. 2018), also called Swish */
	HEBB_SOFTPLUS,     /* log(1 + exp(z))  (Dugas et al. 2001) */
	HEBB_HARD_SIGMOID, /* (z + 3) / 6, but not below 0 nor above 1; PyTorch's */
	HEBB_HARD_TANH,    /* z, but not below -1 nor above 1 */
	HEBB_EXP,          /* exp(z): a rate, the output that POISSON wants.  In float32 within exp(-87.33) and exp(88.37) */
	HEBB_CUSTOM = 100  /* the layer's function; it has no name here */
} hebb_activation;

/* An activation of one's own: f, f' by element, of any z that is not NaN, called by any thread that trains or runs the network.
 * Computed in double and rounded to float32: slower, and as reproducible as the two functions are.  A checkpoint knows it by its name,
 * which must not be empty or the name of a built-in activation (BAD_ARGUMENT).  A model file cannot hold it (UNSUPPORTED). */
typedef struct hebb_function {
	size_t size;
	const char *name;
	double (*f)(void *self, double z), (*derivative)(void *self, double z);
	void *self;
	int kinks; double kink[2]; /* at how many z f' or f'' jumps, 0 to 2, and where: hebb_check_gradient() passes over them */
} hebb_function;

static inline hebb_function hebb_function_default(void)
{
	hebb_function made;

	hebb_sized(&made, sizeof made);
	return made;
}

/* How W and b start, n the inputs and m the units of the layer.  b starts at 0 but for UNIFORM01 and NGUYEN_WIDROW. */
typedef enum hebb_start {
	HEBB_START_AUTO = 1,     /* the usual one of the activation: HE for relu, leaky-relu, gelu, elu, silu and softplus, LECUN for selu, else GLOROT */
	HEBB_START_UNIFORM01,    /* W and b uniform in [0, 1), as the tutorial's program */
	HEBB_START_GLOROT,       /* uniform in +-sqrt(6 / (n + m))  (Glorot & Bengio 2010, eq. 16) */
	HEBB_START_HE,           /* uniform in +-sqrt(6 / n), variance 2/n  (He et al. 2015, eq. 10) */
	HEBB_START_LECUN,        /* uniform in +-sqrt(3 / n), variance 1/n  (LeCun et al. 1998, eq. 16) */
	HEBB_START_ORTHOGONAL,   /* W W^T = 1, or W^T W = 1 if m > n, all alike likely  (Saxe et al. 2014).  n m min(n, m) multiplications */
	HEBB_START_NGUYEN_WIDROW /* a row of W uniform in (-1, 1), then scaled to the length beta = 0.7 m^(1/n); b uniform in +-beta
	                          * (Nguyen & Widrow 1990; for tanh and inputs in [-1, 1]) */
} hebb_start;

/* Of what goes from layer to layer for one example, channels side by side.  A vector is 1 x 1 x units. */
typedef struct hebb_shape {
	int height, width, channels;
} hebb_shape;

/* One layer, as data.  No enum begins at 0, so that a field that was forgotten is refused, not guessed.  In an array of layers all
 * have the size of the first. */
typedef struct hebb_layer {
	size_t size;
	hebb_kind kind;
	hebb_activation activation;
	hebb_start start;
	int units;   /* of a dense layer, 1 .. HEBB_MAX_UNITS; other kinds have as many as their input and give 0 */
	float rate;  /* of dropout, [0, 1) */
	int from;    /* of add: the layer, from 0 on, whose h is added; -1: x of the network.  As many units as the input */
	int frozen;  /* 1: training leaves it as it is, see hebb_net_freeze() */
	const hebb_function *function; /* of CUSTOM, else NULL; the caller's, outlives the network and its copies */
	hebb_shape in; /* 0 0 0: what comes in has the shape that it has.  Else as many values in this shape: of the first layer, the network's inputs */
} hebb_layer;

#define HEBB_MAX_UNITS (1 << 20)  /* of a layer, and inputs of a network */
#define HEBB_MAX_LAYERS 1024
#define HEBB_MAX_PARAMETERS 2000000000LL

/* A layer of a kind with the automatic start; a dense one, and the others. */
static inline hebb_layer hebb_layer_default(hebb_kind kind, hebb_activation activation)
{
	hebb_layer made;

	hebb_sized(&made, sizeof made);
	made.kind = kind;
	made.activation = activation;
	made.start = HEBB_START_AUTO;
	return made;
}

static inline hebb_layer hebb_dense(int units, hebb_activation activation)
{
	hebb_layer made = hebb_layer_default(HEBB_DENSE, activation);

	made.units = units;
	return made;
}

static inline hebb_layer hebb_dropout(double rate)
{
	hebb_layer made = hebb_layer_default(HEBB_DROPOUT, HEBB_LINEAR);

#ifdef __cplusplus
	made.rate = float(rate);
#else
	made.rate = (float)rate;
#endif
	return made;
}

static inline hebb_layer hebb_batch_norm(hebb_activation activation)
{
	return hebb_layer_default(HEBB_BATCH_NORM, activation);
}

static inline hebb_layer hebb_layer_norm(hebb_activation activation)
{
	return hebb_layer_default(HEBB_LAYER_NORM, activation);
}

static inline hebb_layer hebb_shortcut(int from, hebb_activation activation)
{
	hebb_layer made = hebb_layer_default(HEBB_ADD, activation);

	made.from = from;
	return made;
}

/* The name of a value ("leaky-relu"; NULL if there is none), and the value of a name (0 if there is none); the formula of a value as
 * above, in ASCII (NULL if there is none). */
const char *hebb_kind_name(hebb_kind kind);                   hebb_kind hebb_kind_find(const char *name);
const char *hebb_activation_name(hebb_activation activation); hebb_activation hebb_activation_find(const char *name);
const char *hebb_start_name(hebb_start start);                hebb_start hebb_start_find(const char *name);
const char *hebb_kind_formula(hebb_kind kind);
const char *hebb_activation_formula(hebb_activation activation);
const char *hebb_activation_slope(hebb_activation activation); /* the formula of f'; NULL for softmax */
const char *hebb_start_formula(hebb_start start);

/* Which fields of hebb_layer a kind has (1), beside kind and frozen; NULL: there is no such kind. */
typedef struct hebb_kind_fields {
	size_t size; /* of this struct, as the library knows it */
	int units, activation, start, rate, from;
} hebb_kind_fields;
const hebb_kind_fields *hebb_kind_about(hebb_kind kind);

/* f(z) and f'(z), in double: the definition that everything faster is checked against.  f' at a kink is
 * that of z < 0; of hard-sigmoid and hard-tanh 0.  NaN for softmax, which depends on a whole row, and for what is no activation. */
double hebb_activation_f(hebb_activation activation, double z); double hebb_activation_derivative(hebb_activation activation, double z);

/* A description and its parameters: `inputs` inputs and `count` layers (the input is not counted), copied, started from `seed`.  Fails with
 * BAD_ARGUMENT (which layer, which field), NO_MEMORY or UNSUPPORTED (HEBB_KERNELS).  blank: not started, all parameters 0.  Copies are the caller's. */
typedef struct hebb_net hebb_net;
hebb_net *hebb_net_new(int inputs, int count, const hebb_layer *layers, uint64_t seed, const hebb_allocator *allocator, hebb_error *error);
hebb_net *hebb_net_blank(int inputs, int count, const hebb_layer *layers, const hebb_allocator *allocator, hebb_error *error);
hebb_net *hebb_net_copy(const hebb_net *net, const hebb_allocator *allocator, hebb_error *error); void hebb_net_free(hebb_net *net);

/* Outputs are the units of the last layer; parameters count weights and biases.  layer: 0 .. layers - 1, 0 the first after the input; its
 * description, with the units that it has, is the network's.  NULL: there is no such layer. */
int hebb_net_inputs(const hebb_net *net); int hebb_net_outputs(const hebb_net *net); int hebb_net_layers(const hebb_net *net);
long long hebb_net_parameters(const hebb_net *net); const hebb_layer *hebb_net_layer(const hebb_net *net, int layer);

/* Copies W (units x inputs of the layer) and b (units) of a layer out of or into the network; either may be NULL.  BAD_ARGUMENT: there is no
 * such layer, or, for set, a value is not finite or a variance below 0.  Of a norm W is gamma (units, at first 1; like b without l1, l2, decay and max_norm) and
 * b beta; dropout and add have none: nothing is copied.  Likewise the running statistics (units each), which batch norm alone has. */
hebb_status hebb_net_get(const hebb_net *net, int layer, float *W, float *b, hebb_error *error);
hebb_status hebb_net_set(hebb_net *net, int layer, const float *W, const float *b, hebb_error *error);
hebb_status hebb_net_get_statistics(const hebb_net *net, int layer, float *mean, float *variance, hebb_error *error);
hebb_status hebb_net_set_statistics(hebb_net *net, int layer, const float *mean, const float *variance, hebb_error *error);

/* The shape of h of a layer; -1: of the inputs.  All 0: there is no such layer. */
hebb_shape hebb_net_shape(const hebb_net *net, int layer);

/* An array of parameters of a layer, which another version may tell more of. */
typedef struct hebb_parameter {
	size_t size;      /* of this struct, as the library knows it */
	const char *name; /* "weight", "bias"; of batch norm "mean" and "variance" too */
	long long count;  /* the product of its dimensions */
	int rank;         /* 1 to 4 dimensions; the last index runs fastest */
	int shape[4];     /* of W: units, inputs */
	int decays;       /* l1, l2, weight decay and max_norm are for it */
	int running;      /* a running statistic: no gradient moves it, but each update */
} hebb_parameter;

/* Parameter i = 0, 1, ... of a layer, those that are learned first; NULL: there is none.  It lives as long as the network. */
const hebb_parameter *hebb_net_parameter(const hebb_net *net, int layer, int i);

/* Copies its `count` numbers.  BAD_ARGUMENT: there is none, or, for set, as above. */
hebb_status hebb_net_get_parameter(const hebb_net *net, int layer, int i, float *values, hebb_error *error);
hebb_status hebb_net_set_parameter(hebb_net *net, int layer, int i, const float *values, hebb_error *error);

/* Sets layer.frozen of a layer (-1: of all) to 0 or 1, for the trainers made afterwards.  Of a frozen layer no update changes a bit of W, b
 * or running statistics, and the gradient is 0; batch norm takes its running statistics, dropout goes on.  Below the lowest layer that
 * learns no deltas are computed, which saves time.  BAD_ARGUMENT: there is no such layer, or `frozen` is neither 0 nor 1. */
hebb_status hebb_net_freeze(hebb_net *net, int layer, int frozen, hebb_error *error);

/* A new network with the same outputs, but for rounding, for use and not for training: without dropout, and without each batch norm
 * behind a linear dense layer that no shortcut reads, which becomes part of that layer.  To be freed by hebb_net_free().  NO_MEMORY. */
hebb_net *hebb_net_fold(const hebb_net *net, const hebb_allocator *allocator, hebb_error *error);

/* ---- Running ----------------------------------------------------------------------------------------------------- */
/* One call, one example, no set-up: h (outputs) = the network's output for x (inputs).  Takes scratch memory from the
 * stack if the network is small, else from the network's allocator (NO_MEMORY).  Any number of threads may call it on one
 * network, if its allocator allows that too.  The same bits as hebb_forward().
 * Of both: x so large that sums or products leave float32 on the way gives h that are infinite or NaN, which the caller sees by isfinite();
 * an x that is not finite may do so too. */
hebb_status hebb_predict(const hebb_net *net, const float *x, float *h, hebb_error *error);

/* The plan of a network for up to `rows` rows and the scratch memory of one thread.  Borrows the network, which must outlive it; new
 * parameters in the network are seen.  Fails with BAD_ARGUMENT (rows < 1) and NO_MEMORY. */
typedef struct hebb_work hebb_work;
hebb_work *hebb_work_new(const hebb_net *net, int rows, const hebb_allocator *allocator, hebb_error *error);
void hebb_work_free(hebb_work *work); size_t hebb_work_bytes(const hebb_work *work); /* all that it holds */

/* h = the network's output for x (rows x inputs): rows x outputs, lives in `work` until its next use.
 *     h[l] = f(z[l]),  z[l] = W[l] h[l-1] + b[l],  h[0] = x      (tutorial 3.4)
 * NULL only if x is NULL or rows is not in 1 .. the rows of hebb_work_new().  Never allocates. */
const float *hebb_forward(hebb_work *work, int rows, const float *x);

/* As hebb_work_new(), but keeps h of every layer, which takes rows x units floats each. */
hebb_work *hebb_work_new_whole(const hebb_net *net, int rows, const hebb_allocator *allocator,
			       hebb_error *error);

/* h of a layer (0: the first after the input) for the rows of the last hebb_forward(): row i begins
 * at i x *stride (stride may be NULL) and has as many numbers as the layer has units.  It lives in
 * `work` until its next use.  Dropout hands on h of the layer below it.
 * NULL: there is no such layer; it is not the last, and hebb_work_new() made the work; or it is a
 * dropout of the network's input, which is the caller's x. */
const float *hebb_work_layer(const hebb_work *work, int layer, int *stride);

/* ---- Learning ---------------------------------------------------------------------------------------------------- */
/* J of one row, h the output and y the target. */
typedef enum hebb_loss {
	HEBB_SQUARED = 1,   /* 1/2 sum_j (h_j - y_j)^2, the tutorial's.  PyTorch's MSELoss is this x 2 / outputs */
	HEBB_CROSS_ENTROPY, /* of softmax: - sum_j y_j log h_j;  of sigmoid, each output a label of its own: - sum_j y_j log h_j +
	                     * (1 - y_j) log(1 - h_j).  Computed from z, so that it neither overflows nor loses digits.  y in [0, 1].  A softmax of one output
	                     * is always 1 and cannot learn: take sigmoid */
	HEBB_ABSOLUTE,      /* sum_j |h_j - y_j|, its derivative 0 at 0: aims at the median, which outliers hardly move */
	HEBB_HUBER,         /* sum_j e_j^2 / 2 where |e_j| <= delta, else delta (|e_j| - delta / 2), e = h - y: squared near, absolute far
	                     * away (Huber 1964).  delta is recipe.huber_delta; elsewhere, without a recipe, it is 1 */
	HEBB_POISSON,       /* of exp, h the expected count: sum_j h_j - y_j z_j, z_j = log h_j, y >= 0.  - log of the Poisson probability of y,
	                     * without log y!, which no network changes (PyTorch: PoissonNLLLoss) */
	HEBB_LOSS_CUSTOM = 100 /* recipe.loss_function; it has no name here */
} hebb_loss;

/* A loss of one's own.  J() returns the cost of one example and, if dJ is not NULL, fills in
 * dJ[j] = dJ/dh_j; h, y and dJ have `outputs` numbers.  The library goes on from dJ/dh through the
 * activation of the output layer, whichever that is.  J() is called by any thread that trains, for
 * several rows at the same time; it must not keep or change h and y.  It is given finite targets of
 * any range.  It is computed in double and rounded to float32: slower than a built-in loss, and as
 * reproducible as the function is.  A checkpoint knows it by its name, which must not be empty, the
 * name of a built-in loss or "custom" (BAD_ARGUMENT).  A model file cannot hold it (UNSUPPORTED). */
typedef struct hebb_loss_function {
	size_t size; /* of this struct */
	const char *name;
	double (*J)(void *self, int outputs, const double *h, const double *y, double *dJ);
	void *self;
} hebb_loss_function;

/* The struct with these values; it borrows the name and self. */
hebb_loss_function hebb_loss_of(const char *name,
				double (*J)(void *self, int outputs, const double *h,
					    const double *y, double *dJ),
				void *self);

/* Sums over machines: several trainers, each in a process or thread of its own and with rows of
 * its own, learn as one from all rows.  All have the same description, parameters and recipe,
 * except threads and seed; give each a seed of its own if rows are shuffled or there is dropout.
 * All must make the same number of batches: give them sources with equally many batches an epoch.
 *
 * add:  is called with the gradient of a layer as soon as it is complete, from the last layer to
 *       the first, before the gradients of the layers below are computed.  `values` is sum w dJ
 *       over this trainer's rows: `count` numbers in canonical order, W, then b, and for batch
 *       norm the mean and variance of its rows, times their number.  They must become the sums over
 *       all trainers.  add() may begin that and return: the array stays valid, and the library does
 *       not touch it before wait() has returned.  Layers without parameters and frozen ones are
 *       left out.  layer: from 0 on.
 * wait: is called once a batch, after the last add().  It adds up `count` doubles over all trainers
 *       (costs, weights, numbers of rows) and returns when these and all arrays hold their sums.
 *       The library then divides by the sum of the weights, so that a trainer with more rows, or
 *       heavier ones, counts more; adds the penalties; clips by the norm of the whole gradient;
 *       and updates.
 *
 * With recipe.accumulate only the last batch of an update calls add().  All trainers get the same
 * parameters to the bit if all get the same sums to the bit: add in one order.  J and the training
 * loss are those of all rows.  The validation loss is that of the trainer's own validation rows:
 * use the same ones everywhere, because patience and the plateau judge by it.  Batch norm
 * normalizes each trainer's rows by themselves; its running statistics move towards the average,
 * over all rows, of the trainers' means and variances.
 *
 * hebb_train(), hebb_trainer_gradient() and hebb_trainer_step() call the two functions in the
 * thread of their caller; hebb_trainer_cost() does not call them.  They may not call the trainer.
 * A trainer whose rows all weigh 0, or whose J is not finite, makes the same calls as the others,
 * so that none waits in vain; if J is not finite anywhere, all stop with DIVERGED, or BAD_ARGUMENT
 * where the bad row is.  Either function may fail with any status and message, STOPPED or IO for
 * example, which the call hands on.  There is then no update, and neither function is called again.
 * A run of hebb_train() ends, by STOPPED too, with the parameters of the last update.  A trainer
 * that ends for another reason (gather fails, progress stops it) does not tell the others: let
 * wait() give up after some time. */
typedef struct hebb_reduce {
	size_t size; /* of this struct */
	hebb_status (*add)(void *self, int layer, long long count, float *values,
			   hebb_error *error);
	hebb_status (*wait)(void *self, int count, double *numbers, hebb_error *error);
	void *self;
} hebb_reduce;

/* The struct with these values; it borrows self. */
hebb_reduce hebb_reduce_by(hebb_status (*add)(void *self, int layer, long long count, float *values,
					      hebb_error *error),
			   hebb_status (*wait)(void *self, int count, double *numbers,
					       hebb_error *error),
			   void *self);

/* How parameters move, g the gradient of one parameter w, t the number of updates so far with this one. */
typedef enum hebb_rule {
	HEBB_SGD = 1,  /* w -= rate g */
	HEBB_MOMENTUM, /* v = momentum v + g,  w -= rate v */
	HEBB_NESTEROV, /* v = momentum v + g,  w -= rate (g + momentum v) */
	HEBB_RMSPROP,  /* s = rho s + (1 - rho) g^2,  w -= rate g / (sqrt(s) + epsilon) */
	HEBB_ADAM,     /* m = beta1 m + (1 - beta1) g,  s = beta2 s + (1 - beta2) g^2,
	                * w -= rate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon)   (Kingma & Ba 2015) */
	HEBB_ADAMW,    /* m = beta1 m + (1 - beta1) g,  s = beta2 s + (1 - beta2) g^2,
	                * w -= rate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon): adam, by convention the one that is used
	                * with weight_decay (Loshchilov & Hutter 2019) */
	HEBB_RPROP,    /* w -= step sign(g), the step, `rate` at first, times 1.2, at most 50, if g keeps its sign, else times 0.5, at
	                * least 1e-6, when g counts as 0.  Each w has a step.  hebb_train() wants all rows in a batch  (iRprop-, Igel &
	                * Huesken 2003) */
	HEBB_LION,     /* w -= rate sign(beta1 m + (1 - beta1) g),  m = rho m + (1 - rho) g   (Chen et al. 2023) */
	HEBB_LBFGS     /* w -= a H g, H the inverse of the second derivatives as the last 10 steps show it, a found by trials until the cost
	                * falls and flattens; rate is not used.  hebb_train() alone, all rows in a batch, a step an epoch; it ends where no step
	                * lowers the cost.  Of what changes an update only l2 goes with it   (Nocedal 1980; Lewis & Overton 2013) */
} hebb_rule;

/* The operands of training's products, which take nearly all of its time; sums, weights and all else are float32. */
typedef enum hebb_precision {
	HEBB_FLOAT32 = 1, /* float32 */
	HEBB_BFLOAT16 /* W, h and d are rounded to bfloat16, float32's range with 8 significant bits, in W h, d W and d h^T, in
	               * hebb_trainer_cost() and the validation loss too; never in hebb_predict() and hebb_forward().  Larger networks train up
	               * to twice as fast.  Wants AVX512_BF16.  The same bits for any threads, though perhaps not on another kind of CPU */
} hebb_precision;

/* The rate of update t = 0, 1, ... of the T that hebb_train() makes if nothing ends it early (hebb_trainer_update() by itself takes
 * `rate`).  The first W = floor(warmup T) updates have rate (t + 1) / W (Goyal et al. 2017); the schedule has the others, which t
 * and T count here.  Computed in double, the same on every machine.  The momentum stays as it is. */
typedef enum hebb_schedule {
	HEBB_CONSTANT = 1,  /* rate */
	HEBB_STEP,          /* rate decay^floor(stages t / T): lower from stage to stage */
	HEBB_EXPONENTIAL,   /* rate decay^(stages t / T): as low in the end, without steps */
	HEBB_COSINE,        /* rate (1 + cos(pi t / T)) / 2   (Loshchilov & Hutter 2017, eq. 5) */
	HEBB_ONE_CYCLE,     /* half a cosine from rate / 25 to rate at t = 0.3 T - 1, another to rate / 250000 at T - 1; has its own warm-up
	                     * (Smith & Topin 2018; as PyTorch's OneCycleLR) */
	HEBB_PLATEAU,       /* rate, times decay after each `plateau` epochs without a lower loss, of validation rows if there are any */
	HEBB_WARM_RESTARTS  /* the cosine anew in each of `stages` equal parts   (Loshchilov & Hutter 2017) */
} hebb_schedule;

const char *hebb_loss_name(hebb_loss loss);                hebb_loss hebb_loss_find(const char *name);
const char *hebb_rule_name(hebb_rule rule);                hebb_rule hebb_rule_find(const char *name);
const char *hebb_precision_name(hebb_precision precision); hebb_precision hebb_precision_find(const char *name); /* "f32", "bf16" */
const char *hebb_schedule_name(hebb_schedule schedule);    hebb_schedule hebb_schedule_find(const char *name);
const char *hebb_loss_formula(hebb_loss loss);
const char *hebb_rule_formula(hebb_rule rule);
const char *hebb_precision_formula(hebb_precision precision);
const char *hebb_schedule_formula(hebb_schedule schedule);

/* What a progress callback is told by the thread that called hebb_train(), after each epoch and, in long epochs, after an update about
 * ten times a second.  To cancel from another thread, let the callback return an atomic flag that the other sets. */
typedef struct hebb_progress {
	size_t size;            /* as the library knows it */
	int epoch, epochs;      /* complete epochs, and how many there will be at most */
	int epoch_ended;        /* 1 if this call is for the end of an epoch */
	long long rows;         /* examples seen since hebb_train() began */
	double loss;            /* mean J of the examples of this epoch, each before its update; without l1 and l2, with label smoothing */
	double validation_loss; /* mean J of the validation rows after this epoch, without label smoothing; NaN if there are none */
	double seconds, rate;   /* since hebb_train() began; of the last update */
	int run_ends;           /* 1 if this is the last call: the epochs, patience, time or what can be learned are at their end */
} hebb_progress;

/* Begin with hebb_recipe_default() and change what differs; `size` keeps old programs valid when fields are added. */
typedef struct hebb_recipe {
	size_t size;
	hebb_loss loss;      /* SQUARED */
	hebb_rule rule;      /* ADAM */
	double rate;         /* 0.001; >= 0.  Usual: that with adam, adamw, rmsprop; sgd 0.1, momentum 0.02, lion 0.0001, rprop 0.01 */
	double momentum, beta1, beta2, rho; /* 0.9, 0.9, 0.999, 0.99; [0, 1) */
	double epsilon;      /* 1e-8; > 0 */
	double l2;           /* 0: the gradient of l2/2 sum W^2 is added; not for biases; J does not contain it */
	double weight_decay; /* 0: before each update W *= 1 - rate weight_decay, the rate that of the update; not for biases */
	int epochs;          /* 100; >= 0 */
	int batch;           /* 32 rows; 0: all rows in one batch */
	int shuffle;         /* 1: a new order each epoch.  A batch of all rows is never shuffled */
	int patience;        /* 0: never; n: stop after n epochs without a lower validation loss, restore the best weights */
	int threads;         /* 0: as many as the machine has cores, fewer where the work is small.  Never changes a bit */
	uint64_t seed;       /* 1: of the shuffling */
	int (*progress)(void *self, const hebb_progress *now); void *self; /* NULL; non-zero stops training: HEBB_STOPPED */
	hebb_precision precision; /* FLOAT32 */
	double warmup;            /* 0; [0, 1): the share of the updates over which the rate rises */
	double decay;             /* 0.1; (0, 1): the factor of STEP and EXPONENTIAL by stage, and of PLATEAU */
	hebb_schedule schedule;   /* CONSTANT */
	int stages, plateau;      /* 3, 10; >= 1: of STEP, EXPONENTIAL and WARM_RESTARTS; epochs, of PLATEAU */
	int accumulate;           /* 1; n: hebb_train() makes an update of the mean gradient of n batches, as if they were one */
	double l1;                /* 0; >= 0: the gradient of l1 sum |W| is added, 0 where W = 0; else as l2 */
	double clip;              /* 0: never; > 0: a gradient of a higher norm, penalties included, is scaled down to it  (Pascanu et al. 2013) */
	double max_norm;          /* 0: none; > 0: an update scales the weights into a unit down to it if their norm is higher
	                           * (Srivastava et al. 2014) */
	double average;           /* 0: none; [0, 1]: the d of  a = d' a + (1 - d') w,  d' = min(d, k / (k + 9)), if d = 1 k / (k + 1),
	                           * after update k = 0, 1, ...  hebb_train() validates, judges and ends with a; it moves w */
	double seconds;           /* 0: no limit; > 0: hebb_train() ends with the update during which they have passed, at a rate as of all
	                           * epochs.  Where it ends, and so the bits, depend on the machine */
	double huber_delta;       /* 1, in units of y; > 0 */
	double average_from;      /* 0; [0, 1): the share of a run's updates before the first in it; with average 1: SWA (Izmailov et al. 2018) */
	double label_smoothing;   /* 0; [0, 1).  s: training takes y (1 - s) + s / K for y, K the outputs of softmax, 2 of sigmoid
	                           * (Szegedy et al. 2016).  Of CROSS_ENTROPY only */
	const hebb_loss_function *loss_function; /* NULL; of HEBB_LOSS_CUSTOM alone.  The caller's; outlives the trainer; in no checkpoint */
	const hebb_reduce *reduce; /* NULL: one trainer alone.  Not with LBFGS, nor with seconds.  The caller's, as loss_function is */
} hebb_recipe;
/* Fills in as much of the defaults as a recipe of this size has. */
void hebb_recipe_init(hebb_recipe *recipe, size_t size);
static inline hebb_recipe hebb_recipe_default(void)
{
	hebb_recipe made;

	hebb_recipe_init(&made, sizeof made);
	return made;
}

/* The fields of hebb_recipe, for programs that handle them by name. */
typedef enum hebb_field_type {
	HEBB_FIELD_INT = 1, /* int */
	HEBB_FIELD_REAL,    /* double */
	HEBB_FIELD_SEED,    /* uint64_t */
	HEBB_FIELD_NAME,    /* an enum, whose values have names */
	HEBB_FIELD_OTHER    /* the size, the callback and its pointer, of which nothing is said but where they are */
} hebb_field_type;

typedef struct hebb_field {
	const char *name;
	hebb_field_type type;
	size_t at, size;    /* where it is in hebb_recipe, in bytes */
	double standard;    /* its value in hebb_recipe_default() */
	double least, most; /* the range of INT and REAL */
	int below;          /* 1: it must be less than `most` */
	int resumes;        /* 1: a checkpoint goes on only with the same value */
	const char *(*text)(int value); /* of a NAME: the name of a value, NULL if there is none */
} hebb_field;
const hebb_field *hebb_recipe_field(int i); /* i = 0, 1, ...; NULL: there is none.  It is constant */

/* Where examples come from: rows by index.  `gather` copies `count` rows of the given indices (0 .. rows - 1) to x (count x inputs), y
 * (count x outputs) and weight (count; it holds ones, to be left so if all rows weigh the same).  It must set every x and y: in the first
 * epoch hebb_train() notices a row whose first or last number is not set, and in the first batch any number.  It may fail with any status
 * and a message, which hebb_train() hands on.  `begin`, if not NULL, is called before each epoch with its number from 0. */
typedef struct hebb_source {
	size_t size;
	void *self;
	long long rows;
	hebb_status (*gather)(void *self, int count, const long long *index, float *x, float *y, float *weight, hebb_error *error);
	int parallel; /* 1: the threads of training may call gather at the same time, each for some rows of a batch */
	void (*begin)(void *self, int epoch);
	int inputs, outputs; /* of a row; hebb_train() refuses a network of others (BAD_SHAPE).  0: not said */
} hebb_source;
static inline hebb_source hebb_source_default(void)
{
	hebb_source made;

	hebb_sized(&made, sizeof made);
	return made;
}

/* Examples that lie in memory: y or, for classes, label, and weight if they do not all weigh the same. */
typedef struct hebb_arrays {
	size_t size;
	long long rows;
	int inputs, outputs;
	const float *x, *y;  /* rows x inputs, rows x outputs */
	const int *label;    /* rows, 0 .. outputs - 1 each: y of the row is 1 there and 0 elsewhere */
	const float *weight; /* rows, >= 0; NULL: ones */
} hebb_arrays;
static inline hebb_arrays hebb_arrays_default(void)
{
	hebb_arrays made;

	hebb_sized(&made, sizeof made);
	return made;
}

/* Borrows them and the struct.  Its gather fails with BAD_ARGUMENT: no x; neither y nor label, or both; fewer than 1 input or output; a
 * label out of range (which row). */
void hebb_arrays_source_init(hebb_source *source, size_t size, const hebb_arrays *arrays);
static inline hebb_source hebb_arrays_source(const hebb_arrays *arrays)
{
	hebb_source made;

	hebb_arrays_source_init(&made, sizeof made, arrays);
	return made;
}

/* y (rows x classes) = 1 at label[row] of each row and 0 elsewhere: targets for the calls that take y.  BAD_ARGUMENT: rows < 0,
 * classes < 1, or a label is not in 0 .. classes - 1 (which row); y is then unchanged. */
hebb_status hebb_one_hot(int rows, int classes, const int *label, float *y, hebb_error *error);

/* What training needs beyond the network: the optimizer's moments, the counters, the threads.  Borrows the network, which must outlive it;
 * copies the recipe.  BAD_ARGUMENT if a field of the recipe is out of range or contradicts another (the message names them) or all layers
 * are frozen, BAD_SHAPE if loss and output do not belong together (cross-entropy wants sigmoid, or softmax of 2 outputs or more, poisson exp,
 * label smoothing cross-entropy), UNSUPPORTED if CPU or kernels lack the precision, NO_MEMORY. */
typedef struct hebb_trainer hebb_trainer;
hebb_trainer *hebb_trainer_new(hebb_net *net, const hebb_recipe *recipe, const hebb_allocator *allocator, hebb_error *error);
void hebb_trainer_free(hebb_trainer *trainer); size_t hebb_trainer_bytes(const hebb_trainer *trainer); /* all that it holds, the network not counted */

/* What examples must be like, in the calls below, in hebb_train() and in hebb_check_gradient(): every x and y is finite; y lies in the
 * range of the loss (cross-entropy [0, 1], poisson >= 0); weights are finite and >= 0.  If not, the call fails with BAD_ARGUMENT, and the
 * message names the row, counted from 0, and the reason.
 *
 * The tutorial's loop in three calls.  x: rows x inputs, y: rows x outputs, weight: rows, or NULL for ones.
 * With weights, J and its gradient are sum w J / sum w; rows may be any number >= 1 (BAD_ARGUMENT).  If all weights are 0, J and the
 * gradient are 0, and an update with this gradient changes nothing, neither the network nor what the rule remembers.
 * gradient: computes *J (J may be NULL) and keeps the gradient of J + l1 sum |W| + l2/2 sum W^2, which
 *           hebb_trainer_get_gradient() copies as hebb_net_get() does.  DIVERGED if J is not finite though the rows are right: an output
 *           or J overflowed, or a parameter is not finite.  If it fails, the gradient is worthless and the network unchanged.
 * update:   one step of the rule with the gradient kept, which recipe.clip may scale.  Not of lbfgs (BAD_ARGUMENT).
 * cost:     computes *J (J may be NULL) alone, the network as it is; without label smoothing, which is in the J of gradient.
 *
 * A call with more rows than hebb_trainer_rows() computes them in equal parts, which bounds the memory.  Without batch norm this changes
 * nothing but the rounding of the gradient.  Batch norm takes mean and variance of each part, so that J and gradient differ from those
 * of all rows at once: set recipe.batch to the rows of a call (at most 1024), or make calls of at most hebb_trainer_rows() rows.  cost
 * takes running statistics and does not depend on it. */
hebb_status hebb_trainer_gradient(hebb_trainer *trainer, int rows, const float *x, const float *y, const float *weight, double *J,
				  hebb_error *error);
hebb_status hebb_trainer_get_gradient(const hebb_trainer *trainer, int layer, float *W, float *b, hebb_error *error);
hebb_status hebb_trainer_update(hebb_trainer *trainer, hebb_error *error);
hebb_status hebb_trainer_cost(hebb_trainer *trainer, int rows, const float *x, const float *y, const float *weight, double *J,
			      hebb_error *error);

/* The most rows that hebb_trainer_gradient() computes at once: recipe.batch, but at least 64 and at most 1024; 1024 if it is 0. */
int hebb_trainer_rows(const hebb_trainer *trainer);
/* hebb_trainer_gradient() and hebb_trainer_update() in one call, to the same bits, the way that
 * hebb_train() takes: plain SGD adds the gradient to W as it is computed, which is faster.  Arguments
 * and failures are those of the two calls.  No gradient is kept afterwards: hebb_trainer_get_gradient()
 * has old or no numbers, and hebb_trainer_update() changes nothing before the next gradient.  If it
 * fails, the network is unchanged. */
hebb_status hebb_trainer_step(hebb_trainer *trainer, int rows, const float *x, const float *y,
			      const float *weight, double *J, hebb_error *error);

/* Trains for recipe.epochs epochs, or until patience, time or convergence ends it; with patience the best network is kept, if any epoch was completed;
 * later runs of the trainer have its loss to beat.  `validation` may be NULL unless patience is set.  DIVERGED: stopped at once; the message says in which
 * epoch, batch and layer, and what to try; the parameters are those of the last epoch whose end was finite.  STOPPED: the progress callback said so; the
 * network is as it was then (or the average of its weights), and the next hebb_train() with the same sources goes on as if nothing had happened.
 * A failure of gather ends the run, whatever its status.
 * Same seed, data, recipe and version: the same parameters to the bit, whatever the threads, kernels and compiler (of BFLOAT16: whatever the threads and
 * compiler), but for recipe.seconds.  For the run it takes 8 bytes a row, and floats for the rows of a batch, 64 at least, from the trainer's allocator
 * (NO_MEMORY); the three calls above take nothing.  BAD_ARGUMENT: the sources do not go with recipe or run, a source has no gather or
 * no rows, a row of either source is not as said above or was not set by gather (the message names row and source), or the weights of
 * all training rows, or of all validation rows, are 0.  A bad row leaves the parameters as DIVERGED does.  A single batch of weights 0
 * makes no update, but counts for the schedule.
 * While hebb_train() runs, its callbacks (progress, gather, begin) may not call it again with this trainer, nor hebb_trainer_gradient(),
 * hebb_trainer_update() and the setters below: these fail with BAD_ARGUMENT.  hebb_trainer_cost() is allowed in progress alone.  All that
 * only reads the trainer is allowed in progress. */
hebb_status hebb_train(hebb_trainer *trainer, const hebb_source *train, const hebb_source *validation, hebb_error *error);
int hebb_trainer_epochs(const hebb_trainer *trainer); /* complete epochs so far */

/* ---- Checkpoints -------------------------------------------------------------------------------------------------- */
/* All that a trainer remembers, for a training that goes on later, or elsewhere, as if it had never stopped: arrays of float32 in canonical
 * order and counters, also in the progress callback.  Another trainer with the same description and recipe (but epochs, seconds and
 * threads) that is given all of them continues with the same bits; hebb_train() then wants the same sources.  hebb_io.h writes files. */
typedef struct hebb_array {
	char name[48];     /* "layers.0.weight", ".bias", of batch norm ".mean" and ".variance" too; behind "kept.", "average.", "m." and such */
	int rows, columns; /* columns: 0 of a vector */
} hebb_array;
int hebb_trainer_arrays(const hebb_trainer *trainer);
/* Array 0, 1, ... of so many: what it is, and its rows x max(columns, 1) values; get: either may be NULL.  BAD_ARGUMENT: there is none, or a
 * value that is set is not finite, or a variance or mean of squares below 0. */
hebb_status hebb_trainer_get_array(const hebb_trainer *trainer, int array, hebb_array *about, float *values, hebb_error *error);
hebb_status hebb_trainer_set_array(hebb_trainer *trainer, int array, const float *values, hebb_error *error);

typedef struct hebb_counter {
	const char *name; /* "epochs", "updates", "run.next", ...; constant */
	double value;
} hebb_counter;
/* Their number, and the list (NULL: not wanted).  set: the same list; BAD_ARGUMENT names one that no such training has, and changes nothing. */
int hebb_trainer_counters(const hebb_trainer *trainer, hebb_counter *list);
hebb_status hebb_trainer_set_counters(hebb_trainer *trainer, int count, const hebb_counter *list, hebb_error *error);

/* Both are the trainer's; the recipe is complete. */
const hebb_net *hebb_trainer_net(const hebb_trainer *trainer); const hebb_recipe *hebb_trainer_recipe(const hebb_trainer *trainer);

/* ---- Scores ------------------------------------------------------------------------------------------------------ */

/* The share of the rows whose predicted class is label: the first of the largest of the outputs h (rows x outputs) or, of one
 * output, 1 if it is above 0.5, else 0.  A row with an output that is not finite counts as wrong.  NaN: rows is 0. */
double hebb_accuracy(long long rows, int outputs, const float *h, const int *label);

/* How good a network is.  Begin with hebb_evaluation_default().  The arrays are the caller's; one that is NULL is left out.
 * Means are weighted by the weights of the rows, if the source has any. */
typedef struct hebb_evaluation {
	size_t size;
	const float *unit;               /* given: outputs; what 1 of h and y is in the units of rmse and mae; NULL: ones */
	long long *confusion;            /* given: room for K x K counts of rows, [right class][predicted class]; K = outputs, or 2
	                                  * of one output */
	double *rmse_of, *mae_of, *r2_of; /* given: room for the numbers of each output */
	/* What follows is set. */
	long long rows, answered; /* rows, and those with finite outputs; the loss and rmse, mae, r2 are of the latter */
	double loss;              /* mean J, without l1, l2 and label smoothing; huber's with delta 1 */
	double accuracy;          /* rows without an answer count as wrong; NaN unless each y is 1 for one class and 0 for the others
	                           * or, of one output, 0 or 1 */
	double rmse;              /* sqrt(mean (h - y)^2), the mean over rows and outputs */
	double mae;               /* mean |h - y|, likewise */
	double r2;                /* 1 - sum (h - y)^2 / sum (y - mean y)^2, mean over the outputs; NaN: an output's y never changes */
} hebb_evaluation;
static inline hebb_evaluation hebb_evaluation_default(void)
{
	hebb_evaluation made;

	hebb_sized(&made, sizeof made);
	return made;
}

/* Evaluates a network on all rows of a source: of hebb_arrays_source(), hebb_dataset_source() of hebb_io.h, or a gather function of
 * the program's own (`begin` is not called).  Takes memory for 256 rows from the network's allocator for the call; any number of
 * threads may call it on one network, if its allocator and gather allow that.
 * BAD_ARGUMENT: a row is not as for hebb_trainer_gradient() (which one, and why), no gather or no rows; BAD_SHAPE: network and rows, or
 * loss and output, do not go together; NO_MEMORY; what gather returns.  On failure *result is unchanged, its arrays are undefined. */
hebb_status hebb_evaluate(const hebb_net *net, hebb_loss loss, const hebb_source *source, hebb_evaluation *result,
			  hebb_error *error);

/* ---- Checking ---------------------------------------------------------------------------------------------------- */
typedef struct hebb_gradient_check {
	size_t size;         /* given, as in hebb_gradient_check_default() */
	double max_error;    /* the largest of the next two over the layers */
	double differences;  /* backpropagation against central differences, both in double; normwise by layer, |g - g'| / (|g| + |g'|) */
	double engine;       /* the float32 engine against backpropagation in double; likewise */
	int layer;           /* where max_error was found */
	long long checked;   /* parameters compared with central differences */
} hebb_gradient_check;
static inline hebb_gradient_check hebb_gradient_check_default(void)
{
	hebb_gradient_check made;

	hebb_sized(&made, sizeof made);
	return made;
}

/* Checks backpropagation on this network, as if no layer was frozen, and these rows (x: rows x inputs, y: rows x outputs).  At most
 * `samples` parameters of each layer, drawn at random, are compared with differences (0: all); those next to a kink of f, of the absolute
 * and of huber's loss are passed over.  Slow and plain on purpose; takes rows x parameters x samples operations.  BAD_ARGUMENT: rows < 1,
 * samples < 0, a bad row (as for hebb_trainer_gradient()); BAD_SHAPE: the loss does not go with the output; DIVERGED: J is not finite;
 * NO_MEMORY. */
hebb_status hebb_check_gradient(const hebb_net *net, hebb_loss loss, int rows, const float *x, const float *y, int samples,
				hebb_gradient_check *result, hebb_error *error);

/* The same of a loss of one's own, whose J() may not have jumps in its derivative at these rows. */
hebb_status hebb_check_gradient_custom(const hebb_net *net, const hebb_loss_function *loss,
				       int rows, const float *x, const float *y, int samples,
				       hebb_gradient_check *result, hebb_error *error);

/* ---- Looking inside ---------------------------------------------------------------------------------------------- */
/* Every number of one example's way through a network and back, for those who learn how it works and those who compare.  z, h and d go layer
 * by layer, units of all layers in each; gradient has the canonical order.  An array that is NULL is left out; they stay the caller's. */
typedef struct hebb_trace {
	size_t size;      /* given, as in hebb_trace_default() */
	double J;         /* of this example; 0 without a target */
	double *z, *h;    /* z = W h + b, h = f(z)                 (tutorial 3.4) */
	double *d;        /* dJ/dz, the delta                      (tutorial 4.5 for the last layer, 4.6 for those below) */
	double *gradient; /* dJ/dW = d h^T and dJ/db = d           (tutorial 4.5, 4.6) */
	const double *statistics; /* given: mean and variance of each layer of batch norm; NULL: 0 and 1 */
} hebb_trace;
static inline hebb_trace hebb_trace_default(void)
{
	hebb_trace made;

	hebb_sized(&made, sizeof made);
	return made;
}

/* Fills in the trace of x (inputs) and y (outputs; NULL: forward alone, d and gradient are left as they are), by plain loops in double at
 * the given parameters (canonical order).  BAD_ARGUMENT as hebb_net_new(), or a number of x or y is not as the loss wants it; BAD_SHAPE if the loss is not defined for the output, NO_MEMORY.
 * Takes memory by malloc() for the call; any number of threads may call it. */
hebb_status hebb_trace_example(int inputs, int count, const hebb_layer *layers, hebb_loss loss, const double *parameters,
			       const double *x, const double *y, hebb_trace *trace, hebb_error *error);

/* ---- Random numbers ---------------------------------------------------------------------------------------------- */
/* Shuffles index[0..n-1] by Fisher & Yates with the random numbers of (seed, stream): the same on every machine, for ever.
 * Streams below 2^32 are the caller's; the library's own lie above.  uniform: u[0..n-1] in [0, 1), multiples of 2^-24, likewise. */
void hebb_shuffle(long long n, long long *index, uint64_t seed, uint64_t stream);
void hebb_uniform(long long n, float *u, uint64_t seed, uint64_t stream);

#ifdef __cplusplus
}
#endif
#endif /* HEBB_H */
