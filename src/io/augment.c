/* SPDX-License-Identifier: MIT */
/*
 * augment.c - images that change a little each time they are seen
 *
 * Row i of epoch e is a function of (seed, e, i). Its raw pixels, or a mixture of those of two
 * rows, are moved by an affine map and an elastic displacement, then scaled as the dataset is.
 *
 *   source of pixel (r, c)   center + M^-1 ((r, c) - center) - shift + displacement(r, c)
 *   M                        rotation x shear x scaling
 *   displacement             elastic (G * u),  u uniform in [-1, 1), G a Gaussian of sigma pixels
 *
 * Pixels are computed with +, -, x, / and sqrt only, or polynomials of these: the same bits on
 * every machine.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"

enum {
	AFFINE = 7,
	CUTOUT = 2,
	MIXUP = 2,
	FIXED = AFFINE + CUTOUT + MIXUP
}; /* numbers that a row draws */
enum {
	TAPS_MOST = 64,
	BORDER = 2, /* pixels of 0 around an image, where sources beyond it are */
	STRIP = 4,  /* numbers in a vector */
	BLOCK = 4 * STRIP
};

/* Each processor has vectors of this size. */
typedef float strip __attribute__((vector_size(STRIP * sizeof(float))));
typedef int32_t whole_strip __attribute__((vector_size(STRIP * sizeof(int32_t))));

struct hebb_augmented {
	const hebb_dataset *data;
	const hebb_coding *coding;
	hebb_augmentation is;
	int height, width;
	int epoch;
	int taps;                   /* of the Gaussian, on either side of the middle */
	float gauss[TAPS_MOST + 1]; /* gauss[k]: at a distance of k pixels */
};

/* ---- Numbers ---- */

/* exp(-x), x >= 0, by halving and the series. */
static double exp_minus(double x)
{
	double sum = 1, term = 1;
	int halved = 0;

	for (; x > 0.25; x /= 2)
		halved++;
	for (int k = 1; k < 16; k++)
		sum += term *= -x / k;
	while (halved-- > 0)
		sum *= sum;
	return sum;
}

/* The sine and cosine of an angle of at most 180 degrees, by halving it four times. */
static void sine_and_cosine(double degrees, double *sine, double *cosine)
{
	double x = degrees * 0.017453292519943295 / 16, s = x, c = 1, term = x, even = 1;

	for (int k = 1; k < 8; k++) {
		even *= -x * x / ((2 * k - 1) * (2 * k));
		term *= -x * x / ((2 * k) * (2 * k + 1));
		c += even;
		s += term;
	}
	for (int k = 0; k < 4; k++) {
		double twice = 2 * s * c;

		c = c * c - s * s;
		s = twice;
	}
	*sine = s;
	*cosine = c;
}

/* ---- Making ---- */

void hebb_augmentation_init(hebb_augmentation *options, size_t size, int height, int width)
{
	int side = height < width ? height : width;
	const hebb_augmentation all = {.size = sizeof all,
				       .shift = side / 14.0,
				       .rotation = 10,
				       .scaling = 0.1,
				       .shear = 0.1,
				       .sigma = 4,
				       .seed = 1};

	hebb_sized_fill(options, size, &all);
}

static hebb_status check(const hebb_coding *coding, const hebb_augmentation *is, hebb_error *error)
{
	const struct {
		const char *name;
		double value, most;
	} numbers[] = {{"shift", is->shift, 1e4},      {"rotation", is->rotation, 180},
		       {"scaling", is->scaling, 0.99}, {"shear", is->shear, 10},
		       {"elastic", is->elastic, 1e4},  {"cutout", is->cutout, 1e4},
		       {"mixup", is->mixup, 1}};

	if (coding->height < 1 || coding->width != coding->height * coding->width_of_image)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "only images can be augmented; these rows are not, or have inputs "
				 "beside their pixels");
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!(numbers[i].value >= 0 && numbers[i].value <= numbers[i].most))
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "augmentation: %s is %g; it must be from 0 to %g",
					 numbers[i].name, numbers[i].value, numbers[i].most);
	if (is->elastic > 0 && !(is->sigma >= 0.5 && is->sigma <= TAPS_MOST / 3))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "augmentation: sigma is %g; it must be from 0.5 to %d", is->sigma,
				 TAPS_MOST / 3);
	return HEBB_OK;
}

/* gauss[k] = exp(-k^2 / 2 sigma^2), made to sum to 1 over both sides. */
static void make_gauss(hebb_augmented *a)
{
	double sum = 0, raw[TAPS_MOST + 1];

	a->taps = (int)(3 * a->is.sigma) + 1;
	for (int k = 0; k <= a->taps; k++) {
		raw[k] = exp_minus(k * k / (2 * a->is.sigma * a->is.sigma));
		sum += k ? 2 * raw[k] : raw[k];
	}
	for (int k = 0; k <= a->taps; k++)
		a->gauss[k] = (float)(raw[k] / sum);
}

hebb_augmented *hebb_augmented_new(const hebb_dataset *dataset, const hebb_coding *coding,
				   const hebb_augmentation *options, hebb_error *error)
{
	hebb_augmentation known = {.size = 0};
	hebb_augmented *a;

	if (!dataset || !coding || !options) {
		hb_absent(!dataset  ? "the dataset"
			  : !coding ? "the coding"
				    : "augmentation",
			  error);
		return NULL;
	}
	if (hebb_sized_copy(&known, sizeof known, options, "the augmentation",
			    "hebb_augmentation_default()", error) ||
	    check(coding, &known, error))
		return NULL;
	if (!dataset->y || dataset->inputs != coding->width ||
	    dataset->outputs != coding->outputs) {
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  dataset->y
				  ? "the dataset is not of this coding"
				  : "the dataset has no targets; make it with HEBB_APPLY_TARGETS");
		return NULL;
	}
	a = calloc(1, sizeof *a);
	if (!a) {
		hb_out_of_memory(error);
		return NULL;
	}
	a->data = dataset;
	a->coding = coding;
	a->is = known;
	a->height = coding->height;
	a->width = coding->width_of_image;
	if (a->is.elastic > 0)
		make_gauss(a);
	return a;
}

void hebb_augmented_free(hebb_augmented *augmented)
{
	free(augmented);
}

/* ---- A row ---- */

/* Room for one thread: what each part is for. Some have a margin of zeros, and a stride of their
 * own. */
struct room {
	float *u;     /* FIXED numbers, then two a pixel if there is an elastic displacement */
	float *old;   /* raw pixels */
	float *image; /* the same with a border; `stride` */
	float *down, *right; /* displacement; `wide` */
	float *rough, *half; /* before smoothing, and smoothed along the rows; `wide` */
	int stride, wide;
	int above, beside; /* the margins of rough and half, in rows and columns */
};

/* raw = x / scale + mean, a constant pixel its mean; a row's own, or mixed with another's. */
static void add_raw(const hebb_augmented *a, long long i, float share, float *x, float *old)
{
	const hebb_coding *coding = a->coding;

	hebb_dataset_get(a->data, i, 1, x);
	for (int j = 0; j < coding->width; j++)
		old[j] += share * (coding->scale[j] > 0 ? x[j] / coding->scale[j] + coding->mean[j]
							: coding->mean[j]);
}

static strip load(const float *numbers)
{
	strip s;

	memcpy(&s, numbers, sizeof s);
	return s;
}

/* out[j] = the sum over k of gauss[k] (in[j - k step] + in[j + k step]), in this order. */
static void smooth(const hebb_augmented *a, int count, int taps, ptrdiff_t step, const float *in,
		   float *out)
{
	for (int j = 0; j < count; j += BLOCK, in += BLOCK, out += BLOCK) {
		strip sum[4] = {load(in) * a->gauss[0], load(in + STRIP) * a->gauss[0],
				load(in + 2 * STRIP) * a->gauss[0],
				load(in + 3 * STRIP) * a->gauss[0]};

		for (int k = 1; k <= taps; k++) {
			const float *before = in - k * step, *after = in + k * step;
			float g = a->gauss[k];

			sum[0] += g * (load(before) + load(after));
			sum[1] += g * (load(before + STRIP) + load(after + STRIP));
			sum[2] += g * (load(before + 2 * STRIP) + load(after + 2 * STRIP));
			sum[3] += g * (load(before + 3 * STRIP) + load(after + 3 * STRIP));
		}
		memcpy(out, sum, sizeof sum);
	}
}

/* field = elastic (G * u), zero beyond the border. Farther taps than the image is long would only
 * add zeros. Between two rows `beside` zeros serve both. */
static void displace(const hebb_augmented *a, const struct room *room, const float *u, float *field)
{
	int count = a->height * room->wide;
	float *half = room->half + room->above * room->wide;

	for (int r = 0; r < a->height; r++)
		for (int c = 0; c < a->width; c++)
			room->rough[room->beside + r * room->wide + c] =
				(2 * u[r * a->width + c] - 1) * (float)a->is.elastic;
	smooth(a, count, room->beside, 1, room->rough + room->beside, half);
	memset(half + count, 0, (size_t)(room->above * room->wide) * sizeof *half);
	smooth(a, count, room->above, room->wide, half, field);
}

static strip choose(whole_strip condition, strip yes, strip no)
{
	return (strip)(((whole_strip)yes & condition) | ((whole_strip)no & ~condition));
}

/* Places between pixels along one axis: the pixel before each, and how far behind it. What lies
 * outside of the image is moved to its border. */
static whole_strip split_places(const float *place, float end, strip *part)
{
	const strip none = {0};
	strip p = load(place);

	p = choose(p > none - BORDER, p, none - BORDER);
	p = choose(p < none + end, p, none + end);
	whole_strip before = __builtin_convertvector(p, whole_strip); /* towards 0 */
	before += p < __builtin_convertvector(before, strip);
	*part = p - __builtin_convertvector(before, strip);
	return before;
}

/* The image at STRIP points between pixels. */
static void look_up(const hebb_augmented *a, const struct room *room, const float *r,
		    const float *c, float *x)
{
	const float *image = room->image + BORDER * room->stride + BORDER;
	strip down, right, corner[4];
	whole_strip top = split_places(r, (float)a->height, &down),
		    left = split_places(c, (float)a->width, &right);

	for (int i = 0; i < STRIP; i++) {
		const float *upper = image + (ptrdiff_t)top[i] * room->stride + left[i],
			    *lower = upper + room->stride;

		corner[0][i] = upper[0];
		corner[1][i] = upper[1];
		corner[2][i] = lower[0];
		corner[3][i] = lower[1];
	}
	corner[0] = (1 - down) * ((1 - right) * corner[0] + right * corner[1]) +
		    down * ((1 - right) * corner[2] + right * corner[3]);
	memcpy(x, corner, sizeof *corner);
}

static double either_way(float u)
{
	return 2 * (double)u - 1;
}

/* M^-1, rows and columns in the order (down, right), and the shift. */
static void draw_map(const hebb_augmentation *is, const float *u, double inverse[4],
		     double shift[2])
{
	double s, c, shear = is->shear * either_way(u[1]);
	double tall = 1 + is->scaling * either_way(u[2]), wide = 1 + is->scaling * either_way(u[3]);

	sine_and_cosine(is->rotation * either_way(u[0]), &s, &c);
	shift[0] = is->shift * either_way(u[4]);
	shift[1] = is->shift * either_way(u[5]);
	/* M = R S D: down' = c down + s right, right' = -s down + c right, after right += shear
	 * (-down), after scaling */
	inverse[0] = c / tall;
	inverse[1] = -s / tall;
	inverse[2] = (s + shear * c) / wide;
	inverse[3] = (c - shear * s) / wide;
}

/* x (and up to STRIP - 1 numbers behind it) = the image moved */
static void move(const hebb_augmented *a, const struct room *room, float *x)
{
	double inverse[4], shift[2], middle_r = (a->height - 1) / 2.0,
				     middle_c = (a->width - 1) / 2.0;

	draw_map(&a->is, room->u, inverse, shift);
	for (int r = 0; r < a->height; r++, x += a->width) {
		double down = r - middle_r - shift[0], begin_r = middle_r + inverse[0] * down,
		       begin_c = middle_c + inverse[2] * down;
		const float *more_r = room->down + (ptrdiff_t)r * room->wide,
			    *more_c = room->right + (ptrdiff_t)r * room->wide;

		for (int c = 0; c < a->width; c += STRIP) {
			float from_r[STRIP], from_c[STRIP];

			for (int i = 0; i < STRIP; i++) {
				double right = c + i - middle_c - shift[1];

				from_r[i] = (float)(begin_r + inverse[1] * right +
						    (double)more_r[c + i]);
				from_c[i] = (float)(begin_c + inverse[3] * right +
						    (double)more_c[c + i]);
			}
			look_up(a, room, from_r, from_c, x + c);
		}
	}
}

static void cut_out(const hebb_augmented *a, const float *u, float *x)
{
	double middle_r = (double)u[0] * a->height, middle_c = (double)u[1] * a->width,
	       half = a->is.cutout / 2;

	for (int r = 0; r < a->height; r++)
		for (int c = 0; c < a->width; c++)
			if (fabs(r + 0.5 - middle_r) < half && fabs(c + 0.5 - middle_c) < half)
				x[r * a->width + c] = 0;
}

/* y = (1 - u) y + u z */
static void mix_targets(const hebb_augmented *a, long long other, float u, float *y)
{
	const float *z = a->data->y + other * a->data->outputs;

	for (int k = 0; k < a->data->outputs; k++)
		y[k] = (1 - u) * y[k] + u * z[k];
}

static void make_row(const hebb_augmented *a, const struct room *room, long long i, float *x,
		     float *y)
{
	const hebb_coding *coding = a->coding;
	int pixels = coding->width;
	long long drawn = FIXED + (a->is.elastic > 0 ? 2LL * pixels : 0);
	const float *cut = room->u + AFFINE, *mix = cut + CUTOUT;
	float u;

	hebb_uniform(drawn, room->u, a->is.seed,
		     1ULL << 63 | (unsigned long long)a->epoch << 40 | (unsigned long long)i);
	u = (float)a->is.mixup * mix[0];
	memcpy(y, a->data->y + i * a->data->outputs, (size_t)a->data->outputs * sizeof *y);
	memset(room->old, 0, (size_t)pixels * sizeof *room->old);
	add_raw(a, i, 1 - u, x, room->old);
	if (u > 0) {
		long long other = (long long)((double)mix[1] * (double)a->data->rows);

		add_raw(a, other, u, x, room->old);
		mix_targets(a, other, u, y);
	}
	if (a->is.elastic > 0) {
		displace(a, room, room->u + FIXED, room->down);
		displace(a, room, room->u + FIXED + pixels, room->right);
	}
	for (int r = 0; r < a->height; r++)
		memcpy(room->image + (BORDER + r) * (ptrdiff_t)room->stride + BORDER,
		       room->old + (ptrdiff_t)r * a->width, (size_t)a->width * sizeof *x);
	move(a, room, room->old);
	if (a->is.cutout > 0)
		cut_out(a, cut, room->old);
	for (int j = 0; j < pixels; j++)
		x[j] = (room->old[j] - coding->mean[j]) * coding->scale[j];
}

/* ---- The source ---- */

/* Makes the room, zeros; NULL: out of memory. */
static float *make_room(const hebb_augmented *a, struct room *room)
{
	size_t pixels = (size_t)a->coding->width, field, image;
	float *floats;

	room->stride = a->width + 2 * BORDER;
	room->above = a->taps < a->height ? a->taps : a->height - 1;
	room->beside = a->taps < a->width ? a->taps : a->width - 1;
	room->wide = a->width + room->beside;
	field = (size_t)(a->height + 2 * room->above) * (size_t)room->wide +
		2 * (size_t)room->beside + BLOCK;
	image = (size_t)(a->height + 2 * BORDER) * (size_t)room->stride;
	floats = calloc(FIXED + 3 * pixels + STRIP + image + 4 * field, sizeof *floats);
	if (!floats)
		return NULL;
	room->u = floats;
	room->old = room->u + FIXED + 2 * pixels;
	room->image = room->old + pixels + STRIP;
	room->down = room->image + image;
	room->right = room->down + field;
	room->rough = room->right + field;
	room->half = room->rough + field;
	return floats;
}

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const hebb_augmented *a = self;
	struct room room;
	float *floats = make_room(a, &room);

	(void)weight;
	if (!floats)
		return hb_out_of_memory(error);
	for (int i = 0; i < count; i++)
		make_row(a, &room, index[i], x + i * (ptrdiff_t)a->coding->width,
			 y + i * (ptrdiff_t)a->data->outputs);
	free(floats);
	return HEBB_OK;
}

static void begin(void *self, int epoch)
{
	((hebb_augmented *)self)->epoch = epoch;
}

/* A source without gather, of NULL, is refused by hebb_train(). */
void hebb_augmented_source_init(hebb_source *source, size_t size, hebb_augmented *augmented)
{
	hebb_source made = hebb_source_default();

	if (augmented)
		made = (hebb_source){.size = sizeof made,
				     .self = augmented,
				     .rows = augmented->data->rows,
				     .gather = gather,
				     .parallel = 1,
				     .begin = begin,
				     .inputs = augmented->data->inputs,
				     .outputs = augmented->data->outputs};
	hebb_sized_fill(source, size, &made);
}
