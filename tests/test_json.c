/* SPDX-License-Identifier: MIT */
/*
 * test_json.c - the reader of JSON against jansson: it accepts the same texts, and says the same of
 * what is in them
 *
 * Its source is included, so that texts of a few bytes are cut into pieces too.
 */
#include <limits.h>
#include "test.h"
#include <jansson.h>
static size_t piece_size = 4096;
#define PIECE piece_size
#include "io/json.c"

/* ---- What jansson made of a text, found again ---- */

static int find_in(const json_t *tree, hb_json value);

static int find_elements(const json_t *array, hb_json value)
{
	hb_json_walk walk = hb_json_begin(value);
	size_t i;
	json_t *element;

	json_array_foreach(array, i, element) if (!hb_json_next(&walk) ||
						  !find_in(element, walk.value)) return 0;
	return hb_json_kind(value) == '[' && hb_json_count(value) == json_array_size(array) &&
	       !hb_json_next(&walk);
}

static int says(hb_json value, const char *expected)
{
	char *text;
	int same;

	assert_int_equal(hb_json_text(value, &text), HEBB_OK);
	same = strcmp(text, expected) == 0;
	free(text);
	return same;
}

static int is_plain(hb_json string)
{
	return !memchr(string.at, '\\', string.size);
}

/* By the key, and in the order of the text. */
static int find_members(const json_t *object, hb_json value)
{
	hb_json_walk walk = hb_json_begin(value);
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)object, key, member)
	{
		if (!hb_json_next(&walk) || !says(walk.key, key) || !find_in(member, walk.value))
			return 0;
		if (is_plain(walk.key) && hb_json_get(value, key).at != walk.value.at)
			return 0;
	}
	return hb_json_kind(value) == '{' && hb_json_count(value) == json_object_size(object) &&
	       !hb_json_next(&walk) && !hb_json_get(value, "absent").at;
}

static int find_text(const char *expected, hb_json value)
{
	char buffer[16];

	hb_json_word(value, buffer, sizeof buffer);
	return says(value, expected) &&
	       (!is_plain(value) || (hb_json_is(value, expected) &&
				     strcmp(buffer, strlen(expected) < 16 ? expected : "") == 0));
}

static int find_number(const json_t *expected, hb_json value)
{
	long long integer = 0;
	float number = 0;
	int is_integer = hb_json_integer(value, LLONG_MIN, LLONG_MAX, &integer);
	int is_float = hb_json_float(value, &number);
	double exact = json_number_value(expected);

	if (is_integer != json_is_integer(expected) ||
	    (is_integer && integer != json_integer_value(expected)))
		return 0;
	return is_float ? number == (float)exact : fabs(exact) > 3.4e38;
}

static int find_in(const json_t *tree, hb_json value)
{
	switch (json_typeof(tree)) {
	case JSON_OBJECT:
		return find_members(tree, value);
	case JSON_ARRAY:
		return find_elements(tree, value);
	case JSON_STRING:
		return find_text(json_string_value(tree), value);
	case JSON_INTEGER:
	case JSON_REAL:
		return find_number(tree, value);
	case JSON_TRUE:
		return hb_json_kind(value) == 't';
	case JSON_FALSE:
		return hb_json_kind(value) == 'f';
	case JSON_NULL:
		break;
	}
	return hb_json_kind(value) == 'n';
}

static void compare(const char *text, size_t size, const json_t *tree)
{
	char shown[201];
	hb_json json;
	hebb_status status = hb_json_check(text, size, &json);

	snprintf(shown, sizeof shown, "%.*s", (int)size, text);
	if (status != (tree ? HEBB_OK : HEBB_BAD_FORMAT) || !json.at != !tree)
		fail_msg("in pieces of %zu status %d, where jansson %s: %s", piece_size,
			 (int)status, tree ? "accepts" : "refuses", shown);
	if (tree && !find_in(tree, json))
		fail_msg("other values: %s", shown);
	if (tree && hb_json_same(json, json) != 1)
		fail_msg("not the same as itself: %s", shown);
}

/* 1 if all accept it: jansson as a whole, and in pieces of some sizes. */
static int agree(const char *text, size_t size)
{
	static const size_t pieces[] = {1, 6, 20, 4096};
	char *copy = test_memory(size); /* so that a sanitizer sees its end */

	memcpy(copy, text, size);
	json_t *tree = json_loadb(copy, size, JSON_REJECT_DUPLICATES, NULL);
	int accepted = tree != NULL;

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		piece_size = pieces[i];
		compare(copy, size, tree);
	}
	piece_size = 4096;
	json_decref(tree);
	free(copy);
	return accepted;
}

/* ---- Texts ---- */

static const char *const good[] = {
	"[]",
	" { } \n",
	"[[],{},[[]]]",
	"[true,false,null]",
	"{\"a\":1,\"b\":[2,{\"a\":3}],\"c\":{\"a\":\"b\",\"b\":[]}}",
	"\t[ 0 , -0, 10,-7 , 0.5 ,-0.25, 1e5, 1E-5, 2.5e+3, 1e-400 ]\r\n",
	"[9223372036854775807,-9223372036854775808,123456789012345678,1e308]",
	"[\"\",\"a\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"]",
	"[\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\"]",
	"[\"\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]",
	"{\"\":0,\" \":1,\"\\u0061b\":2,\"ba\":3,\"]\":4,\"}\\\"{\":5,\",\":\":\"}",
	"[\"]\",\"[\",\"\\\\\",\"\\\"]\",\"{\"]",
};

static const char *const bad[] = {
	"",
	" ",
	"[",
	"]",
	"{",
	"}",
	"\"a\"",
	"1",
	"true",
	"[}",
	"{]",
	"[]]",
	"[][]",
	"[] x",
	"{}}",
	"[,]",
	"[1,]",
	"[,1]",
	"[1 2]",
	"[1,,2]",
	"[\"a\"\"b\"]",
	"[1\"a\"]",
	"[[]1]",
	"{,}",
	"{1:2}",
	"{\"a\"}",
	"{\"a\":}",
	"{\"a\":1,}",
	"{\"a\" 1}",
	"{\"a\":1 \"b\":2}",
	"{\"a\",1}",
	"{\"a\"::1}",
	"{a:1}",
	"[tru]",
	"[truee]",
	"[True]",
	"[nul]",
	"[nullnull]",
	"[true1]",
	"[1true]",
	"[NaN]",
	"[Infinity]",
	"[01]",
	"[-]",
	"[-a]",
	"[+1]",
	"[.5]",
	"[1.]",
	"[1.e5]",
	"[1e]",
	"[1e+]",
	"[1-2]",
	"[1.5.2]",
	"[0x10]",
	"[--1]",
	"[9223372036854775808]",
	"[-9223372036854775809]",
	"[1e309]",
	"[-1e400]",
	"[\"]",
	"[\"a]",
	"[\"\\\"]",
	"[\"\\x\"]",
	"[\"\\u12\"]",
	"[\"\\u12g4\"]",
	"[\"\\u0000\"]",
	"{\"\\u0000\":1}",
	"[\"\\ud800\"]",
	"[\"\\udc00\"]",
	"[\"\\ud800\\u0041\"]",
	"[\"\\ud800\\ud800\"]",
	"[\"\\ud800x\"]",
	"[\"\n\"]",
	"[\"\x1f\"]",
	"[\"\x80\"]",
	"[\"\xc1\xbf\"]",
	"[\"\xe0\x9f\xbf\"]",
	"[\"\xed\xa0\x80\"]",
	"[\"\xf0\x8f\xbf\xbf\"]",
	"[\"\xf4\x90\x80\x80\"]",
	"[\"\xf5\x80\x80\x80\"]",
	"[\"\xe2\x82\"]",
	"[\"\xc3\"]",
	"\xef\xbb\xbf[]",
	"[1]\xff",
	"[\v1]",
	"[/**/]",
	"{\"a\":1,\"a\":2}",
	"{\"a\":1,\"\\u0061\":2}",
	"{\"a\":1,\"b\":{\"a\":1},\"c\":0,\"a\":1}",
	"{\"b\":{\"x\":1,\"y\":2,\"x\":3}}",
	"[{\"a\":1},{\"a\":1,\"a\":1}]",
};

static void each_kind_of_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (!agree(good[i], strlen(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (agree(bad[i], strlen(bad[i])))
			fail_msg("accepted: %s", bad[i]);
	assert_false(agree("[\0]", 3));
	assert_false(agree("[]\0", 3));
	assert_false(agree("[\"\0\"]", 5));
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		for (size_t cut = 0; cut < strlen(good[i]); cut++)
			agree(good[i], cut);
}

/* Bytes that mean something are put in, taken out and changed, alone and together. */
static void mutations(void **state)
{
	static const char mean[] =
		"[]{},:\"\\ \n0123e+-.truefalsenull\"a\"u\x80\xc3\xe2\x82\xac\xf0";
	uint64_t draw = 1;
	int accepted = 0, refused = 0;

	(void)state;
	for (int i = 0; i < 30000; i++) {
		const char *from = good[i % (int)COUNT_OF(good)];
		size_t size = strlen(from);
		char text[256];

		memcpy(text, from, size);
		for (int k = 0; k <= i % 3; k++) {
			draw = draw * 6364136223846793005u + 1442695040888963407u;
			size_t at = (size_t)(draw >> 33) % (size + 1);
			char byte = mean[(draw >> 20) % (sizeof mean - 1)];
			if (draw >> 62 == 0) { /* in */
				memmove(text + at + 1, text + at, size - at);
				text[at] = byte;
				size++;
			} else if (at < size && draw >> 62 == 1) { /* out */
				memmove(text + at, text + at + 1, size - at - 1);
				size--;
			} else if (at < size) {
				text[at] = byte;
			}
		}
		int both = agree(text, size);
		accepted += both;
		refused += !both;
	}
	assert_true(accepted > 2500 && refused > 2500);
}

/* Whether `times` openings, what is in the middle, and as many ends are accepted. */
static int nested(size_t times, const char *open, const char *middle, const char *close)
{
	size_t a = strlen(open), b = strlen(middle), c = strlen(close), size = times * (a + c) + b;
	char *text = test_memory(size);
	hb_json json;

	for (size_t i = 0; i < times; i++) {
		memcpy(text + i * a, open, a);
		memcpy(text + times * a + b + i * c, close, c);
	}
	memcpy(text + times * a, middle, b);
	hebb_status status = hb_json_check(text, size, &json);
	free(text);
	return status == HEBB_OK;
}

/* As deep as jansson goes in 4 KB; sixteen levels of more. */
static void how_deep(void **state)
{
	(void)state;
	assert_true(nested(2047, "[", "1", "]"));
	assert_true(nested(600, "{\"a\":", "1", "}"));
	assert_true(nested(2048 + NESTED, "[", "", "]"));
	assert_false(nested(2048 + NESTED + 1, "[", "", "]"));
	assert_false(nested(800, "{\"a\":", "1", "}"));
	assert_false(nested(100000, "[", "", "]"));
	assert_false(nested(100000, "{\"\":", "", ""));
	piece_size = 2;
	assert_true(nested(NESTED, "[ ", "10", " ]"));
	assert_false(nested(NESTED + 1, "[ ", "10", " ]"));
	piece_size = 4096;
}

/* Many keys, the last of which is one of them; and a long number. */
static void many_keys_and_a_long_number(void **state)
{
	enum { KEYS = 1500 };
	char *text = test_memory(KEYS * 16), digits[1200];
	size_t size = 1, first = 0;

	(void)state;
	text[0] = '{';
	for (int i = 0; i < KEYS; i++) {
		first = size;
		size += (size_t)sprintf(text + size, "\"k%d\":%d,", i * 791 % KEYS, i);
	}
	text[size - 1] = '}';
	assert_true(agree(text, size));
	sprintf(text + first, "\"k%d\":1}", 1321);
	assert_false(agree(text, strlen(text)));
	free(text);

	memset(digits, '1', sizeof digits);
	memcpy(digits, "[0.", 3);
	digits[sizeof digits - 1] = ']';
	assert_true(agree(digits, sizeof digits));
}

static int same(const char *a, const char *b)
{
	hb_json one, other;

	assert_int_equal(hb_json_check(a, strlen(a), &one), HEBB_OK);
	assert_int_equal(hb_json_check(b, strlen(b), &other), HEBB_OK);
	assert_int_equal(hb_json_same(one, other), hb_json_same(other, one));
	return hb_json_same(one, other);
}

static void what_is_the_same(void **state)
{
	(void)state;
	assert_true(same("[1,\"a\",null]", " [ 1 , \"\\u0061\" , null ] "));
	assert_true(same("{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"\\u0061\":1}"));
	assert_true(same("[0.1]", "[0.10000000000000001]"));
	assert_false(same("[0.1]", "[0.11]"));
	assert_false(same("[1]", "[1.0]")); /* as jansson has it */
	assert_false(same("[1]", "[2]"));
	assert_false(same("[1]", "[\"1\"]"));
	assert_false(same("[1]", "[1,2]"));
	assert_false(same("[]", "[1]"));
	assert_false(same("[]", "{}"));
	assert_false(same("[true]", "[false]"));
	assert_false(same("[\"ab\"]", "[\"a\"]"));
	assert_false(same("{\"a\":1}", "{\"b\":1}"));
	assert_false(same("{\"a\":1}", "{\"a\":2}"));
	assert_false(same("{\"a\":1}", "{\"a\":1,\"b\":2}"));
	assert_true(hb_json_same((hb_json){0}, (hb_json){0}) == 1);
	piece_size = 7; /* of more no tree is made */
	assert_true(same("[[1, 2]]", "[[1, 2]]"));
	assert_false(same("[[1, 2]]", "[[1,2]]"));
	piece_size = 4096;
	assert_false(hb_json_same((hb_json){0}, (hb_json){"1 ", 1}));
}

/* What is not there, or of another kind, has nothing in it. */
static void nothing_is_in_nothing(void **state)
{
	static const char text[] = "[1,\"a\",true,\"long enough\",1.5,1e39]";
	const hb_json none = {0};
	hb_json json, value[6];
	char buffer[4];
	char *copy;
	long long integer;
	float number;
	int i = 0;

	(void)state;
	assert_int_equal(hb_json_check(text, sizeof text - 1, &json), HEBB_OK);
	for (hb_json_walk walk = hb_json_begin(json); hb_json_next(&walk);)
		value[i++] = walk.value;
	assert_int_equal(i, 6);
	assert_null(hb_json_get(json, "a").at);
	assert_int_equal(hb_json_count(none) + hb_json_count(value[1]), 0);
	assert_null(hb_json_get(none, "a").at);
	assert_int_equal(hb_json_kind(none), 0);
	assert_false(hb_json_is(none, "") || hb_json_is(value[0], "1"));
	assert_string_equal(hb_json_word(none, buffer, 4), "");
	assert_string_equal(hb_json_word(value[1], buffer, 4), "a");
	assert_string_equal(hb_json_word(value[3], buffer, 4), "");
	assert_int_equal(hb_json_text(none, &copy), HEBB_BAD_FORMAT);
	assert_int_equal(hb_json_text(value[0], &copy), HEBB_BAD_FORMAT);
	assert_false(hb_json_integer(none, 0, 9, &integer) ||
		     hb_json_integer(value[4], 0, 9, &integer) ||
		     hb_json_integer(value[1], 0, 9, &integer) ||
		     hb_json_integer(value[0], 2, 9, &integer) ||
		     hb_json_integer(value[0], -9, 0, &integer));
	assert_true(hb_json_integer(value[0], 1, 1, &integer) && integer == 1);
	assert_false(hb_json_float(none, &number) || hb_json_float(value[1], &number) ||
		     hb_json_float(value[5], &number));
	assert_true(hb_json_float(value[4], &number) && number == 1.5F);
	assert_true(hb_json_float(value[0], &number) && number == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_text),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(mutations),
		cmocka_unit_test(how_deep),
		cmocka_unit_test(many_keys_and_a_long_number),
		cmocka_unit_test(what_is_the_same),
		cmocka_unit_test(nothing_is_in_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
