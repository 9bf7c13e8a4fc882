/* SPDX-License-Identifier: MIT */
/*
 * test_csv_layout.c - CSV as people have it: separators, comments, headers, encodings
 *
 * A case says what the columns are called and which fields the rows have, as hebb_csv_rows_next()
 * gives them: so the text is read twice, and both must agree. It stands as "a;b|1;2|3;4", and
 * begins with "-" if the first line is a row.
 */
#include "test.h"
#include "hebb_io.h"

struct csv {
	const char *text, *gives;
	const char *note; /* what a note says; NULL: there is none; "*": does not matter */
	hebb_table_options options;
	int last_line; /* of the last row; 0: does not matter */
};

static hebb_table_options complete(const hebb_table_options *given)
{
	hebb_table_options options = hebb_table_options_default();

	options.header = given->header ? given->header : options.header;
	options.skip = given->skip;
	options.separator = given->separator;
	options.encoding = given->encoding;
	options.decimal = given->decimal;
	options.names = given->names;
	options.coding = given->coding;
	return options;
}

/* Adds the rows of a table, as they stand in the text. */
static char *put_rows(char *to, const hebb_table *table, const void *text, size_t size)
{
	hebb_error error = {0};
	hebb_csv_rows *rows = hebb_csv_rows_new(text, size, table, &error);
	const char *field;

	test_ok(error.status, &error);
	for (long long row = 0; row < table->rows; row++) {
		const int columns = table->columns;
		const char *fields[64];
		int column[64];

		assert_in_range(columns, 1, 64);
		for (int c = 0; c < columns; c++)
			column[c] = c;
		test_ok(hebb_csv_rows_next(rows, columns, column, fields, &error), &error);
		for (int c = 0; c < columns; c++)
			to += sprintf(to, "%c%s", c ? ';' : '|', fields[c]);
	}
	test_failed(hebb_csv_rows_next(rows, 1, (int[]){0}, &field, &error), &error,
		    HEBB_BAD_FORMAT, "no more rows");
	hebb_csv_rows_free(rows);
	return to;
}

/* What was read, as `gives` stands above. */
static void render(const hebb_table *table, const void *text, size_t size, char *to)
{
	to += sprintf(to, "%s", table->named ? "" : "-");
	for (int c = 0; c < table->columns && table->named; c++)
		to += sprintf(to, "%s%s", c ? ";" : "", table->column[c].name);
	put_rows(to, table, text, size);
}

/* Notes of the values, which name their column, are another test's. */
static void check_notes(const struct csv *csv, const hebb_table *table)
{
	int found = 0;

	if (csv->note && *csv->note == '*')
		return;
	for (int i = 0; i < table->note_count; i++)
		if (csv->note)
			found |= strstr(table->notes[i], csv->note) != NULL;
		else if (!strstr(table->notes[i], ": column"))
			fail_msg("%s: note: %s", csv->text, table->notes[i]);
	if (csv->note && !found)
		fail_msg("%s: no note '%s', but %d, such as %s", csv->text, csv->note,
			 table->note_count, table->note_count ? table->notes[0] : "");
}

static void check_bytes(const struct csv *csv, const void *text, size_t size)
{
	const hebb_table_options options = complete(&csv->options);
	hebb_error error = {0};
	char found[4096];

	hebb_table *table = hebb_table_parse_with(text, size, "t.csv", &options, &error);
	if (!table)
		fail_msg("%s: %s", csv->text, error.message);
	render(table, text, size, found);
	if (strcmp(found, csv->gives) != 0)
		fail_msg("%s: '%s', expected '%s'", csv->text, found, csv->gives);
	check_notes(csv, table);
	if (csv->last_line)
		assert_int_equal(table->line[table->rows - 1], csv->last_line);
	hebb_table_free(table);
}

static void check_all(size_t count, const struct csv *csv)
{
	for (size_t i = 0; i < count; i++)
		check_bytes(&csv[i], csv[i].text, strlen(csv[i].text));
}

#define CHECK(cases) check_all(COUNT_OF(cases), cases)

/* ---- Separators ---- */

static void separators(void **state)
{
	static const struct csv cases[] = {
		{"a,b\n1,2\n", .gives = "a;b|1;2"},
		{"a;b\n1;2\n", .gives = "a;b|1;2"},
		{"a\tb\n1\t2\n", .gives = "a;b|1;2"},
		{"a|b\n1|2\n", .gives = "a;b|1;2"},
		{"a b\n1 2\n", .gives = "a;b|1;2"},
		{"a | b\n1 | 2\n", .gives = "a;b|1;2"},
		/* decimal commas */
		{"a;b\n1,5;2,5\n3,5;4,5\n", .gives = "a;b|1,5;2,5|3,5;4,5"},
		{"1,5;2,5;c1\n3,5;4,5;c0\n5,5;4,5;c0\n",
		 .gives = "-|1,5;2,5;c1|3,5;4,5;c0|5,5;4,5;c0"},
		{"1,5\t2,5\n3,5\t4,5\n", .gives = "-|1,5;2,5|3,5;4,5"},
		{"1,5|2,5\n3,5|4,5\n", .gives = "-|1,5;2,5|3,5;4,5"},
		{"1,5 2,5\n3,5 4,5\n", .gives = "-|1,5;2,5|3,5;4,5"},
		{"-1,5;2\n-3,5;4\n", .gives = "-|-1,5;2|-3,5;4"},
		{"1.234,5;2\n3.456,5;4\n", .gives = "-|1.234,5;2|3.456,5;4"},
		{"1,234,567;2\n3,456,789;4\n", .gives = "-|1,234,567;2|3,456,789;4"},
		{"name;v\n\"Meier, H\";1\n\"Li, X\";2\n", .gives = "name;v|Meier, H;1|Li, X;2"},
		{"name;v\nMeier, H;1\nLi, X;2\n", .gives = "name;v|Meier, H;1|Li, X;2"},
		/* commas stay where another character could separate too */
		{"1,a;b\n2,c;d\n", .gives = "-|1;a;b|2;c;d", .note = "*"},
		{"1,a b\n2,c d\n", .gives = "-|1;a b|2;c d", .note = "*"},
		{"1,\t2\n3,\t4\n", .gives = "-|1;2|3;4"},
		{"1, 2, 3\n4, 5, 7\n", .gives = "-|1;2;3|4;5;7", .note = "*"},
		{"2026-11-30 10:00:00,5\n2026-11-30 10:00:01,6\n",
		 .gives = "-|2026-11-30 10:00:00;5|2026-11-30 10:00:01;6"},
		/* the first line alone would say something else */
		{"a;b,c\n1;2\n3;4\n", .gives = "a;b,c|1;2|3;4"},
		{"a\tb, c\n1\t2\n3\t4\n", .gives = "a;b, c|1;2|3;4"},
		/* one column */
		{"name\nNew York\nSan Jose\nNew York\n", .gives = "name|New York|San Jose|New York",
		 .note = "*"},
		{"New York\nSan Jose\n", .gives = "-|New York|San Jose", .note = "*"},
		{"when\n2026-11-30 10:00\n2026-11-30 11:00\n",
		 .gives = "when|2026-11-30 10:00|2026-11-30 11:00"},
		{"a\n1\n2\n", .gives = "a|1|2"},
		/* quotes */
		{"\"a;x\",\"b\"\n\"1;2\",3\n\"4;5\",6\n", .gives = "a;x;b|1;2;3|4;5;6"},
		{"a;b\n\"1\n,2\";3\n\"4,,\";6\n", .gives = "a;b|1\n,2;3|4,,;6", .last_line = 4},
		/* the option decides */
		{"a;b,c\n1;2,3\n", .gives = "a;b,c|1;2,3", .options = {.separator = ';'}},
		{"a;b,c\n1;2,3\n", .gives = "a;b;c|1;2;3", .options = {.separator = ','}},
		{"a b\n1 2\n", .gives = "a b|1 2", .note = "*",
		 .options = {.separator = ',', .header = HEBB_HEADER_YES}},
		{"New York\nSan Jose\n", .gives = "-|New;York|San;Jose", .note = "*",
		 .options = {.separator = ' '}},
	};

	(void)state;
	CHECK(cases);
}

static void blanks(void **state)
{
	static const struct csv cases[] = {
		{"1 2 3\n", .gives = "-|1;2;3", .note = "*"},
		{" 1  2   3\n 40 50  60\n", .gives = "-|1;2;3|40;50;60", .note = "*"},
		{"1 2 3  \n4 5 6\t\n", .gives = "-|1;2;3|4;5;6", .note = "*"},
		{"  a    b\n1.5   no\n 22  yes\n", .gives = "a;b|1.5;no|22;yes"},
		{"1\t 2\n3  4\n", .gives = "-|1;2|3;4"},
		{"\n\n a b\n\n 1 2\n \n 3 4\n", .gives = "a;b|1;2|3;4", .last_line = 7},
		{"18.0   8   307.0   \"chevrolet malibu\"\r\n15.0   8   ?   \"buick skylark\"\r\n",
		 .gives = "-|18.0;8;307.0;chevrolet malibu|15.0;8;?;buick skylark"},
		{"p x y\nred round no\nred long yes\n", .gives = "p;x;y|red;round;no|red;long;yes",
		 .note = "*"},
		{"1 2\r3 4\r", .gives = "-|1;2|3;4"},
		{"1 2\n3 \"4\"\n5 6", .gives = "-|1;2|3;4|5;6"},
	};

	(void)state;
	CHECK(cases);
}

/* ---- What is no row ---- */

static void comments(void **state)
{
	static const struct csv cases[] = {
		{"# by x\n# v1\na,b\n1,yes\n2,no\n", .gives = "a;b|1;yes|2;no",
		 .note = "2 lines were", .last_line = 5},
		{"% by x, y, z\n1,2\n3,4\n", .gives = "-|1;2|3;4", .note = "1 line was"},
		{"a,b\n1,2\n# a remark\n3,4\n#5,6\n", .gives = "a;b|1;2|3;4", .note = "2 lines"},
		{"a,b\nx,2\n# a \"remark\n#, \"too\ny,4\n", .gives = "a;b|x;2|y;4",
		 .note = "2 lines"},
		{"# a, b and c\nx y\n1 2\n", .gives = "x;y|1;2", .note = "1 line"},
		{"# about\n\n\n 1 2\n#3 4\n 5 6\n", .gives = "-|1;2|5;6", .note = "2 lines",
		 .last_line = 6},
		/* a comment that is the header */
		{"#id,name\n1,x\n2,y\n", .gives = "id;name|1;x|2;y", .note = "names the columns",
		 .last_line = 3},
		{"# a b c\n1 2 3\n4 5 6\n", .gives = "a;b;c|1;2;3|4;5;6",
		 .note = "names the columns"},
		{"# made by x\n#id,name\n1,x\n", .gives = "id;name|1;x", .note = "1 line was"},
		{"#a,b\nx,no\nx,yes\n", .gives = "a;b|x;no|x;yes", .note = "names the columns"},
		{"# a,b\nc,d\n1,2\n", .gives = "c;d|1;2", .note = "1 line was"},
		{"# p, q\nc,d\nx,y\nx,z\n", .gives = "c;d|x;y|x;z", .note = "1 line was"},
		/* with other comments below it */
		{"#Site A B\n# more\n1 2 3\n4 5 6\n", .gives = "Site;A;B|1;2;3|4;5;6",
		 .note = "t.csv:1: the comment names", .last_line = 4},
		{"#Site A B\n# more of\nx 2 3\ny 5 6\n", .gives = "Site;A;B|x;2;3|y;5;6",
		 .note = "t.csv:1: the comment names"},
		{"#Site,A\n\n#1,2\n#\nx,2\ny,5\n", .gives = "Site;A|x;2|y;5", .note = "2 lines"},
		{"# Site, A\n# in metres\n1,2\n4,5\n", .gives = "-|1;2|4;5", .note = "2 lines"},
		{"#Site A B\n#East X Y\n1 2 3\n", .gives = "East;X;Y|1;2;3",
		 .note = "t.csv:2: the comment names"},
		{"#id,name\n1,x\n", .gives = "-|1;x", .note = "1 line",
		 .options = {.header = HEBB_HEADER_NO}},
		/* rows */
		{"color,n\n#ff0000,1\n#00ff00,2\n", .gives = "color;n|#ff0000;1|#00ff00;2"},
		{"#ff0000,1\n#00ff00,2\n", .gives = "-|#ff0000;1|#00ff00;2"},
		{"#it's5\"\n#or\"6\"\n", .gives = "-|#it's5\"|#or\"6\"", .note = "*"},
		{" #a\"b 5\n", .gives = "-|#a\"b;5"},
		{"tag,n\nx,1\n#y,2\nz,3\n", .gives = "tag;n|x;1|#y;2|z;3"},
		{"a,b\n1,2\n#N/A,3\n#DIV/0!,4\n5,6\n7,8\n",
		 .gives = "a;b|1;2|#N/A;3|#DIV/0!;4|5;6|7;8"},
		{"a,b\n1,p\n#N/A,\"q\nr\"\n5,s\n7,p\n", .gives = "a;b|1;p|#N/A;q\nr|5;s|7;p"},
		{"a,b\n1,#2\n3,%4\n", .gives = "a;b|1;#2|3;%4", .note = "*"},
		{"a,b\n1,2\n 3,\"# 4\"\n", .gives = "a;b|1;2|3;# 4"},
	};

	(void)state;
	CHECK(cases);
}

static void other_lines(void **state)
{
	static const struct csv cases[] = {
		{"Report\n\"of, today\na,b\n1,2\n", .gives = "a;b|1;2", .options = {.skip = 2},
		 .last_line = 4},
		{"x,y\r\nx\ra,b\n1,2\n", .gives = "a;b|1;2", .options = {.skip = 2},
		 .last_line = 4},
		{"sep=;\na;b\n1,5;2\n", .gives = "a;b|1,5;2", .last_line = 3},
		{"\"sep=|\"\r\na|b\r\n1|2\r\n", .gives = "a;b|1;2", .last_line = 3},
		{"sep=\t\na,b\tc\n1,2\t3\n", .gives = "a,b;c|1,2;3"},
		{"sep=^\na^b\n1^2\n", .gives = "a;b|1;2"},
		{"x\nsep=;\na;b,c\n1;2,5\n", .gives = "a;b,c|1;2,5", .options = {.skip = 1}},
		{"sep=x y\n1\n2\n", .gives = "sep=x y|1|2", .note = "*"},
		{"a,b\n1,2\n\x1a", .gives = "a;b|1;2", .last_line = 2},
		{"a,b\r\n1,2\x1a\r\n\r\n", .gives = "a;b|1;2"},
		{"a,b\n1,2\n\x1a\x1a\n", .gives = "a;b|1;2"},
		/* blanks and tabs by turns: what makes the header equal too comes first */
		{"a b\tc  d\n1\t2 3\t4\n5\t6 7\t8\n", .gives = "a;b;c;d|1;2;3;4|5;6;7;8"},
		/* a separator at the end of each row */
		{"a,b,\n1,2,\n3,,\n", .gives = "a;b|1;2|3;", .note = "ends in ','"},
		{"a;b\n1;2;\n3;4;\n", .gives = "a;b|1;2|3;4", .note = "ends in ';'"},
		{"1,2, \n3,4,\n", .gives = "-|1;2|3;4", .note = "ends in ','"},
		{"a,b,\n1,2,\n3,4,5\n", .gives = "a;b;x3|1;2;|3;4;5"},
		{"a,b,,\n1,2,,\n3,,,\n", .gives = "a;b|1;2|3;", .note = "columns after it"},
		{"a;b\n1;2;;\n3;4; ;\n", .gives = "a;b|1;2|3;4", .note = "columns after it"},
		{"a,b,,\n1,2,,\n3,4,5,\n", .gives = "a;b;x3|1;2;|3;4;5", .note = "column after it"},
		{"a,,b,\n1,2,3,\n3,4,5,\n", .gives = "a;x2;b;x4|1;2;3;|3;4;5;"},
		{"a,b\n1,\n2,\n", .gives = "a;b|1;|2;"},
		{"1,,\n2,,\n", .gives = "-|1;;|2;;"},
		{"1,2,\n", .gives = "-|1;2;"},
	};

	(void)state;
	CHECK(cases);
}

/* ---- Headers ---- */

static void texts_as_names(void **state)
{
	static const struct csv cases[] = {
		{"sky,play\nsun,no\nrain,no\n", .gives = "sky;play|sun;no|rain;no",
		 .note = "occur nowhere below"},
		{"sky,no\nsun,no\nrain,no\n", .gives = "-|sky;no|sun;no|rain;no"},
		{"sky,sky\nsun,no\nrain,no\n", .gives = "-|sky;sky|sun;no|rain;no"},
		{"a,b\nc,d\ne,f\n", .gives = "-|a;b|c;d|e;f", .note = "no text occurs again"},
		{",sky,play\n0,sun,no\n1,rain,no\n", .gives = "x1;sky;play|0;sun;no|1;rain;no",
		 .note = "*"},
		{"a,\nx,y\nx,z\n", .gives = "-|a;|x;y|x;z", .note = "*"},
		{"a,,b\nx,y,z\nx,u,z\n", .gives = "-|a;;b|x;y;z|x;u;z",
		 .note = "texts and empty fields"},
		{"a,,z\nx,y,z\nx,u,z\n", .gives = "-|a;;z|x;y;z|x;u;z"},
		{"\"a\",\"b\"\n\"x\",\"y\"\n\"x\",\"z\"\n", .gives = "a;b|x;y|x;z", .note = "*"},
		{"a,b\nx,\"a\nc\"\nx,\"b\"\n", .gives = "-|a;b|x;a\nc|x;b"},
		{"a;b\nNA;x\n?;x\n", .gives = "a;b|NA;x|?;x", .note = "*"},
		/* numbers in other clothes */
		{"size;price\n1,5;$3\n2,5;$4\n", .gives = "size;price|1,5;$3|2,5;$4"},
		{"$3;4,5\n$4;5,5\n$5;5,5\n", .gives = "-|$3;4,5|$4;5,5|$5;5,5"},
		{"day,x\n2026-11-30,u\n2026-12-01,v\n", .gives = "day;x|2026-11-30;u|2026-12-01;v"},
		{"2026-11-29,u\n2026-11-30,w\n2026-12-01,v\n",
		 .gives = "-|2026-11-29;u|2026-11-30;w|2026-12-01;v"},
		{"when;ok\n1.2.2003;True\n13.2.2003;False\n",
		 .gives = "when;ok|1.2.2003;True|13.2.2003;False"},
		{"True,b\nFalse,b\nTrue,a\n", .gives = "-|True;b|False;b|True;a"},
		{"None,b\n1,b\n2.5,a\nNone,c\n", .gives = "-|None;b|1;b|2.5;a|None;c"},
		{"None,b\n1,b\n2.5,a\n", .gives = "None;b|1;b|2.5;a"},
		{"1,5;c1\n", .gives = "-|1,5;c1"},
		{"-,5\n1,6\n2,7\n", .gives = "-|-;5|1;6|2;7"},
		{"NA,5\n1,6\n2,7\n", .gives = "-|NA;5|1;6|2;7"},
		{"2019Q1,2019Q2\n1,6\n2,7\n", .gives = "2019Q1;2019Q2|1;6|2;7"},
		/* names that are asked for */
		{"a,b\nc,d\n", .gives = "a;b|c;d", .options = {.names = "b"}},
		{"a,b\nc,d\n", .gives = "a;b|c;d", .options = {.names = "x,a"}},
		{"a,b\nc,d\n", .gives = "-|a;b|c;d", .note = "*", .options = {.names = "d"}},
		{"2,1\n3,4\n", .gives = "-|2;1|3;4", .options = {.names = "2"}},
		{"30,10\n3,4\n", .gives = "30;10|3;4", .options = {.names = "10"}},
		{"a,b\n1,2\n", .gives = "-|a;b|1;2",
		 .options = {.names = "b", .header = HEBB_HEADER_NO}},
		/* R: the rows have names */
		{"\"x\" \"y\"\n\"1\" 5 no\n\"2\" 6 yes\n", .gives = "row_names;x;y|1;5;no|2;6;yes",
		 .note = "one name less"},
		{"\"x\"\n\"1\" 5\n\"2\" 6\n", .gives = "row_names;x|1;5|2;6",
		 .note = "one name less"},
		{"mpg,cyl\nMazda RX4,21,6\nDatsun 710,22.8,4\n",
		 .gives = "row_names;mpg;cyl|Mazda RX4;21;6|Datsun 710;22.8;4",
		 .note = "one name less"},
		{"row_names,x\n1,2,3\n4,5,6\n", .gives = "row_names;row_names.2;x|1;2;3|4;5;6",
		 .note = "*"},
	};

	(void)state;
	CHECK(cases);
}

static void numbers_as_names(void **state)
{
	static const struct csv cases[] = {
		{"0,1,2\n1.5,1,0\n2.5,2,1\n", .gives = "0;1;2|1.5;1;0|2.5;2;1",
		 .note = "for the header"},
		{"0,1,2\n5.1,3,no\n4.9,3,yes\n", .gives = "0;1;2|5.1;3;no|4.9;3;yes",
		 .note = "for the header"},
		{",0,1\n0,5,6\n1,7,9\n", .gives = "x1;0;1|0;5;6|1;7;9", .note = "for the header"},
		{"0,1,2,3,4\n5,0,0,9,1\n6,0,3,9,0\n", .gives = "0;1;2;3;4|5;0;0;9;1|6;0;3;9;0",
		 .note = "for the header"},
		{"2019,2020\n1.5,3\n2.5,4\n", .gives = "2019;2020|1.5;3|2.5;4",
		 .note = "for the header"},
		{"land,2019,2020\nFR,3,4\nDE,7,5\n", .gives = "land;2019;2020|FR;3;4|DE;7;5",
		 .note = "for the header"},
		{"400,410,420,y\n0.1,0.2,0.3,a\n0.2,0.3,0.4,b\n",
		 .gives = "400;410;420;y|0.1;0.2;0.3;a|0.2;0.3;0.4;b", .note = "for the header"},
		{"0,1,2\n0.5,1.0,0\n1.0,2.0,1\n", .gives = "0;1;2|0.5;1.0;0|1.0;2.0;1",
		 .note = "for the header"},
		{"2022,2021\n1.5,0.5\n2,1\n", .gives = "2022;2021|1.5;0.5|2;1",
		 .note = "for the header"},
		/* rows, said where there is doubt */
		{"0,1,2\n0.5,1,0\n1,2,1\n", .gives = "-|0;1;2|0.5;1;0|1;2;1", .note = "for a row"},
		{"2022,2021\n2020,0.5\n2,1\n", .gives = "-|2022;2021|2020;0.5|2;1",
		 .note = "for a row"},
		{"2,4,6\n1,3,5\n7,9,8\n", .gives = "-|2;4;6|1;3;5|7;9;8", .note = "for a row"},
		{"1,2,3\n4,5,6\n7,8,9\n", .gives = "-|1;2;3|4;5;6|7;8;9", .note = "for a row"},
		{"1,2,3,4,5\n6,7,8,9,10\n11,12,13,14,15\n",
		 .gives = "-|1;2;3;4;5|6;7;8;9;10|11;12;13;14;15", .note = "for a row"},
		{"2019,2020\n2018,3\n2017,4\n", .gives = "-|2019;2020|2018;3|2017;4",
		 .note = "for a row"},
		{"0,0,0\n0,1,1\n1,0,1\n", .gives = "-|0;0;0|0;1;1|1;0;1"},
		{"1,2,red\n2,3.5,blue\n3,4.5,green\n", .gives = "-|1;2;red|2;3.5;blue|3;4.5;green"},
		{"0,1\n1.5,0.5\n2.5,0.7\n", .gives = "0;1|1.5;0.5|2.5;0.7",
		 .note = "for the header"},
		{"0,1\n1,0\n", .gives = "-|0;1|1;0"},
		{"1,1\n2,4\n3,9\n", .gives = "-|1;1|2;4|3;9"},
		{"5,3,1\n0.5,0.3,0.1\n0.4,0.2,0.7\n", .gives = "-|5;3;1|0.5;0.3;0.1|0.4;0.2;0.7"},
		{"1.5,2.5\n3.5,4.5\n", .gives = "-|1.5;2.5|3.5;4.5"},
		{"FR,1,2\nFR,3.5,4\nDE,5.5,6\n", .gives = "-|FR;1;2|FR;3.5;4|DE;5.5;6"},
		{"0,1,2\n1.5,1,0\n2.5,2,1\n", .gives = "-|0;1;2|1.5;1;0|2.5;2;1",
		 .options = {.header = HEBB_HEADER_NO}},
	};

	(void)state;
	CHECK(cases);
}

/* A coding of these rows, whose last column is the target. */
static hebb_coding *coding_of(const char *text, hebb_header header)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error = {0};
	hebb_table *table = hebb_table_parse(text, strlen(text), "old.csv", header, &error);

	test_ok(error.status, &error);
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	test_ok(error.status, &error);
	hebb_table_free(table);
	return coding;
}

/* The names of a model decide before anything else. */
static void names_of_a_model(void **state)
{
	static const char words[] = "buy,doors,class\nlow,two,no\nhigh,four,yes\nlow,four,no\n";
	static const char numbers[] = "0,1,2\n4,5,1\n6,8,0\n6,9,1\n";
	static const struct {
		const char *old;
		hebb_header header;
		struct csv csv;
	} cases[] = {
		{words,
		 HEBB_HEADER_YES,
		 {"buy,doors\nlow,two\nhigh,four\n", .gives = "buy;doors|low;two|high;four"}},
		{words, HEBB_HEADER_YES, {"buy,doors\nlow,two\n", .gives = "buy;doors|low;two"}},
		{words, HEBB_HEADER_YES, {"doors,buy\ntwo,low\n", .gives = "doors;buy|two;low"}},
		{words,
		 HEBB_HEADER_YES,
		 {"id,class,doors,buy\n1,no,two,low\n",
		  .gives = "id;class;doors;buy|1;no;two;low"}},
		{words, HEBB_HEADER_YES, {"class,buy\nno,low\n", .gives = "class;buy|no;low"}},
		{words,
		 HEBB_HEADER_YES,
		 {"low,two\nhigh,four\nlow,four\n", .gives = "-|low;two|high;four|low;four"}},
		{words,
		 HEBB_HEADER_YES,
		 {"low,four\nhigh,two\nhigh,two\n", .gives = "-|low;four|high;two|high;two"}},
		{words, HEBB_HEADER_NO, {"buy,doors\nlow,two\n", .gives = "-|buy;doors|low;two"}},
		{numbers, HEBB_HEADER_YES, {"0,1,2\n4,5,1\n", .gives = "0;1;2|4;5;1"}},
		{numbers, HEBB_HEADER_YES, {"0,1\n4,5\n", .gives = "0;1|4;5"}},
		{numbers, HEBB_HEADER_YES, {"4,5\n0,1\n", .gives = "-|4;5|0;1"}},
		{numbers, HEBB_HEADER_YES, {"1,1\n0,1\n", .gives = "-|1;1|0;1"}},
		/* an empty last column that the model has */
		{"1,2,3,0\n2,3,1,1\n", HEBB_HEADER_NO, {"1,2,\n3,4,\n", .gives = "-|1;2;|3;4;"}},
		{"1,2,0\n2,3,1\n",
		 HEBB_HEADER_NO,
		 {"1,2,\n3,4,\n", .gives = "-|1;2|3;4", .note = "ends in ','"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct csv csv = cases[i].csv;
		hebb_coding *coding = coding_of(cases[i].old, cases[i].header);

		csv.options.coding = coding;
		check_bytes(&csv, csv.text, strlen(csv.text));
		hebb_coding_free(coding);
	}
}

/* ---- Encodings ---- */

static void encodings(void **state)
{
	static const struct csv cases[] = {
		{"\xef\xbb\xbfgr\xc3\xb6\xc3\x9f"
		 "e,b\n1,2\n",
		 .gives = "größe;b|1;2"},
		{"gr\xf6\xdf"
		 "e,b\n1,2\n",
		 .gives = "größe;b|1;2", .note = "t.csv:1: is not UTF-8"},
		{"a,b\n1,j\xe4\r2,\x80 5\n", .gives = "a;b|1;jä|2;€ 5",
		 .note = "t.csv:2: is not UTF-8"},
		{"a,b\n1,\xc3\xa4\n2,\xc3\xb6\n3,\xe4\n", .gives = "a;b|1;ä|2;ö|3;ä",
		 .note = "1 byte of the file was"},
		{"a,b\n1,\xc3\xa4\n2,x\n", .gives = "a;b|1;Ã¤|2;x",
		 .options = {.encoding = "latin-1"}},
		{"a,b\n1,\xe4\n2,\x9f\n", .gives = "a;b|1;ä|2;Ÿ",
		 .options = {.encoding = "latin-1"}},
		{"a,b\n1,\xc3\xa4\n2,x\n", .gives = "a;b|1;ä|2;x",
		 .options = {.encoding = "utf-8"}},
		{"a,b\n1,\xf0\x9f\x99\x82\n2,\xe2\x82\xac\n", .gives = "a;b|1;🙂|2;€"},
		/* longer than needed, a surrogate, beyond Unicode, cut off */
		{"a,b\n1,\xc0\xaf\n", .gives = "a;b|1;À¯", .note = "*"},
		{"a,b\n1,\xed\xa0\x80\n", .gives = "a;b|1;í\xc2\xa0€", .note = "*"},
		{"a,b\n1,\xf4\x90\x80\x80\n", .gives = "a;b|1;ô\xc2\x90€€", .note = "*"},
		{"a,b\n1,\xe2\x82", .gives = "a;b|1;â‚", .note = "*"},
	};

	(void)state;
	CHECK(cases);
}

/* ASCII and a character beyond 16 bits, as UTF-16. */
static size_t to_utf16(const char *text, int big, char *to)
{
	const char *start = to;

	for (int i = -1; i < 0 || text[i]; i++) {
		unsigned unit = i < 0 ? 0xfeff : (unsigned char)text[i];

		if (unit == '@') { /* U+1F642 */
			*to++ = (char)(big ? 0xd8 : 0x3d);
			*to++ = (char)(big ? 0x3d : 0xd8);
			unit = 0xde42;
		}
		*to++ = (char)(big ? unit >> 8 : unit);
		*to++ = (char)(big ? unit : unit >> 8);
	}
	return (size_t)(to - start);
}

static void utf16(void **state)
{
	static const struct csv csv = {"UTF-16", .gives = "a;b|1.5;🙂|2.5;x", .note = "UTF-16",
				       .last_line = 3};
	hebb_error error = {0};
	char text[200];

	(void)state;
	for (int big = 0; big < 2; big++) {
		size_t size = to_utf16("a\tb\r\n1.5\t@\r\n2.5\tx\r\n", big, text);

		check_bytes(&csv, text, size);
		assert_null(hebb_table_parse(text, size - 1, "t.csv", HEBB_HEADER_AUTO, &error));
		test_failed(error.status, &error, HEBB_BAD_FORMAT, "within a character");
	}
	assert_null(hebb_table_parse("\xff\xfe", 2, "t.csv", HEBB_HEADER_AUTO, &error));
	assert_null(hebb_table_parse("\xff\xfe\0\0a", 5, "t.csv", HEBB_HEADER_AUTO, &error));
	/* half of a pair is one unknown character */
	static const struct csv half = {"half of a pair", .gives = "a|\xef\xbf\xbd|x", .note = "*",
					.options = {.header = HEBB_HEADER_YES}};
	check_bytes(&half,
		    "\xff\xfe"
		    "a\0\n\0\x3d\xd8\n\0x\0",
		    14 - 2);
}

/* ---- What is refused ---- */

static void refused(void **state)
{
	static const char too_long[] = "blanks separate, so a date and its time are two columns";
	static const struct {
		const char *text;
		size_t size;
		hebb_table_options options;
		const char *mentioned;
	} cases[] = {
		{"a,b\n1,2\n3\n", 0, {0}, "t.csv:3: expected 2 columns, found 1"},
		{"a,b\n1,2\n3,4,5\n", 0, {0}, "t.csv:3: expected 2 columns, found 3"},
		{"a b\n1 2\n3 4 5\n6 7\n", 0, {0}, "t.csv:3: expected 2 columns, found 3"},
		{"1,5;2\n1,5;3\n4\n1,5;4\n", 0, {0}, "t.csv:3: expected 2 columns, found 1"},
		{"# x\na,b\n1,2\n#5\n3\n", 0, {0}, "t.csv:5: expected 2 columns, found 1"},
		{"Report\n\na,b\n1,2\n3,4\n", 0, {0}, "t.csv:3: expected 1 column as in the first"},
		{"Report\n\na,b\n1,2\n3,4\n",
		 0,
		 {0},
		 "lines 3 to 5 have 2 each: if the table "
		 "begins there, say --skip 2"},
		/* lines above a table */
		{"Report\nof 5, 6\nof me\na,b,c\n1,2,3\n3,4,5\n", 0, {0}, "say --skip 3"},
		{"Report\n\nby me\n1,2,3\n3,4,5\n", 0, {0}, "say --skip 3"},
		{"\"Re\nport\"\na,b\n1,2\n3,4\n", 0, {0}, "say --skip 2"},
		{"Report\nof me\na\tb\n1\t2\n3\t4\n", 0, {0}, "say --skip 2"},
		{"Report\nof me\na;b\n1,5;2\n3;4\n", 0, {0}, "say --skip 2"},
		{"Report\nby nobody\nof Monday 5\na  b\n1  2\n3  4\n", 0, {0}, "say --skip 3"},
		{"\"S\",\"World\",\n\n\"Day\",\"2024-05-30\",\n\n\"C\",\"I\",\"1960\",\"1961\",\n"
		 "\"A\",\"p\",\"1\",\"2\",\n\"B\",\"q\",\"3\",\"\",\n",
		 0,
		 {0},
		 "t.csv:5: expected 3 columns as in the first line, found 5; lines 5 to 7 have 5 "
		 "each: if the table begins there, say --skip 4"},
		{"Report\n\n\"a\" \"b\"\n\"x\" 1 2\n\"y\" 3 4\n\"z\" 5 6\n",
		 0,
		 {0},
		 "say --skip 2"},
		/* a comma within a number */
		{"x\n1,5\n2,25\n",
		 0,
		 {0},
		 "t.csv:2: expected 1 column as in the first line, found "
		 "2; --decimal , makes it one number"},
		{"x\n4\n-2,25\n", 0, {0}, "--decimal ,"},
		/* a blank within a date */
		{"\"when\" \"y\"\n\"1\" 2020-01-01 10:00:00 5\n\"2\" 2020-01-02 10:00:00 6\n",
		 0,
		 {0},
		 too_long},
		{"when y\n2020-01-01 10:00:00 5\n2020-01-02 10:00:00 6\n", 0, {0}, too_long},
		{"\"when\" \"y\"\n2020-01-01 10:00:00 5\n2020-01-02 10:00:00 6\n",
		 0,
		 {0},
		 too_long},
		{"x when y\n1 7 1.2.2020 10:00 5\n2 8 2.2.2020 10:00 6\n", 0, {0}, too_long},
		{"a\n1\n", 0, {.skip = 2}, "no line after the first 2"},
		{"a\n1\n\n", 0, {.skip = 2}, "blank lines only"},
		{"\x1a", 0, {0}, "blank lines only"},
		{"sep=;\n", 0, {0}, "blank lines only"},
		{"a,b\n1,\xe4\n",
		 0,
		 {.encoding = "utf-8"},
		 "t.csv:2: byte 0xe4 (byte 6 of the file) is not UTF-8"},
		{"a,b\n1,\0\n", 8, {0}, "byte 6 is 0x00"},
		{"\xe4,b\n1,\0\n", 8, {0}, "0x00"},
		{"a,b\n10000000000000000000,20000000000000000000\n"
		 "30000000000000000000,4\0\n5,6\n",
		 74,
		 {0},
		 "t.csv:3: byte 68 of the file is 0x00"},
		{"a,b\n10000000000000000000,2000000000000000000\1\n"
		 "30000000000000000000,4\0\n5,6\n",
		 74,
		 {0},
		 "does not look like CSV, or anything else that is read: byte 44 is 0x01"},
		{"a,b\n1,2\n", 0, {.separator = 'x'}, "separator"},
		{"a,b\n1,2\n", 0, {.encoding = "ebcdic"}, "encoding"},
		{"# only\n# comments\n\"\n", 0, {0}, "t.csv:"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const hebb_table_options options = complete(&cases[i].options);
		size_t size = cases[i].size ? cases[i].size : strlen(cases[i].text);
		hebb_error error = {0};

		if (hebb_table_parse_with(cases[i].text, size, "t.csv", &options, &error))
			fail_msg("%s: was read", cases[i].text);
		if (!strstr(error.message, cases[i].mentioned))
			fail_msg("%s: '%s' lacks '%s'", cases[i].text, error.message,
				 cases[i].mentioned);
	}
}

/* A row alone that is too long or too short tells nothing of where the table begins. */
static void ragged_rows(void **state)
{
	static const char *const texts[] = {
		"a,b\n1,2\n3\n4,5\n6,7\n8,9\n",
		"a,b\n1,2,3\n4,5\n6,7\n8,9\n",
		"a,b\n1,2\n3,4,5\n6,7,8\n9,10,11\n12,13,14\n",
		"a,b\n1,2\n3,4\nsum\nend\n",
		"a,b\n1,2\n3,4\n5,6\nsum,of,all\n1,2,3\n",
		"Report\na,b\n1,2\n3,4\nend\nof\nthe\nreport\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		hebb_error error = {0};

		assert_null(hebb_table_parse(texts[i], strlen(texts[i]), "t.csv", HEBB_HEADER_AUTO,
					     &error));
		if (!strstr(error.message, ": expected ") ||
		    strstr(error.message, "the table begins"))
			fail_msg("%s: %s", texts[i], error.message);
	}
}

/* A table of one column in which commas are decimal marks, or blanks stand between thousands. */
static void one_column(void **state)
{
	static const struct csv cases[] = {
		{"x\n1,5\n2,25\n4\n", .gives = "x|1,5|2,25|4", .options = {.decimal = ','}},
		{"1,5\n2,25\n4\n", .gives = "-|1,5|2,25|4", .options = {.decimal = ','}},
		{"\"x\"\n1,5\n2,25\n", .gives = "x|1,5|2,25", .options = {.decimal = ','}},
		{"x\n1,5\n2,25\n", .gives = "x|1,5|2,25", .options = {.separator = ';'}},
		{"a,b\n\"1,5\",\"2,25\"\n", .gives = "a;b|1,5;2,25", .options = {.decimal = ','}},
		{"1,5\n2,25\n", .gives = "-|1;5|2;25", .note = "*"},
		{"value\n1 234\n5 678\n9 012\n", .gives = "value|1 234|5 678|9 012"},
	};
	hebb_coding *coding = coding_of("x;y\n1,5;2\n2,5;3\n", HEBB_HEADER_YES);
	struct csv known = {"x\n1,5\n2,25\n", .gives = "x|1,5|2,25"};

	(void)state;
	CHECK(cases);
	known.options.coding = coding;
	check_bytes(&known, known.text, strlen(known.text));
	hebb_coding_free(coding);
}

/* The names of a model below other lines. */
static void names_below(void **state)
{
	static const struct {
		const char *text;
		int skip; /* that is advised; 0: none, for it is read */
	} cases[] = {
		{"doors,buy\n1,2\n", 0},
		{"Report\ndoors,buy\n1,2\n", 1},
		{"Report,of me\n\ndoors,buy,more\n1,2,3\n", 2},
		{"\"a\nb\",c\nmore,buy,doors\n1,2,3\n", 2},
		{"Report\nof me\ndoors\tbuy\n1\t2\n", 2},
		{"1,2\n3,4\n", 0},
	};
	hebb_coding *coding = coding_of("buy,doors,y\n1,2,0.5\n3,5,1.5\n", HEBB_HEADER_YES);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_table_options options = hebb_table_options_default();
		hebb_error error = {0};
		char advice[40];

		options.coding = coding;
		snprintf(advice, sizeof advice, "; --skip %d leaves", cases[i].skip);
		hebb_table *table = hebb_table_parse_with(cases[i].text, strlen(cases[i].text),
							  "t.csv", &options, &error);
		if (cases[i].skip)
			test_failed(error.status, &error, HEBB_BAD_FORMAT, advice);
		assert_true((table != NULL) == (cases[i].skip == 0));
		hebb_table_free(table);
		options.skip = cases[i].skip;
		table = hebb_table_parse_with(cases[i].text, strlen(cases[i].text), "t.csv",
					      &options, &error);
		assert_non_null(table);
		hebb_table_free(table);
	}
	hebb_coding_free(coding);
}

/* A pattern tells a header as a name does. */
static void patterns_of_names(void **state)
{
	static const struct csv cases[] = {
		{"name,zip\na,b\nc,d\n", .gives = "name;zip|a;b|c;d", .options = {.names = "z*"}},
		{"name,zip\na,b\nc,d\n", .gives = "name;zip|a;b|c;d",
		 .options = {.names = "1,?ip"}},
		{"name,zip\na,b\nc,d\n", .gives = "-|name;zip|a;b|c;d", .note = "no text occurs",
		 .options = {.names = "y*"}},
		{"name,zip\na,b\nc,d\n", .gives = "-|name;zip|a;b|c;d", .note = "no text occurs",
		 .options = {.names = "*,?*"}},
		{"15,16\n1,2\n", .gives = "-|15;16|1;2", .options = {.names = "1*"}},
	};

	(void)state;
	CHECK(cases);
}

/* What is decided from the first lines holds for all. */
static void beyond_the_first_lines(void **state)
{
	enum { ROWS = 300 };
	char *text = malloc(ROWS * 32), *to = text;
	hebb_error error = {0};

	(void)state;
	to += sprintf(to, "a;b;\n");
	for (int i = 0; i < ROWS; i++)
		to += sprintf(to, i % 100 == 99 ? "# %d\n%d,5;x;\n" : "%d,5;x;\n", i, i);
	hebb_table *table =
		hebb_table_parse(text, (size_t)(to - text), "t.csv", HEBB_HEADER_AUTO, &error);
	test_ok(error.status, &error);
	assert_int_equal(table->rows, ROWS);
	assert_int_equal(table->columns, 2);
	assert_int_equal(table->line[ROWS - 1], ROWS + 4);
	hebb_table_free(table);
	to += sprintf(to, "1,5;x;7\n"); /* the column is not empty after all */
	table = hebb_table_parse(text, (size_t)(to - text), "t.csv", HEBB_HEADER_AUTO, &error);
	test_ok(error.status, &error);
	assert_int_equal(table->rows, ROWS + 1);
	assert_int_equal(table->columns, 3);
	assert_string_equal(table->column[2].name, "x3");
	hebb_table_free(table);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separators),
		cmocka_unit_test(blanks),
		cmocka_unit_test(comments),
		cmocka_unit_test(other_lines),
		cmocka_unit_test(texts_as_names),
		cmocka_unit_test(numbers_as_names),
		cmocka_unit_test(names_of_a_model),
		cmocka_unit_test(encodings),
		cmocka_unit_test(utf16),
		cmocka_unit_test(refused),
		cmocka_unit_test(ragged_rows),
		cmocka_unit_test(one_column),
		cmocka_unit_test(names_below),
		cmocka_unit_test(patterns_of_names),
		cmocka_unit_test(beyond_the_first_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
