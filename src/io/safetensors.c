/* SPDX-License-Identifier: MIT */
/*
 * safetensors.c - named arrays and texts in one file
 */
#include "safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "io.h"

enum { LENGTH = 8 };                    /* bytes before the header */
#define HEADER_MOST ((size_t)100 << 20) /* bytes of a header, as the format has it */

/* ---- Writing --------------------------------------------------------------------------------- */

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

/* Turns the floats that callers filled in into the bytes of the file; nothing to do where they are
 * that already. */
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

/* ---- Reading --------------------------------------------------------------------------------- */

int hb_tensors_probe(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	return size > LENGTH + 1 && at[LENGTH] == '{' && at[4] == 0 && at[5] == 0 && at[6] == 0 &&
	       at[7] == 0;
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

static hebb_status read_shape(source from, hb_json shape, hb_tensor *tensor)
{
	hb_json_walk walk = hb_json_begin(shape);
	long long size;

	if (hb_json_kind(shape) != '[' || hb_json_count(shape) > 2)
		return bad(from, tensor->name, "has no shape of at most two numbers");
	tensor->count = 1;
	while (hb_json_next(&walk)) {
		if (!hb_json_integer(walk.value, 1, HEBB_MAX_PARAMETERS / (long long)tensor->count,
				     &size))
			return bad(from, tensor->name, "has a shape that no array has");
		tensor->size[tensor->dimensions++] = (int)size;
		tensor->count *= (size_t)size;
	}
	return HEBB_OK;
}

/* Where the data of a tensor begin and end. */
static int read_offsets(source from, hb_json offsets, long long *begin, long long *end)
{
	hb_json_walk walk = hb_json_begin(offsets);
	long long most = (long long)from.size;

	return hb_json_kind(offsets) == '[' && hb_json_next(&walk) &&
	       hb_json_integer(walk.value, 0, most, begin) && hb_json_next(&walk) &&
	       hb_json_integer(walk.value, *begin, most, end) && !hb_json_next(&walk);
}

/* Reads what is said about the tensor of a name. */
static hebb_status read_tensor(source from, hb_json about, hb_tensor *tensor)
{
	hb_json type = hb_json_get(about, "dtype");
	size_t each = hb_json_is(type, "F64") ? 8 : 4;
	long long begin, end;
	hebb_status status;

	if (each == 4 && !hb_json_is(type, "F32"))
		return bad(from, tensor->name, "is neither F32 nor F64");
	tensor->is_double = each == 8;
	if ((status = read_shape(from, hb_json_get(about, "shape"), tensor)))
		return status;
	if (!read_offsets(from, hb_json_get(about, "data_offsets"), &begin, &end))
		return bad(from, tensor->name, "lies beyond the end of the file");
	if ((uint64_t)(end - begin) / each != tensor->count || (uint64_t)(end - begin) % each != 0)
		return bad(from, tensor->name, "is not as large as its shape says");
	tensor->data = from.data + begin;
	return HEBB_OK;
}

/* Room for one more; NULL without memory. */
static hb_tensor *next_tensor(hb_tensor_list *list)
{
	if (list->count == list->room) {
		int room = list->room + list->room / 2 + 16;
		hb_tensor *more = realloc(list->tensor, (size_t)room * sizeof *more);

		if (!more)
			return NULL;
		list->tensor = more;
		list->room = room;
	}
	list->tensor[list->count] = (hb_tensor){.name = NULL};
	return &list->tensor[list->count++];
}

/* The metadata are texts with names; null stands for none. */
static hebb_status read_texts(source from, hb_json texts, hb_tensor_list *list)
{
	int fine = hb_json_kind(texts) == '{' || hb_json_kind(texts) == 'n';

	for (hb_json_walk walk = hb_json_begin(texts); fine && hb_json_next(&walk);)
		fine = hb_json_kind(walk.value) == '"';
	list->texts = texts;
	return fine ? HEBB_OK
		    : hebb_fail(from.error, HEBB_BAD_FORMAT,
				"%s: the metadata of the header are not all texts; the file is "
				"damaged or no checkpoint of hebb",
				from.name);
}

static hebb_status read_tensors(source from, hb_json header, hb_tensor_list *list)
{
	hb_json_walk walk = hb_json_begin(header);
	hebb_status status = HEBB_OK;

	while (!status && hb_json_next(&walk)) {
		if (hb_json_is(walk.key, "__metadata__")) {
			status = read_texts(from, walk.value, list);
			continue;
		}
		hb_tensor *tensor = next_tensor(list);
		status = tensor && !hb_json_text(walk.key, &tensor->name)
				 ? read_tensor(from, walk.value, tensor)
				 : hb_out_of_memory(from.error);
	}
	return status;
}

static size_t bytes_of(const hb_tensor *tensor)
{
	return tensor->count * (tensor->is_double ? 8 : 4);
}

static int compare_places(const void *a, const void *b)
{
	const unsigned char *one = (*(const hb_tensor *const *)a)->data,
			    *other = (*(const hb_tensor *const *)b)->data;

	return (one > other) - (one < other);
}

/* The data must be the tensors, one behind the other in some order, and nothing else. */
static hebb_status check_places(source from, const hb_tensor_list *list)
{
	const hb_tensor **order = malloc(((size_t)list->count + 1) * sizeof *order);
	const unsigned char *end = from.data;
	hebb_status status = HEBB_OK;

	if (!order)
		return hb_out_of_memory(from.error);
	for (int i = 0; i < list->count; i++)
		order[i] = &list->tensor[i];
	qsort(order, (size_t)list->count, sizeof *order, compare_places);
	for (int i = 0; i < list->count && !status; i++) {
		if (order[i]->data != end)
			status = bad(from, order[i]->name,
				     order[i]->data < end ? "overlaps another"
							  : "leaves a hole before it");
		end = order[i]->data + bytes_of(order[i]);
	}
	free(order);
	long long left = status ? 0 : from.data + from.size - end;
	if (left != 0)
		status = hebb_fail(from.error, HEBB_BAD_FORMAT,
				   "%s: %s follow%s the last tensor; the file is damaged or no "
				   "checkpoint of hebb",
				   from.name, hebb_show_count(left, "byte").text,
				   left == 1 ? "s" : "");
	return status;
}

hebb_status hb_tensors_parse(const void *bytes, size_t size, const char *name, hb_tensor_list *list,
			     hebb_error *error)
{
	const unsigned char *at = bytes;
	uint64_t length = size >= LENGTH ? get_little(at, LENGTH) : 0;
	hb_json header;
	hebb_status status;

	*list = (hb_tensor_list){.count = 0};
	if (!hb_tensors_probe(bytes, size))
		return hebb_fail(error, HEBB_BAD_FORMAT, "%s is no checkpoint", name);
	if (length > size - LENGTH || length > HEADER_MOST)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: the header has %llu bytes, the file %zu; it is cut off or "
				 "damaged",
				 name, (unsigned long long)length, size);
	status = hb_json_check(at + LENGTH, (size_t)length, &header);
	if (status == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	if (hb_json_kind(header) != '{')
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: the header is not a JSON object; the file is damaged", name);
	source data = {name, at + LENGTH + length, size - LENGTH - (size_t)length, error};
	status = read_tensors(data, header, list);
	if (!status)
		status = check_places(data, list);
	if (status)
		hb_tensor_list_clear(list);
	return status;
}

void hb_tensor_list_clear(hb_tensor_list *list)
{
	for (int i = 0; i < list->count; i++)
		free(list->tensor[i].name);
	free(list->tensor);
	*list = (hb_tensor_list){.count = 0};
}

hebb_status hb_tensor_list_text(const hb_tensor_list *list, const char *name, char **text)
{
	return hb_json_text(hb_json_get(list->texts, name), text) == HEBB_NO_MEMORY ? HEBB_NO_MEMORY
										    : HEBB_OK;
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
