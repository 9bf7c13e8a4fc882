/* SPDX-License-Identifier: MIT */
/* digits.c - a stranger's program that needs both libraries */
#include <stdio.h>
#include <hebb_io.h>

int main(void)
{
	hebb_error error;
	hebb_table *table = hebb_table_read("digits", HEBB_HEADER_AUTO, &error);

	printf("%lld digits\n", table ? table->rows : 0);
	hebb_table_free(table);
	return 0;
}
