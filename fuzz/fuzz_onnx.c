/* SPDX-License-Identifier: MIT */
/*
 * fuzz_onnx - any bytes as a model file
 *
 * A mutated file would nearly always fail at its seal, so each input is also tried with the seal
 * made to hold: what is behind it must believe nothing either.  What is read must be written and
 * read again to the same bytes, and hebb must answer as the graph does, run by a program of its
 * own (tests/graph_run.h): other programs see nothing but the graph.
 *
 * Half of the mutations change a field somewhere in the messages and write the lengths around it
 * anew; others would seldom be protobuf any more.
 */
#include "../tests/graph_run.h"
#include "../tests/seal.h"
#include "fuzz_memory.h"
#include "fuzz_refused.h"
#include "hebb_io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed);

/* ---- One input ---- */

static void *memory_of(size_t size)
{
	void *made = malloc(size ? size : 1);

	if (!made)
		abort();
	return made;
}

/* 1 if a classification may have no answer: float32 may overflow in one of its outputs, and then
 * hebb answers NaN for all of them. */
static int may_lack_answer(const hebb_model *model, const graph_number *y, size_t outputs)
{
	int overflows = 0;

	for (size_t i = 0; i < outputs; i++)
		overflows |= isinf(y[i].e);
	return overflows && model->coding->task == HEBB_CLASSIFICATION;
}

/* A row as a program has it, and as the graph takes it: one value of each column, side by side. */
struct row {
	double *number;
	const char **text;
	hebb_block *block; /* by column */
	double *x;         /* texts as one-hot */
	int is_whole;      /* no text is empty, which would be missing */
};

static struct row row_of(const hebb_coding *coding)
{
	size_t count = (size_t)coding->input_count;
	struct row row = {.number = memory_of(count * sizeof *row.number),
			  .text = memory_of(count * sizeof *row.text),
			  .block = memory_of(count * sizeof *row.block),
			  .x = memory_of((size_t)coding->width * sizeof *row.x),
			  .is_whole = 1};
	int at = 0;

	for (int i = 0; i < coding->width; i++)
		row.x[i] = 0; /* as indicators are: nothing is missing */
	for (int i = 0; i < coding->input_count; i++) {
		const hebb_column *column = &coding->inputs[i];
		int is_text = column->kind == HEBB_TEXT;
		int level = is_text ? i * 7 % column->level_count : 0;

		row.is_whole &= !is_text || *column->levels[level];
		row.number[i] = (double)((i * 7 + 3) % 11) / 4 - 1.25;
		row.text[i] = is_text ? column->levels[level] : NULL;
		row.block[i] = is_text ? hebb_texts(1, &row.text[i], NULL)
				       : hebb_doubles(1, &row.number[i], NULL);
		row.x[at + level] = is_text ? 1 : row.number[i];
		at += is_text ? column->level_count : 1;
	}
	return row;
}

/* Ends the program unless hebb and the graph agree on a row. */
static void compare(const hebb_model *model, const uint8_t *bytes, size_t size)
{
	size_t width = (size_t)hebb_net_inputs(model->net), outputs;
	struct row row = row_of(model->coding);
	double *h = memory_of((size_t)hebb_net_outputs(model->net) * sizeof *h);
	hebb_prediction prediction = hebb_prediction_default();
	graph_number *y;
	hebb_error error;

	const char *why = graph_run(bytes, size, row.x, width, &y, &outputs);
	if (why || outputs != (size_t)hebb_net_outputs(model->net)) {
		fprintf(stderr, "GRAPH %s\n", why ? why : "another width");
		abort();
	}
	int lacks_answer = may_lack_answer(model, y, outputs);
	prediction.values = h;
	if (hebb_model_predict(model, 1, model->coding->input_count, row.block, &prediction,
			       &error)) {
		fprintf(stderr, "REFUSED %s\n", error.message);
		abort();
	}
	for (size_t i = 0; i < outputs; i++)
		if (row.is_whole && !graph_agrees(y[i], h[i]) && !(lacks_answer && isnan(h[i]))) {
			fprintf(stderr, "GRAPH output %zu: hebb %.9g, graph %.9g +- %g\n", i, h[i],
				y[i].v, y[i].e);
			abort();
		}
	free(y);
	free(h);
	free(row.number);
	free(row.text);
	free(row.block);
	free(row.x);
}

static void read_and_write(const uint8_t *bytes, size_t size)
{
	hebb_error error = {0};
	hebb_model *model, *again;
	unsigned char *first, *second;
	size_t first_size, second_size;

	memory_begin();
	model = hebb_model_parse(bytes, size, "fuzz", &error);
	memory_end(size, MEMORY_TIMES);
	if (!model) {
		refused(&error);
		return;
	}
	compare(model, bytes, size);
	if (hebb_model_format(model, &first, &first_size, &error))
		abort();
	again = hebb_model_parse(first, first_size, "fuzz", &error);
	if (!again || hebb_model_format(again, &second, &second_size, &error))
		abort();
	if (first_size != second_size || memcmp(first, second, first_size) != 0)
		abort();
	free(first);
	free(second);
	hebb_model_free(model);
	hebb_model_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = memory_of(size);

	if (size)
		memcpy(copy, bytes, size);
	hebb_model_probe(copy, size);
	read_and_write(copy, size);
	seal(copy, size);
	read_and_write(copy, size);
	free(copy);
	return 0;
}

/* ---- Mutations of a field ---- */

enum { FIELDS = 1024, ROOM = 1 << 17 };

/* What is written, up to its room. */
typedef struct out {
	uint8_t *at;
	size_t size, room;
} out;

static void put(out *to, const void *bytes, size_t size)
{
	if (size > to->room - to->size)
		size = to->room - to->size;
	if (size)
		memcpy(to->at + to->size, bytes, size);
	to->size += size;
}

static void put_varint(out *to, uint64_t value)
{
	for (; value > 127; value >>= 7)
		put(to, &(uint8_t){(uint8_t)(value | 128)}, 1);
	put(to, &(uint8_t){(uint8_t)value}, 1);
}

static void put_field(out *to, const graph_field *f)
{
	put_varint(to, (uint64_t)f->number << 3 | (uint64_t)f->wire);
	if (f->wire == 0)
		put_varint(to, f->value);
	else if (f->wire == 2)
		put_varint(to, f->bytes.size);
	put(to, f->bytes.at, f->bytes.size);
}

static unsigned draw(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 8;
}

/* Changes one field of a message, or one in a field of it, and writes the whole to `to`; `depth`:
 * how deep that may yet be.  0 if it is no message. */
static int mutate(graph_bytes message, out *to, unsigned *seed, int depth)
{
	static graph_field field[8][FIELDS];
	graph_field *f = field[depth];
	unsigned count = 0, at;
	int more;

	while (count < FIELDS - 1 && (more = graph_next(&message, &f[count])) > 0)
		count++;
	if (!count || more < 0 || message.size)
		return 0;
	at = draw(seed) % count;
	uint8_t *inside = memory_of(ROOM);
	out part = {inside, 0, ROOM / 2};
	graph_field kept = f[at], other = f[draw(seed) % count];
	if (kept.wire == 2 && depth > 0 && draw(seed) % 4 &&
	    mutate(kept.bytes, &part, seed, depth - 1)) {
		f[at].bytes = (graph_bytes){inside, part.size};
	} else {
		switch (draw(seed) % 6) {
		case 0: /* is gone */
			f[at] = f[--count];
			break;
		case 1: /* is there twice */
			f[count++] = kept;
			break;
		case 2: /* is another one */
			f[at] = other;
			break;
		case 3: /* has the content of another one */
			f[at].bytes = other.wire == kept.wire ? other.bytes : kept.bytes;
			break;
		case 4: /* has another number */
			f[at].number = 1 + (int)(draw(seed) % 30);
			break;
		default:
			f[at].value = draw(seed) % 2 ? kept.value + 1 : draw(seed);
			if (kept.wire == 2) {
				put(&part, kept.bytes.at, kept.bytes.size);
				part.size = LLVMFuzzerMutate(inside, part.size, ROOM / 2);
				f[at].bytes = (graph_bytes){inside, part.size};
			}
		}
	}
	for (unsigned i = 0; i < count; i++)
		put_field(to, &f[i]);
	free(inside);
	return 1;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed)
{
	uint8_t *copy = memory_of(size);
	out to = {bytes, 0, most};

	memcpy(copy, bytes, size);
	if (draw(&seed) % 2 == 0 || !mutate((graph_bytes){copy, size}, &to, &seed, 4))
		to.size = LLVMFuzzerMutate(bytes, size, most);
	free(copy);
	return to.size;
}
