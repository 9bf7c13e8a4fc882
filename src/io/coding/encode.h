/* SPDX-License-Identifier: MIT */
/*
 * encode.h - what becomes of x = (raw - mean) * scale: an input of the network is f(x)
 *
 * f depends on the scaling of its column. Each f bounds x first, and computes in float32 with +, -,
 * *, /, sqrt() and the sine of encode.c, so that its bits are the same on every machine. The graph
 * of a model file has the same operators (model/encoder.h).
 */
#ifndef HEBB_IO_ENCODE_H
#define HEBB_IO_ENCODE_H

#include "../io.h"

/* Robust scaling: x / sqrt(1 + (x / 3)^2) stays between -3 and 3. */
#define HB_THIRD (1 / 3.0F)

/* Beyond it robust scaling is at its limit, and a wave means nothing: floats there are 1/8 apart.
 */
#define HB_FAR 0x1p20F

/* Periodic scaling: the input k of a column is sin(x + phase). */
static inline float hb_phase(int k)
{
	return k % 2 ? 1.57079632679489662F : 0;
}

/* The least and the most x of a scaling whose bounds do not depend on the column. */
struct hb_bounds {
	float least, most;
};
struct hb_bounds hb_bounds_of(hebb_scaling scaling);

/* A column that is encoded in one way. */
static inline hebb_encoding hb_one_way(hebb_scaling scaling, int inputs)
{
	return (hebb_encoding){.inputs = inputs, .ways = 1, .way = {{scaling, inputs}}};
}

/* Whether input column i becomes anything but (raw - mean) * scale. */
static inline int hb_is_encoded(const hebb_coding *coding, int i)
{
	const hebb_encoding *is = coding->encoding ? &coding->encoding[i] : NULL;

	return is && (is->ways > 1 || is->way[0].scaling != HEBB_SCALING_STANDARD);
}

/* Puts f(x) in the place of each x of a row. All of them are finite, and the coding encodes. */
void hb_encode_row(const hebb_coding *coding, float *x);

/* NULL, or what is wrong with how a coding encodes its columns. */
const char *hb_encoding_flaw(const hebb_coding *coding);

/* Likewise with the edges of piecewise scaling. */
const char *hb_edges_flaw(const hebb_coding *coding);

#endif
