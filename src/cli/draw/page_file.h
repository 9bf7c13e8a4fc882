/* SPDX-License-Identifier: MIT */
/*
 * page_file.h - the file of --report: the results as a page for a browser
 */
#ifndef HEBB_CLI_PAGE_FILE_H
#define HEBB_CLI_PAGE_FILE_H

#include <jansson.h>

#include "option/options.h"

/* Writes the page, if the options ask for it, and says where it is.  `numbers`: what --json prints;
 * it is taken away.  `page` is set but for command, place and numbers.  If the file cannot be
 * written, the page is written elsewhere; then, and without memory, EXIT_FAILED after a message. */
int page_file_write(const options *o, hebb_report *page, json_t *numbers);

#endif
