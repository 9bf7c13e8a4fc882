/* SPDX-License-Identifier: MIT */
/*
 * tables.h - reading the tables that a command works on
 *
 * What a reader notes of a table is printed once, here.
 */
#ifndef HEBB_CLI_TABLES_H
#define HEBB_CLI_TABLES_H

#include "hebb_study.h"

/* hebb_table_read_with() and hebb_table_parse_with(), whose notes are printed. */
hebb_table *table_read(const char *data, const hebb_table_options *how, hebb_error *error);
hebb_table *table_parse(const void *bytes, size_t size, const char *name,
			const hebb_table_options *how, hebb_error *error);

/* hebb_stream_next(), whose notes are printed. */
hebb_status table_next(hebb_stream *stream, hebb_table **table, hebb_error *error);

/* How to read a table for a model: as the options say and, where these say nothing, as the table
 * that it was trained on, by its coding and its record.  *room is to be freed when the table is
 * read. */
hebb_table_options table_options_of(const hebb_study *given, const hebb_model *model, char **room);

/* Reads a table for a model in this way. */
hebb_table *table_read_for(const char *data, const hebb_study *given, const hebb_model *model,
			   hebb_error *error);

#endif
