/* SPDX-License-Identifier: MIT */
/*
 * levels.c - the different texts of a column
 *
 * This is a hash table with open addressing. The number of a text is in the slot of its hash, or in
 * the next free one, together with 7 bits of the hash, so other texts are rarely compared. At most
 * two thirds of the slots are used.
 *
 * A table may consist mostly of texts, so each costs little: a pointer, its bytes, and 6 bytes of
 * slots. Hashes are not kept. Slots are freed before the texts move to a larger block, and filled
 * again from the texts.
 */
#include "io.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Finding ---- */

#define NUMBER ((uint32_t)HB_LEVELS_MOST - 1) /* the part of a slot that is the number */

static size_t slots_of(int room)
{
	return room ? (size_t)room + (size_t)room / 2 + 1 : 0;
}

static uint64_t hash_of(const char *text, size_t size)
{
	uint64_t hash = hb_fnv(HB_FNV, text, size);

	return (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u; /* the last bytes reach the high bits */
}

/* What stands in a slot beside the number; never 0. */
static uint32_t mark_of(uint64_t hash)
{
	return ((uint32_t)hash | 1u << 24) & ~NUMBER;
}

/* The slot where a text is, or where it belongs. */
static size_t place(const hb_levels *levels, uint64_t hash, const char *text, size_t size)
{
	size_t slots = slots_of(levels->room), at = (size_t)((hash >> 32) * slots >> 32);

	for (; levels->slot[at]; at = at + 1 < slots ? at + 1 : 0) {
		const char *there = levels->text[levels->slot[at] & NUMBER];

		if ((levels->slot[at] & ~NUMBER) == mark_of(hash) &&
		    strncmp(there, text, size) == 0 && !there[size])
			break;
	}
	return at;
}

/* ---- Growing ---- */

/* 1 if the budget allows so much room, while the texts move and then. */
static int is_affordable(const hb_levels *levels, int room)
{
	size_t texts = (size_t)room * sizeof *levels->text;
	size_t slots = slots_of(room) * sizeof *levels->slot;

	if (!levels->budget)
		return 1;
	size_t left = levels->budget->left + slots_of(levels->room) * sizeof *levels->slot;
	if (texts > left)
		return 0;
	return slots <= left - texts + (size_t)levels->room * sizeof *levels->text;
}

void hb_levels_close(hb_levels *levels)
{
	if (levels->slot)
		hb_save(levels->budget, slots_of(levels->room) * sizeof *levels->slot);
	free(levels->slot);
	levels->slot = NULL;
}

hebb_status hb_levels_reserve(hb_levels *levels, int room)
{
	if (!is_affordable(levels, room))
		return HEBB_UNSUPPORTED;
	hb_levels_close(levels);
	char **text = realloc(levels->text, (size_t)room * sizeof *text);
	if (!text)
		return HEBB_NO_MEMORY;
	hb_save(levels->budget, (size_t)levels->room * sizeof *text);
	hb_spend(levels->budget, (size_t)room * sizeof *text);
	levels->text = text;
	levels->room = room;
	levels->slot = calloc(slots_of(room), sizeof *levels->slot);
	if (!levels->slot)
		return HEBB_NO_MEMORY;
	hb_spend(levels->budget, slots_of(room) * sizeof *levels->slot);
	for (int i = 0; i < levels->count; i++) {
		size_t size = strlen(text[i]);
		uint64_t hash = hash_of(text[i], size);

		levels->slot[place(levels, hash, text[i], size)] = mark_of(hash) | (uint32_t)i;
	}
	return HEBB_OK;
}

size_t hb_levels_growth(const hb_levels *levels, int more)
{
	size_t count = (size_t)levels->count + (size_t)more, room = count + count / 2 + 2;

	if (count <= (size_t)levels->room)
		return 0;
	return room * sizeof *levels->text + slots_of((int)room) * sizeof *levels->slot;
}

/* Makes room by a half, but for no more than there can be. */
static hebb_status grow(hb_levels *levels)
{
	int most = levels->budget ? levels->budget->texts : HB_LEVELS_MOST;
	int room = levels->room + levels->room / 2 + 2;

	if (levels->room >= most)
		return HEBB_UNSUPPORTED;
	return hb_levels_reserve(levels, room < most ? room : most);
}

int hb_levels_add(hb_levels *levels, const char *text, size_t size)
{
	uint64_t hash = hash_of(text, size);
	size_t at = 0;

	if (levels->room) {
		at = place(levels, hash, text, size);
		if (levels->slot[at])
			return (int)(levels->slot[at] & NUMBER);
	}
	if (levels->count == levels->room) {
		hebb_status status = grow(levels);

		if (status)
			return -(int)status;
		at = place(levels, hash, text, size);
	}
	if (!hb_spend(levels->budget, size + 1))
		return -HEBB_UNSUPPORTED;
	char *copy = malloc(size + 1);
	if (!copy)
		return -HEBB_NO_MEMORY;
	memcpy(copy, text, size);
	copy[size] = 0;
	levels->text[levels->count] = copy;
	levels->slot[at] = mark_of(hash) | (uint32_t)levels->count;
	return levels->count++;
}

/* ---- Sorting ---- */

void hb_sort_texts(char *const *text, int count, int *order, int *room)
{
	int half = count / 2, a = 0, b = half;

	if (count < 2)
		return;
	hb_sort_texts(text, half, order, room);
	hb_sort_texts(text, count - half, order + half, room);
	if (strcmp(text[order[half - 1]], text[order[half]]) <= 0)
		return;
	memcpy(room, order, (size_t)half * sizeof *room);
	for (int i = 0; a < half; i++)
		order[i] = b == count || strcmp(text[room[a]], text[order[b]]) <= 0 ? room[a++]
										    : order[b++];
}

/* Puts text[order[i]] at i, for all i, without a second array; order becomes 0, 1, 2, ... */
static void permute(char **text, int count, int *order)
{
	for (int i = 0; i < count; i++) {
		char *first = text[i];
		int at = i;

		while (order[at] != i) {
			int next = order[at];

			text[at] = text[next];
			order[at] = at;
			at = next;
		}
		text[at] = first;
		order[at] = at;
	}
}

hebb_status hb_levels_sort(hb_levels *levels, int **rank)
{
	int count = levels->count;
	int *order = malloc(((size_t)count + 1) * sizeof *order);

	hb_levels_close(levels);
	*rank = malloc(((size_t)count + 1) * sizeof **rank);
	if (!order || !*rank) {
		free(order);
		free(*rank);
		*rank = NULL;
		return HEBB_NO_MEMORY;
	}
	for (int i = 0; i < count; i++)
		order[i] = i;
	hb_sort_texts(levels->text, count, order, *rank);
	for (int i = 0; i < count; i++)
		(*rank)[order[i]] = i;
	permute(levels->text, count, order);
	free(order);
	return HEBB_OK;
}

hebb_status hb_levels_settle(hb_levels *levels, hebb_table *table, int c)
{
	float *value = table->values + c;
	int *rank;

	if (hb_levels_sort(levels, &rank))
		return HEBB_NO_MEMORY;
	for (long long row = 0; row < table->rows; row++, value += table->columns)
		if (!isnan(*value))
			*value = (float)rank[(int)*value];
	free(rank);
	table->column[c].levels = levels->text;
	table->column[c].level_count = levels->count;
	*levels = (hb_levels){0};
	return HEBB_OK;
}

void hb_levels_clear(hb_levels *levels)
{
	hb_levels_close(levels);
	hb_save(levels->budget, (size_t)levels->room * sizeof *levels->text);
	for (int i = 0; i < levels->count; i++)
		free(levels->text[i]);
	free(levels->text);
	*levels = (hb_levels){0};
}
