/* SPDX-License-Identifier: MIT */
/*
 * test_recipe.c - the table of recipe fields: none is missing, and it says of each what hebb.h
 * says; checks and checkpoints follow it
 */
#include "test.h"
#include "enums.h"
#include "hebb_io.h"

static const char STRUCT[] = "typedef struct hebb_recipe";

static int fields_of_header(struct listed list[LISTED_MOST])
{
	int count = listed_in("include/hebb.h", STRUCT, list);

	assert_true(count > 0);
	return count;
}

static const hebb_field *find(const char *name)
{
	const hebb_field *f;

	for (int i = 0; (f = hebb_recipe_field(i)); i++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static void no_field_is_missing(void **state)
{
	struct listed list[LISTED_MOST];
	int count = fields_of_header(list), rows = 0;

	(void)state;
	while (hebb_recipe_field(rows))
		rows++;
	for (int i = 0; i < count; i++)
		if (!find(list[i].name))
			fail_msg("recipe.%s has no row", list[i].name);
	assert_int_equal(rows, count);
	assert_null(hebb_recipe_field(-1));
}

/* A byte that is of no field is padding: fewer than 8 of them, before a field or at the end. */
static void every_byte_has_its_row(void **state)
{
	unsigned char owner[sizeof(hebb_recipe)] = {0};
	const hebb_field *f;
	int gap = 0;

	(void)state;
	for (int i = 0; (f = hebb_recipe_field(i)); i++) {
		assert_int_equal(f->size, sizeof *f);
		for (size_t k = 0; k < f->bytes; k++)
			assert_int_equal(owner[f->at + k]++, 0);
	}
	for (size_t k = 0; k < sizeof owner; k++) {
		gap = owner[k] ? 0 : gap + 1;
		assert_true(gap < (int)sizeof(double));
	}
}

/* ---- What hebb.h says in the comments: "0.9; in [0, 1). Of ..." ---- */

static double value_of(const char *word)
{
	static const char *const enums[] = {"hebb_loss", "hebb_rule", "hebb_precision",
					    "hebb_schedule"};
	struct listed list[LISTED_MOST];
	char what[80], *end;
	double number = strtod(word, &end);

	for (size_t e = 0; end == word && e < COUNT_OF(enums); e++) {
		snprintf(what, sizeof what, "typedef enum %s", enums[e]);
		for (int count = listed_in("include/hebb.h", what, list), i = 0; i < count; i++)
			if (strcspn(word, " .;") == strlen(list[i].name) &&
			    strncmp(list[i].name, word, strlen(list[i].name)) == 0)
				return list[i].value;
	}
	return end == word ? (double)NAN : number;
}

static void check_default(const struct listed *field, const hebb_field *f)
{
	if (!(value_of(field->comment) == f->standard))
		fail_msg("recipe.%s: the comment says '%s', the row %g", f->name, field->comment,
			 f->standard);
}

/* A range that a comment gives, "in [0, 1)" or "at least 0", is that of the row. */
static int check_range(const struct listed *field, const hebb_field *f)
{
	const char *text = strchr(field->comment, ';');
	double least, most;
	char begin[2], end[2];

	text = text ? text + 1 + strspn(text + 1, " ") : "";
	if (sscanf(text, "in %1[[(]%lf, %lf%1[])]", begin, &least, &most, end) == 4) {
		assert_true(begin[0] == '[' ? f->least == least : f->least > least);
		assert_true(f->most == most && f->below == (end[0] == ')'));
		return 1;
	}
	if (sscanf(text, "at least %lf", &least) == 1) {
		if (!(f->least == least && f->most >= 2147483647))
			fail_msg("recipe.%s: '%s' is not the range of the row", f->name,
				 field->comment);
		return 1;
	}
	if (sscanf(text, "above %lf", &least) == 1 && f->standard > 0) {
		assert_true(f->least > least && f->least <= 1e-30 && f->most >= 1e30);
		return 1;
	}
	return 0;
}

static void comments_say_the_same(void **state)
{
	struct listed list[LISTED_MOST];
	int count = fields_of_header(list), ranges = 0;

	(void)state;
	for (int i = 0; i < count; i++) {
		const hebb_field *f = find(list[i].name);

		if (f->type == HEBB_FIELD_OTHER)
			continue;
		check_default(&list[i], f);
		ranges += check_range(&list[i], f);
	}
	assert_true(ranges > 20); /* the comments are read */
}

/* ---- What follows from it ---- */

/* A recipe with a number in one of its fields. */
static hebb_recipe with(const hebb_field *f, double number)
{
	hebb_recipe recipe = hebb_recipe_default();
	void *at = (char *)&recipe + f->at;
	int whole = f->type == HEBB_FIELD_REAL ? 0 : (int)number;

	recipe.loss = HEBB_CROSS_ENTROPY; /* label smoothing wants it */
	if (f->type == HEBB_FIELD_REAL)
		memcpy(at, &number, f->bytes);
	else
		memcpy(at, &whole, f->bytes);
	return recipe;
}

static void expect(const hebb_net *net, const hebb_field *f, double number, int right)
{
	hebb_recipe recipe = with(f, number);
	hebb_error error = {.message = ""};
	hebb_status status = hb_recipe_check(net, &recipe, &error);

	if (right)
		test_ok(status, &error);
	else
		test_failed(status, &error, HEBB_BAD_ARGUMENT, f->name);
}

static void ranges_are_checked(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_SIGMOID);
	hebb_net *net = test_net(3, 1, &layer, 1);
	const hebb_field *f;

	(void)state;
	for (int i = 0; (f = hebb_recipe_field(i)); i++) {
		int real = f->type == HEBB_FIELD_REAL;

		if (f->type == HEBB_FIELD_NAME) {
			expect(net, f, 0, 0);
			expect(net, f, 99, 0);
		}
		if (!real && f->type != HEBB_FIELD_INT)
			continue;
		expect(net, f, f->least, 1);
		expect(net, f, real ? nextafter(f->least, -1) : f->least - 1, 0);
		expect(net, f, f->below ? nextafter(f->most, 0) : f->most, 1);
		if (real || f->most < 2147483647)
			expect(net, f, f->below ? f->most : f->most + (real ? 0.001 : 1), 0);
		if (real)
			expect(net, f, (double)NAN, 0);
	}
	hebb_net_free(net);
}

/* What checkpoints of format 1 hold, in their order. */
static const char *const format_1[] = {
	"loss",         "rule",        "rate",           "momentum", "beta1",
	"beta2",        "rho",         "epsilon",        "l1",       "l2",
	"weight_decay", "batch",       "shuffle",        "patience", "seed",
	"precision",    "warmup",      "decay",          "schedule", "stages",
	"plateau",      "accumulate",  "clip",           "max_norm", "average",
	"average_from", "huber_delta", "label_smoothing"};

static void format_1_stays(void **state)
{
	const hebb_field *f;
	size_t k = 0;

	(void)state;
	for (int i = 0; (f = hebb_recipe_field(i)) && k < COUNT_OF(format_1); i++)
		if (f->resumes)
			assert_string_equal(f->name, format_1[k++]);
	assert_int_equal(k, COUNT_OF(format_1));
}

/* The text of a checkpoint has each field that may not change, in the order of the rows, and no
 * other. */
static void checkpoints_have_what_may_not_change(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = test_net(3, 1, &layer, 1);
	hebb_trainer *trainer = test_trainer(net, &recipe);
	hebb_checkpoint *checkpoint;
	unsigned char *bytes;
	const hebb_field *f;
	const char *at;
	hebb_error error;
	size_t size;

	(void)state;
	test_ok(hebb_checkpoint_format(trainer, NULL, &bytes, &size, &error), &error);
	checkpoint = hebb_checkpoint_parse(bytes, size, "bytes", &error);
	assert_non_null(checkpoint);
	at = hebb_checkpoint_text(checkpoint, "recipe");
	for (int i = 0; (f = hebb_recipe_field(i)); i++) {
		char key[40];

		if (!f->resumes)
			continue;
		snprintf(key, sizeof key, "%c\"%s\":", *at, f->name);
		if (strncmp(at, key, strlen(key)) != 0)
			fail_msg("%s is not where it was: %s", f->name, at);
		at += 1 + strcspn(at + 1, ",}");
	}
	assert_string_equal(at, "}");
	hebb_checkpoint_free(checkpoint);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_field_is_missing),
		cmocka_unit_test(every_byte_has_its_row),
		cmocka_unit_test(comments_say_the_same),
		cmocka_unit_test(ranges_are_checked),
		cmocka_unit_test(format_1_stays),
		cmocka_unit_test(checkpoints_have_what_may_not_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
