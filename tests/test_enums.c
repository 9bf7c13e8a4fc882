/* SPDX-License-Identifier: MIT */
/*
 * test_enums.c - hebb.h and the tables say the same of every value of every enum, and what a row
 * claims of an activation is so: its formula's slope, and the error of each set of kernels
 */
#include "test.h"
#include "enums.h"
#include "hebb_study.h"

/* Name, value and formula as functions of int. */
#define OF(type) \
	static const char *type##_name(int value) \
	{ \
		return hebb_##type##_name((hebb_##type)value); \
	} \
\
	static int type##_find(const char *name) \
	{ \
		return (int)hebb_##type##_find(name); \
	}
#define WITH_FORMULA(type) \
	OF(type) \
	static const char *type##_formula(int value) \
	{ \
		return hebb_##type##_formula((hebb_##type)value); \
	}
WITH_FORMULA(kind)
WITH_FORMULA(activation)
WITH_FORMULA(start)
WITH_FORMULA(loss)
WITH_FORMULA(rule)
WITH_FORMULA(precision)
WITH_FORMULA(schedule)
OF(column_kind)
OF(form)
OF(header)
OF(task)
OF(missing)
OF(scaling)
OF(target_transform)
OF(graph)
OF(drift_size)
OF(part_kind)
OF(norm)
OF(weights)
OF(preset)
OF(effort)
OF(ending)
OF(severity)
OF(baseline)
OF(strategy)
OF(metric)

static const struct {
	const char *file, *list;
	const char *(*name)(int value);
	int (*find)(const char *name);
	const char *(*formula)(int value); /* NULL: it has none */
} enums[] = {
	{"include/hebb.h", "hebb_kind", kind_name, kind_find, kind_formula},
	{"include/hebb.h", "hebb_activation", activation_name, activation_find, activation_formula},
	{"include/hebb.h", "hebb_start", start_name, start_find, start_formula},
	{"include/hebb.h", "hebb_loss", loss_name, loss_find, loss_formula},
	{"include/hebb.h", "hebb_rule", rule_name, rule_find, rule_formula},
	{"include/hebb.h", "hebb_precision", precision_name, precision_find, precision_formula},
	{"include/hebb.h", "hebb_schedule", schedule_name, schedule_find, schedule_formula},
	{"include/hebb_io.h", "hebb_column_kind", column_kind_name, column_kind_find, NULL},
	{"include/hebb_io.h", "hebb_form", form_name, form_find, NULL},
	{"include/hebb_io.h", "hebb_header", header_name, header_find, NULL},
	{"include/hebb_io.h", "hebb_task", task_name, task_find, NULL},
	{"include/hebb_io.h", "hebb_missing", missing_name, missing_find, NULL},
	{"include/hebb_io.h", "hebb_scaling", scaling_name, scaling_find, NULL},
	{"include/hebb_io.h", "hebb_target_transform", target_transform_name, target_transform_find,
	 NULL},
	{"include/hebb_io.h", "hebb_graph", graph_name, graph_find, NULL},
	{"include/hebb_io.h", "hebb_drift_size", drift_size_name, drift_size_find, NULL},
	{"include/hebb_study.h", "hebb_part_kind", part_kind_name, part_kind_find, NULL},
	{"include/hebb_study.h", "hebb_norm", norm_name, norm_find, NULL},
	{"include/hebb_study.h", "hebb_weights", weights_name, weights_find, NULL},
	{"include/hebb_study.h", "hebb_preset", preset_name, preset_find, NULL},
	{"include/hebb_study.h", "hebb_effort", effort_name, effort_find, NULL},
	{"include/hebb_study.h", "hebb_ending", ending_name, ending_find, NULL},
	{"include/hebb_study.h", "hebb_strategy", strategy_name, strategy_find, NULL},
	{"include/hebb_study.h", "hebb_metric", metric_name, metric_find, NULL},
	{"include/hebb_study.h", "hebb_severity", severity_name, severity_find, NULL},
	{"include/hebb_study.h", "hebb_baseline", baseline_name, baseline_find, NULL},
};

static int list_of(size_t which, struct listed list[LISTED_MOST])
{
	char what[80];
	int count;

	snprintf(what, sizeof what, "typedef enum %s", enums[which].list);
	count = listed_in(enums[which].file, what, list);
	while (count > 0 && list[count - 1].value == HEBB_CUSTOM) /* has no name */
		count--;
	assert_true(count > 0);
	return count;
}

/* Single blanks, as in the text of a row. */
static const char *squeezed(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++)
		if (*at != ' ' || at[1] != ' ')
			*to++ = *at;
	*to = '\0';
	return text;
}

static void check_value(size_t which, struct listed *value)
{
	const char *name = enums[which].name(value->value), *formula;

	if (!name || !*name)
		fail_msg("%s has no row", value->name);
	if (enums[which].find(name) != value->value)
		fail_msg("%s is %d by its name, %s, not %d", value->name, enums[which].find(name),
			 name, value->value);
	if (!enums[which].formula)
		return;
	formula = enums[which].formula(value->value);
	if (!formula || strncmp(squeezed(value->comment), formula, strlen(formula)) != 0)
		fail_msg("%s: the comment in hebb.h is '%s', the formula of the row '%s'",
			 value->name, value->comment, formula ? formula : "none");
}

/* Values are 1, 2, ...; each has a row, and no row is of another. */
static void every_value_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(enums); i++) {
		struct listed list[LISTED_MOST];
		int count = list_of(i, list);

		for (int k = 0; k < count; k++) {
			assert_int_equal(list[k].value, k + 1);
			check_value(i, &list[k]);
		}
		for (int value = -3; value < 300; value++)
			if (enums[i].name(value) && (value < 1 || value > count))
				fail_msg("%s: '%s' is of no value in the header", enums[i].list,
					 enums[i].name(value));
		assert_int_equal(enums[i].find(NULL), 0);
		assert_int_equal(enums[i].find(""), 0);
		assert_int_equal(enums[i].find("no such"), 0);
	}
}

/* All enums of the headers are tested here, but for the statuses, which have texts, and the types
 * of fields, which are no choice. */
static void every_enum_is_listed(void **state)
{
	static const char *const headers[] = {"include/hebb_study.h", "include/hebb.h",
					      "include/hebb_advanced.h", "include/hebb_io.h"};
	size_t found = 0;

	(void)state;
	for (size_t h = 0; h < COUNT_OF(headers); h++) {
		char *text = source_text(headers[h]);

		assert_non_null(text);
		for (char *at = text; (at = strstr(at, "typedef enum ")); at++) {
			char name[48] = "";
			size_t i = 0;

			sscanf(at, "typedef enum %47s", name);
			while (i < COUNT_OF(enums) && strcmp(enums[i].list, name) != 0)
				i++;
			if (i == COUNT_OF(enums) && strcmp(name, "hebb_status") != 0 &&
			    strcmp(name, "hebb_field_type") != 0)
				fail_msg("%s is not among the enums of this test", name);
			found += i < COUNT_OF(enums);
		}
		free(text);
	}
	assert_int_equal(found, COUNT_OF(enums));
}

static void every_status_has_its_text(void **state)
{
	struct listed list[LISTED_MOST];
	int count = listed_in("include/hebb.h", "typedef enum hebb_status", list);
	const char *unknown = hebb_strerror((hebb_status)-1);

	(void)state;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		assert_int_equal(list[i].value, i);
		assert_string_equal(squeezed(list[i].comment), hebb_strerror((hebb_status)i));
		assert_string_not_equal(hebb_strerror((hebb_status)i), unknown);
	}
	for (int i = count; i < 300; i++)
		assert_string_equal(hebb_strerror((hebb_status)i), unknown);
}

/* ---- Activations: the claims of a row ---- */

static int is_near_kink(const struct hb_activation *a, double z)
{
	for (int k = 0; k < a->kinks; k++)
		if (fabs(z - a->kink[k]) < 0.01)
			return 1;
	return 0;
}

/* f' by differences of fourth order. */
static void slopes_are_of_the_functions(void **state)
{
	const double e = 1e-3;

	(void)state;
	for (int f = 1; hebb_activation_name((hebb_activation)f); f++) {
		const struct hb_activation *a = hb_activation((hebb_activation)f);

		assert_true((a->f != NULL) == (a->derivative != NULL));
		assert_true((a->f != NULL) == (a->slope != NULL));
		for (double z = -8.03; z < 8 && a->f; z += 0.05) {
			double by = (8 * (a->f(z + e) - a->f(z - e)) -
				     (a->f(z + 2 * e) - a->f(z - 2 * e))) /
				    (12 * e);

			if (!is_near_kink(a, z))
				test_near(a->derivative(z), by, 1e-8 * (1 + fabs(by)),
					  a->entry.name);
		}
	}
}

/* What a set of kernels makes of z = -12 ... 12. */
static void check_kernel(const struct hb_kernels *set, const struct hb_activation *a)
{
	enum { COUNT = 960 };
	float z[COUNT], h[COUNT], d[COUNT];

	for (int i = 0; i < COUNT; i++) {
		z[i] = (float)(i - COUNT / 2) / 40 + 0.003f;
		d[i] = 1;
	}
	set->forward[a->kernel](COUNT / HB_LANES, HB_LANES, HB_LANES, z, h);
	set->backward[a->kernel](COUNT / HB_LANES, HB_LANES, HB_LANES, z, h, d);
	for (int i = 0; i < COUNT; i++) {
		double x = (double)z[i], f = a->f(x), slope = a->derivative(x);

		test_near((double)h[i], f,
			  a->error.absolute + a->error.relative * fabs(f) + a->error.of_z * fabs(x),
			  a->entry.name);
		if (!is_near_kink(a, x))
			test_near((double)d[i], slope, 1e-6 * (1 + fabs(slope)), a->entry.name);
	}
}

static void kernels_are_as_near_as_the_rows_say(void **state)
{
	(void)state;
	for (int f = 1; hebb_activation_name((hebb_activation)f); f++)
		for (int i = 0; hb_kernel_sets[i]; i++)
			if (hb_kernel_sets[i]->available() && hb_activation((hebb_activation)f)->f)
				check_kernel(hb_kernel_sets[i], hb_activation((hebb_activation)f));
}

/* No two activations share a kernel, and no kernel is of none. */
static void every_kernel_has_its_activation(void **state)
{
	int users[HB_MAPS] = {0};

	(void)state;
	for (int f = 1; hebb_activation_name((hebb_activation)f); f++)
		users[hb_activation((hebb_activation)f)->kernel]++;
	for (int map = 0; map < HB_MAPS; map++)
		assert_int_equal(users[map], 1);
}

/* The comment says "0.001 with adam, adamw and rmsprop", the row the number. */
static void rates_are_as_the_header_says(void **state)
{
	char *text = source_text("include/hebb.h"), *word;
	char *comment = strstr(text, "The usual learning rate of a rule:");
	double said[100] = {0}, number = 0;

	(void)state;
	assert_non_null(comment);
	*strstr(comment, "double hebb_rule_rate") = '\0';
	for (word = strtok(comment, " ,;.:*\n/"); word; word = strtok(NULL, " ,;:*\n/")) {
		int rule = rule_find(word);

		if (isdigit((unsigned char)*word))
			number = strtod(word, NULL);
		if (rule)
			said[rule] = number;
	}
	for (int rule = 1; rule_name(rule); rule++)
		if (!(said[rule] > 0) || hebb_rule_rate((hebb_rule)rule) != said[rule])
			fail_msg("%s: %g, but the header says %g", rule_name(rule),
				 hebb_rule_rate((hebb_rule)rule), said[rule]);
	assert_true(hebb_rule_rate((hebb_rule)0) == 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_has_a_row),
		cmocka_unit_test(every_enum_is_listed),
		cmocka_unit_test(every_status_has_its_text),
		cmocka_unit_test(slopes_are_of_the_functions),
		cmocka_unit_test(kernels_are_as_near_as_the_rows_say),
		cmocka_unit_test(every_kernel_has_its_activation),
		cmocka_unit_test(rates_are_as_the_header_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
