/* SPDX-License-Identifier: MIT */
/*
 * names.c - the values of the enums of hebb_io.h as texts, for files and options
 */
#include <string.h>

#include "io.h"

/* The names of an enum by value, from 1 on, and both directions. */
#define NAMES(type, ...) \
	static const char *const type##_names[] = {NULL, __VA_ARGS__}; \
\
	const char *hebb_##type##_name(hebb_##type value) \
	{ \
		size_t at = (size_t)value; \
\
		return at < sizeof type##_names / sizeof *type##_names ? type##_names[at] : NULL; \
	} \
\
	hebb_##type hebb_##type##_find(const char *name) \
	{ \
		for (int i = 1; name && hebb_##type##_name((hebb_##type)i); i++) \
			if (strcmp(type##_names[i], name) == 0) \
				return (hebb_##type)i; \
		return (hebb_##type)0; \
	}

NAMES(column_kind, [HEBB_NUMBER] = "number", [HEBB_TEXT] = "text")
NAMES(form, [HEBB_FORM_PLAIN] = "plain", [HEBB_FORM_DECIMAL_COMMA] = "decimal-comma",
      [HEBB_FORM_THOUSANDS] = "thousands", [HEBB_FORM_TRUTH] = "true-false",
      [HEBB_FORM_DATE_YMD] = "date", [HEBB_FORM_DATE_DMY] = "date-dmy",
      [HEBB_FORM_DATE_MDY] = "date-mdy")
NAMES(header, [HEBB_HEADER_AUTO] = "auto", [HEBB_HEADER_YES] = "yes", [HEBB_HEADER_NO] = "no")
NAMES(task, [HEBB_TASK_AUTO] = "auto", [HEBB_CLASSIFICATION] = "classification",
      [HEBB_REGRESSION] = "regression", [HEBB_LABELS] = "labels")
NAMES(graph, [HEBB_GRAPH_AUTO] = "auto", [HEBB_GRAPH_NUMERIC] = "numeric",
      [HEBB_GRAPH_FULL] = "full")
NAMES(drift_size, [HEBB_DRIFT_NONE] = "none", [HEBB_DRIFT_SOME] = "some",
      [HEBB_DRIFT_LARGE] = "large")
NAMES(scaling, [HEBB_SCALING_STANDARD] = "standard", [HEBB_SCALING_NONE] = "none",
      [HEBB_SCALING_ROBUST] = "robust", [HEBB_SCALING_PIECEWISE] = "piecewise",
      [HEBB_SCALING_PERIODIC] = "periodic")
NAMES(target_transform, [HEBB_TARGET_NONE] = "none", [HEBB_TARGET_STANDARD] = "standard",
      [HEBB_TARGET_LOG] = "log", [HEBB_TARGET_QUANTILE] = "quantile")
NAMES(missing, [HEBB_MISSING_ERROR] = "error", [HEBB_MISSING_MEAN] = "mean",
      [HEBB_MISSING_DROP] = "drop", [HEBB_MISSING_INDICATOR] = "indicator")
