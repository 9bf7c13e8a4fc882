/* SPDX-License-Identifier: MIT */
/*
 * fuzz_onnx - any bytes as a model file
 *
 * A mutated file would nearly always fail at its seal, so each input is also tried with the seal
 * made to hold: what is behind it must believe nothing either.  What is read must be written and
 * read again to the same bytes, and hebb must answer as the graph does, run by a program of its
 * own (tests/graph_compare.h): other programs see nothing but the graph.
 *
 * Half of the mutations change a field somewhere in the messages and write the lengths around it
 * anew; others would seldom be protobuf any more.
 */
#include "../tests/graph_compare.h"
#include "../tests/seal.h"
#include "fuzz_memory.h"
#include "fuzz_refused.h"

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

/* Ends the program unless hebb and the graph agree on some rows. */
static void compare(const hebb_model *model, const uint8_t *bytes, size_t size)
{
	char room[128];
	const char *differs = graph_compare(model, bytes, size, room);

	if (!differs)
		return;
	fprintf(stderr, "GRAPH %s\n", differs);
	abort();
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
