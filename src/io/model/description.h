/* SPDX-License-Identifier: MIT */
/*
 * description.h - what the graph of a model file cannot say, as JSON
 *
 *     {"format": 1, "task": "classification", "loss": "cross-entropy", "missing": "error",
 *      "layers": [{"kind": "dense", "units": 30, "activation": "relu", "start": "auto"},
 *                 {"kind": "dropout", "rate": 0.3},
 *                 {"kind": "batch-norm", "activation": "tanh", "frozen": true},
 *                 {"kind": "add", "activation": "linear", "from": 0}, ...],
 *      "named": true, "columns": 3, "height": 0, "width": 0,
 *      "inputs": [{"name": "x1", "kind": "number", "at": 0, "missing": 0, "fill": [1.5]},
 *                 {"name": "color", "kind": "text", "at": 1, "missing": 0,
 *                  "levels": ["blue", "red"], "fill": [0.5, 0.5]}],
 *      "targets": [{"name": "sort", "kind": "text", "at": 2, "missing": 0,
 *                   "levels": ["a", "b"]}]}
 *
 * "conformal" stands behind "targets" if the model has scores of calibration rows (conformal.h).
 *
 * An input column of which the network has an indicator has "indicator": true, behind "missing";
 * then the format is 3. "seen", behind "fill", has what the rows of training had: {"rows": 150,
 * "missing": 0, "quantiles": [...], "counts": [...]}, of texts without quantiles; files of hebb 0.1
 * lack it.
 *
 * A file with a full graph (model.h) has "graph": "full", behind "missing", and format 4.
 *
 * A column of numbers that is encoded has "scaling": "piecewise", behind "indicator", and "inputs",
 * how many it becomes; where its bins begin is in the graph.  Of a column with several ways "ways"
 * has a list of such pairs instead.  Then the format is 5.
 *
 * "target_transform": "log" or "quantile" stands behind "missing" of a model that transforms its
 * targets; the numbers are in the graph. Then the format is 6.
 *
 * "frozen" stands where it is true alone.  So do "exact_inputs" and "exact_targets", behind
 * "missing", of a model whose graph takes or gives doubles: then the format is 2, and a fill of a
 * number is a double.  Beside "kind" of a number that is written in another form than plain stands
 * "form": "date-ymd".  An activation of the program's own, which checkpoints
 * alone can have, is {..., "activation": "custom", "function": NAME}.
 *
 * `at` is the column of the table that the coding was fitted on, `fill` what stands for a missing
 * value; height and width are of images, else 0.  Numbers of the graph (means, scales, weights) are
 * in the graph alone.  A text that is not UTF-8, which JSON cannot hold, stands as {"hex":
 * "66fc72"}.  Readers ignore keys that they do not know; what an older reader must not ignore
 * raises the format.
 */
#ifndef HEBB_IO_DESCRIPTION_H
#define HEBB_IO_DESCRIPTION_H

#include "hebb_io.h"
#include "../json.h"

/* A file that needs no later format has the first. */
enum {
	HB_FORMAT_FLOATS = 1,
	HB_FORMAT_DOUBLES = 2,
	HB_FORMAT_INDICATORS = 3,
	HB_FORMAT_FULL_GRAPH = 4,
	HB_FORMAT_ENCODED = 5,
	HB_FORMAT_TRANSFORMED = 6,
	HB_FORMAT = HB_FORMAT_TRANSFORMED
};

/* ---- coding/check.c ---- */

/* BAD_ARGUMENT or, for what comes from a file, BAD_FORMAT if the fields of a coding contradict each
 * other or a network of `inputs` and `outputs`, or if a number is not finite. */
hebb_status hb_coding_check(const hebb_coding *coding, int inputs, int outputs, hebb_status bad,
			    const char *name, hebb_error *error);

/* Likewise if the edges of bins are not in order. */
hebb_status hb_edges_check(const hebb_coding *coding, hebb_status bad, const char *name,
			   hebb_error *error);

/* Likewise if a column is outside the table, or a level or class is there twice. */
hebb_status hb_columns_check(const hebb_coding *coding, hebb_status bad, const char *name,
			     hebb_error *error);

/* ---- description_write.c ---- */

/* The description of a model that passed both checks, as compact JSON; free it with free(). */
hebb_status hb_description_format(const hebb_model *model, char **text, hebb_error *error);

/* Entries with names for other programs, each a JSON array.  Of a numeric graph, HB_NAMES_INPUTS
 * are those of the inputs of the network (of a text, "column=level"); of a full one, those of the
 * columns of the matrix; HB_NAMES_TEXTS those of the columns that are inputs of their own. */
enum { HB_NAMES_INPUTS, HB_NAMES_CLASSES, HB_NAMES_OUTPUTS, HB_NAMES_TEXTS, HB_NAMES };

/* Their keys: "inputs", "classes", "outputs", "texts". */
extern const char *const hb_names_key[HB_NAMES];

/* 1 if a file has such an entry. */
int hb_has_names(const hebb_coding *coding, int is_full, int which);

/* The text of an entry, to be freed with free(). */
hebb_status hb_names_format(const hebb_coding *coding, int is_full, int which, char **text,
			    hebb_error *error);

/* 1 if that is the text; 0 without memory too, with *no_memory = 1.  Takes memory for one name
 * alone. */
int hb_names_are(const hebb_coding *coding, int is_full, int which, const void *text, size_t size,
		 int *no_memory);

/* The layers of a network as they stand in its description; likewise. */
hebb_status hb_layers_format(const hebb_net *net, char **text, hebb_error *error);

/* ---- description_read.c ---- */

typedef struct hb_description {
	hebb_loss loss;
	hebb_graph graph; /* not AUTO */
	int layers;
	hebb_layer *layer;   /* with their units where these do not depend on the inputs, else 0 */
	hebb_coding *coding; /* mean 0, scale 1, target_mean 0, target_sd 1 */
	hebb_conformal *conformal; /* NULL: none */
} hb_description;

/* Frees what a description points to; to be used only on one that was parsed or is all 0. */
void hb_description_clear(hb_description *description);

/* 1 .. : the format that a description says it has; 0: it does not say. */
int hb_description_version(hb_json json);

/* Reads a description; `name` is the file's, for messages, and `graph` the bytes of its graph,
 * which tell whether it can have so many inputs.  BAD_FORMAT, also if there is none. */
hebb_status hb_description_parse(hb_json json, size_t graph, const char *name,
				 hb_description *description, hebb_error *error);

#endif
