/* SPDX-License-Identifier: MIT */
/*
 * safetensors.h - named arrays and texts in one file, as Hugging Face's safetensors lays them out
 *
 * Eight bytes, the size of the header, little-endian; the header, a JSON object padded with spaces,
 *
 *     {"__metadata__": {"name": "text", ...},
 *      "layers.0.weight": {"dtype": "F32", "shape": [30, 64], "data_offsets": [0, 7680]}, ...}
 *
 * and the data, little-endian and row-major, where the offsets count from its beginning.  The
 * tensors fill the data: none overlap, and no byte is left out.  They need not be aligned, and what
 * else the header says of a tensor is ignored.
 */
#ifndef HEBB_IO_SAFETENSORS_H
#define HEBB_IO_SAFETENSORS_H

#include <jansson.h>

#include "hebb_io.h"
#include "json.h"

/* A file in the making: texts and arrays are added, then it is formatted. */
typedef struct hb_tensors {
	json_t *header, *texts;
	unsigned char *data;
	size_t size, room;
	size_t doubles; /* bytes of them, which come first; the rest are floats */
	int failed;     /* no memory */
} hb_tensors;

void hb_tensors_begin(hb_tensors *to);
void hb_tensors_end(hb_tensors *to);
void hb_tensors_text(hb_tensors *to, const char *name, const char *text);
/* Doubles must be added before floats, so that each lies where its size divides the offset. */
void hb_tensors_double(hb_tensors *to, const char *name, double value);
/* rows x columns values, or rows alone if columns is 0.  What is returned is to be filled in before
 * the next is added, which may move it; NULL: no memory. */
float *hb_tensors_floats(hb_tensors *to, const char *name, int rows, int columns);
hebb_status hb_tensors_format(hb_tensors *from, unsigned char **bytes, size_t *size,
			      hebb_error *error);

typedef struct hb_tensor {
	char *name;
	int is_double;           /* F64, else F32 */
	int dimensions, size[2]; /* 0 to 2 */
	size_t count;            /* of its values */
	const unsigned char *data;
} hb_tensor;

/* A file that was read.  Tensors of other types than F32 and F64, of more than two dimensions or
 * more than HEBB_MAX_PARAMETERS values are refused: no checkpoint has them. */
typedef struct hb_tensor_list {
	hb_json texts; /* these and the data are places in the caller's bytes */
	int count, room;
	hb_tensor *tensor; /* in the order of the header */
} hb_tensor_list;

/* 1 if bytes begin like such a file. */
int hb_tensors_probe(const void *bytes, size_t size);
hebb_status hb_tensors_parse(const void *bytes, size_t size, const char *name, hb_tensor_list *list,
			     hebb_error *error);
void hb_tensor_list_clear(hb_tensor_list *list);
/* *text = the text of a name, to be freed; NULL: there is none.  NO_MEMORY, without a sentence. */
hebb_status hb_tensor_list_text(const hb_tensor_list *list, const char *name, char **text);

double hb_tensor_double(const hb_tensor *tensor); /* the value of a single one */
void hb_tensor_floats(const hb_tensor *tensor, float *values);

#endif
