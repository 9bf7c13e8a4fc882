/* SPDX-License-Identifier: MIT */
/*
 * test_figure.c - figures and plots in the terminal, in ASCII and UTF-8, and as SVG
 */
#define _POSIX_C_SOURCE 200809L
/* Before cmocka, which makes fail() a macro. */
#include "cli/draw/contour.h"
#include "cli/draw/figure_parts.h"
#include "cli/draw/plot.h"
#include "cli/draw/terminal.h"
#include "test.h"

enum { POINTS = 201 };

static void use_locale(const char *name)
{
	assert_int_equal(setenv("LC_ALL", name, 1), 0);
}

/* The figure as it is printed under a locale. */
static char *printed(const figure *from, const char *locale)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	use_locale(locale);
	figure_print(from, stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static void shows(const figure *from, const char *locale, const char *expected)
{
	char *text = printed(from, locale);

	assert_string_equal(text, expected);
	free(text);
}

static int count_in(const char *text, const char *what)
{
	int count = 0;

	while ((text = strstr(text, what))) {
		count++;
		text += strlen(what);
	}
	return count;
}

/* ---- text ---- */

static void becomes(const char *utf8, const char *expected)
{
	char shown[64];

	assert_string_equal(text_ascii(utf8, shown, sizeof shown), expected);
}

static void formulas_become_ascii(void **state)
{
	(void)state;
	becomes("plain text", "plain text");
	becomes("x² + x³", "x^2 + x^3");
	becomes("x¹²", "x^12");
	becomes("h₁⁽²⁾", "h1(2)");
	becomes("Wᵀ h⁽ˡ⁻¹⁾", "W^T h(l-1)");
	becomes("(h⁽²⁾)²", "(h(2))^2");
	becomes("10⁻³, z⁺, z⁻", "10^-3, z+, z-");
	becomes("∂J/∂w ≈ −½·α‖∇J‖", "dJ/dw ~ -1/2*alpha||gradJ||");
	becomes("δ Δ Σ η λ ε φ Φ γ µ", "delta Delta Sum eta lambda epsilon phi Phi gamma u");
	becomes("a ≤ b ≥ c ≠ d ± e × √f", "a <= b >= c != d +- e x sqrtf");
	becomes("x → y ← z ∘ • ∈ ∞ ′", "x -> y <- z o o in inf '");
	becomes("“q” ’ … – —", "\"q\" ' ... - -");
	becomes("wᵢⱼₗₖₘₙ", "w_ijlkmn");
	becomes("Σᵢ wᵢⱼ⁽ˡ⁾ δᵢ", "Sum_i w_ij(l) delta_i");
	becomes("w₁ⱼ⁽²⁾ w₁₁", "w1j(2) w11");
	becomes("┌─┐│ ░▒▓█", "+-+| .:*#");
	becomes("a\033[1m\tb\177 \xc2\x9b", "a?[1m?b? ?");
	becomes("\xff\xc0\x80 \xed\xa0\x80 日", "??? ??? ?");
}

static void text_follows_the_environment(void **state)
{
	char shown[8];

	(void)state;
	use_locale("de_DE.utf8");
	assert_true(is_utf8());
	assert_string_equal(text_shown("α\x01\xe2\x82", shown, sizeof shown), "α???");
	assert_string_equal(text_shown("\xc2\x9b[1", shown, sizeof shown), "?[1");
	assert_string_equal(text_shown("aααααα", shown, sizeof shown), "aααα");
	use_locale("C");
	assert_false(is_utf8());
	assert_string_equal(text_shown("α", shown, sizeof shown), "alpha");
	use_locale(""); /* an empty variable does not count */
	setenv("LC_CTYPE", "C.UTF-8", 1);
	setenv("LANG", "C", 1);
	assert_true(is_utf8());
	setenv("LC_CTYPE", "POSIX", 1);
	setenv("LANG", "C.UTF-8", 1);
	assert_false(is_utf8());
	unsetenv("LC_CTYPE");
	assert_true(is_utf8());
	setenv("LANG", "C", 1);
}

static void print_text_translates(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	use_locale("C.UTF-8");
	print_text(stream, "α² ");
	use_locale("C");
	print_text(stream, "α²");
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(text, "α² alpha^2");
	free(text);
}

/* ---- figures in the terminal ---- */

static void nodes_cover_connections(void **state)
{
	figure *f = figure_new("α", 22, 5);

	(void)state;
	figure_node(f, 3, 0, "x₁");
	figure_line(f, INK_FAINT, 3, 0, 18, 4);
	figure_text(f, INK_TEXT, ALIGN_MIDDLE, 10, 2, "w");
	figure_node(f, 18, 4, "h");
	shows(f, "C",
	      "  alpha\n\n"
	      "   ( x1 )\n"
	      "       ....\n"
	      "            w\n"
	      "              ....\n"
	      "                  ( h )\n");
	shows(f, "C.UTF-8",
	      "  α\n\n"
	      "   ( x₁ )\n"
	      "       ····\n"
	      "            w\n"
	      "              ····\n"
	      "                  ( h )\n");
	figure_free(f);
}

static void axes_meet_in_corners(void **state)
{
	figure *f = figure_new(NULL, 6, 4);

	(void)state;
	figure_line(f, INK_AXIS, 1, 0, 1, 3);
	figure_line(f, INK_AXIS, 1, 3, 5, 3);
	figure_line(f, INK_AXIS, 0.5, 1, 1, 1);
	figure_line(f, INK_AXIS, 3, 3, 3, 3.3);
	figure_line(f, INK_AXIS, 5, 0, 5, 3);
	figure_line(f, INK_AXIS, 1, 0, 5, 0);
	shows(f, "C.UTF-8", "   ┌───┐\n   ┤   │\n   │   │\n   └─┬─┘\n");
	shows(f, "C", "   +---+\n   +   |\n   |   |\n   +-+-+\n");
	figure_free(f);
}

static void shades_fill_characters(void **state)
{
	figure *f = figure_new("", 10, 2);

	(void)state;
	for (int i = 0; i <= 4; i++)
		figure_shade(f, 2 * i, 0, 2, 1, i / 4.0);
	figure_shade(f, 0.5, 1, 0.5, 1, 1); /* half of a character */
	shows(f, "C.UTF-8", "    ░░▒▒▓▓██\n  ▒\n");
	shows(f, "C", "    ..::**##\n  :\n");
	figure_free(f);
}

static void inks_have_characters(void **state)
{
	figure *f = figure_new(NULL, 20, 1);

	(void)state;
	for (int i = 0; i < 5; i++) {
		figure_line(f, INK_FAINT + i, 4 * i, 0, 4 * i + 1, 0);
		figure_dot(f, INK_FAINT + i, 4 * i + 2, 0);
	}
	shows(f, "C", "  ... *** xxx +++ ooo\n");
	shows(f, "C.UTF-8", "  ··· ••• ××× +++ ○○○\n");
	figure_free(f);
}

static void lines_are_thin_and_whole(void **state)
{
	figure *f = figure_new(NULL, 9, 4);
	double x[] = {0, 3, 4, 8}, y[] = {3, 3, 0, 0};

	(void)state;
	figure_curve(f, INK_1, 4, x, y);
	shows(f, "C", "       ****\n      *\n     *\n  ***\n");
	figure_free(f);
}

static void what_is_outside_is_cut(void **state)
{
	figure *f = figure_new(NULL, 8, 3);
	double x[] = {-1e9, 1e9, NAN, 3, 3}, y[] = {1, 1, 0, 0, -1e300};

	(void)state;
	figure_curve(f, INK_1, 5, x, y);
	figure_dot(f, INK_2, 9, 1);
	figure_dot(f, INK_2, NAN, 1);
	figure_node(f, 1e300, 0, "x");
	figure_text(f, INK_TEXT, ALIGN_LEFT, 6, 2, "abcd"); /* moved, so that it is whole */
	shows(f, "C", "     *\n  ********\n      abcd\n");
	figure_free(f);
}

/* ---- plots ---- */

static plot *three_curves(void)
{
	plot *p = plot_new("σ(w·x) for three w", (axis){"x", -10, 10, 0},
			   (axis){"h = σ(w·x)", 0, 1, 0});
	const char *name[] = {"w = 0.5", "w = 1", "w = 2"};
	double x[POINTS], y[POINTS];

	assert_non_null(p);
	for (int k = 0; k < 3; k++) {
		for (int i = 0; i < POINTS; i++) {
			x[i] = -10 + i * 20.0 / (POINTS - 1);
			y[i] = 1 / (1 + exp(-x[i] * (k == 0 ? 0.5 : k)));
		}
		plot_curve(p, INK_1 + k, name[k], POINTS, x, y);
	}
	return p;
}

/* At most 78 columns, no blanks at the end, no control characters, ASCII if asked for. */
static void check_lines(const char *text, int ascii)
{
	int width = 0;

	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		assert_true(byte == '\n' || byte >= ' ');
		assert_true(!ascii || byte < 0x80);
		if (byte == '\n')
			assert_true(at == text || at[-1] != ' ');
		width = byte == '\n' ? 0 : width + ((byte & 0xc0) != 0x80);
		assert_true(width <= 78);
	}
}

static void plots_fit_the_page(void **state)
{
	plot *p = three_curves();
	figure *wide = figure_new("a title that is longer than the page, which is cut so that it "
				  "ends where the page ends",
				  100, 2);

	(void)state;
	figure_line(wide, INK_1, 0, 0, 99, 0);
	for (int ascii = 0; ascii <= 1; ascii++) {
		char *text = printed(plot_figure(p), ascii ? "C" : "C.UTF-8");
		check_lines(text, ascii);
		assert_non_null(strstr(text, ascii ? "*** w = 0.5   xxx w = 1   +++ w = 2"
						   : "••• w = 0.5   ××× w = 1   +++ w = 2"));
		assert_non_null(strstr(text, ascii ? "\n  0.2 +" : "\n  0.2 ┤"));
		assert_non_null(strstr(text, "\n     -10               -5               0"));
		free(text);
		text = printed(wide, ascii ? "C" : "C.UTF-8");
		check_lines(text, ascii);
		free(text);
	}
	plot_free(p);
	figure_free(wide);
}

/* The lines of a layer, in order. */
static const part *line_of(const figure *from, figure_layer in, int index)
{
	for (int i = 0; i < from->count; i++) {
		if (from->parts[i].in == in && index-- == 0)
			return &from->parts[i];
	}
	return NULL;
}

static void axes_cut_and_nan_interrupts(void **state)
{
	plot *p = plot_new("t", (axis){"x", 0, 10, 0}, (axis){"y", 0, 1, 0});
	double x[] = {0, 2, 4, 5, 6, 8}, y[] = {0.5, 1.1, 0.5, NAN, 0.5, 0.5};
	const figure *f = plot_figure(p);
	const part *edge = line_of(f, AXES, 0);

	(void)state;
	plot_curve(p, INK_1, NULL, 6, x, y);
	plot_dots(p, INK_2, NULL, 6, x, y);
	const part *first = line_of(f, CURVES, 0), *second = line_of(f, CURVES, 1),
		   *third = line_of(f, CURVES, 2);
	assert_true(first && second && third && !line_of(f, CURVES, 3));
	test_near(first->y[1], edge->y[0], 1e-9, "the top");
	test_near(second->y[0], edge->y[0], 1e-9, "the top");
	test_near((first->x[1] - first->x[0]) / (third->x[1] - third->x[0]), 5 / 6.0, 1e-9,
		  "the cut");
	assert_int_equal(third->n, 2);
	assert_non_null(line_of(f, DOTS, 3)); /* four of the six */
	assert_null(line_of(f, DOTS, 4));
	plot_free(p);
}

static void powers_are_straight_on_log_axes(void **state)
{
	plot *p = plot_new("t", (axis){"x", 1, 1000, 1}, (axis){"y", 1e-4, 1, 1});
	double x[POINTS], y[POINTS];

	(void)state;
	x[0] = 0; /* no place on a logarithmic axis */
	y[0] = 1;
	for (int i = 1; i < POINTS; i++) {
		x[i] = pow(10, 3.0 * (i - 1) / (POINTS - 2));
		y[i] = 1 / x[i];
	}
	plot_curve(p, INK_1, NULL, POINTS, x, y);
	const part *line = line_of(plot_figure(p), CURVES, 0);
	assert_int_equal(line->n, POINTS - 1);
	for (int i = 1; i < line->n; i++) {
		test_near((line->y[i] - line->y[0]) * 4, 15 * 3.0 * (i / (POINTS - 2.0)), 1e-9,
			  "the row");
		test_near((line->x[i] - line->x[0]) / (line->x[line->n - 1] - line->x[0]),
			  i / (POINTS - 2.0), 1e-9, "the column");
	}
	char *text = printed(plot_figure(p), "C");
	const char *label[] = {"\n  1e-4 +", "\n  1e-3 +", "\n  0.01 +", "\n   0.1 +", " 1000\n"};
	for (size_t i = 0; i < COUNT_OF(label); i++)
		assert_non_null(strstr(text, label[i]));
	free(text);
	plot_free(p);
}

static void ticks_are_round(void **state)
{
	const axis tried[] = {{"x", 0, 0.3, 0},     {"x", -1.5e-7, 1e-7, 0}, {"x", 0, 1e9, 0},
			      {"x", 0.08, 1.2, 1},  {"x", 1e-30, 1e30, 1},   {"x", 17.3, 18.9, 0},
			      {"x", 1, 1.00001, 0}, {"x", 1e6, 1000010, 0},  {"x", NAN, 1, 0},
			      {"x", 2, 2, 1}};
	const char *some[] = {" 0.05 ", " -1e-7 ",    " 2e8 ",     " 0.5 ", " 1e10 ",
			      " 17.6 ", " 1.000002 ", " 1000002 ", " 0.2 ", " 10\n"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tried); i++) {
		plot *p = plot_new("t", tried[i], tried[i]);
		char *text = printed(plot_figure(p), "C");
		check_lines(text, 1);
		if (!strstr(text, some[i]))
			fail_msg("no '%s' in\n%s", some[i], text);
		assert_null(strstr(text, "0000000"));
		assert_null(strstr(text, "nan"));
		free(text);
		plot_free(p);
	}
}

/* ---- contours ---- */

static double squares(void *self, double x, double y)
{
	(void)self;
	return x * x + y * y;
}

static void contour_of_a_circle(void **state)
{
	plot *p = plot_new("t", (axis){"x", -2, 2, 0}, (axis){"y", -2, 2, 0});
	double x[] = {-1, 1}, y[] = {-1, 1}; /* a diagonal, as a ruler */

	(void)state;
	plot_curve(p, INK_2, NULL, 2, x, y);
	plot_contour(p, INK_1, squares, NULL, 1);
	const part *ruler = line_of(plot_figure(p), CURVES, 0);
	const part *circle = line_of(plot_figure(p), CURVES, 1);
	assert_true(circle && !line_of(plot_figure(p), CURVES, 2));
	assert_true(circle->n > 100);
	for (int i = 0; i < circle->n; i++) {
		double a = (circle->x[i] - ruler->x[0]) / (ruler->x[1] - ruler->x[0]) * 2 - 1;
		double b = (circle->y[i] - ruler->y[0]) / (ruler->y[1] - ruler->y[0]) * 2 - 1;
		test_near(sqrt(a * a + b * b), 1, 2e-3, "the radius");
	}
	test_near(circle->x[0], circle->x[circle->n - 1], 1e-9, "where it closes");
	test_near(circle->y[0], circle->y[circle->n - 1], 1e-9, "where it closes");
	plot_free(p);
}

struct lines {
	int count, places;
	double longest; /* from one end to the other */
};

static void count_line(void *self, int n, const double *x, const double *y)
{
	struct lines *found = self;

	found->count++;
	found->places += n;
	found->longest = fmax(found->longest, hypot(x[n - 1] - x[0], y[n - 1] - y[0]));
	for (int i = 0; i < n; i++)
		assert_true(isfinite(x[i]) && isfinite(y[i]));
}

static void contours_at_saddles_and_holes(void **state)
{
	const double saddle[] = {1, 0, 0, 1}, ridge[] = {0, 0, 0, 0, 9, 0, 0, 0, 0};
	const double hole[] = {0, 0, 0, 0, NAN, 1, 0, 1, 1};
	struct lines found;

	(void)state;
	for (int i = 4; i <= 6; i += 2) { /* the corners of 0, or of 1, are cut off */
		found = (struct lines){0, 0, 0};
		assert_true(contour(2, 2, saddle, i / 10.0, count_line, &found));
		assert_true(found.count == 2 && found.places == 4);
		test_near(found.longest, 0.4 * sqrt(2), 1e-9, "the shorter way");
	}
	found = (struct lines){0, 0, 0};
	assert_true(contour(3, 3, ridge, 5, count_line, &found));
	assert_true(found.count == 1 && found.places == 5); /* closed */
	found = (struct lines){0, 0, 0};
	assert_true(contour(3, 3, hole, 0.5, count_line, &found));
	assert_int_equal(found.count, 0);
}

/* ---- SVG ---- */

/* Every element is closed in its order, attributes are quoted, and text has no bare &, < or >. */
static void check_xml(const char *text)
{
	const char *open[16];
	int depth = 0, roots = 0;

	for (const char *at = text; *at; at++) {
		if (*at == '&')
			assert_true(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 ||
				    strncmp(at, "&gt;", 4) == 0 || strncmp(at, "&quot;", 6) == 0);
		assert_true(*at != '>');
		if (*at != '<')
			continue;
		const char *name = at + 1 + (at[1] == '/');
		size_t length = strcspn(name, " />");
		at = name + strcspn(name, "<>");
		assert_true(*at == '>' && length > 0);
		if (name[-1] == '/') {
			assert_true(depth > 0);
			depth--;
			assert_memory_equal(open[depth], name, length);
			assert_int_equal(strcspn(open[depth], " />"), length);
		} else if (at[-1] != '/') {
			assert_true(depth < 16);
			roots += depth == 0;
			open[depth++] = name;
		}
	}
	assert_int_equal(depth, 0);
	assert_int_equal(roots, 1);
}

static void svg_is_well_formed(void **state)
{
	figure *f = figure_new("a < b & \"c\" > d\033", 40, 10);
	double x[] = {0, 1.25, 2.333, NAN, 5, 6}, y[] = {0, 1, 2, 3, 4, 5};

	(void)state;
	figure_curve(f, INK_1, 6, x, y);
	figure_line(f, INK_AXIS, 0, 9, 39, 9);
	figure_dot(f, INK_3, 5, 5);
	figure_node(f, 10, 5, "h₁⁽²⁾");
	figure_node(f, 30, 5, "<&>");
	figure_shade(f, 0, 0, 1.5, 0.75, 0.5);
	figure_text(f, INK_TEXT, ALIGN_RIGHT, 20, 3, "\xff & x");
	char *svg = figure_svg(f), *again = figure_svg(f);
	assert_non_null(svg);
	check_xml(svg);
	assert_string_equal(svg, again);
	assert_non_null(strstr(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width="));
	assert_non_null(strstr(svg, "<title>a &lt; b &amp; &quot;c&quot; &gt; d?</title>"));
	assert_non_null(strstr(svg, "points=\"5,10 17.5,30 28.33,50\""));
	assert_non_null(strstr(svg, "points=\"55,90 65,110\""));
	assert_non_null(strstr(svg, ">h₁⁽²⁾</text>"));
	assert_non_null(strstr(svg, ">? &amp; x</text>"));
	assert_non_null(strstr(svg, "width=\"15\" height=\"15\" fill=\"#808080\""));
	assert_int_equal(count_in(svg, "<polyline"), 3);
	assert_int_equal(count_in(svg, "<circle"), 1);
	free(svg);
	free(again);
	figure_failed(f);
	assert_null(figure_svg(f));
	figure_free(f);
}

static void svg_of_a_plot_is_the_same_everywhere(void **state)
{
	plot *p = three_curves();

	(void)state;
	use_locale("C");
	char *one = figure_svg(plot_figure(p));
	use_locale("C.UTF-8");
	char *other = figure_svg(plot_figure(p));
	check_xml(one);
	assert_string_equal(one, other);
	assert_non_null(strstr(one, ">σ(w·x) for three w</text>"));
	assert_int_equal(count_in(one, "stroke=\"#0072b2\""), 2); /* the curve and its sample */
	free(one);
	free(other);
	plot_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formulas_become_ascii),
		cmocka_unit_test(text_follows_the_environment),
		cmocka_unit_test(print_text_translates),
		cmocka_unit_test(nodes_cover_connections),
		cmocka_unit_test(axes_meet_in_corners),
		cmocka_unit_test(shades_fill_characters),
		cmocka_unit_test(inks_have_characters),
		cmocka_unit_test(lines_are_thin_and_whole),
		cmocka_unit_test(what_is_outside_is_cut),
		cmocka_unit_test(plots_fit_the_page),
		cmocka_unit_test(axes_cut_and_nan_interrupts),
		cmocka_unit_test(powers_are_straight_on_log_axes),
		cmocka_unit_test(ticks_are_round),
		cmocka_unit_test(contour_of_a_circle),
		cmocka_unit_test(contours_at_saddles_and_holes),
		cmocka_unit_test(svg_is_well_formed),
		cmocka_unit_test(svg_of_a_plot_is_the_same_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
