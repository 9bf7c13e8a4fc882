/* SPDX-License-Identifier: MIT */
/*
 * figure_folder.h - the folder of --figures, and which files in it may be written
 */
#ifndef HEBB_CLI_FIGURE_FOLDER_H
#define HEBB_CLI_FIGURE_FOLDER_H

#include "option/options.h"

/* The folder for --figures, made if it is not there. */
int figure_folder(const char *path);

/* Whether the figure NAME.svg may be written there: its own kind of file is replaced, in the folder
 * itself. Returns the exit status. */
int figure_check(const options *given, const char *name);

#endif
