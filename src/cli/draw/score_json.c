/* SPDX-License-Identifier: MIT */
/*
 * score_json.c - scores as JSON
 */
#include "json.h"
#include "score.h"

void score_json(const hebb_score *score, const hebb_coding *coding, json_t *object)
{
	json_t *scores = json_of(hebb_score_json(score, coding));

	json_object_update(object, scores);
	json_decref(scores);
}

json_t *confusion_json(const hebb_score *score)
{
	json_t *matrix = score->confusion ? json_array() : json_null();

	for (int truth = 0; truth < score->classes && score->confusion; truth++) {
		json_t *line = json_array();
		for (int i = 0; i < score->classes; i++)
			json_array_append_new(
				line,
				json_integer(score->confusion[(size_t)truth * score->classes + i]));
		json_array_append_new(matrix, line);
	}
	return matrix;
}

json_t *classes_json(const hebb_score *score, const hebb_coding *coding)
{
	json_t *list = json_array();

	for (int i = 0; i < score->classes && score->each; i++) {
		const hebb_class_score *each = &score->each[i];
		json_t *one = json_object();
		json_object_set_new(one, "name", text_json(coding->targets[0].levels[i]));
		json_object_set_new(one, "precision", number_json(each->precision));
		json_object_set_new(one, "recall", number_json(each->recall));
		json_object_set_new(one, "f1", number_json(each->f1));
		json_object_set_new(one, "rows", json_integer(each->rows));
		json_array_append_new(list, one);
	}
	return list;
}
