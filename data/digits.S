/* SPDX-License-Identifier: MIT */
/*
 * digits.S - puts the two files of digits into the library, as they are
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
	.globl NAME(hb_digits_images)
	.globl NAME(hb_digits_images_end)
NAME(hb_digits_images):
	.incbin "digits-images-idx3-ubyte"
NAME(hb_digits_images_end):
	.byte 0

	.balign 16
	.globl NAME(hb_digits_labels)
	.globl NAME(hb_digits_labels_end)
NAME(hb_digits_labels):
	.incbin "digits-labels-idx1-ubyte"
NAME(hb_digits_labels_end):
	.byte 0

#if defined __linux__ && defined __ELF__
	.section .note.GNU-stack,"",%progbits
#endif
