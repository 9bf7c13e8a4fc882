/* SPDX-License-Identifier: MIT */
/*
 * test_comparison.c - the page of a comparison: what it shows, how large it is, and JSON of any
 * kind
 */
#include "test.h"
#include "hebb_study.h"

enum { PAGE_MOST = 500000 };

static char *page_of(const char *comparison)
{
	hebb_error error;
	char *text;
	size_t size = 0;

	test_ok(hebb_comparison_format(comparison, &text, &size, &error), &error);
	assert_int_equal(strlen(text), size);
	assert_in_range(size, 1000, PAGE_MOST);
	assert_true(hebb_report_is_ours(text, size));
	return text;
}

static void check_text(const char *page, const char *wanted)
{
	if (!strstr(page, wanted))
		fail_msg("the page has no '%s'", wanted);
}

static int count_of(const char *page, const char *wanted)
{
	int count = 0;

	for (; (page = strstr(page, wanted)); page += strlen(wanted))
		count++;
	return count;
}

static const char two[] =
	"{\"models\": [{\"name\": \"a.onnx\", \"scores\": {\"loss\": 0.1, \"accuracy\": 0.9, "
	"\"accuracy_ci\": [0.85, 0.95]}, \"run\": {\"data\": \"d\", \"parameters\": 1210}, "
	"\"options\": {\"rate\": 0.01, \"seed\": 12345, \"layers\": [30, 20]}}, "
	"{\"name\": \"b.onnx\", \"scores\": {\"loss\": 0.3, \"accuracy\": 0.8, "
	"\"accuracy_ci\": [0.7, 0.84]}, \"run\": {\"data\": \"d\", \"parameters\": 99}, "
	"\"options\": {\"rate\": 0.02, \"seed\": 12345, \"layers\": []}}], "
	"\"sorted_by\": \"accuracy\", \"same_rows\": false, \"differing\": [\"rate\", \"layers\"], "
	"\"same\": {\"seed\": 12345, \"norm\": \"none\", \"l2\": 0, \"batch\": 32}}";

static void shows_what_differs(void **state)
{
	char *page = page_of(two);

	(void)state;
	assert_int_equal(count_of(page, "<tr><th scope=\"row\""), 2);
	check_text(page, "95&#160;% interval 0.85–0.95");
	check_text(page, "their intervals do not overlap");
	check_text(page, "<b>0.1</b>"); /* ahead of the next by */
	check_text(page, "The scores are of different rows");
	check_text(page, "<td class=\"left\">30, 20</td>");
	check_text(page, "<td class=\"left\">none</td>");
	check_text(page, "<td>1,210</td>");
	check_text(page, "<dt>seed</dt><dd>12345</dd>");
	check_text(page, "<dt>batch</dt><dd>32</dd>");
	assert_int_equal(count_of(page, "<dt>norm</dt>") + count_of(page, "<dt>l2</dt>"), 0);
	assert_int_equal(count_of(page, "<svg class=\"range\""), 2);
	check_text(page, " aria-sort=\"descending\"");
	assert_null(strstr(page, ">data<")); /* the same in both */
	check_text(page, "{\"columns\": [\"name\", \"accuracy\", \"rate\", \"layers\"");
	free(page);
}

/* Anything that is JSON gives a page, or a sentence. */
static void any_json(void **state)
{
	static const char *const fine[] = {
		"{\"models\": [1]}",
		"{\"models\": [null, [], \"x\", {}]}",
		"{\"models\": [{\"name\": 3, \"scores\": [], \"run\": \"x\", \"options\": 4}]}",
		"{\"models\": [{\"scores\": {\"a_ci\": [1], \"b\": [[[]], {}], \"c\": \"x\"}}, "
		"{}]}",
		"{\"models\": [{}, {}], \"sorted_by\": 3, \"same\": [], \"differing\": {}}",
		"{\"models\": [{}, {}], \"sorted_by\": \"a\", \"differing\": [null, 3, \"rate\"], "
		"\"same\": {\"a\": {}, \"b\": [[]], \"c\": [{}]}}",
		"{\"models\": [{\"scores\": {\"loss\": 1e308, \"loss_ci\": [-1e308, 1e308]}}, "
		"{\"scores\": {\"loss\": -1e308, \"loss_ci\": [2, 1]}}], \"sorted_by\": \"loss\"}",
		"{\"models\": [{\"name\": \"</script><script>\\u0001\\u202e\\\"'\"}], "
		"\"sorted_by\": \"<b>\", \"same\": {\"<i>\": \"<u>\"}}"};
	static const char *const wrong[] = {
		"", "x", "[]", "{}", "{\"models\": []}", "{\"models\": 3}"};
	hebb_error error;
	size_t size;
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(fine); i++) {
		char *page = page_of(fine[i]);

		assert_null(strstr(page, "<i>"));
		assert_null(strstr(page, "<u>"));
		assert_null(strstr(page, "<b><b>"));
		assert_null(strchr(page, '\1'));
		free(page);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		test_failed(hebb_comparison_format(wrong[i], &text, &size, &error), &error,
			    HEBB_BAD_ARGUMENT, "no models");
	test_failed(hebb_comparison_format(NULL, &text, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "no models");
}

/* Models with so many scores and options each, all different, of long texts in letters that take
 * most room. */
static char *many_models(int models, int scores, int options)
{
	size_t room = 400 + (size_t)models * (200 + 40 * (size_t)scores + 200 * (size_t)options) +
		      20 * (size_t)options;
	char *text = malloc(room), *to = text;

	to += sprintf(to, "{\"sorted_by\": \"accuracy\", \"models\": [");
	for (int i = 0; i < models; i++) {
		to += sprintf(to, "%s{\"name\": \"model %d\", \"scores\": {\"accuracy\": %g",
			      i ? "," : "", i, 1.0 / (i + 2));
		for (int k = 0; k < scores; k++)
			to += sprintf(to, ", \"s%d\": %.9g", k, i * 1.1 + k / 7.0);
		to += sprintf(to, "}, \"options\": {\"x\": 1");
		for (int k = 0; k < options; k++)
			to += sprintf(to,
				      ", \"o%d\": \"%d <<<<<<<<<<&&&&&&&&\\u2028\\u2028 "
				      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"",
				      k, i);
		to += sprintf(to, "}}");
	}
	to += sprintf(to, "], \"differing\": [\"x\"");
	for (int k = 0; k < options; k++)
		to += sprintf(to, ", \"o%d\"", k);
	sprintf(to, "]}");
	return text;
}

static void stays_small(void **state)
{
	static const int models[] = {1, 2, 50, 1000, 5000}, scores[] = {0, 10, 200},
			 options[] = {0, 1, 60, 500};

	(void)state;
	for (size_t m = 0; m < COUNT_OF(models); m++)
		for (size_t s = 0; s < COUNT_OF(scores); s++)
			for (size_t o = 0; o < COUNT_OF(options); o++) {
				if (models[m] * (scores[s] + options[o]) > 100000)
					continue;
				char *text = many_models(models[m], scores[s], options[o]);
				char *page = page_of(text);
				int shown = count_of(page, "<tr><th scope=\"row\"");

				assert_in_range(shown, 1, models[m]);
				if (shown < models[m])
					check_text(page, "models are shown");
				if (options[o] > 40)
					check_text(page, "options that differ are shown");
				free(page);
				free(text);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_differs),
		cmocka_unit_test(any_json),
		cmocka_unit_test(stays_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
