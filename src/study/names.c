/* SPDX-License-Identifier: MIT */
/*
 * names.c - the values of the enums of hebb_study.h as texts, for records and options
 */
#include <string.h>

#include "hebb_study.h"

/* The names of an enum by value, from 1 on, and both directions. */
#define NAMES(type, ...) \
	static const char *const type##_names[] = {NULL, __VA_ARGS__}; \
\
	const char *hebb_##type##_name(hebb_##type value) \
	{ \
		size_t index = (size_t)value; \
\
		return index < sizeof type##_names / sizeof *type##_names ? type##_names[index] \
									  : NULL; \
	} \
\
	hebb_##type hebb_##type##_find(const char *name) \
	{ \
		for (int i = 1; name && hebb_##type##_name((hebb_##type)i); i++) \
			if (strcmp(type##_names[i], name) == 0) \
				return (hebb_##type)i; \
		return (hebb_##type)0; \
	}

NAMES(part_kind, [HEBB_PART_NONE] = "none", [HEBB_PART_FRACTION] = "fraction",
      [HEBB_PART_LAST] = "last", [HEBB_PART_TABLE] = "table", [HEBB_PART_OWN] = "own")
NAMES(norm, [HEBB_NORM_NONE] = "none", [HEBB_NORM_BATCH] = "batch", [HEBB_NORM_LAYER] = "layer")
NAMES(weights, [HEBB_WEIGHTS_NONE] = "none", [HEBB_WEIGHTS_BALANCED] = "balanced")
NAMES(preset, [HEBB_PRESET_TUTORIAL] = "tutorial")
NAMES(effort, [HEBB_EFFORT_QUICK] = "quick", [HEBB_EFFORT_GOOD] = "good",
      [HEBB_EFFORT_BEST] = "best")
NAMES(strategy, [HEBB_STRATEGY_RANDOM] = "random", [HEBB_STRATEGY_HALVING] = "halving")
NAMES(metric, [HEBB_METRIC_LOSS] = "loss", [HEBB_METRIC_ACCURACY] = "accuracy",
      [HEBB_METRIC_BALANCED_ACCURACY] = "balanced-accuracy", [HEBB_METRIC_LOG_LOSS] = "log-loss",
      [HEBB_METRIC_RMSE] = "rmse")
NAMES(severity, [HEBB_SEVERITY_INFO] = "info", [HEBB_SEVERITY_WARNING] = "warning",
      [HEBB_SEVERITY_ERROR] = "error")
NAMES(baseline, [HEBB_BASELINE_MEAN] = "mean", [HEBB_BASELINE_BLACK] = "black")
NAMES(ending, [HEBB_ENDED_EPOCHS] = "epochs", [HEBB_ENDED_PATIENCE] = "patience",
      [HEBB_ENDED_TIME] = "time", [HEBB_ENDED_CONVERGED] = "converged",
      [HEBB_ENDED_STOPPED] = "stopped", [HEBB_ENDED_DIVERGED] = "diverged")
