/*
 * hebb_io.h - tables of data and model files, around the core in hebb.h
 *
 * Read it from top to bottom: a table is what a file holds; a coding turns its columns into the numbers of a network
 * and back; a dataset is the result, ready for hebb_train(); a model is a network with its coding, written as ONNX.
 *
 * The conventions of hebb.h hold.  Structs that are open here are filled in by the library and read by the caller.
 * Everything is allocated with malloc; one object is used by one thread at a time, a const one by any number.
 */
#ifndef HEBB_IO_H
#define HEBB_IO_H

#include "hebb.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Tables: what a file holds ----------------------------------------------------------------------------------- */

typedef enum hebb_column_kind { HEBB_NUMBER = 1, HEBB_TEXT } hebb_column_kind;

/* The name of a value of this enum and of three below ("classification"; NULL if there is none), and the value of a name (0). */
const char *hebb_column_kind_name(hebb_column_kind kind);
hebb_column_kind hebb_column_kind_find(const char *name);

typedef struct hebb_column {
	char *name; /* from the header, else "x1", "x2", ...; UTF-8 as found */
	hebb_column_kind kind;
	int level_count; /* TEXT: its different texts, sorted by bytes */
	char **levels;
	long long missing; /* how many of its values are missing */
} hebb_column;

typedef struct hebb_table {
	char *name;   /* the path it was read from, or "digits", for messages */
	const char *format; /* "CSV", "IDX", "digits", "arrays"; constant */
	long long rows;
	long long test_from; /* rows from here on came as a test set of their own (t10k-...); = rows if there is none */
	int columns;
	int named;           /* 1 if the column names come from the data */
	int height, width;   /* of images: columns 0 .. height * width - 1 are their pixels, by rows; else 0 */
	hebb_column *column;
	unsigned char *bytes; /* rows x columns, if every value is a byte and none is missing (IDX, digits): a quarter of the
			       * memory; else NULL */
	float *values;   /* rows x columns, if bytes is NULL, else NULL; of a TEXT column the index of the level; NaN: missing */
	uint32_t *line;  /* the line in the file of each row, or NULL */
} hebb_table;

typedef enum hebb_header { HEBB_HEADER_AUTO = 1, HEBB_HEADER_YES, HEBB_HEADER_NO } hebb_header;
const char *hebb_header_name(hebb_header header);
hebb_header hebb_header_find(const char *name);

/* Reads DATA as the command understands it: "digits" (the embedded ones; a file of that name is ./digits), a file, "-"
 * (standard input), or for IDX a directory or prefix that holds train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz]
 * and, if present, t10k-...  The format is told by content; gzip is undone.
 *   CSV: fields separated by commas (or by semicolons or tabs, if the first line has no comma), quoted as in RFC 4180.
 *        HEADER_AUTO: the first line is a header if any of its fields is not a number and the column below is.  A column is
 *        TEXT if any of its values is not a number.  Missing: an empty field, NA, N/A, nan, null or ?.
 *   IDX: unsigned bytes; images become columns "pixel_ROW_COLUMN", labels the last column, "label".
 *   A table of a CSV takes at most 4 times the memory of the file, gzip undone, and 1 MB, in bytes as asked for from malloc().  More
 *   than 2^20 + 1 columns, 2^24 different texts in a column or 2^32 lines are not read either.
 * Fails with IO (which file, why), BAD_FORMAT (line and column of a text, or byte), NO_MEMORY, UNSUPPORTED (the file of another program,
 * or a table beyond those bounds). */
hebb_table *hebb_table_read(const char *data, hebb_header header, hebb_error *error);

/* Copies to `path` the i-th file, from 0, that hebb_table_read(data) reads, as far as names tell: one, or two or four of IDX; "-" is itself.
 * 0: there are no more (none of "digits"), or its path does not fit in `room` bytes. */
int hebb_table_file(const char *data, int i, char *path, size_t room);

/* The same from bytes; `name` is for messages. */
hebb_table *hebb_table_parse(const void *bytes, size_t size, const char *name, hebb_header header, hebb_error *error);

/* The 1,797 8x8 images of handwritten digits of the UCI Optical Recognition of Handwritten Digits test part (Alpaydin &
 * Kaynak 1998, CC BY 4.0): 64 columns of 0 .. 16 and the last, "digit". */
hebb_table *hebb_table_digits(hebb_error *error);
void hebb_table_free(hebb_table *table);

/* Arrays of the program's own that become columns of a table: each holds rows x columns values, row after row, of one type.
 * Make them by the four functions below.
 * floats, doubles, integers: become float32; NaN is a missing value.  texts: become TEXT columns; NULL and "" are missing values.
 * names: one for each column, or NULL: "x1", "x2", ... by their place in the table. */
typedef struct hebb_block {
	size_t size;
	int columns;
	const char *const *names;
	const float *floats; /* one of these four, the others NULL */
	const double *doubles;
	const int *integers;
	const char *const *texts;
} hebb_block;

static inline hebb_block hebb_floats(int columns, const float *values, const char *const *names)
{
	hebb_block made;

	hebb_sized(&made, sizeof made);
	made.columns = columns;
	made.names = names;
	made.floats = values;
	return made;
}
static inline hebb_block hebb_doubles(int columns, const double *values, const char *const *names)
{
	hebb_block made;

	hebb_sized(&made, sizeof made);
	made.columns = columns;
	made.names = names;
	made.doubles = values;
	return made;
}
static inline hebb_block hebb_integers(int columns, const int *values, const char *const *names)
{
	hebb_block made;

	hebb_sized(&made, sizeof made);
	made.columns = columns;
	made.names = names;
	made.integers = values;
	return made;
}
static inline hebb_block hebb_texts(int columns, const char *const *values, const char *const *names)
{
	hebb_block made;

	hebb_sized(&made, sizeof made);
	made.columns = columns;
	made.names = names;
	made.texts = values;
	return made;
}

/* A table of `count` arrays, side by side, for everything that a table from a file is good for.  Copies them; `name` is for messages
 * (NULL: "the arrays"), which count rows from 1.  The columns have names to be found by (table->named) if all arrays have names.
 * BAD_ARGUMENT: no arrays, an array that is NULL or has no columns, an infinite number or one too large for float32 (row and
 * column), an empty name or two that are the same, more than 2^20 + 1 columns; UNSUPPORTED: more than 2^24 different texts in a
 * column; NO_MEMORY. */
hebb_table *hebb_table_from_arrays(const char *name, long long rows, int count, const hebb_block *blocks,
				   hebb_error *error);

/* The value in a row of a column, whether the table holds bytes or floats; of a TEXT column the index of the level; NaN:
 * missing.  Both must lie within the table. */
float hebb_table_value(const hebb_table *table, long long row, int column);

/* The column of a name or, if no column has that name, of an index counted from 1.  -1: there is none (BAD_ARGUMENT; the
 * message suggests the nearest name). */
int hebb_table_find(const hebb_table *table, const char *column, hebb_error *error);

/* A number that changes with any name, level or value of the table (FNV-1a, 64 bits). */
uint64_t hebb_table_fingerprint(const hebb_table *table);

/* ---- Splits ------------------------------------------------------------------------------------------------------ */

/* Splits n rows of a table into two parts, drawn at random by (seed, stream).
 *
 * from: the indices of the n rows, or NULL for the rows 0 .. n - 1 (all of them with n = table->rows).
 * row: room for n indices; may be `from` itself.  It is set to the same indices in a new order: first those to train on, then,
 * the last *held of them, those held out, ceil(fraction n) rows, 0 < fraction < 1.
 * column: -1, or the column to stratify by.  Each of its values is then held out in proportion (largest remainders); a value that
 * occurs once is not held out.
 * BAD_ARGUMENT: a part would be empty, the fraction is not in (0, 1), or there is no such column or row. */
hebb_status hebb_split(const hebb_table *table, int column, double fraction, uint64_t seed, uint64_t stream, long long n,
		       const long long *from, long long *row, long long *held, hebb_error *error);

/* Splits n rows into folds for cross-validation.  from, row, column as above.  row: the folds, one after the other; the first
 * n % folds of them have n / folds + 1 rows, the others n / folds.  Stratified, no two folds differ by more than one row of each
 * value of the column.
 * BAD_ARGUMENT: fewer than 2 folds, or more than rows, or than rows of some value (missing values do not count), or no such
 * column or row; NO_MEMORY. */
hebb_status hebb_split_folds(const hebb_table *table, int column, int folds, uint64_t seed, uint64_t stream, long long n,
			     const long long *from, long long *row, hebb_error *error);

/* ---- Codings: columns to numbers and back ------------------------------------------------------------------------ */

typedef enum hebb_task { HEBB_TASK_AUTO = 1, HEBB_CLASSIFICATION, HEBB_REGRESSION } hebb_task;
typedef enum hebb_missing { HEBB_MISSING_ERROR = 1, HEBB_MISSING_MEAN, HEBB_MISSING_DROP } hebb_missing;
const char *hebb_task_name(hebb_task task);
hebb_task hebb_task_find(const char *name);
const char *hebb_missing_name(hebb_missing missing);
hebb_missing hebb_missing_find(const char *name);

typedef struct hebb_coding_options {
	size_t size;
	hebb_task task;       /* AUTO: classification if there is one target, TEXT or of at most 20 distinct integers */
	hebb_missing missing; /* ERROR.  MEAN: the mean of the column, of a TEXT input the shares of its levels; DROP: the row.
	                       * A missing target is an error unless DROP */
	int standardize;      /* 1: numeric inputs, and targets of a regression, become (raw - mean) / sd */
	int target_count;     /* 0: the last column */
	const int *targets;   /* columns of the table */
	int pixels_alike;     /* 1: the pixels of an image keep means of their own, but share one sd, the root mean square of theirs; else a pixel
	                       * that is hardly ever set becomes a large number */
	int raw_targets;      /* 0; 1: targets of a regression stay as they are, counts for instance, whatever standardize says */
} hebb_coding_options;

hebb_coding_options hebb_coding_options_default(void);

typedef struct hebb_coding {
	hebb_task task; /* never AUTO */
	hebb_missing missing;
	int named;    /* the columns have names to be found by */
	int columns;  /* of the table it was fitted on */
	int input_count, target_count;
	hebb_column *inputs, *targets; /* by column; a classification has one target, TEXT: its levels are the classes */
	int *input_at, *target_at;     /* where they stood in that table */
	int width;            /* inputs of the network: one a NUMBER, level_count a TEXT (one-hot, the levels in order) */
	int outputs;          /* classes, or numeric targets */
	float *mean, *scale;  /* width: x = (raw - mean) * scale, scale = 1 / sd (of the population), 0 for a constant column but a pixel;
	                       * 0 and 1 for one-hot inputs and without `standardize` */
	float *fill;          /* width: what stands, before scaling, for a missing value */
	float *target_mean, *target_sd; /* outputs: in units = h * sd + mean; 0 and 1 for classes and raw targets */
	int height, width_of_image;     /* of images, as in the table; else 0 */
} hebb_coding;

/* Fits means, scales and fills on n rows of the table (row: their indices, or NULL for the rows 0 .. n - 1; summed in double); names, levels and classes are those of
 * the whole table.  The classes of a numeric target are its values in ascending order, as hebb_format_float() writes them.
 * options: NULL for the defaults.
 * BAD_ARGUMENT: fewer than two classes, a target out of range, no inputs left, a numeric regression target that is text, an option out of
 * its range, no rows (n < 1), or a row that the table does not have;
 * BAD_FORMAT: a missing value where it is an error (line and column). */
hebb_coding *hebb_coding_fit(const hebb_table *table, const hebb_coding_options *options, long long n, const long long *row,
			     hebb_error *error);

/* The coding that changes nothing, so that a network trained on arrays can be a model: inputs "x1", "x2", ..., then the targets, or
 * one with the classes "0" .. "outputs - 1".  BAD_ARGUMENT: task is AUTO, or a number out of range; NO_MEMORY. */
hebb_coding *hebb_coding_plain(hebb_task task, int inputs, int outputs, hebb_error *error);

/* A copy, to be freed by hebb_coding_free().  NO_MEMORY. */
hebb_coding *hebb_coding_copy(const hebb_coding *coding, hebb_error *error);
void hebb_coding_free(hebb_coding *coding);

/* Rows of numbers, ready for a network. */
typedef struct hebb_dataset {
	long long rows;
	int inputs, outputs;
	float *x;       /* rows x inputs, scaled; NULL in a view of bytes, whose rows are scaled each time they are asked for */
	float *y;       /* rows x outputs, one-hot or scaled; NULL if the targets were not asked for */
	long long *row; /* which row of the table each was: fewer than given if rows with missing values were dropped */
	int ignored;    /* columns of the table that the coding has no use for */
	const hebb_table *table;   /* of a view of bytes, else NULL: where the inputs stand, side by side, */
	int column;                /* from this column on, */
	const hebb_coding *coding; /* and what scales them */
} hebb_dataset;

/* Codes n rows of a table (row: their indices, or NULL for the rows 0 .. n - 1).  An input so far out that float32 cannot hold it scaled becomes the largest number that it can, 3.4e38 or -3.4e38.  Columns are found by name where both have names, else by position (the columns it was
 * fitted on, or only the inputs, in order).  BAD_SHAPE: a column is missing or the number does not fit; BAD_FORMAT: a text
 * where a number belongs, a class or level that was not there in training, a missing value (line and column);
 * BAD_ARGUMENT: a row that the table does not have. */
hebb_dataset *hebb_coding_apply(const hebb_coding *coding, const hebb_table *table, int with_targets, long long n,
				const long long *row, hebb_error *error);

/* The same rows without a copy of their inputs, if the table holds bytes and the inputs stand side by side in it: a view,
 * which borrows the table and the coding.  What cannot be a view is coded as by hebb_coding_apply(). */
hebb_dataset *hebb_coding_view(const hebb_coding *coding, const hebb_table *table, int with_targets, long long n,
			       const long long *row, hebb_error *error);
void hebb_dataset_free(hebb_dataset *dataset);

/* Copies the inputs of `count` rows from row `first` of the dataset on to x (count x inputs), of a view too: the same
 * numbers to the bit. */
void hebb_dataset_get(const hebb_dataset *dataset, long long first, int count, float *x);

/* The examples of a dataset with targets, for hebb_train(); borrows it.  Without targets its gather fails with BAD_ARGUMENT. */
void hebb_dataset_source_init(hebb_source *source, size_t size, const hebb_dataset *dataset);
static inline hebb_source hebb_dataset_source(const hebb_dataset *dataset)
{
	hebb_source made;

	hebb_dataset_source_init(&made, sizeof made, dataset);
	return made;
}

/* How images are changed, anew for each row and epoch, when a network trains on them; each number is drawn uniformly.  0: not at
 * all.  A point of the new image takes its value, by bilinear interpolation, from the point of the old one to which the inverse of
 *     scaling, then shear, then rotation about the center, then shift
 * and the elastic displacement lead; outside of an image its raw value is 0.  Begin with hebb_augmentation_default(). */
typedef struct hebb_augmentation {
	size_t size;
	double shift;    /* up to so many pixels up or down and left or right */
	double rotation; /* up to so many degrees either way; at most 180 */
	double scaling;  /* height and width by factors in 1 -+ scaling, each its own; [0, 1) */
	double shear;    /* each row moves right by up to -+ shear times its height above the center */
	double elastic, sigma; /* Simard, Steinkraus & Platt 2003: for each pixel two numbers in [-1, 1), smoothed by a Gaussian
				* of sigma pixels, times elastic, are its displacement.  Theirs for MNIST: 34 and 4 */
	double cutout;   /* DeVries & Taylor 2017: a square of this side, in pixels, its center anywhere, becomes 0 */
	double mixup;    /* Zhang et al. 2018: x and y become (1 - u) of this row and u of another, u in [0, mixup).  1: all mixtures are
			  * equally likely, their Beta(1, 1); [0, 1] */
	uint64_t seed;
} hebb_augmentation;

/* What does well on images of characters and things of this size: shift a fourteenth of the side, rotation 10, scaling 0.1, shear 0.1. */
hebb_augmentation hebb_augmentation_default(int height, int width);

/* A dataset of images whose rows come changed, to be freed by hebb_augmented_free().  Borrows the dataset, with its targets, and the coding
 * by which it was scaled; both must outlive it.  BAD_ARGUMENT: a number out of range (which one), no images (all inputs must be the
 * pixels), no targets, or a dataset of another coding; NO_MEMORY.  The same images for any number of threads, on every machine.  One training at a time: it knows the epoch. */
typedef struct hebb_augmented hebb_augmented;

hebb_augmented *hebb_augmented_new(const hebb_dataset *dataset, const hebb_coding *coding, const hebb_augmentation *options,
				   hebb_error *error);
void hebb_augmented_free(hebb_augmented *augmented);
/* For hebb_train(); borrows it. */
void hebb_augmented_source_init(hebb_source *source, size_t size, hebb_augmented *augmented);
static inline hebb_source hebb_augmented_source(hebb_augmented *augmented)
{
	hebb_source made;

	hebb_augmented_source_init(&made, sizeof made, augmented);
	return made;
}

/* ---- Models ------------------------------------------------------------------------------------------------------ */

/* A network with what stands around it.  A file is ONNX (IR 7, opset 13): the graph is the whole pipeline from the coding's
 * `width` raw inputs (one-hot done) to probabilities or numbers in their units, as Sub, Mul, Gemm, activations, Softmax and
 * Add; metadata_props holds the description, the names, the training record and a hash.  Other programs run the graph: a file is read
 * only if its graph and names are those that hebb writes for the description.
 *
 * A model owns its parts.  It comes from hebb_model_new(), hebb_model_read() or hebb_model_parse() and is freed, with its parts, by
 * hebb_model_free().  Programs read the fields and may change the parameters of the network; they do not fill in a struct of
 * their own, because fields may be added. */
typedef struct hebb_model {
	hebb_net *net;
	hebb_coding *coding;
	hebb_loss loss;
	char *record; /* how it was trained: a JSON object as text, kept as it is; may be NULL */
} hebb_model;

/* A model of copies of a network, a coding and a record (a JSON object as text, or NULL), so that what was passed in stays the
 * caller's.  Make it after training: the copy does not follow later changes.  The network's activations of the program's own
 * must outlive the model.  BAD_ARGUMENT: a part is missing, they do not fit together, or the record is no JSON object; NO_MEMORY. */
hebb_model *hebb_model_new(const hebb_net *net, const hebb_coding *coding, hebb_loss loss, const char *record,
			   hebb_error *error);

/* Replaces the record by a copy of another one, or, if NULL, removes it.  BAD_ARGUMENT: it is no JSON object; NO_MEMORY. */
hebb_status hebb_model_set_record(hebb_model *model, const char *record, hebb_error *error);

/* Frees the model, its network, its coding and its record.  NULL is allowed. */
void hebb_model_free(hebb_model *model);

/* One call, one example: output (coding->outputs) = the classes' probabilities, or numbers in their units, for raw (coding->width
 * numbers as they stand in the data, NaN: missing).  A text column is one number a level, in their order, 1 for its level and 0 for
 * the others.  The numbers of coding, running and unscaling, to the bit.  Any number of threads may call it on one model.
 * Finite numbers far from those of training may overflow on their way through the network: where it has no finite answer, output is NaN
 * (isnan(): of classes all of them, of numbers those without one), and the status is OK.
 * BAD_ARGUMENT: a number is missing, but where missing is MEAN, or infinite (which); BAD_SHAPE: network and coding do not fit; NO_MEMORY. */
hebb_status hebb_model_predict(const hebb_model *model, const float *raw, float *output, hebb_error *error);

/* What the two calls below predict; begin with hebb_prediction_default().  An array that is NULL is left out. */
typedef struct hebb_prediction {
	size_t size;
	float *output;      /* given: room for rows x coding->outputs: the classes' probabilities, or numbers in their units */
	int *label;         /* given: room for rows: of classes, the likeliest one as an index of coding->targets[0].levels */
	long long answered; /* set: how many rows have an answer */
} hebb_prediction;
static inline hebb_prediction hebb_prediction_default(void)
{
	hebb_prediction made;

	hebb_sized(&made, sizeof made);
	return made;
}

/* Predicts n rows of a table (row: their indices, or NULL for the rows 0 .. n - 1).  Columns and texts are matched as by
 * hebb_coding_apply(); targets may be missing.  The numbers of hebb_model_predict(), to the bit, and as hebb_model_predict() does it
 * sets NaN, and the label -1, where the network has no finite answer; likewise in a row with a missing value if the model was
 * trained without such rows (missing is DROP).  Any number of threads may call it on one model and one table.
 * Fails, with the arrays unchanged, as hebb_coding_apply(); BAD_ARGUMENT: n < 1, or labels of a regression are wanted; BAD_SHAPE:
 * network and coding do not fit; NO_MEMORY. */
hebb_status hebb_model_predict_table(const hebb_model *model, const hebb_table *table, long long n, const long long *row,
				     hebb_prediction *prediction, hebb_error *error);

/* The same for rows of arrays, texts as texts: all columns of the model's inputs in their order or, if all arrays have names, in any
 * order.  As hebb_table_from_arrays() and hebb_model_predict_table(). */
hebb_status hebb_model_predict_arrays(const hebb_model *model, long long rows, int count, const hebb_block *blocks,
				      hebb_prediction *prediction, hebb_error *error);

/* Evaluates a model on n rows of a table with targets (row: their indices, or NULL for the rows 0 .. n - 1), as hebb_evaluate(): with
 * rmse and mae in the units of the targets.  Of a classification rmse, mae and r2 are NaN, of a regression accuracy.  Rows with
 * missing values are left out of result->rows if the model was trained without such rows.  result->unit must be NULL.
 * Fails as hebb_coding_apply() and hebb_evaluate(). */
hebb_status hebb_model_evaluate(const hebb_model *model, const hebb_table *table, long long n, const long long *row,
				hebb_evaluation *result, hebb_error *error);

/* Writes the file as hebb_file_write() does.  BAD_ARGUMENT: the parts of the model do not fit together (the loss neither), or a number is not finite;
 * UNSUPPORTED: an activation of the program's own, or more than a file of ONNX can hold; IO; NO_MEMORY. */
hebb_status hebb_model_write(const hebb_model *model, const char *path, hebb_error *error);

/* Reads a model that hebb wrote; frozen layers are still frozen.  IO: which file, why; BAD_FORMAT: truncated, altered or no model at all;
 * UNSUPPORTED: an ONNX file of another program, or of a newer hebb; NO_MEMORY. */
hebb_model *hebb_model_read(const char *path, hebb_error *error);

/* The same to and from bytes; *bytes is to be freed with free(). */
hebb_status hebb_model_format(const hebb_model *model, unsigned char **bytes, size_t *size, hebb_error *error);
hebb_model *hebb_model_parse(const void *bytes, size_t size, const char *name, hebb_error *error);

/* 1 if the bytes look like an ONNX file rather than data: for commands that take either. */
int hebb_model_probe(const void *bytes, size_t size);

/* 1 if they look like one that hebb wrote.  The first HEBB_BEGINNING bytes of a file are enough. */
#define HEBB_BEGINNING 4096
int hebb_model_is_ours(const void *bytes, size_t size);

/* ---- Checkpoints ------------------------------------------------------------------------------------------------- */

/* A file of all that a trainer remembers (see hebb.h), as safetensors, so that a later hebb_train() goes on as if nothing had happened.
 * It carries the number of its format.  This version writes format 1 and reads it and what hebb 0.1.0 wrote, which has no number; both go
 * on to the same bits as in the version that wrote them.  Later versions read these formats too, or say why not.
 * `record` is a text of the caller's, in UTF-8, that goes with it, or NULL.  Writes as hebb_file_write() does; may be called in the
 * progress callback.  IO: which file, why; BAD_ARGUMENT: the record is not UTF-8; NO_MEMORY.  format: the same to bytes. */
hebb_status hebb_checkpoint_write(const hebb_trainer *trainer, const char *record, const char *path, hebb_error *error);
hebb_status hebb_checkpoint_format(const hebb_trainer *trainer, const char *record, unsigned char **bytes, size_t *size,
				   hebb_error *error); /* *bytes is to be freed with free() */

/* What a file holds, to be freed by hebb_checkpoint_free().  NULL on failure.  IO: which file, why; BAD_FORMAT: truncated, altered or no
 * checkpoint (it is read as strictly as by the safetensors of Hugging Face: no byte outside of a tensor, none in two); UNSUPPORTED: of a
 * later format, from a newer hebb; NO_MEMORY.  parse: the same from bytes, which it copies; `name` is for messages. */
typedef struct hebb_checkpoint hebb_checkpoint;
hebb_checkpoint *hebb_checkpoint_read(const char *path, hebb_error *error);
hebb_checkpoint *hebb_checkpoint_parse(const void *bytes, size_t size, const char *name, hebb_error *error);
void hebb_checkpoint_free(hebb_checkpoint *checkpoint);
int hebb_checkpoint_probe(const void *bytes, size_t size); /* 1 if the bytes look like a checkpoint */
int hebb_checkpoint_is_ours(const void *bytes, size_t size); /* and like one that hebb wrote; the first HEBB_BEGINNING are enough */

/* Gives a new trainer all of it.  BAD_SHAPE: it is of another network or recipe (the message names the difference; epochs, seconds and
 * threads may differ); BAD_FORMAT: something is missing or out of range; NO_MEMORY.  The trainer is then good for nothing but hebb_trainer_free(). */
hebb_status hebb_checkpoint_restore(const hebb_checkpoint *checkpoint, hebb_trainer *trainer, hebb_error *error);

/* A text: "record", "network", "recipe" (both JSON), "hebb" (the version), "hebb_format" (a number), NULL if there is none; it is the
 * checkpoint's, good until that is freed.  A counter, NaN if there is none.  How many arrays there are and, if `about` is not NULL, what the array 0 .. count - 1 is;
 * *about is left as it was if there is no such array. */
const char *hebb_checkpoint_text(const hebb_checkpoint *checkpoint, const char *name);
double hebb_checkpoint_counter(const hebb_checkpoint *checkpoint, const char *name);
int hebb_checkpoint_arrays(const hebb_checkpoint *checkpoint, int array, hebb_array *about);

/* ---- Files and numbers ------------------------------------------------------------------------------------------- */

/* Reads a whole file ("-": standard input) with gzip undone (IO, BAD_FORMAT: damaged gzip, NO_MEMORY); *bytes is to be freed with free() and
 * has a NUL behind it.  UNSUPPORTED: more than 8 GiB, or 1 GiB where words have 32 bits; a regular file that large is not read at all. */
hebb_status hebb_file_read(const char *path, unsigned char **bytes, size_t *size, hebb_error *error);

/* Writes a file whole or not at all (IO: which file, why): beside itself, as NAME.0123456789ab.tmp,
 * synced, renamed.  The new file has the mode and, where the system allows it, the owner of the one
 * that it replaces.  A device, a pipe or "-" (standard output) is written directly.  A program may
 * want to ignore SIGXFSZ, so that a limit of the file's size is such a failure. */
hebb_status hebb_file_write(const char *path, const void *bytes, size_t size, hebb_error *error);

/* What an errno means, as the end of a sentence and the same in every locale: "no space is left on
 * the device".  text: at least HEBB_REASON bytes, used if the number is unknown; the result is a
 * constant or text. */
#define HEBB_REASON 48
const char *hebb_reason(int number, char *text);

/* The fewest digits that read back to the same float32, in any locale with a point: "0.1", "-3", "1e-08".  text: at least
 * 32 bytes; returns it. */
char *hebb_format_float(float value, char *text);

#ifdef __cplusplus
}
#endif
#endif /* HEBB_IO_H */
