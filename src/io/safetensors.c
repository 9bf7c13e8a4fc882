/* SPDX-License-Identifier: MIT */
/*
 * safetensors.c - named arrays and texts in one file
 */
#include "safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "description.h"
#include "io.h"

enum { LENGTH = 8 };                    /* bytes before the header */
#define HEADER_MOST ((size_t)100 << 20) /* bytes of a header, as the format has it */

/* ---- Writing ------------------------------------------------------------------------------------ */

void hb_tensors_begin(hb_tensors *to)
{
	*to = (hb_tensors){.header = json_object(), .texts = json_object()};
	to->failed = !to->header || !to->texts ||
		     json_object_set(to->header, "__metadata__", to->texts) != 0;
}

void hb_tensors_end(hb_tensors *to)
{
	json_decref(to->header);
	json_decref(to->texts);
	free(to->data);
	*to = (hb_tensors){.failed = 1};
}

void hb_tensors_text(hb_tensors *to, const char *name, const char *text)
{
	to->failed |= json_object_set_new(to->texts, name, json_string(text)) != 0;
}

/* Room for `size` bytes of data behind what is there; NULL: no memory. */
static unsigned char *more_data(hb_tensors *to, size_t size)
{
	if (to->room - to->size < size) {
		size_t room = to->size + size + to->room / 2;
		unsigned char *data = realloc(to->data, room);

		if (!data) {
			to->failed = 1;
			return NULL;
		}
		to->data = data;
		to->room = room;
	}
	to->size += size;
	return to->data + to->size - size;
}

static void name_data(hb_tensors *to, const char *name, const char *type, json_t *shape,
		      size_t size)
{
	json_t *about =
		json_pack("{s:s, s:o, s:[I, I]}", "dtype", type, "shape", shape, "data_offsets",
			  (json_int_t)(to->size - size), (json_int_t)to->size);

	to->failed |= !about || json_object_set_new(to->header, name, about) != 0;
}

static void put_little(unsigned char *at, uint64_t bits, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (unsigned char)(bits >> 8 * i);
}

static uint64_t get_little(const unsigned char *at, int bytes)
{
	uint64_t bits = 0;

	for (int i = 0; i < bytes; i++)
		bits |= (uint64_t)at[i] << 8 * i;
	return bits;
}

void hb_tensors_double(hb_tensors *to, const char *name, double value)
{
	unsigned char *at = more_data(to, 8);
	uint64_t bits;

	if (!at)
		return;
	memcpy(&bits, &value, 8);
	put_little(at, bits, 8);
	name_data(to, name, "F64", json_array(), 8);
	to->doubles += 8;
}

float *hb_tensors_floats(hb_tensors *to, const char *name, int rows, int columns)
{
	size_t count = (size_t)rows * (size_t)(columns ? columns : 1);
	unsigned char *at = more_data(to, 4 * count);

	if (!at)
		return NULL;
	name_data(to, name, "F32",
		  columns ? json_pack("[i, i]", rows, columns) : json_pack("[i]", rows), 4 * count);
	return (float *)(void *)at;
}

/* Turns the floats that callers filled in into the bytes of the file; nothing to do where they are that already. */
static void floats_to_little(hb_tensors *of)
{
	for (size_t at = of->doubles; at < of->size; at += 4) {
		uint32_t bits;

		memcpy(&bits, of->data + at, 4);
		put_little(of->data + at, bits, 4);
	}
}

hebb_status hb_tensors_format(hb_tensors *from, unsigned char **bytes, size_t *size,
			      hebb_error *error)
{
	char *header = from->failed ? NULL : json_dumps(from->header, JSON_COMPACT);
	size_t length = header ? strlen(header) : 0, padded = (length + 7) / 8 * 8;
	unsigned char *file = header ? malloc(LENGTH + padded + from->size + 1) : NULL;

	if (!file) {
		free(header);
		return hb_out_of_memory(error);
	}
	floats_to_little(from);
	put_little(file, padded, LENGTH);
	memset(file + LENGTH, ' ', padded);
	memcpy(file + LENGTH, header, length);
	if (from->size > 0)
		memcpy(file + LENGTH + padded, from->data, from->size);
	free(header);
	*bytes = file;
	*size = LENGTH + padded + from->size;
	return HEBB_OK;
}

/* ---- Reading ------------------------------------------------------------------------------------ */

int hb_tensors_probe(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	return size > LENGTH + 1 && at[LENGTH] == '{' && at[LENGTH + 1] == '"' && at[4] == 0 &&
	       at[5] == 0 && at[6] == 0 && at[7] == 0;
}

typedef struct source {
	const char *name;
	const unsigned char *data;
	size_t size; /* of the data */
	hebb_error *error;
} source;

static hebb_status bad(source from, const char *tensor, const char *what)
{
	char shown[HB_SHOWN];

	return hebb_fail(from.error, HEBB_BAD_FORMAT,
			 "%s: the tensor '%s' %s; the file is damaged or no checkpoint of hebb",
			 from.name, hb_show(tensor, shown), what);
}

static hebb_status read_shape(source from, const json_t *shape, hb_tensor *tensor)
{
	size_t dimensions = json_array_size(shape);

	if (!json_is_array(shape) || dimensions > 2)
		return bad(from, tensor->name, "has no shape of at most two numbers");
	tensor->count = 1;
	for (size_t i = 0; i < dimensions; i++) {
		json_int_t size = json_integer_value(json_array_get(shape, i));

		if (size < 1 || size > HEBB_MAX_PARAMETERS / (json_int_t)tensor->count)
			return bad(from, tensor->name, "has a shape that no array has");
		tensor->size[i] = (int)size;
		tensor->count *= (size_t)size;
	}
	tensor->dimensions = (int)dimensions;
	return HEBB_OK;
}

static hebb_status read_tensor(source from, const char *name, const json_t *about,
			       hb_tensor *tensor)
{
	const json_t *offsets = json_object_get(about, "data_offsets");
	const char *type = json_string_value(json_object_get(about, "dtype"));
	json_int_t begin = json_integer_value(json_array_get(offsets, 0)),
		   end = json_integer_value(json_array_get(offsets, 1));
	hebb_status status;

	*tensor = (hb_tensor){.name = name};
	if (!type || (strcmp(type, "F32") != 0 && strcmp(type, "F64") != 0))
		return bad(from, name, "is neither F32 nor F64");
	tensor->is_double = type[1] == '6';
	if ((status = read_shape(from, json_object_get(about, "shape"), tensor)))
		return status;
	if (json_array_size(offsets) != 2 || begin < 0 || end < begin || (uint64_t)end > from.size)
		return bad(from, name, "lies beyond the end of the file");
	if ((uint64_t)(end - begin) / (tensor->is_double ? 8 : 4) != tensor->count ||
	    (uint64_t)(end - begin) % (tensor->is_double ? 8 : 4) != 0)
		return bad(from, name, "is not as large as its shape says");
	tensor->data = from.data + begin;
	return HEBB_OK;
}

static hebb_status read_tensors(source from, hb_tensor_list *list)
{
	const char *name;
	json_t *about;
	hebb_status status = HEBB_OK;

	list->tensor = calloc(json_object_size(list->header) + 1, sizeof *list->tensor);
	if (!list->tensor)
		return hb_out_of_memory(from.error);
	json_object_foreach(list->header, name, about)
	{
		if (strcmp(name, "__metadata__") != 0 && !status)
			status = read_tensor(from, name, about, &list->tensor[list->count++]);
	}
	return status;
}

hebb_status hb_tensors_parse(const void *bytes, size_t size, const char *name, hb_tensor_list *list,
			     hebb_error *error)
{
	const unsigned char *at = bytes;
	uint64_t length = size >= LENGTH ? get_little(at, LENGTH) : 0;
	hebb_status status;

	*list = (hb_tensor_list){.count = 0};
	if (!hb_tensors_probe(bytes, size))
		return hebb_fail(error, HEBB_BAD_FORMAT, "%s is no checkpoint", name);
	if (length > size - LENGTH || length > HEADER_MOST)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: the header has %llu bytes, the file %zu; it is cut off or "
				 "damaged",
				 name, (unsigned long long)length, size);
	status = hb_json_fits(at + LENGTH, (size_t)length, size, name, error);
	if (status)
		return status;
	status = hb_json_load(at + LENGTH, (size_t)length, &list->header);
	if (status == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	if (!json_is_object(list->header)) {
		hb_tensor_list_clear(list);
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: the header is not a JSON object; the file is damaged", name);
	}
	status = read_tensors(
		(source){name, at + LENGTH + length, size - LENGTH - (size_t)length, error}, list);
	if (status)
		hb_tensor_list_clear(list);
	return status;
}

void hb_tensor_list_clear(hb_tensor_list *list)
{
	json_decref(list->header);
	free(list->tensor);
	*list = (hb_tensor_list){.count = 0};
}

const char *hb_tensor_list_text(const hb_tensor_list *list, const char *name)
{
	return json_string_value(
		json_object_get(json_object_get(list->header, "__metadata__"), name));
}

double hb_tensor_double(const hb_tensor *tensor)
{
	uint64_t bits = get_little(tensor->data, 8);
	double value;

	memcpy(&value, &bits, 8);
	return value;
}

void hb_tensor_floats(const hb_tensor *tensor, float *values)
{
	for (size_t i = 0; i < tensor->count; i++) {
		uint32_t bits = (uint32_t)get_little(tensor->data + 4 * i, 4);

		memcpy(&values[i], &bits, 4);
	}
}
