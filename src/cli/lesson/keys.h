/* SPDX-License-Identifier: MIT */
/*
 * keys.h - what a reader of the tutorial wants next: by single keys of a terminal, or by lines
 */
#ifndef HEBB_CLI_KEYS_H
#define HEBB_CLI_KEYS_H

typedef enum wish {
	WISH_ON,      /* Enter, the space bar, an arrow to the right, other keys */
	WISH_BACK,    /* b, an arrow to the left: the step before */
	WISH_NEXT,    /* n: the next section */
	WISH_EARLIER, /* p: the section before */
	WISH_CONTENTS,
	WISH_ANSWERS,
	WISH_HELP,
	WISH_SECTION, /* the number of a section, which is in `section` */
	WISH_END      /* q, Ctrl-D, the end of input */
} wish;

/* Shows what may be typed, on standard error, and waits.  A terminal gives single keys, other input
 * lines.  `section` has room for 16 bytes. */
wish wait_for_wish(int page, char section[16]);

/* Reads a line with the number of a section, after a question; WISH_ON for an empty one. */
wish ask_for_section(char section[16]);

/* What the keys do. */
void print_keys(void);

#endif
