/* SPDX-License-Identifier: MIT */
/*
 * image.c - images of a table as PNG files in the page
 *
 * A PNG of 8-bit gray whose data are not compressed: the images are as small as thumbnails, and
 * this needs no library.  Larger ones are made smaller by means of their pixels.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { SIDE_MOST = 40, CHUNKS = 57 + 11 };

typedef struct bytes {
	unsigned char *at;
	size_t length;
} bytes;

static void add_byte(bytes *to, unsigned value)
{
	to->at[to->length++] = (unsigned char)value;
}

static void add_word(bytes *to, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		add_byte(to, value >> shift & 255);
}

/* The checksum of PNG's chunks. */
static uint32_t crc_of(const unsigned char *data, size_t size)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* The checksum of zlib's data. */
static uint32_t adler_of(const unsigned char *data, size_t size)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < size; i++) {
		a = (a + data[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static void add_chunk(bytes *to, const char *type, const unsigned char *data, size_t size)
{
	size_t begin;

	add_word(to, (uint32_t)size);
	begin = to->length;
	for (int i = 0; i < 4; i++)
		add_byte(to, (unsigned char)type[i]);
	for (size_t i = 0; i < size; i++)
		add_byte(to, data[i]);
	add_word(to, crc_of(to->at + begin, to->length - begin));
}

/* The lines of an image, each after its filter 0, as one stored block of zlib. */
static bytes store(const unsigned char *line, size_t size)
{
	bytes result = {malloc(size + CHUNKS), 0};

	if (!result.at)
		return result;
	add_byte(&result, 0x78);
	add_byte(&result, 0x01);
	add_byte(&result, 1);
	add_byte(&result, size & 255);
	add_byte(&result, size >> 8);
	add_byte(&result, ~size & 255);
	add_byte(&result, ~size >> 8 & 255);
	for (size_t i = 0; i < size; i++)
		add_byte(&result, line[i]);
	add_word(&result, adler_of(line, size));
	return result;
}

static bytes png_of(int height, int width, const unsigned char *line)
{
	static const unsigned char signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	unsigned char head[] = {0, 0, 0, (unsigned char)width, 0, 0, 0, (unsigned char)height, 8, 0,
				0, 0, 0};
	bytes data = store(line, (size_t)height * ((size_t)width + 1));
	bytes result = {data.at ? malloc(data.length + CHUNKS) : NULL, 0};

	if (result.at) {
		for (size_t i = 0; i < sizeof signature; i++)
			add_byte(&result, signature[i]);
		add_chunk(&result, "IHDR", head, sizeof head);
		add_chunk(&result, "IDAT", data.at, data.length);
		add_chunk(&result, "IEND", NULL, 0);
	}
	free(data.at);
	return result;
}

static char *base64(const char *before, const bytes *data)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t length = strlen(before);
	char *text = malloc(length + 4 * ((data->length + 2) / 3) + 1), *to = text;

	if (!text)
		return NULL;
	memcpy(to, before, length);
	to += length;
	for (size_t i = 0; i < data->length; i += 3) {
		size_t left = data->length - i;
		uint32_t three = (uint32_t)data->at[i] << 16 |
				 (left > 1 ? (uint32_t)data->at[i + 1] << 8 : 0) |
				 (left > 2 ? data->at[i + 2] : 0);

		*to++ = digit[three >> 18];
		*to++ = digit[three >> 12 & 63];
		*to++ = left > 1 ? digit[three >> 6 & 63] : '=';
		*to++ = left > 2 ? digit[three & 63] : '=';
	}
	*to = '\0';
	return text;
}

/* The mean of the pixels that one of the small image covers. */
static double mean_of(const float *pixel, int width, int y0, int y1, int x0, int x1)
{
	double sum = 0;

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++)
			sum += pixel[(size_t)y * (size_t)width + (size_t)x];
	return sum / ((y1 - y0) * (x1 - x0));
}

char *hb_image_uri(int height, int width, const float *pixel)
{
	int rows = height < SIDE_MOST ? height : SIDE_MOST;
	int columns = width < SIDE_MOST ? width : SIDE_MOST;
	unsigned char line[SIDE_MOST * (SIDE_MOST + 1)], *to = line;
	char *text = NULL;

	for (int y = 0; y < rows; y++) {
		*to++ = 0;
		for (int x = 0; x < columns; x++) {
			double mean =
				mean_of(pixel, width, y * height / rows, (y + 1) * height / rows,
					x * width / columns, (x + 1) * width / columns);
			*to++ = (unsigned char)lround(255 * fmin(fmax(mean, 0), 1));
		}
	}
	bytes data = png_of(rows, columns, line);
	if (data.at)
		text = base64("data:image/png;base64,", &data);
	free(data.at);
	return text;
}
