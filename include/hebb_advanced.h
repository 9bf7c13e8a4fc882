/**
 * @file
 * hebb_advanced.h - what few programs need: functions and memory of your own, training on several
 * machines, the parameters and state of objects
 *
 * The conventions of hebb.h hold.
 */
/* SPDX-License-Identifier: MIT */
#ifndef HEBB_ADVANCED_H
#define HEBB_ADVANCED_H

#include "hebb.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup sized Open structs of your own
 * For libraries with open structs of their own (@ref open) that read or fill in structs of their
 * callers. The first field of each struct is its size.
 * @{
 */

/**
 * Copies `given`, a struct of a caller, to `known`, the same struct of `size` bytes as you know it.
 * Fields that the caller's struct lacks keep their value in `known`: put the defaults there first.
 *
 * Fails with HEBB_BAD_ARGUMENT if `given` has no size, and with HEBB_UNSUPPORTED if it is longer
 * than `size` and a byte beyond `size` is not 0. For the message, `name` is the name of the struct,
 * and `constructor` that of the function that makes it.
 */
hebb_status hebb_sized_copy(void *known, size_t size, const void *given, const char *name,
			    const char *constructor, hebb_error *error);

/**
 * Copies `known` to `object`, a struct of a caller of `size` bytes: as many bytes as the smaller of
 * the two has. This number becomes the size of `object`.
 */
void hebb_sized_fill(void *object, size_t size, const void *known);

/** @} */

/**
 * @defgroup functions Activations of your own
 * @{
 */

/**
 * An activation of your own: f and its derivative f', element by element. Set hebb_layer.activation
 * to HEBB_CUSTOM and hebb_layer.function to the struct, which must outlive the network and its
 * copies.
 *
 * f and f' are called with any z that is not NaN, by any thread that trains or runs the network.
 * They are computed in double and rounded to float32. This is slower than a built-in activation.
 * Results are bit-identical only if those of your functions are.
 *
 * A checkpoint contains only the name of the activation. A model file cannot contain it
 * (HEBB_UNSUPPORTED).
 */
struct hebb_function {
	size_t size; /**< sizeof(hebb_function) */
	/** not empty and not the name of a built-in activation (HEBB_BAD_ARGUMENT) */
	const char *name;
	double (*f)(void *self, double z);          /**< f(z) */
	double (*derivative)(void *self, double z); /**< f'(z) */
	void *self;                                 /**< the first argument of both; may be NULL */
	int kinks;      /**< how many kinks: z where f' or f'' jumps; 0 to 2 */
	double kink[2]; /**< the kinks, which hebb_check_gradient() skips */
};

/** An empty function, to be filled in: all fields but the size are 0 or NULL. */
static inline hebb_function hebb_function_default(void)
{
	hebb_function function;

	hebb_sized(&function, sizeof function);
	return function;
}

/** @} */

/**
 * @defgroup losses Losses of your own
 * @{
 */

/**
 * A loss of your own. Make it with hebb_loss_of(), set hebb_recipe.loss to HEBB_LOSS_CUSTOM and
 * hebb_recipe.loss_function to the struct, which must outlive the trainer.
 *
 * J is called by any thread that trains, for several rows at the same time. It gets finite targets
 * of any range. The library computes dJ/dz from dJ/dh, for any activation of the output layer. J is
 * computed in double and rounded to float32. This is slower than a built-in loss. Results are
 * bit-identical only if those of your function are.
 *
 * A checkpoint contains only the name of the loss. A model file cannot contain it
 * (HEBB_UNSUPPORTED).
 */
struct hebb_loss_function {
	size_t size; /**< sizeof(hebb_loss_function) */
	/** not empty, not the name of a built-in loss and not "custom" (HEBB_BAD_ARGUMENT) */
	const char *name;
	/**
	 * Returns the cost of one example. If dJ is not NULL, it also sets dJ[j] = dJ/dh_j. h is
	 * the output and y the target; h, y and dJ have `outputs` numbers. It must not keep or
	 * change h and y.
	 */
	double (*J)(void *self, int outputs, const double *h, const double *y, double *dJ);
	void *self; /**< the first argument of J; may be NULL */
};

/** A loss with these values. Borrows name and self. */
static inline hebb_loss_function hebb_loss_of(const char *name,
					      double (*J)(void *self, int outputs, const double *h,
							  const double *y, double *dJ),
					      void *self)
{
	hebb_loss_function function;

	hebb_sized(&function, sizeof function);
	function.name = name;
	function.J = J;
	function.self = self;
	return function;
}

/**
 * Checks a network with a loss of your own, as hebb_check_gradient() does. The derivative of the
 * loss may not jump at these rows.
 */
hebb_status hebb_check_gradient_custom(const hebb_net *net, const hebb_loss_function *loss,
				       int rows, const float *x, const float *y, int samples,
				       hebb_gradient_check *result, hebb_error *error);

/** @} */

/**
 * @defgroup machines Training on several machines
 * Several trainers, each in its own process or thread and with its own rows, train the same network
 * on all rows together. You supply two functions that add up numbers over all trainers
 * (hebb_reduce).
 *
 * What all trainers need:
 *
 * - the same description, parameters and recipe, except threads and seed. Give each trainer a seed
 *   of its own if rows are shuffled or there is dropout.
 * - the same number of batches: give them sources with equally many batches an epoch.
 * - the same sums, bit for bit: always add in the same order. Then all trainers get bit-identical
 *   parameters.
 * - the same validation rows. Each trainer computes the validation loss by itself, and patience and
 *   HEBB_PLATEAU depend on it.
 *
 * J and the training loss are those of all rows. Batch norm normalizes each trainer's rows by
 * themselves; its running statistics move towards the average, over all rows, of the trainers'
 * means and variances. With recipe.accumulate only the last batch of an update calls `add`.
 *
 * hebb_train(), hebb_trainer_gradient() and hebb_trainer_step() call the two functions in the
 * thread of their caller; hebb_trainer_cost() does not call them. The functions may not call the
 * trainer.
 *
 * A trainer whose rows all have the weight 0, or whose J is not finite, makes the same calls as the
 * others, so that no trainer waits for ever. If J is not finite anywhere, all stop with
 * HEBB_DIVERGED, or with HEBB_BAD_ARGUMENT where the bad row is.
 *
 * Either function may fail with any status and message, such as HEBB_STOPPED or HEBB_IO, which the
 * call returns. There is then no update, and neither function is called again. A run of
 * hebb_train() ends with the parameters of the last update, even after HEBB_STOPPED. If a trainer
 * ends for another reason (gather fails, progress stops it), the others are not told: let `wait`
 * fail after a time limit.
 * @{
 */

/** The two functions that add up numbers over all trainers. Make it with hebb_reduce_by(). */
struct hebb_reduce {
	size_t size; /**< sizeof(hebb_reduce) */
	/**
	 * Is called with the gradient of a layer, counted from 0, as soon as it is complete: from
	 * the last layer to the first, before the gradients of the layers below are computed.
	 * Layers without parameters and frozen layers are left out.
	 *
	 * `values` is sum w dJ over this trainer's rows: `count` numbers in canonical order, W,
	 * then b; for batch norm then the mean and variance of its rows, multiplied by the number
	 * of rows. They must become the sums over all trainers. `add` may begin this and return:
	 * the array stays valid, and the library does not touch it before `wait` has returned.
	 */
	hebb_status (*add)(void *self, int layer, long long count, float *values,
			   hebb_error *error);
	/**
	 * Is called once a batch, after the last `add`. It adds up `count` numbers (costs, weights,
	 * numbers of rows) over all trainers, and returns when these and all arrays hold their
	 * sums.
	 *
	 * The library then divides by the sum of the weights, so that a trainer with more rows, or
	 * heavier ones, counts more. It adds the penalties, clips by the norm of the whole gradient
	 * and makes the update.
	 */
	hebb_status (*wait)(void *self, int count, double *numbers, hebb_error *error);
	void *self; /**< the first argument of both; may be NULL */
};

/** A struct with these values. Borrows self. */
static inline hebb_reduce hebb_reduce_by(hebb_status (*add)(void *self, int layer, long long count,
							    float *values, hebb_error *error),
					 hebb_status (*wait)(void *self, int count, double *numbers,
							     hebb_error *error),
					 void *self)
{
	hebb_reduce reduce;

	hebb_sized(&reduce, sizeof reduce);
	reduce.add = add;
	reduce.wait = wait;
	reduce.self = self;
	return reduce;
}

/** @} */

/**
 * @defgroup fields The fields of a recipe
 * For programs that treat the fields of hebb_recipe by name: options, files, forms.
 * @{
 */

/** The type of a field. */
typedef enum hebb_field_type {
	HEBB_FIELD_INT = 1, /**< int */
	HEBB_FIELD_REAL,    /**< double */
	HEBB_FIELD_SEED,    /**< uint64_t */
	HEBB_FIELD_NAME,    /**< an enum whose values have names */
	HEBB_FIELD_OTHER /**< the size or a pointer; of hebb_field only name, at and bytes apply */
} hebb_field_type;

/** A field of hebb_recipe. */
typedef struct hebb_field {
	size_t size;          /**< the size of the struct, as the library knows it */
	const char *name;     /**< its name in the struct */
	hebb_field_type type; /**< its type */
	size_t at;            /**< where it begins in the struct, in bytes */
	size_t bytes;         /**< its size in bytes */
	double standard;      /**< its value in hebb_recipe_default() */
	double least;         /**< HEBB_FIELD_INT and HEBB_FIELD_REAL: the lowest value */
	double most;          /**< HEBB_FIELD_INT and HEBB_FIELD_REAL: the highest value */
	int below;            /**< 1: the value must be less than `most` */
	int resumes;          /**< 1: a checkpoint continues only with the same value */
	/** HEBB_FIELD_NAME: the name of a value, or NULL if there is none */
	const char *(*text)(int value);
} hebb_field;

/** Field i = 0, 1, ... of hebb_recipe; constant. NULL: there is no such field. */
const hebb_field *hebb_recipe_field(int i);

/**
 * The learning rate of update t, from 0, of a run of `updates`, without what HEBB_PLATEAU does to
 * it. 0 if t is not in the run. The recipe must be valid.
 */
double hebb_recipe_rate(const hebb_recipe *recipe, double t, double updates);

/** @} */

/**
 * @defgroup parameters The parameters of a layer
 * For programs that treat all kinds of layers alike: files, reports, copies.
 * @{
 */

/** Which fields of hebb_layer a kind uses (1), besides kind, frozen and in. */
typedef struct hebb_kind_fields {
	size_t size;    /**< the size of the struct, as the library knows it */
	int units;      /**< 1: it uses hebb_layer.units */
	int activation; /**< 1: it uses hebb_layer.activation */
	int start;      /**< 1: it uses hebb_layer.start */
	int rate;       /**< 1: it uses hebb_layer.rate */
	int from;       /**< 1: it uses hebb_layer.from */
} hebb_kind_fields;

/** The fields that a kind uses; constant. NULL: there is no such kind. */
const hebb_kind_fields *hebb_kind_about(hebb_kind kind);

/** An array of parameters of a layer. */
typedef struct hebb_parameter {
	size_t size;      /**< the size of the struct, as the library knows it */
	const char *name; /**< "weight" or "bias"; for batch norm "mean" and "variance" too */
	long long count;  /**< how many numbers: the product of its dimensions */
	int rank;         /**< the number of dimensions, 1 to 4; the last index runs fastest */
	int shape[4];     /**< the dimensions; for W of a dense layer units, inputs */
	int decays;       /**< 1: l1, l2, weight decay and max_norm apply to it */
	int running; /**< 1: a running statistic, which each update changes without a gradient */
} hebb_parameter;

/**
 * Array i = 0, 1, ... of a layer. Learned arrays come first, then running statistics. It belongs to
 * the network. NULL: there is no such array.
 */
const hebb_parameter *hebb_net_parameter(const hebb_net *net, int layer, int i);

/** Copies its `count` numbers to values. Fails with HEBB_BAD_ARGUMENT if there is no such array. */
hebb_status hebb_net_get_parameter(const hebb_net *net, int layer, int i, float *values,
				   hebb_error *error);

/**
 * Sets its `count` numbers. Fails with HEBB_BAD_ARGUMENT if there is no such array, a number is not
 * finite, or a variance is below 0.
 */
hebb_status hebb_net_set_parameter(hebb_net *net, int layer, int i, const float *values,
				   hebb_error *error);

/** @} */

/**
 * @defgroup outputs The outputs of every layer
 * @{
 */

/** Makes a work as hebb_work_new() does, but it keeps h of all layers: rows x units floats each. */
hebb_work *hebb_work_new_whole(const hebb_net *net, int rows, const hebb_allocator *allocator,
			       hebb_error *error);

/**
 * h of a layer, counted from 0, for the rows of the last hebb_forward(). Row i begins at i *
 * *stride and has as many numbers as the layer has units, *stride or fewer; `stride` may be NULL. h
 * lives in `work` until its next use. For dropout it is h of the layer below.
 *
 * NULL if there is no such layer; if hebb_work_new() made the work and the layer is not the last;
 * or if the layer is a dropout directly on the network's input: its h is your x.
 */
const float *hebb_work_layer(const hebb_work *work, int layer, int *stride);

/** @} */

/**
 * @defgroup slopes The slopes of outputs
 * How the outputs change with the inputs, by backpropagation down to x: for explanations, and for
 * inputs that are searched for.
 * @{
 */

/**
 * Makes a work as hebb_work_new() does, for hebb_backward() after hebb_forward(): it keeps z and h
 * of all layers.
 */
hebb_work *hebb_work_new_backward(const hebb_net *net, int rows, const hebb_allocator *allocator,
				  hebb_error *error);

/**
 * dx_i = sum_j g_j dh_j/dx_i for each row of the last hebb_forward(), whose x must still be
 * unchanged. g is rows x outputs, dx is rows x inputs. With g = dJ/dh this is dJ/dx. The network is
 * that of inference: dropout is the identity, batch norm has its running statistics, and frozen
 * layers are as others. Never allocates. Fails with HEBB_BAD_ARGUMENT if the work is not of
 * hebb_work_new_backward(), or has no rows yet.
 */
hebb_status hebb_backward(hebb_work *work, const float *g, float *dx, hebb_error *error);

/** @} */

/**
 * @defgroup memory Memory
 * An object takes all its memory from the allocator that you pass when you make it. NULL means
 * malloc() and free().
 * @{
 */

/**
 * Functions of your own in place of malloc() and free(). Make it with hebb_allocator_of(). Objects
 * copy the struct.
 */
struct hebb_allocator {
	size_t size; /**< sizeof(hebb_allocator) */
	void *self;  /**< the first argument of both; must outlive the objects */
	/** returns `bytes` bytes, aligned to a power of two, or NULL on failure */
	void *(*allocate)(void *self, size_t bytes, size_t alignment);
	/** frees memory of `allocate`; bytes is the same number; required if `allocate` is set */
	void (*release)(void *self, void *memory, size_t bytes);
};

/** An allocator with these values. Borrows self. */
static inline hebb_allocator
hebb_allocator_of(void *self, void *(*allocate)(void *self, size_t bytes, size_t alignment),
		  void (*release)(void *self, void *memory, size_t bytes))
{
	hebb_allocator allocator;

	hebb_sized(&allocator, sizeof allocator);
	allocator.self = self;
	allocator.allocate = allocate;
	allocator.release = release;
	return allocator;
}

/**
 * Memory of yours that holds objects, for programs without malloc(). Blocks lie one after the
 * other. Memory is reused in last-in, first-out order. One thread uses an arena at a time.
 *
 * To find out how large it must be, run the same calls with a zeroed arena: blocks then come from
 * malloc(), and `most` is the peak. The same calls succeed with that size, if memory is aligned to
 * 64 bytes.
 *
 * The struct is complete: no version will add a field.
 */
typedef struct hebb_arena {
	void *memory; /**< the memory, or NULL to measure */
	size_t size;  /**< its size in bytes */
	size_t used;  /**< bytes in use; begins as 0 */
	size_t most;  /**< the highest `used` so far; begins as 0 */
	void *gone;   /**< only the arena uses it; begins as NULL */
} hebb_arena;

/** Makes the allocator of an arena, of this size; hebb_arena_allocator() calls it. */
void hebb_arena_allocator_init(hebb_allocator *allocator, size_t size, hebb_arena *arena);

/** The allocator of an arena. Borrows the arena, which must outlive the objects in it. */
static inline hebb_allocator hebb_arena_allocator(hebb_arena *arena)
{
	hebb_allocator allocator;

	hebb_arena_allocator_init(&allocator, sizeof allocator, arena);
	return allocator;
}

/** @} */

/**
 * @defgroup state The state of a trainer
 * The whole state of a trainer: arrays of float32 in canonical order, and counters. Set all of it
 * in another trainer with the same description and recipe (epochs, seconds and threads may differ).
 * That trainer continues the training with bit-identical results, on any machine. hebb_train() then
 * needs the same sources. The functions work in the progress callback too, except the two that set
 * something. hebb_io.h writes the state to files.
 * @{
 */

/** What an array is. */
typedef struct hebb_array {
	size_t size; /**< given by you: sizeof(hebb_array) */
	/**
	 * "layers.0.weight", "layers.0.bias", for batch norm "layers.0.mean" and
	 * "layers.0.variance" too; copies of these have "kept.", "average.", "m." and the like in
	 * front
	 */
	char name[48];
	int rows;    /**< the number of rows, or of values of a vector */
	int columns; /**< the number of columns; 0 for a vector */
} hebb_array;

/** An empty struct, to be filled in. */
static inline hebb_array hebb_array_default(void)
{
	hebb_array array;

	hebb_sized(&array, sizeof array);
	return array;
}

/** The number of arrays. */
int hebb_trainer_arrays(const hebb_trainer *trainer);

/**
 * Copies the name and size of an array, counted from 0, to `about`, and its rows x max(columns, 1)
 * values to `values`. Either may be NULL. Fails with HEBB_BAD_ARGUMENT if there is no such array.
 */
hebb_status hebb_trainer_get_array(const hebb_trainer *trainer, int array, hebb_array *about,
				   float *values, hebb_error *error);

/**
 * Sets the values of an array. Fails with HEBB_BAD_ARGUMENT if there is no such array, a value is
 * not finite, or a variance or mean of squares is below 0.
 */
hebb_status hebb_trainer_set_array(hebb_trainer *trainer, int array, const float *values,
				   hebb_error *error);

/** A number that a trainer remembers. */
typedef struct hebb_counter {
	size_t size;      /**< sizeof(hebb_counter); in a list, all have the first's */
	const char *name; /**< "epochs", "updates", "run.next" and so on; constant */
	double value;     /**< its value */
} hebb_counter;

/** An empty counter, to be filled in. */
static inline hebb_counter hebb_counter_default(void)
{
	hebb_counter counter;

	hebb_sized(&counter, sizeof counter);
	return counter;
}

/**
 * Returns the number of counters, and copies them to `list`, which may be NULL. Set list[0] to
 * hebb_counter_default() before the call; otherwise nothing is copied, and -1 is returned.
 */
int hebb_trainer_counters(const hebb_trainer *trainer, hebb_counter *list);

/**
 * Sets all counters, from a list as hebb_trainer_counters() gives it. Fails with HEBB_BAD_ARGUMENT
 * if a counter has no size, or a value that is impossible for this trainer (the message names it);
 * nothing is then changed.
 */
hebb_status hebb_trainer_set_counters(hebb_trainer *trainer, int count, const hebb_counter *list,
				      hebb_error *error);

/** @} */

/**
 * @defgroup trace Every number of one example
 * For learning how a network works, and for comparing it with another program.
 * @{
 */

/**
 * All numbers of one example, forward and back. The arrays are yours; an array that is NULL is left
 * out. z, h and d hold the units of all layers, layer by layer. gradient has the canonical
 * order.
 */
typedef struct hebb_trace {
	size_t size;      /**< given by you: sizeof(hebb_trace) */
	double J;         /**< the cost of this example; 0 without a target */
	double *z;        /**< z = W h + b (tutorial 3.4) */
	double *h;        /**< h = f(z) (tutorial 3.4) */
	double *d;        /**< dJ/dz, the delta (tutorial 4.5 for the last layer, 4.6 below it) */
	double *gradient; /**< dJ/dW = d h^T and dJ/db = d (tutorial 4.5, 4.6) */
	/** given by you: mean and variance of each batch norm; NULL: 0 and 1 */
	const double *statistics;
} hebb_trace;

/** An empty trace, to be filled in: all fields but the size are 0 or NULL. */
static inline hebb_trace hebb_trace_default(void)
{
	hebb_trace trace;

	hebb_sized(&trace, sizeof trace);
	return trace;
}

/**
 * Fills in the trace of x (inputs) and y (outputs) by plain loops in double, for these parameters
 * (canonical order). If y is NULL it runs forward only, and leaves d and gradient unchanged. Any
 * number of threads may call it. It uses malloc() during the call.
 *
 * Fails with HEBB_BAD_ARGUMENT as hebb_net_new() does, or if a number of x or y is not as
 * @ref examples says; with HEBB_BAD_SHAPE if the loss is not defined for the output; with
 * HEBB_NO_MEMORY.
 */
hebb_status hebb_trace_example(int inputs, int count, const hebb_layer *layers, hebb_loss loss,
			       const double *parameters, const double *x, const double *y,
			       hebb_trace *trace, hebb_error *error);

/** @} */

/**
 * @defgroup pool Threads that share a task
 * Training has threads of its own; a pool is for the rest, such as reading and predicting. Whether
 * a result depends on the number of threads is up to the task: it does not if each part writes to a
 * place of its own, and if the parts are the same for any number.
 * @{
 */

/** A pool of threads. They start with the first task that has more than one part. */
typedef struct hebb_pool hebb_pool;

/**
 * Makes a pool of `threads` threads, the calling one included; 0: as many as the process may use
 * processors. Without threads (HEBB_NO_THREADS) there is only the calling one. A NULL allocator is
 * malloc(). Free it with hebb_pool_free().
 *
 * Returns NULL with HEBB_BAD_ARGUMENT if `threads` is not in [0, 1024], or with HEBB_NO_MEMORY.
 */
hebb_pool *hebb_pool_new(int threads, const hebb_allocator *allocator, hebb_error *error);

/** Ends the threads and frees the pool, or does nothing with NULL. */
void hebb_pool_free(hebb_pool *pool);

/** The number of threads, with the calling one. */
int hebb_pool_threads(const hebb_pool *pool);

/**
 * Calls task(self, part, parts) for each part from 0 to parts - 1, and returns when all are done.
 * Each free thread takes the next part. The calling thread takes parts too, and all of them if the
 * system refuses threads. One thread at a time runs tasks on a pool, and a task does not run
 * another one on it. Cut a task into some parts for each thread (4, for example): more cost time,
 * and with fewer all wait for the slowest. At most 32,767 parts are shared; more are done by the
 * calling thread alone.
 */
void hebb_pool_run(hebb_pool *pool, int parts, void (*task)(void *self, int part, int parts),
		   void *self);

/** @} */

/**
 * @defgroup random Random numbers
 * The numbers of (seed, stream) are the same on every machine and in every version. Streams below
 * 2^32 are yours; the library uses those from 2^32 on.
 * @{
 */

/** Shuffles index[0] to index[n - 1] (Fisher & Yates). */
void hebb_shuffle(long long n, long long *index, uint64_t seed, uint64_t stream);

/** Sets u[0] to u[n - 1] to numbers that are uniform in [0, 1), multiples of 2^-24. */
void hebb_uniform(long long n, float *u, uint64_t seed, uint64_t stream);

/** @} */

/**
 * @defgroup show Text from files
 * Makes text from files safe to show to people: it can then neither control a terminal nor reorder
 * a line. The Unicode categories Cc, Cf, Zl, Zp and Co, and code points that are no characters,
 * become escapes such as `\x1b` (ASCII), `\u202e` or `\U000e0001`; a byte that is not UTF-8 becomes
 * an escape such as `\x9b`. Everything else is unchanged, backslashes too.
 * @{
 */

/** Room for one shown character and its zero byte. */
#define HEBB_SHOWN_MOST 12

/**
 * Shows the first character of `size` bytes of text. Returns how many bytes the character has in
 * the text; 0 at the end of the text, which is after `size` bytes or at a zero byte.
 */
size_t hebb_show_character(const char *text, size_t size, char shown[HEBB_SHOWN_MOST]);

/**
 * Shows as many whole characters as fit in `room` bytes. A text that was cut ends in "...". Returns
 * `shown`.
 */
char *hebb_show(const char *text, size_t size, char *shown, size_t room);

/** @} */

#ifdef __cplusplus
}
#endif
#endif /* HEBB_ADVANCED_H */
