/* SPDX-License-Identifier: MIT */
/* fuzz_refused.h - what every reader owes to those whose file it refuses */
#ifndef HEBB_FUZZ_REFUSED_H
#define HEBB_FUZZ_REFUSED_H

#include <stdlib.h>
#include <string.h>

#include "hebb.h"

/* Ends the program unless there are a status and a sentence on one line. */
static void refused(const hebb_error *error)
{
	if (!error->status || !error->message[0] || strchr(error->message, '\n'))
		abort();
}

#endif
