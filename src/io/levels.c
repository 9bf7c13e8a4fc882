/* SPDX-License-Identifier: MIT */
/*
 * levels.c - the different texts of a column
 *
 * A hash table with open addressing: slots hold the number of a text, plus 1, at the hash modulo
 * their count or in the next free place.  It is kept at most half full.
 */
#include "io.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64, FIRST_ROOM = 16 };

/* The slot where a text is, or where it belongs. */
static size_t place(const hb_levels *levels, uint64_t hash, const char *text, size_t size)
{
	size_t at = (size_t)hash & (levels->slots - 1);

	for (; levels->slot[at]; at = (at + 1) & (levels->slots - 1)) {
		int number = levels->slot[at] - 1;

		if (levels->hash[number] == hash &&
		    strncmp(levels->text[number], text, size) == 0 && !levels->text[number][size])
			break;
	}
	return at;
}

/* Doubles the slots. */
static int spread(hb_levels *levels)
{
	size_t slots = levels->slots ? 2 * levels->slots : FIRST_SLOTS;
	int *slot = calloc(slots, sizeof *slot);

	if (!slot)
		return 0;
	for (int i = 0; i < levels->count; i++) {
		size_t at = (size_t)levels->hash[i] & (slots - 1);

		while (slot[at])
			at = (at + 1) & (slots - 1);
		slot[at] = i + 1;
	}
	free(levels->slot);
	levels->slot = slot;
	levels->slots = slots;
	return 1;
}

/* Makes room for one more text. */
static int grow(hb_levels *levels)
{
	if (levels->count == HB_LEVELS_MOST)
		return 0;
	if (levels->count == levels->room) {
		int room = levels->room ? 2 * levels->room : FIRST_ROOM;
		char **text = realloc(levels->text, (size_t)room * sizeof *text);

		if (!text)
			return 0;
		levels->text = text;
		uint64_t *hash = realloc(levels->hash, (size_t)room * sizeof *hash);
		if (!hash)
			return 0;
		levels->hash = hash;
		levels->room = room;
	}
	return 2 * (size_t)(levels->count + 1) <= levels->slots || spread(levels);
}

int hb_levels_add(hb_levels *levels, const char *text, size_t size)
{
	uint64_t hash = hb_fnv(HB_FNV, text, size);

	hash ^= hash >> 32; /* the low bits choose the slot */
	if (levels->slots) {
		size_t at = place(levels, hash, text, size);

		if (levels->slot[at])
			return levels->slot[at] - 1;
	}
	if (!grow(levels))
		return -1;
	char *copy = malloc(size + 1);
	if (!copy)
		return -1;
	memcpy(copy, text, size);
	copy[size] = 0;
	levels->text[levels->count] = copy;
	levels->hash[levels->count] = hash;
	levels->slot[place(levels, hash, text, size)] = levels->count + 1;
	return levels->count++;
}

struct ranked {
	char *text;
	int number;
};

static int by_bytes(const void *a, const void *b)
{
	return strcmp(((const struct ranked *)a)->text, ((const struct ranked *)b)->text);
}

hebb_status hb_levels_sort(hb_levels *levels, int **rank)
{
	size_t count = (size_t)levels->count;
	struct ranked *sorted = malloc((count + 1) * sizeof *sorted);

	*rank = malloc((count + 1) * sizeof **rank);
	if (!sorted || !*rank) {
		free(sorted);
		free(*rank);
		*rank = NULL;
		return HEBB_NO_MEMORY;
	}
	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct ranked){levels->text[i], (int)i};
	qsort(sorted, count, sizeof *sorted, by_bytes);
	for (size_t i = 0; i < count; i++) {
		levels->text[i] = sorted[i].text;
		(*rank)[sorted[i].number] = (int)i;
	}
	free(sorted);
	free(levels->slot); /* texts have moved: nothing is found by hash any more */
	levels->slot = NULL;
	levels->slots = 0;
	return HEBB_OK;
}

void hb_levels_clear(hb_levels *levels)
{
	for (int i = 0; i < levels->count; i++)
		free(levels->text[i]);
	free(levels->text);
	free(levels->hash);
	free(levels->slot);
	*levels = (hb_levels){0};
}
