/* SPDX-License-Identifier: MIT */
/* study_csv.c - from a CSV file to a scored model: study_csv DATA.csv, whose last column it
 * predicts */
#include <stdio.h>
#include "hebb_study.h"

static void tell(const hebb_findings *findings)
{
	for (int i = 0; i < findings->count; i++)
		if (findings->list[i].severity >= HEBB_SEVERITY_WARNING)
			printf("%s: %s; %s\n", findings->list[i].code, findings->list[i].message,
			       findings->list[i].advice);
}

int main(int argc, char **argv)
{
	hebb_findings findings = hebb_findings_default();
	hebb_error error = {.status = HEBB_OK};
	hebb_table *table =
		hebb_table_read(argc > 1 ? argv[1] : "digits", HEBB_HEADER_AUTO, &error);
	hebb_study study = hebb_study_of(table); /* other settings are chosen from the data */
	hebb_result result = {.size = sizeof result};

	if (table && !hebb_study_check(&study, &findings, NULL, NULL, &error) &&
	    !hebb_study_run(&study, &result, &error)) {
		tell(&findings);
		if (result.test.classes)
			printf("accuracy %.3f (%.3f to %.3f) on %lld rows held out\n",
			       result.test.accuracy, result.test.accuracy_low,
			       result.test.accuracy_high, result.test.rows);
		else
			printf("rmse %g on %lld rows\n", result.test.mean.rmse, result.test.rows);
		hebb_model_write(result.model, "study_csv.onnx", &error);
	}
	if (error.status)
		fprintf(stderr, "%s\n", error.message);
	hebb_result_free(&result);
	hebb_table_free(table);
	return error.status != HEBB_OK;
}
