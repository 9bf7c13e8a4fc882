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
 * "frozen" stands where it is true alone.  An activation of the program's own, which checkpoints
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

#include <jansson.h>

#include "hebb_io.h"

#define HB_FORMAT 1

/* BAD_ARGUMENT or, for what comes from a file, BAD_FORMAT if the fields of a coding contradict each
 * other or a network of `inputs` and `outputs`, if a number is not finite or a level or class is
 * there twice. */
hebb_status hb_coding_check(const hebb_coding *coding, int inputs, int outputs, hebb_status bad,
			    const char *name, hebb_error *error);

/* The description of a model that hb_coding_check() has passed, as compact JSON; to be freed with
 * free(). */
hebb_status hb_description_format(const hebb_model *model, char **text, hebb_error *error);

/* The names of the inputs of the network (`inputs` = 1; of a text, "column=level") or of its
 * outputs, as a JSON array for other programs; to be freed with free(). */
hebb_status hb_names_format(const hebb_coding *coding, int inputs, char **text, hebb_error *error);

/* The layers of a network as they stand in its description; likewise. */
hebb_status hb_layers_format(const hebb_net *net, char **text, hebb_error *error);

typedef struct hb_description {
	hebb_loss loss;
	int layers;
	hebb_layer *layer;   /* with their units where these do not depend on the inputs, else 0 */
	hebb_coding *coding; /* mean 0, scale 1, target_mean 0, target_sd 1 */
} hb_description;

/* Frees what a description points to; to be used only on one that was parsed or is all 0. */
void hb_description_clear(hb_description *description);

/* 1 .. : the format that a description says it has; 0: it does not say. */
int hb_description_version(const void *text, size_t size);

/* Reads a description; `name` is the file's, for messages.  BAD_FORMAT. */
hebb_status hb_description_parse(const void *text, size_t size, const char *name,
				 hb_description *description, hebb_error *error);

/* *json = the value of a text; NULL and, without a sentence, BAD_FORMAT if it is not JSON, NO_MEMORY as
 * far as jansson tells. */
hebb_status hb_json_load(const void *text, size_t size, json_t **json);

/* OK, or likewise BAD_FORMAT if the text is not a JSON object. */
hebb_status hb_check_json_object(const void *text, size_t size);

#endif
