/* SPDX-License-Identifier: MIT */
/*
 * assets.S - puts the style and the script of pages into the library, as they are
 *
 * The directory of this file must be on the include path of the assembler.
 */
#if defined __CET__
#include <cet.h> /* says that there is no code in here that the CPU would have to check */
#endif
#if defined __APPLE__
#define NAME(name) _##name
	.section __TEXT,__const
#else
#define NAME(name) name
	.section .rodata
#endif

	.balign 16
	.globl NAME(hb_page_style)
NAME(hb_page_style):
	.incbin "style.css"
	.byte 0

	.balign 16
	.globl NAME(hb_page_script)
NAME(hb_page_script):
	.incbin "script.js"
	.byte 0

#if defined __linux__ && defined __ELF__
	.section .note.GNU-stack,"",%progbits
#endif
