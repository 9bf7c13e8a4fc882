/**
 * @file
 * hebb.h - train and run feed-forward neural networks
 *
 * A complete program:
 *
 *     #include <stdio.h>
 *     #include "hebb.h"
 *
 *     int main(void)
 *     {
 *         const float x[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y[4] = {0, 1, 1, 0};
 *         hebb_layer layers[] = {hebb_dense(4, HEBB_TANH), hebb_dense(1, HEBB_SIGMOID)};
 *         hebb_net *net = hebb_net_new(2, 2, layers, 1, NULL, NULL);
 *         hebb_arrays xor = {sizeof xor, .rows = 4, .inputs = 2, .outputs = 1, .x = x[0], .y = y};
 *         hebb_source source = hebb_arrays_source(&xor);
 *         hebb_recipe recipe = hebb_recipe_default();
 *         recipe.loss = HEBB_CROSS_ENTROPY;
 *         recipe.rate = 0.05;
 *         recipe.epochs = 500;
 *         hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, NULL);
 *         float h = 0;
 *         if (hebb_train(trainer, &source, NULL, NULL) == HEBB_OK)
 *             hebb_predict(net, x[1], &h, NULL);
 *         printf("0 xor 1 = %.2f\n", h);
 *         hebb_trainer_free(trainer);
 *         hebb_net_free(net);
 *     }
 *
 * This header has what every program needs. Read it from top to bottom. hebb_advanced.h has the
 * rest: activations, losses and memory of your own, training on several machines, the state of a
 * trainer, every number of one example, random numbers. hebb_io.h has tables of data and model
 * files.
 *
 * Conventions:
 *
 * - Matrices are row-major float32. A batch is `rows` examples, one in each row.
 * - W of a dense layer is units x inputs, as in the tutorial. The canonical order of parameters is
 *   W, then b, layer by layer.
 * - J, the cost, is summed over the outputs and averaged over the rows.
 * - hebb_x_free() frees what hebb_x_new() made. It accepts NULL. Every other pointer that you pass
 *   stays yours; the library borrows it for the call, unless the comment says otherwise.
 * - A function that can fail returns a hebb_status, or NULL in place of an object. It writes a
 *   sentence to the hebb_error that you pass; pass NULL if you do not want it. On failure the
 *   outputs are unchanged, unless the comment says otherwise.
 * - Other pointers may be NULL only where the comment says so. Functions with an `error` refuse a
 *   NULL object or array with HEBB_BAD_ARGUMENT; functions without one do not check.
 * - One thread at a time uses an object. A const hebb_net may be shared by any number of threads.
 * - The threads of a trainer start with its first large piece of work and end with
 *   hebb_trainer_free(). A process may fork() before they start.
 * - The library never prints, exits or calls rand(). Its only global is the table of kernels, which
 *   is chosen once.
 */
/* SPDX-License-Identifier: MIT */
#ifndef HEBB_H
#define HEBB_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup status Status and errors
 * How a function says that it failed, and why.
 * @{
 */

/** The result of a function that can fail. 0 is success. */
typedef enum hebb_status {
	HEBB_OK = 0,           /**< success */
	HEBB_NO_MEMORY = 1,    /**< out of memory */
	HEBB_BAD_ARGUMENT = 2, /**< an argument is out of its range */
	HEBB_BAD_SHAPE = 3,    /**< sizes do not fit together */
	HEBB_BAD_FORMAT = 4,   /**< the file does not have the right format */
	HEBB_UNSUPPORTED = 5,  /**< not supported by this version or machine */
	HEBB_IO = 6,           /**< reading or writing failed */
	HEBB_DIVERGED = 7,     /**< training diverged */
	HEBB_STOPPED = 8       /**< stopped on request */
} hebb_status;

/** The text of a status, as in the list above. It is constant and never NULL. */
const char *hebb_strerror(hebb_status status);

/**
 * A failure: what happened, where, and what to try. The library fills it in. The struct is
 * complete: no version will add a field.
 */
typedef struct hebb_error {
	hebb_status status; /**< the status that the function returned */
	long long line;     /**< the line in a text file, counted from 1; 0: does not apply */
	long long column;   /**< the column in that line, counted from 1; 0: does not apply */
	char message[512];  /**< one sentence without a newline; hebb_show() shows names in it */
} hebb_error;

#if defined __GNUC__
#define HEBB_PRINTF(sentence, values) __attribute__((format(printf, sentence, values)))
#else
#define HEBB_PRINTF(sentence, values)
#endif

/**
 * Fills in `error` with a status and a sentence, as printf() would print it, and returns the
 * status. Line and column become 0. `error` may be NULL. Your gather functions and your program can
 * report their own failures with it.
 */
hebb_status hebb_fail(hebb_error *error, hebb_status status, const char *format, ...)
	HEBB_PRINTF(3, 4);

/** @} */

/**
 * @defgroup version Version and machine
 * @{
 */

/** The version of this header. */
#define HEBB_VERSION "0.2.0"

/** The version of the library that is linked. The string is constant. */
const char *hebb_version(void);

/**
 * The name of the set of kernels in use: "avx512", "avx2", "neon", "muladd" or "scalar". The
 * library chooses it once: the best one for this CPU, or the one that the environment variable
 * HEBB_KERNELS names. There are two families: "muladd" multiplies, then adds, on machines without
 * fused multiply-add; the other sets fuse both. All sets of a family give the same bits on every
 * machine, except with HEBB_BFLOAT16; the two families differ in the last bits. A training that is
 * resumed with the other family goes on with its bits.
 *
 * Returns NULL (HEBB_UNSUPPORTED) if HEBB_KERNELS names a set that is unknown or unavailable; the
 * message lists the available ones. Making any object then fails in the same way.
 */
const char *hebb_kernels(hebb_error *error);

/** @} */

/**
 * @defgroup open Open structs
 * A struct that you fill in has its size first, so that a later version can add fields and 0 in a
 * field means 0. Begin with hebb_x_default() or a constructor, or in C with
 * `{sizeof object, .field = ...}`. All structs of an array have the size of the first.
 *
 * A struct that you only read, through a pointer from the library, has no size (hebb_table, for
 * example): later versions add fields at its end. A few structs are complete and never grow:
 * hebb_error, hebb_shape, hebb_arena, hebb_column.
 *
 * A function fails with HEBB_BAD_ARGUMENT if a struct has no size, and with HEBB_UNSUPPORTED if the
 * struct is of a later version than the library and a new field is used. If the library fills in a
 * struct, it sets the size to what it knows.
 * @{
 */

/**
 * Zeroes a struct of `size` bytes and writes the size to its first field. hebb_x_default() calls
 * it.
 */
void hebb_sized(void *object, size_t size);

/** @} */

/**
 * @defgroup layers Layers
 * A layer computes z from its input x, then h = f(z), where f is its activation.
 * @{
 */

/** What a layer computes. */
typedef enum hebb_kind {
	/** z = W x + b */
	HEBB_DENSE = 1,
	/**
	 * z = x; in training x / (1 - rate), but 0 for a share `rate` of x. New random numbers
	 * choose this share for each row and update (Srivastava et al. 2014). The activation is
	 * linear. There are no parameters. Dropout cannot be the last layer. `rate` is rounded to a
	 * multiple of 2^-16.
	 */
	HEBB_DROPOUT,
	/**
	 * z = gamma (x - mean) / sqrt(variance + 1e-5) + beta, mean and variance of each unit over
	 * the rows of a batch (Ioffe & Szegedy 2015). A batch of more rows than
	 * hebb_trainer_rows() is normalized in equal parts. Inference and one-row batches use
	 * running statistics; each update moves them 10 % towards the batch's, as in PyTorch.
	 */
	HEBB_BATCH_NORM,
	/**
	 * z = gamma (x - mean) / sqrt(variance + 1e-5) + beta, mean and variance of each row over
	 * its units (Ba et al. 2016).
	 */
	HEBB_LAYER_NORM,
	/** z = x + h of an earlier layer: a shortcut (He et al. 2016) */
	HEBB_ADD
} hebb_kind;

/** The activation function f(z). Element-wise, except softmax, which acts on a row. */
typedef enum hebb_activation {
	/** z */
	HEBB_LINEAR = 1,
	/** 1 / (1 + exp(-z)) */
	HEBB_SIGMOID,
	/** tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z)) */
	HEBB_TANH,
	/** max(0, z) */
	HEBB_RELU,
	/** z if z > 0, else 0.01 z */
	HEBB_LEAKY_RELU,
	/**
	 * z Phi(z), Phi the standard normal distribution function (Hendrycks & Gimpel 2016). It is
	 * exact, not the approximation by tanh.
	 */
	HEBB_GELU,
	/** exp(z_i) / sum_j exp(z_j) */
	HEBB_SOFTMAX,
	/** z if z > 0, else exp(z) - 1 (Clevert et al. 2016, with alpha = 1) */
	HEBB_ELU,
	/**
	 * 1.0507 z if z > 0, else 1.7581 (exp(z) - 1) (Klambauer et al. 2017, eq. 2). The constants
	 * are 1.0507009873554805 and 1.6732632423543772 times that.
	 */
	HEBB_SELU,
	/** z s(z), s(z) = 1 / (1 + exp(-z)) (Elfwing et al. 2018), also called Swish */
	HEBB_SILU,
	/** log(1 + exp(z)) (Dugas et al. 2001) */
	HEBB_SOFTPLUS,
	/** (z + 3) / 6, but not below 0 nor above 1, as in PyTorch */
	HEBB_HARD_SIGMOID,
	/** z, but not below -1 nor above 1 */
	HEBB_HARD_TANH,
	/**
	 * exp(z): a rate, the output that HEBB_POISSON needs. In float32 it stays between
	 * exp(-87.33) and exp(88.37).
	 */
	HEBB_EXP,
	/** the function that hebb_layer.function points to (hebb_function); it has no name here */
	HEBB_CUSTOM = 100
} hebb_activation;

/**
 * How W and b start; n is the number of inputs of the layer, m the number of its units. b starts at
 * 0, except with HEBB_START_UNIFORM01 and HEBB_START_NGUYEN_WIDROW.
 */
typedef enum hebb_start {
	/**
	 * the usual start for the activation: HE for relu, leaky-relu, gelu, elu, silu and
	 * softplus, LECUN for selu, GLOROT for the others
	 */
	HEBB_START_AUTO = 1,
	/** W and b uniform in [0, 1), as the tutorial's program */
	HEBB_START_UNIFORM01,
	/** uniform in +-sqrt(6 / (n + m)) (Glorot & Bengio 2010, eq. 16) */
	HEBB_START_GLOROT,
	/** uniform in +-sqrt(6 / n), variance 2/n (He et al. 2015, eq. 10) */
	HEBB_START_HE,
	/** uniform in +-sqrt(3 / n), variance 1/n (LeCun et al. 1998, eq. 16) */
	HEBB_START_LECUN,
	/**
	 * W W^T = 1, or W^T W = 1 if m > n; all such matrices are equally likely (Saxe et al.
	 * 2014). It takes n m min(n, m) multiplications.
	 */
	HEBB_START_ORTHOGONAL,
	/**
	 * each row of W uniform in (-1, 1), then scaled to the length beta = 0.7 m^(1/n); b uniform
	 * in +-beta (Nguyen & Widrow 1990). It is meant for tanh and inputs in [-1, 1].
	 */
	HEBB_START_NGUYEN_WIDROW
} hebb_start;

/** An activation of your own; hebb_advanced.h defines it. */
typedef struct hebb_function hebb_function;

/**
 * The shape of a layer's output for one example. A vector is 1 x 1 x units. The struct is complete:
 * no version will add a field.
 */
typedef struct hebb_shape {
	int height;   /**< rows of an image; 1 for a vector */
	int width;    /**< pixels in a row; 1 for a vector */
	int channels; /**< numbers of a pixel, side by side in memory; the units of a vector */
} hebb_shape;

/**
 * One layer, as data. Make it with hebb_dense() or one of its sisters, then change fields. The
 * values of enums begin at 1, so that the library can refuse a field that was forgotten.
 */
typedef struct hebb_layer {
	size_t size;                /**< sizeof(hebb_layer); in an array, all have the first's */
	hebb_kind kind;             /**< what the layer computes */
	hebb_activation activation; /**< f; HEBB_LINEAR for dropout */
	hebb_start start;           /**< how W and b start; HEBB_START_AUTO */
	/** dense: 1 to HEBB_MAX_UNITS; other kinds: 0, they have as many units as inputs */
	int units;
	float rate; /**< dropout: the share that becomes 0, in [0, 1) */
	/**
	 * add: the layer whose h is added, counted from 0; -1 means x of the network. It has as
	 * many units as the input of this layer.
	 */
	int from;
	int frozen; /**< 1: training leaves the layer as it is (hebb_net_freeze()); 0 by default */
	/** HEBB_CUSTOM: the function, which must outlive the network and its copies; else NULL */
	const hebb_function *function;
	/**
	 * 0 0 0: the input keeps its shape. Otherwise the same number of values is read in this
	 * shape; for the first layer these are the network's inputs.
	 */
	hebb_shape in;
} hebb_layer;

/** The largest number of units of a layer, and of inputs of a network. */
#define HEBB_MAX_UNITS (1 << 20)
/** The largest number of layers of a network. */
#define HEBB_MAX_LAYERS 1024
/** The most threads of a trainer, of a pool, and of what reads and codes tables. */
#define HEBB_MAX_THREADS 1024
/** The largest number of parameters of a network. */
#define HEBB_MAX_PARAMETERS 2000000000LL

/** A layer of a kind with this activation and HEBB_START_AUTO; all else is 0. */
static inline hebb_layer hebb_layer_default(hebb_kind kind, hebb_activation activation)
{
	hebb_layer layer;

	hebb_sized(&layer, sizeof layer);
	layer.kind = kind;
	layer.activation = activation;
	layer.start = HEBB_START_AUTO;
	return layer;
}

/** A dense layer of this number of units. */
static inline hebb_layer hebb_dense(int units, hebb_activation activation)
{
	hebb_layer made = hebb_layer_default(HEBB_DENSE, activation);

	made.units = units;
	return made;
}

/** A dropout layer. */
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

/** A batch norm. */
static inline hebb_layer hebb_batch_norm(hebb_activation activation)
{
	return hebb_layer_default(HEBB_BATCH_NORM, activation);
}

/** A layer norm. */
static inline hebb_layer hebb_layer_norm(hebb_activation activation)
{
	return hebb_layer_default(HEBB_LAYER_NORM, activation);
}

/** A shortcut (HEBB_ADD) from the layer `from`. */
static inline hebb_layer hebb_shortcut(int from, hebb_activation activation)
{
	hebb_layer made = hebb_layer_default(HEBB_ADD, activation);

	made.from = from;
	return made;
}

/** @} */

/**
 * @defgroup networks Networks
 * A network is a list of layers with their parameters and running statistics.
 * @{
 */

/** A network. */
typedef struct hebb_net hebb_net;

/** Where an object takes its memory from; hebb_advanced.h defines it. NULL means malloc(). */
typedef struct hebb_allocator hebb_allocator;

/**
 * Makes a network of `inputs` inputs and `count` layers, the input not counted. It copies the
 * layers. The parameters start as each layer's `start` says, with random numbers of `seed`. Free it
 * with hebb_net_free().
 *
 * Fails with HEBB_BAD_ARGUMENT (the message names the layer and the field), HEBB_NO_MEMORY, or
 * HEBB_UNSUPPORTED (see hebb_kernels()).
 */
hebb_net *hebb_net_new(int inputs, int count, const hebb_layer *layers, uint64_t seed,
		       const hebb_allocator *allocator, hebb_error *error);

/** Makes a network as hebb_net_new() does, but all its parameters are 0. */
hebb_net *hebb_net_blank(int inputs, int count, const hebb_layer *layers,
			 const hebb_allocator *allocator, hebb_error *error);

/** Makes a copy. Free it with hebb_net_free(). Fails with HEBB_NO_MEMORY. */
hebb_net *hebb_net_copy(const hebb_net *net, const hebb_allocator *allocator, hebb_error *error);

/** Frees a network, or does nothing with NULL. */
void hebb_net_free(hebb_net *net);

/** The number of inputs. */
int hebb_net_inputs(const hebb_net *net);

/** The number of outputs: the units of the last layer. */
int hebb_net_outputs(const hebb_net *net);

/** The number of layers. The input is not counted. */
int hebb_net_layers(const hebb_net *net);

/** The number of parameters: weights and biases, without running statistics. */
long long hebb_net_parameters(const hebb_net *net);

/**
 * The description of a layer, counted from 0, which is the first after the input. Its `units` is
 * set for all kinds of layer. The description belongs to the network. NULL: there is no such layer.
 */
const hebb_layer *hebb_net_layer(const hebb_net *net, int layer);

/**
 * The shape of the output of a layer, counted from 0; -1 means the inputs of the network. All 0:
 * there is no such layer.
 */
hebb_shape hebb_net_shape(const hebb_net *net, int layer);

/**
 * Copies W (units x inputs of the layer) and b (units) of a layer, counted from 0. Either may be
 * NULL. For a norm, W is gamma (units) and b is beta (units). Dropout and add have no parameters:
 * nothing is copied. Fails with HEBB_BAD_ARGUMENT if there is no such layer.
 */
hebb_status hebb_net_get(const hebb_net *net, int layer, float *W, float *b, hebb_error *error);

/**
 * Sets W and b of a layer; the arrays are as for hebb_net_get(). Fails with HEBB_BAD_ARGUMENT if
 * there is no such layer or a value is not finite; the network is then unchanged.
 */
hebb_status hebb_net_set(hebb_net *net, int layer, const float *W, const float *b,
			 hebb_error *error);

/** @} */

/**
 * @defgroup running Running
 * From x to h: h[l] = f(z[l]), where z[l] = W[l] h[l-1] + b[l] in a dense layer, and h[0] = x
 * (tutorial 3.4).
 *
 * If sums or products leave the range of float32 on the way, h is infinite or NaN; check it with
 * isfinite(). The same may happen if x is not finite.
 * @{
 */

/**
 * Computes the output h (outputs) for one example x (inputs), without any set-up. The bits are the
 * same as from hebb_forward().
 *
 * Any number of threads may call it on one network, if its allocator allows that. A small network
 * takes its scratch memory from the stack, others from the network's allocator (HEBB_NO_MEMORY).
 */
hebb_status hebb_predict(const hebb_net *net, const float *x, float *h, hebb_error *error);

/** What one thread needs to run a network on many rows at once. */
typedef struct hebb_work hebb_work;

/**
 * Makes the plan and the scratch memory for up to `rows` rows. Borrows the network, which must
 * outlive it. It sees new parameters of the network. Give each thread a work of its own. Fails with
 * HEBB_BAD_ARGUMENT (rows < 1) or HEBB_NO_MEMORY.
 */
hebb_work *hebb_work_new(const hebb_net *net, int rows, const hebb_allocator *allocator,
			 hebb_error *error);

/** Frees a work, or does nothing with NULL. */
void hebb_work_free(hebb_work *work);

/** The memory that a work holds, in bytes. */
size_t hebb_work_bytes(const hebb_work *work);

/**
 * Returns the output h (rows x outputs) for x (rows x inputs). h lives in `work` until its next
 * use. Never allocates. Returns NULL only if x is NULL or rows is not in 1 to the rows of
 * hebb_work_new().
 */
const float *hebb_forward(hebb_work *work, int rows, const float *x);

/** @} */

/**
 * @defgroup recipe How to train
 * A loss is what training minimizes; a recipe says how.
 * @{
 */

/** J of one row; h is the output (m units), y the target (m numbers). */
typedef enum hebb_loss {
	/** 1/2 sum_j (h_j - y_j)^2, the tutorial's. Times 2 / m it is PyTorch's MSELoss. */
	HEBB_SQUARED = 1,
	/**
	 * with softmax: - sum_j y_j log h_j; with sigmoid, whose outputs are independent labels:
	 * - sum_j y_j log h_j + (1 - y_j) log(1 - h_j). y lies in [0, 1]. It is computed from z,
	 * so that it neither overflows nor loses digits. A softmax of one output is always 1 and
	 * cannot learn; use sigmoid instead.
	 */
	HEBB_CROSS_ENTROPY,
	/**
	 * sum_j |h_j - y_j|, with the derivative 0 at 0. It aims at the median, which outliers
	 * hardly move.
	 */
	HEBB_ABSOLUTE,
	/**
	 * sum_j e_j^2 / 2 where |e_j| <= delta, else delta (|e_j| - delta / 2), e = h - y (Huber
	 * 1964): squared near 0, absolute elsewhere. delta is recipe.huber_delta; without a recipe
	 * it is 1.
	 */
	HEBB_HUBER,
	/**
	 * with exp, where h is the expected count: sum_j h_j - y_j z_j, z_j = log h_j, y >= 0. It
	 * is - log of the Poisson probability of y without log y!, which no network changes
	 * (PyTorch: PoissonNLLLoss).
	 */
	HEBB_POISSON,
	/** the function that recipe.loss_function points to; it has no name here */
	HEBB_LOSS_CUSTOM = 100
} hebb_loss;

/** A loss of your own; hebb_advanced.h defines it. */
typedef struct hebb_loss_function hebb_loss_function;

/** Sums over several machines; hebb_advanced.h defines it. */
typedef struct hebb_reduce hebb_reduce;

/**
 * How an update moves a parameter w. g is its gradient, t the number of updates so far, this one
 * included.
 */
typedef enum hebb_rule {
	/** w -= rate g */
	HEBB_SGD = 1,
	/** v = momentum v + g, w -= rate v */
	HEBB_MOMENTUM,
	/** v = momentum v + g, w -= rate (g + momentum v) */
	HEBB_NESTEROV,
	/** s = rho s + (1 - rho) g^2, w -= rate g / (sqrt(s) + epsilon) */
	HEBB_RMSPROP,
	/**
	 * m = beta1 m + (1 - beta1) g, s = beta2 s + (1 - beta2) g^2, w -= rate (m / (1 - beta1^t))
	 * / (sqrt(s / (1 - beta2^t)) + epsilon) (Kingma & Ba 2015)
	 */
	HEBB_ADAM,
	/**
	 * m = beta1 m + (1 - beta1) g, s = beta2 s + (1 - beta2) g^2, w -= rate (m / (1 - beta1^t))
	 * / (sqrt(s / (1 - beta2^t)) + epsilon): adam. By convention this name is used with
	 * weight_decay (Loshchilov & Hutter 2019).
	 */
	HEBB_ADAMW,
	/**
	 * w -= step sign(g); step starts at `rate`; it is multiplied by 1.2 (up to 50) if g keeps
	 * its sign, else by 0.5 (down to 1e-6). When the sign changes, g counts as 0 (iRprop-,
	 * Igel & Huesken 2003). Each w has its own step. hebb_train() needs all rows in one batch.
	 */
	HEBB_RPROP,
	/** w -= rate sign(beta1 m + (1 - beta1) g), m = rho m + (1 - rho) g (Chen et al. 2023) */
	HEBB_LION,
	/**
	 * w -= a H g. H approximates the inverse of the second derivatives from the last 10 steps.
	 * A line search finds a: the cost falls and its slope flattens (Nocedal 1980; Lewis &
	 * Overton 2013). `rate` is not used. Only hebb_train() supports this rule, with all rows in
	 * one batch and one step an epoch; training ends when no step lowers the cost. Of the
	 * fields that change an update, only l2 may be used.
	 */
	HEBB_LBFGS
} hebb_rule;

/**
 * The rate of update t = 0, 1, ... of the T updates that hebb_train() makes if nothing ends it
 * early. The first W = floor(warmup T) updates are the warm-up, with `rate` (t + 1) / W (Goyal et
 * al. 2017). The schedule gives the rate of the other updates, and its t and T count only these.
 * The rate is computed in double and is the same on every machine. The momentum stays as it is.
 * hebb_trainer_update(), called by itself, uses `rate`.
 */
typedef enum hebb_schedule {
	/** rate */
	HEBB_CONSTANT = 1,
	/** rate decay^floor(stages t / T): constant within a stage, lower in the next one */
	HEBB_STEP,
	/** rate decay^(stages t / T): as HEBB_STEP, but smooth */
	HEBB_EXPONENTIAL,
	/** rate (1 + cos(pi t / T)) / 2 (Loshchilov & Hutter 2017, eq. 5) */
	HEBB_COSINE,
	/**
	 * half a cosine from rate / 25 to rate at t = 0.3 T - 1, another to rate / 250000 at T - 1
	 * (Smith & Topin 2018, as PyTorch's OneCycleLR). It includes a warm-up, so `warmup` must be
	 * 0.
	 */
	HEBB_ONE_CYCLE,
	/**
	 * rate, times decay after each `plateau` epochs without a lower loss. The loss is that of
	 * the validation rows, if there are any.
	 */
	HEBB_PLATEAU,
	/** the cosine, started again in each of `stages` equal parts (Loshchilov & Hutter 2017) */
	HEBB_WARM_RESTARTS
} hebb_schedule;

/**
 * The number format of the operands of matrix products in training, which take nearly all of its
 * time. Everything else is float32: sums, weights, other operations.
 */
typedef enum hebb_precision {
	/** float32 */
	HEBB_FLOAT32 = 1,
	/**
	 * W, h and d are rounded to bfloat16 (8 significant bits, the range of float32) in the
	 * products W h, d W and d h^T. This holds in hebb_trainer_cost() and the validation loss
	 * too, never in hebb_predict() and hebb_forward(). Larger networks train up to twice as
	 * fast. It needs a CPU with AVX512_BF16. The bits are the same for any number of threads,
	 * but may differ on another kind of CPU.
	 */
	HEBB_BFLOAT16
} hebb_precision;

/**
 * What hebb_train() tells a progress callback. The thread that called hebb_train() calls it after
 * each epoch and, in long epochs, after an update about ten times a second. To cancel from another
 * thread, let the callback return an atomic flag that the other thread sets.
 */
typedef struct hebb_progress {
	size_t size;     /**< the size of the struct, as the library knows it */
	int epoch;       /**< how many epochs are complete */
	int epochs;      /**< how many there will be at most */
	int epoch_ended; /**< 1 if an epoch has just ended */
	long long rows;  /**< examples seen since hebb_train() began */
	/**
	 * mean J of the examples of this epoch, each before its update; without l1 and l2, with
	 * label smoothing
	 */
	double loss;
	/** mean J of the validation rows after this epoch, without label smoothing; NaN: no rows */
	double validation_loss;
	double seconds; /**< seconds since hebb_train() began */
	double rate;    /**< the rate of the last update */
	int run_ends;   /**< 1 if this is the last call */
	/**
	 * share of the right classes of the validation rows after this epoch, by weight, as
	 * hebb_evaluation.accuracy; NaN: no rows, the targets are no classes, or no epoch has ended
	 * since a checkpoint was read
	 */
	double validation_accuracy;
} hebb_progress;

/**
 * How a network is trained. Begin with hebb_recipe_default() and change what differs. Each comment
 * begins with the default.
 */
typedef struct hebb_recipe {
	/** sizeof(hebb_recipe): keeps old programs valid when fields are added */
	size_t size;
	/** HEBB_SQUARED */
	hebb_loss loss;
	/** HEBB_ADAM */
	hebb_rule rule;
	/**
	 * 0.001; at least 0. The learning rate. hebb_rule_rate() has the usual one of each rule.
	 */
	double rate;
	/** 0.9; in [0, 1). Of HEBB_MOMENTUM and HEBB_NESTEROV. */
	double momentum;
	/** 0.9; in [0, 1). Of HEBB_ADAM, HEBB_ADAMW and HEBB_LION. */
	double beta1;
	/** 0.999; in [0, 1). Of HEBB_ADAM and HEBB_ADAMW. */
	double beta2;
	/** 0.99; in [0, 1). Of HEBB_RMSPROP and HEBB_LION. */
	double rho;
	/** 1e-8; above 0. Keeps the divisor of a step above 0. */
	double epsilon;
	/**
	 * 0; at least 0. The gradient of l2/2 sum W^2 is added; biases and norms are not included.
	 * J does not contain it.
	 */
	double l2;
	/**
	 * 0; at least 0. Before each update W *= 1 - rate weight_decay, with the rate of that
	 * update; biases and norms are not included.
	 */
	double weight_decay;
	/** 100; at least 0. How often training sees all rows. */
	int epochs;
	/** 32; at least 0. Rows in a batch. 0: all rows in one batch. */
	int batch;
	/** 1. 1: a new order in each epoch; 0: the order of the source. Not used with one batch. */
	int shuffle;
	/**
	 * 0; at least 0. 0: never stop early. n: stop after n epochs without a lower validation
	 * loss, and restore the best parameters.
	 */
	int patience;
	/**
	 * 0; in [0, 1024]. The most threads; 0: as many as the machine has cores. Small work takes
	 * fewer. Steps of some milliseconds or less are timed: while one thread is faster, as on a
	 * busy machine, one computes them. The number of threads never changes a bit.
	 */
	int threads;
	/** 1. The seed of the shuffling and of dropout. */
	uint64_t seed;
	/**
	 * NULL. Called as hebb_progress says. Return 0 to continue, anything else to stop training
	 * (HEBB_STOPPED).
	 */
	int (*progress)(void *self, const hebb_progress *progress);
	/** NULL. The first argument of `progress`. */
	void *self;
	/** HEBB_FLOAT32 */
	hebb_precision precision;
	/** 0; in [0, 1). The share of the updates over which the rate rises. */
	double warmup;
	/**
	 * 0.1; in (0, 1). The factor of HEBB_STEP and HEBB_EXPONENTIAL for each stage, and of
	 * HEBB_PLATEAU.
	 */
	double decay;
	/** HEBB_CONSTANT */
	hebb_schedule schedule;
	/** 3; at least 1. Of HEBB_STEP, HEBB_EXPONENTIAL and HEBB_WARM_RESTARTS. */
	int stages;
	/** 10; at least 1. Epochs, of HEBB_PLATEAU. */
	int plateau;
	/**
	 * 1; at least 1. hebb_train() makes one update of the mean gradient of this number of
	 * batches, as if they were one batch.
	 */
	int accumulate;
	/** 0; at least 0. The gradient of l1 sum |W| is added, 0 where W = 0; otherwise as l2. */
	double l1;
	/**
	 * 0; at least 0. 0: never. Else a gradient with a higher norm (with l1 and l2 included) is
	 * scaled down to this norm (Pascanu et al. 2013).
	 */
	double clip;
	/**
	 * 0; at least 0. 0: no limit. Else each update scales down the weights of a unit to this
	 * norm if their norm is higher (Srivastava et al. 2014).
	 */
	double max_norm;
	/**
	 * 0; in [0, 1]. 0: no average. Else d of the average a, which becomes d' a + (1 - d') w
	 * after update k = 0, 1, ..., where d' = min(d, k / (k + 9)), or k / (k + 1) if d = 1.
	 * Updates change w; validation, early stopping and the result use the average a.
	 */
	double average;
	/**
	 * 0; at least 0. 0: no limit. Else hebb_train() ends after the first update that ends later
	 * than this. The schedule is planned for all epochs. The last update depends on the
	 * machine, and so do the bits.
	 */
	double seconds;
	/** 1; above 0. The delta of HEBB_HUBER, in units of y. */
	double huber_delta;
	/**
	 * 0; in [0, 1). The share of the updates of a run before the first one that the average
	 * includes. With average = 1 this is SWA (Izmailov et al. 2018).
	 */
	double average_from;
	/**
	 * 0; in [0, 1). With s, training uses y (1 - s) + s / K in place of y; K is the number of
	 * outputs of softmax, 2 for sigmoid (Szegedy et al. 2016). Of HEBB_CROSS_ENTROPY only.
	 */
	double label_smoothing;
	/**
	 * NULL. The function of HEBB_LOSS_CUSTOM. It must outlive the trainer. Checkpoints do not
	 * contain it.
	 */
	const hebb_loss_function *loss_function;
	/**
	 * NULL. Adds up gradients over several trainers; NULL means one trainer alone. It must
	 * outlive the trainer. Checkpoints do not contain it. Not with HEBB_LBFGS, nor with
	 * `seconds`.
	 */
	const hebb_reduce *reduce;
	/**
	 * 0; 0 or 1. 1: a target may be missing: where y is NaN, that output of that row has no
	 * error. It adds nothing to J, and its dJ/dh is 0. J is the mean over the rows as ever, so
	 * a row with fewer targets weighs less. Not for HEBB_LOSS_CUSTOM, nor for the cross-entropy
	 * of softmax, whose targets belong together.
	 */
	int gaps;
} hebb_recipe;

/** Fills in the defaults of a recipe of this size; hebb_recipe_default() calls it. */
void hebb_recipe_init(hebb_recipe *recipe, size_t size);

/**
 * The usual learning rate of a rule: 0.001 with adam, adamw and rmsprop, 0.1 with sgd, 0.02 with
 * momentum and nesterov, 0.0001 with lion, 0.01 with rprop; 0.001 with lbfgs, which does not use
 * it. 0: there is no such rule.
 */
double hebb_rule_rate(hebb_rule rule);

/** A recipe of defaults. */
static inline hebb_recipe hebb_recipe_default(void)
{
	hebb_recipe recipe;

	hebb_recipe_init(&recipe, sizeof recipe);
	return recipe;
}

/** @} */

/**
 * @defgroup examples Examples to train on
 * Each x and y must be finite; with `gaps` y may be NaN (recipe.gaps). y must lie in the range of
 * the loss: in [0, 1] for cross-entropy, at least 0 for poisson. Weights must be finite and at
 * least 0. Otherwise hebb_train(), hebb_trainer_gradient(), hebb_trainer_cost() and
 * hebb_check_gradient() fail with HEBB_BAD_ARGUMENT; the message names the row, counted from 0, and
 * the reason.
 *
 * With weights, J and its gradient are sum w J / sum w.
 * @{
 */

/** Examples that lie in memory. Fields that you leave out are 0 or NULL. */
typedef struct hebb_arrays {
	size_t size;         /**< sizeof(hebb_arrays) */
	long long rows;      /**< the number of examples, at least 1 */
	int inputs;          /**< numbers in a row of x, at least 1 */
	int outputs;         /**< numbers in a row of y, or classes; at least 1 */
	const float *x;      /**< rows x inputs */
	const float *y;      /**< rows x outputs; NULL if there are labels */
	const int *label;    /**< rows, each in 0 to outputs - 1: the class; NULL if there is y */
	const float *weight; /**< rows, each at least 0; NULL: all rows weigh the same */
} hebb_arrays;

/** Empty arrays, to be filled in: all fields but the size are 0 or NULL. */
static inline hebb_arrays hebb_arrays_default(void)
{
	hebb_arrays arrays;

	hebb_sized(&arrays, sizeof arrays);
	return arrays;
}

/** Where examples come from: rows by index. Yours, or from hebb_arrays_source(). */
typedef struct hebb_source {
	size_t size;    /**< sizeof(hebb_source) */
	void *self;     /**< the first argument of the functions below */
	long long rows; /**< the number of examples, at least 1 */
	/**
	 * Copies `count` rows, those of the given indices (0 to rows - 1), to x (count x inputs)
	 * and y (count x outputs), and their weights to weight (count). It must set every x and y.
	 * `weight` holds ones; leave them if all rows weigh the same. It may fail with any status
	 * and a message (hebb_fail()), which hebb_train() hands on.
	 */
	hebb_status (*gather)(void *self, int count, const long long *index, float *x, float *y,
			      float *weight, hebb_error *error);
	/** 1: several threads may call gather at once, each for some rows of a batch; else 0 */
	int parallel;
	/** called before each epoch, with its number from 0; may be NULL */
	void (*begin)(void *self, int epoch);
	int inputs;  /**< numbers in a row of x; 0: not said */
	int outputs; /**< numbers in a row of y; 0: not said */
} hebb_source;

/** An empty source, to be filled in: all fields but the size are 0 or NULL. */
static inline hebb_source hebb_source_default(void)
{
	hebb_source source;

	hebb_sized(&source, sizeof source);
	return source;
}

/** Makes the source of arrays, of this size; hebb_arrays_source() calls it. */
void hebb_arrays_source_init(hebb_source *source, size_t size, const hebb_arrays *arrays);

/**
 * The source of these arrays. Borrows the struct and its arrays, which must outlive it.
 *
 * Its gather fails with HEBB_BAD_ARGUMENT if there is no x, if there is neither y nor label or
 * both, if inputs or outputs is less than 1, or if a label is out of range (the message names the
 * row).
 */
static inline hebb_source hebb_arrays_source(const hebb_arrays *arrays)
{
	hebb_source source;

	hebb_arrays_source_init(&source, sizeof source, arrays);
	return source;
}

/**
 * Sets y (rows x classes): 1 at label[row] in each row, 0 elsewhere. These are targets for the
 * calls that take y. Fails with HEBB_BAD_ARGUMENT if rows < 0, classes < 1, or a label is not in 0
 * to classes - 1 (the message names the row); y is then unchanged.
 */
hebb_status hebb_one_hot(int rows, int classes, const int *label, float *y, hebb_error *error);

/** @} */

/**
 * @defgroup training Training
 * @{
 */

/** What training needs beyond the network: the optimizer's moments, counters, threads. */
typedef struct hebb_trainer hebb_trainer;

/**
 * Makes a trainer. Borrows the network, which must outlive it. Copies the recipe. Free it with
 * hebb_trainer_free().
 *
 * Fails with HEBB_BAD_ARGUMENT if a field of the recipe is out of range or contradicts another (the
 * message names them), or if all layers are frozen; with HEBB_BAD_SHAPE if the loss does not fit
 * the output (cross-entropy needs sigmoid, or softmax of at least 2 outputs; poisson needs exp;
 * label smoothing needs cross-entropy); with HEBB_UNSUPPORTED if the CPU or the kernels lack the
 * precision; with HEBB_NO_MEMORY.
 */
hebb_trainer *hebb_trainer_new(hebb_net *net, const hebb_recipe *recipe,
			       const hebb_allocator *allocator, hebb_error *error);

/** Frees a trainer and ends its threads, or does nothing with NULL. */
void hebb_trainer_free(hebb_trainer *trainer);

/** The memory that a trainer holds, in bytes, without the network. */
size_t hebb_trainer_bytes(const hebb_trainer *trainer);

/** The network of a trainer. */
const hebb_net *hebb_trainer_net(const hebb_trainer *trainer);

/** The recipe of a trainer, complete with the defaults. It belongs to the trainer. */
const hebb_recipe *hebb_trainer_recipe(const hebb_trainer *trainer);

/** How many epochs are complete. */
int hebb_trainer_epochs(const hebb_trainer *trainer);

/**
 * Trains for recipe.epochs epochs, or until patience, time or convergence ends it. With patience,
 * the result is the network after the complete epoch with the lowest validation loss; later runs
 * keep a network only if it improves on this best loss. `validation` may be NULL, unless patience
 * is set.
 *
 * The same seed, data, recipe and version give the same parameters to the bit, for any number of
 * threads, any kernels and any compiler. There are two exceptions: recipe.seconds, and
 * HEBB_BFLOAT16 on different kinds of CPU.
 *
 * Failures:
 *
 * - HEBB_DIVERGED: training stopped at once. The message names the epoch, the batch and the layer,
 *   and says what to try. The parameters are those of the last epoch that ended with finite ones.
 * - HEBB_STOPPED: the progress callback asked for it. The network has the weights of that moment,
 *   or their average. The next hebb_train() with the same sources continues, and ends with the same
 *   bits as a run without the stop.
 * - HEBB_BAD_ARGUMENT: the sources do not fit the recipe; a source has no gather or no rows; a row
 *   is not as @ref examples says, or gather did not set it (the message names row and source); all
 *   weights of the training rows or of the validation rows are 0. After a bad row the parameters
 *   are as after HEBB_DIVERGED.
 * - HEBB_BAD_SHAPE: `inputs` or `outputs` of a source is not the network's.
 * - HEBB_NO_MEMORY: a run takes 8 bytes a row and the floats of a batch of at least 64 rows from
 *   the trainer's allocator.
 * - any status that gather returns; the run then cannot be continued, even after HEBB_STOPPED.
 *
 * Rows that gather did not set are found in the first epoch only. In the first batch all numbers of
 * a row are checked, in later batches the first and the last input and target. A batch whose
 * weights are all 0 makes no update, but counts for the schedule.
 *
 * While hebb_train() runs, its callbacks (progress, gather, begin) may not call it again with this
 * trainer, nor hebb_trainer_gradient(), hebb_trainer_update() and the functions that set something:
 * these fail with HEBB_BAD_ARGUMENT. Only progress may call hebb_trainer_cost(), and functions that
 * read the trainer.
 */
hebb_status hebb_train(hebb_trainer *trainer, const hebb_source *train,
		       const hebb_source *validation, hebb_error *error);

/** @} */

/**
 * @defgroup loop A training loop of your own
 * The tutorial's loop in a few calls. None of them allocates.
 *
 * x is rows x inputs, y is rows x outputs, weight is rows, or NULL for ones; @ref examples says
 * what numbers they may hold. rows is at least 1 (HEBB_BAD_ARGUMENT).
 *
 * If all weights are 0, J and the gradient are 0, and an update with this gradient changes nothing.
 *
 * A call with more rows than hebb_trainer_rows() computes them in equal parts, which bounds the
 * memory. Without batch norm this changes only the rounding of the gradient. Batch norm uses the
 * mean and variance of each part, so that J and gradient differ from those of all rows at once: set
 * recipe.batch to the rows of a call (at most 1024), or make calls of at most hebb_trainer_rows()
 * rows. hebb_trainer_cost() uses running statistics and does not depend on it.
 * @{
 */

/**
 * Computes *J (J may be NULL), and the gradient of J + l1 sum |W| + l2/2 sum W^2, which it keeps
 * for hebb_trainer_update(). J includes label smoothing.
 *
 * Fails with HEBB_BAD_ARGUMENT for a bad row, and with HEBB_DIVERGED if the rows are valid but J is
 * not finite: an output or J overflowed, or a parameter is not finite. After a failure the gradient
 * is not usable and the network is unchanged.
 */
hebb_status hebb_trainer_gradient(hebb_trainer *trainer, int rows, const float *x, const float *y,
				  const float *weight, double *J, hebb_error *error);

/** Copies the gradient of a layer; the arrays and failures are those of hebb_net_get(). */
hebb_status hebb_trainer_get_gradient(const hebb_trainer *trainer, int layer, float *W, float *b,
				      hebb_error *error);

/**
 * Makes one step of the rule with the gradient that was kept. recipe.clip may scale the gradient.
 * Fails with HEBB_BAD_ARGUMENT for HEBB_LBFGS.
 */
hebb_status hebb_trainer_update(hebb_trainer *trainer, hebb_error *error);

/**
 * hebb_trainer_gradient() and hebb_trainer_update() in one call, with the same bits. hebb_train()
 * uses it. With plain SGD it is faster than two calls: it adds the gradient to W while it computes
 * it.
 *
 * The arguments and failures are those of the two calls. On failure the network is unchanged. No
 * gradient is kept: afterwards the numbers of hebb_trainer_get_gradient() mean nothing, and
 * hebb_trainer_update() changes nothing before the next hebb_trainer_gradient().
 */
hebb_status hebb_trainer_step(hebb_trainer *trainer, int rows, const float *x, const float *y,
			      const float *weight, double *J, hebb_error *error);

/**
 * Computes *J (J may be NULL) of the network as it is, without a gradient and without label
 * smoothing. Fails as hebb_trainer_gradient() does.
 */
hebb_status hebb_trainer_cost(hebb_trainer *trainer, int rows, const float *x, const float *y,
			      const float *weight, double *J, hebb_error *error);

/**
 * The most rows that hebb_trainer_gradient() computes at once: recipe.batch, but at least 64 and at
 * most 1024; 1024 if recipe.batch is 0.
 */
int hebb_trainer_rows(const hebb_trainer *trainer);

/** @} */

/**
 * @defgroup scores Scores
 * How good a network is.
 * @{
 */

/**
 * The share of the rows whose predicted class is label[row]. h is rows x outputs. The predicted
 * class is the first of the largest outputs; with one output it is 1 if h > 0.5, else 0. A row with
 * an output that is not finite counts as wrong. NaN if rows is 0.
 */
double hebb_accuracy(long long rows, int outputs, const float *h, const int *label);

/**
 * 1 if the loss is defined for `output`, the activation of the last layer; else 0. A loss of your
 * own (HEBB_LOSS_CUSTOM) is defined for all.
 */
int hebb_loss_fits(hebb_loss loss, hebb_activation output);

/**
 * J of one row, computed from its outputs in double, as hebb_evaluate() does: h and y have
 * `outputs` numbers, and `output` is the activation of the last layer. The delta of huber is 1. log
 * h is computed from max(h, the smallest normal float32), and log(1 - h) from max(1 - h, 2^-25): J
 * is finite even if float32 rounded h to 0 or 1. An output whose y is NaN adds nothing. NaN if the
 * loss is not defined for the activation, or is one of your own.
 */
double hebb_cost(hebb_loss loss, hebb_activation output, int outputs, const float *h,
		 const float *y);

/**
 * What hebb_evaluate() computes. Begin with hebb_evaluation_default(). The arrays are yours; an
 * array that is NULL is left out. Means are weighted by the weights of the rows, if the source has
 * any.
 */
typedef struct hebb_evaluation {
	size_t size; /**< given by you: sizeof(hebb_evaluation) */
	/**
	 * given by you: outputs; the value of 1 of h and y in the units of rmse and mae; NULL: 1
	 */
	const float *unit;
	/**
	 * given by you: room for K x K counts of rows, [right class][predicted class]; K is the
	 * number of outputs, or 2 for one output
	 */
	long long *confusion;
	double *rmse_of; /**< given by you: room for outputs numbers: rmse of each output */
	double *mae_of;  /**< given by you: room for outputs numbers: mae of each output */
	double *r2_of;   /**< given by you: room for outputs numbers: r2 of each output */
	/**
	 * given by you: 0; 1: as recipe.gaps; loss counts what is there, and rmse, mae and r2 of an
	 * output are of the rows that have a target for it
	 */
	int gaps;
	long long rows;     /**< the number of rows */
	long long answered; /**< rows with finite outputs; loss, rmse, mae and r2 are of these */
	double loss;        /**< mean J, without l1, l2 and label smoothing; huber's with delta 1 */
	/**
	 * the share of right classes; rows without an answer count as wrong. NaN unless each y is 1
	 * for one class and 0 for the others or, with one output, 0 or 1.
	 */
	double accuracy;
	double rmse; /**< sqrt(mean (h - y)^2), the mean over the outputs */
	double mae;  /**< mean |h - y|, the mean over the outputs */
	/**
	 * 1 - sum (h - y)^2 / sum (y - mean y)^2, the mean over the outputs; where y of an output
	 * never changes 0, or 1 if each h is y; NaN for fewer than two rows
	 */
	double r2;
} hebb_evaluation;

/** An evaluation that hebb_evaluate() can fill in; all arrays are NULL. */
static inline hebb_evaluation hebb_evaluation_default(void)
{
	hebb_evaluation evaluation;

	hebb_sized(&evaluation, sizeof evaluation);
	return evaluation;
}

/**
 * Evaluates a network on all rows of a source: of hebb_arrays_source(), of hebb_dataset_source(),
 * or a gather function of yours (its `begin` is not called). Takes memory for 256 rows from the
 * network's allocator for the call. Any number of threads may call it on one network, if its
 * allocator and gather allow that.
 *
 * Fails with HEBB_BAD_ARGUMENT if a row is not as @ref examples says (the message names the row and
 * the reason) or the source has no gather or no rows; with HEBB_BAD_SHAPE if network and rows, or
 * loss and output, do not go together; with HEBB_NO_MEMORY; with the status of gather. On failure
 * *result is unchanged, and its arrays are undefined.
 */
hebb_status hebb_evaluate(const hebb_net *net, hebb_loss loss, const hebb_source *source,
			  hebb_evaluation *result, hebb_error *error);

/** @} */

/**
 * @defgroup checking Checking
 * @{
 */

/** How well central differences, backpropagation in double and the float32 engine agree. */
typedef struct hebb_gradient_check {
	size_t size;      /**< given by you: sizeof(hebb_gradient_check) */
	int gaps;         /**< given by you: 0; 1: as recipe.gaps */
	double max_error; /**< the largest of the next two over the layers */
	/**
	 * backpropagation g against central differences g', both in double: |g - g'| / (|g| +
	 * |g'|), with the norms of a layer
	 */
	double differences;
	double engine;     /**< the float32 engine against backpropagation in double, likewise */
	int layer;         /**< the layer of max_error */
	long long checked; /**< how many parameters were compared with central differences */
} hebb_gradient_check;

/** A result that hebb_check_gradient() can fill in. */
static inline hebb_gradient_check hebb_gradient_check_default(void)
{
	hebb_gradient_check check;

	hebb_sized(&check, sizeof check);
	return check;
}

/**
 * Checks backpropagation on this network and these rows; x is rows x inputs, y is rows x outputs.
 * It treats no layer as frozen. At most `samples` parameters of each layer, drawn at random, are
 * compared with differences; 0 means all. Parameters next to a kink of f or of the loss (absolute,
 * huber) are skipped.
 *
 * It is simple, and so it is slow: rows x parameters x samples operations.
 *
 * Fails with HEBB_BAD_ARGUMENT (rows < 1, samples < 0, or a row that is not as @ref examples says),
 * HEBB_BAD_SHAPE (the loss does not go with the output), HEBB_DIVERGED (J is not finite) or
 * HEBB_NO_MEMORY.
 */
hebb_status hebb_check_gradient(const hebb_net *net, hebb_loss loss, int rows, const float *x,
				const float *y, int samples, hebb_gradient_check *result,
				hebb_error *error);

/** @} */

/**
 * @defgroup more Less common things
 * @{
 */

/**
 * Copies the running mean and variance (units each) of a batch norm. Either may be NULL. Other
 * kinds have none: nothing is copied. Fails with HEBB_BAD_ARGUMENT if there is no such layer.
 */
hebb_status hebb_net_get_statistics(const hebb_net *net, int layer, float *mean, float *variance,
				    hebb_error *error);

/**
 * Sets the running mean and variance of a batch norm; the arrays are as for
 * hebb_net_get_statistics(). Fails with HEBB_BAD_ARGUMENT if there is no such layer, a value is not
 * finite or a variance is below 0.
 */
hebb_status hebb_net_set_statistics(hebb_net *net, int layer, const float *mean,
				    const float *variance, hebb_error *error);

/**
 * Sets `frozen` (0 or 1) of a layer, or of all layers with -1, for the trainers that are made
 * afterwards. An update changes no bit of W, b and running statistics of a frozen layer, and its
 * gradient is 0. A frozen batch norm uses its running statistics; a frozen dropout still drops.
 * No deltas are computed below the lowest layer that is not frozen, which saves time. Fails with
 * HEBB_BAD_ARGUMENT if there is no such layer, or if `frozen` is neither 0 nor 1.
 */
hebb_status hebb_net_freeze(hebb_net *net, int layer, int frozen, hebb_error *error);

/**
 * An inference-only copy: dropout removed, batch norms folded into the dense layer before them.
 * That layer must be linear, and no shortcut may read it; other batch norms stay. Outputs agree up
 * to rounding. Free it with hebb_net_free(). Fails with HEBB_NO_MEMORY.
 */
hebb_net *hebb_net_fold(const hebb_net *net, const hebb_allocator *allocator, hebb_error *error);

/**
 * f(z), in double: the definition that the fast kernels are checked against. NaN for softmax, which
 * depends on a whole row, and for a value that is no built-in activation.
 */
double hebb_activation_f(hebb_activation activation, double z);

/**
 * f'(z), in double. At a kink it is the value to the left of the kink; for hard-sigmoid and
 * hard-tanh it is 0. NaN as for hebb_activation_f().
 */
double hebb_activation_derivative(hebb_activation activation, double z);

/**
 * @name Names of values
 * hebb_x_name() is the name of a value, such as "leaky-relu", or NULL if it has none.
 * hebb_x_find() is the value of a name, or 0 if there is none.
 * @{
 */
const char *hebb_kind_name(hebb_kind kind);                   /**< "dense" and so on */
hebb_kind hebb_kind_find(const char *name);                   /**< the value of a name */
const char *hebb_activation_name(hebb_activation activation); /**< "sigmoid" and so on */
hebb_activation hebb_activation_find(const char *name);       /**< the value of a name */
const char *hebb_start_name(hebb_start start);                /**< "glorot" and so on */
hebb_start hebb_start_find(const char *name);                 /**< the value of a name */
const char *hebb_loss_name(hebb_loss loss);                   /**< "squared" and so on */
hebb_loss hebb_loss_find(const char *name);                   /**< the value of a name */
const char *hebb_rule_name(hebb_rule rule);                   /**< "sgd" and so on */
hebb_rule hebb_rule_find(const char *name);                   /**< the value of a name */
const char *hebb_precision_name(hebb_precision precision);    /**< "f32", "bf16" */
hebb_precision hebb_precision_find(const char *name);         /**< the value of a name */
const char *hebb_schedule_name(hebb_schedule schedule);       /**< "constant" and so on */
hebb_schedule hebb_schedule_find(const char *name);           /**< the value of a name */
/** @} */

/**
 * @name Formulas of values
 * hebb_x_formula() is the formula of a value, in ASCII, as the comment of the value has it; NULL if
 * there is none.
 * @{
 */
const char *hebb_kind_formula(hebb_kind kind);                   /**< z of a layer */
const char *hebb_activation_formula(hebb_activation activation); /**< f(z) */
const char *hebb_activation_slope(hebb_activation activation);   /**< f'(z); NULL for softmax */
const char *hebb_start_formula(hebb_start start);                /**< how W and b start */
const char *hebb_loss_formula(hebb_loss loss);                   /**< J of one row */
const char *hebb_rule_formula(hebb_rule rule);                   /**< how w moves */
const char *hebb_precision_formula(hebb_precision precision);    /**< the operands */
const char *hebb_schedule_formula(hebb_schedule schedule);       /**< the rate */
/** @} */

/** @} */

#ifdef __cplusplus
}
#endif
#endif /* HEBB_H */
